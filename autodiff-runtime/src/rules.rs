//! Rules for operations on values whose type is known to the compiler only: numbers, arrays, and references to them.

mod arrays;
mod assign;
mod curved;

pub use arrays::{Dot, Mean, Sum, Transpose};
pub use assign::{AssignRule, Compound};
pub(crate) use curved::total;
pub use curved::{AssignCurve, BinaryCurve, Two, UnaryCurve};

use ndarray::{Array, ArrayBase, Data, Dimension, Zip};

use crate::elementwise::{Add, Div, Elementwise, Mul, Neg, Pairwise, Rem, Sub};
use crate::{Differentiable, Float, zero_tangent};

/// The tangent type of the result of a [`UnaryRule`].
pub type UnaryTangent<X, Op> = <<X as UnaryRule<Op>>::Output as Differentiable>::Tangent;

/// The tangent type of the result of a [`BinaryRule`].
pub type BinaryTangent<A, Op, B> = <<A as BinaryRule<Op, B>>::Output as Differentiable>::Tangent;

/// An operation `Op` on one value of this type.
#[diagnostic::on_unimplemented(
    message = "the operation `{Op}` on `{Self}` has no derivative",
    label = "this operator has no derivative here",
    note = "it has one on `f32`, `f64` and the arrays of `ndarray` over them; for a type of your own, write `#[differentiable]` before the `impl` of the operator"
)]
pub trait UnaryRule<Op>: Differentiable {
    /// The type of the result.
    type Output: Differentiable;
    /// What the reverse sweep keeps of the result.
    type Kept;

    /// The result.
    #[track_caller]
    fn value(&self) -> Self::Output;

    /// What the reverse sweep keeps of the result.
    fn keep(value: &Self::Output) -> Self::Kept;

    /// Adds the cotangent of the operand to `bar`.
    fn pull(&self, kept: &Self::Kept, value_bar: &UnaryTangent<Self, Op>, bar: &mut Self::Tangent);

    /// The tangent of the result.
    fn push(&self, value: &Self::Output, dot: &Self::Tangent) -> UnaryTangent<Self, Op>;
}

/// An operation `Op` on a value of this type and one of type `B`.
#[diagnostic::on_unimplemented(
    message = "the operation `{Op}` on `{Self}` and `{B}` has no derivative",
    label = "this operator has no derivative here",
    note = "it has one on `f32`, `f64` and the arrays of `ndarray` over them; for a type of your own, write `#[differentiable]` before the `impl` of the operator for exactly these operands"
)]
pub trait BinaryRule<Op, B: Differentiable + ?Sized>: Differentiable {
    /// The type of the result.
    type Output: Differentiable;

    /// The result.
    #[track_caller]
    fn value(&self, b: &B) -> Self::Output;

    /// Adds the cotangents of the operands to `a_bar` and `b_bar`, where they are wanted.
    fn pull(
        &self,
        b: &B,
        value_bar: &BinaryTangent<Self, Op, B>,
        a_bar: Option<&mut Self::Tangent>,
        b_bar: Option<&mut B::Tangent>,
    );

    /// The tangent of the result, from those of the operands that have one.
    fn push(
        &self,
        b: &B,
        value: &Self::Output,
        a_dot: Option<&Self::Tangent>,
        b_dot: Option<&B::Tangent>,
    ) -> BinaryTangent<Self, Op, B>;
}

/// The types whose rules this crate defines. A reference to one of them has the rules of what it refers to; a type of
/// the user has exactly the rules that the user gives it, also for references.
pub trait BuiltIn {}

macro_rules! built_in {
    ($($number:ident)*) => { $(impl BuiltIn for $number {})* };
}

built_in!(f32 f64 i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

impl<A, S: ndarray::RawData<Elem = A>, D> BuiltIn for ArrayBase<S, D, A> {}

impl<T: BuiltIn + ?Sized> BuiltIn for &T {}

impl<Op, T: UnaryRule<Op> + BuiltIn + ?Sized> UnaryRule<Op> for &T {
    type Output = T::Output;
    type Kept = T::Kept;

    #[inline]
    fn value(&self) -> T::Output {
        (**self).value()
    }

    #[inline]
    fn keep(value: &T::Output) -> T::Kept {
        T::keep(value)
    }

    #[inline]
    fn pull(&self, kept: &T::Kept, value_bar: &UnaryTangent<T, Op>, bar: &mut T::Tangent) {
        (**self).pull(kept, value_bar, bar);
    }

    #[inline]
    fn push(&self, value: &T::Output, dot: &T::Tangent) -> UnaryTangent<T, Op> {
        (**self).push(value, dot)
    }
}

/// Delegates a [`BinaryRule`] to the one for the values behind references.
macro_rules! delegate_binary {
    (($($generics:tt)*) $Self:ty, $Rhs:ty, $From:ty, $To:ty, |$a:ident, $b:ident| ($a2:expr, $b2:expr)) => {
        impl<Op, $($generics)*> BinaryRule<Op, $Rhs> for $Self
        where
            $From: BinaryRule<Op, $To> + BuiltIn,
            $To: Differentiable + BuiltIn,
        {
            type Output = <$From as BinaryRule<Op, $To>>::Output;

            #[inline]
            fn value(&self, $b: &$Rhs) -> Self::Output {
                let $a = self;
                <$From as BinaryRule<Op, $To>>::value($a2, $b2)
            }

            #[inline]
            fn pull(
                &self,
                $b: &$Rhs,
                value_bar: &BinaryTangent<$From, Op, $To>,
                a_bar: Option<&mut Self::Tangent>,
                b_bar: Option<&mut <$To as Differentiable>::Tangent>,
            ) {
                let $a = self;
                <$From as BinaryRule<Op, $To>>::pull($a2, $b2, value_bar, a_bar, b_bar);
            }

            #[inline]
            fn push(
                &self,
                $b: &$Rhs,
                value: &Self::Output,
                a_dot: Option<&Self::Tangent>,
                b_dot: Option<&<$To as Differentiable>::Tangent>,
            ) -> BinaryTangent<$From, Op, $To> {
                let $a = self;
                <$From as BinaryRule<Op, $To>>::push($a2, $b2, value, a_dot, b_dot)
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

macro_rules! impl_scalar {
    ($($float:ident)*) => {$(
        impl<Op: Elementwise> UnaryRule<Op> for $float {
            type Output = $float;
            type Kept = $float;

            #[inline]
            fn value(&self) -> $float {
                Op::value(*self)
            }

            #[inline]
            fn keep(value: &$float) -> $float {
                *value
            }

            #[inline]
            fn pull(&self, kept: &$float, value_bar: &$float, bar: &mut $float) {
                *bar += Op::pull(if Op::FROM_RESULT { *kept } else { *self }, *value_bar);
            }

            #[inline]
            fn push(&self, value: &$float, dot: &$float) -> $float {
                Op::pull(if Op::FROM_RESULT { *value } else { *self }, *dot)
            }
        }

        impl<Op: Pairwise> BinaryRule<Op, $float> for $float {
            type Output = $float;

            #[inline]
            fn value(&self, b: &$float) -> $float {
                Op::value(*self, *b)
            }

            #[inline]
            fn pull(
                &self,
                b: &$float,
                value_bar: &$float,
                a_bar: Option<&mut $float>,
                b_bar: Option<&mut $float>,
            ) {
                if let Some(bar) = a_bar {
                    *bar += Op::pull_a(*self, *b, *value_bar);
                }
                if let Some(bar) = b_bar {
                    *bar += Op::pull_b(*self, *b, *value_bar);
                }
            }

            #[inline]
            fn push(&self, b: &$float, _: &$float, a_dot: Option<&$float>, b_dot: Option<&$float>) -> $float {
                let from_a = a_dot.map_or(0.0, |&dot| Op::pull_a(*self, *b, dot));
                from_a + b_dot.map_or(0.0, |&dot| Op::pull_b(*self, *b, dot))
            }
        }

        impl<Op: Pairwise, S: Data<Elem = $float>, D: Dimension> BinaryRule<Op, ArrayBase<S, D, $float>> for $float {
            type Output = Array<$float, D>;

            #[inline]
            fn value(&self, b: &ArrayBase<S, D, $float>) -> Array<$float, D> {
                b.mapv(|b| Op::value(*self, b))
            }

            #[inline]
            fn pull(
                &self,
                b: &ArrayBase<S, D, $float>,
                value_bar: &Array<$float, D>,
                a_bar: Option<&mut $float>,
                b_bar: Option<&mut Array<$float, D>>,
            ) {
                if let Some(bar) = a_bar {
                    *bar += Zip::from(b).and(value_bar).fold(0.0, |sum, &b, &g| sum + Op::pull_a(*self, b, g));
                }
                if let Some(bar) = b_bar {
                    Zip::from(bar).and(b).and(value_bar).for_each(|acc, &b, &g| *acc += Op::pull_b(*self, b, g));
                }
            }

            fn push(
                &self,
                b: &ArrayBase<S, D, $float>,
                value: &Array<$float, D>,
                a_dot: Option<&$float>,
                b_dot: Option<&Array<$float, D>>,
            ) -> Array<$float, D> {
                let mut value_dot = zero_tangent(value);
                if let Some(&dot) = a_dot {
                    Zip::from(&mut value_dot).and(b).for_each(|acc, &b| *acc += Op::pull_a(*self, b, dot));
                }
                if let Some(b_dot) = b_dot {
                    BinaryRule::<Op, _>::pull(self, b, b_dot, None, Some(&mut value_dot));
                }
                value_dot
            }
        }

        impl<Op: Pairwise, S: Data<Elem = $float>, D: Dimension> BinaryRule<Op, $float> for ArrayBase<S, D, $float> {
            type Output = Array<$float, D>;

            #[inline]
            fn value(&self, b: &$float) -> Array<$float, D> {
                self.mapv(|a| Op::value(a, *b))
            }

            #[inline]
            fn pull(
                &self,
                b: &$float,
                value_bar: &Array<$float, D>,
                a_bar: Option<&mut Array<$float, D>>,
                b_bar: Option<&mut $float>,
            ) {
                if let Some(bar) = a_bar {
                    Zip::from(bar).and(self).and(value_bar).for_each(|acc, &a, &g| *acc += Op::pull_a(a, *b, g));
                }
                if let Some(bar) = b_bar {
                    *bar += Zip::from(self).and(value_bar).fold(0.0, |sum, &a, &g| sum + Op::pull_b(a, *b, g));
                }
            }

            fn push(
                &self,
                b: &$float,
                value: &Array<$float, D>,
                a_dot: Option<&Array<$float, D>>,
                b_dot: Option<&$float>,
            ) -> Array<$float, D> {
                let mut value_dot = zero_tangent(value);
                if let Some(a_dot) = a_dot {
                    BinaryRule::<Op, $float>::pull(self, b, a_dot, Some(&mut value_dot), None);
                }
                if let Some(&dot) = b_dot {
                    Zip::from(&mut value_dot).and(self).for_each(|acc, &a| *acc += Op::pull_b(a, *b, dot));
                }
                value_dot
            }
        }
    )*};
}

impl_scalar!(f32 f64);

macro_rules! impl_integer {
    ($($integer:ident)*) => {
        $(impl_integer! { @each $integer Add +, Sub -, Mul *, Div /, Rem % })*
    };
    (@each $integer:ident $($Op:ident $operator:tt),*) => {$(
        impl BinaryRule<$Op, $integer> for $integer {
            type Output = $integer;

            #[inline]
            fn value(&self, b: &$integer) -> $integer {
                *self $operator *b
            }

            #[inline]
            fn pull(
                &self,
                _: &$integer,
                _: &(),
                _: Option<&mut ()>,
                _: Option<&mut ()>,
            ) {
            }

            #[inline]
            fn push(&self, _: &$integer, _: &$integer, _: Option<&()>, _: Option<&()>) {}
        }
    )*};
}

impl_integer!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

macro_rules! impl_integer_neg {
    ($($integer:ident)*) => {$(
        impl UnaryRule<Neg> for $integer {
            type Output = $integer;
            type Kept = ();

            #[inline]
            fn value(&self) -> $integer {
                -*self
            }

            #[inline]
            fn keep(_: &$integer) {}

            #[inline]
            fn pull(&self, (): &(), (): &(), (): &mut ()) {}

            #[inline]
            fn push(&self, _: &$integer, (): &()) {}
        }
    )*};
}

impl_integer_neg!(i8 i16 i32 i64 i128 isize);
