//! Straight-line programs: bindings, arithmetic, order of evaluation.

// The programs are written in the many ways in which people write, not in the one that clippy prefers.
#![allow(clippy::all)]

mod common;
use common::{check, check_gradient, check_vjp};
use differentiable::differentiable;

#[differentiable]
fn square(x: f64) -> f64 {
    x * x
}

#[differentiable]
fn constant(_x: f64) -> f64 {
    3.0
}

#[differentiable]
fn identity(x: f64) -> f64 {
    x
}

#[differentiable]
fn shadowed(x: f64) -> f64 {
    let x = x + 1.0;
    let x = x * x;
    x
}

#[differentiable]
fn overwritten_twice(x: f64) -> f64 {
    let mut y = x;
    y = y * y;
    y = y * y;
    y
}

#[differentiable]
fn compound_assignments(x: f64) -> f64 {
    let mut y = x;
    y += x;
    y -= 2.0 * x;
    y *= x;
    y /= 3.0;
    y
}

#[differentiable]
fn compound_chain(x: f64, z: f64) -> f64 {
    let mut y = x * z;
    y += z;
    y *= y;
    y -= x;
    y /= z * y;
    y %= 10.0;
    y
}

#[differentiable]
fn deferred(x: f64) -> f64 {
    let y;
    if x > 0.0 {
        y = x
    } else {
        y = -x
    }
    y
}

#[differentiable]
fn powers(x: f64) -> f64 {
    x.powi(3) + x.powf(2.5) + 2f64.powf(x)
}

#[differentiable]
fn chain(x: f64) -> f64 {
    (x.sin() + x.cos().exp()).ln_1p().tanh()
}

#[differentiable]
fn kinks(x: f64, y: f64) -> f64 {
    x.max(y).min(1.0).abs()
}

#[differentiable]
fn plane(x: f64, y: f64, z: f64) -> f64 {
    x.mul_add(y, z) + x.hypot(y) + y.atan2(x)
}

#[differentiable]
fn steps(x: f64) -> f64 {
    x.floor() + x.fract() + x.signum()
}

#[differentiable]
fn tuples(x: f64, y: f64) -> f64 {
    let (a, b) = (x + y, x - y);
    let t = (a * b, a);
    t.0 + t.1
}

#[differentiable]
fn array_pattern(v: [f64; 3]) -> f64 {
    let [a, b, c] = v;
    a * b + c
}

#[differentiable]
fn nested_patterns(x: f64, y: f64) -> f64 {
    let ((a, _), [b, c]) = ((x * y, 5.0), [x, y * y]);
    let (first, .., last) = (a, b, 1.0, c);
    first * last + b
}

const OUTER: f64 = 0.5;
static SHARED: f64 = 4.0;

#[differentiable]
fn constants(x: f64) -> f64 {
    const K: f64 = 2.0;
    static S: f64 = 3.0;
    K * x + S + OUTER * x * SHARED + std::f64::consts::PI
}

#[differentiable]
fn unary(x: f64) -> f64 {
    -(-x) + 0.0
}

#[differentiable]
fn flag_factor(x: f64, flag: bool) -> f64 {
    !flag as u8 as f64 * x
}

#[differentiable]
fn cast_there_and_back(x: f64) -> f64 {
    (x as f32) as f64
}

#[differentiable]
fn integers_as_floats(x: f64, n: i32, k: usize) -> f64 {
    let m = n * 2 + k as i32;
    x * m as f64 + f64::from(n) * x.powi(n)
}

#[differentiable]
fn remainder(x: f64) -> f64 {
    x % 2.0
}

#[differentiable]
fn remainder_by(x: f64) -> f64 {
    5.5 % x
}

#[differentiable]
fn block_changes_left_operand(x: f64) -> f64 {
    let mut y = x;
    let z = {
        y = y * 2.0;
        y
    } + y;
    z
}

#[differentiable]
fn block_changes_right_operand(x: f64) -> f64 {
    let mut y = x;
    let z = y + {
        y = y * 2.0;
        y
    };
    z
}

#[differentiable]
fn right_side_before_left_side(x: f64) -> f64 {
    let mut y = x;
    y += {
        y = 3.0 * y;
        y
    };
    y
}

#[differentiable]
fn index_after_right_side(x: f64) -> f64 {
    let mut a = [1.0, 10.0];
    let mut i = 0;
    a[i] = {
        i += 1;
        x
    };
    a[0] + a[1] * a[1]
}

#[differentiable]
fn arguments_in_order(x: f64) -> f64 {
    let mut y = x;
    let m = y.hypot({
        y = 4.0 / 3.0 * y;
        y
    });
    m + y
}

#[differentiable]
fn nested_blocks(x: f64) -> f64 {
    let y = {
        let a = x * 2.0;
        {
            let a = a * a;
            a + 1.0
        }
    };
    {
        let z = y * x;
        return z;
    }
}

#[differentiable]
fn last_statement_returns(x: f64) -> f64 {
    let y = x.exp();
    return y * x;
}

#[differentiable]
fn destructuring_assignment(x: f64, y: f64) -> f64 {
    let (mut a, mut b) = (x, y);
    (a, b) = (b, a + b);
    [a, b] = [b * a, a];
    (a, _) = (a * 2.0, b);
    a - b
}

#[differentiable]
fn changed_parameter(mut x: f64, y: f64) -> f64 {
    x *= y;
    x *= x;
    x + y
}

#[differentiable]
fn by_reference(x: &f64, y: &f64) -> f64 {
    let z = *x * y;
    z * *y
}

#[differentiable]
fn several_results(x: f64, y: f64) -> (f64, [f64; 2]) {
    (x * y, [x + y, y.sin()])
}

#[differentiable]
fn unused_results(x: f64, y: f64) -> f64 {
    let unused = x.ln() / 0.0;
    let _ = unused * y;
    let _also = (x, y);
    x * y
}

#[differentiable]
fn literals(x: f64) -> f64 {
    let a = 1.5e-3;
    let b = 1_000.0;
    let c = 2f64;
    let d: f64 = 3.;
    a * b * x * c + d.sqrt() * x
}

#[differentiable]
fn infinite_slope(x: f64) -> f64 {
    x.sqrt()
}

#[test]
fn bindings() {
    check!(square(3.0), 6.0);
    check!(constant(3.0), 0.0);
    check!(identity(3.0), 1.0);
    check!(shadowed(3.0), 8.0);
    check!(overwritten_twice(1.5), 4.0 * 1.5f64.powi(3));
    check!(compound_assignments(1.5), 0.0);
    check!(compound_assignments(0.0), 0.0);
    check!(deferred(2.0), 1.0);
    check!(deferred(-2.0), -1.0);
    check!(changed_parameter(2.0, 3.0), (2.0 * 2.0 * 9.0, 2.0 * 4.0 * 3.0 + 1.0));
    check!(unused_results(2.0, 3.0), (3.0, 2.0));
    check!(literals(0.7), 3.0 + 3f64.sqrt());
    let (value, pullback) = identity::vjp(3.0);
    assert_eq!((value, pullback(7.0), pullback(-1.0)), (3.0, 7.0, -1.0));
}

#[test]
fn compound_assignments_on_a_long_chain() {
    let (x, z) = (1.2, 0.8);
    let at_x = common::difference(|x| compound_chain(x, z), x);
    let at_z = common::difference(|z| compound_chain(x, z), z);
    let gradient = compound_chain::grad(x, z);
    common::assert_near("gradient", &gradient, &(at_x, at_z), 1e-8);
    check!(compound_chain(x, z), gradient);
}

#[test]
fn scalar_functions_in_expressions() {
    let x = 1.3f64;
    check!(powers(x), 3.0 * x * x + 2.5 * x.powf(1.5) + 2f64.ln() * 2f64.powf(x));
    check_gradient!(powers(0.0), 2f64.ln());
    let u = x.sin() + x.cos().exp();
    let outer = (1.0 - u.ln_1p().tanh().powi(2)) / (1.0 + u);
    check!(chain(x), outer * (x.cos() - x.sin() * x.cos().exp()));
    let (x, y) = (1.5, -0.5);
    let r2: f64 = x * x + y * y;
    let r = r2.sqrt();
    check!(plane(x, y, 2.0), (y + x / r - y / r2, x + y / r + x / r2, 1.0));
    check_gradient!(plane(0.0, 0.0, 2.0), (0.0, 0.0, 1.0));
    check!(steps(1.3), 1.0);
    check!(steps(-2.6), 1.0);
    check!(remainder(5.5), 1.0);
    check!(remainder(-3.3), 1.0);
    check!(remainder_by(2.0), -2.0);
    check!(remainder_by(-1.5), 3.0);
    check_gradient!(infinite_slope(0.0), f64::INFINITY);
}

#[test]
fn kinks_and_ties_follow_the_conventions() {
    check!(kinks(0.3, 0.7), (0.0, 1.0));
    check!(kinks(-2.0, -3.0), (-1.0, 0.0));
    check!(kinks(2.0, 0.0), (0.0, 0.0));
    check_gradient!(kinks(0.5, 0.5), (0.5, 0.5));
    check_gradient!(kinks(0.0, -1.0), (0.0, 0.0));
    check_gradient!(kinks(1.0, 0.0), (0.5, 0.0));
}

#[test]
fn patterns() {
    check!(tuples(1.5, 0.5), (4.0, 0.0));
    check!(array_pattern([2.0, 3.0, 5.0]), [3.0, 2.0, 1.0]);
    check!(nested_patterns(2.0, 3.0), (27.0 + 1.0, 2.0 * 27.0));
    let (x, y) = (2.0, 3.0);
    // After the swap and the product, a = 2 (x + y) y and b = y.
    check!(destructuring_assignment(x, y), (2.0 * y, 2.0 * x + 4.0 * y - 1.0));
}

#[test]
fn constants_casts_and_inactive_values() {
    check!(constants(0.3), 4.0);
    check!(unary(0.3), 1.0);
    check!(flag_factor(0.3, false), 1.0);
    check!(flag_factor(0.3, true), 0.0);
    assert_eq!(cast_there_and_back::grad(0.3), 1.0);
    assert_eq!(cast_there_and_back::jvp(0.5, 2.0), (0.5, 2.0));
    check!(integers_as_floats(1.5, 3, 4), 10.0 + 9.0 * 1.5 * 1.5);
    check!(by_reference(&2.0, &3.0), (9.0, 12.0));
}

#[test]
fn order_of_evaluation() {
    check!(block_changes_left_operand(0.7), 4.0);
    check!(block_changes_right_operand(0.7), 3.0);
    check!(right_side_before_left_side(0.7), 6.0);
    check!(index_after_right_side(0.7), 1.4);
    check!(arguments_in_order(0.6), 5.0 / 3.0 + 4.0 / 3.0);
    let x = 1.1;
    check!(nested_blocks(x), 12.0 * x * x + 1.0);
    check!(last_statement_returns(x), x.exp() * (x + 1.0));
}

#[test]
fn several_results_have_one_cotangent_each() {
    let y = 0.4f64;
    check_vjp!(several_results(2.0, y), (1.0, [0.0, 0.0]), (y, 2.0));
    check_vjp!(several_results(2.0, y), (0.5, [3.0, -1.0]), (0.5 * y + 3.0, 1.0 + 3.0 - y.cos()));
}

/// An integer that only selects is a step function of what it was cast from, as a condition is.
#[differentiable]
fn looked_up(x: f64, table: &[f64]) -> f64 {
    let at = (x * 2.0) as usize;
    let quadrant = (x / 1.5) as i64 % 2;
    let mut s = match quadrant {
        0 => x,
        _ => x * x,
    };
    for _ in 0..at {
        s *= x;
    }
    s * table[at] + if at > 1 { x } else { 0.0 }
}

#[test]
fn integers_that_select() {
    let table = [2.0, 3.0, 5.0];
    assert_eq!(looked_up::grad(0.7, &table).0, 2.0 * 0.7 * 3.0);
    let slope = 3.0 * 1.2 * 1.2 * 5.0 + 1.0;
    assert!((looked_up::grad(1.2, &table).0 - slope).abs() < 1e-12);
    assert!((looked_up::jvp(1.2, &table, 1.0, &[0.0; 3]).1 - slope).abs() < 1e-12);
}
