//! Vectors that get longer and shorter, and that are reordered.

#![allow(clippy::all)]

mod common;
use common::check;
use differentiable::differentiable;

#[differentiable]
fn pushes(xs: &[f64]) -> f64 {
    let mut v = Vec::new();
    for x in xs {
        v.push(x * x);
    }
    let mut s = 0.0;
    for i in 0..v.len() {
        s += v[i] * (i + 1) as f64;
    }
    s
}

#[differentiable]
fn pushes_and_pops(x: f64, y: f64) -> f64 {
    let mut stack: Vec<f64> = vec![];
    stack.push(x);
    stack.push(y);
    stack.push(x * y);
    let a = stack.pop().unwrap();
    let b = stack.pop().unwrap();
    stack.push(a * b);
    stack.push(a - b);
    stack[0] * stack[1] + stack[2] * stack[2]
}

#[test]
fn growing() {
    check!(pushes(&[2.0, 3.0][..]), vec![4.0, 12.0]);
    let (x, y) = (2.0, 3.0);
    let (a, b) = (x * y, y);
    // x * a * b + (a - b)^2
    check!(pushes_and_pops(x, y), (2.0 * x * y * y + 2.0 * (a - b) * y, 2.0 * x * x * y + 2.0 * (a - b) * (x - 1.0)));
}
