//! Arrays that a loop makes: nothing is written that would be overwritten.

use ndarray::{Array, ArrayViewMutD, Dimension};

use super::Output;
use crate::{Float, Tensor, buffers};

/// An array without elements so far.
#[derive(Debug)]
pub struct New<A, D> {
    elements: Vec<A>,
    dim: D,
}

/// The cotangent of an array, which a loop is to make.
#[must_use]
pub fn new_tangent<T: Tensor + ?Sized>(tensor: &T) -> New<T::Elem, T::Dim> {
    let dim = tensor.tensor_view().raw_dim();
    New { elements: buffers::empty(dim.size()), dim }
}

impl<A: Float, D: Dimension> New<A, D> {
    pub(super) fn output(&mut self) -> Output<'_, A> {
        Output::New(&mut self.elements, self.dim.slice())
    }

    /// The array, which a loop has made.
    #[must_use]
    pub fn finish(self) -> Array<A, D> {
        Array::from_shape_vec(self.dim, self.elements).expect("the loop has made an element for each place")
    }
}

impl<'v, A: Float> Output<'v, A> {
    pub(super) fn shape(&self) -> &[usize] {
        match self {
            Self::Old(view) => view.shape(),
            Self::New(_, shape) => shape,
        }
    }

    /// The elements as such that there are, new ones as zeros.
    pub(super) fn into_view(self) -> ArrayViewMutD<'v, A> {
        match self {
            Self::Old(view) => view,
            Self::New(elements, shape) => {
                elements.resize(shape.iter().product(), A::zero());
                ArrayViewMutD::from_shape(shape, elements).expect("an element for each place")
            }
        }
    }
}
