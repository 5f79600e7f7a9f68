//! `#[differentiable]` on a whole `impl`: the derivatives of each of its methods.

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::visit::Visit;
use syn::visit_mut::VisitMut;

use super::homes::{self, Home, Homes};
use super::{conversions, differentiate, empty_function, held, sampled};
use crate::aliases::Aliases;
use crate::analysis::scalars;
use crate::analysis::types::{self, may_carry_derivative};
use crate::borrowed;
use crate::callable;
use crate::declarations::{self, is_annotated};
use crate::diagnostics::Diagnostics;
use crate::emit;
use crate::ir::{Passing, Type};
use crate::lending;
use crate::options::Options;
use crate::owner::{self, Member, Owner, Place};

/// The `impl` as it was, and the derivatives of its methods: those of a trait's methods as further members, those of a
/// type's own methods, and of traits without derivatives, in an `impl` of their own.
pub(super) fn expand(mut item: syn::ItemImpl, options: &Options, diagnostics: &mut Diagnostics) -> TokenStream {
    let written = Aliases::of(options).implementation(&item);
    let owner = Owner { whole: Some(quote!(#item)), ..owner(&written, true, options) };
    let implementation = Implementation::new(&written, options, owner);
    let (mut all, mut tests) = (Derivatives::default(), TokenStream::new());
    for (member, written) in item.items.iter_mut().zip(&written.items) {
        let (syn::ImplItem::Fn(method), syn::ImplItem::Fn(written)) = (member, written) else { continue };
        let (selected, before) = (selected(&method.attrs, &method.sig), written.clone());
        let own = take_attributes(&mut method.attrs, options, diagnostics);
        let own = &own.unwrap_or_else(|| options.for_member(&method.sig));
        if selected {
            method.attrs.push(syn::parse_quote!(#[allow(dead_code)]));
            let method = syn::ImplItemFn { attrs: method.attrs.clone(), ..written.clone() };
            implementation.method(&method, own, diagnostics, &mut all);
            tests.extend(sampled::of_method(&method, &implementation.header, own, diagnostics));
        } else {
            implementation.without_derivative(&before, own, &mut all);
        }
    }
    if !all.is_partial && all.beside.is_empty() {
        all.inside.extend(implementation.homes.marker(&implementation.header));
    }
    let (block, item) = (in_block(&item, options, &all.beside), with_members(&item, &all.inside));
    let rules = all.rules;
    quote!(#item #block #rules #tests)
}

/// An `impl` and what is known of it.
struct Implementation {
    homes: Homes,
    owner: Owner,
    /// The `impl` without its items.
    header: syn::ItemImpl,
    /// Its associated types.
    types: HashMap<String, syn::Type>,
}

/// Writes associated types out.
struct Associated<'t>(&'t HashMap<String, syn::Type>);

impl VisitMut for Associated<'_> {
    fn visit_type_mut(&mut self, ty: &mut syn::Type) {
        syn::visit_mut::visit_type_mut(self, ty);
        let syn::Type::Path(syn::TypePath { qself, path, .. }) = ty else { return };
        // `Self::Output`, `<Self as Stage>::Output`
        let of_self = match qself {
            None => path.segments.len() == 2 && path.segments[0].ident == "Self",
            Some(qself) => {
                let itself = matches!(&*qself.ty, syn::Type::Path(this) if this.path.is_ident("Self"));
                itself && qself.position + 1 == path.segments.len()
            }
        };
        if let Some(written) = path.segments.last().and_then(|last| self.0.get(&last.ident.to_string()))
            && of_self
        {
            *ty = written.clone();
        }
    }

    /// `Self::Output { .. }`, `Self::Output::new(..)`
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        syn::visit_mut::visit_path_mut(self, path);
        let mut segments = path.segments.iter();
        let (Some(first), Some(second)) = (segments.next(), segments.next()) else { return };
        if first.ident == "Self"
            && let Some(syn::Type::Path(syn::TypePath { qself: None, path: written, .. })) =
                self.0.get(&second.ident.to_string())
        {
            let mut whole = written.clone();
            whole.segments.extend(segments.cloned());
            *path = whole;
        }
    }
}

/// What is generated for an `impl`.
#[derive(Default)]
pub(super) struct Derivatives {
    /// Further members of the `impl`.
    pub(super) inside: TokenStream,
    /// Functions of the type.
    pub(super) beside: TokenStream,
    /// What the runtime finds by types.
    pub(super) rules: TokenStream,
    /// The `impl` may replace a method of which its trait has a derivative, and gives none.
    pub(super) is_partial: bool,
}

impl Implementation {
    fn new(item: &syn::ItemImpl, options: &Options, owner: Owner) -> Implementation {
        let types = item.items.iter().filter_map(|item| match item {
            syn::ImplItem::Type(ty) => Some((ty.ident.to_string(), ty.ty.clone())),
            _ => None,
        });
        let header = syn::ItemImpl { items: Vec::new(), ..item.clone() };
        Implementation { homes: Homes::of(item, options), owner, header, types: types.collect() }
    }

    /// The derivatives of a method.
    fn method(
        &self,
        method: &syn::ImplItemFn,
        options: &Options,
        diagnostics: &mut Diagnostics,
        all: &mut Derivatives,
    ) {
        let function = self.function_of(method);
        let name = &function.sig.ident;
        let inside = Owner { in_place: true, place: Place::Implementation, ..self.owner.clone() };
        if self.borrows(&function, options) {
            return all.beside.extend(self.of_references(function, inside, options, diagnostics));
        }
        match self.homes.home(&self.header, &function, options, &inside) {
            Home::Member => {
                let declared = self.homes.declared(&self.header, &name.to_string(), options);
                let owner = Owner { joint: self.homes.has_joint(&name.to_string(), options), declared, ..inside };
                let options = self.homes.agreed(&function, options, diagnostics);
                all.inside.extend(differentiate(&function, &options, Some(&owner), diagnostics));
            }
            Home::Type => {
                let converted = conversions::converted(&self.header);
                let of_type = match &converted {
                    Some(_) => homes::has_place(&self.header, name, options),
                    None => homes::check_type(&self.header, name, options, diagnostics),
                };
                if of_type {
                    all.beside.extend(self.of_type(function, inside, options, diagnostics));
                }
                let Some(from) = converted.filter(|_| diagnostics.is_empty()) else { return };
                all.rules.extend(match of_type && self.header.generics.params.is_empty() {
                    true => conversions::by_functions(&self.header, &from, options),
                    false => conversions::by_itself(&self.header, method, &from, options, diagnostics),
                });
            }
        }
    }

    /// The derivatives of a method as functions of the type.
    fn of_type(
        &self,
        mut function: syn::ItemFn,
        inside: Owner,
        options: &Options,
        diagnostics: &mut Diagnostics,
    ) -> TokenStream {
        let (generics, free) = of_the_type(&self.header);
        add(&mut function.sig.generics, free);
        let owner = Owner { in_place: false, place: Place::Type, generics, ..inside };
        differentiate(&function, options, Some(&owner), diagnostics)
    }

    /// The implementation gives a reference for the trait's type parameter, which this method takes.
    fn borrows(&self, function: &syn::ItemFn, options: &Options) -> bool {
        let site = options.site.as_ref().filter(|_| self.header.trait_.is_some());
        site.is_some_and(|site| {
            borrowed::Methods::named(site, &function.sig.ident.to_string()).borrows(&self.header, &function.sig)
        })
    }

    /// The derivatives of such a method.
    fn of_references(
        &self,
        mut function: syn::ItemFn,
        mut inside: Owner,
        options: &Options,
        diagnostics: &mut Diagnostics,
    ) -> TokenStream {
        let name = borrowed::name(&function.sig.ident);
        if let Some(member) = inside.members.remove(&function.sig.ident.to_string()) {
            inside.members.insert(name.to_string(), member);
        }
        function.sig.ident = name;
        self.of_type(function, inside, options, diagnostics)
    }

    /// A method as a function; beside its `impl` it is as public as the trait.
    fn function_of(&self, method: &syn::ImplItemFn) -> syn::ItemFn {
        let syn::ImplItemFn { attrs, vis, sig, block, .. } = method.clone();
        let vis = if self.header.trait_.is_some() { syn::parse_quote!(pub) } else { vis };
        let mut function = syn::ItemFn { attrs, vis, sig, block: Box::new(block), ..empty_function() };
        if !self.types.is_empty() {
            Associated(&self.types).visit_item_fn_mut(&mut function);
        }
        function
    }

    /// A method without derivatives whose trait has them: one that returns nothing differentiable gives its value; of one
    /// that is left out the trait knows no derivative, and must not take the one of its own body for it.
    fn without_derivative(&self, method: &syn::ImplItemFn, options: &Options, all: &mut Derivatives) {
        if !self.homes.expects(method) {
            return;
        }
        let owner = Owner { in_place: true, place: Place::Implementation, ..self.owner.clone() };
        match &self.header.trait_ {
            Some((path, _)) if !selected(&[], &method.sig) => {
                all.inside.extend(emit::constant(&self.function_of(method), options, &owner, path));
            }
            _ => all.is_partial |= self.homes.replaces(method),
        }
    }
}

/// The derivatives of a method that has the attribute of its own, in the `impl` that its file shows around it. The first such
/// method also brings what the `impl` has once.
pub(super) fn of_method(
    function: &syn::ItemFn,
    item: &syn::ItemImpl,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> Derivatives {
    let mut all = Derivatives::default();
    let aliases = Aliases::of(options);
    let (item, function) = (&aliases.implementation(item), &aliases.function(function, &item.generics));
    let owner = Owner { in_place: true, ..owner(item, false, options) };
    if item.trait_.is_none() {
        all.inside = differentiate(function, options, Some(&owner), diagnostics);
        return all;
    }
    let implementation = Implementation::new(item, options, owner);
    implementation.method(&method_of(function), options, diagnostics, &mut all);
    all.beside = in_block(&implementation.header, options, &all.beside);
    all.beside.extend(std::mem::take(&mut all.rules));
    let methods = || {
        item.items.iter().filter_map(|item| match item {
            syn::ImplItem::Fn(method) => Some(method),
            _ => None,
        })
    };
    let first = methods().find(|method| is_annotated(&method.attrs));
    if first.is_some_and(|first| first.sig.ident == function.sig.ident) && all.beside.is_empty() {
        let left_out = methods().filter(|method| !is_annotated(&method.attrs));
        left_out.for_each(|method| implementation.without_derivative(method, options, &mut all));
        if !all.is_partial {
            all.inside.extend(implementation.homes.marker(item));
        }
    }
    all
}

/// A function as a method.
pub(super) fn method_of(function: &syn::ItemFn) -> syn::ImplItemFn {
    syn::parse_quote!(#function)
}

/// The `impl` with further members.
fn with_members(item: &syn::ItemImpl, members: &TokenStream) -> TokenStream {
    if members.is_empty() {
        return quote!(#item);
    }
    let mut item = item.clone();
    item.items.push(syn::ImplItem::Verbatim(members.clone()));
    quote!(#item)
}

/// An `impl` of the same type for the derivatives, with the imports that they rely on.
fn in_block(item: &syn::ItemImpl, options: &Options, derivatives: &TokenStream) -> TokenStream {
    if derivatives.is_empty() {
        return TokenStream::new();
    }
    let (generics, _) = of_the_type(item);
    let bounds = &generics.where_clause;
    let (ty, import) = (&item.self_ty, emit::imports(options, &quote!(#item), derivatives));
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

/// The generic parameters of an `impl` of a trait that its type has, and those that only the trait has: functions of the type
/// have these themselves.
fn of_the_type(item: &syn::ItemImpl) -> (syn::Generics, syn::Generics) {
    let this = item.self_ty.to_token_stream();
    let mut own = item.generics.clone();
    let (mut free, mut names) = (syn::Generics::default(), Vec::new());
    own.params = own
        .params
        .into_iter()
        .filter(|param| {
            let name = match param {
                syn::GenericParam::Lifetime(param) => param.lifetime.ident.to_string(),
                syn::GenericParam::Type(param) => param.ident.to_string(),
                syn::GenericParam::Const(param) => param.ident.to_string(),
            };
            let is_own = emit::mentions(this.clone(), &name);
            if !is_own {
                free.params.push(param.clone());
                names.push(name);
            }
            is_own
        })
        .collect();
    if names.is_empty() {
        return (own, free);
    }
    // What is said of a parameter in its own place may mention one that the type does not have: `A: Filter<T>`.
    let mentions_free = |tokens: TokenStream| names.iter().any(|name| emit::mentions(tokens.clone(), name));
    let mut predicates: Vec<syn::WherePredicate> = Vec::new();
    for param in own.type_params_mut().filter(|param| mentions_free(param.bounds.to_token_stream())) {
        let (name, bounds) = (&param.ident, std::mem::take(&mut param.bounds));
        param.colon_token = None;
        predicates.push(syn::parse_quote!(#name: #bounds));
    }
    predicates.extend(own.where_clause.take().into_iter().flat_map(|clause| clause.predicates));
    for predicate in predicates {
        let is_free = mentions_free(predicate.to_token_stream());
        let clause = if is_free { free.make_where_clause() } else { own.make_where_clause() };
        clause.predicates.push(predicate);
    }
    (own, free)
}

/// Adds generic parameters and their bounds to those of a function.
fn add(generics: &mut syn::Generics, more: syn::Generics) {
    generics.params.extend(more.params);
    if let Some(clause) = more.where_clause {
        generics.make_where_clause().predicates.extend(clause.predicates);
    }
}

/// The type parameters of an implementation that say nothing of themselves, and stand for those of the trait for which the other
/// implementations give numbers.
fn given_numbers(item: &syn::ItemImpl, of_trait: &syn::PathSegment, options: &Options) -> Vec<String> {
    let bounds = scalars::bounds(&item.generics);
    let given = types::type_arguments(&of_trait.arguments).into_iter().map(|ty| ty.to_token_stream().to_string());
    let open: Vec<(usize, String)> =
        given.enumerate().filter(|(_, name)| bounds.get(name).is_some_and(Vec::is_empty)).collect();
    let Some(site) = options.site.as_ref().filter(|_| !open.is_empty()) else { return Vec::new() };
    let numbers = declarations::implementations(site, &of_trait.ident.to_string()).numbers;
    open.into_iter().filter(|(position, _)| numbers.contains(position)).map(|(_, name)| name).collect()
}

/// What an `impl` says of its members; `whole` says that the attribute stands before it, and not before some of them.
pub(super) fn owner(item: &syn::ItemImpl, whole: bool, options: &Options) -> Owner {
    let methods = item.items.iter().filter_map(|item| match item {
        syn::ImplItem::Fn(method) => Some((&method.attrs, &method.sig)),
        _ => None,
    });
    let last = item.trait_.as_ref().and_then(|of_trait| of_trait.0.segments.last());
    Owner {
        place: if item.trait_.is_some() { Place::Implementation } else { Place::Type },
        name: last.map(|last| last.ident.to_string()),
        generics: item.generics.clone(),
        held: options.site.as_ref().map(|site| held::parameters(item, site)).unwrap_or_default(),
        numbers: last.map(|last| given_numbers(item, last, options)).unwrap_or_default(),
        given: last.map(|last| types::type_arguments(&last.arguments)).unwrap_or_default(),
        self_type: Some((*item.self_ty).clone()),
        members: members_of(methods, whole),
        constants: item.items.iter().filter_map(impl_constant).collect(),
        ..Owner::default()
    }
}

/// What the signatures of methods say; where the attribute does not stand before the `whole`, those without it have no
/// derivatives.
pub(super) fn members_of<'i>(
    methods: impl Iterator<Item = (&'i Vec<syn::Attribute>, &'i syn::Signature)>,
    whole: bool,
) -> HashMap<String, Member> {
    let methods = methods.map(|(attrs, signature)| {
        let mut member = member(attrs, signature);
        if !whole {
            member.differentiable = is_annotated(attrs);
        }
        (signature.ident.to_string(), member)
    });
    methods.collect()
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
    let mut own = signature.clone();
    lending::own_result(&mut own);
    Member { receiver, output: own.output, differentiable: selected(attrs, signature) }
}

/// The function has a parameter and a result with a derivative, and no `#[nograd]`.
pub(crate) fn selected(attrs: &[syn::Attribute], signature: &syn::Signature) -> bool {
    if attrs.iter().any(|attr| attr.path().is_ident("nograd")) || gives_places(signature) || is_for_closures(signature)
    {
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

/// The method gives out places of its receiver, and no numbers that could have derivatives of their own.
pub(super) fn gives_places(signature: &syn::Signature) -> bool {
    lending::lends(signature).is_some() && lending::owned(signature).is_none()
}

/// The function gives a function, or runs one that changes what it captures and gives nothing: it is differentiated where
/// it is called.
pub(super) fn is_for_closures(signature: &syn::Signature) -> bool {
    let changes = |ty: &syn::Type| {
        let mutable = matches!(types::parse_type(ty), Type::Ref { mutable: true, .. });
        (mutable, callable::shape(ty, &signature.generics).is_some())
    };
    match &signature.output {
        syn::ReturnType::Type(_, ty) => callable::shape(ty, &signature.generics).is_some(),
        syn::ReturnType::Default => {
            let inputs = signature.inputs.iter().map(|input| match input {
                syn::FnArg::Receiver(receiver) => (owner::passing(receiver) == Passing::Mut, false),
                syn::FnArg::Typed(typed) => changes(&typed.ty),
            });
            let inputs: Vec<(bool, bool)> = inputs.collect();
            inputs.iter().any(|(_, function)| *function)
                && !inputs.iter().any(|(mutable, function)| *mutable && !function)
        }
    }
}

/// The function takes floats and gives an integer or a truth value: it selects, and changes nothing.
pub(super) fn selects(signature: &syn::Signature) -> bool {
    let syn::ReturnType::Type(_, ty) = &signature.output else { return false };
    let number = |ty: &syn::Type| match types::strip_refs(&types::parse_type(ty)) {
        ty @ (Type::Array(..) | Type::Slice(_) | Type::Vec(_) | Type::Tensor(_)) => {
            types::element(ty).is_some_and(|element| !matches!(element, Type::Inactive))
        }
        Type::Float(_) | Type::Named(_) => true,
        _ => false,
    };
    let mut takes = false;
    for input in &signature.inputs {
        match input {
            syn::FnArg::Receiver(receiver) if owner::passing(receiver) == Passing::Mut => return false,
            syn::FnArg::Receiver(_) => {}
            syn::FnArg::Typed(typed) if matches!(types::parse_type(&typed.ty), Type::Ref { mutable: true, .. }) => {
                return false;
            }
            syn::FnArg::Typed(typed) => takes |= number(&typed.ty),
        }
    }
    takes && matches!(types::parse_type(ty), Type::Int(_) | Type::Bool)
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
    if let Some(owned) = lending::owned_type(ty) {
        return may_carry_derivative(&types::parse_type(&owned));
    }
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
