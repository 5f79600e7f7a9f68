//! Reversed loops whose trips keep to elements of their own run forwards, and those whose trips meet do not.

#![allow(clippy::all)]

#[macro_use]
mod common;
use common::assert_near;
use differentiable::differentiable;

variants! {
    // Each trip takes the cotangents of what it wrote, and adds to its neighbour's.
    fn stages(x: &[f64], y: &[f64], steps: usize) -> f64 {
        let n = x.len();
        let mut y = y.to_vec();
        let mut k = vec![0.0; n];
        for _ in 0..steps {
            k[0] = x[0];
            for i in 1..n {
                k[i] = x[i] * y[i - 1];
            }
            for i in 0..n {
                y[i] = y[i] + 0.3 * k[i] / 2.0;
            }
        }
        y[n - 1]
    }

    // A trip reads what the trip before it wrote.
    fn carried(x: &[f64], start: f64) -> f64 {
        let n = x.len();
        let mut y = vec![0.0; n + 1];
        y[0] = start;
        for i in 0..n {
            y[i] = y[i] * x[i];
            y[i + 1] = y[i].sin() + y[i + 1];
        }
        y[n] * y[n / 2]
    }

    // Two elements of a trip, which are those of no other.
    fn pairs_of_elements(x: &[f64], rounds: usize) -> f64 {
        let mut y = x.to_vec();
        for _ in 0..rounds {
            for i in 0..y.len() / 2 {
                let (a, b) = (y[2 * i], y[2 * i + 1]);
                y[2 * i] = a * b;
                y[2 * i + 1] = a - b.sin();
            }
        }
        y.iter().sum()
    }

    // All trips write to the same element, or to one that the data tell.
    fn shared_elements(x: &[f64], at: &[usize]) -> f64 {
        let mut y = x.to_vec();
        for i in 0..at.len() {
            y[at[i]] = y[at[i]] * x[i] + y[0];
            y[0] = y[at[i]].cos() * x[i];
        }
        y[0] + y[at[0]]
    }

    // Rows of a matrix in one list, in both orders.
    fn rows_in_place(x: &[f64], n: usize) -> f64 {
        let mut a = x.to_vec();
        for i in (0..n).rev() {
            for j in 0..n {
                a[i * n + j] = (a[i * n + j] * x[j]).sin() * a[i * n];
            }
        }
        let mut sum = 0.0;
        for i in 0..n {
            for j in 0..n {
                a[j * n + i] *= x[i];
                sum += a[j * n + i] * a[j * n + i];
            }
        }
        sum
    }
}

#[test]
fn trips_keep_to_themselves_or_do_not() {
    let x = [0.7, -0.4, 1.1, 0.6, -0.9, 0.35];
    check_all_variants!(stages(&x, &[0.3, 0.8, -0.5, 0.2, 0.9, 1.3], 3));
    check_all_variants!(carried(&x, 0.4));
    check_all_variants!(pairs_of_elements(&x, 2));
    check_all_variants!(shared_elements(&x, &[2, 1, 2, 5, 0]));
    let square = [0.7, -0.4, 1.1, 0.6, -0.9, 0.35, 0.2, 1.2, -0.3];
    check_all_variants!(rows_in_place(&square, 3));
}
