//! Derivatives that differentiated functions call: of functions, methods, generic and tensor functions, in all nestings.
#![allow(dead_code, unused, clippy::all)]
#[macro_use]
mod common;
use common::*;
use differentiable::ndarray::{Array1, Array2, array};
use differentiable::*;
use num_traits::Float;

#[differentiable(order = 2)]
fn potential(x: &[f64], k: f64) -> f64 {
    let mut e = 0.0;
    for i in 1..x.len() {
        e += k * (x[i] - x[i - 1]).powi(2) + 0.1 * x[i].powi(4);
    }
    e
}
#[differentiable]
fn verlet(x0: &[f64], v0: &[f64], k: f64, h: f64, n: usize) -> f64 {
    let mut x = x0.to_vec();
    let mut v = v0.to_vec();
    for _ in 0..n {
        let (f, _) = potential::grad(&x, k);
        for i in 0..x.len() {
            v[i] -= 0.5 * h * f[i];
            x[i] += h * v[i];
        }
        let (f, _) = potential::grad(&x, k);
        for i in 0..x.len() {
            v[i] -= 0.5 * h * f[i];
        }
    }
    x.iter().map(|x| x * x).sum::<f64>() + v[0]
}
// perturbation confusion classic: d/dx (x * d/dy (x + y))
#[differentiable(order = 2)]
fn inner(x: f64, y: f64) -> f64 {
    x + y
}
#[differentiable]
fn outer_rr(x: f64) -> f64 {
    x * inner::grad(x, 1.0).1
}
#[differentiable]
fn outer_rf(x: f64) -> f64 {
    x * inner::jvp(x, 1.0, 0.0, 1.0).1
}
#[differentiable]
fn outer_vjp(x: f64) -> f64 {
    let (v, pb) = inner::vjp(x, x * x);
    let (a, b) = pb(x);
    x * b + v * a
}
#[differentiable(order = 2)]
fn inner2(x: f64, y: f64) -> f64 {
    x * y * y + (x * y).sin()
}
#[differentiable]
fn outer2(x: f64) -> f64 {
    // d/dy inner2(x, y) at y=x^2, times d/dx by jvp
    let (gx, gy) = inner2::grad(x, x * x);
    let (v, t) = inner2::jvp(x, x * x, x, gx);
    gx * gy + v * t
}
// closed: gx = y^2 + y cos(xy), gy = 2xy + x cos(xy)
fn outer2_by_hand(x: f64) -> f64 {
    let y = x * x;
    let c = (x * y).cos();
    let gx = y * y + y * c;
    let gy = 2.0 * x * y + x * c;
    let v = x * y * y + (x * y).sin();
    let t = gx * x + gy * gx;
    gx * gy + v * t
}
// gradient of a branch, loop inside inner; inner used in loop (newton inside loss)
// grad in closures/iterators
#[differentiable]
fn in_closure(xs: &[f64], k: f64) -> f64 {
    xs.iter().map(|x| inner2::grad(*x, k).1).sum::<f64>()
}
// struct params
#[derive(Differentiable, Clone, Debug)]
struct Well {
    depth: f64,
    width: f64,
}
#[differentiable(order = 2)]
fn well(w: &Well, x: f64) -> f64 {
    -w.depth * (-x * x / w.width).exp()
}
#[differentiable]
fn force_norm(w: &Well, x: f64) -> f64 {
    let (wb, f) = well::grad(w, x);
    f * f + wb.depth * wb.width
}
// methods
impl Well {
    #[differentiable(order = 2)]
    fn energy(&self, x: f64) -> f64 {
        -self.depth * (-x * x / self.width).exp()
    }
    #[differentiable]
    fn force(&self, x: f64) -> f64 {
        let (_, f) = self.energy_grad(x);
        -f * self.width
    }
    #[differentiable]
    fn force_j(&self, x: f64) -> f64 {
        let (e, f) = self.energy_jvp(x, &WellTangent { depth: 0.0, width: 0.0 }, 1.0);
        -f * self.width + e
    }
}
// tensors
#[differentiable(order = 2)]
fn critic(w: &Array1<f64>, x: &Array1<f64>) -> f64 {
    (w * x).mapv(|v| v.tanh()).sum()
}
#[differentiable]
fn penalty(w: &Array1<f64>, x: &Array1<f64>) -> f64 {
    let (c, (_, gx)) = critic::value_and_grad(w, x);
    let n = (&gx * &gx).sum().sqrt() - 1.0;
    c + 10.0 * n * n
}
// generic
#[differentiable(order = 2)]
fn gene<T: Float>(x: T, k: T) -> T {
    (x * k).sin() * x
}
#[differentiable]
fn gen_outer<T: differentiable::Float + Float>(x: T) -> T {
    let (a, b) = gene::grad(x, x + T::one());
    a * b
}
#[differentiable]
fn gen_outer2(x: f32) -> f32 {
    let (a, b) = gene::grad(x, x + 1.0);
    a * b
}
// forward over forward: jvp of outer that calls jvp: done through checks
// hvp/hessian inside?
#[differentiable(hessian, order = 3)]
fn cubic(x: f64) -> f64 {
    x.powi(3) * x.sin()
}
// vjp with arrays
#[differentiable(order = 2)]
fn field(p: [f64; 2], k: f64) -> [f64; 2] {
    [p[0] * p[1] * k, p[0].sin() + p[1] * p[1]]
}
#[differentiable]
fn field_use(a: f64, b: f64) -> f64 {
    let (v, pb) = field::vjp([a, b], a * b);
    let (p, k) = pb([b, v[0]]);
    p[0] * p[1] + k
}
#[differentiable]
fn field_jac(a: f64, b: f64) -> f64 {
    let (_, c0) = field::jvp([a, b], 2.0, [1.0, 0.0], 0.0);
    let (_, c1) = field::jvp([a, b], 2.0, [0.0, 1.0], 0.0);
    c0[0] * c1[1] - c0[1] * c1[0]
}
#[test]
fn derivatives_of_derivatives() {
    gradcheck!(verlet(&[0.1, 0.5, -0.3][..], &[0.2, -0.1, 0.0][..], 1.5, 0.1, 4)).unwrap();
    assert_eq!(outer_rr::grad(3.0), 1.0);
    assert_eq!(outer_rf::grad(3.0), 1.0);
    assert_eq!(outer_rr::jvp(3.0, 1.0).1, 1.0);
    assert_eq!(outer_rf::jvp(3.0, 1.0).1, 1.0);
    gradcheck!(outer_vjp(0.7)).unwrap();
    for x in [0.3, -1.1, 1.4] {
        assert_near("v", &outer2(x), &outer2_by_hand(x), 1e-13);
        assert_near("g", &outer2::grad(x), &difference(outer2_by_hand, x), 1e-7);
        assert_near("g", &outer2::jvp(x, 1.0).1, &difference(outer2_by_hand, x), 1e-7);
    }
    gradcheck!(in_closure(&[0.1, 0.5][..], 0.3)).unwrap();
    let w = Well { depth: 1.2, width: 0.8 };
    gradcheck!(force_norm(&w, 0.4)).unwrap();
    let g = w.force_grad(0.4);
    assert_near("x", &g.1, &difference(|x| w.force(x), 0.4), 1e-8);
    assert_near("w", &g.0.width, &difference(|x| Well { depth: 1.2, width: x }.force(0.4), 0.8), 1e-8);
    let g = w.force_j_grad(0.4);
    assert_near("x", &g.1, &difference(|x| w.force_j(x), 0.4), 1e-8);
    assert_near("w", &g.0.width, &difference(|x| Well { depth: 1.2, width: x }.force_j(0.4), 0.8), 1e-8);
    gradcheck!(penalty(&array![0.3, -0.5], &array![0.7, 1.1])).unwrap();
    gradcheck!(gen_outer(0.6)).unwrap();
    gradcheck!(gen_outer2(0.6)).unwrap();
    gradcheck!(field_use(0.6, -0.4)).unwrap();
    gradcheck!(field_jac(0.6, -0.4)).unwrap();
}
