//! Small functions that only generated code calls.

use ndarray::Axis;

use crate::{Float, Tangent, Tensor};

/// The tangent of a parameter that `wrt(..)` leaves out: there is none, and nothing can be added to it.
///
/// A caller that would hand a cotangent to such a parameter does not compile, since a derivative would be lost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Frozen;

/// The cotangent buffer of a `&mut` parameter, which a pullback reads and writes.
///
/// # Panics
///
/// If there is none: the cotangent of what a function writes cannot be left out.
#[inline]
#[track_caller]
pub fn in_out<T: ?Sized>(slot: Option<&mut T>) -> &mut T {
    slot.expect("the cotangent of a `&mut` parameter brings that of its final content, so it must be given")
}

/// Takes a cotangent out of its variable, leaving zero of the same shape.
#[inline]
pub fn take_cotangent<T: Tangent>(cotangent: &mut T) -> T {
    let total = cotangent.clone();
    cotangent.fill_zero();
    total
}

/// The number of elements of an array, as a float of its kind: what a mean divides by.
#[inline]
pub fn count<T: Tensor + ?Sized>(array: &T) -> T::Elem {
    T::Elem::of(array.tensor_view().len() as f64)
}

/// The length of one axis of an array, as a float of its kind: what a mean over that axis divides by.
#[inline]
pub fn count_axis<T: Tensor + ?Sized>(array: &T, axis: Axis) -> T::Elem {
    T::Elem::of(array.tensor_view().len_of(axis) as f64)
}

/// The sum of numbers: the cotangent of `x` in `[x; n]`.
#[inline]
pub fn sum_of<A: Float>(copies: &[A]) -> A {
    copies.iter().copied().sum()
}

/// Adds the cotangents of all copies of a value: the cotangent of `v` in `vec![v; n]`.
#[inline]
pub fn accumulate_copies<T: Tangent>(cotangent: &mut T, copies: &[T]) {
    for copy in copies {
        cotangent.accumulate(copy);
    }
}
