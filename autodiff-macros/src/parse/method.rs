//! Method calls, by the type of the receiver.

use super::env::Lowered;
use super::lowerer::{Lowerer, constant, joined, poison};
use super::place::strip_parens;
use crate::analysis::types::{self, is_float};
use crate::declarations;
use crate::ir::{Arg, BinOp, Float, Intrinsic, Op, Proj, Stmt, Type};
use crate::owner::Member;
use crate::rules::{Derivative, scalar};
use proc_macro2::Span;
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{Expr, ExprMethodCall, Ident};

/// Methods of `f32` and `f64` that the runtime does not have for values of other types.
const OF_NUMBERS_ONLY: [&str; 7] = ["clamp", "fract", "log", "mul_add", "rem_euclid", "to_degrees", "to_radians"];

/// Methods of numbers that give a number without derivative.
fn is_step(name: &str) -> bool {
    matches!(name, "floor" | "ceil" | "round" | "round_ties_even" | "trunc" | "signum" | "div_euclid")
}

impl Lowerer<'_> {
    pub(super) fn method_effect(&mut self, call: &ExprMethodCall) -> Lowered {
        if let Some(lowered) = self.skip_item(call) {
            return lowered;
        }
        let at = self.position();
        let lowered = self.method_call(call, None);
        self.discard(at);
        lowered
    }

    pub(super) fn method_call(&mut self, call: &ExprMethodCall, hint: Option<&Type>) -> Lowered {
        let name = call.method.to_string();
        if let (Expr::Range(range), "contains", Some(Expr::Reference(item))) =
            (strip_parens(&call.receiver), name.as_str(), call.args.first())
        {
            return self.range_contains(range, &item.expr, call.span());
        }
        if let Some(length) = self.cursor_method(call) {
            return length;
        }
        if let Some(lowered) = self.chain_value(call, hint).or_else(|| self.concat_parts(call)) {
            return lowered;
        }
        if matches!(name.as_str(), "unwrap" | "expect" | "unwrap_or_else" | "unwrap_or_default")
            && let Some(lowered) = self.unwrapped_conversion(call, hint)
        {
            return lowered;
        }
        if let Some(lowered) = self.unwrapped_shape(call, hint).or_else(|| self.zip_call(call)) {
            return lowered;
        }
        if let Some(lowered) = self.unwrapped_mean(call).or_else(|| self.unwrapped(call, hint)) {
            return lowered;
        }
        let checkpoint = self.checkpoint();
        let receiver = self.value(&call.receiver);
        if matches!(receiver, Lowered::Never) {
            return receiver;
        }
        if self.is_refused(&receiver) {
            return poison();
        }
        let plain = |ty: &Type| !matches!(ty, Type::Named(_) | Type::Unknown);
        let receiver = match types::pointee(&self.bare_type(&receiver)).filter(plain) {
            Some(_) if name != "clone" => self.behind_pointer(receiver, call.receiver.span()),
            _ => receiver,
        };
        let receiver = self.with_method(receiver, &call.method);
        let ty = self.bare_type(&receiver);
        if let Some(lowered) = self.map_method(&receiver, &ty, call) {
            return lowered;
        }
        if matches!(ty, Type::Named(_))
            && !self.lowered_is_constant(&receiver)
            && let Some(lent) = self.lent(&receiver, call)
        {
            return lent;
        }
        if matches!(ty, Type::Tensor(_))
            && !self.in_formula
            && let Some(lowered) = self.array_part_method(&receiver, call, hint)
        {
            return lowered;
        }
        // What is given for what a constant lacks may have a derivative: `limit.unwrap_or(x)`.
        let is_given_derivatives = || {
            let open =
                matches!(ty, Type::Unknown | Type::Inactive) && super::combinators::names_a_default(&call.method);
            (open || super::combinators::is_optional(&ty))
                && call.args.iter().any(|arg| !self.is_inactive(&arg.to_token_stream()))
        };
        if (!self.lowered_is_constant(&receiver) || is_given_derivatives())
            && let Some(lowered) = self.option_method(&receiver, call, hint)
        {
            return lowered;
        }
        // A list of the elements of an array with one axis.
        if name == "to_vec" && call.args.is_empty() && matches!(types::strip_refs(&ty), Type::Tensor(_)) {
            self.rollback(&checkpoint);
            let of = &call.receiver;
            return self.value(&syn::parse_quote!(#of.iter().copied().collect::<::std::vec::Vec<_>>()));
        }
        if matches!(name.as_str(), "clone" | "to_owned" | "to_vec" | "into_owned" | "cloned" | "copied")
            && call.args.is_empty()
        {
            if name == "to_vec"
                && let Type::Tensor(tensor) = types::strip_refs(&ty)
                && tensor.rank == Some(1)
            {
                let (array, hint) = (&call.receiver, Type::Vec(tensor.elem.clone()));
                self.rollback(&checkpoint);
                return self.method_call(&syn::parse_quote!(#array.iter().copied().collect()), Some(&hint));
            }
            let whole = name == "to_vec" && matches!(types::strip_refs(&ty), Type::Array(..));
            let receiver = if whole { self.as_slice(receiver, call.span()) } else { receiver };
            return self.clone_of(receiver, call.span());
        }
        // A constant whose type is not seen is taken for a number, which has no such method.
        if name == "contains" && self.lowered_is_constant(&receiver) {
            return self.observed_call(call, Type::Bool);
        }
        if let Some(lowered) = self.operator_of_number(call, &ty, &checkpoint) {
            return lowered;
        }
        // `let angle: Angle = x.into();` makes something else of a number.
        let into_other = hint.is_some_and(|hint| !matches!(hint, Type::Unknown) && !types::is_scalar(hint));
        let converts = name == "into" && call.args.is_empty() && (!types::is_scalar(&ty) || into_other);
        if converts && !self.lowered_is_constant(&receiver) && !self.is_own_member(&receiver, &name) {
            return self.other_conversion(receiver, call.span(), hint);
        }
        if self.is_extension(&ty, call) {
            if let Some(lowered) = self.method_of_list(&receiver, &ty, call) {
                return lowered;
            }
            return self.user_method(receiver, call, hint);
        }
        match &ty {
            Type::Float(_) | Type::FloatLiteral if super::convert::is_converting(call) => {
                self.converting_method(receiver, call, &checkpoint, hint)
            }
            // What a trait of numbers declares comes before what numbers have.
            Type::Float(Float::Named(_)) if self.is_own_member(&receiver, &name) => {
                self.user_method(receiver, call, hint)
            }
            Type::Float(Float::Named(_))
                if scalar::row(&name).is_none()
                    && !matches!(name.as_str(), "sin_cos" | "pow" | "inv" | "borrow" | "deref")
                    && !self.is_extension_of_numbers(&name) =>
            {
                self.number_method(receiver, call, &ty)
            }
            Type::Float(_) | Type::FloatLiteral if self.is_of_a_trait(&name) => self.user_method(receiver, call, hint),
            Type::Float(_) | Type::FloatLiteral => {
                let args: Vec<&Expr> = call.args.iter().collect();
                self.scalar_method(&call.method, receiver, &args)
            }
            Type::Bool if matches!(name.as_str(), "then" | "then_some") && call.args.len() == 1 => {
                let cond = self.numeric(receiver, call.receiver.span());
                self.then_method(cond, call)
            }
            Type::Int(_) | Type::Bool => self.integer_method(receiver, call, hint),
            Type::Deque(_) => self.deque_method(receiver, call, &checkpoint, hint),
            Type::Array(..) | Type::Slice(_) | Type::Vec(_) => {
                self.collection_method(receiver, call, &checkpoint, hint)
            }
            Type::Tensor(_) => self.tensor_method(receiver, call, &checkpoint, hint),
            Type::Unknown
            | Type::Inactive
            | Type::Option(_)
            | Type::Result(..)
            | Type::Named(_)
            | Type::Tuple(_)
            | Type::Unit
            | Type::Ref { .. }
            | Type::Tape(_)
            | Type::Slot(_)
            | Type::Pullback
            | Type::Never => self.other_method(receiver, &ty, call, &checkpoint, hint),
        }
    }

    /// A method that numbers have by a trait of the crate.
    fn is_of_a_trait(&self, name: &str) -> bool {
        let declared = |site: &std::rc::Rc<crate::site::Site>| crate::declarations::declares_function(site, name);
        let plain = self.nearby.as_ref().is_some_and(|nearby| nearby.has_plain_ones_only(name));
        scalar::row(name).is_none() && name != "sin_cos" && !plain && self.site.as_ref().is_some_and(declared)
    }

    /// A method that an annotated trait of the crate gives to all numbers.
    fn is_extension_of_numbers(&self, name: &str) -> bool {
        self.is_of_a_trait(name) && self.is_declared_by_a_trait(name)
    }

    /// An annotated trait of the crate declares a method of this name.
    fn is_declared_by_a_trait(&self, name: &str) -> bool {
        self.site.as_ref().is_some_and(|site| declarations::has_trait_method(site, name))
    }

    /// The method is one that a trait of the crate gives to an array or a tuple: these have none of this name.
    fn is_extension(&self, ty: &Type, call: &ExprMethodCall) -> bool {
        let name = call.method.to_string();
        let known = match ty {
            Type::Array(..) | Type::Slice(_) | Type::Vec(_) => super::collection::is_of_lists(&name),
            Type::Tuple(_) => false,
            _ => return false,
        };
        !known
            && property_type(&name).is_none()
            && self.site.as_ref().is_some_and(|site| declarations::has_trait_method(site, &name))
            && !self.is_inactive(&call.to_token_stream())
    }

    /// All elements of an array, which are no array when they are copied.
    fn as_slice(&mut self, array: Lowered, span: Span) -> Lowered {
        let mut place = self.place_of(array, span);
        place.path.push(Proj::Range { lo: None, hi: None, inclusive: false });
        Lowered::Place(place)
    }

    fn clone_of(&mut self, receiver: Lowered, span: Span) -> Lowered {
        let ty = self.bare_type(&receiver);
        if types::is_copy(&ty) {
            return Lowered::Operand(self.numeric(receiver, span));
        }
        let place = self.place_of(receiver, span);
        let name = format!("{}_clone", self.place_name(&place));
        Lowered::Operand(self.temp(&name, types::owned(&ty), Op::CloneOf(place), span))
    }

    // Floats

    /// A method of `f32` or `f64`.
    pub(super) fn scalar_method(&mut self, method: &Ident, receiver: Lowered, args: &[&Expr]) -> Lowered {
        let name = method.to_string();
        let span = method.span();
        if args.is_empty() && matches!(name.as_str(), "borrow" | "deref") {
            return receiver.strip().shared();
        }
        let receiver = self.numeric(receiver, span);
        // Methods that `num_traits` gives to floats, which have them by other names.
        match (name.as_str(), args) {
            ("pow", [exponent]) => return self.power(receiver, exponent, span),
            ("inv", []) => {
                let ty = self.ty(&receiver);
                let one = constant(quote!(1.0), ty.clone());
                return Lowered::Operand(self.temp("inverse", ty, Op::Binary(BinOp::Div, one, receiver), span));
            }
            _ => {}
        }
        let mut all = vec![Arg::Value(receiver.clone())];
        for arg in args {
            let lowered = self.value(arg);
            // These take references, which the items of a chain may have lost.
            let compares =
                matches!(name.as_str(), "partial_cmp" | "total_cmp" | "eq" | "ne" | "lt" | "le" | "gt" | "ge");
            let open = lowered.is_ref() && matches!(types::strip_refs(&self.ty(&receiver)), Type::Unknown);
            all.push(match lowered {
                lowered if compares || open => Arg::Shared(self.place_of(lowered, arg.span())),
                other => Arg::Value(self.numeric(other, arg.span())),
            });
        }
        self.scalar_intrinsic(&name, all, span)
    }

    pub(super) fn scalar_intrinsic(&mut self, name: &str, args: Vec<Arg>, span: Span) -> Lowered {
        if name == "sin_cos" {
            let parts = ["sin", "cos"].map(|part| self.scalar_intrinsic(part, args.clone(), span));
            return Lowered::Tuple(parts.into());
        }
        let constant = args.iter().all(|arg| self.arg_is_constant(arg));
        let Some(row) = scalar::row(name) else {
            if constant {
                return self.method_by_parts(name, &args, Type::Inactive, span);
            }
            let message = format!("`{name}` is not a method of `f32` and `f64` that has a derivative here");
            let help = "make it a function annotated with `#[differentiable]`, or use `stop_gradient`";
            return self.refuse_at(span, message, help);
        };
        if let Derivative::Refused(reason) = row.derivative {
            if constant {
                return self.method_by_parts(name, &args, Type::Inactive, span);
            }
            return self.refuse_at(span, format!("`{name}` {reason}"), "");
        }
        if self.in_formula && matches!(types::strip_refs(&self.arg_type(&args[0])), Type::Float(Float::Named(_))) {
            return self.formula_method(name, args, span);
        }
        if row.args.len() != args.len() {
            let message = format!("`{name}` takes {} arguments here, not {}", row.args.len(), args.len());
            return self.refuse_at(span, message, "");
        }
        let ty = self.scalar_type(row, &args);
        let argument = match &args[0] {
            Arg::Value(operand) => self.operand_name(operand),
            Arg::Shared(place) | Arg::Mut(place) => self.place_name(place),
        };
        let op = Op::Intrinsic(Intrinsic { row, args, path: None, span });
        Lowered::Operand(self.temp(&joined(name, &argument), ty, op, span))
    }

    fn scalar_type(&self, row: &crate::rules::Row, args: &[Arg]) -> Type {
        if let Some(ty) = property_type(row.name) {
            return ty;
        }
        let mut ty = types::strip_refs(&self.arg_type(&args[0])).clone();
        if let Derivative::Partials(partials) = &row.derivative {
            for (arg, partial) in args.iter().zip(*partials).skip(1) {
                let other = self.arg_type(arg);
                if partial.is_some() && is_float(&other) {
                    types::merge(&mut ty, &other);
                }
            }
        }
        ty
    }

    /// `receiver.method(args)` as opaque code.
    pub(super) fn method_by_parts(&mut self, name: &str, args: &[Arg], ty: Type, span: Span) -> Lowered {
        let mut operands = Vec::new();
        let mut borrowed = Vec::new();
        for arg in args {
            match arg {
                Arg::Value(operand) => {
                    operands.push(operand.clone());
                    borrowed.push(false);
                }
                Arg::Shared(place) | Arg::Mut(place) => {
                    operands.push(self.numeric(Lowered::Place(place.clone()).shared(), span));
                    borrowed.push(true);
                }
            }
        }
        for (operand, borrowed) in operands.iter().zip(&mut borrowed) {
            *borrowed &= !matches!(self.ty(operand), Type::Ref { .. });
        }
        let method = Ident::new(name, span);
        Lowered::Operand(self.opaque_parts(name, &operands, ty, span, |parts| {
            let receiver = &parts[0];
            let rest = parts[1..].iter().zip(&borrowed[1..]);
            let rest = rest.map(|(part, borrow)| if *borrow { quote!(&#part) } else { part.clone() });
            quote!(#receiver.#method(#(#rest),*))
        }))
    }

    // Integers, truth values, and what is certainly inactive

    fn integer_method(&mut self, receiver: Lowered, call: &ExprMethodCall, hint: Option<&Type>) -> Lowered {
        let name = call.method.to_string();
        let ty = self.bare_type(&receiver);
        let receiver = self.numeric(receiver, call.receiver.span());
        let mut args = vec![Arg::Value(receiver)];
        args.extend(call.args.iter().map(|arg| self.arg(arg)));
        if !args.iter().all(|arg| self.arg_is_constant(arg)) {
            return self.refuse(
                &call.method,
                format!("`{name}` drops the derivative of its argument"),
                "write an `if`",
            );
        }
        let result = match name.as_str() {
            _ if name.starts_with("is_") || matches!(name.as_str(), "eq" | "ne" | "lt" | "le" | "gt" | "ge") => {
                Type::Bool
            }
            _ if name.starts_with("checked_") || name.starts_with("overflowing_") => Type::Inactive,
            "cmp" | "partial_cmp" | "to_string" | "then" | "then_some" | "try_into" => Type::Inactive,
            "count_ones" | "count_zeros" | "leading_zeros" | "trailing_zeros" | "ilog2" | "ilog10" | "ilog" => {
                Type::Int(Some("u32"))
            }
            "into" => hint.cloned().unwrap_or(Type::Inactive),
            "abs_diff" | "unsigned_abs" => Type::Int(None),
            _ if gives_its_own_type(&name) => ty,
            _ => hint.cloned().unwrap_or(Type::Inactive),
        };
        self.method_by_parts(&name, &args, result, call.method.span())
    }

    /// A receiver of another type.
    fn other_method(
        &mut self,
        receiver: Lowered,
        ty: &Type,
        call: &ExprMethodCall,
        before: &super::lowerer::Checkpoint,
        hint: Option<&Type>,
    ) -> Lowered {
        let name = call.method.to_string();
        if self.lowered_is_constant(&receiver) {
            return self.inactive_method(receiver, call, before, hint);
        }
        if matches!(ty, Type::Unknown) {
            let after = self.checkpoint();
            if let Some(lowered) = self.operator_of_unknown(&receiver, call) {
                return lowered;
            }
            self.rollback(&after);
        }
        let args: Vec<&Expr> = call.args.iter().collect();
        match ty {
            Type::Unknown if self.is_own_member(&receiver, &name) => self.user_method(receiver, call, hint),
            // No property of an array is a float.
            Type::Unknown if hint.is_some_and(is_float) && super::tensor::is_property(&name) => {
                self.user_method(receiver, call, hint)
            }
            // A type of the user's may have a method of a float's name that takes something else.
            Type::Unknown if scalar::row(&name).is_some_and(|row| row.args.len() != args.len() + 1) => {
                self.user_method(receiver, call, hint)
            }
            Type::Unknown if OF_NUMBERS_ONLY.contains(&name.as_str()) && !self.is_declared_by_a_trait(&name) => {
                let number = self.taken_for_a_number(receiver, call.receiver.span());
                self.scalar_method(&call.method, number, &args)
            }
            // Types of users have this name for points and intervals.
            Type::Unknown if name == "midpoint" => self.user_method(receiver, call, hint),
            Type::Unknown if scalar::row(&name).is_some() || name == "sin_cos" => {
                let receiver = if is_step(&name) { self.checked_number(receiver, call) } else { receiver };
                self.scalar_method(&call.method, receiver, &args)
            }
            Type::Unknown if name == "mean" => self.user_method(receiver, call, hint),
            Type::Unknown if super::tensor::is_tensor_method(&name) => self.tensor_method(receiver, call, before, hint),
            Type::Unknown if name == "len" && call.args.is_empty() => self.unknown_length(receiver, call),
            Type::Unknown if name == "is_empty" => self.collection_method(receiver, call, before, hint),
            Type::Unknown | Type::Named(_) => self.user_method(receiver, call, hint),
            _ => self.refuse(
                &call.method,
                format!("`{name}` is not a method of this type that has a derivative here"),
                "make it a function annotated with `#[differentiable]`",
            ),
        }
    }

    /// `len` of a value of unknown type: a type of the user's may have a method of this name that gives a number.
    fn unknown_length(&mut self, receiver: Lowered, call: &ExprMethodCall) -> Lowered {
        self.guessed = Some(call.method.clone());
        let (place, root) = (self.place_of(receiver, call.receiver.span()), self.root.clone());
        let ty = Type::Int(Some("usize"));
        Lowered::Operand(self.observe(
            "len",
            &place,
            ty,
            call.span(),
            |place| quote!(#root::rt::property(#place.len())),
        ))
    }

    /// The receiver of a method whose derivative is zero for numbers, with a check that it is one: a type of the user's
    /// may have a method of this name that has a derivative.
    fn checked_number(&mut self, receiver: Lowered, call: &ExprMethodCall) -> Lowered {
        let span = call.receiver.span();
        let (place, root) = (self.place_of(receiver, span), self.root.clone());
        self.observe("checked", &place, Type::Unit, span, |place| quote!(#root::rt::check_number(&#place)));
        if let Some(Stmt::Let { op, .. }) = self.pop_stmt() {
            self.emit(Stmt::Eval(op));
        }
        Lowered::Place(place)
    }

    /// A value of unknown type whose method says that it is a number; if it is none, rustc reports the type.
    fn taken_for_a_number(&mut self, receiver: Lowered, span: Span) -> Lowered {
        let value = self.numeric(receiver, span);
        let name = self.operand_name(&value);
        Lowered::Operand(self.temp(&name, Type::FloatLiteral, Op::Use(value), span))
    }

    fn inactive_method(
        &mut self,
        receiver: Lowered,
        call: &ExprMethodCall,
        before: &super::lowerer::Checkpoint,
        hint: Option<&Type>,
    ) -> Lowered {
        let member = self.own_member(&receiver, &call.method.to_string()).map(Member::result);
        let ty = member.or_else(|| hint.cloned()).or_else(|| property_type(&call.method.to_string()));
        let ty = ty.unwrap_or_else(|| turbofish(call));
        if self.is_inactive(&call.to_token_stream()) {
            self.rollback(before);
            return self.opaque_or(call, Some(&ty), "this is not supported", "write it in simpler steps");
        }
        let (receiver_type, kept, after) = (self.bare_type(&receiver), receiver.clone(), self.checkpoint());
        let place = self.lowered_arg(receiver, call.receiver.span());
        let mut args = vec![place];
        args.extend(call.args.iter().map(|arg| self.arg(arg)));
        if args.iter().all(|arg| self.arg_is_constant(arg)) {
            return self.method_by_parts(&call.method.to_string(), &args, ty, call.span());
        }
        let of_user = matches!(receiver_type, Type::Inactive) && self.is_method_nearby(&call.method);
        if of_user || matches!(receiver_type, Type::Unknown | Type::Named(_)) || names_value_of_type(&call.receiver) {
            self.rollback(&after);
            return self.user_method(kept, call, hint);
        }
        let name = call.method.to_string();
        if let Some(row) = scalar::row(&name)
            && matches!(row.derivative, Derivative::Partials(_))
            && row.args.len() == call.args.len() + 1
        {
            // A constant whose type is not seen, that a macro of the user's defined, say.
            self.rollback(&after);
            let number = self.taken_for_a_number(kept, call.receiver.span());
            return self.scalar_method(&call.method, number, &call.args.iter().collect::<Vec<_>>());
        }
        self.refuse(
            &call.method,
            format!("`{}` gets a differentiable value, but carries no derivative", call.method),
            "give it `stop_gradient(x)`, or write it with arithmetic",
        )
    }

    /// `.mean().unwrap()` of an array.
    fn unwrapped_mean(&mut self, call: &ExprMethodCall) -> Option<Lowered> {
        let Expr::MethodCall(inner) = strip_parens(&call.receiver) else { return None };
        if !matches!(call.method.to_string().as_str(), "unwrap" | "expect")
            || !matches!(inner.method.to_string().as_str(), "mean" | "mean_axis")
        {
            return None;
        }
        let checkpoint = self.checkpoint();
        let receiver = self.value(&inner.receiver);
        match self.bare_type(&receiver) {
            Type::Tensor(_) => Some(self.tensor_rule(receiver, inner)),
            _ => {
                self.rollback(&checkpoint);
                None
            }
        }
    }
}

/// `Gaussian.at(x)`: the only value of a type without fields.
fn names_value_of_type(receiver: &Expr) -> bool {
    let Expr::Path(path) = strip_parens(receiver) else { return false };
    let last = path.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
    path.qself.is_none() && super::expr::is_type_name(&last)
}

/// The integer's method gives an integer of the same type.
fn gives_its_own_type(name: &str) -> bool {
    const NAMES: [&str; 17] = [
        "abs",
        "min",
        "max",
        "clamp",
        "pow",
        "isqrt",
        "signum",
        "div_euclid",
        "rem_euclid",
        "div_ceil",
        "not",
        "next_multiple_of",
        "next_power_of_two",
        "rotate_left",
        "rotate_right",
        "swap_bytes",
        "reverse_bits",
    ];
    NAMES.contains(&name) || ["wrapping_", "saturating_", "unchecked_"].iter().any(|prefix| name.starts_with(prefix))
}

/// Results that are not floats, by the method's name.
pub(super) fn property_type(name: &str) -> Option<Type> {
    match name {
        "eq" | "ne" | "lt" | "le" | "gt" | "ge" | "contains" | "starts_with" | "ends_with" => Some(Type::Bool),
        "partial_cmp" | "total_cmp" | "classify" | "to_string" => Some(Type::Inactive),
        "len" | "count" | "nrows" | "ncols" | "ndim" | "len_of" => Some(Type::Int(Some("usize"))),
        _ if name.starts_with("is_") => Some(Type::Bool),
        _ => None,
    }
}

/// The first type in a method's turbofish.
pub(super) fn turbofish(call: &ExprMethodCall) -> Type {
    let ty = call.turbofish.as_ref().and_then(|turbofish| {
        turbofish.args.iter().find_map(|argument| match argument {
            syn::GenericArgument::Type(ty) => Some(types::parse_type(ty)),
            _ => None,
        })
    });
    ty.unwrap_or(Type::Inactive)
}
