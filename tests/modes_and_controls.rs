//! What each kind of program says of its first number that is not finite, and the modes and controls of short programs.
#![allow(clippy::all, clippy::pedantic, missing_docs, unreachable_pub)]
use differentiable::ndarray::{Array1, Array2, Axis, array};
use differentiable::{Differentiable, differentiable, grad_hook, gradcheck};
use std::panic::{AssertUnwindSafe, catch_unwind};

fn message<R>(run: impl FnOnce() -> R) -> String {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let caught = catch_unwind(AssertUnwindSafe(run)).err();
    std::panic::set_hook(hook);
    match caught {
        None => "no panic".to_owned(),
        Some(c) => c.downcast::<String>().map(|s| *s).unwrap_or_else(|_| "other".to_owned()),
    }
}
#[derive(Clone, Debug, Differentiable)]
struct P {
    k: f64,
    v: Vec<f64>,
}
#[differentiable(anomaly)]
fn in_struct(p: &P) -> f64 {
    let mut q = p.clone();
    q.k = q.k.ln();
    q.k * q.v[0]
}
#[differentiable(anomaly)]
fn in_closure(x: f64) -> f64 {
    let f = |t: f64| t.sqrt() * 2.0;
    f(x) + f(x + 1.0)
}
#[differentiable(anomaly)]
fn in_iter(xs: &[f64]) -> f64 {
    xs.iter().map(|x| x.ln()).sum::<f64>()
}
#[differentiable(anomaly)]
fn callee(x: f64) -> f64 {
    x.powf(0.5)
}
#[differentiable(anomaly)]
fn in_call(x: f64, n: usize) -> f64 {
    let mut s = 0.0;
    for i in 0..n {
        s += callee(x * i as f64);
    }
    s
}
#[differentiable(anomaly)]
fn in_while(x: f64) -> f64 {
    let mut y = x;
    while y < 1e300 && y > 0.0 {
        y = y * y;
    }
    y * y
}
#[differentiable(anomaly)]
fn indexed(a: [f64; 3], i: usize) -> f64 {
    let mut b = a;
    b[i] = 1.0 / b[i];
    b[0] + b[1]
}
#[differentiable(anomaly)]
fn compound(x: f64) -> f64 {
    let mut y = x;
    y /= x - x;
    y
}
#[differentiable(anomaly)]
fn tensor(x: &Array2<f64>) -> f64 {
    let m = x.sum_axis(Axis(0));
    let r = m.mapv(|v| v.sqrt());
    r.sum()
}
#[differentiable(anomaly)]
fn branch(x: f64) -> f64 {
    if x > -1.0 { x.acos() } else { 0.0 }
}
impl P {
    #[differentiable(anomaly)]
    fn method(&self, x: f64) -> f64 {
        (self.k * x).cbrt()
    }
    #[differentiable(anomaly, hvp)]
    fn method2(&self, x: f64) -> f64 {
        (self.k * x).sqrt() * self.v[0]
    }
}
#[differentiable(anomaly)]
fn opt(x: Option<f64>) -> f64 {
    match x {
        Some(v) => v.ln(),
        None => 0.0,
    }
}
#[differentiable(anomaly)]
fn fallible(x: f64) -> Result<f64, String> {
    if x < -5.0 {
        return Err("neg".into());
    }
    Ok(x.sqrt())
}
#[differentiable(anomaly, checkpoint(sqrt))]
fn checkpointed(x: f64, n: usize) -> f64 {
    let mut y = x;
    for _ in 0..n {
        y = y.sqrt() * 1.5;
    }
    y
}

#[test]
fn the_first_number_that_is_not_finite_is_reported() {
    for (number, operation, text) in [
        ("ln_q_k", "`.ln()`", message(|| in_struct::grad(&P { k: 0.0, v: vec![1.0] }))),
        ("NaN", "`*`", message(|| in_struct::grad(&P { k: 1.0, v: vec![f64::NAN] }))),
        ("inf", "the adjoint of `.sqrt()`", message(|| in_closure::grad(0.0))),
        ("-inf", "`.ln()`", message(|| in_iter::grad(&[1.0, 0.0]))),
        ("inf", "the adjoint of `.powf()`", message(|| in_call::grad(1.0, 3))),
        ("inf", "the adjoint of `.powf()`", message(|| in_call::vjp(1.0, 3).1(1.0))),
        ("inf", "`*`", message(|| in_while::grad(2.0))),
        ("inf", "`/`", message(|| indexed::grad([1.0, 0.0, 2.0], 1))),
        ("inf", "`/`", message(|| compound::grad(1.0))),
        ("inf", "the adjoint of `.sqrt()`", message(|| tensor::grad(&array![[0.0, 1.0], [0.0, 2.0]]))),
        ("-inf", "the adjoint of `.acos()`", message(|| branch::grad(1.0))),
        ("NaN", "`.acos()`", message(|| branch::grad(2.0))),
        ("inf", "the adjoint of `.cbrt()`", message(|| P { k: 0.0, v: vec![1.0] }.method_grad(2.0))),
        ("inf", "the adjoint of `.sqrt()`", message(|| P { k: 0.0, v: vec![1.0] }.method2_grad(2.0))),
        ("-inf", "`.ln()`", message(|| opt::grad(Some(0.0)))),
        ("NaN", "`.sqrt()`", message(|| fallible::grad(-1.0))),
        ("inf", "the adjoint of `.sqrt()`", message(|| checkpointed::grad(0.0, 3))),
    ] {
        assert!(text.contains(number) && text.contains(operation) && text.contains("tests/"), "{text}");
    }
}

#[differentiable(hessian, hvp)]
fn rosen(x: &[f64]) -> f64 {
    (1.0 - x[0]).powi(2) + 100.0 * (x[1] - x[0] * x[0]).powi(2)
}
#[differentiable(jacobian)]
fn jac(x: [f64; 3]) -> [f64; 2] {
    [x[0] * x[1], x[2].sin() + x[0]]
}
#[differentiable(order = 3)]
fn se(x: f64) -> f64 {
    x.sin() * x.exp()
}
#[differentiable(order = 2)]
fn wh(x: f64) -> f64 {
    let mut y = x;
    while y < 100.0 {
        y = y * x + 1.0;
    }
    y
}
#[differentiable]
const fn poly(x: f64) -> f64 {
    x * x * x - 2.0 * x
}
const G: f64 = poly::grad(1.25);
#[differentiable(lanes)]
fn lane(x: [f64; 3]) -> f64 {
    x[0] * x[1].sin() + x[2] * x[2]
}
#[differentiable]
fn rnn(w: &Array2<f64>, xs: &[Array1<f64>]) -> f64 {
    let mut h = Array1::zeros(2);
    for x in xs {
        h = (w.dot(&h) + x).mapv(f64::tanh);
        h = grad_hook(h, |g| g.clamp(-0.1, 0.1));
    }
    h.sum()
}
#[differentiable(checkpoint(binomial, slots = 32))]
fn long(x: f64, n: usize) -> f64 {
    let mut y = x;
    for _ in 0..n {
        y = 3.7 * y * (1.0 - y) * 0.5 + 0.1 * y.sin();
    }
    y
}
#[differentiable]
fn long_plain(x: f64, n: usize) -> f64 {
    let mut y = x;
    for _ in 0..n {
        y = 3.7 * y * (1.0 - y) * 0.5 + 0.1 * y.sin();
    }
    y
}
#[differentiable(gradcheck)]
fn gc_ln(x: f64, y: f64) -> f64 {
    x.ln() * y.sqrt()
}
#[differentiable(gradcheck)]
fn gc_slice(xs: &[f64], n: usize) -> f64 {
    xs.iter().take(n).map(|x| x * x).sum()
}
#[derive(Clone, Debug, Differentiable)]
enum Shape {
    Circle(f64),
    Rect { w: f64, h: f64 },
    Empty,
}
#[differentiable(gradcheck)]
fn gc_enum(s: &Shape, k: f64) -> f64 {
    match s {
        Shape::Circle(r) => r * r * k,
        Shape::Rect { w, h } => w * h * k,
        Shape::Empty => k,
    }
}
#[differentiable(gradcheck)]
fn gc_res(x: f64) -> Result<f64, String> {
    if x > 100.0 { Err("big".into()) } else { Ok(x * x) }
}
#[differentiable(gradcheck)]
fn gc_struct(p: &P, x: f64) -> f64 {
    let mut s = p.k;
    for v in &p.v {
        s += v * x;
    }
    s
}
#[differentiable(gradcheck)]
fn gc_gen<T: num_traits::Float>(x: &[T], k: T) -> T {
    let mut s = k;
    for v in x {
        s = s + *v * *v * k;
    }
    s
}
#[differentiable(gradcheck)]
fn gc_arr(a: [[f64; 2]; 2], t: (f64, i32)) -> [f64; 2] {
    [a[0][0] * t.0, a[1][1] * a[0][1]]
}

#[test]
fn modes_give_the_same() {
    assert_eq!(rosen::hessian(&[1.0, 1.0]), array![[802.0, -400.0], [-400.0, 200.0]]);
    let x = [0.5, 2.0, 0.3];
    assert_eq!(jac::jacobian(x), jac::jacobian_forward(x));
    assert_eq!(jac::jacobian_reverse(x), jac::jacobian_forward(x));
    let d = se::derivatives(0.4);
    let (s, c, e) = (0.4f64.sin(), 0.4f64.cos(), 0.4f64.exp());
    assert!((d[3] - e * (2.0 * c - 2.0 * s)).abs() < 1e-12, "{d:?}");
    let d = wh::derivatives(1.7);
    let h = 1e-4;
    assert!((d[2] - (wh::grad(1.7 + h) - wh::grad(1.7 - h)) / (2.0 * h)).abs() < 1e-2 * d[2].abs());
    assert_eq!(G, 3.0 * 1.25 * 1.25 - 2.0);
    gradcheck!(jac(x)).unwrap();
    let (w, xs) = (array![[0.5, -0.2], [0.1, 0.9]], [array![0.1, 0.2], array![0.3, -0.5]]);
    let (_, p) = rnn::vjp(&w, &xs);
    assert_eq!(p(1.0), p(1.0));
    assert_eq!(long::grad(0.3, 10_000), long_plain::grad(0.3, 10_000));
}
#[differentiable(anomaly)]
fn sums(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for v in x {
        s += v;
    }
    s
}
#[differentiable(anomaly)]
fn sums_arr(x: &[f64], k: f64) -> f64 {
    let mut a = [0.0; 2];
    for i in 0..x.len() {
        a[i % 2] -= x[i] * k;
    }
    a[0] * a[1]
}
#[differentiable(anomaly)]
fn sums_field(p: &P, k: f64) -> f64 {
    let mut q = p.clone();
    for v in &p.v {
        q.k += v * k;
    }
    q.k
}
#[differentiable(anomaly)]
fn sums_tensor(x: &Array1<f64>) -> Array1<f64> {
    let mut y = x.clone();
    y += x;
    y
}
#[differentiable(anomaly)]
fn sums_mut(x: &mut [f64], k: f64) {
    for i in 0..x.len() {
        x[i] += k;
    }
}
#[differentiable(anomaly)]
fn two(x: &[f64]) -> f64 {
    let mut s = 0.0;
    let mut t = 0.0;
    for v in x {
        s += v;
        t += v * s;
    }
    s * t
}
#[differentiable(anomaly, checkpoint(sqrt))]
fn csum(x: f64, n: usize) -> f64 {
    let mut s = x;
    for _ in 0..n {
        s += s.sin() * 0.1;
    }
    s
}
#[test]
fn sums_that_overflow_are_reported() {
    let big = 1.2e308;
    for (number, operation, text) in [
        ("inf", "`s`, which `+=`", message(|| sums::grad(&[big, big]))),
        ("inf", "`s`, which `+=`", message(|| sums::vjp(&[big, big]).0)),
        ("inf", "`s`, which `+=`", message(|| sums::jvp(&[big, big], &[1.0, 1.0]).0)),
        ("-inf", "`a`, which `-=`", message(|| sums_arr::grad(&[big, 1.0, big], 1.0))),
        ("inf", "`q`, which `+=`", message(|| sums_field::grad(&P { k: 1.0, v: vec![big, big] }, 1.0))),
        ("inf", "`y`, which `+=`", message(|| sums_tensor::vjp(&array![big]).0)),
        ("inf", "`x`, which `+=`", message(|| sums_mut::vjp(&mut [big], big).0)),
    ] {
        assert!(text.contains(number) && text.contains(operation) && text.contains("tests/"), "{text}");
    }
    gradcheck!(sums(&[1.0, 2.0][..])).unwrap();
    gradcheck!(sums_arr(&[1.0, 2.0, 3.0][..], 0.5)).unwrap();
    gradcheck!(sums_field(&P { k: 1.0, v: vec![2.0, 3.0] }, 0.5)).unwrap();
    gradcheck!(sums_tensor(&array![1.0, 3.0])).unwrap();
    gradcheck!(two(&[1.0, 2.0, 3.0][..])).unwrap();
    gradcheck!(csum(0.7, 5)).unwrap();
}
