//! Values and gradients of the functions of `nn` against PyTorch's, which `tests/data/nn.py` wrote to `tests/data/nn.json`.
//!
//! Forward mode is compared with reverse mode along the way.

use differentiable::ndarray::{Array2, ArrayD, Axis, Ix0, Ix1, Ix2, Ix3, Ix4, array};
use differentiable::nn::{self, Conv, CrossEntropy, Pool, RunningStatistics};

#[macro_use]
#[path = "common/recorded.rs"]
mod recorded;
use recorded::direction;

cases_of!("data/nn.json");

#[test]
fn activations() {
    cases! {
        "relu": nn::relu(x: Ix1);
        "sigmoid": nn::sigmoid(x: Ix1);
        "tanh": nn::tanh(x: Ix1);
        "softplus": nn::softplus(x: Ix1);
        "gelu": nn::gelu(x: Ix1);
        "silu": nn::silu(x: Ix1);
        "elu": nn::elu(x: Ix1);
        "selu": nn::selu(x: Ix1);
        "mish": nn::mish(x: Ix1);
        "hardtanh": nn::hardtanh(x: Ix1);
        "log_sigmoid": nn::log_sigmoid(x: Ix1);
        "softmax of rows": nn::softmax(x: Ix2);
        "softmax of stacks": nn::softmax(x: Ix3);
        "log_softmax of rows": nn::log_softmax(x: Ix2);
        "log_softmax of stacks": nn::log_softmax(x: Ix3);
    }
    let case = case("leaky_relu");
    let (x, slope) = (case.input::<Ix1>(0), case.input::<Ix0>(1).into_scalar());
    let y_bar = case.compare_vjp(nn::leaky_relu::vjp(&x, slope));
    let dots = [direction(&x, "x").into_dyn(), ArrayD::from_elem(vec![], 0.5)];
    case.compare_jvp(nn::leaky_relu::jvp(&x, slope, &direction(&x, "x"), 0.5), &y_bar, &dots);
}

#[test]
fn along_axes() {
    cases! {
        "cumsum 0": nn::cumsum(x: Ix3; Axis(0));
        "cumsum 1": nn::cumsum(x: Ix3; Axis(1));
        "cumsum 2": nn::cumsum(x: Ix3; Axis(2));
        "norm_axis 0": nn::norm_axis(x: Ix3; Axis(0));
        "norm_axis 1": nn::norm_axis(x: Ix3; Axis(1));
        "norm_axis 2": nn::norm_axis(x: Ix3; Axis(2));
        "max_axis 0": nn::max_axis(x: Ix3; Axis(0));
        "max_axis 1": nn::max_axis(x: Ix3; Axis(1));
        "max_axis 2": nn::max_axis(x: Ix3; Axis(2));
        "min_axis 0": nn::min_axis(x: Ix3; Axis(0));
        "min_axis 1": nn::min_axis(x: Ix3; Axis(1));
        "min_axis 2": nn::min_axis(x: Ix3; Axis(2));
    }
}

#[test]
fn layers() {
    cases! {
        "linear": nn::linear(x: Ix2, w: Ix2, b: Ix1);
        "embedding": nn::embedding(table: Ix2; &[1, 4, 1, 0, 1]);
        "batch_matmul": nn::batch_matmul(a: Ix4, b: Ix4);
        "attention": nn::attention(q: Ix4, k: Ix4, v: Ix4; false);
        "attention causal": nn::attention(q: Ix4, k: Ix4, v: Ix4; true);
        "attention causal of many queries": nn::attention(q: Ix3, k: Ix3, v: Ix3; true);
        "lstm_cell": nn::lstm_cell(x: Ix2, h: Ix2, c: Ix2, w_input: Ix2, w_hidden: Ix2, b_input: Ix1, b_hidden: Ix1);
        "gru_cell": nn::gru_cell(x: Ix2, h: Ix2, w_input: Ix2, w_hidden: Ix2, b_input: Ix1, b_hidden: Ix1);
    }
}

#[test]
fn norms() {
    let started = || RunningStatistics::of(array![0.5, -1.0, 0.0, 2.0], array![1.0, 0.5, 2.0, 4.0]);
    let running = started();
    cases! {
        "batch_norm training": nn::batch_norm(x: Ix4, weight: Ix1, bias: Ix1; &running, true);
        "batch_norm of rows": nn::batch_norm(x: Ix2, weight: Ix1, bias: Ix1; &running, true);
    }
    let running = started();
    cases! {
        "batch_norm evaluation": nn::batch_norm(x: Ix4, weight: Ix1, bias: Ix1; &running, false);
        "group_norm": nn::group_norm(x: Ix4, weight: Ix1, bias: Ix1; 2, 1e-5);
        "group_norm of channels": nn::group_norm(x: Ix4, weight: Ix1, bias: Ix1; 4, 1e-3);
        "layer_norm": nn::layer_norm(x: Ix4, weight: Ix1, bias: Ix1; 1e-5);
        "rms_norm": nn::rms_norm(x: Ix4, weight: Ix1; 1e-6);
    }
    let known = case("batch_norm training");
    nn::batch_norm(&known.input::<Ix4>(0), &known.input::<Ix1>(1), &known.input::<Ix1>(2), &running, true);
    case("batch_norm running").compare("outputs", &(running.mean(), running.variance()));
}

#[test]
fn convolutions() {
    let conv = Conv::new();
    let uneven = Conv { stride: [2, 1], padding: [0, 2], dilation: [1, 2], ..conv };
    let appended = |conv: Conv, output_padding| Conv { output_padding: [output_padding; 2], ..conv };
    cases! {
        "conv2d": nn::conv2d(x: Ix4, w: Ix4; conv);
        "conv2d pixels": nn::conv2d(x: Ix4, w: Ix4; conv.stride(2));
        "conv2d padding": nn::conv2d(x: Ix4, w: Ix4; conv.padding(1));
        "conv2d stride": nn::conv2d(x: Ix4, w: Ix4; conv.stride(2).padding(1));
        "conv2d dilation": nn::conv2d(x: Ix4, w: Ix4; conv.dilation(2).padding(2));
        "conv2d groups": nn::conv2d(x: Ix4, w: Ix4; conv.groups(2).padding(1));
        "conv2d depthwise": nn::conv2d(x: Ix4, w: Ix4; conv.groups(3).stride(2));
        "conv2d uneven": nn::conv2d(x: Ix4, w: Ix4; uneven);
        "conv1d": nn::conv1d(x: Ix3, w: Ix3; conv.stride(2).padding(1).dilation(2));
        "conv1d groups": nn::conv1d(x: Ix3, w: Ix3; conv.groups(2));
        "conv_transpose2d": nn::conv_transpose2d(x: Ix4, w: Ix4; conv);
        "conv_transpose2d stride": nn::conv_transpose2d(x: Ix4, w: Ix4; appended(conv.stride(2).padding(1), 1));
        "conv_transpose2d groups": nn::conv_transpose2d(x: Ix4, w: Ix4; conv.stride(2).groups(2).dilation(2));
        "conv_transpose1d": nn::conv_transpose1d(x: Ix3, w: Ix3; appended(conv.stride(3).padding(1), 2));
        "add_bias": nn::add_bias(x: Ix4, b: Ix1);
    }
}

#[test]
fn pools() {
    let overlapping = Pool::new(3).stride(2).padding(1);
    cases! {
        "max_pool2d": nn::max_pool2d(x: Ix4; Pool::new(2));
        "max_pool2d overlapping": nn::max_pool2d(x: Ix4; overlapping);
        "avg_pool2d": nn::avg_pool2d(x: Ix4; Pool::new(2));
        "avg_pool2d overlapping": nn::avg_pool2d(x: Ix4; overlapping);
        "adaptive_avg_pool2d": nn::adaptive_avg_pool2d(x: Ix4; [1, 1]);
        "adaptive_avg_pool2d uneven": nn::adaptive_avg_pool2d(x: Ix4; [4, 3]);
        "flatten": nn::flatten(x: Ix4);
    }
}

#[test]
fn losses() {
    cases! {
        "squared_loss": nn::mse(x: Ix2, t: Ix2);
        "squared_error": nn::squared_error(x: Ix2, t: Ix2);
        "absolute_loss": nn::l1_loss(x: Ix2, t: Ix2);
        "absolute_error": nn::absolute_error(x: Ix2, t: Ix2);
        "huber_loss": nn::huber_loss(x: Ix2, t: Ix2);
        "huber_error": nn::huber_error(x: Ix2, t: Ix2);
        "smooth_l1_loss": nn::huber_loss(x: Ix2, t: Ix2);
        "binary_cross_entropy_with_logits_loss": nn::binary_cross_entropy_with_logits(x: Ix2, t: Ix2);
        "binary_cross_entropy_with_logits_error": nn::binary_cross_entropy_with_logits_error(x: Ix2, t: Ix2);
        "binary_cross_entropy": nn::binary_cross_entropy(p: Ix1, t: Ix1);
        "kl_div": nn::kl_div(x: Ix2, t: Ix2);
        "cosine_similarity": nn::cosine_similarity(a: Ix2, b: Ix2);
        "cross_entropy": nn::cross_entropy(x: Ix2; &[2, 0, 3]);
        "nll_loss": nn::nll_loss(x: Ix2; &[2, 0, 3]);
    }
    // The target is not differentiated by PyTorch.
    let targets = Array2::from_shape_fn((3, 4), |(_, column)| if column % 2 == 0 { 1.0 } else { -1.0 });
    let known = case("hinge_loss");
    let x = known.input::<Ix2>(0);
    let (y, pullback) = nn::hinge_loss::vjp(&x, &targets);
    known.compare_vjp((y, |y_bar| pullback(y_bar).0));
    let known = case("binary_cross_entropy at the ends");
    let p = known.input::<Ix1>(0);
    let targets = array![0.0, 0.25, 0.5, 0.0, 1.0, 1.0];
    let (y, pullback) = nn::binary_cross_entropy::vjp(&p, &targets);
    known.compare_vjp((y, |y_bar| pullback(y_bar).0));
}

#[test]
fn options_of_losses() {
    let labels = [1, 4, 0, 1];
    let options = CrossEntropy::new();
    cases! {
        "cross_entropy smoothed": nn::cross_entropy_with(x: Ix2; &labels, options.label_smoothing(0.2));
        "cross_entropy ignoring": nn::cross_entropy_with(x: Ix2; &labels, options.ignore(1).label_smoothing(0.1));
        "cross_entropy sum": nn::cross_entropy_with(x: Ix2; &labels, options.sum().label_smoothing(0.1));
        "cross_entropy none": nn::cross_entropy_terms(x: Ix2; &labels, options.ignore(0));
        "cross_entropy of probabilities": nn::soft_cross_entropy(x: Ix2, t: Ix2);
        "huber": nn::huber(a: Ix2, b: Ix2; 0.75);
        "smooth_l1": nn::smooth_l1(a: Ix2, b: Ix2; 0.5);
    }
}

#[test]
fn choices() {
    let indices = array![[2, 0], [1, 1], [3, 2]];
    let mask = array![[true, false, false, true], [false, true, false, true], [true, true, false, false]];
    cases! {
        "gather 1": nn::gather(x: Ix2; &indices, Axis(1));
        "gather 0": nn::gather(x: Ix2; &array![[2, 0, 1, 1]], Axis(0));
        "scatter_add": nn::scatter_add(x: Ix2, source: Ix2; &indices, Axis(1));
        "choose": nn::choose(a: Ix2, b: Ix2; &mask);
        "sort 0": nn::sort(x: Ix2; Axis(0));
        "sort 1": nn::sort(x: Ix2; Axis(1));
        "tril": nn::tril(x: Ix2; 1);
        "triu": nn::triu(x: Ix2; -1);
        "prod_axis": nn::prod_axis(x: Ix2; Axis(1));
        "einsum1": nn::einsum1(a: Ix2, b: Ix2; "ij,ji->i");
        "einsum2": nn::einsum2(a: Ix3, b: Ix2; "bij,kj->bk");
        "einsum3": nn::einsum3(a: Ix3, b: Ix3; "bij,bkj->bik");
        "outer": nn::outer(a: Ix1, b: Ix1);
    }
}

#[test]
fn factorisations() {
    cases! {
        "cholesky": nn::cholesky(a: Ix2);
        "solve": nn::solve(a: Ix2, b: Ix2);
        "solve a vector": nn::solve(a: Ix2, b: Ix1);
        "inverse": nn::inverse(a: Ix2);
        "determinant": nn::determinant(a: Ix2);
        "log_determinant": nn::log_determinant(a: Ix2);
    }
}

#[test]
fn approximations_and_pools() {
    cases! {
        "gelu_tanh": nn::gelu_tanh(x: Ix1);
        "adaptive_max_pool2d": nn::adaptive_max_pool2d(x: Ix4; [2, 3]);
        "max_pool1d": nn::max_pool1d(x: Ix3; Pool::new(3).stride(2).padding(1));
        "avg_pool1d": nn::avg_pool1d(x: Ix3; Pool::new(3).stride(2).padding(1));
    }
}
