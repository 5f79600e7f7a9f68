//! P3: the mean of a polynomial; `backward()` is `backward(1.0)`.

use differentiable::differentiable;
use differentiable::ndarray::Array2;

use crate::report::Report;

#[differentiable]
fn polynomial(x: &Array2<f64>) -> Array2<f64> {
    let y = x + 2.0;
    &y * &y * 3.0
}

#[differentiable]
fn out(x: &Array2<f64>) -> f64 {
    polynomial(x).mean().unwrap()
}

pub(crate) fn run(report: &mut Report) {
    report.program("P3  y = x + 2, z = 3y², out = mean(z)");
    let x = Array2::ones((2, 2));

    report.check("z", &polynomial(&x), &[27.0; 4]);
    let (value, x_bar) = out::value_and_grad(&x);
    report.check("out", &[value], &[27.0]);
    report.check("gradient of x", &x_bar, &[4.5; 4]);
    let (_, pullback) = out::vjp(&x);
    report.check("pullback of 1.0", &pullback(1.0), &[4.5; 4]);
}
