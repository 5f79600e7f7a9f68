//! Matrices of derivatives: Hessians and Jacobians, one column or row for each number.

use ndarray::{Array2, ArrayView1};

use crate::coordinates::{Coordinates, numbers_at, numbers_like};
use crate::float::Float;
use crate::{Differentiable, Tangent};

/// The Hessian, row by row: `product` adds the Hessian times a direction to a list of zeros.
///
/// ```
/// // The function `x0 * x1` has the Hessian `[[0, 1], [1, 0]]`.
/// let hessian = autodiff_runtime::hessian::<f64, _>([0.0, 0.0], |direction, row| {
///     row[0] += direction[1];
///     row[1] += direction[0];
/// });
/// assert_eq!(hessian, ndarray::array![[0.0, 1.0], [1.0, 0.0]]);
/// ```
pub fn hessian<F, X>(zero: X, mut product: impl FnMut(&X, &mut X)) -> Array2<F>
where
    F: Float,
    X: Coordinates,
{
    let count = zero.count();
    let mut hessian = Array2::zeros((count, count));
    let mut direction = zero.clone();
    for (position, mut row) in hessian.rows_mut().into_iter().enumerate() {
        let mut numbers = zero.clone();
        direction.set(position, F::one());
        product(&direction, &mut numbers);
        direction.set(position, F::zero());
        row.assign(&ArrayView1::from(&numbers.numbers()));
    }
    hessian
}

/// The Jacobian, column by column: `derivative` is the function's value and its derivative in a direction.
///
/// ```
/// // The function `(2 x0, x0 + x1)` at zero.
/// let jacobian: ndarray::Array2<f64> = autodiff_runtime::jacobian_by_columns([0.0, 0.0], |x_dot: &[f64; 2]| {
///     ([0.0, 0.0], [2.0 * x_dot[0], x_dot[0] + x_dot[1]])
/// });
/// assert_eq!(jacobian, ndarray::array![[2.0, 0.0], [1.0, 1.0]]);
/// ```
pub fn jacobian_by_columns<F, X, V>(zero: X, mut derivative: impl FnMut(&X) -> (V, V::Tangent)) -> Array2<F>
where
    F: Float,
    X: Coordinates,
    V: Differentiable<Tangent: Coordinates>,
{
    let count = zero.count();
    let mut direction = zero;
    let mut jacobian = Array2::zeros((0, count));
    for position in 0..count {
        direction.set(position, F::one());
        let (value, value_dot) = derivative(&direction);
        direction.set(position, F::zero());
        let column = numbers_at(&value, &value_dot);
        if position == 0 {
            jacobian = Array2::zeros((column.len(), count));
        }
        jacobian.column_mut(position).assign(&ArrayView1::from(&column));
    }
    jacobian
}

/// The Jacobian, row by row: `pullback` turns a cotangent of the result into the gradient. The zeros are those of the result
/// and of the argument.
///
/// ```
/// // The function `(2 x0, x0 + x1)`.
/// let pullback = |y_bar: &[f64; 2]| [2.0 * y_bar[0] + y_bar[1], y_bar[1]];
/// let jacobian: ndarray::Array2<f64> = autodiff_runtime::jacobian_by_rows([0.0, 0.0], &[0.0, 0.0], pullback);
/// assert_eq!(jacobian, ndarray::array![[2.0, 0.0], [1.0, 1.0]]);
/// ```
pub fn jacobian_by_rows<F, X, Y>(zero: Y, argument: &X, mut pullback: impl FnMut(&Y) -> X) -> Array2<F>
where
    F: Float,
    X: Coordinates + Tangent,
    Y: Coordinates,
{
    let mut jacobian = Array2::zeros((zero.count(), argument.count()));
    let mut cotangent = zero;
    for (position, mut row) in jacobian.rows_mut().into_iter().enumerate() {
        cotangent.set(position, F::one());
        let gradient = pullback(&cotangent);
        cotangent.set(position, F::zero());
        row.assign(&ArrayView1::from(&numbers_like(&gradient, argument)));
    }
    jacobian
}
