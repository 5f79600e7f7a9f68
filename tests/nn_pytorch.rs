//! Values and gradients of the functions of `nn` against PyTorch's, which `tests/data/nn.py` wrote to `tests/data/nn.json`.
//!
//! Forward mode is compared with reverse mode along the way.

use differentiable::ndarray::{Array, Array2, ArrayD, Axis, Dimension, Ix0, Ix1, Ix2, Ix3, Ix4, array};
use differentiable::nn::{self, Conv, Pool, RunningStatistics};
use differentiable::{Float, LeafPath, LeafValues, LeafVisitor, LeafVisitorMut, Leaves, LeavesMut};
use serde_json::Value;

/// The largest error relative to the largest number of a tensor, or to 1.
const TOLERANCE: f64 = 1e-12;

/// What is known of a function.
struct Case {
    name: &'static str,
    known: Value,
}

fn case(name: &'static str) -> Case {
    thread_local! {
        static CASES: Value = serde_json::from_str(include_str!("data/nn.json")).unwrap();
    }
    let known = CASES.with(|cases| cases.get(name).cloned());
    Case { name, known: known.unwrap_or_else(|| panic!("no case {name}")) }
}

impl Case {
    /// The inputs, the outputs, the cotangents or the gradients.
    fn tensors(&self, kind: &str) -> Vec<ArrayD<f64>> {
        let list = |tensor: &Value, field: &str| tensor[field].as_array().unwrap().clone();
        let tensors = self.known[kind].as_array().unwrap().iter().map(|tensor| {
            let shape: Vec<usize> = list(tensor, "shape").iter().map(|len| len.as_u64().unwrap() as usize).collect();
            let values = list(tensor, "values").iter().map(|value| value.as_f64().unwrap()).collect();
            ArrayD::from_shape_vec(shape, values).unwrap()
        });
        tensors.collect()
    }

    fn input<D: Dimension>(&self, index: usize) -> Array<f64, D> {
        self.tensors("inputs").swap_remove(index).into_dimensionality().unwrap()
    }

    /// Compares all numbers of a value.
    #[track_caller]
    fn compare(&self, kind: &str, found: &impl Leaves) {
        let expected: Vec<Vec<f64>> =
            self.tensors(kind).into_iter().map(|tensor| tensor.into_iter().collect()).collect();
        let found = numbers(found);
        assert_eq!(found.len(), expected.len(), "{} of `{}`", kind, self.name);
        for (index, (found, expected)) in found.iter().zip(&expected).enumerate() {
            assert_eq!(found.len(), expected.len(), "{} {index} of `{}`", kind, self.name);
            let scale = expected.iter().fold(1.0, |scale: f64, value| scale.max(value.abs()));
            for (found, expected) in found.iter().zip(expected) {
                let error = (found - expected).abs() / scale;
                assert!(error <= TOLERANCE, "{kind} {index} of `{}`: {found} instead of {expected}", self.name);
            }
        }
    }

    /// Compares a value and what its pullback makes of the cotangents, and gives these.
    #[track_caller]
    fn compare_vjp<Y: Leaves + LeavesMut + Clone, G: Leaves>(&self, (y, pullback): (Y, impl Fn(Y) -> G)) -> Y {
        self.compare("outputs", &y);
        let mut y_bar = y;
        y_bar.visit_leaves_mut(&LeafPath::root(), &mut Put(self.tensors("cotangents")));
        self.compare("gradients", &pullback(y_bar.clone()));
        y_bar
    }

    /// Compares a value and its derivative in a direction of the inputs, for which the gradients give it as well.
    #[track_caller]
    fn compare_jvp<Y: Leaves>(&self, (y, y_dot): (Y, Y), y_bar: &Y, directions: &[ArrayD<f64>]) {
        self.compare("outputs", &y);
        let products = |a: &[Vec<f64>], b: &[Vec<f64>]| -> f64 {
            a.iter().flatten().zip(b.iter().flatten()).map(|(a, b)| a * b).sum()
        };
        let directions: Vec<Vec<f64>> =
            directions.iter().map(|direction| direction.iter().copied().collect()).collect();
        let gradients: Vec<Vec<f64>> = numbers(&self.tensors("gradients"));
        let (forward, reverse) = (products(&numbers(y_bar), &numbers(&y_dot)), products(&gradients, &directions));
        let error = (forward - reverse).abs() / reverse.abs().max(1.0);
        assert!(error <= 1e-10, "`{}`: {forward} forward, {reverse} in reverse", self.name);
    }
}

/// The numbers of a value, leaf by leaf.
fn numbers(value: &impl Leaves) -> Vec<Vec<f64>> {
    struct All(Vec<Vec<f64>>);
    impl<'v> LeafVisitor<'v> for All {
        fn leaf(&mut self, _: &LeafPath<'_>, _: &[usize], values: LeafValues<'v>) {
            self.0.push(values.to_f64());
        }
    }
    let mut all = All(Vec::new());
    value.visit_leaves(&LeafPath::root(), &mut all);
    all.0
}

/// Writes tensors into leaves, beginning with the first.
struct Put(Vec<ArrayD<f64>>);

impl LeafVisitorMut for Put {
    fn leaf<A: Float>(&mut self, _: &LeafPath<'_>, _: &[usize], values: &mut [A]) {
        let tensor = self.0.remove(0);
        values.iter_mut().zip(tensor).for_each(|(value, new)| *value = A::of(new));
    }
}

/// A direction with the shape of an array.
fn direction<D: Dimension>(like: &Array<f64, D>, name: &str) -> Array<f64, D> {
    let mut at = name.bytes().map(usize::from).sum::<usize>()..;
    like.mapv(|_| at.next().map_or(0.0, |at| (at * 37 % 23) as f64 / 11.0 - 1.0))
}

/// Compares all derivatives of functions: the case's name, the function, arrays with their dimensions, other arguments.
macro_rules! cases {
    ($($name:literal: $f:ident($($x:ident: $D:ty),+ $(; $($o:expr),+)?);)+) => {$({
        let case = case($name);
        let mut index = 0..;
        $(let $x: Array<f64, $D> = case.input(index.next().unwrap());)+
        let y_bar = case.compare_vjp(nn::$f::vjp($(&$x,)+ $($($o),+)?));
        let y = nn::$f::jvp($(&$x,)+ $($($o,)+)? $(&direction(&$x, stringify!($x)),)+);
        case.compare_jvp(y, &y_bar, &[$(direction(&$x, stringify!($x)).into_dyn()),+]);
    })+};
}

#[test]
fn activations() {
    cases! {
        "relu": relu(x: Ix1);
        "sigmoid": sigmoid(x: Ix1);
        "tanh": tanh(x: Ix1);
        "softplus": softplus(x: Ix1);
        "gelu": gelu(x: Ix1);
        "silu": silu(x: Ix1);
        "elu": elu(x: Ix1);
        "selu": selu(x: Ix1);
        "mish": mish(x: Ix1);
        "hardtanh": hardtanh(x: Ix1);
        "log_sigmoid": log_sigmoid(x: Ix1);
        "softmax of rows": softmax(x: Ix2);
        "softmax of stacks": softmax(x: Ix3);
        "log_softmax of rows": log_softmax(x: Ix2);
        "log_softmax of stacks": log_softmax(x: Ix3);
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
        "cumsum 0": cumsum(x: Ix3; Axis(0));
        "cumsum 1": cumsum(x: Ix3; Axis(1));
        "cumsum 2": cumsum(x: Ix3; Axis(2));
        "norm_axis 0": norm_axis(x: Ix3; Axis(0));
        "norm_axis 1": norm_axis(x: Ix3; Axis(1));
        "norm_axis 2": norm_axis(x: Ix3; Axis(2));
        "max_axis 0": max_axis(x: Ix3; Axis(0));
        "max_axis 1": max_axis(x: Ix3; Axis(1));
        "max_axis 2": max_axis(x: Ix3; Axis(2));
        "min_axis 0": min_axis(x: Ix3; Axis(0));
        "min_axis 1": min_axis(x: Ix3; Axis(1));
        "min_axis 2": min_axis(x: Ix3; Axis(2));
    }
}

#[test]
fn layers() {
    cases! {
        "linear": linear(x: Ix2, w: Ix2, b: Ix1);
        "embedding": embedding(table: Ix2; &[1, 4, 1, 0, 1]);
        "batch_matmul": batch_matmul(a: Ix4, b: Ix4);
        "attention": attention(q: Ix4, k: Ix4, v: Ix4; false);
        "attention causal": attention(q: Ix4, k: Ix4, v: Ix4; true);
        "attention causal of many queries": attention(q: Ix3, k: Ix3, v: Ix3; true);
        "lstm_cell": lstm_cell(x: Ix2, h: Ix2, c: Ix2, w_input: Ix2, w_hidden: Ix2, b_input: Ix1, b_hidden: Ix1);
        "gru_cell": gru_cell(x: Ix2, h: Ix2, w_input: Ix2, w_hidden: Ix2, b_input: Ix1, b_hidden: Ix1);
    }
}

#[test]
fn norms() {
    let started = || RunningStatistics::of(array![0.5, -1.0, 0.0, 2.0], array![1.0, 0.5, 2.0, 4.0]);
    let running = started();
    cases! {
        "batch_norm training": batch_norm(x: Ix4, weight: Ix1, bias: Ix1; &running, true);
        "batch_norm of rows": batch_norm(x: Ix2, weight: Ix1, bias: Ix1; &running, true);
    }
    let running = started();
    cases! {
        "batch_norm evaluation": batch_norm(x: Ix4, weight: Ix1, bias: Ix1; &running, false);
        "group_norm": group_norm(x: Ix4, weight: Ix1, bias: Ix1; 2, 1e-5);
        "group_norm of channels": group_norm(x: Ix4, weight: Ix1, bias: Ix1; 4, 1e-3);
        "layer_norm": layer_norm(x: Ix4, weight: Ix1, bias: Ix1; 1e-5);
        "rms_norm": rms_norm(x: Ix4, weight: Ix1; 1e-6);
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
        "conv2d": conv2d(x: Ix4, w: Ix4; conv);
        "conv2d pixels": conv2d(x: Ix4, w: Ix4; conv.stride(2));
        "conv2d padding": conv2d(x: Ix4, w: Ix4; conv.padding(1));
        "conv2d stride": conv2d(x: Ix4, w: Ix4; conv.stride(2).padding(1));
        "conv2d dilation": conv2d(x: Ix4, w: Ix4; conv.dilation(2).padding(2));
        "conv2d groups": conv2d(x: Ix4, w: Ix4; conv.groups(2).padding(1));
        "conv2d depthwise": conv2d(x: Ix4, w: Ix4; conv.groups(3).stride(2));
        "conv2d uneven": conv2d(x: Ix4, w: Ix4; uneven);
        "conv1d": conv1d(x: Ix3, w: Ix3; conv.stride(2).padding(1).dilation(2));
        "conv1d groups": conv1d(x: Ix3, w: Ix3; conv.groups(2));
        "conv_transpose2d": conv_transpose2d(x: Ix4, w: Ix4; conv);
        "conv_transpose2d stride": conv_transpose2d(x: Ix4, w: Ix4; appended(conv.stride(2).padding(1), 1));
        "conv_transpose2d groups": conv_transpose2d(x: Ix4, w: Ix4; conv.stride(2).groups(2).dilation(2));
        "conv_transpose1d": conv_transpose1d(x: Ix3, w: Ix3; appended(conv.stride(3).padding(1), 2));
        "add_bias": add_bias(x: Ix4, b: Ix1);
    }
}

#[test]
fn pools() {
    let overlapping = Pool::new(3).stride(2).padding(1);
    cases! {
        "max_pool2d": max_pool2d(x: Ix4; Pool::new(2));
        "max_pool2d overlapping": max_pool2d(x: Ix4; overlapping);
        "avg_pool2d": avg_pool2d(x: Ix4; Pool::new(2));
        "avg_pool2d overlapping": avg_pool2d(x: Ix4; overlapping);
        "adaptive_avg_pool2d": adaptive_avg_pool2d(x: Ix4; [1, 1]);
        "adaptive_avg_pool2d uneven": adaptive_avg_pool2d(x: Ix4; [4, 3]);
        "flatten": flatten(x: Ix4);
    }
}

#[test]
fn losses() {
    cases! {
        "squared_loss": mse(x: Ix2, t: Ix2);
        "squared_error": squared_error(x: Ix2, t: Ix2);
        "absolute_loss": l1_loss(x: Ix2, t: Ix2);
        "absolute_error": absolute_error(x: Ix2, t: Ix2);
        "huber_loss": huber_loss(x: Ix2, t: Ix2);
        "huber_error": huber_error(x: Ix2, t: Ix2);
        "smooth_l1_loss": huber_loss(x: Ix2, t: Ix2);
        "binary_cross_entropy_with_logits_loss": binary_cross_entropy_with_logits(x: Ix2, t: Ix2);
        "binary_cross_entropy_with_logits_error": binary_cross_entropy_with_logits_error(x: Ix2, t: Ix2);
        "binary_cross_entropy": binary_cross_entropy(p: Ix1, t: Ix1);
        "kl_div": kl_div(x: Ix2, t: Ix2);
        "cosine_similarity": cosine_similarity(a: Ix2, b: Ix2);
        "cross_entropy": cross_entropy(x: Ix2; &[2, 0, 3]);
        "nll_loss": nll_loss(x: Ix2; &[2, 0, 3]);
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
