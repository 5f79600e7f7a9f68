//! Numbers of the user's own making: traits of numbers, aliases, generic types, arrays of generic elements.

#![allow(clippy::all, dead_code, missing_docs, unused_imports)]

mod common;
use common::{assert_near, check, check_gradient, check_vjp};
use differentiable::ndarray::{Array1, Array2, ArrayView1, NdFloat, array};
use differentiable::{Differentiable, differentiable};
use num_traits::Float;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub};

/// A trait of numbers as numeric crates define it.
pub trait Real:
    Copy
    + PartialOrd
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + AddAssign
{
    const ZERO: Self;
    const ONE: Self;
    const HALF: Self;
    fn sqrt(self) -> Self;
    fn sin(self) -> Self;
    fn exp(self) -> Self;
    fn abs(self) -> Self;
    fn powi(self, n: i32) -> Self;
    fn from_f64(x: f64) -> Self;
    fn to_f64(self) -> f64;
    fn pi() -> Self;
}

macro_rules! real {
    ($($float:ident)*) => {$(
        impl Real for $float {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            const HALF: Self = 0.5;
            fn sqrt(self) -> Self { self.sqrt() }
            fn sin(self) -> Self { self.sin() }
            fn exp(self) -> Self { self.exp() }
            fn abs(self) -> Self { self.abs() }
            fn powi(self, n: i32) -> Self { self.powi(n) }
            fn from_f64(x: f64) -> Self { x as $float }
            fn to_f64(self) -> f64 { f64::from(self) }
            fn pi() -> Self { std::f64::consts::PI as $float }
        }
    )*};
}

real!(f32 f64);

#[differentiable]
fn of_own_trait<T: Real>(x: T, y: T) -> T {
    let two = T::from_f64(2.0);
    let mut s = T::ZERO;
    s += (x * x + y * y).sqrt() * two;
    s += x.sin() * y.exp() - x.powi(3) * T::HALF + T::pi() * y;
    if s < T::ZERO { -s } else { s + (x - y).abs() / T::ONE }
}

#[differentiable]
fn by_path<R>(x: R, n: usize) -> R
where
    R: Real,
{
    R::sqrt(x) * R::from_f64(n as f64) + Real::exp(x) * <R as Real>::HALF
}

#[differentiable]
fn through_f64<T: Real>(x: T) -> T {
    let y = x.to_f64();
    T::from_f64(y * y) * x
}

#[differentiable]
fn over_slices<T: Real>(xs: &[T], ws: &[T]) -> T {
    let mut s = T::ZERO;
    for (&x, &w) in xs.iter().zip(ws) {
        s = s + w * (x - T::ONE).powi(2);
    }
    (s / T::from_f64(xs.len() as f64)).sqrt()
}

#[differentiable]
fn unlike_names<Element: Real>(x: Element) -> Element {
    x * x * Element::ONE + of_own_trait(x, x)
}

#[test]
fn traits_of_numbers() {
    differentiable::gradcheck!(of_own_trait(1.2, -0.7)).unwrap();
    let (_, single) = of_own_trait::value_and_grad(1.2_f32, -0.7_f32);
    assert_near("f32", &single, &of_own_trait::grad(1.2, -0.7), 1e-5);
    let x = 1.7_f64;
    check!(by_path(x, 4), 2.0 / x.sqrt() + 0.5 * x.exp());
    check!(through_f64(x), 3.0 * x * x);
    assert_near("f32", &through_f64::grad(1.7_f32), &(3.0 * x * x), 1e-5);
    differentiable::gradcheck!(over_slices(&[1.5, 2.5], &[0.3, 0.4])).unwrap();
    differentiable::gradcheck!(unlike_names(0.8)).unwrap();
}

// Aliases

type Scalar = f32;
type Length = f64;

#[differentiable]
fn aliased(x: Scalar, y: Scalar) -> Scalar {
    let z = x * 2.0 + y.sin();
    let w: Scalar = if z > 1.0 { z * z } else { z.max(0.5) };
    w + 3.0 * x.powi(2) - 0.25
}

#[differentiable]
fn other_alias(r: Length) -> Length {
    let area = 3.5 * r * r;
    if area < 1.0 { area } else { area.sqrt() + 1.0 }
}

#[differentiable]
fn aliased_slices(xs: &[Scalar], k: Scalar) -> Scalar {
    let mut s: Scalar = 0.0;
    for (i, x) in xs.iter().enumerate() {
        s += x * k * i as Scalar;
    }
    s / xs.len() as Scalar
}

#[differentiable]
fn aliases_of_two_precisions(x: Scalar, y: f64) -> f64 {
    let z = x as f64 * y;
    z + f64::from(x) + (y as Scalar * x) as f64
}

#[test]
fn aliases_of_floats() {
    let (x, y) = (0.7_f32, 0.4_f32);
    let z = 2.0 * x + y.sin();
    let expected = (4.0 * z + 6.0 * x, 2.0 * z * y.cos());
    assert_near("aliased", &aliased::grad(x, y), &expected, 1e-6);
    check!(other_alias(2.0), 3.5_f64.sqrt());
    check!(other_alias(0.1), 0.7);
    let (value, gradient) = aliased_slices::value_and_grad(&[1.0, 2.0, 3.0], 0.5);
    assert_near("slices", &(value, gradient), &(4.0 / 3.0, (vec![0.0, 0.5 / 3.0, 1.0 / 3.0], 8.0 / 3.0)), 1e-6);
    let (x_bar, y_bar) = aliases_of_two_precisions::grad(2.0, 3.0);
    assert_near("two precisions", &(x_bar, y_bar), &(3.0 + 1.0 + 3.0, 2.0 + 2.0), 1e-6);
}

// Arrays

#[differentiable]
fn linear<T: NdFloat>(w: &Array2<T>, x: &Array1<T>, b: T) -> T {
    let y = w.dot(x) + b;
    let half = T::from(0.5).unwrap();
    (&y * &y).sum() * half
}

#[differentiable]
fn elementwise<T: NdFloat>(x: &Array1<T>, k: T) -> Array1<T> {
    x.mapv(|v| (v * k).tanh() + T::one() / v.sqrt()) * k
}

#[differentiable]
fn elements<T: NdFloat>(m: &Array2<T>) -> T {
    let mut s = T::zero();
    for i in 0..m.nrows() {
        for j in 0..m.ncols() {
            s = s + m[[i, j]].powi(2) * T::from(i + j).unwrap();
        }
    }
    s
}

#[differentiable]
fn viewed<T: NdFloat>(x: ArrayView1<T>) -> T {
    x.dot(&x) + x[0].sin()
}

#[test]
fn arrays_of_generic_elements() {
    let (w, x) = (array![[1.0, 2.0], [3.0, 4.0]], array![0.5, -0.5]);
    differentiable::gradcheck!(linear(&w, &x, 0.3)).unwrap();
    differentiable::gradcheck!(elementwise(&array![0.5, 2.0], 0.7)).unwrap();
    differentiable::gradcheck!(elements(&w)).unwrap();
    assert_near("view", &viewed::grad(x.view()), &array![1.0 + 0.5_f64.cos(), -1.0], 1e-12);
    let (w32, x32) = (w.mapv(|v| v as f32), x.mapv(|v| v as f32));
    assert_near("f32", &linear::grad(&w32, &x32, 0.3_f32), &linear::grad(&w, &x, 0.3), 1e-5);
}

// Types of the user

#[derive(Clone, Differentiable)]
struct Line<T> {
    slope: T,
    offset: T,
}

impl<T: Float> Line<T> {
    #[differentiable]
    fn at(&self, x: T) -> T {
        self.slope * x + self.offset
    }

    #[differentiable]
    fn squared(&self, x: T) -> T {
        let y = self.at(x);
        y * y * T::from(2.0).unwrap()
    }
}

#[differentiable]
impl<F: Real> Line<F> {
    fn through_own_trait(&self, x: F) -> F {
        (self.slope * x).sqrt() + self.offset.exp() * F::HALF
    }
}

#[differentiable]
fn of_generic_struct<T: Float>(line: &Line<T>, x: T) -> T {
    line.slope * x.sin() + line.offset.powi(2)
}

#[test]
fn generic_types() {
    let line = Line { slope: 2.0, offset: 1.0 };
    let (bar, x_bar) = line.squared_grad(3.0);
    assert_eq!((bar.slope, bar.offset, x_bar), (4.0 * 7.0 * 3.0, 28.0, 56.0));
    let (bar, x_bar) = of_generic_struct::grad(&line, 3.0);
    assert_near("struct", &(bar.slope, bar.offset, x_bar), &(3.0_f64.sin(), 2.0, 2.0 * 3.0_f64.cos()), 1e-12);
    let line = Line { slope: 2.0_f32, offset: 0.5 };
    let (bar, x_bar) = line.through_own_trait_grad(2.0);
    assert_near("own trait", &(bar.slope, x_bar), &(0.5_f32, 0.5_f32), 1e-6);
}
