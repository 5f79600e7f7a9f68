//! Running a chain: the loops, and the statements that its stages are.

use super::chain::{Chain, Given, Item};
use super::env::{Lowered, Mutability};
use super::lowerer::{Lowerer, Target, block_of, constant};
use crate::ir::{BinOp, Iter, Op, Operand, Place, ScopeId, Stmt, Type};
use proc_macro2::Span;
use quote::quote;
use syn::spanned::Spanned;

/// What happens to each item of a chain, inside its loop.
pub(super) enum Stage {
    Map(Given),
    Copied,
    Inspect(Given),
    Filter(Given),
    FilterMap(Given),
    TakeWhile(Given),
    SkipWhile(Given),
    MapWhile(Given),
    Enumerate,
    Skip(Operand),
    Take(Operand),
    StepBy(Operand),
    FlatMap {
        function: Given,
        reversed: bool,
    },
    Flatten {
        reversed: bool,
    },
    /// The state lives in memory.
    Scan {
        state: Lowered,
        function: Given,
    },
    /// The item at the same position of another chain, which is a single loop with `len` trips; it comes first in the pair
    /// if `first`.
    Zip {
        with: Given,
        len: Operand,
        first: bool,
    },
    /// The item is a position, counted on behind the end of a list.
    Around {
        of: Place,
        by_value: bool,
    },
    /// The item is the row's number of an array with two axes; its elements follow.
    Columns {
        of: Box<super::views::View>,
        mutability: Mutability,
        indexed: bool,
    },
}

impl Stage {
    /// The stage for the reversed chain, if it does the same to each item whatever came before.
    pub(super) fn reversed(self) -> Option<Stage> {
        match self {
            Stage::Map(_) | Stage::Copied | Stage::Inspect(_) | Stage::Filter(_) | Stage::FilterMap(_) => Some(self),
            Stage::FlatMap { function, reversed } => Some(Stage::FlatMap { function, reversed: !reversed }),
            Stage::Flatten { reversed } => Some(Stage::Flatten { reversed: !reversed }),
            Stage::TakeWhile(_)
            | Stage::SkipWhile(_)
            | Stage::MapWhile(_)
            | Stage::Enumerate
            | Stage::Skip(_)
            | Stage::Take(_)
            | Stage::StepBy(_)
            | Stage::Scan { .. }
            | Stage::Zip { .. }
            | Stage::Around { .. }
            | Stage::Columns { .. } => None,
        }
    }

    /// Whether the stage may end the chain.
    fn stops(&self) -> bool {
        matches!(
            self,
            Stage::TakeWhile(_) | Stage::MapWhile(_) | Stage::Take(_) | Stage::Scan { .. } | Stage::Zip { .. }
        )
    }
}

/// What gets the items.
pub(super) type Body<'b, 'a> = &'b mut dyn FnMut(&mut Lowerer<'a>, Lowered);

impl<'a> Lowerer<'a> {
    /// Runs a chain; `body` gets each item, and is lowered once for each place that items come from.
    pub(super) fn run_chain(&mut self, chain: Chain, mut body: impl FnMut(&mut Self, Lowered)) {
        self.run(chain, &mut body);
    }

    /// Runs a chain that may be left early: `body` also gets the scope to leave.
    pub(super) fn run_until(&mut self, chain: Chain, mut body: impl FnMut(&mut Self, Lowered, ScopeId)) {
        self.stoppable(chain, |this, chain, stop| this.run(chain, &mut |this, item| body(this, item, stop)));
    }

    /// Gives `run` the scope that a `break` leaves to end the chain.
    fn stoppable(&mut self, chain: Chain, run: impl FnOnce(&mut Self, Chain, ScopeId)) {
        if let Some(id) = chain.outermost() {
            return run(self, chain, id);
        }
        let id = self.function.fresh_scope(None);
        let (stmts, ()) = self.block(|this| run(this, chain, id));
        self.emit(Stmt::Scope { dest: None, id, body: block_of(stmts, None) });
    }

    /// A loop of the user's, whose body may break and continue.
    pub(super) fn run_user_loop(
        &mut self,
        chain: Chain,
        label: Option<String>,
        mut body: impl FnMut(&mut Self, Lowered),
    ) {
        let single = matches!(chain, Chain::Loop { .. });
        self.stoppable(chain, |this, chain, stop| {
            this.function.scopes[stop.0 as usize].clone_from(&label);
            this.run(chain, &mut |this, item| {
                let continues = (!single).then(|| this.function.fresh_scope(None));
                let target =
                    Target { label: label.clone(), id: stop, dest: None, is_loop: true, broken: false, continues };
                this.targets.push(target);
                match continues {
                    None => body(this, item),
                    // What follows in the innermost loop is skipped by leaving a block.
                    Some(id) => {
                        let (stmts, ()) = this.block(|this| body(this, item));
                        if leaves(&stmts, id) {
                            this.emit(Stmt::Scope { dest: None, id, body: block_of(stmts, None) });
                        } else {
                            this.append(stmts);
                        }
                    }
                }
                this.targets.pop();
            });
        });
    }

    fn run(&mut self, chain: Chain, body: Body<'_, 'a>) {
        match chain {
            Chain::Loop { id, iter, item } => {
                let (stmts, ()) = self.block(|this| {
                    let item = this.item(&item);
                    body(this, item);
                });
                self.emit(Stmt::For { id, iter, body: block_of(stmts, None) });
            }
            Chain::Both(first, second) => {
                self.run(*first, body);
                self.run(*second, body);
            }
            Chain::Generated { id, generator } => self.generate(id, &generator, body),
            Chain::Once(item) => {
                self.scope(|this| body(this, item));
            }
            Chain::Then(inner, stage) if stage.stops() => {
                self.stoppable(*inner, |this, inner, stop| this.stage(inner, stage, Some(stop), body));
            }
            Chain::Then(inner, stage) => self.stage(*inner, stage, None, body),
        }
    }

    /// Lowers an item inside the loop.
    fn item(&mut self, item: &Item) -> Lowered {
        match item {
            Item::Ready(lowered) => lowered.clone(),
            Item::Copied(inner) => behind(self.item(inner)),
            Item::Pair(left, right) => {
                let left = self.item(left);
                Lowered::Tuple(vec![left, self.item(right)])
            }
            Item::Map(inner, function) => {
                let inner = self.item(inner);
                self.map_item(function, inner)
            }
            Item::Element { of, position, mutability } => {
                let mut element = of.clone();
                self.push_index(&mut element, Operand::Var(*position), Span::call_site());
                Lowered::Ref(Box::new(self.place_value(element)), *mutability)
            }
            Item::Piece { position, size, of, cut, mutability } => {
                let piece = self.piece(*position, size, of, cut, Span::call_site());
                Lowered::Ref(Box::new(piece), *mutability)
            }
            Item::Cell { of, position, mutability } => {
                let element = self.view_element(of, &[Operand::Var(*position)], Span::call_site());
                Lowered::Ref(Box::new(self.place_value(element)), *mutability)
            }
            Item::Lent { of, axis, position } => {
                match self.part_at(of, *axis, Operand::Var(*position), Span::call_site()) {
                    Some(part) => Lowered::View(Box::new(part)),
                    None => super::lowerer::poison(),
                }
            }
            Item::Window { of, axis, position, size, apart } => {
                self.window_at(of, *axis, *position, size, *apart, Span::call_site())
            }
            Item::Kept { cursor, position, by_ref } => self.kept_at(cursor, Operand::Var(*position), *by_ref),
            Item::Part { position, of, axis } => self.part_view(*position, of, axis, Span::call_site()),
        }
    }

    fn map_item(&mut self, function: &Given, item: Lowered) -> Lowered {
        match self.apply_given(function, vec![item]) {
            Lowered::Place(place) => Lowered::Operand(self.read(Lowered::Place(place), function.function.span())),
            other => other,
        }
    }

    fn stage(&mut self, inner: Chain, stage: Stage, stop: Option<ScopeId>, body: Body<'_, 'a>) {
        let stop = stop.unwrap_or(ScopeId(u32::MAX));
        match stage {
            Stage::Map(function) => self.run(inner, &mut |this, item| {
                let item = this.map_item(&function, item);
                body(this, item);
            }),
            Stage::Copied => self.run(inner, &mut |this, item| body(this, behind(item))),
            Stage::Inspect(function) => self.run(inner, &mut |this, item| {
                let item = this.held(item, function.function.span());
                let at = this.position();
                this.apply_given(&function, vec![item.clone().shared()]);
                this.discard(at);
                body(this, item);
            }),
            Stage::Filter(function) => self.run(inner, &mut |this, item| {
                let item = this.held(item, function.function.span());
                let cond = this.test(&function, &item);
                this.when(cond, |this| body(this, item));
            }),
            Stage::FilterMap(function) => {
                self.run(inner, &mut |this, item| this.optional_of(&function, vec![item], None, body));
            }
            Stage::MapWhile(function) => {
                self.run(inner, &mut |this, item| this.optional_of(&function, vec![item], Some(stop), body));
            }
            Stage::TakeWhile(function) => self.run(inner, &mut |this, item| {
                let item = this.held(item, function.function.span());
                let cond = this.test(&function, &item);
                this.leave_unless(cond, stop);
                body(this, item);
            }),
            Stage::FlatMap { function, reversed } => self.flat_map(inner, &function, reversed, body),
            Stage::Flatten { reversed } => self.run(inner, &mut |this, item| {
                if matches!(this.bare_type(&item), Type::Option(_)) {
                    this.option_value(item, None, Span::call_site(), body);
                    return;
                }
                let mutable = matches!(item, Lowered::Ref(_, Mutability::Mutable));
                let by_value = !item.is_ref();
                let chain = this.elements(item.strip(), mutable, Span::call_site());
                let chain = chain.map(|chain| if by_value { chain.copied() } else { chain });
                this.nested(chain, reversed, Span::call_site(), body);
            }),
            Stage::Scan { state, function } => self.run(inner, &mut |this, item| {
                let state = state.clone();
                let state = Lowered::Ref(Box::new(state), Mutability::Mutable);
                this.optional_of(&function, vec![state, item], Some(stop), body);
            }),
            Stage::Around { of, by_value } => self.run(inner, &mut |this, item| {
                let element = this.around(item, &of);
                body(this, if by_value { element } else { element.shared() });
            }),
            Stage::Columns { of, mutability, indexed } => self.run(inner, &mut |this, item| {
                this.columns(item, &of, mutability, indexed, body);
            }),
            counting => self.counting_stage(inner, counting, stop, body),
        }
    }

    /// Stages that count the items.
    fn counting_stage(&mut self, inner: Chain, stage: Stage, stop: ScopeId, body: Body<'_, 'a>) {
        let span = Span::call_site();
        if let Stage::SkipWhile(function) = stage {
            return self.skip_while(inner, &function, body);
        }
        let usize_type = Type::Int(Some("usize"));
        let counter = self.temp_memory("seen", usize_type.clone(), Some(constant(quote!(0), usize_type.clone())), span);
        let counter = Place::var(counter);
        self.run(inner, &mut |this, item| {
            let seen = this.temp("seen", usize_type.clone(), Op::Read(counter.clone()), span);
            let count = |this: &mut Self| {
                let value = constant(quote!(1), usize_type.clone());
                this.emit(Stmt::Accumulate { place: counter.clone(), negative: false, value });
            };
            match &stage {
                Stage::Enumerate => {
                    count(this);
                    body(this, Lowered::Tuple(vec![Lowered::Operand(seen), item]));
                }
                Stage::Skip(skipped) => {
                    count(this);
                    let cond = this.binary_op(BinOp::Ge, seen, skipped.clone(), span);
                    this.when(cond, |this| body(this, item));
                }
                Stage::Take(taken) => {
                    let cond = this.binary_op(BinOp::Lt, seen, taken.clone(), span);
                    this.leave_unless(cond, stop);
                    count(this);
                    body(this, item);
                }
                Stage::StepBy(step) => {
                    count(this);
                    let cond = this.opaque_parts("due", &[seen, step.clone()], Type::Bool, span, |parts| {
                        let (seen, step) = (&parts[0], &parts[1]);
                        quote!(#seen % #step == 0)
                    });
                    this.when(cond, |this| body(this, item));
                }
                Stage::Zip { with, len, first } => {
                    let cond = this.binary_op(BinOp::Lt, seen.clone(), len.clone(), span);
                    this.leave_unless(cond, stop);
                    count(this);
                    let other = this.item_at(with, &seen);
                    let pair = if *first { vec![other, item] } else { vec![item, other] };
                    body(this, Lowered::Tuple(pair));
                }
                _ => unreachable!("only stages that count come here"),
            }
        });
    }

    fn skip_while(&mut self, inner: Chain, function: &Given, body: Body<'_, 'a>) {
        let span = function.function.span();
        let skipping = self.temp_memory("skipping", Type::Bool, Some(constant(quote!(true), Type::Bool)), span);
        let skipping = Place::var(skipping);
        self.run(inner, &mut |this, item| {
            let item = this.held(item, span);
            let still = this.temp("still", Type::Bool, Op::Read(skipping.clone()), span);
            this.when(still, |this| {
                let value = this.test(function, &item);
                this.emit(Stmt::Assign { place: skipping.clone(), value });
            });
            let skips = this.temp("skips", Type::Bool, Op::Read(skipping.clone()), span);
            let cond = this.temp("passes", Type::Bool, Op::Unary(crate::ir::UnOp::Not, skips), span);
            this.when(cond, |this| body(this, item));
        });
    }

    fn flat_map(&mut self, inner: Chain, function: &Given, reversed: bool, body: Body<'_, 'a>) {
        let env = function.env.clone();
        self.run(inner, &mut |this, item| {
            let outer = std::mem::replace(&mut this.env, (*env).clone());
            this.env.push();
            let chain = match super::place::strip_parens(&function.function) {
                syn::Expr::Closure(closure) => match closure.inputs.first() {
                    Some(pat) => {
                        this.bind(pat, item, None);
                        this.tail_chain(&closure.body)
                    }
                    None => None,
                },
                _ => None,
            };
            this.nested(chain, reversed, function.function.span(), &mut |this, item| {
                let inner = std::mem::replace(&mut this.env, outer.clone());
                body(this, item);
                this.env = inner;
            });
            this.env = outer;
        });
    }

    /// The chain that a closure's body ends with.
    fn tail_chain(&mut self, body: &syn::Expr) -> Option<Chain> {
        match super::place::strip_parens(body) {
            syn::Expr::Block(block) => {
                let (tail, before) = block.block.stmts.split_last()?;
                let syn::Stmt::Expr(tail, None) = tail else { return None };
                self.stmts(before, super::stmt::Wanted::Effect);
                self.chain(tail)
            }
            other => self.chain(other),
        }
    }

    fn nested(&mut self, chain: Option<Chain>, reversed: bool, span: Span, body: Body<'_, 'a>) {
        let Some(chain) = chain else {
            self.refuse_at(span, "cannot see what this yields for each item", "write nested loops");
            return;
        };
        match chain {
            Chain::Loop { id, iter, item } if reversed => {
                self.run(Chain::Loop { id, iter: Iter::Rev(Box::new(iter)), item }, body);
            }
            other if !reversed => self.run(other, body),
            _ => {
                self.refuse_at(span, "`rev` cannot follow this adaptor here", "write nested loops");
            }
        }
    }

    /// An item that is looked at before it is used: what is computed is computed once.
    fn held(&mut self, item: Lowered, span: Span) -> Lowered {
        match item {
            Lowered::Place(place) => Lowered::Operand(self.read(Lowered::Place(place), span)),
            other => other,
        }
    }

    fn test(&mut self, function: &Given, item: &Lowered) -> Operand {
        let test = self.apply_given(function, vec![item.clone().shared()]);
        self.numeric(test, function.function.span())
    }

    /// `if cond { .. }`
    pub(super) fn when(&mut self, cond: Operand, then: impl FnOnce(&mut Self)) {
        let (stmts, ()) = self.block(then);
        self.emit(Stmt::If { dest: None, cond, then: block_of(stmts, None), els: block_of(Vec::new(), None) });
    }

    /// `if !cond { break }`
    fn leave_unless(&mut self, cond: Operand, target: ScopeId) {
        let span = Span::call_site();
        let ends = self.temp("ends", Type::Bool, Op::Unary(crate::ir::UnOp::Not, cond), span);
        self.when(ends, |this| this.emit(Stmt::Break { target, value: None }));
    }

    fn around(&mut self, position: Lowered, of: &Place) -> Lowered {
        let span = Span::call_site();
        let len = self.length(of, span);
        let position = self.numeric(position, span);
        let index = self.temp("index", Type::Int(Some("usize")), Op::Binary(BinOp::Rem, position, len), span);
        let mut element = of.clone();
        self.push_index(&mut element, index, span);
        self.place_value(element)
    }

    /// The elements of one row of an array with two axes.
    fn columns(
        &mut self,
        row: Lowered,
        of: &super::views::View,
        mutability: Mutability,
        indexed: bool,
        body: Body<'_, 'a>,
    ) {
        let span = Span::call_site();
        let row = self.numeric(row, span);
        let columns = self.view_len(of, 1, span);
        let chain = self.count_up(constant(quote!(0), Type::Int(None)), columns, span);
        self.run(chain, &mut |this, column| {
            let column = this.numeric(column, span);
            let element = this.view_element(of, &[row.clone(), column.clone()], span);
            let element = Lowered::Ref(Box::new(Lowered::Place(element)), mutability);
            let position = Lowered::Tuple(vec![Lowered::Operand(row.clone()), Lowered::Operand(column)]);
            body(this, if indexed { Lowered::Tuple(vec![position, element]) } else { element });
        });
    }

    /// The item at a position of a chain that is a single loop.
    pub(super) fn item_at(&mut self, with: &Given, position: &Operand) -> Lowered {
        let env = with.env.clone();
        self.in_env(&env, |this| match this.chain(&with.function) {
            Some(Chain::Loop { iter, item, .. }) => {
                this.bind_at(&iter, position);
                this.item(&item)
            }
            _ => super::lowerer::poison(),
        })
    }

    /// Gives what an iterator binds the values that it has at a position.
    fn bind_at(&mut self, iter: &Iter, position: &Operand) {
        let span = Span::call_site();
        match iter {
            Iter::Range { var, lo, .. } | Iter::From { var, lo } => {
                let value = Op::Binary(BinOp::Add, lo.clone(), position.clone());
                self.emit(Stmt::Let { var: *var, op: value });
            }
            Iter::Elements { var, of, mutable: _ } => {
                let mut element = of.clone();
                self.push_index(&mut element, position.clone(), span);
                self.emit(Stmt::Let { var: *var, op: Op::Borrow(element) });
            }
            Iter::Enumerate { var, inner } => {
                self.emit(Stmt::Let { var: *var, op: Op::Use(position.clone()) });
                self.bind_at(inner, position);
            }
            Iter::Zip(left, right) => {
                self.bind_at(left, position);
                self.bind_at(right, position);
            }
            Iter::Rev(inner) => {
                let len = self.chain_length(inner, span);
                let mirrored = self.opaque_parts("index", &[len, position.clone()], usize_type(), span, |parts| {
                    let (len, position) = (&parts[0], &parts[1]);
                    quote!(#len - 1 - #position)
                });
                self.bind_at(inner, &mirrored);
            }
            Iter::StepBy(inner, step) => {
                let at = self.temp("index", usize_type(), Op::Binary(BinOp::Mul, position.clone(), step.clone()), span);
                self.bind_at(inner, &at);
            }
            Iter::Skip(inner, count) => {
                let at = self.offset(count.clone(), position.clone(), span);
                self.bind_at(inner, &at);
            }
            Iter::Take(inner, _) => self.bind_at(inner, position),
            Iter::Opaque { vars, .. } => {
                for var in vars {
                    self.refuse_at(self.function[*var].span, "this iterator has no positions", "collect it first");
                }
            }
        }
    }
}

fn usize_type() -> Type {
    Type::Int(Some("usize"))
}

/// What a reference refers to.
fn behind(item: Lowered) -> Lowered {
    match item {
        Lowered::Ref(inner, _) => *inner,
        other => other,
    }
}

/// Whether something in the statements leaves the scope.
fn leaves(stmts: &[Stmt], id: ScopeId) -> bool {
    stmts.iter().any(|stmt| {
        matches!(stmt, Stmt::Break { target, .. } if *target == id)
            || crate::ir::walk::blocks(stmt).into_iter().any(|block| leaves(&block.stmts, id))
    })
}
