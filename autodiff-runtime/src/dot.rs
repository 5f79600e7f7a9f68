//! Products of vectors and matrices, and their cotangents, with this crate's own kernel.

use ndarray::{Array, Array1, Array2, ArrayRef, ArrayView, ArrayView1, ArrayView2, ArrayViewMut2, Axis, Dimension};
use ndarray::{ArrayViewMut1, Ix0, Ix1, Ix2};

use crate::kernel::product::{Write, product};
use crate::{Float, Tensor, add_matmul, buffers, matmul};

/// The product of vectors and matrices, as ndarray's `a.dot(&b)`.
///
/// ```
/// use autodiff_runtime::dot;
/// use ndarray::array;
///
/// assert_eq!(dot(&array![1.0, 2.0], &array![3.0, 4.0]), 11.0);
/// assert_eq!(dot(&array![[1.0, 2.0], [0.0, 1.0]], &array![3.0, 4.0]), array![11.0, 4.0]);
/// ```
///
/// # Panics
///
/// If the shapes are not those of a product.
#[inline]
#[track_caller]
pub fn dot<L, R>(a: &L, b: &R) -> <L::Dim as Dot<R::Dim>>::Product<L::Elem>
where
    L: Tensor + ?Sized,
    R: Tensor<Elem = L::Elem> + ?Sized,
    L::Dim: Dot<R::Dim>,
{
    <L::Dim as Dot<R::Dim>>::dot(a.tensor_view(), b.tensor_view())
}

/// The numbers of axes for which [`dot`](fn@dot) exists.
#[diagnostic::on_unimplemented(message = "there is no product of arrays of dimensions `{Self}` and `{B}`")]
pub trait Dot<B: Dimension>: Dimension {
    /// The number or array that is the result.
    type Product<A: Float>;

    /// See [`dot`](fn@dot).
    #[track_caller]
    fn dot<A: Float>(a: ArrayView<'_, A, Self>, b: ArrayView<'_, A, B>) -> Self::Product<A>;
}

impl Dot<Ix1> for Ix1 {
    type Product<A: Float> = A;

    fn dot<A: Float>(a: ArrayView1<'_, A>, b: ArrayView1<'_, A>) -> A {
        a.dot(&b)
    }
}

impl Dot<Ix2> for Ix1 {
    type Product<A: Float> = Array1<A>;

    fn dot<A: Float>(a: ArrayView1<'_, A>, b: ArrayView2<'_, A>) -> Array1<A> {
        check(a.shape(), b.shape());
        let mut y = buffers::array(Ix1(b.ncols()));
        product(row(a), b, row_mut(y.view_mut()), Write::Replace);
        y
    }
}

impl Dot<Ix1> for Ix2 {
    type Product<A: Float> = Array1<A>;

    fn dot<A: Float>(a: ArrayView2<'_, A>, b: ArrayView1<'_, A>) -> Array1<A> {
        check(a.shape(), b.shape());
        let mut y = buffers::array(Ix1(a.nrows()));
        product(row(b), a.reversed_axes(), row_mut(y.view_mut()), Write::Replace);
        y
    }
}

impl Dot<Ix2> for Ix2 {
    type Product<A: Float> = Array2<A>;

    fn dot<A: Float>(a: ArrayView2<'_, A>, b: ArrayView2<'_, A>) -> Array2<A> {
        check(a.shape(), b.shape());
        matmul(&a, &b)
    }
}

#[track_caller]
fn check(a: &[usize], b: &[usize]) {
    assert!(a[a.len() - 1] == b[0], "`dot`: the shapes {a:?} and {b:?} are not those of a product");
}

/// A vector as a matrix of one row.
fn row<A>(vector: ArrayView1<'_, A>) -> ArrayView2<'_, A> {
    vector.insert_axis(Axis(0))
}

fn row_mut<A>(vector: ArrayViewMut1<'_, A>) -> ArrayViewMut2<'_, A> {
    vector.insert_axis(Axis(0))
}

/// Adds the product of a row and a matrix.
#[track_caller]
fn add_row<A: Float>(acc: &mut ArrayRef<A, Ix1>, vector: ArrayView1<'_, A>, matrix: ArrayView2<'_, A>) {
    check(vector.shape(), matrix.shape());
    assert!(
        acc.len() == matrix.ncols(),
        "a vector of length {} cannot be added to one of {}",
        matrix.ncols(),
        acc.len()
    );
    product(row(vector), matrix, row_mut(acc.view_mut()), Write::Add);
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

    fn lhs_bar<A: Float>(y_bar: ArrayView<'_, A, Ix0>, b: ArrayView1<'_, A>) -> Array1<A> {
        &b * *y_bar.into_scalar()
    }

    fn add_lhs_bar<A: Float>(a_bar: &mut ArrayRef<A, Ix1>, y_bar: ArrayView<'_, A, Ix0>, b: ArrayView1<'_, A>) {
        add_scaled(a_bar, *y_bar.into_scalar(), &b);
    }
}

impl DotLhs<Ix1> for Ix1 {
    type Factor = Ix2;

    fn lhs_bar<A: Float>(y_bar: ArrayView1<'_, A>, b: ArrayView1<'_, A>) -> Array2<A> {
        outer(y_bar, b)
    }

    fn add_lhs_bar<A: Float>(a_bar: &mut ArrayRef<A, Ix2>, y_bar: ArrayView1<'_, A>, b: ArrayView1<'_, A>) {
        add_outer(a_bar, y_bar, b);
    }
}

impl DotLhs<Ix2> for Ix1 {
    type Factor = Ix1;

    fn lhs_bar<A: Float>(y_bar: ArrayView1<'_, A>, b: ArrayView2<'_, A>) -> Array1<A> {
        Dot::dot(b, y_bar)
    }

    fn add_lhs_bar<A: Float>(a_bar: &mut ArrayRef<A, Ix1>, y_bar: ArrayView1<'_, A>, b: ArrayView2<'_, A>) {
        add_row(a_bar, y_bar, b.reversed_axes());
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

    fn rhs_bar<A: Float>(a: ArrayView1<'_, A>, y_bar: ArrayView<'_, A, Ix0>) -> Array1<A> {
        &a * *y_bar.into_scalar()
    }

    fn add_rhs_bar<A: Float>(b_bar: &mut ArrayRef<A, Ix1>, a: ArrayView1<'_, A>, y_bar: ArrayView<'_, A, Ix0>) {
        add_scaled(b_bar, *y_bar.into_scalar(), &a);
    }
}

impl DotRhs<Ix1> for Ix2 {
    type Factor = Ix1;

    fn rhs_bar<A: Float>(a: ArrayView2<'_, A>, y_bar: ArrayView1<'_, A>) -> Array1<A> {
        Dot::dot(a.reversed_axes(), y_bar)
    }

    fn add_rhs_bar<A: Float>(b_bar: &mut ArrayRef<A, Ix1>, a: ArrayView2<'_, A>, y_bar: ArrayView1<'_, A>) {
        add_row(b_bar, y_bar, a);
    }
}

impl DotRhs<Ix1> for Ix1 {
    type Factor = Ix2;

    fn rhs_bar<A: Float>(a: ArrayView1<'_, A>, y_bar: ArrayView1<'_, A>) -> Array2<A> {
        outer(a, y_bar)
    }

    fn add_rhs_bar<A: Float>(b_bar: &mut ArrayRef<A, Ix2>, a: ArrayView1<'_, A>, y_bar: ArrayView1<'_, A>) {
        add_outer(b_bar, a, y_bar);
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

fn outer<A: Float>(column: ArrayView1<'_, A>, row: ArrayView1<'_, A>) -> Array2<A> {
    let mut product = buffers::zeros(Ix2(column.len(), row.len()));
    add_outer(&mut product, column, row);
    product
}

#[track_caller]
fn add_outer<A: Float>(acc: &mut ArrayRef<A, Ix2>, column: ArrayView1<'_, A>, line: ArrayView1<'_, A>) {
    assert!(
        acc.dim() == (column.len(), line.len()),
        "an outer product of shape [{}, {}] cannot be added to a cotangent of shape {:?}",
        column.len(),
        line.len(),
        acc.shape()
    );
    product(column.insert_axis(Axis(1)), row(line), acc.view_mut(), Write::Add);
}
