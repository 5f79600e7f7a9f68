//! What generated derivatives call where there is no standard library.
//!
//! It holds the part of `autodiff-runtime` that numbers, tuples and arrays of fixed size need, under the same names and
//! with the same conventions. Nothing here allocates without the feature `std`, by which `autodiff-runtime` builds on it. The functions of numbers (`sin`, `sqrt`) are those of `libm`, by
//! `num_traits::Float`.
#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]

pub mod asked;
mod control;
mod generated;
mod generic;
pub mod graph;
mod scalar;
mod tangent;
mod tape;

pub use control::*;
pub use generated::*;
pub use generic::*;
pub use scalar::*;
pub use tangent::*;
pub use tape::*;

/// The names of the standard prelude that generated code uses, for crates that have none.
pub mod prelude {
    pub use core::clone::Clone;
    pub use core::iter::{DoubleEndedIterator, ExactSizeIterator, IntoIterator, Iterator};
    pub use core::ops::Fn;
    pub use core::option::Option::{self, None, Some};
    // `Result` itself is not among them: a function may return the `Result<T>` of its own crate.
    pub use core::result::Result::{Err, Ok};
}
