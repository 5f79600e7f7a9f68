//! Attributes inside of functions that speak to the macro only: rustc knows nothing of them.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// The tokens without the `#[checkpoint(..)]` in them.
pub(crate) fn without(tokens: TokenStream) -> TokenStream {
    if !mentions(&tokens) {
        return tokens;
    }
    let mut kept = Vec::new();
    let mut trees = tokens.into_iter().peekable();
    while let Some(tree) = trees.next() {
        match tree {
            TokenTree::Punct(punct) if punct.as_char() == '#' && trees.peek().is_some_and(is_ours) => {
                trees.next();
            }
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), without(group.stream()));
                inner.set_span(group.span());
                kept.push(TokenTree::Group(inner));
            }
            other => kept.push(other),
        }
    }
    kept.into_iter().collect()
}

/// What stands behind the `#` of such an attribute.
fn is_ours(tree: &TokenTree) -> bool {
    let TokenTree::Group(group) = tree else { return false };
    let first = group.stream().into_iter().next();
    group.delimiter() == Delimiter::Bracket && matches!(first, Some(TokenTree::Ident(ident)) if ident == "checkpoint")
}

fn mentions(tokens: &TokenStream) -> bool {
    tokens
        .clone()
        .into_iter()
        .any(|tree| is_ours(&tree) || matches!(&tree, TokenTree::Group(group) if mentions(&group.stream())))
}
