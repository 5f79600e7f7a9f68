//! Fitting a polynomial by least squares.

use differentiable::differentiable;
use serde::Deserialize;

use super::{parse, unknown};
use crate::{Evaluation, Runs};

/// Half the sum of the squared distances of a polynomial from the signs of `n` points between -1 and 1.
#[differentiable]
pub fn squares(x: &[f64], n: usize) -> f64 {
    let mut sum = 0.0;
    for i in 0..n {
        let t = -1.0 + i as f64 * 2.0 / (n as f64 - 1.0);
        let mut residual = sign(t);
        let mut power = 1.0;
        for coefficient in x {
            residual -= coefficient * power;
            power *= t;
        }
        sum += residual * residual;
    }
    sum / 2.0
}

/// The sign, which is zero for zero.
fn sign(t: f64) -> f64 {
    if t == 0.0 { 0.0 } else { t.signum() }
}

#[derive(Deserialize)]
struct Input {
    x: Vec<f64>,
    n: usize,
    #[serde(flatten)]
    runs: Runs,
}

/// Evaluates a function of this eval.
///
/// # Errors
///
/// If there is no such function, or the input is none of this eval's.
pub fn evaluate(function: &str, input: &str) -> Result<Evaluation, String> {
    let Input { x, n, runs } = parse(input)?;
    match function {
        "primal" => Evaluation::plain(runs, || squares(&x, n)),
        "gradient" => Evaluation::plain(runs, || squares::grad(&x, n)),
        _ => unknown(function),
    }
}
