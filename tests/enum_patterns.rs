//! Patterns of enums in all their forms, variants that are in scope by themselves, and exits with values of any type.

#![allow(clippy::all, dead_code)]

mod common;

use common::{assert_near, difference};
use differentiable::{Differentiable, differentiable};

mod shapes {
    use differentiable::{Differentiable, differentiable};

    #[derive(Clone, Debug, Differentiable)]
    pub(crate) enum Shape {
        Circle(f64),
        Rect { w: f64, h: f64 },
        Triangle(f64, f64, f64),
        Load(Load),
        Unit,
    }

    #[derive(Clone, Debug, Differentiable)]
    pub(crate) struct Load(pub(crate) f64);

    use self::Shape::*;

    #[differentiable]
    pub(crate) fn area(shape: &Shape) -> f64 {
        match shape {
            Circle(r) => r * r,
            Rect { w, h } => w * h,
            Triangle(a, .., c) => a * c,
            Shape::Load(load) => load.0,
            Unit => 1.0,
        }
    }

    #[differentiable]
    pub(crate) fn grow(shape: &mut Shape, k: f64) {
        match shape {
            Circle(r) => *r *= k,
            Rect { w, .. } => *w *= k,
            _ => *shape = Circle(k),
        }
    }

    #[differentiable]
    pub(crate) fn all(x: f64) -> f64 {
        let mut first = Rect { w: x, h: 2.0 * x };
        let mut second = Unit;
        grow(&mut first, x);
        grow(&mut second, x);
        let third = Shape::Load(Load(x));
        let is_circle = matches!(second, Circle(r) if r > 0.0);
        let sum = area(&first) + area(&second) * area(&Triangle(x, 1.0, x)) + area(&third);
        if let (Circle(r), true) = (&second, is_circle) { sum * r } else { sum }
    }
}

mod imports {
    use super::shapes::Shape::{Circle, Unit};
    use super::shapes::{self, Shape};
    use differentiable::differentiable;

    #[differentiable]
    pub(crate) fn one(x: f64) -> f64 {
        let shape: Shape = if x > 1.0 { Circle(x) } else { Unit };
        shapes::area(&shape) * x
    }
}

#[test]
fn variants_in_scope() {
    assert_near("all", &shapes::all::grad(1.3), &difference(shapes::all, 1.3), 1e-7);
    assert_near("dot", &shapes::all::jvp(1.3, 1.0).1, &difference(shapes::all, 1.3), 1e-7);
    for x in [0.5, 1.5] {
        assert_near("one", &imports::one::grad(x), &difference(imports::one, x), 1e-7);
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
enum Kind {
    Linear,
    Square,
    None,
}

#[derive(Clone, Debug, Differentiable)]
enum Inner {
    X(f64),
    Y { a: f64, b: f64 },
}

#[derive(Clone, Debug, Differentiable)]
enum Outer {
    In(Inner),
    Both(Inner, f64),
    Maybe(Option<f64>),
    Kind(Kind),
}

#[differentiable]
fn nested(outer: &Outer, x: f64) -> f64 {
    match outer {
        Outer::In(Inner::X(v)) | Outer::Both(Inner::X(v), _) => v * x,
        Outer::In(Inner::Y { a, .. }) => a * x,
        Outer::Both(Inner::Y { b, .. }, c) => b * c,
        Outer::Maybe(Some(v)) => *v,
        Outer::Maybe(None) => x,
        Outer::Kind(Kind::Linear | Kind::Square) => 2.0 * x,
        Outer::Kind(_) => 0.0,
    }
}

#[differentiable]
fn made(x: f64, y: f64) -> f64 {
    let inner = Inner::Y { a: x, b: y * y };
    nested(&Outer::In(inner.clone()), x)
        + nested(&Outer::Both(inner, x * y), y)
        + nested(&Outer::Both(Inner::X(y), x), x)
        + nested(&Outer::Maybe(Some(x * x)), y)
        + nested(&Outer::Maybe(None), y)
        + nested(&Outer::Kind(Kind::Square), x)
}

#[test]
fn patterns_inside_of_patterns() {
    let (by_x, by_y) = made::grad(1.3, 0.7);
    assert_near("x", &by_x, &difference(|x| made(x, 0.7), 1.3), 1e-7);
    assert_near("y", &by_y, &difference(|y| made(1.3, y), 0.7), 1e-7);
}

const LIMIT: f64 = 2.0;

#[differentiable]
fn ranges(o: Option<f64>, n: i64, x: f64) -> f64 {
    let factor = match n {
        0 => x,
        1..=2 => x * x,
        k @ 3..=5 if k > 4 => 1.0 / x,
        k @ (3 | 4) => x * k as f64,
        _ => 0.5,
    };
    match o {
        Some(v @ 0.0..=1.0) => v * factor,
        Some(v) if v > LIMIT => v * v + factor,
        Some(ref v) => *v * factor * factor,
        None => x * factor,
    }
}

#[test]
fn ranges_and_bindings_with_at() {
    for n in 0..7 {
        for o in [Some(0.5), Some(1.5), Some(2.5)] {
            let (by_o, by_x) = ranges::grad(o, n, 1.3);
            assert_near("o", &by_o.unwrap(), &difference(|v| ranges(Some(v), n, 1.3), o.unwrap()), 1e-7);
            assert_near("x", &by_x, &difference(|x| ranges(o, n, x), 1.3), 1e-7);
        }
        assert_near("none", &ranges::grad(None, n, 1.3).1, &difference(|x| ranges(None, n, x), 1.3), 1e-7);
    }
}

#[differentiable]
fn chained(o: Option<f64>, p: Option<f64>, x: f64) -> f64 {
    if let Some(v) = o
        && let Some(w) = p
        && v > w
    {
        v * w * x
    } else if let Some(v) = o {
        v
    } else {
        x
    }
}

#[test]
fn chains_of_let() {
    assert_eq!(chained::grad(Some(2.0), Some(1.0), 3.0), (Some(3.0), Some(6.0), 2.0));
    assert_eq!(chained::grad(Some(2.0), Some(5.0), 3.0).0, Some(1.0));
    assert_eq!(chained::grad(None, None, 3.0).2, 1.0);
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Point {
    x: f64,
    y: f64,
}

/// An error that cannot be cloned.
#[derive(Debug)]
enum Missing {
    Nothing,
    Negative(f64),
}

#[differentiable]
fn first_beyond(points: &[Point], x: f64) -> Result<Point, Missing> {
    for point in points {
        if point.x > x {
            return Ok(Point { x: point.x * x, y: point.y });
        }
        if point.y < 0.0 {
            return Err(Missing::Negative(point.y));
        }
    }
    Err(Missing::Nothing)
}

#[differentiable]
fn first_or_default(points: &[Point], x: f64) -> Point {
    for point in points {
        if point.x > x {
            return Point { x: point.x * x, y: point.y };
        }
    }
    Point { x, y: x * x }
}

#[differentiable]
fn found(x: f64, y: f64) -> f64 {
    let points = [Point { x: 0.5 * y, y: x }, Point { x: y, y: x * y }, Point { x: 9.0 * y, y: 1.0 }];
    let there = first_or_default(&points, x);
    let far = first_or_default(&points, 100.0 * x);
    match first_beyond(&points, x) {
        Ok(point) => point.x * point.y + there.x * far.y,
        Err(Missing::Negative(_)) => x,
        Err(Missing::Nothing) => y,
    }
}

#[test]
fn exits_with_structs() {
    for (x, y) in [(1.3, 1.7), (1.9, 0.9), (-1.0, -1.5)] {
        let (by_x, by_y) = found::grad(x, y);
        assert_near("x", &by_x, &difference(|x| found(x, y), x), 1e-6);
        assert_near("y", &by_y, &difference(|y| found(x, y), y), 1e-6);
        assert_near("dot", &found::jvp(x, y, 0.3, 0.9).1, &(0.3 * by_x + 0.9 * by_y), 1e-9);
    }
    assert!(matches!(first_beyond::vjp(&[Point { x: 0.0, y: -1.0 }], 1.0), Err(Missing::Negative(_))));
    let (value, pullback) = first_beyond::vjp(&[Point { x: 3.0, y: 4.0 }], 2.0).ok().unwrap();
    assert_eq!(value, Point { x: 6.0, y: 4.0 });
    assert_eq!(pullback(PointTangent { x: 1.0, y: 0.0 }).1, 3.0);
    assert_eq!(pullback(PointTangent { x: 1.0, y: 0.0 }).1, 3.0);
}

#[differentiable]
fn logarithm(x: f64) -> Result<f64, String> {
    if x > 0.0 { Ok(x.ln()) } else { Err(format!("{x} is not positive")) }
}

#[differentiable]
fn logarithms(xs: &[f64]) -> Result<f64, Box<dyn std::error::Error>> {
    let all: Vec<f64> = xs.iter().map(|&x| logarithm(x)).collect::<Result<Vec<_>, _>>()?;
    let folded = xs.iter().try_fold(0.0, |sum, &x| Ok::<f64, String>(sum + logarithm(x)? * x))?;
    if folded > 1000.0 {
        Err("too much")?;
    }
    Ok(all.iter().sum::<f64>() * folded)
}

#[test]
fn results_of_lists() {
    let xs = [1.5, 2.5, 0.7];
    let by_xs = logarithms::grad(&xs).unwrap();
    for i in 0..3 {
        let f = |x| {
            let mut xs = xs;
            xs[i] = x;
            logarithms(&xs).unwrap()
        };
        assert_near("x", &by_xs[i], &difference(f, xs[i]), 1e-7);
    }
    assert!(logarithms::grad(&[1.0, -1.0]).is_err());
}

/// No attribute: it gives a truth value, through which no derivative goes.
fn is_large(x: f64, limit: &f64) -> bool {
    x > *limit
}

fn bucket(x: f64) -> usize {
    if x < 1.0 { 0 } else { 1 }
}

#[differentiable]
fn with_helpers(x: f64, table: &[f64; 2]) -> f64 {
    let scale = if is_large(x, &1.2) { x * x } else { x };
    scale * table[bucket(x)] + if logarithm(x).is_err() || logarithm(-x).err().is_some() { x } else { 0.0 }
}

#[test]
fn helpers_that_give_no_derivative() {
    for x in [0.5, 1.1, 1.5] {
        let (by_x, by_table) = with_helpers::grad(x, &[2.0, 3.0]);
        assert_near("x", &by_x, &difference(|x| with_helpers(x, &[2.0, 3.0]), x), 1e-7);
        assert_eq!(by_table[1 - bucket(x)], 0.0);
    }
}
