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

mod adam;
mod sgd;

pub use adam::Adam;
pub use sgd::Sgd;

use std::fmt;

use crate::{Float, LeafBuffer, LeafPath, LeafValues, LeafVisitor, LeafVisitorMut, Leaves, LeavesMut};

/// A rule that improves parameters by their gradients.
pub trait Optimizer {
    /// Changes the parameters by one step.
    ///
    /// Parameters and gradients have the same structure: equally many leaves of equal lengths and types. Every step of
    /// one optimizer is given the same parameters, because the state belongs to them by their order.
    ///
    /// # Panics
    ///
    /// If the gradients do not fit the parameters, or the parameters those of the step before.
    #[track_caller]
    fn step<P: LeavesMut, G: Leaves>(&mut self, parameters: P, gradients: G);

    /// The learning rate.
    fn learning_rate(&self) -> f64;

    /// Changes the learning rate of the following steps.
    fn set_learning_rate(&mut self, learning_rate: f64);
}

/// The formula of an optimizer, for one leaf, with `N` numbers of state for each number of the leaf.
pub(crate) trait Update<const N: usize> {
    /// Changes the values of a leaf, given the gradient and the state. One pass over memory.
    fn update<A: Float>(&self, values: &mut [A], gradient: &[A], state: [&mut [A]; N]);
}

/// Applies a formula to every leaf of the parameters.
#[track_caller]
pub(crate) fn update_leaves<const N: usize, U: Update<N>, P: LeavesMut, G: Leaves>(
    formula: &U,
    states: &mut Vec<[LeafBuffer; N]>,
    mut parameters: P,
    gradients: G,
) {
    let mut collected = Collect(Vec::new());
    gradients.visit_leaves(&LeafPath::root(), &mut collected);
    let mut stepper = Stepper { formula, states, gradients: collected.0, next: 0 };
    parameters.visit_leaves_mut(&LeafPath::root(), &mut stepper);
    let (used, given) = (stepper.next, stepper.gradients.len());
    assert!(used == given, "optimizer: {given} leaves of gradients for {used} leaves of parameters");
}

struct Collect<'v>(Vec<LeafValues<'v>>);

impl<'v> LeafVisitor<'v> for Collect<'v> {
    fn leaf(&mut self, _: &LeafPath<'_>, _: &[usize], values: LeafValues<'v>) {
        self.0.push(values);
    }
}

struct Stepper<'s, 'v, const N: usize, U> {
    formula: &'s U,
    states: &'s mut Vec<[LeafBuffer; N]>,
    gradients: Vec<LeafValues<'v>>,
    next: usize,
}

impl<const N: usize, U: Update<N>> LeafVisitorMut for Stepper<'_, '_, N, U> {
    #[track_caller]
    fn leaf<A: Float>(&mut self, path: &LeafPath<'_>, shape: &[usize], values: &mut [A]) {
        let name = Name(path);
        let Some(gradient) = self.gradients.get(self.next) else {
            panic!("optimizer: {name} of shape {shape:?} has no gradient");
        };
        let Some(gradient) = A::leaf_values(gradient) else {
            panic!(
                "optimizer: {name} has type {}, but its gradient has type {}",
                std::any::type_name::<A>(),
                gradient.type_name()
            );
        };
        assert!(
            gradient.len() == values.len(),
            "optimizer: {name} has shape {shape:?}, but its gradient has {} elements",
            gradient.len()
        );
        if self.states.len() == self.next {
            self.states.push(std::array::from_fn(|_| LeafBuffer::default()));
        }
        let state = self.states[self.next].each_mut().map(|buffer| ready(A::leaf_buffer(buffer), values.len(), &name));
        self.formula.update(values, gradient, state);
        self.next += 1;
    }
}

/// The state of a leaf, made of zeros before the first step.
#[track_caller]
fn ready<'b, A: Float>(buffer: &'b mut Vec<A>, len: usize, name: &Name<'_>) -> &'b mut [A] {
    if buffer.is_empty() {
        buffer.resize(len, A::zero());
    }
    assert!(buffer.len() == len, "optimizer: {name} has {len} elements, but had {} in the step before", buffer.len());
    buffer
}

/// A leaf in a message; a parameter that is a single leaf has no name.
struct Name<'p>(&'p LeafPath<'p>);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.to_string().as_str() {
            "" => f.write_str("the parameter"),
            path => write!(f, "parameter `{path}`"),
        }
    }
}
