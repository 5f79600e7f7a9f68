//! The innermost loops of the matrix product.
//!
//! A *tile* is a block of the result of [`ROWS`] rows and up to `WIDTH` columns that stays in registers while the loop
//! runs along the axis that is summed over. [`Lanes::tile`] multiplies rows of the left factor, each contiguous along
//! that axis, with a panel of the right factor whose rows are contiguous: no operand has to be copied first if it lies
//! like that. [`Lanes::dots`] serves products with few columns, where both factors are contiguous along the summed axis.
//!
//! Each loop exists for AVX-512, for AVX2 with FMA, and without instructions of any processor; the choice is made when
//! the program runs.
// The trait is a supertrait of the public `Float`, but nobody else names what is here.
#![allow(unsafe_code, unreachable_pub)]

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::*;

use super::scratch::Pooled;

/// The rows of a tile.
pub(crate) const ROWS: usize = 8;

/// The rows, and the columns, of a block of inner products.
pub(crate) const DOTS: usize = 4;

/// The rows of the left factor that a tile needs, of equal length.
#[derive(Clone, Copy)]
pub enum Left<'l, A> {
    /// Each where it is.
    Rows(&'l [&'l [A]; ROWS]),
    /// Copied, with what is multiplied at the same time side by side.
    Packed(&'l [[A; ROWS]]),
}

/// Where a tile is written to.
pub struct Target<'t, A> {
    /// Memory that begins with the first element.
    pub data: &'t mut [A],
    /// The distance of two rows.
    pub stride: usize,
    /// Whether it is added to what is there.
    pub add: bool,
}

/// Some rows of the left factor, as the innermost loop reads them.
trait LeftPart<A: Copy> {
    fn depth(&self) -> usize;
    fn at(&self, row: usize, p: usize) -> A;
}

impl<A: Copy, const HEIGHT: usize> LeftPart<A> for [&[A]; HEIGHT] {
    #[inline(always)]
    fn depth(&self) -> usize {
        self[0].len()
    }

    #[inline(always)]
    fn at(&self, row: usize, p: usize) -> A {
        self[row][p]
    }
}

impl<A: Copy> LeftPart<A> for (&[[A; ROWS]], usize) {
    #[inline(always)]
    fn depth(&self) -> usize {
        self.0.len()
    }

    #[inline(always)]
    fn at(&self, row: usize, p: usize) -> A {
        self.0[p][self.1 + row]
    }
}

/// A number that has kernels.
pub trait Lanes: Pooled + std::ops::AddAssign + std::ops::Add<Output = Self> + std::ops::Mul<Output = Self> {
    /// The columns of a full tile.
    const WIDTH: usize;
    /// The unit in which a tile may be narrower.
    const STEP: usize;

    /// `target[i, j] = Σₚ left[i, p] right[p * stride + j]`, for all `j` below `width`, a multiple of `STEP`.
    ///
    /// # Panics
    ///
    /// If the rows have different lengths, or the panel or the target is too short.
    fn tile(left: Left<'_, Self>, right: &[Self], stride: usize, width: usize, target: Target<'_, Self>);

    /// The inner products of every row of `left` with every row of `right`, all of one length.
    ///
    /// # Panics
    ///
    /// If the lengths differ.
    fn dots(left: &[&[Self]; DOTS], right: &[&[Self]; DOTS]) -> [[Self; DOTS]; DOTS];
}

/// The same, without instructions of any processor. Small enough to stay in 16 registers of two `f64` each.
mod portable {
    use super::{DOTS, Lanes, Left, LeftPart, ROWS, Target};

    const HEIGHT: usize = 4;
    const WIDTH: usize = 4;

    pub(super) fn tile<A: Lanes>(left: Left<'_, A>, right: &[A], stride: usize, width: usize, target: Target<'_, A>) {
        for row in (0..ROWS).step_by(HEIGHT) {
            for column in (0..width).step_by(WIDTH) {
                let data = &mut target.data[row * target.stride + column..];
                let target = Target { data, ..target };
                match left {
                    Left::Rows(rows) => {
                        let rows: [&[A]; HEIGHT] = std::array::from_fn(|i| &rows[row + i][..rows[0].len()]);
                        block(rows, &right[column..], stride, target);
                    }
                    Left::Packed(rows) => block((rows, row), &right[column..], stride, target),
                }
            }
        }
    }

    fn block<A: Lanes>(left: impl LeftPart<A>, right: &[A], stride: usize, target: Target<'_, A>) {
        let mut sums = [[A::ZERO; WIDTH]; HEIGHT];
        for p in 0..left.depth() {
            let right = &right[p * stride..][..WIDTH];
            for (i, sums) in sums.iter_mut().enumerate() {
                for (sum, &value) in sums.iter_mut().zip(right) {
                    *sum += left.at(i, p) * value;
                }
            }
        }
        for (places, sums) in target.data.chunks_mut(target.stride).zip(&sums) {
            for (place, &sum) in places.iter_mut().zip(sums) {
                *place = if target.add { *place + sum } else { sum };
            }
        }
    }

    pub(super) fn dots<A: Lanes>(left: &[&[A]; DOTS], right: &[&[A]; DOTS]) -> [[A; DOTS]; DOTS] {
        left.map(|left| right.map(|right| left.iter().zip(right).fold(A::ZERO, |sum, (&a, &b)| sum + a * b)))
    }
}

/// Defines the loops of one number for one instruction set.
///
/// `$load` and `$store` read and write through pointers; they are wrapped in functions of arrays of exactly one vector,
/// which makes them safe to call. Everything else is safe inside a function that enables the instructions.
#[cfg(target_arch = "x86_64")]
macro_rules! vector_loops {
    (
        $module:ident, $features:literal, $float:ident, $lanes:literal, $Vector:ident,
        $load:ident, $store:ident, $zero:ident, $all:ident, $fma:ident, $plus:ident;
        height $height:literal, vectors $($vectors:literal)+, columns $columns:literal
    ) => {
        mod $module {
            use super::*;

            const LANES: usize = $lanes;

            #[inline]
            #[target_feature(enable = $features)]
            fn load(values: &[$float; LANES]) -> $Vector {
                // SAFETY: the pointer is that of an array of as many numbers as the vector has, and the instruction needs
                // no alignment.
                unsafe { $load(values.as_ptr()) }
            }

            #[inline]
            #[target_feature(enable = $features)]
            fn store(values: &mut [$float; LANES], vector: $Vector) {
                // SAFETY: the pointer is that of an array of as many numbers as the vector has, which is borrowed mutably,
                // and the instruction needs no alignment.
                unsafe { $store(values.as_mut_ptr(), vector) }
            }

            #[target_feature(enable = $features)]
            pub(super) fn tile(
                left: Left<'_, $float>,
                right: &[$float],
                stride: usize,
                width: usize,
                target: Target<'_, $float>,
            ) {
                for row in (0..ROWS).step_by($height) {
                    let mut column = 0;
                    while column < width {
                        $(if width - column >= $vectors * LANES {
                            let data = &mut target.data[row * target.stride + column..];
                            let target = Target { data, ..target };
                            match left {
                                Left::Rows(rows) => {
                                    let mut lefts: [&[$float]; $height] = [&[]; $height];
                                    for (left, row) in lefts.iter_mut().zip(&rows[row..]) {
                                        *left = &row[..rows[0].len()];
                                    }
                                    block::<$vectors, _>(lefts, &right[column..], stride, target);
                                }
                                Left::Packed(rows) => block::<$vectors, _>((rows, row), &right[column..], stride, target),
                            }
                            column += $vectors * LANES;
                            continue;
                        })+
                        unreachable!("the width of a tile is a multiple of that of a vector");
                    }
                }
            }

            /// A block that fits the registers.
            #[inline]
            #[target_feature(enable = $features)]
            fn block<const VECTORS: usize, L: LeftPart<$float>>(
                left: L,
                right: &[$float],
                stride: usize,
                target: Target<'_, $float>,
            ) {
                let mut sums = [[$zero(); VECTORS]; $height];
                for p in 0..left.depth() {
                    let (values, _) = right[p * stride..][..VECTORS * LANES].as_chunks::<LANES>();
                    let mut vectors = [$zero(); VECTORS];
                    for v in 0..VECTORS {
                        vectors[v] = load(&values[v]);
                    }
                    for i in 0..$height {
                        let left = $all(left.at(i, p));
                        for v in 0..VECTORS {
                            sums[i][v] = $fma(left, vectors[v], sums[i][v]);
                        }
                    }
                }
                for i in 0..$height {
                    let places = &mut target.data[i * target.stride..][..VECTORS * LANES];
                    let (places, _) = places.as_chunks_mut::<LANES>();
                    for v in 0..VECTORS {
                        let sum = if target.add { $plus(load(&places[v]), sums[i][v]) } else { sums[i][v] };
                        store(&mut places[v], sum);
                    }
                }
            }

            #[target_feature(enable = $features)]
            pub(super) fn dots(
                left: &[&[$float]; DOTS],
                right: &[&[$float]; DOTS],
            ) -> [[$float; DOTS]; DOTS] {
                let mut result = [[0.0; DOTS]; DOTS];
                for first in (0..DOTS).step_by($columns) {
                    inner_products(left, right, first, &mut result);
                }
                result
            }

            /// Some columns of the block: as many as fit the registers.
            #[inline]
            #[target_feature(enable = $features)]
            fn inner_products(
                left: &[&[$float]; DOTS],
                right: &[&[$float]; DOTS],
                first: usize,
                result: &mut [[$float; DOTS]; DOTS],
            ) {
                let len = left[0].len();
                let whole = len / LANES;
                let mut lefts: [&[[$float; LANES]]; DOTS] = [&[]; DOTS];
                let mut rights: [&[[$float; LANES]]; $columns] = [&[]; $columns];
                for i in 0..DOTS {
                    lefts[i] = &left[i][..len].as_chunks().0[..whole];
                }
                for j in 0..$columns {
                    rights[j] = &right[first + j][..len].as_chunks().0[..whole];
                }
                let mut sums = [[$zero(); $columns]; DOTS];
                for p in 0..whole {
                    let mut vectors = [$zero(); $columns];
                    for j in 0..$columns {
                        vectors[j] = load(&rights[j][p]);
                    }
                    for i in 0..DOTS {
                        let left = load(&lefts[i][p]);
                        for j in 0..$columns {
                            sums[i][j] = $fma(left, vectors[j], sums[i][j]);
                        }
                    }
                }
                for i in 0..DOTS {
                    for j in 0..$columns {
                        let mut lanes = [0.0; LANES];
                        store(&mut lanes, sums[i][j]);
                        // By halves, which is a tree of vectors again.
                        let mut half = LANES / 2;
                        while half > 0 {
                            for lane in 0..half {
                                lanes[lane] += lanes[lane + half];
                            }
                            half /= 2;
                        }
                        let mut sum = lanes[0];
                        for p in whole * LANES..len {
                            sum += left[i][p] * right[first + j][p];
                        }
                        result[i][first + j] = sum;
                    }
                }
            }
        }
    };
}

#[cfg(target_arch = "x86_64")]
vector_loops! {
    avx512_f32, "avx512f", f32, 16, __m512,
    _mm512_loadu_ps, _mm512_storeu_ps, _mm512_setzero_ps, _mm512_set1_ps, _mm512_fmadd_ps, _mm512_add_ps;
    height 8, vectors 3 2 1, columns 4
}

#[cfg(target_arch = "x86_64")]
vector_loops! {
    avx512_f64, "avx512f", f64, 8, __m512d,
    _mm512_loadu_pd, _mm512_storeu_pd, _mm512_setzero_pd, _mm512_set1_pd, _mm512_fmadd_pd, _mm512_add_pd;
    height 8, vectors 3 2 1, columns 4
}

#[cfg(target_arch = "x86_64")]
vector_loops! {
    avx2_f32, "avx2,fma", f32, 8, __m256,
    _mm256_loadu_ps, _mm256_storeu_ps, _mm256_setzero_ps, _mm256_set1_ps, _mm256_fmadd_ps, _mm256_add_ps;
    height 4, vectors 3 2 1, columns 2
}

#[cfg(target_arch = "x86_64")]
vector_loops! {
    avx2_f64, "avx2,fma", f64, 4, __m256d,
    _mm256_loadu_pd, _mm256_storeu_pd, _mm256_setzero_pd, _mm256_set1_pd, _mm256_fmadd_pd, _mm256_add_pd;
    height 4, vectors 3 2 1, columns 2
}

macro_rules! impl_lanes {
    ($float:ident, $step:literal, $avx512:ident, $avx2:ident) => {
        impl Lanes for $float {
            const WIDTH: usize = 3 * $step;
            const STEP: usize = $step;

            #[inline]
            fn tile(left: Left<'_, Self>, right: &[Self], stride: usize, width: usize, target: Target<'_, Self>) {
                #[cfg(target_arch = "x86_64")]
                {
                    if is_x86_feature_detected!("avx512f") {
                        // SAFETY: this processor has the instructions that the function enables.
                        return unsafe { $avx512::tile(left, right, stride, width, target) };
                    }
                    if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                        // SAFETY: this processor has the instructions that the function enables.
                        return unsafe { $avx2::tile(left, right, stride, width, target) };
                    }
                }
                portable::tile(left, right, stride, width, target);
            }

            #[inline]
            fn dots(left: &[&[Self]; DOTS], right: &[&[Self]; DOTS]) -> [[Self; DOTS]; DOTS] {
                #[cfg(target_arch = "x86_64")]
                {
                    if is_x86_feature_detected!("avx512f") {
                        // SAFETY: this processor has the instructions that the function enables.
                        return unsafe { $avx512::dots(left, right) };
                    }
                    if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                        // SAFETY: this processor has the instructions that the function enables.
                        return unsafe { $avx2::dots(left, right) };
                    }
                }
                portable::dots(left, right)
            }
        }
    };
}

impl_lanes!(f32, 16, avx512_f32, avx2_f32);
impl_lanes!(f64, 8, avx512_f64, avx2_f64);

#[cfg(test)]
mod tests {
    use super::*;

    /// The loops of every instruction set against those without any, on integers, where all are exact.
    #[test]
    fn all_instruction_sets_agree() {
        for (depth, width) in [(1, 16), (5, 32), (33, 48)] {
            let rows: Vec<Vec<f32>> =
                (0..ROWS).map(|i| (0..depth).map(|p| ((i * 3 + p) % 7) as f32 - 3.0).collect()).collect();
            let rows: [&[f32]; ROWS] = std::array::from_fn(|i| rows[i].as_slice());
            let right: Vec<f32> = (0..depth * width).map(|i| (i % 11) as f32 - 5.0).collect();
            let (mut expected, mut actual) = (vec![1.0; ROWS * width], vec![1.0; ROWS * width]);
            let target = Target { data: &mut expected, stride: width, add: true };
            portable::tile(Left::Rows(&rows), &right, width, width, target);
            f32::tile(Left::Rows(&rows), &right, width, width, Target { data: &mut actual, stride: width, add: true });
            assert_eq!(actual, expected);
            #[cfg(target_arch = "x86_64")]
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                actual.fill(1.0);
                let target = Target { data: &mut actual, stride: width, add: true };
                // SAFETY: this processor has the instructions that the function enables.
                unsafe { avx2_f32::tile(Left::Rows(&rows), &right, width, width, target) };
                assert_eq!(actual, expected);
            }
            let few: [&[f32]; DOTS] = std::array::from_fn(|i| rows[i]);
            assert_eq!(f32::dots(&few, &few), portable::dots(&few, &few));
        }
    }
}
