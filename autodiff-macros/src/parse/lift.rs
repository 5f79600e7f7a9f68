//! Closures that are given to functions become functions of their own.
//!
//! The function's first parameter is the tuple of what the closure captured. Numbers are copied into it, everything
//! else is cloned: a pullback outlives the variables of the function that made the closure.

use super::env::{Binding, Callable, Closure, Env, Lowered, Mutability};
use super::lowerer::{Lowerer, constant};
use super::opaque::mentions;
use super::stmt::Wanted;
use super::{dynamic, prune};
use crate::analysis::{infer, types};
use crate::ir::walk::{self, Access, Visit};
use crate::ir::{
    AggregateKind, Arg, Block, Function, FunctionValue, Op, Operand, Origin, Param, Passing, Place, Proj, Storage,
    Type, VarId,
};
use proc_macro2::Span;
use quote::{ToTokens, quote};
use std::collections::HashMap;
use std::rc::Rc;
use syn::Expr;
use syn::spanned::Spanned;

/// What a closure captures, collected while its names are bound.
#[derive(Default)]
struct Captures {
    operands: Vec<Operand>,
    types: Vec<Type>,
    /// Where each name's value is in the tuple, by what the name stands for outside.
    known: HashMap<String, Lowered>,
}

/// The variable of the tuple inside the lifted function, which has no others yet.
const TUPLE: VarId = VarId(0);
const CAPTURES: &str = "captures";

impl Lowerer<'_> {
    /// Makes a function of a closure: what it captures as an argument, and which function it is.
    pub(super) fn lift(&mut self, closure: &Closure) -> (Arg, FunctionValue) {
        let mut captures = Captures::default();
        let env = self.captured_env(closure, &mut captures);
        let lifted = self.lifted(closure, env, &captures);
        self.function.closures.push(Rc::new(lifted));
        let position = self.function.closures.len() - 1;
        let operand = match captures.operands.is_empty() {
            true => constant(quote!(()), Type::Unit),
            false => {
                let op = Op::Aggregate(AggregateKind::Tuple, captures.operands);
                self.temp("captures", Type::Tuple(captures.types), op, closure.expr.span())
            }
        };
        (Arg::Value(operand), FunctionValue::Closure(position))
    }

    /// The names that a closure's body mentions, bound to the parts of the tuple.
    fn captured_env(&mut self, closure: &Closure, captures: &mut Captures) -> Env {
        let own: Vec<String> =
            closure.expr.inputs.iter().flat_map(super::matching::bound_names).map(|name| name.to_string()).collect();
        let mut env = Env::within(&closure.env);
        env.push();
        for ident in mentions(&closure.expr.body.to_token_stream()) {
            if own.contains(&ident.to_string()) {
                continue;
            }
            let Some(binding) = closure.env.get(&ident).cloned() else { continue };
            let inside = match binding {
                Binding::Function | Binding::Const(_) => binding,
                Binding::Var(var) => {
                    let place = self.place_value(Place::var(var));
                    Binding::Alias(self.capture(place, captures, ident.span()))
                }
                Binding::Alias(lowered) => Binding::Alias(self.capture(lowered, captures, ident.span())),
                Binding::Closure(inner) => {
                    let env = self.captured_env(&inner, captures);
                    Binding::Closure(Rc::new(Closure { env, expr: inner.expr.clone(), ..*inner }))
                }
                Binding::Iterator(_) | Binding::Cursor(_) => {
                    let help = "write it out in the closure";
                    self.refuse(&ident, "an iterator cannot be used by a closure that is given to a function", help);
                    Binding::Alias(super::lowerer::poison())
                }
                Binding::Callable(callable) => self.capture_callable(&callable, captures, ident.span()),
            };
            env.bind(&ident, inside);
        }
        env
    }

    fn capture_callable(&mut self, callable: &Callable, captures: &mut Captures, span: Span) -> Binding {
        let lowered = Lowered::Place(callable.captures.clone());
        let Lowered::Place(place) = self.capture(lowered, captures, span) else {
            unreachable!("what is captured is a place")
        };
        let Callable { captures: _, name, again, shared, output } = callable;
        let (name, again, shared, output) = (name.clone(), again.clone(), shared.clone(), output.clone());
        Binding::Callable(Rc::new(Callable { captures: place, name, again, shared, output }))
    }

    /// What a captured name stands for inside.
    fn capture(&mut self, lowered: Lowered, captures: &mut Captures, span: Span) -> Lowered {
        match lowered {
            Lowered::Ref(inner, _) => Lowered::Ref(Box::new(self.capture(*inner, captures, span)), Mutability::Shared),
            Lowered::Tuple(items) => {
                Lowered::Tuple(items.into_iter().map(|item| self.capture(item, captures, span)).collect())
            }
            Lowered::View(view) => {
                let seen = self.seen(&view, span);
                self.capture(Lowered::Operand(seen), captures, span)
            }
            Lowered::Operand(Operand::Const(_)) | Lowered::Unit | Lowered::Never => lowered,
            Lowered::Operand(Operand::Var(_)) | Lowered::Place(_) => {
                let key = format!("{lowered:?}");
                if let Some(known) = captures.known.get(&key) {
                    return known.clone();
                }
                let inside = self.capture_value(lowered, captures, span);
                captures.known.insert(key, inside.clone());
                inside
            }
        }
    }

    fn capture_value(&mut self, lowered: Lowered, captures: &mut Captures, span: Span) -> Lowered {
        let ty = self.lowered_type(&lowered);
        let inactive = self.lowered_is_constant(&lowered) && !types::is_scalar(&ty);
        let mut operand = if types::is_copy(&ty) {
            self.read(lowered, span)
        } else {
            let place = self.place_of(lowered, span);
            let name = self.place_name(&place);
            self.temp(&name, types::owned(&ty), Op::CloneOf(place), span)
        };
        let mut ty = types::owned(&ty);
        let mut path = vec![Proj::Deref, Proj::Field(syn::Member::from(captures.operands.len()))];
        if inactive {
            // A type without a tangent may be captured, too.
            ty = Type::Tuple(vec![ty]);
            let op = Op::Helper { name: "Constant", args: vec![Arg::Value(operand)] };
            operand = self.temp("constant", ty.clone(), op, span);
            path.push(Proj::Field(syn::Member::from(0)));
        }
        captures.operands.push(operand);
        captures.types.push(ty);
        let mut place = Place::var(TUPLE);
        path.into_iter().for_each(|step| place.push(step));
        Lowered::Place(place)
    }

    /// Whether a place is in the tuple of what the closure captured that is being lowered.
    pub(super) fn is_captured(&self, place: &Place) -> bool {
        let root = &self.function[place.root];
        place.root == TUPLE && root.origin == Origin::Derived && root.name == CAPTURES
    }

    /// The closure as a function of the tuple and its own parameters.
    fn lifted(&mut self, closure: &Closure, env: Env, captures: &Captures) -> Function {
        let span = closure.expr.span();
        let mut function = Function {
            name: "closure".to_string(),
            vars: Vec::new(),
            params: Vec::new(),
            result: Type::Unknown,
            body: Block::default(),
            scopes: Vec::new(),
            parts: self.function.parts.clone(),
            constant_parts: self.function.constant_parts.clone(),
            closures: Vec::new(),
            loops: std::collections::BTreeMap::new(),
            checkpoints: std::collections::BTreeMap::new(),
        };
        let mut lowerer = Lowerer::new(&mut function, &crate::options::Options::default(), self.owner);
        lowerer.env = env;
        lowerer.root = self.root.clone();
        lowerer.site = self.site.clone();
        lowerer.local_macros = self.local_macros.clone();
        lowerer.captures_parameter(captures, span);
        for input in &closure.expr.inputs {
            lowerer.lifted_parameter(input, &closure.expr.body);
        }
        let block = match &*closure.expr.body {
            Expr::Block(block) if block.label.is_none() => block.block.clone(),
            body => syn::parse_quote!({ #body }),
        };
        let hint = match &closure.expr.output {
            syn::ReturnType::Type(_, ty) => types::parse_type(ty),
            syn::ReturnType::Default => Type::Unknown,
        };
        lowerer.function.result = hint.clone();
        let mut stmts = lowerer.take_stmts();
        let arm = lowerer.nested_block(&block, Wanted::Value(Some(&hint)));
        let (refusals, written) = lowerer.finish();
        stmts.extend(arm.block.stmts);
        let result = arm.block.result.filter(|result| !matches!(function.type_of(result), Type::Unit));
        if result.is_none() && !arm.ending.diverges {
            function.result = Type::Unit;
        }
        function.body = Block { stmts, result };
        infer::infer(&mut function);
        if let (Type::Unknown, Some(result)) = (&function.result, &function.body.result) {
            function.result = types::owned(&function.type_of(result));
        }
        if refusals.is_empty() {
            dynamic::rewrite(&mut function, &self.root, &written);
            prune::prune(&mut function);
        }
        self.adopt(refusals);
        if writes_captures(&function) {
            let help = "return what changes, write the loop, or declare the function in the same module";
            self.refuse(&closure.expr, "a closure that changes what it captures cannot be given to a function", help);
        }
        function
    }

    fn captures_parameter(&mut self, captures: &Captures, span: Span) {
        let inner = match captures.types.is_empty() {
            true => Type::Unit,
            false => Type::Tuple(captures.types.clone()),
        };
        let differentiated = types::may_carry_derivative(&inner);
        let ty = Type::Ref { mutable: false, inner: Box::new(inner) };
        let var = self.fresh(CAPTURES, ty, Storage::Value, Origin::Derived, span);
        debug_assert_eq!(var, TUPLE);
        self.function.params.push(Param {
            var,
            passing: Passing::Shared,
            differentiated,
            frozen: false,
            function: false,
        });
    }

    /// A parameter of a closure. Where its type is not written, its use tells how it is passed.
    fn lifted_parameter(&mut self, input: &syn::Pat, body: &Expr) {
        let before = self.function.params.len();
        if let syn::Pat::Type(typed) = input {
            self.take_again(typed);
            return;
        }
        let (pat, ty) = match input {
            syn::Pat::Reference(reference) => (&*reference.pat, reference_to(Type::FloatLiteral)),
            syn::Pat::Ident(ident) => (input, used_as(&ident.ident, body)),
            syn::Pat::Wild(_) => (input, Type::FloatLiteral),
            _ => (input, reference_to(Type::Unknown)),
        };
        let name = super::signature::parameter_name(pat, before);
        let passing = match ty {
            Type::Ref { mutable: true, .. } => Passing::Mut,
            Type::Ref { mutable: false, .. } => Passing::Shared,
            _ => Passing::Value,
        };
        let differentiated = types::may_carry_derivative(&ty);
        let var = self.fresh(&name, ty, Storage::Value, Origin::User, pat.span());
        self.function.params.push(Param { var, passing, differentiated, frozen: false, function: false });
        self.bind_parameter_names(pat, var);
    }

    /// What is given by value and is no number is handed in again by reference, and taken by reference from the start.
    fn take_again(&mut self, typed: &syn::PatType) {
        let ty = types::parse_type(&typed.ty);
        if matches!(ty, Type::Ref { .. }) || types::is_scalar(&ty) {
            self.parameter(typed);
            return;
        }
        let position = self.function.params.len();
        let name = super::signature::parameter_name(&typed.pat, position);
        let differentiated = types::may_carry_derivative(&ty);
        let var = self.fresh(&name, reference_to(ty), Storage::Value, Origin::User, typed.pat.span());
        self.function[var].ascription = Some(typed.ty.to_token_stream());
        let passing = Passing::Shared;
        self.function.params.push(Param { var, passing, differentiated, frozen: false, function: false });
        let place = self.place_value(Place::var(var)).strip();
        match &*typed.pat {
            syn::Pat::Ident(ident) if ident.mutability.is_none() => {
                self.env.bind(&ident.ident, Binding::Alias(place));
            }
            pat => self.bind(pat, place, None),
        }
    }
}

fn reference_to(inner: Type) -> Type {
    Type::Ref { mutable: false, inner: Box::new(inner) }
}

/// What the use of a parameter tells of its type: it is taken for a number unless it is used like something else.
fn used_as(name: &syn::Ident, body: &Expr) -> Type {
    struct Uses<'a> {
        name: &'a syn::Ident,
        written: bool,
        composite: bool,
        dereferenced: bool,
        integer: bool,
    }
    impl<'a> Uses<'a> {
        fn of(name: &'a syn::Ident) -> Self {
            Uses { name, written: false, composite: false, dereferenced: false, integer: false }
        }

        fn is(&self, expr: &Expr) -> bool {
            matches!(super::place::strip_parens(expr), Expr::Path(path) if path.path.is_ident(self.name))
        }

        /// The parameter itself, or a part of it.
        fn is_part(&self, expr: &Expr) -> bool {
            match super::place::strip_parens(expr) {
                Expr::Index(index) => self.is_part(&index.expr),
                Expr::Field(field) => self.is_part(&field.base),
                Expr::Unary(unary) => matches!(unary.op, syn::UnOp::Deref(_)) && self.is_part(&unary.expr),
                whole => self.is(whole),
            }
        }
    }
    impl<'ast> syn::visit::Visit<'ast> for Uses<'_> {
        fn visit_expr_index(&mut self, index: &'ast syn::ExprIndex) {
            self.composite |= self.is(&index.expr);
            self.integer |= self.is(&index.index);
            syn::visit::visit_expr_index(self, index);
        }
        fn visit_expr_field(&mut self, field: &'ast syn::ExprField) {
            self.composite |= self.is(&field.base);
            syn::visit::visit_expr_field(self, field);
        }
        fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
            let known = crate::rules::scalar::row(&call.method.to_string()).is_some() || call.method == "clone";
            self.composite |= self.is(&call.receiver) && !known;
            self.composite |= call.args.iter().any(|arg| self.is(arg)) && takes_a_list(&call.method.to_string());
            self.written |= self.is_part(&call.receiver) && changes_receiver(&call.method.to_string());
            syn::visit::visit_expr_method_call(self, call);
        }
        fn visit_expr_assign(&mut self, assign: &'ast syn::ExprAssign) {
            self.written |= self.is_part(&assign.left) && !self.is(&assign.left);
            syn::visit::visit_expr_assign(self, assign);
        }
        fn visit_expr_binary(&mut self, binary: &'ast syn::ExprBinary) {
            let assigns = super::ops::assigned_operator(&binary.op).is_some();
            self.written |= assigns && self.is_part(&binary.left) && !self.is(&binary.left);
            syn::visit::visit_expr_binary(self, binary);
        }
        fn visit_expr_reference(&mut self, reference: &'ast syn::ExprReference) {
            self.written |= reference.mutability.is_some() && self.is_part(&reference.expr);
            syn::visit::visit_expr_reference(self, reference);
        }
        fn visit_expr_for_loop(&mut self, looping: &'ast syn::ExprForLoop) {
            self.composite |= self.is(&looping.expr);
            syn::visit::visit_expr_for_loop(self, looping);
        }
        fn visit_local(&mut self, local: &'ast syn::Local) {
            let taken_apart = matches!(local.pat, syn::Pat::Tuple(_) | syn::Pat::Slice(_) | syn::Pat::Struct(_));
            self.composite |= taken_apart && local.init.as_ref().is_some_and(|init| self.is(&init.expr));
            syn::visit::visit_local(self, local);
        }
        fn visit_expr_unary(&mut self, unary: &'ast syn::ExprUnary) {
            self.dereferenced |= matches!(unary.op, syn::UnOp::Deref(_)) && self.is(&unary.expr);
            syn::visit::visit_expr_unary(self, unary);
        }
        fn visit_expr_cast(&mut self, cast: &'ast syn::ExprCast) {
            self.integer |= self.is(&cast.expr);
            syn::visit::visit_expr_cast(self, cast);
        }
        fn visit_macro(&mut self, mac: &'ast syn::Macro) {
            use syn::parse::Parser;
            let list = syn::punctuated::Punctuated::<Expr, syn::Token![,]>::parse_terminated;
            for expr in list.parse2(mac.tokens.clone()).iter().flatten() {
                let mut inner = Uses::of(self.name);
                syn::visit::Visit::visit_expr(&mut inner, expr);
                self.written |= inner.written;
                self.composite |= inner.composite;
                self.dereferenced |= inner.dereferenced;
                self.integer |= inner.integer;
            }
        }
    }
    let mut uses = Uses::of(name);
    syn::visit::Visit::visit_expr(&mut uses, body);
    match uses {
        Uses { written: true, .. } => Type::Ref { mutable: true, inner: Box::new(Type::Unknown) },
        Uses { composite: true, .. } => reference_to(Type::Unknown),
        Uses { dereferenced: true, .. } => reference_to(Type::FloatLiteral),
        Uses { integer: true, .. } => Type::Int(None),
        _ => Type::FloatLiteral,
    }
}

/// Whether what the method is given is a list.
fn takes_a_list(name: &str) -> bool {
    matches!(name, "zip" | "chain" | "extend" | "extend_from_slice" | "copy_from_slice" | "clone_from_slice")
}

/// Whether the method changes what it is called on.
pub(super) fn changes_receiver(name: &str) -> bool {
    const NAMES: [&str; 12] = [
        "iter_mut",
        "fill",
        "copy_from_slice",
        "clone_from_slice",
        "swap",
        "reverse",
        "split_at_mut",
        "chunks_mut",
        "chunks_exact_mut",
        "assign",
        "push",
        "as_mut",
    ];
    NAMES.contains(&name)
}

fn writes_captures(function: &Function) -> bool {
    struct Writes(bool);
    impl Visit for Writes {
        fn place(&mut self, place: &Place, access: Access) {
            self.0 |= place.root == TUPLE && access == Access::Write;
        }
    }
    let mut writes = Writes(false);
    walk::block(&mut writes, &function.body);
    writes.0
}
