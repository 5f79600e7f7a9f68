//! Scalar helpers against closed forms, finite differences, and the conventions at kinks.

use autodiff_runtime::*;

const INFINITY: f64 = f64::INFINITY;

/// A central difference.
fn slope(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    let step = 1e-5 * x.abs().max(1e-3);
    (f(x + step) - f(x - step)) / (2.0 * step)
}

fn assert_close(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-7 * expected.abs().max(1.0), "{found} instead of {expected}");
}

#[test]
fn partials_agree_with_differences() {
    for &x in &[0.3, 1.7, -2.2] {
        for &y in &[0.8, -1.3, 2.4] {
            assert_close(hypot_partial(x, y), slope(|x| x.hypot(y), x));
            assert_close(atan2_partial_y(y, x), slope(|y| y.atan2(x), y));
            assert_close(atan2_partial_x(y, x), slope(|x| y.atan2(x), x));
            assert_close(copysign_factor(x, y), slope(|x| x.copysign(y), x));
            assert_close(rem_partial_divisor(x, y), slope(|y| x % y, y));
            assert_close(rem_euclid_partial_divisor(x, y), slope(|y| x.rem_euclid(y), y));
            assert_close(powf_partial_base(x.abs(), y), slope(|x| x.powf(y), x.abs()));
            assert_close(powf_partial_exponent(x.abs(), y), slope(|y| x.abs().powf(y), y));
        }
        for n in -3..5 {
            assert_close(powi_partial(x, n), slope(|x| x.powi(n), x));
        }
        assert_close(sigmoid(x), slope(softplus, x));
        assert_close(abs_sign(x), slope(f64::abs, x));
    }
}

#[test]
fn conventions_at_kinks() {
    assert_eq!(abs_sign(0.0), 0.0);
    assert_eq!(abs_sign(-0.0_f32), 0.0);
    assert!(abs_sign(f64::NAN).is_nan());
    assert_eq!((max_weight(1.0, 1.0), max_weight(2.0, 1.0), max_weight(1.0, 2.0)), (0.5, 1.0, 0.0));
    assert_eq!((max_weight(1.0, f64::NAN), max_weight(f64::NAN, 1.0)), (1.0, 0.0));
    assert_eq!((min_weight(1.0, 1.0), min_weight(2.0, 1.0), min_weight(1.0, 2.0)), (0.5, 0.0, 1.0));
    assert_eq!((min_weight(1.0, f64::NAN), min_weight(f64::NAN, 1.0)), (1.0, 0.0));
    assert_eq!((clamp_mask(1.0, 1.0, 2.0), clamp_mask(2.0, 1.0, 2.0), clamp_mask(2.1, 1.0, 2.0)), (1.0, 1.0, 0.0));
    assert_eq!((hypot_partial(0.0, 0.0), hypot_partial(0.0, 3.0)), (0.0, 0.0));
    assert_eq!((atan2_partial_y(0.0, 0.0), atan2_partial_x(0.0, 0.0)), (0.0, 0.0));
    assert_eq!((powf_partial_base(0.0, 0.0), powf_partial_base(0.0, 1.0)), (0.0, 1.0));
    assert_eq!((powf_partial_exponent(0.0, 2.0), powf_partial_exponent(0.0, 0.0)), (0.0, 0.0));
    assert_eq!(powf_partial_base(-2.0, 2.0), -4.0);
    assert_eq!((powi_partial(0.0, 0), powi_partial(0.0, 1), powi_partial(0.0, 2)), (0.0, 1.0, 0.0));
    assert_eq!((rem_partial_divisor(5.5, 2.0), rem_partial_divisor(-5.5, 2.0)), (-2.0, 2.0));
}

#[test]
fn extreme_arguments() {
    assert_close(atan2_partial_y(1e-200, 1e-200) / 1e200, 0.5);
    assert_close(atan2_partial_x(1e200, 1e200) / 1e-200, -0.5);
    assert_close(atan2_partial_y(0.0, 1e200) / 1e-200, 1.0);
    assert_close(hypot_partial(1e308, 1.7e308), 1.0 / 1.7_f64.hypot(1.0));
    assert_close(hypot_partial(3e-320, 4e-320), 0.6);
    assert_eq!((sigmoid(1000.0), sigmoid(-1000.0), sigmoid(INFINITY), sigmoid(-INFINITY)), (1.0, 0.0, 1.0, 0.0));
    assert_eq!((softplus(1000.0), softplus(-1000.0), softplus(-INFINITY)), (1000.0, 0.0, 0.0));
    assert!(sigmoid(f64::NAN).is_nan() && softplus(f64::NAN).is_nan());
    assert!(powi_partial(1.5_f64, i32::MIN).is_finite());
}

/// The tutorial's loss written out by hand: each convention is a valid subgradient, and together they are the gradient.
#[test]
fn binary_cross_entropy_by_hand_at_zero() {
    let (x, target) = (0.0_f64, 1.0);
    let decayed = (-x.abs()).exp();
    let partial = max_weight(x, 0.0) - target + (1.0 / (1.0 + decayed)) * decayed * -abs_sign(x);
    assert_eq!(partial, -0.5);
}
