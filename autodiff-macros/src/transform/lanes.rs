//! Forward mode in several directions at once: what is asked of a function for that.

use super::jvp;
use crate::analysis::{activity, types};
use crate::diagnostics::Diagnostics;
use crate::ir::{Float, Function, Type};
use crate::options::{Analysis, Options};

/// `jvp` whose tangents have lanes, if it is asked for and there can be one.
pub(super) fn differentiate(primal: &Function, options: &Options, diagnostics: &mut Diagnostics) -> Option<Function> {
    let number = matches!(primal.result, Type::Float(_));
    let span = options.lanes.or(options.sparse.filter(|_| !number))?;
    let help =
        "several directions at once are for floats of one type, and for tuples, arrays, slices and `Vec`s of them";
    let activity = activity::analyse(primal, !options.analyses.run(Analysis::Activity));
    let (lanes, without) = jvp::with_lanes(primal, &activity);
    if let Some(var) = without {
        let message = format!("the tangent of `{}` cannot be one in several directions at once", primal[var].name);
        diagnostics.error_at(primal[var].span, message, help);
        return None;
    }
    if types::with_lanes(&primal.result).is_none() || primal.params.iter().any(|param| param.function) {
        diagnostics.error_at(span, "this function has no derivative in several directions at once", help);
        return None;
    }
    Some(lanes)
}

/// The type of the floats that the function is differentiated by, and of its result: one, or there are no lanes.
pub(crate) fn float(primal: &Function) -> Option<Float> {
    let params = primal.params.iter().filter(|param| param.differentiated).map(|param| &primal[param.var].ty);
    let mut floats = Vec::new();
    params.chain([&primal.result]).for_each(|ty| collect(ty, &mut floats));
    floats.dedup();
    match floats.as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    }
}

fn collect(ty: &Type, floats: &mut Vec<Float>) {
    match ty {
        Type::Float(float) => floats.push(float.clone()),
        Type::Array(item, _) | Type::Slice(item) | Type::Vec(item) | Type::Option(item) => collect(item, floats),
        Type::Ref { inner, .. } => collect(inner, floats),
        Type::Tuple(items) => items.iter().for_each(|item| collect(item, floats)),
        _ => {}
    }
}
