//! `#[differentiable(vjp = rule)]`, `#[differentiable(jvp = rule)]`, `#[differentiable(root_of = equation)]`: functions whose
//! derivatives are given.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use crate::analysis::types::{may_carry_derivative, parse_type};
use crate::callable;
use crate::diagnostics::Diagnostics;
use crate::ir::{Passing, Type};
use crate::nearby::Nearby;
use crate::options::{Options, Rules};
use crate::owner::{self, Owner, Place};
use crate::{emit, hygiene};

/// The companion by the rules, or a stub where there can be none.
pub(super) fn expand(
    function: &syn::ItemFn,
    options: &Options,
    owner: Option<&Owner>,
    rules: &Rules,
    diagnostics: &mut Diagnostics,
) -> TokenStream {
    hygiene::check(function, diagnostics);
    check_options(function, options, owner, rules, diagnostics);
    check_parameters(function, diagnostics);
    check_result(function, diagnostics);
    check_captures(function, options, rules, diagnostics);
    if !diagnostics.is_empty() {
        return emit::stub(function, options, owner);
    }
    let (equation, rules) = match rules {
        Rules::Root { shown, .. } => super::root::equation(function, shown, options, diagnostics),
        Rules::Vjp(_) | Rules::Jvp(_) | Rules::Both { .. } => (None, rules.clone()),
    };
    let of_root = match &rules {
        Rules::Root { equation, shown } if diagnostics.is_empty() && options.order() > 1 => {
            // An equation that is a gradient itself would need third derivatives.
            let written = equation == shown;
            let rule = written.then(|| super::root::rule(function, equation, options, diagnostics)).flatten();
            if rule.is_none() {
                let help = "leave out `order`, or take and return numbers and lists of them";
                diagnostics.error(&function.sig.ident, "the root of this equation has first derivatives only", help);
            }
            rule
        }
        Rules::Root { .. } | Rules::Vjp(_) | Rules::Jvp(_) | Rules::Both { .. } => None,
    };
    match diagnostics.is_empty() {
        true => {
            let companion = emit::by_rules(function, options, owner, &rules);
            quote!(#equation #of_root #companion)
        }
        false => emit::stub(function, options, owner),
    }
}

fn check_options(
    function: &syn::ItemFn,
    options: &Options,
    owner: Option<&Owner>,
    rules: &Rules,
    diagnostics: &mut Diagnostics,
) {
    let name = &function.sig.ident;
    if let (Some(root), Some(rule)) = (&options.root_of, options.vjp.as_ref().or(options.jvp.as_ref())) {
        diagnostics.error(rule, "the derivatives are given twice", "leave out this rule, or `root_of`");
        let _ = root;
    }
    if owner.is_some_and(|owner| owner.place != Place::Type) {
        let help = "write a function with the rule, and call it in the method";
        diagnostics.error(name, "the method of a trait cannot have rules of its own", help);
    }
    if let Some(span) = options.hvp.or(options.hessian) {
        diagnostics.error_at(span, "a rule gives first derivatives only", "leave this option out");
    } else if options.order() > 1 {
        check_order(name, options, owner, rules, diagnostics);
    }
}

/// The second derivatives are the first ones of the forward rule.
fn check_order(
    name: &syn::Ident,
    options: &Options,
    owner: Option<&Owner>,
    rules: &Rules,
    diagnostics: &mut Diagnostics,
) {
    let rule = match rules {
        Rules::Jvp(rule) | Rules::Both { jvp: rule, .. } => Some(rule),
        Rules::Vjp(_) => None,
        Rules::Root { .. } if options.order() == 2 && options.wrt.is_none() && owner.is_none() => return,
        Rules::Root { .. } => None,
    };
    let plain = options.order() == 2 && options.wrt.is_none() && !options.boxed && owner.is_none();
    let Some(rule) = rule.filter(|_| plain) else {
        let help = "leave out `order`, or give a function with all its parameters a forward rule, `jvp = rule`, that is annotated itself: its derivatives are those of the order 2";
        return diagnostics.error(name, "a rule gives first derivatives only", help);
    };
    let found = rule.get_ident().and_then(|rule| Nearby::of(options)?.function(&rule.to_string()));
    if found.is_some_and(|found| !found.annotated) {
        let shown = rule.to_token_stream().to_string();
        let help = format!("write `#[differentiable]` before `fn {shown}`");
        diagnostics.error(rule, "second derivatives are those of the forward rule, which has none", &help);
    }
}

fn check_parameters(function: &syn::ItemFn, diagnostics: &mut Diagnostics) {
    let mut carries = false;
    for input in &function.sig.inputs {
        let (ty, shown) = match input {
            syn::FnArg::Receiver(receiver) if owner::passing(receiver) == Passing::Mut => {
                diagnostics.error(receiver, "a rule is for a function that changes nothing", "take `&self`");
                continue;
            }
            syn::FnArg::Receiver(_) => {
                carries = true;
                continue;
            }
            syn::FnArg::Typed(typed) => (parse_type(&typed.ty), &typed.ty),
        };
        if callable::shape(shown, &function.sig.generics).is_some() || matches!(**shown, syn::Type::ImplTrait(_)) {
            let help = "write a function that calls what it needs by its name";
            diagnostics.error(shown, "a rule is for a function that takes no functions", help);
        }
        if matches!(ty, Type::Ref { mutable: true, .. }) {
            diagnostics.error(
                shown,
                "a rule is for a function that changes nothing",
                "take `&` and return what is new",
            );
        }
        carries |= may_carry_derivative(&ty);
    }
    if !carries {
        let help = "give it a parameter of `f64`s";
        diagnostics.error(&function.sig.ident, "there is no parameter to differentiate with respect to", help);
    }
}

fn check_result(function: &syn::ItemFn, diagnostics: &mut Diagnostics) {
    let syn::ReturnType::Type(_, shown) = &function.sig.output else {
        let help = "return what is computed";
        return diagnostics.error(&function.sig.ident, "a rule is for a function that returns something", help);
    };
    let ty = parse_type(shown);
    if matches!(ty, Type::Option(_) | Type::Result(..)) {
        let help = "write a function for the value alone, and call it here";
        diagnostics.error(shown, "a rule is for a function that does not fail", help);
    } else if !may_carry_derivative(&ty) {
        diagnostics.error(shown, "what is returned has no derivative", "return numbers");
    }
}

/// A pullback lives longer than what is passed by reference: it is called where these may have changed.
fn check_captures(function: &syn::ItemFn, options: &Options, rules: &Rules, diagnostics: &mut Diagnostics) {
    let (Rules::Vjp(path) | Rules::Both { vjp: path, .. }) = rules else { return };
    let by_reference = |input: &syn::FnArg| match input {
        syn::FnArg::Receiver(_) => true,
        syn::FnArg::Typed(typed) => matches!(parse_type(&typed.ty), Type::Ref { .. }),
    };
    let Some(name) = path.get_ident().filter(|_| function.sig.inputs.iter().any(by_reference)) else { return };
    let found = Nearby::of(options).and_then(|nearby| nearby.function(&name.to_string()));
    let Some(output) = found.map(|found| found.signature.output.to_token_stream().to_string()) else { return };
    if output.contains("impl") && !output.contains("use <") {
        diagnostics.error(
            path,
            format!("the pullback that `{name}` returns holds on to what is passed by reference"),
            "write `+ use<>` behind `impl Fn(..) -> ..`, and clone what the pullback needs",
        );
    }
}
