//! Functions whose derivatives are given: by rules written by hand, or by the equation that their result solves.
#![allow(clippy::all, clippy::pedantic)]

mod common;

use differentiable::ndarray::{Array1, Array2, array};
use differentiable::{Differentiable, differentiable, gradcheck};

/// Counts how often it is called, which the rules do not do.
static CALLS: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);

#[differentiable(vjp = log1pexp_vjp, jvp = log1pexp_jvp)]
fn log1pexp(x: f64) -> f64 {
    CALLS.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    (1.0 + x.exp()).ln()
}

fn log1pexp_vjp(x: f64) -> (f64, impl Fn(f64) -> f64) {
    let slope = 1.0 / (1.0 + (-x).exp());
    (log1pexp(x), move |y_bar| y_bar * slope)
}

fn log1pexp_jvp(x: f64, x_dot: f64) -> (f64, f64) {
    (log1pexp(x), x_dot / (1.0 + (-x).exp()))
}

#[differentiable]
fn loss(w: &[f64], x: &[f64]) -> f64 {
    let mut total = 0.0;
    for (w, x) in w.iter().zip(x) {
        total += log1pexp(w * x) * w;
    }
    total
}

#[test]
fn rules_of_a_number() {
    assert!((log1pexp::grad(100.0) - 1.0).abs() < 1e-12);
    gradcheck!(log1pexp(0.3)).unwrap();
    gradcheck!(loss(&[0.3, -0.7][..], &[1.0, 2.0][..])).unwrap();
}

/// What the pullback keeps is of a type of its own.
struct Residuals {
    sorted: Vec<f64>,
    order: Vec<usize>,
}

#[differentiable(vjp = ranked_vjp)]
fn ranked(x: &[f64], scale: f64) -> Vec<f64> {
    let mut sorted = x.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.iter().map(|x| x * scale).collect()
}

fn ranked_vjp(x: &[f64], scale: f64) -> (Vec<f64>, impl Fn(Vec<f64>) -> (Vec<f64>, f64) + use<>) {
    let mut order: Vec<usize> = (0..x.len()).collect();
    order.sort_by(|a, b| x[*a].total_cmp(&x[*b]));
    let kept = Residuals { sorted: order.iter().map(|i| x[*i]).collect(), order };
    (ranked(x, scale), move |y_bar| {
        let mut x_bar = vec![0.0; y_bar.len()];
        let mut scale_bar = 0.0;
        for (rank, i) in kept.order.iter().enumerate() {
            x_bar[*i] += y_bar[rank] * scale;
            scale_bar += y_bar[rank] * kept.sorted[rank];
        }
        (x_bar, scale_bar)
    })
}

#[differentiable]
fn of_ranked(x: &[f64], scale: f64) -> f64 {
    let y = ranked(x, scale);
    let mut total = 0.0;
    for (i, y) in y.iter().enumerate() {
        total += (i as f64 + 1.0) * y * y;
    }
    total
}

#[test]
fn residuals_of_any_type() {
    let x = [0.3, -0.5, 1.7, 0.9];
    gradcheck!(ranked(&x[..], 2.0)).unwrap();
    gradcheck!(of_ranked(&x[..], 2.0)).unwrap();
}

/// Only the forward rule is given.
#[differentiable(jvp = rotated_jvp)]
fn rotated(point: [f64; 2], angle: f64) -> [f64; 2] {
    let (s, c) = angle.sin_cos();
    [c * point[0] - s * point[1], s * point[0] + c * point[1]]
}

fn rotated_jvp(point: [f64; 2], angle: f64, point_dot: [f64; 2], angle_dot: f64) -> ([f64; 2], [f64; 2]) {
    let value = rotated(point, angle);
    let turned = rotated(point_dot, angle);
    (value, [turned[0] - value[1] * angle_dot, turned[1] + value[0] * angle_dot])
}

#[differentiable]
fn of_rotated(angle: f64, x: f64) -> f64 {
    let p = rotated([x, 2.0], angle);
    p[0] * p[1]
}

#[test]
fn one_rule_gives_the_other() {
    gradcheck!(rotated([0.3, -0.4], 0.7)).unwrap();
    gradcheck!(of_rotated(0.7, 1.3)).unwrap();
}

#[derive(Clone, Debug, Differentiable)]
struct Line {
    slope: f64,
    offset: f64,
}

impl Line {
    #[differentiable(vjp = line_rule)]
    fn at(&self, x: f64) -> f64 {
        self.slope * x + self.offset
    }
}

fn line_rule(line: &Line, x: f64) -> (f64, impl Fn(f64) -> (LineTangent, f64) + use<>) {
    let slope = line.slope;
    (line.at(x), move |y_bar| (LineTangent { slope: y_bar * x, offset: y_bar }, y_bar * slope))
}

#[differentiable]
fn through_line(line: &Line, x: f64) -> f64 {
    let y = line.at(x);
    y * line.at(y)
}

#[test]
fn rules_of_methods() {
    let line = Line { slope: 0.5, offset: -1.0 };
    let (of_line, of_x) = line.at_grad(3.0);
    assert_eq!((of_line.slope, of_line.offset, of_x), (3.0, 1.0, 0.5));
    gradcheck!(through_line(&line, 0.8)).unwrap();
}

/// The factor 2 is wrong on purpose.
#[differentiable(vjp = wrong_cube_vjp)]
fn wrong_cube(x: f64) -> f64 {
    x * x * x
}

fn wrong_cube_vjp(x: f64) -> (f64, impl Fn(f64) -> f64) {
    (wrong_cube(x), move |y_bar| 2.0 * x * x * y_bar)
}

#[test]
fn a_wrong_rule_is_named() {
    let error = gradcheck!(wrong_cube(1.5)).unwrap_err();
    assert_eq!(error.rules, Some("`wrong_cube_vjp`"));
    let message = error.to_string();
    assert!(message.starts_with("gradcheck of `wrong_cube`, whose rule is `wrong_cube_vjp`: parameter 0"), "{message}");
}

#[differentiable(wrt(matrix), vjp = weighted_vjp)]
fn weighted(matrix: &Array2<f64>, weights: &Array1<f64>) -> Array1<f64> {
    matrix.dot(weights)
}

fn weighted_vjp(
    matrix: &Array2<f64>,
    weights: &Array1<f64>,
) -> (Array1<f64>, impl Fn(Array1<f64>) -> Array2<f64> + use<>) {
    let weights = weights.clone();
    (matrix.dot(&weights), move |y_bar| {
        Array2::from_shape_fn((y_bar.len(), weights.len()), |(i, j)| y_bar[i] * weights[j])
    })
}

#[differentiable(wrt(matrix))]
fn of_weighted(matrix: &Array2<f64>, weights: &Array1<f64>) -> f64 {
    weighted(matrix, weights).mapv(|y| y * y).sum()
}

#[test]
fn rules_of_tensors() {
    let (matrix, weights) = (array![[0.3, -0.2], [0.5, 0.8]], array![1.5, -2.0]);
    let y = matrix.dot(&weights);
    let expected = Array2::from_shape_fn((2, 2), |(i, j)| 2.0 * y[i] * weights[j]);
    let gradient = of_weighted::grad(&matrix, &weights);
    assert!((&gradient - &expected).iter().all(|d| d.abs() < 1e-12));
    let direction = array![[1.0, 2.0], [-1.0, 0.5]];
    let dot = of_weighted::jvp(&matrix, &weights, &direction).1;
    assert!((dot - (&gradient * &direction).sum()).abs() < 1e-12);
}

// Functions that are defined by an equation.

#[differentiable]
fn cubic(x: f64, a: f64, b: f64) -> f64 {
    x * x * x + a * x - b
}

/// Newton's method, which is not differentiated.
#[differentiable(root_of = cubic)]
fn root(a: f64, b: f64) -> f64 {
    let mut x = 1.0;
    for _ in 0..100 {
        x -= cubic(x, a, b) / (3.0 * x * x + a);
    }
    x
}

/// The same, differentiated through its iterations.
#[differentiable]
fn unrolled(a: f64, b: f64) -> f64 {
    let mut x = 1.0;
    for _ in 0..30 {
        x -= cubic(x, a, b) / (3.0 * x * x + a);
    }
    x
}

#[differentiable]
fn of_root(a: f64, b: f64) -> f64 {
    let x = root(a * b, b);
    x * x + a
}

#[test]
fn the_root_of_an_equation() {
    let (x, (of_a, of_b)) = root::value_and_grad(2.0, 5.0);
    let slope = 3.0 * x * x + 2.0;
    assert!((of_a + x / slope).abs() < 1e-14 && (of_b - 1.0 / slope).abs() < 1e-14);
    let (unrolled_a, unrolled_b) = unrolled::grad(2.0, 5.0);
    assert!((of_a - unrolled_a).abs() < 1e-12 && (of_b - unrolled_b).abs() < 1e-12);
    gradcheck!(root(2.0, 5.0)).unwrap();
    gradcheck!(of_root(0.7, 3.0)).unwrap();
}

/// Two circles.
#[differentiable]
fn circles(p: &[f64], centre: [f64; 2], radius: f64) -> Vec<f64> {
    vec![p[0] * p[0] + p[1] * p[1] - 4.0, (p[0] - centre[0]).powi(2) + (p[1] - centre[1]).powi(2) - radius * radius]
}

#[differentiable(root_of = circles)]
fn intersection(centre: [f64; 2], radius: f64) -> Vec<f64> {
    let mut p = vec![1.0, 1.5];
    for _ in 0..50 {
        let f = circles(&p, centre, radius);
        let (a, b) = (2.0 * p[0], 2.0 * p[1]);
        let (c, d) = (2.0 * (p[0] - centre[0]), 2.0 * (p[1] - centre[1]));
        let det = a * d - b * c;
        p[0] -= (d * f[0] - b * f[1]) / det;
        p[1] -= (a * f[1] - c * f[0]) / det;
    }
    p
}

#[differentiable]
fn of_intersection(centre: [f64; 2], radius: f64) -> f64 {
    let p = intersection(centre, radius);
    p[0] * p[1].exp()
}

#[test]
fn the_root_of_a_system() {
    gradcheck!(intersection([2.0, 0.5], 1.7)).unwrap();
    gradcheck!(of_intersection([2.0, 0.5], 1.7)).unwrap();
}

/// A fixed point, `x = tanh(w x + b)`, in arrays.
#[differentiable]
fn distance_from_fixed_point(x: &Array1<f64>, w: &Array2<f64>, b: &Array1<f64>) -> Array1<f64> {
    x - (w.dot(x) + b).mapv(f64::tanh)
}

#[differentiable(root_of = distance_from_fixed_point)]
fn equilibrium(w: &Array2<f64>, b: &Array1<f64>) -> Array1<f64> {
    let mut x = Array1::zeros(b.len());
    for _ in 0..500 {
        x = (w.dot(&x) + b).mapv(f64::tanh);
    }
    x
}

#[differentiable]
fn of_equilibrium(w: &Array2<f64>, b: &Array1<f64>) -> f64 {
    let x = equilibrium(w, b);
    x.dot(&x)
}

#[test]
fn a_fixed_point() {
    let (w, b) = (array![[0.3, -0.2], [0.4, 0.1]], array![0.5, -0.7]);
    gradcheck!(of_equilibrium(&w, &b)).unwrap();
}

/// The parameters of a ridge regression in closed form by descent: an `argmin` inside a loss.
#[differentiable(order = 2)]
fn ridge(w: &[f64], x: &[f64], y: &[f64], penalty: f64) -> f64 {
    let mut sum = penalty * (w[0] * w[0] + w[1] * w[1]);
    for (x, y) in x.iter().zip(y) {
        let d = w[0] + w[1] * x - y;
        sum += d * d;
    }
    sum
}

#[differentiable]
fn stationary(w: &[f64], x: &[f64], y: &[f64], penalty: f64) -> Vec<f64> {
    let (of_w, _, _, _) = ridge::grad(w, x, y, penalty);
    of_w
}

#[differentiable(root_of = stationary)]
fn fit(x: &[f64], y: &[f64], penalty: f64) -> Vec<f64> {
    let mut w = vec![0.0; 2];
    for _ in 0..4000 {
        let of_w = stationary(&w, x, y, penalty);
        w[0] -= 0.02 * of_w[0];
        w[1] -= 0.02 * of_w[1];
    }
    w
}

/// The error on other data, by the penalty: a hyperparameter's gradient.
#[differentiable(wrt(y, penalty))]
fn validation(x: &[f64], y: &[f64], penalty: f64) -> f64 {
    let w = fit(x, y, penalty);
    (w[0] + 1.5 * w[1] - 2.0).powi(2)
}

#[test]
fn an_argmin_inside_a_loss() {
    let (x, y) = ([0.0, 1.0, 2.0], [0.3, 1.1, 2.2]);
    let (of_y, of_penalty) = validation::grad(&x, &y, 0.1);
    let h = 1e-5;
    let difference = (validation(&x, &y, 0.1 + h) - validation(&x, &y, 0.1 - h)) / (2.0 * h);
    assert!((of_penalty - difference).abs() < 1e-7, "{of_penalty} and {difference}");
    let shifted = |h: f64| validation(&x, &[0.3 + h, 1.1, 2.2], 0.1);
    assert!((of_y[0] - (shifted(h) - shifted(-h)) / (2.0 * h)).abs() < 1e-7);
    assert!((validation::jvp(&x, &y, 0.1, &[1.0, 0.0, 0.0], 1.0).1 - of_y[0] - of_penalty).abs() < 1e-10);
}

#[differentiable]
fn flat(x: f64, a: f64) -> f64 {
    0.0 * x + a - a
}

#[differentiable(root_of = flat)]
fn anything(a: f64) -> f64 {
    a
}

#[test]
#[should_panic(expected = "`anything`: the Jacobian of `flat` with respect to the solution is singular")]
fn a_singular_equation() {
    anything::grad(1.0);
}
