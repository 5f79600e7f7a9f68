//! A part of a cotangent that two trips in a row add to: the earlier one hands its contribution on to the later one, in a
//! variable instead of through memory.
//!
//! `x_bar[i] += a; x_bar[i + 1] += b` becomes `x_bar[i] += next; next = 0; x_bar[i] += a; next += b`, with
//! `x_bar[n] += next` after the loop.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{Sums, is_fixed};
use crate::ir::literals;
use crate::ir::walk;
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
    /// The distances.
    offsets: HashSet<i64>,
    /// Those that every trip adds to, by a statement of its outermost block, and the first of these statements.
    certain: HashSet<i64>,
    first: Option<usize>,
}

pub(super) fn carry(sums: &mut Sums<'_>, iter: &Iter, body: &mut Block) {
    let Some(counter) = counter(iter) else { return };
    let mut offsets = HashMap::from([(counter.var, 0)]);
    distances(body, counter.var, &mut offsets);
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    for (position, stmt) in body.stmts.iter().enumerate() {
        gather(sums, stmt, position, true, &offsets, &mut rows);
    }
    for (key, row) in rows {
        let (Some(least), Some(most)) = (row.offsets.iter().min().copied(), row.offsets.iter().max().copied()) else {
            continue;
        };
        let base = if counter.backwards { most } else { least };
        let dense = (least..=most).all(|offset| row.offsets.contains(&offset));
        if least < most && most - least <= FARTHEST && dense && row.certain.contains(&base) {
            Carry { counter: &counter, offsets: &offsets, key, base, count: most - least }.run(sums, &row, body);
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
    let whole = sums.is_only_added(place) && is_fixed(&row.path, &sums.facts.defined);
    whole.then(|| (format!("{position}: {}", reads::key(&row, &HashMap::new())), offset))
}

fn gather(
    sums: &Sums<'_>,
    stmt: &Stmt,
    position: usize,
    certain: bool,
    offsets: &HashMap<VarId, i64>,
    rows: &mut BTreeMap<String, Row>,
) {
    if let Stmt::Accumulate { place, .. } = stmt
        && let Some((key, offset)) = row_of(sums, place, offsets)
    {
        let row = rows.entry(key).or_default();
        row.place.get_or_insert_with(|| place.clone());
        row.first.get_or_insert(position);
        row.offsets.insert(offset);
        if certain {
            row.certain.insert(offset);
        }
    }
    for inner in walk::blocks(stmt) {
        inner.stmts.iter().for_each(|stmt| gather(sums, stmt, position, false, offsets, rows));
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
            let ahead = usize::try_from((offset - self.base).abs()).unwrap_or_default();
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
        if distance != 0 {
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
