//! Operators that are written as functions of their traits: `a.mul(b)`, `Mul::mul(a, b)`, `<f64 as Mul>::mul(a, b)`.

use super::call::Called;
use super::env::Lowered;
use super::lowerer::{Checkpoint, Lowerer};
use crate::analysis::types;
use crate::ir::literals;
use crate::ir::{BinOp, Op, Opaque, Operand, Stmt, Type, UnOp};
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{Expr, ExprCall, ExprMethodCall, ExprPath, Ident};

impl Lowerer<'_> {
    /// A method of an operator's trait, if the receiver is a number. That it is no method of this name of another trait,
    /// rustc checks.
    pub(super) fn operator_of_number(
        &mut self,
        call: &ExprMethodCall,
        ty: &Type,
        before: &Checkpoint,
    ) -> Option<Lowered> {
        let number = literals::float_name(ty)?;
        let args: Vec<&Expr> = call.args.iter().collect();
        let operation = operation(&call.method.to_string(), &call.receiver, &args)?;
        self.rollback(before);
        let check = method_check(&call.method.to_string(), &number, call.method.span());
        self.emit(Stmt::Eval(Op::Opaque(check)));
        Some(self.value(&operation))
    }

    /// A method of an operator's trait by value, of a receiver of unknown type: the operator if it turns out to be a number,
    /// and what the receiver's own type says otherwise.
    pub(super) fn operator_of_unknown(&mut self, receiver: &Lowered, call: &ExprMethodCall) -> Option<Lowered> {
        let name = call.method.to_string();
        let op = binary_operator(&name);
        let fits = if op.is_some() { call.args.len() == 1 } else { name == "neg" && call.args.is_empty() };
        // A method of the user's may change a receiver that can be changed.
        if !fits || self.is_own_member(receiver, &name) || self.can_be_changed(receiver) {
            return None;
        }
        let arg = call.args.first().map(|arg| (self.value(arg), arg.span()));
        if arg.as_ref().is_some_and(|(arg, _)| arg.is_ref()) {
            return None;
        }
        let span = call.span();
        let receiver = self.numeric(receiver.clone(), call.receiver.span());
        let (ty, op) = match (op, arg) {
            (Some(op), Some((arg, at))) => {
                let arg = self.numeric(arg, at);
                (types::binary_type(op, &self.ty(&receiver), &self.ty(&arg)), Op::Binary(op, receiver, arg))
            }
            _ => (types::strip_refs(&self.ty(&receiver)).clone(), Op::Unary(UnOp::Neg, receiver)),
        };
        let value = self.temp_var(&name, ty, op, span);
        self.written.methods.insert(value);
        Some(Lowered::Operand(Operand::Var(value)))
    }

    /// `Mul::mul(a, b)`, `<f64 as Mul>::mul(a, b)`, `f64::mul(a, b)`: the operator. That the path leads to its trait, rustc
    /// checks.
    pub(super) fn operator_function(&mut self, called: &Called<'_>, path: &ExprPath) -> Option<Lowered> {
        let name = called.last.to_string();
        let args: Vec<&Expr> = called.call.args.iter().collect();
        let operation = operation_of(&name, &args)?;
        let check = self.path_check(called.call, path, &name)?;
        self.emit(Stmt::Eval(Op::Opaque(observer(check))));
        Some(self.value(&operation))
    }

    fn path_check(&self, call: &ExprCall, path: &ExprPath, name: &str) -> Option<TokenStream> {
        let (last, operator) = (&path.path.segments.last()?.ident, Ident::new(&trait_name(name), call.span()));
        let owner = path.path.segments.iter().rev().nth(1).map(|owner| &owner.ident);
        let of_trait = owner.is_some_and(|owner| *owner == operator);
        let number = self.owner_number(path).as_ref().and_then(literals::float_name);
        if !of_trait && number.is_none() {
            return None;
        }
        let number = number.unwrap_or_else(|| quote!(f64));
        let written = match of_trait {
            true => {
                let mut segments = path.path.clone();
                segments.segments.pop();
                segments.segments.pop_punct();
                if let Some(last) = segments.segments.last_mut() {
                    last.arguments = syn::PathArguments::None;
                }
                quote!(<#number as #segments>::#last)
            }
            false => path.to_token_stream(),
        };
        Some(quote!({
            let mut function = #written;
            function = <#number as ::core::ops::#operator>::#last;
        }))
    }

    /// As far as the IR tells, the receiver can be borrowed mutably.
    fn can_be_changed(&self, receiver: &Lowered) -> bool {
        match receiver {
            Lowered::Place(place) => self.can_be_borrowed_mutably(place),
            Lowered::Ref(inner, _) => self.can_be_changed(inner),
            Lowered::Operand(_) | Lowered::Tuple(_) | Lowered::View(_) | Lowered::Unit | Lowered::Never => false,
        }
    }
}

/// Does not compile where a method of this name of a number is not the operator's: both traits are in scope.
pub(super) fn method_check(method: &str, number: &TokenStream, span: Span) -> Opaque {
    let operator = Ident::new(&trait_name(method), span);
    let (name, arg) = (Ident::new(method, span), (method != "neg").then(|| quote!(number)));
    let mutable = method.ends_with("_assign").then(|| quote!(mut));
    observer(quote!({
        use ::core::ops::#operator as _;
        let _ = |#mutable number: #number| number.#name(#arg);
    }))
}

fn observer(tokens: TokenStream) -> Opaque {
    Opaque { tokens, uses: Vec::new(), pure: true, observer: true, constant: false }
}

/// The operator of a method's name.
fn binary_operator(name: &str) -> Option<BinOp> {
    Some(match name {
        "add" => BinOp::Add,
        "sub" => BinOp::Sub,
        "mul" => BinOp::Mul,
        "div" => BinOp::Div,
        "rem" => BinOp::Rem,
        _ => return None,
    })
}

/// What a method of an operator's trait does, as an expression.
fn operation(name: &str, receiver: &Expr, args: &[&Expr]) -> Option<Expr> {
    Some(match (name, args) {
        ("neg", []) => syn::parse_quote!(-(#receiver)),
        ("add", [arg]) => syn::parse_quote!((#receiver) + (#arg)),
        ("sub", [arg]) => syn::parse_quote!((#receiver) - (#arg)),
        ("mul", [arg]) => syn::parse_quote!((#receiver) * (#arg)),
        ("div", [arg]) => syn::parse_quote!((#receiver) / (#arg)),
        ("rem", [arg]) => syn::parse_quote!((#receiver) % (#arg)),
        ("add_assign", [arg]) => syn::parse_quote!(#receiver += #arg),
        ("sub_assign", [arg]) => syn::parse_quote!(#receiver -= #arg),
        ("mul_assign", [arg]) => syn::parse_quote!(#receiver *= #arg),
        ("div_assign", [arg]) => syn::parse_quote!(#receiver /= #arg),
        ("rem_assign", [arg]) => syn::parse_quote!(#receiver %= #arg),
        _ => return None,
    })
}

/// The same for a call by a path.
fn operation_of(name: &str, args: &[&Expr]) -> Option<Expr> {
    let (first, rest) = args.split_first()?;
    if !name.ends_with("_assign") {
        return operation(name, first, rest);
    }
    match first {
        Expr::Reference(reference) if reference.mutability.is_some() => operation(name, &reference.expr, rest),
        place => operation(name, &syn::parse_quote!((*#place)), rest),
    }
}

/// `AddAssign` for `add_assign`.
fn trait_name(method: &str) -> String {
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    method.split('_').map(capital).collect()
}
