//! Literals and names of types, as operands and tokens.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{Const, Float, Op, Operand, Type};

/// The type parameter that stands for tangents in several directions at once.
pub(crate) fn lane() -> TokenStream {
    quote!(Lane)
}

/// The name of a float type.
pub(crate) fn float_name(ty: &Type) -> Option<TokenStream> {
    match ty {
        Type::Float(Float::F32) => Some(quote!(f32)),
        Type::Float(Float::F64) | Type::FloatLiteral => Some(quote!(f64)),
        Type::Float(Float::Named(name)) => name.parse().ok(),
        Type::Float(Float::Lane) => Some(lane()),
        _ => None,
    }
}

/// The name of a scalar type whose default is known to be zero.
pub(crate) fn scalar_name(ty: &Type) -> Option<TokenStream> {
    match ty {
        Type::Bool => Some(quote!(bool)),
        Type::Float(Float::Named(_) | Float::Lane) => None,
        Type::Int(Some(name)) => {
            let name = proc_macro2::Ident::new(name, proc_macro2::Span::call_site());
            Some(quote!(#name))
        }
        _ => float_name(ty),
    }
}

/// The name of a type that is made of scalars and has a default value, as arrays have up to the length 32.
pub(crate) fn copied_name(ty: &Type) -> Option<TokenStream> {
    match ty {
        Type::Array(item, len) => {
            let item = copied_name(item)?;
            let short = syn::parse2::<syn::LitInt>(len.clone()).and_then(|len| len.base10_parse::<usize>());
            short.is_ok_and(|len| len <= 32).then(|| quote!([#item; #len]))
        }
        Type::Tuple(items) => {
            let items = items.iter().map(copied_name).collect::<Option<Vec<TokenStream>>>()?;
            Some(quote!((#(#items,)*)))
        }
        _ => scalar_name(ty),
    }
}

/// The name of a type that is made of floats.
pub(crate) fn type_name(ty: &Type) -> Option<TokenStream> {
    match ty {
        Type::Tuple(items) => {
            let items = items.iter().map(type_name).collect::<Option<Vec<_>>>()?;
            Some(quote!((#(#items,)*)))
        }
        Type::Array(item, len) => {
            let item = type_name(item)?;
            Some(quote!([#item; #len]))
        }
        Type::Vec(item) => {
            let item = type_name(item)?;
            Some(quote!(Vec<#item>))
        }
        Type::Deque(item) => {
            let item = type_name(item)?;
            Some(quote!(::std::collections::VecDeque<#item>))
        }
        Type::Option(content) => {
            let content = type_name(content)?;
            Some(quote!(Option<#content>))
        }
        other => float_name(other),
    }
}

/// The value of an integer literal.
pub(crate) fn integer(operand: &Operand) -> Option<usize> {
    match operand {
        Operand::Const(constant) => syn::parse2::<syn::LitInt>(constant.tokens.clone()).ok()?.base10_parse().ok(),
        Operand::Var(_) => None,
    }
}

/// An index as an operand.
pub(crate) fn index(index: usize) -> Operand {
    let literal = Literal::usize_unsuffixed(index);
    Operand::Const(Const { tokens: quote!(#literal), ty: Type::Int(Some("usize")) })
}

/// The zero of a float type.
pub(crate) fn zero(ty: &Type) -> Option<Operand> {
    is_float(ty).then(|| Operand::Const(Const { tokens: quote!(0.0), ty: ty.clone() }))
}

/// The one of a float type.
pub(crate) fn one(ty: &Type) -> Option<Operand> {
    is_float(ty).then(|| Operand::Const(Const { tokens: quote!(1.0), ty: ty.clone() }))
}

/// The seed of a function's result: one, or one inside `Some` for what may have failed.
pub(crate) fn seed(ty: &Type) -> Option<Operand> {
    let (Type::Option(content) | Type::Result(content, _)) = ty else { return one(ty) };
    let Operand::Const(one) = one(content)? else { return None };
    let (tokens, ty) = (inside_some(&one), Type::Option(content.clone()));
    Some(Operand::Const(Const { tokens, ty }))
}

/// What is inside of the seed of a function's result that may have failed.
pub(crate) fn inside_seed(operand: &Operand) -> Option<Operand> {
    let Operand::Const(Const { tokens, ty: Type::Option(content) }) = operand else { return None };
    let Operand::Const(one) = one(content)? else { return None };
    (tokens.to_string() == inside_some(&one).to_string()).then_some(Operand::Const(one))
}

fn inside_some(content: &Const) -> TokenStream {
    let content = &content.tokens;
    quote!(Some(#content))
}

/// Two, of a float type.
pub(crate) fn two(ty: &Type) -> Operand {
    Operand::Const(Const { tokens: quote!(2.0), ty: ty.clone() })
}

/// A literal with the suffix of its type, for where rustc could not infer it.
pub(crate) fn suffixed(operand: Operand) -> Operand {
    match operand {
        Operand::Const(Const { tokens, ty: ty @ Type::Float(Float::F32 | Float::F64) }) => {
            let text = tokens.to_string();
            if text.ends_with("f32") || text.ends_with("f64") {
                return Operand::Const(Const { tokens, ty });
            }
            let suffix = if matches!(ty, Type::Float(Float::F32)) { "f32" } else { "f64" };
            let literal = format!("{text}_{suffix}").parse::<Literal>();
            let tokens = literal.map_or(tokens, |literal| quote!(#literal));
            Operand::Const(Const { tokens, ty })
        }
        other => other,
    }
}

/// Zero, or what stands for it, for types whose values may be given before they are known.
pub(crate) fn default(ty: &Type) -> Option<Operand> {
    Some(Operand::Const(Const { tokens: default_tokens(ty)?, ty: ty.clone() }))
}

fn default_tokens(ty: &Type) -> Option<TokenStream> {
    match ty {
        Type::Float(_) | Type::FloatLiteral => Some(quote!(0.0)),
        Type::Int(_) => Some(quote!(0)),
        Type::Bool => Some(quote!(false)),
        Type::Unit => Some(quote!(())),
        Type::Tuple(items) => {
            let items = items.iter().map(default_tokens).collect::<Option<Vec<_>>>()?;
            Some(quote!((#(#items,)*)))
        }
        Type::Array(item, len) if crate::analysis::types::is_copy(item) => {
            let item = default_tokens(item)?;
            Some(quote!([#item; #len]))
        }
        Type::Option(_) => Some(quote!(None)),
        Type::Result(content, _) => {
            let content = default_tokens(content)?;
            Some(quote!(Ok(#content)))
        }
        Type::Vec(_) => Some(quote!(::std::vec::Vec::new())),
        Type::Deque(_) => Some(quote!(::std::collections::VecDeque::new())),
        Type::Tensor(tensor) if !tensor.view => Some(quote!(::core::default::Default::default())),
        _ => None,
    }
}

pub(crate) fn is_zero(operand: &Operand) -> bool {
    match operand {
        Operand::Const(constant) => matches!(constant.tokens.to_string().as_str(), "0.0" | "0.0_f64" | "0.0_f32"),
        Operand::Var(_) => false,
    }
}

pub(crate) fn is_one(operand: &Operand) -> bool {
    match operand {
        Operand::Const(constant) => matches!(constant.tokens.to_string().as_str(), "1.0" | "1.0_f64" | "1.0_f32"),
        Operand::Var(_) => false,
    }
}

fn is_float(ty: &Type) -> bool {
    matches!(ty, Type::Float(_) | Type::FloatLiteral)
}

/// The tangent of a trait object to which nothing has been added.
pub(crate) fn empty_tangent() -> Op {
    Op::Helper { name: "empty_tangent", args: Vec::new() }
}
