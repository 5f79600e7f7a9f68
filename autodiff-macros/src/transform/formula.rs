//! The rules' formulas: parsed once, lowered into the block under construction by the same code as user functions.

use crate::ir::{Arg, Function, Operand, Place, Stmt, Storage};

/// What a name in a formula stands for.
#[derive(Clone, Debug)]
pub(crate) enum Binding {
    Operand(Operand),
    Place(Place),
}

impl Binding {
    /// An argument as a name of a formula.
    pub(crate) fn of(function: &Function, arg: &Arg) -> Self {
        match arg {
            Arg::Value(operand) => Binding::Operand(operand.clone()),
            Arg::Shared(place) | Arg::Mut(place)
                if place.path.is_empty() && function[place.root].storage == Storage::Value =>
            {
                Binding::Operand(Operand::Var(place.root))
            }
            Arg::Shared(place) | Arg::Mut(place) => Binding::Place(place.clone()),
        }
    }
}

/// Parses a formula of the tables.
pub(crate) fn parse(text: &str) -> syn::Expr {
    syn::parse_str(text).unwrap_or_else(|error| panic!("the rule's formula `{text}` is not an expression: {error}"))
}

/// Appends the statements that compute `formula` to `out`.
pub(crate) fn lower(
    function: &mut Function,
    names: &[(&str, Binding)],
    formula: &syn::Expr,
    out: &mut Vec<Stmt>,
) -> Operand {
    crate::parse::lower_formula(function, names, formula, out)
}
