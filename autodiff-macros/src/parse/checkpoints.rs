//! Which states of a loop are held: `#[checkpoint(..)]` before a loop, and the option for a function's only one.

use super::env::Lowered;
use super::lowerer::Lowerer;
use crate::ir::{Block, Checkpoint, ScopeId, Stmt, walk};
use crate::options::{Checkpointing, Options};
use proc_macro2::Span;
use syn::spanned::Spanned;

impl Lowerer<'_> {
    /// Lowers a loop that is written as such, with what its attributes ask for.
    pub(super) fn written_loop(
        &mut self,
        attributes: &[syn::Attribute],
        span: Span,
        lower: impl FnOnce(&mut Self) -> Lowered,
    ) -> Lowered {
        let at = self.position();
        self.loop_depth += 1;
        let lowered = lower(self);
        self.loop_depth -= 1;
        let ids = outermost(self.stmts_since(at));
        self.function.loops.extend(ids.iter().map(|id| (*id, span)));
        if self.loop_depth == 0 {
            self.main_loops.push(ids.clone());
        }
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("checkpoint")) {
            match attribute.parse_args_with(Checkpointing::of_loop) {
                Ok(plan) => self.hold_states(&ids, Checkpoint { plan, span: attribute.path().span() }),
                Err(error) => self.error(error),
            }
        }
        lowered
    }

    /// `#[differentiable(checkpoint(..))]`
    pub(super) fn checkpoint_main_loop(&mut self, options: &Options) {
        let Some(Checkpointing { span, plan: Some(plan) }) = options.checkpoint else { return };
        match self.main_loops.as_slice() {
            [ids] => {
                let ids = ids.clone();
                self.hold_states(&ids, Checkpoint { plan, span });
            }
            [] if self.has_errors() => {}
            loops => {
                let message = format!(
                    "this function has {} loops that `checkpoint(..)` could mean",
                    if loops.is_empty() { "no".to_owned() } else { loops.len().to_string() }
                );
                let help = "write `#[checkpoint(sqrt)]` or `#[checkpoint(binomial, slots = 32)]` before the `for`, `while` or `loop`";
                self.refuse_at(span, message, help);
            }
        }
    }

    fn hold_states(&mut self, ids: &[ScopeId], checkpoint: Checkpoint) {
        self.function.checkpoints.extend(ids.iter().map(|id| (*id, checkpoint)));
    }
}

/// The loops that lie in no other.
fn outermost(stmts: &[Stmt]) -> Vec<ScopeId> {
    let inside = |block: &Block| outermost(&block.stmts);
    let of = |stmt: &Stmt| match stmt {
        Stmt::For { id, .. } | Stmt::While { id, .. } | Stmt::Loop { id, .. } => vec![*id],
        other => walk::blocks(other).into_iter().flat_map(inside).collect(),
    };
    stmts.iter().flat_map(of).collect()
}
