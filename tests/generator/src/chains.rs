//! Chains of iterators, as values, as lists, and as what a loop runs over.

use crate::program::Program;
use crate::scope::{Kind, Lock};

/// The beginning of a chain.
struct Source {
    text: String,
    /// The pattern of an item, and the variables that it binds.
    pattern: String,
    bound: Vec<(String, Kind)>,
    /// What it reads.
    lists: Vec<usize>,
    /// The number of items, where that is known.
    len: Option<usize>,
}

impl Program<'_> {
    /// A chain that ends with one float.
    pub(crate) fn reduced(&mut self, depth: usize) -> String {
        let (items, ..) = self.numbers_chain(depth);
        let (t, u) = (self.own("t"), self.own("u"));
        let both = [(t.as_str(), Kind::Float), (u.as_str(), Kind::Float)];
        let text = match self.random.below(10) {
            0 => format!("{items}.sum::<f64>().tanh() * 2.0"),
            1 => format!("{{ let sum: f64 = {items}.sum(); sum / (1.0 + sum * sum) }}"),
            2 => format!("{items}.product::<f64>().sin()"),
            3 | 4 => {
                let (start, body) = (self.after(&items, |p| p.float(1)), self.closed(&both, |p| p.float(2)));
                format!("{items}.fold({start}, |{t}, {u}| {body})")
            }
            5 => {
                let (first, second) = (self.closed(&both, |p| p.float(1)), self.closed(&both, |p| p.float(1)));
                let s = self.own("s");
                format!(
                    "{items}.fold((0.5_f64, 1.0_f64), |({t}, {s}), {u}| ({first}, {s} * 0.5 + {second} * {t}.cos())).0"
                )
            }
            6 => format!("{items}.fold(0.1_f64, f64::max)"),
            7 => format!("{items}.last().unwrap_or(0.4)"),
            8 => {
                let body = self.closed(&both, |p| p.float(1));
                format!("{items}.reduce(|{t}, {u}| {body}).unwrap_or(0.2)")
            }
            _ => format!("{items}.max_by(|a, b| a.total_cmp(b)).map_or(0.3, |{t}| {t} * 0.5)"),
        };
        format!("({text})")
    }

    /// A condition over the items of a chain.
    pub(crate) fn quantified(&mut self) -> String {
        let (items, ..) = self.numbers_chain(1);
        let t = self.own("t");
        let condition = self.closed(&[(&t, Kind::Float)], |p| p.condition(0));
        match self.random.below(3) {
            0 => format!("{items}.any(|{t}| {condition})"),
            1 => format!("{items}.all(|{t}| {condition})"),
            _ => format!("({items}.count() > 2)"),
        }
    }

    /// A list that a chain is collected into.
    pub(crate) fn collected(&mut self, name: &str) -> String {
        let (items, _, len) = self.numbers_chain(2);
        let kind = len.filter(|len| *len > 0).map_or(Kind::Stack, Kind::Vec);
        self.scope.add(name, kind, true);
        format!("let mut {name}: Vec<f64> = {items}.collect();\n")
    }

    /// A loop over a chain.
    pub(crate) fn chained(&mut self, label: &str) -> String {
        if self.random.one_in(3) {
            return self.changed_items(label);
        }
        let as_numbers = self.random.one_in(2);
        let (text, pattern, bound) = if as_numbers {
            let (items, ..) = self.numbers_chain(1);
            let t = self.own("t");
            (items, t.clone(), vec![(t, Kind::Float)])
        } else {
            let source = self.source();
            (source.text, source.pattern, source.bound)
        };
        // The chain is lazy: what its closures mention must not change in the loop.
        let body = self.after(&text, |p| {
            let mark = p.scope.variables.len();
            bound.iter().for_each(|(name, kind)| p.scope.add(name, *kind, false));
            let body = p.trip(label, false);
            p.leave(mark);
            body
        });
        format!("{label}: for {pattern} in {text} {{\n{body}}}\n")
    }

    /// Changes of the items of a list in a closure, or of parts of it in a loop.
    fn changed_items(&mut self, label: &str) -> String {
        let lists = self.scope.writable(|variable| variable.kind.len().is_some_and(|len| len > 1));
        if lists.is_empty() {
            return self.ranged(label);
        }
        let at = *self.random.pick(&lists);
        let (list, t) = (self.scope.variables[at].name.clone(), self.own("t"));
        let before = self.scope.lock(at, Lock::Exclusive);
        let text = match self.random.below(3) {
            0 => {
                let value = self.closed(&[(&t, Kind::Element)], |p| p.float(2));
                format!("{list}.iter_mut().for_each(|{t}| *{t} = {value});\n")
            }
            1 => {
                let i = self.own("i");
                let value = self.closed(&[(&t, Kind::Element), (&i, Kind::Int)], |p| p.float(2));
                format!("{list}.iter_mut().enumerate().skip(1).for_each(|({i}, {t})| *{t} *= ({value}).cos());\n")
            }
            _ => {
                let mark = self.scope.variables.len();
                self.scope.add(&t, Kind::SliceMut(1), true);
                let body = self.trip(label, false);
                self.leave(mark);
                format!("{label}: for {t} in {list}.chunks_mut(2) {{\n{body}}}\n")
            }
        };
        self.scope.lock(at, before);
        text
    }

    /// A chain of floats with what it reads and its length.
    fn numbers_chain(&mut self, depth: usize) -> (String, Vec<usize>, Option<usize>) {
        let source = self.source();
        let own: Vec<(&str, Kind)> = source.bound.iter().map(|(name, kind)| (name.as_str(), *kind)).collect();
        let lists = source.lists.clone();
        let value = self.lent(&lists, |p| p.closed(&own, |p| p.float(depth)));
        let (mut text, mut len) = (format!("{}.map(|{}| {value})", source.text, source.pattern), source.len);
        for _ in 0..self.random.below(3) {
            (text, len) = self.adapted(&text, len, &lists);
        }
        (text, lists, len)
    }

    fn adapted(&mut self, items: &str, len: Option<usize>, lists: &[usize]) -> (String, Option<usize>) {
        let (t, s) = (self.own("t"), self.own("s"));
        let by_value = [(t.as_str(), Kind::Float)];
        let by_reference = [(t.as_str(), Kind::Element)];
        self.lent(lists, |p| match p.random.below(10) {
            0 | 1 => (format!("{items}.map(|{t}| {})", p.closed(&by_value, |p| p.float(1))), len),
            2 => (format!("{items}.filter(|{t}| {})", p.closed(&by_reference, |p| p.condition(0))), None),
            3 => {
                let (condition, value) = p.closed(&by_value, |p| (p.condition(0), p.float(1)));
                (format!("{items}.filter_map(|{t}| if {condition} {{ Some({value}) }} else {{ None }})"), None)
            }
            4 => {
                let (a, b) = p.closed(&by_value, |p| (p.float(1), p.float(1)));
                (format!("{items}.flat_map(|{t}| [{a}, {b}])"), len.map(|len| 2 * len))
            }
            5 => {
                let value = p.closed(&[(&t, Kind::Float), (&s, Kind::Element)], |p| p.float(1));
                (format!("{items}.scan(0.5_f64, |{s}, {t}| {{ *{s} = {value}; Some(*{s} + {t}) }})"), len)
            }
            6 => (format!("{items}.take_while(|{t}| {})", p.closed(&by_reference, |p| p.condition(0))), None),
            7 => (format!("{items}.skip(1)"), len.map(|len| len.saturating_sub(1))),
            8 => (format!("{items}.take(3)"), len.map(|len| len.min(3))),
            _ => (format!("{items}.step_by(2)"), len.map(|len| len.div_ceil(2))),
        })
    }

    fn source(&mut self) -> Source {
        let lists = self.scope.readable(|variable| variable.kind.len().is_some() || variable.kind == Kind::Stack);
        let (t, u, i) = (self.own("t"), self.own("u"), self.own("i"));
        if lists.is_empty() || self.random.one_in(8) {
            let range = *self.random.pick(&["(0..3)", "(1..=4).rev()", "(0..6).step_by(2)"]);
            let (text, len) = (range.to_owned(), Some(if range.starts_with("(1") { 4 } else { 3 }));
            return Source { text, pattern: i.clone(), bound: vec![(i, Kind::Int)], lists: Vec::new(), len };
        }
        let (at, other) = (*self.random.pick(&lists), *self.random.pick(&lists));
        let (list, second) = (self.scope.variables[at].name.clone(), self.scope.variables[other].name.clone());
        let (len, others) = (self.scope.variables[at].kind.len(), self.scope.variables[other].kind.len());
        let shorter = len.zip(others).map(|(a, b)| a.min(b));
        let (element, float) = (Kind::Element, Kind::Float);
        let choice = self.random.below(12);
        let (text, pattern, bound, len) = match choice {
            0 => (format!("{list}.iter()"), t.clone(), vec![(t, element)], len),
            1 => (format!("{list}.iter()"), format!("&{t}"), vec![(t, float)], len),
            2 => (format!("{list}.iter().copied().rev()"), t.clone(), vec![(t, float)], len),
            3 => (format!("{list}.iter().skip(1)"), t.clone(), vec![(t, element)], len.map(|len| len - 1)),
            4 | 5 => {
                let bound = vec![(t.clone(), element), (u.clone(), element)];
                (format!("{list}.iter().zip({second}.iter())"), format!("({t}, {u})"), bound, shorter)
            }
            6 => {
                let bound = vec![(t.clone(), float), (u.clone(), float)];
                (format!("{list}.iter().zip({second}.iter().skip(1))"), format!("(&{t}, &{u})"), bound, None)
            }
            7 => {
                let bound = vec![(i.clone(), Kind::Int), (t.clone(), float)];
                (format!("{list}.iter().enumerate()"), format!("({i}, &{t})"), bound, len)
            }
            8 => (format!("{list}.windows(2)"), t.clone(), vec![(t, Kind::Slice(2))], len.map(|len| len - 1)),
            9 => (format!("{list}.chunks(2)"), t.clone(), vec![(t, Kind::Slice(1))], len.map(|len| len.div_ceil(2))),
            10 => (format!("{list}.chunks_exact(2)"), t.clone(), vec![(t, Kind::Slice(2))], len.map(|len| len / 2)),
            _ => {
                let bound = vec![(i.clone(), Kind::Int), (t.clone(), element), (u.clone(), element)];
                (format!("{list}.iter().zip(&{second}[..]).enumerate()"), format!("({i}, ({t}, {u}))"), bound, shorter)
            }
        };
        let lists = if [4, 5, 6, 11].contains(&choice) && other != at { vec![at, other] } else { vec![at] };
        Source { text, pattern, bound, lists, len }
    }

    /// Runs `write` while lists are borrowed.
    fn lent<T>(&mut self, lists: &[usize], write: impl FnOnce(&mut Self) -> T) -> T {
        let before: Vec<Lock> = lists.iter().map(|at| self.scope.lock(*at, Lock::Shared)).collect();
        let result = write(self);
        for (at, lock) in lists.iter().zip(before).rev() {
            self.scope.lock(*at, lock);
        }
        result
    }

    /// A name that nothing else has.
    pub(crate) fn own(&mut self, letter: &str) -> String {
        format!("{letter}_{}", self.fresh())
    }
}
