//! The functions of a companion.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use super::body::{Body, PullbackTypes};
use super::constant;
use super::dispatch;
use super::names::Names;
use super::print::Printer;
use super::signature::{Locals, Parameter, Signature, gather};
use super::tangents;
use super::tree::Expr;
use super::types;
use crate::ir::{Passing, Type};
use crate::owner::Place;

/// A function of the companion: `attrs pub fn name generics(params) -> result where { body }`.
pub(super) struct Form<'a> {
    pub(super) name: &'a str,
    pub(super) doc: String,
    pub(super) hidden: bool,
    pub(super) generics: TokenStream,
    pub(super) params: Vec<TokenStream>,
    pub(super) result: TokenStream,
    pub(super) body: TokenStream,
    /// A bound that only this function has.
    pub(super) bounds: Option<TokenStream>,
}

pub(super) fn form(signature: &Signature<'_>, form: Form<'_>) -> TokenStream {
    let Form { name, doc, hidden, generics, params, result, body, bounds } = form;
    let called = name.to_owned();
    let (name, doc, vis) = (signature.name(name), format!(" {doc}"), &signature.vis);
    let hidden = hidden.then(|| quote!(#[doc(hidden)]));
    let imports = signature.imports(&body);
    let lints =
        imports.is_some().then(|| quote!(#[allow(warnings, unused, clippy::all, clippy::pedantic, clippy::nursery)]));
    let result = if result.to_string() == "()" { TokenStream::new() } else { quote!(-> #result) };
    let bounds = signature.where_clause(bounds);
    let constant = is_constant(signature, &called, &body, imports.is_some()).then(|| quote!(const));
    quote! {
        #[doc = #doc]
        #hidden
        #[inline]
        #[track_caller]
        #lints
        #vis #constant fn #name #generics(#(#params),*) #result #bounds { #imports #body }
    }
}

/// Whether a form of a `const fn` can be one itself.
fn is_constant(signature: &Signature<'_>, form: &str, body: &TokenStream, imports: bool) -> bool {
    signature.constant
        && match form {
            "value_and_grad_into" | "jvp" => !imports && constant::is_constant(body),
            "value_and_grad" | "grad" => signature.constant_gradient,
            _ => false,
        }
}

/// Whether the gradient of a `const fn` can be computed at compile time, given the joint form.
pub(super) fn has_constant_gradient(signature: &Signature<'_>, joint: &Body) -> bool {
    let plain = |parameter: &Parameter| has_constant_zero(&parameter.known) && !tangents::has_shape(&parameter.known);
    signature.constant && constant::is_constant(&joint.body) && signature.differentiated().all(plain)
}

/// The zero tangent of a parameter.
pub(super) fn zero(signature: &Signature<'_>, parameter: &Parameter) -> TokenStream {
    let name = &parameter.name;
    if parameter.function.is_some() {
        let rt = &signature.paths.rt;
        return quote!(#rt::zero_tangent(&#name.0));
    }
    let known = super::expr::behind_refs(&parameter.known);
    match types::zero(known, &Expr::Tokens(quote!(#name)), false, &signature.paths) {
        Some(zero) => {
            let names = Names::none();
            Printer { names: &names, paths: &signature.paths }.expr(&zero)
        }
        None => {
            let argument = match parameter.passing {
                Passing::Shared => quote!(#name),
                Passing::Value => quote!(&#name),
                Passing::Mut => quote!(&*#name),
            };
            let of = if crate::analysis::types::has_lanes(known) { known } else { &Type::Unknown };
            let zero = super::expr::zero_function(of, &signature.paths);
            quote!(#zero(#argument))
        }
    }
}

/// Whether the zero tangent can be written down without looking at the parameter.
fn has_constant_zero(known: &Type) -> bool {
    match known {
        Type::Ref { mutable: _, inner } => has_constant_zero(inner),
        Type::Float(_) => true,
        Type::Array(item, _) => has_constant_zero(item),
        Type::Tuple(items) => {
            items.iter().all(|item| has_constant_zero(item) || matches!(item, Type::Int(_) | Type::Bool))
        }
        _ => false,
    }
}

pub(super) fn arguments<'s>(signature: &'s Signature<'_>) -> Vec<&'s Ident> {
    signature.parameters.iter().map(|parameter| &parameter.name).collect()
}

/// The checks of what the caller gives beside the arguments: one for each differentiated parameter that has a shape.
pub(super) fn checks(signature: &Signature<'_>, form: &str, body: &Body) -> Vec<TokenStream> {
    let rt = &signature.paths.rt;
    let operation = signature.shown(form);
    let check = if takes_tangents(form) { quote!(#rt::check_tangent) } else { quote!(#rt::check_cotangent) };
    let given = signature.with_derivative().zip(body.params.iter().skip(signature.parameters.len()));
    let shaped = given.filter(|(parameter, _)| tangents::has_shape(&parameter.known));
    let check = shaped.map(|(parameter, given)| {
        let (name, text) = (&parameter.name, parameter.name.to_string());
        let primal = if parameter.passing == Passing::Value { quote!(&#name) } else { quote!(#name) };
        let given = match parameter.passing {
            Passing::Value if takes_tangents(form) => quote!(&#given),
            Passing::Value | Passing::Shared | Passing::Mut => given.clone(),
        };
        quote!(#check(#operation, #text, #primal, #given);)
    });
    check.collect()
}

fn takes_tangents(form: &str) -> bool {
    matches!(form, "jvp" | "hvp_into")
}

/// The joint form: forward and reverse sweep in one body.
pub(super) fn value_and_grad_into(signature: &Signature<'_>, joint: &Body) -> TokenStream {
    let (mut params, mut unused) = (signature.declare(&joint.params, std::iter::empty()), Vec::new());
    for (parameter, bar) in signature.with_derivative().zip(joint.params.iter().skip(signature.parameters.len())) {
        if parameter.function.is_some() {
            if signature.place() == Some(Place::Trait) {
                continue;
            }
            let (rt, name) = (&signature.paths.rt, &parameter.name);
            unused.push(quote!(let #bar = &mut #rt::zero_tangent(&#name);));
        } else {
            let slot = &parameter.slot;
            params.push(quote!(#bar: &mut #slot));
        }
    }
    let checks = checks(signature, "value_and_grad_into", joint);
    let declared = signature.place() == Some(Place::Trait);
    let body = if declared { dispatch::through_pullback(signature, joint) } else { joint.body.clone() };
    if signature.called {
        return seeded(signature, joint, &checks);
    }
    let functions = if declared { TokenStream::new() } else { signature.unpack_functions() };
    form(
        signature,
        Form {
            name: "value_and_grad_into",
            doc: format!("The value of `{}`; its gradients are added to the given buffers.", signature.function),
            hidden: false,
            bounds: signature.seeded(),
            generics: signature.generic_params(None),
            params,
            result: signature.result.clone(),
            body: signature.stub(quote!(#(#checks)* #functions #(#unused)* #body)),
        },
    )
}

/// The joint form for a given cotangent of the value, which is its last parameter, and the one that users call.
fn seeded(signature: &Signature<'_>, joint: &Body, checks: &[TokenStream]) -> TokenStream {
    let (result, call) = (&signature.result, signature.call("call_joint"));
    let buffers = || signature.with_derivative().zip(joint.params.iter().skip(signature.parameters.len()));
    let slots = || buffers().map(|(Parameter { slot, .. }, bar)| quote!(#bar: &mut #slot));
    let seed = joint.params.last().map(|seed| quote!(#seed: #result));
    let params = signature.declare(&joint.params, std::iter::empty());
    let hidden = form(
        signature,
        Form {
            name: "call_joint",
            doc: format!(
                "The value of `{}`; its gradients, times a cotangent of the value, are added to the given buffers.",
                signature.function
            ),
            hidden: true,
            bounds: None,
            generics: TokenStream::new(),
            params: params.into_iter().chain(slots()).chain(seed).collect(),
            result: result.clone(),
            body: signature.stub(joint.body.clone()),
        },
    );
    let (names, bars) = (arguments(signature), buffers().map(|(_, bar)| bar));
    let public = form(
        signature,
        Form {
            name: "value_and_grad_into",
            doc: format!("The value of `{}`; its gradients are added to the given buffers.", signature.function),
            hidden: false,
            bounds: signature.seeded(),
            generics: TokenStream::new(),
            params: signature.primal_params().into_iter().chain(slots()).collect(),
            result: result.clone(),
            body: signature.stub(quote!(#(#checks)* #call(#(#names,)* #(#bars,)* 1.0))),
        },
    );
    quote!(#public #hidden)
}

/// The form that gives the gradients; `anew` is its body where loops make some of them, and which.
pub(super) fn value_and_grad(signature: &Signature<'_>, anew: Option<&(TokenStream, Vec<bool>)>) -> TokenStream {
    let plain = !signature.called && !signature.is_fallible() && signature.place().is_none();
    let plain = plain && signature.parameters.iter().all(|parameter| parameter.function.is_none());
    let each = |made: &[bool]| made.len() == signature.differentiated().count();
    if let Some((body, made)) = anew.filter(|(_, made)| plain && each(made)) {
        return gradients_anew(signature, body, made);
    }
    let mut locals = signature.locals();
    let bars: Vec<(Ident, &Parameter)> = signature.differentiated().map(|p| (locals.suffixed(p, "bar"), p)).collect();
    let zeros = bars.iter().map(|(bar, parameter)| {
        let zero = zero(signature, parameter);
        quote!(let mut #bar = #zero;)
    });
    let (names, call, value) = (arguments(signature), signature.call("value_and_grad_into"), locals.name("value"));
    let buffers: Vec<_> = bars.iter().map(|(bar, _)| bar).collect();
    let gradients = gather(bars.iter().map(|(bar, _)| bar));
    let (content, types) = (signature.content(), signature.gradients());
    let both = if signature.is_fallible() {
        quote! {
            let #value = #call(#(#names,)* #(&mut #buffers),*);
            #value.map(|#value| (#value, #gradients))
        }
    } else {
        quote! {
            let #value = #call(#(#names,)* #(&mut #buffers),*);
            (#value, #gradients)
        }
    };
    form(
        signature,
        Form {
            name: "value_and_grad",
            doc: format!(
                "The value of `{}` and its gradients, one for each differentiated parameter.",
                signature.function
            ),
            hidden: false,
            bounds: signature.seeded(),
            generics: signature.generic_params(None),
            params: signature.primal_params(),
            result: signature.wrapped(quote!((#content, #types))),
            body: signature.stub(quote!(#(#zeros)* #both)),
        },
    )
}

/// The form that gives the gradients, some of which its loops make.
fn gradients_anew(signature: &Signature<'_>, body: &TokenStream, made: &[bool]) -> TokenStream {
    let (mut locals, rt) = (signature.locals(), &signature.paths.rt);
    let bars: Vec<(Ident, &Parameter)> = signature.differentiated().map(|p| (locals.suffixed(p, "bar"), p)).collect();
    let starts = bars.iter().zip(made).map(|((bar, parameter), made)| {
        let (name, zero) = (&parameter.name, zero(signature, parameter));
        let argument = if parameter.passing == Passing::Shared { quote!(#name) } else { quote!(&#name) };
        if *made { quote!(let mut #bar = #rt::new_tangent(#argument);) } else { quote!(let mut #bar = #zero;) }
    });
    let borrows = bars.iter().map(|(bar, _)| quote!(let #bar = &mut #bar;));
    let parts = bars.iter().zip(made).map(|((bar, _), made)| if *made { quote!(#bar.finish()) } else { quote!(#bar) });
    let (value, gradients) = (locals.name("value"), gather(parts));
    let (content, types) = (signature.content(), signature.gradients());
    form(
        signature,
        Form {
            name: "value_and_grad",
            doc: format!(
                "The value of `{}` and its gradients, one for each differentiated parameter.",
                signature.function
            ),
            hidden: false,
            bounds: signature.seeded(),
            generics: signature.generic_params(None),
            params: signature.primal_params(),
            result: signature.wrapped(quote!((#content, #types))),
            body: signature.stub(quote! {
                #(#starts)*
                let #value = { #(#borrows)* #body };
                (#value, #gradients)
            }),
        },
    )
}

pub(super) fn grad(signature: &Signature<'_>) -> TokenStream {
    let (names, call) = (arguments(signature), signature.call("value_and_grad"));
    let both = quote!(#call(#(#names),*));
    let only = if signature.is_fallible() {
        let gradients = signature.locals().name("gradients");
        quote!(#both.map(|(_, #gradients)| #gradients))
    } else {
        quote!(#both.1)
    };
    form(
        signature,
        Form {
            name: "grad",
            doc: format!("The gradients of `{}`, one for each differentiated parameter.", signature.function),
            hidden: false,
            bounds: signature.seeded(),
            generics: signature.generic_params(None),
            params: signature.primal_params(),
            result: signature.wrapped(signature.gradients()),
            body: signature.stub(only),
        },
    )
}

/// The types in the signature of the pullback that `call_vjp` returns.
pub(super) fn pullback_types(signature: &Signature<'_>) -> PullbackTypes {
    let again = signature.parameters.iter().filter(|parameter| parameter.passing == Passing::Shared);
    let tangent = &signature.result_tangent;
    let slot = |Parameter { slot, .. }: &Parameter| quote!(Option<&mut #slot>);
    PullbackTypes {
        again: again.map(|parameter| tangents::without_lifetimes(&parameter.ty)).map(|ty| quote!(#ty)).collect(),
        seed: quote!(&#tangent),
        slots: signature.parameters.iter().map(slot).collect(),
        renames_receiver: signature.doubles_receiver(),
    }
}

/// The split form that generated code calls.
pub(super) fn call_vjp(signature: &Signature<'_>, split: &Body) -> TokenStream {
    let types = pullback_types(signature);
    let (params, lifetime, pullback) = call_vjp_signature(signature, &split.params, &types);
    let (functions, body) = (signature.unpack_functions(), signature.behind_receiver(split));
    let functions = [signature.check_default(), functions].into_iter().collect::<TokenStream>();
    let result = &signature.result;
    form(
        signature,
        Form {
            name: "call_vjp",
            doc: format!("The value of `{}` and its pullback, as other derivatives call it.", signature.function),
            hidden: true,
            generics: signature.generic_params(lifetime.as_ref()),
            params,
            result: quote!((#result, #pullback)),
            body: match signature.required {
                true => signature.missing(signature.never_pair(&types.all(), None)),
                false => signature.stub_pair(&types.all(), None, quote!(#functions #body)),
            },
            bounds: None,
        },
    )
}

/// The parameters of the split form, the lifetime that its pullback holds on to, and the pullback's type.
pub(super) fn call_vjp_signature(
    signature: &Signature<'_>,
    names: &[TokenStream],
    types: &PullbackTypes,
) -> (Vec<TokenStream>, Option<syn::Lifetime>, TokenStream) {
    // Parameters by value stay inside the closure, with what they borrow.
    let (params, lifetime) = signature.captured_params(|parameter| parameter.passing == Passing::Value);
    let params = names.iter().zip(&signature.parameters).zip(params);
    let params = params.map(|((name, parameter), ty)| signature.declare_hidden(parameter, name, &ty)).collect();
    let all = types.all();
    let pullback = quote!(Fn(#(#all),*));
    let captured: Vec<syn::Lifetime> = lifetime.iter().cloned().collect();
    let capture = signature.capture(&captured);
    let pullback = match (signature.boxed, &lifetime) {
        (false, _) => quote!(impl #pullback + #capture),
        (true, Some(lifetime)) => quote!(Box<dyn #pullback + #lifetime>),
        (true, None) => quote!(Box<dyn #pullback>),
    };
    (params, lifetime, pullback)
}

/// How `vjp` gets the buffer for one gradient: what runs before the call, and what runs in the pullback.
fn buffer(
    signature: &Signature<'_>,
    locals: &mut Locals,
    parameter: &Parameter,
    bar: &Ident,
) -> (TokenStream, TokenStream) {
    match parameter.passing {
        Passing::Mut => {
            let (before, check) = shape_check(signature, locals, &parameter.name, bar, &parameter.known);
            (before, quote!(#check let mut #bar = #bar;))
        }
        Passing::Shared => {
            let zero = zero(signature, parameter);
            (TokenStream::new(), quote!(let mut #bar = #zero;))
        }
        Passing::Value if has_constant_zero(&parameter.known) => {
            let zero = zero(signature, parameter);
            (TokenStream::new(), quote!(let mut #bar = #zero;))
        }
        Passing::Value => {
            let (kept, zero) = (locals.suffixed(parameter, "zero"), zero(signature, parameter));
            (quote!(let #kept = #zero;), quote!(let mut #bar = #kept.clone();))
        }
    }
}

/// Remembers the shape of `of`, and checks a cotangent against it.
fn shape_check(
    signature: &Signature<'_>,
    locals: &mut Locals,
    of: &Ident,
    bar: &Ident,
    known: &Type,
) -> (TokenStream, TokenStream) {
    let (what, ask) = match super::expr::behind_refs(known) {
        Type::Vec(_) | Type::Deque(_) | Type::Slice(_) => ("length", quote!(len())),
        Type::Tensor(_) => ("shape", quote!(raw_dim())),
        _ => return (TokenStream::new(), TokenStream::new()),
    };
    let kept = locals.name(&format!("{}_{what}", of.to_string().trim_start_matches("r#")));
    let message =
        format!("`{}`: the cotangent `{bar}` has {what} {{:?}}, but `{of}` has {what} {{:?}}", signature.shown("vjp"));
    let before = quote!(let #kept = #of.#ask;);
    (before, quote!(::core::assert!(#bar.#ask == #kept, #message, #bar.#ask, #kept);))
}

pub(super) fn vjp(signature: &Signature<'_>) -> TokenStream {
    let mut locals = signature.locals();
    let (value, value_bar) = (locals.name("value"), locals.name("value_bar"));
    let pullback = locals.name("pullback");
    let bars: Vec<Ident> = signature.differentiated().map(|parameter| locals.suffixed(parameter, "bar")).collect();
    let (remember, check) = shape_check(signature, &mut locals, &value, &value_bar, &signature.known_content);
    let (mut before, mut inside) = (Vec::new(), Vec::new());
    let (mut cotangents, mut cotangent_types) = (Vec::new(), Vec::new());
    if !signature.is_unit() {
        let tangent = &signature.content_tangent;
        cotangents.push(quote!(#value_bar: #tangent));
        cotangent_types.push(tangent.clone());
    }
    for (parameter, bar) in signature.differentiated().zip(&bars) {
        let (early, late) = buffer(signature, &mut locals, parameter, bar);
        before.push(early);
        inside.push(late);
        if parameter.passing == Passing::Mut {
            let tangent = &parameter.tangent;
            cotangents.push(quote!(#bar: #tangent));
            cotangent_types.push(tangent.clone());
        }
    }
    let again = signature.parameters.iter().filter(|p| p.passing == Passing::Shared).map(|p| &p.name);
    let seed = match (signature.is_unit(), signature.is_fallible()) {
        (true, false) => quote!(&()),
        (true, true) => quote!(&Some(())),
        (false, false) => quote!(&#value_bar),
        (false, true) => quote!(&Some(#value_bar)),
    };
    let mut given = bars.iter();
    let slots =
        signature.parameters.iter().map(|parameter| match parameter.is_public().then(|| given.next()).flatten() {
            Some(bar) => quote!(Some(&mut #bar)),
            None => quote!(None),
        });
    let slots: Vec<TokenStream> = slots.collect();
    let (names, call, gradients) = (signature.hidden_arguments(), signature.call("call_vjp"), gather(&bars));
    let pair = quote! {
        #remember
        let #pullback = move |#(#cotangents),*| {
            #check
            #(#inside)*
            #pullback(#(#again,)* #seed, #(#slots),*);
            #gradients
        };
        (#value, #pullback)
    };
    let pair = if signature.is_fallible() { quote!(#value.map(move |#value| { #pair })) } else { pair };
    let body = quote! {
        #(#before)*
        let (#value, #pullback) = #call(#(#names),*);
        #pair
    };
    vjp_form(signature, &cotangent_types, body)
}

fn vjp_form(signature: &Signature<'_>, cotangents: &[TokenStream], body: TokenStream) -> TokenStream {
    let (types, lifetime) = signature.captured_params(|parameter| parameter.passing != Passing::Mut);
    let params = signature.parameters.iter().zip(types);
    let params = params.map(|(parameter, ty)| parameter.declare(&parameter.name.to_token_stream(), &ty));
    let own = signature.generics.lifetimes().map(|param| param.lifetime.clone());
    let outer = signature.owner.into_iter().flat_map(|owner| owner.generics.lifetimes());
    let own = own.chain(outer.map(|param| param.lifetime.clone()));
    let lifetimes: Vec<syn::Lifetime> = lifetime.iter().cloned().chain(own).collect();
    let (capture, gradients, content) = (signature.capture(&lifetimes), signature.gradients(), signature.content());
    let pair = quote!((#content, impl Fn(#(#cotangents),*) -> #gradients + #capture));
    form(
        signature,
        Form {
            name: "vjp",
            doc: format!(
                "The value of `{}` and its pullback, which turns cotangents of the results into gradients as often as it is called.",
                signature.function
            ),
            hidden: false,
            bounds: None,
            generics: signature.generic_params(lifetime.as_ref()),
            params: params.collect(),
            body: signature.stub_pair(cotangents, Some(&gradients), body),
            result: signature.wrapped(pair),
        },
    )
}

/// The type of what `jvp` returns.
fn jvp_result(signature: &Signature<'_>) -> TokenStream {
    let (content, tangent) = (signature.content(), &signature.content_tangent);
    signature.wrapped(if signature.is_unit() { quote!(()) } else { quote!((#content, #tangent)) })
}

/// A parameter's name without its `mut`.
pub(super) fn bare(param: &TokenStream) -> TokenStream {
    param.clone().into_iter().last().into_iter().collect()
}

/// The public form for a function that may fail: the derivative is there where the value is.
fn fallible_jvp(signature: &Signature<'_>, forward: &Body) -> TokenStream {
    let (rt, mut locals, call) = (&signature.paths.rt, signature.locals(), signature.call("call_jvp"));
    let (value, dot) = (locals.name("value"), locals.name("value_dot"));
    let names = signature.hidden_arguments();
    let dots = signature.with_derivative().zip(forward.params.iter().skip(names.len()));
    let mut dots = dots.filter(|(parameter, _)| parameter.is_public()).map(|(_, dot)| bare(dot));
    let given = signature.parameters.iter().map(|parameter| match parameter.is_public() {
        true => dots.next().map_or_else(TokenStream::new, |dot| quote!(Some(#dot))),
        false => quote!(None),
    });
    let pair = match signature.is_unit() {
        true => quote!(()),
        false => quote!({
            let #dot = #dot.unwrap_or_else(|| #rt::zero_tangent(&#value));
            (#value, #dot)
        }),
    };
    quote! {
        let (#value, #dot) = #call(#(#names,)* #(#given),*);
        #value.map(|#value| #pair)
    }
}

pub(super) fn jvp(signature: &Signature<'_>, forward: &Body) -> TokenStream {
    let checks = checks(signature, "jvp", forward);
    let called = signature.is_fallible() || signature.place() == Some(Place::Trait);
    let body = match called {
        true if signature.is_fallible() => fallible_jvp(signature, forward),
        true => dispatch::through_tangents(signature, forward),
        false => forward.body.clone(),
    };
    let functions = if called { TokenStream::new() } else { signature.unpack_functions() };
    let own = if called { signature.primal_params() } else { signature.declare(&forward.params, std::iter::empty()) };
    let (mut params, mut constant) = (own, Vec::new());
    for (parameter, name) in signature.with_derivative().zip(forward.params.iter().skip(signature.parameters.len())) {
        let (rt, own, dot) = (&signature.paths.rt, &parameter.name, &parameter.dot);
        if parameter.function.is_some() && !called {
            constant.push(quote!(let #name = #rt::zero_tangent(&#own);));
        } else if parameter.is_public() {
            params.push(quote!(#name: #dot));
        }
    }
    form(
        signature,
        Form {
            name: "jvp",
            doc: format!(
                "The value of `{}` and its derivative in the direction of the given tangents.",
                signature.function
            ),
            hidden: false,
            bounds: None,
            generics: signature.generic_params(None),
            params,
            result: jvp_result(signature),
            body: signature.stub(quote!(#(#checks)* #functions #(#constant)* #body)),
        },
    )
}

/// `let x_dot = ..`: a tangent that is not given is zero.
pub(super) fn or_zero(signature: &Signature<'_>, parameter: &Parameter, dot: &Ident) -> TokenStream {
    if !parameter.differentiated {
        return TokenStream::new();
    }
    let (ty, zero) = (&parameter.call_dot, zero(signature, parameter));
    let kept = signature.locals().suffixed(parameter, "zero");
    let view = matches!(&parameter.known, Type::Tensor(tensor) if tensor.view);
    if ty.to_string().starts_with('&') {
        let (mutable, borrow) = match parameter.passing {
            Passing::Mut => (quote!(mut), quote!(&mut #kept)),
            Passing::Value | Passing::Shared => (quote!(), quote!(&#kept)),
        };
        quote! {
            let #mutable #kept;
            let #dot = match #dot { Some(#dot) => #dot, None => { #kept = #zero; #borrow } };
        }
    } else if view {
        let (rt, name) = (&signature.paths.rt, &parameter.name);
        quote!(let #dot = match #dot { Some(#dot) => #dot, None => #rt::zero_view(&#name) };)
    } else if has_constant_zero(&parameter.known) {
        quote!(let #dot = #dot.unwrap_or(#zero);)
    } else {
        quote!(let #dot = match #dot { Some(#dot) => #dot, None => #zero };)
    }
}

/// The form of `jvp` that generated code calls: a tangent that is not given is zero.
pub(super) fn call_jvp(signature: &Signature<'_>, forward: &Body) -> TokenStream {
    let mut locals = signature.locals();
    let mut params = signature.hidden_params();
    // The body stands here, where `jvp` gives or takes something else, or is defined by this form.
    let inline = signature.is_fallible() || signature.takes_functions() || signature.is_of_trait();
    if inline {
        let own = forward.params.iter().zip(&signature.parameters);
        params = own.map(|(name, parameter)| signature.declare_hidden(parameter, name, &parameter.ty)).collect();
    }
    let (mut defaults, mut dots) = (Vec::new(), Vec::new());
    for parameter in &signature.parameters {
        let (ty, dot) = (&parameter.call_dot, locals.suffixed(parameter, "dot"));
        if !parameter.differentiated {
            params.push(quote!(_: Option<#ty>));
            continue;
        }
        params.push(quote!(#dot: Option<#ty>));
        defaults.push(or_zero(signature, parameter, &dot));
        dots.push(dot);
    }
    let names = arguments(signature);
    let unit = signature.is_unit() && !signature.is_fallible() && !signature.required;
    let call = if signature.required {
        signature.missing(quote!(::core::unreachable!()))
    } else if inline {
        let renamed = forward.params.iter().skip(signature.parameters.len()).zip(&dots);
        let renamed = renamed.filter(|(own, dot)| own.to_string() != dot.to_string());
        let renamed = renamed.map(|(own, dot)| quote!(let #own = #dot;));
        let (check, functions) = (signature.check_default(), signature.unpack_functions());
        let in_pairs = unit.then(|| Body::new(forward.params.clone(), forward.of_unit_pair()));
        let body = signature.behind_receiver(in_pairs.as_ref().unwrap_or(forward));
        quote!(#check #functions #(#renamed)* #body)
    } else {
        let call = signature.call("jvp");
        quote!(#call(#(#names,)* #(#dots),*))
    };
    let (result, tangent) = (&signature.result, &signature.result_tangent);
    let call = if unit && !inline { quote!(#call; ((), ())) } else { call };
    form(
        signature,
        Form {
            name: "call_jvp",
            doc: format!("The value of `{}` and its tangent, as other derivatives call it.", signature.function),
            hidden: true,
            bounds: None,
            generics: signature.generic_params(None),
            params,
            result: quote!((#result, #tangent)),
            body: signature.stub(if signature.required { call } else { quote!(#(#defaults)* #call) }),
        },
    )
}

/// The forms by which the function is given to functions: those of a closure that captured nothing.
pub(super) fn as_argument(signature: &Signature<'_>) -> TokenStream {
    let names = arguments(signature);
    let (vjp, jvp) = (as_argument_vjp(signature, &names), as_argument_jvp(signature, &names));
    quote!(#vjp #jvp)
}

fn as_argument_vjp(signature: &Signature<'_>, names: &[&Ident]) -> TokenStream {
    let (types, lifetime) = signature.captured_params(|parameter| parameter.passing == Passing::Value);
    let own = signature.parameters.iter().zip(types).map(|(Parameter { name, .. }, ty)| quote!(#name: #ty));
    let PullbackTypes { again: _, seed, slots, renames_receiver: _ } = pullback_types(signature);
    let (mut types, mut inner) = (vec![quote!(&())], Vec::new());
    for parameter in &signature.parameters {
        if !parameter.is_again(signature.generics) {
            continue;
        }
        let ty = tangents::without_lifetimes(&parameter.ty);
        if parameter.passing == Passing::Shared {
            inner.push(types.len());
            types.push(quote!(#ty));
        } else {
            types.push(quote!(&#ty));
        }
    }
    inner.push(types.len());
    types.extend([seed, quote!(Option<&mut ()>)]);
    inner.extend(types.len()..types.len() + slots.len());
    types.extend(slots);
    let handed: Vec<Ident> = (0..types.len()).map(|index| quote::format_ident!("argument_{index}")).collect();
    let inner = inner.into_iter().map(|index| &handed[index]);
    let captured: Vec<syn::Lifetime> = lifetime.iter().cloned().collect();
    let (result, capture) = (&signature.result, signature.capture(&captured));
    let call = signature.call("call_vjp");
    let body = quote! {
        let (value, pullback) = #call(#(#names),*);
        (value, move |#(#handed: #types),*| pullback(#(#inner),*))
    };
    form(
        signature,
        Form {
            name: "argument_vjp",
            doc: format!("`call_vjp` of `{}` as an argument of a function.", signature.function),
            hidden: true,
            generics: signature.generic_params(lifetime.as_ref()),
            params: [quote!(_: &())].into_iter().chain(own).collect(),
            result: quote!((#result, impl Fn(#(#types),*) + #capture)),
            bounds: None,
            body: signature.stub_pair(&types, None, body),
        },
    )
}

fn as_argument_jvp(signature: &Signature<'_>, names: &[&Ident]) -> TokenStream {
    let mut locals = signature.locals();
    let mut params = vec![quote!(_: &())];
    params.extend(signature.primal_params());
    params.push(quote!(_: Option<&()>));
    let mut dots = Vec::new();
    for parameter in &signature.parameters {
        let (name, ty) = (locals.suffixed(parameter, "dot"), &parameter.call_dot);
        if parameter.passing == Passing::Value && parameter.is_again(signature.generics) {
            params.push(quote!(#name: Option<&#ty>));
            dots.push(quote!(#name.cloned()));
        } else {
            params.push(quote!(#name: Option<#ty>));
            dots.push(quote!(#name));
        }
    }
    let call = signature.call("call_jvp");
    let (result, tangent) = (&signature.result, &signature.result_tangent);
    form(
        signature,
        Form {
            name: "argument_jvp",
            doc: format!("`call_jvp` of `{}` as an argument of a function.", signature.function),
            hidden: true,
            generics: signature.generic_params(None),
            params,
            result: quote!((#result, #tangent)),
            bounds: None,
            body: signature.stub(quote!(#call(#(#names,)* #(#dots),*))),
        },
    )
}
