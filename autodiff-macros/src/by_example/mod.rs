//! Calls of macros that `macro_rules!` defines, where their definition can be read: in the function itself, or in a file of
//! its crate.
//!
//! An attribute sees a macro call before it is expanded. What the call means follows from the rules and the arguments
//! alone, so that it is expanded here as the compiler does it. Where anything is not certain (a fragment that is not
//! understood, a name whose meaning depends on hygiene), there is no expansion, and the call is refused at its name.

mod fragments;
mod local;
mod matching;
mod names;
mod pattern;
#[cfg(test)]
mod tests;
mod transcription;

pub(crate) use local::{calls_one_of, expand_local};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::parse::Parser;

use pattern::Piece;

/// A macro's definition.
pub(crate) struct Definition {
    rules: Vec<Rule>,
}

struct Rule {
    pattern: Vec<Piece>,
    body: TokenStream,
}

/// What a call expands to.
pub(crate) enum Expansion {
    Expr(Box<syn::Expr>),
    Stmts(Vec<syn::Stmt>),
}

/// What the names around a call tell.
pub(crate) struct Surroundings<'a> {
    /// A variable of the macro's with this name has to get another one.
    pub(crate) taken: &'a dyn Fn(&str) -> bool,
    /// The name, where the macro's own tokens mention it, does not certainly mean here what it means there.
    pub(crate) unclear: &'a dyn Fn(&str) -> bool,
    /// The call stands where a statement stands.
    pub(crate) statement: bool,
}

impl Definition {
    /// The rules in the braces of a `macro_rules!`, if all of them are understood.
    pub(crate) fn parse(tokens: TokenStream) -> Option<Definition> {
        let trees: Vec<TokenTree> = tokens.into_iter().collect();
        let rules = trees.split(|tree| is_punct(tree, ';')).filter(|rule| !rule.is_empty());
        let rules: Option<Vec<Rule>> = rules
            .map(|rule| match rule {
                [TokenTree::Group(pattern), TokenTree::Punct(_), TokenTree::Punct(_), TokenTree::Group(body)] => {
                    Some(Rule { pattern: pattern::parse(pattern.stream())?, body: body.stream() })
                }
                _ => None,
            })
            .collect();
        rules.filter(|rules| !rules.is_empty()).map(|rules| Definition { rules })
    }

    /// What a call expands to: the first rule that its arguments match decides.
    pub(crate) fn expand(&self, mac: &syn::Macro, around: &Surroundings<'_>) -> Option<Expansion> {
        let arguments: Vec<TokenTree> = mac.tokens.clone().into_iter().collect();
        let (rule, bound) =
            self.rules.iter().find_map(|rule| Some((rule, matching::matched(&rule.pattern, &arguments)?)))?;
        let span = mac.path.segments.last()?.ident.span();
        let marked = transcription::transcribe(&rule.body, &bound, span)?;
        let tokens = names::resolve(marked, &mac.tokens, around)?;
        let tokens = crate::groups::visible_in(tokens);
        if around.statement {
            return syn::Block::parse_within.parse2(tokens).ok().map(Expansion::Stmts);
        }
        syn::parse2(tokens).ok().map(Box::new).map(Expansion::Expr)
    }
}

fn is_punct(tree: &TokenTree, c: char) -> bool {
    matches!(tree, TokenTree::Punct(punct) if punct.as_char() == c)
}

/// The delimiter of a group that the compiler puts around an argument.
const INVISIBLE: Delimiter = Delimiter::None;
