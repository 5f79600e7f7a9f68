//! GradBench's `det`: a determinant by expansion along the first row.

use differentiable_gradbench::evals::det::determinant;

use crate::random::Random;
use crate::{Kernel, Size};

/// Both sweeps at once: the cotangent of a minor is known before the minor is.
fn minor(
    a: &[f64],
    n: usize,
    size: usize,
    rows: &mut [usize],
    columns: &mut [usize],
    seed: f64,
    a_bar: &mut [f64],
) -> f64 {
    let first = rows[n];
    let mut column = columns[n];
    if size == 1 {
        a_bar[first * n + column] += seed;
        return a[first * n + column];
    }
    let mut sum = 0.0;
    let mut sign = 1.0;
    let mut before = n;
    rows[n] = rows[first];
    for _ in 0..size {
        columns[before] = columns[column];
        let factor = sign * a[first * n + column];
        let inner = minor(a, n, size - 1, rows, columns, seed * factor, a_bar);
        sum += factor * inner;
        a_bar[first * n + column] += seed * sign * inner;
        columns[before] = column;
        before = column;
        column = columns[column];
        sign = -sign;
    }
    rows[n] = first;
    sum
}

fn by_hand(a: &[f64], n: usize, a_bar: &mut [f64]) -> f64 {
    a_bar.fill(0.0);
    let mut rows: Vec<usize> = (1..=n).chain([0]).collect();
    let mut columns = rows.clone();
    minor(a, n, n, &mut rows, &mut columns, 1.0, a_bar)
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
