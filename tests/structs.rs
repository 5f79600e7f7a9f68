//! Structs: parameters, results, literals, patterns, fields that are read and written.

#![allow(clippy::all, dead_code)]

mod common;
use differentiable::{Differentiable, differentiable, gradcheck};

#[derive(Differentiable, Clone, Debug)]
struct Point {
    x: f64,
    y: f64,
}

#[derive(Differentiable, Clone, Copy, Debug)]
struct Pair(f64, f64);

#[derive(Differentiable, Clone, Debug)]
struct Spring {
    k: f64,
    x0: f64,
    name: String,
    n: usize,
    stiff: bool,
    #[nograd]
    scale: f64,
}

fn spring() -> Spring {
    Spring { k: 2.0, x0: 0.5, name: "s".to_owned(), n: 3, stiff: true, scale: 1.5 }
}

fn point() -> Point {
    Point { x: 1.5, y: -0.5 }
}

// Reading

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
fn energy(spring: &Spring, x: f64) -> f64 {
    let d = x - spring.x0;
    let stretched = if spring.stiff { d * d } else { d };
    0.5 * spring.k * stretched * spring.n as f64 * spring.scale + spring.name.len() as f64
}

#[differentiable]
fn inactive_fields_in_control(spring: Spring, x: f64) -> f64 {
    let mut y = x;
    for _ in 0..spring.n {
        y *= spring.k;
    }
    let table = [1.0, 2.0, 3.0, 4.0];
    if spring.name.is_empty() { y } else { y * table[spring.n] }
}

#[differentiable]
fn tuple_struct(p: Pair, q: &Pair) -> f64 {
    p.0 * q.1 - p.1.exp() * q.0
}

// Literals and patterns

#[differentiable]
fn literal(a: f64, b: f64) -> f64 {
    let p = Point { x: a * b, y: b };
    let Point { x, y } = p;
    x * y.exp()
}

#[differentiable]
fn shorthand(x: f64, y: f64) -> f64 {
    let p = Point { x, y };
    let Point { x: a, .. } = p;
    let Point { y: ref b, .. } = p;
    a * *b * p.x
}

#[differentiable]
fn tuple_literal(a: f64, b: f64) -> f64 {
    let p = Pair(a * b, b);
    let Pair(x, y) = p;
    x * y + p.0
}

#[differentiable]
fn update(a: f64, p: Point) -> Point {
    Point { x: a * p.x, ..p }
}

#[differentiable]
fn update_of_a_spring(spring: &Spring, k: f64) -> f64 {
    let soft = Spring { k: k * spring.k, ..spring.clone() };
    energy(&soft, 2.0) * soft.x0
}

#[differentiable]
fn update_of_copied_fields(p: &Point, x: f64) -> f64 {
    let q = Point { x, ..*p };
    q.x * q.y + p.x
}

#[differentiable]
fn pattern_parameter(Point { x, y }: Point, Pair(a, b): &Pair) -> f64 {
    x * a + y * b
}

#[differentiable]
fn constant_literal(x: f64) -> f64 {
    let origin = Point { x: 1.0, y: 2.0 };
    let mut moving = Point { x: 0.0, y: 1.0 };
    moving.x += x;
    moving.y *= x;
    moving.x * moving.y - origin.x * x
}

#[differentiable]
fn destructuring_assignment(a: f64, b: f64) -> f64 {
    let (x, y);
    Point { x, y } = Point { x: a * b, y: a };
    let mut pair = Pair(x, y);
    Pair(pair.1, pair.0) = pair;
    pair.0 * 3.0 + pair.1 * x
}

// Nesting

#[derive(Differentiable, Clone, Debug)]
struct Cell {
    d: f64,
    weight: f64,
}

#[derive(Differentiable, Clone, Debug)]
struct Inner {
    c: [Cell; 3],
    list: Vec<Point>,
}

#[derive(Differentiable, Clone, Debug)]
struct Middle {
    b: Inner,
    pair: (f64, Point),
}

#[derive(Differentiable, Clone, Debug)]
struct Outer {
    a: Middle,
    origin: Pair,
}

fn cell(d: f64) -> Cell {
    Cell { d, weight: d * 0.5 + 1.0 }
}

fn outer() -> Outer {
    let b = Inner { c: [cell(0.5), cell(-1.5), cell(2.0)], list: vec![point(), Point { x: 0.25, y: 2.0 }] };
    Outer { a: Middle { b, pair: (0.75, point()) }, origin: Pair(1.0, -2.0) }
}

#[differentiable]
fn deep_write(outer: Outer, x: f64) -> f64 {
    let mut o = outer;
    o.a.b.c[2].d *= x;
    o.a.b.list[1].x += x * x;
    o.a.pair.0 -= x;
    o.a.pair.1.y = o.a.b.c[2].d * 2.0;
    o.origin.1 /= x;
    o.a.b.c[2].d + o.a.b.list[1].x * o.a.pair.0 + o.a.pair.1.y * o.origin.1
}

#[differentiable]
fn deep_in_place(o: &mut Outer, i: usize, x: f64) {
    o.a.b.c[i].d *= x;
    let scaled = o.a.b.c[i].d * o.a.b.c[0].weight;
    o.a.b.list[0].y += scaled;
    o.origin = Pair(scaled, x);
}

#[differentiable]
fn nested_literal(x: f64, p: Point) -> f64 {
    let m = Middle {
        b: Inner {
            c: [Cell { d: x, weight: 1.0 }, Cell { d: 2.0, weight: x }, Cell { d: p.x, weight: p.y }],
            list: vec![p.clone(), Point { x, y: x * x }],
        },
        pair: (x.sin(), p),
    };
    let Middle { b: Inner { c, list }, pair: (s, Point { x: px, .. }) } = m;
    c[0].d * c[1].weight + list[1].y * s + px * c[2].weight + list[0].x
}

// Collections of structs

#[derive(Differentiable, Clone, Debug)]
struct Particle {
    pos: Pair,
    vel: Pair,
    mass: f64,
    id: u32,
}

fn particles() -> Vec<Particle> {
    let particle = |a: f64, id| Particle { pos: Pair(a, 1.0 - a), vel: Pair(0.5 * a, -a), mass: 1.0 + a * a, id };
    vec![particle(0.3, 0), particle(-0.8, 1), particle(1.7, 2)]
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
fn kinetic(particles: &Vec<Particle>) -> f64 {
    let mut sum = 0.0;
    for p in particles.iter() {
        let Pair(vx, vy) = p.vel;
        sum += 0.5 * p.mass * (vx * vx + vy * vy);
    }
    sum
}

#[differentiable]
fn potential(particles: &[Particle], softening: f64) -> f64 {
    let mut sum = 0.0;
    for i in 0..particles.len() {
        for j in 0..i {
            let (a, b) = (&particles[i], &particles[j]);
            let (dx, dy) = (a.pos.0 - b.pos.0, a.pos.1 - b.pos.1);
            sum -= a.mass * b.mass / (dx * dx + dy * dy + softening).sqrt();
        }
    }
    sum
}

#[differentiable]
fn drift(particles: &mut Vec<Particle>, dt: f64) {
    for p in particles.iter_mut() {
        p.pos.0 += dt * p.vel.0;
        p.pos.1 += dt * p.vel.1;
        p.vel.0 *= 1.0 - dt;
    }
}

#[differentiable]
fn drifted(particles: Vec<Particle>, dt: f64) -> f64 {
    let mut particles = particles;
    drift(&mut particles, dt);
    drift(&mut particles, 2.0 * dt);
    kinetic(&particles) + particles[1].pos.0 * particles[2].pos.1
}

#[differentiable]
fn array_of_pairs(pairs: [Pair; 3], (p, w): (Pair, f64)) -> f64 {
    let mut s = w * p.0;
    for q in &pairs {
        s += q.0 * q.1 * w;
    }
    for Pair(a, b) in pairs {
        s += a * b * p.1;
    }
    s
}

#[differentiable]
fn chain(points: &[Point], s: f64) -> f64 {
    points.iter().map(|p| p.x * s + p.y).sum::<f64>() + points.iter().map(|Point { x, y }| x * y).sum::<f64>()
}

// Local memory

#[differentiable]
fn pendulum(x: f64, v: f64, dt: f64) -> f64 {
    let mut s = Point { x: x, y: v };
    for _ in 0..10 {
        let a = -s.x.sin();
        s.y += a * dt;
        s.x += s.y * dt;
    }
    s.x * s.y
}

#[differentiable]
fn derivative(s: &Point, k: f64) -> Point {
    Point { x: s.y, y: -k * s.x }
}

#[differentiable]
fn euler(start: Point, k: f64, dt: f64) -> Point {
    let mut s = start;
    for _ in 0..5 {
        let d = derivative(&s, k);
        s = Point { x: s.x + dt * d.x, y: s.y + dt * d.y };
    }
    s
}

#[differentiable]
fn swapped(p: Point, q: Point) -> f64 {
    let (mut a, mut b) = (p, q);
    std::mem::swap(&mut a, &mut b);
    a.x *= 3.0;
    let old = std::mem::replace(&mut b, Point { x: a.y, y: 1.0 });
    a.x * old.y + b.x * b.y
}

#[differentiable]
fn branches(p: Point, flag: bool, x: f64) -> f64 {
    let q = if flag { Point { x: p.y * x, y: p.x } } else { p };
    let mut r = q.clone();
    if x > 0.0 {
        r = q;
        r.x += x;
    }
    r.x * r.y
}

#[differentiable]
fn copies(p: Pair, x: f64) -> f64 {
    let mut q = p;
    q.0 *= x;
    let r = q;
    q.1 += r.0;
    p.0 * q.1 + r.0 * q.0 + r.1
}

#[differentiable]
fn early_return(p: Point, limit: f64) -> Point {
    if p.x > limit {
        return p;
    }
    let doubled = Point { x: p.x * 2.0, y: p.y * p.y };
    if doubled.x * limit > 1.0 {
        return Point { x: doubled.y, ..doubled };
    }
    doubled
}

#[differentiable]
fn closures(p: &Point, x: f64) -> f64 {
    let along = |q: &Point| q.x * p.x + q.y * p.y;
    let moved = |Point { x: a, y: b }: Point| a * b;
    along(&Point { x, y: 1.0 }) + moved(Point { x: x * x, y: p.x })
}

#[differentiable(wrt(p))]
fn with_respect_to(p: &Point, q: &Point) -> f64 {
    p.x * q.x + p.y * q.y
}

#[differentiable]
fn several_results(p: Point, x: f64) -> (Point, f64) {
    let y = p.x * x;
    (Point { x: y, y: p.y }, y * y)
}

#[derive(Differentiable, Clone, Debug)]
struct Table<'a> {
    values: &'a [f64],
    factor: f64,
}

#[differentiable]
fn interpolate<'a>(table: &Table<'a>, at: usize, t: f64) -> f64 {
    let a = table.values[at];
    (a + t * (table.values[at + 1] - a)) * table.factor
}

#[test]
fn fields_are_read() {
    gradcheck!(norm2(&point())).unwrap();
    gradcheck!(by_value(point(), 2.0)).unwrap();
    gradcheck!(energy(&spring(), 2.0)).unwrap();
    gradcheck!(inactive_fields_in_control(spring(), 1.1)).unwrap();
    gradcheck!(tuple_struct(Pair(1.0, 0.5), &Pair(-2.0, 3.0))).unwrap();
}

#[test]
fn literals_and_patterns() {
    gradcheck!(literal(1.2, 0.4)).unwrap();
    gradcheck!(shorthand(1.2, 0.4)).unwrap();
    gradcheck!(tuple_literal(1.2, 0.4)).unwrap();
    gradcheck!(update(1.2, point())).unwrap();
    gradcheck!(update_of_a_spring(&spring(), 1.2)).unwrap();
    gradcheck!(update_of_copied_fields(&point(), 1.2)).unwrap();
    gradcheck!(pattern_parameter(point(), &Pair(1.0, 2.0))).unwrap();
    gradcheck!(constant_literal(1.2)).unwrap();
    gradcheck!(destructuring_assignment(1.2, 0.4)).unwrap();
}

#[test]
fn nested_fields() {
    gradcheck!(deep_write(outer(), 1.3)).unwrap();
    gradcheck!(nested_literal(1.3, point())).unwrap();
}

#[test]
fn collections() {
    gradcheck!(looped(&[point(), Point { x: 0.1, y: 0.2 }], 2.0)).unwrap();
    gradcheck!(kinetic(&particles())).unwrap();
    gradcheck!(potential(&particles(), 0.1)).unwrap();
    gradcheck!(drifted(particles(), 0.1)).unwrap();
    gradcheck!(array_of_pairs([Pair(1.0, 2.0), Pair(0.5, -1.0), Pair(3.0, 0.1)], (Pair(0.3, 0.4), 2.0))).unwrap();
    gradcheck!(chain(&[point(), Point { x: 0.1, y: 0.2 }], 2.0)).unwrap();
}

#[test]
fn memory() {
    gradcheck!(pendulum(0.3, 0.1, 0.05)).unwrap();
    gradcheck!(euler(point(), 1.5, 0.1)).unwrap();
    gradcheck!(swapped(point(), Point { x: 0.1, y: 0.2 })).unwrap();
    gradcheck!(branches(point(), true, 1.3)).unwrap();
    gradcheck!(branches(point(), false, -1.3)).unwrap();
    gradcheck!(copies(Pair(1.0, 2.0), 1.3)).unwrap();
    gradcheck!(early_return(point(), 1.0)).unwrap();
    gradcheck!(early_return(point(), 2.0)).unwrap();
    gradcheck!(early_return(point(), 0.1)).unwrap();
    gradcheck!(closures(&point(), 0.7)).unwrap();
    gradcheck!(several_results(point(), 0.7)).unwrap();
    let table = Table { values: &[1.0, 2.0, 4.0], factor: 3.0 };
    let (gradient, t_bar) = interpolate::grad(&table, 1, 0.25);
    assert_eq!((gradient.values, gradient.factor, t_bar), (vec![0.0, 2.25, 0.75], 2.5, 6.0));
}
