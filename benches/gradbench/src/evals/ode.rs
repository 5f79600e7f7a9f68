//! A system of ordinary differential equations by the classical Runge-Kutta method.

use differentiable::differentiable;
use serde::Deserialize;

use super::{expect, parse, unknown};
use crate::{Evaluation, Runs};

/// How fast the state changes: the first number by a constant, each other by a multiple of the one before.
#[differentiable]
fn velocity(x: &[f64], y: &[f64], z: &mut [f64]) {
    z[0] = x[0];
    for i in 1..x.len() {
        z[i] = x[i] * y[i - 1];
    }
}

/// The state at the time 2, after `steps` steps from zero.
#[differentiable]
pub fn solve(x: &[f64], steps: usize) -> Vec<f64> {
    let n = x.len();
    let h = 2.0 / steps as f64;
    let mut y = vec![0.0; n];
    let mut stage = vec![0.0; n];
    let (mut k1, mut k2, mut k3, mut k4) = (vec![0.0; n], vec![0.0; n], vec![0.0; n], vec![0.0; n]);
    for _ in 0..steps {
        velocity(x, &y, &mut k1);
        for i in 0..n {
            stage[i] = y[i] + h * k1[i] / 2.0;
        }
        velocity(x, &stage, &mut k2);
        for i in 0..n {
            stage[i] = y[i] + h * k2[i] / 2.0;
        }
        velocity(x, &stage, &mut k3);
        for i in 0..n {
            stage[i] = y[i] + h * k3[i];
        }
        velocity(x, &stage, &mut k4);
        for i in 0..n {
            y[i] += h * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]) / 6.0;
        }
    }
    y
}

/// The last number of the state.
#[differentiable]
pub fn last(x: &[f64], steps: usize) -> f64 {
    solve(x, steps)[x.len() - 1]
}

#[derive(Deserialize)]
struct Input {
    x: Vec<f64>,
    s: usize,
    #[serde(flatten)]
    runs: Runs,
}

/// Evaluates a function of this eval.
///
/// # Errors
///
/// If there is no such function, or the input is none of this eval's.
pub fn evaluate(function: &str, input: &str) -> Result<Evaluation, String> {
    let Input { x, s, runs } = parse(input)?;
    expect(!x.is_empty(), "`x` has a number at least")?;
    match function {
        "primal" => Evaluation::plain(runs, || solve(&x, s)),
        "gradient" => Evaluation::plain(runs, || last::grad(&x, s)),
        _ => unknown(function),
    }
}
