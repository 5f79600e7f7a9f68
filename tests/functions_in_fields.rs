//! Structs with functions in their fields: functions of integers are constants, the derivatives of others are given.

#![allow(missing_docs)]

use differentiable::{Differentiable, differentiable, function, gradcheck};

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

// Functions in fields that get differentiable values: the derivatives take them as parameters, after the others.

#[differentiable]
fn square(x: f64) -> f64 {
    x * x
}

#[differentiable]
fn wave(x: f64) -> f64 {
    (2.0 * x).sin()
}

#[differentiable]
fn applied_twice(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    f(f(x))
}

/// A constant, of which nothing but the function is used.
struct Solver {
    f: Box<dyn Fn(f64) -> f64>,
    damping: f64,
}

#[differentiable(wrt(x))]
fn damped_step(solver: &Solver, x: f64) -> f64 {
    let residual = (solver.f)(x);
    x - residual * solver.damping
}

#[derive(Clone, Differentiable)]
struct Scaled<F: Fn(f64) -> f64> {
    #[nograd]
    f: F,
    k: f64,
}

#[differentiable]
impl<F: Fn(f64) -> f64> Scaled<F> {
    fn run(&self, x: f64) -> f64 {
        self.k * (self.f)(x)
    }

    fn twice(&self, x: f64) -> f64 {
        self.run(self.run(x)) + (self.f)(self.k)
    }
}

#[differentiable]
fn outside(scaled: &Scaled<fn(f64) -> f64>, x: f64) -> f64 {
    scaled.twice(x) * x
}

#[derive(Clone, Differentiable)]
struct Unit {
    activation: fn(f64) -> f64,
    w: f64,
}

impl Unit {
    #[differentiable]
    fn forward(&self, x: f64) -> f64 {
        let activation = self.activation;
        activation(self.w * x) + applied_twice(self.activation, x)
    }

    #[differentiable]
    fn both(&self, x: f64) -> f64 {
        self.forward(x) * self.forward(2.0 * x)
    }
}

#[derive(Clone, Differentiable)]
struct Net {
    first: Unit,
    second: Unit,
}

#[differentiable]
fn net(n: &Net, x: f64) -> f64 {
    n.second.forward(n.first.forward(x)) + n.first.both(x)
}

struct Ode<F> {
    f: F,
    h: f64,
}

impl<F> Ode<F>
where
    F: Fn(f64, f64) -> f64,
{
    #[differentiable(wrt(y))]
    fn euler(&self, t: f64, y: f64) -> f64 {
        y + self.h * (self.f)(t, y)
    }
}

#[differentiable]
fn decay(t: f64, y: f64) -> f64 {
    -y * t.cos()
}

fn slope(f: impl Fn(f64) -> f64, at: f64) -> f64 {
    (f(at + 1e-6) - f(at - 1e-6)) / 2e-6
}

fn assert_near(left: f64, right: f64) {
    assert!((left - right).abs() < 1e-8, "{left} is not {right}");
}

#[test]
fn functions_in_fields_with_differentiable_arguments() {
    let solver = Solver { f: Box::new(square), damping: 0.5 };
    assert_near(damped_step::grad(&solver, 0.7, function!(square)), 1.0 - 0.5 * 1.4);
    let ode = Ode { f: decay, h: 0.1 };
    assert_near(ode.euler_grad(0.3, 0.7, function!(decay)), 1.0 - 0.1 * 0.3f64.cos());
}

#[test]
fn functions_in_fields_are_handed_on() {
    let make = |k: f64| Scaled { f: square as fn(f64) -> f64, k };
    let (bar, x_bar) = make(0.7).twice_grad(0.3, function!(square));
    assert_near(bar.k, slope(|k| make(k).twice(0.3), 0.7));
    assert_near(x_bar, slope(|x| make(0.7).twice(x), 0.3));
    let (bar, x_bar) = outside::grad(&make(0.7), 0.3, function!(square));
    assert_near(bar.k, slope(|k| outside(&make(k), 0.3), 0.7));
    assert_near(x_bar, slope(|x| outside(&make(0.7), x), 0.3));
    let (_, dot) = outside::jvp(&make(0.7), 0.3, function!(square), &bar, x_bar);
    assert_near(dot, bar.k * bar.k + x_bar * x_bar);
}

/// Two values with different functions: each has a parameter of its own.
#[test]
fn functions_in_fields_of_fields() {
    let make =
        |a: f64, b: f64| Net { first: Unit { activation: square, w: a }, second: Unit { activation: wave, w: b } };
    let (bar, x_bar) = net::grad(&make(0.4, 0.9), 0.3, function!(square), function!(wave));
    assert_near(bar.first.w, slope(|a| net(&make(a, 0.9), 0.3), 0.4));
    assert_near(bar.second.w, slope(|b| net(&make(0.4, b), 0.3), 0.9));
    assert_near(x_bar, slope(|x| net(&make(0.4, 0.9), x), 0.3));
}
