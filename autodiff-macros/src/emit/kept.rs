//! Arrays whose memory is used again.
//!
//! What a variable holds that is only ever borrowed is dropped with the variable. If it is an array, it is wrapped in the
//! runtime's `Kept`, which hands the memory back instead of freeing it: the next call finds it. Such a variable is printed
//! `*x` where it is borrowed as a whole, and as ever where Rust dereferences by itself.

use std::collections::{HashMap, HashSet};

use proc_macro2::TokenStream;
use quote::quote;

use super::paths::Paths;
use super::tree::{Arm, Block, Expr, Line, Pattern};
use crate::analysis::types;
use crate::ir::{BinOp, Function, Storage, Type, VarId};

/// Methods that borrow their receiver, as far as they occur on arrays.
const BORROWING: [&str; 34] = [
    "axis_iter",
    "clone",
    "column",
    "diag",
    "dim",
    "dot",
    "first",
    "index_axis",
    "is_empty",
    "iter",
    "len",
    "len_of",
    "map",
    "mapv",
    "max",
    "mean",
    "mean_axis",
    "min",
    "ncols",
    "ndim",
    "nrows",
    "outer_iter",
    "pop",
    "push",
    "raw_dim",
    "reader",
    "row",
    "shape",
    "slice",
    "sum",
    "sum_axis",
    "t",
    "to_owned",
    "view",
];

/// Functions of the runtime that make arrays, or numbers of arrays.
const MAKING: [&str; 17] = [
    "copy_of",
    "dot",
    "dot_lhs_bar",
    "dot_rhs_bar",
    "insert_axis",
    "joined",
    "joined_first",
    "joined_second",
    "map_each",
    "mean_axis",
    "permuted_axes",
    "permuted_axes_bar",
    "reshaped",
    "reshaped_like",
    "select",
    "select_bar",
    "take_cotangent",
];

/// Wraps the arrays of a body.
pub(super) fn wrap(function: &Function, paths: &Paths, block: &mut Block) {
    if !function.vars.iter().any(|var| matches!(types::strip_refs(&var.ty), Type::Tensor(_))) {
        return;
    }
    let mut seen = Seen { function, candidates: HashMap::new(), moved: HashSet::new() };
    seen.block(block);
    let kept = seen.kept();
    Wrap { function, kept, paths }.block(block);
}

/// What is known of a variable that may be wrapped.
enum Candidate {
    /// It is an array.
    Array,
    /// It is a tape of arrays.
    Tape,
    /// It is a cotangent of a type that only the compiler knows.
    Tangent,
    /// A function made it of these variables, which it may borrow from.
    Made(Vec<VarId>),
}

struct Seen<'a> {
    function: &'a Function,
    candidates: HashMap<VarId, Candidate>,
    /// What is moved, or mentioned in tokens that are not looked into.
    moved: HashSet<VarId>,
}

impl Seen<'_> {
    /// The variables to be wrapped, and the function of the runtime that does it.
    fn kept(self) -> HashMap<VarId, &'static str> {
        let stays = |var: &VarId| {
            let variable = &self.function[*var];
            let lent = types::is_copy(&variable.ty) || matches!(variable.ty, Type::Ref { .. });
            variable.storage == Storage::Value && (lent || !self.moved.contains(var))
        };
        let is_kept = |(var, candidate): &(&VarId, &Candidate)| {
            !self.moved.contains(*var)
                && match candidate {
                    Candidate::Array | Candidate::Tape | Candidate::Tangent => true,
                    Candidate::Made(of) => of.iter().all(stays),
                }
        };
        let wrapper = |candidate: &Candidate| match candidate {
            Candidate::Array | Candidate::Made(_) => "kept",
            Candidate::Tape => "kept_tape",
            Candidate::Tangent => "kept_tangent",
        };
        let kept = self.candidates.iter().filter(is_kept);
        kept.map(|(var, candidate)| (*var, wrapper(candidate))).collect()
    }

    /// The variable that a pattern binds, if what is bound may be wrapped.
    fn bound(&mut self, pattern: &Pattern, value: &Expr) {
        match pattern {
            Pattern::Var { var, mutable: _ } => {
                // Of the type of a default nothing is known yet.
                if is_array(&self.function[*var].ty) && !matches!(value, Expr::Tokens(_)) {
                    self.candidates.insert(*var, Candidate::Array);
                } else if matches!(&self.function[*var].ty, Type::Tape(inner) if is_array(inner))
                    && calls(value, "Tape")
                {
                    self.candidates.insert(*var, Candidate::Tape);
                } else if is_unknown(&self.function[*var].ty) && calls(value, "zero_tangent") {
                    self.candidates.insert(*var, Candidate::Tangent);
                }
            }
            Pattern::Tuple(parts) => {
                let [Pattern::Var { var, mutable: _ }, Pattern::Var { .. }] = parts[..] else { return };
                if !calls(value, "call_vjp") {
                    return;
                }
                if is_array(&self.function[var].ty) {
                    self.candidates.insert(var, Candidate::Array);
                } else if is_unknown(&self.function[var].ty) {
                    let mut of = Vec::new();
                    value.visit(&mut |part| {
                        if let Expr::Var(var) = part {
                            of.push(*var);
                        }
                    });
                    self.candidates.insert(var, Candidate::Made(of));
                }
            }
            Pattern::Ref(_)
            | Pattern::Array(_)
            | Pattern::Some(_)
            | Pattern::Wild
            | Pattern::Tokens(..)
            | Pattern::Typed(..) => {}
        }
    }

    fn block(&mut self, block: &Block) {
        block.lines.iter().for_each(|line| self.line(line));
        block.result.iter().for_each(|result| self.moved(result));
    }

    fn line(&mut self, line: &Line) {
        match line {
            Line::Let { pattern, ascription: _, value } => {
                if let Some(value) = value {
                    self.moved(value);
                    self.bound(pattern, value);
                }
            }
            Line::Assign(Expr::Var(_), value) => self.moved(value),
            // Both sides of `x += x`, as of `x[i] = x[j]`, would borrow the wrapper.
            Line::Assign(target, value) | Line::Compound(_, target, value) if value.mentions_root_of(target) => {
                target.visit(&mut |part| {
                    if let Expr::Var(var) = part {
                        self.moved.insert(*var);
                    }
                });
                self.moved(value);
            }
            Line::Assign(target, value) | Line::Compound(_, target, value) => {
                self.borrowed(target);
                self.moved(value);
            }
            Line::Expr(expr) => self.moved(expr),
            Line::For { iter: head, body, .. } | Line::While { cond: head, body, .. } => {
                self.moved(head);
                self.block(body);
            }
            Line::IfSlot { slot: _, body } => self.block(body),
            Line::Break { value, .. } | Line::Return(value) => value.iter().for_each(|value| self.moved(value)),
            Line::Continue { .. } | Line::Comment(_) => {}
        }
    }

    /// An expression that is borrowed, or of which a part is.
    fn borrowed(&mut self, expr: &Expr) {
        match expr {
            Expr::Var(_) => {}
            Expr::Field(inner, _) => self.borrowed(inner),
            Expr::Index(inner, index) => {
                self.borrowed(inner);
                self.moved(index);
            }
            other => self.moved(other),
        }
    }

    /// An expression whose value is taken.
    fn moved(&mut self, expr: &Expr) {
        match expr {
            Expr::Var(var) => {
                self.moved.insert(*var);
            }
            Expr::Opaque(opaque) => self.moved.extend(opaque.uses.iter().copied()),
            Expr::Ref { mutable: _, inner } => self.borrowed(inner),
            Expr::Index(..) => self.borrowed(expr),
            Expr::Method { receiver, name, args, .. } => {
                if BORROWING.contains(&&**name) || name.ends_with("call_vjp") {
                    self.borrowed(receiver);
                } else {
                    self.moved(receiver);
                }
                args.iter().for_each(|arg| self.moved(arg));
            }
            Expr::Call { function, args } => {
                self.borrowed(function);
                args.iter().for_each(|arg| self.moved(arg));
            }
            Expr::If { cond, then, els } => {
                self.moved(cond);
                self.block(then);
                els.iter().for_each(|els| self.block(els));
            }
            Expr::Match { scrutinee, arms } => {
                self.moved(scrutinee);
                for Arm { pattern: _, guard, body } in arms {
                    guard.iter().for_each(|guard| self.moved(guard));
                    self.block(body);
                }
            }
            Expr::Loop { label: _, body } | Expr::Block { label: _, body } => self.block(body),
            Expr::Tokens(_)
            | Expr::Unary(..)
            | Expr::Binary(..)
            | Expr::Cast(..)
            | Expr::Deref(_)
            | Expr::Field(..)
            | Expr::Range { .. }
            | Expr::Payload { .. }
            | Expr::Tuple(_)
            | Expr::Array(_)
            | Expr::VecList(_)
            | Expr::Constructor(..)
            | Expr::Repeat { .. }
            | Expr::Closure { .. } => expr.children().into_iter().for_each(|child| self.moved(child)),
        }
    }
}

/// An array of numbers of its own.
fn is_array(ty: &Type) -> bool {
    matches!(ty, Type::Tensor(tensor) if !tensor.view && matches!(*tensor.elem, Type::Float(_) | Type::FloatLiteral))
}

fn is_unknown(ty: &Type) -> bool {
    matches!(ty, Type::Unknown)
}

/// Whether the expression is a call of a function, or of a method, that is named like this.
fn calls(expr: &Expr, wanted: &str) -> bool {
    match expr {
        Expr::Call { function, .. } => match &**function {
            Expr::Tokens(path) => path.clone().into_iter().any(|part| part.to_string().ends_with(wanted)),
            _ => false,
        },
        Expr::Method { name, .. } => name.ends_with(wanted),
        _ => false,
    }
}

struct Wrap<'a> {
    function: &'a Function,
    /// The function of the runtime that wraps each.
    kept: HashMap<VarId, &'static str>,
    paths: &'a Paths,
}

impl Wrap<'_> {
    fn wrapped(&self, var: VarId, ascription: Option<TokenStream>, value: Expr) -> Expr {
        let generics = ascription.map(|ty| quote!(::<#ty>));
        let function = self.paths.function(self.kept[&var]);
        Expr::call(quote!(#function #generics), vec![value])
    }

    fn block(&self, block: &mut Block) {
        for mut line in std::mem::take(&mut block.lines) {
            self.line(&mut line);
            let inner = self.unpacked(&mut line);
            block.lines.push(line);
            block.lines.extend(inner);
        }
        block.result.iter_mut().for_each(|result| self.expr(result));
    }

    /// `let x = rt::kept(x)`, after a line that binds it with something else.
    fn unpacked(&self, line: &mut Line) -> Option<Line> {
        let Line::Let { pattern: Pattern::Tuple(parts), .. } = line else { return None };
        let Some(Pattern::Var { var, mutable }) = parts.first_mut() else { return None };
        if !self.kept.contains_key(var) {
            return None;
        }
        let pattern = Pattern::Var { var: *var, mutable: std::mem::take(mutable) };
        Some(Line::Let { pattern, ascription: None, value: Some(self.wrapped(*var, None, Expr::Var(*var))) })
    }

    fn line(&self, line: &mut Line) {
        match line {
            Line::Let { pattern, ascription, value } => {
                match value {
                    // What a name refers to cannot lie in a wrapper that has none.
                    Some(Expr::Ref { mutable: _, inner }) => {
                        self.whole(inner);
                        self.expr(inner);
                    }
                    Some(value) => self.expr(value),
                    None => {}
                }
                if let Pattern::Var { var, mutable: _ } = pattern
                    && self.kept.contains_key(var)
                {
                    let value_of = |value| self.wrapped(*var, ascription.take(), self.without_operator(value));
                    *value = value.take().map(value_of);
                }
            }
            Line::Assign(Expr::Var(var), value) if self.kept.contains_key(var) => {
                let mut lent = false;
                value.visit(&mut |part| {
                    lent |= matches!(part, Expr::Ref { mutable: true, inner } if matches!(**inner, Expr::Var(of) if of == *var));
                });
                self.expr(value);
                let value = std::mem::replace(value, Expr::Tuple(Vec::new()));
                *line = Line::Expr(match lent {
                    // The value is there before the place is borrowed.
                    true => Expr::call(self.paths.function("put"), vec![value, Expr::Var(*var).reference(true)]),
                    false => Expr::Var(*var).method("set", vec![value]),
                });
            }
            Line::Assign(target, value) | Line::Compound(_, target, value) => {
                self.whole(target);
                self.expr(target);
                self.expr(value);
            }
            Line::Expr(expr) => self.expr(expr),
            Line::For { iter: head, body, .. } | Line::While { cond: head, body, .. } => {
                self.expr(head);
                self.block(body);
            }
            Line::IfSlot { slot: _, body } => self.block(body),
            Line::Break { value, .. } | Line::Return(value) => value.iter_mut().for_each(|value| self.expr(value)),
            Line::Continue { .. } | Line::Comment(_) => {}
        }
    }

    /// A variable that is borrowed as a whole.
    fn whole(&self, expr: &mut Expr) {
        if matches!(expr, Expr::Var(var) if self.kept.contains_key(var)) {
            let var = std::mem::replace(expr, Expr::Tuple(Vec::new()));
            *expr = Expr::Deref(Box::new(var));
        }
    }

    fn expr(&self, expr: &mut Expr) {
        match expr {
            Expr::Ref { mutable, inner } => {
                self.whole(inner);
                self.expr(inner);
                if !*mutable && self.makes_array(inner) {
                    let kept = self.temporary(inner);
                    **inner = Expr::Deref(Box::new(kept));
                }
            }
            Expr::Method { receiver, name, .. } if self.makes_array(receiver) && BORROWING.contains(&&**name) => {
                self.children(expr);
                if let Expr::Method { receiver, .. } = expr {
                    **receiver = self.temporary(receiver);
                }
            }
            Expr::Call { .. } => {
                self.uncopied(expr);
                self.children(expr);
            }
            Expr::If { cond, then, els } => {
                self.expr(cond);
                self.block(then);
                els.iter_mut().for_each(|els| self.block(els));
            }
            Expr::Match { scrutinee, arms } => {
                self.expr(scrutinee);
                for Arm { pattern: _, guard, body } in arms {
                    guard.iter_mut().for_each(|guard| self.expr(guard));
                    self.block(body);
                }
            }
            Expr::Loop { label: _, body } | Expr::Block { label: _, body } => self.block(body),
            other => self.children(other),
        }
    }

    fn children(&self, expr: &mut Expr) {
        expr.children_mut().into_iter().for_each(|child| self.expr(child));
    }

    /// Whether the expression is a call of the runtime that makes an array.
    fn makes_array(&self, expr: &Expr) -> bool {
        let Expr::Call { function, .. } = expr else { return false };
        let Expr::Tokens(path) = &**function else { return false };
        let path = path.to_string();
        MAKING.iter().any(|name| path == self.paths.function(name).to_string())
    }

    /// An array without a name, which is there until the end of the statement.
    fn temporary(&self, array: &mut Expr) -> Expr {
        let array = std::mem::replace(array, Expr::Tuple(Vec::new()));
        Expr::call(self.paths.function("kept"), vec![array])
    }

    /// The sum, say, of two arrays that are borrowed as a call of the runtime, which uses memory again.
    fn without_operator(&self, value: Expr) -> Expr {
        let borrowed = |side: &Expr| match side {
            Expr::Ref { mutable: false, .. } => true,
            Expr::Var(var) => matches!(self.function[*var].ty, Type::Ref { .. }),
            _ => false,
        };
        match value {
            Expr::Binary(op, left, right) if borrowed(&left) && borrowed(&right) => {
                let name = match op {
                    BinOp::Add => "add",
                    BinOp::Sub => "sub",
                    BinOp::Mul => "mul",
                    BinOp::Div => "div",
                    _ => return Expr::Binary(op, left, right),
                };
                let (ops, name) = (self.paths.function("ops"), quote::format_ident!("{name}"));
                Expr::call(quote!(#ops::#name), vec![*left, *right])
            }
            value => value,
        }
    }

    /// `f(&rt::copy_of(a))` is `f(a)`, unless another argument changes it.
    fn uncopied(&self, call: &mut Expr) {
        let Expr::Call { function: _, args } = call else { return };
        let mut written = HashSet::new();
        let mut note = |part: &Expr| {
            if let Expr::Ref { mutable: true, inner } = part {
                inner.visit(&mut |part| {
                    if let Expr::Var(var) = part {
                        written.insert(*var);
                    }
                });
            }
        };
        args.iter().for_each(|arg| arg.visit(&mut note));
        let copy = self.paths.function("copy_of").to_string();
        for arg in args {
            let Expr::Ref { mutable: false, inner } = arg else { continue };
            let Expr::Call { function, args: copied } = &mut **inner else { continue };
            if !matches!(&**function, Expr::Tokens(path) if path.to_string() == copy) {
                continue;
            }
            let own = |var: VarId| is_array(types::strip_refs(&self.function[var].ty)) && !written.contains(&var);
            let whole = match &copied[..] {
                [Expr::Var(var)] => own(*var) && matches!(self.function[*var].ty, Type::Ref { .. }),
                [Expr::Ref { mutable: false, inner }] => matches!(**inner, Expr::Var(var) if own(var)),
                _ => false,
            };
            if let Some(original) = copied.pop_if(|_| whole) {
                *arg = original;
            }
        }
    }
}
