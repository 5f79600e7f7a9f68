//! Adam and AdamW.

use super::{Optimizer, Update, update_leaves};
use crate::{Float, LeafBuffer, Leaves, LeavesMut};

/// Adam: steps scaled by running means of the gradient and of its square (Kingma and Ba,
/// [arXiv:1412.6980](https://arxiv.org/abs/1412.6980)), with the weight decay of AdamW (Loshchilov and Hutter,
/// [arXiv:1711.05101](https://arxiv.org/abs/1711.05101)).
///
/// With the gradient `g`, the parameter `θ`, the running means `m` and `s`, and the number `t` of the step,
///
/// ```text
/// θ ← θ - η λ θ
/// m ← β₁ m + (1 - β₁) g
/// s ← β₂ s + (1 - β₂) g²
/// θ ← θ - η (m / (1 - β₁ᵗ)) / (√(s / (1 - β₂ᵗ)) + ε)
/// ```
///
/// These are the equations of PyTorch's `AdamW`, and without weight decay those of its `Adam`.
///
/// ```
/// use autodiff_runtime::optim::Adam;
///
/// let mut x = [4.0_f64, -1.0];
/// let mut optimizer = Adam::new(0.5);
/// optimizer.step(&mut x, [8.0, -2.0]); // the size of the gradient does not matter in the first step
/// assert!((x[0] - 3.5).abs() < 1e-8 && (x[1] + 0.5).abs() < 1e-8);
/// ```
#[derive(Clone, Debug)]
pub struct Adam {
    /// The size of a step, `η`. The default is 0.001.
    pub learning_rate: f64,
    /// The decay of the mean of the gradient, `β₁`. The default is 0.9.
    pub beta1: f64,
    /// The decay of the mean of the squared gradient, `β₂`. The default is 0.999.
    pub beta2: f64,
    /// What keeps the divisor above zero, `ε`. The default is 1e-8.
    pub epsilon: f64,
    /// How much of a parameter is taken away in a step, `λ`. The default is 0.
    pub weight_decay: f64,
    /// How many steps have been taken, `t`; a part of the state.
    pub steps: i32,
    /// The running means `m` and `s` of every leaf: the state, empty before the first step.
    pub means: Vec<[LeafBuffer; 2]>,
}

impl Default for Adam {
    fn default() -> Self {
        Self {
            learning_rate: 1e-3,
            beta1: 0.9,
            beta2: 0.999,
            epsilon: 1e-8,
            weight_decay: 0.0,
            steps: 0,
            means: Vec::new(),
        }
    }
}

impl Adam {
    /// Adam with the given learning rate.
    pub fn new(learning_rate: f64) -> Self {
        Self { learning_rate, ..Self::default() }
    }

    /// The same with other decays of the running means.
    #[must_use]
    pub fn betas(self, beta1: f64, beta2: f64) -> Self {
        Self { beta1, beta2, ..self }
    }

    /// The same with another `ε`.
    #[must_use]
    pub fn epsilon(self, epsilon: f64) -> Self {
        Self { epsilon, ..self }
    }

    /// The same with weight decay.
    #[must_use]
    pub fn weight_decay(self, weight_decay: f64) -> Self {
        Self { weight_decay, ..self }
    }

    /// Changes the parameters by one step; see [`Optimizer::step`].
    ///
    /// # Panics
    ///
    /// If the gradients do not fit the parameters, or the parameters those of the step before.
    #[track_caller]
    pub fn step<P: LeavesMut, G: Leaves>(&mut self, parameters: P, gradients: G) {
        self.steps = self.steps.saturating_add(1);
        let formula = Step {
            kept: 1.0 - self.learning_rate * self.weight_decay,
            betas: [self.beta1, self.beta2],
            rate: self.learning_rate / (1.0 - self.beta1.powi(self.steps)),
            correction: (1.0 - self.beta2.powi(self.steps)).sqrt().recip(),
            epsilon: self.epsilon,
        };
        update_leaves(&formula, &mut self.means, parameters, gradients);
    }
}

impl Optimizer for Adam {
    #[track_caller]
    fn step<P: LeavesMut, G: Leaves>(&mut self, parameters: P, gradients: G) {
        Self::step(self, parameters, gradients);
    }

    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn set_learning_rate(&mut self, learning_rate: f64) {
        self.learning_rate = learning_rate;
    }
}

/// One step, with the corrections for the number of the step.
struct Step {
    kept: f64,
    betas: [f64; 2],
    rate: f64,
    correction: f64,
    epsilon: f64,
}

impl Update<2> for Step {
    fn update<A: Float>(&self, values: &mut [A], gradient: &[A], [means, squares]: [&mut [A]; 2]) {
        let [beta1, beta2] = self.betas.map(A::of);
        let [fresh1, fresh2] = self.betas.map(|beta| A::of(1.0 - beta));
        let [kept, rate, correction, epsilon] = [self.kept, self.rate, self.correction, self.epsilon].map(A::of);
        for (((value, mean), square), &gradient) in values.iter_mut().zip(means).zip(squares).zip(gradient) {
            *mean = beta1 * *mean + fresh1 * gradient;
            *square = beta2 * *square + fresh2 * gradient * gradient;
            *value = kept * *value - rate * *mean / (square.sqrt() * correction + epsilon);
        }
    }
}
