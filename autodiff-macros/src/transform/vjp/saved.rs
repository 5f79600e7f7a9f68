//! Saved values: how the reverse sweep gets at what the forward sweep computed.
//!
//! A value defined in the outermost block of a sweep is still in scope. A value of a nested block (a branch, a loop's
//! body) is, in this order of preference:
//!
//! 1. computed again at the start of the mirrored block, if that is cheap and everything that it needs is at hand;
//! 2. kept in a variable, if its block runs at most once;
//! 3. pushed on a tape, from which the mirrored block, which runs in reversed order, takes it.
//!
//! The cost model: an addition costs 1, and the costs of operations are in the rules' tables. Saving and restoring a
//! value on a tape is taken to cost as much as [`TAPE_COST`] additions, keeping it in a variable [`SLOT_COST`]; of integers,
//! which are mostly positions, [`INTEGERS`] additions are taken to cost as much as one.

use std::collections::{HashMap, HashSet};

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::control::Bound;
use super::{Reverse, SavedValue};
use crate::analysis::types;
use crate::ir::literals;
use crate::ir::walk;
use crate::ir::{Arg, Block, Function, Iter, Op, Operand, Origin, Place, Proj, Stmt, Storage, Type, VarId};
use crate::options::Analysis;

/// The most entries of a tape that lies on the stack, for loops whose numbers of trips are literals.
const LARGEST_ARRAY: usize = 256;

const TAPE_COST: u32 = 8;
const SLOT_COST: u32 = 4;

/// How many operations on integers cost as much as one on floats.
const INTEGERS: u32 = 3;

/// Storage for saved values that a statement of the sweep's outermost block needs.
#[derive(Default)]
pub(super) struct Storages {
    /// Declarations of tapes and variables, before the statement in the forward sweep.
    pub(super) declarations: Vec<Stmt>,
    /// Readers of the tapes, before the statement's adjoint in the reverse sweep.
    pub(super) readers: Vec<Stmt>,
}

/// The variables that a statement defines for those after it in its block.
pub(crate) fn own_definitions(stmt: &Stmt) -> Vec<VarId> {
    match stmt {
        Stmt::Let { var, .. } | Stmt::Declare { var, .. } => vec![*var],
        Stmt::If { dest, .. } | Stmt::Match { dest, .. } | Stmt::Loop { dest, .. } | Stmt::Scope { dest, .. } => {
            dest.iter().copied().collect()
        }
        Stmt::Map { dest, .. } => vec![*dest],
        Stmt::CallVjp { dest, pullback, .. } => vec![*dest, *pullback],
        Stmt::CallJvp { dest, dot, .. } => vec![*dest, *dot],
        Stmt::Assign { .. }
        | Stmt::Accumulate { .. }
        | Stmt::AccumulateInto { .. }
        | Stmt::Eval(_)
        | Stmt::For { .. }
        | Stmt::While { .. }
        | Stmt::Break { .. }
        | Stmt::Continue { .. }
        | Stmt::Return { .. }
        | Stmt::ForEach { .. }
        | Stmt::Push { .. }
        | Stmt::Pull { .. }
        | Stmt::Comment(_) => Vec::new(),
    }
}

/// The variables that a statement binds inside its blocks.
pub(super) fn body_bindings(stmt: &Stmt) -> Vec<VarId> {
    match stmt {
        Stmt::For { iter, .. } => walk::iter_bindings(iter),
        Stmt::Match { arms, .. } => arms.iter().flat_map(|arm| &arm.bindings).map(|(var, _)| *var).collect(),
        Stmt::Map { inputs, .. } => inputs.iter().map(|input| input.elem).collect(),
        Stmt::ForEach { outputs, inputs, .. } => outputs.iter().chain(inputs).map(|input| input.elem).collect(),
        _ => Vec::new(),
    }
}

impl Reverse<'_> {
    /// Makes the values of the forward block `block` that the mirrored statements `out` read available there.
    /// `bound` are values that the mirrored block binds anew by itself; `entry` are bindings that it does not.
    pub(super) fn make_available(&mut self, block: &mut Block, bound: &[VarId], entry: &[VarId], out: &mut Vec<Stmt>) {
        let order: Vec<VarId> = entry.iter().copied().chain(block.stmts.iter().flat_map(own_definitions)).collect();
        let own: HashSet<VarId> = order.iter().copied().collect();
        let mirrored = Block { stmts: std::mem::take(out), result: None };
        let read: HashSet<VarId> = walk::mentioned(&mirrored).into_iter().collect();
        let needed: Vec<VarId> = order
            .iter()
            .copied()
            .filter(|var| read.contains(var) && !bound.contains(var) && self.function[*var].storage == Storage::Value)
            .collect();
        let mut have: HashSet<VarId> = bound.iter().copied().collect();
        let mut again: HashMap<VarId, Op> = HashMap::new();
        let mut saved: HashSet<VarId> = HashSet::new();
        let limit = if !self.options.analyses.run(Analysis::Recomputation) {
            0
        } else if self.loops > 0 {
            TAPE_COST
        } else {
            SLOT_COST
        };
        for var in needed {
            for base in self.bases(var, &have, &own) {
                saved.insert(base);
                have.insert(base);
            }
            let price = self.price(var, &have, &own);
            // Positions are mostly computed anyway, and cost little beside what they are positions of.
            let limit = if matches!(self.function[var].ty, Type::Int(_)) { INTEGERS * limit } else { limit };
            if price.is_some_and(|price| price <= limit || self.borrows(var)) {
                self.chain(var, &have, &own, &mut again);
            } else {
                saved.insert(var);
            }
            have.insert(var);
        }
        let mut restored = Vec::new();
        let mut renamed = HashMap::new();
        for var in &order {
            if saved.contains(var) {
                restored.extend(self.save(block, *var, entry.contains(var), &mut renamed));
            } else if let Some(op) = again.remove(var) {
                if computes(&op) {
                    self.saved.again.push(*var);
                }
                let mut again =
                    Block { stmts: vec![Stmt::Let { var: self.copy_of(*var, &mut renamed), op }], result: None };
                crate::transform::rename::block(&mut again, &renamed);
                restored.append(&mut again.stmts);
            }
        }
        let mut mirrored = mirrored;
        mirrored.stmts.splice(0..0, restored);
        crate::transform::rename::block(&mut mirrored, &renamed);
        *out = mirrored.stmts;
    }

    /// Whether a value borrows from others: it is never kept, but made again where it is needed.
    fn borrows(&self, var: VarId) -> bool {
        let borrowed = |ty: &Type| match ty {
            Type::Tensor(tensor) => tensor.view,
            Type::Ref { .. } => true,
            _ => false,
        };
        match &self.function[var].ty {
            Type::Tuple(items) => items.iter().any(borrowed),
            ty => borrowed(ty),
        }
    }

    /// The values that have to be kept so that a reference to one of them, or to a part of it, can be made again.
    fn bases(&self, var: VarId, have: &HashSet<VarId>, own: &HashSet<VarId>) -> Vec<VarId> {
        let Some(Op::Borrow(place)) = self.definitions.get(&var) else { return Vec::new() };
        let base = place.root;
        if !self.borrows(var) || self.function[base].storage != Storage::Value || self.price(var, have, own).is_some() {
            return Vec::new();
        }
        if self.borrows(base) { self.bases(base, have, own) } else { vec![base] }
    }

    /// Makes the views and references that a pullback reads from what it owns or is handed.
    pub(super) fn renew_views(&mut self, forward: &Block, out: &mut Vec<Stmt>) {
        let order: Vec<VarId> = forward.stmts.iter().flat_map(own_definitions).collect();
        let own: HashSet<VarId> = order.iter().copied().collect();
        let mirrored = Block { stmts: std::mem::take(out), result: None };
        let mut again = HashMap::new();
        let have: HashSet<VarId> = order.iter().copied().filter(|var| !self.borrows(*var)).collect();
        for var in walk::mentioned(&mirrored) {
            if self.price(var, &have, &own).is_some() {
                self.chain(var, &have, &own, &mut again);
            }
        }
        let mut renamed = HashMap::new();
        let mut renewed = Block::default();
        for var in &order {
            if let Some(op) = again.remove(var) {
                renewed.stmts.push(Stmt::Let { var: self.copy_of(*var, &mut renamed), op });
            }
        }
        renewed.stmts.extend(mirrored.stmts);
        crate::transform::rename::block(&mut renewed, &renamed);
        *out = renewed.stmts;
    }

    /// What it costs to compute a value again from what the mirrored block has, or to read it where it was put, if that
    /// is possible.
    fn price(&self, var: VarId, have: &HashSet<VarId>, own: &HashSet<VarId>) -> Option<u32> {
        if have.contains(&var) || !own.contains(&var) {
            return Some(0);
        }
        let (computed, read) = (self.price_of_operation(var, have, own), self.price_of_store(var, have, own));
        computed.into_iter().chain(read).min()
    }

    /// How a value of the given price is made again.
    fn recipe(&self, var: VarId, have: &HashSet<VarId>, own: &HashSet<VarId>) -> Op {
        let read = self.price_of_store(var, have, own);
        let reads = read.is_some_and(|read| self.price_of_operation(var, have, own).is_none_or(|price| read < price));
        match self.store(var) {
            Some(place) if reads => Op::Read(place.clone()),
            _ => self.definitions[&var].clone(),
        }
    }

    /// What it costs to read the value from the memory that it was put into.
    fn price_of_store(&self, var: VarId, have: &HashSet<VarId>, own: &HashSet<VarId>) -> Option<u32> {
        let place = self.store(var)?;
        self.is_in_scope(place.root).then_some(())?;
        self.price_of_parts(place, have, own)
    }

    /// A place that holds the value when the mirror of its block begins.
    fn store(&self, var: VarId) -> Option<&Place> {
        self.restored.stored.get(&var).or_else(|| self.stability.stored(&self.function, var))
    }

    fn price_of_operation(&self, var: VarId, have: &HashSet<VarId>, own: &HashSet<VarId>) -> Option<u32> {
        let operand = |operand: &Operand| match operand {
            Operand::Var(var) => self.price(*var, have, own),
            Operand::Const(_) => Some(0),
        };
        match self.definitions.get(&var)? {
            Op::Use(of) | Op::Unary(_, of) | Op::Cast(of, _) => Some(operand(of)? + 1),
            Op::Binary(op, left, right) => {
                if !types::is_copy(&self.function[var].ty) {
                    return None;
                }
                let own = if matches!(op, crate::ir::BinOp::Div | crate::ir::BinOp::Rem) { 3 } else { 1 };
                Some(own + operand(left)? + operand(right)?)
            }
            Op::Read(place) | Op::Borrow(place) => self.price_of_place(var, place, have, own),
            Op::Intrinsic(intrinsic) => {
                let args = intrinsic.args.iter().map(|arg| match arg {
                    Arg::Value(value) => operand(value),
                    Arg::Shared(place) if self.borrows(var) => self.price_of_place(var, place, have, own),
                    Arg::Shared(_) | Arg::Mut(_) => None,
                });
                args.into_iter().try_fold(intrinsic.row.cost, |sum, price| Some(sum + price?))
            }
            Op::Aggregate(crate::ir::AggregateKind::VecMacro | crate::ir::AggregateKind::Constructor(_), _) => None,
            Op::Aggregate(_, items) => items.iter().try_fold(1, |sum, item| Some(sum + operand(item)?)),
            Op::Opaque(opaque) if opaque.pure => opaque.uses.iter().try_fold(2, |sum, used| {
                let price = match self.function[*used].storage {
                    Storage::Value if self.function.is_ref(*used) => {
                        self.price_of_place(var, &Place::var(*used), have, own)?
                    }
                    Storage::Value => self.price(*used, have, own)?,
                    Storage::Memory => self.price_of_place(var, &Place::var(*used), have, own)?,
                };
                Some(sum + price)
            }),
            Op::Helper { args, .. } => args.iter().try_fold(2, |sum, arg| match arg {
                Arg::Value(value) => Some(sum + operand(value)?),
                Arg::Shared(_) | Arg::Mut(_) => None,
            }),
            Op::Opaque(_)
            | Op::Edit(_)
            | Op::Move(_)
            | Op::CloneOf(_)
            | Op::Call(..)
            | Op::Repeat { .. }
            | Op::ZeroOf(_)
            | Op::NewTape
            | Op::Rewind(_)
            | Op::Pop(_)
            | Op::TakeCotangent(_) => None,
        }
    }

    fn price_of_place(&self, var: VarId, place: &Place, have: &HashSet<VarId>, own: &HashSet<VarId>) -> Option<u32> {
        let owner = self.stability.owner(place.root);
        let memory = self.function[owner].storage == Storage::Memory;
        let lasts = || self.restored.lasting.contains(&var) || self.stability.holds_after(&self.function, var, place);
        if memory && !(self.is_in_scope(owner) && lasts()) {
            return None;
        }
        self.price_of_parts(place, have, own)
    }

    /// Whether memory is still there in the reverse sweep.
    fn is_in_scope(&self, owner: VarId) -> bool {
        // A pullback outlives the borrow of what its function wrote to.
        let lent = self.mode == super::Mode::Split && self.function.is_ref(owner);
        !lent && self.depth.get(&owner).is_some_and(|depth| *depth <= self.sweep)
    }

    /// What it costs to read a place that is there.
    fn price_of_parts(&self, place: &Place, have: &HashSet<VarId>, own: &HashSet<VarId>) -> Option<u32> {
        let mut price = 1;
        if self.function[place.root].storage == Storage::Value {
            price += self.price(place.root, have, own)?;
        }
        for index in indices(place) {
            if let Operand::Var(index) = index {
                price += self.price(*index, have, own)?;
            }
        }
        Some(price)
    }

    /// Adds `var` and what it is computed from to the values to compute again, with how they are made.
    fn chain(&self, var: VarId, have: &HashSet<VarId>, own: &HashSet<VarId>, again: &mut HashMap<VarId, Op>) {
        if have.contains(&var) || !own.contains(&var) || again.contains_key(&var) {
            return;
        }
        let op = self.recipe(var, have, own);
        let block = Block { stmts: vec![Stmt::Let { var, op: op.clone() }], result: None };
        again.insert(var, op);
        for used in walk::mentioned(&block) {
            if self.function[used].storage == Storage::Value {
                self.chain(used, have, own, again);
            }
        }
    }

    /// Saves a value where its block computes it; gives the statement that restores it in the mirrored block.
    fn save(
        &mut self,
        block: &mut Block,
        var: VarId,
        on_entry: bool,
        renamed: &mut HashMap<VarId, VarId>,
    ) -> Vec<Stmt> {
        // Of a reference to a number the number is kept: what it borrows from may be gone.
        let lent = match &self.function[var].ty {
            Type::Ref { mutable: false, inner } if on_entry && types::is_copy(inner) => Some((**inner).clone()),
            _ => None,
        };
        let ty = lent.clone().unwrap_or_else(|| self.function[var].ty.clone());
        let default = if self.loops == 0 && lent.is_none() { literals::default(&ty) } else { None };
        let of_loop = self.inside.last().copied();
        let kept = SavedValue { var, name: self.function[var].name.clone(), ty: ty.clone(), of_loop };
        self.saved.values.push(kept);
        self.note_saved(var);
        let name = self.function[var].name.clone();
        let (keep, restore) = if let Some(default) = default {
            let slot = self.function.fresh(format!("{name}_saved"), ty, Storage::Memory, Origin::Derived);
            self.depth.insert(slot, self.sweep);
            self.mirrors.slots.insert(slot);
            self.storages().declarations.push(Stmt::Declare { var: slot, init: Some(default) });
            let keep = Stmt::Assign { place: Place::var(slot), value: Operand::Var(var) };
            (keep, Stmt::Let { var: self.copy_of(var, renamed), op: Op::Read(Place::var(slot)) })
        } else {
            let tape_ty = Type::Tape(Box::new(ty.clone()));
            let tape = self.function.fresh(format!("{name}_tape"), tape_ty.clone(), Storage::Memory, Origin::Derived);
            let reader = self.function.fresh(format!("{name}_saved"), tape_ty, Storage::Memory, Origin::Derived);
            self.depth.insert(tape, self.sweep);
            self.depth.insert(reader, self.sweep);
            self.function[tape].span = self.around.last().copied().unwrap_or(self.function[var].source);
            let op = match self.fixed_tape(&ty) {
                Some((ascription, name)) => {
                    self.function[tape].ascription = Some(ascription);
                    Op::Helper { name, args: Vec::new() }
                }
                None => self.new_tape(),
            };
            self.storages().declarations.push(Stmt::Let { var: tape, op });
            self.storages().readers.push(Stmt::Let { var: reader, op: Op::Rewind(tape) });
            let by_value = types::is_copy(&ty) || matches!(ty, Type::Unknown | Type::Inactive);
            let restored = if by_value && lent.is_none() {
                self.copy_of(var, renamed)
            } else {
                let by_ref = Type::Ref { mutable: false, inner: Box::new(ty.clone()) };
                let restored = self.function.fresh(name.clone(), by_ref, Storage::Value, Origin::Derived);
                renamed.insert(var, restored);
                self.mirrors.copies.insert(restored, var);
                restored
            };
            let mut pushed = var;
            if lent.is_some() {
                pushed = self.function.fresh(name, ty, Storage::Value, Origin::Derived);
                let number = Op::Read(Place { root: var, path: vec![Proj::Deref] });
                block.stmts.insert(0, Stmt::Let { var: pushed, op: number });
            }
            (Stmt::Push { tape, value: Operand::Var(pushed) }, Stmt::Let { var: restored, op: Op::Pop(reader) })
        };
        let position = if on_entry {
            usize::from(lent.is_some())
        } else {
            let home = block.stmts.iter().position(|stmt| own_definitions(stmt).contains(&var));
            let home = home.expect("the block defines it");
            // What is pushed after it was used is moved, and not cloned.
            let copied = types::is_copy(&self.function[var].ty);
            1 + if copied { home } else { self.last_use(&block.stmts, home, var) }
        };
        if let (Stmt::Push { tape, .. }, true) = (&keep, self.prepared.arms.contains(&var)) {
            push_before_breaks(&mut block.stmts[..position], *tape);
        }
        block.stmts.insert(position, keep);
        vec![restore]
    }

    /// Where a value is used last that is defined at `home`; there itself if not all statements between are passed on every
    /// path, or if something may go on borrowing from it.
    fn last_use(&self, stmts: &[Stmt], home: usize, var: VarId) -> usize {
        let uses = |stmt: &Stmt| walk::mentioned_by(stmt).contains(&var);
        let passed = stmts[home + 1..].iter().take_while(|stmt| walk::blocks(stmt).is_empty());
        let simple = passed.take_while(|stmt| !uses(stmt) || !self.may_lend(stmt)).count();
        let last = stmts.iter().rposition(uses).unwrap_or(home);
        if last <= home + simple { last } else { home }
    }

    /// Whether what the statement defines may borrow from what it reads.
    fn may_lend(&self, stmt: &Stmt) -> bool {
        let Stmt::Let { var, .. } = stmt else { return false };
        let defined = &self.function[*var];
        let owns = match &defined.ty {
            Type::Vec(item) | Type::Array(item, _) => matches!(**item, Type::Float(_)),
            Type::Tensor(tensor) => !tensor.view,
            ty => types::is_scalar(ty),
        };
        !owns || defined.storage != Storage::Value
    }

    /// A new tape, with room for all entries if it is known before the loops how many there are going to be.
    fn new_tape(&mut self) -> Op {
        let branched = self.level - self.sweep != self.loops;
        let known = |count: &Option<Arg>| count.as_ref().is_some_and(|count| self.is_known_before(count));
        if branched || self.loops == 0 || !self.counts.iter().all(known) {
            return Op::NewTape;
        }
        let counts: Vec<Arg> = self.counts.iter().flatten().cloned().collect();
        let usize_ty = Type::Int(Some("usize"));
        let mut room: Option<Operand> = None;
        for count in counts {
            let declare = |this: &mut Self, name: &str, op: Op| {
                let var = this.derived(name, usize_ty.clone());
                this.depth.insert(var, this.sweep);
                this.storages().declarations.push(Stmt::Let { var, op });
                Operand::Var(var)
            };
            let count = match count {
                Arg::Value(count) => count,
                place => declare(self, "trips", Op::Helper { name: "len", args: vec![place] }),
            };
            room = Some(match room {
                Some(room) => {
                    let args = vec![Arg::Value(room), Arg::Value(count)];
                    declare(self, "trips", Op::Helper { name: "entries", args })
                }
                None => count,
            });
        }
        room.map_or(Op::NewTape, |room| Op::Helper { name: "tape_for", args: vec![Arg::Value(room)] })
    }

    /// A tape on the stack, where that is large enough: its type and the function that makes it. Constants, whose values
    /// are not seen here, are taken to be small only where there is no allocator.
    fn fixed_tape(&self, ty: &Type) -> Option<(TokenStream, &'static str)> {
        let mut number = 1_usize;
        let mut dimensions: Vec<TokenStream> = Vec::new();
        for trips in &self.trips {
            match trips.as_ref()? {
                Bound::Number(trips) => number = number.checked_mul(*trips)?,
                Bound::Constant(trips) => dimensions.push(quote!({ #trips })),
            }
        }
        let no_alloc = self.options.no_alloc();
        if !no_alloc && (number > LARGEST_ARRAY || !dimensions.is_empty()) {
            return None;
        }
        if number > 1 || dimensions.is_empty() {
            dimensions.push(proc_macro2::Literal::usize_unsuffixed(number).into_token_stream());
        }
        let entry = literals::scalar_name(ty).or_else(|| if no_alloc { literals::copied_name(ty) } else { None });
        if let (None, true, [entries]) = (&entry, no_alloc, dimensions.as_slice()) {
            return Some((quote!(rt::StackTape<_, #entries>), "stack_tape"));
        }
        let entry = entry?;
        match dimensions.as_slice() {
            [entries] => Some((quote!(rt::ArrayTape<#entry, #entries>), "array_tape")),
            // The product of two parameters is no constant.
            [outer, inner] => Some((quote!(rt::GridTape<#entry, #outer, #inner>), "grid_tape")),
            _ => None,
        }
    }

    /// Whether what tells a number of trips is there before the outermost loop.
    fn is_known_before(&self, count: &Arg) -> bool {
        let outer = |var: VarId| self.depth.get(&var).is_some_and(|depth| *depth <= self.sweep);
        match count {
            Arg::Value(operand) => Function::var_of(operand).is_none_or(outer),
            Arg::Shared(place) | Arg::Mut(place) => outer(place.root) && indices(place).is_empty(),
        }
    }

    /// The variable that stands for a value in the mirrored block.
    fn copy_of(&mut self, var: VarId, renamed: &mut HashMap<VarId, VarId>) -> VarId {
        let original = &self.function[var];
        let (name, ty) = (original.name.clone(), original.ty.clone());
        let copy = self.function.fresh(name, ty, Storage::Value, Origin::Derived);
        renamed.insert(var, copy);
        self.mirrors.copies.insert(copy, var);
        copy
    }

    fn storages(&mut self) -> &mut Storages {
        self.storage.last_mut().expect("a sweep has storages")
    }
}

/// Whether the operation computes something, rather than reading it from where it is.
fn computes(op: &Op) -> bool {
    matches!(op, Op::Unary(..) | Op::Binary(..) | Op::Cast(..) | Op::Intrinsic(_) | Op::Helper { .. })
}

/// The number of the arm that a `match` took is known after it; a path that leaves the loop in an arm pushes it before.
fn push_before_breaks(stmts: &mut [Stmt], tape: VarId) {
    let arms = stmts.iter_mut().rev().find_map(|stmt| match stmt {
        Stmt::Match { arms, .. } => Some(arms),
        _ => None,
    });
    for (index, arm) in arms.into_iter().flatten().enumerate() {
        push_before_break(&mut arm.body, &Stmt::Push { tape, value: literals::index(index) });
    }
}

/// Puts `push` before every `break` that leaves the loop around the block.
fn push_before_break(block: &mut Block, push: &Stmt) {
    for mut stmt in std::mem::take(&mut block.stmts) {
        match &stmt {
            Stmt::Break { .. } => block.stmts.push(push.clone()),
            Stmt::For { .. } | Stmt::While { .. } | Stmt::Loop { .. } => {}
            _ => walk::blocks_mut(&mut stmt).into_iter().for_each(|inner| push_before_break(inner, push)),
        }
        block.stmts.push(stmt);
    }
}

/// The index operands of a place.
pub(super) fn indices(place: &Place) -> Vec<&Operand> {
    let mut indices = Vec::new();
    for proj in &place.path {
        match proj {
            Proj::Deref | Proj::Field(_) | Proj::Payload(_) | Proj::Part(_) => {}
            Proj::Index(index) => indices.push(index),
            Proj::IndexNd(many) => indices.extend(many),
            Proj::Range { lo, hi, inclusive: _ } => indices.extend(lo.iter().chain(hi)),
        }
    }
    indices
}

/// The bindings of element references, with the place that they run over.
pub(crate) fn elements(iter: &Iter) -> Vec<(VarId, Place)> {
    let elements = walk::sources(iter).into_iter().filter_map(|source| match source {
        Iter::Elements { var, of, mutable: _ } => Some((*var, of.clone())),
        _ => None,
    });
    elements.collect()
}

/// Whether the statements do anything.
pub(super) fn is_empty(stmts: &[Stmt]) -> bool {
    stmts.iter().all(|stmt| matches!(stmt, Stmt::Let { op, .. } if is_pure(op)))
}

fn is_pure(op: &Op) -> bool {
    match op {
        Op::Opaque(opaque) => opaque.pure,
        Op::Call(..) | Op::Pop(_) | Op::TakeCotangent(_) | Op::Move(_) | Op::Edit(_) => false,
        Op::Helper { name: _, args } => !args.iter().any(|arg| matches!(arg, Arg::Mut(_))),
        _ => true,
    }
}

impl Function {
    /// Whether a variable is a slot of a pullback.
    pub(crate) fn is_slot(&self, var: VarId) -> bool {
        matches!(self[var].ty, Type::Slot(_))
    }
}
