//! Values of structs: literals, constructors, and patterns that take them apart.
//!
//! A struct is not looked into: its fields are steps of a [`crate::ir::Place`], and the cotangent of the value has the
//! same fields.

use super::env::{Lowered, Mutability};
use super::expr::begins_like_a_type;
use super::lowerer::Lowerer;
use super::place::strip_parens;
use crate::analysis::types;
use crate::ir::{AggregateKind, Constructor, Op, Operand, Proj, Type};
use proc_macro2::Span;
use quote::ToTokens;
use std::rc::Rc;
use syn::spanned::Spanned;
use syn::{Expr, Member, Pat};

impl Lowerer<'_> {
    /// `Point { x: a, y, ..p }`
    pub(super) fn struct_literal(&mut self, literal: &syn::ExprStruct, hint: Option<&Type>) -> Lowered {
        if literal.qself.is_some() {
            return self.opaque_or(literal, hint, "this literal is not supported", "write the type's own name");
        }
        if names_variant(&literal.path) {
            return self.variant_literal(literal, hint);
        }
        let mut parts = Vec::new();
        let mut items = Vec::new();
        for field in &literal.fields {
            self.check_attributes(&field.attrs);
            parts.push((field.member.clone(), Proj::Field(field.member.clone())));
            let wanted = self.field_type(&literal.path, &field.member, hint);
            items.push(self.stored(&field.expr, wanted.as_ref()));
        }
        if let Some(base) = &literal.rest {
            items.push(self.operand(base));
        }
        self.construct(&literal.path, parts, items, true, literal.span(), hint)
    }

    /// `Point(a, b)`
    pub(super) fn tuple_struct(&mut self, path: &syn::Path, call: &syn::ExprCall, hint: Option<&Type>) -> Lowered {
        let wanted = |this: &Self, at: usize| this.field_type(path, &Member::from(at), hint);
        let items = call.args.iter().enumerate().map(|(at, arg)| self.stored(arg, wanted(self, at).as_ref()));
        let items: Vec<Operand> = items.collect();
        let parts = (0..items.len()).map(|at| (Member::from(at), Proj::Field(Member::from(at)))).collect();
        self.construct(path, parts, items, false, call.span(), hint)
    }

    fn construct(
        &mut self,
        path: &syn::Path,
        parts: Vec<(Member, Proj)>,
        items: Vec<Operand>,
        braces: bool,
        span: Span,
        hint: Option<&Type>,
    ) -> Lowered {
        let name = path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        let own = Type::Named(path.to_token_stream());
        // What is wanted may be spelled with its arguments.
        let ty = match hint {
            Some(hint @ Type::Named(_)) if name == "Self" || types::type_name(hint) == types::type_name(&own) => {
                hint.clone()
            }
            _ => own,
        };
        let constructor = Rc::new(Constructor { path: path.to_token_stream(), parts, braces });
        let op = Op::Aggregate(AggregateKind::Constructor(constructor), items);
        Lowered::Operand(self.temp(&snake_case(&name), ty, op, span))
    }

    /// The type of a field of what a literal makes, where its declaration tells.
    fn field_type(&self, path: &syn::Path, member: &Member, hint: Option<&Type>) -> Option<Type> {
        let own = Type::Named(path.to_token_stream());
        self.function.field_type(&own, member).or_else(|| self.function.field_type(hint?, member))
    }

    /// What is put into a field of this type.
    pub(super) fn stored(&mut self, expr: &Expr, wanted: Option<&Type>) -> Operand {
        let lowered = self.value_as(expr, wanted);
        if let Lowered::Ref(inner, Mutability::Mutable) = &lowered
            && !self.lowered_is_constant(inner)
            && !self.is_refused(inner)
        {
            self.refuse(
                expr,
                "a mutable reference to differentiable data cannot be kept in a struct",
                "pass the memory as a `&mut` parameter beside it, or keep the data itself in the struct",
            );
        }
        self.read(lowered, expr.span())
    }

    // Patterns

    /// `let Point { x, y: b, .. } = p;`
    pub(super) fn bind_struct(&mut self, pat: &syn::PatStruct, lowered: Lowered) {
        if pat.qself.is_some() || names_variant(&pat.path) {
            self.refuse_variant(&Pat::Struct(pat.clone()));
            return;
        }
        let lowered = self.settle(lowered, pat.span());
        self.learn_name(&lowered, &pat.path);
        for field in &pat.fields {
            self.check_attributes(&field.attrs);
            let part = self.part(&lowered, field.member.clone(), field.span());
            self.bind(&field.pat, part, None);
        }
    }

    /// `let Point(x, y) = p;`
    pub(super) fn bind_tuple_struct(&mut self, pat: &syn::PatTupleStruct, lowered: Lowered) {
        if pat.qself.is_some() || names_variant(&pat.path) || is_std_variant(&pat.path) {
            self.refuse_variant(&Pat::TupleStruct(pat.clone()));
            return;
        }
        let lowered = self.settle(lowered, pat.span());
        self.learn_name(&lowered, &pat.path);
        let rest = pat.elems.iter().position(|elem| matches!(elem, Pat::Rest(_)));
        for (position, elem) in pat.elems.iter().enumerate() {
            match rest {
                Some(rest) if position == rest => {}
                Some(rest) if position > rest => {
                    self.refuse(
                        elem,
                        "the number of fields of this struct is not known here",
                        "name all its parts, `_` for the rest",
                    );
                    self.poison_names(elem);
                }
                _ => {
                    let part = self.part(&lowered, Member::from(position), elem.span());
                    self.bind(elem, part, None);
                }
            }
        }
    }

    fn refuse_variant(&mut self, pat: &Pat) {
        self.refuse(pat, "patterns of enums are not supported here", "use `match` or `if let`");
        self.poison_names(pat);
    }

    /// The pattern tells the type of a value of which nothing is known.
    fn learn_name(&mut self, lowered: &Lowered, path: &syn::Path) {
        if let Lowered::Place(place) = lowered.clone().strip()
            && matches!(self.function.place_type(&place), Type::Unknown)
        {
            self.learn(&place, &Type::Named(path.to_token_stream()));
        }
    }

    /// The parts that `Point { x: a, y: b } = ..` and `Point(a, b) = ..` assign to; `None` if it is neither.
    pub(super) fn struct_targets<'e>(&mut self, left: &'e Expr) -> Option<Vec<(Member, &'e Expr)>> {
        match strip_parens(left) {
            Expr::Struct(literal) if !names_variant(&literal.path) && literal.rest.is_none() => {
                Some(literal.fields.iter().map(|field| (field.member.clone(), &field.expr)).collect())
            }
            Expr::Call(call) => match strip_parens(&call.func) {
                Expr::Path(path) if !names_variant(&path.path) && !is_std_variant(&path.path) => {
                    Some(call.args.iter().enumerate().map(|(at, arg)| (Member::from(at), arg)).collect())
                }
                _ => None,
            },
            _ => None,
        }
    }
}

/// `Shape::Circle`: the segment before the last names a type.
pub(super) fn names_variant(path: &syn::Path) -> bool {
    let owner = path.segments.iter().rev().nth(1);
    owner.is_some_and(|owner| begins_like_a_type(&owner.ident.to_string()))
}

/// `Some`, `Ok`, `Err`, which are always in scope.
pub(super) fn is_std_variant(path: &syn::Path) -> bool {
    path.segments.last().is_some_and(|last| ["Some", "Ok", "Err"].iter().any(|name| last.ident == name))
}

/// `rigid_body` for `RigidBody`.
fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for (at, letter) in name.chars().enumerate() {
        if letter.is_uppercase() && at > 0 && !snake.ends_with('_') {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    match snake.as_str() {
        "self" => "value".to_owned(),
        _ if syn::parse_str::<syn::Ident>(&snake).is_err() => "value".to_owned(),
        _ => snake,
    }
}
