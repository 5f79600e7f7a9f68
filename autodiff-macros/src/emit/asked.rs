//! What a companion says of derivatives that are called and were not asked for.
//!
//! rustc would only say that there is no variant of this name. Where the file mentions `f::hvp`, and the attribute does not
//! ask for it, the companion has a function of this name whose bound nothing meets, and whose message tells what to write.
//! A function that was refused has those that its attribute asks for, so that its mistake is the only one that is reported.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;

use super::signature::Signature;
use crate::analysis::types;
use crate::options::Options;
use crate::site::is_of_word;

/// The derivatives that options ask for: their names, the traits of the runtime that tell how, and whether this was done.
fn forms(options: &Options) -> [(&'static str, &'static str, bool); 12] {
    let (hessian, jacobian) = (options.hessian.is_some(), options.jacobian.is_some());
    let (sparse, lanes) = (options.sparse.is_some(), options.lanes.is_some());
    [
        ("hvp", "Hvp", hessian || options.hvp.is_some()),
        ("hvp_into", "Hvp", hessian || options.hvp.is_some()),
        ("hessian", "Hessian", hessian),
        ("jacobian", "Jacobian", jacobian),
        ("jacobian_forward", "Jacobian", jacobian),
        ("jacobian_reverse", "Jacobian", jacobian),
        ("derivatives", "Derivatives", options.order.is_some()),
        ("sparsity", "Sparse", sparse),
        ("sparse_jacobian", "Sparse", sparse),
        ("sparse_hessian", "Sparse", sparse),
        ("lanes_jvp", "Lanes", lanes),
        ("lanes_vjp", "Lanes", lanes),
    ]
}

/// The functions that the file mentions and that are not among `members`.
pub(super) fn absent(signature: &Signature<'_>, options: &Options, members: &TokenStream) -> TokenStream {
    let text = options.site.as_ref().filter(|_| signature.owner.is_none()).and_then(|site| site.text());
    let Some(text) = text else { return TokenStream::new() };
    let of_function = |at: &usize| {
        let before = text[..*at].trim_end().strip_suffix("::").map(str::trim_end);
        before
            .and_then(|before| before.strip_suffix(&signature.function))
            .is_some_and(|rest| !rest.ends_with(is_of_word))
    };
    let mentioned = |form: &str| text.word(form).iter().any(of_function);
    let wanted = forms(options).into_iter().filter(|(form, _, asked)| (signature.stub || !asked) && mentioned(form));
    wanted
        .filter(|(form, _, _)| !defines(members, form))
        .map(|(form, bound, asked)| one(signature, form, (!asked).then_some(bound)))
        .collect()
}

/// Whether a function of this name is among the members.
fn defines(members: &TokenStream, name: &str) -> bool {
    let mut function = false;
    members.clone().into_iter().any(|tree| {
        let found = function && tree.to_string() == name;
        function = matches!(&tree, TokenTree::Ident(ident) if ident == "fn");
        found
    })
}

fn one(signature: &Signature<'_>, form: &str, bound: Option<&str>) -> TokenStream {
    let (rt, vis, tangents) = (&signature.paths.rt, &signature.vis, signature.differentiated().count());
    let (own, name) = (signature.parameters.len(), Ident::new(form, Span::call_site()));
    let (count, result) = match form {
        "hvp" => (own + tangents, signature.gradients()),
        "hvp_into" => (own + 2 * tangents, signature.result_tangent.clone()),
        "lanes_jvp" => (own + tangents, quote!(!)),
        "sparse_jacobian" | "sparse_hessian" => (own + 1, quote!(!)),
        "hessian" if signature.sole_differentiated().is_some_and(|of| types::is_scalar(&of.known)) => {
            (own, signature.gradients())
        }
        "hessian" | "jacobian" | "jacobian_forward" | "jacobian_reverse" => (own, quote!(#rt::ndarray::Array2<f64>)),
        _ => (own, quote!(!)),
    };
    let params = (0..count).map(|_| quote!(_: impl Sized));
    let bound = bound.map(|bound| {
        let bound = Ident::new(bound, Span::call_site());
        quote!(where for<'asked> Self: #rt::asked::#bound<'asked>)
    });
    let (generics, lifetime) = (signature.generic_params(None), signature.where_clause(None));
    let clause = match (bound, lifetime.is_empty()) {
        (Some(bound), true) => bound,
        (Some(bound), false) => {
            let own = lifetime.into_iter().skip(1).collect::<TokenStream>();
            quote!(#bound, #own)
        }
        (None, _) => lifetime,
    };
    quote! {
        #[doc(hidden)]
        #vis fn #name #generics(#(#params),*) -> #result #clause {
            ::core::unreachable!()
        }
    }
}
