//! Iterators as parameters: `xs: impl Iterator<Item = f64>`, `xs: I` with `I: IntoIterator<Item = &'a f64>`.
//!
//! An iterator has no tangent, but what it yields has one. The derivatives take a slice of the items in its stead; in the
//! body the parameter's name stands for an iterator over them. A number whose type has no name gets one.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::visit::Visit;
use syn::{GenericArgument, Pat, PathArguments, Type, TypeParamBound};

/// The function with slices in place of iterators; `None` if it takes none.
pub(crate) fn with_slices(function: &syn::ItemFn) -> Option<syn::ItemFn> {
    let mut own = function.clone();
    let mut prelude: Vec<syn::Stmt> = Vec::new();
    let mut replaced: Vec<Ident> = Vec::new();
    for input in &mut own.sig.inputs {
        let syn::FnArg::Typed(typed) = input else { continue };
        let (Pat::Ident(pat), Some((item, parameter))) = (&mut *typed.pat, items(&typed.ty, function)) else {
            continue;
        };
        let name = pat.ident.clone();
        let mutability = pat.mutability.take();
        prelude.push(match &item {
            Type::Reference(_) => syn::parse_quote!(let #mutability #name = #name.iter();),
            _ => syn::parse_quote!(let #mutability #name = #name.iter().cloned();),
        });
        let item = match item {
            Type::Reference(reference) => *reference.elem,
            item => item,
        };
        *typed.ty = syn::parse_quote!(&[#item]);
        replaced.extend(parameter);
    }
    if prelude.is_empty() {
        return None;
    }
    forget(&mut own.sig.generics, &replaced);
    own.block.stmts.splice(0..0, prelude);
    Some(own)
}

/// Which parameters behind the receiver are iterators, in the place of which the derivatives take slices.
pub(crate) fn taken(function: &syn::ItemFn) -> Vec<bool> {
    let is_taken = |input: &syn::FnArg| match input {
        syn::FnArg::Typed(typed) => Some(matches!(*typed.pat, Pat::Ident(_)) && items(&typed.ty, function).is_some()),
        syn::FnArg::Receiver(_) => None,
    };
    function.sig.inputs.iter().filter_map(is_taken).collect()
}

/// The function with a type parameter for each value whose type has no name: `x: impl Float`, `shape: &impl Shape`. `None`
/// if there is no such value. Functions, and what has no gradient whatever its type is called, stay as they are.
pub(crate) fn with_named_types(function: &syn::ItemFn) -> Option<syn::ItemFn> {
    let mut own = function.clone();
    let mut added: Vec<syn::GenericParam> = Vec::new();
    for input in &mut own.sig.inputs {
        let syn::FnArg::Typed(typed) = input else { continue };
        let ty = match &mut *typed.ty {
            Type::Reference(reference) => &mut *reference.elem,
            other => other,
        };
        let callable = crate::callable::shape(ty, &function.sig.generics).is_some();
        let Type::ImplTrait(opaque) = ty else { continue };
        let has_none = crate::analysis::scalars::advice(opaque.bounds.iter(), false).is_some();
        if callable || has_none {
            continue;
        }
        let kind = if opaque.bounds.iter().any(is_of_numbers) { "Number" } else { "Value" };
        let name = quote::format_ident!("{kind}{}", added.len());
        let bounds = &opaque.bounds;
        added.push(syn::parse_quote!(#name: #bounds));
        *ty = syn::parse_quote!(#name);
    }
    let found = !added.is_empty();
    own.sig.generics.params.extend(added);
    found.then_some(own)
}

/// A bound by a trait of numbers.
fn is_of_numbers(bound: &TypeParamBound) -> bool {
    match bound {
        TypeParamBound::Trait(bound) => {
            let last = bound.path.segments.last();
            last.is_some_and(|last| crate::analysis::scalars::is_trait_of_numbers(&last.ident.to_string()))
        }
        _ => false,
    }
}

/// What a parameter of this type yields, if it is an iterator, and the type parameter that its type is.
fn items(ty: &Type, function: &syn::ItemFn) -> Option<(Type, Option<Ident>)> {
    match ty {
        Type::ImplTrait(bounds) => Some((yielded(&bounds.bounds)?, None)),
        Type::Path(path) => {
            let name = path.path.get_ident()?;
            let generics = &function.sig.generics;
            let own = generics.type_params().find(|parameter| parameter.ident == *name)?;
            let clauses = generics.where_clause.iter().flat_map(|clause| &clause.predicates);
            let elsewhere = clauses.filter_map(|predicate| match predicate {
                syn::WherePredicate::Type(typed)
                    if typed.bounded_ty.to_token_stream().to_string() == *name.to_string() =>
                {
                    Some(&typed.bounds)
                }
                _ => None,
            });
            let item = std::iter::once(&own.bounds).chain(elsewhere).find_map(yielded)?;
            (uses(function, name) == 1).then(|| (item, Some(name.clone())))
        }
        _ => None,
    }
}

/// `T` in `Iterator<Item = T>`.
fn yielded(bounds: &Punctuated<TypeParamBound, syn::Token![+]>) -> Option<Type> {
    const TRAITS: [&str; 4] = ["Iterator", "IntoIterator", "DoubleEndedIterator", "ExactSizeIterator"];
    bounds.iter().find_map(|bound| {
        let TypeParamBound::Trait(bound) = bound else { return None };
        let last = bound.path.segments.last().filter(|last| TRAITS.iter().any(|name| last.ident == name))?;
        let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
        arguments.args.iter().find_map(|argument| match argument {
            GenericArgument::AssocType(item) if item.ident == "Item" => Some(item.ty.clone()),
            _ => None,
        })
    })
}

/// Counts how often something names a type parameter.
struct Uses<'n>(&'n Ident, usize);

impl<'ast> Visit<'ast> for Uses<'_> {
    fn visit_ident(&mut self, ident: &'ast Ident) {
        self.1 += usize::from(ident == self.0);
    }
}

/// How often the parameters, the result and the body name a type parameter.
fn uses(function: &syn::ItemFn, name: &Ident) -> usize {
    let mut uses = Uses(name, 0);
    function.sig.inputs.iter().for_each(|input| uses.visit_fn_arg(input));
    uses.visit_return_type(&function.sig.output);
    uses.visit_block(&function.block);
    uses.1
}

/// Drops the type parameters that stood for iterators, and their bounds.
fn forget(generics: &mut syn::Generics, names: &[Ident]) {
    let kept = std::mem::take(&mut generics.params).into_iter().filter(|parameter| match parameter {
        syn::GenericParam::Type(parameter) => !names.contains(&parameter.ident),
        syn::GenericParam::Lifetime(_) | syn::GenericParam::Const(_) => true,
    });
    generics.params = kept.collect();
    if let Some(clause) = &mut generics.where_clause {
        let kept = std::mem::take(&mut clause.predicates).into_iter().filter(|predicate| match predicate {
            // Also what is said of `I::IntoIter`.
            syn::WherePredicate::Type(typed) => !names.iter().any(|name| {
                let mut uses = Uses(name, 0);
                uses.visit_type(&typed.bounded_ty);
                uses.1 > 0
            }),
            _ => true,
        });
        clause.predicates = kept.collect();
    }
}
