//! Kernels on slices: the matrix product and what convolutions make of it.
//!
//! Everything here works on memory of `f32` or `f64` and knows nothing of derivatives.
//!
//! - [`lanes`]: the innermost loops, one for each instruction set. The only module of the workspace with `unsafe`.
//! - [`product`]: matrix products of ndarray's views, of any layout, and the choice of the loop by the shape.
//! - [`inner`]: those with few rows or columns.
//! - [`conv`]: convolutions and their cotangents.
//! - [`exponentials`]: exponentials, hyperbolic tangents and logistic functions of many numbers.
//! - [`scratch`]: working memory that is used again.
//! - [`sums`]: sums over contiguous numbers.

pub(crate) mod conv;
mod exponentials;
mod inner;
pub(crate) mod lanes;
pub(crate) mod product;
pub(crate) mod scratch;
pub(crate) mod sums;

pub(crate) use lanes::{Lanes, Loop, widest};
