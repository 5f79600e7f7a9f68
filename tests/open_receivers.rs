//! Methods and operators of receivers whose type the macro does not know: a type of the user's with a method of the name, a
//! number, or an array.

use std::ops::{Add, AddAssign, Mul, MulAssign, Neg, Sub, SubAssign};

use differentiable::ndarray::{Array1, Array2, array};
use differentiable::{Differentiable, differentiable, gradcheck};

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Point {
    x: f64,
    y: f64,
    z: f64,
}

#[differentiable]
impl Point {
    fn new(x: f64, y: f64, z: f64) -> Point {
        Point { x, y, z }
    }

    fn cross(self, o: Point) -> Point {
        Point::new(self.y * o.z - self.z * o.y, self.z * o.x - self.x * o.z, self.x * o.y - self.y * o.x)
    }

    fn dot(self, o: Point) -> f64 {
        self.x * o.x + self.y * o.y + self.z * o.z
    }

    fn max(&self, o: &Point) -> Point {
        Point::new(self.x.max(o.x), self.y.max(o.y), self.z.max(o.z))
    }

    /// No sine at all: what is called is this one.
    fn sin(&self) -> f64 {
        self.x.sin() * self.y
    }

    fn abs(self) -> f64 {
        self.dot(self).sqrt()
    }

    fn sum(&self) -> f64 {
        self.x + self.y + 2.0 * self.z
    }

    fn mean(&self) -> Option<f64> {
        Some(self.x * self.y)
    }
}

#[differentiable]
fn point(v: &[f64], at: usize) -> Point {
    Point::new(v[at], v[at + 1], v[at + 2] * v[0])
}

#[differentiable]
fn names_of_arrays_and_numbers(v: &[f64]) -> f64 {
    let (a, b) = (point(v, 0), point(v, 1));
    let normal = a.cross(b);
    let mut total = normal.dot(a) + normal.dot(point(v, 1)) + a.cross(b).dot(a);
    total += a.max(&b).dot(b) + b.sin() * a.abs() * point(v, 1).sum();
    total + point(v, 0).mean().unwrap() * point(v, 1).mean().expect("it has one")
}

#[differentiable]
fn product(w: &Array2<f64>, x: &Array1<f64>) -> Array1<f64> {
    w.dot(x)
}

#[differentiable]
fn arrays_from_elsewhere(w: &Array2<f64>, x: &Array1<f64>) -> f64 {
    let y = product(w, x);
    let z = product(w, x).sin();
    y.dot(&z) + product(w, x).sum() * product(w, x).powi(2).mean().unwrap() + product(w, x).exp().sum()
}

#[differentiable]
fn square(x: f64) -> f64 {
    x * x
}

#[differentiable]
fn numbers_from_elsewhere(x: f64) -> f64 {
    let a = square(x);
    let b = square(a.sin()).max(square(x));
    let angle = square(x).powi(3).atan2(square(b));
    angle + square(x).max(0.25) * square(a).powf(0.3)
}

#[test]
fn the_receiver_says_what_a_method_is() {
    gradcheck!(names_of_arrays_and_numbers(&[0.3, 0.7, -0.4, 1.3])).unwrap();
    gradcheck!(numbers_from_elsewhere(0.7)).unwrap();
    gradcheck!(arrays_from_elsewhere(&array![[0.3, 0.5], [0.2, -0.1]], &array![0.4, 0.9])).unwrap();
}

#[test]
fn pullbacks_of_open_methods_are_called_as_often_as_one_likes() {
    let v = [0.3, 0.7, -0.4, 1.3];
    let (_, pullback) = names_of_arrays_and_numbers::vjp(&v);
    assert_eq!(pullback(1.0), names_of_arrays_and_numbers::grad(&v));
    assert_eq!(pullback(1.0), pullback(1.0));
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Pair {
    x: f64,
    y: f64,
}

#[differentiable]
impl Pair {
    fn dot(self, o: Pair) -> f64 {
        self.x.mul(o.x).add(self.y.mul(o.y))
    }
}

#[differentiable]
impl Mul<f64> for Pair {
    type Output = Pair;

    fn mul(self, factor: f64) -> Pair {
        Pair { x: self.x.mul(factor), y: self.y.mul(factor) }
    }
}

#[differentiable]
impl Add for Pair {
    type Output = Pair;

    fn add(self, o: Pair) -> Pair {
        Pair { x: self.x.add(o.x), y: self.y.add(o.y) }
    }
}

#[differentiable]
impl Sub for Pair {
    type Output = Pair;

    fn sub(self, o: Pair) -> Pair {
        self.add(o.neg())
    }
}

#[differentiable]
impl Neg for Pair {
    type Output = Pair;

    fn neg(self) -> Pair {
        Pair { x: self.x.neg(), y: -self.y }
    }
}

#[differentiable]
impl AddAssign for Pair {
    fn add_assign(&mut self, o: Pair) {
        self.x.add_assign(o.x);
        self.y.add_assign(o.y);
    }
}

#[differentiable]
impl MulAssign<f64> for Pair {
    fn mul_assign(&mut self, factor: f64) {
        self.x.mul_assign(factor);
        self.y.mul_assign(factor);
    }
}

#[differentiable]
fn pair(a: f64, b: f64) -> Pair {
    Pair { x: a * b, y: a + b }
}

#[differentiable]
fn operators_as_methods(a: f64, b: f64) -> f64 {
    let v = pair(a, b);
    let w = v.mul(a).add(pair(b, b)).sub(v.neg());
    let mut u = pair(b, a);
    u.add_assign(w);
    u.mul_assign(b);
    let twice = u.mul(2.0);
    u += v;
    twice.dot(u) + v.sub(u).dot(twice.neg())
}

#[differentiable]
fn operators_by_path(a: f64, b: f64) -> f64 {
    let (v, w) = (pair(a, b), pair(b, b));
    let mut c = Mul::mul(a, b) + <f64 as Add>::add(a, std::ops::Neg::neg(b)) * f64::mul(a, a);
    MulAssign::mul_assign(&mut c, b);
    Add::add(v, w).dot(Mul::mul(w, 0.3)) + c
}

#[differentiable]
fn operators_of_numbers<T: num_traits::Float + MulAssign>(a: T, b: T) -> T {
    let mut c = a.mul(b).add(a.neg());
    c.mul_assign(a);
    T::mul(c, b).div(a.sub(T::one().add(T::one())))
}

#[differentiable]
fn of_what_is_returned(x: f64) -> f64 {
    let a = square(x).add(x).mul(square(x));
    let mut b = square(x);
    b.sub_assign(a);
    b.neg().mul(a)
}

#[test]
fn operators_are_methods_and_functions_of_their_traits() {
    gradcheck!(operators_as_methods(0.7, 1.3)).unwrap();
    gradcheck!(operators_by_path(0.7, 1.3)).unwrap();
    gradcheck!(operators_of_numbers(0.7, 1.3)).unwrap();
    gradcheck!(of_what_is_returned(0.7)).unwrap();
}

/// A receiver of the user's that has a method with the name of an operator, which changes it.
#[derive(Clone, Copy, Debug, Differentiable)]
struct Mean {
    total: f64,
    weight: f64,
}

#[differentiable]
impl Mean {
    fn empty(weight: f64) -> Mean {
        Mean { total: 0.0, weight }
    }

    fn add(&mut self, x: f64) -> f64 {
        self.total += x * self.weight;
        self.weight *= 0.5;
        self.total
    }
}

#[differentiable]
fn weighted(weight: f64) -> Mean {
    Mean::empty(weight * weight)
}

#[differentiable]
fn with_a_method_of_its_own(x: f64, weight: f64) -> f64 {
    let mut mean = weighted(weight);
    let first = mean.add(x);
    mean.add(x * x);
    first * mean.total
}

#[test]
fn a_method_named_like_an_operator_may_change_its_receiver() {
    gradcheck!(with_a_method_of_its_own(0.7, 1.3)).unwrap();
}
