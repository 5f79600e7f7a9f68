//! Convolution, pooling, normalisation and linear layers inside annotated functions.

#![allow(clippy::all)]

mod common;
use common::{assert_near, noise};
use differentiable::ndarray::{Array1, Array2, Array3, Array4, ArrayD, s};
use differentiable::nn::{self, Conv, Pool, RunningStatistics};
use differentiable::{differentiable, gradcheck};

fn array4(seed: u64, shape: [usize; 4]) -> Array4<f64> {
    Array4::from_shape_vec(shape, noise(seed, shape.iter().product())).unwrap()
}

fn array3(seed: u64, shape: [usize; 3]) -> Array3<f64> {
    Array3::from_shape_vec(shape, noise(seed, shape.iter().product())).unwrap()
}

/// The definition of a convolution.
fn convolution(x: &Array4<f64>, w: &Array4<f64>, options: Conv) -> Array4<f64> {
    let Conv { stride, padding, dilation, groups, .. } = options;
    let (n, _, h, wd) = x.dim();
    let (o, c, kh, kw) = w.dim();
    let out = |len: usize, k: usize, a: usize| (len + 2 * padding[a] - dilation[a] * (k - 1) - 1) / stride[a] + 1;
    Array4::from_shape_fn((n, o, out(h, kh, 0), out(wd, kw, 1)), |(n, o_, i, j)| {
        let group = o_ / (o / groups);
        let mut sum = 0.0;
        for c_ in 0..c {
            for k in 0..kh {
                for l in 0..kw {
                    let row = (i * stride[0] + k * dilation[0]).wrapping_sub(padding[0]);
                    let column = (j * stride[1] + l * dilation[1]).wrapping_sub(padding[1]);
                    if row < h && column < wd {
                        sum += x[[n, group * c + c_, row, column]] * w[[o_, c_, k, l]];
                    }
                }
            }
        }
        sum
    })
}

#[differentiable]
fn layer(x: &Array4<f64>, w: &Array4<f64>, b: &Array1<f64>, options: Conv) -> f64 {
    let y = nn::conv2d(x, w, options);
    let y = nn::add_bias(&y, b);
    (&y * &y).sum()
}

fn configurations() -> Vec<([usize; 4], [usize; 4], Conv)> {
    let conv = Conv::new();
    vec![
        ([1, 3, 6, 5], [4, 3, 3, 3], conv.padding(1)),
        ([2, 3, 7, 6], [4, 3, 3, 2], conv.stride(2).padding(1)),
        ([2, 4, 8, 8], [6, 2, 3, 3], conv.groups(2).dilation(2).padding(2)),
        ([3, 4, 5, 5], [4, 1, 3, 3], conv.groups(4).padding(1)),
        ([2, 3, 4, 4], [5, 3, 1, 1], conv),
        ([2, 3, 5, 5], [5, 3, 1, 1], conv.stride(2)),
        ([2, 2, 9, 9], [17, 2, 7, 7], conv.stride(2).padding(3)),
        ([1, 2, 2, 2], [9, 2, 3, 3], conv.padding(1)),
        ([40, 2, 1, 1], [3, 2, 3, 3], conv.padding(1)),
        ([2, 2, 3, 3], [2, 2, 3, 3], conv.padding(3)),
        ([1, 2, 12, 11], [50, 2, 3, 3], Conv { stride: [2, 1], padding: [0, 1], dilation: [1, 3], ..conv }),
        ([0, 2, 5, 5], [3, 2, 3, 3], conv),
    ]
}

#[test]
fn convolutions_are_what_their_definition_says() {
    for (x, w, options) in configurations() {
        let (x, w) = (array4(1, x), array4(2, w));
        let expected = convolution(&x, &w, options);
        assert_eq!(nn::conv2d(&x, &w, options).shape(), expected.shape());
        assert_near(&format!("{options:?}"), &nn::conv2d(&x, &w, options), &expected, 1e-13);
        // In any layout, and in the other precision.
        let mut turned = x.view();
        turned.swap_axes(0, 3);
        let turned = turned.as_standard_layout().into_owned();
        let mut back = turned.view();
        back.swap_axes(0, 3);
        assert_near("a view", &nn::conv2d(&back, &w, options), &expected, 1e-13);
        let (x, w) = (x.mapv(|v| v as f32), w.mapv(|v| v as f32));
        assert_near("f32", &nn::conv2d(&x, &w, options), &expected, 3e-6);
    }
}

/// The pullback is the transpose of the derivative: their inner products with any two directions agree. The derivative of
/// a bilinear function is the function itself, which forward mode uses.
fn check_transpose(x: &Array4<f64>, w: &Array4<f64>, options: Conv) {
    let (y, pullback) = nn::conv2d::vjp(x, w, options);
    let y_bar = array4(6, y.dim().into());
    let (x_bar, w_bar) = pullback(y_bar.clone());
    let (x_dot, w_dot) = (array4(7, x.dim().into()), array4(8, w.dim().into()));
    let (_, y_dot) = nn::conv2d::jvp(x, w, options, &x_dot, &w_dot);
    assert_near("tangent", &y_dot, &(convolution(&x_dot, w, options) + convolution(x, &w_dot, options)), 1e-12);
    let (left, right) = ((&y_bar * &y_dot).sum(), (&x_bar * &x_dot).sum() + (&w_bar * &w_dot).sum());
    assert_near("inner products", &left, &right, 1e-11);
}

#[test]
fn gradients_of_convolutions() {
    for (x, w, options) in configurations() {
        check_transpose(&array4(1, x), &array4(2, w), options);
    }
    let (x, w, b) = (array4(1, [2, 2, 4, 3]), array4(2, [3, 2, 3, 2]), Array1::from_vec(noise(3, 3)));
    gradcheck!(layer(&x, &w, &b, Conv::new().stride(2).padding(1))).unwrap();
}

#[test]
fn large_convolutions_in_groups_of_images() {
    let options = Conv::new().padding(1);
    let (x, w) = (array4(4, [16, 8, 16, 16]), array4(5, [3, 8, 3, 3]));
    let y = nn::conv2d(&x, &w, options);
    assert_near("many images", &y, &convolution(&x, &w, options), 1e-12);
    check_transpose(&x, &w, options);
}

#[differentiable]
fn upwards(x: &Array4<f64>, w: &Array4<f64>, options: Conv) -> f64 {
    let y = nn::conv_transpose2d(x, w, options);
    (&y * &y * &y).sum()
}

#[test]
fn transposed_convolutions() {
    let conv = Conv::new();
    for (x, w, options) in [
        ([2, 3, 4, 3], [3, 2, 3, 3], conv.stride(2).padding(1).output_padding(1)),
        ([1, 4, 3, 3], [4, 3, 2, 2], conv.groups(2)),
        ([1, 2, 5, 5], [2, 3, 3, 3], conv.dilation(2).padding(1)),
    ] {
        let (x, w) = (array4(1, x), array4(2, w));
        let y = nn::conv_transpose2d(&x, &w, options);
        // It is the transpose of a convolution from its output to its input.
        let z = array4(3, y.dim().into());
        let back = nn::conv2d(&z, &w, options);
        assert_eq!(back.shape(), x.shape());
        assert_near("transpose", &(&z * &y).sum(), &(&back * &x).sum(), 1e-12);
        gradcheck!(upwards(&x, &w, options)).unwrap();
    }
    let x = Array4::from_elem((1, 1, 1, 1), 2.0);
    let w = array4(1, [1, 1, 2, 2]);
    assert_near("a pixel", &nn::conv_transpose2d(&x, &w, conv), &(&w * 2.0), 0.0);
}

#[differentiable]
fn sequences(x: &Array3<f64>, w: &Array3<f64>, v: &Array3<f64>) -> f64 {
    let y = nn::conv1d(x, w, Conv::new().stride(2).padding(1));
    let z = nn::conv_transpose1d(&y, v, Conv::new().stride(2));
    (&z * &z).sum()
}

#[test]
fn convolutions_of_sequences() {
    let (x, w, v) = (array3(1, [2, 3, 9]), array3(2, [4, 3, 3]), array3(3, [4, 2, 2]));
    gradcheck!(sequences(&x, &w, &v)).unwrap();
    let y = nn::conv1d(&x, &w, Conv::new().stride(2).padding(1));
    let planes = |a: &Array3<f64>| a.clone().insert_axis(differentiable::ndarray::Axis(2));
    let options = Conv { stride: [1, 2], padding: [0, 1], ..Conv::new() };
    assert_near("one row", &y, &convolution(&planes(&x), &planes(&w), options), 1e-14);
}

#[differentiable]
fn pooled(x: &Array4<f64>, pool: Pool) -> f64 {
    let y = nn::max_pool2d(x, pool);
    let z = nn::avg_pool2d(&y, Pool::new(2).stride(1));
    let a = nn::adaptive_avg_pool2d(&z, [2, 1]);
    let f = nn::flatten(&a);
    (&f * &f).sum()
}

#[test]
fn pooling() {
    // No two pixels of a window are so close that a finite difference changes their order.
    let spread = |shape: [usize; 4]| {
        let len: usize = shape.iter().product();
        Array4::from_shape_vec(shape, (0..len).map(|i| (i * 37 % len) as f64 / len as f64).collect()).unwrap()
    };
    gradcheck!(pooled(&spread([2, 2, 9, 8]), Pool::new(3).stride(2).padding(1))).unwrap();
    gradcheck!(pooled(&spread([1, 2, 7, 6]), Pool::new(2))).unwrap();
    let x = Array4::from_shape_fn((1, 1, 3, 3), |(_, _, i, j)| (3 * i + j) as f64);
    let pool = Pool::new(3).stride(2).padding(1);
    assert_eq!(nn::max_pool2d(&x, pool).into_raw_vec_and_offset().0, [4.0, 5.0, 7.0, 8.0]);
    let mean = nn::avg_pool2d(&x, pool);
    assert_near("padding counts", &mean, &[8.0 / 9.0, 12.0 / 9.0, 20.0 / 9.0, 24.0 / 9.0], 1e-15);
    // The first of equal pixels gets the gradient.
    let equal = Array4::zeros((1, 1, 2, 2));
    let (_, pullback) = nn::max_pool2d::vjp(&equal, Pool::new(2));
    assert_eq!(pullback(Array4::from_elem((1, 1, 1, 1), 3.0)).into_raw_vec_and_offset().0, [3.0, 0.0, 0.0, 0.0]);
}

#[differentiable]
fn normalised(
    x: &Array4<f64>,
    weight: &Array1<f64>,
    bias: &Array1<f64>,
    running: &RunningStatistics<f64>,
    training: bool,
) -> f64 {
    let y = nn::batch_norm(x, weight, bias, running, training);
    let z = nn::relu(&y);
    (&z * &y).sum() + y.sum()
}

#[test]
fn batch_normalisation() {
    let (x, weight, bias) = (array4(1, [3, 4, 2, 3]), Array1::from_vec(noise(2, 4)), Array1::from_vec(noise(3, 4)));
    let mean = Array1::from_vec(noise(4, 4));
    for training in [true, false] {
        let running = RunningStatistics::of(mean.clone(), Array1::from_vec(vec![0.5, 1.0, 2.0, 0.25]));
        gradcheck!(normalised(&x, &weight, &bias, &running, training)).unwrap();
    }
    let running = RunningStatistics::of(mean.clone(), Array1::ones(4));
    let y = nn::batch_norm(&x, &Array1::ones(4), &Array1::zeros(4), &running, true);
    for channel in 0..4 {
        let values: Vec<f64> = x.slice(s![.., channel, .., ..]).iter().copied().collect();
        let average = values.iter().sum::<f64>() / 18.0;
        let variance = values.iter().map(|v| (v - average) * (v - average)).sum::<f64>() / 18.0;
        let expected = x.slice(s![.., channel, .., ..]).mapv(|v| (v - average) / (variance + 1e-5).sqrt());
        assert_near("normalised", &y.slice(s![.., channel, .., ..]), &expected, 1e-13);
        assert_near("mean", &running.mean()[channel], &(0.9 * mean[channel] + 0.1 * average), 1e-14);
        assert_near("variance", &running.variance()[channel], &(0.9 + 0.1 * variance * 18.0 / 17.0), 1e-14);
    }
}

#[differentiable]
fn affine(x: &Array2<f64>, w: &Array2<f64>, b: &Array1<f64>) -> f64 {
    let y = nn::linear(x, w, b);
    (&y * &y).sum()
}

#[test]
fn linear_layers() {
    for (rows, inputs, outputs) in [(1, 5, 3), (4, 20, 30), (20, 3, 50), (3, 300, 2)] {
        let x = Array2::from_shape_vec((rows, inputs), noise(1, rows * inputs)).unwrap();
        let w = Array2::from_shape_vec((outputs, inputs), noise(2, outputs * inputs)).unwrap();
        let b = Array1::from_vec(noise(3, outputs));
        assert_near("value", &nn::linear(&x, &w, &b), &(x.dot(&w.t()) + &b), 1e-13);
        gradcheck!(affine(&x, &w, &b)).unwrap();
    }
}

#[test]
fn messages_name_the_operation_and_the_shapes() {
    let (x, w) = (array4(1, [1, 3, 4, 4]), array4(2, [2, 4, 3, 3]));
    let message = |f: &dyn Fn()| {
        let payload = std::panic::catch_unwind(std::panic::AssertUnwindSafe(f)).unwrap_err();
        payload.downcast_ref::<String>().unwrap().clone()
    };
    let text = message(&|| drop(nn::conv2d(&x, &w, Conv::new())));
    assert_eq!(text, "`conv2d`: an input of shape [1, 3, 4, 4] does not fit weights of shape [2, 4, 3, 3] in 1 groups");
    let text = message(&|| drop(nn::max_pool2d(&x, Pool::new(5))));
    assert_eq!(text, "`max_pool2d`: a window of [5, 5] is larger than the padded input of shape [1, 3, 4, 4]");
    let ones = Array1::ones(4);
    let text = message(&|| drop(nn::batch_norm(&x, &ones, &ones, &RunningStatistics::new(4), true)));
    assert_eq!(text, "`batch_norm`: 4 numbers for the channels of an array of shape [1, 3, 4, 4]");
    let _: ArrayD<f64> = nn::relu(&x.into_dyn());
}
