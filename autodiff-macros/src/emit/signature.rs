//! The signatures of the companion's functions.

use std::collections::HashSet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};

use super::paths::Paths;
use super::print::identifier;
use super::tangents::{self, Types};
use crate::ir::{Function, Origin, Passing, Type};
use crate::options::Options;

/// One parameter of the user's function, with everything that the companion's signatures say about it.
pub(super) struct Parameter {
    pub(super) name: Ident,
    /// As the user wrote it.
    pub(super) ty: syn::Type,
    pub(super) known: Type,
    pub(super) passing: Passing,
    pub(super) differentiated: bool,
    /// The owned tangent.
    pub(super) tangent: TokenStream,
    /// What the pullback's slot points to.
    pub(super) slot: TokenStream,
    /// The type of the tangent argument of `jvp`.
    pub(super) dot: TokenStream,
    /// The type of the tangent argument of `call_jvp`, inside the `Option`.
    pub(super) call_dot: TokenStream,
}

/// What all the companion's functions have in common.
pub(super) struct Signature<'a> {
    /// The function's own name, for documentation and messages.
    pub(super) function: String,
    pub(super) paths: Paths,
    pub(super) parameters: Vec<Parameter>,
    pub(super) generics: &'a syn::Generics,
    pub(super) result: TokenStream,
    pub(super) known_result: Type,
    /// The tangent of the result.
    pub(super) result_tangent: TokenStream,
    /// The pullback is a `Box<dyn Fn>`.
    pub(super) boxed: bool,
    /// The function was refused: the bodies are never run.
    stub: bool,
}

impl<'a> Signature<'a> {
    pub(super) fn new(item: &'a syn::ItemFn, options: &Options, primal: &Function, boxed: bool) -> Signature<'a> {
        Signature::with(item, primal, boxed, Paths::new(options, item), false)
    }

    /// The signatures of a function that was refused, whose types may have no tangents.
    pub(super) fn of_stub(item: &'a syn::ItemFn, options: &Options, primal: &Function) -> Signature<'a> {
        Signature::with(item, primal, options.boxed, Paths::new(options, item), true)
    }

    fn with(item: &'a syn::ItemFn, primal: &Function, boxed: bool, paths: Paths, stub: bool) -> Signature<'a> {
        let types = Types { rt: &paths.rt, stub };
        let typed = item.sig.inputs.iter().filter_map(|input| match input {
            syn::FnArg::Typed(typed) => Some(&*typed.ty),
            syn::FnArg::Receiver(_) => None,
        });
        let parameters =
            primal.params.iter().zip(typed).map(|(param, ty)| parameter(primal, param, ty, &types)).collect();
        let result = match &item.sig.output {
            syn::ReturnType::Default => syn::parse_quote!(()),
            syn::ReturnType::Type(_, ty) => (**ty).clone(),
        };
        Signature {
            function: item.sig.ident.to_string(),
            parameters,
            generics: &item.sig.generics,
            result_tangent: types.owned(&result, &primal.result),
            result: result.to_token_stream(),
            known_result: primal.result.clone(),
            boxed,
            paths,
            stub,
        }
    }

    /// The body, or one that is never run.
    pub(super) fn stub(&self, body: TokenStream) -> TokenStream {
        if self.stub { never() } else { body }
    }

    /// The body, or one that is never run and has the type of a pair of a value and a closure.
    pub(super) fn stub_pair(
        &self,
        closure: &[TokenStream],
        result: Option<&TokenStream>,
        body: TokenStream,
    ) -> TokenStream {
        if !self.stub {
            return body;
        }
        let (never, result) = (never(), result.map(|result| quote!(-> #result)));
        let closure = quote!(move |#(_: #closure),*| #result { #never });
        let closure = if self.boxed && result.is_none() { quote!(Box::new(#closure)) } else { closure };
        quote!((#never, #closure))
    }

    pub(super) fn differentiated(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(|parameter| parameter.differentiated)
    }

    /// The type of all gradients together: bare for one parameter, a tuple otherwise.
    pub(super) fn gradients(&self) -> TokenStream {
        gather(self.differentiated().map(|parameter| &parameter.tangent))
    }

    /// `name: Type` for every parameter of the user's function.
    pub(super) fn primal_params(&self) -> Vec<TokenStream> {
        self.parameters.iter().map(|Parameter { name, ty, .. }| quote!(#name: #ty)).collect()
    }

    /// The parameters with a name for each lifetime that a returned closure holds on to, and that name if there is one.
    pub(super) fn captured_params(
        &self,
        holds: impl Fn(&Parameter) -> bool,
    ) -> (Vec<syn::Type>, Option<syn::Lifetime>) {
        let taken: HashSet<String> = self.generics.lifetimes().map(|param| param.lifetime.ident.to_string()).collect();
        let free = ["a", "b", "c", "pullback"].into_iter().find(|name| !taken.contains(*name)).unwrap_or("borrowed");
        let name = syn::Lifetime::new(&format!("'{free}"), Span::call_site());
        let mut used = false;
        let types = self.parameters.iter().map(|parameter| {
            if !holds(parameter) {
                return parameter.ty.clone();
            }
            let view = matches!(&parameter.known, Type::Tensor(tensor) if tensor.view);
            let (ty, found) = tangents::with_lifetime(&parameter.ty, view, &name);
            used |= found;
            ty
        });
        let types = types.collect();
        (types, used.then_some(name))
    }

    /// `<'a, T, const N: usize>`, with one lifetime more if given.
    pub(super) fn generic_params(&self, lifetime: Option<&syn::Lifetime>) -> TokenStream {
        let params = &self.generics.params;
        match (lifetime, params.is_empty()) {
            (None, true) => TokenStream::new(),
            (None, false) => quote!(<#params>),
            (Some(lifetime), true) => quote!(<#lifetime>),
            (Some(lifetime), false) => quote!(<#lifetime, #params>),
        }
    }

    /// `use<'a, T, N>` with the given lifetimes and all type and constant parameters.
    pub(super) fn capture(&self, lifetimes: &[syn::Lifetime]) -> TokenStream {
        let lifetimes = lifetimes.iter().map(ToTokens::to_token_stream);
        let all = lifetimes.chain(self.argument_names());
        quote!(use<#(#all),*>)
    }

    /// The names of the type and constant parameters.
    fn argument_names(&self) -> impl Iterator<Item = TokenStream> + use<'_> {
        self.generics.params.iter().filter_map(|param| match param {
            syn::GenericParam::Type(param) => Some(param.ident.to_token_stream()),
            syn::GenericParam::Const(param) => Some(param.ident.to_token_stream()),
            syn::GenericParam::Lifetime(_) => None,
        })
    }

    /// `::<T, N>` for a call of one companion function by another.
    pub(super) fn turbofish(&self) -> TokenStream {
        let names: Vec<TokenStream> = self.argument_names().collect();
        if names.is_empty() { TokenStream::new() } else { quote!(::<#(#names),*>) }
    }

    /// Names for local variables that no parameter has.
    pub(super) fn locals(&self) -> Locals {
        let parameters = self.parameters.iter().map(|parameter| parameter.name.to_string());
        let constants = self.generics.const_params().map(|param| param.ident.to_string());
        Locals { taken: parameters.chain(constants).collect() }
    }

    pub(super) fn is_unit(&self) -> bool {
        matches!(self.known_result, Type::Unit)
    }
}

/// Chooses local names.
pub(super) struct Locals {
    taken: HashSet<String>,
}

impl Locals {
    pub(super) fn name(&mut self, wish: &str) -> Ident {
        let mut name = wish.to_owned();
        let mut count = 1;
        while !self.taken.insert(name.clone()) {
            count += 1;
            name = format!("{wish}_{count}");
        }
        identifier(&name, Span::call_site())
    }

    /// `x_bar` for the parameter `x`.
    pub(super) fn suffixed(&mut self, parameter: &Parameter, suffix: &str) -> Ident {
        let name = parameter.name.to_string();
        self.name(&format!("{}_{suffix}", name.trim_start_matches("r#")))
    }
}

/// A body that is never run, since the mistake beside it stops the compilation. It adds no error of its own.
fn never() -> TokenStream {
    quote!(::core::panic!("the function was not differentiated"))
}

fn parameter(primal: &Function, param: &crate::ir::Param, ty: &syn::Type, types: &Types<'_>) -> Parameter {
    let var = &primal[param.var];
    let span = if var.origin == Origin::User { var.span } else { Span::call_site() };
    let rt = types.rt;
    let (tangent, slot) = (types.owned(ty, &var.ty), types.slot(ty, &var.ty));
    let dot = types.dot(ty, &var.ty, param.passing);
    let frozen = quote!(#rt::Frozen);
    let (slot, call_dot) = if param.frozen { (frozen.clone(), frozen) } else { (slot, dot.clone()) };
    Parameter {
        name: identifier(&var.name, span),
        ty: ty.clone(),
        known: var.ty.clone(),
        passing: param.passing,
        differentiated: param.differentiated,
        tangent,
        slot,
        dot,
        call_dot,
    }
}

/// One thing bare, several as a tuple.
pub(super) fn gather(items: impl IntoIterator<Item = impl ToTokens>) -> TokenStream {
    let items: Vec<TokenStream> = items.into_iter().map(ToTokens::into_token_stream).collect();
    match &items[..] {
        [single] => single.clone(),
        several => quote!((#(#several),*)),
    }
}
