//! Literals and type names that the transforms write.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::ir::{Const, Float, Operand, Type};

/// The name of a float type.
pub(crate) fn float_name(ty: &Type) -> Option<TokenStream> {
    match ty {
        Type::Float(Float::F32) => Some(quote!(f32)),
        Type::Float(Float::F64) | Type::FloatLiteral => Some(quote!(f64)),
        _ => None,
    }
}

/// An index as an operand.
pub(crate) fn index(index: usize) -> Operand {
    let literal = Literal::usize_unsuffixed(index);
    Operand::Const(Const { tokens: quote!(#literal), ty: Type::Int(Some("usize")) })
}

/// The zero of a float type.
pub(crate) fn zero(ty: &Type) -> Option<Operand> {
    let tokens = match ty {
        Type::Float(Float::F32) => quote!(0.0_f32),
        Type::Float(Float::F64) | Type::FloatLiteral => quote!(0.0_f64),
        _ => return None,
    };
    Some(Operand::Const(Const { tokens, ty: ty.clone() }))
}

/// The one of a float type.
pub(crate) fn one(ty: &Type) -> Option<Operand> {
    let tokens = match ty {
        Type::Float(Float::F32) => quote!(1.0_f32),
        Type::Float(Float::F64) | Type::FloatLiteral => quote!(1.0_f64),
        _ => return None,
    };
    Some(Operand::Const(Const { tokens, ty: ty.clone() }))
}

/// Zero, or what stands for it, for types whose values may be given before they are known.
pub(crate) fn default(ty: &Type) -> Option<Operand> {
    let tokens = match ty {
        Type::Int(_) => quote!(0),
        Type::Bool => quote!(false),
        Type::Unit => quote!(()),
        _ => return zero(ty),
    };
    Some(Operand::Const(Const { tokens, ty: ty.clone() }))
}

pub(crate) fn is_one(operand: &Operand) -> bool {
    match operand {
        Operand::Const(constant) => matches!(constant.tokens.to_string().as_str(), "1.0" | "1.0_f64" | "1.0_f32"),
        Operand::Var(_) => false,
    }
}
