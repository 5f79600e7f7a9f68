//! RMSprop.

use super::{State, Update, optimizer};
use crate::{Float, Leaves, LeavesMut};

/// RMSprop: the gradient divided by a running mean of its size (Hinton, lecture 6e of "Neural Networks for Machine
/// Learning", 2012; centered: Graves, [arXiv:1308.0850](https://arxiv.org/abs/1308.0850)).
///
/// With the gradient `g`, the parameter `θ` and the running means `s` and `m`,
///
/// ```text
/// g ← g + λ θ
/// s ← α s + (1 - α) g²
/// m ← α m + (1 - α) g         centered; else m = 0
/// d = g / (√(s - m²) + ε)
/// v ← μ v + d                 with momentum; else v = d
/// θ ← θ - η v
/// ```
///
/// These are PyTorch's equations.
#[derive(Clone, Debug)]
pub struct RmsProp {
    /// The size of a step, `η`. The default is 0.01.
    pub learning_rate: f64,
    /// The decay of the running means, `α`. The default is 0.99.
    pub alpha: f64,
    /// What keeps the divisor above zero, `ε`. The default is 1e-8.
    pub epsilon: f64,
    /// The factor of an L2 penalty, `λ`. The default is 0.
    pub weight_decay: f64,
    /// How much of the velocity remains in the next step, `μ`. The default is 0: no momentum.
    pub momentum: f64,
    /// Whether the gradient's variance takes the place of its mean square. The default is `false`.
    pub centered: bool,
    /// The running means of every leaf, and its velocity if there is momentum.
    pub state: State,
}

impl Default for RmsProp {
    fn default() -> Self {
        Self {
            learning_rate: 1e-2,
            alpha: 0.99,
            epsilon: 1e-8,
            weight_decay: 0.0,
            momentum: 0.0,
            centered: false,
            state: State::default(),
        }
    }
}

impl RmsProp {
    /// RMSprop with the given learning rate.
    pub fn new(learning_rate: f64) -> Self {
        Self { learning_rate, ..Self::default() }
    }

    #[track_caller]
    fn update<P: LeavesMut, G: Leaves>(&mut self, parameters: P, gradients: G) {
        let &mut Self { learning_rate, alpha, epsilon, weight_decay, momentum, .. } = self;
        let step = Step { learning_rate, alpha, epsilon, weight_decay, momentum };
        match (self.centered, momentum != 0.0) {
            (false, false) => self.state.update(&Plain(step), parameters, gradients),
            (false, true) => self.state.update(&Momentum(step), parameters, gradients),
            (true, false) => self.state.update(&Centered(step), parameters, gradients),
            (true, true) => self.state.update(&CenteredMomentum(step), parameters, gradients),
        }
        self.state.next_step();
    }

    fn buffers(&self) -> &'static [&'static str] {
        match (self.centered, self.momentum != 0.0) {
            (false, false) => &Plain::STATE,
            (false, true) => &Momentum::STATE,
            (true, false) => &Centered::STATE,
            (true, true) => &CenteredMomentum::STATE,
        }
    }
}

optimizer!(RmsProp, |this| this.buffers(), &[]);

struct Step {
    learning_rate: f64,
    alpha: f64,
    epsilon: f64,
    weight_decay: f64,
    momentum: f64,
}

impl Step {
    /// The function that turns a value, its gradient, mean square, mean and velocity into those after the step.
    ///
    /// What a variant does not have is passed as zero and dropped.
    fn of_element<A: Float>(&self, centered: bool) -> impl Fn(&mut A, A, &mut A, &mut A, &mut A) {
        let [learning_rate, alpha, fresh, epsilon, weight_decay, momentum] =
            [self.learning_rate, self.alpha, 1.0 - self.alpha, self.epsilon, self.weight_decay, self.momentum]
                .map(A::of);
        move |value, gradient, square, mean, velocity| {
            let gradient = gradient + weight_decay * *value;
            *square = alpha * *square + fresh * gradient * gradient;
            let spread = if centered {
                *mean = alpha * *mean + fresh * gradient;
                *square - *mean * *mean
            } else {
                *square
            };
            *velocity = momentum * *velocity + gradient / (spread.sqrt() + epsilon);
            *value -= learning_rate * *velocity;
        }
    }
}

struct Plain(Step);

impl Update<1> for Plain {
    const STATE: [&'static str; 1] = ["square_avg"];

    #[inline(always)]
    fn update<A: Float>(&self, values: &mut [A], gradient: &[A], [squares]: [&mut [A]; 1]) {
        let element = self.0.of_element(false);
        for ((value, &gradient), square) in values.iter_mut().zip(gradient).zip(squares) {
            element(value, gradient, square, &mut A::zero(), &mut A::zero());
        }
    }
}

struct Momentum(Step);

impl Update<2> for Momentum {
    const STATE: [&'static str; 2] = ["square_avg", "momentum_buffer"];

    #[inline(always)]
    fn update<A: Float>(&self, values: &mut [A], gradient: &[A], [squares, velocities]: [&mut [A]; 2]) {
        let element = self.0.of_element(false);
        for (((value, &gradient), square), velocity) in values.iter_mut().zip(gradient).zip(squares).zip(velocities) {
            element(value, gradient, square, &mut A::zero(), velocity);
        }
    }
}

struct Centered(Step);

impl Update<2> for Centered {
    const STATE: [&'static str; 2] = ["square_avg", "grad_avg"];

    #[inline(always)]
    fn update<A: Float>(&self, values: &mut [A], gradient: &[A], [squares, means]: [&mut [A]; 2]) {
        let element = self.0.of_element(true);
        for (((value, &gradient), square), mean) in values.iter_mut().zip(gradient).zip(squares).zip(means) {
            element(value, gradient, square, mean, &mut A::zero());
        }
    }
}

struct CenteredMomentum(Step);

impl Update<3> for CenteredMomentum {
    const STATE: [&'static str; 3] = ["square_avg", "grad_avg", "momentum_buffer"];

    #[inline(always)]
    fn update<A: Float>(&self, values: &mut [A], gradient: &[A], [squares, means, velocities]: [&mut [A]; 3]) {
        let element = self.0.of_element(true);
        let state = squares.iter_mut().zip(means).zip(velocities);
        for ((value, &gradient), ((square, mean), velocity)) in values.iter_mut().zip(gradient).zip(state) {
            element(value, gradient, square, mean, velocity);
        }
    }
}
