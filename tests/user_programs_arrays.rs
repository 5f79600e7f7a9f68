//! Arrays, slices, vectors and tuples as parameters, locals and results, read and written in place.

#![allow(clippy::all)]

mod common;
use common::assert_near;
use differentiable::{differentiable, gradcheck};

#[differentiable]
fn prefix_sums(v: &[f64]) -> Vec<f64> {
    let mut out = v.to_vec();
    for i in 1..out.len() {
        out[i] += out[i - 1];
    }
    out
}

#[differentiable]
fn bubble_sort(mut v: Vec<f64>) -> Vec<f64> {
    let n = v.len();
    for i in 0..n {
        let mut swapped = false;
        for j in 0..n - 1 - i {
            if v[j] > v[j + 1] {
                v.swap(j, j + 1);
                swapped = true;
            }
        }
        if !swapped {
            break;
        }
    }
    v
}

#[differentiable]
fn weighted_sorted(v: Vec<f64>) -> f64 {
    let sorted = bubble_sort(v);
    let mut s = 0.0;
    for (i, x) in sorted.iter().enumerate() {
        s += (i + 1) as f64 * x * x;
    }
    s
}

#[differentiable]
fn heat(u0: &[f64], alpha: f64, steps: usize) -> Vec<f64> {
    let n = u0.len();
    let mut u = u0.to_vec();
    let mut next = vec![0.0; n];
    for _ in 0..steps {
        for i in 0..n {
            let left = if i == 0 { u[n - 1] } else { u[i - 1] };
            let right = u[(i + 1) % n];
            next[i] = u[i] + alpha * (left - 2.0 * u[i] + right);
        }
        std::mem::swap(&mut u, &mut next);
    }
    u
}

#[differentiable]
fn game_of_blur(grid: &Vec<Vec<f64>>, k: f64) -> Vec<Vec<f64>> {
    let (rows, cols) = (grid.len(), grid[0].len());
    let mut out = vec![vec![0.0; cols]; rows];
    for r in 0..rows {
        for c in 0..cols {
            let mut total = grid[r][c];
            if r > 0 {
                total += k * grid[r - 1][c];
            }
            if c + 1 < cols {
                total += k * k * grid[r][c + 1];
            }
            out[r][c] = total * total;
        }
    }
    out
}

#[differentiable]
fn conv1d(signal: &[f64], kernel: &[f64; 3]) -> Vec<f64> {
    let mut out = vec![0.0; signal.len() - 2];
    for i in 0..signal.len() - 2 {
        let window = &signal[i..i + 3];
        let mut acc = 0.0;
        for j in 0..3 {
            acc += window[j] * kernel[j];
        }
        out[i] = acc;
    }
    out
}

#[differentiable]
fn halves(v: &[f64]) -> f64 {
    let mid = v.len() / 2;
    let (left, right) = v.split_at(mid);
    let mut s = 0.0;
    for i in 0..left.len() {
        s += left[i] * right[i];
    }
    s
}

#[differentiable]
fn sum_recursive(v: &[f64]) -> f64 {
    if v.is_empty() { 0.0 } else { v[0].sin() + sum_recursive(&v[1..]) * v[0] }
}

#[differentiable]
fn merge_halves(v: &[f64]) -> f64 {
    match v.len() {
        0 => 0.0,
        1 => v[0] * v[0],
        n => merge_halves(&v[..n / 2]) * 1.5 + merge_halves(&v[n / 2..]),
    }
}

#[differentiable]
fn scale_in_place(v: &mut [f64], factor: f64) {
    for x in v.iter_mut() {
        *x *= factor;
    }
}

#[differentiable]
fn normalise(v: &mut [f64]) {
    let mut norm = 0.0;
    for x in v.iter() {
        norm += x * x;
    }
    let norm = norm.sqrt();
    scale_in_place(v, 1.0 / norm);
}

#[differentiable]
fn cosine(a: &[f64], b: &[f64]) -> f64 {
    let mut u = a.to_vec();
    let mut w = b.to_owned();
    normalise(&mut u);
    normalise(&mut w[..]);
    let mut d = 0.0;
    for (x, y) in u.iter().zip(&w) {
        d += x * y;
    }
    d
}

#[differentiable]
fn nested_tuples(p: ((f64, f64), [f64; 2])) -> (f64, (f64, [f64; 2])) {
    let ((a, b), [c, d]) = p;
    let q = (a * b, (c + d, [a / c, b - d]));
    let (x, (y, z)) = q;
    (x * y, (z[0], [z[1], p.0.0 * p.1[1]]))
}

#[differentiable]
fn cube(t: &[[[f64; 2]; 2]; 2], s: f64) -> [[f64; 2]; 2] {
    let mut out = [[0.0; 2]; 2];
    for i in 0..2 {
        let plane = t[i];
        for j in 0..2 {
            let row = &plane[j];
            out[i][j] = row[0] * s + row[1].powi(2);
        }
    }
    out[0][1] *= out[1][0];
    out
}

#[differentiable]
fn transpose(m: &Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let mut t = vec![vec![0.0; m.len()]; m[0].len()];
    for i in 0..m.len() {
        for j in 0..m[i].len() {
            t[j][i] = m[i][j] * (1 + i + j) as f64;
        }
    }
    t
}

#[differentiable]
fn rows_by_reference(m: &[Vec<f64>], x: &[f64]) -> Vec<f64> {
    let mut y = vec![0.0; m.len()];
    for (row, out) in m.iter().zip(y.iter_mut()) {
        for (w, v) in row.iter().zip(x) {
            *out += w * v;
        }
        *out = out.tanh();
    }
    y
}

#[differentiable]
fn fill_and_copy(v: &[f64], x: f64) -> f64 {
    let mut buffer = [1.0; 6];
    buffer[..v.len()].copy_from_slice(v);
    buffer[5] = x;
    let mut s = 0.0;
    for i in 0..6 {
        s += buffer[i] * buffer[(i + 1) % 6];
    }
    buffer.fill(x);
    s + buffer[2] * x
}

#[differentiable]
fn replaced(x: f64, y: f64) -> f64 {
    let mut a = x * y;
    let old = std::mem::replace(&mut a, x.sin());
    old * a
}

#[differentiable]
fn first_last(v: &[f64]) -> f64 {
    let n = v.len();
    let first = v[0];
    let last = &v[n - 1];
    let middle: &[f64] = &v[1..n - 1];
    first * *last + middle[0] * last.exp() - middle[middle.len() - 1]
}

#[differentiable]
fn single(v: Vec<f32>) -> f32 {
    let mut m = f32::NEG_INFINITY;
    for &x in &v {
        if x > m {
            m = x;
        }
    }
    let mut s = 0.0;
    for x in &v {
        s += (x - m).exp();
    }
    m + s.ln()
}

#[differentiable]
fn histogram(xs: &[f64], centers: &[f64], width: f64) -> Vec<f64> {
    let mut h = vec![0f64; centers.len()];
    for x in xs {
        for (k, c) in centers.iter().enumerate() {
            let z = (x - c) / width;
            h[k] += (-z * z).exp();
        }
    }
    h
}

#[differentiable]
fn rotate(mut v: [f64; 4], turns: usize) -> f64 {
    for _ in 0..turns {
        let first = v[0];
        for i in 0..3 {
            v[i] = v[i + 1] * 1.1;
        }
        v[3] = first;
    }
    v[0] * v[1] - v[2] / v[3]
}

#[differentiable]
fn fibonacci_like(a: f64, b: f64, n: usize) -> f64 {
    let (mut a, mut b) = (a, b);
    for _ in 0..n {
        (a, b) = (b, a * b.cos() + b);
    }
    a
}

const N: usize = 4;

#[differentiable]
fn const_sized(v: [f64; N]) -> [f64; N] {
    let mut w = [0.0; N];
    for i in 0..N {
        w[N - 1 - i] = v[i] * v[(i + 1) % N];
    }
    w
}

#[test]
fn vectors_in_place() {
    gradcheck!(prefix_sums(&[1.0, 2.0, 3.0][..])).unwrap();
    gradcheck!(weighted_sorted(vec![3.0, -1.0, 2.0, 0.5])).unwrap();
    assert_near("sorted", &weighted_sorted::grad(vec![3.0, -1.0, 2.0]), &vec![18.0, -2.0, 8.0], 1e-12);
    gradcheck!(heat(&[1.0, 2.0, -3.0, 0.5][..], 0.2, 5)).unwrap();
    gradcheck!(cosine(&[1.0, 2.0, 3.0][..], &[0.3, -1.0, 2.0][..])).unwrap();
    gradcheck!(fill_and_copy(&[1.0, 2.0, 3.0][..], 0.7)).unwrap();
    gradcheck!(rotate([1.0, 2.0, 3.0, 0.5], 3)).unwrap();
    gradcheck!(const_sized([1.0, 2.0, 3.0, 0.5])).unwrap();
}

#[test]
fn nested_arrays() {
    let grid = vec![vec![1.0, 2.0, 0.5], vec![-1.0, 0.3, 0.9]];
    gradcheck!(game_of_blur(&grid, 0.3)).unwrap();
    gradcheck!(transpose(&grid)).unwrap();
    gradcheck!(rows_by_reference(&grid[..], &[0.1, 0.2, -0.7][..])).unwrap();
    gradcheck!(cube(&[[[1.0, 2.0], [3.0, 0.5]], [[-1.0, 0.3], [0.9, 0.2]]], 0.4)).unwrap();
    gradcheck!(nested_tuples(((1.0, 2.0), [3.0, 0.5]))).unwrap();
}

#[test]
fn slices() {
    gradcheck!(conv1d(&[1.0, 2.0, 3.0, 0.5, 0.1][..], &[0.2, 0.3, -0.5])).unwrap();
    gradcheck!(halves(&[1.0, 2.0, 3.0, 0.5][..])).unwrap();
    gradcheck!(sum_recursive(&[1.0, 2.0, 3.0, 0.5][..])).unwrap();
    gradcheck!(merge_halves(&[1.0, 2.0, 3.0, 0.5, 0.7][..])).unwrap();
    gradcheck!(first_last(&[1.0, 2.0, 3.0, 0.5][..])).unwrap();
    gradcheck!(histogram(&[1.0, 2.0, 3.0][..], &[0.5, 1.5][..], 0.8)).unwrap();
    gradcheck!(single(vec![1.0, 2.0, 0.5])).unwrap();
}

#[test]
fn exchanged_values() {
    gradcheck!(replaced(0.3, 0.7)).unwrap();
    gradcheck!(fibonacci_like(0.3, 0.7, 6)).unwrap();
}

#[test]
fn memory_that_the_caller_passes() {
    let mut v = [3.0, 4.0];
    let (_, pullback) = normalise::vjp(&mut v);
    assert_near("normalised", &v, &[0.6, 0.8], 1e-12);
    let mut bar = [1.0, 0.0];
    let _ = (&pullback, &mut bar);
}
