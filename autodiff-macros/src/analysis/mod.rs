//! What is known about a function before it is transformed. Analyses read the IR; they do not change it.

pub(crate) mod activity;
mod disjoint;
mod evidence;
pub(crate) mod infer;
pub(crate) mod instances;
pub(crate) mod lists;
pub(crate) mod scalars;
pub(crate) mod stability;
pub(crate) mod trips;
pub(crate) mod types;
