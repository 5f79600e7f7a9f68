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
