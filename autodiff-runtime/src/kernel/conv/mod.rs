//! Convolutions as matrix products.
//!
//! The pixels that each element of the kernel meets are copied side by side into a matrix (*unfolding*), and one product
//! with the weights does the rest. Which way round that matrix lies depends on the number of output pixels: with many of
//! them, pixels are the columns, and images are taken in groups whose matrix stays in the cache; with few, when copying
//! short rows or reading the weights costs more than multiplying, each pixel is a row, and the weights are read once, in
//! the order of memory.

mod few;
mod many;
mod unfold;

use std::ops::Range;

use super::lanes::Lanes;
use crate::Float;

/// The lengths of a convolution, and how far the kernel moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Geometry {
    pub(crate) images: usize,
    /// Channels of the input, of one group.
    pub(crate) channels: usize,
    /// Channels of the output, of one group.
    pub(crate) outputs: usize,
    pub(crate) groups: usize,
    /// Rows and columns of the input, the kernel, and the output.
    pub(crate) input: [usize; 2],
    pub(crate) kernel: [usize; 2],
    pub(crate) output: [usize; 2],
    pub(crate) stride: [usize; 2],
    pub(crate) padding: [usize; 2],
    pub(crate) dilation: [usize; 2],
}

impl Geometry {
    /// The shape of the input.
    pub(crate) fn input_shape(&self) -> [usize; 4] {
        [self.images, self.groups * self.channels, self.input[0], self.input[1]]
    }

    /// The shape of the output.
    pub(crate) fn output_shape(&self) -> [usize; 4] {
        [self.images, self.groups * self.outputs, self.output[0], self.output[1]]
    }

    /// The number of weights of an output channel.
    fn taps(&self) -> usize {
        self.channels * self.kernel[0] * self.kernel[1]
    }

    /// The number of pixels of an image of the input.
    fn pixels_in(&self) -> usize {
        self.input[0] * self.input[1]
    }

    /// The number of pixels of an image of the output.
    fn pixels_out(&self) -> usize {
        self.output[0] * self.output[1]
    }

    /// The numbers of an image of the input with the channels of all groups.
    fn image_in(&self) -> usize {
        self.groups * self.channels * self.pixels_in()
    }

    /// The numbers of an image of the output with the channels of all groups.
    fn image_out(&self) -> usize {
        self.groups * self.outputs * self.pixels_out()
    }

    /// Whether copying pixels one by one costs less than copying many short rows, or reading the weights decides.
    fn has_small_images(&self) -> bool {
        self.pixels_out() <= SMALL_IMAGE || self.images * self.pixels_out() <= FEW_PIXELS
    }

    /// Whether there is nothing to compute.
    fn is_empty(&self) -> bool {
        self.images * self.pixels_out() * self.outputs * self.groups * self.taps() == 0
    }

    /// Whether the kernel is one pixel that moves by one: then the input itself is the unfolded matrix.
    fn is_pointwise(&self) -> bool {
        self.kernel == [1, 1] && self.stride == [1, 1] && self.padding == [0, 0]
    }

    /// The coordinate of the input that belongs to one of the output and one of the kernel, or nothing in the padding.
    fn source(&self, axis: usize, output: usize, kernel: usize) -> Option<usize> {
        let position = output * self.stride[axis] + kernel * self.dilation[axis];
        position.checked_sub(self.padding[axis]).filter(|&position| position < self.input[axis])
    }
}

/// With at most so many output pixels in all images, a product with the weights is bound by reading them.
const FEW_PIXELS: usize = 32;

/// With at most so many output pixels in an image, its rows are short.
const SMALL_IMAGE: usize = 8;

/// Replaces `y` by the convolution of `x` with the weights `w`.
pub(crate) fn forward<A: Float>(geometry: &Geometry, x: &[A], w: &[A], y: &mut [A]) {
    if geometry.is_empty() {
        y.fill(A::zero());
    } else if geometry.has_small_images() {
        few::forward(geometry, x, w, y);
    } else {
        many::forward(geometry, x, w, y);
    }
}

/// Adds the cotangent of the input to `x_bar`.
pub(crate) fn add_input_cotangent<A: Float>(geometry: &Geometry, w: &[A], y_bar: &[A], x_bar: &mut [A]) {
    if geometry.is_empty() {
    } else if geometry.has_small_images() {
        few::add_input_cotangent(geometry, w, y_bar, x_bar);
    } else {
        many::add_input_cotangent(geometry, w, y_bar, x_bar);
    }
}

/// Adds the cotangent of the weights to `w_bar`.
pub(crate) fn add_weight_cotangent<A: Float>(geometry: &Geometry, x: &[A], y_bar: &[A], w_bar: &mut [A]) {
    if geometry.is_empty() {
    } else if geometry.has_small_images() {
        few::add_weight_cotangent(geometry, x, y_bar, w_bar);
    } else {
        many::add_weight_cotangent(geometry, x, y_bar, w_bar);
    }
}

/// Collects the output channels of a group, of some images, so that the pixels of a channel follow each other, in rows
/// that begin `stride` numbers apart.
fn gather_pixels<A: Lanes>(
    geometry: &Geometry,
    y: &[A],
    group: usize,
    images: Range<usize>,
    to: &mut [A],
    stride: usize,
) {
    let pixels = geometry.pixels_out();
    for (channel, to) in to.chunks_exact_mut(stride).take(geometry.outputs).enumerate() {
        let offset = (group * geometry.outputs + channel) * pixels;
        for (to, image) in to.chunks_exact_mut(pixels).zip(images.clone()) {
            to.copy_from_slice(&y[image * geometry.image_out() + offset..][..pixels]);
        }
    }
}

/// The inverse of [`gather_pixels`].
fn scatter_pixels<A: Lanes>(
    geometry: &Geometry,
    from: &[A],
    stride: usize,
    group: usize,
    images: Range<usize>,
    y: &mut [A],
) {
    let pixels = geometry.pixels_out();
    for (channel, from) in from.chunks_exact(stride).take(geometry.outputs).enumerate() {
        let offset = (group * geometry.outputs + channel) * pixels;
        for (from, image) in from.chunks_exact(pixels).zip(images.clone()) {
            y[image * geometry.image_out() + offset..][..pixels].copy_from_slice(from);
        }
    }
}
