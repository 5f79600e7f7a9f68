//! P10: gradients accumulate over micro-batches until they are zeroed.

use differentiable::differentiable;
use differentiable::ndarray::{Array1, Array2, Axis, array};

use crate::report::Report;

/// The sum of squared errors of a linear model.
#[differentiable(wrt(w))]
fn loss(w: &Array1<f64>, x: &Array2<f64>, y: &Array1<f64>) -> f64 {
    let error = x.dot(w) - y;
    (&error * &error).sum()
}

pub(crate) fn run(report: &mut Report) {
    report.program("P10 two half-batches accumulated");
    let w = array![0.5, -1.0];
    let x = array![[1.0, 2.0], [3.0, -1.0], [0.5, 0.25], [-2.0, 1.5]];
    let y = array![1.0, 0.0, -1.0, 2.0];

    let whole = loss::grad(&w, &x, &y);
    let mut accumulated = Array1::zeros(2);
    for rows in [[0, 1], [2, 3]] {
        loss::value_and_grad_into(&w, &x.select(Axis(0), &rows), &y.select(Axis(0), &rows), &mut accumulated);
    }
    report.check("gradient of w", &accumulated, &whole);

    accumulated.fill(0.0);
    loss::value_and_grad_into(&w, &x, &y, &mut accumulated);
    report.check("zeroed, and once more with the whole batch", &accumulated, &whole);
}
