//! What stands in for the runtime where there is no standard library follows the same conventions.

use autodiff_core as core;
use differentiable::rt;

const POINTS: [f64; 9] = [-2.5, -1.0, -0.0, 0.0, 0.3, 1.0, 4.0, f64::INFINITY, f64::NAN];

fn same(name: &str, a: f64, b: f64) {
    assert!(a == b || a.is_nan() && b.is_nan(), "{name}: {a} and {b}");
}

#[test]
fn partial_derivatives() {
    for x in POINTS {
        same("abs", core::abs_sign(x), rt::abs_sign(x));
        for n in [-2, 0, 1, 3] {
            same("powi", core::powi_partial(x, n), rt::powi_partial(x, n));
        }
        for y in POINTS {
            same("max", core::max_weight(x, y), rt::max_weight(x, y));
            same("min", core::min_weight(x, y), rt::min_weight(x, y));
            same("clamp", core::clamp_mask(x, -1.0, y), rt::clamp_mask(x, -1.0, y));
            same("hypot", core::hypot_partial(x, y), rt::hypot_partial(x, y));
            same("atan2, y", core::atan2_partial_y(x, y), rt::atan2_partial_y(x, y));
            same("atan2, x", core::atan2_partial_x(x, y), rt::atan2_partial_x(x, y));
            same("powf, base", core::powf_partial_base(x, y), rt::powf_partial_base(x, y));
            same("powf, exponent", core::powf_partial_exponent(x, y), rt::powf_partial_exponent(x, y));
            same("copysign", core::copysign_factor(x, y), rt::copysign_factor(x, y));
            same("rem", core::rem_partial_divisor(x, y), rt::rem_partial_divisor(x, y));
        }
    }
}
