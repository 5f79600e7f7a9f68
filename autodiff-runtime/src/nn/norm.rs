//! Batch normalisation.

use std::sync::{Mutex, MutexGuard, PoisonError};

use ndarray::{Array, Array1, ArrayRef, ArrayView1, Dimension, Ix1, ShapeBuilder};

use super::norm_rows::{Layout, Moments, Place, Scales};
use super::rule::{check_channels, in_rows, rule, with_slice};
use crate::buffers::{self, kept_numbers};
use crate::kernel::sums::{dot_centred, sum, sum_of_squares_around};
use crate::{
    Differentiable, Float, LeafPath, LeafVisitor, LeafVisitorMut, Leaves, LeavesMut, NoGradField, SameShape,
    ShapeMismatch, zero_tangent,
};

/// The running mean and variance of every channel, which training changes and evaluation uses.
///
/// They are no parameters: nothing is differentiated with respect to them, and a struct of parameters holds them in a
/// field with `#[nograd]`, or with `#[buffer]` so that files have them too. Training changes them through a shared reference, as it happens beside the computation.
#[derive(Debug)]
pub struct RunningStatistics<A> {
    /// The weight of the newest batch. The default is 0.1.
    pub momentum: f64,
    /// What is added to a variance before its root is taken. The default is 1e-5.
    pub epsilon: f64,
    moments: Mutex<[Array1<A>; 2]>,
}

impl<A: Float> RunningStatistics<A> {
    /// Mean 0 and variance 1 for a number of channels.
    pub fn new(channels: usize) -> Self {
        Self::of(Array1::zeros(channels), Array1::ones(channels))
    }

    /// Given means and variances.
    ///
    /// # Panics
    ///
    /// If there are not equally many.
    #[track_caller]
    pub fn of(mean: Array1<A>, variance: Array1<A>) -> Self {
        assert!(mean.len() == variance.len(), "{} means but {} variances", mean.len(), variance.len());
        Self { momentum: 0.1, epsilon: 1e-5, moments: Mutex::new([mean, variance]) }
    }

    /// The running means.
    pub fn mean(&self) -> Array1<A> {
        self.lock()[0].clone()
    }

    /// The running variances, of samples: with one less than the number of values as the divisor.
    pub fn variance(&self) -> Array1<A> {
        self.lock()[1].clone()
    }

    /// Both numbers of every channel are written as one, so that a panic of another thread leaves them valid.
    fn lock(&self) -> MutexGuard<'_, [Array1<A>; 2]> {
        self.moments.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Moves towards the moments of a batch, which had `count` values in each channel.
    fn update(&self, batch: &OfBatch<A>, count: usize) {
        let (old, new) = (A::of(1.0 - self.momentum), A::of(self.momentum));
        let unbiased = A::of(count as f64 / (count as f64 - 1.0));
        let mut moments = self.lock();
        let [means, variances] = &mut *moments;
        for (running, &mean) in means.iter_mut().zip(&*batch.means) {
            *running = old * *running + new * mean;
        }
        for (running, &variance) in variances.iter_mut().zip(&*batch.variances) {
            *running = old * *running + new * unbiased * variance;
        }
    }
}

impl<A: Float> Clone for RunningStatistics<A> {
    fn clone(&self) -> Self {
        let moments = Mutex::new(self.lock().clone());
        Self { momentum: self.momentum, epsilon: self.epsilon, moments }
    }
}

impl<A: Float> Differentiable for RunningStatistics<A> {
    type Tangent = NoGradField;

    #[inline]
    fn zero_tangent(&self) -> NoGradField {
        NoGradField
    }
}

impl<A: Float> SameShape<NoGradField> for RunningStatistics<A> {
    #[inline]
    fn shape_mismatch(&self, _: &NoGradField) -> Option<ShapeMismatch> {
        None
    }
}

/// As buffers, the moments have PyTorch's names, `running_mean` and `running_var`, beside the field that holds them.
impl<A: Float> Leaves for RunningStatistics<A> {
    fn visit_leaves<'v, V: LeafVisitor<'v>>(&'v self, path: &LeafPath<'_>, visitor: &mut V) {
        if path.includes_buffers() {
            for (name, values) in ["running_mean", "running_var"].into_iter().zip([self.mean(), self.variance()]) {
                let shape = [values.len()];
                visitor.leaf(&path.beside(name), &shape, A::wrap_leaf(values.to_vec().into()));
            }
        }
    }
}

impl<A: Float> LeavesMut for RunningStatistics<A> {
    fn visit_leaves_mut<V: LeafVisitorMut>(&mut self, path: &LeafPath<'_>, visitor: &mut V) {
        if path.includes_buffers() {
            let moments = self.moments.get_mut().unwrap_or_else(PoisonError::into_inner);
            for (name, values) in ["running_mean", "running_var"].into_iter().zip(moments) {
                let shape = [values.len()];
                values.as_slice_mut().into_iter().for_each(|values| visitor.leaf(&path.beside(name), &shape, values));
            }
        }
    }
}

/// What a batch is normalised with.
struct OfBatch<A> {
    means: buffers::Kept<Vec<A>>,
    variances: buffers::Kept<Vec<A>>,
}

/// What the derivatives read again.
pub(crate) struct Kept<A> {
    means: buffers::Kept<Vec<A>>,
    inverse_deviations: buffers::Kept<Vec<A>>,
    training: bool,
}

/// An array of two or more axes as planes: `[images, channels, numbers of a plane]`.
fn planes(shape: &[usize]) -> [usize; 3] {
    [shape[0], shape[1], shape[2..].iter().product()]
}

/// The plane of a channel in every image.
fn channel<A>(data: &[A], [_, channels, plane]: [usize; 3], channel: usize) -> impl Iterator<Item = &[A]> {
    data.chunks_exact(plane).skip(channel).step_by(channels)
}

fn channel_mut<A>(data: &mut [A], [_, channels, plane]: [usize; 3], channel: usize) -> impl Iterator<Item = &mut [A]> {
    data.chunks_exact_mut(plane).skip(channel).step_by(channels)
}

/// A number for every channel.
fn collected<A: Float>(channels: usize, each: impl Fn(usize) -> A) -> buffers::Kept<Vec<A>> {
    let mut numbers = kept_numbers(buffers::numbers(channels));
    numbers.iter_mut().enumerate().for_each(|(index, number)| *number = each(index));
    numbers
}

/// Mean and variance of every channel of a batch, in two passes.
fn moments<A: Float>(x: &[A], shape: [usize; 3]) -> OfBatch<A> {
    let count = (shape[0] * shape[2]) as f64;
    let means = collected(shape[1], |index| {
        A::of(channel(x, shape, index).map(|plane| sum(plane).as_f64()).sum::<f64>() / count)
    });
    let variances = collected(shape[1], |index| {
        let planes = channel(x, shape, index);
        A::of(planes.map(|plane| sum_of_squares_around(means[index], plane).as_f64()).sum::<f64>() / count)
    });
    OfBatch { means, variances }
}

/// The normalised, scaled and shifted batch, and what the derivatives read again.
#[track_caller]
fn normalised<A: Float, D: Dimension>(
    x: &ArrayRef<A, D>,
    weight: &ArrayRef<A, Ix1>,
    bias: &ArrayRef<A, Ix1>,
    running: &RunningStatistics<A>,
    training: bool,
) -> (Array<A, D>, Kept<A>) {
    check_channels("batch_norm", x.shape(), weight.len());
    check_channels("batch_norm", x.shape(), bias.len());
    check_channels("batch_norm", x.shape(), running.lock()[0].len());
    let shape = planes(x.shape());
    let count = shape[0] * shape[2];
    let values = in_rows(x);
    let used = if training {
        assert!(
            count > 1,
            "`batch_norm`: training needs more than one value for each channel, but the shape is {:?}",
            x.shape()
        );
        let used = moments(&values, shape);
        running.update(&used, count);
        used
    } else {
        let [means, variances] = &*running.lock();
        let [means, variances] = [means, variances].map(|moments| collected(shape[1], |index| moments[index]));
        OfBatch { means, variances }
    };
    let epsilon = A::of(running.epsilon);
    let inverse_deviations = collected(shape[1], |index| (used.variances[index] + epsilon).sqrt().recip());
    let mut y = buffers::array(x.raw_dim());
    let places = y.as_slice_mut().expect("a new array is in row-major order");
    if count > 0 {
        for index in 0..shape[1] {
            let scale = inverse_deviations[index] * weight[index];
            let shift = bias[index] - used.means[index] * scale;
            let pairs = channel_mut(places, shape, index).zip(channel(&values, shape, index));
            for (place, &x) in pairs.flat_map(|(places, values)| places.iter_mut().zip(values)) {
                *place = x * scale + shift;
            }
        }
    }
    (y, Kept { means: used.means, inverse_deviations, training })
}

/// The same for the second derivatives, which take a channel as a row.
fn by_channels<A: Float, D: Dimension>((y, kept): (Array<A, D>, Kept<A>), shape: &[usize]) -> (Array<A, D>, Scales<A>) {
    let place @ [samples, _, numbers] = planes(shape);
    let moments = if kept.training { Moments::Both } else { Moments::Given };
    let layout = Layout { length: samples * numbers, place: Place::Planes(place), moments };
    let rows = kept.means.iter().zip(kept.inverse_deviations.iter());
    let rows = kept_numbers(rows.flat_map(|(&mean, &inverse)| [mean, inverse]).collect());
    (y, Scales { layout, rows })
}

/// The sums of the cotangents of a channel, and of their products with the normalised values.
fn sums<A: Float>(x: &[A], y_bar: &[A], shape: [usize; 3], index: usize, kept: &Kept<A>) -> [A; 2] {
    let mean = kept.means[index];
    let mut totals = [0.0; 2];
    for (x, y_bar) in channel(x, shape, index).zip(channel(y_bar, shape, index)) {
        totals[0] += sum(y_bar).as_f64();
        totals[1] += dot_centred(y_bar, x, mean).as_f64();
    }
    [A::of(totals[0]), A::of(totals[1]) * kept.inverse_deviations[index]]
}

/// The numbers at even positions.
fn every_other<A>(numbers: &[A]) -> ArrayView1<'_, A> {
    let count = numbers.len().div_ceil(2);
    ArrayView1::from_shape([count].strides([2]), numbers).expect("the last number lies inside")
}

/// Adds to the cotangents of one channel: in training the mean and the deviation depend on the input too.
fn add_channel<A: Float>(
    [x, y_bar]: [&[A]; 2],
    x_bar: &mut [A],
    shape: [usize; 3],
    index: usize,
    [weight, total, total_normalised]: [A; 3],
    kept: &Kept<A>,
) {
    let (mean, inverse) = (kept.means[index], kept.inverse_deviations[index]);
    let scale = weight * inverse;
    let count = A::of((shape[0] * shape[2]) as f64);
    let (slope, shift) = match kept.training {
        true => (scale * inverse * total_normalised / count, scale * total / count),
        false => (A::zero(), A::zero()),
    };
    // `scale (g - total / n - (x - mean) inverse total_normalised / n)`
    let constant = mean * slope - shift;
    let planes = channel_mut(x_bar, shape, index).zip(channel(y_bar, shape, index)).zip(channel(x, shape, index));
    for ((places, gradients), values) in planes {
        for ((place, &g), &x) in places.iter_mut().zip(gradients).zip(values) {
            *place += g * scale - x * slope + constant;
        }
    }
}

/// The tangent of the normalised values, in the place of the tangent of the input, which is changed.
fn push_channel<A: Float>(x: &[A], dot: &mut [A], shape: [usize; 3], index: usize, weight: A, kept: &Kept<A>) {
    let (mean, inverse) = (kept.means[index], kept.inverse_deviations[index]);
    let [total, total_normalised] = sums(x, dot, shape, index, kept);
    let count = A::of((shape[0] * shape[2]) as f64);
    let kept_sums = if kept.training { [total / count, total_normalised / count] } else { [A::zero(); 2] };
    for (places, values) in channel_mut(dot, shape, index).zip(channel(x, shape, index)) {
        for (place, &x) in places.iter_mut().zip(values) {
            *place = weight * inverse * (*place - kept_sums[0] - (x - mean) * inverse * kept_sums[1]);
        }
    }
}

rule! {
    /// Batch normalisation over all axes but the second, the channels:
    /// `y = weight (x - mean) / √(variance + ε) + bias` (Ioffe and Szegedy,
    /// [arXiv:1502.03167](https://arxiv.org/abs/1502.03167)).
    ///
    /// In training, mean and variance are those of the batch, which are differentiated too, and `running` moves towards
    /// them; otherwise they are those of `running`.
    ///
    /// ```
    /// use autodiff_runtime::nn::{RunningStatistics, batch_norm};
    /// use ndarray::array;
    ///
    /// let (weight, bias, running) = (array![1.0, 2.0], array![0.0, 5.0], RunningStatistics::new(2));
    /// let y = batch_norm(&array![[1.0, 7.0], [3.0, 7.0]], &weight, &bias, &running, true);
    /// assert!((y[[1, 0]] - 1.0_f64).abs() < 1e-5 && y[[1, 1]] == 5.0);
    /// assert_eq!(running.mean()[0], 0.2);
    /// ```
    ///
    /// # Panics
    ///
    /// If `x` has no channels, `weight`, `bias` or `running` another number of them, or training has fewer than two
    /// values for each.
    fn batch_norm[A: Float, D: Dimension](
        x x_bar x_dot: ArrayRef<A, D> => Array<A, D>,
        weight weight_bar weight_dot: ArrayRef<A, Ix1> => Array1<A>,
        bias bias_bar bias_dot: ArrayRef<A, Ix1> => Array1<A>;
        running: RunningStatistics<A> => NoGradField;
        training: bool => ()
    ) -> Array<A, D>, keeps Kept<A>, captures [A, D];
    value {
        normalised(x, weight, bias, running, training)
    }
    reverse |kept, y_bar| {
        if y_bar.is_empty() {
            return;
        }
        let shape = planes(x.shape());
        let (x_view, y_view) = (in_rows(x), in_rows(y_bar));
        let (values, gradients) = (&x_view, &y_view);
        let mut totals = kept_numbers(buffers::numbers(2 * shape[1]));
        for (index, totals) in totals.chunks_exact_mut(2).enumerate() {
            totals.copy_from_slice(&sums(values, gradients, shape, index, kept));
        }
        if let Some(x_bar) = x_bar {
            with_slice(x_bar, x, |places| {
                for (index, totals) in totals.chunks_exact(2).enumerate() {
                    let factors = [weight[index], totals[0], totals[1]];
                    add_channel([values, gradients], places, shape, index, factors, kept);
                }
            });
        }
        if let Some(weight_bar) = weight_bar {
            crate::accumulate(weight_bar, every_other(&totals[1..]));
        }
        if let Some(bias_bar) = bias_bar {
            crate::accumulate(bias_bar, every_other(&totals));
        }
    }
    forward |y, kept| {
        let shape = planes(x.shape());
        let mut y_dot = zero_tangent(y);
        if y_dot.is_empty() {
            return y_dot;
        }
        let x_view = in_rows(x);
        if let Some(x_dot) = x_dot {
            y_dot = buffers::copy_in_rows(x_dot.view());
        }
        let places = y_dot.as_slice_mut().expect("the array is in row-major order");
        for index in 0..shape[1] {
            if x_dot.is_some() {
                push_channel(&x_view, places, shape, index, weight[index], kept);
            }
            let slope = weight_dot.map_or(A::zero(), |dot| dot[index]) * kept.inverse_deviations[index];
            let shift = bias_dot.map_or(A::zero(), |dot| dot[index]) - kept.means[index] * slope;
            let pairs = channel_mut(places, shape, index).zip(channel(&x_view, shape, index));
            for (place, &x) in pairs.flat_map(|(places, values)| places.iter_mut().zip(values)) {
                *place += x * slope + shift;
            }
        }
        y_dot
    }
    second rows(by_channels(normalised(x, weight, bias, running, training), x.shape()))
}
