//! Removes temporaries that nothing uses: positions that a pattern skipped, ends of windows that nobody asked for.

use crate::ir::walk::{self, Visit};
use crate::ir::{Block, Function, Op, Operand, Origin, Place, Stmt, VarId};
use crate::rules::Derivative;
use std::collections::HashSet;

pub(super) fn prune(function: &mut Function) {
    let mut body = std::mem::take(&mut function.body);
    // What an unused temporary uses may be unused without it.
    while remove(function, &mut body) {}
    function.body = body;
}

fn remove(function: &Function, body: &mut Block) -> bool {
    let mut used = Used(HashSet::new());
    walk::block(&mut used, body);
    let mut removed = false;
    remove_from(function, body, &used.0, &mut removed);
    removed
}

fn remove_from(function: &Function, block: &mut Block, used: &HashSet<VarId>, removed: &mut bool) {
    let before = block.stmts.len();
    block.stmts.retain(|stmt| !is_unused(function, stmt, used));
    *removed |= block.stmts.len() != before;
    for stmt in &mut block.stmts {
        for inner in walk::blocks_mut(stmt) {
            remove_from(function, inner, used, removed);
        }
    }
}

fn is_unused(function: &Function, stmt: &Stmt, used: &HashSet<VarId>) -> bool {
    let Stmt::Let { var, op } = stmt else { return false };
    if used.contains(var) || function[*var].origin != Origin::Temp {
        return false;
    }
    match op {
        Op::Use(_) | Op::Read(_) | Op::Borrow(_) | Op::Unary(..) | Op::Binary(..) | Op::Cast(..) => true,
        Op::Opaque(opaque) => opaque.pure,
        Op::Intrinsic(intrinsic) => matches!(intrinsic.row.derivative, Derivative::Partials(_) | Derivative::Zero),
        Op::Move(_)
        | Op::CloneOf(_)
        | Op::Call(..)
        | Op::Aggregate(..)
        | Op::Repeat { .. }
        | Op::Helper { .. }
        | Op::Edit(_)
        | Op::ZeroOf(_)
        | Op::NewTape
        | Op::Rewind(_)
        | Op::Pop(_)
        | Op::TakeCotangent(_) => false,
    }
}

struct Used(HashSet<VarId>);

impl Visit for Used {
    fn operand(&mut self, operand: &Operand) {
        if let Operand::Var(var) = operand {
            self.0.insert(*var);
        }
    }

    fn place(&mut self, place: &Place, _access: walk::Access) {
        self.0.insert(place.root);
    }

    fn mention(&mut self, var: VarId) {
        self.0.insert(var);
    }
}
