//! The matrix product of ndarray's views.

use ndarray::{ArrayView2, ArrayViewMut2, CowArray, Ix2};

use super::product::{Factor, Sink, inner_products, multiply};
use crate::Float;

/// What happens to what was there before.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Write {
    Replace,
    Add,
}

/// With fewer rows than this, inner products are faster than tiles, which would be mostly empty.
const FEW: usize = 8;

/// `c = a b` or `c += a b`, for any memory layout. The caller has checked the shapes.
pub(crate) fn product<A: Float>(a: ArrayView2<'_, A>, b: ArrayView2<'_, A>, mut c: ArrayViewMut2<'_, A>, write: Write) {
    let ((m, k), n) = (a.dim(), b.ncols());
    if m == 0 || n == 0 || k == 0 {
        if write == Write::Replace {
            c.fill(A::zero());
        }
        return;
    }
    // The rows of the result shall be contiguous, or else its columns: then the transposes are multiplied.
    if !c.is_standard_layout() && c.t().is_standard_layout() {
        return product(b.reversed_axes(), a.reversed_axes(), c.reversed_axes(), write);
    }
    let (a, b) = (dense(a), dense(b));
    let (left, right) = (factor(&a), factor(&b));
    let overwrite = write == Write::Replace;
    let few = left.column == 1 && right.row == 1 && right.column != 1 && m.min(n) <= FEW;
    if !c.is_standard_layout() {
        return multiply([m, n, k], left, right, &mut Scattered { array: c, overwrite });
    }
    match c.as_slice_mut() {
        Some(c) if few => inner_products([m, n, k], left, right.transposed(), |row, column, sum, first| {
            let place = &mut c[row * n + column];
            *place = if first && overwrite { sum } else { *place + sum };
        }),
        Some(c) => multiply([m, n, k], left, right, &mut Rows { data: c, stride: n, overwrite }),
        None => unreachable!("an array in standard layout is a slice"),
    }
}

/// A result whose rows are contiguous.
pub(crate) struct Rows<'c, A> {
    pub(crate) data: &'c mut [A],
    pub(crate) stride: usize,
    pub(crate) overwrite: bool,
}

impl<A: Float> Sink<A> for Rows<'_, A> {
    #[inline]
    fn place(&mut self, row: usize, column: usize, _: usize) -> Option<(&mut [A], usize)> {
        Some((&mut self.data[row * self.stride + column..], self.stride))
    }

    #[inline]
    fn adds(&self) -> bool {
        !self.overwrite
    }

    #[inline]
    fn write(&mut self, row: usize, column: usize, values: &[A], add: bool) {
        write_row(&mut self.data[row * self.stride + column..][..values.len()], values, add);
    }
}

/// A result of any layout.
struct Scattered<'c, A> {
    array: ArrayViewMut2<'c, A>,
    overwrite: bool,
}

impl<A: Float> Sink<A> for Scattered<'_, A> {
    fn place(&mut self, _: usize, _: usize, _: usize) -> Option<(&mut [A], usize)> {
        None
    }

    fn adds(&self) -> bool {
        !self.overwrite
    }

    fn write(&mut self, row: usize, column: usize, values: &[A], add: bool) {
        for (offset, &value) in values.iter().enumerate() {
            let place = &mut self.array[[row, column + offset]];
            *place = if add { *place + value } else { value };
        }
    }
}

/// Writes or adds a part of a row.
#[inline]
pub(crate) fn write_row<A: Float>(places: &mut [A], values: &[A], add: bool) {
    if add {
        for (place, &value) in places.iter_mut().zip(values) {
            *place += value;
        }
    } else {
        places.copy_from_slice(values);
    }
}

/// The matrix with its rows or its columns following each other in memory; copied unless it has them already.
fn dense<A: Float>(matrix: ArrayView2<'_, A>) -> CowArray<'_, A, Ix2> {
    if matrix.is_standard_layout() || matrix.t().is_standard_layout() {
        CowArray::from(matrix)
    } else {
        CowArray::from(matrix.as_standard_layout().into_owned())
    }
}

fn factor<'d, A: Float>(matrix: &'d CowArray<'_, A, Ix2>) -> Factor<'d, A> {
    if let Some(data) = matrix.as_slice() {
        Factor::rows(data, matrix.ncols())
    } else {
        let data = matrix.as_slice_memory_order().expect("the rows or the columns follow each other");
        Factor::rows(data, matrix.nrows()).transposed()
    }
}
