//! A part of a cotangent that two trips in a row add to: the earlier one hands its contribution on to the later one, in a
//! variable instead of through memory.
//!
//! `x_bar[i] += a; x_bar[i + 1] += b` becomes `x_bar[i] += next; next = 0; x_bar[i] += a; next += b`, with
//! `x_bar[n] += next` after the loop. The part that no later trip adds to may be looked at and set as well, as the mirror
//! of `x[i] = f(x[i - 1])` does.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{Sums, is_fixed};
use crate::ir::literals;
use crate::ir::walk::{self, Access, Visit};
use crate::ir::{BinOp, Block, Function, Iter, Op, Operand, Origin, Place, Proj, Stmt, Storage, Type, VarId};
use crate::transform::reads;

/// The most trips that a contribution is handed on by.
const FARTHEST: i64 = 4;

/// A loop over the numbers of a range.
struct Counter {
    var: VarId,
    lo: Operand,
    hi: Operand,
    backwards: bool,
}

/// The places of one list that a loop adds to, at fixed distances from its counter.
#[derive(Default)]
struct Row {
    /// One of the places.
    place: Option<Place>,
    /// The distances of what is added to.
    offsets: HashSet<i64>,
    /// The distances of what is looked at or set.
    fixed: HashSet<i64>,
    /// Those that every trip comes to, by a statement of its outermost block, and the first statement that comes to any.
    certain: HashSet<i64>,
    first: Option<usize>,
}

pub(super) fn carry(sums: &mut Sums<'_>, iter: &Iter, body: &mut Block) {
    let Some(counter) = counter(iter) else { return };
    let mut offsets = HashMap::from([(counter.var, 0)]);
    distances(body, counter.var, &mut offsets);
    let mut gather = Gather::new(sums, &offsets);
    for (position, stmt) in body.stmts.iter().enumerate() {
        gather.position = position;
        walk::stmt(&mut gather, stmt);
    }
    for (key, row) in gather.rows() {
        let Some(base) = row.last(counter.backwards) else { continue };
        let ahead: HashSet<i64> = row.offsets.iter().map(|offset| counter.ahead(*offset, base)).collect();
        let count = ahead.iter().max().copied().unwrap_or_default();
        let dense = (1..=count).all(|distance| ahead.contains(&distance));
        if (1..=FARTHEST).contains(&count) && dense && row.certain.contains(&base) {
            Carry { counter: &counter, offsets: &offsets, key, base, count }.run(sums, &row, body);
        }
    }
}

impl Counter {
    /// How many trips after the current one come to what lies at the distance `offset` as this one comes to `base`.
    fn ahead(&self, offset: i64, base: i64) -> i64 {
        if self.backwards { base - offset } else { offset - base }
    }
}

impl Row {
    /// The distance that the trips come to for the last time, or that alone they look at.
    fn last(&self, backwards: bool) -> Option<i64> {
        let mut fixed = self.fixed.iter().copied();
        match (fixed.next(), fixed.next()) {
            (Some(offset), None) => Some(offset),
            (Some(_), Some(_)) => None,
            (None, _) if backwards => self.offsets.iter().copied().max(),
            (None, _) => self.offsets.iter().copied().min(),
        }
    }
}

fn counter(iter: &Iter) -> Option<Counter> {
    match iter {
        Iter::Range { var, lo, hi, inclusive: false } => {
            Some(Counter { var: *var, lo: lo.clone(), hi: hi.clone(), backwards: false })
        }
        Iter::Rev(inner) if matches!(**inner, Iter::Range { .. }) => {
            counter(inner).map(|counter| Counter { backwards: true, ..counter })
        }
        _ => None,
    }
}

/// Finds the values that are the counter plus or minus a literal.
fn distances(block: &Block, counter: VarId, offsets: &mut HashMap<VarId, i64>) {
    for stmt in &block.stmts {
        if let Stmt::Let { var, op: Op::Binary(op, Operand::Var(left), right) } = stmt
            && *left == counter
            && let Some(distance) = literals::integer(right).and_then(|distance| i64::try_from(distance).ok())
        {
            match op {
                BinOp::Add => offsets.insert(*var, distance),
                BinOp::Sub => offsets.insert(*var, -distance),
                _ => None,
            };
        }
        walk::blocks(stmt).into_iter().for_each(|inner| distances(inner, counter, offsets));
    }
}

/// The step of a path that is at a fixed distance from the counter.
fn moving_step(place: &Place, offsets: &HashMap<VarId, i64>) -> Option<(usize, i64)> {
    place.path.iter().enumerate().find_map(|(position, step)| match step {
        Proj::Index(Operand::Var(index)) => Some((position, *offsets.get(index)?)),
        _ => None,
    })
}

/// The row that a place belongs to, and its distance from the counter.
fn row_of(sums: &Sums<'_>, place: &Place, offsets: &HashMap<VarId, i64>) -> Option<(String, i64)> {
    let (position, offset) = moving_step(place, offsets)?;
    let mut row = place.clone();
    row.path[position] = Proj::Index(literals::index(0));
    let whole = sums.is_cotangent(place) && is_fixed(&row.path, |var| !sums.facts.defined.contains(&var));
    whole.then(|| (format!("{position}: {}", reads::key(&row, &HashMap::new())), offset))
}

/// What a statement does with the places in it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Does {
    Add,
    ReadOrSet,
    Other,
}

/// Finds the rows of a loop's body.
struct Gather<'a, 's> {
    sums: &'a Sums<'s>,
    offsets: &'a HashMap<VarId, i64>,
    rows: BTreeMap<String, Row>,
    /// What is used in any other way than by elements of rows.
    otherwise: HashSet<VarId>,
    /// The statement of the outermost block.
    position: usize,
    /// What the statements that are open do.
    open: Vec<Does>,
}

impl<'a, 's> Gather<'a, 's> {
    fn new(sums: &'a Sums<'s>, offsets: &'a HashMap<VarId, i64>) -> Self {
        let otherwise = sums.iterated.iter().copied().collect();
        Gather { sums, offsets, rows: BTreeMap::new(), otherwise, position: 0, open: Vec::new() }
    }

    /// The rows that nothing else in the loop comes near.
    fn rows(self) -> Vec<(String, Row)> {
        let Gather { sums, rows, otherwise, .. } = self;
        let of = |root: VarId| {
            rows.values().filter(|row| row.place.as_ref().is_some_and(|place| place.root == root)).count()
        };
        let alone = |row: &Row| {
            let Some(place) = &row.place else { return false };
            sums.is_only_added(place) || of(place.root) == 1 && !otherwise.contains(&place.root)
        };
        let alone: Vec<bool> = rows.values().map(alone).collect();
        rows.into_iter().zip(alone).filter(|(_, alone)| *alone).map(|(row, _)| row).collect()
    }
}

impl Visit for Gather<'_, '_> {
    fn enter(&mut self, stmt: &Stmt) {
        self.open.push(match stmt {
            Stmt::Accumulate { .. } => Does::Add,
            Stmt::Assign { .. } | Stmt::Let { op: Op::Read(_), .. } => Does::ReadOrSet,
            _ => Does::Other,
        });
    }

    fn leave(&mut self, _: &Stmt) {
        self.open.pop();
    }

    fn place(&mut self, place: &Place, _: Access) {
        let does = self.open.last().copied().unwrap_or(Does::Other);
        let row = row_of(self.sums, place, self.offsets).filter(|_| does != Does::Other);
        let Some((key, offset)) = row else {
            self.otherwise.insert(place.root);
            return;
        };
        let row = self.rows.entry(key).or_default();
        row.place.get_or_insert_with(|| place.clone());
        row.first.get_or_insert(self.position);
        if does == Does::Add {
            row.offsets.insert(offset)
        } else {
            row.fixed.insert(offset)
        };
        if self.open.len() == 1 {
            row.certain.insert(offset);
        }
    }

    fn operand(&mut self, operand: &Operand) {
        self.otherwise.extend(Function::var_of(operand));
    }

    fn mention(&mut self, var: VarId) {
        self.otherwise.insert(var);
    }
}

/// The rewriting of one row.
struct Carry<'a> {
    counter: &'a Counter,
    offsets: &'a HashMap<VarId, i64>,
    key: String,
    /// The distance that the trips add to for the last time.
    base: i64,
    /// How many trips a contribution is handed on by at most.
    count: i64,
}

impl Carry<'_> {
    fn run(&self, sums: &mut Sums<'_>, row: &Row, body: &mut Block) {
        let (Some(place), Some(first)) = (&row.place, row.first) else { return };
        let name = format!("{}_next", sums.function[place.root].name);
        let carried: Vec<VarId> = (0..self.count).map(|_| sums.register(name.clone(), place)).collect();
        self.redirect(sums, body, &carried);
        let flush = self.flush(sums.function, place, &carried);
        body.stmts.splice(first..first, flush);
        let (end, step) = if self.counter.backwards { (&self.counter.lo, -1) } else { (&self.counter.hi, 0) };
        for (trips, carry) in (0..).zip(carried) {
            let distance = if self.counter.backwards { -trips } else { trips };
            let at = self.shifted(sums.function, place, end, self.base + step + distance);
            self.hand_over(sums, carry, at);
        }
    }

    /// Adds to the variables instead of to the cotangent where a later trip does so, too.
    fn redirect(&self, sums: &Sums<'_>, block: &mut Block, carried: &[VarId]) {
        for stmt in &mut block.stmts {
            walk::blocks_mut(stmt).into_iter().for_each(|inner| self.redirect(sums, inner, carried));
            let Stmt::Accumulate { place, .. } = stmt else { continue };
            let Some((key, offset)) = row_of(sums, place, self.offsets) else { continue };
            let ahead = usize::try_from(self.counter.ahead(offset, self.base)).unwrap_or_default();
            if key == self.key && ahead > 0 {
                *place = Place::var(carried[ahead - 1]);
            }
        }
    }

    /// What an earlier trip handed on is added, and the rest moves up.
    fn flush(&self, function: &mut Function, place: &Place, carried: &[VarId]) -> Vec<Stmt> {
        let (index, mut stmts) = self.shifted(function, place, &Operand::Var(self.counter.var), self.base);
        let ty = function[carried[0]].ty.clone();
        let zero = literals::zero(&ty).expect("only floats are summed");
        let mut read = |from: VarId, stmts: &mut Vec<Stmt>| {
            let value = function.fresh("next", ty.clone(), Storage::Value, Origin::Temp);
            stmts.push(Stmt::Let { var: value, op: Op::Read(Place::var(from)) });
            Operand::Var(value)
        };
        let value = read(carried[0], &mut stmts);
        stmts.push(Stmt::Accumulate { place: index, negative: false, value });
        for pair in carried.windows(2) {
            let value = read(pair[1], &mut stmts);
            stmts.push(Stmt::Assign { place: Place::var(pair[0]), value });
        }
        stmts.push(Stmt::Assign { place: Place::var(carried[carried.len() - 1]), value: zero });
        stmts
    }

    /// The place of the row at the given distance from a number, and what computes its index.
    fn shifted(&self, function: &mut Function, place: &Place, from: &Operand, distance: i64) -> (Place, Vec<Stmt>) {
        let mut place = place.clone();
        let mut stmts = Vec::new();
        let mut index = from.clone();
        let known = literals::integer(from).and_then(|from| i64::try_from(from).ok()?.checked_add(distance));
        if let Some(known) = known.and_then(|known| usize::try_from(known).ok()) {
            index = literals::index(known);
        } else if distance != 0 {
            let op = if distance > 0 { BinOp::Add } else { BinOp::Sub };
            let var = function.fresh("k", Type::Int(Some("usize")), Storage::Value, Origin::Temp);
            let by = literals::index(usize::try_from(distance.abs()).unwrap_or_default());
            stmts.push(Stmt::Let { var, op: Op::Binary(op, from.clone(), by) });
            index = Operand::Var(var);
        }
        if let Some((position, _)) = moving_step(&place, self.offsets) {
            place.path[position] = Proj::Index(index);
        }
        (place, stmts)
    }

    /// What the last trips handed on is added after the loop; there is nothing if there was no trip.
    fn hand_over(&self, sums: &mut Sums<'_>, carry: VarId, at: (Place, Vec<Stmt>)) {
        let (place, index) = at;
        sums.hand_over(carry, place);
        if let Some(Stmt::If { then, .. }) = sums.after.last_mut() {
            then.stmts.splice(0..0, index);
        }
    }
}
