//! Optional values that are kept: `let first = xs.first().copied();`, `let best = xs.iter().copied().reduce(f64::max);`.
//!
//! What is taken apart where it stands needs no `Option` (`optional`). Here one is made of the same condition and content.

use syn::spanned::Spanned;
use syn::{Expr, ExprMethodCall};

use super::env::{Lowered, Mutability};
use super::lowerer::{Checkpoint, Lowerer};
use crate::analysis::types;

impl Lowerer<'_> {
    /// The `Option` that a call gives. A reference to a number is kept as the number; one to anything else is not kept.
    pub(super) fn kept_option(&mut self, call: &ExprMethodCall, before: &Checkpoint) -> Option<Lowered> {
        let start = self.checkpoint();
        self.rollback(before);
        let optional = self.optional(&Expr::MethodCall(call.clone()))?;
        let span = call.span();
        let mut kept = true;
        let lowered = self.present_where(optional.present.clone(), span, &mut |this| {
            let content = this.optional_content(&optional, span);
            if let Lowered::Ref(inner, mutability) = &content {
                kept &= matches!(mutability, Mutability::Shared) && types::is_scalar(&this.bare_type(inner));
            }
            Lowered::Operand(this.numeric(content, span))
        });
        let without_errors = self.error_count() == start.errors();
        (kept && without_errors).then_some(lowered)
    }
}
