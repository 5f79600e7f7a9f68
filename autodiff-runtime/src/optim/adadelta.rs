//! Adadelta.

use super::{State, Update, optimizer};
use crate::{Float, Leaves, LeavesMut};

/// Adadelta: the gradient divided by its recent size and multiplied by that of recent steps (Zeiler,
/// [arXiv:1212.5701](https://arxiv.org/abs/1212.5701)).
///
/// With the gradient `g`, the parameter `θ` and the running means `s` of squared gradients and `u` of squared steps,
///
/// ```text
/// g ← g + λ θ
/// s ← ρ s + (1 - ρ) g²
/// d = √(u + ε) / √(s + ε) · g
/// u ← ρ u + (1 - ρ) d²
/// θ ← θ - η d
/// ```
///
/// These are PyTorch's equations.
#[derive(Clone, Debug)]
pub struct Adadelta {
    /// The factor of a step, `η`. The default is 1.
    pub learning_rate: f64,
    /// The decay of the running means, `ρ`. The default is 0.9.
    pub rho: f64,
    /// What keeps both roots above zero, `ε`. The default is 1e-6.
    pub epsilon: f64,
    /// The factor of an L2 penalty, `λ`. The default is 0.
    pub weight_decay: f64,
    /// The running means `s` and `u` of every leaf.
    pub state: State,
}

impl Default for Adadelta {
    fn default() -> Self {
        Self { learning_rate: 1.0, rho: 0.9, epsilon: 1e-6, weight_decay: 0.0, state: State::default() }
    }
}

impl Adadelta {
    /// Adadelta with the given learning rate.
    pub fn new(learning_rate: f64) -> Self {
        Self { learning_rate, ..Self::default() }
    }

    #[track_caller]
    fn update<P: LeavesMut, G: Leaves>(&mut self, parameters: P, gradients: G) {
        let &mut Self { learning_rate, rho, epsilon, weight_decay, .. } = self;
        self.state.update(&Step { learning_rate, rho, epsilon, weight_decay }, parameters, gradients);
        self.state.next_step();
    }
}

optimizer!(Adadelta, |_this| &Step::STATE, &[]);

struct Step {
    learning_rate: f64,
    rho: f64,
    epsilon: f64,
    weight_decay: f64,
}

impl Update<2> for Step {
    const STATE: [&'static str; 2] = ["square_avg", "acc_delta"];

    #[inline(always)]
    fn update<A: Float>(&self, values: &mut [A], gradient: &[A], [squares, deltas]: [&mut [A]; 2]) {
        let [learning_rate, rho, fresh, epsilon, weight_decay] =
            [self.learning_rate, self.rho, 1.0 - self.rho, self.epsilon, self.weight_decay].map(A::of);
        for (((value, square), accumulated), &gradient) in values.iter_mut().zip(squares).zip(deltas).zip(gradient) {
            let gradient = gradient + weight_decay * *value;
            *square = rho * *square + fresh * gradient * gradient;
            let delta = (*accumulated + epsilon).sqrt() / (*square + epsilon).sqrt() * gradient;
            *accumulated = rho * *accumulated + fresh * delta * delta;
            *value -= learning_rate * delta;
        }
    }
}
