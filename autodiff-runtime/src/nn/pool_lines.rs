//! Pooling of sequences, which is that of images with one row.

use ndarray::{Array3, ArrayRef, ArrayView4, Axis, Ix3};

use super::pool::{Pool, add_averaged, averaged};
use super::pool_max::{add_looked_up, looked_up, positions};
use super::rule::rule;
use crate::buffers::Kept;
use crate::{Float, NoGradField, zero_tangent};

impl Pool {
    /// The same along one axis: the other one has length 1.
    const fn line(self) -> Self {
        Self { window: [1, self.window[1]], stride: [1, self.stride[1]], padding: [0, self.padding[1]] }
    }
}

/// The sequences as images with one row.
fn images<A: Float>(x: &ArrayRef<A, Ix3>) -> ArrayView4<'_, A> {
    x.view().insert_axis(Axis(2))
}

/// Lets `add` add to the cotangents of the images.
fn with_images<A: Float>(x_bar: &mut Array3<A>, add: impl FnOnce(&mut ndarray::Array4<A>)) {
    let mut of_images = std::mem::take(x_bar).insert_axis(Axis(2));
    add(&mut of_images);
    *x_bar = of_images.remove_axis(Axis(2));
}

rule! {
    /// The largest number of each window of sequences: [`max_pool2d`](fn@super::max_pool2d) along one axis.
    ///
    /// ```
    /// use autodiff_runtime::nn::{Pool, max_pool1d};
    /// use ndarray::array;
    ///
    /// assert_eq!(max_pool1d(&array![[[1.0, 3.0, 2.0, 5.0, 4.0]]], Pool::new(2)), array![[[3.0, 5.0]]]);
    /// ```
    ///
    /// # Panics
    ///
    /// If the window is longer than the padded sequence or the padding is more than half of the window.
    fn max_pool1d[A: Float](
        x x_bar x_dot: ArrayRef<A, Ix3> => Array3<A>;;
        pool: Pool => NoGradField
    ) -> Array3<A>, keeps (Kept<Vec<u32>>, [usize; 4]), captures [A];
    value {
        let images = images(x);
        let shape = pool.line().output("max_pool1d", images.shape());
        let positions = positions(&images, &pool.line(), shape);
        (looked_up(&images, &positions, shape).remove_axis(Axis(2)), (positions, shape))
    }
    reverse |kept, y_bar| {
        if let Some(x_bar) = x_bar.filter(|_| !y_bar.is_empty()) {
            let y_bar = y_bar.clone().insert_axis(Axis(2));
            with_images(x_bar, |x_bar| add_looked_up(&kept.0, &y_bar, &images(x), x_bar));
        }
    }
    forward |y, kept| {
        let looked_up = |x_dot| looked_up(&images(x_dot), &kept.0, kept.1).remove_axis(Axis(2));
        x_dot.map_or_else(|| zero_tangent(y), |x_dot: &Array3<A>| looked_up(x_dot))
    }
    second linear
}

rule! {
    /// The mean of each window of sequences: [`avg_pool2d`](fn@super::avg_pool2d) along one axis.
    ///
    /// # Panics
    ///
    /// If the window is longer than the padded sequence or the padding is more than half of the window.
    fn avg_pool1d[A: Float](
        x x_bar x_dot: ArrayRef<A, Ix3> => Array3<A>;;
        pool: Pool => NoGradField
    ) -> Array3<A>, keeps [usize; 4], captures [A];
    value {
        let images = images(x);
        let shape = pool.line().output("avg_pool1d", images.shape());
        (averaged(&images, &pool.line(), shape).remove_axis(Axis(2)), shape)
    }
    reverse |_shape, y_bar| {
        if let Some(x_bar) = x_bar.filter(|_| !y_bar.is_empty()) {
            let y_bar = y_bar.clone().insert_axis(Axis(2));
            with_images(x_bar, |x_bar| add_averaged(&pool.line(), &y_bar, &images(x), x_bar));
        }
    }
    forward |y, shape| {
        let averaged = |x_dot| averaged(&images(x_dot), &pool.line(), *shape).remove_axis(Axis(2));
        x_dot.map_or_else(|| zero_tangent(y), |x_dot: &Array3<A>| averaged(x_dot))
    }
    second linear
}
