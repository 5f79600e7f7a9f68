//! The transforms: IR to IR.

mod anomaly;
mod chains;
pub(crate) mod checkpoints;
mod checks;
mod direction;
pub(crate) mod exits;
pub(crate) mod facts;
pub(crate) mod formula;
mod fuse;
mod higher;
mod inline;
mod invariants;
mod joint_calls;
mod jvp;
mod lanes;
mod mode;
mod no_alloc;
mod overwrite;
mod pattern;
pub(crate) mod prepare;
mod progressions;
mod reads;
mod reciprocals;
mod registers;
mod rename;
mod rows;
mod second;
pub(crate) mod simplify;
pub(crate) mod vjp;
mod zeros;

use proc_macro2::Span;

use std::collections::HashSet;

use crate::analysis::activity::{self, Activity};
use crate::diagnostics::Diagnostics;
use crate::ir::{Block, Function, Type, VarId};
use crate::options::{Analysis, Options};

pub(crate) use lanes::{Lanes, float as lanes_float, is_of_lists};

/// Everything that is generated for one function.
pub(crate) struct Derivatives {
    /// `value_and_grad_into`: forward sweep and reverse sweep in one straight function.
    /// Parameters: the primal's, then one [`crate::ir::Passing::Mut`] parameter per differentiated parameter, named `x_bar`.
    /// `None` when the result cannot be seeded with one (it is not a scalar).
    pub(crate) joint: Option<Function>,
    /// The same where there are no gradients yet, if its loops can make some: which of them these are.
    pub(crate) anew: Option<(Function, Vec<bool>)>,
    /// The function is one of a number, and `jvp` does what `joint` does at less cost.
    pub(crate) forward: bool,
    /// `call_vjp`: forward sweep, then a closure with the reverse sweep.
    pub(crate) split: Split,
    /// `jvp`: parameters are the primal's, then one per differentiated parameter, named `x_dot`, passed like it;
    /// the result is the tuple of value and tangent (for a unit result with `&mut` parameters, unit).
    pub(crate) jvp: Function,
    /// What the forward sweep saves, and what the reverse sweep computes again.
    pub(crate) saved: vjp::Saved,
    /// The derivatives of the function's closures, in their order.
    pub(crate) closures: Vec<Derivatives>,
    /// Derivatives in several directions at once, where they are asked for.
    pub(crate) lanes: Option<Lanes>,
    /// The program for the pattern of the sparse matrix that is asked for, where the index expressions tell it.
    pub(crate) pattern: Option<Function>,
    /// The derivatives of the forward derivative, where they are asked for.
    pub(crate) second: Option<Box<Second>>,
}

/// Second order.
pub(crate) struct Second {
    /// The forward derivative as a function of its own, `(x.., x_dot..) -> (y, y_dot)`.
    pub(crate) primal: Function,
    pub(crate) derivatives: Derivatives,
    /// `(x.., x_dot.., x_bar..) -> y_dot`, which adds the Hessian times `x_dot` to `x_bar`; for a scalar result.
    pub(crate) hvp: Option<Function>,
    /// `(x.., x_dot.., x_bar.., x_dot_bar..) -> (y, y_dot)`, which adds the same to `x_bar` and the gradient to `x_dot_bar`.
    pub(crate) joint: Option<Function>,
    /// For a function of one number: its first, second, .. derivatives.
    pub(crate) higher: Vec<Function>,
    /// The forward derivatives of the third and higher orders.
    pub(crate) forwards: Vec<Forward>,
}

/// A forward derivative of a forward derivative.
pub(crate) struct Forward {
    /// What is differentiated: `jvp` of the function before it.
    pub(crate) primal: Function,
    pub(crate) jvp: Function,
    /// The same in reverse mode, where there is that.
    pub(crate) reverse: Option<Split>,
}

/// The split form. Both parts share the variables of `forward`.
#[derive(Clone)]
pub(crate) struct Split {
    /// Parameters as the primal's; the body's result is the primal's value.
    pub(crate) forward: Function,
    pub(crate) pullback: Pullback,
}

/// `move |again.., seed, slots..| { body }`
#[derive(Clone)]
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

/// Differentiates a function that `parse` produced.
pub(crate) fn differentiate(primal: &Function, options: &Options, diagnostics: &mut Diagnostics) -> Derivatives {
    let mut checked = primal.clone();
    checks::insert(&mut checked);
    if options.anomaly() {
        // Every operation is looked at on its own.
        anomaly::insert(&mut checked);
    } else if options.analyses.run(Analysis::Chains) {
        let activity = activity::analyse(&checked, !options.analyses.run(Analysis::Activity));
        chains::join(&mut checked, &activity);
    }
    second::check_jacobian(primal, options, diagnostics);
    // The Hessian of what returns a number is sparse.
    let sparse = options.sparse.is_some() && matches!(primal.result, Type::Float(_));
    let order = if sparse { options.order().max(2) } else { options.order() };
    let derivatives = to_order(&checked, options, order, diagnostics);
    let lanes = lanes::differentiate(&checked, &derivatives.split, options, diagnostics);
    let pattern = options.sparse.filter(|_| options.analyses.run(Analysis::Patterns)).and_then(|_| pattern::of(primal));
    Derivatives { lanes, pattern, ..derivatives }
}

/// The derivatives of a function, and those of its forward derivative up to the given order.
fn to_order(primal: &Function, options: &Options, order: usize, diagnostics: &mut Diagnostics) -> Derivatives {
    let off = !options.analyses.run(Analysis::Activity);
    let closures = primal.closures.iter().map(|closure| differentiate(closure, options, diagnostics)).collect();
    let activity = activity::analyse(primal, off);
    let jvp = jvp::differentiate(primal, &activity);
    let twice = order > 1 && !second::is_for_callers(primal, options);
    let second = twice.then(|| Box::new(second_order(primal, &jvp, options, order, diagnostics)));
    let mut tail = primal.clone();
    let vain = to_tail(&mut tail, options, diagnostics);
    let mut activity = activity::analyse(&tail, off);
    let unprepared = whole(options).map(|span| {
        checkpoints::check_function(&tail, span, diagnostics);
        tail.clone()
    });
    // That of a function of one number may be what forward mode gives, which keeps nothing of calls.
    let inlined =
        if mode::is_of_one_number(primal) { None } else { inline::calls(primal, inline::Calls::All, options) };
    let inlined = inlined.map(|inlined| joint(&inlined, options));
    let independent = independent(&tail, &activity, &vain, options).filter(|_| inlined.is_none());
    let prepared = prepare::prepare(&mut tail, &mut activity, options, diagnostics).with_vain(vain);
    let source = vjp::Primal { function: &tail, activity: &activity, prepared: &prepared, options };
    let joint = inlined.unwrap_or_else(|| of_fewer_tapes(vjp::joint(&source).map(|(joint, _)| joint), independent));
    let (split, saved) = match &unprepared {
        Some(unprepared) => vjp::split_again(&source, unprepared),
        None => split(primal, options).unwrap_or_else(|| vjp::split(&source)),
    };
    if options.no_alloc() {
        no_alloc::check_signature(primal, diagnostics);
        no_alloc::check(&split.forward, &[&split.forward.body, &split.pullback.body], diagnostics);
    }
    let forward = joint.as_ref().is_some_and(|joint| mode::is_forward(primal, joint, options));
    let anew = joint.as_ref().and_then(|joint| chains::anew::of(joint, primal));
    Derivatives { joint, anew, forward, split, jvp, saved, closures, lanes: None, pattern: None, second }
}

/// The forward derivative of a function of which only the signature is known, as a function of its own without a body.
pub(crate) fn outline_of_jvp(outline: &Function) -> Function {
    let jvp = jvp::differentiate(outline, &activity::analyse(outline, true));
    second::pushforward(outline, &jvp, &Options::default(), &mut Diagnostics::default())
}

/// Brings a function into the form that reverse mode works on; the values that are computed before a loop in vain if it has
/// no trips.
fn to_tail(function: &mut Function, options: &Options, diagnostics: &mut Diagnostics) -> HashSet<VarId> {
    exits::normalise(function, diagnostics);
    reads::merge(function);
    if options.analyses.run(Analysis::Invariants) { invariants::hoist(function) } else { HashSet::new() }
}

/// The joint form alone: of the function's result, or of the tangent in it where it gives `(y, y_dot)`.
fn to_joint(primal: &Function, pair: bool, options: &Options, diagnostics: &mut Diagnostics) -> Option<Function> {
    let mut tail = primal.clone();
    let vain = to_tail(&mut tail, options, diagnostics);
    let whole = if pair { Some(second::give_tangent(&mut tail)?) } else { None };
    let mut activity = activity::analyse(&tail, !options.analyses.run(Analysis::Activity));
    let prepared = prepare::prepare(&mut tail, &mut activity, options, diagnostics).with_vain(vain);
    let source = vjp::Primal { function: &tail, activity: &activity, prepared: &prepared, options };
    vjp::joint_beside(&source, whole).map(|(function, _)| function)
}

/// The joint form of a function that small functions were taken into. What is to be said about the function is said of the
/// function as it was written.
fn joint(inlined: &Function, options: &Options) -> Option<Function> {
    let mut tail = inlined.clone();
    let mut unsaid = Diagnostics::default();
    let vain = to_tail(&mut tail, options, &mut unsaid);
    let mut activity = activity::analyse(&tail, !options.analyses.run(Analysis::Activity));
    let independent = independent(&tail, &activity, &vain, options);
    let prepared = prepare::prepare(&mut tail, &mut activity, options, &mut unsaid).with_vain(vain);
    let source = vjp::Primal { function: &tail, activity: &activity, prepared: &prepared, options };
    of_fewer_tapes(vjp::joint(&source).map(|(joint, _)| joint), independent)
}

/// The split form of a function into whose loops small functions were taken.
fn split(primal: &Function, options: &Options) -> Option<(Split, vjp::Saved)> {
    if options.lanes.is_some() || options.sparse.is_some() || options.no_alloc() {
        return None;
    }
    let mut tail = inline::calls(primal, inline::Calls::InLoops, options)?;
    let mut unsaid = Diagnostics::default();
    let vain = to_tail(&mut tail, options, &mut unsaid);
    let mut activity = activity::analyse(&tail, !options.analyses.run(Analysis::Activity));
    let prepared = prepare::prepare(&mut tail, &mut activity, options, &mut unsaid).with_vain(vain);
    let source = vjp::Primal { function: &tail, activity: &activity, prepared: &prepared, options };
    Some(vjp::split(&source))
}

/// The joint form, or the one with independent trips where that keeps less.
fn of_fewer_tapes(joint: Option<Function>, independent: Option<Function>) -> Option<Function> {
    let joint = joint?;
    let tapes = progressions::tapes(&joint.body);
    Some(independent.filter(|other| progressions::tapes(&other.body) < tapes).unwrap_or(joint))
}

/// The joint form in which progressions do not tie the trips of loops together.
fn independent(tail: &Function, activity: &Activity, vain: &HashSet<VarId>, options: &Options) -> Option<Function> {
    let wanted = options.analyses.run(Analysis::Progressions) && !options.anomaly();
    let mut tail = progressions::linearise(tail, activity).filter(|_| wanted)?;
    let mut activity = activity::analyse(&tail, !options.analyses.run(Analysis::Activity));
    // What is to be said about the function is said of the function as it was written.
    let mut unsaid = Diagnostics::default();
    let prepared = prepare::prepare(&mut tail, &mut activity, options, &mut unsaid).with_vain(vain.clone());
    let (mut joint, _) =
        vjp::joint(&vjp::Primal { function: &tail, activity: &activity, prepared: &prepared, options })?;
    progressions::erase(&mut joint.body);
    unsaid.is_empty().then_some(joint)
}

/// Where it is asked for that the whole function is run again.
fn whole(options: &Options) -> Option<Span> {
    options.checkpoint.filter(|checkpoint| checkpoint.plan.is_none()).map(|checkpoint| checkpoint.span)
}

fn second_order(
    primal: &Function,
    jvp: &Function,
    options: &Options,
    order: usize,
    diagnostics: &mut Diagnostics,
) -> Second {
    let pushforward = second::pushforward(primal, jvp, options, diagnostics);
    let derivatives = to_order(&pushforward, options, 1, diagnostics);
    let directional = second::directional(primal, &pushforward);
    let hvp = directional.and_then(|directional| to_joint(&directional, false, options, diagnostics));
    let joint = hvp.is_some().then(|| to_joint(&pushforward, true, options, diagnostics)).flatten();
    let higher = options.order.map(|_| higher::derivatives(primal, order, options, diagnostics));
    second::check_requests(primal, hvp.is_some(), options, diagnostics);
    let forwards = higher::forwards(&pushforward, order, options, diagnostics);
    Second { primal: pushforward, derivatives, hvp, joint, higher: higher.unwrap_or_default(), forwards }
}
