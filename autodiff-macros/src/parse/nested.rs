//! Calls of derivatives of other functions: `g::grad(x)`, `g::value_and_grad(x)`, `g::jvp(x, x_dot)`, `g::vjp(x)`,
//! `g::hvp(x, x_dot)`.
//!
//! All but `vjp` are functions like others, which have derivatives where `g` has those of an order more. The pullback that `vjp`
//! gives becomes a closure over the arguments, which calls `g::pulled(x, y_bar)`.

use proc_macro2::{Ident, Span};
use quote::format_ident;
use syn::spanned::Spanned;
use syn::{Expr, Pat};

use super::call::{Called, split_generics};
use super::env::{Binding, Lowered};
use super::lowerer::Lowerer;
use crate::analysis::types;
use crate::ir::{Callee, CalleeKind, DERIVATIVES, Op, Type};

/// Derivatives that have no derivatives.
const LAST: [&str; 9] = [
    "derivatives",
    "hessian",
    "hvp_into",
    "jacobian",
    "jacobian_forward",
    "jacobian_reverse",
    "jvp_jvp",
    "value_and_grad_into",
    "vjp",
];

impl Lowerer<'_> {
    /// `g::grad(x)`: a call of a derivative of the function `g`.
    pub(super) fn derivative_call(&mut self, called: &Called<'_>, owner: &str) -> Option<Lowered> {
        let form = called.last.to_string();
        let companion = called.qself.is_none() && !owner.is_empty() && self.is_companion(called.path, owner);
        let (has, last) = (DERIVATIVES.contains(&form.as_str()), LAST.contains(&form.as_str()));
        if !companion || !(has || last) {
            return None;
        }
        if let Some(kept) = self.try_opaque(called.call, Type::Unknown) {
            return Some(Lowered::Operand(kept));
        }
        if last {
            let help = match form.as_str() {
                "vjp" => format!("write `let (value, pullback) = {owner}::vjp(..);` and call `pullback`"),
                _ => format!(
                    "the derivatives of `{owner}` that have derivatives are `grad`, `value_and_grad`, `vjp`, `jvp` and `hvp`"
                ),
            };
            return Some(self.refuse(called.path, format!("`{form}` cannot be differentiated once more"), &help));
        }
        let ty = self.derivative_type(owner, &form);
        let (mut args, functions) = self.arguments(&called.call.args, &[]);
        let (path, generics) = split_generics(called.path);
        let span = called.path.span();
        if !functions.is_empty() {
            let message = "derivatives of a function that takes functions cannot be differentiated once more";
            return Some(self.refuse(called.path, message, "call a function that calls them by their names"));
        }
        let callee = Callee {
            kind: CalleeKind::Associated,
            path,
            generics,
            name: form.clone(),
            span,
            recursive: false,
            functions,
            again: Vec::new(),
            order: 0,
            companion: None,
        };
        let lent = self.separate_parts(&mut args, span);
        let value = self.temp(&format!("{}_{form}", owner.trim_start_matches("r#")), ty, Op::Call(callee, args), span);
        self.put_back(lent, span);
        Some(Lowered::Operand(value))
    }

    /// The path before the form is that of a function and not that of a module.
    fn is_companion(&self, path: &syn::Path, owner: &str) -> bool {
        let module = |word: &str| ["crate", "self", "super"].contains(&word);
        let modules = self.nearby.as_ref().is_some_and(|nearby| nearby.has_module(owner));
        !super::expr::begins_like_a_type(owner) && !module(owner) && !modules && path.segments.len() > 1
    }

    /// What a derivative of a function of the same file returns.
    fn derivative_type(&self, function: &str, form: &str) -> Type {
        let known = self.nearby.as_ref().and_then(|nearby| {
            let found = nearby.function(function).filter(|found| !found.limited)?;
            if found.signature.generics.type_params().next().is_some() {
                return None;
            }
            let signature = self.aliases.signature(&found.signature);
            let result = match &signature.output {
                syn::ReturnType::Type(_, ty) if nearby.returns_what_is_known(&signature) => types::parse_type(ty),
                syn::ReturnType::Type(..) | syn::ReturnType::Default => return None,
            };
            let gradients = signature.inputs.iter().filter_map(|input| match input {
                syn::FnArg::Typed(typed) => {
                    Some(types::parse_type(&typed.ty)).filter(types::may_carry_derivative).map(|ty| tangent(&ty))
                }
                syn::FnArg::Receiver(_) => None,
            });
            let mut gradients: Vec<Type> = gradients.collect();
            let gradients = if gradients.len() == 1 { gradients.remove(0) } else { Type::Tuple(gradients) };
            Some(match form {
                "value_and_grad" => Type::Tuple(vec![result, gradients]),
                "jvp" => Type::Tuple(vec![result.clone(), tangent(&result)]),
                _ => gradients,
            })
        });
        known.unwrap_or(Type::Unknown)
    }

    /// `let (y, pullback) = g::vjp(x);`
    pub(super) fn keep_pullback(&mut self, pat: &Pat, init: &Expr) -> bool {
        let (Pat::Tuple(tuple), Expr::Call(call)) = (pat, init) else { return false };
        let Expr::Path(function) = &*call.func else { return false };
        let parts: Vec<&Pat> = tuple.elems.iter().collect();
        let ([value, Pat::Ident(pullback)], None) = (parts.as_slice(), &function.qself) else { return false };
        let segments: Vec<&syn::PathSegment> = function.path.segments.iter().collect();
        let [.., owner, last] = segments.as_slice() else { return false };
        if last.ident != "vjp" || !self.is_companion(&function.path, &owner.ident.to_string()) {
            return false;
        }
        let (mut primal, mut pulled) = (function.path.clone(), function.path.clone());
        primal.segments.pop();
        if let Some(last) = primal.segments.pop() {
            primal.segments.push_value(last);
        }
        if let Some(last) = pulled.segments.last_mut() {
            last.ident = Ident::new("pulled", last.ident.span());
        }
        let (kept, args) = self.kept_arguments(&call.args);
        let (pullback, seed) = (&pullback.ident, Ident::new("value_bar", Span::mixed_site()));
        let stmts: Vec<syn::Stmt> = syn::parse_quote! {
            #(#kept)*
            let #value = #primal(#(#args),*);
            let #pullback = |#seed| #pulled(#(#args,)* #seed);
        };
        stmts.iter().for_each(|stmt| {
            self.stmt(stmt);
        });
        true
    }

    /// The arguments, so that they can stand in two calls: what is no reference is kept.
    fn kept_arguments(
        &mut self,
        args: &syn::punctuated::Punctuated<Expr, syn::Token![,]>,
    ) -> (Vec<syn::Stmt>, Vec<Expr>) {
        let mut kept = Vec::new();
        let args = args.iter().enumerate().map(|(position, arg)| {
            let reference = match arg {
                Expr::Reference(_) | Expr::Lit(_) => true,
                Expr::Path(path) => path.path.get_ident().is_some_and(|name| self.is_reference(name)),
                _ => false,
            };
            if reference {
                return arg.clone();
            }
            let mut name = format_ident!("argument_{position}");
            while self.env.get(&name).is_some() {
                name = format_ident!("{name}_kept");
            }
            kept.push(syn::parse_quote!(let #name = #arg;));
            syn::parse_quote!(#name.clone())
        });
        let args = args.collect();
        (kept, args)
    }

    fn is_reference(&self, name: &Ident) -> bool {
        match self.env.get(name) {
            Some(Binding::Var(var)) => matches!(self.function[*var].ty, Type::Ref { .. }),
            Some(Binding::Alias(lowered)) => matches!(self.lowered_type(lowered), Type::Ref { .. }),
            _ => false,
        }
    }
}

/// The tangent of a value of a known type.
fn tangent(ty: &Type) -> Type {
    match types::owned(&types::owned_parts(ty)) {
        Type::Named(_) => Type::Unknown,
        ty => ty,
    }
}
