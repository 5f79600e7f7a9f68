//! Convolutions with many output pixels: one column of the unfolded matrix for each pixel.

use std::ops::Range;

use super::super::matrix::{Rows, write_row};
use super::super::product::{Factor, Sink, multiply, multiply_packed, pack, packed_len};
use super::super::scratch;
use super::{Geometry, gather_pixels, unfold};
use crate::Float;

/// How many numbers the unfolded matrix of a group of images may have.
const RESIDENT: usize = 1 << 18;

/// The distance of two rows of an unfolded matrix: not a power of two, for which rows would meet in the cache.
fn padded(columns: usize) -> usize {
    columns.next_multiple_of(16) + 16
}

/// Groups of images whose unfolded matrix stays in the cache.
fn batches(geometry: &Geometry) -> impl Iterator<Item = Range<usize>> + use<> {
    let (images, each) = (geometry.images, geometry.taps() * geometry.pixels_out());
    let count = (RESIDENT / each).clamp(1, images);
    (0..images).step_by(count).map(move |first| first..images.min(first + count))
}

/// The largest number of pixels of a group of images.
fn most_pixels(geometry: &Geometry) -> usize {
    batches(geometry).next().map_or(0, |images| images.len() * geometry.pixels_out())
}

/// The output of some images as the result of a product: rows are channels, columns are the pixels of one image after
/// the other.
struct Channels<'y, A> {
    data: &'y mut [A],
    pixels: usize,
    image: usize,
}

impl<A: Float> Sink<A> for Channels<'_, A> {
    #[inline]
    fn place(&mut self, row: usize, column: usize, width: usize) -> Option<(&mut [A], usize)> {
        let (image, pixel) = (column / self.pixels, column % self.pixels);
        let start = image * self.image + row * self.pixels + pixel;
        (pixel + width <= self.pixels).then(|| (&mut self.data[start..], self.pixels))
    }

    #[inline]
    fn adds(&self) -> bool {
        false
    }

    fn write(&mut self, row: usize, mut column: usize, mut values: &[A], add: bool) {
        while !values.is_empty() {
            let (image, pixel) = (column / self.pixels, column % self.pixels);
            let (part, rest) = values.split_at(values.len().min(self.pixels - pixel));
            let start = image * self.image + row * self.pixels + pixel;
            write_row(&mut self.data[start..][..part.len()], part, add);
            column += part.len();
            values = rest;
        }
    }
}

/// See [`super::forward`].
pub(super) fn forward<A: Float>(geometry: &Geometry, x: &[A], w: &[A], y: &mut [A]) {
    let (taps, pixels, outputs) = (geometry.taps(), geometry.pixels_out(), geometry.outputs);
    let weights = packed_len(outputs, taps);
    let unfolded = if geometry.is_pointwise() { 0 } else { taps * padded(most_pixels(geometry)) };
    scratch::with(weights + unfolded, |memory| {
        let (packed, unfolded) = memory.split_at_mut(weights);
        for group in 0..geometry.groups {
            pack([outputs, taps], Factor::rows(&w[group * outputs * taps..], taps), packed);
            let mut one = |images: Range<usize>, right: Factor<'_, A>| {
                let start = images.start * geometry.image_out() + group * outputs * pixels;
                let mut sink = Channels { data: &mut y[start..], pixels, image: geometry.image_out() };
                multiply_packed([outputs, images.len() * pixels, taps], packed, right, &mut sink);
            };
            if geometry.is_pointwise() {
                for image in 0..geometry.images {
                    let start = image * geometry.image_in() + group * taps * pixels;
                    one(image..image + 1, Factor::rows(&x[start..][..taps * pixels], pixels));
                }
                continue;
            }
            for images in batches(geometry) {
                let stride = padded(images.len() * pixels);
                unfold::pixel_columns(geometry, x, group, images.clone(), unfolded, stride);
                one(images, Factor::rows(unfolded, stride));
            }
        }
    });
}

/// See [`super::add_input_cotangent`].
pub(super) fn add_input_cotangent<A: Float>(geometry: &Geometry, w: &[A], y_bar: &[A], x_bar: &mut [A]) {
    let (taps, pixels, outputs) = (geometry.taps(), geometry.pixels_out(), geometry.outputs);
    let (weights, most) = (packed_len(taps, outputs), most_pixels(geometry));
    scratch::with(weights + taps * padded(most) + outputs * most, |memory| {
        let (packed, memory) = memory.split_at_mut(weights);
        let (unfolded, collected) = memory.split_at_mut(taps * padded(most));
        for group in 0..geometry.groups {
            pack([taps, outputs], Factor::rows(&w[group * outputs * taps..], taps).transposed(), packed);
            for images in batches(geometry) {
                let count = images.len() * pixels;
                let stride = padded(count);
                let right = pixels_of(geometry, y_bar, group, images.clone(), collected);
                let mut sink = Rows { data: unfolded, stride, overwrite: true };
                multiply_packed([taps, count, outputs], packed, right, &mut sink);
                unfold::add_pixel_columns(geometry, unfolded, stride, group, images, x_bar);
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
    scratch::with(taps * padded(most) + outputs * (most + taps), |memory| {
        let (unfolded, memory) = memory.split_at_mut(taps * padded(most));
        let (collected, transposed) = memory.split_at_mut(outputs * most);
        for group in 0..geometry.groups {
            for images in batches(geometry) {
                let (count, overwrite) = (images.len() * pixels, images.start == 0);
                let stride = padded(count);
                unfold::pixel_columns(geometry, x, group, images.clone(), unfolded, stride);
                let right = pixels_of(geometry, y_bar, group, images, collected).transposed();
                let mut sink = Rows { data: transposed, stride: outputs, overwrite };
                multiply([taps, outputs, count], Factor::rows(unfolded, stride), right, &mut sink);
            }
            add_transposed(&mut w_bar[group * outputs * taps..][..outputs * taps], transposed, taps);
        }
    });
}

/// The output channels of a group, of some images, as a matrix: copied unless it is one image.
fn pixels_of<'y, A: Float>(
    geometry: &Geometry,
    y: &'y [A],
    group: usize,
    images: Range<usize>,
    collected: &'y mut [A],
) -> Factor<'y, A> {
    let (outputs, pixels, count) = (geometry.outputs, geometry.pixels_out(), images.len());
    if count == 1 {
        let start = images.start * geometry.image_out() + group * outputs * pixels;
        return Factor::rows(&y[start..][..outputs * pixels], pixels);
    }
    gather_pixels(geometry, y, group, images, collected);
    Factor::rows(&collected[..outputs * count * pixels], count * pixels)
}

/// Adds the transpose of a matrix of `columns` rows to one of `columns` columns, block by block: each block is read and
/// written in the order of memory.
fn add_transposed<A: Float>(acc: &mut [A], transposed: &[A], columns: usize) {
    const BLOCK: usize = 16;
    let rows = acc.len() / columns;
    for first in (0..rows).step_by(BLOCK) {
        let height = BLOCK.min(rows - first);
        for start in (0..columns).step_by(BLOCK) {
            let width = BLOCK.min(columns - start);
            let mut block = [[A::zero(); BLOCK]; BLOCK];
            for (offset, line) in block.iter_mut().enumerate().take(width) {
                line[..height].copy_from_slice(&transposed[(start + offset) * rows + first..][..height]);
            }
            for row in 0..height {
                let places = &mut acc[(first + row) * columns + start..][..width];
                for (place, line) in places.iter_mut().zip(&block) {
                    *place += line[row];
                }
            }
        }
    }
}
