//! Patterns of sparse matrices that the index expressions tell: which elements of the result depend on which elements of the
//! argument, whatever the numbers are.
//!
//! A function is read once. Its integers, its loops over them and its branches by them stay as they are; each number is
//! replaced by the positions of the argument that it depends on, as expressions of the counters around it; and where an
//! element of the result is written, the positions are put down. What is left is a program over integers alone, such as
//! `for i in 1..n - 1 { entries.push((i, i - 1)); .. }`. Of a function that returns a number, the pairs of positions are put
//! down that meet in an operation which is not linear: the pattern of its Hessian.
//!
//! Both sides of a branch that depends on numbers count. What is not read in this way (what an earlier trip of a loop left
//! behind, lists between argument and result, exits) has no such program: its pattern is found at run time, at a point.

mod control;
mod known;
mod numbers;

use std::collections::{HashMap, HashSet};

use proc_macro2::TokenStream;
use quote::quote;

use self::known::{Head, Known};
use super::simplify;
use crate::analysis::types::{self, strip_refs};
use crate::ir::{
    AggregateKind, Arg, Block, Const, Edit, EditKind, Function, Iter, Op, Opaque, Operand, Origin, Place, Proj, Stmt,
    Storage, Type, VarId, literals,
};

/// The program for the pattern of a function's Jacobian, or, of a function that returns a number, of its Hessian: with the
/// function's parameters, giving a pattern.
pub(crate) fn of(primal: &Function) -> Option<Function> {
    let (param, ty) = primal.sole_differentiated()?;
    types::numbers(ty)?;
    if primal.params.iter().any(|param| param.function) {
        return None;
    }
    let mut reader = Reader::new(primal, param.var);
    let (mut stmts, _) = reader.block(&primal.body)?;
    let result = primal.body.result.as_ref()?;
    let pattern = if matches!(primal.result, Type::Float(_)) {
        reader.hessian(result, &mut stmts)?
    } else {
        reader.jacobian(result, &mut stmts)?
    };
    Some(reader.finish(stmts, pattern))
}

/// What a list is made of where it comes into being.
#[derive(Clone)]
enum Made {
    /// As many numbers that depend on nothing.
    Constants(Operand),
    /// These numbers.
    Parts(Vec<Known>),
    /// A copy of the argument.
    Copy,
}

struct Reader<'p> {
    primal: &'p Function,
    /// The function, with the variables that are added.
    function: Function,
    argument: VarId,
    /// The list that is returned, where that is a variable.
    result: Option<VarId>,
    /// What the result's list is known to be as long as, from its beginning.
    made: HashMap<VarId, Made>,
    rows: Option<Rows>,
    entries: VarId,
    /// What numbers depend on. Of a list that is not the result: whether it depends on anything.
    known: HashMap<VarId, Known>,
    /// Which elements loops over lists are at: positions of the argument or of the result.
    elements: HashMap<VarId, (VarId, Operand)>,
    /// Truth values that depend on numbers.
    uncertain: HashSet<VarId>,
    /// Integers that are read from memory: what is there changes.
    passing: HashSet<VarId>,
    /// The least values of counters.
    least: HashMap<VarId, usize>,
    /// In a branch that depends on numbers.
    guarded: bool,
    /// Integers that are computed already, by how they are computed.
    computed: HashMap<String, VarId>,
    same: HashMap<VarId, VarId>,
}

/// How many rows the matrix has.
#[derive(Clone)]
enum Rows {
    /// As many as was said when the list was made.
    Fixed(Operand),
    /// As many as this variable counts.
    Counted(VarId),
}

/// Statements, and those among them that may be written down again.
type Read = (Vec<Stmt>, Vec<Stmt>);

impl<'p> Reader<'p> {
    fn new(primal: &'p Function, argument: VarId) -> Self {
        let mut function = primal.clone();
        let ascription: Option<TokenStream> = Some(quote!(::std::vec::Vec<(usize, usize)>));
        let entries = function.fresh("entries", Type::Vec(Box::new(Type::Inactive)), Storage::Memory, Origin::User);
        function[entries].ascription = ascription;
        let mut reader = Reader {
            primal,
            function,
            argument,
            result: None,
            made: HashMap::new(),
            rows: None,
            entries,
            known: HashMap::new(),
            elements: HashMap::new(),
            uncertain: HashSet::new(),
            passing: HashSet::new(),
            least: HashMap::new(),
            guarded: false,
            computed: HashMap::new(),
            same: HashMap::new(),
        };
        for param in &primal.params {
            let float = types::is_float(strip_refs(&primal[param.var].ty));
            let own = param.var == argument;
            if float && own {
                reader.known.insert(param.var, Known::at(literals::index(0)));
            } else if !own {
                reader.known.insert(param.var, Known::default());
            }
        }
        reader.result = reader.returned();
        reader
    }

    /// The variable whose content is returned.
    fn returned(&self) -> Option<VarId> {
        let result = Function::var_of(self.primal.body.result.as_ref()?)?;
        self.primal.body.stmts.iter().find_map(|stmt| match stmt {
            Stmt::Let { var, op: Op::Move(place) | Op::Read(place) } if *var == result && place.path.is_empty() => {
                Some(place.root)
            }
            _ => None,
        })
    }

    fn usize_named(&mut self, name: &str, storage: Storage) -> VarId {
        self.function.fresh(name, Type::Int(Some("usize")), storage, Origin::Temp)
    }

    /// How many numbers a list has, as an operand that the statements define.
    fn length(&mut self, list: Place, stmts: &mut Vec<Stmt>) -> Operand {
        if let Type::Array(_, len) = strip_refs(&self.function[list.root].ty)
            && list.path.is_empty()
        {
            return Operand::Const(Const { tokens: len.clone(), ty: Type::Int(Some("usize")) });
        }
        let len = self.usize_named("len", Storage::Value);
        stmts.push(Stmt::Let { var: len, op: Op::Helper { name: "len", args: vec![Arg::Shared(list)] } });
        Operand::Var(len)
    }

    /// The program that these statements make.
    fn finish(mut self, stmts: Vec<Stmt>, pattern: VarId) -> Function {
        let vector = self.function.fresh("vector", Type::Unknown, Storage::Value, Origin::Temp);
        let new = Opaque {
            tokens: quote!(::std::vec::Vec::new()),
            uses: Vec::new(),
            pure: true,
            observer: false,
            constant: true,
        };
        let mut all = vec![
            Stmt::Let { var: vector, op: Op::Opaque(new) },
            Stmt::Declare { var: self.entries, init: Some(Operand::Var(vector)) },
        ];
        if let Some(Rows::Counted(rows)) = self.rows {
            all.push(Stmt::Declare { var: rows, init: Some(literals::index(0)) });
        }
        all.extend(stmts);
        let mut body = Block { stmts: all, result: Some(Operand::Var(pattern)) };
        super::rename::block(&mut body, &self.same);
        simplify::dead_code(&self.function, &mut body, &HashSet::new());
        Function { body, result: Type::Inactive, closures: Vec::new(), ..self.function }
    }

    /// The statements of a block, without its numbers.
    fn block(&mut self, block: &Block) -> Option<Read> {
        let computed = self.computed.clone();
        let (mut stmts, mut pure) = (Vec::new(), Vec::new());
        for stmt in &block.stmts {
            self.stmt(stmt, &mut stmts, &mut pure)?;
        }
        self.computed = computed;
        Some((stmts, pure))
    }

    fn stmt(&mut self, stmt: &Stmt, stmts: &mut Vec<Stmt>, pure: &mut Vec<Stmt>) -> Option<()> {
        match stmt {
            Stmt::Let { var, op } => self.define(*var, op, stmts, pure),
            Stmt::Declare { var, init } => self.declare(*var, init.as_ref(), stmts),
            Stmt::Assign { place, value } => self.write(stmt, place, value, false, stmts),
            Stmt::Accumulate { place, value, .. } => self.write(stmt, place, value, true, stmts),
            Stmt::Eval(Op::Edit(Edit { list, kind: EditKind::Push(value) })) if list.path.is_empty() => {
                self.push(list.root, value, stmts)
            }
            // What looks at values, and what declares functions.
            Stmt::Eval(Op::Opaque(opaque)) if opaque.observer || opaque.uses.is_empty() => Some(()),
            Stmt::If { dest, cond, then, els } => self.branch(*dest, cond, [then, els], stmts, pure),
            Stmt::For { id, iter, body } => {
                let mut before = Vec::new();
                let iter = self.iter(iter, &mut before)?;
                stmts.extend(before.iter().cloned());
                pure.extend(before);
                self.repeat(Head::For(*id, iter), body, stmts)
            }
            Stmt::Comment(_) => Some(()),
            Stmt::Eval(_)
            | Stmt::Match { .. }
            | Stmt::While { .. }
            | Stmt::Loop { .. }
            | Stmt::Scope { .. }
            | Stmt::Break { .. }
            | Stmt::Continue { .. }
            | Stmt::Return { .. }
            | Stmt::Map { .. }
            | Stmt::ForEach { .. }
            | Stmt::Push { .. }
            | Stmt::CallVjp { .. }
            | Stmt::Pull { .. }
            | Stmt::CallJvp { .. }
            | Stmt::AccumulateInto { .. } => None,
        }
    }

    fn define(&mut self, var: VarId, op: &Op, stmts: &mut Vec<Stmt>, pure: &mut Vec<Stmt>) -> Option<()> {
        match strip_refs(&self.primal[var].ty) {
            ty if types::is_float(ty) => {
                let known = self.number(op)?;
                self.known.insert(var, known);
            }
            Type::Int(_) | Type::Bool => self.integer(var, op, stmts, pure)?,
            _ => self.list(var, op)?,
        }
        Some(())
    }

    /// What a list is made of.
    fn list(&mut self, var: VarId, op: &Op) -> Option<()> {
        let made = match op {
            Op::Repeat { item, len, .. } if self.depends_on_nothing(item)? => Made::Constants(len.clone()),
            Op::Aggregate(AggregateKind::Array | AggregateKind::VecMacro, items) => {
                Made::Parts(items.iter().map(|item| self.operand(item)).collect::<Option<_>>()?)
            }
            Op::CloneOf(place) if place.root == self.argument && whole(place) => Made::Copy,
            Op::Helper { name: "with_capacity", .. } => Made::Parts(Vec::new()),
            Op::Opaque(opaque) if opaque.uses.is_empty() => Made::Parts(Vec::new()),
            Op::Move(place) | Op::Read(place) if Some(place.root) == self.result && place.path.is_empty() => {
                return Some(());
            }
            _ => return None,
        };
        if let Made::Constants(len) = &made
            && !self.is_plain(len)
        {
            return None;
        }
        self.made.insert(var, made);
        Some(())
    }

    fn declare(&mut self, var: VarId, init: Option<&Operand>, stmts: &mut Vec<Stmt>) -> Option<()> {
        let ty = self.primal[var].ty.clone();
        if types::is_float(&ty) {
            let known = init.map_or_else(|| Some(Known::default()), |init| self.operand(init))?;
            self.known.insert(var, known);
        } else if matches!(ty, Type::Int(_) | Type::Bool) {
            if self.guarded || !init.is_none_or(|init| self.is_plain(init)) {
                return None;
            }
            stmts.push(Stmt::Declare { var, init: init.cloned() });
        } else {
            let made = self.made.get(&Function::var_of(init?)?)?.clone();
            if Some(var) == self.result {
                types::numbers(&ty)?;
                return self.begin(made, stmts);
            }
            let depends = matches!(&made, Made::Copy)
                || matches!(&made, Made::Parts(parts) if !parts.iter().all(Known::is_nothing));
            self.known.insert(var, if depends { Known::lost() } else { Known::default() });
        }
        Some(())
    }

    /// The result's list comes into being.
    fn begin(&mut self, made: Made, stmts: &mut Vec<Stmt>) -> Option<()> {
        if self.guarded || self.rows.is_some() {
            return None;
        }
        match made {
            Made::Constants(len) => self.rows = Some(Rows::Fixed(len)),
            Made::Copy => {
                let len = self.length(Place::var(self.argument), stmts);
                self.rows = Some(Rows::Fixed(len.clone()));
                let counter = self.usize_named("k", Storage::Value);
                let iter = Iter::Range { var: counter, lo: literals::index(0), hi: len, inclusive: false };
                let mut inner = Vec::new();
                self.put(&Operand::Var(counter), &Operand::Var(counter), &mut inner);
                let id = self.function.fresh_scope(None);
                stmts.push(Stmt::For { id, iter, body: Block { stmts: inner, result: None } });
            }
            Made::Parts(parts) => {
                if matches!(self.primal.result, Type::Array(..)) {
                    self.rows = Some(Rows::Fixed(literals::index(parts.len())));
                } else {
                    let rows = self.usize_named("rows", Storage::Memory);
                    self.rows = Some(Rows::Counted(rows));
                    if !parts.is_empty() {
                        stmts.push(Stmt::Assign { place: Place::var(rows), value: literals::index(parts.len()) });
                    }
                }
                for (row, part) in parts.iter().enumerate() {
                    self.put_row(&literals::index(row), part, stmts)?;
                }
            }
        }
        Some(())
    }

    /// `place = value`, or `place += value`.
    fn write(&mut self, stmt: &Stmt, place: &Place, value: &Operand, adds: bool, stmts: &mut Vec<Stmt>) -> Option<()> {
        if let Some(row) = self.position(place, self.result) {
            let known = self.operand(value)?;
            return self.put_row(&row, &known, stmts);
        }
        let ty = self.primal[place.root].ty.clone();
        if types::is_float(&ty) && place.path.is_empty() {
            let known = self.operand(value)?;
            let held = self.known.get(&place.root).cloned().filter(|_| adds || self.guarded).unwrap_or_default();
            self.known.insert(place.root, held.and(known));
        } else if matches!(ty, Type::Int(_) | Type::Bool) && place.path.is_empty() {
            if self.guarded || !self.is_plain(value) {
                return None;
            }
            stmts.push(stmt.clone());
        } else if Some(place.root) == self.result || self.elements.contains_key(&place.root) {
            return None;
        } else if !self.depends_on_nothing(value)? {
            *self.known.get_mut(&place.root)? = Known::lost();
        }
        Some(())
    }

    fn push(&mut self, list: VarId, value: &Operand, stmts: &mut Vec<Stmt>) -> Option<()> {
        if Some(list) != self.result {
            if !self.depends_on_nothing(value)? {
                *self.known.get_mut(&list)? = Known::lost();
            }
            return Some(());
        }
        let Some(Rows::Counted(rows)) = self.rows.clone().filter(|_| !self.guarded) else { return None };
        let (row, known) = (self.usize_named("row", Storage::Value), self.operand(value)?);
        stmts.push(Stmt::Let { var: row, op: Op::Read(Place::var(rows)) });
        self.put_row(&Operand::Var(row), &known, stmts)?;
        stmts.push(Stmt::Accumulate { place: Place::var(rows), negative: false, value: literals::index(1) });
        Some(())
    }
}

/// A place that is a variable as a whole.
fn whole(place: &Place) -> bool {
    place.path.iter().all(|step| matches!(step, Proj::Deref))
}
