//! Copies of values whose types are not `Clone`, or that hold such values.

use proc_macro2::TokenStream;
use quote::quote;

use super::tree::{Expr, Pattern};
use crate::ir::Type;
use crate::moved::is_moved_only;

/// A copy of the value in a place, by the runtime at this path where its type is not `Clone`.
pub(super) fn copy(place: Expr, ty: &Type, rt: &TokenStream) -> Expr {
    by_parts(&place, ty, rt).unwrap_or_else(|| place.method("clone", Vec::new()))
}

/// A list or an `Option` of what is not `Clone` is not `Clone` either: it is copied part by part. `None` if it is `Clone`.
pub(super) fn by_parts(place: &Expr, ty: &Type, rt: &TokenStream) -> Option<Expr> {
    let each = |parts: &'static str, inner: &Type| {
        let copies = copier(inner, rt)?;
        Some(place.clone().method(parts, Vec::new()).method("map", vec![copies]))
    };
    match ty {
        Type::Named(_) => {
            is_moved_only(ty).then(|| Expr::call(quote!(#rt::Keep::keep), vec![place.clone().reference(false)]))
        }
        Type::Option(inner) => each("as_ref", inner),
        Type::Array(inner, _) => each("each_ref", inner),
        Type::Vec(inner) => Some(Expr::call(quote!(Vec::from_iter), vec![each("iter", inner)?])),
        Type::Tuple(parts) => {
            let part = |index: usize| Expr::Field(Box::new(place.clone()), index.into());
            let copies = || parts.iter().enumerate();
            let needed = copies().any(|(index, ty)| by_parts(&part(index), ty, rt).is_some());
            needed.then(|| Expr::Tuple(copies().map(|(index, ty)| copy(part(index), ty, rt)).collect()))
        }
        Type::Unknown
        | Type::Float(_)
        | Type::FloatLiteral
        | Type::Int(_)
        | Type::Bool
        | Type::Unit
        | Type::Inactive
        | Type::Slice(_)
        | Type::Deque(_)
        | Type::Tensor(_)
        // The tangent of a `Result` is an `Option`.
        | Type::Result(..)
        | Type::Ref { .. }
        | Type::Tape(_)
        | Type::Slot(_)
        | Type::Pullback
        | Type::Never => None,
    }
}

/// A function that copies what it is given a reference to. `None` if `Clone` does.
fn copier(ty: &Type, rt: &TokenStream) -> Option<Expr> {
    if is_moved_only(ty) {
        return Some(Expr::Tokens(quote!(#rt::Keep::keep)));
    }
    let body = by_parts(&Expr::Tokens(quote!(kept)), ty, rt)?;
    let params = vec![Pattern::Tokens(quote!(kept), Vec::new())];
    Some(Expr::Closure { moves: false, params, body: Box::new(body) })
}
