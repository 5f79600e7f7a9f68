//! Every method of `f64` and `f32` in std that takes one float and gives one, as `x.f()` and as `f64::f(x)`.

mod common;
use common::{assert_near, difference};
use differentiable::differentiable;
use std::f64::consts::{LN_2, LN_10, PI};

/// Declares the four functions that call one method and a test that compares their derivatives, at all points in both
/// precisions and both modes, with the closed form and with central differences.
macro_rules! methods {
    ($($name:ident at [$($point:expr),*] has $derivative:expr;)*) => {$(
        mod $name {
            use super::*;

            #[differentiable]
            fn method64(x: f64) -> f64 {
                x.$name()
            }

            #[differentiable]
            fn path64(x: f64) -> f64 {
                f64::$name(x) * 2.0
            }

            #[differentiable]
            fn method32(x: f32) -> f32 {
                x.$name()
            }

            #[differentiable]
            fn path32(x: f32) -> f32 {
                2.0 * f32::$name(x)
            }

            #[test]
            fn agrees_with_the_closed_form_and_with_differences() {
                let derivative: fn(f64) -> f64 = $derivative;
                for x in [$($point),*] {
                    let expected = derivative(x);
                    assert_near("closed form", &expected, &difference(f64::$name, x), 1e-7);
                    let single: f32 = x as f32;
                    assert_near("method64", &method64::value_and_grad(x), &(x.$name(), expected), 1e-14);
                    assert_near("method64, forward", &method64::jvp(x, 3.0), &(x.$name(), 3.0 * expected), 1e-14);
                    assert_near("path64", &path64::grad(x), &(2.0 * expected), 1e-14);
                    assert_near("method32", &method32::value_and_grad(single), &(single.$name(), expected), 4e-6);
                    assert_near("method32, forward", &method32::jvp(single, 3.0).1, &(3.0 * expected), 4e-6);
                    assert_near("path32", &path32::grad(single), &(2.0 * expected), 4e-6);
                }
            }
        }
    )*};
}

methods! {
    abs at [-2.5, 1.5] has |x| x.signum();
    sqrt at [0.25, 9.0] has |x| 0.5 / x.sqrt();
    cbrt at [-8.0, 0.125, 2.0] has |x| 1.0 / (3.0 * x.cbrt() * x.cbrt());
    recip at [-2.0, 0.5] has |x| -1.0 / (x * x);
    exp at [-2.0, 0.0, 1.5] has |x| x.exp();
    exp2 at [-2.0, 0.0, 1.5] has |x| LN_2 * x.exp2();
    exp_m1 at [-2.0, 0.0, 1.5] has |x| x.exp();
    ln at [0.25, 1.0, 8.0] has |x| 1.0 / x;
    ln_1p at [-0.5, 0.0, 3.0] has |x| 1.0 / (1.0 + x);
    log2 at [0.25, 1.0, 8.0] has |x| 1.0 / (x * LN_2);
    log10 at [0.25, 1.0, 8.0] has |x| 1.0 / (x * LN_10);
    sin at [-2.0, 0.0, 0.75, 5.0] has |x| x.cos();
    cos at [-2.0, 0.0, 0.75, 5.0] has |x| -x.sin();
    tan at [-1.0, 0.0, 0.75] has |x| 1.0 + x.tan() * x.tan();
    asin at [-0.75, 0.0, 0.5] has |x| 1.0 / (1.0 - x * x).sqrt();
    acos at [-0.75, 0.0, 0.5] has |x| -1.0 / (1.0 - x * x).sqrt();
    atan at [-3.0, 0.0, 0.5] has |x| 1.0 / (1.0 + x * x);
    sinh at [-1.5, 0.0, 2.0] has |x| x.cosh();
    cosh at [-1.5, 0.0, 2.0] has |x| x.sinh();
    tanh at [-1.5, 0.0, 2.0] has |x| 1.0 - x.tanh() * x.tanh();
    asinh at [-1.5, 0.0, 2.0] has |x| 1.0 / (x * x + 1.0).sqrt();
    acosh at [1.25, 2.0, 10.0] has |x| 1.0 / ((x - 1.0) * (x + 1.0)).sqrt();
    atanh at [-0.75, 0.0, 0.5] has |x| 1.0 / ((1.0 - x) * (1.0 + x));
    to_degrees at [-2.0, 0.5] has |_| 180.0 / PI;
    to_radians at [-2.0, 0.5] has |_| PI / 180.0;
    fract at [-1.25, 0.5, 2.75] has |_| 1.0;
    floor at [-1.25, 0.5, 2.75] has |_| 0.0;
    ceil at [-1.25, 0.5, 2.75] has |_| 0.0;
    round at [-1.25, 0.25, 2.75] has |_| 0.0;
    round_ties_even at [-1.25, 0.25, 2.75] has |_| 0.0;
    trunc at [-1.25, 0.5, 2.75] has |_| 0.0;
    signum at [-1.25, 0.5] has |_| 0.0;
}

#[differentiable]
fn both_parts(x: f64) -> f64 {
    let (s, c) = x.sin_cos();
    let both = f64::sin_cos(2.0 * x);
    s * s * c + both.0 - both.1
}

#[differentiable]
fn both_parts_in_single(x: f32) -> f32 {
    let (s, c) = x.sin_cos();
    s * s * c
}

#[test]
fn sine_and_cosine_at_once() {
    for x in [-2.0f64, 0.0, 0.75, 5.0] {
        let (s, c) = x.sin_cos();
        let product = 2.0 * s * c * c - s * s * s;
        let expected = product + 2.0 * (2.0 * x).cos() + 2.0 * (2.0 * x).sin();
        assert_near("both", &both_parts::grad(x), &expected, 1e-14);
        assert_near("forward", &both_parts::jvp(x, 1.0).1, &expected, 1e-14);
        assert_near("single", &both_parts_in_single::grad(x as f32), &product, 1e-6);
    }
}
