//! Branches, loops and exits.

use crate::program::Program;
use crate::scope::{Kind, Lock, Target};

impl Program<'_> {
    /// Some statements and what `last` adds, without the braces.
    pub(crate) fn block_then(&mut self, last: impl FnOnce(&mut Self) -> String) -> String {
        let mark = self.scope.variables.len();
        let start = std::mem::replace(&mut self.block_start, mark);
        let mut text = String::new();
        for _ in 0..=self.random.below(3) {
            text += &self.statement();
        }
        text += &last(self);
        self.leave(mark);
        self.block_start = start;
        text
    }

    /// Forgets the variables of a block and what they borrowed.
    pub(crate) fn leave(&mut self, mark: usize) {
        self.scope.variables.truncate(mark);
        while let Some((_, at, before)) = self.borrows.pop_if(|(holder, _, _)| *holder >= mark) {
            if at < mark {
                self.scope.lock(at, before);
            }
        }
    }

    fn block(&mut self) -> String {
        self.block_then(|_| String::new())
    }

    pub(crate) fn branch(&mut self) -> String {
        let condition = self.condition(2);
        match self.random.below(4) {
            0 => {
                let then = self.block();
                format!("if {condition} {{\n{then}}}\n")
            }
            1 => {
                let (scrutinee, first) = (self.int(1), self.block());
                let guard = self.without_effects(|program| program.condition(1));
                let (second, rest) = (self.block(), self.block());
                format!(
                    "match ({scrutinee}) % 3 {{\n0 => {{\n{first}}}\nm if {guard} && m < 2 => {{\n{second}}}\n_ => {{\n{rest}}}\n}}\n"
                )
            }
            2 => {
                let then = self.block();
                let second = self.condition(1);
                let (middle, els) = (self.block(), self.block());
                format!("if {condition} {{\n{then}}} else if {second} {{\n{middle}}} else {{\n{els}}}\n")
            }
            _ => {
                let (then, els) = (self.block(), self.block());
                format!("if {condition} {{\n{then}}} else {{\n{els}}}\n")
            }
        }
    }

    pub(crate) fn conditional_exit(&mut self) -> String {
        let condition = self.condition(1);
        let before = if self.random.one_in(2) { self.change(1) } else { String::new() };
        let exit = self.exit();
        format!("if {condition} {{\n{before}{exit};\n}}\n")
    }

    /// An expression that does not come back.
    pub(crate) fn exit(&mut self) -> String {
        let targets = if self.exits { self.scope.targets.clone() } else { Vec::new() };
        if targets.is_empty() || self.random.one_in(5) {
            if !self.exits {
                return self.float(1);
            }
            return format!("return {}", self.early_result());
        }
        let target = self.random.pick(&targets).clone();
        if target.is_loop && self.random.one_in(2) {
            return format!("continue {}", target.label);
        }
        if target.yields {
            let value = self.float(1);
            return format!("break {} {value}", target.label);
        }
        format!("break {}", target.label)
    }

    pub(crate) fn repetition(&mut self) -> String {
        if self.loops >= 2 {
            return self.branch();
        }
        self.loops += 1;
        let label = format!("'loop_{}", self.fresh());
        let text = match self.random.below(12) {
            0 => self.until(&label),
            1 => self.looped(&label),
            2..=4 => self.ranged(&label),
            5..=7 => self.iterated(&label),
            8 => self.emptied(&label),
            9 => self.grid_rows(&label),
            _ => self.chained(&label),
        };
        self.loops -= 1;
        text
    }

    pub(crate) fn trip(&mut self, label: &str, yields: bool) -> String {
        self.scope.targets.push(Target { label: label.to_owned(), is_loop: true, yields });
        let body = self.block();
        self.scope.targets.pop();
        body
    }

    fn until(&mut self, label: &str) -> String {
        let counter = format!("trips_{}", self.fresh());
        let condition = self.without_exits(|program| program.condition(1));
        let limit = 1 + self.random.below(4);
        let mark = self.scope.variables.len();
        self.scope.add(&counter, Kind::Int, false);
        let body = self.trip(label, false);
        self.leave(mark);
        format!(
            "let mut {counter} = 0;\n{label}: while {counter} < {limit} && ({condition}) {{\n{counter} += 1;\n{body}}}\n"
        )
    }

    fn looped(&mut self, label: &str) -> String {
        let counter = format!("trips_{}", self.fresh());
        let limit = 1 + self.random.below(4);
        let mark = self.scope.variables.len();
        self.scope.add(&counter, Kind::Int, false);
        let value = self.float(1);
        let body = self.trip(label, true);
        self.leave(mark);
        let name = self.name();
        self.scope.add(&name, Kind::Float, false);
        format!(
            "let mut {counter} = 0;\nlet {name} = {label}: loop {{\n{counter} += 1;\nif {counter} > {limit} {{\nbreak {value};\n}}\n{body}}};\n"
        )
    }

    pub(crate) fn ranged(&mut self, label: &str) -> String {
        let index = format!("i_{}", self.fresh());
        let range = match self.random.below(7) {
            0 => "0..4".to_owned(),
            1 => format!("0..({}) % 5", self.int(1)),
            2 => "1..=3".to_owned(),
            3 => "(0..4).rev()".to_owned(),
            4 => "(0..5).step_by(2)".to_owned(),
            5 => format!("(({}) % 3..4).rev()", self.int(1)),
            _ => format!("0..=({}) % 3", self.int(1)),
        };
        let mark = self.scope.variables.len();
        self.scope.add(&index, Kind::Int, false);
        let body = self.trip(label, false);
        self.leave(mark);
        format!("{label}: for {index} in {range} {{\n{body}}}\n")
    }

    fn iterated(&mut self, label: &str) -> String {
        let mutable = self.random.one_in(2);
        let lists = if mutable {
            self.scope.writable(|variable| variable.kind.len().is_some())
        } else {
            self.scope.readable(|variable| variable.kind.len().is_some())
        };
        if lists.is_empty() {
            return self.ranged(label);
        }
        let at = *self.random.pick(&lists);
        let list = self.scope.variables[at].name.clone();
        let (index, element) = (format!("i_{}", self.fresh()), format!("e_{}", self.fresh()));
        let lock = if mutable { Lock::Exclusive } else { Lock::Shared };
        let before = self.scope.lock(at, lock);
        let others = self.scope.readable(|variable| variable.kind.len().is_some());
        let mark = self.scope.variables.len();
        let call = if mutable { "iter_mut" } else { "iter" };
        let kind = if mutable { Kind::ElementMut } else { Kind::Element };
        self.scope.add(&element, kind, mutable);
        let mut other = None;
        let header = match self.random.below(4) {
            0 => format!("{element} in {list}.{call}()"),
            1 => {
                self.scope.add(&index, Kind::Int, false);
                format!("({index}, {element}) in {list}.{call}().enumerate()")
            }
            2 if !others.is_empty() => {
                let second = *self.random.pick(&others);
                let partner = format!("e_{}", self.fresh());
                self.scope.add(&partner, Kind::Element, false);
                other = Some((second, self.scope.lock(second, Lock::Shared)));
                format!("({element}, {partner}) in {list}.{call}().zip({}.iter())", self.scope.variables[second].name)
            }
            _ => format!("{element} in {list}.{call}().rev()"),
        };
        let body = self.trip(label, false);
        self.leave(mark);
        if let Some((second, lock)) = other {
            self.scope.lock(second, lock);
        }
        self.scope.lock(at, before);
        format!("{label}: for {header} {{\n{body}}}\n")
    }
}
