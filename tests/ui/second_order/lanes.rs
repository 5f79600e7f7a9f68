use differentiable::ndarray::Array1;
use differentiable::{Differentiable, differentiable};

#[derive(Clone, Differentiable)]
struct Point {
    x: f64,
    y: f64,
}

#[differentiable(lanes)]
fn of_struct(p: &Point) -> f64 {
    p.x * p.y
}

#[differentiable(lanes)]
fn of_tensor(x: &Array1<f64>) -> f64 {
    x.sum()
}

#[differentiable(lanes)]
fn of_two(x: f64, y: f32) -> [f64; 2] {
    [x, x * f64::from(y)]
}

#[differentiable]
fn flux(left: f64, right: f64) -> f64 {
    left * right
}

#[differentiable(sparse)]
fn calling(x: &[f64]) -> Vec<f64> {
    (1..x.len()).map(|i| flux(x[i - 1], x[i])).collect()
}

#[differentiable(sparse)]
fn failing(x: &[f64]) -> Option<Vec<f64>> {
    (x[0] > 0.0).then(|| x.to_vec())
}

fn main() {}
