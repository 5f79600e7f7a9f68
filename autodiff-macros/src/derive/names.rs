//! Names that the derive chooses, and that generated derivatives rely on.

use proc_macro2::{Ident, Span};
use quote::format_ident;

pub(super) use crate::ir::step_into;

/// The type of the tangents of `name`.
pub(super) fn tangent(name: &Ident) -> Ident {
    format_ident!("{}Tangent", plain(name), span = name.span())
}

/// The method of an enum's tangent that leads to a payload: `rect_w_mut` for `w` of `Rect`, `circle_0_mut` for the first
/// part of `Circle(..)`.
pub(crate) fn payload_method(variant: &Ident, member: &syn::Member) -> Ident {
    format_ident!("{}_{}_mut", snake_case(&plain(variant)), member_text(member), span = Span::call_site())
}

/// A local variable for a field.
pub(super) fn local(prefix: &str, member: &syn::Member) -> Ident {
    format_ident!("{prefix}_{}", member_text(member), span = Span::call_site())
}

/// The name of a field as it is shown to people: without `r#`.
pub(super) fn member_text(member: &syn::Member) -> String {
    match member {
        syn::Member::Named(name) => plain(name),
        syn::Member::Unnamed(index) => index.index.to_string(),
    }
}

/// A name without `r#`.
fn plain(name: &Ident) -> String {
    name.to_string().trim_start_matches("r#").to_owned()
}

/// `TwoWords` as `two_words`: every capital begins a word.
fn snake_case(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !text.is_empty() && !text.ends_with('_') {
            text.push('_');
        }
        text.extend(letter.to_lowercase());
    }
    text
}
