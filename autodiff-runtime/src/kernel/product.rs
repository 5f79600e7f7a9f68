//! The matrix product of ndarray's views.
//!
//! The work is done by the crate `gemm`, which reads factors where they are if their rows are contiguous, whole vectors
//! long, and not too long. What is not like that is copied here, into memory that is used again: `gemm` would take new
//! memory for it with every call.

use ndarray::{ArrayView2, ArrayViewMut2, ShapeBuilder};

use super::inner::inner_products;
use super::scratch;
use crate::Float;

/// What happens to what was there before.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Write {
    Replace,
    Add,
}

/// With fewer rows than this, inner products are faster than tiles, which would be mostly empty.
const FEW: usize = 8;

/// The longest vector of a processor has so many numbers.
const VECTOR: usize = 16;

/// Results with at most so many columns are padded to whole vectors; of wider ones only the last columns are.
const NARROW: usize = 128;

/// So many columns are computed at a time: for more of them, `gemm` would copy the left factor.
const WIDE: usize = 1536;

/// The distance of two rows of a copy: whole vectors, but not a power of two, for which rows would meet in the cache.
pub(crate) fn stride(columns: usize) -> usize {
    columns.next_multiple_of(VECTOR) + VECTOR
}

/// A matrix in row-major memory whose rows begin `stride` numbers apart.
pub(crate) fn rows<A>(data: &[A], shape: [usize; 2], stride: usize) -> ArrayView2<'_, A> {
    ArrayView2::from_shape(shape.strides([stride, 1]), data).expect("the memory is large enough")
}

/// The same, to be written to.
pub(crate) fn rows_mut<A>(data: &mut [A], shape: [usize; 2], stride: usize) -> ArrayViewMut2<'_, A> {
    ArrayViewMut2::from_shape(shape.strides([stride, 1]), data).expect("the memory is large enough")
}

/// `c = a b` or `c += a b`, for any memory layout. The caller has checked the shapes.
pub(crate) fn product<A: Float>(a: ArrayView2<'_, A>, b: ArrayView2<'_, A>, mut c: ArrayViewMut2<'_, A>, write: Write) {
    let ((m, k), n) = (a.dim(), b.ncols());
    if m == 0 || n == 0 || k == 0 {
        if write == Write::Replace {
            c.fill(A::zero());
        }
    } else if m != 1 && (n == 1 || (!has_rows(&c.view()) && has_rows(&c.t()))) {
        product(b.reversed_axes(), a.reversed_axes(), c.reversed_axes(), write);
    } else if !has_rows(&c.view()) {
        scratch::with(m * n, |memory| {
            let mut dense = rows_mut(memory, [m, n], n);
            product(a, b, dense.view_mut(), Write::Replace);
            finish(dense.view(), c, write);
        });
    } else if m == 1 {
        vector(a, b, c, write);
    } else if m.min(n) <= FEW
        && let (Some(left), Some(right), Some(places)) =
            (contiguous(a), contiguous(b.reversed_axes()), c.as_slice_mut())
    {
        inner_products([m, n, k], [left, right], |row, column, sum, first| {
            let place = &mut places[row * n + column];
            *place = if first && write == Write::Replace { sum } else { *place + sum };
        });
    } else if k < VECTOR && m.max(n) <= 4 * VECTOR {
        shallow(a, b, c, write);
    } else if is_better_turned(a, b)
        && let Some(places) = c.as_slice_mut()
    {
        turned(a, b, places, write);
    } else {
        with_rows(a, |a| in_blocks(a, b, c, write));
    }
}

/// Whether to copy the left factor and the result costs less than to copy the right factor, which is often the larger one:
/// the weights of a layer, and the inputs of a batch.
fn is_better_turned<A>(a: ArrayView2<'_, A>, b: ArrayView2<'_, A>) -> bool {
    let ((m, k), n) = (a.dim(), b.ncols());
    has_rows(&a) && has_rows(&b.t()) && m.next_multiple_of(VECTOR) * (k + n) < k * n
}

/// The transpose of the product of the transposes, to a result without gaps.
fn turned<A: Float>(a: ArrayView2<'_, A>, b: ArrayView2<'_, A>, places: &mut [A], write: Write) {
    let (m, n) = (a.nrows(), b.ncols());
    scratch::with(n * stride(m), |memory| {
        in_blocks(b.reversed_axes(), a.reversed_axes(), rows_mut(memory, [n, m], stride(m)), Write::Replace);
        A::transpose([n, m], memory, stride(m), places, n, write == Write::Add);
    });
}

/// Whether the rows are contiguous.
fn has_rows<A>(matrix: &ArrayView2<'_, A>) -> bool {
    let (strides, [m, n]) = (matrix.strides(), [matrix.nrows(), matrix.ncols()]);
    (n == 1 || strides[1] == 1) && (m == 1 || strides[0] >= n as isize)
}

/// The elements of a matrix without gaps.
fn contiguous<A>(matrix: ArrayView2<'_, A>) -> Option<&[A]> {
    matrix.to_slice()
}

/// Copies or adds a result that was computed elsewhere.
fn finish<A: Float>(from: ArrayView2<'_, A>, mut to: ArrayViewMut2<'_, A>, write: Write) {
    match write {
        Write::Replace => to.assign(&from),
        Write::Add => to += &from,
    }
}

/// The product of a row and a matrix, which is read once.
fn vector<A: Float>(a: ArrayView2<'_, A>, b: ArrayView2<'_, A>, c: ArrayViewMut2<'_, A>, write: Write) {
    with_rows(a, |a| {
        if has_rows(&b.t()) {
            A::product(a, b, c, write == Write::Add);
        } else {
            with_rows(b, |b| A::product(a, b, c, write == Write::Add));
        }
    });
}

/// A small product of few terms, padded with zeros: `gemm` keeps a list that is the longer the fewer terms there are.
fn shallow<A: Float>(a: ArrayView2<'_, A>, b: ArrayView2<'_, A>, c: ArrayViewMut2<'_, A>, write: Write) {
    let ((m, k), n) = (a.dim(), b.ncols());
    let width = n.next_multiple_of(VECTOR);
    scratch::with(VECTOR * (m + width) + m * width, |memory| {
        memory[..VECTOR * (m + width)].fill(A::zero());
        let (left, rest) = memory.split_at_mut(m * VECTOR);
        let (right, result) = rest.split_at_mut(VECTOR * width);
        rows_mut(left, [m, k], VECTOR).assign(&a);
        rows_mut(right, [k, n], width).assign(&b);
        let mut padded = rows_mut(result, [m, width], width);
        A::product(rows(left, [m, VECTOR], VECTOR), rows(right, [VECTOR, width], width), padded.view_mut(), false);
        finish(padded.slice(ndarray::s![.., ..n]), c, write);
    });
}

/// A product whose left factor has contiguous rows, some columns at a time.
fn in_blocks<A: Float>(a: ArrayView2<'_, A>, b: ArrayView2<'_, A>, c: ArrayViewMut2<'_, A>, write: Write) {
    let n = b.ncols();
    if n <= NARROW && !n.is_multiple_of(VECTOR) {
        return padded(a, b, c, write);
    }
    let whole = n - n % VECTOR;
    let (mut left, rest) = c.split_at(ndarray::Axis(1), whole);
    for start in (0..whole).step_by(WIDE) {
        let columns = ndarray::s![.., start..whole.min(start + WIDE)];
        with_rows(b.slice(columns), |b| by_rows(a, b, left.slice_mut(columns), write == Write::Add));
    }
    if whole < n {
        padded(a, b.slice(ndarray::s![.., whole..]), rest, write);
    }
}

/// So many rows are computed by one thread.
#[cfg(feature = "rayon")]
const PART: usize = 256;

/// A product whose rows are computed in parallel, in parts that do not depend on the number of threads: nor do its bits.
#[cfg(feature = "rayon")]
fn by_rows<A: Float>(a: ArrayView2<'_, A>, b: ArrayView2<'_, A>, mut c: ArrayViewMut2<'_, A>, add: bool) {
    use rayon::iter::{IntoParallelIterator, ParallelIterator};
    if a.nrows() <= PART {
        return A::product(a, b, c, add);
    }
    let rows = ndarray::Axis(0);
    let parts: Vec<_> = a.axis_chunks_iter(rows, PART).zip(c.axis_chunks_iter_mut(rows, PART)).collect();
    parts.into_par_iter().for_each(|(a, c)| A::product(a, b, c, add));
}

#[cfg(not(feature = "rayon"))]
fn by_rows<A: Float>(a: ArrayView2<'_, A>, b: ArrayView2<'_, A>, c: ArrayViewMut2<'_, A>, add: bool) {
    A::product(a, b, c, add);
}

/// A product with few columns, which are padded to whole vectors.
fn padded<A: Float>(a: ArrayView2<'_, A>, b: ArrayView2<'_, A>, c: ArrayViewMut2<'_, A>, write: Write) {
    let ((m, k), n) = (a.dim(), b.ncols());
    let width = n.next_multiple_of(VECTOR);
    scratch::with((k + m) * width, |memory| {
        let (right, result) = memory.split_at_mut(k * width);
        for line in right.chunks_exact_mut(width) {
            line[n..].fill(A::zero());
        }
        copy(b, right, width);
        let mut result = rows_mut(result, [m, width], width);
        A::product(a, rows(right, [k, width], width), result.view_mut(), false);
        finish(result.slice(ndarray::s![.., ..n]), c, write);
    });
}

/// Hands on the matrix with contiguous rows, copied if it has not got them.
fn with_rows<A: Float>(matrix: ArrayView2<'_, A>, body: impl FnOnce(ArrayView2<'_, A>)) {
    if has_rows(&matrix) {
        return body(matrix);
    }
    let (m, n) = matrix.dim();
    scratch::with(m * stride(n), |memory| {
        copy(matrix, memory, stride(n));
        body(rows(memory, [m, n], stride(n)));
    });
}

/// Copies a matrix of any layout to rows that begin `stride` numbers apart.
pub(crate) fn copy<A: Float>(matrix: ArrayView2<'_, A>, to: &mut [A], stride: usize) {
    let (m, n) = matrix.dim();
    let distance = matrix.strides()[1];
    let columns = matrix.t();
    if has_rows(&columns)
        && let Some(from) = lines(&columns)
    {
        A::transpose([n, m], from, distance.unsigned_abs(), to, stride, false);
    } else {
        rows_mut(to, [m, n], stride).assign(&matrix);
    }
}

/// The memory from the first to the last element of a matrix with contiguous rows.
fn lines<'d, A>(matrix: &ArrayView2<'d, A>) -> Option<&'d [A]> {
    // A matrix with gaps has no slice; it is copied element by element.
    matrix.to_slice()
}

#[cfg(test)]
mod tests;
