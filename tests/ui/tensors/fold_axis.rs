use differentiable::differentiable;
use differentiable::ndarray::{Array3, Axis};

#[differentiable]
fn f(a: &Array3<f64>, axis: Axis) -> f64 {
    a.fold_axis(axis, 1.0, |p, v| p * v).sum()
}

fn main() {}
