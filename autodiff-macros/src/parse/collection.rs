//! Methods of arrays, slices and `Vec`s.

use super::env::{Lowered, Mutability};
use super::lowerer::{Checkpoint, Lowerer, block_of, constant};
use crate::analysis::types;
use crate::ir::{Arg, Iter, Op, Operand, Origin, Place, Proj, Stmt, Storage, Type};
use proc_macro2::Span;
use quote::{ToTokens, quote};
use syn::ExprMethodCall;
use syn::spanned::Spanned;

impl Lowerer<'_> {
    pub(super) fn collection_method(
        &mut self,
        receiver: Lowered,
        call: &ExprMethodCall,
        before: &Checkpoint,
        hint: Option<&Type>,
    ) -> Lowered {
        let span = call.span();
        let name = call.method.to_string();
        self.learn_element(&receiver, call);
        let constant_receiver = self.lowered_is_constant(&receiver);
        match name.as_str() {
            "len" => {
                let place = self.place_of(receiver, span);
                Lowered::Operand(self.observe(
                    "len",
                    &place,
                    Type::Int(Some("usize")),
                    span,
                    |place| quote!(#place.len()),
                ))
            }
            "is_empty" => {
                let place = self.place_of(receiver, span);
                Lowered::Operand(self.observe("is_empty", &place, Type::Bool, span, |place| quote!(#place.is_empty())))
            }
            "as_slice" | "as_ref" | "borrow" | "as_mut_slice" | "as_mut" | "borrow_mut" => {
                let mutability = if name.contains("mut") { Mutability::Mutable } else { Mutability::Shared };
                Lowered::Ref(Box::new(receiver.strip()), mutability)
            }
            "fill" if call.args.len() == 1 => {
                let place = self.place_of(receiver, span);
                let value = self.number(&call.args[0]);
                self.fill(&place, value, span);
                Lowered::Unit
            }
            "copy_from_slice" | "clone_from_slice" if call.args.len() == 1 => {
                let place = self.place_of(receiver, span);
                let source = self.value(&call.args[0]);
                let source = self.place_of(source, call.args[0].span());
                self.copy_elements(&place, &source, span);
                Lowered::Unit
            }
            "split_at" | "split_at_mut" if call.args.len() == 1 => self.split_at(receiver, call),
            "partition_point" if call.args.iter().all(super::edits::only_looks) => {
                self.observed_call(call, Type::Int(Some("usize")))
            }
            "binary_search_by" | "binary_search_by_key" if call.args.iter().all(super::edits::only_looks) => {
                self.observed_call(call, Type::Inactive)
            }
            "contains" | "is_sorted" | "starts_with" | "ends_with" => self.observed_call(call, Type::Bool),
            _ if constant_receiver && self.is_inactive(&call.to_token_stream()) => {
                self.constant_collection_method(receiver, call, before, hint)
            }
            _ if super::edits::is_edit(call) => self.list_edit(receiver, call),
            _ if constant_receiver => self.constant_collection_method(receiver, call, before, hint),
            _ => match self.kept_option(call, before) {
                Some(kept) => kept,
                None => self.refused_collection_method(call),
            },
        }
    }

    /// A `Vec` of which nothing is known yet learns from what is put into it.
    fn learn_element(&mut self, receiver: &Lowered, call: &ExprMethodCall) {
        let puts = matches!(call.method.to_string().as_str(), "push" | "insert" | "resize");
        if self.element_is_known(receiver) {
            return;
        }
        let Some(item) = call.args.last().filter(|_| puts) else { return };
        let place = match receiver.clone().strip() {
            Lowered::Place(place) if place.path.is_empty() => place,
            _ => return,
        };
        let checkpoint = self.checkpoint();
        let item = self.value(item);
        let ty = self.bare_type(&item);
        self.rollback(&checkpoint);
        types::merge(&mut self.function[place.root].ty, &Type::Vec(Box::new(ty)));
    }

    fn element_is_known(&self, receiver: &Lowered) -> bool {
        types::element(&self.bare_type(receiver)).is_some_and(|elem| elem.is_known())
    }

    fn constant_collection_method(
        &mut self,
        receiver: Lowered,
        call: &ExprMethodCall,
        before: &Checkpoint,
        hint: Option<&Type>,
    ) -> Lowered {
        if self.is_inactive(&call.to_token_stream()) {
            self.rollback(before);
            let ty = hint.cloned().unwrap_or_else(|| super::method::turbofish(call));
            return self.opaque_or(call, Some(&ty), "this is not supported", "write it in simpler steps");
        }
        let name = call.method.to_string();
        if matches!(receiver, Lowered::Ref(_, Mutability::Mutable)) || name.starts_with("push") {
            return self.refused_collection_method(call);
        }
        let mut args = vec![self.lowered_arg(receiver, call.receiver.span())];
        args.extend(call.args.iter().map(|arg| self.arg(arg)));
        if args.iter().all(|arg| self.arg_is_constant(arg)) {
            let ty = hint.cloned().unwrap_or(Type::Inactive);
            return self.method_by_parts(&name, &args, ty, call.span());
        }
        self.refused_collection_method(call)
    }

    fn refused_collection_method(&mut self, call: &ExprMethodCall) -> Lowered {
        let name = call.method.to_string();
        let (message, help) = match name.as_str() {
            "pop" => (
                "what `pop` gives is an `Option`, which is not understood here".to_owned(),
                "take it apart where it stands: `if let Some(x) = v.pop()`, `v.pop().unwrap()`",
            ),
            "sort" | "sort_unstable" | "splice" => (
                format!("`{name}` on differentiable values is not supported"),
                "use `sort_by(|a, b| a.total_cmp(b))`, `retain`, or a loop with `push`",
            ),
            "iter" | "iter_mut" | "into_iter" | "windows" | "chunks" | "chunks_exact" => (
                format!("an iterator over differentiable values cannot be kept here (`{name}`)"),
                "use it directly in a `for` loop or in an iterator chain",
            ),
            _ => (
                format!("`{name}` on differentiable values is not supported yet"),
                "write the loop, or call a function annotated with `#[differentiable]`",
            ),
        };
        self.refuse(&call.method, message, help)
    }

    /// A call that looks at differentiable values, but whose result is not differentiable.
    pub(super) fn observed_call(&mut self, call: &ExprMethodCall, ty: Type) -> Lowered {
        match self.opaque(call.to_token_stream(), super::opaque::Looks::Observer) {
            Some(opaque) => Lowered::Operand(self.temp(&call.method.to_string(), ty, Op::Opaque(opaque), call.span())),
            None => super::lowerer::poison(),
        }
    }

    pub(super) fn length(&mut self, place: &Place, span: Span) -> Operand {
        self.observe("len", place, Type::Int(Some("usize")), span, |place| quote!(#place.len()))
    }

    /// `for k in 0..p.len() { p[k] = value }`
    fn fill(&mut self, place: &Place, value: Operand, span: Span) {
        self.counted(place, span, |this, index| {
            let mut element = place.clone();
            this.push_index(&mut element, index, span);
            this.emit(Stmt::Assign { place: element, value });
        });
    }

    pub(super) fn copy_elements(&mut self, to: &Place, from: &Place, span: Span) {
        self.counted(to, span, |this, index| {
            let (mut target, mut source) = (to.clone(), from.clone());
            this.push_index(&mut target, index.clone(), span);
            this.push_index(&mut source, index, span);
            let value = this.read(Lowered::Place(source), span);
            this.emit(Stmt::Assign { place: target, value });
        });
    }

    /// A loop over the positions of what a place holds.
    pub(super) fn counted(&mut self, place: &Place, span: Span, body: impl FnOnce(&mut Self, Operand)) {
        let hi = self.length(place, span);
        let var = self.fresh("k", Type::Int(Some("usize")), Storage::Value, Origin::Temp, span);
        let ((stmts, id), _) = self.target(None, true, |this, id| {
            let (stmts, ()) = this.block(|this| body(this, Operand::Var(var)));
            (stmts, id)
        });
        let lo = constant(quote!(0), Type::Int(None));
        self.emit(Stmt::For { id, iter: Iter::Range { var, lo, hi, inclusive: false }, body: block_of(stmts, None) });
    }

    /// Both halves are places of their own.
    fn split_at(&mut self, receiver: Lowered, call: &ExprMethodCall) -> Lowered {
        let span = call.span();
        let place = self.place_of(receiver, span);
        let middle = self.number(&call.args[0]);
        let mutability = if call.method == "split_at_mut" { Mutability::Mutable } else { Mutability::Shared };
        let (mut left, mut right) = (place.clone(), place);
        self.push_range(&mut left, None, Some(middle.clone()), false, span);
        self.push_range(&mut right, Some(middle), None, false, span);
        let half = |place| Lowered::Ref(Box::new(Lowered::Place(place)), mutability);
        Lowered::Tuple(vec![half(left), half(right)])
    }

    /// The element type and whether elements are `Copy` as far as is known.
    pub(super) fn element_type(&self, place: &Place) -> Type {
        types::element(&self.function.place_type(place)).unwrap_or(Type::Unknown)
    }

    /// The receiver of an operation on a whole tensor or array, by reference.
    pub(super) fn receiver_arg(&mut self, receiver: Lowered, span: Span) -> Arg {
        let mut place = self.place_of(receiver, span);
        if let (true, Type::Ref { .. }) = (place.path.is_empty(), &self.function[place.root].ty) {
            place.path.push(Proj::Deref);
        }
        Arg::Shared(place)
    }
}

/// Methods that arrays, slices or `Vec`s have themselves, so that no trait's method of the name is called.
pub(super) fn is_of_lists(name: &str) -> bool {
    const NAMES: [&str; 45] = [
        "append",
        "as_mut",
        "as_mut_slice",
        "as_ref",
        "as_slice",
        "borrow",
        "clear",
        "concat",
        "dedup",
        "drain",
        "each_mut",
        "each_ref",
        "extend",
        "extend_from_slice",
        "fill",
        "first",
        "get",
        "get_mut",
        "insert",
        "into_boxed_slice",
        "into_iter",
        "is_sorted",
        "iter",
        "iter_mut",
        "join",
        "last",
        "map",
        "partition_point",
        "pop",
        "push",
        "remove",
        "repeat",
        "resize",
        "retain",
        "reverse",
        "rotate_left",
        "rotate_right",
        "splice",
        "split_first",
        "split_last",
        "split_off",
        "swap",
        "swap_remove",
        "to_vec",
        "truncate",
    ];
    const FAMILIES: [&str; 9] =
        ["as_", "binary_search", "chunk", "copy_", "clone_", "fill_", "select_nth", "sort", "split_at"];
    NAMES.contains(&name)
        || FAMILIES.iter().any(|family| name.starts_with(family))
        || name.starts_with("windows")
        || name.starts_with("rchunks")
}
