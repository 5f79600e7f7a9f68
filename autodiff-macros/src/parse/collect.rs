//! Chains that give elements: `.collect()`, `array.map(..)`, `.max_by(..)`; and how long a chain is.

use super::chain::Chain;
use super::env::Lowered;
use super::lowerer::{Lowerer, constant};
use super::place::strip_parens;
use crate::analysis::types::{self, is_float};
use crate::ir::{Float, Iter, Op, Operand, Origin, Place, Proj, Stmt, Storage, Type};
use proc_macro2::Span;
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{Expr, ExprMethodCall};

impl Lowerer<'_> {
    /// `xs.iter().max_by(compare).unwrap()`: the element at the position that the comparison selects. The position has
    /// no derivative.
    pub(super) fn selected(&mut self, call: &ExprMethodCall) -> Option<Lowered> {
        if !matches!(call.method.to_string().as_str(), "max_by" | "min_by") || self.is_inactive(&call.to_token_stream())
        {
            return None;
        }
        let compare = call.args.first()?;
        let Expr::MethodCall(source) = strip_parens(&call.receiver) else { return None };
        let (by_value, source) = match (source.method.to_string().as_str(), strip_parens(&source.receiver)) {
            ("copied" | "cloned", Expr::MethodCall(inner)) => (true, inner),
            _ => (false, source),
        };
        if source.method != "iter" {
            return None;
        }
        let span = call.span();
        let receiver = self.value(&source.receiver);
        let mut place = self.place_of(receiver, span);
        let compared = match strip_parens(compare) {
            // The parameters become variables: an immediate call would leave their types open.
            Expr::Closure(closure) if closure.inputs.len() == 2 => {
                let (left, right, body) = (&closure.inputs[0], &closure.inputs[1], &closure.body);
                quote!({
                    let #left = &__left.1;
                    let #right = &__right.1;
                    #body
                })
            }
            function => quote!((#function)(&__left.1, &__right.1)),
        };
        let (chain, method) = (&call.receiver, &call.method);
        let position =
            quote!(#chain.enumerate().#method(|__left, __right| #compared).map_or(0, |__selected| __selected.0));
        let opaque = self.opaque(position, super::opaque::Looks::Observer)?;
        let index = self.temp("position", Type::Int(Some("usize")), Op::Opaque(opaque), span);
        self.push_index(&mut place, index, span);
        let element = self.place_value(place);
        Some(if by_value { element } else { element.shared() })
    }

    /// `.collect::<Vec<_>>()` and `array.map(..)`: the length is known before, the elements are assigned.
    pub(super) fn collect(
        &mut self,
        chain: Chain,
        array: Option<proc_macro2::TokenStream>,
        ty: Option<Type>,
        call: &ExprMethodCall,
    ) -> Lowered {
        let span = call.span();
        let into_vec = matches!(ty, Some(Type::Vec(_)) | None | Some(Type::Unknown));
        if !chain.filters.is_empty() || !into_vec {
            let message = "this `collect` of differentiable values is not supported yet";
            return self.refuse(&call.method, message, "collect into a `Vec` without `filter`, or write the loop");
        }
        let len = match &array {
            Some(len) => constant(len.clone(), Type::Int(Some("usize"))),
            None => self.chain_length(&chain.iter, span),
        };
        let at = self.position();
        let counter = self.fresh("k", Type::Int(Some("usize")), Storage::Value, Origin::Temp, span);
        let out = self.fresh("collected", Type::Unknown, Storage::Memory, Origin::Temp, span);
        let chain = Chain { iter: Iter::Enumerate { var: counter, inner: Box::new(chain.iter) }, ..chain };
        let mut elem = match ty {
            Some(Type::Vec(elem)) => *elem,
            _ => Type::Unknown,
        };
        self.run_chain(chain, None, |this, item| {
            let value = this.numeric(item, span);
            types::merge(&mut elem, types::strip_refs(&this.ty(&value)));
            let place = Place { root: out, path: vec![Proj::Index(Operand::Var(counter))] };
            this.emit(Stmt::Assign { place, value });
        });
        let zero = match &elem {
            Type::Float(Float::F32) => quote!(0.0f32),
            Type::Int(_) => quote!(0),
            ty if is_float(ty) => quote!(0.0),
            Type::Unknown => quote!(0.0),
            _ => {
                let message = "only numbers can be collected from differentiable values yet";
                return self.refuse(&call.method, message, "write the loop");
            }
        };
        let zero = constant(zero, elem.clone());
        let vec = array.is_none();
        self.function[out].ty = match array {
            Some(len) => Type::Array(Box::new(elem), len),
            None => Type::Vec(Box::new(elem)),
        };
        let ty = self.function[out].ty.clone();
        let init = self.fresh("zeros", ty.clone(), Storage::Value, Origin::Temp, span);
        self.insert(at, Stmt::Declare { var: out, init: Some(Operand::Var(init)) });
        self.insert(at, Stmt::Let { var: init, op: Op::Repeat { vec, item: zero, len } });
        Lowered::Operand(self.read(Lowered::Place(Place::var(out)), span))
    }

    /// How often an iterator runs.
    pub(super) fn chain_length(&mut self, iter: &Iter, span: Span) -> Operand {
        let usize_type = Type::Int(Some("usize"));
        match iter {
            Iter::Range { lo, hi, inclusive, .. } => {
                let extra = if *inclusive { quote!(+ 1) } else { quote!() };
                self.opaque_parts("count", &[lo.clone(), hi.clone()], usize_type, span, |parts| {
                    let (lo, hi) = (&parts[0], &parts[1]);
                    quote!((#hi #extra).saturating_sub(#lo) as usize)
                })
            }
            Iter::From { .. } => constant(quote!(usize::MAX), usize_type),
            Iter::Elements { of, .. } => self.length(of, span),
            Iter::Enumerate { inner, .. } | Iter::Rev(inner) => self.chain_length(inner, span),
            Iter::Zip(left, right) => {
                let lengths = [self.chain_length(left, span), self.chain_length(right, span)];
                self.shorter(&lengths, span)
            }
            Iter::StepBy(inner, step) => {
                let len = self.chain_length(inner, span);
                self.opaque_parts("count", &[len, step.clone()], usize_type, span, |parts| {
                    let (len, step) = (&parts[0], &parts[1]);
                    quote!(#len.div_ceil(#step))
                })
            }
            Iter::Skip(inner, count) => {
                let len = self.chain_length(inner, span);
                self.opaque_parts("count", &[len, count.clone()], usize_type, span, |parts| {
                    let (len, count) = (&parts[0], &parts[1]);
                    quote!(#len.saturating_sub(#count))
                })
            }
            Iter::Take(inner, count) => {
                let lengths = [self.chain_length(inner, span), count.clone()];
                self.shorter(&lengths, span)
            }
            Iter::Opaque { .. } => constant(quote!(0), usize_type),
        }
    }

    fn shorter(&mut self, lengths: &[Operand; 2], span: Span) -> Operand {
        self.opaque_parts("count", lengths, Type::Int(Some("usize")), span, |parts| {
            let (a, b) = (&parts[0], &parts[1]);
            quote!(::core::cmp::Ord::min(#a, #b))
        })
    }
}
