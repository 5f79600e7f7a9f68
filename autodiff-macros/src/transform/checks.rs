//! Checks before operators between arrays, so that shapes that do not fit are reported with the operation.

use proc_macro2::Literal;
use quote::quote;

use crate::analysis::types;
use crate::ir::walk;
use crate::ir::{Arg, BinOp, Block, Const, Function, Op, Operand, Place, Stmt, Type, VarId};

/// Puts a check before every operator between two arrays.
pub(crate) fn insert(function: &mut Function) {
    let mut body = std::mem::take(&mut function.body);
    block(function, &mut body);
    function.body = body;
}

fn block(function: &Function, block: &mut Block) {
    for mut stmt in std::mem::take(&mut block.stmts) {
        walk::blocks_mut(&mut stmt).into_iter().for_each(|inner| self::block(function, inner));
        block.stmts.extend(check(function, &stmt));
        block.stmts.push(stmt);
    }
}

fn check(function: &Function, stmt: &Stmt) -> Option<Stmt> {
    let Stmt::Let { op: Op::Binary(op, Operand::Var(left), Operand::Var(right)), .. } = stmt else { return None };
    if !is_float_array(function, *left) || !is_float_array(function, *right) || left == right {
        return None;
    }
    if !matches!(op, BinOp::Add | BinOp::Sub | BinOp::Mul | BinOp::Div) {
        return None;
    }
    let text = Literal::string(&format!("{} {} {}", function[*left].name, op.symbol(), function[*right].name));
    let operation = Operand::Const(Const { tokens: quote!(#text), ty: Type::Inactive });
    let args = vec![Arg::Value(operation), Arg::Shared(Place::var(*left)), Arg::Shared(Place::var(*right))];
    Some(Stmt::Eval(Op::Helper { name: "check_broadcast", args }))
}

fn is_float_array(function: &Function, var: VarId) -> bool {
    match types::strip_refs(&function[var].ty) {
        Type::Tensor(tensor) => types::is_float(&tensor.elem),
        _ => false,
    }
}
