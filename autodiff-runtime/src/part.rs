//! The cotangent of a part of an array: of a row, a column, a slice.

use ndarray::{ArrayBase, ArrayView, Axis, Dimension, Ix1, RemoveAxis, SliceArg};

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

/// A contribution to what a slice of an array shows; see [`slice_bar`].
#[derive(Debug, Clone)]
pub struct SliceBar<'a, A, D: Dimension, I> {
    part: ArrayView<'a, A, D>,
    info: I,
}

/// The reverse of `y = a.slice(info)` is `accumulate(&mut a_bar, slice_bar(&y_bar, info))`. The rest of `a_bar` is not
/// touched.
///
/// ```
/// use autodiff_runtime::{accumulate, slice_bar};
/// use ndarray::{Array1, array, s};
///
/// let mut a_bar = Array1::zeros(3);
/// accumulate(&mut a_bar, slice_bar(&array![1.0, 2.0], s![1..]));
/// assert_eq!(a_bar, array![0.0, 1.0, 2.0]);
/// ```
#[inline]
pub fn slice_bar<T: Tensor + ?Sized, I>(y_bar: &T, info: I) -> SliceBar<'_, T::Elem, T::Dim, I> {
    SliceBar { part: y_bar.tensor_view(), info }
}

impl<A: Float, S: Replaceable<Elem = A>, D: Dimension, I: SliceArg<D>> AccumulateFrom<SliceBar<'_, A, I::OutDim, I>>
    for ArrayBase<S, D, A>
{
    #[inline]
    #[track_caller]
    fn accumulate_from(&mut self, contribution: SliceBar<'_, A, I::OutDim, I>) {
        let SliceBar { part, info } = contribution;
        if !part.is_empty() {
            add_broadcast(&mut self.slice_mut(info), part);
        }
    }
}

/// A contribution to the diagonal of an array; see [`diag_bar`].
#[derive(Debug, Clone)]
pub struct DiagBar<'a, A>(ArrayView<'a, A, Ix1>);

/// The reverse of `y = a.diag()` is `accumulate(&mut a_bar, diag_bar(&y_bar))`.
#[inline]
pub fn diag_bar<T: Tensor<Dim = Ix1> + ?Sized>(y_bar: &T) -> DiagBar<'_, T::Elem> {
    DiagBar(y_bar.tensor_view())
}

impl<A: Float, S: Replaceable<Elem = A>, D: Dimension> AccumulateFrom<DiagBar<'_, A>> for ArrayBase<S, D, A> {
    #[inline]
    #[track_caller]
    fn accumulate_from(&mut self, contribution: DiagBar<'_, A>) {
        if !contribution.0.is_empty() {
            add_broadcast(&mut self.diag_mut(), contribution.0);
        }
    }
}

/// A contribution that has a name is added by reference.
impl<A: Float, S: Replaceable<Elem = A>, D: RemoveAxis> AccumulateFrom<&PartBar<'_, A, D::Smaller>>
    for ArrayBase<S, D, A>
{
    #[inline]
    #[track_caller]
    fn accumulate_from(&mut self, contribution: &PartBar<'_, A, D::Smaller>) {
        self.accumulate_from(contribution.clone());
    }
}

impl<A: Float, S: Replaceable<Elem = A>, D: Dimension, I: SliceArg<D> + Clone>
    AccumulateFrom<&SliceBar<'_, A, I::OutDim, I>> for ArrayBase<S, D, A>
{
    #[inline]
    #[track_caller]
    fn accumulate_from(&mut self, contribution: &SliceBar<'_, A, I::OutDim, I>) {
        self.accumulate_from(contribution.clone());
    }
}

impl<A: Float, S: Replaceable<Elem = A>, D: Dimension> AccumulateFrom<&DiagBar<'_, A>> for ArrayBase<S, D, A> {
    #[inline]
    #[track_caller]
    fn accumulate_from(&mut self, contribution: &DiagBar<'_, A>) {
        self.accumulate_from(contribution.clone());
    }
}
