//! Rules of second order: the derivatives of `push`, which takes tangents of operands to that of the result.
//!
//! `push` is linear in the tangents, so that its derivatives by them are `pull` and `push` again. What is left are those by
//! the operands.

mod arrays;
mod assign;

use ndarray::{ArrayBase, Data, Dimension};

use super::{BinaryRule, BinaryTangent, BuiltIn, UnaryRule, UnaryTangent};
use crate::elementwise::{Add, Curved, CurvedPair, Div, Mul, Neg, Rem, Sub};
use crate::{Differentiable, Float, Tangent};

pub use assign::AssignCurve;

/// An operation `Op` on one value of this type, whose derivative has derivatives.
#[diagnostic::on_unimplemented(
    message = "the operation `{Op}` on `{Self}` has no second derivatives",
    label = "this operator has no second derivatives here",
    note = "for a type of your own, write `#[differentiable(order = 2)]` before the `impl` of the operator"
)]
pub trait UnaryCurve<Op>: UnaryRule<Op> {
    /// Adds the derivative by the operand of `push(dot)`, taken with the cotangent `seed`, to `bar`.
    fn bend(&self, dot: &Self::Tangent, seed: &UnaryTangent<Self, Op>, bar: &mut Self::Tangent);

    /// The derivative of `push(dot)` where the operand goes along `along`.
    fn curve(&self, value: &Self::Output, dot: &Self::Tangent, along: &Self::Tangent) -> UnaryTangent<Self, Op>;
}

/// The tangents of two operands, or other things that belong to them, where they are there.
pub type Two<A, B> = (Option<A>, Option<B>);

/// An operation `Op` on a value of this type and one of type `B`, whose derivative has derivatives.
#[diagnostic::on_unimplemented(
    message = "the operation `{Op}` on `{Self}` and `{B}` has no second derivatives",
    label = "this operator has no second derivatives here",
    note = "for a type of your own, write `#[differentiable(order = 2)]` before the `impl` of the operator for exactly these operands"
)]
pub trait BinaryCurve<Op, B: Differentiable + ?Sized>: BinaryRule<Op, B> {
    /// Adds the derivatives by the operands of `push(dots)`, taken with the cotangent `seed`, to `bars`.
    fn bend(
        &self,
        b: &B,
        dots: Two<&Self::Tangent, &B::Tangent>,
        seed: &BinaryTangent<Self, Op, B>,
        bars: Two<&mut Self::Tangent, &mut B::Tangent>,
    );

    /// The derivative of `push(dots)` where the operands go along `along`.
    fn curve(
        &self,
        b: &B,
        value: &Self::Output,
        dots: Two<&Self::Tangent, &B::Tangent>,
        along: Two<&Self::Tangent, &B::Tangent>,
    ) -> BinaryTangent<Self, Op, B>;
}

impl<Op, T: UnaryCurve<Op> + BuiltIn + ?Sized> UnaryCurve<Op> for &T {
    #[inline]
    fn bend(&self, dot: &T::Tangent, seed: &UnaryTangent<T, Op>, bar: &mut T::Tangent) {
        (**self).bend(dot, seed, bar);
    }

    #[inline]
    fn curve(&self, value: &T::Output, dot: &T::Tangent, along: &T::Tangent) -> UnaryTangent<T, Op> {
        (**self).curve(value, dot, along)
    }
}

/// Delegates a [`BinaryCurve`] to the one for the values behind references.
macro_rules! delegate_binary {
    (($($generics:tt)*) $Self:ty, $Rhs:ty, $From:ty, $To:ty, |$a:ident, $b:ident| ($a2:expr, $b2:expr)) => {
        impl<Op, $($generics)*> BinaryCurve<Op, $Rhs> for $Self
        where
            $From: BinaryCurve<Op, $To> + BuiltIn,
            $To: Differentiable + BuiltIn,
        {
            #[inline]
            fn bend(
                &self,
                $b: &$Rhs,
                dots: Two<&Self::Tangent, &<$To as Differentiable>::Tangent>,
                seed: &BinaryTangent<$From, Op, $To>,
                bars: Two<&mut Self::Tangent, &mut <$To as Differentiable>::Tangent>,
            ) {
                let $a = self;
                <$From as BinaryCurve<Op, $To>>::bend($a2, $b2, dots, seed, bars);
            }

            #[inline]
            fn curve(
                &self,
                $b: &$Rhs,
                value: &Self::Output,
                dots: Two<&Self::Tangent, &<$To as Differentiable>::Tangent>,
                along: Two<&Self::Tangent, &<$To as Differentiable>::Tangent>,
            ) -> BinaryTangent<$From, Op, $To> {
                let $a = self;
                <$From as BinaryCurve<Op, $To>>::curve($a2, $b2, value, dots, along)
            }
        }
    };
}

delegate_binary!((T: ?Sized, B: Differentiable + ?Sized) &T, B, T, B, |a, b| (&**a, b));
delegate_binary!((B: ?Sized) f32, &B, f32, B, |a, b| (a, &**b));
delegate_binary!((B: ?Sized) f64, &B, f64, B, |a, b| (a, &**b));
delegate_binary!(
    (A: Float, S: Data<Elem = A>, D: Dimension, B: ?Sized) ArrayBase<S, D, A>, &B, ArrayBase<S, D, A>, B,
    |a, b| (a, &**b)
);

/// A tangent of one number that may be left out.
#[inline]
fn or_zero<A: Float>(dot: Option<&A>) -> A {
    dot.copied().unwrap_or_else(A::zero)
}

/// The second derivatives times a pair of tangents. What is left out does not meet a derivative, which may be infinite.
#[inline]
pub(crate) fn times<A: Float>([aa, ab, bb]: [A; 3], (a_dot, b_dot): Two<A, A>) -> (A, A) {
    let product = |dot: Option<A>, factor: A| dot.map_or_else(A::zero, |dot| dot * factor);
    (product(a_dot, aa) + product(b_dot, ab), product(a_dot, ab) + product(b_dot, bb))
}

macro_rules! impl_scalar {
    ($($float:ident)*) => {$(
        impl<Op: Curved> UnaryCurve<Op> for $float {
            #[inline]
            fn bend(&self, dot: &$float, seed: &$float, bar: &mut $float) {
                *bar += Op::curvature(*self) * dot * seed;
            }

            #[inline]
            fn curve(&self, _: &$float, dot: &$float, along: &$float) -> $float {
                Op::curvature(*self) * dot * along
            }
        }

        impl<Op: CurvedPair> BinaryCurve<Op, $float> for $float {
            #[inline]
            fn bend(
                &self,
                b: &$float,
                (a_dot, b_dot): Two<&$float, &$float>,
                seed: &$float,
                (a_bar, b_bar): Two<&mut $float, &mut $float>,
            ) {
                let (of_a, of_b) = times(Op::curvature(*self, *b), (a_dot.copied(), b_dot.copied()));
                if let Some(bar) = a_bar {
                    *bar += of_a * seed;
                }
                if let Some(bar) = b_bar {
                    *bar += of_b * seed;
                }
            }

            #[inline]
            fn curve(
                &self,
                b: &$float,
                _: &$float,
                (a_dot, b_dot): Two<&$float, &$float>,
                (a_along, b_along): Two<&$float, &$float>,
            ) -> $float {
                let (of_a, of_b) = times(Op::curvature(*self, *b), (a_dot.copied(), b_dot.copied()));
                a_along.map_or(0.0, |along| of_a * along) + b_along.map_or(0.0, |along| of_b * along)
            }
        }
    )*};
}

impl_scalar!(f32 f64);

/// Integers have nothing that bends.
macro_rules! impl_integer {
    ($($integer:ident)*) => { $(impl_integer! { @each $integer Add, Sub, Mul, Div, Rem })* };
    (@each $integer:ident $($Op:ident),*) => {$(
        impl BinaryCurve<$Op, $integer> for $integer {
            #[inline]
            fn bend(&self, _: &$integer, _: Two<&(), &()>, (): &(), _: Two<&mut (), &mut ()>) {}

            #[inline]
            fn curve(&self, _: &$integer, _: &$integer, _: Two<&(), &()>, _: Two<&(), &()>) {}
        }
    )*};
}

impl_integer!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

macro_rules! impl_integer_neg {
    ($($integer:ident)*) => {$(
        impl UnaryCurve<Neg> for $integer {
            #[inline]
            fn bend(&self, (): &(), (): &(), (): &mut ()) {}

            #[inline]
            fn curve(&self, _: &$integer, (): &(), (): &()) {}
        }
    )*};
}

impl_integer_neg!(i8 i16 i32 i64 i128 isize);

/// The derivative of the tangent of a result: along the tangents' own tangents, and where the operands move.
pub(crate) fn total<T: Tangent>(mut first: T, second: &T) -> T {
    first.accumulate(second);
    first
}
