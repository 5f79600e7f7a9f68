//! Learning a text.

use differentiable::optim::schedule::{Cosine, Schedule};
use differentiable::optim::{AdamW, Groups, Optimizer, clip_norm};
use differentiable::{Differentiable, Float, LeafPath, LeafVisitorMut, LeavesMut};

use crate::model::{self, Gpt, GptTangent, Size};
use crate::random::Random;

/// A larger norm of the gradient is brought down to this one.
const LARGEST_GRADIENT: f64 = 1.0;

/// What the steps have in common.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    /// Sequences in a step.
    pub(crate) batch: usize,
    /// The highest learning rate.
    pub(crate) rate: f64,
    pub(crate) steps: u64,
    pub(crate) seed: u64,
}

impl Plan {
    /// A rise over a twentieth of the steps, then half a cosine down to a tenth.
    fn schedule(&self) -> Cosine {
        Cosine::new(self.rate, self.steps).warm_up((self.steps / 20).max(1)).lowest(self.rate / 10.0)
    }
}

/// A network, and what is needed to go on with its training.
pub(crate) struct Training {
    pub(crate) network: Gpt<f32>,
    pub(crate) optimizer: Groups<AdamW>,
    /// How many steps have been taken.
    pub(crate) step: u64,
    gradients: GptTangent<f32>,
}

impl Training {
    /// The beginning, with weights from a normal distribution.
    pub(crate) fn new(size: Size, seed: u64) -> Self {
        let mut network = Gpt::zeros(size);
        let residual = 0.02 / (2.0 * size.layers as f64).sqrt();
        network.visit_leaves_mut(&LeafPath::root(), &mut Fill { random: Random::new(seed), residual });
        let adamw = AdamW::new(1e-3).betas(0.9, 0.99);
        // Only matrices decay: scales and biases are not made smaller.
        let optimizer =
            Groups::new(adamw.clone().weight_decay(0.1)).group_by(|_, shape| shape.len() < 2, adamw.weight_decay(0.0));
        let gradients = network.zero_tangent();
        Self { network, optimizer, step: 0, gradients }
    }

    /// Takes a step with random pieces of the text, and gives their loss.
    ///
    /// The pieces depend on the number of the step only, so that nothing about them has to be kept.
    pub(crate) fn step(&mut self, text: &[usize], plan: &Plan) -> f32 {
        let mut random = Random::new(plan.seed.wrapping_mul(1_000_003).wrapping_add(self.step));
        let context = self.network.context();
        let starts = (0..plan.batch).map(|_| (random.bits() % (text.len() - context) as u64) as usize);
        let [tokens, following] = pieces(text, starts, context);
        differentiable::zero(&mut self.gradients);
        let loss =
            model::loss::value_and_grad_into(&self.network, &tokens, &following, plan.batch, &mut self.gradients);
        clip_norm(&mut self.gradients, LARGEST_GRADIENT);
        self.optimizer.set_learning_rate(plan.schedule().rate(self.step));
        self.optimizer.step(&mut self.network, &self.gradients);
        self.step += 1;
        loss
    }
}

/// Pieces of a text one after the other, and the tokens that follow each of theirs.
fn pieces(text: &[usize], starts: impl Iterator<Item = usize>, context: usize) -> [Vec<usize>; 2] {
    let [mut tokens, mut following] = [Vec::new(), Vec::new()];
    for start in starts {
        tokens.extend_from_slice(&text[start..start + context]);
        following.extend_from_slice(&text[start + 1..start + context + 1]);
    }
    [tokens, following]
}

/// The mean loss of all whole pieces of a text.
pub(crate) fn mean_loss(network: &Gpt<f32>, text: &[usize]) -> f32 {
    const TOGETHER: usize = 16;
    let context = network.context();
    let starts: Vec<usize> = (0..text.len().saturating_sub(context)).step_by(context).collect();
    let mut total = 0.0;
    for starts in starts.chunks(TOGETHER) {
        let [tokens, following] = pieces(text, starts.iter().copied(), context);
        total += model::loss(network, &tokens, &following, starts.len()) * starts.len() as f32;
    }
    total / starts.len() as f32
}

/// GPT-2's first weights: a standard deviation of 0.02, less for what is added to the residual stream.
struct Fill {
    random: Random,
    residual: f64,
}

impl Fill {
    /// A number from the normal distribution (Box and Muller).
    fn normal(&mut self) -> f64 {
        let mut uniform = || ((self.random.bits() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
        (-2.0 * uniform().ln()).sqrt() * (std::f64::consts::TAU * uniform()).cos()
    }
}

impl LeafVisitorMut for Fill {
    fn leaf<A: Float>(&mut self, path: &LeafPath<'_>, shape: &[usize], values: &mut [A]) {
        if shape.len() == 2 {
            let deviation = if path.to_string().ends_with("c_proj.weight") { self.residual } else { 0.02 };
            values.iter_mut().for_each(|value| *value = A::of(deviation * self.normal()));
        }
    }
}
