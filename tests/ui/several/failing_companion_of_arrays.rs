use differentiable::differentiable;
use differentiable::ndarray::{Array1, Array2};

#[differentiable]
fn failing(w: &Array2<f64>, x: Array1<f64>, y: &mut [f64; 2]) -> Array1<f64> {
    y[0] *= x[0];
    let k = x[1] as i32;
    w.dot(&x) * k as f64
}

fn main() {
    let (w, x) = (Array2::eye(2), Array1::ones(2));
    let mut y = [1.0, 2.0];
    let (value, pullback) = failing::vjp(&w, x, &mut y);
    let (w_bar, x_bar, y_bar): (Array2<f64>, Array1<f64>, [f64; 2]) = pullback(value, y);
    println!("{w_bar} {x_bar} {y_bar:?}");
}
