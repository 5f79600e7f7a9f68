//! `wrt(model.head)`: all other parts of `model` are constants.
//!
//! The body reads them through a reference of its own, `let model_frozen = &*model;`, which has no derivative. Everything
//! that is computed from them alone is then computed once and leaves no trace in the derivatives.

use std::collections::{BTreeMap, BTreeSet};

use super::lowerer::Lowerer;
use crate::ir::walk::{self, VisitMut};
use crate::ir::{Block, Function, Op, Opaque, Operand, Origin, Place, Proj, Stmt, Storage, Type, VarId};
use crate::options::Options;
use proc_macro2::Span;
use quote::quote;
use syn::Member;

/// The parts of parameters with respect to which the function is differentiated.
#[derive(Default)]
pub(super) struct Parts(BTreeMap<VarId, Vec<Vec<Member>>>);

/// How a place lies to the parts of its root that are differentiated.
#[derive(Clone, Copy, PartialEq)]
enum Position {
    Inside(usize),
    Outside,
    /// It holds such a part.
    Around,
}

impl Parts {
    fn position(&self, place: &Place) -> Option<Position> {
        let parts = self.0.get(&place.root)?;
        let mut steps = place.path.iter().filter(|step| !matches!(step, Proj::Deref));
        let fields: Vec<&Member> = std::iter::from_fn(|| match steps.next() {
            Some(Proj::Field(member)) => Some(member),
            _ => None,
        })
        .collect();
        let positions = parts.iter().enumerate().map(|(index, part)| {
            if part.iter().zip(&fields).any(|(wanted, field)| wanted != *field) {
                Position::Outside
            } else if fields.len() >= part.len() {
                Position::Inside(index)
            } else {
                Position::Around
            }
        });
        let rank = |position: &Position| match position {
            Position::Inside(_) => 2,
            Position::Around => 1,
            Position::Outside => 0,
        };
        positions.max_by_key(rank)
    }

    /// Whether the place is a part of a parameter that is taken as a constant.
    pub(super) fn is_frozen(&self, place: &Place) -> bool {
        self.position(place) == Some(Position::Outside)
    }
}

impl Lowerer<'_> {
    /// Notes the parts that `wrt(..)` names. They are parts of structs behind references.
    pub(super) fn name_parts(&mut self, options: &Options) {
        for (name, fields) in &options.wrt_parts {
            let found = self.function.params.iter().find(|param| *name == self.function[param.var].name);
            let Some(param) = found.filter(|param| param.differentiated) else { continue };
            let var = param.var;
            match &self.function[var].ty {
                Type::Ref { mutable: false, .. } => self.parts.0.entry(var).or_default().push(fields.clone()),
                _ => {
                    let message =
                        "only what is behind a shared reference can be differentiated with respect to a part of it";
                    self.refuse(name, message, &format!("take `{name}` by reference, `&{name}`"));
                }
            }
        }
    }

    /// Gives the frozen parts of parameters names of their own.
    pub(super) fn freeze_parts(&mut self, mut body: Block, options: &Options) -> Block {
        let parts = std::mem::take(&mut self.parts);
        if parts.0.is_empty() || self.has_errors() {
            return body;
        }
        let frozen = parts.0.keys().map(|var| (*var, frozen_reference(self.function, *var))).collect();
        let mut freeze =
            Freeze { parts: &parts, frozen, used: BTreeSet::new(), whole: Vec::new(), at: Span::call_site() };
        freeze.block(self.function, &mut body);
        let Freeze { frozen, used, whole, .. } = freeze;
        for (var, at) in whole {
            let name = self.function[var].name.clone();
            let message = format!("this uses the whole of `{name}`, of which a part is differentiated");
            self.refuse_at(at, message, "name the fields where they are used, or pass them to functions one by one");
        }
        if !self.has_errors() {
            self.check_parts_are_used(&parts, &used, options);
        }
        let references = frozen.iter().map(|(var, frozen)| {
            let name = proc_macro2::Ident::new(&self.function[*var].name, Span::call_site());
            let opaque =
                Opaque { tokens: quote!(&*#name), uses: vec![*var], pure: true, observer: true, constant: true };
            Stmt::Let { var: *frozen, op: Op::Opaque(opaque) }
        });
        let references: Vec<Stmt> = references.collect();
        body.stmts.splice(0..0, references);
        body
    }

    fn check_parts_are_used(&mut self, parts: &Parts, used: &BTreeSet<(VarId, usize)>, options: &Options) {
        let mut seen: BTreeMap<VarId, usize> = BTreeMap::new();
        for (name, fields) in &options.wrt_parts {
            let found = parts.0.keys().find(|var| *name == self.function[**var].name).copied();
            let Some(var) = found else { continue };
            let index = seen.entry(var).or_default();
            if !used.contains(&(var, *index)) {
                let part: Vec<String> = fields.iter().map(|field| quote!(#field).to_string()).collect();
                let message = format!("this function does not use `{name}.{}`", part.join("."));
                self.refuse(fields.last(), message, "name a field that it uses");
            }
            *seen.entry(var).or_default() += 1;
        }
    }
}

/// The variable through which the body reads the frozen parts.
fn frozen_reference(function: &mut Function, var: VarId) -> VarId {
    let (name, ty) = (format!("{}_frozen", function[var].name), function[var].ty.clone());
    function.fresh(name, ty, Storage::Value, Origin::Derived)
}

struct Freeze<'a> {
    parts: &'a Parts,
    frozen: BTreeMap<VarId, VarId>,
    /// The parts that the body uses.
    used: BTreeSet<(VarId, usize)>,
    /// Where a parameter is used as a whole.
    whole: Vec<(VarId, Span)>,
    /// Where the current statement stands in the source.
    at: Span,
}

impl Freeze<'_> {
    fn block(&mut self, function: &Function, block: &mut Block) {
        for stmt in &mut block.stmts {
            self.at = source(function, stmt);
            walk::own_mut(self, stmt);
            walk::blocks_mut(stmt).into_iter().for_each(|inner| self.block(function, inner));
        }
        if let Some(result) = &mut block.result {
            self.operand(result);
        }
    }
}

impl VisitMut for Freeze<'_> {
    fn operand(&mut self, operand: &mut Operand) {
        if let Operand::Var(var) = operand
            && self.frozen.contains_key(var)
        {
            self.whole.push((*var, self.at));
        }
    }

    fn place(&mut self, place: &mut Place) {
        match self.parts.position(place) {
            Some(Position::Inside(part)) => {
                self.used.insert((place.root, part));
            }
            Some(Position::Outside) => place.root = self.frozen[&place.root],
            Some(Position::Around) => self.whole.push((place.root, self.at)),
            None => {}
        }
    }
}

fn source(function: &Function, stmt: &Stmt) -> Span {
    match stmt {
        Stmt::Let { op: Op::Call(callee, _), .. } | Stmt::Eval(Op::Call(callee, _)) => callee.span,
        Stmt::Let { var, .. } | Stmt::Declare { var, .. } => function[*var].source,
        _ => Span::call_site(),
    }
}
