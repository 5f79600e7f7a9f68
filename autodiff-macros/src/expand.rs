//! The pipeline: from the attribute and the function to everything that is emitted.

use proc_macro2::TokenStream;
use quote::quote;

use crate::diagnostics::Diagnostics;
use crate::options::Options;
use crate::{emit, parse, transform};

/// Expands `#[differentiable(attribute)] item`: the item as it was, and its companion.
///
/// If the function cannot be differentiated, the companion is a stub with the right signatures and the errors stand
/// beside it, so that one mistake gives one error.
pub(crate) fn expand(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let mut diagnostics = Diagnostics::default();
    let options = syn::parse2::<Options>(attribute).unwrap_or_else(|error| {
        diagnostics.push(error);
        Options::default()
    });
    let Ok(function) = syn::parse2::<syn::ItemFn>(item.clone()) else {
        let errors = not_a_function(&item).into_tokens();
        return quote!(#item #errors);
    };
    let companion = differentiate(&function, &options, &mut diagnostics);
    let companion = companion.unwrap_or_else(|| emit::stub(&function, &options));
    let errors = diagnostics.into_tokens();
    quote!(#item #companion #errors)
}

/// The companion, or nothing if there were errors.
fn differentiate(function: &syn::ItemFn, options: &Options, diagnostics: &mut Diagnostics) -> Option<TokenStream> {
    let primal = parse::lower(function, options, diagnostics)?;
    let derivatives = transform::differentiate(&primal, options, diagnostics);
    diagnostics.is_empty().then(|| emit::companion(function, options, &primal, &derivatives))
}

/// The message for what is no function, or not one that `syn` can read.
fn not_a_function(item: &TokenStream) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    match syn::parse2::<syn::Item>(item.clone()) {
        Ok(_) => diagnostics.error(
            item,
            "`#[differentiable]` stands before a function",
            "write it before each function that is to be differentiated",
        ),
        Err(error) => diagnostics.push(error),
    }
    diagnostics
}
