//! Lengths that are not written where an array is made or cut: a parameter, a field or a pattern tells them.

#![allow(missing_docs)]

use differentiable::{Differentiable, differentiable, gradcheck};

#[derive(Clone, Differentiable)]
struct Vector {
    parts: [f64; 3],
}

#[differentiable]
fn norm(parts: [f64; 3]) -> f64 {
    parts.iter().map(|x| x * x).sum::<f64>().sqrt()
}

#[differentiable]
fn by_the_parameter(x: f64) -> f64 {
    norm(std::array::from_fn(|i| x * i as f64 + 1.0))
}

#[differentiable]
fn by_the_field(x: f64) -> f64 {
    let vector = Vector { parts: std::array::from_fn(|i| x * i as f64 + 1.0) };
    norm(vector.parts)
}

#[differentiable]
fn by_the_pattern(xs: &[f64]) -> f64 {
    xs.array_windows().map(|[a, b]| (b - a) * (b - a)).sum()
}

#[differentiable]
fn by_the_pattern_of_a_loop(xs: &[f64]) -> f64 {
    let mut sum = 0.0;
    for (i, &[a, b, c]) in xs.array_windows().enumerate() {
        sum += a * b * c * (i as f64 + 1.0);
    }
    sum
}

#[differentiable]
fn scaled(xs: Vec<f64>, by: f64) -> Vec<f64> {
    xs.iter().map(|x| x * by).collect()
}

/// A list of an array's elements is no array.
#[differentiable]
fn of_a_list(x: f64, parts: [f64; 3]) -> f64 {
    let mut list = parts.to_vec();
    list.push(x * x);
    let scaled = scaled(list, x);
    scaled[0] * scaled[3] + scaled[2]
}

#[test]
fn lengths() {
    gradcheck!(of_a_list(0.7, [0.3, -0.8, 1.2])).unwrap();
    gradcheck!(by_the_parameter(0.7)).unwrap();
    gradcheck!(by_the_field(0.7)).unwrap();
    let xs = [0.3, 1.2, -0.4, 0.9];
    gradcheck!(by_the_pattern(&xs)).unwrap();
    gradcheck!(by_the_pattern_of_a_loop(&xs)).unwrap();
}
