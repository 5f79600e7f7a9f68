//! Whether the trips of a loop keep to elements of their own: what one of them writes, no other one touches.

use std::collections::{HashMap, HashSet};

use super::disjoint::{Event, Integers};
use crate::ir::walk::{self, Access, Visit};
use crate::ir::{Iter, Op, Operand, Place, Proj, Stmt, VarId};

/// The most accesses to one variable whose pairs are looked at.
const MOST: usize = 16;

/// Whether no trip of a loop touches what another trip writes of the variables `vars`. What several trips only add to, in
/// whatever order, is not written in this sense.
pub(crate) fn are_apart(stmt: &Stmt, vars: &HashSet<VarId>) -> bool {
    let mut walker = Walker::new(vars);
    walk::stmt(&mut walker, stmt);
    let Walker { integers, found, whole, .. } = walker;
    vars.iter().all(|var| {
        let accesses = found.get(var).map(Vec::as_slice).unwrap_or_default();
        !whole.contains(var)
            && accesses.len() <= MOST
            && accesses.iter().enumerate().all(|(at, first)| {
                accesses[at..].iter().all(|second| first.commutes(second) || first.misses(second, &integers))
            })
    })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Read,
    Add,
    Write,
}

struct Touch {
    event: Event,
    place: Place,
    kind: Kind,
}

impl Touch {
    fn commutes(&self, other: &Touch) -> bool {
        self.kind == other.kind && self.kind != Kind::Write
    }

    /// Whether the elements are different in any two trips of the outermost loop.
    fn misses(&self, other: &Touch, integers: &Integers) -> bool {
        let differ = |first: &Touch, second: &Touch| {
            integers.differ_in_later_trip((&first.event, &first.place), (&second.event, &second.place))
        };
        differ(self, other) && differ(other, self)
    }
}

struct Walker<'a> {
    vars: &'a HashSet<VarId>,
    integers: Integers,
    position: usize,
    loops: Vec<usize>,
    /// The current statement adds to what it writes.
    adding: bool,
    /// It looks at shapes only.
    shape_only: bool,
    /// The places come from an iterator: what happens to their elements is told by the references to these.
    iterating: bool,
    /// What element references are elements of, or what references refer to.
    aliases: HashMap<VarId, VarId>,
    found: HashMap<VarId, Vec<Touch>>,
    /// The variables that are touched in ways that are not understood.
    whole: HashSet<VarId>,
}

impl<'a> Walker<'a> {
    fn new(vars: &'a HashSet<VarId>) -> Self {
        Walker {
            vars,
            integers: Integers::default(),
            position: 0,
            loops: Vec::new(),
            adding: false,
            shape_only: false,
            iterating: false,
            aliases: HashMap::new(),
            found: HashMap::new(),
            whole: HashSet::new(),
        }
    }

    fn base(&self, var: VarId) -> VarId {
        self.aliases.get(&var).map_or(var, |of| self.base(*of))
    }

    /// Something is done to all of a variable.
    fn touch_whole(&mut self, var: VarId) {
        self.whole.insert(self.base(var));
    }

    fn iter(&mut self, iter: &Iter) {
        self.integers.enter_loop(self.position, range(iter));
        for (element, of) in crate::transform::vjp::elements(iter) {
            self.aliases.insert(element, of.root);
        }
    }
}

/// The range that an iterator counts along.
fn range(iter: &Iter) -> &Iter {
    match iter {
        Iter::Rev(inner) => range(inner),
        Iter::Zip(left, right) => {
            let left = range(left);
            if matches!(left, Iter::Range { .. }) { left } else { range(right) }
        }
        Iter::Range { .. }
        | Iter::From { .. }
        | Iter::Elements { .. }
        | Iter::Enumerate { .. }
        | Iter::StepBy(..)
        | Iter::Skip(..)
        | Iter::Take(..)
        | Iter::Opaque { .. } => iter,
    }
}

impl Visit for Walker<'_> {
    fn enter(&mut self, stmt: &Stmt) {
        self.position += 1;
        self.adding = matches!(stmt, Stmt::Accumulate { .. } | Stmt::AccumulateInto { .. } | Stmt::Pull { .. });
        self.shape_only = crate::transform::facts::is_shape_only(stmt);
        self.iterating = false;
        match stmt {
            Stmt::For { iter, .. } => {
                self.iterating = true;
                self.iter(iter);
                self.loops.push(self.position);
            }
            Stmt::While { .. } | Stmt::Loop { .. } | Stmt::Map { .. } | Stmt::ForEach { .. } => {
                self.loops.push(self.position);
            }
            Stmt::Let { var, op } => {
                self.integers.learn(*var, op);
                if let Op::Borrow(place) = op {
                    self.aliases.insert(*var, place.root);
                }
            }
            _ => {}
        }
    }

    fn leave(&mut self, stmt: &Stmt) {
        if matches!(
            stmt,
            Stmt::For { .. } | Stmt::While { .. } | Stmt::Loop { .. } | Stmt::Map { .. } | Stmt::ForEach { .. }
        ) {
            self.loops.pop();
        }
        self.position += 1;
    }

    fn operand(&mut self, operand: &Operand) {
        if let Operand::Var(var) = operand
            && self.vars.contains(&self.base(*var))
        {
            self.touch_whole(*var);
        }
    }

    fn place(&mut self, place: &Place, access: Access) {
        let base = self.base(place.root);
        if !self.vars.contains(&base) || self.iterating || access == Access::Read && self.shape_only {
            return;
        }
        let own = base == place.root && place.path.iter().any(|step| matches!(step, Proj::Index(_)));
        if !own || access == Access::Move {
            self.touch_whole(base);
            return;
        }
        let kind = match access {
            Access::Read => Kind::Read,
            Access::Write if self.adding => Kind::Add,
            Access::Write | Access::Move => Kind::Write,
        };
        let event = Event { position: self.position, loops: self.loops.clone() };
        self.found.entry(base).or_default().push(Touch { event, place: place.clone(), kind });
    }

    fn mention(&mut self, var: VarId) {
        if !self.shape_only {
            self.touch_whole(var);
        }
    }

    fn define(&mut self, var: VarId) {
        self.integers.define(var, self.loops.len());
    }
}
