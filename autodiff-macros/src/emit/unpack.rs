//! Tuples that are only ever taken apart: `let (a, b) = ..` instead of `let pair = ..` with `pair.0` and `pair.1`.

use std::collections::{HashMap, HashSet};

use crate::ir::walk::{self, Access, Visit};
use crate::ir::{Block, Function, Op, Operand, Origin, Place, Proj, Stmt, Storage, Type, VarId};

/// The tuples that are taken apart.
pub(super) struct Unpacked {
    /// The variables that take the parts of each.
    parts: HashMap<VarId, Vec<VarId>>,
    /// The parts that the code mentions without a variable of its own for them.
    unnamed: HashSet<VarId>,
}

impl Unpacked {
    /// The variables that take the parts of this tuple.
    pub(super) fn parts(&self, tuple: VarId) -> Option<&Vec<VarId>> {
        self.parts.get(&tuple)
    }

    /// Whether the variable stands for a part that the code only mentions as such.
    pub(super) fn mentions(&self, part: VarId) -> bool {
        self.unnamed.contains(&part)
    }
}

/// Finds the tuples to unpack in code made of these blocks.
pub(super) fn tuples(function: &mut Function, blocks: &[&Block]) -> Unpacked {
    let mut candidates = HashMap::new();
    blocks.iter().for_each(|block| definitions(function, block, &mut candidates));
    let mut parts = Parts { candidates, names: HashMap::new(), mentions: HashMap::new(), mentioned: HashSet::new() };
    for block in blocks {
        walk::block(&mut parts, block);
        parts.named(block);
    }
    let Parts { candidates, mut names, mentions, mentioned } = parts;
    let often = |var: &VarId| mentions.get(var).is_some_and(|count| *count > 1);
    let mut tuples: Vec<(VarId, usize)> = candidates.into_iter().filter(|(var, _)| often(var)).collect();
    tuples.sort_unstable();
    let mut created = HashSet::new();
    let mut part = |var: VarId, at: usize| {
        names.remove(&(var, at)).unwrap_or_else(|| {
            let part = unnamed(function, var, at);
            if mentioned.contains(&(var, at)) {
                created.insert(part);
            }
            part
        })
    };
    let parts = tuples.into_iter().map(|(var, arity)| (var, (0..arity).map(|at| part(var, at)).collect())).collect();
    Unpacked { parts, unnamed: created }
}

/// A variable for a part that the code has no name for.
fn unnamed(function: &mut Function, var: VarId, at: usize) -> VarId {
    let tuple = &function[var];
    let ty = match &tuple.ty {
        Type::Tuple(items) => items[at].clone(),
        _ => Type::Unknown,
    };
    let (name, origin) = (format!("{}_{at}", tuple.name), tuple.origin);
    function.fresh(name, ty, Storage::Value, origin)
}

/// The tuples that a control structure or a call yields, with their number of parts.
fn definitions(function: &Function, block: &Block, out: &mut HashMap<VarId, usize>) {
    for stmt in &block.stmts {
        let dest = match stmt {
            Stmt::If { dest, .. } | Stmt::Match { dest, .. } | Stmt::Loop { dest, .. } | Stmt::Scope { dest, .. } => {
                *dest
            }
            Stmt::Let { var, op: Op::Call(..) | Op::Helper { .. } } => Some(*var),
            _ => None,
        };
        if let Some(var) = dest
            && function[var].origin != Origin::User
            && function[var].ascription.is_none()
            && let Type::Tuple(items) = &function[var].ty
        {
            out.insert(var, items.len());
        }
        walk::blocks(stmt).into_iter().for_each(|inner| definitions(function, inner, out));
    }
}

struct Parts {
    candidates: HashMap<VarId, usize>,
    /// The first variable that is given a part.
    names: HashMap<(VarId, usize), VarId>,
    mentions: HashMap<VarId, usize>,
    mentioned: HashSet<(VarId, usize)>,
}

/// The part that a place lies in, if it lies in one.
pub(super) fn part(place: &Place) -> Option<usize> {
    match place.path.first() {
        Some(Proj::Field(syn::Member::Unnamed(index))) => usize::try_from(index.index).ok(),
        _ => None,
    }
}

impl Parts {
    /// Variables that are given a whole part.
    fn named(&mut self, block: &Block) {
        for stmt in &block.stmts {
            if let Stmt::Let { var, op: Op::Read(place) | Op::Move(place) } = stmt
                && let (Some(at), 1) = (part(place), place.path.len())
                && self.candidates.contains_key(&place.root)
            {
                self.names.entry((place.root, at)).or_insert(*var);
            }
            walk::blocks(stmt).into_iter().for_each(|inner| self.named(inner));
        }
    }
}

impl Visit for Parts {
    fn operand(&mut self, operand: &Operand) {
        if let Operand::Var(var) = operand {
            self.candidates.remove(var);
        }
    }

    fn place(&mut self, place: &Place, access: Access) {
        *self.mentions.entry(place.root).or_default() += 1;
        match part(place) {
            Some(at) if access != Access::Write => {
                self.mentioned.insert((place.root, at));
            }
            Some(_) | None => {
                self.candidates.remove(&place.root);
            }
        }
    }

    fn mention(&mut self, var: VarId) {
        self.candidates.remove(&var);
    }
}
