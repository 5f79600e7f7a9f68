//! `VecDeque`: a list that is changed at both ends.

use super::call::Called;
use super::chain::Parsed;
use super::env::{Lowered, Mutability};
use super::lowerer::{Checkpoint, Lowerer, block_of, constant};
use crate::analysis::types;
use crate::ir::{EditKind, Op, Operand, Place, Stmt, Storage, Type};
use proc_macro2::Span;
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{Expr, ExprMethodCall};

impl Lowerer<'_> {
    pub(super) fn deque_method(
        &mut self,
        receiver: Lowered,
        call: &ExprMethodCall,
        before: &Checkpoint,
        hint: Option<&Type>,
    ) -> Lowered {
        let (name, span) = (call.method.to_string(), call.span());
        match (name.as_str(), call.args.len()) {
            ("push_back" | "push_front", 1) => {
                let list = self.place_of(receiver, span);
                let value = self.element(&list, &call.args[0]);
                let kind = if name == "push_back" { EditKind::Push(value) } else { EditKind::PushFront(value) };
                self.edit(list, kind)
            }
            ("pop_back" | "pop_front", 0) => {
                let list = self.place_of(receiver, span);
                let any = self.observe("any", &list, Type::Bool, span, |list| quote!(!#list.is_empty()));
                let (stmts, _) = self.block(|this| this.pop_end(list, name == "pop_front", span));
                let (then, els) = (block_of(stmts, None), block_of(Vec::new(), None));
                self.emit(Stmt::If { dest: None, cond: any, then, els });
                Lowered::Unit
            }
            ("extend", 1) => {
                let list = self.place_of(receiver, span);
                self.push_each(&list, &call.args[0], span)
            }
            ("make_contiguous", 0) => Lowered::Ref(Box::new(receiver.strip()), Mutability::Mutable),
            ("clear", 0) | ("truncate" | "rotate_left" | "rotate_right", 1) | ("insert" | "swap" | "resize", 2) => {
                self.list_edit(receiver, call)
            }
            ("len" | "is_empty", 0) | ("contains", 1) => self.collection_method(receiver, call, before, hint),
            _ if self.is_inactive(&call.to_token_stream()) => {
                self.rollback(before);
                self.opaque_or(call, hint, "this is not supported", "write it in simpler steps")
            }
            ("front" | "back" | "get" | "front_mut" | "back_mut" | "get_mut", _) => {
                match self.kept_option(call, before) {
                    Some(lowered) => lowered,
                    None => self.refuse(&call.method, "this end of a `VecDeque` is not understood", "index it"),
                }
            }
            _ => self.refuse(
                &call.method,
                format!("`{name}` of a `VecDeque` of differentiable values is not supported"),
                "push and pop at its ends, index it, or loop over `.iter()`",
            ),
        }
    }

    /// `queue.range(lo..hi)`: the elements at these positions.
    pub(super) fn deque_range(&mut self, call: &ExprMethodCall, range: &Expr) -> Parsed {
        let span = call.span();
        let receiver = self.value(&call.receiver).strip();
        let (Type::Deque(_), Expr::Range(range)) = (self.bare_type(&receiver), range) else { return None };
        let of = self.place_of(receiver, span);
        let lo = range.start.as_ref().map(|lo| self.number(lo));
        let lo = lo.unwrap_or_else(|| constant(quote!(0), Type::Int(None)));
        let hi = match &range.end {
            Some(hi) => self.number(hi),
            None => self.length(&of, span),
        };
        let mutability = if call.method == "range" { Mutability::Shared } else { Mutability::Mutable };
        let inclusive = matches!(range.limits, syn::RangeLimits::Closed(_));
        Some(self.positions_between(of, (lo, hi, inclusive), mutability, span))
    }

    /// The element at one end of a list that is not empty.
    pub(super) fn pop_end(&mut self, list: Place, front: bool, span: Span) -> Lowered {
        self.taken(list, if front { EditKind::PopFront } else { EditKind::Pop }, span)
    }

    fn push_each(&mut self, list: &Place, items: &Expr, span: Span) -> Lowered {
        match self.chain(items) {
            Some(chain) => {
                self.push_all(list, chain, span);
                Lowered::Unit
            }
            None => self.refuse(items, "cannot see what this iterator gives", "write a loop with `push_back`"),
        }
    }

    fn new_deque(&mut self, elem: Type, span: Span) -> Place {
        let ty = Type::Deque(Box::new(elem));
        let empty = self.empty_deque(quote!(::std::collections::VecDeque::new()), &[], ty.clone(), span);
        let memory = self.fresh("deque", ty, Storage::Memory, crate::ir::Origin::Temp, span);
        self.emit(Stmt::Declare { var: memory, init: Some(empty) });
        Place::var(memory)
    }

    fn empty_deque(&mut self, made: proc_macro2::TokenStream, capacity: &[Operand], ty: Type, span: Span) -> Operand {
        let empty = self.opaque_parts("deque", capacity, ty, span, |parts| match parts {
            [] => made,
            parts => quote!(::std::collections::VecDeque::with_capacity(#(#parts),*)),
        });
        if let Some(Stmt::Let { var, op: Op::Opaque(opaque) }) = self.last_stmt() {
            opaque.pure = false;
            // What it will hold is not known yet.
            let var = *var;
            self.constants.remove(&var);
        }
        empty
    }

    /// `VecDeque::new()`, `VecDeque::with_capacity(n)`, `VecDeque::from(list)`
    pub(super) fn deque_function(&mut self, called: &Called<'_>, hint: Option<&Type>) -> Option<Lowered> {
        let span = called.call.span();
        let elem = match hint {
            Some(Type::Deque(elem)) => (**elem).clone(),
            _ => match self.owner_type(called.path) {
                Type::Deque(elem) => *elem,
                _ => Type::Unknown,
            },
        };
        match (called.last.to_string().as_str(), called.call.args.first()) {
            ("new", None) => {
                let made = quote!(::std::collections::VecDeque::new());
                Some(Lowered::Operand(self.empty_deque(made, &[], Type::Deque(Box::new(elem)), span)))
            }
            ("with_capacity", Some(capacity)) => {
                let capacity = self.number(capacity);
                let ty = Type::Deque(Box::new(elem));
                Some(Lowered::Operand(self.empty_deque(quote!(), &[capacity], ty, span)))
            }
            ("from", Some(list)) => {
                let deque = self.new_deque(elem, span);
                self.push_each(&deque, &syn::parse_quote!((#list).into_iter()), span);
                Some(Lowered::Operand(self.read(Lowered::Place(deque), span)))
            }
            _ => None,
        }
    }

    /// `.collect::<VecDeque<_>>()`
    pub(super) fn collect_deque(&mut self, call: &ExprMethodCall, elem: Type) -> Lowered {
        let span = call.span();
        let deque = self.new_deque(elem, span);
        self.push_each(&deque, &call.receiver, span);
        Lowered::Operand(self.read(Lowered::Place(deque), span))
    }

    /// The type of a list with such elements, of the kind that the place is.
    pub(super) fn list_of(&self, list: &Place, elem: Type) -> Type {
        match types::strip_refs(&self.function.place_type(list)) {
            Type::Deque(_) => Type::Deque(Box::new(elem)),
            _ => Type::Vec(Box::new(elem)),
        }
    }
}
