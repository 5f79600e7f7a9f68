//! Calls of other functions' derivatives.

use quote::quote;

use super::fold::{Env, Folder};
use super::tree::{Arm, Block, Expr, Line, Pattern};
use super::types;
use crate::analysis::types::has_lanes;
use crate::ir::{Arg, Callee, Operand, Place, Proj, Stmt, Type, VarId};

impl Folder<'_> {
    pub(super) fn call_vjp(
        &mut self,
        env: &mut Env,
        stmt: &Stmt,
        dest: VarId,
        pullback: VarId,
        callee: &Callee,
        args: &[Arg],
    ) {
        let plan = self.plan(stmt);
        self.settle(env, &plan);
        let call = self.invoke(env, callee, Some(self.form("lanes_call_vjp")), args, Vec::new());
        let pattern = Pattern::Tuple(vec![self.binding(dest), self.binding(pullback)]);
        env.lines.push(Line::Let { pattern, ascription: None, value: Some(call) });
    }

    pub(super) fn call_jvp(&mut self, env: &mut Env, stmt: &Stmt) {
        let Stmt::CallJvp { dest, dot, callee, args, dots } = stmt else { return };
        let plan = self.plan(stmt);
        self.settle(env, &plan);
        let dots = dots.iter().enumerate().map(|(position, dot)| match dot {
            Some(Arg::Shared(place)) if callee.function_at(position).is_some() => some(self.clone_of(env, place)),
            // Functions that take views by reference take arrays as their tangents.
            Some(Arg::Shared(place)) if self.is_view(&args[position]) => {
                some(self.receiver(env, place).method("to_owned", Vec::new()).reference(false))
            }
            Some(dot) if callee.again.contains(&position) => some(self.arg(env, dot).reference(false)),
            Some(dot) => self.optional(env, dot),
            None => none(),
        });
        let dots = dots.collect();
        let call = self.invoke(env, callee, Some(self.form("lanes_call_jvp")), args, dots);
        let pattern = Pattern::Tuple(vec![self.binding(*dest), self.binding(*dot)]);
        env.lines.push(Line::Let { pattern, ascription: None, value: Some(call) });
    }

    /// A reference to a view of an array.
    fn is_view(&self, arg: &Arg) -> bool {
        let Arg::Shared(place) = arg else { return false };
        matches!(types::of_place(self.function, place), Type::Tensor(tensor) if tensor.view)
    }

    /// The form of another function that this derivative calls: that with lanes, if this one has them.
    fn form(&self, with_lanes: &'static str) -> &'static str {
        let lanes = self.function.vars.iter().any(|var| has_lanes(&var.ty));
        if lanes { with_lanes } else { with_lanes.trim_start_matches("lanes_") }
    }

    pub(super) fn pull(&mut self, env: &mut Env, stmt: &Stmt) {
        let Stmt::Pull { pullback, again, tangents, seed, slots, in_out: _ } = stmt else { return };
        let plan = self.plan(stmt);
        self.settle(env, &plan);
        let function = Box::new(self.mention(env, *pullback));
        let mut args: Vec<Expr> = again.iter().map(|place| self.borrow(env, place, false)).collect();
        args.extend(tangents.iter().map(|tangent| match tangent {
            Some(place) => some(self.borrow(env, place, false)),
            None => none(),
        }));
        args.push(match seed {
            Some(seed) => self.borrow(env, seed, false),
            // A result that nobody takes, most often `()`: the macro does not know its type.
            None => Expr::call(self.rt("unused"), Vec::new()).reference(false),
        });
        for slot in slots {
            args.push(match slot {
                None => none(),
                Some(place) => self.slot_argument(env, place),
            });
        }
        env.lines.push(Line::Expr(Expr::Call { function, args }));
    }

    /// The tangent of an argument, which may be left out.
    pub(super) fn optional(&mut self, env: &mut Env, tangent: &Arg) -> Expr {
        match tangent {
            Arg::Value(Operand::Const(constant)) if constant.is_none() => none(),
            Arg::Mut(place) => some(self.exclusive(env, place)),
            given => some(self.arg(env, given)),
        }
    }

    fn slot_argument(&mut self, env: &mut Env, place: &Place) -> Expr {
        let Some(slot) = self.slot_of(place) else { return some(self.exclusive(env, place)) };
        // The callee may want a slice of what is an array or a `Vec` here: `Some(part)` converts it, `map` does not.
        let converts = matches!(types::of_place(self.function, place), Type::Array(..) | Type::Vec(_) | Type::Unknown);
        let handed_on = Expr::Var(slot).method("as_deref_mut", Vec::new());
        if !converts && place.path.iter().all(|step| matches!(step, Proj::Deref)) {
            self.mention(env, slot);
            return handed_on;
        }
        let part = self.borrow(env, place, true);
        if !converts {
            let params = vec![Pattern::Var { var: slot, mutable: false }];
            return handed_on.method("map", vec![Expr::Closure { moves: false, params, body: Box::new(part) }]);
        }
        let arm = |pattern, body| Arm { pattern, guard: None, body: Block::of(body) };
        let none = Pattern::Tokens(quote!(None), Vec::new());
        let arms = vec![arm(Pattern::Some(slot), some(part)), arm(none, Expr::Tokens(quote!(None)))];
        Expr::Match { scrutinee: Box::new(handed_on), arms }
    }

    /// `&mut place`, written so that a reference which the place is behind is reborrowed and not moved.
    pub(super) fn exclusive(&mut self, env: &mut Env, place: &Place) -> Expr {
        match self.borrow(env, place, true) {
            borrowed @ Expr::Ref { .. } => borrowed,
            reference => Expr::Deref(Box::new(reference)).reference(true),
        }
    }
}

fn none() -> Expr {
    Expr::Tokens(quote!(None))
}

fn some(content: Expr) -> Expr {
    Expr::call(quote!(Some), vec![content])
}
