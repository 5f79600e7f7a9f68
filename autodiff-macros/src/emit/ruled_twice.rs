//! Second derivatives of a function whose forward derivative is given by a rule: the first ones of the rule, which is
//! annotated itself.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use super::body::Body;
use super::signature::Signature;
use super::{forms, items, second};
use crate::options::Options;

/// The name of the forward rule that is made for the root of an equation.
pub(crate) fn rule_of_root(root: &Ident) -> Ident {
    quote::format_ident!("{root}_in_direction")
}

/// The derivatives of `call_jvp`.
pub(super) fn members(
    item: &syn::ItemFn,
    options: &Options,
    signature: &Signature<'_>,
    rule: &syn::Path,
) -> Option<TokenStream> {
    let rule_item = second::pushforward(item, signature);
    let mut outline = items::outline(&rule_item, options)?;
    for tangent in outline.params.iter_mut().skip(signature.parameters.len()) {
        (tangent.differentiated, tangent.frozen) = (true, false);
    }
    let mut of_jvp = signature.again(&rule_item, &outline).twice(&rule_item, &outline);
    of_jvp.prefix = format!("{}_", signature.name("jvp"));
    let mut locals = of_jvp.locals();
    let names: Vec<TokenStream> = of_jvp.parameters.iter().map(|parameter| parameter.name.to_token_stream()).collect();
    let dots: Vec<Ident> = of_jvp.with_derivative().map(|parameter| locals.suffixed(parameter, "dot")).collect();
    let split = Body::new(names.clone(), quote!(#rule::call_vjp(#(#names),*)));
    let forward = quote!(#rule::jvp(#(#names,)* #(#dots),*));
    let all = names.into_iter().chain(dots.into_iter().map(Ident::into_token_stream)).collect();
    let forward = Body::new(all, forward);
    let (jvp, call_vjp) = (forms::jvp(&of_jvp, &forward), forms::call_vjp(&of_jvp, &split));
    let (call_jvp, optional) = (forms::call_jvp(&of_jvp, &forward), second::optional_forms(signature, &of_jvp));
    Some(quote!(#jvp #call_vjp #call_jvp #optional))
}
