//! The matrix product: blocking, packing, and the choice of the loop by the shape.

use std::ops::Range;

use super::lanes::{DOTS, Lanes, Left, ROWS, Target};
use super::scratch;

/// How many terms of a sum are added while a tile stays in registers: a panel of the right factor of this height stays
/// in the cache next to the processor.
const DEPTH: usize = 256;

/// From this number of rows on, copying a panel of the right factor pays, because it is read that often.
const PACKED_ROWS: usize = 24;

/// From this number of columns on, copying the left factor pays.
const PACKED_COLUMNS: usize = 128;

/// A right factor of at most so many numbers stays in the second-level cache.
const RESIDENT: usize = 1 << 17;

/// A factor of a product: element `[i, j]` lies at `i * row + j * column`.
#[derive(Clone, Copy)]
pub(crate) struct Factor<'d, A> {
    pub(crate) data: &'d [A],
    pub(crate) row: usize,
    pub(crate) column: usize,
}

impl<'d, A> Factor<'d, A> {
    /// A row-major matrix.
    pub(crate) fn rows(data: &'d [A], stride: usize) -> Self {
        Self { data, row: stride, column: 1 }
    }

    /// The matrix without its first rows.
    fn after_rows(self, row: usize) -> Self {
        Self { data: &self.data[row * self.row..], ..self }
    }

    /// The matrix without its first columns.
    fn after_columns(self, column: usize) -> Self {
        Self { data: &self.data[column * self.column..], ..self }
    }

    /// The same memory, seen as the transpose.
    pub(crate) fn transposed(self) -> Self {
        Self { data: self.data, row: self.column, column: self.row }
    }
}

/// What becomes of the blocks of a product.
pub(crate) trait Sink<A> {
    /// The memory of a full block, from its first element on, if its rows are contiguous, and the distance of the rows.
    fn place(&mut self, row: usize, column: usize, width: usize) -> Option<(&mut [A], usize)>;

    /// Whether the first part of the sums is added to what is there.
    fn adds(&self) -> bool;

    /// Writes or adds a part of a row, where [`Sink::place`] gave nothing or the block is not full.
    fn write(&mut self, row: usize, column: usize, values: &[A], add: bool);
}

/// The product of an `m` by `k` and a `k` by `n` matrix, written to `sink`.
///
/// The left factor is read row by row: rows that are contiguous may be read where they are, others are copied first.
pub(crate) fn multiply<A: Lanes>(
    [m, n, k]: [usize; 3],
    left: Factor<'_, A>,
    right: Factor<'_, A>,
    sink: &mut impl Sink<A>,
) {
    let depth = depth(m);
    if left.column == 1 && n < PACKED_COLUMNS {
        for start in (0..k).step_by(depth) {
            let left = Factor { data: &left.data[start..], ..left };
            slab([m, n, depth.min(k - start)], Lefts::Unpacked(left), right.after_rows(start), start == 0, sink);
        }
    } else {
        scratch::with(packed_len(m, depth.min(k)), |copy| {
            for start in (0..k).step_by(depth) {
                let depth = depth.min(k - start);
                let groups = copy.as_chunks_mut().0;
                pack_left([m, depth], Factor { data: &left.data[start * left.column..], ..left }, groups);
                slab([m, n, depth], Lefts::Packed(groups), right.after_rows(start), start == 0, sink);
            }
        });
    }
}

/// How many terms of the sums are added at a time. Few rows need little of the right factor at a time, so that it is read
/// in the order of memory.
fn depth(m: usize) -> usize {
    match m {
        0..=16 => 16,
        17..=32 => 32,
        _ => DEPTH,
    }
}

/// The memory that [`pack`] needs.
pub(crate) fn packed_len(m: usize, k: usize) -> usize {
    m.next_multiple_of(ROWS) * k
}

/// Copies a left factor for [`multiply_packed`].
pub(crate) fn pack<A: Lanes>([m, k]: [usize; 2], left: Factor<'_, A>, copy: &mut [A]) {
    let depth = depth(m);
    for start in (0..k).step_by(depth) {
        let depth = depth.min(k - start);
        let copy = &mut copy[packed_len(m, start)..][..packed_len(m, depth)];
        let left = Factor { data: &left.data[start * left.column..], ..left };
        pack_left([m, depth], left, copy.as_chunks_mut().0);
    }
}

/// The same as [`multiply`], with a left factor that was copied before because it is needed several times.
pub(crate) fn multiply_packed<A: Lanes>(
    [m, n, k]: [usize; 3],
    left: &[A],
    right: Factor<'_, A>,
    sink: &mut impl Sink<A>,
) {
    let depth = depth(m);
    for start in (0..k).step_by(depth) {
        let depth = depth.min(k - start);
        let left = &left[packed_len(m, start)..][..packed_len(m, depth)];
        slab([m, n, depth], Lefts::Packed(left.as_chunks().0), right.after_rows(start), start == 0, sink);
    }
}

/// Copies the left factor in groups of rows; a row that is missing in the last group is zero.
fn pack_left<A: Lanes>([m, k]: [usize; 2], from: Factor<'_, A>, groups: &mut [[A; ROWS]]) {
    let whole = if from.row == 1 || from.column == 1 { m / ROWS } else { 0 };
    if from.row == 1 {
        pack_left_columns([whole, k], from, groups);
    } else {
        for (index, group) in groups.chunks_exact_mut(k).enumerate().take(whole) {
            let first = &from.data[index * ROWS * from.row..];
            let rows: [&[A]; ROWS] = std::array::from_fn(|offset| &first[offset * from.row..][..k]);
            for (p, places) in group.iter_mut().enumerate() {
                for (place, row) in places.iter_mut().zip(&rows) {
                    *place = row[p];
                }
            }
        }
    }
    for (row, group) in (0..m).step_by(ROWS).zip(groups.chunks_exact_mut(k)).skip(whole) {
        for (p, places) in group.iter_mut().enumerate() {
            for (offset, place) in places.iter_mut().enumerate() {
                let inside = row + offset < m;
                *place = if inside { from.data[(row + offset) * from.row + p * from.column] } else { A::ZERO };
            }
        }
    }
}

/// Whole groups of a left factor whose columns are contiguous, block by block, because both sides jump through memory.
fn pack_left_columns<A: Lanes>([count, k]: [usize; 2], from: Factor<'_, A>, groups: &mut [[A; ROWS]]) {
    const DEEP: usize = 16;
    const WIDE: usize = 32;
    for start in (0..k).step_by(DEEP) {
        let end = k.min(start + DEEP);
        for first in (0..count).step_by(WIDE) {
            for index in first..count.min(first + WIDE) {
                for p in start..end {
                    groups[index * k + p].copy_from_slice(&from.data[p * from.column + index * ROWS..][..ROWS]);
                }
            }
        }
    }
}

/// The part of a product that stays in the cache.
///
/// If the whole right factor does, it is copied at once and the result is written row by row; otherwise panel after
/// panel of it is used for all rows.
fn slab<A: Lanes>(
    [m, n, k]: [usize; 3],
    left: Lefts<'_, A>,
    right: Factor<'_, A>,
    first: bool,
    sink: &mut impl Sink<A>,
) {
    let panel_at = |column: usize| {
        let used = A::WIDTH.min(n - column);
        [column, used, used.next_multiple_of(A::STEP)]
    };
    let area = k * n.next_multiple_of(A::WIDTH);
    if m > ROWS && area <= RESIDENT {
        return scratch::with(area, |panels| {
            for (column, panel) in (0..n).step_by(A::WIDTH).zip(panels.chunks_exact_mut(k * A::WIDTH)) {
                pack_right(k, panel_at(column), right.after_columns(column), panel);
            }
            for row in (0..m).step_by(ROWS) {
                for (column, panel) in (0..n).step_by(A::WIDTH).zip(panels.chunks_exact(k * A::WIDTH)) {
                    let at = panel_at(column);
                    tiles(row..m.min(row + ROWS), [m, k], left, panel, at[2], at, first, sink);
                }
            }
        });
    }
    scratch::with(k * A::WIDTH, |panel| {
        for column in (0..n).step_by(A::WIDTH) {
            let at = panel_at(column);
            let lines = right.after_columns(column);
            let inside = (k - 1) * right.row + at[2] <= lines.data.len();
            if right.column == 1 && inside && m < PACKED_ROWS {
                tiles(0..m, [m, k], left, lines.data, right.row, at, first, sink);
            } else {
                pack_right(k, at, lines, panel);
                tiles(0..m, [m, k], left, panel, at[2], at, first, sink);
            }
        }
    });
}

/// Copies a panel of the right factor, so that its rows follow each other and have a whole number of vectors.
fn pack_right<A: Lanes>(k: usize, [_, used, width]: [usize; 3], from: Factor<'_, A>, panel: &mut [A]) {
    if from.column == 1 {
        for (p, line) in panel.chunks_exact_mut(width).take(k).enumerate() {
            line[..used].copy_from_slice(&from.data[p * from.row..][..used]);
            line[used..].fill(A::ZERO);
        }
    } else {
        if used < width {
            panel[..k * width].fill(A::ZERO);
        }
        pack_columns([k, used, width], from, panel);
    }
}

/// The same for a factor whose columns are contiguous: some columns at a time, so that whole cache lines are read.
fn pack_columns<A: Lanes>([k, used, width]: [usize; 3], from: Factor<'_, A>, panel: &mut [A]) {
    const BLOCK: usize = 8;
    for column in (0..used).step_by(BLOCK) {
        let count = BLOCK.min(used - column);
        if from.row == 1 && count == BLOCK {
            let lines: [&[A]; BLOCK] = std::array::from_fn(|offset| &from.data[(column + offset) * from.column..][..k]);
            for (p, line) in panel.chunks_exact_mut(width).take(k).enumerate() {
                let places = &mut line[column..column + BLOCK];
                for (place, values) in places.iter_mut().zip(&lines) {
                    *place = values[p];
                }
            }
        } else {
            for (p, line) in panel.chunks_exact_mut(width).take(k).enumerate() {
                for (offset, place) in line[column..column + count].iter_mut().enumerate() {
                    *place = from.data[p * from.row + (column + offset) * from.column];
                }
            }
        }
    }
}

/// The tiles of some rows over one panel of the right factor.
#[allow(clippy::too_many_arguments)]
fn tiles<A: Lanes>(
    rows: Range<usize>,
    [m, k]: [usize; 2],
    left: Lefts<'_, A>,
    panel: &[A],
    stride: usize,
    [column, used, width]: [usize; 3],
    first: bool,
    sink: &mut impl Sink<A>,
) {
    let add = !first || sink.adds();
    let mut buffer = Aligned([A::ZERO; ROWS * 48]);
    for row in rows.step_by(ROWS) {
        let height = ROWS.min(m - row);
        // The last rows stand for those that are missing; nobody looks at what becomes of them.
        let rows: [&[A]; ROWS];
        let left = match left {
            Lefts::Unpacked(left) => {
                rows = std::array::from_fn(|offset| &left.data[(row + offset).min(m - 1) * left.row..][..k]);
                Left::Rows(&rows)
            }
            Lefts::Packed(left) => Left::Packed(&left[row / ROWS * k..][..k]),
        };
        if height == ROWS
            && used == width
            && let Some((data, distance)) = sink.place(row, column, width)
        {
            A::tile(left, panel, stride, width, Target { data, stride: distance, add });
            continue;
        }
        A::tile(left, panel, stride, width, Target { data: &mut buffer.0, stride: width, add: false });
        for index in 0..height {
            sink.write(row + index, column, &buffer.0[index * width..][..used], add);
        }
    }
}

/// The left factor of a slab.
#[derive(Clone, Copy)]
enum Lefts<'l, A> {
    /// Rows that are contiguous.
    Unpacked(Factor<'l, A>),
    /// Groups of rows, each with what is multiplied at the same time side by side.
    Packed(&'l [[A; ROWS]]),
}

/// Memory that begins with a cache line.
#[repr(align(64))]
struct Aligned<T>(T);

/// The product of an `m` by `k` matrix with contiguous rows and the transpose of an `n` by `k` matrix with contiguous
/// rows, as inner products: nothing is copied. `sink` is given row, column, and the inner product.
pub(crate) fn inner_products<A: Lanes>(
    [m, n, k]: [usize; 3],
    left: Factor<'_, A>,
    right: Factor<'_, A>,
    mut sink: impl FnMut(usize, usize, A, bool),
) {
    const LENGTH: usize = 2048;
    for start in (0..k).step_by(LENGTH) {
        let len = LENGTH.min(k - start);
        for row in (0..m).step_by(DOTS) {
            let lefts: [&[A]; DOTS] =
                std::array::from_fn(|offset| &left.data[(row + offset).min(m - 1) * left.row + start..][..len]);
            for column in (0..n).step_by(DOTS) {
                let rights: [&[A]; DOTS] = std::array::from_fn(|offset| {
                    &right.data[(column + offset).min(n - 1) * right.row + start..][..len]
                });
                let sums = A::dots(&lefts, &rights);
                for (i, sums) in sums.iter().enumerate().take(m - row) {
                    for (j, &sum) in sums.iter().enumerate().take(n - column) {
                        sink(row + i, column + j, sum, start == 0);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::matrix::Rows;

    fn numbers(seed: usize, len: usize) -> Vec<f32> {
        (0..len).map(|i| ((i * 7 + seed * 13) % 23) as f32 - 11.0).collect()
    }

    /// Small integers, whose products and sums are exact in any order.
    fn check([m, n, k]: [usize; 3], left_turned: bool, right_turned: bool) {
        let (a, b) = (numbers(1, m * k), numbers(2, k * n));
        let left = if left_turned { Factor::rows(&a, m).transposed() } else { Factor::rows(&a, k) };
        let right = if right_turned { Factor::rows(&b, k).transposed() } else { Factor::rows(&b, n) };
        let at = |factor: Factor<'_, f32>, i: usize, j: usize| factor.data[i * factor.row + j * factor.column];
        let expected: Vec<f32> = (0..m * n)
            .map(|place| (0..k).map(|p| at(left, place / n, p) * at(right, p, place % n)).sum::<f32>())
            .collect();
        let mut data = vec![f32::NAN; m * n];
        multiply([m, n, k], left, right, &mut Rows { data: &mut data, stride: n, overwrite: true });
        assert_eq!(data, expected, "{m} {n} {k}");
        multiply([m, n, k], left, right, &mut Rows { data: &mut data, stride: n, overwrite: false });
        assert!(data.iter().zip(&expected).all(|(twice, once)| *twice == 2.0 * once));
        let mut packed = vec![0.0; packed_len(m, k)];
        pack([m, k], left, &mut packed);
        multiply_packed([m, n, k], &packed, right, &mut Rows { data: &mut data, stride: n, overwrite: true });
        assert_eq!(data, expected, "packed {m} {n} {k}");
        if left.column == 1 && right.row == 1 {
            inner_products([m, n, k], left, right.transposed(), |row, column, sum, first| {
                let place = &mut data[row * n + column];
                *place = if first { sum } else { *place + sum };
            });
            assert_eq!(data, expected, "inner products {m} {n} {k}");
        }
    }

    #[test]
    fn products_of_all_shapes_and_layouts() {
        // Few under Miri, which runs the same loops without the instructions that it does not know.
        let shapes: &[[usize; 3]] = if cfg!(miri) {
            &[[9, 50, 3], [1, 5, 18]]
        } else {
            &[
                [1, 1, 1],
                [8, 48, 16],
                [9, 50, 17],
                [33, 130, 300],
                [70, 200, 40],
                [3, 5, 2100],
                [17, 16, 31],
                [40, 7, 513],
            ]
        };
        for &shape in shapes {
            for turned in 0..4 {
                check(shape, turned & 1 == 1, turned & 2 == 2);
            }
        }
    }
}
