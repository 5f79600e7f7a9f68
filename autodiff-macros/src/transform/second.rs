//! Second order: the forward derivative of a function is a function, which is differentiated like any other.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};

use crate::analysis::types;
use crate::diagnostics::Diagnostics;
use crate::ir::walk;
use crate::ir::{
    Arg, Block, Callee, CalleeKind, Const, Function, Intrinsic, Op, Operand, Origin, Param, Passing, Stmt, Storage,
    Type, VarId,
};
use crate::nearby::Nearby;
use crate::options::Options;
use crate::rules;

/// The forward derivative `(x, x_dot) -> (y, y_dot)` that [`super::jvp`] produced, in the form of what `parse` produces:
/// with respect to the values and the tangents.
pub(super) fn pushforward(
    primal: &Function,
    jvp: &Function,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> Function {
    let mut function = jvp.clone();
    function.name = format!("{}_jvp", primal.name);
    for param in function.params.iter_mut().skip(primal.params.len()) {
        param.differentiated = true;
    }
    if !matches!(function.result, Type::Unit) {
        let tangent = types::owned(&types::owned_parts(&function.result));
        function.result = Type::Tuple(vec![function.result, tangent]);
    }
    let mut body = std::mem::take(&mut function.body);
    let nearby = Nearby::of(options);
    let mut lower = Lower { function: &mut function, root: options.root(), nearby, diagnostics };
    lower.block(&mut body);
    function.body = body;
    function
}

/// The derivative in a direction alone, `(x, x_dot) -> y_dot`: its gradient with respect to `x` is the Hessian times
/// `x_dot`. Only for a function that returns something.
pub(super) fn directional(primal: &Function, pushforward: &Function) -> Option<Function> {
    let mut function = pushforward.clone();
    let Type::Tuple(items) = &function.result else { return None };
    let [_, tangent] = items.as_slice() else { return None };
    function.result = tangent.clone();
    for param in function.params.iter_mut().skip(primal.params.len()) {
        param.differentiated = false;
    }
    let mut body = std::mem::take(&mut function.body);
    let result = body.result.take()?;
    take_tangent(&mut function, &mut body);
    body.result = Some(tangent_of(&mut function, &result, &mut body.stmts));
    function.body = body;
    Some(function)
}

/// Makes a function in tail form that gives a value and its tangent one that gives the tangent; what it gave, and the type
/// of that.
pub(super) fn give_tangent(function: &mut Function) -> Option<(Operand, Type)> {
    let Type::Tuple(items) = &function.result else { return None };
    let tangent = items.get(1)?.clone();
    let mut body = std::mem::take(&mut function.body);
    let pair = body.result.take()?;
    body.result = Some(tangent_of(function, &pair, &mut body.stmts));
    function.body = body;
    Some((pair, std::mem::replace(&mut function.result, tangent)))
}

/// Reports what is asked for and cannot be had.
pub(super) fn check_requests(primal: &Function, number: bool, options: &Options, diagnostics: &mut Diagnostics) {
    if !number && let Some(span) = options.hvp.or(options.hessian) {
        diagnostics.error_at(
            span,
            "only a function that returns a number has a Hessian",
            "for a function that is called by those write `order = 2` instead",
        );
        return;
    }
    if let Some(span) = options.hessian {
        check_parameters(primal, "Hessian", span, diagnostics);
    }
}

/// Matrices of derivatives are for functions of values, which they do not change. Tells whether this is one.
fn check_parameters(primal: &Function, matrix: &str, span: Span, diagnostics: &mut Diagnostics) -> bool {
    let function = |param: &&Param| param.function;
    let changed = |param: &&Param| param.differentiated && param.passing == Passing::Mut;
    if let Some(param) = primal.params.iter().find(changed) {
        let message = format!("a {matrix} is a matrix for a function that changes none of its arguments");
        let help =
            format!("take `&` instead of `&mut`, and return what is new, or leave `{}` out", matrix.to_lowercase());
        diagnostics.error_at(primal[param.var].span, message, &help);
    } else if let Some(param) = primal.params.iter().find(function) {
        let message = format!("a {matrix} is a matrix for a function that takes no functions");
        let help = "write a function that calls this one with a function by its name, and ask for its matrix";
        diagnostics.error_at(primal[param.var].span, message, help);
    } else if !primal.params.iter().any(|param| param.differentiated) {
        let message = format!("a {matrix} is a matrix for a function of something with a derivative");
        diagnostics.error_at(span, message, "leave this option out");
    } else {
        return true;
    }
    false
}

/// The function takes functions, and nobody asks for its own Hessian: it is differentiated twice where it is called.
pub(super) fn is_for_callers(primal: &Function, options: &Options) -> bool {
    let asked = options.hvp.or(options.hessian).or(options.sparse).is_some();
    !asked && primal.params.iter().any(|param| param.function)
}

/// Reports a Jacobian that is asked for and is no matrix.
pub(super) fn check_jacobian(primal: &Function, options: &Options, diagnostics: &mut Diagnostics) {
    // What is sparse of a function that returns a number is its Hessian.
    let sparse = options.sparse.filter(|_| !matches!(primal.result, Type::Float(_)));
    let Some(span) = options.jacobian.or(sparse) else { return };
    if !check_parameters(primal, "Jacobian", span, diagnostics) {
        return;
    }
    match &primal.result {
        Type::Option(_) | Type::Result(..) => diagnostics.error_at(
            span,
            "a Jacobian is a matrix for a function that does not fail",
            "write a function for the value alone, and ask for its Jacobian",
        ),
        result if !types::may_carry_derivative(result) => diagnostics.error_at(
            span,
            "a Jacobian is a matrix for a function that returns numbers",
            "return a number, a list of numbers, a tuple, an array of `ndarray` or a struct of them",
        ),
        _ => {}
    }
}

/// Every early exit gives the tangent alone.
fn take_tangent(function: &mut Function, block: &mut Block) {
    for mut stmt in std::mem::take(&mut block.stmts) {
        walk::blocks_mut(&mut stmt).into_iter().for_each(|inner| take_tangent(function, inner));
        match &mut stmt {
            Stmt::Return { value: Some(value) } => *value = tangent_of(function, value, &mut block.stmts),
            // Without the value nothing asks for its error.
            Stmt::Let { op: Op::Opaque(opaque), .. } if opaque.is_failure() => opaque.pure = true,
            _ => {}
        }
        block.stmts.push(stmt);
    }
}

/// The second part of a pair.
fn tangent_of(function: &mut Function, pair: &Operand, out: &mut Vec<Stmt>) -> Operand {
    let Operand::Var(pair) = pair else { return pair.clone() };
    let made = out.iter().find_map(|stmt| match stmt {
        Stmt::Let { var, op: Op::Aggregate(_, items) } if var == pair => items.get(1).cloned(),
        _ => None,
    });
    made.unwrap_or_else(|| {
        let ty = function.result.clone();
        let op = types::part(*pair, 1, &ty);
        let dot = function.fresh("value_dot", ty, Storage::Value, Origin::Derived);
        out.push(Stmt::Let { var: dot, op });
        Operand::Var(dot)
    })
}

/// Brings statements that only forward mode produces into the form that functions have.
struct Lower<'a> {
    function: &'a mut Function,
    root: TokenStream,
    nearby: Option<Nearby>,
    diagnostics: &'a mut Diagnostics,
}

impl Lower<'_> {
    fn block(&mut self, block: &mut Block) {
        for mut stmt in std::mem::take(&mut block.stmts) {
            walk::blocks_mut(&mut stmt).into_iter().for_each(|inner| self.block(inner));
            match stmt {
                Stmt::CallJvp { dest, dot, callee, args, dots } => {
                    block.stmts.extend(self.call(dest, dot, callee, args, dots));
                }
                Stmt::Let { var, op: Op::Helper { name, args } } => {
                    let op = self.helper(name, args);
                    block.stmts.push(Stmt::Let { var, op });
                }
                Stmt::Eval(Op::Helper { name: "fill_zero", args }) => {
                    if let [Arg::Mut(place)] = args.as_slice() {
                        let ty = self.function.place_type(place);
                        let zero = self.function.fresh("zero", ty, Storage::Value, Origin::Derived);
                        block.stmts.push(Stmt::Let { var: zero, op: Op::ZeroOf(place.clone()) });
                        block.stmts.push(Stmt::Assign { place: place.clone(), value: Operand::Var(zero) });
                    }
                }
                other => block.stmts.push(other),
            }
        }
    }

    /// The call of a forward derivative is a call like any other, whose result is a pair.
    fn call(
        &mut self,
        dest: VarId,
        dot: VarId,
        mut callee: Callee,
        args: Vec<Arg>,
        dots: Vec<Option<Arg>>,
    ) -> [Stmt; 3] {
        if callee.kind == CalleeKind::Parameter {
            self.diagnostics.error_at(
                callee.span,
                "a function that takes functions has no Hessian of its own",
                "write `order = 2` instead: it is differentiated twice where a function of its module calls it",
            );
        } else if !callee.functions.is_empty() {
            self.diagnostics.error_at(
                callee.span,
                "second derivatives do not pass through functions that are given to functions of other modules",
                "move the function that takes it into this module, or call it by its name",
            );
        }
        let hook = callee.kind == CalleeKind::Function && ["grad_hook", "differentiable_hook"].contains(&&*callee.name);
        if hook && callee.name == "grad_hook" {
            self.diagnostics.error_at(
                callee.span,
                "second derivatives are those of what a hook makes of the first ones, and this hook has no derivative",
                "write it as a function, `grad_hook(x, clip)` with `#[differentiable] fn clip(g: f64) -> f64`",
            );
        } else if hook && callee.order > 0 {
            self.diagnostics.error_at(
                callee.span,
                "third derivatives do not pass through a hook",
                "leave it out in the function whose third derivatives are asked for",
            );
        }
        if let Some(function) = callee.derivative_of().filter(|_| callee.order > 0 || callee.name == "hvp") {
            let (function, name) = (function.to_token_stream(), &callee.name);
            let which = if name == "hvp" { "second" } else { "third" };
            self.diagnostics.error_at(
                callee.span,
                format!("`{function}::{name}` has no {which} derivatives"),
                &format!("write what `{function}::{name}` computes in place of the call"),
            );
        }
        if callee.order > 0 && self.is_of_networks(&callee) {
            self.diagnostics.error_at(
                callee.span,
                format!("`{}` has derivatives up to the second order", callee.name),
                "ask for `order = 2`, or write what it computes with operations of numbers and arrays",
            );
        }
        callee.order += 1;
        let given = |dot: Option<Arg>| dot.unwrap_or_else(|| Arg::Value(Operand::Const(Const::none())));
        let args = args.into_iter().chain(dots.into_iter().map(given)).collect();
        let ty = Type::Tuple(vec![self.function[dest].ty.clone(), self.function[dot].ty.clone()]);
        let pair = self.function.fresh("pair", ty, Storage::Value, Origin::Derived);
        let call = Stmt::Let { var: pair, op: Op::Call(callee, args) };
        let part = |var: VarId, index| Stmt::Let { var, op: types::part(pair, index, &self.function[var].ty) };
        [call, part(dest, 0), part(dot, 1)]
    }

    /// The function is one of `nn`: `nn::relu`, or `relu` behind an import.
    fn is_of_networks(&self, callee: &Callee) -> bool {
        let Ok(path) = syn::parse2::<syn::Path>(callee.path.clone()) else { return false };
        let imported = || {
            let (_, named) = self.nearby.as_ref().map(|nearby| nearby.origins(&callee.name)).unwrap_or_default();
            named.iter().any(|path| path.len() > 1 && path[path.len() - 2] == "nn")
        };
        match path.segments.iter().rev().nth(1) {
            Some(module) => module.ident == "nn" && callee.kind == CalleeKind::Function,
            None => imported(),
        }
    }

    /// A function of the runtime in a derivative: an operation with a row, or one that carries no derivative.
    fn helper(&mut self, name: &'static str, args: Vec<Arg>) -> Op {
        const WITHOUT: [&str; 10] = [
            "Constant",
            "check_broadcast",
            "check_positions",
            "discrete",
            "len",
            "position",
            "stop_gradient",
            "truth",
            "with_capacity",
            "zeros_like",
        ];
        let scalar = rules::scalar::row(name).or_else(|| rules::scalar::helper(name));
        let row = scalar.or_else(|| rules::tensor::row(name)).or_else(|| rules::tensor::helper(name));
        if let Some(row) = row {
            let (root, ident) = (&self.root, Ident::new(name, Span::call_site()));
            let path = Some(quote!(#root::rt::#ident));
            return Op::Intrinsic(Intrinsic { row, args, path, span: Span::call_site() });
        }
        if !WITHOUT.contains(&name) && !CARRIES.contains(&name) {
            self.diagnostics.error_at(
                Span::call_site(),
                format!("the second derivative of this function needs that of the runtime's `{name}`, which has none"),
                "leave out `hvp` and `hessian`",
            );
        }
        Op::Helper { name, args }
    }
}

/// Functions of the runtime to which the transforms apply rules of their own.
const CARRIES: [&str; 2] = ["tangent_of", "cast_tangent"];
