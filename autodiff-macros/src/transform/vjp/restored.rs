//! Memory that the reverse sweep puts back.
//!
//! Where a loop reads elements that are overwritten later more often than they are overwritten, what is overwritten is
//! kept instead of what was read: the forward sweep saves the old content before each write, and the reverse sweep writes
//! it back at the mirror of the write. At any time the memory holds what it held in the forward sweep, and is read again.
//!
//! A value is read again at the start of the mirror of its block, when the memory holds what it held at the block's end.
//! So this does for values whose block does not overwrite afterwards what they were read from; others are saved as usual.
//! Where the block has read what a write overwrites, that value is put back.

use std::collections::{HashMap, HashSet};

use super::{Reverse, saved};
use crate::analysis::stability::Stability;
use crate::analysis::types;
use crate::ir::walk::{self, Access, Visit};
use crate::ir::{Block, Function, Op, Operand, Place, Stmt, Storage, VarId};
use crate::transform::facts::Facts;
use crate::transform::reads;

/// How deep in loops something happens at most, and how many statements do it there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Frequency {
    loops: usize,
    count: usize,
}

impl Frequency {
    pub(super) fn note(&mut self, loops: usize) {
        if loops > self.loops {
            *self = Frequency { loops, count: 0 };
        }
        self.count += usize::from(loops == self.loops);
    }
}

/// The memory that is better put back, given how often elements of each variable are saved otherwise.
pub(super) fn worthwhile(function: &Function, saved: &HashMap<VarId, Frequency>) -> HashSet<VarId> {
    if saved.is_empty() || !function.checkpoints.is_empty() {
        return HashSet::new();
    }
    let mut writes = Writes { function, loops: 0, elementwise: false, found: HashMap::new(), other: HashSet::new() };
    for stmt in &function.body.stmts {
        if let Stmt::Declare { var, init: Some(_) } = stmt {
            writes.found.insert(*var, Frequency::default());
        }
    }
    walk::block(&mut writes, &function.body);
    let Writes { found, other, .. } = writes;
    let pays =
        |(var, writes): &(VarId, Frequency)| !other.contains(var) && saved.get(var).is_some_and(|reads| reads > writes);
    found.into_iter().filter(pays).map(|(var, _)| var).collect()
}

/// How often the elements of lists are written, and what is done to the lists otherwise.
struct Writes<'a> {
    function: &'a Function,
    loops: usize,
    /// The current statement writes one number, or only reads.
    elementwise: bool,
    /// The lists that the outermost block declares.
    found: HashMap<VarId, Frequency>,
    other: HashSet<VarId>,
}

impl Visit for Writes<'_> {
    fn enter(&mut self, stmt: &Stmt) {
        self.loops += usize::from(is_loop(stmt));
        self.elementwise = match stmt {
            Stmt::Assign { place, .. } | Stmt::Accumulate { place, .. } => is_element(self.function, place),
            Stmt::Let { op: Op::Read(place), .. } => is_element(self.function, place),
            Stmt::Let { op: Op::Helper { name: "len", .. } | Op::CloneOf(_), .. } | Stmt::Declare { .. } => true,
            Stmt::For { iter, .. } => !walk::runs_over_mutable(iter),
            Stmt::Let { op: Op::Opaque(opaque), .. } => opaque.pure,
            _ => false,
        };
    }

    fn leave(&mut self, stmt: &Stmt) {
        self.loops -= usize::from(is_loop(stmt));
    }

    fn place(&mut self, place: &Place, access: Access) {
        match access {
            Access::Write if self.elementwise => {
                if let Some(found) = self.found.get_mut(&place.root) {
                    found.note(self.loops);
                }
            }
            Access::Read if self.elementwise => {}
            Access::Read | Access::Write | Access::Move => {
                self.other.insert(place.root);
            }
        }
    }

    fn mention(&mut self, var: VarId) {
        if !self.elementwise {
            self.other.insert(var);
        }
    }
}

fn is_loop(stmt: &Stmt) -> bool {
    matches!(stmt, Stmt::For { .. } | Stmt::While { .. } | Stmt::Loop { .. } | Stmt::Map { .. })
}

fn is_element(function: &Function, place: &Place) -> bool {
    !place.path.is_empty() && types::is_scalar(&function.place_type(place))
}

/// What the reverse sweep knows of restored memory.
#[derive(Default)]
pub(super) struct Restored {
    /// The memory that it puts back.
    pub(super) memory: HashSet<VarId>,
    /// The values that are read from it again, because their blocks do not change afterwards what they read.
    pub(super) lasting: HashSet<VarId>,
    /// Where the values lie that their blocks wrote to it and do not change afterwards.
    pub(super) stored: HashMap<VarId, Place>,
    /// The values that are what a write overwrites, by the text of the place; none where that is written more than once.
    overwritten: HashMap<String, Option<VarId>>,
}

impl Restored {
    pub(super) fn find(function: &Function, stability: &Stability, memory: HashSet<VarId>) -> Self {
        let mut restored = Restored { memory, ..Restored::default() };
        restored.block(function, stability, &function.body);
        restored
    }

    fn block(&mut self, function: &Function, stability: &Stability, block: &Block) {
        let mut read: HashMap<String, VarId> = HashMap::new();
        let own: HashSet<VarId> = block.stmts.iter().flat_map(saved::own_definitions).collect();
        for (position, stmt) in block.stmts.iter().enumerate() {
            if let Stmt::Let { var, op: Op::Read(place) } = stmt
                && self.memory.contains(&place.root)
            {
                read.insert(key(place), *var);
                let rest = &block.stmts[position + 1..];
                if rest.iter().all(|later| self.leaves_alone(function, stability, (*var, place), later)) {
                    self.lasting.insert(*var);
                }
            }
            if let Stmt::Assign { place, .. } | Stmt::Accumulate { place, .. } = stmt
                && self.memory.contains(&place.root)
            {
                let old = read.get(&key(place)).copied();
                let first = !self.overwritten.contains_key(&key(place));
                self.overwritten.insert(key(place), old.filter(|_| first));
            }
            if let Stmt::Assign { place, value: Operand::Var(value) } = stmt
                && self.memory.contains(&place.root)
                && own.contains(value)
                && is_element(function, place)
            {
                let rest = &block.stmts[position + 1..];
                if rest.iter().all(|later| self.leaves_alone(function, stability, (*value, place), later)) {
                    self.stored.insert(*value, place.clone());
                }
            }
            let facts = Facts::of_stmt(function, stmt);
            if self.memory.iter().any(|var| facts.changes(*var)) {
                read.clear();
            }
            walk::blocks(stmt).into_iter().for_each(|inner| self.block(function, stability, inner));
        }
    }

    /// Whether a later statement of the same block does not change what a value was read from.
    fn leaves_alone(
        &self,
        function: &Function,
        stability: &Stability,
        (value, place): (VarId, &Place),
        later: &Stmt,
    ) -> bool {
        match later {
            Stmt::Assign { place: written, .. } | Stmt::Accumulate { place: written, .. } => {
                written.root != place.root || stability.differ_in_a_trip(value, place, written)
            }
            other => !Facts::of_stmt(function, other).changes(place.root),
        }
    }
}

fn key(place: &Place) -> String {
    reads::key(place, &HashMap::new())
}

impl Reverse<'_> {
    /// Notes that an element that is read from memory is saved in every trip.
    pub(super) fn note_saved(&mut self, var: VarId) {
        if let Some(Op::Read(place)) = self.definitions.get(&var)
            && !place.path.is_empty()
            && self.function[place.root].storage == Storage::Memory
            && self.activity.is_active(place.root)
        {
            self.saved_elements.entry(place.root).or_default().note(self.loops);
        }
    }

    /// The mirror of a write to restored memory begins with putting back what was there.
    pub(super) fn put_back(&mut self, place: &Place, out: &mut Vec<Stmt>) {
        if !self.restored.memory.contains(&place.root) {
            return;
        }
        if let Some(Some(old)) = self.restored.overwritten.get(&key(place)).copied() {
            out.push(Stmt::Assign { place: place.clone(), value: Operand::Var(old) });
            return;
        }
        let name = format!("{}_old", self.function[place.root].name);
        let old = self.derived(name, self.function.place_type(place));
        self.depth.insert(old, self.level);
        self.keep_before(Stmt::Let { var: old, op: Op::Read(place.clone()) });
        out.push(Stmt::Assign { place: place.clone(), value: Operand::Var(old) });
    }
}
