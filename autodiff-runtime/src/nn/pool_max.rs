//! The largest pixel of each window of images.

use ndarray::{Array4, ArrayRef, IntoDimension, Ix4};

use super::pool::{Pool, Windows, adapted};
use super::rule::{in_rows, rule, with_slice};
use crate::buffers::{self, Kept, kept_numbers};
use crate::{Float, NoGradField, zero_tangent};

/// The position in its plane of the largest pixel of each window, the first one of equal ones, and NaN before all.
fn largest<A: Float>(
    plane: &[A],
    [height, width]: [usize; 2],
    windows: &impl Windows,
    [rows, columns]: [usize; 2],
    to: &mut [u32],
) {
    for row in 0..rows {
        let (reach, _) = windows.window(0, row, height);
        for column in 0..columns {
            let (across, _) = windows.window(1, column, width);
            let mut best = reach.start * width + across.start;
            for line in reach.clone() {
                let first = line * width + across.start;
                for (offset, &value) in plane[first..first + across.len()].iter().enumerate() {
                    if value > plane[best] || value.is_nan() {
                        best = first + offset;
                    }
                }
            }
            to[row * columns + column] = best as u32;
        }
    }
}

/// Looks up in each plane of `x` what lies at the positions of the largest pixels.
pub(super) fn looked_up<A: Float>(x: &ArrayRef<A, Ix4>, positions: &[u32], shape: [usize; 4]) -> Array4<A> {
    let mut y = buffers::zeros(shape.into_dimension());
    let (plane_in, plane_out) = (x.shape()[2] * x.shape()[3], shape[2] * shape[3]);
    let x = in_rows(x);
    if let Some(places) = y.as_slice_mut().filter(|places| !places.is_empty()) {
        let planes = places.chunks_exact_mut(plane_out).zip(positions.chunks_exact(plane_out));
        for ((places, positions), plane) in planes.zip(x.chunks_exact(plane_in)) {
            for (place, &position) in places.iter_mut().zip(positions) {
                *place = plane[position as usize];
            }
        }
    }
    y
}

/// The positions of the largest pixels of all planes.
pub(super) fn positions<A: Float>(x: &ArrayRef<A, Ix4>, windows: &impl Windows, shape: [usize; 4]) -> Kept<Vec<u32>> {
    let mut positions = kept_numbers(buffers::zeroed(shape.iter().product()));
    let (height, width) = (x.shape()[2], x.shape()[3]);
    assert!(u32::try_from(height * width).is_ok(), "images of shape {:?} are too large", x.shape());
    if !positions.is_empty() {
        let x = in_rows(x);
        let planes = x.chunks_exact(height * width).zip(positions.chunks_exact_mut(shape[2] * shape[3]));
        for (plane, to) in planes {
            largest(plane, [height, width], windows, [shape[2], shape[3]], to);
        }
    }
    positions
}

/// Adds the cotangents of the largest pixels to those of the pixels.
pub(super) fn add_looked_up<A: Float>(
    positions: &[u32],
    y_bar: &Array4<A>,
    x: &ArrayRef<A, Ix4>,
    x_bar: &mut Array4<A>,
) {
    let (plane_in, plane_out) = (x.shape()[2] * x.shape()[3], y_bar.shape()[2] * y_bar.shape()[3]);
    let y_bar = in_rows(y_bar);
    with_slice(x_bar, x, |places| {
        let planes = y_bar.chunks_exact(plane_out).zip(positions.chunks_exact(plane_out));
        for (plane, (values, positions)) in places.chunks_exact_mut(plane_in).zip(planes) {
            for (&value, &position) in values.iter().zip(positions) {
                plane[position as usize] += value;
            }
        }
    });
}

/// The lengths of four axes.
fn shape_of<A>(y: &Array4<A>) -> [usize; 4] {
    let (n, c, h, w) = y.dim();
    [n, c, h, w]
}

rule! {
    /// The largest pixel of each window. Of equal ones the first one, in the order of memory, gets the gradient.
    ///
    /// ```
    /// use autodiff_runtime::nn::{Pool, max_pool2d};
    /// use ndarray::Array4;
    ///
    /// let x = Array4::from_shape_fn((1, 1, 4, 4), |(_, _, i, j)| (4 * i + j) as f64);
    /// assert_eq!(max_pool2d(&x, Pool::new(2)).into_raw_vec_and_offset().0, [5.0, 7.0, 13.0, 15.0]);
    /// ```
    ///
    /// # Panics
    ///
    /// If the window is larger than the padded image or the padding is more than half of the window.
    fn max_pool2d[A: Float](
        x x_bar x_dot: ArrayRef<A, Ix4> => Array4<A>;;
        pool: Pool => NoGradField
    ) -> Array4<A>, keeps Kept<Vec<u32>>, captures [A];
    value {
        let shape = pool.output("max_pool2d", x.shape());
        let positions = positions(x, &pool, shape);
        (looked_up(x, &positions, shape), positions)
    }
    reverse |positions, y_bar| {
        if let Some(x_bar) = x_bar.filter(|_| !y_bar.is_empty()) {
            add_looked_up(positions, y_bar, x, x_bar);
        }
    }
    forward |y, positions| {
        x_dot.map_or_else(|| zero_tangent(y), |x_dot| looked_up(x_dot, positions, shape_of(y)))
    }
    second linear
}

rule! {
    /// The largest pixels of windows that divide each image into `size` rows and columns.
    ///
    /// ```
    /// use autodiff_runtime::nn::adaptive_max_pool2d;
    /// use ndarray::Array4;
    ///
    /// let x = Array4::from_shape_fn((1, 1, 2, 3), |(_, _, i, j)| (3 * i + j) as f64);
    /// assert_eq!(adaptive_max_pool2d(&x, [2, 1]).into_raw_vec_and_offset().0, [2.0, 5.0]);
    /// ```
    ///
    /// # Panics
    ///
    /// If the images are empty or a size is 0.
    fn adaptive_max_pool2d[A: Float](
        x x_bar x_dot: ArrayRef<A, Ix4> => Array4<A>;;
        size: [usize; 2] => [(); 2]
    ) -> Array4<A>, keeps Kept<Vec<u32>>, captures [A];
    value {
        let shape = adapted("adaptive_max_pool2d", x.shape(), size);
        let positions = positions(x, &size, shape);
        (looked_up(x, &positions, shape), positions)
    }
    reverse |positions, y_bar| {
        if let Some(x_bar) = x_bar.filter(|_| !y_bar.is_empty()) {
            add_looked_up(positions, y_bar, x, x_bar);
        }
    }
    forward |y, positions| {
        x_dot.map_or_else(|| zero_tangent(y), |x_dot| looked_up(x_dot, positions, shape_of(y)))
    }
    second linear
}
