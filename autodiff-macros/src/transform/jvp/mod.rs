//! Forward mode: every active variable gets a tangent beside it, every statement is followed by its derivative.
//!
//! Control flow stays exactly as the user wrote it. A branch or a loop that yields an active value yields the pair of
//! value and tangent instead.

mod ops;

use std::collections::{HashMap, HashSet};

use quote::quote;

use crate::analysis::activity::Activity;
use crate::analysis::types;
use crate::ir::literals;
use crate::ir::{
    AggregateKind, Arg, Block, Const, Float, Function, Iter, MapInput, Op, Operand, Origin, Param, Passing, Place,
    Proj, ScopeId, Stmt, Storage, Type, VarId,
};
use crate::transform::simplify;

/// The forward-mode derivative of `function`.
pub(crate) fn differentiate(function: &Function, activity: &Activity) -> Function {
    run(function, activity, false).0
}

/// The same in several directions at once, and a variable whose tangent has no lanes, if there is one.
pub(crate) fn with_lanes(function: &Function, activity: &Activity) -> (Function, Option<VarId>) {
    run(function, activity, true)
}

fn run(function: &Function, activity: &Activity, lanes: bool) -> (Function, Option<VarId>) {
    let mut jvp = Jvp {
        lanes,
        without_lanes: None,
        function: function.clone(),
        activity,
        dots: HashMap::new(),
        pairs: HashMap::new(),
        taken_apart: HashMap::new(),
        tuples: HashMap::new(),
        empty: HashMap::new(),
        zeros: HashMap::new(),
        failures: HashSet::new(),
    };
    let mut params = Vec::new();
    for param in function.params.iter().filter(|param| param.differentiated) {
        let dot = jvp.dot_var(param.var);
        params.push(Param { var: dot, passing: param.passing, differentiated: false, frozen: false, function: false });
    }
    let mut body = std::mem::take(&mut jvp.function.body);
    let mut constants = jvp.constants();
    jvp.block(&mut body, true);
    constants.append(&mut body.stmts);
    body.stmts = constants;
    let without_lanes = jvp.without_lanes;
    let mut function = jvp.function;
    function.params.extend(params);
    simplify::dead_code(&function, &mut body, &HashSet::new());
    simplify::clone_moved(&mut function, &mut [&mut body]);
    function.body = body;
    (function, without_lanes)
}

struct Jvp<'a> {
    /// The tangents are those in several directions at once.
    lanes: bool,
    without_lanes: Option<VarId>,
    function: Function,
    activity: &'a Activity,
    dots: HashMap<VarId, VarId>,
    /// The scopes whose `break` carries a pair of value and tangent.
    pairs: HashMap<ScopeId, Type>,
    /// Values that were yielded in a pair with their tangent, and the pair.
    taken_apart: HashMap<VarId, VarId>,
    /// The parts of values that are tuples.
    tuples: HashMap<VarId, Vec<Operand>>,
    /// New lists without elements: their tangents are made in the same way.
    empty: HashMap<VarId, Op>,
    /// The tangents that were made before the values were moved.
    zeros: HashMap<VarId, VarId>,
    /// What is certainly an `Err`: its tangent holds nothing.
    failures: HashSet<VarId>,
}

impl Jvp<'_> {
    /// The tangent of a variable: same storage, same shape.
    fn dot_var(&mut self, var: VarId) -> VarId {
        if let Some(dot) = self.dots.get(&var) {
            return *dot;
        }
        let primal = &self.function[var];
        let (name, ty, storage) = (format!("{}_dot", primal.name), types::owned_parts(&primal.ty), primal.storage);
        let ty = match types::with_lanes(&ty) {
            Some(ty) if self.lanes => ty,
            _ => {
                self.without_lanes = self.without_lanes.or(Some(var));
                ty
            }
        };
        // Of a list that is read before the first array is put in, nothing else tells what it holds.
        let ascription = primal.ascription.clone().filter(|_| !self.lanes && is_list_of_arrays(&primal.ty));
        let dot = self.function.fresh(name, ty, storage, Origin::Derived);
        self.function[dot].ascription = ascription;
        self.dots.insert(var, dot);
        dot
    }

    /// Tangents of the `&mut` parameters that are constants in the beginning, and to which the function writes something else.
    fn constants(&mut self) -> Vec<Stmt> {
        let mut out = Vec::new();
        for param in self.function.params.clone() {
            if param.differentiated || param.passing != Passing::Mut || !self.activity.is_active(param.var) {
                continue;
            }
            let Type::Ref { inner, .. } = self.function[param.var].ty.clone() else { continue };
            let (name, ty) = (format!("{}_dot", self.function[param.var].name), self.tangent_type(&inner));
            let content = Place { root: param.var, path: vec![Proj::Deref] };
            let zero =
                literals::zero(&ty).unwrap_or_else(|| self.define("zero", ty.clone(), Op::ZeroOf(content), &mut out));
            let dot = self.function.fresh(name, ty.clone(), Storage::Memory, Origin::Derived);
            self.function[dot].ascription = literals::type_name(&ty);
            out.push(Stmt::Declare { var: dot, init: Some(zero) });
            self.dots.insert(param.var, dot);
        }
        out
    }

    /// The tangent of an operand, if it has one.
    fn dot(&mut self, operand: &Operand) -> Option<Operand> {
        match operand {
            Operand::Var(var) if self.activity.is_active(*var) => Some(Operand::Var(self.dot_var(*var))),
            Operand::Var(_) | Operand::Const(_) => None,
        }
    }

    /// The tangent of an operand, zero if it has none.
    fn dot_or_zero(&mut self, operand: &Operand, out: &mut Vec<Stmt>) -> Operand {
        if let Some(dot) = self.dot(operand) {
            return dot;
        }
        let ty = self.tangent_type(&self.function.type_of(operand));
        if let Some(zero) = literals::zero(&ty) {
            return zero;
        }
        match operand {
            Operand::Var(var) if self.empty.contains_key(var) => {
                let op = self.empty[var].clone();
                self.define("empty", ty, op, out)
            }
            Operand::Var(var) if self.zeros.contains_key(var) => Operand::Var(self.zeros[var]),
            Operand::Var(var) if self.failures.contains(var) => Operand::Const(Const { tokens: quote!(None), ty }),
            Operand::Var(var) if self.has_failure(*var) => {
                let parts = self.tuples[var].clone().iter().map(|part| self.dot_or_zero(part, out)).collect();
                self.define("zero", ty, Op::Aggregate(AggregateKind::Tuple, parts), out)
            }
            // What has become a part of something else cannot be asked.
            Operand::Var(_) if types::is_object(&ty) => self.define("zero", ty, literals::empty_tangent(), out),
            Operand::Var(var) => self.define("zero", ty, Op::ZeroOf(Place::var(*var)), out),
            Operand::Const(constant) if constant.is_none() => operand.clone(),
            // The only constant of this type has no elements.
            Operand::Const(Const { ty: Type::Vec(_), .. }) => operand.clone(),
            Operand::Const(constant) => {
                let held = self.define("constant", constant.ty.clone(), Op::Use(Operand::Const(constant.clone())), out);
                let Operand::Var(var) = held else { unreachable!("`define` gives a variable") };
                self.define("zero", ty, Op::ZeroOf(Place::var(var)), out)
            }
        }
    }

    /// The value is a tuple with a part that is certainly an `Err`: the types of such parts only their uses tell.
    fn has_failure(&self, var: VarId) -> bool {
        let is_failure = |part: &Operand| matches!(part, Operand::Var(part) if self.failures.contains(part));
        self.tuples.get(&var).is_some_and(|parts| parts.iter().any(is_failure))
    }

    /// The type of the tangent of a value.
    fn tangent_type(&self, ty: &Type) -> Type {
        let ty = types::owned(&types::owned_parts(ty));
        if self.lanes { types::with_lanes(&ty).unwrap_or(ty) } else { ty }
    }

    fn dot_place(&mut self, place: &Place) -> Place {
        let path = types::tangent_path(&self.function[place.root].ty, &place.path);
        let root = self.dot_var(place.root);
        // The tangent of a reference is one, unless it is a variable of its own.
        let own = self.function.is_ref(place.root) && !self.function.is_ref(root);
        let path = if own && matches!(path.first(), Some(Proj::Deref)) { path[1..].to_vec() } else { path };
        Place { root, path }
    }

    fn dot_arg(&mut self, arg: &Arg) -> Option<Arg> {
        if !self.activity.arg(arg) {
            return None;
        }
        Some(match arg {
            Arg::Value(operand) => Arg::Value(self.dot(operand)?),
            Arg::Shared(place) => Arg::Shared(self.dot_place(place)),
            Arg::Mut(place) => Arg::Mut(self.dot_place(place)),
        })
    }

    fn define(&mut self, name: &str, ty: Type, op: Op, out: &mut Vec<Stmt>) -> Operand {
        let var = self.function.fresh(name, ty, Storage::Value, Origin::Derived);
        out.push(Stmt::Let { var, op });
        Operand::Var(var)
    }

    /// Differentiates a block; with `pair`, its result becomes the pair of value and tangent.
    fn block(&mut self, block: &mut Block, pair: bool) {
        for stmt in std::mem::take(&mut block.stmts) {
            self.stmt(stmt, &mut block.stmts);
        }
        if pair && let Some(result) = block.result.take() {
            block.result = Some(self.pair(&result, &mut block.stmts));
        }
    }

    fn pair(&mut self, value: &Operand, out: &mut Vec<Stmt>) -> Operand {
        if let Operand::Var(var) = value
            && let Some(pair) = self.taken_apart.get(var)
        {
            return Operand::Var(*pair);
        }
        let dot = self.dot_or_zero(value, out);
        let ty = self.pair_type(&self.function.type_of(value));
        self.define("pair", ty, Op::Aggregate(AggregateKind::Tuple, vec![value.clone(), dot]), out)
    }

    fn pair_type(&self, ty: &Type) -> Type {
        Type::Tuple(vec![ty.clone(), self.tangent_type(ty)])
    }

    /// For a statement that yields an active value: the variable that takes the pair, and how to take it apart.
    fn split_dest(&mut self, dest: &mut Option<VarId>) -> Vec<Stmt> {
        let Some(var) = dest.filter(|dest| self.activity.is_active(*dest)) else { return Vec::new() };
        let ty = self.function[var].ty.clone();
        let pair = self.function.fresh("pair", self.pair_type(&ty), Storage::Value, Origin::Derived);
        *dest = Some(pair);
        if self.function[var].origin == Origin::Temp {
            self.taken_apart.insert(var, pair);
        }
        let dot = self.dot_var(var);
        vec![Stmt::Let { var, op: types::part(pair, 0, &ty) }, Stmt::Let { var: dot, op: types::part(pair, 1, &ty) }]
    }

    fn stmt(&mut self, stmt: Stmt, out: &mut Vec<Stmt>) {
        match stmt {
            Stmt::Let { var, op } => {
                if let Op::Aggregate(AggregateKind::Tuple, items) = &op {
                    self.tuples.insert(var, items.clone());
                }
                if matches!(&op, Op::Opaque(opaque) if opaque.is_failure()) {
                    self.failures.insert(var);
                }
                self.definition(var, op, out);
            }
            Stmt::Eval(Op::Call(callee, args)) if args.iter().any(|arg| self.activity.arg(arg)) => {
                let dest = self.function.fresh("_unit", Type::Unit, Storage::Value, Origin::Derived);
                let dot = self.function.fresh("_unit_dot", Type::Unit, Storage::Value, Origin::Derived);
                let dots = args.iter().map(|arg| self.dot_arg(arg)).collect();
                out.push(Stmt::CallJvp { dest, dot, callee, args, dots });
            }
            Stmt::Eval(Op::Edit(edit)) => {
                let tangent = self.edit(&edit, out);
                out.extend(tangent.map(Stmt::Eval));
                out.push(Stmt::Eval(Op::Edit(edit)));
            }
            Stmt::Eval(_) | Stmt::Continue { .. } | Stmt::Comment(_) => out.push(stmt),
            Stmt::Declare { var, ref init } => {
                if self.activity.is_active(var) {
                    let init = init.clone().map(|init| self.dot_or_zero(&init, out));
                    let dot = self.dot_var(var);
                    out.push(Stmt::Declare { var: dot, init });
                }
                out.push(stmt);
            }
            Stmt::Assign { ref place, ref value } => {
                if self.activity.place(place) && types::may_carry_derivative(&self.function.place_type(place)) {
                    let value = self.dot_or_zero(value, out);
                    let place = self.dot_place(place);
                    out.push(Stmt::Assign { place, value });
                }
                out.push(stmt);
            }
            Stmt::Accumulate { ref place, ref value, negative } => {
                if self.activity.place(place)
                    && let Some(value) = self.dot(value)
                {
                    let place = self.dot_place(place);
                    out.push(Stmt::Accumulate { place, negative, value });
                }
                out.push(stmt);
            }
            Stmt::AccumulateInto { ref place, ref value } => {
                if self.activity.place(place)
                    && let Some(value) = self.dot(value)
                {
                    let place = self.dot_place(place);
                    out.push(Stmt::AccumulateInto { place, value });
                }
                out.push(stmt);
            }
            Stmt::Break { target, value: Some(value) } if self.pairs.contains_key(&target) => {
                let value = Some(self.pair(&value, out));
                out.push(Stmt::Break { target, value });
            }
            Stmt::Break { .. } => out.push(stmt),
            Stmt::Return { value } => {
                let value = value.map(|value| self.pair(&value, out));
                out.push(Stmt::Return { value });
            }
            other => self.compound(other, out),
        }
    }

    fn compound(&mut self, stmt: Stmt, out: &mut Vec<Stmt>) {
        match stmt {
            Stmt::If { mut dest, cond, mut then, mut els } => {
                let parts = self.split_dest(&mut dest);
                self.block(&mut then, !parts.is_empty());
                self.block(&mut els, !parts.is_empty());
                out.push(Stmt::If { dest, cond, then, els });
                out.extend(parts);
            }
            Stmt::Match { mut dest, scrutinee, mut arms } => {
                let parts = self.split_dest(&mut dest);
                for arm in &mut arms {
                    self.block(&mut arm.body, !parts.is_empty());
                    self.bindings(&arm.bindings, &scrutinee, &mut arm.body);
                }
                out.push(Stmt::Match { dest, scrutinee, arms });
                out.extend(parts);
            }
            Stmt::For { id, mut iter, mut body } => {
                self.iter(&mut iter);
                self.block(&mut body, false);
                out.push(Stmt::For { id, iter, body });
            }
            Stmt::While { id, mut header, mut body } => {
                self.block(&mut header, false);
                self.block(&mut body, false);
                out.push(Stmt::While { id, header, body });
            }
            Stmt::Loop { mut dest, id, mut body } => {
                let parts = self.scope(&mut dest, id, &mut body);
                out.push(Stmt::Loop { dest, id, body });
                out.extend(parts);
            }
            Stmt::Scope { mut dest, id, mut body } => {
                let parts = self.scope(&mut dest, id, &mut body);
                out.push(Stmt::Scope { dest, id, body });
                out.extend(parts);
            }
            Stmt::Map { dest, inputs, body } => self.map(dest, inputs, body, out),
            other => unreachable!("forward mode works on what `parse` produces, not on {other:?}"),
        }
    }

    fn scope(&mut self, dest: &mut Option<VarId>, id: ScopeId, body: &mut Block) -> Vec<Stmt> {
        let parts = self.split_dest(dest);
        if let (false, Some(pair)) = (parts.is_empty(), *dest) {
            self.pairs.insert(id, self.function[pair].ty.clone());
        }
        self.block(body, !parts.is_empty());
        parts
    }

    /// The tangents of what a pattern binds, at the start of the arm.
    fn bindings(&mut self, bindings: &[(VarId, Option<Vec<Proj>>)], scrutinee: &Operand, body: &mut Block) {
        let Operand::Var(root) = scrutinee else { return };
        let mut tangents = Vec::new();
        let mut copies = HashMap::new();
        for (binding, path) in bindings {
            if !self.activity.is_active(*binding) {
                continue;
            }
            let place = self.see_through(&Place { root: *root, path: path.clone().unwrap_or_default() });
            let place = self.payload(place, &mut copies, &mut tangents);
            let ty = self.tangent_type(&self.function[*binding].ty);
            let op = types::copied(place, &ty);
            let dot = self.dot_var(*binding);
            if self.function.is_ref(*binding) {
                let held = self.function.fresh(self.function[dot].name.clone(), ty, Storage::Value, Origin::Derived);
                tangents.push(Stmt::Let { var: held, op });
                tangents.push(Stmt::Let { var: dot, op: Op::Borrow(Place::var(held)) });
            } else {
                tangents.push(Stmt::Let { var: dot, op });
            }
        }
        body.stmts.splice(0..0, tangents);
    }

    /// The place of a tangent. What lies in a variant is reached through a copy: a tangent that is zero without being any
    /// variant becomes the right one then.
    fn payload(&mut self, place: Place, copies: &mut HashMap<VarId, VarId>, out: &mut Vec<Stmt>) -> Place {
        let dot = self.dot_var(place.root);
        let is_ref = self.function.is_ref(dot);
        if !place.path.iter().any(|step| matches!(step, Proj::Payload(_))) {
            return Place { root: dot, path: types::tangent_path(&self.function[place.root].ty, &place.path) };
        }
        let copy = *copies.entry(dot).or_insert_with(|| {
            let (name, ty) = (self.function[dot].name.clone(), types::owned(&self.function[dot].ty));
            let whole = Place { root: dot, path: if is_ref { vec![Proj::Deref] } else { Vec::new() } };
            let op = types::copied(whole, &ty);
            let init = self.function.fresh(name.clone(), ty.clone(), Storage::Value, Origin::Derived);
            out.push(Stmt::Let { var: init, op });
            let copy = self.function.fresh(name, ty, Storage::Memory, Origin::Derived);
            out.push(Stmt::Declare { var: copy, init: Some(Operand::Var(init)) });
            copy
        });
        let path = place.path.into_iter().filter(|step| !matches!(step, Proj::Deref)).collect();
        Place { root: copy, path }
    }

    /// A part of a tuple of references is what the reference refers to.
    fn see_through(&self, place: &Place) -> Place {
        if let Some(items) = self.tuples.get(&place.root)
            && let [Proj::Field(syn::Member::Unnamed(index)), rest @ ..] = place.path.as_slice()
            && let Some(Operand::Var(item)) = items.get(index.index as usize)
            && self.function.is_ref(*item)
        {
            return Place { root: *item, path: rest.to_vec() };
        }
        place.clone()
    }

    /// Beside every source of active elements runs the source of their tangents.
    fn iter(&mut self, iter: &mut Iter) {
        match iter {
            Iter::Elements { var, of, mutable } => {
                if self.activity.is_active(*var) {
                    let dots = Iter::Elements { var: self.dot_var(*var), of: self.dot_place(of), mutable: *mutable };
                    *iter = Iter::Zip(Box::new(iter.clone()), Box::new(dots));
                }
            }
            Iter::Zip(left, right) => {
                self.iter(left);
                self.iter(right);
            }
            Iter::Enumerate { inner, .. }
            | Iter::Rev(inner)
            | Iter::StepBy(inner, _)
            | Iter::Skip(inner, _)
            | Iter::Take(inner, _) => self.iter(inner),
            Iter::Range { .. } | Iter::From { .. } | Iter::Opaque { .. } => {}
        }
    }

    /// The tangent of an element-wise statement is another one, over the inputs and their tangents.
    fn map(&mut self, dest: VarId, inputs: Vec<MapInput>, body: Block, out: &mut Vec<Stmt>) {
        if self.activity.is_active(dest) {
            let mut both = inputs.clone();
            for input in &inputs {
                if self.activity.is_active(input.elem) {
                    both.push(MapInput { elem: self.dot_var(input.elem), of: self.dot_place(&input.of) });
                }
            }
            let mut tangent = body.clone();
            let result = tangent.result.clone();
            self.block(&mut tangent, false);
            if let Some(result) = result {
                tangent.result = Some(self.dot_or_zero(&result, &mut tangent.stmts));
            }
            let dot = self.dot_var(dest);
            out.push(Stmt::Map { dest: dot, inputs: both, body: tangent });
        }
        // The primal statement gets variables of its own, for both bodies stand in the same function.
        let (inputs, body) = crate::transform::rename::fresh_map(&mut self.function, inputs, body);
        let position = out.len() - usize::from(self.activity.is_active(dest));
        out.insert(position, Stmt::Map { dest, inputs, body });
    }
}

/// A list of arrays of numbers, whose tangent has the same type.
fn is_list_of_arrays(ty: &Type) -> bool {
    let Type::Vec(item) = ty else { return false };
    matches!(&**item, Type::Tensor(tensor) if !tensor.view && matches!(*tensor.elem, Type::Float(Float::F32 | Float::F64)))
}
