//! The tangents of operations.

use std::rc::Rc;

use super::Jvp;
use crate::analysis::types;
use crate::ir::literals;
use crate::ir::{
    AggregateKind, Arg, BinOp, Constructor, Edit, EditKind, Function, Op, Operand, Origin, Place, Proj, Stmt, Storage,
    Type, UnOp, VarId,
};
use crate::rules::{Derivative, Row};
use crate::transform::formula::{self, Binding};
use crate::transform::vjp::operator_row;

impl Jvp<'_> {
    /// `let var = op` and the definition of its tangent.
    pub(super) fn definition(&mut self, var: VarId, op: Op, out: &mut Vec<Stmt>) {
        if is_empty_list(&op) {
            self.empty.insert(var, op.clone());
        }
        if let Op::Edit(edit) = &op {
            if let Some(tangent) = self.edit(edit, out) {
                // The list's tangents change in the same way, whether the element is of interest or not.
                let dot = self.dot_var(var);
                out.push(Stmt::Let { var: dot, op: tangent });
            }
            out.push(Stmt::Let { var, op });
            return;
        }
        if !self.activity.is_active(var) {
            self.inactive(var, op, out);
            return;
        }
        if let Op::Call(callee, args) = op {
            let dots = args.iter().map(|arg| self.dot_arg(arg)).collect();
            let dot = self.dot_var(var);
            out.push(Stmt::CallJvp { dest: var, dot, callee, args, dots });
            return;
        }
        if let Op::Aggregate(kind, items) = &op
            && !matches!(kind, AggregateKind::Constructor(_))
        {
            self.zeros_of_moved(items, out);
        }
        // A move leaves its source unusable, a copy of the tangent does not care about the order.
        out.push(Stmt::Let { var, op: op.clone() });
        let tangent = self.tangent(var, &op, out);
        self.zeros.clear();
        let dot = self.dot_var(var);
        out.push(Stmt::Let { var: dot, op: tangent });
    }

    /// The tangents of parts that carry none, of types that are not seen, are made before the parts are moved, as the
    /// printer takes a value of such a type for one that stays where it is.
    fn zeros_of_moved(&mut self, items: &[Operand], out: &mut Vec<Stmt>) {
        for var in items.iter().filter_map(Function::var_of) {
            let ty = &self.function[var].ty;
            let open = matches!(ty, Type::Unknown | Type::Inactive) && literals::zero(ty).is_none();
            if !open || self.zeros.contains_key(&var) || self.activity.is_active(var) || self.empty.contains_key(&var) {
                continue;
            }
            let name = format!("{}_dot", self.function[var].name);
            let zero = self.function.fresh(name, Type::Unknown, Storage::Value, Origin::User);
            out.push(Stmt::Let { var: zero, op: Op::ZeroOf(Place::var(var)) });
            self.zeros.insert(var, zero);
        }
    }

    /// A call whose result is not active may still write active memory.
    fn inactive(&mut self, var: VarId, op: Op, out: &mut Vec<Stmt>) {
        match op {
            Op::Call(callee, args) if args.iter().any(|arg| matches!(arg, Arg::Mut(_)) && self.activity.arg(arg)) => {
                let dots = args.iter().map(|arg| self.dot_arg(arg)).collect();
                let dot = self.function.fresh("_dot", Type::Unknown, Storage::Value, Origin::Derived);
                out.push(Stmt::CallJvp { dest: var, dot, callee, args, dots });
            }
            op => out.push(Stmt::Let { var, op }),
        }
    }

    fn tangent(&mut self, var: VarId, op: &Op, out: &mut Vec<Stmt>) -> Op {
        match op {
            op if is_empty_list(op) => op.clone(),
            Op::Use(operand) => Op::Use(self.dot_or_zero(operand, out)),
            Op::Read(place) if self.activity.place(place) => self.read(place),
            Op::Move(place) if self.activity.place(place) => Op::Move(self.dot_place(place)),
            Op::Borrow(place) if self.activity.place(place) => Op::Borrow(self.dot_place(place)),
            Op::CloneOf(place) if self.activity.place(place) => Op::CloneOf(self.dot_place(place)),
            Op::Aggregate(AggregateKind::Constructor(constructor), items) => {
                self.constructor(var, constructor, items, out)
            }
            Op::Aggregate(kind, items) => {
                Op::Aggregate(kind.clone(), items.iter().map(|item| self.dot_or_zero(item, out)).collect())
            }
            Op::Repeat { vec, item, len } => {
                Op::Repeat { vec: *vec, item: self.dot_or_zero(item, out), len: len.clone() }
            }
            Op::Cast(operand, target) => {
                if self.lanes {
                    self.without_lanes = self.without_lanes.or(Some(var));
                }
                let dot = self.dot_or_zero(operand, out);
                if literals::float_name(&self.function.type_of(operand)).is_some() {
                    return Op::Cast(dot, target.clone());
                }
                let args = vec![Arg::Value(dot)];
                let float = Type::Float(crate::ir::Float::F64);
                Op::Cast(self.define("dot", float, Op::Helper { name: "cast_tangent", args }, out), target.clone())
            }
            Op::Unary(UnOp::Neg, operand) => Op::Unary(UnOp::Neg, self.dot_or_zero(operand, out)),
            Op::Binary(binary, left, right) => self.binary(var, *binary, left, right, out),
            Op::Intrinsic(intrinsic) => {
                let total = self.row(intrinsic.row, &intrinsic.args, var, out);
                Op::Use(total)
            }
            Op::Read(_) | Op::Move(_) | Op::Borrow(_) | Op::CloneOf(_) => Op::ZeroOf(Place::var(var)),
            Op::Helper { name: "tangent_of", args } => match args.as_slice() {
                [primal, Arg::Shared(dot)] if self.activity.place(dot) => {
                    let args = vec![primal.clone(), Arg::Shared(self.dot_place(dot))];
                    Op::Helper { name: "tangent_of", args }
                }
                _ => Op::ZeroOf(Place::var(var)),
            },
            Op::Helper { name: "cast_tangent", args } => match args.as_slice() {
                [Arg::Value(operand)] => {
                    let args = vec![Arg::Value(self.dot_or_zero(operand, out))];
                    Op::Helper { name: "cast_tangent", args }
                }
                _ => Op::ZeroOf(Place::var(var)),
            },
            Op::Unary(UnOp::Not, _) | Op::Opaque(_) | Op::Helper { .. } | Op::Call(..) | Op::Edit(_) => {
                Op::ZeroOf(Place::var(var))
            }
            Op::ZeroOf(_) => op.clone(),
            Op::NewTape | Op::Rewind(_) | Op::Pop(_) | Op::TakeCotangent(_) => {
                unreachable!("only transforms produce this operation")
            }
        }
    }

    /// The tangent of what a place holds. A field of a struct may be left out of the struct's tangent: what stands for it
    /// there is asked for a number of the field's type.
    fn read(&mut self, place: &Place) -> Op {
        let ty = self.function.place_type(place);
        let field = matches!(ty, Type::Float(_)) && self.function.part_key(place).is_some();
        let dot = self.dot_place(place);
        if !field {
            // What can be copied may have a tangent that cannot, and that cannot be moved out of a list or a reference.
            let lent = |step: &Proj| matches!(step, Proj::Index(_) | Proj::IndexNd(_) | Proj::Deref);
            let borrowed = !dot.path.is_empty() && matches!(self.function[dot.root].ty, Type::Ref { .. });
            let open = types::mentions_named(&ty) || matches!(ty, Type::Unknown);
            let cloned = open && (borrowed || dot.path.iter().any(lent));
            return if cloned { Op::CloneOf(dot) } else { Op::Read(dot) };
        }
        Op::Helper { name: "tangent_of", args: vec![Arg::Shared(place.clone()), Arg::Shared(dot)] }
    }

    /// The tangent of a struct or a variant: zero, or that of the base, with the tangents of the parts put in. No type of
    /// a tangent needs a name for that.
    fn constructor(&mut self, var: VarId, constructor: &Constructor, items: &[Operand], out: &mut Vec<Stmt>) -> Op {
        let base = items.get(constructor.parts.len()).and_then(|base| self.dot(base));
        let based = base.is_some();
        let ty = self.tangent_type(&self.function[var].ty);
        if let (Type::Option(_) | Type::Result(..), [item]) = (&self.function[var].ty, items)
            && constructor.is_present()
            && let Some(content) = self.owned_dot(item, out)
        {
            return Op::Aggregate(AggregateKind::Constructor(Rc::new(Constructor::some())), vec![content]);
        }
        let init = match base {
            Some(Operand::Var(base)) => self.define("dot", ty.clone(), Op::CloneOf(Place::var(base)), out),
            Some(constant) => constant,
            None => self.define("dot", ty.clone(), Op::ZeroOf(Place::var(var)), out),
        };
        let name = format!("{}_dot", self.function[var].name);
        let memory = self.function.fresh(name, ty, Storage::Memory, Origin::Derived);
        out.push(Stmt::Declare { var: memory, init: Some(init) });
        for ((_, proj), item) in constructor.parts.iter().zip(items) {
            if self.function.is_constant_member(&self.function[var].ty, proj) {
                continue;
            }
            let place = Place { root: memory, path: vec![proj.clone()] };
            match self.owned_dot(item, out) {
                Some(value) => out.push(Stmt::Assign { place, value }),
                None if based => out.push(Stmt::Eval(Op::Helper { name: "fill_zero", args: vec![Arg::Mut(place)] })),
                None => {}
            }
        }
        Op::Move(Place::var(memory))
    }

    /// The same change of the tangents of a list, if it has some.
    pub(super) fn edit(&mut self, edit: &Edit, out: &mut Vec<Stmt>) -> Option<Op> {
        if !self.activity.place(&edit.list) {
            return None;
        }
        let kind = match &edit.kind {
            EditKind::Push(value) => EditKind::Push(self.dot_or_zero(value, out)),
            EditKind::PushFront(value) => EditKind::PushFront(self.dot_or_zero(value, out)),
            EditKind::Insert(at, value) => EditKind::Insert(at.clone(), self.dot_or_zero(value, out)),
            EditKind::Resize(len, value) => EditKind::Resize(len.clone(), self.dot_or_zero(value, out)),
            EditKind::Extend(items) if self.activity.place(items) => EditKind::Extend(self.dot_place(items)),
            EditKind::Extend(items) => {
                let ty = self.tangent_type(&self.function.place_type(items));
                let zero = self.define("zero", ty, Op::ZeroOf(items.clone()), out);
                EditKind::Extend(Place::var(Function::var_of(&zero).expect("`define` gives a variable")))
            }
            EditKind::Replace(value) => EditKind::Replace(self.dot_or_zero(value, out)),
            EditKind::Exchange(other) => EditKind::Exchange(self.dot_place(other)),
            EditKind::Pop
            | EditKind::PopFront
            | EditKind::Remove(_)
            | EditKind::Truncate(_)
            | EditKind::Swap(..)
            | EditKind::Reverse
            | EditKind::RotateLeft(_)
            | EditKind::RotateRight(_)
            | EditKind::Permute(_)
            | EditKind::Unpermute(_) => edit.kind.clone(),
        };
        Some(Op::Edit(Edit { list: self.dot_place(&edit.list), kind }))
    }

    /// The tangent of what is put into a struct: that of a reference is what the reference's tangent refers to.
    fn owned_dot(&mut self, item: &Operand, out: &mut Vec<Stmt>) -> Option<Operand> {
        let dot = self.dot(item)?;
        let ty = self.function.type_of(item);
        match (&dot, &ty) {
            (Operand::Var(root), Type::Ref { .. }) => {
                let place = Place { root: *root, path: vec![Proj::Deref] };
                Some(self.define("dot", self.tangent_type(&ty), Op::CloneOf(place), out))
            }
            _ => Some(dot),
        }
    }

    fn binary(&mut self, var: VarId, op: BinOp, left: &Operand, right: &Operand, out: &mut Vec<Stmt>) -> Op {
        if !types::is_scalar(&self.function[var].ty) {
            let args = [Arg::Value(left.clone()), Arg::Value(right.clone())];
            return match operator_row(op) {
                Some(row) => Op::Use(self.row(row, &args, var, out)),
                None => Op::ZeroOf(Place::var(var)),
            };
        }
        let (left_dot, right_dot) = (self.dot(left), self.dot(right));
        let formula = match (op, &left_dot, &right_dot) {
            (_, None, None) => return Op::Use(self.zero(var, out)),
            (BinOp::Add, Some(_), Some(_)) => "a_dot + b_dot",
            (BinOp::Add | BinOp::Sub, Some(_), None) => "a_dot",
            (BinOp::Add, None, _) => "b_dot",
            (BinOp::Sub, Some(_), Some(_)) => "a_dot - b_dot",
            (BinOp::Sub, None, _) => "-b_dot",
            (BinOp::Mul, Some(_), Some(_)) => "a_dot * b + a * b_dot",
            (BinOp::Mul, Some(_), None) => "a_dot * b",
            (BinOp::Mul, None, _) => "a * b_dot",
            (BinOp::Div, Some(_), Some(_)) => "(a_dot - y * b_dot) / b",
            (BinOp::Div, Some(_), None) => "a_dot / b",
            (BinOp::Div, None, _) => "-y * b_dot / b",
            (BinOp::Rem, Some(_), Some(_)) => "a_dot - (a / b).trunc() * b_dot",
            (BinOp::Rem, Some(_), None) => "a_dot",
            (BinOp::Rem, None, _) => "-(a / b).trunc() * b_dot",
            _ => return Op::ZeroOf(Place::var(var)),
        };
        let mut names = vec![
            ("a", Binding::Operand(left.clone())),
            ("b", Binding::Operand(right.clone())),
            ("y", Binding::Operand(Operand::Var(var))),
        ];
        names.extend(left_dot.map(|dot| ("a_dot", Binding::Operand(dot))));
        names.extend(right_dot.map(|dot| ("b_dot", Binding::Operand(dot))));
        Op::Use(self.formula(formula, &names, out))
    }

    fn formula(&mut self, text: &str, names: &[(&str, Binding)], out: &mut Vec<Stmt>) -> Operand {
        formula::lower(&mut self.function, names, &formula::parse(text), out)
    }

    /// The tangent of an operation that has a row: the sum over its arguments.
    fn row(&mut self, row: &'static Row, args: &[Arg], var: VarId, out: &mut Vec<Stmt>) -> Operand {
        let dots: Vec<Option<Arg>> = args.iter().map(|arg| self.dot_arg(arg)).collect();
        let dot_names: Vec<String> = row.args.iter().map(|name| format!("{name}_dot")).collect();
        let mut names: Vec<(&str, Binding)> =
            row.args.iter().zip(args).map(|(name, arg)| (*name, Binding::of(&self.function, arg))).collect();
        names.push(("y", Binding::Operand(Operand::Var(var))));
        for (name, dot) in dot_names.iter().zip(&dots) {
            if let Some(dot) = dot {
                names.push((name, Binding::of(&self.function, dot)));
            }
        }
        match &row.derivative {
            Derivative::Partials(_) => {
                let terms = dots.iter().enumerate().zip(&dot_names).filter(|((_, dot), _)| dot.is_some());
                let terms: Vec<String> =
                    terms.filter_map(|((index, _), name)| Some(scaled(&row.partial(index, args)?, name))).collect();
                self.sum(&terms, &names, var, out)
            }
            Derivative::Tensor(terms) => {
                let used: Vec<_> =
                    dots.iter().zip(*terms).filter_map(|(dot, term)| Some((dot.as_ref()?, term.as_ref()?))).collect();
                let texts: Vec<String> = used.iter().map(|(_, term)| term.dot.to_owned()).collect();
                let tensors = args.iter().filter(|arg| self.is_tensor(arg)).count();
                let whole =
                    used.iter().all(|(_, term)| term.same_shape) || used.len() >= tensors.max(args.len().min(2));
                if whole || row.args.len() == 1 || terms.iter().flatten().count() == 1 {
                    return self.sum(&texts, &names, var, out);
                }
                self.broadcast_sum(&texts, &names, var, out)
            }
            Derivative::Zero | Derivative::Refused(_) => self.zero(var, out),
        }
    }

    fn is_tensor(&self, arg: &Arg) -> bool {
        let ty = match arg {
            Arg::Value(operand) => self.function.type_of(operand),
            Arg::Shared(place) | Arg::Mut(place) => self.function.place_type(place),
        };
        !types::is_scalar(types::strip_refs(&ty)) && types::may_carry_derivative(&ty)
    }

    fn zero(&mut self, var: VarId, out: &mut Vec<Stmt>) -> Operand {
        let ty = self.tangent_type(&self.function[var].ty);
        match literals::zero(&ty) {
            Some(zero) => zero,
            None => self.define("zero", ty, Op::ZeroOf(Place::var(var)), out),
        }
    }

    fn sum(&mut self, terms: &[String], names: &[(&str, Binding)], var: VarId, out: &mut Vec<Stmt>) -> Operand {
        if terms.is_empty() {
            return self.zero(var, out);
        }
        self.formula(&terms.join(" + "), names, out)
    }

    /// A sum whose terms may be smaller than the result: they are broadcast to its shape.
    fn broadcast_sum(
        &mut self,
        terms: &[String],
        names: &[(&str, Binding)],
        var: VarId,
        out: &mut Vec<Stmt>,
    ) -> Operand {
        let init = self.zero(var, out);
        let (name, ty) = (format!("{}_dot", self.function[var].name), self.tangent_type(&self.function[var].ty));
        let memory = self.function.fresh(name.clone(), ty.clone(), Storage::Memory, Origin::Derived);
        out.push(Stmt::Declare { var: memory, init: Some(init) });
        for term in terms {
            let value = self.formula(term, names, out);
            out.push(Stmt::AccumulateInto { place: Place::var(memory), value });
        }
        self.define(&name, ty, Op::Move(Place::var(memory)), out)
    }
}

/// `partial * dot` as a person would write it.
fn scaled(partial: &str, dot: &str) -> String {
    if partial == "1.0" {
        return dot.to_owned();
    }
    if let Some(divisor) = partial.strip_prefix("1.0 / ") {
        return format!("{dot} / {divisor}");
    }
    let atomic = partial.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.')
        || (partial.ends_with(')') && !partial.contains(' '));
    if atomic { format!("{partial} * {dot}") } else { format!("({partial}) * {dot}") }
}

/// `Vec::new()`, `Vec::with_capacity(n)`
fn is_empty_list(op: &Op) -> bool {
    match op {
        Op::Aggregate(AggregateKind::VecMacro, items) => items.is_empty(),
        Op::Helper { name: "with_capacity", .. } => true,
        _ => false,
    }
}
