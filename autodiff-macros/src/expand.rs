//! The pipeline: from the attribute and the function to everything that is emitted.

mod members;
mod modules;
mod operators;
mod traits;

use std::rc::Rc;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::quote;

use crate::analysis::activity;
use crate::diagnostics::Diagnostics;
use crate::ir::Function;
use crate::options::Options;
use crate::owner::{Owner, Place};
use crate::site::Site;
use crate::transform::Derivatives;
use crate::{emit, hygiene, parse, transform};

/// Expands `#[differentiable(attribute)] item`: the item as it was, and its companion.
///
/// If the function cannot be differentiated, the companion is a stub with the right signatures and the errors stand
/// beside it, so that one mistake gives one error.
pub(crate) fn expand(attribute: TokenStream, item: TokenStream, site: Option<Site>) -> TokenStream {
    let mut diagnostics = Diagnostics::default();
    let mut options = syn::parse2::<Options>(attribute).unwrap_or_else(|error| {
        diagnostics.push(error);
        Options::default()
    });
    options.site = site.map(Rc::new);
    let expanded = match syn::parse2::<syn::ItemFn>(item.clone()) {
        Ok(function) => {
            let derivatives = beside(&function, &options, &mut diagnostics);
            // A function that is only differentiated is used, which rustc cannot see. Its own tokens are printed: those of
            // the parsed function have lost the invisible groups that macros make.
            quote!(#[allow(dead_code)] #item #derivatives)
        }
        Err(_) => self::item(&item, &options, &mut diagnostics),
    };
    let errors = diagnostics.into_tokens();
    quote!(#expanded #errors)
}

/// What stands beside a function that is seen by itself.
fn beside(function: &syn::ItemFn, options: &Options, diagnostics: &mut Diagnostics) -> TokenStream {
    match surrounding_owner(options) {
        Some(Ok(owner)) => differentiate(function, options, Some(&owner), diagnostics),
        Some(Err((message, help))) => {
            diagnostics.error(&function.sig.ident, message, help);
            TokenStream::new()
        }
        None => {
            let owner = belongs_to_a_type(function).then(Owner::unknown);
            differentiate(function, options, owner.as_ref(), diagnostics)
        }
    }
}

/// The `impl` or trait that the item is a member of, as its file says.
fn surrounding_owner(options: &Options) -> Option<Result<Owner, (&'static str, &'static str)>> {
    let text = options.site.as_ref()?.enclosing()?;
    if let Ok(item) = syn::parse_str::<syn::ItemImpl>(&text) {
        if operators::is_operator_impl(&item) || members::is_inherent(&item, options) {
            return Some(Err((
                "the derivatives of this method cannot stand in the `impl` of a trait that has none",
                "write the attribute before the whole `impl`",
            )));
        }
        return Some(Ok(Owner { in_place: true, ..members::owner(&item, false) }));
    }
    syn::parse_str::<syn::ItemTrait>(&text).ok().map(|item| Ok(traits::owner(&item, false)))
}

/// A method that a trait declares: its implementations have the derivatives.
fn declared(method: &syn::TraitItemFn, options: &Options) -> TokenStream {
    let owner = match surrounding_owner(options) {
        Some(Ok(owner)) => owner,
        Some(Err(_)) | None => Owner { place: Place::Trait, ..Owner::unknown() },
    };
    let derivatives = emit::required(&traits::function_of(method), options, &owner);
    quote!(#method #derivatives)
}

/// What is not a function.
fn item(item: &TokenStream, options: &Options, diagnostics: &mut Diagnostics) -> TokenStream {
    if let Ok(method) = syn::parse2::<syn::TraitItemFn>(item.clone()) {
        return declared(&method, options);
    }
    match syn::parse2::<syn::Item>(item.clone()) {
        Ok(syn::Item::Impl(implementation)) if operators::is_operator_impl(&implementation) => {
            let rule = operators::expand_operator_impl(&implementation, options, diagnostics);
            quote!(#item #rule)
        }
        Ok(syn::Item::Impl(implementation)) => members::expand(implementation, options, diagnostics),
        Ok(syn::Item::Mod(module)) => modules::expand(module, options, diagnostics),
        Ok(syn::Item::Trait(definition)) => traits::expand(definition, options, diagnostics),
        _ => {
            not_a_function(item, diagnostics);
            item.clone()
        }
    }
}

/// A function whose parts are yet to be put in.
fn empty_function() -> syn::ItemFn {
    syn::parse_quote!(
        fn f() {}
    )
}

/// What stands beside a function: its derivatives, or stubs if there were errors.
fn differentiate(
    function: &syn::ItemFn,
    options: &Options,
    owner: Option<&Owner>,
    diagnostics: &mut Diagnostics,
) -> TokenStream {
    match derivatives(function, options, owner, diagnostics) {
        Some((primal, derivatives)) => emit::companion(function, options, owner, &primal, &derivatives),
        None => emit::stub(function, options, owner),
    }
}

/// The function and its derivatives, or nothing if there were errors.
fn derivatives(
    function: &syn::ItemFn,
    options: &Options,
    owner: Option<&Owner>,
    diagnostics: &mut Diagnostics,
) -> Option<(Function, Derivatives)> {
    hygiene::check(function, diagnostics);
    let primal = parse::lower(function, options, owner, diagnostics);
    check_losses(&primal, diagnostics);
    if !diagnostics.is_empty() {
        return None;
    }
    let derivatives = transform::differentiate(&primal, options, diagnostics);
    diagnostics.is_empty().then_some((primal, derivatives))
}

/// Reports derivatives that would be lost, in the function and in its closures.
fn check_losses(function: &Function, diagnostics: &mut Diagnostics) {
    activity::check_losses(function, diagnostics);
    function.closures.iter().for_each(|closure| check_losses(closure, diagnostics));
}

/// The message for what is no function, or not one that `syn` can read.
fn not_a_function(item: &TokenStream, diagnostics: &mut Diagnostics) {
    match syn::parse2::<syn::Item>(item.clone()) {
        Ok(_) => diagnostics.error(
            first_line(item),
            "`#[differentiable]` stands before a function, an `impl`, a trait or a module",
            "write it before each function that is to be differentiated; for a struct or an enum write `#[derive(Differentiable)]`",
        ),
        Err(error) => diagnostics.push(error),
    }
}

/// An item without the braces at its end.
fn first_line(item: &TokenStream) -> TokenStream {
    let brace = |tree: &TokenTree| matches!(tree, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
    item.clone().into_iter().take_while(|tree| !brace(tree)).collect()
}

/// The function certainly stands in an `impl` or a `trait`, where no companion can stand beside it.
fn belongs_to_a_type(function: &syn::ItemFn) -> bool {
    struct Names(bool);
    impl<'ast> syn::visit::Visit<'ast> for Names {
        fn visit_ident(&mut self, ident: &'ast proc_macro2::Ident) {
            self.0 |= ident == "Self";
        }
        fn visit_item(&mut self, _: &'ast syn::Item) {}
    }
    let mut names = Names(function.sig.receiver().is_some());
    syn::visit::Visit::visit_item_fn(&mut names, function);
    names.0
}
