//! Iterator chains used as values: `.sum()`, `.fold(..)`, `.collect()`. They become loops.

use super::chain::Chain;
use super::env::Lowered;
use super::lowerer::{Lowerer, constant};
use super::optional::Optional;
use super::place::strip_parens;
use crate::analysis::types;
use crate::ir::{BinOp, Op, Operand, Origin, Place, Stmt, Storage, Type};
use proc_macro2::Span;
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{Expr, ExprMethodCall};

/// Methods that turn a chain into a value.
const SINKS: [&str; 28] = [
    "sum",
    "product",
    "fold",
    "rfold",
    "for_each",
    "collect",
    "count",
    "all",
    "any",
    "position",
    "max_by",
    "min_by",
    "max_by_key",
    "min_by_key",
    "max",
    "min",
    "last",
    "find",
    "find_map",
    "reduce",
    "try_fold",
    "try_for_each",
    "nth",
    "next",
    "rposition",
    "unzip",
    "partition",
    "is_sorted",
];

/// Sinks that give an `Option`.
const OPTIONS: [&str; 10] =
    ["max_by", "min_by", "max_by_key", "min_by_key", "last", "find", "find_map", "reduce", "nth", "next"];

/// Methods between a source and a sink.
const ADAPTORS: [&str; 26] = [
    "clone",
    "map",
    "zip",
    "enumerate",
    "rev",
    "skip",
    "take",
    "filter",
    "copied",
    "cloned",
    "step_by",
    "by_ref",
    "fuse",
    "filter_map",
    "flat_map",
    "chain",
    "scan",
    "take_while",
    "skip_while",
    "inspect",
    "peekable",
    "cycle",
    "flatten",
    "map_while",
    "dedup",
    "into_iter",
];

const SOURCES: [&str; 31] = [
    "iter",
    "iter_mut",
    "into_iter",
    "windows",
    "chunks",
    "chunks_exact",
    "chunks_mut",
    "chunks_exact_mut",
    "rchunks",
    "rchunks_exact",
    "array_windows",
    "drain",
    "indexed_iter",
    "indexed_iter_mut",
    "rows_mut",
    "columns_mut",
    "outer_iter_mut",
    "axis_iter_mut",
    "axis_chunks_iter",
    "axis_chunks_iter_mut",
    "exact_chunks",
    "exact_chunks_mut",
    "lanes",
    "lanes_mut",
    "chars",
    "bytes",
    "lines",
    "rows",
    "columns",
    "outer_iter",
    "axis_iter",
];

impl Lowerer<'_> {
    /// The call as the end of an iterator chain, if it is one.
    pub(super) fn chain_value(&mut self, call: &ExprMethodCall, hint: Option<&Type>) -> Option<Lowered> {
        let name = call.method.to_string();
        let array_map = name == "map" && self.is_array(&call.receiver);
        if !(array_map || (SINKS.contains(&name.as_str()) && self.is_chain_here(&call.receiver))) {
            return None;
        }
        let ty = self.sink_type(call, hint);
        if self.is_inactive(&call.to_token_stream())
            && !self.is_collected_by_reference(call)
            && let Some(kept) = self.try_opaque(call, ty.clone().unwrap_or(Type::Inactive))
        {
            return Some(Lowered::Operand(kept));
        }
        match name.as_str() {
            "all" | "any" | "is_sorted" => return Some(self.looked_at(call, Type::Bool)),
            "count" if super::edits::only_looks(&call.receiver) && !self.is_kept(root_of(&call.receiver)) => {
                return Some(self.looked_at(call, Type::Int(Some("usize"))));
            }
            "sum" | "product" => {
                if let Some(total) = self.user_total(call, ty.as_ref()) {
                    return Some(total);
                }
                if let Some(total) = ty.as_ref().and_then(|ty| self.total_of_all(call, ty)) {
                    return Some(total);
                }
            }
            "collect" if matches!(ty, Some(Type::Deque(_))) => {
                let elem = ty.as_ref().and_then(types::element).unwrap_or(Type::Unknown);
                return Some(self.collect_deque(call, elem));
            }
            "collect" if matches!(ty, Some(Type::Tensor(_))) => return Some(self.collect_array(call, ty)),
            "collect" => {
                if let Some(collected) = self.user_total(call, ty.as_ref()) {
                    return Some(collected);
                }
                if let Some(collected) = ty.as_ref().and_then(|ty| self.collect_all(call, ty)) {
                    return Some(collected);
                }
            }
            "try_fold" if call.args.len() == 2 => return Some(self.try_fold(call, ty.as_ref())),
            "try_for_each" if call.args.len() == 1 => return Some(self.try_for_each(call, ty.as_ref())),
            "rfold" if call.args.len() == 2 => {
                let (items, start, function) = (&call.receiver, &call.args[0], &call.args[1]);
                let backwards = syn::parse_quote_spanned!(call.span()=> #items.rev().fold(#start, #function));
                return Some(self.method_call(&backwards, hint));
            }
            "position" | "rposition" => return Some(self.looked_at(call, Type::Inactive)),
            _ => {}
        }
        const VALUES: [&str; 9] =
            ["sum", "product", "fold", "for_each", "collect", "map", "unzip", "partition", "count"];
        if !VALUES.contains(&name.as_str()) {
            let start = self.checkpoint();
            if let Some(kept) = self.kept_option(call, &start) {
                return Some(kept);
            }
            self.rollback(&start);
            return Some(self.refuse_option(call));
        }
        let checkpoint = self.checkpoint();
        let Some(chain) = self.chain(&call.receiver) else {
            if self.error_count() == checkpoint.errors() {
                self.rollback(&checkpoint);
                self.refuse_chain(&call.method);
            }
            return Some(super::lowerer::poison());
        };
        Some(self.sink(&name, chain, call, ty))
    }

    /// A sink that looks at the items and yields nothing differentiable.
    fn looked_at(&mut self, call: &ExprMethodCall, ty: Type) -> Lowered {
        if call.args.iter().all(super::edits::only_looks) && super::edits::only_looks(&call.receiver) {
            return self.observed_call(call, ty);
        }
        self.refuse(&call.method, "this closure changes what it captures", "write the loop")
    }

    fn refuse_option(&mut self, call: &ExprMethodCall) -> Lowered {
        let name = &call.method;
        let message = format!("what `{name}` gives over differentiable values is not understood here");
        self.refuse(name, message, "take it apart where it stands, with `.unwrap()`, `.unwrap_or(..)` or `if let`")
    }

    fn is_array(&mut self, receiver: &Expr) -> bool {
        if !matches!(strip_parens(receiver), Expr::Path(_) | Expr::Field(_) | Expr::Index(_) | Expr::Array(_)) {
            return false;
        }
        self.lowered_array_len(receiver).is_some()
    }

    fn refuse_chain(&mut self, method: &syn::Ident) -> Lowered {
        let message = format!("this iterator chain with `{method}` over differentiable values is not supported");
        self.refuse(
            method,
            message,
            "write the loop; annotate the type of what a call returned (`let v: Vec<f64> = ..`)",
        )
    }

    /// What the chain yields, as far as the call and its surroundings tell.
    /// `xs.iter().filter(..).collect()` of numbers: what the derivatives keep are the numbers, not references to them.
    fn is_collected_by_reference(&self, call: &ExprMethodCall) -> bool {
        fn list(chain: &Expr) -> Option<&Expr> {
            match strip_parens(chain) {
                Expr::MethodCall(call) if call.method == "iter" => Some(&call.receiver),
                Expr::MethodCall(call) => list(&call.receiver),
                _ => None,
            }
        }
        let numbers = || {
            let ty = list(&call.receiver).and_then(|list| self.type_of_place(list))?;
            types::element(&ty).map(|element| types::is_float(&element))
        };
        call.method == "collect" && self.items_are_references(&call.receiver) && numbers() == Some(true)
    }

    /// The same for any expression.
    pub(super) fn collects_references(&self, expr: &Expr) -> bool {
        matches!(strip_parens(expr), Expr::MethodCall(call) if self.is_collected_by_reference(call))
    }

    fn sink_type(&self, call: &ExprMethodCall, hint: Option<&Type>) -> Option<Type> {
        match call.method.to_string().as_str() {
            "count" => Some(Type::Int(Some("usize"))),
            "all" | "any" => Some(Type::Bool),
            _ if call.turbofish.is_some() => Some(super::method::turbofish(call)),
            _ => hint.cloned(),
        }
    }

    fn sink(&mut self, name: &str, chain: Chain, call: &ExprMethodCall, ty: Option<Type>) -> Lowered {
        let span = call.span();
        match name {
            "sum" => self.total(chain, BinOp::Add, "0.0", ty, span),
            "product" => self.total(chain, BinOp::Mul, "1.0", ty, span),
            "fold" => self.fold(chain, call),
            "count" => self.count(chain, span),
            "for_each" => {
                self.run_chain(chain, |this, item| {
                    if let Some(function) = call.args.first() {
                        let at = this.position();
                        this.apply(function, vec![item]);
                        this.discard(at);
                    }
                });
                Lowered::Unit
            }
            "map" => {
                let (Some(function), Some(len)) = (call.args.first(), self.lowered_array_len(&call.receiver)) else {
                    return self.refuse_chain(&call.method);
                };
                let given = self.given(function);
                self.collect(chain.mapped(given), Some(len), None, &call.method)
            }
            "unzip" => self.unzip(chain, ty, span),
            "partition" => self.partition(chain, call),
            _ => self.collect(chain, None, ty, &call.method),
        }
    }

    fn lowered_array_len(&mut self, receiver: &Expr) -> Option<proc_macro2::TokenStream> {
        let checkpoint = self.checkpoint();
        let lowered = self.value(receiver);
        let ty = self.bare_type(&lowered);
        self.rollback(&checkpoint);
        match ty {
            Type::Array(_, len) => Some(len),
            _ => None,
        }
    }

    /// `.sum()`, `.product()`
    fn total(&mut self, chain: Chain, op: BinOp, start: &str, ty: Option<Type>, span: Span) -> Lowered {
        let name = if op == BinOp::Add { "sum" } else { "product" };
        let at = self.position();
        let acc = self.fresh(name, ty.unwrap_or(Type::Unknown), Storage::Memory, Origin::Temp, span);
        self.run_chain(chain, |this, item| {
            let value = this.numeric(item, span);
            let value_ty = types::strip_refs(&this.ty(&value)).clone();
            if !matches!(value_ty, Type::Inactive) {
                types::merge(&mut this.function[acc].ty, &value_ty);
            }
            if op == BinOp::Add {
                this.emit(Stmt::Accumulate { place: Place::var(acc), negative: false, value });
                return;
            }
            let ty = this.function[acc].ty.clone();
            let old = this.temp(name, ty, Op::Read(Place::var(acc)), span);
            let new = this.binary_op(op, old, value, span);
            this.emit(Stmt::Assign { place: Place::var(acc), value: new });
        });
        let start = match &self.function[acc].ty {
            Type::Int(_) => {
                if op == BinOp::Add {
                    "0"
                } else {
                    "1"
                }
            }
            Type::Tensor(_) => {
                return self.refuse_at(span, format!("`{name}` of arrays is not supported yet"), "write the loop");
            }
            _ => start,
        };
        let init = constant(start.parse().expect("a literal"), self.function[acc].ty.clone());
        if !self.function[acc].ty.is_known() {
            self.function[acc].ty = Type::FloatLiteral;
        }
        self.insert(at, Stmt::Declare { var: acc, init: Some(init) });
        let ty = self.function[acc].ty.clone();
        Lowered::Operand(self.temp(name, ty, Op::Read(Place::var(acc)), span))
    }

    /// `.count()` of a chain that is run for its effect.
    fn count(&mut self, chain: Chain, span: Span) -> Lowered {
        let usize_type = Type::Int(Some("usize"));
        let start = constant(quote!(0), usize_type.clone());
        let counter = Place::var(self.temp_memory("count", usize_type.clone(), Some(start), span));
        self.run_chain(chain, |this, _| {
            let value = constant(quote!(1), usize_type.clone());
            this.emit(Stmt::Accumulate { place: counter.clone(), negative: false, value });
        });
        Lowered::Operand(self.read(Lowered::Place(counter), span))
    }

    /// `.fold(init, |acc, x| ..)`: one variable per part of a tuple accumulator.
    fn fold(&mut self, chain: Chain, call: &ExprMethodCall) -> Lowered {
        let (Some(init), Some(function)) = (call.args.first(), call.args.iter().nth(1)) else {
            return self.refuse_chain(&call.method);
        };
        let span = call.span();
        let start = match self.value(init) {
            Lowered::Place(place) => Lowered::Operand(self.read(Lowered::Place(place), span)),
            other => other,
        };
        let acc = self.accumulator(&start, span);
        self.run_chain(chain, |this, item| {
            let current = this.load(&acc, span);
            let next = this.apply(function, vec![current, item]);
            this.store_parts(&acc, next, span);
        });
        self.load(&acc, span)
    }

    /// Memory for each part of an accumulator.
    pub(super) fn accumulator(&mut self, start: &Lowered, span: Span) -> Lowered {
        match start {
            Lowered::Tuple(items) => Lowered::Tuple(items.iter().map(|item| self.accumulator(item, span)).collect()),
            other => {
                let init = self.read(other.clone(), span);
                let ty = self.ty(&init);
                Lowered::Place(Place::var(self.temp_memory("acc", ty, Some(init), span)))
            }
        }
    }

    pub(super) fn load(&mut self, acc: &Lowered, span: Span) -> Lowered {
        match acc {
            Lowered::Tuple(items) => Lowered::Tuple(items.iter().map(|item| self.load(item, span)).collect()),
            other => Lowered::Operand(self.read(other.clone(), span)),
        }
    }

    pub(super) fn store_parts(&mut self, acc: &Lowered, next: Lowered, span: Span) {
        let mut writes = Vec::new();
        self.split_parts(acc, next, span, &mut writes);
        for (place, value) in writes {
            self.write(place, value);
        }
    }

    fn split_parts(&mut self, acc: &Lowered, next: Lowered, span: Span, writes: &mut Vec<(Place, Operand)>) {
        match acc {
            Lowered::Tuple(items) => {
                let next = match next {
                    Lowered::Operand(operand) => Lowered::Place(self.place_of(Lowered::Operand(operand), span)),
                    other => other,
                };
                for (index, item) in items.iter().enumerate() {
                    let part = self.member(next.clone(), syn::Member::from(index), span);
                    self.split_parts(item, part, span, writes);
                }
            }
            Lowered::Place(place) => {
                let value = self.numeric(next, span);
                writes.push((place.clone(), value));
            }
            Lowered::Operand(_) | Lowered::Ref(..) | Lowered::View(_) | Lowered::Unit | Lowered::Never => {}
        }
    }

    // Sinks that give an `Option`

    /// The end of a chain that gives an `Option`, as a condition and what to do where it holds.
    pub(super) fn sink_option(&mut self, call: &ExprMethodCall) -> Option<Optional> {
        let name = call.method.to_string();
        if !OPTIONS.contains(&name.as_str())
            || !self.is_chain_here(&call.receiver)
            || self.is_inactive(&call.to_token_stream())
        {
            return None;
        }
        if name == "find_map" {
            return self.find_map(call);
        }
        if let Some(selected) = self.selected(call) {
            return Some(selected);
        }
        let span = call.span();
        let checkpoint = self.checkpoint();
        let chain = match self.chain(&call.receiver) {
            Some(chain) if name == "nth" => {
                let count = self.number(call.args.first()?);
                chain.counted("skip", count)
            }
            Some(chain) => chain,
            None => {
                self.rollback(&checkpoint);
                return None;
            }
        };
        let at = self.position();
        let found = self.temp_memory("found", Type::Bool, Some(constant(quote!(false), Type::Bool)), span);
        let found = Place::var(found);
        let mut kept: Option<Lowered> = None;
        self.run_until(chain, |this, item, stop| {
            let item = this.kept_item(item, span);
            let best = match &kept {
                Some(kept) => kept.clone(),
                None => kept.insert(this.memory_like(&item, span)).clone(),
            };
            match name.as_str() {
                "last" => this.keep(&best, item, &found, span),
                "nth" | "next" => {
                    this.keep(&best, item, &found, span);
                    this.emit(Stmt::Break { target: stop, value: None });
                }
                "find" => {
                    let test = this.apply(&call.args[0], vec![item.clone().shared()]);
                    let cond = this.numeric(test, span);
                    this.when(cond, |this| {
                        this.keep(&best, item, &found, span);
                        this.emit(Stmt::Break { target: stop, value: None });
                    });
                }
                _ => this.better(&name, call, &best, item, &found),
            }
        });
        let kept = kept?;
        if !self.declare_kept(&kept, at, span) {
            return Some(Optional::ready(constant(quote!(true), Type::Bool), super::lowerer::poison()));
        }
        let present = self.read(Lowered::Place(found), span);
        let content = self.load(&kept, span);
        Some(Optional::ready(present, content))
    }

    /// An item that outlives its trip: numbers behind references are copied.
    fn kept_item(&mut self, item: Lowered, span: Span) -> Lowered {
        match item {
            Lowered::Tuple(items) => Lowered::Tuple(items.into_iter().map(|item| self.kept_item(item, span)).collect()),
            Lowered::Unit | Lowered::Never => item,
            other => {
                let operand = self.numeric(other, span);
                match types::strip_refs(&self.ty(&operand)) {
                    Type::Tuple(items) if items.iter().all(types::is_copy) => {
                        let parts = 0..items.len();
                        let whole = Lowered::Place(self.place_of(Lowered::Operand(operand), span));
                        let parts = parts.map(|index| self.member(whole.clone(), syn::Member::from(index), span));
                        let parts: Vec<Lowered> = parts.collect();
                        Lowered::Tuple(parts.into_iter().map(|part| self.kept_item(part, span)).collect())
                    }
                    _ => Lowered::Operand(operand),
                }
            }
        }
    }

    /// Memory of the shape of an item; declared later, when its types are known.
    fn memory_like(&mut self, item: &Lowered, span: Span) -> Lowered {
        match item {
            Lowered::Tuple(items) => Lowered::Tuple(items.iter().map(|item| self.memory_like(item, span)).collect()),
            other => {
                let ty = self.bare_type(other);
                Lowered::Place(Place::var(self.fresh("best", ty, Storage::Memory, Origin::Temp, span)))
            }
        }
    }

    /// Declares the memory of what is kept before the loop, with a value that nothing reads.
    fn declare_kept(&mut self, kept: &Lowered, at: usize, span: Span) -> bool {
        match kept {
            Lowered::Tuple(items) => items.iter().all(|item| self.declare_kept(item, at, span)),
            Lowered::Place(place) => {
                let ty = &mut self.function[place.root].ty;
                if !ty.is_known() {
                    *ty = Type::FloatLiteral;
                }
                let Some(init) = crate::ir::literals::default(ty) else {
                    let help = "collect numbers, or keep an index instead";
                    self.refuse_at(span, "items of this type cannot be kept over the trips of a loop", help);
                    return false;
                };
                let init = Some(crate::ir::literals::suffixed(init));
                self.insert(at, Stmt::Declare { var: place.root, init });
                true
            }
            Lowered::Operand(_) | Lowered::Ref(..) | Lowered::View(_) | Lowered::Unit | Lowered::Never => true,
        }
    }

    fn keep(&mut self, best: &Lowered, item: Lowered, found: &Place, span: Span) {
        self.store_parts(best, item, span);
        self.emit(Stmt::Assign { place: found.clone(), value: constant(quote!(true), Type::Bool) });
    }

    /// `reduce`, `min_by`, `max_by`, `min_by_key`, `max_by_key`: the first item, and then what it is compared with.
    fn better(&mut self, name: &str, call: &ExprMethodCall, best: &Lowered, item: Lowered, found: &Place) {
        let (span, function) = (call.span(), &call.args[0]);
        let seen = self.read(Lowered::Place(found.clone()), span);
        let (then, ()) = self.block(|this| {
            let current = this.load(best, span);
            if name == "reduce" {
                let next = this.apply(function, vec![current, item.clone()]);
                this.store_parts(best, next, span);
                return;
            }
            let args = vec![current.shared(), item.clone().shared()];
            let ordering = if name.ends_with("_key") {
                let keys: Vec<Operand> = args
                    .into_iter()
                    .map(|arg| {
                        let key = this.apply(function, vec![arg]);
                        this.numeric(key, span)
                    })
                    .collect();
                this.opaque_parts("ordering", &keys, Type::Inactive, span, |parts| {
                    let (left, right) = (&parts[0], &parts[1]);
                    quote!(::core::cmp::Ord::cmp(&#left, &#right))
                })
            } else {
                let ordering = this.apply(function, args);
                this.numeric(ordering, span)
            };
            // Of equal items, `max_by` gives the last and `min_by` the first.
            let replaces = if name.starts_with("max") { quote!(is_le) } else { quote!(is_gt) };
            let cond = this.opaque_parts("replaces", &[ordering], Type::Bool, span, |parts| {
                let ordering = &parts[0];
                quote!(::core::cmp::Ordering::#replaces(#ordering))
            });
            this.when(cond, |this| this.store_parts(best, item.clone(), span));
        });
        let (els, ()) = self.block(|this| this.keep(best, item, found, span));
        self.emit(Stmt::If {
            dest: None,
            cond: seen,
            then: super::lowerer::block_of(then, None),
            els: super::lowerer::block_of(els, None),
        });
    }

    /// Whether the expression is an iterator, or a name for one.
    pub(super) fn is_chain_here(&self, expr: &Expr) -> bool {
        match root_of(expr) {
            Expr::Path(path) => {
                let binding = path.path.get_ident().and_then(|ident| self.env.get(ident));
                let kept = matches!(binding, Some(super::env::Binding::Iterator(_) | super::env::Binding::Cursor(_)));
                kept || is_chain(expr)
            }
            root => is_chain(expr) || self.gives_an_iterator(root),
        }
    }
}

/// What the adaptors of a chain are applied to.
pub(super) fn root_of(expr: &Expr) -> &Expr {
    match strip_parens(expr) {
        Expr::MethodCall(call) if ADAPTORS.contains(&call.method.to_string().as_str()) => root_of(&call.receiver),
        Expr::Reference(reference) if reference.mutability.is_some() => root_of(&reference.expr),
        other => other,
    }
}

/// The expression looks like an iterator.
pub(super) fn is_chain(expr: &Expr) -> bool {
    match strip_parens(expr) {
        Expr::Range(_) => true,
        Expr::MethodCall(call) => {
            let name = call.method.to_string();
            let is_part =
                matches!(name.as_str(), "range" | "range_mut") && matches!(call.args.first(), Some(Expr::Range(_)));
            is_part
                || SOURCES.contains(&name.as_str())
                || (ADAPTORS.contains(&name.as_str()) && is_chain(&call.receiver))
        }
        Expr::Call(call) => super::source::is_source_function(&call.func),
        _ => false,
    }
}
