//! Values of a type parameter of which only `Copy` or `Clone` is known: they are moved around, and their derivatives with them.
#![allow(unused, clippy::all)]
#![allow(missing_docs, unreachable_pub)]

mod common;
use common::{assert_near, check_vjp};
use differentiable::{Differentiable, differentiable};

#[derive(Clone, Copy, Debug, Differentiable)]
struct Pair<T> {
    first: T,
    second: T,
}

#[differentiable]
fn twice<T: Copy>(a: T) -> [T; 2] {
    [a, a]
}

#[differentiable]
fn column<T: Copy>(rows: [[T; 3]; 2], at: usize) -> [T; 2] {
    [rows[0][at], rows[1][at]]
}

#[differentiable]
fn transposed<T: Copy>(rows: [[T; 3]; 2]) -> [[T; 2]; 3] {
    [column(rows, 0), column(rows, 1), column(rows, 2)]
}

#[differentiable]
fn crossed<T: Copy>(pair: Pair<T>, both: bool) -> (Pair<T>, Pair<T>) {
    let other = Pair { first: pair.second, second: pair.first };
    if both { (other, other) } else { (pair, other) }
}

#[differentiable]
fn picked<T: Clone>(items: &[T], at: usize) -> T {
    items[at].clone()
}

#[differentiable]
fn repeated<T: Copy>(item: T, count: usize) -> Vec<T> {
    let mut list = Vec::new();
    for _ in 0..count {
        list.push(item);
    }
    list
}

#[differentiable]
fn exchanged<T: Copy>(items: &mut [T], i: usize, j: usize) {
    let kept = items[i];
    items[i] = items[j];
    items[j] = kept;
}

#[differentiable]
fn shuffled(x: f64, y: f64, both: bool) -> f64 {
    let [p, q] = twice(x * y);
    let (a, b) = crossed(Pair { first: p, second: q * y }, both);
    let mut list = repeated(a.first, 3);
    list[1] = b.second * b.first;
    exchanged(&mut list, 0, 1);
    picked(&list, 0) * 3.0 + list[1].sin()
}

#[differentiable]
fn shuffled_f32(x: f32, y: f32, both: bool) -> f32 {
    let [p, q] = twice(x * y);
    let (a, b) = crossed(Pair { first: p, second: q * y }, both);
    let mut list = repeated(a.first, 3);
    list[1] = b.second * b.first;
    exchanged(&mut list, 0, 1);
    picked(&list, 0) * 3.0 + list[1].sin()
}

/// What is moved is a struct here.
#[differentiable]
fn of_structs(x: f64, y: f64) -> f64 {
    let [a, b, c] = transposed([[Pair { first: x, second: y }; 3], [Pair { first: y, second: x * x }; 3]]);
    a[0].first * b[1].second + c[1].first.exp()
}

#[differentiable]
fn column_of_numbers(rows: [[f64; 3]; 2]) -> [f64; 2] {
    let [a, b] = twice(column(rows, 1));
    [a[0] * b[0], a[1] + b[1]]
}

#[test]
fn derivatives_move_with_the_values() {
    check_vjp!(column_of_numbers([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), [0.5, 2.0], [[0.0, 2.0, 0.0], [0.0, 4.0, 0.0]]);
    for both in [true, false] {
        differentiable::gradcheck!(shuffled(0.7, -1.2, both)).unwrap();
        assert_near("f32", &shuffled_f32::grad(0.7, -1.2, both), &shuffled::grad(0.7, -1.2, both), 1e-4);
    }
    differentiable::gradcheck!(of_structs(0.7, -1.2)).unwrap();
}
