//! Patterns of sparse matrices that index expressions tell, beside those that are found at run time.

#![allow(clippy::needless_range_loop, reason = "it is indices that tell the patterns")]

use differentiable::ndarray::Array2;
use differentiable::rt::sparse::Pattern;
use differentiable::{differentiable, stop_gradient};

/// A function twice: once its pattern is told by its index expressions, once it is found at run time.
macro_rules! both {
    ($name:ident, fn $f:ident $parameters:tt -> $result:ty $body:block) => {
        mod $name {
            pub(crate) mod told {
                #[allow(unused_imports)]
                use crate::*;
                #[differentiable(sparse, jacobian, wrt(x))]
                pub(crate) fn $f $parameters -> $result $body
            }
            pub(crate) mod found {
                #[allow(unused_imports)]
                use crate::*;
                #[differentiable(sparse, wrt(x), analyses = without(patterns))]
                pub(crate) fn $f $parameters -> $result $body
            }
        }
    };
}

fn entries(pattern: &Pattern) -> Vec<(usize, usize)> {
    let all = (0..pattern.rows()).flat_map(|row| (0..pattern.columns()).map(move |column| (row, column)));
    all.filter(|(row, column)| pattern.contains(*row, *column)).collect()
}

fn points(n: usize) -> Vec<f64> {
    (0..n).map(|i| 0.3 + 0.7 * (i as f64).sin()).collect()
}

/// The pattern is the one that is found at run time, and gives the matrix.
macro_rules! is_pattern {
    ($name:ident :: $f:ident ($x:expr $(, $rest:expr)*)) => {{
        let x = $x;
        let told = $name::told::$f::sparsity(&x $(, $rest)*);
        let found = $name::found::$f::sparsity(&x $(, $rest)*);
        assert_eq!(told, found, "{}: {:?} instead of {:?}", stringify!($name), entries(&told), entries(&found));
        let matrix: Array2<f64> = $name::told::$f::sparse_jacobian(&x $(, $rest)*, &told).to_dense();
        let dense = $name::told::$f::jacobian(&x $(, $rest)*);
        assert!((&matrix - &dense).iter().all(|difference| difference.abs() < 1e-12), "{}", stringify!($name));
    }};
}

both!(
    stencil,
    fn f(x: &[f64], h: f64) -> Vec<f64> {
        let n = x.len();
        let mut out = vec![0.0; n];
        for i in 1..n - 1 {
            out[i] = (x[i - 1] - 2.0 * x[i] + x[i + 1]) / (h * h);
        }
        out[0] = x[0] * x[0];
        out
    }
);

both!(
    differences,
    fn f(x: &[f64]) -> Vec<f64> {
        x.windows(2).map(|pair| (pair[1] - pair[0]).powi(2)).collect()
    }
);

both!(
    edges,
    fn f(x: &[f64]) -> Vec<f64> {
        let n = x.len();
        (0..n)
            .map(|i| {
                let left = if i > 0 { x[i - 1] } else { 0.0 };
                let right = if i + 1 < n { x[i + 1] } else { 0.0 };
                left - 2.0 * x[i] + right + x[i].exp()
            })
            .collect()
    }
);

both!(
    triangle,
    fn f(x: &[f64]) -> Vec<f64> {
        let n = x.len();
        let mut y = vec![0.0; n];
        for i in 0..n {
            let mut s = 0.0;
            for j in i..n {
                s += x[j] * (j as f64);
            }
            y[i] = s;
        }
        y
    }
);

both!(
    even,
    fn f(x: &[f64], a: &[f64]) -> Vec<f64> {
        let mut out = Vec::with_capacity(x.len() / 2);
        for i in 0..x.len() / 2 {
            out.push(x[2 * i] * x[2 * i + 1] * a[i]);
        }
        out
    }
);

both!(
    copied,
    fn f(x: &[f64]) -> Vec<f64> {
        let mut out = x.to_vec();
        for i in (0..x.len()).step_by(2) {
            out[i] += x[(i + 1) % x.len()] * x[i];
        }
        out
    }
);

both!(
    few,
    fn f(x: &[f64]) -> Vec<f64> {
        vec![x[0] * x[1], x[1] - x[2], 3.0]
    }
);

both!(
    grid,
    fn f(x: &[f64], nx: usize, ny: usize) -> Vec<f64> {
        let at = |i: usize, j: usize| x[i * ny + j];
        let mut out = vec![0.0; nx * ny];
        for i in 1..nx - 1 {
            for j in 1..ny - 1 {
                out[i * ny + j] = at(i - 1, j) + at(i + 1, j) + at(i, j - 1) + at(i, j + 1) - 4.0 * at(i, j).powi(3);
            }
        }
        out
    }
);

both!(
    mesh,
    fn f(x: &[f64], elements: &[[usize; 2]], k: f64) -> Vec<f64> {
        let mut forces = vec![0.0; x.len()];
        for element in elements {
            let force = k * (x[element[1]] - x[element[0]]).sin();
            forces[element[0]] += force;
            forces[element[1]] -= force;
        }
        forces
    }
);

both!(
    squares,
    fn f(x: &[f64], w: &[f64]) -> Vec<f64> {
        x.iter().zip(w).map(|(x, w)| w * x * x).collect()
    }
);

both!(
    in_arrays,
    fn f(x: &[f64; 4]) -> [f64; 3] {
        let mut y = [0.0; 3];
        for i in 0..3 {
            let k = if i == 1 { 3 } else { i };
            y[i] = x[k] * x[k].cos();
        }
        y
    }
);

both!(
    stopped,
    fn f(x: &[f64]) -> Vec<f64> {
        (0..x.len() - 1).map(|i| x[i] * stop_gradient(x[i + 1])).collect()
    }
);

#[differentiable(lanes)]
fn flux(left: f64, right: f64) -> f64 {
    0.5 * (left * left - right)
}

#[differentiable(lanes)]
fn mean(x: &[f64]) -> f64 {
    x.iter().sum::<f64>() / x.len() as f64
}

both!(
    calls,
    fn f(x: &[f64]) -> Vec<f64> {
        let mut out = vec![0.0; x.len()];
        for i in 0..x.len() - 2 {
            out[i] = flux(x[i], x[i + 1]) + mean(&x[i + 1..i + 3]);
        }
        out
    }
);

both!(
    smoothed,
    fn f(x: &[f64], width: usize) -> Vec<f64> {
        (width..x.len() - width).map(|i| (i - width..=i + width).map(|j| x[j] * x[j]).sum::<f64>()).collect()
    }
);

#[test]
fn told_as_found() {
    is_pattern!(stencil::f(points(7), 0.5));
    is_pattern!(differences::f(points(5)));
    is_pattern!(edges::f(points(6)));
    is_pattern!(triangle::f(points(5)));
    is_pattern!(even::f(points(7), &points(3)));
    is_pattern!(copied::f(points(6)));
    is_pattern!(few::f(points(4)));
    is_pattern!(grid::f(points(20), 4, 5));
    is_pattern!(mesh::f(points(5), &[[0, 1], [1, 2], [4, 0]], 2.0));
    is_pattern!(squares::f(points(4), &points(4)));
    is_pattern!(in_arrays::f([0.1, 0.2, 0.3, 0.4]));
    is_pattern!(stopped::f(points(4)));
    is_pattern!(calls::f(points(6)));
    is_pattern!(smoothed::f(points(8), 2));
}

both!(
    cumulated,
    fn f(x: &[f64]) -> Vec<f64> {
        let mut sum = 0.0;
        let mut out = vec![0.0; x.len()];
        for i in 0..x.len() {
            sum += x[i] * x[i];
            out[i] = sum;
        }
        out
    }
);

both!(
    previous,
    fn f(x: &[f64]) -> Vec<f64> {
        let (mut last, mut out) = (0.0, Vec::new());
        for &v in x {
            out.push(v * last);
            last = v;
        }
        out
    }
);

both!(
    fluxes,
    fn f(x: &[f64]) -> Vec<f64> {
        let flux: Vec<f64> = x.windows(2).map(|pair| pair[1] * pair[0]).collect();
        (1..flux.len()).map(|i| flux[i] - flux[i - 1]).collect()
    }
);

both!(
    sorted,
    fn f(x: &[f64]) -> Vec<f64> {
        let mut y = x.to_vec();
        y.sort_by(f64::total_cmp);
        y
    }
);

both!(
    until,
    fn f(x: &[f64]) -> Vec<f64> {
        let mut out = vec![0.0; x.len()];
        for i in 0..x.len() {
            if x[i] < 0.0 {
                break;
            }
            out[i] = x[i] * x[i];
        }
        out
    }
);

#[test]
fn what_indices_do_not_tell_is_found_at_run_time() {
    is_pattern!(cumulated::f(points(5)));
    is_pattern!(previous::f(points(5)));
    is_pattern!(fluxes::f(points(6)));
    is_pattern!(sorted::f(points(5)));
    is_pattern!(until::f(points(6)));
}

/// The side of the branch that the numbers take does not matter.
#[differentiable(sparse, jacobian, wrt(x))]
fn upwind(x: &[f64], speed: &[f64]) -> Vec<f64> {
    let mut out = vec![0.0; x.len()];
    for i in 1..x.len() - 1 {
        out[i] = if x[i] * speed[i] > 0.0 { x[i] - x[i - 1] } else { x[i + 1] - x[i] };
    }
    out
}

#[test]
fn both_sides_count() {
    let (up, down) = (vec![1.0; 5], vec![-1.0; 5]);
    let pattern = upwind::sparsity(&up, &up);
    assert_eq!(entries(&pattern), [(1, 0), (1, 1), (1, 2), (2, 1), (2, 2), (2, 3), (3, 2), (3, 3), (3, 4)]);
    for speed in [&up, &down] {
        assert_eq!(upwind::sparse_jacobian(&up, speed, &pattern).to_dense(), upwind::jacobian(&up, speed));
    }
}

#[differentiable(sparse, hessian)]
fn rosenbrock(x: &[f64]) -> f64 {
    (0..x.len() - 1).map(|i| 100.0 * (x[i + 1] - x[i] * x[i]).powi(2) + (1.0 - x[i]).powi(2)).sum()
}

#[differentiable(sparse, hessian, wrt(x))]
fn chain(x: &[f64], stiffness: &[f64], n: usize) -> f64 {
    let mut energy = 0.0;
    for i in 1..n {
        let stretch = x[i] - x[i - 1];
        energy += 0.5 * stiffness[i] * stretch * stretch;
        if i % 2 == 0 {
            energy += x[i].powi(4);
        }
    }
    energy - 3.0 * x[0]
}

#[differentiable(sparse, hessian)]
fn squared_sum(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for v in x {
        sum += v;
    }
    sum * sum
}

#[differentiable(sparse, hessian)]
fn arrow(x: &[f64; 5]) -> f64 {
    let mut total = 0.0;
    for i in 1..5 {
        total += x[0] * x[i] / (1.0 + x[i] * x[i]);
    }
    total
}

#[test]
fn hessians() {
    // At zero, the matrix has fewer entries than elsewhere.
    let pattern = rosenbrock::hessian_sparsity(&[0.0; 6]);
    assert_eq!((pattern.entries(), pattern.colours()), (6 + 2 * 5, 3));
    let x = points(6);
    assert_eq!(rosenbrock::sparse_hessian(&x, &pattern).to_dense(), rosenbrock::hessian(&x));
    let pattern = chain::hessian_sparsity(&[0.0; 5], &[1.0; 5], 4);
    let expected = [(0, 0), (0, 1), (1, 0), (1, 1), (1, 2), (2, 1), (2, 2), (2, 3), (3, 2), (3, 3)];
    assert_eq!(entries(&pattern), expected);
    let (x, k) = (points(5), points(5));
    assert_eq!(chain::sparse_hessian(&x, &k, 4, &pattern).to_dense(), chain::hessian(&x, &k, 4));
    assert_eq!(squared_sum::hessian_sparsity(&[0.0; 3]).entries(), 9);
    let pattern = arrow::hessian_sparsity(&[0.0; 5]);
    assert_eq!(pattern.entries(), 4 + 2 * 4);
    let x = [0.3, 0.1, -0.4, 0.7, 0.2];
    let (sparse, dense) = (arrow::sparse_hessian(&x, &pattern).to_dense(), arrow::hessian(&x));
    assert!((sparse - dense).iter().all(|difference| difference.abs() < 1e-12));
}
