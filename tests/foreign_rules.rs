//! Rules for functions of other crates, which cannot be annotated.

#![allow(clippy::all)]

use differentiable::{check::Mistake, differentiable, function, gradcheck};

mod rules {
    //! Functions and their derivatives, imported together by one name.
    use differentiable::derivative_of;
    use std::f64::consts::FRAC_2_SQRT_PI;

    #[derivative_of(libm::erf)]
    pub(crate) fn erf_rule(x: f64) -> (f64, f64) {
        (libm::erf(x), FRAC_2_SQRT_PI * (-x * x).exp())
    }

    pub(crate) use libm::{hypot, jn};

    #[derivative_of(libm::hypot)]
    pub(crate) fn hypot_rule(x: f64, y: f64) -> (f64, (f64, f64)) {
        let length = libm::hypot(x, y);
        (length, (x / length, y / length))
    }

    #[derivative_of(libm::jn)]
    pub(crate) fn bessel(n: i32, mut x: f64) -> (f64, f64) {
        x += 0.0;
        (libm::jn(n, x), 0.5 * (libm::jn(n - 1, x) - libm::jn(n + 1, x)))
    }

    /// The derivative has the wrong sign.
    #[derivative_of(libm::j0, companion = wrong_bessel)]
    pub(crate) fn bessel_rule(x: f64) -> (f64, f64) {
        (libm::j0(x), libm::j1(x))
    }

    /// The value is that of another function.
    #[derivative_of(libm::expm1)]
    pub(crate) fn exponential_rule(x: f64) -> (f64, f64) {
        (libm::expm1(x) + 0.001, x.exp())
    }

    #[derivative_of(libm::exp10f)]
    pub(crate) fn power_of_ten(x: f32) -> (f32, f32) {
        let value = libm::exp10f(x);
        (value, value * std::f32::consts::LN_10)
    }
}

mod model {
    use super::rules::erf;
    use differentiable::differentiable;
    use libm::erf;
    use std::f64::consts::FRAC_1_SQRT_2;

    #[differentiable]
    pub(super) fn normal_cdf(x: f64, mean: f64, deviation: f64) -> f64 {
        0.5 * (1.0 + erf((x - mean) / deviation * FRAC_1_SQRT_2))
    }

    #[differentiable]
    pub(super) fn coverage(bounds: &[f64], deviation: f64) -> f64 {
        let mut total = 0.0;
        for pair in bounds.windows(2) {
            total += erf(pair[1] / deviation) - erf(pair[0] / deviation);
        }
        bounds.iter().map(|b| erf(*b).powi(2)).sum::<f64>() * total
    }
}

use rules::{hypot, jn};

#[differentiable]
fn perimeter(points: &[[f64; 2]]) -> f64 {
    let mut total = 0.0;
    for i in 1..points.len() {
        total += hypot(points[i][0] - points[i - 1][0], points[i][1] - points[i - 1][1]);
    }
    total
}

#[differentiable]
fn membrane(amplitude: [f64; 3], r: f64) -> f64 {
    let mut sum = 0.0;
    for n in 0..3 {
        sum += amplitude[n] * jn(n as i32, r);
    }
    sum
}

fn near(actual: f64, expected: f64, tolerance: f64) {
    assert!((actual - expected).abs() <= tolerance, "{actual} instead of {expected}");
}

#[test]
fn through_an_import_of_function_and_rule() {
    let (x, mean, deviation) = (0.7, 0.2, 1.3);
    let z: f64 = (x - mean) / deviation;
    let density = (-0.5 * z * z).exp() / (std::f64::consts::TAU.sqrt() * deviation);
    let (x_bar, mean_bar, deviation_bar) = model::normal_cdf::grad(x, mean, deviation);
    near(x_bar, density, 1e-14);
    near(mean_bar, -density, 1e-14);
    near(deviation_bar, -density * z, 1e-14);
    gradcheck!(model::normal_cdf(x, mean, deviation)).unwrap();
    gradcheck!(model::coverage(&[-0.5, 0.1, 0.8, 1.4][..], 0.9)).unwrap();
}

#[test]
fn of_two_arguments() {
    gradcheck!(hypot(3.0, -4.0)).unwrap();
    assert_eq!(hypot::grad(3.0, -4.0), (0.6, -0.8));
    assert_eq!(hypot::vjp(3.0, -4.0).1(10.0), (6.0, -8.0));
    assert_eq!(hypot::jvp(3.0, -4.0, 1.0, 2.0), (5.0, -1.0));
    let points = [[0.0, 0.0], [3.0, 4.0], [8.0, -8.0]];
    gradcheck!(perimeter(&points[..])).unwrap();
}

#[test]
fn with_an_integer() {
    gradcheck!(jn(2, 1.7)).unwrap();
    gradcheck!(membrane([0.5, -1.0, 2.0], 1.7)).unwrap();
    let (value, slope) = jn::value_and_grad(0, 1.7);
    near(value, libm::j0(1.7), 1e-15);
    near(slope, -libm::j1(1.7), 1e-15);
}

#[test]
fn in_single_precision_and_by_the_path() {
    mod powers {
        use super::rules;
        use differentiable::differentiable;
        use libm::exp10f;
        use rules::exp10f;

        #[differentiable]
        pub(super) fn decibel(level: f32) -> f32 {
            exp10f(level / 10.0)
        }

        #[differentiable]
        pub(super) fn diagonal(x: f64) -> f64 {
            rules::hypot(x, 2.0 * x)
        }
    }
    gradcheck!(powers::decibel(3.0)).unwrap();
    near(powers::diagonal::grad(1.5), 5.0f64.sqrt(), 1e-14);
}

#[test]
fn as_an_argument() {
    #[differentiable]
    fn twice(f: impl Fn(f64, f64) -> f64, x: f64) -> f64 {
        f(f(x, 1.0), 2.0)
    }
    near(twice::grad(function!(hypot), 2.0), 2.0 / 3.0, 1e-14);
}

#[test]
fn a_wrong_rule_is_found() {
    use libm::{expm1, j0 as wrong_bessel};
    use rules::{expm1, wrong_bessel};
    let mistakes = gradcheck!(wrong_bessel(0.3)).unwrap_err().mistakes;
    assert!(matches!(mistakes[0], Mistake::Derivative { .. }), "{mistakes:?}");
    let mistakes = gradcheck!(expm1(0.3)).unwrap_err().mistakes;
    assert!(mistakes.iter().any(|mistake| matches!(mistake, Mistake::Value { .. })), "{mistakes:?}");
}

#[test]
fn the_graph_is_the_call() {
    let graph = hypot::GRAPH;
    assert_eq!(graph.nodes().len(), 4);
    assert!(graph.nodes()[2].label.contains("hypot"), "{:?}", graph.nodes()[2].label);
}
