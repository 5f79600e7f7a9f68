//! `match`, `if let`, `let else`, `while let`.

use super::chosen::Ending;
use super::env::{Binding, Lowered, Mutability};
use super::expr::{is_constant_name, is_type_name};
use super::lowerer::{Lowerer, block_of, poison};
use super::pattern::Ascription;
use super::refutable::{Bound, Position, alternatives};
use super::stmt::{Arm, Wanted};
use crate::analysis::types;
use crate::ir::{self, AggregateKind, Op, Operand, Place, Proj, Stmt, Storage, Type, VarId};
use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::spanned::Spanned;
use syn::{Expr, Pat};

/// What a `match` looks at.
#[derive(Clone)]
pub(super) struct Scrutinee {
    pub(super) operand: Operand,
    pub(super) position: Position,
}

impl Lowerer<'_> {
    pub(super) fn match_expr(&mut self, matching: &syn::ExprMatch, hint: Option<&Type>) -> Lowered {
        self.matching(matching, Wanted::Value(hint))
    }

    pub(super) fn match_effect(&mut self, matching: &syn::ExprMatch) -> Lowered {
        self.matching(matching, Wanted::Effect)
    }

    fn matching(&mut self, matching: &syn::ExprMatch, wanted: Wanted<'_>) -> Lowered {
        if let Some(lowered) = self.match_present(matching, wanted).or_else(|| self.match_slice(matching, wanted)) {
            return lowered;
        }
        let known = matching.arms.iter().fold(Type::Unknown, |mut known, arm| {
            types::merge(&mut known, &self.pattern_type(&arm.pat));
            known
        });
        let scrutinee = self.scrutinee(&matching.expr, &known);
        if matches!(types::strip_refs(&scrutinee.position.ty), Type::Int(_))
            && matching.arms.iter().all(|arm| is_single_value(&arm.pat))
        {
            // Not all integers are covered.
            self.leave_to_rustc();
        }
        let mut arms = Vec::new();
        for arm in &matching.arms {
            self.check_attributes(&arm.attrs);
            let whole = scrutinee.position.constant;
            for pat in if whole { vec![arm.pat.clone()] } else { alternatives(&arm.pat) } {
                arms.push(self.match_arm(&pat, &scrutinee, |this| match wanted {
                    Wanted::Value(hint) => this.value_as(&arm.body, hint),
                    Wanted::Effect => this.effect(&arm.body),
                }));
            }
        }
        self.emit_match(scrutinee.operand, arms, matching.match_token.span)
    }

    pub(super) fn emit_match(&mut self, scrutinee: Operand, arms: Vec<(ir::Arm, Ending)>, span: Span) -> Lowered {
        let mut bodies = Vec::new();
        let mut finished = Vec::new();
        for (mut arm, ending) in arms {
            bodies.push(Arm { block: std::mem::take(&mut arm.body), ending });
            finished.push(arm);
        }
        let (dest, lowered) = self.join(&mut bodies.iter_mut().collect::<Vec<_>>(), span);
        for (arm, body) in finished.iter_mut().zip(bodies) {
            arm.body = body.block;
        }
        self.emit(Stmt::Match { dest, scrutinee, arms: finished });
        lowered
    }

    /// The names of the variants in its patterns tell the type of a value of which nothing is known.
    fn scrutinee(&mut self, expr: &Expr, known: &Type) -> Scrutinee {
        let lowered = self.value(expr);
        self.learn_type(&lowered, known);
        let mut scrutinee = self.scrutinee_of(lowered, expr.span());
        if types::merge(&mut scrutinee.position.ty, known)
            && let Operand::Var(var) = scrutinee.operand
        {
            let known = known.clone();
            let known = if scrutinee.position.by_ref { shared(known) } else { known };
            types::merge(&mut self.function[var].ty, &known);
        }
        scrutinee
    }

    /// A variable, or a field, learns its type from how it is used.
    pub(super) fn learn_type(&mut self, lowered: &Lowered, known: &Type) {
        match lowered.clone().strip() {
            Lowered::Operand(Operand::Var(var)) => {
                types::merge(&mut self.function[var].ty, known);
            }
            Lowered::Place(place) => match self.function.part_key(&place) {
                Some(key) => {
                    types::merge(self.function.parts.entry(key).or_insert(Type::Unknown), known);
                }
                None => self.learn(&place, known),
            },
            Lowered::Operand(_)
            | Lowered::Ref(..)
            | Lowered::Tuple(_)
            | Lowered::View(_)
            | Lowered::Unit
            | Lowered::Never => {}
        }
    }

    /// What a `match` on a value looks at. Numbers and what is computed on the spot are matched by value; everything else
    /// is matched by reference, so that it is neither moved nor copied and can be matched again in the reverse sweep.
    pub(super) fn scrutinee_of(&mut self, lowered: Lowered, span: Span) -> Scrutinee {
        // What was refused gives no further errors.
        if self.lowered_is_constant(&lowered) || self.is_refused(&lowered) {
            let operand = self.read(lowered, span);
            let ty = self.ty(&operand);
            let position = Position { constant: true, ..Position::whole(ty) };
            return Scrutinee { operand, position };
        }
        if let Lowered::Tuple(items) = lowered {
            return self.tuple_scrutinee(items, span);
        }
        let (operand, position) = self.scrutinee_part(lowered, span);
        Scrutinee { operand, position }
    }

    fn scrutinee_part(&mut self, lowered: Lowered, span: Span) -> (Operand, Position) {
        let view = match &lowered {
            Lowered::Ref(_, mutability) => Some(*mutability),
            _ => None,
        };
        let ty = self.bare_type(&lowered);
        let place = self.written_place(&lowered);
        let written = view == Some(Mutability::Mutable);
        let by_value = types::is_copy(&ty) && !written || self.is_consumed(&lowered, &ty);
        if by_value {
            let operand = self.read(lowered.strip(), span);
            let root = variable(&operand);
            return (operand, Position { view, place, root, ..Position::whole(ty) });
        }
        let operand = self.borrow(lowered.strip(), span);
        let root = variable(&operand);
        let position =
            Position { view, place, root, path: Some(vec![Proj::Deref]), by_ref: true, ..Position::whole(ty) };
        (operand, position)
    }

    /// The place that is matched, if the user may write there.
    fn written_place(&self, lowered: &Lowered) -> Option<Place> {
        match lowered.clone().strip() {
            Lowered::Place(place) => Some(place).filter(|place| self.is_written_by_user(place)),
            Lowered::Operand(_)
            | Lowered::Ref(..)
            | Lowered::Tuple(_)
            | Lowered::View(_)
            | Lowered::Unit
            | Lowered::Never => None,
        }
    }

    /// Whether matching a value consumes it: a `Result`, whose error is moved out most of the time.
    fn is_consumed(&self, lowered: &Lowered, ty: &Type) -> bool {
        matches!(ty, Type::Result(..))
            && match lowered {
                Lowered::Operand(_) => true,
                Lowered::Place(place) => place.path.is_empty() && self.function[place.root].storage == Storage::Value,
                Lowered::Ref(..) | Lowered::Tuple(_) | Lowered::View(_) | Lowered::Unit | Lowered::Never => false,
            }
    }

    /// `match (a, b)`: a tuple of what its parts are matched as.
    fn tuple_scrutinee(&mut self, items: Vec<Lowered>, span: Span) -> Scrutinee {
        let (mut operands, mut parts) = (Vec::new(), Vec::new());
        for (index, item) in items.into_iter().enumerate() {
            let Scrutinee { operand, position } = self.scrutinee_of(item, span);
            let path = position.path.map(|path| {
                let field = Proj::Field(syn::Member::from(index));
                [field].into_iter().chain(path).collect()
            });
            operands.push(operand);
            parts.push(Position { path, ..position });
        }
        let ty = Type::Tuple(operands.iter().map(|operand| self.ty(operand)).collect());
        let op = Op::Aggregate(AggregateKind::Tuple, operands);
        let operand = self.temp("pair", ty.clone(), op, span);
        parts.iter_mut().for_each(|part| part.root = variable(&operand));
        Scrutinee { operand, position: Position { parts: Some(parts), ..Position::whole(ty) } }
    }

    /// One arm; `body` runs with the pattern's names in scope.
    pub(super) fn match_arm(
        &mut self,
        pat: &Pat,
        scrutinee: &Scrutinee,
        body: impl FnOnce(&mut Self) -> Lowered,
    ) -> (ir::Arm, Ending) {
        let (pat, condition) = match pat {
            Pat::Guard(guarded) => (&*guarded.pat, Some(&*guarded.guard)),
            other => (other, None),
        };
        self.scope(|this| {
            let mut bound = Bound::default();
            let pattern = this.refutable(pat, &scrutinee.position, &mut bound);
            let guard = condition.map(|condition| {
                if let Expr::Let(_) = condition {
                    this.refuse(condition, "`let` inside a guard is not supported", "nest an `if let` in the arm");
                }
                let (stmts, result) = this.block(|this| {
                    this.copy_out(&bound);
                    this.number(condition)
                });
                block_of(stmts, Some(result))
            });
            let arm = this.arm(pat.span(), |this| {
                this.copy_out(&bound);
                body(this)
            });
            (ir::Arm { pattern, bindings: bound.bindings, guard, body: arm.block }, arm.ending)
        })
    }

    /// A name in a pattern that is a constant or a variant, not a binding.
    pub(super) fn names_a_constant(&self, ident: &syn::Ident) -> bool {
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
        let known = self
            .if_present(condition, then, otherwise, wanted)
            .or_else(|| self.if_slice(condition, then, otherwise, wanted));
        if let Some(lowered) = known {
            return lowered;
        }
        let span = condition.let_token.span;
        let known = self.pattern_type(&condition.pat);
        let scrutinee = self.scrutinee(&condition.expr, &known);
        let taken = self.match_arm(&condition.pat, &scrutinee, |this| this.stmts(&then.stmts, wanted));
        let els = self.otherwise(otherwise, wanted, span);
        self.emit_match(scrutinee.operand, vec![taken, wildcard(els)], span)
    }

    /// `if let A = a && let B = b && c { .. } else { .. }`: a block that the innermost path leaves with its value.
    pub(super) fn let_chain(
        &mut self,
        links: &[&Expr],
        then: &syn::Block,
        otherwise: Option<&Expr>,
        wanted: Wanted<'_>,
        span: Span,
    ) -> Lowered {
        let (arm, target) = self.target(None, false, |this, _| {
            let position = this.targets.len() - 1;
            this.arm(span, |this| {
                this.chain_link(links, position, then, wanted, span);
                match (otherwise, wanted) {
                    (None, _) => Lowered::Unit,
                    (Some(otherwise), Wanted::Value(hint)) => this.value_as(otherwise, hint),
                    (Some(otherwise), Wanted::Effect) => this.effect(otherwise),
                }
            })
        });
        self.close_scope(arm, &target, span)
    }

    /// The rest of a chain, inside of which the names of its patterns are in scope.
    fn chain_link(
        &mut self,
        links: &[&Expr],
        position: usize,
        then: &syn::Block,
        wanted: Wanted<'_>,
        span: Span,
    ) -> Lowered {
        let Some((link, rest)) = links.split_first() else {
            let value = match self.stmts(&then.stmts, wanted) {
                Lowered::Never => return Lowered::Never,
                Lowered::Unit => None,
                value => {
                    let (value, _) = self.chosen(value, span);
                    Some(self.read(value, span))
                }
            };
            self.leave(position, value, span);
            return Lowered::Never;
        };
        let nothing = || Arm { block: ir::Block::default(), ending: Ending::NOTHING };
        if let Expr::Let(condition) = link {
            let known = self.pattern_type(&condition.pat);
            let scrutinee = self.scrutinee(&condition.expr, &known);
            let taken =
                self.match_arm(&condition.pat, &scrutinee, |this| this.chain_link(rest, position, then, wanted, span));
            return self.emit_match(scrutinee.operand, vec![taken, wildcard(nothing())], span);
        }
        let cond = self.number(link);
        let taken = self.arm(span, |this| this.chain_link(rest, position, then, wanted, span));
        self.emit(Stmt::If { dest: None, cond, then: taken.block, els: ir::Block::default() });
        Lowered::Unit
    }

    pub(super) fn while_let(&mut self, condition: &syn::ExprLet, body: &syn::Block, label: Option<String>) -> Lowered {
        if self.while_present(condition, body, label.as_ref()) {
            return Lowered::Unit;
        }
        let span = condition.let_token.span;
        let ((stmts, id), _) = self.target(label, true, |this, id| {
            let (stmts, ()) = this.block(|this| {
                let known = this.pattern_type(&condition.pat);
                let scrutinee = this.scrutinee(&condition.expr, &known);
                let taken = this.match_arm(&condition.pat, &scrutinee, |this| this.stmts(&body.stmts, Wanted::Effect));
                let stop = block_of(vec![Stmt::Break { target: id, value: None }], None);
                this.emit_match(
                    scrutinee.operand,
                    vec![taken, wildcard(Arm { block: stop, ending: Ending::DIVERGES })],
                    span,
                );
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
        if self.else_absent(pat, value, diverge) || self.else_slice(pat, value, diverge) {
            return Lowered::Unit;
        }
        let known = self.pattern_type(pat);
        let scrutinee = self.scrutinee(value, &known);
        let mut names = Vec::new();
        let mut references = Vec::new();
        let mut lent = Vec::new();
        let taken = self.match_arm(pat, &scrutinee, |this| {
            names = bound_names(pat).into_iter().filter(|name| !this.names_a_constant(name)).collect();
            names.retain(|name| match this.lent_part(name) {
                Some(part) => {
                    lent.push((name.clone(), part));
                    false
                }
                None => true,
            });
            let mut values = Vec::new();
            for name in &names {
                let (value, is_reference) = this.yielded(name);
                values.push(value);
                references.push(is_reference);
            }
            match values.len() {
                0 => Lowered::Unit,
                1 => values.remove(0),
                _ => Lowered::Tuple(values),
            }
        });
        let els = self.arm(diverge.span(), |this| this.effect(diverge));
        let yielded = self.emit_match(scrutinee.operand, vec![taken, wildcard(els)], pat.span());
        lent.into_iter().for_each(|(name, part)| self.env.bind(&name, part));
        for (index, (name, is_reference)) in names.iter().zip(references).enumerate() {
            let (part, ascription) = match names.len() {
                1 => (yielded.clone(), ascription),
                _ => (self.member(yielded.clone(), syn::Member::from(index), name.span()), None),
            };
            let operand = self.read(part, name.span());
            self.bind_value(name, operand, ascription);
            if let (true, Some(Binding::Var(var))) = (is_reference, self.env.get(name)) {
                let content = Lowered::Place(Place::var(*var));
                self.env.bind(name, Binding::Alias(content.shared()));
            }
        }
        Lowered::Unit
    }

    /// What a name of a pattern stands for, if it is a part of an enum that may be written. It is a place, and so the same
    /// after the arm.
    fn lent_part(&self, name: &syn::Ident) -> Option<Binding> {
        let binding = self.env.get(name)?;
        let Binding::Alias(Lowered::Ref(part, Mutability::Mutable)) = binding else { return None };
        matches!(&**part, Lowered::Place(place) if !self.payloads.contains(&place.root)).then(|| binding.clone())
    }

    /// What a name of the pattern of a `let .. else` holds, and whether it is a reference: then what it refers to is handed
    /// out of the arm.
    fn yielded(&mut self, name: &syn::Ident) -> (Lowered, bool) {
        let lowered = match self.env.get(name) {
            Some(Binding::Var(var)) if !self.function.is_ref(*var) => {
                return (Lowered::Operand(Operand::Var(*var)), false);
            }
            Some(Binding::Var(var)) => Lowered::Place(Place { root: *var, path: vec![Proj::Deref] }),
            Some(Binding::Alias(Lowered::Ref(inner, Mutability::Shared))) => (**inner).clone(),
            Some(Binding::Alias(Lowered::Ref(_, Mutability::Mutable))) => {
                let message = "a mutable reference cannot be bound here";
                return (self.refuse(name, message, "nest what follows in an `if let`"), false);
            }
            _ => return (poison(), false),
        };
        let ty = self.lowered_type(&lowered);
        let place = self.place_of(lowered, name.span());
        let op = if types::is_copy(&ty) { Op::Read(place) } else { Op::CloneOf(place) };
        (Lowered::Operand(self.temp(&name.to_string(), types::owned(&ty), op, name.span())), true)
    }
}

fn variable(operand: &Operand) -> Option<VarId> {
    match operand {
        Operand::Var(var) => Some(*var),
        Operand::Const(_) => None,
    }
}

fn shared(ty: Type) -> Type {
    Type::Ref { mutable: false, inner: Box::new(ty) }
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

pub(super) fn wildcard(arm: Arm) -> (ir::Arm, Ending) {
    let pattern: TokenStream = quote!(_);
    (ir::Arm { pattern, bindings: Vec::new(), guard: None, body: arm.block }, arm.ending)
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
