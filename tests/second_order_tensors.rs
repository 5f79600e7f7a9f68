//! Second derivatives of operations on arrays, against differences of the gradient.
#![allow(clippy::all, clippy::pedantic)]

use differentiable::ndarray::{Array1, Array2, Axis, array, concatenate, s};
use differentiable::{differentiable, nn};

/// Checks `hvp` against differences of the gradient, and forward mode twice against `hvp`.
macro_rules! check {
    ($($name:ident)*) => {$({
        let x: Array2<f64> = array![[0.4, -1.2, 0.7], [1.5, 0.2, -0.3]];
        let v = x.mapv(|x| (7.0 * x).sin() + 0.3);
        let product = $name::hvp(&x, &v);
        let at = |h: f64| {
            let (above, below) = ($name::grad(&(&x + &(&v * h))), $name::grad(&(&x - &(&v * h))));
            (above - below) / (2.0 * h)
        };
        let expected = (at(1e-4) * 4.0 - at(2e-4)) / 3.0;
        let largest = (&product - &expected).iter().fold(0.0_f64, |most, d| most.max(d.abs()));
        assert!(largest < 1e-8, "{}: {product} instead of {expected}", stringify!($name));
        let u = v.mapv(|v| v * v - 0.4);
        let (_, (_, second)) = $name::jvp_jvp(&x, &v, &u, &Array2::zeros(x.dim()));
        assert!(((&product * &u).sum() - second).abs() < 1e-10, "{}: forward mode twice", stringify!($name));
    })*};
}

#[differentiable(hvp)]
fn spreads(x: &Array2<f64>) -> f64 {
    x.var(0.0) * x.std(1.0) + x.mapv(|x| x * x).std(0.0)
}

#[differentiable(hvp)]
fn spreads_of_axes(x: &Array2<f64>) -> f64 {
    let variances = x.var_axis(Axis(0), 0.0);
    let deviations = x.std_axis(Axis(1), 1.0);
    variances.dot(&variances) + deviations.sum().sin()
}

#[differentiable(hvp)]
fn centred(x: &Array2<f64>) -> f64 {
    let centred = x - x.mean().unwrap();
    let of_columns = x - &x.mean_axis(Axis(0)).unwrap();
    (&centred * &of_columns).mapv(f64::exp).mean().unwrap() + x.product()
}

#[differentiable(hvp)]
fn normalised(x: &Array2<f64>) -> f64 {
    let scaled = (x - x.mean().unwrap()) / (x.std(0.0) + 1e-3);
    scaled.mapv(|x| x.powi(4)).sum()
}

#[differentiable(hvp)]
fn of_parts(x: &Array2<f64>) -> f64 {
    let (left, right) = (x.slice(s![.., 1..]), x.slice(s![.., ..-1]));
    let (first, second) = (x.row(0), x.column(1));
    (&left * &right).sum() * second.sum() + first.mapv(|x| x.powi(3)).sum()
}

#[differentiable(hvp)]
fn shaped(x: &Array2<f64>) -> f64 {
    let flat = x.clone().into_shape_with_order(6).unwrap();
    let both = concatenate![Axis(0), x.row(0), x.row(1)];
    let filled = Array1::from_elem(6, x[[0, 1]] * x[[1, 2]]);
    (&flat * &filled).dot(&both) + (&flat - &filled).mapv(f64::sin).sum()
}

/// The type of what this returns is not seen where it is called.
mod layers {
    use super::*;

    #[differentiable(order = 2)]
    pub(super) fn squared<D: differentiable::ndarray::Dimension>(
        x: &differentiable::ndarray::Array<f64, D>,
    ) -> differentiable::ndarray::Array<f64, D> {
        x.mapv(|x| x * x)
    }
}

#[differentiable(hvp)]
fn through_unseen_types(x: &Array2<f64>) -> f64 {
    layers::squared(x).mapv(|v| v * v).sum() + nn::elu(&layers::squared(x)).mapv(|v| v * v).sum()
}

#[test]
fn arrays() {
    check!(spreads spreads_of_axes centred normalised of_parts shaped through_unseen_types);
}

#[differentiable(hessian)]
fn products_and_copies(x: &Array1<f64>) -> f64 {
    let m = x.to_shape((2, 3)).unwrap().to_owned();
    let wide = m.broadcast((4, 2, 3)).unwrap().to_owned();
    let running = m.cumprod(Axis(1)) + m.cumprod(Axis(0)).mapv(f64::sin);
    let products = m.product_axis(Axis(0)).sum() * m.product_axis(Axis(1)).mapv(|p| p * p).sum();
    wide.mapv(|v| v.powi(3)).sum() * 0.1 + (&running * &running).sum() + products
}

#[test]
fn running_products_and_broadcast_copies() {
    // Also where numbers are zero.
    for x in [array![0.2, 0.5, -0.4, 0.9, 1.1, -0.7], array![0.0, 0.5, 0.3, 0.9, 0.0, 0.0]] {
        let hessian = products_and_copies::hessian(&x);
        for column in 0..6 {
            let at = |h: f64| {
                let mut moved = x.clone();
                moved[column] += h;
                products_and_copies::grad(&moved)
            };
            let expected = ((at(1e-4) - at(-1e-4)) * 8.0 - (at(2e-4) - at(-2e-4))) / 12e-4;
            let differences = &hessian.column(column) - &expected;
            assert!(differences.iter().all(|d| d.abs() < 1e-8), "{column}: {differences}");
        }
        let unit = Array1::from_shape_fn(6, |i| (i as f64).cos());
        let ((_, _), (_, second)) = products_and_copies::jvp_jvp(&x, &unit, &unit, &Array1::zeros(6));
        assert!((unit.dot(&hessian.dot(&unit)) - second).abs() < 1e-10);
    }
}
