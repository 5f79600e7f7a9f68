//! The last step: operators and float methods whose operands' type stays unknown go through the runtime's traits.
//!
//! Rust knows the type; the macro does not, and the reverse sweep of `a * b` is a different one for floats and for
//! arrays. So the operation becomes a call of a function of the runtime that has a companion.

use crate::analysis::types::{self, strip_refs};
use crate::ir::{
    Arg, Arm, BinOp, Block, Callee, Function, Op, Operand, Origin, Place, Stmt, Storage, Type, UnOp, VarId,
};
use crate::options::Options;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};

/// The path of the facade crate.
pub(super) fn root(options: &Options) -> TokenStream {
    match &options.krate {
        Some(path) => path.to_token_stream(),
        None => quote!(::differentiable),
    }
}

pub(super) fn rewrite(function: &mut Function, root: &TokenStream) {
    let mut body = std::mem::take(&mut function.body);
    block(function, root, &mut body);
    function.body = body;
}

fn block(function: &mut Function, root: &TokenStream, block: &mut Block) {
    for mut stmt in std::mem::take(&mut block.stmts) {
        self::stmt(function, root, &mut stmt, &mut block.stmts);
        block.stmts.push(stmt);
    }
}

/// Rewrites a statement; what it needs is defined in `before`.
fn stmt(function: &mut Function, root: &TokenStream, stmt: &mut Stmt, before: &mut Vec<Stmt>) {
    match stmt {
        Stmt::Let { var, op } => {
            let span = function[*var].span;
            op_of(function, root, *var, op, span, before);
        }
        Stmt::If { then, els, .. } => {
            block(function, root, then);
            block(function, root, els);
        }
        Stmt::Match { arms, .. } => {
            for Arm { guard, body, .. } in arms {
                if let Some(guard) = guard {
                    block(function, root, guard);
                }
                block(function, root, body);
            }
        }
        Stmt::While { header, body, .. } => {
            block(function, root, header);
            block(function, root, body);
        }
        Stmt::For { body, .. }
        | Stmt::Loop { body, .. }
        | Stmt::Scope { body, .. }
        | Stmt::Map { body, .. }
        | Stmt::ForEach { body, .. } => block(function, root, body),
        Stmt::Declare { .. }
        | Stmt::Assign { .. }
        | Stmt::Accumulate { .. }
        | Stmt::Eval(_)
        | Stmt::Break { .. }
        | Stmt::Continue { .. }
        | Stmt::Return { .. }
        | Stmt::Push { .. }
        | Stmt::CallVjp { .. }
        | Stmt::Pull { .. }
        | Stmt::CallJvp { .. }
        | Stmt::AccumulateInto { .. }
        | Stmt::Comment(_) => {}
    }
}

fn op_of(function: &mut Function, root: &TokenStream, dest: VarId, op: &mut Op, span: Span, before: &mut Vec<Stmt>) {
    match op {
        // What is still unknown where the types are settled may be an array.
        Op::Read(place) | Op::Move(place) => {
            let ty = function.place_type(place);
            let place = place.clone();
            *op = if types::is_moved(&ty) { Op::Move(place) } else { Op::Read(place) };
        }
        Op::Binary(binary, left, right) => {
            let Some(name) = function_name(*binary) else { return };
            if !(is_unknown(function, left) || is_unknown(function, right)) || !is_open(function, dest) {
                return;
            }
            let (left, right) = (argument(function, left, before), argument(function, right, before));
            *op = Op::Call(callee(root, "ops", name, span), vec![left, right]);
        }
        Op::Unary(UnOp::Neg, operand) if is_unknown(function, operand) => {
            let operand = argument(function, operand, before);
            *op = Op::Call(callee(root, "ops", "neg", span), vec![operand]);
        }
        Op::Intrinsic(intrinsic) => {
            let Some(Arg::Value(receiver)) = intrinsic.args.first() else { return };
            let elementary = matches!(intrinsic.row.derivative, crate::rules::Derivative::Partials(_));
            if !elementary || !is_unknown(function, receiver) {
                return;
            }
            let by_reference = |arg: &Arg| match arg {
                Arg::Value(operand) => argument(function, operand, before),
                Arg::Shared(_) | Arg::Mut(_) => arg.clone(),
            };
            let args = intrinsic.args.iter().map(by_reference).collect();
            *op = Op::Call(callee(root, "methods", intrinsic.row.name, intrinsic.span), args);
        }
        _ => {}
    }
}

fn is_unknown(function: &Function, operand: &Operand) -> bool {
    matches!(strip_refs(&function.type_of(operand)), Type::Unknown | Type::Named(_))
}

fn is_open(function: &Function, dest: VarId) -> bool {
    !matches!(function[dest].ty, Type::Int(_) | Type::Bool)
}

/// The operand by reference; a constant gets a variable that can be referred to.
fn argument(function: &mut Function, operand: &Operand, before: &mut Vec<Stmt>) -> Arg {
    let var = match operand {
        Operand::Var(var) => *var,
        Operand::Const(constant) => {
            let var = function.fresh("constant", constant.ty.clone(), Storage::Value, Origin::Temp);
            before.push(Stmt::Let { var, op: Op::Use(operand.clone()) });
            var
        }
    };
    Arg::Shared(Place::var(var))
}

fn callee(root: &TokenStream, module: &str, name: &str, span: Span) -> Callee {
    let (module, function) = (Ident::new(module, span), Ident::new(name, span));
    Callee {
        kind: crate::ir::CalleeKind::Function,
        path: quote!(#root::rt::#module::#function),
        generics: None,
        name: name.to_string(),
        span,
        recursive: false,
    }
}

fn function_name(op: BinOp) -> Option<&'static str> {
    match op {
        BinOp::Add => Some("add"),
        BinOp::Sub => Some("sub"),
        BinOp::Mul => Some("mul"),
        BinOp::Div => Some("div"),
        BinOp::Rem => Some("rem"),
        BinOp::And
        | BinOp::Or
        | BinOp::BitAnd
        | BinOp::BitOr
        | BinOp::BitXor
        | BinOp::Shl
        | BinOp::Shr
        | BinOp::Eq
        | BinOp::Ne
        | BinOp::Lt
        | BinOp::Le
        | BinOp::Gt
        | BinOp::Ge => None,
    }
}
