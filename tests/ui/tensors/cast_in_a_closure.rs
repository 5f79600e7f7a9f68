use differentiable::differentiable;
use differentiable::ndarray::Array1;

#[differentiable]
fn f(a: &Array1<f64>) -> f64 {
    a.mapv(|v| (v as i32) as f64).sum()
}

fn main() {}
