//! Precedence: how tightly expressions bind.

use proc_macro2::{TokenStream, TokenTree};

use super::tree::Expr;
use crate::ir::BinOp;

/// How tightly an expression's outermost operator binds, loosest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Prec {
    /// Closures, `if`, `match`, and whatever must stand in parentheses inside any other expression.
    Loose,
    Range,
    Or,
    And,
    Compare,
    BitOr,
    BitXor,
    BitAnd,
    Shift,
    Sum,
    Product,
    Cast,
    Prefix,
    Postfix,
}

pub(super) fn binary_prec(op: BinOp) -> Prec {
    match op {
        BinOp::Add | BinOp::Sub => Prec::Sum,
        BinOp::Mul | BinOp::Div | BinOp::Rem => Prec::Product,
        BinOp::And => Prec::And,
        BinOp::Or => Prec::Or,
        BinOp::BitAnd => Prec::BitAnd,
        BinOp::BitOr => Prec::BitOr,
        BinOp::BitXor => Prec::BitXor,
        BinOp::Shl | BinOp::Shr => Prec::Shift,
        BinOp::Eq | BinOp::Ne | BinOp::Lt | BinOp::Le | BinOp::Gt | BinOp::Ge => Prec::Compare,
    }
}

/// The precedence of tokens that someone else wrote.
pub(super) fn tokens_prec(tokens: &TokenStream) -> Prec {
    let mut trees = tokens.clone().into_iter();
    if let (Some(tree), None) = (trees.next(), trees.next()) {
        let negative = matches!(&tree, TokenTree::Literal(literal) if literal.to_string().starts_with('-'));
        return if negative { Prec::Prefix } else { Prec::Postfix };
    }
    match syn::parse2::<syn::Expr>(tokens.clone()) {
        Ok(syn::Expr::Binary(binary)) => syn_binary_prec(&binary.op),
        Ok(syn::Expr::Cast(_)) => Prec::Cast,
        Ok(syn::Expr::Unary(_) | syn::Expr::Reference(_)) => Prec::Prefix,
        Ok(
            syn::Expr::Call(_)
            | syn::Expr::MethodCall(_)
            | syn::Expr::Field(_)
            | syn::Expr::Index(_)
            | syn::Expr::Lit(_)
            | syn::Expr::Macro(_)
            | syn::Expr::Paren(_)
            | syn::Expr::Path(_)
            | syn::Expr::Array(_)
            | syn::Expr::Repeat(_)
            | syn::Expr::Struct(_)
            | syn::Expr::Tuple(_),
        ) => Prec::Postfix,
        Ok(syn::Expr::Range(_)) => Prec::Range,
        _ => Prec::Loose,
    }
}

fn syn_binary_prec(op: &syn::BinOp) -> Prec {
    match op {
        syn::BinOp::Add(_) | syn::BinOp::Sub(_) => Prec::Sum,
        syn::BinOp::Mul(_) | syn::BinOp::Div(_) | syn::BinOp::Rem(_) => Prec::Product,
        syn::BinOp::And(_) => Prec::And,
        syn::BinOp::Or(_) => Prec::Or,
        syn::BinOp::BitXor(_) => Prec::BitXor,
        syn::BinOp::BitAnd(_) => Prec::BitAnd,
        syn::BinOp::BitOr(_) => Prec::BitOr,
        syn::BinOp::Shl(_) | syn::BinOp::Shr(_) => Prec::Shift,
        syn::BinOp::Eq(_)
        | syn::BinOp::Lt(_)
        | syn::BinOp::Le(_)
        | syn::BinOp::Ne(_)
        | syn::BinOp::Ge(_)
        | syn::BinOp::Gt(_) => Prec::Compare,
        _ => Prec::Loose,
    }
}

pub(super) fn prec(expr: &Expr) -> Prec {
    match expr {
        Expr::Var(_)
        | Expr::Field(..)
        | Expr::Index(..)
        | Expr::Method { .. }
        | Expr::Payload { .. }
        | Expr::Call { .. }
        | Expr::Tuple(_)
        | Expr::Array(_)
        | Expr::VecList(_)
        | Expr::Repeat { .. } => Prec::Postfix,
        Expr::Tokens(tokens) => tokens_prec(tokens),
        Expr::Opaque(opaque) => tokens_prec(&opaque.tokens),
        Expr::Unary(..) | Expr::Deref(_) | Expr::Ref { .. } => Prec::Prefix,
        Expr::Binary(op, ..) => binary_prec(*op),
        Expr::Cast(..) => Prec::Cast,
        Expr::Range { .. } => Prec::Range,
        // In a condition braces would be read as its block.
        Expr::Constructor(constructor, _) if constructor.braces => Prec::Loose,
        Expr::Constructor(..) => Prec::Postfix,
        Expr::If { .. } | Expr::Match { .. } | Expr::Loop { .. } | Expr::Block { .. } | Expr::Closure { .. } => {
            Prec::Loose
        }
    }
}

/// Whether `<` or `<<` after the expression would be read as the start of generic arguments.
pub(super) fn ends_with_cast(expr: &Expr) -> bool {
    match expr {
        Expr::Cast(..) => true,
        Expr::Binary(_, _, right) => ends_with_cast(right),
        Expr::Unary(_, inner) | Expr::Deref(inner) | Expr::Ref { inner, .. } => ends_with_cast(inner),
        Expr::Opaque(opaque) => tokens_prec(&opaque.tokens) < Prec::Prefix,
        _ => false,
    }
}
