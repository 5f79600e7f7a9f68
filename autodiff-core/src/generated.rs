//! Small functions that generated code calls, so that it needs no trait in scope.

use crate::{Differentiable, Tangent};

/// An array of copies of a value or a tangent.
#[inline]
pub fn repeated<T: Clone, const N: usize>(item: T) -> [T; N] {
    core::array::from_fn(|_| item.clone())
}

/// The cotangent of a result that the caller drops.
#[inline]
pub fn unused<T: Tangent>() -> T {
    T::neutral()
}

/// Takes a cotangent out of its variable, leaving zero.
///
/// ```
/// let mut cotangent = [1.0, f64::NAN];
/// assert_eq!(autodiff_core::take_cotangent(&mut cotangent)[0], 1.0);
/// assert_eq!(cotangent, [0.0, 0.0]);
/// ```
#[inline]
pub fn take_cotangent<T: Tangent>(cotangent: &mut T) -> T {
    replace(cotangent, T::neutral())
}

/// Takes the cotangent of what was overwritten, leaving that of what was there before.
#[inline]
pub fn replace<T>(cotangent: &mut T, before: T) -> T {
    core::mem::replace(cotangent, before)
}

/// Adds the cotangents of all copies of a value.
#[inline]
pub fn accumulate_copies<T: Tangent>(cotangent: &mut T, copies: &[T]) {
    copies.iter().for_each(|copy| cotangent.accumulate(copy));
}

/// Sets a tangent to zero.
#[inline]
pub fn fill_zero<T: Tangent>(tangent: &mut T) {
    *tangent = T::neutral();
}

/// A value without a derivative, which may be turned into an integer.
#[inline]
pub fn discrete<T: Differentiable<Tangent = ()>>(value: T) -> T {
    value
}

/// The sum of numbers: the cotangent of `x` in `[x; n]`.
#[inline]
pub fn sum_of<A: num_traits::Float>(copies: &[A]) -> A {
    copies.iter().fold(A::zero(), |sum, copy| sum + *copy)
}

/// The position in a list of an element that is counted from the start of a part of it.
///
/// # Panics
///
/// If the part, which has `len` elements, has none at `index`.
#[inline]
#[track_caller]
pub fn position(start: usize, len: usize, index: usize) -> usize {
    assert!(index < len, "index out of bounds: the len is {len} but the index is {index}");
    start + index
}

/// Checks that a part of a list with `len` elements has those that a loop from `start` to `end` asks for.
///
/// # Panics
///
/// If the loop has trips, and one of them asks for an element that is not there.
#[inline]
#[track_caller]
pub fn check_positions(start: usize, end: usize, len: usize) {
    assert!(
        start >= end || end <= len,
        "index out of bounds: the len is {len} but the index is {}",
        if start < len { len } else { start }
    );
}
