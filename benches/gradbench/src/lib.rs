//! The twelve evals of [GradBench](https://github.com/gradbench/gradbench), and its protocol.
//!
//! Each module of [`evals`] has the function that its eval differentiates, as one writes it in Rust, with the attribute
//! before it. [`protocol::respond`] answers one message.

// The formulas of the evals are written with indices.
#![allow(clippy::needless_range_loop)]

pub mod evals;
mod evaluation;
pub mod protocol;

pub use evaluation::{Evaluation, Runs};
