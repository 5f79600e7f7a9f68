//! NAdam.

use super::{State, Update, optimizer};
use crate::{Float, Leaves, LeavesMut};

/// NAdam: Adam with Nesterov's momentum (Dozat, "Incorporating Nesterov Momentum into Adam", ICLR 2016 workshop).
///
/// With the gradient `g`, the parameter `θ`, the running means `m` and `s`, and the number `t` of the step,
///
/// ```text
/// g ← g + λ θ                            or, with decoupled weight decay, θ ← θ - η λ θ
/// μₜ = β₁ (1 - 0.96^(t ψ) / 2)
/// m ← β₁ m + (1 - β₁) g
/// s ← β₂ s + (1 - β₂) g²
/// n = μₜ₊₁ m / (1 - μ₁ ⋯ μₜ₊₁) + (1 - μₜ) g / (1 - μ₁ ⋯ μₜ)
/// θ ← θ - η n / (√(s / (1 - β₂ᵗ)) + ε)
/// ```
///
/// These are PyTorch's equations.
#[derive(Clone, Debug)]
pub struct NAdam {
    /// The size of a step, `η`. The default is 0.002.
    pub learning_rate: f64,
    /// The decay of the mean of the gradient, `β₁`. The default is 0.9.
    pub beta1: f64,
    /// The decay of the mean of the squared gradient, `β₂`. The default is 0.999.
    pub beta2: f64,
    /// What keeps the divisor above zero, `ε`. The default is 1e-8.
    pub epsilon: f64,
    /// The factor of an L2 penalty, `λ`. The default is 0.
    pub weight_decay: f64,
    /// How fast the momentum grows, `ψ`. The default is 0.004.
    pub momentum_decay: f64,
    /// Whether the weight decay is that of AdamW. The default is `false`.
    pub decoupled: bool,
    /// The running means `m` and `s` of every leaf, and `μ₁ ⋯ μₜ`.
    pub state: State,
}

impl Default for NAdam {
    fn default() -> Self {
        Self {
            learning_rate: 2e-3,
            beta1: 0.9,
            beta2: 0.999,
            epsilon: 1e-8,
            weight_decay: 0.0,
            momentum_decay: 4e-3,
            decoupled: false,
            state: State::default(),
        }
    }
}

impl NAdam {
    /// NAdam with the given learning rate.
    pub fn new(learning_rate: f64) -> Self {
        Self { learning_rate, ..Self::default() }
    }

    /// The momentum of a step, `μₜ`.
    fn momentum(&self, step: u64) -> f64 {
        self.beta1 * (1.0 - 0.5 * 0.96_f64.powf(step as f64 * self.momentum_decay))
    }

    #[track_caller]
    fn update<P: LeavesMut, G: Leaves>(&mut self, parameters: P, gradients: G) {
        let step = self.state.steps() + 1;
        let (momentum, next) = (self.momentum(step), self.momentum(step + 1));
        let product = *self.state.number(PRODUCT, 1.0) * momentum;
        let (kept, penalty) =
            if self.decoupled { (1.0 - self.learning_rate * self.weight_decay, 0.0) } else { (1.0, self.weight_decay) };
        let formula = Step {
            kept,
            penalty,
            betas: [self.beta1, self.beta2],
            of_gradient: self.learning_rate * (1.0 - momentum) / (1.0 - product),
            of_mean: self.learning_rate * next / (1.0 - product * next),
            correction: 1.0 - self.beta2.powf(step as f64),
            epsilon: self.epsilon,
        };
        self.state.update(&formula, parameters, gradients);
        *self.state.number(PRODUCT, 1.0) = product;
        self.state.next_step();
    }
}

optimizer!(NAdam, |_this| &Step::STATE, &[PRODUCT]);

/// The name of the product of all momenta.
const PRODUCT: &str = "mu_product";

struct Step {
    kept: f64,
    penalty: f64,
    betas: [f64; 2],
    of_gradient: f64,
    of_mean: f64,
    correction: f64,
    epsilon: f64,
}

impl Update<2> for Step {
    const STATE: [&'static str; 2] = ["exp_avg", "exp_avg_sq"];

    #[inline(always)]
    fn update<A: Float>(&self, values: &mut [A], gradient: &[A], [means, squares]: [&mut [A]; 2]) {
        let [beta1, beta2] = self.betas.map(A::of);
        let [fresh1, fresh2] = self.betas.map(|beta| A::of(1.0 - beta));
        let [kept, penalty, correction, epsilon] = [self.kept, self.penalty, self.correction, self.epsilon].map(A::of);
        let [of_gradient, of_mean] = [self.of_gradient, self.of_mean].map(A::of);
        for (((value, mean), square), &gradient) in values.iter_mut().zip(means).zip(squares).zip(gradient) {
            let gradient = gradient + penalty * *value;
            *mean = beta1 * *mean + fresh1 * gradient;
            *square = beta2 * *square + fresh2 * gradient * gradient;
            let direction = of_gradient * gradient + of_mean * *mean;
            *value = kept * *value - direction / ((*square / correction).sqrt() + epsilon);
        }
    }
}
