//! Expressions that give a function: it exists only here, under the name that it gets.

use super::env::{Binding, Closure};
use super::functions::{callee, strip};
use super::lowerer::Lowerer;
use super::place::strip_parens;
use super::stmt::Wanted;
use crate::callable;
use proc_macro2::Ident;
use quote::format_ident;
use std::rc::Rc;
use syn::spanned::Spanned;
use syn::{Expr, ExprCall};

impl Lowerer<'_> {
    /// Calls a function that exists only here.
    pub(super) fn call_function(&mut self, function: &Binding, call: &ExprCall) -> super::env::Lowered {
        match function {
            Binding::Closure(closure) => self.call_closure(closure, call.args.iter(), call.span()),
            Binding::Callable(callable) => self.call_parameter(callable, call),
            Binding::Var(_)
            | Binding::Alias(_)
            | Binding::Iterator(_)
            | Binding::Cursor(_)
            | Binding::Function
            | Binding::Const(_) => super::lowerer::poison(),
        }
    }

    /// Whether an argument is a function, by the argument alone.
    pub(super) fn is_function_here(&self, expr: &Expr) -> bool {
        match strip(expr) {
            Expr::Path(path) => {
                let named = || path.path.get_ident().is_some_and(|name| self.function_of_module(name).is_some());
                self.named_value(path).is_some() || self.is_float_function(path).is_some() || named()
            }
            other => self.gives_function(other, None),
        }
    }

    /// Whether an expression gives a function, where `ty` is the type that is written for it.
    pub(super) fn gives_function(&self, expr: &Expr, ty: Option<&syn::Type>) -> bool {
        let wanted = || ty.is_some_and(|ty| callable::shape(ty, &syn::Generics::default()).is_some());
        match strip(expr) {
            Expr::Closure(_) => true,
            Expr::Path(path) => self.named_value(path).is_some() || self.is_float_function(path).is_some(),
            Expr::Block(block) => tail(&block.block).is_some_and(|tail| self.gives_function(tail, ty)),
            Expr::If(branch) => wanted() || tail(&branch.then_branch).is_some_and(|tail| self.gives_function(tail, ty)),
            Expr::Match(select) => wanted() || select.arms.iter().any(|arm| self.gives_function(&arm.body, ty)),
            Expr::MethodCall(call) if call.method == "clone" => self.gives_function(&call.receiver, ty),
            Expr::MethodCall(call) => self.method_gives_a_function(call),
            Expr::Call(call) => match callee(&call.func) {
                Expr::Path(path) => match path.path.get_ident().and_then(|name| self.env.get(name)) {
                    Some(Binding::Closure(closure)) => ends_with_function(&closure.expr.body),
                    Some(_) => false,
                    None => path.qself.is_none() && self.gives_a_function(&path.path),
                },
                Expr::Closure(closure) => ends_with_function(&closure.body),
                _ => false,
            },
            _ => false,
        }
    }

    /// The function that an expression gives. Nothing is given where that was refused.
    pub(super) fn function_given(&mut self, expr: &Expr, is_mut: bool) -> Option<Binding> {
        match strip(expr) {
            Expr::Closure(closure) => Some(Binding::Closure(Rc::new(self.define_closure(closure, is_mut)))),
            Expr::Path(path) => match self.named_value(path) {
                Some(Binding::Closure(closure)) if !is_lent(expr) => {
                    Some(Binding::Closure(self.given_by_value(&closure, path.span())))
                }
                Some(known) => Some(known),
                None => self.as_closure(path, None).or_else(|| self.of_module(path)),
            },
            Expr::Block(block) => {
                let (last, before) = block.block.stmts.split_last()?;
                let syn::Stmt::Expr(last, None) = last else { return None };
                self.scope(|this| {
                    this.stmts(before, Wanted::Effect);
                    this.function_given(last, is_mut)
                })
            }
            Expr::MethodCall(call) if call.method == "clone" => self.function_given(&call.receiver, is_mut),
            Expr::MethodCall(call) => {
                let receiver = self.value(&call.receiver);
                let body = self.body_of_method(&receiver, call);
                body.and_then(|body| self.function_of_body(&body, &call.args, is_mut, call.span()))
            }
            Expr::If(_) | Expr::Match(_) => self.one_of_several(strip(expr)),
            Expr::Call(call) => self.function_of_call(call, is_mut),
            _ => None,
        }
        .or_else(|| {
            let help = "write a closure: `|x| f(x)`";
            self.refuse(expr, "cannot see which function this is", help);
            None
        })
    }

    /// `make(k)`, where `make` gives a function.
    fn function_of_call(&mut self, call: &ExprCall, is_mut: bool) -> Option<Binding> {
        let span = call.span();
        let closure = match callee(&call.func) {
            Expr::Closure(closure) => Rc::new(Closure::here(closure, &self.env)),
            Expr::Path(path) => match path.path.get_ident().and_then(|name| self.env.get(name)) {
                Some(Binding::Closure(closure)) => closure.clone(),
                _ => {
                    let body = self.body_of_function(&path.path)?;
                    return self.function_of_body(&body, &call.args, is_mut, span);
                }
            },
            _ => return None,
        };
        let args = self.closure_arguments(&closure, call.args.iter());
        self.function_of_closure(&closure, args, is_mut, span)
    }

    /// A closure that calls a function of the same module.
    fn of_module(&self, path: &syn::ExprPath) -> Option<Binding> {
        let found = self.function_of_module(path.path.get_ident()?)?;
        let inputs = found.signature.inputs.iter().enumerate().map(|(position, input)| match input {
            syn::FnArg::Typed(typed) => Some((format_ident!("argument_{position}"), &typed.ty)),
            syn::FnArg::Receiver(_) => None,
        });
        let (names, types): (Vec<Ident>, Vec<_>) = inputs.collect::<Option<Vec<_>>>()?.into_iter().unzip();
        if found.signature.generics.type_params().next().is_some() {
            return None;
        }
        let closure: syn::ExprClosure = syn::parse_quote!(|#(#names: #types),*| #path(#(#names),*));
        Some(Binding::Closure(Rc::new(Closure::here(&closure, &self.env))))
    }

    /// `if steep { |x| .. } else { |x| .. }`: the condition is evaluated here, and each call branches.
    fn one_of_several(&mut self, expr: &Expr) -> Option<Binding> {
        let names: Vec<Ident> =
            (0..self.count_of_parameters(expr)?).map(|index| format_ident!("argument_{index}")).collect();
        let decided = Ident::new("__decided", expr.span());
        let calling = |function: &Expr| -> Expr { syn::parse_quote!((#function)(#(#names),*)) };
        let (value, body): (&Expr, Expr) = match expr {
            Expr::If(branch) => {
                let (then, (_, els)) = (tail_only(&branch.then_branch)?, branch.else_branch.as_ref()?);
                let els = match strip_parens(els) {
                    Expr::Block(block) => tail_only(&block.block)?,
                    other => other,
                };
                let (then, els) = (calling(then), calling(els));
                (&branch.cond, syn::parse_quote!(if #decided { #then } else { #els }))
            }
            Expr::Match(select) => {
                let mut arms = select.arms.clone();
                arms.iter_mut().for_each(|arm| *arm.body = calling(&arm.body));
                (&select.expr, syn::parse_quote!(match #decided { #(#arms)* }))
            }
            _ => return None,
        };
        if matches!(strip_parens(value), Expr::Let(_)) {
            return None;
        }
        let decided_value = self.value(value);
        let decided_value = match decided_value {
            super::env::Lowered::Place(place) if crate::analysis::types::is_copy(&self.function.place_type(&place)) => {
                super::env::Lowered::Operand(self.read(super::env::Lowered::Place(place), value.span()))
            }
            other => other,
        };
        let closure: syn::ExprClosure = syn::parse_quote!(|#(#names),*| #body);
        let mut env = self.env.clone();
        env.push();
        env.bind(&decided, Binding::Alias(decided_value));
        Some(Binding::Closure(Rc::new(Closure { expr: closure, env, owns: true, changes: false })))
    }

    /// How many arguments the functions of several branches take.
    fn count_of_parameters(&self, expr: &Expr) -> Option<usize> {
        match strip(expr) {
            Expr::Closure(closure) => Some(closure.inputs.len()),
            Expr::Path(path) => match self.named_value(path) {
                Some(Binding::Closure(closure)) => Some(closure.expr.inputs.len()),
                Some(Binding::Callable(callable)) => Some(callable.again.len()),
                Some(_) | None => {
                    let of_module = || self.function_of_module(path.path.get_ident()?);
                    self.is_float_function(path).or_else(|| Some(of_module()?.signature.inputs.len()))
                }
            },
            Expr::Block(block) => self.count_of_parameters(tail_only(&block.block)?),
            Expr::If(branch) => {
                let els = || self.count_of_parameters(&branch.else_branch.as_ref()?.1);
                tail_only(&branch.then_branch).and_then(|tail| self.count_of_parameters(tail)).or_else(els)
            }
            Expr::Match(select) => select.arms.iter().find_map(|arm| self.count_of_parameters(&arm.body)),
            _ => None,
        }
    }
}

/// `&mut f`: what the function changes is changed by its calls elsewhere, too.
fn is_lent(expr: &Expr) -> bool {
    match strip_parens(expr) {
        Expr::Reference(_) => true,
        Expr::Call(call) if call.args.len() == 1 => is_lent(&call.args[0]),
        _ => false,
    }
}

/// What a block ends with.
fn tail(block: &syn::Block) -> Option<&Expr> {
    match block.stmts.last()? {
        syn::Stmt::Expr(tail, None) => Some(tail),
        _ => None,
    }
}

/// What a block is, that has nothing else in it.
fn tail_only(block: &syn::Block) -> Option<&Expr> {
    tail(block).filter(|_| block.stmts.len() == 1)
}

/// Whether what a closure gives is written as a closure.
fn ends_with_function(body: &Expr) -> bool {
    match strip(body) {
        Expr::Closure(_) => true,
        Expr::Block(block) => tail(&block.block).is_some_and(ends_with_function),
        _ => false,
    }
}
