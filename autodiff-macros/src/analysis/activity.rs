//! Activity: which variables carry a derivative from an input to the result.
//!
//! A variable is *varied* if it depends on a differentiated parameter and *useful* if the result depends on it; it is
//! *active* if both hold. Only active variables have cotangents and tangents. The analysis does not look at the order
//! of statements (a variable is varied everywhere or nowhere), which keeps it small and errs on the safe side.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use std::collections::{HashMap, HashSet};

use super::types::{self, may_carry_derivative, strip_refs};
use crate::diagnostics::Diagnostics;
use crate::ir::walk::{self, Access, Visit};
use crate::ir::{
    AggregateKind, Arg, Block, EditKind, Function, Iter, MapInput, Op, Opaque, Operand, Passing, Place, Proj, Stmt,
    Type, VarId,
};
use crate::rules::Derivative;

/// The active variables of a function.
#[derive(Clone, Debug, Default)]
pub(crate) struct Activity {
    pub(crate) varied: HashSet<VarId>,
    useful: HashSet<VarId>,
    /// The steps to parts that are declared constant, and what they are parts of.
    constants: HashSet<(VarId, Vec<String>)>,
}

impl Activity {
    pub(crate) fn is_active(&self, var: VarId) -> bool {
        self.varied.contains(&var) && self.useful.contains(&var)
    }

    pub(crate) fn operand(&self, operand: &Operand) -> bool {
        Function::var_of(operand).is_some_and(|var| self.is_active(var))
    }

    pub(crate) fn place(&self, place: &Place) -> bool {
        self.is_active(place.root) && !self.is_constant(place)
    }

    /// The place is declared constant, or lies in a part that is.
    fn is_constant(&self, place: &Place) -> bool {
        let mut steps = Vec::new();
        !self.constants.is_empty()
            && place.path.iter().any(|step| {
                steps.push(types::step_name(step));
                self.constants.contains(&(place.root, steps.clone()))
            })
    }

    pub(crate) fn arg(&self, arg: &Arg) -> bool {
        match arg {
            Arg::Value(operand) => self.operand(operand),
            Arg::Shared(place) | Arg::Mut(place) => self.place(place),
        }
    }

    /// Declares a variable that a transform introduced to be active or not, like the one that it stands for.
    pub(crate) fn like(&mut self, new: VarId, old: VarId) {
        if self.is_active(old) {
            self.varied.insert(new);
            self.useful.insert(new);
        }
    }
}

/// Analyses `function`; with `off`, everything whose type can carry a derivative is active.
pub(crate) fn analyse(function: &Function, off: bool) -> Activity {
    let mut activity = Activity::default();
    let mut constants = Constants { function, places: HashSet::new(), read: HashSet::new() };
    walk::block(&mut constants, &function.body);
    activity.constants = constants.places;
    if off {
        let all = (0..function.vars.len() as u32).map(VarId).filter(|var| carries(function, *var));
        activity.varied = all.filter(|var| !constants.read.contains(var)).collect();
        activity.useful = activity.varied.clone();
        return activity;
    }
    let seeds = function.params.iter().filter(|param| param.differentiated);
    activity.varied.extend(seeds.map(|param| param.var));
    fixpoint(function, &mut activity.varied, Direction::Forward);
    activity.useful.extend(function.body.result.as_ref().and_then(Function::var_of));
    let outputs = function.params.iter().filter(|param| param.passing == Passing::Mut);
    activity.useful.extend(outputs.map(|param| param.var));
    fixpoint(function, &mut activity.useful, Direction::Backward);
    activity
}

/// Collects the places that are declared constant.
struct Constants<'a> {
    function: &'a Function,
    places: HashSet<(VarId, Vec<String>)>,
    /// The variables that hold what is there, or refer to it.
    read: HashSet<VarId>,
}

impl Visit for Constants<'_> {
    fn enter(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Let { var, op: Op::Read(place) | Op::Move(place) | Op::Borrow(place) | Op::CloneOf(place) }
                if self.function.is_constant_part(place) =>
            {
                self.read.insert(*var);
            }
            Stmt::For { iter, .. } => {
                for source in walk::sources(iter) {
                    if let Iter::Elements { var, of, .. } = source
                        && self.function.is_constant_part(of)
                    {
                        self.read.insert(*var);
                    }
                }
            }
            Stmt::Match { scrutinee: Operand::Var(root), arms, .. } => {
                let bound = arms.iter().flat_map(|arm| &arm.bindings);
                let constant = bound.filter(|(_, path)| is_constant_part(self.function, *root, path.as_deref()));
                self.read.extend(constant.map(|(var, _)| *var));
            }
            _ => {}
        }
    }

    fn place(&mut self, place: &Place, _: Access) {
        if let Some(len) = self.function.constant_prefix(place) {
            let steps = place.path[..len].iter().map(types::step_name);
            self.places.insert((place.root, steps.collect()));
        }
    }
}

/// A part of a variant that is declared constant.
fn is_constant_part(function: &Function, root: VarId, path: Option<&[Proj]>) -> bool {
    path.is_some_and(|path| function.is_constant_part(&Place { root, path: path.to_vec() }))
}

#[derive(Clone, Copy, PartialEq)]
enum Direction {
    Forward,
    Backward,
}

fn carries(function: &Function, var: VarId) -> bool {
    may_carry_derivative(&function[var].ty)
}

/// One edge of the dependence relation: `to` depends on `from`.
type Edge = (VarId, VarId);

fn fixpoint(function: &Function, set: &mut HashSet<VarId>, direction: Direction) {
    let edges = Edges::of(function, false);
    if direction == Direction::Backward {
        set.extend(edges.returns.iter().copied());
    }
    let neighbours = edges.neighbours(direction);
    let mut reached: Vec<VarId> = set.iter().copied().collect();
    while let Some(known) = reached.pop() {
        for new in neighbours.get(&known).into_iter().flatten() {
            if carries(function, *new) && set.insert(*new) {
                reached.push(*new);
            }
        }
    }
}

/// Collects the dependences between variables.
struct Edges<'a> {
    function: &'a Function,
    /// Also between integers, and from them to what is computed from them.
    discrete: bool,
    edges: Vec<Edge>,
    /// Variables that are returned early.
    returns: Vec<VarId>,
}

impl<'a> Edges<'a> {
    fn of(function: &'a Function, discrete: bool) -> Self {
        let mut edges = Edges { function, discrete, edges: Vec::new(), returns: Vec::new() };
        edges.block(&function.body);
        edges
    }

    /// The variables one edge away from each, in the given direction.
    fn neighbours(self, direction: Direction) -> HashMap<VarId, Vec<VarId>> {
        let mut neighbours: HashMap<VarId, Vec<VarId>> = HashMap::new();
        for (from, to) in self.edges {
            let (known, new) = if direction == Direction::Forward { (from, to) } else { (to, from) };
            neighbours.entry(known).or_default().push(new);
        }
        neighbours
    }

    fn operand_to(&mut self, from: &Operand, to: VarId) {
        self.edges.extend(Function::var_of(from).map(|from| (from, to)));
    }

    fn arg_to(&mut self, from: &Arg, to: VarId) {
        match from {
            Arg::Value(operand) => self.operand_to(operand, to),
            Arg::Shared(place) | Arg::Mut(place) => self.place_to(place, to),
        }
    }

    fn place_to(&mut self, from: &Place, to: VarId) {
        if self.discrete || !self.function.is_constant_part(from) {
            self.edges.push((from.root, to));
        }
    }

    /// A value that goes to a place: one in a part that is declared constant has no derivative there.
    fn operand_to_place(&mut self, from: &Operand, to: &Place) {
        if self.discrete || !self.function.is_constant_part(to) {
            self.operand_to(from, to.root);
        }
    }

    fn block(&mut self, block: &Block) {
        block.stmts.iter().for_each(|stmt| self.stmt(stmt));
    }

    /// A block that yields to `dest`.
    fn yields(&mut self, block: &Block, dest: Option<VarId>) {
        self.block(block);
        if let (Some(result), Some(dest)) = (&block.result, dest) {
            self.operand_to(result, dest);
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Let { var, op } => self.op(op, Some(*var)),
            Stmt::Declare { var, init } => {
                if let Some(init) = init {
                    self.operand_to(init, *var);
                }
            }
            Stmt::Assign { place, value }
            | Stmt::Accumulate { place, value, negative: _ }
            | Stmt::AccumulateInto { place, value } => self.operand_to_place(value, place),
            Stmt::Eval(op) => self.op(op, None),
            Stmt::If { dest, cond: _, then, els } => {
                self.yields(then, *dest);
                self.yields(els, *dest);
            }
            Stmt::Match { dest, scrutinee, arms } => {
                for arm in arms {
                    let root = Function::var_of(scrutinee);
                    let constant = |path: Option<&[Proj]>| {
                        root.is_some_and(|root| is_error(path) || is_constant_part(self.function, root, path))
                    };
                    let bound = arm.bindings.iter().filter(|(_, path)| !constant(path.as_deref()));
                    let bound: Vec<VarId> = bound.map(|(var, _)| *var).collect();
                    bound.into_iter().for_each(|var| self.operand_to(scrutinee, var));
                    arm.guard.iter().for_each(|guard| self.block(guard));
                    self.yields(&arm.body, *dest);
                }
            }
            Stmt::For { id: _, iter, body } => {
                self.iter(iter);
                self.block(body);
            }
            Stmt::While { id: _, header, body } => {
                self.block(header);
                self.block(body);
            }
            Stmt::Loop { dest, id, body } | Stmt::Scope { dest, id, body } => {
                self.breaks(body, *id, *dest);
                self.yields(body, *dest);
            }
            Stmt::Return { value } => self.returns.extend(value.as_ref().and_then(Function::var_of)),
            Stmt::Map { dest, inputs, body } => {
                self.elements(inputs);
                self.yields(body, Some(*dest));
            }
            Stmt::Break { .. } | Stmt::Continue { .. } | Stmt::Comment(_) => {}
            Stmt::ForEach { .. }
            | Stmt::Push { .. }
            | Stmt::CallVjp { .. }
            | Stmt::Pull { .. }
            | Stmt::CallJvp { .. } => unreachable!("activity is analysed before a function is transformed"),
        }
    }

    fn elements(&mut self, inputs: &[MapInput]) {
        inputs.iter().for_each(|input| self.place_to(&input.of, input.elem));
    }

    /// The values that leave the scope `id` with a `break`.
    fn breaks(&mut self, body: &Block, id: crate::ir::ScopeId, dest: Option<VarId>) {
        let Some(dest) = dest else { return };
        for stmt in &body.stmts {
            if let Stmt::Break { target, value: Some(value) } = stmt
                && *target == id
            {
                self.operand_to(value, dest);
            }
            walk::blocks(stmt).into_iter().for_each(|block| self.breaks(block, id, Some(dest)));
        }
    }

    fn iter(&mut self, iter: &Iter) {
        for source in walk::sources(iter) {
            if let Iter::Elements { var, of, mutable } = source {
                self.place_to(of, *var);
                if *mutable && !self.function.is_constant_part(of) {
                    self.edges.push((*var, of.root));
                }
            }
            if let Iter::Range { var, lo, .. } | Iter::From { var, lo } = source
                && self.discrete
            {
                self.operand_to(lo, *var);
            }
        }
    }

    fn op(&mut self, op: &Op, dest: Option<VarId>) {
        match op {
            Op::Call(_, args) => {
                let outputs = args.iter().filter_map(|arg| match arg {
                    Arg::Mut(place) => (!self.function.is_constant_part(place)).then_some(place.root),
                    Arg::Value(_) | Arg::Shared(_) => None,
                });
                let outputs: Vec<VarId> = outputs.collect();
                for to in outputs.into_iter().chain(dest) {
                    args.iter().for_each(|arg| self.arg_to(arg, to));
                }
            }
            Op::Intrinsic(intrinsic) => {
                let carries = matches!(intrinsic.row.derivative, Derivative::Partials(_) | Derivative::Tensor(_));
                if let (Some(dest), true) = (dest, carries || self.discrete) {
                    intrinsic.args.iter().for_each(|arg| self.arg_to(arg, dest));
                }
            }
            Op::Edit(edit) if !self.function.is_constant_part(&edit.list) => {
                let (list, source) = (edit.list.root, edit.kind.source().map(|source| source.root));
                edit.kind.put().into_iter().for_each(|value| self.operand_to(value, list));
                self.edges.extend(source.into_iter().map(|source| (source, list)));
                if matches!(edit.kind, EditKind::Exchange(_)) {
                    self.edges.extend(source.into_iter().map(|source| (list, source)));
                }
                self.edges.extend(dest.into_iter().map(|dest| (list, dest)));
            }
            Op::Opaque(opaque) if self.discrete => {
                self.edges.extend(dest.into_iter().flat_map(|dest| opaque.uses.iter().map(move |from| (*from, dest))));
            }
            Op::Helper { args, .. } if self.discrete => {
                dest.into_iter().for_each(|dest| args.iter().for_each(|arg| self.arg_to(arg, dest)));
            }
            Op::Helper { name: "tangent_of" | "cast_tangent", args } => {
                // The tangent comes last.
                dest.into_iter().zip(args.last()).for_each(|(dest, tangent)| self.arg_to(tangent, dest));
            }
            Op::Helper { .. } | Op::Opaque(_) | Op::Edit(_) => {}
            Op::Use(_)
            | Op::Read(_)
            | Op::Move(_)
            | Op::Borrow(_)
            | Op::CloneOf(_)
            | Op::Unary(..)
            | Op::Binary(..)
            | Op::Cast(..)
            | Op::Aggregate(..)
            | Op::Repeat { .. }
            | Op::ZeroOf(_)
            | Op::NewTape
            | Op::Rewind(_)
            | Op::Pop(_)
            | Op::TakeCotangent(_) => {
                if let Some(dest) = dest {
                    self.data(op, dest);
                }
            }
        }
    }

    /// Operations through which a derivative passes from everything that they read.
    fn data(&mut self, op: &Op, dest: VarId) {
        struct Sources<'a>(&'a Function, Vec<VarId>);
        impl Visit for Sources<'_> {
            fn operand(&mut self, operand: &Operand) {
                self.1.extend(Function::var_of(operand));
            }
            fn place(&mut self, place: &Place, _: Access) {
                self.1.extend((!self.0.is_constant_part(place)).then_some(place.root));
            }
        }
        let mut sources = Sources(self.function, Vec::new());
        walk::op(&mut sources, op);
        // What an integer selects, by an index, does not change with it a little.
        let indices = match op {
            Op::Read(place) | Op::Move(place) | Op::Borrow(place) | Op::CloneOf(place) => Some(place.root),
            _ => None,
        };
        let counts = |var: &VarId| match indices {
            Some(root) if self.discrete => *var == root,
            _ => self.discrete || carries(self.function, *var),
        };
        let sources: Vec<Edge> = sources.1.into_iter().filter(counts).map(|from| (from, dest)).collect();
        self.edges.extend(sources);
    }
}

/// What the `Err` of a `Result` holds carries no derivative.
fn is_error(path: Option<&[Proj]>) -> bool {
    path.is_some_and(|path| path.iter().any(|step| matches!(step, Proj::Payload(method) if method == "err_0_mut")))
}

/// Reports where a derivative would be lost: an active value cast to an integer or handed to tokens that are not
/// understood.
pub(crate) fn check_losses(function: &Function, diagnostics: &mut Diagnostics) {
    let activity = analyse(function, false);
    let mut stored = Stored::default();
    walk::block(&mut stored, &function.body);
    let mut constants = Constants { function, places: HashSet::new(), read: HashSet::new() };
    walk::block(&mut constants, &function.body);
    let constants = constants.read;
    let stored = stored.constructed;
    walk::block(&mut Losses { function, activity, uses: None, stored, constants, diagnostics }, &function.body);
}

/// The structs and variants that a function makes: text in a field of one stays text.
#[derive(Default)]
struct Stored {
    constructed: HashSet<VarId>,
}

impl Visit for Stored {
    fn enter(&mut self, stmt: &Stmt) {
        if let Stmt::Let { var, op: Op::Aggregate(AggregateKind::Constructor(_), _) } = stmt {
            self.constructed.insert(*var);
        }
    }
}

struct Losses<'a> {
    function: &'a Function,
    activity: Activity,
    /// What is computed from a variable, integers included; most functions have no cast that asks for it.
    uses: Option<HashMap<VarId, Vec<VarId>>>,
    /// What has fields that keep text apart from numbers.
    stored: HashSet<VarId>,
    /// What refers to parts that are declared constant, or holds them.
    constants: HashSet<VarId>,
    diagnostics: &'a mut Diagnostics,
}

impl Visit for Losses<'_> {
    fn enter(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Let { var, op: Op::Cast(operand, target) } => self.cast(operand, target, *var),
            Stmt::Let { var, op: Op::Opaque(opaque) } if is_text(opaque) && !self.becomes_a_number_again(*var) => {}
            Stmt::Let { op: Op::Opaque(opaque), .. } | Stmt::Eval(Op::Opaque(opaque))
                if text_written(opaque).is_some_and(|text| !self.becomes_a_number_again(text)) => {}
            Stmt::Let { op: Op::Opaque(opaque), .. } | Stmt::Eval(Op::Opaque(opaque)) => self.opaque(opaque),
            Stmt::Match { scrutinee, arms, .. } => {
                let varied = Function::var_of(scrutinee).is_some_and(|var| self.activity.varied.contains(&var));
                let errors = arms.iter().flat_map(|arm| &arm.bindings).filter(|(_, path)| is_error(path.as_deref()));
                errors.filter(|_| varied).for_each(|(var, _)| self.error(*var));
            }
            Stmt::Assign { place, value } | Stmt::Accumulate { place, value, .. } => self.store(place, value),
            Stmt::Let { var, op: Op::Aggregate(AggregateKind::Constructor(constructor), items) } => {
                for ((member, part), item) in constructor.parts.iter().zip(items) {
                    if self.function.is_constant_member(&self.function[*var].ty, part) && self.is_varied(item) {
                        self.constant(item, self.function[*var].source, &quote!(#member).to_string());
                    }
                }
            }
            Stmt::Let { op: op @ Op::Call(..), .. } | Stmt::Eval(op @ Op::Call(..)) => self.lent(op),
            Stmt::Let { op: Op::Edit(edit), .. } | Stmt::Eval(Op::Edit(edit)) => {
                let source = edit.kind.source().filter(|place| self.activity.varied.contains(&place.root));
                let source = source.map(|place| Operand::Var(place.root));
                if let Some(value) =
                    edit.kind.put().cloned().into_iter().chain(source).find(|value| self.is_varied(value))
                {
                    self.kept(&edit.list, &value);
                }
            }
            _ => {}
        }
    }
}

impl Losses<'_> {
    fn cast(&mut self, operand: &Operand, target: &TokenStream, dest: VarId) {
        let varied = Function::var_of(operand).is_some_and(|var| self.activity.varied.contains(&var));
        if varied && !carries(self.function, dest) && self.becomes_a_number(dest) {
            // From the first token of what is cast to the last one of the type.
            let start = Ident::new("cast", self.function[dest].source);
            self.diagnostics.error(
                quote!(#start #target),
                "this cast to an integer discards the derivative",
                &format!("if that is meant, write `stop_gradient(x) as {target}`; otherwise keep the value a float"),
            );
        }
    }

    /// Whether a float is computed from an integer. One that only selects (an index, an arm, a number of trips) is a step
    /// function like a condition: no derivative is lost.
    fn becomes_a_number(&mut self, integer: VarId) -> bool {
        self.leads_to(integer, &HashSet::new(), carries)
    }

    /// Whether a float may be read back from text. An error that is made of the text is no number.
    fn becomes_a_number_again(&mut self, text: VarId) -> bool {
        let number = |function: &Function, var: VarId| {
            carries(function, var) && !matches!(function[var].ty, Type::Result(..) | Type::Option(_))
        };
        let stored = std::mem::take(&mut self.stored);
        let found = self.leads_to(text, &stored, number);
        self.stored = stored;
        found
    }

    /// Whether something of this kind is computed from a variable, other than by way of these.
    fn leads_to(&mut self, from: VarId, ends: &HashSet<VarId>, kind: impl Fn(&Function, VarId) -> bool) -> bool {
        let function = self.function;
        let uses = self.uses.get_or_insert_with(|| Edges::of(function, true).neighbours(Direction::Forward));
        let mut reached = HashSet::from([from]);
        let mut open = vec![from];
        while let Some(var) = open.pop() {
            for to in uses.get(&var).into_iter().flatten().filter(|to| !ends.contains(to)) {
                if kind(function, *to) {
                    return true;
                }
                if !matches!(function[*to].ty, Type::Bool) && reached.insert(*to) {
                    open.push(*to);
                }
            }
        }
        false
    }

    fn is_varied(&self, operand: &Operand) -> bool {
        Function::var_of(operand).is_some_and(|var| self.activity.varied.contains(&var))
    }

    /// A differentiable value that goes to a part that is declared constant.
    fn kept(&mut self, place: &Place, value: &Operand) {
        if let Some(len) = self.function.constant_prefix(place)
            && let Proj::Field(member) = &place.path[len - 1]
        {
            self.constant(value, self.function[place.root].span, &quote!(#member).to_string());
        } else if self.constants.contains(&place.root) {
            let name = self.function[place.root].name.clone();
            self.constant(value, self.function[place.root].span, &name);
        }
    }

    fn constant(&mut self, value: &Operand, at: Span, field: &str) {
        let at = Function::var_of(value).map_or(at, |var| self.function[var].source);
        let message = format!("a differentiable value is stored in `{field}`, which `#[nograd]` declares constant");
        self.diagnostics.error_at(
            at,
            message,
            "write `stop_gradient(x)` if that is meant, or take `#[nograd]` off the field",
        );
    }

    /// A part that is declared constant is lent to a function that may store what it is given in it.
    fn lent(&mut self, call: &Op) {
        let Op::Call(callee, args) = call else { return };
        let varied = |arg: &Arg| match arg {
            Arg::Value(operand) => self.is_varied(operand),
            Arg::Shared(place) | Arg::Mut(place) => {
                self.activity.varied.contains(&place.root) && !self.function.is_constant_part(place)
            }
        };
        let constant = |arg: &Arg| matches!(arg, Arg::Mut(place) if self.function.is_constant_part(place));
        if args.iter().any(constant) && args.iter().any(varied) {
            let message = "a field that `#[nograd]` declares constant is changed together with differentiable values";
            let help = "write `stop_gradient(x)` for what it is given, or take `#[nograd]` off the field";
            self.diagnostics.error_at(callee.span, message, help);
        }
    }

    /// A differentiable value that goes where nothing differentiable was thought to be.
    fn store(&mut self, place: &Place, value: &Operand) {
        let varied = self.is_varied(value);
        if varied {
            self.kept(place, value);
        }
        if varied && !carries(self.function, place.root) {
            let root = &self.function[place.root];
            self.diagnostics.error_at(
                root.span,
                format!("a differentiable value is stored in `{}`, whose type is not known here", root.name),
                "annotate the variable with its type, `let mut state: State = ..`",
            );
        }
    }

    /// A number that comes out of an error has lost its derivative.
    fn error(&mut self, var: VarId) {
        let number = match strip_refs(&self.function[var].ty) {
            Type::Float(_) | Type::FloatLiteral | Type::Tensor(_) => true,
            Type::Array(item, _) | Type::Slice(item) | Type::Vec(item) | Type::Deque(item) => {
                may_carry_derivative(item)
            }
            Type::Tuple(items) => items.iter().any(|item| matches!(item, Type::Float(_))),
            _ => false,
        };
        if number {
            let name = Ident::new(self.function[var].name.trim_end_matches("_ref"), self.function[var].span);
            self.diagnostics.error(
                quote!(#name),
                "what `Err` holds carries no derivative",
                "return the number in `Ok`, or write `_` and compute it again",
            );
        }
    }

    fn opaque(&mut self, opaque: &Opaque) {
        if opaque.constant || (opaque.observer && !is_text(opaque)) {
            return;
        }
        let lost = |var: &&VarId| self.activity.varied.contains(var) && !is_shape_only(self.function, **var);
        if let Some(var) = opaque.uses.iter().find(lost) {
            let message =
                format!("`{}` carries a derivative, which would be lost in this expression", self.function[*var].name);
            let help =
                "write it with the operations listed in the README, or as `no_grad! { .. }` if it shall be constant";
            self.diagnostics.error(&opaque.tokens, message, help);
        }
    }
}

/// `format!` makes text of values, from which they could be read back without their derivative.
fn is_text(opaque: &Opaque) -> bool {
    opaque.tokens.clone().into_iter().next().is_some_and(|token| token.to_string() == "format")
}

/// The variable to which `write!` appends text: it is mentioned first.
fn text_written(opaque: &Opaque) -> Option<VarId> {
    let name = opaque.tokens.clone().into_iter().next()?.to_string();
    opaque.uses.first().copied().filter(|_| matches!(name.as_str(), "write" | "writeln"))
}

fn is_shape_only(function: &Function, var: VarId) -> bool {
    matches!(function[var].ty, Type::Int(_) | Type::Bool | Type::Unit | Type::Inactive)
}
