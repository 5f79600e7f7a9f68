//! Types of the user's with names and methods that other things have as well.
#![allow(clippy::upper_case_acronyms, clippy::manual_clamp)]

use std::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Sub};

use differentiable::{Differentiable, differentiable, gradcheck};
use num_traits::Float;

#[derive(Clone, Copy, Debug, Differentiable)]
struct PID {
    kp: f64,
    ki: f64,
    sum: f64,
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct RGB(f64, f64, f64);

#[derive(Clone, Copy, Debug, Differentiable)]
enum LED {
    RGB(f64, f64),
    HSV { h: f64, s: f64 },
    OFF,
}

#[differentiable]
impl PID {
    const LIMIT: f64 = 10.0;
    const UNIT: PID = PID { kp: 1.0, ki: 2.0, sum: 0.5 };

    fn new(kp: f64, ki: f64) -> Self {
        Self { kp, ki, sum: 0.0 }
    }

    fn step(&mut self, error: f64) -> f64 {
        self.sum += error;
        (self.kp * error + self.ki * self.sum).min(Self::LIMIT).max(-PID::LIMIT)
    }
}

#[differentiable]
fn controlled(kp: f64, error: f64) -> f64 {
    let mut pid = PID::new(kp, kp * error);
    let first = pid.step(error);
    let second = pid.step(first);
    let other = PID { sum: first, ..pid };
    let RGB(r, g, _) = RGB(first, second, error);
    let scaled = other.sum * PID::LIMIT * r * g + PID::UNIT.kp * error * PID::UNIT.sum;
    scaled + PID::step(&mut pid, error)
}

#[differentiable]
fn brightness(led: LED) -> f64 {
    match led {
        LED::RGB(r, g) => r * g,
        LED::HSV { h, s } => h.sin() * s,
        LED::OFF => 0.0,
    }
}

#[differentiable]
fn lit(x: f64, kind: usize) -> f64 {
    let led = match kind {
        0 => LED::RGB(x, x * 2.0),
        1 => LED::HSV { h: x, s: x * x },
        _ => LED::OFF,
    };
    brightness(led) * x + x
}

#[test]
fn names_in_capitals_are_types() {
    gradcheck!(controlled(0.7, 0.3)).unwrap();
    for kind in 0..3 {
        gradcheck!(lit(0.7, kind)).unwrap();
    }
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Weibull {
    shape: f64,
    scale: f64,
}

#[differentiable]
impl Weibull {
    fn new(shape: f64, scale: f64) -> Result<Weibull, String> {
        if shape < 0.0 {
            return Err("the shape is negative".to_owned());
        }
        Ok(Weibull { shape, scale })
    }

    fn shape(&self) -> f64 {
        self.shape
    }

    fn len(&self) -> f64 {
        self.shape * self.scale
    }

    fn dim(&self) -> f64 {
        self.shape.sin()
    }

    fn is_long(&self, than: f64) -> bool {
        self.len() > than
    }

    fn count(&self) -> u32 {
        3
    }
}

#[differentiable]
fn from_elsewhere(a: f64, b: f64) -> f64 {
    let d = Weibull::new(a, b).unwrap();
    let total = d.scale + d.shape() * d.scale + 2.0 * d.len() + d.len() / a - d.dim();
    if d.len() > 0.5 && d.is_long(a) { total * a } else { total * b }
}

#[differentiable]
fn typed(a: f64, b: f64) -> f64 {
    let d = Weibull::new(a, b).unwrap();
    let length: f64 = d.len();
    let shape: f64 = d.shape();
    length * length * shape * f64::from(d.count())
}

#[differentiable]
fn of_a_parameter(d: Weibull, x: f64) -> f64 {
    x * d.len() * d.shape() + if d.is_long(x * 0.1) { d.len() * 1.0 } else { x }
}

#[test]
fn numbers_named_like_properties_of_arrays_have_derivatives() {
    gradcheck!(from_elsewhere(0.7, 1.3)).unwrap();
    gradcheck!(typed(0.7, 1.3)).unwrap();
    let d = Weibull { shape: 0.7, scale: 1.3 };
    // d.shape² · d.scale · x + d.shape · d.scale
    let (d_bar, x_bar) = of_a_parameter::grad(d, 0.4);
    assert!((d_bar.shape - (2.0 * 0.7 * 1.3 * 0.4 + 1.3)).abs() < 1e-14);
    assert!((d_bar.scale - (0.7 * 0.7 * 0.4 + 0.7)).abs() < 1e-14);
    assert!((x_bar - 0.7 * 0.7 * 1.3).abs() < 1e-14);
}

#[differentiable]
mod module {
    pub(super) struct Counted {
        pub(super) n: usize,
        pub(super) factor: f64,
    }

    /// Its `n` is another one.
    #[derive(Clone)]
    pub(super) struct Number {
        pub(super) n: f64,
    }

    impl Number {
        pub(super) fn of(x: f64) -> Self {
            Self { n: x * x }
        }

        pub(super) fn doubled(&self) -> Self {
            Number { n: self.n * 2.0 }
        }
    }

    impl Counted {
        pub(super) fn apply(&self, x: f64) -> f64 {
            let number = Number::of(x);
            let doubled = number.doubled();
            number.n * self.factor + doubled.n * self.n as f64
        }
    }
}

#[differentiable]
fn of_two_types(x: f64) -> f64 {
    module::Counted { n: 3, factor: 2.0 }.apply(x)
}

#[test]
fn what_a_method_returns_is_its_own_type_and_not_the_callers() {
    assert!((of_two_types::grad(0.7) - 11.2).abs() < 1e-14);
    gradcheck!(of_two_types(0.7)).unwrap();
}

#[differentiable]
fn cell<T: num_traits::Num + PartialOrd + Copy>(x: &[T], at: T) -> usize {
    x.partition_point(|&probe| probe < at).saturating_sub(1)
}

#[differentiable]
fn is_above(x: f64, y: f64) -> bool {
    x * x > y
}

#[differentiable]
fn nearest(v: &[f64], x: f64) -> usize {
    (0..v.len()).fold(0, |best, i| if (v[i] - x).abs() < (v[best] - x).abs() { i } else { best })
}

#[differentiable]
fn selecting(v: &[f64], x: f64) -> f64 {
    let i = cell(v, x).min(v.len() - 2);
    let y = v[i] * x + v[i + 1] * v[nearest(v, x)];
    if is_above(y, x) { y * x } else { y + x }
}

#[derive(Clone, Debug, Differentiable)]
struct Table {
    xs: Vec<f64>,
    ys: Vec<f64>,
}

#[differentiable]
impl Table {
    fn position(&self, x: f64) -> usize {
        nearest(&self.xs, x)
    }

    fn at(&self, x: f64) -> f64 {
        let i = self.position(x);
        self.ys[i] * x * self.xs[i]
    }
}

#[differentiable]
fn looked_up(table: &Table, x: f64) -> f64 {
    let k = table.position(x * 2.0);
    table.at(x) * table.ys[k]
}

#[test]
fn functions_that_select_are_called_as_they_are() {
    let v = [0.1, 0.5, 0.9, 1.4];
    gradcheck!(selecting(&v, 0.6)).unwrap();
    assert_eq!(selecting::jvp(&v, 0.6, &[0.0; 4], 1.0).1, selecting::grad(&v, 0.6).1);
    gradcheck!(looked_up(&Table { xs: vec![0.1, 0.5], ys: vec![0.7, 0.4] }, 0.45)).unwrap();
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Arrow(f64, f64);

#[differentiable]
impl Sub for Arrow {
    type Output = Arrow;

    fn sub(self, o: Arrow) -> Arrow {
        Arrow(self.0 - o.0, self.1 - o.1)
    }
}

/// The product of two arrows is a number.
#[differentiable]
impl Mul for Arrow {
    type Output = f64;

    fn mul(self, o: Arrow) -> f64 {
        self.0 * o.0 + self.1 * o.1
    }
}

#[derive(Clone, Debug, Differentiable)]
struct Disk {
    center: Arrow,
    radius: f64,
}

#[differentiable]
impl Disk {
    fn hit(&self, from: Arrow, along: Arrow) -> Option<f64> {
        let l = self.center - from;
        let closest = l * along;
        let away = l * l - closest * closest;
        if away > self.radius * self.radius {
            return None;
        }
        let half = (self.radius * self.radius - away).sqrt();
        let (first, second) = (closest - half, closest + half);
        if first < 0.0 { Some(second) } else { Some(first) }
    }
}

#[differentiable]
fn distance(x: f64, angle: f64) -> f64 {
    let disk = Disk { center: Arrow(3.0 * x, 0.4), radius: x };
    disk.hit(Arrow(0.0, x * x), Arrow(angle.cos(), angle.sin())).unwrap_or(angle)
}

#[test]
fn products_of_vectors_may_be_numbers() {
    gradcheck!(distance(0.7, 0.05)).unwrap();
    gradcheck!(distance(0.7, 1.5)).unwrap();
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Vector<T> {
    x: T,
    y: T,
}

#[differentiable]
impl<T: Float> Div<T> for Vector<T> {
    type Output = Vector<T>;

    fn div(self, by: T) -> Vector<T> {
        Vector { x: self.x / by, y: self.y / by }
    }
}

#[differentiable]
impl<T: Float> Mul<Vector<T>> for Vector<T> {
    type Output = T;

    fn mul(self, o: Vector<T>) -> T {
        self.x * o.x + self.y * o.y
    }
}

#[differentiable]
impl<T: Float> Add for Vector<T> {
    type Output = Self;

    fn add(self, o: Self) -> Self {
        Vector { x: self.x + o.x, y: self.y + o.y }
    }
}

#[differentiable]
impl<T: Float> Neg for Vector<T> {
    type Output = Self;

    fn neg(self) -> Self {
        Vector { x: -self.x, y: -self.y }
    }
}

#[differentiable]
impl<T: Float + AddAssign> AddAssign for Vector<T> {
    fn add_assign(&mut self, o: Self) {
        self.x += o.x;
        self.y += o.y;
    }
}

#[differentiable]
impl<T: Float + MulAssign> MulAssign<T> for Vector<T> {
    fn mul_assign(&mut self, by: T) {
        self.x *= by;
        self.y *= by;
    }
}

#[differentiable]
impl<T: Float> Vector<T> {
    fn new(x: T, y: T) -> Self {
        Vector { x, y }
    }

    fn norm(self) -> T {
        (self * self).sqrt()
    }

    fn unit(self) -> Vector<T> {
        self / self.norm()
    }
}

#[differentiable]
fn of_vectors(a: f64, b: f64) -> f64 {
    let (v, w) = (Vector::new(a, b * a), Vector::new(b, b));
    let mut s = v + w.unit();
    s += -w;
    s *= a;
    s * v - (s + w).norm()
}

#[differentiable]
fn of_generic_vectors<T: Float>(a: T, b: T) -> T {
    let (v, w) = (Vector::new(a, b * a), Vector::new(b, b));
    (v + w.unit()) * -v
}

#[test]
fn operators_of_generic_types() {
    gradcheck!(of_vectors(0.7, 1.3)).unwrap();
    gradcheck!(of_generic_vectors(0.7, 1.3)).unwrap();
}

macro_rules! constants {
    ($ty:ty; $($name:ident = $value:expr),+) => { $(let $name: $ty = <$ty>::from($value).unwrap();)+ };
}

#[differentiable]
fn with_constants_of_a_macro<T: Float>(x: T) -> T {
    constants!(T; two = 2.0, ten = 10.0);
    two.powf(ten * x) * x + ten
}

#[test]
fn constants_of_a_macro_are_numbers() {
    gradcheck!(with_constants_of_a_macro(0.3)).unwrap();
}
