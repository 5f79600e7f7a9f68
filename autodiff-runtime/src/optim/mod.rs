//! Optimizers: they change parameters so that a loss becomes smaller.
//!
//! An optimizer takes a step with parameters and their gradients, both given as anything with [`Leaves`]: numbers, `Vec`s,
//! arrays, structs, tuples of references. Its state is made at the first step and belongs to the optimizer.
//!
//! ```
//! use autodiff_runtime::optim::Sgd;
//! use ndarray::{Array1, array};
//!
//! let (mut w, mut b) = (array![1.0, 2.0], 0.5);
//! let (w_bar, b_bar): (Array1<f64>, f64) = (array![10.0, 0.0], 1.0);
//! let mut optimizer = Sgd::new(0.1).momentum(0.9);
//! optimizer.step((&mut w, &mut b), (&w_bar, &b_bar));
//! assert_eq!((w, b), (array![0.0, 2.0], 0.4));
//! ```
//!
//! The equations are PyTorch's. Around a step there are:
//!
//! - [`Groups`]: other hyper-parameters, or none at all, for some of the parameters by their names;
//! - [`schedule`]: learning rates that change from step to step;
//! - [`clip_norm`] and [`clip_value`] for gradients;
//! - [`Ema`]: running means of the parameters;
//! - [`Optimizer::save`] and [`Optimizer::load`], which bring the state to a file and back, bit for bit.

mod adadelta;
mod adagrad;
mod adam;
mod clip;
mod ema;
mod groups;
mod lbfgs;
mod line_search;
mod lion;
mod nadam;
mod rmsprop;
pub mod schedule;
mod sgd;
mod state;
mod step;

pub use adadelta::Adadelta;
pub use adagrad::Adagrad;
pub use adam::{Adam, AdamW};
pub use clip::{clip_norm, clip_value, norm};
pub use ema::Ema;
pub use groups::{Groups, Selector};
pub use lbfgs::{Lbfgs, LbfgsState};
pub use lion::Lion;
pub use nadam::NAdam;
pub use rmsprop::RmsProp;
pub use sgd::Sgd;
pub use state::{State, Update};

use crate::files::{Error, Tensors};
use crate::{Leaves, LeavesMut};

/// A rule that improves parameters by their gradients.
pub trait Optimizer {
    /// Changes the parameters by one step.
    ///
    /// Parameters and gradients have the same structure: equally many leaves of equal lengths and types. Every step of
    /// one optimizer is given the same parameters, because the state belongs to them by their names.
    ///
    /// # Panics
    ///
    /// If the gradients do not fit the parameters, or the parameters those of the step before. Nothing has changed then.
    #[track_caller]
    fn step<P: LeavesMut, G: Leaves>(&mut self, parameters: P, gradients: G);

    /// The learning rate.
    fn learning_rate(&self) -> f64;

    /// Changes the learning rate of the following steps.
    fn set_learning_rate(&mut self, learning_rate: f64);

    /// Adds the state to a table of tensors, below the given name.
    ///
    /// Hyper-parameters, the learning rate among them, are not part of the state.
    fn save(&self, tensors: &mut Tensors, name: &str);

    /// Takes the state from a table that [`Optimizer::save`] has filled, for the given parameters.
    ///
    /// # Errors
    ///
    /// If the table has no state of this optimizer with its present hyper-parameters for these parameters. The state is
    /// then what it was.
    fn load<P: Leaves>(&mut self, tensors: &Tensors, name: &str, parameters: P) -> Result<(), Error>;
}

/// Implements [`Optimizer`] for a struct with the fields `learning_rate` and `state` and a method `update`, which takes a
/// step. `|this|` gives the names of the buffers and of the numbers that the state has with its hyper-parameters.
macro_rules! optimizer {
    ($Name:ident, |$this:ident| $buffers:expr, $numbers:expr) => {
        impl $Name {
            /// Changes the parameters by one step; see [`Optimizer::step`](crate::optim::Optimizer::step).
            ///
            /// # Panics
            ///
            /// If the gradients do not fit the parameters, the parameters do not fit those of the step before, or the
            /// hyper-parameters exclude each other.
            #[track_caller]
            pub fn step<P: crate::LeavesMut, G: crate::Leaves>(&mut self, parameters: P, gradients: G) {
                self.update(parameters, gradients);
            }
        }

        impl crate::optim::Optimizer for $Name {
            #[track_caller]
            fn step<P: crate::LeavesMut, G: crate::Leaves>(&mut self, parameters: P, gradients: G) {
                self.update(parameters, gradients);
            }

            fn learning_rate(&self) -> f64 {
                self.learning_rate
            }

            fn set_learning_rate(&mut self, learning_rate: f64) {
                self.learning_rate = learning_rate;
            }

            fn save(&self, tensors: &mut crate::files::Tensors, name: &str) {
                self.state.save(tensors, name);
            }

            fn load<P: crate::Leaves>(
                &mut self,
                tensors: &crate::files::Tensors,
                name: &str,
                parameters: P,
            ) -> Result<(), crate::files::Error> {
                let $this = &*self;
                self.state = crate::optim::State::saved(tensors, name, [$buffers, $numbers], parameters)?;
                Ok(())
            }
        }
    };
}

pub(crate) use optimizer;
