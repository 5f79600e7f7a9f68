//! `#[derive(Differentiable)]`: the tangent type of a struct or an enum, and its arithmetic.
//!
//! `input` reads the item and decides for each field whether it may carry a derivative (`fields`); `family` finds the types that contain each other. `generics` finds the
//! parameters and bounds of the tangent type. `structs` and `enums` write the tangent type and the bodies that differ
//! between them, `impls` puts the bodies into impls, `leaves` adds the leaves of the value and of its
//! tangent, and `samples` makes up values for tests.

mod enums;
mod family;
mod fields;
mod generics;
mod impls;
mod input;
mod leaves;
pub(crate) mod names;
mod samples;
mod structs;

use proc_macro2::TokenStream;
use quote::quote;

use crate::analysis::scalars::Scalars;
use crate::diagnostics::Diagnostics;
use crate::moved;
use crate::site::Site;
use crate::source::Source;
use input::{Data, Input};

/// Expands `#[derive(Differentiable)]` on `item`.
pub(crate) fn expand(item: TokenStream, site: Option<&Site>) -> TokenStream {
    let _scalars = Scalars::of_fields(&item, site).enter();
    let mut diagnostics = Diagnostics::default();
    let input = match syn::parse2::<syn::DeriveInput>(item) {
        Ok(item) => {
            check_library(&item, &mut diagnostics);
            Input::read(&item, site, &mut diagnostics)
        }
        Err(error) => {
            diagnostics.push(error);
            None
        }
    };
    match input.filter(|_| diagnostics.is_empty()) {
        Some(input) => {
            let (impls, keep) = (implement(&input), site.and_then(Site::text).and_then(|text| keep(&input, &text)));
            quote!(#impls #keep)
        }
        None => diagnostics.into_tokens(),
    }
}

/// What tangents of structs and enums are made of is in the runtime that needs the standard library.
fn check_library(item: &syn::DeriveInput, diagnostics: &mut Diagnostics) {
    if !cfg!(feature = "std") {
        let message = "tangents of structs and enums need the feature `std` of the crate `differentiable`";
        diagnostics.error(&item.ident, message, "enable it, or pass the numbers as tuples and arrays");
    }
}

fn implement(input: &Input) -> TokenStream {
    let parts = match &input.data {
        Data::Struct(fields) => structs::parts(input, fields),
        Data::Enum(variants) => enums::parts(input, variants),
        Data::Plain => return in_block(input, &impls::plain(input)),
    };
    let (impls, samples) = (impls::all(input, &parts), samples::implement(input));
    let block = in_block(input, &quote!(#impls #samples));
    let definition = &parts.definition;
    quote!(#definition #block)
}

/// Derivatives copy what they keep, also of a type that is not `Clone`.
fn keep(input: &Input, text: &Source) -> Option<TokenStream> {
    let (Data::Struct(_), true) = (&input.data, moved::lacks_clone(text, &input.name.to_string())) else { return None };
    let (rt, name) = (&input.rt, &input.name);
    let fields: Vec<_> = input.fields().collect();
    let members: Vec<_> = fields.iter().map(|field| &field.member).collect();
    let mut generics = input.generics.clone();
    let kept = fields.iter().map(|field| -> syn::WherePredicate {
        let ty = &field.ty;
        syn::parse_quote!(for<'field> #ty: #rt::Keep<'field>)
    });
    generics.make_where_clause().predicates.extend(kept);
    generics.params.insert(0, syn::parse_quote!('kept));
    let ((params, _, bounds), (_, arguments, _)) = (generics.split_for_impl(), input.generics.split_for_impl());
    Some(in_block(
        input,
        &quote! {
            impl #params #rt::Keep<'kept> for #name #arguments #bounds {
                #[inline]
                fn keep(&self) -> Self {
                    Self { #(#members: #rt::Keep::keep(&self.#members)),* }
                }
            }
        },
    ))
}

/// Impls stand in a block, so that the names that they import are theirs alone.
fn in_block(input: &Input, impls: &TokenStream) -> TokenStream {
    let import = input.import();
    quote! {
        #[allow(warnings, unused, nonstandard_style, unreachable_pub, clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)]
        const _: () = {
            #import
            #impls
        };
    }
}
