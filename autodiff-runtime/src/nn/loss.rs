//! Losses: one number that says how far predictions are from what they should be.

use ndarray::{Array, Array2, ArrayRef, ArrayView1, Axis, Dimension, Ix2, Zip};

use super::rows::Normaliser;
use crate::elementwise::{
    AbsoluteDifference, BinaryEntropy, Divergence, Hinge, Huber, Pairwise, SquaredDifference, WithLogits,
};
use crate::{Float, zero_tangent};

/// Panics unless two arrays have the same shape and are not empty.
#[track_caller]
pub(super) fn check_pair(operation: &str, names: [&str; 2], left: &[usize], right: &[usize]) {
    assert!(left == right, "`{operation}`: {} of shape {left:?} but {} of shape {right:?}", names[0], names[1]);
    assert!(!left.contains(&0), "`{operation}`: the batch is empty (shape {left:?})");
}

/// Panics unless there is one label per row and every label is the number of a column.
#[track_caller]
fn check_labels(operation: &str, rows: &str, shape: &[usize], labels: &[usize]) {
    let (count, classes) = (shape[0], shape[1]);
    assert!(count == labels.len(), "`{operation}`: {count} rows of {rows} but {} labels", labels.len());
    assert!(count > 0, "`{operation}`: the batch is empty (shape {shape:?})");
    if let Some(row) = labels.iter().position(|&label| label >= classes) {
        panic!("`{operation}`: label {} of row {row} is out of range for {classes} classes", labels[row]);
    }
}

/// The number of elements, as a factor.
fn count<A: Float>(elements: usize) -> A {
    A::from_usize(elements).expect("every usize is a floating-point number")
}

/// Defines the mean over all elements of a function of two arrays of one shape, and its companion.
macro_rules! mean_loss {
    ($(#[$doc:meta])* $name:ident($left:ident, $right:ident, $left_bar:ident, $right_bar:ident, $left_dot:ident, $right_dot:ident), $Op:ident) => {
        $(#[$doc])*
        #[track_caller]
        pub fn $name<A, D>($left: &ArrayRef<A, D>, $right: &ArrayRef<A, D>) -> A
        where
            A: Float,
            D: Dimension,
        {
            let names = [stringify!($left), stringify!($right)];
            check_pair(stringify!($name), names, $left.shape(), $right.shape());
            let total = Zip::from($left).and($right).fold(A::zero(), |sum, &a, &b| sum + $Op::value(a, b));
            total / count($left.len())
        }

        #[doc = concat!("Derivatives of the function [`", stringify!($name), "`](fn@", stringify!($name), ").")]
        #[allow(non_camel_case_types)]
        pub enum $name {}

        #[doc = concat!("Both arguments are differentiated: first `", stringify!($left), "`, then `", stringify!($right), "`.")]
        impl $name {
            /// The gradients.
            #[track_caller]
            pub fn grad<A, D>(
                $left: &ArrayRef<A, D>,
                $right: &ArrayRef<A, D>,
            ) -> (Array<A, D>, Array<A, D>)
            where
                A: Float,
                D: Dimension,
            {
                Self::vjp($left, $right).1(A::one())
            }

            /// The value and the gradients.
            #[track_caller]
            pub fn value_and_grad<A, D>(
                $left: &ArrayRef<A, D>,
                $right: &ArrayRef<A, D>,
            ) -> (A, (Array<A, D>, Array<A, D>))
            where
                A: Float,
                D: Dimension,
            {
                let (loss, pullback) = Self::vjp($left, $right);
                (loss, pullback(A::one()))
            }

            /// The value, and a pullback from the cotangent of the value to those of the arguments.
            #[track_caller]
            pub fn vjp<'x, A, D>(
                $left: &'x ArrayRef<A, D>,
                $right: &'x ArrayRef<A, D>,
            ) -> (A, impl Fn(A) -> (Array<A, D>, Array<A, D>) + use<'x, A, D>)
            where
                A: Float,
                D: Dimension,
            {
                let (loss, pullback) = Self::call_vjp($left, $right);
                let pullback = move |loss_bar: A| {
                    let (mut left_bar, mut right_bar) = (zero_tangent($left), zero_tangent($right));
                    pullback($left, $right, &loss_bar, Some(&mut left_bar), Some(&mut right_bar));
                    (left_bar, right_bar)
                };
                (loss, pullback)
            }

            /// The value, and the directional derivative.
            #[track_caller]
            pub fn jvp<A, D>(
                $left: &ArrayRef<A, D>,
                $right: &ArrayRef<A, D>,
                $left_dot: &Array<A, D>,
                $right_dot: &Array<A, D>,
            ) -> (A, A)
            where
                A: Float,
                D: Dimension,
            {
                Self::call_jvp($left, $right, Some($left_dot), Some($right_dot))
            }

            #[doc(hidden)]
            #[track_caller]
            #[allow(clippy::type_complexity)]
            pub fn call_vjp<A, D>(
                $left: &ArrayRef<A, D>,
                $right: &ArrayRef<A, D>,
            ) -> (
                A,
                impl Fn(
                    &ArrayRef<A, D>,
                    &ArrayRef<A, D>,
                    &A,
                    Option<&mut Array<A, D>>,
                    Option<&mut Array<A, D>>,
                ) + use<A, D>,
            )
            where
                A: Float,
                D: Dimension,
            {
                let loss = $name($left, $right);
                let pullback = |left: &ArrayRef<A, D>,
                                right: &ArrayRef<A, D>,
                                loss_bar: &A,
                                $left_bar: Option<&mut Array<A, D>>,
                                $right_bar: Option<&mut Array<A, D>>| {
                    let each_bar = *loss_bar / count(left.len());
                    if let Some(left_bar) = $left_bar {
                        Zip::from(left_bar)
                            .and(left)
                            .and(right)
                            .for_each(|acc, &a, &b| *acc += $Op::pull_a(a, b, each_bar));
                    }
                    if let Some(right_bar) = $right_bar {
                        Zip::from(right_bar)
                            .and(left)
                            .and(right)
                            .for_each(|acc, &a, &b| *acc += $Op::pull_b(a, b, each_bar));
                    }
                };
                (loss, pullback)
            }

            #[doc(hidden)]
            #[track_caller]
            pub fn call_jvp<A, D>(
                $left: &ArrayRef<A, D>,
                $right: &ArrayRef<A, D>,
                $left_dot: Option<&Array<A, D>>,
                $right_dot: Option<&Array<A, D>>,
            ) -> (A, A)
            where
                A: Float,
                D: Dimension,
            {
                let mut total_dot = A::zero();
                if let Some(left_dot) = $left_dot {
                    let pairs = Zip::from($left).and($right).and(left_dot);
                    total_dot += pairs.fold(A::zero(), |sum, &a, &b, &dot| sum + $Op::pull_a(a, b, dot));
                }
                if let Some(right_dot) = $right_dot {
                    let pairs = Zip::from($left).and($right).and(right_dot);
                    total_dot += pairs.fold(A::zero(), |sum, &a, &b, &dot| sum + $Op::pull_b(a, b, dot));
                }
                ($name($left, $right), total_dot / count($left.len()))
            }
        }
    };
}

mean_loss! {
    /// The mean of the squared differences of two arrays.
    ///
    /// ```
    /// use autodiff_runtime::nn::mse;
    /// use ndarray::array;
    ///
    /// assert_eq!(mse(&array![1.0, 4.0], &array![3.0, 4.0]), 2.0);
    /// ```
    ///
    /// # Panics
    ///
    /// If the shapes differ or the arrays are empty.
    mse(prediction, target, prediction_bar, target_bar, prediction_dot, target_dot), SquaredDifference
}

mean_loss! {
    /// The mean binary cross-entropy between probabilities `sigmoid(logits)` and targets between 0 and 1.
    ///
    /// It is computed from the logits directly, as `max(z, 0) - z t + ln(1 + exp(-|z|))`, so that no logit overflows,
    /// and its gradient with respect to the logits is `(sigmoid(z) - t) / n` everywhere.
    ///
    /// ```
    /// use autodiff_runtime::nn::binary_cross_entropy_with_logits;
    /// use ndarray::array;
    ///
    /// let (logits, targets) = (array![0.0, 1000.0], array![1.0, 1.0]);
    /// let (logits_bar, _) = binary_cross_entropy_with_logits::grad(&logits, &targets);
    /// assert_eq!(logits_bar, array![-0.25, 0.0]);
    /// ```
    ///
    /// # Panics
    ///
    /// If the shapes differ or the arrays are empty.
    binary_cross_entropy_with_logits(logits, targets, logits_bar, targets_bar, logits_dot, targets_dot), WithLogits
}

mean_loss! {
    /// The mean of the absolute differences of two arrays.
    ///
    /// # Panics
    ///
    /// If the shapes differ or the arrays are empty.
    l1_loss(prediction, target, prediction_bar, target_bar, prediction_dot, target_dot), AbsoluteDifference
}

mean_loss! {
    /// The mean of Huber's function of the differences: half of the square up to 1, and linear beyond. This is PyTorch's
    /// `huber_loss` with `delta = 1` and its `smooth_l1_loss` with `beta = 1`.
    ///
    /// # Panics
    ///
    /// If the shapes differ or the arrays are empty.
    huber_loss(prediction, target, prediction_bar, target_bar, prediction_dot, target_dot), Huber
}

mean_loss! {
    /// The mean of `t (ln t - x)` for log-probabilities `x` and probabilities `t`, PyTorch's `kl_div`.
    ///
    /// # Panics
    ///
    /// If the shapes differ or the arrays are empty.
    kl_div(log_probabilities, target, log_probabilities_bar, target_bar, log_probabilities_dot, target_dot), Divergence
}

mean_loss! {
    /// The mean of `max(0, 1 - t x)` for scores `x` and targets `t` that are 1 or -1.
    ///
    /// # Panics
    ///
    /// If the shapes differ or the arrays are empty.
    hinge_loss(scores, target, scores_bar, target_bar, scores_dot, target_dot), Hinge
}

mean_loss! {
    /// The mean binary cross-entropy between probabilities and targets between 0 and 1. As in PyTorch no logarithm is
    /// smaller than -100; [`binary_cross_entropy_with_logits`](fn@binary_cross_entropy_with_logits) is more precise.
    ///
    /// # Panics
    ///
    /// If the shapes differ or the arrays are empty.
    binary_cross_entropy(probabilities, target, probabilities_bar, target_bar, probabilities_dot, target_dot), BinaryEntropy
}

/// The loss of one row of scores, its gradient and its tangent.
trait RowLoss {
    /// How the rows are called in messages.
    const ROWS: &'static str;

    /// The loss of a row.
    fn value<A: Float>(row: ArrayView1<'_, A>, label: usize) -> A;

    /// Calls `each` with the number of a column and the derivative of the loss with respect to it, where not zero.
    fn partials<A: Float>(row: ArrayView1<'_, A>, label: usize, each: impl FnMut(usize, A));
}

/// `ln Σⱼ exp(xⱼ) - x[label]`.
struct Entropy;

impl RowLoss for Entropy {
    const ROWS: &'static str = "logits";

    fn value<A: Float>(row: ArrayView1<'_, A>, label: usize) -> A {
        -Normaliser::of(row).log_weight(row[label])
    }

    fn partials<A: Float>(row: ArrayView1<'_, A>, label: usize, mut each: impl FnMut(usize, A)) {
        let normaliser = Normaliser::of(row);
        for (column, &x) in row.iter().enumerate() {
            let target = if column == label { A::one() } else { A::zero() };
            each(column, normaliser.weight(x) - target);
        }
    }
}

/// `-x[label]`.
struct NegativeLogLikelihood;

impl RowLoss for NegativeLogLikelihood {
    const ROWS: &'static str = "log-probabilities";

    fn value<A: Float>(row: ArrayView1<'_, A>, label: usize) -> A {
        -row[label]
    }

    fn partials<A: Float>(_: ArrayView1<'_, A>, label: usize, mut each: impl FnMut(usize, A)) {
        each(label, -A::one());
    }
}

/// Defines the mean over rows of a [`RowLoss`], and its companion.
macro_rules! row_loss {
    ($(#[$doc:meta])* $name:ident($rows:ident, $rows_dot:ident), $Row:ident) => {
        $(#[$doc])*
        #[track_caller]
        pub fn $name<A: Float>($rows: &ArrayRef<A, Ix2>, labels: &[usize]) -> A {
            check_labels(stringify!($name), $Row::ROWS, $rows.shape(), labels);
            let pairs = $rows.outer_iter().zip(labels);
            let total = pairs.fold(A::zero(), |sum, (row, &label)| sum + $Row::value(row, label));
            total / count(labels.len())
        }

        #[doc = concat!("Derivatives of the function [`", stringify!($name), "`](fn@", stringify!($name), ").")]
        #[allow(non_camel_case_types)]
        pub enum $name {}

        #[doc = concat!("The argument `", stringify!($rows), "` is differentiated.")]
        impl $name {
            /// The gradient.
            #[track_caller]
            pub fn grad<A: Float>($rows: &ArrayRef<A, Ix2>, labels: &[usize]) -> Array2<A> {
                Self::vjp($rows, labels).1(A::one())
            }

            /// The value and the gradient.
            #[track_caller]
            pub fn value_and_grad<A: Float>(
                $rows: &ArrayRef<A, Ix2>,
                labels: &[usize],
            ) -> (A, Array2<A>) {
                let (loss, pullback) = Self::vjp($rows, labels);
                (loss, pullback(A::one()))
            }

            /// The value, and a pullback from the cotangent of the value to that of the rows.
            #[track_caller]
            pub fn vjp<'x, A: Float>(
                $rows: &'x ArrayRef<A, Ix2>,
                labels: &'x [usize],
            ) -> (A, impl Fn(A) -> Array2<A> + use<'x, A>) {
                let (loss, pullback) = Self::call_vjp($rows, labels);
                let pullback = move |loss_bar: A| {
                    let mut rows_bar = zero_tangent($rows);
                    pullback($rows, labels, &loss_bar, Some(&mut rows_bar), None);
                    rows_bar
                };
                (loss, pullback)
            }

            /// The value, and the directional derivative.
            #[track_caller]
            pub fn jvp<A: Float>(
                $rows: &ArrayRef<A, Ix2>,
                labels: &[usize],
                $rows_dot: &Array2<A>,
            ) -> (A, A) {
                Self::call_jvp($rows, labels, Some($rows_dot), None)
            }

            #[doc(hidden)]
            #[track_caller]
            #[allow(clippy::type_complexity)]
            pub fn call_vjp<A: Float>(
                $rows: &ArrayRef<A, Ix2>,
                labels: &[usize],
            ) -> (
                A,
                impl Fn(&ArrayRef<A, Ix2>, &[usize], &A, Option<&mut Array2<A>>, Option<&mut Vec<()>>) + use<A>,
            ) {
                let loss = $name($rows, labels);
                let pullback = |rows: &ArrayRef<A, Ix2>,
                                labels: &[usize],
                                loss_bar: &A,
                                rows_bar: Option<&mut Array2<A>>,
                                _: Option<&mut Vec<()>>| {
                    let Some(rows_bar) = rows_bar else { return };
                    let each_bar = *loss_bar / count(labels.len());
                    for ((row, mut row_bar), &label) in rows.outer_iter().zip(rows_bar.outer_iter_mut()).zip(labels) {
                        $Row::partials(row, label, |column, partial| row_bar[column] += each_bar * partial);
                    }
                };
                (loss, pullback)
            }

            #[doc(hidden)]
            #[track_caller]
            pub fn call_jvp<A: Float>(
                $rows: &ArrayRef<A, Ix2>,
                labels: &[usize],
                $rows_dot: Option<&Array2<A>>,
                _: Option<&Vec<()>>,
            ) -> (A, A) {
                let loss = $name($rows, labels);
                let Some(rows_dot) = $rows_dot else { return (loss, A::zero()) };
                let mut total_dot = A::zero();
                for ((row, row_dot), &label) in $rows.axis_iter(Axis(0)).zip(rows_dot.axis_iter(Axis(0))).zip(labels) {
                    $Row::partials(row, label, |column, partial| total_dot += partial * row_dot[column]);
                }
                (loss, total_dot / count(labels.len()))
            }

            /// What `call_vjp` and `call_jvp` give.
            #[doc(hidden)]
            #[track_caller]
            #[allow(clippy::type_complexity)]
            pub fn call_both<A: Float>(
                rows: &ArrayRef<A, Ix2>,
                labels: &[usize],
                rows_dot: Option<&Array2<A>>,
            ) -> (
                (A, A),
                impl Fn(&ArrayRef<A, Ix2>, &[usize], &A, Option<&mut Array2<A>>, Option<&mut Vec<()>>) + use<A>,
            ) {
                let (_, pullback) = Self::call_vjp(rows, labels);
                (Self::call_jvp(rows, labels, rows_dot, None), pullback)
            }
        }
    };
}

row_loss! {
    /// The mean over rows of the cross-entropy between `softmax(logits)` and the labels.
    ///
    /// Row `i` contributes `ln Σⱼ exp(logits[i, j]) - logits[i, labels[i]]`, computed without overflow.
    ///
    /// ```
    /// use autodiff_runtime::nn::cross_entropy;
    /// use ndarray::array;
    ///
    /// let logits = array![[0.0, 0.0], [1000.0, 0.0]];
    /// assert_eq!(cross_entropy(&logits, &[1, 0]), std::f64::consts::LN_2 / 2.0);
    /// assert_eq!(cross_entropy::grad(&logits, &[1, 0]), array![[0.25, -0.25], [0.0, 0.0]]);
    /// ```
    ///
    /// # Panics
    ///
    /// If the number of labels is not the number of rows, a label is not the number of a column, or there is no row.
    cross_entropy(logits, logits_dot), Entropy
}

row_loss! {
    /// The mean over rows of `-log_probabilities[i, labels[i]]`, for use after [`log_softmax`](fn@super::log_softmax).
    ///
    /// # Panics
    ///
    /// If the number of labels is not the number of rows, a label is not the number of a column, or there is no row.
    nll_loss(log_probabilities, log_probabilities_dot), NegativeLogLikelihood
}
