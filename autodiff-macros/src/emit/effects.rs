//! What evaluating something reads and writes: decides whether an expression may be evaluated later than where it stood.

use std::collections::{BTreeSet, HashMap};

use crate::ir::walk::{self, Access, Visit};
use crate::ir::{Arg, Function, Op, Operand, Place, Stmt, Type, VarId};
use crate::rules::{Derivative, Form};

/// The variables that a value borrows from, for values of types that may hold a reference.
pub(super) type Loans = HashMap<VarId, BTreeSet<VarId>>;

/// The effects of an operation or of a statement with everything in it.
#[derive(Clone, Debug, Default)]
pub(super) struct Effects {
    pub(super) reads: BTreeSet<VarId>,
    pub(super) writes: BTreeSet<VarId>,
    /// Its order relative to other such operations can be observed from outside (calls, prints).
    pub(super) observable: bool,
    /// Costly or likely to panic: does not move past loops or past writes to the caller's memory.
    pub(super) heavy: bool,
    /// Loops, or writes to memory that belongs to the caller.
    pub(super) barrier: bool,
}

impl Effects {
    /// Whether the two may not change places.
    pub(super) fn conflict(&self, other: &Effects) -> bool {
        (self.observable && other.observable)
            || (self.heavy && other.barrier)
            || (self.barrier && other.heavy)
            || self.clash(other)
    }

    /// Whether one writes memory that the other reads or writes.
    pub(super) fn clash(&self, other: &Effects) -> bool {
        self.writes.iter().any(|var| other.reads.contains(var) || other.writes.contains(var))
            || self.reads.iter().any(|var| other.writes.contains(var))
    }

    /// Whether evaluating it once, twice or never makes a difference.
    pub(super) fn is_pure(&self) -> bool {
        !self.observable && self.writes.is_empty()
    }

    /// What was a move is a mention only.
    pub(super) fn forget_writes(&mut self) {
        let moved = std::mem::take(&mut self.writes);
        self.reads.extend(moved);
    }

    pub(super) fn join(&mut self, other: &Effects) {
        self.reads.extend(&other.reads);
        self.writes.extend(&other.writes);
        self.observable |= other.observable;
        self.heavy |= other.heavy;
        self.barrier |= other.barrier;
    }

    pub(super) fn of_op(function: &Function, loans: &Loans, op: &Op) -> Effects {
        let mut collector = Collector { function, loans, effects: Effects::default() };
        walk::op(&mut collector, op);
        collector.add_op(op);
        collector.effects
    }

    /// The effects of a statement, of its own parts and of the blocks in it.
    pub(super) fn of_stmt(function: &Function, loans: &Loans, stmt: &Stmt) -> Effects {
        let mut collector = Collector { function, loans, effects: Effects::default() };
        walk::stmt(&mut collector, stmt);
        collector.effects
    }
}

/// The variables that the content of `var`, which is about to be defined by `op`, may borrow from.
pub(super) fn loans_of(function: &Function, loans: &Loans, var: VarId, op: &Op) -> BTreeSet<VarId> {
    if !may_borrow(&function[var].ty) {
        return BTreeSet::new();
    }
    let mut collector = Collector { function, loans, effects: Effects::default() };
    walk::op(&mut collector, op);
    collector.effects.reads
}

fn may_borrow(ty: &Type) -> bool {
    match ty {
        Type::Unknown | Type::Inactive | Type::Ref { .. } | Type::Named(_) | Type::Slot(_) | Type::Pullback => true,
        Type::Float(_) | Type::FloatLiteral | Type::Int(_) | Type::Bool | Type::Unit | Type::Never => false,
        Type::Array(item, _) | Type::Slice(item) | Type::Vec(item) | Type::Deque(item) | Type::Tape(item) => {
            may_borrow(item)
        }
        Type::Option(content) => may_borrow(content),
        Type::Result(content, error) => may_borrow(content) || may_borrow(error),
        Type::Tuple(items) => items.iter().any(may_borrow),
        Type::Tensor(tensor) => tensor.view,
    }
}

/// Whether using a variable of this type as an operand leaves the variable usable. `false` where it is not known.
pub(super) fn is_copy(ty: &Type) -> bool {
    match ty {
        Type::Float(_) | Type::FloatLiteral | Type::Int(_) | Type::Bool | Type::Unit | Type::Never => true,
        Type::Ref { mutable, inner: _ } => !mutable,
        Type::Array(item, _) | Type::Option(item) => is_copy(item),
        Type::Result(content, error) => is_copy(content) && is_copy(error),
        Type::Tuple(items) => items.iter().all(is_copy),
        Type::Unknown
        | Type::Inactive
        | Type::Slice(_)
        | Type::Vec(_)
        | Type::Deque(_)
        | Type::Tensor(_)
        | Type::Named(_)
        | Type::Tape(_)
        | Type::Slot(_)
        | Type::Pullback => false,
    }
}

struct Collector<'a> {
    function: &'a Function,
    loans: &'a Loans,
    effects: Effects,
}

impl Collector<'_> {
    fn read(&mut self, var: VarId) {
        self.effects.reads.insert(var);
        self.effects.reads.extend(self.loans.get(&var).into_iter().flatten());
    }

    fn write(&mut self, var: VarId) {
        self.effects.writes.insert(var);
        self.effects.writes.extend(self.loans.get(&var).into_iter().flatten());
        self.effects.barrier |= matches!(self.function[var].ty, Type::Ref { .. } | Type::Slot(_));
    }

    fn add_args(&mut self, args: &[Arg]) {
        for arg in args {
            if let Arg::Value(Operand::Var(var)) = arg {
                self.moves(*var);
            }
        }
    }

    /// The variable is given away, unless it is copied.
    fn moves(&mut self, var: VarId) {
        if !is_copy(&self.function[var].ty) && !matches!(self.function[var].ty, Type::Unknown | Type::Inactive) {
            self.effects.writes.insert(var);
        }
    }

    /// What the traversal over places and operands does not show.
    fn add_op(&mut self, op: &Op) {
        match op {
            Op::Call(_, args) => {
                self.add_args(args);
                self.effects.observable = true;
                self.effects.heavy = true;
            }
            Op::Opaque(opaque) => {
                self.effects.observable |= !opaque.pure;
                if !opaque.pure && !opaque.observer {
                    opaque.uses.iter().for_each(|var| self.write(*var));
                }
            }
            Op::Intrinsic(intrinsic) => {
                self.add_args(&intrinsic.args);
                let tensor = matches!(intrinsic.row.derivative, Derivative::Tensor(_));
                self.effects.heavy |= tensor || intrinsic.row.form == Form::Runtime;
            }
            Op::Helper { name: _, args } => {
                self.add_args(args);
                self.effects.heavy = true;
            }
            Op::Edit(edit) => {
                edit.kind.operands().into_iter().filter_map(Function::var_of).for_each(|var| self.moves(var));
                self.effects.heavy = true;
                self.effects.observable = true;
            }
            Op::Use(Operand::Var(var)) => self.moves(*var),
            // A struct may be moved by that: its fields are read before.
            Op::Read(place) if place.path.is_empty() => self.moves(place.root),
            Op::Binary(_, left, right) => {
                let tensor = |side: &Operand| matches!(self.function.type_of(side), Type::Tensor(_));
                self.effects.heavy |= tensor(left) || tensor(right);
            }
            Op::Aggregate(_, items) => items.iter().filter_map(Function::var_of).for_each(|var| self.moves(var)),
            Op::Repeat { .. } | Op::CloneOf(_) => self.effects.heavy = true,
            Op::Use(Operand::Const(_))
            | Op::Read(_)
            | Op::Move(_)
            | Op::Borrow(_)
            | Op::Unary(..)
            | Op::Cast(..)
            | Op::ZeroOf(_)
            | Op::NewTape
            | Op::Rewind(_)
            | Op::Pop(_)
            | Op::TakeCotangent(_) => {}
        }
    }
}

impl Visit for Collector<'_> {
    fn operand(&mut self, operand: &Operand) {
        if let Operand::Var(var) = operand {
            self.read(*var);
        }
    }

    fn place(&mut self, place: &Place, access: Access) {
        match access {
            Access::Read => self.read(place.root),
            Access::Write | Access::Move => self.write(place.root),
        }
    }

    fn mention(&mut self, var: VarId) {
        self.read(var);
    }

    fn enter(&mut self, stmt: &Stmt) {
        // What can be observed happens before an exit or after it.
        self.effects.observable |= matches!(stmt, Stmt::Break { .. } | Stmt::Continue { .. } | Stmt::Return { .. });
        match stmt {
            Stmt::Let { op, .. } | Stmt::Eval(op) => self.add_op(op),
            Stmt::For { .. } | Stmt::While { .. } | Stmt::Loop { .. } | Stmt::ForEach { .. } => {
                self.effects.barrier = true
            }
            Stmt::Map { .. } => self.effects.heavy = true,
            Stmt::CallVjp { args, .. } | Stmt::CallJvp { args, .. } => {
                self.add_args(args);
                self.effects.observable = true;
            }
            Stmt::Pull { .. } => self.effects.observable = true,
            Stmt::Declare { init: value, .. } | Stmt::Return { value } | Stmt::Break { value, .. } => {
                value.iter().filter_map(Function::var_of).for_each(|var| self.moves(var));
            }
            Stmt::Assign { value, .. } | Stmt::AccumulateInto { value, .. } | Stmt::Push { value, .. } => {
                Function::var_of(value).into_iter().for_each(|var| self.moves(var));
            }
            Stmt::Accumulate { .. }
            | Stmt::If { .. }
            | Stmt::Match { .. }
            | Stmt::Scope { .. }
            | Stmt::Continue { .. }
            | Stmt::Comment(_) => {}
        }
    }
}
