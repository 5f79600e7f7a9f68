//! What is lent to a function takes the place of its parameters.

use std::collections::{HashMap, HashSet};

use proc_macro2::Ident;
use quote::quote;

use crate::ir::walk::{self, Access, Visit, VisitMut};
use crate::ir::{
    Arg, BinOp, Block, Function, Iter, Op, Operand, Origin, Place, Proj, Stmt, Storage, Type, VarId, literals,
};

/// Whether a place with this path can take the place of a parameter.
pub(super) fn is_lendable(path: &[Proj]) -> bool {
    let steps = match path {
        [steps @ .., Proj::Range { .. }] => steps,
        steps => steps,
    };
    steps.iter().all(|step| matches!(step, Proj::Deref | Proj::Field(_) | Proj::Index(_)))
}

/// Puts what is lent to a function into the place of its parameters.
pub(super) struct Lent<'a> {
    pub(super) function: &'a mut Function,
    pub(super) places: Vec<(VarId, Place)>,
    /// What the lent variables are called.
    pub(super) names: Vec<Ident>,
    /// The counters whose values are positions of a parameter.
    pub(super) counters: Counters,
    /// The positions in lists that a statement counts from the start of parts of them, computed before it.
    pub(super) positions: Vec<Stmt>,
    /// The positions that were computed before in the open blocks, by parameter and index.
    pub(super) known: Vec<(VarId, VarId, Operand)>,
}

impl Lent<'_> {
    pub(super) fn block(&mut self, block: &mut Block) {
        let outer = self.known.len();
        for mut stmt in std::mem::take(&mut block.stmts) {
            walk::blocks_mut(&mut stmt).into_iter().for_each(|inner| self.block(inner));
            self.length(&mut stmt);
            walk::own_mut(self, &mut stmt);
            self.check(&stmt);
            block.stmts.append(&mut self.positions);
            block.stmts.push(stmt);
        }
        self.known.truncate(outer);
    }

    /// Checks before a loop that its counter stays within the parts of lists that every trip looks into.
    fn check(&mut self, stmt: &Stmt) {
        let Stmt::For { iter, .. } = stmt else { return };
        let Some((counter, lo, hi)) = range(iter) else { return };
        for (param, part) in self.places.clone() {
            let ends = matches!(part.path.last(), Some(Proj::Range { hi: Some(_), .. }));
            if ends && self.counters.to_check.contains(&(counter, param)) {
                let len = self.integer("len", Op::Helper { name: "len", args: vec![Arg::Shared(part)] });
                let args = [lo.clone(), hi.clone(), len].map(Arg::Value).to_vec();
                self.positions.push(Stmt::Eval(Op::Helper { name: "check_positions", args }));
            }
        }
    }

    /// The lengths of lists are told by tokens, which name the list.
    fn length(&self, stmt: &mut Stmt) {
        let Stmt::Let { op, .. } = stmt else { return };
        let Op::Opaque(opaque) = op else { return };
        let Some(at) = self.places.iter().position(|(var, _)| opaque.list() == Some(*var)) else { return };
        let place = &self.places[at].1;
        if place.path.iter().all(|step| matches!(step, Proj::Deref)) {
            let name = &self.names[at];
            opaque.tokens = quote!(#name.len());
            opaque.uses = vec![place.root];
        } else {
            *op = Op::Helper { name: "len", args: vec![Arg::Shared(place.clone())] };
        }
    }

    /// The position in a list of an element that is counted from the start of a part of it, which is what a parameter is.
    fn offset(&mut self, (param, index): (VarId, Operand), part: &Place) -> Operand {
        let Some(Proj::Range { lo, hi, .. }) = part.path.last() else { return index };
        let key = Function::var_of(&index).map(|index| (param, index));
        if let Some((.., known)) = self.known.iter().find(|(param, index, _)| key == Some((*param, *index))) {
            return known.clone();
        }
        let start = lo.clone().filter(|lo| literals::integer(lo) != Some(0));
        let counted = matches!(&index, Operand::Var(var) if self.counters.stay_within(*var, param));
        // Where the part ends before the list does, an index may lie in the list and not in the part.
        let op = match (counted || hi.is_none(), start) {
            (true, None) => return index,
            (true, Some(start)) => Op::Binary(BinOp::Add, start, index),
            (false, start) => {
                let len = self.integer("len", Op::Helper { name: "len", args: vec![Arg::Shared(part.clone())] });
                let start = start.unwrap_or_else(|| literals::index(0));
                Op::Helper { name: "position", args: [start, len, index].map(Arg::Value).to_vec() }
            }
        };
        let position = self.integer("position", op);
        self.known.extend(key.map(|(param, index)| (param, index, position.clone())));
        position
    }

    /// Where the rest of a part of a list begins in the list. What ends before the part does is a part of the part.
    fn rest(&mut self, part: &Place, first: &Operand) -> Option<Proj> {
        let Some(Proj::Range { lo, hi, inclusive }) = part.path.last() else { return None };
        let (lo, hi, inclusive) = (lo.clone(), hi.clone(), *inclusive);
        let start = match lo {
            Some(lo) => self.integer("start", Op::Binary(BinOp::Add, lo, first.clone())),
            None => first.clone(),
        };
        Some(Proj::Range { lo: Some(start), hi, inclusive })
    }

    fn integer(&mut self, name: &str, op: Op) -> Operand {
        let var = self.function.fresh(name, Type::Int(Some("usize")), Storage::Value, Origin::User);
        self.positions.push(Stmt::Let { var, op });
        Operand::Var(var)
    }
}

/// What is known of counters of loops as positions of parameters.
#[derive(Default)]
pub(super) struct Counters {
    /// The lengths of lists.
    lengths: HashMap<VarId, VarId>,
    /// The counters that run over the positions of a list, together with the list.
    within: HashSet<(VarId, VarId)>,
    /// Those whose every value is a position that the loop looks at: the loop fails where there is no such position.
    to_check: HashSet<(VarId, VarId)>,
}

impl Counters {
    pub(super) fn of(body: &Block) -> Counters {
        let mut counters = Counters::default();
        walk::block(&mut counters, body);
        counters
    }

    /// Whether a counter has no values but positions of the parameter, because of its loop or of a check before that.
    fn stay_within(&self, counter: VarId, param: VarId) -> bool {
        self.within.contains(&(counter, param)) || self.to_check.contains(&(counter, param))
    }
}

impl Visit for Counters {
    fn enter(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Let { var, op: Op::Opaque(opaque) } => {
                self.lengths.extend(opaque.list().map(|list| (*var, list)));
            }
            Stmt::For { iter, body, .. } => {
                for source in walk::sources(iter) {
                    if let Iter::Range { var, hi: Operand::Var(hi), inclusive: false, .. } = source
                        && let Some(list) = self.lengths.get(hi)
                    {
                        self.within.insert((*var, *list));
                    }
                }
                if let Some((counter, ..)) = range(iter) {
                    let mut looks = Looks { counter, lists: Vec::new() };
                    let plain = body.stmts.iter().filter(|stmt| walk::blocks(stmt).is_empty());
                    plain.for_each(|stmt| walk::stmt(&mut looks, stmt));
                    let lists = looks.lists.into_iter().map(|list| (counter, list));
                    self.to_check.extend(lists.filter(|pair| !self.within.contains(pair)));
                }
            }
            _ => {}
        }
    }
}

/// The lists that are looked into at the counter.
struct Looks {
    counter: VarId,
    lists: Vec<VarId>,
}

impl Visit for Looks {
    fn place(&mut self, place: &Place, _: Access) {
        let first = place.path.iter().find(|step| !matches!(step, Proj::Deref));
        if matches!(first, Some(Proj::Index(Operand::Var(index))) if *index == self.counter) {
            self.lists.push(place.root);
        }
    }
}

/// The counter of a loop over all numbers of a range, and the range's ends.
fn range(iter: &Iter) -> Option<(VarId, Operand, Operand)> {
    match iter {
        Iter::Rev(inner) => range(inner),
        Iter::Range { var, lo, hi, inclusive: false } => Some((*var, lo.clone(), hi.clone())),
        Iter::Range { .. }
        | Iter::From { .. }
        | Iter::Elements { .. }
        | Iter::Opaque { .. }
        | Iter::Enumerate { .. }
        | Iter::Zip(..)
        | Iter::StepBy(..)
        | Iter::Skip(..)
        | Iter::Take(..) => None,
    }
}

impl VisitMut for Lent<'_> {
    fn place(&mut self, place: &mut Place) {
        let Some((param, lent)) = self.places.iter().find(|(var, _)| *var == place.root) else { return };
        let (param, lent) = (*param, lent.clone());
        let mut rest =
            place.path.drain(..).skip_while(|step| matches!(step, Proj::Deref)).collect::<Vec<_>>().into_iter();
        *place = lent;
        match (place.path.last(), rest.next()) {
            (Some(Proj::Range { .. }), Some(Proj::Index(index))) => {
                let index = self.offset((param, index), place);
                place.path.pop();
                place.path.push(Proj::Index(index));
            }
            (Some(Proj::Range { .. }), Some(Proj::Range { lo: Some(first), hi: None, inclusive: false })) => {
                let rest = self.rest(place, &first);
                place.path.pop();
                place.path.extend(rest);
            }
            (_, first) => place.path.extend(first),
        }
        place.path.extend(rest);
    }
}
