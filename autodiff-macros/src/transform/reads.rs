//! Merges reads of the same place between which nothing is written, so that one saved value serves all of them.

use std::collections::HashMap;

use crate::ir::walk::{self, Access, Visit};
use crate::ir::{Block, Function, Op, Operand, Origin, Place, Proj, Stmt, Storage, VarId};
use crate::transform::rename;

/// The reads that are still good, by the text of their place.
type Known = HashMap<String, (VarId, Place)>;

/// Merges the reads of a function.
pub(crate) fn merge(function: &mut Function) {
    let mut body = std::mem::take(&mut function.body);
    let mut same = HashMap::new();
    block(function, &mut body, Known::new(), &mut same);
    rename::block(&mut body, &same);
    function.body = body;
}

fn block(function: &Function, block: &mut Block, mut known: Known, same: &mut HashMap<VarId, VarId>) {
    let mut kept = Vec::new();
    for mut stmt in std::mem::take(&mut block.stmts) {
        if let Stmt::Let { var, op: Op::Read(place) } = &stmt
            && function[*var].origin == Origin::Temp
        {
            let key = key(place, same);
            if let Some((first, _)) = known.get(&key) {
                same.insert(*var, *first);
                continue;
            }
            known.insert(key, (*var, place.clone()));
            kept.push(stmt);
            continue;
        }
        forget(function, &stmt, &mut known);
        for inner in walk::blocks_mut(&mut stmt) {
            self::block(function, inner, known.clone(), same);
        }
        kept.push(stmt);
    }
    block.stmts = kept;
}

/// Forgets the reads that a statement, or anything in it, may invalidate.
fn forget(function: &Function, stmt: &Stmt, known: &mut Known) {
    struct Written<'a>(&'a Function, Vec<VarId>, bool);
    impl Visit for Written<'_> {
        fn place(&mut self, place: &Place, access: Access) {
            if access != Access::Read {
                self.1.push(place.root);
                // What is written through a reference has another name.
                self.2 |= self.0[place.root].storage == Storage::Value;
            }
        }
        fn mention(&mut self, var: VarId) {
            if self.0[var].storage == Storage::Memory {
                self.1.push(var);
            }
        }
    }
    let mut written = Written(function, Vec::new(), false);
    walk::stmt(&mut written, stmt);
    known.retain(|_, (_, place)| {
        let memory = function[place.root].storage == Storage::Memory || function.is_ref(place.root);
        !(written.1.contains(&place.root) || written.2 && memory)
    });
}

pub(super) fn key(place: &Place, same: &HashMap<VarId, VarId>) -> String {
    let operand = |operand: &Operand| match operand {
        Operand::Var(var) => format!("v{}", same.get(var).unwrap_or(var).0),
        Operand::Const(constant) => constant.tokens.to_string(),
    };
    let mut text = format!("v{}", same.get(&place.root).unwrap_or(&place.root).0);
    for proj in &place.path {
        text += &match proj {
            Proj::Deref => ".*".to_owned(),
            Proj::Field(syn::Member::Named(name)) => format!(".{name}"),
            Proj::Field(syn::Member::Unnamed(index)) => format!(".{}", index.index),
            Proj::Payload(method) | Proj::Part(method) => format!(".{method}()"),
            Proj::Index(index) => format!("[{}]", operand(index)),
            Proj::IndexNd(indices) => format!("[[{}]]", indices.iter().map(operand).collect::<Vec<_>>().join(",")),
            Proj::Range { lo, hi, inclusive } => {
                let bound = |bound: &Option<Operand>| bound.as_ref().map(operand).unwrap_or_default();
                format!("[{}..{}{}]", bound(lo), if *inclusive { "=" } else { "" }, bound(hi))
            }
        };
    }
    text
}
