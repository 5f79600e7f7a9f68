//! Unfolding: copying the pixels that the elements of a kernel meet, and adding them back.

use std::ops::Range;

use super::Geometry;
use crate::Float;

/// One row of a matrix for each element of the kernel in each channel, one column for each output pixel of the images.
pub(super) fn pixel_columns<A: Float>(
    geometry: &Geometry,
    x: &[A],
    group: usize,
    images: Range<usize>,
    unfolded: &mut [A],
    stride: usize,
) {
    let pixels = geometry.pixels_out();
    each_tap(geometry, |channel, tap, reach| {
        let line = &mut unfolded[tap * stride..][..stride];
        for (places, image) in line.chunks_exact_mut(pixels).zip(images.clone()) {
            let start = image * geometry.image_in() + (group * geometry.channels + channel) * geometry.pixels_in();
            copy_plane(geometry, &x[start..][..geometry.pixels_in()], reach, places);
        }
    });
}

/// Adds the rows that [`pixel_columns`] would fill to the pixels that they came from. What is in the padding is lost.
pub(super) fn add_pixel_columns<A: Float>(
    geometry: &Geometry,
    unfolded: &mut [A],
    stride: usize,
    group: usize,
    images: Range<usize>,
    x_bar: &mut [A],
) {
    let pixels = geometry.pixels_out();
    each_tap(geometry, |channel, tap, reach| {
        let line = &mut unfolded[tap * stride..][..stride];
        for (values, image) in line.chunks_exact_mut(pixels).zip(images.clone()) {
            let start = image * geometry.image_in() + (group * geometry.channels + channel) * geometry.pixels_in();
            add_plane(geometry, values, reach, &mut x_bar[start..][..geometry.pixels_in()]);
        }
    });
}

/// Calls `each` with channel, number, and reach of every weight of an output channel.
fn each_tap(geometry: &Geometry, mut each: impl FnMut(usize, usize, &Reach)) {
    let [height, width] = geometry.kernel;
    for row in 0..height {
        for column in 0..width {
            let reach = Reach::of(geometry, [row, column]);
            for channel in 0..geometry.channels {
                each(channel, (channel * height + row) * width + column, &reach);
            }
        }
    }
}

/// The part of the input that an element of the kernel meets.
struct Reach {
    /// The rows and columns of the output for which it is not in the padding.
    rows: Range<usize>,
    columns: Range<usize>,
    /// The first row and column of the input that it meets.
    first: [usize; 2],
    /// How far the output is moved against the input, if both have the same rows and columns: then whole planes are copied
    /// at once.
    shift: Option<isize>,
}

impl Reach {
    fn of(geometry: &Geometry, offset: [usize; 2]) -> Self {
        let (rows, first_row) = inside(geometry, 0, offset[0]);
        let (columns, first_column) = inside(geometry, 1, offset[1]);
        let flat = geometry.stride == [1, 1] && geometry.input == geometry.output;
        let along = |axis: usize| (offset[axis] * geometry.dilation[axis]) as isize - geometry.padding[axis] as isize;
        let shift = flat.then(|| along(0) * geometry.input[1] as isize + along(1));
        Self { rows, columns, first: [first_row, first_column], shift }
    }
}

/// The outputs along an axis for which an element of the kernel meets the input, and the first coordinate that it meets.
fn inside(geometry: &Geometry, axis: usize, kernel: usize) -> (Range<usize>, usize) {
    let (stride, padding, output) = (geometry.stride[axis], geometry.padding[axis], geometry.output[axis]);
    let shift = kernel * geometry.dilation[axis];
    let first = padding.saturating_sub(shift).div_ceil(stride).min(output);
    let last = (geometry.input[axis] + padding).saturating_sub(shift).div_ceil(stride).min(output);
    (first..last.max(first), (first * stride + shift).saturating_sub(padding))
}

/// The parts of two planes that lie on each other when the second is moved by `shift`.
fn overlap(len: usize, shift: isize) -> (Range<usize>, Range<usize>) {
    let distance = shift.unsigned_abs().min(len);
    if shift >= 0 { (0..len - distance, distance..len) } else { (distance..len, 0..len - distance) }
}

/// What one element of the kernel meets in one channel of one image.
fn copy_plane<A: Float>(geometry: &Geometry, plane: &[A], reach: &Reach, places: &mut [A]) {
    if let Some(shift) = reach.shift {
        let (to, from) = overlap(places.len(), shift);
        places[to].copy_from_slice(&plane[from]);
        clear_padding(geometry, reach, places);
        return;
    }
    let Reach { rows, columns, first, .. } = reach;
    let (width, step) = (geometry.input[1], geometry.stride[1]);
    for (index, line) in places.chunks_exact_mut(geometry.output[1]).enumerate() {
        if !rows.contains(&index) || columns.is_empty() {
            line.fill(A::zero());
            continue;
        }
        let from = &plane[(first[0] + (index - rows.start) * geometry.stride[0]) * width + first[1]..];
        line[..columns.start].fill(A::zero());
        line[columns.end..].fill(A::zero());
        let line = &mut line[columns.clone()];
        if step == 1 {
            line.copy_from_slice(&from[..line.len()]);
        } else {
            for (place, &value) in line.iter_mut().zip(from.iter().step_by(step)) {
                *place = value;
            }
        }
    }
}

/// Sets what an element of the kernel meets in the padding to zero.
fn clear_padding<A: Float>(geometry: &Geometry, reach: &Reach, places: &mut [A]) {
    let Reach { rows, columns, .. } = reach;
    let width = geometry.output[1];
    places[..rows.start * width].fill(A::zero());
    places[rows.end * width..].fill(A::zero());
    if columns.len() == width {
        return;
    }
    for line in places.chunks_exact_mut(width) {
        // A few numbers each: a loop is faster than a call.
        for index in (0..columns.start).chain(columns.end..width) {
            line[index] = A::zero();
        }
    }
}

/// Adds what [`copy_plane`] copied to where it came from; the values in the padding are cleared.
fn add_plane<A: Float>(geometry: &Geometry, values: &mut [A], reach: &Reach, plane: &mut [A]) {
    if let Some(shift) = reach.shift {
        clear_padding(geometry, reach, values);
        let (from, to) = overlap(values.len(), shift);
        for (place, &value) in plane[to].iter_mut().zip(&values[from]) {
            *place += value;
        }
        return;
    }
    let Reach { rows, columns, first, .. } = reach;
    if columns.is_empty() {
        return;
    }
    let (width, step) = (geometry.input[1], geometry.stride[1]);
    for (index, line) in values.chunks_exact(geometry.output[1]).enumerate() {
        if !rows.contains(&index) {
            continue;
        }
        let to = &mut plane[(first[0] + (index - rows.start) * geometry.stride[0]) * width + first[1]..];
        for (place, &value) in to.iter_mut().step_by(step).zip(&line[columns.clone()]) {
            *place += value;
        }
    }
}

/// One row of a matrix for each output pixel, one column for each element of the kernel in each channel.
pub(super) fn pixel_rows<A: Float>(
    geometry: &Geometry,
    x: &[A],
    group: usize,
    images: Range<usize>,
    unfolded: &mut [A],
) {
    let plane = geometry.pixels_in();
    each_pixel(geometry, images, |image, row, column, index| {
        let start = image * geometry.image_in() + group * geometry.channels * plane;
        let planes = &x[start..][..geometry.channels * plane];
        let line = &mut unfolded[index * geometry.taps()..][..geometry.taps()];
        each_source(geometry, row, column, |tap, source| {
            for (channel, plane) in planes.chunks_exact(plane).enumerate() {
                let place = &mut line[channel * geometry.kernel[0] * geometry.kernel[1] + tap];
                *place = source.map_or(A::zero(), |source| plane[source]);
            }
        });
    });
}

/// Adds the rows that [`pixel_rows`] would fill to the pixels that they came from.
pub(super) fn add_pixel_rows<A: Float>(
    geometry: &Geometry,
    unfolded: &[A],
    group: usize,
    images: Range<usize>,
    x_bar: &mut [A],
) {
    let plane = geometry.pixels_in();
    each_pixel(geometry, images, |image, row, column, index| {
        let start = image * geometry.image_in() + group * geometry.channels * plane;
        let planes = &mut x_bar[start..][..geometry.channels * plane];
        let line = &unfolded[index * geometry.taps()..][..geometry.taps()];
        each_source(geometry, row, column, |tap, source| {
            let Some(source) = source else { return };
            for (channel, plane) in planes.chunks_exact_mut(plane).enumerate() {
                plane[source] += line[channel * geometry.kernel[0] * geometry.kernel[1] + tap];
            }
        });
    });
}

/// Calls `each` with image, row, column and number of every output pixel of some images.
fn each_pixel(geometry: &Geometry, images: Range<usize>, mut each: impl FnMut(usize, usize, usize, usize)) {
    let [height, width] = geometry.output;
    let first = images.start;
    for image in images {
        for row in 0..height {
            for column in 0..width {
                each(image, row, column, ((image - first) * height + row) * width + column);
            }
        }
    }
}

/// Calls `each` with every element of the kernel and the pixel that it meets, or nothing in the padding.
fn each_source(geometry: &Geometry, row: usize, column: usize, mut each: impl FnMut(usize, Option<usize>)) {
    for kernel_row in 0..geometry.kernel[0] {
        let source_row = geometry.source(0, row, kernel_row);
        for kernel_column in 0..geometry.kernel[1] {
            let source_column = geometry.source(1, column, kernel_column);
            let source = source_row.zip(source_column).map(|(row, column)| row * geometry.input[1] + column);
            each(kernel_row * geometry.kernel[1] + kernel_column, source);
        }
    }
}
