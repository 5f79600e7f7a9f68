//! The square of a number.

use differentiable::differentiable;

use super::{parse, unknown};
use crate::{Evaluation, Runs};

/// The square of a number.
#[differentiable]
pub fn square(x: f64) -> f64 {
    x * x
}

/// Evaluates a function of this eval.
///
/// # Errors
///
/// If there is no such function, or the input is none of this eval's.
pub fn evaluate(function: &str, input: &str) -> Result<Evaluation, String> {
    let (x, once): (f64, _) = (parse(input)?, Runs { min_runs: 1, min_seconds: 0.0 });
    match function {
        "square" => Evaluation::plain(once, || square(x)),
        "double" => Evaluation::plain(once, || square::grad(x)),
        _ => unknown(function),
    }
}
