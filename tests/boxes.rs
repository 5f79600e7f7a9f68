//! Values behind `Box`, `Rc` and `Arc`, and types that contain themselves.

#![allow(clippy::all)]

use differentiable::{Differentiable, differentiable, gradcheck};
use std::rc::Rc;
use std::sync::Arc;

#[differentiable]
fn boxed_number(a: f64) -> f64 {
    let mut b = Box::new(a * a);
    *b += 2.0 * a;
    *b *= a;
    *b + b.sin()
}

#[differentiable]
fn boxed_array(x: f64) -> f64 {
    let mut b = Box::new([x, 2.0 * x, 3.0]);
    b[1] *= x;
    b.iter().sum::<f64>()
}

#[differentiable]
fn boxes_in_a_list(x: f64) -> f64 {
    let list = vec![Box::new(x), Box::new(x * x)];
    *list[0] * *list[1]
}

#[differentiable]
fn boxed_result(x: f64) -> Box<f64> {
    Box::new(x * x)
}

#[differentiable]
fn from_a_box(x: f64) -> f64 {
    let b = boxed_result(x);
    *b * 2.0
}

#[differentiable]
fn boxed_parameter(a: Box<f64>, b: &Box<f64>, c: Rc<f64>) -> f64 {
    *a * **b + c.sin()
}

#[derive(Differentiable, Clone)]
struct Point {
    x: f64,
    y: f64,
}

#[derive(Differentiable, Clone)]
struct Segment {
    from: Rc<Point>,
    to: Arc<Point>,
}

#[differentiable]
fn length(segment: &Segment) -> f64 {
    (segment.to.x - segment.from.x).hypot(segment.to.y - segment.from.y)
}

#[differentiable]
fn shared_points(x: f64, y: f64) -> f64 {
    let p = Box::new(Point { x, y: x * y });
    let segment = Segment { from: Rc::new(Point { x: p.y, y }), to: Arc::new(Point { x: 2.0, y: 1.0 }) };
    length(&segment) * p.x
}

#[test]
fn values_behind_pointers() {
    gradcheck!(boxed_number(1.3)).unwrap();
    gradcheck!(boxed_array(1.3)).unwrap();
    gradcheck!(boxes_in_a_list(1.3)).unwrap();
    gradcheck!(from_a_box(1.3)).unwrap();
    gradcheck!(shared_points(0.7, -0.4)).unwrap();
    let (a, b, c) = boxed_parameter::grad(Box::new(2.0), &Box::new(3.0), Rc::new(0.0));
    assert_eq!((a, b, c), (3.0, 2.0, 1.0));
    let (value, dot) = boxed_parameter::jvp(Box::new(2.0), &Box::new(3.0), Rc::new(0.0), 1.0, &1.0, 1.0);
    assert_eq!((value, dot), (6.0, 6.0));
}

#[derive(Differentiable, Clone)]
enum Expression {
    X,
    Constant(f64),
    Sum(Box<Expression>, Box<Expression>),
    Product(Box<Expression>, Box<Expression>),
    Sine(Box<Expression>),
}

#[differentiable]
impl Expression {
    fn eval(&self, x: f64) -> f64 {
        match self {
            Expression::X => x,
            Expression::Constant(c) => *c,
            Expression::Sum(a, b) => a.eval(x) + b.eval(x),
            Expression::Product(a, b) => a.eval(x) * b.eval(x),
            Expression::Sine(a) => a.eval(x).sin(),
        }
    }
}

#[differentiable]
fn built(c: f64, x: f64) -> f64 {
    let inner = Expression::Product(Box::new(Expression::Constant(c)), Box::new(Expression::X));
    let whole = Expression::Sum(Box::new(Expression::Sine(Box::new(inner))), Box::new(Expression::Constant(c * c)));
    whole.eval(x)
}

#[derive(Differentiable, Clone)]
struct Node {
    value: f64,
    left: Option<Box<Node>>,
    right: Option<Box<Node>>,
}

#[differentiable]
impl Node {
    fn total(&self) -> f64 {
        let left = match &self.left {
            Some(node) => node.total(),
            None => 0.0,
        };
        let right = self.right.as_ref().map(|node| node.total()).unwrap_or(1.0);
        self.value * self.value + left + 2.0 * right
    }

    fn depth_weighted(&self) -> f64 {
        self.value + 0.5 * self.left.as_deref().map_or(0.0, |node| node.depth_weighted())
    }
}

#[test]
fn types_that_contain_themselves() {
    gradcheck!(built(1.7, 0.6)).unwrap();
    let leaf = |value| Some(Box::new(Node { value, left: None, right: None }));
    let tree = Node { value: 1.0, left: leaf(2.0), right: leaf(3.0) };
    let bar = tree.total_grad();
    assert_eq!((bar.value, bar.left.unwrap().value, bar.right.unwrap().value), (2.0, 4.0, 12.0));
    let bar = tree.depth_weighted_grad();
    assert_eq!((bar.value, bar.left.unwrap().value, bar.right.is_none_or(|node| node.value == 0.0)), (1.0, 0.5, true));
}

#[differentiable]
fn ends(xs: &[f64]) -> f64 {
    match xs {
        [] => 0.0,
        [x] => x * x,
        [first, .., last] => first * last.sin(),
    }
}

#[differentiable]
fn horner(c: &[f64], x: f64) -> f64 {
    match c {
        [] => 0.0,
        [first, rest @ ..] => first + x * horner(rest, x),
    }
}

#[differentiable]
fn middle(xs: &[f64]) -> f64 {
    let [first, inner @ .., last] = xs else {
        return 1.0;
    };
    if let &[a, .., b] = inner { a * b * first } else { inner.iter().sum::<f64>() * last }
}

#[differentiable]
fn scaled_ends(xs: &mut [f64], k: f64) {
    if let [first, .., last] = xs {
        *first *= k;
        *last += k * *first;
    }
}

#[differentiable]
fn after_scaling(x: f64, k: f64) -> f64 {
    let mut xs = [x, 2.0 * x, x * x];
    scaled_ends(&mut xs, k);
    xs[0] * xs[2]
}

#[test]
fn patterns_of_slices() {
    let xs = [0.7, -0.4, 1.3, 0.9, 0.2];
    for n in 0..=5 {
        gradcheck!(ends(&xs[..n])).unwrap();
        gradcheck!(horner(&xs[..n], 0.6)).unwrap();
        gradcheck!(middle(&xs[..n])).unwrap();
    }
    gradcheck!(after_scaling(0.8, 1.4)).unwrap();
}
