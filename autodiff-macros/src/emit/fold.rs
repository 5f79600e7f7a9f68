//! Folding: from A-normal form back to expressions.
//!
//! A temporary is not printed where it is defined but *pends* until its use, unless something in between could change
//! what it means. The pending expressions of a block are kept in the order of their definition; before a statement is
//! printed, [`Folder::settle`] prints those as `let` that would otherwise be evaluated in a different order relative to
//! something that they conflict with. What conflicts is decided by [`Effects`] alone.

use std::collections::{BTreeSet, HashSet};

use super::copies;
use super::cost::{is_alias, is_atom, may_stand, repetitions};
use super::effects::{Effects, Loans, loans_of};
use super::expr::behind_refs;
use super::paths::Paths;
use super::pending::{Copied, Pending, Position, Queue};
use super::tree::{self, Expr, Line, Pattern};
use super::types;
use super::unpack::Unpacked;
use super::uses::{self, Counts, Mentions, Use};
use crate::analysis::types::is_copy;
use crate::ir::walk::{self, Access, Visit};
use crate::ir::{BinOp, Block, Function, Op, Operand, Origin, Place, Proj, ScopeId, Stmt, Storage, Type, VarId};

/// The longest expression that is built from temporaries, in nodes; longer ones keep a name.
pub(super) const LONGEST: usize = 40;

/// The block being printed.
#[derive(Default)]
pub(super) struct Env {
    pending: Queue,
    pub(super) lines: Vec<Line>,
    /// Effects of the pending expressions that went into the statement under construction.
    taken: Effects,
}

/// What `settle` has to know of a statement.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) mentions: Mentions,
    pub(super) effects: Effects,
    /// The statement's own writes happen while its operands are evaluated (arguments by `&mut` or by move).
    pub(super) writes_early: bool,
    /// Operands that may never be evaluated although the statement runs (`b` of `a && b`).
    pub(super) conditional: HashSet<VarId>,
    /// What the blocks inside mention, and whether they may run more than once.
    pub(super) inside: Counts,
    pub(super) repeats: bool,
    /// The statement defines a value that will pend.
    pub(super) pends: bool,
    /// It defines a view.
    lends: bool,
    /// It defines a contribution that refers to an array.
    shows: bool,
    /// It is printed part by part.
    by_parts: bool,
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
    /// Tuples that are bound by a pattern.
    pub(super) unpacked: &'a Unpacked,
    loans: Loans,
    pub(super) scopes: Vec<Scope>,
    /// What `return` without a value returns.
    pub(super) nothing: Option<Expr>,
    /// What is printed is the body of a loop over elements.
    pub(super) in_lanes: bool,
}

impl<'a> Folder<'a> {
    /// A folder for code made of these blocks, which share the function's variables.
    pub(super) fn new(function: &'a Function, paths: &'a Paths, unpacked: &'a Unpacked, blocks: &[&Block]) -> Self {
        let mut written = Written { function, vars: HashSet::new() };
        let mut totals = Counts::default();
        for block in blocks {
            walk::block(&mut written, block);
            totals.add_block(block);
        }
        let dead = totals.bury(blocks, |var| function[var].origin != Origin::User && !written.vars.contains(&var));
        let (remaining, loans) = (totals.clone(), Loans::new());
        Folder {
            function,
            paths,
            totals,
            remaining,
            written: written.vars,
            dead,
            unpacked,
            loans,
            scopes: Vec::new(),
            nothing: None,
            in_lanes: false,
        }
    }

    pub(super) fn block(&mut self, block: &Block) -> tree::Block {
        self.nested(block, Queue::default())
    }

    /// A block inside the one of `env`, whose pending expressions may end up inside it.
    pub(super) fn inner(&mut self, env: &Env, block: &Block) -> tree::Block {
        self.nested(block, inherited(env, block).pending)
    }

    fn nested(&mut self, block: &Block, inherited: Queue) -> tree::Block {
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
        let Some(Line::Let { pattern, ascription: None, value: Some(_) }) = block.lines.last() else { return };
        if !self.is_same(pattern, result) {
            return;
        }
        if let Some(Line::Let { value, .. }) = block.lines.pop() {
            block.result = value.map(Box::new);
        }
    }

    /// Whether an expression is exactly what a pattern of temporaries took.
    fn is_same(&self, pattern: &Pattern, expr: &Expr) -> bool {
        match (pattern, expr) {
            (Pattern::Var { var, mutable: false }, Expr::Var(result)) => var == result && self.is_temporary(*var),
            (Pattern::Tuple(patterns), Expr::Tuple(items)) => {
                patterns.len() == items.len()
                    && patterns.iter().zip(items).all(|(pattern, item)| self.is_same(pattern, item))
            }
            _ => false,
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
        let used_up: Vec<VarId> =
            env.pending.iter().map(|pending| pending.var).filter(|var| self.remaining.get(*var) == 0).collect();
        let positions: Vec<_> = used_up.into_iter().filter_map(|var| env.pending.position(var)).collect();
        positions.into_iter().for_each(|position| drop(env.pending.remove(position)));
    }

    /// Prints everything that still pends and is mentioned in `later`, which is run at another time. Only constants and
    /// values for which `stays` holds may be mentioned there by what stands for them.
    pub(super) fn flush_for(&self, env: &mut Env, later: &Block, stays: impl Fn(VarId) -> bool) {
        let may_stay = |expr: &Expr| match expr {
            Expr::Var(var) => stays(*var),
            Expr::Tokens(_) => true,
            _ => false,
        };
        let later: BTreeSet<Position> =
            walk::mentioned(later).into_iter().filter_map(|var| env.pending.position(var)).collect();
        for position in later {
            // It may have been printed before another one that had to follow it.
            if env.pending.find(position).is_some_and(|pending| !may_stay(&pending.expr)) {
                materialise(env, position);
            }
        }
    }

    pub(super) fn plan(&self, stmt: &Stmt) -> Plan {
        let early = matches!(
            stmt,
            Stmt::Let { .. }
                | Stmt::Eval(_)
                | Stmt::CallVjp { .. }
                | Stmt::CallJvp { .. }
                | Stmt::Pull { .. }
                | Stmt::ForEach { .. }
        );
        let mut inside = Counts::default();
        walk::blocks(stmt).into_iter().for_each(|block| inside.add_block(block));
        Plan {
            mentions: uses::of_stmt(stmt),
            effects: Effects::of_stmt(self.function, &self.loans, stmt),
            writes_early: early,
            conditional: HashSet::new(),
            inside,
            repeats: uses::repeats(stmt),
            pends: false,
            shows: matches!(stmt, Stmt::Let { op: Op::Helper { name, .. }, .. } if SHOWING.contains(name)),
            lends: matches!(stmt, Stmt::Let { var, .. } if is_array(&self.function[*var].ty, true)),
            by_parts: self.is_by_parts(stmt),
        }
    }

    /// Whether the statement is printed part by part, so that what it mentions stands there several times.
    fn is_by_parts(&self, stmt: &Stmt) -> bool {
        let Stmt::Let { var: _, op: Op::ZeroOf(place) | Op::CloneOf(place) } = stmt else { return false };
        matches!(behind_refs(&types::of_place(self.function, place)), Type::Tuple(parts) if parts.len() > 1)
    }

    /// Prints the pending expressions that cannot wait until after, or cannot go into, the planned statement.
    pub(super) fn settle(&self, env: &mut Env, plan: &Plan) {
        while let Some(position) = self.concerned(env, plan).into_iter().find(|at| self.must_settle(env, *at, plan)) {
            materialise(env, position);
        }
        env.taken = Effects::default();
    }

    /// The pending expressions that the planned statement mentions, or that conflict with it or with something in it.
    fn concerned(&self, env: &Env, plan: &Plan) -> BTreeSet<Position> {
        let mut found = env.pending.conflicting(&plan.effects);
        for (var, _) in &plan.mentions {
            if let Some(position) = env.pending.position(*var) {
                found.insert(position);
                found.extend(env.pending.conflicting(&env.pending.at(position).effects).range(..position));
            }
        }
        found.extend(plan.inside.vars().filter_map(|var| env.pending.position(var)));
        found
    }

    fn must_settle(&self, env: &Env, at: Position, plan: &Plan) -> bool {
        let pending = env.pending.at(at);
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
        // A view that gets a name outlives the expression that it is made in: so must the array.
        let owner = plan.lends && is_array(&self.function[pending.var].ty, false) && !pending.expr.is_place();
        let shown = plan.shows && is_array(&self.function[pending.var].ty, false) && !pending.effects.is_pure();
        if (owner || shown) && !direct.is_empty() {
            return true;
        }
        if plan.by_parts && !direct.is_empty() && !(pending.effects.is_pure() && pending.expr.is_place()) {
            return true;
        }
        let inside = plan.inside.get(pending.var);
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
    fn out_of_order(&self, env: &Env, at: Position, first: Option<usize>, survives: bool, plan: &Plan) -> bool {
        let pending = env.pending.at(at);
        plan.mentions.iter().enumerate().any(|(k, (var, _))| {
            let Some(later) = env.pending.position(*var).filter(|later| *later > at) else { return false };
            let before = survives || first.is_none_or(|first| k < first);
            before && pending.effects.conflict(&env.pending.at(later).effects)
        })
    }

    pub(super) fn operand(&mut self, env: &mut Env, operand: &Operand) -> Expr {
        match operand {
            Operand::Var(var) => self.mention(env, *var),
            Operand::Const(constant) => super::types::constant(constant, self.paths),
        }
    }

    /// The expression that stands for a variable: its pending definition, or its name.
    pub(super) fn mention(&mut self, env: &mut Env, var: VarId) -> Expr {
        let left = self.remaining.take(var);
        let Some(position) = env.pending.position(var) else { return Expr::Var(var) };
        env.taken.join(&env.pending.at(position).effects);
        let last = if left == 0 { env.pending.remove(position) } else { None };
        last.map_or_else(|| env.pending.at(position).expr.clone(), |pending| pending.expr)
    }

    pub(super) fn stmt_let(&mut self, env: &mut Env, stmt: &Stmt, var: VarId, op: &Op) {
        if self.dead.contains(&var) || self.is_part(var, op) {
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
        // What will itself pend keeps its place in the order, whatever else pends. A tuple that is taken apart has a
        // pattern, also where only one of its parts is used.
        let whole = self.unpacked.parts(var).is_none();
        let single = whole && self.totals.get(var) == 1 && self.length(env, &plan) <= LONGEST;
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
            let ty = &self.function[var].ty;
            let copied = match op {
                Op::Read(_) if !is_copy(ty) => Copied::Copied(ty.clone(), self.paths.rt.clone()),
                _ => Copied::No,
            };
            env.pending.push(Pending { var, expr, effects, copied });
        } else {
            self.define(env, var, expr, effects, (fresh || moved).then_some(mutable));
        }
    }

    /// Whether the variable is bound by the pattern of the tuple that it is a part of.
    fn is_part(&mut self, var: VarId, op: &Op) -> bool {
        let (Op::Read(place) | Op::Move(place)) = op else { return false };
        let parts = self.unpacked.parts(place.root);
        let bound = parts.is_some_and(|parts| parts.contains(&var));
        if bound {
            self.remaining.take(place.root);
        }
        bound
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
    fn length(&self, env: &Env, plan: &Plan) -> usize {
        let length = |var: VarId| env.pending.get(var).map_or(1, |pending| pending.expr.size());
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
            _ if self.unpacked.parts(var).is_some() => env.lines.push(self.let_line(var, false, expr)),
            0 if temporary && effects.is_pure() => {}
            0 if temporary => env.lines.push(Line::Expr(expr)),
            1 if temporary && short => env.pending.push(Pending { var, expr, effects, copied: Copied::No }),
            times if temporary && short && times <= repetitions(&expr) => {
                env.pending.push(Pending { var, expr, effects, copied: Copied::No })
            }
            _ => {
                let written = self.written.contains(&var) && !matches!(variable.ty, Type::Ref { .. });
                env.lines.push(self.let_line(var, named.unwrap_or(written), expr));
            }
        }
    }

    /// `let var = value;`
    pub(super) fn let_line(&self, var: VarId, mutable: bool, value: Expr) -> Line {
        let pattern = match self.unpacked.parts(var) {
            Some(parts) => Pattern::Tuple(parts.iter().map(|part| self.binding(*part)).collect()),
            None => Pattern::Var { var, mutable },
        };
        Line::Let { pattern, ascription: self.function[var].ascription.clone(), value: Some(value) }
    }

    /// The effects of what has been taken so far, for statements that become expressions.
    pub(super) fn taken(&self, env: &Env) -> Effects {
        env.taken.clone()
    }
}

/// Functions of the runtime whose results refer to their first argument.
const SHOWING: [&str; 5] = ["part_bar", "slice_bar", "diag_bar", "listed", "expand_axis"];

/// Whether it is the type of a view or of an array that owns its elements.
fn is_array(ty: &Type, view: bool) -> bool {
    matches!(ty, Type::Tensor(tensor) if tensor.view == view)
}

/// An environment inside `env`, with the pending expressions that the block mentions.
pub(super) fn inherited(env: &Env, block: &Block) -> Env {
    let positions: BTreeSet<Position> =
        walk::mentioned(block).into_iter().filter_map(|var| env.pending.position(var)).collect();
    let mut inner = Env::default();
    positions.into_iter().for_each(|position| inner.pending.push(env.pending.at(position).clone()));
    inner
}

/// Prints one pending expression as a `let`, after the earlier ones that it must follow.
fn materialise(env: &mut Env, at: Position) {
    loop {
        let before = env.pending.conflicting(&env.pending.at(at).effects);
        let Some(earlier) = before.range(..at).next() else { break };
        materialise(env, *earlier);
    }
    let Some(Pending { var, expr, effects: _, copied }) = env.pending.remove(at) else { return };
    let expr = match copied {
        Copied::No => expr,
        Copied::Copied(ty, rt) => copies::copy(expr, &ty, &rt),
    };
    env.lines.push(Line::Let { pattern: Pattern::Var { var, mutable: false }, ascription: None, value: Some(expr) });
}

/// The variables that some statement writes.
struct Written<'f> {
    function: &'f Function,
    vars: HashSet<VarId>,
}

impl Visit for Written<'_> {
    fn place(&mut self, place: &Place, access: Access) {
        // What leads into a variant of a tangent makes it that variant if it is none yet.
        if access == Access::Write || place.path.iter().any(|step| matches!(step, Proj::Payload(_))) {
            self.vars.insert(place.root);
        }
    }

    /// What is kept as it was written may change what it mentions.
    fn enter(&mut self, stmt: &Stmt) {
        if let Stmt::Let { op: Op::Opaque(opaque), .. } | Stmt::Eval(Op::Opaque(opaque)) = stmt
            && !opaque.pure
            && !opaque.observer
        {
            let memory = |var: &&VarId| self.function[**var].storage == Storage::Memory;
            self.vars.extend(opaque.uses.iter().filter(memory));
        }
    }
}
