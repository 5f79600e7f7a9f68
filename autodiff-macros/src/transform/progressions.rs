//! Geometric progressions: numbers that are multiplied by the same factor again and again.
//!
//! After `n` multiplications of `p` by `x` the derivative of `p` by `x` is `n` times the value before the last one. Where
//! every read of `p` contributes that at once, no cotangent of `p` goes from trip to trip, so that the trips of a loop
//! are independent, and its mirror may be fused with it. The factor must be known where the progression begins, which is
//! with a number that carries no derivative, and nothing else may be done to it.
//!
//! The function is rewritten for this: the progression carries no derivative, a read of it is `with_slope(p, x, slope)`,
//! whose value is `p` and whose derivative by `x` is the slope. In the finished derivative both are erased.

use std::collections::{HashMap, HashSet};

use crate::analysis::activity::Activity;
use crate::ir::literals;
use crate::ir::walk::{self, Visit};
use crate::ir::{
    Arg, BinOp, Block, Float, Function, Intrinsic, Op, Operand, Origin, Place, Stmt, Storage, Type, VarId,
};
use crate::rules::{Derivative, Form, Row};
use crate::transform::facts::{Facts, Uses};
use crate::transform::rename;

/// The value of a progression, and the derivative of its factor.
static WITH_SLOPE: Row = Row {
    name: "with_slope",
    form: Form::Runtime,
    args: &["value", "x", "slope"],
    derivative: Derivative::Partials(&[None, Some("slope"), None]),
    cost: 1,
};

/// The factor without its derivative.
static HELD: Row = Row { name: "held", form: Form::Runtime, args: &["x"], derivative: Derivative::Zero, cost: 1 };

/// A number that is multiplied by the same factor again and again.
struct Progression {
    number: VarId,
    factor: VarId,
    /// The values that are read of it.
    reads: HashSet<VarId>,
    /// The products that are assigned to it, with the values that were read for them.
    updates: HashMap<VarId, VarId>,
}

/// The function with its progressions rewritten, if it has any.
pub(super) fn linearise(function: &Function, activity: &Activity) -> Option<Function> {
    let mut visible: Vec<VarId> = function.params.iter().map(|param| param.var).collect();
    let mut found = Vec::new();
    let uses = Uses::of(&function.body);
    collect(function, activity, &uses, &function.body, &mut visible, &mut found);
    if found.is_empty() {
        return None;
    }
    let mut rewritten = function.clone();
    found.iter().for_each(|progression| progression.rewrite(&mut rewritten, &uses));
    Some(rewritten)
}

/// Finds the progressions that begin in a block; `visible` are the variables that are known there. What is defined
/// after the number, but before it is used, is known as well.
fn collect(
    function: &Function,
    activity: &Activity,
    uses: &Uses,
    block: &Block,
    visible: &mut Vec<VarId>,
    found: &mut Vec<Progression>,
) {
    let outer = visible.len();
    for (position, stmt) in block.stmts.iter().enumerate() {
        match stmt {
            Stmt::Let { var, .. } => visible.push(*var),
            Stmt::Declare { var, init: Some(init) }
                if float(function, *var).is_some()
                    && activity.is_active(*var)
                    && Function::var_of(init).is_none_or(|init| !activity.is_active(init)) =>
            {
                let known = visible.len();
                let unused = |stmt: &&Stmt| !Facts::of_stmt(function, stmt).mentioned.contains(var);
                let before_use = block.stmts[position + 1..].iter().take_while(unused);
                visible.extend(before_use.flat_map(crate::transform::vjp::own_definitions));
                found.extend(Search::new(function, activity, uses, *var, visible).run());
                visible.truncate(known);
            }
            _ => {}
        }
        walk::blocks(stmt).into_iter().for_each(|inner| collect(function, activity, uses, inner, visible, found));
    }
    visible.truncate(outer);
}

fn float(function: &Function, var: VarId) -> Option<&Float> {
    match &function[var].ty {
        Type::Float(float @ (Float::F32 | Float::F64)) => Some(float),
        _ => None,
    }
}

/// Looks at everything that is done to one number.
struct Search<'a> {
    function: &'a Function,
    activity: &'a Activity,
    uses: &'a Uses,
    visible: &'a [VarId],
    factor: Option<VarId>,
    progression: Progression,
    /// How many accesses to the number were understood.
    accesses: usize,
    refused: bool,
}

impl<'a> Search<'a> {
    fn new(
        function: &'a Function,
        activity: &'a Activity,
        uses: &'a Uses,
        number: VarId,
        visible: &'a [VarId],
    ) -> Self {
        let progression = Progression { number, factor: number, reads: HashSet::new(), updates: HashMap::new() };
        Search { function, activity, uses, visible, factor: None, progression, accesses: 0, refused: false }
    }

    fn run(mut self) -> Option<Progression> {
        self.block(&self.function.body, None);
        let understood = !self.refused && self.accesses == self.uses.of_var(self.progression.number);
        let factor = self.factor.filter(|_| understood)?;
        Some(Progression { factor, ..self.progression })
    }

    /// `current` is the value that the number has at the beginning of the block, if it was read.
    fn block(&mut self, block: &Block, mut current: Option<VarId>) {
        let mut products: HashMap<VarId, (VarId, VarId)> = HashMap::new();
        for stmt in &block.stmts {
            match stmt {
                Stmt::Let { var, op: Op::Read(place) } if self.is_number(place) => {
                    self.accesses += 1;
                    self.progression.reads.insert(*var);
                    current = Some(*var);
                    continue;
                }
                Stmt::Let { var, op: Op::Binary(BinOp::Mul, Operand::Var(left), Operand::Var(right)) } => {
                    let other = if Some(*left) == current { right } else { left };
                    if let Some(current) = current.filter(|current| [left, right].contains(&current)) {
                        products.insert(*var, (current, *other));
                    }
                }
                Stmt::Assign { place, value } if self.is_number(place) => {
                    let product = Function::var_of(value).and_then(|var| Some((var, *products.get(&var)?)));
                    self.assigned(value, product.filter(|(_, (read, _))| current == Some(*read)));
                    current = None;
                    continue;
                }
                _ => {}
            }
            let changes = Facts::of_stmt(self.function, stmt).changes(self.progression.number);
            let again = matches!(stmt, Stmt::For { .. } | Stmt::While { .. } | Stmt::Loop { .. });
            let before = current.filter(|_| !(again && changes));
            walk::blocks(stmt).into_iter().for_each(|inner| self.block(inner, before));
            current = current.filter(|_| !changes);
        }
    }

    fn is_number(&self, place: &Place) -> bool {
        place.root == self.progression.number && place.path.is_empty()
    }

    /// The number becomes a product of itself, or something without derivative.
    fn assigned(&mut self, value: &Operand, product: Option<(VarId, (VarId, VarId))>) {
        self.accesses += 1;
        let Some((product, (read, factor))) = product else {
            self.refused |= Function::var_of(value).is_some_and(|var| self.activity.is_active(var));
            return;
        };
        let number = self.progression.number;
        let same = self.factor.is_none_or(|known| known == factor) && factor != read;
        let suits = self.visible.contains(&factor)
            && self.function[factor].storage == Storage::Value
            && float(self.function, factor).is_some_and(|ty| Some(ty) == float(self.function, number));
        self.refused |= !same || !suits || self.uses.of_var(product) != 1;
        self.factor = Some(factor);
        self.progression.updates.insert(product, read);
    }
}

/// The variables that a progression is rewritten with.
struct Parts {
    ty: Type,
    /// The value before the last multiplication, and the number of multiplications.
    before: VarId,
    degree: VarId,
    /// What stands for the values that are read.
    linked: HashMap<VarId, VarId>,
}

impl Progression {
    fn rewrite(&self, function: &mut Function, uses: &Uses) {
        let (name, ty) = (function[self.number].name.clone(), function[self.number].ty.clone());
        let before = function.fresh(format!("{name}_before"), ty.clone(), Storage::Memory, Origin::Derived);
        let degree = function.fresh(format!("{name}_degree"), ty.clone(), Storage::Memory, Origin::Derived);
        let mut linked = HashMap::new();
        for read in &self.reads {
            // Where it is read for its own product only, nothing depends on the factor.
            let own = self.updates.values().filter(|updated| *updated == read).count();
            if uses.of_var(*read) > own {
                linked.insert(*read, function.fresh(&*name, ty.clone(), Storage::Value, Origin::Derived));
            }
        }
        let mut body = std::mem::take(&mut function.body);
        rename::block(&mut body, &linked);
        self.block(function, &Parts { ty, before, degree, linked }, &mut body);
        function.body = body;
    }

    fn block(&self, function: &mut Function, parts: &Parts, block: &mut Block) {
        for mut stmt in std::mem::take(&mut block.stmts) {
            walk::blocks_mut(&mut stmt).into_iter().for_each(|inner| self.block(function, parts, inner));
            let out = &mut block.stmts;
            match &stmt {
                Stmt::Declare { var, .. } if *var == self.number => {
                    out.push(stmt);
                    for var in [parts.before, parts.degree] {
                        out.push(Stmt::Declare { var, init: literals::zero(&parts.ty) });
                    }
                }
                Stmt::Let { var, .. } if self.reads.contains(var) => {
                    let read = *var;
                    out.push(stmt);
                    self.link(function, parts, read, out);
                }
                Stmt::Let { var, .. } if self.updates.contains_key(var) => {
                    let held = intrinsic(&HELD, &[self.factor]);
                    let held = define(function, "held", &parts.ty, held, out);
                    let read = Operand::Var(self.updates[var]);
                    out.push(Stmt::Let { var: *var, op: Op::Binary(BinOp::Mul, read, Operand::Var(held)) });
                }
                Stmt::Assign { place, value } if place.root == self.number => {
                    let read = Function::var_of(value).and_then(|product| self.updates.get(&product)).copied();
                    parts.count(function, read, out);
                    out.push(stmt);
                }
                _ => out.push(stmt),
            }
        }
    }

    /// Defines what stands for a value that was read.
    fn link(&self, function: &mut Function, parts: &Parts, read: VarId, out: &mut Vec<Stmt>) {
        let Some(linked) = parts.linked.get(&read) else { return };
        let before = define(function, "before", &parts.ty, Op::Read(Place::var(parts.before)), out);
        let degree = define(function, "degree", &parts.ty, Op::Read(Place::var(parts.degree)), out);
        let product = Op::Binary(BinOp::Mul, Operand::Var(degree), Operand::Var(before));
        let slope = define(function, "slope", &parts.ty, product, out);
        out.push(Stmt::Let { var: *linked, op: intrinsic(&WITH_SLOPE, &[read, self.factor, slope]) });
    }
}

impl Parts {
    /// One multiplication more of the value that was read, or none yet.
    fn count(&self, function: &mut Function, read: Option<VarId>, out: &mut Vec<Stmt>) {
        let zero = || literals::zero(&self.ty).expect("progressions are of floats");
        let (before, degree) = match read {
            Some(read) => {
                let degree = define(function, "degree", &self.ty, Op::Read(Place::var(self.degree)), out);
                let one = literals::one(&self.ty).expect("progressions are of floats");
                let sum = Op::Binary(BinOp::Add, Operand::Var(degree), one);
                (Operand::Var(read), Operand::Var(define(function, "degree", &self.ty, sum, out)))
            }
            None => (zero(), zero()),
        };
        out.push(Stmt::Assign { place: Place::var(self.before), value: before });
        out.push(Stmt::Assign { place: Place::var(self.degree), value: degree });
    }
}

fn define(function: &mut Function, name: &str, ty: &Type, op: Op, out: &mut Vec<Stmt>) -> VarId {
    let var = function.fresh(name, ty.clone(), Storage::Value, Origin::Temp);
    out.push(Stmt::Let { var, op });
    var
}

fn intrinsic(row: &'static Row, args: &[VarId]) -> Op {
    let args = args.iter().map(|arg| Arg::Value(Operand::Var(*arg))).collect();
    Op::Intrinsic(Intrinsic { row, args, path: None, span: proc_macro2::Span::call_site() })
}

/// Puts the values themselves in the place of what told their derivatives.
pub(super) fn erase(block: &mut Block) {
    for stmt in &mut block.stmts {
        if let Stmt::Let { op, .. } = stmt
            && let Op::Intrinsic(Intrinsic { row, args, .. }) = op
            && [WITH_SLOPE.name, HELD.name].contains(&row.name)
            && let Some(Arg::Value(value)) = args.first()
        {
            *op = Op::Use(value.clone());
        }
        walk::blocks_mut(stmt).into_iter().for_each(erase);
    }
}

/// How many tapes a derivative has.
pub(super) fn tapes(block: &Block) -> usize {
    struct Tapes(usize);
    impl Visit for Tapes {
        fn enter(&mut self, stmt: &Stmt) {
            let kept = ["tape_for", "array_tape", "grid_tape", "stack_tape"];
            let tape =
                |op: &Op| matches!(op, Op::NewTape) || matches!(op, Op::Helper { name, .. } if kept.contains(name));
            self.0 += usize::from(matches!(stmt, Stmt::Let { op, .. } if tape(op)));
        }
    }
    let mut tapes = Tapes(0);
    walk::block(&mut tapes, block);
    tapes.0
}
