//! P8: evaluation without a gradient, and values that are cut off from it.

use std::hint::black_box;
use std::time::{Duration, Instant};

use differentiable::{differentiable, no_grad, stop_gradient};

use crate::allocations;
use crate::report::Report;

/// The logistic map, iterated.
#[differentiable]
fn logistic(x: f64, steps: usize) -> f64 {
    let mut x = x;
    for _ in 0..steps {
        x = 3.9 * x * (1.0 - x);
    }
    x
}

/// The same without the attribute.
fn plain(x: f64, steps: usize) -> f64 {
    let mut x = x;
    for _ in 0..steps {
        x = 3.9 * x * (1.0 - x);
    }
    x
}

#[differentiable]
fn detached(x: f64) -> f64 {
    x * stop_gradient(x * x)
}

#[differentiable]
fn without_gradient(x: f64) -> f64 {
    let scale = no_grad! { x * x };
    x * scale
}

const STEPS: usize = 1_000_000;

pub(crate) fn run(report: &mut Report) {
    report.program("P8  no gradient wanted");
    let before = allocations();
    let value = logistic(0.3, STEPS);
    report.holds("a million steps record nothing: no allocation", allocations() == before);
    report.check("their result is that of the plain function", &[value], &[plain(0.3, STEPS)]);
    println!("    time of the annotated function {:.1?}, of the plain one {:.1?}", fastest(logistic), fastest(plain));

    let (value, x_bar) = detached::value_and_grad(3.0);
    report.check("x · stop_gradient(x²) at 3", &[value], &[27.0]);
    report.check("its gradient is the detached x², not 3x²", &[x_bar], &[9.0]);
    let (value, x_bar) = without_gradient::value_and_grad(3.0);
    report.check("the same with no_grad!", &[value, x_bar], &[27.0, 9.0]);
}

/// The fastest of ten calls.
fn fastest(function: impl Fn(f64, usize) -> f64) -> Duration {
    let run = || {
        let start = Instant::now();
        black_box(function(black_box(0.3), STEPS));
        start.elapsed()
    };
    (0..10).map(|_| run()).min().unwrap_or_default()
}
