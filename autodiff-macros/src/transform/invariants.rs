//! Loop invariants: what is computed in a loop from values that the loop does not change is computed before it.
//!
//! The lengths of lists are among it.
//!
//! The compiler does that as well, but only in what is generated: here it also decides what the reverse sweep has to do
//! once per trip and what it does once. Nothing is moved that could fail where the loop has no trips, and nothing whose
//! derivative may be infinite where the value is not, except where the adjoint is left out if nothing uses the value.

use std::collections::HashSet;

use crate::analysis::types;
use crate::ir::literals;
use crate::ir::walk;
use crate::ir::{Arg, BinOp, Block, Function, Iter, Op, Operand, Place, Proj, Stmt, Type, VarId};
use crate::transform::facts::Facts;

/// Operations that may be done in vain: they have finite derivatives, or adjoints that ask whether they are needed.
const HARMLESS: [&str; 12] =
    ["abs", "atan", "cbrt", "cos", "ln", "powf", "powi", "recip", "signum", "sin", "sqrt", "tanh"];

/// Moves the invariants of all loops of a function before them. Gives those that nothing may use, because the loop may
/// have no trips.
pub(super) fn hoist(function: &mut Function) -> HashSet<VarId> {
    let mut body = std::mem::take(&mut function.body);
    let mut hoist = Hoist { function, around: Vec::new(), vain: HashSet::new() };
    hoist.block(&mut body);
    let vain = hoist.vain;
    function.body = body;
    vain
}

/// The range of a loop, if it is one.
type Range = Option<(Operand, Operand)>;

struct Hoist<'a> {
    function: &'a Function,
    /// The loops around the current statement.
    around: Vec<Range>,
    vain: HashSet<VarId>,
}

impl Hoist<'_> {
    fn block(&mut self, block: &mut Block) {
        for mut stmt in std::mem::take(&mut block.stmts) {
            let range = match &stmt {
                Stmt::For { iter, .. } => Some(range(iter)),
                Stmt::While { .. } | Stmt::Loop { .. } => Some(None),
                _ => None,
            };
            let looped = range.is_some();
            let mut outer = self.around.iter().flatten();
            let runs = range.iter().flatten().any(|range| outer.any(|outer| is_same(outer, range)));
            self.around.extend(range);
            walk::blocks_mut(&mut stmt).into_iter().for_each(|inner| self.block(inner));
            if looped {
                self.around.pop();
                self.invariants(&mut stmt, runs, &mut block.stmts);
            }
            block.stmts.push(stmt);
        }
    }

    /// Takes the invariants out of a loop, which certainly `runs` at least once or not.
    fn invariants(&mut self, stmt: &mut Stmt, runs: bool, before: &mut Vec<Stmt>) {
        let mut facts = Facts::of_stmt(self.function, stmt);
        let (Stmt::For { body, .. } | Stmt::While { body, .. } | Stmt::Loop { body, .. }) = stmt else { return };
        for stmt in std::mem::take(&mut body.stmts) {
            match &stmt {
                Stmt::Let { var, op: Op::Opaque(length) }
                    if length.list().is_some_and(|list| keeps_length(&facts, list)) =>
                {
                    facts.defined.remove(var);
                    before.push(stmt);
                }
                Stmt::Let { var, op }
                    if types::is_float(&self.function[*var].ty) && is_invariant(self.function, op, &facts, runs) =>
                {
                    facts.defined.remove(var);
                    if !runs {
                        self.vain.insert(*var);
                    }
                    before.push(stmt);
                }
                _ => body.stmts.push(stmt),
            }
        }
    }
}

fn range(iter: &Iter) -> Range {
    match iter {
        Iter::Range { lo, hi, inclusive: false, .. } => Some((lo.clone(), hi.clone())),
        Iter::Rev(inner) => range(inner),
        _ => None,
    }
}

fn is_same(left: &(Operand, Operand), right: &(Operand, Operand)) -> bool {
    let same = |left: &Operand, right: &Operand| match (left, right) {
        (Operand::Var(left), Operand::Var(right)) => left == right,
        (Operand::Const(left), Operand::Const(right)) => left.tokens.to_string() == right.tokens.to_string(),
        _ => false,
    };
    same(&left.0, &right.0) && same(&left.1, &right.1)
}

/// Whether a list that is declared before the loop has the same length in every trip.
fn keeps_length(facts: &Facts, list: VarId) -> bool {
    !facts.defined.contains(&list) && !facts.reshaped.contains(&list)
}

fn is_invariant(function: &Function, op: &Op, facts: &Facts, runs: bool) -> bool {
    let outside = |operand: &Operand| Function::var_of(operand).is_none_or(|var| !facts.defined.contains(&var));
    match op {
        Op::Read(place) => is_unchanged(place, facts) && (runs || always_exists(function, place)),
        Op::Unary(_, operand) => outside(operand),
        Op::Binary(BinOp::Add | BinOp::Sub | BinOp::Mul | BinOp::Div, left, right) => outside(left) && outside(right),
        Op::Intrinsic(intrinsic) => {
            let harmless = runs || HARMLESS.contains(&intrinsic.row.name);
            harmless && intrinsic.args.iter().all(|arg| matches!(arg, Arg::Value(operand) if outside(operand)))
        }
        _ => false,
    }
}

/// Whether the loop neither binds nor changes what the place holds.
fn is_unchanged(place: &Place, facts: &Facts) -> bool {
    let inside = |operand: &Operand| Function::var_of(operand).is_some_and(|var| facts.defined.contains(&var));
    let fixed = place.path.iter().all(|step| match step {
        Proj::Deref | Proj::Field(_) => true,
        Proj::Index(index) => !inside(index),
        Proj::IndexNd(indices) => !indices.iter().any(inside),
        Proj::Payload(_) | Proj::Part(_) | Proj::Range { .. } => false,
    });
    fixed && !facts.defined.contains(&place.root) && !facts.changes(place.root)
}

/// Whether there is such a place even where the loop has no trips.
fn always_exists(function: &Function, place: &Place) -> bool {
    let mut before = Place::var(place.root);
    place.path.iter().all(|step| {
        let holder = function.place_type(&before);
        before.path.push(step.clone());
        match step {
            Proj::Index(index) => matches!(holder, Type::Array(..)) && literals::integer(index).is_some(),
            Proj::Deref | Proj::Field(_) => true,
            Proj::IndexNd(_) | Proj::Payload(_) | Proj::Part(_) | Proj::Range { .. } => false,
        }
    })
}
