//! `grad_hook`: what changes cotangents.

use proc_macro2::{Ident, Span};
use quote::{ToTokens, quote};
use syn::Expr;
use syn::spanned::Spanned;

use super::call::Called;
use super::env::Lowered;
use super::lowerer::Lowerer;
use super::opaque::Looks;
use crate::ir::{Arg, Callee, CalleeKind, Op, Opaque, Type};

impl Lowerer<'_> {
    /// `grad_hook(x, |g| ..)`: a call of the runtime's function, whose pullback runs the hook. The hook belongs to the
    /// derivative: what it captures is taken as constant.
    pub(super) fn grad_hook(&mut self, called: &Called<'_>) -> Lowered {
        let (value, hook) = (&called.call.args[0], &called.call.args[1]);
        let lowered = self.value(value);
        if matches!(lowered, Lowered::Ref(..)) {
            return self.refuse(
                value,
                "a hook stands on a value, not on a reference",
                "give it the value, `x.clone()`",
            );
        }
        let operand = self.read(lowered, value.span());
        let rule = self.rule_of_hook(hook);
        let tokens = match hook {
            Expr::Path(path) if rule => quote!((#path, #path::jvp)),
            Expr::Closure(closure) => {
                let own = syn::ExprClosure { capture: Some(syn::Token![move](closure.span())), ..closure.clone() };
                own.to_token_stream()
            }
            other => other.to_token_stream(),
        };
        let Some(opaque) = self.opaque(tokens, Looks::Observer) else { return super::lowerer::poison() };
        let opaque = Opaque { pure: true, constant: true, ..opaque };
        let hook = self.temp("hook", Type::Inactive, Op::Opaque(opaque), hook.span());
        let root = &self.root;
        let name = if rule { "differentiable_hook" } else { "grad_hook" };
        let function = Ident::new(name, Span::call_site());
        let callee = Callee {
            kind: CalleeKind::Function,
            path: quote!(#root::rt::#function),
            generics: None,
            name: name.to_owned(),
            span: called.path.span(),
            recursive: false,
            functions: Vec::new(),
            again: Vec::new(),
            order: 0,
            companion: None,
        };
        let ty = self.ty(&operand);
        let args = vec![Arg::Value(operand), Arg::Value(hook)];
        Lowered::Operand(self.temp("hooked", ty, Op::Call(callee, args), called.call.span()))
    }

    /// Second derivatives are asked for, and the hook is an annotated function: it has a derivative itself.
    fn rule_of_hook(&mut self, hook: &Expr) -> bool {
        let Expr::Path(path) = hook else { return false };
        let local = path.path.get_ident().is_some_and(|name| self.env.get(name).is_some());
        let name = path.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        let plain = self.nearby.as_ref().is_some_and(|nearby| nearby.has_plain_ones_only(&name));
        self.order > 1 && path.qself.is_none() && !local && !plain
    }
}
