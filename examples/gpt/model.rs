//! GPT-2 (Radford and others, "Language Models are Unsupervised Multitask Learners", 2019).
//!
//! The fields have the names of OpenAI's files, so that the path of every parameter is its name there:
//! `h.0.attn.c_attn.weight`. There is no dropout.

use differentiable::ndarray::{Array1, Array2, Array4, Axis};
use differentiable::{Differentiable, Float, differentiable, nn};

/// What the layers have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) layers: usize,
    pub(crate) heads: usize,
    /// The numbers that stand for a token; each head has its share of them.
    pub(crate) width: usize,
    /// How many tokens the network sees at most.
    pub(crate) context: usize,
    /// How many different tokens there are.
    pub(crate) vocabulary: usize,
}

/// A row of numbers for each token, or for each position.
#[derive(Clone, Debug, Differentiable)]
pub(crate) struct Embedding<A: Float> {
    pub(crate) weight: Array2<A>,
}

#[derive(Clone, Debug, Differentiable)]
pub(crate) struct LayerNorm<A: Float> {
    pub(crate) weight: Array1<A>,
    pub(crate) bias: Array1<A>,
}

#[differentiable]
impl<A: Float> LayerNorm<A> {
    pub(crate) fn forward(&self, x: &Array2<A>) -> Array2<A> {
        nn::layer_norm(x, &self.weight, &self.bias, 1e-5)
    }
}

/// A linear layer with weights of shape `[inputs, outputs]`, which GPT-2 calls a convolution.
#[derive(Clone, Debug, Differentiable)]
pub(crate) struct Conv1d<A: Float> {
    pub(crate) weight: Array2<A>,
    pub(crate) bias: Array1<A>,
}

#[differentiable]
impl<A: Float> Conv1d<A> {
    pub(crate) fn forward(&self, x: &Array2<A>) -> Array2<A> {
        x.dot(&self.weight) + &self.bias
    }
}

/// Causal attention.
#[derive(Clone, Debug, Differentiable)]
pub(crate) struct Attention<A: Float> {
    pub(crate) c_attn: Conv1d<A>,
    pub(crate) c_proj: Conv1d<A>,
    pub(crate) heads: usize,
}

#[differentiable]
impl<A: Float> Attention<A> {
    /// The rows of `x` are the tokens of `batch` sequences of the same length.
    pub(crate) fn forward(&self, x: &Array2<A>, batch: usize) -> Array2<A> {
        let (tokens, width) = (x.nrows(), x.ncols());
        let parts = (batch, tokens / batch, 3, self.heads, width / self.heads);
        let x: Array2<A> = self.c_attn.forward(x);
        let parts = x.into_shape_with_order(parts).unwrap().permuted_axes([2, 0, 3, 1, 4]);
        let queries = parts.index_axis(Axis(0), 0).to_owned();
        let keys = parts.index_axis(Axis(0), 1).to_owned();
        let values = parts.index_axis(Axis(0), 2).to_owned();
        let y: Array4<A> = nn::attention(&queries, &keys, &values, true);
        let y = y.permuted_axes([0, 2, 1, 3]).into_shape_clone((tokens, width)).unwrap();
        self.c_proj.forward(&y)
    }
}

/// Two linear layers with GPT-2's approximation of the Gaussian error linear unit between them.
#[derive(Clone, Debug, Differentiable)]
pub(crate) struct Mlp<A: Float> {
    pub(crate) c_fc: Conv1d<A>,
    pub(crate) c_proj: Conv1d<A>,
}

#[differentiable]
impl<A: Float> Mlp<A> {
    pub(crate) fn forward(&self, x: &Array2<A>) -> Array2<A> {
        let x = self.c_fc.forward(x);
        let x = gelu(&x);
        self.c_proj.forward(&x)
    }
}

/// `x / 2 (1 + tanh(√(2/π) (x + 0.044715 x³)))`
#[differentiable]
pub(crate) fn gelu<A: Float>(x: &Array2<A>) -> Array2<A> {
    let scale = A::from(std::f64::consts::FRAC_2_PI.sqrt()).unwrap();
    let cubic = A::from(0.044_715).unwrap();
    let half = A::from(0.5).unwrap();
    x.mapv(|x| half * x * (A::one() + (scale * (x + cubic * x * x * x)).tanh()))
}

#[derive(Clone, Debug, Differentiable)]
pub(crate) struct Block<A: Float> {
    pub(crate) ln_1: LayerNorm<A>,
    pub(crate) attn: Attention<A>,
    pub(crate) ln_2: LayerNorm<A>,
    pub(crate) mlp: Mlp<A>,
}

#[differentiable]
impl<A: Float> Block<A> {
    pub(crate) fn forward(&self, x: &Array2<A>, batch: usize) -> Array2<A> {
        let y = self.ln_1.forward(x);
        let x = x + &self.attn.forward(&y, batch);
        let y = self.ln_2.forward(&x);
        x + &self.mlp.forward(&y)
    }
}

#[derive(Clone, Debug, Differentiable)]
pub(crate) struct Gpt<A: Float> {
    pub(crate) wte: Embedding<A>,
    pub(crate) wpe: Embedding<A>,
    pub(crate) h: Vec<Block<A>>,
    pub(crate) ln_f: LayerNorm<A>,
}

#[differentiable]
impl<A: Float> Gpt<A> {
    /// A score for each token that may follow each of `tokens`, which are `batch` sequences of the same length.
    pub(crate) fn forward(&self, tokens: &[usize], batch: usize) -> Array2<A> {
        let length = tokens.len() / batch;
        let positions: Vec<usize> = (0..tokens.len()).map(|index| index % length).collect();
        let mut x = nn::embedding(&self.wte.weight, tokens) + &nn::embedding(&self.wpe.weight, &positions);
        for block in &self.h {
            x = block.forward(&x, batch);
        }
        let x: Array2<A> = self.ln_f.forward(&x);
        let table: &Array2<A> = &self.wte.weight;
        x.dot(&table.t())
    }
}

/// The mean cross-entropy of the tokens that follow.
#[differentiable(wrt(model))]
pub(crate) fn loss<A: Float>(model: &Gpt<A>, tokens: &[usize], following: &[usize], batch: usize) -> A {
    let scores = model.forward(tokens, batch);
    nn::cross_entropy(&scores, following)
}

impl<A: Float> LayerNorm<A> {
    fn identity(width: usize) -> Self {
        Self { weight: Array1::ones(width), bias: Array1::zeros(width) }
    }
}

impl<A: Float> Conv1d<A> {
    fn zeros(inputs: usize, outputs: usize) -> Self {
        Self { weight: Array2::zeros((inputs, outputs)), bias: Array1::zeros(outputs) }
    }
}

impl<A: Float> Block<A> {
    fn zeros(Size { heads, width, .. }: Size) -> Self {
        Self {
            ln_1: LayerNorm::identity(width),
            attn: Attention { c_attn: Conv1d::zeros(width, 3 * width), c_proj: Conv1d::zeros(width, width), heads },
            ln_2: LayerNorm::identity(width),
            mlp: Mlp { c_fc: Conv1d::zeros(width, 4 * width), c_proj: Conv1d::zeros(4 * width, width) },
        }
    }
}

impl<A: Float> Gpt<A> {
    /// A network whose weights are zero and whose normalisations do nothing.
    pub(crate) fn zeros(size: Size) -> Self {
        Self {
            wte: Embedding { weight: Array2::zeros((size.vocabulary, size.width)) },
            wpe: Embedding { weight: Array2::zeros((size.context, size.width)) },
            h: (0..size.layers).map(|_| Block::zeros(size)).collect(),
            ln_f: LayerNorm::identity(size.width),
        }
    }

    /// How many tokens the network sees at most.
    pub(crate) fn context(&self) -> usize {
        self.wpe.weight.nrows()
    }
}
