//! Runtime of the `differentiable` crate: everything that generated derivatives call, and what users need beside them.
//!
//! - [`Differentiable`] and [`Tangent`]: which type holds a derivative, and the arithmetic on it.
//! - [`accumulate`], [`Tape`], [`check_cotangent`]: the small change of every reverse sweep.
//! - [`nn`]: layers, activations and losses, each with its derivatives under the same name.
//! - [`ops`] and [`methods`]: operators and methods on values whose type is known to the compiler only.
//! - [`files`]: parameters and the state of optimizers by name, in files.
//! - [`graph`]: the static graph of a function, to be walked, printed and drawn.
//! - [`check`]: comparison of derivatives with finite differences.
//! - [`sparse`]: patterns of Jacobians and Hessians, and their compression.
//! - [`optim`]: optimizers over the [`Leaves`] of parameters.
// Allowed in one module, `kernel::lanes`.
#![deny(unsafe_code)]

mod accumulate;
mod anomaly;
mod axes;
pub mod batch;
mod buffers;
pub mod check;
mod checkpoint;
mod companion;
mod control;
pub mod convert;
mod coordinates;
mod custom;
mod dot;
mod each;
pub mod elementwise;
mod erased;
pub mod files;
mod float;
mod generated;
mod generic;
mod keep;
mod kernel;
mod lanes;
mod leaves;
mod linear;
mod listed;
mod macros;
mod matmul;
mod matrices;
pub mod methods;
pub mod nn;
mod number_tape;
pub mod open;
pub mod ops;
pub mod optim;
pub mod optional;
mod part;
pub mod pointer;
mod reductions;
pub mod rules;
mod scalar;
mod shape;
pub mod sparse;
mod tangent;
mod tape;
mod tensor;

pub use accumulate::*;
pub use anomaly::*;
pub use autodiff_core::{
    Frozen, GridTape, ReverseOfThird, StackTape, TwiceDifferentiable, asked, check_positions, graph, grid_tape, in_out,
    lent, position, stack_tape, twice_differentiable,
};
pub use axes::*;
pub use buffers::{Kept, copy_of, free_buffers, kept, kept_tangent, kept_tape, put};
pub use checkpoint::*;
pub use control::*;
pub use coordinates::Coordinates;
pub use custom::*;
pub use dot::{DotLhs, DotRhs, accumulate_dot_lhs_bar, accumulate_dot_rhs_bar, dot, dot_lhs_bar, dot_rhs_bar};
pub use each::*;
pub use erased::{AsAny, DynTangent, ErasedLeaves, ErasedVisitor, concrete_receiver, visit_erased, visit_erased_mut};
pub use float::Float;
pub use generated::*;
pub use generic::{Ruled, Scalar, cast, cos, cosh, div_euclid, hypot, ln, of, powf, powi, sin, sinh, sqrt, trunc};
pub use keep::Keep;
pub use lanes::*;
pub use leaves::*;
pub use linear::solve_linear;
pub use listed::*;
pub use matmul::*;
pub use matrices::*;
pub use ndarray;
pub use number_tape::NumberTape;
pub use part::*;
pub use reductions::*;
pub use scalar::*;
pub use shape::*;
#[doc(hidden)]
pub use sparse::{jacobian_pattern, symmetric_pattern};
pub use tangent::*;
pub use tape::*;
pub use tensor::*;

/// What generated code refers to, also that of this crate. Not meant to be named by hand.
#[doc(hidden)]
pub mod rt {
    pub use crate::*;
    /// By its path, since a crate may have another macro of this name.
    pub use std::vec;

    /// The names of the standard prelude, and the extension traits of generated code.
    pub mod prelude {
        pub use crate::convert::{FromRefRule, FromRule};
        pub use crate::{OptionParts, OptionTangent, ResultParts};
        pub use autodiff_core::prelude::*;
        pub use std::boxed::Box;
        pub use std::vec::Vec;
    }
}
