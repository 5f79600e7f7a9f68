//! Rules for functions of other crates that are called by their paths, under other names and from other modules, and those
//! that give second derivatives.

use differentiable::{differentiable, gradcheck};

mod twice {
    use differentiable::{derivative_of, differentiable};
    #[derivative_of(libm::erf, order = 2)]
    #[differentiable]
    pub(super) fn erf_rule(x: f64) -> (f64, f64) {
        (libm::erf(x), std::f64::consts::FRAC_2_SQRT_PI * (-x * x).exp())
    }
    mod inner {
        use differentiable::derivative_of;
        #[derivative_of(libm::lgamma)]
        pub(crate) fn rule(x: f64) -> (f64, f64) {
            (libm::lgamma(x), 0.0 * x + 1.5)
        }
    }
    #[differentiable]
    pub(super) fn by_inner(x: f64) -> f64 {
        libm::lgamma(x)
    }
}
#[differentiable]
fn by_path(x: f64) -> f64 {
    libm::erf(x) * x
}
#[test]
fn a_rule_for_what_is_called_by_its_path() {
    gradcheck!(by_path(0.3)).unwrap();
}

mod renamed {
    use differentiable::{derivative_of, differentiable};
    use libm::lgamma as ln_gamma;
    #[derivative_of(ln_gamma)]
    fn lgamma_rule(x: f64) -> (f64, f64) {
        (ln_gamma(x), digamma(x))
    }
    fn digamma(mut x: f64) -> f64 {
        let mut r = 0.0;
        while x < 10.0 {
            r -= 1.0 / x;
            x += 1.0;
        }
        let f = 1.0 / (x * x);
        r + x.ln() - 0.5 / x - f * (1.0 / 12.0 - f * (1.0 / 120.0 - f / 252.0))
    }
    #[differentiable]
    pub(crate) fn beta(a: f64, b: f64) -> f64 {
        (ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b)).exp()
    }
}
#[test]
fn a_renamed_function() {
    gradcheck!(renamed::beta(1.3, 2.4)).unwrap();
}

mod special {
    use differentiable::derivative_of;
    #[derivative_of(libm::j0)]
    pub(crate) fn j0_rule(x: f64) -> (f64, f64) {
        (libm::j0(x), -libm::j1(x))
    }
    pub(crate) use libm::j0;
}
mod uses {
    use crate::special::j0 as bessel;
    use differentiable::differentiable;
    #[differentiable]
    pub(crate) fn wave(x: f64) -> f64 {
        bessel(x) * bessel(2.0 * x)
    }
}
#[test]
fn a_function_and_its_rule_under_another_name() {
    gradcheck!(uses::wave(0.7)).unwrap();
}
mod uses2 {
    use crate::special;
    use differentiable::differentiable;
    #[differentiable]
    pub(crate) fn wave(x: f64) -> f64 {
        special::j0(x)
    }
}
#[test]
fn through_a_module() {
    gradcheck!(uses2::wave(0.7)).unwrap();
}
#[differentiable(hvp)]
fn twice_erf(x: f64, y: f64) -> f64 {
    libm::erf(x * y) * y + libm::erf(0.5)
}
#[test]
fn second_derivatives_are_those_of_the_rule() {
    let (x, y) = (0.3, 0.8);
    let h = 1e-5;
    let (a, b) = twice_erf::hvp(x, y, 1.0, 0.5);
    let (g1, g0) = (twice_erf::grad(x + h, y + 0.5 * h), twice_erf::grad(x - h, y - 0.5 * h));
    assert!((a - (g1.0 - g0.0) / (2.0 * h)).abs() < 1e-8 && (b - (g1.1 - g0.1) / (2.0 * h)).abs() < 1e-8);
    assert_eq!(twice::by_inner::grad(2.0), 1.5);
}
