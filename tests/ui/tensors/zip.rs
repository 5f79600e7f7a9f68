use differentiable::differentiable;
use differentiable::ndarray::{Array1, Array2, Zip};

#[differentiable]
fn f(a: &Array2<f64>, b: &Array1<f64>) -> f64 {
    let mut c = b.clone();
    Zip::from(&mut c).and(a.rows()).for_each(|c, row| *c *= row.sum());
    c.sum()
}

fn main() {}
