//! Second derivatives of the methods of traits.
//!
//! An implementation gives those of `jvp`, `jvp_call_vjp` and `jvp_call_jvp`. The trait has what other derivatives call, and
//! what users call, in terms of these two.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::body::{self, Body, PullbackForm};
use super::signature::Signature;
use super::{forms, second};
use crate::ir::{Function, Passing};
use crate::options::Options;
use crate::owner::Place;
use crate::transform::Second;

/// Those of a method with a body: in an implementation, or in a trait that has it as a default.
pub(super) fn members(
    item: &syn::ItemFn,
    options: &Options,
    signature: &Signature<'_>,
    second: &Second,
) -> TokenStream {
    let signature = &signature.again(item, &second.primal).twice(item, &second.primal);
    let of_jvp_item = second::pushforward(item, signature);
    let of_jvp = second::of_jvp(&of_jvp_item, signature, &second.primal);
    let form = if signature.boxed { PullbackForm::Boxed } else { PullbackForm::Named };
    let split = body::split(&second.derivatives.split, &of_jvp.paths, &forms::pullback_types(&of_jvp), form);
    let forward = body::function(&second.derivatives.jvp, &of_jvp.paths, of_jvp.doubles_receiver());
    let given = both(&of_jvp, &split, &forward);
    match signature.place() {
        Some(Place::Trait) => {
            let public = public(options, signature, &of_jvp, &second.primal, second.hvp.is_some());
            quote!(#given #public)
        }
        _ => given,
    }
}

/// Those of a method that a trait leaves to its implementations; `outline` is `jvp` without its body.
pub(super) fn required(
    item: &syn::ItemFn,
    options: &Options,
    signature: &Signature<'_>,
    outline: &Function,
    number: bool,
) -> TokenStream {
    let signature = &signature.again(item, outline).twice(item, outline);
    let of_jvp_item = second::pushforward(item, signature);
    let mut of_jvp = second::of_jvp(&of_jvp_item, signature, outline);
    of_jvp.required = true;
    let names = |suffix: &str| {
        let mut locals = of_jvp.locals();
        let own = of_jvp.parameters.iter().map(|parameter| parameter.name.clone());
        let more = of_jvp.with_derivative().map(|parameter| locals.suffixed(parameter, suffix));
        Body::new(own.chain(more).map(ToTokens::into_token_stream).collect(), TokenStream::new())
    };
    let given = both(&of_jvp, &names("bar"), &names("dot"));
    let public = public(options, signature, &of_jvp, outline, number);
    quote!(#given #public)
}

/// What implementations give.
fn both(of_jvp: &Signature<'_>, split: &Body, forward: &Body) -> TokenStream {
    let (call_vjp, call_jvp) = (forms::call_vjp(of_jvp, split), forms::call_jvp(of_jvp, forward));
    quote!(#call_vjp #call_jvp)
}

/// What the trait makes of that.
fn public(
    options: &Options,
    signature: &Signature<'_>,
    of_jvp: &Signature<'_>,
    pushforward: &Function,
    number: bool,
) -> TokenStream {
    let called = second::optional_forms(signature, of_jvp);
    let asked = number && options.hvp.or(options.hessian).is_some();
    let products = asked.then(|| {
        let into = second::hvp_into(signature, of_jvp, &through_pullback(signature, of_jvp));
        let hvp = second::hvp(signature);
        let hessian = options.hessian.and_then(|_| second::hessian(signature, &pushforward.result));
        quote!(#into #hvp #hessian)
    });
    quote!(#called #products)
}

/// `hvp_into` by the pullback of `jvp`.
fn through_pullback(signature: &Signature<'_>, of_jvp: &Signature<'_>) -> Body {
    let mut locals = of_jvp.locals();
    let (value, dot, pullback) = (locals.name("value"), locals.name("value_dot"), locals.name("pullback"));
    let own: Vec<TokenStream> = of_jvp.parameters.iter().map(|parameter| parameter.name.to_token_stream()).collect();
    let bars: Vec<_> = signature.differentiated().map(|parameter| locals.suffixed(parameter, "bar")).collect();
    let mut given = bars.iter();
    let slots =
        signature.parameters.iter().map(|parameter| match parameter.is_public().then(|| given.next()).flatten() {
            Some(bar) => quote!(Some(&mut *#bar)),
            None => quote!(None),
        });
    let dots = bars.iter().map(|_| quote!(None));
    let slots: Vec<TokenStream> = slots.chain(dots).collect();
    let again = of_jvp.parameters.iter().filter(|p| p.passing == Passing::Shared).map(|p| &p.name);
    let (call, arguments) = (of_jvp.call("call_vjp"), of_jvp.hidden_arguments());
    let (rt, one) = (&signature.paths.rt, signature.one());
    let body = quote! {
        let ((#value, #dot), #pullback) = #call(#(#arguments),*);
        #pullback(#(#again,)* &(#rt::zero_tangent(&#value), #one), #(#slots),*);
        #dot
    };
    Body::new(own.into_iter().chain(bars.iter().map(ToTokens::to_token_stream)).collect(), body)
}
