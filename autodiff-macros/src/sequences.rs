//! Iterators as parameters: `xs: impl Iterator<Item = f64>`, `xs: I` with `I: IntoIterator<Item = &'a f64>`.
//!
//! An iterator has no tangent, but what it yields has one. The derivatives take a slice of the items in its stead; in the
//! body the parameter's name stands for an iterator over them. A number whose type has no name gets one.

use proc_macro2::Ident;
use syn::visit::Visit;
use syn::{Pat, Type, TypeParamBound};

use crate::analysis::scalars;
use crate::referents;

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

/// What a parameter of this type yields, if it is an iterator, and the type parameters that stand for it and for its items.
fn items(ty: &Type, function: &syn::ItemFn) -> Option<(Type, Vec<Ident>)> {
    match ty {
        Type::ImplTrait(opaque) => Some((yielded(&opaque.bounds)?, Vec::new())),
        Type::Path(path) => {
            let name = path.path.get_ident()?;
            let bounds = scalars::bounds(&function.sig.generics);
            let own = bounds.get(&name.to_string())?;
            if uses(function, name) != 1 || !own.iter().any(|bound| iterates(bound).is_some()) {
                return None;
            }
            let (item, of_items) = match yielded(own) {
                Some(item) => referent_of(item, function),
                None => (lent_item(function, name)?, None),
            };
            Some((item, std::iter::once(name.clone()).chain(of_items).collect()))
        }
        _ => None,
    }
}

/// The trait of iterators that a bound is.
fn iterates(bound: &TypeParamBound) -> Option<&syn::PathSegment> {
    const TRAITS: [&str; 4] = ["Iterator", "IntoIterator", "DoubleEndedIterator", "ExactSizeIterator"];
    let TypeParamBound::Trait(bound) = bound else { return None };
    bound.path.segments.last().filter(|last| TRAITS.iter().any(|name| last.ident == name))
}

/// `T` in `Iterator<Item = T>`.
fn yielded<'b>(bounds: impl IntoIterator<Item = &'b TypeParamBound>) -> Option<Type> {
    bounds.into_iter().find_map(|bound| scalars::associated(iterates(bound)?, "Item"))
}

/// What items are borrowed as whose type is a parameter that nothing else is of: `Item = B` with `B: Borrow<f64>`.
fn referent_of(item: Type, function: &syn::ItemFn) -> (Type, Option<Ident>) {
    let parameter = match &item {
        Type::Path(path) => path.path.get_ident().filter(|name| uses(function, name) == 0).cloned(),
        _ => None,
    };
    let bounds = scalars::bounds(&function.sig.generics);
    let own = parameter.as_ref().and_then(|name| bounds.get(&name.to_string()));
    match own.and_then(referents::borrowed) {
        Some(ty) => (syn::parse_quote!(&#ty), parameter),
        None => (item, None),
    }
}

/// The same where a bound stands for the items alone: `I::Item: Borrow<f64>`, or `Into<f64>`.
fn lent_item(function: &syn::ItemFn, name: &Ident) -> Option<Type> {
    let clause = function.sig.generics.where_clause.iter().flat_map(|clause| &clause.predicates);
    let mut of_items = clause.filter_map(|predicate| match predicate {
        syn::WherePredicate::Type(typed) => Some(typed).filter(|typed| is_item_of(&typed.bounded_ty, name)),
        _ => None,
    });
    of_items.find_map(|typed| match referents::borrowed(&typed.bounds) {
        Some(ty) => Some(syn::parse_quote!(&#ty)),
        None => scalars::converted_number(&typed.bounds),
    })
}

/// `I::Item`, `<I as IntoIterator>::Item`
fn is_item_of(ty: &Type, name: &Ident) -> bool {
    let Type::Path(path) = ty else { return false };
    let mut words = path.path.segments.iter().map(|segment| &segment.ident);
    let of_parameter = match &path.qself {
        Some(qself) => matches!(&*qself.ty, Type::Path(owner) if owner.path.is_ident(name)),
        None => words.next() == Some(name),
    };
    of_parameter && words.last().is_some_and(|last| last == "Item")
}

/// Counts how often something names a type parameter.
struct Uses<'n>(&'n Ident, usize);

impl<'ast> Visit<'ast> for Uses<'_> {
    fn visit_ident(&mut self, ident: &'ast Ident) {
        self.1 += usize::from(ident == self.0);
    }
}

/// How often the parameters, the result and the body name a type parameter.
pub(crate) fn uses(function: &syn::ItemFn, name: &Ident) -> usize {
    let mut uses = Uses(name, 0);
    function.sig.inputs.iter().for_each(|input| uses.visit_fn_arg(input));
    uses.visit_return_type(&function.sig.output);
    uses.visit_block(&function.block);
    uses.1
}

/// Drops the type parameters that stood for iterators, and their bounds.
pub(crate) fn forget(generics: &mut syn::Generics, names: &[Ident]) {
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
