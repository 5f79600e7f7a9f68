//! Assignments: plain, compound, destructuring.

use super::env::{Binding, Lowered};
use super::lowerer::Lowerer;
use super::ops::{assigned_operator, operator_name};
use super::place::strip_parens;
use crate::analysis::types;
use crate::ir::{BinOp, Op, Operand, Place, Proj, Stmt, Type};
use proc_macro2::Span;
use quote::{ToTokens, quote};
use syn::Expr;
use syn::spanned::Spanned;

impl Lowerer<'_> {
    pub(super) fn assign(&mut self, assign: &syn::ExprAssign) -> Lowered {
        self.check_attributes(&assign.attrs);
        match strip_parens(&assign.left) {
            Expr::Tuple(_) | Expr::Array(_) | Expr::Infer(_) | Expr::Struct(_) | Expr::Call(_) => {
                let value = self.value(&assign.right);
                let diverges = matches!(value, Lowered::Never);
                self.destructure(&assign.left, value);
                if diverges { Lowered::Never } else { Lowered::Unit }
            }
            left => {
                let hint = self.type_of_target(left);
                let lowered = self.value_as(&assign.right, hint.as_ref());
                if matches!(lowered, Lowered::Never) {
                    return Lowered::Never;
                }
                self.store(left, lowered, assign.right.span());
                Lowered::Unit
            }
        }
    }

    /// The type of a variable on the left side or of a part of one, as a hint for the right.
    fn type_of_target(&self, left: &Expr) -> Option<Type> {
        match strip_parens(left) {
            Expr::Path(path) => match self.env.get(path.path.get_ident()?)? {
                Binding::Var(var) => Some(self.function[*var].ty.clone()),
                Binding::Alias(lowered) => Some(self.bare_type(lowered)),
                _ => None,
            },
            Expr::Field(field) => self.function.field_type(&self.type_of_target(&field.base)?, &field.member),
            Expr::Index(index) => types::element(types::strip_refs(&self.type_of_target(&index.expr)?)),
            Expr::Unary(syn::ExprUnary { op: syn::UnOp::Deref(_), expr, .. }) => {
                Some(types::strip_refs(&self.type_of_target(expr)?).clone())
            }
            _ => None,
        }
    }

    fn store(&mut self, left: &Expr, value: Lowered, span: Span) {
        if self.hold_again(left, &value, span) {
            return;
        }
        if value.is_ref() && !matches!(strip_parens(left), Expr::Unary(_)) && self.is_plain_reference(left) {
            self.refuse(
                left,
                "assigning another reference to a variable is not supported",
                "keep an index instead of a reference, or write through it with `*`",
            );
            return;
        }
        let value = self.read(value, span);
        if self.user_index_write(left, &quote!(=), Lowered::Operand(value.clone())).is_some() {
            return;
        }
        if let Some(place) = self.place_for_write(left) {
            self.write(place, value);
        }
    }

    fn is_plain_reference(&self, left: &Expr) -> bool {
        let Expr::Path(path) = strip_parens(left) else { return false };
        let Some(binding) = path.path.get_ident().and_then(|ident| self.env.get(ident)) else { return false };
        match binding {
            Binding::Var(var) => matches!(self.function[*var].ty, Type::Ref { .. } | Type::Unknown),
            Binding::Alias(_) => true,
            _ => false,
        }
    }

    pub(super) fn write(&mut self, place: Place, value: Operand) {
        let ty = self.ty(&value);
        self.learn(&place, &ty);
        self.emit(Stmt::Assign { place, value });
    }

    /// `(a, b) = ..`, `[a, b] = ..`: everything on the right is evaluated before the first is written.
    fn destructure(&mut self, left: &Expr, value: Lowered) {
        let mut writes = Vec::new();
        self.targets_of(left, value, &mut writes);
        let values: Vec<(&Expr, Operand)> =
            writes.into_iter().map(|(left, value)| (left, self.read(value, left.span()))).collect();
        for (left, value) in values {
            if let Some(place) = self.place_for_write(left) {
                self.write(place, value);
            }
        }
    }

    fn targets_of<'e>(&mut self, left: &'e Expr, value: Lowered, writes: &mut Vec<(&'e Expr, Lowered)>) {
        match strip_parens(left) {
            Expr::Infer(_) => {}
            Expr::Tuple(tuple) => {
                if let Some(rest) = tuple.elems.iter().find(|elem| matches!(elem, Expr::Range(_))) {
                    self.refuse(rest, "`..` is not supported here", "write `_` for each part that is left out");
                    return;
                }
                let value = match value {
                    Lowered::Operand(operand) => Lowered::Place(self.place_of(Lowered::Operand(operand), left.span())),
                    other => other,
                };
                for (index, elem) in tuple.elems.iter().enumerate() {
                    let part = self.member(value.clone(), syn::Member::from(index), elem.span());
                    self.targets_of(elem, part, writes);
                }
            }
            Expr::Array(array) => {
                let value = match value {
                    Lowered::Operand(operand) => Lowered::Place(self.place_of(Lowered::Operand(operand), left.span())),
                    other => other,
                };
                for (index, elem) in array.elems.iter().enumerate() {
                    let part = self.element_at(&value, index, elem.span());
                    self.targets_of(elem, part, writes);
                }
            }
            Expr::Struct(_) | Expr::Call(_) => match self.struct_targets(left) {
                Some(targets) => {
                    let value = self.settle(value, left.span());
                    for (member, target) in targets {
                        let part = self.member(value.clone(), member, target.span());
                        self.targets_of(target, part, writes);
                    }
                }
                None => {
                    self.refuse(left, "this pattern is not supported here", "assign the parts one by one");
                }
            },
            plain => writes.push((plain, value)),
        }
    }

    /// `+=` and its relatives.
    pub(super) fn compound_assign(&mut self, binary: &syn::ExprBinary) -> Lowered {
        let Some(op) = assigned_operator(&binary.op) else {
            return self.refuse(binary, "this operator is not supported", "write it with other operators");
        };
        let value = self.number(&binary.right);
        let operator = binary.op.to_token_stream();
        if let Some(done) = self.user_index_write(&binary.left, &operator, Lowered::Operand(value.clone())) {
            return done;
        }
        let left = match self.value(&binary.left) {
            // `v += 1.0` on a reference to a float is what users write for arrays behind `&mut`.
            Lowered::Ref(inner, _) => *inner,
            other => other,
        };
        if let Lowered::View(view) = left {
            self.combine_elements(&view, op, &value, binary.span());
            return Lowered::Unit;
        }
        let Lowered::Place(place) = left else {
            // Reports what is wrong with the left side.
            self.place_for_write(&binary.left);
            return Lowered::Unit;
        };
        if self.is_written_by_user(&place) {
            self.combine(place, op, value, binary.span());
        } else {
            self.refuse_write(&binary.left, &place);
        }
        Lowered::Unit
    }

    pub(super) fn combine(&mut self, place: Place, op: BinOp, value: Operand, span: Span) {
        let ty = self.function.place_type(&place);
        let value_ty = self.ty(&value);
        if types::is_float(&value_ty) && matches!(ty, Type::FloatLiteral) {
            self.learn(&place, &value_ty);
        }
        if matches!(op, BinOp::Add | BinOp::Sub) {
            self.emit(Stmt::Accumulate { place, negative: op == BinOp::Sub, value });
            return;
        }
        let name = self.place_name(&place);
        let old = match types::is_moved(&ty) {
            // Nothing is moved out of a list, or from behind a reference.
            true if self.is_owned_place(&place) => Op::Move(place.clone()),
            true => Op::CloneOf(place.clone()),
            false => Op::Read(place.clone()),
        };
        let old = self.temp(&name, ty, old, span);
        let ty = types::binary_type(op, &self.ty(&old), &value_ty);
        let new = self.temp_var(operator_name(op), ty, Op::Binary(op, old, value), span);
        self.written.compounds.insert(new);
        self.emit(Stmt::Assign { place, value: Operand::Var(new) });
    }

    /// A variable that holds its value itself, or a field of one.
    fn is_owned_place(&self, place: &Place) -> bool {
        !matches!(self.function[place.root].ty, Type::Ref { .. })
            && place.path.iter().all(|step| matches!(step, Proj::Field(_)))
    }
}
