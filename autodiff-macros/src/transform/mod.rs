//! The transforms: IR to IR.

use crate::ir::{Block, Function, VarId};

/// Everything that is generated for one function.
pub(crate) struct Derivatives {
    /// `value_and_grad_into`: forward sweep and reverse sweep in one straight function.
    /// Parameters: the primal's, then one [`crate::ir::Passing::Mut`] parameter per differentiated parameter, named `x_bar`.
    /// `None` when the result cannot be seeded with one (it is not a scalar).
    pub(crate) joint: Option<Function>,
    /// `call_vjp`: forward sweep, then a closure with the reverse sweep.
    pub(crate) split: Split,
    /// `jvp`: parameters are the primal's, then one per differentiated parameter, named `x_dot`, passed like it;
    /// the result is the tuple of value and tangent (for a unit result with `&mut` parameters, unit).
    pub(crate) jvp: Function,
}

/// The split form. Both parts share the variables of `forward`.
pub(crate) struct Split {
    /// Parameters as the primal's; the body's result is the primal's value.
    pub(crate) forward: Function,
    pub(crate) pullback: Pullback,
}

/// `move |again.., seed, slots..| { body }`
pub(crate) struct Pullback {
    /// The parameters passed by shared reference, which the caller hands in once more: the primal's own variables.
    pub(crate) again: Vec<VarId>,
    /// `value_bar: &R_bar`; the variable has a `Ref` type.
    pub(crate) seed: VarId,
    /// One per parameter in order: `Option<&mut Tangent>`, of [`crate::ir::Type::Slot`] where differentiated, `None`
    /// where the parameter has no derivative (printed as `_`).
    pub(crate) slots: Vec<Option<VarId>>,
    pub(crate) body: Block,
}
