//! A polynomial by Horner's scheme.

use differentiable::differentiable;

use crate::random::Random;
use crate::{Kernel, Size};

#[differentiable]
fn horner(coefficients: &[f64], x: f64) -> f64 {
    let mut y = 0.0;
    for c in coefficients.iter().rev() {
        y = y * x + c;
    }
    y
}

fn by_hand(coefficients: &[f64], x: f64, coefficients_bar: &mut [f64], x_bar: &mut f64) -> f64 {
    let (mut y, mut slope) = (0.0, 0.0);
    for c in coefficients.iter().rev() {
        slope = slope * x + y;
        y = y * x + c;
    }
    *x_bar = slope;
    let mut power = 1.0;
    for c_bar in coefficients_bar {
        *c_bar = power;
        power *= x;
    }
    y
}

pub(crate) fn kernel(size: Size) -> Kernel {
    let (n, mut random) = (size.choose(5, 1_000), Random::new());
    Kernel::gradient(
        "horner",
        n + 1,
        (random.list(n, -1.0, 1.0), 0.97),
        |(coefficients, x)| horner(coefficients, *x),
        |(coefficients, x), out| {
            let (coefficients_bar, x_bar) = out.split_at_mut(coefficients.len());
            horner::value_and_grad_into(coefficients, *x, coefficients_bar, &mut x_bar[0])
        },
        |(coefficients, x), out| {
            let (coefficients_bar, x_bar) = out.split_at_mut(coefficients.len());
            by_hand(coefficients, *x, coefficients_bar, &mut x_bar[0])
        },
    )
}
