//! What generated code needs of derivatives that are given by rules, and of functions that are defined by an equation.

use ndarray::{Array2, ArrayView1};

use crate::Tangent;
use crate::coordinates::{Coordinates, numbers_like};
use crate::float::Float;
use crate::linear::eliminate;

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
    let mut unit = zero.clone();
    let slopes = (0..unit.count()).map(|position| {
        unit.set(position, 1.0);
        let value = slope(&unit);
        unit.set(position, 0.0);
        value
    });
    let slopes: Vec<f64> = slopes.collect();
    let mut values = zero;
    values.set_all(|position| slopes[position]);
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
    /// `still` and `zero` are the zero cotangents of the solution and of the residual, and `pull` gives the gradient by the solution for a cotangent.
    ///
    /// # Panics
    ///
    /// If there are not as many equations as unknowns, or if the Jacobian is singular.
    #[track_caller]
    pub fn adjoint<F, X, R>(self, x_bar: &X, (still, zero): (&X, R), mut pull: impl FnMut(&R) -> X) -> R
    where
        F: Float,
        X: Coordinates + Tangent,
        R: Coordinates,
    {
        let count = self.count(still.count(), zero.count());
        let mut cotangent = zero;
        // Row `i` of the Jacobian is column `i` of its transpose.
        let mut transposed = Array2::<F>::zeros((count, count));
        for equation in 0..count {
            cotangent.set(equation, F::one());
            let row = pull(&cotangent);
            cotangent.set(equation, F::zero());
            transposed.column_mut(equation).assign(&ArrayView1::from(&numbers_like(&row, still)));
        }
        let right = numbers_like::<F, X>(x_bar, still).into_iter().map(|number| -number).collect();
        let solution = self.solve(transposed, right);
        cotangent.set_all(|equation| solution[equation]);
        cotangent
    }

    /// The tangent `v` of the solution with `J v = -slope`, where `slope` is the derivative of the residual in the direction
    /// of the parameters' tangents. `zero` and `still` are the zero tangents of the solution and of the residual, and `push` gives the derivative of the
    /// residual in a direction of the solution.
    ///
    /// # Panics
    ///
    /// If there are not as many equations as unknowns, or if the Jacobian is singular.
    #[track_caller]
    pub fn tangent<F, X, R>(self, zero: X, (still, slope): (&R, &R), mut push: impl FnMut(&X) -> R) -> X
    where
        F: Float,
        X: Coordinates,
        R: Coordinates + Tangent,
    {
        let count = self.count(zero.count(), still.count());
        let mut tangent = zero;
        let mut jacobian = Array2::<F>::zeros((count, count));
        for unknown in 0..count {
            tangent.set(unknown, F::one());
            let column = push(&tangent);
            tangent.set(unknown, F::zero());
            jacobian.column_mut(unknown).assign(&ArrayView1::from(&numbers_like(&column, still)));
        }
        let right = numbers_like::<F, R>(slope, still).into_iter().map(|number| -number).collect();
        let solution = self.solve(jacobian, right);
        tangent.set_all(|unknown| solution[unknown]);
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

    #[track_caller]
    fn solve<F: Float>(self, matrix: Array2<F>, right: Vec<F>) -> Vec<F> {
        eliminate(matrix, right).unwrap_or_else(|column| self.singular(column))
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
