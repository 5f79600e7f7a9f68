//! Normalisations of each sample by itself: over its last axis, or over groups of its channels.

use ndarray::{Array, Array1, ArrayRef, Dimension, Ix1};

use super::rule::{check_channels, in_rows, rule, with_slice};
use crate::buffers::{self, Kept, kept_numbers};
use crate::kernel::sums::{dot_centred, sum, sum_of_squares_around};
use crate::{Float, NoGradField, zero_tangent};

/// What of a row it is normalised with.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Moments {
    /// Its mean and its variance.
    Both,
    /// The mean of its squares.
    Squares,
    /// What does not depend on it.
    Given,
}

/// Where the numbers of a row lie, and which weights they have.
#[derive(Clone, Copy)]
pub(crate) enum Place {
    /// One after the other, each with its own weight.
    Numbers,
    /// One after the other: groups of a sample, channels of a group, which have a weight, and numbers of a channel.
    Channels([usize; 3]),
    /// A channel, which has a weight, of all samples: samples, channels, and numbers of a channel.
    Planes([usize; 3]),
}

/// Rows of numbers that are normalised together, and which weight belongs to which number.
#[derive(Clone, Copy)]
pub(crate) struct Layout {
    pub(crate) length: usize,
    pub(crate) place: Place,
    pub(crate) moments: Moments,
}

impl Layout {
    /// One row for each position of all axes but the last.
    #[track_caller]
    fn last_axis(operation: &str, shape: &[usize], weights: usize, moments: Moments) -> Self {
        let length = shape.last().copied().unwrap_or(0);
        assert!(length == weights && length > 0, "`{operation}`: {weights} weights for the rows of shape {shape:?}");
        Self { length, place: Place::Numbers, moments }
    }

    /// How many rows an array has.
    pub(crate) fn rows(&self, numbers: usize) -> usize {
        numbers.checked_div(self.length).unwrap_or(0)
    }

    /// Copies a row.
    pub(crate) fn read<A: Float>(&self, row: usize, values: &[A], line: &mut [A]) {
        match self.place {
            Place::Numbers | Place::Channels(_) => {
                line.copy_from_slice(&values[row * self.length..(row + 1) * self.length]);
            }
            Place::Planes([_, channels, numbers]) => {
                let planes = values.chunks_exact(numbers).skip(row).step_by(channels);
                line.chunks_exact_mut(numbers).zip(planes).for_each(|(line, plane)| line.copy_from_slice(plane));
            }
        }
    }

    /// Puts a row to its place.
    pub(crate) fn write<A: Float>(&self, row: usize, line: &[A], places: &mut [A]) {
        match self.place {
            Place::Numbers | Place::Channels(_) => {
                places[row * self.length..(row + 1) * self.length].copy_from_slice(line);
            }
            Place::Planes([_, channels, numbers]) => {
                let planes = places.chunks_exact_mut(numbers).skip(row).step_by(channels);
                planes.zip(line.chunks_exact(numbers)).for_each(|(plane, line)| plane.copy_from_slice(line));
            }
        }
    }

    /// The weights of the numbers of a row, of which `line` holds those of the row before.
    pub(crate) fn spread<A: Float>(&self, row: usize, weights: &ArrayRef<A, Ix1>, line: &mut [A]) {
        match self.place {
            Place::Numbers if row == 0 => line.iter_mut().zip(weights).for_each(|(place, &weight)| *place = weight),
            Place::Numbers => {}
            Place::Planes(_) => line.fill(weights[row]),
            Place::Channels([groups, channels, numbers]) => {
                let own = weights.iter().skip(row % groups * channels);
                line.chunks_exact_mut(numbers).zip(own).for_each(|(places, &weight)| places.fill(weight));
            }
        }
    }

    /// Adds the parts of a row's numbers to those of their weights.
    pub(crate) fn gather<A: Float>(&self, row: usize, line: &[A], totals: &mut [A]) {
        match self.place {
            Place::Numbers => totals.iter_mut().zip(line).for_each(|(total, &part)| *total += part),
            Place::Planes(_) => totals[row] += sum(line),
            Place::Channels([groups, channels, numbers]) => {
                let own = totals.iter_mut().skip(row % groups * channels);
                line.chunks_exact(numbers).zip(own).for_each(|(parts, total)| *total += sum(parts));
            }
        }
    }
}

/// What the derivatives read again: of each row, what is subtracted and what it is multiplied by.
pub(crate) struct Scales<A> {
    pub(crate) layout: Layout,
    pub(crate) rows: Kept<Vec<A>>,
}

impl<A: Float> Scales<A> {
    pub(crate) fn row(&self, row: usize) -> [A; 2] {
        [self.rows[2 * row], self.rows[2 * row + 1]]
    }
}

/// A line as long as a row.
fn line<A: Float>(layout: Layout) -> Kept<Vec<A>> {
    kept_numbers(buffers::zeroed(layout.length))
}

/// The normalised rows, times the weights, plus the biases.
fn normalise<A: Float, D: Dimension>(
    x: &ArrayRef<A, D>,
    weight: &ArrayRef<A, Ix1>,
    bias: Option<&ArrayRef<A, Ix1>>,
    layout: Layout,
    epsilon: f64,
) -> (Array<A, D>, Scales<A>) {
    let mut y = buffers::copy_in_rows(x.view());
    let places = y.as_slice_mut().expect("the array is in row-major order");
    let (count, epsilon) = (A::of(layout.length as f64), A::of(epsilon));
    let mut rows = kept_numbers(buffers::numbers(2 * (places.len() / layout.length)));
    let (mut weights, mut biases) = (line(layout), line(layout));
    let pairs = places.chunks_exact_mut(layout.length).zip(rows.chunks_exact_mut(2));
    for (row, (values, scales)) in pairs.enumerate() {
        let mean = if layout.moments == Moments::Both { sum(values) / count } else { A::zero() };
        let inverse = (sum_of_squares_around(mean, values) / count + epsilon).sqrt().recip();
        layout.spread(row, weight, &mut weights);
        bias.into_iter().for_each(|bias| layout.spread(row, bias, &mut biases));
        for ((value, &weight), &bias) in values.iter_mut().zip(weights.iter()).zip(biases.iter()) {
            *value = (*value - mean) * inverse * weight + bias;
        }
        scales.copy_from_slice(&[mean, inverse]);
    }
    (y, Scales { layout, rows })
}

/// Turns directions of the input of a row into those of the normalised row, or the other way round: the derivative is
/// symmetric.
fn project<A: Float>(values: &[A], [mean, inverse]: [A; 2], moments: Moments, directions: &mut [A]) {
    let count = A::of(values.len() as f64);
    let (shift, along) = match moments {
        Moments::Both => (sum(directions) / count, dot_centred(directions, values, mean) * inverse / count),
        Moments::Squares => (A::zero(), dot_centred(directions, values, mean) * inverse / count),
        Moments::Given => (A::zero(), A::zero()),
    };
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
    let (x_view, y_view) = (in_rows(x), in_rows(y_bar));
    let rows = || x_view.chunks_exact(layout.length).zip(y_view.chunks_exact(layout.length)).enumerate();
    let mut parts = line(layout);
    if let Some(x_bar) = x_bar {
        let mut weights = line(layout);
        with_slice(x_bar, x, |places| {
            for ((row, (values, bars)), places) in rows().zip(places.chunks_exact_mut(layout.length)) {
                layout.spread(row, weight, &mut weights);
                for ((part, &bar), &weight) in parts.iter_mut().zip(bars).zip(weights.iter()) {
                    *part = bar * weight;
                }
                project(values, scales.row(row), layout.moments, &mut parts);
                places.iter_mut().zip(parts.iter()).for_each(|(place, &part)| *place += part);
            }
        });
    }
    if let Some(weight_bar) = weight_bar {
        let mut totals = buffers::zeros(weight.raw_dim());
        with_slice(&mut totals, weight, |totals| {
            for (row, (values, bars)) in rows() {
                let [mean, inverse] = scales.row(row);
                for ((part, &x), &bar) in parts.iter_mut().zip(values).zip(bars) {
                    *part = bar * ((x - mean) * inverse);
                }
                layout.gather(row, &parts, totals);
            }
        });
        crate::accumulate(weight_bar, totals);
    }
    if let Some(bias_bar) = bias_bar {
        let mut totals = buffers::zeros(weight.raw_dim());
        with_slice(&mut totals, weight, |totals| {
            rows().for_each(|(row, (_, bars))| layout.gather(row, bars, totals));
        });
        crate::accumulate(bias_bar, totals);
    }
}

/// The tangent of the result.
pub(crate) fn push<A: Float, D: Dimension>(
    scales: &Scales<A>,
    x: &ArrayRef<A, D>,
    weight: &ArrayRef<A, Ix1>,
    x_dot: Option<&Array<A, D>>,
    [weight_dot, bias_dot]: [Option<&Array1<A>>; 2],
) -> Array<A, D> {
    let layout = scales.layout;
    let mut y_dot = x_dot.map_or_else(|| zero_tangent(x), |x_dot| buffers::copy_in_rows(x_dot.view()));
    let x = in_rows(x);
    let places = y_dot.as_slice_mut().expect("the array is in row-major order");
    let [mut values, mut directions, mut weights, mut weight_dots, mut bias_dots] = [(); 5].map(|()| line(layout));
    for row in 0..layout.rows(places.len()) {
        let [mean, inverse] = scales.row(row);
        layout.read(row, &x, &mut values);
        layout.read(row, places, &mut directions);
        project(&values, [mean, inverse], layout.moments, &mut directions);
        layout.spread(row, weight, &mut weights);
        weight_dot.into_iter().for_each(|dot| layout.spread(row, dot, &mut weight_dots));
        bias_dot.into_iter().for_each(|dot| layout.spread(row, dot, &mut bias_dots));
        for (index, (direction, &x)) in directions.iter_mut().zip(values.iter()).enumerate() {
            let of_weight = weight_dots[index] * (x - mean) * inverse;
            *direction = *direction * weights[index] + of_weight + bias_dots[index];
        }
        layout.write(row, &directions, places);
    }
    y_dot
}

#[track_caller]
fn layer_normalised<A: Float, D: Dimension>(
    x: &ArrayRef<A, D>,
    weight: &ArrayRef<A, Ix1>,
    bias: &ArrayRef<A, Ix1>,
    epsilon: f64,
) -> (Array<A, D>, Scales<A>) {
    let layout = Layout::last_axis("layer_norm", x.shape(), weight.len(), Moments::Both);
    Layout::last_axis("layer_norm", x.shape(), bias.len(), Moments::Both);
    normalise(x, weight, Some(bias), layout, epsilon)
}

#[track_caller]
fn root_normalised<A: Float, D: Dimension>(
    x: &ArrayRef<A, D>,
    weight: &ArrayRef<A, Ix1>,
    epsilon: f64,
) -> (Array<A, D>, Scales<A>) {
    let layout = Layout::last_axis("rms_norm", x.shape(), weight.len(), Moments::Squares);
    normalise(x, weight, None, layout, epsilon)
}

#[track_caller]
fn group_normalised<A: Float, D: Dimension>(
    x: &ArrayRef<A, D>,
    weight: &ArrayRef<A, Ix1>,
    bias: &ArrayRef<A, Ix1>,
    groups: usize,
    epsilon: f64,
) -> (Array<A, D>, Scales<A>) {
    check_channels("group_norm", x.shape(), weight.len());
    check_channels("group_norm", x.shape(), bias.len());
    let numbers: usize = x.shape()[2..].iter().product();
    assert!(
        groups > 0 && weight.len().is_multiple_of(groups) && numbers * weight.len() > 0,
        "`group_norm`: an array of shape {:?} cannot be divided into {groups} groups",
        x.shape()
    );
    let channels = weight.len() / groups;
    let layout = Layout {
        length: channels * numbers,
        place: Place::Channels([groups, channels, numbers]),
        moments: Moments::Both,
    };
    normalise(x, weight, Some(bias), layout, epsilon)
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
        layer_normalised(x, weight, bias, epsilon)
    }
    reverse |scales, y_bar| {
        pull(scales, x, weight, y_bar, x_bar, [weight_bar, bias_bar]);
    }
    forward |_y, scales| {
        push(scales, x, weight, x_dot, [weight_dot, bias_dot])
    }
    second rows(layer_normalised(x, weight, bias, epsilon))
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
        root_normalised(x, weight, epsilon)
    }
    reverse |scales, y_bar| {
        pull(scales, x, weight, y_bar, x_bar, [weight_bar, None]);
    }
    forward |_y, scales| {
        push(scales, x, weight, x_dot, [weight_dot, None])
    }
    second rows(root_normalised(x, weight, epsilon))
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
        group_normalised(x, weight, bias, groups, epsilon)
    }
    reverse |scales, y_bar| {
        pull(scales, x, weight, y_bar, x_bar, [weight_bar, bias_bar]);
    }
    forward |_y, scales| {
        push(scales, x, weight, x_dot, [weight_dot, bias_dot])
    }
    second rows(group_normalised(x, weight, bias, groups, epsilon))
}
