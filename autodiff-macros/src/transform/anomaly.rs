//! Checks that stop at the first value or cotangent that is not a finite number, and say where it was computed.

use proc_macro2::{Literal, Span, TokenStream};
use quote::quote;

use crate::analysis::types;
use crate::ir::walk;
use crate::ir::{
    Arg, BinOp, Block, Const, Float, Function, Op, Operand, Origin, Place, Proj, Stmt, Type, UnOp, Var, VarId,
};

/// Where something is computed: the arguments of a check that tell it.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    operation: String,
    variable: String,
    span: Span,
}

/// Puts a check behind every operation that gives a number.
pub(crate) fn insert(function: &mut Function) {
    let mut body = std::mem::take(&mut function.body);
    block(function, &mut body);
    let inputs = function.params.iter().filter(|param| is_checked(&function[param.var].ty));
    let sites = inputs.map(|param| {
        let Var { name, span, .. } = &function[param.var];
        (param.var, Site { operation: String::new(), variable: name.clone(), span: *span })
    });
    let checks: Vec<Stmt> = sites.map(|(var, site)| site.check("check_value", content(function, var))).collect();
    body.stmts.splice(0..0, checks);
    function.body = body;
}

fn block(function: &Function, block: &mut Block) {
    for mut stmt in std::mem::take(&mut block.stmts) {
        // The body of an element-wise statement is one expression for each element: what it gives is checked.
        if !matches!(stmt, Stmt::Map { .. }) {
            walk::blocks_mut(&mut stmt).into_iter().for_each(|inner| self::block(function, inner));
        }
        let check = changed(function, &stmt).filter(|place| is_checked(&function.place_type(place)));
        let check = check.zip(site(function, &stmt));
        block.stmts.push(stmt);
        block.stmts.extend(check.map(|(place, site)| site.check("check_value", place)));
    }
}

/// What a variable, or the reference that it is, holds.
pub(crate) fn content(function: &Function, var: VarId) -> Place {
    let path = if function.is_ref(var) { vec![Proj::Deref] } else { Vec::new() };
    Place { root: var, path }
}

/// The place that an operation gives its result to. What is assigned has been looked at as the result of an operation, but
/// sums may overflow.
fn changed(function: &Function, stmt: &Stmt) -> Option<Place> {
    match stmt {
        Stmt::Let { var, .. } => Some(content(function, *var)),
        Stmt::Map { dest, .. } => Some(content(function, *dest)),
        Stmt::Accumulate { place, .. } | Stmt::AccumulateInto { place, .. } => Some(place.clone()),
        _ => None,
    }
}

/// Where a statement computes something.
pub(crate) fn site(function: &Function, stmt: &Stmt) -> Option<Site> {
    let (var, operation, span) = match stmt {
        Stmt::Let { var, op } => {
            let (operation, span) = operation(op)?;
            (*var, operation, span.unwrap_or(function[*var].source))
        }
        Stmt::Map { dest, .. } => (*dest, "an elementwise operation".to_owned(), function[*dest].source),
        Stmt::Accumulate { place, negative, value } => {
            let operation = if *negative { "`-=`" } else { "`+=`" };
            (place.root, operation.to_owned(), added(function, place, value))
        }
        Stmt::AccumulateInto { place, value } => (place.root, "`+=`".to_owned(), added(function, place, value)),
        _ => return None,
    };
    Some(Site { operation, variable: function[var].name.clone(), span })
}

/// Where something is added: at the expression for it, or at the variable that it is added to.
fn added(function: &Function, place: &Place, value: &Operand) -> Span {
    let expression = Function::var_of(value).filter(|value| function[*value].origin == Origin::Temp);
    expression.map_or(function[place.root].span, |value| function[value].source)
}

/// What an operation is called where it is reported.
fn operation(op: &Op) -> Option<(String, Option<Span>)> {
    Some(match op {
        Op::Unary(UnOp::Neg, _) => ("`-`".to_owned(), None),
        Op::Binary(op, _, _) if !matches!(op, BinOp::And | BinOp::Or) => (format!("`{}`", op.symbol()), None),
        Op::Cast(..) => ("`as`".to_owned(), None),
        Op::Intrinsic(intrinsic) => (format!("`.{}()`", intrinsic.row.name), Some(intrinsic.span)),
        Op::Call(callee, _) => (format!("`{}(..)`", callee.name), Some(callee.span)),
        Op::Helper { name, .. } => (format!("`{name}`"), None),
        _ => return None,
    })
}

/// The types whose numbers a check can look at. What a type parameter stands for is not known.
pub(crate) fn is_checked(ty: &Type) -> bool {
    holds_numbers(types::strip_refs(ty))
}

fn holds_numbers(ty: &Type) -> bool {
    match ty {
        Type::Float(Float::F32 | Float::F64) => true,
        Type::Array(item, _) | Type::Slice(item) | Type::Vec(item) | Type::Deque(item) => holds_numbers(item),
        Type::Tensor(tensor) => holds_numbers(&tensor.elem),
        _ => false,
    }
}

impl Site {
    /// `rt::check_value(&place, "`.sqrt()`", "y", file!(), line, column)`
    pub(crate) fn check(&self, name: &'static str, place: Place) -> Stmt {
        let start = self.span.start();
        let (operation, variable) = (Literal::string(&self.operation), Literal::string(&self.variable));
        let (line, column) = (Literal::usize_unsuffixed(start.line), Literal::usize_unsuffixed(start.column + 1));
        let told = [quote!(#operation), quote!(#variable), quote!(::core::file!()), quote!(#line), quote!(#column)];
        let argument = |tokens: TokenStream| Arg::Value(Operand::Const(Const { tokens, ty: Type::Inactive }));
        let args = [Arg::Shared(place)].into_iter().chain(told.into_iter().map(argument)).collect();
        Stmt::Eval(Op::Helper { name, args })
    }
}
