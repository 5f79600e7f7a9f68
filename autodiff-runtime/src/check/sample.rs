//! Arguments for the tests that `#[differentiable(gradcheck)]` writes.

use std::collections::VecDeque;
use std::marker::PhantomData;
use std::ops::Range;

use ndarray::{Array1, Array2, Array3, Array4};

/// The length of every axis that a type leaves open.
const LENGTH: usize = 3;

/// A sequence of numbers that is the same in every run.
#[derive(Clone, Debug)]
pub struct Samples {
    state: u64,
    /// How many choices have been made.
    choices: usize,
}

/// How many choices are made before values that contain others of their type become plain.
const CHOICES: usize = 64;

impl Samples {
    /// The sequence of a trial.
    pub fn new(trial: u64) -> Self {
        let state = trial.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(0x2545_f491_4f6c_dd1d);
        Samples { state, choices: 0 }
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

    /// One of `count` variants; `plain` after many of them, so that a list ends.
    pub fn choice(&mut self, count: usize, plain: usize) -> usize {
        self.choices += 1;
        if self.choices > CHOICES { plain } else { (self.unit() * count as f64) as usize }
    }
}

/// Types of which arguments can be made up.
#[diagnostic::on_unimplemented(
    message = "the test of `gradcheck` has no sample of `{Self}`",
    label = "`gradcheck` makes up arguments of numbers, arrays, lists, tuples, text, and types with `#[derive(Differentiable)]`",
    note = "give the parameter a value, `gradcheck(name = ..)`, or write a test that calls `gradcheck!`"
)]
pub trait Sample {
    /// A value whose numbers lie in a range.
    fn sample(samples: &mut Samples, range: Range<f64>) -> Self;
}

/// A value whose numbers lie between 0.2 and 0.9, where the functions of `std` are defined and have no kinks.
pub fn sample<T: Sample>(samples: &mut Samples) -> T {
    T::sample(samples, 0.2..0.9)
}

/// The same value every time.
pub fn constant<T: Sample>(range: Range<f64>) -> T {
    T::sample(&mut Samples::new(0), range)
}

macro_rules! floats {
    ($($float:ident)*) => {$(
        impl Sample for $float {
            fn sample(samples: &mut Samples, range: Range<f64>) -> Self {
                (range.start + (range.end - range.start) * samples.unit()) as $float
            }
        }
    )*};
}

floats!(f32 f64);

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

impl Sample for String {
    fn sample(_: &mut Samples, _: Range<f64>) -> Self {
        "sample".to_owned()
    }
}

impl Sample for char {
    fn sample(_: &mut Samples, _: Range<f64>) -> Self {
        'a'
    }
}

impl<T: Sample> Sample for Option<T> {
    fn sample(samples: &mut Samples, range: Range<f64>) -> Self {
        (samples.choice(2, 0) == 1).then(|| T::sample(samples, range))
    }
}

impl<T: Sample> Sample for Box<T> {
    fn sample(samples: &mut Samples, range: Range<f64>) -> Self {
        Box::new(T::sample(samples, range))
    }
}

impl<T: Sample> Sample for VecDeque<T> {
    fn sample(samples: &mut Samples, range: Range<f64>) -> Self {
        Vec::sample(samples, range).into()
    }
}

impl<T> Sample for PhantomData<T> {
    fn sample(_: &mut Samples, _: Range<f64>) -> Self {
        PhantomData
    }
}

/// A type, of which [`Sampled`] or else [`NoSample`] makes a value.
#[derive(Debug)]
pub struct SampleOf<T>(PhantomData<T>);

impl<T> SampleOf<T> {
    /// The type.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        SampleOf(PhantomData)
    }
}

/// The type has samples.
pub trait Sampled<T> {
    /// One of them.
    fn made(&self, samples: &mut Samples, range: &Range<f64>) -> T;
}

impl<T: Sample> Sampled<T> for SampleOf<T> {
    fn made(&self, samples: &mut Samples, range: &Range<f64>) -> T {
        T::sample(samples, range.clone())
    }
}

/// The type may have no samples: found only where [`Sampled`] is not, by one more reference.
pub trait NoSample<T> {
    /// Panics.
    fn made(&self, samples: &mut Samples, range: &Range<f64>) -> T;
}

impl<T> NoSample<T> for &SampleOf<T> {
    fn made(&self, _: &mut Samples, _: &Range<f64>) -> T {
        let ty = std::any::type_name::<T>();
        panic!("there is no sample of `{ty}`: give the parameter that contains it a value, `gradcheck(name = ..)`")
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
