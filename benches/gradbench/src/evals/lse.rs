//! The logarithm of a sum of exponentials.

use differentiable::differentiable;
use serde::Deserialize;

use super::{expect, parse, unknown};
use crate::{Evaluation, Runs};

/// The logarithm of the sum of the exponentials, computed so that none overflows.
#[differentiable]
pub fn log_sum_exp(x: &[f64]) -> f64 {
    let max = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = x.iter().map(|v| (v - max).exp()).sum();
    sum.ln() + max
}

#[derive(Deserialize)]
struct Input {
    x: Vec<f64>,
    #[serde(flatten)]
    runs: Runs,
}

/// Evaluates a function of this eval.
///
/// # Errors
///
/// If there is no such function, or the input is none of this eval's.
pub fn evaluate(function: &str, input: &str) -> Result<Evaluation, String> {
    let Input { x, runs } = parse(input)?;
    expect(!x.is_empty(), "`x` has a number at least")?;
    match function {
        "primal" => Evaluation::plain(runs, || log_sum_exp(&x)),
        "gradient" => Evaluation::plain(runs, || log_sum_exp::grad(&x)),
        _ => unknown(function),
    }
}
