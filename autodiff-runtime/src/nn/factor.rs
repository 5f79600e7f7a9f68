//! Linear systems and factorizations of small matrices.

use ndarray::{Array, Array1, Array2, ArrayRef, ArrayView2, Axis, Dimension, Ix1, Ix2, Zip};

use super::rule::rule;
use crate::{Float, dot, matmul, zero_tangent};

/// `P a = L U`, by elimination with the largest pivot of each column.
pub(crate) struct Lu<A> {
    /// The multipliers of `L` below the diagonal, and `U`.
    factors: Array2<A>,
    /// Which row of `a` each row came from.
    order: Vec<usize>,
    /// Whether there was an odd number of exchanges.
    odd: bool,
}

/// Panics unless the matrix has as many rows as columns.
#[track_caller]
fn check_square(operation: &str, shape: &[usize]) {
    assert!(shape[0] == shape[1], "`{operation}`: a matrix of shape {shape:?} is not square");
}

impl<A: Float> Lu<A> {
    fn of(a: &ArrayRef<A, Ix2>) -> Self {
        let n = a.nrows();
        let (mut factors, mut order, mut odd) = (a.to_owned(), (0..n).collect::<Vec<_>>(), false);
        for column in 0..n {
            let mut pivot = column;
            for row in column + 1..n {
                if factors[[row, column]].abs() > factors[[pivot, column]].abs() {
                    pivot = row;
                }
            }
            if pivot != column {
                order.swap(pivot, column);
                odd = !odd;
                (0..n).for_each(|place| factors.swap([pivot, place], [column, place]));
            }
            let divisor = factors[[column, column]];
            if divisor == A::zero() {
                continue;
            }
            for row in column + 1..n {
                let multiplier = factors[[row, column]] / divisor;
                factors[[row, column]] = multiplier;
                for place in column + 1..n {
                    let taken = multiplier * factors[[column, place]];
                    factors[[row, place]] -= taken;
                }
            }
        }
        Self { factors, order, odd }
    }

    #[track_caller]
    fn regular(self, operation: &str) -> Self {
        assert!(self.factors.diag().iter().all(|&pivot| pivot != A::zero()), "`{operation}`: the matrix is singular");
        self
    }

    /// `a⁻¹ b`
    fn solve(&self, b: ArrayView2<'_, A>) -> Array2<A> {
        let mut x = b.select(Axis(0), &self.order);
        substitute(self.factors.view(), &mut x, false, true);
        substitute(self.factors.view(), &mut x, true, false);
        x
    }

    /// `a⁻ᵀ b`
    fn solve_transposed(&self, b: ArrayView2<'_, A>) -> Array2<A> {
        let mut x = b.to_owned();
        substitute(self.factors.t(), &mut x, false, false);
        substitute(self.factors.t(), &mut x, true, true);
        let mut ordered = Array2::zeros(x.raw_dim());
        for (row, &to) in x.outer_iter().zip(&self.order) {
            ordered.row_mut(to).assign(&row);
        }
        ordered
    }

    fn inverse(&self) -> Array2<A> {
        self.solve(Array2::eye(self.order.len()).view())
    }
}

/// Solves a triangular system in place, with the upper or the lower triangle, whose diagonal may count as ones.
fn substitute<A: Float>(factors: ArrayView2<'_, A>, x: &mut Array2<A>, upper: bool, ones: bool) {
    let n = factors.nrows();
    for step in 0..n {
        let row = if upper { n - 1 - step } else { step };
        let known = if upper { row + 1..n } else { 0..row };
        for column in 0..x.ncols() {
            let taken = known.clone().fold(A::zero(), |sum, place| sum + factors[[row, place]] * x[[place, column]]);
            let value = x[[row, column]] - taken;
            x[[row, column]] = if ones { value } else { value / factors[[row, row]] };
        }
    }
}

/// A vector or a stack of columns as a matrix.
fn columns<A: Float, D: Dimension>(b: &ArrayRef<A, D>) -> Array2<A> {
    let rows = b.shape()[0];
    let numbers: Vec<A> = b.iter().copied().collect();
    let width = numbers.len().checked_div(rows).unwrap_or(0);
    Array2::from_shape_vec((rows, width), numbers).expect("the elements are the same")
}

/// The matrix in the shape of a vector or a stack of columns.
fn shaped<A: Float, D: Dimension>(matrix: Array2<A>, like: &ArrayRef<A, D>) -> Array<A, D> {
    let numbers: Vec<A> = matrix.iter().copied().collect();
    Array::from_shape_vec(like.raw_dim(), numbers).expect("the elements are the same")
}

rule! {
    /// The solution `x` of `a x = b`, where `b` is a vector or has a column for each system.
    ///
    /// ```
    /// use autodiff_runtime::nn::solve;
    /// use ndarray::array;
    ///
    /// assert_eq!(solve(&array![[0.0, 2.0], [4.0, 0.0]], &array![2.0, 4.0]), array![1.0, 1.0]);
    /// ```
    ///
    /// # Panics
    ///
    /// If `a` is not square or singular, or `b` has another number of rows.
    fn solve[A: Float, D: Dimension](
        a a_bar a_dot: ArrayRef<A, Ix2> => Array2<A>, b b_bar b_dot: ArrayRef<A, D> => Array<A, D>;;
    ) -> Array<A, D>, keeps (Lu<A>, Array2<A>), captures [A, D];
    value {
        check_square("solve", a.shape());
        assert!(
            b.ndim() > 0 && b.shape()[0] == a.nrows(),
            "`solve`: a right-hand side of shape {:?} does not fit a matrix of shape {:?}",
            b.shape(), a.shape()
        );
        let lu = Lu::of(a).regular("solve");
        let x = lu.solve(columns(b).view());
        (shaped(x.clone(), b), (lu, x))
    }
    reverse |kept, y_bar| {
        if y_bar.is_empty() {
            return;
        }
        let (lu, x) = kept;
        let bars = lu.solve_transposed(columns(y_bar).view());
        if let Some(a_bar) = a_bar {
            crate::accumulate(a_bar, -matmul(&bars, &x.t()));
        }
        if let Some(b_bar) = b_bar {
            crate::accumulate(b_bar, shaped(bars, b));
        }
    }
    forward |y, kept| {
        let (lu, x) = kept;
        let mut right = b_dot.map_or_else(|| Array2::zeros(x.raw_dim()), |b_dot| columns(b_dot));
        if let Some(a_dot) = a_dot {
            right -= &matmul(a_dot, x);
        }
        shaped(lu.solve(right.view()), y)
    }
    second definition solve(Itself, Columns) -> Columns
}

rule! {
    /// The inverse of a matrix. [`solve`](fn@solve) is faster and more precise where a product with it is meant.
    ///
    /// # Panics
    ///
    /// If the matrix is not square or singular.
    fn inverse[A: Float](a a_bar a_dot: ArrayRef<A, Ix2> => Array2<A>;;) -> Array2<A>, keeps Array2<A>, captures [A];
    value {
        check_square("inverse", a.shape());
        let y = Lu::of(a).regular("inverse").inverse();
        (y.clone(), y)
    }
    reverse |y, y_bar| {
        if let Some(a_bar) = a_bar.filter(|_| !y_bar.is_empty()) {
            crate::accumulate(a_bar, -matmul(&matmul(&y.t(), y_bar), &y.t()));
        }
    }
    forward |y, _kept| {
        a_dot.map_or_else(|| zero_tangent(y), |a_dot| -matmul(&matmul(y, a_dot), y))
    }
    second forward inverse_forward
}

rule! {
    /// The logarithm of the absolute value of the determinant, minus infinity for a singular matrix.
    ///
    /// ```
    /// use autodiff_runtime::nn::log_determinant;
    /// use ndarray::array;
    ///
    /// let a = array![[2.0, 0.0], [0.0, -4.0]];
/// let (value, pullback) = log_determinant::vjp(&a);
    /// assert!((value - 8.0_f64.ln()).abs() < 1e-15);
    /// assert_eq!(pullback(1.0), array![[0.5, 0.0], [0.0, -0.25]]);
    /// ```
    ///
    /// # Panics
    ///
    /// If the matrix is not square, or singular where a derivative is wanted.
    fn log_determinant[A: Float](a a_bar a_dot: ArrayRef<A, Ix2> => Array2<A>;;) -> A, keeps Lu<A>, captures [A];
    value {
        check_square("log_determinant", a.shape());
        let lu = Lu::of(a);
        (lu.factors.diag().fold(A::zero(), |sum, pivot| sum + pivot.abs().ln()), lu)
    }
    reverse |lu, y_bar| {
        if let Some(a_bar) = a_bar {
            crate::accumulate(a_bar, inverse_of("log_determinant", lu).reversed_axes() * *y_bar);
        }
    }
    forward |y, lu| {
        a_dot.map_or(A::zero(), |a_dot| (inverse_of("log_determinant", lu).reversed_axes() * a_dot).sum())
    }
    second forward log_determinant_forward
}

rule! {
    /// The determinant.
    ///
    /// # Panics
    ///
    /// If the matrix is not square, or singular where a derivative is wanted.
    fn determinant[A: Float](a a_bar a_dot: ArrayRef<A, Ix2> => Array2<A>;;) -> A, keeps (Lu<A>, A), captures [A];
    value {
        check_square("determinant", a.shape());
        let lu = Lu::of(a);
        let sign = if lu.odd { -A::one() } else { A::one() };
        let y = lu.factors.diag().fold(sign, |product, &pivot| product * pivot);
        (y, (lu, y))
    }
    reverse |kept, y_bar| {
        if let Some(a_bar) = a_bar {
            crate::accumulate(a_bar, inverse_of("determinant", &kept.0).reversed_axes() * (*y_bar * kept.1));
        }
    }
    forward |y, kept| {
        a_dot.map_or(A::zero(), |a_dot| (inverse_of("determinant", &kept.0).reversed_axes() * a_dot).sum() * *y)
    }
    second forward determinant_forward
}

/// The inverse that a derivative of the determinant needs.
#[track_caller]
fn inverse_of<A: Float>(operation: &str, lu: &Lu<A>) -> Array2<A> {
    let regular = lu.factors.diag().iter().all(|&pivot| pivot != A::zero());
    assert!(regular, "`{operation}`: the derivative at a singular matrix is not computed");
    lu.inverse()
}

/// The lower triangle with half of the diagonal.
fn half_triangle<A: Float>(mut matrix: Array2<A>) -> Array2<A> {
    for ((row, column), place) in matrix.indexed_iter_mut() {
        if column > row {
            *place = A::zero();
        } else if column == row {
            *place *= A::of(0.5);
        }
    }
    matrix
}

fn symmetric<A: Float>(matrix: &ArrayRef<A, Ix2>) -> Array2<A> {
    Zip::from(matrix).and(matrix.t()).map_collect(|&a, &b| (a + b) * A::of(0.5))
}

rule! {
    /// The lower triangular `l` with a positive diagonal and `l lᵀ = (a + aᵀ) / 2`: the Cholesky factor of a symmetric
    /// matrix. The gradient is symmetric, as PyTorch's.
    ///
    /// ```
    /// use autodiff_runtime::nn::cholesky;
    /// use ndarray::array;
    ///
    /// assert_eq!(cholesky(&array![[4.0, 2.0], [2.0, 10.0]]), array![[2.0, 0.0], [1.0, 3.0]]);
    /// ```
    ///
    /// # Panics
    ///
    /// If the matrix is not square or not positive definite.
    fn cholesky[A: Float](a a_bar a_dot: ArrayRef<A, Ix2> => Array2<A>;;) -> Array2<A>, keeps Array2<A>, captures [A];
    value {
        check_square("cholesky", a.shape());
        let mut l = symmetric(a);
        for column in 0..l.ncols() {
            let rest = l[[column, column]] - (0..column).fold(A::zero(), |sum, p| sum + l[[column, p]] * l[[column, p]]);
            assert!(rest > A::zero(), "`cholesky`: the matrix is not positive definite");
            let root = rest.sqrt();
            l[[column, column]] = root;
            for row in column + 1..l.nrows() {
                let taken = (0..column).fold(A::zero(), |sum, p| sum + l[[row, p]] * l[[column, p]]);
                l[[row, column]] = (l[[row, column]] - taken) / root;
                l[[column, row]] = A::zero();
            }
        }
        (l.clone(), l)
    }
    reverse |l, y_bar| {
        let Some(a_bar) = a_bar.filter(|_| !y_bar.is_empty()) else { return };
        // `l⁻ᵀ Φ(lᵀ l̄) l⁻¹`, where `Φ` takes the lower triangle with half of the diagonal.
        let mut inner = half_triangle(matmul(&l.t(), y_bar));
        substitute(l.t(), &mut inner, true, false);
        let mut inner = inner.reversed_axes().as_standard_layout().into_owned();
        substitute(l.t(), &mut inner, true, false);
        crate::accumulate(a_bar, symmetric(&inner));
    }
    forward |y, _kept| {
        let Some(a_dot) = a_dot else { return zero_tangent(y) };
        let mut inner = symmetric(a_dot);
        substitute(y.view(), &mut inner, false, false);
        let mut inner = inner.reversed_axes().as_standard_layout().into_owned();
        substitute(y.view(), &mut inner, false, false);
        matmul(y, &half_triangle(inner))
    }
    second forward cholesky_forward
}

rule! {
    /// The outer product of two vectors: `y[i, j] = a[i] b[j]`.
    fn outer[A: Float](
        a a_bar a_dot: ArrayRef<A, Ix1> => Array1<A>, b b_bar b_dot: ArrayRef<A, Ix1> => Array1<A>;;
    ) -> Array2<A>, keeps (), captures [A];
    value {
        (products(a, b), ())
    }
    reverse |_kept, y_bar| {
        if y_bar.is_empty() {
            return;
        }
        if let Some(a_bar) = a_bar {
            crate::accumulate(a_bar, dot(y_bar, b));
        }
        if let Some(b_bar) = b_bar {
            crate::accumulate(b_bar, dot(a, y_bar));
        }
    }
    forward |y, _kept| {
        let mut y_dot = a_dot.map_or_else(|| zero_tangent(y), |a_dot| products(a_dot, b));
        if let Some(b_dot) = b_dot {
            y_dot += &products(a, b_dot);
        }
        y_dot
    }
    second product a a_bar a_dot, b b_bar b_dot
}

fn products<A: Float>(a: &ArrayRef<A, Ix1>, b: &ArrayRef<A, Ix1>) -> Array2<A> {
    let mut y = Array2::zeros((a.len(), b.len()));
    Zip::from(y.rows_mut()).and(a).for_each(|mut row, &a| Zip::from(&mut row).and(b).for_each(|y, &b| *y = a * b));
    y
}
