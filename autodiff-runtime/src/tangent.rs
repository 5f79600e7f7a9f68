//! Tangent types: which type holds the derivative of a value, and the arithmetic on it.
//!
//! A tangent has the structure of its value with everything that is not a floating-point number replaced by `()`.
//! Cotangents (the derivatives that flow backwards) have the same type.

use ndarray::{Array, ArrayBase, ArrayRef, Data, Dimension, Zip};

use crate::Float;

/// A value that has a tangent.
///
/// | value | tangent |
/// | --- | --- |
/// | `f32`, `f64` | itself |
/// | integers, `bool`, `char`, `str`, `String`, `()` | `()` |
/// | `[T; N]` | `[T::Tangent; N]` |
/// | `[T]`, `Vec<T>` | `Vec<T::Tangent>` |
/// | `&T`, `&mut T`, `Box<T>` | `T::Tangent` |
/// | `Option<T>` | `Option<T::Tangent>` |
/// | tuples | tuples of tangents |
/// | arrays and views of `ndarray` over `f32`, `f64` | an owned array of the same dimension |
/// | arrays and views of `ndarray` over integers, `bool` | `()` |
///
/// ```
/// use autodiff_runtime::Differentiable;
///
/// let weights = (vec![1.0, 2.0], 3_usize);
/// assert_eq!(weights.zero_tangent(), (vec![0.0, 0.0], ()));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no tangent type, so it cannot be differentiated",
    note = "for a struct of your own, add `#[derive(Differentiable)]`"
)]
pub trait Differentiable {
    /// The type of derivatives of values of this type.
    type Tangent: Tangent;

    /// The zero tangent at this value: same lengths and shapes, all zeros.
    fn zero_tangent(&self) -> Self::Tangent;
}

/// The type of a derivative: a vector space, with the operations that generated code and users need.
///
/// # Panics
///
/// All operations on two tangents panic if these have different lengths or shapes.
pub trait Tangent: Clone {
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

macro_rules! impl_pointer {
    ($($pointer:ty),*) => {$(
        impl<T: Differentiable + ?Sized> Differentiable for $pointer {
            type Tangent = T::Tangent;

            #[inline]
            fn zero_tangent(&self) -> T::Tangent {
                (**self).zero_tangent()
            }
        }
    )*};
}

impl_pointer!(&T, &mut T, Box<T>);

impl<T: Differentiable, const N: usize> Differentiable for [T; N] {
    type Tangent = [T::Tangent; N];

    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        self.each_ref().map(T::zero_tangent)
    }
}

impl<T: Differentiable> Differentiable for [T] {
    type Tangent = Vec<T::Tangent>;

    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        self.iter().map(T::zero_tangent).collect()
    }
}

impl<T: Differentiable> Differentiable for Vec<T> {
    type Tangent = Vec<T::Tangent>;

    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        self.as_slice().zero_tangent()
    }
}

impl<T: Differentiable> Differentiable for Option<T> {
    type Tangent = Option<T::Tangent>;

    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        self.as_ref().map(T::zero_tangent)
    }
}

/// The operations on `[T; N]` and `Vec<T>`, which differ in their types only.
macro_rules! impl_sequence_tangent {
    ($([$($generics:tt)*] $ty:ty),*) => {$(
        impl<T: Tangent, $($generics)*> Tangent for $ty {
            #[inline]
            fn accumulate(&mut self, other: &Self) {
                assert_same_length(self.len(), other.len());
                for (value, other) in self.iter_mut().zip(other) {
                    value.accumulate(other);
                }
            }

            #[inline]
            fn scale(&mut self, factor: f64) {
                for value in self {
                    value.scale(factor);
                }
            }

            #[inline]
            fn inner_product(&self, other: &Self) -> f64 {
                assert_same_length(self.len(), other.len());
                self.iter().zip(other).map(|(value, other)| value.inner_product(other)).sum()
            }

            #[inline]
            fn fill_zero(&mut self) {
                for value in self {
                    value.fill_zero();
                }
            }
        }
    )*};
}

impl_sequence_tangent!([const N: usize] [T; N], [] Vec<T>);

#[inline]
#[track_caller]
pub(crate) fn assert_same_length(left: usize, right: usize) {
    assert!(left == right, "a tangent of length {right} does not fit one of length {left}");
}

/// A missing tangent counts as zero: adding `Some` to `None` gives `Some`.
impl<T: Tangent> Tangent for Option<T> {
    #[inline]
    fn accumulate(&mut self, other: &Self) {
        match (self.as_mut(), other) {
            (Some(value), Some(other)) => value.accumulate(other),
            (None, Some(other)) => *self = Some(other.clone()),
            (_, None) => {}
        }
    }

    #[inline]
    fn scale(&mut self, factor: f64) {
        if let Some(value) = self {
            value.scale(factor);
        }
    }

    #[inline]
    fn inner_product(&self, other: &Self) -> f64 {
        match (self, other) {
            (Some(value), Some(other)) => value.inner_product(other),
            _ => 0.0,
        }
    }

    #[inline]
    fn fill_zero(&mut self) {
        if let Some(value) = self {
            value.fill_zero();
        }
    }
}

macro_rules! impl_tuple {
    ($($T:ident $index:tt)+) => {
        impl<$($T: Differentiable),+> Differentiable for ($($T,)+) {
            type Tangent = ($($T::Tangent,)+);

            #[inline]
            fn zero_tangent(&self) -> Self::Tangent {
                ($(self.$index.zero_tangent(),)+)
            }
        }

        impl<$($T: Tangent),+> Tangent for ($($T,)+) {
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
        }
    };
}

crate::macros::for_each_tuple!(impl_tuple);

impl<A: Float, S: Data<Elem = A>, D: Dimension> Differentiable for ArrayBase<S, D, A> {
    type Tangent = Array<A, D>;

    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        Array::zeros(self.raw_dim())
    }
}

impl<A: Float, D: Dimension> Differentiable for ArrayRef<A, D> {
    type Tangent = Array<A, D>;

    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        Array::zeros(self.raw_dim())
    }
}

impl<A: Float, D: Dimension> Tangent for Array<A, D> {
    #[inline]
    fn accumulate(&mut self, other: &Self) {
        assert_same_shape(self.shape(), other.shape());
        *self += other;
    }

    #[inline]
    fn scale(&mut self, factor: f64) {
        *self *= A::of(factor);
    }

    fn inner_product(&self, other: &Self) -> f64 {
        assert_same_shape(self.shape(), other.shape());
        Zip::from(self).and(other).fold(0.0, |sum, value, other| sum + value.as_f64() * other.as_f64())
    }

    #[inline]
    fn fill_zero(&mut self) {
        self.fill(A::zero());
    }
}

#[inline]
#[track_caller]
fn assert_same_shape(left: &[usize], right: &[usize]) {
    assert!(left == right, "a tangent of shape {right:?} does not fit one of shape {left:?}");
}
