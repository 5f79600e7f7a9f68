//! Which functions are made of nothing but plain statements.

use proc_macro2::{TokenStream, TokenTree};

use crate::ir::walk;
use crate::ir::{AggregateKind, Arg, Block, Function, Iter, Op, Operand, Place, Proj, Stmt, Type, Var};

/// Whether a function is made of nothing but plain statements, which mean the same between variables of these names.
pub(super) fn is_plain(source: &Function, others: &[Var]) -> bool {
    let known = |ty: &Type| matches!(ty, Type::Float(_) | Type::Int(Some(_)) | Type::Bool | Type::Unit);
    let result = match &source.result {
        Type::Tuple(items) => items.iter().all(known),
        Type::Array(item, _) | Type::Vec(item) => known(item),
        ty => known(ty),
    };
    let simple = source.closures.is_empty() && source.checkpoints.is_empty();
    simple
        && result
        && source.params.iter().all(|param| !param.function)
        && Plain { source, others }.block(&source.body)
}

struct Plain<'a> {
    source: &'a Function,
    others: &'a [Var],
}

impl Plain<'_> {
    fn block(&self, block: &Block) -> bool {
        block.stmts.iter().all(|stmt| self.stmt(stmt)) && block.result.iter().all(|result| self.operand(result))
    }

    fn stmt(&self, stmt: &Stmt) -> bool {
        let own = match stmt {
            Stmt::Let { var: _, op } => self.op(op),
            Stmt::Eval(op) => matches!(op, Op::Call(..)) && self.op(op),
            Stmt::Declare { var: _, init } => init.iter().all(|init| self.operand(init)),
            Stmt::Assign { place, value } | Stmt::Accumulate { place, value, negative: _ } => {
                self.place(place) && self.operand(value)
            }
            Stmt::If { cond, .. } => self.operand(cond),
            Stmt::For { iter, .. } => self.iter(iter),
            Stmt::Comment(_) => true,
            Stmt::AccumulateInto { .. }
            | Stmt::Match { .. }
            | Stmt::While { .. }
            | Stmt::Loop { .. }
            | Stmt::Scope { .. }
            | Stmt::Break { .. }
            | Stmt::Continue { .. }
            | Stmt::Return { .. }
            | Stmt::Map { .. }
            | Stmt::ForEach { .. }
            | Stmt::Push { .. }
            | Stmt::CallVjp { .. }
            | Stmt::Pull { .. }
            | Stmt::CallJvp { .. } => false,
        };
        own && walk::blocks(stmt).into_iter().all(|inner| self.block(inner))
    }

    fn op(&self, op: &Op) -> bool {
        match op {
            Op::Use(value) | Op::Unary(_, value) | Op::Cast(value, _) => self.operand(value),
            Op::Read(place) => self.place(place),
            Op::Binary(_, left, right) => self.operand(left) && self.operand(right),
            Op::Intrinsic(intrinsic) => intrinsic.args.iter().all(|arg| self.arg(arg)),
            Op::Call(callee, args) => {
                !callee.recursive && callee.functions.is_empty() && args.iter().all(|arg| self.arg(arg))
            }
            Op::Aggregate(kind, items) => {
                matches!(kind, AggregateKind::Tuple | AggregateKind::Array)
                    && items.iter().all(|item| self.operand(item))
            }
            // Its tokens name nothing but the list.
            Op::Opaque(opaque) => opaque.list().is_some(),
            Op::Repeat { vec, item, len } => *vec && self.operand(item) && self.operand(len),
            Op::Move(place) => place.path.is_empty(),
            Op::Helper { name: _, args } => args.iter().all(|arg| !matches!(arg, Arg::Mut(_)) && self.arg(arg)),
            Op::Borrow(_)
            | Op::CloneOf(_)
            | Op::Edit(_)
            | Op::ZeroOf(_)
            | Op::NewTape
            | Op::Rewind(_)
            | Op::Pop(_)
            | Op::TakeCotangent(_) => false,
        }
    }

    fn iter(&self, iter: &Iter) -> bool {
        match iter {
            Iter::Range { lo, hi, .. } => self.operand(lo) && self.operand(hi),
            Iter::From { lo, .. } => self.operand(lo),
            Iter::Elements { of, .. } => self.place(of),
            Iter::Enumerate { inner, .. } | Iter::Rev(inner) => self.iter(inner),
            Iter::Zip(left, right) => self.iter(left) && self.iter(right),
            Iter::StepBy(inner, count) | Iter::Skip(inner, count) | Iter::Take(inner, count) => {
                self.iter(inner) && self.operand(count)
            }
            Iter::Opaque { .. } => false,
        }
    }

    fn arg(&self, arg: &Arg) -> bool {
        match arg {
            Arg::Value(value) => self.operand(value),
            Arg::Shared(place) | Arg::Mut(place) => self.place(place),
        }
    }

    fn place(&self, place: &Place) -> bool {
        let operands = |step: &Proj| match step {
            Proj::Deref | Proj::Field(_) => true,
            Proj::Index(index) => self.operand(index),
            Proj::Range { lo, hi, inclusive: _ } => lo.iter().chain(hi).all(|bound| self.operand(bound)),
            Proj::Payload(_) | Proj::Part(_) | Proj::IndexNd(_) => false,
        };
        place.path.iter().all(operands)
    }

    /// A constant that is named means the same where no variable has the name.
    fn operand(&self, operand: &Operand) -> bool {
        match operand {
            Operand::Var(var) => !matches!(self.source[*var].ty, Type::Unknown),
            Operand::Const(constant) => !self.is_hidden(&constant.tokens),
        }
    }

    fn is_hidden(&self, tokens: &TokenStream) -> bool {
        tokens.clone().into_iter().any(|tree| match tree {
            TokenTree::Ident(ident) => self.others.iter().any(|var| ident == var.name.as_str()),
            TokenTree::Group(group) => self.is_hidden(&group.stream()),
            TokenTree::Punct(_) | TokenTree::Literal(_) => false,
        })
    }
}
