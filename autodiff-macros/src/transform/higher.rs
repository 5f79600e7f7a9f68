//! Derivatives of any order of a function of one number: forward mode again and again, in the direction 1.

use super::{jvp, second, simplify};
use crate::analysis::{activity, types};
use crate::diagnostics::Diagnostics;
use crate::ir::walk;
use crate::ir::{Function, Op, Passing, Stmt, Type, literals};
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
    for step in 1..=order {
        let last = all.last().unwrap_or(primal);
        if step > 2 && walk::has_calls(last) {
            diagnostics.error_at(
                last.params.first().map_or_else(proc_macro2::Span::call_site, |param| last[param.var].span),
                "derivatives above the second do not pass through calls of other functions",
                "write what the called functions compute in place of the calls, or ask for `order = 2`",
            );
            break;
        }
        all.push(next(last, options, diagnostics));
    }
    all
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
    simplify::dead_code(&derivative, &mut body, &std::collections::HashSet::new());
    derivative.body = body;
    derivative
}
