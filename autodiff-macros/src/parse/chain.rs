//! Iterator chains: what a `for` runs over, and the adaptors of a chain that is used as a value.
//!
//! A chain is an [`Iter`] of the IR, and an item built from what the iterator binds: the item is lowered inside the
//! loop's body. Filters are conditions around the rest of the body.

use super::env::{Lowered, Mutability};
use super::lowerer::{Lowerer, block_of, constant};
use super::opaque::Looks;
use super::place::strip_parens;
use super::stmt::Wanted;
use crate::analysis::types;
use crate::ir::{Iter, Operand, Origin, Place, Stmt, Storage, Type, VarId};
use proc_macro2::Span;
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{Expr, ExprMethodCall};

pub(super) struct Chain {
    pub(super) iter: Iter,
    pub(super) item: Item,
    pub(super) filters: Vec<Filter>,
}

/// What one step of a chain yields, lowered inside the loop.
#[derive(Clone)]
pub(super) enum Item {
    Ready(Lowered),
    /// `.copied()`, `.cloned()`
    Copied(Box<Item>),
    Pair(Box<Item>, Box<Item>),
    Map(Box<Item>, Expr),
    /// A window or a chunk; chunks know the length of the whole.
    Piece {
        position: VarId,
        size: Operand,
        of: Place,
        len: Option<Operand>,
    },
    /// What passed the filter with this number.
    Passed(usize),
}

pub(super) struct Filter {
    item: Item,
    predicate: Expr,
}

/// Lowering a chain fails with nothing reported where it is not a chain over arrays.
pub(super) type Parsed = Option<Chain>;

impl Lowerer<'_> {
    pub(super) fn for_loop(&mut self, looping: &syn::ExprForLoop) -> Lowered {
        self.check_attributes(&looping.attrs);
        let label = super::control::label_name(looping.label.as_ref());
        let checkpoint = self.checkpoint();
        let Some(chain) = self.chain(&looping.expr) else {
            self.rollback(&checkpoint);
            return self.opaque_for(looping, label);
        };
        self.run_chain(chain, label, |this, item| {
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
                "loop over a range and index, or over `.iter()` of an array with `enumerate`, `zip`, `rev`, `skip`, `take`, `step_by`; annotate the type of what a call returned (`let v: Vec<f64> = ..`)",
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
            self.env.bind(&ident.ident, super::env::Binding::Var(var));
            vars.push(var);
        }
        vars
    }

    /// Emits the loop; `body` gets the item.
    pub(super) fn run_chain(&mut self, chain: Chain, label: Option<String>, body: impl FnOnce(&mut Self, Lowered)) {
        let Chain { iter, item, filters } = chain;
        let ((stmts, id), _) = self.target(label, true, |this, id| {
            let (stmts, ()) = this.block(|this| this.filtered(&filters, Vec::new(), &item, body));
            (stmts, id)
        });
        self.emit(Stmt::For { id, iter, body: block_of(stmts, None) });
    }

    fn filtered(
        &mut self,
        filters: &[Filter],
        mut passed: Vec<Lowered>,
        item: &Item,
        body: impl FnOnce(&mut Self, Lowered),
    ) {
        let Some((filter, rest)) = filters.split_first() else {
            let item = self.item(item, &passed);
            body(self, item);
            return;
        };
        let value = self.item(&filter.item, &passed);
        let test = self.apply(&filter.predicate, vec![value.clone().shared()]);
        let cond = self.numeric(test, filter.predicate.span());
        passed.push(value);
        let (stmts, ()) = self.block(|this| this.filtered(rest, passed, item, body));
        self.emit(Stmt::If { dest: None, cond, then: block_of(stmts, None), els: block_of(Vec::new(), None) });
    }

    /// Lowers an item inside the loop.
    fn item(&mut self, item: &Item, passed: &[Lowered]) -> Lowered {
        match item {
            Item::Ready(lowered) => lowered.clone(),
            Item::Copied(inner) => match self.item(inner, passed) {
                Lowered::Ref(inner, _) => *inner,
                other => other,
            },
            Item::Pair(left, right) => {
                let left = self.item(left, passed);
                Lowered::Tuple(vec![left, self.item(right, passed)])
            }
            Item::Map(inner, function) => {
                let inner = self.item(inner, passed);
                match self.apply(function, vec![inner]) {
                    Lowered::Place(place) => Lowered::Operand(self.read(Lowered::Place(place), function.span())),
                    other => other,
                }
            }
            Item::Piece { position, size, of, len } => self.piece(*position, size, of, len.as_ref(), Span::call_site()),
            Item::Passed(number) => passed[*number].clone(),
        }
    }

    // Sources and adaptors

    /// The chain that an expression denotes.
    pub(super) fn chain(&mut self, expr: &Expr) -> Parsed {
        match strip_parens(expr) {
            Expr::Range(range) => self.range_source(range),
            Expr::MethodCall(call) => self.chain_method(call),
            Expr::Reference(reference) => {
                let lowered = self.value(&reference.expr);
                self.elements(lowered.strip(), reference.mutability.is_some(), expr.span())
            }
            other => {
                let lowered = self.value(other);
                match lowered {
                    Lowered::Ref(inner, mutability) => {
                        self.elements(inner.strip(), mutability == Mutability::Mutable, expr.span())
                    }
                    // By value: the elements are copied out.
                    by_value => {
                        let elem = types::element(&self.bare_type(&by_value));
                        let chain = self.elements(by_value, false, expr.span())?;
                        // Elements that are not `Copy` are used where they are.
                        let moved = elem.is_some_and(|elem| types::is_moved(&elem));
                        let item = if moved { chain.item } else { Item::Copied(Box::new(chain.item)) };
                        Some(Chain { item, ..chain })
                    }
                }
            }
        }
    }

    fn chain_method(&mut self, call: &ExprMethodCall) -> Parsed {
        let name = call.method.to_string();
        match name.as_str() {
            "iter" | "iter_mut" => {
                let receiver = self.value(&call.receiver);
                self.elements(receiver.strip(), name == "iter_mut", call.span())
            }
            "into_iter" => self.chain(&call.receiver),
            "windows" | "chunks" | "chunks_exact" => self.pieces(call),
            "copied" | "cloned" => {
                let chain = self.chain(&call.receiver)?;
                Some(Chain { item: Item::Copied(Box::new(chain.item)), ..chain })
            }
            "map" => {
                let chain = self.chain(&call.receiver)?;
                let function = call.args.first()?.clone();
                Some(Chain { item: Item::Map(Box::new(chain.item), function), ..chain })
            }
            "filter" => {
                let mut chain = self.chain(&call.receiver)?;
                let predicate = call.args.first()?.clone();
                chain.filters.push(Filter { item: chain.item, predicate });
                chain.item = Item::Passed(chain.filters.len() - 1);
                Some(chain)
            }
            "enumerate" => {
                let chain = self.unfiltered(call)?;
                let var = self.fresh("k", Type::Int(Some("usize")), Storage::Value, Origin::Temp, call.span());
                let number = Item::Ready(Lowered::Operand(Operand::Var(var)));
                let item = Item::Pair(Box::new(number), Box::new(chain.item));
                Some(Chain { iter: Iter::Enumerate { var, inner: Box::new(chain.iter) }, item, ..chain })
            }
            "zip" => {
                let chain = self.unfiltered(call)?;
                let other = self.chain(call.args.first()?)?;
                if !other.filters.is_empty() {
                    return None;
                }
                let item = Item::Pair(Box::new(chain.item), Box::new(other.item));
                let span = call.span();
                let left = self.bounded(chain.iter, &other.iter, span);
                let right = self.bounded(other.iter, &left, span);
                Some(Chain { iter: Iter::Zip(Box::new(left), Box::new(right)), item, filters: Vec::new() })
            }
            "rev" => self.adapted(call, |iter, _| Iter::Rev(iter)),
            "step_by" => self.adapted(call, Iter::StepBy),
            "skip" => self.adapted(call, Iter::Skip),
            "take" => self.adapted(call, Iter::Take),
            "by_ref" | "fuse" => self.chain(&call.receiver),
            _ => {
                // A method that gives an array or a reference to one: `m.row(i)`, `v.as_slice()`.
                let lowered = self.value(&Expr::MethodCall(call.clone()));
                let mutable = matches!(lowered, Lowered::Ref(_, Mutability::Mutable));
                self.elements(lowered.strip(), mutable, call.span())
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
        let hi = self.opaque_parts("end", &[lo.clone(), len], ty, span, |parts| {
            let (lo, len) = (&parts[0], &parts[1]);
            quote!(#lo + #len as _)
        });
        Iter::Range { var, lo, hi, inclusive: false }
    }

    /// The receiver's chain where the adaptor cannot follow a filter.
    fn unfiltered(&mut self, call: &ExprMethodCall) -> Parsed {
        let chain = self.chain(&call.receiver)?;
        if chain.filters.is_empty() {
            return Some(chain);
        }
        let name = &call.method;
        self.refuse(name, format!("`{name}` after `filter` is not supported yet"), "write the loop");
        Some(Chain { filters: Vec::new(), item: Item::Ready(super::lowerer::poison()), ..chain })
    }

    fn adapted(&mut self, call: &ExprMethodCall, wrap: impl FnOnce(Box<Iter>, Operand) -> Iter) -> Parsed {
        let chain = self.unfiltered(call)?;
        let count = match call.args.first() {
            Some(count) => self.number(count),
            None => constant(quote!(1), Type::Int(None)),
        };
        Some(Chain { iter: wrap(Box::new(chain.iter), count), ..chain })
    }
}

pub(super) fn source(iter: Iter, item: Lowered) -> Chain {
    Chain { iter, item: Item::Ready(item), filters: Vec::new() }
}
