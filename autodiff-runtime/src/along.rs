//! Numbers with their derivatives in one direction, on which rules that are written by hand run once more.
//!
//! A function of [`nn`](crate::nn) and its reverse rule are written for any [`Float`]. On arrays of [`Along`] they give,
//! beside what they give on numbers, the derivative of that in the direction of the tangents: the forward derivative of the
//! reverse rule, which is what second order asks of a function. Generated code has no such numbers.

mod carried;
mod floats;
mod numbers;

use std::cmp::Ordering;

pub(crate) use carried::{Carried, Carry, Lifted, carry, carry_given};

/// A number, and the derivative of it in a direction.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Along<A> {
    pub(crate) value: A,
    pub(crate) tangent: A,
}

impl<A: num_traits::Float> Along<A> {
    pub(crate) fn constant(value: A) -> Self {
        Self { value, tangent: A::zero() }
    }

    /// The value of a function at this number, and its slope here.
    fn through(self, value: A, slope: A) -> Self {
        Self { value, tangent: slope * self.tangent }
    }
}

/// The order is that of the values.
impl<A: PartialOrd> PartialOrd for Along<A> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.value.partial_cmp(&other.value)
    }
}
