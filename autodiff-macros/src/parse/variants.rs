//! Values of enums: constructors of variants, `Some`, `Ok` and `Err` among them.
//!
//! Which names are variants is told by their spelling: `Shape::Circle` behind the name of a type, and the variants that
//! are in scope everywhere.

use super::env::{Lowered, Mutability};
use super::lowerer::{Lowerer, constant};
use super::opaque::Looks;
pub(super) use super::structs::{is_std_variant, names_variant};
use crate::analysis::types;
pub(super) use crate::derive::names::payload_method;
use crate::ir::{AggregateKind, Constructor, Op, Opaque, Operand, Proj, Type};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use std::rc::Rc;
use syn::spanned::Spanned;
use syn::{Expr, Member};

/// `Shape::Circle`, `Some`.
pub(super) fn is_variant(path: &syn::Path) -> bool {
    names_variant(path) || is_std_variant(path)
}

impl Lowerer<'_> {
    /// `Shape::Circle(r)`, `Some(x)`, `Ok(x)`, `Err(e)`
    pub(super) fn variant_call(&mut self, path: &syn::Path, call: &syn::ExprCall, hint: Option<&Type>) -> Lowered {
        if path.segments.last().is_some_and(|last| last.ident == "Err") && is_std_variant(path) {
            return self.failure(call, hint);
        }
        let (mut parts, mut items) = (Vec::new(), Vec::new());
        for (at, arg) in call.args.iter().enumerate() {
            let content = match hint {
                Some(Type::Option(content) | Type::Result(content, _)) if is_std_variant(path) => Some(&**content),
                _ => None,
            };
            parts.push(Member::from(at));
            items.push(match is_std_variant(path) {
                true => self.content_of_option(arg, content),
                false => self.payload(arg, content),
            });
        }
        self.variant(path, parts, items, false, call.span(), hint)
    }

    /// `Shape::Rect { w, h: 2.0 * w }`
    pub(super) fn variant_literal(&mut self, literal: &syn::ExprStruct, hint: Option<&Type>) -> Lowered {
        if let Some(base) = &literal.rest {
            return self.refuse(base, "`..` is not supported here", "write out all fields");
        }
        let (mut parts, mut items) = (Vec::new(), Vec::new());
        for field in &literal.fields {
            self.check_attributes(&field.attrs);
            parts.push(field.member.clone());
            items.push(self.payload(&field.expr, None));
        }
        self.variant(&literal.path, parts, items, true, literal.span(), hint)
    }

    /// `Some(x)`: of a number behind a shared reference, what is kept is the number.
    fn content_of_option(&mut self, expr: &Expr, hint: Option<&Type>) -> Operand {
        let lowered = self.value_as(expr, hint);
        if let Lowered::Ref(inner, Mutability::Shared) = &lowered
            && types::is_float(&self.bare_type(inner))
            && (!self.lowered_is_constant(inner) || hint.is_some_and(types::is_float))
        {
            return self.numeric(lowered, expr.span());
        }
        self.read(lowered, expr.span())
    }

    fn payload(&mut self, expr: &Expr, hint: Option<&Type>) -> Operand {
        let lowered = self.value_as(expr, hint);
        self.read(lowered, expr.span())
    }

    fn variant(
        &mut self,
        path: &syn::Path,
        parts: Vec<Member>,
        items: Vec<Operand>,
        braces: bool,
        span: Span,
        hint: Option<&Type>,
    ) -> Lowered {
        let Some(last) = path.segments.last() else { return super::lowerer::poison() };
        let ty = match (last.ident.to_string().as_str(), items.first(), hint) {
            ("Some", Some(item), _) if is_std_variant(path) => Type::Option(Box::new(self.ty(item))),
            ("Ok", Some(item), hint) if is_std_variant(path) => {
                let error = match hint {
                    Some(Type::Result(_, error)) => error.clone(),
                    _ => Box::new(Type::Unknown),
                };
                Type::Result(Box::new(self.ty(item)), error)
            }
            _ => self.enum_type(path),
        };
        let parts = parts.into_iter().map(|member| {
            let method = payload_method(&last.ident, &member);
            (member, Proj::Payload(method))
        });
        let constructor = Constructor { path: path.to_token_stream(), parts: parts.collect(), braces };
        let name = last.ident.to_string().to_lowercase();
        let name = if syn::parse_str::<Ident>(&name).is_ok() { name } else { "value".to_owned() };
        let op = Op::Aggregate(AggregateKind::Constructor(Rc::new(constructor)), items);
        Lowered::Operand(self.temp(&name, ty, op, span))
    }

    /// The type of a variant's enum.
    pub(super) fn enum_type(&self, path: &syn::Path) -> Type {
        match self.owner_type(path) {
            Type::Named(name) => Type::Named(name),
            Type::Inactive => Type::Inactive,
            _ => Type::Unknown,
        }
    }

    /// `Err(e)`: an error carries no derivative, and may be made of differentiable values all the same.
    fn failure(&mut self, call: &syn::ExprCall, hint: Option<&Type>) -> Lowered {
        let content = match hint {
            Some(Type::Result(content, _)) => content.clone(),
            _ => Box::new(Type::Unknown),
        };
        let tokens = call.to_token_stream();
        if leaves(&tokens) {
            return self.refuse(call, "an exit inside of an error is not supported", "bind the value before");
        }
        let ty = Type::Result(content, Box::new(Type::Unknown));
        // Without an effect it is left out where a checkpointed function runs again, and where nothing tells its type.
        let pure = call.args.iter().all(super::convert::is_cheap);
        match self.opaque(tokens, Looks::Observer) {
            Some(opaque) => {
                let op = Op::Opaque(Opaque { pure, ..opaque });
                Lowered::Operand(self.temp("failure", ty, op, call.span()))
            }
            None => super::lowerer::poison(),
        }
    }

    /// `None`, `Shape::Empty`: a variant without content.
    pub(super) fn unit_variant(&self, path: &syn::Path) -> Option<Operand> {
        let last = path.segments.last()?;
        let ty = if last.ident == "None" {
            Type::Option(Box::new(Type::Unknown))
        } else if names_variant(path) && super::expr::is_type_name(&last.ident.to_string()) {
            self.enum_type(path)
        } else {
            return None;
        };
        Some(constant(path.to_token_stream(), ty))
    }

    /// What the name of a variant in a pattern tells of the type of what is matched.
    pub(super) fn pattern_type(&self, pat: &syn::Pat) -> Type {
        let path = match pat {
            syn::Pat::TupleStruct(pat) => &pat.path,
            syn::Pat::Struct(pat) => &pat.path,
            syn::Pat::Path(pat) => &pat.path,
            syn::Pat::Ident(pat) if pat.subpat.is_none() => {
                return if pat.ident == "None" { Type::Option(Box::new(Type::Unknown)) } else { Type::Unknown };
            }
            syn::Pat::Ident(pat) => {
                return pat.subpat.as_ref().map_or(Type::Unknown, |(_, pat)| self.pattern_type(pat));
            }
            syn::Pat::Paren(pat) => return self.pattern_type(&pat.pat),
            syn::Pat::Guard(pat) => return self.pattern_type(&pat.pat),
            syn::Pat::Reference(pat) => return self.pattern_type(&pat.pat),
            syn::Pat::Or(pat) => return pat.cases.first().map_or(Type::Unknown, |case| self.pattern_type(case)),
            _ => return Type::Unknown,
        };
        let last = path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        match last.as_str() {
            "Some" if is_std_variant(path) => Type::Option(Box::new(Type::Unknown)),
            "Ok" | "Err" if is_std_variant(path) => Type::Result(Box::new(Type::Unknown), Box::new(Type::Unknown)),
            _ if names_variant(path) => self.enum_type(path),
            _ => Type::Unknown,
        }
    }
}

/// The tokens leave the function: `?`, `return`.
fn leaves(tokens: &TokenStream) -> bool {
    tokens.clone().into_iter().any(|tree| match tree {
        TokenTree::Punct(punct) => punct.as_char() == '?',
        TokenTree::Ident(ident) => ident == "return" || ident == "break" || ident == "continue",
        TokenTree::Group(group) => leaves(&group.stream()),
        TokenTree::Literal(_) => false,
    })
}
