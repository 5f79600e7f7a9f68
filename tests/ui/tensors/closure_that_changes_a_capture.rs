use differentiable::differentiable;
use differentiable::ndarray::Array1;

#[differentiable]
fn f(a: &Array1<f64>) -> f64 {
    let mut total = 0.0;
    a.for_each(|v| total += v * v);
    total
}

fn main() {}
