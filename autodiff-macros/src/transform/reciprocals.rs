//! Shared reciprocals: cotangents that are divided by the same number are multiplied by its reciprocal, which is computed
//! once.
//!
//! A division takes several times as long as a multiplication, and in a recurrence each trip waits for that of the one
//! before. The adjoint of a quotient divides by the same denominator in both of its contributions, and so do those of
//! several quotients with one denominator; a denominator that does not change in a loop is inverted before it. What the
//! function itself computes is left as it is, digit by digit, and so is what is computed again of it.

use std::collections::{BTreeMap, HashMap};

use crate::ir::literals;
use crate::ir::walk;
use crate::ir::{BinOp, Block, Float, Function, Op, Operand, Origin, Stmt, Storage, Type, VarId};
use crate::transform::facts::Facts;

/// The values of the reverse sweep.
pub(crate) struct Adjoint<'a> {
    /// How many variables there were before it.
    pub(crate) first: usize,
    /// What stands for values of the forward sweep.
    pub(crate) copies: &'a HashMap<VarId, VarId>,
}

impl Adjoint<'_> {
    fn contains(&self, var: VarId) -> bool {
        var.0 as usize >= self.first && !self.copies.contains_key(&var)
    }
}

/// Shares reciprocals in a block.
pub(crate) fn share(function: &mut Function, adjoint: &Adjoint<'_>, block: &mut Block) {
    let mut counts = BTreeMap::new();
    block.stmts.iter().for_each(|stmt| count(function, adjoint, stmt, 1, &mut counts));
    counts.retain(|_, count| *count > 1);
    let mut inverses = HashMap::new();
    for mut stmt in std::mem::take(&mut block.stmts) {
        let mut own = BTreeMap::new();
        count(function, adjoint, &stmt, 1, &mut own);
        for denominator in own.into_keys().filter(|denominator| counts.contains_key(denominator)) {
            inverses.entry(denominator).or_insert_with(|| invert(function, denominator, &mut block.stmts));
        }
        multiply(adjoint, &mut stmt, &inverses);
        walk::blocks_mut(&mut stmt).into_iter().for_each(|inner| share(function, adjoint, inner));
        block.stmts.push(stmt);
    }
}

/// Counts the divisions by what is defined outside of a statement. One in a loop counts as many.
fn count(function: &Function, adjoint: &Adjoint<'_>, stmt: &Stmt, weight: usize, counts: &mut BTreeMap<VarId, usize>) {
    if let Some(denominator) = denominator(adjoint, stmt)
        && matches!(function[denominator].ty, Type::Float(Float::F32 | Float::F64))
    {
        *counts.entry(denominator).or_default() += weight;
    }
    let inner = walk::blocks(stmt);
    if inner.is_empty() {
        return;
    }
    let weight = if matches!(stmt, Stmt::If { .. } | Stmt::Match { .. } | Stmt::Scope { .. }) { weight } else { 2 };
    let mut inside = BTreeMap::new();
    inner.iter().flat_map(|block| &block.stmts).for_each(|stmt| count(function, adjoint, stmt, weight, &mut inside));
    let defined = Facts::of_stmt(function, stmt).defined;
    for (denominator, times) in inside.into_iter().filter(|(denominator, _)| !defined.contains(denominator)) {
        *counts.entry(denominator).or_default() += times;
    }
}

/// The number that a cotangent, or a constant part of one, is divided by.
fn denominator(adjoint: &Adjoint<'_>, stmt: &Stmt) -> Option<VarId> {
    match stmt {
        Stmt::Let { var, op: Op::Binary(BinOp::Div, _, Operand::Var(denominator)) } => {
            adjoint.contains(*var).then_some(*denominator)
        }
        _ => None,
    }
}

fn invert(function: &mut Function, denominator: VarId, before: &mut Vec<Stmt>) -> VarId {
    let (ty, name) = (function[denominator].ty.clone(), format!("{}_inverse", function[denominator].name));
    let one = literals::one(&ty).expect("only floats are inverted");
    let inverse = function.fresh(name, ty, Storage::Value, Origin::Derived);
    before.push(Stmt::Let { var: inverse, op: Op::Binary(BinOp::Div, one, Operand::Var(denominator)) });
    inverse
}

/// Multiplies by reciprocals, also in the blocks of a statement.
fn multiply(adjoint: &Adjoint<'_>, stmt: &mut Stmt, inverses: &HashMap<VarId, VarId>) {
    let inverse = denominator(adjoint, stmt).and_then(|denominator| inverses.get(&denominator));
    if let (Some(inverse), Stmt::Let { op: Op::Binary(op, _, right), .. }) = (inverse, &mut *stmt) {
        (*op, *right) = (BinOp::Mul, Operand::Var(*inverse));
    }
    for block in walk::blocks_mut(stmt) {
        block.stmts.iter_mut().for_each(|stmt| multiply(adjoint, stmt, inverses));
    }
}
