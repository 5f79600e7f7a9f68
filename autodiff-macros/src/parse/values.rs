//! From lowered expressions to operands and places, and how intermediate results are called.

use super::env::Lowered;
use super::lowerer::{Lowerer, constant};
use crate::analysis::types;
use crate::ir::{AggregateKind, Op, Operand, Place, Proj, Storage, Type, VarId};
use proc_macro2::{Span, TokenStream};
use quote::quote;

impl Lowerer<'_> {
    /// The value itself: a copy, a move, or a reference for references.
    pub(super) fn read(&mut self, lowered: Lowered, span: Span) -> Operand {
        match lowered {
            Lowered::Operand(operand) => operand,
            Lowered::Place(place) => self.read_place(place, span),
            Lowered::Ref(inner, _) => self.borrow(*inner, span),
            Lowered::Tuple(items) => {
                let items: Vec<Operand> = items.into_iter().map(|item| self.read(item, span)).collect();
                let ty = Type::Tuple(items.iter().map(|item| self.ty(item)).collect());
                self.temp("pair", ty, Op::Aggregate(AggregateKind::Tuple, items), span)
            }
            Lowered::View(view) => self.seen(&view, span),
            Lowered::Unit => constant(quote!(()), Type::Unit),
            Lowered::Never => constant(quote!(::core::unreachable!()), Type::Never),
        }
    }

    fn read_place(&mut self, place: Place, span: Span) -> Operand {
        if place.path.is_empty() && self.function[place.root].storage == Storage::Value {
            return Operand::Var(place.root);
        }
        let ty = self.function.place_type(&place);
        let name = self.place_name(&place);
        let op = if self.is_borrowed_self(&place) {
            Op::CloneOf(place)
        } else if types::is_moved(&ty) {
            Op::Move(place)
        } else {
            Op::Read(place)
        };
        self.temp(&name, ty, op, span)
    }

    /// The function's own receiver, which it takes by value and its derivatives by reference.
    pub(super) fn is_borrowed_self(&self, place: &Place) -> bool {
        self.borrowed_self == Some(place.root) && matches!(place.path.as_slice(), [Proj::Deref])
    }

    /// A reference to what is there, as an operand.
    pub(super) fn borrow(&mut self, inner: Lowered, span: Span) -> Operand {
        if let Lowered::Place(Place { root, path }) = &inner
            && matches!(path.as_slice(), [Proj::Deref])
            && self.function[*root].storage == Storage::Value
        {
            return Operand::Var(*root);
        }
        let place = self.place_of(inner, span);
        let ty = Type::Ref { mutable: false, inner: Box::new(self.function.place_type(&place)) };
        let name = format!("{}_ref", self.place_name(&place));
        self.temp(&name, ty, Op::Borrow(place), span)
    }

    /// An operand of an operator or a scalar function: references are seen through; what is not `Copy` and was given
    /// by reference stays a reference.
    pub(super) fn numeric(&mut self, lowered: Lowered, span: Span) -> Operand {
        let by_reference = lowered.is_ref() || self.in_formula;
        let inner = lowered.strip();
        if let Lowered::Place(place) = &inner
            && by_reference
        {
            let ty = self.function.place_type(place);
            if place.path.is_empty() && self.function[place.root].storage == Storage::Value {
                return Operand::Var(place.root);
            }
            // Parts of which nothing is known are most likely numbers.
            let part = matches!(ty, Type::Unknown) && !place.path.is_empty();
            if !types::is_copy(&ty) && !matches!(ty, Type::Inactive) && !part {
                return self.borrow(inner, span);
            }
        }
        self.read(inner, span)
    }

    /// Where the value is, behind all references; a temporary for what has no place yet.
    pub(super) fn place_of(&mut self, lowered: Lowered, span: Span) -> Place {
        match lowered.strip() {
            Lowered::Place(place) => place,
            Lowered::Operand(Operand::Var(var)) => self.var_place(var),
            Lowered::View(view) => {
                let seen = self.seen(&view, span);
                self.place_of(Lowered::Operand(seen), span)
            }
            other => {
                let operand = self.read(other, span);
                let ty = self.ty(&operand);
                Place::var(self.temp_var("value", ty, Op::Use(operand), span))
            }
        }
    }

    /// The place that a value variable denotes, behind its references.
    fn var_place(&self, var: VarId) -> Place {
        let mut place = Place::var(var);
        let mut ty = &self.function[var].ty;
        while let Type::Ref { inner, .. } = ty {
            place.path.push(Proj::Deref);
            ty = inner;
        }
        place
    }

    // Names

    pub(super) fn operand_name(&self, operand: &Operand) -> String {
        match operand {
            Operand::Var(var) => self.function[*var].name.clone(),
            Operand::Const(constant) => const_name(&constant.tokens),
        }
    }

    /// `w_i_j` for `w[i][j]`.
    pub(super) fn place_name(&self, place: &Place) -> String {
        let mut name = self.function[place.root].name.clone();
        for step in &place.path {
            match step {
                Proj::Deref => {}
                Proj::Field(syn::Member::Named(field)) => name = format!("{name}_{field}"),
                Proj::Field(syn::Member::Unnamed(field)) => name = format!("{name}_{}", field.index),
                Proj::Payload(_) | Proj::Part(_) => {}
                Proj::Index(index) => name = self.append_index(&name, index),
                Proj::IndexNd(indices) => {
                    name = indices.iter().fold(name, |name, index| self.append_index(&name, index));
                }
                Proj::Range { .. } => name.push_str("_part"),
            }
        }
        name
    }

    fn append_index(&self, name: &str, index: &Operand) -> String {
        let index = self.operand_name(index);
        let index = index.trim_start_matches("r#");
        if (1..=3).contains(&index.len()) { format!("{name}_{index}") } else { format!("{name}_at") }
    }
}

/// The name of a constant where it is an identifier or a small integer.
fn const_name(tokens: &TokenStream) -> String {
    let text = tokens.to_string();
    let plain = !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_');
    if plain { text.to_lowercase() } else { String::new() }
}
