//! Type parameters that may be unsized: `fn play<O: Osc + ?Sized>(osc: &mut O)`.
//!
//! The derivatives that a trait's methods have with a receiver are those of sized types, so that those of a generic function that
//! takes values are as well.

use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{GenericParam, TypeParamBound, WherePredicate};

use crate::emit;

type Bounds = Punctuated<TypeParamBound, syn::Token![+]>;

/// The function with type parameters that are sized; `None` if they are so already.
pub(crate) fn with_sizes(function: &syn::ItemFn) -> Option<syn::ItemFn> {
    let mut own = function.clone();
    let mut found = false;
    let inputs = function.sig.inputs.to_token_stream();
    let taken = |ty: &dyn ToTokens| emit::mentions(inputs.clone(), &ty.to_token_stream().to_string());
    for param in &mut own.sig.generics.params {
        if let GenericParam::Type(param) = param
            && taken(&param.ident)
        {
            found |= drop_maybe(&mut param.bounds);
        }
    }
    for predicate in own.sig.generics.where_clause.iter_mut().flat_map(|clause| &mut clause.predicates) {
        if let WherePredicate::Type(predicate) = predicate
            && taken(&predicate.bounded_ty)
        {
            found |= drop_maybe(&mut predicate.bounds);
        }
    }
    found.then_some(own)
}

/// Drops `?Sized`, and tells whether it was there.
fn drop_maybe(bounds: &mut Bounds) -> bool {
    let count = bounds.len();
    let is_maybe = |bound: &TypeParamBound| match bound {
        TypeParamBound::Trait(bound) => bound.maybe.is_some(),
        _ => false,
    };
    *bounds = std::mem::take(bounds).into_iter().filter(|bound| !is_maybe(bound)).collect();
    bounds.len() < count
}
