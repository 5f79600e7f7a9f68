//! What the declarations of the crate's types and functions tell of values: results of constructors and methods, and what
//! fields are made of.

#![allow(clippy::all, dead_code)]

mod common;

use common::assert_near;
use differentiable::{Differentiable, differentiable};

#[derive(Clone, Debug, Default, PartialEq, Differentiable)]
struct Moments {
    count: u32,
    mean: f64,
    spread: f64,
    weights: [f64; 3],
}

#[differentiable]
impl Moments {
    fn new() -> Self {
        Self { weights: std::array::from_fn(|i| 1.0 + i as f64), ..Default::default() }
    }

    fn order() -> usize {
        2
    }

    fn add(&mut self, x: f64) -> &mut Self {
        self.count += 1;
        let step = x - self.mean;
        self.mean += step / f64::from(self.count);
        self.spread += step * (x - self.mean);
        self
    }

    /// Named like a reduction of arrays.
    fn std(&self) -> f64 {
        (self.spread / f64::from(self.count)).sqrt()
    }

    fn scaled(&self, by: f64) -> Moments {
        Moments {
            count: self.count,
            mean: self.mean * by,
            spread: self.spread * by * by,
            weights: std::array::from_fn(|i| self.weights[i] * by),
        }
    }

    fn checked(&self) -> Option<Moments> {
        if self.mean > 0.0 { Some(self.scaled(self.mean)) } else { None }
    }

    fn sharpened(mut self, by: f64) -> Self {
        self.weights = std::array::from_fn(|i| self.weights[i].powi(2) + by * i as f64);
        self
    }
}

#[differentiable]
fn made(xs: &[f64]) -> f64 {
    let mut moments = Moments::new();
    for &x in xs {
        moments.add(x);
    }
    moments.std() + moments.mean * Moments::order() as f64
}

#[differentiable]
fn by_default(xs: &[f64]) -> f64 {
    let mut moments = Moments::default();
    xs.iter().for_each(|&x| {
        moments.add(x).add(2.0 * x);
    });
    moments.std() * moments.mean
}

#[differentiable]
fn by_methods(xs: &[f64]) -> f64 {
    let mut moments = Moments { mean: 2.0, ..Moments::new() };
    for x in xs {
        moments.add(*x);
    }
    let other = moments.scaled(xs[0]).sharpened(xs[1]);
    let checked = other.checked().map(|all| all.std()).unwrap_or_default();
    other.std() * other.weights.iter().sum::<f64>() + checked
}

#[differentiable]
fn in_lists(xs: &[f64]) -> f64 {
    let mut all: Vec<Moments> = (0..2).map(|_| Moments::new()).collect();
    for (i, x) in xs.iter().enumerate() {
        all[i % 2].add(*x);
    }
    let best = all.iter().max_by(|a, b| a.mean.total_cmp(&b.mean)).unwrap();
    best.std() + all.last().unwrap().mean
}

fn check(name: &str, f: fn(&[f64]) -> f64, grad: Vec<f64>, jvp: impl Fn(&[f64], &[f64]) -> f64) {
    let xs = [0.3, 0.7, 1.9, 0.4];
    for i in 0..xs.len() {
        let at = |x: f64| f(&std::array::from_fn::<f64, 4, _>(|j| if i == j { x } else { xs[j] }));
        let step = 1e-5;
        let expected = (at(xs[i] + step) - at(xs[i] - step)) / (2.0 * step);
        assert_near(name, &grad[i], &expected, 1e-7);
        let direction: [f64; 4] = std::array::from_fn(|j| f64::from(u8::from(i == j)));
        assert_near(name, &jvp(&xs, &direction), &grad[i], 1e-12);
    }
}

#[test]
fn types_are_read_off_declarations() {
    let xs = [0.3, 0.7, 1.9, 0.4];
    check("made", made, made::grad(&xs), |x, d| made::jvp(x, d).1);
    check("by_default", by_default, by_default::grad(&xs), |x, d| by_default::jvp(x, d).1);
    check("by_methods", by_methods, by_methods::grad(&xs), |x, d| by_methods::jvp(x, d).1);
    check("in_lists", in_lists, in_lists::grad(&xs), |x, d| in_lists::jvp(x, d).1);
}

/// Numbers in a type of their own, whose methods are called like those of the trait that numbers get.
#[derive(Clone, Copy, Debug, Differentiable)]
struct Rough(f64);

#[differentiable]
impl Rough {
    fn bent(self, by: f64) -> Self {
        Rough(self.0 * self.0 + by)
    }
}

#[differentiable]
trait Bent {
    fn bent(self, by: f64) -> f64;
}

#[differentiable]
impl Bent for f64 {
    fn bent(self, by: f64) -> f64 {
        Rough(self).bent(by * self).0
    }
}

#[differentiable]
fn through_a_newtype(x: f64) -> f64 {
    x.bent(3.0).sin()
}

#[test]
fn self_is_the_type_of_the_method_that_is_called() {
    let (at, step) = (0.7, 1e-5);
    let expected = (through_a_newtype(at + step) - through_a_newtype(at - step)) / (2.0 * step);
    assert_near("through_a_newtype", &through_a_newtype::grad(at), &expected, 1e-7);
    assert_near("through_a_newtype", &through_a_newtype::jvp(at, 1.0).1, &expected, 1e-7);
}
