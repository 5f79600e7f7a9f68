//! Variables that hold different references over time.

#![allow(clippy::all)]

mod common;
use common::programs_at;
use differentiable::{Differentiable, differentiable};

#[derive(Clone, Debug, Differentiable)]
struct Body {
    mass: f64,
    at: Vec<f64>,
}

#[differentiable]
fn pull(a: &Body, b: &Body) -> f64 {
    a.mass * b.mass / (0.1 + (a.at[0] - b.at[0]).powi(2))
}

/// Bodies whose masses and places depend on the numbers.
#[differentiable]
fn bodies(v: &[f64]) -> Vec<Body> {
    v.iter().enumerate().map(|(i, x)| Body { mass: x * x, at: vec![x * i as f64, *x] }).collect()
}

programs_at! {
    the_element_before(v: &[f64]) at (&[0.4, 0.7, 0.2, 0.9][..]) {
        let mut last = &v[0];
        let mut s = 0.0;
        for x in &v[1..] {
            s += (x - last).powi(2) * last;
            last = x;
        }
        s
    }
    around_a_polygon(v: &[[f64; 2]], k: f64) at (&[[0.1, 0.4], [0.7, 0.9], [0.2, 0.5]][..], 1.3) {
        let mut last = &v[v.len() - 1];
        let mut area = 0.0;
        for p in v {
            area += last[0] * p[1] - p[0] * last[1];
            last = p;
        }
        area * k
    }
    the_largest(v: &[f64], k: f64) at (&[0.4, 0.7, 0.2, 0.9, 0.3][..], 1.3) {
        let mut best = &v[0];
        for x in v {
            if x * k > best * k {
                best = x;
            }
        }
        best * best * k
    }
    names_in_between(v: &[f64], k: f64) at (&[0.4, 0.7, 0.2, 0.9][..], 1.3) {
        let mut it = &v[0];
        let first = it;
        let mut s = 0.0;
        for x in v {
            let before = it;
            it = x;
            s += before * it * first * k;
        }
        s
    }
    structs(v: &[f64]) at (&[0.4, 0.7, 0.2, 0.9][..]) {
        let bodies = bodies(v);
        let mut last = &bodies[0];
        let mut s = 0.0;
        for body in bodies.iter().skip(1) {
            s += pull(last, body) * last.at[1];
            if body.mass > 0.1 {
                last = body;
            }
        }
        s + last.mass
    }
    what_is_left_of_a_list(v: &[f64], k: f64) at (&[0.4, 0.7, 0.2, 0.9][..], 1.3) {
        let mut rest = v;
        let mut s = k;
        while let Some((x, tail)) = rest.split_first() {
            s += x * s;
            rest = tail;
            s += x * rest.len() as f64;
        }
        s
    }
    pairs_of_a_list(v: &[f64], k: f64) at (&[0.4, 0.7, 0.2, 0.9, 0.3][..], 1.3) {
        let mut rest = v;
        let mut s = k;
        while let [a, b, tail @ ..] = rest {
            s += a * b * s;
            rest = tail;
        }
        s * rest[0]
    }
    a_parameter(mut v: &[f64], k: f64) at (&[0.4, 0.7, 0.2, 0.9, 0.3][..], 1.3) {
        let mut s = k;
        while v.len() > 1 {
            let (a, b) = v.split_at(1);
            s = s * a[0] + b[0];
            v = b;
        }
        s
    }
}
