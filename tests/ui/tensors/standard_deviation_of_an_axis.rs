use differentiable::differentiable;
use differentiable::ndarray::{Array2, Axis};

#[differentiable]
fn f(a: &Array2<f64>) -> f64 {
    a.std_axis(Axis(0), 0.0).sum()
}

fn main() {}
