//! Programs with `if` and `match`: which arm ran decides, and only that arm is differentiated.

#![allow(clippy::all)]

mod common;
use common::{check, check_gradient, check_vjp};
use differentiable::differentiable;
use std::cmp::Ordering;

#[differentiable]
fn two_arms(x: f64) -> f64 {
    if x > 0.0 { x * x } else { x + x }
}

#[differentiable]
fn arms_assign_different_variables(x: f64, y: f64) -> f64 {
    let mut a = x;
    let mut b = y;
    if x > y {
        a = x * y;
    } else if x > 0.0 {
        if y > 1.0 {
            b = a * a;
        } else {
            b += a;
            a = 2.0;
        }
    } else if y > 0.0 {
        a *= b;
        b = a;
    }
    a * b
}

#[differentiable]
fn condition_overwritten_later(x: f64) -> f64 {
    let mut y = x;
    let r = if y > 1.0 { y * y } else { y };
    y = 0.0;
    r + y
}

#[differentiable]
fn condition_overwritten_inside(x: f64) -> f64 {
    let mut y = x;
    if y > 1.0 {
        y = y * y - 10.0;
    } else {
        y = y * y * y + 10.0;
    }
    if y > 1.0 {
        y *= x;
    }
    y
}

#[differentiable]
fn integer_match(x: f64, n: i32) -> f64 {
    match n {
        0 => x,
        1 | 2 => x * x,
        k if k > 10 => 3.0 * x,
        _ => 0.0,
    }
}

#[differentiable]
fn ranges_and_bindings(x: f64, n: i32) -> f64 {
    match n {
        ..=-1 => -x,
        m @ 0..=3 => x.powi(m),
        4 | 6 | 8 => {
            let y = x * x;
            y * y
        }
        other => x * other as f64,
    }
}

#[differentiable]
fn tuple_match(x: f64, flag: bool, n: usize) -> f64 {
    match (flag, n) {
        (true, 0) => x,
        (true, k) => x * k as f64,
        (false, 0 | 1) => x * x,
        (false, _) => 1.0,
    }
}

#[differentiable]
fn guards_on_floats(x: f64) -> f64 {
    match x {
        v if v < -1.0 => v * v,
        v if v * v < 0.25 => v.sin(),
        _ if x > 3.0 => 2.0 * x,
        v => v + x * v,
    }
}

#[differentiable]
fn match_assigns(x: f64, n: u8) -> f64 {
    let mut y = x;
    match n {
        0 => y *= x,
        1 => {
            y += 1.0;
            y = y * y;
        }
        _ => {}
    }
    y * x
}

#[differentiable]
fn short_circuit(x: f64, a: f64, b: f64, d: bool) -> f64 {
    let mut c = 1.0;
    let taken = (a < b && {
        c = x;
        true
    }) || d;
    if taken { c * x } else { c + x }
}

#[differentiable]
fn short_circuit_with_effects(x: f64, n: i32) -> f64 {
    let mut c = x;
    if n > 0
        || {
            c = c * c;
            c > 4.0
        }
        || {
            c = c + x;
            false
        }
    {
        c *= 3.0;
    }
    c
}

#[differentiable]
fn asserted_root(x: f64) -> f64 {
    debug_assert!(x > 0.0);
    assert!(x.is_finite(), "x is {x}");
    x.sqrt()
}

#[differentiable]
fn masked_root(x: f64) -> f64 {
    if x > 0.0 { x.sqrt() } else { 0.0 }
}

#[differentiable]
fn diverging_arm(x: f64) -> f64 {
    if x < 0.0 { panic!("neg") } else { x }
}

#[differentiable]
fn diverging_match(x: f64, n: i32) -> f64 {
    let y = match n {
        0 => return x * x,
        1 => unreachable!(),
        2 => x.exp(),
        _ => panic!("n is {n}"),
    };
    y * x
}

#[differentiable]
fn compared(x: f64) -> f64 {
    let y = match x.partial_cmp(&0.0) {
        Some(Ordering::Greater) => x,
        _ => -x,
    };
    y
}

#[differentiable]
fn arms_yield_tuples(x: f64, y: f64) -> f64 {
    let (a, b) = if x < y { (x, y * y) } else { (y, x) };
    a / b
}

#[differentiable]
fn arms_yield_arrays(x: f64, k: usize) -> [f64; 2] {
    let v = if k == 0 { [x, 2.0 * x] } else { [x * x; 2] };
    if k > 1 { [v[1], v[0] * v[1]] } else { v }
}

#[differentiable]
fn constant_arm(x: f64) -> f64 {
    let y = if x > 1.0 { 5.0 } else { x };
    let z = if x > 2.0 { y } else { x * y };
    z
}

#[differentiable]
fn early_returns(x: f64, n: usize) -> f64 {
    if n == 0 {
        return x;
    }
    let y = x * x;
    if y > 100.0 {
        return 1.0;
    }
    let z = {
        if n == 1 {
            return y * x;
        }
        y + x
    };
    z * z
}

#[differentiable]
fn condition_is_a_block(x: f64) -> f64 {
    let mut y = x;
    if {
        y = y * 2.0;
        y > 3.0
    } {
        y * y
    } else {
        y
    }
}

#[differentiable]
fn boolean_variables(x: f64, y: f64) -> f64 {
    let larger = x > y;
    let both = larger && x > 0.0;
    let either = larger | (y > 0.0);
    let mut s = 0.0;
    if both {
        s += x * y;
    }
    if either ^ both {
        s += y * y;
    }
    if !larger {
        s -= x;
    }
    s
}

#[test]
fn only_the_arm_that_ran_counts() {
    check!(two_arms(3.0), 6.0);
    check!(two_arms(-3.0), 2.0);
    check_gradient!(two_arms(0.0), 2.0);
    check!(compared(2.0), 1.0);
    check!(compared(-2.0), -1.0);
    check!(constant_arm(0.5), 1.0);
    check!(constant_arm(1.5), 5.0);
    check!(constant_arm(2.5), 0.0);
}

#[test]
fn arms_that_assign() {
    let (x, y) = (3.0, 2.0);
    check!(arms_assign_different_variables(x, y), (y * y, 2.0 * x * y));
    let (x, y) = (1.5, 2.0);
    check!(arms_assign_different_variables(x, y), (3.0 * x * x, 0.0));
    let (x, y) = (0.5, 0.75);
    check!(arms_assign_different_variables(x, y), (2.0, 2.0));
    let (x, y) = (-0.5, 0.75);
    check!(arms_assign_different_variables(x, y), (2.0 * x * y * y, 2.0 * x * x * y));
    let (x, y) = (-0.5, -0.25);
    check!(arms_assign_different_variables(x, y), (y, x));
    check!(match_assigns(1.5, 0), 3.0 * 1.5 * 1.5);
    check!(match_assigns(1.5, 1), 2.5 * 2.5 + 1.5 * 2.0 * 2.5);
    check!(match_assigns(1.5, 2), 3.0);
}

#[test]
fn conditions_that_are_gone_in_the_reverse_sweep() {
    check!(condition_overwritten_later(3.0), 6.0);
    check!(condition_overwritten_later(0.5), 1.0);
    check!(condition_overwritten_inside(2.0), 4.0);
    check!(condition_overwritten_inside(4.0), 3.0 * 16.0 - 10.0);
    check!(condition_overwritten_inside(-1.5), 4.0 * (-1.5f64).powi(3) + 10.0);
    check!(condition_overwritten_inside(-3.0), 27.0);
    check!(condition_is_a_block(1.0), 2.0);
    check!(condition_is_a_block(2.0), 16.0);
}

#[test]
fn matches() {
    let x = 1.5;
    check!(integer_match(x, 0), 1.0);
    check!(integer_match(x, 1), 3.0);
    check!(integer_match(x, 2), 3.0);
    check!(integer_match(x, 11), 3.0);
    check!(integer_match(x, 7), 0.0);
    check!(ranges_and_bindings(x, -5), -1.0);
    check!(ranges_and_bindings(x, 0), 0.0);
    check!(ranges_and_bindings(x, 3), 3.0 * x * x);
    check!(ranges_and_bindings(x, 6), 4.0 * x.powi(3));
    check!(ranges_and_bindings(x, 5), 5.0);
    check!(tuple_match(x, true, 0), 1.0);
    check!(tuple_match(x, true, 4), 4.0);
    check!(tuple_match(x, false, 1), 3.0);
    check!(tuple_match(x, false, 2), 0.0);
    check!(guards_on_floats(-2.0), -4.0);
    check!(guards_on_floats(0.3), 0.3f64.cos());
    check!(guards_on_floats(4.0), 2.0);
    check!(guards_on_floats(1.5), 4.0);
}

#[test]
fn short_circuits_run_only_the_sides_that_rust_runs() {
    check!(short_circuit(1.5, 0.0, 1.0, false), (3.0, 0.0, 0.0));
    check!(short_circuit(1.5, 1.0, 0.0, true), (1.0, 0.0, 0.0));
    check!(short_circuit(1.5, 1.0, 0.0, false), (1.0, 0.0, 0.0));
    check!(short_circuit_with_effects(1.5, 1), 3.0);
    check!(short_circuit_with_effects(3.0, 0), 3.0 * 6.0);
    check!(short_circuit_with_effects(1.5, 0), 4.0);
    check!(boolean_variables(2.0, 1.0), (1.0, 2.0));
    check!(boolean_variables(1.0, 2.0), (-1.0, 4.0));
    check!(boolean_variables(-1.0, -2.0), (0.0, -4.0));
    check!(boolean_variables(-2.0, -1.0), (-1.0, 0.0));
}

#[test]
fn assertions_stay_and_untaken_arms_do_not_count() {
    check!(asserted_root(4.0), 0.25);
    check!(masked_root(4.0), 0.25);
    check_gradient!(masked_root(0.0), 0.0);
    check_gradient!(masked_root(-1.0), 0.0);
    assert!(std::panic::catch_unwind(|| asserted_root::grad(f64::INFINITY)).is_err());
}

#[test]
fn arms_that_diverge() {
    check!(diverging_arm(3.0), 1.0);
    assert!(std::panic::catch_unwind(|| diverging_arm::grad(-1.0)).is_err());
    let x = 1.5f64;
    check!(diverging_match(x, 0), 3.0);
    check!(diverging_match(x, 2), x.exp() * (1.0 + x));
    assert!(std::panic::catch_unwind(|| diverging_match::grad(x, 3)).is_err());
    check!(early_returns(x, 0), 1.0);
    check!(early_returns(20.0, 5), 0.0);
    check!(early_returns(x, 1), 3.0 * x * x);
    check!(early_returns(x, 2), 2.0 * (x * x + x) * (2.0 * x + 1.0));
}

#[test]
fn arms_yield_aggregates() {
    check!(arms_yield_tuples(1.0, 2.0), (0.25, -0.25));
    check!(arms_yield_tuples(4.0, 2.0), (-2.0 / 16.0, 0.25));
    let x = 1.5;
    check_vjp!(arms_yield_arrays(x, 0), [1.0, 10.0], 21.0);
    check_vjp!(arms_yield_arrays(x, 1), [1.0, 10.0], 22.0 * x);
    check_vjp!(arms_yield_arrays(x, 2), [1.0, 10.0], 2.0 * x + 40.0 * x.powi(3));
}

#[differentiable]
fn cosine_of_angle(x: f64, y: f64) -> f64 {
    let r = (x * x + y * y).sqrt();
    if r == 0.0 { 0.0 } else { x / r }
}

#[differentiable]
fn early_answer(x: f64, y: f64) -> f64 {
    let r = (x * x + y * y).sqrt();
    if r == 0.0 {
        return x;
    }
    r.ln() * x
}

#[test]
fn an_infinite_slope_before_a_branch_that_does_not_use_it_is_no_nan() {
    assert_eq!(cosine_of_angle::grad(0.0, 0.0), (0.0, 0.0));
    assert_eq!(cosine_of_angle::vjp(0.0, 0.0).1(1.0), (0.0, 0.0));
    assert_eq!(early_answer::grad(0.0, 0.0), (1.0, 0.0));
    let (dx, dy) = cosine_of_angle::grad(3.0, 4.0);
    assert!((dx - 16.0 / 125.0).abs() < 1e-14 && (dy + 12.0 / 125.0).abs() < 1e-14);
}
