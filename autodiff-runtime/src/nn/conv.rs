//! Convolutions.

use ndarray::{Array, Array1, Array3, Array4, ArrayRef, Axis, Dimension, Ix1, Ix3, Ix4, RemoveAxis};

use super::rule::{check_channels, constants, in_rows, rule, with_slice};
use crate::kernel::conv::{Geometry, add_input_cotangent, add_weight_cotangent, forward};
use crate::{Float, NoGradField, buffers, zero_tangent};

/// How the kernel of a convolution moves: the arguments that PyTorch calls `stride`, `padding`, `dilation` and `groups`.
///
/// ```
/// use autodiff_runtime::nn::Conv;
///
/// assert_eq!(Conv::new().stride(2).padding(1).stride, [2, 2]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conv {
    /// How far the kernel moves, in rows and columns. The default is 1.
    pub stride: [usize; 2],
    /// How many zeros stand on each side of the input. The default is 0.
    pub padding: [usize; 2],
    /// The distance of two elements of the kernel. The default is 1.
    pub dilation: [usize; 2],
    /// Into how many groups the channels are divided; each group has its own weights. The default is 1.
    pub groups: usize,
    /// For a transposed convolution: how many rows and columns are appended to the output. The default is 0.
    pub output_padding: [usize; 2],
}

impl Default for Conv {
    fn default() -> Self {
        Self::new()
    }
}

impl Conv {
    /// A kernel that moves by one pixel, without padding.
    pub const fn new() -> Self {
        Self { stride: [1, 1], padding: [0, 0], dilation: [1, 1], groups: 1, output_padding: [0, 0] }
    }

    /// The same with another stride in both directions.
    #[must_use]
    pub const fn stride(self, stride: usize) -> Self {
        Self { stride: [stride, stride], ..self }
    }

    /// The same with another padding in both directions.
    #[must_use]
    pub const fn padding(self, padding: usize) -> Self {
        Self { padding: [padding, padding], ..self }
    }

    /// The same with another dilation in both directions.
    #[must_use]
    pub const fn dilation(self, dilation: usize) -> Self {
        Self { dilation: [dilation, dilation], ..self }
    }

    /// The same with another number of groups.
    #[must_use]
    pub const fn groups(self, groups: usize) -> Self {
        Self { groups, ..self }
    }

    /// The same with more rows and columns in the output of a transposed convolution.
    #[must_use]
    pub const fn output_padding(self, output_padding: usize) -> Self {
        Self { output_padding: [output_padding, output_padding], ..self }
    }

    /// The same along one axis: the other one has length 1.
    const fn along_columns(self) -> Self {
        Self {
            stride: [1, self.stride[1]],
            padding: [0, self.padding[1]],
            dilation: [1, self.dilation[1]],
            output_padding: [0, self.output_padding[1]],
            ..self
        }
    }
}

constants!([] Conv);

/// The geometry of a convolution of an array of shape `x` with weights of shape `w`.
#[track_caller]
fn geometry(operation: &str, x: &[usize], w: &[usize], options: Conv) -> Geometry {
    let Conv { stride, padding, dilation, groups, output_padding: _ } = options;
    assert!(groups > 0 && !stride.contains(&0) && !dilation.contains(&0), "`{operation}`: {options:?} has a zero");
    assert!(
        x[1] == w[1] * groups && w[0].is_multiple_of(groups),
        "`{operation}`: an input of shape {x:?} does not fit weights of shape {w:?} in {groups} groups"
    );
    let output = [0, 1].map(|axis| {
        let reach = dilation[axis] * w[2 + axis].saturating_sub(1) + 1;
        let padded = x[2 + axis] + 2 * padding[axis];
        assert!(
            w[2 + axis] > 0 && padded >= reach,
            "`{operation}`: a kernel of shape {w:?} is larger than the padded input of shape {x:?}"
        );
        (padded - reach) / stride[axis] + 1
    });
    Geometry {
        images: x[0],
        channels: w[1],
        outputs: w[0] / groups,
        groups,
        input: [x[2], x[3]],
        kernel: [w[2], w[3]],
        output,
        stride,
        padding,
        dilation,
    }
}

/// A shape with an axis for rows: what has only columns has one row.
#[track_caller]
fn planes(shape: &[usize]) -> [usize; 4] {
    match *shape {
        [n, c, l] => [n, c, 1, l],
        [n, c, h, w] => [n, c, h, w],
        _ => unreachable!("the types of the parameters have three or four axes"),
    }
}

/// The output of a convolution.
fn convolved<A: Float, D: Dimension>(
    geometry: &Geometry,
    x: &ArrayRef<A, D>,
    w: &ArrayRef<A, D>,
    shape: &[usize; 4],
) -> Array<A, D> {
    let mut y = zeros(x.ndim(), shape);
    let (x, w) = (in_rows(x), in_rows(w));
    forward(geometry, &x, &w, y.as_slice_mut().expect("a new array is in row-major order"));
    y
}

/// The output of a transposed convolution, of the given geometry the other way round.
fn transposed<A: Float, D: Dimension>(
    geometry: &Geometry,
    x: &ArrayRef<A, D>,
    w: &ArrayRef<A, D>,
    shape: &[usize; 4],
) -> Array<A, D> {
    let mut y = zeros(x.ndim(), shape);
    let (x, w) = (in_rows(x), in_rows(w));
    let places = y.as_slice_mut().expect("a new array is in row-major order");
    add_input_cotangent(geometry, &w, &x, places);
    y
}

/// An array of zeros of one of the two numbers of axes.
fn zeros<A: Float, D: Dimension>(ndim: usize, shape: &[usize; 4]) -> Array<A, D> {
    let mut dim = D::zeros(ndim);
    let [images, channels, rows, columns] = *shape;
    let lengths: &[usize] = if ndim == 3 { &[images, channels, columns] } else { &[images, channels, rows, columns] };
    dim.slice_mut().copy_from_slice(lengths);
    buffers::zeros(dim)
}

/// Adds the cotangent of the input of a convolution.
fn add_input<A: Float, D: Dimension>(
    geometry: &Geometry,
    w: &ArrayRef<A, D>,
    y_bar: &Array<A, D>,
    x: &ArrayRef<A, D>,
    x_bar: &mut Array<A, D>,
) {
    let (w, y_bar) = (in_rows(w), in_rows(y_bar));
    with_slice(x_bar, x, |places| add_input_cotangent(geometry, &w, &y_bar, places));
}

/// Adds the cotangent of the weights of a convolution.
fn add_weights<A: Float, D: Dimension>(
    geometry: &Geometry,
    x: &ArrayRef<A, D>,
    y_bar: &ArrayRef<A, D>,
    w: &ArrayRef<A, D>,
    w_bar: &mut Array<A, D>,
) {
    let (x, y_bar) = (in_rows(x), in_rows(y_bar));
    with_slice(w_bar, w, |places| add_weight_cotangent(geometry, &x, &y_bar, places));
}

/// The sum of the tangents that there are.
fn sum_of_tangents<A: Float, D: Dimension>(
    y: &Array<A, D>,
    first: Option<Array<A, D>>,
    second: Option<Array<A, D>>,
) -> Array<A, D> {
    match (first, second) {
        (Some(first), Some(second)) => first + second,
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => zero_tangent(y),
    }
}

/// Defines a convolution and its companion.
macro_rules! convolution {
    ($(#[$doc:meta])* $name:ident, $D:ty, $Y:ty, $options:ident => $adapted:expr) => {
        rule! {
            $(#[$doc])*
            fn $name[A: Float](
                x x_bar x_dot: ArrayRef<A, $D> => Array<A, $D>, w w_bar w_dot: ArrayRef<A, $D> => Array<A, $D>;
                ;
                $options: Conv => NoGradField
            ) -> $Y, keeps Geometry, captures [A];
            value {
                let geometry = geometry(stringify!($name), &planes(x.shape()), &planes(w.shape()), $adapted);
                (convolved(&geometry, x, w, &geometry.output_shape()), geometry)
            }
            reverse |geometry, y_bar| {
                if y_bar.is_empty() {
                    return;
                }
                if let Some(x_bar) = x_bar {
                    add_input(geometry, w, y_bar, x, x_bar);
                }
                if let Some(w_bar) = w_bar {
                    add_weights(geometry, x, y_bar, w, w_bar);
                }
            }
            forward |y, geometry| {
                let shape = geometry.output_shape();
                let from_x = x_dot.map(|x_dot| convolved(geometry, x_dot, w, &shape));
                let from_w = w_dot.map(|w_dot| convolved(geometry, x, w_dot, &shape));
                sum_of_tangents(y, from_x, from_w)
            }
            second product x x_bar x_dot, w w_bar w_dot
        }
    };
}

convolution! {
    /// The convolution of images, `y[n, o, i, j] = Σ x[n, c, s i + d k - p, s j + d l - p] w[o, c, k, l]`, as PyTorch's
    /// `conv2d`: a cross-correlation, with zeros around the images.
    ///
    /// `x` has the shape `[images, channels, rows, columns]`, `w` `[outputs, channels / groups, kernel rows, kernel
    /// columns]`. A bias is added with [`add_bias`](fn@super::add_bias).
    ///
    /// ```
    /// use autodiff_runtime::nn::{Conv, conv2d};
    /// use ndarray::Array4;
    ///
    /// let (x, w) = (Array4::from_elem((1, 2, 5, 5), 1.0), Array4::from_elem((3, 2, 3, 3), 0.5));
    /// let y = conv2d(&x, &w, Conv::new().stride(2).padding(1));
    /// assert_eq!(y.shape(), [1, 3, 3, 3]);
    /// assert_eq!((y[[0, 0, 0, 0]], y[[0, 0, 1, 1]]), (4.0, 9.0));
    /// ```
    ///
    /// # Panics
    ///
    /// If the shapes do not fit each other, or the kernel is larger than the padded input.
    conv2d, Ix4, Array4<A>, options => options
}

convolution! {
    /// The convolution of sequences: [`conv2d`](fn@conv2d) along one axis.
    ///
    /// `x` has the shape `[sequences, channels, length]`, `w` `[outputs, channels / groups, kernel length]`.
    ///
    /// # Panics
    ///
    /// If the shapes do not fit each other, or the kernel is larger than the padded input.
    conv1d, Ix3, Array3<A>, options => options.along_columns()
}

/// The geometry of the convolution whose input's cotangent is a transposed convolution.
#[track_caller]
fn transposed_geometry(operation: &str, x: &[usize; 4], w: &[usize; 4], options: Conv) -> Geometry {
    let Conv { stride, padding, dilation, groups, output_padding } = options;
    assert!(groups > 0 && !stride.contains(&0) && !dilation.contains(&0), "`{operation}`: {options:?} has a zero");
    assert!(
        x[1] == w[0] && x[1].is_multiple_of(groups),
        "`{operation}`: an input of shape {x:?} does not fit weights of shape {w:?} in {groups} groups"
    );
    let input = [0, 1].map(|axis| {
        assert!(
            x[2 + axis] > 0 && w[2 + axis] > 0,
            "`{operation}`: an input of shape {x:?} or weights of shape {w:?} are empty"
        );
        assert!(
            output_padding[axis] < stride[axis].max(dilation[axis]),
            "`{operation}`: the output padding {output_padding:?} must be smaller than the stride or the dilation"
        );
        let length = (x[2 + axis] - 1) * stride[axis] + dilation[axis] * (w[2 + axis] - 1) + output_padding[axis] + 1;
        assert!(
            length > 2 * padding[axis],
            "`{operation}`: nothing is left of an input of shape {x:?} without a padding of {padding:?}"
        );
        length - 2 * padding[axis]
    });
    Geometry {
        images: x[0],
        channels: w[1],
        outputs: w[0] / groups,
        groups,
        input,
        kernel: [w[2], w[3]],
        output: [x[2], x[3]],
        stride,
        padding,
        dilation,
    }
}

/// Defines a transposed convolution and its companion.
macro_rules! transposed_convolution {
    ($(#[$doc:meta])* $name:ident, $D:ty, $Y:ty, $options:ident => $adapted:expr) => {
        rule! {
            $(#[$doc])*
            fn $name[A: Float](
                x x_bar x_dot: ArrayRef<A, $D> => Array<A, $D>, w w_bar w_dot: ArrayRef<A, $D> => Array<A, $D>;
                ;
                $options: Conv => NoGradField
            ) -> $Y, keeps Geometry, captures [A];
            value {
                let geometry = transposed_geometry(stringify!($name), &planes(x.shape()), &planes(w.shape()), $adapted);
                (transposed(&geometry, x, w, &geometry.input_shape()), geometry)
            }
            reverse |geometry, y_bar| {
                if y_bar.is_empty() {
                    return;
                }
                if let Some(x_bar) = x_bar {
                    let added = convolved(geometry, y_bar, w, &geometry.output_shape());
                    crate::accumulate(x_bar, added);
                }
                if let Some(w_bar) = w_bar {
                    add_weights(geometry, y_bar, x, w, w_bar);
                }
            }
            forward |y, geometry| {
                let shape = geometry.input_shape();
                let from_x = x_dot.map(|x_dot| transposed(geometry, x_dot, w, &shape));
                let from_w = w_dot.map(|w_dot| transposed(geometry, x, w_dot, &shape));
                sum_of_tangents(y, from_x, from_w)
            }
            second product x x_bar x_dot, w w_bar w_dot
        }
    };
}

transposed_convolution! {
    /// The transposed convolution of images, as PyTorch's `conv_transpose2d`: every pixel of `x` writes the kernel times
    /// its value, `s` pixels apart.
    ///
    /// `x` has the shape `[images, channels, rows, columns]`, `w` `[channels, outputs / groups, kernel rows, kernel
    /// columns]`.
    ///
    /// # Panics
    ///
    /// If the shapes do not fit each other, nothing is left without the padding, or the output padding is not smaller
    /// than stride or dilation.
    conv_transpose2d, Ix4, Array4<A>, options => options
}

transposed_convolution! {
    /// The transposed convolution of sequences: [`conv_transpose2d`](fn@conv_transpose2d) along one axis.
    ///
    /// # Panics
    ///
    /// As [`conv_transpose2d`](fn@conv_transpose2d).
    conv_transpose1d, Ix3, Array3<A>, options => options.along_columns()
}

rule! {
    /// Adds a number for each channel, the second axis: the bias of a convolution.
    ///
    /// # Panics
    ///
    /// If `b` has not one number for each channel.
    fn add_bias[A: Float, D: Dimension + RemoveAxis](
        x x_bar x_dot: ArrayRef<A, D> => Array<A, D>, b b_bar b_dot: ArrayRef<A, Ix1> => Array1<A>;;
    ) -> Array<A, D>, keeps (), captures [A, D];
    value {
        check_channels("add_bias", x.shape(), b.len());
        let mut y = buffers::copy(x.view());
        for (mut channel, &b) in y.axis_iter_mut(Axis(1)).zip(b) {
            channel += b;
        }
        (y, ())
    }
    reverse |_kept, y_bar| {
        if let Some(x_bar) = x_bar {
            crate::accumulate(x_bar, y_bar);
        }
        if let Some(b_bar) = b_bar && !y_bar.is_empty() {
            let mut sums = buffers::array(Ix1(b.len()));
            sums.iter_mut().zip(y_bar.axis_iter(Axis(1))).for_each(|(sum, channel)| *sum = channel.sum());
            crate::accumulate(b_bar, sums);
        }
    }
    forward |y, _kept| {
        let mut y_dot = x_dot.cloned().unwrap_or_else(|| zero_tangent(y));
        for (index, mut channel) in y_dot.axis_iter_mut(Axis(1)).enumerate() {
            channel += b_dot.map_or(A::zero(), |b_dot| b_dot[index]);
        }
        y_dot
    }
    second linear
}
