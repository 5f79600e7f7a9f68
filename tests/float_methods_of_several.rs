//! The methods of floats with more than one argument, their kinks, and the methods that carry no derivative.

mod common;
use common::{assert_near, check_gradient, differences};
use differentiable::differentiable;
use std::cmp::Ordering;
use std::num::FpCategory;

/// Declares functions of two floats that call one method, and a test against the closed form and differences.
macro_rules! methods_of_two {
    ($($name:ident at [$($point:expr),*] has $derivative:expr;)*) => {$(
        mod $name {
            use super::*;

            #[differentiable]
            fn method64(x: f64, y: f64) -> f64 {
                x.$name(y)
            }

            #[differentiable]
            fn path64(x: f64, y: f64) -> f64 {
                f64::$name(x, y) * 2.0
            }

            #[differentiable]
            fn method32(x: f32, y: f32) -> f32 {
                x.$name(y)
            }

            #[differentiable(wrt(x))]
            fn first(x: f64, y: f64) -> f64 {
                x.$name(y)
            }

            #[differentiable(wrt(y))]
            fn second(x: f64, y: f64) -> f64 {
                x.$name(y)
            }

            #[test]
            fn agrees_with_the_closed_form_and_with_differences() {
                let derivative: fn(f64, f64) -> (f64, f64) = $derivative;
                for (x, y) in [$($point),*] {
                    let (dx, dy): (f64, f64) = derivative(x, y);
                    assert_near("closed form", &(dx, dy), &differences(|v| v[0].$name(v[1]), &[x, y]), 1e-7);
                    assert_near("method64", &method64::value_and_grad(x, y), &(x.$name(y), (dx, dy)), 1e-14);
                    assert_near("forward", &method64::jvp(x, y, 3.0, 5.0).1, &(3.0 * dx + 5.0 * dy), 1e-13);
                    assert_near("path64", &path64::grad(x, y), &(2.0 * dx, 2.0 * dy), 1e-14);
                    assert_near("method32", &method32::grad(x as f32, y as f32), &(dx, dy), 4e-6);
                    assert_near("each alone", &(first::grad(x, y), second::grad(x, y)), &(dx, dy), 1e-14);
                }
            }
        }
    )*};
}

methods_of_two! {
    powf at [(0.5, 3.0), (2.0, -1.5), (1.5, 0.25)] has |x, y| (y * x.powf(y - 1.0), x.powf(y) * x.ln());
    log at [(0.5, 3.0), (8.0, 2.0), (3.0, 0.5)] has |x, y| (1.0 / (x * y.ln()), -x.ln() / (y * y.ln() * y.ln()));
    atan2 at [(0.5, 3.0), (-1.0, -2.0), (2.0, -0.5)] has |x, y| (y / (x * x + y * y), -x / (x * x + y * y));
    hypot at [(0.5, 3.0), (-1.0, -2.0), (0.0, 2.0)] has |x, y| (x / x.hypot(y), y / x.hypot(y));
    max at [(0.5, 3.0), (-1.0, -2.0)] has |x, y| (f64::from(x > y), f64::from(y > x));
    min at [(0.5, 3.0), (-1.0, -2.0)] has |x, y| (f64::from(x < y), f64::from(y < x));
    copysign at [(0.5, 3.0), (0.5, -3.0), (-1.0, 2.0), (-1.0, -2.0)] has |x, y| (x.signum() * y.signum(), 0.0);
    rem_euclid at [(5.5, 2.0), (-5.5, 2.0), (5.5, -2.0)] has |x, y| (1.0, -x.div_euclid(y));
    div_euclid at [(5.5, 2.0), (-5.5, 2.0)] has |_, _| (0.0, 0.0);
    midpoint at [(5.5, 2.0), (-5.5, 2.0)] has |_, _| (0.5, 0.5);
}

#[differentiable]
fn integer_power(x: f64, n: i32) -> f64 {
    x.powi(n) + f64::powi(x, 2) * 0.0
}

#[differentiable]
fn integer_power_in_single(x: f32, n: i32) -> f32 {
    x.powi(n)
}

#[differentiable]
fn fused(x: f64, y: f64, z: f64) -> f64 {
    x.mul_add(y, z) * f64::mul_add(z, x, y)
}

#[differentiable]
fn clamped(x: f64, low: f64, high: f64) -> f64 {
    x.clamp(low, high)
}

#[differentiable]
fn maximum(x: f64, y: f64) -> f64 {
    x.max(y)
}

#[differentiable]
fn minimum(x: f64, y: f64) -> f64 {
    x.min(y)
}

#[differentiable]
fn power(x: f64, p: f64) -> f64 {
    x.powf(p)
}

#[differentiable]
fn kinks(x: f64, y: f64) -> [f64; 4] {
    [x.abs(), x.hypot(y), x.atan2(y), x.signum()]
}

#[differentiable]
fn root(x: f64) -> f64 {
    x.sqrt()
}

#[differentiable]
fn properties(x: f64) -> f64 {
    let mut y = x;
    if x.is_nan() || x.is_infinite() || !x.is_finite() || x.is_subnormal() {
        y *= 2.0;
    }
    if x.is_normal() && x.is_sign_positive() && !x.is_sign_negative() {
        y *= 3.0;
    }
    if let Ordering::Greater = x.total_cmp(&1.0) {
        y *= 5.0;
    }
    match x.classify() {
        FpCategory::Normal => y *= 7.0,
        _ => y += 1.0,
    }
    y
}

#[differentiable]
fn constants_and_conversions(x: f64, single: f32) -> f64 {
    let big = f64::MAX.min(2.0) + f64::EPSILON * 0.0 + f64::from(3u8) + f64::from_bits(0);
    x * big + f64::from(single) + f64::from(1.5f32) * x
}

#[test]
fn integer_powers() {
    let x = 1.5f64;
    for n in -3..6 {
        let expected = f64::from(n) * x.powi(n - 1);
        check_gradient!(integer_power(x, n), expected);
        assert_near("single", &integer_power_in_single::grad(1.5, n), &expected, 1e-6);
        differentiable::gradcheck!(integer_power(-x, n)).unwrap();
    }
    check_gradient!(integer_power(0.0, 0), 0.0);
    check_gradient!(integer_power(0.0, 1), 1.0);
    check_gradient!(integer_power(0.0, 2), 0.0);
}

#[test]
fn fused_multiplication() {
    let (x, y, z) = (2.0, 3.0, 5.0);
    // (x y + z) (z x + y).
    check_gradient!(fused(x, y, z), (3.0 * 13.0 + 11.0 * 5.0, 2.0 * 13.0 + 11.0, 13.0 + 11.0 * 2.0));
    differentiable::gradcheck!(fused(x, y, z)).unwrap();
}

#[test]
fn clamping_passes_the_gradient_inside_the_closed_interval() {
    check_gradient!(clamped(0.5, 0.0, 1.0), (1.0, 0.0, 0.0));
    check_gradient!(clamped(-0.5, 0.0, 1.0), (0.0, 1.0, 0.0));
    check_gradient!(clamped(1.5, 0.0, 1.0), (0.0, 0.0, 1.0));
    check_gradient!(clamped(0.0, 0.0, 1.0), (1.0, 0.0, 0.0));
    check_gradient!(clamped(1.0, 0.0, 1.0), (1.0, 0.0, 0.0));
    assert_eq!(clamped::jvp(1.0, 0.0, 1.0, 2.0, 3.0, 5.0), (1.0, 2.0));
}

#[test]
fn ties_are_shared_and_missing_numbers_ignored() {
    check_gradient!(maximum(1.0, 1.0), (0.5, 0.5));
    check_gradient!(minimum(1.0, 1.0), (0.5, 0.5));
    check_gradient!(maximum(1.0, f64::NAN), (1.0, 0.0));
    check_gradient!(minimum(f64::NAN, 1.0), (0.0, 1.0));
    assert_eq!(maximum::jvp(1.0, 1.0, 2.0, 4.0), (1.0, 3.0));
}

#[test]
fn kinks_and_borders_follow_the_conventions() {
    let (value, pullback) = kinks::vjp(0.0, 0.0);
    assert_eq!(value, [0.0, 0.0, 0.0, 1.0]);
    assert_eq!(pullback([1.0, 0.0, 0.0, 0.0]), (0.0, 0.0));
    assert_eq!(pullback([0.0, 1.0, 0.0, 0.0]), (0.0, 0.0));
    assert_eq!(pullback([0.0, 0.0, 1.0, 0.0]), (0.0, 0.0));
    assert_eq!(pullback([0.0, 0.0, 0.0, 1.0]), (0.0, 0.0));
    assert_eq!(kinks::jvp(0.0, 0.0, 1.0, 1.0).1, [0.0; 4]);
    assert_eq!(root::grad(0.0), f64::INFINITY);
    assert_eq!(root::jvp(0.0, 1.0), (0.0, f64::INFINITY));
    check_gradient!(power(0.0, 2.0), (0.0, 0.0));
    check_gradient!(power(0.0, 1.0), (1.0, 0.0));
    check_gradient!(power(2.0, 0.0), (0.0, 2f64.ln()));
    assert_eq!(power::grad(0.0, 0.0).0, 0.0);
    assert_eq!(power::grad(-3.0, 2.0).0, -6.0);
}

#[test]
fn properties_carry_no_derivative() {
    check_gradient!(properties(2.0), 105.0);
    check_gradient!(properties(-2.0), 7.0);
    check_gradient!(properties(0.5), 21.0);
    check_gradient!(properties(0.0), 1.0);
    check_gradient!(properties(f64::INFINITY), 10.0);
    check_gradient!(constants_and_conversions(2.0, 1.0), (6.5, 1.0));
}
