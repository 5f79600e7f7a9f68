//! Functions of elements that the compiler computes several at once, where those of the standard library are called for one
//! after the other. They differ from these by at most two units in the last place.

use crate::Float;

/// `exp(x)` in a loop over elements.
#[inline(always)]
#[must_use]
pub fn exp_in_lanes<A: Float>(x: A) -> A {
    x.exp_in_lanes()
}

/// `tanh(x)` in a loop over elements.
#[inline(always)]
#[must_use]
pub fn tanh_in_lanes<A: Float>(x: A) -> A {
    x.tanh_in_lanes()
}

/// `ln(x)` in a loop over elements.
#[inline(always)]
#[must_use]
pub fn ln_in_lanes<A: Float>(x: A) -> A {
    x.ln_in_lanes()
}
