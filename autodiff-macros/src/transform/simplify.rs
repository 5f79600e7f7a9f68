//! Removes what a transform produced in vain.

use std::collections::{HashMap, HashSet};

use crate::ir::literals;
use crate::ir::walk::{self, Visit, VisitMut};
use crate::ir::{Arg, Block, Function, Op, Operand, Origin, Place, Proj, Stmt, Type, VarId};

/// Removes definitions of values that nothing reads and branches that do nothing. `roots` are variables that are read
/// outside of the block.
pub(crate) fn dead_code(function: &Function, block: &mut Block, roots: &HashSet<VarId>) {
    loop {
        let mut used = roots.clone();
        used.extend(walk::mentioned(block));
        let before = size(block);
        sweep(function, block, &used);
        if size(block) == before {
            return;
        }
    }
}

/// Replaces variables that are never written after their declaration by what they hold, and folds what that makes
/// trivial: a cotangent that is the seed of the result is often just one.
pub(crate) fn propagate(function: &Function, block: &mut Block) {
    let mut written = Written(HashSet::new());
    walk::block(&mut written, block);
    let mut constants = Constants { function, written: written.0, held: HashMap::new() };
    constants.block(block);
}

struct Written(HashSet<VarId>);

impl Visit for Written {
    fn place(&mut self, place: &Place, access: walk::Access) {
        if access != walk::Access::Read {
            self.0.insert(place.root);
        }
    }
    fn mention(&mut self, var: VarId) {
        self.0.insert(var);
    }
}

struct Constants<'a> {
    function: &'a Function,
    written: HashSet<VarId>,
    /// What derived variables hold.
    held: HashMap<VarId, Operand>,
}

impl Constants<'_> {
    fn block(&mut self, block: &mut Block) {
        for stmt in &mut block.stmts {
            walk::own_mut(self, stmt);
            self.learn(stmt);
            walk::blocks_mut(stmt).into_iter().for_each(|inner| self.block(inner));
        }
        if let Some(result) = &mut block.result {
            self.operand(result);
        }
    }

    fn learn(&mut self, stmt: &mut Stmt) {
        let scalar = |var: VarId| crate::analysis::types::is_scalar(&self.function[var].ty);
        match stmt {
            Stmt::Declare { var, init: Some(init @ Operand::Const(_)) }
                if scalar(*var) && self.function[*var].origin == Origin::Derived && !self.written.contains(var) =>
            {
                self.held.insert(*var, init.clone());
            }
            Stmt::Let { var, op } if scalar(*var) && self.function[*var].origin == Origin::Derived => {
                if let Op::Read(place) = op
                    && let (Some(held), true) = (self.held.get(&place.root), place.path.is_empty())
                {
                    *op = Op::Use(held.clone());
                }
                fold_unit(op);
                if let Op::Use(held @ Operand::Const(_)) = op {
                    self.held.insert(*var, held.clone());
                }
            }
            _ => {}
        }
    }
}

/// `1 * x` and `x * 1` are `x`.
fn fold_unit(op: &mut Op) {
    if let Op::Binary(crate::ir::BinOp::Mul, left, right) = op {
        if literals::is_one(left) {
            *op = Op::Use(right.clone());
        } else if literals::is_one(right) {
            *op = Op::Use(left.clone());
        }
    }
}

impl VisitMut for Constants<'_> {
    fn operand(&mut self, operand: &mut Operand) {
        if let Operand::Var(var) = operand
            && let Some(held) = self.held.get(var)
        {
            *operand = held.clone();
        }
    }
}

fn size(block: &Block) -> usize {
    let own = block.stmts.len() + usize::from(block.result.is_some());
    own + block.stmts.iter().flat_map(walk::blocks).map(size).sum::<usize>()
}

fn sweep(function: &Function, block: &mut Block, used: &HashSet<VarId>) {
    block.stmts.retain_mut(|stmt| {
        leave_out_value(function, stmt, used);
        walk::blocks_mut(stmt).into_iter().for_each(|inner| sweep(function, inner, used));
        match stmt {
            Stmt::Let { var, op } => {
                let dead = !used.contains(var) && is_pure(op) && function[*var].origin != Origin::User;
                !dead
            }
            Stmt::Declare { var, .. } => used.contains(var) || function[*var].origin == Origin::User,
            Stmt::If { dest: None, then, els, .. } => !then.stmts.is_empty() || !els.stmts.is_empty(),
            _ => true,
        }
    });
}

/// A branch whose value nothing reads runs for its effects.
fn leave_out_value(function: &Function, stmt: &mut Stmt, used: &HashSet<VarId>) {
    let (Stmt::If { dest, .. } | Stmt::Match { dest, .. }) = &mut *stmt else { return };
    if dest.is_some_and(|var| !used.contains(&var) && function[var].origin != Origin::User) {
        *dest = None;
        match stmt {
            // The condition in front of an arm has a value as well, which is read.
            Stmt::Match { arms, .. } => arms.iter_mut().for_each(|arm| arm.body.result = None),
            _ => walk::blocks_mut(stmt).into_iter().for_each(|branch| branch.result = None),
        }
    }
}

/// Whether leaving the operation out changes nothing but its result.
pub(crate) fn is_pure(op: &Op) -> bool {
    match op {
        Op::Opaque(opaque) => opaque.pure,
        Op::Helper { name: _, args } => !args.iter().any(|arg| matches!(arg, crate::ir::Arg::Mut(_))),
        Op::Call(..) | Op::Pop(_) | Op::TakeCotangent(_) | Op::Move(_) | Op::Edit(_) => false,
        Op::Use(_)
        | Op::Read(_)
        | Op::Borrow(_)
        | Op::CloneOf(_)
        | Op::Unary(..)
        | Op::Binary(..)
        | Op::Cast(..)
        | Op::Intrinsic(_)
        | Op::Aggregate(..)
        | Op::Repeat { .. }
        | Op::ZeroOf(_)
        | Op::NewTape
        | Op::Rewind(_) => true,
    }
}

/// Removes the inputs that the body of an element-wise statement does not read, unless they decide how often it runs.
pub(crate) fn prune_inputs(function: &Function, stmt: &mut Stmt) {
    let Stmt::ForEach { inputs, body, .. } = stmt else { return };
    let mut used: HashSet<VarId>;
    loop {
        used = walk::mentioned(body).into_iter().collect();
        let before = body.stmts.len();
        body.stmts.retain(|stmt| !matches!(stmt, Stmt::Let { var, op } if !used.contains(var) && is_pure(op)));
        if body.stmts.len() == before {
            break;
        }
    }
    if !inputs.iter().any(|input| function[input.elem].broadcast) {
        inputs.retain(|input| used.contains(&input.elem));
    }
}

/// Clones values that are moved although they are used again later: the user's own code moves them once, but the
/// reverse sweep may read them as well. `blocks` run one after the other.
pub(crate) fn clone_moved(function: &mut Function, blocks: &mut [&mut Block]) {
    let mut uses = Uses::default();
    for block in blocks.iter() {
        walk::block(&mut uses, block);
    }
    let defined = function.params.iter().map(|param| param.var).collect();
    let mut cloner = Cloner { function, uses, next: 0, loops: Vec::new(), defined };
    for block in blocks.iter_mut() {
        cloner.block(block);
    }
}

/// The position of the last use of every value, in the order of the walk, and how it is used.
#[derive(Default)]
struct Uses {
    next: usize,
    last: HashMap<VarId, usize>,
    /// The same for uses as a whole, and not of a part.
    last_whole: HashMap<VarId, usize>,
    /// The same for uses of a part, by its position in the tuple.
    last_part: HashMap<(VarId, usize), usize>,
    counts: HashMap<VarId, usize>,
    by_value: HashSet<VarId>,
}

impl Uses {
    fn starting_at(next: usize) -> Self {
        Uses { next, ..Uses::default() }
    }

    fn used(&mut self, var: VarId) {
        self.last.insert(var, self.next);
        *self.counts.entry(var).or_default() += 1;
    }

    /// The value is used in one place, which takes a reference to it.
    fn is_only_borrowed(&self, var: VarId) -> bool {
        self.counts.get(&var) == Some(&1) && !self.by_value.contains(&var)
    }
}

impl Visit for Uses {
    fn operand(&mut self, operand: &Operand) {
        self.next += 1;
        if let Operand::Var(var) = operand {
            self.used(*var);
            self.last_whole.insert(*var, self.next);
            self.by_value.insert(*var);
        }
    }
    fn place(&mut self, place: &Place, access: walk::Access) {
        self.next += 1;
        self.used(place.root);
        match tuple_part(place) {
            Some(part) => self.last_part.insert((place.root, part), self.next),
            None => self.last_whole.insert(place.root, self.next),
        };
        if access != walk::Access::Read {
            self.by_value.insert(place.root);
        }
    }
    fn mention(&mut self, var: VarId) {
        self.next += 1;
        self.used(var);
        self.last_whole.insert(var, self.next);
        self.by_value.insert(var);
    }
}

/// The position of the part of a tuple that a place lies in.
fn tuple_part(place: &Place) -> Option<usize> {
    match place.path.first() {
        Some(Proj::Field(syn::Member::Unnamed(index))) => usize::try_from(index.index).ok(),
        _ => None,
    }
}

struct Cloner<'a> {
    function: &'a mut Function,
    uses: Uses,
    next: usize,
    /// For every loop around the current statement, the values defined before it.
    loops: Vec<HashSet<VarId>>,
    defined: HashSet<VarId>,
}

impl Cloner<'_> {
    fn block(&mut self, block: &mut Block) {
        for mut stmt in std::mem::take(&mut block.stmts) {
            self.stmt(&mut stmt, &mut block.stmts);
            block.stmts.push(stmt);
        }
        let mut result = block.result.take();
        let consumed = self.consume(&mut result, &mut block.stmts);
        self.next += consumed;
        block.result = result;
    }

    /// Mirrors the order of [`walk::stmt`].
    fn stmt(&mut self, stmt: &mut Stmt, before: &mut Vec<Stmt>) {
        if walk::blocks(stmt).is_empty() {
            let mut counter = Uses::starting_at(self.next);
            walk::stmt(&mut counter, stmt);
            let end = counter.next;
            self.moves(stmt, end, before);
            self.next = end;
        } else {
            self.compound(stmt);
        }
        self.defined.extend(crate::transform::vjp::own_definitions(stmt));
    }

    fn compound(&mut self, stmt: &mut Stmt) {
        let looping = matches!(
            stmt,
            Stmt::For { .. } | Stmt::While { .. } | Stmt::Loop { .. } | Stmt::Map { .. } | Stmt::ForEach { .. }
        );
        let mut header = stmt.clone();
        for block in walk::blocks_mut(&mut header) {
            *block = Block::default();
        }
        let mut counter = Uses::starting_at(self.next);
        walk::stmt(&mut counter, &header);
        self.next = counter.next;
        if looping {
            self.loops.push(self.defined.clone());
        }
        walk::blocks_mut(stmt).into_iter().for_each(|inner| self.block(inner));
        if looping {
            self.loops.pop();
        }
    }

    fn moves(&mut self, stmt: &mut Stmt, end: usize, before: &mut Vec<Stmt>) {
        match stmt {
            Stmt::Let { op: Op::Use(operand), .. } => self.guard(operand, end, before),
            Stmt::Let { var, op } if self.moves_part(*var, op, end) => {
                if let Op::Read(place) | Op::Move(place) = op {
                    *op = Op::CloneOf(place.clone());
                }
            }
            Stmt::Let { op: Op::Aggregate(_, items), .. } => self.guard_all(items.iter_mut().collect(), end, before),
            Stmt::Let { op: Op::Repeat { item, .. }, .. } => self.guard(item, end, before),
            Stmt::Declare { init: Some(operand), .. } | Stmt::Assign { value: operand, .. } => {
                self.guard(operand, end, before);
            }
            Stmt::Break { value: Some(operand), .. } | Stmt::Return { value: Some(operand) } => {
                self.guard(operand, end, before);
            }
            Stmt::Push { value, .. } => self.guard(value, end, before),
            Stmt::Let { op: Op::Edit(edit), .. } | Stmt::Eval(Op::Edit(edit)) => {
                edit.kind.parts_mut().0.into_iter().for_each(|operand| self.guard(operand, end, before));
            }
            Stmt::Let { op: Op::Call(_, args), .. } | Stmt::Eval(Op::Call(_, args)) | Stmt::CallVjp { args, .. } => {
                self.guard_args(args.iter_mut().collect(), end, before);
            }
            Stmt::CallJvp { args, dots, .. } => {
                self.guard_args(args.iter_mut().chain(dots.iter_mut().flatten()).collect(), end, before);
            }
            _ => {}
        }
    }

    /// The arguments of one call: what it borrows cannot be given away to it as well.
    fn guard_args(&mut self, args: Vec<&mut Arg>, end: usize, before: &mut Vec<Stmt>) {
        let lent = args.iter().filter_map(|arg| match &**arg {
            Arg::Shared(place) | Arg::Mut(place) => Some(place.root),
            Arg::Value(_) => None,
        });
        let lent: HashSet<VarId> = lent.collect();
        let given = args.into_iter().filter_map(|arg| given_away(self.function, arg));
        let (both, only): (Vec<&mut Operand>, Vec<&mut Operand>) =
            given.partition(|operand| Function::var_of(operand).is_some_and(|var| lent.contains(&var)));
        both.into_iter().for_each(|operand| self.guard(operand, 0, before));
        self.guard_all(only, end, before);
    }

    /// The operands of one statement, which may name a variable several times.
    fn guard_all(&mut self, mut operands: Vec<&mut Operand>, end: usize, before: &mut Vec<Stmt>) {
        while !operands.is_empty() {
            let operand = operands.remove(0);
            let again = |other: &&mut Operand| Function::var_of(other) == Function::var_of(operand);
            let end = if operands.iter().any(again) { 0 } else { end };
            self.guard(operand, end, before);
        }
    }

    /// Whether the operation reads a field or a variable of a type that may not be `Copy`, and what it reads is used after
    /// position `end` or in a later trip. What lies behind a reference or an index can only be copied.
    fn moves_part(&self, var: VarId, op: &Op, end: usize) -> bool {
        let (place, part) = match op {
            Op::Read(place) => (place, false),
            Op::Move(place) => (place, true),
            _ => return false,
        };
        if !place.path.iter().all(|step| matches!(step, Proj::Field(_))) {
            return false;
        }
        let ty = self.function.place_type(place);
        let copied = crate::analysis::types::is_copy(&ty) || matches!(ty, Type::Ref { .. });
        if part && !copied && matches!(self.function[place.root].ty, Type::Tuple(_)) {
            // A tuple is whole where its shape is asked for. That the part is borrowed in one place alone does not help: it
            // may be bound by a name before.
            return self.uses.last_whole.get(&place.root).is_some_and(|last| *last > end);
        }
        if self.function[var].origin != Origin::User && self.uses.is_only_borrowed(var) {
            return false;
        }
        if !part && !copied && matches!(self.function[place.root].ty, Type::Tuple(_)) && tuple_part(place).is_some() {
            return self.is_part_used_again(place, end);
        }
        let open = !copied && (!part || place.path.is_empty() || self.is_part_of_open(place));
        open && !matches!(self.function[place.root].ty, Type::Ref { .. }) && self.is_used_again(place.root, end)
    }

    /// Whether the place is a field of a value whose type is not looked into.
    fn is_part_of_open(&self, place: &Place) -> bool {
        let root = crate::analysis::types::strip_refs(&self.function[place.root].ty);
        !place.path.is_empty() && matches!(root, Type::Unknown | Type::Named(_))
    }

    /// Whether a variable is used after position `end` or in a later trip.
    fn is_used_again(&self, var: VarId, end: usize) -> bool {
        let again = self.uses.last.get(&var).is_some_and(|last| *last > end);
        again || self.loops.last().is_some_and(|outer| outer.contains(&var))
    }

    /// The same for what a place in a tuple holds: the other parts may be used, as they stay when it is moved.
    fn is_part_used_again(&self, place: &Place, end: usize) -> bool {
        let part = tuple_part(place).and_then(|part| self.uses.last_part.get(&(place.root, part)));
        let again = part.into_iter().chain(self.uses.last_whole.get(&place.root)).any(|last| *last > end);
        again || self.loops.last().is_some_and(|outer| outer.contains(&place.root))
    }

    fn consume(&mut self, result: &mut Option<Operand>, before: &mut Vec<Stmt>) -> usize {
        let Some(operand) = result else { return 0 };
        let end = self.next + 1;
        self.guard(operand, end, before);
        1
    }

    /// Replaces an operand that is moved here by a clone, if it is used after position `end` or in a later trip.
    fn guard(&mut self, operand: &mut Operand, end: usize, before: &mut Vec<Stmt>) {
        let Operand::Var(var) = operand else { return };
        let ty = &self.function[*var].ty;
        if crate::analysis::types::is_copy(ty) || matches!(ty, crate::ir::Type::Inactive | crate::ir::Type::Ref { .. })
        {
            return;
        }
        if self.is_used_again(*var, end) {
            let place = Place::var(*var);
            let (name, ty) = (self.function[*var].name.clone(), crate::analysis::types::owned(ty));
            let clone = self.function.fresh(name, ty, crate::ir::Storage::Value, Origin::Derived);
            before.push(Stmt::Let { var: clone, op: Op::CloneOf(place) });
            *operand = Operand::Var(clone);
        }
    }
}

/// An argument that is given away. A view is not: it is `Copy`.
fn given_away<'a>(function: &Function, arg: &'a mut Arg) -> Option<&'a mut Operand> {
    match arg {
        Arg::Value(operand) => match function.type_of(operand) {
            Type::Tensor(tensor) if tensor.view => None,
            _ => Some(operand),
        },
        Arg::Shared(_) | Arg::Mut(_) => None,
    }
}
