//! The likelihood of a Gaussian mixture model.

use std::f64::consts::PI;

use differentiable::differentiable;
use serde::{Deserialize, Serialize};

use super::{expect, flat, nested, parse, unknown};
use crate::{Evaluation, Runs};

/// The prior distribution of the covariances.
#[derive(Clone, Copy, Debug)]
pub struct Wishart {
    /// The scale.
    pub gamma: f64,
    /// The degrees of freedom beyond the least.
    pub m: i32,
}

#[differentiable]
fn squared_norm(x: &[f64]) -> f64 {
    x.iter().map(|v| v * v).sum()
}

#[differentiable]
fn log_sum_exp(x: &[f64]) -> f64 {
    let max = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = x.iter().map(|v| (v - max).exp()).sum();
    sum.ln() + max
}

/// The product of a lower triangular matrix with a vector; `below` has the columns below the diagonal.
#[differentiable]
fn triangular_product(diagonal: &[f64], below: &[f64], x: &[f64], out: &mut [f64]) {
    let d = x.len();
    for i in 0..d {
        out[i] = diagonal[i] * x[i];
    }
    for i in 0..d {
        let start = i * (2 * d - i - 1) / 2;
        let column = &below[start..start + d - i - 1];
        for (out, l) in out[i + 1..].iter_mut().zip(column) {
            *out += l * x[i];
        }
    }
}

#[differentiable]
fn subtract(a: &[f64], b: &[f64], out: &mut [f64]) {
    for i in 0..a.len() {
        out[i] = a[i] - b[i];
    }
}

/// The logarithm of the multivariate gamma function.
pub fn log_gamma(a: f64, p: usize) -> f64 {
    let sum: f64 = (1..=p).map(|j| libm::lgamma(a + 0.5 * (1.0 - j as f64))).sum();
    0.25 * (p * (p - 1)) as f64 * PI.ln() + sum
}

#[differentiable(wrt(log_diagonal_sums, diagonals, l))]
fn log_wishart_prior(d: usize, wishart: Wishart, log_diagonal_sums: &[f64], diagonals: &[f64], l: &[f64]) -> f64 {
    let k = log_diagonal_sums.len();
    let below = d * (d - 1) / 2;
    let n = d as f64 + f64::from(wishart.m) + 1.0;
    let constant = n * d as f64 * (wishart.gamma.ln() - 0.5 * 2.0_f64.ln()) - log_gamma(0.5 * n, d);
    let mut sum = 0.0;
    for i in 0..k {
        let frobenius = squared_norm(&diagonals[i * d..(i + 1) * d]) + squared_norm(&l[i * below..(i + 1) * below]);
        sum += 0.5 * wishart.gamma * wishart.gamma * frobenius - f64::from(wishart.m) * log_diagonal_sums[i];
    }
    k as f64 * constant - sum
}

/// The logarithm of the density at one point, up to a constant, where the weights of the components need not sum to one.
#[differentiable(wrt(alpha, mu, diagonals, log_diagonal_sums, l))]
fn log_density(
    point: &[f64],
    alpha: &[f64],
    mu: &[f64],
    diagonals: &[f64],
    log_diagonal_sums: &[f64],
    l: &[f64],
) -> f64 {
    let (d, k) = (point.len(), alpha.len());
    let size = d * (d - 1) / 2;
    let mut centered = vec![0.0; k * d];
    for c in 0..k {
        subtract(point, &mu[c * d..(c + 1) * d], &mut centered[c * d..(c + 1) * d]);
    }
    let mut products = vec![0.0; k * d];
    for c in 0..k {
        let (diagonal, below) = (&diagonals[c * d..(c + 1) * d], &l[c * size..(c + 1) * size]);
        triangular_product(diagonal, below, &centered[c * d..(c + 1) * d], &mut products[c * d..(c + 1) * d]);
    }
    let mut terms = vec![0.0; k];
    for c in 0..k {
        terms[c] = alpha[c] + log_diagonal_sums[c] - 0.5 * squared_norm(&products[c * d..(c + 1) * d]);
    }
    log_sum_exp(&terms)
}

/// The logarithm of the posterior density at points `x` with `d` coordinates each.
///
/// A component has the weight `alpha`, the mean `mu`, and the factor of the inverse covariance with the logarithms `q` of
/// its diagonal and `l` below.
#[differentiable(wrt(alpha, mu, q, l))]
pub fn objective(alpha: &[f64], mu: &[f64], q: &[f64], l: &[f64], x: &[f64], d: usize, wishart: Wishart) -> f64 {
    let n = x.len() / d;
    let diagonals: Vec<f64> = q.iter().map(|q| q.exp()).collect();
    let log_diagonal_sums: Vec<f64> = q.chunks_exact(d).map(|q| q.iter().sum()).collect();
    let mut likelihood = 0.0;
    for point in x.chunks_exact(d) {
        likelihood += log_density(point, alpha, mu, &diagonals, &log_diagonal_sums, l);
    }
    let constant = -((n * d) as f64) * 0.5 * (2.0 * PI).ln();
    let prior = log_wishart_prior(d, wishart, &log_diagonal_sums, &diagonals, l);
    constant + likelihood - n as f64 * log_sum_exp(alpha) + prior
}

#[derive(Deserialize)]
struct Input {
    d: usize,
    k: usize,
    n: usize,
    alpha: Vec<f64>,
    mu: Vec<Vec<f64>>,
    q: Vec<Vec<f64>>,
    l: Vec<Vec<f64>>,
    x: Vec<Vec<f64>>,
    gamma: f64,
    m: i32,
    #[serde(flatten)]
    runs: Runs,
}

#[derive(Serialize)]
struct Gradient {
    alpha: Vec<f64>,
    mu: Vec<Vec<f64>>,
    q: Vec<Vec<f64>>,
    l: Vec<Vec<f64>>,
}

/// Evaluates a function of this eval.
///
/// # Errors
///
/// If there is no such function, or the input is none of this eval's.
pub fn evaluate(function: &str, input: &str) -> Result<Evaluation, String> {
    let input: Input = parse(input)?;
    let (d, k, alpha) = (input.d, input.k, input.alpha);
    expect(d > 0 && k > 0, "`d` and `k` are positive")?;
    let counts = [alpha.len(), input.mu.len(), input.q.len(), input.l.len()];
    expect(counts == [k; 4], "`alpha`, `mu`, `q` and `l` have `k` rows")?;
    expect(input.x.len() == input.n, "`x` has `n` rows")?;
    let below = d.checked_mul(d - 1).ok_or("bad input: `d` is too large")? / 2;
    let (mu, q) = (flat(&input.mu, d, "mu")?, flat(&input.q, d, "q")?);
    let (l, x) = (flat(&input.l, below, "l")?, flat(&input.x, d, "x")?);
    let wishart = Wishart { gamma: input.gamma, m: input.m };
    let rows = |numbers: &[f64]| nested(numbers, k).into_iter().map(<[f64]>::to_vec).collect();
    match function {
        "objective" => Evaluation::plain(input.runs, || objective(&alpha, &mu, &q, &l, &x, d, wishart)),
        "jacobian" => Evaluation::of(
            input.runs,
            || objective::grad(&alpha, &mu, &q, &l, &x, d, wishart),
            |(alpha, mu, q, l)| Gradient { alpha, mu: rows(&mu), q: rows(&q), l: rows(&l) },
        ),
        _ => unknown(function),
    }
}
