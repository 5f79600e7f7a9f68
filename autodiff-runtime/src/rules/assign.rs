//! Rules for compound assignments: `a += b` and its relatives.

use ndarray::{Array, ArrayBase, ArrayView, Data, DataMut, Dimension, Zip};

use super::BuiltIn;
use crate::accumulate::add_broadcast;
use crate::elementwise::{Add, Div, Mul, Pairwise, Rem, Sub};
use crate::{Differentiable, Float};

/// A compound assignment, named by its operator `Op`, of a value of type `B` to one of this type.
#[diagnostic::on_unimplemented(
    message = "the compound assignment `{Op}` of `{B}` to `{Self}` has no derivative",
    label = "this operator has no derivative here",
    note = "it has one on `f32`, `f64` and the arrays of `ndarray` over them; for a type of your own, write `#[differentiable]` before the `impl` of the operator for exactly these operands"
)]
pub trait AssignRule<Op, B: Differentiable + ?Sized>: Differentiable {
    /// What the reverse sweep keeps of the value before.
    type Kept;

    /// What the reverse sweep keeps of the value before.
    fn keep(&self) -> Self::Kept;

    /// The assignment.
    #[track_caller]
    fn assign(&mut self, b: &B);

    /// Turns the cotangent of the value after into that of the value before, and adds that of `b` to `b_bar`.
    fn pull(kept: &Self::Kept, b: &B, bar: &mut Self::Tangent, b_bar: Option<&mut B::Tangent>);

    /// The assignment, and the same for the tangent.
    fn push(&mut self, b: &B, dot: &mut Self::Tangent, b_dot: Option<&B::Tangent>);
}

/// An operator that has a compound assignment.
pub trait Compound: Pairwise {
    /// Its partial derivatives do not depend on the operands.
    const LINEAR: bool;
}

macro_rules! compound {
    ($($Op:ident $linear:literal)*) => { $(impl Compound for $Op { const LINEAR: bool = $linear; })* };
}

compound!(Add true Sub true Mul false Div false Rem false);

macro_rules! impl_number {
    ($($float:ident)*) => {$(
        impl<Op: Compound> AssignRule<Op, $float> for $float {
            type Kept = $float;

            #[inline]
            fn keep(&self) -> $float {
                *self
            }

            #[inline]
            fn assign(&mut self, b: &$float) {
                *self = Op::value(*self, *b);
            }

            #[inline]
            fn pull(kept: &$float, b: &$float, bar: &mut $float, b_bar: Option<&mut $float>) {
                if let Some(b_bar) = b_bar {
                    *b_bar += Op::pull_b(*kept, *b, *bar);
                }
                *bar = Op::pull_a(*kept, *b, *bar);
            }

            #[inline]
            fn push(&mut self, b: &$float, dot: &mut $float, b_dot: Option<&$float>) {
                *dot = Op::pull_a(*self, *b, *dot) + b_dot.map_or(0.0, |&b_dot| Op::pull_b(*self, *b, b_dot));
                *self = Op::value(*self, *b);
            }
        }

        impl<Op: Compound, S: DataMut<Elem = $float>, D: Dimension> AssignRule<Op, $float> for ArrayBase<S, D, $float> {
            type Kept = Option<Array<$float, D>>;

            #[inline]
            fn keep(&self) -> Self::Kept {
                (!Op::LINEAR).then(|| self.to_owned())
            }

            #[inline]
            fn assign(&mut self, b: &$float) {
                self.map_inplace(|a| *a = Op::value(*a, *b));
            }

            fn pull(kept: &Self::Kept, b: &$float, bar: &mut Array<$float, D>, b_bar: Option<&mut $float>) {
                let mut sum = 0.0;
                each_kept(bar, kept.as_ref(), |bar, a| {
                    sum += Op::pull_b(a, *b, *bar);
                    *bar = Op::pull_a(a, *b, *bar);
                });
                if let Some(b_bar) = b_bar {
                    *b_bar += sum;
                }
            }

            fn push(&mut self, b: &$float, dot: &mut Array<$float, D>, b_dot: Option<&$float>) {
                let b_dot = b_dot.copied().unwrap_or(0.0);
                Zip::from(self).and(dot).for_each(|a, dot| {
                    *dot = Op::pull_a(*a, *b, *dot) + Op::pull_b(*a, *b, b_dot);
                    *a = Op::value(*a, *b);
                });
            }
        }
    )*};
}

impl_number!(f32 f64);

/// Visits a cotangent together with what was kept of the value, or with zeros where nothing had to be.
fn each_kept<A: Float, D: Dimension>(
    bar: &mut Array<A, D>,
    kept: Option<&Array<A, D>>,
    mut visit: impl FnMut(&mut A, A),
) {
    match kept {
        Some(kept) => Zip::from(bar).and(kept).for_each(|bar, a| visit(bar, *a)),
        None => bar.map_inplace(|bar| visit(bar, A::zero())),
    }
}

/// An array repeated to the shape of what it is assigned to.
#[track_caller]
pub(super) fn repeated<'a, A: Float, D: Dimension, D2: Dimension>(
    b: &'a ArrayView<'_, A, D2>,
    shape: &D,
) -> ArrayView<'a, A, D> {
    match b.broadcast(shape.clone()) {
        Some(b) => b,
        None => panic!("an array of shape {:?} cannot be broadcast to shape {:?}", b.shape(), shape.slice()),
    }
}

impl<Op, A, S, D, S2, D2> AssignRule<Op, ArrayBase<S2, D2, A>> for ArrayBase<S, D, A>
where
    Op: Compound,
    A: Float,
    S: DataMut<Elem = A>,
    S2: Data<Elem = A>,
    D: Dimension,
    D2: Dimension,
{
    type Kept = Option<Array<A, D>>;

    #[inline]
    fn keep(&self) -> Self::Kept {
        (!Op::LINEAR).then(|| self.to_owned())
    }

    #[inline]
    fn assign(&mut self, b: &ArrayBase<S2, D2, A>) {
        let (shape, b) = (self.raw_dim(), b.view());
        Zip::from(self).and(repeated(&b, &shape)).for_each(|a, b| *a = Op::value(*a, *b));
    }

    fn pull(kept: &Self::Kept, b: &ArrayBase<S2, D2, A>, bar: &mut Array<A, D>, b_bar: Option<&mut Array<A, D2>>) {
        let (shape, b) = (bar.raw_dim(), b.view());
        let b = repeated(&b, &shape);
        let zeros = Array::zeros(shape);
        let kept = kept.as_ref().unwrap_or(&zeros);
        if let Some(b_bar) = b_bar {
            let contribution = Zip::from(&*bar).and(kept).and(&b).map_collect(|&g, &a, &b| Op::pull_b(a, b, g));
            add_broadcast(b_bar, contribution.view());
        }
        Zip::from(bar).and(kept).and(b).for_each(|bar, &a, &b| *bar = Op::pull_a(a, b, *bar));
    }

    fn push(&mut self, b: &ArrayBase<S2, D2, A>, dot: &mut Array<A, D>, b_dot: Option<&Array<A, D2>>) {
        let (shape, view) = (self.raw_dim(), b.view());
        let b = repeated(&view, &shape);
        Zip::from(&mut *dot).and(&*self).and(&b).for_each(|dot, &a, &b| *dot = Op::pull_a(a, b, *dot));
        if let Some(b_dot) = b_dot {
            let b_dot = b_dot.view();
            let b_dot = repeated(&b_dot, &shape);
            Zip::from(dot).and(&*self).and(&b).and(b_dot).for_each(|dot, &a, &b, &b_dot| {
                *dot += Op::pull_b(a, b, b_dot);
            });
        }
        Zip::from(self).and(b).for_each(|a, b| *a = Op::value(*a, *b));
    }
}

macro_rules! impl_integer {
    ($($integer:ident)*) => {
        $(impl_integer! { @each $integer Add +=, Sub -=, Mul *=, Div /=, Rem %= })*
    };
    (@each $integer:ident $($Op:ident $operator:tt),*) => {$(
        impl AssignRule<$Op, $integer> for $integer {
            type Kept = ();

            #[inline]
            fn keep(&self) {}

            #[inline]
            fn assign(&mut self, b: &$integer) {
                *self $operator *b;
            }

            #[inline]
            fn pull((): &(), _: &$integer, (): &mut (), _: Option<&mut ()>) {}

            #[inline]
            fn push(&mut self, b: &$integer, (): &mut (), _: Option<&()>) {
                *self $operator *b;
            }
        }
    )*};
}

impl_integer!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

/// A reference to a number or an array is as good as what it refers to.
macro_rules! delegate {
    ($([$($generics:tt)*] $Self:ty;)*) => {$(
        impl<Op, B: BuiltIn + Differentiable + ?Sized, $($generics)*> AssignRule<Op, &B> for $Self
        where
            $Self: AssignRule<Op, B>,
        {
            type Kept = <$Self as AssignRule<Op, B>>::Kept;

            #[inline]
            fn keep(&self) -> Self::Kept {
                <$Self as AssignRule<Op, B>>::keep(self)
            }

            #[inline]
            fn assign(&mut self, b: &&B) {
                <$Self as AssignRule<Op, B>>::assign(self, b);
            }

            #[inline]
            fn pull(kept: &Self::Kept, b: &&B, bar: &mut Self::Tangent, b_bar: Option<&mut B::Tangent>) {
                <$Self as AssignRule<Op, B>>::pull(kept, b, bar, b_bar);
            }

            #[inline]
            fn push(&mut self, b: &&B, dot: &mut Self::Tangent, b_dot: Option<&B::Tangent>) {
                <$Self as AssignRule<Op, B>>::push(self, b, dot, b_dot);
            }
        }
    )*};
}

delegate! {
    [] f32;
    [] f64;
    [A: Float, S: DataMut<Elem = A>, D: Dimension] ArrayBase<S, D, A>;
}
