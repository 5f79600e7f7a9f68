//! Options, enums and slices, and the patterns that look at them.

use crate::program::Program;
use crate::scope::{Kind, Lock};

impl Program<'_> {
    /// The definition of an option.
    pub(crate) fn option(&mut self, name: &str) -> String {
        let value = self.option_value();
        self.scope.add(name, Kind::Optional, true);
        format!("let mut {name}: Option<f64> = {value};\n")
    }

    pub(crate) fn option_value(&mut self) -> String {
        let lists = self.scope.readable(|variable| variable.kind.len().is_some() || variable.kind == Kind::Stack);
        let options = self.scope.readable(|variable| variable.kind == Kind::Optional);
        let t = self.own("t");
        let float = [(t.as_str(), Kind::Float)];
        match self.random.below(8) {
            0 => format!("Some({})", self.float(2)),
            1 => {
                let (value, condition) = (self.float(1), self.closed(&[(&t, Kind::Element)], |p| p.condition(0)));
                format!("Some({value}).filter(|{t}| {condition})")
            }
            2 if !lists.is_empty() => {
                let list = self.scope.variables[*self.random.pick(&lists)].name.clone();
                let condition = self.closed(&[(&t, Kind::Element)], |p| p.condition(0));
                format!("{list}.iter().copied().find(|{t}| {condition})")
            }
            3 if !lists.is_empty() => {
                let list = self.scope.variables[*self.random.pick(&lists)].name.clone();
                let call = *self.random.pick(&["first()", "last()", "get(1)", "get(n)", "iter().next()"]);
                format!("{list}.{call}.copied()")
            }
            4 if !options.is_empty() => {
                let option = self.scope.variables[*self.random.pick(&options)].name.clone();
                let value = self.closed(&float, |p| p.float(2));
                format!("{option}.map(|{t}| {value})")
            }
            5 if !options.is_empty() => {
                let option = self.scope.variables[*self.random.pick(&options)].name.clone();
                let value = self.closed(&float, |p| p.float(1));
                format!("{option}.and_then(|{t}| checked({value}))")
            }
            6 => format!("tried({}).ok()", self.float(1)),
            _ => {
                let (condition, value) = (self.condition(1), self.float(2));
                format!("if {condition} {{ Some({value}) }} else {{ None }}")
            }
        }
    }

    /// A number that an option holds, or another.
    pub(crate) fn option_read(&mut self, depth: usize) -> String {
        let options = self.scope.readable(|variable| variable.kind == Kind::Optional);
        let option = if options.is_empty() || self.random.one_in(3) {
            format!("({})", self.option_value())
        } else {
            self.scope.variables[*self.random.pick(&options)].name.clone()
        };
        let (t, s) = (self.own("t"), self.own("s"));
        let float = [(t.as_str(), Kind::Float)];
        match self.random.below(6) {
            0 => format!("{option}.unwrap_or({})", self.float(depth - 1)),
            1 => {
                let (other, value) = (self.float(0), self.closed(&float, |p| p.float(depth)));
                format!("{option}.map_or({other}, |{t}| {value})")
            }
            2 => {
                let (then, els) = (self.arm(&float, depth), self.float(depth - 1));
                format!("(if let Some({t}) = {option} {{ {then} }} else {{ {els} }})")
            }
            3 => {
                let guard = self.closed(&float, |p| p.condition(1));
                let first = self.arm(&float, depth);
                let (second, none) = (self.arm(&[(&s, Kind::Float)], depth), self.float(depth - 1));
                format!(
                    "(match {option} {{ Some({t}) if {guard} => {{ {first} }} Some({s}) => {{ {second} }} None => {none} }})"
                )
            }
            4 if self.exits => {
                let (value, exit) = (self.arm(&float, depth), self.exit());
                format!("{{ let Some({t}) = {option} else {{ {exit} }}; {value} }}")
            }
            _ => format!("{option}.unwrap_or_else(|| {})", self.closed(&[], |p| p.float(1))),
        }
    }

    /// An arm with variables of its own.
    fn arm(&mut self, own: &[(&str, Kind)], depth: usize) -> String {
        let mark = self.scope.variables.len();
        for (name, kind) in own {
            self.scope.add(name, *kind, false);
        }
        let text = self.value_block(depth - 1);
        self.leave(mark);
        text
    }

    pub(crate) fn option_change(&mut self, at: usize, depth: usize) -> String {
        let name = self.scope.variables[at].name.clone();
        let t = self.own("t");
        match self.random.below(5) {
            0 => format!("{name} = {};\n", self.option_value()),
            1 => {
                let body = self.locked(at, Lock::Exclusive, |p| p.updated(&format!("*{t}"), depth));
                format!("if let Some({t}) = &mut {name} {{\n{body}}}\n")
            }
            2 => {
                let body = self.locked(at, Lock::Exclusive, |p| p.updated(&format!("*{t}"), depth));
                format!("if let Some({t}) = {name}.as_mut() {{\n{body}}}\n")
            }
            3 => {
                let body = self.without_exits(|p| p.float(depth));
                format!("if let Some({t}) = {name}.take() {{\n{name} = Some({t} * 0.5 + {body});\n}}\n")
            }
            _ => {
                let other = self.locked(at, Lock::Exclusive, |p| p.float(1));
                format!("*{name}.get_or_insert(0.4) += {other};\n")
            }
        }
    }

    pub(crate) fn shape(&mut self, name: &str) -> String {
        let value = self.shape_value();
        self.scope.add(name, Kind::Shape, true);
        format!("let mut {name} = {value};\n")
    }

    fn shape_value(&mut self) -> String {
        let circle = format!("Shape::Circle({})", self.float(1));
        let (w, h) = (self.float(1), self.float(1));
        let rect = format!("Shape::Rect {{ w: {w}, h: {h} }}");
        match self.random.below(5) {
            0 => circle,
            1 => rect,
            2 => format!("if {} {{ {circle} }} else {{ {rect} }}", self.condition(1)),
            3 => format!("match ({}) % 3 {{ 0 => Shape::Point, 1 => {circle}, _ => {rect} }}", self.int(1)),
            _ => format!("Shape::Path(vec![{w}, {h}])"),
        }
    }

    /// A number that tells something of an enum.
    pub(crate) fn shape_read(&mut self, at: usize, depth: usize) -> String {
        let name = self.scope.variables[at].name.clone();
        let (t, s, r) = (self.own("t"), self.own("s"), self.own("r"));
        let before = self.scope.lock(at, Lock::Shared);
        let one = [(t.as_str(), Kind::Element)];
        let two = [(s.as_str(), Kind::Element), (r.as_str(), Kind::Element)];
        let text = match self.random.below(3) {
            0 => format!("{name}.area()"),
            1 => {
                let (then, els) = (self.arm(&one, depth), self.float(depth - 1));
                format!("(if let Shape::Circle({t}) = &{name} {{ {then} }} else {{ {els} }})")
            }
            _ => {
                let guard = self.closed(&one, |p| p.condition(1));
                let (first, second) = (self.arm(&one, depth), self.arm(&two, depth));
                let (path, rest) = (self.arm(&[(&s, Kind::Slice(2))], depth), self.float(depth - 1));
                format!(
                    "(match &{name} {{ Shape::Circle({t}) if {guard} => {{ {first} }} Shape::Rect {{ w: {s}, h: {r} }} => {{ {second} }} Shape::Path({s}) => {{ {path} }} Shape::Circle(_) | Shape::Point => {{ {rest} }} }})"
                )
            }
        };
        self.scope.lock(at, before);
        text
    }

    pub(crate) fn shape_change(&mut self, at: usize, depth: usize) -> String {
        let name = self.scope.variables[at].name.clone();
        if self.random.one_in(3) {
            return format!("{name} = {};\n", self.locked(at, Lock::Exclusive, Self::shape_value));
        }
        let (t, s, r) = (self.own("t"), self.own("s"), self.own("r"));
        let before = self.scope.lock(at, Lock::Exclusive);
        let first = self.updated(&format!("*{t}"), depth);
        let text = if self.random.one_in(2) {
            format!("if let Shape::Circle({t}) = &mut {name} {{\n{first}}}\n")
        } else {
            let mark = self.scope.variables.len();
            self.scope.add(&s, Kind::ElementMut, true);
            self.scope.add(&r, Kind::ElementMut, true);
            let (second, swap) = (self.change(depth), if self.random.one_in(2) { "" } else { "std::mem::swap" });
            self.leave(mark);
            let swap = if swap.is_empty() { String::new() } else { format!("{swap}({s}, {r});\n") };
            let path = self.updated(&format!("{t}[1]"), depth);
            format!(
                "match &mut {name} {{\nShape::Circle({t}) => {{\n{first}}}\nShape::Rect {{ w: {s}, h: {r} }} => {{\n{second}{swap}*{r} += *{s} * 0.5;\n}}\nShape::Path({t}) => {{\n{path}}}\nShape::Point => {{}}\n}}\n"
            )
        };
        self.scope.lock(at, before);
        text
    }

    /// A slice is taken apart.
    pub(crate) fn slice_read(&mut self, at: usize, depth: usize) -> String {
        let name = self.scope.variables[at].name.clone();
        let (t, s, r) = (self.own("t"), self.own("s"), self.own("r"));
        let before = self.scope.lock(at, Lock::Shared);
        let one = [(t.as_str(), Kind::Element)];
        let two = [(t.as_str(), Kind::Element), (s.as_str(), Kind::Element)];
        let text = match self.random.below(3) {
            0 => {
                let (then, els) = (self.arm(&two, depth), self.float(0));
                format!("(match &{name}[..] {{ [{t}, .., {s}] => {{ {then} }} [] | [_] => {els} }})")
            }
            1 => {
                let (then, els) = (self.arm(&[(&t, Kind::Element), (&r, Kind::Slice(1))], depth), self.float(0));
                format!(
                    "(if let [{t}, _, {r} @ ..] = &{name}[..] {{ if {r}.is_empty() {{ *{t} }} else {{ {then} }} }} else {{ {els} }})"
                )
            }
            _ => {
                let (first, second, els) = (self.arm(&one, depth), self.arm(&two, depth), self.float(0));
                format!("(match &{name}[..] {{ [{t}] => {{ {first} }} [_, {t}, {s}] => {{ {second} }} _ => {els} }})")
            }
        };
        self.scope.lock(at, before);
        text
    }
}
