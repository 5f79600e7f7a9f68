//! Parts of ndarray's arrays that are places: `a.slice(s![1.., 0])`, `m.row_mut(i)`, what `rows_mut()` yields.
//!
//! Such a part is no value. Its elements are elements of the array, so that reading or writing one is the same as if the
//! array had been indexed. Where the part is read as a whole, a view is made there; where it is written as a whole, its
//! elements are written one by one.

use super::chain::{Chain, Item, Parsed};
use super::env::{Lowered, Mutability};
use super::lowerer::{Lowerer, constant};
use super::place::{rank_of, strip_parens};
use super::rows::literal_axis;
use super::stages::Stage;
use super::tensor::tensor_type;
use crate::analysis::types;
use crate::ir::{Arg, BinOp, Intrinsic, Iter, Op, Operand, Place, Proj, Storage, Tensor, Type, VarId};
use crate::rules::tensor;
use proc_macro2::{Literal, Span, TokenStream};
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, ExprMethodCall, Token};

/// A part of an array.
#[derive(Clone, Debug)]
pub(super) struct View {
    of: Place,
    /// One for each axis of the array.
    axes: Vec<Along>,
    /// It was asked for by a method that lends the part mutably.
    pub(super) mutable: bool,
    /// What the user calls it.
    pub(super) name: Option<String>,
    /// How many positions it has along each axis, where that has been asked already.
    lens: Vec<Option<Operand>>,
    /// The second axis of a matrix is gone along with the first one.
    diagonal: bool,
}

/// What a part takes of one axis.
#[derive(Clone, Debug)]
enum Along {
    At(Operand),
    /// From `lo` to `hi`, every `step`-th; backwards from the end if `step` is negative.
    Part {
        lo: Option<Operand>,
        hi: Option<Operand>,
        step: isize,
    },
}

impl Along {
    const WHOLE: Along = Along::Part { lo: None, hi: None, step: 1 };

    fn is_whole(&self) -> bool {
        matches!(self, Along::Part { lo: None, hi: None, step: 1 })
    }
}

/// One argument of `s![..]`.
struct SliceArgument {
    range: Expr,
    step: isize,
}

impl Parse for SliceArgument {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let range: Expr = input.parse()?;
        if input.parse::<Option<Token![;]>>()?.is_none() {
            return Ok(SliceArgument { range, step: 1 });
        }
        let negative = input.parse::<Option<Token![-]>>()?.is_some();
        let step: isize = input.parse::<syn::LitInt>()?.base10_parse()?;
        Ok(SliceArgument { range, step: if negative { -step } else { step } })
    }
}

impl View {
    /// All of an array with so many axes.
    pub(super) fn whole(of: Place, rank: usize) -> View {
        View { of, axes: vec![Along::WHOLE; rank], mutable: true, name: None, lens: vec![None; rank], diagonal: false }
    }

    pub(super) fn rank(&self) -> usize {
        self.parts().count()
    }

    /// The axes of the array that are axes of the part.
    fn parts(&self) -> impl Iterator<Item = usize> {
        let parts = self.axes.iter().enumerate().filter(|(_, along)| matches!(along, Along::Part { .. }));
        parts.map(|(axis, _)| axis).filter(|axis| !(self.diagonal && *axis == 1))
    }

    pub(super) fn array(&self) -> &Place {
        &self.of
    }
}

/// What makes a part of an array, mutably or not.
pub(super) fn makes_a_part(name: &str) -> bool {
    matches!(name, "slice" | "slice_mut" | "row_mut" | "column_mut" | "index_axis_mut" | "view_mut" | "diag_mut")
}

impl Lowerer<'_> {
    pub(super) fn view_type(&self, view: &View) -> Type {
        let elem = types::element(&self.function.place_type(&view.of)).unwrap_or(Type::Unknown);
        Type::Tensor(Tensor { elem: Box::new(elem), rank: Some(view.rank()), view: true })
    }

    /// The array that a part is taken of, as a part of itself.
    pub(super) fn as_view(&mut self, receiver: Lowered, span: Span) -> Option<View> {
        match receiver.strip() {
            Lowered::View(view) => Some(*view),
            other => {
                let rank = rank_of(&self.bare_type(&other))?;
                let mut of = self.place_of(other, span);
                while matches!(of.path.last(), Some(Proj::Deref)) {
                    of.path.pop();
                }
                Some(View::whole(of, rank))
            }
        }
    }

    /// `a.slice(s![..])`, `m.row_mut(i)`, `m.index_axis_mut(Axis(0), i)`
    pub(super) fn part_of(&mut self, receiver: Lowered, call: &ExprMethodCall) -> Lowered {
        let (name, span) = (call.method.to_string(), call.span());
        let Some(outer) = self.as_view(receiver, span) else {
            let help = "write the array's type, `let a: Array2<f64> = ..`, or index its elements";
            return self.refuse(&call.method, "how many axes this array has is not known here", help);
        };
        if name == "diag_mut" {
            let help = "index the elements, `a[[i, i]]`, in a loop";
            let refused = |this: &mut Self| this.refuse(&call.method, "this `diag_mut` is not understood", help);
            let diagonal = self.diagonal(outer, span);
            return diagonal.map_or_else(|| refused(self), |view| Lowered::View(Box::new(view)));
        }
        let inner = match (name.as_str(), call.args.len()) {
            ("view_mut" | "view", 0) => Some(vec![Along::WHOLE; outer.rank()]),
            ("row_mut" | "row", 1) => self.at_position(&outer, 0, &call.args[0]),
            ("column_mut" | "column", 1) => self.at_position(&outer, 1, &call.args[0]),
            ("index_axis_mut" | "index_axis", 2) => match literal_axis(&call.args[0]) {
                Some(axis) => self.at_position(&outer, axis, &call.args[1]),
                None => None,
            },
            ("slice" | "slice_mut", 1) => self.slice_arguments(&outer, &call.args[0]),
            _ => None,
        };
        let Some(mut view) = inner.and_then(|inner| self.composed(&outer, inner, span)) else {
            let help = "write `s![a..b, i]` with numbers of type `usize`, or index the elements";
            return self.refuse(&call.method, format!("this `{name}` is not understood"), help);
        };
        view.mutable = name.ends_with("_mut");
        Lowered::View(Box::new(view))
    }

    /// The diagonal of a matrix.
    fn diagonal(&mut self, outer: View, span: Span) -> Option<View> {
        if outer.axes.len() != 2 || !outer.axes.iter().all(Along::is_whole) {
            return None;
        }
        let [rows, columns] = [0, 1].map(|axis| self.part_len(&outer, axis, span));
        let len = self.opaque_parts("len", &[rows, columns], usize_type(), span, |parts| {
            let (rows, columns) = (&parts[0], &parts[1]);
            quote!(#rows.min(#columns))
        });
        Some(View { lens: vec![Some(len), None], mutable: true, diagonal: true, ..outer })
    }

    fn at_position(&mut self, outer: &View, axis: usize, index: &Expr) -> Option<Vec<Along>> {
        let index = self.number(index);
        let mut axes = vec![Along::WHOLE; outer.rank()];
        *axes.get_mut(axis)? = Along::At(index);
        Some(axes)
    }

    /// The part at one position of an axis.
    pub(super) fn part_at(&mut self, of: &View, axis: usize, position: Operand, span: Span) -> Option<View> {
        let mut axes = vec![Along::WHOLE; of.rank()];
        *axes.get_mut(axis)? = Along::At(position);
        self.composed(of, axes, span)
    }

    /// The lane along an axis at these positions of the other ones.
    pub(super) fn lane_at(&mut self, of: &View, along: usize, positions: &[Operand], span: Span) -> Option<View> {
        let mut positions = positions.iter().cloned();
        let axes = (0..of.rank()).map(|axis| match axis == along {
            true => Some(Along::WHOLE),
            false => positions.next().map(Along::At),
        });
        let axes = axes.collect::<Option<Vec<Along>>>()?;
        self.composed(of, axes, span)
    }

    /// The part without its last and the part without its first position along an axis; both are as long.
    pub(super) fn neighbours(&mut self, of: &View, along: usize, span: Span) -> Option<[View; 2]> {
        let of = self.measured(of, span);
        let len = self.view_len(&of, along, span);
        let count = self.opaque_parts("count", &[len], usize_type(), span, |parts| {
            let len = &parts[0];
            quote!(#len.saturating_sub(1))
        });
        let axis = of.parts().nth(along)?;
        let mut after = vec![Along::WHOLE; of.rank()];
        *after.get_mut(along)? = Along::Part { lo: Some(constant(quote!(1), usize_type())), hi: None, step: 1 };
        let mut after = self.composed(&of, after, span)?;
        let mut before = of;
        before.lens[axis] = Some(count.clone());
        after.lens[axis] = Some(count);
        Some([before, after])
    }

    /// Both parts of `a.split_at(Axis(0), n)`.
    pub(super) fn split_view(&mut self, receiver: Lowered, call: &ExprMethodCall) -> Option<Lowered> {
        let outer = self.as_view(receiver, call.span())?;
        let axis = literal_axis(call.args.first()?)?;
        let middle = self.number(call.args.iter().nth(1)?);
        let (mut left, mut right) = (vec![Along::WHOLE; outer.rank()], vec![Along::WHOLE; outer.rank()]);
        *left.get_mut(axis)? = Along::Part { lo: None, hi: Some(middle.clone()), step: 1 };
        *right.get_mut(axis)? = Along::Part { lo: Some(middle), hi: None, step: 1 };
        let halves = [left, right].map(|axes| self.composed(&outer, axes, call.span()));
        let [Some(left), Some(right)] = halves else { return None };
        Some(Lowered::Tuple(vec![Lowered::View(Box::new(left)), Lowered::View(Box::new(right))]))
    }

    /// What `s![..]` takes of each axis of the part that it is applied to.
    fn slice_arguments(&mut self, outer: &View, info: &Expr) -> Option<Vec<Along>> {
        let Expr::Macro(info) = strip_parens(info) else { return None };
        if info.mac.path.segments.last()?.ident != "s" {
            return None;
        }
        let arguments = info.mac.parse_body_with(Punctuated::<SliceArgument, Token![,]>::parse_terminated).ok()?;
        let axes: Vec<usize> = outer.parts().collect();
        if arguments.len() != axes.len() {
            return None;
        }
        axes.into_iter().zip(arguments).map(|(axis, argument)| self.slice_argument(outer, axis, &argument)).collect()
    }

    fn slice_argument(&mut self, outer: &View, axis: usize, argument: &SliceArgument) -> Option<Along> {
        let Expr::Range(range) = strip_parens(&argument.range) else {
            return Some(Along::At(self.slice_position(outer, axis, &argument.range)?));
        };
        let lo = match &range.start {
            Some(lo) => Some(self.slice_position(outer, axis, lo)?),
            None => None,
        };
        let hi = match &range.end {
            Some(hi) => Some(self.slice_position(outer, axis, hi)?),
            None => None,
        };
        let hi = match (hi, &range.limits) {
            (Some(hi), syn::RangeLimits::Closed(_)) => {
                Some(self.offset(hi, constant(quote!(1), Type::Int(None)), range.span()))
            }
            (hi, _) => hi,
        };
        (argument.step != 0).then_some(Along::Part { lo, hi, step: argument.step })
    }

    /// A position in `s![..]`: a negative one counts from the end.
    fn slice_position(&mut self, outer: &View, axis: usize, position: &Expr) -> Option<Operand> {
        if let Expr::Unary(syn::ExprUnary { op: syn::UnOp::Neg(_), expr, .. }) = strip_parens(position) {
            let count = self.number(expr);
            let len = self.part_len(outer, axis, position.span());
            return Some(self.temp("from_end", usize_type(), Op::Binary(BinOp::Sub, len, count), position.span()));
        }
        let position = self.number(position);
        let counts = matches!(self.ty(&position), Type::Int(None | Some("usize")));
        counts.then_some(position)
    }

    /// A part of a part.
    fn composed(&mut self, outer: &View, inner: Vec<Along>, span: Span) -> Option<View> {
        let (mut axes, mut lens) = (outer.axes.clone(), outer.lens.clone());
        for (axis, along) in outer.parts().zip(inner) {
            let Along::Part { lo, hi, step } = &outer.axes[axis] else { continue };
            if along.is_whole() {
                continue;
            }
            lens[axis] = None;
            axes[axis] = match along {
                Along::At(position) => Along::At(self.position_along(outer, axis, position, span)),
                along if outer.axes[axis].is_whole() => along,
                Along::Part { lo: from, hi: to, step: every } if *step == 1 => {
                    let from = match (lo.clone(), from) {
                        (Some(lo), Some(from)) => Some(self.offset(lo, from, span)),
                        (lo, from) => lo.or(from),
                    };
                    let to = match (lo.clone(), to) {
                        (Some(lo), Some(to)) => Some(self.offset(lo, to, span)),
                        (None, Some(to)) => Some(to),
                        (_, None) => hi.clone(),
                    };
                    Along::Part { lo: from, hi: to, step: every }
                }
                Along::Part { .. } => return None,
            };
        }
        Some(View { of: outer.of.clone(), axes, mutable: outer.mutable, name: None, lens, diagonal: outer.diagonal })
    }

    /// The position in the array of the one in the part.
    fn position_along(&mut self, view: &View, axis: usize, position: Operand, span: Span) -> Operand {
        match &view.axes[axis] {
            Along::At(at) => at.clone(),
            Along::Part { lo, step: 1, .. } => match lo {
                Some(lo) => self.offset(lo.clone(), position, span),
                None => position,
            },
            Along::Part { lo, hi, step } => {
                let every = Literal::usize_unsuffixed(step.unsigned_abs());
                let from = match (step.is_negative(), lo, hi) {
                    (true, _, Some(hi)) => Some(hi.clone()),
                    (true, _, None) => Some(self.axis_len(&view.of, axis, span)),
                    (false, lo, _) => lo.clone(),
                };
                let backwards = step.is_negative();
                let operands: Vec<Operand> = from.iter().cloned().chain([position]).collect();
                self.opaque_parts("index", &operands, usize_type(), span, |parts| match (parts, backwards) {
                    ([from, position], true) => quote!(#from - 1 - #position * #every),
                    ([from, position], false) => quote!(#from + #position * #every),
                    (parts, _) => quote!(#(#parts)* * #every),
                })
            }
        }
    }

    fn axis_len(&mut self, of: &Place, axis: usize, span: Span) -> Operand {
        let rank = rank_of(&self.function.place_type(of));
        let (number, root) = (Literal::usize_unsuffixed(axis), self.root.clone());
        self.observe("len", of, usize_type(), span, |of| match (rank, axis) {
            (Some(1), 0) => quote!(#of.len()),
            (Some(2), 0) => quote!(#of.nrows()),
            (Some(2), 1) => quote!(#of.ncols()),
            _ => quote!(#of.len_of(#root::rt::ndarray::Axis(#number))),
        })
    }

    /// How many positions the part has along an axis of the array.
    fn part_len(&mut self, view: &View, axis: usize, span: Span) -> Operand {
        if let Some(len) = &view.lens[axis] {
            return len.clone();
        }
        let Along::Part { lo, hi, step } = view.axes[axis].clone() else { return constant(quote!(1), usize_type()) };
        let hi = match hi {
            Some(hi) => hi,
            None => self.axis_len(&view.of, axis, span),
        };
        let count = match lo {
            Some(lo) => self.temp("len", usize_type(), Op::Binary(BinOp::Sub, hi, lo), span),
            None => hi,
        };
        if step.unsigned_abs() == 1 {
            return count;
        }
        let every = Literal::usize_unsuffixed(step.unsigned_abs());
        self.opaque_parts("len", &[count], usize_type(), span, |parts| {
            let count = &parts[0];
            quote!(#count.div_ceil(#every))
        })
    }

    /// The element of the array that is the part's at these positions.
    pub(super) fn view_element(&mut self, view: &View, positions: &[Operand], span: Span) -> Place {
        let mut positions = positions.iter().cloned();
        let mut indices: Vec<Operand> = Vec::new();
        for (axis, along) in view.axes.iter().enumerate() {
            let index = match along {
                Along::At(at) => at.clone(),
                Along::Part { .. } if view.diagonal && axis == 1 => indices[0].clone(),
                Along::Part { .. } => {
                    let position = positions.next().unwrap_or_else(|| constant(quote!(0), usize_type()));
                    self.position_along(view, axis, position, span)
                }
            };
            indices.push(index);
        }
        let mut element = view.of.clone();
        match indices.as_slice() {
            [index] => element.push(Proj::Index(index.clone())),
            _ => element.push(Proj::IndexNd(indices)),
        }
        element
    }

    /// The elements of a part, row by row.
    pub(super) fn view_elements(&mut self, view: View, mutability: Mutability, indexed: bool, span: Span) -> Parsed {
        let view = self.measured(&view, span);
        let len = self.view_len(&view, 0, span);
        let chain = self.count_up(constant(quote!(0), Type::Int(None)), len, span);
        match (view.rank(), chain) {
            (1, Chain::Loop { id, iter: Iter::Range { var, lo, hi, inclusive }, .. }) => {
                let item = Item::Cell { of: Box::new(view), position: var, mutability };
                let chain = Chain::Loop { id, iter: Iter::Range { var, lo, hi, inclusive }, item };
                Some(if indexed { self.enumerated(chain, span) } else { chain })
            }
            (2, rows) => Some(Chain::Then(Box::new(rows), Stage::Columns { of: Box::new(view), mutability, indexed })),
            _ => None,
        }
    }

    /// `.rows_mut()`, `.axis_iter_mut(Axis(0))`, `.lanes(Axis(1))`: each item is a part.
    pub(super) fn lent_parts(&mut self, call: &ExprMethodCall) -> Parsed {
        let span = call.span();
        let receiver = self.value(&call.receiver);
        let of = self.as_view(receiver, span)?;
        let of = self.measured(&of, span);
        let number = match call.args.first() {
            Some(axis) => Some(literal_axis(axis)?),
            None => None,
        };
        let axis = match (call.method.to_string().as_str(), of.rank(), number) {
            ("rows_mut", 2, None) | ("outer_iter_mut", 2.., None) => 0,
            ("columns_mut", 2, None) => 1,
            ("axis_iter_mut", 2.., Some(axis)) if axis < of.rank() => axis,
            ("lanes" | "lanes_mut", 2, Some(along @ (0 | 1))) => 1 - along,
            _ => return None,
        };
        let len = self.view_len(&of, axis, span);
        let chain = self.count_up(constant(quote!(0), Type::Int(None)), len, span);
        self.with_item(chain, |position| Item::Lent { of: Box::new(of), axis, position })
    }

    /// `.windows(n)` of an array with one axis.
    pub(super) fn array_windows(&mut self, receiver: Lowered, size: Operand, span: Span) -> Parsed {
        let of = self.as_view(receiver, span).filter(|of| of.rank() == 1)?;
        let len = self.view_len(&of, 0, span);
        let count = self.opaque_parts("count", &[len, size.clone()], usize_type(), span, |parts| {
            let (len, size) = (&parts[0], &parts[1]);
            quote!((#len + 1).saturating_sub(#size))
        });
        let chain = self.count_up(constant(quote!(0), Type::Int(None)), count, span);
        let window = |position| Item::Window { of: Box::new(of), axis: 0, position, size, apart: false };
        self.with_item(chain, window)
    }

    /// `.axis_chunks_iter(Axis(0), n)`: parts of `n` positions, of which the last may be shorter; `.exact_chunks(n)` of an
    /// array with one axis: without the shorter one.
    pub(super) fn array_chunks(&mut self, call: &ExprMethodCall) -> Parsed {
        let span = call.span();
        let receiver = self.value(&call.receiver);
        let exact = call.args.len() == 1;
        let axis = if exact { 0 } else { literal_axis(call.args.first()?)? };
        let of = self.as_view(receiver, span).filter(|of| axis < of.rank() && (!exact || of.rank() == 1))?;
        let of = self.measured(&of, span);
        let (len, size) = (self.view_len(&of, axis, span), self.number(call.args.last()?));
        let count = self.opaque_parts("count", &[len, size.clone()], usize_type(), span, |parts| {
            let (len, size) = (&parts[0], &parts[1]);
            if exact { quote!(#len / #size) } else { quote!(#len.div_ceil(#size)) }
        });
        let chain = self.count_up(constant(quote!(0), Type::Int(None)), count, span);
        self.with_item(chain, |position| Item::Window { of: Box::new(of), axis, position, size, apart: true })
    }

    fn with_item(&mut self, chain: Chain, item: impl FnOnce(VarId) -> Item) -> Parsed {
        let Chain::Loop { id, iter, item: Item::Ready(Lowered::Operand(Operand::Var(position))) } = chain else {
            return None;
        };
        Some(Chain::Loop { id, iter, item: item(position) })
    }

    /// One window, inside the loop.
    pub(super) fn window_at(
        &mut self,
        of: &View,
        axis: usize,
        position: VarId,
        size: &Operand,
        apart: bool,
        span: Span,
    ) -> Lowered {
        let position = Operand::Var(position);
        let start = match apart {
            true => self.temp("start", usize_type(), Op::Binary(BinOp::Mul, position, size.clone()), span),
            false => position,
        };
        let mut end = self.temp("end", usize_type(), Op::Binary(BinOp::Add, start.clone(), size.clone()), span);
        if apart {
            let len = self.view_len(of, axis, span);
            end = self.opaque_parts("end", &[end, len], usize_type(), span, |parts| {
                let (end, len) = (&parts[0], &parts[1]);
                quote!(#end.min(#len))
            });
        }
        let mut axes = vec![Along::WHOLE; of.rank()];
        axes[axis] = Along::Part { lo: Some(start), hi: Some(end), step: 1 };
        match self.composed(of, axes, span) {
            Some(window) => Lowered::View(Box::new(window)),
            None => self.refuse_at(span, "windows of such a part are not supported", "loop over the positions"),
        }
    }

    /// A view of the part, where it is read as a whole.
    pub(super) fn seen(&mut self, view: &View, span: Span) -> Operand {
        // What is in memory may change before the reverse sweep: then the part is copied rather than the whole array.
        let changes = self.function[view.of.root].storage == Storage::Memory;
        if view.diagonal || changes && !view.axes.iter().all(Along::is_whole) {
            return self.copy_of_view(view, span);
        }
        if view.axes.iter().all(Along::is_whole) {
            return self.view_by("view", view, Vec::new(), span);
        }
        match view.axes.as_slice() {
            [Along::At(at), rest] if rest.is_whole() => self.view_by("row", view, vec![at.clone()], span),
            [rest, Along::At(at)] if rest.is_whole() => self.view_by("column", view, vec![at.clone()], span),
            axes => {
                let (shapes, operands): (Vec<_>, Vec<_>) = axes.iter().map(shape_of).unzip();
                let (operands, root): (Vec<Operand>, _) = (operands.concat(), self.root.clone());
                let info = self.opaque_parts("part", &operands, Type::Inactive, span, |parts| {
                    let mut parts = parts.iter();
                    let arguments = shapes.iter().map(|shape| shape.tokens(&mut parts));
                    quote!(#root::rt::ndarray::s![#(#arguments),*])
                });
                self.view_by("slice", view, vec![info], span)
            }
        }
    }

    fn view_by(&mut self, name: &str, view: &View, rest: Vec<Operand>, span: Span) -> Operand {
        let Some(row) = tensor::row(name) else { return constant(quote!(()), Type::Unknown) };
        let receiver = self.receiver_arg(Lowered::Place(view.of.clone()), span);
        let ty = match name {
            "slice" => self.view_type(view),
            _ => tensor_type(name, &[types::strip_refs(&self.function.place_type(&view.of)).clone()]),
        };
        let args: Vec<Arg> = std::iter::once(receiver).chain(rest.into_iter().map(Arg::Value)).collect();
        let what = if name == "slice" { "part" } else { name };
        let wish = view.name.clone().unwrap_or_else(|| super::lowerer::joined(&self.place_name(&view.of), what));
        let part = self.temp(&wish, ty, Op::Intrinsic(Intrinsic { row, args, path: None, span }), span);
        if let (Operand::Var(var), true) = (&part, self.place_is_constant(&view.of)) {
            self.constants.insert(*var);
        }
        part
    }

    /// Lowers `body` in loops over the positions of the part.
    pub(super) fn each_position(&mut self, view: &View, span: Span, mut body: impl FnMut(&mut Self, &[Operand])) {
        let axes: Vec<usize> = view.parts().collect();
        let view = self.measured(view, span);
        self.nested_positions(&view, &axes, &mut Vec::new(), span, &mut body);
    }

    fn nested_positions(
        &mut self,
        view: &View,
        axes: &[usize],
        positions: &mut Vec<Operand>,
        span: Span,
        body: &mut dyn FnMut(&mut Self, &[Operand]),
    ) {
        let Some((axis, inner)) = axes.split_first() else { return body(self, positions) };
        let len = self.part_len(view, *axis, span);
        let chain = self.count_up(constant(quote!(0), Type::Int(None)), len, span);
        self.run_chain(chain, |this, position| {
            positions.push(this.numeric(position, span));
            this.nested_positions(view, inner, positions, span, &mut *body);
            positions.pop();
        });
    }

    /// The part with its lengths, which are asked once, before the loops over its positions.
    pub(super) fn measured(&mut self, view: &View, span: Span) -> View {
        let mut measured = view.clone();
        for axis in view.parts() {
            measured.lens[axis] = Some(self.part_len(view, axis, span));
        }
        measured
    }

    /// The number of positions along the part's own axis.
    pub(super) fn view_len(&mut self, view: &View, own: usize, span: Span) -> Operand {
        match view.parts().nth(own) {
            Some(axis) => self.part_len(view, axis, span),
            None => constant(quote!(1), usize_type()),
        }
    }
}

/// One argument of `s![..]` without its operands.
enum Shape {
    At,
    Part { lo: bool, hi: bool, step: isize },
}

fn shape_of(along: &Along) -> (Shape, Vec<Operand>) {
    match along {
        Along::At(at) => (Shape::At, vec![at.clone()]),
        Along::Part { lo, hi, step } => {
            let operands = lo.iter().chain(hi).cloned().collect();
            (Shape::Part { lo: lo.is_some(), hi: hi.is_some(), step: *step }, operands)
        }
    }
}

impl Shape {
    fn tokens<'t>(&self, operands: &mut impl Iterator<Item = &'t TokenStream>) -> TokenStream {
        match self {
            Shape::At => operands.next().cloned().unwrap_or_default(),
            Shape::Part { lo, hi, step } => {
                let lo = lo.then(|| operands.next()).flatten();
                let hi = hi.then(|| operands.next()).flatten();
                let every = Literal::isize_unsuffixed(*step);
                let every = (*step != 1).then(|| quote!(;#every));
                quote!(#lo..#hi #every)
            }
        }
    }
}

fn usize_type() -> Type {
    Type::Int(Some("usize"))
}
