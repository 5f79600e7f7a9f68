//! Loops that differentiators were wrong about: products with zeros, headers with effects, counters that carry derivatives,
//! a million trips.

#![allow(clippy::all)]

mod common;
use common::{assert_near, difference};
use differentiable::{differentiable, gradcheck};

#[differentiable]
fn product(v: &[f64]) -> f64 {
    v.iter().product()
}

#[differentiable]
fn product_in_a_loop(v: &[f64]) -> f64 {
    let mut p = 1.0;
    for x in v {
        p *= x;
    }
    p
}

#[test]
fn products_of_a_thousand_numbers_with_zeros() {
    let mut v = vec![1.001; 1000];
    for f in [product::grad, product_in_a_loop::grad] {
        v[400] = 0.0;
        v[700] = 1.001;
        let bar = f(&v);
        assert!((bar[400] - 1.001_f64.powi(999)).abs() < 1e-12);
        assert!(bar.iter().enumerate().all(|(i, bar)| i == 400 || *bar == 0.0));
        v[700] = 0.0;
        assert!(f(&v).iter().all(|bar| *bar == 0.0));
    }
}

#[differentiable]
fn becomes_zero(x: f64) -> f64 {
    let mut y = x;
    y += x;
    y -= 2.0 * x;
    y *= x;
    y /= 3.0;
    y
}

#[differentiable]
fn active_counter(lower: f64, upper: f64) -> f64 {
    let (h, mut t, mut s) = (0.1, lower, 0.0);
    while t < upper {
        s += t * h;
        t += h;
    }
    s
}

#[differentiable]
fn header_with_an_effect(x: f64) -> f64 {
    let (mut y, mut c) = (1.0, 0.0);
    while {
        y *= x;
        y < 10.0
    } {
        c += y;
    }
    c * y
}

#[differentiable]
fn divisor(a: f64) -> f64 {
    let mut s = 0.0;
    for i in 0..2 {
        s += 1.0 / (i as f64 + 1.0 + a * a);
    }
    s
}

#[differentiable]
fn in_chunks(v: &[f64], k: f64) -> f64 {
    let mut s = 0.0;
    for c in v.chunks(4) {
        s = s * k + c.iter().sum::<f64>() * c[0];
    }
    s
}

#[differentiable]
fn condition_and_update(x: f64) -> f64 {
    let mut c = x;
    while c < 7.0 {
        c *= 1.5;
    }
    c
}

#[test]
fn closed_forms() {
    for x in [0.0, 1.5, -2.0] {
        assert_eq!(becomes_zero::grad(x), 0.0);
    }
    // s = h Σ (lower + i h), so that each trip adds h to the derivative; the bound only decides how many there are.
    let (lower, upper) = active_counter::grad(0.05, 1.0);
    assert_near("lower", &(lower, upper), &(0.1 * 10.0, 0.0), 1e-12);
    // 1.5 + 1.5² + .. + 1.5⁵, times 1.5⁶.
    let slope = |x: f64| (1..6).map(|k| f64::from(k + 6) * x.powi(k + 5)).sum::<f64>();
    assert_near("header", &header_with_an_effect::grad(1.5), &slope(1.5), 1e-12);
    let a = 0.7_f64;
    let expected = -2.0 * a * ((1.0 + a * a).powi(-2) + (2.0 + a * a).powi(-2));
    assert_near("divisor", &divisor::grad(a), &expected, 1e-14);
    assert_eq!(condition_and_update::grad(1.0), 1.5_f64.powi(5));
    gradcheck!(in_chunks(&[0.4, -0.3, 0.8, 1.1, 0.2, 0.7][..], 0.6)).unwrap();
    gradcheck!(in_chunks(&[0.4, -0.3, 0.8][..], 0.6)).unwrap();
}

#[differentiable]
fn recurrence(x: f64, n: usize) -> f64 {
    let (mut a, mut b) = (x, x * x);
    for _ in 0..n {
        let t = a;
        a = b;
        b = (b + t * x).sin();
    }
    b
}

#[test]
fn a_million_trips() {
    let slope = difference(|x| recurrence(x, 1_000_000), 0.3);
    assert_near("slope", &recurrence::grad(0.3, 1_000_000), &slope, 1e-7);
    assert_near("forward", &recurrence::jvp(0.3, 1_000_000, 1.0).1, &slope, 1e-7);
}
