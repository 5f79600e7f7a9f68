//! What losses are made of: the error of each element, and the angle of rows.

use ndarray::{Array, Array1, Array2, ArrayRef, ArrayView1, Axis, Dimension, Ix2, Zip};

use super::loss::check_pair;
use super::rule::rule;
use crate::elementwise::{AbsoluteDifference, Huber, Pairwise, SquaredDifference, WithLogits};
use crate::{Float, zero_tangent};

/// Defines the loss of each pair of elements, for sums and weighted means.
macro_rules! each_loss {
    ($($name:ident of $mean:ident, $Op:ident, second [$($kind:tt)*];)*) => {$(
        rule! {
            #[doc = concat!("The terms whose mean is [`", stringify!($mean), "`](fn@super::", stringify!($mean), "): for sums and weighted means.")]
            ///
            /// # Panics
            ///
            /// If the shapes differ.
            fn $name[A: Float, D: Dimension](
                prediction prediction_bar prediction_dot: ArrayRef<A, D> => Array<A, D>,
                target target_bar target_dot: ArrayRef<A, D> => Array<A, D>;;
            ) -> Array<A, D>, keeps (), captures [A, D];
            value {
                assert!(
                    prediction.shape() == target.shape(),
                    "`{}`: prediction of shape {:?} but target of shape {:?}",
                    stringify!($name), prediction.shape(), target.shape()
                );
                (Zip::from(prediction).and(target).map_collect(|&a, &b| $Op::value(a, b)), ())
            }
            reverse |_kept, y_bar| {
                if y_bar.is_empty() {
                    return;
                }
                let pairs = Zip::from(prediction).and(target).and(y_bar);
                if let Some(prediction_bar) = prediction_bar {
                    crate::accumulate(prediction_bar, pairs.clone().map_collect(|&a, &b, &g| $Op::pull_a(a, b, g)));
                }
                if let Some(target_bar) = target_bar {
                    crate::accumulate(target_bar, pairs.map_collect(|&a, &b, &g| $Op::pull_b(a, b, g)));
                }
            }
            forward |y, _kept| {
                let mut y_dot = zero_tangent(y);
                if let Some(dot) = prediction_dot {
                    Zip::from(&mut y_dot).and(prediction).and(target).and(dot).for_each(|y, &a, &b, &g| *y += $Op::pull_a(a, b, g));
                }
                if let Some(dot) = target_dot {
                    Zip::from(&mut y_dot).and(prediction).and(target).and(dot).for_each(|y, &a, &b, &g| *y += $Op::pull_b(a, b, g));
                }
                y_dot
            }
            second $($kind)*
        }
    )*};
}

each_loss! {
    squared_error of mse, SquaredDifference, second [definition squared_error(Flat, Flat) -> Flat];
    absolute_error of l1_loss, AbsoluteDifference, second [linear];
    huber_error of huber_loss, Huber, second [definition huber(Flat, Flat; A::one(), A::one()) -> Flat];
    binary_cross_entropy_with_logits_error of binary_cross_entropy_with_logits, WithLogits, second [
        definition binary_cross_entropy_with_logits_error(Flat, Flat) -> Flat
    ];
}

rule! {
    /// The cosine of the angle between corresponding rows along the last axis, where each norm is at least `1e-8`.
    ///
    /// # Panics
    ///
    /// If the shapes differ.
    fn cosine_similarity[A: Float](
        a a_bar a_dot: ArrayRef<A, Ix2> => Array2<A>, b b_bar b_dot: ArrayRef<A, Ix2> => Array2<A>;;
    ) -> Array1<A>, keeps (), captures [A];
    value {
        check_pair("cosine_similarity", ["a", "b"], a.shape(), b.shape());
        (a.outer_iter().zip(b.outer_iter()).map(|(a, b)| a.dot(&b) / (norm(a) * norm(b))).collect(), ())
    }
    reverse |_kept, y_bar| {
        if y_bar.is_empty() {
            return;
        }
        if let Some(a_bar) = a_bar {
            crate::accumulate(a_bar, cosine_bars(a, b, y_bar));
        }
        if let Some(b_bar) = b_bar {
            crate::accumulate(b_bar, cosine_bars(b, a, y_bar));
        }
    }
    forward |y, _kept| {
        let ones = Array1::ones(y.len());
        let mut y_dot = zero_tangent(y);
        if let Some(dot) = a_dot {
            y_dot += &(cosine_bars(a, b, &ones) * dot).sum_axis(Axis(1));
        }
        if let Some(dot) = b_dot {
            y_dot += &(cosine_bars(b, a, &ones) * dot).sum_axis(Axis(1));
        }
        y_dot
    }
    second definition cosine_similarity(Itself, Itself) -> Itself
}

/// The length of a row, which is never zero.
fn norm<A: Float>(row: ArrayView1<'_, A>) -> A {
    row.dot(&row).sqrt().max(A::of(1e-8))
}

/// The derivative of the cosines with respect to the rows of `a`, times the cotangents.
fn cosine_bars<A: Float>(a: &ArrayRef<A, Ix2>, b: &ArrayRef<A, Ix2>, y_bar: &Array1<A>) -> Array2<A> {
    let mut bars = Array2::zeros(a.raw_dim());
    for (((mut bar, a), b), &y_bar) in bars.outer_iter_mut().zip(a.outer_iter()).zip(b.outer_iter()).zip(y_bar) {
        let (length, other) = (norm(a), norm(b));
        let along = a.dot(&b) / (length * length);
        bar.assign(&b);
        // At a norm of zero the divisor does not depend on the row.
        if a.dot(&a).sqrt() >= A::of(1e-8) {
            bar.scaled_add(-along, &a);
        }
        bar *= y_bar / (length * other);
    }
    bars
}
