//! Structs: the tangent has the same fields without those that have no derivative.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};

use super::fields::Field;
use super::generics::Generics;
use super::impls::Parts;
use super::input::{Fields, Input, Style};
use super::leaves;
use super::names::member_text;

pub(super) fn parts(input: &Input, fields: &Fields) -> Parts {
    let (rt, path) = (&input.rt, input.tangent.to_token_stream());
    let active: Vec<&syn::Member> = fields.active().map(|field| &field.member).collect();
    Parts {
        definition: definition(input, fields),
        access: left_out(input, fields),
        zero_tangent: fields.construct(&path, |field| {
            let member = &field.member;
            field.zero_tangent(rt, &quote!(&self.#member))
        }),
        neutral: fields.construct(&path, |_| quote!(#rt::Tangent::neutral())),
        accumulate: quote!(#(#rt::Tangent::accumulate(&mut self.#active, &other.#active);)*),
        scale: quote!(#(#rt::Tangent::scale(&mut self.#active, factor);)*),
        inner_product: any_or(
            &active,
            |member| quote!(#rt::Tangent::inner_product(&self.#member, &other.#member)),
            quote!(+),
            quote!(0.0),
        ),
        fill_zero: quote!(#(#rt::Tangent::fill_zero(&mut self.#active);)*),
        clone: fields.construct(&path, |field| {
            let member = &field.member;
            quote!(::core::clone::Clone::clone(&self.#member))
        }),
        debug: debug(input, fields),
        eq: any_or(&active, |member| quote!(self.#member == other.#member), quote!(&&), quote!(true)),
        leaves: leaves::with_buffers(input, fields),
        tangent_leaves: leaves::of_struct(input, fields),
        is_copy: fields.present().all(leaves::is_plain),
    }
}

/// A chain of operands, or what it is without any.
pub(super) fn any_or<T>(
    items: &[T],
    operand: impl Fn(&T) -> TokenStream,
    operator: TokenStream,
    empty: TokenStream,
) -> TokenStream {
    let mut operands = items.iter().map(operand);
    let Some(first) = operands.next() else { return empty };
    operands.fold(first, |chain, operand| quote!(#chain #operator #operand))
}

fn definition(input: &Input, fields: &Fields) -> TokenStream {
    let Input { name, tangent, vis, .. } = input;
    let generics = Generics::of(input).tangent;
    let (_, _, clause) = generics.split_for_impl();
    let doc = format!(" The tangent of [`{name}`]: derivatives with respect to its fields.");
    let list = fields.present().map(|field| {
        let Field { member, vis, tangent, .. } = field;
        let doc = format!(" The derivative with respect to `{}`.", member_text(member));
        match member {
            syn::Member::Named(name) => quote!(#[doc = #doc] #vis #name: #tangent),
            syn::Member::Unnamed(_) => quote!(#[doc = #doc] #vis #tangent),
        }
    });
    let body = match fields.style {
        Style::Named => quote!(#clause { #(#list,)* }),
        Style::Tuple => quote!((#(#list,)*) #clause;),
        Style::Unit => quote!(#clause;),
    };
    let lints = lints();
    quote!(#[doc = #doc] #lints #vis struct #tangent #generics #body)
}

/// What the user's lints could have against a type that mirrors another one.
pub(super) fn lints() -> TokenStream {
    quote! {
        #[allow(dead_code, nonstandard_style, unreachable_pub, private_interfaces, private_bounds, missing_copy_implementations, unused_qualifications, clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)]
    }
}

fn debug(input: &Input, fields: &Fields) -> TokenStream {
    let name = input.tangent.to_string();
    let list = fields.present().map(|field| {
        let (member, text) = (&field.member, member_text(&field.member));
        match fields.style {
            Style::Named => quote!(.field(#text, &self.#member)),
            Style::Tuple | Style::Unit => quote!(.field(&self.#member)),
        }
    });
    match fields.style {
        Style::Named => quote!(f.debug_struct(#name) #(#list)* .finish()),
        Style::Tuple | Style::Unit => quote!(f.debug_tuple(#name) #(#list)* .finish()),
    }
}

/// The fields that the tangent leaves out, as fields of a type of size zero that the tangent dereferences to: derivatives
/// may name every field of the value.
fn left_out(input: &Input, fields: &Fields) -> TokenStream {
    let missing: Vec<&Field> =
        fields.list.iter().filter(|field| fields.style == Style::Named && !field.is_active()).collect();
    if missing.is_empty() {
        return TokenStream::new();
    }
    let (tangent, rt) = (&input.tangent, &input.rt);
    let name = format_ident!("{tangent}Constants", span = proc_macro2::Span::call_site());
    let list = missing.iter().map(|field| {
        let Field { member, tangent, .. } = field;
        quote!(pub #member: #tangent)
    });
    let generics = Generics::of(input).tangent;
    let (params, arguments, clause) = generics.split_for_impl();
    let doc = format!(" The fields of [`{}`] that have no derivative.", input.name);
    quote! {
        #[doc = #doc]
        #[doc(hidden)]
        #[derive(::core::default::Default)]
        pub struct #name { #(#list,)* }

        impl #params ::core::ops::Deref for #tangent #arguments #clause {
            type Target = #name;

            #[inline]
            fn deref(&self) -> &#name {
                #rt::zero_sized()
            }
        }

        impl #params ::core::ops::DerefMut for #tangent #arguments #clause {
            #[inline]
            fn deref_mut(&mut self) -> &mut #name {
                #rt::zero_sized()
            }
        }
    }
}
