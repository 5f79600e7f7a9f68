//! Functions that take functions, and what is given to them: closures with captures, named functions, methods of floats.

#![allow(clippy::all)]

mod common;
use common::check;
use differentiable::{Differentiable, differentiable, function, gradcheck};

#[differentiable]
fn twice<F: Fn(f64) -> f64>(f: F, x: f64) -> f64 {
    f(f(x))
}

#[differentiable]
fn scaled_twice(x: f64, k: f64) -> f64 {
    twice(|t| k * t.sin(), x)
}

#[differentiable]
fn cube(x: f64) -> f64 {
    x * x * x
}

#[differentiable]
fn cube_twice(x: f64) -> f64 {
    twice(cube, x) + twice(f64::sin, x)
}

#[test]
fn a_closure_with_an_active_capture() {
    let (x, k) = (0.7f64, 1.3f64);
    let y = k * x.sin();
    check!(scaled_twice(x, k), (k * y.cos() * k * x.cos(), y.sin() + k * y.cos() * x.sin()));
}

#[test]
fn functions_by_their_names() {
    let x = 0.9f64;
    check!(cube_twice(x), 9.0 * x.powi(8) + x.sin().cos() * x.cos());
}

#[differentiable]
fn simpson(f: impl Fn(f64) -> f64, a: f64, b: f64, n: usize) -> f64 {
    let h = (b - a) / n as f64;
    let mut s = f(a) + f(b);
    for i in 1..n {
        let w = if i % 2 == 0 { 2.0 } else { 4.0 };
        s += w * f(a + i as f64 * h);
    }
    s * h / 3.0
}

#[differentiable]
fn integral(k: f64, b: f64, w: &[f64]) -> f64 {
    let scale = k * 2.0;
    simpson(|x| (k * x).sin() * w[0] + scale * x * w[1], 0.0, b, 40)
}

#[differentiable]
fn newton(f: &dyn Fn(f64) -> f64, df: &dyn Fn(f64) -> f64, x0: f64) -> f64 {
    let mut x = x0;
    for _ in 0..20 {
        let step = f(x) / df(x);
        x -= step;
        if step.abs() < 1e-14 {
            break;
        }
    }
    x
}

#[differentiable]
fn root(a: f64) -> f64 {
    newton(&|x| x * x - a, &|x: f64| 2.0 * x, 1.0)
}

#[differentiable]
fn bisect<F>(f: &F, mut lo: f64, mut hi: f64) -> f64
where
    F: Fn(f64) -> f64,
{
    assert!(f(lo) * f(hi) < 0.0);
    for _ in 0..60 {
        let mid = 0.5 * (lo + hi);
        if f(lo) * f(mid) <= 0.0 {
            hi = mid;
        } else {
            lo = mid;
        }
    }
    let x = 0.5 * (lo + hi);
    x - f(x)
}

#[differentiable]
fn outer<G: Fn(f64, f64) -> f64>(g: G, y: f64) -> f64 {
    let h = |t: f64| g(t, y) + t;
    twice(&h, y) + simpson(|t| g(t, t) * y, 0.0, y, 4)
}

#[differentiable]
fn nested(a: f64, y: f64) -> f64 {
    outer(|s, t| a * s * t + s, y)
}

#[differentiable]
fn rk4(f: impl Fn(f64, &[f64]) -> Vec<f64>, y0: &[f64], t1: f64, n: usize) -> Vec<f64> {
    let h = t1 / n as f64;
    let mut y = y0.to_vec();
    let mut t = 0.0;
    for _ in 0..n {
        let k1 = f(t, &y);
        let mid: Vec<f64> = y.iter().zip(&k1).map(|(y, k)| y + 0.5 * h * k).collect();
        let k2 = f(t + 0.5 * h, &mid);
        for i in 0..y.len() {
            y[i] += h * 0.5 * (k1[i] + k2[i]);
        }
        t += h;
    }
    y
}

#[differentiable]
fn pendulum(omega: f64, damping: f64, y0: &[f64]) -> f64 {
    let y = rk4(|t, y| vec![y[1], -omega * y[0].sin() - damping * y[1] + 0.1 * t], y0, 1.0, 10);
    y[0] * y[1]
}

#[differentiable]
fn euler<F: Fn([f64; 2], f64) -> [f64; 2]>(f: F, y: [f64; 2], n: usize) -> [f64; 2] {
    let mut y = y;
    for i in 0..n {
        let d = f(y, i as f64 * 0.1);
        y = [y[0] + 0.1 * d[0], y[1] + 0.1 * d[1]];
    }
    y
}

#[differentiable]
fn rotation(omega: f64, x: f64) -> f64 {
    let y = euler(|y, _t| [omega * y[1], -omega * y[0]], [x, 0.5], 7);
    let z = euler(|y: [f64; 2], t: f64| [t * y[1], y[0] * x], y, 3);
    z[0] * z[1]
}

#[differentiable]
fn in_place(f: fn(&[f64], &mut [f64]), x: &[f64]) -> f64 {
    let mut out = vec![1.0; x.len()];
    f(x, &mut out);
    f(&[2.0, 3.0], &mut out);
    out[0] * out[1]
}

#[differentiable]
fn squares(x: &[f64], out: &mut [f64]) {
    for i in 0..x.len() {
        out[i] += x[i] * x[i] * out[i];
    }
}

#[differentiable]
fn in_place_of_named(x: &[f64]) -> f64 {
    in_place(squares, x)
}

#[test]
fn quadrature_with_captures() {
    let f = |z: &[f64]| integral(z[0], z[1], &z[2..]);
    let gradient = common::differences(f, &[1.2, 0.8, 0.5, -0.3]);
    let (k, b, w) = integral::grad(1.2, 0.8, &[0.5, -0.3]);
    common::assert_near("integral", &[k, b, w[0], w[1]], &gradient, 1e-6);
    check!(integral(1.2, 0.8, &[0.5, -0.3][..]), (k, b, w));
}

#[test]
fn roots() {
    let a = 2.5f64;
    check!(root(a), 0.5 / a.sqrt());
}

#[test]
fn handed_on() {
    let (a, y) = (0.6, 0.9);
    let gradient = common::differences(|z: &[f64]| nested(z[0], z[1]), &[a, y]);
    let (da, dy) = nested::grad(a, y);
    common::assert_near("nested", &[da, dy], &gradient, 1e-6);
    check!(nested(a, y), (da, dy));
}

#[test]
fn differential_equations() {
    let f = |z: &[f64]| pendulum(z[0], z[1], &z[2..]);
    let gradient = common::differences(f, &[1.2, 0.1, 0.5, -0.3]);
    let (k, b, w) = pendulum::grad(1.2, 0.1, &[0.5, -0.3]);
    common::assert_near("pendulum", &[k, b, w[0], w[1]], &gradient, 1e-6);
    check!(pendulum(1.2, 0.1, &[0.5, -0.3][..]), (k, b, w));
    let gradient = common::differences(|z: &[f64]| rotation(z[0], z[1]), &[0.7, 0.4]);
    let (da, dy) = rotation::grad(0.7, 0.4);
    common::assert_near("rotation", &[da, dy], &gradient, 1e-6);
    check!(rotation(0.7, 0.4), (da, dy));
}

#[test]
fn out_parameters() {
    let x = [0.7, -0.4];
    let gradient = common::differences(in_place_of_named, &x);
    common::assert_near("in place", &in_place_of_named::grad(&x), &gradient, 1e-6);
    check!(in_place_of_named(&x[..]), in_place_of_named::grad(&x));
}

#[differentiable]
fn checked_root<F: Fn(f64) -> f64>(f: F, lo: f64, hi: f64) -> Result<f64, String> {
    if f(lo) * f(hi) > 0.0 {
        return Err("no change of sign".to_string());
    }
    Ok(lo - f(lo) * (hi - lo) / (f(hi) - f(lo)))
}

#[differentiable]
fn secant(a: f64, lo: f64) -> Result<f64, String> {
    checked_root(|x| x * x - a, lo, 2.0)
}

#[test]
fn functions_that_may_fail() {
    let value = |a: f64, lo: f64| secant(a, lo).unwrap();
    let gradient = common::differences(|z: &[f64]| value(z[0], z[1]), &[2.5, 1.0]);
    let (a, lo) = secant::grad(2.5, 1.0).unwrap();
    common::assert_near("secant", &[a, lo], &gradient, 1e-6);
    let (_, dot) = secant::jvp(2.5, 1.0, 1.0, 10.0).unwrap();
    common::assert_near("secant forward", &dot, &(a + 10.0 * lo), 1e-11);
    assert!(secant::grad(9.0, 1.0).is_err());
}

#[test]
fn from_outside() {
    let x = 0.9f64;
    let slope = 9.0 * x.powi(8);
    common::assert_near("grad", &twice::grad(function!(cube), x), &slope, 1e-12);
    common::assert_near("jvp", &twice::jvp(function!(cube), x, 2.0).1, &(2.0 * slope), 1e-12);
    let (value, pullback) = twice::vjp(function!(cube), x);
    common::assert_near("value", &value, &x.powi(9), 1e-12);
    common::assert_near("vjp", &[pullback(1.0), pullback(3.0)], &[slope, 3.0 * slope], 1e-12);
}

#[differentiable]
fn euler_in_place<F>(f: F, y: &mut [f64], h: f64, n: usize)
where
    F: Fn(f64, &[f64], &mut [f64]),
{
    let mut t = 0.0;
    let mut dy = vec![0.0; y.len()];
    for _ in 0..n {
        f(t, y, &mut dy);
        for i in 0..y.len() {
            y[i] += h * dy[i];
        }
        t += h;
    }
}

#[differentiable]
fn driven_oscillator(w: f64, h: f64) -> f64 {
    let mut y = [1.0, 0.2];
    let rhs = |t: f64, y: &[f64], dy: &mut [f64]| {
        dy[0] = y[1];
        dy[1] = -w * w * y[0] + t;
    };
    euler_in_place(rhs, &mut y, h, 10);
    euler_in_place(
        |_, y, dy| {
            for (d, x) in dy.iter_mut().zip(y) {
                *d = -w * x;
            }
        },
        &mut y,
        h,
        2,
    );
    y[0] * y[1]
}

#[test]
fn a_right_hand_side_that_writes_to_a_buffer() {
    differentiable::gradcheck!(driven_oscillator(1.2, 0.05)).unwrap();
}

#[differentiable]
trait Integrator {
    fn step<F: Fn(f64, f64) -> f64>(&self, f: F, t: f64, y: f64) -> f64;
}

#[derive(differentiable::Differentiable, Clone)]
struct Heun {
    h: f64,
}

#[differentiable]
impl Integrator for Heun {
    fn step<F: Fn(f64, f64) -> f64>(&self, f: F, t: f64, y: f64) -> f64 {
        let k = f(t, y);
        y + 0.5 * self.h * (k + f(t + self.h, y + self.h * k))
    }
}

#[differentiable]
fn with_any<I: Integrator>(integrator: &I, rate: f64) -> f64 {
    let mut y = 1.0;
    for i in 0..4 {
        y = integrator.step(|t, y| rate * y + t, i as f64, y);
    }
    y
}

#[differentiable]
fn growth(h: f64, rate: f64) -> f64 {
    with_any(&Heun { h }, rate)
}

#[test]
fn a_method_of_a_trait_that_takes_a_function() {
    differentiable::gradcheck!(growth(0.3, 0.8)).unwrap();
}

#[differentiable]
fn functions_in_variables(x: f64, k: f64) -> f64 {
    let f: fn(f64) -> f64 = cube;
    let g = f64::sin;
    let h: Box<dyn Fn(f64) -> f64> = Box::new(move |t| k * t * t);
    let again = &h;
    f(g(x)) + twice(again, x) + h(k)
}

#[test]
fn functions_that_are_given_a_name() {
    differentiable::gradcheck!(functions_in_variables(0.7, 1.3)).unwrap();
}

/// A function by its name, for a method whose numbers are of a type parameter of its `impl`.
#[derive(Clone, Differentiable)]
struct Pair<T> {
    left: T,
    right: T,
}

#[differentiable]
impl<T: Copy + differentiable::Float> Pair<T> {
    fn mapped<F: Fn(T) -> T>(&self, f: F) -> Pair<T> {
        Pair { left: f(self.left), right: f(self.right) }
    }
}

#[differentiable]
fn cubed(x: f64) -> f64 {
    x * x * x
}

#[differentiable]
fn mapped_by_name(pair: &Pair<f64>, k: f64) -> f64 {
    let cubes = pair.mapped(cubed);
    let scaled = pair.mapped(|x| x * k);
    cubes.left * cubes.right + scaled.left * cubes.right
}

#[test]
fn methods_of_generic_types_are_given_functions() {
    gradcheck!(mapped_by_name(&Pair { left: 0.7, right: -1.2 }, 0.4)).unwrap();
}
