//! The forward and the reverse sweep of a chain that ends in a sum become one loop.
//!
//! Where the sum's cotangent does not depend on the sum, as at the end of a loss, the loop of the reverse sweep can run at
//! once, and adds up the value on the way: the arrays are read once. The buffers of the caller are written to only when
//! nothing can fail any more, so that only loops of plain arithmetic are joined, with nothing but such between them.

use std::collections::{HashMap, HashSet};

use super::types_float;
use crate::ir::walk;
use crate::ir::{Block, Function, MapInput, Op, Origin, Place, Proj, Stmt, Storage, Type, VarId, literals};
use crate::rules::Derivative;
use crate::transform::{reads, rename};

/// Joins the sweeps of the chains of a joint function.
pub(in crate::transform) fn merge(function: &mut Function, body: &mut Block) {
    let mut at = 0;
    while at < body.stmts.len() {
        if let Some(plan) = plan(function, &body.stmts, at) {
            apply(function, &mut body.stmts, at, plan);
        }
        at += 1;
    }
    // Nothing may be left of the reverse sweep.
    let harmless = |stmt: &Stmt| matches!(stmt, Stmt::Let { .. });
    let end = body.stmts.iter().rposition(|stmt| !harmless(stmt));
    if let Some(end) = end.filter(|end| matches!(body.stmts[*end], Stmt::Comment(_))) {
        body.stmts.remove(end);
    }
}

/// Where the loop of the reverse sweep stands, and what it needs of the statements between.
struct Plan {
    reverse: usize,
    moved: HashSet<usize>,
}

fn plan(function: &Function, stmts: &[Stmt], at: usize) -> Option<Plan> {
    let Stmt::Map { dest, inputs, body } = &stmts[at] else { return None };
    types_float(&function[*dest].ty)?;
    let reverse = at + 1 + stmts[at + 1..].iter().position(|stmt| !is_quiet(function, stmt))?;
    let Stmt::ForEach { outputs, inputs: read, body: adjoint } = &stmts[reverse] else { return None };
    let keys: Vec<String> = inputs.iter().map(|input| key(&input.of)).collect();
    if !read.iter().all(|input| keys.contains(&key(&input.of)))
        || !is_plain(function, body)
        || !is_plain(function, adjoint)
    {
        return None;
    }
    let mut needed: HashSet<VarId> = walk::mentioned(adjoint).into_iter().collect();
    needed.extend(outputs.iter().map(|output| output.of.root));
    let mut moved = HashSet::new();
    for between in (at + 1..reverse).rev() {
        let defined = match &stmts[between] {
            Stmt::Let { var, .. } | Stmt::Declare { var, .. } => *var,
            _ => continue,
        };
        if needed.contains(&defined) {
            needed.extend(walk::mentioned_by(&stmts[between]));
            moved.insert(between);
        }
    }
    (!needed.contains(dest)).then_some(Plan { reverse, moved })
}

fn apply(function: &mut Function, stmts: &mut Vec<Stmt>, at: usize, plan: Plan) {
    let mut rest = stmts.split_off(at);
    let after = rest.split_off(plan.reverse - at + 1);
    let (Some(Stmt::ForEach { outputs, inputs: read, body: adjoint }), mut rest) = (rest.pop(), rest.into_iter())
    else {
        unreachable!("the plan says so")
    };
    let Some(Stmt::Map { dest, inputs, body }) = rest.next() else { unreachable!("the plan says so") };
    let mut kept = Vec::new();
    for (position, stmt) in (at + 1..).zip(rest) {
        if plan.moved.contains(&position) {
            stmts.push(stmt);
        } else {
            kept.push(stmt);
        }
    }
    let total =
        function.fresh(function[dest].name.clone(), function[dest].ty.clone(), Storage::Memory, Origin::Derived);
    stmts.push(Stmt::Declare { var: total, init: literals::zero(&function[dest].ty) });
    stmts.push(joined(function, total, (inputs, body), (outputs, read, adjoint)));
    stmts.push(Stmt::Let { var: dest, op: Op::Read(Place::var(total)) });
    stmts.extend(kept);
    stmts.extend(after);
}

/// One loop that adds to the outputs and to the total.
fn joined(
    function: &mut Function,
    total: VarId,
    (inputs, mut body): (Vec<MapInput>, Block),
    (mut outputs, read, mut adjoint): (Vec<MapInput>, Vec<MapInput>, Block),
) -> Stmt {
    let known: HashMap<String, VarId> = inputs.iter().map(|input| (key(&input.of), input.elem)).collect();
    let same = read.iter().map(|input| (input.elem, known[&key(&input.of)])).collect();
    rename::block(&mut adjoint, &same);
    let inner = Box::new(function[total].ty.clone());
    let (name, ty) = (format!("{}_i", function[total].name), Type::Ref { mutable: true, inner });
    let part = function.fresh(name, ty, Storage::Value, Origin::Derived);
    outputs.push(MapInput { elem: part, of: Place::var(total) });
    let place = Place { root: part, path: vec![Proj::Deref] };
    let value = body.result.take().expect("an elementwise body has a result");
    body.stmts.push(Stmt::Accumulate { place, negative: false, value });
    body.stmts.extend(adjoint.stmts);
    inputs.iter().for_each(|input| function[input.elem].broadcast = true);
    Stmt::ForEach { outputs, inputs, body }
}

fn key(place: &Place) -> String {
    reads::key(place, &HashMap::new())
}

/// The statement cannot fail, and changes nothing that there was before.
fn is_quiet(function: &Function, stmt: &Stmt) -> bool {
    match stmt {
        Stmt::Comment(_) => true,
        Stmt::Declare { init, .. } => init.is_some(),
        Stmt::Let { var, op } => match op {
            Op::ZeroOf(_) => true,
            Op::Helper { name, .. } => super::joining::COUNTS.contains(name),
            op => is_arithmetic(&function[*var].ty, op),
        },
        _ => false,
    }
}

/// Arithmetic of floats, or a comparison of them: nothing of which fails.
fn is_arithmetic(ty: &Type, op: &Op) -> bool {
    matches!(ty, Type::Float(_) | Type::FloatLiteral | Type::Bool)
        && match op {
            Op::Use(_) | Op::Unary(..) | Op::Binary(..) | Op::Cast(..) => true,
            Op::Intrinsic(intrinsic) => {
                let scalar = matches!(intrinsic.row.derivative, Derivative::Partials(_) | Derivative::Zero);
                scalar && intrinsic.row.name != "clamp"
            }
            _ => false,
        }
}

/// The body of a loop that cannot fail.
fn is_plain(function: &Function, body: &Block) -> bool {
    body.stmts.iter().all(|stmt| match stmt {
        Stmt::Let { var, op } => is_arithmetic(&function[*var].ty, op),
        Stmt::Accumulate { .. } => true,
        Stmt::If { then, els, .. } => is_plain(function, then) && is_plain(function, els),
        _ => false,
    })
}
