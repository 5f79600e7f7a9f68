//! Second derivatives through functions that take functions: closures, functions by name, and methods of traits.
#![allow(clippy::all, clippy::pedantic)]

#[macro_use]
mod common;

use differentiable::{Differentiable, differentiable};

#[differentiable(order = 2)]
fn cube(x: f64) -> f64 {
    x * x * x
}

#[differentiable(order = 2)]
fn twice(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    f(f(x))
}

#[differentiable(hvp)]
fn by_name(x: f64, y: f64) -> f64 {
    twice(cube, x + 1.0) * y + twice(f64::sin, y)
}

#[differentiable(order = 2)]
fn integral<F: Fn(f64) -> f64>(f: F, a: f64, b: f64, n: usize) -> f64 {
    let h = (b - a) / n as f64;
    let mut sum = 0.5 * (f(a) + f(b));
    for i in 1..n {
        sum += f(a + h * i as f64);
    }
    sum * h
}

#[differentiable(hvp)]
fn with_captures(x: f64, y: f64) -> f64 {
    integral(|t| (t * x).sin() * t + y.powi(3), 0.0, y, 6)
}

#[differentiable(hvp)]
fn of_two_levels(x: f64, y: f64) -> f64 {
    integral(|s| integral(|t| (s * t * x).exp(), 0.0, y, 3), x, 1.0, 2)
}

#[differentiable(order = 2)]
fn newton(f: impl Fn(f64) -> f64, slope: impl Fn(f64) -> f64, start: f64) -> f64 {
    let mut x = start;
    for _ in 0..20 {
        let step = f(x) / slope(x);
        x -= step;
        if step.abs() < 1e-15 {
            return x;
        }
    }
    x
}

#[differentiable(hvp)]
fn root(x: f64, y: f64) -> f64 {
    newton(|z| z * z * z + x * z - y - 1.0, |z| 3.0 * z * z + x, 1.0) * y
}

#[derive(Differentiable, Clone, Copy)]
struct Grid {
    low: f64,
    step: f64,
}

impl Grid {
    #[differentiable(order = 2)]
    fn sum(&self, n: usize, f: impl Fn(f64, f64) -> f64) -> f64 {
        (0..n).map(|i| f(self.low + i as f64 * self.step, self.step)).sum()
    }
}

#[differentiable(hvp)]
fn of_a_method(x: f64, y: f64) -> f64 {
    let grid = Grid { low: x, step: y };
    grid.sum(4, |at, step| (at * step).sin() + at * at * y)
}

#[test]
fn functions_as_arguments() {
    check_products!(by_name with_captures of_two_levels root of_a_method);
}

/// Functions that take functions are differentiated to any order where they are called.
#[differentiable(order = 4)]
fn fourth(x: f64) -> f64 {
    twice(|t| (t * x).sin(), x)
}

#[test]
fn higher_orders() {
    let (x, h) = (0.7, 1e-4);
    let at = fourth::derivatives(x);
    let (above, below) = (fourth::derivatives(x + h), fourth::derivatives(x - h));
    for order in 0..4 {
        let difference = (above[order] - below[order]) / (2.0 * h);
        assert!((at[order + 1] - difference).abs() < 1e-6 * (1.0 + difference.abs()), "{order}: {at:?}");
    }
}
