//! Structs: parameters, results, literals, patterns, fields that are read and written.

#![allow(clippy::all, dead_code)]

use differentiable::{
    differentiable,
    rt::{AccumulateFrom, Differentiable, Tangent},
};

macro_rules! tangent {
    ($name:ident $tangent:ident { $($field:ident),* }) => {
        #[derive(Clone, Debug, PartialEq)]
        struct $tangent { $($field: f64),* }
        impl Differentiable for $name {
            type Tangent = $tangent;
            fn zero_tangent(&self) -> $tangent { $tangent { $($field: 0.0),* } }
        }
        impl Tangent for $tangent {
            fn neutral() -> Self { $tangent { $($field: 0.0),* } }
            fn accumulate(&mut self, other: &Self) { $(self.$field += other.$field;)* }
            fn scale(&mut self, factor: f64) { $(self.$field *= factor;)* }
            fn inner_product(&self, other: &Self) -> f64 { 0.0 $(+ self.$field * other.$field)* }
            fn fill_zero(&mut self) { $(self.$field = 0.0;)* }
        }
        impl AccumulateFrom<$tangent> for $tangent { fn accumulate_from(&mut self, c: $tangent) { self.accumulate(&c) } }
        impl<'a> AccumulateFrom<&'a $tangent> for $tangent { fn accumulate_from(&mut self, c: &'a $tangent) { self.accumulate(c) } }
    };
}

#[derive(Clone)]
struct Point {
    x: f64,
    y: f64,
}
tangent!(Point PointTangent { x, y });

#[differentiable]
fn norm2(p: &Point) -> f64 {
    p.x * p.x + p.y * p.y
}

#[differentiable]
fn by_value(p: Point, s: f64) -> f64 {
    let q = p;
    (q.x * s).sin() + q.y / s
}

#[differentiable]
fn literal(a: f64, b: f64) -> f64 {
    let p = Point { x: a * b, y: b };
    let Point { x, y } = p;
    x * y.exp()
}

#[differentiable]
fn result(a: f64, p: Point) -> Point {
    Point { x: a * p.x, ..p }
}

#[differentiable]
fn looped(points: &[Point], s: f64) -> f64 {
    let mut total = 0.0;
    for p in points {
        total += p.x * s + p.y * p.y;
    }
    total
}

#[differentiable]
fn local_memory(x: f64, v: f64, dt: f64) -> f64 {
    let mut s = Point { x: x, y: v };
    for _ in 0..10 {
        let a = -s.x.sin();
        s.y += a * dt;
        s.x += s.y * dt;
    }
    s.x * s.y
}

#[differentiable]
fn in_place(s: &mut Point, dt: f64) {
    s.y -= s.x * dt;
    s.x += s.y * dt;
}

#[differentiable]
fn whole(p: Point, k: f64) -> Point {
    let mut s = p;
    for _ in 0..3 {
        let next = Point { x: s.x + k * s.y, y: s.y - k * s.x };
        s = next;
    }
    s
}

#[test]
fn basics() {
    let p = Point { x: 1.5, y: -0.5 };
    assert_eq!(norm2::grad(&p), PointTangent { x: 3.0, y: -1.0 });
    let (g, gs) = by_value::grad(p.clone(), 2.0);
    assert_eq!(g.x, (3.0f64).cos() * 2.0);
    assert_eq!(g.y, 0.5);
    let _ = gs;
    literal::grad(1.0, 2.0);
    let (q, pull) = result::vjp(2.0, p.clone());
    assert_eq!(q.x, 3.0);
    assert_eq!(pull(PointTangent { x: 1.0, y: 10.0 }), (1.5, PointTangent { x: 2.0, y: 10.0 }));
    looped::grad(&[p.clone(), p.clone()], 2.0);
    differentiable::gradcheck!(local_memory(0.3, 0.1, 0.05)).unwrap();
}
