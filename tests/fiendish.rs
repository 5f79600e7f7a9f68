//! Programs that are meant to break a differentiator.

#![allow(clippy::all)]

mod common;
use common::{assert_near, check, slope_agrees};
use differentiable::differentiable;

#[differentiable]
fn only_in_condition_and_update(x: f64, c: f64) -> f64 {
    let mut c = c;
    while c < x {
        c = c * 1.5
    }
    c
}

#[differentiable]
fn product_of(a: &[f64], b: &[f64]) -> f64 {
    let mut s = 0.0;
    for i in 0..a.len() {
        s += a[i] * b[b.len() - 1 - i] * a[0];
    }
    s
}

#[differentiable]
fn passes_the_same_slice_twice(v: &[f64], x: f64) -> f64 {
    let w = [x, x * x];
    product_of(v, v) + product_of(&w, &w) * product_of(&v[..2], &w)
}

#[differentiable]
fn writes_through_a_call(a: &mut [f64], b: &[f64], k: usize) {
    for i in 0..b.len() {
        a[i] = a[i] * b[(i + k) % b.len()];
    }
}

#[differentiable]
fn two_halves(v: &[f64]) -> f64 {
    let mut a = v.to_vec();
    let copy = a.clone();
    writes_through_a_call(&mut a, &copy, 1);
    writes_through_a_call(&mut a[1..], &copy[1..], 0);
    let mut s = 0.0;
    for i in 0..a.len() {
        s += a[i];
    }
    s
}

#[differentiable]
fn panics_on_the_way(v: &[f64], fatal: usize) -> f64 {
    let mut y = 1.0;
    for i in 0..v.len() {
        y = y * v[i];
        assert!(i != fatal, "trip {i}");
    }
    y
}

#[differentiable]
fn moved_in_one_arm(v: Vec<f64>, k: usize) -> f64 {
    let w = if k == 0 { v } else { vec![v[0] * v[1]; 2] };
    let mut u = w;
    u[0] *= u[1];
    let last = u;
    last[0] + last[1]
}

#[differentiable]
fn cancelled(x: f64) -> f64 {
    let mut y = x;
    for _ in 0..4 {
        y -= y;
        y += x;
        y = y * y - x * x + y;
    }
    y
}

#[differentiable]
fn infinite_slope_elsewhere(x: f64) -> f64 {
    let mut s = x;
    for i in 0..3 {
        let root = x.sqrt();
        if i > 5 {
            s += root;
        }
    }
    s
}

#[differentiable]
fn index_depends_on_value(v: &[f64], x: f64) -> f64 {
    let mut k = 0;
    let mut best = 0.0;
    for i in 0..v.len() {
        let score = v[i] * x;
        if score > best {
            best = score;
            k = i;
        }
    }
    v[k] * best + x
}

#[differentiable]
fn overwritten_index(v: &[f64]) -> f64 {
    let mut i = 0;
    let mut s = 1.0;
    while i < v.len() {
        let j = i;
        i += 1;
        if j % 2 == 1 {
            i += 1;
        }
        s *= v[j];
        s += v[(j + i) % v.len()];
    }
    s * i as f64
}

#[differentiable]
fn increments_read_what_they_change(v: &[f64], x: f64) -> f64 {
    let mut s = 1.0;
    let mut t = x;
    for i in 0..v.len() {
        s += v[i] * s;
        t -= t.exp() * 0.1;
        t *= v[i];
        t += x;
    }
    s * t
}

#[differentiable]
fn elements_are_incremented_by_themselves(v: &[f64], n: usize) -> f64 {
    let mut a = v.to_vec();
    for k in 0..n {
        let i = k % a.len();
        a[i] *= a[0];
        a[i] += a[i] * a[(i + 1) % v.len()];
        a[0] -= 0.5 * a[i];
    }
    a[0] + a[1] * a[2]
}

#[differentiable]
fn deep_expression(x: f64) -> f64 {
    ((((((x + 1.0) * x + 2.0) * x + 3.0) * x + 4.0) * x + 5.0) * (x - (x * (x - (x * (x - 1.0))))) - x)
        / (1.0 + (x * x))
}

/// Repeats a statement; every plus doubles the number.
macro_rules! repeated {
    ($name:ident($x:ident, $y:ident); []; $($statement:tt)*) => {
        #[differentiable]
        #[allow(unused_mut)]
        fn $name($x: f64) -> f64 {
            let mut $y = $x;
            $($statement)*
            $y
        }
    };
    ($name:ident($x:ident, $y:ident); [+ $($plus:tt)*]; $($statement:tt)*) => {
        repeated!($name($x, $y); [$($plus)*]; $($statement)* $($statement)*);
    };
}

/// Wraps a body into one block per plus.
macro_rules! nested {
    ($name:ident($x:ident); []; $($body:tt)*) => {
        #[differentiable]
        fn $name($x: f64) -> f64 {
            $($body)*
        }
    };
    ($name:ident($x:ident); [+ $($plus:tt)*]; $($body:tt)*) => {
        nested!($name($x); [$($plus)*]; { let $x = $x * 1.01; $($body)* });
    };
}

repeated!(thousands_of_statements(x, y); [+ + + + + + + + + + +]; y = y + 0.001 * x * y;);
repeated!(thousands_of_bindings(x, y); [+ + + + + + + + + + +]; let y = y * (1.0 + 0.001 * x););
nested!(fifty_blocks(x); [
    + + + + + + + + + + + + + + + + + + + + + + + + +
    + + + + + + + + + + + + + + + + + + + + + + + + +
]; x * x);

#[test]
fn used_only_in_a_condition() {
    check!(only_in_condition_and_update(10.0, 1.3), (0.0, 1.5f64.powi(6)));
    check!(only_in_condition_and_update(1.0, 1.3), (0.0, 1.0));
}

#[test]
fn aliased_arguments() {
    let v = [2.0, 3.0, 5.0];
    let (a_bar, b_bar) = product_of::grad(&v, &v);
    // (2 v0 v2 + v1²) v0 in all.
    let sum: Vec<f64> = a_bar.iter().zip(&b_bar).map(|(a, b)| a + b).collect();
    assert_near("sum", &sum, &[4.0 * 2.0 * 5.0 + 9.0, 2.0 * 3.0 * 2.0, 2.0 * 4.0], 1e-13);
    let flat = |z: &[f64]| passes_the_same_slice_twice(&z[..3], z[3]);
    let gradient = passes_the_same_slice_twice::grad(&v, 0.7);
    assert_near("gradient", &gradient, &common::differences(flat, &[2.0, 3.0, 5.0, 0.7]), 1e-6);
    check!(passes_the_same_slice_twice(&v[..], 0.7), gradient);
    let gradient = two_halves::grad(&v);
    // v0 v1 + v1² v2 + v2² v0.
    assert_near("halves", &gradient, &[3.0 + 25.0, 2.0 + 30.0, 9.0 + 20.0], 1e-13);
    check!(two_halves(&v[..]), gradient);
}

#[test]
fn panics_leave_nothing_behind() {
    let v = [2.0, 3.0, 5.0];
    for _ in 0..3 {
        let error = std::panic::catch_unwind(|| panics_on_the_way::grad(&v, 1)).unwrap_err();
        assert_eq!(error.downcast_ref::<String>().map(String::as_str), Some("trip 1"));
        check!(panics_on_the_way(&v[..], 9), vec![15.0, 10.0, 6.0]);
        let (_, pullback) = panics_on_the_way::vjp(&v, 9);
        assert!(std::panic::catch_unwind(|| panics_on_the_way::vjp(&v, 2)).is_err());
        assert_eq!(pullback(2.0), [30.0, 20.0, 12.0]);
    }
}

#[test]
fn moves_that_depend_on_the_arm() {
    check!(moved_in_one_arm(vec![2.0, 3.0], 0), vec![3.0, 3.0]);
    // p² + p with p = v0 v1.
    check!(moved_in_one_arm(vec![2.0, 3.0], 1), vec![39.0, 26.0]);
}

#[test]
fn cancellation_and_unused_roots() {
    check!(cancelled(3.0), 1.0);
    check!(infinite_slope_elsewhere(2.0), 1.0);
}

#[test]
fn indices_that_depend_on_the_data() {
    let v = [0.5, 2.0, -1.0, 1.5];
    check!(index_depends_on_value(&v[..], 0.7), (vec![0.0, 4.0 * 0.7, 0.0, 0.0], 5.0));
    check!(index_depends_on_value(&v[..], -0.7), (vec![0.0, 0.0, 2.0 * 0.7, 0.0], 2.0));
    let v = [0.5, 2.0, -1.0, 1.5, 0.8];
    let gradient = overwritten_index::grad(&v);
    assert_near("gradient", &gradient, &common::differences(overwritten_index, &v), 1e-7);
    check!(overwritten_index(&v[..]), gradient);
}

#[test]
fn increments_that_read_what_they_change() {
    let v = [0.5, 2.0, -0.7, 1.5];
    let flat = |z: &[f64]| increments_read_what_they_change(&z[..4], z[4]);
    let gradient = increments_read_what_they_change::grad(&v, 0.3);
    assert_near("scalars", &gradient, &common::differences(flat, &[0.5, 2.0, -0.7, 1.5, 0.3]), 1e-6);
    check!(increments_read_what_they_change(&v[..], 0.3), gradient);
    for n in 0..6 {
        let gradient = elements_are_incremented_by_themselves::grad(&v, n);
        let flat = |v: &[f64]| elements_are_incremented_by_themselves(v, n);
        assert_near("elements", &gradient, &common::differences(flat, &v), 1e-6);
        check!(elements_are_incremented_by_themselves(&v[..], n), gradient);
    }
}

#[test]
fn large_functions() {
    let x = 0.7f64;
    assert!(slope_agrees(deep_expression, x, deep_expression::grad(x)));
    check!(deep_expression(x), deep_expression::grad(x));
    let factor = 1.0 + 0.001 * x;
    let expected = factor.powi(2048) + x * 2048.0 * 0.001 * factor.powi(2047);
    check!(thousands_of_statements(x), expected);
    check!(thousands_of_bindings(x), expected);
    check!(fifty_blocks(x), 2.0 * x * 1.01f64.powi(100));
}
