//! The adjoints of operations.

use super::Reverse;
use super::bars::{Bar, Contribution};
use crate::analysis::types;
use crate::ir::literals;
use crate::ir::{
    AggregateKind, Arg, BinOp, Block, Callee, Constructor, Intrinsic, Op, Operand, Origin, Place, Proj, Stmt, Storage,
    Type, UnOp, VarId,
};
use crate::rules::{self, Derivative, Row, TensorTerm};
use crate::transform::anomaly;
use crate::transform::formula::Binding;

impl Reverse<'_> {
    /// The adjoint of `let var = op`.
    pub(super) fn definition(&mut self, var: VarId, op: &Op, out: &mut Vec<Stmt>) {
        if !self.activity.is_active(var) {
            return;
        }
        match op {
            Op::Borrow(_) => {}
            Op::Use(operand) => {
                if let (Some(total), Operand::Var(from)) = (self.take_all(var, out), operand) {
                    self.contribute(*from, Contribution::new(total), out);
                }
            }
            Op::Read(place) | Op::Move(place) | Op::CloneOf(place) => {
                if self.activity.place(place)
                    && let Some(total) = self.take_all(var, out)
                {
                    self.contribute_to_place(place, Contribution::new(total), out);
                }
            }
            Op::Unary(..) | Op::Binary(..) | Op::Cast(..) | Op::Intrinsic(_) => {
                let vain = matches!(self.bar(var), Bar::Memory(_)) || self.prepared.vain.contains(&var);
                let branched = vain && self.is_scalar(var) && is_singular(op);
                if let Some(total) = self.take_all(var, out) {
                    if branched {
                        self.where_used(var, op, total, out);
                    } else {
                        self.arithmetic(var, op, total, out);
                    }
                }
            }
            Op::Aggregate(kind, items) => self.aggregate(var, kind, items, out),
            Op::Repeat { item, .. } => {
                if self.activity.operand(item)
                    && let (Some(total), Operand::Var(item)) = (self.take_all(var, out), item)
                {
                    self.repeated_item(*item, total, out);
                }
            }
            Op::Helper { name: "tangent_of", args } => {
                if let ([_, Arg::Shared(place)], Some(total)) = (args.as_slice(), self.take_all(var, out)) {
                    self.contribute_to_place(place, Contribution::new(total), out);
                }
            }
            Op::Helper { name: "cast_tangent", args } => {
                if let ([Arg::Value(operand)], Some(total)) = (args.as_slice(), self.take_all(var, out)) {
                    self.cast(operand, total, out);
                }
            }
            Op::Opaque(_) | Op::Helper { .. } | Op::Call(..) | Op::Edit(_) => {}
            Op::ZeroOf(_) | Op::NewTape | Op::Rewind(_) | Op::Pop(_) | Op::TakeCotangent(_) => {}
        }
    }

    /// The adjoint of an operation with an infinite derivative somewhere, whose result only branches use: where no branch
    /// that uses it was taken its cotangent is zero, and zero times infinity must not become NaN.
    fn where_used(&mut self, var: VarId, op: &Op, total: Operand, out: &mut Vec<Stmt>) {
        let Some(zero) = literals::zero(&self.function.type_of(&total)) else {
            self.arithmetic(var, op, total, out);
            return;
        };
        let cond = self.define("used", Type::Bool, Op::Binary(BinOp::Ne, total.clone(), zero), out);
        self.settle_before(out);
        self.level += 1;
        self.pending.push(Vec::new());
        self.open_beside();
        let mut adjoint = Vec::new();
        self.arithmetic(var, op, total, &mut adjoint);
        self.settle(&mut adjoint);
        let beside = self.close_beside();
        debug_assert!(beside.is_empty(), "the adjoint of arithmetic begins no list");
        let own = self.pending.pop().expect("pushed above");
        adjoint.splice(0..0, own);
        self.level -= 1;
        let then = Block { stmts: adjoint, result: None };
        out.push(Stmt::If { dest: None, cond, then, els: Block::default() });
    }

    /// Adds to the cotangent of a place.
    pub(super) fn contribute_to_place(&mut self, place: &Place, contribution: Contribution, out: &mut Vec<Stmt>) {
        let whole = place.path.is_empty()
            || (self.function.is_ref(place.root) && matches!(place.path.as_slice(), [Proj::Deref]));
        if whole {
            self.contribute(place.root, contribution, out);
            return;
        }
        let scalar = types::is_scalar(&self.function.place_type(place))
            && types::is_scalar(&self.function.type_of(&contribution.value));
        self.check_finite(&contribution, out);
        let bar = self.bar_place(place, out);
        self.accumulate(bar, contribution, scalar, out);
    }

    fn arithmetic(&mut self, var: VarId, op: &Op, total: Operand, out: &mut Vec<Stmt>) {
        let scalar = self.is_scalar(var);
        match op {
            Op::Unary(UnOp::Neg, operand) => {
                self.give(operand, Contribution { value: total, negative: true, shaped: true }, out);
            }
            Op::Unary(UnOp::Not, _) => {}
            Op::Cast(operand, _) => self.cast(operand, total, out),
            Op::Binary(op, left, right) if scalar => self.scalar_binary(var, (*op, left, right), total, out),
            Op::Binary(op, left, right) => {
                if let Some(row) = operator_row(*op) {
                    let args = [Arg::Value(left.clone()), Arg::Value(right.clone())];
                    self.row(row, &args, var, total, out);
                }
            }
            Op::Intrinsic(Intrinsic { row, args, path: _, span: _ }) => self.row(row, args, var, total, out),
            other => unreachable!("{other:?} is not arithmetic"),
        }
    }

    fn give(&mut self, to: &Operand, contribution: Contribution, out: &mut Vec<Stmt>) {
        if let Operand::Var(to) = to {
            self.contribute(*to, contribution, out);
        }
    }

    fn cast(&mut self, operand: &Operand, total: Operand, out: &mut Vec<Stmt>) {
        let Operand::Var(from) = operand else { return };
        let ty = self.function[*from].ty.clone();
        let Some(tokens) = literals::float_name(&ty) else {
            // Whether the operand is a float at all only rustc knows.
            let args = vec![Arg::Shared(Place::var(*from)), Arg::Value(total)];
            let bar = self.define("cast", Type::Unknown, Op::Helper { name: "cast_cotangent", args }, out);
            self.contribute(*from, Contribution::new(bar), out);
            return;
        };
        if literals::float_name(&self.function.type_of(&total)).is_some_and(|of| of.to_string() == tokens.to_string()) {
            self.contribute(*from, Contribution::new(total), out);
            return;
        }
        let cast = self.define("cast", ty, Op::Cast(total, tokens), out);
        self.contribute(*from, Contribution::new(cast), out);
    }

    fn scalar_binary(
        &mut self,
        var: VarId,
        (op, left, right): (BinOp, &Operand, &Operand),
        total: Operand,
        out: &mut Vec<Stmt>,
    ) {
        let (to_left, to_right) = (self.activity.operand(left), self.activity.operand(right));
        let ty = self.function.type_of(&total);
        let plain = |value: Operand, negative| Contribution { value, negative, shaped: true };
        match op {
            BinOp::Add | BinOp::Sub => {
                self.give(left, plain(total.clone(), false), out);
                self.give(right, plain(total, op == BinOp::Sub), out);
            }
            BinOp::Mul if is_same(left, right) => {
                let two = literals::two(&ty);
                let twice = self.define("twice", ty, Op::Binary(BinOp::Mul, two, left.clone()), out);
                let value = self.product(total, twice, out);
                self.give(left, plain(value, false), out);
            }
            BinOp::Mul => {
                if to_left {
                    let value = self.product(total.clone(), right.clone(), out);
                    self.give(left, plain(value, false), out);
                }
                if to_right {
                    let value = self.product(total, left.clone(), out);
                    self.give(right, plain(value, false), out);
                }
            }
            BinOp::Div => {
                let quotient = self.define("quotient", ty, Op::Binary(BinOp::Div, total, right.clone()), out);
                self.give(left, plain(quotient.clone(), false), out);
                if to_right {
                    let value = self.product(quotient, Operand::Var(var), out);
                    self.give(right, plain(value, true), out);
                }
            }
            BinOp::Rem => {
                self.give(left, plain(total.clone(), false), out);
                if to_right {
                    let bindings = [("a", Binding::Operand(left.clone())), ("b", Binding::Operand(right.clone()))];
                    let whole = self.formula("(a / b).trunc()", &bindings, out);
                    let value = self.product(total, whole, out);
                    self.give(right, plain(value, true), out);
                }
            }
            BinOp::And | BinOp::Or | BinOp::BitAnd | BinOp::BitOr | BinOp::BitXor | BinOp::Shl | BinOp::Shr => {}
            BinOp::Eq | BinOp::Ne | BinOp::Lt | BinOp::Le | BinOp::Gt | BinOp::Ge => {}
        }
    }

    /// The adjoint of an operation that has a row.
    fn row(&mut self, row: &'static Row, args: &[Arg], var: VarId, total: Operand, out: &mut Vec<Stmt>) {
        let mut bindings: Vec<(&str, Binding)> =
            row.args.iter().zip(args).map(|(name, arg)| (*name, Binding::of(&self.function, arg))).collect();
        bindings.push(("y", Binding::Operand(Operand::Var(var))));
        match &row.derivative {
            Derivative::Partials(_) => {
                for (index, arg) in args.iter().enumerate() {
                    if let (Some(partial), true) = (row.partial(index, args), self.activity.arg(arg)) {
                        let contribution = self.scaled(total.clone(), &partial, &bindings, out);
                        self.give_arg(arg, contribution, out);
                    }
                }
            }
            Derivative::Tensor(terms) => {
                bindings.push(("y_bar", Binding::Operand(total)));
                for (arg, term) in args.iter().zip(*terms) {
                    if let (Some(term), true) = (term, self.activity.arg(arg)) {
                        if self.add_in_place(arg, term, &bindings, out) {
                            continue;
                        }
                        let value = self.formula(term.bar, &bindings, out);
                        let contribution = Contribution { value, negative: false, shaped: term.same_shape };
                        self.give_arg(arg, contribution, out);
                    }
                }
            }
            Derivative::Zero | Derivative::Refused(_) => {}
        }
    }

    /// Adds a contribution without a temporary, where there is something to add it to.
    fn add_in_place(&mut self, arg: &Arg, term: &TensorTerm, names: &[(&str, Binding)], out: &mut Vec<Stmt>) -> bool {
        let (Some((name, from)), Arg::Value(Operand::Var(root))) = (term.into, arg) else {
            let (Some((name, from)), Arg::Shared(place)) = (term.into, arg) else { return false };
            return self.add_to(&place.clone(), name, from, names, out);
        };
        self.add_to(&Place::var(*root), name, from, names, out)
    }

    fn add_to(
        &mut self,
        place: &Place,
        name: &'static str,
        from: [&str; 2],
        names: &[(&str, Binding)],
        out: &mut Vec<Stmt>,
    ) -> bool {
        self.resolve(place.root, out);
        let bar = match self.bar(place.root) {
            Bar::Memory(_) | Bar::Alias(_) => self.bar_place(place, out),
            Bar::Zero | Bar::Value(_) | Bar::Stale(_) => return false,
        };
        let find = |wanted: &str| names.iter().find(|(name, _)| *name == wanted).map(|(_, binding)| binding.clone());
        let shared = |binding: Option<Binding>| match binding {
            Some(Binding::Operand(Operand::Var(var))) => Some(Arg::Shared(Place::var(var))),
            Some(Binding::Place(place)) => Some(Arg::Shared(place)),
            Some(Binding::Operand(Operand::Const(_))) | None => None,
        };
        let (Some(first), Some(second)) = (shared(find(from[0])), shared(find(from[1]))) else { return false };
        if self.function.is_slot(bar.root) {
            return false;
        }
        let whole = bar.path.is_empty() || matches!(bar.path.as_slice(), [Proj::Deref]);
        let check = self.site.as_ref().filter(|_| whole && anomaly::is_checked(&self.function[bar.root].ty));
        let check = check.map(|site| site.check("check_adjoint", bar.clone()));
        out.push(Stmt::Eval(Op::Helper { name, args: vec![Arg::Mut(bar), first, second] }));
        out.extend(check);
        true
    }

    fn give_arg(&mut self, arg: &Arg, contribution: Contribution, out: &mut Vec<Stmt>) {
        match arg {
            Arg::Value(operand) => self.give(operand, contribution, out),
            Arg::Shared(place) | Arg::Mut(place) => self.contribute_to_place(place, contribution, out),
        }
    }

    /// `total * partial`, with the partial's sign and a division by it in the forms that a person would write.
    fn scaled(
        &mut self,
        total: Operand,
        partial: &str,
        names: &[(&str, Binding)],
        out: &mut Vec<Stmt>,
    ) -> Contribution {
        let mut formula = crate::transform::formula::parse(partial);
        let mut negative = false;
        if let syn::Expr::Unary(syn::ExprUnary { op: syn::UnOp::Neg(_), expr, .. }) = formula {
            negative = true;
            formula = *expr;
        }
        if let syn::Expr::Paren(paren) = formula {
            formula = *paren.expr;
        }
        if let syn::Expr::Binary(syn::ExprBinary { left, op: syn::BinOp::Div(_), right, .. }) = &formula
            && quote::ToTokens::to_token_stream(left).to_string() == "1.0"
        {
            let divisor = self.lower(right, names, out);
            let ty = self.function.type_of(&total);
            let value = self.define("quotient", ty, Op::Binary(BinOp::Div, total, divisor), out);
            return Contribution { value, negative, shaped: true };
        }
        let factor = self.lower(&formula, names, out);
        let value = self.product(total, factor, out);
        Contribution { value, negative, shaped: true }
    }

    pub(super) fn formula(&mut self, text: &str, names: &[(&str, Binding)], out: &mut Vec<Stmt>) -> Operand {
        let formula = crate::transform::formula::parse(text);
        self.lower(&formula, names, out)
    }

    fn lower(&mut self, formula: &syn::Expr, names: &[(&str, Binding)], out: &mut Vec<Stmt>) -> Operand {
        let before = out.len();
        let operand = crate::transform::formula::lower(&mut self.function, names, formula, out);
        for stmt in &out[before..] {
            for var in super::saved::own_definitions(stmt) {
                self.depth.insert(var, self.level);
            }
        }
        operand
    }

    /// The adjoint of `[item; n]`: every copy's cotangent is added to the item's.
    fn repeated_item(&mut self, item: VarId, total: Operand, out: &mut Vec<Stmt>) {
        let copies = match total {
            Operand::Var(copies) => Place::var(copies),
            Operand::Const(_) => return,
        };
        if self.is_scalar(item) {
            let ty = self.function[item].ty.clone();
            let op = Op::Helper { name: "sum_of", args: vec![Arg::Shared(copies)] };
            let sum = self.define("sum", ty, op, out);
            self.contribute(item, Contribution::new(sum), out);
        } else {
            let bar = self.bar_place(&Place::var(item), out);
            let args = vec![Arg::Mut(bar), Arg::Shared(copies)];
            out.push(Stmt::Eval(Op::Helper { name: "accumulate_copies", args }));
        }
    }

    fn aggregate(&mut self, var: VarId, kind: &AggregateKind, items: &[Operand], out: &mut Vec<Stmt>) {
        if !items.iter().any(|item| self.activity.operand(item)) {
            return;
        }
        let root = match self.bar(var) {
            Bar::Zero | Bar::Stale(_) => return,
            Bar::Value(Operand::Var(root)) | Bar::Memory(root) => root,
            Bar::Value(constant) if literals::inside_seed(&constant).is_some() => {
                let inside = literals::inside_seed(&constant).expect("asked above");
                items.iter().for_each(|item| self.give(item, Contribution::new(inside.clone()), out));
                return;
            }
            Bar::Value(Operand::Const(_)) | Bar::Alias(_) => self.memory(var, out),
        };
        for (index, item) in items.iter().enumerate() {
            let Operand::Var(item) = item else { continue };
            if !self.activity.is_active(*item) {
                continue;
            }
            let path = match kind {
                AggregateKind::Tuple => vec![Proj::Field(syn::Member::from(index))],
                AggregateKind::Array | AggregateKind::VecMacro => vec![Proj::Index(literals::index(index))],
                AggregateKind::Constructor(constructor) => match constructor.parts.get(index) {
                    Some((_, part)) if self.function.is_constant_member(&self.function[var].ty, part) => continue,
                    Some((_, proj)) => vec![proj.clone()],
                    None => self.clear_parts(root, constructor, out),
                },
            };
            let place = Place { root, path };
            let ty = types::owned(&self.function[*item].ty);
            let op = types::copied(place, &ty);
            let name = self.bar_name(*item);
            let part = self.define(name, ty, op, out);
            self.contribute(*item, Contribution::new(part), out);
        }
    }

    /// What remains of a struct's cotangent for the base of an update: the parts that were written out belong to these.
    fn clear_parts(&mut self, root: VarId, constructor: &Constructor, out: &mut Vec<Stmt>) -> Vec<Proj> {
        for (_, proj) in &constructor.parts {
            let part = Place { root, path: vec![proj.clone()] };
            out.push(Stmt::Eval(Op::Helper { name: "fill_zero", args: vec![Arg::Mut(part)] }));
        }
        Vec::new()
    }

    /// A call of a function that has a companion: the forward sweep keeps the pullback, the reverse sweep calls it.
    pub(super) fn call(&mut self, stmt: &mut Stmt, out: &mut Vec<Stmt>) {
        let (dest, callee, args) = match &*stmt {
            Stmt::Let { var, op: Op::Call(callee, args) } => (Some(*var), callee.clone(), args.clone()),
            Stmt::Eval(Op::Call(callee, args)) => (None, callee.clone(), args.clone()),
            other => unreachable!("{other:?} is not a call"),
        };
        let writes = args.iter().any(|arg| matches!(arg, Arg::Mut(_)) && self.activity.arg(arg));
        let dest_active = dest.is_some_and(|dest| self.activity.is_active(dest));
        if !writes && !dest_active {
            return;
        }
        let dest = dest.unwrap_or_else(|| self.derived("_unit", Type::Unit));
        self.depth.entry(dest).or_insert(self.level);
        let seed = match self.bar(dest) {
            Bar::Zero | Bar::Stale(_) if !writes => return,
            Bar::Memory(seed) => Some(Place::var(seed)),
            // A pullback is given an array, which a view is not.
            Bar::Value(value @ Operand::Var(_)) => {
                crate::ir::Function::var_of(&self.owned(dest, value, out)).map(Place::var)
            }
            Bar::Value(constant @ Operand::Const(_)) => Some(self.named_seed(dest, constant, out)),
            Bar::Zero | Bar::Stale(_) | Bar::Alias(_) if is_unused(&self.function[dest].ty) => None,
            Bar::Zero | Bar::Stale(_) | Bar::Alias(_) => {
                let zero = self.zero_like(dest, out);
                Some(self.named_seed(dest, zero, out))
            }
        };
        let (slots, scratch) = self.slots(&args, out);
        let in_out = args.iter().map(|arg| matches!(arg, Arg::Mut(_))).collect();
        let pullback = self.derived(callee.pullback_name(), Type::Pullback);
        self.depth.insert(pullback, self.level);
        let (again, tangents) = self.again(&callee, &args);
        out.push(Stmt::Pull { pullback, again, tangents, seed, slots, in_out });
        self.hand_over(scratch, out);
        *stmt = Stmt::CallVjp { dest, pullback, callee, args };
    }

    /// What a pullback takes once more: what was passed by shared reference, and the tangents of that.
    fn again(&self, callee: &Callee, args: &[Arg]) -> (Vec<Place>, Vec<Option<Place>>) {
        let (own, tangents) = args.split_at(args.len() >> callee.order);
        let places = own.iter().enumerate().map(|(position, arg)| match arg {
            _ if callee.function_at(position).is_some() => None,
            Arg::Value(Operand::Var(var)) if callee.again.contains(&position) => Some(Place::var(*var)),
            arg => again_for(&self.function, arg),
        });
        let places: Vec<Option<Place>> = places.collect();
        let tangents = tangents.iter().zip(places.iter().cycle()).filter(|(_, own)| own.is_some());
        let tangents = tangents.map(|(tangent, _)| again_for(&self.function, tangent)).collect();
        (places.into_iter().flatten().collect(), tangents)
    }

    fn named_seed(&mut self, dest: VarId, value: Operand, out: &mut Vec<Stmt>) -> Place {
        let (name, ty) = (self.bar_name(dest), types::owned(&self.function[dest].ty));
        match self.define(name, ty, Op::Use(value), out) {
            Operand::Var(var) => Place::var(var),
            Operand::Const(_) => unreachable!("`define` gives a variable"),
        }
    }

    /// Where a pullback adds its results, one per argument. Rust forbids to hand out the same cotangent twice: the
    /// second time it is a fresh one, returned with the place to add it to.
    fn slots(&mut self, args: &[Arg], out: &mut Vec<Stmt>) -> (Vec<Option<Place>>, Vec<(Place, VarId)>) {
        let mut slots = Vec::new();
        let mut scratch = Vec::new();
        let mut taken: Vec<VarId> = Vec::new();
        for arg in args {
            let place = match arg {
                Arg::Value(Operand::Const(_)) => None,
                Arg::Value(Operand::Var(var)) => Some(Place::var(*var)),
                Arg::Shared(place) | Arg::Mut(place) => Some(place.clone()),
            };
            let carries = |place: &Place| {
                types::may_carry_derivative(&self.function.place_type(place)) && !self.function.is_constant_part(place)
            };
            let written = matches!(arg, Arg::Mut(place) if carries(place));
            let Some(place) = place.filter(|place| written || self.activity.place(place)) else {
                slots.push(None);
                continue;
            };
            if !self.activity.place(&place) {
                // The callee insists on a cotangent for what it writes.
                slots.push(Some(self.scratch(&place, out)));
                continue;
            }
            let bar = self.bar_place(&place, out);
            if taken.contains(&bar.root) {
                let fresh = self.scratch(&place, out);
                scratch.push((place, fresh.root));
                slots.push(Some(fresh));
            } else {
                taken.push(bar.root);
                slots.push(Some(bar));
            }
        }
        (slots, scratch)
    }

    /// Adds fresh cotangents to the places that they are of.
    pub(super) fn hand_over(&mut self, scratch: Vec<(Place, VarId)>, out: &mut Vec<Stmt>) {
        for (to, bar) in scratch {
            let ty = self.function[bar].ty.clone();
            let op = types::taken(Place::var(bar), &ty);
            let name = self.function[bar].name.clone();
            let total = self.define(name, ty, op, out);
            self.contribute_to_place(&to, Contribution::new(total), out);
        }
    }

    pub(super) fn scratch(&mut self, place: &Place, out: &mut Vec<Stmt>) -> Place {
        let ty = types::owned(&self.function.place_type(place));
        let name = self.bar_name(place.root);
        let zero = match literals::zero(&ty) {
            Some(zero) => zero,
            None => self.define(name.clone(), ty.clone(), Op::ZeroOf(place.clone()), out),
        };
        let var = self.function.fresh(name, ty, Storage::Memory, Origin::Derived);
        self.depth.insert(var, self.level);
        out.push(Stmt::Declare { var, init: Some(zero) });
        Place::var(var)
    }
}

/// Whether the operation's derivative is infinite or undefined at some arguments where its value is finite.
fn is_singular(op: &Op) -> bool {
    const SINGULAR: [&str; 15] = [
        "acos", "acosh", "asin", "atanh", "cbrt", "ln", "ln_1p", "log", "log10", "log2", "powf", "powi", "recip",
        "sqrt", "tan",
    ];
    match op {
        Op::Binary(BinOp::Div | BinOp::Rem, _, _) => true,
        Op::Intrinsic(intrinsic) => SINGULAR.contains(&intrinsic.row.name),
        _ => false,
    }
}

/// The reference that a pullback takes once more, for an argument that was passed by shared reference.
fn again_for(function: &crate::ir::Function, arg: &Arg) -> Option<Place> {
    match arg {
        Arg::Shared(place) => Some(place.clone()),
        Arg::Value(Operand::Var(var)) if function.is_ref(*var) => Some(Place::var(*var)),
        Arg::Value(_) | Arg::Mut(_) => None,
    }
}

fn is_same(left: &Operand, right: &Operand) -> bool {
    matches!((left, right), (Operand::Var(left), Operand::Var(right)) if left == right)
}

/// The row of an operator between arrays.
pub(crate) fn operator_row(op: BinOp) -> Option<&'static Row> {
    op.arithmetic().and_then(|(_, method)| rules::tensor::operator(method))
}

/// What is known of a callee where only its name matters.
impl Callee {
    pub(crate) fn pullback_name(&self) -> String {
        format!("{}_pullback", self.name)
    }
}

/// The type of results that nobody takes, and of such with their tangents.
fn is_unused(ty: &Type) -> bool {
    match ty {
        Type::Unit => true,
        Type::Tuple(items) => !items.is_empty() && items.iter().all(is_unused),
        _ => false,
    }
}
