use differentiable::differentiable;
use differentiable::ndarray::Array2;

#[differentiable]
fn f(a: &Array2<f64>) -> f64 {
    let (mut b, mut c) = (a.clone(), a.clone());
    let mut row = b.row_mut(0);
    row[0] = 2.0;
    row = c.row_mut(1);
    row[0] = 3.0;
    b.sum() * c.sum()
}

fn main() {}
