//! Gradients that one loop makes anew.
//!
//! The joint form adds to what the caller's buffers hold. Where there are no buffers yet, zeros would be written, read
//! again and added to, which takes longer than the arithmetic of a chain. In a function without control flow, a gradient
//! that one loop adds to, and that nothing else looks at, is what this loop computes: it is made there.

use crate::analysis::types;
use crate::ir::walk;
use crate::ir::{Function, Stmt, Type, VarId};

use super::{element_float, whole};

/// The joint form for gradients that do not exist yet: its loops make those whose elements [`Var::made`] marks, and which
/// of the gradients these are. There is none if all have to exist.
///
/// [`Var::made`]: crate::ir::Var::made
pub(in crate::transform) fn of(joint: &Function, primal: &Function) -> Option<(Function, Vec<bool>)> {
    let straight = joint.body.stmts.iter().all(|stmt| {
        matches!(stmt, Stmt::Let { .. } | Stmt::Declare { .. } | Stmt::Map { .. } | Stmt::ForEach { .. })
            || matches!(stmt, Stmt::Comment(_) | Stmt::Eval(_))
    });
    if !straight {
        return None;
    }
    let mut function = joint.clone();
    let mentioned = walk::mentioned(&joint.body);
    let gradients = joint.params.iter().skip(primal.params.len());
    let made: Vec<bool> = gradients
        .map(|param| {
            let element = element(joint, param.var)
                .filter(|_| mentioned.iter().filter(|mentioned| **mentioned == param.var).count() == 1);
            element.into_iter().for_each(|element| function[element].made = true);
            element.is_some()
        })
        .collect();
    made.contains(&true).then_some((function, made))
}

/// The variable for the elements of the gradient in the loop that adds to all of it, and broadcasts.
fn element(joint: &Function, gradient: VarId) -> Option<VarId> {
    let Type::Ref { mutable: true, inner } = &joint[gradient].ty else { return None };
    let ranked = matches!(&**inner, Type::Tensor(tensor) if tensor.rank.is_some());
    element_float(types::strip_refs(inner)).filter(|_| ranked)?;
    joint.body.stmts.iter().find_map(|stmt| {
        let Stmt::ForEach { outputs, inputs, .. } = stmt else { return None };
        let output = outputs.iter().find(|output| output.of.root == gradient && whole(&output.of))?;
        inputs.iter().any(|input| joint[input.elem].broadcast).then_some(output.elem)
    })
}
