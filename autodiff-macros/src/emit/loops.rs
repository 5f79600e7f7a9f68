//! `for` loops: iterator trees as iterator expressions with mirrored patterns.

use std::collections::HashMap;

use super::fold::{Env, Folder, Scope};
use super::tree::{Block, Expr, Line, Pattern};
use crate::ir::{self, Iter, Op, Origin, Proj, ScopeId, Stmt, VarId};

/// Elements that are copied at once are bound by `&copy`.
type Copies = HashMap<VarId, VarId>;

impl Folder<'_> {
    pub(super) fn for_loop(&mut self, env: &mut Env, stmt: &Stmt, id: ScopeId, iter: &Iter, body: &ir::Block) {
        let plan = self.plan(stmt);
        self.settle(env, &plan);
        let slots = self.iterated_slots(iter);
        let (copies, skipped) = self.copies(iter, body);
        let (pattern, iter) = self.iter(env, iter, &copies);
        let rest = ir::Block { stmts: body.stmts[skipped..].to_vec(), result: body.result.clone() };
        self.scopes.push(Scope { id, is_loop: true, labelled: false });
        let mut body = self.inner(env, &rest);
        let label = self.scopes.pop().is_some_and(|scope| scope.labelled).then_some(id);
        self.prune(env);
        // A loop that does nothing but fill a slot is skipped as a whole where there is no slot.
        let only = match &mut body.lines[..] {
            [Line::IfSlot { slot, body: inner }] if slots.is_empty() => Some((*slot, std::mem::take(inner))),
            _ => None,
        };
        let (slot, body) = match only {
            Some((slot, inner)) => (Some(slot), inner),
            None => (slots.first().copied(), body),
        };
        let line = Line::For { label, pattern, iter, body };
        let line =
            slots.iter().skip(1).fold(line, |line, slot| Line::IfSlot { slot: *slot, body: Block::lines(vec![line]) });
        self.push_in_slot(env, slot, line);
    }

    /// The elements that the body starts by copying, and how many statements that takes.
    fn copies(&mut self, iter: &Iter, body: &ir::Block) -> (Copies, usize) {
        let mut elements = Vec::new();
        shared_elements(iter, &mut elements);
        let mut copies = Copies::new();
        for (at, stmt) in body.stmts.iter().enumerate() {
            let Stmt::Let { var, op: Op::Read(place) } = stmt else { return (copies, at) };
            let whole = matches!(place.path[..], [Proj::Deref]) && elements.contains(&place.root);
            let renames =
                self.function[place.root].origin == Origin::User && self.function[*var].origin != Origin::User;
            if !whole || renames || self.totals.get(place.root) != 1 || self.function[*var].ascription.is_some() {
                return (copies, at);
            }
            copies.insert(place.root, *var);
        }
        (copies, body.stmts.len())
    }

    fn iter(&mut self, env: &mut Env, iter: &Iter, copies: &Copies) -> (Pattern, Expr) {
        match iter {
            Iter::Range { var, lo, hi, inclusive } => {
                let (lo, hi) = (Box::new(self.operand(env, lo)), Box::new(self.operand(env, hi)));
                (self.binding(*var), Expr::Range { lo: Some(lo), hi: Some(hi), inclusive: *inclusive })
            }
            Iter::From { var, lo } => {
                let lo = Some(Box::new(self.operand(env, lo)));
                (self.binding(*var), Expr::Range { lo, hi: None, inclusive: false })
            }
            Iter::Elements { var, of, mutable } => {
                let receiver = self.receiver(env, of);
                let receiver = if *mutable { receiver.writable() } else { receiver };
                let pattern = match copies.get(var) {
                    Some(copy) => match self.binding(*copy) {
                        Pattern::Wild => Pattern::Wild,
                        bound => Pattern::Ref(Box::new(bound)),
                    },
                    None => self.binding(*var),
                };
                (pattern, receiver.method(if *mutable { "iter_mut" } else { "iter" }, Vec::new()))
            }
            Iter::Enumerate { var, inner } => {
                let (pattern, inner) = self.iter(env, inner, copies);
                match self.binding(*var) {
                    Pattern::Wild => (pattern, inner),
                    index => (Pattern::Tuple(vec![index, pattern]), inner.method("enumerate", Vec::new())),
                }
            }
            Iter::Zip(left, right) => {
                let (left_pattern, left) = self.iter(env, left, copies);
                let (right_pattern, right) = self.iter(env, right, copies);
                (Pattern::Tuple(vec![left_pattern, right_pattern]), left.method("zip", vec![right]))
            }
            Iter::Rev(inner) => {
                let (pattern, inner) = self.iter(env, inner, copies);
                (pattern, inner.method("rev", Vec::new()))
            }
            Iter::StepBy(inner, count) => self.counted(env, inner, "step_by", count, copies),
            Iter::Skip(inner, count) => self.counted(env, inner, "skip", count, copies),
            Iter::Take(inner, count) => self.counted(env, inner, "take", count, copies),
            Iter::Opaque { pattern, vars, iter } => {
                iter.uses.iter().for_each(|var| drop(self.mention(env, *var)));
                (Pattern::Tokens(pattern.clone(), vars.clone()), Expr::Opaque(iter.clone()))
            }
        }
    }

    fn counted(
        &mut self,
        env: &mut Env,
        inner: &Iter,
        name: &'static str,
        count: &ir::Operand,
        copies: &Copies,
    ) -> (Pattern, Expr) {
        let (pattern, inner) = self.iter(env, inner, copies);
        let count = self.operand(env, count);
        (pattern, inner.method(name, vec![count]))
    }
}

/// The variables that an iterator binds to shared references to elements.
fn shared_elements(iter: &Iter, out: &mut Vec<VarId>) {
    match iter {
        Iter::Elements { var, of: _, mutable: false } => out.push(*var),
        Iter::Elements { mutable: true, .. } | Iter::Range { .. } | Iter::From { .. } | Iter::Opaque { .. } => {}
        Iter::Enumerate { var: _, inner } | Iter::Rev(inner) => shared_elements(inner, out),
        Iter::StepBy(inner, _) | Iter::Skip(inner, _) | Iter::Take(inner, _) => shared_elements(inner, out),
        Iter::Zip(left, right) => {
            shared_elements(left, out);
            shared_elements(right, out);
        }
    }
}
