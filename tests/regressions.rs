//! Programs that random testing found to be differentiated wrongly or not to compile, each as small as it gets.

#![allow(clippy::all)]

mod common;
use common::check;
use differentiable::{Differentiable, differentiable, gradcheck};

#[differentiable]
fn square(x: f64) -> f64 {
    x * x
}

/// What a path yields after an exit inside of it.
#[differentiable]
fn exit_in_one_arm(x: f64, n: usize) -> f64 {
    let a = match n % 4 {
        1 if x > 0.5 => {
            let mut y = x;
            y -= if x <= 1.0 { x * x } else { return x.atan() };
            y
        }
        _ => x,
    };
    x + a * a
}

/// A variable of a path that goes on, used up before the path begins.
#[differentiable]
fn shadowed_behind_an_exit(x: f64, n: usize) -> f64 {
    let u = x;
    let mut u = if n < 3 { u } else { return x * x };
    u = u * x.sin();
    x + match n {
        _ => u,
    }
}

/// A loop that is left from inside a `match`, which has run in earlier trips.
#[differentiable]
fn left_from_an_arm(x: f64, y: f64, n: usize) -> f64 {
    let mut x = x;
    let mut trips = 0;
    loop {
        trips += 1;
        if trips > 4 {
            break;
        }
        match (n + trips) % 3 {
            0 => {
                if y <= x {
                    break;
                }
                x = (x * y).sin();
            }
            1 => x = x * y + 0.1,
            _ => x = x * 0.5,
        }
    }
    x
}

#[differentiable]
fn constants(x: f64) -> f64 {
    x * (0.9 - 1.1) + x
}

/// Neither type of the operands is known to the macro.
#[differentiable]
fn constants_beside_results(x: f64) -> f64 {
    square(square(x) * 0.5) + square(1.5 - square(x))
}

/// Nor is that of the receiver, in a value that does not matter.
#[differentiable]
fn unused_method_of_a_result(x: f64) -> f64 {
    let _unused = square(square(x).powi(2));
    x * x
}

mod plain {
    use super::*;

    #[differentiable(analyses = off)]
    pub(super) fn constants(x: f64) -> f64 {
        x * (0.9 - 1.1) + x
    }
}

#[test]
fn exits_inside_of_values() {
    check!(exit_in_one_arm(0.7, 1), 1.0 + 2.0 * (0.7 - 0.49) * (1.0 - 1.4));
    check!(exit_in_one_arm(1.7, 1), 1.0 / (1.0 + 1.7 * 1.7));
    check!(exit_in_one_arm(0.7, 2), 1.0 + 2.0 * 0.7);
    let x = 0.7f64;
    check!(shadowed_behind_an_exit(x, 1), 1.0 + x.sin() + x * x.cos());
    check!(shadowed_behind_an_exit(x, 5), 2.0 * x);
}

#[test]
fn loops_left_from_an_arm() {
    for n in 0..3 {
        for y in [0.23, 0.61, 1.37] {
            differentiable::gradcheck!(left_from_an_arm(0.45, y, n)).unwrap();
        }
    }
}

#[test]
fn constants_where_types_are_not_known() {
    let x = 0.7f64;
    check!(constants(x), 0.9 - 1.1 + 1.0);
    check!(plain::constants(x), 0.9 - 1.1 + 1.0);
    check!(constants_beside_results(x), x.powi(3) - 4.0 * x * (1.5 - x * x));
    check!(unused_method_of_a_result(x), 2.0 * x);
}

#[derive(Clone, Debug, Differentiable)]
struct Track {
    points: Vec<f64>,
    weight: f64,
}

#[differentiable]
fn stretch_track(track: &mut Track, x: f64) {
    track.points[1] *= x;
}

/// The cotangent of a struct that another one takes the place of has the lengths of the old one before.
#[differentiable]
fn replaced_by_a_shorter_one(x: f64) -> f64 {
    let mut track = Track { points: vec![x, x], weight: 1.0 };
    stretch_track(&mut track, x);
    let before = track.points[1];
    track = Track { points: vec![x], weight: x };
    before * track.points[0] * track.weight
}

#[test]
fn a_struct_is_replaced_by_one_with_a_shorter_list() {
    let x = 1.3_f64;
    assert!((replaced_by_a_shorter_one::grad(x) - 4.0 * x.powi(3)).abs() < 1e-12);
    assert!((replaced_by_a_shorter_one::jvp(x, 1.0).1 - 4.0 * x.powi(3)).abs() < 1e-12);
}

/// A list of indices that a recursive function changes has no cotangent, and its pullback does not hold on to it.
#[differentiable]
fn sum_over_orders(a: &[f64], left: usize, order: &mut [usize]) -> f64 {
    if left == 0 {
        return a[order[0]] * a[order[1]];
    }
    let mut sum = 0.0;
    for i in 0..a.len() {
        order[left - 1] = i;
        sum += a[left] * sum_over_orders(a, left - 1, order);
    }
    sum
}

#[differentiable]
fn with_an_order(a: &[f64]) -> f64 {
    let mut order = vec![0; 2];
    sum_over_orders(a, 2, &mut order)
}

#[test]
fn indices_that_a_recursive_function_changes() {
    let a = [0.5, -1.5, 2.0];
    let sum: f64 = a.iter().sum();
    assert!((with_an_order(&a) - a[1] * a[2] * sum * sum).abs() < 1e-12);
    let through_sums = 2.0 * a[1] * a[2] * sum;
    let expected = [through_sums, through_sums + a[2] * sum * sum, through_sums + a[1] * sum * sum];
    for (given, expected) in with_an_order::grad(&a).iter().zip(&expected) {
        assert!((given - expected).abs() < 1e-12, "{given} is not {expected}");
    }
}

#[differentiable]
fn add_squares(a: &[f64], sum: &mut [f64]) -> usize {
    for i in 0..a.len() {
        sum[0] += a[i] * a[i];
    }
    a.len()
}

/// The pullback of a call whose result is no number, but which writes one, sees its arguments as they were.
#[differentiable]
fn overwritten_after_a_call(x: f64) -> f64 {
    let (mut a, mut sum) = (vec![x, 2.0 * x], vec![0.0]);
    let count = add_squares(&a, &mut sum);
    a[0] = 7.0;
    sum[0] * a[0] * count as f64
}

#[test]
fn a_list_changes_after_a_call_that_read_it() {
    let x = 1.3;
    check!(overwritten_after_a_call(x), 2.0 * 7.0 * 10.0 * x);
}

#[differentiable]
trait Coordinates {
    fn get(&self, n: usize) -> f64;
    fn set(&mut self, n: usize, to: f64);
    fn count(&self) -> usize;

    /// What only looks at the receiver keeps no copy of it, which no bound would allow here.
    fn fill(&mut self, to: f64) {
        for n in 0..self.count() {
            self.set(n, to * to);
        }
    }

    fn set_first_two(&mut self, x: f64, y: f64) {
        if self.count() > 1 {
            self.set(0, x * y);
            self.set(1, y);
        } else {
            self.fill(x);
        }
    }
}

#[derive(Clone, Differentiable)]
struct Listed(Vec<f64>);

#[differentiable]
impl Coordinates for Listed {
    fn get(&self, n: usize) -> f64 {
        self.0[n] * self.0[0]
    }

    fn set(&mut self, n: usize, to: f64) {
        self.0[n] *= to;
    }

    fn count(&self) -> usize {
        self.0.len()
    }
}

#[differentiable]
fn coordinates(x: f64, y: f64) -> f64 {
    let mut long = Listed(vec![x, y, 2.0]);
    long.set_first_two(x, y);
    let mut short = Listed(vec![y]);
    short.set_first_two(x, y);
    long.fill(y);
    long.get(0) + long.get(1) * long.get(2) + short.get(0)
}

#[test]
fn a_receiver_that_is_only_looked_at_is_not_copied() {
    differentiable::gradcheck!(coordinates(1.3, 0.7)).unwrap();
}

/// The reversed loop only counts its trips, since the list is gone by then: what it saved is read from the end all the same.
#[differentiable]
fn lists_that_are_gone(x: f64, y: f64) -> f64 {
    let mut s = y;
    for i in 0..3 {
        let mut list = vec![1, 2, 4];
        list.push(i);
        for n in &list {
            s = s * x + *n as f64 * s.sin();
        }
        for n in list.iter_mut() {
            *n += 1;
        }
        s += list[0] as f64;
    }
    s
}

#[test]
fn loops_over_lists_that_are_gone() {
    gradcheck!(lists_that_are_gone(0.7, 1.3)).unwrap();
}

/// Nothing reads what the `match` says of its exit; the condition in front of its arm is read all the same.
#[differentiable]
fn exit_beside_a_condition(x: f64, y: f64, n: usize) -> f64 {
    let mut b = x;
    'trips: for i in 0..n {
        b *= y;
        match i % 3 {
            0 => b = b.sin(),
            m if y.sin() > 0.4 && m < 2 => {
                b += x * y;
                b /= 1.5 + b.sin();
            }
            _ => b = if b > x { b * x } else { continue 'trips },
        }
    }
    b
}

#[test]
fn conditions_of_arms_beside_exits() {
    for n in 0..5 {
        gradcheck!(exit_beside_a_condition(0.7, 1.3, n)).unwrap();
    }
}

/// Rows of sums and of differences, as one level of a transform by halves.
#[differentiable]
fn halves(signal: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let n = signal.len() / 2;
    let (mut sums, mut products) = (vec![0.0; n], vec![0.0; n]);
    for i in 0..n {
        sums[i] = signal[2 * i] + signal[2 * i + 1];
        products[i] = signal[2 * i] * signal[2 * i + 1];
    }
    (sums, products)
}

/// What is kept of a pair of lists for the sake of its lengths is read once.
#[differentiable]
fn levels(signal: &[f64], depth: usize) -> f64 {
    let mut rows = Vec::with_capacity(depth + 1);
    let mut rest = signal.to_vec();
    for _ in 0..depth {
        if rest.len() < 2 {
            break;
        }
        let (sums, products) = halves(&rest);
        rows.push(products);
        rest = sums;
    }
    rows.push(rest);
    rows.iter().enumerate().map(|(k, row)| row.iter().map(|x| (k + 1) as f64 * x.sin()).sum::<f64>()).sum()
}

#[test]
fn pairs_of_lists_of_a_call_in_a_loop() {
    for (n, depth) in [(8, 3), (8, 1), (5, 4), (1, 2), (0, 1)] {
        let signal: Vec<f64> = (0..n).map(|i| 0.3 + 0.2 * i as f64).collect();
        let bar = levels::grad(&signal, depth);
        let (_, pullback) = levels::vjp(&signal, depth);
        for i in 0..n {
            let at = |h: f64| {
                levels(
                    &signal.iter().enumerate().map(|(k, x)| x + if k == i { h } else { 0.0 }).collect::<Vec<_>>(),
                    depth,
                )
            };
            let slope = (at(1e-5) - at(-1e-5)) / 2e-5;
            assert!((bar[i] - slope).abs() < 1e-7, "{n} {depth} {i}: {} {slope}", bar[i]);
        }
        assert_eq!(pullback(1.0), bar);
        assert_eq!(pullback(1.0), bar);
    }
}
