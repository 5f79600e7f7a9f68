//! A saddle point: the minimum of a maximum, both by gradient descent.
//!
//! The maximum is itself differentiated, through the descent that finds it and the derivatives that this follows.

use differentiable::differentiable;
use serde::Deserialize;

use super::descent::argmin;
use super::{parse, unknown};
use crate::{Evaluation, Runs};

/// The function whose saddle point is looked for.
#[differentiable(order = 2)]
pub fn objective(x: [f64; 2], y: [f64; 2]) -> f64 {
    (x[0] * x[0] + x[1] * x[1]) - (y[0] * y[0] + y[1] * y[1])
}

#[differentiable]
fn slope_reverse(x: [f64; 2], y: [f64; 2]) -> [f64; 2] {
    let (_, slope) = objective::grad(x, y);
    slope
}

#[differentiable]
fn slope_forward(x: [f64; 2], y: [f64; 2]) -> [f64; 2] {
    let (_, first) = objective::jvp(x, y, [0.0, 0.0], [1.0, 0.0]);
    let (_, second) = objective::jvp(x, y, [0.0, 0.0], [0.0, 1.0]);
    [first, second]
}

/// Where the objective is largest for this `x`, following the derivative by reverse mode.
#[differentiable]
pub fn argmax_reverse(x: [f64; 2], start: [f64; 2]) -> [f64; 2] {
    let downhill = |y: [f64; 2]| {
        let slope = slope_reverse(x, y);
        [-slope[0], -slope[1]]
    };
    argmin(|y: [f64; 2]| -objective(x, y), downhill, start)
}

/// The same by forward mode.
#[differentiable]
pub fn argmax_forward(x: [f64; 2], start: [f64; 2]) -> [f64; 2] {
    let downhill = |y: [f64; 2]| {
        let slope = slope_forward(x, y);
        [-slope[0], -slope[1]]
    };
    argmin(|y: [f64; 2]| -objective(x, y), downhill, start)
}

/// The largest value of the objective for this `x`, found by reverse mode.
#[differentiable(wrt(x))]
pub fn maximum_reverse(x: [f64; 2], start: [f64; 2]) -> f64 {
    objective(x, argmax_reverse(x, start))
}

/// The same, found by forward mode.
#[differentiable(wrt(x))]
pub fn maximum_forward(x: [f64; 2], start: [f64; 2]) -> f64 {
    objective(x, argmax_forward(x, start))
}

#[derive(Deserialize)]
struct Input {
    start: [f64; 2],
    #[serde(flatten)]
    runs: Runs,
}

/// Evaluates a function of this eval.
///
/// # Errors
///
/// If there is no such function, or the input is none of this eval's.
pub fn evaluate(function: &str, input: &str) -> Result<Evaluation, String> {
    let Input { start, runs } = parse(input)?;
    let of_reverse = |x| maximum_reverse(x, start);
    let of_forward = |x| maximum_forward(x, start);
    let point = |x: [f64; 2], y: [f64; 2]| [x[0], x[1], y[0], y[1]];
    let reverse = |x: [f64; 2]| point(x, argmax_reverse(x, start));
    let forward = |x: [f64; 2]| point(x, argmax_forward(x, start));
    let directions = [[1.0, 0.0], [0.0, 1.0]];
    match function {
        "rr" => Evaluation::plain(runs, || reverse(argmin(of_reverse, |x| maximum_reverse::grad(x, start), start))),
        "rf" => Evaluation::plain(runs, || forward(argmin(of_forward, |x| maximum_forward::grad(x, start), start))),
        "fr" => Evaluation::plain(runs, || {
            let slope = |x| directions.map(|direction| maximum_reverse::jvp(x, start, direction).1);
            reverse(argmin(of_reverse, slope, start))
        }),
        "ff" => Evaluation::plain(runs, || {
            let slope = |x| directions.map(|direction| maximum_forward::jvp(x, start, direction).1);
            forward(argmin(of_forward, slope, start))
        }),
        _ => unknown(function),
    }
}
