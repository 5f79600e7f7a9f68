//! Closures: they exist only here. A call lowers the body in place.

use super::env::{Binding, Closure, Lowered};
use super::lowerer::{Exit, Lowerer, poison};
use super::opaque::mentions;
use super::pattern::Ascription;
use crate::analysis::types;
use crate::ir::{Operand, Origin, Place, Storage, Type, VarId};
use proc_macro2::Span;
use quote::ToTokens;
use std::rc::Rc;
use syn::Expr;
use syn::spanned::Spanned;

/// Calls within calls: a closure cannot call itself, but it can be built to grow without bound.
const DEEPEST: usize = 24;

/// What a closure is given for a parameter.
pub(super) enum Argument {
    Value(Lowered),
    /// A function, which has a name inside and no variable.
    Function(Binding),
}

impl Lowerer<'_> {
    /// A closure as a value, given to a function.
    pub(super) fn closure_value(&mut self, closure: &syn::ExprClosure) -> Lowered {
        let known = Closure::here(closure, &self.env);
        if self.closure_is_inactive(&known) {
            return self.opaque_or(closure, None, "", "");
        }
        self.refuse(
            closure,
            "a closure that uses differentiable values cannot be given to a function yet",
            "make it a function annotated with `#[differentiable]`, or write the loop",
        )
    }

    pub(super) fn call_closure<'e>(
        &mut self,
        closure: &Closure,
        args: impl Iterator<Item = &'e Expr>,
        span: Span,
    ) -> Lowered {
        let args = self.closure_arguments(closure, args);
        self.inline_with(closure, args, span, |this| this.closure_body(closure, span)).unwrap_or_else(poison)
    }

    /// What the parameters of a closure stand for.
    pub(super) fn closure_arguments<'e>(
        &mut self,
        closure: &Closure,
        args: impl Iterator<Item = &'e Expr>,
    ) -> Vec<Argument> {
        let types: Vec<Option<Type>> = closure.expr.inputs.iter().map(written_type).collect();
        args.enumerate()
            .map(|(position, arg)| {
                if self.is_function_here(arg)
                    && let Some(function) = self.function_given(arg, true)
                {
                    return Argument::Function(function);
                }
                match self.value_as(arg, types.get(position).and_then(Option::as_ref)) {
                    reference @ Lowered::Ref(..) => Argument::Value(reference),
                    other => Argument::Value(Lowered::Operand(self.read(other, arg.span()))),
                }
            })
            .collect()
    }

    /// Lowers a closure's body with its parameters bound to `args`.
    pub(super) fn inline(&mut self, closure: &Closure, args: Vec<Lowered>, span: Span) -> Lowered {
        let args = args.into_iter().map(Argument::Value).collect();
        self.inline_with(closure, args, span, |this| this.closure_body(closure, span)).unwrap_or_else(poison)
    }

    /// The function that a closure gives.
    pub(super) fn function_of_closure(
        &mut self,
        closure: &Closure,
        args: Vec<Argument>,
        is_mut: bool,
        span: Span,
    ) -> Option<Binding> {
        self.inline_with(closure, args, span, |this| this.function_given(&closure.expr.body, is_mut)).flatten()
    }

    /// Runs `lower` where the parameters of a closure are bound to `args`. Nothing is given where that was refused.
    fn inline_with<T>(
        &mut self,
        closure: &Closure,
        args: Vec<Argument>,
        span: Span,
        lower: impl FnOnce(&mut Self) -> T,
    ) -> Option<T> {
        if !closure.owns
            && let Some(name) = self.captured_by_move(closure)
        {
            let message =
                format!("a `move` closure that captures the variable `{name}`, which changes, is not supported");
            let help = "leave out the `move`, or capture a copy that is not `mut`";
            self.refuse(closure.expr.capture, message, help);
            return None;
        }
        if self.closure_depth >= DEEPEST || closure.expr.asyncness.is_some() {
            let help = "make it a function annotated with `#[differentiable]`";
            self.refuse_at(span, "this closure cannot be followed", help);
            return None;
        }
        if closure.expr.inputs.len() != args.len() {
            self.refuse_at(span, "the number of arguments differs from the closure's", "");
            return None;
        }
        self.closure_depth += 1;
        let env = std::mem::replace(&mut self.env, closure.env.clone());
        let lowered = self.scope(|this| {
            for (pat, arg) in closure.expr.inputs.iter().zip(args) {
                match arg {
                    Argument::Value(value) => this.bind_parameter(pat, value),
                    Argument::Function(function) => this.bind_function(pat, function),
                }
            }
            lower(this)
        });
        self.env = env;
        self.closure_depth -= 1;
        Some(lowered)
    }

    /// Binds a closure's parameter that is a function.
    fn bind_function(&mut self, pat: &syn::Pat, function: Binding) {
        match pat {
            syn::Pat::Type(typed) => self.bind_function(&typed.pat, function),
            syn::Pat::Ident(ident) => self.env.bind(&ident.ident, function),
            syn::Pat::Wild(_) => {}
            other => {
                self.poison_names(other);
                self.refuse(other, "a function as a parameter needs a name", "bind it as `f`");
            }
        }
    }

    /// Binds a closure's parameter; a plain name for a place stands for its value at the call.
    pub(super) fn bind_parameter(&mut self, pat: &syn::Pat, arg: Lowered) {
        let ascription = match pat {
            syn::Pat::Type(typed) => Some(Ascription::new(&typed.ty)),
            _ => None,
        };
        let pat = match pat {
            syn::Pat::Type(typed) => &*typed.pat,
            other => other,
        };
        if let (syn::Pat::Ident(ident), Lowered::Operand(operand)) = (pat, &arg)
            && ident.mutability.is_none()
            && ident.by_ref.is_none()
        {
            let unnamed = match operand {
                Operand::Var(var) => self.function[*var].origin == Origin::Temp && !self.mentioned.contains(var),
                Operand::Const(_) => false,
            };
            if unnamed {
                self.bind_value(&ident.ident, operand.clone(), ascription.as_ref());
            } else {
                // No variable of its own: the name stands for the operand.
                self.env.bind(&ident.ident, Binding::Alias(Lowered::Operand(operand.clone())));
            }
            return;
        }
        self.bind(pat, arg, ascription.as_ref());
    }

    fn closure_body(&mut self, closure: &Closure, span: Span) -> Lowered {
        let hint = match &closure.expr.output {
            syn::ReturnType::Type(_, ty) => Some(crate::analysis::types::parse_type(ty)),
            syn::ReturnType::Default => None,
        };
        if !returns(&closure.expr.body) {
            let lowered = self.value_as(&closure.expr.body, hint.as_ref());
            return self.settle_value(lowered, span);
        }
        let (arm, target) = self.target(None, false, |this, _| {
            let position = this.targets.len() - 1;
            this.exits.push(Exit::Scope(position));
            let arm = this.arm(span, |this| this.value_as(&closure.expr.body, hint.as_ref()));
            this.exits.pop();
            arm
        });
        self.close_scope(arm, &target, span)
    }

    /// What a closure yields by value is read at once.
    fn settle_value(&mut self, lowered: Lowered, span: Span) -> Lowered {
        match lowered {
            Lowered::Place(place) => Lowered::Operand(self.read(Lowered::Place(place), span)),
            other => other,
        }
    }

    /// A closure that gets a name. A `move` closure copies what it captures here: what changes later does not change it.
    pub(super) fn define_closure(&mut self, expr: &syn::ExprClosure, is_mut: bool) -> Closure {
        let mut closure = Closure::here(expr, &self.env);
        let Some(capture) = &expr.capture else { return closure };
        let captured = captures(expr);
        let mut copied = Vec::new();
        for ident in &captured {
            match closure.env.get(ident) {
                Some(Binding::Var(var)) if self.is_changing(*var) => copied.push((ident, *var)),
                Some(Binding::Closure(inner)) if inner.changes => {
                    let message = format!(
                        "a `move` closure that captures the closure `{ident}`, which has variables of its own that change, is not supported"
                    );
                    self.refuse(capture, message, "leave out the `move`");
                }
                _ => {}
            }
        }
        let supported = |ty: &Type| types::is_copy(ty) || matches!(ty, Type::Vec(_) | Type::Deque(_) | Type::Tensor(_));
        if !copied.iter().all(|(_, var)| supported(&self.function[*var].ty)) {
            return closure;
        }
        let changed = |ident: &syn::Ident| is_mut || changes_variable(&expr.body, ident);
        closure.changes = copied.iter().any(|(ident, _)| changed(ident));
        closure.owns = true;
        closure.env.push();
        let outside = std::mem::replace(&mut self.env, closure.env);
        for (ident, var) in copied {
            let value = self.read(Lowered::Place(Place::var(var)), ident.span());
            if changed(ident) {
                let ty = self.ty(&value);
                self.declare(ident, ty, Some(value), None);
            } else {
                self.bind_value(ident, value, None);
            }
        }
        closure.env = std::mem::replace(&mut self.env, outside);
        closure
    }

    /// A closure that is given by value: what it has copied and changes is copied once more, as Rust does where it can.
    pub(super) fn given_by_value(&mut self, closure: &Rc<Closure>, span: Span) -> Rc<Closure> {
        if !closure.changes {
            return closure.clone();
        }
        let mut env = closure.env.clone();
        let own = env.innermost();
        for (name, binding) in own {
            let Binding::Var(var) = binding else { continue };
            let ty = self.function[var].ty.clone();
            if !self.is_changing(var) || !types::is_copy(&ty) {
                continue;
            }
            let value = self.read(Lowered::Place(Place::var(var)), span);
            let copy = self.fresh(&name, ty, Storage::Memory, Origin::User, span);
            self.emit(crate::ir::Stmt::Declare { var: copy, init: Some(value) });
            env.bind(&syn::Ident::new(&name, span), Binding::Var(copy));
        }
        Rc::new(Closure { expr: closure.expr.clone(), env, ..**closure })
    }

    /// Memory of the function's own, not what a reference refers to.
    fn is_changing(&self, var: VarId) -> bool {
        self.function[var].storage == Storage::Memory && !matches!(self.function[var].ty, Type::Ref { .. })
    }

    /// What a `move` closure without a name captures and could change before it runs.
    fn captured_by_move(&self, closure: &Closure) -> Option<String> {
        closure.expr.capture.as_ref()?;
        let memory = captures(&closure.expr).into_iter().find(|ident| match closure.env.get(ident) {
            Some(Binding::Var(var)) => self.is_changing(*var),
            _ => false,
        });
        memory.map(|ident| ident.to_string())
    }

    /// What `.map(f)`, `.mapv(f)`, `.fold(x, f)` are given: a closure, or a function by its path.
    pub(super) fn apply(&mut self, function: &Expr, args: Vec<Lowered>) -> Lowered {
        match super::place::strip_parens(function) {
            Expr::Closure(closure) => {
                let closure = Closure::here(closure, &self.env);
                self.inline(&closure, args, function.span())
            }
            Expr::Path(path) => self.apply_path(path, args, function.span()),
            Expr::Reference(reference) => self.apply(&reference.expr, args),
            other => self.refuse(other, "cannot see which function this is", "write a closure"),
        }
    }

    fn apply_path(&mut self, path: &syn::ExprPath, args: Vec<Lowered>, span: Span) -> Lowered {
        if let Some(ident) = path.path.get_ident()
            && let Some(Binding::Closure(closure)) = self.env.get(ident).cloned()
        {
            return self.inline(&closure, args, span);
        }
        // A call of the path with arguments that have names only here.
        self.scope(|this| {
            let names: Vec<syn::Ident> =
                (0..args.len()).map(|index| syn::Ident::new(&format!("__argument_{index}"), span)).collect();
            for (name, arg) in names.iter().zip(args) {
                this.env.bind(name, Binding::Alias(arg));
            }
            match syn::parse2(quote::quote!(#path(#(#names),*))) {
                Ok(Expr::Call(call)) => this.call(&call, None),
                _ => poison(),
            }
        })
    }
}

/// The names that a closure may capture: those of its parameters are its own.
fn captures(closure: &syn::ExprClosure) -> Vec<syn::Ident> {
    let own: Vec<syn::Ident> = closure.inputs.iter().flat_map(super::matching::bound_names).collect();
    let mut names = mentions(&closure.body.to_token_stream());
    names.retain(|name| !own.contains(name));
    names
}

/// The body contains a `return` of its own.
pub(super) fn returns(body: &Expr) -> bool {
    struct Returns(bool);
    impl<'ast> syn::visit::Visit<'ast> for Returns {
        fn visit_expr_return(&mut self, _: &'ast syn::ExprReturn) {
            self.0 = true;
        }
        fn visit_expr_try(&mut self, _: &'ast syn::ExprTry) {
            self.0 = true;
        }
        fn visit_expr_closure(&mut self, _: &'ast syn::ExprClosure) {}
        fn visit_item(&mut self, _: &'ast syn::Item) {}
    }
    let mut found = Returns(false);
    syn::visit::Visit::visit_expr(&mut found, body);
    found.0
}

/// Whether a closure's body assigns to a variable, or to a part of it, or lends it mutably.
fn changes_variable(body: &Expr, name: &syn::Ident) -> bool {
    struct Changes<'a>(&'a syn::Ident, bool);
    impl Changes<'_> {
        fn is_part(&self, expr: &Expr) -> bool {
            match super::place::strip_parens(expr) {
                Expr::Index(index) => self.is_part(&index.expr),
                Expr::Field(field) => self.is_part(&field.base),
                Expr::Path(path) => path.path.is_ident(self.0),
                Expr::Tuple(tuple) => tuple.elems.iter().any(|elem| self.is_part(elem)),
                _ => false,
            }
        }
    }
    impl<'ast> syn::visit::Visit<'ast> for Changes<'_> {
        fn visit_expr_assign(&mut self, assign: &'ast syn::ExprAssign) {
            self.1 |= self.is_part(&assign.left);
            syn::visit::visit_expr_assign(self, assign);
        }
        fn visit_expr_binary(&mut self, binary: &'ast syn::ExprBinary) {
            self.1 |= super::ops::assigned_operator(&binary.op).is_some() && self.is_part(&binary.left);
            syn::visit::visit_expr_binary(self, binary);
        }
        fn visit_expr_reference(&mut self, reference: &'ast syn::ExprReference) {
            self.1 |= reference.mutability.is_some() && self.is_part(&reference.expr);
            syn::visit::visit_expr_reference(self, reference);
        }
        fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
            let changes = super::edits::is_edit(call) || super::lift::changes_receiver(&call.method.to_string());
            self.1 |= changes && self.is_part(&call.receiver);
            syn::visit::visit_expr_method_call(self, call);
        }
    }
    let mut changes = Changes(name, false);
    syn::visit::Visit::visit_expr(&mut changes, body);
    changes.1
}

/// The type that is written at a closure's parameter.
fn written_type(pat: &syn::Pat) -> Option<Type> {
    match pat {
        syn::Pat::Type(typed) => Some(types::parse_type(&typed.ty)),
        _ => None,
    }
}
