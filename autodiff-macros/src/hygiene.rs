//! Variables of the same name that only macro hygiene keeps apart.
//!
//! A function that `macro_rules` writes may hold two variables `x`: one from the macro, one from its caller. Generated
//! code knows variables by their names, so such a function is refused.

use std::collections::HashMap;

use proc_macro2::{Ident, Span};
use syn::visit::Visit;

use crate::diagnostics::Diagnostics;

/// Reports names that are bound in more than one syntax context.
pub(crate) fn check(function: &syn::ItemFn, diagnostics: &mut Diagnostics) {
    let mut bindings = Bindings(Vec::new());
    bindings.visit_item_fn(function);
    let mut contexts: HashMap<String, String> = HashMap::new();
    for name in bindings.0 {
        let Some(context) = context(name.span()) else { return };
        let text = name.to_string();
        // Constants in patterns bind nothing.
        if text.starts_with(char::is_uppercase) {
            continue;
        }
        if *contexts.entry(text).or_insert_with(|| context.clone()) != context {
            diagnostics.error(
                &name,
                format!("two variables named `{name}`, of which one belongs to the macro that writes the function"),
                "give the macro's variable another name",
            );
        }
    }
}

/// What tells the syntax contexts of two spans apart: the compiler has no interface for it, but prints it (`#4 bytes(..)`).
/// Without such a mark nothing is checked.
fn context(span: Span) -> Option<String> {
    let text = format!("{span:?}");
    let mark = text.split_whitespace().next()?;
    mark.starts_with('#').then(|| mark.to_owned())
}

struct Bindings(Vec<Ident>);

impl<'ast> Visit<'ast> for Bindings {
    fn visit_pat_ident(&mut self, pattern: &'ast syn::PatIdent) {
        self.0.push(pattern.ident.clone());
        syn::visit::visit_pat_ident(self, pattern);
    }

    /// A function inside has variables of its own.
    fn visit_item(&mut self, _: &'ast syn::Item) {}
}
