//! Operators and casts.

use super::env::{Lowered, Mutability};
use super::lowerer::{Lowerer, block_of, constant};
use super::place::strip_parens;
use crate::analysis::types;
use crate::ir::{BinOp, Float, Op, Operand, Origin, Stmt, Storage, Type, UnOp};
use crate::operator_types;
use crate::rules::Derivative;
use proc_macro2::Span;
use quote::{ToTokens, quote};
use syn::Expr;
use syn::spanned::Spanned;

impl Lowerer<'_> {
    pub(super) fn unary(&mut self, unary: &syn::ExprUnary, hint: Option<&Type>) -> Lowered {
        let span = unary.span();
        match unary.op {
            syn::UnOp::Deref(_) => self.deref(&unary.expr),
            syn::UnOp::Neg(_) => {
                if let Expr::Lit(literal) = strip_parens(&unary.expr) {
                    let literal = self.formula_literal(super::expr::literal_operand(&literal.lit));
                    let Operand::Const(literal) = literal else { unreachable!("a literal is a constant") };
                    let tokens = literal.tokens;
                    return Lowered::Operand(constant(quote!(-#tokens), literal.ty));
                }
                let operand = self.number(&unary.expr);
                let ty = types::strip_refs(&self.ty(&operand)).clone();
                let name = super::lowerer::joined("minus", &self.operand_name(&operand));
                Lowered::Operand(self.temp(&name, ty, Op::Unary(UnOp::Neg, operand), span))
            }
            syn::UnOp::Not(_) => {
                let lowered = self.value_as(&unary.expr, hint);
                let operand = self.numeric(lowered, unary.expr.span());
                let ty = types::strip_refs(&self.ty(&operand)).clone();
                Lowered::Operand(self.temp("not", ty, Op::Unary(UnOp::Not, operand), span))
            }
            _ => self.refuse(unary, "this operator is not supported", "write it with other operators"),
        }
    }

    pub(super) fn cast(&mut self, cast: &syn::ExprCast) -> Lowered {
        let ty = types::parse_type(&cast.ty);
        if matches!(*cast.ty, syn::Type::Ptr(_)) {
            return self.refuse(cast, "raw pointers cannot be differentiated", "use references and indices");
        }
        let mut operand = self.number(&cast.expr);
        if matches!((&ty, self.ty(&operand)), (Type::Int(_), Type::Named(_))) && !self.operand_is_constant(&operand) {
            // An enum without content; rustc sees to it that nothing is lost.
            let named = self.ty(&operand);
            let op = Op::Helper { name: "discrete", args: vec![crate::ir::Arg::Value(operand)] };
            operand = self.temp("discrete", named, op, cast.span());
        }
        let target = cast.ty.to_token_stream();
        let name = format!("{}_{}", self.operand_name(&operand), target.to_string().replace(' ', ""));
        let name = if name.len() > 14 || name.starts_with(|c: char| !c.is_alphabetic()) { "converted" } else { &name };
        if matches!(ty, Type::Float(Float::Named(_))) && !types::may_carry_derivative(&self.ty(&operand)) {
            return Lowered::Operand(self.opaque_parts(name, &[operand], ty, cast.span(), |parts| {
                let part = &parts[0];
                quote!(#part as #target)
            }));
        }
        Lowered::Operand(self.temp(name, ty, Op::Cast(operand, target), cast.span()))
    }

    pub(super) fn binary(&mut self, binary: &syn::ExprBinary) -> Lowered {
        let Some(op) = operator(&binary.op) else {
            return self.compound_assign(binary);
        };
        if matches!(op, BinOp::And | BinOp::Or) {
            return self.short_circuit(op, binary);
        }
        let checkpoint = self.checkpoint();
        let (mut left, mut right) = self.both(binary);
        let properties = [&binary.left, &binary.right].map(|side| is_property_call(side));
        if self.guessed.is_some() && properties != [false; 2] && self.is_misread(op, &left, &right) {
            self.rollback(&checkpoint);
            self.guessed = None;
            left = self.number_as(&binary.left, Some(&Type::FloatLiteral).filter(|_| properties[0]));
            right = self.number_as(&binary.right, Some(&Type::FloatLiteral).filter(|_| properties[1]));
        }
        let (left_ty, right_ty) = (self.ty(&left), self.ty(&right));
        let others = [&left_ty, &right_ty].into_iter().any(|ty| !arithmetic(types::strip_refs(ty)));
        if others && self.operand_is_constant(&left) && self.operand_is_constant(&right) {
            // Strings, durations, enums: compared and added as the user wrote it.
            self.rollback(&checkpoint);
            let ty = types::binary_type(op, &left_ty, &right_ty);
            if let Some(kept) = self.try_opaque(&binary, ty) {
                return Lowered::Operand(kept);
            }
            return self.binary_operands(op, binary);
        }
        if !matches!(op, BinOp::Shl | BinOp::Shr) && types::conflict(&left_ty, &right_ty) {
            return self.leave_to_rustc();
        }
        Lowered::Operand(self.binary_op(op, left, right, binary.span()))
    }

    fn both(&mut self, binary: &syn::ExprBinary) -> (Operand, Operand) {
        let left = self.number(&binary.left);
        (left, self.number(&binary.right))
    }

    fn number_as(&mut self, expr: &Expr, hint: Option<&Type>) -> Operand {
        let lowered = self.value_as(expr, hint);
        self.numeric(lowered, expr.span())
    }

    /// The operands do not fit, or what has no operators was taken for one: the shape of an array.
    fn is_misread(&self, op: BinOp, left: &Operand, right: &Operand) -> bool {
        let tys = [left, right].map(|operand| self.ty(operand));
        let shape = |ty: &Type| matches!(types::strip_refs(ty), Type::Slice(_) | Type::Tuple(_) | Type::Inactive);
        let compares = matches!(op, BinOp::Eq | BinOp::Ne);
        let literal = [left, right].into_iter().any(is_float_literal);
        types::conflict(&tys[0], &tys[1]) || literal || !compares && tys.iter().any(shape)
    }

    fn binary_operands(&mut self, op: BinOp, binary: &syn::ExprBinary) -> Lowered {
        let (left, right) = self.both(binary);
        Lowered::Operand(self.binary_op(op, left, right, binary.span()))
    }

    pub(super) fn binary_op(&mut self, op: BinOp, left: Operand, right: Operand, span: Span) -> Operand {
        let (left_ty, right_ty) = (self.ty(&left), self.ty(&right));
        let known = types::binary_type(op, &left_ty, &right_ty);
        let ty = match known {
            Type::Unknown => self.own_operator(op, &left_ty, &right_ty).unwrap_or(known),
            known => known,
        };
        self.temp(operator_name(op), ty, Op::Binary(op, left, right), span)
    }

    /// What an operator of the crate's own types gives.
    fn own_operator(&self, op: BinOp, left: &Type, right: &Type) -> Option<Type> {
        let itself = self.owner.and_then(|owner| owner.self_type.as_ref()).map(types::parse_type);
        let written = |ty: &Type| match (types::type_name(types::strip_refs(ty)), &itself) {
            (Some(name), Some(itself)) if name == "Self" => itself.clone(),
            (Some(name), _) if self.type_parameters.contains_key(&name) => Type::Unknown,
            _ => ty.clone(),
        };
        operator_types::result(self.site.as_ref()?, op, &written(left), &written(right))
    }

    /// `&&` and `||`: a branch, unless the right side may as well be evaluated eagerly.
    fn short_circuit(&mut self, op: BinOp, binary: &syn::ExprBinary) -> Lowered {
        let left = self.condition(&binary.left);
        let (stmts, right) = self.block(|this| this.condition(&binary.right));
        if stmts.iter().all(|stmt| self.is_harmless(stmt)) {
            self.append(stmts);
            return Lowered::Operand(self.binary_op(op, left, right, binary.span()));
        }
        let dest = self.fresh(operator_name(op), Type::Bool, Storage::Value, Origin::Temp, binary.span());
        let right = block_of(stmts, Some(right));
        let (then, els) = match op {
            BinOp::And => (right, block_of(Vec::new(), Some(constant(quote!(false), Type::Bool)))),
            _ => (block_of(Vec::new(), Some(constant(quote!(true), Type::Bool))), right),
        };
        self.emit(Stmt::If { dest: Some(dest), cond: left, then, els });
        Lowered::Operand(Operand::Var(dest))
    }

    /// The statement has no effect, cannot fail and costs little.
    fn is_harmless(&self, stmt: &Stmt) -> bool {
        let Stmt::Let { var, op } = stmt else { return false };
        let float_or_bool = matches!(self.function[*var].ty, Type::Bool | Type::Float(_) | Type::FloatLiteral);
        match op {
            Op::Use(_) | Op::Cast(..) => true,
            Op::Read(place) => {
                place.path.iter().all(|step| !matches!(step, crate::ir::Proj::Index(_) | crate::ir::Proj::IndexNd(_)))
            }
            Op::Unary(UnOp::Not, _) => true,
            Op::Unary(UnOp::Neg, _) => float_or_bool,
            Op::Binary(..) => float_or_bool,
            Op::Intrinsic(intrinsic) => {
                matches!(intrinsic.row.derivative, Derivative::Partials(_) | Derivative::Zero)
                    && intrinsic.row.name != "clamp"
            }
            Op::Opaque(opaque) => opaque.pure,
            Op::Move(_)
            | Op::Borrow(_)
            | Op::CloneOf(_)
            | Op::Call(..)
            | Op::Aggregate(..)
            | Op::Repeat { .. }
            | Op::Helper { .. }
            | Op::Edit(_)
            | Op::ZeroOf(_)
            | Op::NewTape
            | Op::Rewind(_)
            | Op::Pop(_)
            | Op::TakeCotangent(_) => false,
        }
    }

    /// `(a..b).contains(&x)`
    pub(super) fn range_contains(&mut self, range: &syn::ExprRange, item: &Expr, span: Span) -> Lowered {
        let item = match self.value(item) {
            Lowered::Ref(inner, Mutability::Shared) => *inner,
            other => other,
        };
        let item = self.numeric(item, span);
        let mut tests = Vec::new();
        if let Some(start) = &range.start {
            let start = self.number(start);
            tests.push(self.binary_op(BinOp::Ge, item.clone(), start, span));
        }
        if let Some(end) = &range.end {
            let end = self.number(end);
            let op = if matches!(range.limits, syn::RangeLimits::Closed(_)) { BinOp::Le } else { BinOp::Lt };
            tests.push(self.binary_op(op, item, end, span));
        }
        let both = tests.into_iter().reduce(|a, b| self.binary_op(BinOp::And, a, b, span));
        Lowered::Operand(both.unwrap_or_else(|| constant(quote!(true), Type::Bool)))
    }
}

/// `x.len()`
fn is_property_call(expr: &Expr) -> bool {
    matches!(strip_parens(expr), Expr::MethodCall(call) if super::tensor::is_property(&call.method.to_string()))
}

/// `0.5`
fn is_float_literal(operand: &Operand) -> bool {
    let Operand::Const(literal) = operand else { return false };
    matches!(syn::parse2(literal.tokens.clone()), Ok(syn::Lit::Float(_)))
}

fn arithmetic(ty: &Type) -> bool {
    matches!(ty, Type::Float(_) | Type::FloatLiteral | Type::Int(_) | Type::Bool | Type::Tensor(_) | Type::Unknown)
}

/// The operator, unless it is an assignment.
pub(super) fn operator(op: &syn::BinOp) -> Option<BinOp> {
    Some(match op {
        syn::BinOp::Add(_) => BinOp::Add,
        syn::BinOp::Sub(_) => BinOp::Sub,
        syn::BinOp::Mul(_) => BinOp::Mul,
        syn::BinOp::Div(_) => BinOp::Div,
        syn::BinOp::Rem(_) => BinOp::Rem,
        syn::BinOp::And(_) => BinOp::And,
        syn::BinOp::Or(_) => BinOp::Or,
        syn::BinOp::BitXor(_) => BinOp::BitXor,
        syn::BinOp::BitAnd(_) => BinOp::BitAnd,
        syn::BinOp::BitOr(_) => BinOp::BitOr,
        syn::BinOp::Shl(_) => BinOp::Shl,
        syn::BinOp::Shr(_) => BinOp::Shr,
        syn::BinOp::Eq(_) => BinOp::Eq,
        syn::BinOp::Lt(_) => BinOp::Lt,
        syn::BinOp::Le(_) => BinOp::Le,
        syn::BinOp::Ne(_) => BinOp::Ne,
        syn::BinOp::Ge(_) => BinOp::Ge,
        syn::BinOp::Gt(_) => BinOp::Gt,
        _ => return None,
    })
}

/// The operator that a compound assignment applies.
pub(super) fn assigned_operator(op: &syn::BinOp) -> Option<BinOp> {
    Some(match op {
        syn::BinOp::AddAssign(_) => BinOp::Add,
        syn::BinOp::SubAssign(_) => BinOp::Sub,
        syn::BinOp::MulAssign(_) => BinOp::Mul,
        syn::BinOp::DivAssign(_) => BinOp::Div,
        syn::BinOp::RemAssign(_) => BinOp::Rem,
        syn::BinOp::BitXorAssign(_) => BinOp::BitXor,
        syn::BinOp::BitAndAssign(_) => BinOp::BitAnd,
        syn::BinOp::BitOrAssign(_) => BinOp::BitOr,
        syn::BinOp::ShlAssign(_) => BinOp::Shl,
        syn::BinOp::ShrAssign(_) => BinOp::Shr,
        _ => return None,
    })
}

/// What a result of the operator is called.
pub(super) fn operator_name(op: BinOp) -> &'static str {
    match op {
        BinOp::Add => "sum",
        BinOp::Sub => "difference",
        BinOp::Mul => "product",
        BinOp::Div => "quotient",
        BinOp::Rem => "remainder",
        BinOp::And => "both",
        BinOp::Or => "either",
        BinOp::BitAnd | BinOp::BitOr | BinOp::BitXor | BinOp::Shl | BinOp::Shr => "bits",
        BinOp::Eq => "equal",
        BinOp::Ne => "different",
        BinOp::Lt | BinOp::Le => "less",
        BinOp::Gt | BinOp::Ge => "greater",
    }
}
