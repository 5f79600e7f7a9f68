//! Reverse mode.
//!
//! `reverse(A; B) = reverse(B); reverse(A)`: the reverse sweep mirrors the blocks of the forward sweep, each statement's
//! adjoint being emitted once, in reversed order. [`bars`] keeps the cotangents, [`ops`] holds the adjoints of
//! operations, [`control`] those of branches and loops, and [`saved`] decides how a value of the forward sweep that an
//! adjoint reads is made available: it is alive, it is computed again, or it is put on a tape.

mod again;
mod bars;
mod control;
mod edits;
mod held;
mod ops;
mod placed;
mod restored;
mod saved;
mod split;

use std::collections::{HashMap, HashSet};

use proc_macro2::Span;

use self::bars::Bar;
use crate::analysis::activity::Activity;
use crate::analysis::stability::{self, Stability};
use crate::analysis::types;
use crate::ir::walk;
use crate::ir::{Arg, Block, Function, Op, Operand, Origin, Place, ScopeId, Stmt, Storage, Type, VarId};
use crate::options::Options;
use crate::transform::anomaly::{self, Site};
use crate::transform::fuse::Mirrors;
use crate::transform::prepare::Prepared;

pub(crate) use self::again::split_again;
pub(crate) use self::control::prune;
pub(crate) use self::ops::operator_row;
pub(crate) use self::saved::{elements, own_definitions};
pub(crate) use self::split::{Primal, Saved, SavedValue, joint, joint_beside, split};

/// Where the cotangents of the parameters are accumulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// Into `&mut` parameters of the same function.
    Joint,
    /// Into optional slots that the pullback is called with.
    Split,
}

/// The state of one reverse transformation.
struct Reverse<'a> {
    function: Function,
    activity: Activity,
    stability: Stability,
    prepared: Prepared,
    options: &'a Options,
    mode: Mode,
    /// How every value that a `let` defines is computed.
    definitions: HashMap<VarId, Op>,
    /// What the references that patterns bind refer to.
    references: HashMap<VarId, Place>,
    /// The values that initialise memory.
    initials: HashMap<VarId, VarId>,
    /// Statements to add to the forward sweep after the declaration of a variable.
    after_declaration: HashMap<VarId, Vec<Stmt>>,
    /// How many loops lie between the sweep's outermost block and the current one.
    loops: usize,
    /// The numbers of trips of these loops, where they are known beforehand.
    trips: Vec<Option<control::Bound>>,
    /// What tells the numbers of trips of these loops: a number, or a list with as many elements.
    counts: Vec<Option<Arg>>,
    /// The loops around the current statement, as far as they are written as such.
    around: Vec<Span>,
    /// The nesting depth of the block that a variable belongs to; parameters have depth 0.
    depth: HashMap<VarId, usize>,
    /// The depth of the block being reversed.
    level: usize,
    /// The depth of the innermost block whose forward and reverse sweep share a scope: the function's body, or the body
    /// of an element-wise statement.
    sweep: usize,
    bars: HashMap<VarId, Bar>,
    /// How many contributions a cotangent that is still a value is the sum of.
    summands: HashMap<VarId, usize>,
    /// Declarations of cotangents that a nested statement turned out to need before it, by depth.
    pending: Vec<Vec<Stmt>>,
    /// Tapes and slots that the current statement of the sweep needs: declarations before it in the forward sweep,
    /// readers before it in the reverse sweep.
    storage: Vec<saved::Storages>,
    /// Variables that hold lists of different lengths over time.
    reshaped: HashSet<VarId>,
    /// What the forward sweep needs beside the current statement of each open block, by depth.
    beside: Vec<edits::Beside>,
    /// What the current adjoint belongs to, where its contributions are checked.
    site: Option<Site>,
    /// The loops around the current statement.
    inside: Vec<ScopeId>,
    /// Everything that is saved or computed again, for the graph.
    saved: Saved,
    /// What stands for what in the two sweeps.
    mirrors: Mirrors,
    /// How often elements of each variable are saved.
    saved_elements: HashMap<VarId, restored::Frequency>,
    /// The memory that the reverse sweep puts back.
    restored: restored::Restored,
}

impl<'a> Reverse<'a> {
    fn new(primal: &Primal<'a>, mode: Mode) -> Self {
        let function = primal.function;
        let mut reverse = Reverse {
            stability: stability::analyse(function, primal.options),
            function: function.clone(),
            activity: primal.activity.clone(),
            prepared: primal.prepared.clone(),
            options: primal.options,
            mode,
            definitions: HashMap::new(),
            references: HashMap::new(),
            initials: HashMap::new(),
            after_declaration: HashMap::new(),
            loops: 0,
            trips: Vec::new(),
            counts: Vec::new(),
            around: Vec::new(),
            depth: HashMap::new(),
            level: 0,
            sweep: 0,
            bars: HashMap::new(),
            summands: HashMap::new(),
            pending: vec![Vec::new()],
            storage: vec![saved::Storages::default()],
            site: None,
            inside: Vec::new(),
            saved: Saved::default(),
            mirrors: Mirrors::default(),
            saved_elements: HashMap::new(),
            restored: restored::Restored::default(),
            reshaped: HashSet::new(),
            beside: vec![edits::Beside::default()],
        };
        for param in &function.params {
            reverse.depth.insert(param.var, 0);
        }
        reverse.index(&function.body, 0);
        reverse.find_reshaped(&function.body);
        reverse
    }

    /// Notes where every variable of the block belongs and how it is defined.
    fn index(&mut self, block: &Block, depth: usize) {
        for stmt in &block.stmts {
            for var in saved::own_definitions(stmt) {
                self.depth.insert(var, depth);
            }
            for var in saved::body_bindings(stmt) {
                self.depth.insert(var, depth + 1);
            }
            match stmt {
                Stmt::Let { var, op } => {
                    self.definitions.insert(*var, op.clone());
                }
                Stmt::Declare { var, init: Some(Operand::Var(init)) } => {
                    self.initials.insert(*var, *init);
                }
                _ => {}
            }
            walk::blocks(stmt).into_iter().for_each(|inner| self.index(inner, depth + 1));
        }
    }

    /// The reverse sweep of a block, whose result's cotangent is `seed`; completes the block's forward sweep by what
    /// has to be saved.
    fn block(&mut self, block: &mut Block, seed: Option<Operand>) -> Vec<Stmt> {
        let mut out = Vec::new();
        if let (Some(Operand::Var(result)), Some(seed)) = (&block.result, seed) {
            self.contribute(*result, bars::Contribution::shaped(seed), &mut out);
        }
        let root = self.level == self.sweep;
        let stmts = std::mem::take(&mut block.stmts);
        let mut forward: Vec<Stmt> = Vec::new();
        let mut following: Option<VarId> = None;
        for mut stmt in stmts.into_iter().rev() {
            let mut adjoint = Vec::new();
            self.stmt(&mut stmt, following, &mut adjoint);
            following = match &stmt {
                Stmt::Let { var, .. } => Some(*var),
                _ => None,
            };
            let declarations = std::mem::take(&mut self.pending[self.level]);
            out.extend(declarations);
            self.before_moves(&stmt);
            if root {
                let storages = std::mem::take(self.storage.last_mut().expect("a sweep has storages"));
                out.extend(storages.readers);
                self.with_beside(&mut forward, |this, forward| this.keep(stmt, forward));
                forward.extend(storages.declarations.into_iter().rev());
            } else {
                self.with_beside(&mut forward, |this, forward| this.keep(stmt, forward));
            }
            out.extend(adjoint);
        }
        self.settle(&mut out);
        forward.extend(self.at_start().into_iter().rev());
        forward.reverse();
        block.stmts = forward;
        out
    }

    /// Puts a statement into the forward sweep, which is built from its end, with what belongs after it.
    fn keep(&mut self, stmt: Stmt, forward: &mut Vec<Stmt>) {
        if let Stmt::Declare { var, .. } | Stmt::Let { var, .. } = &stmt {
            forward.extend(self.after_declaration.remove(var).into_iter().flatten());
        }
        forward.push(stmt);
    }

    /// A block nested in the current one; `finish` adds the adjoints of what the block binds.
    fn nested(
        &mut self,
        block: &mut Block,
        seed: Option<Operand>,
        entry: &[VarId],
        finish: impl FnOnce(&mut Self, &mut Vec<Stmt>),
    ) -> Vec<Stmt> {
        self.mirrored(block, seed, &[], entry, finish)
    }

    /// A loop's body, in whose mirror the values `bound` are bound anew and the values `entry` are not.
    fn nested_loop(&mut self, body: &mut Block, bound: &[VarId], entry: &[VarId]) -> Vec<Stmt> {
        self.mirrored(body, None, bound, entry, |_, _| {})
    }

    fn mirrored(
        &mut self,
        block: &mut Block,
        seed: Option<Operand>,
        bound: &[VarId],
        entry: &[VarId],
        finish: impl FnOnce(&mut Self, &mut Vec<Stmt>),
    ) -> Vec<Stmt> {
        self.level += 1;
        self.pending.push(Vec::new());
        self.open_beside();
        let mut out = self.block(block, seed);
        finish(self, &mut out);
        self.settle(&mut out);
        let start = self.close_beside();
        block.stmts.splice(0..0, start);
        let own = self.pending.pop().expect("pushed above");
        out.splice(0..0, own);
        self.make_available(block, bound, entry, &mut out);
        self.level -= 1;
        self.leave();
        out
    }

    /// Forgets the cotangents that were used up of variables that belong to a block inside.
    fn leave(&mut self) {
        let (depth, level) = (&self.depth, self.level);
        self.bars.retain(|var, bar| !matches!(bar, Bar::Stale(_)) || depth.get(var).is_none_or(|home| *home <= level));
    }

    /// The adjoint of one statement, appended to `out`. `following` is the value that the next statement defines.
    fn stmt(&mut self, stmt: &mut Stmt, following: Option<VarId>, out: &mut Vec<Stmt>) {
        if self.options.anomaly() {
            self.site = anomaly::site(&self.function, stmt);
        }
        match stmt {
            Stmt::Let { op: Op::Call(..), .. } | Stmt::Eval(Op::Call(..)) => self.call(stmt, out),
            Stmt::Let { var, op: Op::Edit(edit) } => {
                let (var, edit) = (*var, edit.clone());
                self.edit(Some(var), &edit, out);
            }
            Stmt::Eval(Op::Edit(edit)) => {
                let edit = edit.clone();
                self.edit(None, &edit, out);
            }
            Stmt::Let { var, op } => {
                let (var, op) = (*var, op.clone());
                self.definition(var, &op, out);
            }
            Stmt::Declare { var, init } => {
                let (var, init) = (*var, init.clone());
                if let (Some(total), Some(Operand::Var(init))) = (self.take_all(var, out), init)
                    && self.activity.is_active(init)
                {
                    self.contribute(init, bars::Contribution::new(total), out);
                }
            }
            Stmt::Assign { place, value } => {
                let (place, value) = (place.clone(), value.clone());
                self.put_back(&place, out);
                self.assignment(&place, &value, out);
            }
            Stmt::Accumulate { place, negative, value } => {
                let (place, value, negative) = (place.clone(), value.clone(), *negative);
                self.put_back(&place, out);
                self.accumulation(&place, &value, negative, out);
            }
            Stmt::AccumulateInto { place, value } => {
                let (place, value) = (place.clone(), value.clone());
                self.accumulation(&place, &value, false, out);
            }
            Stmt::If { .. }
            | Stmt::Match { .. }
            | Stmt::For { .. }
            | Stmt::While { .. }
            | Stmt::Loop { .. }
            | Stmt::Map { .. } => self.control(stmt, following, out),
            Stmt::Eval(_) | Stmt::Break { .. } | Stmt::Comment(_) | Stmt::CallVjp { .. } => {}
            Stmt::Scope { .. } | Stmt::Continue { .. } | Stmt::Return { .. } => {
                unreachable!("the reverse transform works on tail form")
            }
            Stmt::ForEach { .. } | Stmt::Push { .. } | Stmt::Pull { .. } | Stmt::CallJvp { .. } => {
                unreachable!("only transforms produce this statement")
            }
        }
    }

    fn assignment(&mut self, place: &Place, value: &Operand, out: &mut Vec<Stmt>) {
        if !self.activity.place(place) || !types::may_carry_derivative(&self.function.place_type(place)) {
            return;
        }
        let total = if place.path.is_empty() { self.take(place.root, out) } else { Some(self.take_part(place, out)) };
        if let (Some(total), Operand::Var(value)) = (total, value)
            && self.activity.is_active(*value)
        {
            self.contribute(*value, bars::Contribution::new(total), out);
        }
    }

    fn accumulation(&mut self, place: &Place, value: &Operand, negative: bool, out: &mut Vec<Stmt>) {
        let Operand::Var(value) = value else { return };
        if !self.activity.place(place) || !self.activity.is_active(*value) {
            return;
        }
        let total = if place.path.is_empty() { self.peek(place.root, out) } else { Some(self.peek_part(place, out)) };
        if let Some(total) = total {
            // The accumulator may have been broadcast to: the contribution takes the value's own shape.
            self.contribute(*value, bars::Contribution { value: total, negative, shaped: false }, out);
        }
    }

    fn derived(&mut self, name: impl Into<String>, ty: Type) -> VarId {
        self.function.fresh(name, ty, Storage::Value, Origin::Derived)
    }

    /// Defines a fresh value.
    fn define(&mut self, name: impl Into<String>, ty: Type, op: Op, out: &mut Vec<Stmt>) -> Operand {
        let var = self.derived(name, ty);
        self.depth.insert(var, self.level);
        out.push(Stmt::Let { var, op });
        Operand::Var(var)
    }

    fn is_scalar(&self, var: VarId) -> bool {
        types::is_scalar(types::strip_refs(&self.function[var].ty))
    }
}
