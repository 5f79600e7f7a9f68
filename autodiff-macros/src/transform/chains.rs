//! Chains of elementwise operations on arrays become one loop.
//!
//! `(3.0 * &a * &a - &b * &b).sum()` is a chain: every array in it is made by one operation, element by element, and used
//! by the next one only. Such operations become one [`Stmt::Map`] whose inputs are the arrays that the chain begins with
//! and whose body is all that happens to an element; nothing between is stored, neither forwards nor in reverse, where the
//! body runs again. The inputs of a fused statement are broadcast together, so that they may differ in shape
//! ([`Var::broadcast`](crate::ir::Var::broadcast) marks them); a `dest` that is a number is the sum over the elements.
//!
//! What is joined:
//!
//! * operators between arrays, and arrays and numbers; methods and closures for each element, which `parse` has made
//!   maps; copies; `sum` and `mean` at the end;
//! * whose element type is known: `f32`, `f64`, or a type parameter that stands for one of them;
//! * where what the first operation reads is the same when the second runs;
//! * unless an expensive operation would run for each element of a larger array that a smaller one is broadcast to.

pub(super) mod anew;
mod joining;
pub(super) mod sweeps;
mod uses;

use std::collections::HashMap;

use uses::Uses;

use crate::analysis::activity::Activity;
use crate::analysis::types;
use crate::ir::walk::{self, Access, Visit};
use crate::ir::{
    Arg, BinOp, Block, Float, Function, MapInput, Op, Operand, Place, Proj, Stmt, Storage, Type, UnOp, VarId,
};

/// Joins the chains of a function.
pub(super) fn join(function: &mut Function, activity: &Activity) {
    if !function.vars.iter().any(|var| element_float(&var.ty).is_some()) {
        return;
    }
    let mut body = std::mem::take(&mut function.body);
    let mut chains = Chains { uses: Uses::of(&body), definitions: uses::definitions(&body), function, activity };
    chains.block(&mut body);
    chains.mark(&body);
    uses::drop_checks(chains.function, &mut body);
    function.body = body;
}

struct Chains<'a> {
    function: &'a mut Function,
    activity: &'a Activity,
    uses: HashMap<VarId, usize>,
    definitions: HashMap<VarId, Op>,
}

/// An elementwise operation on its own, in the common form.
struct Piece {
    dest: VarId,
    inputs: Vec<MapInput>,
    body: Block,
    /// What has to be divided by the number of elements afterwards: the mean.
    mean: Option<VarId>,
}

impl Chains<'_> {
    /// Marks operations on their own that call functions like `exp`: as chains they call those that are computed for several
    /// elements at once.
    fn mark(&mut self, block: &Block) {
        for stmt in &block.stmts {
            walk::blocks(stmt).into_iter().for_each(|inner| self.mark(inner));
            let Stmt::Map { dest, inputs, body } = stmt else { continue };
            let ranked =
                matches!(types::strip_refs(&self.function[*dest].ty), Type::Tensor(tensor) if tensor.rank.is_some());
            if ranked && self.is_elementwise(stmt) && calls_functions(body) {
                inputs.iter().for_each(|input| self.function[input.elem].broadcast = true);
            }
        }
    }

    fn block(&mut self, block: &mut Block) {
        for stmt in &mut block.stmts {
            walk::blocks_mut(stmt).into_iter().for_each(|inner| self.block(inner));
        }
        // From the last to the first: what has been joined may be joined again with what comes before.
        let mut at = block.stmts.len();
        while at > 0 {
            at -= 1;
            at = self.absorb(&mut block.stmts, at);
        }
    }

    /// The last statement whose result is used by the statement at `at` only, and that can be joined with it.
    fn producer(&self, stmts: &[Stmt], at: usize) -> Option<usize> {
        let float = self.consumed_float(&stmts[at])?;
        let own = Uses::of_stmt(&stmts[at]);
        (0..at).rev().find(|&candidate| {
            let stmt = &stmts[candidate];
            let Some(dest) = dest(stmt) else { return false };
            own.get(&dest).is_some_and(|count| self.uses.get(&dest) == Some(count))
                && element_float(&self.function[dest].ty) == Some(float.clone())
                && self.is_elementwise(stmt)
                && self.takes_as_input(&stmts[at], dest)
                && self.is_unchanged(stmt, &stmts[candidate + 1..at])
                && self.is_worth_it(stmt, &stmts[at], dest)
                && self.can_be_borrowed(stmt, &stmts[at], dest)
        })
    }

    /// The type of the elements, if the statement can take another into itself.
    fn consumed_float(&self, stmt: &Stmt) -> Option<Float> {
        if let Some((source, _)) = reduction(stmt) {
            return element_float(&self.function[source].ty);
        }
        if !self.is_elementwise(stmt) {
            return None;
        }
        let dest = dest(stmt)?;
        match types::strip_refs(&self.function[dest].ty) {
            // The number of axes of the result has to be written down.
            Type::Tensor(tensor) => tensor.rank.and_then(|_| types_float(&tensor.elem)),
            // A sum that has been joined already.
            other => matches!(stmt, Stmt::Map { .. }).then(|| types_float(other)).flatten(),
        }
    }

    /// An operation of this pass, element by element, on floats of one type.
    fn is_elementwise(&self, stmt: &Stmt) -> bool {
        let float = |ty: &Type| element_float(ty).or_else(|| types_float(types::strip_refs(ty)));
        match stmt {
            Stmt::Map { dest, inputs, body } => {
                let of = float(&self.function[*dest].ty);
                of.is_some()
                    && body.result.is_some()
                    && inputs.iter().all(|input| {
                        types_float(types::strip_refs(&self.function[input.elem].ty)) == of
                            && types_float(&self.function[input.elem].ty).is_some()
                    })
            }
            Stmt::Let { var, op } => {
                let Some(of) = element_float(&self.function[*var].ty) else { return false };
                let fits = |operand: &Operand| match operand {
                    Operand::Var(operand) => {
                        let ty = &self.function[*operand].ty;
                        element_float(ty).or_else(|| types_float(ty)) == Some(of.clone())
                    }
                    Operand::Const(constant) => {
                        matches!(constant.ty, Type::FloatLiteral) || types_float(&constant.ty) == Some(of.clone())
                    }
                };
                match op {
                    Op::Binary(BinOp::Add | BinOp::Sub | BinOp::Mul | BinOp::Div, left, right) => {
                        fits(left) && fits(right)
                    }
                    Op::Unary(UnOp::Neg, operand) => fits(operand),
                    Op::CloneOf(place) => element_float(&self.function.place_type(place)) == Some(of),
                    _ => false,
                }
            }
            _ => false,
        }
    }

    /// Whether the result goes where it is read element by element.
    fn takes_as_input(&self, stmt: &Stmt, producer: VarId) -> bool {
        match stmt {
            Stmt::Map { inputs, body, .. } => {
                inputs.iter().filter(|input| input.of.root == producer).all(|input| whole(&input.of))
                    && !walk::mentioned(body).contains(&producer)
            }
            Stmt::Let { op: Op::CloneOf(place), .. } => whole(place),
            Stmt::Let { op: Op::Intrinsic(intrinsic), .. } => match &intrinsic.args[..] {
                [Arg::Shared(place)] => whole(place),
                args => args.len() == 1,
            },
            _ => true,
        }
    }

    /// What the statement reads is the same after the others have run.
    fn is_unchanged(&self, stmt: &Stmt, between: &[Stmt]) -> bool {
        struct Reads<'a>(&'a Chains<'a>, bool);
        impl Visit for Reads<'_> {
            fn operand(&mut self, operand: &Operand) {
                if let Operand::Var(var) = operand {
                    self.1 |= self.0.may_change(*var);
                }
            }
            fn place(&mut self, place: &Place, _: Access) {
                self.1 |= self.0.may_change(place.root);
            }
            fn mention(&mut self, var: VarId) {
                self.1 |= self.0.may_change(var);
            }
        }
        let mut reads = Reads(self, false);
        walk::stmt(&mut reads, stmt);
        !reads.1 || between.iter().all(|stmt| self.is_quiet(stmt))
    }

    /// Whether the variable is memory, or refers to memory that may be written to.
    fn may_change(&self, var: VarId) -> bool {
        if self.function[var].storage == Storage::Memory {
            return true;
        }
        match (self.definitions.get(&var), &self.function[var].ty) {
            (_, Type::Ref { mutable: true, .. }) => true,
            (Some(Op::Borrow(place)), _) => self.may_change(place.root),
            (Some(Op::Intrinsic(intrinsic)), ty) if types::is_view(ty) => intrinsic.args.iter().any(|arg| match arg {
                Arg::Value(Operand::Var(var)) => self.may_change(*var),
                Arg::Value(Operand::Const(_)) => false,
                Arg::Shared(place) | Arg::Mut(place) => self.may_change(place.root),
            }),
            (Some(_), ty) => types::is_view(ty),
            (None, _) => false,
        }
    }

    /// The statement changes no memory.
    fn is_quiet(&self, stmt: &Stmt) -> bool {
        match stmt {
            Stmt::Let { op, .. } => super::simplify::is_pure(op),
            Stmt::Map { .. } | Stmt::Comment(_) => true,
            Stmt::Eval(Op::Helper { name: "check_broadcast", .. }) => true,
            _ => false,
        }
    }

    /// A smaller array that is broadcast is computed once for each element of the larger one, which must not be dear.
    fn is_worth_it(&self, first: &Stmt, second: &Stmt, dest: VarId) -> bool {
        let rank = |var: VarId| match types::strip_refs(&self.function[var].ty) {
            Type::Tensor(tensor) => tensor.rank,
            _ => Some(0),
        };
        let others: Vec<VarId> = match second {
            Stmt::Map { inputs, .. } => inputs.iter().map(|input| input.of.root).collect(),
            Stmt::Let { op: Op::Binary(_, left, right), .. } => {
                [left, right].into_iter().filter_map(Function::var_of).collect()
            }
            _ => return true,
        };
        let own = rank(dest);
        let alone = others.iter().all(|other| *other == dest || rank(*other) == Some(0));
        alone
            || (own.is_some() && others.iter().all(|other| rank(*other) <= own && rank(*other).is_some()))
            || is_cheap(first)
    }

    /// The place that a reference refers to.
    pub(super) fn resolved(&self, place: Place) -> Place {
        match self.definitions.get(&place.root) {
            Some(Op::Borrow(of)) => {
                let rest = if let [Proj::Deref, rest @ ..] = &place.path[..] { rest } else { &place.path[..] };
                let path = of.path.iter().chain(rest).cloned().collect();
                self.resolved(Place { root: of.root, path })
            }
            _ => place,
        }
    }

    /// Two inputs that are parts of one variable can both have cotangents only if they are different fields.
    fn can_be_borrowed(&self, first: &Stmt, second: &Stmt, dest: VarId) -> bool {
        let others = inputs_of(second).into_iter().filter(|place| place.root != dest);
        let places: Vec<Place> = inputs_of(first).into_iter().chain(others).map(|place| self.resolved(place)).collect();
        let active = |place: &&Place| self.activity.is_active(place.root);
        let parts: Vec<&Place> = places.iter().filter(active).filter(|place| !whole(place)).collect();
        parts.iter().all(|place| {
            let plain = place.path.iter().all(|step| matches!(step, Proj::Deref | Proj::Field(_)));
            let alone = parts.iter().filter(|other| other.root == place.root).all(|other| {
                let none = HashMap::new();
                super::reads::key(other, &none) == super::reads::key(place, &none)
            });
            plain || alone
        })
    }
}

/// Whether something in the block costs more than arithmetic.
fn calls_functions(block: &Block) -> bool {
    block.stmts.iter().any(|stmt| match stmt {
        Stmt::Let { op: Op::Intrinsic(intrinsic), .. } => intrinsic.row.cost > CHEAP,
        other => walk::blocks(other).into_iter().any(calls_functions),
    })
}

/// What elements may cost that are computed again and again: little more than reading them.
const CHEAP: u32 = 4;

/// Whether the elements cost little more than reading them.
fn is_cheap(stmt: &Stmt) -> bool {
    let Stmt::Map { body, .. } = stmt else { return true };
    body.stmts.iter().all(|stmt| match stmt {
        Stmt::Let { op: Op::Intrinsic(intrinsic), .. } => intrinsic.row.cost <= CHEAP,
        Stmt::Let { op, .. } => matches!(op, Op::Use(_) | Op::Read(_) | Op::Unary(..) | Op::Binary(..) | Op::Cast(..)),
        _ => false,
    })
}

/// What an elementwise statement reads element by element.
fn inputs_of(stmt: &Stmt) -> Vec<Place> {
    match stmt {
        Stmt::Map { inputs, .. } => inputs.iter().map(|input| input.of.clone()).collect(),
        Stmt::Let { op: Op::Binary(_, left, right), .. } => {
            [left, right].into_iter().filter_map(Function::var_of).map(Place::var).collect()
        }
        Stmt::Let { op: Op::CloneOf(place), .. } => vec![place.clone()],
        _ => Vec::new(),
    }
}

/// The array that is summed, and whether the sum is divided by the number of elements.
fn reduction(stmt: &Stmt) -> Option<(VarId, bool)> {
    let Stmt::Let { op: Op::Intrinsic(intrinsic), .. } = stmt else { return None };
    let mean = match intrinsic.row.name {
        "sum" => false,
        "mean" => true,
        _ => return None,
    };
    match &intrinsic.args[..] {
        [Arg::Value(Operand::Var(var))] => Some((*var, mean)),
        [Arg::Shared(place)] if whole(place) => Some((place.root, mean)),
        _ => None,
    }
}

fn dest(stmt: &Stmt) -> Option<VarId> {
    match stmt {
        Stmt::Let { var, .. } | Stmt::Map { dest: var, .. } => Some(*var),
        _ => None,
    }
}

/// A place that is all of its variable, or of what it refers to.
fn whole(place: &Place) -> bool {
    matches!(place.path[..], [] | [Proj::Deref])
}

/// `f32`, `f64`, or what has the name of a type of numbers.
fn types_float(ty: &Type) -> Option<Float> {
    match ty {
        Type::Float(float @ (Float::F32 | Float::F64 | Float::Named(_))) => Some(float.clone()),
        _ => None,
    }
}

/// The type of the elements of an array of numbers.
fn element_float(ty: &Type) -> Option<Float> {
    match types::strip_refs(ty) {
        Type::Tensor(tensor) => types_float(&tensor.elem),
        _ => None,
    }
}
