use differentiable::differentiable;
use differentiable::ndarray::{Array2, Axis};

#[differentiable]
fn f(a: &Array2<f64>) -> f64 {
    let mut b = a.clone();
    b.accumulate_axis_inplace(Axis(0), |before, x| *x += before);
    b.sum()
}

fn main() {}
