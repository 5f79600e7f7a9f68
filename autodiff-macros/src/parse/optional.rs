//! Optional values that are taken apart where they stand: `v.pop()`, `xs.get(i)`, `xs.iter().copied().reduce(f)` followed by
//! `.unwrap()`, `.unwrap_or(x)`, `if let Some(x)`. No `Option` is ever made: there is a condition, and what to do where it
//! holds.

use super::chain::Given;
use super::cursor::Cursor;
use super::env::{Lowered, Mutability};
use super::lowerer::{Lowerer, block_of, constant};
use super::place::strip_parens;
use super::stages::Body;
use super::stmt::{Arm, Wanted};
use crate::analysis::types;
use crate::ir::{Op, Operand, Place, ScopeId, Stmt, Tensor, Type};
use proc_macro2::Span;
use quote::{ToTokens, quote};
use std::rc::Rc;
use syn::spanned::Spanned;
use syn::{Expr, ExprMethodCall, Pat};

/// Whether there is something, and what.
pub(super) struct Optional {
    pub(super) present: Operand,
    content: Content,
    /// Taking the content of nothing panics by itself.
    checked: bool,
}

/// What there is, lowered where it is known to be there.
enum Content {
    Ready(Lowered),
    Pop {
        list: Place,
        front: bool,
    },
    /// The last element, which stays.
    Last {
        list: Place,
        mutability: Mutability,
    },
    /// The next item of an iterator, which goes on behind it or not.
    Next(Rc<Cursor>, bool),
    Copied(Box<Content>),
    Map(Box<Content>, Given),
}

impl Optional {
    pub(super) fn ready(present: Operand, content: Lowered) -> Self {
        Optional { present, content: Content::Ready(content), checked: false }
    }
}

impl Optional {
    /// The next item of an iterator in a variable.
    pub(super) fn of_cursor(present: Operand, cursor: Rc<Cursor>, advances: bool) -> Self {
        Optional { present, content: Content::Next(cursor, advances), checked: false }
    }

    /// An element that is there if its list is not empty: indexing checks that.
    pub(super) fn indexed(present: Operand, content: Lowered) -> Self {
        Optional { present, content: Content::Ready(content), checked: true }
    }
}

impl<'a> Lowerer<'a> {
    /// The expression as an optional value, if it is one that is understood here. Nothing is lowered otherwise.
    pub(super) fn optional(&mut self, expr: &Expr) -> Option<Optional> {
        let Expr::MethodCall(call) = strip_parens(expr) else { return None };
        let name = call.method.to_string();
        match (name.as_str(), call.args.len()) {
            ("next" | "peek", 0) => self.cursor_option(call).or_else(|| self.sink_option(call)),
            ("first" | "last" | "get" | "first_mut" | "last_mut" | "get_mut", _) => {
                let element = self.element_option(call).or_else(|| self.sink_option(call));
                element.or_else(|| self.lent_option(call))
            }
            ("split_first" | "split_last" | "split_first_mut" | "split_last_mut", 0) => self.split_option(call),
            ("front" | "back" | "front_mut" | "back_mut", 0) => self.element_option(call),
            ("pop" | "pop_back" | "pop_front", 0) => self.pop_option(call),
            ("copied" | "cloned", 0) => {
                let inner = self.optional(&call.receiver)?;
                Some(Optional { content: Content::Copied(Box::new(inner.content)), ..inner })
            }
            ("as_ref" | "as_deref" | "as_mut", 0) => self.optional(&call.receiver),
            ("map", 1) if !super::sink::is_chain(&call.receiver) => {
                let inner = self.optional(&call.receiver)?;
                let function = self.given(&call.args[0]);
                Some(Optional { content: Content::Map(Box::new(inner.content), function), ..inner })
            }
            _ => self.sink_option(call).or_else(|| self.lent_option(call)),
        }
    }

    /// `xs.first()`, `xs.get(i)`
    fn element_option(&mut self, call: &ExprMethodCall) -> Option<Optional> {
        let name = call.method.to_string();
        let kind = name.trim_end_matches("_mut").to_owned();
        let range = matches!(call.args.first().map(strip_parens), Some(Expr::Range(_)));
        if range || call.args.len() != usize::from(kind == "get") || super::sink::is_chain(&call.receiver) {
            return None;
        }
        let span = call.span();
        let receiver = self.list_receiver(call)?;
        let mut place = self.place_of(receiver, span);
        let mutability = if name.ends_with("_mut") { Mutability::Mutable } else { Mutability::Shared };
        let (present, index) = match kind.as_str() {
            "get" => {
                let index = self.number(&call.args[0]);
                let len = self.length(&place, span);
                (self.binary_op(crate::ir::BinOp::Lt, index.clone(), len, span), index)
            }
            _ => {
                let any = self.observe("any", &place, Type::Bool, span, |place| quote!(!#place.is_empty()));
                if matches!(kind.as_str(), "last" | "back") {
                    // Where it is can only be told if the list has one.
                    let content = Content::Last { list: place, mutability };
                    return Some(Optional { present: any, content, checked: true });
                }
                (any, constant(quote!(0), Type::Int(None)))
            }
        };
        self.push_index(&mut place, index, span);
        let element = Lowered::Ref(Box::new(self.place_value(place)), mutability);
        Some(Optional { present, content: Content::Ready(element), checked: true })
    }

    /// `xs.split_first()`: the first element and the rest.
    fn split_option(&mut self, call: &ExprMethodCall) -> Option<Optional> {
        let span = call.span();
        let name = call.method.to_string();
        let receiver = self.list_receiver(call)?;
        let list = self.place_of(receiver, span);
        let present = self.observe("any", &list, Type::Bool, span, |list| quote!(!#list.is_empty()));
        let mutability = if name.ends_with("_mut") { Mutability::Mutable } else { Mutability::Shared };
        let (mut element, mut rest) = (list.clone(), list.clone());
        if name.starts_with("split_first") {
            let [zero, one] = [quote!(0), quote!(1)].map(|index| constant(index, Type::Int(None)));
            self.push_index(&mut element, zero, span);
            self.push_range(&mut rest, Some(one), None, false, span);
        } else {
            let last = self.observe(
                "last",
                &list,
                Type::Int(Some("usize")),
                span,
                |list| quote!(#list.len().saturating_sub(1)),
            );
            self.push_index(&mut element, last.clone(), span);
            self.push_range(&mut rest, None, Some(last), false, span);
        }
        let part = |place| Lowered::Ref(Box::new(Lowered::Place(place)), mutability);
        let content = Lowered::Tuple(vec![part(element), part(rest)]);
        Some(Optional { present, content: Content::Ready(content), checked: true })
    }

    fn pop_option(&mut self, call: &ExprMethodCall) -> Option<Optional> {
        let span = call.span();
        let receiver = self.list_receiver(call)?;
        let list = self.place_of(receiver, span);
        let present = self.observe("any", &list, Type::Bool, span, |list| quote!(!#list.is_empty()));
        Some(Optional { present, content: Content::Pop { list, front: call.method == "pop_front" }, checked: true })
    }

    /// The receiver, if it is a list that may carry a derivative.
    fn list_receiver(&mut self, call: &ExprMethodCall) -> Option<Lowered> {
        if self.is_inactive(&call.receiver.to_token_stream()) {
            return None;
        }
        let (name, checkpoint) = (call.method.to_string(), self.checkpoint());
        let lowered = self.value(&call.receiver);
        let lowered = self.with_method(lowered, &call.method);
        match self.bare_type(&lowered) {
            Type::Array(..) | Type::Slice(_) | Type::Vec(_) | Type::Deque(_) if !self.lowered_is_constant(&lowered) => {
                Some(lowered)
            }
            // An array with one axis, whose elements have the same numbers.
            Type::Tensor(Tensor { rank: Some(1), .. })
                if !self.lowered_is_constant(&lowered) && matches!(name.as_str(), "first" | "last" | "get") =>
            {
                Some(lowered)
            }
            _ => {
                self.rollback(&checkpoint);
                None
            }
        }
    }

    pub(super) fn optional_content(&mut self, optional: &Optional, span: Span) -> Lowered {
        self.content(&optional.content, span)
    }

    fn content(&mut self, content: &Content, span: Span) -> Lowered {
        match content {
            Content::Ready(lowered) => lowered.clone(),
            Content::Next(cursor, advances) => self.next_item(cursor, *advances, span),
            Content::Last { list, mutability } => {
                let mut place = list.clone();
                let last = self.last_position(list, span);
                self.push_index(&mut place, last, span);
                Lowered::Ref(Box::new(self.place_value(place)), *mutability)
            }
            Content::Pop { list, front } => self.pop_end(list.clone(), *front, span),
            Content::Copied(inner) => match self.content(inner, span) {
                Lowered::Ref(inner, _) => {
                    let ty = self.bare_type(&inner);
                    if types::is_moved(&ty) {
                        let place = self.place_of(*inner, span);
                        let name = format!("{}_clone", self.place_name(&place));
                        return Lowered::Operand(self.temp(&name, types::owned(&ty), Op::CloneOf(place), span));
                    }
                    Lowered::Operand(self.numeric(*inner, span))
                }
                other => other,
            },
            Content::Map(inner, function) => {
                let inner = self.content(inner, span);
                self.apply_given(function, vec![inner])
            }
        }
    }

    // What becomes of it

    /// `.unwrap()`, `.unwrap_or(x)`, `.map_or(x, f)`, `.is_some()` of an optional value.
    pub(super) fn unwrapped(&mut self, call: &ExprMethodCall, hint: Option<&Type>) -> Option<Lowered> {
        let name = call.method.to_string();
        let arguments = match name.as_str() {
            "unwrap" | "unwrap_or_default" | "is_some" | "is_none" => 0,
            "expect" | "unwrap_or" | "unwrap_or_else" => 1,
            "map_or" | "map_or_else" => 2,
            _ => return None,
        };
        if call.args.len() != arguments {
            return None;
        }
        // A default is computed in any case.
        if matches!(name.as_str(), "unwrap_or" | "map_or") && !is_plain(&call.args[0]) {
            return None;
        }
        let optional = self.optional(&call.receiver)?;
        let span = call.span();
        let args: Vec<&Expr> = call.args.iter().collect();
        Some(match name.as_str() {
            "is_some" => Lowered::Operand(optional.present),
            "is_none" => {
                let op = Op::Unary(crate::ir::UnOp::Not, optional.present);
                Lowered::Operand(self.temp("none", Type::Bool, op, span))
            }
            "unwrap" | "expect" => {
                if !optional.checked {
                    self.assert_present(&optional.present, span);
                }
                self.content(&optional.content, span)
            }
            _ => self.either(&optional, &name, &args, hint, span),
        })
    }

    fn assert_present(&mut self, present: &Operand, span: Span) {
        let check = self.opaque_parts("check", std::slice::from_ref(present), Type::Unit, span, |parts| {
            let present = &parts[0];
            quote!(::core::assert!(#present, "called `Option::unwrap()` on a `None` value"))
        });
        debug_assert!(matches!(check, Operand::Var(_)), "opaque code has a name");
        if let Some(Stmt::Let { op: Op::Opaque(mut opaque), .. }) = self.pop_stmt() {
            (opaque.observer, opaque.pure) = (true, false);
            self.emit(Stmt::Eval(Op::Opaque(opaque)));
        }
    }

    /// The content or something else.
    fn either(&mut self, optional: &Optional, name: &str, args: &[&Expr], hint: Option<&Type>, span: Span) -> Lowered {
        let mapped = name.starts_with("map_or");
        let mut ty = Type::Unknown;
        let mut then = self.arm(span, |this| {
            let content = this.content(&optional.content, span);
            let content = if mapped { this.apply(args[1], vec![content]) } else { content };
            ty = this.bare_type(&content);
            // A number behind a reference is as good as the number.
            Lowered::Operand(this.numeric(content, span))
        });
        let mut els = self.arm(span, |this| match name {
            "unwrap_or_default" => this.default_of(&ty, span),
            "unwrap_or" | "map_or" => {
                let other = this.value_as(args[0], hint.or(Some(&ty)));
                Lowered::Operand(this.numeric(other, args[0].span()))
            }
            _ => this.apply(args[0], Vec::new()),
        });
        let (dest, lowered) = self.join(&mut [&mut then, &mut els], span);
        self.emit(Stmt::If { dest, cond: optional.present.clone(), then: then.block, els: els.block });
        lowered
    }

    /// `if let Some(x) = optional { .. } else { .. }`
    pub(super) fn if_present(
        &mut self,
        condition: &syn::ExprLet,
        then: &syn::Block,
        otherwise: Option<&Expr>,
        wanted: Wanted<'_>,
    ) -> Option<Lowered> {
        let pat = some_pattern(&condition.pat)?;
        let optional = self.optional(&condition.expr)?;
        let span = condition.let_token.span;
        let mut taken = self.present(pat, &optional, span, |this| this.stmts(&then.stmts, wanted));
        let mut els = self.otherwise(otherwise, wanted, span);
        let (dest, lowered) = self.join(&mut [&mut taken, &mut els], span);
        self.emit(Stmt::If { dest, cond: optional.present, then: taken.block, els: els.block });
        Some(lowered)
    }

    /// The path on which there is something, which the pattern takes apart.
    fn present(&mut self, pat: &Pat, optional: &Optional, span: Span, body: impl FnOnce(&mut Self) -> Lowered) -> Arm {
        self.arm(span, |this| {
            let content = this.content(&optional.content, span);
            this.bind(pat, content, None);
            body(this)
        })
    }

    /// `while let Some(x) = optional { .. }`
    pub(super) fn while_present(
        &mut self,
        condition: &syn::ExprLet,
        body: &syn::Block,
        label: Option<&String>,
    ) -> bool {
        let Some(pat) = some_pattern(&condition.pat) else { return false };
        let span = condition.let_token.span;
        let ((stmts, id), _) = self.target(label.cloned(), true, |this, id| {
            let (stmts, done) = this.block(|this| {
                let optional = this.optional(&condition.expr)?;
                let taken = this.present(pat, &optional, span, |this| this.stmts(&body.stmts, Wanted::Effect));
                let stop = block_of(vec![Stmt::Break { target: id, value: None }], None);
                this.emit(Stmt::If { dest: None, cond: optional.present, then: taken.block, els: stop });
                Some(())
            });
            (done.map(|()| stmts), id)
        });
        let Some(stmts) = stmts else { return false };
        self.emit_repeated(id, stmts);
        true
    }

    /// `loop { if cond { .. } else { break } }` is a `while`.
    fn emit_repeated(&mut self, id: ScopeId, mut stmts: Vec<Stmt>) {
        let result = match stmts.pop() {
            Some(Stmt::If { dest: None, cond, then, .. }) => (cond, then),
            _ => unreachable!("the loop ends with its condition"),
        };
        let (cond, body) = result;
        self.emit(Stmt::While { id, header: block_of(stmts, Some(cond)), body });
    }

    /// `let Some(x) = optional else { .. };`
    pub(super) fn else_absent(&mut self, pat: &Pat, value: &Expr, diverge: &Expr) -> bool {
        let Some(pat) = some_pattern(pat) else { return false };
        let Some(optional) = self.optional(value) else { return false };
        let els = self.arm(diverge.span(), |this| this.effect(diverge));
        let absent = self.temp("absent", Type::Bool, Op::Unary(crate::ir::UnOp::Not, optional.present), value.span());
        self.emit(Stmt::If { dest: None, cond: absent, then: els.block, els: block_of(Vec::new(), None) });
        let content = self.content(&optional.content, value.span());
        self.bind(pat, content, None);
        true
    }

    /// `optional?`
    pub(super) fn tried_optional(&mut self, tried: &syn::ExprTry) -> Option<Lowered> {
        let (optional, span) = (self.optional(&tried.expr)?, tried.question_token.span);
        let els = self.arm(span, |this| {
            let none = this.operand(&syn::parse_quote_spanned!(span=> None));
            this.leave_with(Some(none), span);
            Lowered::Never
        });
        let absent = self.temp("absent", Type::Bool, Op::Unary(crate::ir::UnOp::Not, optional.present), span);
        self.emit(Stmt::If { dest: None, cond: absent, then: els.block, els: block_of(Vec::new(), None) });
        Some(self.content(&optional.content, span))
    }

    /// `match optional { Some(x) => .., None => .. }`
    pub(super) fn match_present(&mut self, matching: &syn::ExprMatch, wanted: Wanted<'_>) -> Option<Lowered> {
        let [first, second] = matching.arms.iter().collect::<Vec<_>>()[..] else { return None };
        let (some, none) = if some_pattern(&first.pat).is_some() { (first, second) } else { (second, first) };
        let pat = some_pattern(&some.pat)?;
        let absent = match &none.pat {
            Pat::Ident(ident) => ident.ident == "None" && ident.subpat.is_none(),
            Pat::Path(path) => path.path.segments.last().is_some_and(|last| last.ident == "None"),
            Pat::Wild(_) => std::ptr::eq(some, first),
            _ => false,
        };
        if !absent {
            return None;
        }
        let span = matching.match_token.span;
        let optional = self.optional(&matching.expr)?;
        let lower = |this: &mut Self, body: &Expr| match wanted {
            Wanted::Value(hint) => this.value_as(body, hint),
            Wanted::Effect => this.effect(body),
        };
        let mut taken = self.present(pat, &optional, span, |this| lower(this, &some.body));
        let mut els = self.arm(span, |this| lower(this, &none.body));
        let (dest, lowered) = self.join(&mut [&mut taken, &mut els], span);
        self.emit(Stmt::If { dest, cond: optional.present, then: taken.block, els: els.block });
        Some(lowered)
    }

    // Functions that give optional values

    /// Applies a function that gives an optional value; `body` gets what there is. Where there is nothing, the scope
    /// `stop` is left, if there is one.
    pub(super) fn optional_of(
        &mut self,
        function: &Given,
        args: Vec<Lowered>,
        stop: Option<ScopeId>,
        body: Body<'_, 'a>,
    ) {
        let span = function.function.span();
        let Expr::Closure(closure) = strip_parens(&function.function) else {
            let value = self.apply_given(function, args);
            self.option_value(value, stop, span, body);
            return;
        };
        let outer = std::mem::replace(&mut self.env, (*function.env).clone());
        self.env.push();
        for (pat, arg) in closure.inputs.iter().zip(args) {
            self.bind_parameter(pat, arg);
        }
        let mut outside = |this: &mut Self, item: Lowered| {
            let inner = std::mem::replace(&mut this.env, outer.clone());
            body(this, item);
            this.env = inner;
        };
        if somes(&closure.body) == 1 {
            self.optional_value(&closure.body, stop, &mut outside);
        } else {
            self.joined_optional(&closure.body, stop, span, &mut outside);
        }
        self.env = outer;
    }

    /// Several paths give something: what they give meets in a variable.
    fn joined_optional(&mut self, value: &Expr, stop: Option<ScopeId>, span: Span, body: Body<'_, 'a>) {
        let at = self.position();
        let found = self.temp_memory("found", Type::Bool, Some(constant(quote!(false), Type::Bool)), span);
        let item = self.fresh("item", Type::Unknown, crate::ir::Storage::Memory, crate::ir::Origin::Temp, span);
        self.optional_value(value, stop, &mut |this, content| {
            let content = this.numeric(content, span);
            let ty = types::strip_refs(&this.ty(&content)).clone();
            types::merge(&mut this.function[item].ty, &ty);
            this.emit(Stmt::Assign { place: Place::var(item), value: content });
            let value = constant(quote!(true), Type::Bool);
            this.emit(Stmt::Assign { place: Place::var(found), value });
        });
        let Some(init) = crate::ir::literals::default(&self.function[item].ty) else {
            self.refuse_at(span, "what this closure gives is not known here", "annotate the types, or write the loop");
            return;
        };
        let init = Some(crate::ir::literals::suffixed(init));
        self.insert(at, Stmt::Declare { var: item, init });
        let cond = self.temp("found", Type::Bool, Op::Read(Place::var(found)), span);
        self.when(cond, |this| {
            let content = this.read(Lowered::Place(Place::var(item)), span);
            body(this, Lowered::Operand(content));
        });
    }

    /// `Some(x)`, `None` and the branches that lead to them.
    fn optional_value(&mut self, value: &Expr, stop: Option<ScopeId>, body: Body<'_, 'a>) {
        match strip_parens(value) {
            Expr::Call(call) if is_named(&call.func, "Some") && call.args.len() == 1 => {
                let content = self.value(&call.args[0]);
                let content = match content {
                    Lowered::Place(place) => Lowered::Operand(self.read(Lowered::Place(place), value.span())),
                    other => other,
                };
                body(self, content);
            }
            Expr::Path(_) if is_named(value, "None") => {
                if let Some(target) = stop {
                    self.emit(Stmt::Break { target, value: None });
                }
            }
            Expr::Block(block) if block.label.is_none() => self.optional_block(&block.block, stop, body),
            Expr::If(branch) if !matches!(strip_parens(&branch.cond), Expr::Let(_)) => {
                let cond = self.number(&branch.cond);
                let (then, ()) = self.block(|this| this.optional_block(&branch.then_branch, stop, body));
                let (els, ()) = self.block(|this| {
                    if let Some((_, otherwise)) = &branch.else_branch {
                        this.optional_value(otherwise, stop, body);
                    }
                });
                self.emit(Stmt::If { dest: None, cond, then: block_of(then, None), els: block_of(els, None) });
            }
            Expr::MethodCall(call) if call.args.len() == 1 && (call.method == "then" || call.method == "then_some") => {
                let cond = self.number(&call.receiver);
                let then = if call.method == "then" { None } else { Some(self.operand(&call.args[0])) };
                self.present_if(cond, stop, |this| {
                    let content = match then {
                        Some(content) => Lowered::Operand(content),
                        None => this.apply(&call.args[0], Vec::new()),
                    };
                    body(this, content);
                });
            }
            other => match self.optional(other) {
                Some(optional) => {
                    let span = value.span();
                    self.present_if(optional.present.clone(), stop, |this| {
                        let content = this.content(&optional.content, span);
                        body(this, content);
                    });
                }
                None => {
                    let lowered = self.value(other);
                    self.option_value(lowered, stop, value.span(), body);
                }
            },
        }
    }

    /// An `Option` that is there as a value.
    pub(super) fn option_value(&mut self, value: Lowered, stop: Option<ScopeId>, span: Span, body: Body<'_, 'a>) {
        if !matches!(self.bare_type(&value), Type::Option(_) | Type::Unknown) {
            let help = "end the closure in `Some(..)` and `None`";
            self.refuse_at(span, "cannot see when this gives something", help);
            return;
        }
        self.if_some(value, span, body, &mut |this| {
            if let Some(target) = stop {
                this.emit(Stmt::Break { target, value: None });
            }
        });
    }

    fn optional_block(&mut self, block: &syn::Block, stop: Option<ScopeId>, body: Body<'_, 'a>) {
        let Some((syn::Stmt::Expr(tail, None), before)) = block.stmts.split_last() else {
            self.refuse(block, "cannot see when this gives something", "end it in `Some(..)` or `None`");
            return;
        };
        self.scope(|this| {
            this.stmts(before, Wanted::Effect);
            this.optional_value(tail, stop, body);
        });
    }

    fn present_if(&mut self, cond: Operand, stop: Option<ScopeId>, then: impl FnOnce(&mut Self)) {
        let (stmts, ()) = self.block(then);
        let els = stop.map(|target| Stmt::Break { target, value: None }).into_iter().collect();
        self.emit(Stmt::If { dest: None, cond, then: block_of(stmts, None), els: block_of(els, None) });
    }
}

/// The pattern inside `Some(..)`.
fn some_pattern(pat: &Pat) -> Option<&Pat> {
    match pat {
        Pat::Paren(paren) => some_pattern(&paren.pat),
        Pat::TupleStruct(tuple) if tuple.path.segments.last()?.ident == "Some" && tuple.elems.len() == 1 => {
            tuple.elems.first()
        }
        _ => None,
    }
}

fn is_named(expr: &Expr, name: &str) -> bool {
    matches!(strip_parens(expr), Expr::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == name))
}

/// The number of paths on which the expression gives something.
fn somes(value: &Expr) -> usize {
    match strip_parens(value) {
        Expr::Path(_) => 0,
        Expr::Block(block) => match block.block.stmts.last() {
            Some(syn::Stmt::Expr(tail, None)) => somes(tail),
            _ => 0,
        },
        Expr::If(branch) => {
            let then = match branch.then_branch.stmts.last() {
                Some(syn::Stmt::Expr(tail, None)) => somes(tail),
                _ => 0,
            };
            then + branch.else_branch.as_ref().map_or(0, |(_, otherwise)| somes(otherwise))
        }
        _ => 1,
    }
}

/// Whether it makes no difference when the expression is computed, or whether it is.
fn is_plain(expr: &Expr) -> bool {
    match strip_parens(expr) {
        Expr::Lit(_) | Expr::Path(_) => true,
        Expr::Unary(unary) => is_plain(&unary.expr),
        Expr::Reference(reference) => reference.mutability.is_none() && is_plain(&reference.expr),
        Expr::Field(field) => is_plain(&field.base),
        Expr::Cast(cast) => is_plain(&cast.expr),
        Expr::Binary(binary) => {
            super::ops::assigned_operator(&binary.op).is_none() && is_plain(&binary.left) && is_plain(&binary.right)
        }
        Expr::MethodCall(call) => {
            crate::rules::scalar::row(&call.method.to_string()).is_some()
                && is_plain(&call.receiver)
                && call.args.iter().all(is_plain)
        }
        _ => false,
    }
}
