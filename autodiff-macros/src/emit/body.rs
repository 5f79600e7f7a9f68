//! Bodies of functions.

use proc_macro2::TokenStream;
use quote::quote;

use super::chunks;
use super::effects::is_copy;
use super::fold::{Env, Folder};
use super::kept;
use super::names::Names;
use super::paths::Paths;
use super::print::Printer;
use super::tree::{Block, Expr, Line, Pattern};
use super::unique;
use super::unpack;
use super::uses::Counts;
use crate::ir::{self, Function, Op, Origin, Param, Passing, Proj, Stmt, Storage, Type, VarId, walk};
use crate::transform::{Pullback, Split};

/// A function without its signature's types.
pub(super) struct Body {
    /// The parameters' patterns.
    pub(super) params: Vec<TokenStream>,
    pub(super) body: TokenStream,
    /// For a function without a result that is left early: the body that returns `((), ())`, as forms have it that give
    /// a value and its tangent whatever the function gives.
    pub(super) in_pairs: Option<TokenStream>,
    /// For a joint form: the body that makes gradients, and which of them.
    pub(super) anew: Option<(TokenStream, Vec<bool>)>,
}

impl Body {
    pub(super) fn new(params: Vec<TokenStream>, body: TokenStream) -> Body {
        Body { params, body, in_pairs: None, anew: None }
    }

    /// The body of a function without a result, for a form that gives `((), ())`.
    pub(super) fn of_unit_pair(&self) -> TokenStream {
        let body = &self.body;
        self.in_pairs.clone().unwrap_or_else(|| quote!({ #body } ((), ())))
    }
}

/// The types in the signature of a pullback closure, one per parameter.
pub(super) struct PullbackTypes {
    pub(super) again: Vec<TokenStream>,
    pub(super) seed: TokenStream,
    pub(super) slots: Vec<TokenStream>,
    /// The receiver cannot be called `self`.
    pub(super) renames_receiver: bool,
}

impl PullbackTypes {
    /// The types of all parameters in order.
    pub(super) fn all(&self) -> Vec<TokenStream> {
        self.again.iter().chain([&self.seed]).chain(&self.slots).cloned().collect()
    }
}

/// How the pullback is returned.
#[derive(Clone, Copy)]
pub(super) enum PullbackForm {
    /// By a name.
    Named,
    /// In a box.
    Boxed,
    /// Where it is written: so the compiler tells its parameters' types by what is expected.
    Inline,
}

/// A function's body, and its parameters' patterns. `renames_receiver` says that its receiver cannot be called `self`.
pub(super) fn function(function: &Function, paths: &Paths, renames_receiver: bool) -> Body {
    let left_early = matches!(function.result, Type::Unit) && left_early(&function.body);
    let in_pairs = left_early.then(|| {
        let unit = || Expr::Tuple(Vec::new());
        with_nothing_as(Some(Expr::Tuple(vec![unit(), unit()])), function, paths, renames_receiver).body
    });
    Body { in_pairs, ..with_nothing_as(None, function, paths, renames_receiver) }
}

/// The body of a joint form, and the one for gradients that do not exist yet.
pub(super) fn joint(joint: &Function, anew: Option<&(Function, Vec<bool>)>, paths: &Paths) -> Body {
    let anew = anew.map(|(anew, made)| (function(anew, paths, false).body, made.clone()));
    Body { anew, ..function(joint, paths, false) }
}

/// The same with a value for "nothing", which functions without a result return.
fn with_nothing_as(nothing: Option<Expr>, function: &Function, paths: &Paths, renames_receiver: bool) -> Body {
    let mut function = unique::function(function);
    let body = std::mem::take(&mut function.body);
    let unpacked = unpack::tuples(&mut function, &[&body]);
    let mut folder = Folder::new(&function, paths, &unpacked, &[&body]);
    folder.nothing = nothing.clone();
    let mut block = folder.block(&body);
    end_with_value(&mut block);
    if let Some(nothing) = nothing
        && block.result.is_none()
    {
        block.result = Some(Box::new(nothing));
    }
    folder.tidy(&mut block);
    kept::wrap(&function, paths, &mut block);
    chunks::split(&function, &mut block);
    print(&function, &folder, &block, renames_receiver)
}

/// The forward sweep that returns its value with the reverse sweep as a closure.
pub(super) fn split(split: &Split, paths: &Paths, types: &PullbackTypes, form: PullbackForm) -> Body {
    let Split { forward: mut function, pullback } = unique::split(split);
    let value = function.fresh("value", function.result.clone(), Storage::Value, Origin::Derived);
    let closure = function.fresh("pullback", Type::Pullback, Storage::Value, Origin::Derived);
    let (seed, reverse) = seed(&function, &pullback);
    let forward = std::mem::take(&mut function.body);
    let unpacked = unpack::tuples(&mut function, &[&forward, &reverse]);
    let mut folder = Folder::new(&function, paths, &unpacked, &[&forward, &reverse]);
    let mut env = Env::default();
    forward.stmts.iter().for_each(|stmt| folder.stmt(&mut env, stmt));
    let handed_back: Vec<VarId> =
        function.params.iter().filter(|p| p.passing != Passing::Value).map(|p| p.var).collect();
    folder.flush_for(&mut env, &reverse, |var| !handed_back.contains(&var));
    let params = pullback_params(&folder, &pullback, seed, types);
    let mut body = folder.inner(&env, &reverse);
    chunks::split(&function, &mut body);
    folder.prune(&mut env);
    let result = match folder.result(&mut env, &forward.result) {
        Some(expr @ (Expr::Var(_) | Expr::Tokens(_))) => expr,
        // The closure takes what it needs with it, so that the value has to be there before.
        Some(expr) => {
            env.lines.push(binding(value, expr));
            Expr::Var(value)
        }
        None => Expr::Tuple(Vec::new()),
    };
    let sweep = Expr::Closure { moves: true, params, body: Box::new(Expr::Block { label: None, body }) };
    let (sweep, inline) = match form {
        PullbackForm::Named => (sweep, false),
        PullbackForm::Boxed => (Expr::call(quote::quote!(Box::new), vec![sweep]), false),
        PullbackForm::Inline => (sweep, true),
    };
    let result = if inline {
        Expr::Tuple(vec![result, sweep])
    } else {
        env.lines.push(binding(closure, sweep));
        Expr::Tuple(vec![result, Expr::Var(closure)])
    };
    let mut block = Block { lines: env.lines, result: Some(Box::new(result)) };
    kept::wrap(&function, paths, &mut block);
    chunks::split(&function, &mut block);
    print(&function, &folder, &block, types.renames_receiver)
}

/// How the closure binds its seed, and the reverse sweep after that: a scalar that is only copied is bound by `&copy`.
fn seed(function: &Function, pullback: &Pullback) -> (Seed, ir::Block) {
    let mut reverse = pullback.body.clone();
    let copy = |stmt: &Stmt| match stmt {
        Stmt::Let { var, op: Op::Read(place) }
            if place.root == pullback.seed && matches!(place.path[..], [Proj::Deref]) =>
        {
            Some(*var)
        }
        _ => None,
    };
    let copies: Vec<VarId> = reverse.stmts.iter().filter_map(copy).collect();
    let mentions = Counts::of_block(&reverse).get(pullback.seed);
    match copies[..] {
        [var] if mentions == 1 && is_copy(&function[var].ty) => {
            reverse.stmts.retain(|stmt| copy(stmt).is_none());
            (Seed::Copy(var), reverse)
        }
        _ => (Seed::Reference(pullback.seed), reverse),
    }
}

enum Seed {
    Reference(VarId),
    Copy(VarId),
}

fn pullback_params(folder: &Folder<'_>, pullback: &Pullback, seed: Seed, types: &PullbackTypes) -> Vec<Pattern> {
    let typed = |pattern, ty: &TokenStream| Pattern::Typed(Box::new(pattern), ty.clone());
    let again = pullback.again.iter().zip(&types.again).map(|(var, ty)| typed(folder.binding(*var), ty));
    let seed = match seed {
        Seed::Reference(var) => folder.binding(var),
        Seed::Copy(var) => match folder.binding(var) {
            Pattern::Wild => Pattern::Wild,
            _ => {
                let mutable = folder.written.contains(&var);
                Pattern::Ref(Box::new(Pattern::Var { var, mutable }))
            }
        },
    };
    let seed = typed(seed, &types.seed);
    let slots = pullback.slots.iter().zip(&types.slots).map(|(slot, ty)| {
        let used = slot.filter(|slot| folder.totals.get(*slot) > 0);
        typed(used.map_or(Pattern::Wild, |var| Pattern::Var { var, mutable: true }), ty)
    });
    again.chain([seed]).chain(slots).collect()
}

fn binding(var: VarId, value: Expr) -> Line {
    Line::Let { pattern: Pattern::Var { var, mutable: false }, ascription: None, value: Some(value) }
}

/// A `return` at the very end is the body's value.
/// A statement of the block leaves the function.
fn left_early(block: &ir::Block) -> bool {
    block
        .stmts
        .iter()
        .any(|stmt| matches!(stmt, Stmt::Return { value: None }) || walk::blocks(stmt).into_iter().any(left_early))
}

fn end_with_value(block: &mut Block) {
    if block.result.is_some() {
        return;
    }
    match block.lines.pop() {
        Some(Line::Return(value)) => block.result = value.map(Box::new),
        Some(line) => block.lines.push(line),
        None => {}
    }
}

fn print(function: &Function, folder: &Folder<'_>, block: &Block, renames_receiver: bool) -> Body {
    let vars: Vec<VarId> = function.params.iter().map(|param| param.var).collect();
    let names = Names::choose(function, &vars, block, renames_receiver);
    let printer = Printer { names: &names, paths: folder.paths };
    let pattern = |param: &Param| {
        let by_value = param.passing == Passing::Value && folder.written.contains(&param.var);
        printer.pattern(&Pattern::Var { var: param.var, mutable: by_value })
    };
    Body::new(function.params.iter().map(pattern).collect(), printer.body(block))
}
