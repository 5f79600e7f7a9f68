//! Forward mode in several directions at once: `jvp_lanes`, and the sparse matrices that are made of it.

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::{ToTokens, quote};

use super::body;
use super::forms::{self, Form, form};
use super::second::{again, tangent_again};
use super::signature::{Parameter, Signature};
use crate::analysis::types::{self, strip_refs};
use crate::ir::{Float, Function, Passing, Type, literals};
use crate::options::Options;
use crate::transform;

/// All of them; `forward` is the derivative.
pub(super) fn members(
    signature: &Signature<'_>,
    primal: &Function,
    forward: &Function,
    options: &Options,
) -> TokenStream {
    let Some(lanes) = Laned::new(signature, primal) else {
        let message = "several directions at once are for a function of floats of one type";
        return quote!(::core::compile_error!(#message););
    };
    let body = body::function(forward, &signature.paths, false);
    let (jvp, call_jvp) = (lanes.jvp(&body), lanes.call_jvp());
    let sparse = options.sparse.and_then(|_| lanes.sparse());
    quote!(#jvp #call_jvp #sparse)
}

/// The forms of a function whose sole parameter's Hessian is sparse.
pub(super) fn sparse_hessian(signature: &Signature<'_>) -> Option<TokenStream> {
    let parameter = signature.sole_differentiated()?;
    let number = literals::float_name(&types::numbers(strip_refs(&parameter.known))?)?;
    let (rt, into, zero) = (&signature.paths.rt, signature.call("hvp_into"), forms::zero(signature, parameter));
    let mut locals = signature.locals();
    let (direction, row) = (locals.suffixed(parameter, "dot"), locals.suffixed(parameter, "bar"));
    let given: Vec<TokenStream> = signature.parameters.iter().map(again).collect();
    let tangent = tangent_again(parameter, &direction);
    let product = quote!(|#direction, #row| { #into(#(#given,)* #tangent, #row); });
    let pattern = locals.name("pattern");
    let shown = signature.shown("sparse_hessian");
    let sparsity = plain(
        signature,
        "hessian_sparsity",
        "The entries of the Hessian of `{}` that differ from zero at the given point.",
        TokenStream::new(),
        quote!(#rt::sparse::Pattern),
        quote!(#rt::sparse::hessian_pattern(&#zero, #product)),
    );
    let hessian = plain(
        signature,
        "sparse_hessian",
        "The matrix of the second derivatives of `{}`, of which the pattern is known: one product with a vector for each colour.",
        quote!(#pattern: &#rt::sparse::Pattern),
        quote!(#rt::sparse::Csr<#number>),
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

struct Laned<'a> {
    signature: &'a Signature<'a>,
    /// The name of the type of the numbers.
    float: TokenStream,
    /// The parameters with tangents that have lanes.
    parameters: Vec<Parameter>,
}

impl<'a> Laned<'a> {
    fn new(signature: &'a Signature<'_>, primal: &Function) -> Option<Laned<'a>> {
        let float = literals::float_name(&Type::Float(transform::lanes_float(primal)?))?;
        let lane = literals::lane().to_string();
        if signature.generics.type_params().any(|param| param.ident == lane) {
            return None;
        }
        let mut laned = Laned { signature, float, parameters: Vec::new() };
        laned.parameters = signature.parameters.iter().map(|parameter| laned.parameter(parameter)).collect();
        Some(laned)
    }

    fn parameter(&self, parameter: &Parameter) -> Parameter {
        let mut parameter = parameter.clone();
        if parameter.differentiated {
            parameter.known = types::with_lanes(&parameter.known).unwrap_or(parameter.known);
            parameter.dot = self.in_lanes(&parameter.dot);
            parameter.call_dot = self.in_lanes(&parameter.call_dot);
        }
        parameter
    }

    /// A type of tangents with lanes in the place of numbers.
    fn in_lanes(&self, ty: &TokenStream) -> TokenStream {
        let float = self.float.to_string();
        let trees = ty.clone().into_iter().map(|tree| match tree {
            TokenTree::Ident(ident) if ident == float => literals::lane(),
            TokenTree::Group(group) => {
                Group::new(group.delimiter(), self.in_lanes(&group.stream())).into_token_stream()
            }
            other => other.into_token_stream(),
        });
        trees.collect()
    }

    fn generics(&self) -> TokenStream {
        let (params, lane, float, rt) =
            (&self.signature.generics.params, literals::lane(), &self.float, self.signature.full_rt());
        let comma = (!params.empty_or_trailing()).then(|| quote!(,));
        quote!(<#params #comma #lane: #rt::Lane<#float>>)
    }

    fn bounds(&self) -> TokenStream {
        let (lane, float, rt) = (literals::lane(), &self.float, self.signature.full_rt());
        quote!(#float: #rt::SameShape<#lane>)
    }

    /// The name of another form, whose type parameters are left to the compiler.
    fn call(&self, form: &str) -> TokenStream {
        let (this, name) = (self.signature.this(), self.signature.name(form));
        quote!(#this::#name)
    }

    fn result(&self) -> (TokenStream, TokenStream) {
        (self.signature.result.clone(), self.in_lanes(&self.signature.result_tangent))
    }

    fn jvp(&self, body: &body::Body) -> TokenStream {
        let signature = self.signature;
        let mut params = signature.declare(&body.params, std::iter::empty());
        let laned = self.parameters.iter().filter(|parameter| parameter.differentiated);
        for (parameter, name) in laned.zip(body.params.iter().skip(signature.parameters.len())) {
            let dot = &parameter.dot;
            params.push(quote!(#name: #dot));
        }
        let (checks, inside) = (forms::checks(signature, "jvp", body), &body.body);
        let (result, tangent) = self.result();
        let unit = signature.is_unit() && !signature.is_fallible();
        form(
            signature,
            Form {
                name: "jvp_lanes",
                doc: format!(
                    "The value of `{}` and its derivatives in the several directions that each of the given tangents has.",
                    signature.function
                ),
                hidden: false,
                bounds: Some(self.bounds()),
                generics: self.generics(),
                params,
                result: if unit { quote!(()) } else { quote!((#result, #tangent)) },
                body: quote!(#(#checks)* #inside),
            },
        )
    }

    fn call_jvp(&self) -> TokenStream {
        let signature = self.signature;
        let (mut locals, mut params) = (signature.locals(), signature.hidden_params());
        let (mut defaults, mut dots) = (Vec::new(), Vec::new());
        for parameter in &self.parameters {
            let (ty, dot) = (&parameter.call_dot, locals.suffixed(parameter, "dot"));
            if !parameter.differentiated {
                params.push(quote!(_: Option<#ty>));
                continue;
            }
            params.push(quote!(#dot: Option<#ty>));
            defaults.push(forms::or_zero(signature, parameter, &dot));
            dots.push(dot);
        }
        let (names, call) = (forms::arguments(signature), self.call("jvp_lanes"));
        let (result, tangent) = self.result();
        let unit = signature.is_unit() && !signature.is_fallible();
        let end = unit.then(|| quote!(; ((), ())));
        form(
            signature,
            Form {
                name: "call_jvp_lanes",
                doc: format!("`jvp_lanes` of `{}`, as other derivatives call it.", signature.function),
                hidden: true,
                bounds: Some(self.bounds()),
                generics: self.generics(),
                params,
                result: quote!((#result, #tangent)),
                body: quote!(#(#defaults)* #call(#(#names,)* #(#dots),*) #end),
            },
        )
    }

    /// `sparsity` and `sparse_jacobian`, for one parameter and a result that are lists of numbers.
    fn sparse(&self) -> Option<TokenStream> {
        let signature = self.signature;
        let parameter = signature.sole_differentiated()?;
        let (rt, float) = (&signature.paths.rt, &self.float);
        let (setup, derivative) = self.derivative(parameter, &quote!(#rt::Dependencies<#float>))?;
        let sparsity = plain(
            signature,
            "sparsity",
            "The entries of the Jacobian of `{}` that may differ from zero: which numbers of the result depend on which numbers of the argument, in the branches that are taken for this argument.",
            TokenStream::new(),
            quote!(#rt::sparse::Pattern),
            quote!(#setup #rt::sparse::pattern::<#float, _, _>(zero, #derivative)),
        );
        let (setup, derivative) = self.derivative(parameter, &quote!(#rt::Lanes<#float, { #rt::sparse::LANES }>))?;
        let (pattern, shown) = (signature.locals().name("pattern"), signature.shown("sparse_jacobian"));
        let jacobian = plain(
            signature,
            "sparse_jacobian",
            "The matrix of the first derivatives of `{}`, of which the pattern is known: eight colours in each sweep.",
            quote!(#pattern: &#rt::sparse::Pattern),
            quote!(#rt::sparse::Csr<#float>),
            quote!(#setup #rt::sparse::jacobian(#shown, zero, #pattern, #derivative)),
        );
        Some(quote!(#sparsity #jacobian))
    }

    /// A list of zeros, and the derivative as a closure over the tangents of the parameter, which have this type.
    fn derivative(&self, parameter: &Parameter, lane: &TokenStream) -> Option<(TokenStream, TokenStream)> {
        let signature = self.signature;
        types::numbers(strip_refs(&parameter.known))?;
        let laned = self.parameter(parameter);
        let (zero, direction) = (forms::zero(signature, &laned), signature.locals().suffixed(parameter, "dot"));
        let given = signature.parameters.iter().map(again);
        let tangent = match (strip_refs(&parameter.known), parameter.passing) {
            (Type::Float(_), Passing::Value) => quote!(*#direction),
            _ => tangent_again(parameter, &direction),
        };
        let (name, call) = (literals::lane(), self.call("jvp_lanes"));
        let setup = quote!(type #name = #lane; let zero = #zero;);
        Some((setup, quote!(|#direction| #call(#(#given,)* #tangent).1)))
    }
}

/// The Jacobian by forward mode, eight columns in each sweep.
pub(super) fn jacobian(signature: &Signature<'_>, parameter: &Parameter, float: &Float) -> Option<TokenStream> {
    let laned = Laned { signature, float: literals::float_name(&Type::Float(float.clone()))?, parameters: Vec::new() };
    let (rt, number) = (&signature.paths.rt, &laned.float);
    let (setup, derivative) = laned.derivative(parameter, &quote!(#rt::Lanes<#number, { #rt::sparse::LANES }>))?;
    Some(quote!(#setup #rt::jacobian_by_lanes(zero, #derivative)))
}
