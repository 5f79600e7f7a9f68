//! Cotangents of tensor operations: products, reductions along an axis, means.

use ndarray::linalg::general_mat_vec_mul;
use ndarray::{
    Array, Array1, Array2, ArrayBase, ArrayRef, ArrayView, ArrayView0, ArrayView1, ArrayView2, Axis, Data, Dimension,
    Ix0, Ix1, Ix2, RemoveAxis, aview0,
};

use crate::{Float, add_matmul, matmul};

/// A number or an array, seen as an array: numbers have no axes.
///
/// Implemented for `f32`, `f64`, the arrays and views of `ndarray` over them, and references to all of these.
#[diagnostic::on_unimplemented(message = "`{Self}` is neither a number nor an array of numbers")]
pub trait Tensor {
    /// The type of the elements.
    type Elem: Float;
    /// The number of axes.
    type Dim: Dimension;

    /// A view of the elements.
    fn tensor_view(&self) -> ArrayView<'_, Self::Elem, Self::Dim>;
}

macro_rules! impl_scalar_tensor {
    ($($float:ident)*) => {$(
        impl Tensor for $float {
            type Elem = $float;
            type Dim = Ix0;

            #[inline]
            fn tensor_view(&self) -> ArrayView0<'_, $float> {
                aview0(self)
            }
        }
    )*};
}

impl_scalar_tensor!(f32 f64);

impl<A: Float, S: Data<Elem = A>, D: Dimension> Tensor for ArrayBase<S, D, A> {
    type Elem = A;
    type Dim = D;

    #[inline]
    fn tensor_view(&self) -> ArrayView<'_, A, D> {
        self.view()
    }
}

impl<A: Float, D: Dimension> Tensor for ArrayRef<A, D> {
    type Elem = A;
    type Dim = D;

    #[inline]
    fn tensor_view(&self) -> ArrayView<'_, A, D> {
        self.view()
    }
}

impl<T: Tensor + ?Sized> Tensor for &T {
    type Elem = T::Elem;
    type Dim = T::Dim;

    #[inline]
    fn tensor_view(&self) -> ArrayView<'_, T::Elem, T::Dim> {
        (**self).tensor_view()
    }
}

impl<T: Tensor + ?Sized> Tensor for &mut T {
    type Elem = T::Elem;
    type Dim = T::Dim;

    #[inline]
    fn tensor_view(&self) -> ArrayView<'_, T::Elem, T::Dim> {
        (**self).tensor_view()
    }
}

/// The cotangent of `a` in `y = a.dot(&b)`.
///
/// | `a` | `b` | `y` | result |
/// | --- | --- | --- | --- |
/// | `[k]` | `[k]` | number | `y_bar b` |
/// | `[m, k]` | `[k]` | `[m]` | outer product of `y_bar` and `b` |
/// | `[k]` | `[k, n]` | `[n]` | `b y_bar` |
/// | `[m, k]` | `[k, n]` | `[m, n]` | `y_bar bᵀ` |
///
/// ```
/// use autodiff_runtime::dot_lhs_bar;
/// use ndarray::array;
///
/// assert_eq!(dot_lhs_bar(&2.0, &array![3.0, 4.0]), array![6.0, 8.0]);
/// assert_eq!(dot_lhs_bar(&array![1.0, 10.0], &array![3.0, 4.0]), array![[3.0, 4.0], [30.0, 40.0]]);
/// ```
///
/// # Panics
///
/// If the shapes are not those of a product.
#[inline]
#[track_caller]
pub fn dot_lhs_bar<Y, B>(y_bar: &Y, b: &B) -> Array<B::Elem, <Y::Dim as DotLhs<B::Dim>>::Factor>
where
    Y: Tensor<Elem = B::Elem> + ?Sized,
    B: Tensor + ?Sized,
    Y::Dim: DotLhs<B::Dim>,
{
    <Y::Dim as DotLhs<B::Dim>>::lhs_bar(y_bar.tensor_view(), b.tensor_view())
}

/// The cotangent of `b` in `y = a.dot(&b)`.
///
/// | `a` | `b` | `y` | result |
/// | --- | --- | --- | --- |
/// | `[k]` | `[k]` | number | `y_bar a` |
/// | `[m, k]` | `[k]` | `[m]` | `aᵀ y_bar` |
/// | `[k]` | `[k, n]` | `[n]` | outer product of `a` and `y_bar` |
/// | `[m, k]` | `[k, n]` | `[m, n]` | `aᵀ y_bar` |
///
/// # Panics
///
/// If the shapes are not those of a product.
#[inline]
#[track_caller]
pub fn dot_rhs_bar<B, Y>(a: &B, y_bar: &Y) -> Array<B::Elem, <B::Dim as DotRhs<Y::Dim>>::Factor>
where
    B: Tensor + ?Sized,
    Y: Tensor<Elem = B::Elem> + ?Sized,
    B::Dim: DotRhs<Y::Dim>,
{
    <B::Dim as DotRhs<Y::Dim>>::rhs_bar(a.tensor_view(), y_bar.tensor_view())
}

/// Adds [`dot_lhs_bar`] to `a_bar` without a temporary.
///
/// ```
/// use autodiff_runtime::accumulate_dot_lhs_bar;
/// use ndarray::array;
///
/// let mut a_bar = array![1.0, 1.0];
/// accumulate_dot_lhs_bar(&mut a_bar, &2.0, &array![3.0, 4.0]);
/// assert_eq!(a_bar, array![7.0, 9.0]);
/// ```
///
/// # Panics
///
/// If the shapes are not those of a product.
#[inline]
#[track_caller]
pub fn accumulate_dot_lhs_bar<Y, B>(a_bar: &mut ArrayRef<B::Elem, <Y::Dim as DotLhs<B::Dim>>::Factor>, y_bar: &Y, b: &B)
where
    Y: Tensor<Elem = B::Elem> + ?Sized,
    B: Tensor + ?Sized,
    Y::Dim: DotLhs<B::Dim>,
{
    <Y::Dim as DotLhs<B::Dim>>::add_lhs_bar(a_bar, y_bar.tensor_view(), b.tensor_view());
}

/// Adds [`dot_rhs_bar`] to `b_bar` without a temporary.
///
/// # Panics
///
/// If the shapes are not those of a product.
#[inline]
#[track_caller]
pub fn accumulate_dot_rhs_bar<B, Y>(b_bar: &mut ArrayRef<B::Elem, <B::Dim as DotRhs<Y::Dim>>::Factor>, a: &B, y_bar: &Y)
where
    B: Tensor + ?Sized,
    Y: Tensor<Elem = B::Elem> + ?Sized,
    B::Dim: DotRhs<Y::Dim>,
{
    <B::Dim as DotRhs<Y::Dim>>::add_rhs_bar(b_bar, a.tensor_view(), y_bar.tensor_view());
}

/// The numbers of axes for which [`dot_lhs_bar`] exists: of `y_bar` (`Self`) and of `b` (`B`).
#[diagnostic::on_unimplemented(
    message = "no product has a result of dimension `{Self}` and a second factor of dimension `{B}`"
)]
pub trait DotLhs<B: Dimension>: Dimension {
    /// The number of axes of `a`.
    type Factor: Dimension;

    /// See [`dot_lhs_bar`].
    #[track_caller]
    fn lhs_bar<A: Float>(y_bar: ArrayView<'_, A, Self>, b: ArrayView<'_, A, B>) -> Array<A, Self::Factor>;

    /// See [`accumulate_dot_lhs_bar`].
    #[track_caller]
    fn add_lhs_bar<A: Float>(
        a_bar: &mut ArrayRef<A, Self::Factor>,
        y_bar: ArrayView<'_, A, Self>,
        b: ArrayView<'_, A, B>,
    );
}

/// The numbers of axes for which [`dot_rhs_bar`] exists: of `a` (`Self`) and of `y_bar` (`Y`).
#[diagnostic::on_unimplemented(
    message = "no product has a first factor of dimension `{Self}` and a result of dimension `{Y}`"
)]
pub trait DotRhs<Y: Dimension>: Dimension {
    /// The number of axes of `b`.
    type Factor: Dimension;

    /// See [`dot_rhs_bar`].
    #[track_caller]
    fn rhs_bar<A: Float>(a: ArrayView<'_, A, Self>, y_bar: ArrayView<'_, A, Y>) -> Array<A, Self::Factor>;

    /// See [`accumulate_dot_rhs_bar`].
    #[track_caller]
    fn add_rhs_bar<A: Float>(
        b_bar: &mut ArrayRef<A, Self::Factor>,
        a: ArrayView<'_, A, Self>,
        y_bar: ArrayView<'_, A, Y>,
    );
}

impl DotLhs<Ix1> for Ix0 {
    type Factor = Ix1;

    fn lhs_bar<A: Float>(y_bar: ArrayView0<'_, A>, b: ArrayView1<'_, A>) -> Array1<A> {
        &b * *y_bar.into_scalar()
    }

    fn add_lhs_bar<A: Float>(a_bar: &mut ArrayRef<A, Ix1>, y_bar: ArrayView0<'_, A>, b: ArrayView1<'_, A>) {
        add_scaled(a_bar, *y_bar.into_scalar(), &b);
    }
}

impl DotLhs<Ix1> for Ix1 {
    type Factor = Ix2;

    fn lhs_bar<A: Float>(y_bar: ArrayView1<'_, A>, b: ArrayView1<'_, A>) -> Array2<A> {
        outer(&y_bar, &b)
    }

    fn add_lhs_bar<A: Float>(a_bar: &mut ArrayRef<A, Ix2>, y_bar: ArrayView1<'_, A>, b: ArrayView1<'_, A>) {
        add_outer(a_bar, &y_bar, &b);
    }
}

impl DotLhs<Ix2> for Ix1 {
    type Factor = Ix1;

    fn lhs_bar<A: Float>(y_bar: ArrayView1<'_, A>, b: ArrayView2<'_, A>) -> Array1<A> {
        b.dot(&y_bar)
    }

    fn add_lhs_bar<A: Float>(a_bar: &mut ArrayRef<A, Ix1>, y_bar: ArrayView1<'_, A>, b: ArrayView2<'_, A>) {
        general_mat_vec_mul(A::one(), &b, &y_bar, A::one(), a_bar);
    }
}

impl DotLhs<Ix2> for Ix2 {
    type Factor = Ix2;

    fn lhs_bar<A: Float>(y_bar: ArrayView2<'_, A>, b: ArrayView2<'_, A>) -> Array2<A> {
        matmul(&y_bar, &b.t())
    }

    fn add_lhs_bar<A: Float>(a_bar: &mut ArrayRef<A, Ix2>, y_bar: ArrayView2<'_, A>, b: ArrayView2<'_, A>) {
        add_matmul(a_bar, &y_bar, &b.t());
    }
}

impl DotRhs<Ix0> for Ix1 {
    type Factor = Ix1;

    fn rhs_bar<A: Float>(a: ArrayView1<'_, A>, y_bar: ArrayView0<'_, A>) -> Array1<A> {
        &a * *y_bar.into_scalar()
    }

    fn add_rhs_bar<A: Float>(b_bar: &mut ArrayRef<A, Ix1>, a: ArrayView1<'_, A>, y_bar: ArrayView0<'_, A>) {
        add_scaled(b_bar, *y_bar.into_scalar(), &a);
    }
}

impl DotRhs<Ix1> for Ix2 {
    type Factor = Ix1;

    fn rhs_bar<A: Float>(a: ArrayView2<'_, A>, y_bar: ArrayView1<'_, A>) -> Array1<A> {
        a.t().dot(&y_bar)
    }

    fn add_rhs_bar<A: Float>(b_bar: &mut ArrayRef<A, Ix1>, a: ArrayView2<'_, A>, y_bar: ArrayView1<'_, A>) {
        general_mat_vec_mul(A::one(), &a.t(), &y_bar, A::one(), b_bar);
    }
}

impl DotRhs<Ix1> for Ix1 {
    type Factor = Ix2;

    fn rhs_bar<A: Float>(a: ArrayView1<'_, A>, y_bar: ArrayView1<'_, A>) -> Array2<A> {
        outer(&a, &y_bar)
    }

    fn add_rhs_bar<A: Float>(b_bar: &mut ArrayRef<A, Ix2>, a: ArrayView1<'_, A>, y_bar: ArrayView1<'_, A>) {
        add_outer(b_bar, &a, &y_bar);
    }
}

impl DotRhs<Ix2> for Ix2 {
    type Factor = Ix2;

    fn rhs_bar<A: Float>(a: ArrayView2<'_, A>, y_bar: ArrayView2<'_, A>) -> Array2<A> {
        matmul(&a.t(), &y_bar)
    }

    fn add_rhs_bar<A: Float>(b_bar: &mut ArrayRef<A, Ix2>, a: ArrayView2<'_, A>, y_bar: ArrayView2<'_, A>) {
        add_matmul(b_bar, &a.t(), &y_bar);
    }
}

#[track_caller]
fn add_scaled<A: Float>(acc: &mut ArrayRef<A, Ix1>, factor: A, values: &ArrayRef<A, Ix1>) {
    assert!(acc.len() == values.len(), "a vector of length {} cannot be added to one of {}", values.len(), acc.len());
    acc.scaled_add(factor, values);
}

fn outer<A: Float>(column: &ArrayRef<A, Ix1>, row: &ArrayRef<A, Ix1>) -> Array2<A> {
    let mut product = Array2::zeros((column.len(), row.len()));
    add_outer(&mut product, column, row);
    product
}

#[track_caller]
fn add_outer<A: Float>(acc: &mut ArrayRef<A, Ix2>, column: &ArrayRef<A, Ix1>, row: &ArrayRef<A, Ix1>) {
    assert!(
        acc.dim() == (column.len(), row.len()),
        "an outer product of shape [{}, {}] cannot be added to a cotangent of shape {:?}",
        column.len(),
        row.len(),
        acc.shape()
    );
    for (mut acc_row, &factor) in acc.outer_iter_mut().zip(column) {
        acc_row.scaled_add(factor, row);
    }
}

/// Inserts an axis of length 1, so that `y_bar` broadcasts against the operand of a reduction along `axis`.
///
/// The reverse of `y = a.sum_axis(axis)` is `accumulate(&mut a_bar, expand_axis(&y_bar, axis))`. Nothing is copied.
///
/// ```
/// use autodiff_runtime::{accumulate, expand_axis};
/// use ndarray::{Array2, Axis, array};
///
/// let mut a_bar = Array2::zeros((2, 3));
/// accumulate(&mut a_bar, expand_axis(&array![1.0, 2.0], Axis(1)));
/// assert_eq!(a_bar, array![[1.0, 1.0, 1.0], [2.0, 2.0, 2.0]]);
/// ```
///
/// # Panics
///
/// If `axis` is larger than the number of axes of `y_bar`.
#[inline]
#[track_caller]
pub fn expand_axis<T: Tensor + ?Sized>(y_bar: &T, axis: Axis) -> ArrayView<'_, T::Elem, <T::Dim as Dimension>::Larger> {
    y_bar.tensor_view().insert_axis(axis)
}

/// The mean of all elements.
///
/// ```
/// assert_eq!(autodiff_runtime::mean(&ndarray::array![[1.0, 2.0], [3.0, 6.0]]), 3.0);
/// ```
///
/// # Panics
///
/// If the array is empty.
#[inline]
#[track_caller]
pub fn mean<T: Tensor + ?Sized>(a: &T) -> T::Elem {
    let a = a.tensor_view();
    match a.mean() {
        Some(mean) => mean,
        None => empty_mean("mean", a.shape()),
    }
}

/// The means along `axis`.
///
/// # Panics
///
/// If the axis has length 0 or does not exist.
#[inline]
#[track_caller]
pub fn mean_axis<T: Tensor + ?Sized>(a: &T, axis: Axis) -> Array<T::Elem, <T::Dim as Dimension>::Smaller>
where
    T::Dim: RemoveAxis,
{
    let a = a.tensor_view();
    match a.mean_axis(axis) {
        Some(means) => means,
        None => empty_mean("mean_axis", a.shape()),
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn empty_mean(operation: &str, shape: &[usize]) -> ! {
    panic!("`{operation}`: an array of shape {shape:?} has no elements to average")
}
