//! Sums in registers: what the trips of a loop add to the same part of a cotangent is summed in a variable, and added to
//! the cotangent once, after the loop.
//!
//! The compiler cannot do that by itself where it cannot tell that the parts that the loop adds to are different. As all
//! that happens to the cotangent in the loop is adding, the order does not matter. A part behind an index is added to
//! only if the sum is not zero: a loop without trips must not look at an element that may not exist.
//!
//! [`shifted`] does the same for a part that one trip adds to and the next one adds to again.

mod shifted;

use std::collections::{HashMap, HashSet};

use crate::analysis::types;
use crate::ir::literals;
use crate::ir::walk;
use crate::ir::{BinOp, Block, Function, Iter, Op, Operand, Origin, Place, Proj, Stmt, Storage, Type, Var, VarId};
use crate::transform::facts::Facts;
use crate::transform::reads;

/// Sums in registers wherever that is possible in a block.
pub(crate) fn promote(function: &mut Function, block: &mut Block) {
    for mut stmt in std::mem::take(&mut block.stmts) {
        let mut after = Vec::new();
        if let Stmt::For { iter, body, .. } = &mut stmt {
            let mut sums = Sums::new(function, iter, body);
            sums.collect(body);
            shifted::carry(&mut sums, iter, body);
            let Sums { before, after: add, .. } = sums;
            block.stmts.extend(before);
            after = add;
        }
        walk::blocks_mut(&mut stmt).into_iter().for_each(|inner| promote(function, inner));
        block.stmts.push(stmt);
        block.stmts.extend(after);
    }
}

/// What one loop adds to.
struct Sums<'a> {
    function: &'a mut Function,
    /// What the loop does.
    facts: Facts,
    /// What the loop iterates over.
    iterated: Vec<VarId>,
    /// The positions that each trip computes anew of what is outside of the loop, as `3 * i` in a loop over `j`.
    positions: HashMap<VarId, Op>,
    /// The variables that hold sums, by the text of the place that they are added to in the end.
    held: HashMap<String, VarId>,
    before: Vec<Stmt>,
    after: Vec<Stmt>,
}

impl<'a> Sums<'a> {
    fn new(function: &'a mut Function, iter: &Iter, body: &Block) -> Self {
        let mut facts = Facts::of_block(function, body);
        facts.defined.extend(walk::iter_bindings(iter));
        let bound = crate::transform::vjp::elements(iter);
        let iterated: Vec<VarId> = bound.into_iter().map(|(_, of)| of.root).collect();
        facts.read.extend(&iterated);
        let mut positions = HashMap::new();
        find_positions(function, &facts.defined, body, &mut positions);
        Sums { function, facts, iterated, positions, held: HashMap::new(), before: Vec::new(), after: Vec::new() }
    }

    /// Whether the loop does nothing but adding to a cotangent that lives outside of it.
    fn is_only_added(&self, place: &Place) -> bool {
        let facts = &self.facts;
        let untouched = !facts.read.contains(&place.root) && !facts.written.contains(&place.root);
        self.is_cotangent(place) && untouched
    }

    /// Whether the loop adds to parts of a cotangent that lives outside of it, of which this is one.
    fn is_cotangent(&self, place: &Place) -> bool {
        let facts = &self.facts;
        let outside = !facts.defined.contains(&place.root) && facts.added.contains(&place.root);
        let float = types::is_float(&self.function.place_type(place));
        let cotangent = self.function[place.root].origin == Origin::Derived;
        outside && float && cotangent && !place.path.is_empty()
    }

    fn collect(&mut self, block: &mut Block) {
        for stmt in &mut block.stmts {
            walk::blocks_mut(stmt).into_iter().for_each(|inner| self.collect(inner));
            if let Stmt::Accumulate { place, .. } = stmt
                && self.is_only_added(place)
                && is_fixed(&place.path, |var| !self.facts.defined.contains(&var) || self.positions.contains_key(&var))
            {
                *place = Place::var(self.sum(place));
            }
        }
    }

    /// The variable that holds what is added to the place.
    fn sum(&mut self, place: &Place) -> VarId {
        let key = reads::key(place, &HashMap::new());
        if let Some(sum) = self.held.get(&key) {
            return *sum;
        }
        let sum = self.register(format!("{}_sum", self.function[place.root].name), place);
        self.hand_over(sum, place.clone());
        self.held.insert(key, sum);
        sum
    }

    /// A variable that is zero before the loop, of the type of what the place holds.
    fn register(&mut self, name: String, place: &Place) -> VarId {
        let ty = self.function.place_type(place);
        let zero = literals::zero(&ty).expect("only floats are summed");
        let sum = self.function.fresh(name, ty, Storage::Memory, Origin::Derived);
        self.before.push(Stmt::Declare { var: sum, init: Some(zero) });
        sum
    }

    /// Computes a position after the loop, where what the loop defines is not in scope.
    fn position(&mut self, operand: &mut Operand, out: &mut Vec<Stmt>) {
        let Operand::Var(var) = operand else { return };
        let Some(mut op) = self.positions.get(var).cloned() else { return };
        if let Op::Binary(_, left, right) = &mut op {
            self.position(left, out);
            self.position(right, out);
        }
        let Var { name, ty, .. } = self.function[*var].clone();
        let again = self.function.fresh(name, ty, Storage::Value, Origin::Derived);
        out.push(Stmt::Let { var: again, op });
        *operand = Operand::Var(again);
    }

    /// Adds a sum to where it belongs after the loop.
    fn hand_over(&mut self, sum: VarId, mut place: Place) {
        let ty = self.function[sum].ty.clone();
        let total = self.function.fresh("sum", ty.clone(), Storage::Value, Origin::Temp);
        let read = Stmt::Let { var: total, op: Op::Read(Place::var(sum)) };
        let indexed = place.path.iter().any(|step| !matches!(step, Proj::Deref | Proj::Field(_)));
        let mut then = Vec::new();
        for step in &mut place.path {
            match step {
                Proj::Index(index) => self.position(index, &mut then),
                Proj::IndexNd(indices) => indices.iter_mut().for_each(|index| self.position(index, &mut then)),
                Proj::Deref | Proj::Field(_) | Proj::Payload(_) | Proj::Part(_) | Proj::Range { .. } => {}
            }
        }
        let add = Stmt::Accumulate { place, negative: false, value: Operand::Var(total) };
        self.after.push(read);
        if !indexed {
            return self.after.push(add);
        }
        let zero = literals::zero(&ty).expect("only floats are summed");
        let differs = self.function.fresh("differs", Type::Bool, Storage::Value, Origin::Temp);
        self.after.push(Stmt::Let { var: differs, op: Op::Binary(BinOp::Ne, Operand::Var(total), zero) });
        then.push(add);
        let then = Block { stmts: then, result: None };
        self.after.push(Stmt::If { dest: None, cond: Operand::Var(differs), then, els: Block::default() });
    }
}

/// Whether the path leads to the same part in every trip of a loop, whose trips see the same value of the variables that
/// `lasts` names.
fn is_fixed(path: &[Proj], lasts: impl Fn(VarId) -> bool) -> bool {
    let outer = |operand: &Operand| Function::var_of(operand).is_none_or(&lasts);
    path.iter().all(|step| match step {
        Proj::Deref | Proj::Field(_) => true,
        Proj::Index(index) => outer(index),
        Proj::IndexNd(indices) => indices.iter().all(outer),
        Proj::Payload(_) | Proj::Part(_) | Proj::Range { .. } => false,
    })
}

/// The integers that a loop's body computes of what is outside of it, given what the loop defines.
fn find_positions(function: &Function, defined: &HashSet<VarId>, body: &Block, found: &mut HashMap<VarId, Op>) {
    for stmt in &body.stmts {
        if let Stmt::Let { var, op: op @ Op::Binary(BinOp::Add | BinOp::Sub | BinOp::Mul, left, right) } = stmt
            && matches!(function[*var].ty, Type::Int(_))
            && [left, right].into_iter().filter_map(Function::var_of).all(|var| {
                function[var].storage == Storage::Value && (!defined.contains(&var) || found.contains_key(&var))
            })
        {
            found.insert(*var, op.clone());
        }
        walk::blocks(stmt).into_iter().for_each(|inner| find_positions(function, defined, inner, found));
    }
}
