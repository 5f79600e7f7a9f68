//! Derivatives of the third and fourth order through calls of all kinds, against differences of those of the order below.
#![allow(clippy::all, clippy::pedantic)]

use differentiable::ndarray::array;
use differentiable::{Differentiable, differentiable};

/// Checks each order against central differences of the one below.

fn check_all<const N: usize>(name: &str, f: impl Fn(f64) -> [f64; N], x: f64) {
    let d = f(x);
    for o in 1..N {
        let at = |h: f64| (f(x + h)[o - 1] - f(x - h)[o - 1]) / (2.0 * h);
        let e = (4.0 * at(1e-4) - at(2e-4)) / 3.0;
        assert!((d[o] - e).abs() < 1e-6 * (1.0 + e.abs()), "{name} order {o}: {} vs {e}", d[o]);
    }
}
macro_rules! orders { ($($n:ident at $x:expr;)*) => { $(check_all(stringify!($n), |x| $n::derivatives(x), $x);)* } }

#[differentiable(order = 4)]
fn opt(x: f64) -> Option<f64> {
    if x > 0.0 { Some(x.ln()) } else { None }
}

#[differentiable(order = 4)]
fn by_option(x: f64) -> f64 {
    opt(x * x).unwrap_or(1.0) * x
        + match opt(x) {
            Some(v) => v * v,
            None => x,
        }
}

#[differentiable(order = 3)]
fn res(x: f64) -> Result<f64, String> {
    if x < 0.0 {
        return Err("neg".into());
    }
    let y = x.sqrt();
    Ok(y * x)
}

#[differentiable(order = 3)]
fn twice_res(x: f64) -> Result<f64, String> {
    let a = res(x)?;
    let b = res(a + 1.0)?;
    Ok(a * b)
}

#[differentiable(order = 3)]
fn by_result(x: f64) -> f64 {
    match twice_res(x) {
        Ok(v) => v,
        Err(_) => 0.0,
    }
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct P {
    x: f64,
    y: f64,
}

impl P {
    #[differentiable(order = 4)]
    fn new(x: f64) -> P {
        P { x, y: x * x }
    }
    #[differentiable(order = 4)]
    fn norm(&self) -> f64 {
        (self.x * self.x + self.y * self.y).sqrt()
    }
    #[differentiable(order = 4)]
    fn rot(self, a: f64) -> P {
        P { x: self.x * a.cos() - self.y * a.sin(), y: self.x * a.sin() + self.y * a.cos() }
    }
}

#[differentiable(order = 4)]
fn by_struct(x: f64) -> f64 {
    P::new(x).rot(x).norm() * P { x: 1.0, y: x }.norm()
}

#[differentiable(order = 4)]
fn by_list(x: f64) -> f64 {
    let mut v = vec![x; 4];
    for i in 1..4 {
        v[i] = v[i - 1] * x.sin() + i as f64;
    }
    v.iter().map(|a| a * a).sum::<f64>().sqrt()
}

#[differentiable(order = 4)]
fn by_loop(x: f64) -> f64 {
    let mut y = x;
    let mut n = 0;
    while y < 20.0 {
        y = y * y + 1.0;
        n += 1;
        if n > 3 {
            break;
        }
    }
    y.ln()
}

#[differentiable(order = 4)]
fn by_arrays(x: f64) -> f64 {
    let a = array![[x, 1.0], [x * x, 2.0]];
    let v = array![x.sin(), x];
    a.dot(&v).dot(&v) + (&a * 2.0).mapv(|t| t.exp()).sum()
}

/// What its derivatives of the highest orders read is more than `Zip` takes.
#[differentiable(order = 4)]
fn by_maps(x: f64) -> f64 {
    let a = array![x, x * x, 1.0 - x];
    let b = a.mapv(|t| t * t * t.sin());
    let c = differentiable::ndarray::Zip::from(&a).and(&b).map_collect(|a, b| a * b.cos());
    b.sum() + c.sum()
}

#[differentiable(order = 3)]
fn listy(x: &[f64], k: f64) -> f64 {
    x.iter().map(|v| v * k).sum::<f64>().powi(2)
}

#[differentiable(order = 3)]
fn by_list_call(x: f64) -> f64 {
    listy(&[x, x * x], x)
}

#[differentiable(order = 3)]
fn bump(v: &mut [f64], k: f64) {
    for a in v.iter_mut() {
        *a *= k;
    }
}

#[differentiable(order = 3)]
fn by_mut(x: f64) -> f64 {
    let mut v = vec![x, x.sin()];
    bump(&mut v, x);
    v[0] * v[1]
}

#[differentiable(order = 4)]
fn trig(x: f64) -> f64 {
    x.sin() * x.exp() / (1.0 + x * x).ln() + x.powf(2.5) + x.atan() * x.tanh() - x.asinh()
}

#[differentiable(order = 4)]
fn special(x: f64) -> f64 {
    x.exp_m1()
        + x.ln_1p() * x.cbrt()
        + x.hypot(1.0)
        + x.powi(-2)
        + (x * 0.3).acos()
        + (x * 0.2).atanh()
        + x.log(3.0)
        + x.exp2()
        + x.log10()
        + x.mul_add(x, 1.0)
        + x.sinh().cosh()
        + x.atan2(2.0)
        + x.rem_euclid(3.0).abs()
        + x.max(0.1) * x.min(9.0)
        + x.clamp(-5.0, 5.0).powi(3)
        + x.signum() * x.recip()
}

mod other {
    use differentiable::differentiable;
    #[differentiable(order = 3)]
    pub(super) fn g(x: f64, y: f64) -> f64 {
        x * x * x * y
    }
}

#[differentiable(order = 3)]
fn by_module(x: f64) -> f64 {
    other::g(x, x.sin()) + other::g(1.0, x)
}

#[derive(Clone, Debug, Differentiable)]
struct Acc {
    s: f64,
    v: Vec<f64>,
}

impl Acc {
    #[differentiable(order = 4)]
    fn add(&mut self, x: f64) -> f64 {
        self.s += x * self.s;
        self.v.push(self.s * x);
        self.s
    }
    #[differentiable(order = 4)]
    fn bump(&mut self, k: f64) {
        for a in self.v.iter_mut() {
            *a *= k;
        }
    }
}

#[differentiable(order = 4)]
fn by_receiver(x: f64) -> f64 {
    let mut a = Acc { s: x, v: vec![x * x] };
    a.add(x.sin());
    a.bump(x);
    a.add(2.0) * a.v[0] * a.v[1]
}

#[differentiable(order = 4)]
fn by_closure(x: f64) -> f64 {
    let k = x.sin();
    let f = |t: f64| t * t * k;
    let g = |a: f64, b: f64| f(a) * b;
    g(x, f(x))
}

#[differentiable(order = 4)]
fn by_generic<T: num_traits::Float>(x: T) -> T {
    let mut y = T::one();
    for _ in 0..3 {
        y = y * x.sin() + x;
    }
    y.exp()
}

#[differentiable(order = 4)]
fn vec_arg(v: Vec<f64>, k: f64) -> Vec<f64> {
    v.iter().map(|a| a.powi(3) * k).collect()
}

#[differentiable(order = 4)]
fn by_vec(x: f64) -> f64 {
    let v = vec_arg(vec![x, x.cos()], x);
    v[0] * v[1] + v.iter().sum::<f64>()
}

#[differentiable(order = 4)]
fn tup(x: f64) -> (f64, [f64; 2]) {
    (x * x * x, [x.sin(), x.exp()])
}

#[differentiable(order = 4)]
fn by_tuple(x: f64) -> f64 {
    let (a, [b, c]) = tup(x);
    a * b * c
}

#[differentiable(order = 4)]
fn by_rec(x: f64) -> f64 {
    rec(x, 3)
}

#[differentiable(order = 4)]
fn rec(x: f64, n: usize) -> f64 {
    if n == 0 { x } else { x.sin() * rec(x * x, n - 1) + x }
}

#[differentiable(order = 4, wrt(t))]
fn with_consts(t: f64, w: &[f64], name: &str) -> f64 {
    w.iter().map(|w| (w * t).sin() * name.len() as f64).sum()
}

#[derive(Clone, Debug, Differentiable)]
enum Sh {
    C(f64),
    R { w: f64, h: f64 },
}

impl Sh {
    #[differentiable(order = 3)]
    fn area(&self) -> f64 {
        match self {
            Sh::C(r) => r * r * r * 3.0,
            Sh::R { w, h } => w * h * h,
        }
    }
}

#[differentiable(order = 3)]
fn by_enum(x: f64) -> f64 {
    let s = if x > 0.0 { Sh::R { w: x, h: x.sin() } } else { Sh::C(x) };
    s.area() * Sh::C(x).area()
}

#[test]
fn through_methods_and_values() {
    orders! { by_receiver at 0.7; by_closure at 0.7; by_generic at 0.7; by_vec at 0.7; by_tuple at 0.7; by_rec at 0.7; by_enum at 0.7; }
    check_all("with_consts", |t| with_consts::derivatives(t, &[0.3, 0.8], "abc"), 0.7);
}

#[test]
fn through_functions() {
    orders! {
        by_option at 0.7; by_option at -0.7; by_result at 0.7; by_struct at 0.7; by_list at 0.7; by_loop at 0.7; by_arrays at 0.7; by_maps at 0.7; by_list_call at 0.7; by_mut at 0.7; trig at 0.7; special at 0.7; by_module at 0.7;

    }
}
