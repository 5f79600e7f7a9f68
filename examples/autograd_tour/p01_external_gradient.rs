//! P1: `Q = 3a³ - b²`, a vector, pulled back from an external gradient; the same through the sum.

use differentiable::differentiable;
use differentiable::ndarray::{Array1, array};

use crate::report::Report;

#[differentiable]
fn q(a: &Array1<f64>, b: &Array1<f64>) -> Array1<f64> {
    3.0 * a.powi(3) - b.powi(2)
}

#[differentiable]
fn q_sum(a: &Array1<f64>, b: &Array1<f64>) -> f64 {
    q(a, b).sum()
}

pub(crate) fn run(report: &mut Report) {
    report.program("P1  Q = 3a³ - b² with the external gradient [1, 1]");
    let (a, b) = (array![2.0, 3.0], array![6.0, 4.0]);

    let (value, pullback) = q::vjp(&a, &b);
    let (a_bar, b_bar) = pullback(array![1.0, 1.0]);
    report.check("Q", &value, &[-12.0, 65.0]);
    report.check("gradient of a, 9a²", &a_bar, &[36.0, 81.0]);
    report.check("gradient of b, -2b", &b_bar, &[-12.0, -8.0]);

    let (a_bar, b_bar) = q_sum::grad(&a, &b);
    report.check("gradient of a through the sum", &a_bar, &[36.0, 81.0]);
    report.check("gradient of b through the sum", &b_bar, &[-12.0, -8.0]);
}
