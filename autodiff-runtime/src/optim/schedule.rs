//! Learning rates that change from step to step.
//!
//! A schedule is a function of the number of steps (or epochs) so far, beginning with 0. It has no state, so that a run
//! that is resumed needs nothing but that number. Only [`Plateau`], which looks at the loss, has a state.
//!
//! ```
//! use autodiff_runtime::optim::{Adam, Optimizer, schedule::{Cosine, Schedule}};
//!
//! let schedule = Cosine::new(3e-4, 1000).warm_up(100);
//! let mut optimizer = Adam::new(schedule.rate(0));
//! # let (mut weights, gradient) = ([1.0_f64], [1.0_f64]);
//! for step in 0..1000 {
//!     optimizer.set_learning_rate(schedule.rate(step));
//!     optimizer.step(&mut weights, gradient);
//! }
//! ```

use std::f64::consts::PI;

use crate::files::{Error, Tensor, Tensors, joined};

/// A learning rate for every step.
pub trait Schedule {
    /// The learning rate after the given number of steps, which is 0 for the first.
    fn rate(&self, step: u64) -> f64;
}

impl<F: Fn(u64) -> f64> Schedule for F {
    fn rate(&self, step: u64) -> f64 {
        self(step)
    }
}

/// The rate is multiplied by a factor every so many steps: PyTorch's `StepLR`, and with `every = 1` its `ExponentialLR`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// The first rate.
    pub initial: f64,
    /// After how many steps the rate changes.
    pub every: u64,
    /// The factor by which it changes.
    pub factor: f64,
}

impl Schedule for Step {
    fn rate(&self, step: u64) -> f64 {
        self.initial * self.factor.powf((step / self.every.max(1)) as f64)
    }
}

/// The rate is multiplied by a factor at the given steps: PyTorch's `MultiStepLR`.
#[derive(Clone, Debug, PartialEq)]
pub struct MultiStep {
    /// The first rate.
    pub initial: f64,
    /// The steps at which the rate changes.
    pub milestones: Vec<u64>,
    /// The factor by which it changes.
    pub factor: f64,
}

impl Schedule for MultiStep {
    fn rate(&self, step: u64) -> f64 {
        let passed = self.milestones.iter().filter(|&&milestone| milestone <= step).count();
        self.initial * self.factor.powf(passed as f64)
    }
}

/// A linear rise to the highest rate, then half a cosine down to the lowest: without a rise, PyTorch's
/// `CosineAnnealingLR`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cosine {
    /// The highest rate.
    pub highest: f64,
    /// The rate at the end, and afterwards. The default is 0.
    pub lowest: f64,
    /// How many steps the rise has; step `t` of it has the rate `highest (t + 1) / warm_up`. The default is 0.
    pub warm_up: u64,
    /// How many steps there are, the rise included.
    pub total: u64,
}

impl Cosine {
    /// A cosine over the given number of steps.
    pub fn new(highest: f64, total: u64) -> Self {
        Self { highest, lowest: 0.0, warm_up: 0, total }
    }

    /// The same with a rise before it.
    #[must_use]
    pub fn warm_up(self, warm_up: u64) -> Self {
        Self { warm_up, ..self }
    }

    /// The same with another rate at the end.
    #[must_use]
    pub fn lowest(self, lowest: f64) -> Self {
        Self { lowest, ..self }
    }
}

impl Schedule for Cosine {
    fn rate(&self, step: u64) -> f64 {
        if step < self.warm_up {
            return self.highest * (step + 1) as f64 / self.warm_up as f64;
        }
        let length = self.total.saturating_sub(self.warm_up).max(1);
        anneal(self.highest, self.lowest, (step - self.warm_up) as f64 / length as f64)
    }
}

/// Half a cosine from one value to another; `part` says how much of the way has been gone, at most all of it.
fn anneal(from: f64, to: f64, part: f64) -> f64 {
    to + (from - to) / 2.0 * ((PI * part.min(1.0)).cos() + 1.0)
}

/// A rise to the highest rate and a fall far below the first, both half a cosine: PyTorch's `OneCycleLR` (Smith and
/// Topin, [arXiv:1708.07120](https://arxiv.org/abs/1708.07120)).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OneCycle {
    /// The highest rate.
    pub highest: f64,
    /// How many steps there are.
    pub total: u64,
    /// Which part of the steps is the rise. The default is 0.3.
    pub rise: f64,
    /// The highest rate divided by the first. The default is 25.
    pub divisor: f64,
    /// The first rate divided by the last. The default is 10,000.
    pub final_divisor: f64,
    /// The least momentum, when the rate is highest. The default is 0.85.
    pub lowest_momentum: f64,
    /// The largest momentum, at the start and at the end. The default is 0.95.
    pub highest_momentum: f64,
}

impl OneCycle {
    /// A cycle with the given highest rate and number of steps.
    pub fn new(highest: f64, total: u64) -> Self {
        Self {
            highest,
            total,
            rise: 0.3,
            divisor: 25.0,
            final_divisor: 1e4,
            lowest_momentum: 0.85,
            highest_momentum: 0.95,
        }
    }

    /// The momentum after the given number of steps: it falls while the rate rises.
    pub fn momentum(&self, step: u64) -> f64 {
        self.at(step, [self.highest_momentum, self.lowest_momentum, self.highest_momentum])
    }

    /// The value between the values at the start, at the top and at the end.
    fn at(&self, step: u64, [start, top, end]: [f64; 3]) -> f64 {
        let (step, last) = (step as f64, self.total as f64 - 1.0);
        let peak = self.rise * self.total as f64 - 1.0;
        if step <= peak && peak > 0.0 {
            anneal(start, top, step / peak)
        } else {
            anneal(top, end, (step - peak) / (last - peak))
        }
    }
}

impl Schedule for OneCycle {
    fn rate(&self, step: u64) -> f64 {
        let first = self.highest / self.divisor;
        self.at(step, [first, self.highest, first / self.final_divisor])
    }
}

/// The rate is multiplied by a factor when the loss has not become better for a while: PyTorch's `ReduceLROnPlateau`
/// in its mode `min` with a relative threshold.
///
/// ```
/// use autodiff_runtime::optim::schedule::Plateau;
///
/// let mut plateau = Plateau::new(0.1).patience(1);
/// let rates: Vec<f64> = [3.0, 2.0, 2.0, 2.0, 2.0].map(|loss| plateau.observe(loss)).into();
/// assert_eq!(rates[..3], [0.1, 0.1, 0.1]);
/// assert!((rates[3] - 0.01).abs() < 1e-12);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plateau {
    /// The present rate.
    pub rate: f64,
    /// The factor by which the rate changes. The default is 0.1.
    pub factor: f64,
    /// How many observations in a row without a better loss are borne. The default is 10.
    pub patience: u64,
    /// By which part the loss has to become smaller to be better. The default is 0.0001.
    pub threshold: f64,
    /// How many observations after a change are not counted. The default is 0.
    pub cooldown: u64,
    /// The least rate. The default is 0.
    pub lowest: f64,
    /// What has been seen so far.
    pub state: PlateauState,
}

/// What a [`Plateau`] has seen so far.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlateauState {
    best: f64,
    bad: u64,
    cooling: u64,
}

impl Default for PlateauState {
    fn default() -> Self {
        Self { best: f64::INFINITY, bad: 0, cooling: 0 }
    }
}

/// What a change of the rate has to exceed, as in PyTorch.
const LEAST_CHANGE: f64 = 1e-8;

impl Plateau {
    /// A schedule that begins with the given rate.
    pub fn new(rate: f64) -> Self {
        Self {
            rate,
            factor: 0.1,
            patience: 10,
            threshold: 1e-4,
            cooldown: 0,
            lowest: 0.0,
            state: PlateauState::default(),
        }
    }

    /// The same with another patience.
    #[must_use]
    pub fn patience(self, patience: u64) -> Self {
        Self { patience, ..self }
    }

    /// Takes note of a loss, and gives the rate from now on.
    pub fn observe(&mut self, loss: f64) -> f64 {
        let state = &mut self.state;
        if loss < state.best * (1.0 - self.threshold) {
            state.best = loss;
            state.bad = 0;
        } else {
            state.bad += 1;
        }
        if state.cooling > 0 {
            state.cooling -= 1;
            state.bad = 0;
        }
        if state.bad > self.patience {
            let reduced = (self.rate * self.factor).max(self.lowest);
            if self.rate - reduced > LEAST_CHANGE {
                self.rate = reduced;
            }
            state.cooling = self.cooldown;
            state.bad = 0;
        }
        self.rate
    }

    /// Adds the state to a table of tensors, below the given name.
    pub fn save(&self, tensors: &mut Tensors, name: &str) {
        tensors.insert(joined(name, "rate"), Tensor::number(self.rate));
        tensors.insert(joined(name, "best"), Tensor::number(self.state.best));
        for (count, value) in [("num_bad_epochs", self.state.bad), ("cooldown_counter", self.state.cooling)] {
            tensors.insert(joined(name, count), Tensor::integer(value.try_into().unwrap_or(i64::MAX)));
        }
    }

    /// Takes the state from a table that [`Plateau::save`] has filled.
    ///
    /// # Errors
    ///
    /// If the table has no such state. Nothing has changed then.
    pub fn load(&mut self, tensors: &Tensors, name: &str) -> Result<(), Error> {
        let number = |field: &str| {
            let name = joined(name, field);
            let value = tensors.get(&name).and_then(Tensor::as_number);
            value.ok_or_else(|| Error::mismatch(&name, "is missing or is not a number of type f64"))
        };
        let count = |field: &str| {
            let name = joined(name, field);
            let value = tensors.get(&name).and_then(Tensor::as_integer).and_then(|value| u64::try_from(value).ok());
            value.ok_or_else(|| Error::mismatch(&name, "is missing or is not a count"))
        };
        let (rate, best) = (number("rate")?, number("best")?);
        let (bad, cooling) = (count("num_bad_epochs")?, count("cooldown_counter")?);
        *self = Self { rate, state: PlateauState { best, bad, cooling }, ..*self };
        Ok(())
    }
}
