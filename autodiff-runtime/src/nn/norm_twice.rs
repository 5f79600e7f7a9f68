//! Second derivatives of normalisations, row by row: the derivatives of their forward rule.
//!
//! With the normalised row `n`, its forward rule is `w P d + n ẇ + ḃ`, where `P` is the derivative of `n`, which is symmetric.
//! What is new here is the derivative of `P`, [`Row::bend`].

use ndarray::{Array, Array1, ArrayRef, Dimension, Ix1};

use super::norm_rows::{Layout, Moments, Scales};
use super::rule::{in_rows, with_slice};
use crate::buffers::{self, Kept, kept_numbers};
use crate::kernel::sums::{dot_centred, sum};
use crate::{Float, zero_tangent};

type Line<A> = Kept<Vec<A>>;

/// The optional tangents or cotangents of the weights and of the biases.
type OfChannels<T> = [Option<T>; 2];

/// A row that has been normalised.
struct Row<'n, A> {
    values: &'n [A],
    inverse: A,
    moments: Moments,
}

/// A direction of the input of a row, and what it becomes.
struct Direction<A> {
    given: Line<A>,
    /// The direction of the normalised row.
    projected: Line<A>,
    /// How much of it goes along the row.
    along: A,
}

impl<A: Float> Row<'_, A> {
    fn mean_product(&self, line: &[A]) -> A {
        dot_centred(line, self.values, A::zero()) / A::of(self.values.len() as f64)
    }

    /// The derivative of the normalised row in a direction.
    fn project(&self, direction: &mut Direction<A>) {
        let (from, to) = (&*direction.given, &mut *direction.projected);
        let shift = match self.moments {
            Moments::Both => sum(from) / A::of(self.values.len() as f64),
            Moments::Squares | Moments::Given => A::zero(),
        };
        direction.along = match self.moments {
            Moments::Both | Moments::Squares => self.mean_product(from),
            Moments::Given => A::zero(),
        };
        for ((to, &from), &value) in to.iter_mut().zip(from).zip(self.values) {
            *to = self.inverse * (from - shift - value * direction.along);
        }
    }

    /// Adds how the projection of one direction changes in the other, which is symmetric in the two.
    fn bend(&self, one: &Direction<A>, other: &Direction<A>, total: &mut [A]) {
        if matches!(self.moments, Moments::Given) {
            return;
        }
        let both = dot_centred(&one.projected, &other.given, A::zero()) / A::of(self.values.len() as f64);
        let projected = one.projected.iter().zip(other.projected.iter());
        for ((total, &value), (&one_at, &other_at)) in total.iter_mut().zip(self.values).zip(projected) {
            *total -= self.inverse * (one.along * other_at + one_at * other.along + value * both);
        }
    }
}

fn line<A: Float>(layout: Layout) -> Line<A> {
    kept_numbers(buffers::zeroed(layout.length))
}

/// Sets each place to a function of the numbers at the same position of four lines.
fn combine<A: Float>(places: &mut [A], [a, b, c, d]: [&[A]; 4], each: impl Fn([A; 4]) -> A) {
    let count = places.len();
    let (a, b, c, d) = (&a[..count], &b[..count], &c[..count], &d[..count]);
    for at in 0..count {
        places[at] = each([a[at], b[at], c[at], d[at]]);
    }
}

fn direction<A: Float>(layout: Layout) -> Direction<A> {
    Direction { given: line(layout), projected: line(layout), along: A::zero() }
}

/// The elements of an array that has some; one that has none is zero.
fn elements<'a, A: Float, D: Dimension>(array: Option<&'a Array<A, D>>) -> Option<super::rule::Rows<'a, A>> {
    array.filter(|array| !array.is_empty()).map(|array| in_rows(array))
}

/// Reads a row of an array, which is zero if there is none.
fn read<A: Float>(layout: Layout, row: usize, from: Option<&[A]>, line: &mut [A]) {
    if let Some(from) = from {
        layout.read(row, from, line);
    }
}

/// What stands in the place of the weights of a row, which is zero if there is nothing.
fn spread<A: Float>(layout: Layout, row: usize, from: Option<&Array1<A>>, line: &mut [A]) {
    if let Some(from) = from {
        layout.spread(row, from, line);
    }
}

/// The normalised values of a row.
fn normalised<A: Float>(scales: &Scales<A>, x: &[A], row: usize, line: &mut [A]) {
    let [mean, inverse] = scales.row(row);
    scales.layout.read(row, x, line);
    line.iter_mut().for_each(|value| *value = (*value - mean) * inverse);
}

/// Adds to the cotangents of the three arguments and of their tangents.
pub(crate) fn pull<A: Float, D: Dimension>(
    scales: &Scales<A>,
    (x, x_dot): (&ArrayRef<A, D>, Option<&Array<A, D>>),
    (weight, weight_dot): (&ArrayRef<A, Ix1>, Option<&Array1<A>>),
    (y_bar, y_dot_bar): &(Array<A, D>, Array<A, D>),
    [x_bar, x_dot_bar]: [Option<&mut Array<A, D>>; 2],
    of_channels: [OfChannels<&mut Array1<A>>; 2],
) {
    let mut both = [x_bar, x_dot_bar].map(|bar| bar.map(|bar| (buffers::array(x.raw_dim()), bar)));
    let wanted = of_channels.each_ref().map(|bars| bars.each_ref().map(Option::is_some));
    let mut totals = wanted.map(|wanted| wanted.map(|wanted| wanted.then(|| buffers::zeros(weight.raw_dim()))));
    let sources = [Some(y_bar), Some(y_dot_bar), x_dot].map(elements);
    let [x_total, x_dot_total] = both.each_mut().map(|both| slice(both.as_mut().map(|(total, _)| total)));
    let of_totals = totals.each_mut().map(|totals| totals.each_mut().map(|total| slice(total.as_mut())));
    let sources = sources.each_ref().map(|source| source.as_deref());
    pull_rows(scales, &in_rows(x), (weight, weight_dot), sources, [x_total, x_dot_total], of_totals);
    for (total, bar) in both.into_iter().flatten() {
        crate::accumulate(bar, total);
    }
    for (bar, total) in of_channels.into_iter().flatten().zip(totals.into_iter().flatten()) {
        if let (Some(bar), Some(total)) = (bar, total) {
            crate::accumulate(bar, total);
        }
    }
}

/// A new array's elements.
fn slice<A, D: Dimension>(array: Option<&mut Array<A, D>>) -> Option<&mut [A]> {
    array.map(|array| array.as_slice_mut().expect("a new array is in row-major order"))
}

fn pull_rows<A: Float>(
    scales: &Scales<A>,
    x: &[A],
    (weight, weight_dot): (&ArrayRef<A, Ix1>, Option<&Array1<A>>),
    [y_bar, y_dot_bar, x_dot]: [Option<&[A]>; 3],
    [mut x_bar, mut x_dot_bar]: [Option<&mut [A]>; 2],
    [mut bars, mut dot_bars]: [OfChannels<&mut [A]>; 2],
) {
    let layout = scales.layout;
    let [mut values, mut weights, mut weight_dots, mut of_value, mut of_dot, mut part] = [(); 6].map(|()| line(layout));
    let [mut input, mut along, mut change] = [(); 3].map(|()| direction(layout));
    for row in 0..layout.rows(x.len()) {
        normalised(scales, x, row, &mut values);
        let own = Row { values: &values, inverse: scales.row(row)[1], moments: layout.moments };
        layout.spread(row, weight, &mut weights);
        spread(layout, row, weight_dot, &mut weight_dots);
        read(layout, row, y_bar, &mut of_value);
        read(layout, row, y_dot_bar, &mut of_dot);
        read(layout, row, x_dot, &mut input.given);
        own.project(&mut input);
        let factors = [&of_value[..], &weights[..], &of_dot[..], &weight_dots[..]];
        combine(&mut along.given, factors, |[_, weight, of_dot, _]| of_dot * weight);
        combine(&mut change.given, factors, |[of_value, weight, of_dot, weight_dot]| {
            of_value * weight + of_dot * weight_dot
        });
        own.project(&mut along);
        if let Some(x_dot_bar) = &mut x_dot_bar {
            layout.write(row, &along.projected, x_dot_bar);
        }
        if let Some(x_bar) = &mut x_bar {
            own.project(&mut change);
            own.bend(&input, &along, &mut change.projected);
            layout.write(row, &change.projected, x_bar);
        }
        let factors = [&of_value[..], &values[..], &of_dot[..], &input.projected[..]];
        if let Some(bar) = &mut bars[0] {
            combine(&mut part, factors, |[of_value, value, of_dot, input]| of_value * value + of_dot * input);
            layout.gather(row, &part, bar);
        }
        if let Some(bar) = &mut dot_bars[0] {
            combine(&mut part, factors, |[_, value, of_dot, _]| of_dot * value);
            layout.gather(row, &part, bar);
        }
        bars[1].iter_mut().for_each(|bar| layout.gather(row, &of_value, bar));
        dot_bars[1].iter_mut().for_each(|bar| layout.gather(row, &of_dot, bar));
    }
}

/// The tangent of the forward rule: what the tangents of the arguments, in their given directions, and of these give.
pub(crate) fn push<A: Float, D: Dimension>(
    scales: &Scales<A>,
    x: &ArrayRef<A, D>,
    weight: &ArrayRef<A, Ix1>,
    [x_dot, x_tangent, x_dot_tangent]: [Option<&Array<A, D>>; 3],
    [weight_dot, weight_tangent, weight_dot_tangent]: [Option<&Array1<A>>; 3],
    bias_dot_tangent: Option<&Array1<A>>,
) -> Array<A, D> {
    let layout = scales.layout;
    let mut second = zero_tangent(x);
    let directions = [x_dot, x_tangent, x_dot_tangent].map(elements);
    let directions = directions.each_ref().map(|elements| elements.as_deref());
    let own = [Some(weight), weight_dot.map(|w| &**w), weight_tangent.map(|w| &**w), weight_dot_tangent.map(|w| &**w)];
    let [mut weights, mut dots, mut tangents, mut dot_tangents, mut biases, mut values] =
        [(); 6].map(|()| line(layout));
    let mut lines = [(); 3].map(|()| direction(layout));
    let x_view = in_rows(x);
    with_slice(&mut second, x, |places| {
        for row in 0..layout.rows(places.len()) {
            normalised(scales, &x_view, row, &mut values);
            let normalised = Row { values: &values, inverse: scales.row(row)[1], moments: layout.moments };
            for (line, elements) in lines.iter_mut().zip(directions) {
                read(layout, row, elements, &mut line.given);
                normalised.project(line);
            }
            let factors = [&mut weights, &mut dots, &mut tangents, &mut dot_tangents];
            for (line, own) in factors.into_iter().zip(own) {
                own.into_iter().for_each(|own| layout.spread(row, own, line));
            }
            spread(layout, row, bias_dot_tangent, &mut biases);
            let [along, change, both] = &mut lines;
            normalised.bend(along, change, &mut both.projected);
            for at in 0..layout.length {
                let of_weights = along.projected[at] * tangents[at] + change.projected[at] * dots[at];
                both.projected[at] = both.projected[at] * weights[at] + of_weights + values[at] * dot_tangents[at];
                both.projected[at] += biases[at];
            }
            layout.write(row, &both.projected, places);
        }
    });
    second
}
