//! The logarithm of a determinant by Cholesky's decomposition.

use differentiable::differentiable;

use crate::random::Random;
use crate::{Kernel, Size};

/// Of a symmetric matrix, whose lower triangle alone is read.
#[differentiable]
fn log_determinant(a: &[f64], n: usize) -> f64 {
    let mut l = vec![0.0; n * n];
    let mut sum = 0.0;
    for i in 0..n {
        for j in 0..i {
            let mut s = a[i * n + j];
            for k in 0..j {
                s -= l[i * n + k] * l[j * n + k];
            }
            l[i * n + j] = s / l[j * n + j];
        }
        let mut s = a[i * n + i];
        for k in 0..i {
            s -= l[i * n + k] * l[i * n + k];
        }
        l[i * n + i] = s.sqrt();
        sum += l[i * n + i].ln();
    }
    2.0 * sum
}

/// The derivative is the inverse matrix, which the decomposition gives by two triangular products.
fn by_hand(a: &[f64], n: usize, a_bar: &mut [f64]) -> f64 {
    let mut l = vec![0.0; n * n];
    let mut sum = 0.0;
    for i in 0..n {
        let (above, row) = l.split_at_mut(i * n);
        for j in 0..i {
            let other = &above[j * n..j * n + j + 1];
            let s: f64 = row[..j].iter().zip(other).map(|(a, b)| a * b).sum();
            row[j] = (a[i * n + j] - s) / other[j];
        }
        let s: f64 = row[..i].iter().map(|v| v * v).sum();
        row[i] = (a[i * n + i] - s).sqrt();
        sum += row[i].ln();
    }
    // The inverse of `l`, row by row in place: row `i` is `(e_i - sum of l[i][k] * row k) / l[i][i]`.
    let mut fresh = vec![0.0; n];
    for i in 0..n {
        let (above, row) = l.split_at_mut(i * n);
        let inverse = 1.0 / row[i];
        fresh.fill(0.0);
        for k in 0..i {
            let factor = row[k];
            for (fresh, v) in fresh[..k + 1].iter_mut().zip(&above[k * n..]) {
                *fresh -= factor * v;
            }
        }
        for (row, fresh) in row[..i].iter_mut().zip(&fresh) {
            *row = fresh * inverse;
        }
        row[i] = inverse;
    }
    a_bar.fill(0.0);
    for k in 0..n {
        let row = &l[k * n..k * n + k + 1];
        for i in 0..=k {
            let factor = 2.0 * row[i];
            for (a_bar, v) in a_bar[i * n..i * n + i + 1].iter_mut().zip(row) {
                *a_bar += factor * v;
            }
        }
    }
    for i in 0..n {
        a_bar[i * n + i] *= 0.5;
    }
    2.0 * sum
}

pub(crate) fn kernel(size: Size) -> Kernel {
    let (n, mut random) = (size.choose(5, 100), Random::new());
    let mut a = random.list(n * n, -1.0, 1.0);
    for i in 0..n {
        a[i * n + i] = n as f64 + random.next();
    }
    Kernel::gradient(
        "cholesky_logdet",
        n * n,
        (a, n),
        |(a, n)| log_determinant(a, *n),
        |(a, n), out| log_determinant::value_and_grad_into(a, *n, out),
        |(a, n), out| by_hand(a, *n, out),
    )
}
