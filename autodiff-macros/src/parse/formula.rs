//! The formulas of rules: small Rust expressions over bound names, lowered into a block that a transform builds.

use super::env::{Binding, Lowered};
use super::lowerer::Lowerer;
use crate::analysis::types;
use crate::ir::{Arg, Const, Float, Function, Op, Operand, Place, Stmt, Type};
use crate::options::Options;
use crate::transform::formula;
use syn::Expr;
use syn::spanned::Spanned;

/// Lowers a formula over `bindings` into statements appended to `out`; gives its value.
///
/// Formulas are part of this crate: one that cannot be lowered is a bug, reported by a panic that shows it.
pub(crate) fn lower_formula(
    function: &mut Function,
    bindings: &[(&str, formula::Binding)],
    rule: &Expr,
    out: &mut Vec<Stmt>,
) -> Operand {
    let mut lowerer = Lowerer::new(function, &Options::default(), None);
    for (name, bound) in bindings {
        let lowered = match bound {
            formula::Binding::Operand(Operand::Var(var)) => lowerer.var_value(*var),
            formula::Binding::Operand(operand) => Lowered::Operand(operand.clone()),
            formula::Binding::Place(place) => lowerer.place_value(place.clone()),
        };
        let ident = syn::Ident::new(name, rule.span());
        lowerer.env.bind(&ident, Binding::Alias(lowered));
    }
    lowerer.in_formula = true;
    lowerer.formula_float = bindings.iter().find_map(|(_, bound)| lowerer.named_float(bound));
    let lowered = lowerer.value(rule);
    let operand = lowerer.numeric(lowered, rule.span());
    out.extend(lowerer.take_stmts());
    let (refusals, _) = lowerer.finish();
    if let Some(error) = refusals.errors.first() {
        panic!("the rule `{}` cannot be lowered: {error}", quote::ToTokens::to_token_stream(rule));
    }
    operand
}

impl Lowerer<'_> {
    /// The type that a name of a formula has, if it is a float, or an array of floats, whose type has a name only.
    fn named_float(&self, bound: &formula::Binding) -> Option<Float> {
        let ty = match bound {
            formula::Binding::Operand(operand) => self.ty(operand),
            formula::Binding::Place(place) => self.function.place_type(place),
        };
        let ty = types::element(&ty).unwrap_or_else(|| types::strip_refs(&ty).clone());
        match ty {
            Type::Float(float @ Float::Named(_)) => Some(float),
            _ => None,
        }
    }

    /// A literal of a formula.
    pub(super) fn formula_literal(&self, operand: Operand) -> Operand {
        match (operand, &self.formula_float) {
            (Operand::Const(Const { tokens, ty: Type::FloatLiteral }), Some(float)) => {
                Operand::Const(Const { tokens, ty: Type::Float(float.clone()) })
            }
            (other, _) => other,
        }
    }

    /// A method in a formula, on a float whose type has a name only: what methods it has only its bounds tell, so that
    /// the function of the runtime is called.
    pub(super) fn formula_method(&mut self, name: &str, args: Vec<Arg>, span: proc_macro2::Span) -> Lowered {
        let ty = types::strip_refs(&self.arg_type(&args[0])).clone();
        let name = intern(name);
        Lowered::Operand(self.temp(name, ty, Op::Helper { name, args }, span))
    }

    /// A variable as it is seen by expressions: a reference is a reference to its referent.
    fn var_value(&mut self, var: crate::ir::VarId) -> Lowered {
        self.place_value(Place::var(var))
    }

    /// `rt::name(args)` in a formula.
    pub(super) fn helper_call(&mut self, name: &str, call: &syn::ExprCall) -> Lowered {
        let args: Vec<Arg> = call
            .args
            .iter()
            .map(|arg| match self.value(arg) {
                reference @ Lowered::Ref(..) if matches!(arg, Expr::Reference(_)) => {
                    self.lowered_arg(reference, arg.span())
                }
                other => Arg::Value(self.numeric(other, arg.span())),
            })
            .collect();
        let tys: Vec<Type> = args.iter().map(|arg| self.arg_type(arg)).collect();
        let ty = match crate::rules::tensor::row(name) {
            Some(_) => {
                let tys: Vec<Type> = tys.iter().map(|ty| types::strip_refs(ty).clone()).collect();
                super::tensor::tensor_type(name, &tys)
            }
            None => types::helper_type(name, &tys),
        };
        let name = intern(name);
        Lowered::Operand(self.temp(name, ty, Op::Helper { name, args }, call.span()))
    }
}

/// The names of helpers are those in the rule tables: few, and needed as long as the expansion runs.
fn intern(name: &str) -> &'static str {
    use std::cell::RefCell;
    use std::collections::HashSet;
    thread_local! {
        static NAMES: RefCell<HashSet<&'static str>> = RefCell::new(HashSet::new());
    }
    NAMES.with(|names| {
        let mut names = names.borrow_mut();
        if let Some(known) = names.get(name) {
            return *known;
        }
        let leaked: &'static str = Box::leak(name.to_string().into_boxed_str());
        names.insert(leaked);
        leaked
    })
}
