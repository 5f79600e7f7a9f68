//! Several parts of one list as arguments of one call.

#![allow(clippy::all)]

mod common;
use common::programs_at;
use differentiable::{Differentiable, differentiable};

#[differentiable]
fn step(k: f64, a: &mut [f64], b: &mut [f64]) {
    for i in 0..a.len() {
        a[i] += k * b[i];
        b[i] *= a[i];
    }
}

#[differentiable]
fn scaled(k: f64, a: &mut [f64], b: &[f64]) -> f64 {
    a[0] *= k + b[0];
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[derive(Clone, Differentiable)]
struct Cell {
    state: Vec<f64>,
    weights: Vec<f64>,
}

#[differentiable]
fn advance(cell: &mut Cell, k: f64) -> f64 {
    let (hidden, memory) = cell.state.split_at_mut(2);
    step(k, hidden, memory);
    scaled(k, &mut memory[..1], &cell.weights[1..]) + hidden[0]
}

programs_at! {
    both_halves(x: f64, s: &[f64]) at (1.2, &[0.4, 0.1, 0.3, 0.2][..]) {
        let mut s = s.to_vec();
        let (a, b) = s.split_at_mut(2);
        step(x, a, b);
        step(x, b, a);
        s.iter().map(|v| v * v).sum()
    }
    in_a_loop(x: f64, s: &[f64]) at (1.2, &[0.4, 0.1, 0.3, 0.2][..]) {
        let mut s = s.to_vec();
        let (a, b) = s.split_at_mut(2);
        for _ in 0..3 {
            step(x, &mut a[..1], &mut b[1..]);
            step(x, b, a);
        }
        s.iter().map(|v| v * v).sum()
    }
    of_a_field(x: f64, s: &[f64]) at (1.2, &[0.4, 0.1, 0.3, 0.2][..]) {
        let mut cell = Cell { state: s.to_vec(), weights: vec![x, x * x, 0.5] };
        let first = advance(&mut cell, x);
        first * advance(&mut cell, 0.7) + cell.state[3]
    }
}

#[differentiable]
fn one_is_only_read(x: f64, s: &[f64]) -> f64 {
    let mut s = s.to_vec();
    let (a, b) = s.split_at_mut(1);
    let y = scaled(x, a, b);
    y * scaled(y, b, a) + s[0] * s[1]
}

#[test]
fn a_mutable_part_is_lent_to_who_reads() {
    differentiable::gradcheck!(one_is_only_read(1.2, &[0.4, 0.1, 0.3][..])).unwrap();
}
