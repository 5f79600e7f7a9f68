//! The two forms of reverse mode: joint (one straight function) and split (forward sweep, then a pullback).

use std::collections::HashSet;

use super::bars::{Bar, Contribution};
use super::{Mode, Reverse, restored};
use crate::analysis::activity::Activity;
use crate::analysis::types;
use crate::ir::literals;
use crate::ir::walk;
use crate::ir::{
    Arg, Block, Function, Op, Operand, Origin, Param, Passing, Place, Plan, Proj, ScopeId, Stmt, Storage, Type, VarId,
};
use crate::options::{Analysis, Options};
use crate::transform::prepare::Prepared;
use crate::transform::reciprocals::Adjoint;
use crate::transform::{
    Pullback, Split, chains, direction, fuse, joint_calls, overwrite, reciprocals, registers, rows, simplify,
};

/// A primal function in tail form with what is known about it.
pub(crate) struct Primal<'a> {
    pub(crate) function: &'a Function,
    pub(crate) activity: &'a Activity,
    pub(crate) prepared: &'a Prepared,
    pub(crate) options: &'a Options,
}

/// What a reverse sweep has of the forward sweep, for the graph.
#[derive(Clone, Debug, Default)]
pub(crate) struct Saved {
    pub(crate) values: Vec<SavedValue>,
    /// What it computes again.
    pub(crate) again: Vec<VarId>,
    /// The loops whose trips it runs again, with the number of states that are held.
    pub(crate) loops: Vec<(ScopeId, Plan)>,
    /// It runs the whole function again.
    pub(crate) whole: bool,
}

/// A value that is kept.
#[derive(Clone, Debug)]
pub(crate) struct SavedValue {
    pub(crate) var: VarId,
    pub(crate) name: String,
    pub(crate) ty: Type,
    /// The innermost loop for each of whose trips it is kept.
    pub(crate) of_loop: Option<ScopeId>,
}

/// `value_and_grad_into`, for a function whose result is a float, or may be one; `call_joint` of a function that others of
/// its file call, with the cotangent of the result as its last parameter.
pub(crate) fn joint(primal: &Primal<'_>) -> Option<(Function, Saved)> {
    joint_beside(primal, None)
}

/// The same of a function that gives something else beside, if `whole` is the value that has both, and its type.
pub(crate) fn joint_beside(primal: &Primal<'_>, whole: Option<(Operand, Type)>) -> Option<(Function, Saved)> {
    let one = literals::seed(&primal.function.result)?;
    let (mut reverse, mut buffers, mut body, mut seed) = sweeps(primal, one.clone(), HashSet::new());
    if primal.options.analyses.run(Analysis::Restoration) {
        let restored = restored::worthwhile(primal.function, &reverse.saved_elements);
        if !restored.is_empty() {
            (reverse, buffers, body, seed) = sweeps(primal, one, restored);
        }
    }
    let (mut function, saved, mirrors) = (reverse.function, reverse.saved, reverse.mirrors);
    let given =
        |var: VarId, passing: Passing| Param { var, passing, differentiated: false, frozen: false, function: false };
    function.params.extend(buffers.into_iter().map(|(_, buffer)| given(buffer, Passing::Mut)));
    function.params.extend(seed.map(|seed| given(seed, Passing::Value)));
    if let Some((value, ty)) = whole {
        (body.result, function.result) = (Some(value), ty);
    }
    simplify::propagate(&function, &mut body);
    simplify::dead_code(&function, &mut body, &HashSet::new());
    if primal.options.analyses.run(Analysis::Chains) {
        chains::sweeps::merge(&mut function, &mut body);
    }
    if primal.options.analyses.run(Analysis::Fusion) {
        fuse::fuse(&mut function, &mut body, &mirrors);
        simplify::propagate(&function, &mut body);
        simplify::dead_code(&function, &mut body, &HashSet::new());
    }
    if primal.options.analyses.run(Analysis::Joints) {
        joint_calls::join(&mut function, &mut body, primal.options);
    }
    let adjoint = Adjoint { first: primal.function.vars.len(), copies: &mirrors.copies };
    arrange(&mut function, &adjoint, &mut [&mut body], primal.options);
    simplify::clone_moved(&mut function, &mut [&mut body]);
    function.body = body;
    Some((function, saved))
}

/// How loops run through memory, and what they leave in it: in blocks that run one after the other, of which the last has
/// the reverse sweep.
fn arrange(function: &mut Function, adjoint: &Adjoint<'_>, blocks: &mut [&mut Block], options: &Options) {
    let turn = |function: &Function, blocks: &mut [&mut Block]| {
        if options.analyses.run(Analysis::Direction) {
            direction::turn(function, blocks);
        }
    };
    turn(function, blocks);
    let split = blocks.len() > 1;
    if let Some(body) = blocks.last_mut() {
        if options.analyses.run(Analysis::Reciprocals) {
            reciprocals::share(function, adjoint, body);
        }
        // Whether a sum is zero cannot be asked of several directions at once.
        let directed = split && options.lanes.is_some() && !options.forward_lanes;
        if options.analyses.run(Analysis::Registers) && !directed {
            registers::promote(function, body);
            overwrite::join(function, body);
        }
    }
    if options.analyses.run(Analysis::Rows) {
        rows::lay_out(function, blocks);
        // What is popped holds to the opposite order, what lies in a row does not.
        turn(function, blocks);
    }
}

/// The two sweeps of the joint form, with the memory that the reverse sweep puts back.
fn sweeps<'a>(
    primal: &Primal<'a>,
    one: Operand,
    restored: HashSet<VarId>,
) -> (Reverse<'a>, Vec<(VarId, VarId)>, Block, Option<VarId>) {
    let mut reverse = Reverse::new(primal, Mode::Joint);
    let given = primal.options.called.then(|| {
        let seed = reverse.derived("value_bar", primal.function.result.clone());
        reverse.depth.insert(seed, 0);
        seed
    });
    let buffers = reverse.buffers();
    if !restored.is_empty() {
        reverse.restored = restored::Restored::find(&reverse.function, &reverse.stability, restored);
    }
    let mut body = std::mem::take(&mut reverse.function.body);
    let mut adjoint = reverse.block(&mut body, Some(given.map_or(one, Operand::Var)));
    reverse.finish_parameters(&buffers, &mut adjoint);
    body.stmts.push(Stmt::Comment("Reverse sweep.".to_owned()));
    body.stmts.extend(adjoint);
    (reverse, buffers, body, given)
}

/// `call_vjp`.
pub(crate) fn split(primal: &Primal<'_>) -> (Split, Saved) {
    let mut reverse = Reverse::new(primal, Mode::Split);
    let buffers = reverse.buffers();
    let mut prologue = Vec::new();
    reverse.unwrap_in_out(&buffers, &mut prologue);
    let (seed, total) = reverse.result_seed(&mut prologue);
    let mut forward = std::mem::take(&mut reverse.function.body);
    let mut adjoint = reverse.block(&mut forward, total);
    reverse.renew_views(&forward, &mut adjoint);
    prologue.extend(adjoint);
    reverse.finish_parameters(&buffers, &mut prologue);
    let (again, slots) = parameters(primal.function, &buffers);
    let (mut function, mut saved, mirrors) = (reverse.function, reverse.saved, reverse.mirrors);
    let mut body = Block { stmts: prologue, result: None };
    simplify::propagate(&function, &mut body);
    simplify::dead_code(&function, &mut body, &HashSet::new());
    let captured: HashSet<VarId> = walk::mentioned(&body).into_iter().collect();
    simplify::dead_code(&function, &mut forward, &captured);
    saved.values.extend(held_in_scope(&function, primal.function, &forward, &captured));
    let adjoint = Adjoint { first: primal.function.vars.len(), copies: &mirrors.copies };
    arrange(&mut function, &adjoint, &mut [&mut forward, &mut body], primal.options);
    keep_returned(&mut function, &mut forward, &captured);
    simplify::clone_moved(&mut function, &mut [&mut forward, &mut body]);
    function.body = forward;
    (Split { forward: function, pullback: Pullback { again, seed, slots, body } }, saved)
}

/// The values of the outermost block that a pullback holds.
fn held_in_scope(
    function: &Function,
    primal: &Function,
    forward: &Block,
    captured: &HashSet<VarId>,
) -> Vec<SavedValue> {
    let of_primal = |var: &VarId| captured.contains(var) && (var.0 as usize) < primal.vars.len();
    let defined = forward.stmts.iter().flat_map(super::own_definitions).filter(of_primal);
    let value = |var: VarId| {
        let variable = &function[var];
        SavedValue { var, name: variable.name.clone(), ty: variable.ty.clone(), of_loop: None }
    };
    defined.map(value).collect()
}

/// The parameters of a pullback: what it is given again, and where it adds its results.
pub(super) fn parameters(primal: &Function, buffers: &[(VarId, VarId)]) -> (Vec<VarId>, Vec<Option<VarId>>) {
    let again = primal.params.iter().filter(|param| param.passing == Passing::Shared);
    let slot = |param: &Param| buffers.iter().find(|(var, _)| *var == param.var).map(|(_, slot)| *slot);
    (again.map(|param| param.var).collect(), primal.params.iter().map(slot).collect())
}

/// A value that is returned and captured by the pullback is cloned for one of them.
fn keep_returned(function: &mut Function, forward: &mut crate::ir::Block, captured: &HashSet<VarId>) {
    let Some(Operand::Var(result)) = forward.result else { return };
    let ty = function[result].ty.clone();
    if !captured.contains(&result) || types::is_copy(&ty) {
        return;
    }
    let name = function[result].name.clone();
    let clone = function.fresh(name, types::owned(&ty), Storage::Value, Origin::Derived);
    forward.stmts.push(Stmt::Let { var: clone, op: Op::CloneOf(Place::var(result)) });
    forward.result = Some(Operand::Var(clone));
}

impl Reverse<'_> {
    /// Creates the variable that each differentiated parameter's cotangent is added to.
    pub(super) fn buffers(&mut self) -> Vec<(VarId, VarId)> {
        let mut buffers = Vec::new();
        for param in self.function.params.clone() {
            if !param.differentiated {
                continue;
            }
            let inner = Box::new(buffer_type(&self.function[param.var].ty));
            let ty = match self.mode {
                Mode::Joint => Type::Ref { mutable: true, inner },
                Mode::Split => Type::Slot(inner),
            };
            let in_out = self.mode == Mode::Split && param.passing == Passing::Mut;
            let suffix = if in_out { "slot" } else { "bar" };
            let name = format!("{}_{suffix}", self.function[param.var].name);
            let buffer = self.function.fresh(name, ty, Storage::Memory, Origin::Derived);
            self.depth.insert(buffer, 0);
            buffers.push((param.var, buffer));
            let own = param.passing == Passing::Value
                && (self.function[param.var].storage == Storage::Memory
                    || self.mode == Mode::Split && self.is_scalar(param.var));
            if !own && !in_out {
                self.bars.insert(param.var, Bar::Alias(behind(buffer)));
            }
        }
        buffers
    }

    /// Parameters whose cotangents are gathered in variables of their own hand them over at the end.
    pub(super) fn finish_parameters(&mut self, buffers: &[(VarId, VarId)], out: &mut Vec<Stmt>) {
        for (param, buffer) in buffers {
            if matches!(self.bar(*param), Bar::Alias(_)) {
                continue;
            }
            if let Some(total) = self.take_all(*param, out) {
                let scalar = self.is_scalar(*param);
                self.accumulate(behind(*buffer), Contribution::new(total), scalar, out);
            }
        }
    }

    /// The slot of a `&mut` parameter is always given: it brings the cotangent of the final content.
    pub(super) fn unwrap_in_out(&mut self, buffers: &[(VarId, VarId)], out: &mut Vec<Stmt>) {
        for param in self.function.params.clone() {
            if param.passing != Passing::Mut {
                continue;
            }
            let Some((_, slot)) = buffers.iter().find(|(var, _)| *var == param.var) else { continue };
            let inner = Box::new(buffer_type(&self.function[param.var].ty));
            let name = self.bar_name(param.var);
            let ty = Type::Ref { mutable: true, inner };
            let bar = self.function.fresh(name, ty, Storage::Value, Origin::User);
            self.depth.insert(bar, 0);
            let args = vec![Arg::Value(Operand::Var(*slot))];
            out.push(Stmt::Let { var: bar, op: Op::Helper { name: "in_out", args } });
            self.bars.insert(param.var, Bar::Alias(behind(bar)));
        }
    }

    /// The pullback's first own parameter, and its content as a value.
    pub(super) fn result_seed(&mut self, out: &mut Vec<Stmt>) -> (VarId, Option<Operand>) {
        let inner = self.function.result.clone();
        let result = self.function.body.result.as_ref().and_then(Function::var_of);
        let named =
            result.filter(|var| self.function[*var].origin == Origin::User || self.function[*var].name.len() <= 2);
        let name = named.map_or_else(|| "value_bar".to_owned(), |var| self.bar_name(var));
        let ty = Type::Ref { mutable: false, inner: Box::new(inner.clone()) };
        let seed = self.function.fresh(name.clone(), ty, Storage::Value, Origin::Derived);
        self.depth.insert(seed, 0);
        if !result.is_some_and(|var| self.activity.is_active(var)) {
            return (seed, None);
        }
        let place = behind(seed);
        let op = types::copied(place, &inner);
        let total = self.define(name, types::owned(&inner), op, out);
        (seed, Some(total))
    }
}

fn behind(var: VarId) -> Place {
    Place { root: var, path: vec![Proj::Deref] }
}

/// The type of the buffer behind a parameter's cotangent reference: slices stay slices, views become owned.
fn buffer_type(ty: &Type) -> Type {
    match types::strip_refs(ty) {
        Type::Slice(inner) => Type::Slice(inner.clone()),
        other => types::owned(&types::owned_parts(other)),
    }
}
