//! What the names mean that a macro brings along.
//!
//! Its variables are its own: where another of the same name is about, they are called otherwise. Any other name means
//! what it means where the macro is defined.

use std::collections::{HashMap, HashSet};

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::visit::Visit;

use super::Surroundings;
use super::transcription::unmarked;
use crate::parse::mentions;

/// The tokens with names that mean what they should, if that is certain.
pub(super) fn resolve(marked: TokenStream, arguments: &TokenStream, around: &Surroundings<'_>) -> Option<TokenStream> {
    let mut own = Own::default();
    own.statements(&marked)?;
    if own.unclear || own.free().any(|name| (around.unclear)(name)) {
        return None;
    }
    let given: HashSet<String> = mentions(arguments).iter().map(ToString::to_string).collect();
    let taken = |name: &str| given.contains(name) || (around.taken)(name);
    let mut other_names = HashMap::new();
    for name in &own.bound {
        if around.statement || taken(name) {
            let mut others = (2..).map(|number| format!("{name}_{number}"));
            let other = others.find(|other| !taken(other) && !own.bound.contains(other))?;
            other_names.insert(name.clone(), other);
        }
    }
    renamed(marked, &other_names)
}

/// The macro's own names.
#[derive(Default)]
struct Own {
    /// Those of variables and labels.
    bound: HashSet<String>,
    mentioned: HashSet<String>,
    /// Something may bind names that is not understood.
    unclear: bool,
}

impl Own {
    /// Looks through tokens that are an expression or statements.
    fn statements(&mut self, tokens: &TokenStream) -> Option<()> {
        for stmt in syn::Block::parse_within.parse2(tokens.clone()).ok()? {
            self.visit_stmt(&stmt);
        }
        Some(())
    }

    fn free(&self) -> impl Iterator<Item = &String> {
        self.mentioned.difference(&self.bound)
    }

    fn is_variable(name: &str) -> bool {
        name.starts_with(|c: char| c.is_lowercase() || c == '_')
    }
}

impl<'ast> Visit<'ast> for Own {
    fn visit_pat_ident(&mut self, pattern: &'ast syn::PatIdent) {
        let name = pattern.ident.to_string();
        if let Some(name) = unmarked(&name).filter(|name| Own::is_variable(name)) {
            self.bound.insert(name.to_owned());
        }
        syn::visit::visit_pat_ident(self, pattern);
    }

    fn visit_label(&mut self, label: &'ast syn::Label) {
        if let Some(name) = unmarked(&label.name.ident.to_string()) {
            self.bound.insert(name.to_owned());
        }
    }

    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        if let Some(name) = path.path.get_ident().map(ToString::to_string)
            && let Some(name) = unmarked(&name).filter(|name| Own::is_variable(name))
        {
            self.mentioned.insert(name.to_owned());
        }
        syn::visit::visit_expr_path(self, path);
    }

    fn visit_item(&mut self, _: &'ast syn::Item) {
        // The compiler keeps items of macros apart in other ways than variables.
        self.unclear = true;
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        let list = Punctuated::<syn::Expr, syn::Token![,]>::parse_terminated;
        if let Ok(list) = list.parse2(mac.tokens.clone()) {
            list.iter().for_each(|expr| self.visit_expr(expr));
            return;
        }
        if self.statements(&mac.tokens).is_some() {
            return;
        }
        let names = mentions(&mac.tokens).into_iter().map(|name| name.to_string());
        self.mentioned.extend(names.filter_map(|name| unmarked(&name).map(ToOwned::to_owned)));
        self.unclear |= may_bind(&mac.tokens);
    }
}

/// Whether the tokens may introduce variables.
fn may_bind(tokens: &TokenStream) -> bool {
    tokens.clone().into_iter().any(|tree| match tree {
        TokenTree::Ident(ident) => ident == "let" || ident == "for",
        TokenTree::Punct(punct) => matches!(punct.as_char(), '|' | '@'),
        TokenTree::Group(group) => may_bind(&group.stream()),
        TokenTree::Literal(_) => false,
    })
}

/// The tokens without marks. There is none if a text for `format!` mentions a variable that is called otherwise now.
fn renamed(tokens: TokenStream, other_names: &HashMap<String, String>) -> Option<TokenStream> {
    let mut result = TokenStream::new();
    for tree in tokens {
        let tree = match tree {
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), renamed(group.stream(), other_names)?);
                inner.set_span(group.span());
                TokenTree::Group(inner)
            }
            TokenTree::Ident(ident) => match unmarked(&ident.to_string()) {
                Some(name) => {
                    TokenTree::Ident(Ident::new(other_names.get(name).map_or(name, String::as_str), ident.span()))
                }
                None => TokenTree::Ident(ident),
            },
            TokenTree::Literal(literal) => {
                let text = quote!(#literal);
                if mentions(&text).iter().any(|name| other_names.contains_key(&name.to_string())) {
                    return None;
                }
                TokenTree::Literal(literal)
            }
            TokenTree::Punct(punct) => TokenTree::Punct(punct),
        };
        result.extend(tree.into_token_stream());
    }
    Some(result)
}
