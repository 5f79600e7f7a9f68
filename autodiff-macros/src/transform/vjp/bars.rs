//! Cotangents.
//!
//! A cotangent is a variable only where it has to be one. As long as all contributions to it stand in the block that
//! its primal variable belongs to, it is a plain value ([`Bar::Value`]); it becomes memory when a branch or a loop
//! contributes, or when it is accumulated in parts.

use proc_macro2::TokenStream;
use quote::quote;

use super::Reverse;
use super::edits;
use crate::analysis::types;
use crate::ir::literals;
use crate::ir::{
    AggregateKind, BinOp, Const, Float, Function, Op, Operand, Origin, Place, Proj, Stmt, Storage, Type, UnOp, VarId,
};
use crate::transform::anomaly;

/// The cotangent of one variable at the current point of the reverse sweep.
#[derive(Clone, Debug)]
pub(super) enum Bar {
    /// Nothing has been contributed.
    Zero,
    /// Everything contributed so far.
    Value(Operand),
    /// A variable of its own, declared in the block of the primal variable.
    Memory(VarId),
    /// A variable whose content has been used up: its next contribution overwrites it.
    Stale(VarId),
    /// A part of another variable: a parameter's buffer, an element of an array's cotangent.
    Alias(Place),
}

/// A summand of a cotangent.
#[derive(Clone, Debug)]
pub(super) struct Contribution {
    pub(super) value: Operand,
    pub(super) negative: bool,
    /// It certainly has the shape of what it is added to, so that it can initialise a cotangent.
    pub(super) shaped: bool,
}

impl Contribution {
    pub(super) fn new(value: Operand) -> Self {
        Contribution { value, negative: false, shaped: true }
    }

    pub(super) fn shaped(value: Operand) -> Self {
        Contribution::new(value)
    }
}

/// The most summands that are written as one expression; more are added to a variable one by one.
const LONGEST_SUM: usize = 4;

impl Reverse<'_> {
    /// Counts the summands of a cotangent.
    fn summands(&mut self, var: VarId) -> usize {
        let count = self.summands.entry(var).or_insert(1);
        *count += 1;
        *count
    }

    pub(super) fn bar(&self, var: VarId) -> Bar {
        self.bars.get(&var).cloned().unwrap_or(Bar::Zero)
    }

    /// Whether the variable holds lists of different lengths over time.
    fn is_reshaped(&self, var: VarId) -> bool {
        self.reshaped.contains(&var)
    }

    pub(super) fn at_home(&self, var: VarId) -> bool {
        self.depth.get(&var).copied().unwrap_or(0) == self.level
    }

    /// Adds a contribution to the cotangent of `var`.
    pub(super) fn contribute(&mut self, var: VarId, contribution: Contribution, out: &mut Vec<Stmt>) {
        if !self.activity.is_active(var) {
            return;
        }
        self.check_finite(&contribution, out);
        self.resolve(var, out);
        let scalar = self.is_scalar(var) && types::is_scalar(&self.function.type_of(&contribution.value));
        let fits = scalar || (contribution.shaped && !self.is_scalar(var));
        match self.bar(var) {
            Bar::Alias(place) => self.accumulate(place, contribution, scalar, out),
            Bar::Memory(bar) => self.accumulate(Place::var(bar), contribution, scalar, out),
            Bar::Stale(bar) if fits => {
                let value = self.signed(contribution, out);
                let value = self.owned(var, value, out);
                out.push(Stmt::Assign { place: Place::var(bar), value });
                self.bars.insert(var, Bar::Memory(bar));
            }
            Bar::Zero if self.at_home(var) && fits => {
                let value = self.signed(contribution, out);
                self.bars.insert(var, Bar::Value(value));
            }
            Bar::Value(sum) if self.at_home(var) && scalar && self.summands(var) < LONGEST_SUM => {
                let op = if contribution.negative { BinOp::Sub } else { BinOp::Add };
                let (name, ty) = (self.bar_name(var), types::owned(&self.function[var].ty));
                let total = self.define(name, ty, Op::Binary(op, sum, contribution.value), out);
                self.bars.insert(var, Bar::Value(total));
            }
            Bar::Zero | Bar::Value(_) | Bar::Stale(_) => {
                let bar = self.memory(var, out);
                self.accumulate(Place::var(bar), contribution, scalar, out);
            }
        }
    }

    /// Where that is asked for, a contribution that is not finite is reported.
    pub(super) fn check_finite(&mut self, contribution: &Contribution, out: &mut Vec<Stmt>) {
        if let (Some(site), Operand::Var(value)) = (&self.site, &contribution.value)
            && anomaly::is_checked(&self.function[*value].ty)
        {
            out.push(site.check("check_adjoint", anomaly::content(&self.function, *value)));
        }
    }

    /// The cotangent of a reference is a part of the cotangent of what it refers to.
    pub(super) fn resolve(&mut self, var: VarId, out: &mut Vec<Stmt>) {
        if self.bars.contains_key(&var) {
            return;
        }
        let referred = match self.definitions.get(&var) {
            Some(Op::Borrow(place)) => Some(place.clone()),
            _ => self.references.get(&var).map(|place| self.see_through(place)),
        };
        if let Some(place) = referred {
            let alias = self.bar_place(&place, out);
            self.bars.insert(var, Bar::Alias(alias));
        }
    }

    /// A part of a tuple of references is what the reference refers to.
    fn see_through(&self, place: &Place) -> Place {
        if let Some(Op::Aggregate(AggregateKind::Tuple, items)) = self.definitions.get(&place.root)
            && let [Proj::Field(syn::Member::Unnamed(index)), rest @ ..] = place.path.as_slice()
            && let Some(Operand::Var(item)) = items.get(index.index as usize)
            && self.function.is_ref(*item)
        {
            return Place { root: *item, path: rest.to_vec() };
        }
        place.clone()
    }

    fn signed(&mut self, contribution: Contribution, out: &mut Vec<Stmt>) -> Operand {
        if contribution.negative { self.negated(contribution.value, out) } else { contribution.value }
    }

    pub(super) fn negated(&mut self, value: Operand, out: &mut Vec<Stmt>) -> Operand {
        let ty = types::owned(&self.function.type_of(&value));
        self.define("negated", ty, Op::Unary(UnOp::Neg, value), out)
    }

    pub(super) fn accumulate(&mut self, place: Place, contribution: Contribution, scalar: bool, out: &mut Vec<Stmt>) {
        if scalar {
            let Contribution { value, negative, shaped: _ } = contribution;
            out.push(Stmt::Accumulate { place, negative, value });
        } else {
            let value = literals::suffixed(self.signed(contribution, out));
            let root = &mut self.function[place.root];
            if types::is_scalar(&root.ty) && root.ascription.is_none() {
                root.ascription = literals::float_name(&root.ty);
            }
            out.push(Stmt::AccumulateInto { place, value });
        }
    }

    pub(super) fn bar_name(&self, var: VarId) -> String {
        format!("{}_bar", self.function[var].name)
    }

    /// Makes the cotangent of `var` a variable, declared in the block that `var` belongs to.
    pub(super) fn memory(&mut self, var: VarId, out: &mut Vec<Stmt>) -> VarId {
        let init = match self.bar(var) {
            Bar::Memory(bar) => return bar,
            Bar::Stale(bar) => {
                if self.is_reshaped(var) {
                    let (op, name) = (self.zero_after(var, self.level), self.bar_name(var));
                    let value = self.define(name, types::owned(&self.function[var].ty), op, out);
                    out.push(Stmt::Assign { place: Place::var(bar), value });
                } else if self.is_scalar(var) {
                    // An aggregate was left as zero when it was taken.
                    let zero = self.zero_like(var, out);
                    out.push(Stmt::Assign { place: Place::var(bar), value: zero });
                }
                self.bars.insert(var, Bar::Memory(bar));
                return bar;
            }
            Bar::Value(value) => Some(value),
            Bar::Zero => None,
            Bar::Alias(_) => unreachable!("a cotangent that is part of another variable needs none of its own"),
        };
        let (name, ty) = (self.bar_name(var), types::owned(&self.function[var].ty));
        let bar = self.function.fresh(name, ty, Storage::Memory, Origin::Derived);
        if failed(&self.function[var].ty).is_some() {
            // It starts as `None`, which says nothing of its type.
            self.function[bar].ascription = literals::type_name(&types::owned_parts(&self.function[var].ty));
        }
        let home = self.depth.get(&var).copied().unwrap_or(0);
        self.depth.insert(bar, home);
        self.bars.insert(var, Bar::Memory(bar));
        let mut declaration = Vec::new();
        let init = match init {
            Some(init) => self.owned(var, init, &mut declaration),
            None => self.zero_like(var, &mut declaration),
        };
        declaration.push(Stmt::Declare { var: bar, init: Some(init) });
        if home == self.level {
            out.extend(declaration);
        } else {
            self.pending[home].extend(declaration);
        }
        bar
    }

    /// A view of another cotangent cannot be added to: it is cloned to become the cotangent of `var`.
    pub(super) fn owned(&mut self, var: VarId, value: Operand, out: &mut Vec<Stmt>) -> Operand {
        match value {
            Operand::Var(view) if matches!(&self.function[view].ty, Type::Tensor(tensor) if tensor.view) => {
                let (name, ty) = (self.bar_name(var), types::owned(&self.function[view].ty));
                self.define(name, ty, Op::CloneOf(Place::var(view)), out)
            }
            other => other,
        }
    }

    /// A zero of the type and shape of `var`.
    pub(super) fn zero_like(&mut self, var: VarId, out: &mut Vec<Stmt>) -> Operand {
        let ty = self.function[var].ty.clone();
        if let Some(zero) = literals::zero(&ty) {
            return zero;
        }
        if let Some(tokens) = failed(&ty) {
            // The match that takes it apart may have moved it.
            return Operand::Const(Const { tokens, ty: types::owned_parts(&ty) });
        }
        let op = self.zero_op(var);
        let name = self.bar_name(var);
        self.define(name, types::owned(&ty), op, out)
    }

    /// Memory may be out of scope in the reverse sweep; how it was initialised still tells its shape.
    fn zero_op(&mut self, var: VarId) -> Op {
        // Nothing is kept of an object for the sake of its tangent, which is of no type until something is added.
        if types::is_object(&self.function[var].ty) {
            return literals::empty_tangent();
        }
        if self.is_reshaped(var) {
            let home = self.depth.get(&var).copied().unwrap_or(0);
            return self.zero_after(var, home);
        }
        if let Some(Op::Repeat { vec: true, item, len }) = self.initial(var)
            && let Some(zero) = literals::zero(&self.function.type_of(&item))
        {
            return Op::Repeat { vec: true, item: zero, len };
        }
        if self.is_lent_to_forward(var) {
            // A parameter that `wrt(..)` leaves out is gone in the pullback, and brings no cotangent.
            let home = self.depth.get(&var).copied().unwrap_or(0);
            return self.zero_behind(var, home);
        }
        // Nothing is kept of an array for the sake of its length alone.
        if let (Type::Array(item, len), true) = (&self.function[var].ty, self.options.lanes.is_none())
            && let Some(zero) = zero_of(item)
        {
            let item = Operand::Const(Const { tokens: zero, ty: (**item).clone() });
            let len = Operand::Const(Const { tokens: len.clone(), ty: Type::Int(Some("usize")) });
            return Op::Repeat { vec: false, item, len };
        }
        let home = self.depth.get(&var).copied().unwrap_or(0);
        let memory = self.function[var].storage == Storage::Memory && home > self.sweep;
        // A match moves a result out of what holds it.
        let moved = matches!(&self.function[var].ty, Type::Option(held) if matches!(**held, Type::Result(..)));
        // A pullback cannot keep views of what it keeps as well.
        let views = matches!(&self.function[var].ty, Type::Vec(item) if types::is_view(item));
        if memory || (moved || views) && self.is_defined_by_statement(var) {
            // The zero is made in the forward sweep, where the variable is still there, and saved.
            let zero = self.derived(self.bar_name(var), types::owned(&self.function[var].ty));
            self.depth.insert(zero, home);
            let op = Op::ZeroOf(Place::var(var));
            self.after_declaration.entry(var).or_default().push(Stmt::Let { var: zero, op });
            return Op::CloneOf(Place::var(zero));
        }
        Op::ZeroOf(Place::var(var))
    }

    /// The variable is no parameter, no value of a branch and bound by no pattern.
    fn is_defined_by_statement(&self, var: VarId) -> bool {
        let declared = self.function[var].storage == Storage::Memory;
        let parameter = self.function.params.iter().any(|param| param.var == var);
        !parameter && (declared || self.definitions.contains_key(&var))
    }

    /// The operation that gave a variable its first content.
    fn initial(&self, var: VarId) -> Option<Op> {
        let value = self.initials.get(&var).copied().unwrap_or(var);
        self.definitions.get(&value).cloned()
    }

    /// The place of the cotangent of a primal place. The cotangent is a variable from here on.
    pub(super) fn bar_place(&mut self, place: &Place, out: &mut Vec<Stmt>) -> Place {
        self.resolve(place.root, out);
        match self.bar(place.root) {
            Bar::Alias(alias) => join(&alias, &place.path, self.function.is_ref(place.root)),
            Bar::Zero | Bar::Value(_) | Bar::Memory(_) | Bar::Stale(_) => {
                let root = self.memory(place.root, out);
                let path = types::tangent_path(&self.function[place.root].ty, &place.path);
                // What a reference leads to has a cotangent that is no reference.
                join(&Place::var(root), &path, self.function.is_ref(place.root))
            }
        }
    }

    /// The cotangent of a variable as it is, or `None` if it is zero. It stays what it is.
    pub(super) fn peek(&mut self, var: VarId, out: &mut Vec<Stmt>) -> Option<Operand> {
        match self.bar(var) {
            Bar::Zero | Bar::Stale(_) if self.at_home(var) => None,
            Bar::Value(value) if self.at_home(var) => Some(value),
            // In a loop, an earlier reversed trip may have added to it.
            Bar::Zero | Bar::Value(_) | Bar::Stale(_) | Bar::Memory(_) | Bar::Alias(_) => {
                Some(self.peek_part(&Place::var(var), out))
            }
        }
    }

    /// The cotangent of a place as it is.
    pub(super) fn peek_part(&mut self, place: &Place, out: &mut Vec<Stmt>) -> Operand {
        let bar = self.bar_place(place, out);
        let ty = types::owned(&self.function.place_type(place));
        let op = types::copied(bar, &ty);
        let name = self.bar_name(place.root);
        self.define(name, ty, op, out)
    }

    /// Takes the whole cotangent of a variable that goes out of scope backwards: before, it did not exist.
    pub(super) fn take_all(&mut self, var: VarId, out: &mut Vec<Stmt>) -> Option<Operand> {
        if !self.activity.is_active(var) {
            return None;
        }
        match self.bar(var) {
            Bar::Zero | Bar::Stale(_) => None,
            Bar::Value(value) => Some(value),
            Bar::Memory(bar) => {
                let ty = types::owned(&self.function[var].ty);
                if !types::is_copy(&ty) {
                    // Nothing is added any more: the variable is as good as a value.
                    self.function[bar].storage = Storage::Value;
                    return Some(Operand::Var(bar));
                }
                let name = self.bar_name(var);
                Some(self.define(name, ty, Op::Read(Place::var(bar)), out))
            }
            Bar::Alias(place) => {
                let ty = types::owned(&self.function[var].ty);
                let op = types::copied(place, &ty);
                let name = self.bar_name(var);
                Some(self.define(name, ty, op, out))
            }
        }
    }

    /// Takes the cotangent of a variable that was overwritten: it is zero before.
    pub(super) fn take(&mut self, var: VarId, out: &mut Vec<Stmt>) -> Option<Operand> {
        let home = self.at_home(var);
        match self.bar(var) {
            Bar::Zero | Bar::Stale(_) if home => None,
            Bar::Value(value) if home => {
                self.bars.insert(var, Bar::Zero);
                Some(value)
            }
            Bar::Zero | Bar::Value(_) | Bar::Memory(_) | Bar::Stale(_) if self.is_scalar(var) => {
                let bar = self.memory(var, out);
                let (name, ty) = (self.bar_name(var), self.function[var].ty.clone());
                let total = self.define(name, ty, Op::Read(Place::var(bar)), out);
                self.bars.insert(var, Bar::Stale(bar));
                Some(total)
            }
            Bar::Zero | Bar::Value(_) | Bar::Memory(_) | Bar::Stale(_)
                if self.is_reshaped(var) && edits::is_owned_list(&self.function, var) =>
            {
                let bar = self.memory(var, out);
                let (name, ty) = (self.bar_name(var), self.function[var].ty.clone());
                let total = self.define(name, ty, Op::Move(Place::var(bar)), out);
                self.bars.insert(var, Bar::Stale(bar));
                Some(total)
            }
            Bar::Zero | Bar::Value(_) | Bar::Memory(_) | Bar::Stale(_) | Bar::Alias(_) => {
                let total = self.take_part(&Place::var(var), out);
                // What the variable held before may have had another shape: the next contribution brings it.
                if let Bar::Memory(bar) = self.bar(var) {
                    self.bars.insert(var, Bar::Stale(bar));
                }
                Some(total)
            }
        }
    }

    /// Takes the cotangent of a place that was overwritten, leaving zero.
    pub(super) fn take_part(&mut self, place: &Place, out: &mut Vec<Stmt>) -> Operand {
        let part = !place.path.is_empty() || matches!(self.bar(place.root), Bar::Alias(_));
        if part && edits::is_list_part(&self.function, place) {
            return self.replace_part(place, out);
        }
        let bar = self.bar_place(place, out);
        let ty = types::owned(&self.function.place_type(place));
        let name = self.bar_name(place.root);
        if let Some(zero) = literals::zero(&ty) {
            let total = self.define(name, ty, Op::Read(bar.clone()), out);
            out.push(Stmt::Assign { place: bar, value: zero });
            total
        } else {
            self.define(name, ty, Op::TakeCotangent(bar), out)
        }
    }

    /// At the end of a block: variables of outer blocks whose content was used up are zero.
    pub(super) fn settle(&mut self, out: &mut Vec<Stmt>) {
        let stale: Vec<VarId> = self.stale().into_iter().filter(|var| !self.at_home(*var)).collect();
        for var in stale {
            self.memory(var, out);
        }
    }

    /// Before a nested statement: variables whose content was used up are zero, for the statement may add to them.
    pub(super) fn settle_before(&mut self, out: &mut Vec<Stmt>) {
        for var in self.stale() {
            self.memory(var, out);
        }
    }

    fn stale(&self) -> Vec<VarId> {
        let mut stale: Vec<VarId> =
            self.bars.iter().filter(|(_, bar)| matches!(bar, Bar::Stale(_))).map(|(var, _)| *var).collect();
        stale.sort_unstable();
        stale
    }

    /// `left * right`, where a factor of one costs nothing.
    pub(super) fn product(&mut self, left: Operand, right: Operand, out: &mut Vec<Stmt>) -> Operand {
        if literals::is_one(&left) {
            return right;
        }
        if literals::is_one(&right) {
            return left;
        }
        let ty = self.function.type_of(&left);
        let ty = if matches!(ty, Type::FloatLiteral) { self.function.type_of(&right) } else { ty };
        self.define("product", ty, Op::Binary(BinOp::Mul, left, right), out)
    }
}

/// The cotangent of a `Result` that says nothing of what it holds, and of a pair of one and its tangent.
fn failed(ty: &Type) -> Option<TokenStream> {
    match ty {
        Type::Result(..) => Some(quote!(None)),
        Type::Tuple(items) => match items.as_slice() {
            [value @ Type::Result(..), Type::Option(_)] => failed(value).map(|none| quote!((#none, None))),
            _ => None,
        },
        _ => None,
    }
}

/// A place inside an aliased place. The alias of a reference stands for what the reference refers to.
fn join(alias: &Place, path: &[Proj], of_ref: bool) -> Place {
    let mut joined = alias.clone();
    let derefs = of_ref && matches!(path.first(), Some(Proj::Deref));
    joined.path.extend(path.iter().skip(usize::from(derefs)).cloned());
    joined.path = types::owned_path(&joined.path);
    joined
}

impl Function {
    /// Whether the variable holds a reference.
    pub(crate) fn is_ref(&self, var: VarId) -> bool {
        matches!(self[var].ty, Type::Ref { .. })
    }
}

/// The zero of what is made of floats and arrays of these.
fn zero_of(ty: &Type) -> Option<TokenStream> {
    match ty {
        Type::Float(Float::F32) => Some(quote!(0.0_f32)),
        Type::Float(Float::F64) => Some(quote!(0.0_f64)),
        Type::Array(item, len) => {
            let item = zero_of(item)?;
            Some(quote!([#item; #len]))
        }
        _ => None,
    }
}
