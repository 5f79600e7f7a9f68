//! Rules for arrays: operators with broadcasting, reductions, products.

use ndarray::{Array, ArrayBase, ArrayView, Data, DimMax, Dimension, Ix1, Ix2, Zip};

use super::{BinaryRule, UnaryRule};
use crate::accumulate::add_broadcast;
use crate::elementwise::{self, Elementwise, Pairwise};
use crate::{Float, Kept, Tangent, buffers, zero_tangent};

impl<Op: Elementwise, A: Float, S: Data<Elem = A>, D: Dimension> UnaryRule<Op> for ArrayBase<S, D, A> {
    type Output = Array<A, D>;
    type Kept = Option<Kept<Array<A, D>>>;

    #[inline]
    fn value(&self) -> Array<A, D> {
        elementwise::map::<Op, A, D>(self.view())
    }

    #[inline]
    fn keep(value: &Array<A, D>) -> Option<Kept<Array<A, D>>> {
        elementwise::keep::<Op, A, D>(value)
    }

    #[inline]
    fn pull(&self, kept: &Option<Kept<Array<A, D>>>, value_bar: &Array<A, D>, bar: &mut Array<A, D>) {
        elementwise::pull_into::<Op, A, D>(self.view(), kept.as_ref(), value_bar, bar);
    }

    #[inline]
    fn push(&self, value: &Array<A, D>, dot: &Array<A, D>) -> Array<A, D> {
        elementwise::push::<Op, A, D>(self.view(), value, dot)
    }
}

/// The dimension of two arrays broadcast against each other.
pub(super) type Joint<D, D2> = <D as DimMax<D2>>::Output;

/// A view of an array over `A`, repeated to the dimension of a broadcast.
pub(super) type Repeated<'a, A, D, D2> = ArrayView<'a, A, Joint<D, D2>>;

/// Both arrays repeated to their common shape.
#[track_caller]
pub(super) fn broadcast_pair<'a, 'b, A: Float, D: Dimension + DimMax<D2>, D2: Dimension>(
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
        let mut y = buffers::array(a.raw_dim());
        Zip::from(&mut y).and(a).and(b).for_each(|y, &a, &b| *y = Op::value(a, b));
        y
    }

    #[inline]
    fn pull(
        &self,
        b: &ArrayBase<S2, D2, A>,
        value_bar: &Self::Output,
        a_bar: Option<&mut Array<A, D>>,
        b_bar: Option<&mut Array<A, D2>>,
    ) {
        if let Some(bar) = a_bar {
            let (a, b) = (self.view(), b.view());
            let (a, b) = broadcast_pair(&a, &b);
            add_pulled(bar, value_bar, a, b, Op::pull_a);
        }
        if let Some(bar) = b_bar {
            let (a, b) = (self.view(), b.view());
            let (a, b) = broadcast_pair(&a, &b);
            add_pulled(bar, value_bar, a, b, Op::pull_b);
        }
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
                crate::dot(self, b)
            }

            #[inline]
            fn pull(
                &self,
                b: &ArrayBase<S2, $D2, A>,
                value_bar: &$Output,
                a_bar: Option<&mut Array<A, $D>>,
                b_bar: Option<&mut Array<A, $D2>>,
            ) {
                if let Some(bar) = a_bar {
                    crate::accumulate_dot_lhs_bar(bar, value_bar, b);
                }
                if let Some(bar) = b_bar {
                    crate::accumulate_dot_rhs_bar(bar, self, value_bar);
                }
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
                    Tangent::accumulate(&mut value_dot, &crate::dot(a_dot, b));
                }
                if let Some(b_dot) = b_dot {
                    Tangent::accumulate(&mut value_dot, &crate::dot(self, b_dot));
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
