//! Folding: from A-normal form back to expressions.
//!
//! A temporary is not printed where it is defined but *pends* until its use, unless something in between could change
//! what it means. The pending expressions of a block are kept in the order of their definition; before a statement is
//! printed, [`Folder::settle`] prints those as `let` that would otherwise be evaluated in a different order relative to
//! something that they conflict with. What conflicts is decided by [`Effects`] alone.

use std::collections::HashSet;

use proc_macro2::{TokenStream, TokenTree};

use super::effects::{Effects, Loans, loans_of};
use super::paths::Paths;
use super::tree::{self, Expr, Line, Pattern};
use super::uses::{self, Counts, Mentions, Use};
use crate::analysis::types::is_moved;
use crate::ir::walk::{self, Access, Visit};
use crate::ir::{BinOp, Block, Function, Op, Operand, Origin, Place, Proj, ScopeId, Stmt, Type, VarId};

/// The longest expression that is built from temporaries, in nodes; longer ones keep a name.
const LONGEST: usize = 40;

/// A temporary that has not been printed yet.
#[derive(Clone, Debug)]
pub(super) struct Pending {
    var: VarId,
    expr: Expr,
    effects: Effects,
    /// It reads a place that the type's values would be moved out of: given a name, it is a clone.
    copied: bool,
}

/// The block being printed.
#[derive(Default)]
pub(super) struct Env {
    pending: Vec<Pending>,
    pub(super) lines: Vec<Line>,
    /// Effects of the pending expressions that went into the statement under construction.
    taken: Effects,
}

/// What `settle` has to know of a statement.
#[derive(Default)]
pub(super) struct Plan<'s> {
    pub(super) mentions: Mentions,
    pub(super) effects: Effects,
    /// The statement's own writes happen while its operands are evaluated (arguments by `&mut` or by move).
    pub(super) writes_early: bool,
    /// Operands that may never be evaluated although the statement runs (`b` of `a && b`).
    pub(super) conditional: HashSet<VarId>,
    /// The blocks inside, and whether they may run more than once.
    pub(super) blocks: Vec<&'s Block>,
    pub(super) repeats: bool,
    /// The statement defines a value that will pend.
    pub(super) pends: bool,
}

/// An enclosing target of exits.
pub(super) struct Scope {
    pub(super) id: ScopeId,
    pub(super) is_loop: bool,
    /// An exit names it.
    pub(super) labelled: bool,
}

pub(super) struct Folder<'a> {
    pub(super) function: &'a Function,
    pub(super) paths: &'a Paths,
    /// How often each variable is mentioned, in all.
    pub(super) totals: Counts,
    /// How often each variable is still going to be mentioned.
    remaining: Counts,
    pub(super) written: HashSet<VarId>,
    /// Definitions that nothing printed mentions.
    dead: HashSet<VarId>,
    loans: Loans,
    pub(super) scopes: Vec<Scope>,
}

impl<'a> Folder<'a> {
    /// A folder for code made of these blocks, which share the function's variables.
    pub(super) fn new(function: &'a Function, paths: &'a Paths, blocks: &[&Block]) -> Self {
        let mut written = Written(HashSet::new());
        let mut totals = Counts::default();
        for block in blocks {
            walk::block(&mut written, block);
            totals.add_block(block);
        }
        let dead = totals.bury(blocks, |var| function[var].origin != Origin::User && !written.0.contains(&var));
        let (remaining, loans) = (totals.clone(), Loans::new());
        Folder { function, paths, totals, remaining, written: written.0, dead, loans, scopes: Vec::new() }
    }

    pub(super) fn block(&mut self, block: &Block) -> tree::Block {
        self.nested(block, Vec::new())
    }

    /// A block inside the one of `env`, whose pending expressions may end up inside it.
    pub(super) fn inner(&mut self, env: &Env, block: &Block) -> tree::Block {
        let mentioned: HashSet<VarId> = walk::mentioned(block).into_iter().collect();
        let inherited = env.pending.iter().filter(|pending| mentioned.contains(&pending.var)).cloned().collect();
        self.nested(block, inherited)
    }

    fn nested(&mut self, block: &Block, inherited: Vec<Pending>) -> tree::Block {
        let mut env = Env { pending: inherited, ..Env::default() };
        block.stmts.iter().for_each(|stmt| self.stmt(&mut env, stmt));
        let result = self.result(&mut env, &block.result);
        let mut block = tree::Block { lines: env.lines, result: result.map(Box::new) };
        self.tidy(&mut block);
        block
    }

    /// `let t = value; t` becomes `value`, and a tuple that is taken apart only to be put together again stays whole.
    pub(super) fn tidy(&self, block: &mut tree::Block) {
        let Some(result) = block.result.as_deref() else { return };
        let Some(var) = whole(result).filter(|var| self.is_temporary(*var)) else { return };
        let arity = match (&self.function[var].ty, result) {
            (_, Expr::Var(_)) => true,
            (Type::Tuple(items), Expr::Tuple(fields)) => items.len() == fields.len(),
            _ => false,
        };
        match block.lines.pop() {
            Some(Line::Let {
                pattern: Pattern::Var { var: last, mutable: false },
                ascription: None,
                value: Some(value),
            }) if last == var && arity => {
                block.result = Some(Box::new(value));
            }
            line => block.lines.extend(line),
        }
    }

    pub(super) fn result(&mut self, env: &mut Env, result: &Option<Operand>) -> Option<Expr> {
        let result = result.as_ref()?;
        let mentions = Function::var_of(result).map(|var| (var, Use::Operand)).into_iter().collect();
        self.settle(env, &Plan { mentions, ..Plan::default() });
        Some(self.operand(env, result))
    }

    /// Forgets pending expressions whose last use was in a block inside.
    pub(super) fn prune(&self, env: &mut Env) {
        env.pending.retain(|pending| self.remaining.get(pending.var) > 0);
    }

    /// Prints everything that still pends and is mentioned in `later`, which is run at another time. Only constants and
    /// values for which `stays` holds may be mentioned there by what stands for them.
    pub(super) fn flush_for(&self, env: &mut Env, later: &Block, stays: impl Fn(VarId) -> bool) {
        let mentioned: HashSet<VarId> = walk::mentioned(later).into_iter().collect();
        let may_stay = |expr: &Expr| match expr {
            Expr::Var(var) => stays(*var),
            Expr::Tokens(_) => true,
            _ => false,
        };
        while let Some(at) = env.pending.iter().position(|p| mentioned.contains(&p.var) && !may_stay(&p.expr)) {
            materialise(env, at);
        }
    }

    pub(super) fn plan<'s>(&self, stmt: &'s Stmt) -> Plan<'s> {
        let early = matches!(
            stmt,
            Stmt::Let { .. }
                | Stmt::Eval(_)
                | Stmt::CallVjp { .. }
                | Stmt::CallJvp { .. }
                | Stmt::Pull { .. }
                | Stmt::ForEach { .. }
        );
        Plan {
            mentions: uses::of_stmt(stmt),
            effects: Effects::of_stmt(self.function, &self.loans, stmt),
            writes_early: early,
            conditional: HashSet::new(),
            blocks: walk::blocks(stmt),
            repeats: uses::repeats(stmt),
            pends: false,
        }
    }

    /// Prints the pending expressions that cannot wait until after, or cannot go into, the planned statement.
    pub(super) fn settle(&self, env: &mut Env, plan: &Plan<'_>) {
        while let Some(at) = (0..env.pending.len()).find(|at| self.must_settle(env, *at, plan)) {
            materialise(env, at);
        }
        env.taken = Effects::default();
    }

    fn must_settle(&self, env: &Env, at: usize, plan: &Plan<'_>) -> bool {
        let pending = &env.pending[at];
        let direct: Vec<(usize, Use)> = plan
            .mentions
            .iter()
            .enumerate()
            .filter(|(_, (var, _))| *var == pending.var)
            .map(|(k, (_, kind))| (k, *kind))
            .collect();
        if direct.iter().any(|(_, kind)| !may_stand(&pending.expr, *kind)) {
            return true;
        }
        let inside = plan.blocks.iter().map(|block| Counts::of_block(block).get(pending.var)).sum::<usize>();
        let stale = plan.repeats && (!is_atom(&pending.expr) || pending.effects.conflict(&plan.effects));
        if inside > 0 && (!pending.effects.is_pure() || stale) {
            return true;
        }
        if plan.conditional.contains(&pending.var) && !pending.effects.is_pure() {
            return true;
        }
        let survives = self.remaining.get(pending.var) > direct.len() + inside;
        if survives && !plan.pends && pending.effects.conflict(&plan.effects) {
            return true;
        }
        if !direct.is_empty() && plan.writes_early && pending.effects.clash(&plan.effects) {
            return true;
        }
        self.out_of_order(env, at, direct.first().map(|(position, _)| *position), survives, plan)
    }

    /// Whether something that this pending expression conflicts with, and that was defined after it, would now be
    /// evaluated before it.
    fn out_of_order(&self, env: &Env, at: usize, position: Option<usize>, survives: bool, plan: &Plan<'_>) -> bool {
        let pending = &env.pending[at];
        plan.mentions.iter().enumerate().any(|(k, (var, _))| {
            let Some(later) = env.pending[at + 1..].iter().find(|other| other.var == *var) else { return false };
            let before = survives || position.is_none_or(|position| k < position);
            before && pending.effects.conflict(&later.effects)
        })
    }

    pub(super) fn operand(&mut self, env: &mut Env, operand: &Operand) -> Expr {
        match operand {
            Operand::Var(var) => self.mention(env, *var),
            Operand::Const(constant) => Expr::Tokens(constant.tokens.clone()),
        }
    }

    /// The expression that stands for a variable: its pending definition, or its name.
    pub(super) fn mention(&mut self, env: &mut Env, var: VarId) -> Expr {
        let left = self.remaining.take(var);
        let Some(at) = env.pending.iter().position(|pending| pending.var == var) else { return Expr::Var(var) };
        env.taken.join(&env.pending[at].effects);
        if left == 0 { env.pending.remove(at).expr } else { env.pending[at].expr.clone() }
    }

    pub(super) fn stmt_let(&mut self, env: &mut Env, stmt: &Stmt, var: VarId, op: &Op) {
        if self.dead.contains(&var) {
            return;
        }
        let mut plan = self.plan(stmt);
        if let Op::Binary(BinOp::And | BinOp::Or, _, Operand::Var(right)) = op {
            plan.conditional.insert(*right);
        }
        let fresh = matches!(op, Op::NewTape | Op::Rewind(_));
        let mutable = matches!(op, Op::NewTape);
        // A move that is followed by another use of the place happens where it stands.
        let moved = matches!(op, Op::Move(_)) && self.totals.get(var) > 1 && !self.stays_put(op);
        let alias = is_alias(op) && self.stays_put(op);
        // What will itself pend keeps its place in the order, whatever else pends.
        let single = self.totals.get(var) == 1 && self.length(env, &plan) <= LONGEST;
        plan.pends = !fresh && self.is_temporary(var) && (single || alias);
        self.settle(env, &plan);
        let loans = loans_of(self.function, &self.loans, var, op);
        if !loans.is_empty() {
            self.loans.insert(var, loans);
        }
        let expr = self.op(env, op, Some(var));
        let mut effects = Effects::of_op(self.function, &self.loans, op);
        if alias {
            // Nothing is moved before the use.
            effects.forget_writes();
        }
        effects.join(&env.taken);
        if plan.pends && (single || is_atom(&expr) || expr.is_place()) {
            let copied = matches!(op, Op::Read(_)) && is_moved(&self.function[var].ty);
            env.pending.push(Pending { var, expr, effects, copied });
        } else {
            self.define(env, var, expr, effects, (fresh || moved).then_some(mutable));
        }
    }

    /// Whether what an alias stands for is not touched after the alias is made.
    fn stays_put(&self, op: &Op) -> bool {
        match op {
            Op::Move(place) => self.remaining.get(place.root) == 1,
            _ => true,
        }
    }

    /// Whether a variable need not be printed for its own sake.
    fn is_temporary(&self, var: VarId) -> bool {
        let variable = &self.function[var];
        variable.origin != Origin::User && !self.written.contains(&var) && variable.ascription.is_none()
    }

    /// An estimate of how long the planned statement's expression gets.
    fn length(&self, env: &Env, plan: &Plan<'_>) -> usize {
        let length = |var: VarId| env.pending.iter().find(|pending| pending.var == var).map_or(1, |p| p.expr.size());
        1 + plan.mentions.iter().map(|(var, _)| length(*var)).sum::<usize>()
    }

    /// Defines a value: pending if it may be folded, printed otherwise. `named` says that it must be printed, and whether
    /// as `mut`.
    pub(super) fn define(&mut self, env: &mut Env, var: VarId, expr: Expr, effects: Effects, named: Option<bool>) {
        let variable = &self.function[var];
        let total = self.totals.get(var);
        let temporary = self.is_temporary(var) && named.is_none();
        let short = expr.size() <= LONGEST;
        match total {
            0 if temporary && effects.is_pure() => {}
            0 if temporary => env.lines.push(Line::Expr(expr)),
            1 if temporary && short => env.pending.push(Pending { var, expr, effects, copied: false }),
            times if temporary && short && times <= repetitions(&expr) => {
                env.pending.push(Pending { var, expr, effects, copied: false })
            }
            _ => {
                let written = self.written.contains(&var) && !matches!(variable.ty, Type::Ref { .. });
                let mutable = named.unwrap_or(written);
                let value = Some(expr);
                env.lines.push(Line::Let {
                    pattern: Pattern::Var { var, mutable },
                    ascription: variable.ascription.clone(),
                    value,
                });
            }
        }
    }

    /// The effects of what has been taken so far, for statements that become expressions.
    pub(super) fn taken(&self, env: &Env) -> Effects {
        env.taken.clone()
    }
}

/// Prints one pending expression as a `let`, after the earlier ones that it must follow.
fn materialise(env: &mut Env, mut at: usize) {
    while let Some(earlier) = (0..at).find(|earlier| env.pending[*earlier].effects.conflict(&env.pending[at].effects)) {
        let before = env.pending.len();
        materialise(env, earlier);
        at -= before - env.pending.len();
    }
    let Pending { var, expr, effects: _, copied } = env.pending.remove(at);
    let expr = if copied { expr.method("clone", Vec::new()) } else { expr };
    env.lines.push(Line::Let { pattern: Pattern::Var { var, mutable: false }, ascription: None, value: Some(expr) });
}

fn may_stand(expr: &Expr, kind: Use) -> bool {
    match kind {
        Use::Operand | Use::Borrowed => true,
        Use::Root => expr.is_place() || matches!(expr, Expr::Call { .. } | Expr::Method { .. } | Expr::Ref { .. }),
        Use::Named => false,
    }
}

/// Another name for a variable or for a part of one.
fn is_alias(op: &Op) -> bool {
    let named = |place: &Place| place.path.iter().all(|proj| matches!(proj, Proj::Field(_) | Proj::Deref));
    match op {
        Op::Use(operand) => matches!(operand, Operand::Var(_)),
        Op::Read(place) | Op::Move(place) => named(place),
        _ => false,
    }
}

/// The variable that an expression is, or whose fields a tuple lists one by one.
fn whole(expr: &Expr) -> Option<VarId> {
    match expr {
        Expr::Var(var) => Some(*var),
        Expr::Tuple(fields) => {
            let field = |(at, field): (usize, &Expr)| match field {
                Expr::Field(of, member) if *member == syn::Member::from(at) => whole(of),
                _ => None,
            };
            let vars: Option<Vec<VarId>> = fields.iter().enumerate().map(field).collect();
            let vars = vars?;
            vars.first().copied().filter(|first| vars.iter().all(|var| var == first))
        }
        _ => None,
    }
}

/// A constant, a variable or a length: costs nothing, anywhere.
fn is_atom(expr: &Expr) -> bool {
    match expr {
        Expr::Tokens(_) | Expr::Var(_) => true,
        Expr::Unary(_, inner) => matches!(**inner, Expr::Tokens(_)),
        Expr::Opaque(opaque) => opaque.pure && is_length(&opaque.tokens),
        _ => false,
    }
}

/// `name.len()`
fn is_length(tokens: &TokenStream) -> bool {
    let trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
    matches!(&trees[..], [TokenTree::Ident(_), TokenTree::Punct(_), TokenTree::Ident(len), TokenTree::Group(_)] if len == "len")
}

/// How often an expression may be written out instead of giving it a name.
fn repetitions(expr: &Expr) -> usize {
    match expr {
        Expr::Deref(inner) | Expr::Field(inner, _) if inner.is_place() && expr.size() <= 4 => usize::MAX,
        Expr::Index(place, index) if place.is_place() && expr.size() <= 7 => {
            let (mut plain, mut simple) = (true, true);
            index.visit(&mut |part| {
                plain &= matches!(part, Expr::Var(_) | Expr::Tokens(_) | Expr::Array(_));
                simple &= matches!(part, Expr::Var(_) | Expr::Tokens(_) | Expr::Array(_) | Expr::Binary(..));
            });
            if plain {
                3
            } else if simple {
                2
            } else {
                1
            }
        }
        Expr::Cast(inner, _) if is_atom(inner) => 2,
        Expr::Opaque(_) if is_atom(expr) => 3,
        other if is_atom(other) => usize::MAX,
        _ => 1,
    }
}

/// The variables that some statement writes.
struct Written(HashSet<VarId>);

impl Visit for Written {
    fn place(&mut self, place: &Place, access: Access) {
        if access == Access::Write {
            self.0.insert(place.root);
        }
    }
}
