//! Programs of introductions to PyTorch, as people write them in Rust, against the values and gradients that PyTorch
//! computed: filters, Gaussian processes, differential equations, and derivatives inside of what is differentiated.

#![allow(clippy::all)]

use differentiable::ndarray::{Array1, Array2, Axis, Ix0, Ix1, Ix2, array, concatenate};
use differentiable::nn;
use differentiable::{differentiable, no_grad, stop_gradient};
use std::f64::consts::PI;

#[macro_use]
#[path = "common/recorded.rs"]
mod recorded;

cases_of!("data/programs.json");

#[differentiable]
fn kalman_filter(ys: &Array1<f64>, transition: &Array2<f64>, noise: f64) -> f64 {
    let eye: Array2<f64> = Array2::eye(2);
    let h = array![[1.0, 0.5]];
    let (mut m, mut p) = (Array1::zeros(2), Array2::eye(2));
    let mut loss = 0.0;
    for &y in ys {
        m = transition.dot(&m);
        p = transition.dot(&p).dot(&transition.t()) + &eye * noise.exp();
        let s = h.dot(&p).dot(&h.t())[[0, 0]] + 0.5;
        let k = p.dot(&h.t()) / s;
        let error = y - h.dot(&m)[0];
        loss += 0.5 * error * error / s + 0.5 * s.ln();
        m = &m + &(k.column(0).to_owned() * error);
        p = (&eye - &k.dot(&h)).dot(&p);
    }
    loss
}

#[differentiable]
fn gaussian_process(x: &Array1<f64>, y: &Array1<f64>, scale: f64, noise: f64) -> f64 {
    let n = x.len();
    let mut k = Array2::zeros((n, n));
    for i in 0..n {
        for j in 0..n {
            let d = x[i] - x[j];
            k[[i, j]] = (-0.5 * d * d / scale.exp().powi(2)).exp();
        }
        k[[i, i]] += noise.exp();
    }
    let l = nn::cholesky(&k);
    let alpha = nn::solve(&k, y);
    0.5 * y.dot(&alpha) + l.diag().mapv(f64::ln).sum() + 0.5 * n as f64 * (2.0 * PI).ln()
}

#[differentiable]
fn gaussian_likelihood(x: &Array2<f64>, mean: &Array1<f64>, factor: &Array2<f64>) -> f64 {
    let cov = factor.dot(&factor.t()) + Array2::<f64>::eye(3);
    let e = x - mean;
    let whitened = nn::solve(&cov, &e.t());
    0.5 * (&e.t() * &whitened).sum() + 0.5 * x.nrows() as f64 * nn::log_determinant(&cov)
}

#[differentiable]
fn ridge(x: &Array2<f64>, y: &Array1<f64>, strength: f64) -> Array1<f64> {
    let normal = x.t().dot(x) + Array2::<f64>::eye(x.ncols()) * strength.exp();
    nn::inverse(&normal).dot(&x.t().dot(y))
}

#[differentiable]
fn velocity(y: &Array2<f64>, w1: &Array2<f64>, w2: &Array2<f64>) -> Array2<f64> {
    y.dot(w1).tanh().dot(w2)
}

#[differentiable]
fn neural_ode(y: &Array2<f64>, w1: &Array2<f64>, w2: &Array2<f64>) -> f64 {
    let h = 0.1;
    let mut y = y.clone();
    for _ in 0..3 {
        let k1 = velocity(&y, w1, w2);
        let k2 = velocity(&(&y + h / 2.0 * &k1), w1, w2);
        let k3 = velocity(&(&y + h / 2.0 * &k2), w1, w2);
        let k4 = velocity(&(&y + h * &k3), w1, w2);
        y += &((k1 + 2.0 * k2 + 2.0 * k3 + k4) * (h / 6.0));
    }
    (&y * &y).sum()
}

#[differentiable]
fn log_sum_exp(a: &Array2<f64>, axis: Axis) -> Array1<f64> {
    let largest = nn::max_axis(a, axis);
    let e = (a - &largest.clone().insert_axis(axis)).exp();
    largest + e.sum_axis(axis).ln()
}

#[differentiable]
fn optimal_transport(cost: &Array2<f64>) -> f64 {
    let (n, m) = cost.dim();
    let (mut f, mut g) = (Array1::<f64>::zeros(n), Array1::<f64>::zeros(m));
    for _ in 0..5 {
        f = log_sum_exp(&((&g - cost) / 0.5), Axis(1)) * -0.5 - 0.5 * (n as f64).ln();
        g = log_sum_exp(&((&f.view().insert_axis(Axis(1)) - cost) / 0.5), Axis(0)) * -0.5 - 0.5 * (m as f64).ln();
    }
    let plan = ((f.insert_axis(Axis(1)) + &g - cost) / 0.5).exp();
    (plan * cost).sum()
}

#[differentiable]
fn spectral_norm(w: &Array2<f64>, x: &Array1<f64>) -> Array1<f64> {
    let (u, v) = no_grad! {{
        let mut u = Array1::from_elem(3, 1.0 / 3.0_f64.sqrt());
        let mut v = Array1::zeros(2);
        for _ in 0..3 {
            v = w.t().dot(&u);
            v /= v.dot(&v).sqrt();
            u = w.dot(&v);
            u /= u.dot(&u).sqrt();
        }
        (u, v)
    }};
    let sigma = u.dot(w).dot(&v);
    (w / sigma).dot(x)
}

#[test]
fn numerics() {
    cases! {
        "gaussian likelihood": gaussian_likelihood(x: Ix2, mean: Ix1, factor: Ix2);
        "neural differential equation": neural_ode(y: Ix2, w1: Ix2, w2: Ix2);
        "optimal transport": optimal_transport(cost: Ix2);
        "spectral norm": spectral_norm(w: Ix2, x: Ix1);
    }
    let case = self::case;
    let number = |case: &recorded::Case, index| case.input::<Ix0>(index).into_scalar();
    let known = case("kalman filter");
    let (ys, transition) = (known.input::<Ix1>(0), known.input::<Ix2>(1));
    known.compare_vjp(kalman_filter::vjp(&ys, &transition, number(&known, 2)));
    let known = case("gaussian process");
    let (x, y) = (known.input::<Ix1>(0), known.input::<Ix1>(1));
    known.compare_vjp(gaussian_process::vjp(&x, &y, number(&known, 2), number(&known, 3)));
    let known = case("ridge in closed form");
    let (x, y) = (known.input::<Ix2>(0), known.input::<Ix1>(1));
    known.compare_vjp(ridge::vjp(&x, &y, number(&known, 2)));
}

#[differentiable(order = 2)]
fn network(t: f64, w1: &Array1<f64>, b1: &Array1<f64>, w2: &Array1<f64>) -> f64 {
    (w1 * t + b1).tanh().dot(w2)
}

#[differentiable]
fn physics_informed(x: &Array1<f64>, w1: &Array1<f64>, b1: &Array1<f64>, w2: &Array1<f64>) -> f64 {
    let mut loss = 0.0;
    for &t in x.iter() {
        let (u, (slope, _, _, _)) = network::value_and_grad(t, w1, b1, w2);
        loss += (slope + 2.0 * u).powi(2);
    }
    loss / x.len() as f64 + (network(0.0, w1, b1, w2) - 1.0).powi(2)
}

#[differentiable(order = 2)]
fn critic(x: &Array2<f64>, w1: &Array2<f64>, w2: &Array1<f64>) -> f64 {
    nn::softplus(&x.dot(w1)).dot(w2).sum()
}

#[differentiable]
fn gradient_penalty(x: &Array2<f64>, w1: &Array2<f64>, w2: &Array1<f64>) -> f64 {
    let (value, (slopes, _, _)) = critic::value_and_grad(x, w1, w2);
    let norms = slopes.map_axis(Axis(1), |slope| slope.dot(&slope).sqrt());
    norms.mapv(|n| (n - 1.0).powi(2)).mean().unwrap() - value / x.nrows() as f64
}

#[differentiable(order = 2)]
fn regression(w1: &Array2<f64>, w2: &Array1<f64>, x: &Array2<f64>, y: &Array1<f64>) -> f64 {
    nn::mse(&x.dot(w1).tanh().dot(w2), y)
}

#[differentiable]
fn meta_learning(w1: &Array2<f64>, w2: &Array1<f64>, x: &Array2<f64>, y: &Array1<f64>) -> f64 {
    let (g1, g2, _, _) = regression::grad(w1, w2, x, y);
    regression(&(w1 - &(g1 * 0.1)), &(w2 - &(g2 * 0.1)), x, y)
}

#[differentiable(order = 2)]
fn energy(q: &Array2<f64>, p: &Array2<f64>, w1: &Array2<f64>, w2: &Array1<f64>) -> f64 {
    let state = concatenate![Axis(1), *q, *p];
    state.dot(w1).tanh().dot(w2).sum()
}

#[differentiable]
fn hamiltonian(q: &Array2<f64>, p: &Array2<f64>, w1: &Array2<f64>, w2: &Array1<f64>) -> f64 {
    let (dq, dp, _, _) = energy::grad(q, p, w1, w2);
    nn::mse(&dp, &stop_gradient(p)) + nn::mse(&-dq, &stop_gradient(q))
}

#[test]
fn derivatives_inside() {
    cases! {
        "physics-informed network": physics_informed(x: Ix1, w1: Ix1, b1: Ix1, w2: Ix1);
        "gradient penalty": gradient_penalty(x: Ix2, w1: Ix2, w2: Ix1);
        "meta-learning": meta_learning(w1: Ix2, w2: Ix1, x: Ix2, y: Ix1);
        "hamiltonian network": hamiltonian(q: Ix2, p: Ix2, w1: Ix2, w2: Ix1);
    }
}
