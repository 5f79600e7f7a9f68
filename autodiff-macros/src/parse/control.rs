//! Branches, loops and exits.

use super::chosen::Ending;
use super::env::Lowered;
use super::lowerer::{Exit, Lowerer, Target, block_of};
use super::stmt::{Arm, Wanted};
use crate::analysis::types;
use crate::ir::{Block, Operand, Origin, Place, ScopeId, Stmt, Storage, Type, VarId};
use proc_macro2::Span;
use syn::Expr;
use syn::spanned::Spanned;

impl Lowerer<'_> {
    pub(super) fn if_expr(&mut self, branch: &syn::ExprIf, hint: Option<&Type>) -> Lowered {
        match &branch.else_branch {
            Some((_, otherwise)) => self.branch(branch, Some(otherwise), Wanted::Value(hint)),
            None => self.branch(branch, None, Wanted::Effect),
        }
    }

    pub(super) fn if_effect(&mut self, branch: &syn::ExprIf) -> Lowered {
        self.branch(branch, branch.else_branch.as_ref().map(|(_, otherwise)| &**otherwise), Wanted::Effect)
    }

    fn branch(&mut self, branch: &syn::ExprIf, otherwise: Option<&Expr>, wanted: Wanted<'_>) -> Lowered {
        let span = branch.if_token.span;
        if let Expr::Let(condition) = super::place::strip_parens(&branch.cond) {
            return self.if_let(condition, &branch.then_branch, otherwise, wanted);
        }
        let links = conjuncts(&branch.cond);
        if links.iter().any(|link| matches!(link, Expr::Let(_))) {
            return self.let_chain(&links, &branch.then_branch, otherwise, wanted, span);
        }
        let cond = self.condition(&branch.cond);
        let mut then = self.nested_block(&branch.then_branch, wanted);
        let mut els = self.otherwise(otherwise, wanted, span);
        let (dest, lowered) = self.join(&mut [&mut then, &mut els], span);
        self.emit(Stmt::If { dest, cond, then: then.block, els: els.block });
        lowered
    }

    pub(super) fn otherwise(&mut self, otherwise: Option<&Expr>, wanted: Wanted<'_>, span: Span) -> Arm {
        match otherwise {
            None => Arm { block: Block::default(), ending: Ending::NOTHING },
            Some(Expr::Block(block)) if block.label.is_none() => self.nested_block(&block.block, wanted),
            Some(other) => self.arm(span, |this| match wanted {
                Wanted::Value(hint) => this.value_as(other, hint),
                Wanted::Effect => this.effect(other),
            }),
        }
    }

    /// The destination of a branch: what its arms yield.
    pub(super) fn join(&mut self, arms: &mut [&mut Arm], span: Span) -> (Option<VarId>, Lowered) {
        if arms.iter().any(|arm| !arm.ending.diverges && arm.block.result.is_none()) {
            // An arm that ends in a call of unknown type beside one that yields nothing: the call yields nothing too.
            arms.iter_mut().for_each(|arm| arm.block.result = None);
        }
        let results: Vec<Operand> = arms.iter().filter_map(|arm| arm.block.result.clone()).collect();
        if results.is_empty() {
            let diverges = arms.iter().all(|arm| arm.ending.diverges);
            return (None, if diverges { Lowered::Never } else { Lowered::Unit });
        }
        // A constant arm of unknown type must not hide that another arm carries a derivative.
        let (constant, active): (Vec<_>, Vec<_>) =
            results.iter().cloned().partition(|result| self.operand_is_constant(result));
        let ty = self.common_type(&[active, constant].concat(), None);
        let dest = self.fresh("chosen", ty, Storage::Value, Origin::Temp, span);
        if results.iter().all(|result| self.operand_is_constant(result)) {
            self.constants.insert(dest);
        }
        (Some(dest), self.referring(arms, dest, span))
    }

    // Loops

    /// Opens a target for exits while `fill` runs.
    pub(super) fn target<T>(
        &mut self,
        label: Option<String>,
        is_loop: bool,
        fill: impl FnOnce(&mut Self, ScopeId) -> T,
    ) -> (T, Target) {
        let id = self.function.fresh_scope(label.clone());
        self.targets.push(Target { label, id, dest: None, is_loop, broken: false, continues: None });
        let result = fill(self, id);
        (result, self.targets.pop().expect("pushed above"))
    }

    pub(super) fn while_loop(&mut self, looping: &syn::ExprWhile) -> Lowered {
        self.check_attributes(&looping.attrs);
        self.written_loop(&looping.attrs, looping.while_token.span, |this| this.lower_while(looping))
    }

    fn lower_while(&mut self, looping: &syn::ExprWhile) -> Lowered {
        let label = label_name(looping.label.as_ref());
        let single = match super::place::strip_parens(&looping.cond) {
            Expr::Let(condition) => Some(condition).filter(|condition| !super::slices::has_rest(&condition.pat)),
            _ => None,
        };
        if let Some(condition) = single {
            return self.while_let(condition, &looping.body, label);
        }
        if conjuncts(&looping.cond).iter().any(|link| matches!(link, Expr::Let(_))) {
            let syn::ExprWhile { label, cond, body, .. } = looping;
            let repeated: syn::ExprLoop = syn::parse_quote!(#label loop { if #cond #body else { break } });
            self.lower_loop(&repeated);
            return Lowered::Unit;
        }
        let ((header, body, id), _) = self.target(label, true, |this, id| {
            let (stmts, cond) = this.block(|this| this.condition(&looping.cond));
            let header = block_of(stmts, Some(cond));
            let body = this.nested_block(&looping.body, Wanted::Effect);
            (header, body.block, id)
        });
        self.emit(Stmt::While { id, header, body });
        Lowered::Unit
    }

    pub(super) fn loop_expr(&mut self, looping: &syn::ExprLoop) -> Lowered {
        self.written_loop(&looping.attrs, looping.loop_token.span, |this| this.lower_loop(looping))
    }

    fn lower_loop(&mut self, looping: &syn::ExprLoop) -> Lowered {
        let label = label_name(looping.label.as_ref());
        let ((body, id), target) =
            self.target(label, true, |this, id| (this.nested_block(&looping.body, Wanted::Effect).block, id));
        self.emit(Stmt::Loop { dest: target.dest, id, body });
        match (target.dest, target.broken) {
            (Some(dest), _) => Lowered::Operand(Operand::Var(dest)),
            (None, true) => Lowered::Unit,
            (None, false) => Lowered::Never,
        }
    }

    pub(super) fn labelled_block(&mut self, label: &syn::Label, block: &syn::Block, wanted: Wanted<'_>) -> Lowered {
        let span = label.span();
        let (arm, target) = self.target(label_name(Some(label)), false, |this, _| this.nested_block(block, wanted));
        self.close_scope(arm, &target, span)
    }

    /// Emits a block that exits may leave with a value.
    pub(super) fn close_scope(&mut self, arm: Arm, target: &Target, span: Span) -> Lowered {
        let dest = match (target.dest, &arm.block.result) {
            (Some(dest), _) => Some(dest),
            (None, Some(result)) => {
                let ty = self.ty(result);
                Some(self.fresh("value", ty, Storage::Value, Origin::Temp, span))
            }
            (None, None) => None,
        };
        if let (Some(dest), Some(result)) = (dest, &arm.block.result) {
            let ty = self.ty(result);
            types::merge(&mut self.function[dest].ty, &ty);
        }
        self.emit(Stmt::Scope { dest, id: target.id, body: arm.block });
        match dest {
            Some(dest) => self.as_chosen(Place::var(dest), &arm.ending.chosen),
            None if arm.ending.diverges && !target.broken => Lowered::Never,
            None => Lowered::Unit,
        }
    }

    // Exits

    /// `return`, `break`, `continue`.
    pub(super) fn exit(&mut self, expr: &Expr) -> Lowered {
        match expr {
            Expr::Return(exit) => self.return_expr(exit),
            Expr::Break(exit) => self.break_expr(exit),
            Expr::Continue(exit) => self.continue_expr(exit),
            other => self.refuse(other, "this is not an exit", ""),
        }
    }

    fn return_expr(&mut self, exit: &syn::ExprReturn) -> Lowered {
        // What a closure returns, its own `return`s tell.
        let hint = match self.exits.last() {
            Some(Exit::Scope(_)) => Type::Unknown,
            Some(Exit::Function) | None => self.function.result.clone(),
        };
        let value = match &exit.expr {
            None => None,
            Some(expr) => match self.value_as(expr, Some(&hint)) {
                Lowered::Unit => None,
                Lowered::Never => return Lowered::Never,
                value => Some(self.read(value, expr.span())),
            },
        };
        self.leave_with(value, exit.span());
        Lowered::Never
    }

    fn break_expr(&mut self, exit: &syn::ExprBreak) -> Lowered {
        let value = match &exit.expr {
            None => None,
            Some(expr) => match self.value(expr) {
                Lowered::Unit => None,
                Lowered::Never => return Lowered::Never,
                value => Some(self.read(value, expr.span())),
            },
        };
        match self.find_target(exit.label.as_ref()) {
            Some(position) => self.leave(position, value, exit.span()),
            None => {
                self.refuse(exit, "this `break` leaves nothing", "put it inside a loop");
            }
        }
        Lowered::Never
    }

    /// Leaves the scope of a target, with a value if it takes one.
    pub(super) fn leave(&mut self, position: usize, value: Option<Operand>, span: Span) {
        if let Some(value) = &value {
            let ty = self.ty(value);
            let dest = match self.targets[position].dest {
                Some(dest) => dest,
                None => self.fresh("value", Type::Unknown, Storage::Value, Origin::Temp, span),
            };
            types::merge(&mut self.function[dest].ty, &ty);
            self.targets[position].dest = Some(dest);
        }
        self.targets[position].broken = true;
        let target = self.targets[position].id;
        self.emit(Stmt::Break { target, value });
    }

    fn continue_expr(&mut self, exit: &syn::ExprContinue) -> Lowered {
        match self.find_target(exit.label.as_ref()) {
            Some(position) => {
                let Target { id, continues, .. } = self.targets[position];
                self.emit(match continues {
                    Some(target) => Stmt::Break { target, value: None },
                    None => Stmt::Continue { target: id },
                });
            }
            None => {
                self.refuse(exit, "this `continue` is outside of a loop", "put it inside a loop");
            }
        }
        Lowered::Never
    }

    fn find_target(&self, label: Option<&syn::Lifetime>) -> Option<usize> {
        let name = label.map(|label| label.ident.to_string());
        self.targets.iter().rposition(|target| match &name {
            Some(name) => target.label.as_ref() == Some(name),
            None => target.is_loop,
        })
    }
}

/// The parts of `a && b && c`.
fn conjuncts(cond: &Expr) -> Vec<&Expr> {
    match cond {
        Expr::Binary(syn::ExprBinary { left, op: syn::BinOp::And(_), right, .. }) => {
            let mut parts = conjuncts(left);
            parts.extend(conjuncts(right));
            parts
        }
        other => vec![other],
    }
}

pub(super) fn label_name(label: Option<&syn::Label>) -> Option<String> {
    label.map(|label| label.name.ident.to_string())
}
