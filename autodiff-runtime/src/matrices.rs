//! Matrices of derivatives: Hessians and Jacobians, one column or row for each number.

use ndarray::{Array, Array2, Dimension};
use num_traits::{One, Zero};

use crate::float::Float;

/// A tangent that is a list of numbers: one number, an array, a `Vec`, an array of `ndarray`.
pub trait Coordinates: Clone {
    /// `f32` or `f64`.
    type Number: Float;

    /// How many numbers there are.
    fn count(&self) -> usize;

    /// The number at a position, in the order of the elements.
    fn coordinate(&self, position: usize) -> Self::Number;

    /// The number at a position, to be written.
    fn coordinate_mut(&mut self, position: usize) -> &mut Self::Number;
}

macro_rules! impl_number {
    ($($float:ident)*) => {$(
        impl Coordinates for $float {
            type Number = $float;

            fn count(&self) -> usize {
                1
            }

            fn coordinate(&self, _: usize) -> $float {
                *self
            }

            fn coordinate_mut(&mut self, _: usize) -> &mut $float {
                self
            }
        }
    )*};
}

impl_number!(f32 f64);

impl<F: Float, const N: usize> Coordinates for [F; N] {
    type Number = F;

    fn count(&self) -> usize {
        N
    }

    fn coordinate(&self, position: usize) -> F {
        self[position]
    }

    fn coordinate_mut(&mut self, position: usize) -> &mut F {
        &mut self[position]
    }
}

impl<F: Float> Coordinates for Vec<F> {
    type Number = F;

    fn count(&self) -> usize {
        self.len()
    }

    fn coordinate(&self, position: usize) -> F {
        self[position]
    }

    fn coordinate_mut(&mut self, position: usize) -> &mut F {
        &mut self[position]
    }
}

impl<F: Float, D: Dimension> Coordinates for Array<F, D> {
    type Number = F;

    fn count(&self) -> usize {
        self.len()
    }

    fn coordinate(&self, position: usize) -> F {
        match self.as_slice() {
            Some(numbers) => numbers[position],
            None => *self.iter().nth(position).expect("the position is below the count"),
        }
    }

    fn coordinate_mut(&mut self, position: usize) -> &mut F {
        if self.as_slice().is_some() {
            &mut self.as_slice_mut().expect("asked above")[position]
        } else {
            self.iter_mut().nth(position).expect("the position is below the count")
        }
    }
}

macro_rules! impl_tuple {
    ($($count:literal ($($index:tt)+) ($($element:ident)+);)*) => {$(
        impl<F: Float> Coordinates for ($($element,)+) {
            type Number = F;

            fn count(&self) -> usize {
                $count
            }

            fn coordinate(&self, position: usize) -> F {
                [$(self.$index),+][position]
            }

            fn coordinate_mut(&mut self, position: usize) -> &mut F {
                match position {
                    $($index => &mut self.$index,)+
                    _ => panic!("a tuple of {} numbers has none at position {position}", $count),
                }
            }
        }
    )*};
}

impl_tuple! {
    2 (0 1) (F F);
    3 (0 1 2) (F F F);
    4 (0 1 2 3) (F F F F);
    5 (0 1 2 3 4) (F F F F F);
    6 (0 1 2 3 4 5) (F F F F F F);
}

/// The companion of a function that has second derivatives.
#[diagnostic::on_unimplemented(
    message = "the function `{Self}` has no second derivatives, which are needed here",
    note = "write `#[differentiable(order = 2)]` before the function"
)]
pub trait TwiceDifferentiable {}

/// Asks for second derivatives of a function, by its companion.
pub const fn twice_differentiable<Companion: TwiceDifferentiable>() {}

/// The Hessian, row by row: `product` adds the Hessian times a direction to a list of zeros.
///
/// ```
/// // The function `x0 * x1` has the Hessian `[[0, 1], [1, 0]]`.
/// let hessian = autodiff_runtime::hessian([0.0, 0.0], |direction, row| {
///     row[0] += direction[1];
///     row[1] += direction[0];
/// });
/// assert_eq!(hessian, ndarray::array![[0.0, 1.0], [1.0, 0.0]]);
/// ```
pub fn hessian<X: Coordinates>(zero: X, mut product: impl FnMut(&X, &mut X)) -> Array2<X::Number> {
    let count = zero.count();
    let mut hessian = Array2::zeros((count, count));
    let mut direction = zero.clone();
    for (position, mut row) in hessian.rows_mut().into_iter().enumerate() {
        let mut numbers = zero.clone();
        *direction.coordinate_mut(position) = X::Number::one();
        product(&direction, &mut numbers);
        *direction.coordinate_mut(position) = X::Number::zero();
        row.iter_mut().enumerate().for_each(|(at, entry)| *entry = numbers.coordinate(at));
    }
    hessian
}

/// The Jacobian, column by column: `derivative` is the function's derivative in a direction.
///
/// ```
/// // The function `(2 x0, x0 + x1)`.
/// let jacobian = autodiff_runtime::jacobian_by_columns([0.0, 0.0], |x_dot| [2.0 * x_dot[0], x_dot[0] + x_dot[1]]);
/// assert_eq!(jacobian, ndarray::array![[2.0, 0.0], [1.0, 1.0]]);
/// ```
pub fn jacobian_by_columns<X, Y>(zero: X, mut derivative: impl FnMut(&X) -> Y) -> Array2<X::Number>
where
    X: Coordinates,
    Y: Coordinates<Number = X::Number>,
{
    let count = zero.count();
    let mut direction = zero;
    let mut jacobian = Array2::zeros((0, count));
    for position in 0..count {
        *direction.coordinate_mut(position) = X::Number::one();
        let derivative = derivative(&direction);
        *direction.coordinate_mut(position) = X::Number::zero();
        if position == 0 {
            jacobian = Array2::zeros((derivative.count(), count));
        }
        jacobian.column_mut(position).iter_mut().enumerate().for_each(|(at, entry)| *entry = derivative.coordinate(at));
    }
    jacobian
}

/// The Jacobian, row by row: `pullback` turns a cotangent of the result into the gradient.
///
/// ```
/// // The function `(2 x0, x0 + x1)`.
/// let jacobian = autodiff_runtime::jacobian_by_rows([0.0, 0.0], 2, |y_bar| [2.0 * y_bar[0] + y_bar[1], y_bar[1]]);
/// assert_eq!(jacobian, ndarray::array![[2.0, 0.0], [1.0, 1.0]]);
/// ```
pub fn jacobian_by_rows<X, Y>(zero: Y, columns: usize, mut pullback: impl FnMut(&Y) -> X) -> Array2<X::Number>
where
    X: Coordinates,
    Y: Coordinates<Number = X::Number>,
{
    let mut jacobian = Array2::zeros((zero.count(), columns));
    let mut cotangent = zero;
    for (position, mut row) in jacobian.rows_mut().into_iter().enumerate() {
        *cotangent.coordinate_mut(position) = X::Number::one();
        let gradient = pullback(&cotangent);
        *cotangent.coordinate_mut(position) = X::Number::zero();
        row.iter_mut().enumerate().for_each(|(at, entry)| *entry = gradient.coordinate(at));
    }
    jacobian
}
