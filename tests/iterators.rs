//! Iterator chains in annotated functions.

#![allow(clippy::all)]

mod common;
use common::{check, check_gradient};
use differentiable::differentiable;

#[differentiable]
fn mapped_sum(xs: &[f64], x: f64) -> f64 {
    xs.iter().map(|v| v * x).sum::<f64>()
}

#[differentiable]
fn folded(xs: &[f64]) -> f64 {
    xs.iter().fold(1.0, |p, v| p * v)
}

#[differentiable]
fn filtered(xs: &[f64]) -> f64 {
    xs.iter().filter(|v| **v > 0.0).map(|v| v * v).sum()
}

#[differentiable]
fn product_of_squares(xs: &[f64]) -> f64 {
    xs.iter().map(|v| v * v).product::<f64>()
}

#[differentiable]
fn zipped(xs: &[f64], ys: &[f64]) -> f64 {
    xs.iter().zip(ys.iter()).map(|(x, y)| x * y).sum()
}

#[differentiable]
fn enumerated(xs: &[f64]) -> f64 {
    xs.iter().enumerate().map(|(i, x)| i as f64 * x.sin()).sum::<f64>() / xs.len() as f64
}

#[differentiable]
fn collected(xs: &[f64], k: f64) -> f64 {
    let ys = xs.iter().map(|x| x * k).collect::<Vec<_>>();
    let zs: Vec<f64> = (0..ys.len()).map(|i| ys[i] * ys[0]).collect();
    zs[1] + ys[2]
}

#[differentiable]
fn largest_by_fold(xs: &[f64]) -> f64 {
    xs.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}

#[differentiable]
fn range_sum(x: f64, n: usize) -> f64 {
    (1..=n).map(|k| x.powi(k as i32) / k as f64).sum::<f64>()
}

#[differentiable]
fn windows_and_chunks(xs: &[f64]) -> f64 {
    let mut s = 0.0;
    for w in xs.windows(2) {
        s += (w[1] - w[0]) * (w[1] - w[0]);
    }
    for c in xs.chunks(2) {
        s += c[0] * c[c.len() - 1];
    }
    s
}

#[test]
fn sums_products_and_folds() {
    check!(mapped_sum(&[1.0, 2.0, 4.0][..], 3.0), (vec![3.0; 3], 7.0));
    check!(folded(&[2.0, 3.0, 5.0][..]), vec![15.0, 10.0, 6.0]);
    check!(filtered(&[2.0, -3.0, 5.0][..]), vec![4.0, 0.0, 10.0]);
    check!(product_of_squares(&[2.0, 3.0][..]), vec![36.0, 24.0]);
    check!(zipped(&[2.0, 3.0][..], &[5.0, 7.0][..]), (vec![5.0, 7.0], vec![2.0, 3.0]));
    check!(enumerated(&[2.0, 3.0][..]), vec![0.0, 3f64.cos() / 2.0]);
    check!(range_sum(0.5, 4), 1.0 + 0.5 + 0.25 + 0.125);
    check!(folded(&Vec::new()[..]), Vec::<f64>::new());
}

#[test]
fn collections() {
    let (a, b, k) = (2.0, 3.0, 0.5);
    check!(collected(&[a, b, 5.0][..], k), (vec![b * k * k, a * k * k, k], 2.0 * a * b * k + 5.0));
    check!(largest_by_fold(&[2.0, 7.0, 5.0][..]), vec![0.0, 1.0, 0.0]);
    check_gradient!(largest_by_fold(&[7.0, 2.0, 7.0]), vec![0.5, 0.0, 0.5]);
    let [a, b, c] = [2.0, 3.0, 7.0];
    check!(
        windows_and_chunks(&[a, b, c][..]),
        vec![-2.0 * (b - a) + b, 2.0 * (b - a) - 2.0 * (c - b) + a, 2.0 * (c - b) + 2.0 * c]
    );
}
