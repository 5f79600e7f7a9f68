//! Whether a write may hit an element of a list that was read before.
//!
//! An index is a polynomial of the counters of the loops around it and of numbers that do not change in these. For a read
//! and a write that both lie in some loops, all ways are looked at in which the write can come after the read: in the
//! same trip of the outer loops and a later trip of the next one, or in the same trip of all of them and further down. In
//! each, one of the indices must be provably different, from the ranges of the counters alone. `i * n + k` counts as the
//! two indices `i` and `k` where `k` is provably less than `n`.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

use crate::ir::literals;
use crate::ir::{Arg, BinOp, Iter, Op, Operand, Place, Proj, VarId};

/// Where something stands: its position, and the loops around it from the outermost inwards.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub(super) position: usize,
    pub(super) loops: Vec<usize>,
}

/// The counter of a loop over the numbers of a range.
#[derive(Clone, Debug)]
struct Counter {
    var: VarId,
    lo: Operand,
    hi: Operand,
    backwards: bool,
}

/// What is known of the integers of a function.
#[derive(Debug, Default)]
pub(super) struct Integers {
    /// The sums, differences and products that they are.
    definitions: HashMap<VarId, (BinOp, Operand, Operand)>,
    /// How many loops are around their definitions.
    depths: HashMap<VarId, usize>,
    /// The counters of loops, by the loops' positions.
    counters: HashMap<usize, Counter>,
    loops: HashMap<VarId, usize>,
    /// Constants that are not literals.
    constants: RefCell<Vec<String>>,
}

impl Integers {
    pub(super) fn define(&mut self, var: VarId, depth: usize) {
        self.depths.insert(var, depth);
    }

    pub(super) fn learn(&mut self, var: VarId, op: &Op) {
        let definition = match op {
            Op::Binary(op @ (BinOp::Add | BinOp::Sub | BinOp::Mul), left, right) => (*op, left, right),
            Op::Helper { name: "position", args } => match &args[..] {
                [Arg::Value(start), _, Arg::Value(index)] => (BinOp::Add, start, index),
                _ => return,
            },
            _ => return,
        };
        self.definitions.insert(var, (definition.0, definition.1.clone(), definition.2.clone()));
    }

    pub(super) fn enter_loop(&mut self, position: usize, iter: &Iter) {
        let (range, backwards) = match iter {
            Iter::Rev(inner) => (&**inner, true),
            other => (other, false),
        };
        if let Iter::Range { var, lo, hi, inclusive: false } = range {
            let (lo, hi) = (lo.clone(), hi.clone());
            self.counters.insert(position, Counter { var: *var, lo, hi, backwards });
            self.loops.insert(*var, position);
        }
    }

    /// Whether no write to `write.1` at `write.0` can change what was read from `read.1` at `read.0` before, or what was
    /// written to it there. Of the loops
    /// around them, the first `scope` are around the declaration of what they access.
    pub(super) fn never_hits(&self, read: (&Event, &Place), write: (&Event, &Place), scope: usize) -> bool {
        let shared = read.0.loops.iter().zip(&write.0.loops).take_while(|(a, b)| a == b).count();
        let later = (scope..shared).all(|level| self.differ(read, write, level, true));
        later && (write.0.position <= read.0.position || self.differ(read, write, shared, false))
    }

    /// Whether two places are different in the same trip of the loops around.
    pub(super) fn differ_in_a_trip(&self, event: &Event, read: &Place, write: &Place) -> bool {
        read.root == write.root && self.differ((event, read), (event, write), event.loops.len(), false)
    }

    /// Whether two places are different where the second is looked at in a later trip of the outermost loop.
    pub(super) fn differ_in_later_trip(&self, first: (&Event, &Place), second: (&Event, &Place)) -> bool {
        self.differ(first, second, 0, true)
    }

    /// Whether the places are different if the first `level` loops are in the same trip and, with `later`, the next one
    /// is in a later trip for the write.
    fn differ(&self, read: (&Event, &Place), write: (&Event, &Place), level: usize, later: bool) -> bool {
        let step = if later { read.0.loops.get(level).and_then(|position| self.counters.get(position)) } else { None };
        if later && step.is_none() {
            return false;
        }
        let (case, free) = (Case { integers: self, level, step }, Case { integers: self, level, step: None });
        for (left, right) in read.1.path.iter().zip(&write.1.path) {
            match (left, right) {
                (Proj::Index(left), Proj::Index(right)) => {
                    if case.unequal(&free, left, right) {
                        return true;
                    }
                }
                (Proj::IndexNd(left), Proj::IndexNd(right)) => {
                    if left.iter().zip(right).any(|(left, right)| case.unequal(&free, left, right)) {
                        return true;
                    }
                }
                (Proj::Field(left), Proj::Field(right)) => {
                    if left != right {
                        return true;
                    }
                }
                (Proj::Deref, Proj::Deref) => {}
                _ => return false,
            }
        }
        false
    }

    /// The symbol of a constant that is not a literal.
    fn constant(&self, text: String) -> VarId {
        let mut constants = self.constants.borrow_mut();
        let known = constants.iter().position(|known| *known == text);
        let index = known.unwrap_or_else(|| {
            constants.push(text);
            constants.len() - 1
        });
        VarId(u32::MAX - u32::try_from(index).unwrap_or(u32::MAX / 2))
    }
}

/// Which execution a number belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Both,
    Read,
    Write,
    /// How many trips later than the trip after the read's the write is; at least zero.
    Trips,
}

/// A number that is not made of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Symbol {
    var: VarId,
    side: Side,
}

/// One of the ways in which the write can come after the read.
struct Case<'a> {
    integers: &'a Integers,
    /// What is defined inside more loops than this belongs to one side only.
    level: usize,
    /// The counter that is in a later trip for the write, if that is to be expressed.
    step: Option<&'a Counter>,
}

impl Case<'_> {
    fn operand(&self, operand: &Operand, side: Side) -> Polynomial {
        match operand {
            Operand::Const(constant) => match literals::integer(operand).and_then(|value| i64::try_from(value).ok()) {
                Some(value) => Polynomial::default().plus_constant(value),
                None => {
                    let var = self.integers.constant(constant.tokens.to_string());
                    Polynomial::symbol(Symbol { var, side: Side::Both })
                }
            },
            Operand::Var(var) => self.var(*var, side),
        }
    }

    fn var(&self, var: VarId, side: Side) -> Polynomial {
        if let Some(step) = self.step.filter(|step| step.var == var && side == Side::Write) {
            let of_read = Polynomial::symbol(Symbol { var, side: Side::Read });
            let trips = Polynomial::symbol(Symbol { var, side: Side::Trips }).plus_constant(1);
            return if step.backwards { of_read.minus(&trips) } else { of_read.plus(&trips) };
        }
        if let Some((op, left, right)) = self.integers.definitions.get(&var) {
            let (left, right) = (self.operand(left, side), self.operand(right, side));
            return match op {
                BinOp::Add => left.plus(&right),
                BinOp::Sub => left.minus(&right),
                _ => left.times(&right),
            };
        }
        let depth = self.integers.depths.get(&var).copied().unwrap_or(0);
        Polynomial::symbol(Symbol { var, side: if depth > self.level { side } else { Side::Both } })
    }

    fn unequal(&self, free: &Case<'_>, left: &Operand, right: &Operand) -> bool {
        let (left, stepped) = (self.operand(left, Side::Read), self.operand(right, Side::Write));
        if self.differ(&left, &stepped) {
            return true;
        }
        let right = free.operand(right, Side::Write);
        let strides: Vec<Symbol> = left.0.keys().chain(right.0.keys()).flat_map(|term| factors(term)).collect();
        strides.into_iter().any(|stride| self.unequal_by(free, stride, [&left, &right, &stepped]))
    }

    /// The same for `row * stride + column` with columns that are less than the stride.
    fn unequal_by(&self, free: &Case<'_>, stride: Symbol, sides: [&Polynomial; 3]) -> bool {
        let fits = |polynomial: &Polynomial| {
            let column = polynomial.split(stride).1;
            free.is_positive(&column.clone().plus_constant(1))
                && free.is_positive(&Polynomial::symbol(stride).minus(&column))
        };
        let [left, right, stepped] = sides;
        if !fits(left) || !fits(right) {
            return false;
        }
        let ((left_row, left_column), (row, column)) = (left.split(stride), stepped.split(stride));
        self.differ(&left_row, &row) || self.differ(&left_column, &column)
    }

    fn differ(&self, left: &Polynomial, right: &Polynomial) -> bool {
        let difference = right.minus(left);
        self.is_positive(&difference) || self.is_positive(&difference.scaled(-1))
    }

    /// Whether the polynomial is at least one, whatever the counters in their ranges are. All numbers are indices or
    /// counters of elements, hence not negative.
    fn is_positive(&self, polynomial: &Polynomial) -> bool {
        let mut least = polynomial.clone();
        // Every round replaces a counter by a bound that is made of counters further out.
        while let Some(symbol) = self.innermost(&least) {
            if least.0.keys().any(|term| term.len() > 1 && term.contains(&symbol)) {
                return false;
            }
            let factor = least.0.remove(&vec![symbol]).unwrap_or_default();
            let Some((lo, hi)) = self.bounds(symbol) else { return false };
            let bound = if factor > 0 { lo } else { hi.plus_constant(-1) };
            least = least.plus(&bound.scaled(factor));
        }
        least.0.iter().all(|(term, factor)| term.is_empty() || *factor > 0)
            && least.0.get(&Vec::new()).is_some_and(|constant| *constant >= 1)
    }

    /// The counter of the innermost loop in the polynomial.
    fn innermost(&self, polynomial: &Polynomial) -> Option<Symbol> {
        let counters = polynomial.0.keys().flatten().copied().filter(|symbol| self.bounds(*symbol).is_some());
        counters.max_by_key(|symbol| self.integers.depths.get(&symbol.var).copied().unwrap_or(0))
    }

    /// The range of a counter, if the symbol is one.
    fn bounds(&self, symbol: Symbol) -> Option<(Polynomial, Polynomial)> {
        if symbol.side == Side::Trips {
            return None;
        }
        let counter = self.integers.counters.get(self.integers.loops.get(&symbol.var)?)?;
        Some((self.operand(&counter.lo, symbol.side), self.operand(&counter.hi, symbol.side)))
    }
}

/// A sum of products of symbols with integer factors; no factor is zero.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Polynomial(BTreeMap<Vec<Symbol>, i64>);

impl Polynomial {
    fn symbol(symbol: Symbol) -> Self {
        Polynomial(BTreeMap::from([(vec![symbol], 1)]))
    }

    fn add(&mut self, term: Vec<Symbol>, factor: i64) {
        let sum = self.0.get(&term).copied().unwrap_or(0).saturating_add(factor);
        if sum == 0 {
            self.0.remove(&term)
        } else {
            self.0.insert(term, sum)
        };
    }

    fn plus_constant(mut self, constant: i64) -> Self {
        self.add(Vec::new(), constant);
        self
    }

    fn plus(&self, other: &Self) -> Self {
        let mut sum = self.clone();
        other.0.iter().for_each(|(term, factor)| sum.add(term.clone(), *factor));
        sum
    }

    fn scaled(&self, by: i64) -> Self {
        let mut scaled = Polynomial::default();
        self.0.iter().for_each(|(term, factor)| scaled.add(term.clone(), factor.saturating_mul(by)));
        scaled
    }

    fn minus(&self, other: &Self) -> Self {
        self.plus(&other.scaled(-1))
    }

    fn times(&self, other: &Self) -> Self {
        let mut product = Polynomial::default();
        for (left, a) in &self.0 {
            for (right, b) in &other.0 {
                let mut term = [left.as_slice(), right].concat();
                term.sort_unstable();
                product.add(term, a.saturating_mul(*b));
            }
        }
        product
    }

    /// `row` and `column` of `row * stride + column`.
    fn split(&self, stride: Symbol) -> (Self, Self) {
        let (mut row, mut column) = (Polynomial::default(), Polynomial::default());
        for (term, factor) in &self.0 {
            match term.iter().position(|symbol| *symbol == stride) {
                Some(at) => {
                    let mut rest = term.clone();
                    rest.remove(at);
                    row.add(rest, *factor);
                }
                None => column.add(term.clone(), *factor),
            }
        }
        (row, column)
    }
}

/// The symbols that a product has in common for both sides.
fn factors(term: &[Symbol]) -> Vec<Symbol> {
    let shared = term.iter().copied().filter(|symbol| symbol.side == Side::Both);
    if term.len() > 1 { shared.collect() } else { Vec::new() }
}
