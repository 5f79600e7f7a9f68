//! Derivatives of any order of a function of one number: forward mode again and again, in the direction 1.

use std::collections::HashSet;

use super::{Forward, jvp, second, simplify};
use crate::analysis::{activity, types};
use crate::diagnostics::Diagnostics;
use crate::ir::walk::{self, Visit};
use crate::ir::{Arg, CalleeKind, Function, Op, Passing, Stmt, Type, literals};
use crate::options::{Analysis, Options};

/// The first, second, .. derivative, up to the given order, each as a function with the primal's parameters. None if the
/// function is not one from a number to a number.
pub(super) fn derivatives(
    primal: &Function,
    order: usize,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> Vec<Function> {
    let of_one =
        primal.sole_differentiated().is_some_and(|(param, ty)| param.passing == Passing::Value && types::is_scalar(ty));
    let in_place = primal.params.iter().any(|param| param.passing == Passing::Mut);
    if !of_one || in_place || !matches!(primal.result, Type::Float(_)) {
        return Vec::new();
    }
    let mut all: Vec<Function> = Vec::new();
    for _ in 1..=order {
        let last = all.last().unwrap_or(primal);
        all.push(next(last, options, diagnostics));
    }
    all
}

/// The forward derivatives of the third and higher orders, each of the one before: what a call becomes in derivatives of
/// these orders. The one of the third order is differentiated in reverse mode as well: the second derivatives of a gradient are
/// made of that.
pub(super) fn forwards(
    pushforward: &Function,
    order: usize,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> Vec<Forward> {
    let mut all = Vec::new();
    let mut last = pushforward.clone();
    for reached in 3..=order {
        let off = !options.analyses.run(Analysis::Activity);
        let tangent = jvp::differentiate(&last, &activity::analyse(&last, off));
        let mut next = second::pushforward(&last, &tangent, options, diagnostics);
        name_parameters(&mut next);
        let reverse = (reached == 3 && calls_plain_functions(&next)).then(|| {
            let derivatives = super::to_order(&next, options, 1, diagnostics);
            derivatives.split
        });
        let jvp = jvp::differentiate(&next, &activity::analyse(&next, off));
        all.push(Forward { primal: next.clone(), jvp, reverse });
        last = next;
    }
    all
}

/// Whether everything that is called is a free function that takes no functions and changes nothing: only these have reverse
/// derivatives of the third order.
fn calls_plain_functions(function: &Function) -> bool {
    struct Calls(bool);
    impl Visit for Calls {
        fn enter(&mut self, stmt: &Stmt) {
            if let Stmt::Let { op: Op::Call(callee, args), .. } | Stmt::Eval(Op::Call(callee, args)) = stmt {
                let plain = callee.kind == CalleeKind::Function && callee.functions.is_empty();
                self.0 &= plain && !args.iter().any(|arg| matches!(arg, Arg::Mut(_)));
            }
        }
    }
    let mut calls = Calls(function.closures.is_empty());
    walk::block(&mut calls, &function.body);
    calls.0
}

/// Gives every parameter a name of its own: the tangents of different orders have the same.
fn name_parameters(function: &mut Function) {
    let mut seen = HashSet::new();
    for param in function.params.clone() {
        let name = &mut function[param.var].name;
        while !seen.insert(name.clone()) {
            name.push_str("_again");
        }
    }
}

/// The derivative of a function of one number.
fn next(function: &Function, options: &Options, diagnostics: &mut Diagnostics) -> Function {
    let tangent = jvp::differentiate(function, &activity::analyse(function, !options.analyses.run(Analysis::Activity)));
    let pushforward = second::pushforward(function, &tangent, options, diagnostics);
    let mut derivative = second::directional(function, &pushforward).expect("the result is a number");
    let direction = derivative.params.pop().expect("forward mode adds a parameter").var;
    let one = literals::seed(&function.result).expect("the result is a float");
    derivative.body.stmts.insert(0, Stmt::Let { var: direction, op: Op::Use(one) });
    let mut body = std::mem::take(&mut derivative.body);
    simplify::propagate(&derivative, &mut body);
    simplify::dead_code(&derivative, &mut body, &HashSet::new());
    derivative.body = body;
    derivative
}
