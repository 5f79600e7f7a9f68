//! Loops that change lists in place, and what they leave from one trip to the next: the derivatives are the same with and
//! without each of the transformations that make them faster.

#![allow(unused, clippy::all)]

#[macro_use]
mod common;
use common::assert_near;
use differentiable::differentiable;

variants! {
    fn averaged(x: &[f64], weight: f64, passes: usize) -> f64 {
        let mut y = x.to_vec();
        for _ in 0..passes {
            for i in 1..y.len() {
                y[i] = weight * y[i - 1] + (1.0 - weight) * y[i];
            }
        }
        y.iter().map(|v| v * v).sum()
    }

    fn relaxed(x: &[f64], f: &[f64], passes: usize) -> f64 {
        let mut u = x.to_vec();
        let n = u.len();
        for _ in 0..passes {
            for i in 1..n - 1 {
                u[i] = 0.5 * (u[i - 1] * u[i + 1] - f[i]);
            }
        }
        u.iter().map(|v| v * v * v).sum()
    }

    fn recursive_filter(x: &[f64], b: &[f64; 3], a: &[f64; 2]) -> f64 {
        let mut y = vec![0.1; x.len()];
        for i in 2..x.len() {
            y[i] = b[0] * x[i] + b[1] * x[i - 1] + b[2] * x[i - 2] - a[0] * y[i - 1] - a[1] * y[i - 2] * y[i - 1];
        }
        y.iter().map(|v| v * v).sum()
    }

    fn tridiagonal(lower: &[f64], diagonal: &[f64], right: &[f64]) -> f64 {
        let n = diagonal.len();
        let mut c = vec![0.0; n];
        let mut x = vec![0.0; n];
        c[0] = lower[0] / diagonal[0];
        x[0] = right[0] / diagonal[0];
        for i in 1..n {
            let pivot = diagonal[i] - lower[i] * c[i - 1];
            c[i] = lower[i] / pivot;
            x[i] = (right[i] - lower[i] * x[i - 1]) / pivot;
        }
        for i in (0..n - 1).rev() {
            x[i] -= c[i] * x[i + 1];
        }
        x.iter().map(|v| v * v).sum()
    }

    fn changed_twice(x: &[f64], passes: usize) -> f64 {
        let mut y = x.to_vec();
        for _ in 0..passes {
            for i in 1..y.len() {
                y[i] = y[i] * y[i - 1];
                y[i] = y[i].sin() + x[i];
                if y[i] > 0.3 {
                    y[i] *= y[i - 1];
                }
            }
        }
        y.iter().sum()
    }

    fn changed_elsewhere(x: &[f64], k: usize) -> f64 {
        let mut y = x.to_vec();
        for i in 1..y.len() {
            y[i - 1] = 0.5 * (y[i - 1] * y[k]).sin() + y[i];
            y[k] += 0.1 * y[i].sin() * y[i - 1].cos();
        }
        y.iter().map(|v| v.cos()).sum()
    }

    fn both_neighbours_changed(x: &[f64]) -> f64 {
        let mut y = x.to_vec();
        for i in 1..y.len() - 1 {
            let v = y[i] * y[i];
            y[i - 1] += v;
            y[i + 1] = y[i + 1] * 0.5 + v;
        }
        y.iter().map(|v| v * v).sum()
    }

    fn read_two_before(x: &[f64]) -> f64 {
        let mut y = x.to_vec();
        for i in 2..y.len() {
            y[i] = y[i] * y[i - 2];
            y[i - 1] += y[i].sin();
        }
        y.iter().sum()
    }

    fn in_every_other_trip(x: &[f64]) -> f64 {
        let mut y = x.to_vec();
        for i in 1..y.len() {
            if i % 2 == 0 {
                y[i] = y[i] * y[i - 1];
            } else {
                y[i - 1] += y[i] * 0.3;
            }
        }
        y.iter().map(|v| v * v).sum()
    }

    fn longer_in_each_trip(x: &[f64], rounds: usize) -> f64 {
        let mut y = x.to_vec();
        for r in 0..rounds {
            let before = y.len();
            for i in 0..before {
                y[i] = y[i] * x[r] + 0.1;
            }
            y.push(y[before - 1] * y[0]);
        }
        y.iter().sum::<f64>() * y.len() as f64
    }

    fn unequal_lists(x: &[f64], y: &[f64]) -> f64 {
        let mut p = 1.0;
        let mut s = 0.0;
        for (a, b) in x.iter().zip(y) {
            p = p * a + b.sin();
            s += p * p;
        }
        for (i, b) in y.iter().enumerate().rev() {
            p = (p * b + i as f64).tanh();
        }
        s * p
    }

    fn ended_early(x: &[f64], limit: f64) -> f64 {
        let mut p = 1.0;
        let mut s = 0.0;
        for v in x {
            p *= v.exp();
            s += p * p;
            if s > limit {
                break;
            }
        }
        s * p
    }

    fn powers_of_each(x: &[f64], c: &[f64]) -> f64 {
        let mut s = 0.0;
        for v in x {
            let mut power = 1.0;
            let mut sum = 0.0;
            for c in c {
                sum += c * power;
                power *= v;
            }
            s += sum * sum;
        }
        s
    }

    fn many_fixed_trips(x: &[f64], a: f64) -> f64 {
        let mut p = a;
        for i in 0..40 {
            p = (p * x[i % 7]).sin() + a;
        }
        p
    }

    fn shared_denominators(x: &[f64], y: &[f64]) -> f64 {
        let total: f64 = y.iter().map(|v| v * v).sum();
        let mut s = 0.0;
        for i in 0..x.len() {
            let d = 1.5 + y[i] * y[i];
            let a = x[i] / d;
            let b = (x[i] + y[i]) / d;
            s += a * b * x[i] / total;
        }
        s
    }

    fn largest(x: &[f64]) -> f64 {
        let max = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = x.iter().map(|v| (v - max).exp()).sum();
        sum.ln() + max * max
    }
}

const X: [f64; 9] = [0.3, -0.4, 1.2, 0.7, -1.1, 0.2, 0.9, -0.3, 0.6];
const Y: [f64; 9] = [0.8, 0.5, -0.2, 0.4, 1.3, -0.6, 0.25, 0.35, -0.9];
const PIVOTS: [f64; 9] = [3.1, 3.5, 2.9, 4.0, 3.3, 3.7, 3.2, 3.6, 3.4];

#[test]
fn gradients_are_the_same_without_each_transformation() {
    check_all_variants!(averaged(&X, 0.3, 3));
    check_all_variants!(relaxed(&X, &Y, 3));
    check_all_variants!(recursive_filter(&X, &[0.2, 0.3, 0.4], &[0.1, -0.2]));
    check_all_variants!(tridiagonal(&X, &PIVOTS, &Y));
    check_all_variants!(changed_twice(&X, 2));
    check_all_variants!(changed_elsewhere(&X, 0));
    check_all_variants!(changed_elsewhere(&X, 4));
    check_all_variants!(changed_elsewhere(&X, 8));
    check_all_variants!(both_neighbours_changed(&X));
    check_all_variants!(read_two_before(&X));
    check_all_variants!(in_every_other_trip(&X));
    check_all_variants!(longer_in_each_trip(&X, 4));
    check_all_variants!(unequal_lists(&X, &Y[..4]));
    check_all_variants!(unequal_lists(&X[..4], &Y));
    check_all_variants!(ended_early(&X, 1.0));
    check_all_variants!(ended_early(&X, 1e9));
    check_all_variants!(powers_of_each(&X, &Y));
    check_all_variants!(many_fixed_trips(&X, 0.4));
    check_all_variants!(shared_denominators(&X, &Y));
    check_all_variants!(largest(&X));
}

#[test]
fn loops_without_trips() {
    check_all_variants!(averaged(&X[..1], 0.3, 3));
    check_all_variants!(averaged(&X, 0.3, 0));
    check_all_variants!(relaxed(&X[..2], &Y[..2], 3));
    check_all_variants!(recursive_filter(&X[..2], &[0.2, 0.3, 0.4], &[0.1, -0.2]));
    check_all_variants!(tridiagonal(&X[..1], &PIVOTS[..1], &Y[..1]));
    check_all_variants!(unequal_lists(&X, &Y[..0]));
    check_all_variants!(powers_of_each(&X[..2], &Y[..0]));
}
