//! `concatenate![Axis(0), a, b]` and `stack![Axis(0), a, b]`, also as functions of a list.

use super::env::Lowered;
use super::lowerer::Lowerer;
use super::place::strip_parens;
use super::tensor::tensor_type;
use crate::analysis::types;
use crate::ir::{Arg, Intrinsic, Op, Operand, Type};
use crate::rules::{Row, tensor};
use proc_macro2::Span;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, Token};

impl Lowerer<'_> {
    pub(super) fn joined_macro(&mut self, mac: &syn::Macro, stacked: bool) -> Option<Lowered> {
        let list = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(mac.tokens.clone()).ok()?;
        let mut items = list.iter();
        let axis = items.next()?;
        self.joined_arrays(axis, items, stacked, mac.span())
    }

    /// `concatenate(Axis(0), &[a.view(), b.view()]).unwrap()`
    pub(super) fn joined_function(&mut self, path: &syn::Path, call: &syn::ExprCall) -> Option<Lowered> {
        let name = path.segments.last()?.ident.to_string();
        let Expr::Reference(list) = strip_parens(call.args.iter().nth(1)?) else { return None };
        let Expr::Array(list) = strip_parens(&list.expr) else { return None };
        let known = matches!(name.as_str(), "concatenate" | "stack") && call.args.len() == 2;
        known.then(|| self.joined_arrays(&call.args[0], list.elems.iter(), name == "stack", call.span()))?
    }

    /// Arrays behind each other, two at a time; if they are stacked, each gets the new axis first.
    fn joined_arrays<'e>(
        &mut self,
        axis: &Expr,
        items: impl Iterator<Item = &'e Expr>,
        stacked: bool,
        span: Span,
    ) -> Option<Lowered> {
        let lowered = self.value(axis);
        let axis = self.read(lowered, axis.span());
        let insert = tensor::row("insert_axis").filter(|_| stacked);
        let mut joined: Option<Operand> = None;
        for item in items {
            let lowered = self.value(item);
            let mut part = self.receiver_arg(lowered, item.span());
            if let Some(row) = insert {
                part = self.as_argument(&[part, Arg::Value(axis.clone())], row, span).1;
            }
            let before = joined.take().map(|operand| self.shared_argument(operand, span));
            joined = Some(match before {
                Some(before) => self.as_argument(&[before, part, Arg::Value(axis.clone())], &tensor::JOINED, span).0,
                None => self.whole(&part, item.span()),
            });
        }
        joined.map(Lowered::Operand)
    }

    /// The result of an operation of the table, and the same as an argument of the next one.
    fn as_argument(&mut self, args: &[Arg], row: &'static Row, span: Span) -> (Operand, Arg) {
        let tys: Vec<Type> = args.iter().map(|arg| types::strip_refs(&self.arg_type(arg)).clone()).collect();
        let op = Op::Intrinsic(Intrinsic { row, args: args.to_vec(), path: None, span });
        let operand = self.temp(row.name, tensor_type(row.name, &tys), op, span);
        let shared = self.shared_argument(operand.clone(), span);
        (operand, shared)
    }

    fn shared_argument(&mut self, operand: Operand, span: Span) -> Arg {
        Arg::Shared(self.place_of(Lowered::Operand(operand), span))
    }

    /// The first array: a copy, if it is one that stands elsewhere.
    fn whole(&mut self, part: &Arg, span: Span) -> Operand {
        match part {
            Arg::Value(operand) => operand.clone(),
            Arg::Shared(place) | Arg::Mut(place) => {
                let ty = types::owned(&self.function.place_type(place));
                self.temp("first", ty, Op::CloneOf(place.clone()), span)
            }
        }
    }
}
