//! The matrix of first derivatives.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::forms::{self, Form, form};
use super::second::again;
use super::signature::{Parameter, Signature};
use crate::analysis::types::{self, strip_refs};
use crate::ir::{Passing, Type, literals};

/// `jacobian`, `jacobian_forward` and `jacobian_reverse`, for one parameter that is a number or a list of numbers.
pub(super) fn members(signature: &Signature<'_>) -> Option<TokenStream> {
    let mut public = signature.differentiated();
    let (Some(parameter), None) = (public.next(), public.next()) else { return None };
    let known = types::numbers(strip_refs(&parameter.known))?;
    let number = literals::float_name(&known)?;
    let (forward, reverse) = (forward(signature, parameter, &number), reverse(signature, parameter, &number));
    let either = either(signature, parameter, &number);
    Some(quote!(#either #forward #reverse))
}

fn either(signature: &Signature<'_>, parameter: &Parameter, number: &TokenStream) -> TokenStream {
    let rt = &signature.paths.rt;
    let (zero, given) = (forms::zero(signature, parameter), given(signature));
    let (vjp, forward, reverse) =
        (signature.call("vjp"), signature.call("jacobian_forward"), signature.call("jacobian_reverse"));
    let arguments = forms::arguments(signature);
    let body = quote! {
        let rows = #rt::Coordinates::count(&#vjp(#(#given),*).0);
        if rows < #rt::Coordinates::count(&#zero) {
            #reverse(#(#arguments),*)
        } else {
            #forward(#(#arguments),*)
        }
    };
    let doc = "The matrix of the first derivatives of `{}`, one row for each number of the result: by forward or reverse mode, whichever needs fewer sweeps.";
    matrix(signature, "jacobian", doc, number, body)
}

fn forward(signature: &Signature<'_>, parameter: &Parameter, number: &TokenStream) -> TokenStream {
    let (rt, zero, given) = (&signature.paths.rt, forms::zero(signature, parameter), given(signature));
    let jvp = signature.call("jvp");
    let direction = signature.locals().suffixed(parameter, "dot");
    let view = matches!(strip_refs(&parameter.known), Type::Tensor(tensor) if tensor.view);
    let tangent = match parameter.passing {
        Passing::Value if view => quote!(#direction.view()),
        Passing::Value => quote!(#direction.clone()),
        Passing::Shared | Passing::Mut => direction.to_token_stream(),
    };
    let body = quote!(#rt::jacobian_by_columns(#zero, |#direction| #jvp(#(#given,)* #tangent).1));
    matrix(signature, "jacobian_forward", "The Jacobian of `{}` by forward mode, column by column.", number, body)
}

fn reverse(signature: &Signature<'_>, parameter: &Parameter, number: &TokenStream) -> TokenStream {
    let (rt, zero, given) = (&signature.paths.rt, forms::zero(signature, parameter), given(signature));
    let vjp = signature.call("vjp");
    let mut locals = signature.locals();
    let (value, pullback, seed) = (locals.name("value"), locals.name("pullback"), locals.name("value_bar"));
    let body = quote! {
        let columns = #rt::Coordinates::count(&#zero);
        let (#value, #pullback) = #vjp(#(#given),*);
        #rt::jacobian_by_rows(#rt::zero_tangent(&#value), columns, |#seed| #pullback(#seed.clone()))
    };
    matrix(signature, "jacobian_reverse", "The Jacobian of `{}` by reverse mode, row by row.", number, body)
}

fn given(signature: &Signature<'_>) -> Vec<TokenStream> {
    signature.parameters.iter().map(again).collect()
}

fn matrix(signature: &Signature<'_>, name: &str, doc: &str, number: &TokenStream, body: TokenStream) -> TokenStream {
    let rt = &signature.paths.rt;
    form(
        signature,
        Form {
            name,
            doc: doc.replace("{}", &signature.function),
            hidden: false,
            bounds: None,
            generics: signature.generic_params(None),
            params: signature.primal_params(),
            result: quote!(#rt::ndarray::Array2<#number>),
            body,
        },
    )
}
