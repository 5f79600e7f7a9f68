//! Where iterator chains begin: ranges, elements, windows and chunks.

use super::chain::{Chain, Item, Parsed};
use super::env::{Lowered, Mutability};
use super::lowerer::{Lowerer, constant};
use crate::analysis::types;
use crate::ir::{BinOp, Iter, Op, Operand, Origin, Place, Proj, Storage, Type, VarId};
use proc_macro2::Span;
use quote::quote;
use syn::spanned::Spanned;
use syn::{Expr, ExprCall, ExprMethodCall};

impl Lowerer<'_> {
    pub(super) fn range_source(&mut self, range: &syn::ExprRange) -> Parsed {
        let lo = self.number(range.start.as_ref()?);
        let name = "i";
        let ty = self.ty(&lo);
        let Some(end) = &range.end else {
            let var = self.fresh(name, ty, Storage::Value, Origin::Temp, range.span());
            return Some(self.source(Iter::From { var, lo }, Lowered::Operand(Operand::Var(var))));
        };
        let hi = self.number(end);
        let mut ty = self.ty(&hi);
        if !matches!(ty, Type::Int(Some(_))) {
            let mut other = self.ty(&lo);
            types::merge(&mut other, &ty);
            ty = other;
        }
        // The ends of a range are integers, whatever little is known of them.
        let ty = if matches!(ty, Type::Int(_)) { ty } else { Type::Int(None) };
        let var = self.fresh(name, ty, Storage::Value, Origin::Temp, range.span());
        let inclusive = matches!(range.limits, syn::RangeLimits::Closed(_));
        Some(self.source(Iter::Range { var, lo, hi, inclusive }, Lowered::Operand(Operand::Var(var))))
    }

    /// `lo..hi`
    pub(super) fn count_up(&mut self, lo: Operand, hi: Operand, span: Span) -> Chain {
        let var = self.fresh("k", Type::Int(Some("usize")), Storage::Value, Origin::Temp, span);
        self.source(Iter::Range { var, lo, hi, inclusive: false }, Lowered::Operand(Operand::Var(var)))
    }

    /// `.iter()` of an array, a slice, a `Vec`, or of a vector of ndarray.
    pub(super) fn elements(&mut self, of: Lowered, mutable: bool, span: Span) -> Parsed {
        let mutability = if mutable { Mutability::Mutable } else { Mutability::Shared };
        if let Lowered::View(view) = of {
            return self.view_elements(*view, mutability, false, span);
        }
        let of = self.behind_pointer(of, span);
        let ty = self.bare_type(&of);
        let elem = match &ty {
            Type::Array(elem, _) | Type::Slice(elem) | Type::Vec(elem) | Type::Deque(elem) => Some(elem.clone()),
            // A table outside of the function.
            _ if matches!(of, Lowered::Operand(Operand::Const(_))) => Some(Box::new(Type::Inactive)),
            // What a call returned: an array most likely.
            Type::Unknown if !self.lowered_is_constant(&of) => Some(Box::new(Type::Unknown)),
            _ => None,
        };
        match (ty, elem) {
            (_, Some(elem)) => {
                let mut place = self.place_of(of, span);
                while matches!(place.path.last(), Some(Proj::Deref)) {
                    place.path.pop();
                }
                let name = format!("{}_item", self.place_name(&place));
                let constant = self.place_is_constant(&place);
                let ty = Type::Ref { mutable, inner: elem };
                let var = self.fresh(&name, ty, Storage::Value, Origin::Temp, span);
                if constant {
                    self.constants.insert(var);
                }
                let element = Lowered::Place(Place { root: var, path: vec![Proj::Deref] });
                let item = Lowered::Ref(Box::new(element), mutability);
                Some(self.source(Iter::Elements { var, of: place, mutable }, item))
            }
            (Type::Tensor(tensor), None) if tensor.rank == Some(1) => {
                let place = self.place_of(of, span);
                Some(self.positions_of(place, mutability, span))
            }
            (Type::Tensor(tensor), None) if tensor.rank == Some(2) => {
                let of = self.as_view(of, span)?;
                self.view_elements(of, mutability, false, span)
            }
            _ => None,
        }
    }

    /// The elements of a place by their positions.
    pub(super) fn positions_of(&mut self, of: Place, mutability: Mutability, span: Span) -> Chain {
        let hi = self.length(&of, span);
        let lo = constant(quote!(0), Type::Int(None));
        self.positions_between(of, (lo, hi, false), mutability, span)
    }

    /// The elements of a place at the positions of a range.
    pub(super) fn positions_between(
        &mut self,
        of: Place,
        (lo, hi, inclusive): (Operand, Operand, bool),
        mutability: Mutability,
        span: Span,
    ) -> Chain {
        let var = self.fresh("k", Type::Int(Some("usize")), Storage::Value, Origin::Temp, span);
        let iter = Iter::Range { var, lo, hi, inclusive };
        Chain::Loop { id: self.function.fresh_scope(None), iter, item: Item::Element { of, position: var, mutability } }
    }

    /// `.indexed_iter()` of an ndarray.
    pub(super) fn indexed_elements(&mut self, call: &ExprMethodCall) -> Parsed {
        let span = call.span();
        let mutability = if call.method == "indexed_iter" { Mutability::Shared } else { Mutability::Mutable };
        let receiver = self.value(&call.receiver);
        match (self.bare_type(&receiver), receiver) {
            (Type::Tensor(tensor), receiver) if tensor.rank == Some(1) && !matches!(receiver, Lowered::View(_)) => {
                let of = self.place_of(receiver, span);
                let chain = self.positions_of(of, mutability, span);
                Some(self.enumerated(chain, span))
            }
            (Type::Tensor(_), receiver) => {
                let of = self.as_view(receiver, span)?;
                self.view_elements(of, mutability, true, span)
            }
            _ => None,
        }
    }

    /// `std::iter::once(x)`, `repeat(x)`, `zip(a, b)`, `empty()`.
    pub(super) fn source_function(&mut self, call: &ExprCall) -> Parsed {
        let name = source_function_name(&call.func)?;
        let span = call.span();
        match (name.as_str(), call.args.first()) {
            ("once", Some(item)) => {
                let item = self.value(item);
                Some(Chain::Once(self.settled(item, span)))
            }
            ("repeat", Some(item)) => {
                let item = self.value(item);
                let item = self.settled(item, span);
                let lo = constant(quote!(0), Type::Int(Some("usize")));
                let var = self.fresh("k", Type::Int(Some("usize")), Storage::Value, Origin::Temp, span);
                Some(self.source(Iter::From { var, lo }, item))
            }
            ("successors" | "from_fn", Some(_)) => self.generator(&name, call),
            ("repeat_n", Some(item)) if call.args.len() == 2 => {
                let count = &call.args[1];
                let repeated: ExprMethodCall = syn::parse_quote!(::core::iter::repeat(#item).take(#count));
                self.chain(&Expr::MethodCall(repeated))
            }
            ("repeat_with", Some(function)) => {
                let given = self.ignoring(function);
                let lo = constant(quote!(0), Type::Int(Some("usize")));
                let var = self.fresh("k", Type::Int(Some("usize")), Storage::Value, Origin::Temp, span);
                Some(self.source(Iter::From { var, lo }, Lowered::Unit).mapped(given))
            }
            ("zip", Some(left)) if call.args.len() == 2 => {
                let (left, right) = (left, &call.args[1]);
                let zip: ExprMethodCall = syn::parse_quote!((#left).into_iter().zip(#right));
                self.chain(&Expr::MethodCall(zip))
            }
            _ => None,
        }
    }

    /// A value that is read once, where it stands.
    fn settled(&mut self, item: Lowered, span: Span) -> Lowered {
        match item {
            Lowered::Place(place) => Lowered::Operand(self.read(Lowered::Place(place), span)),
            other => other,
        }
    }

    /// `.windows(n)`, `.chunks(n)`: a loop over positions, each piece an alias of a sub-slice.
    pub(super) fn pieces(&mut self, call: &ExprMethodCall) -> Parsed {
        let span = call.span();
        let receiver = self.value(&call.receiver);
        let receiver = self.with_method(receiver, &call.method).strip();
        if let (Type::Tensor(_), "windows", Some(size)) =
            (self.bare_type(&receiver), call.method.to_string().as_str(), call.args.first())
        {
            let size = self.number(size);
            return self.array_windows(receiver, size, span);
        }
        if !matches!(self.bare_type(&receiver), Type::Array(..) | Type::Slice(_) | Type::Vec(_)) {
            return None;
        }
        let place = self.place_of(receiver, span);
        let size = match (call.args.first(), &call.turbofish) {
            (Some(size), _) => self.number(size),
            (None, Some(turbofish)) => {
                let size = &turbofish.args;
                self.number(&syn::parse_quote!(#size))
            }
            (None, None) => {
                let help = "write it: `array_windows::<2>()`";
                self.refuse(&call.method, "how many elements a window has is not seen here", help);
                return None;
            }
        };
        let var = self.fresh("k", Type::Int(Some("usize")), Storage::Value, Origin::Temp, span);
        let whole = place.clone();
        let len = self.length(&whole, span);
        let name = call.method.to_string();
        let whole = !matches!(name.as_str(), "windows" | "array_windows" | "chunks" | "chunks_mut" | "rchunks");
        let hi = if whole {
            self.temp("count", usize_type(), Op::Binary(BinOp::Div, len.clone(), size.clone()), span)
        } else {
            self.opaque_parts("count", &[len.clone(), size.clone()], usize_type(), span, |parts| {
                let (len, size) = (&parts[0], &parts[1]);
                match name.as_str() {
                    "windows" | "array_windows" => quote!((#len + 1).saturating_sub(#size)),
                    _ => quote!(#len.div_ceil(#size)),
                }
            })
        };
        let lo = constant(quote!(0), Type::Int(None));
        let iter = Iter::Range { var, lo, hi, inclusive: false };
        let mutability = if name.ends_with("_mut") { Mutability::Mutable } else { Mutability::Shared };
        let cut = match name.as_str() {
            "windows" | "array_windows" => Cut::Overlapping,
            "rchunks" | "rchunks_exact" => Cut::FromTheEnd(len),
            _ if whole => Cut::Whole,
            _ => Cut::FromTheStart(len),
        };
        let item = Item::Piece { position: var, size, of: place, cut, mutability };
        Some(Chain::Loop { id: self.function.fresh_scope(None), iter, item })
    }

    /// The place of one window or chunk, inside the loop.
    pub(super) fn piece(&mut self, position: VarId, size: &Operand, of: &Place, cut: &Cut, span: Span) -> Lowered {
        let position = Operand::Var(position);
        let (start, end) = match cut {
            Cut::Overlapping => {
                let end = Op::Binary(BinOp::Add, position.clone(), size.clone());
                (position, self.temp("end", usize_type(), end, span))
            }
            Cut::Whole => {
                let start = self.temp("start", usize_type(), Op::Binary(BinOp::Mul, position, size.clone()), span);
                let end = Op::Binary(BinOp::Add, start.clone(), size.clone());
                (start, self.temp("end", usize_type(), end, span))
            }
            Cut::FromTheStart(len) => {
                let start = self.temp("start", usize_type(), Op::Binary(BinOp::Mul, position, size.clone()), span);
                let parts = [start.clone(), size.clone(), len.clone()];
                let end = self.opaque_parts("end", &parts, usize_type(), span, |parts| {
                    let (start, size, len) = (&parts[0], &parts[1], &parts[2]);
                    quote!(::core::cmp::Ord::min(#start + #size, #len))
                });
                (start, end)
            }
            Cut::FromTheEnd(len) => {
                let left = self.temp("left", usize_type(), Op::Binary(BinOp::Mul, position, size.clone()), span);
                let end = self.temp("end", usize_type(), Op::Binary(BinOp::Sub, len.clone(), left), span);
                let start = self.opaque_parts("start", &[end.clone(), size.clone()], usize_type(), span, |parts| {
                    let (end, size) = (&parts[0], &parts[1]);
                    quote!(#end.saturating_sub(#size))
                });
                (start, end)
            }
        };
        let mut place = of.clone();
        self.push_range(&mut place, Some(start), Some(end), false, span);
        Lowered::Place(place)
    }
}

/// How a list is cut into pieces; what is cut off needs the length of the whole.
#[derive(Clone)]
pub(super) enum Cut {
    /// Windows.
    Overlapping,
    /// From the start, without what is left at the end.
    Whole,
    FromTheStart(Operand),
    FromTheEnd(Operand),
}

fn usize_type() -> Type {
    Type::Int(Some("usize"))
}

/// The function of `std::iter` that a path names.
fn source_function_name(function: &Expr) -> Option<String> {
    let Expr::Path(path) = super::place::strip_parens(function) else { return None };
    let mut segments = path.path.segments.iter().rev();
    let name = segments.next()?.ident.to_string();
    let known =
        matches!(name.as_str(), "once" | "repeat" | "zip" | "repeat_n" | "repeat_with" | "successors" | "from_fn");
    let of_iter = segments.next().map_or(name != "from_fn", |segment| segment.ident == "iter");
    (known && of_iter).then_some(name)
}

pub(super) fn is_source_function(function: &Expr) -> bool {
    source_function_name(function).is_some()
}
