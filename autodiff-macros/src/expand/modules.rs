//! `#[differentiable]` on a module: everything inside that can have derivatives gets them.
//!
//! Functions, methods and traits are expanded as if the attribute stood before each, but with what the whole module says:
//! the types of fields, the signatures of functions and methods. Structs and enums get the derive.

use std::rc::Rc;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::visit_mut::{self, VisitMut};

use super::members::{selected, take_attributes};
use super::{alone, members, operators, traits};
use crate::diagnostics::Diagnostics;
use crate::nearby;
use crate::options::Options;
use crate::owner::{self, Surroundings};

/// The module with derivatives.
pub(super) fn expand(mut module: syn::ItemMod, options: &Options, diagnostics: &mut Diagnostics) -> TokenStream {
    let Some((brace, items)) = module.content.take() else {
        let help = "write the attribute before the items of the file, or the module inline";
        diagnostics.error(&module, "a module in another file cannot be read from here", help);
        return module.into_token_stream();
    };
    let mut surroundings = options.surroundings.as_deref().cloned().unwrap_or_default();
    items.iter().for_each(|item| look_around(item, &mut surroundings));
    let options = Options { surroundings: Some(Rc::new(surroundings)), ..options.clone() };
    let items = items.into_iter().map(|item| syn::Item::Verbatim(expand_item(item, &options, diagnostics)));
    module.content = Some((brace, items.collect()));
    module.into_token_stream()
}

fn expand_item(item: syn::Item, options: &Options, diagnostics: &mut Diagnostics) -> TokenStream {
    match item {
        syn::Item::Fn(mut item) => {
            let chosen = selected(&item.attrs, &item.sig);
            let own = take_attributes(&mut item.attrs, options, diagnostics);
            if !chosen {
                return item.into_token_stream();
            }
            let own = own.unwrap_or_else(|| options.for_member(&item.sig));
            let derivatives = alone(&item, &own, diagnostics);
            quote!(#[allow(dead_code)] #item #derivatives)
        }
        syn::Item::Impl(mut item) => {
            let left_out = is_left_out(&item.attrs) || is_about_something_else(&item);
            let own = take_attributes(&mut item.attrs, options, diagnostics);
            let options = own.as_ref().unwrap_or(options);
            match left_out {
                true => item.into_token_stream(),
                false if operators::is_operator_impl(&item) => {
                    let rule = operators::expand_operator_impl(&item, options, diagnostics);
                    quote!(#item #rule)
                }
                false => members::expand(item, options, diagnostics),
            }
        }
        syn::Item::Trait(mut item) => {
            let left_out = is_left_out(&item.attrs);
            let own = take_attributes(&mut item.attrs, options, diagnostics);
            if left_out {
                item.into_token_stream()
            } else {
                traits::expand(item, own.as_ref().unwrap_or(options), diagnostics)
            }
        }
        syn::Item::Mod(mut item) if item.content.is_some() && !is_left_out(&item.attrs) => {
            let own = take_attributes(&mut item.attrs, options, diagnostics);
            expand(item, own.as_ref().unwrap_or(options), diagnostics)
        }
        syn::Item::Struct(mut item) => {
            derive(&mut item.attrs, options);
            item.into_token_stream()
        }
        syn::Item::Enum(mut item) => {
            derive(&mut item.attrs, options);
            item.into_token_stream()
        }
        mut other => {
            if let syn::Item::Mod(item) = &mut other {
                item.attrs.retain(|attr| !attr.path().is_ident("nograd"));
            }
            other.into_token_stream()
        }
    }
}

/// Adds the derive to a type that does not have it, unless `#[nograd]` leaves it out.
fn derive(attrs: &mut Vec<syn::Attribute>, options: &Options) {
    if is_left_out(attrs) {
        attrs.retain(|attr| !attr.path().is_ident("nograd"));
        return;
    }
    let derives = |attr: &syn::Attribute| {
        attr.path().is_ident("derive") && attr.to_token_stream().to_string().contains("Differentiable")
    };
    if !attrs.iter().any(derives) {
        let root = options.root();
        attrs.push(syn::parse_quote!(#[derive(#root::Differentiable)]));
    }
}

fn is_left_out(attrs: &[syn::Attribute]) -> bool {
    attrs.iter().any(|attr| attr.path().is_ident("nograd"))
}

/// An `impl` of a trait of std that is not about numbers.
fn is_about_something_else(item: &syn::ItemImpl) -> bool {
    let of_trait = item.trait_.as_ref().and_then(|of_trait| of_trait.0.segments.last());
    let name = of_trait.map(|last| last.ident.to_string());
    name.is_some_and(|name| owner::is_not_numeric(&name) || owner::is_inlined_trait(&name))
}

/// Notes what an item says about types and functions.
fn look_around(item: &syn::Item, surroundings: &mut Surroundings) {
    surroundings.constants.extend(nearby::constant_parts(item));
    match item {
        syn::Item::Struct(item) if item.generics.type_params().next().is_none() => {
            for (at, field) in item.fields.iter().enumerate() {
                let member = field.ident.clone().map_or_else(|| syn::Member::from(at), syn::Member::Named);
                let key = format!("{}.{}", item.ident, member.to_token_stream());
                surroundings.fields.insert(key, field.ty.clone());
            }
        }
        syn::Item::Fn(item) if item.sig.generics.type_params().next().is_none() => {
            surroundings.functions.insert(item.sig.ident.to_string(), members::member(&item.attrs, &item.sig));
        }
        syn::Item::Impl(item) => {
            let syn::Type::Path(path) = &*item.self_ty else { return };
            let Some(name) = path.path.segments.last().map(|last| last.ident.to_string()) else { return };
            if item.generics.type_params().next().is_some() {
                return;
            }
            let methods = surroundings.methods.entry(name).or_default();
            for (method, mut member) in item.items.iter().filter_map(members::impl_member) {
                SelfType(&item.self_ty).visit_return_type_mut(&mut member.output);
                // A type's own method comes before one of a trait.
                if item.trait_.is_none() || !methods.contains_key(&method) {
                    methods.insert(method, member);
                }
            }
        }
        _ => {}
    }
}

/// Writes `Self` out, for readers elsewhere.
struct SelfType<'a>(&'a syn::Type);

impl VisitMut for SelfType<'_> {
    fn visit_type_mut(&mut self, ty: &mut syn::Type) {
        match ty {
            syn::Type::Path(path) if path.qself.is_none() && path.path.is_ident("Self") => *ty = self.0.clone(),
            _ => visit_mut::visit_type_mut(self, ty),
        }
    }
}
