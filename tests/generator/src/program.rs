//! One random program.

use crate::random::Random;
use crate::scope::{Kind, Lock, Scope};

const NAMES: [&str; 9] = ["a", "b", "c", "d", "p", "q", "r", "s", "u"];

/// The parameters that a program may have beside `x: f64`, `y: f64` and `n: usize`, with their types and kinds.
const PARAMETERS: [(&str, &str, Kind); 3] =
    [("v", "&[f64]", Kind::Slice(4)), ("w", "[f64; 3]", Kind::Array(3)), ("z", "Vec<f64>", Kind::Vec(4))];

/// The state of the generator while it writes a program.
pub(crate) struct Program<'a> {
    pub(crate) random: &'a mut Random,
    pub(crate) scope: Scope,
    /// Views and what they borrow, both as positions in the scope, and how that was locked before.
    pub(crate) borrows: Vec<(usize, usize, Lock)>,
    /// Programs that this one may call.
    pub(crate) callees: Vec<usize>,
    pub(crate) calls: usize,
    /// How many more statements may be written.
    pub(crate) fuel: usize,
    pub(crate) loops: usize,
    /// Where the variables of the current block begin.
    pub(crate) block_start: usize,
    /// Whether an expression may change variables.
    pub(crate) effects: bool,
    /// Whether an expression may leave the loop or the function.
    pub(crate) exits: bool,
    numbers: usize,
}

/// A finished program.
pub(crate) struct Written {
    pub(crate) text: String,
    /// The names of the parameters after `x`, `y` and `n`.
    pub(crate) parameters: Vec<&'static str>,
}

/// Writes the program with a number; it may call the programs in `callees`.
pub(crate) fn write(random: &mut Random, number: usize, callees: &[usize]) -> Written {
    let fuel = 4 + random.below(14);
    let mut program = Program {
        random,
        scope: Scope::default(),
        borrows: Vec::new(),
        callees: callees.to_vec(),
        calls: 0,
        fuel,
        loops: 0,
        block_start: 0,
        effects: true,
        exits: true,
        numbers: 0,
    };
    let mut signature = String::new();
    let mut parameters = Vec::new();
    for (name, mutable) in [("x", program.random.one_in(3)), ("y", program.random.one_in(3))] {
        signature += &format!("{}{name}: f64, ", if mutable { "mut " } else { "" });
        program.scope.add(name, Kind::Float, mutable);
    }
    signature += "n: usize";
    program.scope.add("n", Kind::Int, false);
    for (name, ty, kind) in PARAMETERS {
        if program.random.one_in(2) {
            let mutable = !matches!(kind, Kind::Slice(_)) && program.random.one_in(2);
            signature += &format!(", {}{name}: {ty}", if mutable { "mut " } else { "" });
            program.scope.add(name, kind, mutable);
            parameters.push(name);
        }
    }
    let body = program.body();
    Written { text: format!("fn program_{number}({signature}) -> f64 {{\n{body}}}\n"), parameters }
}

impl Program<'_> {
    fn body(&mut self) -> String {
        let mut body = String::new();
        while self.fuel > 0 {
            body += &self.statement();
        }
        let summands: Vec<String> = (0..3).map(|_| format!("({})", self.float(1))).collect();
        body + &summands.join(" + ") + "\n"
    }

    /// A name for a new variable, often one that is taken.
    pub(crate) fn name(&mut self) -> String {
        (*self.random.pick(&NAMES)).to_owned()
    }

    /// Another name than `name`.
    pub(crate) fn other_name(&mut self, name: &str) -> String {
        loop {
            let other = self.name();
            if other != name {
                return other;
            }
        }
    }

    /// A number that no name has so far.
    pub(crate) fn fresh(&mut self) -> usize {
        self.numbers += 1;
        self.numbers
    }

    /// Runs `write` where expressions must not change anything.
    pub(crate) fn without_effects<T>(&mut self, write: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.effects, false);
        let result = write(self);
        self.effects = before;
        result
    }

    /// Runs `write` where expressions must not leave.
    pub(crate) fn without_exits<T>(&mut self, write: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.exits, false);
        let result = write(self);
        self.exits = before;
        result
    }
}
