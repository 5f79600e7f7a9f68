//! The adjoint of a checkpointed loop.
//!
//! The forward sweep runs the loop as it is and saves nothing but the state that it starts from. The reverse sweep takes
//! the trips from the last to the first. For each, it goes back to the nearest state that is held, runs the trips from
//! there up to this one, and then this one, followed by its adjoint, in one scope: what it computes is still there.
//!
//! ```text
//! let mut snapshots = rt::binomial_snapshots(trips, 32, &first_y);
//! for trip in (0..trips).rev() {
//!     let (start, mut y) = rt::resume(&mut snapshots, trip);
//!     for i in start..trip {
//!         if rt::is_due(&mut snapshots) {
//!             rt::hold(&mut snapshots, y);
//!         }
//!         y = step(y, i);
//!     }
//!     let i = trip;
//!     .. step(y, i) and its adjoint
//! }
//! ```

use std::collections::HashMap;

use super::Reverse;
use super::again::memory_like;
use super::bars::Bar;
use super::control::replace;
use super::saved::{self, elements};
use crate::analysis::types;
use crate::ir::literals;
use crate::ir::walk;
use crate::ir::{
    AggregateKind, Arg, BinOp, Block, Iter, Op, Operand, Origin, Place, Plan, Proj, ScopeId, Stmt, Storage, Type, VarId,
};
use crate::transform::checkpoints::{Held, content, only_state};
use crate::transform::rename;

impl Reverse<'_> {
    pub(super) fn held_loop(&mut self, id: ScopeId, held: &Held, stmt: &mut Stmt, out: &mut Vec<Stmt>) {
        let trip = self.counter("trip");
        let mut last = stmt.clone();
        let mut before = Vec::new();
        self.cotangents_of_state(held, out);
        if let Stmt::For { iter, .. } = &mut last {
            self.elements_by_number(iter, trip, &mut before, out);
        }
        let body = body_of(&mut last);
        let adjoint = self.trip_and_adjoint(body);
        if saved::is_empty(&adjoint) {
            return;
        }
        self.saved.loops.push((id, held.checkpoint.plan));
        only_state(body, id, &held.written);
        body.stmts.extend(adjoint);
        let mut names: HashMap<VarId, VarId> = held.inputs.iter().copied().collect();
        let mut stmts = Vec::new();
        let mut running = stmt.clone();
        if let Some(first) = held.first {
            let snapshots = match self.placed(held, first, &mut running) {
                Some(snapshots) => snapshots,
                None => {
                    let states = self.states(held, Operand::Var(self.prepared.trips[&id]), first, out);
                    self.snapshots(states, out)
                }
            };
            self.reach(snapshots, trip, held, stmt, &mut names, &mut stmts);
        }
        before.extend(self.one_trip(last, trip));
        let mut once = Block { stmts: before, result: None };
        rename::block(&mut once, &names);
        stmts.extend(once.stmts);
        let (lo, hi) = (literals::index(0), Operand::Var(self.prepared.trips[&id]));
        let range = Iter::Range { var: trip, lo, hi, inclusive: false };
        out.push(Stmt::For { id, iter: Iter::Rev(Box::new(range)), body: Block { stmts, result: None } });
        *stmt = rename::fresh_loop(&mut self.function, running);
    }

    fn counter(&mut self, name: &str) -> VarId {
        let var = self.derived(name, Type::Int(Some("usize")));
        self.depth.insert(var, self.level + 1);
        var
    }

    /// Memory of a block that is not in scope in the reverse sweep gets its cotangent before the loop does.
    fn cotangents_of_state(&mut self, held: &Held, out: &mut Vec<Stmt>) {
        let memory = held.state.iter().chain(held.inputs.iter().map(|(var, _)| var)).chain(&held.written).copied();
        let mut memory: Vec<VarId> =
            memory.filter(|var| self.depth.get(var).is_some_and(|at| *at > self.sweep)).collect();
        memory.sort_unstable();
        for var in memory {
            if self.activity.is_active(var) && !matches!(self.bar(var), Bar::Alias(_)) {
                self.memory(var, out);
            }
        }
    }

    /// The cotangents of what the loop binds are elements, by their positions.
    fn elements_by_number(&mut self, iter: &mut Iter, trip: VarId, before: &mut Vec<Stmt>, out: &mut Vec<Stmt>) {
        for (element, of) in elements(iter) {
            if !self.activity.is_active(element) {
                continue;
            }
            let mut alias = self.bar_place(&of, out);
            let index = match self.position_in(iter, element, Operand::Var(trip), before) {
                Some(index) => index,
                None => {
                    let index = self.counter("k");
                    replace(iter, element, &|leaf| Iter::Enumerate { var: index, inner: Box::new(leaf) });
                    Operand::Var(index)
                }
            };
            alias.path.push(Proj::Index(index));
            self.bars.insert(element, Bar::Alias(alias));
        }
    }

    /// The adjoint of a loop's body in the scope of the body itself.
    fn trip_and_adjoint(&mut self, body: &mut Block) -> Vec<Stmt> {
        let outer = (self.sweep, std::mem::take(&mut self.loops), std::mem::take(&mut self.trips));
        let counts = std::mem::take(&mut self.counts);
        self.level += 1;
        self.sweep = self.level;
        self.pending.push(Vec::new());
        self.open_beside();
        self.storage.push(saved::Storages::default());
        let mut adjoint = self.block(body, None);
        self.settle(&mut adjoint);
        let own = self.pending.pop().expect("pushed above");
        adjoint.splice(0..0, own);
        let start = self.close_beside();
        body.stmts.splice(0..0, start);
        self.storage.pop();
        self.level -= 1;
        self.leave();
        (self.sweep, self.loops, self.trips) = outer;
        self.counts = counts;
        adjoint
    }

    /// Where the states of that many trips are held, from the first on.
    pub(super) fn states(&mut self, held: &Held, trips: Operand, first: VarId, out: &mut Vec<Stmt>) -> Operand {
        let mut args = vec![Arg::Value(trips)];
        let name = match held.checkpoint.plan {
            Plan::Sqrt => "sqrt_snapshots",
            Plan::Binomial { slots } => {
                args.push(Arg::Value(literals::index(slots)));
                "binomial_snapshots"
            }
        };
        args.push(Arg::Shared(Place::var(first)));
        self.define("snapshots", Type::Unknown, Op::Helper { name, args }, out)
    }

    /// Declares the variable for them.
    pub(super) fn snapshots(&mut self, states: Operand, out: &mut Vec<Stmt>) -> VarId {
        let snapshots = self.function.fresh("snapshots", Type::Unknown, Storage::Memory, Origin::Derived);
        self.depth.insert(snapshots, self.level);
        out.push(Stmt::Declare { var: snapshots, init: Some(states) });
        snapshots
    }

    /// Brings the state to where the trip starts. `names` tells what stands for the memory that is the state.
    fn reach(
        &mut self,
        snapshots: VarId,
        trip: VarId,
        held: &Held,
        stmt: &Stmt,
        names: &mut HashMap<VarId, VarId>,
        out: &mut Vec<Stmt>,
    ) {
        let first = held.first.expect("there is a state");
        let ty = types::owned(&self.function[first].ty);
        let pair = self.derived("resumed", Type::Tuple(vec![Type::Int(Some("usize")), ty.clone()]));
        let args = vec![Arg::Mut(Place::var(snapshots)), Arg::Value(Operand::Var(trip))];
        out.push(Stmt::Let { var: pair, op: Op::Helper { name: "resume", args } });
        let start = self.counter("start");
        out.push(Stmt::Let { var: start, op: types::part(pair, 0, &Type::Int(None)) });
        let state = self.derived("state", ty.clone());
        out.push(Stmt::Let { var: state, op: types::part(pair, 1, &ty) });
        for (index, var) in held.state.iter().enumerate() {
            let value = if held.state.len() == 1 { state } else { self.part_of_state(state, index, *var, out) };
            let copy = memory_like(&mut self.function, *var, value, out);
            names.insert(*var, copy);
        }
        let again = rename::fresh_loop(&mut self.function, stmt.clone());
        let mut again = self.trips_between(again, start, trip, out);
        let body = body_of(&mut again);
        only_state(body, loop_id(stmt), &held.written);
        let hold = self.hold(snapshots, held);
        body.stmts.splice(0..0, hold);
        let mut again = Block { stmts: vec![again], result: None };
        rename::block(&mut again, names);
        out.extend(again.stmts);
    }

    fn part_of_state(&mut self, state: VarId, index: usize, var: VarId, out: &mut Vec<Stmt>) -> VarId {
        let ty = content(&self.function, var).1;
        let part = self.derived(self.function[var].name.clone(), ty.clone());
        out.push(Stmt::Let { var: part, op: types::part(state, index, &ty) });
        part
    }

    /// `if rt::is_due(&mut snapshots) { rt::hold(&mut snapshots, (y.clone(), z)); }`
    pub(super) fn hold(&mut self, snapshots: VarId, held: &Held) -> [Stmt; 2] {
        let due = self.derived("due", Type::Bool);
        let snapshots = || Arg::Mut(Place::var(snapshots));
        let mut stmts = Vec::new();
        let mut items = Vec::new();
        for var in &held.state {
            let (place, ty) = content(&self.function, *var);
            let part = self.derived(self.function[*var].name.clone(), ty.clone());
            stmts.push(Stmt::Let { var: part, op: types::copied(place, &ty) });
            items.push(Operand::Var(part));
        }
        let state = match items.as_slice() {
            [single] => single.clone(),
            _ => {
                let ty = Type::Tuple(items.iter().map(|item| self.function.type_of(item)).collect());
                let state = self.derived("state", ty);
                stmts.push(Stmt::Let { var: state, op: Op::Aggregate(AggregateKind::Tuple, items) });
                Operand::Var(state)
            }
        };
        stmts.push(Stmt::Eval(Op::Helper { name: "hold", args: vec![snapshots(), Arg::Value(state)] }));
        [
            Stmt::Let { var: due, op: Op::Helper { name: "is_due", args: vec![snapshots()] } },
            Stmt::If {
                dest: None,
                cond: Operand::Var(due),
                then: Block { stmts, result: None },
                els: Block::default(),
            },
        ]
    }

    /// The loop from the trip `start` up to `end`, which is not run.
    fn trips_between(&mut self, looping: Stmt, start: VarId, end: VarId, out: &mut Vec<Stmt>) -> Stmt {
        let id = loop_id(&looping);
        match looping {
            Stmt::For { iter: Iter::Range { var, lo, inclusive: _, hi: _ }, body, .. } if self.is_index(var) => {
                let (lo, hi) = (self.offset(&lo, start, out), self.offset(&lo, end, out));
                Stmt::For { id, iter: Iter::Range { var, lo, hi, inclusive: false }, body }
            }
            Stmt::For { iter, body, .. } if walk::runs_over_mutable(&iter) => {
                // The list is whole where a state is held: the loop does not borrow it from trip to trip.
                let trip = self.counter("again");
                let (lo, hi) = (Operand::Var(start), Operand::Var(end));
                let stmts = self.one_trip(Stmt::For { id, iter, body }, trip);
                let body = Block { stmts, result: None };
                Stmt::For { id, iter: Iter::Range { var: trip, lo, hi, inclusive: false }, body }
            }
            Stmt::For { iter, body, .. } => {
                let count = self.derived("count", Type::Int(Some("usize")));
                let (start, end) = (Operand::Var(start), Operand::Var(end));
                out.push(Stmt::Let { var: count, op: Op::Binary(BinOp::Sub, end, start.clone()) });
                let skipped = Iter::Skip(Box::new(iter), start);
                Stmt::For { id, iter: Iter::Take(Box::new(skipped), Operand::Var(count)), body }
            }
            mut other => {
                let var = self.counter("_trip");
                let (lo, hi) = (Operand::Var(start), Operand::Var(end));
                let body = std::mem::take(body_of(&mut other));
                Stmt::For { id, iter: Iter::Range { var, lo, hi, inclusive: false }, body }
            }
        }
    }

    /// A single trip of the loop.
    fn one_trip(&mut self, looping: Stmt, trip: VarId) -> Vec<Stmt> {
        let id = loop_id(&looping);
        match looping {
            Stmt::For { iter: Iter::Range { var, lo, .. }, body, .. } if self.is_index(var) => {
                let mut stmts = Vec::new();
                let at = self.offset(&lo, trip, &mut stmts);
                stmts.push(Stmt::Let { var, op: Op::Use(at) });
                stmts.extend(body.stmts);
                stmts
            }
            Stmt::For { iter, body, .. } => {
                let skipped = Iter::Skip(Box::new(iter), Operand::Var(trip));
                vec![Stmt::For { id, iter: Iter::Take(Box::new(skipped), literals::index(1)), body }]
            }
            mut other => std::mem::take(body_of(&mut other)).stmts,
        }
    }

    fn is_index(&self, var: VarId) -> bool {
        matches!(self.function[var].ty, Type::Int(Some("usize")))
    }

    /// `lo + trip`
    fn offset(&mut self, lo: &Operand, trip: VarId, out: &mut Vec<Stmt>) -> Operand {
        if literals::integer(lo) == Some(0) {
            return Operand::Var(trip);
        }
        let sum = self.derived("at", Type::Int(Some("usize")));
        out.push(Stmt::Let { var: sum, op: Op::Binary(BinOp::Add, lo.clone(), Operand::Var(trip)) });
        Operand::Var(sum)
    }
}

fn loop_id(stmt: &Stmt) -> ScopeId {
    match stmt {
        Stmt::For { id, .. } | Stmt::While { id, .. } | Stmt::Loop { id, .. } => *id,
        other => unreachable!("{other:?} is no loop"),
    }
}

/// The body of a loop, which is the last of its blocks.
pub(super) fn body_of(stmt: &mut Stmt) -> &mut Block {
    walk::blocks_mut(stmt).pop().expect("a loop has a body")
}
