use differentiable::differentiable;
use differentiable::ndarray::Array1;

#[differentiable]
fn f(a: &Array1<f64>) -> Array1<i32> {
    a.mapv(|v| v as i32)
}

fn main() {}
