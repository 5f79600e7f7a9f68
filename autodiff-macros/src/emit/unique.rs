//! One variable, one definition.
//!
//! A reverse sweep defines a variable of the forward sweep once more where it reads the variable's value back. Folding
//! counts mentions and `names` reasons about scopes, both per variable, so every further definition gets a variable of
//! its own first.

use std::collections::{HashMap, HashSet};

use crate::ir::walk::{self, VisitMut};
use crate::ir::{Arm, Block, Function, Iter, Operand, Stmt, VarId};
use crate::transform::{Pullback, Split};

/// The function with one definition for each variable.
pub(super) fn function(function: &Function) -> Function {
    let mut function = function.clone();
    let mut body = std::mem::take(&mut function.body);
    let mut unique = Unique::new(&mut function);
    unique.block(&mut body);
    function.body = body;
    function
}

/// The split form with one definition for each variable. What the pullback is given again is another variable there.
pub(super) fn split(split: &Split) -> Split {
    let mut forward = split.forward.clone();
    let mut body = std::mem::take(&mut forward.body);
    let mut reverse = split.pullback.body.clone();
    let mut unique = Unique::new(&mut forward);
    body.stmts.iter_mut().for_each(|stmt| unique.stmt(stmt));
    body.result.iter_mut().for_each(|result| unique.operand(result));
    let again = split.pullback.again.iter().map(|var| unique.define(*var)).collect();
    let seed = unique.define(split.pullback.seed);
    let slots = split.pullback.slots.iter().map(|slot| slot.map(|slot| unique.define(slot))).collect();
    unique.block(&mut reverse);
    forward.body = body;
    Split { forward, pullback: Pullback { again, seed, slots, body: reverse } }
}

struct Unique<'f> {
    function: &'f mut Function,
    seen: HashSet<VarId>,
    /// What a variable is called where it is not itself.
    current: HashMap<VarId, VarId>,
}

impl VisitMut for Unique<'_> {
    fn operand(&mut self, operand: &mut Operand) {
        if let Operand::Var(var) = operand {
            self.root(var);
        }
    }

    fn root(&mut self, root: &mut VarId) {
        if let Some(current) = self.current.get(root) {
            *root = *current;
        }
    }
}

impl<'f> Unique<'f> {
    fn new(function: &'f mut Function) -> Self {
        let seen = function.params.iter().map(|param| param.var).collect();
        Unique { function, seen, current: HashMap::new() }
    }

    /// The variable that a definition of `var` defines.
    fn define(&mut self, var: VarId) -> VarId {
        if self.seen.insert(var) {
            self.current.remove(&var);
            return var;
        }
        let copy = self.function[var].clone();
        let new = self.function.fresh(String::new(), crate::ir::Type::Unknown, copy.storage, copy.origin);
        self.function[new] = copy;
        self.seen.insert(new);
        self.current.insert(var, new);
        new
    }

    fn redefine(&mut self, var: &mut VarId) {
        *var = self.define(*var);
    }

    fn scoped(&mut self, body: impl FnOnce(&mut Self)) {
        let outer = self.current.clone();
        body(self);
        self.current = outer;
    }

    fn block(&mut self, block: &mut Block) {
        self.scoped(|unique| unique.open(block));
    }

    /// A block whose definitions stay in scope.
    fn open(&mut self, block: &mut Block) {
        block.stmts.iter_mut().for_each(|stmt| self.stmt(stmt));
        block.result.iter_mut().for_each(|result| self.operand(result));
    }

    fn stmt(&mut self, stmt: &mut Stmt) {
        walk::own_mut(self, stmt);
        match stmt {
            Stmt::Let { var, .. } | Stmt::Declare { var, .. } => self.redefine(var),
            Stmt::CallVjp { dest, pullback: other, .. } | Stmt::CallJvp { dest, dot: other, .. } => {
                self.redefine(dest);
                self.redefine(other);
            }
            Stmt::If { dest, then, els, .. } => {
                self.block(then);
                self.block(els);
                dest.iter_mut().for_each(|dest| self.redefine(dest));
            }
            Stmt::Match { dest, arms, .. } => {
                arms.iter_mut().for_each(|arm| self.arm(arm));
                dest.iter_mut().for_each(|dest| self.redefine(dest));
            }
            Stmt::For { iter, body, .. } => self.scoped(|unique| {
                unique.bindings(iter);
                unique.open(body);
            }),
            Stmt::While { header, body, .. } => self.scoped(|unique| {
                unique.open(header);
                unique.open(body);
            }),
            Stmt::Loop { dest, body, .. } | Stmt::Scope { dest, body, .. } => {
                self.block(body);
                dest.iter_mut().for_each(|dest| self.redefine(dest));
            }
            Stmt::Map { dest, inputs, body } => {
                self.scoped(|unique| {
                    inputs.iter_mut().for_each(|input| unique.redefine(&mut input.elem));
                    unique.open(body);
                });
                self.redefine(dest);
            }
            Stmt::ForEach { outputs, inputs, body } => self.scoped(|unique| {
                outputs.iter_mut().chain(inputs).for_each(|input| unique.redefine(&mut input.elem));
                unique.open(body);
            }),
            Stmt::Assign { .. }
            | Stmt::Accumulate { .. }
            | Stmt::AccumulateInto { .. }
            | Stmt::Eval(_)
            | Stmt::Break { .. }
            | Stmt::Continue { .. }
            | Stmt::Return { .. }
            | Stmt::Push { .. }
            | Stmt::Pull { .. }
            | Stmt::Comment(_) => {}
        }
    }

    fn arm(&mut self, arm: &mut Arm) {
        self.scoped(|unique| {
            arm.bindings.iter_mut().for_each(|(var, _)| unique.redefine(var));
            arm.guard.iter_mut().for_each(|guard| unique.block(guard));
            unique.open(&mut arm.body);
        });
    }

    fn bindings(&mut self, iter: &mut Iter) {
        match iter {
            Iter::Range { var, .. } | Iter::From { var, .. } | Iter::Elements { var, .. } => self.redefine(var),
            Iter::Enumerate { var, inner } => {
                self.redefine(var);
                self.bindings(inner);
            }
            Iter::Zip(left, right) => {
                self.bindings(left);
                self.bindings(right);
            }
            Iter::Rev(inner) | Iter::StepBy(inner, _) | Iter::Skip(inner, _) | Iter::Take(inner, _) => {
                self.bindings(inner)
            }
            Iter::Opaque { vars, .. } => vars.iter_mut().for_each(|var| self.redefine(var)),
        }
    }
}
