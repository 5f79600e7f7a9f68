//! Single operations: what their numbers depend on, and which integers stay as they are.

use super::known::{Head, Item, Known, Under, key};
use super::{Made, Reader, Rows, whole};
use crate::analysis::types::{self, may_carry_derivative, strip_refs};
use crate::ir::walk;
use crate::ir::{
    Arg, BinOp, Block, Function, Intrinsic, Iter, Op, Operand, Place, Proj, Stmt, Storage, Type, UnOp, VarId, literals,
};
use std::rc::Rc;

impl Reader<'_> {
    /// What an operand depends on.
    pub(super) fn operand(&self, operand: &Operand) -> Option<Known> {
        match operand {
            Operand::Var(var) if types::is_float(strip_refs(&self.function[*var].ty)) => self.known.get(var).cloned(),
            Operand::Var(var) => (!may_carry_derivative(&self.function[*var].ty)).then(Known::default),
            Operand::Const(_) => Some(Known::default()),
        }
    }

    pub(super) fn depends_on_nothing(&self, operand: &Operand) -> Option<bool> {
        Some(self.operand(operand)?.is_nothing())
    }

    /// What a number depends on.
    pub(super) fn number(&mut self, op: &Op) -> Option<Known> {
        match op {
            Op::Use(operand) | Op::Unary(UnOp::Neg, operand) | Op::Cast(operand, _) => self.operand(operand),
            Op::Read(place) | Op::Move(place) | Op::CloneOf(place) => self.read(place),
            Op::Binary(op, left, right) => {
                let (left, right) = (self.operand(left)?, self.operand(right)?);
                let (a, b) = (left.first.clone(), right.first.clone());
                let all = left.and(right);
                Some(match op {
                    BinOp::Add | BinOp::Sub => all,
                    BinOp::Mul => all.meeting(&a, &b),
                    BinOp::Div => all.meeting(&a, &b).meeting(&b, &b),
                    _ => curved(all),
                })
            }
            Op::Intrinsic(Intrinsic { args, .. }) => self.arguments(args),
            Op::Call(callee, args) if callee.functions.is_empty() => self.arguments(args),
            Op::Helper { name: "stop_gradient", .. } => Some(Known::default()),
            Op::Opaque(opaque) => {
                let constant = opaque.constant || opaque.uses.iter().all(|var| self.is_constant(*var));
                constant.then(Known::default)
            }
            Op::Unary(UnOp::Not, _)
            | Op::Borrow(_)
            | Op::Aggregate(..)
            | Op::Repeat { .. }
            | Op::Call(..)
            | Op::Helper { .. }
            | Op::Edit(_)
            | Op::ZeroOf(_)
            | Op::NewTape
            | Op::Rewind(_)
            | Op::Pop(_)
            | Op::TakeCotangent(_) => None,
        }
    }

    /// A variable that no number of the argument is in.
    fn is_constant(&self, var: VarId) -> bool {
        !may_carry_derivative(&self.function[var].ty) || self.known.get(&var).is_some_and(Known::is_nothing)
    }

    fn arguments(&mut self, args: &[Arg]) -> Option<Known> {
        let mut all = Known::default();
        for arg in args {
            all = all.and(match arg {
                Arg::Value(operand) => self.operand(operand)?,
                Arg::Shared(place) if place.root == self.argument => self.part(place)?,
                Arg::Shared(place) if self.is_constant(place.root) => Known::default(),
                Arg::Shared(_) | Arg::Mut(_) => return None,
            });
        }
        Some(curved(all))
    }

    /// A part of the argument that a function is given.
    fn part(&mut self, place: &Place) -> Option<Known> {
        let mut integers = Vec::new();
        let (lo, hi, inclusive) = self.bounds(place, &mut integers)?;
        let var = self.usize_named("k", Storage::Value);
        let iter = Iter::Range { var, lo, hi, inclusive };
        let head = Head::For(self.function.fresh_scope(None), iter);
        let each = Under { head, arms: vec![(Vec::new(), vec![Item::At(Operand::Var(var))])] };
        // The length that ends the loop is asked for around it.
        let always = Operand::Const(crate::ir::Const { tokens: quote::quote!(true), ty: Type::Bool });
        let loops = Item::Under(Rc::new(each));
        let first = if integers.is_empty() {
            loops
        } else {
            let arms = vec![(integers, vec![loops]), (Vec::new(), Vec::new())];
            Item::Under(Rc::new(Under { head: Head::If(always), arms }))
        };
        Some(Known { first: vec![first], second: Vec::new() })
    }

    /// What is read at a place.
    fn read(&self, place: &Place) -> Option<Known> {
        if let Some(position) = self.position(place, Some(self.argument)) {
            return Some(Known::at(position));
        }
        if place.root == self.argument && !types::is_float(strip_refs(&self.function[place.root].ty)) {
            return None;
        }
        if let Some(Made::Parts(parts)) = self.made.get(&place.root)
            && let [Proj::Index(index)] = &place.path[..]
        {
            return parts.get(literals::integer(index)?).cloned();
        }
        if let Some((list, _)) = self.elements.get(&place.root) {
            return self.is_constant(*list).then(Known::default);
        }
        let known = self.known.get(&place.root)?;
        (whole(place) || known.is_nothing()).then(|| known.clone())
    }

    /// The position of an element of a list that a place is.
    pub(super) fn position(&self, place: &Place, list: Option<VarId>) -> Option<Operand> {
        let list = list?;
        if let Some((of, position)) = self.elements.get(&place.root) {
            return (*of == list && whole(place)).then(|| position.clone());
        }
        let mut steps = place.path.iter().filter(|step| !matches!(step, Proj::Deref));
        let index = match (steps.next()?, steps.next()) {
            (Proj::Index(index), None) => index,
            (Proj::IndexNd(indices), None) if indices.len() == 1 => &indices[0],
            _ => return None,
        };
        (place.root == list && self.is_plain(index)).then(|| index.clone())
    }

    /// An integer or a truth value that is computed here as there.
    pub(super) fn is_plain(&self, operand: &Operand) -> bool {
        match operand {
            Operand::Var(var) => {
                matches!(self.function[*var].ty, Type::Int(_) | Type::Bool) && !self.uncertain.contains(var)
            }
            Operand::Const(_) => true,
        }
    }

    /// An integer, or a truth value.
    pub(super) fn integer(&mut self, var: VarId, op: &Op, stmts: &mut Vec<Stmt>, pure: &mut Vec<Stmt>) -> Option<()> {
        let mentioned = walk::mentioned_in(op);
        let length = is_length(op);
        let depends = |mentioned: &VarId| {
            types::is_float(strip_refs(&self.function[*mentioned].ty)) || self.uncertain.contains(mentioned)
        };
        if !length && mentioned.iter().any(depends) {
            self.uncertain.insert(var);
            return matches!(self.function[var].ty, Type::Bool).then_some(());
        }
        if !self.is_computed_here(op, &mentioned, length) || self.guarded && !self.is_safe(op, length) {
            return None;
        }
        let changes = |mentioned: &VarId| {
            self.passing.contains(mentioned)
                || self.function[*mentioned].storage == Storage::Memory && !self.is_parameter(*mentioned)
        };
        let stmt = Stmt::Let { var, op: op.clone() };
        if mentioned.iter().any(changes) {
            self.passing.insert(var);
        } else {
            if let Some(text) = self.text(op) {
                if let Some(known) = self.computed.get(&text) {
                    let known = self.same.get(known).copied().unwrap_or(*known);
                    self.same.insert(var, known);
                    if let Some(least) = self.least.get(&known) {
                        self.least.insert(var, *least);
                    }
                } else {
                    self.computed.insert(text, var);
                }
            }
            pure.push(stmt.clone());
        }
        stmts.push(stmt);
        Some(())
    }

    fn is_parameter(&self, var: VarId) -> bool {
        self.primal.params.iter().any(|param| param.var == var)
    }

    /// Nothing but integers and parameters is needed.
    fn is_computed_here(&self, op: &Op, mentioned: &[VarId], length: bool) -> bool {
        let kind = match op {
            Op::Use(_) | Op::Read(_) | Op::Unary(..) | Op::Binary(..) | Op::Cast(..) => true,
            Op::Opaque(opaque) => opaque.pure,
            Op::Helper { .. } => length,
            _ => false,
        };
        let own = |var: &VarId| {
            self.is_parameter(*var)
                || matches!(self.function[*var].ty, Type::Int(_) | Type::Bool)
                || self.is_element(*var)
        };
        kind && mentioned.iter().all(own)
    }

    /// An element of a list of integers that a loop runs over.
    fn is_element(&self, var: VarId) -> bool {
        !may_carry_derivative(&self.function[var].ty) && self.function[var].storage == Storage::Value
    }

    /// Where both sides of a branch count, one of them may stand at a position that it is never run for.
    fn is_safe(&self, op: &Op, length: bool) -> bool {
        match op {
            Op::Binary(BinOp::Sub, Operand::Var(left), right) => {
                let least = self.least.get(left);
                least.zip(literals::integer(right)).is_some_and(|(least, right)| right <= *least)
            }
            Op::Binary(BinOp::Sub, ..) => false,
            Op::Read(place) => place.path.is_empty(),
            Op::Opaque(_) => length,
            _ => true,
        }
    }

    /// Tells computations apart.
    fn text(&self, op: &Op) -> Option<String> {
        let of = |operand: &Operand| match operand {
            Operand::Var(var) => key(&Operand::Var(self.same.get(var).copied().unwrap_or(*var))),
            constant => key(constant),
        };
        match op {
            Op::Binary(op, left, right) => Some(format!("{op:?} {} {}", of(left), of(right))),
            Op::Opaque(opaque) => opaque.list().map(|list| format!("len {}", list.0)),
            _ => None,
        }
    }

    /// From where to where a part of a list goes.
    fn bounds(&mut self, place: &Place, stmts: &mut Vec<Stmt>) -> Option<(Operand, Operand, bool)> {
        let mut steps = place.path.iter().filter(|step| !matches!(step, Proj::Deref));
        let (lo, hi, inclusive) = match (steps.next(), steps.next()) {
            (None, _) => (None, None, false),
            (Some(Proj::Range { lo, hi, inclusive }), None) => (lo.clone(), hi.clone(), *inclusive),
            _ => return None,
        };
        let lo = lo.unwrap_or_else(|| literals::index(0));
        let hi = match hi {
            Some(hi) => hi,
            None if Some(place.root) == self.result => match self.rows.clone()? {
                Rows::Fixed(rows) => rows,
                Rows::Counted(_) => return None,
            },
            None => self.length(Place::var(place.root), stmts),
        };
        (self.is_plain(&lo) && self.is_plain(&hi)).then_some((lo, hi, inclusive))
    }

    /// A loop over positions in the place of one over elements. `stmts` gets what has to be computed before.
    pub(super) fn iter(&mut self, iter: &Iter, stmts: &mut Vec<Stmt>) -> Option<Iter> {
        Some(match iter {
            Iter::Range { var, lo, hi, .. } => {
                if !self.is_plain(lo) || !self.is_plain(hi) {
                    return None;
                }
                let least = literals::integer(lo).or_else(|| self.least.get(&Function::var_of(lo)?).copied());
                self.least.insert(*var, least.unwrap_or(0));
                iter.clone()
            }
            Iter::From { lo, .. } => self.is_plain(lo).then(|| iter.clone())?,
            Iter::Elements { var, of, .. } if may_carry_derivative(&self.function[*var].ty) => {
                let own = of.root == self.argument || Some(of.root) == self.result;
                let constant = self.is_parameter(of.root) && self.is_constant(of.root);
                if !(own || constant) {
                    return None;
                }
                let (lo, hi, inclusive) = self.bounds(of, stmts)?;
                let counter = self.usize_named("k", Storage::Value);
                self.least.insert(counter, literals::integer(&lo).unwrap_or(0));
                self.elements.insert(*var, (of.root, Operand::Var(counter)));
                Iter::Range { var: counter, lo, hi, inclusive }
            }
            Iter::Elements { of, mutable, .. } => {
                if *mutable || !self.is_parameter(of.root) {
                    return None;
                }
                iter.clone()
            }
            Iter::Enumerate { var, inner } => {
                self.least.insert(*var, 0);
                Iter::Enumerate { var: *var, inner: Box::new(self.iter(inner, stmts)?) }
            }
            Iter::Zip(left, right) => Iter::Zip(Box::new(self.iter(left, stmts)?), Box::new(self.iter(right, stmts)?)),
            Iter::Rev(inner) => Iter::Rev(Box::new(self.iter(inner, stmts)?)),
            Iter::StepBy(inner, by) => {
                let inner = Box::new(self.iter(inner, stmts)?);
                self.is_plain(by).then(|| Iter::StepBy(inner, by.clone()))?
            }
            Iter::Skip(inner, by) => {
                let inner = Box::new(self.iter(inner, stmts)?);
                self.is_plain(by).then(|| Iter::Skip(inner, by.clone()))?
            }
            Iter::Take(inner, by) => {
                let inner = Box::new(self.iter(inner, stmts)?);
                self.is_plain(by).then(|| Iter::Take(inner, by.clone()))?
            }
            Iter::Opaque { .. } => return None,
        })
    }

    /// The pattern of the Jacobian, when all rows are put down.
    pub(super) fn jacobian(&mut self, result: &Operand, stmts: &mut Vec<Stmt>) -> Option<VarId> {
        if self.result.is_none() {
            let made = self.made.get(&Function::var_of(result)?)?.clone();
            types::numbers(&self.primal.result)?;
            self.begin(made, stmts)?;
        }
        let rows = match self.rows.clone()? {
            Rows::Fixed(rows) => rows,
            Rows::Counted(counted) => {
                let rows = self.usize_named("row", Storage::Value);
                stmts.push(Stmt::Let { var: rows, op: Op::Read(Place::var(counted)) });
                Operand::Var(rows)
            }
        };
        Some(self.pattern("jacobian_pattern", Some(rows), stmts))
    }

    /// The pattern of the Hessian of the number that is returned.
    pub(super) fn hessian(&mut self, result: &Operand, stmts: &mut Vec<Stmt>) -> Option<VarId> {
        let known = self.operand(result)?;
        self.pairs(&known.second, &mut std::collections::HashSet::new(), stmts)?;
        Some(self.pattern("symmetric_pattern", None, stmts))
    }

    fn pattern(&mut self, name: &'static str, rows: Option<Operand>, stmts: &mut Vec<Stmt>) -> VarId {
        let float = types::is_float(strip_refs(&self.function[self.argument].ty));
        let columns = if float { literals::index(1) } else { self.length(Place::var(self.argument), stmts) };
        let unknown = |reader: &mut Self, name: &str| {
            reader.function.fresh(name, Type::Inactive, Storage::Value, crate::ir::Origin::Temp)
        };
        let (entries, pattern) = (unknown(self, "all"), unknown(self, "pattern"));
        stmts.push(Stmt::Let { var: entries, op: Op::Move(Place::var(self.entries)) });
        let args = rows.into_iter().chain([columns, Operand::Var(entries)]).map(Arg::Value).collect();
        stmts.push(Stmt::Let { var: pattern, op: Op::Helper { name, args } });
        pattern
    }
}

/// The length of a list.
fn is_length(op: &Op) -> bool {
    match op {
        Op::Opaque(opaque) => opaque.list().is_some(),
        Op::Helper { name, .. } => *name == "len",
        _ => false,
    }
}

/// What an operation depends on that is not linear in anything.
fn curved(known: Known) -> Known {
    let all = known.first.clone();
    known.meeting(&all, &all)
}

/// Whether a block gives this operand.
pub(super) fn gives(block: &Block, var: VarId) -> bool {
    block.result.as_ref().and_then(Function::var_of) == Some(var)
}
