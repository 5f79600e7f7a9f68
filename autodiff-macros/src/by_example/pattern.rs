//! The left side of a rule.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

use super::is_punct;

/// A piece of a pattern.
pub(super) enum Piece {
    Token(TokenTree),
    Group(Delimiter, Vec<Piece>),
    /// `$name:kind`
    Fragment {
        name: String,
        kind: String,
    },
    Repeat(Repeat),
}

/// `$( .. ) separator *`
pub(super) struct Repeat {
    pub(super) inner: Vec<Piece>,
    pub(super) separator: Vec<TokenTree>,
    pub(super) least: usize,
    pub(super) most: usize,
}

pub(super) fn parse(tokens: TokenStream) -> Option<Vec<Piece>> {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let (mut rest, mut pieces) = (trees.as_slice(), Vec::new());
    while let [first, after @ ..] = rest {
        let (piece, left) = match first {
            dollar if is_punct(dollar, '$') => variable(after)?,
            TokenTree::Group(group) => (Piece::Group(group.delimiter(), parse(group.stream())?), after),
            token => (Piece::Token(token.clone()), after),
        };
        pieces.push(piece);
        rest = left;
    }
    Some(pieces)
}

/// What follows a `$`.
fn variable(trees: &[TokenTree]) -> Option<(Piece, &[TokenTree])> {
    match trees {
        [TokenTree::Ident(name), colon, TokenTree::Ident(kind), rest @ ..] if is_punct(colon, ':') => {
            let (name, kind) = (name.to_string(), kind.to_string());
            super::fragments::is_known(&kind).then_some((Piece::Fragment { name, kind }, rest))
        }
        [TokenTree::Group(group), rest @ ..] if group.delimiter() == Delimiter::Parenthesis => {
            let inner = parse(group.stream())?;
            let (separator, least, most, rest) = repetition(rest)?;
            Some((Piece::Repeat(Repeat { inner, separator, least, most }), rest))
        }
        _ => None,
    }
}

/// What follows the brackets of a repetition: its separator, the least and the greatest number of repetitions, and the rest.
pub(super) fn repetition(trees: &[TokenTree]) -> Option<(Vec<TokenTree>, usize, usize, &[TokenTree])> {
    if let Some((least, most)) = trees.first().and_then(operator) {
        return Some((Vec::new(), least, most, &trees[1..]));
    }
    let joint = |tree: &&TokenTree| matches!(tree, TokenTree::Punct(punct) if punct.spacing() == Spacing::Joint);
    // Of two operators side by side, the second is the one of the repetition.
    let before = trees.iter().take_while(joint).take_while(|tree| operator(tree).is_none()).count();
    let length = match trees.get(before).and_then(operator) {
        Some(_) if before > 0 => before,
        _ => before + 1,
    };
    let (least, most) = trees.get(length).and_then(operator)?;
    Some((trees[..length].to_vec(), least, most, &trees[length + 1..]))
}

fn operator(tree: &TokenTree) -> Option<(usize, usize)> {
    match tree {
        TokenTree::Punct(punct) => match punct.as_char() {
            '*' => Some((0, usize::MAX)),
            '+' => Some((1, usize::MAX)),
            '?' => Some((0, 1)),
            _ => None,
        },
        TokenTree::Group(_) | TokenTree::Ident(_) | TokenTree::Literal(_) => None,
    }
}
