//! `call_jvp_call_jvp_call_vjp`: the reverse mode of the second forward derivative, with tangents that may be left out.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use super::forms::{self, Form, form};
use super::signature::{Parameter, Signature};
use super::{second, tangents};
use crate::ir::{Callee, Passing};
use crate::options::Options;
use crate::transform::Forward;

/// What the form and its pullback take, and what they hand on.
#[derive(Default)]
struct Third {
    params: Vec<TokenStream>,
    /// `let x_dot = ..` for tangents that are left out: in the form, and in its pullback.
    defaults: TokenStream,
    defaults_again: TokenStream,
    /// The tangents that are handed on.
    given: Vec<Ident>,
    /// The pullback's parameters and their types.
    names: Vec<TokenStream>,
    types: Vec<TokenStream>,
    slots: Vec<(TokenStream, TokenStream)>,
    /// What its pullback hands on.
    again: Vec<Ident>,
    handed: Vec<TokenStream>,
}

impl Third {
    /// One of the arguments.
    fn argument(&mut self, parameter: &Parameter, held: &syn::Type, slot: Ident) {
        self.params.push(parameter.declare(&parameter.name.to_token_stream(), held));
        if parameter.passing == Passing::Shared {
            self.names.push(parameter.name.to_token_stream());
            self.types.push(tangents::without_lifetimes(&parameter.ty).into_token_stream());
            self.again.push(parameter.name.clone());
        }
        self.slot(parameter, slot, true);
    }

    /// One of its tangents.
    fn tangent(
        &mut self,
        signature: &Signature<'_>,
        parameter: &Parameter,
        held: Option<&syn::Type>,
        names: [Ident; 2],
    ) {
        let [dot, slot] = names;
        let ty = &parameter.call_dot;
        self.params.push(held.map_or_else(|| quote!(#dot: Option<#ty>), |held| quote!(#dot: Option<#held>)));
        let (default, public) = (forms::or_zero(signature, parameter, &dot), parameter.is_public());
        if parameter.passing == Passing::Shared {
            self.names.push(dot.to_token_stream());
            self.types.push(quote!(Option<#ty>));
            self.defaults_again.extend(default.clone());
            self.again.extend(public.then(|| dot.clone()));
        }
        self.defaults.extend(default);
        self.given.extend(public.then_some(dot));
        self.slot(parameter, slot, public);
    }

    fn slot(&mut self, parameter: &Parameter, slot: Ident, handed: bool) {
        let ty = &parameter.slot;
        let name = if handed { slot.to_token_stream() } else { quote!(_) };
        self.handed.extend(handed.then(|| name.clone()));
        self.slots.push((name, quote!(Option<&mut #ty>)));
    }
}

/// What the reverse mode of third derivatives asks for, so that rustc says where there is none, and what it is granted by: it is
/// there where all that is called has it.
pub(super) fn requirements(
    item: &syn::ItemFn,
    options: &Options,
    signature: &Signature<'_>,
    forward: &Forward,
) -> (Vec<TokenStream>, Option<TokenStream>) {
    let rt = signature.full_rt();
    let asked = |path: &TokenStream| quote!(for<'third> #path: #rt::ReverseOfThird<'third>);
    let name = options.companion.as_ref().unwrap_or(&item.sig.ident);
    let declares = forward.primal.body.stmts.iter().any(|stmt| !second::declared(stmt).is_empty());
    let called = |callee: &Callee| (!callee.recursive).then(|| callee.companion().clone());
    let mut callees: Vec<TokenStream> = second::callees(&forward.primal, called).iter().map(asked).collect();
    let granted = forward.reverse.as_ref().filter(|_| !declares).map(|_| {
        quote! {
            #[doc(hidden)]
            #[allow(dead_code)]
            const REVERSE_OF_THIRD: () = {
                impl<'own> #rt::ReverseOfThird<'own> for #name where #(#callees),* {}
            };
        }
    });
    if granted.is_none() {
        callees.clear();
    }
    callees.insert(0, asked(&quote!(Self)));
    (callees, granted)
}

/// The form itself.
pub(super) fn member(signature: &Signature<'_>, of_both: &Signature<'_>, asked: &[TokenStream]) -> TokenStream {
    let mut locals = of_both.locals();
    let (held, lifetime) = of_both.captured_params(|parameter| parameter.passing == Passing::Value);
    let mut held = held.iter();
    let mut third = Third::default();
    for (parameter, held) in signature.parameters.iter().zip(held.by_ref()) {
        third.argument(parameter, held, locals.suffixed(parameter, "bar"));
    }
    // The tangent of each argument, then those of both.
    for group in ["dot", "dot_again", "dot_dot"] {
        for parameter in &signature.parameters {
            let held = if parameter.is_public() { held.next() } else { None };
            let slot = locals.suffixed(parameter, &format!("{group}_bar"));
            third.tangent(signature, parameter, held, [locals.suffixed(parameter, group), slot]);
        }
    }
    let [seed, value, pullback] = ["seed", "value", "pullback"].map(|name| locals.name(name));
    let (slots, slot_types): (Vec<_>, Vec<_>) = third.slots.into_iter().unzip();
    let Third { params, defaults, defaults_again, given, names, types, again, handed, .. } = third;
    let captured: Vec<syn::Lifetime> = lifetime.iter().cloned().collect();
    let (capture, result) = (signature.capture(&captured), &of_both.result);
    let (arguments, call) = (forms::arguments(signature), of_both.call("call_vjp"));
    let of_seed = forms::pullback_types(of_both).seed;
    form(
        signature,
        Form {
            name: "call_jvp_call_jvp_call_vjp",
            doc: format!("A derivative of `{}`, as other derivatives call it.", signature.shown("call_jvp")),
            hidden: true,
            bounds: Some(quote!(#(#asked),*)),
            generics: signature.generic_params(lifetime.as_ref()),
            params,
            result: quote!((#result, impl Fn(#(#types,)* #of_seed, #(#slot_types),*) + #capture)),
            body: quote! {
                #defaults
                let (#value, #pullback) = #call(#(#arguments,)* #(#given),*);
                (#value, move |#(#names: #types,)* #seed: #of_seed, #(#slots: #slot_types),*| {
                    #defaults_again
                    #pullback(#(#again,)* #seed, #(#handed),*)
                })
            },
        },
    )
}
