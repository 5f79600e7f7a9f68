//! A tridiagonal system of linear equations by Thomas' algorithm.

use differentiable::differentiable;

use crate::random::Random;
use crate::{Kernel, Size};

/// The squared norm of the solution.
#[differentiable]
fn solution_norm(lower: &[f64], diagonal: &[f64], upper: &[f64], right: &[f64]) -> f64 {
    let n = diagonal.len();
    let mut c = vec![0.0; n];
    let mut x = vec![0.0; n];
    c[0] = upper[0] / diagonal[0];
    x[0] = right[0] / diagonal[0];
    for i in 1..n {
        let pivot = diagonal[i] - lower[i] * c[i - 1];
        c[i] = upper[i] / pivot;
        x[i] = (right[i] - lower[i] * x[i - 1]) / pivot;
    }
    let mut norm = x[n - 1] * x[n - 1];
    for i in (0..n - 1).rev() {
        x[i] -= c[i] * x[i + 1];
        norm += x[i] * x[i];
    }
    norm
}

/// The cotangent of the right side solves the transposed system.
fn by_hand(lower: &[f64], diagonal: &[f64], upper: &[f64], right: &[f64], out: &mut [f64]) -> f64 {
    let n = diagonal.len();
    let (lower_bar, rest) = out.split_at_mut(n);
    let (diagonal_bar, rest) = rest.split_at_mut(n);
    let (upper_bar, right_bar) = rest.split_at_mut(n);
    let (mut c, mut x, mut inverse) = (vec![0.0; n], vec![0.0; n], vec![0.0; n]);
    inverse[0] = 1.0 / diagonal[0];
    c[0] = upper[0] * inverse[0];
    x[0] = right[0] * inverse[0];
    for i in 1..n {
        inverse[i] = 1.0 / (diagonal[i] - lower[i] * c[i - 1]);
        c[i] = upper[i] * inverse[i];
        x[i] = (right[i] - lower[i] * x[i - 1]) * inverse[i];
    }
    let mut norm = x[n - 1] * x[n - 1];
    for i in (0..n - 1).rev() {
        x[i] -= c[i] * x[i + 1];
        norm += x[i] * x[i];
    }
    right_bar[0] = 2.0 * x[0];
    for i in 1..n {
        right_bar[i] = 2.0 * x[i] - c[i - 1] * right_bar[i - 1];
    }
    right_bar[n - 1] *= inverse[n - 1];
    for i in (0..n - 1).rev() {
        right_bar[i] = (right_bar[i] - lower[i + 1] * right_bar[i + 1]) * inverse[i];
    }
    lower_bar[0] = 0.0;
    upper_bar[n - 1] = 0.0;
    for i in 0..n {
        diagonal_bar[i] = -right_bar[i] * x[i];
    }
    for i in 1..n {
        lower_bar[i] = -right_bar[i] * x[i - 1];
        upper_bar[i - 1] = -right_bar[i - 1] * x[i];
    }
    norm
}

pub(crate) fn kernel(size: Size) -> Kernel {
    let (n, mut random) = (size.choose(6, 10_000), Random::new());
    let (lower, diagonal) = (random.list(n, -1.0, 1.0), random.list(n, 3.0, 4.0));
    Kernel::gradient(
        "tridiagonal",
        4 * n,
        (lower, diagonal, random.list(n, -1.0, 1.0), random.list(n, -1.0, 1.0)),
        |(lower, diagonal, upper, right)| solution_norm(lower, diagonal, upper, right),
        |(lower, diagonal, upper, right), out| {
            let n = diagonal.len();
            let (lower_bar, rest) = out.split_at_mut(n);
            let (diagonal_bar, rest) = rest.split_at_mut(n);
            let (upper_bar, right_bar) = rest.split_at_mut(n);
            solution_norm::value_and_grad_into(
                lower,
                diagonal,
                upper,
                right,
                lower_bar,
                diagonal_bar,
                upper_bar,
                right_bar,
            )
        },
        |(lower, diagonal, upper, right), out| by_hand(lower, diagonal, upper, right, out),
    )
}
