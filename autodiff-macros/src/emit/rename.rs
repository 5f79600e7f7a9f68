//! Renames variables inside tokens that the user wrote.

use std::collections::HashMap;

use proc_macro2::{Group, Ident, Literal, Punct, TokenStream, TokenTree};
use quote::{ToTokens, quote};

/// The names that a format string captures: `x` of `"{x:?}"`.
pub(super) fn format_names(literal: &Literal) -> Vec<String> {
    let text = literal.to_string();
    if !text.contains('"') {
        return Vec::new();
    }
    let name = |part: &str| {
        let name: String = part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        (!name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit())).then_some(name)
    };
    text.replace("{{", "").split('{').skip(1).filter_map(name).collect()
}

/// What the tokens of a group are.
#[derive(Clone, Copy, PartialEq)]
enum Context {
    Plain,
    /// Arguments of a macro, perhaps with a format string.
    Macro,
    /// Braces after a type's name: fields of a struct.
    Fields,
}

/// Replaces variables in tokens: not behind a dot, not in paths, not as the name of a field.
pub(super) fn rename(tokens: TokenStream, changed: &HashMap<String, Ident>) -> TokenStream {
    rename_in(tokens, changed, Context::Plain)
}

fn rename_in(tokens: TokenStream, changed: &HashMap<String, Ident>, context: Context) -> TokenStream {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let punct = |at: Option<usize>, c: char| {
        at.and_then(|at| trees.get(at))
            .is_some_and(|tree| matches!(tree, TokenTree::Punct(punct) if punct.as_char() == c))
    };
    let mut captured: Vec<TokenStream> = Vec::new();
    let mut out = TokenStream::new();
    for (at, tree) in trees.iter().enumerate() {
        let (before, earlier) = (at.checked_sub(1), at.checked_sub(2));
        match tree {
            TokenTree::Ident(ident) => {
                let field = punct(before, '.') && !punct(earlier, '.');
                let path = (punct(before, ':') && punct(earlier, ':'))
                    || (punct(Some(at + 1), ':') && punct(Some(at + 2), ':'));
                let key = context == Context::Fields && punct(Some(at + 1), ':') && !path;
                match changed.get(&ident.to_string()) {
                    Some(new) if !field && !path && !key => {
                        let bare = |at: Option<usize>| at.is_none_or(|at| at >= trees.len()) || punct(at, ',');
                        let shorthand = context == Context::Fields && bare(before) && bare(Some(at + 1));
                        out.extend(if shorthand { quote!(#ident: #new) } else { new.to_token_stream() });
                    }
                    _ => out.extend([tree.clone()]),
                }
            }
            TokenTree::Group(group) => {
                let inner = group_context(&trees, at, group);
                let mut renamed = Group::new(group.delimiter(), rename_in(group.stream(), changed, inner));
                renamed.set_span(group.span());
                out.extend([TokenTree::Group(renamed)]);
            }
            TokenTree::Literal(literal) if context == Context::Macro => {
                captured.extend(format_names(literal).iter().filter_map(|name| {
                    let new = changed.get(name)?;
                    let name = Ident::new(name, literal.span());
                    Some(quote!(, #name = #new))
                }));
                out.extend([tree.clone()]);
            }
            TokenTree::Literal(_) | TokenTree::Punct(_) => out.extend([tree.clone()]),
        }
    }
    if matches!(trees.last(), Some(TokenTree::Punct(last)) if last.as_char() == ',') && !captured.is_empty() {
        // The trailing comma of the user's arguments is the first of ours.
        captured[0] = captured[0].clone().into_iter().skip(1).collect();
    }
    out.extend(captured);
    out
}

fn group_context(trees: &[TokenTree], at: usize, group: &Group) -> Context {
    let before = at.checked_sub(1).map(|before| &trees[before]);
    match before {
        Some(TokenTree::Punct(punct)) if is_bang(punct) => Context::Macro,
        Some(TokenTree::Ident(name)) if group.delimiter() == proc_macro2::Delimiter::Brace => {
            let type_name = name.to_string().starts_with(char::is_uppercase);
            if type_name { Context::Fields } else { Context::Plain }
        }
        _ => Context::Plain,
    }
}

fn is_bang(punct: &Punct) -> bool {
    punct.as_char() == '!'
}
