//! P6: the mean of squares of an affine function.

use differentiable::differentiable;
use differentiable::ndarray::{Array2, array};

use crate::report::Report;

#[differentiable]
fn out(x: &Array2<f64>) -> f64 {
    let y = 2.0 * x + 1.0;
    let z = &y * &y;
    z.mean().unwrap()
}

pub(crate) fn run(report: &mut Report) {
    report.program("P6  y = 2x + 1, z = y², out = mean(z)");
    let x = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
    let (value, x_bar) = out::value_and_grad(&x);
    report.check("out", &[value], &[227.0 / 3.0]);
    report.check("gradient of x", &x_bar, &[2.0, 10.0 / 3.0, 14.0 / 3.0, 6.0, 22.0 / 3.0, 26.0 / 3.0]);
}
