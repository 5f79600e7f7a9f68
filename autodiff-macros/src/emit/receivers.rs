//! The forms of a method that are called where the receiver can be borrowed mutably and nothing tells whether it has to be.
//!
//! Of a method that takes `&self` they keep a copy of the receiver, since what follows may change it.

use proc_macro2::TokenStream;
use quote::quote;

use super::forms::{self, Form, form};
use super::signature::{Parameter, Signature};
use crate::ir::Passing;

/// Both forms, for methods.
pub(super) fn mutable_forms(signature: &Signature<'_>) -> TokenStream {
    match signature.parameters.first() {
        Some(receiver) if receiver.receiver => {
            let (vjp, jvp) = (call_mut_vjp(signature, receiver), call_mut_jvp(signature, receiver));
            quote!(#vjp #jvp)
        }
        _ => TokenStream::new(),
    }
}

fn call_mut_vjp(signature: &Signature<'_>, receiver: &Parameter) -> TokenStream {
    let mut types = forms::pullback_types(signature);
    let kept = receiver.passing == Passing::Shared;
    if kept {
        types.again.remove(0);
    }
    let mut locals = signature.locals();
    let (names, call) = (signature.hidden_arguments(), signature.call("call_vjp"));
    let (_, lifetime, pullback) = forms::call_vjp_signature(signature, &names, &types);
    let params = signature.held_params();
    let body = if kept {
        let (this, value, pullback) = (locals.name("this"), locals.name("value"), locals.name("pullback"));
        let handed_on: Vec<_> = types.all().iter().enumerate().map(|(at, _)| locals.name(&format!("p{at}"))).collect();
        let types = types.all();
        let closure = quote!(move |#(#handed_on: #types),*| #pullback(&#this, #(#handed_on),*));
        let closure = if signature.boxed { quote!(Box::new(#closure)) } else { closure };
        let rt = &signature.paths.rt;
        quote! {
            let #this = #rt::Keep::keep(self);
            let (#value, #pullback) = #call(#(#names),*);
            (#value, #closure)
        }
    } else {
        quote!(#call(#(#names),*))
    };
    let result = &signature.result;
    form(
        signature,
        Form {
            name: "call_mut_vjp",
            doc: format!("Like `{}`, for a receiver that may be changed later.", signature.shown("call_vjp")),
            hidden: true,
            generics: signature.generic_params(lifetime.as_ref()),
            params,
            result: quote!((#result, #pullback)),
            body: signature.stub_pair(&types.all(), None, body),
            bounds: kept.then(|| signature.keeps_receiver()),
        },
    )
}

fn call_mut_jvp(signature: &Signature<'_>, receiver: &Parameter) -> TokenStream {
    let mut locals = signature.locals();
    let dots: Vec<_> = signature.parameters.iter().map(|parameter| locals.suffixed(parameter, "dot")).collect();
    let mut params = signature.primal_params();
    let mut given = Vec::new();
    for (parameter, dot) in signature.parameters.iter().zip(&dots) {
        let ty = &parameter.call_dot;
        let by_exclusion = parameter.receiver && parameter.differentiated && receiver.passing == Passing::Shared;
        if by_exclusion {
            let slot = &parameter.slot;
            params.push(quote!(#dot: Option<&mut #slot>));
            given.push(quote!(#dot.map(|dot| &*dot)));
        } else {
            params.push(quote!(#dot: Option<#ty>));
            given.push(quote!(#dot));
        }
    }
    let (names, call) = (signature.hidden_arguments(), signature.call("call_jvp"));
    let (result, tangent) = (&signature.result, &signature.result_tangent);
    form(
        signature,
        Form {
            name: "call_mut_jvp",
            doc: format!("Like `{}`, for a receiver that may be changed later.", signature.shown("call_jvp")),
            hidden: true,
            generics: signature.generic_params(None),
            params,
            result: quote!((#result, #tangent)),
            body: signature.stub(quote!(#call(#(#names,)* #(#given),*))),
            bounds: None,
        },
    )
}
