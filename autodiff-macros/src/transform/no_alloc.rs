//! `#[differentiable(no_alloc)]`: what would need an allocator is an error.

use std::collections::BTreeSet;

use crate::analysis::types;
use crate::diagnostics::Diagnostics;
use crate::ir::walk::{self, Visit};
use crate::ir::{Block, Function, Op, Stmt, Type, VarId};

/// Reports parameters whose gradients are lists.
pub(super) fn check_signature(function: &Function, diagnostics: &mut Diagnostics) {
    let result = (!function.params.is_empty() && needs_lists(&function.result)).then_some(function.params[0].var);
    let params = function.params.iter().filter(|param| param.differentiated && needs_lists(&function[param.var].ty));
    for var in params.map(|param| param.var).chain(result) {
        let what = if Some(var) == result { "the result" } else { &function[var].name };
        diagnostics.error_at(
            function[var].span,
            format!("the derivative of `{what}` is a list, which is allocated"),
            "take and return numbers, tuples and arrays, `&[f64; 3]`",
        );
    }
}

fn needs_lists(ty: &Type) -> bool {
    match types::strip_refs(ty) {
        Type::Slice(_) | Type::Vec(_) | Type::Tensor(_) => true,
        Type::Array(item, _) => needs_lists(item),
        Type::Tuple(items) => items.iter().any(needs_lists),
        _ => false,
    }
}

/// Reports the loops for which a reverse sweep, whose parts are `blocks`, keeps a list of values.
pub(super) fn check(function: &Function, blocks: &[&Block], diagnostics: &mut Diagnostics) {
    let mut growing = Growing { function, found: BTreeSet::new(), recursive: Vec::new() };
    blocks.iter().for_each(|block| walk::block(&mut growing, block));
    // The pullback of a recursive call is reported at the call.
    let of_recursion =
        |tape: &VarId| matches!(&function[*tape].ty, Type::Tape(kept) if matches!(**kept, Type::Pullback));
    growing.found.retain(|tape| growing.recursive.is_empty() || !of_recursion(tape));
    for tape in growing.found {
        diagnostics.error_at(
            function[tape].span,
            "the reverse sweep of this keeps values in a list, which is allocated",
            "give a loop a number of trips that is known, `for i in 0..8`, `for i in 0..N` or `for v in array`: then the list is an array",
        );
    }
    for span in growing.recursive {
        diagnostics.error_at(span, "the pullback of a recursive call is allocated", "write a loop");
    }
}

struct Growing<'a> {
    function: &'a Function,
    found: BTreeSet<VarId>,
    recursive: Vec<proc_macro2::Span>,
}

impl Visit for Growing<'_> {
    fn enter(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Let {
                op: Op::Rewind(_) | Op::Helper { name: "array_tape" | "grid_tape" | "stack_tape", .. },
                ..
            } => {}
            Stmt::Let { var, .. } if matches!(self.function[*var].ty, Type::Tape(_)) => {
                self.found.insert(*var);
            }
            Stmt::Let { var, op: Op::Helper { name: "binomial_snapshots" | "sqrt_snapshots", .. } } => {
                self.found.insert(*var);
            }
            Stmt::CallVjp { callee, .. } if callee.recursive => self.recursive.push(callee.span),
            _ => {}
        }
    }
}
