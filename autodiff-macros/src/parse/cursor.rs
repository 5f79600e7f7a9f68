//! `let mut it = xs.iter();`: an iterator that is advanced step by step, with `it.next()`, `it.peek()` and loops over what is
//! left. It is a position in memory; the items are those of the chain at that position.

use super::chain::{Chain, Given, Item, Parsed};
use super::env::{Binding, Lowered};
use super::lowerer::{Lowerer, constant};
use super::optional::Optional;
use super::place::strip_parens;
use crate::ir::walk;
use crate::ir::{BinOp, Iter, Op, Operand, Origin, Place, Stmt, Storage, Type};
use proc_macro2::Span;
use quote::{ToTokens, quote};
use std::rc::Rc;
use syn::spanned::Spanned;
use syn::{Expr, ExprMethodCall};

/// An iterator in a variable.
#[derive(Debug)]
pub(super) struct Cursor {
    pub(super) chain: Given,
    /// How many items have been taken; in memory.
    taken: Place,
    len: Operand,
}

impl Lowerer<'_> {
    /// `let mut it = xs.iter().zip(ys);`: the name stands for a position in the chain. Tells whether it was such an iterator.
    pub(super) fn keep_cursor(&mut self, pat: &syn::Pat, init: &Expr) -> bool {
        let syn::Pat::Ident(ident) = pat else { return false };
        let chains = super::sink::is_chain(init) && !super::rows::may_be_a_number(init);
        // An item may be computed twice, by `peek` and by `next`.
        let repeatable = super::edits::only_looks(init);
        if ident.mutability.is_none() || ident.by_ref.is_some() || !chains || !repeatable {
            return false;
        }
        if self.is_inactive(&init.to_token_stream()) {
            return false;
        }
        let span = init.span();
        let checkpoint = self.checkpoint();
        let Some(Chain::Loop { iter, .. }) = self.chain(init) else {
            self.rollback(&checkpoint);
            return false;
        };
        if walk::has_opaque(&iter) {
            self.rollback(&checkpoint);
            return false;
        }
        let len = self.chain_length(&iter, span);
        let start = constant(quote!(0), Type::Int(Some("usize")));
        let name = format!("{}_taken", ident.ident);
        let taken = Place::var(self.temp_memory(&name, Type::Int(Some("usize")), Some(start), span));
        let chain = self.given(init);
        self.env.bind(&ident.ident, Binding::Cursor(Rc::new(Cursor { chain, taken, len })));
        true
    }

    /// The iterator that a name stands for.
    pub(super) fn cursor(&self, expr: &Expr) -> Option<Rc<Cursor>> {
        let Expr::Path(path) = strip_parens(expr) else { return None };
        match self.env.get(path.path.get_ident()?)? {
            Binding::Cursor(cursor) => Some(Rc::clone(cursor)),
            Binding::Var(_)
            | Binding::Alias(_)
            | Binding::Closure(_)
            | Binding::Iterator(_)
            | Binding::Callable(_)
            | Binding::Function
            | Binding::Const(_) => None,
        }
    }

    /// `it.next()`, `it.peek()`
    pub(super) fn cursor_option(&mut self, call: &ExprMethodCall) -> Option<Optional> {
        let advances = match call.method.to_string().as_str() {
            "next" => true,
            "peek" => false,
            _ => return None,
        };
        let cursor = self.cursor(&call.receiver)?;
        let taken = self.count_taken(&cursor, call.span());
        let present = self.binary_op(BinOp::Lt, taken, cursor.len.clone(), call.span());
        Some(Optional::of_cursor(present, cursor, advances))
    }

    fn count_taken(&mut self, cursor: &Cursor, span: Span) -> Operand {
        self.temp("taken", Type::Int(Some("usize")), Op::Read(cursor.taken.clone()), span)
    }

    /// The next item, which is there.
    pub(super) fn next_item(&mut self, cursor: &Cursor, advances: bool, span: Span) -> Lowered {
        let taken = self.count_taken(cursor, span);
        let item = self.item_at(&cursor.chain, &taken);
        if advances {
            let value = constant(quote!(1), Type::Int(Some("usize")));
            self.emit(Stmt::Accumulate { place: cursor.taken.clone(), negative: false, value });
            return item;
        }
        item.shared()
    }

    /// `it.next();`: an item is left out.
    pub(super) fn skip_item(&mut self, call: &ExprMethodCall) -> Option<Lowered> {
        let cursor = self.cursor(&call.receiver).filter(|_| call.method == "next")?;
        let taken = self.count_taken(&cursor, call.span());
        let usize_type = Type::Int(Some("usize"));
        let value = self.opaque_parts("taken", &[taken, cursor.len.clone()], usize_type, call.span(), |parts| {
            let (taken, len) = (&parts[0], &parts[1]);
            quote!(::core::cmp::Ord::min(#taken + 1, #len))
        });
        self.emit(Stmt::Assign { place: cursor.taken.clone(), value });
        Some(Lowered::Unit)
    }

    /// `it.len()`, `it.as_slice()`, `chunks.remainder()`
    pub(super) fn cursor_method(&mut self, call: &ExprMethodCall) -> Option<Lowered> {
        match call.method.to_string().as_str() {
            "remainder" => return self.remainder(call),
            "as_slice" => return self.unseen(call),
            _ => {}
        }
        let cursor = self.cursor(&call.receiver).filter(|_| call.method == "len")?;
        let taken = self.count_taken(&cursor, call.span());
        let op = Op::Binary(BinOp::Sub, cursor.len.clone(), taken);
        Some(Lowered::Operand(self.temp("len", Type::Int(Some("usize")), op, call.span())))
    }

    /// The chain that an iterator in a variable began as, or the expression itself.
    fn chain_of(&self, expr: &Expr) -> Option<Given> {
        let Expr::Path(path) = strip_parens(expr) else { return Some(self.given(strip_parens(expr))) };
        match self.env.get(path.path.get_ident()?)? {
            Binding::Cursor(cursor) => Some(cursor.chain.clone()),
            Binding::Iterator(chain) => Some(chain.clone()),
            Binding::Var(_)
            | Binding::Alias(_)
            | Binding::Closure(_)
            | Binding::Callable(_)
            | Binding::Function
            | Binding::Const(_) => None,
        }
    }

    /// `it.as_slice()`: the elements that are left.
    fn unseen(&mut self, call: &ExprMethodCall) -> Option<Lowered> {
        let chain = self.chain_of(&call.receiver)?;
        let Expr::MethodCall(elements) = strip_parens(&chain.function) else { return None };
        if elements.method != "iter" {
            return None;
        }
        let (env, span) = (chain.env.clone(), call.span());
        let mut rest = self.in_env(&env, |this| {
            let list = this.value(&elements.receiver);
            this.place_of(list, span)
        });
        if let Some(cursor) = self.cursor(&call.receiver) {
            let taken = self.count_taken(&cursor, span);
            self.push_range(&mut rest, Some(taken), None, false, span);
        }
        Some(Lowered::Place(rest).shared())
    }

    /// What is behind the last whole chunk.
    fn remainder(&mut self, call: &ExprMethodCall) -> Option<Lowered> {
        let chain = self.chain_of(&call.receiver)?;
        let Expr::MethodCall(chunks) = strip_parens(&chain.function) else { return None };
        let size = chunks.args.first().filter(|_| chunks.method == "chunks_exact")?;
        let (env, span) = (chain.env.clone(), call.span());
        let mut rest = self.in_env(&env, |this| {
            let list = this.value(&chunks.receiver);
            this.place_of(list, span)
        });
        let size = self.in_env(&env, |this| this.number(size));
        let len = self.length(&rest, span);
        let start = self.opaque_parts("whole", &[len, size], Type::Int(Some("usize")), span, |parts| {
            let (len, size) = (&parts[0], &parts[1]);
            quote!(#len - #len % #size)
        });
        self.push_range(&mut rest, Some(start), None, false, span);
        Some(Lowered::Place(rest).shared())
    }

    /// What is left, as a loop; `by_ref` says that the iterator goes on after it.
    pub(super) fn rest_of(&mut self, cursor: &Rc<Cursor>, by_ref: bool, span: Span) -> Parsed {
        let lo = self.count_taken(cursor, span);
        let var = self.fresh("k", Type::Int(Some("usize")), Storage::Value, Origin::Temp, span);
        let iter = Iter::Range { var, lo, hi: cursor.len.clone(), inclusive: false };
        let item = Item::Kept { cursor: Rc::clone(cursor), position: var, by_ref };
        Some(Chain::Loop { id: self.function.fresh_scope(None), iter, item })
    }

    /// The item at a position of an iterator in a variable, inside the loop over what is left.
    pub(super) fn kept_at(&mut self, cursor: &Cursor, position: Operand, by_ref: bool) -> Lowered {
        if by_ref {
            let one = constant(quote!(1), Type::Int(None));
            let value = self.offset(position.clone(), one, Span::call_site());
            self.emit(Stmt::Assign { place: cursor.taken.clone(), value });
        }
        self.item_at(&cursor.chain, &position)
    }
}
