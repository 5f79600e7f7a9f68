//! P11: a pullback is a function. It can be called any number of times.

use differentiable::differentiable;

use crate::report::Report;

/// From polar to Cartesian coordinates.
#[differentiable]
fn cartesian(radius: f64, angle: f64) -> [f64; 2] {
    [radius * angle.cos(), radius * angle.sin()]
}

pub(crate) fn run(report: &mut Report) {
    report.program("P11 the same pullback, several times");
    let (radius, angle) = (2.0_f64, 0.5_f64);
    let (sin, cos) = angle.sin_cos();

    let (_, pullback) = cartesian::vjp(radius, angle);
    let (first, second) = (pullback([1.0, 1.0]), pullback([1.0, 1.0]));
    report.holds("two calls agree", first == second);
    let (radius_bar, angle_bar) = pullback([1.0, 0.0]);
    report.check("first row of the Jacobian", &[radius_bar, angle_bar], &[cos, -radius * sin]);
    let (radius_bar, angle_bar) = pullback([0.0, 1.0]);
    report.check("second row of the Jacobian", &[radius_bar, angle_bar], &[sin, radius * cos]);
}
