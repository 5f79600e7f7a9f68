//! Prepares a function in tail form for the reverse transform, so that the transform itself has few cases:
//!
//! * a `while` whose header does more than look becomes a `loop`;
//! * loops whose trip count is not known on entry count their trips;
//! * a `match` records which arm it took;
//! * what an operation borrows from memory that changes later is cloned first, so that the reverse sweep sees it as
//!   the operation saw it.

use std::collections::{HashMap, HashSet};

use quote::quote;

use crate::transform::vjp::elements;

use crate::analysis::activity::Activity;
use crate::analysis::stability::{self, Stability};
use crate::analysis::types;
use crate::diagnostics::Diagnostics;
use crate::ir::walk::{self, Access, Visit};
use crate::ir::{
    AggregateKind, Arg, Arm, Block, Const, Function, Iter, Op, Operand, Origin, Place, Proj, ScopeId, Stmt, Storage,
    Type, VarId,
};
use crate::options::Options;
use crate::transform::checkpoints::{self, Held};

/// What the reverse transform has to know beyond the IR.
#[derive(Clone, Default)]
pub(crate) struct Prepared {
    /// The value that holds a loop's number of trips, for loops that count them.
    pub(crate) trips: HashMap<ScopeId, VarId>,
    /// The values that hold the number of the arm that a `match` took; each is defined right after its `match`.
    pub(crate) arms: HashSet<VarId>,
    /// The loops of which some states are held.
    pub(crate) held: HashMap<ScopeId, Held>,
    /// The values that were moved before a loop that uses them, which may have no trips.
    pub(crate) vain: HashSet<VarId>,
}

impl Prepared {
    /// Notes the values that are computed although nothing may use them.
    pub(crate) fn with_vain(self, vain: HashSet<VarId>) -> Self {
        Prepared { vain, ..self }
    }
}

/// Rewrites `function` and says what was added.
pub(crate) fn prepare(
    function: &mut Function,
    activity: &mut Activity,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> Prepared {
    let mut body = std::mem::take(&mut function.body);
    headers(function, activity, &mut body);
    name_calls(function, activity, &mut body);
    function.body = body;
    let stability = stability::analyse(function, options);
    let mut body = std::mem::take(&mut function.body);
    let outermost = outermost(function, &body);
    let scrutinees = scrutinees(&body);
    let prepared = Prepared::default();
    let mut cx = Cx { function, activity, stability, outermost, scrutinees, prepared, diagnostics };
    cx.block(&mut body);
    let prepared = cx.prepared;
    function.body = body;
    prepared
}

/// Turns `while { header; cond } { body }` into `loop { header; if cond { body } else { break } }` where the header
/// has an effect or computes something active.
fn headers(function: &mut Function, activity: &Activity, block: &mut Block) {
    for stmt in &mut block.stmts {
        walk::blocks_mut(stmt).into_iter().for_each(|inner| headers(function, activity, inner));
        let Stmt::While { id, header, body } = stmt else { continue };
        if only_looks(function, activity, header) {
            continue;
        }
        let (id, mut header, body) = (*id, std::mem::take(header), std::mem::take(body));
        let cond = header.result.take().expect("a loop header yields a condition");
        let leave = Block { stmts: vec![Stmt::Break { target: id, value: None }], result: None };
        header.stmts.push(Stmt::If { dest: None, cond, then: body, els: leave });
        *stmt = Stmt::Loop { dest: None, id, body: header };
    }
}

/// Gives a name to the results of calls that have none, `()`, where there is something to reverse: what tells when a call
/// reads its arguments is the value that it defines.
fn name_calls(function: &mut Function, activity: &Activity, block: &mut Block) {
    for stmt in &mut block.stmts {
        walk::blocks_mut(stmt).into_iter().for_each(|inner| name_calls(function, activity, inner));
        if let Stmt::Eval(op) = stmt
            && matches!(op, Op::Call(_, args) if writes(activity, args))
        {
            let var = function.fresh("_unit", Type::Unit, Storage::Value, Origin::Temp);
            *stmt = Stmt::Let { var, op: op.clone() };
        }
    }
}

/// The call changes something that carries a derivative. One that only looks, at a length for instance, has no reverse, so
/// that nothing is kept for it.
fn writes(activity: &Activity, args: &[Arg]) -> bool {
    args.iter().any(|arg| matches!(arg, Arg::Mut(_)) && activity.arg(arg))
}

/// Whether a block neither writes outside itself nor defines anything that matters to the reverse sweep.
fn only_looks(function: &Function, activity: &Activity, block: &Block) -> bool {
    struct Effects<'a>(&'a Function, &'a Activity, HashSet<VarId>, bool);
    impl Visit for Effects<'_> {
        fn define(&mut self, var: VarId) {
            self.2.insert(var);
            self.3 |= self.1.is_active(var) && self.0[var].storage == Storage::Memory;
        }
        fn place(&mut self, place: &Place, access: Access) {
            self.3 |= access != Access::Read && !self.2.contains(&place.root);
        }
        fn enter(&mut self, stmt: &Stmt) {
            self.3 |= matches!(stmt, Stmt::Break { .. });
        }
    }
    let mut effects = Effects(function, activity, HashSet::new(), false);
    walk::block(&mut effects, block);
    !effects.3
}

/// The variables that are in scope at the function's end.
fn outermost(function: &Function, body: &Block) -> HashSet<VarId> {
    let params = function.params.iter().map(|param| param.var);
    let declared = body.stmts.iter().filter_map(|stmt| match stmt {
        Stmt::Declare { var, .. } => Some(*var),
        _ => None,
    });
    params.chain(declared).collect()
}

/// The values that `match`es look at, and their parts.
fn scrutinees(body: &Block) -> HashSet<VarId> {
    struct Scrutinees {
        tuples: HashMap<VarId, Vec<VarId>>,
        found: HashSet<VarId>,
    }
    impl Visit for Scrutinees {
        fn enter(&mut self, stmt: &Stmt) {
            match stmt {
                Stmt::Let { var, op: Op::Aggregate(AggregateKind::Tuple, items) } => {
                    self.tuples.insert(*var, items.iter().filter_map(Function::var_of).collect());
                }
                Stmt::Match { scrutinee: Operand::Var(var), .. } => {
                    self.found.insert(*var);
                    self.found.extend(self.tuples.get(var).into_iter().flatten());
                }
                _ => {}
            }
        }
    }
    let mut scrutinees = Scrutinees { tuples: HashMap::new(), found: HashSet::new() };
    walk::block(&mut scrutinees, body);
    scrutinees.found
}

/// Whether the reverse sweep tells the arm that a `match` took by its pattern: what is matched is an enum that is still
/// there, being copied or behind a reference.
pub(crate) fn is_matched_again(function: &Function, scrutinee: &Operand, arms: &[Arm]) -> bool {
    let Operand::Var(var) = scrutinee else { return false };
    let inside = |(var, path): &(VarId, Option<Vec<Proj>>)| {
        let payload = path.as_ref().is_some_and(|path| path.iter().any(|step| matches!(step, Proj::Payload(_))));
        payload || function.is_ref(*var)
    };
    types::is_copy(&function[*var].ty) && arms.iter().flat_map(|arm| &arm.bindings).any(inside)
}

struct Cx<'a> {
    function: &'a mut Function,
    activity: &'a mut Activity,
    stability: Stability,
    /// The memory that is still in scope in the reverse sweep.
    outermost: HashSet<VarId>,
    /// What `match`es look at.
    scrutinees: HashSet<VarId>,
    prepared: Prepared,
    diagnostics: &'a mut Diagnostics,
}

impl Cx<'_> {
    fn block(&mut self, block: &mut Block) {
        for mut stmt in std::mem::take(&mut block.stmts) {
            if let Stmt::Map { body, .. } = &mut stmt {
                hoist(self.function, body, &mut block.stmts);
            }
            self.freeze(&mut stmt, &mut block.stmts);
            self.hold_states(&stmt, &mut block.stmts);
            let trips = self.count_trips(&mut stmt, &mut block.stmts);
            let arm = self.record_arm(&mut stmt, &mut block.stmts);
            walk::blocks_mut(&mut stmt).into_iter().for_each(|inner| self.block(inner));
            block.stmts.push(stmt);
            for (value, memory) in trips.into_iter().chain(arm) {
                block.stmts.push(Stmt::Let { var: value, op: Op::Read(Place::var(memory)) });
            }
        }
    }

    /// Keeps what a checkpointed loop starts from.
    fn hold_states(&mut self, stmt: &Stmt, before: &mut Vec<Stmt>) {
        let (Stmt::For { id, .. } | Stmt::While { id, .. } | Stmt::Loop { id, .. }) = stmt else { return };
        if !self.matters(stmt) {
            return;
        }
        let Cx { function, stability, outermost, diagnostics, .. } = self;
        let mut context = checkpoints::Context { function, stability, outermost, diagnostics };
        if let Some(held) = checkpoints::hold(&mut context, *id, stmt, before) {
            self.prepared.held.insert(*id, held);
        }
    }

    /// Adds `trips += 1` to loops whose reverse needs the count; gives the value and the memory of the counter.
    fn count_trips(&mut self, stmt: &mut Stmt, before: &mut Vec<Stmt>) -> Option<(VarId, VarId)> {
        let held = |id: &ScopeId| self.prepared.held.contains_key(id);
        let counts = match &*stmt {
            Stmt::For { id, .. } if held(id) => true,
            Stmt::While { .. } | Stmt::Loop { .. } => true,
            Stmt::For { id, body, iter } => {
                breaks(body, *id)
                    || !reversible(self.function, iter)
                    || runs_over_changing(&self.stability, iter)
                    || self.runs_over_gone(iter)
            }
            _ => false,
        };
        if !counts || !self.matters(stmt) {
            return None;
        }
        let (Stmt::While { id, body, .. } | Stmt::Loop { id, body, .. } | Stmt::For { id, body, .. }) = stmt else {
            return None;
        };
        let ty = Type::Int(Some("usize"));
        let memory = self.function.fresh("trips", ty.clone(), Storage::Memory, Origin::Derived);
        let value = self.function.fresh("trips", ty.clone(), Storage::Value, Origin::Derived);
        let number = |tokens| Operand::Const(Const { tokens, ty: ty.clone() });
        before.push(Stmt::Declare { var: memory, init: Some(number(quote!(0_usize))) });
        let step = Stmt::Accumulate { place: Place::var(memory), negative: false, value: number(quote!(1)) };
        body.stmts.insert(0, step);
        self.prepared.trips.insert(*id, value);
        if let Some(held) = self.prepared.held.get_mut(id) {
            held.written.insert(memory);
        }
        Some((value, memory))
    }

    /// Whether the iterator runs over memory that has no cotangent, and that may be out of scope in the reverse sweep or was
    /// only lent to the function.
    fn runs_over_gone(&self, iter: &Iter) -> bool {
        elements(iter).iter().any(|(element, of)| {
            self.is_memory(of)
                && !self.activity.is_active(*element)
                && (self.function.is_ref(of.root) || !self.outermost.contains(&of.root))
        })
    }

    /// Adds `arm = k` to the arms of a `match`; gives the value and the memory of the arm's number.
    fn record_arm(&mut self, stmt: &mut Stmt, before: &mut Vec<Stmt>) -> Option<(VarId, VarId)> {
        if !matches!(stmt, Stmt::Match { .. }) || !self.matters(stmt) {
            return None;
        }
        let Stmt::Match { scrutinee, arms, .. } = stmt else { return None };
        if is_matched_again(self.function, scrutinee, arms) && arms.iter().all(|arm| arm.guard.is_none()) {
            return None;
        }
        let ty = Type::Int(Some("usize"));
        let memory = self.function.fresh("arm", ty.clone(), Storage::Memory, Origin::Derived);
        let value = self.function.fresh("arm", ty.clone(), Storage::Value, Origin::Derived);
        let number = |tokens| Operand::Const(Const { tokens, ty: ty.clone() });
        before.push(Stmt::Declare { var: memory, init: Some(number(quote!(0_usize))) });
        for (index, arm) in arms.iter_mut().enumerate().skip(1) {
            let literal = proc_macro2::Literal::usize_unsuffixed(index);
            let assign = Stmt::Assign { place: Place::var(memory), value: number(quote!(#literal)) };
            arm.body.stmts.insert(0, assign);
        }
        self.prepared.arms.insert(value);
        Some((value, memory))
    }

    /// Whether the statement defines or writes anything active.
    fn matters(&self, stmt: &Stmt) -> bool {
        struct Matters<'a>(&'a Activity, bool);
        impl Visit for Matters<'_> {
            fn define(&mut self, var: VarId) {
                self.1 |= self.0.is_active(var);
            }
            fn place(&mut self, place: &Place, access: Access) {
                self.1 |= access != Access::Read && self.0.is_active(place.root);
            }
        }
        let mut matters = Matters(self.activity, false);
        walk::stmt(&mut matters, stmt);
        matters.1
    }

    /// Clones what an active operation borrows from memory that is written later.
    fn freeze(&mut self, stmt: &mut Stmt, before: &mut Vec<Stmt>) {
        match stmt {
            Stmt::Let { var, op: Op::Call(_, args) }
                if self.activity.is_active(*var) || writes(self.activity, args) =>
            {
                let var = *var;
                self.freeze_args(var, args, before);
            }
            Stmt::Let { var, op: Op::Intrinsic(intrinsic) } if self.activity.is_active(*var) => {
                let var = *var;
                self.freeze_args(var, &mut intrinsic.args, before);
            }
            Stmt::Let { var, op: Op::Borrow(place) }
                if self.scrutinees.contains(var) && self.is_memory(place) && !self.lasts(*var, place) =>
            {
                *place = self.clone_of(place, before);
            }
            Stmt::Let { var, op: Op::Borrow(_) } if self.scrutinees.contains(var) => {}
            Stmt::Let { var, op: Op::Borrow(place) } if self.activity.is_active(*var) && !self.lasts(*var, place) => {
                let place = place.clone();
                self.function[*var].ty = types::owned(&self.function[*var].ty);
                *stmt = Stmt::Let { var: *var, op: Op::CloneOf(place) };
            }

            Stmt::Map { dest, inputs, body: _ } if self.activity.is_active(*dest) => {
                for input in inputs {
                    if self.is_memory(&input.of) && !self.lasts(*dest, &input.of) {
                        let clone = self.clone_of(&input.of, before);
                        input.of = clone;
                    }
                }
            }
            _ => {}
        }
    }

    fn freeze_args(&mut self, at: VarId, args: &mut [Arg], before: &mut Vec<Stmt>) {
        for arg in args {
            let Arg::Shared(place) = arg else { continue };
            if self.is_memory(place) && !self.lasts(at, place) {
                *arg = Arg::Shared(self.clone_of(place, before));
            }
        }
    }

    fn is_memory(&self, place: &Place) -> bool {
        self.function[self.stability.owner(place.root)].storage == Storage::Memory
    }

    /// Whether the reverse sweep sees what the operation that defines `at` sees; a pullback outlives the borrow of what
    /// its function wrote to.
    fn lasts(&self, at: VarId, place: &Place) -> bool {
        let owner = self.stability.owner(place.root);
        let gone = self.is_memory(place) && (self.function.is_ref(owner) || !self.outermost.contains(&owner));
        !gone && self.stability.holds_after(self.function, at, place)
    }

    fn clone_of(&mut self, place: &Place, before: &mut Vec<Stmt>) -> Place {
        let ty = self.function.place_type(place);
        let owned = types::owned(&ty);
        let name = self.function[place.root].name.clone();
        let var = self.function.fresh(name, owned, Storage::Value, Origin::Temp);
        self.activity.like(var, place.root);
        before.push(Stmt::Let { var, op: Op::CloneOf(place.clone()) });
        Place::var(var)
    }
}

/// Moves reads of plain variables out of the body of an element-wise statement: the reverse sweep runs the body
/// again, when the variables may have changed.
fn hoist(function: &Function, body: &mut Block, before: &mut Vec<Stmt>) {
    let own: HashSet<VarId> = declared(body);
    hoist_reads(function, body, &own, before);
}

fn hoist_reads(function: &Function, body: &mut Block, own: &HashSet<VarId>, before: &mut Vec<Stmt>) {
    for mut stmt in std::mem::take(&mut body.stmts) {
        walk::blocks_mut(&mut stmt).into_iter().for_each(|inner| hoist_reads(function, inner, own, before));
        let outer = matches!(&stmt, Stmt::Let { op: Op::Read(place), .. }
            if is_plain(place) && !own.contains(&place.root) && function[place.root].storage == Storage::Memory);
        if outer { before.push(stmt) } else { body.stmts.push(stmt) }
    }
}

fn declared(block: &Block) -> HashSet<VarId> {
    struct Declared(HashSet<VarId>);
    impl Visit for Declared {
        fn define(&mut self, var: VarId) {
            self.0.insert(var);
        }
    }
    let mut declared = Declared(HashSet::new());
    walk::block(&mut declared, block);
    declared.0
}

/// Whether a `break` in the body leaves the loop `id`.
pub(crate) fn breaks(body: &Block, id: ScopeId) -> bool {
    body.stmts.iter().any(|stmt| {
        matches!(stmt, Stmt::Break { target, .. } if *target == id)
            || walk::blocks(stmt).into_iter().any(|inner| breaks(inner, id))
    })
}

/// Whether the iterator can be run from its end: Rust needs to know its length for most adaptors.
pub(crate) fn reversible(function: &Function, iter: &Iter) -> bool {
    match iter {
        Iter::Range { .. } => true,
        Iter::Elements { .. } => true,
        Iter::Rev(inner) => reversible(function, inner),
        Iter::Enumerate { inner, .. } => sized(function, inner),
        Iter::Zip(left, right) => sized(function, left) && sized(function, right),
        Iter::StepBy(inner, _) | Iter::Skip(inner, _) | Iter::Take(inner, _) => sized(function, inner),
        Iter::From { .. } | Iter::Opaque { .. } => false,
    }
}

/// Whether the iterator is an `ExactSizeIterator` that runs from both ends.
pub(crate) fn sized(function: &Function, iter: &Iter) -> bool {
    match iter {
        Iter::Range { var, inclusive, .. } => {
            let wide = matches!(function[*var].ty, Type::Int(Some("u64" | "i64" | "u128" | "i128")));
            !inclusive && !wide
        }
        Iter::Rev(inner) => sized(function, inner),
        Iter::From { .. }
        | Iter::Elements { .. }
        | Iter::Opaque { .. }
        | Iter::Enumerate { .. }
        | Iter::Zip(..)
        | Iter::StepBy(..)
        | Iter::Skip(..)
        | Iter::Take(..) => reversible(function, iter),
    }
}

/// Whether something that the iterator runs over may have another length when the loop is reversed.
fn runs_over_changing(stability: &Stability, iter: &Iter) -> bool {
    elements(iter)
        .iter()
        .any(|(element, of)| stability.grows_after(*element, of.root) || stability.reshaped_after(*element, of.root))
}

/// Whether the iterator gives the same again for the trips that there were.
pub(crate) fn repeatable(stability: &Stability, iter: &Iter) -> bool {
    let grows = |(element, of): &(VarId, Place)| stability.grows_after(*element, of.root);
    let reshaped = |(element, of): &(VarId, Place)| stability.reshaped_after(*element, of.root);
    let elements = elements(iter);
    !(elements.iter().any(reshaped) || has_rev(iter) && elements.iter().any(grows))
}

fn has_rev(iter: &Iter) -> bool {
    match iter {
        Iter::Rev(_) => true,
        Iter::Zip(left, right) => has_rev(left) || has_rev(right),
        Iter::Enumerate { inner, .. } | Iter::StepBy(inner, _) | Iter::Skip(inner, _) | Iter::Take(inner, _) => {
            has_rev(inner)
        }
        Iter::Range { .. } | Iter::From { .. } | Iter::Elements { .. } | Iter::Opaque { .. } => false,
    }
}

/// Whether the path only renames a reference.
pub(crate) fn is_plain(place: &Place) -> bool {
    place.path.iter().all(|proj| matches!(proj, Proj::Deref))
}
