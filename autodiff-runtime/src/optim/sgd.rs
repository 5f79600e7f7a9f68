//! Stochastic gradient descent.

use super::{State, Update, optimizer};
use crate::{Float, Leaves, LeavesMut};

/// Stochastic gradient descent, with momentum, Nesterov's momentum, and weight decay.
///
/// With the gradient `g`, the parameter `θ`, the velocity `v`, and the hyper-parameters learning rate `η`, momentum `μ`,
/// dampening `τ` and weight decay `λ`, one step is
///
/// ```text
/// g ← g + λ θ
/// v ← g                    in the first step
/// v ← μ v + (1 - τ) g      in every other step
/// g ← v                    with momentum
/// g ← g + μ v              with Nesterov's momentum
/// θ ← θ - η g
/// ```
///
/// These are the equations of PyTorch: the velocity is not multiplied by the learning rate, unlike in Sutskever, Martens,
/// Dahl and Hinton, "On the importance of initialization and momentum in deep learning" (ICML 2013).
/// Without momentum no velocity is kept.
///
/// ```
/// use autodiff_runtime::optim::Sgd;
///
/// let mut x = 4.0;
/// let mut optimizer = Sgd::new(0.25);
/// for _ in 0..3 {
///     let gradient = 2.0 * x; // of x²
///     optimizer.step(&mut x, gradient);
/// }
/// assert_eq!(x, 0.5);
/// ```
#[derive(Clone, Debug)]
pub struct Sgd {
    /// The size of a step, `η`. The default is 0.001.
    pub learning_rate: f64,
    /// How much of the velocity remains in the next step, `μ`. The default is 0: no momentum.
    pub momentum: f64,
    /// How much of the gradient is kept out of the velocity, `τ`. The default is 0.
    pub dampening: f64,
    /// Whether the momentum is Nesterov's. The default is `false`.
    pub nesterov: bool,
    /// The factor of an L2 penalty, `λ`. The default is 0.
    pub weight_decay: f64,
    /// The velocity of every leaf, `v`, if there is momentum.
    pub state: State,
}

impl Default for Sgd {
    fn default() -> Self {
        Self {
            learning_rate: 1e-3,
            momentum: 0.0,
            dampening: 0.0,
            nesterov: false,
            weight_decay: 0.0,
            state: State::default(),
        }
    }
}

impl Sgd {
    /// Plain gradient descent with the given learning rate.
    pub fn new(learning_rate: f64) -> Self {
        Self { learning_rate, ..Self::default() }
    }

    /// The same with momentum.
    #[must_use]
    pub fn momentum(self, momentum: f64) -> Self {
        Self { momentum, ..self }
    }

    /// The same with dampening.
    #[must_use]
    pub fn dampening(self, dampening: f64) -> Self {
        Self { dampening, ..self }
    }

    /// The same with Nesterov's momentum, which needs a momentum above 0 and no dampening.
    #[must_use]
    pub fn nesterov(self) -> Self {
        Self { nesterov: true, ..self }
    }

    /// The same with weight decay.
    #[must_use]
    pub fn weight_decay(self, weight_decay: f64) -> Self {
        Self { weight_decay, ..self }
    }

    #[track_caller]
    fn update<P: LeavesMut, G: Leaves>(&mut self, parameters: P, gradients: G) {
        let &mut Self { learning_rate, momentum, dampening, nesterov, weight_decay, .. } = self;
        assert!(
            !nesterov || (momentum > 0.0 && dampening == 0.0),
            "`Sgd`: Nesterov's momentum needs a momentum above 0 and no dampening"
        );
        if momentum == 0.0 {
            self.state.update(&Plain { learning_rate, weight_decay }, parameters, gradients);
        } else {
            let formula = Momentum { learning_rate, momentum, damped: 1.0 - dampening, nesterov, weight_decay };
            self.state.update(&formula, parameters, gradients);
        }
        self.state.next_step();
    }
}

optimizer!(Sgd, |this| if this.momentum == 0.0 { &[] } else { &Momentum::STATE }, &[]);

/// A step without momentum.
struct Plain {
    learning_rate: f64,
    weight_decay: f64,
}

impl Update<0> for Plain {
    const STATE: [&'static str; 0] = [];

    #[inline(always)]
    fn update<A: Float>(&self, values: &mut [A], gradient: &[A], []: [&mut [A]; 0]) {
        let (learning_rate, weight_decay) = (A::of(self.learning_rate), A::of(self.weight_decay));
        for (value, &gradient) in values.iter_mut().zip(gradient) {
            *value -= learning_rate * (gradient + weight_decay * *value);
        }
    }
}

/// A step with momentum.
struct Momentum {
    learning_rate: f64,
    momentum: f64,
    damped: f64,
    nesterov: bool,
    weight_decay: f64,
}

impl Update<1> for Momentum {
    const STATE: [&'static str; 1] = ["momentum_buffer"];

    #[inline(always)]
    fn update<A: Float>(&self, values: &mut [A], gradient: &[A], [velocity]: [&mut [A]; 1]) {
        let (learning_rate, weight_decay) = (A::of(self.learning_rate), A::of(self.weight_decay));
        let (momentum, damped) = (A::of(self.momentum), A::of(self.damped));
        // The direction is `along * velocity + straight * gradient`, so that one loop serves both kinds of momentum.
        let (along, straight) = if self.nesterov { (momentum, A::one()) } else { (A::one(), A::zero()) };
        for ((value, velocity), &gradient) in values.iter_mut().zip(velocity).zip(gradient) {
            let gradient = gradient + weight_decay * *value;
            *velocity = momentum * *velocity + damped * gradient;
            *value -= learning_rate * (straight * gradient + along * *velocity);
        }
    }

    /// The first velocity is the gradient, without dampening.
    #[inline(always)]
    fn start<A: Float>(&self, values: &mut [A], gradient: &[A], state: [&mut [A]; 1]) {
        Self { damped: 1.0, ..*self }.update(values, gradient, state);
    }
}
