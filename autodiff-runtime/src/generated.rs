//! Small functions that only generated code calls.

use ndarray::{Array, ArrayBase, ArrayView, Axis, Data, Dimension, ShapeBuilder};

use crate::{Differentiable, Float, Scalar, Tangent, Tensor, of};

/// An array of zeros of the same shape.
#[inline]
pub fn zeros_like<S: Data<Elem: Float>, D: Dimension>(array: &ArrayBase<S, D>) -> Array<S::Elem, D> {
    crate::buffers::zeros(array.raw_dim())
}

/// A view of zeros of the same shape, which looks at one zero again and again.
#[inline]
pub fn zero_view<S, D>(array: &ArrayBase<S, D>) -> ArrayView<'static, S::Elem, D>
where
    S: Data<Elem: Float>,
    D: Dimension,
{
    let shape = array.raw_dim();
    if array.is_empty() {
        return ArrayView::from_shape(shape, &[]).expect("an empty view needs no numbers");
    }
    let nowhere = D::zeros(array.ndim());
    ArrayView::from_shape(shape.strides(nowhere), S::Elem::ZEROS).expect("every index leads to the one number")
}

/// An array of copies of a value or a tangent, which need not be `Copy`.
#[inline]
pub fn repeated<T: Clone, const N: usize>(item: T) -> [T; N] {
    std::array::from_fn(|_| item.clone())
}

/// The cotangent of a result that the caller drops.
#[inline]
pub fn unused<T: Tangent>() -> T {
    T::neutral()
}

/// Takes a cotangent out of its variable, leaving zero of the same shape.
#[inline]
pub fn take_cotangent<T: Tangent>(cotangent: &mut T) -> T {
    cotangent.take_total()
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
pub fn sum_of<A: Scalar>(copies: &[A]) -> A {
    copies.iter().copied().fold(of(0.0), |sum, copy| sum + copy)
}

/// Adds the cotangents of all copies of a value: the cotangent of `v` in `vec![v; n]`.
#[inline]
pub fn accumulate_copies<T: Tangent>(cotangent: &mut T, copies: &[T]) {
    for copy in copies {
        cotangent.accumulate(copy);
    }
}

/// The cotangent of `a` in `a.mean_axis(axis)`: the mean's, divided by the axis's length, with the axis put back.
#[inline]
pub fn mean_axis_bar<Y, T>(y_bar: &Y, array: &T, axis: Axis) -> Array<Y::Elem, <Y::Dim as Dimension>::Larger>
where
    Y: Tensor<Elem = T::Elem> + ?Sized,
    T: Tensor + ?Sized,
{
    (y_bar.tensor_view().to_owned() / count_axis(array, axis)).insert_axis(axis)
}

/// An array of a given shape filled with one value.
#[inline]
pub fn from_elem<A: Clone, S: ShapeBuilder>(shape: S, element: A) -> Array<A, S::Dim> {
    Array::from_elem(shape, element)
}

/// An array of the shape of another, filled with one value.
#[inline]
pub fn filled_like<T: Tensor + ?Sized>(array: &T, element: T::Elem) -> Array<T::Elem, T::Dim> {
    Array::from_elem(array.tensor_view().raw_dim(), element)
}

/// A number that `as` turns into a float; only a float's cast carries a derivative.
pub trait CastSource: Differentiable {
    /// The cotangent of the number, from that of the float that it was cast to.
    fn cotangent(&self, float_bar: f64) -> Self::Tangent;

    /// The number as a float.
    fn cast_to_f64(&self) -> f64;
}

/// The tangent of a number that is cast to a float.
pub trait CastTangent {
    /// The tangent as a float.
    fn into_float(self) -> f64;
}

macro_rules! cast_from_float {
    ($($float:ident)*) => {$(
        impl CastSource for $float {
            #[inline]
            fn cotangent(&self, float_bar: f64) -> $float {
                float_bar as $float
            }

            #[inline]
            fn cast_to_f64(&self) -> f64 {
                f64::from(*self)
            }
        }
        impl CastTangent for $float {
            #[inline]
            fn into_float(self) -> f64 {
                f64::from(self)
            }
        }
    )*};
}
cast_from_float!(f32 f64);

macro_rules! cast_from_integer {
    ($($integer:ident)*) => {$(
        impl CastSource for $integer {
            #[inline]
            fn cotangent(&self, _float_bar: f64) {}

            #[inline]
            fn cast_to_f64(&self) -> f64 {
                *self as f64
            }
        }
    )*};
}
cast_from_integer!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

impl CastTangent for () {
    #[inline]
    fn into_float(self) -> f64 {
        0.0
    }
}

/// The cotangent of `value` in `value as f64` (or `as f32`), where only rustc knows whether `value` is a float.
#[inline]
pub fn cast_cotangent<T: CastSource>(value: &T, float_bar: impl Scalar) -> T::Tangent {
    value.cotangent(float_bar.cast_to_f64())
}

/// The tangent of `value` in `value as f64`, where only rustc knows whether `value` is a float.
#[inline]
pub fn cast_tangent(value_dot: impl CastTangent) -> f64 {
    value_dot.into_float()
}

/// Checks that two arrays can be operands of an operator; a copy of a length of one along that axis fits any length.
///
/// # Panics
///
/// If they cannot, with the operation and both shapes.
#[inline]
#[track_caller]
pub fn check_broadcast<A: Tensor + ?Sized, B: Tensor + ?Sized>(operation: &str, left: &A, right: &B) {
    let (left, right) = (left.tensor_view(), right.tensor_view());
    let fits = left.shape().iter().rev().zip(right.shape().iter().rev()).all(|(l, r)| l == r || *l == 1 || *r == 1);
    if !fits {
        do_not_broadcast(operation, left.shape(), right.shape());
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn do_not_broadcast(operation: &str, left: &[usize], right: &[usize]) -> ! {
    panic!("`{operation}`: arrays of shapes {left:?} and {right:?} cannot be broadcast together")
}

/// A value without a derivative, which may be turned into an integer: an enum whose variants hold nothing.
#[inline]
pub fn discrete<T: Differentiable<Tangent = ()>>(value: T) -> T {
    value
}

/// Sets a tangent to zero; a free function so that generated code needs no trait in scope.
#[inline]
pub fn fill_zero<T: Tangent>(tangent: &mut T) {
    tangent.fill_zero();
}

/// Puts the element at position `order[i]` at position `i`: what a recorded sort did to a list.
///
/// # Panics
///
/// If the lengths differ.
#[inline]
#[track_caller]
pub fn permute<T: Clone>(list: &mut [T], order: &[usize]) {
    assert_eq!(list.len(), order.len(), "a permutation has as many positions as the list");
    let old = list.to_vec();
    for (place, from) in list.iter_mut().zip(order) {
        place.clone_from(&old[*from]);
    }
}

/// The inverse of [`permute`].
///
/// # Panics
///
/// If the lengths differ.
#[inline]
#[track_caller]
pub fn unpermute<T: Clone>(list: &mut [T], order: &[usize]) {
    assert_eq!(list.len(), order.len(), "a permutation has as many positions as the list");
    let old = list.to_vec();
    for (value, to) in old.into_iter().zip(order) {
        list[*to] = value;
    }
}

/// The order in which a list is sorted: for [`permute`], so that what belongs to the elements can be sorted like them.
/// Elements that compare equal keep their order.
#[inline]
pub fn sorting_order<T>(list: &[T], mut compare: impl FnMut(&T, &T) -> std::cmp::Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..list.len()).collect();
    order.sort_by(|left, right| compare(&list[*left], &list[*right]));
    order
}

/// Takes the cotangent of what was overwritten, leaving that of what was there before.
#[inline]
pub fn replace<T>(cotangent: &mut T, before: T) -> T {
    std::mem::replace(cotangent, before)
}

/// The cotangent of `x` in `list.resize(n, x)`, from that of the list, which gets its former length back.
#[inline]
pub fn unresize<A: Float>(cotangent: &mut Vec<A>, len: usize) -> A {
    let sum = cotangent.get(len..).map_or(A::of(0.0), sum_of);
    cotangent.resize(len, A::of(0.0));
    sum
}

/// The order that brings what `keep` holds for to the front, each part in its order, and how many elements these are: for
/// [`permute`].
#[inline]
pub fn retaining_order<T>(list: &[T], mut keep: impl FnMut(&T) -> bool) -> (Vec<usize>, usize) {
    let (mut kept, dropped): (Vec<usize>, Vec<usize>) = (0..list.len()).partition(|index| keep(&list[*index]));
    let count = kept.len();
    kept.extend(dropped);
    (kept, count)
}

/// The order that brings to the front what differs from its neighbour before, and how many elements these are: for
/// [`permute`]. `same` gets an element and the last one before it that stays.
#[inline]
pub fn distinct_order<T>(list: &[T], mut same: impl FnMut(&T, &T) -> bool) -> (Vec<usize>, usize) {
    let (mut kept, mut dropped): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
    for index in 0..list.len() {
        let repeated = kept.last().is_some_and(|last: &usize| same(&list[index], &list[*last]));
        if repeated { dropped.push(index) } else { kept.push(index) }
    }
    let count = kept.len();
    kept.extend(dropped);
    (kept, count)
}

/// The end of a range that starts at `lo` and has `len` items, where only rustc knows which integers these are.
///
/// # Panics
///
/// If the integers do not reach that far.
#[inline]
#[track_caller]
pub fn advance<I: TryFrom<usize> + std::ops::Add<Output = I>>(lo: I, len: usize) -> I {
    let Ok(len) = I::try_from(len) else { panic!("a range of {len} integers does not fit its type") };
    lo + len
}

/// What a method may give that carries no derivative: lengths, shapes, answers.
#[diagnostic::on_unimplemented(
    message = "the derivative takes this method for a property that carries no derivative, but its result is `{Self}`",
    note = "write the type of the number, `let number: f64 = x.method();`, or give the method another name"
)]
pub trait Property {}

macro_rules! properties {
    ($($ty:ty)*) => { $(impl Property for $ty {})* };
}

properties!(bool char u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize);
properties!(str String std::cmp::Ordering std::num::FpCategory std::time::Duration);
impl<T: Property + ?Sized> Property for &T {}
impl<T: Property> Property for Option<T> {}
impl Property for &[usize] {}
impl Property for &[isize] {}
impl Property for (usize, usize) {}
impl Property for (usize, usize, usize) {}
impl Property for (usize, usize, usize, usize) {}
impl Property for (usize, usize, usize, usize, usize) {}
impl Property for (usize, usize, usize, usize, usize, usize) {}
impl<I: ?Sized> Property for ndarray::Dim<I> where ndarray::Dim<I>: Dimension {}

/// A property of a value whose type the macro does not know.
#[inline]
pub fn property<T: Property>(value: T) -> T {
    value
}

/// The truth value that a condition of unknown contents gives; it only looks at what it captures.
#[inline]
pub fn truth(condition: impl Fn() -> bool) -> bool {
    condition()
}

/// What `floor` and the like have no derivative of.
#[diagnostic::on_unimplemented(
    message = "the derivative takes `{Self}` for a number, because of the method that is called on it",
    note = "bind the receiver with its type, `let x: Type = ..`, or give the method another name"
)]
pub trait Stepwise {}

impl Stepwise for f32 {}
impl Stepwise for f64 {}
impl<T: Stepwise + ?Sized> Stepwise for &T {}
impl<S: ndarray::RawData, D> Stepwise for ArrayBase<S, D> {}

/// Compiles for numbers only.
#[inline]
pub fn check_number<T: Stepwise + ?Sized>(_: &T) {}
