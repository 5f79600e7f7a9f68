use differentiable::differentiable;
use differentiable::ndarray::Array1;

#[differentiable]
fn f(a: &Array1<f64>) -> f64 {
    a.fold(1.0, |p, v| p * v)
}

fn main() {}
