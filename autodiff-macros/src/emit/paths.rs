//! Paths into the runtime.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;

use crate::options::Options;
use crate::rules;

/// How generated code refers to the runtime.
#[derive(Clone)]
pub(super) struct Paths {
    /// The facade crate: `::differentiable`.
    pub(super) root: TokenStream,
    /// The runtime: `rt`, which the companion imports, unless the user's function means something else by that name.
    pub(super) rt: TokenStream,
    /// The macro `vec!`: by its bare name where the user's function relies on that as well.
    pub(super) vec: TokenStream,
    /// The derivatives of the function's closures.
    pub(super) closures: Vec<ClosureCode>,
}

/// The two derivatives of a closure that is given to a function, as expressions.
#[derive(Clone)]
pub(super) struct ClosureCode {
    pub(super) vjp: TokenStream,
    pub(super) jvp: TokenStream,
}

impl Paths {
    pub(super) fn new(options: &Options, item: &TokenStream) -> Paths {
        let root = options.root();
        let rt = if mentions(item.clone(), "rt") { quote!(#root::rt) } else { quote!(rt) };
        let vec = if mentions(item.clone(), "vec") { quote!(vec) } else { quote!(#rt::vec) };
        Paths { root, rt, vec, closures: Vec::new() }
    }

    /// The path of the runtime where nothing is imported.
    pub(super) fn full(&self) -> TokenStream {
        let root = &self.root;
        quote!(#root::rt)
    }

    /// The import that generated code relies on.
    pub(super) fn imports(&self, code: &TokenStream) -> TokenStream {
        let root = &self.root;
        // The methods of numbers and arrays are in scope only where they may be called, so that they stand beside methods of
        // the user's of the same name as seldom as possible.
        let open = calls_open_method(code.clone()).then(|| quote!(open::*));
        match self.rt.to_string().as_str() {
            "rt" => quote!(use #root::rt::{self, prelude::*, #open};),
            _ => quote!(use #root::rt::{prelude::*, #open};),
        }
    }

    /// A function of the runtime.
    pub(super) fn function(&self, name: &str) -> TokenStream {
        let (rt, name) = (&self.rt, Ident::new(name, Span::call_site()));
        quote!(#rt::#name)
    }

    /// The same path, shorter if it leads into the runtime.
    pub(super) fn shorten(&self, path: &TokenStream) -> TokenStream {
        let root = &self.root;
        let prefix: Vec<String> = texts(&quote!(#root::rt));
        let own = texts(path);
        if own.len() > prefix.len() && own.starts_with(&prefix) {
            let rest: Vec<TokenTree> = path.clone().into_iter().skip(prefix.len()).collect();
            let span = rest.last().map_or_else(Span::call_site, TokenTree::span);
            let rt = self.rt.clone().into_iter().map(|mut tree| {
                tree.set_span(span);
                tree
            });
            rt.chain(rest).collect()
        } else {
            path.clone()
        }
    }
}

fn texts(tokens: &TokenStream) -> Vec<String> {
    tokens.clone().into_iter().map(|tree| tree.to_string()).collect()
}

/// Whether the derivatives of a method are called that numbers or arrays have as well.
fn calls_open_method(code: TokenStream) -> bool {
    code.into_iter().any(|tree| match tree {
        TokenTree::Ident(ident) => rules::is_open_form(&ident.to_string()),
        TokenTree::Group(group) => calls_open_method(group.stream()),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

/// All identifiers in the tokens.
pub(crate) fn words(tokens: TokenStream) -> BTreeSet<String> {
    let words = tokens.into_iter().map(|tree| match tree {
        TokenTree::Ident(ident) => BTreeSet::from([ident.to_string()]),
        TokenTree::Group(group) => words(group.stream()),
        TokenTree::Punct(_) | TokenTree::Literal(_) => BTreeSet::new(),
    });
    words.flatten().collect()
}

/// Whether an identifier occurs in the tokens.
pub(crate) fn mentions(tokens: TokenStream, name: &str) -> bool {
    tokens.into_iter().any(|tree| match tree {
        TokenTree::Ident(ident) => ident == name,
        TokenTree::Group(group) => mentions(group.stream(), name),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}
