//! Functions that hand a number over as its bits.
//!
//! What an integer selects is a step of what it is computed from, and has the derivative zero nearly everywhere. That is not
//! so for the bits of a number, from which a number can be built again: a call that gives them for a number with a
//! derivative is refused, however many functions it goes through.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::ToTokens;

use crate::analysis::types;
use crate::ir::Type;
use crate::site::Site;
use crate::{declarations, definitions, emit, source};

/// What turns a number into bits, or into the integers that it is made of.
pub(crate) const TAKING: [&str; 6] =
    ["to_bits", "to_be_bytes", "to_le_bytes", "to_ne_bytes", "transmute", "integer_decode"];

/// With these the body says that it wants no derivative.
const STOPPING: [&str; 2] = ["stop_gradient", "no_grad"];

/// More functions than one function calls to take bits.
const MOST: usize = 64;

/// Whether a function gives an integer that is made of the bits of a number.
pub(crate) fn are_given(signature: &syn::Signature, body: &syn::Block, site: Option<&Site>) -> bool {
    let syn::ReturnType::Type(_, ty) = &signature.output else { return false };
    gives_integers(&types::parse_type(ty)) && are_taken(body.to_token_stream(), site)
}

/// Whether anything in the crate's files may turn numbers into bits.
pub(crate) fn are_taken_in(site: &Site) -> bool {
    declarations::files(&site.path).any(|file| source::read(&file).is_some_and(|source| source.takes_bits()))
}

/// Whether the crate has a function of this name that gives bits.
pub(crate) fn are_given_by(name: &str, site: &Site) -> bool {
    let all = definitions::named(site, name);
    all.iter().any(|found| found.body.as_ref().is_some_and(|body| are_given(&found.signature, body, Some(site))))
}

fn gives_integers(ty: &Type) -> bool {
    match ty {
        Type::Int(_) => true,
        Type::Tuple(items) => items.iter().any(gives_integers),
        Type::Array(item, _) | Type::Vec(item) | Type::Option(item) => gives_integers(item),
        _ => false,
    }
}

/// Whether a body takes bits, or a function of the crate does that it calls.
fn are_taken(body: TokenStream, site: Option<&Site>) -> bool {
    let (mut open, mut seen) = (vec![body], BTreeSet::new());
    while let Some(body) = open.pop() {
        let words = emit::words(body);
        if STOPPING.iter().any(|word| words.contains(*word)) {
            continue;
        }
        if TAKING.iter().any(|word| words.contains(*word)) {
            return true;
        }
        for word in words {
            if seen.len() < MOST && seen.insert(word.clone()) {
                let found = site.map(|site| definitions::named(site, &word)).unwrap_or_default();
                open.extend(found.into_iter().filter_map(|found| found.body).map(ToTokens::into_token_stream));
            }
        }
    }
    false
}
