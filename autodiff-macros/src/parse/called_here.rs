//! Functions and methods that are lowered where they are called.
//!
//! What they are given, or what they give, is a function that has no derivative of its own, or not of the order that is
//! asked for: a closure that changes what it captures, `impl Fn(f64) -> f64` as a result, any function where second
//! derivatives are wanted. The crate's files show their bodies, which become closures here.

use super::closure::Argument;
use super::env::{Binding, Closure, Env, Lowered};
use super::inlined::Named;
use super::lent::{Free, respanned};
use super::lowerer::Lowerer;
use super::place::strip_parens;
use crate::analysis::types;
use crate::callable;
use crate::definitions::{self, Definition};
use crate::ir::{Arg, FunctionValue, Passing, Type};
use crate::owner;
use proc_macro2::{Ident, Span};
use quote::{ToTokens, quote};
use syn::punctuated::Punctuated;
use syn::visit_mut::VisitMut;
use syn::{Expr, ExprMethodCall, Token};

/// The arguments of a call, and which of them are functions.
pub(super) type Arguments = (Vec<Arg>, Vec<(usize, FunctionValue)>);

impl Lowerer<'_> {
    /// The arguments of a call and which of them are functions, or nothing where one of these lacks a derivative that is
    /// needed and `body` can be lowered instead.
    pub(super) fn arguments_or_body(
        &mut self,
        args: &Punctuated<Expr, Token![,]>,
        wanted: &[Type],
        body: impl FnOnce(&mut Self) -> Option<Closure>,
    ) -> Result<Arguments, Box<Closure>> {
        let before = self.checkpoint();
        let closures = self.function.closures.len();
        let lowered = self.arguments(args, wanted);
        let refused = self.error_count() > before.errors() && self.function.closures.len() > closures;
        // What is handed over with a function are its first derivatives.
        let lacks_second = self.order > 1 && !lowered.1.is_empty();
        if !refused && !lacks_second {
            return Ok(lowered);
        }
        match body(self) {
            Some(body) => {
                self.rollback(&before);
                self.function.closures.truncate(closures);
                Err(Box::new(body))
            }
            None => Ok(lowered),
        }
    }

    /// Lowers a function at its call.
    pub(super) fn run_body(&mut self, body: &Closure, args: &Punctuated<Expr, Token![,]>, span: Span) -> Lowered {
        self.call_closure(body, args.iter(), span)
    }

    /// The function that a function gives, which is lowered at its call.
    pub(super) fn function_of_body(
        &mut self,
        body: &Closure,
        args: &Punctuated<Expr, Token![,]>,
        is_mut: bool,
        span: Span,
    ) -> Option<Binding> {
        let args: Vec<Argument> = self.closure_arguments(body, args.iter());
        self.function_of_closure(body, args, is_mut, span)
    }

    /// A function of the same module, by its name.
    pub(super) fn body_of_function(&self, path: &syn::Path) -> Option<Closure> {
        let name = path.get_ident()?;
        let found = self.function_of_module(name)?;
        self.body_of(&found, name.to_string(), Env::within(&self.env), name.span())
    }

    /// `Type::f`, where the type has one function of this name.
    pub(super) fn body_of_associated(&self, owner: &str, name: &Ident) -> Option<Closure> {
        let found = self.associated_definition(owner, name)?;
        let owner = found.owner()?;
        self.body_of(&found, format!("{owner}::{name}"), Env::within(&self.env), name.span())
    }

    /// The only function of this name that is no method of the type.
    pub(super) fn associated_definition(&self, owner: &str, name: &Ident) -> Option<Definition> {
        let owner = self.named_owner(&Type::Named(owner.parse().ok()?))?;
        self.only_member(&owner, name, |found| found.signature.receiver().is_none())
    }

    /// A method of a type of the crate, with what it is called on.
    pub(super) fn body_of_method(&self, receiver: &Lowered, call: &ExprMethodCall) -> Option<Closure> {
        let type_name = self.named_owner(&self.bare_type(receiver))?;
        let found = self.method_definition(&type_name, &call.method.to_string())?;
        let mut env = Env::within(&self.env);
        env.push();
        let itself = match owner::passing(found.signature.receiver()?) {
            Passing::Value => receiver.clone().strip(),
            passing => super::lent::lent_receiver(receiver, passing == Passing::Mut),
        };
        env.bind(&Ident::new("self", call.method.span()), Binding::Alias(itself));
        self.body_of(&found, format!("{type_name}::{}", call.method), env, call.method.span())
    }

    /// Whether the function of this name gives a function.
    pub(super) fn gives_a_function(&self, path: &syn::Path) -> bool {
        let found = path.get_ident().and_then(|name| self.function_of_module(name));
        found.is_some_and(|found| returns_function(&found.signature))
    }

    /// Whether the method gives a function. What it is called on has to be a variable, or a field of one.
    pub(super) fn method_gives_a_function(&self, call: &ExprMethodCall) -> bool {
        let owner = self.type_of_place(&call.receiver).and_then(|ty| self.named_owner(&ty));
        let found = owner.and_then(|owner| self.method_definition(&owner, &call.method.to_string()));
        found.is_some_and(|found| returns_function(&found.signature))
    }

    /// The type of a variable or of a field of one, without lowering it.
    pub(super) fn type_of_place(&self, expr: &Expr) -> Option<Type> {
        match strip_parens(expr) {
            Expr::Path(path) => match self.env.get(path.path.get_ident()?)? {
                Binding::Var(var) => Some(types::strip_refs(&self.function[*var].ty).clone()),
                Binding::Alias(lowered) => Some(self.bare_type(lowered)),
                Binding::Closure(_)
                | Binding::Callable(_)
                | Binding::Iterator(_)
                | Binding::Cursor(_)
                | Binding::Function
                | Binding::Const(_) => None,
            },
            Expr::Field(field) => {
                let owner = self.named_owner(&self.type_of_place(&field.base)?)?;
                let member = field.member.to_token_stream();
                self.function.parts.get(&format!("{owner}.{member}")).map(|ty| types::strip_refs(ty).clone())
            }
            _ => None,
        }
    }

    /// The free function of this name in the module of the function that is lowered.
    pub(super) fn function_of_module(&self, name: &Ident) -> Option<Definition> {
        let site = self.site.as_ref()?;
        if self.env.get(name).is_some() {
            return None;
        }
        let own = definitions::modules_around(site)?;
        let all = definitions::named(site, &name.to_string()).into_iter();
        let mut near = all.filter(|found| {
            let free = matches!(found.around, definitions::Around::Nothing);
            free && found.is_near && found.modules == own && found.body.is_some()
        });
        let only = near.next()?;
        near.next().is_none().then_some(only)
    }

    /// The free function that a path of a call names: the one of the same module, or the only one of its name.
    pub(super) fn function_called(&self, path: &syn::Path) -> Option<Definition> {
        let last = &path.segments.last()?.ident;
        let own = path.get_ident().and_then(|name| self.function_of_module(name));
        own.or_else(|| {
            let site = self.site.as_ref().filter(|_| self.env.get(last).is_none())?;
            let all = definitions::named(site, &last.to_string()).into_iter();
            let free = |found: &Definition| matches!(found.around, definitions::Around::Nothing);
            crate::nearby::only(all.filter(free))
        })
    }

    fn only_member(&self, owner: &str, name: &Ident, fits: impl Fn(&Definition) -> bool) -> Option<Definition> {
        let all = definitions::named(self.site.as_ref()?, &name.to_string()).into_iter();
        let mut own =
            all.filter(|found| found.owner().as_deref() == Some(owner) && found.body.is_some() && fits(found));
        let only = own.next()?;
        own.next().is_none().then_some(only)
    }

    /// The closure that does the same, unless something in the body means something else here. `key` names the function.
    pub(super) fn body_of(&self, found: &Definition, key: String, mut env: Env, span: Span) -> Option<Closure> {
        if found.left_out || env.is_inside(&key) || !self.means_the_same_here(found) {
            return None;
        }
        env.go_inside(key);
        env.push();
        let generics = found.around_generics().chain([&found.signature.generics]);
        let parameters: Vec<String> =
            generics.flat_map(|generics| generics.type_params()).map(|p| p.ident.to_string()).collect();
        let is_open = |ty: &syn::Type| {
            let tokens = ty.to_token_stream();
            let mentions = |name: &String| crate::emit::mentions(tokens.clone(), name);
            matches!(ty, syn::Type::ImplTrait(_)) || parameters.iter().any(mentions) || mentions(&"impl".to_owned())
        };
        let inputs = found.signature.inputs.iter().filter_map(|input| match input {
            syn::FnArg::Receiver(_) => None,
            syn::FnArg::Typed(typed) => {
                let function = callable::shape(&typed.ty, &found.signature.generics).is_some();
                let (pat, ty) = (&typed.pat, &typed.ty);
                Some(if function || is_open(ty) { quote!(#pat) } else { quote!(#pat: #ty) })
            }
        });
        let output = match &found.signature.output {
            syn::ReturnType::Type(_, ty) if !is_open(ty) && !returns_function(&found.signature) => quote!(-> #ty),
            syn::ReturnType::Type(..) | syn::ReturnType::Default => quote!(),
        };
        let body = found.body.as_ref()?;
        let tokens = respanned(quote!(|#(#inputs),*| #output #body), span);
        let mut expr = syn::parse2::<syn::ExprClosure>(tokens).ok()?;
        if let Some(owner) = found.owner() {
            Named(Ident::new(&owner, span)).visit_expr_closure_mut(&mut expr);
        }
        Some(Closure { expr, env, owns: true, changes: false })
    }

    /// The names in the body are those of the same module, and none of them is one of the function's own.
    fn means_the_same_here(&self, found: &Definition) -> bool {
        let Some(own) = self.site.as_ref().and_then(|site| definitions::modules_around(site)) else { return false };
        let names = Free::of(found);
        let shadowed = |name: &String| self.env.get_name(name).is_some();
        let near = found.is_near && own.starts_with(&found.modules);
        let same = near && found.modules == own;
        near && !names.parameters && (same || names.names.is_empty()) && !names.names.iter().any(shadowed)
    }
}

/// `impl Fn(f64) -> f64`, `Box<dyn Fn(f64) -> f64>`
fn returns_function(signature: &syn::Signature) -> bool {
    match &signature.output {
        syn::ReturnType::Type(_, ty) => callable::shape(ty, &signature.generics).is_some(),
        syn::ReturnType::Default => false,
    }
}
