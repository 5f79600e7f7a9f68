//! Which mode gives the gradient.
//!
//! A function of one number has one derivative. Forward mode takes it along with the value, at the cost of reverse mode, and
//! keeps nothing: it gives the gradient of a function that calls others, whose pullbacks would keep what they need.
//!
//! The two modes differ where a program says so: a hook changes cotangents, and a rule for reverse mode alone gives a tangent
//! only by one sweep for each number. So forward mode is taken only where the crate's files show all that is called.

use crate::ir::walk::{self, Visit};
use crate::ir::{CalleeKind, Float, Function, FunctionValue, Op, Passing, Stmt, Type};
use crate::options::{Analysis, Options};
use crate::reach;

/// Whether the gradient of a function is what forward mode gives for the tangent one; `joint` is what reverse mode does.
pub(super) fn is_forward(primal: &Function, joint: &Function, options: &Options) -> bool {
    let plain = !options.anomaly() && options.checkpoint.is_none() && options.analyses.run(Analysis::Forward);
    if !plain || !is_of_one_number(primal) || !primal.closures.is_empty() {
        return false;
    }
    let mut calls = Calls { names: Some(Vec::new()), keeps: false };
    walk::block(&mut calls, &primal.body);
    walk::block(&mut calls, &joint.body);
    match (calls.names, &options.site) {
        (Some(names), Some(site)) => calls.keeps && reach::is_plain(names, site),
        (_, _) => false,
    }
}

/// One number comes in by value, and a number of the same type goes out.
pub(super) fn is_of_one_number(primal: &Function) -> bool {
    let mut params = primal.params.iter().filter(|param| param.differentiated || param.function);
    let (Some(param), None) = (params.next(), params.next()) else { return false };
    let alike = matches!(
        (&primal[param.var].ty, &primal.result),
        (Type::Float(Float::F64), Type::Float(Float::F64)) | (Type::Float(Float::F32), Type::Float(Float::F32))
    );
    let written = primal.params.iter().any(|param| param.passing == Passing::Mut);
    alike && !param.function && param.passing == Passing::Value && !written
}

/// The functions that a function calls, if all of them have names, and whether pullbacks of theirs are kept.
struct Calls {
    names: Option<Vec<String>>,
    keeps: bool,
}

impl Visit for Calls {
    fn enter(&mut self, stmt: &Stmt) {
        let callee = match stmt {
            Stmt::CallVjp { callee, .. } => {
                self.keeps = true;
                callee
            }
            Stmt::Let { op: Op::Call(callee, _), .. } | Stmt::Eval(Op::Call(callee, _)) => callee,
            _ => return,
        };
        // What is called in one sweep with its cotangent is called by its own name in the function itself.
        if callee.path.to_string().ends_with(":: call_joint") {
            return;
        }
        let named = callee.kind == CalleeKind::Function && !callee.recursive && callee.path.to_string() == callee.name;
        let given = callee.functions.iter().map(|(_, function)| match function {
            FunctionValue::Named(path) => Some(path.to_string()),
            FunctionValue::Parameter(_) | FunctionValue::Closure(_) => None,
        });
        let given: Option<Vec<String>> = given.collect();
        self.names = match (self.names.take(), given) {
            (Some(names), Some(given)) if named => {
                Some(names.into_iter().chain([callee.name.clone()]).chain(given).collect())
            }
            (_, _) => None,
        };
    }
}
