//! What the companion of a generic function asks of its type parameters, beside the bounds of the function itself.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};

use crate::ir::{Float, Function, Type};
use crate::owner::Owner;

/// The bounds of the derivatives. A name that a free function does not declare is an alias and needs none; that of a
/// member may be a parameter of the `impl`.
pub(super) fn needed(
    item: &syn::ItemFn,
    owner: Option<&Owner>,
    primal: &Function,
    rt: &TokenStream,
) -> Vec<TokenStream> {
    let declared: Vec<&Ident> = item.sig.generics.type_params().map(|param| &param.ident).collect();
    let numbers = numbers(primal);
    let of_numbers = numbers.iter().filter(|(name, _)| owner.is_some() || declared.iter().any(|own| own == name));
    let of_numbers = of_numbers.map(|(name, at)| {
        let name: TokenStream = name.parse().expect("the name of a type was printed from tokens");
        match at {
            // What arrays consist of must have the methods of numbers.
            Use::Element => quote!(#name: #rt::Float),
            Use::Alone => quote!(#name: #rt::Scalar),
        }
    });
    let others = declared.iter().filter(|name| !numbers.contains_key(&name.to_string()));
    let others = others.filter(|name| has_tangent(item, primal, name));
    of_numbers.chain(others.map(|name| quote!(#name: #rt::Differentiable))).collect()
}

/// The type parameters of an `impl` that is not seen: numbers with names of one letter.
pub(super) fn unseen(item: &syn::ItemFn, owner: Option<&Owner>, primal: &Function) -> Vec<TokenStream> {
    let Some(owner) = owner.filter(|owner| owner.in_place) else { return Vec::new() };
    let declared = |name: &String| {
        let all = item.sig.generics.type_params().chain(owner.generics.type_params());
        all.into_iter().any(|param| param.ident == name)
    };
    let names = numbers(primal).into_keys().filter(|name| name.len() == 1 && !declared(name));
    names.filter_map(|name| name.parse().ok()).collect()
}

/// Where values of a type occur.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Use {
    Alone,
    Element,
}

/// The names of types that stand for numbers in a function.
fn numbers(function: &Function) -> BTreeMap<String, Use> {
    let mut found = BTreeMap::new();
    function.vars.iter().for_each(|var| collect(&var.ty, Use::Alone, &mut found));
    collect(&function.result, Use::Alone, &mut found);
    found
}

fn collect(ty: &Type, at: Use, found: &mut BTreeMap<String, Use>) {
    match ty {
        Type::Float(Float::Named(name)) => {
            let known = found.entry(name.to_string()).or_insert(at);
            *known = at.max(*known);
        }
        Type::Array(inner, _) | Type::Slice(inner) | Type::Vec(inner) | Type::Tape(inner) | Type::Slot(inner) => {
            collect(inner, at, found)
        }
        Type::Ref { mutable: _, inner } | Type::Option(inner) => collect(inner, at, found),
        Type::Result(content, error) => {
            collect(content, at, found);
            collect(error, at, found);
        }
        Type::Tuple(items) => items.iter().for_each(|item| collect(item, at, found)),
        Type::Tensor(tensor) => collect(&tensor.elem, Use::Element, found),
        Type::Unknown
        | Type::Float(Float::F32 | Float::F64)
        | Type::FloatLiteral
        | Type::Int(_)
        | Type::Bool
        | Type::Unit
        | Type::Inactive
        | Type::Named(_)
        | Type::Pullback
        | Type::Never => {}
    }
}

/// The type parameter is a part of a type whose tangent the signatures name.
fn has_tangent(item: &syn::ItemFn, primal: &Function, name: &Ident) -> bool {
    let inputs =
        primal.params.iter().zip(&item.sig.inputs).filter(|(param, _)| param.differentiated && !param.function);
    let parameters = inputs.filter_map(|(_, input)| match input {
        syn::FnArg::Typed(typed) => Some(&*typed.ty),
        syn::FnArg::Receiver(_) => None,
    });
    let result = match &item.sig.output {
        syn::ReturnType::Default => None,
        syn::ReturnType::Type(_, ty) => Some(&**ty),
    };
    let mut names = BTreeSet::new();
    parameters.chain(result).for_each(|ty| identifiers(ty.to_token_stream(), &mut names));
    names.contains(&name.to_string())
}

fn identifiers(tokens: TokenStream, found: &mut BTreeSet<String>) {
    for tree in tokens {
        match tree {
            TokenTree::Ident(ident) => drop(found.insert(ident.to_string())),
            TokenTree::Group(group) => identifiers(group.stream(), found),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}
