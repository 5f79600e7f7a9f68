//! A function, or a derivative of it, for every item of a batch.
//!
//! What is computed for an item does not depend on the others, and sums are taken over stretches of [`STRETCH`] items,
//! whose sums are added in their order: results have the same bits with and without the feature `rayon`, and for any
//! number of threads.
//!
//! ```
//! use autodiff_runtime::batch;
//! use ndarray::{array, Axis};
//!
//! // In place of `f::value_and_grad(&w, x)`.
//! let w = [2.0, 3.0];
//! let value_and_grad = |x: &f64| (w[0] * x + w[1], [*x, 1.0]);
//! let (value, w_bar): (f64, [f64; 2]) = batch::sum(&[1.0, 2.0, 4.0], value_and_grad).unwrap();
//! assert_eq!((value, w_bar), (23.0, [7.0, 3.0]));
//!
//! let x = array![[1.0, 2.0], [3.0, 4.0]];
//! assert_eq!(batch::over_axis(&x, Axis(0), |row| row.sum()), [3.0, 7.0]);
//! assert_eq!(batch::rows(&x, |row| &row * 2.0), array![[2.0, 4.0], [6.0, 8.0]]);
//! ```

use ndarray::{Array1, Array2, ArrayBase, ArrayView, ArrayView1, Axis, Data, Dimension, Ix2, RemoveAxis};

use crate::Tangent;

/// How many items are summed one after the other.
pub const STRETCH: usize = 32;

/// What `f` gives for each item: values, gradients, Jacobians.
pub fn map<X: Sync, R: Send>(items: &[X], f: impl Fn(&X) -> R + Sync) -> Vec<R> {
    indexed(items.len(), |index| f(&items[index]))
}

/// The sum of what `f` gives for the items, a pair of value and gradients, say; nothing if there are no items.
pub fn sum<X: Sync, T: Tangent + Send>(items: &[X], f: impl Fn(&X) -> T + Sync) -> Option<T> {
    let stretches: Vec<&[X]> = items.chunks(STRETCH).collect();
    let of_stretch = |stretch: &&[X]| added(stretch.iter().map(&f));
    added(map(&stretches, of_stretch).into_iter().flatten())
}

/// What `f` gives for every part of an array along an axis.
pub fn over_axis<A, S, D, R>(
    array: &ArrayBase<S, D>,
    axis: Axis,
    f: impl Fn(ArrayView<'_, A, D::Smaller>) -> R + Sync,
) -> Vec<R>
where
    A: Sync,
    S: Data<Elem = A> + Sync,
    D: Dimension + RemoveAxis,
    R: Send,
{
    indexed(array.len_of(axis), |index| f(array.index_axis(axis, index)))
}

/// The matrix of what `f` gives for the rows of a matrix: the gradient of each sample, say.
///
/// # Panics
///
/// If the results have different lengths.
pub fn rows<A, S>(matrix: &ArrayBase<S, Ix2>, f: impl Fn(ArrayView1<'_, A>) -> Array1<A> + Sync) -> Array2<A>
where
    A: Clone + Send + Sync,
    S: Data<Elem = A> + Sync,
{
    let rows = over_axis(matrix, Axis(0), f);
    let columns = rows.first().map_or(0, Array1::len);
    let shape = (rows.len(), columns);
    assert!(rows.iter().all(|row| row.len() == columns), "batch::rows: the results have different lengths");
    Array2::from_shape_vec(shape, rows.into_iter().flatten().collect()).expect("as many elements as the shape has")
}

fn added<T: Tangent>(items: impl IntoIterator<Item = T>) -> Option<T> {
    items.into_iter().reduce(|mut sum, item| {
        sum.accumulate(&item);
        sum
    })
}

#[cfg(feature = "rayon")]
fn indexed<R: Send>(count: usize, f: impl Fn(usize) -> R + Sync) -> Vec<R> {
    use rayon::iter::{IntoParallelIterator, ParallelIterator};
    (0..count).into_par_iter().map(&f).collect()
}

#[cfg(not(feature = "rayon"))]
fn indexed<R: Send>(count: usize, f: impl Fn(usize) -> R + Sync) -> Vec<R> {
    (0..count).map(f).collect()
}
