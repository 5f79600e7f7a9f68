use differentiable::differentiable;
use differentiable::ndarray::{Array2, Axis};

#[differentiable]
fn f(a: &Array2<f64>) -> f64 {
    let b = a.map_axis(Axis(0), |column| column.sum());
    b.sum()
}

fn main() {}
