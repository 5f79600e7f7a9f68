use differentiable::differentiable;
use differentiable::ndarray::{Array1, Zip};

#[differentiable]
fn f(a: &Array1<f64>, b: &Array1<f64>) -> f64 {
    let mut c = b.clone();
    Zip::from(&mut c).and(a.exact_chunks(1)).for_each(|c, chunk| *c *= chunk.sum());
    c.sum()
}

fn main() {}
