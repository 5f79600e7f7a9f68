//! Fusion: the forward and the reverse sweep of a loop become one loop.
//!
//! The trips of a loop are reversed in the opposite order because a trip may contribute to the cotangents that an earlier
//! one reads. Where none does, because the reversed trips only add to cotangents, they may run in any order, and where
//! the cotangents that they read are known before the loop, they may run at any time: each right after its own trip,
//! when everything that it reads is still there. Nothing is saved, nothing is computed twice, and the loop runs forwards
//! through memory.
//!
//! The body of a fused loop is again a forward sweep followed by its reverse sweep, so the loops in it are fused alike.

mod hoist;
mod tapes;

use std::collections::{HashMap, HashSet};

use crate::ir::walk;
use crate::ir::{Block, Function, Iter, Op, Place, ScopeId, Stmt, Type, VarId};
use crate::transform::facts::{Facts, Pops};
use crate::transform::rename;

/// What the reverse transform remembers of the loops that it mirrored.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mirrors {
    /// The iterators of loops that run over the same backwards, with the cotangents of what they run over, forwards.
    pub(crate) iters: HashMap<ScopeId, Iter>,
    /// The values of the forward sweep that those of the reverse sweep are copies of.
    pub(crate) copies: HashMap<VarId, VarId>,
}

/// Fuses what can be fused in a forward sweep that is followed by its reverse sweep.
pub(crate) fn fuse(function: &mut Function, body: &mut Block, mirrors: &Mirrors) {
    let mut fuser = Fuser { function, mirrors, unused: HashSet::new(), cleared: HashSet::new() };
    fuser.sweep(&mut body.stmts);
    let Fuser { unused, cleared, .. } = fuser;
    tapes::remove(body, &unused, &cleared);
}

struct Fuser<'a> {
    function: &'a mut Function,
    mirrors: &'a Mirrors,
    /// The tapes and readers that are not needed any more.
    unused: HashSet<VarId>,
    /// The tapes that each trip empties.
    cleared: HashSet<VarId>,
}

/// The places of a loop and its mirror in a list of statements.
struct Pair {
    id: ScopeId,
    forward: usize,
    reverse: usize,
}

impl Fuser<'_> {
    fn sweep(&mut self, stmts: &mut Vec<Stmt>) {
        let mut failed = HashSet::new();
        while let Some(pair) = next_pair(stmts, &failed) {
            failed.insert(pair.id);
            self.pair(stmts, &pair);
        }
    }

    /// Fuses a loop with its mirror if that is right; what the mirror needs is moved before it.
    fn pair(&mut self, stmts: &mut Vec<Stmt>, pair: &Pair) -> Option<()> {
        let iter = self.mirrors.iters.get(&pair.id)?;
        let (Stmt::For { body: forward, .. }, Stmt::For { body: reverse, .. }) =
            (&stmts[pair.forward], &stmts[pair.reverse])
        else {
            return None;
        };
        let mut trip = Facts::of_block(self.function, forward);
        trip.defined.extend(walk::iter_bindings(iter));
        let mut mirror = Facts::of_stmt(self.function, &bound_by(iter, reverse, pair.id));
        mirror.popped = Facts::of_block(self.function, reverse).popped;
        let between = &stmts[pair.forward + 1..pair.reverse];
        let tapes = tapes::local(stmts, pair, &trip, &mirror)?;
        if trip.keeps_in_out || !is_orderless(&trip, &mirror) {
            return None;
        }
        let moved = hoist::moved(self.function, &stmts[pair.forward], between, &mirror)?;
        let fused = self.fused(pair, iter.clone(), forward.clone(), reverse.clone(), &tapes);
        self.replace(stmts, pair, fused, &moved, &tapes);
        Some(())
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

    /// The fused loop.
    fn fused(&mut self, pair: &Pair, iter: Iter, mut forward: Block, reverse: Block, tapes: &[tapes::Local]) -> Stmt {
        let mut direct: HashSet<VarId> = walk::iter_bindings(&iter).into_iter().collect();
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
        let mut body = Block::default();
        let mut rewinds = Vec::new();
        for tape in tapes {
            if tape.pops == Pops::Directly && !kept.contains(&tape.reader) {
                self.unused.extend([tape.tape, tape.reader]);
            } else if tape.pops != Pops::Repeatedly
                && let Some(slot) = tapes::slot(self.function, tape, &mut forward, &mut reverse)
            {
                self.unused.extend([tape.tape, tape.reader]);
                body.stmts.push(slot);
            } else {
                self.cleared.insert(tape.tape);
                body.stmts.push(tapes::cleared(tape.tape));
                rewinds.push(Stmt::Let { var: tape.reader, op: Op::Rewind(tape.tape) });
            }
        }
        body.stmts.extend(forward.stmts);
        body.stmts.extend(rewinds);
        body.stmts.extend(reverse.stmts);
        self.sweep(&mut body.stmts);
        let iter = crate::transform::vjp::prune(iter, &walk::mentioned(&body));
        Stmt::For { id: pair.id, iter, body }
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
                if borrowed(*var) && !borrowed(*original) {
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

/// The mirror with the iterator that binds everything that either body uses.
fn bound_by(iter: &Iter, body: &Block, id: ScopeId) -> Stmt {
    Stmt::For { id, iter: iter.clone(), body: body.clone() }
}

/// The first loop of a reverse sweep whose forward sweep stands before it in the same list.
fn next_pair(stmts: &[Stmt], failed: &HashSet<ScopeId>) -> Option<Pair> {
    let mut seen = HashMap::new();
    for (position, stmt) in stmts.iter().enumerate() {
        let Stmt::For { id, .. } = stmt else { continue };
        match seen.get(id) {
            Some(forward) if !failed.contains(id) => {
                return Some(Pair { id: *id, forward: *forward, reverse: position });
            }
            _ => {
                seen.insert(*id, position);
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
