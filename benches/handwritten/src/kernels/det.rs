//! GradBench's `det`: a determinant by expansion along the first row.

use differentiable_gradbench::evals::det::determinant;

use crate::random::Random;
use crate::{Kernel, Size};

/// Both sweeps at once: the cotangent of a minor is known before the minor is.
fn minor(a: &[f64], n: usize, row: usize, columns: u64, seed: f64, a_bar: &mut [f64]) -> f64 {
    if row + 1 == n {
        let at = row * n + columns.trailing_zeros() as usize;
        a_bar[at] += seed;
        return a[at];
    }
    let (mut sum, mut sign, mut rest) = (0.0, 1.0, columns);
    while rest != 0 {
        let at = row * n + rest.trailing_zeros() as usize;
        let bit = rest & rest.wrapping_neg();
        let inner = minor(a, n, row + 1, columns & !bit, seed * sign * a[at], a_bar);
        sum += sign * a[at] * inner;
        a_bar[at] += seed * sign * inner;
        rest &= !bit;
        sign = -sign;
    }
    sum
}

fn by_hand(a: &[f64], n: usize, a_bar: &mut [f64]) -> f64 {
    a_bar.fill(0.0);
    minor(a, n, 0, (1 << n) - 1, 1.0, a_bar)
}

pub(crate) fn kernel(size: Size) -> Kernel {
    let (n, mut random) = (size.choose(4, 7), Random::new());
    Kernel::gradient(
        "det",
        n * n,
        (random.list(n * n, -1.0, 1.0), n),
        |(a, n)| determinant(a, *n),
        |(a, n), out| determinant::value_and_grad_into(a, *n, out),
        |(a, n), out| by_hand(a, *n, out),
    )
}
