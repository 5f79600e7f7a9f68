//! Closures that are called where they are defined, lengths as parameters, and slices split in two.

#![allow(clippy::all)]

mod common;
use common::check;
use differentiable::differentiable;

#[differentiable]
fn captures(x: f64, k: f64) -> f64 {
    let g = |t: f64| k * t.sin();
    g(x) + g(k)
}

#[differentiable]
fn captures_what_changes_later(x: f64) -> f64 {
    let mut k = x * x;
    let first = {
        let g = |t: f64| t * k;
        g(x)
    };
    k = k * 2.0;
    let h = |t: f64| {
        let s = t + k;
        s * s
    };
    first + h(x) + h(1.0)
}

#[differentiable]
fn called_in_a_loop(x: f64, v: &[f64]) -> f64 {
    let step = |y: f64, a: f64| if y > 1.0 { y.ln() * a } else { y + a * x };
    let mut y = x;
    for i in 0..v.len() {
        y = step(y, v[i]) + 1.0;
    }
    y
}

#[differentiable]
fn ends<const N: usize>(v: [f64; N]) -> f64 {
    let mut s = v[0] * v[N - 1];
    for i in 0..N {
        s += v[i];
    }
    s
}

#[differentiable]
fn split(a: &[f64], x: f64, k: usize) -> f64 {
    let mut a = a.to_vec();
    let (left, right) = a.split_at_mut(k);
    left[0] += right[0] * x;
    right[0] *= left[0];
    left[0] = left[0] * x;
    a[0] + a[k] * a[1]
}

#[test]
fn closures_with_captures() {
    let (x, k) = (0.7f64, 1.3f64);
    check!(captures(x, k), (k * x.cos(), x.sin() + k.sin() + k * k.cos()));
    // x³ + (x + 2 x²)² + (1 + 2 x²)².
    let slope = 3.0 * x * x + 2.0 * (x + 2.0 * x * x) * (1.0 + 4.0 * x) + 8.0 * x * (1.0 + 2.0 * x * x);
    check!(captures_what_changes_later(x), slope);
    let v = [0.5, -1.2, 2.0, 0.3];
    let flat = |z: &[f64]| called_in_a_loop(z[0], &z[1..]);
    let gradient = called_in_a_loop::grad(0.4, &v);
    common::assert_near("loop", &gradient, &common::differences(flat, &[0.4, 0.5, -1.2, 2.0, 0.3]), 1e-6);
    check!(called_in_a_loop(0.4, &v[..]), gradient);
}

#[test]
fn lengths_as_parameters() {
    let gradient: [f64; 3] = ends::grad([2.0, 3.0, 5.0]);
    assert_eq!(gradient, [6.0, 1.0, 3.0]);
    assert_eq!(ends::jvp([2.0, 3.0], [1.0, 10.0]), (11.0, 3.0 + 20.0 + 11.0));
}

#[test]
fn slices_split_in_two() {
    let (a, b, c, x) = (2.0, 3.0, 5.0, 0.5);
    // With l = a + c x: l x + c l b.
    let l = a + c * x;
    let slope = x + c * b;
    check!(split(&[a, b, c][..], x, 2), (vec![slope, c * l, slope * x + l * b], slope * c + l));
}

#[differentiable]
fn keeps_what_it_moved(x: f64) -> f64 {
    let mut k = x;
    let f = move |t: f64| k * t;
    k = 5.0;
    f(2.0) + k
}

/// `mut` closures have their own copy, which they change at every call.
#[differentiable]
fn counts_for_itself(x: f64) -> f64 {
    let mut total = x;
    let mut add = move |v: f64| {
        total += v * x;
        total
    };
    let first = add(1.0);
    total = first * total;
    let second = add(2.0);
    first * second + total
}

#[differentiable]
fn adds_to_what_it_captured(x: f64) -> f64 {
    let mut total = 0.0;
    let mut add = |v: f64| total += v * x;
    add(1.0);
    add(2.0 * x);
    total
}

#[differentiable]
fn moved_in_a_loop(x: f64, n: usize) -> f64 {
    let mut s = x;
    for _ in 0..n {
        let by_then = move |t: f64| s * t + s;
        s = s.sin() + 0.5;
        s = by_then(x) * s;
    }
    s
}

#[differentiable]
fn moves_a_vec(x: f64) -> f64 {
    let mut v = vec![x, 2.0];
    v[1] = x * x;
    let at = move |i: usize| v[i] * v[i];
    v = vec![x; 3];
    at(1) + at(0) * v[2]
}

#[differentiable]
fn leaves_early(x: f64, y: f64) -> f64 {
    let f = |t: f64| {
        if t > 1.0 {
            return t * x;
        }
        let u = t * y;
        u * u
    };
    f(0.5) + f(2.0) * f(y)
}

#[differentiable]
fn gives_two(x: f64) -> f64 {
    let rotate = |a: f64, b: f64| (a * x.cos() - b * x.sin(), a * x.sin() + b * x.cos());
    let (a, b) = rotate(1.0, x);
    let (c, d) = rotate(a * b, b);
    c * d
}

#[differentiable]
fn nested(x: f64) -> f64 {
    let mut k = x * x;
    let inner = move |t: f64| t * k;
    let outer = move |t: f64| inner(inner(t)) + k;
    k = 1.0;
    let last = |t: f64| {
        let twice = |u: f64| outer(u) + t;
        twice(x) * k
    };
    last(2.0)
}

#[test]
fn captured_by_move() {
    let x = 0.7f64;
    check!(keeps_what_it_moved(x), 2.0);
    // first = 2 x, total = 2 x², second = 4 x.
    check!(counts_for_itself(x), 16.0 * x + 4.0 * x);
    check!(adds_to_what_it_captured(x), 1.0 + 4.0 * x);
    check!(moves_a_vec(x), 7.0 * x.powi(2) - 4.0 * x.powi(2) + 4.0 * x.powi(3));
    // x x⁴ + x², then 2.0.
    check!(nested(x), 5.0 * x.powi(4) + 2.0 * x);
    differentiable::gradcheck!(moved_in_a_loop(x, 3)).unwrap();
}

#[test]
fn closures_that_return() {
    differentiable::gradcheck!(leaves_early(0.7, 0.4)).unwrap();
    differentiable::gradcheck!(leaves_early(0.7, 1.4)).unwrap();
    differentiable::gradcheck!(gives_two(0.7)).unwrap();
}
