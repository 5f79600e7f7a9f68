//! What the names in scope stand for.

use crate::ir::{Operand, Place, Type, VarId};
use std::collections::HashMap;
use std::rc::Rc;

/// An expression after lowering: everything it does has been emitted, what is left is where its value is.
///
/// A `Place` is not read yet: whoever asks for the value decides whether to read, to move or to borrow.
#[derive(Clone, Debug)]
pub(super) enum Lowered {
    Operand(Operand),
    Place(Place),
    /// A reference to something, known as such: dereferencing it undoes it.
    Ref(Box<Lowered>, Mutability),
    /// A tuple whose parts are known one by one.
    Tuple(Vec<Lowered>),
    /// A part of an ndarray, which is written through.
    View(Box<super::views::View>),
    Unit,
    /// The expression diverges.
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mutability {
    Shared,
    Mutable,
}

/// A closure of the user: it exists only at parse time, its body is lowered where it is called.
#[derive(Debug)]
pub(super) struct Closure {
    pub(super) expr: syn::ExprClosure,
    /// The names that its body sees.
    pub(super) env: Env,
    /// What it captures by `move` has been copied.
    pub(super) owns: bool,
    /// Calls may change what it has copied.
    pub(super) changes: bool,
}

impl Closure {
    /// A closure that is used where it is written.
    pub(super) fn here(expr: &syn::ExprClosure, env: &Env) -> Closure {
        Closure { expr: expr.clone(), env: env.clone(), owns: false, changes: false }
    }
}

/// A function that the function being differentiated was given.
#[derive(Debug)]
pub(super) struct Callable {
    /// What it captured.
    pub(super) captures: Place,
    /// The parameter's name: its derivatives are named after it.
    pub(super) name: String,
    /// For each argument, whether it is by value and its pullback takes it again.
    pub(super) again: Vec<bool>,
    /// For each argument, whether it is taken by shared reference, into which Rust turns what is given as `&mut`.
    pub(super) shared: Vec<bool>,
    pub(super) output: Type,
}

#[derive(Clone, Debug)]
pub(super) enum Binding {
    Var(VarId),
    /// A name for a place or a value that has no variable of its own.
    Alias(Lowered),
    Closure(Rc<Closure>),
    /// An iterator that runs where it is used.
    Iterator(super::chain::Given),
    /// An iterator that is advanced step by step.
    Cursor(Rc<super::cursor::Cursor>),
    /// A parameter that is a function, or a closure's copy of one.
    Callable(Rc<Callable>),
    /// A function item inside the body.
    Function,
    /// A constant or static inside the body, or a const parameter.
    Const(Type),
}

/// The scopes in force, the innermost last.
#[derive(Clone, Debug, Default)]
pub(super) struct Env {
    scopes: Vec<HashMap<String, Binding>>,
    /// The functions whose bodies these scopes are in, as they are lowered where they are called. A closure is in those
    /// that it was written in, wherever it is called.
    inside: Vec<String>,
}

impl Env {
    /// Without names, for a body that is lowered in these scopes.
    pub(super) fn within(outer: &Env) -> Env {
        Env { scopes: Vec::new(), inside: outer.inside.clone() }
    }

    pub(super) fn is_inside(&self, function: &String) -> bool {
        self.inside.contains(function)
    }

    pub(super) fn go_inside(&mut self, function: String) {
        self.inside.push(function);
    }

    pub(super) fn push(&mut self) {
        self.scopes.push(HashMap::new());
    }

    pub(super) fn pop(&mut self) {
        self.scopes.pop();
    }

    pub(super) fn bind(&mut self, ident: &syn::Ident, binding: Binding) {
        let scope = self.scopes.last_mut().expect("there is always a scope");
        scope.insert(key(ident), binding);
    }

    pub(super) fn get(&self, ident: &syn::Ident) -> Option<&Binding> {
        self.get_name(&key(ident))
    }

    /// The names of the innermost scope, in a fixed order.
    pub(super) fn innermost(&self) -> Vec<(String, Binding)> {
        let scope = self.scopes.last().into_iter().flatten();
        let mut names: Vec<_> = scope.map(|(name, binding)| (name.clone(), binding.clone())).collect();
        names.sort_by(|(left, _), (right, _)| left.cmp(right));
        names
    }

    /// What all names in scope stand for, those that are shadowed included.
    pub(super) fn bindings(&self) -> impl Iterator<Item = &Binding> {
        self.scopes.iter().flat_map(HashMap::values)
    }

    pub(super) fn get_name(&self, name: &str) -> Option<&Binding> {
        self.scopes.iter().rev().find_map(|scope| scope.get(name))
    }
}

/// `r#x` and `x` are one name.
fn key(ident: &syn::Ident) -> String {
    use syn::ext::IdentExt;
    ident.unraw().to_string()
}

impl Lowered {
    pub(super) fn shared(self) -> Lowered {
        Lowered::Ref(Box::new(self), Mutability::Shared)
    }

    /// Behind all references.
    pub(super) fn strip(self) -> Lowered {
        match self {
            Lowered::Ref(inner, _) => inner.strip(),
            other => other,
        }
    }

    /// A part of an array that somebody else could write through, which would write a copy.
    pub(super) fn lends_a_part(&self) -> bool {
        match self {
            Lowered::View(view) => view.mutable,
            Lowered::Ref(inner, Mutability::Mutable) => matches!(**inner, Lowered::View(_)),
            _ => false,
        }
    }

    pub(super) fn is_ref(&self) -> bool {
        matches!(self, Lowered::Ref(..))
    }
}
