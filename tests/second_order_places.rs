//! Second derivatives through functions that change what they are given, against differences of the gradient.
#![allow(clippy::all, clippy::pedantic)]

#[macro_use]
mod common;

use differentiable::{Differentiable, differentiable};

#[derive(Clone, Debug, Differentiable)]
struct Body {
    m: f64,
    v: Vec<f64>,
    a: [f64; 2],
}
impl Body {
    #[differentiable(order = 2)]
    fn kick(&mut self, f: f64) {
        for v in self.v.iter_mut() {
            *v += f / self.m;
        }
        self.m *= 1.0 + f * f;
    }
    #[differentiable(order = 2)]
    fn spin(&mut self, f: f64) {
        for v in self.v.iter_mut() {
            *v *= f / self.m;
        }
        for (i, a) in self.a.iter_mut().enumerate() {
            *a = *a * self.v[i] + f;
            self.m += *a;
        }
    }
    #[differentiable(order = 2)]
    fn push(&mut self, f: f64) {
        self.v.push(f);
        for (a, b) in self.a.iter_mut().zip(self.v.iter()) {
            *a += b * b;
        }
    }
}
#[differentiable(order = 2)]
fn scale(v: &mut [f64], w: &mut Vec<f64>, k: f64) {
    for (a, b) in v.iter_mut().zip(w.iter_mut()) {
        *a += *b * k;
        *b += k * k;
    }
}
#[differentiable(hvp)]
fn across(x: &[f64]) -> f64 {
    let mut b = Body { m: x[0], v: vec![x[1], x[0] * x[2]], a: [x[0], x[2]] };
    b.kick(x[2]);
    b.spin(x[0]);
    b.push(x[1]);
    b.kick(x[1]);
    let mut q = x.to_vec();
    scale(&mut b.v, &mut q, x[1]);
    b.m * b.v[0] * b.a[1] + b.v[1] + q[0]
}
/// The content of a `&mut` parameter is a constant in the beginning only.
#[differentiable(wrt(k), hvp)]
fn moved(x: &mut f64, k: f64) -> f64 {
    *x += k * k;
    *x *= k;
    *x * *x
}

impl Body {
    #[differentiable(order = 2)]
    fn grow(&mut self, by: f64) -> f64 {
        self.m += by * self.m;
        self.m
    }
}

#[differentiable(order = 2)]
fn step(x: &mut f64, by: f64) -> f64 {
    *x += by * *x;
    *x * by
}

/// Nobody takes the results.
#[differentiable(hvp)]
fn dropped(x: &[f64]) -> f64 {
    let mut body = Body { m: x[0], v: vec![], a: [0.0, 1.0] };
    body.grow(x[1].sin());
    let mut q = x[0];
    step(&mut q, x[1]);
    step(&mut q, body.m);
    q * body.m
}

#[test]
fn against_differences_of_the_gradient() {
    check_slice! { across at [0.4, 0.6, 0.9]; dropped at [0.4, 0.6]; }
}

#[test]
fn what_is_constant_in_the_beginning() {
    // (0.3 k + k³)², for 0.3 as the first content.
    let (k, inner) = (1.3_f64, 0.3 * 1.3 + 1.3 * 1.3 * 1.3);
    let (slope, curvature) = (0.3 + 3.0 * k * k, 6.0 * k);
    let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} instead of {b}");
    close(moved::grad(&mut 0.3, k), 2.0 * inner * slope);
    close(moved::jvp(&mut 0.3, k, 1.0).1, 2.0 * inner * slope);
    close(moved::hvp(&mut 0.3, k, 1.0), 2.0 * (slope * slope + inner * curvature));
}
