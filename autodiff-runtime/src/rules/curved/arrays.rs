//! Rules of second order for arrays.

use ndarray::{Array, ArrayBase, ArrayView, Data, DimMax, Dimension, Ix1, Ix2, Zip};

use super::{BinaryCurve, Two, UnaryCurve, or_zero, times};
use crate::accumulate::add_broadcast;
use crate::elementwise::{Curved, CurvedPair};
use crate::methods::Powi;
use crate::rules::arrays::{Joint, broadcast_pair};
use crate::rules::{Dot, Mean, Sum, Transpose};
use crate::{Float, Tangent, zero_tangent};

impl<Op: Curved, A: Float, S: Data<Elem = A>, D: Dimension> UnaryCurve<Op> for ArrayBase<S, D, A> {
    fn bend(&self, dot: &Array<A, D>, seed: &Array<A, D>, bar: &mut Array<A, D>) {
        Zip::from(bar).and(self).and(dot).and(seed).for_each(|bar, &x, &dot, &seed| {
            *bar += Op::curvature(x) * dot * seed;
        });
    }

    fn curve(&self, _: &Array<A, D>, dot: &Array<A, D>, along: &Array<A, D>) -> Array<A, D> {
        Zip::from(self).and(dot).and(along).map_collect(|&x, &dot, &along| Op::curvature(x) * dot * along)
    }
}

/// What is linear in its operand does not bend.
macro_rules! linear {
    ($($Op:ident -> $Output:ty;)*) => {$(
        impl<A: Float, S: Data<Elem = A>, D: Dimension> UnaryCurve<$Op> for ArrayBase<S, D, A> {
            #[inline]
            fn bend(&self, _: &Array<A, D>, _: &$Output, _: &mut Array<A, D>) {}

            #[inline]
            fn curve(&self, value: &$Output, _: &Array<A, D>, _: &Array<A, D>) -> $Output {
                zero_tangent(value)
            }
        }
    )*};
}

linear! {
    Sum -> A;
    Mean -> A;
    Transpose -> Array<A, D>;
}

/// The second derivatives of an operation on two arrays times a pair of tangents, element by element.
fn products<Op: CurvedPair, A: Float, D: Dimension>(
    (a, b): (&ArrayView<'_, A, D>, &ArrayView<'_, A, D>),
    (a_dot, b_dot): Two<ArrayView<'_, A, D>, ArrayView<'_, A, D>>,
) -> (Array<A, D>, Array<A, D>) {
    let mut of_a = match &a_dot {
        Some(dot) => dot.to_owned(),
        None => Array::zeros(a.raw_dim()),
    };
    let mut of_b = match &b_dot {
        Some(dot) => dot.to_owned(),
        None => Array::zeros(a.raw_dim()),
    };
    Zip::from(&mut of_a).and(&mut of_b).and(a).and(b).for_each(|of_a, of_b, &a, &b| {
        let dots = (a_dot.is_some().then_some(*of_a), b_dot.is_some().then_some(*of_b));
        (*of_a, *of_b) = times(Op::curvature(a, b), dots);
    });
    (of_a, of_b)
}

fn repeated<'a, A: Float, D: Dimension, J: Dimension>(dot: &'a Array<A, D>, shape: &J) -> ArrayView<'a, A, J> {
    dot.broadcast(shape.clone()).expect("a tangent has the shape of its value")
}

impl<Op, A, S, D, S2, D2> BinaryCurve<Op, ArrayBase<S2, D2, A>> for ArrayBase<S, D, A>
where
    Op: CurvedPair,
    A: Float,
    S: Data<Elem = A>,
    S2: Data<Elem = A>,
    D: Dimension + DimMax<D2>,
    D2: Dimension,
{
    fn bend(
        &self,
        b: &ArrayBase<S2, D2, A>,
        (a_dot, b_dot): Two<&Array<A, D>, &Array<A, D2>>,
        seed: &Array<A, Joint<D, D2>>,
        (a_bar, b_bar): Two<&mut Array<A, D>, &mut Array<A, D2>>,
    ) {
        let (a, b, shape) = (self.view(), b.view(), seed.raw_dim());
        let (a, b) = broadcast_pair(&a, &b);
        let dots = (a_dot.map(|dot| repeated(dot, &shape)), b_dot.map(|dot| repeated(dot, &shape)));
        let (of_a, of_b) = products::<Op, A, _>((&a, &b), dots);
        if let Some(bar) = a_bar {
            add_broadcast(bar, (of_a * seed).view());
        }
        if let Some(bar) = b_bar {
            add_broadcast(bar, (of_b * seed).view());
        }
    }

    fn curve(
        &self,
        b: &ArrayBase<S2, D2, A>,
        value: &Array<A, Joint<D, D2>>,
        (a_dot, b_dot): Two<&Array<A, D>, &Array<A, D2>>,
        (a_along, b_along): Two<&Array<A, D>, &Array<A, D2>>,
    ) -> Array<A, Joint<D, D2>> {
        let (a, b, shape) = (self.view(), b.view(), value.raw_dim());
        let (a, b) = broadcast_pair(&a, &b);
        let dots = (a_dot.map(|dot| repeated(dot, &shape)), b_dot.map(|dot| repeated(dot, &shape)));
        let (of_a, of_b) = products::<Op, A, _>((&a, &b), dots);
        let mut along = zero_tangent(value);
        if let Some(tangent) = a_along {
            along += &(of_a * repeated(tangent, &shape));
        }
        if let Some(tangent) = b_along {
            along += &(of_b * repeated(tangent, &shape));
        }
        along
    }
}

/// Operations on an array and one number, on either side.
macro_rules! impl_with_number {
    ($($float:ident)*) => {$(
        impl<Op: CurvedPair, S: Data<Elem = $float>, D: Dimension> BinaryCurve<Op, ArrayBase<S, D, $float>> for $float {
            fn bend(
                &self,
                b: &ArrayBase<S, D, $float>,
                (a_dot, b_dot): Two<&$float, &Array<$float, D>>,
                seed: &Array<$float, D>,
                (a_bar, b_bar): Two<&mut $float, &mut Array<$float, D>>,
            ) {
                let (of_a, of_b) = repeat(self, b, a_dot, b_dot, |a, b| Op::curvature(a, b));
                if let Some(bar) = a_bar {
                    *bar += (of_a * seed).sum();
                }
                if let Some(bar) = b_bar {
                    *bar += &(of_b * seed);
                }
            }

            fn curve(
                &self,
                b: &ArrayBase<S, D, $float>,
                _: &Array<$float, D>,
                (a_dot, b_dot): Two<&$float, &Array<$float, D>>,
                (a_along, b_along): Two<&$float, &Array<$float, D>>,
            ) -> Array<$float, D> {
                let (of_a, of_b) = repeat(self, b, a_dot, b_dot, |a, b| Op::curvature(a, b));
                sum_along(of_a * or_zero(a_along), of_b, b_along)
            }
        }

        impl<Op: CurvedPair, S: Data<Elem = $float>, D: Dimension> BinaryCurve<Op, $float> for ArrayBase<S, D, $float> {
            fn bend(
                &self,
                b: &$float,
                (a_dot, b_dot): Two<&Array<$float, D>, &$float>,
                seed: &Array<$float, D>,
                (a_bar, b_bar): Two<&mut Array<$float, D>, &mut $float>,
            ) {
                let (of_b, of_a) = repeat(b, self, b_dot, a_dot, |b, a| swapped(Op::curvature(a, b)));
                if let Some(bar) = a_bar {
                    *bar += &(of_a * seed);
                }
                if let Some(bar) = b_bar {
                    *bar += (of_b * seed).sum();
                }
            }

            fn curve(
                &self,
                b: &$float,
                _: &Array<$float, D>,
                (a_dot, b_dot): Two<&Array<$float, D>, &$float>,
                (a_along, b_along): Two<&Array<$float, D>, &$float>,
            ) -> Array<$float, D> {
                let (of_b, of_a) = repeat(b, self, b_dot, a_dot, |b, a| swapped(Op::curvature(a, b)));
                sum_along(of_b * or_zero(b_along), of_a, a_along)
            }
        }
    )*};
}

impl_with_number!(f32 f64);

fn swapped<A>([aa, ab, bb]: [A; 3]) -> [A; 3] {
    [bb, ab, aa]
}

/// The second derivatives of an operation on a number and an array times a pair of tangents.
fn repeat<A: Float, S: Data<Elem = A>, D: Dimension>(
    number: &A,
    array: &ArrayBase<S, D, A>,
    number_dot: Option<&A>,
    array_dot: Option<&Array<A, D>>,
    curvature: impl Fn(A, A) -> [A; 3],
) -> (Array<A, D>, Array<A, D>) {
    let mut of_array = array_dot.map_or_else(|| Array::zeros(array.raw_dim()), Clone::clone);
    let mut of_number = Array::zeros(array.raw_dim());
    Zip::from(&mut of_array).and(&mut of_number).and(array).for_each(|of_array, of_number, &x| {
        let dots = (number_dot.copied(), array_dot.is_some().then_some(*of_array));
        (*of_number, *of_array) = times(curvature(*number, x), dots);
    });
    (of_number, of_array)
}

fn sum_along<A: Float, D: Dimension>(
    mut sum: Array<A, D>,
    factors: Array<A, D>,
    along: Option<&Array<A, D>>,
) -> Array<A, D> {
    if let Some(along) = along {
        sum += &(factors * along);
    }
    sum
}

macro_rules! impl_dot {
    ($($D:ident $D2:ident $Output:ty;)*) => {$(
        impl<A: Float, S: Data<Elem = A>, S2: Data<Elem = A>> BinaryCurve<Dot, ArrayBase<S2, $D2, A>>
            for ArrayBase<S, $D, A>
        {
            fn bend(
                &self,
                _: &ArrayBase<S2, $D2, A>,
                (a_dot, b_dot): Two<&Array<A, $D>, &Array<A, $D2>>,
                seed: &$Output,
                (a_bar, b_bar): Two<&mut Array<A, $D>, &mut Array<A, $D2>>,
            ) {
                if let (Some(bar), Some(b_dot)) = (a_bar, b_dot) {
                    crate::accumulate_dot_lhs_bar(bar, seed, b_dot);
                }
                if let (Some(bar), Some(a_dot)) = (b_bar, a_dot) {
                    crate::accumulate_dot_rhs_bar(bar, a_dot, seed);
                }
            }

            fn curve(
                &self,
                _: &ArrayBase<S2, $D2, A>,
                value: &$Output,
                (a_dot, b_dot): Two<&Array<A, $D>, &Array<A, $D2>>,
                (a_along, b_along): Two<&Array<A, $D>, &Array<A, $D2>>,
            ) -> $Output {
                let mut along = zero_tangent(value);
                for pair in [a_dot.zip(b_along), a_along.zip(b_dot)] {
                    if let Some((a, b)) = pair {
                        Tangent::accumulate(&mut along, &crate::dot(a, b));
                    }
                }
                along
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

macro_rules! impl_powi {
    ($($float:ident)*) => {$(
        impl BinaryCurve<Powi, i32> for $float {
            #[inline]
            fn bend(
                &self,
                n: &i32,
                (dot, _): Two<&$float, &()>,
                seed: &$float,
                (bar, _): Two<&mut $float, &mut ()>,
            ) {
                if let (Some(bar), Some(dot)) = (bar, dot) {
                    *bar += crate::powi_falling(*self, *n, 2) * dot * seed;
                }
            }

            #[inline]
            fn curve(&self, n: &i32, _: &$float, (dot, _): Two<&$float, &()>, (along, _): Two<&$float, &()>) -> $float {
                crate::powi_falling(*self, *n, 2) * or_zero(dot) * or_zero(along)
            }
        }
    )*};
}

impl_powi!(f32 f64);

impl<A: Float, S: Data<Elem = A>, D: Dimension> BinaryCurve<Powi, i32> for ArrayBase<S, D, A> {
    fn bend(
        &self,
        n: &i32,
        (dot, _): Two<&Array<A, D>, &()>,
        seed: &Array<A, D>,
        (bar, _): Two<&mut Array<A, D>, &mut ()>,
    ) {
        if let (Some(bar), Some(dot)) = (bar, dot) {
            Zip::from(bar).and(self).and(dot).and(seed).for_each(|bar, &x, &dot, &seed| {
                *bar += crate::powi_falling(x, *n, 2) * dot * seed;
            });
        }
    }

    fn curve(
        &self,
        n: &i32,
        value: &Array<A, D>,
        (dot, _): Two<&Array<A, D>, &()>,
        (along, _): Two<&Array<A, D>, &()>,
    ) -> Array<A, D> {
        let mut curved = zero_tangent(value);
        if let (Some(dot), Some(along)) = (dot, along) {
            BinaryCurve::<Powi, i32>::bend(self, n, (Some(dot), None), along, (Some(&mut curved), None));
        }
        curved
    }
}
