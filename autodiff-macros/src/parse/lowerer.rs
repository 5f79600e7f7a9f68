//! The state of lowering one function, and the small steps that everything else is made of.

use super::dynamic::Written;
use super::env::{Env, Lowered};
use crate::aliases::Aliases;
use crate::analysis::types::{self, may_carry_derivative};
use crate::ir::walk::{self, Access, Visit};
use crate::ir::{Arg, Block, Const, Float, Function, Op, Operand, Origin, Place, ScopeId, Stmt, Storage, Type, VarId};
use crate::nearby::Nearby;
use crate::options::Options;
use crate::owner::{Owner, Surroundings};
use crate::rules::Derivative;
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use std::cell::OnceCell;
use std::collections::{BTreeMap, HashSet};
use std::rc::Rc;

/// Where exits lead.
pub(super) struct Target {
    pub(super) label: Option<String>,
    pub(super) id: ScopeId,
    /// Receives what `break` carries; made by the first such `break`.
    pub(super) dest: Option<VarId>,
    /// A loop is the target of exits without a label.
    pub(super) is_loop: bool,
    pub(super) broken: bool,
    /// `continue` leaves this block, where the loop's body is one of several pieces of generated code.
    pub(super) continues: Option<ScopeId>,
}

/// Where `return` leads: out of the function, or out of a closure that is lowered in place.
pub(super) enum Exit {
    Function,
    Scope(usize),
}

pub(super) struct Lowerer<'a> {
    pub(super) function: &'a mut Function,
    pub(super) env: Env,
    /// The blocks being filled, the innermost last.
    blocks: Vec<Vec<Stmt>>,
    pub(super) targets: Vec<Target>,
    pub(super) exits: Vec<Exit>,
    /// Values that certainly do not depend on any differentiated parameter.
    pub(super) constants: HashSet<VarId>,
    /// Values that opaque tokens mention by their present name.
    pub(super) mentioned: HashSet<VarId>,
    refusals: Refusals,
    /// What was refused, and what is made of it: it gives no further errors.
    refused: HashSet<VarId>,
    /// References into enums that the user may write through.
    pub(super) payloads: HashSet<VarId>,
    /// Copies of what variables refer to that hold different references over time.
    pub(super) held: HashSet<VarId>,
    /// Closures being lowered, to notice recursion.
    pub(super) closure_depth: usize,
    /// Macros whose expansions are being lowered, one in the other.
    pub(super) macro_depth: usize,
    pub(super) wrt: Option<Vec<String>>,
    /// The parts of parameters that `wrt` names.
    pub(super) parts: super::frozen::Parts,
    /// The `impl` or `trait` that the function belongs to.
    pub(super) owner: Option<&'a Owner>,
    pub(super) surroundings: Option<Rc<Surroundings>>,
    /// Where the function stands.
    pub(super) site: Option<Rc<crate::site::Site>>,
    /// Whether anything in the crate may turn numbers into bits, once it was asked for.
    pub(super) bits: OnceCell<bool>,
    /// The file, where it can be read.
    pub(super) nearby: Option<Rc<Nearby>>,
    /// The macros that the function defines.
    pub(super) local_macros: Rc<HashSet<String>>,
    /// What names of types stand for in what other items say.
    pub(super) aliases: Aliases,
    /// A receiver that the function takes by value, and its derivatives by reference.
    pub(super) borrowed_self: Option<VarId>,
    /// The bounds of each type parameter.
    pub(super) type_parameters: BTreeMap<String, Vec<syn::TypeParamBound>>,
    /// The types of which the function's bounds promise that others are converted into them.
    pub(super) promised: Vec<String>,
    pub(super) result_is_refused: bool,
    /// A method that was taken for a property of arrays, by its name alone.
    pub(super) guessed: Option<syn::Ident>,
    /// The body returns `Ok(..)` or `Err(..)`, whatever the result's type is called.
    pub(super) makes_result: bool,
    /// How operators were written.
    pub(super) written: Written,
    /// A rule's formula is being lowered: `rt::` names the runtime, and nothing is moved.
    pub(super) in_formula: bool,
    /// The type of the literals of a formula, where it is not simply the float that they meet.
    pub(super) formula_float: Option<Float>,
    /// The path of the facade crate.
    pub(super) root: TokenStream,
    /// The methods whose bodies are being lowered where they are called.
    pub(super) inlining: Vec<String>,
    /// The order up to which there are derivatives.
    pub(super) order: usize,
    /// The loops that are written as such and lie in no other.
    pub(super) main_loops: Vec<Vec<ScopeId>>,
    /// How many loops that are written as such lie around the current statement.
    pub(super) loop_depth: usize,
}

impl Checkpoint {
    pub(super) fn errors(&self) -> usize {
        self.errors
    }
}

/// Why a function is not differentiated.
#[derive(Default)]
pub(super) struct Refusals {
    pub(super) errors: Vec<syn::Error>,
    /// rustc reports a mistake in the user's own function.
    pub(super) left_to_rustc: bool,
}

impl Refusals {
    pub(super) fn is_empty(&self) -> bool {
        self.errors.is_empty() && !self.left_to_rustc
    }
}

/// What `rollback` returns to.
pub(super) struct Checkpoint {
    stmts: usize,
    errors: usize,
    scopes: usize,
}

impl<'a> Lowerer<'a> {
    pub(super) fn new(function: &'a mut Function, options: &Options, owner: Option<&'a Owner>) -> Self {
        let mut env = Env::default();
        env.push();
        let wrt = options.wrt.as_ref().map(|names| names.iter().map(ToString::to_string).collect());
        Lowerer {
            function,
            env,
            blocks: vec![Vec::new()],
            targets: Vec::new(),
            exits: vec![Exit::Function],
            constants: HashSet::new(),
            mentioned: HashSet::new(),
            refusals: Refusals::default(),
            refused: HashSet::new(),
            payloads: HashSet::new(),
            inlining: Vec::new(),
            held: HashSet::new(),
            closure_depth: 0,
            macro_depth: 0,
            wrt,
            parts: super::frozen::Parts::default(),
            owner,
            surroundings: options.surroundings.clone(),
            nearby: None,
            local_macros: Rc::default(),
            site: options.site.clone(),
            bits: OnceCell::new(),
            aliases: Aliases::everywhere(options),
            borrowed_self: None,
            type_parameters: BTreeMap::new(),
            promised: Vec::new(),
            result_is_refused: false,
            guessed: None,
            makes_result: false,
            written: Written::default(),
            in_formula: false,
            root: options.root(),
            order: options.order(),
            formula_float: None,
            main_loops: Vec::new(),
            loop_depth: 0,
        }
    }

    /// What was refused, and how operators were written.
    pub(super) fn finish(self) -> (Refusals, Written) {
        (self.refusals, self.written)
    }

    /// Takes over what was refused in a function of its own.
    pub(super) fn adopt(&mut self, refusals: Refusals) {
        self.refusals.errors.extend(refusals.errors);
        self.refusals.left_to_rustc |= refusals.left_to_rustc;
    }

    /// The statements of the outermost block.
    pub(super) fn take_stmts(&mut self) -> Vec<Stmt> {
        self.blocks.last_mut().map(std::mem::take).unwrap_or_default()
    }

    // Errors

    /// Reports an error and goes on with a value of unknown type.
    pub(super) fn refuse(&mut self, tokens: impl ToTokens, message: impl std::fmt::Display, help: &str) -> Lowered {
        let help = self.help(help);
        self.error(syn::Error::new_spanned(tokens, with_help(message, &help)));
        poison()
    }

    pub(super) fn refuse_at(&mut self, span: Span, message: impl std::fmt::Display, help: &str) -> Lowered {
        let help = self.help(help);
        self.error(syn::Error::new(span, with_help(message, &help)));
        poison()
    }

    /// The advice, with the way out that a member of an annotated `impl` or `trait` has.
    fn help(&self, help: &str) -> String {
        let whole = self.owner.is_some_and(|owner| owner.whole.is_some());
        let separator = if help.is_empty() { "" } else { "; " };
        if whole { format!("{help}{separator}`#[nograd]` before the method leaves it out") } else { help.to_owned() }
    }

    pub(super) fn has_errors(&self) -> bool {
        !self.refusals.is_empty()
    }

    /// A mistake that rustc reports in the user's own function, certainly and well.
    pub(super) fn leave_to_rustc(&mut self) -> Lowered {
        if let Some(method) = self.guessed.take() {
            // rustc may see no mistake.
            let message =
                format!("`{method}` is taken for a property of an array here, and something else does not fit");
            let help = format!("if it gives a number, write its type: `let number: f64 = x.{method}();`");
            return self.refuse_at(method.span(), message, &help);
        }
        self.refusals.left_to_rustc = true;
        poison()
    }

    pub(super) fn error_count(&self) -> usize {
        self.refusals.errors.len()
    }

    pub(super) fn error(&mut self, error: syn::Error) {
        self.refusals.errors.push(error);
    }

    /// Whatever is done with this variable gives no further errors: its own has been reported.
    pub(super) fn mark_refused(&mut self, var: VarId) {
        self.refused.insert(var);
    }

    /// The value is, or was made of, something that was refused.
    pub(super) fn is_refused(&self, lowered: &Lowered) -> bool {
        match lowered {
            Lowered::Operand(operand) => self.operand_is_refused(operand),
            Lowered::Place(place) => self.refused.contains(&place.root),
            Lowered::Ref(inner, _) => self.is_refused(inner),
            Lowered::Tuple(items) => items.iter().any(|item| self.is_refused(item)),
            Lowered::View(view) => self.refused.contains(&view.array().root),
            Lowered::Unit | Lowered::Never => false,
        }
    }

    pub(super) fn operand_is_refused(&self, operand: &Operand) -> bool {
        match operand {
            Operand::Var(var) => self.refused.contains(var),
            Operand::Const(constant) => is_poison(constant),
        }
    }

    /// What is computed from something that was refused counts as refused.
    fn spread_refusal(&mut self, stmt: &Stmt) {
        let (dest, refused) = match stmt {
            Stmt::Let { var, op } => (*var, self.op_is_refused(op)),
            Stmt::Declare { var, init: Some(value) } => (*var, self.operand_is_refused(value)),
            Stmt::Assign { place, value } => (place.root, self.operand_is_refused(value)),
            _ => return,
        };
        if refused {
            self.refused.insert(dest);
        }
    }

    fn op_is_refused(&self, op: &Op) -> bool {
        struct Finds<'a, 'b>(&'a Lowerer<'b>, bool);
        impl Visit for Finds<'_, '_> {
            fn operand(&mut self, operand: &Operand) {
                self.1 |= self.0.operand_is_refused(operand);
            }
            fn place(&mut self, place: &Place, _: Access) {
                self.1 |= self.0.refused.contains(&place.root);
            }
        }
        let mut finds = Finds(self, false);
        walk::op(&mut finds, op);
        finds.1
    }

    // Statements

    pub(super) fn emit(&mut self, stmt: Stmt) {
        self.spread_refusal(&stmt);
        self.blocks.last_mut().expect("a block is open").push(stmt);
    }

    /// Runs `fill` with a new block and a new scope of names.
    pub(super) fn block<T>(&mut self, fill: impl FnOnce(&mut Self) -> T) -> (Vec<Stmt>, T) {
        self.blocks.push(Vec::new());
        self.env.push();
        let result = fill(self);
        self.env.pop();
        (self.blocks.pop().expect("pushed above"), result)
    }

    /// Runs `fill` with a new scope of names in the current block.
    pub(super) fn scope<T>(&mut self, fill: impl FnOnce(&mut Self) -> T) -> T {
        self.env.push();
        let result = fill(self);
        self.env.pop();
        result
    }

    pub(super) fn append(&mut self, stmts: Vec<Stmt>) {
        self.blocks.last_mut().expect("a block is open").extend(stmts);
    }

    /// Inserts a statement before those emitted since `at`.
    pub(super) fn insert(&mut self, at: usize, stmt: Stmt) {
        self.blocks.last_mut().expect("a block is open").insert(at, stmt);
    }

    pub(super) fn position(&self) -> usize {
        self.blocks.last().map_or(0, Vec::len)
    }

    /// The statements of the innermost open block from a position on.
    pub(super) fn stmts_since(&self, position: usize) -> &[Stmt] {
        self.blocks.last().and_then(|block| block.get(position..)).unwrap_or_default()
    }

    pub(super) fn last_stmt(&mut self) -> Option<&mut Stmt> {
        self.blocks.last_mut().and_then(|block| block.last_mut())
    }

    pub(super) fn pop_stmt(&mut self) -> Option<Stmt> {
        self.blocks.last_mut().and_then(Vec::pop)
    }

    pub(super) fn checkpoint(&self) -> Checkpoint {
        Checkpoint { stmts: self.position(), errors: self.refusals.errors.len(), scopes: self.function.scopes.len() }
    }

    /// Forgets what was lowered since: used where an expression turns out to be better kept as it is.
    pub(super) fn rollback(&mut self, to: &Checkpoint) {
        self.blocks.last_mut().expect("a block is open").truncate(to.stmts);
        self.refusals.errors.truncate(to.errors);
        self.function.scopes.truncate(to.scopes);
        let scopes = to.scopes;
        let exists = move |id: &ScopeId| (id.0 as usize) < scopes;
        self.function.checkpoints.retain(|id, _| exists(id));
        self.function.loops.retain(|id, _| exists(id));
        self.main_loops.retain(|ids| ids.iter().all(exists));
    }

    // Variables

    pub(super) fn fresh(&mut self, name: &str, ty: Type, storage: Storage, origin: Origin, span: Span) -> VarId {
        let id = self.function.fresh(name, ty, storage, origin);
        self.function[id].span = span;
        self.function[id].source = span;
        id
    }

    /// Defines a temporary by an operation.
    pub(super) fn temp(&mut self, name: &str, ty: Type, op: Op, span: Span) -> Operand {
        Operand::Var(self.temp_var(name, ty, op, span))
    }

    pub(super) fn temp_var(&mut self, name: &str, ty: Type, op: Op, span: Span) -> VarId {
        let constant = self.op_is_constant(&op);
        let var = self.fresh(name, ty, Storage::Value, Origin::Temp, span);
        if constant {
            self.constants.insert(var);
        }
        self.emit(Stmt::Let { var, op });
        var
    }

    /// Memory that only the lowering needs.
    pub(super) fn temp_memory(&mut self, name: &str, ty: Type, init: Option<Operand>, span: Span) -> VarId {
        let var = self.fresh(name, ty, Storage::Memory, Origin::Temp, span);
        self.emit(Stmt::Declare { var, init });
        var
    }

    // Types

    pub(super) fn ty(&self, operand: &Operand) -> Type {
        self.function.type_of(operand)
    }

    pub(super) fn lowered_type(&self, lowered: &Lowered) -> Type {
        match lowered {
            Lowered::Operand(operand) => self.ty(operand),
            Lowered::Place(place) => self.function.place_type(place),
            Lowered::Ref(inner, mutability) => Type::Ref {
                mutable: *mutability == super::env::Mutability::Mutable,
                inner: Box::new(self.lowered_type(inner)),
            },
            Lowered::Tuple(items) => Type::Tuple(items.iter().map(|item| self.lowered_type(item)).collect()),
            Lowered::View(view) => self.view_type(view),
            Lowered::Unit => Type::Unit,
            Lowered::Never => Type::Never,
        }
    }

    /// The type behind all references.
    pub(super) fn bare_type(&self, lowered: &Lowered) -> Type {
        types::strip_refs(&self.lowered_type(lowered)).clone()
    }

    /// Lets the root of a place learn from what is written there.
    pub(super) fn learn(&mut self, place: &Place, ty: &Type) {
        if place.path.is_empty() {
            types::merge(&mut self.function[place.root].ty, ty);
        }
    }

    // Activity, as far as it can be told without an analysis

    pub(super) fn var_is_constant(&self, var: VarId) -> bool {
        self.constants.contains(&var) || !may_carry_derivative(&self.function[var].ty)
    }

    pub(super) fn operand_is_constant(&self, operand: &Operand) -> bool {
        match operand {
            Operand::Var(var) => self.var_is_constant(*var),
            Operand::Const(_) => true,
        }
    }

    pub(super) fn place_is_constant(&self, place: &Place) -> bool {
        self.constants.contains(&place.root)
            || self.parts.is_frozen(place)
            || self.function.is_constant_part(place)
            || !may_carry_derivative(&self.function.place_type(place))
    }

    pub(super) fn lowered_is_constant(&self, lowered: &Lowered) -> bool {
        match lowered {
            Lowered::Operand(operand) => self.operand_is_constant(operand),
            Lowered::Place(place) => self.place_is_constant(place),
            Lowered::Ref(inner, _) => self.lowered_is_constant(inner),
            Lowered::Tuple(items) => items.iter().all(|item| self.lowered_is_constant(item)),
            Lowered::View(view) => self.place_is_constant(view.array()),
            Lowered::Unit | Lowered::Never => true,
        }
    }

    pub(super) fn arg_is_constant(&self, arg: &Arg) -> bool {
        match arg {
            Arg::Value(operand) => self.operand_is_constant(operand),
            Arg::Shared(place) | Arg::Mut(place) => self.place_is_constant(place),
        }
    }

    fn op_is_constant(&self, op: &Op) -> bool {
        match op {
            Op::Use(operand) | Op::Unary(_, operand) | Op::Cast(operand, _) => self.operand_is_constant(operand),
            Op::Read(place) | Op::Move(place) | Op::Borrow(place) | Op::CloneOf(place) => self.place_is_constant(place),
            Op::Binary(_, left, right) => self.operand_is_constant(left) && self.operand_is_constant(right),
            Op::Intrinsic(intrinsic) => {
                matches!(intrinsic.row.derivative, Derivative::Zero)
                    || intrinsic.args.iter().all(|arg| self.arg_is_constant(arg))
            }
            Op::Call(_, args) => args.iter().all(|arg| self.arg_is_constant(arg)),
            Op::Aggregate(_, items) => items.iter().all(|item| self.operand_is_constant(item)),
            Op::Repeat { item, .. } => self.operand_is_constant(item),
            Op::Edit(edit) => self.place_is_constant(&edit.list),
            Op::Opaque(_) | Op::Helper { .. } => true,
            Op::ZeroOf(_) | Op::NewTape | Op::Rewind(_) | Op::Pop(_) | Op::TakeCotangent(_) => false,
        }
    }
}

/// A readable wish made of a function's name and its first argument's: `sin_x`.
pub(super) fn joined(method: &str, argument: &str) -> String {
    let argument = argument.trim_start_matches("r#");
    if argument.is_empty() || argument.len() + method.len() > 14 {
        method.to_string()
    } else {
        format!("{method}_{argument}")
    }
}

pub(super) fn constant(tokens: TokenStream, ty: Type) -> Operand {
    Operand::Const(Const { tokens, ty })
}

/// What stands in for an expression that was refused.
pub(super) fn poison() -> Lowered {
    Lowered::Operand(constant(quote!(()), Type::Unknown))
}

fn with_help(message: impl std::fmt::Display, help: &str) -> String {
    if help.is_empty() { message.to_string() } else { format!("{message}\n  = help: {help}") }
}

fn is_poison(constant: &Const) -> bool {
    matches!(constant.ty, Type::Unknown) && constant.tokens.to_string() == "()"
}

/// A block of statements and what it yields.
pub(super) fn block_of(stmts: Vec<Stmt>, result: Option<Operand>) -> Block {
    Block { stmts, result }
}
