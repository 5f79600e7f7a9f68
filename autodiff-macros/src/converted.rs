//! Parameters that the function converts: `p: impl Into<Point>`, `p: P` with `P: Into<Point>` or `Point: From<P>`.
//!
//! The derivatives name the type, since its tangent is the type of a gradient, and ask that the conversion has a derivative.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::punctuated::Punctuated;
use syn::{Type, TypeParamBound};

use crate::analysis::{instances, types};
use crate::callable;
use crate::owner::Owner;

/// The function with a name for every such type; `None` if it takes none.
pub(crate) fn with_names(function: &syn::ItemFn, owner: Option<&Owner>, root: &TokenStream) -> Option<syn::ItemFn> {
    let mut own = function.clone();
    let (mut params, mut bounds): (Vec<syn::GenericParam>, Vec<syn::WherePredicate>) = (Vec::new(), Vec::new());
    for input in &mut own.sig.inputs {
        let Some((typed, opaque)) = unnamed(input) else { continue };
        let Some(target) = target(opaque.bounds.iter()) else { continue };
        let name = name_of(&typed.pat, params.len());
        let all: &Punctuated<TypeParamBound, syn::Token![+]> = &opaque.bounds;
        params.push(syn::parse_quote!(#name: #all));
        bounds.extend(has_derivative(&syn::parse_quote!(#name), &target, root));
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
    let outer = owner.map(|owner| conversions(&owner.generics)).unwrap_or_default();
    for (source, target) in conversions(&function.sig.generics).into_iter().chain(outer) {
        bounds.extend(has_derivative(&source, &target, root));
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
fn has_derivative(source: &Type, target: &Type, root: &TokenStream) -> Option<syn::WherePredicate> {
    let number = types::is_scalar(&types::parse_type(target));
    (!number).then(|| match source {
        Type::Reference(source) => {
            let source = &source.elem;
            let part = quote!(<#source as #root::rt::Differentiable>::Tangent);
            syn::parse_quote!(#target: #root::rt::convert::FromRefRule<#source, Part = #part>)
        }
        source => syn::parse_quote!(#target: #root::rt::convert::FromRule<#source>),
    })
}

/// `Point` in `Into<Point>`, if that is the only conversion.
pub(crate) fn target<'b>(bounds: impl Iterator<Item = &'b TypeParamBound>) -> Option<Type> {
    let mut targets = bounds.filter_map(|bound| argument(bound, "Into"));
    targets.next().filter(|_| targets.next().is_none())
}

/// The conversions that the bounds of a function promise, each with its source and its target.
fn conversions(generics: &syn::Generics) -> Vec<(Type, Type)> {
    let mut found: Vec<(Type, Type)> = Vec::new();
    for (bounded, bound) in bounds(generics) {
        found.extend(argument(&bound, "Into").map(|target| (bounded.clone(), target)));
    }
    found.extend(by_from(generics));
    found
}

/// The same, as far as they are promised of their targets: `Point: From<P>`. What is converted from a type that is no parameter
/// is a literal.
pub(crate) fn by_from(generics: &syn::Generics) -> Vec<(Type, Type)> {
    let params: Vec<String> = generics.type_params().map(|param| param.ident.to_string()).collect();
    let open = |source: &Type| params.iter().any(|name| instances::mentions(&source.to_token_stream(), name));
    let found = bounds(generics).filter_map(|(bounded, bound)| Some((argument(&bound, "From")?, bounded)));
    found.filter(|(source, _)| open(source)).collect()
}

/// The targets of these.
pub(crate) fn targets(generics: &syn::Generics) -> Vec<String> {
    by_from(generics).into_iter().map(|(_, target)| target.to_token_stream().to_string()).collect()
}

/// Every bound with what it bounds, in its own place and in the `where` clause.
fn bounds(generics: &syn::Generics) -> impl Iterator<Item = (Type, TypeParamBound)> + use<'_> {
    let own = generics.type_params().flat_map(|param| {
        let name = &param.ident;
        param.bounds.iter().map(move |bound| (syn::parse_quote!(#name), bound.clone()))
    });
    let clause = generics.where_clause.iter().flat_map(|clause| &clause.predicates);
    let others = clause.filter_map(|predicate| match predicate {
        syn::WherePredicate::Type(predicate) => Some(predicate),
        _ => None,
    });
    own.chain(
        others.flat_map(|predicate| predicate.bounds.iter().map(|bound| (predicate.bounded_ty.clone(), bound.clone()))),
    )
}

/// `Point` in `Into<Point>`, for the trait of this name.
fn argument(bound: &TypeParamBound, name: &str) -> Option<Type> {
    let TypeParamBound::Trait(bound) = bound else { return None };
    let last = bound.path.segments.last().filter(|last| last.ident == name)?;
    types::type_arguments(&last.arguments).into_iter().next()
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
