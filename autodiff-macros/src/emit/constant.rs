//! Derivatives of `const fn`s, which are `const fn`s where the language allows it: arithmetic and branches.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// Whether a body may stand in a `const fn`: it calls nothing but the companion itself, and has no `for` and no closure.
pub(super) fn is_constant(body: &TokenStream) -> bool {
    let trees: Vec<TokenTree> = body.clone().into_iter().collect();
    let is_punct = |tree: Option<&TokenTree>, wanted: char| matches!(tree, Some(TokenTree::Punct(punct)) if punct.as_char() == wanted);
    trees.iter().enumerate().all(|(at, tree)| match tree {
        TokenTree::Ident(ident) => {
            let arguments = matches!(trees.get(at + 1), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis);
            let word = ["if", "match", "while", "return", "in", "else"].iter().any(|word| ident == word);
            let own = at >= 3 && matches!(&trees[at - 3], TokenTree::Ident(owner) if owner == "Self");
            let calls = arguments && !word && !own;
            ident != "for" && ident != "move" && !is_punct(trees.get(at + 1), '!') && !calls
        }
        TokenTree::Group(group) => is_constant(&group.stream()),
        TokenTree::Punct(punct) => {
            // A closure, or a path into a crate.
            punct.as_char() != '|' || is_punct(trees.get(at + 1), '|') || at > 0 && is_punct(trees.get(at - 1), '|')
        }
        TokenTree::Literal(_) => true,
    })
}
