//! Enums with differentiable payloads.

#![allow(clippy::all)]

mod common;

use common::{assert_near, difference};
use differentiable::{Differentiable, differentiable};

#[derive(Clone, Debug, Differentiable)]
enum Shape {
    Circle(f64),
    Rect { w: f64, h: f64 },
    Empty,
}

#[differentiable]
fn area(shape: &Shape) -> f64 {
    match shape {
        Shape::Circle(r) => std::f64::consts::PI * r * r,
        Shape::Rect { w, h } => w * h,
        Shape::Empty => 0.0,
    }
}

#[test]
fn a_match_on_an_enum() {
    match area::grad(&Shape::Circle(2.0)) {
        ShapeTangent::Circle(r) => assert_near("r", &r, &(4.0 * std::f64::consts::PI), 1e-12),
        other => panic!("{other:?}"),
    }
    match area::grad(&Shape::Rect { w: 2.0, h: 3.0 }) {
        ShapeTangent::Rect { w, h } => assert_eq!((w, h), (3.0, 2.0)),
        other => panic!("{other:?}"),
    }
    area::grad(&Shape::Empty);
    let (value, dot) = area::jvp(&Shape::Rect { w: 2.0, h: 3.0 }, &ShapeTangent::Rect { w: 1.0, h: 10.0 });
    assert_eq!((value, dot), (6.0, 23.0));
}

#[differentiable]
fn by_value(shape: Shape, x: f64) -> f64 {
    let scaled = match shape {
        Shape::Circle(r) => Shape::Circle(r * x),
        Shape::Rect { w, h } => Shape::Rect { w: w * x, h },
        Shape::Empty => Shape::Empty,
    };
    match scaled {
        Shape::Circle(r) => r.sin(),
        Shape::Rect { w: a, .. } => a.exp(),
        _ => x * x,
    }
}

#[test]
fn enums_as_values() {
    for shape in [Shape::Circle(1.5), Shape::Rect { w: 0.5, h: 2.0 }, Shape::Empty] {
        let (_, by_x) = by_value::grad(shape.clone(), 0.7);
        assert_near("x", &by_x, &difference(|x| by_value(shape.clone(), x), 0.7), 1e-8);
    }
    match by_value::grad(Shape::Circle(1.5), 0.7).0 {
        ShapeTangent::Circle(r) => assert_near("r", &r, &difference(|r| by_value(Shape::Circle(r), 0.7), 1.5), 1e-8),
        other => panic!("{other:?}"),
    }
}

#[derive(Clone, Debug, Differentiable)]
enum Mode {
    Idle,
    Active(f64),
    Cooling { rate: f64, level: f64 },
}

#[differentiable]
fn step(mode: &mut Mode, x: f64) -> f64 {
    match mode {
        Mode::Idle => {
            *mode = Mode::Active(x);
            0.0
        }
        Mode::Active(v) => {
            let next = *v * x;
            *mode = Mode::Cooling { rate: x, level: next };
            next
        }
        Mode::Cooling { rate, level } => *rate * *level,
    }
}

#[differentiable]
fn run(x: f64, n: usize) -> f64 {
    let mut mode = Mode::Idle;
    let mut total = 0.0;
    for _ in 0..n {
        mode = match mode {
            Mode::Idle => Mode::Active(x * x),
            Mode::Active(v) if v > 50.0 => Mode::Cooling { rate: x, level: v },
            Mode::Active(v) => Mode::Active(v * x),
            Mode::Cooling { rate, level } => Mode::Active(level - rate),
        };
        if let Mode::Active(v) = &mode {
            total += v;
        }
    }
    total
}

#[test]
fn machines() {
    for n in [0, 1, 3, 6, 9] {
        let slope = difference(|x| run(x, n), 2.3);
        assert_near("run", &run::grad(2.3, n), &slope, 1e-6);
        assert_near("run", &run::jvp(2.3, n, 1.0).1, &slope, 1e-6);
        let (_, pullback) = run::vjp(2.3, n);
        assert_near("run", &pullback(1.0), &slope, 1e-6);
    }
}

#[test]
fn in_place() {
    let mut mode = Mode::Active(3.0);
    let (value, pullback) = step::vjp(&mut mode, 2.0);
    assert_eq!(value, 6.0);
    let (mode_bar, x_bar) = pullback(1.0, ModeTangent::Cooling { rate: 10.0, level: 100.0 });
    assert_eq!(mode_bar, ModeTangent::Active(202.0));
    assert_eq!(x_bar, 10.0 + 101.0 * 3.0);
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
enum Kind {
    Call,
    Put,
}

#[differentiable]
fn payoff(kind: Kind, s: f64, k: f64) -> f64 {
    let sign = match kind {
        Kind::Call => 1.0,
        Kind::Put => -1.0,
    };
    if kind == Kind::Call { (s - k).max(0.0) * sign } else { (k - s).max(0.0) * sign.abs() + kind as i32 as f64 }
}

const KIND: () = ();

#[test]
fn kinds() {
    assert_eq!(payoff::grad(Kind::Call, 3.0, 2.0), (KIND, 1.0, -1.0));
    assert_eq!(payoff::grad(Kind::Put, 3.0, 4.0), (KIND, -1.0, 1.0));
    assert_eq!(payoff::jvp(Kind::Put, 3.0, 4.0, KIND, 1.0, 0.0).1, -1.0);
}

#[derive(Clone, Debug, Differentiable)]
enum Tree {
    Const(f64),
    Var(usize),
    Add(Box<Tree>, Box<Tree>),
    Mul(Box<Tree>, Box<Tree>),
}

#[differentiable]
fn eval(tree: &Tree, x: &[f64]) -> f64 {
    match tree {
        Tree::Const(c) => *c,
        Tree::Var(i) => x[*i],
        Tree::Add(a, b) => eval(a, x) + eval(b, x),
        Tree::Mul(a, b) => eval(a, x) * eval(b, x),
    }
}

#[test]
fn trees() {
    let tree = Tree::Add(
        Box::new(Tree::Mul(Box::new(Tree::Var(0)), Box::new(Tree::Var(1)))),
        Box::new(Tree::Mul(Box::new(Tree::Const(3.0)), Box::new(Tree::Var(0)))),
    );
    let (by_tree, by_x) = eval::grad(&tree, &[2.0, 5.0]);
    assert_eq!(by_x, vec![8.0, 2.0]);
    match by_tree {
        TreeTangent::Add(_, right) => match *right {
            TreeTangent::Mul(c, _) => match *c {
                TreeTangent::Const(c) => assert_eq!(c, 2.0),
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

#[derive(Clone, PartialEq, Debug, Differentiable)]
enum Load {
    Point(f64),
    Spread { from: f64, to: f64 },
    Nothing,
}

#[differentiable]
impl Load {
    fn grown(&self, by: f64) -> Load {
        match *self {
            Load::Point(at) => Load::Point(at * by),
            Load::Spread { from, to } => Load::Spread { from: from * by, to: to * by * by },
            Load::Nothing => Load::Nothing,
        }
    }

    fn moment(&self) -> f64 {
        match self {
            Load::Point(at) => *at,
            Load::Spread { from, to } => (to * to - from * from) / 2.0,
            Load::Nothing => 0.0,
        }
    }
}

/// Values that were made in a loop are compared again in the reverse sweep, where a tape lends them.
#[differentiable]
fn of_what_is_there(loads: &[Load], by: f64) -> f64 {
    loads.iter().map(|load| load.grown(by)).filter(|load| *load != Load::Nothing).map(|load| load.moment().sin()).sum()
}

#[test]
fn what_a_tape_lends_is_compared() {
    let loads = [Load::Point(0.4), Load::Nothing, Load::Spread { from: 0.3, to: 0.9 }];
    let expected = difference(|by| of_what_is_there(&loads, by), 1.3);
    assert_near("of_what_is_there", &of_what_is_there::grad(&loads, 1.3).1, &expected, 1e-7);
    assert_near("of_what_is_there", &of_what_is_there::vjp(&loads, 1.3).1(1.0).1, &expected, 1e-7);
}
