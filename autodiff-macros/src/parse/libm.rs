//! Functions of the crate `libm`, which programs without the standard library call where others have methods.

use syn::spanned::Spanned;

use super::call::Called;
use super::env::Lowered;
use super::lowerer::Lowerer;
use crate::declarations;
use crate::ir::{Arg, BinOp, Float, Op, Stmt, Type};
use quote::ToTokens;

/// The methods of `f64` whose names in C are others.
const NAMES: [(&str, &str); 9] = [
    ("expm1", "exp_m1"),
    ("fabs", "abs"),
    ("fma", "mul_add"),
    ("fmax", "max"),
    ("fmin", "min"),
    ("fmod", "rem"),
    ("log", "ln"),
    ("log1p", "ln_1p"),
    ("pow", "powf"),
];

/// The functions that are called in C as the methods are in Rust.
const SAME: [&str; 25] = [
    "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "ceil", "copysign", "cos", "cosh", "exp",
    "exp2", "floor", "hypot", "log10", "log2", "round", "sin", "sinh", "sqrt", "tan", "tanh", "trunc",
];

/// The method that a function of `libm` is, and the type of its arguments: those for `f32` end with an `f`.
fn method(function: &str) -> Option<(&'static str, Float)> {
    let find = |name: &str| {
        let renamed = NAMES.iter().find(|(c, _)| *c == name).map(|(_, method)| *method);
        renamed.or_else(|| SAME.into_iter().find(|same| *same == name))
    };
    let double = find(function).map(|method| (method, Float::F64));
    double.or_else(|| find(function.strip_suffix('f')?).map(|method| (method, Float::F32)))
}

impl Lowerer<'_> {
    /// `libm::sqrt(x)`, `sqrt(x)` with `use libm::sqrt`, `math::sqrt(x)` with `use libm as math`: the rule of the method, and
    /// the call as it is written.
    pub(super) fn libm_function(&mut self, called: &Called<'_>) -> Option<Lowered> {
        let (method, float) = method(&self.name_in_libm(called)?)?;
        let span = called.path.span();
        let ty = Type::Float(float);
        let args: Vec<_> = called.call.args.iter().map(|arg| self.number(arg)).collect();
        args.iter().for_each(|arg| self.learn_type(&Lowered::Operand(arg.clone()), &ty));
        if let ("rem", [left, right]) = (method, &args[..]) {
            let op = Op::Binary(BinOp::Rem, left.clone(), right.clone());
            return Some(Lowered::Operand(self.temp("remainder", ty, op, span)));
        }
        let value = self.scalar_intrinsic(method, args.into_iter().map(Arg::Value).collect(), span);
        self.learn_type(&value, &ty);
        if let Some(Stmt::Let { var: _, op: Op::Intrinsic(intrinsic) }) = self.last_stmt()
            && intrinsic.row.name == method
        {
            intrinsic.path = Some(called.path.to_token_stream());
        }
        Some(value)
    }

    /// What the called function is called in `libm`, if the path certainly leads there.
    fn name_in_libm(&self, called: &Called<'_>) -> Option<String> {
        let last = called.last.to_string();
        let nearby = self.nearby.as_ref();
        match (called.path.segments.len(), called.owner.as_deref()) {
            (2, Some("libm")) => Some(last),
            (2, Some(module)) => {
                let (_, named) = nearby?.origins(module);
                is_all(&named, |origin| *origin == ["libm"]).then_some(last)
            }
            (1, None) => self.imported_from_libm(&last),
            _ => None,
        }
    }

    /// The same of a name that a `use` brings in.
    fn imported_from_libm(&self, name: &str) -> Option<String> {
        const WITHOUT_FUNCTIONS: [&str; 4] = ["std", "core", "alloc", "differentiable"];
        let (nearby, site) = (self.nearby.as_ref()?, self.site.as_ref()?);
        let (by_star, named) = nearby.origins(name);
        if nearby.declares_function(name) || !by_star.is_empty() && declarations::declares_function(site, name) {
            return None;
        }
        if named.is_empty() {
            let harmless = |origin: &Vec<String>| {
                let first = origin.first().map_or("", String::as_str);
                first == "libm" || WITHOUT_FUNCTIONS.contains(&first) || nearby.is_own_name(first)
            };
            let brought = by_star.iter().any(|origin| *origin == ["libm", "*"]);
            return (brought && by_star.iter().all(harmless)).then(|| name.to_owned());
        }
        let written = named.first()?.last()?.clone();
        let leads = |origin: &Vec<String>| match origin.as_slice() {
            [krate, same] => krate == "libm" && *same == written,
            [first, module, same] => {
                first == "crate" && *same == written && declarations::renames(site, "libm", module)
            }
            _ => false,
        };
        is_all(&named, leads).then_some(written)
    }
}

/// There are some, and the condition holds for all of them.
fn is_all<T>(items: &[T], holds: impl Fn(&T) -> bool) -> bool {
    !items.is_empty() && items.iter().all(holds)
}
