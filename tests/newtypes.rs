//! Fields, methods and elements of what a type lends by `Deref`.

#![allow(missing_docs)]

use differentiable::{Differentiable, differentiable, gradcheck};
use std::ops::{Deref, DerefMut};

#[derive(Clone, Differentiable)]
struct Point {
    x: f64,
    y: f64,
}

#[differentiable]
impl Point {
    fn norm(&self) -> f64 {
        (self.x * self.x + self.y * self.y).sqrt()
    }

    fn grow(&mut self, k: f64) {
        self.x *= k;
    }

    fn weight(&self) -> f64 {
        self.x
    }
}

#[derive(Clone, Differentiable)]
struct Heavy {
    point: Point,
    mass: f64,
}

impl Deref for Heavy {
    type Target = Point;
    fn deref(&self) -> &Point {
        &self.point
    }
}

impl DerefMut for Heavy {
    fn deref_mut(&mut self) -> &mut Point {
        &mut self.point
    }
}

#[differentiable]
impl Heavy {
    fn moment(&self) -> f64 {
        self.x * self.y * self.mass + self.norm()
    }

    /// Its own, not that of the point.
    fn weight(&self) -> f64 {
        self.mass * 9.81 + self.x
    }
}

/// Lends what lends.
#[derive(Clone, Differentiable)]
struct Shared(Heavy);

impl Deref for Shared {
    type Target = Heavy;
    fn deref(&self) -> &Heavy {
        &self.0
    }
}

#[derive(Clone, Differentiable)]
struct Samples(Vec<f64>);

impl Deref for Samples {
    type Target = Vec<f64>;
    fn deref(&self) -> &Vec<f64> {
        &self.0
    }
}

impl DerefMut for Samples {
    fn deref_mut(&mut self) -> &mut Vec<f64> {
        &mut self.0
    }
}

#[differentiable]
fn fields_and_methods(heavy: &Heavy) -> f64 {
    heavy.x * heavy.y + heavy.norm() * heavy.mass + heavy.weight() * heavy.moment()
}

#[differentiable]
fn written(heavy: &Heavy, k: f64) -> f64 {
    let mut own = heavy.clone();
    own.x += k;
    own.y *= own.x;
    own.grow(k);
    own.norm() * own.x + own.mass
}

#[differentiable]
fn through_two(shared: &Shared) -> f64 {
    shared.x * shared.mass + shared.norm() * shared.moment()
}

#[differentiable]
fn lists(samples: &Samples, k: f64) -> f64 {
    let mut own = samples.clone();
    own[0] *= k;
    own.push(k);
    let squares: f64 = own.iter().map(|x| x * x).sum();
    let steps: f64 = samples.windows(2).map(|pair| pair[0] * pair[1]).sum();
    squares * samples[1] + samples.len() as f64 + steps + own.last().unwrap()
}

#[differentiable]
fn loops(samples: &Samples, k: f64) -> f64 {
    let mut sum = k;
    for x in samples.iter() {
        sum = sum * 0.5 + x * x;
    }
    for x in &**samples {
        sum += x * k;
    }
    sum
}

#[test]
fn what_is_lent_is_seen() {
    let heavy = Heavy { point: Point { x: 0.3, y: 1.2 }, mass: 0.5 };
    gradcheck!(fields_and_methods(&heavy)).unwrap();
    gradcheck!(written(&heavy, 0.7)).unwrap();
    gradcheck!(through_two(&Shared(heavy))).unwrap();
    let samples = Samples(vec![0.3, 1.2, -0.4]);
    gradcheck!(lists(&samples, 0.7)).unwrap();
    gradcheck!(loops(&samples, 0.7)).unwrap();
}
