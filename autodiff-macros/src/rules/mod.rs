//! The rules: tables with one row per operation, read by both transforms, by the tests and by the documentation.
//!
//! A row's formulas are written in the language that the macro itself reads: small Rust expressions that `parse` lowers
//! into the block that the transform is building. The names in scope are the row's arguments, `y` for the
//! operation's value and, in the formulas of tensor rows, `y_bar` and `a_dot` (for an argument `a`).

pub(crate) mod scalar;
pub(crate) mod tensor;

use std::borrow::Cow;

use crate::ir::Arg;
use crate::ir::literals;

/// One operation.
#[derive(Debug)]
pub(crate) struct Row {
    /// The method's or function's name; unique within its table.
    pub(crate) name: &'static str,
    /// How it is written.
    pub(crate) form: Form,
    /// Argument names, the receiver first.
    pub(crate) args: &'static [&'static str],
    pub(crate) derivative: Derivative,
    /// How much one evaluation costs, an addition being 1; decides between saving and recomputing.
    pub(crate) cost: u32,
}

impl Row {
    /// The partial derivative for the argument at `index`, in its simplest form for the arguments at hand.
    pub(crate) fn partial(&self, index: usize, args: &[Arg]) -> Option<Cow<'static, str>> {
        let Derivative::Partials(partials) = &self.derivative else { return None };
        let general = partials.get(index).copied().flatten()?;
        let exponent = match args {
            [_, Arg::Value(exponent)] if self.name == "powi" => literals::integer(exponent),
            _ => None,
        };
        Some(match exponent {
            Some(0) => Cow::Borrowed("0.0"),
            Some(1) => Cow::Borrowed("1.0"),
            Some(2) => Cow::Borrowed("2.0 * x"),
            Some(n) if n < 1000 => Cow::Owned(format!("{n}.0 * x.powi({})", n - 1)),
            Some(_) | None => Cow::Borrowed(general),
        })
    }
}

/// How an operation is written in Rust.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// `a.name(b)`
    Method,
    /// `::differentiable::rt::name(a, b)`
    Runtime,
}

/// What differentiating the operation means.
#[derive(Debug)]
pub(crate) enum Derivative {
    /// A scalar function: one partial derivative per argument, `None` for an argument that has none (an exponent `i32`).
    Partials(&'static [Option<&'static str>]),
    /// Piecewise constant, or a property that is not a float: the result carries no derivative.
    Zero,
    /// A tensor operation: per argument, the contribution to its cotangent (by `rt::accumulate`) and to the tangent.
    Tensor(&'static [Option<TensorTerm>]),
    /// Not differentiable here, with the reason and what to write instead.
    Refused(&'static str),
}

/// One argument of a tensor row.
#[derive(Debug)]
pub(crate) struct TensorTerm {
    /// Contribution to the argument's cotangent, an expression in the arguments, `y` and `y_bar`.
    pub(crate) bar: &'static str,
    /// `rt::NAME(&mut a_bar, &x, &y)`, a function that adds the contribution without a temporary, and its arguments.
    pub(crate) into: Option<(&'static str, [&'static str; 2])>,
    /// Contribution to the result's tangent, an expression in the arguments, `y` and `ARG_dot`.
    pub(crate) dot: &'static str,
    /// The contribution to the cotangent always has the argument's own shape, so that it may initialise it.
    pub(crate) same_shape: bool,
}

/// A derivative of a method that numbers or arrays have under this name as well, in the runtime's module `open`.
pub(crate) fn is_open_form(name: &str) -> bool {
    const FORMS: [&str; 4] = ["_call_vjp", "_call_jvp", "_call_mut_vjp", "_call_mut_jvp"];
    FORMS.iter().any(|form| name.strip_suffix(form).is_some_and(is_open_method))
}

fn is_open_method(name: &str) -> bool {
    const OF_ARRAYS: [&str; 4] = ["dot", "mean", "sum", "t"];
    const OPERATORS: [&str; 6] = ["add", "div", "mul", "neg", "rem", "sub"];
    OF_ARRAYS.contains(&name)
        || OPERATORS.contains(&name.strip_suffix("_assign").unwrap_or(name))
        || scalar::row(name).is_some_and(|row| matches!(row.derivative, Derivative::Partials(_)))
}
