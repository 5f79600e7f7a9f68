//! `#[differentiable]` on a whole `impl`: the derivatives of each of its methods.

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::quote;
use syn::visit::Visit;

use super::{differentiate, empty_function};
use crate::analysis::types::{self, may_carry_derivative};
use crate::diagnostics::Diagnostics;
use crate::ir::{Passing, Type};
use crate::options::Options;
use crate::owner::{self, Member, Owner, Place};

/// The `impl` as it was, and the derivatives of its methods: those of a trait's methods as further members, those of a
/// type's own methods in an `impl` of their own.
pub(super) fn expand(mut item: syn::ItemImpl, options: &Options, diagnostics: &mut Diagnostics) -> TokenStream {
    let of_trait = item.trait_.is_some() && !is_inherent(&item, options);
    let owner = Owner { in_place: of_trait, whole: Some(quote!(#item)), ..owner(&item, true) };
    let place = if of_trait { Place::Implementation } else { Place::Type };
    let owner = Owner { place, ..owner };
    let mut derivatives = TokenStream::new();
    for member in &mut item.items {
        let syn::ImplItem::Fn(method) = member else { continue };
        let selected = selected(&method.attrs, &method.sig);
        let own = take_attributes(&mut method.attrs, options, diagnostics);
        if !selected {
            continue;
        }
        method.attrs.push(syn::parse_quote!(#[allow(dead_code)]));
        let syn::ImplItemFn { attrs, vis, sig, block, .. } = method.clone();
        let vis = if item.trait_.is_some() && !of_trait { syn::parse_quote!(pub) } else { vis };
        let function = syn::ItemFn { attrs, vis, sig, block: Box::new(block), ..empty_function() };
        derivatives.extend(differentiate(&function, own.as_ref().unwrap_or(options), Some(&owner), diagnostics));
    }
    if of_trait {
        return with_members(&item, &derivatives);
    }
    let block = in_block(&item, options, &derivatives);
    quote!(#item #block)
}

/// The `impl` with further members.
fn with_members(item: &syn::ItemImpl, members: &TokenStream) -> TokenStream {
    let mut item = item.clone();
    item.items.push(syn::ImplItem::Verbatim(members.clone()));
    quote!(#item)
}

/// An `impl` of the same type for the derivatives, with the imports that they rely on.
fn in_block(item: &syn::ItemImpl, options: &Options, derivatives: &TokenStream) -> TokenStream {
    if derivatives.is_empty() {
        return TokenStream::new();
    }
    let (generics, bounds) = (&item.generics, &item.generics.where_clause);
    let (ty, import) = (&item.self_ty, crate::emit::imports(options, &quote!(#item), derivatives));
    let params = (!generics.params.is_empty()).then(|| {
        let params = &generics.params;
        quote!(<#params>)
    });
    quote! {
        #[allow(warnings, unused, nonstandard_style, unreachable_pub, clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)]
        const _: () = {
            #import

            impl #params #ty #bounds {
                #derivatives
            }
        };
    }
}

/// What an `impl` says of its members; `whole` says that the attribute stands before it, and not before some of them.
pub(super) fn owner(item: &syn::ItemImpl, whole: bool) -> Owner {
    let mut members: HashMap<String, Member> = item.items.iter().filter_map(impl_member).collect();
    if !whole {
        for item in &item.items {
            if let syn::ImplItem::Fn(method) = item
                && let Some(member) = members.get_mut(&method.sig.ident.to_string())
            {
                member.differentiable = is_annotated(&method.attrs);
            }
        }
    }
    Owner {
        place: if item.trait_.is_some() { Place::Implementation } else { Place::Type },
        generics: item.generics.clone(),
        self_type: Some((*item.self_ty).clone()),
        members,
        constants: item.items.iter().filter_map(impl_constant).collect(),
        ..Owner::default()
    }
}

/// One of the attributes is ours, perhaps under a condition.
pub(super) fn is_annotated(attrs: &[syn::Attribute]) -> bool {
    attrs.iter().any(|attr| quote!(#attr).to_string().contains("differentiable"))
}

/// The derivatives cannot be members of the trait that is implemented: nobody can annotate it, or nobody did.
pub(super) fn is_inherent(item: &syn::ItemImpl, options: &Options) -> bool {
    let Some(last) = item.trait_.as_ref().and_then(|of_trait| of_trait.0.segments.last()) else { return false };
    if options.inherent || owner::is_foreign_trait(&last.ident.to_string()) {
        return true;
    }
    let file = options.site.as_ref().and_then(|site| site.file());
    file.is_some_and(|file| declares(&file.items, &last.ident) == Some(false))
}

/// Whether a trait of this name that is declared here is annotated; nothing if there is none.
fn declares(items: &[syn::Item], name: &syn::Ident) -> Option<bool> {
    let found = items.iter().filter_map(|item| match item {
        syn::Item::Trait(item) if item.ident == *name => {
            let method = |item: &syn::TraitItem| match item {
                syn::TraitItem::Fn(method) => is_annotated(&method.attrs),
                _ => false,
            };
            Some(is_annotated(&item.attrs) || item.items.iter().any(method))
        }
        syn::Item::Mod(module) => {
            let (_, items) = module.content.as_ref()?;
            declares(items, name).map(|annotated| annotated || is_annotated(&module.attrs))
        }
        _ => None,
    });
    found.reduce(|one, other| one || other)
}

pub(super) fn impl_member(item: &syn::ImplItem) -> Option<(String, Member)> {
    match item {
        syn::ImplItem::Fn(method) => Some((method.sig.ident.to_string(), member(&method.attrs, &method.sig))),
        _ => None,
    }
}

fn impl_constant(item: &syn::ImplItem) -> Option<(String, syn::Type)> {
    match item {
        syn::ImplItem::Const(constant) => Some((constant.ident.to_string(), constant.ty.clone())),
        _ => None,
    }
}

/// What a signature says to callers.
pub(super) fn member(attrs: &[syn::Attribute], signature: &syn::Signature) -> Member {
    let receiver = signature.receiver().map(owner::passing);
    Member { receiver, output: signature.output.clone(), differentiable: selected(attrs, signature) }
}

/// The function has a parameter and a result with a derivative, and no `#[nograd]`.
pub(super) fn selected(attrs: &[syn::Attribute], signature: &syn::Signature) -> bool {
    if attrs.iter().any(|attr| attr.path().is_ident("nograd")) {
        return false;
    }
    let result = match &signature.output {
        syn::ReturnType::Default => false,
        syn::ReturnType::Type(_, ty) => gives_value(ty),
    };
    let mut takes = false;
    let mut writes = false;
    for input in &signature.inputs {
        let (carries, passing) = match input {
            syn::FnArg::Receiver(receiver) => (true, owner::passing(receiver)),
            syn::FnArg::Typed(typed) => {
                let ty = types::parse_type(&typed.ty);
                let mutable = matches!(ty, Type::Ref { mutable: true, .. });
                (may_carry_derivative(&ty), if mutable { Passing::Mut } else { Passing::Shared })
            }
        };
        takes |= carries;
        writes |= carries && passing == Passing::Mut;
    }
    takes && (result || writes)
}

/// A value of this type carries a derivative: it does not borrow it from somewhere.
fn gives_value(ty: &syn::Type) -> bool {
    struct Borrows(bool);
    impl<'ast> Visit<'ast> for Borrows {
        fn visit_type_reference(&mut self, _: &'ast syn::TypeReference) {
            self.0 = true;
        }
        fn visit_type_impl_trait(&mut self, _: &'ast syn::TypeImplTrait) {
            self.0 = true;
        }
    }
    let mut borrows = Borrows(false);
    borrows.visit_type(ty);
    !borrows.0 && may_carry_derivative(&types::parse_type(ty))
}

/// Removes our attributes; gives the options that the method has of its own.
pub(super) fn take_attributes(
    attrs: &mut Vec<syn::Attribute>,
    outer: &Options,
    diagnostics: &mut Diagnostics,
) -> Option<Options> {
    let mut own = None;
    attrs.retain(|attr| {
        let last = attr.path().segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        if last != "differentiable" {
            return !attr.path().is_ident("nograd");
        }
        if let syn::Meta::List(list) = &attr.meta {
            match syn::parse2::<Options>(list.tokens.clone()) {
                Ok(options) => own = Some(options.inside(outer)),
                Err(error) => diagnostics.push(error),
            }
        }
        false
    });
    own
}
