//! Convolutions with small images: one row of the unfolded matrix for each pixel.

use std::ops::Range;

use super::super::inner::inner_products;
use super::super::product::{Write, product, rows, rows_mut};
use super::super::scratch;
use super::{FEW_PIXELS, Geometry, gather_pixels, scatter_pixels, unfold};
use crate::Float;

/// So many pixels are taken at a time, so that the unfolded matrix does not grow with the number of images.
const MOST: usize = 512;

/// Groups of images.
fn batches(geometry: &Geometry) -> impl Iterator<Item = Range<usize>> + use<> {
    let images = geometry.images;
    let count = (MOST / geometry.pixels_out()).clamp(1, images);
    (0..images).step_by(count).map(move |first| first..images.min(first + count))
}

/// The largest number of pixels of a group of images.
fn most_pixels(geometry: &Geometry) -> usize {
    batches(geometry).next().map_or(0, |images| images.len() * geometry.pixels_out())
}

/// See [`super::forward`].
pub(super) fn forward<A: Float>(geometry: &Geometry, x: &[A], w: &[A], y: &mut [A]) {
    let (taps, pixels, outputs) = (geometry.taps(), geometry.pixels_out(), geometry.outputs);
    let most = most_pixels(geometry);
    scratch::with(most * (taps + outputs), |memory| {
        let (unfolded, collected) = memory.split_at_mut(most * taps);
        for group in 0..geometry.groups {
            let w = &w[group * outputs * taps..][..outputs * taps];
            for images in batches(geometry) {
                let count = images.len() * pixels;
                unfold::pixel_rows(geometry, x, group, images.clone(), unfolded);
                let collected = &mut collected[..outputs * count];
                if count <= FEW_PIXELS {
                    inner_products([outputs, count, taps], [w, unfolded], |row, column, sum, first| {
                        let place = &mut collected[row * count + column];
                        *place = if first { sum } else { *place + sum };
                    });
                } else {
                    let columns = rows(unfolded, [count, taps], taps).reversed_axes();
                    let places = rows_mut(collected, [outputs, count], count);
                    product(rows(w, [outputs, taps], taps), columns, places, Write::Replace);
                }
                scatter_pixels(geometry, collected, count, group, images, y);
            }
        }
    });
}

/// See [`super::add_input_cotangent`].
pub(super) fn add_input_cotangent<A: Float>(geometry: &Geometry, w: &[A], y_bar: &[A], x_bar: &mut [A]) {
    let (taps, outputs) = (geometry.taps(), geometry.outputs);
    let most = most_pixels(geometry);
    scratch::with(most * (taps + outputs), |memory| {
        let (unfolded, collected) = memory.split_at_mut(most * taps);
        for group in 0..geometry.groups {
            let w = rows(&w[group * outputs * taps..], [outputs, taps], taps);
            for images in batches(geometry) {
                let count = images.len() * geometry.pixels_out();
                gather_pixels(geometry, y_bar, group, images.clone(), collected, count);
                let bar = rows(collected, [outputs, count], count).reversed_axes();
                product(bar, w, rows_mut(unfolded, [count, taps], taps), Write::Replace);
                unfold::add_pixel_rows(geometry, unfolded, group, images, x_bar);
            }
        }
    });
}

/// See [`super::add_weight_cotangent`].
pub(super) fn add_weight_cotangent<A: Float>(geometry: &Geometry, x: &[A], y_bar: &[A], w_bar: &mut [A]) {
    let (taps, outputs) = (geometry.taps(), geometry.outputs);
    let most = most_pixels(geometry);
    scratch::with(most * (taps + outputs), |memory| {
        let (unfolded, collected) = memory.split_at_mut(most * taps);
        for group in 0..geometry.groups {
            for images in batches(geometry) {
                let count = images.len() * geometry.pixels_out();
                unfold::pixel_rows(geometry, x, group, images.clone(), unfolded);
                gather_pixels(geometry, y_bar, group, images, collected, count);
                let places = rows_mut(&mut w_bar[group * outputs * taps..], [outputs, taps], taps);
                let bar = rows(collected, [outputs, count], count);
                product(bar, rows(unfolded, [count, taps], taps), places, Write::Add);
            }
        }
    });
}
