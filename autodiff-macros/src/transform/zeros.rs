//! Factors that are zero: a tangent in several directions that is multiplied by zero is not computed.
//!
//! A tangent in several directions costs as many operations as there are directions, a number of the function costs one.
//! What a product with a number contributes is therefore computed only where the number is not zero: weights, masks and
//! coefficients often are. Where a tangent stands for the inputs that a value depends on, every factor counts
//! (`rt::counts`), as it may be another one elsewhere.

use std::collections::HashSet;

use crate::analysis::types;
use crate::ir::walk;
use crate::ir::{Arg, BinOp, Block, Function, Op, Operand, Origin, Stmt, Storage, Type, VarId};
use crate::transform::facts::{Facts, Uses};

/// A contribution is worth a branch if it takes this many operations on tangents beside the product.
const WORTH: usize = 2;

/// Puts the contributions to tangents under conditions, in all blocks of a derivative in several directions.
pub(super) fn skip(function: &mut Function) {
    let mut body = std::mem::take(&mut function.body);
    let uses = Uses::of(&body);
    block(function, &uses, &mut body);
    function.body = body;
}

fn block(function: &mut Function, uses: &Uses, block: &mut Block) {
    block.stmts.iter_mut().flat_map(walk::blocks_mut).for_each(|inner| self::block(function, uses, inner));
    let mut position = 0;
    while position < block.stmts.len() {
        if let Some((factor, moved)) = contribution(function, uses, &block.stmts[..=position]) {
            guard(function, &mut block.stmts, position, &factor, &moved);
            position -= moved.len();
            // The condition stands before what it guards.
            position += 1;
        }
        position += 1;
    }
}

/// If the last statement adds a product with a number to a tangent: the number, and the positions of the statements that
/// compute nothing else than the contribution.
fn contribution(function: &Function, uses: &Uses, stmts: &[Stmt]) -> Option<(Operand, Vec<usize>)> {
    let (Stmt::Accumulate { value: Operand::Var(product), .. }, before) = stmts.split_last()? else { return None };
    let mut slice = Slice { function, uses, stmts: before, moved: Vec::new(), work: 0 };
    let (left, right) = slice.product(*product)?;
    let (tangent, factor) = if is_tangent(function, left) { (left, right) } else { (right, left) };
    if !is_tangent(function, tangent)
        || !types::is_float(&function.type_of(factor))
        || Function::var_of(factor).is_none()
    {
        return None;
    }
    slice.work = 0;
    slice.follow(tangent);
    let Slice { mut moved, work, .. } = slice;
    moved.sort_unstable();
    (work >= WORTH && is_movable(function, before, &moved)).then(|| (factor.clone(), moved))
}

/// The statements that compute one value and nothing else.
struct Slice<'a> {
    function: &'a Function,
    uses: &'a Uses,
    stmts: &'a [Stmt],
    moved: Vec<usize>,
    work: usize,
}

impl<'a> Slice<'a> {
    /// The operation that computes a tangent, if nothing else needs it.
    fn take(&mut self, var: VarId) -> Option<&'a Op> {
        let temporary = self.function[var].origin != Origin::User && self.uses.of_var(var) == 1;
        let found = |stmt: &Stmt| matches!(stmt, Stmt::Let { var: defined, .. } if *defined == var);
        let position = self.stmts.iter().position(found).filter(|_| temporary)?;
        let Stmt::Let { op, .. } = &self.stmts[position] else { return None };
        if !matches!(op, Op::Binary(..) | Op::Unary(..) | Op::Use(_) | Op::Read(_)) {
            return None;
        }
        self.work += usize::from(matches!(op, Op::Binary(..)));
        self.moved.push(position);
        Some(op)
    }

    /// The factors of a product, behind copies of it.
    fn product(&mut self, var: VarId) -> Option<(&'a Operand, &'a Operand)> {
        match self.take(var)? {
            Op::Use(Operand::Var(copied)) => self.product(*copied),
            Op::Binary(BinOp::Mul, left, right) => Some((left, right)),
            _ => None,
        }
    }

    fn follow(&mut self, operand: &Operand) {
        let Some(var) = Function::var_of(operand).filter(|_| is_tangent(self.function, operand)) else { return };
        match self.take(var) {
            Some(Op::Binary(_, left, right)) => {
                self.follow(left);
                self.follow(right);
            }
            Some(Op::Unary(_, operand) | Op::Use(operand)) => self.follow(operand),
            Some(_) | None => {}
        }
    }
}

fn is_tangent(function: &Function, operand: &Operand) -> bool {
    types::has_lanes(&function.type_of(operand)) && matches!(function.type_of(operand), Type::Float(_))
}

/// Whether the statements may run after those between them and the last of all.
fn is_movable(function: &Function, stmts: &[Stmt], moved: &[usize]) -> bool {
    let mut read = HashSet::new();
    stmts.iter().enumerate().all(|(position, stmt)| {
        let facts = Facts::of_stmt(function, stmt);
        if moved.contains(&position) {
            read.extend(facts.read);
            return true;
        }
        !read.iter().any(|var| facts.changes(*var))
    })
}

/// Puts the last statement up to `position` and those that it needs alone under the condition that the factor counts.
fn guard(function: &mut Function, stmts: &mut Vec<Stmt>, position: usize, factor: &Operand, moved: &[usize]) {
    let counts = function.fresh("counts", Type::Bool, Storage::Value, Origin::Temp);
    let mut then = Block { stmts: vec![stmts.remove(position)], result: None };
    for position in moved.iter().rev() {
        then.stmts.insert(0, stmts.remove(*position));
    }
    let position = position - moved.len();
    let condition = Op::Helper { name: "counts", args: vec![Arg::Value(factor.clone())] };
    let guarded = Stmt::If { dest: None, cond: Operand::Var(counts), then, els: Block::default() };
    stmts.splice(position..position, [Stmt::Let { var: counts, op: condition }, guarded]);
}
