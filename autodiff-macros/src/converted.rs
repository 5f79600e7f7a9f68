//! Parameters that the function converts: `p: impl Into<Point>`, `p: P` with `P: Into<Point>`.
//!
//! The derivatives name the type, since its tangent is the type of a gradient, and ask that the conversion has a derivative.

use proc_macro2::{Ident, Span, TokenStream};
use syn::punctuated::Punctuated;
use syn::{Type, TypeParamBound};

use crate::analysis::scalars;
use crate::analysis::types;
use crate::callable;

/// The function with a name for every such type; `None` if it takes none.
pub(crate) fn with_names(function: &syn::ItemFn, root: &TokenStream) -> Option<syn::ItemFn> {
    let mut own = function.clone();
    let (mut params, mut bounds): (Vec<syn::GenericParam>, Vec<syn::WherePredicate>) = (Vec::new(), Vec::new());
    for input in &mut own.sig.inputs {
        let Some((typed, opaque)) = unnamed(input) else { continue };
        let Some(target) = target(opaque.bounds.iter()) else { continue };
        let name = name_of(&typed.pat, params.len());
        let all: &Punctuated<TypeParamBound, syn::Token![+]> = &opaque.bounds;
        params.push(syn::parse_quote!(#name: #all));
        bounds.extend(has_derivative(&name, &target, root));
        *typed.ty = syn::parse_quote!(#name);
    }
    if !params.is_empty() {
        // Pullbacks say what they hold on to, for which all types need names.
        for input in &mut own.sig.inputs {
            let Some((typed, opaque)) = unnamed(input) else { continue };
            if callable::shape(&typed.ty, &function.sig.generics).is_none() {
                let name = name_of(&typed.pat, params.len());
                let all = &opaque.bounds;
                params.push(syn::parse_quote!(#name: #all));
                *typed.ty = syn::parse_quote!(#name);
            }
        }
    }
    for (name, all) in scalars::bounds(&function.sig.generics) {
        let Some(target) = target(all.iter()) else { continue };
        bounds.extend(has_derivative(&Ident::new(&name, Span::call_site()), &target, root));
    }
    if params.is_empty() && bounds.is_empty() {
        return None;
    }
    own.sig.generics.params.extend(params);
    if !bounds.is_empty() {
        own.sig.generics.make_where_clause().predicates.extend(bounds);
    }
    Some(own)
}

/// A parameter whose type is an `impl Trait`.
fn unnamed(input: &mut syn::FnArg) -> Option<(&mut syn::PatType, syn::TypeImplTrait)> {
    let syn::FnArg::Typed(typed) = input else { return None };
    let Type::ImplTrait(opaque) = (*typed.ty).clone() else { return None };
    Some((typed, opaque))
}

/// The conversion has a derivative. Between numbers it always has.
fn has_derivative(name: &Ident, target: &Type, root: &TokenStream) -> Option<syn::WherePredicate> {
    let number = types::is_scalar(&types::parse_type(target));
    (!number).then(|| syn::parse_quote!(#target: #root::rt::convert::FromRule<#name>))
}

/// `Point` in `Into<Point>`.
pub(crate) fn target<'b>(mut bounds: impl Iterator<Item = &'b TypeParamBound>) -> Option<Type> {
    bounds.find_map(|bound| {
        let TypeParamBound::Trait(bound) = bound else { return None };
        let last = bound.path.segments.last().filter(|last| last.ident == "Into")?;
        types::type_arguments(&last.arguments).into_iter().next()
    })
}

/// The parameter's name in camel case, as a type.
fn name_of(pat: &syn::Pat, position: usize) -> Ident {
    let name = match pat {
        syn::Pat::Ident(pat) => pat.ident.to_string(),
        _ => format!("argument{position}"),
    };
    let words = name.trim_start_matches("r#").split('_').filter(|word| !word.is_empty());
    let camel = words.map(|word| {
        let (first, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
        format!("{}{rest}", first.to_uppercase())
    });
    Ident::new(&format!("{}Into", camel.collect::<String>()), Span::call_site())
}
