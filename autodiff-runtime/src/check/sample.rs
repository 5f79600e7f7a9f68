//! Arguments for the tests that `#[differentiable(gradcheck)]` writes.

use std::ops::Range;

use ndarray::{Array1, Array2, Array3, Array4};

use crate::Float;

/// The length of every axis that a type leaves open.
const LENGTH: usize = 3;

/// A sequence of numbers that is the same in every run.
#[derive(Clone, Debug)]
pub struct Samples {
    state: u64,
}

impl Samples {
    /// The sequence of a trial.
    pub fn new(trial: u64) -> Self {
        Samples { state: trial.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(0x2545_f491_4f6c_dd1d) }
    }

    /// The next number between 0 and 1.
    fn unit(&mut self) -> f64 {
        // The generator is splitmix64.
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Types of which arguments can be made up.
pub trait Sample {
    /// A value whose numbers lie in a range.
    fn sample(samples: &mut Samples, range: Range<f64>) -> Self;
}

/// A value whose numbers lie between 0.2 and 0.9, where the functions of `std` are defined and have no kinks.
pub fn sample<T: Sample>(samples: &mut Samples) -> T {
    T::sample(samples, 0.2..0.9)
}

impl<F: Float> Sample for F {
    fn sample(samples: &mut Samples, range: Range<f64>) -> Self {
        crate::of(range.start + (range.end - range.start) * samples.unit())
    }
}

macro_rules! integers {
    ($($int:ident)*) => {$(
        impl Sample for $int {
            fn sample(_: &mut Samples, _: Range<f64>) -> Self {
                LENGTH as $int
            }
        }
    )*};
}

integers!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

impl Sample for bool {
    fn sample(samples: &mut Samples, _: Range<f64>) -> Self {
        samples.unit() < 0.5
    }
}

impl<T: Sample, const N: usize> Sample for [T; N] {
    fn sample(samples: &mut Samples, range: Range<f64>) -> Self {
        std::array::from_fn(|_| T::sample(samples, range.clone()))
    }
}

impl<T: Sample> Sample for Vec<T> {
    fn sample(samples: &mut Samples, range: Range<f64>) -> Self {
        (0..LENGTH).map(|_| T::sample(samples, range.clone())).collect()
    }
}

macro_rules! arrays {
    ($($array:ident $shape:expr;)*) => {$(
        impl<T: Sample> Sample for $array<T> {
            fn sample(samples: &mut Samples, range: Range<f64>) -> Self {
                $array::from_shape_simple_fn($shape, || T::sample(samples, range.clone()))
            }
        }
    )*};
}

arrays! {
    Array1 LENGTH;
    Array2 (LENGTH, LENGTH);
    Array3 (LENGTH, LENGTH, LENGTH);
    Array4 (LENGTH, LENGTH, LENGTH, LENGTH);
}

macro_rules! tuples {
    ($($name:ident $index:tt)*) => {
        impl<$($name: Sample),*> Sample for ($($name,)*) {
            fn sample(samples: &mut Samples, range: Range<f64>) -> Self {
                ($($name::sample(samples, range.clone()),)*)
            }
        }
    };
}

crate::macros::for_each_tuple!(tuples);
