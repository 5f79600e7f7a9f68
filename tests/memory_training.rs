//! A training step that has run before allocates nothing larger than a kilobyte.

use differentiable::ndarray::{Array, Array1, Array2, Array4, Axis, Dimension, ShapeBuilder};
use differentiable::optim::{AdamW, Optimizer, Sgd};
use differentiable::{Differentiable, LeavesMut, differentiable, nn};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

struct Counting;

const KILOBYTE: usize = 1024;

thread_local! {
    static LARGE: Cell<usize> = const { Cell::new(0) };
    static LARGEST: Cell<usize> = const { Cell::new(0) };
}

fn note(bytes: usize) {
    if bytes > KILOBYTE {
        LARGE.set(LARGE.get() + 1);
        LARGEST.set(LARGEST.get().max(bytes));
    }
}

// SAFETY: every call is handed on to the system's allocator; the counters do not allocate.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        note(size);
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn numbers<D: Dimension>(seed: usize, shape: impl ShapeBuilder<Dim = D>) -> Array<f32, D> {
    let shape = shape.into_shape_with_order();
    let number = |index: usize| ((index * 7919 + seed * 104_729) % 2001) as f32 / 1e4 - 0.1;
    Array::from_shape_vec(shape.clone(), (0..shape.size()).map(number).collect()).unwrap()
}

/// Trains for some steps: the loss falls, and after the first step nothing large is allocated.
fn train<P, O>(mut parameters: P, mut optimizer: O, loss: impl Fn(&P, &mut P::Tangent) -> f32)
where
    P: Differentiable + LeavesMut,
    P::Tangent: LeavesMut,
    O: Optimizer,
{
    let mut gradients = parameters.zero_tangent();
    let mut losses = Vec::with_capacity(5);
    for step in 0..5 {
        LARGE.set(0);
        LARGEST.set(0);
        differentiable::zero(&mut gradients);
        losses.push(loss(&parameters, &mut gradients));
        optimizer.step(&mut parameters, &gradients);
        let (large, largest) = (LARGE.get(), LARGEST.get());
        assert!(step == 0 || large == 0, "step {step}: {large} large allocations, the largest of {largest} bytes");
    }
    assert!(losses[4] < losses[0], "{losses:?}");
}

#[derive(Clone, Differentiable)]
struct Linear {
    weight: Array2<f32>,
    bias: Array1<f32>,
}

fn linear(seed: usize, inputs: usize, outputs: usize) -> Linear {
    Linear { weight: numbers(seed, (outputs, inputs)), bias: Array1::zeros(outputs) }
}

#[derive(Clone, Differentiable)]
struct Perceptron {
    first: Linear,
    second: Linear,
    third: Linear,
}

#[differentiable(wrt(network))]
fn classification(network: &Perceptron, x: &Array2<f32>, labels: &[usize]) -> f32 {
    let x = nn::relu(&nn::linear(x, &network.first.weight, &network.first.bias));
    let x = nn::tanh(&nn::linear(&x, &network.second.weight, &network.second.bias));
    nn::cross_entropy(&nn::linear(&x, &network.third.weight, &network.third.bias), labels)
}

#[test]
fn a_perceptron() {
    let network = Perceptron { first: linear(1, 300, 260), second: linear(2, 260, 270), third: linear(3, 270, 10) };
    let (x, labels) = (numbers(4, (64, 300)), (0..64).map(|row| row % 10).collect::<Vec<_>>());
    train(network, Sgd::new(0.1).momentum(0.9), |network, gradients| {
        classification::value_and_grad_into(network, &x, &labels, gradients)
    });
}

#[differentiable(wrt(w, b, v))]
fn by_operators(w: &Array2<f32>, b: &Array1<f32>, v: &Array2<f32>, x: &Array2<f32>, y: &Array2<f32>) -> f32 {
    let h = (x.dot(w) + b).mapv(|t| t.max(0.0));
    let e = h.dot(v) - y;
    (&e * &e).mean().unwrap()
}

#[test]
fn a_perceptron_of_operators() {
    let parameters = (numbers(1, (100, 80)), Array1::<f32>::zeros(80), numbers(2, (80, 40)));
    let (x, y) = (numbers(3, (64, 100)), numbers(4, (64, 40)));
    train(parameters, Sgd::new(0.1), |(w, b, v), (w_bar, b_bar, v_bar)| {
        by_operators::value_and_grad_into(w, b, v, &x, &y, w_bar, b_bar, v_bar)
    });
}

#[derive(Clone, Differentiable)]
struct Convolutional {
    first: Array4<f32>,
    bias: Array1<f32>,
    scale: Array1<f32>,
    shift: Array1<f32>,
    #[nograd]
    running: nn::RunningStatistics<f32>,
    second: Array4<f32>,
    head: Linear,
}

#[differentiable(wrt(network))]
fn of_images(network: &Convolutional, x: &Array4<f32>, labels: &[usize]) -> f32 {
    let x = nn::conv2d(x, &network.first, nn::Conv::new().padding(1));
    let x = nn::add_bias(&x, &network.bias);
    let x = nn::relu(&nn::batch_norm(&x, &network.scale, &network.shift, &network.running, true));
    let x = nn::max_pool2d(&x, nn::Pool::new(2));
    let x = nn::relu(&nn::conv2d(&x, &network.second, nn::Conv::new().stride(2)));
    let x = nn::flatten(&nn::adaptive_avg_pool2d(&x, [2, 2]));
    nn::cross_entropy(&nn::linear(&x, &network.head.weight, &network.head.bias), labels)
}

#[test]
fn a_convolutional_network() {
    let network = Convolutional {
        first: numbers(1, (300, 3, 3, 3)),
        bias: Array1::zeros(300),
        scale: Array1::ones(300),
        shift: Array1::zeros(300),
        running: nn::RunningStatistics::new(300),
        second: numbers(2, (24, 300, 3, 3)),
        head: linear(3, 96, 10),
    };
    let (x, labels) = (numbers(4, (4, 3, 14, 14)), vec![1, 2, 3, 4]);
    train(network, Sgd::new(0.01), |network, gradients| {
        of_images::value_and_grad_into(network, &x, &labels, gradients)
    });
}

#[derive(Clone, Differentiable)]
struct Norm {
    weight: Array1<f32>,
    bias: Array1<f32>,
}

#[differentiable]
impl Norm {
    fn forward(&self, x: &Array2<f32>) -> Array2<f32> {
        nn::layer_norm(x, &self.weight, &self.bias, 1e-5)
    }
}

#[derive(Clone, Differentiable)]
struct Block {
    before: Norm,
    attend: Linear,
    project: Linear,
    between: Norm,
    widen: Linear,
    narrow: Linear,
    heads: usize,
}

#[differentiable]
impl Block {
    fn attention(&self, x: &Array2<f32>, batch: usize) -> Array2<f32> {
        let (tokens, width) = (x.nrows(), x.ncols());
        let x: Array2<f32> = nn::linear(x, &self.attend.weight, &self.attend.bias);
        let parts = (batch, tokens / batch, 3, self.heads, width / self.heads);
        let parts = x.into_shape_with_order(parts).unwrap().permuted_axes([2, 0, 3, 1, 4]);
        let queries = parts.index_axis(Axis(0), 0).to_owned();
        let keys = parts.index_axis(Axis(0), 1).to_owned();
        let values = parts.index_axis(Axis(0), 2).to_owned();
        let y: Array4<f32> = nn::attention(&queries, &keys, &values, true);
        let y = y.permuted_axes([0, 2, 1, 3]).into_shape_clone((tokens, width)).unwrap();
        nn::linear(&y, &self.project.weight, &self.project.bias)
    }

    fn forward(&self, x: &Array2<f32>, batch: usize) -> Array2<f32> {
        let y = self.before.forward(x);
        let x = x + &self.attention(&y, batch);
        let y = self.between.forward(&x);
        let y = nn::gelu(&nn::linear(&y, &self.widen.weight, &self.widen.bias));
        x + &nn::linear(&y, &self.narrow.weight, &self.narrow.bias)
    }
}

#[derive(Clone, Differentiable)]
struct Transformer {
    table: Array2<f32>,
    blocks: Vec<Block>,
}

#[differentiable(wrt(model))]
fn of_tokens(model: &Transformer, tokens: &[usize], following: &[usize], batch: usize) -> f32 {
    let mut x: Array2<f32> = nn::embedding(&model.table, tokens);
    for block in &model.blocks {
        x = block.forward(&x, batch);
    }
    nn::cross_entropy(&x.dot(&model.table.t()), following)
}

#[test]
fn a_transformer() {
    let width = 48;
    let norm = || Norm { weight: Array1::ones(width), bias: Array1::zeros(width) };
    let block = |seed: usize| Block {
        before: norm(),
        attend: linear(seed, width, 3 * width),
        project: linear(seed + 1, width, width),
        between: norm(),
        widen: linear(seed + 2, width, 4 * width),
        narrow: linear(seed + 3, 4 * width, width),
        heads: 4,
    };
    let model = Transformer { table: numbers(1, (30, width)), blocks: vec![block(2), block(6)] };
    let tokens: Vec<usize> = (0..48).map(|index| index * 7 % 30).collect();
    let following: Vec<usize> = (0..48).map(|index| index * 11 % 30).collect();
    train(model, AdamW::new(1e-2), |model, gradients| {
        of_tokens::value_and_grad_into(model, &tokens, &following, 3, gradients)
    });
}
