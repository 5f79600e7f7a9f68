//! Items in inner blocks move to the top of the function, under names of their own.
//!
//! The IR has no blocks that are only scopes, and the reverse sweep needs the items too. Renaming keeps what they
//! shadow visible where it was; a name that occurs nowhere else shadows nothing, and stays.

use super::opaque::mentions;
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, format_ident};
use std::collections::{HashMap, HashSet};
use syn::visit_mut::VisitMut;
use syn::{Block, Item, Stmt, UseTree};

/// The block with all items at its top, or the errors of those that cannot move.
pub(super) fn hoist(block: &Block) -> (Block, Vec<syn::Error>) {
    let mut block = block.clone();
    let mut finder = Finder(false);
    for stmt in &mut block.stmts {
        finder.visit_stmt_mut(stmt);
    }
    if !finder.0 {
        return (block, Vec::new());
    }
    let all = identifiers(&block.to_token_stream());
    let taken = all.keys().cloned().collect();
    let mut hoist = Hoist { all, taken, items: Vec::new(), errors: Vec::new() };
    for stmt in &mut block.stmts {
        hoist.visit_stmt_mut(stmt);
    }
    let items = hoist.items.into_iter().map(Stmt::Item);
    block.stmts.splice(0..0, items);
    (block, hoist.errors)
}

/// Looks for items in inner blocks.
struct Finder(bool);

impl VisitMut for Finder {
    fn visit_block_mut(&mut self, block: &mut Block) {
        self.0 |= block.stmts.iter().any(|stmt| matches!(stmt, Stmt::Item(_)));
        syn::visit_mut::visit_block_mut(self, block);
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}
}

struct Hoist {
    /// How often each identifier occurs in the function.
    all: HashMap<String, usize>,
    /// All names of the function.
    taken: HashSet<String>,
    items: Vec<Item>,
    errors: Vec<syn::Error>,
}

impl VisitMut for Hoist {
    fn visit_block_mut(&mut self, block: &mut Block) {
        if block.stmts.iter().any(|stmt| matches!(stmt, Stmt::Item(_))) {
            self.move_items(block);
        }
        syn::visit_mut::visit_block_mut(self, block);
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}
}

impl Hoist {
    fn move_items(&mut self, block: &mut Block) {
        let mut names = HashMap::new();
        let inside = identifiers(&block.to_token_stream());
        for stmt in &mut block.stmts {
            let Stmt::Item(item) = stmt else { continue };
            for name in self.names(item) {
                let text = name.to_string();
                if inside.get(&text) == self.all.get(&text) {
                    continue;
                }
                let fresh = self.fresh(&name);
                names.insert(name.to_string(), fresh);
            }
        }
        for stmt in &mut block.stmts {
            if let Stmt::Item(Item::Use(item)) = stmt {
                rename_use(&mut item.tree, &names);
            }
        }
        let renamed = rename(block.to_token_stream(), &names);
        match syn::parse2::<Block>(renamed) {
            Ok(renamed) => *block = renamed,
            Err(error) => self.errors.push(error),
        }
        let (items, stmts) =
            std::mem::take(&mut block.stmts).into_iter().partition(|stmt| matches!(stmt, Stmt::Item(_)));
        block.stmts = stmts;
        let items: Vec<Stmt> = items;
        self.items.extend(items.into_iter().filter_map(|stmt| match stmt {
            Stmt::Item(item) => Some(item),
            _ => None,
        }));
    }

    /// The names that an item introduces; reports the items that cannot move.
    fn names(&mut self, item: &Item) -> Vec<Ident> {
        match item {
            Item::Const(item) => vec![item.ident.clone()],
            Item::Enum(item) => vec![item.ident.clone()],
            Item::Fn(item) => vec![item.sig.ident.clone()],
            Item::Static(item) => vec![item.ident.clone()],
            Item::Struct(item) => vec![item.ident.clone()],
            Item::Trait(item) => vec![item.ident.clone()],
            Item::Type(item) => vec![item.ident.clone()],
            Item::Union(item) => vec![item.ident.clone()],
            Item::Mod(item) => vec![item.ident.clone()],
            Item::Impl(_) => Vec::new(),
            Item::Use(item) => {
                let mut names = Vec::new();
                if let Err(error) = imported(&item.tree, &mut names) {
                    self.errors.push(error);
                }
                names
            }
            other => {
                let message =
                    "this item is not supported in an inner block\n  = help: move it to the top of the function";
                self.errors.push(syn::Error::new_spanned(other, message));
                Vec::new()
            }
        }
    }

    fn fresh(&mut self, name: &Ident) -> Ident {
        let plain = name.to_string();
        let plain = plain.trim_start_matches("r#");
        let mut number = 2;
        loop {
            let candidate = format!("{plain}_{number}");
            if self.taken.insert(candidate.clone()) {
                return format_ident!("{candidate}", span = name.span());
            }
            number += 1;
        }
    }
}

fn imported(tree: &UseTree, names: &mut Vec<Ident>) -> syn::Result<()> {
    match tree {
        UseTree::Path(path) => imported(&path.tree, names),
        UseTree::Name(name) => {
            names.push(name.ident.clone());
            Ok(())
        }
        UseTree::Rename(rename) => {
            names.push(rename.rename.clone());
            Ok(())
        }
        UseTree::Glob(glob) => {
            let message =
                "a glob import in an inner block is not supported\n  = help: move it to the top of the function";
            Err(syn::Error::new_spanned(glob, message))
        }
        UseTree::Group(group) => group.items.iter().try_for_each(|tree| imported(tree, names)),
        #[allow(unreachable_patterns, reason = "the syntax tree may grow")]
        other => Err(syn::Error::new_spanned(other, "this import is not supported in an inner block")),
    }
}

/// `use a::g` becomes `use a::g as g`, of which the second name is renamed later.
fn rename_use(tree: &mut UseTree, names: &HashMap<String, Ident>) {
    match tree {
        UseTree::Path(path) => rename_use(&mut path.tree, names),
        UseTree::Group(group) => group.items.iter_mut().for_each(|tree| rename_use(tree, names)),
        UseTree::Name(name) if names.contains_key(&name.ident.to_string()) => {
            let (ident, rename) = (name.ident.clone(), names[&name.ident.to_string()].clone());
            *tree = UseTree::Rename(syn::UseRename { ident, as_token: Default::default(), rename });
        }
        UseTree::Rename(rename) => {
            if let Some(fresh) = names.get(&rename.rename.to_string()) {
                rename.rename = fresh.clone();
            }
        }
        _ => {}
    }
}

/// Renames identifiers where they may name items.
fn rename(tokens: TokenStream, names: &HashMap<String, Ident>) -> TokenStream {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let is = |at: Option<usize>, c: char| matches!(at.and_then(|at| trees.get(at)), Some(TokenTree::Punct(punct)) if punct.as_char() == c);
    let renamed = trees.iter().enumerate().map(|(position, tree)| match tree {
        TokenTree::Ident(ident) => {
            let before = |distance| position.checked_sub(distance);
            let member = is(before(1), '.') && !is(before(2), '.');
            let tail = is(before(1), ':') && is(before(2), ':');
            // Left of `as` in a `use` stands the name in the other module.
            let imported = matches!(trees.get(position + 1), Some(TokenTree::Ident(next)) if next == "as")
                && matches!(trees.get(position + 2), Some(TokenTree::Ident(next)) if names.values().any(|fresh| fresh == next));
            match names.get(&ident.to_string()) {
                Some(fresh) if !(member || tail || imported) => {
                    let mut fresh = fresh.clone();
                    fresh.set_span(ident.span());
                    TokenTree::Ident(fresh)
                }
                _ => tree.clone(),
            }
        }
        TokenTree::Group(group) => {
            let mut renamed = proc_macro2::Group::new(group.delimiter(), rename(group.stream(), names));
            renamed.set_span(group.span());
            TokenTree::Group(renamed)
        }
        TokenTree::Punct(_) | TokenTree::Literal(_) => tree.clone(),
    });
    renamed.collect()
}

/// How often each identifier occurs, in texts with placeholders as well.
fn identifiers(tokens: &TokenStream) -> HashMap<String, usize> {
    let mut found = HashMap::new();
    count(tokens, &mut found);
    mentions(tokens).iter().for_each(|name| *found.entry(name.to_string()).or_default() += 1);
    found
}

fn count(tokens: &TokenStream, found: &mut HashMap<String, usize>) {
    for tree in tokens.clone() {
        match tree {
            TokenTree::Ident(ident) => *found.entry(ident.to_string()).or_default() += 1,
            TokenTree::Group(group) => count(&group.stream(), found),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}
