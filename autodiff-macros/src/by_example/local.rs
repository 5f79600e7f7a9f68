//! Macros that a function defines for itself: they may mention its variables, so that a call says nothing by itself.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::visit::Visit;
use syn::visit_mut::VisitMut;
use syn::{Expr, Item, Stmt};

use super::{Definition, Expansion, Surroundings, is_punct};

/// Macros within macros: a macro can be built to grow without bound.
const DEEPEST: usize = 64;

/// The function with the calls of its own macros expanded, and the names of these macros; `None` if it has none.
pub(crate) fn expand_local(function: &syn::ItemFn) -> Option<(syn::ItemFn, HashSet<String>)> {
    let mut names = Names::default();
    names.visit_item_fn(function);
    if names.macros.is_empty() {
        return None;
    }
    let mut function = function.clone();
    let mut expander = Expander { names, scopes: Vec::new(), depth: 0 };
    expander.visit_item_fn_mut(&mut function);
    Some((function, expander.names.macros))
}

/// The names in a function.
#[derive(Default)]
struct Names {
    macros: HashSet<String>,
    /// How often a pattern binds a name.
    bound: HashMap<String, usize>,
    /// All that stand outside of the definitions of macros.
    all: HashSet<String>,
}

impl<'ast> Visit<'ast> for Names {
    fn visit_ident(&mut self, ident: &'ast syn::Ident) {
        self.all.insert(ident.to_string());
    }

    fn visit_pat_ident(&mut self, pattern: &'ast syn::PatIdent) {
        *self.bound.entry(pattern.ident.to_string()).or_default() += 1;
        syn::visit::visit_pat_ident(self, pattern);
    }

    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        self.macros.extend(item.ident.as_ref().map(ToString::to_string));
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        self.all.extend(crate::parse::mentions(&mac.tokens).iter().map(ToString::to_string));
    }
}

struct Expander {
    names: Names,
    /// The macros that are in scope, those of the innermost block last; without rules where they are not understood.
    scopes: Vec<Vec<(String, Option<Rc<Definition>>)>>,
    depth: usize,
}

impl Expander {
    fn define(&mut self, item: &syn::ItemMacro) {
        if let (Some(name), Some(scope)) = (&item.ident, self.scopes.last_mut()) {
            let definition = Definition::parse(item.mac.tokens.clone()).map(Rc::new);
            scope.push((name.to_string(), definition));
        }
    }

    fn expand(&self, mac: &syn::Macro, statement: bool) -> Option<Expansion> {
        let name = mac.path.get_ident()?.to_string();
        let defined =
            |(known, definition): &(String, Option<Rc<Definition>>)| (*known == name).then(|| definition.clone());
        let definition = self.scopes.iter().rev().flat_map(|scope| scope.iter().rev()).find_map(defined)??;
        let taken = |name: &str| self.names.all.contains(name);
        // Bound more than once, a name may mean something else where the macro is called.
        let unclear = |name: &str| self.names.bound.get(name).is_some_and(|count| *count > 1);
        definition.expand(mac, &Surroundings { taken: &taken, unclear: &unclear, statement })
    }

    fn deeper(&mut self, visit: impl FnOnce(&mut Self)) {
        self.depth += 1;
        visit(self);
        self.depth -= 1;
    }

    fn stmt(&mut self, mut stmt: Stmt, result: &mut Vec<Stmt>) {
        if let Stmt::Item(Item::Macro(item)) = &stmt {
            self.define(item);
        }
        let call = match &stmt {
            Stmt::Macro(call) if self.depth < DEEPEST => self.expand(&call.mac, true).zip(Some(call.semi_token)),
            Stmt::Macro(_) | Stmt::Local(_) | Stmt::Item(_) | Stmt::Expr(..) => None,
        };
        let Some((Expansion::Stmts(mut stmts), semicolon)) = call else {
            // Nothing calls it any more; at the top of the function it may stay.
            if self.scopes.len() > 1 && matches!(stmt, Stmt::Item(Item::Macro(_))) {
                return;
            }
            self.visit_stmt_mut(&mut stmt);
            result.push(stmt);
            return;
        };
        if let (Some(Stmt::Expr(_, end @ None)), Some(_)) = (stmts.last_mut(), semicolon) {
            *end = semicolon;
        }
        self.deeper(|this| stmts.into_iter().for_each(|stmt| this.stmt(stmt, result)));
    }
}

impl VisitMut for Expander {
    fn visit_block_mut(&mut self, block: &mut syn::Block) {
        self.scopes.push(Vec::new());
        let stmts = std::mem::take(&mut block.stmts);
        stmts.into_iter().for_each(|stmt| self.stmt(stmt, &mut block.stmts));
        self.scopes.pop();
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if let Expr::Macro(call) = expr
            && self.depth < DEEPEST
            && let Some(Expansion::Expr(expanded)) = self.expand(&call.mac, false)
        {
            *expr = *expanded;
            self.deeper(|this| this.visit_expr_mut(expr));
            return;
        }
        syn::visit_mut::visit_expr_mut(self, expr);
    }

    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        let tokens = &mac.tokens;
        if !calls_one_of(tokens, &self.names.macros) {
            return;
        }
        if let Ok(mut list) = syn::parse2::<Expr>(quote!([#tokens])) {
            syn::visit_mut::visit_expr_mut(self, &mut list);
            if let Some(TokenTree::Group(group)) = list.into_token_stream().into_iter().next() {
                mac.tokens = group.stream();
            }
        }
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}
}

/// Whether the tokens contain a call of one of the macros.
pub(crate) fn calls_one_of(tokens: &TokenStream, macros: &HashSet<String>) -> bool {
    let trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
    trees.iter().enumerate().any(|(position, tree)| match tree {
        TokenTree::Group(group) => calls_one_of(&group.stream(), macros),
        TokenTree::Ident(name) => {
            macros.contains(&name.to_string()) && trees.get(position + 1).is_some_and(|next| is_punct(next, '!'))
        }
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}
