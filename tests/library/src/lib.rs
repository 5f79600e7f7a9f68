//! Annotated functions in a crate of the previous edition that denies all warnings.

#![deny(
    warnings,
    missing_docs,
    unused,
    unreachable_pub,
    missing_debug_implementations,
    missing_copy_implementations,
    elided_lifetimes_in_paths,
    explicit_outlives_requirements,
    non_ascii_idents,
    trivial_casts,
    trivial_numeric_casts,
    unused_qualifications,
    rust_2018_idioms,
    future_incompatible,
    nonstandard_style,
    keyword_idents_2024,
    clippy::all,
    clippy::pedantic
)]
#![forbid(unsafe_code)]
#![allow(clippy::many_single_char_names)]

pub mod bare;
pub mod curves;
pub mod layers;

use differentiable::differentiable;
pub use differentiable::ndarray;

/// The square.
#[differentiable]
#[must_use]
pub fn square(x: f64) -> f64 {
    x * x
}

/// A polynomial with the given coefficients.
#[differentiable]
#[must_use]
pub fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    let mut y = 0.0;
    for c in coefficients {
        y = y * x + c;
    }
    y
}

/// Scales in place and returns the first element, if it is positive.
#[differentiable]
pub fn scale_in_place(v: &mut [f64], k: f64) -> f64 {
    for x in v.iter_mut() {
        *x *= k;
    }
    if v[0] > 0.0 {
        return v[0];
    }
    0.0
}

/// Halves until the number is small.
#[differentiable]
#[must_use]
pub fn halved(x: f64) -> (f64, usize) {
    let mut y = x;
    let mut trips = 0;
    while y > 1.0 {
        y *= 0.5 * helper(y, 2);
        trips += 1;
    }
    (y, trips)
}

#[differentiable]
fn helper(x: f64, n: u8) -> f64 {
    match n {
        0 => x,
        k => 1.0 / (1.0 + x / f64::from(k)),
    }
}

/// A function with a lifetime of its own.
#[differentiable]
#[must_use]
pub fn longest<'a>(a: &'a [f64], b: &'a [f64]) -> f64 {
    if a.len() > b.len() {
        a[0] * b[0]
    } else {
        b[0]
    }
}

mod inner {
    use differentiable::differentiable;

    /// Reachable through a re-export only.
    #[differentiable]
    #[must_use]
    pub fn hidden(x: f64) -> f64 {
        super::square(x).sin()
    }
}

pub use inner::hidden as shown;
