//! Several arrays side by side: `Zip` and `azip!`.

use super::env::{Lowered, Mutability};
use super::lowerer::{Lowerer, constant, poison};
use super::place::strip_parens;
use super::rows::literal_axis;
use super::views::View;
use crate::ir::{Arg, Intrinsic, Op, Operand, Type};
use crate::rules::tensor;
use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, ExprMethodCall, Token};

/// One of the arrays of a `Zip`.
struct Side {
    view: View,
    /// The axis whose parts are the items; without one, the elements are.
    along: Option<usize>,
    mutability: Mutability,
}

/// The arrays of `Zip::from(a).and(b)` as they are written.
struct Zipped {
    /// Positions come first.
    indexed: bool,
    /// Whether an array is broadcast to the shape of the first one.
    arrays: Vec<(Expr, bool)>,
}

impl Lowerer<'_> {
    /// `Zip::from(a).and(b).for_each(|a, b| ..)`, `map_collect`, `map_assign_into`, `fold`
    pub(super) fn zip_call(&mut self, call: &ExprMethodCall) -> Option<Lowered> {
        let name = call.method.to_string();
        let name = name.strip_prefix("par_").unwrap_or(&name);
        if matches!(name, "all" | "any") {
            return self.zip_condition(name == "all", call);
        }
        let arguments = match name {
            "for_each" | "map_collect" => 1,
            "fold" | "map_assign_into" => 2,
            _ => return None,
        };
        let zipped = zipped(&call.receiver)?;
        if call.args.len() != arguments || self.is_inactive(&quote!(#call)) {
            return None;
        }
        Some(self.zip(name, &zipped, call))
    }

    /// `Zip::from(a).and(b).all(f)` is `Zip::from(a).and(b).fold(true, |holds, a, b| holds && f(a, b))`.
    fn zip_condition(&mut self, all: bool, call: &ExprMethodCall) -> Option<Lowered> {
        let (zip, Expr::Closure(closure)) = (&call.receiver, strip_parens(call.args.first()?)) else { return None };
        let (inputs, body) = (&closure.inputs, &closure.body);
        let joined = if all { quote!(holds && (#body)) } else { quote!(holds || (#body)) };
        self.zip_call(&syn::parse_quote!(#zip.fold(#all, |holds, #inputs| #joined)))
    }

    fn zip(&mut self, name: &str, zipped: &Zipped, call: &ExprMethodCall) -> Lowered {
        let span = call.span();
        let Some(sides) = self.sides(zipped) else { return poison() };
        let Some(first) = self.shape_of_side(&sides[0], span) else { return poison() };
        let function = call.args.last().unwrap_or(&call.receiver);
        let made = match name {
            "map_collect" => {
                let shape: Vec<Operand> = (0..first.rank()).map(|axis| self.view_len(&first, axis, span)).collect();
                let zeros = self.zeros(&shape, first.rank(), span, super::arrays::shape_tokens);
                Some(self.new_array(zeros, first.rank(), span))
            }
            "map_assign_into" => match self.side(&call.args[0]) {
                Some(into) => Some(into.view),
                None => return poison(),
            },
            _ => None,
        };
        let acc = (name == "fold").then(|| {
            let start = self.value(&call.args[0]);
            self.accumulator(&start, span)
        });
        self.each_position(&first, span, |this, positions| {
            let mut arguments: Vec<Lowered> = acc.iter().map(|acc| this.load(acc, span)).collect();
            if zipped.indexed {
                arguments.push(match positions {
                    [position] => Lowered::Operand(position.clone()),
                    positions => Lowered::Tuple(positions.iter().cloned().map(Lowered::Operand).collect()),
                });
            }
            for side in &sides {
                let Some(item) = this.item_of_side(side, positions, span) else { return };
                arguments.push(item);
            }
            let at = this.position();
            let value = this.apply(function, arguments);
            match (&made, &acc) {
                (Some(made), _) => this.set(made, positions, value, span),
                (None, Some(acc)) => this.store_parts(acc, value, span),
                (None, None) => this.discard(at),
            }
        });
        match (made, acc) {
            (Some(made), _) if name == "map_collect" => self.made(&made, span),
            (None, Some(acc)) => self.load(&acc, span),
            (Some(_) | None, _) => Lowered::Unit,
        }
    }

    /// The arrays, those that are broadcast as views in the shape of the first one.
    fn sides(&mut self, zipped: &Zipped) -> Option<Vec<Side>> {
        let mut sides: Vec<Side> = Vec::new();
        for (array, broadcast) in &zipped.arrays {
            let side = match sides.first() {
                Some(first) if *broadcast => {
                    let shape = self.shape_of_side(first, array.span())?;
                    self.broadcast_side(array, &shape)?
                }
                _ => self.side(array)?,
            };
            sides.push(side);
        }
        Some(sides)
    }

    fn side(&mut self, array: &Expr) -> Option<Side> {
        let parts = parts_of(array);
        let lowered = self.value(parts.as_ref().map_or(array, |(array, _)| array));
        let mutability = match &lowered {
            Lowered::Ref(_, mutability) => *mutability,
            Lowered::View(view) if view.mutable => Mutability::Mutable,
            _ => Mutability::Shared,
        };
        if self.is_refused(&lowered) {
            return None;
        }
        let rank_of_parts = |view: &View| parts.as_ref().is_none_or(|(_, axis)| view.rank() > 1 && *axis < view.rank());
        match self.as_view(lowered, array.span()).filter(rank_of_parts) {
            Some(view) => Some(Side { view, along: parts.map(|(_, axis)| axis), mutability }),
            None => {
                self.refuse(array, "how many axes this array has is not known here", "write the loop");
                None
            }
        }
    }

    /// An array as a view in another shape.
    fn broadcast_side(&mut self, array: &Expr, shape: &View) -> Option<Side> {
        let span = array.span();
        let lowered = self.value(array);
        if self.is_refused(&lowered) {
            return None;
        }
        let lens: Vec<Operand> = (0..shape.rank()).map(|axis| self.view_len(shape, axis, span)).collect();
        let ty = Type::Tuple(vec![Type::Int(Some("usize")); lens.len()]);
        let lens = self.opaque_parts("shape", &lens, ty, span, |parts| quote!((#(#parts,)*)));
        let array = self.receiver_arg(lowered, span);
        let wide = self.broadcast_to(array, lens, Some(shape.rank()), span);
        let view = self.as_view(wide, span)?;
        Some(Side { view, along: None, mutability: Mutability::Shared })
    }

    /// A part with the positions of the items; where those are parts themselves, its elements mean nothing.
    fn shape_of_side(&mut self, side: &Side, span: Span) -> Option<View> {
        let view = match side.along {
            Some(along) => {
                let first = vec![constant(quote!(0), Type::Int(Some("usize"))); side.view.rank() - 1];
                self.lane_at(&side.view, along, &first, span)?
            }
            None => side.view.clone(),
        };
        Some(self.measured(&view, span))
    }

    fn item_of_side(&mut self, side: &Side, positions: &[Operand], span: Span) -> Option<Lowered> {
        if let Some(along) = side.along {
            let part = self.part_at(&side.view, along, positions[0].clone(), span)?;
            return Some(Lowered::View(Box::new(part)));
        }
        let element = self.view_element(&side.view, positions, span);
        Some(Lowered::Ref(Box::new(self.place_value(element)), side.mutability))
    }

    /// `a.broadcast(shape).unwrap()`
    pub(super) fn broadcast_to(&mut self, array: Arg, shape: Operand, rank: Option<usize>, span: Span) -> Lowered {
        let Some(row) = tensor::row("broadcast_to") else { return poison() };
        let elem = match crate::analysis::types::strip_refs(&self.arg_type(&array)) {
            Type::Tensor(tensor) => tensor.elem.clone(),
            _ => Box::new(Type::Unknown),
        };
        let ty = Type::Tensor(crate::ir::Tensor { elem, rank, view: true });
        let op = Op::Intrinsic(Intrinsic { row, args: vec![array, Arg::Value(shape)], path: None, span });
        Lowered::Operand(self.temp("wide", ty, op, span))
    }

    /// `azip!((a in &mut x, &b in &y) *a = b)`, which is a `Zip`.
    pub(super) fn azip(&mut self, mac: &syn::Macro) -> Option<Lowered> {
        let mut trees = mac.tokens.clone().into_iter();
        let Some(proc_macro2::TokenTree::Group(head)) = trees.next() else { return None };
        let body: TokenStream = trees.collect();
        let parse = |input: syn::parse::ParseStream<'_>| {
            let indexed =
                input.peek(syn::Ident) && !input.peek2(Token![in]) && input.fork().parse::<syn::Ident>()? == "index";
            if indexed {
                input.parse::<syn::Ident>()?;
                return Ok((syn::Pat::parse_single(input)?, None));
            }
            let pattern = syn::Pat::parse_single(input)?;
            input.parse::<Token![in]>()?;
            Ok((pattern, Some(input.parse::<Expr>()?)))
        };
        let bindings = Punctuated::<(syn::Pat, Option<Expr>), Token![,]>::parse_terminated_with;
        let bindings = (|input: syn::parse::ParseStream<'_>| bindings(input, parse)).parse2(head.stream()).ok()?;
        let (patterns, arrays): (Vec<_>, Vec<_>) = bindings.into_iter().unzip();
        let (start, arrays) = match arrays.split_first()? {
            (None, arrays) => (quote!(indexed), arrays),
            (Some(_), _) => (quote!(from), arrays.as_slice()),
        };
        let arrays: Vec<&Expr> = arrays.iter().map(Option::as_ref).collect::<Option<_>>()?;
        let (first, rest) = arrays.split_first()?;
        let root = &self.root;
        let zip = quote!(#root::rt::ndarray::Zip::#start(#first)#(.and(#rest))*.for_each(|#(#patterns),*| { #body }));
        match syn::parse2(zip).ok()? {
            Expr::MethodCall(zip) => self.zip_call(&zip),
            _ => None,
        }
    }
}

/// The array and the axis of `m.rows()`, `m.axis_iter(Axis(1))` and their relatives, whose items are parts.
fn parts_of(expr: &Expr) -> Option<(Expr, usize)> {
    let Expr::MethodCall(call) = strip_parens(expr) else { return None };
    let axis = match (call.method.to_string().as_str(), call.args.first()) {
        ("rows" | "rows_mut" | "outer_iter" | "outer_iter_mut", None) => 0,
        ("columns" | "columns_mut", None) => 1,
        ("axis_iter" | "axis_iter_mut", Some(axis)) => literal_axis(axis)?,
        _ => return None,
    };
    let (array, mutable) = (&call.receiver, call.method.to_string().ends_with("_mut"));
    Some((if mutable { syn::parse_quote!((&mut #array)) } else { (**array).clone() }, axis))
}

/// The arrays of `Zip::from(a).and(b)`, and whether their positions come first.
fn zipped(expr: &Expr) -> Option<Zipped> {
    match strip_parens(expr) {
        Expr::MethodCall(call) if call.args.len() == 1 && (call.method == "and" || call.method == "and_broadcast") => {
            let mut zipped = zipped(&call.receiver)?;
            zipped.arrays.push((call.args[0].clone(), call.method == "and_broadcast"));
            Some(zipped)
        }
        Expr::Call(call) if call.args.len() == 1 => {
            let Expr::Path(path) = strip_parens(&call.func) else { return None };
            let mut segments = path.path.segments.iter().rev();
            let (function, owner) = (segments.next()?, segments.next()?);
            let known = owner.ident == "Zip" && (function.ident == "from" || function.ident == "indexed");
            let indexed = function.ident == "indexed";
            known.then(|| Zipped { indexed, arrays: vec![(call.args[0].clone(), false)] })
        }
        _ => None,
    }
}
