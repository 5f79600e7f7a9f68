//! Functions of `libm` by the names that imports give them, as crates for `no_std` and translations from C have them.

#![allow(clippy::all, dead_code)]

mod common;

use common::{assert_near, difference};
use differentiable::differentiable;
use libm as math;
use libm::{exp, log as ln, pow};

#[differentiable]
fn by_name(x: f64) -> f64 {
    pow(x, 2.5) * ln(x + 1.0) - math::sin(exp(-x))
}

mod renamed {
    use crate::math::{cos, hypot};
    use differentiable::differentiable;

    #[differentiable]
    pub(super) fn by_the_new_name(x: f64) -> f64 {
        hypot(x, 2.0) * cos(x)
    }
}

/// A function of the crate is not one of `libm`, whatever it is called.
mod own {
    use differentiable::differentiable;

    #[differentiable]
    pub(super) fn tanh(x: f64) -> f64 {
        x / (1.0 + x * x)
    }

    #[differentiable]
    pub(super) fn through(x: f64) -> f64 {
        tanh(3.0 * x)
    }
}

#[test]
fn functions_of_libm_under_other_names() {
    for x in [0.4, 1.7] {
        assert_near("by_name", &by_name::grad(x), &difference(by_name, x), 1e-7);
        assert_near("by_name", &by_name::jvp(x, 1.0).1, &by_name::grad(x), 1e-12);
        assert_near(
            "by_the_new_name",
            &renamed::by_the_new_name::grad(x),
            &difference(renamed::by_the_new_name, x),
            1e-7,
        );
        assert_near("through", &own::through::grad(x), &difference(own::through, x), 1e-7);
    }
}
