//! Types of places, and zeros of types.

use proc_macro2::TokenStream;
use quote::quote;

use super::paths::Paths;
use super::tree::Expr;
use crate::ir::literals;
use crate::ir::{Const, Float, Function, Place, Type};

/// The type of what a place holds, as far as it is known. A slot of a pullback is seen through.
pub(super) fn of_place(function: &Function, place: &Place) -> Type {
    function.place_type(place)
}

/// A literal zero of a float type.
fn float_zero(float: Option<&Float>, suffix: bool, paths: &Paths) -> Expr {
    Expr::Tokens(match float {
        Some(Float::F32) if suffix => quote!(0.0_f32),
        Some(Float::F64) if suffix => quote!(0.0_f64),
        Some(Float::Named(name)) => return number(name, quote!(0.0), paths),
        Some(Float::Lane) => lane_zero(paths),
        Some(Float::F32 | Float::F64) | None => quote!(0.0),
    })
}

/// Zero in all directions: the only constant that a tangent is.
fn lane_zero(paths: &Paths) -> TokenStream {
    let (lane, zero) = (literals::lane(), paths.function("no_direction"));
    quote!(#zero::<#lane, _>())
}

/// A literal as a number of a type that has a name only.
fn number(name: &str, literal: TokenStream, paths: &Paths) -> Expr {
    let of = paths.function("of");
    let name: TokenStream = name.parse().expect("the name of a type was printed from tokens");
    Expr::Tokens(quote!(#of::<#name>(#literal)))
}

/// A constant. The literals among those that derivatives are made of become numbers of a type that has a name only.
pub(super) fn constant(constant: &Const, paths: &Paths) -> Expr {
    if !mentions_name(&constant.ty) {
        return Expr::Tokens(constant.tokens.clone());
    }
    match syn::parse2::<syn::Expr>(constant.tokens.clone()) {
        Ok(expr) => literals(&expr, &constant.ty, paths),
        Err(_) => Expr::Tokens(constant.tokens.clone()),
    }
}

fn literals(expr: &syn::Expr, ty: &Type, paths: &Paths) -> Expr {
    match (expr, ty) {
        (syn::Expr::Lit(_), Type::Float(Float::Lane)) => Expr::Tokens(lane_zero(paths)),
        (syn::Expr::Lit(_), Type::Float(Float::Named(name))) => number(name, quote!(#expr), paths),
        (syn::Expr::Unary(unary), Type::Float(Float::Named(name))) if matches!(*unary.expr, syn::Expr::Lit(_)) => {
            number(name, quote!(#expr), paths)
        }
        (syn::Expr::Tuple(tuple), Type::Tuple(items)) => {
            Expr::Tuple(tuple.elems.iter().zip(items).map(|(elem, ty)| literals(elem, ty, paths)).collect())
        }
        (syn::Expr::Repeat(repeat), Type::Array(item, len)) => Expr::Repeat {
            vec: false,
            item: Box::new(literals(&repeat.expr, item, paths)),
            len: Box::new(Expr::Tokens(plain(len))),
        },
        (other, _) => Expr::Tokens(quote!(#other)),
    }
}

/// The type is, or consists of, floats whose type has a name only.
fn mentions_name(ty: &Type) -> bool {
    match ty {
        Type::Float(Float::Named(_) | Float::Lane) => true,
        Type::Array(item, _) => mentions_name(item),
        Type::Tuple(items) => items.iter().any(mentions_name),
        _ => false,
    }
}

/// The zero tangent of what `holder` holds, for types whose zero is easily written; the holder is asked for lengths only.
pub(super) fn zero(ty: &Type, holder: &Expr, suffix: bool, paths: &Paths) -> Option<Expr> {
    match ty {
        Type::Float(float) => Some(float_zero(Some(float), suffix, paths)),
        Type::FloatLiteral => Some(float_zero(None, suffix, paths)),
        Type::Int(_) | Type::Bool | Type::Unit => Some(Expr::Tuple(Vec::new())),
        Type::Array(item, len) => {
            let item = zero(item, holder, suffix, paths).filter(|_| is_scalar(innermost(item)))?;
            Some(Expr::Repeat { vec: false, item: Box::new(item), len: Box::new(Expr::Tokens(plain(len))) })
        }
        Type::Vec(item) | Type::Slice(item) if is_scalar(innermost(item)) => {
            let item = zero(item, holder, suffix, paths)?;
            let len = holder.clone().method("len", Vec::new());
            Some(Expr::Repeat { vec: true, item: Box::new(item), len: Box::new(len) })
        }
        Type::Tuple(items) => {
            let field = |(at, item)| {
                let holder = Expr::Field(Box::new(holder.clone()), syn::Member::from(at));
                zero(item, &holder, suffix, paths)
            };
            items.iter().enumerate().map(field).collect::<Option<Vec<_>>>().map(Expr::Tuple)
        }
        Type::Vec(_)
        | Type::Deque(_)
        | Type::Slice(_)
        | Type::Unknown
        | Type::Inactive
        | Type::Tensor(_)
        | Type::Ref { .. }
        | Type::Option(_)
        | Type::Result(..)
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
