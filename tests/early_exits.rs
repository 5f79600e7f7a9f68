//! `break`, `continue`, labels and early `return`, nested and with values.

#![allow(clippy::all)]

mod common;
use common::{check, check_gradient, differences, noise, slope_agrees};
use differentiable::differentiable;

#[differentiable]
fn everything(x: f64, n: usize) -> f64 {
    let mut y = x;
    let mut s = 0.0;
    'outer: for i in 0..n {
        for j in 0..n {
            if (i + j) % 3 == 1 {
                s += y * 0.5;
                continue;
            }
            y = y * x + 0.1 * j as f64;
            if y > 8.0 {
                y = y / x;
                break 'outer;
            }
            if y < -8.0 {
                return s * y;
            }
            if s > 5.0 {
                s *= 0.25;
                break;
            }
            if s < -3.0 {
                s = s * s;
                continue 'outer;
            }
            s += y.sin();
        }
        s -= y * y * 0.01;
    }
    s + y
}

#[differentiable]
fn labelled_block(x: f64) -> f64 {
    'a: {
        if x > 0.0 {
            break 'a x;
        }
        x * x
    }
}

#[differentiable]
fn nested_labelled_blocks(x: f64, n: i32) -> f64 {
    let mut y = x;
    let z = 'outer: {
        y *= x;
        let inner = 'inner: {
            if n == 0 {
                break 'inner y;
            }
            y += 1.0;
            if n == 1 {
                break 'outer y * y;
            }
            y * x
        };
        inner + 1.0
    };
    z * y
}

#[differentiable]
fn leaves_only_by_return(x: f64) -> f64 {
    let mut y = x;
    loop {
        y *= x;
        if y > 50.0 {
            return y;
        }
        y += 1.0;
        if y < 0.0 {
            return x * y;
        }
    }
}

#[differentiable]
fn first_positive(xs: &[f64]) -> f64 {
    for v in xs {
        if *v > 0.0 {
            return v * v;
        }
    }
    0.0
}

#[differentiable]
fn continue_in_while(x: f64, n: usize) -> f64 {
    let mut i = 0;
    let mut y = x;
    while i < n {
        i += 1;
        if i % 2 == 0 {
            continue;
        }
        y *= x;
        if y > 100.0 {
            break;
        }
        y += i as f64;
    }
    y
}

#[differentiable]
fn search(x: f64, n: usize) -> f64 {
    let mut best = x;
    let found = 'rows: loop {
        let mut k = 0;
        while k < n {
            let candidate = best * (k as f64 + x);
            if candidate > 20.0 {
                break 'rows candidate;
            }
            if candidate > 4.0 {
                best = candidate;
                continue 'rows;
            }
            k += 1;
        }
        break best + 1.0;
    };
    found * best
}

#[differentiable]
fn return_from_match_in_loop(x: f64, n: usize) -> f64 {
    let mut y = x;
    'steps: for k in 0..n {
        match k {
            0 => y += x,
            1 if y > 10.0 => return y * y,
            2 => continue,
            3 => {
                y = y * x;
                match y > 6.0 {
                    true => break 'steps,
                    false => y -= 1.0,
                }
            }
            _ => {
                if y < 0.0 {
                    return 7.0;
                }
                y *= 1.5;
            }
        }
        y = y + 0.5 * x;
    }
    y
}

#[differentiable]
fn values_of_inner_loops(xs: &[f64], limit: f64) -> f64 {
    let mut total = 0.0;
    for i in 0..xs.len() {
        let mut y = xs[i];
        let reached = loop {
            if y > limit {
                break y - limit;
            }
            if y < 0.1 {
                break limit * y;
            }
            y = y * 1.5;
        };
        if reached > 2.0 {
            continue;
        }
        total = total * 0.5 + reached * reached;
    }
    total
}

#[differentiable]
fn return_before_anything(x: f64, n: usize) -> f64 {
    if n == 0 {
        return x;
    }
    let mut y = x;
    for i in 0..n {
        if i == 3 {
            return y;
        }
        y = y * y;
    }
    return y + 1.0;
}

#[differentiable]
fn arrays_and_exits(a: &mut [f64], x: f64) -> f64 {
    for i in 0..a.len() {
        if a[i] > 3.0 {
            a[i] = x;
            return a[0];
        }
        a[i] = a[i] * x;
    }
    a[0] * x
}

#[test]
fn nested_exits_agree_with_differences_at_a_thousand_points() {
    let mut compared = 0;
    for (k, x) in noise(3, 1000).into_iter().enumerate() {
        let (x, n) = (2.5 * x, k % 7);
        let (value, gradient) = everything::value_and_grad(x, n);
        let (again, pullback) = everything::vjp(x, n);
        let (last, tangent) = everything::jvp(x, n, 1.0);
        assert_eq!((value, again, last), (everything(x, n), value, value));
        assert_eq!((pullback(1.0), pullback(1.0)), (gradient, gradient));
        common::assert_near("jvp", &tangent, &gradient, 1e-9);
        compared += usize::from(slope_agrees(|x| everything(x, n), x, gradient));
    }
    assert!(compared > 900, "only {compared} points could be compared");
}

#[test]
fn labelled_blocks() {
    check!(labelled_block(3.0), 1.0);
    check!(labelled_block(-3.0), -6.0);
    let x = 1.3f64;
    // (x² + 1) x², (x² + 1)³ and ((x² + 1) x + 1) (x² + 1).
    check!(nested_labelled_blocks(x, 0), 4.0 * x.powi(3) + 2.0 * x);
    let u = x * x + 1.0;
    check!(nested_labelled_blocks(x, 1), 3.0 * u * u * 2.0 * x);
    check!(nested_labelled_blocks(x, 2), u * u + (2.0 * u * x + 1.0) * 2.0 * x);
}

#[test]
fn returns_from_loops() {
    // 3, 9, 10, 30, 31, 93.
    check!(leaves_only_by_return(3.0), (2.0 * 3.0 * 3.0 + 9.0 + 1.0) * 3.0 + 31.0);
    // -2, 4, 5, -10, -9: x ((x² + 1) x + 1).
    check!(leaves_only_by_return(-2.0), 4.0 * -8.0 + 2.0 * -2.0 + 1.0);
    check!(first_positive(&[-1.0, 3.0, 5.0][..]), vec![0.0, 6.0, 0.0]);
    check!(first_positive(&[-1.0, -3.0][..]), vec![0.0, 0.0]);
    let x = 1.2f64;
    check!(return_before_anything(x, 0), 1.0);
    check!(return_before_anything(x, 2), 4.0 * x.powi(3));
    check!(return_before_anything(x, 3), 8.0 * x.powi(7));
    check!(return_before_anything(x, 9), 8.0 * x.powi(7));
}

#[test]
fn exits_at_many_points() {
    let mut compared = 0;
    for x in [-3.0, -1.5, -0.3, 0.2, 0.9, 1.4, 2.2, 3.6, 7.5] {
        for n in [0, 1, 2, 3, 4, 5, 8] {
            check_gradient!(continue_in_while(x, n), continue_in_while::jvp(x, n, 1.0).1);
            check_gradient!(return_from_match_in_loop(x, n), return_from_match_in_loop::jvp(x, n, 1.0).1);
            compared += usize::from(slope_agrees(|x| continue_in_while(x, n), x, continue_in_while::grad(x, n)));
            compared += usize::from(slope_agrees(
                |x| return_from_match_in_loop(x, n),
                x,
                return_from_match_in_loop::grad(x, n),
            ));
        }
    }
    for x in [0.3, 1.1, 1.9, 2.7, 4.4, 6.0, 21.5] {
        for n in [0, 1, 2, 3, 5] {
            check_gradient!(search(x, n), search::jvp(x, n, 1.0).1);
            compared += usize::from(slope_agrees(|x| search(x, n), x, search::grad(x, n)));
        }
    }
    assert!(compared > 140, "only {compared} points could be compared");
}

#[test]
fn inner_loops_that_yield_values() {
    let xs = [0.05, 0.4, 7.0, 1.3, 2.9];
    let limit = 2.5;
    let with_limit = |v: &[f64]| values_of_inner_loops(&v[..5], v[5]);
    let expected = differences(with_limit, &[0.05, 0.4, 7.0, 1.3, 2.9, limit]);
    common::assert_near("gradient", &values_of_inner_loops::grad(&xs, limit), &expected, 1e-7);
    check!(values_of_inner_loops(&xs[..], limit), values_of_inner_loops::grad(&xs, limit));
}

#[test]
fn early_return_with_a_changed_slice() {
    let x = 1.5;
    let mut a = [1.0, 2.0, 5.0, 7.0];
    let (value, pullback) = arrays_and_exits::vjp(&mut a, x);
    assert_eq!((value, a), (1.5, [1.5, 3.0, 1.5, 7.0]));
    // The value is a[0] x; the final content is [a[0] x, a[1] x, x, a[3]].
    assert_eq!(pullback(1.0, vec![0.0; 4]), (vec![1.5, 0.0, 0.0, 0.0], 1.0));
    assert_eq!(pullback(0.0, vec![0.0, 1.0, 10.0, 100.0]), (vec![0.0, 1.5, 0.0, 100.0], 2.0 + 10.0));
    let mut b = [1.0, 2.0];
    let (value, pullback) = arrays_and_exits::vjp(&mut b, x);
    assert_eq!((value, b), (2.25, [1.5, 3.0]));
    assert_eq!(pullback(1.0, vec![0.0; 2]), (vec![2.25, 0.0], 3.0));
}

#[differentiable]
fn leaves_from_an_arm(x: f64, n: usize) -> f64 {
    let mut y = x;
    let mut k = 0;
    loop {
        match k % 3 {
            0 => y *= x,
            1 => y += x.sin(),
            _ if k > n => break,
            _ => y = y * y * 0.3,
        }
        k += 1;
    }
    y
}

#[test]
fn a_match_in_a_loop_is_left_from_an_arm() {
    for n in [0, 3, 6] {
        let h = 1e-6;
        let slope = (leaves_from_an_arm(0.8 + h, n) - leaves_from_an_arm(0.8 - h, n)) / (2.0 * h);
        let (gradient, tangent) = (leaves_from_an_arm::grad(0.8, n), leaves_from_an_arm::jvp(0.8, n, 1.0).1);
        assert!((gradient - slope).abs() < 1e-8, "{gradient} {slope}");
        assert!((gradient - tangent).abs() < 1e-13, "{gradient} {tangent}");
        assert_eq!(leaves_from_an_arm::vjp(0.8, n).1(1.0), gradient);
    }
}
