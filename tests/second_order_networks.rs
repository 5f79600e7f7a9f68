//! Second derivatives of networks of structs, of generic types, and under the attribute's other options.
#![allow(clippy::all, clippy::pedantic)]

#[macro_use]

mod common;

use differentiable::ndarray::{Array1, Array2, array};
use differentiable::{Differentiable, differentiable, no_grad, stop_gradient};
use num_traits::Float;

#[derive(Clone, Debug, Differentiable)]
struct Dense {
    w: Array2<f64>,
    b: Array1<f64>,
}

#[derive(Clone, Debug, Differentiable)]
#[allow(dead_code)]
enum Act {
    Tanh,
    Scaled(f64),
    Poly { a: f64, b: f64 },
}

#[derive(Clone, Debug, Differentiable)]
struct Net {
    layers: Vec<Dense>,
    act: Act,
    scale: (f64, f64),
    bias: Option<f64>,
}

impl Act {
    #[differentiable(order = 2)]
    fn apply(&self, x: f64) -> f64 {
        match self {
            Act::Tanh => x.tanh(),
            Act::Scaled(k) => k * x.sin(),
            Act::Poly { a, b } => a * x * x + b * x,
        }
    }
}

impl Dense {
    #[differentiable(order = 2)]
    fn forward(&self, x: &Array1<f64>) -> Array1<f64> {
        self.w.dot(x) + &self.b
    }
}

impl Net {
    #[differentiable(hvp)]
    fn loss(&self, x: &Array1<f64>, y: f64) -> f64 {
        let mut h = x.clone();
        for (i, l) in self.layers.iter().enumerate() {
            h = l.forward(&h);
            if i + 1 < self.layers.len() {
                h = h.mapv(|v| self.act.apply(v));
            }
        }
        let (a, b) = self.scale;
        let mut out = h.sum() * a + b * b;
        if let Some(bias) = self.bias {
            out *= bias;
        }
        (out - y).powi(2)
    }
}

fn net(t: &[f64]) -> Net {
    let l = |k: f64| Dense { w: array![[t[0] * k, t[1]], [0.3, t[0]]], b: array![t[1], k] };
    Net { layers: vec![l(0.5), l(1.2)], act: Act::Poly { a: t[0], b: t[1] }, scale: (t[0], 0.7), bias: Some(t[1]) }
}

#[test]
fn a_network() {
    let t = [0.4, 0.6];
    let v = [0.3, -0.7];
    let x = array![0.2, -0.5];
    let n = net(&t);
    // direction: derivative of net(t) along v, by differences of params
    let d = {
        let mut z = n.zero_tangent();
        for (i, k) in [0.5, 1.2].iter().enumerate() {
            z.layers[i].w = array![[v[0] * k, v[1]], [0.0, v[0]]];
            z.layers[i].b = array![v[1], 0.0];
        }
        z.scale = (v[0], 0.0);
        z.bias = Some(v[1]);
        *z.act.poly_a_mut() = v[0];
        *z.act.poly_b_mut() = v[1];
        z
    };
    let zx = array![0.0, 0.0];
    let (hn, hx, hy) = n.loss_hvp(&x, 0.3, &d, &zx, 0.0);
    let h = 1e-5;
    let at = |s: f64| net(&[t[0] + s * v[0], t[1] + s * v[1]]).loss_grad(&x, 0.3);
    let (gp, gm) = (at(h), at(-h));
    let dx = (&gp.1 - &gm.1) / (2.0 * h);
    assert!((&hx - &dx).iter().all(|d| d.abs() < 1e-6), "{hx} {dx}");
    assert!((hy - (gp.2 - gm.2) / (2.0 * h)).abs() < 1e-6);
    assert!((&hn.layers[0].w - &((&gp.0.layers[0].w - &gm.0.layers[0].w) / (2.0 * h))).iter().all(|d| d.abs() < 1e-6));
    assert!((hn.scale.1 - (gp.0.scale.1 - gm.0.scale.1) / (2.0 * h)).abs() < 1e-6);
    assert!((hn.bias.unwrap() - (gp.0.bias.unwrap() - gm.0.bias.unwrap()) / (2.0 * h)).abs() < 1e-6);
}

#[differentiable(order = 2)]
fn horner<T: Float>(c: &[T], x: T) -> T {
    c.iter().rev().fold(T::zero(), |a, &b| a * x + b)
}

#[differentiable(hvp)]
fn generics(x: &[f64]) -> f64 {
    horner(x, x[0]) * horner(&[1.0, x[1]], x[1])
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Complex<T> {
    re: T,
    im: T,
}

impl<T: Float> Complex<T> {
    #[differentiable(order = 2)]
    fn mul(self, o: Complex<T>) -> Complex<T> {
        Complex { re: self.re * o.re - self.im * o.im, im: self.re * o.im + self.im * o.re }
    }
    #[differentiable(order = 2)]
    fn abs(&self) -> T {
        (self.re * self.re + self.im * self.im).sqrt()
    }
}

#[differentiable(hvp)]
fn complexes(x: &[f64]) -> f64 {
    let mut z = Complex { re: x[0], im: x[1] };
    for _ in 0..3 {
        z = z.mul(Complex { re: x[1], im: 0.5 });
    }
    z.abs()
}

#[differentiable(hvp)]
fn controls(x: &[f64]) -> f64 {
    let a = stop_gradient(x[0]);
    let b = no_grad! { x[1] * 2.0 };
    a * x[0] * x[0] + b * x[1].exp() * x[0]
}

#[differentiable(wrt(x), hvp)]
fn partly(x: &[f64], k: f64, n: usize, name: &str) -> f64 {
    x.iter().map(|v| v.powi(n as i32) * k * name.len() as f64).sum()
}

#[differentiable(order = 2, checkpoint)]
fn inner_ck(x: f64, y: f64) -> f64 {
    let mut z = x;
    for _ in 0..4 {
        z = z.sin() * y + x;
    }
    z
}

#[differentiable(hvp)]
fn checkpointed(x: &[f64]) -> f64 {
    inner_ck(x[0], x[1]) * x[0]
}

#[differentiable(hvp)]
fn checkpointed_loop(x: &[f64]) -> f64 {
    let mut z = x[0];
    #[checkpoint(sqrt)]
    for i in 0..10 {
        z = z.sin() * x[1] + x[0] / (i + 1) as f64;
    }
    z
}

#[differentiable(hvp, analyses = off)]
fn off(x: &[f64]) -> f64 {
    let mut z = x.to_vec();
    for i in 1..z.len() {
        z[i] = z[i - 1] * z[i].sin();
    }
    z[z.len() - 1] * z[0]
}

#[differentiable(hvp, anomaly)]
fn watched(x: &[f64]) -> f64 {
    let mut z = x.to_vec();
    for i in 1..z.len() {
        z[i] = z[i - 1] * z[i].sin();
    }
    z[z.len() - 1].exp() * z[0]
}

macro_rules! sq {
    ($e:expr) => {
        $e * $e
    };
}

#[differentiable(hvp)]
fn own_macros(x: &[f64]) -> f64 {
    assert!(x.len() > 1);
    sq!(x[0].sin() + x[1]) * sq!(x[1])
}

#[differentiable(hessian)]
fn four(x: (f64, f64)) -> f64 {
    x.0 * x.1 * x.1
}

#[test]
fn against_differences_of_the_gradient() {
    check_slice! {
        generics at [0.4, 0.6, -0.3];
        complexes at [0.4, 0.6];
        checkpointed at [0.4, 0.6];
        checkpointed_loop at [0.4, 0.6];
        off at [0.4, 0.6, 0.9];
        watched at [0.4, 0.6, 0.9];
        own_macros at [0.4, 0.6];
    }
    // a x² + b exp(y) x, with constants a = x and b = 2 y.
    let product = controls::hvp(&[0.4, 0.6], &[1.0, 0.0]);
    assert!((product[0] - 0.8).abs() < 1e-12 && (product[1] - 1.2 * 0.6_f64.exp()).abs() < 1e-12, "{product:?}");
    let h = partly::hvp(&[0.4, 0.6], 2.0, 3, "ab", &[1.0, 0.0]);
    assert!((h[0] - 6.0 * 0.4 * 4.0).abs() < 1e-12);
}
