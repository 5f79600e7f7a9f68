//! Neural-network functions inside annotated functions: activations, softmax, losses.

#![allow(clippy::all)]

mod common;
use common::{assert_near, check, check_gradient, check_vjp};
use differentiable::differentiable;
use differentiable::ndarray::{Array1, Array2, Axis, array};
use differentiable::nn::{self, cross_entropy, log_softmax, mse, relu, softmax};

#[differentiable]
fn logistic_loss(w: &Array2<f64>, b: &Array1<f64>, x: &Array1<f64>, y: &Array1<f64>) -> f64 {
    let z = x.dot(w) + b;
    differentiable::nn::binary_cross_entropy_with_logits(&z, y)
}

#[differentiable(wrt(z))]
fn bce(z: &Array1<f64>, y: &Array1<f64>) -> f64 {
    nn::binary_cross_entropy_with_logits(z, y)
}

#[differentiable(wrt(z))]
fn bce_by_hand(z: &Array1<f64>, y: &Array1<f64>) -> f64 {
    let mut loss = 0.0;
    for i in 0..z.len() {
        loss += z[i].max(0.0) - z[i] * y[i] + (-z[i].abs()).exp().ln_1p();
    }
    loss / z.len() as f64
}

#[differentiable]
fn activations(x: &Array1<f64>, weights: &Array1<f64>) -> f64 {
    let y = relu(x) + nn::sigmoid(x) + nn::tanh(x) * 2.0;
    (y * weights).sum()
}

#[differentiable]
fn rectified(x: &Array2<f64>) -> Array2<f64> {
    relu(&(x * 2.0))
}

#[differentiable]
fn softmax_of(x: &Array2<f64>) -> Array2<f64> {
    softmax(x)
}

#[differentiable]
fn log_softmax_of(x: &Array2<f64>) -> Array2<f64> {
    log_softmax(x)
}

#[differentiable]
fn softmax_by_hand(x: &Array1<f64>, k: usize) -> f64 {
    let mut largest = x[0];
    for i in 1..x.len() {
        largest = largest.max(x[i]);
    }
    let e = x.mapv(|v| (v - largest).exp());
    let total = e.sum();
    -(e[k] / total).ln()
}

#[differentiable]
fn classifier(x: &Array2<f64>, w1: &Array2<f64>, b1: &Array1<f64>, w2: &Array2<f64>, labels: &[usize]) -> f64 {
    let hidden = relu(&(x.dot(w1) + b1));
    let logits = hidden.dot(w2);
    cross_entropy(&logits, labels) + 0.01 * (w1 * w1).sum()
}

#[differentiable]
fn regression(w: &Array1<f64>, x: &Array2<f64>, y: &Array1<f64>) -> f64 {
    mse(&x.dot(w), y)
}

fn logits() -> Array2<f64> {
    array![[0.5, -1.0, 2.0], [1.5, 0.25, -0.75]]
}

#[test]
fn logistic_regression_of_the_tutorial() {
    let x = Array1::ones(5);
    let y = Array1::zeros(3);
    let w = array![[0.1, 0.2, 0.3], [0.4, 0.5, 0.6], [0.7, 0.8, 0.9], [-0.1, -0.2, -0.3], [-0.4, -0.5, -0.6]];
    let b = array![0.1, -0.2, 0.3];
    let (loss, (w_bar, b_bar, ..)) = logistic_loss::value_and_grad(&w, &b, &x, &y);
    assert_near("loss", &loss, &1.22395706, 1e-7);
    let expected = array![0.22999150, 0.21521877, 0.25617495];
    assert_near("b", &b_bar, &expected, 5e-8);
    for row in w_bar.outer_iter() {
        assert_near("w", &row, &expected, 5e-8);
    }
    differentiable::gradcheck!(logistic_loss(&w, &b, &x, &y)).unwrap();
}

#[test]
fn cross_entropy_with_logits_is_safe_and_right_everywhere() {
    let y = array![1.0, 0.0, 1.0, 0.0];
    let z = array![1000.0, 1000.0, -1000.0, -1000.0];
    check_gradient!(bce(&z, &y), array![0.0, 0.25, -0.25, 0.0]);
    assert_eq!(bce(&z, &y), 500.0);
    // The naive formula is right at 0 as well, thanks to the conventions for `abs` and `max`.
    let (z, y) = (array![0.0, 0.0], array![1.0, 0.0]);
    check_gradient!(bce(&z, &y), array![-0.25, 0.25]);
    check_gradient!(bce_by_hand(&z, &y), array![-0.25, 0.25]);
    assert_eq!(bce_by_hand::grad(&array![0.0], &array![1.0]), array![-0.5]);
    let (z, y) = (array![0.7, -2.0, 3.0], array![1.0, 0.5, 0.0]);
    let expected = (z.mapv(|z: f64| 1.0 / (1.0 + (-z).exp())) - &y) / 3.0;
    check_gradient!(bce(&z, &y), expected.clone());
    check_gradient!(bce_by_hand(&z, &y), expected);
}

#[test]
fn activation_functions() {
    let x = array![0.5, -1.5, 2.0];
    let w = array![1.0, -2.0, 3.0];
    let slope = |v: f64| {
        let s = 1.0 / (1.0 + (-v).exp());
        f64::from(v > 0.0) + s * (1.0 - s) + 2.0 * (1.0 - v.tanh().powi(2))
    };
    let value = |v: f64| v.max(0.0) + 1.0 / (1.0 + (-v).exp()) + 2.0 * v.tanh();
    check!(activations(&x, &w), (x.mapv(slope) * &w, x.mapv(value)));
    check_gradient!(activations(&array![0.0], &array![1.0]), (array![0.25 + 2.0], array![0.5]));
    let m_bar = array![[1.0, 10.0, 100.0], [2.0, 20.0, 200.0]];
    let x = logits();
    check_vjp!(rectified(&x), m_bar.clone(), array![[2.0, 0.0, 200.0], [4.0, 40.0, 0.0]]);
}

#[test]
fn softmax_and_its_logarithm() {
    let x = logits();
    let p = softmax_of(&x);
    assert_near("rows sum to one", &p.sum_axis(Axis(1)), &[1.0, 1.0], 1e-15);
    let y_bar = array![[1.0, 2.0, -1.0], [0.5, 0.0, 3.0]];
    let mean = (&p * &y_bar).sum_axis(Axis(1)).insert_axis(Axis(1));
    check_vjp!(softmax_of(&x), y_bar.clone(), &p * &(&y_bar - &mean));
    let total = y_bar.sum_axis(Axis(1)).insert_axis(Axis(1));
    check_vjp!(log_softmax_of(&x), y_bar.clone(), &y_bar - &(&p * &total));
    // A masked entry has no weight and no gradient.
    let masked = array![[f64::NEG_INFINITY, 1.0, 1.0]];
    let (value, pullback) = softmax_of::vjp(&masked);
    assert_near("masked", &value, &[0.0, 0.5, 0.5], 1e-15);
    assert_near("masked", &pullback(array![[5.0, 1.0, 3.0]]), &[0.0, -0.5, 0.5], 1e-15);
}

#[test]
fn subtracting_the_largest_logit_does_not_change_the_gradient() {
    let x = array![0.5, -1.0, 2.0];
    let p = softmax(&x.clone().insert_axis(Axis(0)));
    check!(softmax_by_hand(&x, 1), array![p[[0, 0]], p[[0, 1]] - 1.0, p[[0, 2]]]);
    let equal = array![3.0, 3.0, 3.0];
    check_gradient!(softmax_by_hand(&equal, 0), array![-2.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0]);
}

#[test]
fn losses() {
    let x = logits();
    let labels = [2, 0];
    let w1 = array![[0.3, -0.2], [0.1, 0.4], [-0.5, 0.6]];
    let b1 = array![0.05, -0.1];
    let w2 = array![[0.7, -0.3, 0.2], [-0.4, 0.9, 0.5]];
    let (x_bar, w1_bar, b1_bar, w2_bar) = classifier::grad(&x, &w1, &b1, &w2, &labels);
    let pre = x.dot(&w1) + &b1;
    let hidden = pre.mapv(|v| v.max(0.0));
    let mut d = softmax(&hidden.dot(&w2)) / 2.0;
    d[[0, 2]] -= 0.5;
    d[[1, 0]] -= 0.5;
    let d_pre = d.dot(&w2.t()) * pre.mapv(|v| f64::from(v > 0.0));
    assert_near("w2", &w2_bar, &hidden.t().dot(&d), 1e-14);
    assert_near("b1", &b1_bar, &d_pre.sum_axis(Axis(0)), 1e-14);
    assert_near("w1", &w1_bar, &(x.t().dot(&d_pre) + &w1 * 0.02), 1e-14);
    assert_near("x", &x_bar, &d_pre.dot(&w1.t()), 1e-14);
    differentiable::gradcheck!(classifier(&x, &w1, &b1, &w2, &labels)).unwrap();

    let (w, y) = (array![1.0, -1.0, 0.5], array![2.0, 3.0]);
    let error = (x.dot(&w) - &y) * (2.0 / 2.0);
    let outer = Array2::from_shape_fn((2, 3), |(i, j)| error[i] * w[j]);
    check!(regression(&w, &x, &y), (x.t().dot(&error), outer, -&error));
}
