//! Pooling of images.

use ndarray::{Array, Array4, ArrayRef, Dimension, IntoDimension, Ix4};

use super::rule::{constants, in_rows, rule, with_slice};
use crate::buffers;
use crate::{Float, NoGradField, zero_tangent};

/// How the window of a pooling moves: the arguments that PyTorch calls `kernel_size`, `stride` and `padding`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    /// The rows and columns of the window.
    pub window: [usize; 2],
    /// How far it moves. The default is the window: the windows do not overlap.
    pub stride: [usize; 2],
    /// How much it reaches over the edges. The default is 0.
    pub padding: [usize; 2],
}

impl Pool {
    /// A square window that moves by its own size.
    pub const fn new(window: usize) -> Self {
        Self { window: [window, window], stride: [window, window], padding: [0, 0] }
    }

    /// The same with another stride.
    #[must_use]
    pub const fn stride(self, stride: usize) -> Self {
        Self { stride: [stride, stride], ..self }
    }

    /// The same with another padding.
    #[must_use]
    pub const fn padding(self, padding: usize) -> Self {
        Self { padding: [padding, padding], ..self }
    }

    /// The shape of the pooled images.
    #[track_caller]
    pub(super) fn output(&self, operation: &str, x: &[usize]) -> [usize; 4] {
        let Self { window, stride, padding } = *self;
        assert!(!window.contains(&0) && !stride.contains(&0), "`{operation}`: {self:?} has a zero");
        assert!(
            padding[0] <= window[0] / 2 && padding[1] <= window[1] / 2,
            "`{operation}`: a padding of {padding:?} is more than half of the window {window:?}"
        );
        let [rows, columns] = [0, 1].map(|axis| {
            let padded = x[2 + axis] + 2 * padding[axis];
            assert!(
                padded >= window[axis],
                "`{operation}`: a window of {window:?} is larger than the padded input of shape {x:?}"
            );
            (padded - window[axis]) / stride[axis] + 1
        });
        [x[0], x[1], rows, columns]
    }

    /// The pixels in the window of an output, along one axis.
    fn reach(&self, axis: usize, output: usize, length: usize) -> std::ops::Range<usize> {
        let start = output * self.stride[axis];
        let end = (start + self.window[axis]).saturating_sub(self.padding[axis]).min(length);
        start.saturating_sub(self.padding[axis]).min(end)..end
    }
}

constants!([] Pool);

/// Windows along both axes, and what the sum over each is divided by.
pub(super) trait Windows {
    /// The pixels along an axis of the window of an output, and its length with what lies outside.
    fn window(&self, axis: usize, output: usize, length: usize) -> (std::ops::Range<usize>, usize);
}

impl Windows for Pool {
    fn window(&self, axis: usize, output: usize, length: usize) -> (std::ops::Range<usize>, usize) {
        (self.reach(axis, output, length), self.window[axis])
    }
}

/// Windows that divide an image into a given number of rows and columns as evenly as possible.
impl Windows for [usize; 2] {
    fn window(&self, axis: usize, output: usize, length: usize) -> (std::ops::Range<usize>, usize) {
        let range = output * length / self[axis]..((output + 1) * length).div_ceil(self[axis]);
        (range.clone(), range.len())
    }
}

/// Calls `each` with the position of an output in its plane, a line of pixels of its window, and the divisor.
fn each_window<A: Float>(
    windows: &impl Windows,
    [height, width]: [usize; 2],
    [rows, columns]: [usize; 2],
    mut each: impl FnMut(usize, std::ops::Range<usize>, A),
) {
    for row in 0..rows {
        let (down, tall) = windows.window(0, row, height);
        for column in 0..columns {
            let (across, wide) = windows.window(1, column, width);
            let divisor = A::of((tall * wide) as f64);
            for line in down.clone() {
                each(row * columns + column, line * width + across.start..line * width + across.end, divisor);
            }
        }
    }
}

/// The means over the windows.
pub(super) fn averaged<A: Float>(x: &ArrayRef<A, Ix4>, windows: &impl Windows, shape: [usize; 4]) -> Array4<A> {
    let (input, output) = ([x.shape()[2], x.shape()[3]], [shape[2], shape[3]]);
    let mut y = buffers::zeros(shape.into_dimension());
    let x = in_rows(x);
    if let Some(places) = y.as_slice_mut().filter(|places| !places.is_empty()) {
        let planes = x.chunks_exact(input[0] * input[1]);
        for (plane, places) in planes.zip(places.chunks_exact_mut(output[0] * output[1])) {
            each_window(windows, input, output, |place, pixels, divisor| {
                places[place] += plane[pixels].iter().copied().sum::<A>() / divisor;
            });
        }
    }
    y
}

/// Adds the cotangents of the means to those of the pixels.
pub(super) fn add_averaged<A: Float>(
    windows: &impl Windows,
    y_bar: &Array4<A>,
    x: &ArrayRef<A, Ix4>,
    x_bar: &mut Array4<A>,
) {
    let (input, output) = ([x.shape()[2], x.shape()[3]], [y_bar.shape()[2], y_bar.shape()[3]]);
    let y_bar = in_rows(y_bar);
    with_slice(x_bar, x, |places| {
        let planes = places.chunks_exact_mut(input[0] * input[1]);
        for (plane, values) in planes.zip(y_bar.chunks_exact(output[0] * output[1])) {
            each_window(windows, input, output, |place, pixels, divisor| {
                let each_bar = values[place] / divisor;
                plane[pixels].iter_mut().for_each(|place| *place += each_bar);
            });
        }
    });
}

/// The shape of images that are pooled to a size.
#[track_caller]
pub(super) fn adapted(operation: &str, x: &[usize], size: [usize; 2]) -> [usize; 4] {
    assert!(x[2] * x[3] > 0 && !size.contains(&0), "`{operation}`: images of shape {x:?} cannot be pooled to {size:?}");
    [x[0], x[1], size[0], size[1]]
}

rule! {
    /// The mean of each window; pixels outside of the image count as zero.
    ///
    /// # Panics
    ///
    /// If the window is larger than the padded image or the padding is more than half of the window.
    fn avg_pool2d[A: Float](
        x x_bar x_dot: ArrayRef<A, Ix4> => Array4<A>;;
        pool: Pool => NoGradField
    ) -> Array4<A>, keeps [usize; 4], captures [A];
    value {
        let shape = pool.output("avg_pool2d", x.shape());
        (averaged(x, &pool, shape), shape)
    }
    reverse |_shape, y_bar| {
        if let Some(x_bar) = x_bar.filter(|_| !y_bar.is_empty()) {
            add_averaged(&pool, y_bar, x, x_bar);
        }
    }
    forward |y, shape| {
        x_dot.map_or_else(|| zero_tangent(y), |x_dot| averaged(x_dot, &pool, *shape))
    }
    second linear
}

rule! {
    /// The means over windows that divide each image into `size` rows and columns: with `[1, 1]` the mean of each image.
    ///
    /// ```
    /// use autodiff_runtime::nn::adaptive_avg_pool2d;
    /// use ndarray::Array4;
    ///
    /// let x = Array4::from_shape_fn((1, 1, 2, 3), |(_, _, i, j)| (3 * i + j) as f64);
    /// assert_eq!(adaptive_avg_pool2d(&x, [1, 1])[[0, 0, 0, 0]], 2.5);
    /// ```
    ///
    /// # Panics
    ///
    /// If the images are empty or a size is 0.
    fn adaptive_avg_pool2d[A: Float](
        x x_bar x_dot: ArrayRef<A, Ix4> => Array4<A>;;
        size: [usize; 2] => [(); 2]
    ) -> Array4<A>, keeps [usize; 4], captures [A];
    value {
        let shape = adapted("adaptive_avg_pool2d", x.shape(), size);
        (averaged(x, &size, shape), shape)
    }
    reverse |_shape, y_bar| {
        if let Some(x_bar) = x_bar.filter(|_| !y_bar.is_empty()) {
            add_averaged(&size, y_bar, x, x_bar);
        }
    }
    forward |y, shape| {
        x_dot.map_or_else(|| zero_tangent(y), |x_dot| averaged(x_dot, &size, *shape))
    }
    second linear
}

rule! {
    /// All axes but the first as one: a row for each image.
    ///
    /// ```
    /// assert_eq!(autodiff_runtime::nn::flatten(&ndarray::Array4::<f64>::zeros((2, 3, 4, 5))).shape(), [2, 60]);
    /// ```
    ///
    /// # Panics
    ///
    /// If there is no axis.
    fn flatten[A: Float, D: Dimension](
        x x_bar x_dot: ArrayRef<A, D> => Array<A, D>;;
    ) -> ndarray::Array2<A>, keeps (), captures [A, D];
    value {
        assert!(x.ndim() > 0, "`flatten`: a number has no axes");
        let shape = (x.shape()[0], x.shape()[1..].iter().product::<usize>());
        let elements = buffers::copy_in_rows(x.view());
        (elements.into_shape_with_order(shape).expect("the elements are the same"), ())
    }
    reverse |_kept, y_bar| {
        let Some(x_bar) = x_bar.filter(|_| !y_bar.is_empty()) else { return };
        let y_bar = in_rows(y_bar);
        with_slice(x_bar, x, |places| {
            for (place, &value) in places.iter_mut().zip(y_bar.iter()) {
                *place += value;
            }
        });
    }
    forward |y, _kept| {
        let Some(x_dot) = x_dot else { return zero_tangent(y) };
        let numbers: Vec<A> = x_dot.iter().copied().collect();
        ndarray::Array2::from_shape_vec(y.raw_dim(), numbers).expect("the elements are the same")
    }
    second linear
}
