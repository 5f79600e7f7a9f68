//! Several directions at once, and sparse Jacobians and Hessians, against single directions and dense matrices.
#![allow(clippy::all, clippy::pedantic)]

mod common;

use differentiable::differentiable;
use differentiable::ndarray::Array2;
use differentiable::rt::Lanes;
use differentiable::rt::sparse::Pattern;

#[differentiable(lanes, jacobian)]
fn polar(x: [f64; 2]) -> [f64; 2] {
    [(x[0] * x[0] + x[1] * x[1]).sqrt(), x[1].atan2(x[0])]
}

#[differentiable(lanes)]
fn number(x: f64, y: f64) -> f64 {
    let mut s = 0.0;
    let mut i = 0;
    while i < 4 {
        s += (x * y).sin() / (1.0 + s * s);
        i += 1;
    }
    if s > 0.5 { s.powi(3) } else { -s.exp() }
}

#[differentiable(lanes)]
fn scaled(x: &[f64], k: f64) -> Vec<f64> {
    x.iter().map(|x| k * x.powi(2)).collect()
}

#[differentiable(lanes)]
fn mixed(x: &[f64], k: f64) -> f64 {
    let mut v = scaled(x, k * 2.0);
    for i in 1..v.len() {
        v[i] = v[i] * v[i - 1].tanh() + x[i];
    }
    let mut best = f64::MIN;
    for value in &v {
        best = best.max(*value);
    }
    v.iter().zip(x).map(|(v, x)| v * x).sum::<f64>() + best
}

#[differentiable(lanes)]
fn in_place(x: &mut [f64], h: f64) {
    for i in 1..x.len() {
        x[i] += h * x[i - 1];
    }
}

#[differentiable(lanes)]
fn generic<T: num_traits::Float>(x: T, y: T) -> T {
    x * y.sin() + T::from(2.0).unwrap() * x
}

#[test]
fn lanes_are_single_directions_side_by_side() {
    let (x, y) = (0.7, 1.3);
    let directions = [(1.0, 0.0), (0.0, 1.0), (0.3, -2.0), (5.0, 1.5)];
    let (value, dots) = number::lanes_jvp(x, y, Lanes(directions.map(|d| d.0)), Lanes(directions.map(|d| d.1)));
    assert_eq!(value, number(x, y));
    for (dot, (x_dot, y_dot)) in dots.iter().zip(directions) {
        assert_eq!(*dot, number::jvp(x, y, x_dot, y_dot).1);
    }
    let (value, dots) = generic::lanes_jvp(0.5f32, 0.25, Lanes([1.0, 0.0]), Lanes([0.0, 1.0]));
    assert_eq!(value, generic(0.5f32, 0.25));
    assert_eq!(dots.0, [generic::jvp(0.5f32, 0.25, 1.0, 0.0).1, generic::jvp(0.5f32, 0.25, 0.0, 1.0).1]);
}

#[test]
fn lanes_through_calls_lists_and_memory() {
    let (x, k) = ([0.3, -0.8, 1.1, 0.4], 0.7);
    let x_dots: [Lanes<f64, 8>; 4] =
        std::array::from_fn(|i| Lanes(std::array::from_fn(|k| if i == k { 1.0 } else { 0.1 * (i * k) as f64 })));
    let k_dots = Lanes(std::array::from_fn(|k| k as f64 - 3.0));
    let (value, dots) = mixed::lanes_jvp(&x, k, &x_dots, k_dots);
    assert_eq!(value, mixed(&x, k));
    for lane in 0..8 {
        let x_dot = x_dots.map(|x| x.0[lane]);
        assert_eq!(dots.0[lane], mixed::jvp(&x, k, &x_dot, k_dots.0[lane]).1);
    }
    let mut changed = x;
    let mut changed_dots = x_dots;
    in_place::lanes_jvp(&mut changed, 0.1, &mut changed_dots, k_dots);
    for lane in 0..8 {
        let (mut x, mut x_dot) = (x, x_dots.map(|x| x.0[lane]));
        in_place::jvp(&mut x, 0.1, &mut x_dot, k_dots.0[lane]);
        assert_eq!(x, changed);
        assert_eq!(x_dot, changed_dots.map(|x| x.0[lane]));
    }
}

#[test]
#[should_panic(expected = "`scaled::jvp`: the tangent `x_dot` has length 1, but `x` has length 2")]
fn lengths_are_checked() {
    scaled::lanes_jvp(&[1.0, 2.0], 1.0, &[1.0], 0.0);
}

#[test]
fn jacobians_by_lanes() {
    let forward = polar::jacobian_forward([0.3, 0.4]);
    assert!((&forward - &polar::jacobian_reverse([0.3, 0.4])).iter().all(|d| d.abs() < 1e-15));
}

/// A chain: three entries in each row.
#[differentiable(wrt(x), sparse, jacobian)]
fn chain(x: &[f64], k: f64) -> Vec<f64> {
    let n = x.len();
    let mut y = vec![0.0; n];
    for i in 0..n {
        y[i] = k * x[i] * x[i];
        if i > 0 {
            y[i] += x[i - 1].sin();
        }
        if i + 1 < n {
            y[i] -= 0.0 * x[i + 1] + x[i + 1].powi(3);
        }
    }
    y
}

fn points(n: usize) -> Vec<f64> {
    (0..n).map(|i| (0.37 * i as f64).sin() + 0.1).collect()
}

#[test]
fn sparse_jacobians() {
    for n in [1, 2, 3, 20, 300] {
        let x = points(n);
        let pattern = chain::sparsity(&x, 1.5);
        assert_eq!((pattern.rows(), pattern.columns()), (n, n));
        assert_eq!(pattern.entries(), 3 * n - 2);
        assert_eq!(pattern.colours(), n.min(3));
        let sparse = chain::sparse_jacobian(&x, 1.5, &pattern);
        let dense = chain::jacobian(&x, 1.5);
        assert!((&sparse.to_dense() - &dense).iter().all(|d| d.abs() < 1e-14));
        let other = points(n).iter().map(|x| x * 2.0).collect::<Vec<f64>>();
        let again = chain::sparse_jacobian(&other, 0.5, &pattern).to_dense();
        assert!((&again - &chain::jacobian(&other, 0.5)).iter().all(|d| d.abs() < 1e-13));
    }
}

#[test]
fn a_pattern_of_the_user() {
    let x = points(6);
    let band = (0..6_usize).flat_map(|i| (i.saturating_sub(2)..(i + 3).min(6)).map(move |j| (i, j)));
    let wide = Pattern::new(6, 6, band);
    let sparse = chain::sparse_jacobian(&x, 1.5, &wide);
    assert_eq!(sparse.rows(), 6);
    assert_eq!(sparse.get(0, 5), 0.0);
    assert!((&sparse.to_dense() - &chain::jacobian(&x, 1.5)).iter().all(|d| d.abs() < 1e-14));
    let v = points(6);
    let expected = chain::jvp(&x, 1.5, &v).1;
    assert!(sparse.product(&v).iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-13));
}

#[test]
#[should_panic(expected = "`chain::sparse_jacobian`: the pattern lacks an entry in row 0")]
fn a_pattern_that_lacks_entries_is_noticed() {
    let diagonal = Pattern::new(5, 5, (0..5).map(|i| (i, i)));
    chain::sparse_jacobian(&points(5), 1.5, &diagonal);
}

#[test]
#[should_panic(expected = "`chain::sparse_jacobian`: the pattern has 4 columns, but the matrix has 5")]
fn a_pattern_of_another_size() {
    chain::sparse_jacobian(&points(5), 1.5, &Pattern::new(4, 4, (0..4).map(|i| (i, i))));
}

#[differentiable(sparse, hessian)]
fn rosenbrock(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() - 1 {
        sum += 100.0 * (x[i + 1] - x[i] * x[i]).powi(2) + (1.0 - x[i]).powi(2);
    }
    sum
}

#[test]
fn sparse_hessians() {
    for n in [2, 5, 60] {
        let x = points(n);
        let pattern = rosenbrock::hessian_sparsity(&x);
        assert_eq!(pattern.entries(), 3 * n - 2);
        let sparse = rosenbrock::sparse_hessian(&x, &pattern);
        let dense: Array2<f64> = rosenbrock::hessian(&x);
        assert!((&sparse.to_dense() - &dense).iter().all(|d| d.abs() < 1e-10));
    }
}

#[test]
#[should_panic(expected = "`rosenbrock::sparse_hessian`: the pattern lacks an entry")]
fn a_hessian_whose_pattern_lacks_entries() {
    rosenbrock::sparse_hessian(&points(4), &Pattern::new(4, 4, (0..4).map(|i| (i, i))));
}

#[test]
fn cotangents_with_lanes_are_single_cotangents_side_by_side() {
    let (value, pullback) = polar::lanes_vjp([0.3, 0.4]);
    assert_eq!(value, polar([0.3, 0.4]));
    // Both rows of the Jacobian in one sweep.
    let rows = pullback([Lanes([1.0, 0.0]), Lanes([0.0, 1.0])]);
    let jacobian = polar::jacobian([0.3, 0.4]);
    for (column, lanes) in rows.iter().enumerate() {
        assert_eq!(lanes.0, [jacobian[[0, column]], jacobian[[1, column]]]);
    }
    let seeds = [1.0, -0.5, 3.0];
    let (_, pullback) = number::lanes_vjp(0.7, 1.3);
    let (of_x, of_y) = pullback(Lanes(seeds));
    let (_, single) = number::vjp(0.7, 1.3);
    for (lane, seed) in seeds.into_iter().enumerate() {
        assert_eq!((of_x.0[lane], of_y.0[lane]), single(seed));
    }
    let x = [0.3, -0.8, 1.1, 0.4];
    let (_, pullback) = mixed::lanes_vjp(&x, 0.7);
    let (of_x, of_k) = pullback(Lanes(seeds));
    let (_, single) = mixed::vjp(&x, 0.7);
    for (lane, seed) in seeds.into_iter().enumerate() {
        let (x_bar, k_bar) = single(seed);
        assert_eq!(of_x.iter().map(|x| x.0[lane]).collect::<Vec<f64>>(), x_bar);
        assert_eq!(of_k.0[lane], k_bar);
    }
    let (_, pullback) = scaled::lanes_vjp(&x, 0.7);
    let (of_x, of_k) = pullback(vec![Lanes([1.0, 0.0]), Lanes([2.0, 1.0]), Lanes([0.0, 0.0]), Lanes([0.5, 4.0])]);
    let (_, single) = scaled::vjp(&x, 0.7);
    let (x_bar, k_bar) = single(vec![0.0, 1.0, 0.0, 4.0]);
    assert_eq!(of_x.iter().map(|x| x.0[1]).collect::<Vec<f64>>(), x_bar);
    assert_eq!(of_k.0[1], k_bar);
    let mut changed = x;
    let (_, pullback) = in_place::lanes_vjp(&mut changed, 0.1);
    let (of_x, of_h) = pullback(vec![Lanes([1.0, 0.0]), Lanes([0.0, 1.0]), Lanes([0.0, 1.0]), Lanes([1.0, 1.0])]);
    let mut again = x;
    let (_, single) = in_place::vjp(&mut again, 0.1);
    let (x_bar, h_bar) = single(vec![0.0, 1.0, 1.0, 1.0]);
    assert_eq!(of_x.iter().map(|x| x.0[1]).collect::<Vec<f64>>(), x_bar);
    assert_eq!(of_h.0[1], h_bar);
    let (_, pullback) = generic::lanes_vjp(0.5f32, 0.25);
    let (of_x, _) = pullback(Lanes([1.0, 2.0]));
    assert_eq!(of_x.0[1], 2.0 * of_x.0[0]);
}

#[differentiable(lanes)]
fn memory(x: &[f64], n: usize) -> f64 {
    let mut stack = vec![x[0]];
    let mut total = 0.0;
    for i in 0..n {
        let top = *stack.last().unwrap();
        if top > 1.0 {
            let taken = stack.pop().unwrap();
            total += taken * x[1];
            stack.push(taken / 2.0);
        } else {
            stack.push(top * x[i % x.len()] + 1.0);
        }
        if total > 50.0 {
            return total * x[0];
        }
    }
    let pair = (total, stack[0]);
    pair.0 * pair.1 + stack.iter().sum::<f64>()
}

#[test]
fn lanes_in_growing_memory_and_exits() {
    for n in [1, 5, 12] {
        for x in [[0.5, 1.5, 2.0], [3.0, 20.0, 1.0]] {
            let (_, pullback) = memory::lanes_vjp(&x, n);
            let of_x = pullback(Lanes([1.0, -2.0]));
            let (_, single) = memory::vjp(&x, n);
            assert_eq!(of_x.iter().map(|x| x.0[1]).collect::<Vec<f64>>(), single(-2.0));
            let dots: Vec<Lanes<f64, 3>> = (0..3).map(Lanes::unit).collect();
            let forward = memory::lanes_jvp(&x, n, &dots).1;
            for (forward, reverse) in forward.iter().zip(single(1.0)) {
                assert!((forward - reverse).abs() <= 1e-12 * (1.0 + reverse.abs()));
            }
        }
    }
}

#[differentiable(lanes(forward))]
fn rows(x: &[f64], count: usize) -> Vec<[f64; 2]> {
    let mut rows = vec![[0.0; 2]; count];
    for i in 0..count {
        rows[i][1] = x[i] * x[0];
    }
    rows
}

/// Zeros of several directions in a list of arrays.
#[test]
fn lanes_in_a_list_of_arrays() {
    let (rows, dots) = rows::lanes_jvp(&[2.0, 3.0], 2, &[Lanes([1.0, 0.0]), Lanes([0.0, 1.0])]);
    assert_eq!(rows, [[0.0, 4.0], [0.0, 6.0]]);
    assert_eq!(dots, [[Lanes([0.0, 0.0]), Lanes([4.0, 0.0])], [Lanes([0.0, 0.0]), Lanes([3.0, 2.0])]]);
}

/// Vertices moved by bones with weights, most of which are zero, and what sparse matrices must see of it.
macro_rules! skins {
    ($module:ident $($off:tt)*) => {
        mod $module {
            use super::differentiable;

            #[differentiable(lanes(forward), wrt(bones), $($off)*)]
            pub(super) fn skin(bones: &[[f64; 3]], weights: &[f64], base: [f64; 3]) -> Vec<f64> {
                let mut moved = vec![0.0; weights.len() / bones.len()];
                for v in 0..moved.len() {
                    for b in 0..bones.len() {
                        let (bone, weight) = (&bones[b], weights[v * bones.len() + b]);
                        moved[v] -= weight * (bone[0] * base[0] + bone[1].sin() * base[1] - bone[2] * base[2]);
                        // What is read here was written above.
                        let sum = moved[v] * 0.5 + bone[0] * bone[1];
                        moved[v] += sum * weight;
                    }
                }
                moved
            }

            #[differentiable(sparse, wrt(x), $($off)*)]
            pub(super) fn blurred(x: &[f64], mask: &[f64]) -> Vec<f64> {
                let mut y = vec![0.0; x.len()];
                for i in 1..x.len() {
                    y[i] += (x[i] * x[i] + x[i - 1] * 3.0) * mask[i];
                }
                y
            }
        }
    };
}

skins!(skipped);
skins!(computed analyses = without(zeros));

#[test]
fn tangents_that_are_multiplied_by_zero() {
    let bones = [[0.3, -0.7, 1.1], [0.5, 0.2, -0.4], [-0.9, 0.8, 0.6]];
    let weights = [0.0, 0.5, 0.0, 1.0, 0.0, -0.25, -0.0, 0.0, 0.0, 0.7, 0.1, 0.2];
    let dot = |at: usize| Lanes([f64::from(at as u32) - 1.5, 0.25 * f64::from(at as u32 % 3)]);
    let bones_dot: Vec<[Lanes<f64, 2>; 3]> = (0..3).map(|b| [dot(3 * b), dot(3 * b + 1), dot(3 * b + 2)]).collect();
    let (values, lanes) = skipped::skin::lanes_jvp(&bones, &weights, [1.0, 2.0, 3.0], &bones_dot);
    assert_eq!((values, lanes.clone()), computed::skin::lanes_jvp(&bones, &weights, [1.0, 2.0, 3.0], &bones_dot));
    for direction in 0..2 {
        let dot: Vec<[f64; 3]> = bones_dot.iter().map(|row| row.map(|lanes| lanes[direction])).collect();
        let single = skipped::skin::jvp(&bones, &weights, [1.0, 2.0, 3.0], &dot).1;
        for (lanes, single) in lanes.iter().zip(single) {
            assert!((lanes[direction] - single).abs() < 1e-12);
        }
    }
    // The pattern holds for other factors as well.
    let (x, mask) = ([0.5, -1.0, 2.0, 0.7], [1.0, 0.0, 2.0, 0.0]);
    let pattern = skipped::blurred::sparsity(&x, &mask);
    assert_eq!(pattern, computed::blurred::sparsity(&x, &mask));
    assert_eq!(pattern.entries(), 6);
    assert_eq!(skipped::blurred::sparse_jacobian(&x, &[3.0; 4], &pattern).get(1, 0), 9.0);
}

#[differentiable(lanes)]
fn weighted(table: &Vec<Vec<f64>>, weights: &[f64]) -> Vec<f64> {
    let mut sums = vec![];
    let mut i = 0;
    while i < table.len() {
        let mut sum = 0.0;
        for (entry, weight) in table[i].iter().zip(weights) {
            if *entry > 0.0 {
                sum += entry * weight;
            } else {
                sum -= entry.abs().sqrt() * weight;
            }
        }
        sums.push(sum);
        i += 1;
    }
    sums
}

#[test]
fn lanes_in_lists_of_lists() {
    let (table, weights) = (vec![vec![1.0, -4.0], vec![2.0, 3.0]], [0.5, 2.0]);
    let directions = [vec![vec![1.0, 0.5], vec![0.0, 0.25]], vec![vec![2.0, 0.0], vec![0.0, 1.0]]];
    let both = |i: usize, j: usize| Lanes([directions[0][i][j], directions[1][i][j]]);
    let table_dot: Vec<Vec<_>> = (0..2).map(|i| (0..2).map(|j| both(i, j)).collect()).collect();
    let weights_dot = [Lanes([1.0, 0.0]), Lanes([0.0, 1.0])];
    let (_, sums_dot) = weighted::lanes_jvp(&table, &weights, &table_dot, &weights_dot);
    for (lane, direction) in directions.iter().enumerate() {
        let of_weights = [weights_dot[0][lane], weights_dot[1][lane]];
        let (_, expected) = weighted::jvp(&table, &weights, direction, &of_weights);
        assert!(sums_dot.iter().zip(expected).all(|(sum, expected)| (sum[lane] - expected).abs() < 1e-14));
    }
    let (_, pullback) = weighted::lanes_vjp(&table, &weights);
    let (table_bar, weights_bar) = pullback(vec![Lanes([1.0, 0.0]), Lanes([0.0, 1.0])]);
    assert_eq!((*table_bar[0][0], *table_bar[1][1]), ([0.5, 0.0], [0.0, 2.0]));
    assert_eq!((*weights_bar[0], *weights_bar[1]), ([1.0, 2.0], [-2.0, 3.0]));
}
