//! Functions of arrays.

use crate::ndarray::{Array1, Array2, Axis};
use differentiable::differentiable;
use differentiable::nn::softmax;

/// A dense layer.
#[differentiable]
#[must_use]
pub fn dense(w: &Array2<f64>, b: &Array1<f64>, x: &Array1<f64>) -> Array1<f64> {
    (w.dot(x) + b).mapv(f64::tanh)
}

/// The mean of the rows' squares, after the softmax.
#[differentiable]
#[must_use]
pub fn spread(x: &Array2<f64>) -> f64 {
    let p = softmax(x);
    let rows = (&p * &p).sum_axis(Axis(1));
    rows.sum() / 2.0
}
