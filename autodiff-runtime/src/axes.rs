//! Arrays with other axes, and what runs along an axis, as ndarray's methods of these names compute them, with what both
//! modes need.

use ndarray::{
    Array, Array1, Array2, ArrayD, ArrayRef, ArrayView, Axis, Dimension, IntoDimension, Ix1, RemoveAxis, Slice, Zip,
};

use crate::{Float, Tensor};

/// `a.broadcast(shape).unwrap()`: a view whose axes of length 1, and new ones before them, are as long as the shape says.
///
/// # Panics
///
/// If the array cannot be broadcast to the shape.
#[track_caller]
pub fn broadcast_to<A, D: Dimension, Sh: IntoDimension>(a: &ArrayRef<A, D>, shape: Sh) -> ArrayView<'_, A, Sh::Dim> {
    let shape = shape.into_dimension();
    match a.broadcast(shape.clone()) {
        Some(view) => view,
        None => panic!("`broadcast`: an array of shape {:?} does not fit the shape {:?}", a.shape(), shape.slice()),
    }
}

/// The tangent of `y = broadcast_to(&a, shape)`: an array of its own, since `a_dot` may be one that nothing holds.
#[track_caller]
pub fn broadcast_like<A: Clone, D: Dimension, D2: Dimension>(
    a_dot: &ArrayRef<A, D>,
    y: &ArrayRef<A, D2>,
) -> Array<A, D2> {
    broadcast_to(a_dot, y.raw_dim()).to_owned()
}

/// The lengths of an array that has `N` axes: the shape that `a.into_dimensionality()` gives it.
///
/// # Panics
///
/// If it has another number of axes.
#[track_caller]
pub fn fixed_shape<const N: usize>(shape: &[usize]) -> [usize; N] {
    match shape.try_into() {
        Ok(shape) => shape,
        Err(_) => panic!("`into_dimensionality`: an array of shape {shape:?} has not {N} axes"),
    }
}

/// The array with a number of axes that is known when the program runs.
pub fn into_dyn<T: Tensor + ?Sized>(a: &T) -> ArrayD<T::Elem> {
    a.tensor_view().to_owned().into_dyn()
}

/// The array with its axes in the opposite order.
pub fn reversed_axes<T: Tensor + ?Sized>(a: &T) -> Array<T::Elem, T::Dim> {
    a.tensor_view().reversed_axes().to_owned()
}

/// The array with two axes exchanged, as a new array.
///
/// # Panics
///
/// If there is no such axis.
#[track_caller]
pub fn swapped_axes<T: Tensor + ?Sized>(a: &T, first: usize, second: usize) -> Array<T::Elem, T::Dim> {
    let mut a = a.tensor_view();
    a.swap_axes(first, second);
    a.to_owned()
}

/// The array backwards along an axis, as a new array.
///
/// # Panics
///
/// If there is no such axis.
#[track_caller]
pub fn inverted_axis<T: Tensor + ?Sized>(a: &T, axis: Axis) -> Array<T::Elem, T::Dim> {
    let mut a = a.tensor_view();
    a.invert_axis(axis);
    a.to_owned()
}

/// The part at one position of an axis, without the axis, as a new array.
///
/// # Panics
///
/// If there is no such axis or no such position.
#[track_caller]
pub fn index_axis_move<T: Tensor<Dim: RemoveAxis> + ?Sized>(
    a: &T,
    axis: Axis,
    index: usize,
) -> Array<T::Elem, <T::Dim as Dimension>::Smaller> {
    a.tensor_view().index_axis_move(axis, index).to_owned()
}

/// The first part along an axis, without the axis, as a new array.
///
/// # Panics
///
/// If there is no such axis or it is empty.
#[track_caller]
pub fn remove_axis<T: Tensor<Dim: RemoveAxis> + ?Sized>(
    a: &T,
    axis: Axis,
) -> Array<T::Elem, <T::Dim as Dimension>::Smaller> {
    index_axis_move(a, axis, 0)
}

/// The square matrix with these numbers on its diagonal, and zeros elsewhere.
pub fn from_diag<T: Tensor<Dim = Ix1> + ?Sized>(diagonal: &T) -> Array2<T::Elem> {
    Array2::from_diag(&diagonal.tensor_view())
}

/// The numbers on the diagonal of a matrix: the cotangent of `diagonal` in `from_diag(&diagonal)`.
pub fn diagonal<T: Tensor + ?Sized>(y_bar: &T) -> Array1<T::Elem> {
    y_bar.tensor_view().diag().to_owned()
}

/// The lower triangle in the last two axes, with zeros above the diagonal `k`.
pub fn tril<T: Tensor + ?Sized>(a: &T, k: isize) -> Array<T::Elem, T::Dim> {
    a.tensor_view().tril(k)
}

/// The upper triangle in the last two axes, with zeros below the diagonal `k`.
pub fn triu<T: Tensor + ?Sized>(a: &T, k: isize) -> Array<T::Elem, T::Dim> {
    a.tensor_view().triu(k)
}

/// The products of all numbers up to each one along an axis.
///
/// # Panics
///
/// If there is no such axis.
#[track_caller]
pub fn cumprod<T: Tensor<Dim: RemoveAxis> + ?Sized>(a: &T, axis: Axis) -> Array<T::Elem, T::Dim> {
    let mut products = a.tensor_view().to_owned();
    products.accumulate_axis_inplace(axis, |&before, product| *product *= before);
    products
}

/// The cotangent of `a` in `y = a.cumprod(axis)`, by the recurrence backwards: also where a number is zero.
pub fn cumprod_bar<T, U, V>(a: &T, y: &U, y_bar: &V, axis: Axis) -> Array<T::Elem, T::Dim>
where
    T: Tensor<Dim: RemoveAxis> + ?Sized,
    U: Tensor<Elem = T::Elem, Dim = T::Dim> + ?Sized,
    V: Tensor<Elem = T::Elem, Dim = T::Dim> + ?Sized,
{
    let (a, y) = (a.tensor_view(), y.tensor_view());
    let mut bars = y_bar.tensor_view().to_owned();
    Zip::from(bars.lanes_mut(axis)).and(a.lanes(axis)).and(y.lanes(axis)).for_each(|mut bars, a, y| {
        let mut of_product = T::Elem::of(0.0);
        for at in (0..bars.len()).rev() {
            of_product += bars[at];
            let before = if at == 0 { T::Elem::of(1.0) } else { y[at - 1] };
            bars[at] = of_product * before;
            of_product *= a[at];
        }
    });
    bars
}

/// The tangent of `y = a.cumprod(axis)`.
pub fn cumprod_dot<T, U, V>(a: &T, y: &U, a_dot: &V, axis: Axis) -> Array<T::Elem, T::Dim>
where
    T: Tensor<Dim: RemoveAxis> + ?Sized,
    U: Tensor<Elem = T::Elem, Dim = T::Dim> + ?Sized,
    V: Tensor<Elem = T::Elem, Dim = T::Dim> + ?Sized,
{
    let mut dots = a_dot.tensor_view().to_owned();
    go_on(a, y, &mut dots, axis);
    dots
}

/// The same without what the first numbers of the lanes contribute: the tangent of `cumprod_dot` by its other arguments.
pub fn cumprod_rest<T, U, V>(a: &T, y: &U, a_dot: &V, axis: Axis) -> Array<T::Elem, T::Dim>
where
    T: Tensor<Dim: RemoveAxis> + ?Sized,
    U: Tensor<Elem = T::Elem, Dim = T::Dim> + ?Sized,
    V: Tensor<Elem = T::Elem, Dim = T::Dim> + ?Sized,
{
    let mut dots = a_dot.tensor_view().to_owned();
    clear_first(&mut dots, axis);
    go_on(a, y, &mut dots, axis);
    dots
}

/// Sets the first numbers of the lanes to zero.
fn clear_first<A: Float, D: Dimension>(array: &mut Array<A, D>, axis: Axis) {
    let first = array.len_of(axis).min(1);
    array.slice_axis_mut(axis, Slice::from(..first)).fill(A::of(0.0));
}

/// Each number becomes the sum of the one before times that of `a`, and of itself times the one of `y` before.
fn go_on<T, U>(a: &T, y: &U, dots: &mut Array<T::Elem, T::Dim>, axis: Axis)
where
    T: Tensor<Dim: RemoveAxis> + ?Sized,
    U: Tensor<Elem = T::Elem, Dim = T::Dim> + ?Sized,
{
    let (a, y) = (a.tensor_view(), y.tensor_view());
    Zip::from(dots.lanes_mut(axis)).and(a.lanes(axis)).and(y.lanes(axis)).for_each(|mut dots, a, y| {
        for at in 1..dots.len() {
            dots[at] = dots[at - 1] * a[at] + y[at - 1] * dots[at];
        }
    });
}

/// The cotangent of `a` in `y = cumprod_dot(a, ..)`.
pub fn cumprod_rest_bar<T, U, V>(a: &T, y: &U, y_bar: &V, axis: Axis) -> Array<T::Elem, T::Dim>
where
    T: Tensor<Dim: RemoveAxis> + ?Sized,
    U: Tensor<Elem = T::Elem, Dim = T::Dim> + ?Sized,
    V: Tensor<Elem = T::Elem, Dim = T::Dim> + ?Sized,
{
    let mut bars = cumprod_bar(a, y, y_bar, axis);
    clear_first(&mut bars, axis);
    bars
}

/// The cotangent of the products in `cumprod_dot(a, products, u, axis)`.
pub fn cumprod_dot_products_bar<T, U, V>(a: &T, u: &U, y_bar: &V, axis: Axis) -> Array<T::Elem, T::Dim>
where
    T: Tensor<Dim: RemoveAxis> + ?Sized,
    U: Tensor<Elem = T::Elem, Dim = T::Dim> + ?Sized,
    V: Tensor<Elem = T::Elem, Dim = T::Dim> + ?Sized,
{
    let (a, u) = (a.tensor_view(), u.tensor_view());
    let mut bars = y_bar.tensor_view().to_owned();
    Zip::from(bars.lanes_mut(axis)).and(a.lanes(axis)).and(u.lanes(axis)).for_each(|mut bars, a, u| {
        let mut of_later = T::Elem::of(0.0);
        let mut next = T::Elem::of(0.0);
        for at in (0..bars.len()).rev() {
            let own = bars[at] + of_later;
            bars[at] = next;
            (of_later, next) = (own * a[at], own * u[at]);
        }
    });
    bars
}

/// The products along an axis.
///
/// # Panics
///
/// If there is no such axis.
#[track_caller]
pub fn product_axis<T: Tensor<Dim: RemoveAxis> + ?Sized>(
    a: &T,
    axis: Axis,
) -> Array<T::Elem, <T::Dim as Dimension>::Smaller> {
    a.tensor_view().product_axis(axis)
}

/// The product of all other numbers of the lane for each number, also where one of them is zero.
fn products_of_others<T: Tensor<Dim: RemoveAxis> + ?Sized>(a: &T, axis: Axis) -> Array<T::Elem, T::Dim> {
    let mut others = a.tensor_view().to_owned();
    for mut lane in others.lanes_mut(axis) {
        let numbers = lane.to_vec();
        let mut before = T::Elem::of(1.0);
        for (at, number) in numbers.iter().enumerate() {
            lane[at] = before;
            before *= *number;
        }
        let mut after = T::Elem::of(1.0);
        for (at, number) in numbers.iter().enumerate().rev() {
            lane[at] *= after;
            after *= *number;
        }
    }
    others
}

/// The cotangent of `a` in `a.product_axis(axis)`.
pub fn product_axis_bar<T, Y>(a: &T, y_bar: &Y, axis: Axis) -> Array<T::Elem, T::Dim>
where
    T: Tensor<Dim: RemoveAxis> + ?Sized,
    Y: Tensor<Elem = T::Elem, Dim = <T::Dim as Dimension>::Smaller> + ?Sized,
{
    let mut bars = products_of_others(a, axis);
    Zip::from(bars.lanes_mut(axis)).and(y_bar.tensor_view()).for_each(|mut lane, &y_bar| lane *= y_bar);
    bars
}

/// The tangent of `a.product_axis(axis)`.
pub fn product_axis_dot<T, U>(a: &T, a_dot: &U, axis: Axis) -> Array<T::Elem, <T::Dim as Dimension>::Smaller>
where
    T: Tensor<Dim: RemoveAxis> + ?Sized,
    U: Tensor<Elem = T::Elem, Dim = T::Dim> + ?Sized,
{
    (products_of_others(a, axis) * a_dot.tensor_view()).sum_axis(axis)
}

/// How the products of the others change in a direction.
fn change_of_others<T, U>(a: &T, u: &U, axis: Axis) -> Array<T::Elem, T::Dim>
where
    T: Tensor<Dim: RemoveAxis> + ?Sized,
    U: Tensor<Elem = T::Elem, Dim = T::Dim> + ?Sized,
{
    let (a, u) = (a.tensor_view().to_owned(), u.tensor_view().to_owned());
    let y = a.product_axis(axis);
    crate::nn::bent_products(&a, &y, &u, axis)
}

/// The cotangent of `a` in `product_axis_dot(a, u, axis)`.
pub fn product_axis_dot_bar<T, U, Y>(a: &T, u: &U, y_bar: &Y, axis: Axis) -> Array<T::Elem, T::Dim>
where
    T: Tensor<Dim: RemoveAxis> + ?Sized,
    U: Tensor<Elem = T::Elem, Dim = T::Dim> + ?Sized,
    Y: Tensor<Elem = T::Elem, Dim = <T::Dim as Dimension>::Smaller> + ?Sized,
{
    let mut bars = change_of_others(a, u, axis);
    Zip::from(bars.lanes_mut(axis)).and(y_bar.tensor_view()).for_each(|mut lane, &y_bar| lane *= y_bar);
    bars
}

/// The tangent of `product_axis_dot(a, u, axis)` by `a`.
pub fn product_axis_dot_dot<T, U, V>(
    a: &T,
    u: &U,
    a_dot: &V,
    axis: Axis,
) -> Array<T::Elem, <T::Dim as Dimension>::Smaller>
where
    T: Tensor<Dim: RemoveAxis> + ?Sized,
    U: Tensor<Elem = T::Elem, Dim = T::Dim> + ?Sized,
    V: Tensor<Elem = T::Elem, Dim = T::Dim> + ?Sized,
{
    (change_of_others(a, u, axis) * a_dot.tensor_view()).sum_axis(axis)
}

/// The differences of neighbours along an axis, taken `n` times.
///
/// # Panics
///
/// If there is no such axis, or it has not more than `n` positions.
#[track_caller]
pub fn diff<T: Tensor + ?Sized>(a: &T, n: usize, axis: Axis) -> Array<T::Elem, T::Dim> {
    a.tensor_view().diff(n, axis)
}

/// The cotangent of `a` in `a.diff(n, axis)`.
pub fn diff_bar<T: Tensor + ?Sized>(y_bar: &T, n: usize, axis: Axis) -> Array<T::Elem, T::Dim> {
    let mut bars = y_bar.tensor_view().to_owned();
    for _ in 0..n {
        let mut shape = bars.raw_dim();
        shape[axis.index()] += 1;
        let mut longer = Array::zeros(shape);
        let mut later = longer.slice_axis_mut(axis, Slice::from(1..));
        later += &bars;
        let mut earlier = longer.slice_axis_mut(axis, Slice::from(..-1));
        earlier -= &bars;
        bars = longer;
    }
    bars
}
