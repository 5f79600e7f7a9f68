//! What makes and fills ndarray's arrays from something else: lists, functions of positions, `Zip`, parts of other arrays.

use super::env::{Lowered, Mutability};
use super::lowerer::{Lowerer, constant, poison};
use super::place::{rank_of, strip_parens};
use super::rows::literal_axis;
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
            ("split_at", 2) => self.split_view(receiver.clone(), call),
            ("fold", 2) | ("product", 0) => self.by_elements(call, hint),
            ("sum", 0) if is_part => self.by_elements(call, hint),
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
    fn new_array(&mut self, zeros: Operand, rank: usize, span: Span) -> View {
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

    fn made(&mut self, array: &View, span: Span) -> Lowered {
        Lowered::Operand(self.read(Lowered::Place(array.array().clone()), span))
    }

    fn set(&mut self, array: &View, positions: &[Operand], value: Lowered, span: Span) {
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
    fn zeros(
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
        let zeros = self.zeros(&shape, rank, span, shape_tokens);
        let made = self.new_array(zeros, rank, span);
        self.each_position(&made, span, |this, positions| {
            let argument = match positions {
                [position] => Lowered::Operand(position.clone()),
                positions => Lowered::Tuple(positions.iter().cloned().map(Lowered::Operand).collect()),
            };
            let value = this.apply(&call.args[1], vec![argument]);
            this.set(&made, positions, value, span);
        });
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
    fn array_shaped(&mut self, shape: Operand, rank: Option<usize>, list: Lowered, span: Span) -> Lowered {
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

    /// `Array2::from_shape_vec((n, m), list).unwrap()`, `a.into_shape_with_order((n, m)).unwrap()`
    pub(super) fn unwrapped_shape(&mut self, call: &ExprMethodCall) -> Option<Lowered> {
        if !matches!(call.method.to_string().as_str(), "unwrap" | "expect") || self.is_inactive(&quote!(#call)) {
            return None;
        }
        let span = call.span();
        match strip_parens(&call.receiver) {
            Expr::Call(made) if made.args.len() == 2 => {
                let Expr::Path(path) = strip_parens(&made.func) else { return None };
                let mut segments = path.path.segments.iter().rev();
                let from_shape = segments.next().is_some_and(|last| last.ident == "from_shape_vec");
                let owner = segments.next().filter(|_| from_shape)?.ident.to_string();
                let rank = owner.strip_prefix("Array").and_then(|rank| rank.parse().ok());
                let shape = self.number(&made.args[0]);
                let list = self.value(&made.args[1]);
                Some(self.array_shaped(shape, rank, list, span))
            }
            Expr::MethodCall(shaped) if shaped.args.len() == 1 => {
                let name = shaped.method.to_string();
                if !matches!(name.as_str(), "into_shape_with_order" | "into_shape" | "to_shape" | "into_shape_clone") {
                    return None;
                }
                let array = self.value(&shaped.receiver);
                let Type::Tensor(tensor) = self.bare_type(&array) else { return None };
                let array = self.receiver_arg(array, span);
                let shape = self.number(&shaped.args[0]);
                let rank = match self.ty(&shape) {
                    Type::Int(_) => 1,
                    Type::Tuple(items) => items.len(),
                    _ => return None,
                };
                Some(self.array_by("reshaped", vec![array, Arg::Value(shape)], *tensor.elem, rank, span))
            }
            _ => None,
        }
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

    // Several arrays side by side

    /// `Zip::from(a).and(b).for_each(|a, b| ..)`, `map_collect`, `fold`
    pub(super) fn zip_call(&mut self, call: &ExprMethodCall) -> Option<Lowered> {
        let name = call.method.to_string();
        let arguments = match name.as_str() {
            "for_each" | "map_collect" => 1,
            "fold" => 2,
            _ => return None,
        };
        let (indexed, arrays) = zipped(&call.receiver)?;
        if call.args.len() != arguments || self.is_inactive(&quote!(#call)) {
            return None;
        }
        Some(self.zip(&name, indexed, &arrays, call))
    }

    fn zip(&mut self, name: &str, indexed: bool, arrays: &[Expr], call: &ExprMethodCall) -> Lowered {
        let span = call.span();
        let mut parts = Vec::new();
        for array in arrays {
            let lowered = self.value(array);
            let mutability = match &lowered {
                Lowered::Ref(_, mutability) => *mutability,
                Lowered::View(view) if view.mutable => Mutability::Mutable,
                _ => Mutability::Shared,
            };
            if self.is_refused(&lowered) {
                return poison();
            }
            match self.as_view(lowered, array.span()) {
                Some(view) => parts.push((view, mutability)),
                None => return self.refuse(array, "how many axes this array has is not known here", "write the loop"),
            }
        }
        let first = self.measured(&parts[0].0, span);
        let function = call.args.last().unwrap_or(&call.receiver);
        let made = (name == "map_collect").then(|| {
            let shape: Vec<Operand> = (0..first.rank()).map(|axis| self.view_len(&first, axis, span)).collect();
            let zeros = self.zeros(&shape, first.rank(), span, shape_tokens);
            self.new_array(zeros, first.rank(), span)
        });
        let acc = (name == "fold").then(|| {
            let start = self.value(&call.args[0]);
            self.accumulator(&start, span)
        });
        self.each_position(&first, span, |this, positions| {
            let mut arguments: Vec<Lowered> = acc.iter().map(|acc| this.load(acc, span)).collect();
            if indexed {
                arguments.push(match positions {
                    [position] => Lowered::Operand(position.clone()),
                    positions => Lowered::Tuple(positions.iter().cloned().map(Lowered::Operand).collect()),
                });
            }
            for (view, mutability) in &parts {
                let element = this.view_element(view, positions, span);
                arguments.push(Lowered::Ref(Box::new(this.place_value(element)), *mutability));
            }
            let at = this.position();
            let value = this.apply(function, arguments);
            match (&made, &acc) {
                (Some(made), _) => this.set(made, positions, value, span),
                (None, Some(acc)) => this.store_parts(acc, value, span),
                (None, None) => this.discard(at),
            }
        });
        match (made, acc) {
            (Some(made), _) => self.made(&made, span),
            (None, Some(acc)) => self.load(&acc, span),
            (None, None) => Lowered::Unit,
        }
    }

    /// `azip!((a in &mut x, &b in &y) *a = b)`, which is a `Zip`.
    pub(super) fn azip(&mut self, mac: &syn::Macro) -> Option<Lowered> {
        let mut trees = mac.tokens.clone().into_iter();
        let Some(proc_macro2::TokenTree::Group(head)) = trees.next() else { return None };
        let body: TokenStream = trees.collect();
        let parse = |input: syn::parse::ParseStream<'_>| {
            let pattern = syn::Pat::parse_single(input)?;
            input.parse::<Token![in]>()?;
            Ok((pattern, input.parse::<Expr>()?))
        };
        let bindings = Punctuated::<(syn::Pat, Expr), Token![,]>::parse_terminated_with;
        let bindings = (|input: syn::parse::ParseStream<'_>| bindings(input, parse)).parse2(head.stream()).ok()?;
        let (patterns, arrays): (Vec<_>, Vec<_>) = bindings.into_iter().unzip();
        let (first, rest) = arrays.split_first()?;
        let root = &self.root;
        let zip = quote!(#root::rt::ndarray::Zip::from(#first)#(.and(#rest))*.for_each(|#(#patterns),*| { #body }));
        match syn::parse2(zip).ok()? {
            Expr::MethodCall(zip) => self.zip_call(&zip),
            _ => None,
        }
    }

    /// `m.map_axis(Axis(1), |row| ..)`, `m.fold_axis(Axis(1), start, |acc, x| ..)` of arrays with two axes.
    pub(super) fn by_lanes(&mut self, receiver: Lowered, call: &ExprMethodCall) -> Option<Lowered> {
        let (folds, span) = (call.method == "fold_axis", call.span());
        let along = literal_axis(call.args.first()?).filter(|axis| *axis < 2)?;
        let array = self.as_view(receiver, span).filter(|array| array.rank() == 2)?;
        let array = self.measured(&array, span);
        let len = self.view_len(&array, 1 - along, span);
        let zeros = self.zeros(&[len], 1, span, shape_tokens);
        let made = self.new_array(zeros, 1, span);
        let start = folds.then(|| self.number(&call.args[1]));
        let function = call.args.last()?;
        self.each_position(&made, span, |this, positions| {
            let Some(lane) = this.part_at(&array, 1 - along, positions[0].clone(), span) else { return };
            let Some(start) = &start else {
                let value = this.apply(function, vec![Lowered::View(Box::new(lane))]);
                return this.set(&made, positions, value, span);
            };
            let acc = this.accumulator(&Lowered::Operand(start.clone()), span);
            this.each_position(&lane, span, |this, inner| {
                let element = this.view_element(&lane, inner, span);
                let element = this.place_value(element).shared();
                let current = this.load(&acc, span);
                let next = this.apply(function, vec![current.shared(), element]);
                this.store_parts(&acc, next, span);
            });
            let value = this.load(&acc, span);
            this.set(&made, positions, value, span);
        });
        Some(self.made(&made, span))
    }
}

fn shape_tokens(lens: &[TokenStream]) -> TokenStream {
    match lens {
        [len] => len.clone(),
        lens => quote!((#(#lens),*)),
    }
}

/// The arrays of `Zip::from(a).and(b)`, and whether their positions come first.
fn zipped(expr: &Expr) -> Option<(bool, Vec<Expr>)> {
    match strip_parens(expr) {
        Expr::MethodCall(call) if call.method == "and" && call.args.len() == 1 => {
            let (indexed, mut arrays) = zipped(&call.receiver)?;
            arrays.push(call.args[0].clone());
            Some((indexed, arrays))
        }
        Expr::Call(call) if call.args.len() == 1 => {
            let Expr::Path(path) = strip_parens(&call.func) else { return None };
            let mut segments = path.path.segments.iter().rev();
            let (function, owner) = (segments.next()?, segments.next()?);
            let known = owner.ident == "Zip" && (function.ident == "from" || function.ident == "indexed");
            known.then(|| (function.ident == "indexed", vec![call.args[0].clone()]))
        }
        _ => None,
    }
}
