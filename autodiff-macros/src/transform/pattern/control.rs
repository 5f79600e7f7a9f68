//! Branches and loops: what their numbers depend on behind them.

use std::collections::HashMap;

use super::known::{self, Head, Known};
use super::{Reader, numbers};
use crate::analysis::types;
use crate::ir::walk;
use crate::ir::{Block, Operand, Stmt, Storage, VarId};

impl Reader<'_> {
    pub(super) fn branch(
        &mut self,
        dest: Option<VarId>,
        cond: &Operand,
        [then, els]: [&Block; 2],
        stmts: &mut Vec<Stmt>,
        pure: &mut Vec<Stmt>,
    ) -> Option<()> {
        let number = dest.is_none_or(|dest| types::is_float(&self.primal[dest].ty));
        if !self.is_plain(cond) {
            return if number { self.either(dest, [then, els], stmts, pure) } else { None };
        }
        let before = self.known.clone();
        let (then_stmts, then_pure) = self.block(then)?;
        let after_then = std::mem::replace(&mut self.known, before.clone());
        let (els_stmts, els_pure) = self.block(els)?;
        if let Some(dest) = dest.filter(|_| number) {
            let of = |reader: &Self, known: &HashMap<VarId, Known>, result: &Option<Operand>| match result.as_ref()? {
                Operand::Var(var) => known.get(var).cloned(),
                Operand::Const(_) => reader.operand(result.as_ref()?),
            };
            let (first, second) = (of(self, &after_then, &then.result)?, of(self, &self.known, &els.result)?);
            let both = self.under_branch(cond, (&then_pure, first), (&els_pure, second), &Known::default())?;
            self.known.insert(dest, both);
        }
        let changed = before.keys().copied().filter(|var| self.function[*var].storage == Storage::Memory);
        for var in changed.collect::<Vec<_>>() {
            let (first, second) = (after_then[&var].clone(), self.known[&var].clone());
            if first != before[&var] || second != before[&var] {
                let merged = self.under_branch(cond, (&then_pure, first), (&els_pure, second), &before[&var])?;
                self.known.insert(var, merged);
            }
        }
        let integer = dest.filter(|_| !number);
        let arm = |stmts: Vec<Stmt>, block: &Block| Block {
            stmts,
            result: block.result.clone().filter(|_| integer.is_some()),
        };
        let passes = |var: &VarId| numbers::gives(then, *var) || numbers::gives(els, *var);
        if integer.is_some() && !self.passing.iter().any(passes) {
            let (then, els) = (arm(then_pure, then), arm(els_pure, els));
            pure.push(Stmt::If { dest: integer, cond: cond.clone(), then, els });
        } else if let Some(dest) = integer {
            self.passing.insert(dest);
        }
        let (then, els) = (arm(then_stmts, then), arm(els_stmts, els));
        if integer.is_some() || has_effect(&then) || has_effect(&els) {
            stmts.push(Stmt::If { dest: integer, cond: cond.clone(), then, els });
        }
        Some(())
    }

    /// A branch that depends on numbers: both sides count.
    fn either(
        &mut self,
        dest: Option<VarId>,
        blocks: [&Block; 2],
        stmts: &mut Vec<Stmt>,
        pure: &mut Vec<Stmt>,
    ) -> Option<()> {
        let outer = std::mem::replace(&mut self.guarded, true);
        let mut all = Known::default();
        for block in blocks {
            for stmt in &block.stmts {
                self.stmt(stmt, stmts, pure)?;
            }
            if dest.is_some() {
                all = all.and(self.operand(block.result.as_ref()?)?);
            }
        }
        self.guarded = outer;
        if let Some(dest) = dest {
            self.known.insert(dest, all);
        }
        Some(())
    }

    pub(super) fn repeat(&mut self, head: Head, body: &Block, stmts: &mut Vec<Stmt>) -> Option<()> {
        let Head::For(id, iter) = &head else { return None };
        let before = self.known.clone();
        let memory = before
            .keys()
            .copied()
            .filter(|var| self.function[*var].storage == Storage::Memory && types::is_float(&self.function[*var].ty));
        let memory: Vec<VarId> = memory.collect();
        let written = known::written(body);
        for var in memory.iter().filter(|var| written.contains(var)) {
            self.known.insert(*var, Known::before(*var));
        }
        let (body_stmts, pure) = self.block(body)?;
        for var in memory.into_iter().filter(|var| written.contains(var)) {
            let added = self.known[&var].clone().without(var, &written);
            let all = before[&var].clone().and(self.under_loop(&head, &pure, added)?);
            self.known.insert(var, all);
        }
        let body = Block { stmts: body_stmts, result: None };
        if has_effect(&body) {
            if self.guarded {
                return None;
            }
            stmts.push(Stmt::For { id: *id, iter: iter.clone(), body });
        }
        Some(())
    }
}

/// Something is written, not only computed.
fn has_effect(block: &Block) -> bool {
    block.stmts.iter().any(|stmt| {
        walk::blocks(stmt).into_iter().any(has_effect)
            || !matches!(stmt, Stmt::Let { .. } | Stmt::If { .. } | Stmt::For { .. } | Stmt::Comment(_))
    })
}
