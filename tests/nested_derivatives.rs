//! Derivatives of functions that call derivatives of others: all nestings of the two modes, against closed forms and
//! against differences.
#![allow(clippy::all, clippy::pedantic)]

mod common;

use differentiable::ndarray::{Array1, Array2, ArrayView1, array};
use differentiable::{Differentiable, differentiable};

/// The central difference with one step of extrapolation.
fn difference(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    let at = |h: f64| (f(x + h) - f(x - h)) / (2.0 * h);
    (4.0 * at(1e-4) - at(2e-4)) / 3.0
}

#[track_caller]
fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-8 * (1.0 + expected.abs()), "{found} instead of {expected}");
}

#[differentiable(order = 2)]
fn product(x: f64, y: f64) -> f64 {
    x * x * y.sin()
}

/// Perturbation confusion would give another derivative: `d/dx (x * d/dy (x + y))` is 1.
#[differentiable(order = 2)]
fn sum(x: f64, y: f64) -> f64 {
    x + y
}

#[differentiable]
fn confused_by_grad(x: f64) -> f64 {
    let (_, of_y) = sum::grad(x, 1.0);
    x * of_y
}

#[differentiable]
fn confused_by_jvp(x: f64) -> f64 {
    x * sum::jvp(x, 1.0, 0.0, 1.0).1
}

#[test]
fn perturbations_are_not_confused() {
    assert_eq!(confused_by_grad::grad(5.0), 1.0);
    assert_eq!(confused_by_grad::jvp(5.0, 1.0), (5.0, 1.0));
    assert_eq!(confused_by_jvp::grad(5.0), 1.0);
    assert_eq!(confused_by_jvp::jvp(5.0, 1.0), (5.0, 1.0));
}

#[differentiable]
fn by_grad(x: f64, y: f64) -> f64 {
    let (of_x, of_y) = product::grad(x, y);
    of_x * of_x + 3.0 * of_y * x
}

#[differentiable]
fn by_value_and_grad(x: f64, y: f64) -> f64 {
    let (value, (of_x, of_y)) = product::value_and_grad(x * y, y);
    value * of_x + of_y.exp()
}

#[differentiable]
fn by_jvp(x: f64, y: f64) -> f64 {
    let (value, dot) = product::jvp(x, y, y * y, x);
    value * dot
}

#[differentiable]
fn by_vjp(x: f64, y: f64) -> f64 {
    let (value, pullback) = product::vjp(x, y);
    let (of_x, of_y) = pullback(value * x);
    let (again, _) = pullback(2.0);
    of_x * of_y + again
}

#[test]
fn all_nestings_of_a_function_of_numbers() {
    let (x, y): (f64, f64) = (0.7, 1.3);
    let plain: [(fn(f64, f64) -> f64, fn(f64, f64) -> (f64, f64), fn(f64, f64, f64, f64) -> (f64, f64)); 4] = [
        (by_grad, by_grad::grad, by_grad::jvp),
        (by_value_and_grad, by_value_and_grad::grad, by_value_and_grad::jvp),
        (by_jvp, by_jvp::grad, by_jvp::jvp),
        (by_vjp, by_vjp::grad, by_vjp::jvp),
    ];
    for (f, grad, jvp) in plain {
        let (of_x, of_y) = grad(x, y);
        close(of_x, difference(|x| f(x, y), x));
        close(of_y, difference(|y| f(x, y), y));
        let (value, dot) = jvp(x, y, 0.3, -0.4);
        assert_eq!(value, f(x, y));
        close(dot, 0.3 * of_x - 0.4 * of_y);
    }
}

#[differentiable(order = 2)]
fn energy(x: &[f64], k: f64) -> f64 {
    let mut sum = 0.0;
    for i in 1..x.len() {
        let d = x[i] - x[i - 1];
        sum += k * d * d + d.powi(4);
    }
    sum
}

/// A force inside an integrator.
#[differentiable]
fn integrate(start: &[f64], k: f64) -> f64 {
    let mut x = start.to_vec();
    let mut v = vec![0.0; x.len()];
    for _ in 0..5 {
        let (force, _) = energy::grad(&x, k);
        for i in 0..x.len() {
            v[i] -= 0.1 * force[i];
            x[i] += 0.1 * v[i];
        }
    }
    x[0] * x[0] + v[1]
}

/// A gradient penalty.
#[differentiable]
fn penalised(x: &[f64], k: f64) -> f64 {
    let (value, (of_x, of_k)) = energy::value_and_grad(x, k);
    value + 0.1 * of_x.iter().map(|g| g * g).sum::<f64>() + of_k
}

/// The curvature in a direction.
#[differentiable]
fn directional(x: &[f64], v: &[f64], k: f64) -> f64 {
    let (_, dot) = energy::jvp(x, k, v, 0.0);
    dot * dot
}

#[differentiable]
fn pulled(x: &[f64], k: f64) -> f64 {
    let (value, pullback) = energy::vjp(x, k);
    let (g, h) = pullback(value);
    g[0] * h + g[1]
}

#[test]
fn all_nestings_of_a_function_of_a_list() {
    let x = [0.3, -0.2, 0.9];
    let functions: [(
        fn(&[f64], f64) -> f64,
        fn(&[f64], f64) -> (Vec<f64>, f64),
        fn(&[f64], f64, &[f64], f64) -> (f64, f64),
    ); 3] = [
        (integrate, integrate::grad, integrate::jvp),
        (penalised, penalised::grad, penalised::jvp),
        (pulled, pulled::grad, pulled::jvp),
    ];
    for (f, grad, jvp) in functions {
        let (g, of_k) = grad(&x, 1.5);
        for i in 0..x.len() {
            let shifted = |value: f64| {
                let mut x = x;
                x[i] = value;
                f(&x, 1.5)
            };
            close(g[i], difference(shifted, x[i]));
        }
        close(of_k, difference(|k| f(&x, k), 1.5));
        let v = [1.0, 0.5, -2.0];
        let dot = jvp(&x, 1.5, &v, 0.7).1;
        close(dot, g.iter().zip(v).map(|(g, v)| g * v).sum::<f64>() + 0.7 * of_k);
    }
    let v = [1.0, 0.5, -2.0];
    let (of_x, of_v, of_k) = directional::grad(&x, &v, 1.5);
    close(of_k, difference(|k| directional(&x, &v, k), 1.5));
    close(of_v[1], difference(|b| directional(&x, &[1.0, b, -2.0], 1.5), 0.5));
    close(of_x[2], difference(|c| directional(&[0.3, -0.2, c], &v, 1.5), 0.9));
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Spring {
    stiffness: f64,
    rest: Vec<f64>,
    name: String,
}

impl Spring {
    #[differentiable(order = 2)]
    fn stored(&self, x: &[f64]) -> f64 {
        let mut sum = 0.0;
        for (x, rest) in x.iter().zip(&self.rest) {
            sum += 0.5 * self.stiffness * (x - rest).powi(4);
        }
        sum
    }

    /// Calls a derivative of a sibling.
    #[differentiable]
    fn work(&self, x: &[f64]) -> f64 {
        let (of_self, force) = self.stored_grad(x);
        force[0] * force[1] + of_self.stiffness
    }
}

#[differentiable]
fn of_method(k: f64, x: &[f64]) -> f64 {
    let spring = Spring { stiffness: k, rest: vec![0.1, k], name: String::new() };
    let (value, (of_spring, force)) = Spring::stored_value_and_grad(&spring, x);
    value * force[0] + of_spring.rest[1] * of_spring.stiffness
}

#[test]
fn derivatives_of_methods() {
    let x = [0.7, -0.4];
    let (of_k, of_x) = of_method::grad(1.3, &x);
    close(of_k, difference(|k| of_method(k, &x), 1.3));
    close(of_x[0], difference(|a| of_method(1.3, &[a, x[1]]), x[0]));
    close(of_method::jvp(1.3, &x, 1.0, &[2.0, 0.0]).1, of_k + 2.0 * of_x[0]);
    let spring = Spring { stiffness: 1.3, rest: vec![0.1, 0.2], name: String::new() };
    let (of_spring, of_x) = spring.work_grad(&x);
    close(of_x[1], difference(|b| spring.work(&[x[0], b]), x[1]));
    close(of_spring.stiffness, difference(|k| Spring { stiffness: k, ..spring.clone() }.work(&x), 1.3));
    close(of_spring.rest[0], difference(|r| Spring { rest: vec![r, 0.2], ..spring.clone() }.work(&x), 0.1));
    close(
        spring.work_jvp(&x, &of_spring, &[0.0, 0.0]).1,
        of_spring.stiffness.powi(2) + of_spring.rest.iter().map(|r| r * r).sum::<f64>(),
    );
}

#[differentiable(order = 2)]
fn of_struct(spring: &Spring, scale: f64) -> f64 {
    spring.stiffness.powi(3) * spring.rest[0] * spring.rest[0] * scale.exp()
}

#[differentiable]
fn with_struct(spring: &Spring, scale: f64) -> f64 {
    let (gradient, of_scale) = of_struct::grad(spring, scale);
    gradient.stiffness * gradient.rest[0] + of_scale
}

#[differentiable]
fn with_pullback_of_struct(spring: &Spring, scale: f64) -> f64 {
    let (value, pullback) = of_struct::vjp(spring, scale);
    let (gradient, _) = pullback(value);
    gradient.stiffness
}

#[test]
fn derivatives_by_structs() {
    let spring = Spring { stiffness: 1.3, rest: vec![0.7], name: String::new() };
    for (f, grad) in [
        (with_struct as fn(&Spring, f64) -> f64, with_struct::grad as fn(&Spring, f64) -> (SpringTangent, f64)),
        (with_pullback_of_struct, with_pullback_of_struct::grad),
    ] {
        let (of_spring, of_scale) = grad(&spring, 0.3);
        close(of_spring.stiffness, difference(|k| f(&Spring { stiffness: k, ..spring.clone() }, 0.3), 1.3));
        close(of_spring.rest[0], difference(|r| f(&Spring { rest: vec![r], ..spring.clone() }, 0.3), 0.7));
        close(of_scale, difference(|s| f(&spring, s), 0.3));
    }
}

#[differentiable(order = 2)]
fn of_tensors(w: &Array2<f64>, x: ArrayView1<f64>) -> f64 {
    let h = w.dot(&x).mapv(f64::tanh);
    (&h * &h).sum()
}

/// A gradient penalty with respect to the input.
#[differentiable(wrt(w))]
fn penalty(w: &Array2<f64>, x: ArrayView1<f64>) -> f64 {
    let (_, of_x) = of_tensors::grad(w, x);
    (of_x.mapv(|g| g * g).sum().sqrt() - 1.0).powi(2)
}

#[differentiable(order = 2)]
fn layer(w: &Array1<f64>, scale: f64) -> Array1<f64> {
    w.mapv(|w| (scale * w).sin())
}

#[differentiable]
fn of_layer(w: &Array1<f64>, scale: f64) -> f64 {
    let (y, pullback) = layer::vjp(w, scale);
    let (of_w, of_scale) = pullback(y);
    let (_, dot) = layer::jvp(w, scale, &of_w, 0.5);
    of_w.sum() + of_scale + dot.sum()
}

#[test]
fn derivatives_of_functions_of_tensors() {
    let (w, x) = (array![[0.3, -0.2], [0.5, 0.8]], array![0.4, 1.1]);
    let of_w = penalty::grad(&w, x.view());
    for i in 0..2 {
        for j in 0..2 {
            let shifted = |value: f64| {
                let mut w = w.clone();
                w[[i, j]] = value;
                penalty(&w, x.view())
            };
            close(of_w[[i, j]], difference(shifted, w[[i, j]]));
        }
    }
    let v = array![[1.0, 2.0], [-0.5, 0.3]];
    close(penalty::jvp(&w, x.view(), &v).1, (&of_w * &v).sum());
    let (of_x, of_scale) = of_layer::grad(&x, 1.7);
    close(of_scale, difference(|s| of_layer(&x, s), 1.7));
    close(of_x[0], difference(|a| of_layer(&array![a, 1.1], 1.7), 0.4));
    close(of_layer::jvp(&x, 1.7, &array![2.0, 0.0], 1.0).1, 2.0 * of_x[0] + of_scale);
}

#[differentiable(order = 2)]
fn bowl(x: &[f64], y: &[f64]) -> f64 {
    (x[0] * x[0] + x[1] * x[1]) - (y[0] * y[0] + y[1] * y[1])
}

/// Gradient descent with a step that adapts, which is itself differentiated.
#[differentiable]
fn minimum(start: &[f64], target: f64) -> f64 {
    let mut x = start.to_vec();
    let mut value = inner(&x, target);
    let mut step = 0.1;
    for _ in 0..40 {
        let (slope, _) = inner::grad(&x, target);
        let next: Vec<f64> = x.iter().zip(&slope).map(|(x, g)| x - step * g).collect();
        let at = inner(&next, target);
        if at < value {
            x = next;
            value = at;
            step *= 1.1;
        } else {
            step *= 0.5;
        }
    }
    value + x[0]
}

#[differentiable(order = 2)]
fn inner(x: &[f64], target: f64) -> f64 {
    (x[0] - target).powi(2) + 0.5 * (x[1] - target * target).powi(2)
}

#[test]
fn an_optimiser_inside_a_loss() {
    let (_, of_target) = minimum::grad(&[0.0, 0.0], 0.8);
    assert!((of_target - difference(|t| minimum(&[0.0, 0.0], t), 0.8)).abs() < 1e-6);
    assert!((of_target - 1.0).abs() < 1e-3);
    assert!((minimum::jvp(&[0.0, 0.0], 0.8, &[0.0, 0.0], 1.0).1 - of_target).abs() < 1e-12);
    assert_eq!(bowl::grad(&[1.0, 2.0], &[3.0, 4.0]), (vec![2.0, 4.0], vec![-6.0, -8.0]));
}

#[differentiable(order = 2)]
fn generic<T: num_traits::Float>(x: T, y: T) -> T {
    x * x * y + x.exp()
}

#[differentiable]
fn of_generic<T: num_traits::Float + differentiable::rt::Scalar>(x: T) -> T {
    let (of_x, of_y) = generic::grad(x, x);
    of_x * of_y
}

#[differentiable]
fn of_single(x: f32) -> f32 {
    let (of_x, _) = generic::grad(x, 2.0);
    of_x
}

#[test]
fn generic_functions() {
    close(of_generic::grad(0.6f64), difference(|x| of_generic(x), 0.6));
    close(of_generic::jvp(0.6f64, 2.0).1, 2.0 * of_generic::grad(0.6f64));
    assert!((of_single::grad(0.5) - (4.0 + 0.5f32.exp())).abs() < 1e-5);
}
