//! `#[differentiable]` on a trait: the derivatives of its methods become members.

use proc_macro2::TokenStream;
use quote::quote;

use super::members::{members_of, selected, take_attributes};
use super::{differentiate, empty_function};
use crate::aliases::Aliases;
use crate::analysis::scalars;
use crate::declarations::{self, Implementations, is_annotated};
use crate::diagnostics::Diagnostics;
use crate::emit;
use crate::ir::Passing;
use crate::options::Options;
use crate::owner::{self as owners, Implementors, Owner, Place};

/// The trait with more members, and what its objects need.
pub(super) fn expand(mut item: syn::ItemTrait, options: &Options, diagnostics: &mut Diagnostics) -> TokenStream {
    let (owner, aliases) = (owner(&item, true, options), Aliases::of(options));
    let above = above(&item, options);
    let (mut derivatives, mut methods) = (TokenStream::new(), Vec::new());
    for member in &mut item.items {
        let syn::TraitItem::Fn(method) = member else { continue };
        let selected = selected(&method.attrs, &method.sig);
        let own = take_attributes(&mut method.attrs, options, diagnostics);
        if !selected {
            continue;
        }
        let own = own.unwrap_or_else(|| options.for_member(&method.sig));
        let function = aliases.function(&function_of(method), &owner.generics);
        derivatives.extend(match &method.default {
            Some(_) => differentiate(&function, &own, Some(&owner), diagnostics),
            None => emit::required(&function, &own, &owner),
        });
        let shared = method.sig.receiver().is_some_and(|receiver| owners::passing(receiver) == Passing::Shared);
        if shared && !is_of_sized(&method.sig) {
            methods.push((function, own));
        }
    }
    derivatives.extend(emit::required_marker(&item.ident.to_string(), implementors(&item, options)));
    item.items.push(syn::TraitItem::Verbatim(derivatives));
    match above {
        Above::Objects if !methods.is_empty() => {
            let object = emit::supertrait(&item.ident);
            add_supertrait(&mut item, syn::parse_quote!(#object));
            let objects = emit::trait_object(&item, options, &owner, &methods);
            quote!(#item #objects)
        }
        Above::Tangents => {
            let root = options.root();
            let tangents = if options.order() > 1 { quote!(Twice) } else { quote!(Differentiable) };
            add_supertrait(&mut item, syn::parse_quote!(#root::rt::#tangents));
            // What their pullbacks hold is a part of the pullbacks of others.
            add_supertrait(&mut item, syn::parse_quote!('static));
            quote!(#item)
        }
        Above::Objects | Above::Nothing => quote!(#item),
    }
}

fn add_supertrait(item: &mut syn::ItemTrait, bound: syn::TypeParamBound) {
    item.supertraits.push(bound);
    item.colon_token.get_or_insert_default();
}

/// What stands above a trait beside what the user wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Above {
    Nothing,
    /// What its objects need.
    Objects,
    /// `Differentiable`: types that are made of others that implement the trait have a tangent if those have.
    Tangents,
}

/// What stands above a trait. Its implementations with type parameters could not promise what objects need, so that a
/// trait with such ones has objects only where the crate names them.
pub(super) fn above(item: &syn::ItemTrait, options: &Options) -> Above {
    let objects = !options.sized && has_objects(item);
    let found = implementations(item, options);
    match found.generic && !found.objects {
        _ if found.of_slices && !found.objects => Above::Nothing,
        true if found.of_itself => Above::Tangents,
        true => Above::Nothing,
        false if objects => Above::Objects,
        false => Above::Nothing,
    }
}

fn implementations(item: &syn::ItemTrait, options: &Options) -> Implementations {
    let site = options.site.as_ref();
    site.map(|site| declarations::implementations(site, &item.ident.to_string())).unwrap_or_default()
}

/// What a trait says of its members; `whole` says that the attribute stands before it, and not before some of them.
pub(super) fn owner(item: &syn::ItemTrait, whole: bool, options: &Options) -> Owner {
    let params: Vec<String> = item.generics.type_params().map(|param| param.ident.to_string()).collect();
    let implementations = implementations(item, options);
    let methods = item.items.iter().filter_map(|item| match item {
        syn::TraitItem::Fn(method) => Some((&method.attrs, &method.sig)),
        _ => None,
    });
    Owner {
        place: Place::Trait,
        of_numbers: scalars::makes_number(&item.supertraits) || implementations.of_numbers,
        numbers: implementations.numbers.into_iter().filter_map(|position| params.get(position).cloned()).collect(),
        name: Some(item.ident.to_string()),
        generics: item.generics.clone(),
        members: members_of(methods, whole),
        constants: item.items.iter().filter_map(trait_constant).collect(),
        in_place: true,
        implementors: self::implementors(item, options),
        ..Owner::default()
    }
}

/// What the first annotated method of a trait brings for all of it, where the attribute stands before methods.
pub(super) fn once(item: &syn::ItemTrait, method: &syn::Ident, options: &Options) -> TokenStream {
    let first = item.items.iter().find_map(|item| match item {
        syn::TraitItem::Fn(method) if is_annotated(&method.attrs) => Some(&method.sig.ident),
        _ => None,
    });
    let is_first = first.is_some_and(|first| first == method);
    if is_first {
        emit::required_marker(&item.ident.to_string(), implementors(item, options))
    } else {
        TokenStream::new()
    }
}

/// A method of a trait as a function, with an empty body if it has none.
pub(super) fn function_of(method: &syn::TraitItemFn) -> syn::ItemFn {
    let syn::TraitItemFn { attrs, sig, default, .. } = method.clone();
    let empty = empty_function();
    let block = default.map_or_else(|| empty.block.clone(), Box::new);
    syn::ItemFn { attrs, sig, block, ..empty }
}

fn trait_constant(item: &syn::TraitItem) -> Option<(String, syn::Type)> {
    match item {
        syn::TraitItem::Const(constant) => Some((constant.ident.to_string(), constant.ty.clone())),
        _ => None,
    }
}

/// As far as the tokens tell, there can be trait objects.
fn has_objects(item: &syn::ItemTrait) -> bool {
    let known = |bound: &syn::TypeParamBound| match bound {
        syn::TypeParamBound::Trait(bound) => bound.path.segments.last().is_some_and(|last| {
            ["Debug", "Display", "Send", "Sync", "Any", "Error"].contains(&last.ident.to_string().as_str())
        }),
        syn::TypeParamBound::Lifetime(_) => true,
        _ => false,
    };
    item.generics.params.is_empty() && item.supertraits.iter().all(known) && item.items.iter().all(fits_object)
}

/// What the files tell of the sizes of what implements the trait.
fn implementors(item: &syn::ItemTrait, options: &Options) -> Implementors {
    let found = implementations(item, options);
    // A function without receiver that is not kept from objects keeps them from the trait.
    let without_objects = item.items.iter().any(|item| {
        matches!(item, syn::TraitItem::Fn(method) if method.sig.receiver().is_none() && !is_of_sized(&method.sig))
    });
    match without_objects {
        _ if found.of_slices && !found.objects => Implementors::Slices,
        true => Implementors::Unsized,
        false => Implementors::Objects,
    }
}

/// Whether a trait with this item can have objects.
fn fits_object(item: &syn::TraitItem) -> bool {
    let syn::TraitItem::Fn(method) = item else { return false };
    let signature = &method.sig;
    if is_of_sized(signature) {
        return true;
    }
    let Some(receiver) = signature.receiver() else { return false };
    let lifetimes_only = signature.generics.params.iter().all(|param| matches!(param, syn::GenericParam::Lifetime(_)));
    !owners::takes_self(receiver) && lifetimes_only && !names_self(signature)
}

/// The method says that objects do not have it.
fn is_of_sized(signature: &syn::Signature) -> bool {
    signature.generics.where_clause.as_ref().is_some_and(|clause| quote!(#clause).to_string().contains("Self : Sized"))
}

/// `Self` in the type of a parameter or of the result, or an opaque type there.
fn names_self(signature: &syn::Signature) -> bool {
    struct Names(bool);
    impl<'ast> syn::visit::Visit<'ast> for Names {
        fn visit_receiver(&mut self, _: &'ast syn::Receiver) {}
        fn visit_type_impl_trait(&mut self, _: &'ast syn::TypeImplTrait) {
            self.0 = true;
        }
        fn visit_ident(&mut self, ident: &'ast proc_macro2::Ident) {
            self.0 |= ident == "Self";
        }
    }
    let mut names = Names(false);
    syn::visit::Visit::visit_signature(&mut names, signature);
    names.0
}
