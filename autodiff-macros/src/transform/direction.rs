//! The direction of reversed loops: where the trips of a loop's mirror may run in any order, they run forwards.
//!
//! They may where they only add to cotangents that they do not look at, and where each trip keeps to elements of its own of
//! what it looks at and writes, as the mirror of `y[i] = f(x[i])` does. Processors and compilers both expect memory to be
//! run through upwards: the checks of indices that grow with the counter are left out, and several trips become one.

use std::collections::HashSet;

use crate::analysis::trips;
use crate::ir::walk;
use crate::ir::{Block, Function, Iter, ScopeId, Stmt, VarId};
use crate::transform::facts::Facts;

/// Turns the mirrors in blocks that run one after the other.
pub(crate) fn turn(function: &Function, blocks: &mut [&mut Block]) {
    let mut seen = HashSet::new();
    blocks.iter_mut().for_each(|block| turn_block(function, block, &mut seen));
}

/// `seen` are the loops that stand before, of which the ones with the same numbers are the mirrors.
fn turn_block(function: &Function, block: &mut Block, seen: &mut HashSet<ScopeId>) {
    for stmt in &mut block.stmts {
        walk::blocks_mut(stmt).into_iter().for_each(|inner| turn_block(function, inner, seen));
        let Stmt::For { id, iter: Iter::Rev(_), .. } = stmt else {
            seen.extend(loop_id(stmt));
            continue;
        };
        if seen.insert(*id) || !is_orderless(function, stmt) {
            continue;
        }
        if let Stmt::For { iter, .. } = stmt
            && let Iter::Rev(inner) = iter
        {
            *iter = (**inner).clone();
        }
    }
}

fn loop_id(stmt: &Stmt) -> Option<ScopeId> {
    match stmt {
        Stmt::For { id, .. } => Some(*id),
        _ => None,
    }
}

/// Whether the trips leave nothing behind but sums, apart from what no other trip touches.
fn is_orderless(function: &Function, stmt: &Stmt) -> bool {
    let facts = Facts::of_stmt(function, stmt);
    if !facts.popped.is_empty() || !facts.pushed.is_empty() || walk::leaves(stmt) {
        return false;
    }
    let read = |var: &VarId| facts.read.contains(var);
    let tied = facts.outer(&facts.written).chain(facts.outer(&facts.added).filter(read)).collect();
    trips::are_apart(stmt, &tied)
}
