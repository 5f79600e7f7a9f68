//! Iterator chains used as values: `.sum()`, `.fold(..)`, `.collect()`. They become loops.

use super::chain::Chain;
use super::env::Lowered;
use super::lowerer::{Lowerer, constant};
use super::place::strip_parens;
use crate::analysis::types;
use crate::ir::{BinOp, Op, Operand, Origin, Place, Stmt, Storage, Type};
use proc_macro2::Span;
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Expr, ExprMethodCall};

/// Methods that turn a chain into a value.
const SINKS: [&str; 20] = [
    "sum",
    "product",
    "fold",
    "for_each",
    "collect",
    "count",
    "all",
    "any",
    "position",
    "max_by",
    "min_by",
    "max",
    "min",
    "last",
    "find",
    "reduce",
    "try_fold",
    "nth",
    "next",
    "rposition",
];

/// Methods between a source and a sink.
const ADAPTORS: [&str; 24] = [
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
];

const SOURCES: [&str; 9] =
    ["iter", "iter_mut", "into_iter", "windows", "chunks", "chunks_exact", "chars", "bytes", "lines"];

impl Lowerer<'_> {
    /// The call as the end of an iterator chain, if it is one.
    pub(super) fn chain_value(&mut self, call: &ExprMethodCall, hint: Option<&Type>) -> Option<Lowered> {
        let name = call.method.to_string();
        let array_map = name == "map" && self.is_array(&call.receiver);
        if !(array_map || (SINKS.contains(&name.as_str()) && is_chain(&call.receiver))) {
            return None;
        }
        let ty = self.sink_type(call, hint);
        if self.is_inactive(&call.to_token_stream())
            && let Some(kept) = self.try_opaque(call, ty.clone().unwrap_or(Type::Inactive))
        {
            return Some(Lowered::Operand(kept));
        }
        match name.as_str() {
            "all" | "any" => return Some(self.observed_call(call, Type::Bool)),
            "count" => return Some(self.observed_call(call, Type::Int(Some("usize")))),
            "position" | "rposition" => return Some(self.observed_call(call, Type::Inactive)),
            _ => {}
        }
        if let Some(unknown) = unsupported_adaptor(&call.receiver) {
            return Some(self.refuse_chain(unknown));
        }
        if !matches!(name.as_str(), "sum" | "product" | "fold" | "for_each" | "collect" | "map") {
            return Some(self.refuse_chain(&call.method));
        }
        let checkpoint = self.checkpoint();
        let Some(chain) = self.chain(&call.receiver) else {
            self.rollback(&checkpoint);
            return Some(self.refuse_chain(&call.method));
        };
        Some(self.sink(&name, chain, call, ty))
    }

    fn is_array(&mut self, receiver: &Expr) -> bool {
        if !matches!(strip_parens(receiver), Expr::Path(_) | Expr::Field(_) | Expr::Index(_) | Expr::Array(_)) {
            return false;
        }
        let checkpoint = self.checkpoint();
        let lowered = self.value(receiver);
        let array = matches!(self.bare_type(&lowered), Type::Array(..));
        self.rollback(&checkpoint);
        array
    }

    fn refuse_chain(&mut self, method: &syn::Ident) -> Lowered {
        let message = format!("iterator chains with `{method}` over differentiable values are not supported yet");
        self.refuse(method, message, "write the loop")
    }

    /// What the chain yields, as far as the call and its surroundings tell.
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
            "sum" => self.reduce(chain, BinOp::Add, "0.0", ty, span),
            "product" => self.reduce(chain, BinOp::Mul, "1.0", ty, span),
            "fold" => self.fold(chain, call),
            "for_each" => {
                self.run_chain(chain, None, |this, item| {
                    if let Some(function) = call.args.first() {
                        let at = this.position();
                        this.apply(function, vec![item]);
                        this.discard(at);
                    }
                });
                Lowered::Unit
            }
            "map" => {
                let function = call.args.first().cloned();
                let Some(function) = function else { return super::lowerer::poison() };
                let item = super::chain::Item::Map(Box::new(chain.item), function);
                let len = match self.lowered_array_len(&call.receiver) {
                    Some(len) => len,
                    None => return self.refuse_chain(&call.method),
                };
                self.collect(Chain { item, ..chain }, Some(len), None, call)
            }
            _ => self.collect(chain, None, ty, call),
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
    fn reduce(&mut self, chain: Chain, op: BinOp, start: &str, ty: Option<Type>, span: Span) -> Lowered {
        let name = if op == BinOp::Add { "sum" } else { "product" };
        let at = self.position();
        let acc = self.fresh(name, ty.unwrap_or(Type::Unknown), Storage::Memory, Origin::Temp, span);
        self.run_chain(chain, None, |this, item| {
            let value = this.numeric(item, span);
            let value_ty = types::strip_refs(&this.ty(&value)).clone();
            types::merge(&mut this.function[acc].ty, &value_ty);
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
        self.run_chain(chain, None, |this, item| {
            let current = this.load(&acc, span);
            let next = this.apply(function, vec![current, item]);
            this.store_parts(&acc, next, span);
        });
        self.load(&acc, span)
    }

    /// Memory for each part of an accumulator.
    fn accumulator(&mut self, start: &Lowered, span: Span) -> Lowered {
        match start {
            Lowered::Tuple(items) => Lowered::Tuple(items.iter().map(|item| self.accumulator(item, span)).collect()),
            other => {
                let init = self.read(other.clone(), span);
                let ty = self.ty(&init);
                Lowered::Place(Place::var(self.temp_memory("acc", ty, Some(init), span)))
            }
        }
    }

    fn load(&mut self, acc: &Lowered, span: Span) -> Lowered {
        match acc {
            Lowered::Tuple(items) => Lowered::Tuple(items.iter().map(|item| self.load(item, span)).collect()),
            other => Lowered::Operand(self.read(other.clone(), span)),
        }
    }

    fn store_parts(&mut self, acc: &Lowered, next: Lowered, span: Span) {
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
            Lowered::Operand(_) | Lowered::Ref(..) | Lowered::Unit | Lowered::Never => {}
        }
    }
}

/// The expression looks like an iterator.
fn is_chain(expr: &Expr) -> bool {
    match strip_parens(expr) {
        Expr::Range(_) => true,
        Expr::MethodCall(call) => {
            let name = call.method.to_string();
            SOURCES.contains(&name.as_str()) || (ADAPTORS.contains(&name.as_str()) && is_chain(&call.receiver))
        }
        _ => false,
    }
}

/// The first adaptor of a chain that cannot be followed.
fn unsupported_adaptor(expr: &Expr) -> Option<&syn::Ident> {
    let Expr::MethodCall(call) = strip_parens(expr) else { return None };
    let name = call.method.to_string();
    let known =
        ["map", "zip", "enumerate", "rev", "skip", "take", "filter", "copied", "cloned", "step_by", "by_ref", "fuse"];
    if ADAPTORS.contains(&name.as_str()) && !known.contains(&name.as_str()) {
        return Some(&call.method);
    }
    unsupported_adaptor(&call.receiver)
}
