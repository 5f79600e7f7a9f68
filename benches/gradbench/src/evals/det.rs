//! A determinant by expansion along the first row.

use differentiable::differentiable;
use serde::Deserialize;

use super::{expect, parse, unknown};
use crate::{Evaluation, Runs};

/// The determinant of the minor with `size` rows of the matrix with `n` rows.
///
/// The rows and columns of the minor are linked lists: `rows[n]` is the first row, and `rows[i]` the one behind row `i`.
#[differentiable]
pub fn minor(a: &[f64], n: usize, size: usize, rows: &mut [usize], columns: &mut [usize]) -> f64 {
    let first = rows[n];
    let mut column = columns[n];
    if size == 1 {
        return a[first * n + column];
    }
    let mut sum = 0.0;
    let mut sign = 1.0;
    let mut before = n;
    rows[n] = rows[first];
    for _ in 0..size {
        columns[before] = columns[column];
        sum += sign * a[first * n + column] * minor(a, n, size - 1, rows, columns);
        columns[before] = column;
        before = column;
        column = columns[column];
        sign = -sign;
    }
    rows[n] = first;
    sum
}

/// The determinant of a matrix with `n` rows, one behind the other.
#[differentiable]
pub fn determinant(a: &[f64], n: usize) -> f64 {
    // Behind each row comes the next one, and the list begins with the first.
    let mut rows: Vec<usize> = (1..=n).chain([0]).collect();
    let mut columns = rows.clone();
    minor(a, n, n, &mut rows, &mut columns)
}

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
    match function {
        "primal" => Evaluation::plain(runs, || determinant(&a, ell)),
        "gradient" => Evaluation::plain(runs, || determinant::grad(&a, ell)),
        _ => unknown(function),
    }
}
