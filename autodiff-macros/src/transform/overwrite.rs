//! What is set to zero and then added to is set to the sum at once.
//!
//! The cotangent of what an assignment overwrites starts from zero again. Where the next thing that happens to it is a
//! contribution, one store does for two, and nothing is read.

use std::collections::HashMap;

use crate::ir::literals;
use crate::ir::walk;
use crate::ir::{Block, Function, Op, Operand, Origin, Place, Stmt, Storage, UnOp};
use crate::transform::facts::Facts;
use crate::transform::reads;

/// Joins stores of zero with the contributions that follow them.
pub(crate) fn join(function: &mut Function, block: &mut Block) {
    let mut position = 0;
    while position < block.stmts.len() {
        walk::blocks_mut(&mut block.stmts[position]).into_iter().for_each(|inner| join(function, inner));
        if let Stmt::Assign { place, value } = &block.stmts[position]
            && literals::is_zero(value)
            && let Some(next) = contribution(function, &block.stmts[position + 1..], place)
        {
            let next = position + 1 + next;
            let sum = std::mem::replace(&mut block.stmts[next], Stmt::Comment(String::new()));
            block.stmts.splice(next..=next, assignment(function, sum));
            block.stmts.remove(position);
            continue;
        }
        position += 1;
    }
}

/// The position of the statement that adds to the place, if it is the first that has to do with what the place is in.
fn contribution(function: &Function, stmts: &[Stmt], place: &Place) -> Option<usize> {
    let same = |other: &Place| reads::key(other, &HashMap::new()) == reads::key(place, &HashMap::new());
    for (position, stmt) in stmts.iter().enumerate() {
        if let Stmt::Accumulate { place: other, .. } = stmt
            && same(other)
        {
            return Some(position);
        }
        if Facts::of_stmt(function, stmt).mentioned.contains(&place.root) || walk::leaves(stmt) {
            return None;
        }
    }
    None
}

/// The assignment of a contribution to what is zero.
fn assignment(function: &mut Function, sum: Stmt) -> Vec<Stmt> {
    let Stmt::Accumulate { place, negative, value } = sum else { return vec![sum] };
    if !negative {
        return vec![Stmt::Assign { place, value }];
    }
    let ty = function.place_type(&place);
    let negated = function.fresh("negated", ty, Storage::Value, Origin::Temp);
    let negate = Stmt::Let { var: negated, op: Op::Unary(UnOp::Neg, value) };
    vec![negate, Stmt::Assign { place, value: Operand::Var(negated) }]
}
