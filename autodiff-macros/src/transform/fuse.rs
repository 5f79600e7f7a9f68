//! Fusion: the forward and the reverse sweep of a loop become one loop.
//!
//! The trips of a loop are reversed in the opposite order because a trip may contribute to the cotangents that an earlier
//! one reads. Where none does, because the reversed trips only add to cotangents, they may run in any order, and where
//! the cotangents that they read are known before the loop, they may run at any time: each right after its own trip,
//! when everything that it reads is still there. Nothing is saved, nothing is computed twice, and the loop runs forwards
//! through memory.
//!
//! The body of a fused loop is again a forward sweep followed by its reverse sweep, so the loops in it are fused alike,
//! and so is a branch with its mirror: it is a loop with one trip or none.

pub(super) mod hoist;
mod tapes;

use std::collections::{HashMap, HashSet};

use crate::ir::walk;
use crate::ir::{Block, Function, Iter, Op, Operand, Place, ScopeId, Stmt, Type, VarId};
use crate::transform::facts::{Facts, Pops};
use crate::transform::rename;

/// What the reverse transform remembers of the loops that it mirrored.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mirrors {
    /// The iterators of loops that run over the same backwards, with the cotangents of what they run over, forwards.
    pub(crate) iters: HashMap<ScopeId, Iter>,
    /// The values of the forward sweep that those of the reverse sweep are copies of.
    pub(crate) copies: HashMap<VarId, VarId>,
    /// The variables in which values of blocks that run at most once are kept.
    pub(crate) slots: HashSet<VarId>,
}

/// Fuses what can be fused in a forward sweep that is followed by its reverse sweep.
pub(crate) fn fuse(function: &mut Function, body: &mut Block, mirrors: &Mirrors) {
    let mut fuser =
        Fuser { function, mirrors, unused: HashSet::new(), cleared: HashSet::new(), slots: mirrors.slots.clone() };
    fuser.sweep(&mut body.stmts);
    let Fuser { unused, cleared, .. } = fuser;
    tapes::remove(body, &unused, &cleared);
}

struct Fuser<'a> {
    function: &'a mut Function,
    mirrors: &'a Mirrors,
    /// The tapes, readers and variables for saved values that are not needed any more.
    unused: HashSet<VarId>,
    /// The variables in which values of blocks that run at most once are kept.
    slots: HashSet<VarId>,
    /// The tapes that each trip empties.
    cleared: HashSet<VarId>,
}

/// The places of a loop or a branch and its mirror in a list of statements.
struct Pair {
    key: Key,
    forward: usize,
    reverse: usize,
}

/// What a loop or a branch has in common with its mirror.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Key {
    Loop(ScopeId),
    /// The condition.
    Branch(VarId),
}

impl Fuser<'_> {
    fn sweep(&mut self, stmts: &mut Vec<Stmt>) {
        let mut failed = HashSet::new();
        while let Some(pair) = next_pair(stmts, &failed) {
            failed.insert(pair.key);
            match pair.key {
                Key::Loop(id) => self.loops(stmts, &pair, id),
                Key::Branch(_) => self.branches(stmts, &pair),
            };
        }
    }

    /// Fuses a loop with its mirror if that is right; what the mirror needs is moved before it.
    fn loops(&mut self, stmts: &mut Vec<Stmt>, pair: &Pair, id: ScopeId) -> Option<()> {
        let iter = self.mirrors.iters.get(&id)?;
        let (Stmt::For { body: forward, .. }, Stmt::For { body: reverse, .. }) =
            (&stmts[pair.forward], &stmts[pair.reverse])
        else {
            return None;
        };
        let mut trip = Facts::of_block(self.function, forward);
        trip.defined.extend(walk::iter_bindings(iter));
        let mut mirror = Facts::of_stmt(self.function, &bound_by(iter, reverse, id));
        mirror.popped = Facts::of_block(self.function, reverse).popped;
        let between = &stmts[pair.forward + 1..pair.reverse];
        let tapes = tapes::local(stmts, pair, &trip, &mirror)?;
        if trip.keeps_in_out || !is_orderless(&trip, &mirror) {
            return None;
        }
        let mut between = between.to_vec();
        let moved = hoist::moved(self.function, &stmts[pair.forward], &between, &mirror).or_else(|| {
            between = hoist::from_zero(self.function, &between, &mirror)?;
            hoist::moved(self.function, &stmts[pair.forward], &between, &mirror)
        })?;
        let bound = walk::iter_bindings(iter);
        let (iter, forward, reverse) = (iter.clone(), forward.clone(), reverse.clone());
        let mut body = self.fused(&bound, forward, reverse, &tapes);
        self.clear(&mut body, &tapes);
        let iter = crate::transform::vjp::prune(iter, &walk::mentioned(&body));
        let mirrored = pair.reverse;
        let pair = Pair { reverse: pair.forward + 1 + between.len(), ..*pair };
        stmts.splice(pair.forward + 1..mirrored, between);
        self.replace(stmts, &pair, Stmt::For { id, iter, body }, &moved, &tapes);
        Some(())
    }

    /// Fuses a branch with its mirror if that is right, and if something is kept from the one to the other.
    fn branches(&mut self, stmts: &mut Vec<Stmt>, pair: &Pair) -> Option<()> {
        let (
            Stmt::If { dest, cond, then: then_forward, els: else_forward },
            Stmt::If { then: then_reverse, els: else_reverse, .. },
        ) = (&stmts[pair.forward], &stmts[pair.reverse])
        else {
            return None;
        };
        let trip = Facts::of_stmt(self.function, &stmts[pair.forward]);
        let arms = [(then_forward, then_reverse), (else_forward, else_reverse)];
        let mut slots = Vec::new();
        let [then, els] = arms.map(|(forward, reverse)| self.without_slots(forward, reverse, &mut slots));
        let mirrored = Stmt::If { dest: None, cond: cond.clone(), then, els };
        let mut mirror = Facts::of_stmt(self.function, &mirrored);
        for arm in walk::blocks(&mirrored) {
            mirror.popped.extend(Facts::of_block(self.function, arm).popped);
        }
        let (copies, slots): (Vec<VarId>, Vec<VarId>) = slots.into_iter().unzip();
        mirror.defined.extend(copies);
        let between = &stmts[pair.forward + 1..pair.reverse];
        let tapes = tapes::local(stmts, pair, &trip, &mirror)?;
        let leaves = exits(then_forward) || exits(else_forward);
        if tapes.is_empty() && slots.is_empty() || leaves || trip.keeps_in_out || !is_orderless(&trip, &mirror) {
            return None;
        }
        let moved = hoist::moved(self.function, &stmts[pair.forward], between, &mirror)?;
        let (dest, cond) = (*dest, cond.clone());
        let [then, els] = arms.map(|(forward, reverse)| {
            let popped = Facts::of_block(self.function, reverse).popped;
            let own: Vec<tapes::Local> =
                tapes.iter().filter(|tape| popped.contains_key(&tape.reader)).copied().collect();
            (forward.clone(), reverse.clone(), own)
        });
        let [then, els] = [then, els].map(|(forward, reverse, own)| self.fused(&[], forward, reverse, &own));
        self.unused.extend(slots);
        self.replace(stmts, pair, Stmt::If { dest, cond, then, els }, &moved, &tapes);
        Some(())
    }

    /// The mirror of an arm without what reads variables in which the arm keeps values that it still has where the two are
    /// fused; adds the copies and these variables to `slots`.
    fn without_slots(&self, forward: &Block, reverse: &Block, slots: &mut Vec<(VarId, VarId)>) -> Block {
        let direct: HashSet<VarId> = forward.stmts.iter().flat_map(crate::transform::vjp::own_definitions).collect();
        let mut reverse = reverse.clone();
        reverse.stmts.retain(|stmt| match stmt {
            Stmt::Let { var, op: Op::Read(place) } if self.slots.contains(&place.root) => {
                let original = self.mirrors.copies.get(var).filter(|original| direct.contains(original));
                slots.extend(original.map(|_| (*var, place.root)));
                original.is_none()
            }
            _ => true,
        });
        reverse
    }

    fn replace(&mut self, stmts: &mut Vec<Stmt>, pair: &Pair, fused: Stmt, moved: &[bool], tapes: &[tapes::Local]) {
        let mut rest = stmts.split_off(pair.forward).into_iter();
        rest.next();
        let readers: HashSet<VarId> = tapes.iter().map(|tape| tape.reader).collect();
        let between: Vec<Stmt> = rest.by_ref().take(pair.reverse - pair.forward - 1).collect();
        rest.next();
        let mut after = Vec::new();
        for (stmt, moved) in between.into_iter().zip(moved) {
            match &stmt {
                Stmt::Let { var, op: Op::Rewind(_) } if readers.contains(var) => {}
                _ if *moved => stmts.push(stmt),
                _ => after.push(stmt),
            }
        }
        stmts.push(fused);
        stmts.extend(after);
        stmts.extend(rest);
    }

    /// A block, which has these values `bound`, followed by its mirror.
    fn fused(&mut self, bound: &[VarId], mut forward: Block, reverse: Block, tapes: &[tapes::Local]) -> Block {
        let mut direct: HashSet<VarId> = bound.iter().copied().collect();
        direct.extend(forward.stmts.iter().flat_map(crate::transform::vjp::own_definitions));
        let (mut stmts, mut names) = (Vec::new(), HashMap::new());
        let mut kept = HashSet::new();
        for stmt in reverse.stmts {
            if let Some(stmt) = self.restored(stmt, &direct, &mut names, &mut kept) {
                stmts.push(stmt);
            }
        }
        let mut reverse = Block { stmts, result: None };
        rename::block(&mut reverse, &names);
        let mut body = Block { stmts: Vec::new(), result: forward.result.take() };
        let mut rewinds = Vec::new();
        for tape in tapes {
            if tape.pops == Pops::Directly && !kept.contains(&tape.reader) {
                self.unused.extend([tape.tape, tape.reader]);
            } else if tape.pops != Pops::Repeatedly
                && let Some(slot) = tapes::slot(self.function, tape, &mut forward, &mut reverse)
            {
                self.unused.extend([tape.tape, tape.reader]);
                self.slots.extend(crate::transform::vjp::own_definitions(&slot));
                body.stmts.push(slot);
            } else {
                rewinds.push(Stmt::Let { var: tape.reader, op: Op::Rewind(tape.tape) });
            }
        }
        body.stmts.extend(forward.stmts);
        body.stmts.extend(rewinds);
        body.stmts.extend(reverse.stmts);
        self.sweep(&mut body.stmts);
        body
    }

    /// Begins the body of a fused loop with empty tapes, as far as these are still needed.
    fn clear(&mut self, body: &mut Block, tapes: &[tapes::Local]) {
        let kept: Vec<VarId> = tapes.iter().map(|tape| tape.tape).filter(|tape| !self.unused.contains(tape)).collect();
        body.stmts.splice(0..0, kept.iter().map(|tape| tapes::cleared(*tape)));
        self.cleared.extend(kept);
    }

    /// What becomes of a statement of the mirrored body: values that the trip still has are not made again.
    fn restored(
        &self,
        stmt: Stmt,
        direct: &HashSet<VarId>,
        names: &mut HashMap<VarId, VarId>,
        kept: &mut HashSet<VarId>,
    ) -> Option<Stmt> {
        let Stmt::Let { var, op } = &stmt else { return Some(stmt) };
        match self.mirrors.copies.get(var).filter(|original| direct.contains(original)) {
            Some(original) => {
                let borrowed = |var: VarId| matches!(self.function[var].ty, Type::Ref { .. });
                // A pullback is called, be it by reference or not.
                let called = matches!(self.function[*original].ty, Type::Pullback);
                if borrowed(*var) && !borrowed(*original) && !called {
                    return Some(Stmt::Let { var: *var, op: Op::Borrow(Place::var(*original)) });
                }
                names.insert(*var, *original);
                None
            }
            None => {
                if let Op::Pop(reader) = op {
                    kept.insert(*reader);
                }
                Some(stmt)
            }
        }
    }
}

/// Whether a path through the block leaves the loop around it.
fn exits(block: &Block) -> bool {
    block.stmts.iter().any(|stmt| match stmt {
        Stmt::Break { .. } => true,
        Stmt::For { .. } | Stmt::While { .. } | Stmt::Loop { .. } => false,
        other => walk::blocks(other).into_iter().any(exits),
    })
}

/// The mirror with the iterator that binds everything that either body uses.
fn bound_by(iter: &Iter, body: &Block, id: ScopeId) -> Stmt {
    Stmt::For { id, iter: iter.clone(), body: body.clone() }
}

/// The first loop or branch of a reverse sweep whose forward sweep stands before it in the same list.
fn next_pair(stmts: &[Stmt], failed: &HashSet<Key>) -> Option<Pair> {
    let mut seen = HashMap::new();
    for (position, stmt) in stmts.iter().enumerate() {
        let key = match stmt {
            Stmt::For { id, .. } => Key::Loop(*id),
            Stmt::If { cond: Operand::Var(cond), .. } => Key::Branch(*cond),
            _ => continue,
        };
        match seen.get(&key) {
            Some(forward) if !failed.contains(&key) => {
                return Some(Pair { key, forward: *forward, reverse: position });
            }
            _ => {
                seen.insert(key, position);
            }
        }
    }
    None
}

/// Whether the reversed trips may run in any order, each before the forward sweep goes on: they only add to what they
/// share with others, and do not touch what the forward sweep of the loop uses.
fn is_orderless(trip: &Facts, mirror: &Facts) -> bool {
    let shared = |var: &VarId| !mirror.defined.contains(var) && !mirror.popped.contains_key(var);
    let writes = mirror.written.iter().any(shared);
    let reads_sums = mirror.added.iter().filter(|var| shared(var)).any(|var| mirror.read.contains(var));
    let meets = mirror.added.iter().any(|var| trip.mentioned.contains(var));
    !writes && !reads_sums && !meets
}
