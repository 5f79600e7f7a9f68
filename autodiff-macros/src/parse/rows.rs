//! Iteration over the rows, the columns and other parts of ndarray's arrays: a loop over positions, each part a view.

use super::chain::{Chain, Item, Parsed};
use super::env::Lowered;
use super::lowerer::{Lowerer, constant};
use super::place::strip_parens;
use super::tensor::tensor_type;
use crate::ir::{Arg, Intrinsic, Iter, Op, Operand, Origin, Place, Storage, Type, VarId};
use crate::rules::tensor;
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{Expr, ExprMethodCall};

/// The axis that the parts of an array follow each other along.
#[derive(Clone)]
pub(super) enum PartAxis {
    Rows,
    Columns,
    /// An `Axis`, as tokens.
    Other(TokenStream),
}

impl Lowerer<'_> {
    /// `.rows()`, `.columns()`, `.outer_iter()`, `.axis_iter(Axis(k))` of an ndarray.
    pub(super) fn parts(&mut self, call: &ExprMethodCall) -> Parsed {
        let span = call.span();
        let receiver = self.value(&call.receiver);
        let Type::Tensor(tensor) = self.bare_type(&receiver) else { return None };
        let axis = self.part_axis(call, tensor.rank)?;
        let of = self.place_of(receiver, span);
        let usize_type = Type::Int(Some("usize"));
        let hi = self.observe("count", &of, usize_type.clone(), span, |of| match &axis {
            PartAxis::Rows => quote!(#of.nrows()),
            PartAxis::Columns => quote!(#of.ncols()),
            PartAxis::Other(axis) => quote!(#of.len_of(#axis)),
        });
        let var = self.fresh("k", usize_type, Storage::Value, Origin::Temp, span);
        let lo = constant(quote!(0), Type::Int(None));
        let iter = Iter::Range { var, lo, hi, inclusive: false };
        let item = Item::Part { position: var, of, axis };
        Some(Chain::Loop { id: self.function.fresh_scope(None), iter, item })
    }

    fn part_axis(&mut self, call: &ExprMethodCall, rank: Option<usize>) -> Option<PartAxis> {
        let name = call.method.to_string();
        let root = self.root.clone();
        let number = match call.args.first() {
            Some(axis) => Some(literal_axis(axis)?),
            None => None,
        };
        match (name.as_str(), rank, number) {
            ("rows", Some(2), _) | ("outer_iter", Some(2), _) | ("axis_iter", Some(2), Some(0)) => Some(PartAxis::Rows),
            ("columns", Some(2), _) | ("axis_iter", Some(2), Some(1)) => Some(PartAxis::Columns),
            // The parts of a vector are arrays without an axis.
            (_, Some(0 | 1), _) | ("rows" | "columns", _, _) => None,
            ("outer_iter", _, _) => Some(PartAxis::Other(quote!(#root::rt::ndarray::Axis(0)))),
            _ => call.args.first().map(|axis| PartAxis::Other(axis.to_token_stream())),
        }
    }

    /// The view of one part, inside the loop.
    pub(super) fn part_view(&mut self, position: VarId, of: &Place, axis: &PartAxis, span: Span) -> Lowered {
        let (name, axis) = match axis {
            PartAxis::Rows => ("row", None),
            PartAxis::Columns => ("column", None),
            PartAxis::Other(axis) => ("index_axis", Some(Arg::Value(constant(axis.clone(), Type::Inactive)))),
        };
        let Some(row) = tensor::row(name) else { return super::lowerer::poison() };
        let receiver = self.receiver_arg(Lowered::Place(of.clone()), span);
        let ty = tensor_type(name, &[self.bare_type(&Lowered::Place(of.clone()))]);
        let args: Vec<Arg> =
            std::iter::once(receiver).chain(axis).chain([Arg::Value(Operand::Var(position))]).collect();
        let wish = super::lowerer::joined(&self.place_name(of), name);
        let part = self.temp(&wish, ty, Op::Intrinsic(Intrinsic { row, args, path: None, span }), span);
        if let (Operand::Var(var), true) = (&part, self.place_is_constant(of)) {
            self.constants.insert(*var);
        }
        Lowered::Operand(part)
    }
}

/// The number in `Axis(0)`.
pub(super) fn literal_axis(axis: &Expr) -> Option<usize> {
    let Expr::Call(call) = strip_parens(axis) else { return None };
    let Expr::Path(path) = &*call.func else { return None };
    let named = path.path.segments.last().is_some_and(|last| last.ident == "Axis");
    match call.args.first() {
        Some(Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(number), .. })) if named => number.base10_parse().ok(),
        _ => None,
    }
}

/// `m.rows()` without an adaptor: a type of the user's may have a method of this name that gives a number.
pub(super) fn may_be_a_number(init: &Expr) -> bool {
    matches!(strip_parens(init), Expr::MethodCall(call) if call.method == "rows" || call.method == "columns")
}
