#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub use autodiff_macros::{Differentiable, differentiable};
pub use autodiff_runtime::{
    Differentiable, Float, Leaves, Tangent, accumulate, check, gradcheck, graph, ndarray, nn, no_grad, optim,
    stop_gradient, zero, zero_tangent,
};

/// What generated code refers to. Not meant to be named by hand.
#[doc(hidden)]
pub mod rt {
    pub use autodiff_runtime::*;
    /// By its path, since a crate may have another macro of this name.
    pub use std::vec;

    /// The names of the standard prelude, for crates that have none, and the extension traits of generated code.
    pub mod prelude {
        pub use autodiff_runtime::OptionTangent;
        pub use std::boxed::Box;
        pub use std::clone::Clone;
        pub use std::iter::{DoubleEndedIterator, ExactSizeIterator, IntoIterator, Iterator};
        pub use std::ops::Fn;
        pub use std::option::Option::{self, None, Some};
        pub use std::vec::Vec;
    }
}
