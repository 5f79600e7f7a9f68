//! Adam and AdamW.

use super::{State, Update, optimizer};
use crate::{Float, Leaves, LeavesMut};

/// Adam: steps scaled by running means of the gradient and of its square (Kingma and Ba,
/// [arXiv:1412.6980](https://arxiv.org/abs/1412.6980)).
///
/// With the gradient `g`, the parameter `θ`, the running means `m` and `s`, and the number `t` of the step,
///
/// ```text
/// g ← g + λ θ
/// m ← β₁ m + (1 - β₁) g
/// s ← β₂ s + (1 - β₂) g²
/// θ ← θ - η (m / (1 - β₁ᵗ)) / (√(s / (1 - β₂ᵗ)) + ε)
/// ```
///
/// With AMSGrad, the largest `s` so far takes the place of `s` in the last line. These are PyTorch's equations; see
/// [`AdamW`] for a weight decay that is not scaled by the means.
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
    /// The factor of an L2 penalty, `λ`. The default is 0.
    pub weight_decay: f64,
    /// Whether the largest mean of squares is used instead of the present one. The default is `false`.
    pub amsgrad: bool,
    /// The running means `m` and `s` of every leaf.
    pub state: State,
}

impl Default for Adam {
    fn default() -> Self {
        Self {
            learning_rate: 1e-3,
            beta1: 0.9,
            beta2: 0.999,
            epsilon: 1e-8,
            weight_decay: 0.0,
            amsgrad: false,
            state: State::default(),
        }
    }
}

/// Adam with decoupled weight decay (Loshchilov and Hutter, [arXiv:1711.05101](https://arxiv.org/abs/1711.05101)).
///
/// It is [`Adam`] without the penalty in `g`; instead, a step begins with
///
/// ```text
/// θ ← θ - η λ θ
/// ```
#[derive(Clone, Debug)]
pub struct AdamW {
    /// The size of a step, `η`. The default is 0.001.
    pub learning_rate: f64,
    /// The decay of the mean of the gradient, `β₁`. The default is 0.9.
    pub beta1: f64,
    /// The decay of the mean of the squared gradient, `β₂`. The default is 0.999.
    pub beta2: f64,
    /// What keeps the divisor above zero, `ε`. The default is 1e-8.
    pub epsilon: f64,
    /// How much of a parameter is taken away in a step, `λ`. The default is 0.01.
    pub weight_decay: f64,
    /// Whether the largest mean of squares is used instead of the present one. The default is `false`.
    pub amsgrad: bool,
    /// The running means `m` and `s` of every leaf.
    pub state: State,
}

impl Default for AdamW {
    fn default() -> Self {
        Self {
            learning_rate: 1e-3,
            beta1: 0.9,
            beta2: 0.999,
            epsilon: 1e-8,
            weight_decay: 0.01,
            amsgrad: false,
            state: State::default(),
        }
    }
}

/// What both optimizers have, which differ in what weight decay means.
macro_rules! adam {
    ($Name:ident, $decay:ident) => {
        impl $Name {
            /// The optimizer with the given learning rate.
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

            /// The same with another weight decay.
            #[must_use]
            pub fn weight_decay(self, weight_decay: f64) -> Self {
                Self { weight_decay, ..self }
            }

            /// The same with AMSGrad.
            #[must_use]
            pub fn amsgrad(self) -> Self {
                Self { amsgrad: true, ..self }
            }

            #[track_caller]
            fn update<P: LeavesMut, G: Leaves>(&mut self, parameters: P, gradients: G) {
                let step = (self.state.steps() + 1) as f64;
                let formula = Step {
                    kept: 1.0,
                    penalty: 0.0,
                    betas: [self.beta1, self.beta2],
                    rate: self.learning_rate / (1.0 - self.beta1.powf(step)),
                    correction: (1.0 - self.beta2.powf(step)).sqrt().recip(),
                    epsilon: self.epsilon,
                };
                let formula = formula.$decay(self.learning_rate, self.weight_decay);
                if self.amsgrad {
                    self.state.update(&Amsgrad(formula), parameters, gradients);
                } else {
                    self.state.update(&formula, parameters, gradients);
                }
                self.state.next_step();
            }
        }

        optimizer!($Name, |this| if this.amsgrad { &Amsgrad::STATE } else { &Step::STATE }, &[]);
    };
}

adam!(Adam, penalized);
adam!(AdamW, decayed);

/// One step, with the corrections for the number of the step.
struct Step {
    kept: f64,
    penalty: f64,
    betas: [f64; 2],
    rate: f64,
    correction: f64,
    epsilon: f64,
}

impl Step {
    fn penalized(self, _: f64, weight_decay: f64) -> Self {
        Self { penalty: weight_decay, ..self }
    }

    fn decayed(self, learning_rate: f64, weight_decay: f64) -> Self {
        Self { kept: 1.0 - learning_rate * weight_decay, ..self }
    }

    /// Changes a value; `largest` is the mean of squares that divides, given the present one.
    fn of_leaf<A: Float>(
        &self,
        values: &mut [A],
        gradient: &[A],
        means: &mut [A],
        squares: &mut [A],
        mut largest: impl FnMut(A) -> A,
    ) {
        let [beta1, beta2] = self.betas.map(A::of);
        let [fresh1, fresh2] = self.betas.map(|beta| A::of(1.0 - beta));
        let [kept, penalty, rate, correction, epsilon] =
            [self.kept, self.penalty, self.rate, self.correction, self.epsilon].map(A::of);
        for (((value, mean), square), &gradient) in values.iter_mut().zip(means).zip(squares).zip(gradient) {
            let gradient = gradient + penalty * *value;
            *mean = beta1 * *mean + fresh1 * gradient;
            *square = beta2 * *square + fresh2 * gradient * gradient;
            *value = kept * *value - rate * *mean / (largest(*square).sqrt() * correction + epsilon);
        }
    }
}

impl Update<2> for Step {
    const STATE: [&'static str; 2] = ["exp_avg", "exp_avg_sq"];

    #[inline(always)]
    fn update<A: Float>(&self, values: &mut [A], gradient: &[A], [means, squares]: [&mut [A]; 2]) {
        self.of_leaf(values, gradient, means, squares, |square| square);
    }
}

/// A step with the largest mean of squares so far.
struct Amsgrad(Step);

impl Update<3> for Amsgrad {
    const STATE: [&'static str; 3] = ["exp_avg", "exp_avg_sq", "max_exp_avg_sq"];

    #[inline(always)]
    fn update<A: Float>(&self, values: &mut [A], gradient: &[A], [means, squares, largest]: [&mut [A]; 3]) {
        let mut largest = largest.iter_mut();
        self.0.of_leaf(values, gradient, means, squares, |square| {
            largest.next().map_or(square, |largest| {
                *largest = largest.max(square);
                *largest
            })
        });
    }
}
