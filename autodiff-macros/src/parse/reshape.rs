//! Arrays in other shapes and with other axes.

use super::env::Lowered;
use super::lowerer::{Lowerer, poison};
use super::place::{rank_of, strip_parens};
use crate::analysis::types;
use crate::ir::{Arg, Intrinsic, Op, Operand, Stmt, Tensor, Type};
use crate::rules::tensor;
use proc_macro2::{Literal, Span};
use quote::quote;
use syn::spanned::Spanned;
use syn::{Expr, ExprMethodCall};

impl Lowerer<'_> {
    /// `Array2::from_shape_vec((n, m), list).unwrap()`, `a.into_shape_with_order((n, m)).unwrap()` and what else gives an
    /// array, or an error where the shape does not fit.
    pub(super) fn unwrapped_shape(&mut self, call: &ExprMethodCall, hint: Option<&Type>) -> Option<Lowered> {
        if !matches!(call.method.to_string().as_str(), "unwrap" | "expect") {
            return None;
        }
        if self.is_inactive(&quote!(#call)) {
            return self.constant_in_shape(call);
        }
        let span = call.span();
        match strip_parens(&call.receiver) {
            Expr::Call(made) if made.args.len() == 2 => {
                let Expr::Path(path) = strip_parens(&made.func) else { return None };
                if let Some(joined) = self.joined_function(&path.path, made) {
                    return Some(joined);
                }
                let mut segments = path.path.segments.iter().rev();
                let from_shape = segments.next().is_some_and(|last| last.ident == "from_shape_vec");
                let owner = segments.next().filter(|_| from_shape)?.ident.to_string();
                let rank = owner.strip_prefix("Array").and_then(|rank| rank.parse().ok());
                let shape = self.number(&made.args[0]);
                let list = self.value(&made.args[1]);
                Some(self.array_shaped(shape, rank, list, span))
            }
            Expr::MethodCall(shaped) => self.shaped(shaped, hint, span),
            _ => None,
        }
    }

    /// `Array1::range(0.0, 6.0, 1.0).into_shape_with_order((2, 3)).unwrap()`: a constant of which the number of axes is told.
    fn constant_in_shape(&mut self, call: &ExprMethodCall) -> Option<Lowered> {
        let Expr::MethodCall(shaped) = strip_parens(&call.receiver) else { return None };
        if !matches!(shaped.method.to_string().as_str(), "into_shape_with_order" | "into_shape" | "into_shape_clone") {
            return None;
        }
        let rank = match strip_parens(shaped.args.first()?) {
            Expr::Tuple(shape) => shape.elems.len(),
            Expr::Array(shape) => shape.elems.len(),
            _ => return None,
        };
        let checkpoint = self.checkpoint();
        let lowered = self.value(&shaped.receiver);
        let ty = self.bare_type(&lowered);
        self.rollback(&checkpoint);
        let Type::Tensor(Tensor { mut elem, .. }) = ty else { return None };
        if matches!(*elem, Type::FloatLiteral) {
            // Which numbers these are is told by what they meet.
            *elem = Type::Unknown;
        }
        let ty = Type::Tensor(Tensor { elem, rank: Some(rank), view: false });
        self.try_opaque(call, ty).map(Lowered::Operand)
    }

    /// `a.to_shape(..)`, `a.broadcast(..)`, `a.into_dimensionality::<Ix2>()`, which are unwrapped.
    fn shaped(&mut self, shaped: &ExprMethodCall, hint: Option<&Type>, span: Span) -> Option<Lowered> {
        let name = shaped.method.to_string();
        let broadcasts = match (name.as_str(), shaped.args.len()) {
            ("into_shape_with_order" | "into_shape" | "to_shape" | "into_shape_clone", 1) => false,
            ("broadcast", 1) => true,
            ("into_dimensionality", 0) => return self.with_dimensionality(shaped, hint, span),
            _ => return None,
        };
        let array = self.value(&shaped.receiver);
        let elem = match self.bare_type(&array) {
            Type::Tensor(tensor) => *tensor.elem,
            // Only arrays have methods of these names.
            Type::Unknown if !broadcasts && name != "into_shape" => Type::Unknown,
            _ => return None,
        };
        let array = self.receiver_arg(array, span);
        let rank = self.rank_of_shape(&shaped.args[0]);
        let shape = self.number(&shaped.args[0]);
        let rank = rank.or_else(|| match self.ty(&shape) {
            Type::Int(_) => Some(1),
            Type::Tuple(items) => Some(items.len()),
            _ => None,
        });
        if broadcasts {
            return Some(self.broadcast_to(array, shape, rank, span));
        }
        Some(self.reshaped(array, shape, elem, rank, span))
    }

    /// How many axes a shape has that is another array's, or is written as an array.
    fn rank_of_shape(&self, shape: &Expr) -> Option<usize> {
        match strip_parens(shape) {
            Expr::MethodCall(call) if call.method == "raw_dim" || call.method == "dim" => {
                rank_of(&self.expression_type(&call.receiver))
            }
            Expr::Array(lens) => Some(lens.elems.len()),
            _ => None,
        }
    }

    /// The numbers of an array, row by row, in another shape.
    fn reshaped(&mut self, array: Arg, shape: Operand, elem: Type, rank: Option<usize>, span: Span) -> Lowered {
        let Some(row) = tensor::row("reshaped") else { return poison() };
        let ty = Type::Tensor(Tensor { elem: Box::new(elem), rank, view: false });
        let op = Op::Intrinsic(Intrinsic { row, args: vec![array, Arg::Value(shape)], path: None, span });
        Lowered::Operand(self.temp("reshaped", ty, op, span))
    }

    /// `a.into_dimensionality::<Ix2>()`: the same shape, whose number of axes is known.
    fn with_dimensionality(&mut self, call: &ExprMethodCall, hint: Option<&Type>, span: Span) -> Option<Lowered> {
        let array = self.value(&call.receiver);
        let Type::Tensor(tensor) = self.bare_type(&array) else { return None };
        let turbofish = call.turbofish.as_ref().map(|turbofish| {
            let dimension = &turbofish.args;
            quote!(#dimension).to_string().rsplit(':').next().map(|last| last.trim().to_string())
        });
        let named = turbofish.flatten().and_then(|name| name.strip_prefix("Ix")?.parse::<usize>().ok());
        let Some(rank) = named.or_else(|| hint.and_then(rank_of)) else {
            let help = "write it: `into_dimensionality::<Ix2>()`";
            return Some(self.refuse(&call.method, "how many axes this array gets is not known here", help));
        };
        let place = self.place_of(array, span);
        let (root, axes) = (self.root.clone(), Literal::usize_unsuffixed(rank));
        let ty = Type::Array(Box::new(Type::Int(Some("usize"))), quote!(#axes));
        let shape =
            self.observe("shape", &place, ty, span, |place| quote!(#root::rt::fixed_shape::<#axes>(#place.shape())));
        Some(self.reshaped(Arg::Shared(place), shape, *tensor.elem, Some(rank), span))
    }

    /// Methods of arrays that change the order or the number of the axes.
    pub(super) fn axes_method(&mut self, receiver: &Lowered, call: &ExprMethodCall) -> Option<Lowered> {
        let (name, span) = (call.method.to_string(), call.span());
        match (name.as_str(), call.args.len()) {
            ("flatten" | "into_flat", 0) => {
                let Type::Tensor(tensor) = self.bare_type(receiver) else { return None };
                let place = self.place_of(receiver.clone(), span);
                let ty = Type::Int(Some("usize"));
                let len = self.observe("len", &place, ty, span, |place| quote!(#place.len()));
                Some(self.reshaped(Arg::Shared(place), len, *tensor.elem, Some(1), span))
            }
            ("swap_axes", 2) => Some(self.changed_axes(receiver, "swapped_axes", call)),
            ("invert_axis", 1) => Some(self.changed_axes(receiver, "inverted_axis", call)),
            ("reverse_axes", 0) => Some(self.changed_axes(receiver, "reversed_axes", call)),
            _ => None,
        }
    }

    /// What changes the axes of an array in its place. A part of an array is refused: it shows the elements of an array
    /// whose axes stay.
    fn changed_axes(&mut self, receiver: &Lowered, row: &str, call: &ExprMethodCall) -> Lowered {
        let span = call.span();
        if matches!(receiver.clone().strip(), Lowered::View(_)) {
            let help = "write `.to_owned()` before it";
            return self.refuse(&call.method, "the axes of a part of an array cannot be changed here", help);
        }
        let Some(row) = tensor::row(row) else { return poison() };
        let place = self.place_of(receiver.clone(), span);
        let mut args = vec![Arg::Shared(place.clone())];
        for argument in &call.args {
            args.push(Arg::Value(self.number(argument)));
        }
        let ty = types::owned(&self.function.place_type(&place));
        let value = self.temp("turned", ty, Op::Intrinsic(Intrinsic { row, args, path: None, span }), span);
        self.emit(Stmt::Assign { place, value });
        Lowered::Unit
    }
}
