//! Slots: `Option<&mut Tangent>`, where a pullback adds a cotangent if the caller wants it.

use super::expr::{unary, without_sign};
use super::fold::{Env, Folder, LONGEST};
use super::tree::{Arm, Block, Expr, Line, Pattern};
use super::types;
use crate::ir::walk;
use crate::ir::{BinOp, Iter, Place, Proj, Type, UnOp, VarId};

impl Folder<'_> {
    /// The slot that a place lies in.
    pub(super) fn slot_of(&self, place: &Place) -> Option<VarId> {
        self.is_slot(place.root).then_some(place.root)
    }

    /// Prints statements that only matter if the slot is there.
    pub(super) fn push_in_slot(&self, env: &mut Env, slot: Option<VarId>, line: Line) {
        match (slot, env.lines.last_mut()) {
            (None, _) => push(&mut env.lines, line),
            (Some(slot), Some(Line::IfSlot { slot: last, body })) if *last == slot => push(&mut body.lines, line),
            (Some(slot), _) => env.lines.push(Line::IfSlot { slot, body: Block::lines(vec![line]) }),
        }
    }

    /// Reads from what the slot points to; a slot that is not there holds zeros.
    pub(super) fn slot_read(&mut self, env: &mut Env, place: &Place) -> Expr {
        let ty = types::of_place(self.function, place);
        let content = self.place(env, place);
        // What leads into a variant of a tangent may change it.
        let mutable = place.path.iter().any(|step| matches!(step, Proj::Payload(_)));
        self.in_slot(place.root, mutable, content, &ty)
    }

    /// `match slot.as_deref() { Some(slot) => content, None => zero }`
    pub(super) fn in_slot(&self, slot: VarId, mutable: bool, content: Expr, ty: &Type) -> Expr {
        let method = if mutable { "as_deref_mut" } else { "as_deref" };
        let zero = types::zero(ty, &Expr::Var(slot), true, self.paths);
        let zero = zero.unwrap_or_else(|| Expr::call(quote::quote!(::core::default::Default::default), Vec::new()));
        let arm = |pattern, body| Arm { pattern, guard: None, body: Block::of(body) };
        let none = Pattern::Tokens(quote::quote!(None), Vec::new());
        Expr::Match {
            scrutinee: Box::new(Expr::Var(slot).method(method, Vec::new())),
            arms: vec![arm(Pattern::Some(slot), content), arm(none, zero)],
        }
    }

    /// The slots whose elements an iterator runs over.
    pub(super) fn iterated_slots(&self, iter: &Iter) -> Vec<VarId> {
        let mut slots = Vec::new();
        for source in walk::sources(iter) {
            if let Iter::Elements { of, .. } = source {
                slots.extend(self.slot_of(of));
            }
        }
        slots
    }
}

/// Adds a line; `p = a; p += b;` becomes `p = a + b;`, which is the same sum.
fn push(lines: &mut Vec<Line>, line: Line) {
    let (place, sum) = match (lines.pop(), line) {
        (Some(Line::Assign(place, first)), Line::Compound(op @ (BinOp::Add | BinOp::Sub), same, second))
            if place.same_place(&same)
                && !second.mentions_root_of(&place)
                && first.size() + second.size() < LONGEST =>
        {
            (place, combine(op, first, second))
        }
        (last, line) => {
            lines.extend(last.into_iter().chain([line]));
            return;
        }
    };
    lines.push(Line::Assign(place, sum));
}

fn combine(op: BinOp, first: Expr, second: Expr) -> Expr {
    match (op, without_sign(first)) {
        (BinOp::Add, Ok(first)) => Expr::binary(BinOp::Sub, second, first),
        (op, Ok(first)) => Expr::binary(op, unary(UnOp::Neg, first), second),
        (op, Err(first)) => Expr::binary(op, first, second),
    }
}
