//! Traits of numbers: their own types are numbers, in default methods and in implementations for `f64`.

mod common;

use common::{assert_near, difference};
use differentiable::{Differentiable, differentiable};
use std::fmt::Debug;
use std::ops::{Add, Div, Mul, Neg, Sub};

#[differentiable]
trait Real:
    Copy
    + Debug
    + PartialOrd
    + Neg<Output = Self>
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
{
    fn zero() -> Self;
    fn third() -> Self;
    fn pow(self, exponent: Self) -> Self;
    fn sin(self) -> Self;

    fn cube_root(self) -> Self {
        if self < Self::zero() { -(-self).pow(Self::third()) } else { self.pow(Self::third()) }
    }

    fn wave(&self, other: Self) -> Self {
        let x = *self * other;
        x.sin() / (x + Self::third())
    }
}

#[differentiable]
impl Real for f64 {
    fn zero() -> Self {
        0.0
    }

    fn third() -> Self {
        1.0 / 3.0
    }

    fn pow(self, exponent: Self) -> Self {
        self.powf(exponent)
    }

    fn sin(self) -> Self {
        self.sin()
    }
}

#[differentiable]
impl Real for f32 {
    fn zero() -> Self {
        0.0
    }

    fn third() -> Self {
        1.0 / 3.0
    }

    fn pow(self, exponent: Self) -> Self {
        self.powf(exponent)
    }

    fn sin(self) -> Self {
        f32::sin(self)
    }
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
enum Solution<F: Real> {
    None,
    One([F; 1]),
}

#[differentiable]
fn solve<F: Real>(a: F, b: F) -> Solution<F> {
    if a == F::zero() { Solution::None } else { Solution::One([-b / a]) }
}

#[differentiable]
fn solved(a: f64, b: f64) -> f64 {
    match solve(a, b) {
        Solution::One([x]) => x * x,
        Solution::None => 0.0,
    }
}

#[test]
fn default_methods() {
    for x in [-2.0_f64, 0.7] {
        let (bar, slope) = (x.cube_root_grad(), x.cube_root_jvp(&1.0).1);
        assert_near("cube root", &bar, &difference(|x: f64| x.cube_root(), x), 1e-7);
        assert_near("forward", &slope, &bar, 1e-14);
        let (x_bar, y_bar) = x.wave_grad(1.3);
        assert_near("x", &x_bar, &difference(|x: f64| x.wave(1.3), x), 1e-7);
        assert_near("y", &y_bar, &difference(|y| x.wave(y), 1.3), 1e-7);
    }
    assert_near("f32", &f64::from(0.7_f32.cube_root_grad()), &0.7_f64.cube_root_grad(), 1e-6);
}

#[test]
fn the_own_method_of_a_number_comes_first() {
    assert_near("sine", &Real::sin(0.3_f64), &0.3_f64.sin(), 0.0);
    assert_near("sine", &0.3_f64.sin_grad(), &0.3_f64.cos(), 1e-15);
    assert_near("sine", &f64::from(0.3_f32.sin_grad()), &0.3_f64.cos(), 1e-6);
}

#[test]
fn generic_functions() {
    let (value, (a, b)) = solved::value_and_grad(2.0, 3.0);
    assert_near("solved", &(value, a, b), &(2.25, -2.25, 1.5), 1e-12);
}
