//! Write a Rust function; get its derivative as Rust code you can read.
#![forbid(unsafe_code)]

pub use autodiff_macros::differentiable;
pub use ndarray;
