//! Single precision: a function of `f32` is differentiated in `f32` throughout.

#![allow(clippy::all)]

mod common;
use common::assert_near;
use differentiable::differentiable;
use differentiable::ndarray::{Array1, Array2, array};

#[differentiable]
fn affine(x: f32) -> f32 {
    x * 2.0 + 1.0
}

#[differentiable]
fn third(x: f32, y: f32) -> f32 {
    x * y / 3.0
}

#[differentiable]
fn literals_follow_the_variable(x: f32) -> f32 {
    let a = 0.1;
    let mut s = 0.0;
    for i in 0..3 {
        s += a * x * i as f32;
    }
    let big = if s > 1e6 { 1.0 } else { 2.0 };
    s * big + x.powi(2) + 2f32.powf(x) + x.max(0.5).min(100.0) + x.clamp(0.0, 9.0)
}

#[differentiable]
fn functions(x: f32) -> f32 {
    let y = x.sin().exp() + x.sqrt().ln_1p() * x.tanh() - x.atan2(0.5).hypot(x);
    y.abs() + f32::cos(x) + x.powf(1.5) + x.mul_add(2.0, x) + std::f32::consts::PI * x
}

#[differentiable]
fn slices(w: &[f32], x: &[f32; 3]) -> f32 {
    let mut s = 1.0;
    for (a, b) in w.iter().zip(x) {
        s = s * a + b;
    }
    s
}

#[differentiable]
fn tensors(w: &Array2<f32>, x: &Array1<f32>) -> f32 {
    let y = (w.dot(x) + 0.5).mapv(|v| v.tanh() * 2.0);
    (&y * &y).mean().unwrap() / 3.0
}

#[differentiable]
fn both_precisions(x: f32, y: f64) -> f64 {
    let z = f64::from(x) * y;
    let w = (z as f32).exp();
    z + w as f64
}

#[differentiable]
fn until_large(x: f32) -> f32 {
    let mut y = x;
    while y.abs() < 1e3 {
        y = y * y + x;
    }
    y
}

#[test]
fn types_and_values_are_those_of_single_precision() {
    let gradient: f32 = affine::grad(0.3);
    assert_eq!(gradient, 2.0);
    let (value, tangent): (f32, f32) = affine::jvp(0.1, 0.1);
    assert_eq!((value, tangent), (affine(0.1), 0.2));
    let (x, y) = (0.1f32, 0.7f32);
    // Computed in double precision and rounded, the last digit would differ for some of these.
    for k in 1..50 {
        let (x, y) = (x * k as f32, y * k as f32);
        let (a, b): (f32, f32) = third::grad(x, y);
        let one_third = 1.0f32 / 3.0;
        let candidates = |factor: f32| [factor * one_third, factor / 3.0];
        assert!(candidates(y).contains(&a) && candidates(x).contains(&b), "{a} {b}");
    }
}

#[test]
fn literals_take_the_precision_of_what_they_meet() {
    let x = 1.5f32;
    let expected = 0.6 + 2.0 * 1.5 + 2f64.ln() * 2f64.powf(1.5) + 2.0;
    let gradient: f32 = literals_follow_the_variable::grad(x);
    assert_near("literals", &gradient, &expected, 1e-6);
    differentiable::gradcheck!(literals_follow_the_variable(x)).unwrap();
}

#[test]
fn scalar_functions() {
    let x = 0.8f64;
    let in_double = |x: f64| {
        let y = x.sin().exp() + x.sqrt().ln_1p() * x.tanh() - x.atan2(0.5).hypot(x);
        y.abs() + x.cos() + x.powf(1.5) + 3.0 * x + std::f64::consts::PI * x
    };
    let gradient: f32 = functions::grad(x as f32);
    assert_near("functions", &gradient, &common::difference(in_double, x), 2e-6);
    differentiable::gradcheck!(functions(x as f32)).unwrap();
}

#[test]
fn slices_and_arrays() {
    let gradient: (Vec<f32>, [f32; 3]) = slices::grad(&[2.0, 3.0, 5.0], &[7.0, 11.0, 13.0]);
    // ((2 + 7) 3 + 11) 5 + 13.
    assert_eq!(gradient, (vec![15.0, 45.0, 38.0], [15.0, 5.0, 1.0]));
    differentiable::gradcheck!(slices(&[2.0, 3.0, 5.0][..], &[7.0, 11.0, 13.0])).unwrap();
    let (mut w_bar, mut x_bar) = ([1.0f32; 3], [2.0f32; 3]);
    let value: f32 = slices::value_and_grad_into(&[2.0, 3.0, 5.0], &[7.0, 11.0, 13.0], &mut w_bar, &mut x_bar);
    assert_eq!((value, w_bar, x_bar), (203.0, [16.0, 46.0, 39.0], [17.0, 7.0, 3.0]));
}

#[test]
fn arrays_of_ndarray() {
    let w = array![[0.5f32, -1.0], [2.0, 0.25]];
    let x = array![0.3f32, 0.7];
    let (w_bar, x_bar): (Array2<f32>, Array1<f32>) = tensors::grad(&w, &x);
    let z = w.dot(&x) + 0.5;
    let z_bar = z.mapv(|v| 8.0 * v.tanh() * (1.0 - v.tanh().powi(2)) / 2.0 / 3.0);
    assert_near("x", &x_bar, &w.t().dot(&z_bar), 1e-6);
    assert_near("w", &w_bar, &Array2::from_shape_fn((2, 2), |(i, j)| z_bar[i] * x[j]), 1e-6);
    differentiable::gradcheck!(tensors(&w, &x)).unwrap();
}

#[test]
fn both_precisions_in_one_function() {
    let gradient: (f32, f64) = both_precisions::grad(0.5, 1.5);
    let factor = 1.0 + 0.75f64.exp();
    assert_near("both", &gradient, &(1.5 * factor, 0.5 * factor), 1e-6);
}

#[test]
fn loops_with_data_dependent_trip_counts() {
    let x = 1.5f32;
    // 1.5, 3.75, 15.5625, 243.69, 59387.
    let (y1, y2, y3): (f32, f32, f32) = (3.75, 15.5625, 15.5625 * 15.5625 + 1.5);
    let d1 = 2.0 * x + 1.0;
    let d2 = 2.0 * y1 * d1 + 1.0;
    let d3 = 2.0 * y2 * d2 + 1.0;
    assert_near("loop", &until_large::grad(x), &(2.0 * y3 * d3 + 1.0), 1e-5);
}
