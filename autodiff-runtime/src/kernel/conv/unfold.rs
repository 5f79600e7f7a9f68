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
    each_tap(geometry, |channel, tap, offset| {
        let line = &mut unfolded[tap * stride..][..stride];
        for (places, image) in line.chunks_exact_mut(pixels).zip(images.clone()) {
            let start = image * geometry.image_in() + (group * geometry.channels + channel) * geometry.pixels_in();
            copy_plane(geometry, &x[start..][..geometry.pixels_in()], offset, places);
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
    each_tap(geometry, |channel, tap, offset| {
        let line = &mut unfolded[tap * stride..][..stride];
        for (values, image) in line.chunks_exact_mut(pixels).zip(images.clone()) {
            let start = image * geometry.image_in() + (group * geometry.channels + channel) * geometry.pixels_in();
            add_plane(geometry, values, offset, &mut x_bar[start..][..geometry.pixels_in()]);
        }
    });
}

/// Calls `each` with channel, number, and position in the kernel of every weight of an output channel.
fn each_tap(geometry: &Geometry, mut each: impl FnMut(usize, usize, [usize; 2])) {
    let [height, width] = geometry.kernel;
    for channel in 0..geometry.channels {
        for row in 0..height {
            for column in 0..width {
                each(channel, (channel * height + row) * width + column, [row, column]);
            }
        }
    }
}

/// The outputs along an axis for which an element of the kernel meets the input, and the first coordinate that it meets.
fn inside(geometry: &Geometry, axis: usize, kernel: usize) -> (Range<usize>, usize) {
    let (stride, padding) = (geometry.stride[axis], geometry.padding[axis]);
    let shift = kernel * geometry.dilation[axis];
    let first = padding.saturating_sub(shift).div_ceil(stride);
    let last = (geometry.input[axis] + padding).saturating_sub(shift).div_ceil(stride);
    let range = first..last.clamp(first, geometry.output[axis].max(first));
    let range = range.start.min(geometry.output[axis])..range.end.min(geometry.output[axis]);
    (range, (first * stride + shift).saturating_sub(padding))
}

/// The shift of a plane whose output has the rows and columns of the input: then whole planes are copied at once.
fn flat_shift(geometry: &Geometry, offset: [usize; 2]) -> Option<isize> {
    let flat = geometry.stride == [1, 1] && geometry.input == geometry.output;
    let along = |axis: usize| (offset[axis] * geometry.dilation[axis]) as isize - geometry.padding[axis] as isize;
    flat.then(|| along(0) * geometry.input[1] as isize + along(1))
}

/// The parts of two planes that lie on each other when the second is moved by `shift`.
fn overlap(len: usize, shift: isize) -> (Range<usize>, Range<usize>) {
    let distance = shift.unsigned_abs().min(len);
    if shift >= 0 { (0..len - distance, distance..len) } else { (distance..len, 0..len - distance) }
}

/// What one element of the kernel meets in one channel of one image.
fn copy_plane<A: Float>(geometry: &Geometry, plane: &[A], offset: [usize; 2], places: &mut [A]) {
    if let Some(shift) = flat_shift(geometry, offset) {
        let (to, from) = overlap(places.len(), shift);
        places[to].copy_from_slice(&plane[from]);
        clear_padding(geometry, offset, places);
        return;
    }
    let (rows, first_row) = inside(geometry, 0, offset[0]);
    let (columns, first_column) = inside(geometry, 1, offset[1]);
    let (width, step) = (geometry.input[1], geometry.stride[1]);
    for (index, line) in places.chunks_exact_mut(geometry.output[1]).enumerate() {
        if !rows.contains(&index) || columns.is_empty() {
            line.fill(A::zero());
            continue;
        }
        let from = &plane[(first_row + (index - rows.start) * geometry.stride[0]) * width + first_column..];
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
fn clear_padding<A: Float>(geometry: &Geometry, offset: [usize; 2], places: &mut [A]) {
    let (rows, _) = inside(geometry, 0, offset[0]);
    let (columns, _) = inside(geometry, 1, offset[1]);
    let width = geometry.output[1];
    places[..rows.start * width].fill(A::zero());
    places[rows.end * width..].fill(A::zero());
    for line in places.chunks_exact_mut(width) {
        for place in &mut line[..columns.start] {
            *place = A::zero();
        }
        for place in &mut line[columns.end..] {
            *place = A::zero();
        }
    }
}

/// Adds what [`copy_plane`] copied to where it came from; the values in the padding are cleared.
fn add_plane<A: Float>(geometry: &Geometry, values: &mut [A], offset: [usize; 2], plane: &mut [A]) {
    if let Some(shift) = flat_shift(geometry, offset) {
        clear_padding(geometry, offset, values);
        let (from, to) = overlap(values.len(), shift);
        for (place, &value) in plane[to].iter_mut().zip(&values[from]) {
            *place += value;
        }
        return;
    }
    let (rows, first_row) = inside(geometry, 0, offset[0]);
    let (columns, first_column) = inside(geometry, 1, offset[1]);
    if columns.is_empty() {
        return;
    }
    let (width, step) = (geometry.input[1], geometry.stride[1]);
    for (index, line) in values.chunks_exact(geometry.output[1]).enumerate() {
        if !rows.contains(&index) {
            continue;
        }
        let to = &mut plane[(first_row + (index - rows.start) * geometry.stride[0]) * width + first_column..];
        for (place, &value) in to.iter_mut().step_by(step).zip(&line[columns.clone()]) {
            *place += value;
        }
    }
}

/// One row of a matrix for each output pixel, one column for each element of the kernel in each channel.
pub(super) fn pixel_rows<A: Float>(geometry: &Geometry, x: &[A], group: usize, unfolded: &mut [A]) {
    let plane = geometry.pixels_in();
    each_pixel(geometry, |image, row, column, index| {
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
pub(super) fn add_pixel_rows<A: Float>(geometry: &Geometry, unfolded: &[A], group: usize, x_bar: &mut [A]) {
    let plane = geometry.pixels_in();
    each_pixel(geometry, |image, row, column, index| {
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

/// Calls `each` with image, row, column and number of every output pixel.
fn each_pixel(geometry: &Geometry, mut each: impl FnMut(usize, usize, usize, usize)) {
    let [height, width] = geometry.output;
    for image in 0..geometry.images {
        for row in 0..height {
            for column in 0..width {
                each(image, row, column, (image * height + row) * width + column);
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
