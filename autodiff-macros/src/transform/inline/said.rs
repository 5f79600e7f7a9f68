//! What calls say of the types of their arguments, which literals alone do not say.

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::quote;

use crate::analysis::types;
use crate::ir::{Arg, Block, Float, Function, Op, Operand, Stmt, Type, VarId, literals, walk};

/// The variable that an argument is, or lies in.
pub(super) fn root(arg: &Arg) -> Option<VarId> {
    match arg {
        Arg::Value(Operand::Var(var)) => Some(*var),
        Arg::Value(Operand::Const(_)) => None,
        Arg::Shared(place) | Arg::Mut(place) => Some(place.root),
    }
}

/// The float that a value or the elements of a list are.
pub(super) fn float(ty: &Type) -> Option<Float> {
    match types::strip_refs(ty) {
        Type::Float(float) => Some(float.clone()),
        Type::Array(item, _) | Type::Slice(item) | Type::Vec(item) => float(item),
        _ => None,
    }
}

/// Hands what is told of a value on to the variable that it was read from.
pub(super) fn tell_sources(block: &Block, told: &mut HashMap<VarId, Float>) {
    for stmt in block.stmts.iter().rev() {
        walk::blocks(stmt).into_iter().rev().for_each(|inner| tell_sources(inner, told));
        if let Stmt::Let { var, op } = stmt
            && let Some(float) = told.get(var).cloned()
        {
            match op {
                Op::Read(place) => _ = told.entry(place.root).or_insert(float),
                Op::Use(Operand::Var(source)) => _ = told.entry(*source).or_insert(float),
                _ => {}
            }
        }
    }
}

/// Says the types of variables that begin with literals, which a call told and methods of literals do not tell.
pub(super) fn say_types(function: &mut Function, block: &Block, told: &HashMap<VarId, Float>) {
    for stmt in &block.stmts {
        if let Stmt::Declare { var, init: Some(_) } = stmt
            && let Some(float) = told.get(var)
            && function[*var].ascription.is_none()
        {
            function[*var].ascription = written(&function[*var].ty, float);
        }
        walk::blocks(stmt).into_iter().for_each(|inner| say_types(function, inner, told));
    }
}

/// The type as it is written, if it is a float or a list of floats.
fn written(ty: &Type, float: &Float) -> Option<TokenStream> {
    match ty {
        Type::Float(_) | Type::FloatLiteral => literals::scalar_name(&Type::Float(float.clone())),
        Type::Array(item, len) => written(item, float).map(|item| quote!([#item; #len])),
        Type::Vec(item) => written(item, float).map(|item| quote!(Vec<#item>)),
        _ => None,
    }
}
