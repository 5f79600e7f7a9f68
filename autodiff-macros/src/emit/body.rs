//! Bodies of functions.

use proc_macro2::TokenStream;

use super::fold::{Env, Folder};
use super::names::Names;
use super::print::Printer;
use super::tree::{Block, Expr, Line, Pattern};
use crate::ir::{Function, Origin, Param, Passing, Storage, Type, VarId};
use crate::transform::{Pullback, Split};

/// A function without its signature's types.
pub(super) struct Body {
    /// The parameters' patterns.
    pub(super) params: Vec<TokenStream>,
    pub(super) body: TokenStream,
}

/// The types in the signature of a pullback closure, one per parameter.
pub(super) struct PullbackTypes {
    pub(super) again: Vec<TokenStream>,
    pub(super) seed: TokenStream,
    pub(super) slots: Vec<TokenStream>,
}

/// A function's body, and its parameters' patterns.
pub(super) fn function(function: &Function, root: &TokenStream) -> Body {
    let mut folder = Folder::new(function, root, &[&function.body]);
    let mut block = folder.block(&function.body);
    end_with_value(&mut block);
    print(function, &folder, &block)
}

/// The forward sweep that returns its value with the reverse sweep as a closure.
pub(super) fn split(split: &Split, root: &TokenStream, types: &PullbackTypes, boxed: bool) -> Body {
    let mut function = split.forward.clone();
    let value = function.fresh("value", function.result.clone(), Storage::Value, Origin::Derived);
    let closure = function.fresh("pullback", Type::Pullback, Storage::Value, Origin::Derived);
    let reverse = &split.pullback.body;
    let mut folder = Folder::new(&function, root, &[&function.body, reverse]);
    let mut env = Env::default();
    function.body.stmts.iter().for_each(|stmt| folder.stmt(&mut env, stmt));
    folder.flush_for(&mut env, reverse);
    let result = match folder.result(&mut env, &function.body.result) {
        Some(expr @ (Expr::Var(_) | Expr::Tokens(_))) => expr,
        // The closure takes what it needs with it, so that the value has to be there before.
        Some(expr) => {
            env.lines.push(binding(value, expr));
            Expr::Var(value)
        }
        None => Expr::Tuple(Vec::new()),
    };
    let params = pullback_params(&folder, &split.pullback, types);
    let body = folder.inner(&env, reverse);
    let sweep = Expr::Closure { moves: true, params, body: Box::new(Expr::Block { label: None, body }) };
    let sweep = if boxed { Expr::call(quote::quote!(Box::new), vec![sweep]) } else { sweep };
    env.lines.push(binding(closure, sweep));
    let result = Expr::Tuple(vec![result, Expr::Var(closure)]);
    let block = Block { lines: env.lines, result: Some(Box::new(result)) };
    print(&function, &folder, &block)
}

fn pullback_params(folder: &Folder<'_>, pullback: &Pullback, types: &PullbackTypes) -> Vec<Pattern> {
    let typed = |pattern, ty: &TokenStream| Pattern::Typed(Box::new(pattern), ty.clone());
    let again = pullback.again.iter().zip(&types.again).map(|(var, ty)| typed(folder.binding(*var), ty));
    let seed = typed(folder.binding(pullback.seed), &types.seed);
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

fn print(function: &Function, folder: &Folder<'_>, block: &Block) -> Body {
    let vars: Vec<VarId> = function.params.iter().map(|param| param.var).collect();
    let names = Names::choose(function, &vars, block);
    let printer = Printer { names: &names };
    let pattern = |param: &Param| {
        let by_value = param.passing == Passing::Value && folder.written.contains(&param.var);
        printer.pattern(&Pattern::Var { var: param.var, mutable: by_value })
    };
    Body { params: function.params.iter().map(pattern).collect(), body: printer.body(block) }
}
