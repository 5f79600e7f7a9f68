//! Long bodies in parts.
//!
//! Every `let` opens a scope that lasts to the end of its block, and rustc recurses over them: some thousands in one
//! block overflow its stack. A long body is therefore written as blocks of moderate length, each of which hands on what
//! is still needed: `let (a, b) = { let a = ..; let b = ..; (a, b) };`.

use std::collections::HashSet;

use super::names;
use super::tree::{Block, Expr, Line, Pattern};
use crate::analysis::types;
use crate::ir::{Function, VarId};

/// The most lines that a body may have in one block.
const LONGEST: usize = 600;
/// How many lines a part has.
const PART: usize = 200;

/// Writes a long body in parts, as far as what they hand on are plain numbers.
pub(super) fn split(function: &Function, block: &mut Block) {
    if block.lines.len() <= LONGEST {
        return;
    }
    let mut later: HashSet<VarId> = names::mentioned(&[], block.result.as_deref());
    let mut parts: Vec<Vec<Line>> = Vec::new();
    let mut lines = std::mem::take(&mut block.lines);
    while !lines.is_empty() {
        let part = lines.split_off(lines.len().saturating_sub(PART));
        let used = names::mentioned(&part, None);
        parts.push(match exported(function, &part, &later) {
            Some(exported) => vec![nested(part, exported)],
            None => part,
        });
        later.extend(used);
    }
    block.lines = parts.into_iter().rev().flatten().collect();
}

/// The variables that a part defines and that are mentioned later, if all of them can be handed on.
fn exported(function: &Function, part: &[Line], later: &HashSet<VarId>) -> Option<Vec<Pattern>> {
    let mut exported = Vec::new();
    for line in part {
        match line {
            Line::Let { pattern: Pattern::Var { var, mutable }, value, .. } if later.contains(var) => {
                if value.is_none() || !types::is_scalar(&function[*var].ty) {
                    return None;
                }
                exported.push(Pattern::Var { var: *var, mutable: *mutable });
            }
            Line::Let { pattern: Pattern::Var { .. }, .. } => {}
            Line::Let { .. } | Line::Comment(_) => return None,
            Line::Assign(..)
            | Line::Compound(..)
            | Line::Expr(_)
            | Line::For { .. }
            | Line::While { .. }
            | Line::IfSlot { .. }
            | Line::Break { .. }
            | Line::Continue { .. }
            | Line::Return(_) => {}
        }
    }
    Some(exported)
}

fn nested(lines: Vec<Line>, exported: Vec<Pattern>) -> Line {
    let mut vars: Vec<Expr> = exported.iter().filter_map(exported_var).map(Expr::Var).collect();
    let (result, pattern) = match vars.len() {
        0 => (None, None),
        1 => (vars.pop(), exported.into_iter().next()),
        _ => (Some(Expr::Tuple(vars)), Some(Pattern::Tuple(exported))),
    };
    let body = Expr::Block { label: None, body: Block { lines, result: result.map(Box::new) } };
    match pattern {
        Some(pattern) => Line::Let { pattern, ascription: None, value: Some(body) },
        None => Line::Expr(body),
    }
}

fn exported_var(pattern: &Pattern) -> Option<VarId> {
    match pattern {
        Pattern::Var { var, mutable: _ } => Some(*var),
        Pattern::Ref(_)
        | Pattern::Tuple(_)
        | Pattern::Array(_)
        | Pattern::Some(_)
        | Pattern::Wild
        | Pattern::Tokens(..)
        | Pattern::Typed(..) => None,
    }
}
