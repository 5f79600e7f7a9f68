//! `match`, `if let`, `let else`, `while let`.

use super::env::{Binding, Lowered};
use super::expr::{is_constant_name, is_type_name};
use super::lowerer::{Lowerer, block_of};
use super::pattern::Ascription;
use super::stmt::{Arm, Wanted};
use crate::analysis::types;
use crate::ir::{self, Operand, Origin, Proj, Stmt, Storage, Type, VarId};
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{Expr, Pat};

/// What a `match` looks at.
#[derive(Clone)]
struct Scrutinee {
    operand: Operand,
    ty: Type,
    /// It certainly carries no derivative.
    constant: bool,
}

/// The names that a pattern binds, with their paths into the scrutinee where these are known.
type Bindings = Vec<(VarId, Option<Vec<Proj>>)>;

impl Lowerer<'_> {
    pub(super) fn match_expr(&mut self, matching: &syn::ExprMatch, hint: Option<&Type>) -> Lowered {
        self.matching(matching, Wanted::Value(hint))
    }

    pub(super) fn match_effect(&mut self, matching: &syn::ExprMatch) -> Lowered {
        self.matching(matching, Wanted::Effect)
    }

    fn matching(&mut self, matching: &syn::ExprMatch, wanted: Wanted<'_>) -> Lowered {
        if let Some(lowered) = self.match_present(matching, wanted) {
            return lowered;
        }
        let scrutinee = self.scrutinee(&matching.expr);
        if matches!(types::strip_refs(&scrutinee.ty), Type::Int(_))
            && matching.arms.iter().all(|arm| is_single_value(&arm.pat))
        {
            // Not all integers are covered.
            self.leave_to_rustc();
        }
        let mut arms = Vec::new();
        for arm in &matching.arms {
            self.check_attributes(&arm.attrs);
            arms.push(self.match_arm(&arm.pat, &scrutinee, |this| match wanted {
                Wanted::Value(hint) => this.value_as(&arm.body, hint),
                Wanted::Effect => this.effect(&arm.body),
            }));
        }
        self.emit_match(scrutinee.operand, arms, matching.match_token.span)
    }

    fn emit_match(&mut self, scrutinee: Operand, arms: Vec<(ir::Arm, bool)>, span: Span) -> Lowered {
        let mut bodies = Vec::new();
        let mut finished = Vec::new();
        for (mut arm, diverges) in arms {
            bodies.push(Arm { block: std::mem::take(&mut arm.body), diverges });
            finished.push(arm);
        }
        let (dest, lowered) = self.join(&mut bodies.iter_mut().collect::<Vec<_>>(), span);
        for (arm, body) in finished.iter_mut().zip(bodies) {
            arm.body = body.block;
        }
        self.emit(Stmt::Match { dest, scrutinee, arms: finished });
        lowered
    }

    fn scrutinee(&mut self, expr: &Expr) -> Scrutinee {
        let lowered = self.value(expr);
        // What was refused gives no further errors.
        let constant = self.lowered_is_constant(&lowered) || self.is_refused(&lowered);
        let operand = self.read(lowered, expr.span());
        let ty = self.ty(&operand);
        Scrutinee { operand, ty, constant }
    }

    /// One arm; `body` runs with the pattern's names in scope.
    fn match_arm(
        &mut self,
        pat: &Pat,
        scrutinee: &Scrutinee,
        body: impl FnOnce(&mut Self) -> Lowered,
    ) -> (ir::Arm, bool) {
        let (pat, condition) = match pat {
            Pat::Guard(guarded) => (&*guarded.pat, Some(&*guarded.guard)),
            other => (other, None),
        };
        self.scope(|this| {
            let mut bindings = Bindings::new();
            this.arm_pattern(pat, scrutinee, Some(Vec::new()), &mut bindings);
            let guard = condition.map(|condition| {
                if let Expr::Let(_) = condition {
                    this.refuse(condition, "`let` inside a guard is not supported", "nest an `if let` in the arm");
                }
                let (stmts, result) = this.block(|this| this.number(condition));
                block_of(stmts, Some(result))
            });
            let arm = this.arm(pat.span(), body);
            (ir::Arm { pattern: pat.to_token_stream(), bindings, guard, body: arm.block }, arm.diverges)
        })
    }

    fn arm_pattern(&mut self, pat: &Pat, scrutinee: &Scrutinee, path: Option<Vec<Proj>>, bindings: &mut Bindings) {
        match pat {
            Pat::Wild(_) | Pat::Lit(_) | Pat::Range(_) | Pat::Path(_) | Pat::Const(_) | Pat::Rest(_) => {}
            Pat::Ident(ident) => self.arm_binding(ident, scrutinee, path, bindings),
            Pat::Paren(paren) => self.arm_pattern(&paren.pat, scrutinee, path, bindings),
            Pat::Or(or) => {
                for case in &or.cases {
                    self.arm_pattern(case, scrutinee, path.clone(), bindings);
                }
            }
            Pat::Tuple(tuple) => {
                let rest = tuple.elems.iter().position(|elem| matches!(elem, Pat::Rest(_)));
                for (index, elem) in tuple.elems.iter().enumerate() {
                    let known = rest.is_none_or(|rest| index < rest);
                    let step = Proj::Field(syn::Member::from(index));
                    let inner = path.clone().filter(|_| known).map(|path| extended(path, step));
                    self.arm_pattern(elem, scrutinee, inner, bindings);
                }
            }
            Pat::Reference(reference) => {
                let inner = path.map(|path| extended(path, Proj::Deref));
                self.arm_pattern(&reference.pat, scrutinee, inner, bindings);
            }
            _ if !scrutinee.constant => {
                self.refuse(
                    pat,
                    "enums, structs and slices with differentiable content are not supported in patterns yet",
                    "take the value apart before, or match on an integer",
                );
            }
            Pat::TupleStruct(variant) => {
                variant.elems.iter().for_each(|elem| self.arm_pattern(elem, scrutinee, None, bindings));
            }
            Pat::Struct(variant) => {
                variant.fields.iter().for_each(|field| self.arm_pattern(&field.pat, scrutinee, None, bindings));
            }
            Pat::Slice(slice) => {
                slice.elems.iter().for_each(|elem| self.arm_pattern(elem, scrutinee, None, bindings));
            }
            other => {
                self.refuse(other, "this pattern is not supported", "match on an integer, or write `if`");
            }
        }
    }

    fn arm_binding(
        &mut self,
        pat: &syn::PatIdent,
        scrutinee: &Scrutinee,
        path: Option<Vec<Proj>>,
        bindings: &mut Bindings,
    ) {
        let name = pat.ident.to_string();
        if let Some((_, inner)) = &pat.subpat {
            self.arm_pattern(inner, scrutinee, path.clone(), bindings);
        } else if pat.by_ref.is_none() && pat.mutability.is_none() && self.names_a_constant(&pat.ident) {
            return;
        }
        if pat.mutability.is_some() || (pat.by_ref.is_some() && !scrutinee.constant) {
            self.refuse(pat, "`mut` and `ref` are not supported in this pattern", "bind the name plainly and copy it");
            return;
        }
        let seen = bindings.iter().position(|(var, _)| self.function[*var].name == name);
        let ty = match &path {
            Some(path) => path.iter().fold(scrutinee.ty.clone(), |ty, step| types::project(&ty, step)),
            None => Type::Unknown,
        };
        if let Some(seen) = seen {
            // The other side of an or-pattern: the paths may differ.
            bindings[seen].1 = None;
            return;
        }
        let var = self.fresh(&name, ty, Storage::Value, Origin::User, pat.ident.span());
        if scrutinee.constant {
            self.constants.insert(var);
        }
        self.env.bind(&pat.ident, Binding::Var(var));
        bindings.push((var, path));
    }

    /// A name in a pattern that is a constant or a variant, not a binding.
    fn names_a_constant(&self, ident: &syn::Ident) -> bool {
        let name = ident.to_string();
        matches!(self.env.get(ident), Some(Binding::Const(_))) || is_constant_name(&name) || is_type_name(&name)
    }

    // `let` with a refutable pattern

    pub(super) fn if_let(
        &mut self,
        condition: &syn::ExprLet,
        then: &syn::Block,
        otherwise: Option<&Expr>,
        wanted: Wanted<'_>,
    ) -> Lowered {
        if let Some(lowered) = self.if_present(condition, then, otherwise, wanted) {
            return lowered;
        }
        let span = condition.let_token.span;
        let scrutinee = self.scrutinee(&condition.expr);
        let taken = self.match_arm(&condition.pat, &scrutinee, |this| this.stmts(&then.stmts, wanted));
        let els = self.otherwise(otherwise, wanted, span);
        self.emit_match(scrutinee.operand, vec![taken, wildcard(els)], span)
    }

    pub(super) fn while_let(&mut self, condition: &syn::ExprLet, body: &syn::Block, label: Option<String>) -> Lowered {
        if self.while_present(condition, body, label.as_ref()) {
            return Lowered::Unit;
        }
        let span = condition.let_token.span;
        let ((stmts, id), _) = self.target(label, true, |this, id| {
            let (stmts, ()) = this.block(|this| {
                let scrutinee = this.scrutinee(&condition.expr);
                let taken = this.match_arm(&condition.pat, &scrutinee, |this| this.stmts(&body.stmts, Wanted::Effect));
                let stop = block_of(vec![Stmt::Break { target: id, value: None }], None);
                this.emit_match(scrutinee.operand, vec![taken, wildcard(Arm { block: stop, diverges: true })], span);
            });
            (stmts, id)
        });
        self.emit(Stmt::Loop { dest: None, id, body: block_of(stmts, None) });
        Lowered::Unit
    }

    /// `let PATTERN = value else { .. };`: the names are what the taken arm yields.
    pub(super) fn let_else(
        &mut self,
        pat: &Pat,
        value: &Expr,
        diverge: &Expr,
        ascription: Option<&Ascription>,
    ) -> Lowered {
        if self.else_absent(pat, value, diverge) {
            return Lowered::Unit;
        }
        let scrutinee = self.scrutinee(value);
        let mut names = Vec::new();
        let taken = self.match_arm(pat, &scrutinee, |this| {
            names = bound_names(pat).into_iter().filter(|name| !this.names_a_constant(name)).collect();
            let values = names.iter().map(|name| match this.env.get(name) {
                Some(Binding::Var(var)) => Lowered::Operand(Operand::Var(*var)),
                _ => super::lowerer::poison(),
            });
            let mut values: Vec<Lowered> = values.collect();
            match values.len() {
                0 => Lowered::Unit,
                1 => values.remove(0),
                _ => Lowered::Tuple(values),
            }
        });
        let els = self.arm(diverge.span(), |this| this.effect(diverge));
        let yielded = self.emit_match(scrutinee.operand, vec![taken, wildcard(els)], pat.span());
        if let [name] = names.as_slice() {
            let operand = self.read(yielded, name.span());
            self.bind_value(name, operand, ascription);
            return Lowered::Unit;
        }
        for (index, name) in names.iter().enumerate() {
            let part = self.member(yielded.clone(), syn::Member::from(index), name.span());
            let operand = self.read(part, name.span());
            self.bind_value(name, operand, None);
        }
        Lowered::Unit
    }
}

/// The pattern matches some values only.
fn is_single_value(pat: &Pat) -> bool {
    match pat {
        Pat::Lit(_) | Pat::Guard(_) => true,
        Pat::Or(or) => or.cases.iter().all(is_single_value),
        Pat::Paren(paren) => is_single_value(&paren.pat),
        _ => false,
    }
}

fn wildcard(arm: Arm) -> (ir::Arm, bool) {
    let pattern: TokenStream = quote!(_);
    (ir::Arm { pattern, bindings: Vec::new(), guard: None, body: arm.block }, arm.diverges)
}

fn extended(mut path: Vec<Proj>, step: Proj) -> Vec<Proj> {
    path.push(step);
    path
}

/// The identifiers that a pattern mentions as bindings or as unit constants.
pub(super) fn bound_names(pat: &Pat) -> Vec<syn::Ident> {
    struct Names(Vec<syn::Ident>);
    impl<'ast> syn::visit::Visit<'ast> for Names {
        fn visit_pat_ident(&mut self, pat: &'ast syn::PatIdent) {
            if !self.0.contains(&pat.ident) {
                self.0.push(pat.ident.clone());
            }
            syn::visit::visit_pat_ident(self, pat);
        }
    }
    let mut names = Names(Vec::new());
    syn::visit::Visit::visit_pat(&mut names, pat);
    names.0
}
