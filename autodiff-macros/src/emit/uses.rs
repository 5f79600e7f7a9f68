//! Which variables a statement mentions, and how: the facts on which folding rests.

use std::collections::{HashMap, HashSet};

use crate::ir::walk;
use crate::ir::{Arg, Block, EditKind, Iter, Op, Opaque, Operand, Place, Proj, Stmt, VarId};

/// How a variable is mentioned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// As an operand: any expression may stand there.
    Operand,
    /// As the root of a place with a path that is only read: what stands there must be a place or a fresh value.
    Root,
    /// Borrowed as a whole: `&v`, or as a method's receiver.
    Borrowed,
    /// It must be a variable with a name: it is written, or the user's tokens mention it.
    Named,
}

/// The mentions of one statement, in the order in which the printed statement evaluates them.
pub(super) type Mentions = Vec<(VarId, Use)>;

fn operand(operand: &Operand, out: &mut Mentions) {
    if let Operand::Var(var) = operand {
        out.push((*var, Use::Operand));
    }
}

fn path(place: &Place, out: &mut Mentions) {
    for proj in &place.path {
        match proj {
            Proj::Deref | Proj::Field(_) | Proj::Payload(_) | Proj::Part(_) => {}
            Proj::Index(index) => operand(index, out),
            Proj::IndexNd(indices) => indices.iter().for_each(|index| operand(index, out)),
            Proj::Range { lo, hi, inclusive: _ } => lo.iter().chain(hi).for_each(|bound| operand(bound, out)),
        }
    }
}

fn read(place: &Place, out: &mut Mentions) {
    out.push((place.root, Use::Root));
    path(place, out);
}

fn borrowed(place: &Place, out: &mut Mentions) {
    out.push((place.root, if place.path.is_empty() { Use::Borrowed } else { Use::Root }));
    path(place, out);
}

fn written(place: &Place, out: &mut Mentions) {
    out.push((place.root, Use::Named));
    path(place, out);
}

fn opaque(tokens: &Opaque, out: &mut Mentions) {
    out.extend(tokens.uses.iter().map(|var| (*var, Use::Named)));
}

pub(super) fn argument(arg: &Arg, out: &mut Mentions) {
    match arg {
        Arg::Value(value) => operand(value, out),
        Arg::Shared(place) => borrowed(place, out),
        Arg::Mut(place) => written(place, out),
    }
}

/// The mentions of an operation.
pub(super) fn of_op(op: &Op, out: &mut Mentions) {
    match op {
        Op::Use(value) | Op::Unary(_, value) | Op::Cast(value, _) => operand(value, out),
        Op::Read(place) => read(place, out),
        Op::Move(place) | Op::Borrow(place) => written(place, out),
        Op::CloneOf(place) | Op::ZeroOf(place) => borrowed(place, out),
        Op::TakeCotangent(place) => written(place, out),
        Op::Binary(_, left, right) => [left, right].into_iter().for_each(|side| operand(side, out)),
        Op::Intrinsic(intrinsic) => intrinsic.args.iter().for_each(|arg| argument(arg, out)),
        Op::Call(_, args) | Op::Helper { name: _, args } => args.iter().for_each(|arg| argument(arg, out)),
        Op::Aggregate(_, items) => items.iter().for_each(|item| operand(item, out)),
        Op::Repeat { vec: _, item, len } => [item, len].into_iter().for_each(|part| operand(part, out)),
        Op::Edit(edit) => {
            written(&edit.list, out);
            edit.kind.operands().into_iter().for_each(|value| operand(value, out));
            edit.kind.source().into_iter().for_each(|source| match edit.kind {
                EditKind::Exchange(_) => written(source, out),
                _ => borrowed(source, out),
            });
        }
        Op::Opaque(tokens) => opaque(tokens, out),
        Op::NewTape => {}
        Op::Rewind(var) | Op::Pop(var) => out.push((*var, Use::Named)),
    }
}

fn of_iter(iter: &Iter, out: &mut Mentions) {
    match iter {
        Iter::Range { var: _, lo, hi, inclusive: _ } => [lo, hi].into_iter().for_each(|bound| operand(bound, out)),
        Iter::From { var: _, lo } => operand(lo, out),
        Iter::Elements { var: _, of, mutable } => {
            if *mutable {
                written(of, out)
            } else {
                borrowed(of, out)
            }
        }
        Iter::Enumerate { var: _, inner } | Iter::Rev(inner) => of_iter(inner, out),
        Iter::Zip(left, right) => {
            of_iter(left, out);
            of_iter(right, out);
        }
        Iter::StepBy(inner, count) | Iter::Skip(inner, count) | Iter::Take(inner, count) => {
            of_iter(inner, out);
            operand(count, out);
        }
        Iter::Opaque { pattern: _, vars: _, iter } => opaque(iter, out),
    }
}

/// The mentions of a statement outside the blocks in it.
pub(super) fn of_stmt(stmt: &Stmt) -> Mentions {
    let mut found = Mentions::new();
    let out = &mut found;
    match stmt {
        Stmt::Let { var: _, op } | Stmt::Eval(op) => of_op(op, out),
        Stmt::Declare { var: _, init } => init.iter().for_each(|init| operand(init, out)),
        Stmt::Assign { place, value }
        | Stmt::Accumulate { place, negative: _, value }
        | Stmt::AccumulateInto { place, value } => {
            operand(value, out);
            written(place, out);
        }
        Stmt::If { cond, .. } => operand(cond, out),
        Stmt::Match { scrutinee, .. } => operand(scrutinee, out),
        Stmt::For { iter, .. } => of_iter(iter, out),
        Stmt::Break { value, .. } | Stmt::Return { value } => value.iter().for_each(|value| operand(value, out)),
        Stmt::Map { inputs, .. } => inputs.iter().for_each(|input| borrowed(&input.of, out)),
        Stmt::ForEach { outputs, inputs, body: _ } => {
            outputs.iter().for_each(|output| written(&output.of, out));
            inputs.iter().for_each(|input| borrowed(&input.of, out));
        }
        Stmt::Push { tape, value } => {
            out.push((*tape, Use::Named));
            operand(value, out);
        }
        Stmt::CallVjp { args, .. } => args.iter().for_each(|arg| argument(arg, out)),
        Stmt::Pull { pullback, again, tangents, seed, slots, in_out: _ } => {
            out.push((*pullback, Use::Named));
            again.iter().chain(tangents.iter().flatten()).chain(seed).for_each(|place| borrowed(place, out));
            slots.iter().flatten().for_each(|place| written(place, out));
        }
        Stmt::CallJvp { args, dots, .. } => args.iter().chain(dots.iter().flatten()).for_each(|arg| argument(arg, out)),
        Stmt::While { .. } | Stmt::Loop { .. } | Stmt::Scope { .. } | Stmt::Continue { .. } | Stmt::Comment(_) => {}
    }
    found
}

/// Whether the blocks of a statement may run more than once each time the statement runs.
pub(super) fn repeats(stmt: &Stmt) -> bool {
    matches!(stmt, Stmt::For { .. } | Stmt::While { .. } | Stmt::Loop { .. } | Stmt::Map { .. } | Stmt::ForEach { .. })
}

/// How often each variable is mentioned in code that is printed.
#[derive(Clone, Debug, Default)]
pub(super) struct Counts(HashMap<VarId, usize>);

impl Counts {
    pub(super) fn get(&self, var: VarId) -> usize {
        self.0.get(&var).copied().unwrap_or(0)
    }

    /// The variables that are mentioned at all.
    pub(super) fn vars(&self) -> impl Iterator<Item = VarId> {
        self.0.keys().copied()
    }

    pub(super) fn of_block(block: &Block) -> Counts {
        let mut counts = Counts::default();
        counts.add_block(block);
        counts
    }

    pub(super) fn add_block(&mut self, block: &Block) {
        block.stmts.iter().for_each(|stmt| self.add_stmt(stmt));
        if let Some(Operand::Var(var)) = &block.result {
            *self.0.entry(*var).or_default() += 1;
        }
    }

    fn add_stmt(&mut self, stmt: &Stmt) {
        for (var, _) in of_stmt(stmt) {
            *self.0.entry(var).or_default() += 1;
        }
        walk::blocks(stmt).into_iter().for_each(|block| self.add_block(block));
    }

    /// Records that one mention has been dealt with, and says how many are left.
    pub(super) fn take(&mut self, var: VarId) -> usize {
        let count = self.0.entry(var).or_default();
        *count = count.saturating_sub(1);
        *count
    }

    /// Finds the definitions that nothing printed mentions, among those that `may_go`, and takes back their mentions.
    pub(super) fn bury(&mut self, blocks: &[&Block], may_go: impl Fn(VarId) -> bool) -> HashSet<VarId> {
        let mut definitions = HashMap::new();
        blocks.iter().for_each(|block| droppable(block, &mut definitions));
        definitions.retain(|var, _| may_go(*var));
        let mut pending: Vec<VarId> = definitions.keys().copied().filter(|var| self.get(*var) == 0).collect();
        let mut dead = HashSet::new();
        while let Some(var) = pending.pop() {
            if !dead.insert(var) {
                continue;
            }
            let mut mentions = Mentions::new();
            of_op(definitions[&var], &mut mentions);
            for (operand, _) in mentions {
                if self.take(operand) == 0 && definitions.contains_key(&operand) {
                    pending.push(operand);
                }
            }
        }
        dead
    }
}

/// The definitions whose operations have no effect but their value.
fn droppable<'b>(block: &'b Block, out: &mut HashMap<VarId, &'b Op>) {
    for stmt in &block.stmts {
        if let Stmt::Let { var, op } = stmt
            && has_no_effect(op)
        {
            out.insert(*var, op);
        }
        walk::blocks(stmt).into_iter().for_each(|inner| droppable(inner, out));
    }
}

fn has_no_effect(op: &Op) -> bool {
    let reads = |args: &[Arg]| args.iter().all(|arg| !matches!(arg, Arg::Mut(_)));
    match op {
        Op::Call(..) | Op::Pop(_) | Op::TakeCotangent(_) | Op::Edit(_) => false,
        Op::Opaque(opaque) => opaque.pure,
        Op::Intrinsic(intrinsic) => reads(&intrinsic.args),
        Op::Helper { name: _, args } => reads(args),
        Op::Use(_)
        | Op::Read(_)
        | Op::Move(_)
        | Op::Borrow(_)
        | Op::CloneOf(_)
        | Op::Unary(..)
        | Op::Binary(..)
        | Op::Cast(..)
        | Op::Aggregate(..)
        | Op::Repeat { .. }
        | Op::ZeroOf(_)
        | Op::NewTape
        | Op::Rewind(_) => true,
    }
}
