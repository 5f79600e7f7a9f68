//! The steps in candle.

use std::hint::black_box;

use candle_core::{D, DType, Device, IndexOp, Result, Tensor, Var};
use candle_nn::ops::{layer_norm_slow, softmax};
use candle_nn::rnn::LSTMState;
use candle_nn::{
    AdamW, BatchNorm, Conv2d, Conv2dConfig, Embedding, LSTM, LSTMConfig, Linear, Module, ModuleT, Optimizer, RNN, SGD,
    VarBuilder, VarMap, batch_norm, conv2d_no_bias, embedding, linear, loss,
};

use crate::work::{LSTM as SIZES, MLP, Step, Work, labels, numbers};

/// The step of a work.
pub(crate) fn step(work: Work) -> Step {
    prepare(work).expect("the shapes fit")
}

fn prepare(work: Work) -> Result<Step> {
    let map = VarMap::new();
    let variables = VarBuilder::from_varmap(&map, DType::F32, &Device::Cpu);
    match work {
        Work::Chain(count) => {
            let [a, b] = [Var::from_tensor(&array(1, &[count])?)?, Var::from_tensor(&array(2, &[count])?)?];
            Ok(Box::new(move || {
                black_box(chain(&a, &b).expect("the shapes fit"));
            }))
        }
        Work::Mlp(batch) => {
            let mlp = Mlp::new(&variables)?;
            let (x, labels) = (array(1, &[batch, MLP[0]])?, indices(batch, MLP[3])?);
            let sgd = SGD::new(map.all_vars(), 1e-3)?;
            Ok(train(sgd, move || loss::cross_entropy(&mlp.forward(&x)?, &labels)))
        }
        Work::ResNet(batch) => {
            let resnet = ResNet::new(&variables)?;
            let (x, y) = (array(1, &[batch, 3, 64, 64])?, array(2, &[batch, 1_000])?);
            let sgd = Momentum::new(map.all_vars(), 1e-2)?;
            Ok(train(sgd, move || resnet.forward(&x)?.sub(&y)?.sum_all()))
        }
        Work::Gpt(batch) => {
            let gpt = Gpt::new(&variables)?;
            let (tokens, following) = (indices(64 * batch, 69)?.reshape((batch, 64))?, indices(64 * batch, 67)?);
            let adam_w = AdamW::new_lr(map.all_vars(), 1e-3)?;
            Ok(train(adam_w, move || loss::cross_entropy(&gpt.forward(&tokens)?, &following)))
        }
        Work::Lstm(batch) => {
            let [length, inputs, state] = SIZES;
            let lstm = candle_nn::lstm(inputs, state, LSTMConfig::default(), variables)?;
            let (x, y) = (array(5, &[batch, length, inputs])?, array(6, &[batch, state])?);
            let sgd = SGD::new(map.all_vars(), 1e-3)?;
            Ok(train(sgd, move || loss::mse(last_state(&lstm, &x)?.h(), &y)))
        }
    }
}

/// A step that computes the gradients and updates the parameters.
fn train(mut optimizer: impl Optimizer + 'static, loss: impl Fn() -> Result<Tensor> + 'static) -> Step {
    Box::new(move || {
        let step = loss().and_then(|loss| optimizer.backward_step(&loss));
        step.expect("the shapes fit");
    })
}

fn array(seed: usize, shape: &[usize]) -> Result<Tensor> {
    Tensor::from_vec(numbers(seed, shape.iter().product()), shape, &Device::Cpu)
}

fn indices(rows: usize, classes: usize) -> Result<Tensor> {
    let labels: Vec<u32> = labels(rows, classes).into_iter().map(|label| label as u32).collect();
    Tensor::from_vec(labels, rows, &Device::Cpu)
}

fn chain(a: &Tensor, b: &Tensor) -> Result<candle_core::backprop::GradStore> {
    let cubes = (a.mul(a)?.mul(a)? * 3.0)?;
    cubes.sub(&b.sqr()?)?.sum_all()?.backward()
}

/// Descent with momentum, which candle's own lacks.
struct Momentum {
    parameters: Vec<(Var, Tensor)>,
    rate: f64,
}

impl Optimizer for Momentum {
    type Config = f64;

    fn new(parameters: Vec<Var>, rate: f64) -> Result<Self> {
        let with_velocity = |parameter: Var| {
            let velocity = parameter.zeros_like()?;
            Ok((parameter, velocity))
        };
        Ok(Self { parameters: parameters.into_iter().map(with_velocity).collect::<Result<_>>()?, rate })
    }

    fn step(&mut self, gradients: &candle_core::backprop::GradStore) -> Result<()> {
        for (parameter, velocity) in &mut self.parameters {
            if let Some(gradient) = gradients.get(parameter) {
                *velocity = ((&*velocity * 0.9)? + gradient)?;
                parameter.set(&parameter.sub(&(&*velocity * self.rate)?)?)?;
            }
        }
        Ok(())
    }

    fn learning_rate(&self) -> f64 {
        self.rate
    }

    fn set_learning_rate(&mut self, rate: f64) {
        self.rate = rate;
    }
}

struct Mlp {
    layers: Vec<Linear>,
}

impl Mlp {
    fn new(variables: &VarBuilder<'_>) -> Result<Self> {
        let layer = |(index, sizes): (usize, &[usize])| linear(sizes[0], sizes[1], variables.pp(index));
        Ok(Self { layers: MLP.windows(2).enumerate().map(layer).collect::<Result<_>>()? })
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let hidden = self.layers[..2].iter().try_fold(x.clone(), |x, layer| layer.forward(&x)?.relu())?;
        self.layers[2].forward(&hidden)
    }
}

/// A convolution without a bias, and the normalisation behind it.
struct Normalised {
    convolution: Conv2d,
    norm: BatchNorm,
}

impl Normalised {
    fn new(inputs: usize, outputs: usize, kernel: usize, stride: usize, variables: &VarBuilder<'_>) -> Result<Self> {
        let config = Conv2dConfig { padding: kernel / 2, stride, ..Conv2dConfig::default() };
        Ok(Self {
            convolution: conv2d_no_bias(inputs, outputs, kernel, config, variables.pp("convolution"))?,
            norm: batch_norm(outputs, 1e-5, variables.pp("norm"))?,
        })
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        self.norm.forward_t(&self.convolution.forward(x)?, true)
    }
}

struct BasicBlock {
    first: Normalised,
    second: Normalised,
    downsample: Option<Normalised>,
}

impl BasicBlock {
    fn new(inputs: usize, outputs: usize, stride: usize, variables: &VarBuilder<'_>) -> Result<Self> {
        let downsample = || Normalised::new(inputs, outputs, 1, stride, &variables.pp("downsample"));
        Ok(Self {
            first: Normalised::new(inputs, outputs, 3, stride, &variables.pp("first"))?,
            second: Normalised::new(outputs, outputs, 3, 1, &variables.pp("second"))?,
            downsample: (stride != 1).then(downsample).transpose()?,
        })
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let y = self.second.forward(&self.first.forward(x)?.relu()?)?;
        match &self.downsample {
            Some(downsample) => (y + downsample.forward(x)?)?.relu(),
            None => (y + x)?.relu(),
        }
    }
}

struct ResNet {
    stem: Normalised,
    blocks: Vec<BasicBlock>,
    classes: Linear,
}

impl ResNet {
    fn new(variables: &VarBuilder<'_>) -> Result<Self> {
        let mut blocks = Vec::new();
        for (inputs, outputs, stride) in [(64, 64, 1), (64, 128, 2), (128, 256, 2), (256, 512, 2)] {
            blocks.push(BasicBlock::new(inputs, outputs, stride, &variables.pp(blocks.len()))?);
            blocks.push(BasicBlock::new(outputs, outputs, 1, &variables.pp(blocks.len()))?);
        }
        Ok(Self {
            stem: Normalised::new(3, 64, 7, 2, &variables.pp("stem"))?,
            blocks,
            classes: linear(512, 1_000, variables.pp("classes"))?,
        })
    }

    /// The maximum is taken over 2 × 2 pixels instead of 3 × 3, since candle has no derivative for windows that overlap.
    fn forward(&self, images: &Tensor) -> Result<Tensor> {
        let x = self.stem.forward(images)?.relu()?.max_pool2d(2)?;
        let x = self.blocks.iter().try_fold(x, |x, block| block.forward(&x))?;
        self.classes.forward(&x.mean((2, 3))?)
    }
}

const WIDTH: usize = 96;
const HEADS: usize = 4;
const CONTEXT: usize = 64;

/// Layer normalisation of operations that have derivatives; those of candle's own layer are missing.
struct Norm {
    weight: Tensor,
    bias: Tensor,
}

impl Norm {
    fn new(variables: &VarBuilder<'_>) -> Result<Self> {
        let ones = candle_nn::Init::Const(1.0);
        Ok(Self { weight: variables.get_with_hints(WIDTH, "weight", ones)?, bias: variables.get(WIDTH, "bias")? })
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        layer_norm_slow(x, &self.weight, &self.bias, 1e-5)
    }
}

struct GptBlock {
    norms: [Norm; 2],
    attention: [Linear; 2],
    feed_forward: [Linear; 2],
    past: Tensor,
}

impl GptBlock {
    fn new(variables: &VarBuilder<'_>) -> Result<Self> {
        Ok(Self {
            norms: [Norm::new(&variables.pp("norm1"))?, Norm::new(&variables.pp("norm2"))?],
            attention: [
                linear(WIDTH, 3 * WIDTH, variables.pp("qkv"))?,
                linear(WIDTH, WIDTH, variables.pp("projection"))?,
            ],
            feed_forward: [
                linear(WIDTH, 4 * WIDTH, variables.pp("wide"))?,
                linear(4 * WIDTH, WIDTH, variables.pp("narrow"))?,
            ],
            past: Tensor::tril2(CONTEXT, DType::U8, &Device::Cpu)?,
        })
    }

    fn attend(&self, x: &Tensor) -> Result<Tensor> {
        let (batch, length, width) = x.dims3()?;
        let parts = self.attention[0].forward(x)?.reshape((batch, length, 3, HEADS, width / HEADS))?;
        let part = |index| parts.i((.., .., index))?.transpose(1, 2)?.contiguous();
        let (q, k, v) = (part(0)?, part(1)?, part(2)?);
        let scores = (q.matmul(&k.t()?)? / ((width / HEADS) as f64).sqrt())?;
        let none = Tensor::full(f32::NEG_INFINITY, scores.shape(), scores.device())?;
        let weights = softmax(&self.past.broadcast_as(scores.shape())?.where_cond(&scores, &none)?, D::Minus1)?;
        self.attention[1].forward(&weights.matmul(&v)?.transpose(1, 2)?.reshape((batch, length, width))?)
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let x = (x + self.attend(&self.norms[0].forward(x)?)?)?;
        let hidden = self.feed_forward[0].forward(&self.norms[1].forward(&x)?)?.gelu()?;
        x + self.feed_forward[1].forward(&hidden)?
    }
}

struct Gpt {
    tokens: Embedding,
    positions: Tensor,
    blocks: Vec<GptBlock>,
    norm: Norm,
}

impl Gpt {
    fn new(variables: &VarBuilder<'_>) -> Result<Self> {
        Ok(Self {
            tokens: embedding(69, WIDTH, variables.pp("tokens"))?,
            positions: variables.get((CONTEXT, WIDTH), "positions")?,
            blocks: (0..3).map(|index| GptBlock::new(&variables.pp(index))).collect::<Result<_>>()?,
            norm: Norm::new(&variables.pp("norm"))?,
        })
    }

    fn forward(&self, tokens: &Tensor) -> Result<Tensor> {
        let x = self.tokens.forward(tokens)?.broadcast_add(&self.positions)?;
        let x = self.norm.forward(&self.blocks.iter().try_fold(x, |x, block| block.forward(&x))?)?;
        x.flatten_to(1)?.matmul(&self.tokens.embeddings().t()?)
    }
}

fn last_state(lstm: &LSTM, x: &Tensor) -> Result<LSTMState> {
    let state = lstm.zero_state(x.dim(0)?)?;
    (0..x.dim(1)?).try_fold(state, |state, index| lstm.step(&x.i((.., index))?.contiguous()?, &state))
}
