//! Tangents of the arrays of `ndarray`.

use ndarray::{Array, ArrayBase, ArrayRef, Data, Dimension, Zip};

use super::{Differentiable, Tangent};
use crate::{Float, buffers};

impl<A: Float, S: Data<Elem = A>, D: Dimension> Differentiable for ArrayBase<S, D, A> {
    type Tangent = Array<A, D>;

    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        buffers::zeros(self.raw_dim())
    }

    #[inline]
    fn hand_back(value: Self) {
        buffers::hand_back_array(value);
    }
}

impl<A: Float, D: Dimension> Differentiable for ArrayRef<A, D> {
    type Tangent = Array<A, D>;

    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        buffers::zeros(self.raw_dim())
    }
}

impl<A: Float, D: Dimension> Tangent for Array<A, D> {
    #[inline]
    fn neutral() -> Self {
        let mut dim = D::zeros(D::NDIM.unwrap_or(1));
        dim.slice_mut().fill(0);
        Array::zeros(dim)
    }

    #[inline]
    fn accumulate(&mut self, other: &Self) {
        if self.shape() == other.shape() {
            *self += other;
        } else if is_neutral(self.shape()) {
            self.clone_from(other);
        } else if !other.is_empty() {
            do_not_fit(self.shape(), other.shape());
        }
    }

    #[inline]
    fn scale(&mut self, factor: f64) {
        *self *= A::of(factor);
    }

    fn inner_product(&self, other: &Self) -> f64 {
        if self.shape() != other.shape() {
            if self.is_empty() || other.is_empty() {
                return 0.0;
            }
            do_not_fit(self.shape(), other.shape());
        }
        Zip::from(self).and(other).fold(0.0, |sum, value, other| sum + value.as_f64() * other.as_f64())
    }

    #[inline]
    fn fill_zero(&mut self) {
        self.fill(A::zero());
    }

    #[inline]
    fn take_total(&mut self) -> Self {
        let zeros = buffers::zeros(self.raw_dim());
        std::mem::replace(self, zeros)
    }

    #[inline]
    fn hand_back(value: Self) {
        buffers::hand_back_array(value);
    }
}

/// Whether an array of this shape is the neutral one: it has axes, and each of them has the length zero.
#[inline]
pub(crate) fn is_neutral(shape: &[usize]) -> bool {
    !shape.is_empty() && shape.iter().all(|&len| len == 0)
}

#[cold]
#[inline(never)]
#[track_caller]
fn do_not_fit(left: &[usize], right: &[usize]) -> ! {
    panic!("a tangent of shape {right:?} does not fit one of shape {left:?}")
}
