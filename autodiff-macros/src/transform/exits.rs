//! Brings a function into tail form, in which early exits need no bookkeeping.
//!
//! In tail form there is no `return`, no `continue` and no labelled block, and a `break` leaves the innermost loop,
//! carries no value and is the last thing that the loop's body does on its path. Three rewrites lead there:
//!
//! * `if c { exit } rest` becomes `if c { exit } else { rest }`: what follows moves into the path that goes on. An exit
//!   that then stands where its target ends anyway (`return` at the function's end) is simply the value yielded there.
//! * Where more than one path goes on, or the exit leaves an inner loop as well, the exit is recorded in a variable
//!   (`exit = 1`), and what follows becomes `if exit == 0 { rest } else { exit }`.
//! * A value that leaves a loop travels in a variable.
//!
//! The result is linear in the size of the source.

mod slots;

use std::collections::{HashSet, VecDeque};

use proc_macro2::Span;
use quote::quote;

use crate::diagnostics::Diagnostics;
use crate::ir::literals;
use crate::ir::{
    Arm, BinOp, Block, Const, Function, Op, Operand, Origin, Place, ScopeId, Stmt, Storage, Type, VarId, walk,
};

/// Where control goes when it leaves early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    Return,
    /// Leaves a loop or a labelled block.
    Break(ScopeId),
    Continue(ScopeId),
}

/// Rewrites `function` into tail form.
pub(crate) fn normalise(function: &mut Function, diagnostics: &mut Diagnostics) {
    let body = std::mem::take(&mut function.body);
    let mut cx =
        Cx { function, diagnostics, slots: Vec::new(), prologue: Vec::new(), flagged: false, wrapped: HashSet::new() };
    let yields = (!matches!(cx.function.result, Type::Unit)).then(|| cx.function.result.clone());
    let scope = Scope { absorb: Exit::Return, yields, innermost: None, flag: None };
    let mut body = cx.sequence(body.stmts.into(), body.result, &scope);
    let prologue = std::mem::take(&mut cx.prologue);
    body.stmts.splice(0..0, prologue);
    if cx.flagged {
        initialise(cx.function, &mut body);
    }
    function.body = body;
}

/// What follows a recorded exit runs under a condition, through which rustc does not see that a variable without an
/// initial value has got one: such variables start with zero.
fn initialise(function: &Function, block: &mut Block) {
    for stmt in &mut block.stmts {
        if let Stmt::Declare { var, init: init @ None } = stmt {
            *init = literals::default(&function[*var].ty);
        }
        walk::blocks_mut(stmt).into_iter().for_each(|inner| initialise(function, inner));
    }
}

struct Cx<'a> {
    function: &'a mut Function,
    diagnostics: &'a mut Diagnostics,
    /// The variable in which the value of an exit travels.
    slots: Vec<(Exit, VarId)>,
    /// Declarations of variables that must exist from the function's start.
    prologue: Vec<Stmt>,
    /// An exit is recorded in a variable.
    flagged: bool,
    /// Variables of slots whose type has no default: they hold `None` at first, and `Some` of the value then.
    wrapped: HashSet<VarId>,
}

/// What surrounds the statements being rewritten.
#[derive(Clone)]
struct Scope {
    /// The exit that leads to where these statements end: taking it means yielding a value there.
    absorb: Exit,
    /// The type of the value that is yielded there, if there is one.
    yields: Option<Type>,
    /// The innermost loop, which a `Break` in tail position may leave.
    innermost: Option<ScopeId>,
    /// The variable that records any other exit, and the exits recorded so far.
    flag: Option<Flag>,
}

#[derive(Clone)]
struct Flag {
    var: VarId,
    exits: std::rc::Rc<std::cell::RefCell<Vec<Exit>>>,
}

impl Cx<'_> {
    /// Rewrites `stmts` followed by the value `result`, at whose end control reaches what `scope` absorbs.
    fn sequence(&mut self, mut stmts: VecDeque<Stmt>, result: Option<Operand>, scope: &Scope) -> Block {
        let mut out = Vec::new();
        while let Some(stmt) = stmts.pop_front() {
            if let Some((exit, value)) = as_exit(&stmt) {
                return self.exit(out, exit, value, scope);
            }
            let escaping = escapes(&stmt);
            match stmt {
                Stmt::If { .. } | Stmt::Match { .. } if !escaping.is_empty() => {
                    return self.branch(out, stmt, stmts, result, scope);
                }
                Stmt::For { .. } | Stmt::While { .. } | Stmt::Loop { .. } => {
                    let flag = (!escaping.is_empty()).then(|| self.flag(&mut out));
                    self.looping(&mut out, stmt, flag.clone());
                    if let Some(flag) = flag {
                        return self.dispatch(out, &flag, stmts, result, scope);
                    }
                }
                Stmt::Scope { dest, id, body } => {
                    let flag = (!escaping.is_empty()).then(|| self.flag(&mut out));
                    self.labelled(&mut out, dest, id, body, flag.clone());
                    if let Some(flag) = flag {
                        return self.dispatch(out, &flag, stmts, result, scope);
                    }
                }
                mut other => {
                    for block in walk::blocks_mut(&mut other) {
                        let inner = std::mem::take(block);
                        let plain =
                            Scope { absorb: Exit::Return, yields: None, innermost: scope.innermost, flag: None };
                        *block = self.sequence(inner.stmts.into(), inner.result, &plain);
                    }
                    out.push(other);
                }
            }
        }
        Block { stmts: out, result }
    }

    /// An exit as the last thing on its path.
    fn exit(&mut self, mut out: Vec<Stmt>, exit: Exit, value: Option<Operand>, scope: &Scope) -> Block {
        if exit == scope.absorb {
            return Block { stmts: out, result: value };
        }
        if let Some(value) = value {
            keep_source(&value, &mut out);
            let slot = self.slot(exit, &value);
            self.put(slot, value, &mut out);
        }
        if scope.innermost.is_some_and(|id| exit == Exit::Break(id)) {
            out.push(Stmt::Break { target: scope.innermost.expect("checked above"), value: None });
            return Block { stmts: out, result: None };
        }
        let flag = scope.flag.as_ref().expect("an exit beyond the innermost scope has a flag");
        out.push(Stmt::Assign { place: Place::var(flag.var), value: code(flag.number(exit)) });
        if let Some(id) = scope.innermost {
            out.push(Stmt::Break { target: id, value: None });
        }
        // Where a value is yielded, something has to stand for it although nobody will look at it.
        let unused = if scope.innermost.is_none() { scope.yields.clone() } else { None };
        let result = unused.and_then(|ty| self.default_of(&ty));
        Block { stmts: out, result }
    }

    /// A branch with an exit in it: the rest moves into the one path that goes on, or is guarded by a flag.
    fn branch(
        &mut self,
        mut out: Vec<Stmt>,
        stmt: Stmt,
        rest: VecDeque<Stmt>,
        result: Option<Operand>,
        scope: &Scope,
    ) -> Block {
        let falling = paths(&stmt).into_iter().filter(|block| falls(block)).count();
        if falling > 1 && !(rest.is_empty() && yields_same(&stmt, result.as_ref())) {
            let flag = self.flag(&mut out);
            // The flag catches every exit; control then reaches the end of the branch on every path.
            let inner = Scope {
                absorb: Exit::Break(ScopeId(u32::MAX)),
                yields: None,
                innermost: None,
                flag: Some(flag.clone()),
            };
            let mut stmt = stmt;
            let rest = self.through_memory(&mut out, &mut stmt, rest);
            let stmt = self.rewrite_arms(stmt, &mut |cx, block| cx.sequence(block.stmts.into(), block.result, &inner));
            out.push(stmt);
            return self.dispatch(out, &flag, rest, result, scope);
        }
        let dest = dest_of(&stmt);
        let needs_value = result.is_some() || scope.yields.is_some();
        // Each path ends with its own value then: a variable has one definition.
        let last = rest.is_empty() && dest.is_some() && yields_same(&stmt, result.as_ref());
        let mut stmt = self.rewrite_arms(stmt, &mut |cx, block| {
            if last || !falls(&block) {
                return cx.sequence(block.stmts.into(), block.result, scope);
            }
            let mut stmts: VecDeque<Stmt> = block.stmts.into();
            if let (Some(dest), Some(value)) = (dest, block.result) {
                stmts.push_back(Stmt::Let { var: dest, op: Op::Use(value) });
            }
            stmts.extend(rest.iter().cloned());
            cx.sequence(stmts, result.clone(), scope)
        });
        let yielded = needs_value.then(|| {
            let ty = paths(&stmt)
                .into_iter()
                .find_map(|block| block.result.as_ref())
                .map(|value| self.function.type_of(value));
            self.function.fresh("value", ty.unwrap_or(Type::Unknown), Storage::Value, Origin::Temp)
        });
        set_dest(&mut stmt, yielded);
        out.push(stmt);
        Block { stmts: out, result: yielded.map(Operand::Var) }
    }

    fn rewrite_arms(&mut self, stmt: Stmt, rewrite: &mut dyn FnMut(&mut Self, Block) -> Block) -> Stmt {
        match stmt {
            Stmt::If { dest, cond, then, els } => {
                Stmt::If { dest, cond, then: rewrite(self, then), els: rewrite(self, els) }
            }
            Stmt::Match { dest, scrutinee, arms } => {
                let arms = arms.into_iter().map(|arm| Arm { body: rewrite(self, arm.body), ..arm }).collect();
                Stmt::Match { dest, scrutinee, arms }
            }
            other => unreachable!("only branches have arms, not {other:?}"),
        }
    }

    /// The value of a branch whose paths do not all yield it travels in a variable, which `rest` reads. It is assigned
    /// where a path ends in the source, so that exits before need nothing to stand for it.
    fn through_memory(&mut self, out: &mut Vec<Stmt>, stmt: &mut Stmt, mut rest: VecDeque<Stmt>) -> VecDeque<Stmt> {
        if let Some(dest) = dest_of(stmt) {
            let (ty, name) = (self.function[dest].ty.clone(), self.function[dest].name.clone());
            let (slot, declaration) = self.memory(&name, ty, Origin::Temp);
            out.push(declaration);
            set_dest(stmt, None);
            for block in paths_mut(stmt) {
                if let Some(value) = block.result.take() {
                    self.put(slot, value, &mut block.stmts);
                }
            }
            let taken = self.take(dest, slot);
            taken.into_iter().rev().for_each(|stmt| rest.push_front(stmt));
        }
        rest
    }

    fn looping(&mut self, out: &mut Vec<Stmt>, stmt: Stmt, flag: Option<Flag>) {
        let body_scope = |id| Scope { absorb: Exit::Continue(id), yields: None, innermost: Some(id), flag };
        match stmt {
            Stmt::For { id, iter, body } => {
                let body = self.sequence(body.stmts.into(), None, &body_scope(id));
                out.push(Stmt::For { id, iter, body });
            }
            Stmt::While { id, header, body } => {
                let body = self.sequence(body.stmts.into(), None, &body_scope(id));
                out.push(Stmt::While { id, header, body });
            }
            Stmt::Loop { dest, id, body } => {
                let slot = dest.map(|dest| {
                    let (ty, name) = (self.function[dest].ty.clone(), self.function[dest].name.clone());
                    let (slot, declaration) = self.memory(&name, ty, Origin::Temp);
                    out.push(declaration);
                    self.slots.push((Exit::Break(id), slot));
                    slot
                });
                let body = self.sequence(body.stmts.into(), None, &body_scope(id));
                out.push(Stmt::Loop { dest: None, id, body });
                if let (Some(dest), Some(slot)) = (dest, slot) {
                    out.extend(self.take(dest, slot));
                }
            }
            other => unreachable!("only loops loop, not {other:?}"),
        }
    }

    /// A labelled block: exits to it stand where it ends, or come from a loop inside it through a flag.
    fn labelled(&mut self, out: &mut Vec<Stmt>, dest: Option<VarId>, id: ScopeId, body: Block, flag: Option<Flag>) {
        let scope = Scope {
            absorb: Exit::Break(id),
            yields: dest.map(|dest| self.function[dest].ty.clone()),
            innermost: None,
            flag,
        };
        let block = self.sequence(body.stmts.into(), body.result, &scope);
        out.extend(block.stmts);
        if let (Some(dest), Some(value)) = (dest, block.result) {
            out.push(Stmt::Let { var: dest, op: Op::Use(value) });
        }
    }

    /// `if exit == 0 { rest } else { the recorded exit }`.
    fn dispatch(
        &mut self,
        mut out: Vec<Stmt>,
        flag: &Flag,
        rest: VecDeque<Stmt>,
        result: Option<Operand>,
        scope: &Scope,
    ) -> Block {
        let exits = flag.exits.borrow().clone();
        // A loop that is only left by a `return` has nothing after it.
        let unreachable = rest.is_empty() && result.is_none() && scope.yields.is_some();
        let mut stmts = VecDeque::new();
        for (index, exit) in exits.iter().enumerate() {
            let value = self.slots.iter().find(|(of, _)| of == exit).map(|(_, slot)| *slot);
            let mut taken = Block::default();
            let value = value.map(|slot| {
                let ty = self.content(slot);
                let var = self.function.fresh("value", ty, Storage::Value, Origin::Temp);
                taken.stmts.extend(self.take(var, slot));
                Operand::Var(var)
            });
            taken.stmts.push(match exit {
                Exit::Return => Stmt::Return { value },
                Exit::Break(id) => Stmt::Break { target: *id, value },
                Exit::Continue(id) => Stmt::Continue { target: *id },
            });
            let read = self.function.fresh("exit", Type::Int(Some("u8")), Storage::Value, Origin::Temp);
            let cond = self.function.fresh("left", Type::Bool, Storage::Value, Origin::Temp);
            if unreachable && index + 1 == exits.len() {
                stmts.extend(taken.stmts);
                continue;
            }
            stmts.push_back(Stmt::Let { var: read, op: Op::Read(Place::var(flag.var)) });
            let number = code(index + 1);
            stmts.push_back(Stmt::Let { var: cond, op: Op::Binary(BinOp::Eq, Operand::Var(read), number) });
            stmts.push_back(Stmt::If { dest: None, cond: Operand::Var(cond), then: taken, els: Block::default() });
        }
        stmts.extend(rest);
        let tail = self.sequence(stmts, result, scope);
        out.extend(tail.stmts);
        Block { stmts: out, result: tail.result }
    }

    fn flag(&mut self, out: &mut Vec<Stmt>) -> Flag {
        let var = self.function.fresh("exit", Type::Int(Some("u8")), Storage::Memory, Origin::Derived);
        out.push(Stmt::Declare { var, init: Some(code(0)) });
        self.flagged = true;
        Flag { var, exits: std::rc::Rc::default() }
    }

    /// A value to initialise a variable of type `ty` with, before its real value is known.
    fn default_of(&mut self, ty: &Type) -> Option<Operand> {
        if let Some(default) = literals::default(ty) {
            return Some(default);
        }
        self.diagnostics.error_at(
            Span::call_site(),
            format!(
                "an early exit of `{}` from inside a loop carries a value that is not a number",
                self.function.name
            ),
            "assign it to a variable declared before the loop, `break`, and return the variable after the loop",
        );
        None
    }
}

/// A variable whose content leaves a loop keeps it: the reverse sweep, which may run the other path, asks for its shape.
fn keep_source(value: &Operand, out: &mut [Stmt]) {
    if let (Operand::Var(value), Some(Stmt::Let { var, op })) = (value, out.last_mut())
        && var == value
        && let Op::Move(place) = op
    {
        *op = Op::CloneOf(place.clone());
    }
}

impl Flag {
    /// The number under which `exit` is recorded, from 1.
    fn number(&self, exit: Exit) -> usize {
        let mut exits = self.exits.borrow_mut();
        if let Some(index) = exits.iter().position(|known| *known == exit) {
            return index + 1;
        }
        exits.push(exit);
        exits.len()
    }
}

fn code(number: usize) -> Operand {
    let literal = proc_macro2::Literal::usize_unsuffixed(number);
    Operand::Const(Const { tokens: quote!(#literal), ty: Type::Int(Some("u8")) })
}

fn as_exit(stmt: &Stmt) -> Option<(Exit, Option<Operand>)> {
    match stmt {
        Stmt::Return { value } => Some((Exit::Return, value.clone())),
        Stmt::Break { target, value } => Some((Exit::Break(*target), value.clone())),
        Stmt::Continue { target } => Some((Exit::Continue(*target), None)),
        _ => None,
    }
}

fn dest_of(stmt: &Stmt) -> Option<VarId> {
    match stmt {
        Stmt::If { dest, .. } | Stmt::Match { dest, .. } => *dest,
        _ => None,
    }
}

fn set_dest(stmt: &mut Stmt, value: Option<VarId>) {
    if let Stmt::If { dest, .. } | Stmt::Match { dest, .. } = stmt {
        *dest = value;
    }
}

/// The paths of a branch, without the guards of its arms.
fn paths(stmt: &Stmt) -> Vec<&Block> {
    match stmt {
        Stmt::If { then, els, .. } => vec![then, els],
        Stmt::Match { arms, .. } => arms.iter().map(|arm| &arm.body).collect(),
        _ => Vec::new(),
    }
}

fn paths_mut(stmt: &mut Stmt) -> Vec<&mut Block> {
    match stmt {
        Stmt::If { then, els, .. } => vec![then, els],
        Stmt::Match { arms, .. } => arms.iter_mut().map(|arm| &mut arm.body).collect(),
        _ => Vec::new(),
    }
}

/// Nothing follows the branch but its own value.
fn yields_same(stmt: &Stmt, result: Option<&Operand>) -> bool {
    match (dest_of(stmt), result) {
        (None, None) => true,
        (Some(dest), Some(Operand::Var(var))) => dest == *var,
        _ => false,
    }
}

/// The exits in `stmt` whose target lies outside of it.
fn escapes(stmt: &Stmt) -> Vec<Exit> {
    if let Some((exit, _)) = as_exit(stmt) {
        return vec![exit];
    }
    let own = match stmt {
        Stmt::For { id, .. } | Stmt::While { id, .. } | Stmt::Loop { id, .. } | Stmt::Scope { id, .. } => Some(*id),
        _ => None,
    };
    let inner = walk::blocks(stmt).into_iter().flat_map(|block| &block.stmts).flat_map(escapes);
    inner.filter(|exit| own.is_none_or(|id| *exit != Exit::Break(id) && *exit != Exit::Continue(id))).collect()
}

/// Whether control can reach the end of the block.
fn falls(block: &Block) -> bool {
    block.stmts.iter().all(|stmt| match stmt {
        Stmt::Return { .. } | Stmt::Break { .. } | Stmt::Continue { .. } => false,
        Stmt::If { then, els, .. } => falls(then) || falls(els),
        Stmt::Match { arms, .. } => arms.iter().any(|arm| falls(&arm.body)),
        Stmt::Loop { id, body, .. } => leaves(body, *id),
        Stmt::Scope { id, body, .. } => falls(body) || leaves(body, *id),
        Stmt::Let { op: Op::Opaque(opaque), .. } | Stmt::Eval(Op::Opaque(opaque)) => !opaque.diverges(),
        _ => true,
    })
}

/// Whether a `break` in `block` leaves the scope `id`.
fn leaves(block: &Block, id: ScopeId) -> bool {
    block.stmts.iter().any(|stmt| {
        matches!(stmt, Stmt::Break { target, .. } if *target == id)
            || walk::blocks(stmt).into_iter().any(|inner| leaves(inner, id))
    })
}

impl crate::ir::Opaque {
    /// `panic!(..)` and its kin.
    pub(crate) fn diverges(&self) -> bool {
        let name = self.tokens.clone().into_iter().next().map(|token| token.to_string());
        let name = name.as_deref().unwrap_or_default();
        matches!(name, "panic" | "unreachable" | "todo" | "unimplemented")
    }
}
