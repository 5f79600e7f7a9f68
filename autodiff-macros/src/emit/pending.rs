//! The temporaries of a block that have not been printed yet, in the order of their definition.
//!
//! Functions may have thousands of statements, so that what conflicts with a statement is looked up, not searched for.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use proc_macro2::TokenStream;

use super::effects::Effects;
use super::tree::Expr;
use crate::ir::{Type, VarId};

/// How a value is read that would be moved out of its place.
#[derive(Clone, Debug)]
pub(super) enum Copied {
    /// It is not.
    No,
    /// As a value of this type, by the runtime at this path if it is not `Clone`.
    Copied(Type, TokenStream),
}

/// A temporary that has not been printed yet.
#[derive(Clone, Debug)]
pub(super) struct Pending {
    pub(super) var: VarId,
    pub(super) expr: Expr,
    pub(super) effects: Effects,
    /// It reads a place that the type's values would be moved out of: given a name, it is a clone.
    pub(super) copied: Copied,
}

/// The position of a temporary in the order of definition.
pub(super) type Position = usize;

#[derive(Default)]
pub(super) struct Queue {
    entries: BTreeMap<Position, Pending>,
    positions: HashMap<VarId, Position>,
    next: Position,
    readers: HashMap<VarId, BTreeSet<Position>>,
    writers: HashMap<VarId, BTreeSet<Position>>,
    observable: BTreeSet<Position>,
    heavy: BTreeSet<Position>,
    barriers: BTreeSet<Position>,
}

impl Queue {
    pub(super) fn push(&mut self, pending: Pending) {
        let position = self.next;
        self.next += 1;
        self.positions.insert(pending.var, position);
        let Effects { reads, writes, observable, heavy, barrier } = &pending.effects;
        for var in reads {
            self.readers.entry(*var).or_default().insert(position);
        }
        for var in writes {
            self.writers.entry(*var).or_default().insert(position);
        }
        for (holds, set) in
            [(observable, &mut self.observable), (heavy, &mut self.heavy), (barrier, &mut self.barriers)]
        {
            if *holds {
                set.insert(position);
            }
        }
        self.entries.insert(position, pending);
    }

    pub(super) fn position(&self, var: VarId) -> Option<Position> {
        self.positions.get(&var).copied()
    }

    pub(super) fn get(&self, var: VarId) -> Option<&Pending> {
        self.entries.get(self.positions.get(&var)?)
    }

    pub(super) fn at(&self, position: Position) -> &Pending {
        &self.entries[&position]
    }

    pub(super) fn find(&self, position: Position) -> Option<&Pending> {
        self.entries.get(&position)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Pending> {
        self.entries.values()
    }

    pub(super) fn remove(&mut self, position: Position) -> Option<Pending> {
        let pending = self.entries.remove(&position)?;
        self.positions.remove(&pending.var);
        for (vars, sets) in [(&pending.effects.reads, &mut self.readers), (&pending.effects.writes, &mut self.writers)]
        {
            for var in vars {
                if let Some(set) = sets.get_mut(var) {
                    set.remove(&position);
                }
            }
        }
        for set in [&mut self.observable, &mut self.heavy, &mut self.barriers] {
            set.remove(&position);
        }
        Some(pending)
    }

    /// The positions of what may not change places with something of these effects.
    pub(super) fn conflicting(&self, effects: &Effects) -> BTreeSet<Position> {
        let mut found = BTreeSet::new();
        for var in &effects.writes {
            found.extend(self.readers.get(var).into_iter().flatten());
            found.extend(self.writers.get(var).into_iter().flatten());
        }
        for var in &effects.reads {
            found.extend(self.writers.get(var).into_iter().flatten());
        }
        let kinds =
            [(effects.observable, &self.observable), (effects.heavy, &self.barriers), (effects.barrier, &self.heavy)];
        for (holds, set) in kinds {
            if holds {
                found.extend(set);
            }
        }
        found
    }
}
