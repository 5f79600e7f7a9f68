//! P5: one number in, one number out.

use differentiable::differentiable;

use crate::report::Report;

#[differentiable]
fn parabola(x: f64) -> f64 {
    2.0 * x * x + 1.0
}

pub(crate) fn run(report: &mut Report) {
    report.program("P5  y = 2x² + 1 at x = 2");
    let (y, x_bar) = parabola::value_and_grad(2.0);
    report.check("y", &[y], &[9.0]);
    report.check("gradient of x", &[x_bar], &[8.0]);
    let (_, y_dot) = parabola::jvp(2.0, 1.0);
    report.check("the same forwards", &[y_dot], &[8.0]);
}
