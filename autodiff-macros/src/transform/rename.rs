//! Renames uses of variables.

use std::collections::HashMap;

use crate::ir::walk::{self, Visit, VisitMut};
use crate::ir::{Arm, Block, Function, Iter, MapInput, Operand, Stmt, Var, VarId};

/// Replaces every use of a variable by the one that it is mapped to.
pub(crate) fn block(block: &mut Block, names: &HashMap<VarId, VarId>) {
    struct Rename<'a>(&'a HashMap<VarId, VarId>);
    impl VisitMut for Rename<'_> {
        fn operand(&mut self, operand: &mut Operand) {
            if let Operand::Var(var) = operand {
                self.root(var);
            }
        }
        fn root(&mut self, root: &mut VarId) {
            if let Some(new) = self.0.get(root) {
                *root = *new;
            }
        }
    }
    if !names.is_empty() {
        walk::block_mut(&mut Rename(names), block);
    }
}

/// A block of another function with variables of `function` for everything that it defines.
pub(crate) fn imported(function: &mut Function, source: &Function, mut imported: Block) -> Block {
    let mut defined = Defined(Vec::new());
    walk::block(&mut defined, &imported);
    let names = copies(function, defined.0, &source.vars);
    definitions(&mut imported, &names);
    block(&mut imported, &names);
    imported
}

/// The body of another function with variables and targets of exits of `function` in the place of all of its own; the
/// variables follow those that there are, in their order.
pub(crate) fn shifted(function: &mut Function, source: &Function) -> Block {
    let first = u32::try_from(function.vars.len()).expect("fewer than 2^32 variables");
    let count = u32::try_from(source.vars.len()).expect("fewer than 2^32 variables");
    let names = (0..count).map(|at| (VarId(at), VarId(first + at))).collect();
    function.vars.extend(source.vars.iter().cloned());
    let mut body = source.body.clone();
    definitions(&mut body, &names);
    block(&mut body, &names);
    new_scopes(function, &mut body);
    body
}

/// Gives the loops of a block, which no exit leaves, targets of their own.
fn new_scopes(function: &mut Function, block: &mut Block) {
    for stmt in &mut block.stmts {
        if let Stmt::For { id, .. } = stmt {
            *id = function.fresh_scope(None);
        }
        walk::blocks_mut(stmt).into_iter().for_each(|inner| new_scopes(function, inner));
    }
}

/// The variables that a tree defines.
struct Defined(Vec<VarId>);

impl Visit for Defined {
    fn define(&mut self, var: VarId) {
        self.0.push(var);
    }
}

/// A new variable for each of those that are `defined`, with what `vars` says of it.
fn copies(function: &mut Function, defined: Vec<VarId>, vars: &[Var]) -> HashMap<VarId, VarId> {
    let mut names = HashMap::new();
    for var in defined {
        names.entry(var).or_insert_with(|| {
            function.vars.push(vars[var.0 as usize].clone());
            VarId(u32::try_from(function.vars.len() - 1).expect("fewer than 2^32 variables"))
        });
    }
    names
}

/// A loop with fresh variables for everything that it defines.
pub(crate) fn fresh_loop(function: &mut Function, looping: Stmt) -> Stmt {
    let whole = Block { stmts: vec![looping], result: None };
    let (_, mut whole) = fresh_map(function, Vec::new(), whole);
    whole.stmts.pop().expect("the loop that was put in")
}

/// An element-wise statement's inputs and body with fresh variables for everything that they define.
pub(crate) fn fresh_map(function: &mut Function, mut inputs: Vec<MapInput>, mut body: Block) -> (Vec<MapInput>, Block) {
    let mut defined = Defined(inputs.iter().map(|input| input.elem).collect());
    walk::block(&mut defined, &body);
    let vars = function.vars.clone();
    let names = copies(function, defined.0, &vars);
    inputs.iter_mut().for_each(|input| input.elem = names[&input.elem]);
    definitions(&mut body, &names);
    block(&mut body, &names);
    (inputs, body)
}

/// Renames the variables that a block defines.
fn definitions(block: &mut Block, names: &HashMap<VarId, VarId>) {
    let rename = |var: &mut VarId| {
        if let Some(new) = names.get(var) {
            *var = *new;
        }
    };
    for stmt in &mut block.stmts {
        match stmt {
            Stmt::Let { var, .. } | Stmt::Declare { var, .. } | Stmt::Map { dest: var, .. } => rename(var),
            Stmt::If { dest, .. } | Stmt::Loop { dest, .. } | Stmt::Scope { dest, .. } => {
                dest.iter_mut().for_each(rename)
            }
            Stmt::Match { dest, arms, .. } => {
                dest.iter_mut().for_each(rename);
                arms.iter_mut().flat_map(|arm: &mut Arm| &mut arm.bindings).for_each(|(var, _)| rename(var));
            }
            Stmt::For { iter, .. } => bindings(iter, &rename),
            Stmt::CallVjp { dest, pullback: other, .. } | Stmt::CallJvp { dest, dot: other, .. } => {
                rename(dest);
                rename(other);
            }
            Stmt::ForEach { outputs, inputs, .. } => {
                outputs.iter_mut().chain(inputs).for_each(|input| rename(&mut input.elem));
            }
            Stmt::Assign { .. }
            | Stmt::Accumulate { .. }
            | Stmt::AccumulateInto { .. }
            | Stmt::Eval(_)
            | Stmt::While { .. }
            | Stmt::Break { .. }
            | Stmt::Continue { .. }
            | Stmt::Return { .. }
            | Stmt::Push { .. }
            | Stmt::Pull { .. }
            | Stmt::Comment(_) => {}
        }
        if let Stmt::Map { inputs, .. } = stmt {
            inputs.iter_mut().for_each(|input| rename(&mut input.elem));
        }
        walk::blocks_mut(stmt).into_iter().for_each(|inner| definitions(inner, names));
    }
}

fn bindings(iter: &mut Iter, rename: &impl Fn(&mut VarId)) {
    match iter {
        Iter::Range { var, .. } | Iter::From { var, .. } | Iter::Elements { var, .. } => rename(var),
        Iter::Enumerate { var, inner } => {
            rename(var);
            bindings(inner, rename);
        }
        Iter::Zip(left, right) => {
            bindings(left, rename);
            bindings(right, rename);
        }
        Iter::Rev(inner) | Iter::StepBy(inner, _) | Iter::Skip(inner, _) | Iter::Take(inner, _) => {
            bindings(inner, rename)
        }
        Iter::Opaque { vars, .. } => vars.iter_mut().for_each(rename),
    }
}
