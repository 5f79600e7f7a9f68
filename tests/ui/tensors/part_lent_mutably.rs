use differentiable::differentiable;
use differentiable::ndarray::{Array2, ArrayViewMut1};

fn clear(mut row: ArrayViewMut1<'_, f64>) {
    row.fill(0.0);
}

#[differentiable]
fn f(a: &Array2<f64>) -> f64 {
    let mut b = a.clone();
    clear(b.row_mut(0));
    b.sum()
}

fn main() {}
