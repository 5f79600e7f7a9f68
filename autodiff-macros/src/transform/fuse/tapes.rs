//! The tapes of a fused loop: what is pushed and popped in the same trip need not be saved for longer.

use std::collections::HashSet;

use super::Pair;
use crate::analysis::types;
use crate::ir::{Arg, Block, Function, Op, Origin, Place, Stmt, Storage, Type, VarId};
use crate::ir::{literals, walk};
use crate::transform::facts::{Facts, Pops};

/// A tape that only the trips of one loop push to and only its mirror reads.
#[derive(Clone, Copy)]
pub(super) struct Local {
    pub(super) tape: VarId,
    pub(super) reader: VarId,
    pub(super) pops: Pops,
}

/// The tapes that the mirror reads, if the trips of the loop alone push to them.
pub(super) fn local(stmts: &[Stmt], pair: &Pair, trip: &Facts, mirror: &Facts) -> Option<Vec<Local>> {
    let mut tapes = Vec::new();
    for stmt in &stmts[pair.forward + 1..pair.reverse] {
        if let Stmt::Let { var: reader, op: Op::Rewind(tape) } = stmt
            && let Some(pops) = mirror.popped.get(reader)
        {
            if !trip.pushed.contains(tape) {
                return None;
            }
            tapes.push(Local { tape: *tape, reader: *reader, pops: *pops });
        }
    }
    tapes.sort_unstable_by_key(|tape| tape.tape);
    (tapes.len() == mirror.popped.len()).then_some(tapes)
}

/// Empties a tape at the start of a trip.
pub(super) fn cleared(tape: VarId) -> Stmt {
    Stmt::Eval(Op::Helper { name: "clear_tape", args: vec![Arg::Mut(Place::var(tape))] })
}

/// A variable in the place of a tape that holds at most one value: what declares it in each trip. The values of the tape's
/// type have to be given before they are known.
pub(super) fn slot(function: &mut Function, tape: &Local, forward: &mut Block, reverse: &mut Block) -> Option<Stmt> {
    let Type::Tape(inner) = &function[tape.tape].ty else { return None };
    let ty = (**inner).clone();
    let default = literals::default(&ty).filter(|_| types::is_copy(&ty))?;
    let name = function[tape.reader].name.clone();
    let slot = function.fresh(name, ty, Storage::Memory, Origin::Derived);
    in_slot(forward, tape, slot);
    in_slot(reverse, tape, slot);
    Some(Stmt::Declare { var: slot, init: Some(default) })
}

fn in_slot(block: &mut Block, tape: &Local, slot: VarId) {
    for stmt in &mut block.stmts {
        walk::blocks_mut(stmt).into_iter().for_each(|inner| in_slot(inner, tape, slot));
        match stmt {
            Stmt::Push { tape: pushed, value } if *pushed == tape.tape => {
                *stmt = Stmt::Assign { place: Place::var(slot), value: value.clone() };
            }
            Stmt::Let { op: op @ Op::Pop(_), .. } => {
                if matches!(op, Op::Pop(reader) if *reader == tape.reader) {
                    *op = Op::Read(Place::var(slot));
                }
            }
            _ => {}
        }
    }
}

/// Removes everything that has to do with tapes that are not needed any more, and reserves nothing for all trips where
/// each trip starts with an empty tape.
pub(super) fn remove(body: &mut Block, unused: &HashSet<VarId>, cleared: &HashSet<VarId>) {
    if unused.is_empty() && cleared.is_empty() {
        return;
    }
    body.stmts.retain_mut(|stmt| {
        walk::blocks_mut(stmt).into_iter().for_each(|inner| remove(inner, unused, cleared));
        match stmt {
            Stmt::Push { tape: var, .. } | Stmt::Declare { var, .. } => !unused.contains(var),
            Stmt::Assign { place, .. } => !unused.contains(&place.root),
            Stmt::Let {
                var,
                op: Op::NewTape | Op::Rewind(_) | Op::Helper { name: "array_tape" | "grid_tape" | "stack_tape", .. },
            } => !unused.contains(var),
            Stmt::Let { var, op: op @ Op::Helper { name: "tape_for", .. } } => {
                if cleared.contains(var) {
                    *op = Op::NewTape;
                }
                !unused.contains(var)
            }
            Stmt::Eval(Op::Helper { name: "clear_tape", args }) => match args.as_slice() {
                [Arg::Mut(place)] => !unused.contains(&place.root),
                _ => true,
            },
            _ => true,
        }
    });
}
