//! Second derivatives of activations, of the normalised exponentials, and of losses: the derivatives of their `call_jvp`.

use ndarray::{Array, Array2, ArrayRef, Axis, Dimension, Ix2, Zip};

use super::rule::in_rows;
use super::{
    binary_cross_entropy, binary_cross_entropy_with_logits, cross_entropy, elu, gelu, gelu_tanh, hardtanh, hinge_loss,
    huber_loss, kl_div, l1_loss, log_sigmoid, log_softmax, mish, mse, nll_loss, relu, selu, sigmoid, silu, softmax,
    softplus, tanh,
};
use crate::elementwise::{self, Curved as _, Elementwise};
use crate::{Float, TwiceDifferentiable, zero_tangent};

/// A function of one array whose derivative `x_dot -> y_dot` is differentiated once more.
trait Curved<A, D> {
    /// The cotangents of `x` and of `x_dot` for those of `y` and of `y_dot`.
    fn pull(
        of: (&ArrayRef<A, D>, &Array<A, D>),
        x_dot: &Array<A, D>,
        y_bar: &Array<A, D>,
        y_dot_bar: &Array<A, D>,
    ) -> Pair<A, D>;

    /// The tangent of `y_dot` for the tangents of `x` and of `x_dot`.
    fn push(x: &Array<A, D>, x_dot: &Array<A, D>, x_tangent: &Array<A, D>, x_dot_tangent: &Array<A, D>) -> Array<A, D>;
}

type Pair<A, D> = (Array<A, D>, Array<A, D>);

/// The array that is not given is zero.
fn given<A: Float, D: Dimension>(array: Option<&Array<A, D>>, like: &ArrayRef<A, D>) -> Array<A, D> {
    array.map_or_else(|| zero_tangent(like), Clone::clone)
}

fn add<A: Float, D: Dimension>(slot: Option<&mut Array<A, D>>, contribution: &Array<A, D>) {
    if let Some(slot) = slot {
        *slot += contribution;
    }
}

/// Means over pairs of elements that have a definition.
macro_rules! defined_pairs {
    ($($name:ident)*) => {$(
        super::twice::twice! {
            [definition $name(Flat, Flat) -> Itself] $name[A: Float, D: Dimension](
                a a_bar a_dot: ArrayRef<A, D> => Array<A, D>, b b_bar b_dot: ArrayRef<A, D> => Array<A, D>;;
            ) -> A, captures [A, D]
        }
    )*};
}

defined_pairs!(binary_cross_entropy hinge_loss huber_loss kl_div l1_loss);

/// The two derivatives of `call_jvp` of functions of one array.
macro_rules! twice {
    ($($name:ident)*) => {$(
        impl TwiceDifferentiable for $name {}

        impl $name {
            #[doc(hidden)]
            #[allow(clippy::type_complexity)]
            pub fn call_jvp_call_vjp<A: Float, D: Dimension>(
                x: &ArrayRef<A, D>,
                x_dot: Option<&Array<A, D>>,
            ) -> (
                Pair<A, D>,
                impl Fn(
                    &ArrayRef<A, D>,
                    Option<&Array<A, D>>,
                    &Pair<A, D>,
                    Option<&mut Array<A, D>>,
                    Option<&mut Array<A, D>>,
                ) + use<A, D>,
            ) {
                let (y, y_dot) = Self::call_jvp(x, x_dot);
                let kept = crate::kept(crate::buffers::copy(y.view()));
                let pullback = move |x: &ArrayRef<A, D>,
                                     x_dot: Option<&Array<A, D>>,
                                     (y_bar, y_dot_bar): &Pair<A, D>,
                                     x_bar: Option<&mut Array<A, D>>,
                                     x_dot_bar: Option<&mut Array<A, D>>| {
                    let given = given(x_dot, x);
                    let (own, of_dot) = <Self as Curved<A, D>>::pull((x, &kept), &given, y_bar, y_dot_bar);
                    add(x_bar, &own);
                    add(x_dot_bar, &of_dot);
                };
                ((y, y_dot), pullback)
            }

            #[doc(hidden)]
            pub fn call_jvp_call_jvp<A: Float, D: Dimension>(
                x: &ArrayRef<A, D>,
                x_dot: Option<&Array<A, D>>,
                x_tangent: Option<&Array<A, D>>,
                x_dot_tangent: Option<&Array<A, D>>,
            ) -> (Pair<A, D>, Pair<A, D>) {
                let (whole, dot) = (x.to_owned(), given(x_dot, x));
                let (tangent, dot_tangent) = (given(x_tangent, x), given(x_dot_tangent, x));
                let second = <Self as Curved<A, D>>::push(&whole, &dot, &tangent, &dot_tangent);
                (Self::call_jvp(x, x_dot), (Self::call_jvp(x, x_tangent).1, second))
            }
        }
    )*};
}

twice!(softmax log_softmax);

/// The derivative of a function of the table at `x`, times `g`.
fn pull<Op: Elementwise, A: Float>(x: A, g: A) -> A {
    Op::pull(if Op::FROM_RESULT { Op::value(x) } else { x }, g)
}

/// Functions of one number, by the second derivatives of the table.
macro_rules! elementwise {
    ($($name:ident $Op:ident)*) => {
        twice!($($name)*);

        $(impl<A: Float, D: Dimension> Curved<A, D> for $name {
            fn pull(
                (x, y): (&ArrayRef<A, D>, &Array<A, D>),
                x_dot: &Array<A, D>,
                y_bar: &Array<A, D>,
                y_dot_bar: &Array<A, D>,
            ) -> Pair<A, D> {
                let (mut x_bar, mut x_dot_bar) = (y_bar.clone(), y_dot_bar.clone());
                let all = Zip::from(&mut x_bar).and(&mut x_dot_bar).and(x).and(y).and(x_dot);
                all.for_each(|bar, dot_bar, &x, &y, &dot| {
                    let from = if elementwise::$Op::FROM_RESULT { y } else { x };
                    let curvature = elementwise::$Op::curvature_of(x, y);
                    *bar = elementwise::$Op::pull(from, *bar) + curvature * dot * *dot_bar;
                    *dot_bar = elementwise::$Op::pull(from, *dot_bar);
                });
                (x_bar, x_dot_bar)
            }

            fn push(x: &Array<A, D>, x_dot: &Array<A, D>, x_tangent: &Array<A, D>, x_dot_tangent: &Array<A, D>) -> Array<A, D> {
                let mut second = x_dot_tangent.clone();
                Zip::from(&mut second).and(x).and(x_dot).and(x_tangent).for_each(|second, &x, &dot, &tangent| {
                    let curvature: A = elementwise::$Op::curvature(x);
                    *second = pull::<elementwise::$Op, A>(x, *second) + curvature * dot * tangent;
                });
                second
            }
        })*
    };
}

elementwise! {
    relu Relu
    sigmoid Sigmoid
    tanh Tanh
    softplus Softplus
    gelu Gelu
    gelu_tanh GeluTanh
    silu Silu
    elu Elu
    selu Selu
    mish Mish
    hardtanh Hardtanh
    log_sigmoid LogSigmoid
}

/// Applies a function to corresponding rows: those along the last axis.
fn rows<A: Float, D: Dimension>(
    inputs: [&Array<A, D>; 4],
    mut each: impl FnMut([&[A]; 4], &mut [A], &mut [A]),
) -> Pair<A, D> {
    let mut results = (zero_tangent(inputs[0]), zero_tangent(inputs[0]));
    if inputs[0].is_empty() || inputs[0].ndim() == 0 {
        return results;
    }
    let length = inputs[0].len_of(Axis(inputs[0].ndim() - 1));
    let of_inputs = inputs.map(|input| in_rows(input));
    let [first, second] = [&mut results.0, &mut results.1]
        .map(|result| result.as_slice_mut().expect("a new array is in row-major order").chunks_exact_mut(length));
    for (row, (first, second)) in first.zip(second).enumerate() {
        let inputs = of_inputs.each_ref().map(|input| &input[row * length..(row + 1) * length]);
        each(inputs, first, second);
    }
    results
}

fn dot<A: Float>(a: &[A], b: &[A]) -> A {
    a.iter().zip(b).map(|(a, b)| *a * *b).fold(A::zero(), |sum, part| sum + part)
}

fn sum<A: Float>(row: &[A]) -> A {
    row.iter().fold(A::zero(), |sum, part| sum + *part)
}

/// `y_dot = y (x_dot - y · x_dot)`
impl<A: Float, D: Dimension> Curved<A, D> for softmax {
    fn pull(
        (_, y): (&ArrayRef<A, D>, &Array<A, D>),
        x_dot: &Array<A, D>,
        y_bar: &Array<A, D>,
        y_dot_bar: &Array<A, D>,
    ) -> Pair<A, D> {
        rows([y, x_dot, y_bar, y_dot_bar], |[y, x_dot, y_bar, y_dot_bar], x_bar, x_dot_bar| {
            let (mean, total) = (dot(y, x_dot), dot(y, y_dot_bar));
            for at in 0..y.len() {
                x_dot_bar[at] = y[at] * (y_dot_bar[at] - total);
                x_bar[at] = y_bar[at] + y_dot_bar[at] * (x_dot[at] - mean) - x_dot[at] * total;
            }
            let mean = dot(y, x_bar);
            x_bar.iter_mut().zip(y).for_each(|(bar, y)| *bar = *y * (*bar - mean));
        })
    }

    fn push(x: &Array<A, D>, x_dot: &Array<A, D>, x_tangent: &Array<A, D>, x_dot_tangent: &Array<A, D>) -> Array<A, D> {
        let inputs = [&softmax(x), x_dot, x_tangent, x_dot_tangent];
        let (second, _) = rows(inputs, |[y, x_dot, x_tangent, x_dot_tangent], second, y_tangent| {
            let (mean, of_tangent, of_dot_tangent) = (dot(y, x_dot), dot(y, x_tangent), dot(y, x_dot_tangent));
            (0..y.len()).for_each(|at| y_tangent[at] = y[at] * (x_tangent[at] - of_tangent));
            let change = dot(y_tangent, x_dot);
            for at in 0..y.len() {
                second[at] = y_tangent[at] * (x_dot[at] - mean) + y[at] * (x_dot_tangent[at] - of_dot_tangent - change);
            }
        });
        second
    }
}

/// `y_dot = x_dot - s · x_dot` with `s = softmax(x)`
impl<A: Float, D: Dimension> Curved<A, D> for log_softmax {
    fn pull(
        (_, y): (&ArrayRef<A, D>, &Array<A, D>),
        x_dot: &Array<A, D>,
        y_bar: &Array<A, D>,
        y_dot_bar: &Array<A, D>,
    ) -> Pair<A, D> {
        let weights = crate::buffers::map(y.view(), A::exp_each);
        rows([&weights, x_dot, y_bar, y_dot_bar], |[s, x_dot, y_bar, y_dot_bar], x_bar, x_dot_bar| {
            let (total, of_dot, mean) = (sum(y_bar), sum(y_dot_bar), dot(s, x_dot));
            for at in 0..s.len() {
                x_dot_bar[at] = y_dot_bar[at] - s[at] * of_dot;
                x_bar[at] = y_bar[at] - s[at] * total - s[at] * (x_dot[at] - mean) * of_dot;
            }
        })
    }

    fn push(x: &Array<A, D>, x_dot: &Array<A, D>, x_tangent: &Array<A, D>, x_dot_tangent: &Array<A, D>) -> Array<A, D> {
        let inputs = [&softmax(x), x_dot, x_tangent, x_dot_tangent];
        let (second, _) = rows(inputs, |[s, x_dot, x_tangent, x_dot_tangent], second, s_tangent| {
            let (of_tangent, of_dot_tangent) = (dot(s, x_tangent), dot(s, x_dot_tangent));
            (0..s.len()).for_each(|at| s_tangent[at] = s[at] * (x_tangent[at] - of_tangent));
            let change = dot(s_tangent, x_dot);
            (0..s.len()).for_each(|at| second[at] = x_dot_tangent[at] - of_dot_tangent - change);
        });
        second
    }
}

/// A mean over pairs of elements whose derivative is differentiated once more: the gradient by the pair, and the product of
/// its derivative with a direction.
trait CurvedPair {
    /// The derivatives of one term by its two arguments.
    fn gradient<A: Float>(a: A, b: A) -> (A, A);

    /// The second derivatives of one term times a direction.
    fn curvature<A: Float>(a: A, b: A, a_dot: A, b_dot: A) -> (A, A);
}

impl CurvedPair for mse {
    fn gradient<A: Float>(a: A, b: A) -> (A, A) {
        let slope = A::of(2.0) * (a - b);
        (slope, -slope)
    }

    fn curvature<A: Float>(_: A, _: A, a_dot: A, b_dot: A) -> (A, A) {
        let change = A::of(2.0) * (a_dot - b_dot);
        (change, -change)
    }
}

impl CurvedPair for binary_cross_entropy_with_logits {
    fn gradient<A: Float>(logit: A, target: A) -> (A, A) {
        (crate::sigmoid(logit) - target, -logit)
    }

    fn curvature<A: Float>(logit: A, _: A, logit_dot: A, target_dot: A) -> (A, A) {
        let s = crate::sigmoid(logit);
        (s * (A::one() - s) * logit_dot - target_dot, -logit_dot)
    }
}

/// The gradient by the pair times `factor`, plus its derivative in a direction times `second`.
fn of_pair<R: CurvedPair, A: Float, D: Dimension>(
    [a, b]: [&ArrayRef<A, D>; 2],
    [a_dot, b_dot]: [&Array<A, D>; 2],
    (factor, second): (A, A),
) -> Pair<A, D> {
    let scale = of_count::<A>(a.len()).recip();
    let (mut a_bar, mut b_bar) = (a_dot.clone(), b_dot.clone());
    Zip::from(&mut a_bar).and(&mut b_bar).and(a).and(b).for_each(|a_bar, b_bar, &a, &b| {
        let (slope, change) = (R::gradient(a, b), R::curvature(a, b, *a_bar, *b_bar));
        *a_bar = scale * (factor * slope.0 + second * change.0);
        *b_bar = scale * (factor * slope.1 + second * change.1);
    });
    (a_bar, b_bar)
}

fn product<A: Float, D: Dimension>(a: &Array<A, D>, b: &Array<A, D>) -> A {
    Zip::from(a).and(b).fold(A::zero(), |sum, a, b| sum + *a * *b)
}

macro_rules! twice_of_pair {
    ($($name:ident)*) => {$(
        impl TwiceDifferentiable for $name {}

        impl $name {
            #[doc(hidden)]
            #[allow(clippy::type_complexity)]
            pub fn call_jvp_call_vjp<A: Float, D: Dimension>(
                a: &ArrayRef<A, D>,
                b: &ArrayRef<A, D>,
                a_dot: Option<&Array<A, D>>,
                b_dot: Option<&Array<A, D>>,
            ) -> (
                (A, A),
                impl Fn(
                    &ArrayRef<A, D>,
                    &ArrayRef<A, D>,
                    Option<&Array<A, D>>,
                    Option<&Array<A, D>>,
                    &(A, A),
                    Option<&mut Array<A, D>>,
                    Option<&mut Array<A, D>>,
                    Option<&mut Array<A, D>>,
                    Option<&mut Array<A, D>>,
                ) + use<A, D>,
            ) {
                let pullback = |a: &ArrayRef<A, D>,
                                b: &ArrayRef<A, D>,
                                a_dot: Option<&Array<A, D>>,
                                b_dot: Option<&Array<A, D>>,
                                &(value_bar, dot_bar): &(A, A),
                                a_bar: Option<&mut Array<A, D>>,
                                b_bar: Option<&mut Array<A, D>>,
                                a_dot_bar: Option<&mut Array<A, D>>,
                                b_dot_bar: Option<&mut Array<A, D>>| {
                    let (a_dot, b_dot) = (given(a_dot, a), given(b_dot, b));
                    let own = of_pair::<Self, A, D>([a, b], [&a_dot, &b_dot], (value_bar, dot_bar));
                    let of_dots = of_pair::<Self, A, D>([a, b], [&a_dot, &b_dot], (dot_bar, A::zero()));
                    add(a_bar, &own.0);
                    add(b_bar, &own.1);
                    add(a_dot_bar, &of_dots.0);
                    add(b_dot_bar, &of_dots.1);
                };
                (Self::call_jvp(a, b, a_dot, b_dot), pullback)
            }

            #[doc(hidden)]
            #[allow(clippy::too_many_arguments)]
            pub fn call_jvp_call_jvp<A: Float, D: Dimension>(
                a: &ArrayRef<A, D>,
                b: &ArrayRef<A, D>,
                a_dot: Option<&Array<A, D>>,
                b_dot: Option<&Array<A, D>>,
                a_tangent: Option<&Array<A, D>>,
                b_tangent: Option<&Array<A, D>>,
                a_dot_tangent: Option<&Array<A, D>>,
                b_dot_tangent: Option<&Array<A, D>>,
            ) -> ((A, A), (A, A)) {
                let (of_a, of_b) = (given(a_dot, a), given(b_dot, b));
                let change = of_pair::<Self, A, D>([a, b], [&of_a, &of_b], (A::zero(), A::one()));
                let (a_second, b_second) = (given(a_tangent, a), given(b_tangent, b));
                let along = Self::call_jvp(a, b, a_dot_tangent, b_dot_tangent).1;
                let second = along + product(&change.0, &a_second) + product(&change.1, &b_second);
                (Self::call_jvp(a, b, a_dot, b_dot), (Self::call_jvp(a, b, a_tangent, b_tangent).1, second))
            }
        }
    )*};
}

twice_of_pair!(mse binary_cross_entropy_with_logits);

fn of_count<A: Float>(count: usize) -> A {
    A::from_usize(count).expect("every usize is a floating-point number")
}

super::twice::twice! {
    [linear] nll_loss[A: Float](
        rows rows_bar rows_dot: ArrayRef<A, Ix2> => Array2<A>; labels: [usize] => Vec<()>;
    ) -> A, captures [A]
}

impl TwiceDifferentiable for cross_entropy {}

impl cross_entropy {
    /// The gradient times `factor`, plus its derivative in a direction times `second`.
    fn curved<A: Float>(
        logits: &ArrayRef<A, Ix2>,
        labels: &[usize],
        dot: &Array2<A>,
        (factor, second): (A, A),
    ) -> Array2<A> {
        let mut bar = softmax(logits);
        for ((mut row, dot), &label) in bar.rows_mut().into_iter().zip(dot.rows()).zip(labels) {
            let mean = row.dot(&dot);
            Zip::from(&mut row).and(&dot).for_each(|s, &dot| *s *= factor + second * (dot - mean));
            row[label] -= factor;
        }
        bar / of_count::<A>(labels.len())
    }

    #[doc(hidden)]
    #[allow(clippy::type_complexity)]
    pub fn call_jvp_call_vjp<A: Float>(
        rows: &ArrayRef<A, Ix2>,
        labels: &[usize],
        dot: Option<&Array2<A>>,
        _: Option<&Vec<()>>,
    ) -> (
        (A, A),
        impl Fn(
            &ArrayRef<A, Ix2>,
            &[usize],
            Option<&Array2<A>>,
            Option<&Vec<()>>,
            &(A, A),
            Option<&mut Array2<A>>,
            Option<&mut Vec<()>>,
            Option<&mut Array2<A>>,
            Option<&mut Vec<()>>,
        ) + use<A>,
    ) {
        let pullback = |rows: &ArrayRef<A, Ix2>,
                        labels: &[usize],
                        dot: Option<&Array2<A>>,
                        _: Option<&Vec<()>>,
                        &(value_bar, dot_bar): &(A, A),
                        rows_bar: Option<&mut Array2<A>>,
                        _: Option<&mut Vec<()>>,
                        rows_dot_bar: Option<&mut Array2<A>>,
                        _: Option<&mut Vec<()>>| {
            let dot = given(dot, rows);
            add(rows_bar, &Self::curved(rows, labels, &dot, (value_bar, dot_bar)));
            add(rows_dot_bar, &Self::curved(rows, labels, &dot, (dot_bar, A::zero())));
        };
        (Self::call_jvp(rows, labels, dot, None), pullback)
    }

    #[doc(hidden)]
    #[allow(clippy::too_many_arguments)]
    pub fn call_jvp_call_jvp<A: Float>(
        rows: &ArrayRef<A, Ix2>,
        labels: &[usize],
        dot: Option<&Array2<A>>,
        _: Option<&Vec<()>>,
        tangent: Option<&Array2<A>>,
        _: Option<&Vec<()>>,
        dot_tangent: Option<&Array2<A>>,
        _: Option<&Vec<()>>,
    ) -> ((A, A), (A, A)) {
        let change = Self::curved(rows, labels, &given(dot, rows), (A::zero(), A::one()));
        let along = Self::call_jvp(rows, labels, dot_tangent, None).1;
        let second = along + product(&change, &given(tangent, rows));
        let first = Self::call_jvp(rows, labels, dot, None);
        (first, (Self::call_jvp(rows, labels, tangent, None).1, second))
    }
}
