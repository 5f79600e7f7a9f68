//! Small helpers to build IR.

use super::{Const, Operand, Place, Proj, Type, VarId};
use proc_macro2::TokenStream;

impl Operand {
    /// A constant.
    pub(crate) fn constant(tokens: TokenStream, ty: Type) -> Self {
        Operand::Const(Const { tokens, ty })
    }

    pub(crate) fn as_var(&self) -> Option<VarId> {
        match self {
            Operand::Var(var) => Some(*var),
            Operand::Const(_) => None,
        }
    }
}

impl Place {
    /// The place one step further.
    pub(crate) fn then(mut self, step: Proj) -> Self {
        self.path.push(step);
        self
    }
}
