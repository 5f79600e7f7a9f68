//! Calls whose cotangent is known before they are made.
//!
//! `let (y, pullback) = g::call_vjp(x); ..; pullback(x, &seed, Some(&mut x_bar))` becomes
//! `let y = g::call_joint(x, &mut x_bar, seed); ..`. In there both sweeps are one body, so that nothing is kept in a
//! pullback, and the loops of the callee are fused. A function that calls itself computes each value once, where a pullback
//! that keeps nothing would compute it again on each level.

use std::collections::HashMap;

use quote::quote;

use super::facts::Facts;
use super::fuse::hoist;
use crate::ir::walk;
use crate::ir::{Arg, Block, Callee, CalleeKind, Function, Op, Operand, Place, Stmt, Storage, VarId};
use crate::nearby::Nearby;
use crate::options::Options;

/// Joins the calls of a forward sweep that is followed by its reverse sweep with those of their pullbacks.
pub(super) fn join(function: &mut Function, body: &mut Block, options: &Options) {
    if options.anomaly() {
        return;
    }
    let mut joiner = Joiner { function, options, nearby: None, forms: HashMap::new() };
    joiner.block(body);
}

struct Joiner<'a> {
    function: &'a Function,
    options: &'a Options,
    /// The file, once it was asked for.
    nearby: Option<Option<Nearby>>,
    /// Which parameters the forms of callees have buffers for.
    forms: HashMap<String, Option<Vec<bool>>>,
}

impl Joiner<'_> {
    fn block(&mut self, block: &mut Block) {
        for stmt in &mut block.stmts {
            walk::blocks_mut(stmt).into_iter().for_each(|inner| self.block(inner));
        }
        let mut position = 0;
        while position < block.stmts.len() {
            if self.call(&mut block.stmts, position).is_none() {
                position += 1;
            }
        }
    }

    /// Joins the call at this position with that of its pullback, if that is right; what the latter needs is moved before.
    fn call(&mut self, stmts: &mut Vec<Stmt>, forward: usize) -> Option<()> {
        let Stmt::CallVjp { dest, pullback, callee, args } = &stmts[forward] else { return None };
        let reverse = pull_of(&stmts[forward + 1..], *pullback)? + forward + 1;
        let Stmt::Pull { seed: Some(seed), slots, .. } = &stmts[reverse] else { return None };
        let form = self.form(callee)?;
        let seed = self.number(seed)?;
        let buffers = buffers(args, slots, &form)?;
        let between = &stmts[forward + 1..reverse];
        let mut facts = Facts::of_stmt(self.function, &stmts[reverse]);
        for vars in [&mut facts.mentioned, &mut facts.read] {
            vars.remove(pullback);
        }
        let moved = hoist::moved(self.function, &stmts[forward], between, &facts)?;
        let args = args.iter().cloned().chain(buffers).chain([Arg::Value(seed)]).collect();
        let call = Stmt::Let { var: *dest, op: Op::Call(joint(callee), args) };
        let mut rest = stmts.split_off(forward).into_iter().skip(1);
        let (mut before, mut after) = (Vec::new(), Vec::new());
        for (stmt, moved) in rest.by_ref().take(moved.len()).zip(moved) {
            if moved { before.push(stmt) } else { after.push(stmt) }
        }
        stmts.extend(before.into_iter().chain([call]).chain(after).chain(rest.skip(1)));
        Some(())
    }

    /// Which parameters the callee's joint form has buffers for, if it is known to have one.
    fn form(&mut self, callee: &Callee) -> Option<Vec<bool>> {
        let plain = callee.kind == CalleeKind::Function && callee.generics.is_none() && callee.order == 0;
        if !plain || !callee.functions.is_empty() || callee.path.to_string() != callee.name {
            return None;
        }
        let Joiner { options, nearby, forms, .. } = self;
        let find = || {
            let nearby = nearby.get_or_insert_with(|| Nearby::of(options)).as_ref()?;
            nearby.joint_form(&callee.name, options.site.as_ref()?)
        };
        forms.entry(callee.name.clone()).or_insert_with(find).clone()
    }

    /// A cotangent as a value.
    fn number(&self, seed: &Place) -> Option<Operand> {
        let value = seed.path.is_empty() && self.function[seed.root].storage == Storage::Value;
        value.then_some(Operand::Var(seed.root))
    }
}

/// Where the pullback is called, if nothing else is done with it.
fn pull_of(stmts: &[Stmt], pullback: VarId) -> Option<usize> {
    let mut uses = (0..stmts.len()).filter(|at| walk::mentioned_by(&stmts[*at]).contains(&pullback));
    let first = uses.next()?;
    let only = uses.next().is_none() && matches!(&stmts[first], Stmt::Pull { pullback: of, .. } if *of == pullback);
    only.then_some(first)
}

/// The buffers for the callee's joint form, if it has as many as there are cotangents.
fn buffers(args: &[Arg], slots: &[Option<Place>], form: &[bool]) -> Option<Vec<Arg>> {
    let fits = form.len() == slots.len() && form.iter().zip(slots).all(|(has, slot)| *has == slot.is_some());
    let changes = args.iter().any(|arg| matches!(arg, Arg::Mut(_)));
    (fits && !changes).then(|| slots.iter().flatten().cloned().map(Arg::Mut).collect())
}

/// The callee's joint form.
fn joint(callee: &Callee) -> Callee {
    let path = if callee.recursive { quote!(Self) } else { callee.path.clone() };
    Callee { path: quote!(#path::call_joint), recursive: false, ..callee.clone() }
}
