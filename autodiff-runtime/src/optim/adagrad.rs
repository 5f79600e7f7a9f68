//! Adagrad.

use super::{State, Update, optimizer};
use crate::{Float, Leaves, LeavesMut};

/// Adagrad: the gradient divided by the size of all gradients so far (Duchi, Hazan and Singer, JMLR 12, 2011).
///
/// With the gradient `g`, the parameter `θ`, the sum `s` of squares and the number `t` of the step,
///
/// ```text
/// g ← g + λ θ
/// s ← s + g²
/// θ ← θ - η / (1 + (t - 1) ρ) · g / (√s + ε)
/// ```
///
/// These are PyTorch's equations.
#[derive(Clone, Debug)]
pub struct Adagrad {
    /// The size of the first step, `η`. The default is 0.01.
    pub learning_rate: f64,
    /// How fast the steps become smaller, `ρ`. The default is 0.
    pub learning_rate_decay: f64,
    /// The factor of an L2 penalty, `λ`. The default is 0.
    pub weight_decay: f64,
    /// The sum of squares before the first step. The default is 0.
    pub initial_accumulator: f64,
    /// What keeps the divisor above zero, `ε`. The default is 1e-10.
    pub epsilon: f64,
    /// The sum of squares of every leaf, `s`.
    pub state: State,
}

impl Default for Adagrad {
    fn default() -> Self {
        Self {
            learning_rate: 1e-2,
            learning_rate_decay: 0.0,
            weight_decay: 0.0,
            initial_accumulator: 0.0,
            epsilon: 1e-10,
            state: State::default(),
        }
    }
}

impl Adagrad {
    /// Adagrad with the given learning rate.
    pub fn new(learning_rate: f64) -> Self {
        Self { learning_rate, ..Self::default() }
    }

    #[track_caller]
    fn update<P: LeavesMut, G: Leaves>(&mut self, parameters: P, gradients: G) {
        let before = self.state.steps() as f64;
        let formula = Step {
            rate: self.learning_rate / (1.0 + before * self.learning_rate_decay),
            weight_decay: self.weight_decay,
            initial: self.initial_accumulator,
            epsilon: self.epsilon,
        };
        self.state.update(&formula, parameters, gradients);
        self.state.next_step();
    }
}

optimizer!(Adagrad, |_this| &Step::STATE, &[]);

struct Step {
    rate: f64,
    weight_decay: f64,
    initial: f64,
    epsilon: f64,
}

impl Update<1> for Step {
    const STATE: [&'static str; 1] = ["sum"];

    #[inline(always)]
    fn update<A: Float>(&self, values: &mut [A], gradient: &[A], [sums]: [&mut [A]; 1]) {
        let [rate, weight_decay, epsilon] = [self.rate, self.weight_decay, self.epsilon].map(A::of);
        for ((value, sum), &gradient) in values.iter_mut().zip(sums).zip(gradient) {
            let gradient = gradient + weight_decay * *value;
            *sum += gradient * gradient;
            *value -= rate * gradient / (sum.sqrt() + epsilon);
        }
    }

    #[inline(always)]
    fn start<A: Float>(&self, values: &mut [A], gradient: &[A], [sums]: [&mut [A]; 1]) {
        sums.fill(A::of(self.initial));
        self.update(values, gradient, [sums]);
    }
}
