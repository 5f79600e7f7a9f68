//! The forward rule of the root of an equation, as a function whose derivatives are the second ones of the root.
//!
//! With `F(x(θ), θ) = 0` the derivative of `x` in the direction `θ_dot` is `-F_θ θ_dot / F_x`, where both partial derivatives
//! are those of the annotated equation at the solution: a function that calls derivatives of others.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::analysis::types::{self, may_carry_derivative, parse_type};
use crate::diagnostics::Diagnostics;
use crate::emit;
use crate::ir::{DERIVATIVES, Type};
use crate::options::Options;

/// The rule and its derivatives; nothing where there is no such rule.
pub(super) fn rule(
    function: &syn::ItemFn,
    equation: &syn::Path,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> Option<TokenStream> {
    let rule = forward_rule(function, equation)?;
    let plain = Options { krate: options.krate.clone(), site: options.site.clone(), ..Options::default() };
    let derivatives = super::alone(&rule, &plain, diagnostics);
    Some(quote!(#[doc(hidden)] #[allow(dead_code, clippy::all, clippy::pedantic)] #rule #derivatives))
}

/// `fn root_in_direction(a, a_dot) -> (x, x_dot)`
fn forward_rule(function: &syn::ItemFn, equation: &syn::Path) -> Option<syn::ItemFn> {
    let syn::ReturnType::Type(_, result) = &function.sig.output else { return None };
    let last = equation.segments.last()?.ident.to_string();
    if !matches!(parse_type(result), Type::Float(_)) || DERIVATIVES.contains(&last.as_str()) {
        return None;
    }
    let (mut arguments, mut dots, mut tangents) = (Vec::new(), Vec::new(), Vec::new());
    for input in &function.sig.inputs {
        let (name, ty) = parameter(input)?;
        let known = parse_type(ty);
        arguments.push(if types::is_copy(&known) { quote!(#name) } else { quote!(#name.clone()) });
        if may_carry_derivative(&known) {
            // The tangents of other types have types of their own.
            types::numbers(types::strip_refs(&known))?;
            let dot = format_ident!("{name}_dot");
            tangents.push(syn::parse_quote!(#dot: #ty));
            dots.push(dot);
        }
    }
    let mut rule = function.clone();
    rule.attrs.clear();
    rule.vis = syn::Visibility::Inherited;
    rule.sig.constness = None;
    rule.sig.ident = emit::rule_of_root(&function.sig.ident);
    rule.sig.inputs.extend::<Vec<syn::FnArg>>(tangents);
    rule.sig.output = syn::parse_quote!(-> (#result, #result));
    let (name, others) = (&function.sig.ident, dots.iter().map(|_| quote!(_)));
    rule.block = syn::parse_quote!({
        let solution = #name(#(#arguments),*);
        let (_, slope) = #equation::jvp(solution, #(#arguments,)* 0.0, #(#dots),*);
        let (by_solution, #(#others),*) = #equation::grad(solution, #(#arguments),*);
        (solution, -slope / by_solution)
    });
    Some(rule)
}

/// The name and the type of a parameter that is a plain name.
fn parameter(input: &syn::FnArg) -> Option<(&Ident, &syn::Type)> {
    match input {
        syn::FnArg::Typed(typed) => match &*typed.pat {
            syn::Pat::Ident(pat) if pat.subpat.is_none() && pat.mutability.is_none() => Some((&pat.ident, &typed.ty)),
            _ => None,
        },
        syn::FnArg::Receiver(_) => None,
    }
}
