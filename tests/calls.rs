//! Calls of annotated functions, by every kind of path.

#![allow(clippy::all)]

mod common;
use common::{check, check_gradient, check_vjp};
use differentiable::differentiable;

#[differentiable]
fn before_its_definition(x: f64) -> f64 {
    defined_later(x) * x
}

#[differentiable]
fn defined_later(x: f64) -> f64 {
    x.exp()
}

mod activation {
    use differentiable::differentiable;

    #[differentiable]
    pub(crate) fn softplus(x: f64) -> f64 {
        x.exp().ln_1p()
    }

    #[differentiable]
    pub(crate) fn scaled(x: f64, n: i32) -> f64 {
        softplus(x) * n as f64
    }

    pub(crate) mod deep {
        use super::*;

        #[differentiable]
        pub(in crate::activation) fn hidden(x: f64) -> f64 {
            softplus(x * 2.0)
        }

        #[differentiable]
        pub(crate) fn through_super(x: f64) -> f64 {
            super::scaled(x, 3) + hidden(x) + self::hidden(x)
        }
    }
}

mod prelude {
    pub(crate) use crate::activation::deep::through_super;
    pub(crate) use crate::activation::softplus as smooth;
}

use activation::softplus as renamed;

#[differentiable]
fn every_kind_of_path(x: f64) -> f64 {
    use prelude::*;
    let a = activation::softplus(x);
    let b = crate::activation::scaled(x, 2);
    let c = renamed(x);
    let d = smooth(x);
    let e = self::activation::deep::through_super(x);
    let f = through_super(x);
    a + b + c + d + e + f
}

#[differentiable]
fn several_arguments(a: f64, v: &[f64], m: [f64; 2], k: usize) -> f64 {
    let mut s = a * v[k];
    for x in v {
        s += x * m[0] + m[1];
    }
    s
}

#[differentiable]
fn passes_everything(x: f64, v: &[f64]) -> f64 {
    let m = [x * x, v[0]];
    let w = vec![x; 3];
    let first = several_arguments(x * 2.0, v, m, 1);
    let second = several_arguments(first, &w, [1.0, x], 0);
    let third = several_arguments(1.0, &v[1..], m, 0);
    first * second + third
}

#[differentiable]
fn pair(x: f64, y: f64) -> (f64, [f64; 2]) {
    (x * y, [x, y * y])
}

#[differentiable]
fn takes_results_apart(x: f64) -> f64 {
    let (p, [a, b]) = pair(x, x.sin());
    let q = pair(a, b);
    p * q.0 + q.1[1]
}

#[differentiable]
fn diamond(x: f64) -> f64 {
    let a = defined_later(x);
    defined_later(a) + defined_later(a)
}

#[differentiable]
fn composed(x: f64) -> f64 {
    defined_later(renamed(defined_later(x) - x)) * renamed(x)
}

#[differentiable]
fn in_loops_and_branches(x: f64, n: usize) -> f64 {
    let mut y = x;
    for i in 0..n {
        if renamed(y) > 1.0 {
            y = y * 0.5 + renamed(y * x);
        } else {
            y += defined_later(-y) * i as f64;
        }
        while renamed(y) > 2.0 {
            y -= 0.5 * defined_later(x - 1.0);
        }
    }
    y
}

/// Not annotated: allowed for arguments that carry no derivative.
fn plain(n: usize) -> f64 {
    (n * n) as f64
}

#[differentiable]
fn calls_plain_function(x: f64, n: usize) -> f64 {
    let k = plain(n);
    x * k + x.powi(plain(2) as i32) + usize::pow(n, 2) as f64 * x
}

#[differentiable]
fn nested_functions(x: f64) -> f64 {
    let y = inner(x) + {
        #[differentiable]
        fn inner(x: f64) -> f64 {
            x * x * x
        }
        inner(x)
    };
    #[differentiable]
    fn inner(x: f64) -> f64 {
        x * x
    }
    y * inner(x)
}

#[differentiable]
fn variable_named_like_the_function(x: f64) -> f64 {
    let defined_later = defined_later(x);
    let renamed = defined_later * 2.0;
    renamed * defined_later
}

#[differentiable]
fn factorial_like(x: f64) -> f64 {
    if x <= 1.0 { 1.0 } else { x * factorial_like(x - 1.0) }
}

#[differentiable]
fn fibonacci_like(x: f64, n: usize) -> f64 {
    match n {
        0 => 1.0,
        1 => x,
        _ => {
            let mut s = 0.0;
            for k in 1..3 {
                s += fibonacci_like(x, n - k) * x / k as f64;
            }
            s
        }
    }
}

#[differentiable]
fn sum_of_halves(v: &[f64]) -> f64 {
    let n = v.len();
    if n == 1 {
        return v[0] * v[0];
    }
    let left = sum_of_halves(&v[..n / 2]);
    let right = sum_of_halves(&v[n / 2..]);
    left * right + left
}

#[differentiable(boxed)]
fn even(x: f64, n: usize) -> f64 {
    if n == 0 { x } else { x * odd(x, n - 1) }
}

#[differentiable(boxed)]
fn odd(x: f64, n: usize) -> f64 {
    if n == 0 { 1.0 } else { x + even(x, n - 1) }
}

macro_rules! polynomial {
    ($name:ident, $power:expr, $factor:expr) => {
        #[differentiable]
        fn $name(x: f64) -> f64 {
            let y = x.powi($power);
            y * $factor + $factor
        }
    };
}

polynomial!(cubic, 3, 2.0 + 1.0);
polynomial!(quartic, 2 + 2, std::f64::consts::PI);

#[differentiable(companion = layer_derivative)]
fn layer(x: f64) -> f64 {
    x * layer::FACTOR
}

mod layer {
    pub(crate) const FACTOR: f64 = 2.5;
}

/// The value and the derivative of softplus.
fn softplus(x: f64) -> (f64, f64) {
    (x.exp().ln_1p(), 1.0 / (1.0 + (-x).exp()))
}

#[test]
fn paths() {
    let x = 0.7f64;
    check!(before_its_definition(x), x.exp() * (x + 1.0));
    let (d, d2) = (softplus(x).1, softplus(2.0 * x).1);
    check!(activation::softplus(x), d);
    check!(activation::deep::through_super(x), 3.0 * d + 4.0 * d2);
    check!(prelude::smooth(x), d);
    check!(every_kind_of_path(x), 5.0 * d + 2.0 * (3.0 * d + 4.0 * d2));
    check!(nested_functions(x), 4.0 * x.powi(3) + 5.0 * x.powi(4));
    check!(variable_named_like_the_function(x), 4.0 * (2.0 * x).exp());
    let derivative = layer_derivative::grad(x);
    assert_eq!((layer(x), derivative), (2.5 * x, 2.5));
}

#[test]
fn arguments_of_every_kind() {
    let v = [0.3, -0.8];
    let flat = |z: &[f64]| passes_everything(z[0], &z[1..]);
    let gradient = passes_everything::grad(0.7, &v);
    common::assert_near("gradient", &gradient, &common::differences(flat, &[0.7, 0.3, -0.8]), 1e-7);
    check!(passes_everything(0.7, &v[..]), gradient);
    check!(several_arguments(2.0, &[3.0, 5.0][..], [7.0, 11.0], 1), (5.0, vec![7.0, 9.0], [8.0, 2.0]));
    check_vjp!(pair(2.0, 3.0), (1.0, [10.0, 100.0]), (13.0, 602.0));
    let (s, c) = 0.7f64.sin_cos();
    let x = 0.7f64;
    // x s · x s² + s⁴.
    check!(takes_results_apart(x), 2.0 * x * s.powi(3) + 3.0 * x * x * s * s * c + 4.0 * s.powi(3) * c);
}

#[test]
fn one_function_called_many_times() {
    let x = 0.3f64;
    let a = x.exp();
    check!(diamond(x), 2.0 * a.exp() * a);
    let (inner, slope) = softplus(x.exp() - x);
    let (last, last_slope) = softplus(x);
    check!(composed(x), inner.exp() * (slope * (x.exp() - 1.0) * last + last_slope));
    let gradient = in_loops_and_branches::grad(0.9, 5);
    common::assert_near("loops", &gradient, &common::difference(|x| in_loops_and_branches(x, 5), 0.9), 1e-6);
    check!(in_loops_and_branches(0.9, 5), gradient);
}

#[test]
fn plain_functions_of_inactive_values() {
    check!(calls_plain_function(1.5, 3), 9.0 + 4.0 * 1.5f64.powi(3) + 9.0);
}

#[test]
fn recursion() {
    check_gradient!(factorial_like(5.0), 154.0);
    check_gradient!(factorial_like(0.5), 0.0);
    check!(factorial_like(3.5), {
        let [a, b, c] = [3.5, 2.5, 1.5];
        b * c + a * c + a * b
    });
    // x, x² + x/2, x³ + x²/2 + x²/2.
    let x = 1.2f64;
    check!(fibonacci_like(x, 2), 2.0 * x + 0.5);
    check!(fibonacci_like(x, 3), 3.0 * x * x + 2.0 * x);
    // (a² b² + a²) (c² d² + c²) + (a² b² + a²).
    let [a, b, c, d] = [0.5f64, 1.5, -2.0, 3.0];
    let (left, right) = (a * a * (b * b + 1.0), c * c * (d * d + 1.0) + 1.0);
    check!(
        sum_of_halves(&[a, b, c, d][..]),
        vec![
            2.0 * a * (b * b + 1.0) * right,
            2.0 * a * a * b * right,
            left * 2.0 * c * (d * d + 1.0),
            left * 2.0 * c * c * d
        ]
    );
}

#[test]
fn mutual_recursion() {
    let x = 0.8;
    // even(x, 3) = x (x + x odd(x, 0)) = 2 x².
    check!(even(x, 3), 4.0 * x);
    // odd(x, 3) = x + x (x + x) = x + 2 x².
    check!(odd(x, 3), 1.0 + 4.0 * x);
}

#[test]
fn functions_made_by_macros() {
    let x = 1.1f64;
    check!(cubic(x), 9.0 * x * x);
    check!(quartic(x), 4.0 * std::f64::consts::PI * x.powi(3));
}

#[differentiable]
fn inner_product(a: &[f64], b: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..a.len() {
        sum += a[i] * b[i];
    }
    sum
}

#[differentiable]
fn of_owned_memory(x: Vec<f64>, y: [f64; 2], z: f64) -> f64 {
    inner_product(&x, &y) * z + inner_product(&x, &x)
}

#[test]
fn arrays_and_vectors_are_handed_on_as_slices() {
    check!(of_owned_memory(vec![1.0, 2.0], [3.0, 4.0], 0.5), (vec![3.5, 6.0], [0.5, 1.0], 11.0));
}

macro_rules! weighted {
    ($name:ident($($parameter:ident: $ty:ty),*) { $($body:tt)* }) => {
        #[differentiable]
        fn $name($($parameter: $ty),*) -> f64 {
            $($body)*
        }
    };
}

weighted! {
    by_a_macro(x: Vec<f64>, y: &[f64], n: usize) {
        let first: f64 = x[0] * y[n];
        first + inner_product(&x, y)
    }
}

macro_rules! doubled {
    ($name:ident($x:ident) = $value:expr, $factor:expr, $positive:expr) => {
        #[differentiable]
        fn $name($x: f64) -> f64 {
            assert!($value * 2.0 > 0.0 || !$positive, "{}", $value * 2.0);
            let y = $value * 2.0 - $value;
            -$value * y + $factor.sin() * 2.0
        }
    };
}

doubled!(by_expressions(x) = x + 1.0, x * x, x > 0.0 && x < 9.0);

#[test]
fn expressions_of_a_macro_are_operands() {
    // -(x + 1)² + 2 sin(x²)
    let x = 0.7_f64;
    assert_eq!(by_expressions(x), -1.7 * 1.7 + (x * x).sin() * 2.0);
    check!(by_expressions(x), -2.0 * 1.7 + 4.0 * x * (x * x).cos());
}

#[test]
fn types_of_parameters_may_come_from_a_macro() {
    check!(by_a_macro(vec![1.0, 2.0], &[3.0, 4.0][..], 1), (vec![7.0, 4.0], vec![1.0, 3.0]));
}
