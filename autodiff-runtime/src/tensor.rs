//! Numbers and arrays seen as arrays; sums along an axis, and means.

use ndarray::{Array, ArrayBase, ArrayRef, ArrayView, ArrayView0, Axis, Data, Dimension, Ix0, RemoveAxis, aview0};

use crate::Float;

/// Arrays of one shape as one array of their elements, for more of them than `Zip` takes: derivatives of higher orders read a
/// tangent of each array for each order.
///
/// # Panics
///
/// If the shapes differ.
#[doc(hidden)]
#[track_caller]
pub fn together<A: Copy, D: Dimension, const N: usize>(arrays: [ArrayView<'_, A, D>; N]) -> Array<[A; N], D> {
    let shape = arrays[0].raw_dim();
    assert!(
        arrays.iter().all(|array| array.raw_dim() == shape),
        "arrays that are mapped together have different shapes"
    );
    let mut elements = arrays.each_ref().map(|array| array.iter());
    Array::from_shape_simple_fn(shape, || {
        elements.each_mut().map(|elements| *elements.next().expect("the shapes are the same"))
    })
}

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
