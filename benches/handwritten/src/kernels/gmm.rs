//! GradBench's `gmm`: the likelihood of a Gaussian mixture model.

use std::f64::consts::PI;

use differentiable_gradbench::evals::gmm::{Wishart, log_gamma, objective};

use crate::random::Random;
use crate::{Kernel, Size};

struct Model {
    alpha: Vec<f64>,
    mu: Vec<f64>,
    q: Vec<f64>,
    l: Vec<f64>,
    x: Vec<f64>,
    d: usize,
    wishart: Wishart,
}

/// The cotangents of the model's parameters.
struct Bars<'a> {
    alpha: &'a mut [f64],
    mu: &'a mut [f64],
    q: &'a mut [f64],
    l: &'a mut [f64],
}

impl Model {
    fn bars<'a>(&self, out: &'a mut [f64]) -> Bars<'a> {
        let (alpha, rest) = out.split_at_mut(self.alpha.len());
        let (mu, rest) = rest.split_at_mut(self.mu.len());
        let (q, l) = rest.split_at_mut(self.q.len());
        Bars { alpha, mu, q, l }
    }
}

/// The logarithm of the sum of exponentials, and the weights with which the terms take part.
fn log_sum_exp(terms: &[f64], weights: &mut [f64]) -> f64 {
    let max = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut sum = 0.0;
    for (weight, term) in weights.iter_mut().zip(terms) {
        *weight = (term - max).exp();
        sum += *weight;
    }
    let scale = 1.0 / sum;
    for weight in weights {
        *weight *= scale;
    }
    sum.ln() + max
}

/// The product of the triangular matrix with `x`.
fn product(diagonal: &[f64], mut below: &[f64], x: &[f64], out: &mut [f64]) {
    for ((out, d), x) in out.iter_mut().zip(diagonal).zip(x) {
        *out = d * x;
    }
    for (i, &x) in x.iter().enumerate() {
        let (column, rest) = below.split_at(out.len() - i - 1);
        for (out, l) in out[i + 1..].iter_mut().zip(column) {
            *out += l * x;
        }
        below = rest;
    }
}

/// The transposed product with `bar`, subtracted from `mu_bar`, and the outer product with `x`, added to the matrix's bars.
fn product_back(
    (diagonal, mut below): (&[f64], &[f64]),
    x: &[f64],
    bar: &[f64],
    mu_bar: &mut [f64],
    (diagonal_bar, mut below_bar): (&mut [f64], &mut [f64]),
) {
    for (i, &x) in x.iter().enumerate() {
        let (column, rest) = below.split_at(bar.len() - i - 1);
        let (column_bar, rest_bar) = below_bar.split_at_mut(bar.len() - i - 1);
        let mut x_bar = diagonal[i] * bar[i];
        diagonal_bar[i] += x * bar[i];
        for ((l, l_bar), bar) in column.iter().zip(column_bar).zip(&bar[i + 1..]) {
            x_bar += l * bar;
            *l_bar += x * bar;
        }
        mu_bar[i] -= x_bar;
        (below, below_bar) = (rest, rest_bar);
    }
}

/// Both sweeps for each point; what a point needs again of its components is kept until the next one.
fn by_hand(model: &Model, out: &mut [f64]) -> f64 {
    out.fill(0.0);
    let Model { alpha, mu, q, l, x, d, .. } = model;
    let mut bars = model.bars(out);
    let (d, k, n) = (*d, alpha.len(), x.len() / d);
    let triangle = d * (d - 1) / 2;
    let diagonals: Vec<f64> = q.iter().map(|q| q.exp()).collect();
    let sums: Vec<f64> = q.chunks_exact(d).map(|q| q.iter().sum()).collect();
    let (mut centered, mut products) = (vec![0.0; k * d], vec![0.0; k * d]);
    let (mut terms, mut weights) = (vec![0.0; k], vec![0.0; k]);
    let mut likelihood = 0.0;
    for point in x.chunks_exact(d) {
        for c in 0..k {
            let own = c * d..(c + 1) * d;
            let (centered, products) = (&mut centered[own.clone()], &mut products[own.clone()]);
            for ((out, x), mu) in centered.iter_mut().zip(point).zip(&mu[own.clone()]) {
                *out = x - mu;
            }
            product(&diagonals[own], &l[c * triangle..(c + 1) * triangle], centered, products);
            terms[c] = alpha[c] + sums[c] - 0.5 * products.iter().map(|v| v * v).sum::<f64>();
        }
        likelihood += log_sum_exp(&terms, &mut weights);
        for (c, &weight) in weights.iter().enumerate() {
            let (own, own_l) = (c * d..(c + 1) * d, c * triangle..(c + 1) * triangle);
            bars.alpha[c] += weight;
            let bar = &mut products[own.clone()];
            for bar in bar.iter_mut() {
                *bar *= -weight;
            }
            product_back(
                (&diagonals[own.clone()], &l[own_l.clone()]),
                &centered[own.clone()],
                bar,
                &mut bars.mu[own.clone()],
                (&mut bars.q[own], &mut bars.l[own_l]),
            );
        }
    }
    let prior = prior(model, &diagonals, &sums, &mut bars);
    let weight_sum = log_sum_exp(alpha, &mut weights);
    for (bar, weight) in bars.alpha.iter_mut().zip(&weights) {
        *bar -= n as f64 * weight;
    }
    likelihood - n as f64 * weight_sum - (n * d) as f64 * 0.5 * (2.0 * PI).ln() + prior
}

/// The prior; the bars of the diagonals become those of their logarithms.
fn prior(model: &Model, diagonals: &[f64], sums: &[f64], bars: &mut Bars<'_>) -> f64 {
    let (d, wishart) = (model.d, model.wishart);
    let scale = wishart.gamma * wishart.gamma;
    let m = f64::from(wishart.m);
    let mut prior = 0.0;
    for (c, sum) in sums.iter().enumerate() {
        let own = c * d..(c + 1) * d;
        for (bar, v) in bars.q[own.clone()].iter_mut().zip(&diagonals[own]) {
            prior -= 0.5 * scale * v * v;
            *bar = (*bar - scale * v) * v + bars.alpha[c] + m;
        }
        prior += m * sum;
    }
    for (bar, v) in bars.l.iter_mut().zip(&model.l) {
        prior -= 0.5 * scale * v * v;
        *bar -= scale * v;
    }
    let freedom = d as f64 + m + 1.0;
    let constant = freedom * d as f64 * (wishart.gamma.ln() - 0.5 * 2.0_f64.ln()) - log_gamma(0.5 * freedom, d);
    prior + sums.len() as f64 * constant
}

pub(crate) fn kernel(size: Size) -> Kernel {
    let (d, k, n, mut random) = (size.choose(3, 10), size.choose(2, 25), size.choose(6, 200), Random::new());
    let model = Model {
        alpha: random.list(k, -1.0, 1.0),
        mu: random.list(k * d, 0.0, 1.0),
        q: random.list(k * d, -1.0, 1.0),
        l: random.list(k * d * (d - 1) / 2, -1.0, 1.0),
        x: random.list(n * d, -1.0, 2.0),
        d,
        wishart: Wishart { gamma: 1.0, m: 0 },
    };
    Kernel::gradient(
        "gmm",
        k + 2 * k * d + k * d * (d - 1) / 2,
        model,
        |m| objective(&m.alpha, &m.mu, &m.q, &m.l, &m.x, m.d, m.wishart),
        |m, out| {
            let bars = m.bars(out);
            objective::value_and_grad_into(
                &m.alpha, &m.mu, &m.q, &m.l, &m.x, m.d, m.wishart, bars.alpha, bars.mu, bars.q, bars.l,
            )
        },
        by_hand,
    )
}
