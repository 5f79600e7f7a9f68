//! IR to Rust: expressions, statements, names, items.

mod body;
mod effects;
mod expr;
mod fold;
mod loops;
mod names;
mod print;
mod slots;
mod stmts;
mod tree;
mod types;
mod uses;

#[cfg(test)]
mod tests;
