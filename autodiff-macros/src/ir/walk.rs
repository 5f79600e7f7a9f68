//! Traversals: the operands, places and blocks of statements, in order of evaluation.
//!
//! Every function here matches exhaustively, so that a new node is a compile error until it is listed.

use super::{Arg, Block, EditKind, Function, Iter, MapInput, Op, Operand, Place, Proj, Stmt, VarId};

/// What an occurrence of a place does to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Its content is read or borrowed.
    Read,
    /// Its content is written, wholly or in part.
    Write,
    /// Its content is moved out.
    Move,
}

/// A visitor over what the statements of a tree mention. Blocks are visited where they run.
pub(crate) trait Visit {
    /// An operand (not the indices inside places, which come as operands of their own).
    fn operand(&mut self, _operand: &Operand) {}
    /// A place and what happens to it, after its indices.
    fn place(&mut self, _place: &Place, _access: Access) {}
    /// A variable that a statement defines or declares.
    fn define(&mut self, _var: VarId) {}
    /// A variable that opaque tokens mention.
    fn mention(&mut self, _var: VarId) {}
    /// Called before a statement's own parts.
    fn enter(&mut self, _stmt: &Stmt) {}
    /// Called after a statement's own parts.
    fn leave(&mut self, _stmt: &Stmt) {}
}

pub(crate) fn block(visitor: &mut impl Visit, block: &Block) {
    for stmt in &block.stmts {
        self::stmt(visitor, stmt);
    }
    operands(visitor, &block.result);
}

fn operands<'a>(visitor: &mut impl Visit, operands: impl IntoIterator<Item = &'a Operand>) {
    for operand in operands {
        visitor.operand(operand);
    }
}

fn place(visitor: &mut impl Visit, place: &Place, access: Access) {
    for proj in &place.path {
        match proj {
            Proj::Deref | Proj::Field(_) | Proj::Payload(_) | Proj::Part(_) => {}
            Proj::Index(index) => visitor.operand(index),
            Proj::IndexNd(indices) => operands(visitor, indices),
            Proj::Range { lo, hi, inclusive: _ } => {
                operands(visitor, lo);
                operands(visitor, hi);
            }
        }
    }
    visitor.place(place, access);
}

pub(crate) fn args(visitor: &mut impl Visit, args: &[Arg]) {
    for arg in args {
        self::arg(visitor, arg);
    }
}

fn arg(visitor: &mut impl Visit, arg: &Arg) {
    match arg {
        Arg::Value(operand) => visitor.operand(operand),
        Arg::Shared(shared) => place(visitor, shared, Access::Read),
        Arg::Mut(target) => place(visitor, target, Access::Write),
    }
}

/// The parts of an operation.
pub(crate) fn op(visitor: &mut impl Visit, op: &Op) {
    match op {
        Op::Use(operand) | Op::Unary(_, operand) | Op::Cast(operand, _) => visitor.operand(operand),
        Op::Read(from) | Op::Borrow(from) | Op::CloneOf(from) | Op::ZeroOf(from) => place(visitor, from, Access::Read),
        Op::Move(from) => place(visitor, from, Access::Move),
        Op::TakeCotangent(from) => place(visitor, from, Access::Write),
        Op::Binary(_, left, right) => {
            visitor.operand(left);
            visitor.operand(right);
        }
        Op::Intrinsic(intrinsic) => args(visitor, &intrinsic.args),
        Op::Call(_, call_args) => args(visitor, call_args),
        Op::Helper { name: _, args: helper_args } => args(visitor, helper_args),
        Op::Aggregate(_, items) => operands(visitor, items),
        Op::Repeat { vec: _, item, len } => {
            visitor.operand(item);
            visitor.operand(len);
        }
        Op::Opaque(opaque) => opaque.uses.iter().for_each(|var| visitor.mention(*var)),
        Op::NewTape => {}
        Op::Edit(edit) => {
            operands(visitor, edit.kind.operands());
            let access = if matches!(edit.kind, EditKind::Exchange(_)) { Access::Write } else { Access::Read };
            edit.kind.source().into_iter().for_each(|source| place(visitor, source, access));
            place(visitor, &edit.list, Access::Write);
        }
        Op::Rewind(tape) => place(visitor, &Place::var(*tape), Access::Read),
        Op::Pop(tape) => place(visitor, &Place::var(*tape), Access::Write),
    }
}

fn iter(visitor: &mut impl Visit, iter: &Iter) {
    match iter {
        Iter::Range { var, lo, hi, inclusive: _ } => {
            visitor.operand(lo);
            visitor.operand(hi);
            visitor.define(*var);
        }
        Iter::From { var, lo } => {
            visitor.operand(lo);
            visitor.define(*var);
        }
        Iter::Elements { var, of, mutable } => {
            place(visitor, of, if *mutable { Access::Write } else { Access::Read });
            visitor.define(*var);
        }
        Iter::Enumerate { var, inner } => {
            visitor.define(*var);
            self::iter(visitor, inner);
        }
        Iter::Zip(left, right) => {
            self::iter(visitor, left);
            self::iter(visitor, right);
        }
        Iter::Rev(inner) => self::iter(visitor, inner),
        Iter::StepBy(inner, count) | Iter::Skip(inner, count) | Iter::Take(inner, count) => {
            visitor.operand(count);
            self::iter(visitor, inner);
        }
        Iter::Opaque { pattern: _, vars, iter } => {
            iter.uses.iter().for_each(|var| visitor.mention(*var));
            vars.iter().for_each(|var| visitor.define(*var));
        }
    }
}

fn inputs(visitor: &mut impl Visit, inputs: &[MapInput], access: Access) {
    for input in inputs {
        place(visitor, &input.of, access);
        visitor.define(input.elem);
    }
}

/// A statement with everything inside it.
pub(crate) fn stmt(visitor: &mut impl Visit, stmt: &Stmt) {
    visitor.enter(stmt);
    match stmt {
        Stmt::Let { var, op } => {
            self::op(visitor, op);
            visitor.define(*var);
        }
        Stmt::Declare { var, init } => {
            operands(visitor, init);
            visitor.define(*var);
        }
        Stmt::Assign { place: target, value }
        | Stmt::Accumulate { place: target, value, negative: _ }
        | Stmt::AccumulateInto { place: target, value } => {
            visitor.operand(value);
            place(visitor, target, Access::Write);
        }
        Stmt::Eval(op) => self::op(visitor, op),
        Stmt::If { .. } | Stmt::Match { .. } | Stmt::Loop { .. } | Stmt::Scope { .. } => branch(visitor, stmt),
        Stmt::For { id: _, iter, body } => {
            self::iter(visitor, iter);
            block(visitor, body);
        }
        Stmt::While { id: _, header, body } => {
            block(visitor, header);
            block(visitor, body);
        }
        Stmt::Break { target: _, value } | Stmt::Return { value } => operands(visitor, value),
        Stmt::Continue { target: _ } | Stmt::Comment(_) => {}
        Stmt::Map { dest, inputs: sources, body } => {
            inputs(visitor, sources, Access::Read);
            block(visitor, body);
            visitor.define(*dest);
        }
        Stmt::ForEach { outputs, inputs: sources, body } => {
            inputs(visitor, outputs, Access::Write);
            inputs(visitor, sources, Access::Read);
            block(visitor, body);
        }
        Stmt::Push { .. } | Stmt::CallVjp { .. } | Stmt::Pull { .. } | Stmt::CallJvp { .. } => derived(visitor, stmt),
    }
    visitor.leave(stmt);
}

/// Statements that own blocks and may have a `dest`.
fn branch(visitor: &mut impl Visit, stmt: &Stmt) {
    let dest = match stmt {
        Stmt::If { dest, cond, then, els } => {
            visitor.operand(cond);
            block(visitor, then);
            block(visitor, els);
            dest
        }
        Stmt::Match { dest, scrutinee, arms } => {
            visitor.operand(scrutinee);
            for arm in arms {
                arm.bindings.iter().for_each(|(var, _)| visitor.define(*var));
                if let Some(guard) = &arm.guard {
                    block(visitor, guard);
                }
                block(visitor, &arm.body);
            }
            dest
        }
        Stmt::Loop { dest, id: _, body } | Stmt::Scope { dest, id: _, body } => {
            block(visitor, body);
            dest
        }
        other => unreachable!("`branch` is called for statements that own blocks, not for {other:?}"),
    };
    if let Some(dest) = dest {
        visitor.define(*dest);
    }
}

/// Statements that only the transforms produce.
fn derived(visitor: &mut impl Visit, stmt: &Stmt) {
    match stmt {
        Stmt::Push { tape, value } => {
            visitor.operand(value);
            place(visitor, &Place::var(*tape), Access::Write);
        }
        Stmt::CallVjp { dest, pullback, callee: _, args: call_args } => {
            args(visitor, call_args);
            visitor.define(*dest);
            visitor.define(*pullback);
        }
        Stmt::Pull { pullback, again, tangents, seed, slots, in_out } => {
            visitor.operand(&Operand::Var(*pullback));
            again
                .iter()
                .chain(tangents.iter().flatten())
                .chain(seed)
                .for_each(|read| place(visitor, read, Access::Read));
            for (slot, in_out) in slots.iter().zip(in_out) {
                let accesses = if *in_out { &[Access::Read, Access::Write][..] } else { &[Access::Write] };
                slot.iter().for_each(|slot| accesses.iter().for_each(|access| place(visitor, slot, *access)));
            }
        }
        Stmt::CallJvp { dest, dot, callee: _, args: call_args, dots } => {
            args(visitor, call_args);
            dots.iter().flatten().for_each(|dot| arg(visitor, dot));
            visitor.define(*dest);
            visitor.define(*dot);
        }
        other => unreachable!("`derived` is called for statements of the transforms, not for {other:?}"),
    }
}

/// The blocks that a statement owns, in order.
pub(crate) fn blocks(stmt: &Stmt) -> Vec<&Block> {
    match stmt {
        Stmt::If { then, els, .. } => vec![then, els],
        Stmt::Match { arms, .. } => arms.iter().flat_map(|arm| arm.guard.iter().chain([&arm.body])).collect(),
        Stmt::For { body, .. }
        | Stmt::Loop { body, .. }
        | Stmt::Scope { body, .. }
        | Stmt::Map { body, .. }
        | Stmt::ForEach { body, .. } => vec![body],
        Stmt::While { header, body, .. } => vec![header, body],
        Stmt::Let { .. }
        | Stmt::Declare { .. }
        | Stmt::Assign { .. }
        | Stmt::Accumulate { .. }
        | Stmt::AccumulateInto { .. }
        | Stmt::Eval(_)
        | Stmt::Break { .. }
        | Stmt::Continue { .. }
        | Stmt::Return { .. }
        | Stmt::Push { .. }
        | Stmt::CallVjp { .. }
        | Stmt::Pull { .. }
        | Stmt::CallJvp { .. }
        | Stmt::Comment(_) => Vec::new(),
    }
}

/// The blocks that a statement owns, for rewriting.
pub(crate) fn blocks_mut(stmt: &mut Stmt) -> Vec<&mut Block> {
    match stmt {
        Stmt::If { then, els, .. } => vec![then, els],
        Stmt::Match { arms, .. } => {
            arms.iter_mut().flat_map(|arm| arm.guard.iter_mut().chain([&mut arm.body])).collect()
        }
        Stmt::For { body, .. }
        | Stmt::Loop { body, .. }
        | Stmt::Scope { body, .. }
        | Stmt::Map { body, .. }
        | Stmt::ForEach { body, .. } => vec![body],
        Stmt::While { header, body, .. } => vec![header, body],
        Stmt::Let { .. }
        | Stmt::Declare { .. }
        | Stmt::Assign { .. }
        | Stmt::Accumulate { .. }
        | Stmt::AccumulateInto { .. }
        | Stmt::Eval(_)
        | Stmt::Break { .. }
        | Stmt::Continue { .. }
        | Stmt::Return { .. }
        | Stmt::Push { .. }
        | Stmt::CallVjp { .. }
        | Stmt::Pull { .. }
        | Stmt::CallJvp { .. }
        | Stmt::Comment(_) => Vec::new(),
    }
}

/// Whether the function calls others that are differentiated.
pub(crate) fn has_calls(function: &Function) -> bool {
    struct Calls(bool);
    impl Visit for Calls {
        fn enter(&mut self, stmt: &Stmt) {
            self.0 |= matches!(stmt, Stmt::Let { op: Op::Call(..), .. } | Stmt::Eval(Op::Call(..)));
        }
    }
    let mut calls = Calls(false);
    block(&mut calls, &function.body);
    calls.0
}

/// Every variable that a block mentions in any way, in order of occurrence, with repetitions.
pub(crate) fn mentioned(block: &Block) -> Vec<VarId> {
    let mut visitor = Mentioned(Vec::new());
    self::block(&mut visitor, block);
    visitor.0
}

/// The same of a statement.
pub(crate) fn mentioned_by(stmt: &Stmt) -> Vec<VarId> {
    let mut visitor = Mentioned(Vec::new());
    self::stmt(&mut visitor, stmt);
    visitor.0
}

/// The same of an operation.
pub(crate) fn mentioned_in(op: &Op) -> Vec<VarId> {
    let mut visitor = Mentioned(Vec::new());
    self::op(&mut visitor, op);
    visitor.0
}

struct Mentioned(Vec<VarId>);

impl Visit for Mentioned {
    fn operand(&mut self, operand: &Operand) {
        self.0.extend(Function::var_of(operand));
    }
    fn place(&mut self, place: &Place, _access: Access) {
        self.0.push(place.root);
    }
    fn mention(&mut self, var: VarId) {
        self.0.push(var);
    }
}

/// Whether what follows the statement may not run.
pub(crate) fn leaves(stmt: &Stmt) -> bool {
    matches!(stmt, Stmt::Break { .. } | Stmt::Continue { .. } | Stmt::Return { .. })
        || blocks(stmt).into_iter().any(|inner| inner.stmts.iter().any(leaves))
}

/// What an iterator is made of, without the adaptors, first to last.
pub(crate) fn sources(iter: &Iter) -> Vec<&Iter> {
    match iter {
        Iter::Range { .. } | Iter::From { .. } | Iter::Elements { .. } | Iter::Opaque { .. } => vec![iter],
        Iter::Zip(left, right) => [sources(left), sources(right)].concat(),
        Iter::Enumerate { inner, .. }
        | Iter::Rev(inner)
        | Iter::StepBy(inner, _)
        | Iter::Skip(inner, _)
        | Iter::Take(inner, _) => sources(inner),
    }
}

/// Whether an iterator hands out elements to be written.
pub(crate) fn runs_over_mutable(iter: &Iter) -> bool {
    sources(iter).into_iter().any(|source| matches!(source, Iter::Elements { mutable: true, .. }))
}

/// Whether some part of an iterator has no positions.
pub(crate) fn has_opaque(iter: &Iter) -> bool {
    sources(iter).into_iter().any(|source| matches!(source, Iter::Opaque { .. }))
}

/// The binding variables of an iterator, sources first to last.
pub(crate) fn iter_bindings(iter: &Iter) -> Vec<VarId> {
    match iter {
        Iter::Range { var, .. } | Iter::From { var, .. } | Iter::Elements { var, .. } => vec![*var],
        Iter::Enumerate { var, inner } => [vec![*var], iter_bindings(inner)].concat(),
        Iter::Zip(left, right) => [iter_bindings(left), iter_bindings(right)].concat(),
        Iter::Rev(inner) | Iter::StepBy(inner, _) | Iter::Skip(inner, _) | Iter::Take(inner, _) => iter_bindings(inner),
        Iter::Opaque { vars, .. } => vars.clone(),
    }
}

impl Function {
    /// The operand's variable, if it is one.
    pub(crate) fn var_of(operand: &Operand) -> Option<VarId> {
        match operand {
            Operand::Var(var) => Some(*var),
            Operand::Const(_) => None,
        }
    }
}

/// A visitor that may replace what the statements of a tree mention.
pub(crate) trait VisitMut {
    fn operand(&mut self, _operand: &mut Operand) {}
    /// The root of a place, or a variable that is used as one (a tape, a pullback, a mentioned variable).
    fn root(&mut self, _root: &mut VarId) {}
    /// A place, before its parts.
    fn place(&mut self, _place: &mut Place) {}
}

fn place_mut(visitor: &mut impl VisitMut, place: &mut Place) {
    visitor.place(place);
    for proj in &mut place.path {
        match proj {
            Proj::Deref | Proj::Field(_) | Proj::Payload(_) | Proj::Part(_) => {}
            Proj::Index(index) => visitor.operand(index),
            Proj::IndexNd(indices) => indices.iter_mut().for_each(|index| visitor.operand(index)),
            Proj::Range { lo, hi, inclusive: _ } => lo.iter_mut().chain(hi).for_each(|bound| visitor.operand(bound)),
        }
    }
    visitor.root(&mut place.root);
}

fn args_mut(visitor: &mut impl VisitMut, args: &mut [Arg]) {
    for arg in args {
        match arg {
            Arg::Value(operand) => visitor.operand(operand),
            Arg::Shared(place) | Arg::Mut(place) => place_mut(visitor, place),
        }
    }
}

/// The parts of an operation, for rewriting.
pub(crate) fn op_mut(visitor: &mut impl VisitMut, op: &mut Op) {
    match op {
        Op::Use(operand) | Op::Unary(_, operand) | Op::Cast(operand, _) => visitor.operand(operand),
        Op::Read(place)
        | Op::Borrow(place)
        | Op::CloneOf(place)
        | Op::ZeroOf(place)
        | Op::Move(place)
        | Op::TakeCotangent(place) => place_mut(visitor, place),
        Op::Binary(_, left, right) => {
            visitor.operand(left);
            visitor.operand(right);
        }
        Op::Intrinsic(intrinsic) => args_mut(visitor, &mut intrinsic.args),
        Op::Call(_, args) | Op::Helper { name: _, args } => args_mut(visitor, args),
        Op::Aggregate(_, items) => items.iter_mut().for_each(|item| visitor.operand(item)),
        Op::Repeat { vec: _, item, len } => {
            visitor.operand(item);
            visitor.operand(len);
        }
        Op::Opaque(opaque) => opaque.uses.iter_mut().for_each(|var| visitor.root(var)),
        Op::Edit(edit) => {
            let (operands, source) = edit.kind.parts_mut();
            operands.into_iter().for_each(|operand| visitor.operand(operand));
            source.into_iter().for_each(|source| place_mut(visitor, source));
            place_mut(visitor, &mut edit.list);
        }
        Op::NewTape => {}
        Op::Rewind(tape) | Op::Pop(tape) => visitor.root(tape),
    }
}

/// The sources of an iterator, for rewriting.
pub(crate) fn iter_mut(visitor: &mut impl VisitMut, iter: &mut Iter) {
    match iter {
        Iter::Range { var: _, lo, hi, inclusive: _ } => {
            visitor.operand(lo);
            visitor.operand(hi);
        }
        Iter::From { var: _, lo } => visitor.operand(lo),
        Iter::Elements { var: _, of, mutable: _ } => place_mut(visitor, of),
        Iter::Enumerate { var: _, inner } | Iter::Rev(inner) => iter_mut(visitor, inner),
        Iter::Zip(left, right) => {
            iter_mut(visitor, left);
            iter_mut(visitor, right);
        }
        Iter::StepBy(inner, count) | Iter::Skip(inner, count) | Iter::Take(inner, count) => {
            visitor.operand(count);
            iter_mut(visitor, inner);
        }
        Iter::Opaque { pattern: _, vars: _, iter } => iter.uses.iter_mut().for_each(|var| visitor.root(var)),
    }
}

/// What a statement itself mentions, without the statements of its blocks but with their results.
pub(crate) fn own_mut(visitor: &mut impl VisitMut, stmt: &mut Stmt) {
    match stmt {
        Stmt::Let { var: _, op } | Stmt::Eval(op) => op_mut(visitor, op),
        Stmt::Declare { var: _, init: value } | Stmt::Break { target: _, value } | Stmt::Return { value } => {
            value.iter_mut().for_each(|value| visitor.operand(value));
        }
        Stmt::Assign { place, value }
        | Stmt::Accumulate { place, value, negative: _ }
        | Stmt::AccumulateInto { place, value } => {
            visitor.operand(value);
            place_mut(visitor, place);
        }
        Stmt::If { cond, .. } => visitor.operand(cond),
        Stmt::Match { scrutinee, .. } => visitor.operand(scrutinee),
        Stmt::For { iter, .. } => iter_mut(visitor, iter),
        Stmt::Map { inputs, .. } => inputs.iter_mut().for_each(|input| place_mut(visitor, &mut input.of)),
        Stmt::ForEach { outputs, inputs, .. } => {
            outputs.iter_mut().chain(inputs).for_each(|input| place_mut(visitor, &mut input.of));
        }
        Stmt::While { .. } | Stmt::Loop { .. } | Stmt::Scope { .. } | Stmt::Continue { .. } | Stmt::Comment(_) => {}
        Stmt::Push { tape, value } => {
            visitor.operand(value);
            visitor.root(tape);
        }
        Stmt::CallVjp { args, .. } => args_mut(visitor, args),
        Stmt::CallJvp { args, dots, .. } => {
            args_mut(visitor, args);
            dots.iter_mut().flatten().for_each(|dot| args_mut(visitor, std::slice::from_mut(dot)));
        }
        Stmt::Pull { pullback, again, tangents, seed, slots, in_out: _ } => {
            visitor.root(pullback);
            let again = again.iter_mut().chain(tangents.iter_mut().flatten());
            again.chain(seed).chain(slots.iter_mut().flatten()).for_each(|place| place_mut(visitor, place));
        }
    }
}

/// Everything that a block mentions, for rewriting.
pub(crate) fn block_mut(visitor: &mut impl VisitMut, block: &mut Block) {
    for stmt in &mut block.stmts {
        own_mut(visitor, stmt);
        blocks_mut(stmt).into_iter().for_each(|inner| block_mut(visitor, inner));
    }
    block.result.iter_mut().for_each(|result| visitor.operand(result));
}
