//! Rosenbrock's function of many variables.

use differentiable::differentiable;

use crate::random::Random;
use crate::{Kernel, Size};

#[differentiable]
fn rosenbrock(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() - 1 {
        sum += 100.0 * (x[i + 1] - x[i] * x[i]).powi(2) + (1.0 - x[i]).powi(2);
    }
    sum
}

fn by_hand(x: &[f64], x_bar: &mut [f64]) -> f64 {
    let mut sum = 0.0;
    // What the term before has to say about this variable.
    let mut from_before = 0.0;
    for (pair, x_bar) in x.windows(2).zip(&mut *x_bar) {
        let (gap, rest) = (pair[1] - pair[0] * pair[0], 1.0 - pair[0]);
        sum += 100.0 * gap * gap + rest * rest;
        *x_bar = from_before - 400.0 * gap * pair[0] - 2.0 * rest;
        from_before = 200.0 * gap;
    }
    x_bar[x.len() - 1] = from_before;
    sum
}

pub(crate) fn kernel(size: Size) -> Kernel {
    let (n, mut random) = (size.choose(10, 100), Random::new());
    Kernel::gradient(
        "rosenbrock_100",
        n,
        random.list(n, -2.0, 2.0),
        |x| rosenbrock(x),
        |x, out| rosenbrock::value_and_grad_into(x, out),
        |x, out| by_hand(x, out),
    )
}
