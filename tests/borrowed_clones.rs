//! What a call borrows from memory that changes later is cloned once: the clone goes to the tape, and its cotangent to what
//! was borrowed.

#![allow(clippy::all)]

#[macro_use]
mod common;
use common::assert_near;
use differentiable::differentiable;

#[differentiable]
fn stepped(y: &[f64], a: f64) -> Vec<f64> {
    let mut out = vec![0.0; y.len()];
    for i in 0..y.len() {
        out[i] = y[i] + a * (y[(i + 1) % y.len()] * y[i]).sin();
    }
    out
}

#[differentiable]
fn velocity(x: &[f64], y: &[f64], z: &mut [f64]) {
    z[0] = x[0];
    for i in 1..x.len() {
        z[i] = x[i] * y[i - 1] * y[i];
    }
}

#[differentiable]
fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b * b).sum()
}

#[differentiable]
fn turned(p: &[f64; 2], by: &[f64; 2]) -> [f64; 2] {
    [p[0] * by[0] - p[1] * by[1], p[0] * by[1] + p[1] * by[0]]
}

#[differentiable]
fn replaced(y: &[f64], a: f64, n: usize) -> f64 {
    let mut y = y.to_vec();
    for _ in 0..n {
        y = stepped(&y, a);
    }
    y.iter().sum()
}

#[differentiable]
fn euler(x: &[f64], n: usize) -> f64 {
    let mut y = vec![0.1; x.len()];
    let mut v = vec![0.0; x.len()];
    for _ in 0..n {
        velocity(x, &y, &mut v);
        for i in 0..x.len() {
            y[i] += 0.1 * v[i];
        }
    }
    y.iter().sum()
}

/// The same list twice in one call, and a part of it in another.
#[differentiable]
fn with_itself(x: &[f64], n: usize) -> f64 {
    let mut y = x.to_vec();
    let mut sum = 0.0;
    for k in 0..n {
        let norm = dot(&y, &y);
        let first = dot(&y[1..], &y[..y.len() - 1]);
        y[k % x.len()] = 0.3 * norm.sin() + 0.1 * first;
        sum += norm * first;
    }
    sum + y[0]
}

#[differentiable]
fn turns(start: [f64; 2], by: [f64; 2], n: usize) -> f64 {
    let mut p = start;
    let mut by = by;
    for k in 0..n {
        p = turned(&p, &by);
        if k % 2 == 0 {
            by = turned(&by, &p);
        }
    }
    p[0] * by[1]
}

/// The list grows between the calls.
#[differentiable]
fn growing(x: f64, n: usize) -> f64 {
    let mut list = vec![x];
    let mut sum = 0.0;
    for _ in 0..n {
        let next = 0.2 * dot(&list, &list).sin() + 0.3 * stepped(&list, x)[0];
        list.push(next);
        sum += next;
    }
    sum
}

/// The calls stand in branches, which a trip may leave.
#[differentiable]
fn left_early(x: &[f64], limit: f64) -> f64 {
    let mut y = x.to_vec();
    let mut sum = 0.0;
    for k in 0..20 {
        let size = dot(&y, x);
        if size > limit {
            break;
        }
        sum += size;
        if k % 3 == 0 {
            y = stepped(&y, sum);
        } else {
            velocity(x, &y.clone(), &mut y);
        }
    }
    sum + y[1]
}

/// Rows of a list, changed one after the other.
#[differentiable]
fn rows(x: &[f64], w: &[f64]) -> f64 {
    let d = w.len();
    let mut y = x.to_vec();
    for i in 1..x.len() / d {
        let s = dot(&y[(i - 1) * d..i * d], w);
        for j in 0..d {
            y[i * d + j] *= s;
        }
        y[(i - 1) * d] += s;
    }
    y.iter().map(|y| y * y).sum()
}

/// A list that the caller lends, overwritten.
#[differentiable]
fn lent(y: &mut [f64], a: f64) -> f64 {
    let mut sum = 0.0;
    for k in 0..3 {
        sum += dot(&y[..], &y[..]) * a;
        y[k % 2] = sum;
    }
    sum
}

#[differentiable]
fn lends(x: &[f64], a: f64) -> f64 {
    let mut y = x.to_vec();
    let sum = lent(&mut y, a);
    sum * y[0] + lent(&mut y, sum)
}

#[test]
fn cotangents_of_clones_reach_what_was_cloned() {
    let x = [0.4, -0.8, 1.1, 0.3];
    for n in [0, 1, 2, 5] {
        check_function!(replaced(&x, 0.7, n));
        check_function!(euler(&x, n));
        check_function!(with_itself(&x, n));
        check_function!(turns([0.5, 0.8], [0.9, -0.3], n));
        check_function!(growing(0.6, n));
    }
    for limit in [-10.0, 0.5, 2.0, 100.0] {
        check_function!(left_early(&x, limit));
    }
    check_function!(rows(&[0.4, -0.8, 1.1, 0.3, 0.9, -1.2], &[0.5, 1.5]));
}

#[test]
fn what_is_lent_and_overwritten() {
    check_function!(lends(&[0.3, 0.7, -0.2], 0.8));
}
