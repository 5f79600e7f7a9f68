//! The first number that is not finite is reported, with the operation, the variable and the place in the source.

use differentiable::differentiable;
use differentiable::ndarray::{Array1, Array2, array};
use std::panic::{AssertUnwindSafe, catch_unwind};

#[differentiable(anomaly)]
fn root(x: f64, k: f64) -> f64 {
    let y = x.sqrt();
    y * k
}

#[differentiable(anomaly)]
fn quotient(a: &[f64], b: f64) -> f64 {
    let mut s = 0.0;
    for v in a {
        let q = v / b;
        s += q;
    }
    s
}

#[differentiable(anomaly)]
fn dense(w: &Array2<f64>, x: &Array1<f64>) -> f64 {
    let z = w.dot(x);
    let y = z.mapv(|z| z.ln());
    y.sum()
}

#[differentiable(anomaly)]
fn norm(x: &Array1<f64>) -> f64 {
    let square: f64 = x.dot(x);
    square.sqrt()
}

#[differentiable(anomaly)]
fn generic<T: num_traits::Float>(x: T) -> T {
    let y = x.ln();
    y * y
}

#[differentiable]
fn unwatched(x: f64) -> f64 {
    x.sqrt()
}

/// The message of a panic.
fn message<R>(run: impl FnOnce() -> R) -> String {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let caught = catch_unwind(AssertUnwindSafe(run)).err();
    std::panic::set_hook(hook);
    *caught.expect("it panics").downcast::<String>().expect("the message is text")
}

#[test]
fn anomalies() {
    // All in one test: the hook for panics is one for all threads.
    let text = message(|| root::grad(0.0, 2.0));
    assert_eq!(text, "inf at tests/anomaly.rs:9:15 in the adjoint of `.sqrt()`, which gives `y`");
    assert_eq!(message(|| root::vjp(0.0, 2.0).1(1.0)), text);
    let text = message(|| root::jvp(-1.0, 2.0, 1.0, 0.0));
    assert_eq!(text, "NaN at tests/anomaly.rs:9:15 in the value of `y`, which `.sqrt()` gives");
    let text = message(|| root::grad(f64::NAN, 2.0));
    assert_eq!(text, "NaN at tests/anomaly.rs:8:9 in the argument `x`");
    let text = message(|| root::vjp(1.0, 2.0).1(f64::NEG_INFINITY));
    assert_eq!(text, "-inf at tests/anomaly.rs:10:5 in the adjoint of `*`, which gives `product`");

    let text = message(|| quotient::grad(&[1.0, -2.0], 0.0));
    assert_eq!(text, "inf at tests/anomaly.rs:17:17 in the value of `q`, which `/` gives");
    let text = message(|| dense::grad(&array![[1.0, 0.0], [0.0, 0.0]], &array![1.0, 1.0]));
    assert!(text.starts_with("-inf at tests/anomaly.rs:26:"), "{text}");
    let text = message(|| norm::grad(&array![0.0, 0.0]));
    assert!(text.contains("inf at tests/anomaly.rs:33:12 in the adjoint of `.sqrt()`"), "{text}");

    assert_eq!(generic::grad(0.0_f32), f32::NEG_INFINITY);
    assert_eq!(root::grad(4.0, 2.0), (0.5, 2.0));
    assert_eq!(quotient::grad(&[1.0, -2.0], 2.0), (vec![0.5, 0.5], 0.25));
    assert_eq!(norm::grad(&array![0.0, 4.0]), array![0.0, 1.0]);
    if !cfg!(feature = "anomaly") {
        assert_eq!(unwatched::grad(0.0), f64::INFINITY);
    }
}
