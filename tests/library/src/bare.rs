//! A module without the prelude.

#![no_implicit_prelude]

use ::differentiable::differentiable;

/// Loops, branches and exits without anything from the prelude in scope.
#[differentiable]
#[must_use]
pub fn without_prelude(x: f64, v: &[f64], n: usize) -> f64 {
    let mut y = x;
    let mut trips = 0;
    while y < 10.0 {
        trips += 1;
        if trips > n {
            return y * y;
        }
        y = y * y + v[0];
    }
    let mut a = [0.0; 3];
    for i in 0..3 {
        a[i] = v[i] * y;
        if a[i] < 0.0 {
            continue;
        }
        a[0] += a[i].sin();
    }
    a[0] * y
}

/// Calls and arrays of ndarray.
#[differentiable]
#[must_use]
pub fn product_without_prelude(
    w: &::differentiable::ndarray::Array2<f64>,
    x: &::differentiable::ndarray::Array1<f64>,
) -> f64 {
    let y = w.dot(x);
    crate::square((&y * &y).sum())
}

/// A material with parts that have no derivative.
#[derive(::std::fmt::Debug, ::differentiable::Differentiable)]
pub struct Material<T> {
    /// How stiff it is.
    pub stiffness: T,
    /// Measurements.
    pub samples: ::std::vec::Vec<(f64, u8)>,
    /// How often it was measured.
    pub count: usize,
    #[nograd]
    mass: f64,
}

impl<T> Material<T> {
    /// The mass per measurement.
    #[must_use]
    pub fn mass(&self) -> f64 {
        self.mass
    }
}

/// What holds a material.
#[derive(::std::fmt::Debug, ::differentiable::Differentiable)]
pub enum Support {
    /// Nothing.
    Free,
    /// A spring of a stiffness.
    Spring(f64, u8),
    /// Two supports.
    Both {
        /// The first.
        first: ::std::boxed::Box<Support>,
        /// The second.
        second: ::std::option::Option<::std::boxed::Box<Support>>,
    },
}
