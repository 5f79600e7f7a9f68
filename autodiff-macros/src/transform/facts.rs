//! What statements do to the variables that are defined outside of them.

use std::collections::{HashMap, HashSet};

use crate::ir::walk::{self, Access, Visit};
use crate::ir::{Arg, Block, Function, Iter, Op, Operand, Place, Proj, Stmt, Storage, VarId};

/// The effects of a piece of code, by variable. What is done to an element reference is done to what it is an element of.
#[derive(Default)]
pub(super) struct Facts {
    /// Defined or declared inside.
    pub(super) defined: HashSet<VarId>,
    /// Mentioned in any way.
    pub(super) mentioned: HashSet<VarId>,
    /// Their contents are read.
    pub(super) read: HashSet<VarId>,
    /// Something is added to them, or to parts of them.
    pub(super) added: HashSet<VarId>,
    /// They are written in any other way.
    pub(super) written: HashSet<VarId>,
    /// They are written as a whole or handed out to be written, so that they may have another shape afterwards.
    pub(super) reshaped: HashSet<VarId>,
    /// The tapes that are pushed to.
    pub(super) pushed: HashSet<VarId>,
    /// The readers that are popped, and where.
    pub(super) popped: HashMap<VarId, Pops>,
    /// A pullback of something is kept that was handed memory to write to.
    pub(super) keeps_in_out: bool,
}

/// How often a reader is popped in one run of a piece of code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pops {
    /// Once, by a statement of its own outermost block.
    Directly,
    /// At most once.
    InBranch,
    Repeatedly,
}

impl Facts {
    pub(super) fn of_block(function: &Function, block: &Block) -> Self {
        let mut walker = Walker::new(function);
        walk::block(&mut walker, block);
        walker.facts
    }

    pub(super) fn of_stmt(function: &Function, stmt: &Stmt) -> Self {
        let mut walker = Walker::new(function);
        walk::stmt(&mut walker, stmt);
        walker.facts
    }

    pub(super) fn outer<'a>(&'a self, vars: &'a HashSet<VarId>) -> impl Iterator<Item = VarId> + 'a {
        vars.iter().copied().filter(|var| !self.defined.contains(var))
    }

    /// Whether the variable is changed in any way.
    pub(super) fn changes(&self, var: VarId) -> bool {
        self.added.contains(&var) || self.written.contains(&var)
    }
}

struct Walker<'a> {
    function: &'a Function,
    facts: Facts,
    /// What references refer to.
    aliases: HashMap<VarId, VarId>,
    /// How the current statement accesses what it writes.
    adding: bool,
    /// The current statement looks at shapes only.
    shape_only: bool,
    /// The places come from an iterator: what happens to their elements is told by the references to these.
    iterating: bool,
    loops: usize,
    branches: usize,
    /// The `loops` and `branches` that the statements being left have opened.
    open: Vec<(usize, usize)>,
}

impl<'a> Walker<'a> {
    fn new(function: &'a Function) -> Self {
        Walker {
            function,
            facts: Facts::default(),
            aliases: HashMap::new(),
            adding: false,
            shape_only: false,
            iterating: false,
            loops: 0,
            branches: 0,
            open: Vec::new(),
        }
    }

    fn base(&self, var: VarId) -> VarId {
        self.aliases.get(&var).map_or(var, |of| self.base(*of))
    }

    fn alias_iter(&mut self, iter: &Iter) {
        for (element, of) in crate::transform::vjp::elements(iter) {
            self.aliases.insert(element, of.root);
        }
    }

    fn tapes(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Push { tape, .. } => {
                self.facts.pushed.insert(*tape);
            }
            Stmt::Let { op: Op::Pop(reader), .. } => {
                let how = match (self.loops, self.branches) {
                    (0, 0) => Pops::Directly,
                    (0, _) => Pops::InBranch,
                    _ => Pops::Repeatedly,
                };
                let how = if self.facts.popped.contains_key(reader) { Pops::Repeatedly } else { how };
                self.facts.popped.insert(*reader, how);
            }
            _ => {}
        }
    }
}

impl Visit for Walker<'_> {
    fn enter(&mut self, stmt: &Stmt) {
        self.open.push((self.loops, self.branches));
        self.adding = matches!(stmt, Stmt::Accumulate { .. } | Stmt::AccumulateInto { .. } | Stmt::Pull { .. });
        self.shape_only = is_shape_only(stmt);
        self.iterating = matches!(stmt, Stmt::For { .. } | Stmt::Map { .. } | Stmt::ForEach { .. });
        self.tapes(stmt);
        match stmt {
            Stmt::For { iter, .. } => {
                self.alias_iter(iter);
                self.loops += 1;
            }
            Stmt::While { .. } | Stmt::Loop { .. } => self.loops += 1,
            Stmt::Map { inputs, .. } => {
                self.aliases.extend(inputs.iter().map(|input| (input.elem, input.of.root)));
                self.loops += 1;
            }
            Stmt::ForEach { outputs, inputs, .. } => {
                self.aliases.extend(outputs.iter().chain(inputs).map(|input| (input.elem, input.of.root)));
                self.loops += 1;
            }
            Stmt::If { .. } | Stmt::Match { .. } | Stmt::Scope { .. } => self.branches += 1,
            Stmt::Let { var, op: Op::Borrow(place) } => {
                self.aliases.insert(*var, place.root);
            }
            Stmt::CallVjp { args, .. } => {
                self.facts.keeps_in_out |= args.iter().any(|arg| matches!(arg, Arg::Mut(_)));
            }
            _ => {}
        }
    }

    fn leave(&mut self, _: &Stmt) {
        if let Some((loops, branches)) = self.open.pop() {
            (self.loops, self.branches) = (loops, branches);
        }
    }

    fn operand(&mut self, operand: &Operand) {
        if let Operand::Var(var) = operand {
            self.facts.mentioned.insert(*var);
            self.facts.read.insert(*var);
            self.facts.read.insert(self.base(*var));
        }
    }

    fn place(&mut self, place: &Place, access: Access) {
        let base = self.base(place.root);
        self.facts.mentioned.extend([place.root, base]);
        match access {
            Access::Read | Access::Write if self.iterating => {}
            Access::Read if self.shape_only => {}
            Access::Read => {
                self.facts.read.insert(base);
            }
            Access::Write if self.adding => {
                self.facts.added.insert(base);
            }
            Access::Write | Access::Move => {
                self.facts.written.insert(base);
                let whole = base == place.root && place.path.iter().all(|step| matches!(step, Proj::Deref));
                if whole || place.path.is_empty() {
                    self.facts.reshaped.insert(base);
                }
            }
        }
    }

    fn mention(&mut self, var: VarId) {
        let base = self.base(var);
        self.facts.mentioned.extend([var, base]);
        self.facts.read.extend([var, base]);
        if self.function[base].storage == Storage::Memory && !self.shape_only {
            self.facts.written.insert(base);
            self.facts.reshaped.insert(base);
        }
    }

    fn define(&mut self, var: VarId) {
        self.facts.defined.insert(var);
    }
}

/// Whether a statement looks only at the shapes of the places that it mentions, or only looks at what opaque tokens
/// mention.
pub(crate) fn is_shape_only(stmt: &Stmt) -> bool {
    match stmt {
        Stmt::Let { op: Op::ZeroOf(_) | Op::Helper { name: "len", .. }, .. } => true,
        Stmt::Let { op: Op::Opaque(opaque), .. } | Stmt::Eval(Op::Opaque(opaque)) => opaque.pure || opaque.observer,
        _ => false,
    }
}

/// How often each variable is an operand or the root of a place.
#[derive(Default)]
pub(super) struct Uses(HashMap<VarId, usize>);

impl Uses {
    pub(super) fn of(block: &Block) -> Self {
        let mut uses = Uses::default();
        walk::block(&mut uses, block);
        uses
    }

    pub(super) fn of_var(&self, var: VarId) -> usize {
        self.0.get(&var).copied().unwrap_or_default()
    }

    fn count(&mut self, var: VarId) {
        *self.0.entry(var).or_default() += 1;
    }
}

impl Visit for Uses {
    fn operand(&mut self, operand: &Operand) {
        Function::var_of(operand).into_iter().for_each(|var| self.count(var));
    }

    fn place(&mut self, place: &Place, _: Access) {
        self.count(place.root);
    }

    fn mention(&mut self, var: VarId) {
        self.count(var);
    }
}
