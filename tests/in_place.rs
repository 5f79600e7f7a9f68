//! `&mut` parameters: the pullback takes the cotangent of the final content and gives that of the initial one.

#![allow(clippy::all)]

mod common;
use common::{assert_near, dot, noise};
use differentiable::differentiable;

#[differentiable]
fn squares(x: &mut [f64]) {
    for v in x.iter_mut() {
        *v = *v * *v;
    }
}

#[differentiable]
fn prefix_products(x: &mut [f64], scale: f64) {
    for i in 1..x.len() {
        x[i] = x[i] * x[i - 1] * scale;
    }
}

#[differentiable]
fn fill(x: &mut [f64], value: f64) {
    for i in 0..x.len() {
        x[i] = value * i as f64;
    }
}

#[differentiable]
fn counter(total: &mut f64, x: f64) -> f64 {
    let before = *total;
    *total += x * x;
    *total *= 2.0;
    before * x
}

#[differentiable]
fn two_buffers(a: &mut [f64; 2], b: &mut Vec<f64>, x: f64) -> f64 {
    a[0] = a[0] * b[0];
    b[1] = a[0] + x;
    let t = a[1];
    a[1] = b[0];
    b[0] = t * x;
    a[0] * x
}

#[differentiable]
fn untouched(a: &mut [f64], x: f64) -> f64 {
    a[0] * x
}

#[differentiable]
fn calls_in_place(x: &[f64], scale: f64) -> f64 {
    let mut y = x.to_vec();
    prefix_products(&mut y, scale);
    squares(&mut y[1..]);
    let mut total = 0.5;
    let c = counter(&mut total, y[2]);
    let mut rest = [0.0; 4];
    fill(&mut rest, c);
    let mut s = total;
    for i in 0..y.len() {
        s += y[i] * rest[i];
    }
    s
}

#[differentiable]
fn passes_its_own_slice_on(x: &mut [f64], n: usize) {
    for _ in 0..n {
        squares(x);
        prefix_products(&mut x[..2], 0.5);
    }
}

#[test]
fn the_final_content_is_a_result() {
    let mut x = [1.0, 2.0, 3.0];
    let (_, pullback) = squares::vjp(&mut x);
    assert_eq!(x, [1.0, 4.0, 9.0]);
    let gradient: Vec<f64> = pullback(vec![1.0, 10.0, 100.0]);
    assert_eq!(gradient, [2.0, 40.0, 600.0]);
    assert_eq!(pullback(vec![0.0, 1.0, 0.0]), [0.0, 4.0, 0.0]);

    let mut x = [2.0, 3.0, 5.0];
    let (_, pullback) = prefix_products::vjp(&mut x, 2.0);
    assert_eq!(x, [2.0, 12.0, 120.0]);
    // [a, a b s, a b c s²].
    let expected = (vec![1.0 + 60.0 + 6000.0, 40.0 + 4000.0, 2400.0], 60.0 + 12000.0);
    assert_eq!(pullback(vec![1.0, 10.0, 100.0]), expected);
    assert_eq!(pullback(vec![1.0, 10.0, 100.0]), expected);
}

#[test]
fn overwritten_content_has_no_gradient() {
    let mut x = [7.0, 8.0, 9.0];
    let (_, pullback) = fill::vjp(&mut x, 3.0);
    assert_eq!(x, [0.0, 3.0, 6.0]);
    assert_eq!(pullback(vec![5.0, 1.0, 10.0]), (vec![0.0; 3], 21.0));
}

#[test]
fn untouched_content_keeps_its_cotangent() {
    let mut a = [2.0, 3.0];
    let (value, pullback) = untouched::vjp(&mut a, 5.0);
    assert_eq!((value, a), (10.0, [2.0, 3.0]));
    assert_eq!(pullback(1.0, vec![100.0, 1000.0]), (vec![105.0, 1000.0], 2.0));
    let mut a = [2.0, 3.0];
    assert_eq!(untouched::grad(&mut a, 5.0), (vec![5.0, 0.0], 2.0));
}

#[test]
fn results_and_final_contents_have_cotangents() {
    let mut total = 3.0;
    let (value, pullback) = counter::vjp(&mut total, 2.0);
    assert_eq!((value, total), (6.0, 14.0));
    assert_eq!(pullback(1.0, 0.0), (2.0, 3.0));
    assert_eq!(pullback(0.0, 1.0), (2.0, 8.0));
    assert_eq!(pullback(10.0, 100.0), (220.0, 830.0));
    let mut total = 3.0;
    assert_eq!(counter::value_and_grad(&mut total, 2.0), (6.0, (2.0, 3.0)));
    assert_eq!(total, 14.0);

    let mut a = [2.0, 3.0];
    let mut b = vec![5.0, 7.0];
    let (value, pullback) = two_buffers::vjp(&mut a, &mut b, 11.0);
    assert_eq!((value, a, b), (110.0, [10.0, 5.0], vec![33.0, 21.0]));
    // a' = [a0 b0, b0], b' = [a1 x, a0 b0 + x], value = a0 b0 x.
    assert_eq!(pullback(1.0, [0.0; 2], vec![0.0; 2]), ([55.0, 0.0], vec![22.0, 0.0], 10.0));
    assert_eq!(pullback(0.0, [1.0, 10.0], vec![0.0; 2]), ([5.0, 0.0], vec![12.0, 0.0], 0.0));
    assert_eq!(pullback(0.0, [0.0; 2], vec![1.0, 10.0]), ([50.0, 11.0], vec![20.0, 0.0], 13.0));
}

#[test]
fn forward_mode_changes_content_and_tangent_together() {
    let mut x = [2.0, 3.0, 5.0];
    let mut x_dot = [1.0, 0.0, 2.0];
    prefix_products::jvp(&mut x, 2.0, &mut x_dot, 0.5);
    assert_eq!(x, [2.0, 12.0, 120.0]);
    // [a', s (a' b + a b') + a b s', ..].
    assert_eq!(x_dot, [1.0, 6.0 + 3.0, 2.0 * (9.0 * 5.0 + 12.0 * 2.0) + 12.0 * 5.0 * 0.5]);

    let (mut total, mut total_dot) = (3.0, 1.0);
    assert_eq!(counter::jvp(&mut total, 2.0, &mut total_dot, 10.0), (6.0, 32.0));
    assert_eq!((total, total_dot), (14.0, 2.0 + 80.0));
}

#[test]
fn calls_that_change_their_arguments() {
    let x = [0.9, 1.2, -0.7, 0.4];
    let gradient = calls_in_place::grad(&x, 1.3);
    let flat = |v: &[f64]| calls_in_place(&v[..4], v[4]);
    assert_near("calls", &gradient, &common::differences(flat, &[0.9, 1.2, -0.7, 0.4, 1.3]), 1e-7);
    differentiable::gradcheck!(calls_in_place(&x[..], 1.3)).unwrap();
}

#[test]
fn the_pullback_is_the_transpose_of_the_directional_derivative() {
    for n in 0..4 {
        let start = [0.9, 1.1, -0.8];
        let (direction, weights) = (noise(1, 3), noise(2, 3));
        let (mut x, mut x_dot) = (start, direction.clone());
        passes_its_own_slice_on::jvp(&mut x, n, &mut x_dot);
        let mut again = start;
        let (_, pullback) = passes_its_own_slice_on::vjp(&mut again, n);
        assert_eq!(x, again);
        let transposed = pullback(weights.clone());
        assert_near("inner product", &dot(&x_dot, &weights), &dot(&direction, &transposed), 1e-12);
        // The squares alone give 2 x for one trip.
        if n == 1 {
            let [a, b, c] = start;
            let [u, v, w] = [weights[0], weights[1], weights[2]];
            let expected = [2.0 * a * u + a * b * b * v, a * a * b * v, 2.0 * c * w];
            assert_near("one trip", &transposed, &expected, 1e-12);
        }
    }
}
