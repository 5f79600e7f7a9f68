//! Variables in which values travel from exits to where they lead.

use std::rc::Rc;

use proc_macro2::{Ident, Span};
use quote::quote;

use super::{Cx, Exit};
use crate::ir::literals;
use crate::ir::{
    AggregateKind, Arm, Block, Constructor, Op, Opaque, Operand, Origin, Place, Proj, Stmt, Storage, Type, VarId,
};

impl Cx<'_> {
    /// A variable for a value that is known later.
    pub(super) fn memory(&mut self, name: &str, ty: Type, origin: Origin) -> (VarId, Stmt) {
        let default = literals::default(&ty);
        let held = if default.is_some() { ty } else { Type::Option(Box::new(ty)) };
        let init = default.clone().or_else(|| literals::default(&held));
        let slot = self.function.fresh(name, held, Storage::Memory, origin);
        if default.is_none() {
            self.wrapped.insert(slot);
        }
        (slot, Stmt::Declare { var: slot, init })
    }

    /// Puts the value into the variable that it travels in.
    pub(super) fn put(&mut self, slot: VarId, value: Operand, out: &mut Vec<Stmt>) {
        let value = if self.wrapped.contains(&slot) {
            let ty = self.function[slot].ty.clone();
            let some = self.function.fresh("some", ty, Storage::Value, Origin::Temp);
            let op = Op::Aggregate(AggregateKind::Constructor(Rc::new(Constructor::some())), vec![value]);
            out.push(Stmt::Let { var: some, op });
            Operand::Var(some)
        } else {
            value
        };
        out.push(Stmt::Assign { place: Place::var(slot), value });
    }

    pub(super) fn take(&mut self, dest: VarId, slot: VarId) -> Vec<Stmt> {
        if self.wrapped.contains(&slot) { self.unwrap(dest, slot) } else { vec![self.read(dest, slot)] }
    }

    /// `let dest = match slot { Some(value) => value, None => unreachable!() };`
    fn unwrap(&mut self, dest: VarId, slot: VarId) -> Vec<Stmt> {
        let (held, ty) = (self.function[slot].ty.clone(), self.function[dest].ty.clone());
        let whole = self.function.fresh("held", held, Storage::Value, Origin::Temp);
        let value = self.function.fresh("value", ty, Storage::Value, Origin::User);
        let path = Some(vec![Proj::Payload(Ident::new("some_0_mut", Span::call_site()))]);
        let some = Block { stmts: Vec::new(), result: Some(Operand::Var(value)) };
        let some = Arm { pattern: quote!(Some(value)), bindings: vec![(value, path)], guard: None, body: some };
        let tokens = quote!(::core::unreachable!());
        let opaque = Opaque { tokens, uses: Vec::new(), pure: false, observer: true, constant: false };
        let none = Block { stmts: vec![Stmt::Eval(Op::Opaque(opaque))], result: None };
        let none = Arm { pattern: quote!(None), bindings: Vec::new(), guard: None, body: none };
        vec![
            Stmt::Let { var: whole, op: Op::Move(Place::var(slot)) },
            Stmt::Match { dest: Some(dest), scrutinee: Operand::Var(whole), arms: vec![some, none] },
        ]
    }

    fn read(&self, dest: VarId, slot: VarId) -> Stmt {
        let place = Place::var(slot);
        let ty = &self.function[slot].ty;
        let op = match ty {
            // An error need not be `Clone`, and nobody asks for its shape.
            Type::Result(..) => Op::Move(place),
            Type::Tuple(items) if matches!(items.first(), Some(Type::Result(..))) => Op::Move(place),
            _ if crate::analysis::types::is_copy(ty) => Op::Read(place),
            // Not moved out: the reverse sweep asks the variable for its shape.
            _ => Op::CloneOf(place),
        };
        Stmt::Let { var: dest, op }
    }

    /// The variable in which the value of `exit` travels, declared with a default so that it is always initialised.
    pub(super) fn slot(&mut self, exit: Exit, value: &Operand) -> VarId {
        if let Some((_, slot)) = self.slots.iter().find(|(of, _)| *of == exit) {
            return *slot;
        }
        let ty = match exit {
            Exit::Return => self.function.result.clone(),
            Exit::Break(_) | Exit::Continue(_) => self.function.type_of(value),
        };
        let (slot, declaration) = self.memory("result", ty, Origin::Derived);
        self.prologue.push(declaration);
        self.slots.push((exit, slot));
        slot
    }

    /// The type of the value that travels in a variable.
    pub(super) fn content(&self, slot: VarId) -> Type {
        match &self.function[slot].ty {
            Type::Option(content) if self.wrapped.contains(&slot) => (**content).clone(),
            other => other.clone(),
        }
    }
}
