//! Places: indexing, fields, dereferencing, and what may be written.

use super::env::Lowered;
use super::lowerer::{Lowerer, constant, poison};
use crate::analysis::types;
use crate::ir::{BinOp, Const, Op, Operand, Origin, Place, Proj, Storage, Type};
use proc_macro2::Span;
use quote::{ToTokens, quote};
use syn::Expr;
use syn::spanned::Spanned;

impl Place {
    /// Appends a step; the ones that Rust derefs for take the place of a trailing `Deref`.
    pub(super) fn push(&mut self, step: Proj) {
        if !matches!(step, Proj::Deref) {
            while matches!(self.path.last(), Some(Proj::Deref)) {
                self.path.pop();
            }
        }
        self.path.push(step);
    }
}

impl Lowerer<'_> {
    pub(super) fn index(&mut self, index: &syn::ExprIndex) -> Lowered {
        let checkpoint = self.checkpoint();
        let base = self.value(&index.expr).strip();
        if let Lowered::View(view) = &base {
            return self.index_view(view, index);
        }
        let ty = self.bare_type(&base);
        if let Lowered::Operand(Operand::Const(base)) = &base {
            let base = base.clone();
            return match strip_parens(&index.index) {
                Expr::Range(range) => self.slice_constant(&base, range),
                _ => self.index_constant(&base.tokens, index),
            };
        }
        if matches!(ty, Type::Inactive | Type::Named(_)) && self.lowered_is_constant(&base) {
            self.rollback(&checkpoint);
            if let Some(element) = self.try_opaque(index, Type::Inactive) {
                return Lowered::Operand(element);
            }
            // A constant field of what has a derivative.
            let base = self.value(&index.expr).strip();
            let element = self.map_element(&base, &ty, index);
            return element
                .unwrap_or_else(|| self.refuse(index, "this cannot be indexed here", "bind it to a variable first"));
        }
        if let Some(element) = self.map_element(&base, &ty, index) {
            return element;
        }
        let known = if let Type::Unknown = ty { self.type_indexed_by(&index.index) } else { None };
        if let named @ Type::Named(_) = known.as_ref().unwrap_or(&ty)
            && let Some(lowered) = self.user_index(&base, named, index)
        {
            return lowered;
        }
        let base = self.behind_newtype(base, index.span()).strip();
        let ty = self.bare_type(&base);
        let place = self.place_of(base, index.span());
        self.index_place(place, &ty, &index.index)
    }

    /// `part[i]`, `part[[i, j]]`
    fn index_view(&mut self, view: &super::views::View, index: &syn::ExprIndex) -> Lowered {
        let positions = self.positions_in(&index.index);
        if positions.len() != view.rank() {
            return self.refuse(
                &index.index,
                "the number of indices is not that of the axes",
                "write one for each axis",
            );
        }
        let element = self.view_element(view, &positions, index.span());
        self.place_value(element)
    }

    fn index_place(&mut self, mut place: Place, base: &Type, index: &Expr) -> Lowered {
        match strip_parens(index) {
            Expr::Range(range) => {
                let lo = range.start.as_ref().map(|lo| self.number(lo));
                let hi = range.end.as_ref().map(|hi| self.number(hi));
                let inclusive = matches!(range.limits, syn::RangeLimits::Closed(_));
                self.push_range(&mut place, lo, hi, inclusive, range.span());
            }
            Expr::Array(array) if matches!(base, Type::Tensor(_)) => {
                let indices = array.elems.iter().map(|index| self.number(index)).collect();
                place.push(Proj::IndexNd(indices));
            }
            Expr::Tuple(tuple) if matches!(base, Type::Tensor(_)) => {
                let indices = tuple.elems.iter().map(|index| self.number(index)).collect();
                place.push(Proj::IndexNd(indices));
            }
            _ => {
                let operand = self.number(index);
                self.push_index(&mut place, operand, index.span());
            }
        }
        self.place_value(place)
    }

    /// `p[i]`; in a sub-slice the index counts from its start.
    pub(super) fn push_index(&mut self, place: &mut Place, index: Operand, span: Span) {
        if let Some(Proj::Range { lo, .. }) = place.path.last() {
            let lo = lo.clone();
            place.path.pop();
            let index = match lo {
                Some(lo) => self.offset(lo, index, span),
                None => index,
            };
            place.push(Proj::Index(index));
        } else {
            place.push(Proj::Index(index));
        }
    }

    /// `p[lo..hi]`; in a sub-slice both count from its start.
    pub(super) fn push_range(
        &mut self,
        place: &mut Place,
        lo: Option<Operand>,
        hi: Option<Operand>,
        inclusive: bool,
        span: Span,
    ) {
        let Some(Proj::Range { lo: outer_lo, hi: outer_hi, inclusive: outer_inclusive }) = place.path.last().cloned()
        else {
            place.push(Proj::Range { lo, hi, inclusive });
            return;
        };
        place.path.pop();
        let start = match (outer_lo.clone(), lo) {
            (Some(outer), Some(lo)) => Some(self.offset(outer, lo, span)),
            (start, None) | (None, start) => start,
        };
        let (end, inclusive) = match (outer_lo, hi) {
            (Some(outer), Some(hi)) => (Some(self.offset(outer, hi, span)), inclusive),
            (None, Some(hi)) => (Some(hi), inclusive),
            (_, None) => (outer_hi, outer_inclusive),
        };
        place.push(Proj::Range { lo: start, hi: end, inclusive });
    }

    /// The sum of two indices.
    pub(super) fn offset(&mut self, lo: Operand, index: Operand, span: Span) -> Operand {
        if let (Some(lo), Some(index)) = (small_integer(&lo), small_integer(&index)) {
            let sum = proc_macro2::Literal::usize_unsuffixed(lo + index);
            return constant(quote!(#sum), Type::Int(None));
        }
        if small_integer(&index) == Some(0) {
            return lo;
        }
        if small_integer(&lo) == Some(0) {
            return index;
        }
        self.temp("index", Type::Int(Some("usize")), Op::Binary(BinOp::Add, lo, index), span)
    }

    /// `TABLE[i]`
    fn index_constant(&mut self, base: &proc_macro2::TokenStream, index: &syn::ExprIndex) -> Lowered {
        let position = self.number(&index.index);
        if !self.operand_is_constant(&position) {
            return self.refuse(index, "this index may carry a derivative", "index with an integer");
        }
        if let Operand::Const(position) = &position {
            let position = &position.tokens;
            return Lowered::Operand(constant(quote!(#base[#position]), Type::FloatLiteral));
        }
        let base = base.clone();
        let span = index.span();
        Lowered::Operand(self.opaque_parts("entry", &[position], Type::FloatLiteral, span, |parts| {
            let position = &parts[0];
            quote!(#base[#position])
        }))
    }

    /// `TABLE[lo..hi]`
    fn slice_constant(&mut self, base: &Const, range: &syn::ExprRange) -> Lowered {
        let ends = [&range.start, &range.end].map(|end| end.as_deref().map(|end| self.number(end)));
        let operands: Vec<Operand> = ends.iter().flatten().cloned().collect();
        let elem = types::element(types::strip_refs(&base.ty)).unwrap_or(Type::FloatLiteral);
        let ty = Type::Ref { mutable: false, inner: Box::new(Type::Slice(Box::new(elem))) };
        let (table, limits) = (base.tokens.clone(), range.limits);
        let part = self.opaque_parts("part", &operands, ty, range.span(), |parts| {
            let (lo, hi) = parts.split_at(ends[0].iter().len());
            quote!(&#table[#(#lo)* #limits #(#hi)*])
        });
        let place = self.place_of(Lowered::Operand(part), range.span());
        Lowered::Place(place)
    }

    pub(super) fn deref(&mut self, inner: &Expr) -> Lowered {
        match self.value(inner) {
            Lowered::Ref(inner, _) => *inner,
            Lowered::Place(place) if self.lent_field(&self.function.place_type(&place)).is_some() => {
                self.behind_newtype(Lowered::Place(place), inner.span())
            }
            Lowered::Place(mut place) => {
                let ty = self.function.place_type(&place);
                if matches!(ty, Type::Ref { .. } | Type::Unknown | Type::Named(_) | Type::Inactive) {
                    place.path.push(Proj::Deref);
                }
                self.place_value(place)
            }
            Lowered::Operand(Operand::Const(base)) => {
                let tokens = base.tokens;
                Lowered::Operand(constant(quote!((*#tokens)), base.ty))
            }
            Lowered::Operand(operand) => {
                let place = self.place_of(Lowered::Operand(operand), inner.span());
                self.place_value(place)
            }
            other => other,
        }
    }

    /// Rust sees through a box where a method is called on it.
    pub(super) fn behind_pointer(&mut self, lowered: Lowered, span: Span) -> Lowered {
        if types::pointee(&self.bare_type(&lowered)).is_none() {
            return lowered;
        }
        let mutability = match &lowered {
            Lowered::Ref(_, mutability) => Some(*mutability),
            Lowered::Operand(_)
            | Lowered::Place(_)
            | Lowered::Tuple(_)
            | Lowered::View(_)
            | Lowered::Unit
            | Lowered::Never => None,
        };
        let mut place = self.place_of(lowered, span);
        place.path.push(Proj::Deref);
        match mutability {
            Some(mutability) => Lowered::Ref(Box::new(Lowered::Place(place)), mutability),
            None => Lowered::Place(place),
        }
    }

    /// The place that an expression denotes, for writing.
    pub(super) fn place_for_write(&mut self, expr: &Expr) -> Option<Place> {
        let place = match self.value(expr) {
            Lowered::Place(place) => place,
            Lowered::Operand(Operand::Const(written)) if written.ty.is_known() => {
                self.refuse(expr, "writing a static cannot be differentiated", "pass the memory as a `&mut` parameter");
                return None;
            }
            Lowered::Ref(..) => {
                self.refuse(
                    expr,
                    "assigning another reference to a variable is not supported",
                    "keep an index instead of a reference, or write through it with `*`",
                );
                return None;
            }
            Lowered::View(_) => {
                let help = "write to its elements: `part[i] = x`, `part.assign(&y)`, `part.fill(x)`";
                self.refuse(expr, "a part of an array cannot be replaced by another", help);
                return None;
            }
            // An error has been reported already where this is a poisoned expression.
            Lowered::Operand(_) | Lowered::Tuple(_) | Lowered::Unit | Lowered::Never => return None,
        };
        if self.is_written_by_user(&place) {
            return Some(place);
        }
        self.refuse_write(expr, &place);
        None
    }

    /// Reports a place that cannot be written.
    pub(super) fn refuse_write(&mut self, expr: &Expr, place: &Place) {
        if self.is_refused(&Lowered::Place(place.clone())) {
            return;
        }
        if self.is_captured(place) {
            let message = "a closure that changes what it captures cannot be given to a function";
            let help = "return what changes, write the loop, or declare the function in the same module";
            self.refuse(expr, message, help);
            return;
        }
        if self.payloads.contains(&place.root) {
            self.refuse(
                expr,
                "writing to what an enum holds through a reference is not supported",
                "assign a new value to the whole enum: `*state = State::Active(v + x)`",
            );
            return;
        }
        if self.function[place.root].origin == Origin::User {
            // A variable without `mut`, or what a shared reference refers to.
            self.leave_to_rustc();
            return;
        }
        self.refuse(
            expr,
            "memory that a function or method gives access to cannot be written here",
            "write to a variable, an element of an array, or a `&mut` parameter",
        );
    }

    /// Whether Rust would let the user write here, as far as the IR tells.
    pub(super) fn is_written_by_user(&self, place: &Place) -> bool {
        let root = &self.function[place.root];
        if self.payloads.contains(&place.root) {
            return false;
        }
        match root.storage {
            Storage::Memory => true,
            Storage::Value => {
                matches!(root.ty, Type::Ref { mutable: true, .. }) || matches!(place.path.first(), Some(Proj::Deref))
            }
        }
    }

    /// The `i`-th element of what a pattern takes apart.
    pub(super) fn element_at(&mut self, lowered: &Lowered, index: usize, span: Span) -> Lowered {
        let mut place = match lowered.clone().strip() {
            Lowered::Never => return Lowered::Never,
            Lowered::Operand(Operand::Const(base)) if !base.ty.is_known() => return poison(),
            other => self.place_of(other, span),
        };
        let position = proc_macro2::Literal::usize_unsuffixed(index);
        self.push_index(&mut place, constant(position.to_token_stream(), Type::Int(None)), span);
        self.place_value(place)
    }
}

impl Type {
    pub(super) fn is_known(&self) -> bool {
        !matches!(self, Type::Unknown)
    }
}

/// The value of an integer literal without suffix.
pub(super) fn small_integer(operand: &Operand) -> Option<usize> {
    match operand {
        Operand::Const(constant) if matches!(constant.ty, Type::Int(_)) => constant.tokens.to_string().parse().ok(),
        _ => None,
    }
}

/// The expression without parentheses and invisible groups.
pub(super) fn strip_parens(expr: &Expr) -> &Expr {
    match expr {
        Expr::Paren(paren) => strip_parens(&paren.expr),
        Expr::Group(group) => strip_parens(&group.expr),
        other => other,
    }
}

/// The rank of a tensor type.
pub(super) fn rank_of(ty: &Type) -> Option<usize> {
    match types::strip_refs(ty) {
        Type::Tensor(tensor) => tensor.rank,
        _ => None,
    }
}
