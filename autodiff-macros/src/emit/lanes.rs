//! Several directions at once: `lanes_jvp` and `lanes_vjp`, and the sparse matrices that are made of them.
//!
//! They are the derivatives of a function with one type parameter more, which stands in the place of the numbers in tangents
//! and cotangents.

use proc_macro2::TokenStream;
use quote::quote;

use super::body::{self, PullbackForm};
use super::directions::{self, Directions};
use super::forms::{self, Form, form};
use super::second::{self, again, tangent_again};
use super::signature::{Parameter, Signature};
use crate::analysis::types::{self, strip_refs};
use crate::ir::{Float, Function, Passing, Type, literals};
use crate::options::Options;
use crate::transform::{self, Derivatives, Lanes};

/// All of them.
pub(super) fn members(
    item: &syn::ItemFn,
    signature: &Signature<'_>,
    primal: &Function,
    derivatives: &Derivatives,
    options: &Options,
) -> Option<TokenStream> {
    let (lanes, known) = (derivatives.lanes.as_ref(), derivatives.pattern.as_ref());
    let several = lanes.map(|lanes| several(item, signature, primal, lanes));
    let sparse = options.sparse.filter(|_| !matches!(primal.result, Type::Float(_))).and_then(|_| match lanes {
        Some(_) if transform::is_of_lists(primal) => sparse(signature, known),
        _ => sparse_by_columns(signature, &primal.result, known),
    });
    several.is_some().then_some(quote!(#several #sparse)).or(sparse)
}

/// The derivatives in several directions at once.
fn several(item: &syn::ItemFn, signature: &Signature<'_>, primal: &Function, lanes: &Lanes) -> TokenStream {
    let (lane, rt) = (literals::lane(), signature.full_rt());
    let float = transform::lanes_float(primal).and_then(|float| literals::float_name(&Type::Float(float)));
    let taken = signature.generics.type_params().any(|param| param.ident == lane.to_string());
    let Some(float) = float.filter(|_| !taken) else {
        let message = format!("several directions at once need the name `{lane}` for a type parameter");
        return quote!(::core::compile_error!(#message););
    };
    let mut item = item.clone();
    item.sig.generics.params.push(syn::parse_quote!(#lane: #rt::Lane<#float>));
    let clause = item.sig.generics.make_where_clause();
    clause.predicates.push(syn::parse_quote!(#float: #rt::SameShape<#lane>));
    let laned = Signature::with_lanes(&item, signature, primal);
    let form = if laned.boxed { PullbackForm::Boxed } else { PullbackForm::Named };
    let forward = body::function(&lanes.jvp, &laned.paths, false);
    let (jvp, call_jvp) = (forms::jvp(&laned, &forward), forms::call_jvp(&laned, &forward));
    let reverse = lanes.split.as_ref().map(|split| {
        let split = body::split(split, &laned.paths, &forms::pullback_types(&laned), form);
        (forms::vjp(&laned), forms::call_vjp(&laned, &split))
    });
    let (vjp, call_vjp) = reverse.unzip();
    quote!(#vjp #jvp #call_vjp #call_jvp)
}

/// The forms of a function whose Hessian is sparse.
pub(super) fn sparse_hessian(
    signature: &Signature<'_>,
    result: &Type,
    known: Option<&Function>,
) -> Option<TokenStream> {
    let (number, rt) = (directions::number(signature, result), &signature.paths.rt);
    let (Directions { zero, .. }, product) = (Directions::of(signature)?, second::product(signature)?);
    let (pattern, full) = (signature.locals().name("pattern"), signature.full_rt());
    let shown = signature.shown("sparse_hessian");
    let (doc, body) = match known {
        Some(known) => (
            "The entries of the Hessian of `{}` that may differ from zero, whatever the numbers are, as its index expressions tell.",
            body::function(known, &signature.paths, false).body,
        ),
        None => (
            "The entries of the Hessian of `{}` that differ from zero at the given point.",
            quote!(#rt::sparse::hessian_pattern::<#number, _>(&#zero, #product)),
        ),
    };
    let pattern_type = quote!(#full::sparse::Pattern);
    let sparsity = plain(signature, "hessian_sparsity", doc, TokenStream::new(), pattern_type, body);
    let hessian = plain(
        signature,
        "sparse_hessian",
        "The matrix of the second derivatives of `{}`, of which the pattern is known: one product with a vector for each colour.",
        quote!(#pattern: &#full::sparse::Pattern),
        quote!(#full::sparse::Csr<#number>),
        quote!(#rt::sparse::hessian(#shown, &#zero, #pattern, #product)),
    );
    Some(quote!(#sparsity #hessian))
}

/// A form with the function's own parameters and perhaps one more.
fn plain(
    signature: &Signature<'_>,
    name: &str,
    doc: &str,
    more: TokenStream,
    result: TokenStream,
    body: TokenStream,
) -> TokenStream {
    let mut params = signature.primal_params();
    params.extend((!more.is_empty()).then_some(more));
    let doc = doc.replace("{}", &signature.function);
    let generics = signature.generic_params(None);
    form(signature, Form { name, doc, hidden: false, bounds: None, generics, params, result, body })
}

/// What a user is told of the pattern of a Jacobian that index expressions tell.
const TOLD: &str = "The entries of the Jacobian of `{}` that may differ from zero, whatever the numbers are, as its index expressions tell.";

/// `sparsity` and `sparse_jacobian`, for one parameter and a result that are lists of numbers.
fn sparse(signature: &Signature<'_>, known: Option<&Function>) -> Option<TokenStream> {
    let parameter = signature.sole_differentiated()?;
    let float = &literals::float_name(&types::numbers(strip_refs(&parameter.known))?)?;
    let (rt, shown) = (&signature.paths.rt, signature.shown("sparse_jacobian"));
    let (setup, jvp) = derivative(signature, parameter, &quote!(#rt::Dependencies<#float>))?;
    let (doc, body) = match known {
        Some(known) => (TOLD, body::function(known, &signature.paths, false).body),
        None => (
            "The entries of the Jacobian of `{}` that may differ from zero: which numbers of the result depend on which numbers of the argument, in the branches that are taken for this argument.",
            quote!(#setup #rt::sparse::pattern::<#float, _, _>(zero, #jvp)),
        ),
    };
    let (setup, jvp) = derivative(signature, parameter, &quote!(#rt::Lanes<#float, { #rt::sparse::LANES }>))?;
    let pattern = signature.locals().name("pattern");
    let jacobian = (
        "The matrix of the first derivatives of `{}`, of which the pattern is known: eight colours in each sweep.",
        quote!(#setup #rt::sparse::jacobian(#shown, zero, #pattern, #jvp)),
    );
    Some(sparse_forms(signature, float, (doc, body), jacobian))
}

/// The same for functions of anything, in one direction after the other.
fn sparse_by_columns(signature: &Signature<'_>, result: &Type, known: Option<&Function>) -> Option<TokenStream> {
    let number = directions::number(signature, result);
    let (rt, shown) = (&signature.paths.rt, signature.shown("sparse_jacobian"));
    let (arguments, jvp) = (signature.parameters.iter().map(again), signature.call("jvp"));
    let Directions { zero, names, given, .. } = Directions::of(signature)?;
    let derivative = quote!(|#names| #jvp(#(#arguments,)* #(#given),*));
    let sparsity = match known {
        Some(known) => (TOLD, body::function(known, &signature.paths, false).body),
        None => (
            "The entries of the Jacobian of `{}` that differ from zero at the given point.",
            quote!(#rt::sparse::pattern_by_columns::<#number, _, _>(#zero, #derivative)),
        ),
    };
    let pattern = signature.locals().name("pattern");
    let jacobian = (
        "The matrix of the first derivatives of `{}`, of which the pattern is known: a sweep for each colour.",
        quote!(#rt::sparse::jacobian_by_columns(#shown, #zero, #pattern, #derivative)),
    );
    Some(sparse_forms(signature, &number, sparsity, jacobian))
}

/// The two forms, each with its documentation and its body.
fn sparse_forms(
    signature: &Signature<'_>,
    number: &TokenStream,
    (doc, body): (&str, TokenStream),
    (of_jacobian, jacobian): (&str, TokenStream),
) -> TokenStream {
    let (full, pattern) = (signature.full_rt(), signature.locals().name("pattern"));
    let sparsity = plain(signature, "sparsity", doc, TokenStream::new(), quote!(#full::sparse::Pattern), body);
    let (more, result) = (quote!(#pattern: &#full::sparse::Pattern), quote!(#full::sparse::Csr<#number>));
    let jacobian = plain(signature, "sparse_jacobian", of_jacobian, more, result, jacobian);
    quote!(#sparsity #jacobian)
}

/// A list of zeros, and the derivative as a closure over the tangents of the parameter, which have this type.
fn derivative(
    signature: &Signature<'_>,
    parameter: &Parameter,
    lane: &TokenStream,
) -> Option<(TokenStream, TokenStream)> {
    types::numbers(strip_refs(&parameter.known))?;
    let laned = Parameter { known: types::with_lanes(&parameter.known)?, ..parameter.clone() };
    let (zero, direction) = (forms::zero(signature, &laned), signature.locals().suffixed(parameter, "dot"));
    let given = signature.parameters.iter().map(again);
    let tangent = match (strip_refs(&parameter.known), parameter.passing) {
        (Type::Float(_), Passing::Value) => quote!(*#direction),
        _ => tangent_again(parameter, &direction),
    };
    let (name, this, jvp) = (literals::lane(), signature.this(), signature.name("lanes_jvp"));
    let setup = quote!(type #name = #lane; let zero = #zero;);
    Some((setup, quote!(|#direction| #this::#jvp(#(#given,)* #tangent).1)))
}

/// The Jacobian by forward mode, eight columns in each sweep.
pub(super) fn jacobian(signature: &Signature<'_>, parameter: &Parameter, float: &Float) -> Option<TokenStream> {
    let (rt, number) = (&signature.paths.rt, literals::float_name(&Type::Float(float.clone()))?);
    let (setup, jvp) = derivative(signature, parameter, &quote!(#rt::Lanes<#number, { #rt::sparse::LANES }>))?;
    Some(quote!(#setup #rt::jacobian_by_lanes(zero, #jvp)))
}
