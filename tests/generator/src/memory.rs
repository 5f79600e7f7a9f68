//! Lists of lists, lists that change their length, structs, and references to places.

use crate::program::Program;
use crate::scope::{Kind, Lock};

impl Program<'_> {
    /// The definition of something in memory that is no plain list.
    pub(crate) fn structure(&mut self, name: &str) -> String {
        match self.random.below(6) {
            0 => {
                let items: Vec<String> = (0..6).map(|_| self.float(1)).collect();
                self.scope.add(name, Kind::Grid, true);
                let rows: Vec<String> = items.chunks(2).map(|row| format!("vec![{}]", row.join(", "))).collect();
                format!("let mut {name} = vec![{}];\n", rows.join(", "))
            }
            1 => {
                let item = self.float(1);
                self.scope.add(name, Kind::Grid, true);
                format!("let mut {name} = vec![vec![{item}; 2]; 3];\n")
            }
            2 => {
                let (first, second) = (self.float(1), self.float(1));
                self.scope.add(name, Kind::Stack, true);
                match self.random.below(3) {
                    0 => format!("let mut {name} = vec![{first}, {second}];\n"),
                    1 => format!("let mut {name} = Vec::new();\n{name}.push({});\n", self.locked_last(|p| p.float(1))),
                    _ => format!("let mut {name}: Vec<f64> = Vec::with_capacity(4);\n"),
                }
            }
            _ => self.state(name),
        }
    }

    /// Runs `write` while the last variable cannot be used.
    fn locked_last<T>(&mut self, write: impl FnOnce(&mut Self) -> T) -> T {
        let at = self.scope.variables.len() - 1;
        self.locked(at, Lock::Exclusive, write)
    }

    fn state(&mut self, name: &str) -> String {
        let (a, b) = (self.float(1), self.float(1));
        let others = self.scope.readable(|variable| variable.kind == Kind::State && variable.name != name);
        let value = match self.random.below(3) {
            0 if !others.is_empty() => {
                let at = *self.random.pick(&others);
                let other = self.scope.variables[at].name.clone();
                if self.random.one_in(2) {
                    format!("State {{ level: {a}, ..{other}.clone() }}")
                } else {
                    format!("{other}.moved({b})")
                }
            }
            1 => {
                let c = self.float(1);
                format!("State {{ level: {a}, rate: {b}, memory: vec![{c}, 0.3, 0.6], steps: 0 }}")
            }
            _ => format!("State::new({a}, {b})"),
        };
        self.scope.add(name, Kind::State, true);
        format!("let mut {name} = {value};\n")
    }

    /// A struct as an argument of type `&mut State`.
    pub(crate) fn state_argument(&self, at: usize) -> String {
        let name = &self.scope.variables[at].name;
        if name == "self" || name == "state" { name.clone() } else { format!("&mut {name}") }
    }

    pub(crate) fn state_read(&mut self, at: usize, depth: usize) -> String {
        let name = self.scope.variables[at].name.clone();
        let free = self.scope.variables[at].mutable && self.scope.variables[at].lock == Lock::Free && self.effects;
        let at_most = depth.saturating_sub(1);
        match self.random.below(6) {
            0 if depth > 0 => format!("{name}.energy({})", self.locked(at, Lock::Shared, |p| p.float(at_most))),
            1 | 2 if depth > 0 && free => {
                format!("{name}.step({})", self.locked(at, Lock::Exclusive, |p| p.float(at_most)))
            }
            3 => format!("{name}.memory[{}]", self.index_to_read(at, 3)),
            4 => format!("{name}.rate"),
            _ => format!("{name}.level"),
        }
    }

    pub(crate) fn state_change(&mut self, at: usize, depth: usize) -> String {
        let name = self.scope.variables[at].name.clone();
        let referred = name == "self" || name == "state";
        match self.random.below(9) {
            0 => format!("{name}.step({});\n", self.locked(at, Lock::Exclusive, |p| p.float(depth))),
            1 => {
                let index = self.index_to_write(at, 3);
                self.updated(&format!("{name}.memory[{index}]"), depth)
            }
            2 => self.updated(&format!("{name}.rate"), depth),
            3 => format!("std::mem::swap(&mut {name}.level, &mut {name}.rate);\n"),
            4 if !referred => {
                let (t, s) = (self.own("t"), self.own("s"));
                format!(
                    "let State {{ level: {t}, rate: {s}, .. }} = {name}.clone();\n{name}.level = {t} * {s} + 0.1;\n"
                )
            }
            5 => {
                let value = self.locked(at, Lock::Exclusive, |p| p.float(depth));
                format!("nudge({}, {value});\n", self.state_argument(at))
            }
            6 => {
                let t = self.own("t");
                let value = self.locked(at, Lock::Exclusive, |p| p.closed(&[(&t, Kind::Element)], |p| p.float(1)));
                format!("for {t} in &mut {name}.memory {{\n*{t} = {value};\n}}\n")
            }
            7 => {
                let value = self.locked(at, Lock::Exclusive, |p| p.float(depth));
                let star = if referred { "*" } else { "" };
                format!("{star}{name} = State::new({value}, {name}.level);\n")
            }
            _ => self.updated(&format!("{name}.level"), depth),
        }
    }

    pub(crate) fn grid_change(&mut self, at: usize, depth: usize) -> String {
        let name = self.scope.variables[at].name.clone();
        let (row, column) = (self.index_to_write(at, 3), self.index_to_write(at, 2));
        match self.random.below(6) {
            0 => format!("{name}.swap({row}, 1);\n"),
            1 => {
                let x = self.locked(at, Lock::Exclusive, |p| p.float(depth));
                format!("soften(&mut {name}[{row}], {x});\n")
            }
            2 => {
                let (a, b) = self.locked(at, Lock::Exclusive, |p| (p.float(1), p.float(1)));
                format!("{name}[{row}] = vec![{a}, {b}];\n")
            }
            _ => self.updated(&format!("{name}[{row}][{column}]"), depth),
        }
    }

    /// A loop over the rows of a grid.
    pub(crate) fn grid_rows(&mut self, label: &str) -> String {
        let grids = self.scope.writable(|variable| variable.kind == Kind::Grid);
        if grids.is_empty() {
            return self.ranged(label);
        }
        let at = *self.random.pick(&grids);
        let (grid, row, i) = (self.scope.variables[at].name.clone(), self.own("row"), self.own("i"));
        let mutable = self.random.one_in(2);
        let before = self.scope.lock(at, if mutable { Lock::Exclusive } else { Lock::Shared });
        let mark = self.scope.variables.len();
        let (call, kind) = if mutable { ("iter_mut", Kind::SliceMut(2)) } else { ("iter", Kind::Slice(2)) };
        self.scope.add(&row, kind, mutable);
        self.scope.add(&i, Kind::Int, false);
        let body = self.trip(label, false);
        self.leave(mark);
        self.scope.lock(at, before);
        format!("{label}: for ({i}, {row}) in {grid}.{call}().enumerate() {{\n{body}}}\n")
    }

    pub(crate) fn stack_change(&mut self, at: usize, depth: usize) -> String {
        let name = self.scope.variables[at].name.clone();
        let value = self.locked(at, Lock::Exclusive, |p| p.float(depth));
        match self.random.below(8) {
            0..=2 => format!("{name}.push({value});\n"),
            3 => format!("{name}.extend([{value}, 0.5]);\n"),
            4 => format!("{name}.truncate(2);\n"),
            5 => {
                let t = self.own("t");
                format!("if let Some({t}) = {name}.pop() {{\n{name}.push({t} * {t} * 0.3 + {value});\n}}\n")
            }
            6 => {
                let t = self.own("t");
                format!("if let Some({t}) = {name}.last_mut() {{\n*{t} *= ({value}).sin();\n}}\n")
            }
            _ => format!("{name}.insert(0, {value});\n"),
        }
    }

    /// A loop that empties a list.
    pub(crate) fn emptied(&mut self, label: &str) -> String {
        let stacks = self.scope.writable(|variable| variable.kind == Kind::Stack);
        if stacks.is_empty() {
            return self.ranged(label);
        }
        let at = *self.random.pick(&stacks);
        let (name, t) = (self.scope.variables[at].name.clone(), self.own("t"));
        let before = self.scope.lock(at, Lock::Shared);
        let mark = self.scope.variables.len();
        self.scope.add(&t, Kind::Float, false);
        let body = self.trip(label, false);
        self.leave(mark);
        self.scope.lock(at, before);
        format!("{label}: while let Some({t}) = {name}.pop() {{\n{body}}}\n")
    }

    /// A variable that refers to a place, or the two halves of a list.
    pub(crate) fn reference(&mut self, name: &str) -> String {
        let wanted = |kind: Kind| {
            matches!(kind, Kind::Array(_) | Kind::Vec(_) | Kind::Float | Kind::State | Kind::Grid | Kind::Pair)
        };
        let targets = self.scope.writable(|variable| wanted(variable.kind) && variable.name != name);
        if targets.is_empty() {
            return self.change(2);
        }
        let at = *self.random.pick(&targets);
        let of = self.scope.variables[at].clone();
        if let (Some(len), true) = (of.kind.len(), self.random.one_in(2)) {
            let (cut, right) = (1 + self.random.below(len - 1), self.other_name(name));
            self.lend_to_next(at, Lock::Exclusive);
            self.scope.add(name, Kind::SliceMut(cut), true);
            self.scope.add(&right, Kind::SliceMut(len - cut), true);
            return format!("let ({name}, {right}) = {}.split_at_mut({cut});\n", of.name);
        }
        let place = match of.kind {
            Kind::State if self.random.one_in(2) => format!("{}.rate", of.name),
            Kind::State => format!("{}.memory[{}]", of.name, self.index_to_write(at, 3)),
            Kind::Grid => format!("{}[{}][{}]", of.name, self.index_to_write(at, 3), self.index_to_write(at, 2)),
            Kind::Pair => format!("{}.1", of.name),
            kind => match kind.len() {
                Some(len) => format!("{}[{}]", of.name, self.index_to_write(at, len)),
                None => of.name,
            },
        };
        self.lend_to_next(at, Lock::Exclusive);
        self.scope.add(name, Kind::ElementMut, true);
        format!("let {name} = &mut {place};\n")
    }

    /// What a place held before it got another value.
    pub(crate) fn replaced(&mut self, depth: usize) -> Option<String> {
        let targets =
            self.scope.writable(|variable| matches!(variable.kind, Kind::Float | Kind::Array(_) | Kind::Vec(_)));
        if targets.is_empty() || !self.effects {
            return None;
        }
        let at = *self.random.pick(&targets);
        let of = self.scope.variables[at].clone();
        let place = of.kind.len().map_or(of.name.clone(), |len| format!("{}[{}]", of.name, self.random.below(len)));
        let value = self.locked(at, Lock::Exclusive, |p| p.float(depth - 1));
        Some(if self.random.one_in(4) {
            format!("std::mem::take(&mut {place})")
        } else {
            format!("std::mem::replace(&mut {place}, {value})")
        })
    }
}
