//! Variants of enums that are in scope by themselves, by `use Shape::*`: they get their whole path.
//!
//! Everything else tells variants by how their paths are spelled.

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};

/// The function with whole paths for these variants.
pub(super) fn with_paths(function: &syn::ItemFn, variants: &BTreeMap<String, syn::Path>) -> syn::ItemFn {
    let mut function = function.clone();
    if !variants.is_empty() {
        Paths(variants).visit_block_mut(&mut function.block);
    }
    function
}

struct Paths<'a>(&'a BTreeMap<String, syn::Path>);

impl Paths<'_> {
    /// The whole path, at the place of the name in the source.
    fn of(&self, name: &Ident) -> Option<syn::Path> {
        let mut path = self.0.get(&name.to_string())?.clone();
        path.segments.iter_mut().for_each(|segment| segment.ident.set_span(name.span()));
        Some(path)
    }

    fn complete(&self, path: &mut syn::Path) {
        if let Some(whole) = path.get_ident().and_then(|name| self.of(name)) {
            *path = whole;
        }
    }

    /// In a macro there are only tokens.
    fn tokens(&self, tokens: &TokenStream) -> TokenStream {
        let mut whole = TokenStream::new();
        let mut before = String::new();
        for tree in tokens.clone() {
            let text = tree.to_string();
            match &tree {
                TokenTree::Ident(name) if before != ":" && before != "." => match self.of(name) {
                    Some(path) => path.to_tokens(&mut whole),
                    None => whole.extend([tree]),
                },
                TokenTree::Group(group) => {
                    let mut inner = proc_macro2::Group::new(group.delimiter(), self.tokens(&group.stream()));
                    inner.set_span(group.span());
                    whole.extend([TokenTree::Group(inner)]);
                }
                TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => whole.extend([tree]),
            }
            before = text;
        }
        whole
    }
}

impl VisitMut for Paths<'_> {
    fn visit_expr_path_mut(&mut self, expr: &mut syn::ExprPath) {
        self.complete(&mut expr.path);
    }

    fn visit_expr_struct_mut(&mut self, literal: &mut syn::ExprStruct) {
        self.complete(&mut literal.path);
        visit_mut::visit_expr_struct_mut(self, literal);
    }

    fn visit_pat_tuple_struct_mut(&mut self, pat: &mut syn::PatTupleStruct) {
        self.complete(&mut pat.path);
        visit_mut::visit_pat_tuple_struct_mut(self, pat);
    }

    fn visit_pat_struct_mut(&mut self, pat: &mut syn::PatStruct) {
        self.complete(&mut pat.path);
        visit_mut::visit_pat_struct_mut(self, pat);
    }

    fn visit_pat_mut(&mut self, pat: &mut syn::Pat) {
        visit_mut::visit_pat_mut(self, pat);
        if let syn::Pat::Ident(name) = pat
            && name.subpat.is_none()
            && let Some(path) = self.of(&name.ident)
        {
            *pat = syn::Pat::Path(syn::ExprPath { attrs: Vec::new(), qself: None, path });
        }
    }

    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        mac.tokens = self.tokens(&mac.tokens);
    }

    /// What an item inside of the body brings into scope is its own.
    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}
