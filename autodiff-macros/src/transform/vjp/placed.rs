//! States of a checkpointed loop that are held while it runs for the first time.
//!
//! Where the loop and its adjoint run in the same scope, one after the other, and the number of trips is known before, the
//! loop places the states itself, so that the reverse sweep does not have to run it once more to do so:
//!
//! ```text
//! let mut snapshots = rt::placing(rt::binomial_snapshots(n, 32, &first_y));
//! for i in 0..n {
//!     if rt::is_due(&mut snapshots) {
//!         rt::hold(&mut snapshots, y);
//!     }
//!     y = step(y, i);
//! }
//! ```
//!
//! A pullback may be called several times, each of which uses up what it holds, and a loop that stands in another one would
//! hold states for each of its trips: both place them in the reverse sweep.

use super::held::body_of;
use super::{Mode, Reverse};
use crate::ir::literals;
use crate::ir::walk;
use crate::ir::{Arg, Iter, Op, Operand, Origin, Stmt, Type, VarId};
use crate::transform::checkpoints::Held;
use crate::transform::prepare::breaks;

impl Reverse<'_> {
    /// The states that `stmt` will have placed when the reverse sweep comes, and the statements that do so, if it can.
    pub(super) fn placed(&mut self, held: &Held, first: VarId, stmt: &mut Stmt) -> Option<VarId> {
        let Stmt::For { id, iter, body } = &*stmt else { return None };
        // What the loop itself has borrowed cannot be cloned in it.
        if !self.shares_a_scope() || breaks(body, *id) || walk::runs_over_mutable(iter) {
            return None;
        }
        let mut before = Vec::new();
        let trips = self.trips_of(&iter.clone(), &mut before)?;
        let states = self.states(held, trips, first, &mut before);
        let op = Op::Helper { name: "placing", args: vec![Arg::Value(states)] };
        let states = self.define("snapshots", Type::Unknown, op, &mut before);
        let snapshots = self.snapshots(states, &mut before);
        before.into_iter().for_each(|stmt| self.keep_before(stmt));
        // What is borrowed while the loop runs has a name of its own.
        self.function[first].origin = Origin::User;
        let hold = self.hold(snapshots, held);
        body_of(stmt).stmts.splice(0..0, hold);
        Some(snapshots)
    }

    /// Whether the current block's adjoint follows it, and nothing comes back to the block.
    fn shares_a_scope(&self) -> bool {
        self.level == self.sweep && (self.sweep > 0 || self.mode == Mode::Joint)
    }

    /// How many trips there are, where that is known before the first.
    fn trips_of(&mut self, iter: &Iter, before: &mut Vec<Stmt>) -> Option<Operand> {
        let helper = |name, args| Op::Helper { name, args };
        let op = match iter {
            Iter::Range { var, lo, hi, inclusive } => {
                let index = matches!(self.function[*var].ty, Type::Int(Some("usize")));
                let args = vec![Arg::Value(hi.clone()), Arg::Value(lo.clone())];
                match (index, inclusive) {
                    (true, false) if literals::integer(lo) == Some(0) => return Some(hi.clone()),
                    (true, false) => helper("distance", args),
                    (_, false) => helper("trips_to", args),
                    (_, true) => helper("trips_through", args),
                }
            }
            Iter::Elements { of, .. } => helper("len", vec![Arg::Shared(of.clone())]),
            Iter::Rev(inner) | Iter::Enumerate { inner, .. } => return self.trips_of(inner, before),
            Iter::Zip(left, right) => {
                let (left, right) = (self.trips_of(left, before)?, self.trips_of(right, before)?);
                helper("fewer", vec![Arg::Value(left), Arg::Value(right)])
            }
            Iter::Skip(inner, count) => {
                let all = self.trips_of(inner, before)?;
                helper("distance", vec![Arg::Value(all), Arg::Value(count.clone())])
            }
            Iter::Take(inner, count) => {
                let all = self.trips_of(inner, before)?;
                helper("fewer", vec![Arg::Value(all), Arg::Value(count.clone())])
            }
            Iter::StepBy(inner, step) => {
                let all = self.trips_of(inner, before)?;
                helper("strides", vec![Arg::Value(all), Arg::Value(step.clone())])
            }
            Iter::From { .. } | Iter::Opaque { .. } => return None,
        };
        Some(self.define("expected", Type::Int(Some("usize")), op, before))
    }
}
