//! Numbers in generic functions: what generated code asks of a type parameter that stands for a number.
//!
//! The user's bounds may be anything that `f32` and `f64` satisfy: `num_traits::Float`, a trait of the user's own,
//! operators. Generated code needs more than they give, and must not change what the user's expressions mean. So
//! [`Scalar`] brings arithmetic and the traits of tangents, but no method that a trait of numbers may have as well: the
//! functions that derivatives are made of are free functions, such as [`sqrt`].

use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Rem, RemAssign, Sub, SubAssign};

use crate::elementwise as e;
use crate::float::sealed::Sealed;
use crate::methods::Powi;
use crate::rules::{AssignRule, BinaryRule, UnaryRule};
use crate::{
    AccumulateFrom, CastSource, CastTangent, Differentiable, Float, Leaves, LeavesMut, NumberTangent, SameShape,
    Tangent,
};

/// A floating-point number in a generic function that is differentiated: `f32` or `f64`.
///
/// The companion of a generic function asks it of every type parameter that stands for a number; a function that calls
/// derivatives of such a function does the same, beside the bounds of the function itself.
///
/// ```
/// use autodiff_runtime::{Scalar, cast, of};
///
/// fn half<A: Scalar>(x: A) -> A {
///     x * of::<A>(0.5)
/// }
/// assert_eq!(half(3.0_f32), 1.5);
/// assert_eq!(cast::<f64>(half(3.0_f32)), 1.5);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number that derivatives are known for",
    note = "a generic function is differentiated for `f32` and `f64`"
)]
pub trait Scalar:
    Sealed
    + Copy
    + PartialOrd
    + Send
    + Sync
    + 'static
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Rem<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
    + DivAssign
    + RemAssign
    + Differentiable<Tangent = Self>
    + Tangent
    + CastSource
    + CastTangent
    + NumberTangent<Self>
    + SameShape<Self>
    + AccumulateFrom<Self>
    + for<'c> AccumulateFrom<&'c Self>
    + Leaves
    + LeavesMut
    + Ruled
{
    /// The same type, known to be one of the two.
    #[doc(hidden)]
    type Native: Float;

    #[doc(hidden)]
    fn into_native(self) -> Self::Native;

    #[doc(hidden)]
    fn from_native(native: Self::Native) -> Self;
}

macro_rules! impl_scalar {
    ($($float:ident)*) => {$(
        impl Scalar for $float {
            type Native = $float;

            #[inline(always)]
            fn into_native(self) -> $float {
                self
            }

            #[inline(always)]
            fn from_native(native: $float) -> $float {
                native
            }
        }
    )*};
}

impl_scalar!(f32 f64);

/// The rules of all operations on numbers, for values whose type is known to the compiler only.
macro_rules! ruled {
    ($($unary:ident)*; $($binary:ident)*; $($assign:ident)*) => {
        /// A number that has the [rules](crate::rules) of all operations on numbers.
        #[doc(hidden)]
        pub trait Ruled:
            Sized
            + BinaryRule<Powi, i32, Output = Self>
            $(+ UnaryRule<e::$unary, Output = Self>)*
            $(+ BinaryRule<e::$binary, Self, Output = Self>)*
            $(+ AssignRule<e::$assign, Self>)*
            + Differentiable<Tangent = Self>
        {
        }
        impl Ruled for f32 {}
        impl Ruled for f64 {}
    };
}

ruled! {
    Neg Sin Cos Tan Asin Acos Atan Sinh Cosh Tanh Asinh Acosh Atanh Exp Exp2 ExpM1 Ln Ln1p Log10 Log2 Sqrt Cbrt Abs
    Recip Relu Sigmoid Softplus Gelu Silu Square;
    Add Sub Mul Div Rem Max Min Atan2 Hypot Powf Copysign;
    Add Sub Mul Div Rem
}

/// The number nearest to `value`.
#[inline(always)]
pub fn of<A: Scalar>(value: f64) -> A {
    A::from_native(A::Native::of(value))
}

/// The number of type `A` nearest to a number of another type.
#[inline(always)]
pub fn cast<A: Scalar>(number: impl CastSource) -> A {
    of(number.cast_to_f64())
}

/// Defines functions of numbers in generic code by their definitions for [`Float`].
macro_rules! lifted {
    ($($(#[$attr:meta])* pub fn $name:ident($($arg:ident),+ $(; $($other:ident: $Other:ty),+)?) $body:block)*) => {$(
        $(#[$attr])*
        #[inline]
        pub fn $name<S: $crate::Scalar>($($arg: S,)+ $($($other: $Other),+)?) -> S {
            #[inline(always)]
            fn native<A: $crate::Float>($($arg: A,)+ $($($other: $Other),+)?) -> A $body
            S::from_native(native($($arg.into_native(),)+ $($($other),+)?))
        }
    )*};
}

pub(crate) use lifted;

lifted! {
    /// The sine.
    pub fn sin(x) { x.sin() }

    /// The cosine.
    pub fn cos(x) { x.cos() }

    /// The hyperbolic sine.
    pub fn sinh(x) { x.sinh() }

    /// The hyperbolic cosine.
    pub fn cosh(x) { x.cosh() }

    /// The square root.
    pub fn sqrt(x) { x.sqrt() }

    /// The natural logarithm.
    pub fn ln(x) { x.ln() }

    /// The number without its fraction.
    pub fn trunc(x) { x.trunc() }

    /// The power with an integer exponent.
    pub fn powi(x; n: i32) { x.powi(n) }

    /// The power with any exponent.
    pub fn powf(x, p) { x.powf(p) }

    /// The length of the hypotenuse.
    pub fn hypot(x, y) { x.hypot(y) }

    /// The Euclidean quotient of `x` and `y`.
    pub fn div_euclid(x, y) { -crate::rem_euclid_partial_divisor(x, y) }
}
