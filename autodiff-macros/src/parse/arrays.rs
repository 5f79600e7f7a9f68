//! What makes and fills ndarray's arrays from something else: lists, functions of positions, `Zip`, parts of other arrays.

use super::env::{Lowered, Mutability};
use super::lowerer::{Lowerer, constant, poison};
use super::place::{rank_of, strip_parens};
use super::views::{View, makes_a_part};
use crate::analysis::types;
use crate::ir::{AggregateKind, Arg, Intrinsic, Op, Operand, Place, Stmt, Tensor, Type};
use crate::rules::tensor;
use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, ExprCall, ExprMethodCall, Token};

/// Methods that write an array, or a part of one, element by element.
pub(super) fn writes_elements(name: &str) -> bool {
    matches!(name, "fill" | "assign" | "mapv_inplace" | "map_inplace" | "scaled_add" | "swap")
}

impl Lowerer<'_> {
    /// Methods of arrays that are about parts or single elements.
    pub(super) fn array_part_method(
        &mut self,
        receiver: &Lowered,
        call: &ExprMethodCall,
        hint: Option<&Type>,
    ) -> Option<Lowered> {
        let name = call.method.to_string();
        let part = match receiver.clone().strip() {
            Lowered::View(view) => Some(*view),
            _ => None,
        };
        if makes_a_part(&name) || part.is_some() && matches!(name.as_str(), "view" | "row" | "column" | "index_axis") {
            return Some(self.part_of(receiver.clone(), call));
        }
        let is_part = part.is_some();
        if let Some(part) = part.filter(|_| writes_elements(&name)) {
            return Some(self.write_elements(&part, call));
        }
        if self.lowered_is_constant(receiver) && self.is_inactive(&quote!(#call)) {
            return None;
        }
        match (name.as_str(), call.args.len()) {
            ("map_inplace", 1) | ("scaled_add" | "swap", 2) => {
                let whole = self.as_view(receiver.clone(), call.span())?;
                Some(self.write_elements(&whole, call))
            }
            ("map_axis", 2) | ("fold_axis", 3) => self.by_lanes(receiver.clone(), call),
            ("accumulate_axis_inplace", 2) => self.accumulated(receiver.clone(), call),
            ("zip_mut_with", 2) => self.zipped_with(call),
            ("split_at", 2) => self.split_view(receiver.clone(), call),
            ("fold", 2) | ("product", 0) => self.by_elements(call, hint),
            ("sum", 0) if is_part => self.by_elements(call, hint),
            _ => self.axes_method(receiver, call),
        }
    }

    /// `a.zip_mut_with(&b, f)` is `Zip::from(&mut a).and_broadcast(b).for_each(f)`.
    fn zipped_with(&mut self, call: &ExprMethodCall) -> Option<Lowered> {
        let (array, other, function, root) = (&call.receiver, &call.args[0], &call.args[1], &self.root);
        let zip = quote!(#root::rt::ndarray::Zip::from(&mut #array).and_broadcast(#other).for_each(#function));
        match syn::parse2(zip).ok()? {
            Expr::MethodCall(zip) => self.zip_call(&zip),
            _ => None,
        }
    }

    /// `a.fold(start, f)` is `a.iter().fold(start, f)`.
    fn by_elements(&mut self, call: &ExprMethodCall, hint: Option<&Type>) -> Option<Lowered> {
        let (array, method, arguments) = (&call.receiver, &call.method, &call.args);
        Some(self.method_call(&syn::parse_quote!(#array.iter().#method(#arguments)), hint))
    }

    // Writing element by element

    /// A method that writes the elements of a part, or of an array that is not replaced as a whole.
    pub(super) fn write_elements(&mut self, view: &View, call: &ExprMethodCall) -> Lowered {
        let (name, span) = (call.method.to_string(), call.span());
        match (name.as_str(), call.args.len()) {
            ("fill", 1) => {
                let value = self.number(&call.args[0]);
                self.each_position(view, span, |this, positions| {
                    let element = this.view_element(view, positions, span);
                    this.write(element, value.clone());
                });
            }
            ("assign", 1) => {
                let Some(source) = self.source_array(&call.args[0], view.rank()) else { return poison() };
                self.each_position(view, span, |this, positions| {
                    let value = this.number_at(&source, positions, span);
                    let element = this.view_element(view, positions, span);
                    this.write(element, value);
                });
            }
            ("mapv_inplace" | "map_inplace", 1) => self.change_each(view, call),
            ("scaled_add", 2) => {
                let factor = self.number(&call.args[0]);
                let Some(source) = self.source_array(&call.args[1], view.rank()) else { return poison() };
                self.each_position(view, span, |this, positions| {
                    let item = this.number_at(&source, positions, span);
                    let value = this.binary_op(crate::ir::BinOp::Mul, factor.clone(), item, span);
                    let place = this.view_element(view, positions, span);
                    this.emit(Stmt::Accumulate { place, negative: false, value });
                });
            }
            ("swap", 2) => {
                let sides = [&call.args[0], &call.args[1]].map(|index| {
                    let positions = self.positions_in(index);
                    self.view_element(view, &positions, span)
                });
                let [left, right] = sides;
                self.swap_places(left, right, span);
            }
            _ => {
                return self.refuse(&call.method, format!("this `{name}` is not understood"), "write the loop");
            }
        }
        Lowered::Unit
    }

    fn change_each(&mut self, view: &View, call: &ExprMethodCall) {
        let (span, function) = (call.span(), &call.args[0]);
        let in_memory = call.method == "map_inplace";
        self.each_position(view, span, |this, positions| {
            let place = this.view_element(view, positions, span);
            let element = this.place_value(place.clone());
            if in_memory {
                let at = this.position();
                this.apply(function, vec![Lowered::Ref(Box::new(element), Mutability::Mutable)]);
                this.discard(at);
                return;
            }
            let old = this.read(element, span);
            let value = this.apply(function, vec![Lowered::Operand(old)]);
            let value = this.numeric(value, span);
            this.write(place, value);
        });
    }

    /// `i`, `(i, j)` or `[i, j]`
    pub(super) fn positions_in(&mut self, index: &Expr) -> Vec<Operand> {
        match strip_parens(index) {
            Expr::Tuple(tuple) => tuple.elems.iter().map(|index| self.number(index)).collect(),
            Expr::Array(array) => array.elems.iter().map(|index| self.number(index)).collect(),
            index => vec![self.number(index)],
        }
    }

    /// The array that elements are taken of, of which the last axes are meant where it has fewer than `rank`.
    fn source_array(&mut self, source: &Expr, rank: usize) -> Option<View> {
        let span = source.span();
        let source = self.value(source).strip();
        if self.is_refused(&source) {
            return None;
        }
        if rank_of(&self.bare_type(&source)).is_none() {
            let place = self.place_of(source, span);
            return Some(View::whole(place, rank));
        }
        self.as_view(source, span)
    }

    fn number_at(&mut self, source: &View, positions: &[Operand], span: Span) -> Operand {
        let own = positions.len().saturating_sub(source.rank());
        let element = self.view_element(source, &positions[own..], span);
        let element = self.place_value(element);
        self.numeric(element.shared(), span)
    }

    /// `part /= x`, `part += &y`
    pub(super) fn combine_elements(&mut self, view: &View, op: crate::ir::BinOp, value: &Operand, span: Span) {
        let source = rank_of(&self.ty(value)).map(|rank| {
            let place = self.place_of(Lowered::Operand(value.clone()), span);
            View::whole(place, rank)
        });
        self.each_position(view, span, |this, positions| {
            let value = match &source {
                Some(source) => this.number_at(source, positions, span),
                None => value.clone(),
            };
            let element = this.view_element(view, positions, span);
            this.combine(element, op, value, span);
        });
    }

    // Making arrays

    /// An array in memory, which is written element by element; `zeros` makes it.
    pub(super) fn new_array(&mut self, zeros: Operand, rank: usize, span: Span) -> View {
        let ty = Type::Tensor(Tensor { elem: Box::new(Type::FloatLiteral), rank: Some(rank), view: false });
        let memory = self.temp_memory("made", ty, Some(zeros), span);
        View::whole(Place::var(memory), rank)
    }

    /// An array with the elements of a part.
    pub(super) fn copy_of_view(&mut self, view: &View, span: Span) -> Operand {
        let view = self.measured(view, span);
        let lens: Vec<Operand> = (0..view.rank()).map(|axis| self.view_len(&view, axis, span)).collect();
        let zeros = self.zeros(&lens, view.rank(), span, shape_tokens);
        let made = self.new_array(zeros, view.rank(), span);
        self.each_position(&view, span, |this, positions| {
            let element = this.view_element(&view, positions, span);
            let value = this.place_value(element);
            this.set(&made, positions, value, span);
        });
        self.read(Lowered::Place(made.array().clone()), span)
    }

    pub(super) fn made(&mut self, array: &View, span: Span) -> Lowered {
        Lowered::Operand(self.read(Lowered::Place(array.array().clone()), span))
    }

    pub(super) fn set(&mut self, array: &View, positions: &[Operand], value: Lowered, span: Span) {
        let value = self.numeric(value, span);
        let root = array.array().root;
        let written = types::strip_refs(&self.ty(&value)).clone();
        if let Type::Tensor(tensor) = &mut self.function[root].ty {
            types::merge(&mut tensor.elem, &written);
        }
        let element = self.view_element(array, positions, span);
        self.emit(Stmt::Assign { place: element, value });
    }

    /// Zeros of a shape that is given as tokens.
    pub(super) fn zeros(
        &mut self,
        operands: &[Operand],
        rank: usize,
        span: Span,
        build: impl FnOnce(&[TokenStream]) -> TokenStream,
    ) -> Operand {
        let root = self.root.clone();
        let ty = Type::Tensor(Tensor { elem: Box::new(Type::FloatLiteral), rank: Some(rank), view: false });
        let zeros = self.opaque_parts("zeros", operands, ty, span, |parts| {
            let shape = build(parts);
            quote!(#root::rt::ndarray::Array::zeros(#shape))
        });
        if let Some(Stmt::Let { op: Op::Opaque(opaque), .. }) = self.last_stmt() {
            opaque.pure = false;
        }
        zeros
    }

    /// `Array2::from_shape_fn((n, m), |(i, j)| ..)`
    pub(super) fn array_by_positions(&mut self, call: &ExprCall) -> Lowered {
        let span = call.span();
        let shape: Vec<Operand> = match strip_parens(&call.args[0]) {
            Expr::Tuple(tuple) => tuple.elems.iter().map(|len| self.number(len)).collect(),
            Expr::Array(array) => array.elems.iter().map(|len| self.number(len)).collect(),
            shape => {
                let lowered = self.value(shape);
                match self.bare_type(&lowered) {
                    Type::Int(_) => vec![self.read(lowered, span)],
                    Type::Tuple(items) => {
                        let whole = Lowered::Place(self.place_of(lowered, span));
                        let parts = (0..items.len()).map(|index| {
                            let part = self.member(whole.clone(), syn::Member::from(index), span);
                            self.read(part, span)
                        });
                        parts.collect()
                    }
                    _ => {
                        let help = "write the lengths: `(n, m)`";
                        return self.refuse(shape, "how many axes this shape has is not known here", help);
                    }
                }
            }
        };
        let rank = shape.len();
        let checkpoint = self.checkpoint();
        let zeros = self.zeros(&shape, rank, span, shape_tokens);
        let made = self.new_array(zeros, rank, span);
        let mut of_truth = false;
        self.each_position(&made, span, |this, positions| {
            let argument = match positions {
                [position] => Lowered::Operand(position.clone()),
                positions => Lowered::Tuple(positions.iter().cloned().map(Lowered::Operand).collect()),
            };
            let value = this.apply(&call.args[1], vec![argument]);
            of_truth |= matches!(this.lowered_type(&value), Type::Bool);
            this.set(&made, positions, value, span);
        });
        // There is no zero of truth values.
        if of_truth && self.is_inactive(&quote!(#call)) {
            self.rollback(&checkpoint);
            let ty = Type::Tensor(Tensor { elem: Box::new(Type::Bool), rank: Some(rank), view: false });
            if let Some(mask) = self.try_opaque(call, ty) {
                return Lowered::Operand(mask);
            }
        }
        self.made(&made, span)
    }

    /// An array of the numbers of a list.
    pub(super) fn array_from(&mut self, list: Lowered, span: Span) -> Lowered {
        let elem = types::element(&self.bare_type(&list)).unwrap_or(Type::FloatLiteral);
        let list = self.receiver_arg(list, span);
        self.array_by("array_from", vec![list], elem, 1, span)
    }

    /// `.collect::<Array1<_>>()`
    pub(super) fn collect_array(&mut self, call: &ExprMethodCall, ty: Option<Type>) -> Lowered {
        let (items, span) = (&call.receiver, call.span());
        match ty {
            Some(Type::Tensor(tensor)) if tensor.rank == Some(1) => {
                let hint = Type::Vec(tensor.elem);
                let list = self.method_call(&syn::parse_quote!(#items.collect()), Some(&hint));
                self.array_from(list, span)
            }
            _ => self.refuse(&call.method, "an iterator gives an array with one axis", "collect into `Array1<_>`"),
        }
    }

    /// An array with the numbers of a list in rows of rows.
    pub(super) fn array_shaped(&mut self, shape: Operand, rank: Option<usize>, list: Lowered, span: Span) -> Lowered {
        let elem = types::element(&self.bare_type(&list)).unwrap_or(Type::FloatLiteral);
        let list = self.receiver_arg(list, span);
        let rank = rank.or(match self.ty(&shape) {
            Type::Int(_) => Some(1),
            Type::Tuple(items) => Some(items.len()),
            _ => None,
        });
        match rank {
            Some(rank) => self.array_by("shaped", vec![Arg::Value(shape), list], elem, rank, span),
            None => {
                self.refuse_at(span, "how many axes this shape has is not known here", "write the lengths: `(n, m)`")
            }
        }
    }

    fn array_by(&mut self, name: &str, args: Vec<Arg>, elem: Type, rank: usize, span: Span) -> Lowered {
        let Some(row) = tensor::row(name) else { return poison() };
        let ty = Type::Tensor(Tensor { elem: Box::new(elem), rank: Some(rank), view: false });
        Lowered::Operand(self.temp("array", ty, Op::Intrinsic(Intrinsic { row, args, path: None, span }), span))
    }

    /// `array![a, b]`, `array![[a, b], [c, d]]`
    pub(super) fn array_of(&mut self, mac: &syn::Macro) -> Option<Lowered> {
        let span = mac.span();
        let list = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(mac.tokens.clone()).ok()?;
        let rows: Option<Vec<&syn::ExprArray>> = list
            .iter()
            .map(|row| match strip_parens(row) {
                Expr::Array(row) => Some(row),
                _ => None,
            })
            .collect();
        let Some(rows) = rows.filter(|rows| !rows.is_empty()) else {
            let items = self.items(list.iter(), span);
            return Some(self.array_from(items, span));
        };
        let columns = rows[0].elems.len();
        if rows.iter().any(|row| row.elems.len() != columns || matches!(row.elems.first(), Some(Expr::Array(_)))) {
            return None;
        }
        let lengths = [rows.len(), columns].map(proc_macro2::Literal::usize_unsuffixed);
        let items = self.items(rows.iter().flat_map(|row| row.elems.iter()), span);
        let shape = constant(quote!((#(#lengths),*)), Type::Tuple(vec![Type::Int(Some("usize")); 2]));
        Some(self.array_shaped(shape, Some(2), items, span))
    }

    fn items<'e>(&mut self, items: impl Iterator<Item = &'e Expr>, span: Span) -> Lowered {
        let items: Vec<Operand> = items.map(|item| self.number(item)).collect();
        let elem = self.common_type(&items, None);
        let op = Op::Aggregate(AggregateKind::VecMacro, items);
        Lowered::Operand(self.temp("items", Type::Vec(Box::new(elem)), op, span))
    }
}

pub(super) fn shape_tokens(lens: &[TokenStream]) -> TokenStream {
    match lens {
        [len] => len.clone(),
        lens => quote!((#(#lens),*)),
    }
}
