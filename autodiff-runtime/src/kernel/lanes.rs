//! The innermost loops, one for each instruction set.
//!
//! [`Lanes::dots`] serves products with few rows or columns, where both factors are contiguous along the summed axis.
//! [`Lanes::transpose`] brings other factors into the order in which they are read, and [`Lanes::product`] hands them to
//! the crate `gemm`, which has loops of its own for every instruction set.
//!
//! [`widest`] runs loops of others, such as chains of elementwise operations, with wider vectors than those of every
//! processor.
//!
//! Each loop here exists for AVX-512, for AVX2 with FMA, and without instructions of any processor; the choice is made
//! when the program runs.
// The trait is a supertrait of the public `Float`, but nobody else names what is here.
#![allow(unsafe_code, unreachable_pub)]

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::*;

use ndarray::{ArrayView2, ArrayViewMut2};

use super::exponentials::{of_f32, of_f64};
use crate::buffers::Pooled;

/// The rows, and the columns, of a block of inner products.
pub(crate) const DOTS: usize = 4;

/// A number that has kernels.
pub trait Lanes: Pooled + std::ops::AddAssign + std::ops::Add<Output = Self> + std::ops::Mul<Output = Self> {
    /// The inner products of every row of `left` with every row of `right`, all of one length.
    ///
    /// # Panics
    ///
    /// If the lengths differ.
    fn dots(left: &[&[Self]; DOTS], right: &[&[Self]; DOTS]) -> [[Self; DOTS]; DOTS];

    /// Copies the transpose of a matrix, or adds it: the rows of `from` begin `stride` numbers apart and become columns of
    /// `to`, whose rows begin `distance` numbers apart.
    ///
    /// # Panics
    ///
    /// If the memory is too short.
    fn transpose(shape: [usize; 2], from: &[Self], stride: usize, to: &mut [Self], distance: usize, add: bool);

    /// Replaces each number by its exponential.
    fn exp_each(numbers: &mut [Self]);

    /// Replaces each number by its hyperbolic tangent.
    fn tanh_each(numbers: &mut [Self]);

    /// Replaces each number by its logistic function.
    fn sigmoid_each(numbers: &mut [Self]);

    /// The exponential, in a loop over lanes.
    fn exp_in_lanes(self) -> Self;

    /// The hyperbolic tangent, in a loop over lanes.
    fn tanh_in_lanes(self) -> Self;

    /// The natural logarithm, in a loop over lanes.
    fn ln_in_lanes(self) -> Self;

    /// `result = left right`, or `result += left right`.
    ///
    /// # Panics
    ///
    /// If the shapes are not those of a product.
    fn product(left: ArrayView2<'_, Self>, right: ArrayView2<'_, Self>, result: ArrayViewMut2<'_, Self>, add: bool);
}

/// The same, without instructions of any processor.
mod portable {
    use super::{ArrayView2, ArrayViewMut2, DOTS, Lanes};

    pub(super) fn dots<A: Lanes>(left: &[&[A]; DOTS], right: &[&[A]; DOTS]) -> [[A; DOTS]; DOTS] {
        left.map(|left| right.map(|right| left.iter().zip(right).fold(A::ZERO, |sum, (&a, &b)| sum + a * b)))
    }

    /// The transpose of the part of a matrix from the given row and column on.
    pub(super) fn transpose<A: Lanes>(
        [rows, columns]: [usize; 2],
        from: &[A],
        stride: usize,
        to: &mut [A],
        distance: usize,
        add: bool,
    ) {
        for row in 0..rows {
            for column in 0..columns {
                let place = &mut to[column * distance + row];
                let value = from[row * stride + column];
                *place = if add { *place + value } else { value };
            }
        }
    }

    /// For Miri, which does not know how `gemm` asks the processor what it can do.
    pub(super) fn product<A: Lanes>(
        left: ArrayView2<'_, A>,
        right: ArrayView2<'_, A>,
        mut result: ArrayViewMut2<'_, A>,
        add: bool,
    ) {
        for ((row, column), place) in result.indexed_iter_mut() {
            let terms = left.row(row).into_iter().zip(right.column(column));
            let sum = terms.fold(A::ZERO, |sum, (&a, &b)| sum + a * b);
            *place = if add { *place + sum } else { sum };
        }
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
        $load:ident, $store:ident, $zero:ident, $fma:ident; columns $columns:literal
    ) => {
        mod $module {
            use super::*;

            pub(super) const LANES: usize = $lanes;

            #[inline]
            #[target_feature(enable = $features)]
            pub(super) fn load(values: &[$float; LANES]) -> $Vector {
                // SAFETY: the pointer is that of an array of as many numbers as the vector has, and the instruction needs
                // no alignment.
                unsafe { $load(values.as_ptr()) }
            }

            #[inline]
            #[target_feature(enable = $features)]
            pub(super) fn store(values: &mut [$float; LANES], vector: $Vector) {
                // SAFETY: the pointer is that of an array of as many numbers as the vector has, which is borrowed mutably,
                // and the instruction needs no alignment.
                unsafe { $store(values.as_mut_ptr(), vector) }
            }

            #[target_feature(enable = $features)]
            pub(super) fn dots(left: &[&[$float]; DOTS], right: &[&[$float]; DOTS]) -> [[$float; DOTS]; DOTS] {
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
    avx512_f32, "avx512f", f32, 16, __m512, _mm512_loadu_ps, _mm512_storeu_ps, _mm512_setzero_ps, _mm512_fmadd_ps;
    columns 4
}

#[cfg(target_arch = "x86_64")]
vector_loops! {
    avx512_f64, "avx512f", f64, 8, __m512d, _mm512_loadu_pd, _mm512_storeu_pd, _mm512_setzero_pd, _mm512_fmadd_pd;
    columns 4
}

#[cfg(target_arch = "x86_64")]
vector_loops! {
    avx2_f32, "avx2,fma", f32, 8, __m256, _mm256_loadu_ps, _mm256_storeu_ps, _mm256_setzero_ps, _mm256_fmadd_ps;
    columns 2
}

#[cfg(target_arch = "x86_64")]
vector_loops! {
    avx2_f64, "avx2,fma", f64, 4, __m256d, _mm256_loadu_pd, _mm256_storeu_pd, _mm256_setzero_pd, _mm256_fmadd_pd;
    columns 2
}

/// Defines transposition by blocks that fit the registers; `$turn` transposes one.
#[cfg(target_arch = "x86_64")]
macro_rules! block_transposes {
    ($module:ident, $float:ident, $loops:ident, $plus:ident, $turn:ident) => {
        mod $module {
            use super::$loops::{LANES, load, store};
            use super::*;

            #[target_feature(enable = "avx2,fma")]
            pub(super) fn transpose(
                [rows, columns]: [usize; 2],
                from: &[$float],
                stride: usize,
                to: &mut [$float],
                distance: usize,
                add: bool,
            ) {
                let whole = [rows / LANES * LANES, columns / LANES * LANES];
                // Two blocks that lie below each other fill a line of the cache.
                for row in (0..whole[0]).step_by(2 * LANES) {
                    for column in (0..whole[1]).step_by(LANES) {
                        for row in (row..whole[0].min(row + 2 * LANES)).step_by(LANES) {
                            let from = &from[row * stride + column..];
                            block(from, stride, &mut to[column * distance + row..], distance, add);
                        }
                    }
                }
                let right = [rows, columns - whole[1]];
                if right[1] != 0 && rows != 0 {
                    portable::transpose(
                        right,
                        &from[whole[1]..],
                        stride,
                        &mut to[whole[1] * distance..],
                        distance,
                        add,
                    );
                }
                let below = [rows - whole[0], whole[1]];
                if below[0] != 0 && below[1] != 0 {
                    portable::transpose(below, &from[whole[0] * stride..], stride, &mut to[whole[0]..], distance, add);
                }
            }

            #[inline]
            #[target_feature(enable = "avx2,fma")]
            fn block(from: &[$float], stride: usize, to: &mut [$float], distance: usize, add: bool) {
                let mut vectors = [load(from.first_chunk().expect("a block lies inside")); LANES];
                for i in 1..LANES {
                    vectors[i] = load(from[i * stride..].first_chunk().expect("a block lies inside"));
                }
                let turned = $turn(vectors);
                for i in 0..LANES {
                    let place = to[i * distance..].first_chunk_mut().expect("a block lies inside");
                    let vector = if add { $plus(load(place), turned[i]) } else { turned[i] };
                    store(place, vector);
                }
            }
        }
    };
}

#[cfg(target_arch = "x86_64")]
block_transposes!(turn_f32, f32, avx2_f32, _mm256_add_ps, turn_8);
#[cfg(target_arch = "x86_64")]
block_transposes!(turn_f64, f64, avx2_f64, _mm256_add_pd, turn_4);

/// The transpose of a block of 8 by 8 numbers: pairs, then fours, then halves change places.
#[cfg(target_arch = "x86_64")]
#[inline]
#[target_feature(enable = "avx2")]
fn turn_8(rows: [__m256; 8]) -> [__m256; 8] {
    let [a, b, c, d, e, f, g, h] = rows;
    let low = [(a, b), (c, d), (e, f), (g, h)].map(|(x, y)| unpack(x, y));
    let [(ab, ab2), (cd, cd2), (ef, ef2), (gh, gh2)] = low;
    let [left, right] = [[(ab, cd), (ab2, cd2)], [(ef, gh), (ef2, gh2)]].map(|half| {
        let [(x, y), (z, w)] = half;
        [
            _mm256_shuffle_ps::<0x44>(x, y),
            _mm256_shuffle_ps::<0xEE>(x, y),
            _mm256_shuffle_ps::<0x44>(z, w),
            _mm256_shuffle_ps::<0xEE>(z, w),
        ]
    });
    let mut turned = rows;
    for i in 0..4 {
        turned[i] = _mm256_permute2f128_ps::<0x20>(left[i], right[i]);
        turned[i + 4] = _mm256_permute2f128_ps::<0x31>(left[i], right[i]);
    }
    turned
}

#[cfg(target_arch = "x86_64")]
#[inline]
#[target_feature(enable = "avx2")]
fn unpack(x: __m256, y: __m256) -> (__m256, __m256) {
    (_mm256_unpacklo_ps(x, y), _mm256_unpackhi_ps(x, y))
}

/// The transpose of a block of 4 by 4 numbers: pairs, then halves change places.
#[cfg(target_arch = "x86_64")]
#[inline]
#[target_feature(enable = "avx2")]
fn turn_4([a, b, c, d]: [__m256d; 4]) -> [__m256d; 4] {
    let (ab, ab2) = (_mm256_unpacklo_pd(a, b), _mm256_unpackhi_pd(a, b));
    let (cd, cd2) = (_mm256_unpacklo_pd(c, d), _mm256_unpackhi_pd(c, d));
    [
        _mm256_permute2f128_pd::<0x20>(ab, cd),
        _mm256_permute2f128_pd::<0x20>(ab2, cd2),
        _mm256_permute2f128_pd::<0x31>(ab, cd),
        _mm256_permute2f128_pd::<0x31>(ab2, cd2),
    ]
}

/// A loop of plain arithmetic, which the compiler brings into vectors.
pub(crate) trait Loop {
    type Result;

    /// Runs it; `WIDE` is whether the vectors are wider than those of every processor. The results are the same.
    fn run<const WIDE: bool>(self) -> Self::Result;
}

/// Runs a loop with the widest vectors of this processor.
#[inline]
pub(crate) fn widest<L: Loop>(of: L) -> L::Result {
    #[cfg(target_arch = "x86_64")]
    {
        #[target_feature(enable = "avx512f,avx2,fma")]
        fn wide<L: Loop>(of: L) -> L::Result {
            of.run::<true>()
        }

        #[target_feature(enable = "avx2,fma")]
        fn narrow<L: Loop>(of: L) -> L::Result {
            of.run::<true>()
        }

        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            if is_x86_feature_detected!("avx512f") {
                // SAFETY: this processor has the instructions that the function enables.
                return unsafe { wide(of) };
            }
            // SAFETY: this processor has the instructions that the function enables.
            return unsafe { narrow(of) };
        }
    }
    of.run::<false>()
}

/// Defines a function that replaces each number, for each instruction set.
macro_rules! each_number {
    ($float:ident, $of:ident: $($name:ident $function:ident),*) => {$(
        fn $name(numbers: &mut [$float]) {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx512f")]
                fn wide(numbers: &mut [$float]) {
                    numbers.iter_mut().for_each(|number| *number = $of::$function::<true>(*number));
                }

                #[target_feature(enable = "avx2,fma")]
                fn narrow(numbers: &mut [$float]) {
                    numbers.iter_mut().for_each(|number| *number = $of::$function::<true>(*number));
                }

                if is_x86_feature_detected!("avx512f") {
                    // SAFETY: this processor has the instructions that the function enables.
                    return unsafe { wide(numbers) };
                }
                if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                    // SAFETY: this processor has the instructions that the function enables.
                    return unsafe { narrow(numbers) };
                }
            }
            numbers.iter_mut().for_each(|number| *number = $of::$function::<false>(*number));
        }
    )*};
}

macro_rules! impl_lanes {
    ($float:ident, $gemm:ident, $avx512:ident, $avx2:ident, $turn:ident, $of:ident) => {
        impl Lanes for $float {
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

            fn transpose(shape: [usize; 2], from: &[Self], stride: usize, to: &mut [Self], distance: usize, add: bool) {
                #[cfg(target_arch = "x86_64")]
                if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                    // SAFETY: this processor has the instructions that the function enables.
                    return unsafe { $turn::transpose(shape, from, stride, to, distance, add) };
                }
                portable::transpose(shape, from, stride, to, distance, add);
            }

            each_number!($float, $of: exp_each exp, tanh_each tanh, sigmoid_each sigmoid);

            #[inline(always)]
            fn exp_in_lanes(self) -> Self {
                $of::exp::<false>(self)
            }

            #[inline(always)]
            fn tanh_in_lanes(self) -> Self {
                $of::tanh::<false>(self)
            }

            #[inline(always)]
            fn ln_in_lanes(self) -> Self {
                $of::ln(self)
            }

            fn product(
                left: ArrayView2<'_, Self>,
                right: ArrayView2<'_, Self>,
                mut result: ArrayViewMut2<'_, Self>,
                add: bool,
            ) {
                let ((m, k), n) = (left.dim(), right.ncols());
                assert!(right.nrows() == k && result.dim() == (m, n), "the shapes are those of a product");
                if cfg!(miri) {
                    return portable::product(left, right, result, add);
                }
                let (from_left, from_right, to) = (left.as_ptr(), right.as_ptr(), result.as_mut_ptr());
                let [left, right, result] = [left.strides(), right.strides(), result.strides()].map(|s| [s[0], s[1]]);
                let multiply = $gemm::gemm::$float::get_gemm_fn();
                let none = gemm_common::Parallelism::None;
                // SAFETY: pointers, lengths and strides are those of views, whose elements may be read, and of a view of
                // elements that are borrowed mutably, each of which it has once. `gemm` prefers results with contiguous
                // columns and is given the transposes.
                unsafe {
                    multiply(
                        n, m, k, to, result[0], result[1], add, from_right, right[0], right[1], from_left, left[0],
                        left[1], 1.0, 1.0, false, false, false, none,
                    );
                }
            }
        }
    };
}

impl_lanes!(f32, gemm_f32, avx512_f32, avx2_f32, turn_f32, of_f32);
impl_lanes!(f64, gemm_f64, avx512_f64, avx2_f64, turn_f64, of_f64);

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(len: usize) -> Vec<f32> {
        (0..len).map(|i| ((i * 7) % 23) as f32 - 11.0).collect()
    }

    /// The loops of every instruction set against those without any, on integers, where all are exact.
    #[test]
    fn inner_products_of_all_instruction_sets_agree() {
        for depth in [1, 5, 33, 70] {
            let numbers = numbers(DOTS * depth);
            let rows: [&[f32]; DOTS] = std::array::from_fn(|i| &numbers[i * depth..][..depth]);
            let expected = portable::dots(&rows, &rows);
            assert_eq!(f32::dots(&rows, &rows), expected);
            #[cfg(target_arch = "x86_64")]
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                // SAFETY: this processor has the instructions that the function enables.
                assert_eq!(unsafe { avx2_f32::dots(&rows, &rows) }, expected);
            }
        }
    }

    #[test]
    fn transposes_of_all_instruction_sets_agree() {
        fn check<A: Lanes + From<f32> + PartialEq + std::fmt::Debug>([rows, columns]: [usize; 2], add: bool) {
            let from: Vec<A> = numbers(rows * (columns + 3)).into_iter().map(A::from).collect();
            let mut actual: Vec<A> = (0..columns * (rows + 1)).map(|i| A::from(i as f32)).collect();
            let mut expected = actual.clone();
            A::transpose([rows, columns], &from, columns + 3, &mut actual, rows + 1, add);
            portable::transpose([rows, columns], &from, columns + 3, &mut expected, rows + 1, add);
            assert_eq!(actual, expected, "{rows} {columns}");
        }
        for shape in [[1, 1], [8, 8], [3, 20], [16, 4], [17, 23], [0, 4], [40, 9]] {
            for add in [false, true] {
                check::<f32>(shape, add);
                check::<f64>(shape, add);
            }
        }
    }
}
