//! Forward derivatives of the third and higher orders, which those of callers call.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use super::body::{Body, PullbackForm};
use super::forms::{self, Form, form};
use super::signature::Signature;
use super::{body, second, third};
use crate::ir::{Function, Passing};
use crate::transform::Forward;

/// `call_jvp_call_jvp_call_jvp` and so on. `before` is `jvp` as a function of its own; each of `forwards` is a function,
/// `jvp` of the one before, with its forward derivative.
pub(super) fn members(
    signature: &Signature<'_>,
    before: (&syn::ItemFn, &Signature<'_>),
    forwards: &[Forward],
) -> TokenStream {
    let (Some((Forward { primal, jvp, .. }, rest)), false) = (forwards.split_first(), signature.takes_functions())
    else {
        return TokenStream::new();
    };
    let (item, of) = before;
    let next = second::pushforward(item, of);
    let of_next = self::next(&next, of, primal);
    let body = body::function(jvp, &of_next.paths, false);
    let (jvp, call_jvp) = (forms::jvp(&of_next, &body), forms::call_jvp(&of_next, &body));
    let optional = optional(signature, &of_next);
    let rest = members(signature, (&next, &of_next), rest);
    quote!(#jvp #call_jvp #optional #rest)
}

/// The signature of `jvp` of the function with the signature `of`.
pub(super) fn next<'a>(item: &'a syn::ItemFn, of: &Signature<'a>, primal: &Function) -> Signature<'a> {
    let mut next = of.again(item, primal).twice(item, primal);
    next.prefix = format!("{}_", of.name("jvp"));
    next
}

/// Free functions of values have reverse derivatives of the third order.
pub(super) fn has_reverse(signature: &Signature<'_>) -> bool {
    let writes = signature.parameters.iter().any(|parameter| parameter.passing == Passing::Mut);
    signature.owner.is_none() && !signature.takes_functions() && !signature.is_unit() && !writes
}

/// `jvp` of `jvp` in reverse mode, as the derivatives of callers call it, and those of functions that call `jvp`. Where there is
/// none, what is `asked` is never granted.
pub(super) fn reverse(
    signature: &Signature<'_>,
    of_jvp: &Signature<'_>,
    of_both: &Signature<'_>,
    forward: &Forward,
    asked: &[TokenStream],
) -> TokenStream {
    let form = if signature.boxed { PullbackForm::Boxed } else { PullbackForm::Named };
    let types = forms::pullback_types(of_both);
    let split = match &forward.reverse {
        Some(reverse) => body::split(reverse, &of_both.paths, &types, form),
        None => {
            let names = of_both.parameters.iter().map(|parameter| parameter.name.to_token_stream());
            Body::new(names.collect(), of_both.never_pair(&types.all(), None))
        }
    };
    let call_vjp = forms::call_vjp(of_both, &split);
    let (of_jvp_forms, of_callers) =
        (second::optional_forms(of_jvp, of_both), third::member(signature, of_both, asked));
    quote!(#call_vjp #of_jvp_forms #of_callers)
}

/// The forward derivative of `of`, with a tangent that may be left out for everything that is no parameter of the function.
fn optional(signature: &Signature<'_>, of: &Signature<'_>) -> TokenStream {
    let own = signature.parameters.len();
    let public = signature.parameters.iter().filter(|parameter| parameter.is_public()).count();
    // As many tangents of each parameter as the function `of` takes, and the same number and one more in its derivative.
    let groups = (of.parameters.len() - own).checked_div(public).unwrap_or(0);
    let name = |group: usize, at: usize| Ident::new(&format!("tangent_{group}_{at}"), proc_macro2::Span::call_site());
    let (mut params, mut defaults) = (signature.hidden_params(), Vec::new());
    for group in 0..=2 * groups {
        for (at, parameter) in signature.parameters.iter().enumerate() {
            let (dot, ty) = (name(group, at), &parameter.call_dot);
            params.push(quote!(#dot: Option<#ty>));
            if group < groups {
                defaults.push(forms::or_zero(signature, parameter, &dot));
            }
        }
    }
    let carried = |group: usize| {
        let parameters = signature.parameters.iter().enumerate();
        let all = group == groups;
        let names = parameters.filter(move |(_, parameter)| all || parameter.is_public());
        names.map(|(at, _)| name(group, at)).collect::<Vec<Ident>>()
    };
    let tangents: Vec<Ident> = (0..=2 * groups).flat_map(carried).collect();
    let (names, call) = (forms::arguments(signature), of.call("call_jvp"));
    let (result, tangent) = (&of.result, &of.result_tangent);
    let order = (groups + 1).ilog2() as usize + 1;
    let call = quote!(#call(#(#names,)* #(#tangents),*));
    let (result, call) = if signature.is_unit() && !signature.is_fallible() {
        // A pair for each order stands for the values that are not there.
        let pairs = (0..order).fold(quote!(()), |pair, _| quote!((#pair, #pair)));
        (pairs.clone(), quote!(#call; #pairs))
    } else {
        (quote!((#result, #tangent)), call)
    };
    let all = |of: &str| vec![of; order].join("_");
    let form_of = |name: &str, params: Vec<TokenStream>, body: TokenStream| {
        let doc = format!("A derivative of `{}`, as other derivatives call it.", signature.shown("call_jvp"));
        let (generics, result) = (signature.generic_params(None), result.clone());
        form(signature, Form { name, doc, hidden: true, generics, params, result, body, bounds: None })
    };
    let plain = form_of(&all("call_jvp"), params.clone(), quote!(#(#defaults)* #call));
    let Some(receiver) = signature.parameters.first().filter(|first| first.receiver) else { return plain };
    // The same for callers that do not know how the method takes its receiver.
    let by_exclusion = receiver.passing == Passing::Shared && receiver.is_public();
    let count = signature.parameters.len();
    let mut handed_on = Vec::new();
    for group in 0..=2 * groups {
        for at in 0..count {
            let tangent = name(group, at);
            let exclusive = at == 0 && by_exclusion;
            if exclusive {
                let slot = &receiver.slot;
                params[(group + 1) * count] = quote!(#tangent: Option<&mut #slot>);
            }
            handed_on.push(if exclusive { quote!(#tangent.map(|tangent| &*tangent)) } else { quote!(#tangent) });
        }
    }
    let call = signature.call(&all("call_jvp"));
    let mutable = form_of(&all("call_mut_jvp"), params, quote!(#call(#(#names,)* #(#handed_on),*)));
    quote!(#plain #mutable)
}
