//! Methods that change the length or the order of a `Vec` or a slice: all of them are made of a few primitive changes,
//! each of which the reverse sweep undoes.

use super::env::{Lowered, Mutability};
use super::lowerer::{Lowerer, block_of, constant};
use super::place::strip_parens;
use crate::analysis::types;
use crate::ir::{BinOp, Edit, EditKind, Op, Operand, Place, Proj, Stmt, Type};
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{Expr, ExprMethodCall};

/// Whether the method changes a list as a whole, with as many arguments as the method of std has.
pub(super) fn is_edit(call: &ExprMethodCall) -> bool {
    let arguments = match call.method.to_string().as_str() {
        "pop" | "clear" | "reverse" | "concat" | "dedup" => 0,
        "push" | "remove" | "swap_remove" | "truncate" | "extend" | "extend_from_slice" | "append" | "split_off"
        | "rotate_left" | "rotate_right" | "sort_by" | "sort_unstable_by" | "sort_by_key" | "retain" | "drain"
        | "dedup_by" | "dedup_by_key" | "fill_with" => 1,
        "insert" | "swap" | "resize" | "copy_within" | "select_nth_unstable_by" => 2,
        _ => return false,
    };
    call.args.len() == arguments
}

impl Lowerer<'_> {
    pub(super) fn list_edit(&mut self, receiver: Lowered, call: &ExprMethodCall) -> Lowered {
        let span = call.span();
        let name = call.method.to_string();
        let list = self.place_of(receiver, span);
        match name.as_str() {
            "push" => {
                let value = self.element(&list, &call.args[0]);
                self.edit(list, EditKind::Push(value))
            }
            "insert" => {
                let at = self.number(&call.args[0]);
                let value = self.element(&list, &call.args[1]);
                self.edit(list, EditKind::Insert(at, value))
            }
            "pop" => self.pop_if_any(&list, span),
            "remove" => {
                let at = self.number(&call.args[0]);
                self.taken(list, EditKind::Remove(at), span)
            }
            "swap_remove" => {
                let at = self.number(&call.args[0]);
                let last = self.last_position(&list, span);
                self.edit(list.clone(), EditKind::Swap(at, last));
                self.taken(list, EditKind::Pop, span)
            }
            "truncate" => {
                let len = self.number(&call.args[0]);
                self.truncate(list, len, span)
            }
            "clear" => self.edit(list, EditKind::Truncate(zero())),
            "resize" => self.resize(list, call),
            "swap" => {
                let (left, right) = (self.number(&call.args[0]), self.number(&call.args[1]));
                self.edit(list, EditKind::Swap(left, right))
            }
            "reverse" => self.edit(list, EditKind::Reverse),
            "rotate_left" => {
                let count = self.number(&call.args[0]);
                self.edit(list, EditKind::RotateLeft(count))
            }
            "rotate_right" => {
                let count = self.number(&call.args[0]);
                self.edit(list, EditKind::RotateRight(count))
            }
            _ => self.composed_edit(&name, list, call),
        }
    }

    /// Methods that are made of several changes.
    fn composed_edit(&mut self, name: &str, list: Place, call: &ExprMethodCall) -> Lowered {
        let span = call.span();
        match name {
            "extend" => self.extend(list, &call.args[0], call),
            "extend_from_slice" => {
                let items = self.value(&call.args[0]);
                let items = self.place_of(items, span);
                self.edit(list, EditKind::Extend(items))
            }
            "append" => {
                let other = self.value(&call.args[0]);
                let other = self.place_of(other, span);
                self.edit(list, EditKind::Extend(other.clone()));
                self.edit(other, EditKind::Truncate(zero()))
            }
            "split_off" => {
                let at = self.number(&call.args[0]);
                let tail = self.copy_of_part(&list, Some(at.clone()), None, span);
                self.edit(list, EditKind::Truncate(at));
                Lowered::Operand(tail)
            }
            "drain" => self.drain(&list, &call.args[0], call),
            "copy_within" => self.copy_within(&list, call),
            "retain" => self.retain(list, call),
            "dedup" | "dedup_by" | "dedup_by_key" => self.dedup(list, call),
            "select_nth_unstable_by" => self.select_nth(list, call),
            "fill_with" => self.fill_with(&list, &call.args[0], span),
            "concat" => self.concat(&list, span),
            _ => self.sort(list, call),
        }
    }

    pub(super) fn edit(&mut self, list: Place, kind: EditKind) -> Lowered {
        self.emit(Stmt::Eval(Op::Edit(Edit { list, kind })));
        Lowered::Unit
    }

    /// A change that takes an element out of the list.
    pub(super) fn taken(&mut self, list: Place, kind: EditKind, span: Span) -> Lowered {
        let name = format!("{}_item", self.place_name(&list));
        let ty = self.element_type(&list);
        Lowered::Operand(self.temp(&name, ty, Op::Edit(Edit { list, kind }), span))
    }

    /// The last element of a list that is not empty.
    pub(super) fn pop(&mut self, list: Place, span: Span) -> Lowered {
        self.taken(list, EditKind::Pop, span)
    }

    /// `list.pop();`: nothing happens if the list is empty.
    fn pop_if_any(&mut self, list: &Place, span: Span) -> Lowered {
        let any = self.observe("any", list, Type::Bool, span, |list| quote!(!#list.is_empty()));
        let (stmts, _) = self.block(|this| this.pop(list.clone(), span));
        self.emit(Stmt::If { dest: None, cond: any, then: block_of(stmts, None), els: block_of(Vec::new(), None) });
        Lowered::Unit
    }

    /// A value to be put into a list, which learns from it what it holds.
    pub(super) fn element(&mut self, list: &Place, value: &Expr) -> Operand {
        let hint = types::element(&self.function.place_type(list));
        let lowered = self.value_as(value, hint.as_ref());
        let operand = self.read(lowered, value.span());
        let ty = self.list_of(list, self.ty(&operand));
        self.learn(list, &ty);
        operand
    }

    pub(super) fn last_position(&mut self, list: &Place, span: Span) -> Operand {
        self.observe("last", list, Type::Int(Some("usize")), span, |list| quote!(#list.len() - 1))
    }

    /// Cuts off what is behind `len`, which may be more than there is.
    fn truncate(&mut self, list: Place, len: Operand, span: Span) -> Lowered {
        let own = self.length(&list, span);
        let len = self.opaque_parts("len", &[len, own], Type::Int(Some("usize")), span, |parts| {
            let (len, own) = (&parts[0], &parts[1]);
            quote!(::core::cmp::Ord::min(#len, #own))
        });
        self.edit(list, EditKind::Truncate(len))
    }

    fn resize(&mut self, list: Place, call: &ExprMethodCall) -> Lowered {
        let span = call.span();
        let len = self.number(&call.args[0]);
        let value = self.element(&list, &call.args[1]);
        let is_vec = !matches!(types::strip_refs(&self.function.place_type(&list)), Type::Deque(_));
        if is_vec && types::is_float(&self.ty(&value)) {
            return self.edit(list, EditKind::Resize(len, value));
        }
        // Elements that have a shape of their own come one by one, and those of what is not one piece of memory.
        self.truncate(list.clone(), len.clone(), span);
        let own = self.length(&list, span);
        let chain = self.count_up(own, len, span);
        self.run_chain(chain, |this, _| {
            let value = this.copied(&value, span);
            this.edit(list.clone(), EditKind::Push(value));
        });
        Lowered::Unit
    }

    /// The operand for one more use.
    fn copied(&mut self, value: &Operand, span: Span) -> Operand {
        match value {
            Operand::Var(var) if !types::is_copy(&self.function[*var].ty) => {
                let (name, ty) = (self.operand_name(value), self.ty(value));
                self.temp(&name, types::owned(&ty), Op::CloneOf(Place::var(*var)), span)
            }
            other => other.clone(),
        }
    }

    /// `extend(items)`: in one go where the items lie side by side, one by one otherwise.
    fn extend(&mut self, list: Place, items: &Expr, call: &ExprMethodCall) -> Lowered {
        let span = call.span();
        if let Some(side_by_side) = self.list_behind(items) {
            return self.edit(list, EditKind::Extend(side_by_side));
        }
        let Some(chain) = self.chain(items) else {
            return self.refuse(items, "cannot see what this iterator gives", "write a loop with `push`");
        };
        self.push_all(&list, chain, span);
        Lowered::Unit
    }

    /// Pushes what a chain yields.
    pub(super) fn push_all(&mut self, list: &Place, chain: super::chain::Chain, span: Span) {
        self.run_chain(chain, |this, item| this.push_item(list, item, span));
    }

    pub(super) fn push_item(&mut self, list: &Place, item: Lowered, span: Span) {
        let value = self.owned_item(item, span);
        let ty = self.list_of(list, self.ty(&value));
        self.learn(list, &ty);
        self.edit(list.clone(), EditKind::Push(value));
    }

    /// An item that is kept: behind a reference it is copied.
    pub(super) fn owned_item(&mut self, item: Lowered, span: Span) -> Operand {
        match item {
            Lowered::Ref(inner, _) => {
                let ty = self.bare_type(&inner);
                let place = self.place_of(*inner, span);
                let copied = types::is_copy(&ty) || !ty.is_known();
                let op = if copied { Op::Read(place.clone()) } else { Op::CloneOf(place.clone()) };
                let name = self.place_name(&place);
                self.temp(&name, types::owned(&ty), op, span)
            }
            other => self.read(other, span),
        }
    }

    /// The array, slice or `Vec` that an expression gives all elements of, by value or by reference.
    pub(super) fn list_behind(&mut self, items: &Expr) -> Option<Place> {
        let items = match strip_parens(items) {
            Expr::MethodCall(call) => match call.method.to_string().as_str() {
                "iter" | "into_iter" | "copied" | "cloned" => return self.list_behind(&call.receiver),
                _ => return None,
            },
            Expr::Reference(reference) => strip_parens(&reference.expr),
            other => other,
        };
        if !matches!(items, Expr::Path(_) | Expr::Field(_) | Expr::Index(_) | Expr::Array(_)) {
            return None;
        }
        let checkpoint = self.checkpoint();
        let lowered = self.value(items);
        let ty = self.bare_type(&lowered);
        match ty {
            Type::Array(..) | Type::Slice(_) | Type::Vec(_) => Some(self.place_of(lowered, items.span())),
            _ => {
                self.rollback(&checkpoint);
                None
            }
        }
    }

    /// `list[lo..hi].to_vec()`
    fn copy_of_part(&mut self, list: &Place, lo: Option<Operand>, hi: Option<Operand>, span: Span) -> Operand {
        let mut part = list.clone();
        self.push_range(&mut part, lo, hi, false, span);
        let ty = types::owned(&self.function.place_type(&part));
        let name = self.place_name(&part);
        self.temp(&name, ty, Op::CloneOf(part), span)
    }

    /// `list.drain(lo..hi)`: the part as a list of its own. What is behind it is moved to the front and then cut off.
    pub(super) fn drain(&mut self, list: &Place, range: &Expr, call: &ExprMethodCall) -> Lowered {
        let span = call.span();
        let Expr::Range(range) = strip_parens(range) else {
            return self.refuse(&call.args[0], "this range is not understood", "write `a..b`");
        };
        let lo = range.start.as_ref().map(|lo| self.number(lo));
        let hi = range.end.as_ref().map(|hi| self.number(hi));
        let hi = match (hi, &range.limits) {
            (Some(hi), syn::RangeLimits::Closed(_)) => {
                let one = constant(quote!(1), Type::Int(None));
                Some(self.temp("end", Type::Int(Some("usize")), Op::Binary(BinOp::Add, hi, one), span))
            }
            (hi, _) => hi,
        };
        let part = self.copy_of_part(list, lo.clone(), hi.clone(), span);
        let lo = lo.unwrap_or_else(zero);
        if hi.is_none() {
            self.edit(list.clone(), EditKind::Truncate(lo));
            return Lowered::Operand(part);
        }
        let count = match &part {
            Operand::Var(part) => self.length(&Place::var(*part), span),
            Operand::Const(_) => zero(),
        };
        let mut rest = list.clone();
        self.push_range(&mut rest, Some(lo), None, false, span);
        self.edit(rest, EditKind::RotateLeft(count.clone()));
        let own = self.length(list, span);
        let len = self.temp("len", Type::Int(Some("usize")), Op::Binary(BinOp::Sub, own, count), span);
        self.edit(list.clone(), EditKind::Truncate(len));
        Lowered::Operand(part)
    }

    /// `list.copy_within(lo..hi, to)`
    fn copy_within(&mut self, list: &Place, call: &ExprMethodCall) -> Lowered {
        let span = call.span();
        let Expr::Range(range) = strip_parens(&call.args[0]) else {
            return self.refuse(&call.args[0], "this range is not understood", "write `a..b`");
        };
        if matches!(range.limits, syn::RangeLimits::Closed(_)) {
            return self.refuse(range, "an inclusive range is not supported here", "write `a..b`");
        }
        let lo = range.start.as_ref().map(|lo| self.number(lo));
        let hi = range.end.as_ref().map(|hi| self.number(hi));
        let to = self.number(&call.args[1]);
        let Operand::Var(part) = self.copy_of_part(list, lo, hi, span) else { return super::lowerer::poison() };
        let part = Place::var(part);
        let count = self.length(&part, span);
        let end = self.temp("end", Type::Int(Some("usize")), Op::Binary(BinOp::Add, to.clone(), count), span);
        let mut target = list.clone();
        self.push_range(&mut target, Some(to), Some(end), false, span);
        self.copy_elements(&target, &part, span);
        Lowered::Unit
    }

    /// `[a, b].concat()` of what is written out: no array of references is made.
    pub(super) fn concat_parts(&mut self, call: &ExprMethodCall) -> Option<Lowered> {
        let Expr::Array(array) = strip_parens(&call.receiver) else { return None };
        if call.method != "concat" || !call.args.is_empty() || self.is_inactive(&call.to_token_stream()) {
            return None;
        }
        let checkpoint = self.checkpoint();
        let mut parts = Vec::new();
        for part in &array.elems {
            let lowered = self.value(part);
            let (Type::Array(elem, _) | Type::Slice(elem) | Type::Vec(elem)) = self.bare_type(&lowered) else {
                self.rollback(&checkpoint);
                return None;
            };
            parts.push((self.place_of(lowered, part.span()), *elem));
        }
        let elem = parts.first().map_or(Type::Unknown, |(_, elem)| elem.clone());
        let joined = self.new_list("joined", elem, None, call.span());
        for (part, _) in parts {
            self.edit(joined.clone(), EditKind::Extend(part));
        }
        Some(Lowered::Operand(self.read(Lowered::Place(joined), call.span())))
    }

    /// `rows.concat()`
    fn concat(&mut self, lists: &Place, span: Span) -> Lowered {
        let mut first = lists.clone();
        first.path.push(Proj::Index(zero()));
        let elem = types::element(&self.function.place_type(&first)).unwrap_or(Type::Unknown);
        let joined = self.new_list("joined", elem, None, span);
        self.counted(lists, span, |this, index| {
            let mut part = lists.clone();
            this.push_index(&mut part, index, span);
            this.edit(joined.clone(), EditKind::Extend(part));
        });
        Lowered::Operand(self.read(Lowered::Place(joined), span))
    }

    /// Sorting only moves elements: the order is found by looking, and recorded.
    fn sort(&mut self, list: Place, call: &ExprMethodCall) -> Lowered {
        let (span, function) = (call.span(), &call.args[0]);
        let compare = match (call.method.to_string().as_str(), strip_parens(function)) {
            // The parameter becomes a variable: an immediate call would leave its type open.
            ("sort_by_key", Expr::Closure(closure)) if closure.inputs.len() == 1 => {
                let (key, body) = (&closure.inputs[0], &closure.body);
                quote!(|__left, __right| {
                    let __key = { let #key = __left; #body };
                    ::core::cmp::Ord::cmp(&__key, &{ let #key = __right; #body })
                })
            }
            ("sort_by_key", _) => {
                quote!(|__left, __right| ::core::cmp::Ord::cmp(&(#function)(__left), &(#function)(__right)))
            }
            _ => function.to_token_stream(),
        };
        let Some(order) = self.positions(
            &list,
            function,
            positions_type(),
            span,
            |list, rt| quote!(#rt::sorting_order(&#list[..], #compare)),
        ) else {
            return super::lowerer::poison();
        };
        self.edit(list, EditKind::Permute(order))
    }

    /// `list.retain(|x| ..)`: what stays is moved to the front, the rest is cut off.
    fn retain(&mut self, list: Place, call: &ExprMethodCall) -> Lowered {
        let keep = &call.args[0];
        let build = |list: &TokenStream, rt: &TokenStream| quote!(#rt::retaining_order(&#list[..], #keep));
        self.keep_some(list, keep, call.span(), build)
    }

    /// `list.dedup()` and its relatives: of neighbours that are the same, the first stays.
    fn dedup(&mut self, list: Place, call: &ExprMethodCall) -> Lowered {
        let same: Expr = match (call.method.to_string().as_str(), call.args.first()) {
            ("dedup_by", Some(same)) => same.clone(),
            ("dedup_by_key", Some(key)) => syn::parse_quote!(|__next, __kept| (#key)(__next) == (#key)(__kept)),
            _ => syn::parse_quote!(|__next, __kept| __next == __kept),
        };
        let build = |list: &TokenStream, rt: &TokenStream| quote!(#rt::distinct_order(&#list[..], #same));
        self.keep_some(list, &same, call.span(), build)
    }

    /// Brings to the front what stays, as `build` says of the list, and cuts off the rest.
    fn keep_some(
        &mut self,
        list: Place,
        function: &Expr,
        span: Span,
        build: impl FnOnce(&TokenStream, &TokenStream) -> TokenStream,
    ) -> Lowered {
        let ty = Type::Tuple(vec![positions_type(), Type::Int(Some("usize"))]);
        let Some(order) = self.positions(&list, function, ty, span, build) else { return super::lowerer::poison() };
        let part = |index: usize| Place { path: vec![Proj::Field(syn::Member::from(index))], ..order.clone() };
        let count = self.read(Lowered::Place(part(1)), span);
        self.edit(list.clone(), EditKind::Permute(part(0)));
        self.edit(list, EditKind::Truncate(count))
    }

    /// `list.select_nth_unstable_by(n, compare)`: any order serves that has the right element at `n`, a sorted one too.
    fn select_nth(&mut self, list: Place, call: &ExprMethodCall) -> Lowered {
        let (span, compare) = (call.span(), &call.args[1]);
        let at = self.number(&call.args[0]);
        let build = |list: &TokenStream, rt: &TokenStream| quote!(#rt::sorting_order(&#list[..], #compare));
        let Some(order) = self.positions(&list, compare, positions_type(), span, build) else {
            return super::lowerer::poison();
        };
        self.edit(list.clone(), EditKind::Permute(order));
        let behind = self.offset(at.clone(), constant(quote!(1), Type::Int(None)), span);
        let (mut left, mut selected, mut right) = (list.clone(), list.clone(), list);
        self.push_range(&mut left, None, Some(at.clone()), false, span);
        self.push_index(&mut selected, at, span);
        self.push_range(&mut right, Some(behind), None, false, span);
        let parts =
            [left, selected, right].map(|part| Lowered::Ref(Box::new(Lowered::Place(part)), Mutability::Mutable));
        Lowered::Tuple(parts.into())
    }

    /// `list.fill_with(f)`
    fn fill_with(&mut self, list: &Place, function: &Expr, span: Span) -> Lowered {
        self.counted(list, span, |this, index| {
            let mut element = list.clone();
            this.push_index(&mut element, index, span);
            let value = this.apply(function, Vec::new());
            let value = this.read(value, span);
            this.write(element, value);
        });
        Lowered::Unit
    }

    /// Where the elements of a list come to stand, as `function` says, which only looks at them.
    fn positions(
        &mut self,
        list: &Place,
        function: &Expr,
        ty: Type,
        span: Span,
        build: impl FnOnce(&TokenStream, &TokenStream) -> TokenStream,
    ) -> Option<Place> {
        if !only_looks(function) {
            self.refuse(function, "this closure changes what it captures", "write the loop");
            return None;
        }
        let mut opaque = self.opaque(function.to_token_stream(), super::opaque::Looks::Observer)?;
        let mut uses = std::mem::take(&mut opaque.uses);
        let list = self.place_tokens(list, &mut uses);
        let root = &self.root;
        opaque.tokens = build(&list, &quote!(#root::rt));
        opaque.uses = uses;
        Some(Place::var(self.temp_var("order", ty, Op::Opaque(opaque), span)))
    }
}

fn positions_type() -> Type {
    Type::Vec(Box::new(Type::Int(Some("usize"))))
}

/// Whether the closure assigns nothing and hands out no `&mut`.
pub(super) fn only_looks(function: &Expr) -> bool {
    struct Changes(bool);
    impl<'ast> syn::visit::Visit<'ast> for Changes {
        fn visit_expr_assign(&mut self, _: &'ast syn::ExprAssign) {
            self.0 = true;
        }
        fn visit_expr_binary(&mut self, binary: &'ast syn::ExprBinary) {
            self.0 |= super::ops::assigned_operator(&binary.op).is_some();
            syn::visit::visit_expr_binary(self, binary);
        }
        fn visit_expr_reference(&mut self, reference: &'ast syn::ExprReference) {
            self.0 |= reference.mutability.is_some();
            syn::visit::visit_expr_reference(self, reference);
        }
    }
    let mut changes = Changes(false);
    syn::visit::Visit::visit_expr(&mut changes, function);
    !changes.0
}

fn zero() -> Operand {
    constant(quote!(0), Type::Int(None))
}
