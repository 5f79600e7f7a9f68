//! `#[differentiable(gradcheck)]`: a test that compares a function's derivatives with differences.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::diagnostics::Diagnostics;
use crate::options::Options;

/// The test, named `f_gradcheck`, if it is asked for.
pub(super) fn test(function: &syn::ItemFn, options: &Options, diagnostics: &mut Diagnostics) -> TokenStream {
    let Some(check) = &options.gradcheck else { return TokenStream::new() };
    let signature = &function.sig;
    if signature.receiver().is_some() || signature.generics.type_params().next().is_some() {
        let message =
            "no test can be written here: only a function of its own, without type parameters, is checked by itself";
        diagnostics.error_at(check.span, message, "write a test that calls `gradcheck!`");
        return TokenStream::new();
    }
    let root = options.root();
    let mut given: Vec<&syn::Ident> = check.given.iter().map(|(name, _)| name).collect();
    let (mut lets, mut arguments) = (Vec::new(), Vec::new());
    for (position, input) in signature.inputs.iter().enumerate() {
        let syn::FnArg::Typed(typed) = input else { continue };
        let name = match &*typed.pat {
            syn::Pat::Ident(ident) => ident.ident.clone(),
            _ => format_ident!("argument_{position}"),
        };
        given.retain(|given| **given != name);
        let Some((ty, argument)) = owned(&typed.ty, &name) else {
            let message = "the test has no value for this parameter";
            diagnostics.error(&typed.ty, message, "leave out `gradcheck`, and write a test that calls `gradcheck!`");
            continue;
        };
        arguments.push(argument);
        let value = check.given.iter().find(|(given, _)| *given == name).map(|(_, value)| value);
        lets.push(match value {
            Some(syn::Expr::Range(range)) => {
                quote!(let #name: #ty = #root::check::Sample::sample(&mut samples, #range);)
            }
            Some(value) => quote!(let #name: #ty = #value;),
            None => quote!(let #name: #ty = #root::check::sample(&mut samples);),
        });
    }
    for name in given {
        diagnostics.error(name, format!("`{name}` is not a parameter of this function"), "name a parameter");
    }
    let (own, test) = (&signature.ident, format_ident!("{}_gradcheck", signature.ident));
    quote! {
        #[cfg(test)]
        #[test]
        fn #test() {
            for trial in 0..4 {
                #[allow(unused_mut, unused_variables)]
                let mut samples = #root::check::Samples::new(trial);
                #(#lets)*
                if let Err(error) = #root::gradcheck!(#own(#(#arguments),*)) {
                    panic!("{error}");
                }
            }
        }
    }
}

/// The type of the variable that holds an argument, and the argument.
fn owned(ty: &syn::Type, name: &syn::Ident) -> Option<(TokenStream, TokenStream)> {
    match ty {
        syn::Type::Reference(reference) if reference.mutability.is_some() => None,
        syn::Type::Reference(reference) => match &*reference.elem {
            syn::Type::Slice(slice) => {
                let item = &slice.elem;
                Some((quote!(::std::vec::Vec<#item>), quote!(&#name[..])))
            }
            whole => Some((quote!(#whole), quote!(&#name))),
        },
        syn::Type::ImplTrait(_) => None,
        whole => Some((quote!(#whole), quote!(#name))),
    }
}
