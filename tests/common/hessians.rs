//! Second derivatives against differences of gradients.

/// The central difference of the gradient in a direction, with one step of extrapolation.
pub(crate) fn differences(gradient: impl Fn(&[f64]) -> Vec<f64>, x: &[f64], v: &[f64]) -> Vec<f64> {
    let at = |h: f64| {
        let shifted = |h: f64| x.iter().zip(v).map(|(x, v)| x + h * v).collect::<Vec<f64>>();
        let (above, below) = (gradient(&shifted(h)), gradient(&shifted(-h)));
        above.iter().zip(below).map(|(a, b)| (a - b) / (2.0 * h)).collect::<Vec<f64>>()
    };
    let (coarse, fine) = (at(2e-4), at(1e-4));
    fine.iter().zip(coarse).map(|(fine, coarse)| (4.0 * fine - coarse) / 3.0).collect()
}

/// The Hessian of a function of a list, by its products with the unit vectors: against differences of the gradient, and
/// symmetric to rounding; and forward mode twice, `twice(x, v, u)`, against the products.
#[track_caller]
pub(crate) fn check(
    gradient: impl Fn(&[f64]) -> Vec<f64>,
    hvp: impl Fn(&[f64], &[f64]) -> Vec<f64>,
    twice: impl Fn(&[f64], &[f64], &[f64]) -> f64,
    x: &[f64],
) {
    let unit = |i: usize| (0..x.len()).map(|j| if i == j { 1.0 } else { 0.0 }).collect::<Vec<f64>>();
    let rows: Vec<Vec<f64>> = (0..x.len()).map(|i| hvp(x, &unit(i))).collect();
    for (i, row) in rows.iter().enumerate() {
        let expected = differences(&gradient, x, &unit(i));
        for (j, (entry, expected)) in row.iter().zip(&expected).enumerate() {
            let scale = 1.0 + expected.abs();
            assert!((entry - expected).abs() < 1e-7 * scale, "entry ({i}, {j}) is {entry}, by differences {expected}");
            let mirrored = rows[j][i];
            assert!((entry - mirrored).abs() <= 1e-12 * (1.0 + entry.abs()), "({i}, {j}): {entry} and {mirrored}");
        }
    }
    let (v, u): (Vec<f64>, Vec<f64>) = (0..x.len()).map(|i| (0.3 + i as f64, 1.7 - 0.4 * i as f64)).unzip();
    let product: f64 = hvp(x, &v).iter().zip(&u).map(|(h, u)| h * u).sum();
    let forward = twice(x, &v, &u);
    assert!((product - forward).abs() < 1e-10 * (1.0 + product.abs()), "{forward} forwards, {product} by the product");
}

/// Checks functions of one slice.
macro_rules! check_slice {
    ($($name:ident at $x:expr;)*) => {
        $($crate::common::hessians::check(
            |x| $name::grad(x),
            |x, v| $name::hvp(x, v),
            |x, v, u| $name::jvp_jvp(x, v, u, &vec![0.0; x.len()]).1.1,
            &$x,
        );)*
    };
}

/// Checks `hvp` against differences of the gradient, for functions of two numbers.
macro_rules! check_products {
    ($($name:ident)*) => {$({
        let (x, y, h) = (0.3, 0.4, 1e-4);
        for (v, w) in [(1.0, 0.0), (0.0, 1.0), (0.3, -0.8)] {
            let product = $name::hvp(x, y, v, w);
            let at = |h: f64| $name::grad(x + h * v, y + h * w);
            let difference = |part: fn((f64, f64)) -> f64| {
                let near = (part(at(h)) - part(at(-h))) / (2.0 * h);
                let far = (part(at(2.0 * h)) - part(at(-2.0 * h))) / (4.0 * h);
                (4.0 * near - far) / 3.0
            };
            let expected = (difference(|of| of.0), difference(|of| of.1));
            let close = |a: f64, b: f64| (a - b).abs() < 1e-7 * (1.0 + b.abs());
            assert!(
                close(product.0, expected.0) && close(product.1, expected.1),
                "{}: {product:?} instead of {expected:?}",
                stringify!($name)
            );
        }
    })*};
}
