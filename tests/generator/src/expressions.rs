//! Expressions. The value of every float expression has a bound, which keeps the programs tame.

use crate::program::Program;
use crate::scope::{Kind, Lock};

/// Variables are taken to be this large at most.
const BOUND: f64 = 2.5;

/// An expression and a bound of its absolute value.
type Bounded = (String, f64);

impl Program<'_> {
    /// A float of moderate size.
    pub(crate) fn float(&mut self, depth: usize) -> String {
        let (text, bound) = self.bounded(depth);
        if bound <= BOUND {
            return text;
        }
        match self.random.below(6) {
            0 => format!("({text}).sin()"),
            1 => format!("({text}).tanh()"),
            2 => format!("{{ let t = {text}; t / (1.0 + t * t) }}"),
            _ => format!("({text}) * {:.3}", BOUND / bound * 0.8),
        }
    }

    fn bounded(&mut self, depth: usize) -> Bounded {
        if depth == 0 {
            return self.leaf();
        }
        if self.luxuries > 0 && self.random.one_in(3) {
            self.luxuries -= 1;
            return self.luxury(depth);
        }
        match self.random.below(22) {
            0..=2 => self.leaf(),
            3..=9 => self.binary(depth),
            10..=13 => self.function(depth),
            14 => self.conditional(depth),
            15 => self.call(depth),
            16 => (self.effect(depth), BOUND),
            17 => self.matched(depth),
            18 => {
                let inner = self.float(depth - 1);
                (format!("-({inner})"), BOUND)
            }
            19 => self.called_in_place(depth),
            20 => {
                let inner = self.float(depth - 1);
                (format!("({inner}) as f64"), BOUND)
            }
            _ => self.scaled_integer(depth),
        }
    }

    /// An expression with closures, patterns or calls of functions with parameters of such kinds.
    fn luxury(&mut self, depth: usize) -> Bounded {
        match self.random.below(12) {
            0 | 1 => (self.reduced(depth), BOUND),
            2 | 3 => (self.option_read(depth), BOUND),
            4 => self.of_variable(depth, |kind| kind == Kind::Shape, Self::shape_read),
            5 => self.of_variable(depth, |kind| kind == Kind::State, Self::state_read),
            6 => self.of_variable(depth, |kind| kind.len().is_some() || kind == Kind::Stack, Self::slice_read),
            7 | 8 => (self.closure_call(depth), BOUND),
            9 => (self.tried(depth), BOUND),
            10 => (self.generic_call(depth), BOUND),
            _ => match self.replaced(depth) {
                Some(text) => (text, BOUND),
                None => self.leaf(),
            },
        }
    }

    /// What `read` makes of a variable of the wanted kind, if there is one.
    fn of_variable(
        &mut self,
        depth: usize,
        wanted: impl Fn(Kind) -> bool,
        read: impl FnOnce(&mut Self, usize, usize) -> String,
    ) -> Bounded {
        let variables = self.scope.readable(|variable| wanted(variable.kind));
        if variables.is_empty() {
            return self.binary(depth);
        }
        let at = *self.random.pick(&variables);
        (read(self, at, depth), BOUND)
    }

    fn binary(&mut self, depth: usize) -> Bounded {
        let (left, a) = self.bounded(depth - 1);
        let (right, b) = self.bounded(depth - 1);
        match self.random.below(9) {
            0..=2 => (format!("({left} + {right})"), a + b),
            3 | 4 => (format!("({left} - {right})"), a + b),
            5..=7 => (format!("({left}) * ({right})"), a * b),
            _ => (format!("({left}) / {{ let t = {right}; 1.0 + t * t }}"), a),
        }
    }

    fn function(&mut self, depth: usize) -> Bounded {
        let (inner, bound) = self.bounded(depth - 1);
        match self.random.below(12) {
            0 | 1 => (format!("({inner}).sin()"), 1.0),
            2 => (format!("({inner}).cos()"), 1.0),
            3 => (format!("({inner}).tanh()"), 1.0),
            4 => (format!("{{ let t = {inner}; (1.0 + t * t).sqrt() }}"), 1.0 + bound),
            5 => (format!("{{ let t = {inner}; (-t * t).exp() }}"), 1.0),
            6 => (format!("({inner}).abs()"), bound),
            7 => {
                let (other, second) = self.bounded(depth - 1);
                (format!("({inner}).max({other})"), bound.max(second))
            }
            8 => {
                let (other, second) = self.bounded(depth - 1);
                (format!("f64::min({inner}, {other})"), bound.max(second))
            }
            9 => (format!("({inner}).powi(2)"), bound * bound),
            10 => (format!("({inner}).atan()"), 1.6),
            _ => (format!("({inner}).clamp(-1.0, 1.0)"), 1.0),
        }
    }

    fn scaled_integer(&mut self, depth: usize) -> Bounded {
        let int = self.int(depth.min(2) - 1);
        (format!("(({int}) % 5) as f64 * 0.3"), 1.2)
    }

    fn conditional(&mut self, depth: usize) -> Bounded {
        let condition = self.condition(depth - 1);
        let then = self.value_block(depth - 1);
        let els = self.value_block_or_exit(depth - 1);
        (format!("if {condition} {{ {then} }} else {{ {els} }}"), BOUND).parenthesised()
    }

    fn matched(&mut self, depth: usize) -> Bounded {
        let scrutinee = self.int(1);
        let first = self.value_block_or_exit(depth - 1);
        let guard = self.without_effects(|program| program.condition(1));
        let second = self.value_block_or_exit(depth - 1);
        let rest = self.value_block(depth - 1);
        let text = format!(
            "match ({scrutinee}) % 4 {{ 0 => {{ {first} }} 1 | 2 if {guard} => {{ {second} }} _ => {{ {rest} }} }}"
        );
        (text, BOUND).parenthesised()
    }

    /// What stands between the braces of a block with a float as its value.
    pub(crate) fn value_block(&mut self, depth: usize) -> String {
        if self.effects && self.random.one_in(3) {
            return self.block_then(|program| program.float(depth));
        }
        self.float(depth)
    }

    fn value_block_or_exit(&mut self, depth: usize) -> String {
        if self.effects && self.random.one_in(6) { self.exit() } else { self.value_block(depth) }
    }

    /// An expression that changes a variable before it gives its value.
    fn effect(&mut self, depth: usize) -> String {
        if !self.effects {
            return self.leaf().0;
        }
        let change = self.change(depth - 1);
        let value = self.float(depth - 1);
        format!("{{ {change} {value} }}")
    }

    fn call(&mut self, depth: usize) -> Bounded {
        let collections = self.scope.readable(|variable| variable.kind.len().is_some());
        match self.random.below(4) {
            0 if !self.callees.is_empty() && self.calls < 2 => match self.call_of_part(depth) {
                Some(text) => (text, BOUND),
                None => self.leaf(),
            },
            0 | 1 if !collections.is_empty() => {
                let at = *self.random.pick(&collections);
                let argument = self.borrowed(at);
                let before = self.scope.variables[at].lock;
                self.scope.lock(at, Lock::Shared);
                let x = self.float(depth - 1);
                self.scope.lock(at, before);
                (format!("weigh({argument}, {x})"), 2.0)
            }
            2 => {
                let x = self.float(depth - 1);
                let member = self.random.below(2);
                (format!("polar({x}).{member}"), 1.0)
            }
            _ => {
                let (x, y) = (self.float(depth - 1), self.float(depth - 1));
                (format!("blend({x}, {y})"), 1.5)
            }
        }
    }

    /// A collection as an argument of type `&[f64]`.
    fn borrowed(&mut self, at: usize) -> String {
        let variable = self.scope.variables[at].clone();
        match variable.kind {
            Kind::Slice(_) | Kind::SliceMut(_) if self.random.one_in(2) => variable.name,
            _ if self.random.one_in(2) => format!("&{}[1..]", variable.name),
            _ => format!("&{}[..]", variable.name),
        }
    }

    /// A call that changes a collection and gives a float.
    fn called_in_place(&mut self, depth: usize) -> Bounded {
        let collections = self.scope.writable(|variable| variable.kind.len().is_some());
        if collections.is_empty() || !self.effects {
            return self.call(depth);
        }
        let at = *self.random.pick(&collections);
        let name = self.scope.variables[at].name.clone();
        let argument = if self.random.one_in(3) { format!("&mut {name}[1..]") } else { format!("&mut {name}[..]") };
        let before = self.scope.lock(at, Lock::Exclusive);
        let x = self.float(depth - 1);
        self.scope.lock(at, before);
        (format!("stir({argument}, {x})"), BOUND)
    }

    fn leaf(&mut self) -> Bounded {
        let candidates = self.scope.readable(|variable| !matches!(variable.kind, Kind::Int | Kind::ClosureMut));
        if candidates.is_empty() || self.random.one_in(8) {
            let number = 0.1 + self.random.below(15) as f64 * 0.1;
            return (format!("{number:.1}_f64"), number);
        }
        let at = *self.random.pick(&candidates);
        let variable = self.scope.variables[at].clone();
        let name = &variable.name;
        let text = match variable.kind {
            Kind::Float | Kind::Int | Kind::ClosureMut => name.clone(),
            Kind::Optional => format!("{name}.unwrap_or(0.3)"),
            Kind::Shape => format!("{name}.area()"),
            Kind::State => self.state_read(at, 0),
            Kind::Grid => {
                let (row, column) = (self.index_to_read(at, 3), self.index_to_read(at, 2));
                format!("{name}[{row}][{column}]")
            }
            Kind::Stack => (*self.random.pick(&[
                "{}.iter().sum::<f64>().tanh()",
                "{}.last().copied().unwrap_or(0.5)",
                "({}.len() as f64 * 0.1)",
                "{}.first().map_or(0.2, |t| t * 0.7)",
            ]))
            .replace("{}", name),
            Kind::Closure => format!("{name}(0.{})", 1 + self.random.below(9)),
            Kind::Pair => format!("{name}.{}", self.random.below(2)),
            Kind::Element | Kind::ElementMut => format!("(*{name})"),
            Kind::Matrix => {
                let (row, column) = (self.index_to_read(at, 2), self.index_to_read(at, 2));
                format!("{name}[{row}][{column}]")
            }
            Kind::Array(len) | Kind::Vec(len) | Kind::Slice(len) | Kind::SliceMut(len) => {
                format!("{name}[{}]", self.index_to_read(at, len))
            }
        };
        (text, BOUND)
    }

    /// An index below `len` that does not touch the variable that it is used for.
    pub(crate) fn index_to_write(&mut self, at: usize, len: usize) -> String {
        let before = self.scope.lock(at, Lock::Exclusive);
        let index = self.index(len);
        self.scope.lock(at, before);
        index
    }

    /// An index below `len` that does not change the variable that it is used for.
    pub(crate) fn index_to_read(&mut self, at: usize, len: usize) -> String {
        let before = self.scope.lock(at, Lock::Shared);
        let index = self.index(len);
        self.scope.lock(at, before);
        index
    }

    fn index(&mut self, len: usize) -> String {
        if self.random.one_in(2) {
            return self.random.below(len).to_string();
        }
        format!("({}) % {len}", self.int(1))
    }

    /// An integer; small, but with no bound that a reader should rely on.
    pub(crate) fn int(&mut self, depth: usize) -> String {
        let candidates = self.scope.readable(|variable| variable.kind == Kind::Int);
        let choice = self.random.below(if depth == 0 { 4 } else { 9 });
        match choice {
            0 => self.random.below(4).to_string() + "_usize",
            4 | 5 => format!("({} + {})", self.int(depth - 1), self.int(depth - 1)),
            6 => format!("({} * 3 + 1)", self.int(depth - 1)),
            7 if self.random.one_in(2) => self.int_of_float(),
            8 if self.effects && self.random.one_in(2) => self.int_with_effect(),
            _ if candidates.is_empty() => "2_usize".to_owned(),
            _ => self.scope.variables[*self.random.pick(&candidates)].name.clone(),
        }
    }

    fn int_of_float(&mut self) -> String {
        let value = self.float(1);
        format!("(stop_gradient({value}).abs() * 3.0) as usize")
    }

    fn int_with_effect(&mut self) -> String {
        let counters = self.scope.writable(|variable| variable.kind == Kind::Int);
        if counters.is_empty() {
            return "1_usize".to_owned();
        }
        let name = self.scope.variables[*self.random.pick(&counters)].name.clone();
        format!("{{ {name} = ({name} + 1) % 6; {name} }}")
    }

    pub(crate) fn condition(&mut self, depth: usize) -> String {
        match self.random.below(10) {
            9 if depth > 0 => self.quantified(),
            0..=3 => format!("{} > {}", self.float(depth).guarded(), self.float(depth)),
            4 => format!("({}) % 3 == {}", self.int(1), self.random.below(3)),
            5 => format!("{} < {}", self.int(0), self.int(0)),
            6 if depth > 0 => format!("({}) && ({})", self.condition(depth - 1), self.condition(depth - 1)),
            7 if depth > 0 => format!("({}) || ({})", self.condition(depth - 1), self.condition(depth - 1)),
            8 if depth > 0 => format!("!({})", self.condition(depth - 1)),
            _ => format!("{} <= {}", self.float(0).guarded(), self.float(0)),
        }
    }
}

/// Puts parentheses around what cannot stand everywhere.
trait Parenthesised {
    fn parenthesised(self) -> Self;
}

impl Parenthesised for Bounded {
    fn parenthesised(self) -> Self {
        (format!("({})", self.0), self.1)
    }
}

/// Puts parentheses around the left side of a comparison, which may begin with a block or end with a cast.
trait Guarded {
    fn guarded(self) -> String;
}

impl Guarded for String {
    fn guarded(self) -> String {
        format!("({self})")
    }
}
