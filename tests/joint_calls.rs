//! Calls whose cotangent is known before they are made give value and derivative at once, and branches are fused with
//! their mirrors: with and without that the derivatives are the same.

#![allow(clippy::all)]

#[macro_use]
mod common;
use common::assert_near;
use differentiable::differentiable;

#[differentiable]
fn norm(x: &[f64]) -> f64 {
    x.iter().map(|x| x * x).sum::<f64>().sqrt()
}

#[differentiable(wrt(x, scale))]
fn damped(x: f64, scale: f64, limit: f64, n: usize) -> f64 {
    let mut y = x;
    for _ in 0..n {
        y = (scale * y).sin().clamp(-limit, limit);
    }
    y
}

/// Changes what it is given.
#[differentiable]
fn halved(mut x: Vec<f64>, mut factor: f64) -> f64 {
    factor *= 0.5;
    for x in x.iter_mut() {
        *x = factor * *x * *x;
    }
    x.iter().sum()
}

/// The value of a tree of products: it calls itself in loops within branches.
#[differentiable]
fn permanent(a: &[f64], n: usize, row: usize, columns: u32) -> f64 {
    if row == n {
        return 1.0;
    }
    let mut sum = 0.0;
    for column in 0..n {
        if columns & (1 << column) != 0 {
            sum += a[row * n + column] * permanent(a, n, row + 1, columns & !(1 << column));
        }
    }
    sum
}

/// The cotangent of the inner call depends on its value: it cannot be known before.
#[differentiable]
fn tower(x: f64, levels: usize) -> f64 {
    if levels == 0 {
        return x.cos();
    }
    let below = tower(0.9 * x, levels - 1);
    below * below + x
}

#[differentiable]
fn weighted_norms(w: &[f64], x: &[f64]) -> f64 {
    let d = x.len() / w.len();
    let mut sum = 0.0;
    for i in 0..w.len() {
        sum += w[i] * norm(&x[i * d..(i + 1) * d]);
    }
    sum / d as f64
}

#[differentiable]
fn squared_norms(w: &[f64], x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..w.len() {
        let n = norm(&x[i..i + 2]);
        sum += w[i] * n * n;
    }
    sum
}

#[differentiable]
fn damped_sum(x: &[f64], scale: f64, n: usize) -> f64 {
    let mut sum = damped(scale, x[0], 0.7, n);
    for (i, x) in x.iter().enumerate() {
        sum -= 2.0 * damped(*x, scale, 0.9, i % 3);
    }
    sum * scale
}

#[differentiable]
fn twice_the_same(x: &[f64], scale: f64) -> f64 {
    norm(x) * scale + 3.0 * norm(x) - damped(scale, scale, 1.0, 2)
}

#[differentiable]
fn halves(x: &[f64], factor: f64) -> f64 {
    let mut sum = 0.0;
    for k in 1..x.len() {
        sum += factor * halved(x[..k].to_vec(), factor);
    }
    sum
}

#[differentiable]
fn of_permanents(a: &[f64], n: usize) -> f64 {
    let whole = permanent(a, n, 0, (1 << n) - 1);
    whole + 0.5 * permanent(a, n, 1, (1 << n) - 2)
}

#[differentiable]
fn towers(x: &[f64], levels: usize) -> f64 {
    let mut sum = 0.0;
    for x in x.iter() {
        sum += x * tower(*x, levels);
    }
    sum
}

/// The same with the switch off.
#[differentiable(analyses = without(joints))]
fn weighted_norms_apart(w: &[f64], x: &[f64]) -> f64 {
    let d = x.len() / w.len();
    let mut sum = 0.0;
    for i in 0..w.len() {
        sum += w[i] * norm(&x[i * d..(i + 1) * d]);
    }
    sum / d as f64
}

macro_rules! variants {
    ($(fn $name:ident ($($arg:ident: $ty:ty),*) -> f64 $body:block)*) => {
        $(#[differentiable] fn $name($($arg: $ty),*) -> f64 $body)*

        mod unfused {
            use super::*;
            $(#[differentiable(analyses = without(fusion))] pub(super) fn $name($($arg: $ty),*) -> f64 $body)*
        }

        mod plain {
            use super::*;
            $(#[differentiable(analyses = off)] pub(super) fn $name($($arg: $ty),*) -> f64 $body)*
        }
    };
}

/// Calls are not joined in the pullback that `vjp` returns.

macro_rules! check_variants {
    ($name:ident ($($args:tt)*)) => {{
        check_function!($name($($args)*));
        let (value, gradient) = $name::value_and_grad($($args)*);
        let variants = [
            unfused::$name::value_and_grad($($args)*),
            plain::$name::value_and_grad($($args)*),
        ];
        for (other, gradient_of) in variants {
            assert_near(stringify!($name), &value, &other, 1e-13);
            assert_near(stringify!($name), &gradient, &gradient_of, 1e-11);
        }
    }};
}

variants! {
    fn branches_with_loops(x: &[f64], w: f64, positive: bool) -> f64 {
        let mut sum = 0.0;
        if positive {
            for x in x.iter() {
                let e = (w * x).exp();
                if e > 1.0 {
                    let s = e.sin();
                    sum += s * s;
                } else {
                    sum += e * w;
                }
            }
        } else {
            let scale = (w * w + 1.0).ln();
            sum += scale * scale * norm(x);
        }
        sum * 2.0
    }

    fn branches_in_a_row(x: f64, y: f64) -> f64 {
        let large = x > 1.0;
        let mut a = x * y;
        if large {
            let s = (x * y).sin();
            a += s * s;
        }
        let mut b = a * a;
        if large {
            let t = (b * y).cos();
            b *= t * t;
        } else {
            b += damped(y, a, 0.5, 2);
        }
        b * x
    }
}

#[test]
fn weighted_calls() {
    let (w, x) = ([0.5, -1.5, 2.0], [0.3, 1.2, -0.7, 2.2, 0.9, -1.4, 0.8, 0.1, -0.6]);
    check_function!(weighted_norms(&w, &x));
    assert_near("apart", &weighted_norms_apart::grad(&w, &x), &weighted_norms::grad(&w, &x), 1e-14);
    check_function!(squared_norms(&w, &x));
    check_function!(damped_sum(&w, 0.8, 3));
    check_function!(twice_the_same(&x, 0.7));
    check_function!(halves(&x, 1.3));
}

#[test]
fn recursive_calls() {
    let a: Vec<f64> = (0..16).map(|k| (k as f64 * 0.7).sin() + 0.2).collect();
    check_function!(of_permanents(&a, 4));
    check_function!(towers(&[0.3, -0.8, 1.1], 4));
    check_function!(towers(&[0.3, -0.8, 1.1], 0));
}

#[test]
fn branches() {
    for w in [-0.4, 0.6] {
        for positive in [false, true] {
            check_variants!(branches_with_loops(&[0.5, -0.3, 1.7, -2.0], w, positive));
        }
        for x in [0.4, 1.4] {
            check_variants!(branches_in_a_row(x, w));
        }
    }
}

#[test]
fn buffers_are_added_to() {
    let a: Vec<f64> = (0..9).map(|k| 1.0 + f64::from(k)).collect();
    let mut sum = vec![1.0; 9];
    let value = of_permanents::value_and_grad_into(&a, 3, &mut sum);
    let (again, gradient) = of_permanents::value_and_grad(&a, 3);
    assert_eq!(value, again);
    let expected: Vec<f64> = gradient.iter().map(|g| g + 1.0).collect();
    assert_near("of_permanents", &sum, &expected, 1e-14);
}
