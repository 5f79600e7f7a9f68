//! Convolutions with few output pixels: one row of the unfolded matrix for each pixel.

use super::super::matrix::Rows;
use super::super::product::{Factor, inner_products, multiply};
use super::super::scratch;
use super::{Geometry, gather_pixels, unfold};
use crate::Float;

/// See [`super::forward`].
pub(super) fn forward<A: Float>(geometry: &Geometry, x: &[A], w: &[A], y: &mut [A]) {
    let (taps, pixels, outputs) = (geometry.taps(), geometry.pixels_out(), geometry.outputs);
    let count = geometry.images * pixels;
    scratch::with(count * taps, |unfolded| {
        for group in 0..geometry.groups {
            unfold::pixel_rows(geometry, x, group, unfolded);
            let w = &w[group * outputs * taps..];
            let shape = [outputs, count, taps];
            inner_products(shape, Factor::rows(w, taps), Factor::rows(unfolded, taps), |row, column, sum, first| {
                let (image, pixel) = (column / pixels, column % pixels);
                let place = &mut y[image * geometry.image_out() + (group * outputs + row) * pixels + pixel];
                *place = if first { sum } else { *place + sum };
            });
        }
    });
}

/// See [`super::add_input_cotangent`].
pub(super) fn add_input_cotangent<A: Float>(geometry: &Geometry, w: &[A], y_bar: &[A], x_bar: &mut [A]) {
    let (taps, outputs) = (geometry.taps(), geometry.outputs);
    let count = geometry.images * geometry.pixels_out();
    scratch::with(count * (taps + outputs), |memory| {
        let (unfolded, collected) = memory.split_at_mut(count * taps);
        for group in 0..geometry.groups {
            gather_pixels(geometry, y_bar, group, 0..geometry.images, collected);
            let left = Factor::rows(collected, count).transposed();
            let right = Factor::rows(&w[group * outputs * taps..], taps);
            multiply([count, taps, outputs], left, right, &mut Rows { data: unfolded, stride: taps, overwrite: true });
            unfold::add_pixel_rows(geometry, unfolded, group, x_bar);
        }
    });
}

/// See [`super::add_weight_cotangent`].
pub(super) fn add_weight_cotangent<A: Float>(geometry: &Geometry, x: &[A], y_bar: &[A], w_bar: &mut [A]) {
    let (taps, outputs) = (geometry.taps(), geometry.outputs);
    let count = geometry.images * geometry.pixels_out();
    scratch::with(count * (taps + outputs), |memory| {
        let (unfolded, collected) = memory.split_at_mut(count * taps);
        for group in 0..geometry.groups {
            unfold::pixel_rows(geometry, x, group, unfolded);
            gather_pixels(geometry, y_bar, group, 0..geometry.images, collected);
            let data = &mut w_bar[group * outputs * taps..][..outputs * taps];
            let (left, right) = (Factor::rows(collected, count), Factor::rows(unfolded, taps));
            multiply([outputs, taps, count], left, right, &mut Rows { data, stride: taps, overwrite: false });
        }
    });
}
