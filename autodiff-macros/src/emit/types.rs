//! Types of places, and zeros of types.

use proc_macro2::TokenStream;
use quote::quote;

use super::tree::Expr;
use crate::ir::{Float, Function, Place, Type};

/// The type of what a place holds, as far as it is known. A slot of a pullback is seen through.
pub(super) fn of_place(function: &Function, place: &Place) -> Type {
    function.place_type(place)
}

/// A literal zero of a float type.
pub(super) fn float_zero(float: Option<&Float>, suffix: bool) -> TokenStream {
    match float {
        Some(Float::F32) if suffix => quote!(0.0_f32),
        Some(Float::F64) if suffix => quote!(0.0_f64),
        Some(_) | None => quote!(0.0),
    }
}

/// The zero tangent of what `holder` holds, for types whose zero is easily written; the holder is asked for lengths only.
pub(super) fn zero(ty: &Type, holder: &Expr, suffix: bool) -> Option<Expr> {
    match ty {
        Type::Float(float) => Some(Expr::Tokens(float_zero(Some(float), suffix))),
        Type::FloatLiteral => Some(Expr::Tokens(float_zero(None, suffix))),
        Type::Int(_) | Type::Bool | Type::Unit => Some(Expr::Tuple(Vec::new())),
        Type::Array(item, len) => {
            let item = zero(item, holder, suffix).filter(|_| is_scalar(innermost(item)))?;
            Some(Expr::Repeat { vec: false, item: Box::new(item), len: Box::new(Expr::Tokens(plain(len))) })
        }
        Type::Vec(item) | Type::Slice(item) if is_scalar(item) => {
            let item = zero(item, holder, suffix)?;
            let len = holder.clone().method("len", Vec::new());
            Some(Expr::Repeat { vec: true, item: Box::new(item), len: Box::new(len) })
        }
        Type::Tuple(items) => {
            let field = |(at, item)| {
                let holder = Expr::Field(Box::new(holder.clone()), syn::Member::from(at));
                zero(item, &holder, suffix)
            };
            items.iter().enumerate().map(field).collect::<Option<Vec<_>>>().map(Expr::Tuple)
        }
        Type::Vec(_)
        | Type::Slice(_)
        | Type::Unknown
        | Type::Inactive
        | Type::Tensor(_)
        | Type::Ref { .. }
        | Type::Named(_)
        | Type::Tape(_)
        | Type::Slot(_)
        | Type::Pullback
        | Type::Never => None,
    }
}

/// A length without the suffix that `quote` gives to numbers.
fn plain(len: &TokenStream) -> TokenStream {
    match len.to_string().strip_suffix("usize").map(str::parse) {
        Some(Ok(number)) => number,
        _ => len.clone(),
    }
}

fn is_scalar(ty: &Type) -> bool {
    matches!(ty, Type::Float(_) | Type::FloatLiteral)
}

fn innermost(ty: &Type) -> &Type {
    match ty {
        Type::Array(item, _) => innermost(item),
        other => other,
    }
}
