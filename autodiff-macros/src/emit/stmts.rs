//! Statements as lines.

use std::collections::HashSet;

use quote::quote;

use super::expr::{unary, without_sign};
use super::fold::{Env, Folder, Plan, Scope, inherited};
use super::tree::{Arm, Block, Expr, Line, Pattern};
use super::types;
use crate::ir::{self, BinOp, Float, Operand, Origin, Place, ScopeId, Stmt, Type, UnOp, VarId};

impl Folder<'_> {
    pub(super) fn stmt(&mut self, env: &mut Env, stmt: &Stmt) {
        match stmt {
            Stmt::Let { var, op } => self.stmt_let(env, stmt, *var, op),
            Stmt::Declare { var, init } => self.declare(env, stmt, *var, init),
            Stmt::Assign { place, value } => self.assign(env, stmt, place, value),
            Stmt::Accumulate { place, negative, value } => self.accumulate(env, stmt, place, *negative, value),
            Stmt::AccumulateInto { place, value } => self.accumulate_into(env, stmt, place, value),
            Stmt::Eval(op) => {
                let plan = self.plan(stmt);
                self.settle(env, &plan);
                let expr = self.op(env, op, None);
                env.lines.push(Line::Expr(expr));
            }
            Stmt::If { dest, cond, then, els } => self.branch(env, stmt, *dest, cond, then, els),
            Stmt::Match { dest, scrutinee, arms } => self.match_arms(env, stmt, *dest, scrutinee, arms),
            Stmt::For { id, iter, body } => self.for_loop(env, stmt, *id, iter, body),
            Stmt::While { id, header, body } => self.while_loop(env, stmt, *id, header, body),
            Stmt::Loop { dest, id, body } => self.scope(env, stmt, *dest, *id, body, true),
            Stmt::Scope { dest, id, body } => self.scope(env, stmt, *dest, *id, body, false),
            Stmt::Break { .. } | Stmt::Continue { .. } | Stmt::Return { .. } => self.exit(env, stmt),
            Stmt::Map { dest, inputs, body } => self.map(env, stmt, *dest, inputs, body),
            Stmt::ForEach { outputs, inputs, body } => self.for_each(env, stmt, outputs, inputs, body),
            Stmt::Push { tape, value } => {
                let plan = self.plan(stmt);
                self.settle(env, &plan);
                let value = self.operand(env, value);
                let tape = self.mention(env, *tape);
                env.lines.push(Line::Expr(tape.method("push", vec![value])));
            }
            Stmt::CallVjp { dest, pullback, callee, args } => self.call_vjp(env, stmt, *dest, *pullback, callee, args),
            Stmt::CallJvp { .. } => self.call_jvp(env, stmt),
            Stmt::Pull { .. } => self.pull(env, stmt),
            Stmt::Comment(text) => env.lines.push(Line::Comment(text.clone())),
        }
    }

    /// The plan of a statement whose operands are evaluated only if a slot is there.
    pub(super) fn plan_in(&self, stmt: &Stmt, slot: Option<VarId>) -> Plan {
        let mut plan = self.plan(stmt);
        if slot.is_some() {
            plan.conditional = plan.mentions.iter().map(|(var, _)| *var).collect();
        }
        plan
    }

    /// A pattern that binds a variable, or `_` if nothing mentions it.
    pub(super) fn binding(&self, var: VarId) -> Pattern {
        let used = self.totals.get(var) > 0 || self.unpacked.mentions(var);
        if used { Pattern::Var { var, mutable: false } } else { Pattern::Wild }
    }

    fn declare(&mut self, env: &mut Env, stmt: &Stmt, var: VarId, init: &Option<Operand>) {
        let plan = self.plan(stmt);
        self.settle(env, &plan);
        let value = init.as_ref().map(|init| self.operand(env, init));
        let mutable = self.written.contains(&var);
        let ascription = self.function[var].ascription.clone();
        env.lines.push(Line::Let { pattern: Pattern::Var { var, mutable }, ascription, value });
    }

    fn assign(&mut self, env: &mut Env, stmt: &Stmt, place: &Place, value: &Operand) {
        let slot = self.slot_of(place);
        let plan = self.plan_in(stmt, slot);
        self.settle(env, &plan);
        let value = self.operand(env, value);
        let target = self.target(env, place);
        let scalar = is_number(&types::of_place(self.function, place));
        let line = match value {
            Expr::Binary(op, left, right) if scalar && has_compound(op) && left.same_place(&target) => {
                Line::Compound(op, target, *right)
            }
            // `s = s + x` leaves the cotangent of `s` as it is.
            value if value.same_place(&target) => return,
            value => Line::Assign(target, value),
        };
        self.push_in_slot(env, slot, line);
    }

    fn accumulate(&mut self, env: &mut Env, stmt: &Stmt, place: &Place, negative: bool, value: &Operand) {
        let slot = self.slot_of(place);
        let mut plan = self.plan_in(stmt, slot);
        // `a += b` on numbers of the language evaluates `b` first; on anything else it borrows `a` first.
        let ty = types::of_place(self.function, place);
        plan.writes_early = !is_number(&ty) || matches!(ty, Type::Float(Float::Named(_) | Float::Lane));
        self.settle(env, &plan);
        let tensor = matches!(self.function.type_of(value), Type::Tensor(_));
        let value = self.operand(env, value);
        let (flipped, value) = match without_sign(value) {
            Ok(value) => (true, value),
            Err(value) => (false, value),
        };
        let borrowed = tensor && !matches!(value, Expr::Ref { .. });
        let value = if borrowed { value.reference(false) } else { value };
        let op = if negative != flipped { BinOp::Sub } else { BinOp::Add };
        let target = self.target(env, place);
        self.push_in_slot(env, slot, Line::Compound(op, target, value));
    }

    fn accumulate_into(&mut self, env: &mut Env, stmt: &Stmt, place: &Place, value: &Operand) {
        let slot = self.slot_of(place);
        let mut plan = self.plan_in(stmt, slot);
        plan.writes_early = true;
        self.settle(env, &plan);
        let named = matches!(
            self.function.type_of(value),
            Type::Tensor(_)
                | Type::Unknown
                | Type::Vec(_)
                | Type::Deque(_)
                | Type::Named(_)
                | Type::Option(_)
                | Type::Result(..)
        );
        let array = matches!(self.function.type_of(value), Type::Tensor(_));
        let value = self.operand(env, value);
        let is_generic = matches!(types::of_place(self.function, place), Type::Float(Float::Named(_)));
        if is_generic && array {
            // That an array can be added to a number of its kind, a number whose type has a name only does not tell.
            let target = self.target(env, place);
            let sum = value.method("sum", Vec::new());
            return self.push_in_slot(env, slot, Line::Compound(BinOp::Add, target, sum));
        }
        let value = if named && value.is_place() { value.reference(false) } else { value };
        let target = self.borrow(env, place, true);
        let call = Expr::call(self.rt("accumulate"), vec![target, value]);
        self.push_in_slot(env, slot, Line::Expr(call));
    }

    fn branch(
        &mut self,
        env: &mut Env,
        stmt: &Stmt,
        dest: Option<VarId>,
        cond: &Operand,
        then: &ir::Block,
        els: &ir::Block,
    ) {
        let mut plan = self.plan(stmt);
        self.settle(env, &plan);
        let cond = self.operand(env, cond);
        let taken = self.taken(env);
        let (then, els) = (self.inner(env, then), self.inner(env, els));
        self.prune(env);
        let Some(dest) = dest else {
            env.lines.extend(branch_line(cond, then, els));
            return;
        };
        let folds = then.as_expr().is_some() && els.as_expr().is_some();
        let expr = if_expr(cond, then, els);
        if folds && self.function[dest].origin != Origin::User {
            plan.effects.join(&taken);
            self.define(env, dest, expr, plan.effects, None);
        } else {
            self.yields_let(env, dest, expr);
        }
    }

    /// `let dest = expr;`
    fn yields_let(&mut self, env: &mut Env, dest: VarId, expr: Expr) {
        let mutable = self.written.contains(&dest);
        env.lines.push(self.let_line(dest, mutable, expr));
    }

    fn match_arms(&mut self, env: &mut Env, stmt: &Stmt, dest: Option<VarId>, scrutinee: &Operand, arms: &[ir::Arm]) {
        let plan = self.plan(stmt);
        self.settle(env, &plan);
        let scrutinee = Box::new(self.operand(env, scrutinee));
        let arms = arms
            .iter()
            .map(|arm| {
                let vars = arm.bindings.iter().map(|(var, _)| *var).collect();
                let guard = arm.guard.as_ref().map(|guard| self.inner(env, guard));
                let guard = guard.map(|guard| match guard.as_expr() {
                    Some(expr) => expr.clone(),
                    None => Expr::Block { label: None, body: guard },
                });
                Arm { pattern: Pattern::Tokens(arm.pattern.clone(), vars), guard, body: self.inner(env, &arm.body) }
            })
            .collect();
        self.prune(env);
        let expr = Expr::Match { scrutinee, arms };
        match dest {
            Some(dest) => self.yields_let(env, dest, expr),
            None => env.lines.push(Line::Expr(expr)),
        }
    }

    /// Folds the body of a loop or of a labelled block; says whether its label has to be printed.
    fn scoped(&mut self, env: &Env, id: ScopeId, is_loop: bool, body: &ir::Block) -> (Block, Option<ScopeId>) {
        self.scopes.push(Scope { id, is_loop, labelled: false });
        let body = self.inner(env, body);
        let labelled = self.scopes.pop().is_some_and(|scope| scope.labelled);
        (body, labelled.then_some(id))
    }

    fn while_loop(&mut self, env: &mut Env, stmt: &Stmt, id: ScopeId, header: &ir::Block, body: &ir::Block) {
        let plan = self.plan(stmt);
        self.settle(env, &plan);
        let shared = shares_definitions(header, body);
        self.scopes.push(Scope { id, is_loop: true, labelled: false });
        let mut head = inherited(env, header);
        header.stmts.iter().for_each(|stmt| self.stmt(&mut head, stmt));
        if shared {
            self.flush_for(&mut head, body, |_| false);
        }
        let cond = self.result(&mut head, &header.result).unwrap_or(Expr::Tokens(quote!(true)));
        let mut body = self.inner(env, body);
        let label = self.scopes.pop().is_some_and(|scope| scope.labelled).then_some(id);
        self.prune(env);
        if head.lines.is_empty() {
            env.lines.push(Line::While { label, cond, body });
        } else if !shared {
            let cond = Expr::Block { label: None, body: Block { lines: head.lines, result: Some(Box::new(cond)) } };
            env.lines.push(Line::While { label, cond, body });
        } else {
            let stop = Block::lines(vec![Line::Break { label: None, value: None }]);
            head.lines.push(Line::Expr(Expr::If { cond: Box::new(unary(UnOp::Not, cond)), then: stop, els: None }));
            body.lines.splice(0..0, head.lines);
            env.lines.push(Line::Expr(Expr::Loop { label, body }));
        }
    }

    fn scope(&mut self, env: &mut Env, stmt: &Stmt, dest: Option<VarId>, id: ScopeId, body: &ir::Block, is_loop: bool) {
        let plan = self.plan(stmt);
        self.settle(env, &plan);
        let (body, label) = if is_loop || is_target(body, id) {
            self.scoped(env, id, is_loop, body)
        } else {
            (self.inner(env, body), None)
        };
        self.prune(env);
        let expr = if is_loop { Expr::Loop { label, body } } else { Expr::Block { label, body } };
        match dest {
            Some(dest) => self.yields_let(env, dest, expr),
            None => env.lines.push(Line::Expr(expr)),
        }
    }

    fn exit(&mut self, env: &mut Env, stmt: &Stmt) {
        let plan = self.plan(stmt);
        self.settle(env, &plan);
        let line = match stmt {
            Stmt::Break { target, value } => {
                let value = value.as_ref().map(|value| self.operand(env, value));
                Line::Break { label: self.label(*target), value }
            }
            Stmt::Continue { target } => Line::Continue { label: self.label(*target) },
            Stmt::Return { value: Some(value) } => Line::Return(Some(self.operand(env, value))),
            Stmt::Return { value: None } => Line::Return(self.nothing.clone()),
            other => unreachable!("`exit` is called for exits, not for {other:?}"),
        };
        env.lines.push(line);
    }

    /// The label that an exit must name: none for the innermost loop.
    fn label(&mut self, target: ScopeId) -> Option<ScopeId> {
        if self.scopes.last().is_some_and(|scope| scope.id == target && scope.is_loop) {
            return None;
        }
        self.scopes.iter_mut().filter(|scope| scope.id == target).for_each(|scope| scope.labelled = true);
        Some(target)
    }
}

fn is_number(ty: &Type) -> bool {
    matches!(ty, Type::Float(_) | Type::FloatLiteral | Type::Int(_))
}

fn has_compound(op: BinOp) -> bool {
    match op {
        BinOp::Add | BinOp::Sub | BinOp::Mul | BinOp::Div | BinOp::Rem => true,
        BinOp::BitAnd | BinOp::BitOr | BinOp::BitXor | BinOp::Shl | BinOp::Shr => true,
        BinOp::And | BinOp::Or | BinOp::Eq | BinOp::Ne | BinOp::Lt | BinOp::Le | BinOp::Gt | BinOp::Ge => false,
    }
}

/// Whether the loop's body mentions what its header defines.
fn shares_definitions(header: &ir::Block, body: &ir::Block) -> bool {
    struct Defined(HashSet<VarId>);
    impl ir::walk::Visit for Defined {
        fn define(&mut self, var: VarId) {
            self.0.insert(var);
        }
    }
    let mut defined = Defined(HashSet::new());
    ir::walk::block(&mut defined, header);
    ir::walk::mentioned(body).iter().any(|var| defined.0.contains(var))
}

/// Whether something in the block exits to `id`.
fn is_target(block: &ir::Block, id: ScopeId) -> bool {
    struct Target(ScopeId, bool);
    impl ir::walk::Visit for Target {
        fn enter(&mut self, stmt: &Stmt) {
            self.1 |= matches!(stmt, Stmt::Break { target, .. } | Stmt::Continue { target } if *target == self.0);
        }
    }
    let mut target = Target(id, false);
    ir::walk::block(&mut target, block);
    target.1
}

fn is_bool(block: &Block, value: &str) -> bool {
    matches!(block.as_expr(), Some(Expr::Tokens(tokens)) if tokens.to_string() == value)
}

/// `if` as a value: `a && b`, `a || b` or `if a { b } else { c }`.
fn if_expr(cond: Expr, then: Block, els: Block) -> Expr {
    match (then.as_expr(), els.as_expr()) {
        (Some(right), Some(_)) if is_bool(&els, "false") => Expr::binary(BinOp::And, cond, right.clone()),
        (Some(_), Some(right)) if is_bool(&then, "true") => Expr::binary(BinOp::Or, cond, right.clone()),
        _ => Expr::If { cond: Box::new(cond), then, els: Some(els) },
    }
}

/// `if` as a statement, without the empty parts.
fn branch_line(cond: Expr, then: Block, els: Block) -> Option<Line> {
    let silent =
        |block: &Block| block.lines.iter().all(|line| matches!(line, Line::Comment(_))) && block.result.is_none();
    let pure = cond.is_place() || matches!(cond, Expr::Tokens(_) | Expr::Binary(..));
    let expr = match (silent(&then), silent(&els)) {
        (true, true) if pure => return None,
        (true, true) => cond,
        (true, false) => Expr::If { cond: Box::new(unary(UnOp::Not, cond)), then: els, els: None },
        (false, true) => Expr::If { cond: Box::new(cond), then, els: None },
        (false, false) => Expr::If { cond: Box::new(cond), then, els: Some(chained(els)) },
    };
    Some(Line::Expr(expr))
}

/// A block that is nothing but an `if` becomes `else if`.
fn chained(mut block: Block) -> Block {
    let single = block.result.is_none() && matches!(&block.lines[..], [Line::Expr(Expr::If { .. })]);
    match block.lines.pop() {
        Some(Line::Expr(expr)) if single => Block::of(expr),
        Some(line) => {
            block.lines.push(line);
            block
        }
        None => block,
    }
}
