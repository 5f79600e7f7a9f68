//! Rules for operations on values whose type is known to the compiler only: numbers, arrays, and references to them.

use ndarray::{Array, ArrayBase, ArrayView, Data, DimMax, Dimension, Ix1, Ix2, Zip};

use crate::accumulate::add_broadcast;
use crate::elementwise::{self, Add, Div, Elementwise, Mul, Neg, Pairwise, Rem, Sub};
use crate::{Differentiable, Float, Tangent, zero_tangent};

/// The tangent type of the result of a [`UnaryRule`].
pub type UnaryTangent<X, Op> = <<X as UnaryRule<Op>>::Output as Differentiable>::Tangent;

/// The tangent type of the result of a [`BinaryRule`].
pub type BinaryTangent<A, Op, B> = <<A as BinaryRule<Op, B>>::Output as Differentiable>::Tangent;

/// An operation `Op` on one value of this type.
#[diagnostic::on_unimplemented(
    message = "the operation `{Op}` on `{Self}` has no derivative",
    note = "it is defined on `f32`, `f64`, and on the arrays of `ndarray` over them"
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
    note = "it is defined on `f32`, `f64`, and on the arrays of `ndarray` over them"
)]
pub trait BinaryRule<Op, B: Differentiable + ?Sized>: Differentiable {
    /// The type of the result.
    type Output: Differentiable;

    /// The result.
    #[track_caller]
    fn value(&self, b: &B) -> Self::Output;

    /// Adds the cotangent of the first operand to `bar`.
    fn pull_a(&self, b: &B, value_bar: &BinaryTangent<Self, Op, B>, bar: &mut Self::Tangent);

    /// Adds the cotangent of the second operand to `bar`.
    fn pull_b(&self, b: &B, value_bar: &BinaryTangent<Self, Op, B>, bar: &mut B::Tangent);

    /// The tangent of the result, from those of the operands that have one.
    fn push(
        &self,
        b: &B,
        value: &Self::Output,
        a_dot: Option<&Self::Tangent>,
        b_dot: Option<&B::Tangent>,
    ) -> BinaryTangent<Self, Op, B>;
}

impl<Op, T: UnaryRule<Op> + ?Sized> UnaryRule<Op> for &T {
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
            $From: BinaryRule<Op, $To>,
            $To: Differentiable,
        {
            type Output = <$From as BinaryRule<Op, $To>>::Output;

            #[inline]
            fn value(&self, $b: &$Rhs) -> Self::Output {
                let $a = self;
                <$From as BinaryRule<Op, $To>>::value($a2, $b2)
            }

            #[inline]
            fn pull_a(&self, $b: &$Rhs, value_bar: &BinaryTangent<$From, Op, $To>, bar: &mut Self::Tangent) {
                let $a = self;
                <$From as BinaryRule<Op, $To>>::pull_a($a2, $b2, value_bar, bar);
            }

            #[inline]
            fn pull_b(
                &self,
                $b: &$Rhs,
                value_bar: &BinaryTangent<$From, Op, $To>,
                bar: &mut <$To as Differentiable>::Tangent,
            ) {
                let $a = self;
                <$From as BinaryRule<Op, $To>>::pull_b($a2, $b2, value_bar, bar);
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
            fn pull_a(&self, b: &$float, value_bar: &$float, bar: &mut $float) {
                *bar += Op::pull_a(*self, *b, *value_bar);
            }

            #[inline]
            fn pull_b(&self, b: &$float, value_bar: &$float, bar: &mut $float) {
                *bar += Op::pull_b(*self, *b, *value_bar);
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
            fn pull_a(&self, b: &ArrayBase<S, D, $float>, value_bar: &Array<$float, D>, bar: &mut $float) {
                *bar += Zip::from(b).and(value_bar).fold(0.0, |sum, &b, &g| sum + Op::pull_a(*self, b, g));
            }

            #[inline]
            fn pull_b(&self, b: &ArrayBase<S, D, $float>, value_bar: &Array<$float, D>, bar: &mut Array<$float, D>) {
                Zip::from(bar).and(b).and(value_bar).for_each(|acc, &b, &g| *acc += Op::pull_b(*self, b, g));
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
                    BinaryRule::<Op, _>::pull_b(self, b, b_dot, &mut value_dot);
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
            fn pull_a(&self, b: &$float, value_bar: &Array<$float, D>, bar: &mut Array<$float, D>) {
                Zip::from(bar).and(self).and(value_bar).for_each(|acc, &a, &g| *acc += Op::pull_a(a, *b, g));
            }

            #[inline]
            fn pull_b(&self, b: &$float, value_bar: &Array<$float, D>, bar: &mut $float) {
                *bar += Zip::from(self).and(value_bar).fold(0.0, |sum, &a, &g| sum + Op::pull_b(a, *b, g));
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
                    BinaryRule::<Op, $float>::pull_a(self, b, a_dot, &mut value_dot);
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

impl<Op: Elementwise, A: Float, S: Data<Elem = A>, D: Dimension> UnaryRule<Op> for ArrayBase<S, D, A> {
    type Output = Array<A, D>;
    type Kept = Option<Array<A, D>>;

    #[inline]
    fn value(&self) -> Array<A, D> {
        elementwise::map::<Op, A, D>(self.view())
    }

    #[inline]
    fn keep(value: &Array<A, D>) -> Option<Array<A, D>> {
        elementwise::keep::<Op, A, D>(value)
    }

    #[inline]
    fn pull(&self, kept: &Option<Array<A, D>>, value_bar: &Array<A, D>, bar: &mut Array<A, D>) {
        elementwise::pull_into::<Op, A, D>(self.view(), kept.as_ref(), value_bar, bar);
    }

    #[inline]
    fn push(&self, value: &Array<A, D>, dot: &Array<A, D>) -> Array<A, D> {
        elementwise::push::<Op, A, D>(self.view(), value, dot)
    }
}

/// The dimension of two arrays broadcast against each other.
type Joint<D, D2> = <D as DimMax<D2>>::Output;

/// A view of an array over `A`, repeated to the dimension of a broadcast.
type Repeated<'a, A, D, D2> = ArrayView<'a, A, Joint<D, D2>>;

/// Both arrays repeated to their common shape.
#[track_caller]
fn broadcast_pair<'a, 'b, A: Float, D: Dimension + DimMax<D2>, D2: Dimension>(
    a: &'a ArrayView<'_, A, D>,
    b: &'b ArrayView<'_, A, D2>,
) -> (Repeated<'a, A, D, D2>, Repeated<'b, A, D, D2>) {
    let mut shape = Joint::<D, D2>::zeros(a.ndim().max(b.ndim()));
    for (place, axis) in shape.slice_mut().iter_mut().rev().zip(0..) {
        let length = |shape: &[usize]| shape.iter().rev().nth(axis).copied().unwrap_or(1);
        let (left, right) = (length(a.shape()), length(b.shape()));
        *place = if left == 1 { right } else { left };
    }
    match (a.broadcast(shape.clone()), b.broadcast(shape)) {
        (Some(a), Some(b)) => (a, b),
        _ => panic!("arrays of shapes {:?} and {:?} cannot be broadcast against each other", a.shape(), b.shape()),
    }
}

impl<Op, A, S, D, S2, D2> BinaryRule<Op, ArrayBase<S2, D2, A>> for ArrayBase<S, D, A>
where
    Op: Pairwise,
    A: Float,
    S: Data<Elem = A>,
    S2: Data<Elem = A>,
    D: Dimension + DimMax<D2>,
    D2: Dimension,
{
    type Output = Array<A, Joint<D, D2>>;

    fn value(&self, b: &ArrayBase<S2, D2, A>) -> Self::Output {
        let (a, b) = (self.view(), b.view());
        let (a, b) = broadcast_pair(&a, &b);
        Zip::from(a).and(b).map_collect(|&a, &b| Op::value(a, b))
    }

    fn pull_a(&self, b: &ArrayBase<S2, D2, A>, value_bar: &Self::Output, bar: &mut Array<A, D>) {
        let (a, b) = (self.view(), b.view());
        let (a, b) = broadcast_pair(&a, &b);
        add_pulled(bar, value_bar, a, b, Op::pull_a);
    }

    fn pull_b(&self, b: &ArrayBase<S2, D2, A>, value_bar: &Self::Output, bar: &mut Array<A, D2>) {
        let (a, b) = (self.view(), b.view());
        let (a, b) = broadcast_pair(&a, &b);
        add_pulled(bar, value_bar, a, b, Op::pull_b);
    }

    fn push(
        &self,
        b: &ArrayBase<S2, D2, A>,
        value: &Self::Output,
        a_dot: Option<&Array<A, D>>,
        b_dot: Option<&Array<A, D2>>,
    ) -> Self::Output {
        let (a, b) = (self.view(), b.view());
        let (a, b) = broadcast_pair(&a, &b);
        let mut value_dot = zero_tangent(value);
        if let Some(dot) = a_dot {
            let dot = dot.broadcast(value.raw_dim()).expect("a tangent has the shape of its value");
            add_products(&mut value_dot, dot, a.view(), b.view(), Op::pull_a);
        }
        if let Some(dot) = b_dot {
            let dot = dot.broadcast(value.raw_dim()).expect("a tangent has the shape of its value");
            add_products(&mut value_dot, dot, a, b, Op::pull_b);
        }
        value_dot
    }
}

/// Adds `pull(a, b, g)` to every element of an array of the same shape.
fn add_products<A: Float, D: Dimension>(
    acc: &mut Array<A, D>,
    g: ArrayView<'_, A, D>,
    a: ArrayView<'_, A, D>,
    b: ArrayView<'_, A, D>,
    pull: impl Fn(A, A, A) -> A,
) {
    Zip::from(acc).and(g).and(a).and(b).for_each(|acc, &g, &a, &b| *acc += pull(a, b, g));
}

/// Adds `pull(a, b, g)` to a cotangent, summed over the axes along which its operand was repeated.
#[track_caller]
fn add_pulled<A: Float, D: Dimension, J: Dimension>(
    bar: &mut Array<A, D>,
    value_bar: &Array<A, J>,
    a: ArrayView<'_, A, J>,
    b: ArrayView<'_, A, J>,
    pull: impl Fn(A, A, A) -> A,
) {
    if bar.shape() == value_bar.shape() {
        let bar = bar.view_mut().into_dimensionality::<J>().expect("equal shapes have equally many axes");
        Zip::from(bar).and(value_bar).and(a).and(b).for_each(|acc, &g, &a, &b| *acc += pull(a, b, g));
    } else {
        let contribution = Zip::from(value_bar).and(a).and(b).map_collect(|&g, &a, &b| pull(a, b, g));
        add_broadcast(bar, contribution.view());
    }
}

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
            fn pull_a(&self, _: &$integer, (): &(), (): &mut ()) {}

            #[inline]
            fn pull_b(&self, _: &$integer, (): &(), (): &mut ()) {}

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

/// The sum of all elements.
#[derive(Clone, Copy, Debug)]
pub struct Sum;

/// The mean of all elements.
#[derive(Clone, Copy, Debug)]
pub struct Mean;

/// The array with its axes in the opposite order.
#[derive(Clone, Copy, Debug)]
pub struct Transpose;

/// Reductions to one number: the value, and the weight of an element.
macro_rules! impl_reduction {
    ($Op:ident, |$x:ident| $value:expr, $weight:expr) => {
        impl<A: Float, S: Data<Elem = A>, D: Dimension> UnaryRule<$Op> for ArrayBase<S, D, A> {
            type Output = A;
            type Kept = ();

            #[inline]
            fn value(&self) -> A {
                let $x = self;
                $value
            }

            #[inline]
            fn keep(_: &A) {}

            #[inline]
            fn pull(&self, (): &(), value_bar: &A, bar: &mut Array<A, D>) {
                let $x = self;
                let each_bar = *value_bar * $weight;
                bar.map_inplace(|acc| *acc += each_bar);
            }

            #[inline]
            fn push(&self, _: &A, dot: &Array<A, D>) -> A {
                let $x = self;
                dot.sum() * $weight
            }
        }
    };
}

impl_reduction!(Sum, |x| x.sum(), {
    let _ = x;
    A::one()
});
impl_reduction!(Mean, |x| crate::mean(x), {
    A::from_usize(x.len()).expect("every usize is a floating-point number").recip()
});

impl<A: Float, S: Data<Elem = A>, D: Dimension> UnaryRule<Transpose> for ArrayBase<S, D, A> {
    type Output = Array<A, D>;
    type Kept = ();

    #[inline]
    fn value(&self) -> Array<A, D> {
        self.t().to_owned()
    }

    #[inline]
    fn keep(_: &Array<A, D>) {}

    #[inline]
    fn pull(&self, (): &(), value_bar: &Array<A, D>, bar: &mut Array<A, D>) {
        add_broadcast(bar, value_bar.t());
    }

    #[inline]
    fn push(&self, _: &Array<A, D>, dot: &Array<A, D>) -> Array<A, D> {
        dot.t().to_owned()
    }
}

/// The product of vectors and matrices, `a.dot(&b)`.
#[derive(Clone, Copy, Debug)]
pub struct Dot;

macro_rules! impl_dot {
    ($($D:ident $D2:ident $Output:ty;)*) => {$(
        impl<A: Float, S: Data<Elem = A>, S2: Data<Elem = A>> BinaryRule<Dot, ArrayBase<S2, $D2, A>>
            for ArrayBase<S, $D, A>
        {
            type Output = $Output;

            #[inline]
            fn value(&self, b: &ArrayBase<S2, $D2, A>) -> $Output {
                self.dot(b)
            }

            #[inline]
            fn pull_a(&self, b: &ArrayBase<S2, $D2, A>, value_bar: &$Output, bar: &mut Array<A, $D>) {
                crate::accumulate_dot_lhs_bar(bar, value_bar, b);
            }

            #[inline]
            fn pull_b(&self, _: &ArrayBase<S2, $D2, A>, value_bar: &$Output, bar: &mut Array<A, $D2>) {
                crate::accumulate_dot_rhs_bar(bar, self, value_bar);
            }

            fn push(
                &self,
                b: &ArrayBase<S2, $D2, A>,
                value: &$Output,
                a_dot: Option<&Array<A, $D>>,
                b_dot: Option<&Array<A, $D2>>,
            ) -> $Output {
                let mut value_dot = zero_tangent(value);
                if let Some(a_dot) = a_dot {
                    Tangent::accumulate(&mut value_dot, &a_dot.dot(b));
                }
                if let Some(b_dot) = b_dot {
                    Tangent::accumulate(&mut value_dot, &self.dot(b_dot));
                }
                value_dot
            }
        }
    )*};
}

impl_dot! {
    Ix1 Ix1 A;
    Ix1 Ix2 Array<A, Ix1>;
    Ix2 Ix1 Array<A, Ix1>;
    Ix2 Ix2 Array<A, Ix2>;
}
