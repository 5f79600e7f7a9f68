//! Scalar functions: every method of `f32` and `f64` in std.

use super::{Derivative, Form, Row};

/// The row of a method on `f32`/`f64`, by name.
pub(crate) fn row(name: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.name == name)
}

macro_rules! partials {
    ($name:literal ($($arg:literal),*) cost $cost:literal => [$($partial:expr),*]) => {
        Row { name: $name, form: Form::Method, args: &[$($arg),*], cost: $cost, derivative: Derivative::Partials(&[$($partial),*]) }
    };
}

pub(crate) static ROWS: &[Row] = &[
    partials!("sin"("x") cost 12 => [Some("x.cos()")]),
];
