//! Structs with functions in their fields: the functions are constants, and the other fields have derivatives.

#![allow(missing_docs)]

use differentiable::{Differentiable, differentiable, gradcheck};

/// A schedule by step, of which the height is learned.
#[derive(Clone, Differentiable)]
struct Schedule {
    height: f64,
    rate: fn(usize) -> f64,
}

#[differentiable]
impl Schedule {
    fn at(&self, step: usize, x: f64) -> f64 {
        let rate = (self.rate)(step);
        rate * self.height * x + (self.rate)(2 * step) * x * x
    }
}

#[derive(Differentiable)]
struct Weighted {
    weights: Vec<f64>,
    window: Box<dyn Fn(usize) -> f64>,
}

#[differentiable]
impl Weighted {
    fn apply(&self, xs: &[f64]) -> f64 {
        xs.iter().zip(&self.weights).enumerate().map(|(at, (x, w))| x * w * (self.window)(at)).sum()
    }
}

/// A network layer whose activation is a parameter of the method and not a field.
#[derive(Clone, Differentiable)]
struct Layer {
    w: f64,
    b: f64,
}

#[differentiable]
impl Layer {
    fn forward(&self, x: f64, activation: impl Fn(f64) -> f64) -> f64 {
        activation(self.w * x + self.b)
    }
}

#[differentiable]
fn two_layers(first: &Layer, second: &Layer, k: f64, x: f64) -> f64 {
    second.forward(first.forward(x, |t| (k * t).tanh()), |t| t.exp() * k)
}

#[test]
fn functions_of_integers_are_constants() {
    let schedule = Schedule { height: 0.7, rate: |step| 1.0 / (1.0 + step as f64) };
    let (bar, x_bar) = schedule.at_grad(3, 0.5);
    assert!((bar.height - 0.125).abs() < 1e-12);
    assert!((x_bar - (0.25 * 0.7 + 1.0 / 7.0)).abs() < 1e-12);
    let (_, dot) = schedule.at_jvp(3, 0.5, &bar, 1.0);
    assert!((dot - (0.125 * bar.height + x_bar)).abs() < 1e-12);
}

#[test]
fn boxed_functions_are_constants() {
    let weighted = Weighted { weights: vec![0.3, -0.2], window: Box::new(|at| 0.5f64.powi(at as i32)) };
    let (bar, xs_bar) = weighted.apply_grad(&[2.0, 4.0]);
    assert_eq!(bar.weights, [2.0, 2.0]);
    assert_eq!(xs_bar, [0.3, -0.1]);
}

#[test]
fn functions_given_to_methods() {
    let (first, second) = (Layer { w: 0.4, b: -0.1 }, Layer { w: 1.2, b: 0.3 });
    gradcheck!(two_layers(&first, &second, 0.7, 0.9)).unwrap();
}
