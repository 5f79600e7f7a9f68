//! Several directions at once: the tangents of forward mode, or the cotangents of reverse mode, get lanes.
//!
//! Both sweeps are linear in what they carry: sums, and products with numbers of the function. Which variables carry it is
//! found from the parameters that do, along these operations; anything else that meets one of them is refused.

use super::{Split, jvp, zeros};
use crate::analysis::{activity, types};
use crate::diagnostics::Diagnostics;
use crate::ir::walk;
use crate::ir::{
    Arg, BinOp, Block, Const, Float, Function, Iter, Op, Operand, Passing, Place, Stmt, Type, UnOp, VarId,
};
use crate::options::{Analysis, Options};

const HELP: &str = "several directions at once are for floats of one type, and for tuples, arrays, slices and `Vec`s of them: take the fields of a struct as numbers, and an array of `ndarray` as a slice";

/// `jvp` and `call_vjp` in several directions at once.
pub(crate) struct Lanes {
    pub(crate) jvp: Function,
    /// Missing where forward mode alone is asked for.
    pub(crate) split: Option<Split>,
}

/// What is asked for, if there can be such derivatives; `split` is the one in a single direction.
pub(super) fn differentiate(
    primal: &Function,
    split: &Split,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> Option<Lanes> {
    // A sparse matrix can do without.
    let mut unsaid = Diagnostics::default();
    let sparse = options.sparse.filter(|_| is_of_lists(primal) && !matches!(primal.result, Type::Float(_)));
    let (span, diagnostics) = match options.lanes {
        Some(span) => (span, diagnostics),
        None => (sparse?, &mut unsaid),
    };
    let activity = activity::analyse(primal, !options.analyses.run(Analysis::Activity));
    let (mut jvp, without) = jvp::with_lanes(primal, &activity);
    if options.analyses.run(Analysis::Zeros) {
        zeros::skip(&mut jvp);
    }
    if let Some(var) = without {
        let message = format!("the tangent of `{}` cannot be one in several directions at once", primal[var].name);
        diagnostics.error_at(primal[var].span, message, HELP);
        return None;
    }
    if float(primal).is_none() || primal.params.iter().any(|param| param.function) {
        diagnostics.error_at(span, "this function has no derivative in several directions at once", HELP);
        return None;
    }
    if options.lanes.is_none() || options.forward_lanes {
        return Some(Lanes { jvp, split: None });
    }
    match cotangents(split) {
        Ok(split) => Some(Lanes { jvp, split: Some(split) }),
        Err(name) => {
            let message = format!("the cotangent `{name}` cannot be one in several directions at once");
            diagnostics.error_at(span, message, HELP);
            None
        }
    }
}

/// Whether the Jacobian is that of a number or a list of numbers by one of these.
pub(crate) fn is_of_lists(primal: &Function) -> bool {
    let list = |ty: &Type| types::numbers(ty).is_some() && !matches!(ty, Type::Tensor(_));
    let by = primal.sole_differentiated();
    by.is_some_and(|(param, ty)| param.passing != Passing::Mut && list(ty)) && list(&primal.result)
}

/// The type of the floats that the function is differentiated by, and of its result: one, or there are no lanes.
pub(crate) fn float(primal: &Function) -> Option<Float> {
    let params = primal.params.iter().filter(|param| param.differentiated).map(|param| &primal[param.var].ty);
    let mut floats = Vec::new();
    params.chain([&primal.result]).for_each(|ty| types::floats(ty, &mut floats));
    floats.dedup();
    match floats.as_slice() {
        [only] if types::with_lanes(&primal.result).is_some() => Some(only.clone()),
        _ => None,
    }
}

/// The pullback whose cotangents have lanes, or the name of one that cannot have them.
fn cotangents(split: &Split) -> Result<Split, String> {
    let mut function = split.forward.clone();
    let mut pullback = split.pullback.clone();
    let mut flow = Flow { linear: vec![false; function.vars.len()], changed: false, refused: None };
    for var in pullback.slots.iter().flatten().chain([&pullback.seed]) {
        flow.mark(*var);
    }
    while std::mem::take(&mut flow.changed) {
        flow.block(&pullback.body);
    }
    let Flow { linear, refused, .. } = flow;
    if let Some(var) = refused {
        return Err(function[var].name.clone());
    }
    for (var, _) in function.vars.iter_mut().zip(&linear).filter(|(_, linear)| **linear) {
        var.ty = types::with_lanes(&var.ty).ok_or_else(|| var.name.clone())?;
    }
    Constants { linear: &linear }.block(&mut pullback.body);
    Ok(Split { forward: function, pullback })
}

/// Which variables carry a cotangent.
struct Flow {
    linear: Vec<bool>,
    changed: bool,
    refused: Option<VarId>,
}

impl Flow {
    fn is(&self, var: VarId) -> bool {
        self.linear[var.0 as usize]
    }

    fn mark(&mut self, var: VarId) {
        let linear = &mut self.linear[var.0 as usize];
        self.changed |= !*linear;
        *linear = true;
    }

    fn refuse(&mut self, var: VarId) {
        self.refused = self.refused.or(Some(var));
    }

    /// If one of them carries a cotangent, all do.
    fn same(&mut self, vars: &[Option<VarId>]) {
        if vars.iter().flatten().any(|var| self.is(*var)) {
            vars.iter().flatten().for_each(|var| self.mark(*var));
        }
    }

    fn block(&mut self, block: &Block) {
        for stmt in &block.stmts {
            self.stmt(stmt);
            walk::blocks(stmt).into_iter().for_each(|inner| self.block(inner));
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Let { var, op } => self.op(Some(*var), op),
            Stmt::Eval(op) => self.op(None, op),
            Stmt::Declare { var, init } => self.same(&[Some(*var), init.as_ref().and_then(Function::var_of)]),
            Stmt::Assign { place, value }
            | Stmt::Accumulate { place, negative: _, value }
            | Stmt::AccumulateInto { place, value } => self.same(&[Some(place.root), Function::var_of(value)]),
            Stmt::If { dest, then, els, .. } => {
                let result = |block: &Block| block.result.as_ref().and_then(Function::var_of);
                self.same(&[*dest, result(then), result(els)]);
            }
            Stmt::For { iter, .. } => self.iter(iter),
            Stmt::Pull { seed, slots, .. } => {
                for place in seed.iter().chain(slots.iter().flatten()) {
                    self.mark(place.root);
                }
            }
            Stmt::Push { value, .. } => self.unlike(value),
            Stmt::Match { dest, scrutinee, arms } => {
                self.unlike(scrutinee);
                let results = arms.iter().map(|arm| arm.body.result.as_ref().and_then(Function::var_of));
                let all: Vec<Option<VarId>> = results.chain([*dest]).collect();
                self.same(&all);
            }
            Stmt::Map { dest, .. } if self.is(*dest) => self.refuse(*dest),
            Stmt::ForEach { outputs, inputs, .. } => {
                let found = outputs.iter().chain(inputs).find(|input| self.is(input.elem) || self.is(input.of.root));
                found.into_iter().for_each(|input| self.refuse(input.of.root));
            }
            Stmt::While { .. }
            | Stmt::Loop { .. }
            | Stmt::Scope { .. }
            | Stmt::Break { .. }
            | Stmt::Continue { .. }
            | Stmt::Return { .. }
            | Stmt::Map { .. }
            | Stmt::CallVjp { .. }
            | Stmt::CallJvp { .. }
            | Stmt::Comment(_) => {}
        }
    }

    fn iter(&mut self, iter: &Iter) {
        for source in walk::sources(iter) {
            if let Iter::Elements { var, of, .. } = source {
                self.same(&[Some(*var), Some(of.root)]);
            }
        }
    }

    /// This has to be a value of the function.
    fn unlike(&mut self, operand: &Operand) {
        if let Some(var) = Function::var_of(operand).filter(|var| self.is(*var)) {
            self.refuse(var);
        }
    }

    fn op(&mut self, var: Option<VarId>, op: &Op) {
        let of = Function::var_of;
        match op {
            Op::Use(operand) | Op::Unary(UnOp::Neg, operand) => self.same(&[var, of(operand)]),
            Op::Read(place) | Op::Move(place) | Op::Borrow(place) | Op::CloneOf(place) | Op::TakeCotangent(place) => {
                self.same(&[var, Some(place.root)])
            }
            Op::Binary(BinOp::Add | BinOp::Sub, left, right) => self.same(&[var, of(left), of(right)]),
            Op::Binary(BinOp::Mul, left, right) => self.product(var, of(left), of(right)),
            Op::Binary(BinOp::Div, left, right) => {
                self.unlike(right);
                self.same(&[var, of(left)]);
            }
            Op::Aggregate(_, items) => self.aggregate(var, items),
            Op::Repeat { item, .. } => self.same(&[var, of(item)]),
            Op::Edit(edit) => {
                let put = edit.kind.put().and_then(of);
                self.same(&[var, Some(edit.list.root), put, edit.kind.source().map(|place| place.root)]);
            }
            Op::Helper { name: "in_out" | "fill_zero" | "take_cotangent", args } => {
                let roots = args.iter().map(|arg| match arg {
                    Arg::Value(operand) => of(operand),
                    Arg::Shared(place) | Arg::Mut(place) => Some(place.root),
                });
                let all: Vec<Option<VarId>> = roots.chain([var]).collect();
                self.same(&all);
            }
            Op::ZeroOf(_) | Op::NewTape | Op::Rewind(_) => {}
            other => self.others(var, other),
        }
    }

    /// A product carries a cotangent where one of its factors does.
    fn product(&mut self, var: Option<VarId>, left: Option<VarId>, right: Option<VarId>) {
        match (left.filter(|left| self.is(*left)), right.filter(|right| self.is(*right))) {
            (Some(left), Some(_)) => self.refuse(left),
            (Some(_), None) | (None, Some(_)) => var.into_iter().for_each(|var| self.mark(var)),
            (None, None) => {}
        }
    }

    fn aggregate(&mut self, var: Option<VarId>, items: &[Operand]) {
        let all: Vec<Option<VarId>> = items.iter().map(Function::var_of).chain([var]).collect();
        self.same(&all);
    }

    /// Anything else works on values of the function only.
    fn others(&mut self, var: Option<VarId>, op: &Op) {
        struct Mentions<'m>(&'m mut Flow);
        impl walk::Visit for Mentions<'_> {
            fn operand(&mut self, operand: &Operand) {
                self.0.unlike(operand);
            }
            fn place(&mut self, place: &Place, _: walk::Access) {
                if self.0.is(place.root) {
                    self.0.refuse(place.root);
                }
            }
            fn mention(&mut self, var: VarId) {
                if self.0.is(var) {
                    self.0.refuse(var);
                }
            }
        }
        // The length of a list is that of its cotangent.
        if !matches!(op, Op::Helper { name: "len", .. }) {
            walk::op(&mut Mentions(self), op);
        }
        if let Some(var) = var.filter(|var| self.is(*var)) {
            self.refuse(var);
        }
    }
}

/// Zeros in the place of cotangents.
struct Constants<'a> {
    linear: &'a [bool],
}

impl Constants<'_> {
    fn block(&self, block: &mut Block) {
        for stmt in &mut block.stmts {
            self.stmt(stmt);
            let dest = match stmt {
                Stmt::If { dest, .. } | Stmt::Match { dest, .. } => *dest,
                _ => None,
            };
            for inner in walk::blocks_mut(stmt) {
                self.block(inner);
                if let (Some(dest), Some(result)) = (dest, &mut inner.result) {
                    self.constant(dest, result);
                }
            }
        }
    }

    fn stmt(&self, stmt: &mut Stmt) {
        match stmt {
            Stmt::Let { var, op } => self.op(*var, op),
            Stmt::Declare { var, init: Some(init) } => self.constant(*var, init),
            Stmt::Assign { place, value } => self.constant(place.root, value),
            Stmt::Eval(Op::Edit(edit)) => {
                let list = edit.list.root;
                if edit.kind.put().is_some() {
                    let (operands, _) = edit.kind.parts_mut();
                    operands.into_iter().last().into_iter().for_each(|value| self.constant(list, value));
                }
            }
            _ => {}
        }
    }

    fn op(&self, var: VarId, op: &mut Op) {
        match op {
            Op::Use(operand) | Op::Unary(_, operand) => self.constant(var, operand),
            Op::Binary(BinOp::Add | BinOp::Sub, left, right) => {
                self.constant(var, left);
                self.constant(var, right);
            }
            Op::Aggregate(_, items) => items.iter_mut().for_each(|item| self.constant(var, item)),
            Op::Repeat { item, .. } => self.constant(var, item),
            _ => {}
        }
    }

    fn constant(&self, holder: VarId, operand: &mut Operand) {
        let Operand::Const(Const { ty, .. }) = operand else { return };
        if self.linear[holder.0 as usize]
            && let Some(lanes) = types::with_lanes(ty)
        {
            *ty = lanes;
        }
    }
}
