//! Methods of traits of std that users implement for their types and that are lowered where they are called: `Index` and
//! `IndexMut` give out a place. What the crate's files say of them is all there is. [`super::taken`] has those that take an
//! iterator.

use super::env::{Binding, Env, Lowered};
use super::lowerer::Lowerer;
use super::place::strip_parens;
use super::stmt::Wanted;
use crate::analysis::types;
use crate::declarations;
use crate::definitions::{self, Definition};
use crate::ir::{Float, Type};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Expr;
use syn::spanned::Spanned;
use syn::visit_mut::VisitMut;

/// `value[index]` of a user's type, or what is written to it.
enum Access<'a> {
    Place,
    /// `value[index] op right`
    Write(&'a TokenStream, Lowered),
}

impl Lowerer<'_> {
    /// `m[(i, j)]`, where the type of `m` implements `Index` by giving out a place of its own.
    pub(super) fn user_index(&mut self, base: &Lowered, ty: &Type, index: &syn::ExprIndex) -> Option<Lowered> {
        self.indexed(base, ty, index, Access::Place)
    }

    /// `v[i] = x`, `v[i] *= x`, where an implementation of `IndexMut` selects among several places.
    pub(super) fn user_index_write(&mut self, left: &Expr, operator: &TokenStream, value: Lowered) -> Option<Lowered> {
        let Expr::Index(index) = strip_parens(left) else { return None };
        let checkpoint = self.checkpoint();
        let base = self.value(&index.expr).strip();
        let ty = match self.bare_type(&base) {
            Type::Unknown => self.type_indexed_by(&index.index).unwrap_or(Type::Unknown),
            ty => ty,
        };
        let written = match ty {
            Type::Named(_) => self.indexed(&base, &ty, index, Access::Write(operator, value)),
            _ => None,
        };
        if written.is_none() {
            self.rollback(&checkpoint);
        }
        written
    }

    /// The only type of the crate that is indexed by tuples, where nothing else is known of what is indexed by one.
    pub(super) fn type_indexed_by(&self, index: &Expr) -> Option<Type> {
        let (Expr::Tuple(_), Some(site)) = (strip_parens(index), &self.site) else { return None };
        let items = declarations::implementations_for(site, "Index", None);
        let mut fitting = items.iter().filter(|item| {
            item.items.iter().any(|item| matches!(item, syn::ImplItem::Fn(method) if fits(method, index)))
        });
        let only = fitting.next()?;
        let syn::Type::Path(path) = &*only.self_ty else { return None };
        let name = &path.path.segments.last()?.ident;
        fitting.next().is_none().then(|| Type::Named(quote!(#name)))
    }

    /// What an associated function of a type of the crate returns.
    pub(super) fn associated_result(&self, owner: &str, name: &str) -> Option<Type> {
        let site = self.site.as_ref()?;
        let all = definitions::named(site, name).into_iter();
        let mut own = all.filter(|found| found.owner().as_deref() == Some(owner)).peekable();
        if name == "default" && own.peek().is_none() && declarations::declares_type(site, owner) {
            return Some(named(owner));
        }
        let first = self.declared_result(&own.next()?, owner)?;
        // Several are conversions into the type.
        let itself = |ty: &Type| types::type_name(ty).is_some_and(|name| name == owner);
        own.all(|found| itself(&first) && self.declared_result(&found, owner).is_some_and(|ty| itself(&ty)))
            .then_some(first)
    }

    /// The same of a method.
    pub(super) fn method_result(&self, owner: &str, name: &str) -> Option<Type> {
        self.declared_result(&self.method_definition(owner, name)?, owner)
    }

    /// What the signature of a function of this type says that it returns, where that means the same here.
    fn declared_result(&self, found: &Definition, owner: &str) -> Option<Type> {
        let syn::ReturnType::Type(_, ty) = &found.signature.output else { return None };
        // `Self` is the type of the function, and not that of the function that calls it.
        let mut ty = (**ty).clone();
        Named(syn::Ident::new(owner, proc_macro2::Span::call_site())).visit_type_mut(&mut ty);
        self.meant_here(types::parse_type(&ty), owner)
    }

    /// A type as it is called here that another function of the crate writes: numbers, the function's own type and others
    /// of the crate, and what is made of these.
    fn meant_here(&self, ty: Type, owner: &str) -> Option<Type> {
        let meant = |ty: Box<Type>| self.meant_here(*ty, owner).map(Box::new);
        match ty {
            Type::Float(Float::F32 | Float::F64) | Type::Int(_) | Type::Bool => Some(ty),
            Type::Array(item, len) if syn::parse2::<syn::LitInt>(len.clone()).is_ok() => {
                Some(Type::Array(meant(item)?, len))
            }
            Type::Vec(item) => Some(Type::Vec(meant(item)?)),
            Type::Option(content) => Some(Type::Option(meant(content)?)),
            Type::Result(content, error) => Some(Type::Result(meant(content)?, error)),
            Type::Tuple(items) => {
                let items: Option<Vec<Type>> = items.into_iter().map(|item| self.meant_here(item, owner)).collect();
                items.map(Type::Tuple)
            }
            Type::Named(ref name) => match types::short_name(name) {
                own if own.split('<').next() == Some(owner) => Some(named(owner)),
                other => {
                    let declared = declarations::declares_type(self.site.as_ref()?, &other);
                    declared.then(|| named(&other))
                }
            },
            _ => None,
        }
    }

    fn indexed(&mut self, base: &Lowered, ty: &Type, index: &syn::ExprIndex, access: Access<'_>) -> Option<Lowered> {
        let writes = matches!(access, Access::Write(..));
        let of_trait = if writes { "IndexMut" } else { "Index" };
        let method = self.std_method(of_trait, ty, |method| fits(method, &index.index))?;
        let body = method.block.stmts.clone();
        let (tail, before) = body.split_last()?;
        let syn::Stmt::Expr(tail, None) = tail else { return None };
        let selects = matches!(strip_parens(tail), Expr::Match(_) | Expr::If(_));
        if selects != writes && writes {
            return None;
        }
        let changed = self.std_method("IndexMut", ty, |method| fits(method, &index.index)).filter(|_| !selects);
        if changed.is_some_and(|changed| without_mut(&changed.block) != without_mut(&method.block)) {
            let help = "let both select the same places by the same statements";
            return Some(self.refuse(index, "`index` and `index_mut` of this type are not the same", help));
        }
        let position = self.value(&index.index);
        let position = self.settled_position(position, index);
        let mut env = Env::within(&self.env);
        env.push();
        let pattern = method.sig.inputs.iter().nth(1).cloned()?;
        Some(self.in_env(&env, |this| {
            this.env.bind(&syn::Ident::new("self", index.span()), Binding::Alias(base.clone().shared()));
            if let syn::FnArg::Typed(pattern) = &pattern {
                this.bind(&pattern.pat, position, None);
            }
            this.stmts(before, Wanted::Effect);
            match access {
                Access::Place if selects => {
                    let mut tail = tail.clone();
                    Ends(&|end| end.clone()).visit_expr_mut(&mut tail);
                    let value = this.value(&tail);
                    Lowered::Place(this.place_of(value, index.span()))
                }
                Access::Place => match this.value(tail) {
                    Lowered::Ref(inner, _) => *inner,
                    other => other,
                },
                Access::Write(operator, value) => {
                    let name = syn::Ident::new("__written", index.span());
                    this.env.bind(&name, Binding::Alias(value));
                    let mut tail = tail.clone();
                    Ends(&|end| syn::parse_quote!({ #end #operator #name; })).visit_expr_mut(&mut tail);
                    this.stmts(&[syn::Stmt::Expr(tail, Some(syn::token::Semi::default()))], Wanted::Effect);
                    Lowered::Unit
                }
            }
        }))
    }

    /// The position, evaluated once.
    fn settled_position(&mut self, position: Lowered, index: &syn::ExprIndex) -> Lowered {
        match position {
            Lowered::Tuple(items) => {
                Lowered::Tuple(items.into_iter().map(|item| self.settled_position(item, index)).collect())
            }
            Lowered::Place(place) => Lowered::Operand(self.read(Lowered::Place(place), index.span())),
            other => other,
        }
    }

    fn std_method(
        &self,
        of_trait: &str,
        ty: &Type,
        fits: impl Fn(&syn::ImplItemFn) -> bool,
    ) -> Option<syn::ImplItemFn> {
        let mut found = self.methods_of(of_trait, ty).into_iter().filter(|(_, method)| fits(method));
        let (_, method) = found.next()?;
        found.next().is_none().then_some(method)
    }

    /// The methods of the implementations of a trait for a type, with `Self` written out.
    pub(super) fn methods_of(&self, of_trait: &str, ty: &Type) -> Vec<(syn::ItemImpl, syn::ImplItemFn)> {
        let own = self.owner.and_then(|owner| owner.self_type.as_ref());
        let name = match types::type_name(ty) {
            Some(name) if name == "Self" => own.map(types::parse_type).and_then(|ty| types::type_name(&ty)),
            name => name,
        };
        let (Some(site), Some(name)) = (&self.site, name) else { return Vec::new() };
        let items = declarations::implementations_for(site, of_trait, Some(&name));
        let methods = items.into_iter().filter_map(|item| {
            let mut method = item.items.iter().find_map(|item| match item {
                syn::ImplItem::Fn(method) => Some(method.clone()),
                _ => None,
            })?;
            Named(syn::Ident::new(&name, proc_macro2::Span::call_site())).visit_block_mut(&mut method.block);
            Some((item, method))
        });
        methods.collect()
    }
}

/// Whether a method of `Index` takes what stands in the brackets: of several implementations, the kind of index tells.
fn fits(method: &syn::ImplItemFn, index: &Expr) -> bool {
    let Some(syn::FnArg::Typed(parameter)) = method.sig.inputs.iter().nth(1) else { return false };
    let kind = |tuple: bool, array: bool, range: bool| (tuple, array, range);
    let text = parameter.ty.to_token_stream().to_string();
    let of_type = kind(
        matches!(&*parameter.ty, syn::Type::Tuple(_)),
        matches!(&*parameter.ty, syn::Type::Array(_)),
        text.contains("Range"),
    );
    match strip_parens(index) {
        Expr::Tuple(_) => of_type == kind(true, false, false),
        Expr::Array(_) => of_type == kind(false, true, false),
        Expr::Range(_) => of_type.2,
        Expr::Lit(_) | Expr::Binary(_) | Expr::Cast(_) => of_type == kind(false, false, false),
        _ => !of_type.2,
    }
}

/// The text of a body, whatever it checks and lends.
fn without_mut(block: &syn::Block) -> String {
    let checks = |stmt: &&syn::Stmt| match stmt {
        syn::Stmt::Macro(stmt) => {
            let name = stmt.mac.path.segments.last().map_or_else(String::new, |last| last.ident.to_string());
            name.starts_with("assert") || name.starts_with("debug_assert")
        }
        _ => false,
    };
    let kept = block.stmts.iter().filter(|stmt| !checks(stmt));
    let text: String = kept.map(|stmt| stmt.to_token_stream().to_string()).collect();
    let text: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
    text.replace("&mut", "&").replace("get_mut", "get").replace("index_mut", "index")
}

/// Replaces what each branch of an expression gives a reference to.
pub(super) struct Ends<'f>(pub(super) &'f dyn Fn(&Expr) -> Expr);

impl VisitMut for Ends<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Match(select) => select.arms.iter_mut().for_each(|arm| self.visit_expr_mut(&mut arm.body)),
            Expr::If(branch) => {
                self.visit_block_mut(&mut branch.then_branch);
                if let Some((_, other)) = &mut branch.else_branch {
                    self.visit_expr_mut(other);
                }
            }
            Expr::Block(block) => self.visit_block_mut(&mut block.block),
            Expr::Paren(inner) => self.visit_expr_mut(&mut inner.expr),
            Expr::Group(inner) => self.visit_expr_mut(&mut inner.expr),
            Expr::Reference(reference) => *expr = (self.0)(&reference.expr),
            _ => {}
        }
    }

    fn visit_block_mut(&mut self, block: &mut syn::Block) {
        if let Some(syn::Stmt::Expr(tail, None)) = block.stmts.last_mut() {
            self.visit_expr_mut(tail);
        }
    }
}

/// Writes `Self` out, without the arguments of the type, which its values tell.
pub(super) struct Named(pub(super) syn::Ident);

impl VisitMut for Named {
    fn visit_ident_mut(&mut self, ident: &mut syn::Ident) {
        if ident == "Self" {
            *ident = self.0.clone();
        }
    }

    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        let name = &self.0;
        let written = mac.tokens.clone().into_iter().map(|tree| match &tree {
            proc_macro2::TokenTree::Ident(ident) if ident == "Self" => quote!(#name),
            _ => tree.into(),
        });
        mac.tokens = written.collect();
    }
}

fn named(owner: &str) -> Type {
    let name = syn::Ident::new(owner, proc_macro2::Span::call_site());
    Type::Named(quote!(#name))
}
