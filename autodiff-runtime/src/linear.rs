//! Systems of linear equations, whose solutions are differentiated.

use autodiff_macros::differentiable;
use ndarray::{Array2, ShapeBuilder};

use crate::Float;

/// The solution of a system of linear equations. The matrix is given column by column.
///
/// # Panics
///
/// If the matrix is singular.
#[differentiable(vjp = solve_linear_vjp, jvp = solve_linear_jvp, crate = crate)]
#[track_caller]
pub fn solve_linear<F: Float>(columns: &[F], right: &[F]) -> Vec<F> {
    solved(square(columns, right.len()), right.to_vec())
}

/// The gradients by the matrix and by the right side.
type Both<F> = (Vec<F>, Vec<F>);

/// With `λ = A⁻ᵀ y_bar`, the gradients are `-λ yᵀ` and `λ`.
fn solve_linear_vjp<F: Float>(columns: &[F], right: &[F]) -> (Vec<F>, impl Fn(Vec<F>) -> Both<F> + use<F>) {
    let matrix = square(columns, right.len());
    let solution = solved(matrix.clone(), right.to_vec());
    (solution.clone(), move |solution_bar: Vec<F>| {
        let adjoint = solved(matrix.t().to_owned(), solution_bar);
        let columns = solution.iter().flat_map(|&y| adjoint.iter().map(move |&adjoint| -adjoint * y));
        (columns.collect(), adjoint.clone())
    })
}

/// `y_dot = A⁻¹ (b_dot - A_dot y)`
fn solve_linear_jvp<F: Float>(columns: &[F], right: &[F], columns_dot: &[F], right_dot: &[F]) -> (Vec<F>, Vec<F>) {
    let count = right.len();
    let matrix = square(columns, count);
    let solution = solved(matrix.clone(), right.to_vec());
    let moved = square(columns_dot, count).dot(&ndarray::ArrayView1::from(&solution));
    let right = right_dot.iter().zip(&moved).map(|(&right, &moved)| right - moved).collect();
    (solution, solved(matrix, right))
}

#[track_caller]
fn square<F: Float>(columns: &[F], count: usize) -> Array2<F> {
    Array2::from_shape_vec((count, count).f(), columns.to_vec()).expect("a square matrix")
}

#[track_caller]
fn solved<F: Float>(matrix: Array2<F>, right: Vec<F>) -> Vec<F> {
    eliminate(matrix, right)
        .unwrap_or_else(|column| panic!("the system of linear equations is singular (column {column})"))
}

/// Gaussian elimination with partial pivoting (Golub and Van Loan, Matrix Computations, 4th edition, algorithm 3.4.1); the
/// column that shows that the matrix is singular, if it is.
pub(crate) fn eliminate<F: Float>(mut matrix: Array2<F>, mut right: Vec<F>) -> Result<Vec<F>, usize> {
    let count = right.len();
    for column in 0..count {
        let size = |row: usize, matrix: &Array2<F>| matrix[[row, column]].abs();
        let pivot =
            (column..count).fold(column, |best, row| if size(row, &matrix) > size(best, &matrix) { row } else { best });
        let largest = matrix[[pivot, column]];
        if largest == F::zero() || !largest.is_finite() {
            return Err(column);
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
        let known: F = (row + 1..count).map(|at| matrix[[row, at]] * right[at]).fold(F::zero(), |sum, part| sum + part);
        right[row] = (right[row] - known) / matrix[[row, row]];
    }
    Ok(right)
}
