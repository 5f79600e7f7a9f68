//! What a checkpointed loop needs so that its trips can be run again: the *state*, which the trips change, and the
//! *inputs*, memory that they only read but that may have changed by the time of the reverse sweep.
//!
//! Both are cloned before the loop. What the loop only adds to or assigns (`s += ..`, `out[i] = ..`, `path.push(..)`)
//! belongs to neither: a trip that runs again leaves it out.

use std::collections::{BTreeSet, HashSet};

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};

use crate::analysis::stability::Stability;
use crate::analysis::types;
use crate::diagnostics::Diagnostics;
use crate::ir::walk::{self, Access, Visit};
use crate::ir::{
    AggregateKind, Block, CalleeKind, Checkpoint, EditKind, Function, Op, Operand, Origin, Place, Proj, ScopeId, Stmt,
    Storage, Type, VarId,
};

/// A loop of which some states are held.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) checkpoint: Checkpoint,
    /// The memory that is the state.
    pub(crate) state: Vec<VarId>,
    /// The value that holds the state before the loop, or a tuple of its parts; none if there is no state.
    pub(crate) first: Option<VarId>,
    /// The memory that is only read, and the values that hold it.
    pub(crate) inputs: Vec<(VarId, VarId)>,
    /// The memory that is only written.
    pub(crate) written: HashSet<VarId>,
}

/// What surrounds the loop.
pub(super) struct Context<'a> {
    pub(super) function: &'a mut Function,
    pub(super) stability: &'a Stability,
    /// The memory that is still in scope in the reverse sweep.
    pub(super) outermost: &'a HashSet<VarId>,
    pub(super) diagnostics: &'a mut Diagnostics,
}

/// The loop `id`, which `stmt` is; clones what it starts from into `before`.
pub(super) fn hold(cx: &mut Context<'_>, id: ScopeId, stmt: &Stmt, before: &mut Vec<Stmt>) -> Option<Held> {
    let checkpoint = *cx.function.checkpoints.get(&id)?;
    if !is_repeatable(stmt, checkpoint, cx.diagnostics) {
        return None;
    }
    let mut used = Used::new(cx.function, cx.stability);
    walk::stmt(&mut used, stmt);
    let Used { read, mut changed, written, defined, .. } = used;
    changed.extend(written.intersection(&read).copied());
    let outside = |var: &VarId| !defined.contains(var) && cx.function[*var].storage == Storage::Memory;
    let state: Vec<VarId> = changed.iter().copied().filter(outside).collect();
    let lasts = |owner: VarId| {
        let inside = defined.iter().next();
        cx.outermost.contains(&owner)
            && !is_mutable_ref(cx.function, owner)
            && inside.is_some_and(|inside| cx.stability.holds_after(cx.function, *inside, &Place::var(owner)))
    };
    let inputs: Vec<VarId> =
        read.iter().copied().filter(|var| outside(var) && !changed.contains(var) && !lasts(*var)).collect();
    let written = written.iter().copied().filter(|var| outside(var) && !changed.contains(var));
    let written = written.collect();
    if let Some(var) = state.iter().chain(&inputs).find(|var| is_shared_ref(cx.function, **var)) {
        let message = format!("the loop changes which values `{}` refers to", cx.function[*var].name);
        cx.diagnostics.error_at(checkpoint.span, message, "index into the list instead of moving a reference along it");
        return None;
    }
    let inputs = inputs.into_iter().map(|var| (var, clone(cx.function, var, before))).collect();
    let first = first(cx.function, &state, before);
    Some(Held { checkpoint, state, first, inputs, written })
}

/// Clones the state before the loop.
fn first(function: &mut Function, state: &[VarId], before: &mut Vec<Stmt>) -> Option<VarId> {
    let parts: Vec<VarId> = state.iter().map(|var| clone(function, *var, before)).collect();
    match parts.as_slice() {
        [] => None,
        [part] => Some(*part),
        parts => {
            let ty = Type::Tuple(parts.iter().map(|part| function[*part].ty.clone()).collect());
            let first = function.fresh("first_state", ty, Storage::Value, Origin::Derived);
            let items = parts.iter().map(|part| Operand::Var(*part)).collect();
            before.push(Stmt::Let { var: first, op: Op::Aggregate(AggregateKind::Tuple, items) });
            Some(first)
        }
    }
}

fn clone(function: &mut Function, var: VarId, before: &mut Vec<Stmt>) -> VarId {
    let (place, ty) = content(function, var);
    let name = format!("first_{}", function[var].name);
    let clone = function.fresh(name, ty.clone(), Storage::Value, Origin::Derived);
    before.push(Stmt::Let { var: clone, op: types::copied(place, &ty) });
    clone
}

/// What a variable, or the `&mut` reference that it is, holds.
pub(super) fn content(function: &Function, var: VarId) -> (Place, Type) {
    let mut place = Place::var(var);
    if is_mutable_ref(function, var) {
        place.path.push(Proj::Deref);
    }
    let ty = types::owned(&function.place_type(&place));
    (place, ty)
}

fn is_mutable_ref(function: &Function, var: VarId) -> bool {
    matches!(function[var].ty, Type::Ref { mutable: true, .. })
}

fn is_shared_ref(function: &Function, var: VarId) -> bool {
    matches!(function[var].ty, Type::Ref { mutable: false, .. })
}

/// The memory that a loop reads and writes, by its owner.
struct Used<'a> {
    function: &'a Function,
    stability: &'a Stability,
    read: BTreeSet<VarId>,
    /// Written in a way that depends on what it holds, or that is not understood.
    changed: BTreeSet<VarId>,
    /// Written without being read.
    written: BTreeSet<VarId>,
    defined: BTreeSet<VarId>,
    /// What the current statement only writes to.
    target: Option<VarId>,
    /// The current statement is opaque and has no effect.
    pure: bool,
    /// The current statement is opaque and only looks.
    observes: bool,
}

impl<'a> Used<'a> {
    fn new(function: &'a Function, stability: &'a Stability) -> Self {
        let none = BTreeSet::new;
        Used {
            function,
            stability,
            read: none(),
            changed: none(),
            written: none(),
            defined: none(),
            target: None,
            pure: false,
            observes: false,
        }
    }
}

impl Visit for Used<'_> {
    fn enter(&mut self, stmt: &Stmt) {
        self.target = only_writes(stmt);
        (self.pure, self.observes) = match stmt {
            Stmt::Let { op: Op::Opaque(opaque), .. } | Stmt::Eval(Op::Opaque(opaque)) => (opaque.pure, opaque.observer),
            _ => (false, false),
        };
    }

    fn place(&mut self, place: &Place, access: Access) {
        let owner = self.stability.owner(place.root);
        let whole = owner == place.root && self.target == Some(owner);
        match access {
            Access::Read => self.read.insert(owner),
            Access::Write if whole => self.written.insert(owner),
            Access::Write | Access::Move => self.changed.insert(owner),
        };
    }

    fn mention(&mut self, var: VarId) {
        let owner = self.stability.owner(var);
        self.read.insert(owner);
        if !self.pure && !self.observes && self.function[owner].storage == Storage::Memory {
            self.changed.insert(owner);
        }
    }

    fn define(&mut self, var: VarId) {
        self.defined.insert(var);
    }
}

/// The variable that a statement writes to and does nothing else with.
pub(super) fn only_writes(stmt: &Stmt) -> Option<VarId> {
    match stmt {
        Stmt::Assign { place, .. } | Stmt::Accumulate { place, .. } => Some(place.root),
        Stmt::Eval(Op::Edit(edit)) if matches!(edit.kind, EditKind::Push(_)) => Some(edit.list.root),
        _ => None,
    }
}

/// Whether the loop's trips can be run again, from any of them on. Says why if not.
fn is_repeatable(stmt: &Stmt, checkpoint: Checkpoint, diagnostics: &mut Diagnostics) -> bool {
    let mut refuse = |message: &str, help: &str| diagnostics.error_at(checkpoint.span, message, help);
    if let Stmt::For { iter, .. } = stmt
        && walk::has_opaque(iter)
    {
        refuse(
            "the states of this loop cannot be held: its iterator cannot be started in the middle",
            "loop over a range, or over `.iter()` of a slice, an array or a `Vec`",
        );
        return false;
    }
    let mut unknown = Unknown(false);
    walk::stmt(&mut unknown, stmt);
    if unknown.0 {
        refuse(
            "the states of this loop cannot be held: it calls a function without arguments, which may give something else when it is called again",
            "call it before the loop, or pass what it depends on (a generator of random numbers, say) as an argument",
        );
    }
    !unknown.0
}

/// Reports what forbids that a function is run again.
pub(super) fn check_function(function: &Function, span: Span, diagnostics: &mut Diagnostics) {
    let mut unknown = Unknown(false);
    walk::block(&mut unknown, &function.body);
    if unknown.0 {
        diagnostics.error_at(
            span,
            "this function cannot be run again: it calls a function without arguments, which may give something else then",
            "pass what that gives as an argument",
        );
    }
    if function.params.iter().any(|param| param.function) {
        diagnostics.error_at(
            span,
            "a function that takes functions cannot be checkpointed",
            "checkpoint the functions that are given to it, or its loop: `checkpoint(sqrt)`",
        );
    }
}

/// Removes what only looks from a copy that is run again.
pub(super) fn without_observers(block: &mut Block) {
    block.stmts.retain_mut(|stmt| {
        walk::blocks_mut(stmt).into_iter().for_each(without_observers);
        !matches!(stmt, Stmt::Eval(Op::Opaque(opaque)) if opaque.observer)
    });
}

/// Looks for calls that depend on nothing that is seen.
struct Unknown(bool);

impl Visit for Unknown {
    fn enter(&mut self, stmt: &Stmt) {
        let (Stmt::Let { op, .. } | Stmt::Eval(op)) = stmt else { return };
        self.0 |= match op {
            Op::Call(callee, args) => callee.kind == CalleeKind::Function && args.is_empty(),
            Op::Opaque(opaque) => !opaque.pure && opaque.uses.is_empty() && calls_without_arguments(&opaque.tokens),
            _ => false,
        };
    }
}

/// Whether the tokens call a function without arguments that is not one of a type, which makes a value as a rule, or one
/// that is known to give something else each time. A method depends on its receiver, which is looked at too.
fn calls_without_arguments(tokens: &TokenStream) -> bool {
    let (mut qualifier, mut name) = (String::new(), String::new());
    let mut method = false;
    tokens.clone().into_iter().any(|tree| match tree {
        TokenTree::Ident(ident) => {
            qualifier = std::mem::replace(&mut name, ident.to_string());
            false
        }
        TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => {
            let of_type = qualifier.starts_with(char::is_uppercase);
            let bare = group.stream().is_empty() && !name.is_empty() && !of_type && !method;
            let varies = bare || VARYING.contains(&name.as_str());
            (name, qualifier) = (String::new(), String::new());
            varies || calls_without_arguments(&group.stream())
        }
        TokenTree::Group(group) => calls_without_arguments(&group.stream()),
        TokenTree::Punct(punct) => {
            if punct.as_char() != ':' {
                (qualifier, name) = (String::new(), String::new());
                method = punct.as_char() == '.';
            }
            false
        }
        TokenTree::Literal(_) => false,
    })
}

/// Functions that give something else each time, whatever their arguments are.
const VARYING: [&str; 6] = ["now", "random", "random_range", "random_bool", "random_ratio", "from_entropy"];

/// Makes a copy of a loop's body one that changes nothing but the state: without its exits, which the trips that are run
/// again do not take or take last, without what only looks, and without writes to `written`.
pub(super) fn only_state(block: &mut Block, id: ScopeId, written: &HashSet<VarId>) {
    block.stmts.retain_mut(|stmt| {
        walk::blocks_mut(stmt).into_iter().for_each(|inner| only_state(inner, id, written));
        match stmt {
            Stmt::Break { target, .. } => *target != id,
            Stmt::Eval(Op::Opaque(opaque)) => !opaque.observer,
            other => !only_writes(other).is_some_and(|root| written.contains(&root)),
        }
    });
}
