//! Writing to what an enum holds, through the references that patterns bind.

#![allow(clippy::all, dead_code)]

mod common;

use common::{assert_near, difference};
use differentiable::{Differentiable, differentiable};

#[derive(Clone, Debug, Differentiable)]
enum Shape {
    Circle(f64),
    Rect { w: f64, h: f64, n: usize },
    Polygon(Vec<f64>),
    Pair(Box<Shape>, Box<Shape>),
    Empty,
}

#[derive(Clone, Debug, Differentiable)]
struct Body {
    shape: Shape,
    spin: Option<f64>,
    energy: f64,
}

#[differentiable]
fn scale(shape: &mut Shape, x: f64) {
    match shape {
        Shape::Circle(r) if *r > 2.0 => *r = x,
        Shape::Circle(r) => *r *= x,
        Shape::Rect { w, h, n } => {
            *w *= x;
            *h += *w * x;
            *n += 1;
        }
        Shape::Polygon(sides) => {
            for side in sides.iter_mut() {
                *side *= x;
            }
            sides.push(x);
        }
        Shape::Pair(a, b) => {
            scale(a, x);
            scale(b, x * x);
        }
        Shape::Empty => {}
    }
}

impl Shape {
    #[differentiable]
    fn size(&self) -> f64 {
        match self {
            Shape::Circle(r) => r * r,
            Shape::Rect { w, h, n } => w * h * *n as f64,
            Shape::Polygon(sides) => sides.iter().map(|side| side * side).sum(),
            Shape::Pair(a, b) => a.size() * b.size(),
            Shape::Empty => 1.0,
        }
    }

    #[differentiable]
    fn grow(&mut self, k: f64) {
        match self {
            Self::Circle(r) => *r *= k,
            Self::Rect { w, h, .. } => {
                std::mem::swap(w, h);
                stretch(w, h, k);
            }
            Self::Pair(a, b) => {
                a.grow(k);
                b.grow(k * k);
                std::mem::swap(a, b);
            }
            _ => *self = Self::Circle(k),
        }
    }
}

#[differentiable]
fn stretch(w: &mut f64, h: &mut f64, k: f64) {
    *w *= k;
    *h += *w * k;
}

#[differentiable]
fn circles(x: f64, y: f64) -> f64 {
    let mut shape = Shape::Circle(x);
    scale(&mut shape, y);
    shape.grow(x);
    shape.grow(y);
    scale(&mut shape, y);
    shape.size()
}

#[differentiable]
fn rectangles(x: f64, y: f64) -> f64 {
    let mut shape = Shape::Rect { w: x, h: y, n: 1 };
    scale(&mut shape, y);
    shape.grow(x);
    shape.size()
}

#[differentiable]
fn polygons(x: f64, y: f64) -> f64 {
    let mut shape = Shape::Polygon(vec![x, y]);
    scale(&mut shape, y);
    scale(&mut shape, x);
    let size = shape.size();
    shape.grow(size);
    size + shape.size()
}

#[differentiable]
fn trees(x: f64, y: f64) -> f64 {
    let leaf = Shape::Pair(Box::new(Shape::Circle(x)), Box::new(Shape::Rect { w: y, h: x, n: 2 }));
    let mut shape = Shape::Pair(Box::new(leaf), Box::new(Shape::Circle(y)));
    shape.grow(x);
    scale(&mut shape, y);
    shape.size()
}

#[differentiable]
fn in_a_list(x: f64, y: f64) -> f64 {
    let mut shapes = vec![Shape::Circle(x), Shape::Rect { w: y, h: x, n: 2 }, Shape::Empty];
    let mut total = 0.0;
    for k in 0..2 {
        for shape in shapes.iter_mut() {
            match shape {
                Shape::Circle(r) => {
                    *r *= y;
                    total += *r;
                }
                Shape::Rect { w, .. } if k == 0 => *w = w.sin() * x,
                Shape::Rect { w, h, .. } => {
                    let old = *w;
                    *w = *h * y;
                    *h = old * total;
                }
                _ => total *= x,
            }
        }
    }
    total + shapes[1].size()
}

#[differentiable]
fn in_fields(x: f64, y: f64) -> f64 {
    let mut body = Body { shape: Shape::Circle(x), spin: Some(y), energy: 1.0 };
    if let Shape::Circle(r) = &mut body.shape {
        if let Some(spin) = &mut body.spin {
            *spin *= *r;
            *r += *spin;
        }
    }
    let Some(spin) = &mut body.spin else { return 0.0 };
    *spin = spin.sin();
    body.energy *= body.spin.unwrap();
    match &mut body {
        Body { shape: Shape::Circle(r), energy, .. } => *energy += *r * *r,
        _ => {}
    }
    body.energy
}

#[differentiable]
fn two_at_once(x: f64, y: f64) -> f64 {
    let (mut a, mut b) = (Some(x), Some((y, x)));
    match (&mut a, &mut b) {
        (Some(a), Some((p, q))) => {
            *a *= *p;
            *q += *a;
        }
        _ => {}
    }
    a.unwrap() * b.unwrap().1
}

#[differentiable]
fn by_ref_mut(x: f64, y: f64) -> f64 {
    let mut shape = Shape::Rect { w: x, h: y, n: 3 };
    match shape {
        Shape::Rect { ref mut w, ref h, n } if n > 2 => *w *= *h,
        _ => {}
    }
    shape.size()
}

#[differentiable]
fn results(x: f64, y: f64) -> f64 {
    let mut r: Result<f64, String> = if x > 0.0 { Ok(x) } else { Err("negative".to_string()) };
    if let Ok(v) = &mut r {
        *v *= y;
    }
    match r.as_mut() {
        Ok(v) => *v += x,
        Err(_) => return y,
    }
    r.unwrap()
}

macro_rules! gradients {
    ($($test:ident: $f:ident;)*) => {$(
        #[test]
        fn $test() {
            for (x, y) in [(1.3, 0.8), (0.6, 1.9)] {
                let (by_x, by_y) = $f::grad(x, y);
                assert_near("x", &by_x, &difference(|x| $f(x, y), x), 1e-6);
                assert_near("y", &by_y, &difference(|y| $f(x, y), y), 1e-6);
                let (value, dot) = $f::jvp(x, y, 0.3, 0.9);
                assert_near("value", &value, &$f(x, y), 1e-12);
                assert_near("dot", &dot, &(0.3 * by_x + 0.9 * by_y), 1e-9);
                let (_, pullback) = $f::vjp(x, y);
                assert_eq!(pullback(1.0), (by_x, by_y));
                assert_eq!(pullback(1.0), (by_x, by_y));
            }
        }
    )*};
}

gradients! {
    a_variant_with_one_part: circles;
    a_variant_with_named_parts: rectangles;
    a_list_in_a_variant: polygons;
    variants_that_hold_the_enum_itself: trees;
    elements_of_a_list_of_enums: in_a_list;
    enums_in_fields: in_fields;
    two_options_in_one_match: two_at_once;
    ref_mut: by_ref_mut;
    what_is_ok: results;
}
