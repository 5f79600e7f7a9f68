//! Functions that give out places: `fn at_mut(&mut self, i: usize) -> &mut f64`, `fn data(&self) -> &[f64]`,
//! `fn cell(grid: &mut Grid, i: usize) -> &mut f64`.
//!
//! A reference to a place is that place, so that such a function is lowered where it is called: what is read and written
//! through the reference is read and written in the receiver or in the argument. The crate's files show its body.

use super::call::Called;
use super::chain::Chain;
use super::env::{Binding, Env, Lowered, Mutability};
use super::inlined::{Ends, Named};
use super::lowerer::Lowerer;
use super::optional::Optional;
use super::place::strip_parens;
use super::stmt::Wanted;
use crate::analysis::types;
use crate::definitions::{self, Definition};
use crate::ir::{Passing, Type};
use crate::lending;
use crate::owner;
use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::ToTokens;
use std::collections::BTreeSet;
use syn::spanned::Spanned;
use syn::visit::Visit;
use syn::visit_mut::VisitMut;
use syn::{Expr, ExprMethodCall};

/// A function that gives out a place, and whether that can be written.
struct Lender {
    found: Definition,
    /// What it goes by while it is lowered.
    key: String,
    mutable: bool,
    span: Span,
}

impl Lowerer<'_> {
    /// The call of a method that gives out a place of its receiver, if the crate shows what place.
    pub(super) fn lent(&mut self, receiver: &Lowered, call: &ExprMethodCall) -> Option<Lowered> {
        self.in_lender(receiver, call, |this, tail, mutable| this.lent_place(tail, mutable, &call.method))
    }

    /// The call of a method that may give out a place: `fn nth(&self, i: usize) -> Option<&f64>`.
    pub(super) fn lent_option(&mut self, call: &ExprMethodCall) -> Option<Optional> {
        let gives = |found: &Definition| match &found.signature.output {
            syn::ReturnType::Type(_, ty) => {
                matches!(types::parse_type(ty), Type::Option(_)) && lending::lends(&found.signature).is_some()
            }
            syn::ReturnType::Default => false,
        };
        if !definitions::named(self.site.as_ref()?, &call.method.to_string()).iter().any(gives) {
            return None;
        }
        let checkpoint = self.checkpoint();
        let receiver = self.value(&call.receiver);
        let constant = self.lowered_is_constant(&receiver);
        let found = if constant { None } else { self.in_lender(&receiver, call, |this, tail, _| this.optional(tail)) };
        if found.is_none() {
            self.rollback(&checkpoint);
        }
        found
    }

    /// What a method gives that returns an iterator: `for w in net.weights()`.
    pub(super) fn lent_iterator(&mut self, call: &ExprMethodCall) -> Option<Chain> {
        let named = definitions::named(self.site.as_ref()?, &call.method.to_string());
        if !named.iter().any(|found| lending::gives_iterator(&found.signature)) {
            return None;
        }
        let checkpoint = self.checkpoint();
        let receiver = self.value(&call.receiver);
        let owner = self.named_owner(&self.bare_type(&receiver));
        let found = owner.as_ref().and_then(|owner| self.method_definition(owner, &call.method.to_string()));
        let found = found.filter(|found| found.annotated && lending::gives_iterator(&found.signature));
        let chain = owner.zip(found).and_then(|(owner, found)| {
            let mutable = owner::passing(found.signature.receiver()?) == Passing::Mut;
            let key = format!("{owner}::{}", call.method);
            let of = Lender { found, key, mutable, span: call.method.span() };
            self.in_body_of(of, Some((&receiver, &owner)), call.args.iter(), |this, tail, _| this.chain(tail))
        });
        if chain.is_none() {
            self.rollback(&checkpoint);
        }
        chain
    }

    /// Whether a call is one of a function of the crate that returns an iterator.
    pub(super) fn gives_an_iterator(&self, expr: &Expr) -> bool {
        let name = match strip_parens(expr) {
            Expr::MethodCall(call) => &call.method,
            Expr::Call(call) => match strip_parens(&call.func) {
                Expr::Path(path) => match path.path.segments.last() {
                    Some(last) => &last.ident,
                    None => return false,
                },
                _ => return false,
            },
            _ => return false,
        };
        let named = self.site.as_ref().map(|site| definitions::named(site, &name.to_string())).unwrap_or_default();
        !named.is_empty() && named.iter().all(|found| found.annotated && lending::gives_iterator(&found.signature))
    }

    /// The same of a free function.
    pub(super) fn iterator_of_function(&mut self, call: &syn::ExprCall) -> Option<Chain> {
        let Expr::Path(path) = strip_parens(&call.func) else { return None };
        let last = &path.path.segments.last()?.ident;
        let found = self.function_called(&path.path);
        let found = found.filter(|found| found.annotated && lending::gives_iterator(&found.signature))?;
        let of = Lender { found, key: last.to_string(), mutable: false, span: last.span() };
        self.in_body_of(of, None, call.args.iter(), |this, tail, _| this.chain(tail))
    }

    /// Lowers the body of a method that gives out a place; `lower` what the body ends with, which may be a place that can
    /// be written.
    fn in_lender<T>(
        &mut self,
        receiver: &Lowered,
        call: &ExprMethodCall,
        lower: impl FnOnce(&mut Self, &Expr, bool) -> Option<T>,
    ) -> Option<T> {
        let owner = self.named_owner(&self.bare_type(receiver))?;
        let found = self.method_definition(&owner, &call.method.to_string())?;
        let mutable = lending::lends(&found.signature)?;
        let key = format!("{owner}::{}", call.method);
        let of = Lender { found, key, mutable, span: call.method.span() };
        self.in_body_of(of, Some((receiver, &owner)), call.args.iter(), lower)
    }

    /// The call of a free function that gives out a place of one of its arguments: `*cell(&mut grid, i) = x`.
    pub(super) fn lent_by_function(&mut self, called: &Called<'_>) -> Option<Lowered> {
        let name = called.last.to_string();
        let near = self.nearby.as_ref()?.function(&name)?;
        let mutable = lending::lends_argument(&near.signature)?;
        let found = self.function_called(called.path).filter(|found| found.annotated)?;
        let of = Lender { found, key: name.clone(), mutable, span: called.last.span() };
        let lent = self.in_body_of(of, None, called.call.args.iter(), |this, tail, mutable| {
            this.lent_place(tail, mutable, called.last)
        });
        lent.or_else(|| {
            let message = format!("which place `{name}` gives out cannot be seen here");
            let help = "let it return the index of the place, or write the place here";
            Some(self.refuse(called.last, message, help))
        })
    }

    /// The place at the end of a body.
    fn lent_place(&mut self, tail: &Expr, mutable: bool, name: &syn::Ident) -> Option<Lowered> {
        if !matches!(strip_parens(tail), Expr::Match(_) | Expr::If(_)) {
            return Some(self.value(tail));
        }
        if mutable {
            let message = format!("which place `{name}` gives out depends on a condition");
            let help = "write the condition here, and change the place in each of its branches";
            return Some(self.refuse(name, message, help));
        }
        let mut tail = tail.clone();
        Ends(&|end| end.clone()).visit_expr_mut(&mut tail);
        let value = self.value(&tail);
        Some(Lowered::Place(self.place_of(value, tail.span())).shared())
    }

    /// Lowers the body of a function that gives out a place, which may be a method with a receiver of the type with this name.
    fn in_body_of<'e, T>(
        &mut self,
        of: Lender,
        receiver: Option<(&Lowered, &str)>,
        args: impl Iterator<Item = &'e Expr>,
        lower: impl FnOnce(&mut Self, &Expr, bool) -> Option<T>,
    ) -> Option<T> {
        let Lender { found, key, mutable, span } = of;
        if found.left_out || self.inlining.contains(&key) || !self.can_be_lowered_here(&found, mutable) {
            return None;
        }
        let body = respanned(found.body.as_ref()?.to_token_stream(), span);
        let mut body = syn::parse2::<syn::Block>(body).ok()?;
        let mut env = Env::within(&self.env);
        env.push();
        if let Some((receiver, owner)) = receiver {
            Named(syn::Ident::new(owner, span)).visit_block_mut(&mut body);
            env.bind(&syn::Ident::new("self", span), Binding::Alias(lent_receiver(receiver, mutable)));
        }
        let (syn::Stmt::Expr(tail, None), before) = body.stmts.split_last()? else { return None };
        let args: Vec<Lowered> = args.map(|arg| self.evaluated_once(arg)).collect();
        self.inlining.push(key);
        let lowered = self.in_env(&env, |this| {
            let typed = found.signature.inputs.iter().filter_map(|input| match input {
                syn::FnArg::Typed(typed) => Some(typed),
                syn::FnArg::Receiver(_) => None,
            });
            for (typed, arg) in typed.zip(args) {
                this.bind(&typed.pat, arg, None);
            }
            this.stmts(before, Wanted::Effect);
            lower(this, tail, mutable)
        });
        self.inlining.pop();
        lowered
    }

    /// An argument that is evaluated once, whatever the method does with it.
    fn evaluated_once(&mut self, arg: &Expr) -> Lowered {
        match self.value(arg) {
            Lowered::Place(place) if types::is_copy(&self.function.place_type(&place)) => {
                Lowered::Operand(self.read(Lowered::Place(place), arg.span()))
            }
            other => other,
        }
    }

    /// The name of a type of the user's, where it is known.
    pub(super) fn named_owner(&self, ty: &Type) -> Option<String> {
        let name = types::type_name(ty)?;
        if name != "Self" {
            return Some(name);
        }
        let own = self.owner.and_then(|owner| owner.self_type.as_ref())?;
        types::type_name(&types::parse_type(own))
    }

    /// The only method of this name that the type has in the crate's files; its own comes before those of traits.
    pub(super) fn method_definition(&self, owner: &str, name: &str) -> Option<Definition> {
        let site = self.site.as_ref()?;
        let of_type = |found: &Definition| {
            found.owner().as_deref() == Some(owner) && found.signature.receiver().is_some() && found.body.is_some()
        };
        let all = definitions::named(site, name).into_iter().filter(of_type);
        let of_trait = |found: &Definition| found.implementation().is_some_and(|item| item.trait_.is_some());
        let (of_traits, own): (Vec<Definition>, Vec<Definition>) = all.partition(of_trait);
        let mut candidates = if own.is_empty() { of_traits.into_iter() } else { own.into_iter() };
        let only = candidates.next()?;
        candidates.next().is_none().then_some(only)
    }

    /// The body means here what it means where it stands.
    fn can_be_lowered_here(&self, found: &Definition, mutable: bool) -> bool {
        let Some(own) = self.site.as_ref().and_then(|site| definitions::modules_around(site)) else { return false };
        let names = Free::of(found);
        let same = found.is_near && found.modules == own;
        let sees_fields = found.is_near && own.starts_with(&found.modules);
        let has_forms = !mutable && found.annotated && lending::owned(&found.signature).is_some();
        !names.leaves && !names.parameters && (same || names.names.is_empty()) && (sees_fields || !has_forms)
    }
}

pub(super) fn lent_receiver(receiver: &Lowered, mutable: bool) -> Lowered {
    let mutability = if mutable { Mutability::Mutable } else { Mutability::Shared };
    Lowered::Ref(Box::new(receiver.clone().strip()), mutability)
}

/// What a body mentions that is not its own.
#[derive(Default)]
pub(super) struct Free {
    bound: BTreeSet<String>,
    pub(super) names: BTreeSet<String>,
    /// It may leave before its end.
    leaves: bool,
    /// It names a generic parameter of its `impl` or its own.
    pub(super) parameters: bool,
}

impl Free {
    pub(super) fn of(found: &Definition) -> Free {
        let mut free = Free::default();
        found.signature.inputs.iter().for_each(|input| free.visit_fn_arg(input));
        let Some(body) = &found.body else { return free };
        free.visit_block(body);
        let (names, bound) = (std::mem::take(&mut free.names), &free.bound);
        let own = names.into_iter().filter(|name| !bound.contains(name)).collect();
        let generics = found.around_generics().chain([&found.signature.generics]);
        let params = generics.flat_map(|generics| &generics.params);
        let tokens = body.to_token_stream();
        free.parameters = params.into_iter().any(|param| match param {
            syn::GenericParam::Lifetime(_) => false,
            syn::GenericParam::Type(param) => crate::emit::mentions(tokens.clone(), &param.ident.to_string()),
            syn::GenericParam::Const(param) => crate::emit::mentions(tokens.clone(), &param.ident.to_string()),
        });
        free.names = own;
        free
    }
}

impl<'ast> Visit<'ast> for Free {
    fn visit_pat_ident(&mut self, pat: &'ast syn::PatIdent) {
        self.bound.insert(pat.ident.to_string());
        syn::visit::visit_pat_ident(self, pat);
    }

    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        const EVERYWHERE: [&str; 10] = ["self", "Self", "Some", "None", "Ok", "Err", "std", "core", "f64", "f32"];
        let first = path.path.segments.first().map(|first| first.ident.to_string()).unwrap_or_default();
        if !EVERYWHERE.contains(&first.as_str()) && types::integer(&first).is_none() {
            self.names.insert(first);
        }
    }

    fn visit_expr_return(&mut self, _: &'ast syn::ExprReturn) {
        self.leaves = true;
    }

    fn visit_expr_try(&mut self, _: &'ast syn::ExprTry) {
        self.leaves = true;
    }
}

/// The tokens as if they stood at the call.
pub(super) fn respanned(tokens: TokenStream, span: Span) -> TokenStream {
    let place = |tree: TokenTree| match tree {
        TokenTree::Group(group) => {
            let mut new = Group::new(group.delimiter(), respanned(group.stream(), span));
            new.set_span(span);
            TokenTree::Group(new)
        }
        mut other => {
            other.set_span(span);
            other
        }
    };
    tokens.into_iter().map(place).collect()
}
