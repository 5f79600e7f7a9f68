//! The layer that multiplies by a matrix.

use ndarray::{Array1, Array2, ArrayRef, Ix1, Ix2};

use super::rule::rule;
use crate::kernel::product::{Write, product};
use crate::{Float, buffers, zero_tangent};

/// `x wᵀ`, to which rows of `b` are added, if there is one.
pub(super) fn affine<A: Float>(x: &ArrayRef<A, Ix2>, w: &ArrayRef<A, Ix2>, b: Option<&ArrayRef<A, Ix1>>) -> Array2<A> {
    let mut y = buffers::array(Ix2(x.nrows(), w.nrows()));
    let write = match b {
        Some(b) => {
            y.assign(b);
            Write::Add
        }
        None => Write::Replace,
    };
    product(x.view(), w.t(), y.view_mut(), write);
    y
}

rule! {
    /// `y = x wᵀ + b` with weights as PyTorch keeps them: `x` has the shape `[rows, inputs]`, `w` `[outputs, inputs]`, and
    /// `b` `[outputs]`.
    ///
    /// ```
    /// use autodiff_runtime::nn::linear;
    /// use ndarray::array;
    ///
    /// let w = array![[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]];
    /// assert_eq!(linear(&array![[1.0, 10.0]], &w, &array![0.5, 0.0, 0.0]), array![[21.5, 43.0, 65.0]]);
    /// ```
    ///
    /// # Panics
    ///
    /// If the shapes do not fit each other.
    fn linear[A: Float](
        x x_bar x_dot: ArrayRef<A, Ix2> => Array2<A>,
        w w_bar w_dot: ArrayRef<A, Ix2> => Array2<A>,
        b b_bar b_dot: ArrayRef<A, Ix1> => Array1<A>;;
    ) -> Array2<A>, keeps (), captures [A];
    value {
        assert!(
            x.ncols() == w.ncols() && w.nrows() == b.len(),
            "`linear`: an input of shape {:?} does not fit weights of shape {:?} with {} biases",
            x.shape(), w.shape(), b.len()
        );
        (affine(x, w, Some(b)), ())
    }
    reverse |_kept, y_bar| {
        if y_bar.is_empty() {
            return;
        }
        if let Some(x_bar) = x_bar {
            if x_bar.is_empty() {
                *x_bar = zero_tangent(x);
            }
            product(y_bar.view(), w.view(), x_bar.view_mut(), Write::Add);
        }
        if let Some(w_bar) = w_bar {
            if w_bar.is_empty() {
                *w_bar = zero_tangent(w);
            }
            product(y_bar.t(), x.view(), w_bar.view_mut(), Write::Add);
        }
        if let Some(b_bar) = b_bar {
            crate::accumulate(b_bar, y_bar);
        }
    }
    forward |y, _kept| {
        let mut y_dot = x_dot.map_or_else(|| zero_tangent(y), |x_dot| affine(x_dot, w, None));
        if let Some(w_dot) = w_dot {
            product(x.view(), w_dot.t(), y_dot.view_mut(), Write::Add);
        }
        if let Some(b_dot) = b_dot {
            y_dot += b_dot;
        }
        y_dot
    }
    second product x x_bar x_dot, w w_bar w_dot
}
