//! References that a branch chooses: `let (long, short) = if a.len() > b.len() { (a, b) } else { (b, a) };`.
//!
//! What a shared reference refers to stays as it is while the reference is in use, so that the branch yields copies, and the
//! names stand for references to these. A pullback, which must not borrow from what the function was given, owns them.

use super::env::{Lowered, Mutability};
use super::lowerer::Lowerer;
use super::stmt::Arm;
use crate::analysis::types;
use crate::ir::{Op, Operand, Origin, Place, Proj, Stmt, Storage, Type, VarId};
use proc_macro2::Span;

/// Which parts of a branch's value were references, of which the branch yields copies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Chosen {
    Value,
    /// A reference to a constant is left as it is, if no other arm yields a copy.
    Constant,
    Copied,
    Parts(Vec<Chosen>),
}

impl Chosen {
    /// What a function gives by references to numbers, of which its derivatives give copies.
    pub(super) fn given(ty: &syn::Type) -> Chosen {
        match ty {
            syn::Type::Reference(reference) if reference.mutability.is_none() => Chosen::Copied,
            syn::Type::Tuple(tuple) => Chosen::Parts(tuple.elems.iter().map(Chosen::given).collect()),
            _ => Chosen::Value,
        }
    }

    pub(super) fn copies(&self) -> bool {
        match self {
            Chosen::Value | Chosen::Constant => false,
            Chosen::Copied => true,
            Chosen::Parts(parts) => parts.iter().any(Chosen::copies),
        }
    }
}

/// How a block ends.
#[derive(Clone, Debug)]
pub(super) struct Ending {
    pub(super) chosen: Chosen,
    /// It never reaches its end.
    pub(super) diverges: bool,
}

impl Ending {
    pub(super) const NOTHING: Ending = Ending { chosen: Chosen::Value, diverges: false };
    pub(super) const DIVERGES: Ending = Ending { chosen: Chosen::Value, diverges: true };
}

impl Lowerer<'_> {
    /// What an arm yields in the place of references that it chose.
    pub(super) fn chosen(&mut self, value: Lowered, span: Span) -> (Lowered, Chosen) {
        match value {
            // A number behind a reference is as good as the number.
            Lowered::Ref(inner, Mutability::Shared) if types::is_scalar(&self.bare_type(&inner)) => {
                (Lowered::Operand(self.numeric(*inner, span)), Chosen::Value)
            }
            Lowered::Ref(inner, mutability) if self.is_refused(&inner) => {
                (Lowered::Ref(inner, mutability), Chosen::Value)
            }
            Lowered::Ref(inner, Mutability::Shared) => match self.is_left(&inner) {
                true => (Lowered::Ref(inner, Mutability::Shared), Chosen::Constant),
                false => (Lowered::Operand(self.pointee_copy(*inner, span)), Chosen::Copied),
            },
            Lowered::Ref(inner, Mutability::Mutable) => {
                if !self.lowered_is_constant(&inner) {
                    let help = "put the branch around its use, or branch on an index";
                    self.refuse_at(
                        span,
                        "a mutable reference to differentiable data cannot be the value of a branch or block",
                        help,
                    );
                }
                (Lowered::Ref(inner, Mutability::Mutable), Chosen::Value)
            }
            Lowered::Tuple(items) => {
                let (items, parts) = items.into_iter().map(|item| self.chosen(item, span)).unzip();
                (Lowered::Tuple(items), Chosen::Parts(parts))
            }
            other => self.chosen_variable(other, span),
        }
    }

    /// A variable that holds a reference to something that carries a derivative.
    fn chosen_variable(&mut self, value: Lowered, span: Span) -> (Lowered, Chosen) {
        let refers = match self.lowered_type(&value) {
            Type::Ref { mutable: false, inner } => !types::is_scalar(&inner),
            _ => false,
        };
        let place = match &value {
            Lowered::Operand(Operand::Var(_)) | Lowered::Place(_) => refers && !self.lowered_is_constant(&value),
            _ => false,
        };
        if !place {
            return (value, Chosen::Value);
        }
        let mut place = self.place_of(value, span);
        while let Type::Ref { .. } = self.function.place_type(&place) {
            place.path.push(Proj::Deref);
        }
        (Lowered::Operand(self.pointee_copy(Lowered::Place(place), span)), Chosen::Copied)
    }

    /// Whether a reference to this may stay one: constants of which it is not known that they can be copied.
    fn is_left(&self, inner: &Lowered) -> bool {
        let list = matches!(self.bare_type(inner), Type::Array(..) | Type::Slice(_) | Type::Vec(_) | Type::Deque(_));
        self.lowered_is_constant(inner) && !list
    }

    /// The value of a branch whose arms chose references, as the names that it is given shall see it.
    pub(super) fn referring(&mut self, arms: &mut [&mut Arm], dest: VarId, span: Span) -> Lowered {
        let whole = Lowered::Operand(Operand::Var(dest));
        let shapes = arms
            .iter()
            .filter(|arm| !arm.ending.diverges && arm.block.result.is_some())
            .map(|arm| arm.ending.chosen.clone());
        let mut shapes: Vec<Chosen> = shapes.collect();
        if !shapes.iter().any(Chosen::copies) {
            return whole;
        }
        if shapes.contains(&Chosen::Copied) {
            for arm in arms.iter_mut().filter(|arm| arm.ending.chosen == Chosen::Constant) {
                self.copy_again(arm, false, span);
            }
            shapes.retain(|shape| *shape != Chosen::Constant);
            self.as_lists(arms, dest, span);
        }
        let first = &shapes[0];
        if shapes.iter().any(|shape| shape != first) {
            let help = "clone the data in each arm, or put the branch around its use";
            return self.refuse_at(span, "the arms choose between references and values", help);
        }
        self.as_chosen(Place::var(dest), first)
    }

    /// Rust sees references to arrays as slices where another arm yields a slice.
    fn as_lists(&mut self, arms: &mut [&mut Arm], dest: VarId, span: Span) {
        let is_array = |this: &Self, arm: &Arm| {
            let result = arm.block.result.as_ref().map(|result| this.ty(result));
            // Of a constant the type may be all that is not known.
            matches!(result, Some(Type::Array(..) | Type::Unknown))
        };
        let arrays = arms.iter().filter(|arm| is_array(self, arm)).count();
        let list = arms.iter().filter_map(|arm| arm.block.result.as_ref()).map(|result| self.ty(result));
        let Some(list) = list.into_iter().find(|ty| matches!(ty, Type::Vec(_))).filter(|_| arrays > 0) else { return };
        for arm in arms.iter_mut() {
            if is_array(self, arm) {
                self.copy_again(arm, true, span);
            }
        }
        self.function[dest].ty = list;
    }

    /// A copy of what an arm refers to, or of the elements of what it yields.
    fn copy_again(&mut self, arm: &mut Arm, elements: bool, span: Span) {
        let Some(result) = arm.block.result.take() else { return };
        let (result, constant) = match result {
            Operand::Var(var) => (var, self.constants.contains(&var)),
            constant @ Operand::Const(_) => {
                let var = self.fresh("constant", self.ty(&constant), Storage::Value, Origin::Temp, span);
                arm.block.stmts.push(Stmt::Let { var, op: Op::Use(constant) });
                (var, true)
            }
        };
        if elements && matches!(self.function[result].ty, Type::Unknown) {
            self.function[result].ty = Type::Vec(Box::new(Type::Unknown));
        }
        let mut place = Place::var(result);
        while let Type::Ref { .. } = self.function.place_type(&place) {
            place.path.push(Proj::Deref);
        }
        if elements {
            place.path.push(Proj::Range { lo: None, hi: None, inclusive: false });
        }
        let ty = types::owned(&self.function.place_type(&place));
        let copy = self.fresh("copy", ty, Storage::Value, Origin::Temp, span);
        if constant {
            self.constants.extend([result, copy]);
        }
        arm.block.stmts.push(Stmt::Let { var: copy, op: Op::CloneOf(place) });
        arm.block.result = Some(Operand::Var(copy));
    }

    pub(super) fn as_chosen(&self, place: Place, shape: &Chosen) -> Lowered {
        match shape {
            _ if !shape.copies() && place.path.is_empty() => Lowered::Operand(Operand::Var(place.root)),
            Chosen::Value | Chosen::Constant => Lowered::Place(place),
            Chosen::Copied => Lowered::Place(place).shared(),
            Chosen::Parts(parts) => {
                let part = |(index, part): (usize, &Chosen)| {
                    let mut place = place.clone();
                    place.push(Proj::Field(syn::Member::from(index)));
                    self.as_chosen(place, part)
                };
                Lowered::Tuple(parts.iter().enumerate().map(part).collect())
            }
        }
    }
}
