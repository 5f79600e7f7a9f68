//! Results that go by a name of the crate's own: `type FinanceResult<T> = Result<T, FinanceError>`.
//!
//! A type's name does not tell what it stands for. What a function returns does: `Ok(..)` and `Err(..)` make a `Result`, and so
//! does `?`.

use syn::visit::Visit;
use syn::{Expr, ExprCall};

use crate::analysis::types;
use crate::ir::Type;
use crate::owner::{Owner, Place};

/// The type that a function returns, as far as what it is written as and what the body returns tell.
pub(super) fn result(written: &syn::Type, body: &syn::Block, owner: Option<&Owner>) -> Type {
    let known = types::parse_type(written);
    // The members of a trait have the same forms in all its implementations, whatever their bodies are.
    let shared = owner.is_some_and(|owner| !matches!(owner.place, Place::Type));
    let (Type::Named(_), syn::Type::Path(path), false) = (&known, written, shared) else { return known };
    let arguments = path.path.segments.last().map(|last| types::type_arguments(&last.arguments));
    match arguments.as_deref() {
        Some([content]) if makes_result(body) => {
            Type::Result(Box::new(types::parse_type(content)), Box::new(Type::Inactive))
        }
        _ => known,
    }
}

/// Whether `Ok(..)` or `Err(..)` is returned somewhere, or handed on by `?`.
pub(super) fn makes_result(body: &syn::Block) -> bool {
    let mut returned = Returned(false);
    returned.visit_block(body);
    returned.0 || value_of(body).is_some_and(is_made)
}

struct Returned(bool);

impl<'ast> Visit<'ast> for Returned {
    fn visit_expr_return(&mut self, expr: &'ast syn::ExprReturn) {
        self.0 |= expr.expr.as_deref().is_some_and(is_made);
        syn::visit::visit_expr_return(self, expr);
    }

    /// `?` leaves with `Err(..)`, as far as the result is not known to be an `Option`.
    fn visit_expr_try(&mut self, _: &'ast syn::ExprTry) {
        self.0 = true;
    }

    /// It returns from itself.
    fn visit_expr_closure(&mut self, _: &'ast syn::ExprClosure) {}

    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

fn value_of(block: &syn::Block) -> Option<&Expr> {
    match block.stmts.last() {
        Some(syn::Stmt::Expr(expr, None)) => Some(expr),
        _ => None,
    }
}

/// Whether one of the values that an expression may have is written as `Ok(..)` or `Err(..)`.
fn is_made(expr: &Expr) -> bool {
    let block = |block: &syn::Block| value_of(block).is_some_and(is_made);
    match expr {
        Expr::Call(ExprCall { func, .. }) => match &**func {
            Expr::Path(path) => path.path.is_ident("Ok") || path.path.is_ident("Err"),
            _ => false,
        },
        Expr::If(branch) => {
            block(&branch.then_branch) || branch.else_branch.as_ref().is_some_and(|(_, other)| is_made(other))
        }
        Expr::Match(cases) => cases.arms.iter().any(|arm| is_made(&arm.body)),
        Expr::Block(inner) => block(&inner.block),
        Expr::Paren(inner) => is_made(&inner.expr),
        Expr::Group(inner) => is_made(&inner.expr),
        _ => false,
    }
}
