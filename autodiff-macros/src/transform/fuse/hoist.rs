//! What the mirror of a loop reads has to be known before the loop, if the two are to become one.

use std::collections::{HashMap, HashSet};

use crate::ir::literals;
use crate::ir::{Arg, Function, Op, Operand, Place, Stmt, VarId};
use crate::transform::facts::Facts;
use crate::transform::{simplify, vjp};

/// Which of the statements between a loop and its mirror have to move before the loop. `None` if one of them cannot, or
/// if one that stays would see something else than it does now.
pub(in crate::transform) fn moved(
    function: &Function,
    forward: &Stmt,
    between: &[Stmt],
    mirror: &Facts,
) -> Option<Vec<bool>> {
    let facts: Vec<Facts> = between.iter().map(|stmt| Facts::of_stmt(function, stmt)).collect();
    let mut homes = HashMap::new();
    for (position, stmt) in between.iter().enumerate() {
        homes.extend(vjp::own_definitions(stmt).into_iter().map(|var| (var, position)));
    }
    let trips = Facts::of_stmt(function, forward);
    let mut hoist = Hoist { between, facts, homes, trips, moved: vec![false; between.len()] };
    let outer = |vars: &HashSet<VarId>| {
        let mut outer: Vec<VarId> = mirror.outer(vars).filter(|var| !mirror.popped.contains_key(var)).collect();
        outer.sort_unstable();
        outer
    };
    for var in outer(&mirror.mentioned) {
        if mirror.read.contains(&var) {
            hoist.reads(var)?;
        } else if mirror.added.contains(&var) {
            hoist.exists(var)?;
        } else {
            hoist.keeps_shape(var)?;
        }
    }
    hoist.is_consistent(&outer(&mirror.added)).then_some(hoist.moved)
}

/// The statements between a loop and its mirror, where sums of the mirror that begin with a contribution of what follows
/// the loop begin with zero, which is known before the loop, and get the contribution after it. `None` if there are none.
pub(super) fn from_zero(function: &Function, between: &[Stmt], mirror: &Facts) -> Option<Vec<Stmt>> {
    let mut stmts = Vec::new();
    for stmt in between {
        match stmt {
            Stmt::Declare { var, init: Some(value @ Operand::Var(_)) }
                if mirror.added.contains(var) && !mirror.read.contains(var) && !mirror.written.contains(var) =>
            {
                let zero = literals::zero(&function[*var].ty)?;
                stmts.push(Stmt::Declare { var: *var, init: Some(zero) });
                stmts.push(Stmt::Accumulate { place: Place::var(*var), negative: false, value: value.clone() });
            }
            _ => stmts.push(stmt.clone()),
        }
    }
    (stmts.len() > between.len()).then_some(stmts)
}

struct Hoist<'a> {
    between: &'a [Stmt],
    facts: Vec<Facts>,
    /// The statements that define what is defined between the loop and its mirror.
    homes: HashMap<VarId, usize>,
    /// What the loop itself does.
    trips: Facts,
    moved: Vec<bool>,
}

impl Hoist<'_> {
    /// The content of the variable has to be known before the loop.
    fn reads(&mut self, var: VarId) -> Option<()> {
        if self.trips.defined.contains(&var) || self.trips.changes(var) {
            return None;
        }
        let writers: Vec<usize> = (0..self.between.len()).filter(|at| self.facts[*at].changes(var)).collect();
        match self.homes.get(&var).copied() {
            Some(home) => [home].into_iter().chain(writers).try_for_each(|position| self.hoist(position)),
            None => writers.is_empty().then_some(()),
        }
    }

    /// The variable, to which something is added, has to exist before the loop.
    fn exists(&mut self, var: VarId) -> Option<()> {
        self.homes.get(&var).copied().map_or(Some(()), |home| self.hoist(home))
    }

    /// Only the shape of the variable has to be known.
    fn keeps_shape(&mut self, var: VarId) -> Option<()> {
        self.exists(var)?;
        let reshapes = |facts: &Facts| facts.reshaped.contains(&var);
        let gone = self.trips.defined.contains(&var);
        (!gone && !reshapes(&self.trips) && !self.facts.iter().any(reshapes)).then_some(())
    }

    fn hoist(&mut self, position: usize) -> Option<()> {
        if std::mem::replace(&mut self.moved[position], true) {
            return Some(());
        }
        if !self.is_movable(position) {
            return None;
        }
        let (facts, own) = (&self.facts[position], vjp::own_definitions(&self.between[position]));
        let mut mentioned: Vec<VarId> = facts.mentioned.iter().copied().filter(|var| !own.contains(var)).collect();
        mentioned.sort_unstable();
        let content = |var: &VarId| facts.read.contains(var) || facts.changes(*var);
        let (contents, shapes): (Vec<VarId>, Vec<VarId>) = mentioned.into_iter().partition(content);
        contents.into_iter().try_for_each(|var| self.reads(var))?;
        shapes.into_iter().try_for_each(|var| self.keeps_shape(var))
    }

    fn is_movable(&self, position: usize) -> bool {
        match &self.between[position] {
            Stmt::Let { op, .. } => simplify::is_pure(op) && !is_partial(op),
            Stmt::Declare { init, .. } => init.is_some(),
            Stmt::Assign { place, .. } | Stmt::Accumulate { place, .. } => place.path.is_empty(),
            Stmt::AccumulateInto { .. }
            | Stmt::Eval(_)
            | Stmt::If { .. }
            | Stmt::Match { .. }
            | Stmt::For { .. }
            | Stmt::While { .. }
            | Stmt::Loop { .. }
            | Stmt::Scope { .. }
            | Stmt::Break { .. }
            | Stmt::Continue { .. }
            | Stmt::Return { .. }
            | Stmt::Map { .. }
            | Stmt::ForEach { .. }
            | Stmt::Push { .. }
            | Stmt::CallVjp { .. }
            | Stmt::Pull { .. }
            | Stmt::CallJvp { .. }
            | Stmt::Comment(_) => false,
        }
    }

    /// Whether the statements that stay see what they see now: they do not look at what those that move changed or are
    /// yet to change, and only add to what the loop adds to.
    fn is_consistent(&self, added: &[VarId]) -> bool {
        let stays = || (0..self.between.len()).filter(|at| !self.moved[*at]);
        let moves = || (0..self.between.len()).filter(|at| self.moved[*at]);
        let changed: HashSet<VarId> =
            moves().flat_map(|at| self.facts[at].added.iter().chain(&self.facts[at].written)).copied().collect();
        let sums = |var: &VarId| {
            stays().any(|at| self.facts[at].read.contains(var) || self.facts[at].written.contains(var))
                || moves().any(|at| self.facts[at].read.contains(var))
        };
        !stays().any(|at| changed.iter().any(|var| self.facts[at].mentioned.contains(var))) && !added.iter().any(sums)
    }
}

/// Whether the operation reads a part that may not be there.
fn is_partial(op: &Op) -> bool {
    match op {
        Op::Read(place) | Op::CloneOf(place) | Op::Borrow(place) => !place.path.is_empty(),
        Op::Intrinsic(intrinsic) => intrinsic.args.iter().any(|arg| matches!(arg, Arg::Mut(_))),
        _ => false,
    }
}
