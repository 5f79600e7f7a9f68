//! Constants, statics and tables outside and inside the function, read at constant and computed positions.

#![allow(clippy::all)]

use differentiable::{differentiable, gradcheck};

const ROWS: [[f64; 3]; 2] = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
const PAIRS: [(f64, i32); 3] = [(0.5, 1), (1.5, 2), (2.5, 3)];
static NODES: &[f64] = &[1.0, 2.0, 3.0];
const ORDER: [usize; 3] = [2, 0, 1];

struct Term {
    amplitude: f64,
    phase: f64,
    multiples: [i8; 2],
}

const TERMS: [Term; 2] =
    [Term { amplitude: 1.0, phase: 2.0, multiples: [1, -1] }, Term { amplitude: 0.5, phase: 3.0, multiples: [2, 0] }];

#[differentiable]
fn rows(x: f64) -> f64 {
    let mut sum = 0.0;
    for i in 0..2 {
        for j in 0..3 {
            sum += ROWS[i][j] * x.powi(j as i32);
        }
    }
    let last = ROWS[1];
    let first = &ROWS[0];
    sum + last[0] * x + first[2] * x
}

#[differentiable]
fn pairs(x: f64) -> f64 {
    let mut sum = 0.0;
    for i in 0..3 {
        sum += PAIRS[i].0 * x.powi(PAIRS[i].1);
    }
    for &(c, n) in PAIRS.iter() {
        sum -= c * x.powi(n + 1);
    }
    sum
}

#[differentiable]
fn series(t: f64, x: f64) -> f64 {
    let mut sum = 0.0;
    for term in TERMS.iter() {
        let angle = term.multiples[0] as f64 * t + f64::from(term.multiples[1]) * x;
        sum += term.amplitude * (angle + term.phase).sin();
    }
    for (k, v) in NODES.iter().enumerate() {
        sum += v * x.powi(k as i32);
    }
    sum
}

#[differentiable]
fn permuted(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..3 {
        sum += NODES[i] * x[ORDER[i]] * x[i];
    }
    sum
}

#[differentiable]
fn line(table: &[f64], x: f64) -> f64 {
    table[0] * x + table[1]
}

/// Tables of coefficients are walked by an offset, each part handed to a function.
#[differentiable]
fn parts(x: f64) -> f64 {
    const C: [f64; 6] = [1.0, 4.0, 64.0, 0.5, 256.0, 2.0];
    let mut offset = 0;
    let mut sum = 0.0;
    for l in 1..=2 {
        sum += line(&C[offset..], x * l as f64) / C[offset + 2];
        offset += 3;
    }
    sum + line(&NODES[1..=2], x) + NODES[..2][1] * x + line(&NODES[1..], x * x)
}

#[differentiable]
fn interpolated(x: f64) -> f64 {
    let i = (x * 2.0).floor() as usize;
    let (lo, hi) = (NODES[i], NODES[i + 1]);
    let fraction = x * 2.0 - i as f64;
    let k = NODES.iter().position(|&node| node > 1.5).unwrap();
    lo + (hi - lo) * fraction * fraction + NODES[k] * NODES.len() as f64 * x
}

/// The accumulator begins with a literal and meets elements of a table before it meets the parameter.
#[differentiable]
fn accumulated(t: f64) -> f64 {
    let mut sum = 0.0;
    for c in NODES.iter() {
        sum = (sum + c) * t;
    }
    for row in ROWS {
        sum = (row[0] - sum) * t;
    }
    NODES.iter().rev().fold(sum, |acc, c| (acc + c) * t) + NODES.iter().fold(0.0, |acc, c| (c - acc) / t)
}

#[test]
fn tables() {
    gradcheck!(accumulated(0.7)).unwrap();
    gradcheck!(rows(1.3)).unwrap();
    gradcheck!(pairs(0.7)).unwrap();
    gradcheck!(series(0.4, 0.3)).unwrap();
    gradcheck!(permuted(&[0.5, -1.0, 2.0][..])).unwrap();
    gradcheck!(parts(0.6)).unwrap();
    gradcheck!(interpolated(0.3)).unwrap();
}

type Matrix = [[f64; 2]; 2];
const IDENTITY: Matrix = [[1.0, 0.0], [0.0, 1.0]];
static WEIGHTS: [f64; 3] = [0.2, 0.3, 0.5];

/// A constant whose type is an alias: a value of it is what the function returns on one path.
#[differentiable]
fn power(m: Matrix, n: usize) -> Matrix {
    if n == 0 {
        return IDENTITY;
    }
    let rest = power(m, n - 1);
    let mut product = [[0.0; 2]; 2];
    for i in 0..2 {
        for j in 0..2 {
            for k in 0..2 {
                product[i][j] += rest[i][k] * m[k][j];
            }
        }
    }
    product
}

#[differentiable]
fn of_constants(x: f64) -> f64 {
    let mut m = IDENTITY;
    m[0][1] = x;
    let w = WEIGHTS;
    let p = power(m, 3);
    p[0][1] * x + w.iter().map(|w| w * x).sum::<f64>() + power(m, 0)[0][0]
}

#[test]
fn constants_of_declared_types() {
    differentiable::gradcheck!(of_constants(1.3)).unwrap();
}
