//! GPT-2: the rows of every matrix are the tokens of all sequences; attention is computed for each sequence and head.

use differentiable::ndarray::{Array1, Array2, ArrayView2, Axis, azip, s};

use crate::gpt;

const RATE: f32 = 1e-3;
const DECAY: f32 = 1e-2;

/// A parameter, and what AdamW keeps of earlier gradients.
struct Parameter {
    values: Array2<f32>,
    mean: Array2<f32>,
    square: Array2<f32>,
    steps: i32,
}

impl Parameter {
    fn new(values: Array2<f32>) -> Self {
        Self { mean: Array2::zeros(values.dim()), square: Array2::zeros(values.dim()), values, steps: 0 }
    }

    fn row(values: &Array1<f32>) -> Self {
        Self::new(values.clone().insert_axis(Axis(0)))
    }

    fn update(&mut self, gradient: &Array2<f32>) {
        self.steps += 1;
        let (mean_scale, square_scale) = (1.0 - 0.9_f32.powi(self.steps), 1.0 - 0.999_f32.powi(self.steps));
        let (rate, root) = (RATE / mean_scale, square_scale.sqrt());
        azip!((values in &mut self.values, mean in &mut self.mean, square in &mut self.square, &gradient in gradient) {
            *mean += 0.1 * (gradient - *mean);
            *square = 0.999 * *square + 0.001 * gradient * gradient;
            *values = *values * (1.0 - RATE * DECAY) - rate * *mean / (square.sqrt() / root + 1e-8);
        });
    }
}

struct Linear {
    weight: Parameter,
    bias: Parameter,
}

impl Linear {
    fn new(of: &gpt::Conv1d<f32>) -> Self {
        Self { weight: Parameter::new(of.weight.clone()), bias: Parameter::row(&of.bias) }
    }

    fn forward(&self, x: &Array2<f32>) -> Array2<f32> {
        x.dot(&self.weight.values) + &self.bias.values
    }

    fn reverse(&mut self, y_bar: &Array2<f32>, x: &Array2<f32>) -> Array2<f32> {
        let x_bar = y_bar.dot(&self.weight.values.t());
        self.weight.update(&x.t().dot(y_bar));
        self.bias.update(&y_bar.sum_axis(Axis(0)).insert_axis(Axis(0)));
        x_bar
    }
}

struct Norm {
    scale: Parameter,
    shift: Parameter,
}

/// The rows normalised, and the reciprocal deviation of each.
type Normalised = (Array2<f32>, Array1<f32>);

impl Norm {
    fn new(of: &gpt::LayerNorm<f32>) -> Self {
        Self { scale: Parameter::row(&of.weight), shift: Parameter::row(&of.bias) }
    }

    fn forward(&self, x: &Array2<f32>) -> (Array2<f32>, Normalised) {
        let width = x.ncols() as f32;
        let mut normalised = x.clone();
        let mut scales = Array1::zeros(x.nrows());
        for (mut row, scale) in normalised.outer_iter_mut().zip(&mut scales) {
            let mean = row.sum() / width;
            row -= mean;
            *scale = (row.dot(&row) / width + 1e-5).sqrt().recip();
            row *= *scale;
        }
        (&normalised * &self.scale.values + &self.shift.values, (normalised, scales))
    }

    fn reverse(&mut self, mut y_bar: Array2<f32>, (normalised, scales): &Normalised) -> Array2<f32> {
        let width = y_bar.ncols() as f32;
        let scale_bar = (&y_bar * normalised).sum_axis(Axis(0)).insert_axis(Axis(0));
        let shift_bar = y_bar.sum_axis(Axis(0)).insert_axis(Axis(0));
        y_bar *= &self.scale.values;
        for ((mut row_bar, row), scale) in y_bar.outer_iter_mut().zip(normalised.outer_iter()).zip(scales) {
            let (sum, product) = (row_bar.sum() / width, row_bar.dot(&row) / width);
            azip!((row_bar in &mut row_bar, &x in &row) *row_bar = scale * (*row_bar - sum - x * product));
        }
        self.scale.update(&scale_bar);
        self.shift.update(&shift_bar);
        y_bar
    }
}

struct Block {
    norms: [Norm; 2],
    attention: Linear,
    projection: Linear,
    wide: Linear,
    narrow: Linear,
    heads: usize,
}

/// What the way back needs of a block.
struct Seen {
    norms: [(Array2<f32>, Normalised); 2],
    parts: Array2<f32>,
    weights: Vec<Array2<f32>>,
    mixed: Array2<f32>,
    hidden: Array2<f32>,
    bent: Array2<f32>,
}

impl Block {
    fn new(of: &gpt::Block<f32>) -> Self {
        Self {
            norms: [Norm::new(&of.ln_1), Norm::new(&of.ln_2)],
            attention: Linear::new(&of.attn.c_attn),
            projection: Linear::new(&of.attn.c_proj),
            wide: Linear::new(&of.mlp.c_fc),
            narrow: Linear::new(&of.mlp.c_proj),
            heads: of.attn.heads,
        }
    }

    fn forward(&self, x: &mut Array2<f32>, length: usize) -> Seen {
        let first = self.norms[0].forward(x);
        let parts = self.attention.forward(&first.0);
        let mut mixed = Array2::zeros(x.dim());
        let mut weights = Vec::new();
        for place in places(x.dim(), length, self.heads) {
            let [queries, keys, values] = place.parts(&parts);
            let attended = attention_weights(queries, keys);
            mixed.slice_mut(s![place.rows(), place.columns(0)]).assign(&attended.dot(&values));
            weights.push(attended);
        }
        *x += &self.projection.forward(&mixed);
        let second = self.norms[1].forward(x);
        let hidden = self.wide.forward(&second.0);
        let bent = hidden.mapv(|x| 0.5 * x * (1.0 + gelu_tanh(x)));
        *x += &self.narrow.forward(&bent);
        Seen { norms: [first, second], parts, weights, mixed, hidden, bent }
    }

    fn reverse(&mut self, x_bar: &mut Array2<f32>, seen: &Seen, length: usize) {
        let mut hidden_bar = self.narrow.reverse(x_bar, &seen.bent);
        azip!((hidden_bar in &mut hidden_bar, &x in &seen.hidden) {
            let t = gelu_tanh(x);
            let slope = GELU_SCALE * (1.0 + 3.0 * GELU_CUBIC * x * x);
            *hidden_bar *= 0.5 * (1.0 + t) + 0.5 * x * (1.0 - t * t) * slope;
        });
        let second_bar = self.wide.reverse(&hidden_bar, &seen.norms[1].0);
        *x_bar += &self.norms[1].reverse(second_bar, &seen.norms[1].1);
        let mixed_bar = self.projection.reverse(x_bar, &seen.mixed);
        let mut parts_bar = Array2::zeros(seen.parts.dim());
        for (place, weights) in places(x_bar.dim(), length, self.heads).zip(&seen.weights) {
            let [queries, keys, values] = place.parts(&seen.parts);
            let mixed_bar = mixed_bar.slice(s![place.rows(), place.columns(0)]);
            let mut scores_bar = mixed_bar.dot(&values.t());
            for (mut row_bar, row) in scores_bar.outer_iter_mut().zip(weights.outer_iter()) {
                let product = row_bar.dot(&row);
                azip!((row_bar in &mut row_bar, &weight in &row) *row_bar = weight * (*row_bar - product));
            }
            scores_bar /= (queries.ncols() as f32).sqrt();
            let bars = [scores_bar.dot(&keys), scores_bar.t().dot(&queries), weights.t().dot(&mixed_bar)];
            for (part, bar) in bars.iter().enumerate() {
                parts_bar.slice_mut(s![place.rows(), place.columns(part)]).assign(bar);
            }
        }
        let first_bar = self.attention.reverse(&parts_bar, &seen.norms[0].0);
        *x_bar += &self.norms[0].reverse(first_bar, &seen.norms[0].1);
    }
}

/// A sequence and a head.
#[derive(Clone, Copy)]
struct Place {
    first_row: usize,
    length: usize,
    first_column: usize,
    head: usize,
    width: usize,
}

impl Place {
    fn rows(self) -> std::ops::Range<usize> {
        self.first_row..self.first_row + self.length
    }

    /// The columns of queries, keys or values.
    fn columns(self, part: usize) -> std::ops::Range<usize> {
        let first = part * self.width + self.first_column;
        first..first + self.head
    }

    fn parts(self, parts: &Array2<f32>) -> [ArrayView2<'_, f32>; 3] {
        [0, 1, 2].map(|part| parts.slice(s![self.rows(), self.columns(part)]))
    }
}

fn places((tokens, width): (usize, usize), length: usize, heads: usize) -> impl Iterator<Item = Place> {
    let head = width / heads;
    let of_sequence = move |first_row: usize| {
        (0..heads).map(move |index| Place { first_row, length, first_column: index * head, head, width })
    };
    (0..tokens).step_by(length).flat_map(of_sequence)
}

/// How much each token attends to those before it and to itself.
fn attention_weights(queries: ArrayView2<'_, f32>, keys: ArrayView2<'_, f32>) -> Array2<f32> {
    let mut weights = queries.dot(&keys.t()) / (queries.ncols() as f32).sqrt();
    for (at, mut row) in weights.outer_iter_mut().enumerate() {
        row.slice_mut(s![at + 1..]).fill(0.0);
        let mut past = row.slice_mut(s![..=at]);
        let largest = past.fold(f32::NEG_INFINITY, |largest, &score| largest.max(score));
        past.mapv_inplace(|score| (score - largest).exp());
        let total = past.sum();
        past /= total;
    }
    weights
}

const GELU_CUBIC: f32 = 0.044_715;
const GELU_SCALE: f32 = 0.797_884_6;

fn gelu_tanh(x: f32) -> f32 {
    (GELU_SCALE * (x + GELU_CUBIC * x * x * x)).tanh()
}

pub(super) struct Network {
    tokens: Parameter,
    positions: Parameter,
    blocks: Vec<Block>,
    norm: Norm,
}

impl Network {
    pub(super) fn new(of: &gpt::Gpt<f32>) -> Self {
        Self {
            tokens: Parameter::new(of.wte.weight.clone()),
            positions: Parameter::new(of.wpe.weight.clone()),
            blocks: of.h.iter().map(Block::new).collect(),
            norm: Norm::new(&of.ln_f),
        }
    }

    /// A step with the mean cross-entropy of the tokens that follow.
    pub(super) fn step(&mut self, tokens: &[usize], following: &[usize]) -> f32 {
        let length = self.positions.values.nrows();
        let mut x = self.tokens.values.select(Axis(0), tokens);
        for mut sequence in x.axis_chunks_iter_mut(Axis(0), length) {
            sequence += &self.positions.values;
        }
        let seen: Vec<Seen> = self.blocks.iter().map(|block| block.forward(&mut x, length)).collect();
        let (last, normalised) = self.norm.forward(&x);
        let mut scores_bar = last.dot(&self.tokens.values.t());
        let mut loss = 0.0;
        for (mut row, &token) in scores_bar.outer_iter_mut().zip(following) {
            let largest = row.fold(f32::NEG_INFINITY, |largest, &score| largest.max(score));
            row.mapv_inplace(|score| (score - largest).exp());
            let total = row.sum();
            loss -= (row[token] / total).ln();
            row /= total;
            row[token] -= 1.0;
        }
        scores_bar /= tokens.len() as f32;
        let mut tokens_bar = scores_bar.t().dot(&last);
        let mut x_bar = self.norm.reverse(scores_bar.dot(&self.tokens.values), &normalised);
        for (block, seen) in self.blocks.iter_mut().zip(&seen).rev() {
            block.reverse(&mut x_bar, seen, length);
        }
        let mut positions_bar = Array2::zeros(self.positions.values.dim());
        for sequence_bar in x_bar.axis_chunks_iter(Axis(0), length) {
            positions_bar += &sequence_bar;
        }
        for (row_bar, &token) in x_bar.outer_iter().zip(tokens) {
            tokens_bar.row_mut(token).scaled_add(1.0, &row_bar);
        }
        self.tokens.update(&tokens_bar);
        self.positions.update(&positions_bar);
        loss / tokens.len() as f32
    }
}
