//! Renames uses of variables.

use std::collections::HashMap;

use crate::ir::walk::{self, VisitMut};
use crate::ir::{Block, Operand, VarId};

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
