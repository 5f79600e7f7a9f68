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
    /// What this program may call.
    pub(crate) callees: Vec<Callee>,
    pub(crate) returns: Returns,
    pub(crate) calls: usize,
    /// How many more statements may be written.
    pub(crate) fuel: usize,
    pub(crate) loops: usize,
    /// How many more expressions may have closures or patterns in them, which would grow without end.
    pub(crate) luxuries: usize,
    /// Where the variables of the current block begin.
    pub(crate) block_start: usize,
    /// Whether an expression may change variables.
    pub(crate) effects: bool,
    /// Whether an expression may leave the loop or the function.
    pub(crate) exits: bool,
    numbers: usize,
}

/// What a function returns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Returns {
    Float,
    /// `(f64, f64)`
    Pair,
    /// `Option<f64>`
    Optional,
    /// `Result<f64, String>`
    Outcome,
}

impl Returns {
    fn ty(self) -> &'static str {
        match self {
            Returns::Float => "f64",
            Returns::Pair => "(f64, f64)",
            Returns::Optional => "Option<f64>",
            Returns::Outcome => "Result<f64, String>",
        }
    }
}

/// A generated function with the parameters `x: f64`, `y: f64` and `n: usize`.
#[derive(Clone, Debug)]
pub(crate) struct Callee {
    pub(crate) name: String,
    pub(crate) returns: Returns,
    /// Whether the first parameter is a mutable `State`.
    pub(crate) changes: Changes,
}

/// What a function changes of its caller's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Changes {
    Nothing,
    /// `state: &mut State` comes first.
    Argument,
    /// It is a method of `State` with `&mut self`.
    Receiver,
}

/// A finished program.
pub(crate) struct Written {
    pub(crate) text: String,
    /// The names of the parameters after `x`, `y` and `n`.
    pub(crate) parameters: Vec<&'static str>,
}

/// Writes the program with a number; it may call `callees`.
pub(crate) fn write(random: &mut Random, number: usize, callees: &[Callee]) -> Written {
    let mut program = Program::new(random, 8, callees, Returns::Float);
    let mut signature = program.numbers_of_signature();
    let mut parameters = Vec::new();
    for (name, ty, kind) in PARAMETERS {
        if program.random.one_in(2) {
            let mutable = !matches!(kind, Kind::Slice(_)) && program.random.one_in(2);
            signature += &format!(", {}{name}: {ty}", if mutable { "mut " } else { "" });
            program.scope.add(name, kind, mutable);
            parameters.push(name);
        }
    }
    let body = program.body();
    Written {
        text: format!("#[differentiable]\npub(crate) fn program_{number}({signature}) -> f64 {{\n{body}}}\n"),
        parameters,
    }
}

/// Writes a function that only programs call.
pub(crate) fn write_part(random: &mut Random, number: usize) -> (String, Callee) {
    let returns = *random.pick(&[Returns::Float, Returns::Pair, Returns::Optional, Returns::Outcome]);
    let changes = *random.pick(&[Changes::Nothing, Changes::Nothing, Changes::Argument, Changes::Receiver]);
    let mut program = Program::new(random, 5, &[], returns);
    let first = match changes {
        Changes::Nothing => "",
        Changes::Argument => "state: &mut State, ",
        Changes::Receiver => "&mut self, ",
    };
    match changes {
        Changes::Nothing => (),
        Changes::Argument => program.scope.add("state", Kind::State, true),
        Changes::Receiver => program.scope.add("self", Kind::State, true),
    }
    let (signature, name) = (program.numbers_of_signature(), format!("part_{number}"));
    let body = program.body();
    let text = format!("#[differentiable]\nfn {name}({first}{signature}) -> {} {{\n{body}}}\n", returns.ty());
    let text = if changes == Changes::Receiver { format!("impl State {{\n{text}}}\n") } else { text };
    (text, Callee { name, returns, changes })
}

impl<'a> Program<'a> {
    fn new(random: &'a mut Random, most: usize, callees: &[Callee], returns: Returns) -> Self {
        let fuel = 4 + random.below(most);
        Program {
            random,
            scope: Scope::default(),
            borrows: Vec::new(),
            callees: callees.to_vec(),
            returns,
            calls: 0,
            fuel,
            loops: 0,
            luxuries: fuel,
            block_start: 0,
            effects: true,
            exits: true,
            numbers: 0,
        }
    }

    /// The parameters that all functions have.
    fn numbers_of_signature(&mut self) -> String {
        let mut signature = String::new();
        for name in ["x", "y"] {
            let mutable = self.random.one_in(3);
            signature += &format!("{}{name}: f64, ", if mutable { "mut " } else { "" });
            self.scope.add(name, Kind::Float, mutable);
        }
        self.scope.add("n", Kind::Int, false);
        signature + "n: usize"
    }

    fn body(&mut self) -> String {
        let mut body = String::new();
        while self.fuel > 0 {
            body += &self.statement();
        }
        let summands: Vec<String> = (0..3).map(|_| format!("({})", self.float(1))).collect();
        let last = summands.join(" + ");
        body + &self.result(&last) + "\n"
    }

    /// The result of the function in whose place there is a float.
    pub(crate) fn result(&mut self, float: &str) -> String {
        match self.returns {
            Returns::Float => float.to_owned(),
            Returns::Pair => format!("({float}, {})", self.float(1)),
            Returns::Optional => format!("Some({float})"),
            Returns::Outcome => format!("Ok({float})"),
        }
    }

    /// What leaves the function.
    pub(crate) fn early_result(&mut self) -> String {
        match self.returns {
            Returns::Optional if self.random.one_in(3) => "None".to_owned(),
            Returns::Outcome if self.random.one_in(3) => "Err(\"left\".to_owned())".to_owned(),
            Returns::Float | Returns::Pair | Returns::Optional | Returns::Outcome => {
                let value = self.float(1);
                self.result(&value)
            }
        }
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

    /// Writes the body of a closure, which neither changes variables nor leaves, over some variables of its own.
    pub(crate) fn closed<T>(&mut self, own: &[(&str, Kind)], write: impl FnOnce(&mut Self) -> T) -> T {
        let mark = self.scope.variables.len();
        for (name, kind) in own {
            self.scope.add(name, *kind, false);
        }
        let result = self.without_effects(|program| program.without_exits(write));
        self.leave(mark);
        result
    }

    /// Runs `write` while a variable is locked.
    pub(crate) fn locked<T>(&mut self, at: usize, lock: Lock, write: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.scope.lock(at, lock);
        let result = write(self);
        self.scope.lock(at, before);
        result
    }

    /// Runs `write` where what a text mentions is borrowed.
    pub(crate) fn after<T>(&mut self, text: &str, write: impl FnOnce(&mut Self) -> T) -> T {
        let mentioned = self.scope.mentioned(text);
        let free: Vec<usize> =
            mentioned.into_iter().filter(|at| self.scope.variables[*at].lock == Lock::Free).collect();
        free.iter().for_each(|at| self.scope.variables[*at].lock = Lock::Shared);
        let result = write(self);
        free.iter().for_each(|at| self.scope.variables[*at].lock = Lock::Free);
        result
    }

    /// Locks a variable until the one that is defined next is forgotten.
    pub(crate) fn lend_to_next(&mut self, at: usize, lock: Lock) {
        let before = self.scope.lock(at, lock);
        self.borrows.push((self.scope.variables.len(), at, before));
    }

    /// Runs `write` where expressions must not leave.
    pub(crate) fn without_exits<T>(&mut self, write: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.exits, false);
        let result = write(self);
        self.exits = before;
        result
    }
}
