//! Arrays, slices and vectors that are read, written, moved, cloned and swapped.

#![allow(clippy::all)]

mod common;
use common::{check, check_gradient, check_vjp};
use differentiable::differentiable;

#[differentiable]
fn scaled(a: &[f64], x: f64) -> f64 {
    let mut a = a.to_vec();
    for i in 0..a.len() {
        a[i] = a[i] * x;
    }
    let mut s = 0.0;
    for v in a.iter() {
        s += v;
    }
    s
}

#[differentiable]
fn stencil(a: &[f64], x: f64) -> f64 {
    let mut a = a.to_vec();
    let n = a.len();
    for i in 1..n {
        a[i] = a[i] + a[i - 1] * x;
    }
    a[n - 1]
}

#[differentiable]
fn stencil_of_products(a: &[f64]) -> f64 {
    let mut a = a.to_vec();
    for i in 1..a.len() - 1 {
        a[i] = a[i - 1] * a[i] * a[i + 1];
    }
    for i in (1..a.len()).rev() {
        a[i] *= a[i - 1];
    }
    let last = a.len() - 1;
    a[last] + a[0]
}

#[differentiable]
fn adds_element(a: &[f64], i: usize, j: usize) -> f64 {
    let mut a = a.to_vec();
    a[i] += a[j];
    a[i] * a[i]
}

#[differentiable]
fn multiplies_element(mut a: [f64; 3], i: usize, j: usize) -> f64 {
    a[i] *= a[j];
    a[i] *= a[j];
    a[0] + 2.0 * a[1] + 3.0 * a[2]
}

#[differentiable]
fn scatter(x: &[f64], idx: &[usize], n: usize) -> Vec<f64> {
    let mut y = vec![0.0; n];
    for k in 0..idx.len() {
        y[idx[k]] += x[k] * x[k];
    }
    y
}

#[differentiable]
fn gather(x: &[f64], idx: &[usize]) -> f64 {
    let mut p = 1.0;
    for &k in idx {
        p *= x[k];
    }
    p
}

#[differentiable]
fn matmul(a: [[f64; 3]; 3], b: &[[f64; 3]; 3]) -> [[f64; 3]; 3] {
    let mut c = [[0.0; 3]; 3];
    for i in 0..3 {
        for j in 0..3 {
            for k in 0..3 {
                c[i][j] += a[i][k] * b[k][j];
            }
        }
    }
    c
}

#[differentiable]
fn place_alias(mut a: [f64; 3], i: usize, x: f64) -> f64 {
    let r = &mut a[i];
    *r *= x;
    *r += 1.0;
    a[0] * a[1] * a[2]
}

#[differentiable]
fn moved(a: Vec<f64>, x: f64) -> f64 {
    let b = a;
    b[0] * x
}

#[differentiable]
fn cloned(a: &Vec<f64>) -> f64 {
    let mut b = a.clone();
    b[0] = 0.0;
    b[1] = b[1] * a[0];
    a[0] + b[0] + b[1]
}

#[differentiable]
fn out_of_bounds(a: &[f64], n: usize) -> f64 {
    let mut s = 1.0;
    for i in 0..n {
        s = s * a[i];
    }
    s
}

#[differentiable]
fn product(a: &[f64]) -> f64 {
    let mut p = 1.0;
    for i in 0..a.len() {
        p *= a[i];
    }
    p
}

#[differentiable]
fn buffer_in_every_trip(x: f64, n: usize) -> f64 {
    let mut total = 0.0;
    for i in 0..n {
        let mut buffer = [x; 3];
        let mut rest = vec![0.0; i + 1];
        for j in 0..3 {
            buffer[j] = buffer[j] * x + j as f64;
            rest[j % (i + 1)] += buffer[j] * buffer[(j + 1) % 3];
        }
        total += rest[0] * rest[i];
    }
    total
}

#[differentiable]
fn sub_slices(a: &[f64], k: usize) -> f64 {
    let left = &a[..k];
    let right = &a[k..];
    let mut s = 0.0;
    for i in 0..left.len().min(right.len()) {
        s += left[i] * right[i] * right[i];
    }
    s + a[1..=2][0]
}

#[differentiable]
fn swapped_elements(mut a: [f64; 4], x: f64) -> f64 {
    a.swap(0, 2);
    a[0] *= x;
    let t = a[1];
    a[1] = a[3];
    a[3] = t * t;
    a[0] + 10.0 * a[1] + 100.0 * a[2] + 1000.0 * a[3]
}

#[differentiable]
fn swapped_buffers(x: &[f64], steps: usize) -> f64 {
    let mut old = x.to_vec();
    let mut new = vec![0.0; x.len()];
    for _ in 0..steps {
        for i in 0..old.len() {
            new[i] = old[i] * old[(i + 1) % old.len()] + 0.5;
        }
        std::mem::swap(&mut old, &mut new);
    }
    old[0]
}

#[differentiable]
fn whole_arrays_assigned(x: f64, n: usize) -> f64 {
    let mut v = [1.0, x];
    for _ in 0..n {
        let w = v;
        v = [w[1], w[0] * x];
    }
    v[0] + 3.0 * v[1]
}

#[differentiable]
fn tuple_fields(x: f64) -> f64 {
    let mut t = (x, [x * x, 1.0], (2.0, x));
    t.0 *= t.1[0];
    t.1[1] = t.0 * t.2.1;
    t.2.1 = 3.0;
    (t.2).0 * t.1[1] + t.0 * t.2.1
}

#[differentiable]
fn vectors_of_arrays(x: f64, y: f64) -> f64 {
    let mut rows = vec![[x, y]; 3];
    rows[1][0] = rows[0][1] * rows[2][0];
    rows[2] = [rows[1][0], rows[1][0] * y];
    rows[2][0] * rows[2][1] + rows[0][0]
}

#[differentiable]
fn nested_vectors(rows: &Vec<Vec<f64>>) -> f64 {
    let mut s = 1.0;
    for i in 0..rows.len() {
        for j in 0..rows[i].len() {
            s = s * rows[i][j] + 1.0;
        }
    }
    s
}

#[test]
fn elements_overwritten_in_place() {
    check!(scaled(&[1.0, 2.0, 4.0][..], 3.0), (vec![3.0, 3.0, 3.0], 7.0));
    let (a, x) = ([1.0, 2.0, 4.0], 0.5);
    check!(stencil(&a[..], x), (vec![x * x, x, 1.0], a[1] + 2.0 * a[0] * x));
    let [a, b, c, d] = [0.5, 1.5, -2.0, 3.0];
    // In order: [a, a b c, a b c c d, d]; backwards: last = d a b c c d.
    check!(
        stencil_of_products(&[a, b, c, d][..]),
        vec![b * c * c * d * d + 1.0, a * c * c * d * d, 2.0 * a * b * c * d * d, 2.0 * a * b * c * c * d]
    );
    check!(whole_arrays_assigned(1.5, 0), 3.0);
    check!(whole_arrays_assigned(1.5, 3), 2.0 * 1.5 + 3.0 * 2.0 * 1.5);
    check!(place_alias([2.0, 3.0, 5.0], 1, 7.0), ([110.0, 70.0, 44.0], 30.0));
    let gradient = buffer_in_every_trip::grad(0.7, 4);
    common::assert_near("buffers", &gradient, &common::difference(|x| buffer_in_every_trip(x, 4), 0.7), 1e-7);
    check!(buffer_in_every_trip(0.7, 4), gradient);
}

#[test]
fn indices_that_coincide() {
    check!(adds_element(&[2.0, 3.0][..], 0, 1), vec![10.0, 10.0]);
    check!(adds_element(&[2.0, 3.0][..], 1, 1), vec![0.0, 24.0]);
    let [a, b, c] = [2.0, 3.0, 5.0];
    check!(multiplies_element([a, b, c], 0, 1), [b * b, 2.0 * a * b + 2.0, 3.0]);
    check!(multiplies_element([a, b, c], 2, 2), [1.0, 2.0, 12.0 * c * c * c]);
    let indices = [2, 0, 2, 2];
    check_vjp!(scatter(&[1.0, 2.0, 3.0, 4.0][..], &indices, 3), vec![1.0, 10.0, 100.0], vec![200.0, 4.0, 600.0, 800.0]);
    check!(gather(&[2.0, 3.0, 5.0][..], &[1, 1, 0, 1]), vec![27.0, 54.0, 0.0]);
}

#[test]
fn matrices_of_arrays() {
    let a = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 10.0]];
    let b = [[0.5, -1.0, 2.0], [1.5, 0.25, -0.75], [-2.0, 3.0, 1.0]];
    let c_bar = [[1.0, -2.0, 0.5], [0.0, 3.0, 1.0], [2.0, 0.25, -1.0]];
    let transposed = |m: [[f64; 3]; 3]| [0, 1, 2].map(|i| [0, 1, 2].map(|j| m[j][i]));
    let expected = (matmul(c_bar, &transposed(b)), matmul(transposed(a), &c_bar));
    check_vjp!(matmul(a, &b), c_bar, expected);
    let rows = vec![vec![2.0, 3.0], vec![], vec![5.0]];
    // (2 + 1, 3 * 3 + 1, 10 * 5 + 1).
    check!(nested_vectors(&rows), vec![vec![15.0, 15.0], vec![], vec![10.0]]);
}

#[test]
fn moves_clones_and_swaps() {
    check!(moved(vec![2.0, 3.0], 5.0), (vec![5.0, 0.0], 2.0));
    check!(cloned(&vec![2.0, 3.0]), vec![4.0, 2.0]);
    check!(swapped_elements([1.0, 2.0, 3.0, 4.0], 5.0), ([100.0, 4000.0, 5.0, 10.0], 3.0));
    let x = [0.9, 1.1, 0.8];
    check!(swapped_buffers(&x[..], 0), vec![1.0, 0.0, 0.0]);
    check!(swapped_buffers(&x[..], 1), vec![1.1, 0.9, 0.0]);
    let [p, q] = [0.9 * 1.1 + 0.5, 1.1 * 0.8 + 0.5];
    check!(swapped_buffers(&x[..], 2), vec![1.1 * q, 0.9 * q + 0.8 * p, 1.1 * p]);
    let gradient = swapped_buffers::grad(&x, 5);
    common::assert_near("five steps", &gradient, &common::differences(|x| swapped_buffers(x, 5), &x), 1e-6);
}

#[test]
fn aggregates_in_aggregates() {
    let x = 0.7f64;
    // 2 x⁴ + 3 x³.
    check!(tuple_fields(x), 8.0 * x.powi(3) + 9.0 * x * x);
    // (x y)² y + x.
    let (x, y) = (0.7, 1.3);
    check!(vectors_of_arrays(x, y), (2.0 * x * y * y * y + 1.0, 3.0 * x * x * y * y));
    check!(sub_slices(&[1.0, 2.0, 3.0, 4.0][..], 2), vec![9.0, 17.0, 6.0, 16.0]);
}

#[test]
fn products_with_zeros() {
    let mut a: Vec<f64> = (0..1000).map(|i| 1.0 + 1e-3 * (i as f64).sin()).collect();
    a[400] = 0.0;
    let rest: f64 = a.iter().filter(|v| **v != 0.0).product();
    let mut expected = vec![0.0; 1000];
    expected[400] = rest;
    check!(product(&a[..]), expected);
    a[700] = 0.0;
    check_gradient!(product(&a), vec![0.0; 1000]);
    check!(product(&Vec::new()[..]), Vec::<f64>::new());
    check!(product(&[0.0][..]), vec![1.0]);
}

#[test]
fn out_of_bounds_panics_and_leaves_nothing_behind() {
    let a = [2.0, 3.0, 5.0];
    assert!(std::panic::catch_unwind(|| out_of_bounds(&a, 4)).is_err());
    let error = std::panic::catch_unwind(|| out_of_bounds::grad(&a, 4)).unwrap_err();
    let message = error.downcast_ref::<String>().expect("the message of an index out of bounds");
    assert!(message.contains("the len is 3 but the index is 3"), "{message}");
    check!(out_of_bounds(&a[..], 3), vec![15.0, 10.0, 6.0]);
}
