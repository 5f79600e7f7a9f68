//! The impls of a value and of its tangent, from the bodies that `structs` and `enums` write.

use proc_macro2::TokenStream;
use quote::quote;

use super::generics::Generics;
use super::input::Input;
use super::leaves;

/// What differs between structs and enums.
pub(super) struct Parts {
    /// The tangent type.
    pub(super) definition: TokenStream,
    /// What else belongs to the tangent type: access to what it leaves out.
    pub(super) access: TokenStream,
    /// The bodies of functions; `self`, `other`, `factor` and `f` are in scope as in the traits' own signatures.
    pub(super) zero_tangent: TokenStream,
    pub(super) neutral: TokenStream,
    pub(super) accumulate: TokenStream,
    pub(super) scale: TokenStream,
    pub(super) inner_product: TokenStream,
    pub(super) fill_zero: TokenStream,
    pub(super) clone: TokenStream,
    pub(super) debug: TokenStream,
    pub(super) eq: TokenStream,
    pub(super) leaves: leaves::Bodies,
    pub(super) tangent_leaves: leaves::Bodies,
    /// The tangent consists of plain numbers.
    pub(super) is_copy: bool,
}

/// The impls of a type whose tangent is `()`.
pub(super) fn plain(input: &Input) -> TokenStream {
    let (name, rt) = (&input.name, &input.rt);
    let (generics, arguments, clause) = input.generics.split_for_impl();
    let leaves = leaves::none(input);
    quote! {
        impl #generics #rt::Differentiable for #name #arguments #clause {
            type Tangent = ();

            #[inline]
            fn zero_tangent(&self) {}
        }
        #leaves
    }
}

pub(super) fn all(input: &Input, parts: &Parts) -> TokenStream {
    let generics = Generics::of(input);
    let (value, tangent) = (differentiable(input, &generics, parts), vector_space(input, &generics, parts));
    let (standard, access) = (standard_traits(input, &generics, parts), &parts.access);
    let leaves = leaves::impls(input, &generics, parts);
    quote!(#value #tangent #access #standard #leaves)
}

/// `Differentiable` for the value, and for the tangent, whose tangent it is itself.
fn differentiable(input: &Input, generics: &Generics, parts: &Parts) -> TokenStream {
    let Input { name, tangent, rt, .. } = input;
    let (params, arguments, clause) = generics.value.split_for_impl();
    let (tangent_params, tangent_arguments, tangent_clause) = generics.tangent.split_for_impl();
    let zero_tangent = &parts.zero_tangent;
    quote! {
        impl #params #rt::Differentiable for #name #arguments #clause {
            type Tangent = #tangent #tangent_arguments;

            #[inline]
            fn zero_tangent(&self) -> #tangent #tangent_arguments {
                #zero_tangent
            }
        }

        impl #tangent_params #rt::Differentiable for #tangent #tangent_arguments #tangent_clause {
            type Tangent = Self;

            #[inline]
            fn zero_tangent(&self) -> Self {
                let mut zero = ::core::clone::Clone::clone(self);
                #rt::Tangent::fill_zero(&mut zero);
                zero
            }
        }
    }
}

/// The arithmetic of the tangent.
fn vector_space(input: &Input, generics: &Generics, parts: &Parts) -> TokenStream {
    let Input { tangent, rt, .. } = input;
    let (params, arguments, clause) = generics.tangent.split_for_impl();
    let Parts { neutral, accumulate, scale, inner_product, fill_zero, .. } = parts;
    quote! {
        impl #params #rt::Tangent for #tangent #arguments #clause {
            #[inline]
            fn neutral() -> Self {
                #neutral
            }

            #[inline]
            #[track_caller]
            fn accumulate(&mut self, other: &Self) {
                #accumulate
            }

            #[inline]
            fn scale(&mut self, factor: f64) {
                #scale
            }

            #[inline]
            #[track_caller]
            fn inner_product(&self, other: &Self) -> f64 {
                #inner_product
            }

            #[inline]
            fn fill_zero(&mut self) {
                #fill_zero
            }
        }

        impl #params #rt::AccumulateFrom<Self> for #tangent #arguments #clause {
            #[inline]
            fn accumulate_from(&mut self, contribution: Self) {
                #rt::Tangent::accumulate(self, &contribution);
            }
        }

        impl #params #rt::AccumulateFrom<&Self> for #tangent #arguments #clause {
            #[inline]
            fn accumulate_from(&mut self, contribution: &Self) {
                #rt::Tangent::accumulate(self, contribution);
            }
        }
    }
}

/// `Clone`, `Debug`, `PartialEq` and `Default`: as the standard derives write them, but with the bounds of the tangent.
fn standard_traits(input: &Input, generics: &Generics, parts: &Parts) -> TokenStream {
    let Input { tangent, rt, .. } = input;
    let (params, arguments, clause) = generics.tangent.split_for_impl();
    let Parts { clone, debug, eq, .. } = parts;
    let copy = parts.is_copy.then(|| quote!(impl #params ::core::marker::Copy for #tangent #arguments #clause {}));
    quote! {
        impl #params ::core::clone::Clone for #tangent #arguments #clause {
            #[inline]
            fn clone(&self) -> Self {
                #clone
            }
        }

        #copy

        impl #params ::core::fmt::Debug for #tangent #arguments #clause {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                #debug
            }
        }

        impl #params ::core::cmp::PartialEq for #tangent #arguments #clause {
            fn eq(&self, other: &Self) -> bool {
                #eq
            }
        }

        impl #params ::core::default::Default for #tangent #arguments #clause {
            #[inline]
            fn default() -> Self {
                #rt::Tangent::neutral()
            }
        }
    }
}
