//! Statements that stay where they are: definitions and changes.

use crate::program::Program;
use crate::scope::{Kind, Lock};

const OPERATORS: [&str; 5] = ["+=", "-=", "*=", "+=", "/="];

impl Program<'_> {
    /// One statement, with what it needs.
    pub(crate) fn statement(&mut self) -> String {
        if self.fuel == 0 {
            return self.change(1);
        }
        self.fuel -= 1;
        match self.random.below(26) {
            20..=25 => self.structured_definition(),
            0..=3 => self.definition(),
            4 => self.collection(),
            5..=9 => self.change(2),
            10 => self.special_definition(),
            11..=13 => self.branch(),
            14..=17 => self.repetition(),
            _ => self.conditional_exit(),
        }
    }

    fn definition(&mut self) -> String {
        let mutable = self.random.one_in(2);
        let value = self.float(3);
        let name = self.name();
        self.scope.add(&name, Kind::Float, mutable);
        let keyword = if mutable { "let mut" } else { "let" };
        format!("{keyword} {name} = {value};\n")
    }

    /// A definition of something with parts, or of something that refers to others.
    fn structured_definition(&mut self) -> String {
        // What is borrowed must stay what its name says.
        let name = self.name();
        match self.random.below(9) {
            0 => self.option(&name),
            1 => self.shape(&name),
            2 | 3 => self.structure(&name),
            4 | 5 => self.closure(&name),
            6 => self.reference(&name),
            7 => self.collected(&name),
            _ => self.let_else(&name),
        }
    }

    /// A number out of an option, or the way out.
    fn let_else(&mut self, name: &str) -> String {
        if !self.exits {
            return self.definition();
        }
        let (option, exit) = (self.option_value(), self.exit());
        self.scope.add(name, Kind::Float, false);
        // Conditions and closures need parentheses before `else`.
        format!("let Some({name}) = ({option}) else {{ {exit} }};\n")
    }

    /// A definition that is not just a float.
    fn special_definition(&mut self) -> String {
        let name = self.name();
        match self.random.below(8) {
            0 => self.deferred(&name),
            1 => {
                let (a, b) = (self.float(2), self.float(2));
                self.scope.add(&name, Kind::Pair, true);
                format!("let mut {name} = ({a}, {b});\n")
            }
            2 => {
                let (a, b) = (self.float(2), self.float(2));
                let other = self.other_name(&name);
                self.scope.add(&name, Kind::Float, true);
                self.scope.add(&other, Kind::Float, false);
                format!("let (mut {name}, {other}) = ({a}, {b});\n")
            }
            3 => {
                let value = self.int(2);
                self.scope.add(&name, Kind::Int, true);
                format!("let mut {name} = ({value}) % 6;\n")
            }
            4 => {
                let items: Vec<String> = (0..4).map(|_| self.float(1)).collect();
                self.scope.add(&name, Kind::Matrix, true);
                format!("let mut {name} = [[{}, {}], [{}, {}]];\n", items[0], items[1], items[2], items[3])
            }
            5 => {
                let value = self.float(2);
                let other = self.other_name(&name);
                self.scope.add(&name, Kind::Float, false);
                self.scope.add(&other, Kind::Float, true);
                format!("let ({name}, mut {other}) = polar({value});\n")
            }
            6 => self.labelled_block(&name),
            _ => self.view(&name),
        }
    }

    fn deferred(&mut self, name: &str) -> String {
        let condition = self.condition(1);
        // The variables of the blocks could hide any other name.
        let unique = format!("{name}_{}", self.fresh());
        let then = self.block_then(|program| format!("{unique} = {};\n", program.float(2)));
        let els = self.block_then(|program| format!("{unique} = {};\n", program.float(2)));
        self.scope.add(&unique, Kind::Float, false);
        format!("let {unique};\nif {condition} {{\n{then}}} else {{\n{els}}}\n")
    }

    fn labelled_block(&mut self, name: &str) -> String {
        let label = format!("'block_{}", self.fresh());
        self.scope.targets.push(crate::scope::Target { label: label.clone(), is_loop: false, yields: true });
        let body = self.block_then(|program| program.float(2));
        self.scope.targets.pop();
        self.scope.add(name, Kind::Float, false);
        format!("let {name} = {label}: {{\n{body}\n}};\n")
    }

    /// A view of a collection, which cannot be used otherwise as long as the view exists.
    fn view(&mut self, name: &str) -> String {
        let collections = self.scope.readable(|variable| variable.kind.len().is_some() && variable.name != name);
        if collections.is_empty() {
            return String::new();
        }
        let at = *self.random.pick(&collections);
        let of = self.scope.variables[at].name.clone();
        let len = self.scope.variables[at].kind.len().unwrap_or(1);
        let before = self.scope.variables[at].lock;
        let mutable = self.scope.variables[at].mutable && before == Lock::Free && self.random.one_in(3);
        self.scope.lock(at, if mutable { Lock::Exclusive } else { Lock::Shared });
        self.borrows.push((self.scope.variables.len(), at, before));
        let (first, len) = if len > 2 && self.random.one_in(2) { (1, len - 1) } else { (0, len) };
        let (kind, reference) = if mutable { (Kind::SliceMut(len), "&mut ") } else { (Kind::Slice(len), "&") };
        self.scope.add(name, kind, mutable);
        format!("let {name} = {reference}{of}[{first}..];\n")
    }

    fn collection(&mut self) -> String {
        let name = self.name();
        let arrays = self.scope.readable(|variable| matches!(variable.kind, Kind::Array(_)));
        let lists = self.scope.readable(|variable| variable.kind.len().is_some());
        match self.random.below(8) {
            0 | 1 => {
                let items = [self.float(2), self.float(2), self.float(2)].join(", ");
                self.scope.add(&name, Kind::Array(3), true);
                format!("let mut {name} = [{items}];\n")
            }
            2 => {
                let item = self.float(1);
                self.scope.add(&name, Kind::Array(4), true);
                format!("let mut {name} = [{item}; 4];\n")
            }
            3 => {
                let item = self.float(1);
                self.scope.add(&name, Kind::Vec(4), true);
                format!("let mut {name} = vec![{item}; 4];\n")
            }
            4 if !lists.is_empty() => {
                let at = *self.random.pick(&lists);
                let of = self.scope.variables[at].clone();
                self.scope.add(&name, Kind::Vec(of.kind.len().unwrap_or(1)), true);
                format!("let mut {name} = {}.to_vec();\n", of.name)
            }
            5 if !arrays.is_empty() => {
                let of = self.scope.variables[*self.random.pick(&arrays)].clone();
                let x = self.float(1);
                self.scope.add(&name, of.kind, true);
                let value = if of.kind == Kind::Array(3) { format!("turned({}, {x})", of.name) } else { of.name };
                format!("let mut {name} = {value};\n")
            }
            6 => self.filled(&name),
            _ => self.moved(&name),
        }
    }

    fn filled(&mut self, name: &str) -> String {
        let index = format!("i_{}", self.fresh());
        let mark = self.scope.variables.len();
        self.scope.add(&index, Kind::Int, false);
        let item = self.without_exits(|program| program.float(2));
        self.scope.variables.truncate(mark);
        // Only a name of its own is certain not to be hidden by what the item mentions.
        let unique = format!("{name}_{}", self.fresh());
        self.scope.add(&unique, Kind::Vec(3), true);
        format!("let mut {unique} = vec![0.0; 3];\nfor {index} in 0..3 {{\n{unique}[{index}] = {item};\n}}\n")
    }

    /// Moves a vector that was defined in the same block.
    fn moved(&mut self, name: &str) -> String {
        let start = self.block_start;
        let mut lists = self.scope.writable(|variable| matches!(variable.kind, Kind::Vec(_)));
        lists.retain(|at| *at >= start);
        if lists.is_empty() {
            return self.change(2);
        }
        let at = *self.random.pick(&lists);
        let of = self.scope.variables[at].clone();
        self.scope.variables[at].moved = true;
        let x = self.float(1);
        self.scope.add(name, of.kind, true);
        if self.random.one_in(2) {
            format!("let mut {name} = scaled({}, {x});\n", of.name)
        } else {
            format!("let mut {name} = {};\n", of.name)
        }
    }

    /// An assignment of some kind.
    pub(crate) fn change(&mut self, depth: usize) -> String {
        let targets = self.scope.writable(|_| true);
        if targets.is_empty() {
            return String::new();
        }
        let at = *self.random.pick(&targets);
        let variable = self.scope.variables[at].clone();
        let name = variable.name.clone();
        match variable.kind {
            Kind::Int => {
                let value = self.int(2);
                format!("{name} = ({value}) % 7;\n")
            }
            Kind::Float => self.float_change(name, depth),
            Kind::ElementMut => {
                let before = self.scope.variables[at].lock;
                let text = self.updated(&format!("*{name}"), depth);
                self.scope.lock(at, before);
                text
            }
            Kind::Pair if self.random.one_in(4) => {
                let (a, b) = (self.float(depth), self.float(depth));
                format!("{name} = ({a}, {b});\n")
            }
            Kind::Pair => {
                let member = self.random.below(2);
                self.updated(&format!("{name}.{member}"), depth)
            }
            Kind::Matrix => {
                let (row, column) = (self.index_to_write(at, 2), self.index_to_write(at, 2));
                self.updated(&format!("{name}[{row}][{column}]"), depth)
            }
            Kind::Array(len) | Kind::Vec(len) | Kind::SliceMut(len) => self.element_change(at, len, depth),
            Kind::Optional => self.option_change(at, depth),
            Kind::Shape => self.shape_change(at, depth),
            Kind::State => self.state_change(at, depth),
            Kind::Grid => self.grid_change(at, depth),
            Kind::Stack => self.stack_change(at, depth),
            Kind::ClosureMut => format!("{name}({});\n", self.locked(at, Lock::Exclusive, |p| p.float(depth))),
            Kind::Slice(_) | Kind::Element | Kind::Closure => String::new(),
        }
    }

    fn float_change(&mut self, name: String, depth: usize) -> String {
        let others = self.scope.writable(|variable| variable.kind == Kind::Float && variable.name != name);
        if others.is_empty() || !self.random.one_in(8) {
            return self.updated(&name, depth);
        }
        let other = self.scope.variables[*self.random.pick(&others)].name.clone();
        match self.random.below(3) {
            0 => format!("({name}, {other}) = ({other}, {name});\n"),
            1 => format!("std::mem::swap(&mut {name}, &mut {other});\n"),
            _ => {
                let (a, b) = (self.float(depth), self.float(depth));
                format!("({other}, {name}) = ({a}, {b});\n")
            }
        }
    }

    fn element_change(&mut self, at: usize, len: usize, depth: usize) -> String {
        let name = self.scope.variables[at].name.clone();
        match self.random.below(10) {
            0 => {
                let (i, j) = (self.index_to_write(at, len), self.index_to_write(at, len));
                format!("{name}.swap({i}, {j});\n")
            }
            1 => {
                let before = self.scope.lock(at, Lock::Exclusive);
                let x = self.float(depth);
                self.scope.lock(at, before);
                format!("soften(&mut {name}[..], {x});\n")
            }
            2 if matches!(self.scope.variables[at].kind, Kind::Array(3)) => {
                let items = [self.float(1), self.float(1), self.float(1)].join(", ");
                format!("{name} = [{items}];\n")
            }
            _ => {
                let index = self.index_to_write(at, len);
                self.updated(&format!("{name}[{index}]"), depth)
            }
        }
    }

    pub(crate) fn updated(&mut self, place: &str, depth: usize) -> String {
        if self.random.one_in(2) {
            let value = self.float(depth + 1);
            return format!("{place} = {value};\n");
        }
        let operator = *self.random.pick(&OPERATORS);
        let value = self.float(depth);
        match operator {
            "*=" => format!("{place} *= ({value}).cos();\n"),
            "/=" => format!("{place} /= 1.5 + ({value}).sin();\n"),
            _ => format!("{place} {operator} {value};\n"),
        }
    }
}
