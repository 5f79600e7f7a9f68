//! Second derivatives of activations and losses, against differences of the gradient.
#![allow(clippy::all, clippy::pedantic)]

mod common;

use differentiable::ndarray::{Array2, array};
use differentiable::{differentiable, nn};

/// Checks `hvp` against differences of the gradient, and against forward mode twice.
macro_rules! check {
    ($name:ident at $w:expr) => {{
        let w: Array2<f64> = $w;
        let v = w.mapv(|w| (7.0 * w).sin() + 0.3);
        let product = $name::hvp(&w, &v);
        let at = |h: f64| {
            let (above, below) = ($name::grad(&(&w + &(&v * h))), $name::grad(&(&w - &(&v * h))));
            (above - below) / (2.0 * h)
        };
        let expected = (at(1e-4) * 4.0 - at(2e-4)) / 3.0;
        let largest = (&product - &expected).iter().fold(0.0_f64, |most, d| most.max(d.abs()));
        assert!(largest < 1e-8, "{}: {product} instead of {expected}", stringify!($name));
        let u = v.mapv(|v| v * v - 0.4);
        let ((_, first), (_, second)) = $name::jvp_jvp(&w, &v, &u, &Array2::zeros(w.dim()));
        assert!(($name::jvp(&w, &v).1 - first).abs() < 1e-12);
        assert!(((&product * &u).sum() - second).abs() < 1e-10, "{}: forward mode twice", stringify!($name));
    }};
}

fn inputs() -> Array2<f64> {
    array![[0.4, -1.2, 0.7], [1.5, 0.2, -0.3]]
}

macro_rules! activations {
    ($($name:ident)*) => {$(
        #[differentiable(wrt(w), hvp)]
        fn $name(w: &Array2<f64>) -> f64 {
            let y = nn::$name(w);
            (&y * &y * &y).sum()
        }
    )*};
}

activations!(relu sigmoid tanh softplus gelu silu elu selu mish hardtanh log_sigmoid softmax log_softmax);

#[differentiable(hvp)]
fn squared(w: &Array2<f64>) -> f64 {
    nn::mse(&w.mapv(|w| w * w), &w.mapv(f64::sin))
}

#[differentiable(hvp)]
fn logistic(w: &Array2<f64>) -> f64 {
    nn::binary_cross_entropy_with_logits(&(w * 2.0), &w.mapv(|w| w * w))
}

#[differentiable(hvp)]
fn classes(w: &Array2<f64>) -> f64 {
    nn::cross_entropy(&w.mapv(|w| w * w * w), &[2, 0]) + nn::nll_loss(&nn::log_softmax(w), &[1, 1])
}

#[differentiable(hvp)]
fn network(w: &Array2<f64>) -> f64 {
    let x = array![[0.3, -0.8], [1.1, 0.4], [-0.6, 0.9]];
    nn::cross_entropy(&nn::tanh(&x.dot(w)).dot(&w.t()), &[1, 0, 1])
}

#[test]
fn second_derivatives_of_nn() {
    check!(relu at inputs());
    check!(sigmoid at inputs());
    check!(tanh at inputs());
    check!(softplus at inputs());
    check!(gelu at inputs());
    check!(silu at inputs());
    check!(elu at inputs());
    check!(selu at inputs());
    check!(mish at inputs());
    check!(hardtanh at inputs());
    check!(log_sigmoid at inputs());
    check!(softmax at inputs());
    check!(log_softmax at inputs());
    check!(squared at inputs());
    check!(logistic at inputs());
    check!(classes at inputs());
    check!(network at inputs());
}

/// A gradient penalty with respect to the input, in a loss.
#[differentiable(order = 2)]
fn critic(w: &Array2<f64>, x: &Array2<f64>) -> f64 {
    nn::softplus(&nn::silu(&x.dot(w))).sum()
}

#[differentiable(wrt(w))]
fn penalty(w: &Array2<f64>, x: &Array2<f64>) -> f64 {
    let (_, of_x) = critic::grad(w, x);
    ((&of_x * &of_x).sum().sqrt() - 1.0).powi(2)
}

#[test]
fn a_gradient_penalty() {
    let (w, x) = (inputs(), array![[0.3, -0.8]]);
    let gradient = penalty::grad(&w, &x);
    for (index, of_w) in gradient.indexed_iter() {
        let at = |h: f64| {
            let mut w = w.clone();
            w[index] += h;
            penalty(&w, &x)
        };
        let difference = (4.0 * (at(1e-4) - at(-1e-4)) / 2e-4 - (at(2e-4) - at(-2e-4)) / 4e-4) / 3.0;
        assert!((of_w - difference).abs() < 1e-8, "{of_w} instead of {difference}");
    }
}
