//! The pipeline: from the attribute and the function to everything that is emitted.

mod callees;
mod conversions;
mod field_functions;
mod held;
mod homes;
mod members;
mod modules;
mod operators;
mod references;
mod root;
mod ruled;
mod rules;
mod sampled;
mod traits;

use std::rc::Rc;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;

use crate::aliases::Aliases;
use crate::analysis::activity;
use crate::diagnostics::Diagnostics;
use crate::ir::Function;
use crate::nearby::Nearby;
use crate::options::Options;
use crate::owner::{self, Owner, Place};
use crate::site::Site;
use crate::transform::Derivatives;
use crate::{emit, hygiene, parse, transform};

pub(crate) use members::selected as may_have_derivatives;

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
            options.called = is_called(&function, &options);
            let (derivatives, within) = around(&function, &options, &mut diagnostics);
            let item = with_items(&item, &within);
            // A function that is only differentiated is used, which rustc cannot see. Its own tokens are printed: those of
            // the parsed function have lost the invisible groups that macros make.
            let test = sampled::test(&function, &options, &mut diagnostics);
            quote!(#[allow(dead_code)] #item #derivatives #test)
        }
        Err(_) => self::item(&item, &options, &mut diagnostics),
    };
    let errors = diagnostics.into_tokens();
    crate::inert::without(quote!(#expanded #errors))
}

/// Whether another function of the file calls this one, so that it gets the joint form for any cotangent.
fn is_called(function: &syn::ItemFn, options: &Options) -> bool {
    let Some(site) = &options.site else { return false };
    let nearby = Nearby::of(options);
    nearby.is_some_and(|nearby| nearby.joint_form(&function.sig.ident.to_string(), site).is_some())
}

/// What a function's file shows around it.
enum Surrounding {
    Impl(Box<syn::ItemImpl>),
    Trait(Box<syn::ItemTrait>),
}

/// The `impl` or trait that the item is a member of, as its file says.
fn surrounding(options: &Options) -> Option<Surrounding> {
    let text = options.site.as_ref()?.enclosing()?;
    let implementation = syn::parse_str(&text).map(|item| Surrounding::Impl(Box::new(item)));
    implementation.or_else(|_| syn::parse_str(&text).map(|item| Surrounding::Trait(Box::new(item)))).ok()
}

/// What stands beside a function that is seen by itself, and what has to stand inside of it: the `impl` of a trait has no
/// place for functions of the type.
fn around(function: &syn::ItemFn, options: &Options, diagnostics: &mut Diagnostics) -> (TokenStream, TokenStream) {
    match surrounding(options) {
        Some(Surrounding::Impl(item)) if operators::is_operator_impl(&item) => {
            let mut whole = *item;
            whole.items.retain(|item| !matches!(item, syn::ImplItem::Fn(_)));
            whole.items.push(syn::ImplItem::Fn(members::method_of(function)));
            (TokenStream::new(), operators::expand_operator_impl(&whole, options, diagnostics))
        }
        Some(Surrounding::Impl(item)) if is_inlined(&item, options) => (TokenStream::new(), TokenStream::new()),
        Some(Surrounding::Impl(item)) => {
            let members::Derivatives { inside, beside, rules: _, is_partial: _ } =
                members::of_method(function, &item, options, diagnostics);
            (inside, beside)
        }
        Some(Surrounding::Trait(item)) => {
            let owner = traits::owner(&item, false, options);
            let written = Aliases::of(options).function(function, &item.generics);
            let derivatives = differentiate(&written, options, Some(&owner), diagnostics);
            let once = traits::once(&item, &function.sig.ident, options);
            (quote!(#derivatives #once), TokenStream::new())
        }
        None => (alone(function, options, diagnostics), TokenStream::new()),
    }
}

/// A function of ours with its derivatives.
pub(crate) fn of_ours(function: &syn::ItemFn, options: &Options, diagnostics: &mut Diagnostics) -> TokenStream {
    let plain = Options { krate: options.krate.clone(), site: options.site.clone(), ..Options::default() };
    let derivatives = alone(function, &plain, diagnostics);
    quote!(#[doc(hidden)] #[allow(dead_code, clippy::all, clippy::pedantic)] #function #derivatives)
}

/// What stands beside a function of which nothing but itself is seen.
fn alone(function: &syn::ItemFn, options: &Options, diagnostics: &mut Diagnostics) -> TokenStream {
    let owner = belongs_to_a_type(function).then(Owner::unknown);
    let function = Aliases::of(options).function(function, &syn::Generics::default());
    differentiate(&function, options, owner.as_ref(), diagnostics)
}

/// The methods of this `impl` are differentiated where they are called.
fn is_inlined(item: &syn::ItemImpl, options: &Options) -> bool {
    let of_trait = item.trait_.as_ref().and_then(|of_trait| of_trait.0.segments.last());
    let Some(name) = of_trait.map(|last| last.ident.to_string()) else { return false };
    // One of several that take items: which one is meant, the items tell.
    let one_of_several = |method: &str| {
        let method = proc_macro2::Ident::new(method, proc_macro2::Span::call_site());
        options.site.as_ref().is_some_and(|site| crate::declarations::has_twin(site, item, &method))
    };
    match name.as_str() {
        "FromIterator" => one_of_several("from_iter"),
        "Extend" => one_of_several("extend"),
        name => owner::is_inlined_trait(name) || crate::parse::listed::is_called_only(item, options),
    }
}

/// A function's tokens with items at the beginning of its body.
fn with_items(function: &TokenStream, items: &TokenStream) -> TokenStream {
    let mut trees: Vec<TokenTree> = function.clone().into_iter().collect();
    if let Some(TokenTree::Group(body)) = trees.last_mut()
        && !items.is_empty()
    {
        let (span, stmts) = (body.span(), body.stream());
        let mut new =
            Group::new(Delimiter::Brace, quote!(#[allow(non_local_definitions)] const _: () = { #items }; #stmts));
        new.set_span(span);
        *body = new;
    }
    trees.into_iter().collect()
}

/// A method that a trait declares: its implementations have the derivatives.
fn declared(method: &syn::TraitItemFn, options: &Options) -> TokenStream {
    let (owner, once) = match surrounding(options) {
        Some(Surrounding::Trait(item)) => {
            (traits::owner(&item, false, options), traits::once(&item, &method.sig.ident, options))
        }
        Some(Surrounding::Impl(_)) | None => (Owner { place: Place::Trait, ..Owner::unknown() }, TokenStream::new()),
    };
    let function = Aliases::of(options).function(&traits::function_of(method), &owner.generics);
    let derivatives = emit::required(&function, options, &owner);
    quote!(#method #derivatives #once)
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
        Ok(syn::Item::Impl(implementation)) if is_inlined(&implementation, options) => item.clone(),
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
    if let Some(rules) = options.rules() {
        return ruled::expand(function, options, owner, &rules, diagnostics);
    }
    if members::selects(&function.sig) && owner.is_none_or(|owner| owner.place == Place::Type) {
        // What gives bits has no derivatives, not even none.
        let bits = crate::bits::are_given(&function.sig, &function.block, options.site.as_deref());
        return if bits { TokenStream::new() } else { emit::selecting(function, options, owner) };
    }
    // Such a function is lowered where it is called.
    let of_type = owner.is_none_or(|owner| owner.place == Place::Type);
    let gives_places = match owner {
        Some(_) => members::gives_places(&function.sig),
        None => crate::lending::lends_argument(&function.sig).is_some(),
    };
    if gives_places
        || of_type && crate::lending::gives_iterator(&function.sig)
        || of_type && members::is_for_closures(&function.sig)
    {
        return TokenStream::new();
    }
    let with_functions = field_functions::with_parameters(function, options, owner, diagnostics);
    let function = with_functions.as_ref().unwrap_or(function);
    let _moved = crate::moved::Moved::of(function, options, owner).enter();
    let with_slices = crate::sequences::with_slices(function);
    let function = with_slices.as_ref().unwrap_or(function);
    let with_referents = crate::referents::with_referents(function);
    let function = with_referents.as_ref().unwrap_or(function);
    // What a trait says of a method, its implementations have to repeat.
    let of_trait = owner.is_some_and(|owner| owner.place != Place::Type);
    let with_names = if of_trait { None } else { crate::converted::with_names(function, owner, &options.root()) };
    let function = with_names.as_ref().unwrap_or(function);
    let with_outputs = if of_trait { None } else { crate::projections::with_whole_names(function, owner) };
    let function = with_outputs.as_ref().unwrap_or(function);
    let with_sizes = if of_trait { None } else { crate::sized::with_sizes(function) };
    let function = with_sizes.as_ref().unwrap_or(function);
    let with_types = if of_trait { None } else { crate::sequences::with_named_types(function) };
    let function = with_types.as_ref().unwrap_or(function);
    match derivatives(function, options, owner, diagnostics) {
        Some((primal, derivatives)) => emit::companion(function, options, owner, &primal, &derivatives),
        // The trait has what the implementation leaves out.
        None if owner.is_some_and(|owner| owner.place == Place::Implementation) => TokenStream::new(),
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
    if options.order() > 2 && owner.is_some_and(|owner| owner.place != Place::Type) {
        diagnostics.error(
            &function.sig.ident,
            "the methods of a trait have derivatives up to the second order",
            "write `#[differentiable(inherent, order = 3)]` before the `impl`: where the type is known, those of its own are found",
        );
    }
    let primal = parse::lower(function, options, owner, diagnostics);
    check_losses(&primal, diagnostics);
    if diagnostics.is_empty() {
        callees::check_callees(&primal, owner, options, diagnostics);
    }
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
