//! Calls of the crate's own macros with differentiable arguments: they are lowered as what they expand to.

use super::env::{Binding, Lowered};
use super::lowerer::{Exit, Lowerer};
use super::stmt::Wanted;
use crate::by_example::{Expansion, Surroundings};
use crate::declarations;
use crate::ir::Type;
use syn::Expr;

/// Macros within macros: a macro can be built to grow without bound.
const DEEPEST: usize = 64;

impl Lowerer<'_> {
    /// A macro call as an expression, if the macro is one of the crate's that is understood.
    pub(super) fn expanded_value(&mut self, mac: &syn::Macro, hint: Option<&Type>) -> Option<Lowered> {
        match self.expansion(mac, false)? {
            Expansion::Expr(expr) => Some(self.deeper(|this| this.value_as(&expr, hint))),
            Expansion::Stmts(_) => None,
        }
    }

    /// A macro call that stands where a statement stands, which may declare variables.
    pub(super) fn expanded_stmt(&mut self, mac: &syn::Macro) -> Option<Lowered> {
        if is_of_std(mac) || self.is_inactive(&mac.tokens) {
            return None;
        }
        match self.expansion(mac, true)? {
            Expansion::Stmts(stmts) => Some(self.deeper(|this| this.stmts(&stmts, Wanted::Effect))),
            Expansion::Expr(_) => None,
        }
    }

    fn expansion(&mut self, mac: &syn::Macro, statement: bool) -> Option<Expansion> {
        let ident = &mac.path.segments.last()?.ident;
        let foreign = mac.path.segments.len() > 1 && mac.path.segments[0].ident != "crate";
        if foreign || self.macro_depth >= DEEPEST {
            return None;
        }
        let file = ident.span().local_file().or_else(|| Some(self.site.as_ref()?.path.clone()))?;
        let definition = declarations::macro_rules(&file, &ident.to_string())?;
        let variable = |name: &str| {
            let ident = syn::parse_str::<syn::Ident>(name).ok();
            !matches!(ident.and_then(|ident| self.env.get(&ident)), None | Some(Binding::Function | Binding::Const(_)))
        };
        let expansion = definition.expand(mac, &Surroundings { taken: &variable, unclear: &variable, statement })?;
        // What leaves a closure has been looked for before the closure was lowered.
        let in_closure = !matches!(self.exits.last(), Some(Exit::Function)) || self.closure_depth > 0;
        (!in_closure || !leaves(&expansion)).then_some(expansion)
    }

    fn deeper(&mut self, lower: impl FnOnce(&mut Self) -> Lowered) -> Lowered {
        self.macro_depth += 1;
        let lowered = lower(self);
        self.macro_depth -= 1;
        lowered
    }
}

/// A macro of the standard library, which no crate calls one of its own after.
pub(super) fn is_of_std(mac: &syn::Macro) -> bool {
    const NAMES: [&str; 22] = [
        "assert",
        "assert_eq",
        "assert_ne",
        "cfg",
        "concat",
        "dbg",
        "debug_assert",
        "debug_assert_eq",
        "debug_assert_ne",
        "eprint",
        "eprintln",
        "format",
        "matches",
        "panic",
        "print",
        "println",
        "todo",
        "unimplemented",
        "unreachable",
        "vec",
        "write",
        "writeln",
    ];
    mac.path.segments.last().is_some_and(|last| NAMES.iter().any(|name| last.ident == name))
}

fn leaves(expansion: &Expansion) -> bool {
    match expansion {
        Expansion::Expr(expr) => super::closure::returns(expr),
        Expansion::Stmts(stmts) => {
            let block: Expr = syn::parse_quote!({ #(#stmts)* });
            super::closure::returns(&block)
        }
    }
}
