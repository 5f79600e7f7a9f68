//! The matrix of first derivatives.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::forms::{self, Form, form};
use super::second::{again, tangent_again};
use super::signature::{Parameter, Signature};
use crate::analysis::types::{self, strip_refs};
use crate::ir::{Type, literals};

/// `jacobian`, `jacobian_forward` and `jacobian_reverse`, for one parameter that is a number or a list of numbers.
pub(super) fn members(signature: &Signature<'_>, lanes: bool) -> Option<TokenStream> {
    let parameter = signature.sole_differentiated()?;
    let known = types::numbers(strip_refs(&parameter.known))?;
    let number = literals::float_name(&known)?;
    let (forward, reverse) = (forward(signature, parameter, &number, lanes), reverse(signature, parameter, &number));
    let either = either(signature, parameter, &number);
    Some(quote!(#either #forward #reverse))
}

/// By rows, unless there are more of these than columns.
fn either(signature: &Signature<'_>, parameter: &Parameter, number: &TokenStream) -> TokenStream {
    let doc = "The matrix of the first derivatives of `{}`, one row for each number of the result: by forward or reverse mode, whichever needs fewer sweeps.";
    let (rt, forward, arguments) =
        (&signature.paths.rt, signature.call("jacobian_forward"), forms::arguments(signature));
    let body = by_rows(signature, parameter, |value| {
        quote! {
            if #rt::Coordinates::count(&#value) >= columns {
                return #forward(#(#arguments),*);
            }
        }
    });
    matrix(signature, "jacobian", doc, number, body)
}

fn forward(signature: &Signature<'_>, parameter: &Parameter, number: &TokenStream, lanes: bool) -> TokenStream {
    let doc = "The Jacobian of `{}` by forward mode, column by column.";
    if let Some(Type::Float(float)) = types::numbers(strip_refs(&parameter.known)).filter(|_| lanes)
        && let Some(body) = super::lanes::jacobian(signature, parameter, &float)
    {
        return matrix(signature, "jacobian_forward", doc, number, body);
    }
    let (rt, zero, given) = (&signature.paths.rt, forms::zero(signature, parameter), given(signature));
    let (jvp, direction) = (signature.call("jvp"), signature.locals().suffixed(parameter, "dot"));
    let tangent = tangent_again(parameter, &direction);
    let body = quote!(#rt::jacobian_by_columns(#zero, |#direction| #jvp(#(#given,)* #tangent).1));
    matrix(signature, "jacobian_forward", doc, number, body)
}

fn reverse(signature: &Signature<'_>, parameter: &Parameter, number: &TokenStream) -> TokenStream {
    let body = by_rows(signature, parameter, |_| TokenStream::new());
    matrix(signature, "jacobian_reverse", "The Jacobian of `{}` by reverse mode, row by row.", number, body)
}

/// A pullback for each row; `otherwise` is what stands between the forward sweep and these.
fn by_rows(
    signature: &Signature<'_>,
    parameter: &Parameter,
    otherwise: impl FnOnce(&Ident) -> TokenStream,
) -> TokenStream {
    let (rt, zero, given) = (&signature.paths.rt, forms::zero(signature, parameter), given(signature));
    let (mut locals, vjp) = (signature.locals(), signature.call("vjp"));
    let (value, pullback, seed) = (locals.name("value"), locals.name("pullback"), locals.name("value_bar"));
    let otherwise = otherwise(&value);
    quote! {
        let columns = #rt::Coordinates::count(&#zero);
        let (#value, #pullback) = #vjp(#(#given),*);
        #otherwise
        #rt::jacobian_by_rows(#rt::zero_tangent(&#value), columns, |#seed| #pullback(#seed.clone()))
    }
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
            bounds: signature.number_of_matrix(number),
            generics: signature.generic_params(None),
            params: signature.primal_params(),
            result: quote!(#rt::ndarray::Array2<#number>),
            body,
        },
    )
}
