//! Running sums and the largest, the smallest, the length, and the product along an axis.

use ndarray::{Array, ArrayRef, ArrayView1, ArrayViewMut1, Axis, Dimension, RemoveAxis, Zip};

use super::rule::rule;
use crate::{Float, zero_tangent};

/// Adds to the running sums of an array, from its beginning or from its end.
fn running<A: Float, D: Dimension + RemoveAxis>(mut x: Array<A, D>, axis: Axis, backwards: bool) -> Array<A, D> {
    if backwards {
        x.invert_axis(axis);
    }
    x.accumulate_axis_inplace(axis, |&before, sum| *sum += before);
    if backwards {
        x.invert_axis(axis);
    }
    x
}

#[track_caller]
fn check_axis(operation: &str, shape: &[usize], axis: Axis) {
    assert!(axis.0 < shape.len(), "`{operation}`: an array of shape {shape:?} has no axis {}", axis.0);
}

rule! {
    /// The sums of all elements up to each one along an axis.
    ///
    /// ```
    /// use autodiff_runtime::nn::cumsum;
    /// use ndarray::{Axis, array};
    ///
    /// assert_eq!(cumsum(&array![1.0, 2.0, 3.0], Axis(0)), array![1.0, 3.0, 6.0]);
    /// ```
    ///
    /// # Panics
    ///
    /// If there is no such axis.
    fn cumsum[A: Float, D: Dimension + RemoveAxis](
        x x_bar x_dot: ArrayRef<A, D> => Array<A, D>;;
        axis: Axis => ()
    ) -> Array<A, D>, keeps (), captures [A, D];
    value {
        check_axis("cumsum", x.shape(), axis);
        (running(x.to_owned(), axis, false), ())
    }
    reverse |_kept, y_bar| {
        if let Some(x_bar) = x_bar.filter(|_| !y_bar.is_empty()) {
            crate::accumulate(x_bar, running(y_bar.clone(), axis, true));
        }
    }
    forward |y, _kept| {
        x_dot.map_or_else(|| zero_tangent(y), |x_dot| running(x_dot.clone(), axis, false))
    }
    second linear
}

/// What is computed of the numbers along an axis, and its partial derivatives.
pub(crate) trait OfLane {
    fn value<A: Float>(lane: ArrayView1<'_, A>) -> A;

    /// The factors of which the partial derivative of a number `x` is the product: one for each number, one for all.
    fn partials<A: Float>(lane: ArrayView1<'_, A>, y: A) -> (impl Fn(A) -> A, A);
}

/// Those of which the partial derivatives are no constants.
pub(crate) trait OfBentLane: OfLane {
    /// The derivatives of the partial derivatives in a direction, in its place. The buffer is for what several lanes need one after the other.
    fn bend<A: Float>(lane: ArrayView1<'_, A>, y: A, direction: ArrayViewMut1<'_, A>, buffer: &mut Vec<(A, A)>);
}

struct Largest;

impl OfLane for Largest {
    fn value<A: Float>(lane: ArrayView1<'_, A>) -> A {
        lane.fold(A::neg_infinity(), |largest, &x| if x > largest || x.is_nan() { x } else { largest })
    }

    fn partials<A: Float>(lane: ArrayView1<'_, A>, y: A) -> (impl Fn(A) -> A, A) {
        let ties = lane.iter().filter(|&&x| x == y).count();
        (move |x| if x == y { A::one() } else { A::zero() }, A::of(ties as f64).recip())
    }
}

struct Smallest;

impl OfLane for Smallest {
    fn value<A: Float>(lane: ArrayView1<'_, A>) -> A {
        lane.fold(A::infinity(), |smallest, &x| if x < smallest || x.is_nan() { x } else { smallest })
    }

    fn partials<A: Float>(lane: ArrayView1<'_, A>, y: A) -> (impl Fn(A) -> A, A) {
        Largest::partials(lane, y)
    }
}

struct Length;

impl OfLane for Length {
    fn value<A: Float>(lane: ArrayView1<'_, A>) -> A {
        // Relative to the largest number, so that no square overflows.
        let largest = lane.fold(A::zero(), |largest, &x| largest.max(x.abs()));
        if largest == A::zero() || !largest.is_finite() {
            return largest;
        }
        largest * lane.fold(A::zero(), |sum, &x| sum + (x / largest) * (x / largest)).sqrt()
    }

    fn partials<A: Float>(_: ArrayView1<'_, A>, y: A) -> (impl Fn(A) -> A, A) {
        (|x| x, if y > A::zero() { y.recip() } else { A::zero() })
    }
}

impl OfBentLane for Length {
    /// `(d - n (n · d)) / y` with the unit vector `n`.
    fn bend<A: Float>(lane: ArrayView1<'_, A>, y: A, mut direction: ArrayViewMut1<'_, A>, _: &mut Vec<(A, A)>) {
        if y == A::zero() {
            return direction.fill(A::zero());
        }
        let (pairs, inverse) = (lane.iter().zip(&direction), y.recip());
        let along = pairs.fold(A::zero(), |sum, (&x, &d)| sum + x * inverse * d);
        direction.zip_mut_with(&lane, |d, &x| *d = (*d - x * inverse * along) * inverse);
    }
}

struct Product;

impl OfLane for Product {
    fn value<A: Float>(lane: ArrayView1<'_, A>) -> A {
        lane.product()
    }

    /// The product of the others, also where one of the numbers is zero.
    fn partials<A: Float>(lane: ArrayView1<'_, A>, y: A) -> (impl Fn(A) -> A, A) {
        let zeros = lane.iter().filter(|&&x| x == A::zero()).count();
        let others = lane.fold(A::one(), |product, &x| if x == A::zero() { product } else { product * x });
        let partial = move |x: A| match zeros {
            0 => y / x,
            1 if x == A::zero() => others,
            _ => A::zero(),
        };
        (partial, A::one())
    }
}

impl OfBentLane for Product {
    /// What stands before and what stands behind each number are multiplied, with their derivatives: nothing is divided by
    /// a number that may be zero.
    fn bend<A: Float>(lane: ArrayView1<'_, A>, _: A, mut direction: ArrayViewMut1<'_, A>, heads: &mut Vec<(A, A)>) {
        let (mut before, mut behind) = ((A::one(), A::zero()), (A::one(), A::zero()));
        heads.clear();
        for (&x, &d) in lane.iter().zip(&direction) {
            heads.push(before);
            before = (before.0 * x, before.1 * x + before.0 * d);
        }
        for ((&x, d), head) in lane.iter().zip(&mut direction).zip(heads.drain(..)).rev() {
            let own = std::mem::replace(d, head.0 * behind.1 + head.1 * behind.0);
            behind = (behind.0 * x, behind.1 * x + behind.0 * own);
        }
    }
}

/// How the partial derivatives change in a direction.
pub(crate) fn bent<Op: OfBentLane, A: Float, D: Dimension + RemoveAxis>(
    x: &ArrayRef<A, D>,
    y: &Array<A, D::Smaller>,
    direction: &Array<A, D>,
    axis: Axis,
) -> Array<A, D> {
    let (mut bent, mut buffer) = (direction.clone(), Vec::new());
    let lanes = Zip::from(bent.lanes_mut(axis)).and(x.lanes(axis)).and(y);
    lanes.for_each(|bent, lane, &y| Op::bend(lane, y, bent, &mut buffer));
    bent
}

/// How the products of all other numbers of a lane change in a direction.
pub(crate) fn bent_products<A: Float, D: Dimension + RemoveAxis>(
    x: &ArrayRef<A, D>,
    y: &Array<A, D::Smaller>,
    direction: &Array<A, D>,
    axis: Axis,
) -> Array<A, D> {
    bent::<Product, A, D>(x, y, direction, axis)
}

/// The partial derivatives with respect to all numbers.
fn slopes<Op: OfLane, A: Float, D: Dimension + RemoveAxis>(
    x: &ArrayRef<A, D>,
    y: &Array<A, D::Smaller>,
    axis: Axis,
) -> Array<A, D> {
    let mut slopes = x.to_owned();
    Zip::from(slopes.lanes_mut(axis)).and(x.lanes(axis)).and(y).for_each(|mut slopes, lane, &y| {
        let (each, all) = Op::partials(lane, y);
        slopes.mapv_inplace(|x| each(x) * all);
    });
    slopes
}

macro_rules! of_lanes {
    ($($(#[$doc:meta])* $name:ident, $Op:ident, second [$($kind:tt)*];)*) => {$(
        rule! {
            $(#[$doc])*
            ///
            /// # Panics
            ///
            /// If there is no such axis.
            fn $name[A: Float, D: Dimension + RemoveAxis](
                x x_bar x_dot: ArrayRef<A, D> => Array<A, D>;;
                axis: Axis => ()
            ) -> Array<A, D::Smaller>, keeps Array<A, D::Smaller>, captures [A, D];
            value {
                check_axis(stringify!($name), x.shape(), axis);
                let y = x.map_axis(axis, |lane| $Op::value(lane));
                (y.clone(), y)
            }
            reverse |y, y_bar| {
                if let Some(x_bar) = x_bar.filter(|_| !y_bar.is_empty()) {
                    let mut bars = slopes::<$Op, A, D>(x, y, axis);
                    Zip::from(bars.lanes_mut(axis)).and(y_bar).for_each(|mut lane, &bar| lane *= bar);
                    crate::accumulate(x_bar, bars);
                }
            }
            forward |y, _kept| {
                match x_dot {
                    Some(x_dot) => (slopes::<$Op, A, D>(x, y, axis) * x_dot).sum_axis(axis),
                    None => zero_tangent(y),
                }
            }
            second $($kind)*
        }
    )*};
}

of_lanes! {
    /// The largest number along an axis. Equal ones share the gradient equally; a NaN is larger than all.
    max_axis, Largest, second [linear];
    /// The smallest number along an axis. Equal ones share the gradient equally; a NaN is smaller than all.
    min_axis, Smallest, second [linear];
    /// The root of the sum of the squares along an axis, without overflow. Its derivative at zero is zero.
    norm_axis, Length, second [lanes Length];
    /// The product of the numbers along an axis.
    prod_axis, Product, second [lanes Product];
}
