//! Chains that give elements: `.collect()`, `array.map(..)`, `.max_by(..)`; and how long a chain is.

use super::chain::Chain;
use super::env::Lowered;
use super::lowerer::{Lowerer, block_of, constant};
use super::optional::Optional;
use super::place::{small_integer, strip_parens};
use crate::analysis::types;
use crate::ir::literals;
use crate::ir::{
    AggregateKind, Arg, Edit, EditKind, Float, Iter, Op, Operand, Origin, Place, Proj, Stmt, Storage, Type,
};
use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::spanned::Spanned;
use syn::{Expr, ExprMethodCall, Ident};

impl Lowerer<'_> {
    /// `xs.iter().max_by(compare)`: the element at the position that the comparison selects. The position has no
    /// derivative.
    pub(super) fn selected(&mut self, call: &ExprMethodCall) -> Option<Optional> {
        if !matches!(call.method.to_string().as_str(), "max_by" | "min_by") {
            return None;
        }
        let compare = call.args.first().filter(|compare| super::edits::only_looks(compare))?;
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
        let any = self.observe("any", &place, Type::Bool, span, |place| quote!(!#place.is_empty()));
        let (chain, method) = (&call.receiver, &call.method);
        let position =
            quote!(#chain.enumerate().#method(|__left, __right| #compared).map_or(0, |__selected| __selected.0));
        let opaque = self.opaque(position, super::opaque::Looks::Observer)?;
        let index = self.temp("position", Type::Int(Some("usize")), Op::Opaque(opaque), span);
        self.push_index(&mut place, index, span);
        let element = self.place_value(place);
        Some(Optional::indexed(any, if by_value { element } else { element.shared() }))
    }

    /// `.collect::<Vec<_>>()` and `array.map(..)`. Where the length is known before, numbers are assigned to their places;
    /// everything else is pushed.
    pub(super) fn collect(
        &mut self,
        chain: Chain,
        array: Option<TokenStream>,
        ty: Option<Type>,
        method: &Ident,
    ) -> Lowered {
        let span = method.span();
        let into_vec = matches!(ty, Some(Type::Vec(_) | Type::Unknown) | None);
        if !into_vec {
            let message = "this `collect` of differentiable values is not supported yet";
            return self.refuse(method, message, "collect into a `Vec`, or write the loop");
        }
        let elem = match ty {
            Some(Type::Vec(elem)) => *elem,
            _ => Type::Unknown,
        };
        match (chain, array) {
            (Chain::Loop { id, iter, item }, len) => {
                let is_array = len.is_some();
                let len = match len {
                    Some(len) => constant(len, Type::Int(Some("usize"))),
                    None => self.chain_length(&iter, span),
                };
                self.collect_loop(Chain::Loop { id, iter, item }, is_array, len, elem, span)
            }
            (chain, None) => {
                let list = self.new_list("collected", elem, None, span);
                self.push_all(&list, chain, span);
                Lowered::Operand(self.read(Lowered::Place(list), span))
            }
            (_, Some(_)) => self.refuse(method, "this cannot be collected into an array", "write the loop"),
        }
    }

    /// An empty `Vec` in memory.
    pub(super) fn new_list(&mut self, name: &str, elem: Type, capacity: Option<Operand>, span: Span) -> Place {
        let ty = Type::Vec(Box::new(elem));
        let op = match capacity {
            Some(capacity) => Op::Helper { name: "with_capacity", args: vec![Arg::Value(capacity)] },
            None => Op::Aggregate(AggregateKind::VecMacro, Vec::new()),
        };
        let empty = self.temp(name, ty.clone(), op, span);
        Place::var(self.temp_memory(name, ty, Some(empty), span))
    }

    /// A loop of known length that fills a `Vec` or an array.
    fn collect_loop(&mut self, chain: Chain, is_array: bool, len: Operand, elem: Type, span: Span) -> Lowered {
        let at = self.position();
        let out = self.fresh("collected", Type::Unknown, Storage::Memory, Origin::Temp, span);
        let counter = self.fresh("k", Type::Int(Some("usize")), Storage::Value, Origin::Temp, span);
        let Chain::Loop { id, iter, item } = chain else { unreachable!("asked by the caller") };
        let iter = Iter::Enumerate { var: counter, inner: Box::new(iter) };
        let mut elem = elem;
        let mut pushes = false;
        self.run_chain(Chain::Loop { id, iter, item }, |this, item| {
            let value = this.owned_item(item, span);
            types::merge(&mut elem, types::strip_refs(&this.ty(&value)));
            pushes = !is_array && zero_of(&elem).is_none();
            if pushes {
                this.emit(Stmt::Eval(Op::Edit(Edit { list: Place::var(out), kind: EditKind::Push(value) })));
                return;
            }
            let place = Place { root: out, path: vec![Proj::Index(Operand::Var(counter))] };
            this.emit(Stmt::Assign { place, value });
        });
        let ty = match (is_array, &len) {
            (true, Operand::Const(len)) => Type::Array(Box::new(elem.clone()), len.tokens.clone()),
            _ => Type::Vec(Box::new(elem.clone())),
        };
        self.function[out].ty = ty.clone();
        let op = if pushes {
            Op::Helper { name: "with_capacity", args: vec![Arg::Value(len)] }
        } else {
            let Some(item) = zero_of(&elem) else {
                let message = "an array of such values cannot be collected yet";
                return self.refuse_at(span, message, "collect into a `Vec`, or write the elements out");
            };
            Op::Repeat { vec: !is_array, item, len }
        };
        let init = self.fresh(if pushes { "empty" } else { "zeros" }, ty, Storage::Value, Origin::Temp, span);
        self.insert(at, Stmt::Declare { var: out, init: Some(Operand::Var(init)) });
        self.insert(at, Stmt::Let { var: init, op });
        Lowered::Operand(self.read(Lowered::Place(Place::var(out)), span))
    }

    /// `.unzip()`: one list for each part.
    pub(super) fn unzip(&mut self, chain: Chain, ty: Option<Type>, span: Span) -> Lowered {
        let part = |index: usize| match &ty {
            Some(Type::Tuple(items)) => items.get(index).and_then(types::element).unwrap_or(Type::Unknown),
            _ => Type::Unknown,
        };
        let lists = [self.new_list("left", part(0), None, span), self.new_list("right", part(1), None, span)];
        self.run_chain(chain, |this, item| {
            let item = match item {
                Lowered::Operand(operand) => Lowered::Place(this.place_of(Lowered::Operand(operand), span)),
                other => other,
            };
            for (index, list) in lists.iter().enumerate() {
                let part = this.member(item.clone(), syn::Member::from(index), span);
                this.push_item(list, part, span);
            }
        });
        self.read_lists(lists, span)
    }

    /// `.partition(|x| ..)`
    pub(super) fn partition(&mut self, chain: Chain, call: &ExprMethodCall) -> Lowered {
        let span = call.span();
        let Some(function) = call.args.first() else { return super::lowerer::poison() };
        let lists =
            [self.new_list("left", Type::Unknown, None, span), self.new_list("right", Type::Unknown, None, span)];
        self.run_chain(chain, |this, item| {
            let test = this.apply(function, vec![item.clone().shared()]);
            let cond = this.numeric(test, span);
            let (then, ()) = this.block(|this| this.push_item(&lists[0], item.clone(), span));
            let (els, ()) = this.block(|this| this.push_item(&lists[1], item, span));
            this.emit(Stmt::If { dest: None, cond, then: block_of(then, None), els: block_of(els, None) });
        });
        self.read_lists(lists, span)
    }

    fn read_lists(&mut self, lists: [Place; 2], span: Span) -> Lowered {
        let lists = lists.into_iter().map(|list| Lowered::Operand(self.read(Lowered::Place(list), span)));
        Lowered::Tuple(lists.collect())
    }

    /// How often an iterator runs.
    pub(super) fn chain_length(&mut self, iter: &Iter, span: Span) -> Operand {
        let usize_type = Type::Int(Some("usize"));
        match iter {
            Iter::Range { lo, hi, inclusive, var } => {
                if let (Some(lo), Some(hi)) = (small_integer(lo), small_integer(hi)) {
                    return literals::index((hi + usize::from(*inclusive)).saturating_sub(lo));
                }
                let open = matches!(self.function[*var].ty, Type::Int(None));
                let (dots, extra) = if *inclusive { (quote!(..=), quote!(+ 1)) } else { (quote!(..), quote!()) };
                self.opaque_parts("count", &[lo.clone(), hi.clone()], usize_type, span, |parts| {
                    let (lo, hi) = (&parts[0], &parts[1]);
                    if open {
                        // Which integers these are only rustc knows.
                        return quote!((#lo #dots #hi).count());
                    }
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
                let method = method_of_length(&len, &quote!(div_ceil));
                self.opaque_parts("count", &[len, step.clone()], usize_type, span, |parts| method(&parts[0], &parts[1]))
            }
            Iter::Skip(inner, count) => {
                let len = self.chain_length(inner, span);
                let method = method_of_length(&len, &quote!(saturating_sub));
                self.opaque_parts("count", &[len, count.clone()], usize_type, span, |parts| {
                    method(&parts[0], &parts[1])
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

/// What an element is before it is assigned, for elements that are numbers or made of a fixed number of them.
fn zero_of(elem: &Type) -> Option<Operand> {
    match elem {
        Type::Float(Float::F32) => Some(constant(quote!(0.0f32), elem.clone())),
        Type::Unknown => Some(constant(quote!(0.0), elem.clone())),
        Type::Float(_) | Type::FloatLiteral | Type::Int(_) | Type::Bool => literals::default(elem),
        Type::Array(..) | Type::Tuple(_) if types::is_copy(elem) => literals::default(elem),
        _ => None,
    }
}

/// A call of a method of a length, by its path where the length is a literal, which has no methods.
fn method_of_length(len: &Operand, method: &TokenStream) -> impl Fn(&TokenStream, &TokenStream) -> TokenStream + use<> {
    let (literal, method) = (matches!(len, Operand::Const(_)), method.clone());
    move |len, argument| if literal { quote!(usize::#method(#len, #argument)) } else { quote!(#len.#method(#argument)) }
}
