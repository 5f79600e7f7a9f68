//! Runtime of the `differentiable` crate.
