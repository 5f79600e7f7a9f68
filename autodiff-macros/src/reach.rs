//! What a function calls, and what that calls, as far as the crate's files show it.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;

use crate::analysis::types;
use crate::site::Site;
use crate::{declarations, definitions, rules, source};

/// Rules for reverse mode alone, and what changes cotangents.
const OF_REVERSE_MODE: [&str; 4] = ["vjp =", "vjp=", "derivative_of", "grad_hook"];

/// More functions than one function calls as a rule.
const MOST: usize = 32;

/// Whether all that the named functions call are functions of this crate and methods of numbers and lists, none of which has
/// anything that is for reverse mode alone.
pub(crate) fn is_plain(names: Vec<String>, site: &Site) -> bool {
    let of_reverse_mode = |text: &str| OF_REVERSE_MODE.iter().any(|word| text.contains(word));
    let shows = |file: std::path::PathBuf| source::read(&file).is_some_and(|source| !of_reverse_mode(&source));
    if !declarations::files(&site.path).all(shows) {
        return false;
    }
    let (mut open, mut seen) = (names, BTreeSet::new());
    while let Some(name) = open.pop() {
        if !seen.insert(name.clone()) {
            continue;
        }
        let found = definitions::named(site, &name);
        let [only] = found.as_slice() else { return false };
        let (Some(body), None) = (&only.body, only.owner()) else { return false };
        let inputs = only.signature.inputs.to_token_stream().to_string();
        let mut calls = Calls { names: Vec::new(), opaque: seen.len() > MOST };
        calls.collect(body.to_token_stream());
        if calls.opaque {
            return false;
        }
        // A parameter that is a function is given by who calls.
        let is_parameter = |name: &String| inputs.contains(&format!("{name} : "));
        open.extend(calls.names.into_iter().filter(|name| !is_parameter(name)));
    }
    true
}

/// The names before arguments in the tokens of a body.
struct Calls {
    names: Vec<String>,
    /// Something is called of which nothing is known.
    opaque: bool,
}

impl Calls {
    fn collect(&mut self, tokens: TokenStream) {
        let trees: Vec<TokenTree> = tokens.into_iter().collect();
        for (at, tree) in trees.iter().enumerate() {
            match tree {
                TokenTree::Group(group) => self.collect(group.stream()),
                TokenTree::Ident(name) if is_call(&trees[at + 1..]) => self.call(&trees[..at], &name.to_string()),
                // Macros and closures may call anything.
                TokenTree::Punct(punct) if punct.as_char() == '|' => self.opaque |= !is_or(&trees, at),
                TokenTree::Punct(_) | TokenTree::Ident(_) | TokenTree::Literal(_) => {}
            }
        }
    }

    fn call(&mut self, before: &[TokenTree], name: &str) {
        let is = |tree: Option<&TokenTree>, letter| matches!(tree, Some(TokenTree::Punct(p)) if p.as_char() == letter);
        let mut back = before.iter().rev();
        let first = back.next();
        if is(first, '.') {
            self.opaque |= rules::scalar::row(name).is_none() && !METHODS.contains(&name);
        } else if is(first, ':') {
            // `f::grad(..)`, `Vec::new(..)`
            match back.nth(1) {
                Some(TokenTree::Ident(owner)) if !types::is_std(&owner.to_string()) => {
                    self.names.push(owner.to_string())
                }
                Some(TokenTree::Ident(_)) => {}
                _ => self.opaque = true,
            }
        } else if !name.starts_with(char::is_uppercase) && !KEYWORDS.contains(&name) {
            self.names.push(name.to_owned());
        }
    }
}

/// Methods that have no derivatives of their own.
const METHODS: [&str; 12] = [
    "len",
    "iter",
    "is_empty",
    "is_nan",
    "is_finite",
    "clone",
    "to_vec",
    "push",
    "iter_mut",
    "enumerate",
    "rev",
    "copied",
];

/// What stands before round brackets and is no name.
const KEYWORDS: [&str; 8] = ["if", "in", "match", "while", "return", "for", "let", "else"];

/// Whether arguments come next, or the turbofish before them.
fn is_call(after: &[TokenTree]) -> bool {
    match after {
        [TokenTree::Group(group), ..] => group.delimiter() == Delimiter::Parenthesis,
        [TokenTree::Punct(a), TokenTree::Punct(b), TokenTree::Punct(c), ..] => {
            (a.as_char(), b.as_char(), c.as_char()) == (':', ':', '<')
        }
        // A macro.
        [TokenTree::Punct(bang), TokenTree::Group(_), ..] => bang.as_char() == '!',
        _ => false,
    }
}

/// Whether a bar is one of two, `a || b`, and not the beginning of a closure.
fn is_or(trees: &[TokenTree], at: usize) -> bool {
    let bar = |tree: Option<&TokenTree>| matches!(tree, Some(TokenTree::Punct(punct)) if punct.as_char() == '|');
    let first = at.checked_sub(1).is_some_and(|before| bar(trees.get(before)));
    let operand = |at: Option<usize>| {
        let tree = at.and_then(|at| trees.get(at));
        match tree {
            Some(TokenTree::Ident(name)) => name != "move" && !KEYWORDS.contains(&name.to_string().as_str()),
            other => matches!(other, Some(TokenTree::Literal(_) | TokenTree::Group(_))),
        }
    };
    if first { operand(at.checked_sub(2)) } else { bar(trees.get(at + 1)) && operand(at.checked_sub(1)) }
}

#[cfg(test)]
mod tests {
    use super::Calls;

    fn calls(body: &str) -> Option<Vec<String>> {
        let mut calls = Calls { names: Vec::new(), opaque: false };
        calls.collect(body.parse().expect("tokens"));
        (!calls.opaque).then_some(calls.names)
    }

    #[test]
    fn names_before_arguments_are_calls() {
        let body = "let y = f(x.sin()); if (y) || g::grad(y, 1).0 > 1.0 { return (Point { x }); } Some(Vec::new(h(y)))";
        assert_eq!(calls(body), Some(["f", "g", "h"].map(str::to_owned).to_vec()));
    }

    #[test]
    fn what_is_not_seen_is_not_plain() {
        for body in ["x.energy(1.0)", "list.map(|x| x)", "<T as Shape>::area(x)", "f(move || 1)"] {
            assert_eq!(calls(body), None, "{body}");
        }
        assert_eq!(calls("mine!(x)"), Some(vec!["mine".to_owned()]));
    }
}
