//! Conversions between numbers, and what is asked of a number's type: `T::from(2.0).unwrap()`, `T::one()`,
//! `x.to_f64().unwrap()`, `T::sqrt(x)`, `T::EPSILON`.
//!
//! A conversion of a constant is kept as it was written. One of a differentiable value is linear: it becomes a cast,
//! which keeps the derivative.

use super::env::Lowered;
use super::lowerer::{Checkpoint, Lowerer, constant, poison};
use super::opaque::Looks;
use super::place::strip_parens;
use crate::analysis::{scalars, types};
use crate::ir::literals;
use crate::ir::{Arg, Callee, CalleeKind, Float, Op, Opaque, Operand, Place, Stmt, Type};
use crate::rules::scalar;
use proc_macro2::Span;
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, ExprCall, ExprMethodCall, ExprPath};

/// A conversion that was found, and what it converts.
struct Conversion<'e> {
    from: &'e Expr,
    /// `None` where only the surroundings tell.
    target: Option<Type>,
}

impl Lowerer<'_> {
    // Conversions

    /// `T::from(x).unwrap()`, `x.to_f64().expect("..")`, `cast(x).unwrap()`.
    pub(super) fn unwrapped_conversion(&mut self, call: &ExprMethodCall, hint: Option<&Type>) -> Option<Lowered> {
        let conversion = self.conversion_of(strip_parens(&call.receiver))?;
        let target = conversion.target.or_else(|| hint.filter(|hint| types::is_float(hint)).cloned());
        Some(self.convert_to(conversion.from, target, call))
    }

    /// `T::from(n)?`: a conversion of a number succeeds.
    pub(super) fn tried_conversion(&mut self, expr: &syn::ExprTry) -> Option<Lowered> {
        let inner = &expr.expr;
        let conversion = self.conversion_of(strip_parens(inner))?;
        Some(self.convert_to(conversion.from, conversion.target, &quote_spanned!(expr.span()=> #inner.unwrap())))
    }

    /// The conversion that an expression is. It may give an `Option`.
    fn conversion_of<'e>(&self, expr: &'e Expr) -> Option<Conversion<'e>> {
        match expr {
            Expr::Call(call) => {
                let Expr::Path(path) = strip_parens(&call.func) else { return None };
                let (Some(from), 1) = (call.args.first(), call.args.len()) else { return None };
                let target = self.converts_to(path)?;
                Some(Conversion { from, target })
            }
            Expr::MethodCall(call) => {
                let target = method_target(&call.method.to_string()).filter(|_| call.args.is_empty())?;
                Some(Conversion { from: &call.receiver, target: Some(target) })
            }
            _ => None,
        }
    }

    /// What the function of a path converts to, if it is a conversion: `Some(None)` where only the surroundings tell.
    fn converts_to(&self, path: &ExprPath) -> Option<Option<Type>> {
        let last = path.path.segments.last()?;
        let name = last.ident.to_string();
        if let Some(target) = method_target(&name)
            && self.owner_trait(path)
        {
            return Some(Some(target));
        }
        if !is_conversion(&name) {
            return None;
        }
        if let Some(owner) = self.owner_number(path) {
            return Some(Some(owner));
        }
        let owner = path.path.segments.iter().rev().nth(1).map(|owner| owner.ident.to_string());
        match owner.as_deref() {
            Some("NumCast" | "FromPrimitive") => Some(None),
            None | Some("num_traits" | "num") if matches!(name.as_str(), "cast" | "convert") => {
                if owner.is_none() && self.env.get(&last.ident).is_some() {
                    return None;
                }
                let arguments = types::type_arguments(&last.arguments);
                Some(arguments.get(1).map(types::parse_type).filter(types::is_float))
            }
            _ => None,
        }
    }

    /// The value of `from` as a number of another type; `whole` is the expression that says so.
    fn convert_to(&mut self, from: &Expr, target: Option<Type>, whole: &impl ToTokens) -> Lowered {
        let tokens = whole.to_token_stream();
        if self.is_inactive(&tokens)
            && let Some(kept) = self.kept_number("number", whole, target.clone().unwrap_or(Type::FloatLiteral))
        {
            return kept;
        }
        let operand = self.number(from);
        match target {
            Some(target) => self.conversion(operand, &target, whole),
            None => self.refuse(
                whole,
                "cannot see the type that this converts to",
                "write the type: `T::from(x).unwrap()`, or `let y: T = ..`",
            ),
        }
    }

    /// A number as one of another type.
    pub(super) fn conversion(&mut self, operand: Operand, target: &Type, whole: &impl ToTokens) -> Lowered {
        let Some(tokens) = literals::float_name(target) else {
            return self.refuse(whole, "cannot see the type that this converts to", "write the type");
        };
        let span = whole.span();
        if matches!(self.ty(&operand), Type::Bool | Type::Inactive) {
            return Lowered::Operand(self.opaque_parts("converted", &[operand], target.clone(), span, |parts| {
                let part = &parts[0];
                quote!(#tokens::from(#part))
            }));
        }
        let same = matches!((self.ty(&operand), target), (Type::Float(a), Type::Float(b)) if a == *b);
        if same {
            return Lowered::Operand(operand);
        }
        Lowered::Operand(self.temp("converted", target.clone(), Op::Cast(operand, tokens), span))
    }

    /// `x.to_f64()`, `x.into()`, `x.as_()` of a number.
    pub(super) fn converting_method(
        &mut self,
        receiver: Lowered,
        call: &ExprMethodCall,
        before: &Checkpoint,
        hint: Option<&Type>,
    ) -> Lowered {
        let name = call.method.to_string();
        let ty = self.bare_type(&receiver);
        let wanted = || hint.filter(|hint| types::is_float(hint)).cloned();
        let Some(target) = method_target(&name).or_else(wanted).or_else(|| scalars::into_target(&ty)) else {
            let help = "write the type: `let y: f64 = x.into();`, or `f64::from(x)`";
            return self.refuse(&call.method, format!("cannot see what `{name}` converts to"), help);
        };
        if self.is_inactive(&call.to_token_stream()) {
            self.rollback(before);
            if let Some(kept) = self.kept_number("number", call, target.clone()) {
                return kept;
            }
            return poison();
        }
        let operand = self.numeric(receiver, call.receiver.span());
        self.conversion(operand, &target, call)
    }

    // Functions of a number's type

    /// A call by a path that leads to a number's type, or to a trait of numbers.
    pub(super) fn number_call(&mut self, call: &ExprCall, path: &ExprPath, hint: Option<&Type>) -> Option<Lowered> {
        let last = &path.path.segments.last()?.ident;
        let name = last.to_string();
        let owner = self.owner_number(path);
        if matches!(owner, Some(Type::Float(Float::F32 | Float::F64))) {
            return None;
        }
        let wanted = || owner.clone().or_else(|| hint.filter(|hint| types::is_float(hint)).cloned());
        let generic = owner.is_some() || self.owner_trait(path);
        if call.args.is_empty() && (generic || self.is_neutral_element(path)) {
            let turbofish = types::type_arguments(&path.path.segments.last()?.arguments);
            let ty = turbofish.first().map(types::parse_type).or_else(wanted).unwrap_or(Type::FloatLiteral);
            return self.kept_number(&name.to_lowercase(), call, ty);
        }
        if let Some(conversion) = self.conversion_of(&Expr::Call(call.clone())) {
            let target = conversion.target.or_else(wanted);
            return Some(self.convert_to(&call.args[0], target, call));
        }
        if !generic {
            return None;
        }
        if name == "pow" && call.args.len() == 2 {
            let base = self.number(&call.args[0]);
            return Some(self.power(base, &call.args[1], call.span()));
        }
        if scalar::row(&name).is_some() || name == "sin_cos" {
            let receiver = self.value(&call.args[0]);
            let rest: Vec<&Expr> = call.args.iter().skip(1).collect();
            let value = self.scalar_method(last, receiver, &rest);
            self.called_by_path(&path.path);
            return Some(value);
        }
        let ty = wanted().unwrap_or(Type::FloatLiteral);
        if self.is_inactive(&call.to_token_stream()) {
            return self.kept_number(&name, call, ty);
        }
        owner.is_some().then(|| self.associated(call, path))
    }

    /// `num_traits::pow(x, n)`, `Pow::pow(x, y)`, `x.pow(y)`
    pub(super) fn power(&mut self, base: Operand, exponent: &Expr, span: Span) -> Lowered {
        let exponent = self.number(exponent);
        let (name, exponent) = match exponent {
            Operand::Const(_) => ("powi", exponent),
            variable if types::is_float(&self.ty(&variable)) => ("powf", variable),
            variable => ("powi", self.temp("exponent", Type::Int(Some("i32")), Op::Cast(variable, quote!(i32)), span)),
        };
        let value = self.scalar_intrinsic(name, vec![Arg::Value(base), Arg::Value(exponent)], span);
        let (root, name) = (&self.root, syn::Ident::new(name, span));
        let path = quote!(#root::rt::#name);
        if let Some(Stmt::Let { var: _, op: Op::Intrinsic(intrinsic) }) = self.last_stmt() {
            intrinsic.path = Some(path);
        }
        value
    }

    /// The function of a number's type that was just emitted is called by this path, since a method of the name might be
    /// ambiguous.
    pub(super) fn called_by_path(&mut self, path: &syn::Path) {
        let named = |row: &str| path.segments.last().is_some_and(|last| last.ident == row);
        if let Some(Stmt::Let { var: _, op: Op::Intrinsic(intrinsic) }) = self.last_stmt()
            && named(intrinsic.row.name)
        {
            intrinsic.path = Some(path.to_token_stream());
        }
    }

    /// `T::helper(x)`: its derivatives stand beside it, if it has any.
    fn associated(&mut self, call: &ExprCall, path: &ExprPath) -> Lowered {
        let args: Vec<Arg> = call.args.iter().map(|arg| self.arg(arg)).collect();
        let name = path.path.segments.last().map_or_else(String::new, |last| last.ident.to_string());
        let (kind, span) = (CalleeKind::Associated, path.span());
        let wish = format!("{name}_value");
        let callee = Callee {
            kind,
            path: path.to_token_stream(),
            generics: None,
            name,
            span,
            recursive: false,
            functions: Vec::new(),
            again: Vec::new(),
            order: 0,
            companion: None,
        };
        Lowered::Operand(self.temp(&wish, Type::Unknown, Op::Call(callee, args), call.span()))
    }

    /// A method that only the bounds of a number's type give: one of the user's own trait.
    pub(super) fn number_method(&mut self, receiver: Lowered, call: &ExprMethodCall, ty: &Type) -> Lowered {
        let name = call.method.to_string();
        let span = call.method.span();
        let receiver = Arg::Value(self.numeric(receiver, span));
        let mut args = vec![receiver];
        args.extend(call.args.iter().map(|arg| self.arg(arg)));
        if name.starts_with("is_") {
            return self.property(&name, &args[0], span);
        }
        if args.iter().all(|arg| self.arg_is_constant(arg)) {
            let ty = super::method::property_type(&name).unwrap_or_else(|| ty.clone());
            return self.method_by_parts(&name, &args, ty, span);
        }
        let generics = call.turbofish.as_ref().map(|turbofish| turbofish.args.to_token_stream());
        let path = call.method.to_token_stream();
        let callee = Callee {
            kind: CalleeKind::Method,
            path,
            generics,
            name: name.clone(),
            span,
            recursive: false,
            functions: Vec::new(),
            again: Vec::new(),
            order: 0,
            companion: None,
        };
        Lowered::Operand(self.temp(&format!("{name}_value"), Type::Unknown, Op::Call(callee, args), call.span()))
    }

    /// `x.is_zero()`: a truth about a number, whatever trait it comes from.
    fn property(&mut self, name: &str, arg: &Arg, span: proc_macro2::Span) -> Lowered {
        let method = syn::Ident::new(name, span);
        let place = match arg {
            Arg::Value(Operand::Var(var)) => Place::var(*var),
            Arg::Value(operand) => {
                let (operand, ty) = (operand.clone(), self.ty(operand));
                Place::var(self.temp_var("value", ty, Op::Use(operand), span))
            }
            Arg::Shared(place) | Arg::Mut(place) => place.clone(),
        };
        Lowered::Operand(self.observe(name, &place, Type::Bool, span, |place| quote!(#place.#method())))
    }

    /// `T::EPSILON`
    pub(super) fn number_path(&self, path: &ExprPath) -> Option<Lowered> {
        let owner = self.owner_number(path)?;
        Some(Lowered::Operand(constant(path.to_token_stream(), owner)))
    }

    /// An expression that is a constant number, kept as it is.
    fn kept_number(&mut self, name: &str, expr: &impl ToTokens, ty: Type) -> Option<Lowered> {
        let tokens = expr.to_token_stream();
        if !self.is_inactive(&tokens) {
            return None;
        }
        let pure = syn::parse2::<Expr>(tokens.clone()).is_ok_and(|expr| is_cheap(&expr));
        let span = tokens.span();
        let opaque = Opaque { pure, ..self.opaque(tokens, Looks::Inactive)? };
        Some(Lowered::Operand(self.temp(name, ty, Op::Opaque(opaque), span)))
    }

    // Paths

    /// The number's type that a path begins with: `T` in `T::one`, in `<T as Float>::one` and in `<T>::one`.
    pub(super) fn owner_number(&self, path: &ExprPath) -> Option<Type> {
        let owner = match &path.qself {
            Some(qself) => types::parse_type(&qself.ty),
            None if path.path.segments.len() > 1 => self.owner_type(&path.path),
            None => return None,
        };
        Some(owner).filter(types::is_float)
    }

    /// The path leads to a trait of numbers, or to the crate of these: `Float::sqrt`, `num_traits::clamp`.
    fn owner_trait(&self, path: &ExprPath) -> bool {
        let owner = path.path.segments.iter().rev().nth(1).map(|owner| owner.ident.to_string());
        path.qself.is_none() && owner.is_some_and(|owner| is_crate(&owner) || scalars::is_trait_of_numbers(&owner))
    }

    /// `zero()`, `num_traits::one()`
    fn is_neutral_element(&self, path: &ExprPath) -> bool {
        let mut names = path.path.segments.iter().rev().map(|segment| &segment.ident);
        let Some(last) = names.next() else { return false };
        let owner = names.next().map(ToString::to_string);
        (last == "zero" || last == "one")
            && self.env.get(last).is_none()
            && matches!(owner.as_deref(), None | Some("num_traits" | "num" | "identities"))
    }
}

/// A crate of functions of numbers.
fn is_crate(name: &str) -> bool {
    matches!(name, "num_traits" | "num")
}

/// The name of a function that converts one number, whatever its trait.
fn is_conversion(name: &str) -> bool {
    let source = name.strip_prefix("from_");
    matches!(name, "from" | "cast" | "convert" | "from_subset" | "lit" | "from_lossy" | "from_float")
        || source.is_some_and(|source| types::float(source).is_some() || types::integer(source).is_some())
}

/// What a method converts a number to.
fn method_target(name: &str) -> Option<Type> {
    match name {
        "to_f64" | "as_f64" | "into_f64" => Some(Type::Float(Float::F64)),
        "to_f32" | "as_f32" | "into_f32" => Some(Type::Float(Float::F32)),
        _ => None,
    }
}

/// The expression costs little and has no effect: literals, names, and conversions of these.
pub(super) fn is_cheap(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(_) | Expr::Path(_) => true,
        Expr::Paren(paren) => is_cheap(&paren.expr),
        Expr::Unary(unary) => is_cheap(&unary.expr),
        Expr::Cast(cast) => is_cheap(&cast.expr),
        Expr::Binary(binary) => {
            super::ops::operator(&binary.op).is_some() && is_cheap(&binary.left) && is_cheap(&binary.right)
        }
        Expr::Call(call) => match strip_parens(&call.func) {
            Expr::Path(path) => {
                let name = path.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
                (is_conversion(&name) || call.args.is_empty()) && call.args.iter().all(is_cheap)
            }
            _ => false,
        },
        Expr::MethodCall(call) => {
            let name = call.method.to_string();
            let cheap = matches!(name.as_str(), "unwrap" | "expect" | "into" | "as_") || method_target(&name).is_some();
            cheap && is_cheap(&call.receiver) && call.args.iter().all(is_cheap)
        }
        _ => false,
    }
}

/// The method makes a number of another type of its receiver.
pub(super) fn is_converting(call: &ExprMethodCall) -> bool {
    let name = call.method.to_string();
    call.args.is_empty() && (matches!(name.as_str(), "into" | "as_" | "to_subset") || method_target(&name).is_some())
}
