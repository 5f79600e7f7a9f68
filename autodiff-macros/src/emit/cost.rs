//! What an expression costs to repeat, and where it may stand.

use super::tree::Expr;
use super::uses::Use;
use crate::ir::{Op, Operand, Place, Proj};

/// Whether an expression may stand for a variable that is mentioned in this way.
pub(super) fn may_stand(expr: &Expr, kind: Use) -> bool {
    match kind {
        Use::Operand | Use::Borrowed => true,
        Use::Root => expr.is_place() || matches!(expr, Expr::Call { .. } | Expr::Method { .. } | Expr::Ref { .. }),
        Use::Named => false,
    }
}

/// Another name for a variable or for a part of one.
pub(super) fn is_alias(op: &Op) -> bool {
    let named = |place: &Place| place.path.iter().all(|proj| matches!(proj, Proj::Field(_) | Proj::Deref));
    match op {
        Op::Use(operand) => matches!(operand, Operand::Var(_)),
        Op::Read(place) | Op::Move(place) => named(place),
        _ => false,
    }
}

/// A constant, a variable or a length: costs nothing, anywhere.
pub(super) fn is_atom(expr: &Expr) -> bool {
    match expr {
        Expr::Tokens(_) | Expr::Var(_) => true,
        Expr::Unary(_, inner) => matches!(**inner, Expr::Tokens(_)),
        Expr::Opaque(opaque) => opaque.pure && crate::ir::is_length(&opaque.tokens),
        _ => false,
    }
}

/// How often an expression may be written out instead of giving it a name.
pub(super) fn repetitions(expr: &Expr) -> usize {
    match expr {
        Expr::Deref(inner) | Expr::Field(inner, _) if inner.is_place() && expr.size() <= 4 => usize::MAX,
        Expr::Index(place, index) if place.is_place() && expr.size() <= 7 => {
            let (mut plain, mut simple) = (true, true);
            index.visit(&mut |part| {
                plain &= matches!(part, Expr::Var(_) | Expr::Tokens(_) | Expr::Array(_));
                simple &= matches!(part, Expr::Var(_) | Expr::Tokens(_) | Expr::Array(_) | Expr::Binary(..));
            });
            if plain {
                3
            } else if simple {
                2
            } else {
                1
            }
        }
        Expr::Cast(inner, _) if is_atom(inner) => 2,
        Expr::Opaque(_) if is_atom(expr) => 3,
        other if is_atom(other) => usize::MAX,
        _ => 1,
    }
}
