//! The forms of second order: the derivatives of `jvp`, and the Hessian.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};

use super::body::{self, Body, PullbackForm};
use super::directions::{self, Directions};
use super::forms::{self, Form, form};
use super::objects::{Role, Twins};
use super::signature::{Parameter, Signature, gather};
use super::tangents;
use super::{forwards, nested, third, twice};
use crate::analysis::types::strip_refs;
use crate::ir::walk::{self, Visit};
use crate::ir::{Callee, CalleeKind, Function, Op, Passing, Stmt, Type};
use crate::options::Options;
use crate::transform::{Derivatives, Second};

/// All of them, for the function with the given signature.
pub(super) fn members(
    item: &syn::ItemFn,
    options: &Options,
    signature: &Signature<'_>,
    all: &Derivatives,
) -> Option<TokenStream> {
    let second: &Second = all.second.as_ref()?;
    if signature.is_of_trait() {
        return Some(twice::members(item, options, signature, second));
    }
    let of_jvp_item = pushforward(item, signature);
    let of_jvp = of_jvp(&of_jvp_item, signature, &second.primal);
    let derivatives = derivatives(signature, &of_jvp, second);
    let hessian = second.hvp.as_ref().map(|joint| {
        let joint = body::function(joint, &of_jvp.paths, false);
        let (into, hvp) = (hvp_into(signature, &of_jvp, &joint), hvp(signature));
        let hessian = options.hessian.and_then(|_| hessian(signature, &second.primal.result));
        let result = &second.primal.result;
        let sparse = |_| super::lanes::sparse_hessian(signature, result, all.pattern.as_ref());
        let sparse = options.sparse.and_then(sparse);
        quote!(#into #hvp #hessian #sparse)
    });
    let higher = (!second.higher.is_empty()).then(|| higher(signature, &second.higher));
    let requirements = requirements(signature, &second.primal);
    let joint = second.joint.as_ref().map(|joint| jvp_joint(&of_jvp, &body::function(joint, &of_jvp.paths, false)));
    let of_both_item = pushforward(&of_jvp_item, &of_jvp);
    let reverse = second.forwards.first().filter(|_| forwards::has_reverse(signature));
    let reverse = reverse.map(|forward| {
        let (asked, granted) = third::requirements(item, options, signature, forward);
        let mut of_both = forwards::next(&of_both_item, &of_jvp, &forward.primal);
        of_both.bounds.extend(asked.clone());
        let mut of_jvp = self::of_jvp(&of_jvp_item, signature, &second.primal);
        of_jvp.bounds.extend(asked.clone());
        let third = forwards::reverse(signature, &of_jvp, &of_both, forward, &asked);
        (of_both, quote!(#third #granted))
    });
    let third = reverse.as_ref().map(|(_, third)| third);
    let nested = nested::members(item, signature, second, &of_jvp, reverse.as_ref().map(|(of_both, _)| of_both));
    let forwards = forwards::members(signature, (&of_jvp_item, &of_jvp), &second.forwards);
    Some(quote!(#hessian #higher #derivatives #joint #nested #forwards #third #requirements))
}

/// What other derivatives call, for a function that has no name of its own.
pub(super) fn hidden_members(item: &syn::ItemFn, signature: &Signature<'_>, second: &Second) -> TokenStream {
    let of_jvp_item = pushforward(item, signature);
    let derivatives = derivatives(signature, &of_jvp(&of_jvp_item, signature, &second.primal), second);
    let requirements = requirements(signature, &second.primal);
    quote!(#derivatives #requirements)
}

/// The signature of `jvp` as a function of its own.
pub(super) fn of_jvp<'a>(item: &'a syn::ItemFn, signature: &Signature<'a>, pushforward: &Function) -> Signature<'a> {
    let mut of_jvp = signature.again(item, pushforward).twice(item, pushforward);
    of_jvp.prefix = format!("{}_", signature.name("jvp"));
    of_jvp
}

/// The derivatives of `jvp`.
fn derivatives(signature: &Signature<'_>, of_jvp: &Signature<'_>, second: &Second) -> TokenStream {
    let form = if signature.boxed { PullbackForm::Boxed } else { PullbackForm::Named };
    let split = body::split(&second.derivatives.split, &of_jvp.paths, &forms::pullback_types(of_jvp), form);
    let forward = body::function(&second.derivatives.jvp, &of_jvp.paths, false);
    let (jvp, call_vjp) = (forms::jvp(of_jvp, &forward), forms::call_vjp(of_jvp, &split));
    let (call_jvp, optional) = (forms::call_jvp(of_jvp, &forward), optional_forms(signature, of_jvp));
    quote!(#jvp #call_vjp #call_jvp #optional)
}

/// What is asked of the functions that the function calls, so that rustc says which one has no second derivatives.
fn requirements(signature: &Signature<'_>, primal: &Function) -> Option<TokenStream> {
    let called = |callee: &Callee| {
        let plain = callee.kind == CalleeKind::Function && !callee.recursive;
        plain.then(|| callee.companion().clone())
    };
    twice_differentiable(signature, primal, "CALLEES", called)
}

/// The same of the functions whose derivatives it calls.
pub(super) fn differentiated_callees(signature: &Signature<'_>, primal: &Function) -> Option<TokenStream> {
    let called = |callee: &Callee| callee.derivative_of().map(ToTokens::into_token_stream);
    twice_differentiable(signature, primal, "DIFFERENTIATED", called)
}

fn twice_differentiable(
    signature: &Signature<'_>,
    primal: &Function,
    name: &str,
    of: impl Fn(&Callee) -> Option<TokenStream>,
) -> Option<TokenStream> {
    let paths = callees(primal, of);
    let name = Ident::new(&format!("{}{name}", signature.prefix.to_uppercase()), Span::call_site());
    let rt = signature.paths.full();
    let all: Vec<TokenStream> = paths.iter().map(|path| quote!(#rt::twice_differentiable::<#path>();)).collect();
    (!all.is_empty()).then(|| {
        quote! {
            #[doc(hidden)]
            #[allow(dead_code)]
            const #name: () = { #(#all)* };
        }
    })
}

/// The paths of what a function calls, but for what it declares itself, where nothing outside sees it.
pub(super) fn callees(primal: &Function, of: impl Fn(&Callee) -> Option<TokenStream>) -> Vec<TokenStream> {
    struct Callees<F>(Vec<TokenStream>, F);
    impl<F: Fn(&Callee) -> Option<TokenStream>> Visit for Callees<F> {
        fn enter(&mut self, stmt: &Stmt) {
            if let Stmt::Let { op: Op::Call(callee, _), .. } = stmt
                && let Some(path) = (self.1)(callee)
                && self.0.iter().all(|known| known.to_string() != path.to_string())
            {
                self.0.push(path);
            }
        }
    }
    let mut callees = Callees(Vec::new(), of);
    walk::block(&mut callees, &primal.body);
    let own: Vec<String> = primal.body.stmts.iter().flat_map(declared).collect();
    let is_own = |path: &TokenStream| {
        let path = path.to_string();
        let first = path.split("::").next().unwrap_or_default().trim();
        // What `use module::*` inside the function brings is not known by name.
        own.iter().any(|name| name == first || name == "*" && first == path)
    };
    callees.0.retain(|path| !is_own(path));
    callees.0
}

/// The names that an item inside of the function declares or imports, of which nothing outside knows.
pub(super) fn declared(stmt: &Stmt) -> Vec<String> {
    let Stmt::Eval(Op::Opaque(opaque)) = stmt else { return Vec::new() };
    match syn::parse2::<syn::Item>(opaque.tokens.clone()) {
        Ok(syn::Item::Fn(item)) => vec![item.sig.ident.to_string()],
        Ok(syn::Item::Use(item)) => {
            let mut names = Vec::new();
            imported(&item.tree, &mut names);
            names
        }
        _ => Vec::new(),
    }
}

fn imported(tree: &syn::UseTree, names: &mut Vec<String>) {
    match tree {
        syn::UseTree::Path(step) => imported(&step.tree, names),
        syn::UseTree::Name(leaf) => names.push(leaf.ident.to_string()),
        syn::UseTree::Rename(leaf) => names.push(leaf.rename.to_string()),
        syn::UseTree::Glob(_) => names.push("*".to_owned()),
        syn::UseTree::Group(group) => group.items.iter().for_each(|tree| imported(tree, names)),
    }
}

/// `derivatives` of a function of one number.
fn higher(signature: &Signature<'_>, higher: &[Function]) -> TokenStream {
    let names: Vec<String> = (1..=higher.len()).map(|order| format!("derivative_{order}")).collect();
    let each = higher.iter().zip(&names).enumerate().map(|(at, (function, name))| {
        let body = body::function(function, &signature.paths, false);
        let form_of = Form {
            name,
            doc: format!("The derivative of order {} of `{}`.", at + 1, signature.function),
            hidden: false,
            bounds: None,
            generics: signature.generic_params(None),
            params: signature.declare(&body.params, std::iter::empty()),
            result: signature.result.clone(),
            body: body.body,
        };
        form(signature, form_of)
    });
    let each: Vec<TokenStream> = each.collect();
    let (rt, arguments, jvp) = (&signature.paths.rt, forms::arguments(signature), signature.call("jvp"));
    let given: Vec<TokenStream> = signature.parameters.iter().map(again).collect();
    let calls = names.iter().skip(1).map(|name| {
        let call = signature.call(name);
        quote!(#call(#(#arguments.clone()),*))
    });
    let (result, count) = (&signature.result, higher.len() + 1);
    let all = Form {
        name: "derivatives",
        doc: format!("The value of `{}` and its derivatives up to the order {}.", signature.function, higher.len()),
        hidden: false,
        bounds: None,
        generics: signature.generic_params(None),
        params: signature.primal_params(),
        result: quote!([#result; #count]),
        body: quote! {
            let (value, derivative) = #jvp(#(#given,)* #rt::of::<#result>(1.0));
            [value, derivative, #(#calls),*]
        },
    };
    let all = form(signature, all);
    quote!(#all #(#each)*)
}

/// `jvp` as a function with the signature that its users see.
pub(super) fn pushforward(item: &syn::ItemFn, signature: &Signature<'_>) -> syn::ItemFn {
    let mut item = item.clone();
    for Parameter { dot, .. } in signature.differentiated() {
        item.sig.inputs.push(syn::parse_quote!(_: #dot));
    }
    if !signature.is_unit() {
        let (result, tangent) = (&signature.result, &signature.result_tangent);
        item.sig.output = syn::parse_quote!(-> (#result, #tangent));
    }
    item
}

/// What `call_jvp` is called with for one parameter, and what its pullback is called with.
struct Given {
    /// The parameter; in a closure a receiver needs another name.
    parameter: Parameter,
    dot: Ident,
    bar: Ident,
    dot_bar: Ident,
}

impl Given {
    /// What the pullback takes once more.
    fn is_again(&self) -> bool {
        self.parameter.passing == Passing::Shared
    }

    /// The type of the tangent, which may be left out.
    fn optional(&self) -> TokenStream {
        let ty = &self.parameter.call_dot;
        quote!(Option<#ty>)
    }

    fn slot(&self) -> TokenStream {
        let slot = &self.parameter.slot;
        quote!(Option<&mut #slot>)
    }
}

fn given(signature: &Signature<'_>) -> Vec<Given> {
    let mut locals = signature.locals();
    let given = signature.parameters.iter().map(|parameter| {
        let mut name = |suffix: &str| locals.suffixed(parameter, suffix);
        Given { dot: name("dot"), bar: name("bar"), dot_bar: name("dot_bar"), parameter: parameter.clone() }
    });
    given.collect()
}

/// The pullback of `call_jvp`: what it takes, and what it hands on to the pullback of `jvp`.
struct Pullback {
    names: Vec<TokenStream>,
    types: Vec<TokenStream>,
    handed_on: Vec<TokenStream>,
}

impl Pullback {
    fn of(signature: &Signature<'_>, given: &[Given], seed_type: &TokenStream) -> Pullback {
        let mut pullback = Pullback { names: Vec::new(), types: Vec::new(), handed_on: Vec::new() };
        let again = || given.iter().filter(|given| given.is_again());
        for Given { parameter, .. } in again() {
            let ty = tangents::without_lifetimes(&parameter.ty);
            pullback.take(&parameter.name, quote!(#ty), true);
        }
        for given in again() {
            pullback.take(&given.dot, given.optional(), given.parameter.is_public());
        }
        let seed = signature.locals().name("value_bar");
        if signature.is_unit() && !signature.is_fallible() {
            pullback.take(&seed, quote!(&((), ())), false);
            pullback.handed_on.push(quote!(&()));
        } else {
            pullback.take(&seed, seed_type.clone(), true);
        }
        for given in given {
            pullback.take(&given.bar, given.slot(), true);
        }
        for given in given {
            pullback.take(&given.dot_bar, given.slot(), given.parameter.is_public());
        }
        pullback
    }

    fn take(&mut self, name: &Ident, ty: TokenStream, handed_on: bool) {
        self.names.push(name.to_token_stream());
        self.types.push(ty);
        self.handed_on.extend(handed_on.then(|| name.to_token_stream()));
    }
}

/// The derivatives of `call_jvp`, whose tangents may be left out.
pub(super) fn optional_forms(signature: &Signature<'_>, of_jvp: &Signature<'_>) -> TokenStream {
    let given = given(signature);
    let (vjp, jvp) = (optional_vjp(signature, of_jvp, &given), optional_jvp(signature, of_jvp, &given));
    let mutable = signature.parameters.first().filter(|first| first.receiver).map(|_| {
        let (vjp, jvp) = (mutable_vjp(signature, of_jvp, &given), mutable_jvp(signature, of_jvp, &given));
        quote!(#vjp #jvp)
    });
    quote!(#vjp #jvp #mutable)
}

/// The parameters of the split form of `call_jvp` with a name for each lifetime that its pullback holds on to.
fn held(
    signature: &Signature<'_>,
    of_jvp: &Signature<'_>,
    given: &[Given],
) -> (Vec<TokenStream>, Option<syn::Lifetime>) {
    let (types, lifetime) = of_jvp.captured_params(|parameter| parameter.passing == Passing::Value);
    let (own, mut tangents) = (signature.parameters.iter().zip(&types), types.iter().skip(given.len()));
    let own = own.map(|(parameter, ty)| signature.declare_hidden(parameter, &parameter.name.to_token_stream(), ty));
    let mut params: Vec<TokenStream> = own.collect();
    for given in given {
        let (dot, ty) = (&given.dot, given.optional());
        let held = given.parameter.is_public().then(|| tangents.next()).flatten();
        params.push(held.map_or_else(|| quote!(#dot: #ty), |held| quote!(#dot: Option<#held>)));
    }
    (params, lifetime)
}

fn optional_vjp(signature: &Signature<'_>, of_jvp: &Signature<'_>, given: &[Given]) -> TokenStream {
    let (params, lifetime) = held(signature, of_jvp, given);
    let mut locals = signature.locals();
    let (value, pullback) = (locals.name("value"), locals.name("pullback"));
    // In the closure, the receiver is a parameter as any other.
    let this = locals.name("this");
    let mut inside = self::given(signature);
    inside.iter_mut().filter(|given| given.parameter.receiver).for_each(|given| given.parameter.name = this.clone());
    let closure = Pullback::of(signature, &inside, &forms::pullback_types(of_jvp).seed);
    let defaults = given.iter().map(|given| forms::or_zero(signature, &given.parameter, &given.dot));
    let again = inside.iter().filter(|given| given.is_again());
    let again = again.map(|given| forms::or_zero(signature, &given.parameter, &given.dot));
    let dots = given.iter().filter(|given| given.parameter.is_public()).map(|given| &given.dot);
    let (names, call) = (forms::arguments(signature), of_jvp.call("call_vjp"));
    let Pullback { names: taken, types, handed_on } = &closure;
    let result = unit_pair(signature, value.to_token_stream());
    let body = quote! {
        #(#defaults)*
        let (#value, #pullback) = #call(#(#names,)* #(#dots),*);
        (#result, move |#(#taken: #types),*| {
            #(#again)*
            #pullback(#(#handed_on),*)
        })
    };
    form_of(
        signature,
        "call_jvp_call_vjp",
        params,
        pullback_form(signature, of_jvp, types, lifetime.as_ref()),
        body,
        false,
    )
}

/// Like the split form of `call_jvp`, for a receiver that may be changed later: it keeps copies.
fn mutable_vjp(signature: &Signature<'_>, of_jvp: &Signature<'_>, given: &[Given]) -> TokenStream {
    let (mut params, lifetime) = held(signature, of_jvp, given);
    // The receiver is taken as users take it.
    let plain = signature.held_params().into_iter().next();
    params.splice(..1, plain);
    let (names, call) = (signature.hidden_arguments(), signature.call("call_jvp_call_vjp"));
    let mut dots: Vec<TokenStream> = given.iter().map(|given| given.dot.to_token_stream()).collect();
    let mut closure = Pullback::of(signature, given, &forms::pullback_types(of_jvp).seed);
    let receiver = &given[0];
    let body = if receiver.is_again() {
        let mut locals = signature.locals();
        let (this, value, pullback) = (locals.name("this"), locals.name("value"), locals.name("pullback"));
        let (rt, dot) = (&signature.paths.rt, &receiver.dot);
        let kept_dot = exclusive(&mut params[given.len()], &mut dots[0], receiver);
        // The receiver comes first among what is taken again, its tangent first among the tangents of that.
        let again = given.iter().filter(|given| given.is_again()).count();
        let mut handed_on = std::mem::take(&mut closure.names);
        closure.names = handed_on.clone();
        for (at, kept) in
            [(again, if kept_dot.is_some() { quote!(#dot.as_ref()) } else { quote!(None) }), (0, quote!(&#this))]
        {
            handed_on[at] = kept;
            closure.names.remove(at);
            closure.types.remove(at);
        }
        let Pullback { names: taken, types, .. } = &closure;
        quote! {
            let #this = #rt::Keep::keep(self);
            #kept_dot
            let (#value, #pullback) = #call(#(#names,)* #(#dots),*);
            (#value, move |#(#taken: #types),*| #pullback(#(#handed_on),*))
        }
    } else {
        quote!(#call(#(#names,)* #(#dots),*))
    };
    let form = pullback_form(signature, of_jvp, &closure.types, lifetime.as_ref());
    form_of(signature, "call_mut_jvp_call_mut_vjp", params, form, body, receiver.is_again())
}

/// The tangent of a shared receiver that is given by exclusive reference, as callers do that do not know how the method
/// takes it; and how it is kept.
fn exclusive(param: &mut TokenStream, given: &mut TokenStream, receiver: &Given) -> Option<TokenStream> {
    if !receiver.parameter.is_public() {
        return None;
    }
    let (dot, slot) = (&receiver.dot, receiver.slot());
    *param = quote!(#dot: #slot);
    *given = quote!(#dot.as_ref());
    Some(quote!(let #dot = #dot.map(|#dot| #dot.clone());))
}

/// The result of a split form of `call_jvp`.
fn pullback_form(
    signature: &Signature<'_>,
    of_jvp: &Signature<'_>,
    types: &[TokenStream],
    lifetime: Option<&syn::Lifetime>,
) -> (TokenStream, TokenStream) {
    let captured: Vec<syn::Lifetime> = lifetime.into_iter().cloned().collect();
    let (result, capture) = (unit_pair(signature, of_jvp.result.clone()), signature.capture(&captured));
    (signature.generic_params(lifetime), quote!((#result, impl Fn(#(#types),*) + #capture)))
}

/// What stands for the pair of a value and its tangent, where there is no value.
fn unit_pair(signature: &Signature<'_>, pair: TokenStream) -> TokenStream {
    if signature.is_unit() && !signature.is_fallible() { quote!(((), ())) } else { pair }
}

fn form_of(
    signature: &Signature<'_>,
    name: &str,
    params: Vec<TokenStream>,
    (generics, result): (TokenStream, TokenStream),
    body: TokenStream,
    keeps: bool,
) -> TokenStream {
    form(
        signature,
        Form {
            name,
            doc: format!("A derivative of `{}`, as other derivatives call it.", signature.shown("call_jvp")),
            hidden: true,
            generics,
            params,
            result,
            body,
            bounds: keeps.then(|| signature.keeps_receiver()),
        },
    )
}

/// The parameters of `call_jvp` of `call_jvp`.
fn twice(signature: &Signature<'_>, given: &[Given]) -> Vec<TokenStream> {
    let declare = |name: &Ident, ty: TokenStream| quote!(#name: #ty);
    let mut params = signature.hidden_params();
    params.extend(given.iter().map(|given| declare(&given.dot, given.optional())));
    params.extend(given.iter().map(|given| declare(&given.bar, given.optional())));
    params.extend(given.iter().map(|given| declare(&given.dot_bar, given.optional())));
    params
}

fn optional_jvp(signature: &Signature<'_>, of_jvp: &Signature<'_>, given: &[Given]) -> TokenStream {
    let defaults = given.iter().map(|given| forms::or_zero(signature, &given.parameter, &given.dot));
    let public = || given.iter().filter(|given| given.parameter.is_public());
    let (dots, second) = (public().map(|given| &given.dot), public().map(|given| &given.dot_bar));
    let first = given.iter().map(|given| &given.bar);
    let (names, call) = (forms::arguments(signature), of_jvp.call("call_jvp"));
    let (result, tangent) = (&of_jvp.result, &of_jvp.result_tangent);
    let call = quote!(#call(#(#names,)* #(#dots,)* #(#first,)* #(#second),*));
    let (call, both) = match unit_pair(signature, TokenStream::new()) {
        pair if pair.is_empty() => (call, quote!((#result, #tangent))),
        pair => (quote!(#call; (#pair, #pair)), quote!((#pair, #pair))),
    };
    let results = (signature.generic_params(None), both);
    let body = quote!(#(#defaults)* #call);
    form_of(signature, "call_jvp_call_jvp", twice(signature, given), results, body, false)
}

/// The same for a receiver that may be changed later.
fn mutable_jvp(signature: &Signature<'_>, of_jvp: &Signature<'_>, given: &[Given]) -> TokenStream {
    let mut params = twice(signature, given);
    params.splice(..given.len(), signature.primal_params());
    let tangents = given.iter().map(|given| &given.dot).chain(given.iter().map(|given| &given.bar));
    let tangents: Vec<&Ident> = tangents.chain(given.iter().map(|given| &given.dot_bar)).collect();
    let receiver = &given[0];
    let by_exclusion = receiver.is_again() && receiver.parameter.is_public();
    let handed_on = tangents.iter().enumerate().map(|(at, tangent)| match at % given.len() {
        0 if by_exclusion => {
            let slot = receiver.slot();
            params[given.len() + at] = quote!(#tangent: #slot);
            quote!(#tangent.map(|tangent| &*tangent))
        }
        _ => tangent.to_token_stream(),
    });
    let handed_on: Vec<TokenStream> = handed_on.collect();
    let (names, call) = (signature.hidden_arguments(), signature.call("call_jvp_call_jvp"));
    let (result, tangent) = (&of_jvp.result, &of_jvp.result_tangent);
    let (result, tangent) = (unit_pair(signature, quote!(#result)), unit_pair(signature, quote!(#tangent)));
    let results = (signature.generic_params(None), quote!((#result, #tangent)));
    let body = quote!(#call(#(#names,)* #(#handed_on),*));
    form_of(signature, "call_mut_jvp_call_mut_jvp", params, results, body, false)
}

/// The derivatives of `call_jvp` for trait objects.
pub(super) fn objects<'s>(item: &syn::ItemFn, signature: &'s Signature<'s>, outline: &Function) -> Twins<'s> {
    let of_jvp_item = pushforward(item, signature);
    let of_jvp = of_jvp(&of_jvp_item, signature, outline);
    let (given, rt) = (given(signature), signature.paths.full());
    let (params, lifetime) = held(signature, &of_jvp, &given);
    let mut params = [params, twice(signature, &given)];
    for (group, params) in [1, 3].into_iter().zip(&mut params) {
        params.splice(..1, signature.held_params().into_iter().take(1));
        let dots = [&given[0].dot, &given[0].bar, &given[0].dot_bar];
        for (at, dot) in dots.into_iter().take(group).enumerate() {
            let ty = Role::Tangent.ty(TokenStream::new(), &rt);
            params[(at + 1) * given.len()] = quote!(#dot: #ty);
        }
    }
    let own = || given.iter().skip(1).map(|given| (given.parameter.name.clone(), Role::Plain));
    let tangents = |of: fn(&Given) -> &Ident| {
        given.iter().map(move |given| (of(given).clone(), Role::Tangent.of(&given.parameter)))
    };
    let of_vjp = own().chain(tangents(|given| &given.dot)).collect();
    let of_jvp_call = own().chain(tangents(|given| &given.dot)).chain(tangents(|given| &given.bar));
    let of_jvp_call = of_jvp_call.chain(tangents(|given| &given.dot_bar)).collect();
    let again = || given.iter().filter(|given| given.is_again());
    let roles = again().map(|given| Role::Receiver.of(&given.parameter));
    let roles = roles.chain(again().map(|given| Role::Tangent.of(&given.parameter))).chain([Role::Plain]);
    let slots = given.iter().chain(&given).map(|given| Role::Slot.of(&given.parameter));
    let types = Pullback::of(signature, &given, &forms::pullback_types(&of_jvp).seed).types;
    let (result, tangent) = (of_jvp.result.clone(), of_jvp.result_tangent.clone());
    let (result, tangent) = (unit_pair(signature, result), unit_pair(signature, tangent));
    Twins {
        signature,
        names: ["call_jvp_call_vjp", "call_jvp_call_jvp"],
        hidden: ["object_jvp_vjp", "object_jvp_jvp"],
        lifetime,
        params,
        arguments: [of_vjp, of_jvp_call],
        pullback: types.into_iter().zip(roles.chain(slots)).collect(),
        results: [result.clone(), quote!((#result, #tangent))],
    }
}

/// The joint form: forward and reverse sweep over the derivative in a direction.
pub(super) fn hvp_into(signature: &Signature<'_>, of_jvp: &Signature<'_>, joint: &Body) -> TokenStream {
    let count = of_jvp.parameters.len();
    let mut params = of_jvp.declare(&joint.params[..count], std::iter::empty());
    for (parameter, bar) in signature.differentiated().zip(&joint.params[count..]) {
        let slot = &parameter.slot;
        params.push(quote!(#bar: &mut #slot));
    }
    let (checks, body) = (forms::checks(signature, "hvp_into", joint), &joint.body);
    form(
        signature,
        Form {
            name: "hvp_into",
            doc: format!(
                "The derivative of `{}` in the direction of the given tangents; the product of its Hessian and the tangents is added to the given buffers.",
                signature.function
            ),
            hidden: false,
            bounds: None,
            generics: signature.generic_params(None),
            params,
            result: signature.result_tangent.clone(),
            body: quote!(#(#checks)* #body),
        },
    )
}

/// The joint form of the tangent that `jvp` gives, with respect to everything.
fn jvp_joint(of_jvp: &Signature<'_>, joint: &Body) -> TokenStream {
    let mut params = of_jvp.declare(&joint.params, std::iter::empty());
    for (parameter, bar) in of_jvp.differentiated().zip(&joint.params[of_jvp.parameters.len()..]) {
        let slot = &parameter.slot;
        params.push(quote!(#bar: &mut #slot));
    }
    form(
        of_jvp,
        Form {
            name: "joint",
            doc: "The value and its tangent; the derivatives of the tangent are added to the given buffers.".to_owned(),
            hidden: true,
            bounds: None,
            generics: of_jvp.generic_params(None),
            params,
            result: of_jvp.result.clone(),
            body: joint.body.clone(),
        },
    )
}

pub(super) fn hvp(signature: &Signature<'_>) -> TokenStream {
    let given = given(signature);
    let public = || given.iter().filter(|given| given.parameter.is_public());
    let mut params = signature.primal_params();
    params.extend(public().map(|Given { parameter, dot, .. }| {
        let ty = &parameter.dot;
        quote!(#dot: #ty)
    }));
    let zeros = |of: fn(&Given) -> &Ident| {
        let zero = move |given: &Given| {
            let (bar, zero) = (of(given), forms::zero(signature, &given.parameter));
            quote!(let mut #bar = #zero;)
        };
        public().map(zero).collect::<TokenStream>()
    };
    let own = zeros(|given| &given.bar);
    let names = forms::arguments(signature);
    let dots = public().map(|given| &given.dot);
    let bars = public().map(|given| &given.bar);
    let products = gather(public().map(|given| &given.bar));
    let body = if signature.is_fallible() {
        // What failed has no products: the joint form tells the value.
        let (call, of_dots) = (signature.call("jvp_joint"), public().map(|given| &given.dot_bar));
        let (value, slots) = (signature.locals().name("value"), zeros(|given| &given.dot_bar));
        quote! {
            #own #slots
            let (#value, _) = #call(#(#names,)* #(#dots,)* #(&mut #bars,)* #(&mut #of_dots),*);
            #value.map(|_| #products)
        }
    } else {
        let call = signature.call("hvp_into");
        quote!(#own #call(#(#names,)* #(#dots,)* #(&mut #bars),*); #products)
    };
    form(
        signature,
        Form {
            name: "hvp",
            doc: format!(
                "The product of the Hessian of `{}` and the given tangents, one for each differentiated parameter.",
                signature.function
            ),
            hidden: false,
            bounds: None,
            generics: signature.generic_params(None),
            params,
            result: signature.wrapped(signature.gradients()),
            body,
        },
    )
}

/// The whole Hessian: a number for a function of one number.
pub(super) fn hessian(signature: &Signature<'_>, result: &Type) -> Option<TokenStream> {
    let number = directions::number(signature, result);
    let (ty, body) = match signature.sole_differentiated().map(|only| (only, strip_refs(&only.known))) {
        Some((only, Type::Float(_))) => {
            let (rt, call, names) = (&signature.paths.rt, signature.call("hvp"), forms::arguments(signature));
            let one = signature.number_of_matrix(&number).map_or(quote!(1.0), |_| quote!(#rt::of::<#number>(1.0)));
            (only.tangent.clone(), quote!(#call(#(#names,)* #one)))
        }
        _ => {
            let (rt, Directions { zero, .. }) = (&signature.paths.rt, Directions::of(signature)?);
            let (product, full) = (product(signature)?, signature.full_rt());
            let matrix = quote!(#rt::hessian(#zero, #product));
            let matrix = match signature.is_fallible() {
                true => {
                    let (call, given) = (signature.call("call_vjp"), signature.parameters.iter().map(again));
                    quote!(#call(#(#given),*).0.map(|_| #matrix))
                }
                false => matrix,
            };
            (quote!(#full::ndarray::Array2<#number>), matrix)
        }
    };
    Some(form(
        signature,
        Form {
            name: "hessian",
            doc: format!("The matrix of the second derivatives of `{}`.", signature.function),
            hidden: false,
            bounds: signature.number_of_matrix(&number),
            generics: signature.generic_params(None),
            params: signature.primal_params(),
            result: signature.wrapped(ty),
            body,
        },
    ))
}

/// A closure that adds the product of the Hessian and a direction to a row.
pub(super) fn product(signature: &Signature<'_>) -> Option<TokenStream> {
    let Directions { names, given, rows, .. } = Directions::of(signature)?;
    let (into, bound) = (signature.call("hvp_into"), gather(&rows));
    let again = signature.parameters.iter().map(again);
    Some(quote!(|#names, #bound| { #into(#(#again,)* #(#given,)* #(#rows),*); }))
}

/// A parameter as the argument of one of several calls.
pub(super) fn again(parameter: &Parameter) -> TokenStream {
    let name = &parameter.name;
    match parameter.passing {
        Passing::Value => quote!(#name.clone()),
        Passing::Shared => quote!(#name),
        Passing::Mut => quote!(&mut #name.clone()),
    }
}

/// A tangent of the parameter, to which there is a reference, as the argument of one of several calls.
pub(super) fn tangent_again(parameter: &Parameter, tangent: &Ident) -> TokenStream {
    let view = matches!(strip_refs(&parameter.known), Type::Tensor(tensor) if tensor.view);
    match parameter.passing {
        Passing::Value if view => quote!(#tangent.view()),
        Passing::Value => quote!(#tangent.clone()),
        Passing::Shared | Passing::Mut => tangent.to_token_stream(),
    }
}
