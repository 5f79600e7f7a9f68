//! Methods that give out places of their receivers: `fn at_mut(&mut self, i: usize) -> &mut f64`, `fn data(&self) -> &[f64]`.

mod common;

use common::assert_near;
use differentiable::{Differentiable, differentiable, gradcheck};

#[derive(Clone, Debug, Differentiable)]
struct Point {
    x: f64,
    y: f64,
}

#[derive(Clone, Debug, Differentiable)]
struct Grid {
    items: Vec<f64>,
    m: [[f64; 2]; 2],
    scale: f64,
    at: Point,
    points: Vec<Point>,
}

#[differentiable]
impl Grid {
    fn scale(&self) -> &f64 {
        &self.scale
    }

    fn data(&self) -> &[f64] {
        &self.items
    }

    fn inner(&self) -> &[f64] {
        if self.items.len() < 3 {
            return &self.items;
        }
        &self.items[1..]
    }

    fn list(&self) -> &Vec<f64> {
        &self.items
    }

    fn get(&self, i: usize) -> &f64 {
        let position = i % self.items.len();
        &self.items[position]
    }

    fn row(&self, i: usize) -> &[f64; 2] {
        &self.m[i]
    }

    fn at_mut(&mut self, i: usize) -> &mut f64 {
        assert!(i < self.items.len(), "out of range");
        &mut self.items[i]
    }

    fn row_mut(&mut self, i: usize) -> &mut [f64; 2] {
        &mut self.m[i]
    }

    fn data_mut(&mut self) -> &mut [f64] {
        &mut self.items
    }

    fn point(&self) -> &Point {
        &self.at
    }

    fn point_mut(&mut self) -> &mut Point {
        &mut self.at
    }

    fn nth(&self, i: usize) -> Option<&f64> {
        self.items.get(i)
    }

    fn parts(&self) -> (&[f64], &f64) {
        (&self.items, &self.scale)
    }

    fn either(&self, first: bool) -> &f64 {
        if first { &self.items[0] } else { &self.scale }
    }

    fn points(&self) -> &[Point] {
        &self.points
    }

    fn count(&self) -> usize {
        self.items.len()
    }

    fn total(&self) -> f64 {
        self.data().iter().sum::<f64>() * self.scale()
    }
}

#[differentiable]
impl Point {
    fn x(&self) -> &f64 {
        &self.x
    }

    fn both(&mut self) -> (&mut f64, &mut f64) {
        (&mut self.x, &mut self.y)
    }
}

fn grid(v: &[f64]) -> Grid {
    Grid {
        items: vec![v[0], v[1], v[2]],
        m: [[v[3], v[4]], [v[5], v[0]]],
        scale: v[1] * v[2],
        at: Point { x: v[3], y: v[4] },
        points: vec![Point { x: v[5], y: v[0] }, Point { x: v[1], y: v[2] }],
    }
}

#[differentiable]
fn reads(grid: &Grid) -> f64 {
    let data = grid.data();
    let mut sum = 0.0;
    for value in data {
        sum += value * value;
    }
    sum += *grid.scale() * *grid.get(1) + grid.row(1)[0] * grid.get(3);
    sum += grid.list()[1].sin() + grid.inner()[0] * data[2];
    sum * grid.total() + grid.data().iter().zip(grid.list()).map(|(a, b)| a * b).sum::<f64>()
}

#[differentiable]
fn reads_of_parts(grid: &Grid, first: bool) -> f64 {
    let point = grid.point();
    let (items, scale) = grid.parts();
    let mut sum = point.x * point.y + grid.point().x() * items[0] * scale;
    if let Some(value) = grid.nth(2) {
        sum += value * value;
    }
    sum += grid.nth(1).copied().unwrap_or(1.0) + grid.nth(7).unwrap_or(&0.5) * sum;
    for point in grid.points() {
        sum += point.x * point.y.cos();
    }
    sum + grid.either(first) * grid.count() as f64
}

#[differentiable]
fn writes(mut grid: Grid, y: f64) -> f64 {
    *grid.at_mut(1) = y * y;
    *grid.at_mut(0) *= y;
    let cell = grid.at_mut(2);
    *cell += y;
    *cell *= *cell;
    grid.row_mut(0)[1] += y.sin();
    for value in grid.data_mut() {
        *value *= 1.5;
    }
    grid.data_mut()[0] -= y;
    grid.point_mut().x *= y;
    let (x, y_of) = grid.at.both();
    *x += *y_of;
    *y_of *= 2.0;
    grid.items[0] * grid.items[1] + grid.items[2] * grid.m[0][1] + grid.at.x * grid.at.y
}

#[test]
fn what_is_read() {
    let grid = grid(&[0.4, 0.7, 1.1, 0.6, 1.3, 0.2]);
    gradcheck!(reads(&grid)).unwrap();
    gradcheck!(reads_of_parts(&grid, true)).unwrap();
    gradcheck!(reads_of_parts(&grid, false)).unwrap();
}

#[test]
fn what_is_written() {
    gradcheck!(writes(grid(&[0.4, 0.7, 1.1, 0.6, 1.3, 0.2]), 0.9)).unwrap();
}

#[test]
fn derivatives_of_what_is_given_out() {
    let grid = grid(&[0.4, 0.7, 1.1, 0.6, 1.3, 0.2]);
    let bar = grid.scale_grad();
    assert_eq!((bar.scale, bar.at.x), (1.0, 0.0));
    let (value, pullback) = grid.inner_vjp();
    assert_eq!(value, [0.7, 1.1]);
    assert_eq!(pullback(vec![2.0, 3.0]).items, [0.0, 2.0, 3.0]);
    assert_eq!(pullback(vec![2.0, 3.0]).items, [0.0, 2.0, 3.0]);
}

/// What is generic only knows that numbers are given out.
#[differentiable]
trait Parameters {
    fn parameters(&self) -> &[f64];

    fn norm(&self) -> f64 {
        self.parameters().iter().map(|p| p * p).sum::<f64>().sqrt()
    }
}

#[derive(Clone, Debug, Differentiable)]
struct Line {
    c: [f64; 2],
}

#[differentiable]
impl Parameters for Line {
    fn parameters(&self) -> &[f64] {
        &self.c
    }
}

#[differentiable]
fn of_any<P: Parameters>(p: &P, x: f64) -> f64 {
    let c = p.parameters();
    p.norm() + c[0] + c[1] * x
}

#[differentiable]
fn of_an_object(p: &dyn Parameters, x: f64) -> f64 {
    p.norm() * p.parameters()[0] * x
}

#[differentiable]
fn of_lines(v: &[f64]) -> f64 {
    let line = Line { c: [v[0], v[1]] };
    of_any(&line, v[2]) * line.norm() + line.parameters()[1]
}

#[test]
fn members_of_traits() {
    gradcheck!(of_any(&Line { c: [0.3, 0.8] }, 1.3)).unwrap();
    let line = Line { c: [0.3, 0.8] };
    let (_, (bar, x_bar)) = of_an_object::value_and_grad(&line, 1.3);
    let bar: &LineTangent = bar.downcast_ref().expect("the tangent of a line");
    let slope = |f: fn(f64) -> f64, x| common::difference(f, x);
    assert_near("c", &bar.c[0], &slope(|a| of_an_object(&Line { c: [a, 0.8] }, 1.3), 0.3), 1e-8);
    assert_near("c", &bar.c[1], &slope(|b| of_an_object(&Line { c: [0.3, b] }, 1.3), 0.8), 1e-8);
    assert_near("x", &x_bar, &slope(|x| of_an_object(&Line { c: [0.3, 0.8] }, x), 1.3), 1e-8);
    gradcheck!(of_lines(&[0.3, 0.8, 1.2][..])).unwrap();
}

mod hidden {
    use super::*;

    const FIRST: usize = 0;

    #[derive(Clone, Debug, Differentiable)]
    pub(super) struct Secret {
        items: [f64; 3],
        pub(super) shown: Vec<f64>,
    }

    #[differentiable]
    impl Secret {
        pub(super) fn new(a: f64, b: f64) -> Self {
            Secret { items: [a, b, a * b], shown: vec![a, b] }
        }

        pub(super) fn first(&self) -> &f64 {
            &self.items[FIRST]
        }

        pub(super) fn all(&self) -> &[f64] {
            &self.items
        }

        pub(super) fn shown_mut(&mut self) -> &mut Vec<f64> {
            &mut self.shown
        }
    }
}

#[differentiable]
fn of_private_fields(a: f64, b: f64) -> f64 {
    let mut secret = hidden::Secret::new(a, b);
    secret.shown_mut()[0] *= b;
    secret.shown_mut().push(a * a);
    let all = secret.all();
    *secret.first() * all[2] + secret.shown[0] * secret.shown[2] + all.iter().product::<f64>()
}

#[test]
fn private_fields_of_other_modules() {
    gradcheck!(of_private_fields(0.7, 1.4)).unwrap();
}
