//! Arrays of ndarray that are made of lists, and arrays of another shape.

use ndarray::{Array, Array1, ArrayBase, ArrayView, Data, Dimension, IntoDimension};

use crate::Float;
use crate::accumulate::AccumulateFrom;
use crate::tensor::Tensor;

/// The elements of an array, row by row, as a contribution to the cotangent of the list that it was made of.
#[derive(Debug, Clone)]
pub struct Listed<'a, A, D: Dimension>(ArrayView<'a, A, D>);

/// The reverse of `y = array_from(&list)` and of `y = shaped(shape, &list)` is `accumulate(&mut list_bar, listed(&y_bar))`.
///
/// ```
/// use autodiff_runtime::{accumulate, listed};
///
/// let mut list_bar = vec![1.0, 0.0];
/// accumulate(&mut list_bar, listed(&ndarray::array![0.5, 2.0]));
/// assert_eq!(list_bar, [1.5, 2.0]);
/// ```
#[inline]
pub fn listed<T: Tensor + ?Sized>(y_bar: &T) -> Listed<'_, T::Elem, T::Dim> {
    Listed(y_bar.tensor_view())
}

fn add<A: Float, D: Dimension>(list: &mut [A], contribution: &Listed<'_, A, D>) {
    if contribution.0.is_empty() {
        return;
    }
    assert_eq!(list.len(), contribution.0.len(), "an array and the list that it was made of have as many numbers");
    for (sum, item) in list.iter_mut().zip(&contribution.0) {
        *sum += *item;
    }
}

impl<A: Float, D: Dimension> AccumulateFrom<Listed<'_, A, D>> for [A] {
    #[inline]
    #[track_caller]
    fn accumulate_from(&mut self, contribution: Listed<'_, A, D>) {
        add(self, &contribution);
    }
}

impl<A: Float, D: Dimension, const N: usize> AccumulateFrom<Listed<'_, A, D>> for [A; N] {
    #[inline]
    #[track_caller]
    fn accumulate_from(&mut self, contribution: Listed<'_, A, D>) {
        add(self, &contribution);
    }
}

impl<A: Float, D: Dimension> AccumulateFrom<Listed<'_, A, D>> for Vec<A> {
    #[inline]
    #[track_caller]
    fn accumulate_from(&mut self, contribution: Listed<'_, A, D>) {
        if self.is_empty() {
            self.extend(contribution.0.iter().copied());
        } else {
            add(self, &contribution);
        }
    }
}

/// `Array1::from_vec`, `array![..]` and their relatives: an array with the numbers of a list.
#[inline]
pub fn array_from<A: Clone, L: AsRef<[A]> + ?Sized>(list: &L) -> Array1<A> {
    Array1::from_vec(list.as_ref().to_vec())
}

/// `Array::from_shape_vec(shape, list).unwrap()`
///
/// # Panics
///
/// If the shape does not have as many numbers as the list.
#[inline]
#[track_caller]
pub fn shaped<A: Clone, Sh: IntoDimension, L: AsRef<[A]> + ?Sized>(shape: Sh, list: &L) -> Array<A, Sh::Dim> {
    match Array::from_shape_vec(shape.into_dimension(), list.as_ref().to_vec()) {
        Ok(array) => array,
        Err(error) => panic!("an array of this shape cannot be made of {} numbers: {error}", list.as_ref().len()),
    }
}

/// The tangent of [`shaped`], from the array that it gave.
#[inline]
#[track_caller]
pub fn shaped_like<A: Clone, S: Data<Elem = A>, D: Dimension, L>(y: &ArrayBase<S, D, A>, list_dot: &L) -> Array<A, D>
where
    L: AsRef<[A]> + ?Sized,
{
    match Array::from_shape_vec(y.raw_dim(), list_dot.as_ref().to_vec()) {
        Ok(array) => array,
        Err(error) => panic!("the tangent of a list has as many numbers as the list: {error}"),
    }
}

/// `a.into_shape_with_order(shape).unwrap()`: the same numbers, row by row, in another shape.
///
/// # Panics
///
/// If the shape does not have as many numbers as the array.
#[inline]
#[track_caller]
pub fn reshaped<A: Clone + 'static, S: Data<Elem = A>, D: Dimension, Sh: IntoDimension>(
    a: &ArrayBase<S, D, A>,
    shape: Sh,
) -> Array<A, Sh::Dim> {
    let shape = shape.into_dimension();
    let elements = match (crate::buffers::elements(a.len()), a.as_slice()) {
        (Some(mut elements), Some(own)) => {
            elements.clone_from_slice(own);
            elements
        }
        (Some(mut elements), None) => {
            elements.iter_mut().zip(a).for_each(|(place, element)| place.clone_from(element));
            elements
        }
        (None, _) => a.iter().cloned().collect(),
    };
    match Array::from_shape_vec(shape.clone(), elements) {
        Ok(array) => array,
        Err(error) => panic!("an array of shape {:?} cannot have the shape {shape:?}: {error}", a.shape()),
    }
}

/// The numbers of one array in the shape of another: what a cotangent or a tangent of [`reshaped`] is.
#[inline]
#[track_caller]
pub fn reshaped_like<A: Clone + 'static, S: Data<Elem = A>, D: Dimension, S2: Data<Elem = A>, D2: Dimension>(
    a: &ArrayBase<S, D, A>,
    numbers: &ArrayBase<S2, D2, A>,
) -> Array<A, D> {
    reshaped(numbers, a.raw_dim())
}
