//! Checks for numbers that are not finite, which generated code makes where that is asked for.

use ndarray::{ArrayBase, Data, Dimension};

use crate::Float;

/// Values whose numbers can be checked.
pub trait Finite {
    /// The first number that is not finite, as text.
    fn first_anomaly(&self) -> Option<&'static str>;
}

impl<F: Float> Finite for F {
    #[inline]
    fn first_anomaly(&self) -> Option<&'static str> {
        match () {
            () if self.is_finite() => None,
            () if self.is_nan() => Some("NaN"),
            () if *self > F::zero() => Some("inf"),
            () => Some("-inf"),
        }
    }
}

impl<T: Finite> Finite for [T] {
    fn first_anomaly(&self) -> Option<&'static str> {
        self.iter().find_map(Finite::first_anomaly)
    }
}

impl<T: Finite, const N: usize> Finite for [T; N] {
    fn first_anomaly(&self) -> Option<&'static str> {
        self.as_slice().first_anomaly()
    }
}

impl<T: Finite> Finite for Vec<T> {
    fn first_anomaly(&self) -> Option<&'static str> {
        self.as_slice().first_anomaly()
    }
}

impl<T: Finite, S: Data<Elem = T>, D: Dimension> Finite for ArrayBase<S, D> {
    fn first_anomaly(&self) -> Option<&'static str> {
        self.iter().find_map(Finite::first_anomaly)
    }
}

/// Checks what an operation of the forward sweep gave, or an argument if no operation is named.
///
/// # Panics
///
/// If a number in it is not finite, naming the number, the operation, the variable and the place in the source.
#[inline]
#[track_caller]
pub fn check_value<T: Finite + ?Sized>(value: &T, operation: &str, variable: &str, file: &str, line: u32, column: u32) {
    if let Some(number) = value.first_anomaly() {
        assert!(!operation.is_empty(), "{number} at {file}:{line}:{column} in the argument `{variable}`");
        panic!("{number} at {file}:{line}:{column} in the value of `{variable}`, which {operation} gives");
    }
}

/// Checks what the adjoint of an operation adds to a cotangent.
///
/// # Panics
///
/// If a number in it is not finite, naming the number, the operation, the variable that the operation defines and the
/// place in the source.
#[inline]
#[track_caller]
pub fn check_adjoint<T: Finite + ?Sized>(
    value: &T,
    operation: &str,
    variable: &str,
    file: &str,
    line: u32,
    column: u32,
) {
    if let Some(number) = value.first_anomaly() {
        panic!("{number} at {file}:{line}:{column} in the adjoint of {operation}, which gives `{variable}`");
    }
}
