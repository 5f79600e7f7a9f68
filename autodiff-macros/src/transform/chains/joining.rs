//! Two elementwise operations become one.

use std::collections::{HashMap, HashSet};

use super::{Chains, Piece, Uses, element_float, inputs_of, reduction, types_float, whole};
use crate::analysis::types;
use crate::ir::walk::{self, Visit};
use crate::ir::{Arg, BinOp, Block, Function, MapInput, Op, Operand, Origin, Place, Proj, Stmt, Storage, Type, VarId};
use crate::transform::{reads, rename};

/// The functions of the runtime that count the elements of one, two, .. arrays that are broadcast together.
pub(super) const COUNTS: [&str; 4] = ["count", "count_of_two", "count_of_three", "count_of_four"];

impl Chains<'_> {
    /// Joins a statement with those before it that it alone uses; gives its new position.
    pub(super) fn absorb(&mut self, stmts: &mut Vec<Stmt>, mut at: usize) -> usize {
        let mut mean = None;
        while let Some(producer) = self.producer(stmts, at) {
            if mean.is_some() && self.arrays(&stmts[producer], &stmts[at]) > COUNTS.len() {
                break;
            }
            let (Some(first), Some(second)) = (self.piece(&stmts[producer]), self.piece(&stmts[at])) else { break };
            for stmt in [&stmts[producer], &stmts[at]] {
                self.uncount(stmt);
            }
            mean = mean.or(second.mean);
            stmts[at] = self.compose(first, second);
            stmts.remove(producer);
            at -= 1;
            Uses::of_stmt(&stmts[at]).into_iter().for_each(|(var, count)| *self.uses.entry(var).or_default() += count);
        }
        if let Some(mean) = mean {
            self.divide(stmts, at, mean);
        }
        at
    }

    fn uncount(&mut self, stmt: &Stmt) {
        for (var, count) in Uses::of_stmt(stmt) {
            if let Some(uses) = self.uses.get_mut(&var) {
                *uses = uses.saturating_sub(count);
            }
        }
    }

    /// How many arrays two statements read of which the second one uses what the first one makes.
    fn arrays(&self, first: &Stmt, second: &Stmt) -> usize {
        let made = super::dest(first);
        let read = inputs_of(first).into_iter().chain(inputs_of(second));
        let arrays =
            read.filter(|place| Some(place.root) != made && element_float(&self.function.place_type(place)).is_some());
        let none = HashMap::new();
        let names: HashSet<String> =
            arrays.map(|place| reads::key(&self.content(&self.resolved(place)), &none)).collect();
        names.len()
    }

    /// The operation in the common form.
    fn piece(&mut self, stmt: &Stmt) -> Option<Piece> {
        if let Some((source, mean)) = reduction(stmt) {
            let Stmt::Let { var, .. } = stmt else { return None };
            let input = self.input(source, Place::var(source));
            let body = Block { stmts: Vec::new(), result: Some(Operand::Var(input.elem)) };
            let dest = if mean { self.function.copy_of(*var, "sum") } else { *var };
            return Some(Piece { dest, inputs: vec![input], body, mean: mean.then_some(*var) });
        }
        match stmt {
            Stmt::Map { dest, inputs, body } => {
                let inputs = inputs.iter().map(|input| MapInput { of: self.content(&input.of), ..input.clone() });
                Some(Piece { dest: *dest, inputs: inputs.collect(), body: body.clone(), mean: None })
            }
            Stmt::Let { var, op } => {
                let mut inputs = Vec::new();
                let op = match op {
                    Op::Binary(op, left, right) => {
                        let left = self.element(left, &mut inputs);
                        Op::Binary(*op, left, self.element(right, &mut inputs))
                    }
                    Op::Unary(op, operand) => Op::Unary(*op, self.element(operand, &mut inputs)),
                    Op::CloneOf(place) => {
                        let input = self.input(place.root, place.clone());
                        let elem = input.elem;
                        inputs.push(input);
                        Op::Use(Operand::Var(elem))
                    }
                    _ => return None,
                };
                let element = types::element(&self.function[*var].ty)?;
                let name = self.function[*var].name.clone();
                let result = self.function.fresh(name, element, Storage::Value, Origin::Temp);
                let (span, source) = (self.function[*var].span, self.function[*var].source);
                (self.function[result].span, self.function[result].source) = (span, source);
                let body = Block { stmts: vec![Stmt::Let { var: result, op }], result: Some(Operand::Var(result)) };
                Some(Piece { dest: *var, inputs, body, mean: None })
            }
            _ => None,
        }
    }

    /// What an operand is for an element: that of an array, or the number itself.
    fn element(&mut self, operand: &Operand, inputs: &mut Vec<MapInput>) -> Operand {
        match operand {
            Operand::Var(var) if element_float(&self.function[*var].ty).is_some() => {
                let input = self.input(*var, Place::var(*var));
                let elem = Operand::Var(input.elem);
                inputs.push(input);
                elem
            }
            other => other.clone(),
        }
    }

    fn input(&mut self, named: VarId, of: Place) -> MapInput {
        let of = self.content(&of);
        let ty = types::element(&self.function.place_type(&of)).unwrap_or_else(|| self.function.place_type(&of));
        let (name, span) = (format!("{}_i", self.function[named].name), self.function[named].span);
        let elem = self.function.fresh(name, ty, Storage::Value, Origin::Temp);
        self.function[elem].span = span;
        MapInput { elem, of }
    }

    /// What a reference refers to, so that every array has one name.
    fn content(&self, place: &Place) -> Place {
        let mut place = place.clone();
        if place.path.is_empty() && self.function.is_ref(place.root) {
            place.path.push(Proj::Deref);
        }
        place
    }

    /// The second operation on what the first one makes.
    fn compose(&mut self, first: Piece, second: Piece) -> Stmt {
        let mut stmts = first.body.stmts;
        let mut same = HashMap::new();
        let mut inputs = first.inputs;
        let Some(result) = first.body.result else { unreachable!("an elementwise body has a result") };
        for input in second.inputs {
            if input.of.root != first.dest || !whole(&input.of) {
                inputs.push(input);
            } else if let Operand::Var(result) = result {
                same.insert(input.elem, result);
            } else {
                stmts.push(Stmt::Let { var: input.elem, op: Op::Use(result.clone()) });
            }
        }
        stmts.extend(second.body.stmts);
        let mut body = Block { stmts, result: second.body.result };
        rename::block(&mut body, &same);
        inputs = self.distinct(inputs, &mut body);
        self.take_in(&mut inputs, &mut body);
        if inputs.len() > 1 {
            inputs.iter().for_each(|input| self.function[input.elem].broadcast = true);
        }
        Stmt::Map { dest: second.dest, inputs, body }
    }

    /// Every array once, whatever references lead to it.
    fn distinct(&self, inputs: Vec<MapInput>, body: &mut Block) -> Vec<MapInput> {
        let none = HashMap::new();
        let mut known: HashMap<String, VarId> = HashMap::new();
        let mut same = HashMap::new();
        let mut kept = Vec::new();
        for input in inputs {
            let key = reads::key(&self.content(&self.resolved(input.of.clone())), &none);
            if let Some(first) = known.get(&key) {
                same.insert(input.elem, *first);
            } else {
                known.insert(key, input.elem);
                kept.push(input);
            }
        }
        rename::block(body, &same);
        kept
    }

    /// Numbers with a derivative that the body reads become inputs: their cotangents are sums over the elements.
    fn take_in(&mut self, inputs: &mut Vec<MapInput>, body: &mut Block) {
        struct Seen(Vec<VarId>, HashSet<VarId>);
        impl Visit for Seen {
            fn operand(&mut self, operand: &Operand) {
                self.0.extend(Function::var_of(operand));
            }
            fn define(&mut self, var: VarId) {
                self.1.insert(var);
            }
        }
        let mut seen = Seen(Vec::new(), inputs.iter().map(|input| input.elem).collect());
        walk::block(&mut seen, body);
        let of = inputs.first().and_then(|input| types_float(&self.function[input.elem].ty));
        let mut same = HashMap::new();
        for var in seen.0 {
            let outside = !seen.1.contains(&var) && !same.contains_key(&var);
            if outside && self.activity.is_active(var) && types_float(&self.function[var].ty) == of {
                let input = self.input(var, Place::var(var));
                same.insert(var, input.elem);
                inputs.push(input);
            }
        }
        rename::block(body, &same);
    }

    /// `mean = sum / count`
    fn divide(&mut self, stmts: &mut Vec<Stmt>, at: usize, mean: VarId) {
        let Stmt::Map { dest, inputs, .. } = &stmts[at] else { unreachable!("a mean has been joined") };
        let arrays = inputs.iter().filter(|input| element_float(&self.function.place_type(&input.of)).is_some());
        let args: Vec<Arg> = arrays.map(|input| Arg::Shared(input.of.clone())).collect();
        let (sum, name) = (*dest, COUNTS[args.len().clamp(1, COUNTS.len()) - 1]);
        let count = self.function.copy_of(mean, "count");
        let quotient = Op::Binary(BinOp::Div, Operand::Var(sum), Operand::Var(count));
        let counting = Stmt::Let { var: count, op: Op::Helper { name, args } };
        stmts.splice(at + 1..at + 1, [counting, Stmt::Let { var: mean, op: quotient }]);
    }
}

impl Function {
    /// An intermediate number of the type of another.
    fn copy_of(&mut self, var: VarId, name: &str) -> VarId {
        let ty = self[var].ty.clone();
        let ty = if matches!(ty, Type::Unknown) { Type::FloatLiteral } else { ty };
        self.fresh(name, ty, Storage::Value, Origin::Temp)
    }
}
