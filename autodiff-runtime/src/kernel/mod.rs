//! Kernels on slices: the matrix product and what convolutions make of it.
//!
//! Everything here works on row-major memory of `f32` or `f64` and knows nothing of arrays or derivatives.
//!
//! - [`lanes`]: the innermost loops, one for each instruction set. The only module of the workspace with `unsafe`.
//! - [`product`]: blocking, packing, and the choice of the loop by the shape.
//! - [`matrix`]: the same for ndarray's views.
//! - [`conv`]: convolutions and their cotangents.
//! - [`scratch`]: working memory that is used again.
//! - [`sums`]: sums over contiguous numbers.

pub(crate) mod conv;
pub(crate) mod lanes;
pub(crate) mod matrix;
pub(crate) mod product;
pub(crate) mod scratch;
pub(crate) mod sums;

pub(crate) use lanes::Lanes;
