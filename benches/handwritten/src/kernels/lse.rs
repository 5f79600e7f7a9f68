//! GradBench's `lse`: the logarithm of a sum of exponentials.

use differentiable_gradbench::evals::lse::log_sum_exp;

use crate::random::Random;
use crate::{Kernel, Size};

/// The exponentials, in the place of the gradient, and then divided by their sum.
fn by_hand(x: &[f64], x_bar: &mut [f64]) -> f64 {
    let max = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut sum = 0.0;
    for (bar, v) in x_bar.iter_mut().zip(x) {
        *bar = (v - max).exp();
        sum += *bar;
    }
    let scale = 1.0 / sum;
    for bar in x_bar {
        *bar *= scale;
    }
    sum.ln() + max
}

pub(crate) fn kernel(size: Size) -> Kernel {
    let (n, mut random) = (size.choose(10, 10_000), Random::new());
    Kernel::gradient(
        "lse",
        n,
        random.list(n, -1.0, 1.0),
        |x| log_sum_exp(x),
        |x, out| log_sum_exp::value_and_grad_into(x, out),
        |x, out| by_hand(x, out),
    )
}
