//! The companion: the items that stand beside the user's function.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;

use super::body::{self, Body, PullbackForm};
use super::bounds::Demand;
use super::signature::{self, Signature};
use super::{asked, bounds, dispatch, forms, functions, jacobian, lanes, objects, receivers, ruled, second, twice};
use crate::analysis::scalars::Scalars;
use crate::analysis::types;
use crate::callable;
use crate::ir::walk::{self, Visit};
use crate::ir::{Block, Function, Origin, Param, Passing, Stmt, Storage, Type};
use crate::options::{Options, Rules};
use crate::owner::{self, Owner, Place};
use crate::transform::{self, Derivatives};

/// The companion of a function that was differentiated, or the derivatives beside a member of a type or trait.
pub(crate) fn companion(
    item: &syn::ItemFn,
    options: &Options,
    owner: Option<&Owner>,
    primal: &Function,
    derivatives: &Derivatives,
) -> TokenStream {
    let boxed = options.boxed || is_recursive(&derivatives.split.forward);
    let paths = signature::paths_of(item, options, owner);
    // What functions take that are parameters has the types that it has in the body.
    let scalars = Scalars::of(item, owner, options.site.as_deref()).enter();
    let own = functions::companion(item, owner, &paths, boxed);
    drop(scalars);
    let mut signature = Signature::new(&own, paths, owner, primal, boxed);
    if derivatives.second.is_some() && !signature.is_of_trait() {
        signature = signature.twice(&own, primal);
    }
    signature.called = options.called && derivatives.joint.is_some();
    functions::print_closures(primal, derivatives, &mut signature.paths);
    let paths = &signature.paths;
    let form = if boxed { PullbackForm::Boxed } else { PullbackForm::Named };
    let joint = match signature.place() {
        // Here a trait only declares this form, which goes the way of the others.
        Some(Place::Trait) => Bodies::joint(&signature, primal),
        Some(Place::Implementation) if !owner.is_some_and(|owner| owner.joint) => None,
        None if derivatives.forward && !signature.constant => Some(Bodies::forward(&signature)),
        _ => derivatives.joint.as_ref().map(|joint| body::joint(joint, derivatives.anew.as_ref(), paths)),
    };
    let constant_gradient = joint.as_ref().is_some_and(|joint| forms::has_constant_gradient(&signature, joint));
    let by_lanes = derivatives.lanes.is_some() && transform::is_of_lists(primal);
    let bodies = Bodies {
        joint,
        split: body::split(&derivatives.split, paths, &forms::pullback_types(&signature), form),
        jvp: body::function(&derivatives.jvp, paths, signature.doubles_receiver()),
        graph: super::graph::constant(&signature, primal, &derivatives.saved),
        jacobian: options.jacobian.and_then(|_| jacobian::members(&signature, &primal.result, by_lanes)),
        lanes: lanes::members(&own, &signature, primal, derivatives, options),
        second: second::members(&own, options, &signature, derivatives),
        requirements: second::differentiated_callees(&signature, primal),
    };
    signature.constant_gradient = constant_gradient;
    assemble(item, options, &signature, &bodies, &documentation(item))
}

/// Only what other derivatives call, for a function that has no name of its own.
pub(crate) fn hidden_companion(
    item: &syn::ItemFn,
    options: &Options,
    primal: &Function,
    derivatives: &Derivatives,
) -> TokenStream {
    let mut signature = Signature::new(item, signature::paths_of(item, options, None), None, primal, options.boxed);
    functions::print_closures(primal, derivatives, &mut signature.paths);
    let paths = &signature.paths;
    let form = if options.boxed { PullbackForm::Boxed } else { PullbackForm::Named };
    let split = body::split(&derivatives.split, paths, &forms::pullback_types(&signature), form);
    let forward = body::function(&derivatives.jvp, paths, false);
    let jvp = forms::jvp(&signature, &forward);
    let (call_vjp, call_jvp) = (forms::call_vjp(&signature, &split), forms::call_jvp(&signature, &forward));
    let second = derivatives.second.as_ref().map(|second| super::second::hidden_members(item, &signature, second));
    let (name, import) = (&item.sig.ident, paths.imports(&quote!(#call_vjp #jvp #second)));
    quote! {
        #[allow(unused_imports)]
        #import

        #[allow(non_camel_case_types)]
        enum #name {}

        #[allow(warnings, unused, nonstandard_style, unreachable_pub, clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)]
        impl #name {
            #jvp
            #call_vjp
            #call_jvp
            #second
        }
    }
}

/// The same for a function that was refused: the same signatures, so that its callers get no further errors.
/// Empty where they could not stand.
pub(crate) fn stub(item: &syn::ItemFn, options: &Options, owner: Option<&Owner>) -> TokenStream {
    let _scalars = Scalars::of(item, owner, options.site.as_deref()).enter();
    let Some(primal) = outline(item, options) else { return TokenStream::new() };
    let paths = signature::paths_of(item, options, owner);
    let own = functions::companion(item, owner, &paths, options.boxed);
    let mut signature = Signature::of_stub(&own, paths, owner, &primal, options.boxed);
    signature.called = options.called;
    let bodies = Bodies::without_content(&signature, &primal);
    assemble(item, options, &signature, &bodies, &documentation(item))
}

/// The import that generated code beside an item relies on.
pub(crate) fn imports(options: &Options, item: &TokenStream, code: &TokenStream) -> TokenStream {
    super::paths::Paths::new(options, item).imports(code)
}

/// The derivatives of a function that a trait leaves to its implementations.
pub(crate) fn required(item: &syn::ItemFn, options: &Options, owner: &Owner) -> TokenStream {
    let _scalars = Scalars::of(item, Some(owner), options.site.as_deref()).enter();
    let Some(primal) = outline(item, options) else { return TokenStream::new() };
    let paths = signature::paths_of(item, options, Some(owner));
    let own = functions::companion(item, Some(owner), &paths, options.boxed);
    let mut signature = Signature::new(&own, paths, Some(owner), &primal, options.boxed);
    signature.required = true;
    let mut bodies = Bodies::without_content(&signature, &primal);
    if options.order() > 1 {
        let number = crate::ir::literals::seed(&primal.result).is_some();
        let outline = transform::outline_of_jvp(&primal);
        bodies.second = Some(twice::required(&own, options, &signature, &outline, number));
    }
    assemble(item, options, &signature, &bodies, &documentation(item))
}

/// The derivatives of an implementation's method that returns nothing differentiable, where its trait leaves that open.
pub(crate) fn constant(item: &syn::ItemFn, options: &Options, owner: &Owner, of_trait: &syn::Path) -> TokenStream {
    let _scalars = Scalars::of(item, Some(owner), options.site.as_deref()).enter();
    let Some(primal) = outline(item, options) else { return TokenStream::new() };
    let paths = signature::paths_of(item, options, Some(owner));
    let signature = Signature::new(item, paths, Some(owner), &primal, options.boxed);
    let method = &item.sig.ident;
    let [split, jvp] = dispatch::constant(&signature, item, &quote!(<Self as #of_trait>::#method));
    let bodies = Bodies {
        joint: None,
        split,
        jvp,
        graph: TokenStream::new(),
        jacobian: None,
        lanes: None,
        second: None,
        requirements: None,
    };
    assemble(item, options, &signature, &bodies, &documentation(item))
}

/// The derivatives of a function that only selects, `fn cell(x: &[f64], at: f64) -> usize`: what others call. There is no
/// gradient.
pub(crate) fn selecting(item: &syn::ItemFn, options: &Options, owner: Option<&Owner>) -> TokenStream {
    let _scalars = Scalars::of(item, owner, options.site.as_deref()).enter();
    let Some(primal) = outline(item, options) else { return TokenStream::new() };
    let paths = signature::paths_of(item, options, owner);
    let own = functions::companion(item, owner, &paths, options.boxed);
    let signature = Signature::new(&own, paths, owner, &primal, options.boxed);
    let name = &item.sig.ident;
    let function = if owner.is_some() { quote!(Self::#name) } else { quote!(#name) };
    let [split, jvp] = dispatch::constant(&signature, item, &function);
    let (forward, call_vjp) = (forms::jvp(&signature, &jvp), forms::call_vjp(&signature, &split));
    let (call_jvp, mutable) = (forms::call_jvp(&signature, &jvp), receivers::mutable_forms(&signature));
    wrapped(item, options, &signature, &quote!(#forward #call_vjp #call_jvp #mutable), false, &documentation(item))
}

/// The derivatives of a function for which they are given.
pub(crate) fn by_rules(item: &syn::ItemFn, options: &Options, owner: Option<&Owner>, rules: &Rules) -> TokenStream {
    let _scalars = Scalars::of(item, owner, options.site.as_deref()).enter();
    let Some(primal) = outline(item, options) else { return TokenStream::new() };
    let paths = signature::paths_of(item, options, owner);
    let own = functions::companion(item, owner, &paths, options.boxed);
    let signature = Signature::new(&own, paths, owner, &primal, options.boxed);
    ruled::companion(&own, options, &signature, &primal, rules, &documentation(item))
}

/// What the derivatives of a member ask of type parameters.
pub(crate) fn demands(item: &syn::ItemFn, options: &Options, owner: &Owner) -> BTreeMap<String, Demand> {
    let _scalars = Scalars::of(item, Some(owner), options.site.as_deref()).enter();
    outline(item, options).map(|primal| bounds::demands(item, owner, &primal)).unwrap_or_default()
}

/// The rules that the derivatives of a free function ask of its type parameters.
pub(crate) fn rules_of_parameters(item: &syn::ItemFn, options: &Options, rt: &TokenStream) -> Vec<syn::WherePredicate> {
    let _scalars = Scalars::of(item, None, options.site.as_deref()).enter();
    bounds::rules(item, None, rt).into_iter().map(|bound| syn::parse_quote!(#bound)).collect()
}

/// Whether a method of a trait has the form that adds gradients to buffers.
pub(crate) fn has_joint(item: &syn::ItemFn, options: &Options, owner: &Owner) -> bool {
    let _scalars = Scalars::of(item, Some(owner), options.site.as_deref()).enter();
    outline(item, options).is_some_and(|primal| crate::ir::literals::seed(&primal.result).is_some())
}

/// What `dyn Trait` needs to be differentiated like a type.
pub(crate) fn trait_object(
    item: &syn::ItemTrait,
    options: &Options,
    owner: &Owner,
    methods: &[(syn::ItemFn, Options)],
) -> TokenStream {
    let methods: Vec<(&syn::ItemFn, Function)> =
        methods.iter().filter_map(|(method, own)| Some((method, outline(method, own)?))).collect();
    let signatures = methods.iter().map(|(method, primal)| {
        let paths = signature::paths_of(method, options, Some(owner));
        Signature::new(method, paths, Some(owner), primal, true)
    });
    let signatures: Vec<Signature<'_>> = signatures.collect();
    let second = methods.iter().zip(&signatures).filter(|_| options.order() > 1);
    let second = second.map(|((method, primal), signature)| {
        let outline = transform::outline_of_jvp(primal);
        second::objects(method, signature, &outline)
    });
    objects::trait_object(item, &signatures, second.collect())
}

/// What is generated for a function.
pub(super) struct Bodies {
    pub(super) joint: Option<Body>,
    pub(super) split: Body,
    pub(super) jvp: Body,
    pub(super) graph: TokenStream,
    /// The matrix of first derivatives.
    pub(super) jacobian: Option<TokenStream>,
    /// Forward mode in several directions at once, and what is made of it.
    pub(super) lanes: Option<TokenStream>,
    /// The forms of second order.
    pub(super) second: Option<TokenStream>,
    /// What is asked of other functions, so that rustc says what is missing.
    pub(super) requirements: Option<TokenStream>,
}

/// What the signature alone says about a function.
pub(super) fn outline(item: &syn::ItemFn, options: &Options) -> Option<Function> {
    let name = options.companion.as_ref().unwrap_or(&item.sig.ident).to_string();
    let primitive = types::integer(&name).is_some() || types::float(&name).is_some();
    if primitive || ["bool", "char", "str", "f16", "f128"].contains(&name.as_str()) {
        return None;
    }
    let result = match &item.sig.output {
        syn::ReturnType::Default => Type::Unit,
        syn::ReturnType::Type(_, ty) if matches!(**ty, syn::Type::ImplTrait(_)) => return None,
        syn::ReturnType::Type(_, ty) => types::parse_type(ty),
    };
    let (vars, params, scopes) = (Vec::new(), Vec::new(), Vec::new());
    let name = item.sig.ident.to_string();
    let mut function = Function {
        name,
        vars,
        params,
        result,
        body: Block::default(),
        scopes,
        parts: BTreeMap::new(),
        closures: Vec::new(),
        loops: BTreeMap::new(),
        checkpoints: BTreeMap::new(),
        constant_parts: BTreeSet::new(),
    };
    for (position, input) in item.sig.inputs.iter().enumerate() {
        let typed = match input {
            syn::FnArg::Typed(typed) => typed,
            syn::FnArg::Receiver(receiver) => {
                function.outline_receiver(receiver, options);
                continue;
            }
        };
        let callable = callable::shape(&typed.ty, &item.sig.generics).is_some();
        if matches!(*typed.ty, syn::Type::ImplTrait(_)) && !callable {
            return None;
        }
        let name = match &*typed.pat {
            syn::Pat::Ident(pat) => pat.ident.to_string(),
            _ => format!("argument_{position}"),
        };
        let ty = match callable {
            true => Type::Named(quote::ToTokens::to_token_stream(&typed.ty)),
            false => types::parse_type(&typed.ty),
        };
        let passing = match &ty {
            _ if callable => Passing::Value,
            Type::Ref { mutable: true, .. } => Passing::Mut,
            Type::Ref { mutable: false, .. } => Passing::Shared,
            _ => Passing::Value,
        };
        let carries = types::may_carry_derivative(&ty);
        let differentiated =
            carries && options.wrt.as_ref().is_none_or(|names| names.iter().any(|wanted| *wanted == name));
        let var = function.fresh(name, ty, Storage::Value, Origin::Derived);
        function.params.push(Param {
            var,
            passing,
            differentiated,
            frozen: carries && !differentiated,
            function: callable,
        });
    }
    Some(function)
}

impl Bodies {
    /// Bodies that are not run, or not written.
    fn without_content(signature: &Signature<'_>, primal: &Function) -> Bodies {
        let joint = Bodies::joint(signature, primal);
        let (split, jvp) = (Bodies::empty(signature, "bar"), Bodies::empty(signature, "dot"));
        Bodies {
            joint,
            split,
            jvp,
            graph: super::graph::empty(signature),
            jacobian: None,
            lanes: None,
            second: None,
            requirements: None,
        }
    }

    /// The parameters of the joint form, if there is one.
    fn joint(signature: &Signature<'_>, primal: &Function) -> Option<Body> {
        let gives_number = crate::ir::literals::seed(&primal.result).is_some() || signature.open_result().is_some();
        let seed = signature.called.then(|| quote!(value_bar));
        gives_number.then(|| {
            let mut joint = Bodies::empty(signature, "bar");
            joint.params.extend(seed);
            joint
        })
    }

    /// The joint form of a function of one number by forward mode.
    fn forward(signature: &Signature<'_>) -> Body {
        let mut joint = Bodies::empty(signature, "bar");
        let mut locals = signature.locals();
        let (value, dot, seed) = (locals.name("value"), locals.name("value_dot"), locals.name("value_bar"));
        let (own, bars) = joint.params.split_at(signature.parameters.len());
        let call = signature.call("jvp");
        let change = if signature.called { quote!(#seed * #dot) } else { quote!(#dot) };
        joint.body = quote! {
            let (#value, #dot) = #call(#(#own,)* 1.0);
            #(*#bars += #change;)*
            #value
        };
        joint.params.extend(signature.called.then(|| quote!(#seed)));
        joint
    }

    /// The parameters, and those for derivatives with a suffix.
    fn empty(signature: &Signature<'_>, suffix: &str) -> Body {
        let mut locals = signature.locals();
        let own = signature.parameters.iter().map(|parameter| parameter.name.clone());
        let derived: Vec<_> = signature.with_derivative().map(|parameter| locals.suffixed(parameter, suffix)).collect();
        Body::new(own.chain(derived).map(|name| quote!(#name)).collect(), TokenStream::new())
    }
}

impl Function {
    fn outline_receiver(&mut self, receiver: &syn::Receiver, options: &Options) {
        let passing = owner::passing(receiver);
        let this = match types::parse_type(&syn::parse_quote!(Self)) {
            Type::Inactive => Type::Inactive,
            _ => Type::Named(quote!(Self)),
        };
        let carries = types::may_carry_derivative(&this);
        let ty = Type::Ref { mutable: passing == Passing::Mut, inner: Box::new(this) };
        let var = self.fresh("self", ty, Storage::Value, Origin::Derived);
        let differentiated =
            carries && options.wrt.as_ref().is_none_or(|names| names.iter().any(|wanted| wanted == "self"));
        self.params.push(Param { var, passing, differentiated, frozen: carries && !differentiated, function: false });
    }
}

/// All the functions of a companion, or beside a member.
fn members(signature: &Signature<'_>, bodies: &Bodies) -> TokenStream {
    let into = bodies.joint.as_ref().map(|joint| forms::value_and_grad_into(signature, joint));
    let (call_vjp, call_jvp) = (forms::call_vjp(signature, &bodies.split), forms::call_jvp(signature, &bodies.jvp));
    let place = signature.place();
    if place == Some(Place::Implementation) {
        // The trait has the others.
        let second = &bodies.second;
        return quote!(#into #call_vjp #call_jvp #second);
    }
    let from_joint = into.map(|into| {
        let anew = bodies.joint.as_ref().and_then(|joint| joint.anew.as_ref());
        let (both, only) = (forms::value_and_grad(signature, anew), forms::grad(signature));
        quote!(#into #both #only)
    });
    let (vjp, jvp, mutable) =
        (forms::vjp(signature), forms::jvp(signature, &bodies.jvp), receivers::mutable_forms(signature));
    // A trait with a constant has no trait objects.
    let graph = Some(&bodies.graph).filter(|_| place != Some(Place::Trait));
    let as_argument = functions::as_argument(signature);
    let Bodies { jacobian, lanes, second, requirements, .. } = bodies;
    quote!(#from_joint #vjp #jvp #call_vjp #call_jvp #mutable #as_argument #jacobian #lanes #second #requirements #graph)
}

/// What the documentation of a companion says.
fn documentation(item: &syn::ItemFn) -> String {
    let function = &item.sig.ident;
    format!(" Derivatives of the function [`{function}`](fn@{function}).")
}

/// The companion with everything in it; `doc` is what its documentation says.
pub(super) fn assemble(
    item: &syn::ItemFn,
    options: &Options,
    signature: &Signature<'_>,
    bodies: &Bodies,
    doc: &str,
) -> TokenStream {
    let mut members = members(signature, bodies);
    members.extend(asked::absent(signature, options, &members));
    wrapped(item, options, signature, &members, bodies.second.is_some(), doc)
}

/// The functions of a companion in it; those of a member stand for themselves. `twice` says that there are second
/// derivatives among them.
fn wrapped(
    item: &syn::ItemFn,
    options: &Options,
    signature: &Signature<'_>,
    members: &TokenStream,
    twice: bool,
    doc: &str,
) -> TokenStream {
    if signature.owner.is_some() {
        return members.clone();
    }
    let name = options.companion.as_ref().unwrap_or(&item.sig.ident);
    let (vis, import, rt) = (&item.vis, signature.paths.imports(members), &signature.paths.rt);
    let twice = twice.then(|| quote!(impl #rt::TwiceDifferentiable for #name {}));
    let parts = parts(options, signature, name);
    let cfg: Vec<_> = item.attrs.iter().filter(|attr| attr.path().is_ident("cfg")).collect();
    quote! {
        #(#cfg)*
        #[doc = #doc]
        #[allow(non_camel_case_types, dead_code, unreachable_pub, missing_debug_implementations)]
        #vis enum #name {}

        #(#cfg)*
        #[allow(warnings, unused, nonstandard_style, unreachable_pub, clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)]
        const _: () = {
            #import

            impl #name {
                #members
            }

            #twice
            #parts
        };
    }
}

/// Tells checks which parts of its parameters a function is differentiated with respect to.
fn parts(options: &Options, signature: &Signature<'_>, name: &syn::Ident) -> Option<TokenStream> {
    let rt = &signature.paths.rt;
    let parts = options.wrt_parts.iter().filter_map(|(parameter, members)| {
        let position = signature.parameters.iter().position(|own| own.name == *parameter)?;
        let members = members.iter().map(|member| quote!(#member).to_string()).collect::<Vec<_>>().join(".");
        Some(quote!((#position, #members)))
    });
    let parts: Vec<TokenStream> = parts.collect();
    let checked = cfg!(feature = "std") && !parts.is_empty();
    checked.then(|| {
        quote! {
            impl #rt::check::InParts for #name {
                const PARTS: &'static [(usize, &'static str)] = &[#(#parts),*];
            }
        }
    })
}

/// Whether the derivative calls the function's own derivative, so that its pullback would contain itself.
fn is_recursive(forward: &Function) -> bool {
    struct Recursive(bool);
    impl Visit for Recursive {
        fn enter(&mut self, stmt: &Stmt) {
            if let Stmt::CallVjp { callee, .. } = stmt {
                self.0 |= callee.recursive;
            }
        }
    }
    let mut recursive = Recursive(false);
    walk::block(&mut recursive, &forward.body);
    recursive.0
}
