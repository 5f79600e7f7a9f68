//! Errors at run time: the message names the operation and the shapes, and nothing has been written by then.

#![allow(clippy::all)]

use differentiable::differentiable;
use differentiable::ndarray::{Array1, Array2, Axis, array};
use std::panic::{AssertUnwindSafe, catch_unwind};

#[differentiable]
fn inner(w: &[f64], x: &[f64]) -> f64 {
    let mut s = 0.0;
    for i in 0..x.len() {
        s += w[i] * x[i];
    }
    s
}

#[differentiable]
fn doubled(x: &[f64]) -> Vec<f64> {
    let mut y = x.to_vec();
    for i in 0..y.len() {
        y[i] *= 2.0;
    }
    y
}

#[differentiable]
fn doubled_in_place(x: &mut [f64]) {
    for v in x.iter_mut() {
        *v *= 2.0;
    }
}

#[differentiable]
fn sum_of_matrices(a: &Array2<f64>, b: &Array2<f64>) -> f64 {
    (a + b).sum()
}

#[differentiable]
fn product(a: &Array2<f64>, b: &Array2<f64>) -> Array2<f64> {
    a.dot(b)
}

#[differentiable]
fn mean(a: &Array1<f64>) -> f64 {
    a.mean().unwrap()
}

#[differentiable]
fn mean_of_rows(a: &Array2<f64>) -> f64 {
    a.mean_axis(Axis(0)).unwrap().sum()
}

#[differentiable]
fn class_loss(x: &Array2<f64>, labels: &[usize]) -> f64 {
    differentiable::nn::cross_entropy(x, labels)
}

#[differentiable]
fn distance(a: &Array1<f64>, b: &Array1<f64>) -> f64 {
    differentiable::nn::mse(a, b)
}

/// Runs `f`, which must panic, and returns the message.
fn message_of(f: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(f)).expect_err("this must panic");
    match payload.downcast::<String>() {
        Ok(message) => *message,
        Err(payload) => payload.downcast::<&str>().expect("a message").to_string(),
    }
}

#[track_caller]
fn assert_contains(message: &str, parts: &[&str]) {
    for part in parts {
        assert!(message.contains(part), "{part:?} is missing in: {message}");
    }
}

#[test]
#[should_panic(expected = "index out of bounds")]
fn slices_of_different_lengths() {
    inner::grad(&[1.0], &[2.0, 3.0]);
}

#[test]
#[should_panic(expected = "[2, 2]")]
fn shapes_that_do_not_broadcast() {
    sum_of_matrices::grad(&Array2::zeros((2, 2)), &Array2::zeros((2, 3)));
}

#[test]
#[should_panic(expected = "the shapes [2, 2] and [3, 2] are not those of a product")]
fn inner_dimensions_that_differ() {
    let _ = product::vjp(&Array2::zeros((2, 2)), &Array2::zeros((3, 2)));
}

#[test]
fn mean_of_nothing() {
    let names_the_cause = |message: &str| message.contains("mean") || message.contains("None");
    let message = message_of(|| {
        mean::grad(&Array1::zeros(0));
    });
    assert!(names_the_cause(&message), "{message}");
    let message = message_of(|| {
        mean_of_rows::grad(&Array2::zeros((0, 3)));
    });
    assert!(names_the_cause(&message), "{message}");
}

#[test]
#[should_panic(expected = "cross_entropy")]
fn labels_of_the_wrong_number() {
    class_loss::grad(&Array2::zeros((2, 3)), &[0]);
}

#[test]
#[should_panic(expected = "label 3")]
fn labels_out_of_range() {
    class_loss::grad(&Array2::zeros((2, 3)), &[0, 3]);
}

#[test]
#[should_panic(expected = "mse")]
fn predictions_of_the_wrong_length() {
    distance::grad(&Array1::zeros(2), &Array1::zeros(3));
}

#[test]
fn buffers_of_the_wrong_length_stay_as_they_are() {
    let (mut w_bar, mut x_bar) = ([1.0, 2.0], vec![3.0; 3]);
    let message = message_of(|| {
        inner::value_and_grad_into(&[1.0, 2.0], &[3.0, 4.0], &mut w_bar, &mut x_bar);
    });
    assert_contains(&message, &["inner", "x", "2", "3"]);
    assert_eq!((w_bar, x_bar), ([1.0, 2.0], vec![3.0; 3]));

    let (mut w_bar, mut x_bar) = ([1.0; 1], [2.0; 2]);
    let message = message_of(|| {
        inner::value_and_grad_into(&[1.0, 2.0], &[3.0, 4.0], &mut w_bar, &mut x_bar);
    });
    assert_contains(&message, &["inner", "w", "2", "1"]);
    assert_eq!((w_bar, x_bar), ([1.0; 1], [2.0; 2]));
}

#[test]
fn buffers_of_the_wrong_shape_stay_as_they_are() {
    let (a, b) = (array![[1.0, 2.0, 3.0]], array![[4.0, 5.0, 6.0]]);
    let (mut a_bar, mut b_bar) = (Array2::from_elem((1, 3), 7.0), Array2::from_elem((3, 1), 8.0));
    let message = message_of(|| {
        sum_of_matrices::value_and_grad_into(&a, &b, &mut a_bar, &mut b_bar);
    });
    assert_contains(&message, &["sum_of_matrices", "[1, 3]", "[3, 1]"]);
    assert_eq!(a_bar, Array2::from_elem((1, 3), 7.0));
    assert_eq!(b_bar, Array2::from_elem((3, 1), 8.0));
}

/// What is written to buffers before a function panics stays there: the loop that runs both sweeps writes as it goes.
#[test]
fn a_panic_in_the_function_is_that_of_the_function() {
    let (mut w_bar, mut x_bar) = ([1.0], [2.0, 3.0]);
    let message = message_of(|| {
        inner::value_and_grad_into(&[1.0], &[2.0, 3.0], &mut w_bar, &mut x_bar);
    });
    assert_contains(&message, &["index out of bounds"]);
    let message = message_of(|| {
        inner::value_and_grad(&[1.0], &[2.0, 3.0]);
    });
    assert_contains(&message, &["index out of bounds"]);
    assert_eq!(inner::value_and_grad(&[1.0, 4.0], &[2.0, 3.0]), (14.0, (vec![2.0, 3.0], vec![1.0, 4.0])));

    let (mut a_bar, mut b_bar) = (Array1::ones(2), Array1::ones(3));
    message_of(|| {
        distance::value_and_grad_into(&Array1::zeros(2), &Array1::zeros(3), &mut a_bar, &mut b_bar);
    });
    assert_eq!((a_bar, b_bar), (Array1::ones(2), Array1::ones(3)));
}

#[test]
fn cotangents_of_the_wrong_shape() {
    let (_, pullback) = doubled::vjp(&[1.0, 2.0]);
    let message = message_of(|| {
        pullback(vec![1.0; 3]);
    });
    assert_contains(&message, &["doubled", "2", "3"]);
    // The pullback is as good as new.
    assert_eq!(pullback(vec![1.0, 10.0]), [2.0, 20.0]);

    let (a, b) = (array![[1.0, 2.0]], array![[3.0], [4.0]]);
    let (_, pullback) = product::vjp(&a, &b);
    let message = message_of(|| {
        pullback(Array2::ones((2, 2)));
    });
    assert_contains(&message, &["product", "[1, 1]", "[2, 2]"]);
    assert_eq!(pullback(array![[1.0]]), (array![[3.0, 4.0]], array![[1.0], [2.0]]));

    let mut x = [1.0, 2.0];
    let (_, pullback) = doubled_in_place::vjp(&mut x);
    let message = message_of(|| {
        pullback(vec![1.0]);
    });
    assert_contains(&message, &["doubled_in_place", "2", "1"]);
}

#[test]
fn tangents_of_the_wrong_shape() {
    let message = message_of(|| {
        inner::jvp(&[1.0, 2.0], &[3.0, 4.0], &[1.0], &[1.0, 1.0]);
    });
    assert_contains(&message, &["inner", "w", "2", "1"]);
    let message = message_of(|| {
        product::jvp(&Array2::zeros((2, 3)), &Array2::zeros((3, 2)), &Array2::zeros((3, 2)), &Array2::zeros((3, 2)));
    });
    assert_contains(&message, &["product", "[2, 3]", "[3, 2]"]);
}

#[test]
fn the_message_points_at_the_users_call() {
    let previous = std::panic::take_hook();
    let (sender, receiver) = std::sync::mpsc::channel();
    std::panic::set_hook(Box::new(move |info| {
        let location = info.location().expect("a location");
        if location.file().ends_with("runtime_errors.rs") {
            sender.send(location.line()).unwrap();
        }
    }));
    let line = line!() + 1;
    let result = catch_unwind(|| inner::value_and_grad_into(&[1.0], &[2.0], &mut [0.0], &mut [0.0; 2]));
    std::panic::set_hook(previous);
    assert!(result.is_err());
    let lines: Vec<u32> = receiver.try_iter().collect();
    assert!(lines.contains(&line), "{lines:?} without {line}");
}
