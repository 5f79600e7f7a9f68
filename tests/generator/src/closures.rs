//! Closures that capture by reference, by move and mutably, and functions that are given closures.

use crate::program::Program;
use crate::scope::{Kind, Lock};

impl Program<'_> {
    /// The definition of a closure.
    pub(crate) fn closure(&mut self, name: &str) -> String {
        let targets =
            self.scope.writable(|variable| matches!(variable.kind, Kind::Float | Kind::Array(_) | Kind::Vec(_)));
        if !targets.is_empty() && self.random.one_in(2) {
            let at = *self.random.pick(&targets);
            return self.changing_closure(name, at);
        }
        let t = self.own("t");
        let body = self.closed(&[(&t, Kind::Float)], |p| p.float(3));
        let mentioned = self.scope.mentioned(&body);
        let copied = |at: &usize| {
            !matches!(
                self.scope.variables[*at].kind,
                Kind::Float
                    | Kind::Int
                    | Kind::Pair
                    | Kind::Array(_)
                    | Kind::Optional
                    | Kind::Element
                    | Kind::Matrix
                    | Kind::Slice(_)
            )
        };
        let moves = !mentioned.iter().any(copied) && self.random.one_in(2);
        if !moves {
            mentioned.iter().for_each(|at| self.lend_to_next(*at, Lock::Shared));
        }
        self.scope.add(name, Kind::Closure, false);
        format!("let {name} = {}|{t}: f64| {body};\n", if moves { "move " } else { "" })
    }

    /// A closure that changes a variable.
    fn changing_closure(&mut self, name: &str, at: usize) -> String {
        let (t, target) = (self.own("t"), self.scope.variables[at].name.clone());
        let place = match self.scope.variables[at].kind.len() {
            Some(len) => format!("{target}[{}]", self.random.below(len)),
            None => target,
        };
        let (change, value) = self.closed(&[(&t, Kind::Float)], |p| (p.updated(&place, 1), p.float(1)));
        let mentioned = self.scope.mentioned(&format!("{change} {value}"));
        mentioned.iter().filter(|other| **other != at).for_each(|other| self.lend_to_next(*other, Lock::Shared));
        self.lend_to_next(at, Lock::Exclusive);
        self.scope.add(name, Kind::ClosureMut, true);
        format!("let mut {name} = |{t}: f64| {{\n{change}{place} * 0.5 + {value}\n}};\n")
    }

    /// A call of a closure, or of a function that is given one.
    pub(crate) fn closure_call(&mut self, depth: usize) -> String {
        let effects = self.effects;
        let closures = self.scope.readable(|variable| {
            variable.kind == Kind::Closure
                || effects && variable.kind == Kind::ClosureMut && variable.lock == Lock::Free
        });
        if closures.is_empty() || self.random.one_in(4) {
            let t = self.own("t");
            let body = self.closed(&[(&t, Kind::Float)], |p| p.float(depth));
            let x = self.after(&body, |p| p.float(depth - 1));
            return format!("applied(|{t}| {body}, {x})");
        }
        let at = *self.random.pick(&closures);
        let name = self.scope.variables[at].name.clone();
        let lock = if self.scope.variables[at].kind == Kind::Closure { Lock::Shared } else { Lock::Exclusive };
        let x = self.locked(at, lock, |p| p.float(depth - 1));
        if lock == Lock::Shared && self.random.one_in(4) {
            format!("applied(&{name}, {x})")
        } else {
            format!("{name}({x})")
        }
    }
}
