use differentiable::differentiable;
use differentiable::ndarray::Array1;

#[differentiable]
fn f(a: &Array1<f64>) -> f64 {
    let p = a.as_ptr();
    let first = unsafe { *p };
    first * first
}

fn main() {}
