//! `std::iter::successors`, `from_fn` and `repeat_with`: items that are computed one after the other.

use super::chain::{Chain, Given, Parsed};
use super::env::Lowered;
use super::lowerer::{Lowerer, block_of};
use super::place::strip_parens;
use super::stages::Body;
use crate::ir::{ScopeId, Stmt};
use std::rc::Rc;
use syn::spanned::Spanned;
use syn::{Expr, ExprCall};

/// What computes the next item.
pub(super) enum Generator {
    /// `successors(Some(first), next)`: the item so far is in memory.
    Successors { current: Lowered, next: Given },
    /// `from_fn(next)`
    FromFn(Given),
}

impl<'a> Lowerer<'a> {
    pub(super) fn generator(&mut self, name: &str, call: &ExprCall) -> Parsed {
        let generator = match (name, call.args.len()) {
            ("from_fn", 1) => Generator::FromFn(self.owning(&call.args[0])),
            ("successors", 2) => {
                let Some(first) = some_content(&call.args[0]) else {
                    let help = "begin with `Some(..)`, or write the loop";
                    self.refuse(&call.args[0], "cannot see whether there is a first item", help);
                    return None;
                };
                let first = self.value(first);
                let current = self.accumulator(&first, call.span());
                Generator::Successors { current, next: self.owning(&call.args[1]) }
            }
            _ => return None,
        };
        Some(Chain::Generated { id: self.function.fresh_scope(None), generator })
    }

    /// A function, with copies of what it captures by `move`: it runs to its end where it stands.
    fn owning(&mut self, function: &Expr) -> Given {
        let Expr::Closure(closure) = strip_parens(function) else { return self.given(function) };
        let closure = self.define_closure(closure, true);
        Given { function: Expr::Closure(closure.expr.clone()), env: Rc::new(closure.env) }
    }

    /// The loop in which the items are computed; `body` gets each.
    pub(super) fn generate(&mut self, id: ScopeId, generator: &Generator, body: Body<'_, 'a>) {
        let (stmts, ()) = self.block(|this| match generator {
            Generator::FromFn(next) => this.optional_of(next, Vec::new(), Some(id), body),
            Generator::Successors { current, next } => {
                let span = next.function.span();
                let item = this.load(current, span);
                body(this, item);
                this.optional_of(next, vec![current.clone().shared()], Some(id), &mut |this, following| {
                    this.store_parts(current, following, span);
                });
            }
        });
        self.emit(Stmt::Loop { dest: None, id, body: block_of(stmts, None) });
    }
}

/// `x` in `Some(x)`.
fn some_content(expr: &Expr) -> Option<&Expr> {
    let Expr::Call(call) = strip_parens(expr) else { return None };
    let Expr::Path(path) = &*call.func else { return None };
    let some = path.path.segments.last().is_some_and(|last| last.ident == "Some");
    call.args.first().filter(|_| some && call.args.len() == 1)
}
