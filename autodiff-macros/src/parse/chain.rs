//! Iterator chains: what a `for` runs over, and the adaptors of a chain that is used as a value.
//!
//! The longest first part of a chain that is a single loop of known structure is an [`Iter`] of the IR and an item built
//! from what it binds. What follows (filters, counters after them, nested iterators) are [`Stage`]s: statements around the
//! rest of the loop's body. Nothing is allocated that the source does not allocate.

use super::env::{Binding, Env, Lowered, Mutability};
use super::lowerer::{Lowerer, block_of, constant};
use super::opaque::Looks;
use super::place::strip_parens;
use super::stages::Stage;
use super::stmt::Wanted;
use crate::analysis::types;
use crate::ir::{Iter, Operand, Origin, Place, ScopeId, Stmt, Storage, Type, VarId};
use proc_macro2::Span;
use quote::{ToTokens, quote};
use std::rc::Rc;
use syn::spanned::Spanned;
use syn::{Expr, ExprMethodCall};

pub(super) enum Chain {
    /// One loop.
    Loop { id: ScopeId, iter: Iter, item: Item },
    /// What happens to each item of another chain.
    Then(Box<Chain>, Stage),
    /// One chain after the other.
    Both(Box<Chain>, Box<Chain>),
    /// A single item.
    Once(Lowered),
    /// Items that are computed one after the other.
    Generated { id: ScopeId, generator: super::generators::Generator },
}

/// What one step of a loop yields, lowered inside it.
#[derive(Clone)]
pub(super) enum Item {
    Ready(Lowered),
    /// `.copied()`, `.cloned()`
    Copied(Box<Item>),
    Pair(Box<Item>, Box<Item>),
    Map(Box<Item>, Given),
    /// The element at a position.
    Element {
        of: Place,
        position: VarId,
        mutability: Mutability,
    },
    /// A window or a chunk.
    Piece {
        position: VarId,
        size: Operand,
        of: Place,
        cut: super::source::Cut,
        mutability: Mutability,
    },
    /// The item of an iterator in a variable at a position.
    Kept {
        cursor: Rc<super::cursor::Cursor>,
        position: VarId,
        by_ref: bool,
    },
    /// The element of a part of an ndarray.
    Cell {
        of: Box<super::views::View>,
        position: VarId,
        mutability: Mutability,
    },
    /// A part of an ndarray, which may be written.
    Lent {
        of: Box<super::views::View>,
        axis: usize,
        position: VarId,
    },
    /// Neighbours along an axis of an ndarray: from each position, or (`apart`) in parts that follow each other.
    Window {
        of: Box<super::views::View>,
        axis: usize,
        position: VarId,
        size: Operand,
        apart: bool,
    },
    /// A view of a row, a column or another part of an ndarray.
    Part {
        position: VarId,
        of: Place,
        axis: super::rows::PartAxis,
    },
}

/// A function given to an adaptor, with the names that it sees.
#[derive(Clone, Debug)]
pub(super) struct Given {
    pub(super) function: Expr,
    pub(super) env: Rc<Env>,
}

/// Lowering a chain fails with nothing reported where it is not a chain over arrays.
pub(super) type Parsed = Option<Chain>;

impl Lowerer<'_> {
    pub(super) fn for_loop(&mut self, looping: &syn::ExprForLoop) -> Lowered {
        self.check_attributes(&looping.attrs);
        self.written_loop(&looping.attrs, looping.for_token.span, |this| this.lower_for(looping))
    }

    fn lower_for(&mut self, looping: &syn::ExprForLoop) -> Lowered {
        let label = super::control::label_name(looping.label.as_ref());
        let checkpoint = self.checkpoint();
        let chain = self.chain(&looping.expr).filter(|chain| !chain.is_opaque());
        let Some(chain) = chain else {
            if self.error_count() > checkpoint.errors() {
                return super::lowerer::poison();
            }
            self.rollback(&checkpoint);
            return self.opaque_for(looping, label);
        };
        self.run_user_loop(chain, label, |this, item| {
            this.bind(&looping.pat, item, None);
            this.scope(|this| this.stmts(&looping.body.stmts, Wanted::Effect));
        });
        Lowered::Unit
    }

    /// A loop over something inactive that is not understood.
    fn opaque_for(&mut self, looping: &syn::ExprForLoop, label: Option<String>) -> Lowered {
        let tokens = looping.expr.to_token_stream();
        if !self.is_inactive(&tokens) {
            return self.refuse(
                &*looping.expr,
                "this iterator over differentiable values is not supported",
                "loop over a range and index, or over `.iter()` of an array; annotate the type of what a call returned (`let v: Vec<f64> = ..`)",
            );
        }
        let Some(iter) = self.opaque(tokens, Looks::Inactive) else { return super::lowerer::poison() };
        let pattern = looping.pat.to_token_stream();
        let ((body, vars, id), _) = self.target(label, true, |this, id| {
            let (stmts, vars) = this.block(|this| {
                let vars = this.opaque_bindings(&looping.pat);
                this.scope(|this| this.stmts(&looping.body.stmts, Wanted::Effect));
                vars
            });
            (block_of(stmts, None), vars, id)
        });
        self.emit(Stmt::For { id, iter: Iter::Opaque { pattern, vars, iter }, body });
        Lowered::Unit
    }

    /// The names that a pattern over inactive items binds.
    fn opaque_bindings(&mut self, pat: &syn::Pat) -> Vec<VarId> {
        struct Names<'p>(Vec<&'p syn::PatIdent>);
        impl<'ast> syn::visit::Visit<'ast> for Names<'ast> {
            fn visit_pat_ident(&mut self, pat: &'ast syn::PatIdent) {
                self.0.push(pat);
                syn::visit::visit_pat_ident(self, pat);
            }
        }
        let mut names = Names(Vec::new());
        syn::visit::Visit::visit_pat(&mut names, pat);
        let mut vars = Vec::new();
        for ident in names.0 {
            if ident.mutability.is_some() {
                self.refuse(ident, "`mut` is not supported in this pattern", "copy the value into a `let mut`");
                continue;
            }
            let var =
                self.fresh(&ident.ident.to_string(), Type::Inactive, Storage::Value, Origin::User, ident.ident.span());
            self.constants.insert(var);
            self.env.bind(&ident.ident, Binding::Var(var));
            vars.push(var);
        }
        vars
    }

    // Sources and adaptors

    /// The chain that an expression denotes.
    pub(super) fn chain(&mut self, expr: &Expr) -> Parsed {
        let checkpoint = self.checkpoint();
        let chain = self.known_chain(expr);
        if chain.is_some() || self.error_count() > checkpoint.errors() {
            return chain;
        }
        self.rollback(&checkpoint);
        self.opaque_source(expr)
    }

    /// An iterator over inactive items that is not understood: what it gives is bound as it is.
    fn opaque_source(&mut self, expr: &Expr) -> Parsed {
        let tokens = expr.to_token_stream();
        if !self.is_inactive(&tokens) {
            return None;
        }
        let iter = self.opaque(tokens, Looks::Inactive)?;
        let var = self.fresh("item", Type::Inactive, Storage::Value, Origin::Temp, expr.span());
        self.constants.insert(var);
        self.mentioned.insert(var);
        let iter = Iter::Opaque { pattern: quote!(item), vars: vec![var], iter };
        Some(self.source(iter, Lowered::Operand(Operand::Var(var))))
    }

    fn known_chain(&mut self, expr: &Expr) -> Parsed {
        match strip_parens(expr) {
            Expr::Range(range) => self.range_source(range),
            Expr::MethodCall(call) => self.chain_method(call),
            Expr::Call(call) => {
                let known = self.source_function(call).or_else(|| self.iterator_of_function(call));
                known.or_else(|| self.elements_of(expr))
            }
            Expr::Reference(reference) => {
                if let Some(cursor) = self.cursor(&reference.expr) {
                    return self.rest_of(&cursor, true, expr.span());
                }
                let lowered = self.value(&reference.expr);
                self.elements(lowered.strip(), reference.mutability.is_some(), expr.span())
            }
            Expr::Path(path) => {
                if let Some(Binding::Iterator(kept)) =
                    path.path.get_ident().and_then(|ident| self.env.get(ident)).cloned()
                {
                    return self.in_env(&kept.env, |this| this.chain(&kept.function));
                }
                if let Some(cursor) = self.cursor(expr) {
                    return self.rest_of(&cursor, false, expr.span());
                }
                self.elements_of(expr)
            }
            other => self.elements_of(other),
        }
    }

    /// The elements of what an expression denotes; by value they are copied out.
    fn elements_of(&mut self, expr: &Expr) -> Parsed {
        match self.value(expr) {
            Lowered::Ref(inner, mutability) => {
                self.elements(inner.strip(), mutability == Mutability::Mutable, expr.span())
            }
            // Whether a constant is an array or a reference to one only rustc knows.
            Lowered::Operand(Operand::Const(_)) => None,
            by_value => {
                let elem = types::element(&self.bare_type(&by_value)).unwrap_or(Type::Unknown);
                self.owned_elements(by_value, &elem, expr.span())
            }
        }
    }

    /// The elements of a list that is taken by value.
    fn owned_elements(&mut self, list: Lowered, elem: &Type, span: Span) -> Parsed {
        let chain = self.elements(list, false, span)?;
        // Elements that are not `Copy` are used where they are.
        Some(if types::is_moved(elem) { chain } else { chain.copied() })
    }

    /// Runs `lower` with the names that `env` holds.
    pub(super) fn in_env<T>(&mut self, env: &Env, lower: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.env, env.clone());
        let result = lower(self);
        self.env = outer;
        result
    }

    pub(super) fn given(&self, function: &Expr) -> Given {
        Given { function: function.clone(), env: Rc::new(self.env.clone()) }
    }

    /// Calls a function that was given to an adaptor.
    pub(super) fn apply_given(&mut self, given: &Given, args: Vec<Lowered>) -> Lowered {
        let env = given.env.clone();
        self.in_env(&env, |this| this.apply(&given.function, args))
    }

    /// `let squares = xs.iter().map(|x| x * x);`: the name stands for the chain, which runs where it is used.
    pub(super) fn keep_iterator(&mut self, pat: &syn::Pat, init: &Expr) -> bool {
        let syn::Pat::Ident(ident) = pat else { return false };
        let plain = ident.mutability.is_none() && ident.by_ref.is_none();
        if !plain
            || !super::sink::is_chain(init)
            || super::rows::may_be_a_number(init)
            || self.is_range_of_floats(init)
            || self.is_inactive(&init.to_token_stream())
        {
            return false;
        }
        let kept = self.given(init);
        self.env.bind(&ident.ident, Binding::Iterator(kept));
        true
    }

    /// `lo..hi` of floats, which cannot be iterated over.
    fn is_range_of_floats(&self, expr: &Expr) -> bool {
        let Expr::Range(range) = strip_parens(expr) else { return false };
        let mut ends = range.start.iter().chain(&range.end);
        ends.any(|end| types::is_float(&self.expression_type(end)))
    }

    /// Whether the name of an iterator is meant.
    pub(super) fn is_kept(&self, expr: &Expr) -> bool {
        let Expr::Path(path) = strip_parens(expr) else { return false };
        let binding = path.path.get_ident().and_then(|ident| self.env.get(ident));
        matches!(binding, Some(Binding::Iterator(_) | Binding::Cursor(_)))
    }

    fn chain_method(&mut self, call: &ExprMethodCall) -> Parsed {
        let name = call.method.to_string();
        match (name.as_str(), call.args.first()) {
            ("iter" | "iter_mut", None) => {
                let receiver = self.value(&call.receiver);
                let receiver = self.with_method(receiver, &call.method);
                if let Some(half) = half_of(&receiver) {
                    let mutability = if name == "iter" { Mutability::Shared } else { Mutability::Mutable };
                    return Some(self.positions_of(half, mutability, call.span()));
                }
                self.elements(receiver.strip(), name == "iter_mut", call.span())
            }
            ("range" | "range_mut", Some(range)) => self.deque_range(call, range),
            ("by_ref", None) => match self.cursor(&call.receiver) {
                Some(cursor) => self.rest_of(&cursor, true, call.span()),
                None => self.chain(&call.receiver),
            },
            ("clone", None) if self.is_kept(&call.receiver) => self.chain(&call.receiver),
            ("into_iter" | "fuse" | "peekable", None) => self.chain(&call.receiver),
            ("drain", Some(range)) => {
                let receiver = self.value(&call.receiver);
                let list = self.place_of(receiver, call.span());
                let part = self.drain(&list, range, call);
                Some(self.elements(part, false, call.span())?.copied())
            }
            ("rows" | "columns" | "outer_iter", None) | ("axis_iter", Some(_)) => {
                if let Some(chain) = self.lent_iterator(call) {
                    return Some(chain);
                }
                let checkpoint = self.checkpoint();
                self.parts(call).or_else(|| {
                    self.rollback(&checkpoint);
                    self.staged(&name, call)
                })
            }
            ("rows_mut" | "columns_mut" | "outer_iter_mut", None)
            | ("axis_iter_mut" | "lanes" | "lanes_mut", Some(_)) => self.lent_parts(call),
            ("axis_chunks_iter" | "axis_chunks_iter_mut" | "exact_chunks" | "exact_chunks_mut", Some(_)) => {
                self.array_chunks(call)
            }
            ("indexed_iter" | "indexed_iter_mut", None) => self.indexed_elements(call),
            (
                "windows" | "chunks" | "chunks_exact" | "chunks_mut" | "chunks_exact_mut" | "rchunks" | "rchunks_exact",
                Some(_),
            )
            | ("array_windows", None) => self.pieces(call),
            ("copied" | "cloned", None) => Some(self.chain(&call.receiver)?.copied()),
            ("map", Some(function)) => {
                let given = self.given(function);
                Some(self.chain(&call.receiver)?.mapped(given))
            }
            ("enumerate", None) => {
                let chain = self.chain(&call.receiver)?;
                Some(self.enumerated(chain, call.span()))
            }
            ("zip", Some(other)) => self.zipped(call, other),
            ("rev", None) => {
                let chain = self.chain(&call.receiver)?;
                self.reversed(chain, call)
            }
            ("step_by" | "skip" | "take", Some(count)) => {
                let chain = self.chain(&call.receiver)?;
                let count = self.number(count);
                Some(chain.counted(&name, count))
            }
            ("chain", Some(other)) => {
                let first = self.chain(&call.receiver)?;
                Some(Chain::Both(Box::new(first), Box::new(self.chain(other)?)))
            }
            _ => match self.lent_iterator(call) {
                Some(chain) => Some(chain),
                None => self.staged(&name, call),
            },
        }
    }

    /// Adaptors that are statements around the rest of the body.
    fn staged(&mut self, name: &str, call: &ExprMethodCall) -> Parsed {
        let stage = match (name, call.args.first()) {
            ("filter", Some(function)) => Stage::Filter(self.given(function)),
            ("filter_map", Some(function)) => Stage::FilterMap(self.given(function)),
            ("inspect", Some(function)) => Stage::Inspect(self.given(function)),
            ("take_while", Some(function)) => Stage::TakeWhile(self.given(function)),
            ("skip_while", Some(function)) => Stage::SkipWhile(self.given(function)),
            ("map_while", Some(function)) => Stage::MapWhile(self.given(function)),
            ("flat_map", Some(function)) => Stage::FlatMap { function: self.given(function), reversed: false },
            ("flatten", None) => Stage::Flatten { reversed: false },
            ("scan", Some(start)) => {
                let state = self.value(start);
                let function = self.given(call.args.iter().nth(1)?);
                let state = self.accumulator(&state, call.span());
                Stage::Scan { state, function }
            }
            ("cycle", None) => return self.cycled(call),
            _ => {
                // A method that gives an array or a reference to one: `m.row(i)`, `v.as_slice()`, `v.clone()`.
                let lowered = self.value(&Expr::MethodCall(call.clone()));
                if !lowered.is_ref()
                    && let Type::Vec(elem) | Type::Deque(elem) | Type::Array(elem, _) = self.bare_type(&lowered)
                {
                    return self.owned_elements(lowered, &elem, call.span());
                }
                let mutable = matches!(lowered, Lowered::Ref(_, Mutability::Mutable));
                return self.elements(lowered.strip(), mutable, call.span());
            }
        };
        Some(Chain::Then(Box::new(self.chain(&call.receiver)?), stage))
    }

    pub(super) fn enumerated(&mut self, chain: Chain, span: Span) -> Chain {
        let Chain::Loop { id, iter, item } = chain else { return Chain::Then(Box::new(chain), Stage::Enumerate) };
        let var = self.fresh("k", Type::Int(Some("usize")), Storage::Value, Origin::Temp, span);
        let number = Item::Ready(Lowered::Operand(Operand::Var(var)));
        let item = Item::Pair(Box::new(number), Box::new(item));
        Chain::Loop { id, iter: Iter::Enumerate { var, inner: Box::new(iter) }, item }
    }

    /// Two loops side by side are one; beside anything else, a loop is followed by position.
    fn zipped(&mut self, call: &ExprMethodCall, other: &Expr) -> Parsed {
        let span = call.span();
        let (left, right) = (self.chain(&call.receiver)?, self.chain(other)?);
        match (left, right) {
            (Chain::Loop { id, iter: left, item }, Chain::Loop { iter: right, item: other, .. }) => {
                let item = Item::Pair(Box::new(item), Box::new(other));
                let left = self.bounded(left, &right, span);
                let right = self.bounded(right, &left, span);
                Some(Chain::Loop { id, iter: Iter::Zip(Box::new(left), Box::new(right)), item })
            }
            (left, Chain::Loop { iter, .. }) => {
                let len = self.chain_length(&iter, span);
                Some(Chain::Then(Box::new(left), Stage::Zip { with: self.given(other), len, first: false }))
            }
            (Chain::Loop { iter, .. }, right) => {
                let len = self.chain_length(&iter, span);
                let with = self.given(&call.receiver);
                Some(Chain::Then(Box::new(right), Stage::Zip { with, len, first: true }))
            }
            _ => {
                self.refuse(
                    &call.method,
                    "`zip` of two chains of which neither has a known position is not supported",
                    "collect one of them first, or write the loop",
                );
                None
            }
        }
    }

    /// `lo..` beside an iterator of known length ends with it, so that the loop can run backwards.
    fn bounded(&mut self, iter: Iter, beside: &Iter, span: Span) -> Iter {
        let Iter::From { var, lo } = iter else { return iter };
        if matches!(beside, Iter::From { .. }) {
            return Iter::From { var, lo };
        }
        let len = self.chain_length(beside, span);
        let ty = self.ty(&lo);
        if matches!(ty, Type::Int(Some("usize"))) {
            let hi = self.offset(lo.clone(), len, span);
            return Iter::Range { var, lo, hi, inclusive: false };
        }
        let (open, root) = (matches!(ty, Type::Int(None)), self.root.clone());
        let hi = self.opaque_parts("end", &[lo.clone(), len], ty, span, |parts| {
            let (lo, len) = (&parts[0], &parts[1]);
            if open { quote!(#root::rt::advance(#lo, #len)) } else { quote!(#lo + #len as _) }
        });
        Iter::Range { var, lo, hi, inclusive: false }
    }

    fn reversed(&mut self, chain: Chain, call: &ExprMethodCall) -> Parsed {
        match chain {
            Chain::Loop { id, iter, item } => Some(Chain::Loop { id, iter: Iter::Rev(Box::new(iter)), item }),
            Chain::Both(first, second) => {
                let (first, second) = (self.reversed(*first, call)?, self.reversed(*second, call)?);
                Some(Chain::Both(Box::new(second), Box::new(first)))
            }
            Chain::Then(inner, stage) => match stage.reversed() {
                Some(stage) => Some(Chain::Then(Box::new(self.reversed(*inner, call)?), stage)),
                None => {
                    let help = "reverse the source, or collect the items first";
                    self.refuse(&call.method, "`rev` cannot follow this adaptor here", help);
                    None
                }
            },
            once @ Chain::Once(_) => Some(once),
            Chain::Generated { .. } => {
                self.refuse(&call.method, "`rev` cannot follow this source", "collect the items first");
                None
            }
        }
    }
}

impl Chain {
    pub(super) fn mapped(self, function: Given) -> Chain {
        match self {
            Chain::Loop { id, iter, item } => Chain::Loop { id, iter, item: Item::Map(Box::new(item), function) },
            other => Chain::Then(Box::new(other), Stage::Map(function)),
        }
    }

    pub(super) fn copied(self) -> Chain {
        match self {
            Chain::Loop { id, iter, item } => Chain::Loop { id, iter, item: Item::Copied(Box::new(item)) },
            other => Chain::Then(Box::new(other), Stage::Copied),
        }
    }

    /// `step_by`, `skip`, `take`
    pub(super) fn counted(self, name: &str, count: Operand) -> Chain {
        match self {
            Chain::Loop { id, iter, item } => {
                let inner = Box::new(iter);
                let iter = match name {
                    "step_by" => Iter::StepBy(inner, count),
                    "skip" => Iter::Skip(inner, count),
                    _ => Iter::Take(inner, count),
                };
                Chain::Loop { id, iter, item }
            }
            other => {
                let stage = match name {
                    "step_by" => Stage::StepBy(count),
                    "skip" => Stage::Skip(count),
                    _ => Stage::Take(count),
                };
                Chain::Then(Box::new(other), stage)
            }
        }
    }

    /// The loop that a `break` has to leave to end the chain, if it is a single one.
    pub(super) fn outermost(&self) -> Option<ScopeId> {
        match self {
            Chain::Loop { id, .. } | Chain::Generated { id, .. } => Some(*id),
            Chain::Then(inner, _) => inner.outermost(),
            Chain::Both(..) | Chain::Once(_) => None,
        }
    }

    /// A loop over something that is not understood.
    fn is_opaque(&self) -> bool {
        matches!(self, Chain::Loop { iter: Iter::Opaque { .. }, .. })
    }
}

impl Lowerer<'_> {
    pub(super) fn source(&mut self, iter: Iter, item: Lowered) -> Chain {
        Chain::Loop { id: self.function.fresh_scope(None), iter, item: Item::Ready(item) }
    }

    /// `xs.iter().cycle()`, which something else has to end: positions that begin again.
    fn cycled(&mut self, call: &ExprMethodCall) -> Parsed {
        let span = call.span();
        let Chain::Loop { iter: Iter::Elements { of, mutable: false, .. }, item, .. } = self.chain(&call.receiver)?
        else {
            return None;
        };
        let lo = constant(quote!(0), Type::Int(Some("usize")));
        let var = self.fresh("k", Type::Int(Some("usize")), Storage::Value, Origin::Temp, span);
        let by_value = matches!(item, Item::Copied(_));
        let chain = self.source(Iter::From { var, lo }, Lowered::Operand(Operand::Var(var)));
        Some(Chain::Then(Box::new(chain), Stage::Around { of, by_value }))
    }
}

/// A part of an array behind `&mut`: what `split_at_mut` gives. Beside it, other parts of the same array are used.
fn half_of(lowered: &Lowered) -> Option<Place> {
    match lowered {
        Lowered::Ref(inner, Mutability::Mutable) => match &**inner {
            Lowered::Place(place) if matches!(place.path.last(), Some(crate::ir::Proj::Range { .. })) => {
                Some(place.clone())
            }
            _ => None,
        },
        _ => None,
    }
}
