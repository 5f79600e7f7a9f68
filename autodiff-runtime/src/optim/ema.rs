//! Running means of parameters.

use std::mem;

use super::{State, Update};
use crate::files::{Error, Tensors};
use crate::{Float, LeafPath, LeafVisitorMut, Leaves, LeavesMut};

/// An exponential moving average of parameters: `e ← δ e + (1 - δ) θ` after every step, `e = θ` after the first.
///
/// ```
/// use autodiff_runtime::optim::Ema;
///
/// let mut weights = vec![1.0_f64];
/// let mut ema = Ema::new(0.75);
/// ema.update(&weights);
/// weights[0] = 5.0;
/// ema.update(&weights);
/// ema.swap(&mut weights); // to evaluate with the mean ..
/// assert_eq!(weights, [2.0]);
/// ema.swap(&mut weights); // .. and to go on training
/// assert_eq!(weights, [5.0]);
/// ```
#[derive(Clone, Debug)]
pub struct Ema {
    /// How much of the mean remains when it is updated, `δ`.
    pub decay: f64,
    /// The mean of every leaf, and the number of updates.
    pub state: State,
}

impl Ema {
    /// A mean with the given decay, which has seen nothing yet.
    pub fn new(decay: f64) -> Self {
        Self { decay, state: State::default() }
    }

    /// Brings the present parameters into the mean.
    ///
    /// # Panics
    ///
    /// If the parameters do not fit those of the update before.
    #[track_caller]
    pub fn update<P: Leaves>(&mut self, parameters: P) {
        self.state.observe(&Mean { decay: self.decay }, parameters);
        self.state.next_step();
    }

    /// Exchanges the parameters with their mean.
    ///
    /// # Panics
    ///
    /// If there is no mean of these parameters.
    #[track_caller]
    pub fn swap<P: LeavesMut>(&mut self, mut parameters: P) {
        struct Swap<'s>(&'s mut State);

        impl LeafVisitorMut for Swap<'_> {
            #[track_caller]
            fn leaf<A: Float>(&mut self, path: &LeafPath<'_>, _: &[usize], values: &mut [A]) {
                let Some(mean) = self.0.buffer::<A>(path, MEAN).filter(|mean| mean.len() == values.len()) else {
                    panic!("`Ema`: there is no mean of parameter `{path}`");
                };
                mean.iter_mut().zip(values).for_each(|(mean, value)| mem::swap(mean, value));
            }
        }

        parameters.visit_leaves_mut(&LeafPath::root(), &mut Swap(&mut self.state));
    }

    /// Adds the means to a table of tensors, below the given name.
    pub fn save(&self, tensors: &mut Tensors, name: &str) {
        self.state.save(tensors, name);
    }

    /// Takes the means from a table that [`Ema::save`] has filled, for the given parameters.
    ///
    /// # Errors
    ///
    /// If the table has no means of these parameters. Nothing has changed then.
    pub fn load<P: Leaves>(&mut self, tensors: &Tensors, name: &str, parameters: P) -> Result<(), Error> {
        self.state = State::saved(tensors, name, [&[MEAN], &[]], parameters)?;
        Ok(())
    }
}

const MEAN: &str = "mean";

struct Mean {
    decay: f64,
}

impl Update<1> for Mean {
    const STATE: [&'static str; 1] = [MEAN];

    #[inline(always)]
    fn update<A: Float>(&self, _: &mut [A], parameters: &[A], [means]: [&mut [A]; 1]) {
        let (decay, fresh) = (A::of(self.decay), A::of(1.0 - self.decay));
        means.iter_mut().zip(parameters).for_each(|(mean, &value)| *mean = decay * *mean + fresh * value);
    }

    #[inline(always)]
    fn start<A: Float>(&self, _: &mut [A], parameters: &[A], [means]: [&mut [A]; 1]) {
        means.copy_from_slice(parameters);
    }
}
