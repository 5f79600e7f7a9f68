//! Functions that take functions.
//!
//! In a companion a parameter `f` that is a function is a tuple `(f, f_vjp, f_jvp)`: what the function captured, and
//! its derivatives in the form of `call_vjp` and `call_jvp` with `&f` as their first argument.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};

use super::body::{self, PullbackForm, PullbackTypes};
use super::fold::{Env, Folder};
use super::forms;
use super::paths::{ClosureCode, Paths};
use super::signature::Signature;
use super::tangents::Types;
use super::tree::Expr;
use crate::analysis::types::parse_type;
use crate::callable::{self, Shape};
use crate::ir::{Arg, Function, FunctionValue, Origin, Param, Passing, Type};
use crate::owner::Owner;
use crate::transform::Derivatives;

/// The name of a derivative of a parameter that is a function: `f_vjp`.
pub(super) fn form(name: &str, form: &str) -> Ident {
    let form = form.trim_start_matches("call_");
    Ident::new(&format!("{}_{form}", name.trim_start_matches("r#")), Span::call_site())
}

/// The type of what a function captured, of the type that a companion writes for the function.
pub(super) fn captured(ty: &syn::Type) -> Option<Ident> {
    let syn::Type::Tuple(tuple) = ty else { return None };
    match tuple.elems.first() {
        Some(syn::Type::Path(path)) => path.path.get_ident().cloned(),
        _ => None,
    }
}

/// The user's function with the signature that the functions of its companion have.
pub(super) fn companion(item: &syn::ItemFn, owner: Option<&Owner>, paths: &Paths, boxed: bool) -> syn::ItemFn {
    let mut own = item.clone();
    let generics = &item.sig.generics;
    let around: Vec<&syn::Generics> = [generics].into_iter().chain(owner.map(|owner| &owner.generics)).collect();
    let rt = if owner.is_some_and(|owner| owner.in_place) { paths.full() } else { paths.rt.clone() };
    let mut done: Vec<String> = Vec::new();
    for input in &mut own.sig.inputs {
        let syn::FnArg::Typed(typed) = input else { continue };
        let Some(shape) = callable::shape(&typed.ty, generics) else { continue };
        let base = base_name(&shape, &typed.pat);
        let names = ["Captured", "Vjp", "Pullback", "Jvp"].map(|role| format_ident!("{base}{role}"));
        let [captured, vjp, _, jvp] = &names;
        *typed.ty = syn::parse_quote!((#captured, #vjp, #jvp));
        if !done.contains(&base) {
            own.sig.generics.params.extend(names.iter().map(|name| -> syn::GenericParam { syn::parse_quote!(#name) }));
            let bounds = bounds(&names, &shape, &around, &rt, boxed);
            own.sig.generics.make_where_clause().predicates.extend(bounds);
            done.push(base);
        }
    }
    if !done.is_empty() {
        forget(&mut own.sig.generics, generics);
    }
    own
}

/// The type parameter, or the parameter's own name in camel case.
fn base_name(shape: &Shape, pat: &syn::Pat) -> String {
    if let Some(parameter) = &shape.parameter {
        return parameter.to_string();
    }
    let name = pat.to_token_stream().to_string();
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !["mut", "r", ""].contains(word));
    let camel = words.map(|word| {
        let (first, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
        format!("{}{rest}", first.to_uppercase())
    });
    format!("{}Fn", camel.collect::<String>())
}

/// Drops the type parameters that stand for functions, and their bounds.
fn forget(own: &mut syn::Generics, generics: &syn::Generics) {
    let names: Vec<&Ident> = generics.type_params().map(|parameter| &parameter.ident).collect();
    let functions: Vec<&Ident> = names.into_iter().filter(|name| callable::is_function(name, generics)).collect();
    let kept = std::mem::take(&mut own.params).into_iter().filter(|parameter| match parameter {
        syn::GenericParam::Type(parameter) => !functions.contains(&&parameter.ident),
        syn::GenericParam::Lifetime(_) | syn::GenericParam::Const(_) => true,
    });
    // Types stand before constants or after them, lifetimes first.
    own.params = kept.collect();
    if let Some(clause) = &mut own.where_clause {
        let kept = std::mem::take(&mut clause.predicates).into_iter().filter(|predicate| match predicate {
            syn::WherePredicate::Type(typed) => {
                !functions.iter().any(|name| callable::is_path(&typed.bounded_ty, name))
            }
            _ => true,
        });
        clause.predicates = kept.collect();
    }
}

/// What has to hold of a function's parts.
fn bounds(
    names: &[Ident; 4],
    shape: &Shape,
    generics: &[&syn::Generics],
    rt: &TokenStream,
    boxed: bool,
) -> Vec<syn::WherePredicate> {
    let [captured, vjp, pullback, jvp] = names;
    let types = Types { rt, stub: false, plain: &|_| false, lanes: false };
    let tangent = quote!(<#captured as #rt::Differentiable>::Tangent);
    let (mut again, mut slots, mut dots) = (Vec::new(), Vec::new(), Vec::new());
    for ty in &shape.inputs {
        let known = parse_type(ty);
        let passing = passing(&known);
        let (slot, dot) = (types.slot(ty, &known), types.dot(ty, &known, passing));
        let kept = passing == Passing::Value && callable::is_again(ty, generics);
        match passing {
            Passing::Value if kept => again.push(quote!(&#ty)),
            Passing::Shared => again.push(quote!(#ty)),
            Passing::Value | Passing::Mut => {}
        }
        slots.push(quote!(Option<&mut #slot>));
        dots.push(if kept { quote!(Option<&#dot>) } else { quote!(Option<#dot>) });
    }
    let (inputs, output) = (&shape.inputs, &shape.output);
    let output_tangent = types.owned(output, &parse_type(output));
    let fixed = boxed.then(|| quote!(+ 'static));
    vec![
        syn::parse_quote!(#captured: #rt::Differentiable + Clone #fixed),
        syn::parse_quote!(#tangent: #rt::AccumulateFrom<#tangent> + for<'t> #rt::AccumulateFrom<&'t #tangent>),
        syn::parse_quote!(#vjp: Fn(&#captured, #(#inputs),*) -> (#output, #pullback) + Copy #fixed),
        syn::parse_quote! {
            #pullback: Fn(&#captured, #(#again,)* &#output_tangent, Option<&mut #tangent>, #(#slots),*) #fixed
        },
        syn::parse_quote! {
            #jvp: Fn(&#captured, #(#inputs,)* Option<&#tangent>, #(#dots),*) -> (#output, #output_tangent) + Copy #fixed
        },
    ]
}

fn passing(ty: &Type) -> Passing {
    match ty {
        Type::Ref { mutable: true, .. } => Passing::Mut,
        Type::Ref { mutable: false, .. } => Passing::Shared,
        _ => Passing::Value,
    }
}

/// The forms of a function that stand for it as an argument: as those of a closure that captured nothing.
pub(super) fn as_argument(signature: &Signature<'_>) -> TokenStream {
    if signature.takes_functions() || signature.owner.is_some() {
        return TokenStream::new();
    }
    forms::as_argument(signature)
}

/// Prints the derivatives of the function's closures.
pub(super) fn print_closures(primal: &Function, derivatives: &Derivatives, paths: &mut Paths) {
    let closures = primal.closures.iter().zip(&derivatives.closures);
    paths.closures = closures.map(|(closure, derivatives)| print_closure(closure, derivatives, paths)).collect();
}

fn print_closure(closure: &Function, derivatives: &Derivatives, paths: &Paths) -> ClosureCode {
    let mut inner =
        Paths { root: paths.root.clone(), rt: paths.rt.clone(), vec: paths.vec.clone(), closures: Vec::new() };
    print_closures(closure, derivatives, &mut inner);
    ClosureCode { vjp: print_vjp(closure, derivatives, &inner), jvp: print_jvp(closure, derivatives, &inner) }
}

/// The type of a parameter that is handed in again.
fn again_type(closure: &Function, param: &Param) -> TokenStream {
    match &closure[param.var].ascription {
        Some(ty) if is_by_value(closure, param) => quote!(&#ty),
        Some(ty) => ty.clone(),
        None => quote!(&_),
    }
}

/// A parameter that the closure is given by value and takes by reference from the start.
fn is_by_value(closure: &Function, param: &Param) -> bool {
    let written = closure[param.var].ascription.as_ref();
    let reference = written.and_then(|ty| syn::parse2::<syn::Type>(ty.clone()).ok());
    param.passing == Passing::Shared && reference.is_some_and(|ty| !matches!(parse_type(&ty), Type::Ref { .. }))
}

/// `pattern: type`, the type as far as the user wrote it.
fn declared(closure: &Function, param: &Param, pattern: &TokenStream) -> TokenStream {
    match &closure[param.var].ascription {
        Some(ty) => quote!(#pattern: #ty),
        None if closure[param.var].origin == Origin::Derived => quote!(#pattern: &_),
        None => quote!(#pattern),
    }
}

/// References to what is given by value.
fn referred<'a>(closure: &'a Function, patterns: &'a [TokenStream]) -> impl Iterator<Item = TokenStream> + 'a {
    let by_value = closure.params.iter().zip(patterns).filter(|(param, _)| is_by_value(closure, param));
    by_value.map(|(_, pattern)| quote!(let #pattern = &#pattern;))
}

fn print_vjp(closure: &Function, derivatives: &Derivatives, paths: &Paths) -> TokenStream {
    let again = closure.params.iter().filter(|param| param.passing == Passing::Shared);
    let types = PullbackTypes {
        again: again.map(|param| again_type(closure, param)).collect(),
        seed: quote!(&_),
        slots: closure.params.iter().map(|_| quote!(Option<&mut _>)).collect(),
        renames_receiver: false,
    };
    let body = body::split(&derivatives.split, paths, &types, PullbackForm::Inline);
    let params = closure.params.iter().zip(&body.params).map(|(param, pattern)| declared(closure, param, pattern));
    let referred = referred(closure, &body.params);
    let body = &body.body;
    quote!(move |#(#params),*| { #(#referred)* #body })
}

fn print_jvp(closure: &Function, derivatives: &Derivatives, paths: &Paths) -> TokenStream {
    let body = body::function(&derivatives.jvp, paths, false);
    let rt = &paths.rt;
    let own = closure.params.iter().zip(&body.params);
    let mut params: Vec<TokenStream> = own.clone().map(|(param, pattern)| declared(closure, param, pattern)).collect();
    let mut dots = body.params.iter().skip(closure.params.len());
    let mut defaults = Vec::new();
    for (param, primal) in own {
        let reference = match param.passing {
            Passing::Value => quote!(),
            Passing::Shared => quote!(&),
            Passing::Mut => quote!(&mut),
        };
        let Some(dot) = param.differentiated.then(|| dots.next()).flatten() else {
            params.push(quote!(_: Option<#reference _>));
            continue;
        };
        let name = without_mut(dot);
        params.push(quote!(#name: Option<#reference _>));
        let primal = without_mut(primal);
        let primal = if param.passing == Passing::Mut { quote!(&*#primal) } else { quote!(&#primal) };
        defaults.push(match param.passing {
            Passing::Value => quote!(let #dot = #name.unwrap_or_else(|| #rt::zero_tangent(#primal));),
            Passing::Shared | Passing::Mut => {
                let kept = format_ident!("{}_zero", name.to_string());
                let mutable = (param.passing == Passing::Mut).then(|| quote!(mut));
                quote! {
                    let #mutable #kept;
                    let #dot = match #name { Some(#name) => #name, None => { #kept = #rt::zero_tangent(#primal); #reference #kept } };
                }
            }
        });
    }
    let referred = referred(closure, &body.params);
    let body = if matches!(closure.result, Type::Unit) { body.of_unit_pair() } else { body.body.clone() };
    quote!(move |#(#params),*| { #(#referred)* #(#defaults)* #body })
}

/// The name in a pattern.
fn without_mut(pattern: &TokenStream) -> TokenStream {
    pattern.clone().into_iter().filter(|tree| tree.to_string() != "mut").collect()
}

impl Folder<'_> {
    /// An argument that is a function, with its derivatives.
    pub(super) fn function_argument(&mut self, env: &mut Env, function: &FunctionValue, arg: &Arg) -> Expr {
        let captured = match arg {
            Arg::Value(operand) => self.operand(env, operand),
            Arg::Shared(place) | Arg::Mut(place) => self.clone_of(env, place),
        };
        let (vjp, jvp) = match function {
            FunctionValue::Named(path) => {
                let path = self.paths.shorten(path);
                (quote!(#path::argument_vjp), quote!(#path::argument_jvp))
            }
            FunctionValue::Parameter(name) => {
                (form(name, "vjp").into_token_stream(), form(name, "jvp").into_token_stream())
            }
            FunctionValue::Closure(position) => {
                let ClosureCode { vjp, jvp } = &self.paths.closures[*position];
                (vjp.clone(), jvp.clone())
            }
        };
        Expr::Tuple(vec![captured, Expr::Tokens(vjp), Expr::Tokens(jvp)])
    }
}
