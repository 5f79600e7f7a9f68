//! Sparse Jacobians of functions of structs, of arrays of `ndarray`, and of several parameters, beside dense ones.

#![allow(clippy::reversed_empty_ranges, reason = "`1..-1` counts from both ends of an axis")]

use differentiable::ndarray::{Array1, Array2, Axis, array, s};
use differentiable::rt::sparse::Pattern;
use differentiable::{Differentiable, differentiable};

/// The pattern has the entries that differ from zero, and the matrix with it is the dense one.
macro_rules! check {
    ($f:ident($($argument:expr),+)) => {{
        let dense = $f::jacobian($($argument),+);
        let pattern = $f::sparsity($($argument),+);
        let matrix = $f::sparse_jacobian($($argument,)+ &pattern);
        assert!((matrix.to_dense() - &dense).iter().all(|d| d.abs() < 1e-12), "{}", stringify!($f));
        assert!(dense.indexed_iter().all(|(at, entry)| *entry == 0.0 || pattern.contains(at.0, at.1)));
        assert!(matrix.iter().all(|(row, column, value)| (dense[[row, column]] - value).abs() < 1e-12));
        let ones = vec![1.0; dense.nrows()];
        let sums = dense.sum_axis(Axis(0));
        assert!(matrix.transposed_product(&ones).iter().zip(&sums).all(|(a, b)| (a - b).abs() < 1e-10));
        pattern
    }};
}

#[derive(Clone, Differentiable)]
struct Chain {
    masses: Vec<f64>,
    places: [f64; 4],
    gravity: f64,
}

#[differentiable(sparse, jacobian)]
fn forces(chain: &Chain) -> Vec<f64> {
    let mut forces = Vec::new();
    for i in 0..chain.masses.len() {
        let below = if i > 0 { chain.places[i - 1] } else { 0.0 };
        forces.push((chain.places[i] - below).powi(3) - chain.gravity * chain.masses[i]);
    }
    forces
}

#[test]
fn of_a_struct() {
    let chain = Chain { masses: vec![1.0, 2.0, 0.5, 0.3], places: [0.1, 0.4, 0.9, 1.0], gravity: 9.81 };
    let pattern = check!(forces(&chain));
    // A mass, two places (one for the first) and the gravity.
    assert_eq!((pattern.rows(), pattern.columns(), pattern.entries()), (4, 9, 15));
    assert_eq!(pattern.colours(), 4);
}

#[differentiable(sparse, jacobian)]
fn heat(u: &Array2<f64>, step: f64) -> Array2<f64> {
    let mut next = u.clone();
    let inner = u.slice(s![1..-1, 1..-1]).mapv(|u| -4.0 * u - u * u * u);
    let around =
        &u.slice(s![..-2, 1..-1]) + &u.slice(s![2.., 1..-1]) + u.slice(s![1..-1, ..-2]) + u.slice(s![1..-1, 2..]);
    next.slice_mut(s![1..-1, 1..-1]).scaled_add(step, &(inner + around));
    next
}

#[test]
fn of_an_array_and_a_number() {
    let u = Array2::from_shape_fn((5, 6), |(i, j)| (1.3 * i as f64 + 0.7 * j as f64).sin());
    let pattern = check!(heat(&u, 0.1));
    assert_eq!((pattern.rows(), pattern.columns()), (30, 31));
    assert_eq!(pattern.entries(), 18 + 12 * 6);
    assert!(pattern.colours() < 12);
}

#[differentiable(sparse, jacobian, wrt(x))]
fn scaled(x: &Array1<f64>, scale: &Array1<f64>) -> Array1<f64> {
    (x * scale).mapv(f64::sin)
}

#[test]
fn of_arrays_elementwise() {
    let pattern = check!(scaled(&array![0.1, 0.2, 0.3], &array![1.0, 2.0, 3.0]));
    assert_eq!((pattern.entries(), pattern.colours()), (3, 1));
}

#[derive(Clone, Copy, Differentiable)]
struct Body {
    place: f64,
    speed: f64,
}

#[differentiable(sparse, jacobian)]
fn step(bodies: &[Body], drag: f64) -> (Vec<Body>, f64) {
    let moved = bodies.iter().map(|b| Body { place: b.place + 0.1 * b.speed, speed: b.speed - drag * b.speed.powi(2) });
    (moved.collect(), bodies[0].place * drag)
}

#[test]
fn of_lists_of_structs_giving_a_tuple() {
    let bodies = [Body { place: 0.5, speed: 2.0 }, Body { place: 1.5, speed: -1.0 }];
    let pattern = check!(step(&bodies, 0.3));
    assert_eq!((pattern.rows(), pattern.columns(), pattern.entries()), (5, 5, 2 * 2 + 2 * 2 + 2));
}

/// The tangent of a list inside of which is a struct has no several directions; the pattern is known all the same.
#[differentiable(sparse, jacobian)]
fn through_structs(x: &[f64]) -> Vec<f64> {
    let mut out = vec![0.0; x.len()];
    for i in 1..x.len() {
        let pair = Body { place: x[i - 1], speed: x[i] };
        out[i] = pair.place * pair.speed;
    }
    out
}

#[differentiable(sparse, jacobian)]
fn through_arrays(x: &[f64]) -> Vec<f64> {
    let squares = Array1::from_vec(x.to_vec()).mapv(|x| x * x);
    squares.iter().copied().collect()
}

#[test]
fn of_lists_by_way_of_structs_and_arrays() {
    check!(through_structs(&[0.3, 0.4, 0.5, 0.6]));
    let pattern = check!(through_arrays(&[0.3, 0.4, 0.5]));
    assert_eq!((pattern.entries(), pattern.colours()), (3, 1));
}

#[differentiable(sparse, jacobian)]
fn of_two_precisions(x: f64, y: f32) -> [f64; 2] {
    [x, x * f64::from(y)]
}

#[test]
fn of_numbers_of_two_types() {
    let pattern = check!(of_two_precisions(2.0, 3.0));
    assert_eq!(pattern.entries(), 3);
}

#[test]
fn with_a_pattern_by_hand() {
    let x = array![0.4, 0.5];
    let diagonal = Pattern::new(2, 2, [(0, 0), (1, 1)]);
    let matrix = scaled::sparse_jacobian(&x, &array![2.0, 1.0], &diagonal);
    assert!((matrix.get(0, 0) - 2.0 * 0.8_f64.cos()).abs() < 1e-15 && matrix.get(0, 1) == 0.0);
}

#[test]
#[should_panic(expected = "`scaled::sparse_jacobian`: the pattern lacks an entry in row 1")]
fn a_pattern_that_lacks_an_entry() {
    let _ = scaled::sparse_jacobian(&array![0.4, 0.5], &array![2.0, 1.0], &Pattern::new(2, 2, [(0, 0)]));
}

#[test]
#[should_panic(expected = "`scaled::sparse_jacobian`: the pattern has 3 columns, but the matrix has 2")]
fn a_pattern_of_another_size() {
    let _ = scaled::sparse_jacobian(&array![0.4, 0.5], &array![2.0, 1.0], &Pattern::new(2, 3, [(0, 0)]));
}
