//! Second derivatives of functions whose derivatives are given: those of the forward rule.
#![allow(clippy::all, clippy::pedantic)]

#[macro_use]
mod common;

use differentiable::ndarray::{Array1, array};
use differentiable::{differentiable, gradcheck};

/// Checks `hvp` against differences of the gradient, and forward mode twice against `hvp`, for functions of two numbers.
macro_rules! check {
    ($($name:ident)*) => {
        check_products!($($name)*);
        $(for (v, w) in [(1.0, 0.0), (0.0, 1.0), (0.3, -0.8)] {
            let (x, y) = (0.3, 0.4);
            let product = $name::hvp(x, y, v, w);
            let close = |a: f64, b: f64| (a - b).abs() < 1e-7 * (1.0 + b.abs());
            let (_, (_, twice)) = $name::jvp_jvp(x, y, v, w, 0.7, 0.1, 0.0, 0.0);
            assert!(close(twice, product.0 * 0.7 + product.1 * 0.1), "{}: forward mode twice", stringify!($name));
        })*
    };
}

#[differentiable(order = 2, vjp = softplus_vjp, jvp = softplus_jvp)]
fn softplus(x: f64) -> f64 {
    (1.0 + x.exp()).ln()
}

fn softplus_vjp(x: f64) -> (f64, impl Fn(f64) -> f64 + use<>) {
    (softplus(x), move |y_bar| y_bar / (1.0 + (-x).exp()))
}

#[differentiable]
fn softplus_jvp(x: f64, x_dot: f64) -> (f64, f64) {
    (softplus(x), x_dot / (1.0 + (-x).exp()))
}

#[differentiable(hvp)]
fn of_a_number(x: f64, y: f64) -> f64 {
    softplus(x * y) * softplus(y)
}

/// `(|x|² + k)ⁿ`
#[differentiable(order = 2, jvp = power_jvp)]
fn power(x: &[f64], n: usize, k: f64) -> f64 {
    (x.iter().map(|x| x * x).sum::<f64>() + k).powi(n as i32)
}

#[differentiable]
fn power_jvp(x: &[f64], n: usize, k: f64, x_dot: &[f64], k_dot: f64) -> (f64, f64) {
    let square = x.iter().map(|x| x * x).sum::<f64>() + k;
    let slope = n as f64 * square.powi(n as i32 - 1);
    let along: f64 = x.iter().zip(x_dot).map(|(x, x_dot)| x * x_dot).sum();
    (square.powi(n as i32), slope * (2.0 * along + k_dot))
}

#[differentiable(hvp)]
fn of_a_list(x: f64, y: f64) -> f64 {
    power(&[x, y * x, 0.3], 3, y) * x
}

#[differentiable(order = 2, jvp = rotated_jvp)]
fn rotated(x: &Array1<f64>, angle: f64) -> Array1<f64> {
    array![angle.cos() * x[0] - angle.sin() * x[1], angle.sin() * x[0] + angle.cos() * x[1]]
}

#[differentiable]
fn rotated_jvp(x: &Array1<f64>, angle: f64, x_dot: &Array1<f64>, angle_dot: f64) -> (Array1<f64>, Array1<f64>) {
    let (c, s) = (angle.cos(), angle.sin());
    let y = array![c * x[0] - s * x[1], s * x[0] + c * x[1]];
    let first = c * x_dot[0] - s * x_dot[1] - angle_dot * y[1];
    let second = s * x_dot[0] + c * x_dot[1] + angle_dot * y[0];
    (y, array![first, second])
}

#[differentiable(hvp)]
fn of_an_array(x: f64, y: f64) -> f64 {
    let turned = rotated(&array![x * x, y], x * y);
    turned[0] * turned[1] + turned[1].sin()
}

#[test]
fn second_derivatives_are_those_of_the_rule() {
    check!(of_a_number of_a_list of_an_array);
    gradcheck!(power_jvp(&[0.3, 0.4][..], 2, 0.7, &[0.1, 0.2][..], 0.3)).unwrap();
}

#[differentiable(order = 2)]
fn cubic(x: f64, a: f64, b: f64) -> f64 {
    x * x * x + a * x - b
}

#[differentiable(order = 2, root_of = cubic)]
fn root_of_cubic(a: f64, b: f64) -> f64 {
    let mut x = 1.0;
    for _ in 0..60 {
        x -= cubic(x, a, b) / (3.0 * x * x + a);
    }
    x
}

/// A fixed point, with parameters in a list.
#[differentiable(order = 2)]
fn distance(x: f64, k: &[f64], n: usize) -> f64 {
    x - k[0] * (x * k[n]).cos()
}

#[differentiable(order = 2, root_of = distance)]
fn fixed_point(k: &[f64], n: usize) -> f64 {
    (0..200).fold(0.5, |x, _| k[0] * f64::cos(x * k[n]))
}

#[differentiable(hvp)]
fn of_a_root(x: f64, y: f64) -> f64 {
    root_of_cubic(x, y * x + 1.0).sin() * y
}

#[differentiable(hvp)]
fn of_a_fixed_point(x: f64, y: f64) -> f64 {
    fixed_point(&[x, y * y], 1) * fixed_point(&[y, 0.3, x], 2)
}

#[test]
fn second_derivatives_of_roots() {
    check!(of_a_root of_a_fixed_point);
}
