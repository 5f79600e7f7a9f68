//! The adjoints of branches, loops and element-wise statements.

use proc_macro2::TokenStream;
use quote::quote;

use super::bars::{Bar, Contribution};
use super::saved;
use super::{Mode, Reverse};
use crate::analysis::types;
use crate::ir::literals;
use crate::ir::walk;
use crate::ir::{
    Arg, Arm, BinOp, Block, Const, Function, Iter, MapInput, Op, Operand, Param, Passing, Place, Proj, ScopeId, Stmt,
    Storage, Type, VarId,
};
use crate::transform::prepare;

impl Reverse<'_> {
    pub(super) fn control(&mut self, stmt: &mut Stmt, following: Option<VarId>, out: &mut Vec<Stmt>) {
        self.settle_before(out);
        if let Stmt::For { id, .. } | Stmt::While { id, .. } | Stmt::Loop { id, .. } = &*stmt
            && let Some(held) = self.prepared.held.get(id).cloned()
        {
            return self.held_loop(*id, &held, stmt, out);
        }
        let written = loop_id(stmt).and_then(|id| self.function.loops.get(&id).copied());
        self.around.extend(written);
        match stmt {
            Stmt::If { dest, cond, then, els } => self.branch(*dest, &cond.clone(), then, els, out),
            Stmt::Match { dest, scrutinee, arms } => self.arms(*dest, &scrutinee.clone(), arms, following, out),
            Stmt::For { id, iter, body } => self.counted(*id, iter, body, out),
            Stmt::While { id, body, .. } | Stmt::Loop { id, body, .. } => self.repeated(*id, body, out),
            Stmt::Map { dest, inputs, body } => self.elementwise(*dest, inputs, body, out),
            other => unreachable!("{other:?} is not a control statement"),
        }
        if written.is_some() {
            self.around.pop();
        }
    }

    fn seed(&mut self, dest: Option<VarId>, out: &mut Vec<Stmt>) -> Option<Operand> {
        dest.and_then(|dest| self.take_all(dest, out))
    }

    fn branch(&mut self, dest: Option<VarId>, cond: &Operand, then: &mut Block, els: &mut Block, out: &mut Vec<Stmt>) {
        let seed = self.seed(dest, out);
        let then = self.nested(then, seed.clone(), &[], |_, _| {});
        let els = self.nested(els, seed, &[], |_, _| {});
        if !saved::is_empty(&then) || !saved::is_empty(&els) {
            let (then, els) = (Block { stmts: then, result: None }, Block { stmts: els, result: None });
            out.push(Stmt::If { dest: None, cond: cond.clone(), then, els });
        }
    }

    fn arms(
        &mut self,
        dest: Option<VarId>,
        scrutinee: &Operand,
        arms: &mut [Arm],
        following: Option<VarId>,
        out: &mut Vec<Stmt>,
    ) {
        let seed = self.seed(dest, out);
        let again = prepare::is_matched_again(&self.function, scrutinee, arms);
        let recorded = following.filter(|var| self.prepared.arms.contains(var));
        let mut mirrored = Vec::new();
        for arm in arms.iter_mut() {
            let bindings: Vec<VarId> = arm.bindings.iter().map(|(var, _)| *var).collect();
            let paths = arm.bindings.clone();
            self.refer(&paths, scrutinee);
            let (bound, entry) = if again { (&bindings[..], &[][..]) } else { (&[][..], &bindings[..]) };
            mirrored.push(self.mirrored(&mut arm.body, seed.clone(), bound, entry, |this, out| {
                for (binding, path) in paths {
                    this.binding(binding, path, scrutinee, out);
                }
            }));
        }
        if mirrored.iter().all(|stmts| saved::is_empty(stmts)) {
            return;
        }
        let count = arms.len();
        let mirrored = arms.iter().zip(mirrored).enumerate().map(|(index, (arm, stmts))| {
            let mirror = if again { self.arm_again(arm, index, recorded) } else { numbered_arm(index, count) };
            Arm { body: Block { stmts, result: None }, ..mirror }
        });
        let mut mirrored: Vec<Arm> = mirrored.collect();
        let matched = if again {
            merge_idle_arms(&mut mirrored);
            scrutinee.clone()
        } else {
            Operand::Var(recorded.expect("a match that matters records its arm"))
        };
        out.push(Stmt::Match { dest: None, scrutinee: matched, arms: mirrored });
    }

    /// The mirror of an arm that is told by its pattern. Whether a guard held is told by the recorded number of the arm.
    fn arm_again(&mut self, arm: &Arm, index: usize, recorded: Option<VarId>) -> Arm {
        let bindings = arm.bindings.iter().map(|(var, _)| (*var, None)).collect();
        let guard = arm.guard.is_some().then(|| {
            let recorded = Operand::Var(recorded.expect("a match with guards records its arm"));
            let number = literals::index(index);
            let mut stmts = Vec::new();
            let held = self.define("held", Type::Bool, Op::Binary(BinOp::Eq, recorded, number), &mut stmts);
            Block { stmts, result: Some(held) }
        });
        Arm { pattern: arm.pattern.clone(), bindings, guard, body: Block::default() }
    }

    /// Notes what the references that a pattern binds refer to: their cotangents are parts of the scrutinee's.
    fn refer(&mut self, bindings: &[(VarId, Option<Vec<Proj>>)], scrutinee: &Operand) {
        for (binding, path) in bindings {
            if let (Operand::Var(root), Some(path), true) = (scrutinee, path, self.function.is_ref(*binding)) {
                self.references.insert(*binding, Place { root: *root, path: path.clone() });
            }
        }
    }

    /// A binding of a pattern is a copy of a part of the scrutinee, or a reference to it.
    fn binding(&mut self, binding: VarId, path: Option<Vec<Proj>>, scrutinee: &Operand, out: &mut Vec<Stmt>) {
        if self.references.contains_key(&binding) {
            return;
        }
        let (Some(total), Operand::Var(scrutinee)) = (self.take_all(binding, out), scrutinee) else { return };
        let place = Place { root: *scrutinee, path: path.unwrap_or_default() };
        self.contribute_to_place(&place, Contribution::new(total), out);
    }

    /// `while` and `loop`: as many reversed trips as there were.
    fn repeated(&mut self, id: ScopeId, body: &mut Block, out: &mut Vec<Stmt>) {
        self.loops += 1;
        self.inside.push(id);
        self.trips.push(None);
        self.counts.push(None);
        let stmts = self.nested(body, None, &[], |_, _| {});
        self.inside.pop();
        self.counts.pop();
        self.trips.pop();
        self.loops -= 1;
        if !saved::is_empty(&stmts) {
            let iter = self.countdown(id);
            out.push(Stmt::For { id, iter, body: Block { stmts, result: None } });
        }
    }

    /// `0..trips`, the trip's number being of no interest.
    fn countdown(&mut self, id: ScopeId) -> Iter {
        let usize_ty = Type::Int(Some("usize"));
        let trips = self.prepared.trips.get(&id).copied().expect("a loop that matters counts its trips");
        let lo = Operand::Const(Const { tokens: quote!(0), ty: usize_ty.clone() });
        Iter::Range { var: self.derived("_trip", usize_ty), lo, hi: Operand::Var(trips), inclusive: false }
    }

    fn counted(&mut self, id: ScopeId, iter: &mut Iter, body: &mut Block, out: &mut Vec<Stmt>) {
        let trips = self.prepared.trips.get(&id).copied();
        let repeatable = prepare::repeatable(&self.stability, iter);
        let structural = match trips {
            None => prepare::reversible(&self.function, iter),
            Some(_) => repeatable && prepare::sized(&self.function, iter) && !self.needs_what_is_gone(iter),
        };
        if !structural {
            return self.by_number(id, iter, body, out);
        }
        let mentioned = walk::mentioned(body);
        let mut mirrored_iter = iter.clone();
        for (element, of) in saved::elements(iter) {
            if self.activity.is_active(element) {
                let often = mentioned.contains(&of.root)
                    || self.is_lent(&of, &mentioned, out)
                    || saved::elements(iter).iter().filter(|(_, other)| other.root == of.root).count() > 1;
                self.bind_element(element, &of, often, &mut mirrored_iter, out);
            }
        }
        if trips.is_none() {
            self.mirrors.iters.insert(id, mirrored_iter.clone());
        }
        let bound = walk::iter_bindings(&mirrored_iter);
        let stmts = self.looped(id, body, (most_trips(&self.function, iter), self.count(iter)), &bound, &[]);
        if saved::is_empty(&stmts) {
            return;
        }
        let body = Block { stmts, result: None };
        let used = walk::mentioned(&body);
        let mut pruned = prune(mirrored_iter, &used);
        self.count_for_gone(&mut pruned, &used, out);
        let iter = match trips {
            None => unreverse(pruned),
            Some(trips) => Iter::Rev(Box::new(Iter::Take(Box::new(pruned), Operand::Var(trips)))),
        };
        out.push(Stmt::For { id, iter, body });
    }

    /// Whether the iterator runs over memory out of scope in the reverse sweep that has no cotangent of the same length.
    fn needs_what_is_gone(&self, iter: &Iter) -> bool {
        saved::elements(iter).iter().any(|(element, of)| !self.activity.is_active(*element) && self.is_gone(of))
    }

    /// Whether the place is in memory that is out of scope in the reverse sweep, or that was lent to the function: a
    /// pullback runs when that borrow has ended.
    fn is_gone(&self, of: &Place) -> bool {
        let root = &self.function[of.root];
        root.storage == Storage::Memory
            && !self.function.is_ref(of.root)
            && self.depth.get(&of.root).is_some_and(|depth| *depth > self.sweep)
            || self.is_lent_to_forward(of.root)
    }

    /// Whether the variable is a `&mut` parameter of which a pullback knows nothing but the cotangent.
    pub(super) fn is_lent_to_forward(&self, var: VarId) -> bool {
        let lent = |param: &Param| param.var == var && param.passing == Passing::Mut;
        self.mode == Mode::Split && self.function.params.iter().any(lent)
    }

    /// Lets the mirrored loop count to the length of the cotangent where it needs nothing else of memory that is gone.
    fn count_for_gone(&mut self, iter: &mut Iter, used: &[VarId], out: &mut Vec<Stmt>) {
        for (element, of) in saved::elements(iter) {
            if used.contains(&element) || !self.is_gone(&of) || !self.activity.is_active(element) {
                continue;
            }
            let bar = self.bar_place(&of, out);
            let usize_ty = Type::Int(Some("usize"));
            let len = self.derived("len", usize_ty.clone());
            out.push(Stmt::Let { var: len, op: Op::Helper { name: "len", args: vec![Arg::Shared(bar)] } });
            let var = self.derived("k", usize_ty.clone());
            let lo = Operand::Const(Const { tokens: quote!(0), ty: usize_ty });
            let range = Iter::Range { var, lo, hi: Operand::Var(len), inclusive: false };
            replace(iter, element, &|_| range.clone());
            number_by_range(iter, var);
        }
    }

    /// The mirrored body of a loop.
    fn looped(
        &mut self,
        id: ScopeId,
        body: &mut Block,
        (trips, count): (Option<Bound>, Option<Arg>),
        bound: &[VarId],
        entry: &[VarId],
    ) -> Vec<Stmt> {
        self.loops += 1;
        self.inside.push(id);
        self.trips.push(trips);
        self.counts.push(count);
        let stmts = self.nested_loop(body, bound, entry);
        self.inside.pop();
        self.counts.pop();
        self.trips.pop();
        self.loops -= 1;
        stmts
    }

    /// What tells how many trips a loop has, or a few less.
    fn count(&self, iter: &Iter) -> Option<Arg> {
        match iter {
            Iter::Range { lo, hi, .. } => {
                let usize_ty = matches!(self.function.type_of(hi), Type::Int(Some("usize")));
                (usize_ty && literals::integer(lo).is_some_and(|lo| lo < 4)).then(|| Arg::Value(self.at_most(hi)))
            }
            Iter::Elements { of, .. }
                if (self.function[of.root].storage == Storage::Value || self.function.is_ref(of.root))
                    && !self.is_lent_to_forward(of.root) =>
            {
                Some(Arg::Shared(of.clone()))
            }
            Iter::Rev(inner) | Iter::Enumerate { inner, .. } => self.count(inner),
            Iter::Zip(left, right) => self.count(left).or_else(|| self.count(right)),
            Iter::Elements { .. }
            | Iter::StepBy(..)
            | Iter::Skip(..)
            | Iter::Take(..)
            | Iter::From { .. }
            | Iter::Opaque { .. } => None,
        }
    }

    /// A number that is not smaller than the given one, and that is known earlier if this is a difference.
    fn at_most(&self, number: &Operand) -> Operand {
        match Function::var_of(number).and_then(|var| self.definitions.get(&var)) {
            Some(Op::Binary(BinOp::Sub, more, _)) => self.at_most(more),
            _ => number.clone(),
        }
    }

    /// A loop whose iterator cannot run again: by the numbers of its trips, from which follows which elements it was at.
    fn by_number(&mut self, id: ScopeId, iter: &mut Iter, body: &mut Block, out: &mut Vec<Stmt>) {
        let usize_ty = Type::Int(Some("usize"));
        let trip = self.derived("trip", usize_ty.clone());
        self.depth.insert(trip, self.level + 1);
        let mut positions = Vec::new();
        for (element, of) in saved::elements(iter) {
            if !self.activity.is_active(element) {
                continue;
            }
            let mut alias = self.bar_place(&of, out);
            let index = match self.position_in(iter, element, Operand::Var(trip), &mut positions) {
                Some(index) => index,
                None => {
                    // The forward sweep counts along.
                    let index = self.derived("k", usize_ty.clone());
                    self.depth.insert(index, self.level + 1);
                    replace(iter, element, &|leaf| Iter::Enumerate { var: index, inner: Box::new(leaf) });
                    Operand::Var(index)
                }
            };
            alias.path.push(Proj::Index(index));
            self.bars.insert(element, Bar::Alias(alias));
        }
        let entry = walk::iter_bindings(iter);
        let mut stmts = self.looped(id, body, (most_trips(&self.function, iter), None), &[], &entry);
        if saved::is_empty(&stmts) {
            return;
        }
        stmts.splice(0..0, positions);
        let body = Block { stmts, result: None };
        let lo = Operand::Const(Const { tokens: quote!(0), ty: usize_ty });
        let trips = self.prepared.trips.get(&id).copied().expect("a loop that matters counts its trips");
        let range = Iter::Range { var: trip, lo, hi: Operand::Var(trips), inclusive: false };
        let numbered = walk::mentioned(&body).contains(&trip);
        let iter = if numbered { Iter::Rev(Box::new(range)) } else { range };
        if !numbered {
            self.function[trip].name = "_trip".to_owned();
        }
        out.push(Stmt::For { id, iter, body });
    }

    /// The position of `element` in the trip `at`, where it follows from that.
    pub(super) fn position_in(
        &mut self,
        iter: &Iter,
        element: VarId,
        at: Operand,
        out: &mut Vec<Stmt>,
    ) -> Option<Operand> {
        let mut position = |op: BinOp, left: Operand, right: &Operand| {
            let var = self.derived("k", Type::Int(Some("usize")));
            self.depth.insert(var, self.level + 1);
            out.push(Stmt::Let { var, op: Op::Binary(op, left, right.clone()) });
            Operand::Var(var)
        };
        match iter {
            Iter::Elements { var, .. } => (*var == element).then_some(at),
            Iter::Zip(left, right) => {
                let found = self.position_in(left, element, at.clone(), out);
                found.or_else(|| self.position_in(right, element, at, out))
            }
            Iter::Enumerate { inner, .. } | Iter::Take(inner, _) => self.position_in(inner, element, at, out),
            Iter::Skip(inner, count) => {
                let at = position(BinOp::Add, at, count);
                self.position_in(inner, element, at, out)
            }
            Iter::StepBy(inner, step) => {
                let at = position(BinOp::Mul, at, step);
                self.position_in(inner, element, at, out)
            }
            Iter::Rev(_) | Iter::Range { .. } | Iter::From { .. } | Iter::Opaque { .. } => None,
        }
    }

    /// Whether the body adds to the cotangent of `of` through other names as well: elements that outer loops bind.
    fn is_lent(&mut self, of: &Place, mentioned: &[VarId], out: &mut Vec<Stmt>) -> bool {
        let root = self.bar_place(of, out).root;
        // What is defined in the body has no cotangent yet.
        let mut outside = mentioned.to_vec();
        outside.retain(|var| self.depth.get(var).is_none_or(|depth| *depth <= self.level));
        outside.into_iter().any(|var| {
            self.resolve(var, out);
            matches!(self.bar(var), Bar::Alias(alias) if alias.root == root)
        })
    }

    /// Gives the element reference of a loop a cotangent: a mutable element reference into the cotangent of what is
    /// iterated over, or, where that is borrowed otherwise as well, the element by its index.
    fn bind_element(&mut self, element: VarId, of: &Place, by_index: bool, iter: &mut Iter, out: &mut Vec<Stmt>) {
        let bar = self.bar_place(of, out);
        if by_index || self.function.is_slot(bar.root) {
            let index = self.derived("k", Type::Int(Some("usize")));
            let mut alias = bar;
            alias.path.push(Proj::Index(Operand::Var(index)));
            self.bars.insert(element, Bar::Alias(alias));
            replace(iter, element, &|leaf| Iter::Enumerate { var: index, inner: Box::new(leaf) });
            return;
        }
        let inner = Box::new(types::owned(&self.function[element].ty));
        let name = self.bar_name(element);
        let elem_bar = self.derived(name, Type::Ref { mutable: true, inner });
        let alias = Place { root: elem_bar, path: vec![Proj::Deref] };
        self.bars.insert(element, Bar::Alias(alias));
        replace(iter, element, &|leaf| {
            let bars = Iter::Elements { var: elem_bar, of: bar.clone(), mutable: true };
            Iter::Zip(Box::new(leaf), Box::new(bars))
        });
    }

    /// The cotangent of an element, and where it comes from: that of the array, or that of the sum for each of them.
    fn seed_of_elements(&mut self, dest: VarId, total: Operand, out: &mut Vec<Stmt>) -> (Operand, Option<MapInput>) {
        if self.is_scalar(dest) {
            return (total, None);
        }
        let of = match total {
            Operand::Var(var) => Place::var(var),
            Operand::Const(_) => Place::var(self.memory(dest, out)),
        };
        let elem_ty = types::element(&self.function[dest].ty);
        let elem = self.derived(self.bar_name(dest), elem_ty.unwrap_or(Type::Unknown));
        (Operand::Var(elem), Some(MapInput { elem, of }))
    }

    /// An element-wise statement: its body runs again for each element, followed by its adjoint.
    fn elementwise(&mut self, dest: VarId, inputs_of: &mut Vec<MapInput>, body: &mut Block, out: &mut Vec<Stmt>) {
        let inputs = &inputs_of.clone();
        let Some(total) = self.seed(Some(dest), out) else { return };
        let (seed, seeds) = self.seed_of_elements(dest, total, out);
        let (mut outputs, mut scratch) = (Vec::new(), Vec::new());
        let active = inputs.iter().filter(|input| self.activity.is_active(input.elem)).count();
        for input in inputs {
            if self.activity.is_active(input.elem) {
                let mut of = self.bar_place(&input.of, out);
                if active > 1 && self.function.is_slot(of.root) {
                    // Each of several slots may be wanted without the others.
                    of = self.scratch(&input.of, out);
                    scratch.push((input.of.clone(), of.root));
                }
                let inner = Box::new(self.function[input.elem].ty.clone());
                let name = self.bar_name(input.elem);
                let elem = self.derived(name, Type::Ref { mutable: true, inner });
                self.bars.insert(input.elem, Bar::Alias(Place { root: elem, path: vec![Proj::Deref] }));
                outputs.push(MapInput { elem, of });
            }
        }
        let outer = (self.sweep, std::mem::take(&mut self.loops));
        let (trips, counts) = (std::mem::take(&mut self.trips), std::mem::take(&mut self.counts));
        self.level += 1;
        self.sweep = self.level;
        self.pending.push(Vec::new());
        self.open_beside();
        self.storage.push(saved::Storages::default());
        let mut again = body.clone();
        let adjoint = self.block(&mut again, Some(seed));
        self.pending.pop();
        again.stmts.splice(0..0, self.close_beside());
        self.storage.pop();
        self.level -= 1;
        self.leave();
        (self.sweep, self.loops) = outer;
        (self.trips, self.counts) = (trips, counts);
        if saved::is_empty(&adjoint) {
            return;
        }
        let (sources, primal) =
            crate::transform::rename::fresh_map(&mut self.function, inputs.to_vec(), std::mem::take(body));
        (*inputs_of, *body) = (sources, primal);
        again.result = None;
        again.stmts.extend(adjoint);
        let inputs = inputs.iter().cloned().chain(seeds).collect();
        let mut each = Stmt::ForEach { outputs, inputs, body: again };
        crate::transform::simplify::prune_inputs(&self.function, &mut each);
        out.push(each);
        self.hand_over(scratch, out);
    }
}

fn loop_id(stmt: &Stmt) -> Option<ScopeId> {
    match stmt {
        Stmt::For { id, .. } | Stmt::While { id, .. } | Stmt::Loop { id, .. } => Some(*id),
        _ => None,
    }
}

/// The mirror of an arm that is told by its number.
fn numbered_arm(index: usize, count: usize) -> Arm {
    let literal = proc_macro2::Literal::usize_unsuffixed(index);
    let pattern = if index + 1 == count { quote!(_) } else { quote!(#literal) };
    Arm { pattern, bindings: Vec::new(), guard: None, body: Block::default() }
}

/// The arms at the end in which nothing happens become one.
fn merge_idle_arms(arms: &mut Vec<Arm>) {
    let idle = arms.iter().rev().take_while(|arm| saved::is_empty(&arm.body.stmts)).count();
    if idle > 0 {
        arms.truncate(arms.len() - idle);
        arms.push(numbered_arm(0, 1));
    }
}

/// How many trips a loop has at most, as far as that is known where the function is compiled.
#[derive(Clone, Debug)]
pub(super) enum Bound {
    Number(usize),
    /// A constant, or a parameter like `N`.
    Constant(TokenStream),
}

impl Bound {
    fn of_length(length: &TokenStream) -> Bound {
        let number = syn::parse2::<syn::LitInt>(length.clone()).and_then(|length| length.base10_parse());
        number.map_or_else(|_| Bound::Constant(length.clone()), Bound::Number)
    }
}

/// An upper bound for the number of trips, if the iterator is a range to a constant, or over an array.
fn most_trips(function: &Function, iter: &Iter) -> Option<Bound> {
    match iter {
        Iter::Range { lo, hi, inclusive, .. } => match (literals::integer(lo), literals::integer(hi), hi) {
            (Some(lo), Some(hi), _) => Some(Bound::Number((hi + usize::from(*inclusive)).saturating_sub(lo))),
            (Some(_), None, Operand::Const(constant)) if !inclusive => Some(Bound::Constant(constant.tokens.clone())),
            _ => None,
        },
        Iter::Elements { of, .. } => match types::strip_refs(&function.place_type(of)) {
            Type::Array(_, length) => Some(Bound::of_length(length)),
            _ => None,
        },
        Iter::Rev(inner) | Iter::StepBy(inner, _) | Iter::Skip(inner, _) | Iter::Take(inner, _) => {
            most_trips(function, inner)
        }
        Iter::Enumerate { inner, .. } => most_trips(function, inner),
        Iter::Zip(left, right) => most_trips(function, left).or_else(|| most_trips(function, right)),
        Iter::From { .. } | Iter::Opaque { .. } => None,
    }
}

/// Reverses an iterator; twice reversed is forward again.
fn unreverse(iter: Iter) -> Iter {
    match iter {
        Iter::Rev(inner) => *inner,
        other => Iter::Rev(Box::new(other)),
    }
}

/// Replaces the source that binds `var`.
pub(super) fn replace(iter: &mut Iter, var: VarId, with: &dyn Fn(Iter) -> Iter) {
    match iter {
        Iter::Elements { var: own, .. } => {
            if *own == var {
                *iter = with(iter.clone());
            }
        }
        Iter::Zip(left, right) => {
            replace(left, var, with);
            replace(right, var, with);
        }
        Iter::Enumerate { inner, .. }
        | Iter::Rev(inner)
        | Iter::StepBy(inner, _)
        | Iter::Skip(inner, _)
        | Iter::Take(inner, _) => replace(inner, var, with),
        Iter::Range { .. } | Iter::From { .. } | Iter::Opaque { .. } => {}
    }
}

/// A range that binds `var` and is enumerated gives its numbers itself.
fn number_by_range(iter: &mut Iter, range: VarId) {
    match iter {
        Iter::Enumerate { var, inner } => match &mut **inner {
            Iter::Range { var: own, .. } if *own == range => {
                *own = *var;
                *iter = (**inner).clone();
            }
            _ => number_by_range(inner, range),
        },
        Iter::Zip(left, right) => {
            number_by_range(left, range);
            number_by_range(right, range);
        }
        Iter::Rev(inner) | Iter::StepBy(inner, _) | Iter::Skip(inner, _) | Iter::Take(inner, _) => {
            number_by_range(inner, range);
        }
        Iter::Elements { .. } | Iter::Range { .. } | Iter::From { .. } | Iter::Opaque { .. } => {}
    }
}

/// Leaves out what the body does not use, as long as the number of trips stays the same.
pub(crate) fn prune(iter: Iter, used: &[VarId]) -> Iter {
    match iter {
        Iter::Enumerate { var, inner } => {
            let inner = prune(*inner, used);
            if used.contains(&var) { Iter::Enumerate { var, inner: Box::new(inner) } } else { inner }
        }
        Iter::Zip(left, right) => {
            // A source and its cotangent have the same length, so that one of them suffices.
            let twin = matches!((&*left, &*right), (Iter::Elements { .. }, Iter::Elements { mutable: true, .. }));
            let (left, right) = (prune(*left, used), prune(*right, used));
            let uses = |iter: &Iter| walk::iter_bindings(iter).iter().any(|var| used.contains(var));
            if twin && !uses(&left) {
                return right;
            }
            if twin && !uses(&right) {
                return left;
            }
            Iter::Zip(Box::new(left), Box::new(right))
        }
        Iter::Rev(inner) => Iter::Rev(Box::new(prune(*inner, used))),
        Iter::StepBy(inner, step) => Iter::StepBy(Box::new(prune(*inner, used)), step),
        Iter::Skip(inner, count) => Iter::Skip(Box::new(prune(*inner, used)), count),
        Iter::Take(inner, count) => Iter::Take(Box::new(prune(*inner, used)), count),
        Iter::Elements { var, of, mutable: _ } if !used.contains(&var) => Iter::Elements { var, of, mutable: false },
        leaf @ (Iter::Elements { .. } | Iter::Range { .. } | Iter::From { .. } | Iter::Opaque { .. }) => leaf,
    }
}
