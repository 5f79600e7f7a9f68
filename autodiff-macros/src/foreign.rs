//! `#[derivative_of(path)]`: the derivative of a function that cannot be annotated, written by hand.
//!
//! The annotated function is the *rule*: it returns the value of the function at the path and its partial derivatives.
//! Beside it appears the companion of that function, under the last name of the path. An import of both, as in
//! `use libm::erf; use rules::erf;`, lets calls of the function find its derivatives like those of an annotated one.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::parse::{Parse, ParseStream};

use crate::analysis::types::{is_float, parse_type};
use crate::diagnostics::Diagnostics;
use crate::ir::{Float, Type};
use crate::options::Options;
use crate::{emit, expand, hygiene, parse};

const SCALARS_ONLY: &str = "rules are for functions of numbers; where the function takes anything else, write a function that calls it, or \
     computes the same, and annotate that with `#[differentiable]`";

/// What stands in the attribute's parentheses: `libm::erf, companion = name, crate = path`.
struct Attribute {
    path: syn::Path,
    options: Options,
}

impl Parse for Attribute {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let help = "the function is missing\n  = help: write its path, `#[derivative_of(libm::erf)]`";
        let span = input.span();
        let path = syn::Path::parse_mod_style(input).map_err(|_| syn::Error::new(span, help))?;
        let mut options = Options::default();
        while input.parse::<Option<syn::Token![,]>>()?.is_some() && !input.is_empty() {
            let key: syn::Ident = input.call(syn::ext::IdentExt::parse_any)?;
            match key.to_string().as_str() {
                "companion" | "crate" | "order" => options.entry(&key, input)?,
                other => {
                    let message = format!(
                        "`#[derivative_of]` has no option `{other}`\n  = help: the options are `companion = name`, `order = 2` and `crate = path`"
                    );
                    return Err(syn::Error::new(key.span(), message));
                }
            }
        }
        if input.is_empty() { Ok(Attribute { path, options }) } else { Err(input.error("expected `,`")) }
    }
}

/// The function that an attribute with these arguments is about, and the name of its companion.
pub(crate) fn named(attribute: &str) -> Option<(syn::Path, syn::Ident)> {
    let Attribute { path, options } = syn::parse_str(attribute).ok()?;
    let companion = options.companion.or_else(|| Some(path.segments.last()?.ident.clone()))?;
    Some((path, companion))
}

/// Expands `#[derivative_of(attribute)] item`: the rule as it was, and the companion of the function it is about.
pub(crate) fn expand(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let mut diagnostics = Diagnostics::default();
    let companion = companion(attribute, &item, &mut diagnostics);
    let errors = diagnostics.into_tokens();
    quote!(#[allow(dead_code)] #item #companion #errors)
}

fn companion(attribute: TokenStream, item: &TokenStream, diagnostics: &mut Diagnostics) -> Option<TokenStream> {
    let Attribute { path, options } = syn::parse2(attribute).map_err(|error| diagnostics.push(error)).ok()?;
    let Ok(rule) = syn::parse2::<syn::ItemFn>(item.clone()) else {
        diagnostics.error(
            item.clone().into_iter().next(),
            "`#[derivative_of]` stands before a function",
            "write a function that returns the value and the partial derivatives",
        );
        return None;
    };
    check_kind(&rule, diagnostics);
    let float = check_parameters(&rule, diagnostics);
    if let Some(float) = &float {
        check_result(&rule, float, diagnostics);
    }
    hygiene::check(&rule, diagnostics);
    let outside = function_of(&rule, &path, float)?;
    let primal = if diagnostics.is_empty() { Some(parse::lower(&outside, &options, None, diagnostics)) } else { None };
    Some(match primal {
        Some(primal) if diagnostics.is_empty() => {
            let direction = direction(&rule, &outside, &options, diagnostics);
            let by = direction.as_ref().map(|(name, _)| syn::Path::from(name.clone()));
            let companion = emit::of_rule(&outside, &options, &primal, (&rule.sig.ident, by.as_ref()), &path);
            let (exists, direction) = (exists(&outside, &path), direction.map(|(_, function)| function));
            quote!(#companion #exists #direction)
        }
        Some(_) | None => emit::stub(&outside, &options, None),
    })
}

/// The function at the path as it would be written here: with the rule's parameters and visibility.
fn function_of(rule: &syn::ItemFn, path: &syn::Path, float: Option<syn::Type>) -> Option<syn::ItemFn> {
    let name = &path.segments.last()?.ident;
    let result = float.unwrap_or_else(|| syn::parse_quote!(f64));
    let (mut inputs, mut arguments) = (rule.sig.inputs.clone(), Vec::new());
    for (position, input) in inputs.iter_mut().enumerate() {
        let syn::FnArg::Typed(typed) = input else { return None };
        // The body of the rule may need a pattern or `mut`; the companion needs a name.
        let name = match &*typed.pat {
            syn::Pat::Ident(pat) => pat.ident.clone(),
            _ => format_ident!("argument_{position}"),
        };
        *typed.pat = syn::parse_quote!(#name);
        arguments.push(name);
    }
    let cfg = rule.attrs.iter().filter(|attr| attr.path().is_ident("cfg"));
    let (vis, inputs) = (&rule.vis, inputs.iter());
    Some(syn::parse_quote!(#(#cfg)* #vis fn #name(#(#inputs),*) -> #result { #path(#(#arguments),*) }))
}

/// The function's derivative in a direction, by the rule, as a function of its own: its derivatives are the second ones.
fn direction(
    rule: &syn::ItemFn,
    outside: &syn::ItemFn,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> Option<(syn::Ident, TokenStream)> {
    if options.order() < 2 {
        return None;
    }
    let annotated = rule.attrs.iter().filter_map(|attr| attr.path().segments.last());
    if options.order() > 2 || !annotated.into_iter().any(|last| last.ident == "differentiable") {
        let help = "write `order = 2`, and `#[differentiable]` between this attribute and the rule";
        diagnostics.error(&rule.sig.ident, "the second derivatives of a function are the first ones of its rule", help);
        return None;
    }
    let mut function = outside.clone();
    function.sig.ident = emit::rule_of_root(&outside.sig.ident);
    let (mut names, mut partials, mut dots) = (Vec::new(), Vec::new(), Vec::new());
    for input in &outside.sig.inputs {
        let syn::FnArg::Typed(typed) = input else { return None };
        let (syn::Pat::Ident(pat), ty) = (&*typed.pat, &typed.ty) else { return None };
        let name = &pat.ident;
        names.push(name.clone());
        if is_float(&parse_type(ty)) {
            let dot = format_ident!("{name}_dot");
            partials.push(format_ident!("by_{name}"));
            function.sig.inputs.push(syn::parse_quote!(#dot: #ty));
            dots.push(dot);
        }
    }
    let syn::ReturnType::Type(_, result) = &outside.sig.output else { return None };
    function.sig.output = syn::parse_quote!(-> (#result, #result));
    let parts = if let [single] = &partials[..] { quote!(#single) } else { quote!((#(#partials),*)) };
    let rule = &rule.sig.ident;
    function.block = syn::parse_quote!({
        let (value, #parts) = #rule(#(#names),*);
        (value, #(#partials * #dots)+*)
    });
    let name = function.sig.ident.clone();
    Some((name, expand::of_ours(&function, options, diagnostics)))
}

/// Lets rustc say at the path if there is no such function.
fn exists(outside: &syn::ItemFn, path: &syn::Path) -> TokenStream {
    let types = typed(outside).map(|param| &param.ty);
    let cfg = outside.attrs.iter();
    let result = &outside.sig.output;
    quote!(#(#cfg)* const _: fn(#(#types),*) #result = #path;)
}

/// A rule is a plain function.
fn check_kind(rule: &syn::ItemFn, diagnostics: &mut Diagnostics) {
    let sig = &rule.sig;
    let help = "write the rule as a plain `fn` for `f64` or `f32`";
    if let Some(param) = sig.generics.params.first() {
        diagnostics.error(param, "a rule cannot be generic", help);
    }
    if let syn::Safety::Unsafe(token) = &sig.safety {
        diagnostics.error(token, "a rule cannot be `unsafe`", help);
    }
    if let Some(token) = &sig.asyncness {
        diagnostics.error(token, "a rule cannot be `async`", help);
    }
}

/// The type of the parameters that have partial derivatives. Reports what is no number, and where there is no such type.
fn check_parameters(rule: &syn::ItemFn, diagnostics: &mut Diagnostics) -> Option<syn::Type> {
    let mut float: Option<(Float, syn::Type)> = None;
    let mut refused = false;
    for input in &rule.sig.inputs {
        let syn::FnArg::Typed(typed) = input else {
            diagnostics.error(input, "a rule cannot be a method", "write it as a function outside of the `impl`");
            return None;
        };
        match parse_type(&typed.ty) {
            Type::Float(own) if float.as_ref().is_some_and(|(first, _)| *first != own) => {
                let help = "write a function of one type of numbers that converts, and a rule for that";
                diagnostics.error(&typed.ty, "the parameters of a rule are all `f64` or all `f32`", help);
            }
            Type::Float(own) => drop(float.get_or_insert_with(|| (own, (*typed.ty).clone()))),
            Type::Int(_) | Type::Bool => {}
            _ => {
                refused = true;
                let message = "a rule takes floats, integers and `bool`s, all by value";
                diagnostics.error(&typed.ty, message, SCALARS_ONLY);
            }
        }
    }
    if float.is_none() && !refused {
        let message = "the rule has no parameter to differentiate with respect to";
        let help = "give it the parameters of the function, of which at least one is `f64` or `f32`";
        diagnostics.error(&rule.sig.ident, message, help);
    }
    float.map(|(_, ty)| ty)
}

/// The result is the value with one partial derivative for each parameter that is a float.
fn check_result(rule: &syn::ItemFn, float: &syn::Type, diagnostics: &mut Diagnostics) {
    let count = typed(rule).filter(|param| is_float(&parse_type(&param.ty))).count();
    let name = quote!(#float).to_string();
    let partials = if count == 1 { name.clone() } else { format!("({})", vec![name.clone(); count].join(", ")) };
    let message = "a rule returns the value and the partial derivatives";
    let help = format!("return `({name}, {partials})`: one partial derivative for each parameter that is a float");
    match &rule.sig.output {
        syn::ReturnType::Type(_, ty) if is_value_with_partials(&parse_type(ty), &parse_type(float), count) => {}
        syn::ReturnType::Type(_, ty) => diagnostics.error(ty, message, &help),
        syn::ReturnType::Default => diagnostics.error(&rule.sig.ident, message, &help),
    }
}

fn is_value_with_partials(result: &Type, float: &Type, count: usize) -> bool {
    let same = |ty: &Type| matches!((ty, float), (Type::Float(ty), Type::Float(float)) if ty == float);
    let Type::Tuple(items) = result else { return false };
    match &items[..] {
        [value, Type::Tuple(partials)] => {
            same(value) && count > 1 && partials.len() == count && partials.iter().all(same)
        }
        [value, partial] => same(value) && count == 1 && same(partial),
        _ => false,
    }
}

/// The parameters of a function without receiver.
fn typed(function: &syn::ItemFn) -> impl Iterator<Item = &syn::PatType> {
    function.sig.inputs.iter().filter_map(|input| match input {
        syn::FnArg::Typed(typed) => Some(typed),
        syn::FnArg::Receiver(_) => None,
    })
}
