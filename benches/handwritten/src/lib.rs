//! Functions with two derivatives each: the one that the macro generates, and one written by hand.
//!
//! The derivatives by hand are what an expert writes who knows the mathematics and the machine: no tape where the
//! values can be had without, forward and reverse sweep in one loop where the trips are independent, no allocation that
//! is not needed. `cargo bench --bench handwritten` measures both.

// The formulas are written with indices.
#![allow(clippy::needless_range_loop)]

mod kernels;
mod random;

pub use kernels::kernels;

use std::rc::Rc;

/// Writes a derivative into the buffer, whatever was in it, and returns the value of the function where it is a number.
pub type Derivative = Box<dyn FnMut(&mut [f64]) -> f64>;

/// One function with its derivatives, bound to their inputs.
pub struct Kernel {
    /// What the table calls it.
    pub name: &'static str,
    /// The count of numbers of the derivative.
    pub numbers: usize,
    /// Whether the derivative is the gradient of one number, rather than a Jacobian or a second derivative.
    pub gradient: bool,
    /// The function itself.
    pub primal: Box<dyn FnMut() -> f64>,
    /// The derivative that the macro generates.
    pub generated: Derivative,
    /// The derivative written by hand.
    pub hand: Derivative,
}

impl Kernel {
    /// A function to one number with its gradients.
    fn gradient<I: 'static>(
        name: &'static str,
        numbers: usize,
        input: I,
        primal: impl Fn(&I) -> f64 + 'static,
        generated: impl Fn(&I, &mut [f64]) -> f64 + 'static,
        hand: impl Fn(&I, &mut [f64]) -> f64 + 'static,
    ) -> Kernel {
        // The generated function adds to what it is given.
        let generated = move |input: &I, out: &mut [f64]| {
            out.fill(0.0);
            generated(input, out)
        };
        Kernel { gradient: true, ..Kernel::matrix(name, numbers, input, primal, generated, hand) }
    }

    /// A function with other derivatives than gradients.
    fn matrix<I: 'static>(
        name: &'static str,
        numbers: usize,
        input: I,
        primal: impl Fn(&I) -> f64 + 'static,
        generated: impl Fn(&I, &mut [f64]) -> f64 + 'static,
        hand: impl Fn(&I, &mut [f64]) -> f64 + 'static,
    ) -> Kernel {
        let input = Rc::new(input);
        let (of_generated, of_hand) = (Rc::clone(&input), Rc::clone(&input));
        Kernel {
            name,
            numbers,
            gradient: false,
            primal: Box::new(move || primal(&input)),
            generated: Box::new(move |out| generated(&of_generated, out)),
            hand: Box::new(move |out| hand(&of_hand, out)),
        }
    }
}

/// How large the inputs are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Size {
    /// Enough to see that the derivatives agree.
    Small,
    /// What is measured.
    Full,
}

impl Size {
    pub(crate) fn choose(self, small: usize, full: usize) -> usize {
        match self {
            Size::Small => small,
            Size::Full => full,
        }
    }
}

/// The norm of the difference of two derivatives, relative to the norm of the second.
pub fn deviation(generated: &[f64], hand: &[f64]) -> f64 {
    let difference: f64 = generated.iter().zip(hand).map(|(a, b)| (a - b).powi(2)).sum();
    let norm: f64 = hand.iter().map(|b| b.powi(2)).sum();
    (difference / norm.max(f64::MIN_POSITIVE)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::{Size, deviation, kernels};

    #[test]
    fn derivatives_agree() {
        for mut kernel in kernels(Size::Small) {
            let (mut generated, mut hand) = (vec![f64::NAN; kernel.numbers], vec![f64::NAN; kernel.numbers]);
            let values = [(kernel.primal)(), (kernel.generated)(&mut generated), (kernel.hand)(&mut hand)];
            let apart = deviation(&generated, &hand);
            assert!(apart < 1e-9, "{}: the derivatives are {apart:e} apart", kernel.name);
            // A function with a matrix of derivatives has more than one value.
            for value in values.into_iter().filter(|_| kernel.gradient) {
                let apart = (value - values[0]).abs();
                assert!(apart <= 1e-9 * values[0].abs().max(1e-3), "{}: the values are {values:?}", kernel.name);
            }
        }
    }
}
