//! Expressions.

use super::env::{Binding, Lowered, Mutability};
use super::lowerer::{Lowerer, constant, poison};
use crate::analysis::types;
use crate::ir::{AggregateKind, Arg, Op, Operand, Place, Proj, Type};
use quote::{ToTokens, quote};
use syn::Expr;
use syn::spanned::Spanned;

impl Lowerer<'_> {
    /// Lowers an expression; its value is not read yet.
    pub(super) fn value(&mut self, expr: &Expr) -> Lowered {
        self.value_as(expr, None)
    }

    /// The same where the type that is wanted is known.
    pub(super) fn value_as(&mut self, expr: &Expr, hint: Option<&Type>) -> Lowered {
        match expr {
            Expr::Paren(paren) => self.value_as(&paren.expr, hint),
            Expr::Group(group) => self.value_as(&group.expr, hint),
            Expr::Lit(literal) => Lowered::Operand(self.formula_literal(literal_operand(&literal.lit))),
            Expr::Path(path) => self.path(path),
            Expr::Binary(binary) => self.binary(binary),
            Expr::Unary(unary) => self.unary(unary, hint),
            Expr::Cast(cast) => self.cast(cast),
            Expr::Reference(reference) => self.reference(reference),
            Expr::Index(index) => self.index(index),
            Expr::Field(field) => self.field_access(field),
            Expr::Tuple(tuple) => self.tuple(tuple),
            Expr::Array(array) => self.array(array, hint),
            Expr::Repeat(repeat) => self.repeat(&repeat.expr, &repeat.len, false),
            Expr::MethodCall(call) => self.method_call(call, hint),
            Expr::Call(call) => self.call(call, hint),
            Expr::Macro(mac) => self.macro_call(&mac.mac, expr, hint),
            Expr::If(branch) => self.if_expr(branch, hint),
            Expr::Match(matching) => self.match_expr(matching, hint),
            Expr::Block(block) => self.block_expr(block, hint),
            Expr::Loop(looping) => self.loop_expr(looping),
            Expr::Struct(literal) => self.struct_literal(literal, hint),
            Expr::Range(range) => self.range_value(range, hint),
            Expr::Assign(_) | Expr::While(_) | Expr::ForLoop(_) => self.effect(expr),
            Expr::Return(_) | Expr::Break(_) | Expr::Continue(_) => self.exit(expr),
            Expr::Try(question) => self.try_expr(question),
            Expr::Closure(closure) => self.closure_value(closure),
            Expr::Const(block) => {
                Lowered::Operand(constant(block.to_token_stream(), hint.cloned().unwrap_or(Type::FloatLiteral)))
            }
            other => self.unsupported(other),
        }
    }

    /// The value of an expression, read, moved or computed.
    pub(super) fn operand(&mut self, expr: &Expr) -> Operand {
        let lowered = self.value(expr);
        self.read(lowered, expr.span())
    }

    /// The value of an expression as an operand of arithmetic: references are seen through.
    pub(super) fn number(&mut self, expr: &Expr) -> Operand {
        let lowered = self.value(expr);
        self.numeric(lowered, expr.span())
    }

    /// The value of an expression of which only the truth value is used.
    pub(super) fn condition(&mut self, expr: &Expr) -> Operand {
        let lowered = self.value_as(expr, Some(&Type::Bool));
        self.numeric(lowered, expr.span())
    }

    /// An argument: references stay references.
    pub(super) fn arg(&mut self, expr: &Expr) -> Arg {
        let lowered = self.value(expr);
        self.lowered_arg(lowered, expr.span())
    }

    pub(super) fn lowered_arg(&mut self, lowered: Lowered, span: proc_macro2::Span) -> Arg {
        if lowered.lends_a_part() {
            let help = "give the function the whole array and the position, or write the loop here";
            self.refuse_at(span, "a part of an array cannot be lent mutably to a function", help);
            return Arg::Value(super::lowerer::constant(quote!(()), Type::Unknown));
        }
        match lowered {
            Lowered::Ref(inner, Mutability::Shared) => Arg::Shared(self.place_of(*inner, span)),
            Lowered::Ref(inner, Mutability::Mutable) => Arg::Mut(self.place_of(*inner, span)),
            Lowered::Operand(Operand::Const(text)) if is_text(&text.tokens) => {
                let ty = Type::Ref { mutable: false, inner: Box::new(Type::Inactive) };
                let text = self.temp_var("text", ty, Op::Use(Operand::Const(text)), span);
                Arg::Shared(Place { root: text, path: vec![Proj::Deref] })
            }
            other => Arg::Value(self.read(other, span)),
        }
    }

    fn path(&mut self, path: &syn::ExprPath) -> Lowered {
        if path.qself.is_none()
            && let Some(ident) = path.path.get_ident()
        {
            if let Some(binding) = self.env.get(ident).cloned() {
                return self.bound(path, ident, binding);
            }
            if ident == "self" {
                return self.leave_to_rustc();
            }
        }
        if let Some(number) = self.number_path(path) {
            return number;
        }
        if path.qself.is_none()
            && let Some(variant) = self.unit_variant(&path.path)
        {
            return Lowered::Operand(variant);
        }
        let ty = self.own_constant(path).or_else(|| self.declared_constant(path));
        let ty = ty.unwrap_or_else(|| path_type(&path.path));
        Lowered::Operand(constant(path.to_token_stream(), ty))
    }

    fn bound(&mut self, path: &syn::ExprPath, ident: &syn::Ident, binding: Binding) -> Lowered {
        match binding {
            Binding::Var(var) => match self.function[var].ty {
                Type::Ref { mutable, .. } => {
                    let mutability = if mutable { Mutability::Mutable } else { Mutability::Shared };
                    Lowered::Ref(Box::new(Lowered::Place(Place { root: var, path: vec![Proj::Deref] })), mutability)
                }
                _ => Lowered::Place(Place::var(var)),
            },
            Binding::Alias(lowered) => lowered,
            Binding::Const(ty) => Lowered::Operand(constant(path.to_token_stream(), ty)),
            Binding::Function => Lowered::Operand(constant(path.to_token_stream(), Type::Inactive)),
            Binding::Iterator(_) | Binding::Cursor(_) => {
                let message = format!("the iterator `{ident}` can only be used in a `for` loop or a chain here");
                self.refuse(path, message, "write it out where it is used")
            }
            Binding::Closure(_) | Binding::Callable(_) => {
                let message = format!("the function `{ident}` can only be called or given to a function here");
                self.refuse(path, message, "call it, or make it a function annotated with `#[differentiable]`")
            }
        }
    }

    fn reference(&mut self, reference: &syn::ExprReference) -> Lowered {
        let mutability = if reference.mutability.is_some() { Mutability::Mutable } else { Mutability::Shared };
        match self.value(&reference.expr) {
            lowered @ Lowered::Never => lowered,
            lowered => Lowered::Ref(Box::new(lowered), mutability),
        }
    }

    fn tuple(&mut self, tuple: &syn::ExprTuple) -> Lowered {
        if tuple.elems.is_empty() {
            return Lowered::Unit;
        }
        let items = tuple.elems.iter().map(|elem| match self.value(elem) {
            reference @ Lowered::Ref(..) => reference,
            nested @ Lowered::Tuple(_) => nested,
            other => Lowered::Operand(self.read(other, elem.span())),
        });
        Lowered::Tuple(items.collect())
    }

    fn array(&mut self, array: &syn::ExprArray, hint: Option<&Type>) -> Lowered {
        let items: Vec<Operand> = array.elems.iter().map(|elem| self.operand(elem)).collect();
        let elem = self.common_type(&items, hint.and_then(types::element));
        let len = proc_macro2::Literal::usize_unsuffixed(items.len());
        let ty = Type::Array(Box::new(elem), quote!(#len));
        Lowered::Operand(self.temp("array", ty, Op::Aggregate(AggregateKind::Array, items), array.span()))
    }

    /// The type that all the operands have, as far as it is known.
    pub(super) fn common_type(&self, items: &[Operand], hint: Option<Type>) -> Type {
        let mut ty = hint.unwrap_or(Type::Unknown);
        for item in items {
            types::merge(&mut ty, &self.ty(item));
        }
        ty
    }

    /// `[x; N]`, `vec![x; n]`.
    pub(super) fn repeat(&mut self, item: &Expr, len: &Expr, vec: bool) -> Lowered {
        let span = item.span();
        let item = self.operand(item);
        let elem = Box::new(self.ty(&item));
        let (ty, len) = if vec {
            (Type::Vec(elem), self.number(len))
        } else {
            (Type::Array(elem, len.to_token_stream()), constant(len.to_token_stream(), Type::Int(Some("usize"))))
        };
        let name = if vec { "vector" } else { "array" };
        Lowered::Operand(self.temp(name, ty, Op::Repeat { vec, item, len }, span))
    }

    /// `lo..hi` as a value: of numbers that may carry derivatives, a struct with two fields.
    fn range_value(&mut self, range: &syn::ExprRange, hint: Option<&Type>) -> Lowered {
        let half_open = matches!(range.limits, syn::RangeLimits::HalfOpen(_));
        if let (Some(lo), Some(hi), true) = (&range.start, &range.end, half_open)
            && !self.is_inactive(&range.to_token_stream())
        {
            let literal: syn::ExprStruct = syn::parse_quote!(::core::ops::Range { start: #lo, end: #hi });
            let hint = hint.cloned().unwrap_or_else(|| Type::Named(quote!(Range)));
            return self.struct_literal(&literal, Some(&hint));
        }
        self.opaque_or(range, hint, "this range of differentiable values is not supported", "compare with its ends")
    }

    fn unsupported(&mut self, expr: &Expr) -> Lowered {
        let (message, help) = match expr {
            Expr::Unsafe(_) => (
                "`unsafe` code cannot be differentiated",
                "write safe code, or move it to a function of its own that gets no differentiable values",
            ),
            Expr::Async(_) | Expr::Await(_) => {
                ("`async` code cannot be differentiated", "make the function synchronous")
            }
            Expr::Yield(_) => ("generators cannot be differentiated", "collect the values in a `Vec`"),
            Expr::RawAddr(_) => ("raw pointers cannot be differentiated", "use references and indices"),
            Expr::Let(_) => ("`let` inside a condition is not supported here", "nest an `if let` inside an `if`"),
            Expr::TryBlock(_) => ("`try` blocks are not supported", "write a block"),
            Expr::Infer(_) => ("`_` is not supported here", "write a value"),
            _ => ("this syntax is not supported", "write it with arithmetic, calls, branches and loops"),
        };
        self.refuse(expr, message, help)
    }

    /// Keeps the expression as it is if it certainly carries no derivative; refuses it otherwise.
    pub(super) fn opaque_or(
        &mut self,
        tokens: impl ToTokens,
        hint: Option<&Type>,
        message: &str,
        help: &str,
    ) -> Lowered {
        match self.try_opaque(&tokens, hint.cloned().unwrap_or(Type::Inactive)) {
            Some(operand) => Lowered::Operand(operand),
            None => self.refuse(tokens, message, help),
        }
    }

    /// A member of what `lowered` denotes.
    pub(super) fn member(&mut self, lowered: Lowered, member: syn::Member, span: proc_macro2::Span) -> Lowered {
        match (lowered.strip(), &member) {
            (Lowered::Tuple(items), syn::Member::Unnamed(index)) => {
                items.into_iter().nth(index.index as usize).unwrap_or_else(poison)
            }
            (other, _) => {
                let mut place = self.place_of(other, span);
                place.push(Proj::Field(member));
                self.place_value(place)
            }
        }
    }

    /// What a place stands for: a stored reference is a reference to what it refers to.
    pub(super) fn place_value(&mut self, place: Place) -> Lowered {
        match self.function.place_type(&place) {
            Type::Ref { mutable, .. } => {
                let mutability = if mutable { Mutability::Mutable } else { Mutability::Shared };
                let mut inner = place;
                inner.path.push(Proj::Deref);
                Lowered::Ref(Box::new(Lowered::Place(inner)), mutability)
            }
            _ => Lowered::Place(place),
        }
    }

    fn field_access(&mut self, field: &syn::ExprField) -> Lowered {
        let base = self.value(&field.base);
        if let Lowered::Operand(Operand::Const(base)) = &base {
            let (tokens, member) = (&base.tokens, &field.member);
            return Lowered::Operand(constant(quote!(#tokens.#member), Type::FloatLiteral));
        }
        let base = self.with_field(base, &field.member, field.span());
        self.member(base, field.member.clone(), field.span())
    }
}

/// A string literal, which is a reference.
fn is_text(tokens: &proc_macro2::TokenStream) -> bool {
    matches!(syn::parse2(tokens.clone()), Ok(syn::Lit::Str(_) | syn::Lit::ByteStr(_)))
}

/// A literal with its type.
pub(super) fn literal_operand(literal: &syn::Lit) -> Operand {
    let ty = match literal {
        syn::Lit::Float(float) => types::float(float.suffix()).map_or(Type::FloatLiteral, Type::Float),
        syn::Lit::Int(int) => match types::float(int.suffix()) {
            Some(float) => Type::Float(float),
            None => Type::Int(types::integer(int.suffix())),
        },
        syn::Lit::Byte(_) => Type::Int(Some("u8")),
        syn::Lit::Bool(_) => Type::Bool,
        _ => Type::Inactive,
    };
    constant(literal.to_token_stream(), ty)
}

/// What a path that names no variable is, as far as its spelling tells.
fn path_type(path: &syn::Path) -> Type {
    let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    let last = segments.last().map_or("", String::as_str);
    if let Some(float) = segments.iter().find_map(|segment| types::float(segment)) {
        return Type::Float(float);
    }
    if let Some(int) = segments.iter().rev().skip(1).find_map(|segment| types::integer(segment)) {
        return Type::Int(Some(int));
    }
    // `Ellipsoid::WGS84` is a value of any type, most often of its own.
    let of_a_type = segments.len() > 1 && begins_like_a_type(&segments[segments.len() - 2]);
    match is_constant_name(last) {
        true if of_a_type => Type::Unknown,
        true => Type::FloatLiteral,
        false => Type::Inactive,
    }
}

/// `SCREAMING_CASE`: a constant or a static. Such a number adapts to what it meets.
pub(super) fn is_constant_name(name: &str) -> bool {
    name.chars().any(char::is_alphabetic) && !name.chars().any(char::is_lowercase)
}

/// A capital: before `::` the name of a type or a trait (`Ellipsoid`, `PID`), and where it is called a constructor.
pub(super) fn begins_like_a_type(name: &str) -> bool {
    name.chars().next().is_some_and(char::is_uppercase)
}

/// `UpperCamelCase`: a type, a variant or a constructor.
pub(super) fn is_type_name(name: &str) -> bool {
    name.chars().next().is_some_and(char::is_uppercase) && !(name.len() > 1 && is_constant_name(name))
}
