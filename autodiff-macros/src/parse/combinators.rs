//! Methods of `Option` and `Result`, and `?`: each is a `match` with one arm for what is there and one for what is not.

use super::chosen::Ending;
use super::env::{Lowered, Mutability};
use super::lowerer::{Exit, Lowerer, constant, poison};
use super::matching::Scrutinee;
use super::refutable::Position;
use super::variants::payload_method;
use crate::analysis::types;
use crate::ir::{self, AggregateKind, Constructor, Op, Operand, Origin, Place, Proj, Stmt, Storage, Type, VarId};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use std::rc::Rc;
use syn::spanned::Spanned;
use syn::{Expr, ExprMethodCall};

/// Which of the two enums a value is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Option,
    Result,
}

/// What a method does with what is there, or with what is not there.
pub(super) type Case<'c, 'a> = &'c mut dyn FnMut(&mut Lowerer<'a>, Lowered) -> Lowered;

impl Kind {
    fn of(ty: &Type) -> Option<Kind> {
        match types::strip_refs(ty) {
            Type::Option(_) => Some(Kind::Option),
            Type::Result(..) => Some(Kind::Result),
            _ => None,
        }
    }

    fn variant(self) -> &'static str {
        match self {
            Kind::Option => "Some",
            Kind::Result => "Ok",
        }
    }

    pub(super) fn open(self) -> Type {
        match self {
            Kind::Option => Type::Option(Box::new(Type::Unknown)),
            Kind::Result => Type::Result(Box::new(Type::Unknown), Box::new(Type::Unknown)),
        }
    }
}

pub(super) fn is_optional(ty: &Type) -> bool {
    Kind::of(ty).is_some()
}

impl<'a> Lowerer<'a> {
    /// A method of `Option` or `Result`; `None` where it is none of those that are known.
    pub(super) fn option_method(
        &mut self,
        receiver: &Lowered,
        call: &ExprMethodCall,
        hint: Option<&Type>,
    ) -> Option<Lowered> {
        match Kind::of(&self.bare_type(receiver)) {
            Some(kind) => self.method_of(kind, receiver, call, hint),
            None => self.unknown_option(receiver, call, hint),
        }
    }

    fn method_of(
        &mut self,
        kind: Kind,
        receiver: &Lowered,
        call: &ExprMethodCall,
        hint: Option<&Type>,
    ) -> Option<Lowered> {
        let name = call.method.to_string();
        let args: Vec<&Expr> = call.args.iter().collect();
        let span = call.method.span();
        let receiver = receiver.clone();
        Some(match (name.as_str(), args.as_slice()) {
            ("is_some" | "is_none" | "is_ok" | "is_err", []) => self.asked(receiver, &call.method),
            ("as_ref" | "as_deref", []) => receiver.strip().shared(),
            ("as_mut" | "as_deref_mut", []) => Lowered::Ref(Box::new(receiver.strip()), Mutability::Mutable),
            ("copied" | "cloned", []) => {
                self.mapped_content(kind, receiver, span, &mut |this, value| this.content_copy(value, span))
            }
            ("unwrap" | "expect", _) => self.cases(kind, receiver, span, &mut |_, value| value, &mut |this, error| {
                this.missing(kind, &args, error, span)
            }),
            ("unwrap_or", [default]) => {
                let default = self.eager(default, hint);
                self.cases(kind, receiver, span, &mut |_, value| value, &mut |_, _| default.clone())
            }
            ("unwrap_or_else", [default]) => {
                let mut absent = |this: &mut Self, error| this.apply(default, given(kind, error));
                self.cases(kind, receiver, span, &mut |_, value| value, &mut absent)
            }
            ("unwrap_or_default", []) => self.or_default(kind, receiver, span),
            ("map_or", [default, function]) => {
                let default = self.eager(default, hint);
                let mut present = |this: &mut Self, value| this.apply(function, vec![value]);
                self.cases(kind, receiver, span, &mut present, &mut |_, _| default.clone())
            }
            ("map_or_else", [default, function]) => {
                let mut absent = |this: &mut Self, error| this.apply(default, given(kind, error));
                self.cases(kind, receiver, span, &mut |this, value| this.apply(function, vec![value]), &mut absent)
            }
            ("is_some_and" | "is_ok_and", [test]) => self.tested(kind, receiver, test, false, span),
            ("is_none_or", [test]) => self.tested(kind, receiver, test, true, span),
            ("map", [function]) => {
                self.mapped_content(kind, receiver, span, &mut |this, value| this.apply(function, vec![value]))
            }
            ("and_then", [function]) => {
                let mut present = |this: &mut Self, value| this.apply(function, vec![value]);
                self.cases(kind, receiver, span, &mut present, &mut |this, error| this.absent(kind, error, span))
            }
            _ => return self.rarer_option_method(kind, receiver, call, &args),
        })
    }

    /// The method's name tells what the result of a call is.
    fn unknown_option(&mut self, receiver: &Lowered, call: &ExprMethodCall, hint: Option<&Type>) -> Option<Lowered> {
        let constant = |ty: &Type| matches!(ty, Type::Inactive) && self.lowered_is_constant(receiver);
        let ty = self.bare_type(receiver);
        if !matches!(ty, Type::Unknown) && !constant(&ty) {
            return None;
        }
        let span = call.method.span();
        let kind = match call.method.to_string().as_str() {
            "as_ref" | "as_mut" | "as_deref" | "as_deref_mut" if call.args.is_empty() => {
                return self.method_of(Kind::Option, receiver, call, hint);
            }
            "is_some" | "is_none" | "is_some_and" | "is_none_or" | "ok_or" | "ok_or_else" | "zip" | "xor"
            | "get_or_insert" | "get_or_insert_with" => Kind::Option,
            "take" if call.args.is_empty() => Kind::Option,
            "is_ok" | "is_err" | "is_ok_and" | "ok" | "map_err" => Kind::Result,
            "unwrap_or_else" | "map_or_else" | "or_else" => match call.args.first() {
                Some(Expr::Closure(closure)) if closure.inputs.is_empty() => Kind::Option,
                Some(Expr::Closure(_)) => Kind::Result,
                _ => return None,
            },
            "as_ref" | "as_mut" => return Some(self.referred(receiver, &call.method)),
            "as_deref" | "as_deref_mut" => Kind::Option,
            // Only an `Option` has these and is then mapped.
            "map" | "map_or" | "and_then" | "unwrap_or" | "unwrap" | "expect" if is_referred(&call.receiver) => {
                Kind::Option
            }
            "and_then" => Kind::of(&self.function.result).unwrap_or(Kind::Option),
            "unwrap" | "expect" | "unwrap_or" | "unwrap_or_default" | "map_or" => {
                let present = self.either_kind(receiver.clone(), span);
                return self.method_of(Kind::Option, &present, call, hint);
            }
            _ => return None,
        };
        self.learn_type(receiver, &kind.open());
        self.method_of(kind, receiver, call, hint)
    }

    /// `x.as_ref()`: a reference to what is in an `Option`, or the receiver as a reference to something else.
    fn referred(&mut self, receiver: &Lowered, method: &Ident) -> Lowered {
        let mutability = if method == "as_mut" { Mutability::Mutable } else { Mutability::Shared };
        Lowered::Ref(Box::new(receiver.clone().strip()), mutability)
    }

    /// What is in an `Option` or a `Result`, of which only rustc knows which it is.
    fn either_kind(&mut self, value: Lowered, span: Span) -> Lowered {
        let place = self.place_of(value, span);
        let root = &self.root;
        let callee = ir::Callee {
            kind: ir::CalleeKind::Function,
            path: quote!(#root::rt::optional::present),
            generics: None,
            name: "present".to_owned(),
            span,
            recursive: false,
            functions: Vec::new(),
            again: Vec::new(),
            order: 0,
            companion: None,
        };
        let op = Op::Call(callee, vec![ir::Arg::Shared(place)]);
        Lowered::Operand(self.temp("present", Kind::Option.open(), op, span))
    }

    fn rarer_option_method(
        &mut self,
        kind: Kind,
        receiver: Lowered,
        call: &ExprMethodCall,
        args: &[&Expr],
    ) -> Option<Lowered> {
        let name = call.method.to_string();
        let span = call.method.span();
        Some(match (name.as_str(), args) {
            ("filter", [test]) => {
                let mut present = |this: &mut Self, value: Lowered| this.filtered_value(value, test, span);
                self.cases(kind, receiver, span, &mut present, &mut |this, error| this.absent(kind, error, span))
            }
            ("flatten", []) => self
                .cases(kind, receiver, span, &mut |_, value| value, &mut |this, error| this.absent(kind, error, span)),
            ("ok", []) => self.cases(
                kind,
                receiver,
                span,
                &mut |this, value| this.present_value(Kind::Option, value, span),
                &mut |this, error| this.absent(Kind::Option, error, span),
            ),
            ("err", []) if kind == Kind::Result => {
                let mut present = |_: &mut Self, _: Lowered| Lowered::Operand(constant(quote!(None), Type::Inactive));
                let mut absent = |this: &mut Self, error: Lowered| {
                    let error = this.read(error, span);
                    Lowered::Operand(this.opaque_parts("error", &[error], Type::Inactive, span, |parts| {
                        let error = &parts[0];
                        quote!(Some(#error))
                    }))
                };
                self.cases(kind, receiver, span, &mut present, &mut absent)
            }
            ("ok_or" | "ok_or_else", [error]) => {
                let eager = (name == "ok_or").then(|| self.eager(error, None));
                let mut absent = |this: &mut Self, _: Lowered| {
                    let error = eager.clone().unwrap_or_else(|| this.apply(error, Vec::new()));
                    this.failed(error, span)
                };
                let mut present = |this: &mut Self, value| this.present_value(Kind::Result, value, span);
                self.cases(kind, receiver, span, &mut present, &mut absent)
            }
            ("map_err", [function]) => {
                let mut absent = |this: &mut Self, error| {
                    let error = this.apply(function, vec![error]);
                    this.failed(error, span)
                };
                let mut present = |this: &mut Self, value| this.present_value(kind, value, span);
                self.cases(kind, receiver, span, &mut present, &mut absent)
            }
            ("or", [other]) => {
                let other = self.eager(other, None);
                let mut present = |this: &mut Self, value| this.present_value(kind, value, span);
                self.cases(kind, receiver, span, &mut present, &mut |_, _| other.clone())
            }
            ("or_else", [other]) => {
                let mut present = |this: &mut Self, value| this.present_value(kind, value, span);
                self.cases(kind, receiver, span, &mut present, &mut |this, error| this.apply(other, given(kind, error)))
            }
            ("zip", [other]) => {
                let other = self.value(other);
                let mut present = |this: &mut Self, left: Lowered| {
                    this.mapped_content(kind, other.clone(), span, &mut |this, right| {
                        let pair = Lowered::Tuple(vec![left.clone(), right]);
                        Lowered::Operand(this.read(pair, span))
                    })
                };
                self.cases(kind, receiver, span, &mut present, &mut |this, error| this.absent(kind, error, span))
            }
            ("xor", [other]) => {
                let other = self.value(other);
                let other = Lowered::Place(self.place_of(other, span));
                let mut present = |this: &mut Self, left: Lowered| {
                    let left = Lowered::Place(this.place_of(left, span));
                    let mut one = |this: &mut Self, _: Lowered| this.present_value(kind, left.clone(), span);
                    let mut both = |this: &mut Self, _: Lowered| this.absent(kind, Lowered::Unit, span);
                    this.cases(kind, other.clone(), span, &mut both, &mut one)
                };
                self.cases(kind, receiver, span, &mut present, &mut |this, _| {
                    Lowered::Operand(this.read(other.clone(), span))
                })
            }
            ("and", [other]) => {
                let other = self.eager(other, None);
                let mut absent = |this: &mut Self, error| this.absent(kind, error, span);
                self.cases(kind, receiver, span, &mut |_, _| other.clone(), &mut absent)
            }
            ("inspect", [look]) => self.mapped_content(kind, receiver, span, &mut |this, value| {
                let value = Lowered::Place(this.place_of(value, span));
                this.apply(look, vec![value.clone().shared()]);
                value
            }),
            ("transpose", []) => self.transposed(kind, receiver, span),
            ("get_or_insert" | "get_or_insert_with" | "get_or_insert_default", _) => {
                return self.filled(receiver, call, args);
            }
            ("take" | "replace" | "insert", _) => return self.exchanged(receiver, call, args),
            _ => return None,
        })
    }

    /// A `match` on the value with one arm for what is there and one for what is not.
    pub(super) fn cases(
        &mut self,
        kind: Kind,
        receiver: Lowered,
        span: Span,
        present: Case<'_, 'a>,
        absent: Case<'_, 'a>,
    ) -> Lowered {
        let mut scrutinee = self.scrutinee_of(receiver, span);
        types::merge(&mut scrutinee.position.ty, &kind.open());
        let taken = self.present_case(kind, &scrutinee, span, present);
        let left = match kind {
            Kind::Option => {
                let arm = self.arm(span, |this| absent(this, Lowered::Unit));
                (ir::Arm { pattern: quote!(None), bindings: Vec::new(), guard: None, body: arm.block }, arm.ending)
            }
            Kind::Result => {
                let (pattern, binding, error) = self.payload_binding(&scrutinee, "Err", "error", span);
                self.constants.insert(binding);
                let arm = self.arm(span, |this| absent(this, error));
                (
                    ir::Arm {
                        pattern,
                        bindings: vec![(binding, scrutinee_path(&scrutinee.position, "Err"))],
                        guard: None,
                        body: arm.block,
                    },
                    arm.ending,
                )
            }
        };
        self.emit_match(scrutinee.operand, vec![taken, left], span)
    }

    /// `match value { Some(content) => .., None => .. }` for what both do.
    pub(super) fn if_some(
        &mut self,
        value: Lowered,
        span: Span,
        present: super::stages::Body<'_, 'a>,
        absent: &mut dyn FnMut(&mut Lowerer<'a>),
    ) {
        let mut present = |this: &mut Self, content: Lowered| {
            present(this, content);
            Lowered::Unit
        };
        let mut absent = |this: &mut Self, _: Lowered| {
            absent(this);
            Lowered::Unit
        };
        self.cases(Kind::Option, value, span, &mut present, &mut absent);
    }

    /// The arm for what is there. What may be written through a reference is a place and not bound.
    fn present_case(
        &mut self,
        kind: Kind,
        scrutinee: &Scrutinee,
        span: Span,
        present: Case<'_, 'a>,
    ) -> (ir::Arm, Ending) {
        let variant = Ident::new(kind.variant(), span);
        let part = scrutinee.position.payload(&variant, &syn::Member::from(0));
        if let Some(place) = part.lent() {
            let part = self.place_value(place.clone());
            let arm = self.arm(span, |this| present(this, Lowered::Ref(Box::new(part), Mutability::Mutable)));
            let pattern = quote!(#variant(_));
            return (ir::Arm { pattern, bindings: Vec::new(), guard: None, body: arm.block }, arm.ending);
        }
        let (pattern, binding, value) = self.payload_binding(scrutinee, kind.variant(), "content", span);
        if scrutinee.position.view == Some(Mutability::Mutable) {
            self.payloads.insert(binding);
        }
        let arm = self.arm(span, |this| {
            let value = this.owned_content(&scrutinee.position, binding, value, span);
            present(this, value)
        });
        let path = scrutinee_path(&scrutinee.position, kind.variant());
        (ir::Arm { pattern, bindings: vec![(binding, path)], guard: None, body: arm.block }, arm.ending)
    }

    /// A variable for the content of a variant, what binds it, and the content.
    fn payload_binding(
        &mut self,
        scrutinee: &Scrutinee,
        variant: &str,
        name: &str,
        span: Span,
    ) -> (TokenStream, VarId, Lowered) {
        let at = &scrutinee.position;
        let variant = Ident::new(variant, span);
        let ty = types::project(&at.ty, &Proj::Payload(payload_method(&variant, &syn::Member::from(0))));
        let ty = if at.by_ref { Type::Ref { mutable: false, inner: Box::new(ty) } } else { ty };
        let var = self.fresh(name, ty, Storage::Value, Origin::User, span);
        if at.constant {
            self.constants.insert(var);
        }
        let ident = super::opaque::identifier(name, span);
        (quote!(#variant(#ident)), var, Lowered::Operand(Operand::Var(var)))
    }

    /// The content as the user sees it: a reference where the whole is behind one, a value otherwise.
    fn owned_content(&mut self, at: &Position, binding: VarId, value: Lowered, span: Span) -> Lowered {
        match (at.by_ref, at.view.is_some() && !at.constant) {
            (false, false) => value,
            (false, true) => Lowered::Place(Place::var(binding)).shared(),
            (true, by_reference) => {
                let content = self.place_value(Place { root: binding, path: vec![Proj::Deref] });
                match content {
                    content if by_reference => content.shared(),
                    Lowered::Place(place) => {
                        let ty = self.function.place_type(&place);
                        let op = if types::is_copy(&ty) { Op::Read(place) } else { Op::CloneOf(place) };
                        Lowered::Operand(self.temp("content", types::owned(&ty), op, span))
                    }
                    reference => reference,
                }
            }
        }
    }

    /// A copy of what an `Option` of a reference refers to.
    fn content_copy(&mut self, value: Lowered, span: Span) -> Lowered {
        let place = self.place_of(value, span);
        let ty = self.function.place_type(&place);
        let op = if types::is_copy(&ty) { Op::Read(place) } else { Op::CloneOf(place) };
        Lowered::Operand(self.temp("content", types::owned(&ty), op, span))
    }

    fn mapped_content(&mut self, kind: Kind, receiver: Lowered, span: Span, function: Case<'_, 'a>) -> Lowered {
        let mut present = |this: &mut Self, value| {
            let value = function(this, value);
            this.present_value(kind, value, span)
        };
        self.cases(kind, receiver, span, &mut present, &mut |this, error| this.absent(kind, error, span))
    }

    /// `Some(value)`, `Ok(value)`
    pub(super) fn present_value(&mut self, kind: Kind, value: Lowered, span: Span) -> Lowered {
        if matches!(value, Lowered::Never) {
            return value;
        }
        let value = self.read(value, span);
        let content = Box::new(self.ty(&value));
        let ty = match kind {
            Kind::Option => Type::Option(content),
            Kind::Result => Type::Result(content, Box::new(Type::Unknown)),
        };
        Lowered::Operand(self.wrapped(kind.variant(), value, ty, span))
    }

    fn wrapped(&mut self, variant: &str, value: Operand, ty: Type, span: Span) -> Operand {
        let variant = Ident::new(variant, span);
        let member = syn::Member::from(0);
        let proj = Proj::Payload(payload_method(&variant, &member));
        let path = variant.to_token_stream();
        let constructor = Constructor { path, parts: vec![(member, proj)], braces: false };
        let name = variant.to_string().to_lowercase();
        self.temp(&name, ty, Op::Aggregate(AggregateKind::Constructor(Rc::new(constructor)), vec![value]), span)
    }

    /// `None`, `Err(error)`
    pub(super) fn absent(&mut self, kind: Kind, error: Lowered, span: Span) -> Lowered {
        match kind {
            Kind::Option => Lowered::Operand(constant(quote!(None), kind.open())),
            Kind::Result => self.failed(error, span),
        }
    }

    /// `Err(error)`
    pub(super) fn failed(&mut self, error: Lowered, span: Span) -> Lowered {
        if !self.lowered_is_constant(&error) {
            return self.refuse_at(
                span,
                "an error that is made of differentiable values is not supported here",
                "return `Err(..)` from a `match`, or put `stop_gradient(x)` into the error",
            );
        }
        let error = self.read(error, span);
        let ty = Kind::Result.open();
        Lowered::Operand(self.opaque_parts("failure", &[error], ty, span, |parts| {
            let error = &parts[0];
            quote!(Err(#error))
        }))
    }

    /// `unwrap`, `expect` of nothing.
    fn missing(&mut self, kind: Kind, args: &[&Expr], error: Lowered, span: Span) -> Lowered {
        let message = args.first().map(|message| message.to_token_stream());
        let (tokens, operands) = match (kind, message) {
            (Kind::Option, None) => (quote!("called `Option::unwrap()` on a `None` value"), Vec::new()),
            (Kind::Option, Some(message)) => (quote!("{}", #message), Vec::new()),
            (Kind::Result, None) => {
                (quote!("called `Result::unwrap()` on an `Err` value: {:?}"), vec![self.read(error, span)])
            }
            (Kind::Result, Some(message)) => (quote!("{}: {:?}", #message), vec![self.read(error, span)]),
        };
        let panic =
            self.opaque_parts("panic", &operands, Type::Never, span, |parts| quote!(panic!(#tokens #(, #parts)*)));
        debug_assert!(matches!(panic, Operand::Var(_)), "opaque code has a name");
        if let Some(Stmt::Let { op: Op::Opaque(mut opaque), .. }) = self.pop_stmt() {
            (opaque.observer, opaque.pure) = (true, false);
            self.emit(Stmt::Eval(Op::Opaque(opaque)));
        }
        Lowered::Never
    }

    pub(super) fn eager(&mut self, default: &Expr, hint: Option<&Type>) -> Lowered {
        match self.value_as(default, hint) {
            Lowered::Place(place) => Lowered::Operand(self.read(Lowered::Place(place), default.span())),
            other => other,
        }
    }

    fn or_default(&mut self, kind: Kind, receiver: Lowered, span: Span) -> Lowered {
        let ty = self.bare_type(&receiver);
        let content = match ty {
            Type::Option(content) | Type::Result(content, _) => *content,
            _ => Type::Unknown,
        };
        self.cases(kind, receiver, span, &mut |_, value| value, &mut |this, _| this.default_of(&content, span))
    }

    /// The default of a type: what that is, rustc finds out.
    pub(super) fn default_of(&mut self, ty: &Type, span: Span) -> Lowered {
        if let Some(default) = ir::literals::default(ty) {
            return Lowered::Operand(default);
        }
        let default = quote!(::core::default::Default::default());
        Lowered::Operand(self.opaque_parts("default", &[], ty.clone(), span, |_| default))
    }

    fn tested(&mut self, kind: Kind, receiver: Lowered, test: &Expr, absent: bool, span: Span) -> Lowered {
        let mut present = |this: &mut Self, value| {
            let test = this.apply(test, vec![value]);
            Lowered::Operand(this.numeric(test, span))
        };
        let otherwise = Lowered::Operand(constant(if absent { quote!(true) } else { quote!(false) }, Type::Bool));
        self.cases(kind, receiver, span, &mut present, &mut |_, _| otherwise.clone())
    }

    /// `Some(value)` if the test holds.
    fn filtered_value(&mut self, value: Lowered, test: &Expr, span: Span) -> Lowered {
        let value = Lowered::Place(self.place_of(value, span));
        let test = self.apply(test, vec![value.clone().shared()]);
        let cond = self.numeric(test, span);
        self.present_where(cond, span, &mut |this| {
            let value = this.read(value.clone(), span);
            Lowered::Operand(value)
        })
    }

    /// `if cond { Some(value) } else { None }`
    pub(super) fn present_where(
        &mut self,
        cond: Operand,
        span: Span,
        value: &mut dyn FnMut(&mut Self) -> Lowered,
    ) -> Lowered {
        let mut then = self.arm(span, |this| {
            let value = value(this);
            this.present_value(Kind::Option, value, span)
        });
        let mut els = self.arm(span, |this| this.absent(Kind::Option, Lowered::Unit, span));
        let (dest, lowered) = self.join(&mut [&mut then, &mut els], span);
        self.emit(Stmt::If { dest, cond, then: then.block, els: els.block });
        lowered
    }

    /// `cond.then(|| x)`, `cond.then_some(x)`
    pub(super) fn then_method(&mut self, cond: Operand, call: &ExprMethodCall) -> Lowered {
        let span = call.method.span();
        let eager = (call.method == "then_some").then(|| self.eager(&call.args[0], None));
        self.present_where(cond, span, &mut |this| {
            eager.clone().unwrap_or_else(|| this.apply(&call.args[0], Vec::new()))
        })
    }

    fn asked(&mut self, receiver: Lowered, method: &Ident) -> Lowered {
        let span = method.span();
        let place = self.place_of(receiver, span);
        let name = method.to_string();
        Lowered::Operand(self.observe(&name, &place, Type::Bool, span, |place| quote!(#place.#method())))
    }

    // `?`

    pub(super) fn try_expr(&mut self, expr: &syn::ExprTry) -> Lowered {
        let span = expr.question_token.span;
        if let Some(call) = certain_failure(&expr.expr) {
            return self.fail_with(call, span);
        }
        if let Some(converted) = self.tried_conversion(expr) {
            return converted;
        }
        if let Some(content) = self.tried_optional(expr) {
            return content;
        }
        let receiver = self.value(&expr.expr);
        if self.is_refused(&receiver) {
            return poison();
        }
        let own = Kind::of(&self.function.result).or(self.makes_result.then_some(Kind::Result));
        let Some(kind) = Kind::of(&self.bare_type(&receiver)).or(own) else {
            return self.refuse(expr, "cannot see whether this is an `Option` or a `Result`", "annotate its type");
        };
        match receiver.clone().strip() {
            // It may go by a name of the crate's own, or hold nothing that has a derivative: its error is handed on.
            Lowered::Operand(Operand::Var(var)) if Kind::of(&self.function[var].ty).is_none() => {
                self.function[var].ty = kind.open();
            }
            _ => self.learn_type(&receiver, &kind.open()),
        }
        let mut absent = |this: &mut Self, error: Lowered| {
            let failure = match kind {
                Kind::Option => this.absent(kind, error, span),
                Kind::Result => {
                    let error = this.read(error, span);
                    let ty = Kind::Result.open();
                    Lowered::Operand(this.opaque_parts("failure", &[error], ty, span, |parts| {
                        let error = &parts[0];
                        quote!(Err(::core::convert::From::from(#error)))
                    }))
                }
            };
            let failure = this.read(failure, span);
            this.leave_with(Some(failure), span);
            Lowered::Never
        };
        self.cases(kind, receiver, span, &mut |_, value| value, &mut absent)
    }

    /// `Err(error)?`: what `Ok` would hold is of no type.
    fn fail_with(&mut self, call: &syn::ExprCall, span: Span) -> Lowered {
        let error = &call.args[0];
        let failure: Expr = syn::parse_quote_spanned!(span=> Err(::core::convert::From::from(#error)));
        let failure = self.operand(&failure);
        self.leave_with(Some(failure), span);
        Lowered::Never
    }

    /// `return`: out of the function, or out of a closure that is lowered in place.
    pub(super) fn leave_with(&mut self, value: Option<Operand>, span: Span) {
        match self.exits.last() {
            Some(Exit::Scope(position)) => {
                let position = *position;
                self.leave(position, value, span);
            }
            Some(Exit::Function) | None => self.emit(Stmt::Return { value }),
        }
    }

    // `matches!`

    pub(super) fn matches_macro(&mut self, mac: &syn::Macro) -> Option<Lowered> {
        let parsed = mac.parse_body_with(|input: syn::parse::ParseStream<'_>| {
            let value: Expr = input.parse()?;
            input.parse::<syn::Token![,]>()?;
            let pat = syn::Pat::parse_multi_with_leading_vert(input)?;
            let guard = match input.parse::<Option<syn::Token![if]>>()? {
                Some(_) => Some(input.parse::<Expr>()?),
                None => None,
            };
            input.parse::<Option<syn::Token![,]>>()?;
            Ok((value, pat, guard))
        });
        let (value, pat, guard) = parsed.ok()?;
        let matching: syn::ExprMatch = match guard {
            Some(guard) => syn::parse_quote!(match #value { #pat if #guard => true, _ => false }),
            None => syn::parse_quote!(match #value { #pat => true, _ => false }),
        };
        Some(self.match_expr(&matching, Some(&Type::Bool)))
    }
}

/// `Err(error)`
fn certain_failure(expr: &Expr) -> Option<&syn::ExprCall> {
    let Expr::Call(call) = super::place::strip_parens(expr) else { return None };
    let Expr::Path(path) = &*call.func else { return None };
    (path.path.is_ident("Err") && call.args.len() == 1).then_some(call)
}

fn scrutinee_path(at: &Position, variant: &str) -> Option<Vec<Proj>> {
    let step = Proj::Payload(payload_method(&Ident::new(variant, Span::call_site()), &syn::Member::from(0)));
    let path = at.path.clone()?;
    Some(path.into_iter().chain([step]).collect())
}

/// Whether the method takes what is computed if there is nothing; only optional values have methods of these names.
pub(super) fn names_a_default(method: &Ident) -> bool {
    ["unwrap_or", "unwrap_or_else", "map_or", "map_or_else"].iter().any(|name| method == name)
}

/// What the closure for the other case is given.
fn given(kind: Kind, error: Lowered) -> Vec<Lowered> {
    match kind {
        Kind::Option => Vec::new(),
        Kind::Result => vec![error],
    }
}

/// `x.as_ref()` and its kin.
fn is_referred(receiver: &Expr) -> bool {
    const NAMES: [&str; 4] = ["as_ref", "as_mut", "as_deref", "as_deref_mut"];
    match super::place::strip_parens(receiver) {
        Expr::MethodCall(call) => NAMES.iter().any(|name| call.method == name) && call.args.is_empty(),
        _ => false,
    }
}
