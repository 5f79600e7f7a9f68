//! Sparse Jacobians of functions of anything: structs, arrays, several parameters. One sweep for each colour.

use ndarray::Array2;

use super::{Csr, Pattern, check_product, check_size, random_direction};
use crate::Differentiable;
use crate::coordinates::{Coordinates, numbers_at};
use crate::float::Float;

/// The entries of a Jacobian that differ from zero at the point whose derivatives are given.
#[doc(hidden)]
pub fn pattern_by_columns<F, X, V>(zero: X, mut derivative: impl FnMut(&X) -> (V, V::Tangent)) -> Pattern
where
    F: Float,
    X: Coordinates,
    V: Differentiable<Tangent: Coordinates>,
{
    let columns = zero.count();
    let mut along = |direction: &X| {
        let (value, value_dot) = derivative(direction);
        numbers_at::<F, V>(&value, &value_dot)
    };
    let (mut direction, mut entries) = (zero, Vec::new());
    let rows = along(&direction).len();
    for column in 0..columns {
        direction.set(column, F::one());
        let numbers = along(&direction);
        direction.set(column, F::zero());
        let found = numbers.iter().enumerate().filter(|(_, number)| **number != F::zero());
        entries.extend(found.map(|(row, _)| (row, column)));
    }
    Pattern::new(rows, columns, entries)
}

/// A sparse Jacobian by the function's derivative in one direction. One direction more is random: it tells whether the
/// pattern has all entries.
#[doc(hidden)]
#[track_caller]
pub fn jacobian_by_columns<F, X, V>(
    function: &str,
    zero: X,
    pattern: &Pattern,
    mut derivative: impl FnMut(&X) -> (V, V::Tangent),
) -> Csr<F>
where
    F: Float,
    X: Coordinates,
    V: Differentiable<Tangent: Coordinates>,
{
    let count = zero.count();
    check_size(function, "columns", count, pattern.columns());
    let mut direction = zero;
    let mut along = |value: &dyn Fn(usize) -> F| {
        direction.set_all(value);
        let (value, value_dot) = derivative(&direction);
        numbers_at::<F, V>(&value, &value_dot)
    };
    let random = random_direction::<F>(count);
    let expected = along(&|at| random[at]);
    check_size(function, "rows", expected.len(), pattern.rows());
    let mut compressed = Array2::zeros((pattern.colours(), pattern.rows()));
    for (colour, mut row) in compressed.rows_mut().into_iter().enumerate() {
        let of_colour = |at: usize| if pattern.colours[at] == colour { F::one() } else { F::zero() };
        row.iter_mut().zip(along(&of_colour)).for_each(|(place, number)| *place = number);
    }
    let matrix = pattern.fill(|row, colour| compressed[[colour, row]]);
    check_product(function, &matrix, &random, |row| expected[row]);
    matrix
}
