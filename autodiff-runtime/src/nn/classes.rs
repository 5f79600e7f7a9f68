//! Cross-entropies with the options that PyTorch's have, and errors with a width.

use ndarray::{Array, Array1, Array2, ArrayRef, ArrayView1, Dimension, Ix2, Zip};

use super::rows::Normaliser;
use super::rule::{constants, rule};
use crate::{Float, NoGradField, buffers, zero_tangent};

/// The arguments that PyTorch calls `label_smoothing`, `ignore_index` and `reduction`.
///
/// ```
/// use autodiff_runtime::nn::CrossEntropy;
///
/// let options = CrossEntropy::new().label_smoothing(0.1).ignore(255).sum();
/// assert_eq!(options.ignored, Some(255));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CrossEntropy {
    /// Which part of the target is spread evenly over all classes. The default is 0.
    pub label_smoothing: f64,
    /// The label of rows that do not count. The default is none.
    pub ignored: Option<usize>,
    /// Whether the terms are averaged over the rows that count. The default is yes.
    pub averaged: bool,
}

impl Default for CrossEntropy {
    fn default() -> Self {
        Self::new()
    }
}

impl CrossEntropy {
    /// The mean over all rows, without smoothing.
    pub const fn new() -> Self {
        Self { label_smoothing: 0.0, ignored: None, averaged: true }
    }

    /// The same with another part of the target spread evenly over all classes.
    #[must_use]
    pub const fn label_smoothing(self, label_smoothing: f64) -> Self {
        Self { label_smoothing, ..self }
    }

    /// The same without the rows of a label, which may be one that no class has.
    #[must_use]
    pub const fn ignore(self, label: usize) -> Self {
        Self { ignored: Some(label), ..self }
    }

    /// The same as a sum.
    #[must_use]
    pub const fn sum(self) -> Self {
        Self { averaged: false, ..self }
    }

    /// The targets of a row: those of the label and those of all classes.
    fn targets<A: Float>(&self, classes: usize) -> [A; 2] {
        let everywhere = self.label_smoothing / classes as f64;
        [A::of(1.0 - self.label_smoothing + everywhere), A::of(everywhere)]
    }

    /// The targets of all rows; those of ignored ones are zero.
    fn weights<A: Float>(&self, labels: &[usize], classes: usize) -> Array2<A> {
        let [at_label, elsewhere] = self.targets(classes);
        Array2::from_shape_fn((labels.len(), classes), |(row, class)| match labels[row] {
            label if Some(label) == self.ignored => A::zero(),
            label if label == class => at_label,
            _ => elsewhere,
        })
    }

    /// What the sum is divided by.
    fn divisor<A: Float>(&self, labels: &[usize]) -> A {
        let counting = labels.iter().filter(|&&label| Some(label) != self.ignored).count();
        A::of(if self.averaged { counting as f64 } else { 1.0 })
    }
}

constants!([] CrossEntropy);

/// The loss of every row; ignored ones have none.
#[track_caller]
fn terms<A: Float>(logits: &ArrayRef<A, Ix2>, labels: &[usize], options: &CrossEntropy) -> Array1<A> {
    let (count, classes) = logits.dim();
    let smoothing = options.label_smoothing;
    assert!((0.0..=1.0).contains(&smoothing), "`cross_entropy`: the smoothing {smoothing} is not between 0 and 1");
    assert!(count == labels.len(), "`cross_entropy`: {count} rows of logits but {} labels", labels.len());
    if let Some(row) = labels.iter().position(|&label| label >= classes && Some(label) != options.ignored) {
        panic!("`cross_entropy`: label {} of row {row} is out of range for {classes} classes", labels[row]);
    }
    logits.outer_iter().zip(labels).map(|(row, &label)| term(row, label, options)).collect()
}

fn term<A: Float>(logits: ArrayView1<'_, A>, label: usize, options: &CrossEntropy) -> A {
    if Some(label) == options.ignored {
        return A::zero();
    }
    let ([at_label, elsewhere], normaliser) = (options.targets::<A>(logits.len()), Normaliser::of(logits));
    let mut loss = A::zero();
    for (class, &x) in logits.iter().enumerate() {
        let target = if class == label { at_label } else { elsewhere };
        // Nothing times minus infinity is nothing.
        if target != A::zero() {
            loss -= target * normaliser.log_weight(x);
        }
    }
    loss
}

/// The derivatives of the terms, each times its cotangent.
fn bars<A: Float>(
    logits: &ArrayRef<A, Ix2>,
    labels: &[usize],
    options: &CrossEntropy,
    each_bar: impl Fn(usize) -> A,
) -> Array2<A> {
    let [at_label, elsewhere] = options.targets(logits.ncols());
    let mut bars = buffers::zeros(logits.raw_dim());
    for (row, (mut bars, (logits, &label))) in bars.outer_iter_mut().zip(logits.outer_iter().zip(labels)).enumerate() {
        if Some(label) == options.ignored {
            continue;
        }
        let (normaliser, bar) = (Normaliser::of(logits), each_bar(row));
        for (class, (place, &x)) in bars.iter_mut().zip(&logits).enumerate() {
            let target = if class == label { at_label } else { elsewhere };
            *place = bar * (normaliser.weight(x) - target);
        }
    }
    bars
}

rule! {
    /// The cross-entropy between `softmax(logits)` and the labels for every row, 0 for ignored ones: PyTorch's with
    /// `reduction="none"`.
    ///
    /// # Panics
    ///
    /// If the number of labels is not the number of rows, or a label is not the number of a column and not ignored.
    fn cross_entropy_terms[A: Float](
        logits logits_bar logits_dot: ArrayRef<A, Ix2> => Array2<A>;
        labels: [usize] => Vec<()>;
        options: CrossEntropy => NoGradField
    ) -> Array1<A>, keeps (), captures [A];
    value {
        (terms(logits, labels, &options), ())
    }
    reverse |_kept, y_bar| {
        if let Some(logits_bar) = logits_bar.filter(|_| !y_bar.is_empty()) {
            crate::accumulate(logits_bar, bars(logits, labels, &options, |row| y_bar[row]));
        }
    }
    forward |y, _kept| {
        let Some(dot) = logits_dot else { return zero_tangent(y) };
        (bars(logits, labels, &options, |_| A::one()) * dot).sum_axis(ndarray::Axis(1))
    }
    second definition cross_entropy_terms(Itself; options.weights(labels, logits.ncols())) -> Itself
}

rule! {
    /// The mean or the sum over rows of the cross-entropy between `softmax(logits)` and the labels, with PyTorch's
    /// options. The mean is that over the rows that are not ignored.
    ///
    /// ```
    /// use autodiff_runtime::nn::{CrossEntropy, cross_entropy, cross_entropy_with};
    /// use ndarray::array;
    ///
    /// let logits = array![[0.0, 3.0], [1.0, 0.0]];
    /// let loss = cross_entropy_with(&logits, &[9, 0], CrossEntropy::new().ignore(9));
    /// assert_eq!(loss, cross_entropy(&array![[1.0, 0.0]], &[0]));
    /// ```
    ///
    /// # Panics
    ///
    /// If the number of labels is not the number of rows, or a label is not the number of a column and not ignored.
    fn cross_entropy_with[A: Float](
        logits logits_bar logits_dot: ArrayRef<A, Ix2> => Array2<A>;
        labels: [usize] => Vec<()>;
        options: CrossEntropy => NoGradField
    ) -> A, keeps A, captures [A];
    value {
        let divisor = options.divisor(labels);
        (terms(logits, labels, &options).sum() / divisor, divisor)
    }
    reverse |divisor, y_bar| {
        if let Some(logits_bar) = logits_bar {
            let bar = *y_bar / *divisor;
            crate::accumulate(logits_bar, bars(logits, labels, &options, |_| bar));
        }
    }
    forward |_y, divisor| {
        let each = |dot: &Array2<A>| (bars(logits, labels, &options, |_| A::one()) * dot).sum() / *divisor;
        logits_dot.map_or(A::zero(), each)
    }
    second definition cross_entropy(Itself; options.weights(labels, logits.ncols()) / options.divisor::<A>(labels)) -> Itself
}

/// The logarithms of the softmax of every row.
fn log_weights<A: Float>(logits: &ArrayRef<A, Ix2>) -> Array2<A> {
    super::log_softmax(logits)
}

/// The derivatives of the cross-entropy of every row with respect to its logits.
fn soft_bars<A: Float>(logits: &ArrayRef<A, Ix2>, targets: &ArrayRef<A, Ix2>) -> Array2<A> {
    let mut bars = buffers::zeros(logits.raw_dim());
    for (mut bars, (logits, targets)) in bars.outer_iter_mut().zip(logits.outer_iter().zip(targets.outer_iter())) {
        let (normaliser, total) = (Normaliser::of(logits), targets.sum());
        Zip::from(&mut bars).and(logits).and(targets).for_each(|bar, &x, &t| *bar = normaliser.weight(x) * total - t);
    }
    bars
}

rule! {
    /// The mean over rows of the cross-entropy between `softmax(logits)` and probabilities of the classes.
    ///
    /// # Panics
    ///
    /// If the shapes differ or there is no row.
    fn soft_cross_entropy[A: Float](
        logits logits_bar logits_dot: ArrayRef<A, Ix2> => Array2<A>,
        targets targets_bar targets_dot: ArrayRef<A, Ix2> => Array2<A>;;
    ) -> A, keeps (), captures [A];
    value {
        super::loss::check_pair("soft_cross_entropy", ["logits", "targets"], logits.shape(), targets.shape());
        let logarithms = log_weights(logits);
        let terms = Zip::from(&logarithms).and(targets);
        let total = terms.fold(A::zero(), |sum, &l, &t| if t == A::zero() { sum } else { sum - t * l });
        (total / A::of(logits.nrows() as f64), ())
    }
    reverse |_kept, y_bar| {
        let bar = *y_bar / A::of(logits.nrows() as f64);
        if let Some(logits_bar) = logits_bar {
            crate::accumulate(logits_bar, soft_bars(logits, targets) * bar);
        }
        if let Some(targets_bar) = targets_bar {
            crate::accumulate(targets_bar, log_weights(logits) * -bar);
        }
    }
    forward |_y, _kept| {
        let from_logits = logits_dot.map_or(A::zero(), |dot| (soft_bars(logits, targets) * dot).sum());
        let from_targets = targets_dot.map_or(A::zero(), |dot| (log_weights(logits) * dot).sum());
        (from_logits - from_targets) / A::of(logits.nrows() as f64)
    }
    second definition soft_cross_entropy(Itself, Itself) -> Itself
}

/// Defines an error of the difference of two numbers, with a width.
macro_rules! wide_errors {
    ($($(#[$doc:meta])* $name:ident($width:ident), |$d:ident| $value:expr, $slope:expr, second $beyond:expr;)*) => {$(
        rule! {
            $(#[$doc])*
            ///
            /// # Panics
            ///
            /// If the shapes differ or the width is not positive.
            fn $name[A: Float, D: Dimension](
                prediction prediction_bar prediction_dot: ArrayRef<A, D> => Array<A, D>,
                target target_bar target_dot: ArrayRef<A, D> => Array<A, D>;;
                $width: f64 => NoGradField
            ) -> Array<A, D>, keeps Array<A, D>, captures [A, D];
            value {
                assert!(
                    prediction.shape() == target.shape(),
                    "`{}`: prediction of shape {:?} but target of shape {:?}",
                    stringify!($name), prediction.shape(), target.shape()
                );
                assert!($width > 0.0, "`{}`: the width {} is not positive", stringify!($name), $width);
                let $width = A::of($width);
                let differences = Zip::from(prediction).and(target).map_collect(|&p, &t| p - t);
                (differences.mapv(|$d| $value), differences.mapv(|$d| $slope))
            }
            reverse |slopes, y_bar| {
                if y_bar.is_empty() {
                    return;
                }
                if let Some(prediction_bar) = prediction_bar {
                    crate::accumulate(prediction_bar, slopes * y_bar);
                }
                if let Some(target_bar) = target_bar {
                    crate::accumulate(target_bar, -(slopes * y_bar));
                }
            }
            forward |y, slopes| {
                let mut y_dot = prediction_dot.map_or_else(|| zero_tangent(y), |dot| slopes * dot);
                if let Some(dot) = target_dot {
                    y_dot -= &(slopes * dot);
                }
                y_dot
            }
            second definition huber(Flat, Flat; A::of($width), A::of($beyond)) -> Flat
        }
    )*};
}

wide_errors! {
    /// Huber's function of the differences, PyTorch's `huber_loss` with `reduction="none"`: half of the square up to
    /// `delta`, and linear beyond.
    huber(delta),
        |d| if d.abs() <= delta { d * d * A::of(0.5) } else { delta * (d.abs() - delta * A::of(0.5)) },
        d.max(-delta).min(delta),
        second delta;
    /// PyTorch's `smooth_l1_loss` with `reduction="none"`: half of the square divided by `beta` up to `beta`, and the
    /// absolute difference minus half of `beta` beyond.
    smooth_l1(beta),
        |d| if d.abs() <= beta { d * d * A::of(0.5) / beta } else { d.abs() - beta * A::of(0.5) },
        (d / beta).max(-A::one()).min(A::one()),
        second 1.0;
}
