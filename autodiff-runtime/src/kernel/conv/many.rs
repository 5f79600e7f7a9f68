//! Convolutions with many output pixels: one column of the unfolded matrix for each pixel.

use std::ops::Range;

use super::super::product::{Write, product, rows, rows_mut, stride};
use super::super::scratch;
use super::{Geometry, gather_pixels, scatter_pixels, unfold};
use crate::Float;

/// How many numbers the unfolded matrix of a group of images may have.
const RESIDENT: usize = 1 << 18;

/// So many pixels are taken in any case: the weights are read once for all of them.
const LEAST: usize = 128;

/// The columns of a matrix with a column for each pixel: whole vectors. What is in those that are too many is never read.
fn columns(pixels: usize) -> usize {
    pixels.next_multiple_of(16)
}

/// Groups of images whose unfolded matrix stays in the cache.
fn batches(geometry: &Geometry) -> impl Iterator<Item = Range<usize>> + use<> {
    let (images, each) = (geometry.images, geometry.taps() * geometry.pixels_out());
    let count = (RESIDENT / each).max(LEAST / geometry.pixels_out()).clamp(1, images);
    (0..images).step_by(count).map(move |first| first..images.min(first + count))
}

/// The largest number of pixels of a group of images.
fn most_pixels(geometry: &Geometry) -> usize {
    batches(geometry).next().map_or(0, |images| images.len() * geometry.pixels_out())
}

/// See [`super::forward`].
pub(super) fn forward<A: Float>(geometry: &Geometry, x: &[A], w: &[A], y: &mut [A]) {
    let (taps, pixels, outputs) = (geometry.taps(), geometry.pixels_out(), geometry.outputs);
    if geometry.is_pointwise() {
        return each_image(geometry, |group, from, to| {
            let w = rows(&w[group * outputs * taps..], [outputs, taps], taps);
            let places = rows_mut(&mut y[to..], [outputs, pixels], pixels);
            product(w, rows(&x[from..], [taps, pixels], pixels), places, Write::Replace);
        });
    }
    let most = most_pixels(geometry);
    scratch::with(taps * stride(most) + outputs * columns(most), |memory| {
        let (unfolded, collected) = memory.split_at_mut(taps * stride(most));
        for group in 0..geometry.groups {
            let w = rows(&w[group * outputs * taps..], [outputs, taps], taps);
            for images in batches(geometry) {
                let count = images.len() * pixels;
                let distance = stride(count);
                unfold::pixel_columns(geometry, x, group, images.clone(), unfolded, distance);
                if images.len() == 1 {
                    let start = images.start * geometry.image_out() + group * outputs * pixels;
                    let places = rows_mut(&mut y[start..], [outputs, pixels], pixels);
                    product(w, rows(unfolded, [taps, pixels], distance), places, Write::Replace);
                    continue;
                }
                let width = columns(count);
                let places = rows_mut(collected, [outputs, width], width);
                product(w, rows(unfolded, [taps, width], distance), places, Write::Replace);
                scatter_pixels(geometry, collected, width, group, images, y);
            }
        }
    });
}

/// Calls `each` for every group of channels of every image with the group and the places where its channels begin, in the
/// input and in the output.
fn each_image(geometry: &Geometry, mut each: impl FnMut(usize, usize, usize)) {
    for image in 0..geometry.images {
        for group in 0..geometry.groups {
            let from = image * geometry.image_in() + group * geometry.channels * geometry.pixels_in();
            let to = image * geometry.image_out() + group * geometry.outputs * geometry.pixels_out();
            each(group, from, to);
        }
    }
}

/// See [`super::add_input_cotangent`].
pub(super) fn add_input_cotangent<A: Float>(geometry: &Geometry, w: &[A], y_bar: &[A], x_bar: &mut [A]) {
    let (taps, pixels, outputs) = (geometry.taps(), geometry.pixels_out(), geometry.outputs);
    let most = most_pixels(geometry);
    let unfolded = if geometry.is_pointwise() { 0 } else { taps * stride(most) + outputs * columns(most) };
    let (across, all) = (stride(outputs), geometry.groups * taps * stride(outputs));
    scratch::with(all + unfolded, |memory| {
        let (turned, memory) = memory.split_at_mut(all);
        for (w, turned) in w.chunks_exact(taps * outputs).zip(turned.chunks_exact_mut(taps * across)) {
            A::transpose([outputs, taps], w, taps, turned, across, false);
        }
        let weights = |group: usize| rows(&turned[group * taps * across..], [taps, outputs], across);
        if geometry.is_pointwise() {
            return each_image(geometry, |group, from, to| {
                let bar = rows(&y_bar[to..], [outputs, pixels], pixels);
                let places = rows_mut(&mut x_bar[from..], [taps, pixels], pixels);
                product(weights(group), bar, places, Write::Add);
            });
        }
        let (unfolded, collected) = memory.split_at_mut(taps * stride(most));
        for group in 0..geometry.groups {
            for images in batches(geometry) {
                let count = images.len() * pixels;
                let (bar, width) = pixels_of(geometry, y_bar, group, images.clone(), collected);
                let distance = stride(count);
                let places = rows_mut(unfolded, [taps, width], distance);
                product(weights(group), rows(bar, [outputs, width], width), places, Write::Replace);
                unfold::add_pixel_columns(geometry, unfolded, distance, group, images, x_bar);
            }
        }
    });
}

/// See [`super::add_weight_cotangent`].
///
/// The product has the pixels' side first, whose rows are read where they are; its result is transposed at the end.
pub(super) fn add_weight_cotangent<A: Float>(geometry: &Geometry, x: &[A], y_bar: &[A], w_bar: &mut [A]) {
    let (taps, pixels, outputs) = (geometry.taps(), geometry.pixels_out(), geometry.outputs);
    let most = most_pixels(geometry);
    let across = stride(outputs);
    scratch::with(taps * (stride(most) + across) + outputs * columns(most), |memory| {
        let (unfolded, memory) = memory.split_at_mut(taps * stride(most));
        let (turned, collected) = memory.split_at_mut(taps * across);
        for (group, w_bar) in w_bar.chunks_exact_mut(outputs * taps).enumerate() {
            for images in batches(geometry) {
                let write = if images.start == 0 { Write::Replace } else { Write::Add };
                let count = images.len() * pixels;
                let distance = stride(count);
                unfold::pixel_columns(geometry, x, group, images.clone(), unfolded, distance);
                let (bar, width) = pixels_of(geometry, y_bar, group, images, collected);
                let bar = rows(bar, [outputs, width], width).slice_move(ndarray::s![.., ..count]);
                let places = rows_mut(turned, [taps, outputs], across);
                product(rows(unfolded, [taps, count], distance), bar.reversed_axes(), places, write);
            }
            A::transpose([taps, outputs], turned, across, w_bar, taps, true);
        }
    });
}

/// The output channels of a group, of some images, as the rows of a matrix, and how long they are: copied unless it is
/// one image.
fn pixels_of<'y, A: Float>(
    geometry: &Geometry,
    y: &'y [A],
    group: usize,
    images: Range<usize>,
    collected: &'y mut [A],
) -> (&'y [A], usize) {
    let (pixels, count) = (geometry.pixels_out(), images.len());
    if count == 1 {
        let start = images.start * geometry.image_out() + group * geometry.outputs * pixels;
        return (&y[start..], pixels);
    }
    let width = columns(count * pixels);
    gather_pixels(geometry, y, group, images, collected, width);
    (collected, width)
}
