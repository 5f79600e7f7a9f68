//! What uses and what defines the arrays of a chain.

use std::collections::{HashMap, HashSet};

use crate::ir::walk::{self, Access, Visit};
use crate::ir::{Arg, Block, Function, Op, Operand, Place, Stmt, VarId};

/// How often each variable is used; checks of shapes are no uses.
#[derive(Default)]
pub(super) struct Uses {
    counts: HashMap<VarId, usize>,
    checked: bool,
}

impl Uses {
    pub(super) fn of(block: &Block) -> HashMap<VarId, usize> {
        let mut uses = Uses::default();
        walk::block(&mut uses, block);
        uses.counts
    }

    pub(super) fn of_stmt(stmt: &Stmt) -> HashMap<VarId, usize> {
        let mut uses = Uses::default();
        walk::stmt(&mut uses, stmt);
        uses.counts
    }

    fn count(&mut self, var: VarId) {
        if !self.checked {
            *self.counts.entry(var).or_default() += 1;
        }
    }
}

impl Visit for Uses {
    fn enter(&mut self, stmt: &Stmt) {
        self.checked = matches!(stmt, Stmt::Eval(Op::Helper { name: "check_broadcast", .. }));
    }
    fn leave(&mut self, _: &Stmt) {
        self.checked = false;
    }
    fn operand(&mut self, operand: &Operand) {
        Function::var_of(operand).into_iter().for_each(|var| self.count(var));
    }
    fn place(&mut self, place: &Place, _: Access) {
        self.count(place.root);
    }
    fn mention(&mut self, var: VarId) {
        self.count(var);
    }
}

/// What each value is defined by.
pub(super) fn definitions(block: &Block) -> HashMap<VarId, Op> {
    struct Definitions(HashMap<VarId, Op>);
    impl Visit for Definitions {
        fn enter(&mut self, stmt: &Stmt) {
            if let Stmt::Let { var, op } = stmt {
                self.0.insert(*var, op.clone());
            }
        }
    }
    let mut definitions = Definitions(HashMap::new());
    walk::block(&mut definitions, block);
    definitions.0
}

/// Removes the checks of arrays that are not made any more: the loop itself checks that shapes fit.
pub(super) fn drop_checks(function: &Function, block: &mut Block) {
    struct Defined(HashSet<VarId>, HashSet<VarId>);
    impl Visit for Defined {
        fn define(&mut self, var: VarId) {
            self.0.insert(var);
        }
        fn enter(&mut self, stmt: &Stmt) {
            if let Stmt::Eval(Op::Helper { name: "check_broadcast", args }) = stmt {
                self.1.extend(args.iter().filter_map(checked));
            }
        }
    }
    fn drop(block: &mut Block, gone: &HashSet<VarId>) {
        block.stmts.retain_mut(|stmt| {
            walk::blocks_mut(stmt).into_iter().for_each(|inner| drop(inner, gone));
            let Stmt::Eval(Op::Helper { name: "check_broadcast", args }) = stmt else { return true };
            !args.iter().filter_map(checked).any(|var| gone.contains(&var))
        });
    }
    let params = function.params.iter().map(|param| param.var).collect();
    let mut defined = Defined(params, HashSet::new());
    walk::block(&mut defined, block);
    let Defined(defined, checked) = defined;
    let gone = checked.difference(&defined).copied().collect();
    drop(block, &gone);
}

fn checked(arg: &Arg) -> Option<VarId> {
    match arg {
        Arg::Shared(place) => Some(place.root),
        Arg::Value(_) | Arg::Mut(_) => None,
    }
}
