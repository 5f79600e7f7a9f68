//! IR to Rust: expressions, statements, names, items.
//!
//! A body goes through four steps. `unique` gives every definition a variable of its own. `fold` (with `expr`, `stmts`,
//! `loops`, `maps`, `calls`, `slots`) turns the IR's A-normal form into a tree of Rust expressions and statements
//! (`tree`), relying on `uses`, `effects`, `cost` and `pending` for what may be moved where.
//! `names` chooses names on that tree, and `print` writes it as tokens. `items`, `forms`, `signature`, `bounds` and `tangents` put
//! bodies into the functions of the companion; `foreign` does that for rules written by hand; `graph` adds the constant `GRAPH`.

mod asked;
mod body;
mod bounds;
mod calls;
mod chunks;
mod constant;
mod copies;
mod cost;
mod directions;
mod dispatch;
mod effects;
mod equations;
mod expr;
mod fold;
mod foreign;
mod forms;
mod forwards;
mod functions;
mod graph;
mod items;
mod jacobian;
mod kept;
mod lanes;
mod loops;
mod maps;
mod names;
mod nested;
mod nested_twice;
mod objects;
mod paths;
mod pending;
mod prec;
mod print;
mod receivers;
mod rename;
mod ruled;
mod ruled_twice;
mod second;
mod signature;
mod slots;
mod stmts;
mod tangents;
mod third;
mod tree;
mod twice;
mod types;
mod unique;
mod unpack;
mod uses;

pub(crate) use bounds::Demand;
pub(crate) use dispatch::{given_marker, required_marker};
pub(crate) use equations::takes_value;
pub(crate) use foreign::of_rule;
pub(crate) use items::{
    by_rules, companion, constant, demands, has_joint, hidden_companion, imports, required, rules_of_parameters,
    selecting, stub, trait_object,
};
pub(crate) use objects::{object_function, supertrait};
pub(crate) use paths::{mentions, words};
pub(crate) use ruled_twice::rule_of_root;
pub(crate) use signature::mentions_self;

/// The type with `name` for every elided lifetime. Tells whether there was any.
pub(crate) fn with_lifetime(ty: &syn::Type, name: &syn::Lifetime) -> (syn::Type, bool) {
    tangents::with_lifetime(ty, false, name)
}

#[cfg(test)]
mod tests;
