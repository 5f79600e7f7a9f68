//! Sparse Jacobians and Hessians: their patterns, and the compression that needs few sweeps.
//!
//! Columns of a matrix that have no row in common are computed together, in the direction of the sum of their unit vectors:
//! the entries of the product tell the entries of all of them (Curtis, Powell and Reid, On the estimation of sparse
//! Jacobian matrices, 1974). Columns that are computed together have the same *colour* (Gebremedhin, Manne and Pothen, What
//! color is your Jacobian?, SIAM Review 47, 2005).

mod by_columns;

use ndarray::Array2;

pub use self::by_columns::{jacobian_by_columns, pattern_by_columns};
use crate::coordinates::Coordinates;
use crate::float::Float;
use crate::lanes::{Dependencies, Lane, LaneList, Lanes};

/// Which entries of a matrix may differ from zero, and the colours of its columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    rows: usize,
    /// For each row its columns, in increasing order.
    columns_of: Vec<Vec<usize>>,
    colours: Vec<usize>,
    count: usize,
}

impl Pattern {
    /// The pattern of a matrix with these entries, `(row, column)` in any order.
    ///
    /// ```
    /// use autodiff_runtime::sparse::Pattern;
    ///
    /// // A diagonal needs a single colour, a full row one for each column.
    /// assert_eq!(Pattern::new(3, 3, (0..3).map(|i| (i, i))).colours(), 1);
    /// assert_eq!(Pattern::new(1, 3, (0..3).map(|i| (0, i))).colours(), 3);
    /// ```
    ///
    /// # Panics
    ///
    /// If an entry lies outside of the matrix.
    #[must_use]
    #[track_caller]
    pub fn new(rows: usize, columns: usize, entries: impl IntoIterator<Item = (usize, usize)>) -> Self {
        let mut columns_of = vec![Vec::new(); rows];
        for (row, column) in entries {
            assert!(
                row < rows && column < columns,
                "the entry ({row}, {column}) lies outside of a matrix of {rows} rows and {columns} columns"
            );
            columns_of[row].push(column);
        }
        for row in &mut columns_of {
            row.sort_unstable();
            row.dedup();
        }
        let colours = colour(&columns_of, columns);
        let count = colours.iter().max().map_or(0, |last| last + 1);
        Self { rows, columns_of, colours, count }
    }

    /// The number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The number of columns.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.colours.len()
    }

    /// The number of entries that may differ from zero.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.columns_of.iter().map(Vec::len).sum()
    }

    /// The number of directions that give all entries.
    #[must_use]
    pub fn colours(&self) -> usize {
        self.count
    }

    /// Whether the entry may differ from zero.
    #[must_use]
    pub fn contains(&self, row: usize, column: usize) -> bool {
        self.columns_of.get(row).is_some_and(|columns| columns.binary_search(&column).is_ok())
    }

    /// The matrix with this pattern whose entry in a row and a column of some colour `entry` tells.
    fn fill<F: Float>(&self, mut entry: impl FnMut(usize, usize) -> F) -> Csr<F> {
        let mut matrix = Csr {
            columns: self.columns(),
            row_starts: vec![0],
            column_indices: Vec::with_capacity(self.entries()),
            values: Vec::with_capacity(self.entries()),
        };
        for (row, columns) in self.columns_of.iter().enumerate() {
            for &column in columns {
                matrix.column_indices.push(column);
                matrix.values.push(entry(row, self.colours[column]));
            }
            matrix.row_starts.push(matrix.values.len());
        }
        matrix
    }
}

/// A colour for each column, so that columns with a row in common have different ones: those with the most entries choose
/// first.
fn colour(columns_of: &[Vec<usize>], columns: usize) -> Vec<usize> {
    let mut rows_of = vec![Vec::new(); columns];
    for (row, entries) in columns_of.iter().enumerate() {
        entries.iter().for_each(|column| rows_of[*column].push(row));
    }
    let mut order: Vec<usize> = (0..columns).collect();
    order.sort_by_key(|column| std::cmp::Reverse(rows_of[*column].len()));
    let mut colours = vec![usize::MAX; columns];
    // For each colour the last column that a neighbour with it was seen for.
    let mut taken: Vec<usize> = Vec::new();
    for column in order {
        for neighbour in rows_of[column].iter().flat_map(|row| &columns_of[*row]) {
            if let Some(seen) = taken.get_mut(colours[*neighbour]) {
                *seen = column;
            }
        }
        let free = taken.iter().position(|seen| *seen != column).unwrap_or_else(|| {
            taken.push(usize::MAX);
            taken.len() - 1
        });
        colours[column] = free;
    }
    colours
}

/// A matrix in compressed sparse rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Csr<F> {
    /// The number of columns.
    pub columns: usize,
    /// Where each row begins among the values, and behind the last one where it ends.
    pub row_starts: Vec<usize>,
    /// The column of each value.
    pub column_indices: Vec<usize>,
    /// The values, row by row.
    pub values: Vec<F>,
}

impl<F: Float> Csr<F> {
    /// The number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.row_starts.len() - 1
    }

    /// The entry, zero where the matrix has none.
    #[must_use]
    pub fn get(&self, row: usize, column: usize) -> F {
        let entries = self.row_starts[row]..self.row_starts[row + 1];
        let found = self.column_indices[entries.clone()].binary_search(&column);
        found.map_or_else(|_| F::zero(), |at| self.values[entries.start + at])
    }

    /// The product with a vector.
    ///
    /// # Panics
    ///
    /// If the vector has not as many numbers as the matrix has columns.
    #[must_use]
    #[track_caller]
    pub fn product(&self, vector: &[F]) -> Vec<F> {
        assert!(
            vector.len() == self.columns,
            "a matrix of {} columns cannot be multiplied by a vector of {} numbers",
            self.columns,
            vector.len()
        );
        let row = |bounds: &[usize]| {
            let entries = bounds[0]..bounds[1];
            self.column_indices[entries.clone()]
                .iter()
                .zip(&self.values[entries])
                .map(|(at, value)| *value * vector[*at])
                .sum()
        };
        self.row_starts.windows(2).map(row).collect()
    }

    /// The product of the transposed matrix with a vector.
    ///
    /// # Panics
    ///
    /// If the vector has not as many numbers as the matrix has rows.
    #[must_use]
    #[track_caller]
    pub fn transposed_product(&self, vector: &[F]) -> Vec<F> {
        assert!(
            vector.len() == self.rows(),
            "a matrix of {} rows cannot be multiplied from the left by a vector of {} numbers",
            self.rows(),
            vector.len()
        );
        let mut product = vec![F::zero(); self.columns];
        self.iter().for_each(|(row, column, value)| product[column] += value * vector[row]);
        product
    }

    /// The entries, `(row, column, value)`, row by row.
    pub fn iter(&self) -> impl Iterator<Item = (usize, usize, F)> {
        let rows = self.row_starts.windows(2).enumerate();
        rows.flat_map(move |(row, bounds)| {
            (bounds[0]..bounds[1]).map(move |at| (row, self.column_indices[at], self.values[at]))
        })
    }

    /// The same matrix with its zeros.
    #[must_use]
    pub fn to_dense(&self) -> Array2<F> {
        let mut dense = Array2::zeros((self.rows(), self.columns));
        self.iter().for_each(|(row, column, value)| dense[[row, column]] = value);
        dense
    }
}

/// The pattern that index expressions tell. A position that lies outside belongs to the side of a branch that never runs
/// there.
#[doc(hidden)]
#[must_use]
pub fn jacobian_pattern(rows: usize, columns: usize, entries: Vec<(usize, usize)>) -> Pattern {
    Pattern::new(rows, columns, entries.into_iter().filter(|(row, column)| *row < rows && *column < columns))
}

/// The same of a symmetric matrix, of which one half is given.
#[doc(hidden)]
#[must_use]
pub fn symmetric_pattern(count: usize, entries: Vec<(usize, usize)>) -> Pattern {
    let both = entries.iter().flat_map(|&(row, column)| [(row, column), (column, row)]);
    jacobian_pattern(count, count, both.collect())
}

/// The pattern of a Jacobian by the function's derivative, whose tangents are sets of inputs.
#[doc(hidden)]
pub fn pattern<F, X, Y>(mut zero: X, mut derivative: impl FnMut(&X) -> Y) -> Pattern
where
    F: Float,
    X: LaneList<Dependencies<F>>,
    Y: LaneList<Dependencies<F>>,
{
    let columns = zero.lanes().len();
    let (mut entries, mut rows) = (Vec::new(), 0);
    for first in (0..columns.max(1)).step_by(Dependencies::<F>::COUNT) {
        let several = first..columns.min(first + Dependencies::<F>::COUNT);
        for column in several.clone() {
            zero.lanes_mut()[column] = Dependencies::on(column - first);
        }
        let result = derivative(&zero);
        rows = result.lanes().len();
        for (row, inputs) in result.lanes().iter().enumerate() {
            entries
                .extend(several.clone().filter(|column| inputs.contains(column - first)).map(|column| (row, column)));
        }
        for column in several {
            zero.lanes_mut()[column] = Dependencies::ZERO;
        }
    }
    Pattern::new(rows, columns, entries)
}

/// How many directions a sweep takes: as many numbers of eight bytes as a cache line has.
#[doc(hidden)]
pub const LANES: usize = 8;

/// A sparse Jacobian by the function's derivative in several directions. One direction more is random: it tells whether the
/// pattern has all entries.
#[doc(hidden)]
#[track_caller]
pub fn jacobian<F, X, Y>(function: &str, mut zero: X, pattern: &Pattern, mut derivative: impl FnMut(&X) -> Y) -> Csr<F>
where
    F: Float,
    X: LaneList<Lanes<F, LANES>>,
    Y: LaneList<Lanes<F, LANES>>,
{
    let columns = zero.lanes().len();
    check_size(function, "columns", columns, pattern.columns());
    let random = random_direction::<F>(columns);
    let directions = pattern.colours() + 1;
    let mut compressed = Array2::zeros((pattern.rows(), directions));
    for first in (0..directions).step_by(LANES) {
        for (column, tangent) in zero.lanes_mut().iter_mut().enumerate() {
            *tangent = Lanes([F::zero(); LANES]);
            if let Some(lane) = tangent.0.get_mut(pattern.colours[column].wrapping_sub(first)) {
                *lane = F::one();
            }
            if let Some(lane) = tangent.0.get_mut(pattern.colours().wrapping_sub(first)) {
                *lane = random[column];
            }
        }
        let result = derivative(&zero);
        check_size(function, "rows", result.lanes().len(), pattern.rows());
        for (row, lanes) in result.lanes().iter().enumerate() {
            for (direction, value) in (first..directions).zip(lanes.0) {
                compressed[[row, direction]] = value;
            }
        }
    }
    let matrix = pattern.fill(|row, colour| compressed[[row, colour]]);
    check_product(function, &matrix, &random, |row| compressed[[row, pattern.colours()]]);
    matrix
}

/// The pattern of a Hessian: the entries that differ from zero at the point whose products with vectors are given.
#[doc(hidden)]
pub fn hessian_pattern<F: Float, X: Coordinates>(zero: &X, mut product: impl FnMut(&X, &mut X)) -> Pattern {
    let count = zero.count();
    let mut entries = Vec::new();
    let mut direction = zero.clone();
    for column in 0..count {
        let mut numbers = zero.clone();
        direction.set(column, F::one());
        product(&direction, &mut numbers);
        direction.set(column, F::zero());
        let numbers = numbers.numbers::<F>();
        let found = numbers.iter().enumerate().filter(|(_, number)| **number != F::zero());
        entries.extend(found.flat_map(|(row, _)| [(row, column), (column, row)]));
    }
    Pattern::new(count, count, entries)
}

/// A sparse Hessian by its products with vectors: `product` adds one to a list of zeros. One vector more is random: it
/// tells whether the pattern has all entries.
#[doc(hidden)]
#[track_caller]
pub fn hessian<F: Float, X: Coordinates>(
    function: &str,
    zero: &X,
    pattern: &Pattern,
    mut product: impl FnMut(&X, &mut X),
) -> Csr<F> {
    let count = zero.count();
    check_size(function, "rows", count, pattern.rows());
    check_size(function, "columns", count, pattern.columns());
    let mut along = |value: &dyn Fn(usize) -> F| {
        let (mut direction, mut numbers) = (zero.clone(), zero.clone());
        direction.set_all(value);
        product(&direction, &mut numbers);
        numbers.numbers::<F>()
    };
    let one = |chosen: bool| if chosen { F::one() } else { F::zero() };
    let compressed: Vec<Vec<F>> =
        (0..pattern.colours()).map(|colour| along(&|at| one(pattern.colours[at] == colour))).collect();
    let matrix = pattern.fill(|row, colour| compressed[colour][row]);
    let random = random_direction::<F>(count);
    let expected = along(&|at| random[at]);
    check_product(function, &matrix, &random, |row| expected[row]);
    matrix
}

#[track_caller]
fn check_size(function: &str, what: &str, found: usize, expected: usize) {
    assert!(found == expected, "`{function}`: the pattern has {expected} {what}, but the matrix has {found}");
}

/// Numbers between 0.5 and 1.5 that are the same in every run.
fn random_direction<F: Float>(count: usize) -> Vec<F> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        F::of(0.5 + (state >> 11) as f64 / (1_u64 << 53) as f64)
    };
    (0..count).map(|_| next()).collect()
}

/// An entry that the pattern has not would be lost, or taken for that of another column of its colour.
#[track_caller]
fn check_product<F: Float>(function: &str, matrix: &Csr<F>, direction: &[F], expected: impl Fn(usize) -> F) {
    let tolerance = F::epsilon().sqrt();
    for (row, found) in matrix.product(direction).into_iter().enumerate() {
        let expected = expected(row);
        let entries = &matrix.values[matrix.row_starts[row]..matrix.row_starts[row + 1]];
        let scale = entries.iter().fold(expected.abs(), |sum, value| sum + value.abs());
        if scale.is_finite() && (found - expected).abs() > tolerance * scale {
            panic!(
                "`{function}`: the pattern lacks an entry in row {row}: in a random direction the row gives {found} instead of {expected}"
            );
        }
    }
}
