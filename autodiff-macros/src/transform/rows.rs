//! Rows of tapes: what the trips of a loop save lies in a slice, which the loop and its mirror run along.
//!
//! A push asks every time whether there is room, and what is done where there is none keeps the compiler from holding
//! anything in registers. Where a loop tells before it starts how many trips it has, and each of them pushes one value,
//! the room for all is made at once, and both loops iterate over it beside what they iterate over anyway:
//! `for i in 0..n { tape.push(v); .. }` becomes `for (i, v_row) in (0..n).zip(tape.row(n)) { *v_row = v; .. }`.

use std::collections::{HashMap, HashSet};

use crate::analysis::types;
use crate::ir::literals;
use crate::ir::walk;
use crate::ir::{Arg, Block, Function, Iter, Op, Operand, Origin, Place, Proj, ScopeId, Stmt, Storage, Type, VarId};

/// Loops of fewer trips are unrolled, for which single pushes are better.
const FEWEST: usize = 16;

/// Puts the tapes of the blocks, which run one after the other, into rows.
pub(crate) fn lay_out(function: &mut Function, blocks: &mut [&mut Block]) {
    let mut uses = Uses::default();
    blocks.iter().for_each(|block| uses.block(function, block, None));
    let rows = uses.rows(function);
    if rows.is_empty() {
        return;
    }
    let mut layout = Layout { function, rows };
    blocks.iter_mut().for_each(|block| layout.block(block));
}

/// How a tape, or a reader of one, is used.
#[derive(Default)]
struct Use {
    /// The loop whose trips push or pop once each. `None` where that happens elsewhere.
    loops: Vec<Option<ScopeId>>,
}

#[derive(Default)]
struct Uses {
    tapes: HashMap<VarId, Use>,
    readers: HashMap<VarId, Use>,
    /// The tapes that readers read.
    read: Vec<(VarId, VarId)>,
    /// The tapes that grow.
    growing: HashSet<VarId>,
    /// The loops whose numbers of trips cannot be told, or are few.
    unfit: HashSet<ScopeId>,
    /// For each of the loops with a number, whether it runs backwards.
    directions: HashMap<ScopeId, Vec<bool>>,
}

impl Uses {
    /// Notes the uses in a block, which is the body of the given loop or of anything else.
    fn block(&mut self, function: &Function, block: &Block, trip: Option<ScopeId>) {
        for stmt in &block.stmts {
            match stmt {
                Stmt::Push { tape, .. } => self.tapes.entry(*tape).or_default().loops.push(trip),
                Stmt::Let { op: Op::Pop(reader), .. } => self.readers.entry(*reader).or_default().loops.push(trip),
                Stmt::Let { var, op: Op::Rewind(tape) } => self.read.push((*tape, *var)),
                Stmt::Let { var, op: Op::NewTape | Op::Helper { name: "tape_for", .. } } => {
                    self.growing.insert(*var);
                }
                Stmt::For { id, iter, .. } if !is_countable(function, forwards(iter)) => {
                    self.unfit.insert(*id);
                }
                Stmt::Break { target, .. } => {
                    self.unfit.insert(*target);
                }
                _ => {}
            }
            let trip = match stmt {
                Stmt::For { id, iter, .. } => {
                    self.directions.entry(*id).or_default().push(matches!(iter, Iter::Rev(_)));
                    Some(*id)
                }
                _ => None,
            };
            walk::blocks(stmt).into_iter().for_each(|inner| self.block(function, inner, trip));
        }
    }

    /// Whether the mirror of a loop runs along its rows from the other end. One that only counts its trips does not.
    fn is_mirrored(&self, id: ScopeId) -> bool {
        let backwards = self.directions.get(&id).map_or(&[][..], Vec::as_slice);
        backwards.contains(&true) && backwards.contains(&false)
    }

    /// The tapes that lie in rows and their readers, with the loops that run along them.
    fn rows(&self, function: &Function) -> HashMap<VarId, ScopeId> {
        let mut rows = HashMap::new();
        for (tape, reader) in &self.read {
            let once = |uses: Option<&Use>| match uses?.loops[..] {
                [Some(id)] => Some(id),
                _ => None,
            };
            let (pushed, popped) = (once(self.tapes.get(tape)), once(self.readers.get(reader)));
            let readings = self.read.iter().filter(|(other, _)| other == tape).count();
            if let Some(id) =
                pushed.filter(|id| popped == Some(*id) && !self.unfit.contains(id) && self.is_mirrored(*id))
                && readings == 1
                && self.growing.contains(tape)
                && entry(function, *tape).is_some()
            {
                rows.extend([(*tape, id), (*reader, id)]);
            }
        }
        rows
    }
}

/// The type of a tape's entries, if a row of them may be made before they are known.
fn entry(function: &Function, tape: VarId) -> Option<Type> {
    match &function[tape].ty {
        Type::Tape(inner) => literals::scalar_name(inner).map(|_| (**inner).clone()),
        _ => None,
    }
}

/// The iterator in the order in which its elements lie.
fn forwards(iter: &Iter) -> &Iter {
    match iter {
        Iter::Rev(inner) => inner,
        other => other,
    }
}

/// Whether an iterator tells before it starts how many trips there are, and can run from its end.
fn is_countable(function: &Function, iter: &Iter) -> bool {
    let is_many = |trips: Option<usize>| trips.is_none_or(|trips| trips >= FEWEST);
    match iter {
        Iter::Range { var, lo, hi, inclusive: false } => {
            let trips = literals::integer(hi).map(|hi| hi.saturating_sub(literals::integer(lo).unwrap_or(0)));
            matches!(function[*var].ty, Type::Int(Some("usize"))) && is_many(trips)
        }
        Iter::Elements { of, .. } => {
            let trips = match types::strip_refs(&function.place_type(of)) {
                Type::Array(_, len) => {
                    syn::parse2::<syn::LitInt>(len.clone()).ok().and_then(|len| len.base10_parse().ok())
                }
                _ => None,
            };
            let whole = of.path.iter().all(|step| matches!(step, Proj::Deref | Proj::Field(_)));
            whole && !function.is_slot(of.root) && is_many(trips)
        }
        Iter::Enumerate { inner, .. } => is_countable(function, inner),
        Iter::Zip(left, right) => is_countable(function, left) && is_countable(function, right),
        Iter::Range { inclusive: true, .. }
        | Iter::From { .. }
        | Iter::Rev(_)
        | Iter::StepBy(..)
        | Iter::Skip(..)
        | Iter::Take(..)
        | Iter::Opaque { .. } => false,
    }
}

struct Layout<'a> {
    function: &'a mut Function,
    rows: HashMap<VarId, ScopeId>,
}

impl Layout<'_> {
    fn block(&mut self, block: &mut Block) {
        for mut stmt in std::mem::take(&mut block.stmts) {
            walk::blocks_mut(&mut stmt).into_iter().for_each(|inner| self.block(inner));
            if let Stmt::For { iter, body, .. } = &mut stmt {
                let stacks = self.slots(body);
                if !stacks.is_empty() {
                    self.run_along(iter, &stacks, &mut block.stmts);
                    stacks.iter().for_each(|(stack, ..)| make_empty(&mut block.stmts, *stack));
                }
            }
            block.stmts.push(stmt);
        }
    }

    /// Replaces the pushes and pops of a loop's body by uses of elements of rows: the tapes or readers, with the
    /// references to the elements, and whether these are written.
    fn slots(&mut self, body: &mut Block) -> Vec<(VarId, VarId, bool)> {
        let mut found = Vec::new();
        for stmt in &mut body.stmts {
            match stmt {
                Stmt::Push { tape, value } if self.rows.contains_key(tape) => {
                    let slot = self.slot(*tape, true);
                    found.push((*tape, slot, true));
                    *stmt = Stmt::Assign { place: behind(slot), value: value.clone() };
                }
                Stmt::Let { op: op @ Op::Pop(_), .. } => {
                    if let Op::Pop(reader) = *op
                        && self.rows.contains_key(&reader)
                    {
                        let slot = self.slot(reader, false);
                        found.push((reader, slot, false));
                        *op = Op::Read(behind(slot));
                    }
                }
                _ => {}
            }
        }
        found
    }

    /// A reference to an element of a row.
    fn slot(&mut self, stack: VarId, mutable: bool) -> VarId {
        let name = self.function[stack].name.clone();
        let inner = Box::new(entry(self.function, stack).expect("the rows are of known types"));
        let name = if mutable { name.trim_end_matches("_tape").to_owned() + "_saved" } else { name };
        self.function.fresh(name, Type::Ref { mutable, inner }, Storage::Value, Origin::Derived)
    }

    /// Lets a loop run along rows beside what it runs over.
    fn run_along(&mut self, iter: &mut Iter, stacks: &[(VarId, VarId, bool)], before: &mut Vec<Stmt>) {
        let backwards = matches!(iter, Iter::Rev(_));
        let mut along = forwards(iter).clone();
        let count = self.count(&along, before);
        for (stack, slot, mutable) in stacks {
            let Some(inner) = entry(self.function, *stack) else { continue };
            let name = self.function[*stack].name.clone();
            let name = format!("{}_row", name.trim_end_matches("_tape").trim_end_matches("_saved"));
            let ty = Type::Ref { mutable: *mutable, inner: Box::new(Type::Slice(Box::new(inner))) };
            let row = self.function.fresh(name, ty, Storage::Value, Origin::Derived);
            let args = vec![Arg::Mut(Place::var(*stack)), Arg::Value(count.clone())];
            before.push(Stmt::Let { var: row, op: Op::Helper { name: "row", args } });
            let row = Iter::Elements { var: *slot, of: Place::var(row), mutable: *mutable };
            along = Iter::Zip(Box::new(along), Box::new(row));
        }
        *iter = if backwards { Iter::Rev(Box::new(along)) } else { along };
    }

    /// The number of trips.
    fn count(&mut self, iter: &Iter, before: &mut Vec<Stmt>) -> Operand {
        let op = match iter {
            Iter::Range { lo, hi, .. } if literals::integer(lo) == Some(0) => return hi.clone(),
            Iter::Range { lo, hi, .. } => {
                Op::Helper { name: "distance", args: vec![Arg::Value(hi.clone()), Arg::Value(lo.clone())] }
            }
            Iter::Elements { of, .. } => Op::Helper { name: "len", args: vec![Arg::Shared(of.clone())] },
            Iter::Enumerate { inner, .. } => return self.count(inner, before),
            Iter::Zip(left, right) => {
                let left = self.count(left, before);
                if self.is_cotangent(right) {
                    return left;
                }
                let right = self.count(right, before);
                Op::Helper { name: "fewer", args: vec![Arg::Value(left), Arg::Value(right)] }
            }
            Iter::From { .. }
            | Iter::Rev(_)
            | Iter::StepBy(..)
            | Iter::Skip(..)
            | Iter::Take(..)
            | Iter::Opaque { .. } => unreachable!("such loops have no rows"),
        };
        // What is iterated over by `&mut` is asked for its length before.
        let origin = if matches!(iter, Iter::Elements { mutable: true, .. }) { Origin::User } else { Origin::Derived };
        let var = self.function.fresh("trips", Type::Int(Some("usize")), Storage::Value, origin);
        before.push(Stmt::Let { var, op });
        Operand::Var(var)
    }

    /// Whether the elements are those of a cotangent, of which there are as many as of what it belongs to.
    fn is_cotangent(&self, iter: &Iter) -> bool {
        matches!(iter, Iter::Elements { of, mutable: true, .. } if self.function[of.root].origin == Origin::Derived)
    }
}

/// A tape of one row that is declared by one of these statements is empty until then.
fn make_empty(stmts: &mut [Stmt], tape: VarId) {
    for stmt in stmts {
        if let Stmt::Let { var, op } = stmt
            && *var == tape
            && matches!(op, Op::Helper { name: "tape_for", .. })
        {
            *op = Op::NewTape;
        }
    }
}

fn behind(slot: VarId) -> Place {
    Place { root: slot, path: vec![Proj::Deref] }
}
