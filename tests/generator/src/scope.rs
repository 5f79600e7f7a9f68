//! The variables that a program can use at one point.

/// What a variable holds, as far as the generator needs to know.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    Float,
    Int,
    /// `[f64; N]`
    Array(usize),
    /// `Vec<f64>` of this length
    Vec(usize),
    /// `&[f64]` of this length
    Slice(usize),
    /// `&mut [f64]` of this length
    SliceMut(usize),
    /// `(f64, f64)`
    Pair,
    /// `[[f64; 2]; 2]`
    Matrix,
    /// `&f64`, the element of an iteration
    Element,
    /// `&mut f64`, the element of an iteration or a reference to a place
    ElementMut,
    /// `Option<f64>`
    Optional,
    /// The enum `Shape` of the helpers
    Shape,
    /// The struct `State` of the helpers, or a mutable reference to one
    State,
    /// `Vec<Vec<f64>>` with three rows of two
    Grid,
    /// `Vec<f64>` of a length that changes
    Stack,
    /// A closure from a float to a float that changes nothing
    Closure,
    /// A closure from a float to a float that changes what it captures
    ClosureMut,
}

impl Kind {
    /// The number of elements of an indexed collection.
    pub(crate) fn len(self) -> Option<usize> {
        match self {
            Kind::Array(len) | Kind::Vec(len) | Kind::Slice(len) | Kind::SliceMut(len) => Some(len),
            Kind::Float | Kind::Int | Kind::Pair | Kind::Matrix | Kind::Element | Kind::ElementMut => None,
            Kind::Optional | Kind::Shape | Kind::State | Kind::Grid | Kind::Stack => None,
            Kind::Closure | Kind::ClosureMut => None,
        }
    }
}

/// Whether something borrows a variable.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Lock {
    Free,
    Shared,
    Exclusive,
}

#[derive(Clone, Debug)]
pub(crate) struct Variable {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) mutable: bool,
    pub(crate) lock: Lock,
    pub(crate) moved: bool,
}

/// A loop or a labelled block that exits can leave.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) label: String,
    pub(crate) is_loop: bool,
    /// A `break` has to bring a float.
    pub(crate) yields: bool,
}

/// The variables, innermost last, and the exits.
#[derive(Default)]
pub(crate) struct Scope {
    pub(crate) variables: Vec<Variable>,
    pub(crate) targets: Vec<Target>,
}

impl Scope {
    pub(crate) fn add(&mut self, name: &str, kind: Kind, mutable: bool) {
        let name = name.to_owned();
        self.variables.push(Variable { name, kind, mutable, lock: Lock::Free, moved: false });
    }

    /// The positions of the variables that are visible, may be read and satisfy a condition.
    pub(crate) fn readable(&self, wanted: impl Fn(&Variable) -> bool) -> Vec<usize> {
        let visible = |at: &usize| {
            let variable = &self.variables[*at];
            let hidden = self.variables[at + 1..].iter().any(|later| later.name == variable.name);
            !hidden && !variable.moved && variable.lock != Lock::Exclusive
        };
        (0..self.variables.len()).filter(visible).filter(|at| wanted(&self.variables[*at])).collect()
    }

    /// Like [`Scope::readable`], for variables that may be written.
    pub(crate) fn writable(&self, wanted: impl Fn(&Variable) -> bool) -> Vec<usize> {
        self.readable(|variable| variable.mutable && variable.lock == Lock::Free && wanted(variable))
    }

    /// The visible variables that a text mentions.
    pub(crate) fn mentioned(&self, text: &str) -> Vec<usize> {
        let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        self.readable(|variable| words.contains(&variable.name.as_str()))
    }

    /// Locks a variable; gives what was before.
    pub(crate) fn lock(&mut self, at: usize, lock: Lock) -> Lock {
        std::mem::replace(&mut self.variables[at].lock, lock)
    }
}
