use differentiable::differentiable;
use differentiable::ndarray::{Array1, Zip};

#[differentiable]
fn f(a: &Array1<f64>, b: &Array1<f64>) -> f64 {
    let mut c = a.clone();
    Zip::from(&mut c).and(b).for_each(|c, &b| *c *= b);
    c.sum()
}

fn main() {}
