//! What is lent to a function takes the place of its parameters.

use proc_macro2::Ident;
use quote::quote;

use crate::ir::walk::{self, VisitMut};
use crate::ir::{Arg, BinOp, Block, Function, Op, Operand, Origin, Place, Proj, Stmt, Storage, Type, VarId, literals};

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
    /// The positions in lists that a statement counts from the start of parts of them, computed before it.
    pub(super) positions: Vec<Stmt>,
}

impl Lent<'_> {
    pub(super) fn block(&mut self, block: &mut Block) {
        for mut stmt in std::mem::take(&mut block.stmts) {
            walk::blocks_mut(&mut stmt).into_iter().for_each(|inner| self.block(inner));
            self.length(&mut stmt);
            walk::own_mut(self, &mut stmt);
            block.stmts.append(&mut self.positions);
            block.stmts.push(stmt);
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

    /// The sum of the positions of a part of a list and of an element of that part.
    fn offset(&mut self, lo: Operand, index: Operand) -> Operand {
        if literals::integer(&lo) == Some(0) {
            return index;
        }
        let ty = Type::Int(Some("usize"));
        let var = self.function.fresh("position", ty, Storage::Value, Origin::User);
        self.positions.push(Stmt::Let { var, op: Op::Binary(BinOp::Add, lo, index) });
        Operand::Var(var)
    }
}

impl VisitMut for Lent<'_> {
    fn place(&mut self, place: &mut Place) {
        let Some((_, lent)) = self.places.iter().find(|(var, _)| *var == place.root) else { return };
        let lent = lent.clone();
        let mut rest =
            place.path.drain(..).skip_while(|step| matches!(step, Proj::Deref)).collect::<Vec<_>>().into_iter();
        *place = lent;
        let part = match place.path.last() {
            Some(Proj::Range { lo, hi: _, inclusive: _ }) => Some(lo.clone()),
            _ => None,
        };
        match (part, rest.next()) {
            (Some(lo), Some(Proj::Index(index))) => {
                place.path.pop();
                let index = match lo {
                    Some(lo) => self.offset(lo, index),
                    None => index,
                };
                place.path.push(Proj::Index(index));
            }
            (_, first) => place.path.extend(first),
        }
        place.path.extend(rest);
    }
}
