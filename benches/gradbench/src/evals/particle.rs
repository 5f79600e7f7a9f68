//! A charged particle in the field of two others: the control that makes it reach the origin.
//!
//! The field is the derivative of a potential; the trajectory in the field is differentiated with respect to the control.

use std::ops::{Add, Mul};

use differentiable::{Differentiable, differentiable};
use serde::Deserialize;

use super::descent::argmin;
use super::{parse, unknown};
use crate::{Evaluation, Runs};

/// A point in the plane, or a direction.
#[derive(Clone, Copy, Debug, Differentiable)]
pub struct Point {
    /// Along the first axis.
    pub x: f64,
    /// Along the second.
    pub y: f64,
}

#[differentiable]
impl Add for Point {
    type Output = Point;

    fn add(self, other: Point) -> Point {
        Point { x: self.x + other.x, y: self.y + other.y }
    }
}

#[differentiable]
impl Mul<f64> for Point {
    type Output = Point;

    fn mul(self, factor: f64) -> Point {
        Point { x: factor * self.x, y: factor * self.y }
    }
}

#[differentiable(order = 2)]
fn distance(a: Point, b: Point) -> f64 {
    let (x, y) = (a.x - b.x, a.y - b.y);
    (x * x + y * y).sqrt()
}

/// The potential of the charges at a place.
#[differentiable(order = 2)]
fn potential(charges: &[Point], place: Point) -> f64 {
    let mut sum = 0.0;
    for charge in charges {
        sum += 1.0 / distance(*charge, place);
    }
    sum
}

/// The acceleration by reverse mode.
#[differentiable]
fn force_reverse(charges: &[Point], place: Point) -> Point {
    let (_, slope) = potential::grad(charges, place);
    Point { x: -slope.x, y: -slope.y }
}

/// The acceleration by forward mode.
#[differentiable]
fn force_forward(charges: &[Point], place: Point) -> Point {
    let still = vec![PointTangent { x: 0.0, y: 0.0 }; charges.len()];
    let (_, x) = potential::jvp(charges, place, &still, PointTangent { x: 1.0, y: 0.0 });
    let (_, y) = potential::jvp(charges, place, &still, PointTangent { x: 0.0, y: 1.0 });
    Point { x: -x, y: -y }
}

/// The squared distance from the origin at which the particle reaches the first axis.
#[differentiable]
fn miss(w: f64, force: impl Fn(&[Point], Point) -> Point) -> f64 {
    let charges = [Point { x: 10.0, y: 10.0 - w }, Point { x: 10.0, y: 0.0 }];
    let mut place = Point { x: 0.0, y: 8.0 };
    let mut velocity = Point { x: 0.75, y: 0.0 };
    let step = 0.1;
    loop {
        let acceleration = force(&charges, place);
        place = place + velocity * step;
        if place.y <= 0.0 || place.y.is_nan() {
            let rest = -place.y / velocity.y;
            let end = place + velocity * rest;
            return end.x * end.x;
        }
        velocity = velocity + acceleration * step;
    }
}

/// The miss in a field by reverse mode.
#[differentiable]
pub fn miss_reverse(w: f64) -> f64 {
    miss(w, force_reverse)
}

/// The miss in a field by forward mode.
#[differentiable]
pub fn miss_forward(w: f64) -> f64 {
    miss(w, force_forward)
}

#[derive(Deserialize)]
struct Input {
    w: f64,
    #[serde(flatten)]
    runs: Runs,
}

/// Evaluates a function of this eval.
///
/// # Errors
///
/// If there is no such function, or the input is none of this eval's.
pub fn evaluate(function: &str, input: &str) -> Result<Evaluation, String> {
    let Input { w, runs } = parse(input)?;
    let reverse = |[w]: [f64; 1]| miss_reverse(w);
    let forward = |[w]: [f64; 1]| miss_forward(w);
    match function {
        "rr" => Evaluation::plain(runs, || argmin(reverse, |[w]| [miss_reverse::grad(w)], [w])[0]),
        "rf" => Evaluation::plain(runs, || argmin(forward, |[w]| [miss_forward::grad(w)], [w])[0]),
        "fr" => Evaluation::plain(runs, || argmin(reverse, |[w]| [miss_reverse::jvp(w, 1.0).1], [w])[0]),
        "ff" => Evaluation::plain(runs, || argmin(forward, |[w]| [miss_forward::jvp(w, 1.0).1], [w])[0]),
        _ => unknown(function),
    }
}
