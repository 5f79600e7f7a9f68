//! A polynomial as a sum of powers.

use differentiable::differentiable;

use crate::random::Random;
use crate::{Kernel, Size};

#[differentiable]
fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    let mut sum = 0.0;
    let mut power = 1.0;
    for c in coefficients {
        sum += c * power;
        power *= x;
    }
    sum
}

fn by_hand(coefficients: &[f64], x: f64, coefficients_bar: &mut [f64], x_bar: &mut f64) -> f64 {
    let (mut sum, mut slope) = (0.0, 0.0);
    // The power of the term before, of which this one's has the derivative `degree * before`.
    let (mut power, mut before, mut degree) = (1.0, 0.0, 0.0);
    for (c, c_bar) in coefficients.iter().zip(coefficients_bar) {
        sum += c * power;
        slope += c * (degree * before);
        *c_bar = power;
        before = power;
        power *= x;
        degree += 1.0;
    }
    *x_bar = slope;
    sum
}

pub(crate) fn kernel(size: Size) -> Kernel {
    let (n, mut random) = (size.choose(5, 1_000), Random::new());
    Kernel::gradient(
        "polynomial",
        n + 1,
        (random.list(n, -1.0, 1.0), 0.97),
        |(coefficients, x)| polynomial(coefficients, *x),
        |(coefficients, x), out| {
            let (coefficients_bar, x_bar) = out.split_at_mut(coefficients.len());
            polynomial::value_and_grad_into(coefficients, *x, coefficients_bar, &mut x_bar[0])
        },
        |(coefficients, x), out| {
            let (coefficients_bar, x_bar) = out.split_at_mut(coefficients.len());
            by_hand(coefficients, *x, coefficients_bar, &mut x_bar[0])
        },
    )
}
