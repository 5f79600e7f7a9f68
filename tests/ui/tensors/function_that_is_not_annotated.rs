use differentiable::differentiable;
use differentiable::ndarray::Array1;

#[differentiable]
fn f(a: &Array1<f64>) -> f64 {
    fn cube(x: f64) -> f64 {
        x * x * x
    }
    a.mapv(cube).sum()
}

fn main() {}
