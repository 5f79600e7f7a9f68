//! Inner products of rows, for matrix products with few rows or columns.

use super::lanes::{DOTS, Lanes};

/// The product of an `m` by `k` matrix and the transpose of an `n` by `k` matrix, both without gaps, as inner products:
/// nothing is copied. `sink` is given row, column, a part of the inner product, and whether it is the first.
pub(crate) fn inner_products<A: Lanes>(
    [m, n, k]: [usize; 3],
    [left, right]: [&[A]; 2],
    mut sink: impl FnMut(usize, usize, A, bool),
) {
    const LENGTH: usize = 2048;
    for start in (0..k).step_by(LENGTH) {
        let len = LENGTH.min(k - start);
        for row in (0..m).step_by(DOTS) {
            // The last rows stand for those that are missing; nobody looks at what becomes of them.
            let lefts: [&[A]; DOTS] =
                std::array::from_fn(|offset| &left[(row + offset).min(m - 1) * k + start..][..len]);
            for column in (0..n).step_by(DOTS) {
                let rights: [&[A]; DOTS] =
                    std::array::from_fn(|offset| &right[(column + offset).min(n - 1) * k + start..][..len]);
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
