//! Reductions beyond sums and means, and arrays with other axes, as ndarray's methods of these names
//! compute them, with what both modes need.

use ndarray::{Array, ArrayView, Axis, Dimension, IntoDimension, RemoveAxis, Slice, Zip, concatenate};

use crate::{Float, Tensor, buffers};

/// The variance of all elements; the divisor is their number minus `ddof`.
///
/// # Panics
///
/// If `ddof` is negative or larger than the number of elements.
#[track_caller]
pub fn var<T: Tensor + ?Sized>(a: &T, ddof: T::Elem) -> T::Elem {
    a.tensor_view().var(ddof)
}

/// The cotangent of `a` in `a.var(ddof)`.
pub fn var_bar<T: Tensor + ?Sized>(a: &T, y_bar: T::Elem, ddof: T::Elem) -> Array<T::Elem, T::Dim> {
    let a = a.tensor_view();
    let count = T::Elem::of(a.len() as f64);
    let (mean, factor) = (a.sum() / count, y_bar * T::Elem::of(2.0) / (count - ddof));
    a.mapv(|value| (value - mean) * factor)
}

/// The tangent of `a.var(ddof)`.
pub fn var_dot<T, U>(a: &T, a_dot: &U, ddof: T::Elem) -> T::Elem
where
    T: Tensor + ?Sized,
    U: Tensor<Elem = T::Elem, Dim = T::Dim> + ?Sized,
{
    (var_bar(a, T::Elem::of(1.0), ddof) * a_dot.tensor_view()).sum()
}

/// The standard deviation of all elements; the divisor of the variance is their number minus `ddof`.
///
/// # Panics
///
/// If `ddof` is negative or larger than the number of elements.
#[track_caller]
pub fn std<T: Tensor + ?Sized>(a: &T, ddof: T::Elem) -> T::Elem {
    a.tensor_view().std(ddof)
}

/// The derivative of a root by what it is the root of, where that of zero counts as zero: the elements are then all equal.
pub fn root_slope<A: Float>(root: A) -> A {
    if root > A::zero() { A::of(0.5) / root } else { A::zero() }
}

/// [`root_slope`] of each element.
pub fn root_slopes<T: Tensor + ?Sized>(roots: &T) -> Array<T::Elem, T::Dim> {
    roots.tensor_view().mapv(root_slope)
}

/// The derivative of [`root_slope`] by the root, of each element.
pub fn root_slope_slopes<T: Tensor + ?Sized>(roots: &T) -> Array<T::Elem, T::Dim> {
    let zero = T::Elem::of(0.0);
    roots.tensor_view().mapv(|root| if root > zero { -root_slope(root) / root } else { zero })
}

/// The cotangent of `a` in `y = a.std(ddof)`. It is zero where all elements are equal.
pub fn std_bar<T: Tensor + ?Sized>(a: &T, y: T::Elem, y_bar: T::Elem, ddof: T::Elem) -> Array<T::Elem, T::Dim> {
    var_bar(a, y_bar * root_slope(y), ddof)
}

/// An array without one axis.
type Reduced<T> = Array<<T as Tensor>::Elem, <<T as Tensor>::Dim as Dimension>::Smaller>;

/// The variances along an axis.
///
/// # Panics
///
/// If there is no such axis, or `ddof` is negative or larger than its length.
#[track_caller]
pub fn var_axis<T: Tensor<Dim: RemoveAxis> + ?Sized>(a: &T, axis: Axis, ddof: T::Elem) -> Reduced<T> {
    a.tensor_view().var_axis(axis, ddof)
}

/// The deviations from the mean along an axis, times `2 / (n - ddof)`: the partial derivatives of the variances.
fn slopes<T: Tensor<Dim: RemoveAxis> + ?Sized>(a: &T, axis: Axis, ddof: T::Elem) -> Array<T::Elem, T::Dim> {
    let mut slopes = a.tensor_view().to_owned();
    let count = T::Elem::of(slopes.len_of(axis) as f64);
    let factor = T::Elem::of(2.0) / (count - ddof);
    for mut lane in slopes.lanes_mut(axis) {
        let mean = lane.sum() / count;
        lane.mapv_inplace(|value| (value - mean) * factor);
    }
    slopes
}

/// The cotangent of `a` in `a.var_axis(axis, ddof)`.
pub fn var_axis_bar<T, Y>(a: &T, y_bar: &Y, axis: Axis, ddof: T::Elem) -> Array<T::Elem, T::Dim>
where
    T: Tensor<Dim: RemoveAxis> + ?Sized,
    Y: Tensor<Elem = T::Elem, Dim = <T::Dim as Dimension>::Smaller> + ?Sized,
{
    let mut bar = slopes(a, axis, ddof);
    Zip::from(bar.lanes_mut(axis)).and(y_bar.tensor_view()).for_each(|mut lane, &y_bar| lane *= y_bar);
    bar
}

/// The tangent of `a.var_axis(axis, ddof)`.
pub fn var_axis_dot<T, U>(a: &T, a_dot: &U, axis: Axis, ddof: T::Elem) -> Reduced<T>
where
    T: Tensor<Dim: RemoveAxis> + ?Sized,
    U: Tensor<Elem = T::Elem, Dim = T::Dim> + ?Sized,
{
    (slopes(a, axis, ddof) * a_dot.tensor_view()).sum_axis(axis)
}

/// The standard deviations along an axis.
///
/// # Panics
///
/// If there is no such axis, or `ddof` is negative or larger than its length.
#[track_caller]
pub fn std_axis<T: Tensor<Dim: RemoveAxis> + ?Sized>(a: &T, axis: Axis, ddof: T::Elem) -> Reduced<T> {
    a.tensor_view().std_axis(axis, ddof)
}

/// The cotangent of `a` in `y = a.std_axis(axis, ddof)`. It is zero where all elements are equal.
pub fn std_axis_bar<T, Y, Z>(a: &T, y: &Y, y_bar: &Z, axis: Axis, ddof: T::Elem) -> Array<T::Elem, T::Dim>
where
    T: Tensor<Dim: RemoveAxis> + ?Sized,
    Y: Tensor<Elem = T::Elem, Dim = <T::Dim as Dimension>::Smaller> + ?Sized,
    Z: Tensor<Elem = T::Elem, Dim = <T::Dim as Dimension>::Smaller> + ?Sized,
{
    let pairs = Zip::from(y.tensor_view()).and(y_bar.tensor_view());
    var_axis_bar(a, &pairs.map_collect(|&y, &y_bar| y_bar * root_slope(y)), axis, ddof)
}

/// The array with another axis, of length 1.
///
/// # Panics
///
/// If `axis` is larger than the number of axes.
#[track_caller]
pub fn insert_axis<T: Tensor + ?Sized>(a: &T, axis: Axis) -> Array<T::Elem, <T::Dim as Dimension>::Larger> {
    buffers::copy(a.tensor_view()).insert_axis(axis)
}

/// The array without an axis of length 1: the cotangent of `a` in `a.insert_axis(axis)`.
pub fn without_axis<T: Tensor<Dim: RemoveAxis> + ?Sized>(y_bar: &T, axis: Axis) -> Reduced<T> {
    buffers::copy(y_bar.tensor_view().index_axis_move(axis, 0))
}

/// The array with its axes in another order.
///
/// # Panics
///
/// If `axes` does not name each axis once.
#[track_caller]
pub fn permuted_axes<T: Tensor + ?Sized>(a: &T, axes: impl IntoDimension<Dim = T::Dim>) -> Array<T::Elem, T::Dim> {
    buffers::copy(a.tensor_view().permuted_axes(axes))
}

/// The parts of an array with the given numbers along an axis, as `a.select(axis, numbers)`.
///
/// # Panics
///
/// If there is no such axis or no such part.
#[track_caller]
pub fn select<T: Tensor + ?Sized>(a: &T, axis: Axis, numbers: impl AsRef<[usize]>) -> Array<T::Elem, T::Dim>
where
    T::Dim: RemoveAxis,
{
    a.tensor_view().select(axis, numbers.as_ref())
}

/// The cotangent of `a` in `a.select(axis, numbers)`: a part that is taken several times gets the sum.
#[track_caller]
pub fn select_bar<Y, T>(y_bar: &Y, a: &T, axis: Axis, numbers: impl AsRef<[usize]>) -> Array<T::Elem, T::Dim>
where
    T: Tensor + ?Sized,
    Y: Tensor<Elem = T::Elem, Dim = T::Dim> + ?Sized,
    T::Dim: RemoveAxis,
{
    let mut a_bar = buffers::zeros(a.tensor_view().raw_dim());
    for (part, &number) in y_bar.tensor_view().axis_iter(axis).zip(numbers.as_ref()) {
        let mut place = a_bar.index_axis_mut(axis, number);
        place += &part;
    }
    a_bar
}

/// The cotangent of `a` in `a.permuted_axes(axes)`.
pub fn permuted_axes_bar<T: Tensor + ?Sized>(
    y_bar: &T,
    axes: impl IntoDimension<Dim = T::Dim>,
) -> Array<T::Elem, T::Dim> {
    let axes = axes.into_dimension();
    let mut inverse = T::Dim::zeros(axes.ndim());
    for (position, &axis) in axes.slice().iter().enumerate() {
        inverse.slice_mut()[axis] = position;
    }
    buffers::copy(y_bar.tensor_view().permuted_axes(inverse))
}

/// Two arrays behind each other along an axis.
///
/// # Panics
///
/// If they differ in another axis.
#[track_caller]
pub fn joined<T, U>(a: &T, b: &U, axis: Axis) -> Array<T::Elem, T::Dim>
where
    T: Tensor<Dim: RemoveAxis> + ?Sized,
    U: Tensor<Elem = T::Elem, Dim = T::Dim> + ?Sized,
{
    let (a, b) = (a.tensor_view(), b.tensor_view());
    match concatenate(axis, &[a.view(), b.view()]) {
        Ok(joined) => joined,
        Err(_) => panic!("`concatenate`: arrays of shapes {:?} and {:?} along axis {}", a.shape(), b.shape(), axis.0),
    }
}

/// The cotangent of the first of two arrays that were joined.
pub fn joined_first<T, U>(a: &T, y_bar: &U, axis: Axis) -> Array<T::Elem, T::Dim>
where
    T: Tensor + ?Sized,
    U: Tensor<Elem = T::Elem, Dim = T::Dim> + ?Sized,
{
    part(y_bar.tensor_view(), axis, 0, a.tensor_view().len_of(axis))
}

/// The cotangent of the second of two arrays that were joined.
pub fn joined_second<T, U>(b: &T, y_bar: &U, axis: Axis) -> Array<T::Elem, T::Dim>
where
    T: Tensor + ?Sized,
    U: Tensor<Elem = T::Elem, Dim = T::Dim> + ?Sized,
{
    let (y_bar, length) = (y_bar.tensor_view(), b.tensor_view().len_of(axis));
    let whole = y_bar.len_of(axis);
    part(y_bar, axis, whole - length, whole)
}

fn part<A: Float, D: Dimension>(array: ArrayView<'_, A, D>, axis: Axis, start: usize, end: usize) -> Array<A, D> {
    buffers::copy(array.slice_axis(axis, Slice::from(start..end)))
}
