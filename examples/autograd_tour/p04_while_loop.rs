//! P4: a loop whose trip count depends on the data.

use differentiable::differentiable;
use differentiable::ndarray::{Array1, array};

use crate::report::Report;

#[differentiable]
fn double_until_large(x: &Array1<f64>) -> Array1<f64> {
    let mut y = x * 2.0;
    while (&y * &y).sum().sqrt() < 1000.0 {
        y = &y * 2.0;
    }
    y
}

pub(crate) fn run(report: &mut Report) {
    report.program("P4  y = 2x; while |y| < 1000 { y = 2y }");
    let x = array![-0.8920, -1.5091, 0.3704];

    let (y, pullback) = double_until_large::vjp(&x);
    report.check("y after nine further doublings", &y, &(&x * 1024.0));
    let x_bar = pullback(array![0.1, 1.0, 0.0001]);
    report.check("gradient of x", &x_bar, &[102.4, 1024.0, 0.1024]);
}
