//! What the file around a function says of the types that the function names.
//!
//! Only the text of the items in question is parsed, found by `struct Name` and `enum Name` at the beginning of a line. What
//! is not found, or found more than once, is not known: nothing depends on it but how well types are known.

use std::collections::{BTreeMap, BTreeSet};

use quote::ToTokens;

use crate::analysis::types;
use crate::derive::names::payload_method;
use crate::owner::Owner;
use crate::site::Site;

/// More types than a function and the fields of its parameters mention.
const MOST: usize = 64;

/// The types of fields and of the parts of variants, by `Type.field`, of the types that the function names, directly or in
/// the fields of others.
pub(crate) fn fields(site: &Site, function: &syn::ItemFn, owner: Option<&Owner>) -> BTreeMap<String, syn::Type> {
    let mut fields = BTreeMap::new();
    let mut open = names(&function.to_token_stream());
    open.extend(
        owner.and_then(|owner| owner.self_type.as_ref()).map(|ty| names(&ty.to_token_stream())).unwrap_or_default(),
    );
    let Some(text) = (!open.is_empty()).then(|| site.text()).flatten() else { return fields };
    let mut done = BTreeSet::new();
    while let Some(name) = open.pop_first() {
        if done.len() == MOST || !done.insert(name.clone()) {
            continue;
        }
        let Some(item) = definition(&text, &name) else { continue };
        for (key, ty) in parts(&item) {
            open.extend(names(&ty.to_token_stream()));
            fields.insert(key, ty);
        }
    }
    fields.retain(|_, ty| names(&ty.to_token_stream()).iter().all(|name| is_clear(&text, name)));
    fields
}

/// The words in the tokens that are spelled like names of types.
fn names(tokens: &proc_macro2::TokenStream) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for tree in tokens.clone() {
        match tree {
            proc_macro2::TokenTree::Ident(ident) => {
                let name = ident.to_string();
                if name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase) {
                    found.insert(name);
                }
            }
            proc_macro2::TokenTree::Group(group) => found.extend(names(&group.stream())),
            proc_macro2::TokenTree::Punct(_) | proc_macro2::TokenTree::Literal(_) => {}
        }
    }
    found
}

/// What this name stands for is known: it could be a name for something else otherwise.
fn is_clear(text: &str, name: &str) -> bool {
    types::is_std(name) || types::parse_tensor(name, &[]).is_some() || definition(text, name).is_some()
}

/// The struct or enum of this name, if there is exactly one.
fn definition(text: &str, name: &str) -> Option<syn::Item> {
    let mut found = ["struct", "enum", "union", "type"].into_iter().flat_map(|keyword| {
        let pattern = format!("{keyword} {name}");
        text.match_indices(&pattern)
            .map(|(at, found)| (at, at + found.len()))
            .filter(|(at, end)| begins_an_item(text, *at) && ends_a_word(text, *end))
            .map(|(at, _)| at)
            .collect::<Vec<_>>()
    });
    let at = found.next()?;
    if found.next().is_some() {
        return None;
    }
    syn::parse_str(crate::site::item_at(text, at)).ok()
}

/// Only the visibility and attributes stand between this place and the item before, on its line.
fn begins_an_item(text: &str, at: usize) -> bool {
    let line = text[..at].rsplit('\n').next().unwrap_or_default();
    let before = line.rsplit(['{', '}', ';']).next().unwrap_or_default().trim();
    !line.contains("//") && (before.is_empty() || before.starts_with("pub") || before.starts_with("#["))
}

fn ends_a_word(text: &str, at: usize) -> bool {
    !text[at..].starts_with(|letter: char| letter.is_alphanumeric() || letter == '_')
}

/// The fields of a struct and the parts of an enum's variants. Those of generic types depend on their arguments.
fn parts(item: &syn::Item) -> Vec<(String, syn::Type)> {
    match item {
        syn::Item::Struct(item) if item.generics.type_params().next().is_none() => {
            let fields = item.fields.iter().enumerate();
            fields
                .map(|(at, field)| {
                    (format!("{}.{}", item.ident, member(at, field).to_token_stream()), field.ty.clone())
                })
                .collect()
        }
        syn::Item::Enum(item) if item.generics.type_params().next().is_none() => {
            let parts = item.variants.iter().flat_map(|variant| {
                variant.fields.iter().enumerate().map(|(at, field)| {
                    let method = payload_method(&variant.ident, &member(at, field));
                    (format!("{}.{method}", item.ident), field.ty.clone())
                })
            });
            parts.collect()
        }
        _ => Vec::new(),
    }
}

fn member(at: usize, field: &syn::Field) -> syn::Member {
    field.ident.clone().map_or_else(|| syn::Member::from(at), syn::Member::Named)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "
        /// Not this: struct Spring { n: usize }
        #[derive(Clone)] pub struct Spring { k: f64, load: Load, shape: Box<Shape> }
        pub(crate) struct Load(f64, Vec<Unknown>);
        enum Shape { Circle(f64), Both { a: Box<Shape>, b: Box<Shape> } }
        struct Springs { list: Vec<Spring> }
        struct Twice { a: f64 }
        mod other { struct Twice { b: f32 } }
    ";

    #[test]
    fn definitions_are_found_by_name() {
        let item = definition(FILE, "Spring").expect("it is there once");
        let known: Vec<String> = parts(&item).into_iter().map(|(key, _)| key).collect();
        assert_eq!(known, ["Spring.k", "Spring.load", "Spring.shape"]);
        let item = definition(FILE, "Shape").expect("it is there once");
        let known: Vec<String> = parts(&item).into_iter().map(|(key, _)| key).collect();
        assert_eq!(known, ["Shape.circle_0_mut", "Shape.both_a_mut", "Shape.both_b_mut"]);
    }

    #[test]
    fn what_is_there_twice_or_elsewhere_is_not_known() {
        assert!(definition(FILE, "Twice").is_none());
        assert!(definition(FILE, "Unknown").is_none());
        assert!(!is_clear(FILE, "Unknown"));
        assert!(is_clear(FILE, "Vec"));
    }
}
