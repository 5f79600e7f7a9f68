//! Stability: what memory still holds, in the reverse sweep, the value that a read saw in the forward sweep.
//!
//! A read is stable if no write to the same variable can happen after it: none stands later, and none stands in a
//! loop that also contains the read and lies inside the variable's scope, or what it writes is provably another part
//! ([`super::disjoint`]). The reverse sweep itself never writes to
//! the primal's memory, so a stable read may simply be done again there.

use std::collections::HashMap;

use super::disjoint::{Event, Integers};
use super::types;
use crate::ir::walk::{self, Access, Visit};
use crate::ir::{Arg, EditKind, Function, Iter, Op, Operand, Place, Proj, Stmt, Storage, Type, VarId};
use crate::options::{Analysis, Options};

/// A change of a variable, and what of it is changed.
#[derive(Clone, Debug)]
struct Change {
    event: Event,
    /// None if all of it may change.
    place: Option<Place>,
}

/// The most changes of one variable that are told apart by their indices: the time that it takes is the product of these
/// and the reads.
const MOST_CHANGES: usize = 32;

/// The writes and declarations of every variable of a function.
#[derive(Debug, Default)]
pub(crate) struct Stability {
    writes: HashMap<VarId, Vec<Change>>,
    /// Where lists get longer at their end: the elements that they have stay what they are.
    growths: HashMap<VarId, Vec<Change>>,
    /// Where the length of a list changes in any other way.
    reshapes: HashMap<VarId, Vec<Change>>,
    declared: HashMap<VarId, Event>,
    /// The place that a loop's element reference stands for.
    roots: HashMap<VarId, VarId>,
    reads: HashMap<VarId, Event>,
    /// Where values are put into memory.
    stores: HashMap<VarId, Change>,
    /// What tells the elements of lists apart, where that is wanted.
    integers: Option<Integers>,
}

impl Stability {
    /// The variable that owns the memory reached through `var`.
    pub(crate) fn owner(&self, var: VarId) -> VarId {
        self.roots.get(&var).map_or(var, |root| self.owner(*root))
    }

    /// Whether the place read by the definition of `value` still holds the same when the reverse sweep runs.
    pub(crate) fn holds_after(&self, function: &Function, value: VarId, place: &Place) -> bool {
        let owner = self.owner(place.root);
        let part = place.root != owner || place.path.iter().any(|step| matches!(step, Proj::Index(_)));
        let element = part && types::is_copy(&function.place_type(place));
        self.none_after(&self.writes, value, owner, Some(place))
            && (element || self.none_after(&self.growths, value, owner, None))
    }

    /// Whether a write that follows the definition of `value` in the same trip of all loops leaves what it was read from
    /// alone.
    pub(crate) fn differ_in_a_trip(&self, value: VarId, read: &Place, written: &Place) -> bool {
        let (Some(integers), Some(event)) = (&self.integers, self.reads.get(&value)) else { return false };
        integers.differ_in_a_trip(event, read, written)
    }

    /// A place that still holds the value when the reverse sweep runs.
    pub(crate) fn stored(&self, function: &Function, value: VarId) -> Option<&Place> {
        let Change { event, place } = self.stores.get(&value)?;
        let place = place.as_ref()?;
        let owner = self.owner(place.root);
        let element = place.root == owner && place.path.iter().any(|step| matches!(step, Proj::Index(_)));
        let kept = element && types::is_copy(&function.place_type(place));
        (kept && self.none_after_event(&self.writes, event, owner, Some(place))).then_some(place)
    }

    /// Whether the list that the loop which binds `element` runs over may have got longer at its end since.
    pub(crate) fn grows_after(&self, element: VarId, list: VarId) -> bool {
        !self.none_after(&self.growths, element, self.owner(list), None)
    }

    /// Whether the list that the loop which binds `element` runs over may have lost elements since, or got others.
    pub(crate) fn reshaped_after(&self, element: VarId, list: VarId) -> bool {
        !self.none_after(&self.reshapes, element, self.owner(list), None)
    }

    /// Whether none of the changes concerns `owner`, or the part of it that is given, after `value` was defined.
    fn none_after(
        &self,
        changes: &HashMap<VarId, Vec<Change>>,
        value: VarId,
        owner: VarId,
        part: Option<&Place>,
    ) -> bool {
        self.reads.get(&value).is_some_and(|read| self.none_after_event(changes, read, owner, part))
    }

    fn none_after_event(
        &self,
        changes: &HashMap<VarId, Vec<Change>>,
        read: &Event,
        owner: VarId,
        part: Option<&Place>,
    ) -> bool {
        let scope = self.declared.get(&owner).map_or(0, |event| event.loops.len());
        let changes = changes.get(&owner).map(Vec::as_slice).unwrap_or_default();
        let few = changes.len() <= MOST_CHANGES;
        changes.iter().all(|change| {
            let write = &change.event;
            let shares_loop = write.loops.iter().zip(&read.loops).skip(scope).take(1).any(|(a, b)| a == b);
            let before = write.position < read.position && !shares_loop;
            before || few && self.misses(read, part, change, owner, scope)
        })
    }

    /// Whether a change certainly leaves the part alone that was read before.
    fn misses(&self, read: &Event, part: Option<&Place>, change: &Change, owner: VarId, scope: usize) -> bool {
        let (Some(integers), Some(part), Some(place)) = (&self.integers, part, &change.place) else { return false };
        part.root == owner && place.root == owner && integers.never_hits((read, part), (&change.event, place), scope)
    }
}

/// Analyses a function in tail form.
pub(crate) fn analyse(function: &Function, options: &Options) -> Stability {
    let integers = options.analyses.run(Analysis::Elements).then(Integers::default);
    let mut walker = Walker {
        function,
        stability: Stability { integers, ..Stability::default() },
        position: 0,
        loops: Vec::new(),
        around: Vec::new(),
        homes: HashMap::new(),
        observing: false,
        assigning: false,
        appended: None,
    };
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
    /// The positions of the current statement and of those around it.
    around: Vec<usize>,
    /// The statements that the definitions of values are in.
    homes: HashMap<VarId, usize>,
    /// The current statement only looks at what it mentions.
    observing: bool,
    /// The current statement writes one value to a place.
    assigning: bool,
    /// The list that the current statement only appends to.
    appended: Option<VarId>,
}

impl Walker<'_> {
    fn event(&self) -> Event {
        Event { position: self.position, loops: self.loops.clone() }
    }

    fn change(&self, place: Option<Place>) -> Change {
        Change { event: self.event(), place }
    }

    /// The position of the statement that the current one is in.
    fn home(&self) -> usize {
        self.around.iter().rev().nth(1).copied().unwrap_or(0)
    }

    fn declare(&mut self, var: VarId) {
        let event = self.event();
        self.stability.declared.insert(var, event);
    }

    fn alias(&mut self, iter: &Iter) {
        for source in walk::sources(iter) {
            if let Iter::Elements { var, of, mutable: _ } = source {
                self.stability.roots.insert(*var, of.root);
            }
        }
    }
}

impl Visit for Walker<'_> {
    fn enter(&mut self, stmt: &Stmt) {
        self.position += 1;
        self.observing = observes(stmt);
        self.assigning = matches!(stmt, Stmt::Assign { .. } | Stmt::Accumulate { .. });
        self.appended = appends(stmt);
        if let Some(list) = reshapes(self.function, stmt) {
            let (change, owner) = (self.change(None), self.stability.owner(list));
            self.stability.reshapes.entry(owner).or_default().push(change);
        }
        if let Stmt::For { iter, .. } = stmt {
            self.alias(iter);
            if let Some(integers) = &mut self.stability.integers {
                integers.enter_loop(self.position, iter);
            }
        }
        self.around.push(self.position);
        if let Stmt::Assign { place, value: Operand::Var(value) } = stmt
            && self.homes.get(value) == Some(&self.home())
        {
            let change = self.change(Some(place.clone()));
            self.stability.stores.insert(*value, change);
        }
        if let (Stmt::Let { var, op }, Some(integers)) = (stmt, &mut self.stability.integers) {
            integers.learn(*var, op);
        }
        if is_loop(stmt) {
            self.loops.push(self.position);
        }
    }

    fn leave(&mut self, stmt: &Stmt) {
        if is_loop(stmt) {
            self.loops.pop();
        }
        self.around.pop();
        self.position += 1;
    }

    fn place(&mut self, place: &Place, access: Access) {
        if access != Access::Read {
            let change = self.change((access == Access::Write && self.assigning).then(|| place.clone()));
            let owner = self.stability.owner(place.root);
            let appends = self.appended == Some(place.root);
            let changes = if appends { &mut self.stability.growths } else { &mut self.stability.writes };
            changes.entry(owner).or_default().push(change);
        }
    }

    fn mention(&mut self, var: VarId) {
        // Opaque tokens may change the memory that they mention, through a method, say.
        if self.observing || self.function[var].storage == Storage::Value {
            return;
        }
        let change = self.change(None);
        let owner = self.stability.owner(var);
        self.stability.writes.entry(owner).or_default().push(change.clone());
        self.stability.reshapes.entry(owner).or_default().push(change);
    }

    fn define(&mut self, var: VarId) {
        self.declare(var);
        let event = self.event();
        if let Some(integers) = &mut self.stability.integers {
            integers.define(var, event.loops.len());
        }
        self.stability.reads.insert(var, event);
        self.homes.insert(var, self.home());
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

/// The list that the statement appends to, and does nothing else with.
fn appends(stmt: &Stmt) -> Option<VarId> {
    match stmt {
        Stmt::Eval(Op::Edit(edit)) if matches!(edit.kind, EditKind::Push(_) | EditKind::Extend(_)) => {
            Some(edit.list.root)
        }
        _ => None,
    }
}

/// The list that the statement makes shorter, replaces, or hands to a function that may.
fn reshapes(function: &Function, stmt: &Stmt) -> Option<VarId> {
    let is_list = |place: &Place| {
        matches!(types::strip_refs(&function.place_type(place)), Type::Vec(_) | Type::Deque(_) | Type::Unknown)
    };
    match stmt {
        Stmt::Let { op: Op::Edit(edit), .. } | Stmt::Eval(Op::Edit(edit)) => {
            appends(stmt).is_none().then_some(edit.list.root)
        }
        Stmt::Assign { place, .. } if is_list(place) => Some(place.root),
        Stmt::Let { op: Op::Call(_, args), .. } | Stmt::Eval(Op::Call(_, args)) => {
            args.iter().find_map(|arg| match arg {
                Arg::Mut(place) if is_list(place) => Some(place.root),
                Arg::Mut(_) | Arg::Value(_) | Arg::Shared(_) => None,
            })
        }
        _ => None,
    }
}
