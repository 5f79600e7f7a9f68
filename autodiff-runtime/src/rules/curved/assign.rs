//! Rules of second order for compound assignments.

use ndarray::{Array, ArrayBase, ArrayView, Data, DataMut, Dimension};

use super::{Two, times};
use crate::accumulate::add_broadcast;
use crate::elementwise::{Add, CurvedPair, Div, Mul, Rem, Sub};
use crate::rules::BuiltIn;
use crate::rules::assign::{AssignRule, Compound, repeated};
use crate::{Differentiable, Float};

/// A compound assignment, named by its operator `Op`, whose derivative has derivatives.
#[diagnostic::on_unimplemented(
    message = "the compound assignment `{Op}` of `{B}` to `{Self}` has no second derivatives",
    label = "this operator has no second derivatives here",
    note = "for a type of your own, write `#[differentiable(order = 2)]` before the `impl` of the operator for exactly these operands"
)]
pub trait AssignCurve<Op, B: Differentiable + ?Sized>: AssignRule<Op, B> {
    /// Adds the derivatives, by the value before and by `b`, of what `push` makes of the tangents `dot` and `b_dot`, taken
    /// with the cotangent `seed`, to the bars.
    fn bend(
        kept: &Self::Kept,
        b: &B,
        dots: (&Self::Tangent, Option<&B::Tangent>),
        seed: &Self::Tangent,
        bars: (&mut Self::Tangent, Option<&mut B::Tangent>),
    );

    /// Adds to `to` the derivative of what `push` makes of the tangents, where value before and `b` go along `along`.
    fn curve(
        kept: &Self::Kept,
        b: &B,
        dots: (&Self::Tangent, Option<&B::Tangent>),
        along: (&Self::Tangent, Option<&B::Tangent>),
        to: &mut Self::Tangent,
    );
}

macro_rules! impl_number {
    ($($float:ident)*) => {$(
        impl<Op: Compound + CurvedPair> AssignCurve<Op, $float> for $float {
            #[inline]
            fn bend(
                kept: &$float,
                b: &$float,
                (dot, b_dot): (&$float, Option<&$float>),
                seed: &$float,
                (bar, b_bar): (&mut $float, Option<&mut $float>),
            ) {
                let (own, of_b) = times(Op::curvature(*kept, *b), (Some(*dot), b_dot.copied()));
                *bar += own * seed;
                if let Some(b_bar) = b_bar {
                    *b_bar += of_b * seed;
                }
            }

            #[inline]
            fn curve(
                kept: &$float,
                b: &$float,
                (dot, b_dot): (&$float, Option<&$float>),
                (along, b_along): (&$float, Option<&$float>),
                to: &mut $float,
            ) {
                let (own, of_b) = times(Op::curvature(*kept, *b), (Some(*dot), b_dot.copied()));
                *to += own * along + b_along.map_or(0.0, |along| of_b * along);
            }
        }

        impl<Op: Compound + CurvedPair, S: DataMut<Elem = $float>, D: Dimension> AssignCurve<Op, $float>
            for ArrayBase<S, D, $float>
        {
            fn bend(
                kept: &Self::Kept,
                b: &$float,
                (dot, b_dot): (&Array<$float, D>, Option<&$float>),
                seed: &Array<$float, D>,
                (bar, b_bar): (&mut Array<$float, D>, Option<&mut $float>),
            ) {
                // What is kept of a linear operation is nothing: it does not bend.
                let Some(kept) = kept else { return };
                let mut sum = 0.0;
                for (((bar, seed), dot), kept) in bar.iter_mut().zip(seed).zip(dot).zip(kept) {
                    let (own, of_b) = times(Op::curvature(*kept, *b), (Some(*dot), b_dot.copied()));
                    *bar += own * seed;
                    sum += of_b * seed;
                }
                if let Some(b_bar) = b_bar {
                    *b_bar += sum;
                }
            }

            fn curve(
                kept: &Self::Kept,
                b: &$float,
                (dot, b_dot): (&Array<$float, D>, Option<&$float>),
                (along, b_along): (&Array<$float, D>, Option<&$float>),
                to: &mut Array<$float, D>,
            ) {
                let Some(kept) = kept else { return };
                for (((to, along), dot), kept) in to.iter_mut().zip(along).zip(dot).zip(kept) {
                    let (own, of_b) = times(Op::curvature(*kept, *b), (Some(*dot), b_dot.copied()));
                    *to += own * along + b_along.map_or(0.0, |along| of_b * along);
                }
            }
        }
    )*};
}

impl_number!(f32 f64);

/// For every element the second derivatives times the tangents: by the value, and by what is assigned.
fn products<Op: CurvedPair, A: Float, D: Dimension>(
    kept: &Array<A, D>,
    b: &ArrayView<'_, A, D>,
    (dot, b_dot): (&Array<A, D>, Option<ArrayView<'_, A, D>>),
) -> (Array<A, D>, Array<A, D>) {
    let mut own = dot.clone();
    let mut of_b = b_dot.as_ref().map_or_else(|| Array::zeros(kept.raw_dim()), |dot| dot.to_owned());
    for (((own, of_b), kept), b) in own.iter_mut().zip(&mut of_b).zip(kept).zip(b) {
        let dots: Two<A, A> = (Some(*own), b_dot.is_some().then_some(*of_b));
        (*own, *of_b) = times(Op::curvature(*kept, *b), dots);
    }
    (own, of_b)
}

impl<Op, A, S, D, S2, D2> AssignCurve<Op, ArrayBase<S2, D2, A>> for ArrayBase<S, D, A>
where
    Op: Compound + CurvedPair,
    A: Float,
    S: DataMut<Elem = A>,
    S2: Data<Elem = A>,
    D: Dimension,
    D2: Dimension,
{
    fn bend(
        kept: &Self::Kept,
        b: &ArrayBase<S2, D2, A>,
        (dot, b_dot): (&Array<A, D>, Option<&Array<A, D2>>),
        seed: &Array<A, D>,
        (bar, b_bar): (&mut Array<A, D>, Option<&mut Array<A, D2>>),
    ) {
        let Some(kept) = kept else { return };
        let (shape, b, b_dot) = (kept.raw_dim(), b.view(), b_dot.map(|dot| dot.view()));
        let b_dot = b_dot.as_ref().map(|dot| repeated(dot, &shape));
        let (own, of_b) = products::<Op, A, D>(kept, &repeated(&b, &shape), (dot, b_dot));
        *bar += &(own * seed);
        if let Some(b_bar) = b_bar {
            add_broadcast(b_bar, (of_b * seed).view());
        }
    }

    fn curve(
        kept: &Self::Kept,
        b: &ArrayBase<S2, D2, A>,
        (dot, b_dot): (&Array<A, D>, Option<&Array<A, D2>>),
        (along, b_along): (&Array<A, D>, Option<&Array<A, D2>>),
        to: &mut Array<A, D>,
    ) {
        let Some(kept) = kept else { return };
        let (shape, b, b_dot) = (kept.raw_dim(), b.view(), b_dot.map(|dot| dot.view()));
        let b_dot = b_dot.as_ref().map(|dot| repeated(dot, &shape));
        let (own, of_b) = products::<Op, A, D>(kept, &repeated(&b, &shape), (dot, b_dot));
        *to += &(own * along);
        if let Some(b_along) = b_along.map(|along| along.view()) {
            *to += &(of_b * repeated(&b_along, &shape));
        }
    }
}

macro_rules! impl_integer {
    ($($integer:ident)*) => { $(impl_integer! { @each $integer Add, Sub, Mul, Div, Rem })* };
    (@each $integer:ident $($Op:ident),*) => {$(
        impl AssignCurve<$Op, $integer> for $integer {
            #[inline]
            fn bend((): &(), _: &$integer, _: (&(), Option<&()>), (): &(), _: (&mut (), Option<&mut ()>)) {}

            #[inline]
            fn curve((): &(), _: &$integer, _: (&(), Option<&()>), _: (&(), Option<&()>), (): &mut ()) {}
        }
    )*};
}

impl_integer!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

/// A reference to a number or an array is as good as what it refers to.
macro_rules! delegate {
    ($([$($generics:tt)*] $Self:ty;)*) => {$(
        impl<Op, B: BuiltIn + Differentiable + ?Sized, $($generics)*> AssignCurve<Op, &B> for $Self
        where
            $Self: AssignCurve<Op, B>,
        {
            #[inline]
            fn bend(
                kept: &Self::Kept,
                b: &&B,
                dots: (&Self::Tangent, Option<&B::Tangent>),
                seed: &Self::Tangent,
                bars: (&mut Self::Tangent, Option<&mut B::Tangent>),
            ) {
                <$Self as AssignCurve<Op, B>>::bend(kept, b, dots, seed, bars);
            }

            #[inline]
            fn curve(
                kept: &Self::Kept,
                b: &&B,
                dots: (&Self::Tangent, Option<&B::Tangent>),
                along: (&Self::Tangent, Option<&B::Tangent>),
                to: &mut Self::Tangent,
            ) {
                <$Self as AssignCurve<Op, B>>::curve(kept, b, dots, along, to);
            }
        }
    )*};
}

delegate! {
    [] f32;
    [] f64;
    [A: Float, S: DataMut<Elem = A>, D: Dimension] ArrayBase<S, D, A>;
}
