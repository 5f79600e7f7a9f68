//! Normalisations of each sample by itself: over its last axis, or over groups of its channels.

use ndarray::{Array, Array1, ArrayRef, Dimension, Ix1};

use super::rule::{check_channels, rule, slice, with_slice};
use crate::kernel::sums::{dot_centred, sum, sum_of_squares_around};
use crate::{Float, NoGradField, zero_tangent};

/// Rows of numbers that are normalised together, and which weight belongs to which number.
#[derive(Clone, Copy)]
struct Layout {
    length: usize,
    /// The groups of a sample, the channels of a group, and the numbers of a channel; or each number has its own weight.
    channels: Option<[usize; 3]>,
    /// Whether the mean is subtracted.
    centred: bool,
}

impl Layout {
    /// The weight of a number of a row.
    #[inline]
    fn weight(&self, row: usize, index: usize) -> usize {
        match self.channels {
            Some([groups, channels, numbers]) => row % groups * channels + index / numbers,
            None => index,
        }
    }

    /// One row for each position of all axes but the last.
    #[track_caller]
    fn last_axis(operation: &str, shape: &[usize], weights: usize, centred: bool) -> Self {
        let length = shape.last().copied().unwrap_or(0);
        assert!(length == weights && length > 0, "`{operation}`: {weights} weights for the rows of shape {shape:?}");
        Self { length, channels: None, centred }
    }
}

/// What the derivatives read again: of each row, what is subtracted and what it is multiplied by.
pub(crate) struct Scales<A> {
    layout: Layout,
    rows: Vec<[A; 2]>,
}

/// The normalised rows, times the weights, plus the biases.
fn normalise<A: Float, D: Dimension>(
    x: &ArrayRef<A, D>,
    weight: &ArrayRef<A, Ix1>,
    bias: Option<&ArrayRef<A, Ix1>>,
    layout: Layout,
    epsilon: f64,
) -> (Array<A, D>, Scales<A>) {
    let mut y = x.as_standard_layout().into_owned();
    let places = y.as_slice_mut().expect("the array is in row-major order");
    let (count, epsilon) = (A::of(layout.length as f64), A::of(epsilon));
    let mut rows = Vec::with_capacity(places.len() / layout.length);
    for (row, values) in places.chunks_exact_mut(layout.length).enumerate() {
        let mean = if layout.centred { sum(values) / count } else { A::zero() };
        let inverse = (sum_of_squares_around(mean, values) / count + epsilon).sqrt().recip();
        for (index, value) in values.iter_mut().enumerate() {
            let at = layout.weight(row, index);
            *value = (*value - mean) * inverse * weight[at] + bias.map_or(A::zero(), |bias| bias[at]);
        }
        rows.push([mean, inverse]);
    }
    (y, Scales { layout, rows })
}

/// Turns directions of the input of a row into those of the normalised row, or the other way round: the derivative is
/// symmetric.
fn project<A: Float>(values: &[A], [mean, inverse]: [A; 2], centred: bool, directions: &mut [A]) {
    let count = A::of(values.len() as f64);
    let shift = if centred { sum(directions) / count } else { A::zero() };
    let along = dot_centred(directions, values, mean) * inverse / count;
    for (direction, &x) in directions.iter_mut().zip(values) {
        *direction = inverse * (*direction - shift - (x - mean) * inverse * along);
    }
}

/// The three arguments' cotangents.
fn pull<A: Float, D: Dimension>(
    scales: &Scales<A>,
    x: &ArrayRef<A, D>,
    weight: &ArrayRef<A, Ix1>,
    y_bar: &Array<A, D>,
    x_bar: Option<&mut Array<A, D>>,
    [weight_bar, bias_bar]: [Option<&mut Array1<A>>; 2],
) {
    if y_bar.is_empty() {
        return;
    }
    let layout = scales.layout;
    let (x_view, y_view) = (x.as_standard_layout(), y_bar.as_standard_layout());
    let rows =
        || slice(&x_view).chunks_exact(layout.length).zip(slice(&y_view).chunks_exact(layout.length)).enumerate();
    if let Some(x_bar) = x_bar {
        let mut directions = vec![A::zero(); layout.length];
        with_slice(x_bar, x, |places| {
            for ((row, (values, bars)), places) in rows().zip(places.chunks_exact_mut(layout.length)) {
                for (index, (direction, &bar)) in directions.iter_mut().zip(bars).enumerate() {
                    *direction = bar * weight[layout.weight(row, index)];
                }
                project(values, scales.rows[row], layout.centred, &mut directions);
                places.iter_mut().zip(&directions).for_each(|(place, &direction)| *place += direction);
            }
        });
    }
    let totals = |term: &dyn Fn(usize, A, A) -> A| {
        let mut totals = Array1::zeros(weight.len());
        for (row, (values, bars)) in rows() {
            for (index, (&x, &bar)) in values.iter().zip(bars).enumerate() {
                totals[layout.weight(row, index)] += term(row, x, bar);
            }
        }
        totals
    };
    if let Some(weight_bar) = weight_bar {
        let normalised = |row: usize, x: A| (x - scales.rows[row][0]) * scales.rows[row][1];
        crate::accumulate(weight_bar, totals(&|row, x, bar| bar * normalised(row, x)));
    }
    if let Some(bias_bar) = bias_bar {
        crate::accumulate(bias_bar, totals(&|_, _, bar| bar));
    }
}

/// The tangent of the result.
fn push<A: Float, D: Dimension>(
    scales: &Scales<A>,
    x: &ArrayRef<A, D>,
    weight: &ArrayRef<A, Ix1>,
    x_dot: Option<&Array<A, D>>,
    [weight_dot, bias_dot]: [Option<&Array1<A>>; 2],
) -> Array<A, D> {
    let layout = scales.layout;
    let mut y_dot = x_dot.map_or_else(|| zero_tangent(x), |x_dot| x_dot.as_standard_layout().into_owned());
    let x = x.as_standard_layout();
    let places = y_dot.as_slice_mut().expect("the array is in row-major order");
    let rows = places.chunks_exact_mut(layout.length).zip(slice(&x).chunks_exact(layout.length));
    for (row, (directions, values)) in rows.enumerate() {
        project(values, scales.rows[row], layout.centred, directions);
        let [mean, inverse] = scales.rows[row];
        for (index, (direction, &x)) in directions.iter_mut().zip(values).enumerate() {
            let at = layout.weight(row, index);
            let of_weight = weight_dot.map_or(A::zero(), |dot| dot[at]) * (x - mean) * inverse;
            *direction = *direction * weight[at] + of_weight + bias_dot.map_or(A::zero(), |dot| dot[at]);
        }
    }
    y_dot
}

rule! {
    /// Normalises each row along the last axis to mean 0 and variance 1, then multiplies by `weight` and adds `bias` (Ba,
    /// Kiros and Hinton, [arXiv:1607.06450](https://arxiv.org/abs/1607.06450)).
    ///
    /// ```
    /// use autodiff_runtime::nn::layer_norm;
    /// use ndarray::array;
    ///
    /// let y = layer_norm(&array![[1.0, 3.0]], &array![1.0, 2.0], &array![0.0, 5.0], 0.0);
    /// assert_eq!(y, array![[-1.0, 7.0]]);
    /// ```
    ///
    /// # Panics
    ///
    /// If the last axis has not as many numbers as `weight` and `bias`.
    fn layer_norm[A: Float, D: Dimension](
        x x_bar x_dot: ArrayRef<A, D> => Array<A, D>,
        weight weight_bar weight_dot: ArrayRef<A, Ix1> => Array1<A>,
        bias bias_bar bias_dot: ArrayRef<A, Ix1> => Array1<A>;;
        epsilon: f64 => NoGradField
    ) -> Array<A, D>, keeps Scales<A>, captures [A, D];
    value {
        let layout = Layout::last_axis("layer_norm", x.shape(), weight.len(), true);
        Layout::last_axis("layer_norm", x.shape(), bias.len(), true);
        normalise(x, weight, Some(bias), layout, epsilon)
    }
    reverse |scales, y_bar| {
        pull(scales, x, weight, y_bar, x_bar, [weight_bar, bias_bar]);
    }
    forward |_y, scales| {
        push(scales, x, weight, x_dot, [weight_dot, bias_dot])
    }
}

rule! {
    /// Divides each row along the last axis by its root mean square, then multiplies by `weight` (Zhang and Sennrich,
    /// [arXiv:1910.07467](https://arxiv.org/abs/1910.07467)).
    ///
    /// # Panics
    ///
    /// If the last axis has not as many numbers as `weight`.
    fn rms_norm[A: Float, D: Dimension](
        x x_bar x_dot: ArrayRef<A, D> => Array<A, D>,
        weight weight_bar weight_dot: ArrayRef<A, Ix1> => Array1<A>;;
        epsilon: f64 => NoGradField
    ) -> Array<A, D>, keeps Scales<A>, captures [A, D];
    value {
        normalise(x, weight, None, Layout::last_axis("rms_norm", x.shape(), weight.len(), false), epsilon)
    }
    reverse |scales, y_bar| {
        pull(scales, x, weight, y_bar, x_bar, [weight_bar, None]);
    }
    forward |_y, scales| {
        push(scales, x, weight, x_dot, [weight_dot, None])
    }
}

rule! {
    /// Normalises groups of channels, the second axis, of each sample to mean 0 and variance 1, then multiplies each
    /// channel by its weight and adds its bias (Wu and He, [arXiv:1803.08494](https://arxiv.org/abs/1803.08494)).
    ///
    /// With as many groups as channels it is instance normalisation.
    ///
    /// # Panics
    ///
    /// If the channels cannot be divided into the groups, or `weight` or `bias` has another number of channels.
    fn group_norm[A: Float, D: Dimension](
        x x_bar x_dot: ArrayRef<A, D> => Array<A, D>,
        weight weight_bar weight_dot: ArrayRef<A, Ix1> => Array1<A>,
        bias bias_bar bias_dot: ArrayRef<A, Ix1> => Array1<A>;;
        groups: usize => (), epsilon: f64 => NoGradField
    ) -> Array<A, D>, keeps Scales<A>, captures [A, D];
    value {
        check_channels("group_norm", x.shape(), weight.len());
        check_channels("group_norm", x.shape(), bias.len());
        let numbers: usize = x.shape()[2..].iter().product();
        assert!(
            groups > 0 && weight.len().is_multiple_of(groups) && numbers * weight.len() > 0,
            "`group_norm`: an array of shape {:?} cannot be divided into {groups} groups",
            x.shape()
        );
        let channels = weight.len() / groups;
        let layout = Layout { length: channels * numbers, channels: Some([groups, channels, numbers]), centred: true };
        normalise(x, weight, Some(bias), layout, epsilon)
    }
    reverse |scales, y_bar| {
        pull(scales, x, weight, y_bar, x_bar, [weight_bar, bias_bar]);
    }
    forward |_y, scales| {
        push(scales, x, weight, x_dot, [weight_dot, bias_dot])
    }
}
