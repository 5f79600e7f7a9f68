//! Rows by their numbers, and random masks.

use std::sync::atomic::{AtomicU64, Ordering};

use ndarray::{Array, Array2, ArrayRef, Dimension, Ix2, Zip};

use super::rule::{constants, rule};
use crate::{Float, Kept, NoGradField, buffers, kept, zero_tangent};

/// Rows of a table.
fn looked_up<A: Float>(table: &ArrayRef<A, Ix2>, rows: &[usize]) -> Array2<A> {
    let mut result = buffers::array(Ix2(rows.len(), table.ncols()));
    for (mut place, &row) in result.outer_iter_mut().zip(rows) {
        place.assign(&table.row(row));
    }
    result
}

rule! {
    /// The rows of a table with the given numbers; a row that is looked up several times gets the sum of the gradients.
    ///
    /// ```
    /// use autodiff_runtime::nn::embedding;
    /// use ndarray::array;
    ///
    /// let table = array![[1.0, 2.0], [3.0, 4.0]];
    /// let (rows, pullback) = embedding::vjp(&table, &[1, 1, 0]);
    /// assert_eq!(rows, array![[3.0, 4.0], [3.0, 4.0], [1.0, 2.0]]);
    /// assert_eq!(pullback(rows), array![[1.0, 2.0], [6.0, 8.0]]);
    /// ```
    ///
    /// # Panics
    ///
    /// If a number is not that of a row.
    fn embedding[A: Float](
        table table_bar table_dot: ArrayRef<A, Ix2> => Array2<A>;
        rows: [usize] => Vec<()>;
    ) -> Array2<A>, keeps (), captures [A];
    value {
        if let Some(row) = rows.iter().find(|&&row| row >= table.nrows()) {
            panic!("`embedding`: a table of shape {:?} has no row {row}", table.shape());
        }
        (looked_up(table, rows), ())
    }
    reverse |_kept, y_bar| {
        let Some(table_bar) = table_bar.filter(|_| !y_bar.is_empty()) else { return };
        if table_bar.is_empty() {
            *table_bar = zero_tangent(table);
        }
        for (&row, bar) in rows.iter().zip(y_bar.outer_iter()) {
            let mut place = table_bar.row_mut(row);
            place += &bar;
        }
    }
    forward |y, _kept| {
        table_dot.map_or_else(|| zero_tangent(y), |table_dot| looked_up(table_dot, rows))
    }
    second linear
}

/// A source of random numbers for [`dropout`](fn@dropout), which gives the same ones for the same seed on every machine.
///
/// It moves on through a shared reference, so that annotated functions can use it like a constant.
#[derive(Debug)]
pub struct Generator(AtomicU64);

impl Generator {
    /// A generator that begins with `seed`.
    pub const fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    /// Begins again with `seed`.
    pub fn reset(&self, seed: u64) {
        self.0.store(seed, Ordering::Relaxed);
    }

    /// A number from the uniform distribution over `0..1` (SplitMix64).
    pub fn uniform(&self) -> f64 {
        const STEP: u64 = 0x9E37_79B9_7F4A_7C15;
        let z = self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

impl Clone for Generator {
    fn clone(&self) -> Self {
        Self(AtomicU64::new(self.0.load(Ordering::Relaxed)))
    }
}

constants!([] Generator);

rule! {
    /// Sets each number to zero with probability `rate` and divides the others by `1 - rate`, so that the mean stays.
    ///
    /// Nothing is changed with a rate of 0, which is what evaluation uses.
    ///
    /// # Panics
    ///
    /// If the rate is not in `0.0..1.0`.
    fn dropout[A: Float, D: Dimension](
        x x_bar x_dot: ArrayRef<A, D> => Array<A, D>;
        generator: Generator => NoGradField;
        rate: f64 => NoGradField
    ) -> Array<A, D>, keeps Kept<Array<A, D>>, captures [A, D];
    value {
        assert!((0.0..1.0).contains(&rate), "`dropout`: the rate {rate} is not between 0 and 1");
        let factor = A::of(1.0 / (1.0 - rate));
        let draw = || if rate > 0.0 && generator.uniform() < rate { A::zero() } else { factor };
        let mut mask = kept(buffers::array(x.raw_dim()));
        mask.iter_mut().for_each(|place| *place = draw());
        let mut y = buffers::copy(x.view());
        y *= &*mask;
        (y, mask)
    }
    reverse |mask, y_bar| {
        if let Some(x_bar) = x_bar.filter(|_| !y_bar.is_empty()) {
            if x_bar.is_empty() {
                *x_bar = zero_tangent(x);
            }
            Zip::from(x_bar).and(y_bar).and(&**mask).for_each(|place, &bar, &factor| *place += bar * factor);
        }
    }
    forward |y, mask| {
        x_dot.map_or_else(|| zero_tangent(y), |x_dot| x_dot * &**mask)
    }
    second linear
}
