use differentiable::differentiable;
use differentiable::ndarray::{Array2, Axis};

#[differentiable]
fn f(a: &Array2<f64>) -> f64 {
    let mut b = a.clone();
    b.merge_axes(Axis(0), Axis(1));
    b.sum()
}

fn main() {}
