//! Macro calls inside the function.

use super::env::Lowered;
use super::lowerer::{Lowerer, constant};
use super::opaque::Looks;
use crate::analysis::types;
use crate::ir::{AggregateKind, Op, Operand, Stmt, Type};
use quote::{ToTokens, quote};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, Token};

/// Macros that look at values and do nothing to them.
const OBSERVERS: [&str; 19] = [
    "println",
    "eprintln",
    "print",
    "eprint",
    "assert",
    "assert_eq",
    "assert_ne",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "assert_abs_diff_eq",
    "assert_relative_eq",
    "assert_ulps_eq",
    "trace",
    "debug",
    "info",
    "warn",
    "error",
    "log",
];

/// Macros of the crate `approx` that compare numbers.
const COMPARISONS: [&str; 6] = ["abs_diff_eq", "abs_diff_ne", "relative_eq", "relative_ne", "ulps_eq", "ulps_ne"];

/// Macros that never return.
const DIVERGING: [&str; 4] = ["panic", "unreachable", "todo", "unimplemented"];

impl Lowerer<'_> {
    pub(super) fn macro_effect(&mut self, mac: &syn::Macro, expr: &Expr) -> Lowered {
        let at = self.position();
        let lowered = self.macro_call(mac, expr, None);
        self.discard(at);
        lowered
    }

    pub(super) fn macro_call(&mut self, mac: &syn::Macro, expr: &Expr, hint: Option<&Type>) -> Lowered {
        let name = mac.path.segments.last().map_or(String::new(), |segment| segment.ident.to_string());
        if mac.path.get_ident().is_some() && self.local_macros.contains(&name) {
            return self.unseen_macro(mac);
        }
        if !super::expansions::is_of_std(mac)
            && !self.is_inactive(&mac.tokens)
            && let Some(lowered) = self.expanded_value(mac, hint)
        {
            return lowered;
        }
        match name.as_str() {
            "vec" => self.vec_macro(mac, hint),
            "array" if !self.is_inactive(&mac.tokens) => self
                .array_of(mac)
                .unwrap_or_else(|| self.refuse(mac, "this `array!` is not understood", "write `array![a, b]`")),
            "array" => self.array_macro(mac, expr),
            "concatenate" | "stack" if !self.is_inactive(&mac.tokens) => {
                self.joined_macro(mac, name == "stack").unwrap_or_else(|| {
                    self.refuse(
                        mac,
                        format!("this `{name}!` is not understood"),
                        &format!("write `{name}![Axis(0), a, b]`"),
                    )
                })
            }
            "azip" if !self.is_inactive(&mac.tokens) => self
                .azip(mac)
                .unwrap_or_else(|| self.refuse(mac, "this `azip!` is not understood", "write a loop over the indices")),
            "stringify" => Lowered::Operand(constant(expr.to_token_stream(), Type::Inactive)),
            "no_grad" => self.no_grad(mac, expr, hint),
            "dbg" => self.dbg(mac, expr),
            "format" => self.observed(mac, Type::Inactive),
            "matches" if !self.is_inactive(&mac.tokens) => self
                .matches_macro(mac)
                .unwrap_or_else(|| self.refuse(mac, "this `matches!` is not understood", "write a `match`")),
            "write" | "writeln" => self.written_text(mac, expr),
            "matches" | "cfg" => self.opaque_or(expr, Some(&Type::Bool), "this is not understood", "write an `if`"),
            name if COMPARISONS.contains(&name) => self.observed(mac, Type::Bool),
            name if OBSERVERS.contains(&name) => {
                self.observer_statement(mac);
                Lowered::Unit
            }
            name if DIVERGING.contains(&name) => {
                self.observer_statement(mac);
                Lowered::Never
            }
            _ => self.unknown_macro(mac, expr, hint),
        }
    }

    /// `println!`, `assert!`, `panic!`: kept once, in the forward sweep.
    fn observer_statement(&mut self, mac: &syn::Macro) {
        if let Some(opaque) = self.opaque(mac.to_token_stream(), Looks::Observer) {
            self.emit(Stmt::Eval(Op::Opaque(opaque)));
        }
    }

    fn observed(&mut self, mac: &syn::Macro, ty: Type) -> Lowered {
        match self.opaque(mac.to_token_stream(), Looks::Observer) {
            Some(opaque) => Lowered::Operand(self.temp("text", ty, Op::Opaque(opaque), mac.span())),
            None => super::lowerer::poison(),
        }
    }

    /// `write!(text, "{x}")`: it changes the text, which is no number.
    fn written_text(&mut self, mac: &syn::Macro, expr: &Expr) -> Lowered {
        let list = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(mac.tokens.clone()).ok();
        let target = list.and_then(|list| list.into_iter().next());
        if !target.is_some_and(|target| self.is_inactive(&target.to_token_stream())) {
            return self.refuse(mac, "where this text goes is not understood", "write to a `String`");
        }
        let Some(mut opaque) = self.opaque(expr.to_token_stream(), Looks::Observer) else {
            return super::lowerer::poison();
        };
        opaque.observer = false;
        Lowered::Operand(self.temp("written", Type::Inactive, Op::Opaque(opaque), mac.span()))
    }

    /// `dbg!(x)` prints and gives its argument.
    fn dbg(&mut self, mac: &syn::Macro, expr: &Expr) -> Lowered {
        let Ok(inner) = syn::parse2::<Expr>(mac.tokens.clone()) else {
            return self.refuse(expr, "`dbg!` with several arguments is not supported", "print them with `eprintln!`");
        };
        let value = self.value(&inner);
        let value = self.read(value, inner.span());
        let text = inner.to_token_stream().to_string();
        let line = self.opaque_parts("printed", std::slice::from_ref(&value), Type::Unit, mac.span(), |parts| {
            let part = &parts[0];
            quote!(::std::eprintln!("{} = {:#?}", #text, #part))
        });
        debug_assert!(matches!(line, Operand::Var(_)));
        if let Some(Stmt::Let { op: Op::Opaque(mut opaque), .. }) = self.pop_stmt() {
            opaque.observer = true;
            opaque.pure = false;
            self.emit(Stmt::Eval(Op::Opaque(opaque)));
        }
        Lowered::Operand(value)
    }

    fn vec_macro(&mut self, mac: &syn::Macro, hint: Option<&Type>) -> Lowered {
        if let Ok(list) = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(mac.tokens.clone()) {
            let object = hint.and_then(types::element).filter(types::is_object);
            let items: Vec<Operand> = list.iter().map(|item| self.stored(item, object.as_ref())).collect();
            let elem = self.common_type(&items, hint.and_then(types::element));
            let op = Op::Aggregate(AggregateKind::VecMacro, items);
            return Lowered::Operand(self.temp("vector", Type::Vec(Box::new(elem)), op, mac.span()));
        }
        let repeat: syn::Result<syn::ExprRepeat> = {
            let tokens = &mac.tokens;
            syn::parse2(quote!([#tokens]))
        };
        match repeat {
            Ok(repeat) => self.repeat(&repeat.expr, &repeat.len, true),
            Err(_) => self.refuse(mac, "this `vec!` is not understood", "write `vec![a, b]` or `vec![x; n]`"),
        }
    }

    /// `array![..]` of constants; with differentiable entries it needs a rule.
    fn array_macro(&mut self, mac: &syn::Macro, expr: &Expr) -> Lowered {
        let mut rank = 1;
        let mut elem = Type::FloatLiteral;
        let mut tokens = mac.tokens.clone();
        while let Ok(list) = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(tokens.clone()) {
            match list.first() {
                Some(Expr::Array(inner)) => {
                    rank += 1;
                    tokens = inner.elems.to_token_stream();
                }
                Some(Expr::Lit(literal)) => {
                    elem = self.ty(&super::expr::literal_operand(&literal.lit));
                    break;
                }
                _ => break,
            }
        }
        let ty = Type::Tensor(crate::ir::Tensor { elem: Box::new(elem), rank: Some(rank), view: false });
        self.opaque_or(
            expr,
            Some(&ty),
            "`array!` with differentiable entries is not supported yet",
            "make a zero array and assign its elements",
        )
    }

    /// `no_grad! { .. }`: evaluated as it is, without a derivative.
    fn no_grad(&mut self, mac: &syn::Macro, expr: &Expr, hint: Option<&Type>) -> Lowered {
        let ty = hint.cloned().unwrap_or_else(|| self.trivial_type(&mac.tokens));
        let Some(mut opaque) = self.opaque(expr.to_token_stream(), Looks::Observer) else {
            return super::lowerer::poison();
        };
        opaque.observer = false;
        opaque.constant = true;
        Lowered::Operand(self.temp("constant", ty, Op::Opaque(opaque), mac.span()))
    }

    /// The type of an expression that is simple enough to tell.
    fn trivial_type(&self, tokens: &proc_macro2::TokenStream) -> Type {
        match syn::parse2::<Expr>(tokens.clone()) {
            Ok(expr) => self.expression_type(&expr),
            Err(_) => Type::Unknown,
        }
    }

    pub(super) fn expression_type(&self, expr: &Expr) -> Type {
        match expr {
            Expr::Paren(paren) => self.expression_type(&paren.expr),
            Expr::Group(group) => self.expression_type(&group.expr),
            Expr::Cast(cast) => types::parse_type(&cast.ty),
            Expr::Lit(literal) => self.ty(&super::expr::literal_operand(&literal.lit)),
            Expr::Unary(unary) => self.expression_type(&unary.expr),
            Expr::Path(path) => match path.path.get_ident().and_then(|ident| self.env.get(ident)) {
                Some(super::env::Binding::Var(var)) => types::strip_refs(&self.function[*var].ty).clone(),
                Some(super::env::Binding::Alias(lowered)) => self.bare_type(lowered),
                Some(super::env::Binding::Const(ty)) => ty.clone(),
                _ => Type::Unknown,
            },
            Expr::Binary(binary) => match super::ops::operator(&binary.op) {
                Some(op) => {
                    types::binary_type(op, &self.expression_type(&binary.left), &self.expression_type(&binary.right))
                }
                None => Type::Unit,
            },
            Expr::MethodCall(call) if crate::rules::scalar::row(&call.method.to_string()).is_some() => {
                let receiver = self.expression_type(&call.receiver);
                if types::is_float(&receiver) { receiver } else { Type::Unknown }
            }
            Expr::Index(index) => types::element(&self.expression_type(&index.expr)).unwrap_or(Type::Unknown),
            _ => Type::Unknown,
        }
    }

    /// A macro of the user's of which only a truth value is taken: no derivative goes through it. In a closure that can
    /// be called again and again it can neither change a variable nor leave the function: rustc sees to it.
    fn truth(&mut self, mac: &syn::Macro) -> Lowered {
        let root = self.root.clone();
        match self.opaque(quote!(#root::rt::truth(|| #mac)), Looks::Observer) {
            Some(opaque) => Lowered::Operand(self.temp("condition", Type::Bool, Op::Opaque(opaque), mac.span())),
            None => super::lowerer::poison(),
        }
    }

    fn unknown_macro(&mut self, mac: &syn::Macro, expr: &Expr, hint: Option<&Type>) -> Lowered {
        if mac.tokens.is_empty() {
            return Lowered::Operand(constant(expr.to_token_stream(), hint.cloned().unwrap_or(Type::Inactive)));
        }
        match self.try_opaque(&expr, hint.cloned().unwrap_or(Type::Inactive)) {
            Some(operand) => Lowered::Operand(operand),
            None if matches!(hint, Some(Type::Bool)) => self.truth(mac),
            None => self.unseen_macro(mac),
        }
    }

    fn unseen_macro(&mut self, mac: &syn::Macro) -> Lowered {
        let path = mac.path.to_token_stream().to_string().replace(' ', "");
        self.refuse(
            &mac.path,
            format!("cannot see what `{path}!` does to the differentiable values given to it"),
            "write out what it expands to, or wrap it in `no_grad! { .. }` if it needs no derivative",
        )
    }
}
