//! Tangent types: which type holds the derivative of a value, and the arithmetic on it.
//!
//! A tangent has the structure of its value with everything that is not a floating-point number replaced by `()`.
//! Cotangents (the derivatives that flow backwards) have the same type.

mod arrays;
mod inactive;
mod inert;
mod maps;
mod payload;
mod ranges;
mod sequences;
mod shared;

use std::fmt::Debug;

use ndarray::{ArrayBase, Data, Dimension};

use crate::AccumulateFrom;

pub(crate) use arrays::is_neutral;
pub use inert::{NoGradField, NoNumbers, NumberTangent, tangent_of};
pub use payload::{OptionParts, OptionTangent, ResultParts, zero_sized};
pub(crate) use sequences::assert_same_length;

/// A value that has a tangent.
///
/// | value | tangent |
/// | --- | --- |
/// | `f32`, `f64` | itself |
/// | integers, `bool`, `char`, `str`, `String`, `()`, ranges of integers, function pointers, `Duration`, .. | `()` |
/// | `[T; N]` | `[T::Tangent; N]` |
/// | `[T]`, `Vec<T>` | `Vec<T::Tangent>` |
/// | `VecDeque<T>` | `VecDeque<T::Tangent>` |
/// | `BTreeMap<K, V>`, `HashMap<K, V>` | the same map of `V::Tangent`; what is absent is zero |
/// | `&T`, `&mut T`, `Box<T>`, `Rc<T>`, `Arc<T>`, `Cow<T>` | `T::Tangent` |
/// | `Option<T>`, `Result<T, E>` | `Option<T::Tangent>` |
/// | tuples of up to twelve elements | tuples of tangents |
/// | arrays and views of `ndarray` over `f32`, `f64` | an owned array of the same dimension |
/// | arrays and views of `ndarray` over integers, `bool` | `()` |
/// | structs and enums with `#[derive(Differentiable)]` | a struct or enum that the derive writes |
///
/// ```
/// use autodiff_runtime::Differentiable;
///
/// let weights = (vec![1.0, 2.0], 3_usize);
/// assert_eq!(weights.zero_tangent(), (vec![0.0, 0.0], ()));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no tangent type, so it cannot be differentiated",
    note = "for a type of your own, add `#[derive(Differentiable)]` to it; for a field that is constant, add `#[nograd]` to the field"
)]
pub trait Differentiable {
    /// The type of derivatives of values of this type.
    type Tangent: Tangent;

    /// The zero tangent at this value: same lengths and shapes, all zeros.
    fn zero_tangent(&self) -> Self::Tangent;

    /// Hands back the memory of a value that is not needed any more, to be used again. If nothing else is said, it is freed.
    #[inline]
    fn hand_back(value: Self)
    where
        Self: Sized,
    {
        drop(value);
    }
}

/// A type whose tangents are their own tangents, which second derivatives of functions with type parameters ask for.
#[doc(hidden)]
pub trait Twice: Differentiable<Tangent: Differentiable<Tangent = <Self as Differentiable>::Tangent>> {}

impl<T: Differentiable<Tangent: Differentiable<Tangent = <T as Differentiable>::Tangent>> + ?Sized> Twice for T {}

/// The type of a derivative: a vector space, with the operations that generated code and users need.
///
/// # Panics
///
/// All operations on two tangents panic if these have different lengths or shapes, except that a sequence or an array
/// without elements counts as zero of any length.
pub trait Tangent: Clone + Debug + PartialEq + AccumulateFrom<Self> + for<'c> AccumulateFrom<&'c Self> {
    /// A zero that takes the lengths and shapes of whatever is added to it: a sequence or an array without elements, a
    /// missing value, the number zero.
    fn neutral() -> Self;

    /// Adds `other` to this tangent.
    fn accumulate(&mut self, other: &Self);

    /// Multiplies this tangent by a number.
    fn scale(&mut self, factor: f64);

    /// The sum of the products of corresponding numbers, computed in `f64`.
    ///
    /// It is not called `dot`, so that it does not hide `ndarray`'s method where this trait is in scope.
    fn inner_product(&self, other: &Self) -> f64;

    /// Sets every number to zero and keeps all lengths and shapes.
    fn fill_zero(&mut self);

    /// What this tangent was, leaving zero of the same lengths and shapes.
    #[doc(hidden)]
    #[inline]
    fn take_total(&mut self) -> Self {
        let total = self.clone();
        self.fill_zero();
        total
    }

    /// Hands back the memory of a tangent that is not needed any more, to be used again. If nothing else is said, it is
    /// freed.
    #[inline]
    fn hand_back(value: Self)
    where
        Self: Sized,
    {
        drop(value);
    }
}

/// The zero tangent at a value; a free function so that generated code needs no trait in scope.
///
/// ```
/// assert_eq!(autodiff_runtime::zero_tangent(&[1.0, 2.0]), [0.0, 0.0]);
/// ```
#[inline]
pub fn zero_tangent<T: Differentiable + ?Sized>(value: &T) -> T::Tangent {
    value.zero_tangent()
}

macro_rules! impl_float_tangent {
    ($($float:ident)*) => {$(
        impl Differentiable for $float {
            type Tangent = $float;

            #[inline]
            fn zero_tangent(&self) -> $float {
                0.0
            }
        }

        impl Tangent for $float {
            #[inline]
            fn neutral() -> $float {
                0.0
            }

            #[inline]
            fn accumulate(&mut self, other: &Self) {
                *self += *other;
            }

            #[inline]
            fn scale(&mut self, factor: f64) {
                *self *= factor as $float;
            }

            #[inline]
            fn inner_product(&self, other: &Self) -> f64 {
                f64::from(*self) * f64::from(*other)
            }

            #[inline]
            fn fill_zero(&mut self) {
                *self = 0.0;
            }
        }
    )*};
}

impl_float_tangent!(f32 f64);

/// Types without any floating-point content, and arrays of them.
macro_rules! impl_unit_tangent {
    ($($ty:ty)*) => {$(
        impl Differentiable for $ty {
            type Tangent = ();

            #[inline]
            fn zero_tangent(&self) {}
        }
    )*};
}

macro_rules! impl_unit_array_tangent {
    ($($element:ty)*) => {$(
        impl<S: Data<Elem = $element>, D: Dimension> Differentiable for ArrayBase<S, D, $element> {
            type Tangent = ();

            #[inline]
            fn zero_tangent(&self) {}
        }
    )*};
}

impl_unit_tangent!(() i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize bool char String str);
impl_unit_array_tangent!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize bool);

impl Tangent for () {
    #[inline]
    fn neutral() {}

    #[inline]
    fn accumulate(&mut self, (): &()) {}

    #[inline]
    fn scale(&mut self, _: f64) {}

    #[inline]
    fn inner_product(&self, (): &()) -> f64 {
        0.0
    }

    #[inline]
    fn fill_zero(&mut self) {}
}

macro_rules! impl_tuple {
    ($($T:ident $index:tt)+) => {
        impl<$($T: Differentiable),+> Differentiable for ($($T,)+) {
            type Tangent = ($($T::Tangent,)+);

            #[inline]
            fn zero_tangent(&self) -> Self::Tangent {
                ($(self.$index.zero_tangent(),)+)
            }

            #[inline]
            fn hand_back(value: Self) {
                $($T::hand_back(value.$index);)+
            }
        }

        impl<$($T: Tangent),+> Tangent for ($($T,)+) {
            #[inline]
            fn neutral() -> Self {
                ($($T::neutral(),)+)
            }

            #[inline]
            fn accumulate(&mut self, other: &Self) {
                $(self.$index.accumulate(&other.$index);)+
            }

            #[inline]
            fn scale(&mut self, factor: f64) {
                $(self.$index.scale(factor);)+
            }

            #[inline]
            fn inner_product(&self, other: &Self) -> f64 {
                0.0 $(+ self.$index.inner_product(&other.$index))+
            }

            #[inline]
            fn fill_zero(&mut self) {
                $(self.$index.fill_zero();)+
            }

            #[inline]
            fn hand_back(value: Self) {
                $($T::hand_back(value.$index);)+
            }
        }
    };
}

crate::macros::for_each_tuple!(impl_tuple);
