//! Lion.

use super::{State, Update, optimizer};
use crate::{Float, Leaves, LeavesMut};

/// Lion: steps of one size in the direction of the sign of the momentum (Chen and others,
/// [arXiv:2302.06675](https://arxiv.org/abs/2302.06675)).
///
/// With the gradient `g`, the parameter `θ` and the momentum `m`,
///
/// ```text
/// θ ← θ - η λ θ
/// θ ← θ - η sign(β₁ m + (1 - β₁) g)
/// m ← β₂ m + (1 - β₂) g
/// ```
///
/// where the sign of 0 is 0. PyTorch has no Lion; these are the equations of the paper.
#[derive(Clone, Debug)]
pub struct Lion {
    /// The size of a step, `η`. The default is 0.0001.
    pub learning_rate: f64,
    /// How much of the momentum goes into a step, `β₁`. The default is 0.9.
    pub beta1: f64,
    /// The decay of the momentum, `β₂`. The default is 0.99.
    pub beta2: f64,
    /// How much of a parameter is taken away in a step, `λ`. The default is 0.
    pub weight_decay: f64,
    /// The momentum of every leaf, `m`.
    pub state: State,
}

impl Default for Lion {
    fn default() -> Self {
        Self { learning_rate: 1e-4, beta1: 0.9, beta2: 0.99, weight_decay: 0.0, state: State::default() }
    }
}

impl Lion {
    /// Lion with the given learning rate.
    pub fn new(learning_rate: f64) -> Self {
        Self { learning_rate, ..Self::default() }
    }

    #[track_caller]
    fn update<P: LeavesMut, G: Leaves>(&mut self, parameters: P, gradients: G) {
        let kept = 1.0 - self.learning_rate * self.weight_decay;
        let formula = Step { learning_rate: self.learning_rate, betas: [self.beta1, self.beta2], kept };
        self.state.update(&formula, parameters, gradients);
        self.state.next_step();
    }
}

optimizer!(Lion, |_this| &Step::STATE, &[]);

struct Step {
    learning_rate: f64,
    betas: [f64; 2],
    kept: f64,
}

impl Update<1> for Step {
    const STATE: [&'static str; 1] = ["exp_avg"];

    #[inline(always)]
    fn update<A: Float>(&self, values: &mut [A], gradient: &[A], [momenta]: [&mut [A]; 1]) {
        let [beta1, beta2] = self.betas.map(A::of);
        let [fresh1, fresh2] = self.betas.map(|beta| A::of(1.0 - beta));
        let [learning_rate, kept] = [self.learning_rate, self.kept].map(A::of);
        for ((value, momentum), &gradient) in values.iter_mut().zip(momenta).zip(gradient) {
            let direction = beta1 * *momentum + fresh1 * gradient;
            *value = kept * *value - learning_rate * sign(direction);
            *momentum = beta2 * *momentum + fresh2 * gradient;
        }
    }
}

/// -1, 0 or 1; NaN for NaN, so that it is not hidden.
fn sign<A: Float>(x: A) -> A {
    if x == A::zero() { A::zero() } else { x.signum() }
}
