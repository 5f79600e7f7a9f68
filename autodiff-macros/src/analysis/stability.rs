//! Stability: what memory still holds, in the reverse sweep, the value that a read saw in the forward sweep.
//!
//! A read is stable if no write to the same variable can happen after it: none stands later, and none stands in a
//! loop that also contains the read and lies inside the variable's scope. The reverse sweep itself never writes to
//! the primal's memory, so a stable read may simply be done again there.

use std::collections::HashMap;

use crate::ir::walk::{self, Access, Visit};
use crate::ir::{Function, Iter, Op, Place, Stmt, Storage, VarId};

/// Where an event stands: its position, and the loops around it from the outermost inwards.
#[derive(Clone, Debug)]
struct Event {
    position: usize,
    loops: Vec<usize>,
}

/// The writes and declarations of every variable of a function.
#[derive(Debug, Default)]
pub(crate) struct Stability {
    writes: HashMap<VarId, Vec<Event>>,
    declared: HashMap<VarId, Event>,
    /// The place that a loop's element reference stands for.
    roots: HashMap<VarId, VarId>,
    reads: HashMap<VarId, Event>,
}

impl Stability {
    /// The variable that owns the memory reached through `var`.
    pub(crate) fn owner(&self, var: VarId) -> VarId {
        self.roots.get(&var).map_or(var, |root| self.owner(*root))
    }

    /// Whether the place read by the definition of `value` still holds the same when the reverse sweep runs.
    pub(crate) fn holds_after(&self, value: VarId, place: &Place) -> bool {
        let owner = self.owner(place.root);
        let Some(read) = self.reads.get(&value) else { return false };
        let scope = self.declared.get(&owner).map_or(0, |event| event.loops.len());
        self.writes.get(&owner).into_iter().flatten().all(|write| {
            let shares_loop = write.loops.iter().zip(&read.loops).skip(scope).take(1).any(|(a, b)| a == b);
            write.position < read.position && !shares_loop
        })
    }
}

/// Analyses a function in tail form.
pub(crate) fn analyse(function: &Function) -> Stability {
    let mut walker =
        Walker { function, stability: Stability::default(), position: 0, loops: Vec::new(), observing: false };
    for param in &function.params {
        walker.declare(param.var);
    }
    walk::block(&mut walker, &function.body);
    walker.stability
}

struct Walker<'a> {
    function: &'a Function,
    stability: Stability,
    position: usize,
    loops: Vec<usize>,
    /// The current statement only looks at what it mentions.
    observing: bool,
}

impl Walker<'_> {
    fn event(&self) -> Event {
        Event { position: self.position, loops: self.loops.clone() }
    }

    fn declare(&mut self, var: VarId) {
        let event = self.event();
        self.stability.declared.insert(var, event);
    }

    fn alias(&mut self, iter: &Iter) {
        match iter {
            Iter::Elements { var, of, mutable: _ } => {
                self.stability.roots.insert(*var, of.root);
            }
            Iter::Zip(left, right) => {
                self.alias(left);
                self.alias(right);
            }
            Iter::Enumerate { inner, .. }
            | Iter::Rev(inner)
            | Iter::StepBy(inner, _)
            | Iter::Skip(inner, _)
            | Iter::Take(inner, _) => self.alias(inner),
            Iter::Range { .. } | Iter::From { .. } | Iter::Opaque { .. } => {}
        }
    }
}

impl Visit for Walker<'_> {
    fn enter(&mut self, stmt: &Stmt) {
        self.position += 1;
        self.observing = observes(stmt);
        if let Stmt::For { iter, .. } = stmt {
            self.alias(iter);
        }
        if is_loop(stmt) {
            self.loops.push(self.position);
        }
    }

    fn leave(&mut self, stmt: &Stmt) {
        if is_loop(stmt) {
            self.loops.pop();
        }
        self.position += 1;
    }

    fn place(&mut self, place: &Place, access: Access) {
        if access != Access::Read {
            let event = self.event();
            let owner = self.stability.owner(place.root);
            self.stability.writes.entry(owner).or_default().push(event);
        }
    }

    fn mention(&mut self, var: VarId) {
        // Opaque tokens may change the memory that they mention, through a method, say.
        if self.observing || self.function[var].storage == Storage::Value {
            return;
        }
        let event = self.event();
        let owner = self.stability.owner(var);
        self.stability.writes.entry(owner).or_default().push(event);
    }

    fn define(&mut self, var: VarId) {
        self.declare(var);
        let event = self.event();
        self.stability.reads.insert(var, event);
    }
}

fn observes(stmt: &Stmt) -> bool {
    match stmt {
        Stmt::Let { op: Op::Opaque(opaque), .. } | Stmt::Eval(Op::Opaque(opaque)) => opaque.pure || opaque.observer,
        _ => false,
    }
}

fn is_loop(stmt: &Stmt) -> bool {
    matches!(stmt, Stmt::For { .. } | Stmt::While { .. } | Stmt::Loop { .. } | Stmt::Map { .. })
}
