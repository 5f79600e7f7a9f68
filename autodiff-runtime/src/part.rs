//! The cotangent of a row, a column or another part of an array at one position of an axis.

use ndarray::{ArrayBase, ArrayView, Axis, Dimension, RemoveAxis};

use crate::Float;
use crate::accumulate::{AccumulateFrom, Replaceable, add_broadcast};
use crate::tensor::Tensor;

/// A contribution to the part of a cotangent at one position of an axis; see [`part_bar`].
#[derive(Debug, Clone)]
pub struct PartBar<'a, A, D: Dimension> {
    part: ArrayView<'a, A, D>,
    axis: Axis,
    index: usize,
}

/// An axis of an array, by its number or as an `Axis`.
pub trait IntoAxis {
    /// The axis.
    fn into_axis(self) -> Axis;
}

impl IntoAxis for Axis {
    #[inline]
    fn into_axis(self) -> Axis {
        self
    }
}

impl IntoAxis for usize {
    #[inline]
    fn into_axis(self) -> Axis {
        Axis(self)
    }
}

/// The reverse of `y = a.index_axis(axis, index)` is `accumulate(&mut a_bar, part_bar(&y_bar, axis, index))`. The rest of
/// `a_bar` is not touched.
///
/// ```
/// use autodiff_runtime::{accumulate, part_bar};
/// use ndarray::{Array2, Axis, array};
///
/// let mut a_bar = Array2::zeros((2, 2));
/// accumulate(&mut a_bar, part_bar(&array![1.0, 2.0], Axis(0), 1));
/// assert_eq!(a_bar, array![[0.0, 0.0], [1.0, 2.0]]);
/// ```
#[inline]
pub fn part_bar<T: Tensor + ?Sized>(y_bar: &T, axis: impl IntoAxis, index: usize) -> PartBar<'_, T::Elem, T::Dim> {
    PartBar { part: y_bar.tensor_view(), axis: axis.into_axis(), index }
}

impl<A: Float, S: Replaceable<Elem = A>, D: RemoveAxis> AccumulateFrom<PartBar<'_, A, D::Smaller>>
    for ArrayBase<S, D, A>
{
    #[inline]
    #[track_caller]
    fn accumulate_from(&mut self, contribution: PartBar<'_, A, D::Smaller>) {
        let PartBar { part, axis, index } = contribution;
        if !part.is_empty() {
            add_broadcast(&mut self.index_axis_mut(axis, index), part);
        }
    }
}
