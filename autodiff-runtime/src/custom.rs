//! What generated code needs of derivatives that are given by rules, and of functions that are defined by an equation.

use ndarray::Array2;
use num_traits::{One, Zero};

use crate::Tangent;
use crate::float::Float;
use crate::matrices::Coordinates;

/// The place of a gradient, to which a rule's gradient is added.
pub trait Slot<G: ?Sized> {
    /// Adds a gradient of the same length or shape.
    fn add_gradient(&mut self, gradient: &G);
}

impl<T: Tangent> Slot<T> for T {
    #[inline]
    #[track_caller]
    fn add_gradient(&mut self, gradient: &T) {
        self.accumulate(gradient);
    }
}

impl<T: Tangent> Slot<Vec<T>> for [T] {
    #[inline]
    #[track_caller]
    fn add_gradient(&mut self, gradient: &Vec<T>) {
        crate::tangent::assert_same_length(self.len(), gradient.len());
        self.iter_mut().zip(gradient).for_each(|(slot, part)| slot.accumulate(part));
    }
}

/// A linear function of `Y` as the list of its values at the unit vectors: a tangent from a pullback, or a gradient from
/// derivatives in directions.
///
/// ```
/// // The function `(2 x, 3 x)` in the direction 1, by its pullback.
/// let derivative = autodiff_runtime::by_units([0.0, 0.0], |y_bar| 2.0 * y_bar[0] + 3.0 * y_bar[1]);
/// assert_eq!(derivative, [2.0, 3.0]);
/// ```
pub fn by_units<Y: Coordinates>(zero: Y, mut slope: impl FnMut(&Y) -> f64) -> Y {
    let mut values = zero.clone();
    let mut unit = zero;
    for position in 0..unit.count() {
        *unit.coordinate_mut(position) = Y::Number::one();
        *values.coordinate_mut(position) = Y::Number::of(slope(&unit));
        *unit.coordinate_mut(position) = Y::Number::zero();
    }
    values
}

/// How a function that is defined by an equation, and that equation, are called in messages.
#[derive(Clone, Copy, Debug)]
pub struct Implicit {
    /// The function that returns the solution.
    pub function: &'static str,
    /// The function that is zero at the solution.
    pub equation: &'static str,
}

impl Implicit {
    /// The cotangent `λ` of the residual with `Jᵀ λ = -x_bar`, where `J` is the Jacobian of the residual `F(x, θ)` with
    /// respect to the solution `x`: the gradient of the parameters is `(∂F/∂θ)ᵀ λ` (the implicit function theorem; Griewank
    /// and Walther, Evaluating Derivatives, 2nd edition, chapter 15).
    ///
    /// `zero` is the zero cotangent of the residual, and `pull` gives the gradient by the solution for a cotangent.
    ///
    /// # Panics
    ///
    /// If there are not as many equations as unknowns, or if the Jacobian is singular.
    #[track_caller]
    pub fn adjoint<X, R>(self, x_bar: &X, zero: R, mut pull: impl FnMut(&R) -> X) -> R
    where
        X: Coordinates,
        R: Coordinates<Number = X::Number>,
    {
        let count = self.count(x_bar.count(), zero.count());
        let mut cotangent = zero;
        // Row `i` of the Jacobian is column `i` of its transpose.
        let mut transposed = Array2::zeros((count, count));
        for equation in 0..count {
            *cotangent.coordinate_mut(equation) = X::Number::one();
            let row = pull(&cotangent);
            *cotangent.coordinate_mut(equation) = X::Number::zero();
            (0..count).for_each(|unknown| transposed[[unknown, equation]] = row.coordinate(unknown));
        }
        let right = (0..count).map(|unknown| -x_bar.coordinate(unknown)).collect();
        let solution = self.solve(transposed, right);
        (0..count).for_each(|equation| *cotangent.coordinate_mut(equation) = solution[equation]);
        cotangent
    }

    /// The tangent `v` of the solution with `J v = -slope`, where `slope` is the derivative of the residual in the direction
    /// of the parameters' tangents. `zero` is the zero tangent of the solution, and `push` gives the derivative of the
    /// residual in a direction of the solution.
    ///
    /// # Panics
    ///
    /// If there are not as many equations as unknowns, or if the Jacobian is singular.
    #[track_caller]
    pub fn tangent<X, R>(self, zero: X, slope: &R, mut push: impl FnMut(&X) -> R) -> X
    where
        X: Coordinates,
        R: Coordinates<Number = X::Number>,
    {
        let count = self.count(zero.count(), slope.count());
        let mut tangent = zero;
        let mut jacobian = Array2::zeros((count, count));
        for unknown in 0..count {
            *tangent.coordinate_mut(unknown) = X::Number::one();
            let column = push(&tangent);
            *tangent.coordinate_mut(unknown) = X::Number::zero();
            (0..count).for_each(|equation| jacobian[[equation, unknown]] = column.coordinate(equation));
        }
        let right = (0..count).map(|equation| -slope.coordinate(equation)).collect();
        let solution = self.solve(jacobian, right);
        (0..count).for_each(|unknown| *tangent.coordinate_mut(unknown) = solution[unknown]);
        tangent
    }

    #[track_caller]
    fn count(self, unknowns: usize, equations: usize) -> usize {
        let Implicit { function, equation } = self;
        assert!(
            unknowns == equations,
            "`{function}`: the solution has {unknowns} numbers, but `{equation}` gives {equations} equations"
        );
        unknowns
    }

    /// Gaussian elimination with partial pivoting (Golub and Van Loan, Matrix Computations, 4th edition, algorithm 3.4.1).
    #[track_caller]
    fn solve<F: Float>(self, mut matrix: Array2<F>, mut right: Vec<F>) -> Vec<F> {
        let count = right.len();
        for column in 0..count {
            let size = |row: usize, matrix: &Array2<F>| matrix[[row, column]].abs();
            let pivot = (column..count).fold(
                column,
                |best, row| {
                    if size(row, &matrix) > size(best, &matrix) { row } else { best }
                },
            );
            let largest = matrix[[pivot, column]];
            if largest == F::zero() || !largest.is_finite() {
                self.singular(column);
            }
            if pivot != column {
                (0..count).for_each(|at| matrix.swap([pivot, at], [column, at]));
                right.swap(pivot, column);
            }
            for row in column + 1..count {
                let factor = matrix[[row, column]] / largest;
                if factor != F::zero() {
                    for at in column..count {
                        let above = matrix[[column, at]];
                        matrix[[row, at]] -= factor * above;
                    }
                    let above = right[column];
                    right[row] -= factor * above;
                }
            }
        }
        for row in (0..count).rev() {
            let known: F =
                (row + 1..count).map(|at| matrix[[row, at]] * right[at]).fold(F::zero(), |sum, part| sum + part);
            right[row] = (right[row] - known) / matrix[[row, row]];
        }
        right
    }

    #[cold]
    #[inline(never)]
    #[track_caller]
    fn singular(self, column: usize) -> ! {
        let Implicit { function, equation } = self;
        panic!(
            "`{function}`: the Jacobian of `{equation}` with respect to the solution is singular (column {column}), so that the solution has no derivative"
        )
    }
}
