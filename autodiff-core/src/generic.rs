//! Numbers in generic functions, and what functions with second derivatives are told by.

use core::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Rem, RemAssign, Sub, SubAssign};

use num_traits::Float;

use crate::{AccumulateFrom, Differentiable, Tangent};

/// A floating-point number in a generic function that is differentiated: `f32` or `f64`. It brings no method that a trait of
/// numbers may have as well.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number that derivatives are known for",
    note = "a generic function is differentiated for `f32` and `f64`"
)]
pub trait Scalar:
    Copy
    + PartialOrd
    + Default
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
    + AccumulateFrom<Self>
    + for<'c> AccumulateFrom<&'c Self>
{
    /// The same type, known to be one of the two.
    #[doc(hidden)]
    type Native: Float;

    #[doc(hidden)]
    fn into_native(self) -> Self::Native;

    #[doc(hidden)]
    fn from_native(native: Self::Native) -> Self;
}

macro_rules! scalars {
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

scalars!(f32 f64);

/// The number nearest to `value`.
#[inline(always)]
pub fn of<A: Scalar>(value: f64) -> A {
    A::from_native(<A::Native as num_traits::NumCast>::from(value).expect("both are floats"))
}

macro_rules! functions {
    ($($name:ident)*) => {$(
        /// The method of this name.
        #[inline(always)]
        pub fn $name<A: Scalar>(x: A) -> A {
            A::from_native(x.into_native().$name())
        }
    )*};
}

functions!(sin cos sinh cosh sqrt ln trunc);

/// `x` to the power of an integer.
#[inline(always)]
pub fn powi<A: Scalar>(x: A, n: i32) -> A {
    A::from_native(x.into_native().powi(n))
}

/// `x` to the power `y`.
#[inline(always)]
pub fn powf<A: Scalar>(x: A, y: A) -> A {
    A::from_native(x.into_native().powf(y.into_native()))
}

/// The length of the vector `(x, y)`.
#[inline(always)]
pub fn hypot<A: Scalar>(x: A, y: A) -> A {
    A::from_native(x.into_native().hypot(y.into_native()))
}

/// A companion of a function that has second derivatives.
#[diagnostic::on_unimplemented(
    message = "the function `{Self}` has no second derivatives, which are needed here",
    note = "write `#[differentiable(order = 2)]` before the function"
)]
pub trait TwiceDifferentiable {}

/// The companion of a function whose third derivatives have a reverse mode.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "the third derivatives of `{Self}` have no reverse mode, which is needed here",
    note = "second derivatives of a gradient are made of them: `{Self}` and what it calls have to be free functions with `order = 3` that call no methods, take no functions and change no arguments"
)]
pub trait ReverseOfThird<'a> {}

/// Asks for second derivatives of a function, by its companion.
pub const fn twice_differentiable<Companion: TwiceDifferentiable>() {}
