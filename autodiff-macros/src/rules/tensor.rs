//! Tensor operations on ndarray's types.

use super::{Derivative, Form, Row, TensorTerm};

/// The row of a method on an ndarray array, by name.
pub(crate) fn row(name: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.name == name)
}

pub(crate) static ROWS: &[Row] = &[];
