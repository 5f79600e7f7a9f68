//! The split form of a checkpointed function: the forward sweep is the function itself and saves its arguments only; the
//! pullback runs it again, this time with everything that the reverse sweep reads, and then the reverse sweep.

use std::collections::{HashMap, HashSet};

use super::split::{Primal, Saved, parameters};
use super::{Mode, Reverse};
use crate::analysis::types;
use crate::ir::{Arg, Block, Function, Op, Operand, Origin, Passing, Place, Stmt, Storage, VarId};
use crate::options::Analysis;
use crate::transform::checkpoints::{content, without_observers};
use crate::transform::{Pullback, Split, fuse, rename, simplify};

/// `call_vjp` of a checkpointed function, which was `original` before it was prepared for the reverse sweep.
pub(crate) fn split_again(primal: &Primal<'_>, original: &Function) -> (Split, Saved) {
    let mut reverse = Reverse::new(primal, Mode::Split);
    let buffers = reverse.buffers();
    let mut stmts = Vec::new();
    reverse.unwrap_in_out(&buffers, &mut stmts);
    let (seed, total) = reverse.result_seed(&mut stmts);
    let mut again = std::mem::take(&mut reverse.function.body);
    let adjoint = reverse.block(&mut again, total);
    without_observers(&mut again);
    stmts.append(&mut again.stmts);
    stmts.push(Stmt::Comment("Reverse sweep.".to_owned()));
    stmts.extend(adjoint);
    reverse.finish_parameters(&buffers, &mut stmts);
    let (again, slots) = parameters(primal.function, &buffers);
    let (mut function, mirrors) = (reverse.function, reverse.mirrors);
    let saved = Saved { whole: true, ..Saved::default() };
    let mut body = Block { stmts, result: None };
    if primal.options.analyses.run(Analysis::Fusion) {
        simplify::propagate(&function, &mut body);
        simplify::dead_code(&function, &mut body, &HashSet::new());
        fuse::fuse(&mut function, &mut body, &mirrors);
    }
    let mut forward = rename::imported(&mut function, original, original.body.clone());
    keep_arguments(&mut function, &mut forward, &mut body);
    simplify::propagate(&function, &mut body);
    simplify::dead_code(&function, &mut body, &HashSet::new());
    let captured = crate::ir::walk::mentioned(&body).into_iter().collect();
    simplify::dead_code(&function, &mut forward, &captured);
    simplify::clone_moved(&mut function, &mut [&mut forward]);
    simplify::clone_moved(&mut function, &mut [&mut body]);
    function.body = forward;
    (Split { forward: function, pullback: Pullback { again, seed, slots, body } }, saved)
}

/// What the function may use up or change of its arguments is cloned first, and again for each run in the pullback.
fn keep_arguments(function: &mut Function, forward: &mut Block, body: &mut Block) {
    let mut names = HashMap::new();
    let (mut kept, mut start) = (Vec::new(), Vec::new());
    for param in function.params.clone() {
        let by_value = param.passing == Passing::Value;
        let changes = function[param.var].storage == Storage::Memory || !types::is_copy(&function[param.var].ty);
        if param.passing == Passing::Shared || by_value && !changes {
            continue;
        }
        let (place, ty) = content(function, param.var);
        let name = function[param.var].name.clone();
        let keep = function.fresh(format!("{name}_kept"), ty.clone(), Storage::Value, Origin::Derived);
        kept.push(Stmt::Let { var: keep, op: types::copied(place, &ty) });
        let value = function.fresh(name, ty.clone(), Storage::Value, Origin::Derived);
        start.push(Stmt::Let { var: value, op: types::copied(Place::var(keep), &ty) });
        let again = if by_value && function[param.var].storage == Storage::Value {
            value
        } else {
            memory_like(function, param.var, value, &mut start)
        };
        names.insert(param.var, again);
    }
    rename::block(body, &names);
    forward.stmts.splice(0..0, kept);
    body.stmts.splice(0..0, start);
}

/// Memory of its own with the given content; a `&mut` reference to it where the original is one.
pub(super) fn memory_like(function: &mut Function, var: VarId, value: VarId, out: &mut Vec<Stmt>) -> VarId {
    let (name, ty) = (function[var].name.clone(), function[value].ty.clone());
    let copy = function.fresh(name.clone(), ty, Storage::Memory, Origin::Derived);
    out.push(Stmt::Declare { var: copy, init: Some(Operand::Var(value)) });
    if !function.is_ref(var) {
        return copy;
    }
    let ty = function[var].ty.clone();
    let reference = function.fresh(name.clone(), ty.clone(), Storage::Memory, Origin::Derived);
    let lent = function.fresh(name, ty, Storage::Value, Origin::Derived);
    out.push(Stmt::Let { var: lent, op: Op::Helper { name: "lent", args: vec![Arg::Mut(Place::var(copy))] } });
    out.push(Stmt::Declare { var: reference, init: Some(Operand::Var(lent)) });
    reference
}
