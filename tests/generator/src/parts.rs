//! Calls of generated functions.

use crate::program::{Callee, Changes, Program, Returns};
use crate::scope::{Kind, Lock};

impl Program<'_> {
    /// A call of a generated function that gives a float, if there is one to call.
    pub(crate) fn call_of_part(&mut self, depth: usize) -> Option<String> {
        if self.callees.is_empty() || self.calls >= 2 {
            return None;
        }
        let callee = self.random.pick(&self.callees.clone()).clone();
        let states = self.scope.writable(|variable| variable.kind == Kind::State);
        if callee.changes != Changes::Nothing && (states.is_empty() || !self.effects) {
            return None;
        }
        self.calls += 1;
        let call = if callee.changes == Changes::Nothing {
            format!("{}({})", callee.name, self.arguments(depth))
        } else {
            let at = *self.random.pick(&states);
            let arguments = self.locked(at, Lock::Exclusive, |p| p.arguments(depth));
            if callee.changes == Changes::Argument {
                format!("{}({}, {arguments})", callee.name, self.state_argument(at))
            } else {
                format!("{}.{}({arguments})", self.scope.variables[at].name, callee.name)
            }
        };
        Some(self.float_of_call(&callee, call))
    }

    fn arguments(&mut self, depth: usize) -> String {
        format!("{}, {}, ({}) % 4", self.float(depth - 1), self.float(depth - 1), self.int(0))
    }

    fn float_of_call(&mut self, callee: &Callee, call: String) -> String {
        match callee.returns {
            Returns::Float => call,
            Returns::Pair => format!("{call}.{}", self.random.below(2)),
            Returns::Optional if self.exits && self.returns == Returns::Optional => format!("{call}?"),
            Returns::Outcome if self.exits && self.returns == Returns::Outcome => format!("{call}?"),
            Returns::Optional => format!("{call}.unwrap_or(0.7)"),
            Returns::Outcome => format!("(match {call} {{ Ok(value) => value * 0.9, Err(_) => 0.4 }})"),
        }
    }

    /// A number that may end the function.
    pub(crate) fn tried(&mut self, depth: usize) -> String {
        let x = self.float(depth - 1);
        match self.returns {
            Returns::Optional if self.exits => format!("checked({x})?"),
            Returns::Outcome if self.exits => format!("tried({x})?"),
            Returns::Float | Returns::Pair | Returns::Optional | Returns::Outcome => {
                format!("tried({x}).unwrap_or(0.3)")
            }
        }
    }

    /// A call of a function with type and const parameters.
    pub(crate) fn generic_call(&mut self, depth: usize) -> String {
        let arrays = self.scope.readable(|variable| matches!(variable.kind, Kind::Array(_)));
        if arrays.is_empty() || self.random.one_in(2) {
            return format!("polynomial({}, [{}, 0.3, {}])", self.float(depth - 1), self.float(0), self.float(0));
        }
        let at = *self.random.pick(&arrays);
        let name = self.scope.variables[at].name.clone();
        let x = self.locked(at, Lock::Shared, |p| p.float(depth - 1));
        format!("spread(&{name}, {x})")
    }
}
