//! The last step: operators and float methods whose operands' type stays unknown go through the runtime's traits.
//!
//! Rust knows the type; the macro does not, and the reverse sweep of `a * b` is a different one for floats and for
//! arrays. So the operation becomes a call of a function of the runtime that has a companion.

use crate::analysis::types::{self, strip_refs};
use crate::ir::literals;
use crate::ir::walk;
use crate::ir::{
    Arg, BinOp, Block, Callee, CalleeKind, Function, Intrinsic, Op, Operand, Origin, Place, Proj, Stmt, Storage, Type,
    UnOp, VarId,
};
use crate::rules::Derivative;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use std::collections::HashSet;

/// How the operators of a function were written, where the IR does not tell.
#[derive(Default)]
pub(super) struct Written {
    /// The values that compound assignments other than `+=` and `-=` assign.
    pub(super) compounds: HashSet<VarId>,
    /// The results of operators that were written as methods: `a.mul(b)`.
    pub(super) methods: HashSet<VarId>,
}

pub(super) fn rewrite(function: &mut Function, root: &TokenStream, written: &Written) {
    let mut body = std::mem::take(&mut function.body);
    Rewrite { function, root, written }.block(&mut body);
    function.body = body;
}

struct Rewrite<'a> {
    function: &'a mut Function,
    root: &'a TokenStream,
    written: &'a Written,
}

impl Rewrite<'_> {
    fn block(&mut self, block: &mut Block) {
        for mut stmt in std::mem::take(&mut block.stmts) {
            self.stmt(&mut stmt, &mut block.stmts);
            block.stmts.push(stmt);
        }
    }

    /// Rewrites a statement; what it needs is defined in `before`.
    fn stmt(&mut self, stmt: &mut Stmt, before: &mut Vec<Stmt>) {
        match stmt {
            Stmt::Let { var, op } => {
                let span = self.function[*var].span;
                self.op(*var, op, span, before);
            }
            Stmt::Accumulate { place, negative, value } if is_open(&self.function.place_type(place)) => {
                let op = if *negative { BinOp::Sub } else { BinOp::Add };
                *stmt = self.assignment(op, place.clone(), &value.clone(), before);
            }
            Stmt::Assign { place, value: Operand::Var(value) }
                if self.written.compounds.contains(value) && is_open(&self.function.place_type(place)) =>
            {
                let place = place.clone();
                if let Some((op, value)) = assigned(before) {
                    *stmt = self.assignment(op, place, &value, before);
                }
            }
            other => walk::blocks_mut(other).into_iter().for_each(|block| self.block(block)),
        }
    }

    /// `place op= value` as a call: what it does, only its own `impl` says.
    fn assignment(&mut self, op: BinOp, place: Place, value: &Operand, before: &mut Vec<Stmt>) -> Stmt {
        let span = match value {
            Operand::Var(value) => self.function[*value].span,
            Operand::Const(_) => self.function[place.root].span,
        };
        let name = match op {
            BinOp::Add => "add_assign",
            BinOp::Sub => "sub_assign",
            BinOp::Mul => "mul_assign",
            BinOp::Div => "div_assign",
            _ => "rem_assign",
        };
        let value = argument(self.function, value, before);
        Stmt::Eval(Op::Call(callee(self.root, "ops", name, span), vec![Arg::Mut(place), value]))
    }

    fn op(&mut self, dest: VarId, op: &mut Op, span: Span, before: &mut Vec<Stmt>) {
        let (function, root) = (&mut *self.function, self.root);
        match op {
            // What is still unknown where the types are settled may be an array.
            Op::Read(place) | Op::Move(place) => {
                let ty = function.place_type(place);
                let place = place.clone();
                // What lies behind a shared reference cannot be moved.
                let shared = matches!(function[place.root].ty, Type::Ref { mutable: false, .. });
                *op = match types::is_moved(&ty) {
                    true if shared && !place.path.is_empty() => Op::CloneOf(place),
                    true => Op::Move(place),
                    false => Op::Read(place),
                };
            }
            Op::CloneOf(place) if types::is_copy(&function.place_type(place)) => *op = Op::Read(place.clone()),
            Op::Binary(..) | Op::Unary(UnOp::Neg, _) if self.written.methods.contains(&dest) => {
                *op = written_as_method(function, op, span, before);
            }
            Op::Binary(binary, left, right) => {
                let Some((_, name)) = binary.arithmetic() else { return };
                let open = is_unknown(function, left) || is_unknown(function, right);
                let compound = self.written.compounds.contains(&dest) && is_unknown(function, left);
                if !open || compound || matches!(function[dest].ty, Type::Int(_) | Type::Bool) {
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
                if let Some(call) = open_method(function, intrinsic, before) {
                    *op = call;
                }
            }
            _ => {}
        }
    }
}

/// The call of a method that has a rule for numbers or arrays, where nothing tells that the receiver is one of these: the
/// receiver's own type says what the method is.
fn open_method(function: &mut Function, intrinsic: &mut Intrinsic, before: &mut Vec<Stmt>) -> Option<Op> {
    let name = intrinsic.row.name;
    let first = intrinsic.args.first()?;
    let of_arrays = matches!(name, "dot" | "sum" | "t");
    let elementary = matches!(intrinsic.row.derivative, Derivative::Partials(_));
    if !(of_arrays || elementary) || intrinsic.path.is_some() {
        return None;
    }
    if !is_open(&arg_type(function, first)) {
        read_numbers(function, intrinsic, before);
        return None;
    }
    let mut args: Vec<Arg> = intrinsic.args.iter().map(|arg| as_written(function, arg)).collect();
    if let Arg::Value(receiver) = &args[0] {
        args[0] = argument(function, &receiver.clone(), before);
    }
    Some(Op::Call(method_callee(name, intrinsic.span), args))
}

/// An operator that was written as a method: of a number it is the operator; otherwise the receiver's own type says what it
/// is.
fn written_as_method(function: &mut Function, op: &Op, span: Span, before: &mut Vec<Stmt>) -> Op {
    let (name, receiver, arg) = match op {
        Op::Binary(binary, left, right) => (binary.arithmetic().map_or("", |(_, name)| name), left, Some(right)),
        Op::Unary(_, operand) => ("neg", operand, None),
        other => return other.clone(),
    };
    if !is_unknown(function, receiver) {
        if let Some(number) = literals::float_name(strip_refs(&function.type_of(receiver))) {
            before.push(Stmt::Eval(Op::Opaque(super::operators::method_check(name, &number, span))));
        }
        return op.clone();
    }
    let mut args = vec![argument(function, receiver, before)];
    args.extend(arg.map(|arg| as_written(function, &Arg::Value(arg.clone()))));
    Op::Call(method_callee(name, span), args)
}

fn method_callee(name: &str, span: Span) -> Callee {
    let (kind, path) = (CalleeKind::Method, Ident::new(name, span).into_token_stream());
    Callee { kind, path, ..callee(&TokenStream::new(), "methods", name, span) }
}

/// A number that a method was given by reference, since its receiver might have been no number.
fn read_numbers(function: &mut Function, intrinsic: &mut Intrinsic, before: &mut Vec<Stmt>) {
    if !matches!(intrinsic.row.derivative, Derivative::Partials(_)) {
        return;
    }
    for arg in &mut intrinsic.args {
        let Arg::Shared(place) = arg else { continue };
        let number = function.fresh("number", function.place_type(place), Storage::Value, Origin::Temp);
        before.push(Stmt::Let { var: number, op: Op::Read(place.clone()) });
        *arg = Arg::Value(Operand::Var(number));
    }
}

fn arg_type(function: &Function, arg: &Arg) -> Type {
    match arg {
        Arg::Value(operand) => function.type_of(operand),
        Arg::Shared(place) | Arg::Mut(place) => function.place_type(place),
    }
}

/// A variable that is a reference is what the user's method was given by reference.
fn as_written(function: &Function, arg: &Arg) -> Arg {
    match arg {
        Arg::Value(Operand::Var(var)) if function.is_ref(*var) => {
            Arg::Shared(Place { root: *var, path: vec![Proj::Deref] })
        }
        other => other.clone(),
    }
}

/// Takes back what a compound assignment was lowered to, before the assignment itself: the read of the old content and
/// the operator.
fn assigned(before: &mut Vec<Stmt>) -> Option<(BinOp, Operand)> {
    let Some(Stmt::Let { op: Op::Binary(op, _, value), .. }) = before.last() else { return None };
    let assigned = op.arithmetic().map(|_| (*op, value.clone()))?;
    before.truncate(before.len() - 2);
    Some(assigned)
}

fn is_open(ty: &Type) -> bool {
    matches!(strip_refs(ty), Type::Unknown | Type::Named(_))
}

fn is_unknown(function: &Function, operand: &Operand) -> bool {
    is_open(&function.type_of(operand))
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
        kind: CalleeKind::Function,
        path: respanned(quote!(#root::rt::#module::#function), span),
        generics: None,
        name: name.to_string(),
        span,
        recursive: false,
        functions: Vec::new(),
        again: Vec::new(),
        order: 0,
        companion: None,
    }
}

/// What rustc says about the call stands at the user's operator.
pub(super) fn respanned(tokens: TokenStream, span: Span) -> TokenStream {
    let place = |mut tree: TokenTree| {
        tree.set_span(span);
        tree
    };
    tokens.into_iter().map(place).collect()
}
