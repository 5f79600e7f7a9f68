//! Second derivatives of functions that call derivatives of others, which have `order = 3`.

use differentiable::differentiable;
use differentiable::ndarray::Array2;

#[differentiable(order = 3)]
fn g(x: f64) -> f64 {
    (x * x).sin() + x.powi(4)
}

#[differentiable(order = 3)]
fn inner(x: f64, y: f64) -> f64 {
    (x * y).exp() + x * x * y.sin()
}

#[differentiable(order = 3)]
fn well(x: &[f64], k: f64) -> f64 {
    let mut sum = 0.0;
    for i in 1..x.len() {
        sum += inner(x[i], x[i - 1] * k);
    }
    sum + k * x[0].powi(3)
}

#[differentiable(order = 3)]
fn list(x: Vec<f64>, k: f64) -> Vec<f64> {
    x.iter().map(|x| x.powi(3) * k * k).collect()
}

#[differentiable(hvp, hessian)]
fn penalty(x: f64) -> f64 {
    let slope = g::grad(x);
    slope * slope
}

#[differentiable(hvp, hessian)]
fn penalty_of_list(x: &[f64], k: f64) -> f64 {
    let (by_x, by_k) = well::grad(x, k);
    by_x.iter().map(|slope| slope * slope).sum::<f64>() + by_k * x[0]
}

#[differentiable(hvp, hessian)]
fn with_value(x: f64, y: f64) -> f64 {
    let (value, (by_x, by_y)) = inner::value_and_grad(x, y * x);
    value * by_x + by_y * by_y
}

#[differentiable(hvp, hessian)]
fn forward(x: f64, v: f64) -> f64 {
    let (value, slope) = g::jvp(x, v * x);
    value * slope
}

#[differentiable(hvp, hessian)]
fn reverse(x: &[f64], k: f64) -> f64 {
    let (y, pullback) = list::vjp(x.to_vec(), k);
    let (by_x, by_k) = pullback(y.iter().map(|y| y * k).collect());
    by_x.iter().sum::<f64>() * by_k
}

#[differentiable]
fn curvature(x: &[f64], k: f64) -> f64 {
    let v = [0.3, -0.2 * k, x[0]];
    let (product, by_k) = well::hvp(x, k, &v, 0.5);
    product[0] * product[1] + by_k * product[2]
}

#[differentiable(order = 3)]
fn power(x: f64, n: u32) -> f64 {
    if n == 0 { x.sin() } else { x * power(x, n - 1) }
}

#[differentiable(order = 3)]
fn checked(x: f64) -> Option<f64> {
    if x > 0.0 { Some(x.ln() * x * x) } else { None }
}

#[differentiable(order = 3)]
fn recursive(x: f64, y: f64) -> f64 {
    power(x * y, 2) + checked(y * y + 0.1).unwrap_or(0.0)
}

#[differentiable(hvp, hessian)]
fn of_recursive(x: f64, y: f64) -> f64 {
    let (by_x, by_y) = recursive::grad(x, y);
    by_x * by_y
}

#[differentiable(order = 3)]
fn integral(f: impl Fn(f64) -> f64, to: f64) -> f64 {
    (f(0.0) + 4.0 * f(0.5 * to) + f(to)) * to / 6.0
}

#[differentiable(order = 3)]
fn with_closure(x: f64) -> f64 {
    integral(|t| (t * x).exp(), x)
}

/// What it calls has no reverse derivatives of the third order, which nothing here asks for.
#[differentiable(order = 3)]
fn of_closure(x: f64) -> f64 {
    with_closure(x).sin()
}

#[differentiable]
fn in_place(x: f64) -> f64 {
    g::hvp(x, x.sin()) * x
}

fn close(a: f64, b: f64) {
    assert!((a - b).abs() < 2e-5 * (1.0 + a.abs()), "{a} {b}");
}

/// The Hessian against differences of the gradient.
fn check(x: &[f64], hessian: &Array2<f64>, gradient: impl Fn(&[f64]) -> Vec<f64>) {
    let h = 1e-5;
    for column in 0..x.len() {
        let at = |step: f64| {
            let mut x = x.to_vec();
            x[column] += step;
            gradient(&x)
        };
        for (row, (left, right)) in at(-h).iter().zip(at(h)).enumerate() {
            close(hessian[[row, column]], (right - left) / (2.0 * h));
            close(hessian[[row, column]], hessian[[column, row]]);
        }
    }
}

fn joined((mut x, k): (Vec<f64>, f64)) -> Vec<f64> {
    x.push(k);
    x
}

#[test]
fn of_gradients() {
    let h = 1e-5;
    close(penalty::hessian(0.7), (penalty::grad(0.7 + h) - penalty::grad(0.7 - h)) / (2.0 * h));
    close(penalty::jvp(0.7, 1.0).1, penalty::grad(0.7));
    let x = [0.4, -0.3, 0.8, 1.1];
    check(&x, &penalty_of_list::hessian(&x[..3], x[3]), |x| joined(penalty_of_list::grad(&x[..3], x[3])));
    let x = [0.4, 0.6];
    check(&x, &of_recursive::hessian(x[0], x[1]), |x| <[f64; 2]>::from(of_recursive::grad(x[0], x[1])).to_vec());
    let x = [0.4, -0.3];
    check(&x, &with_value::hessian(x[0], x[1]), |x| <[f64; 2]>::from(with_value::grad(x[0], x[1])).to_vec());
}

#[test]
fn of_both_modes() {
    let x = [0.4, -0.3];
    check(&x, &forward::hessian(x[0], x[1]), |x| <[f64; 2]>::from(forward::grad(x[0], x[1])).to_vec());
    let x = [0.4, -0.3, 0.8, 1.1];
    check(&x, &reverse::hessian(&x[..3], x[3]), |x| joined(reverse::grad(&x[..3], x[3])));
}

#[test]
fn of_products() {
    let h = 1e-5;
    let second = |x: f64| of_closure::derivatives(x)[2];
    close(of_closure::derivatives(0.8)[3], (second(0.8 + h) - second(0.8 - h)) / (2.0 * h));
    close(in_place::grad(0.7), (in_place(0.7 + h) - in_place(0.7 - h)) / (2.0 * h));
    let x = [0.4, -0.3, 0.8, 1.1];
    let gradient = joined(curvature::grad(&x[..3], x[3]));
    for at in 0..4 {
        let value = |step: f64| {
            let mut x = x;
            x[at] += step;
            curvature(&x[..3], x[3])
        };
        close(gradient[at], (value(h) - value(-h)) / (2.0 * h));
        let mut v = [0.0; 4];
        v[at] = 1.0;
        close(curvature::jvp(&x[..3], x[3], &v[..3], v[3]).1, gradient[at]);
    }
}
