//! Arguments against patterns.

use std::collections::HashMap;

use proc_macro2::{TokenStream, TokenTree};

use super::fragments;
use super::pattern::{Piece, Repeat};

/// What the names of a pattern stand for.
pub(super) type Bound = HashMap<String, Value>;

#[derive(Clone)]
pub(super) enum Value {
    One(TokenStream),
    Many(Vec<Value>),
}

/// What is done with the trees behind a match, and what has been bound until there: whether they match as well.
type Rest<'r> = &'r mut dyn FnMut(&[TokenTree], &mut Bound) -> bool;

/// What the names stand for, if all of the arguments match.
pub(super) fn matched(pattern: &[Piece], trees: &[TokenTree]) -> Option<Bound> {
    let mut found = None;
    pieces(pattern, trees, &mut Bound::new(), &mut |rest, bound| {
        if rest.is_empty() {
            found = Some(bound.clone());
        }
        rest.is_empty()
    });
    found
}

fn pieces(pattern: &[Piece], trees: &[TokenTree], bound: &mut Bound, rest: Rest<'_>) -> bool {
    let Some((first, others)) = pattern.split_first() else { return rest(trees, bound) };
    match first {
        Piece::Token(token) => match trees.split_first() {
            Some((tree, after)) if is_same(token, tree) => pieces(others, after, bound, rest),
            _ => false,
        },
        Piece::Group(delimiter, inner) => match trees.split_first() {
            Some((TokenTree::Group(group), after)) if group.delimiter() == *delimiter => {
                let content: Vec<TokenTree> = group.stream().into_iter().collect();
                pieces(inner, &content, bound, &mut |left, bound| left.is_empty() && pieces(others, after, bound, rest))
            }
            _ => false,
        },
        Piece::Fragment { name, kind } => match fragments::take(kind, trees) {
            Some((tokens, length)) if length <= trees.len() => {
                bound.insert(name.clone(), Value::One(tokens));
                pieces(others, &trees[length..], bound, rest)
            }
            _ => false,
        },
        Piece::Repeat(repeat) => {
            repeated(repeat, trees, &mut Vec::new(), bound, &mut |trees, bound| pieces(others, trees, bound, rest))
        }
    }
}

/// As many repetitions as there are; fewer where what follows does not match otherwise.
fn repeated(repeat: &Repeat, trees: &[TokenTree], done: &mut Vec<Bound>, bound: &mut Bound, rest: Rest<'_>) -> bool {
    if done.len() < repeat.most
        && !trees.is_empty()
        && let Some(after) = without_separator(repeat, trees, done.is_empty())
        && pieces(&repeat.inner, after, &mut Bound::new(), &mut |left, one| {
            if left.len() == trees.len() {
                return false;
            }
            done.push(one.clone());
            let fits = repeated(repeat, left, done, bound, rest);
            done.truncate(done.len() - usize::from(!fits));
            fits
        })
    {
        return true;
    }
    if done.len() < repeat.least {
        return false;
    }
    let before = bound.clone();
    for name in names(&repeat.inner) {
        let values = done.iter().filter_map(|one| one.get(&name).cloned()).collect();
        bound.insert(name, Value::Many(values));
    }
    let fits = rest(trees, bound);
    if !fits {
        *bound = before;
    }
    fits
}

/// What follows the separator, which stands between two repetitions.
fn without_separator<'t>(repeat: &Repeat, trees: &'t [TokenTree], first: bool) -> Option<&'t [TokenTree]> {
    if first {
        return Some(trees);
    }
    let separated =
        trees.len() >= repeat.separator.len() && repeat.separator.iter().zip(trees).all(|(a, b)| is_same(a, b));
    separated.then(|| &trees[repeat.separator.len()..])
}

/// The names that a pattern binds.
pub(super) fn names(pattern: &[Piece]) -> Vec<String> {
    let of = |piece: &Piece| match piece {
        Piece::Token(_) => Vec::new(),
        Piece::Fragment { name, .. } => vec![name.clone()],
        Piece::Group(_, inner) => names(inner),
        Piece::Repeat(repeat) => names(&repeat.inner),
    };
    pattern.iter().flat_map(of).collect()
}

fn is_same(pattern: &TokenTree, tree: &TokenTree) -> bool {
    match (pattern, tree) {
        (TokenTree::Ident(a), TokenTree::Ident(b)) => a == b,
        (TokenTree::Punct(a), TokenTree::Punct(b)) => a.as_char() == b.as_char(),
        (TokenTree::Literal(a), TokenTree::Literal(b)) => a.to_string() == b.to_string(),
        _ => false,
    }
}
