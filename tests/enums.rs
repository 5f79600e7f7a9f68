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
