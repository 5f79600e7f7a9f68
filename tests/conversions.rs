//! Conversions between types of users: several `From`s of one type, `into` with and without a type, and parameters that
//! the function converts.

mod common;

use differentiable::{Differentiable, differentiable, gradcheck};

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Polar {
    r: f64,
    phi: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Flat {
    x: f64,
    y: f64,
}

/// A type that can be moved only.
#[derive(Differentiable)]
struct Track {
    points: Vec<f64>,
    name: &'static str,
}

#[derive(Clone, Copy, Differentiable)]
struct Scaled<T> {
    by: T,
}

#[differentiable]
impl From<Polar> for Flat {
    fn from(p: Polar) -> Flat {
        Flat { x: p.r * p.phi.cos(), y: p.r * p.phi.sin() }
    }
}

#[differentiable]
impl From<(f64, f64)> for Flat {
    fn from((x, y): (f64, f64)) -> Self {
        Self { x, y }
    }
}

impl From<Flat> for (f64, f64) {
    #[differentiable]
    fn from(p: Flat) -> Self {
        (p.x, p.y)
    }
}

#[differentiable]
impl From<Flat> for Polar {
    fn from(p: Flat) -> Self {
        Polar { r: p.x.hypot(p.y), phi: p.y.atan2(p.x) }
    }
}

/// A conversion by way of two others.
#[differentiable]
impl From<(f64, f64)> for Polar {
    fn from(p: (f64, f64)) -> Self {
        Polar::from(Flat::from(p))
    }
}

impl From<f64> for Polar {
    #[differentiable]
    fn from(phi: f64) -> Self {
        Self { r: 1.0 + phi * phi, phi }
    }
}

#[differentiable]
impl From<Polar> for Track {
    fn from(p: Polar) -> Self {
        Track { points: vec![p.r, p.r * p.phi, p.phi], name: "polar" }
    }
}

#[differentiable]
impl From<Scaled<f64>> for Flat {
    fn from(scaled: Scaled<f64>) -> Self {
        Flat { x: scaled.by, y: 2.0 * scaled.by }
    }
}

#[differentiable]
impl std::ops::Mul<f64> for Flat {
    type Output = Flat;

    fn mul(self, by: f64) -> Flat {
        Flat { x: self.x * by, y: self.y * by }
    }
}

#[differentiable]
impl Flat {
    fn new(x: f64, y: f64) -> Self {
        Flat { x, y }
    }

    fn minus(self, other: Flat) -> Flat {
        Flat::new(self.x - other.x, self.y - other.y)
    }

    /// The length: the method of floats takes an argument.
    fn hypot(&self) -> f64 {
        self.x.hypot(self.y)
    }

    fn distance(self, other: impl Into<Flat>) -> f64 {
        self.minus(other.into()).hypot()
    }

    /// The name of the parameter goes on for what it is converted to.
    fn about(center: impl Into<Flat>, radius: f64) -> f64 {
        let center = center.into();
        (center * radius).hypot() + center.into_length() - radius
    }

    fn into_length(self) -> f64 {
        self.hypot()
    }

    fn stretched<P: Into<Flat>>(p: P, by: f64) -> Self {
        let p: Flat = p.into();
        Flat::new(p.x * by, p.y / by)
    }

    fn mixed(a: impl Into<Flat>, b: impl Into<Flat>, share: impl Into<f64>) -> Flat {
        let (a, b) = (a.into(), b.into());
        let share = share.into();
        Flat::new(a.x * share + b.x * (1.0 - share), a.y * b.y)
    }
}

#[differentiable]
fn by_type(r: f64, phi: f64) -> f64 {
    let p: Flat = Polar { r, phi }.into();
    let q: Polar = (2.0 * p.x, p.y).into();
    let (x, y) = Flat::from(q).into();
    x * y + Polar::from(r).r
}

#[differentiable]
fn returned(x: f64) -> Flat {
    Polar { r: x, phi: x * x }.into()
}

#[differentiable]
fn moved(r: f64, phi: f64) -> f64 {
    let track: Track = Polar { r, phi }.into();
    assert_eq!(track.name, "polar");
    track.points.iter().map(|x| x * x).sum()
}

#[differentiable]
fn as_array(x: f64, y: f64) -> f64 {
    let list: [f64; 3] = (x, y, x * y).into();
    let (a, b, c) = list.into();
    a * b * c
}

#[differentiable]
fn converts(x: f64, y: f64) -> f64 {
    let p = Flat::new(x, y);
    let far = p.distance((y, x * x)) + p.distance(Polar { r: x, phi: y }) + p.distance(Flat::new(3.0, y * y));
    let flat = Flat::mixed((x, y), Flat::stretched(Scaled { by: y }, x), x);
    far + flat.x * flat.y + Flat::about((x, y), y)
}

#[differentiable]
fn free(p: impl Into<Flat>, offset: f64) -> f64 {
    let Flat { x, y } = p.into();
    x * y + offset
}

#[differentiable]
fn calls_free(x: f64) -> f64 {
    free((x, x * x), x) + free(Polar { r: x, phi: 0.5 }, 1.0)
}

#[test]
fn conversions_are_found_by_their_types() {
    gradcheck!(by_type(1.3, 0.4)).unwrap();
    gradcheck!(moved(1.3, 0.4)).unwrap();
    common::check!(as_array(1.5, -2.0), (2.0 * 1.5 * 4.0, 2.0 * 1.5 * 1.5 * -2.0));
    let (flat, dot) = returned::jvp(0.7, 1.0);
    assert_eq!(flat, returned(0.7));
    let (c, s) = (0.49_f64.cos(), 0.49_f64.sin());
    common::assert_near("x", &dot.x, &(c - 0.7 * s * 1.4), 1e-14);
    common::assert_near("y", &dot.y, &(s + 0.7 * c * 1.4), 1e-14);
    let (_, pullback) = returned::vjp(0.7);
    for _ in 0..2 {
        let slope = pullback(FlatTangent { x: 2.0, y: -1.0 });
        common::assert_near("pullback", &slope, &(2.0 * dot.x - dot.y), 1e-14);
    }
}

#[test]
fn parameters_are_converted() {
    gradcheck!(converts(1.3, 0.4)).unwrap();
    gradcheck!(calls_free(0.8)).unwrap();
    let ((by, offset), value) = (free::grad((2.0, 5.0), 1.0), free((2.0, 5.0), 1.0));
    assert_eq!((by, offset, value), ((5.0, 2.0), 1.0, 11.0));
    let (this, other) = Flat::new(3.0, 4.0).distance_grad((0.0, 0.0));
    common::assert_near("distance", &(this.x, this.y, other), &(0.6, 0.8, (-0.6, -0.8)), 1e-15);
}

/// What is converted to an integer carries no derivative, whatever its type.
#[differentiable]
fn falling<X, K>(x: X, steps: K) -> f64
where
    X: Into<f64>,
    K: Into<usize>,
{
    let x: f64 = x.into();
    let steps: usize = steps.into();
    (0..steps).fold(1.0, |product, step| product * (x - step as f64))
}

#[differentiable]
fn falling_of_both(x: f64) -> f64 {
    falling(x, 3_usize) + falling(x * x, true)
}

#[test]
fn what_becomes_an_integer_is_a_constant() {
    gradcheck!(falling_of_both(0.3)).unwrap();
}
