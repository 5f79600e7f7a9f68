//! Methods of traits of std that users implement for their types and that take an iterator: `Sum`, `Product`, `FromIterator`
//! and `Extend`. Of several implementations the kind of the items tells which one is meant; it is lowered where it is called.

use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Expr, ExprMethodCall};

use super::env::{Binding, Env, Lowered};
use super::lowerer::Lowerer;
use super::place::strip_parens;
use super::stmt::Wanted;
use crate::ir::Type;

impl Lowerer<'_> {
    /// `vs.iter().sum::<V>()`, `vs.iter().collect::<V>()`, where `V` implements `Sum` or `FromIterator`.
    pub(super) fn user_total(&mut self, call: &ExprMethodCall, ty: Option<&Type>) -> Option<Lowered> {
        let of_trait = match call.method.to_string().as_str() {
            "sum" => "Sum",
            "product" => "Product",
            _ => "FromIterator",
        };
        self.made_of_items(of_trait, ty.filter(|ty| matches!(ty, Type::Named(_)))?, &call.receiver)
    }

    /// `V::from_iter(items)`, where `V` implements `FromIterator` for several kinds of items.
    pub(super) fn made_by_one_of_several(&mut self, owner: &str, call: &syn::ExprCall) -> Option<Lowered> {
        let name: syn::Type = syn::parse_str(owner).ok()?;
        let ty = Type::Named(name.to_token_stream());
        let several = self.methods_of("FromIterator", &ty).len() > 1;
        self.made_of_items("FromIterator", &ty, call.args.first().filter(|_| several)?)
    }

    fn made_of_items(&mut self, of_trait: &str, ty: &Type, items: &Expr) -> Option<Lowered> {
        let method = self.taking(of_trait, ty, items)?;
        let name = parameter(method.sig.inputs.first()?)?;
        let mut env = Env::within(&self.env);
        env.push();
        let items = self.given(items);
        let span = method.block.span();
        let block = Expr::Block(syn::ExprBlock { attrs: Vec::new(), label: None, block: method.block });
        Some(self.in_env(&env, |this| {
            this.env.bind(&name, Binding::Iterator(items));
            let made = this.value_as(&block, Some(ty));
            Lowered::Operand(this.read(made, span))
        }))
    }

    /// `total.extend(items)`, where its type implements `Extend` for several kinds of items.
    pub(super) fn extended_by_one_of_several(&mut self, receiver: &Lowered, call: &ExprMethodCall) -> Option<Lowered> {
        let ty = self.bare_type(receiver);
        if call.method != "extend" || !matches!(ty, Type::Named(_)) || self.methods_of("Extend", &ty).len() < 2 {
            return None;
        }
        let items = call.args.first()?;
        let method = self.taking("Extend", &ty, items)?;
        let name = parameter(method.sig.inputs.iter().nth(1)?)?;
        let mut env = Env::within(&self.env);
        env.push();
        let items = self.given(items);
        Some(self.in_env(&env, |this| {
            this.env.bind(&syn::Ident::new("self", call.span()), Binding::Alias(receiver.clone()));
            this.env.bind(&name, Binding::Iterator(items));
            this.stmts(&method.block.stmts, Wanted::Effect);
            Lowered::Unit
        }))
    }

    /// The method of the only implementation, or of that for items of this kind.
    fn taking(&self, of_trait: &str, ty: &Type, items: &Expr) -> Option<syn::ImplItemFn> {
        let methods = self.methods_of(of_trait, ty);
        let (known, by_reference) = (methods.len(), self.gives_references(items));
        let mut fitting = methods.into_iter().filter(|(item, _)| {
            let last = item.trait_.as_ref().and_then(|of_trait| of_trait.0.segments.last());
            let of_references = last.is_some_and(|last| last.arguments.to_token_stream().to_string().contains('&'));
            known == 1 || of_references == by_reference
        });
        let (_, method) = fitting.next()?;
        fitting.next().is_none().then_some(method)
    }

    /// Whether the items of a chain are references, as far as its text tells.
    pub(super) fn items_are_references(&self, chain: &Expr) -> bool {
        match strip_parens(chain) {
            Expr::MethodCall(call) => match call.method.to_string().as_str() {
                "iter" => true,
                "map" | "copied" | "cloned" | "into_iter" => false,
                _ => self.items_are_references(&call.receiver),
            },
            _ => false,
        }
    }

    /// The same, where names and `&list` stand for chains.
    fn gives_references(&self, chain: &Expr) -> bool {
        match strip_parens(chain) {
            Expr::Reference(_) => true,
            Expr::Path(path) => match path.path.get_ident().and_then(|name| self.env.get(name)) {
                Some(Binding::Iterator(kept)) => self.items_are_references(&kept.function),
                _ => matches!(self.expression_type(chain), Type::Ref { .. } | Type::Slice(_)),
            },
            chain => self.items_are_references(chain),
        }
    }
}

/// The name of a parameter.
fn parameter(input: &syn::FnArg) -> Option<syn::Ident> {
    let syn::FnArg::Typed(pattern) = input else { return None };
    let syn::Pat::Ident(name) = &*pattern.pat else { return None };
    Some(name.ident.clone())
}
