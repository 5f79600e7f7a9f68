//! Implementations of a trait for a type parameter: `impl<T: Float> Smooth for T`, `impl<T: ToRgb> Distance<U> for T`.

mod common;

use common::assert_near;
use differentiable::{Differentiable, differentiable, gradcheck};
use num_traits::Float;

/// What numbers have beside their own methods.
#[differentiable]
trait Smooth: Sized {
    fn squared(self) -> Self;

    fn between(self, other: Self, t: Self) -> Self;

    fn squashed(&self, slope: f64) -> f64;
}

#[differentiable]
impl<T: Float> Smooth for T {
    fn squared(self) -> Self {
        self * self
    }

    fn between(self, other: Self, t: Self) -> Self {
        self + (other - self) * t.squared()
    }

    fn squashed(&self, slope: f64) -> f64 {
        self.to_f64().unwrap().tanh() * slope
    }
}

#[differentiable]
fn of_numbers(x: f64, y: f64) -> f64 {
    x.squared() * y.between(x, 0.3) + (x * y).squared() + y.squashed(x)
}

#[differentiable]
fn of_any_number<T: Float>(x: T, y: T) -> T {
    x.squared() * y.between(x, y * y)
}

#[test]
fn extensions_of_numbers() {
    gradcheck!(of_numbers(0.7, 1.3)).unwrap();
    let (x_bar, y_bar) = of_any_number::grad(0.7, 1.3);
    let slope = |f: &dyn Fn(f64) -> f64, x: f64| common::difference(f, x);
    assert_near("x", &x_bar, &slope(&|x| of_any_number(x, 1.3), 0.7), 1e-8);
    assert_near("y", &y_bar, &slope(&|y| of_any_number(0.7, y), 1.3), 1e-8);
    assert_near("f32", &of_any_number::grad(0.7_f32, 1.3), &(x_bar as f32, y_bar as f32), 1e-5);
    let (_, slope) = of_any_number::jvp(0.7, 1.3, x_bar, y_bar);
    assert_near("dot product", &slope, &(x_bar * x_bar + y_bar * y_bar), 1e-12);
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Rgb {
    r: f64,
    g: f64,
    b: f64,
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Hsv {
    h: f64,
    s: f64,
    v: f64,
}

#[differentiable]
trait ToRgb {
    fn to_rgb(&self) -> Rgb;
}

#[differentiable]
impl ToRgb for Rgb {
    fn to_rgb(&self) -> Rgb {
        *self
    }
}

#[differentiable]
impl ToRgb for Hsv {
    fn to_rgb(&self) -> Rgb {
        Rgb { r: self.h * self.v, g: self.s.sin(), b: self.v * self.v }
    }
}

#[differentiable]
trait Distance<T> {
    fn distance(&self, to: &T) -> f64;
}

#[differentiable]
impl<T: ToRgb, U: ToRgb> Distance<U> for T {
    fn distance(&self, to: &U) -> f64 {
        let (a, b) = (self.to_rgb(), to.to_rgb());
        ((a.r - b.r).powi(2) + (a.g - b.g).powi(2) + (a.b - b.b).powi(2)).sqrt()
    }
}

#[differentiable]
fn of_colours(x: f64, y: f64) -> f64 {
    let (a, b) = (Rgb { r: x, g: y, b: x * y }, Hsv { h: y, s: x, v: 0.4 });
    a.distance(&b) * b.distance(&a) + b.distance(&Hsv { v: x, ..b })
}

#[test]
fn extensions_of_what_has_a_trait() {
    gradcheck!(of_colours(0.7, 1.3)).unwrap();
}

/// Has objects, which do not have all of it.
#[differentiable]
trait Coordinates {
    fn nth(&self, i: usize) -> f64;

    fn set_nth(&mut self, i: usize, value: f64);

    fn distance_to(&self, other: &Self) -> f64
    where
        Self: Sized,
    {
        (self.nth(0) - other.nth(0)).hypot(self.nth(1) - other.nth(1))
    }
}

#[differentiable]
trait Angles {
    fn to_radians(&self) -> Self;

    fn to_degrees(&self) -> Self;
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Pair([f64; 2]);

#[derive(Clone, Copy, Debug, Differentiable)]
struct Place {
    lat: f64,
    lon: f64,
}

#[differentiable]
impl Coordinates for Pair {
    fn nth(&self, i: usize) -> f64 {
        self.0[i]
    }

    fn set_nth(&mut self, i: usize, value: f64) {
        self.0[i] = value;
    }
}

#[differentiable]
impl Coordinates for Place {
    fn nth(&self, i: usize) -> f64 {
        if i == 0 { self.lat } else { self.lon }
    }

    fn set_nth(&mut self, i: usize, value: f64) {
        match i {
            0 => self.lat = value,
            _ => self.lon = value,
        }
    }
}

#[differentiable]
impl<T> Angles for T
where
    T: Coordinates + Copy,
{
    fn to_radians(&self) -> Self {
        let mut radians = *self;
        radians.set_nth(0, self.nth(0).to_radians());
        radians
    }

    fn to_degrees(&self) -> Self {
        let mut degrees = *self;
        for i in 0..2 {
            degrees.set_nth(i, self.nth(i).to_degrees());
        }
        degrees
    }
}

#[differentiable]
fn of_angles(x: f64, y: f64) -> f64 {
    let (pair, place) = (Pair([x, y]).to_radians(), Place { lat: x, lon: y * y }.to_degrees());
    pair.nth(0) * place.nth(1) + pair.distance_to(&Pair([y, x])) + place.to_radians().distance_to(&place)
}

#[test]
fn extensions_that_change_what_they_copy() {
    gradcheck!(of_angles(0.7, 1.3)).unwrap();
}
