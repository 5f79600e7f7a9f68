//! `concatenate![Axis(0), a, b]` and `stack![Axis(0), a, b]`, also as functions of a list.

use super::env::Lowered;
use super::lowerer::Lowerer;
use super::place::strip_parens;
use super::rows::literal_axis;
use super::tensor::tensor_type;
use crate::analysis::types;
use crate::ir::{Arg, Intrinsic, Op, Operand, Tensor, Type, literals};
use crate::rules::{Row, tensor};
use proc_macro2::Span;
use quote::{ToTokens, quote};
use std::cmp::Ordering;
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
        if !matches!(name.as_str(), "concatenate" | "stack") || call.args.len() != 2 {
            return None;
        }
        let (axis, stacked) = (&call.args[0], name == "stack");
        if let Expr::Reference(list) = strip_parens(&call.args[1])
            && let Expr::Array(list) = strip_parens(&list.expr)
        {
            return self.joined_arrays(axis, list.elems.iter(), stacked, call.span());
        }
        if stacked {
            return self.stacked_list(axis, &call.args[1]);
        }
        if self.is_inactive(&call.args.to_token_stream()) {
            return None;
        }
        self.joined_list(axis, &call.args[1]).or_else(|| {
            let help = "write the list, `&[a.view(), b.view()]`, or a loop with `slice_mut(s![..]).assign(&part)`";
            Some(self.refuse(path, "which arrays are joined is not seen here", help))
        })
    }

    /// `concatenate(Axis(0), &parts).unwrap()` of a list of any length: the loop that fills the result.
    fn joined_list(&mut self, axis: &Expr, list: &Expr) -> Option<Lowered> {
        let at = literal_axis(axis)?;
        let (list, elem, rank) = self.list_of_arrays(list)?;
        if at >= rank {
            return None;
        }
        let (root, float) = (&self.root, literals::float_name(&elem)?);
        let nd = quote!(#root::rt::ndarray);
        let others = |axis: usize| quote!(parts[0].len_of(#nd::Axis(#axis)));
        let lengths = (0..rank).map(|axis| if axis == at { quote!(total) } else { others(axis) });
        let ranges = (0..rank).map(|axis| if axis == at { quote!(start..end) } else { quote!(..) });
        let array = quote::format_ident!("Array{}", rank);
        // The reverse sweep asks for lengths again, but not the arrays, which may be views of what does not live as long.
        let filled = quote!({
            let parts = #list;
            let mut lengths: Vec<usize> = Vec::new();
            for part in parts.iter() {
                lengths.push(part.len_of(#nd::Axis(#at)));
            }
            let mut total: usize = 0;
            for length in lengths.iter() {
                total += *length;
            }
            let mut joined = #nd::#array::<#float>::zeros((#(#lengths,)*));
            let mut start: usize = 0;
            for (k, part) in parts.iter().enumerate() {
                let end = start + lengths[k];
                joined.slice_mut(#nd::s![#(#ranges),*]).assign(part);
                start = end;
            }
            joined
        });
        syn::parse2(filled).ok().map(|filled| self.value(&filled))
    }

    /// A list of arrays, the type of their elements, and how many axes each has.
    fn list_of_arrays<'e>(&mut self, list: &'e Expr) -> Option<(&'e Expr, Type, usize)> {
        // A list that is made for this is not lent.
        let list = match strip_parens(list) {
            Expr::Reference(reference) if matches!(strip_parens(&reference.expr), Expr::MethodCall(_)) => {
                &reference.expr
            }
            other => other,
        };
        let checkpoint = self.checkpoint();
        let lowered = self.value(list);
        let part = types::element(types::strip_refs(&self.lowered_type(&lowered)));
        self.rollback(&checkpoint);
        match types::strip_refs(&part?) {
            Type::Tensor(Tensor { elem, rank: Some(rank @ 1..=5), .. }) => Some((list, (**elem).clone(), *rank)),
            _ => None,
        }
    }

    /// `stack(Axis(0), &rows).unwrap()` of a list of any length: the loop that fills the result.
    fn stacked_list(&mut self, axis: &Expr, list: &Expr) -> Option<Lowered> {
        let at = literal_axis(axis)?;
        let (list, elem, rank) = self.list_of_arrays(list)?;
        if at > rank {
            return None;
        }
        let (root, float) = (&self.root, literals::float_name(&elem)?);
        let nd = quote!(#root::rt::ndarray);
        let lengths = (0..=rank).map(|axis| match axis.cmp(&at) {
            Ordering::Less => quote!(parts[0].len_of(#nd::Axis(#axis))),
            Ordering::Equal => quote!(parts.len()),
            Ordering::Greater => {
                let axis = axis - 1;
                quote!(parts[0].len_of(#nd::Axis(#axis)))
            }
        });
        let array = quote::format_ident!("Array{}", rank + 1);
        let filled = quote!({
            let parts = #list;
            let mut stacked = #nd::#array::<#float>::zeros((#(#lengths),*));
            for (k, part) in parts.iter().enumerate() {
                stacked.index_axis_mut(#nd::Axis(#at), k).assign(part);
            }
            stacked
        });
        syn::parse2(filled).ok().map(|filled| self.value(&filled))
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
