//! Conversions of what is borrowed: `impl From<&A> for B` beside `impl From<A> for B`, several for one type, by `from` and
//! by `into`, of slices, arrays and generic types.

#![allow(missing_docs)]

use differentiable::{Differentiable, differentiable, gradcheck};
use num_traits::Float;

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Gamma {
    r: f64,
    g: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Linear {
    r: f64,
    g: f64,
}

/// A type that can be moved only.
#[derive(Debug, Differentiable)]
struct Opponent {
    light: f64,
    tint: Vec<f64>,
}

#[differentiable]
impl From<&Gamma> for Linear {
    fn from(c: &Gamma) -> Self {
        let decoded = |v: f64| if v > 0.04 { ((v + 0.055) / 1.055).powf(2.4) } else { v / 12.92 };
        Linear { r: decoded(c.r), g: decoded(c.g) }
    }
}

#[differentiable]
impl From<Gamma> for Linear {
    fn from(c: Gamma) -> Self {
        Linear::from(&c)
    }
}

#[differentiable]
impl<'a> From<&'a Linear> for Opponent {
    fn from(c: &'a Linear) -> Self {
        Opponent { light: c.r + 2.0 * c.g, tint: vec![c.r * c.g, c.r / c.g] }
    }
}

#[differentiable]
impl From<Linear> for Opponent {
    fn from(c: Linear) -> Self {
        (&c).into()
    }
}

#[differentiable]
impl From<&Gamma> for Opponent {
    fn from(c: &Gamma) -> Self {
        Self::from(&Linear::from(c))
    }
}

#[differentiable]
impl From<&[f64]> for Gamma {
    fn from(list: &[f64]) -> Self {
        Gamma { r: list[0], g: list[0] * list[1] }
    }
}

#[differentiable]
impl From<&[f64; 2]> for Gamma {
    fn from([r, g]: &[f64; 2]) -> Self {
        Gamma { r: *r, g: *g }
    }
}

#[differentiable]
impl From<&Opponent> for [f64; 3] {
    fn from(c: &Opponent) -> [f64; 3] {
        [c.light, c.tint[0], c.tint[1]]
    }
}

#[differentiable]
fn by_parameters(a: &Gamma, b: &Gamma) -> f64 {
    let first: Opponent = a.into();
    let second = Opponent::from(b);
    let [x, y, z]: [f64; 3] = (&first).into();
    (x - second.light).powi(2) + y * second.tint[0] + z
}

#[differentiable]
fn by_variables(p: [f64; 2], list: &[f64]) -> f64 {
    let start: Gamma = list.into();
    let mut linear = Linear::from(&Gamma::from(&p));
    linear.r += Linear::from(start).g;
    let colour = Opponent::from(&linear);
    linear.g *= 3.0;
    colour.light * linear.g + Opponent::from(linear).tint[1]
}

#[differentiable]
fn of_lists(colours: &[Gamma]) -> f64 {
    let all: Vec<Linear> = colours.iter().map(Linear::from).collect();
    let mut total = 0.0;
    for (colour, linear) in colours.iter().zip(&all) {
        let other: Linear = colour.into();
        total += other.r * linear.g + Opponent::from(linear).light;
    }
    total
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Point<T> {
    x: T,
    y: T,
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Polar<T> {
    r: T,
    phi: T,
}

#[differentiable]
impl<T: Float> From<&Point<T>> for Polar<T> {
    fn from(p: &Point<T>) -> Self {
        Polar { r: p.x.hypot(p.y), phi: p.y.atan2(p.x) }
    }
}

#[differentiable]
impl<T: Float> From<&Polar<T>> for Point<T> {
    fn from(p: &Polar<T>) -> Self {
        Point { x: p.r * p.phi.cos(), y: p.r * p.phi.sin() }
    }
}

#[differentiable]
fn turned(x: f64, y: f64, by: f64) -> f64 {
    let mut polar = Polar::from(&Point { x, y });
    polar.phi += by;
    let p: Point<f64> = (&polar).into();
    p.x * p.x + p.y
}

#[test]
fn derivatives_of_what_is_borrowed() {
    let (a, b) = (Gamma { r: 0.3, g: 0.6 }, Gamma { r: 0.5, g: 0.2 });
    gradcheck!(by_parameters(&a, &b)).unwrap();
    gradcheck!(by_variables([0.3, 0.8], &[0.4, 0.7][..])).unwrap();
    gradcheck!(of_lists(&[a, b][..])).unwrap();
    gradcheck!(turned(0.6, -0.3, 0.7)).unwrap();
}

#[test]
fn a_single_conversion_has_derivatives_of_its_own() {
    let (polar, pullback) = Polar::<f64>::from_vjp(&Point { x: 3.0, y: 4.0 });
    assert_eq!(polar.r, 5.0);
    let bar = pullback(PolarTangent { r: 1.0, phi: 0.0 });
    assert_eq!((bar.x, bar.y), (0.6, 0.8));
}
