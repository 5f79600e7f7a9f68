//! A determinant by expansion along the first row.
#![allow(clippy::manual_is_multiple_of)]

use differentiable::differentiable;
use serde::Deserialize;

use super::{expect, parse, unknown};
use crate::{Evaluation, Runs};

/// The determinant of the minor that has the rows from `row` on and the columns whose bits are set.
///
/// There are more minors than memory has room for what a derivative could keep of each: each is computed again.
#[differentiable(checkpoint)]
pub fn minor(a: &[f64], n: usize, row: usize, columns: u64) -> f64 {
    if row + 1 == n {
        return a[row * n + columns.trailing_zeros() as usize];
    }
    let mut sum = 0.0;
    for column in 0..n {
        let bit = 1 << column;
        if columns & bit != 0 {
            let before = (columns & (bit - 1)).count_ones();
            let sign = if before % 2 == 0 { 1.0 } else { -1.0 };
            sum += sign * a[row * n + column] * minor(a, n, row + 1, columns & !bit);
        }
    }
    sum
}

/// The determinant of a matrix with `n` rows, one behind the other, at most [`MOST_ROWS`].
#[differentiable]
pub fn determinant(a: &[f64], n: usize) -> f64 {
    minor(a, n, 0, (1 << n) - 1)
}

/// The most rows that a matrix may have; nobody would wait for the determinant of one that has more.
pub const MOST_ROWS: usize = 32;

#[derive(Deserialize)]
struct Input {
    #[serde(rename = "A")]
    a: Vec<f64>,
    ell: usize,
    #[serde(flatten)]
    runs: Runs,
}

/// Evaluates a function of this eval.
///
/// # Errors
///
/// If there is no such function, or the input is none of this eval's.
pub fn evaluate(function: &str, input: &str) -> Result<Evaluation, String> {
    let Input { a, ell, runs } = parse(input)?;
    expect(ell > 0 && ell.checked_mul(ell) == Some(a.len()), "`A` has `ell` times `ell` numbers")?;
    expect(ell <= MOST_ROWS, "`ell` is too large")?;
    match function {
        "primal" => Evaluation::plain(runs, || determinant(&a, ell)),
        "gradient" => Evaluation::plain(runs, || determinant::grad(&a, ell)),
        _ => unknown(function),
    }
}
