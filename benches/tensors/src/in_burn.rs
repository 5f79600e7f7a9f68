//! The steps in burn, with its backend Flex.

use std::hint::black_box;

use burn::backend::{Autodiff, Flex};
use burn::module::{AutodiffModule, Module, Param};
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::loss::{CrossEntropyLossConfig, MseLoss, Reduction};
use burn::nn::pool::{AdaptiveAvgPool2dConfig, MaxPool2dConfig};
use burn::nn::{
    BatchNorm, BatchNormConfig, Embedding, EmbeddingConfig, LayerNorm, LayerNormConfig, Linear, LinearConfig, Lstm,
    LstmConfig, PaddingConfig2d,
};
use burn::optim::{AdamWConfig, GradientsParams, Optimizer, SgdConfig, momentum::MomentumConfig};
use burn::tensor::activation::{gelu_approximate, relu, softmax};
use burn::tensor::backend::Backend;
use burn::tensor::{Bool, Int, Tensor, TensorData};

use crate::work::{LSTM, MLP, Step, Work, labels, numbers};

type Cpu = Autodiff<Flex>;

/// The step of a work.
pub(crate) fn step(work: Work) -> Step {
    let device = Default::default();
    match work {
        Work::Chain(count) => {
            let [a, b] = [1, 2].map(|seed| array(seed, [count]).require_grad());
            Box::new(move || {
                let cubes = (a.clone() * a.clone() * a.clone()).mul_scalar(3.0);
                let gradients = (cubes - b.clone() * b.clone()).sum().backward();
                black_box((a.grad(&gradients), b.grad(&gradients)));
            })
        }
        Work::Mlp(batch) => {
            let (x, labels) = (array(1, [batch, MLP[0]]), indices(batch, MLP[3]));
            train(Mlp::new(), SgdConfig::new().init(), 1e-3, move |mlp| {
                cross_entropy(mlp.forward(x.clone()), labels.clone())
            })
        }
        Work::ResNet(batch) => {
            let (x, y) = (array(1, [batch, 3, 64, 64]), array(2, [batch, 1_000]));
            let sgd = SgdConfig::new().with_momentum(Some(MomentumConfig::new().with_dampening(0.0))).init();
            train(ResNet::new(), sgd, 1e-2, move |resnet| (resnet.forward(x.clone()) - y.clone()).sum())
        }
        Work::Gpt(batch) => {
            let tokens = indices(64 * batch, 69).reshape([batch, 64]);
            let following = indices(64 * batch, 67);
            train(Gpt::new(), AdamWConfig::new().init(), 1e-3, move |gpt| {
                cross_entropy(gpt.forward(tokens.clone()), following.clone())
            })
        }
        Work::Lstm(batch) => {
            let [length, inputs, state] = LSTM;
            let lstm: Lstm<Cpu> = LstmConfig::new(inputs, state, true).with_batch_first(false).init(&device);
            let (x, y) = (array(5, [length, batch, inputs]), array(6, [batch, state]));
            train(lstm, SgdConfig::new().init(), 1e-3, move |lstm| {
                let (_, state) = lstm.forward(x.clone(), None);
                MseLoss::new().forward(state.hidden, y.clone(), Reduction::Mean)
            })
        }
    }
}

/// A step that computes the gradients and updates the parameters.
fn train<M: AutodiffModule<Cpu> + 'static>(
    model: M,
    mut optimizer: impl Optimizer<M, Cpu> + 'static,
    rate: f64,
    loss: impl Fn(&M) -> Tensor<Cpu, 1> + 'static,
) -> Step {
    let mut model = Some(model);
    Box::new(move || {
        if let Some(before) = model.take() {
            let gradients = GradientsParams::from_grads(loss(&before).backward(), &before);
            model = Some(optimizer.step(rate, before, gradients));
        }
    })
}

fn array<const D: usize>(seed: usize, shape: [usize; D]) -> Tensor<Cpu, D> {
    let values = numbers(seed, shape.iter().product());
    Tensor::from_data(TensorData::new(values, shape), &Default::default())
}

fn indices(rows: usize, classes: usize) -> Tensor<Cpu, 1, Int> {
    let labels: Vec<i64> = labels(rows, classes).into_iter().map(|label| label as i64).collect();
    Tensor::from_data(TensorData::new(labels, [rows]), &Default::default())
}

fn cross_entropy(scores: Tensor<Cpu, 2>, labels: Tensor<Cpu, 1, Int>) -> Tensor<Cpu, 1> {
    CrossEntropyLossConfig::new().init(&scores.device()).forward(scores, labels)
}

#[derive(Module, Debug)]
struct Mlp<B: Backend> {
    layers: Vec<Linear<B>>,
}

impl Mlp<Cpu> {
    fn new() -> Self {
        let layer = |sizes: &[usize]| LinearConfig::new(sizes[0], sizes[1]).init(&Default::default());
        Self { layers: MLP.windows(2).map(layer).collect() }
    }

    fn forward(&self, x: Tensor<Cpu, 2>) -> Tensor<Cpu, 2> {
        let hidden = self.layers[..2].iter().fold(x, |x, layer| relu(layer.forward(x)));
        self.layers[2].forward(hidden)
    }
}

/// A convolution without a bias, and the normalisation behind it.
#[derive(Module, Debug)]
struct Normalised<B: Backend> {
    convolution: Conv2d<B>,
    norm: BatchNorm<B>,
}

impl Normalised<Cpu> {
    fn new(inputs: usize, outputs: usize, kernel: usize, stride: usize) -> Self {
        let padding = PaddingConfig2d::Explicit(kernel / 2, kernel / 2, kernel / 2, kernel / 2);
        let config = Conv2dConfig::new([inputs, outputs], [kernel, kernel]).with_stride([stride, stride]);
        let device = Default::default();
        Self {
            convolution: config.with_padding(padding).with_bias(false).init(&device),
            norm: BatchNormConfig::new(outputs).init(&device),
        }
    }

    fn forward(&self, x: Tensor<Cpu, 4>) -> Tensor<Cpu, 4> {
        self.norm.forward(self.convolution.forward(x))
    }
}

#[derive(Module, Debug)]
struct BasicBlock<B: Backend> {
    first: Normalised<B>,
    second: Normalised<B>,
    downsample: Option<Normalised<B>>,
}

impl BasicBlock<Cpu> {
    fn new(inputs: usize, outputs: usize, stride: usize) -> Self {
        Self {
            first: Normalised::new(inputs, outputs, 3, stride),
            second: Normalised::new(outputs, outputs, 3, 1),
            downsample: (stride != 1).then(|| Normalised::new(inputs, outputs, 1, stride)),
        }
    }

    fn forward(&self, x: Tensor<Cpu, 4>) -> Tensor<Cpu, 4> {
        let y = self.second.forward(relu(self.first.forward(x.clone())));
        let shortcut = match &self.downsample {
            Some(downsample) => downsample.forward(x),
            None => x,
        };
        relu(y + shortcut)
    }
}

#[derive(Module, Debug)]
struct ResNet<B: Backend> {
    stem: Normalised<B>,
    blocks: Vec<BasicBlock<B>>,
    classes: Linear<B>,
}

impl ResNet<Cpu> {
    fn new() -> Self {
        let stages = [(64, 64, 1), (64, 128, 2), (128, 256, 2), (256, 512, 2)];
        let stage = |(inputs, outputs, stride)| {
            [BasicBlock::new(inputs, outputs, stride), BasicBlock::new(outputs, outputs, 1)]
        };
        Self {
            stem: Normalised::new(3, 64, 7, 2),
            blocks: stages.into_iter().flat_map(stage).collect(),
            classes: LinearConfig::new(512, 1_000).init(&Default::default()),
        }
    }

    fn forward(&self, images: Tensor<Cpu, 4>) -> Tensor<Cpu, 2> {
        let padding = PaddingConfig2d::Explicit(1, 1, 1, 1);
        let pool = MaxPool2dConfig::new([3, 3]).with_strides([2, 2]).with_padding(padding).init();
        let x = pool.forward(relu(self.stem.forward(images)));
        let x = self.blocks.iter().fold(x, |x, block| block.forward(x));
        let x = AdaptiveAvgPool2dConfig::new([1, 1]).init().forward(x);
        self.classes.forward(x.flatten(1, 3))
    }
}

#[derive(Module, Debug)]
struct GptBlock<B: Backend> {
    norms: [LayerNorm<B>; 2],
    attention: [Linear<B>; 2],
    feed_forward: [Linear<B>; 2],
}

const WIDTH: usize = 96;
const HEADS: usize = 4;
const CONTEXT: usize = 64;

impl GptBlock<Cpu> {
    fn new() -> Self {
        let device = Default::default();
        let linear = |inputs, outputs| LinearConfig::new(inputs, outputs).init(&device);
        Self {
            norms: [LayerNormConfig::new(WIDTH).init(&device), LayerNormConfig::new(WIDTH).init(&device)],
            attention: [linear(WIDTH, 3 * WIDTH), linear(WIDTH, WIDTH)],
            feed_forward: [linear(WIDTH, 4 * WIDTH), linear(4 * WIDTH, WIDTH)],
        }
    }

    fn attend(&self, x: Tensor<Cpu, 3>) -> Tensor<Cpu, 3> {
        let [batch, length, width] = x.dims();
        let heads = |x: Tensor<Cpu, 3>| x.reshape([batch, length, HEADS, width / HEADS]).swap_dims(1, 2);
        let mut parts = self.attention[0].forward(x).chunk(3, 2).into_iter().map(heads);
        let mut part = || parts.next().expect("there are three parts");
        let (q, k, v) = (part(), part(), part());
        let scores = q.matmul(k.swap_dims(2, 3)).div_scalar(((width / HEADS) as f32).sqrt());
        let future = Tensor::<Cpu, 2, Bool>::tril_mask([length, length], 0, &scores.device());
        let weights = softmax(scores.mask_fill(future.unsqueeze(), f32::NEG_INFINITY), 3);
        self.attention[1].forward(weights.matmul(v).swap_dims(1, 2).reshape([batch, length, width]))
    }

    fn forward(&self, x: Tensor<Cpu, 3>) -> Tensor<Cpu, 3> {
        let x = x.clone() + self.attend(self.norms[0].forward(x));
        let hidden = gelu_approximate(self.feed_forward[0].forward(self.norms[1].forward(x.clone())));
        x + self.feed_forward[1].forward(hidden)
    }
}

#[derive(Module, Debug)]
struct Gpt<B: Backend> {
    tokens: Embedding<B>,
    positions: Param<Tensor<B, 2>>,
    blocks: Vec<GptBlock<B>>,
    norm: LayerNorm<B>,
}

impl Gpt<Cpu> {
    fn new() -> Self {
        let device = Default::default();
        Self {
            tokens: EmbeddingConfig::new(69, WIDTH).init(&device),
            positions: Param::from_tensor(array(1, [CONTEXT, WIDTH])),
            blocks: (0..3).map(|_| GptBlock::new()).collect(),
            norm: LayerNormConfig::new(WIDTH).init(&device),
        }
    }

    fn forward(&self, tokens: Tensor<Cpu, 2, Int>) -> Tensor<Cpu, 2> {
        let x = self.tokens.forward(tokens) + self.positions.val().unsqueeze();
        let x = self.norm.forward(self.blocks.iter().fold(x, |x, block| block.forward(x)));
        x.flatten::<2>(0, 1).matmul(self.tokens.weight.val().transpose())
    }
}
