//! The forward rule of the root of an equation, as a function whose derivatives are the second ones of the root.
//!
//! With `F(x(θ), θ) = 0` the derivative of `x` in the direction `θ_dot` is `-F_θ θ_dot / F_x`, where both partial derivatives
//! are those of the annotated equation at the solution: a function that calls derivatives of others.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::analysis::types::{self, may_carry_derivative, parse_type};
use crate::diagnostics::Diagnostics;
use crate::emit;
use crate::ir::{DERIVATIVES, Type, literals};
use crate::options::{Options, Rules};

/// The equation that the attribute names. A gradient, `energy::grad`, is made into an equation of its own, which is its part
/// by the solution.
pub(super) fn equation(
    function: &syn::ItemFn,
    shown: &syn::Path,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> (Option<TokenStream>, Rules) {
    let as_it_is = Rules::Root { equation: shown.clone(), shown: shown.clone() };
    let Some(last) = shown
        .segments
        .last()
        .filter(|last| shown.segments.len() > 1 && DERIVATIVES.iter().any(|name| last.ident == name))
    else {
        return (None, as_it_is);
    };
    let stationary = if last.ident == "grad" { stationary(function, shown, options) } else { None };
    let Some(stationary) = stationary else {
        let message = "this derivative cannot be the equation by itself";
        let help = "write an annotated function of the solution and the parameters that calls it and returns the numbers that are zero, and name that";
        diagnostics.error(last, message, help);
        return (None, as_it_is);
    };
    let derivatives = super::of_ours(&stationary, options, diagnostics);
    let equation = stationary.sig.ident.into();
    (Some(derivatives), Rules::Root { equation, shown: shown.clone() })
}

/// `fn minimum_equation(x, a) -> x_bar { let (x_bar, _) = energy::grad(x, a); x_bar }`
fn stationary(function: &syn::ItemFn, gradient: &syn::Path, options: &Options) -> Option<syn::ItemFn> {
    let syn::ReturnType::Type(_, result) = &function.sig.output else { return None };
    let known = parse_type(result);
    let number = matches!(known, Type::Float(_));
    // The tangents of other types have types of their own.
    types::numbers(&known)?;
    let (mut arguments, mut others) = (Vec::new(), Vec::new());
    for input in &function.sig.inputs {
        let (name, ty) = parameter(input)?;
        arguments.push(quote!(#name));
        others.extend(may_carry_derivative(&parse_type(ty)).then(|| quote!(_)));
    }
    let (passed, solution) = match (number, emit::takes_value(gradient, options)) {
        (true, _) => (quote!(#result), quote!(solution)),
        (false, true) => (quote!(&#result), quote!(solution.clone())),
        (false, false) => (quote!(&#result), quote!(solution)),
    };
    let mut equation = hidden(function, format_ident!("{}_equation", function.sig.ident));
    equation.sig.inputs.insert(0, syn::parse_quote!(solution: #passed));
    equation.block = syn::parse_quote!({
        let (by_solution, #(#others),*) = #gradient(#solution, #(#arguments),*);
        by_solution
    });
    Some(equation)
}

/// A private function with the signature of another one.
fn hidden(function: &syn::ItemFn, name: Ident) -> syn::ItemFn {
    let mut hidden = function.clone();
    hidden.attrs.clear();
    hidden.vis = syn::Visibility::Inherited;
    hidden.sig.constness = None;
    hidden.sig.ident = name;
    hidden
}

/// The rule and its derivatives; nothing where there is no such rule.
pub(super) fn rule(
    function: &syn::ItemFn,
    equation: &syn::Path,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> Option<TokenStream> {
    let rule = forward_rule(function, equation, options)?;
    Some(super::of_ours(&rule, options, diagnostics))
}

/// `fn root_in_direction(a, a_dot) -> (x, x_dot)`
fn forward_rule(function: &syn::ItemFn, equation: &syn::Path, options: &Options) -> Option<syn::ItemFn> {
    let syn::ReturnType::Type(_, result) = &function.sig.output else { return None };
    let solution = parse_type(result);
    let number = types::numbers(&solution)?;
    let mut own = Parameters::default();
    for input in &function.sig.inputs {
        let (name, ty) = parameter(input)?;
        own.add(name, ty)?;
    }
    let mut rule = hidden(function, emit::rule_of_root(&function.sig.ident));
    rule.sig.inputs.extend(own.tangents.clone());
    rule.sig.output = syn::parse_quote!(-> (#result, #result));
    rule.block = match solution {
        Type::Float(_) => by_number(&function.sig.ident, equation, &own),
        _ => {
            let Type::Float(number) = number else { return None };
            let number = literals::float_name(&Type::Float(number))?;
            by_list(&function.sig.ident, equation, &own, &List { result, known: &solution, number, options })
        }
    };
    Some(rule)
}

/// The parameters of the function whose result is the root.
#[derive(Default)]
struct Parameters {
    arguments: Vec<TokenStream>,
    dots: Vec<Ident>,
    /// The tangents of the parameters, as parameters.
    tangents: Vec<syn::FnArg>,
    /// Tangents that are zero.
    zeros: Vec<TokenStream>,
}

impl Parameters {
    fn add(&mut self, name: &Ident, ty: &syn::Type) -> Option<()> {
        let known = parse_type(ty);
        self.arguments.push(if types::is_copy(&known) { quote!(#name) } else { quote!(#name.clone()) });
        if may_carry_derivative(&known) {
            let stripped = types::strip_refs(&known);
            // The tangents of other types have types of their own.
            types::numbers(stripped)?;
            let (dot, zero) = (format_ident!("{name}_dot"), zeros(stripped, &quote!(#name)));
            self.tangents.push(syn::parse_quote!(#dot: #ty));
            self.zeros.push(if matches!(known, Type::Ref { .. }) { quote!(&#zero) } else { zero });
            self.dots.push(dot);
        }
        Some(())
    }
}

/// Of a number: `-F_θ θ_dot / F_x`.
fn by_number(name: &Ident, equation: &syn::Path, own: &Parameters) -> Box<syn::Block> {
    let Parameters { arguments, dots, .. } = own;
    let others = dots.iter().map(|_| quote!(_));
    syn::parse_quote!({
        let solution = #name(#(#arguments),*);
        let (_, slope) = #equation::jvp(solution, #(#arguments,)* 0.0, #(#dots),*);
        let (by_solution, #(#others),*) = #equation::grad(solution, #(#arguments),*);
        (solution, -slope / by_solution)
    })
}

/// A solution that is a list of numbers.
struct List<'a> {
    result: &'a syn::Type,
    known: &'a Type,
    number: TokenStream,
    options: &'a Options,
}

/// Of a list of numbers: the solution of a system of linear equations, whose matrix is the derivative of the equation in each
/// direction of the solution, column by column.
fn by_list(name: &Ident, equation: &syn::Path, own: &Parameters, list: &List<'_>) -> Box<syn::Block> {
    let Parameters { arguments, dots, zeros: still, .. } = own;
    let List { result, known, number, options } = list;
    let (root, zero) = (options.root(), zeros(known, &quote!(solution)));
    let given = if emit::takes_value(equation, options) { quote!() } else { quote!(&) };
    syn::parse_quote!({
        let solution: #result = #name(#(#arguments),*);
        let count = solution.len();
        let mut matrix: ::std::vec::Vec<#number> = ::std::vec::Vec::new();
        let mut right: ::std::vec::Vec<#number> = ::std::vec::Vec::new();
        let resting: #result = #zero;
        let (_, slope) = #equation::jvp(#given solution.clone(), #(#arguments,)* #given resting, #(#dots),*);
        for at in 0..count {
            let number: #number = slope[at];
            right.push(-number);
        }
        for unknown in 0..count {
            let mut unit: #result = #zero;
            unit[unknown] = 1.0;
            let (_, column) = #equation::jvp(#given solution.clone(), #(#arguments,)* #given unit, #(#still),*);
            for at in 0..count {
                let number: #number = column[at];
                matrix.push(number);
            }
        }
        let solved: ::std::vec::Vec<#number> = #root::rt::solve_linear(&matrix, &right);
        let mut solution_dot: #result = #zero;
        for at in 0..count {
            solution_dot[at] = solved[at];
        }
        (solution, solution_dot)
    })
}

/// Zeros like a number, or like a list of numbers.
fn zeros(known: &Type, like: &TokenStream) -> TokenStream {
    match known {
        Type::Array(_, length) => quote!([0.0; #length]),
        Type::Vec(_) | Type::Slice(_) => quote!(vec![0.0; #like.len()]),
        Type::Tensor(_) => quote!(Array1::zeros(#like.len())),
        _ => quote!(0.0),
    }
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
