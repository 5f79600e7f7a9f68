//! Log-densities and statistics, as a statistics library writes them.
//!
//! Sources: Gelman et al., *Bayesian Data Analysis*, appendix A (densities); Lanczos (1964) as in *Numerical Recipes*, 6.1
//! (log-gamma); Welford (1962) (variance in one pass); Silverman, *Density Estimation* (kernel density).

#![allow(clippy::all, missing_docs)]

mod common;
use common::{assert_near, programs};
use differentiable::{Differentiable, differentiable};
use std::f64::consts::{LN_2, PI};

/// `ln(sqrt(2 pi))`
const LN_SQRT_2PI: f64 = 0.918938533204672741780329736406;

// Idiom 5: a table, `enumerate`, `skip`, and references to floats in closures.

const LANCZOS: [f64; 7] = [
    1.000000000190015,
    76.18009172947146,
    -86.50532032941677,
    24.01409824083091,
    -1.231739572450155,
    0.1208650973866179e-2,
    -0.5395239384953e-5,
];

#[differentiable]
fn ln_gamma(x: f64) -> f64 {
    let t = x + 5.5;
    let base = (x + 0.5) * t.ln() - t;
    let sum = LANCZOS.iter().enumerate().skip(1).fold(LANCZOS[0], |s, (i, c)| s + c / (x + i as f64));
    base + (2.5066282746310005 * sum / x).ln()
}

/// Bernardo (1976): recurrence up to 6, then the asymptotic series.
#[differentiable]
fn digamma(mut x: f64) -> f64 {
    let mut result = 0.0;
    while x < 6.0 {
        result -= 1.0 / x;
        x += 1.0;
    }
    let r = 1.0 / x;
    let r2 = r * r;
    result + x.ln() - 0.5 * r - r2 * (1.0 / 12.0 - r2 * (1.0 / 120.0 - r2 * (1.0 / 252.0 - r2 / 240.0)))
}

#[differentiable]
fn ln_beta(a: f64, b: f64) -> f64 {
    ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b)
}

programs! {
    log_gamma(x: f64 = 3.7) { ln_gamma(x) }
    trigamma(x: f64 = 1.9) { digamma(x) }
}

#[test]
fn the_derivative_of_log_gamma_is_digamma() {
    for x in [0.4, 1.0, 2.5, 9.0] {
        assert_near("digamma", &ln_gamma::grad(x), &digamma(x), 1e-8);
    }
    let expected = PI * PI / 6.0;
    assert_near("trigamma at one", &digamma::grad(1.0), &expected, 1e-6);
}

// Idiom 1: a trait of distributions, methods that call each other.

#[differentiable]
trait Continuous {
    fn ln_pdf(&self, x: f64) -> f64;

    fn pdf(&self, x: f64) -> f64 {
        self.ln_pdf(x).exp()
    }

    fn log_likelihood(&self, xs: &[f64]) -> f64 {
        xs.iter().map(|&x| self.ln_pdf(x)).sum()
    }
}

#[derive(Clone, Debug, Differentiable)]
struct Normal {
    mean: f64,
    std_dev: f64,
}

#[differentiable]
impl Continuous for Normal {
    fn ln_pdf(&self, x: f64) -> f64 {
        let z = (x - self.mean) / self.std_dev;
        -0.5 * z * z - LN_SQRT_2PI - self.std_dev.ln()
    }
}

#[derive(Clone, Debug, Differentiable)]
struct StudentT {
    location: f64,
    scale: f64,
    freedom: f64,
}

#[differentiable]
impl Continuous for StudentT {
    fn ln_pdf(&self, x: f64) -> f64 {
        let z = (x - self.location) / self.scale;
        let half = 0.5 * (self.freedom + 1.0);
        ln_gamma(half)
            - ln_gamma(0.5 * self.freedom)
            - 0.5 * (PI * self.freedom).ln()
            - self.scale.ln()
            - half * (z * z / self.freedom).ln_1p()
    }
}

#[derive(Clone, Debug, Differentiable)]
struct Gamma {
    shape: f64,
    rate: f64,
}

#[differentiable]
impl Continuous for Gamma {
    fn ln_pdf(&self, x: f64) -> f64 {
        if x < 0.0 {
            return f64::NEG_INFINITY;
        }
        self.shape * self.rate.ln() - ln_gamma(self.shape) + (self.shape - 1.0) * x.ln() - self.rate * x
    }
}

#[differentiable]
impl Gamma {
    fn mean(&self) -> f64 {
        self.shape / self.rate
    }

    fn mode(&self) -> Option<f64> {
        (self.shape >= 1.0).then(|| (self.shape - 1.0) / self.rate)
    }

    fn skewness(&self) -> f64 {
        2.0 / self.shape.sqrt()
    }

    fn entropy(&self) -> f64 {
        self.shape - self.rate.ln() + ln_gamma(self.shape) + (1.0 - self.shape) * digamma(self.shape)
    }
}

programs! {
    normal_density(m: f64 = 0.3, s: f64 = 1.4, x: f64 = 1.1) { Normal { mean: m, std_dev: s }.pdf(x) }
    normal_sample(m: f64 = 0.3, s: f64 = 1.4, xs: Vec<f64> = vec![0.1, 1.9, -0.4]) {
        Normal { mean: m, std_dev: s }.log_likelihood(&xs)
    }
    student(l: f64 = 0.2, s: f64 = 1.5, n: f64 = 4.0, x: f64 = -1.2) {
        StudentT { location: l, scale: s, freedom: n }.ln_pdf(x)
    }
    gamma_density(a: f64 = 2.5, b: f64 = 1.3, x: f64 = 0.9) { Gamma { shape: a, rate: b }.ln_pdf(x) }
    gamma_moments(a: f64 = 2.5, b: f64 = 1.3) {
        let g = Gamma { shape: a, rate: b };
        g.mean() * g.skewness() + g.entropy()
    }
    gamma_mode(a: f64 = 2.5, b: f64 = 1.3) {
        match (Gamma { shape: a, rate: b }).mode() {
            Some(mode) => mode * mode,
            None => 0.0,
        }
    }
}

#[test]
fn the_score_of_a_normal_is_the_closed_form() {
    let d = Normal { mean: 0.3, std_dev: 1.4 };
    let (d_bar, x_bar) = d.ln_pdf_grad(1.1);
    let z = (1.1 - 0.3) / 1.4;
    assert_near("mean", &d_bar.mean, &(z / 1.4), 1e-12);
    assert_near("std_dev", &d_bar.std_dev, &((z * z - 1.0) / 1.4), 1e-12);
    assert_near("x", &x_bar, &(-z / 1.4), 1e-12);
}

// Idiom 3: branches, guards, exact comparisons.

#[derive(Clone, Debug, Differentiable)]
struct Triangular {
    lo: f64,
    hi: f64,
    peak: f64,
}

#[differentiable]
impl Triangular {
    fn cdf(&self, x: f64) -> f64 {
        let (a, b, c) = (self.lo, self.hi, self.peak);
        match x {
            x if x <= a => 0.0,
            x if x <= c => (x - a).powi(2) / ((b - a) * (c - a)),
            x if x < b => 1.0 - (b - x).powi(2) / ((b - a) * (b - c)),
            _ => 1.0,
        }
    }

    fn quantile(&self, p: f64) -> f64 {
        assert!((0.0..=1.0).contains(&p), "p = {p} is not a probability");
        let Triangular { lo, hi, peak } = self;
        if p < (peak - lo) / (hi - lo) {
            lo + ((peak - lo) * (hi - lo) * p).sqrt()
        } else {
            hi - ((hi - lo) * (hi - peak) * (1.0 - p)).sqrt()
        }
    }
}

#[differentiable]
fn weibull_ln_pdf(x: f64, shape: f64, scale: f64) -> f64 {
    if x < 0.0 {
        f64::NEG_INFINITY
    } else if x == 0.0 && shape == 1.0 {
        -scale.ln()
    } else {
        let z = x / scale;
        (shape / scale).ln() + (shape - 1.0) * z.ln() - z.powf(shape)
    }
}

#[differentiable]
fn laplace_quantile(location: f64, scale: f64, p: f64) -> f64 {
    let shifted = p - 0.5;
    location - scale * shifted.signum() * (1.0 - 2.0 * shifted.abs()).ln()
}

#[differentiable]
fn huber(residual: f64, delta: f64) -> f64 {
    let a = residual.abs();
    if a <= delta { 0.5 * a * a } else { delta * (a - 0.5 * delta) }
}

programs! {
    triangle_left(lo: f64 = -1.0, hi: f64 = 2.0, peak: f64 = 0.5, x: f64 = 0.1) { Triangular { lo, hi, peak }.cdf(x) }
    triangle_right(lo: f64 = -1.0, hi: f64 = 2.0, peak: f64 = 0.5, x: f64 = 1.1) { Triangular { lo, hi, peak }.cdf(x) }
    triangle_quantile(lo: f64 = -1.0, hi: f64 = 2.0, peak: f64 = 0.5, p: f64 = 0.8) { Triangular { lo, hi, peak }.quantile(p) }
    triangle_round_trip(lo: f64 = -1.0, hi: f64 = 2.0, p: f64 = 0.3) {
        let t = Triangular { lo, hi, peak: 0.5 };
        t.cdf(t.quantile(p))
    }
    weibull(x: f64 = 0.8, shape: f64 = 1.7, scale: f64 = 1.2) { weibull_ln_pdf(x, shape, scale) }
    weibull_at_zero(scale: f64 = 1.2) { weibull_ln_pdf(0.0, 1.0, scale) }
    laplace(l: f64 = 0.3, s: f64 = 1.2, p: f64 = 0.8) { laplace_quantile(l, s, p) + laplace_quantile(l, s, 1.0 - p) }
    robust(r: f64 = 0.4, q: f64 = -2.5, delta: f64 = 1.1) { huber(r, delta) + huber(q, delta) }
}

// Idiom 6: folds as loops, maxima by `fold`, function paths in `map`.

#[differentiable]
fn log_sum_exp(xs: &[f64]) -> f64 {
    let max = xs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    max + xs.iter().map(|x| (x - max).exp()).sum::<f64>().ln()
}

#[derive(Clone, Debug, Differentiable)]
struct Component {
    weight: f64,
    normal: Normal,
}

#[derive(Clone, Debug, Differentiable)]
struct Mixture {
    components: Vec<Component>,
}

#[differentiable]
impl Continuous for Mixture {
    fn ln_pdf(&self, x: f64) -> f64 {
        let terms: Vec<f64> = self.components.iter().map(|c| c.weight.ln() + c.normal.ln_pdf(x)).collect();
        log_sum_exp(&terms)
    }
}

#[differentiable]
fn dirichlet_ln_pdf(alpha: &[f64], x: &[f64]) -> f64 {
    let total: f64 = alpha.iter().sum();
    let terms = alpha.iter().zip(x).map(|(a, x)| (a - 1.0) * x.ln() - ln_gamma(*a)).sum::<f64>();
    ln_gamma(total) + terms
}

#[differentiable]
fn geometric_mean(xs: &[f64]) -> f64 {
    let (sum, n) = xs.iter().fold((0.0, 0usize), |(sum, n), x| (sum + x.ln(), n + 1));
    (sum / n as f64).exp()
}

#[differentiable]
fn norm_of_logs(xs: &[f64]) -> f64 {
    xs.iter().copied().map(f64::ln).map(f64::abs).sum::<f64>()
}

#[differentiable]
fn entropy(p: &[f64]) -> f64 {
    -p.iter().filter(|p| **p > 0.0).map(|p| p * p.log2()).sum::<f64>() * LN_2
}

#[differentiable]
fn kl_divergence(p: &[f64], q: &[f64]) -> f64 {
    let mut sum = 0.0;
    p.iter().zip(q.iter()).for_each(|(&p, &q)| {
        if p > 0.0 {
            sum += p * (p / q).ln();
        }
    });
    sum
}

programs! {
    logsumexp(xs: Vec<f64> = vec![0.3, 1.2, -0.5]) { log_sum_exp(&xs) }
    mixture(w: f64 = 0.3, m: f64 = 1.5, s: f64 = 0.7, x: f64 = 0.9) {
        let components = vec![
            Component { weight: w, normal: Normal { mean: 0.0, std_dev: 1.0 } },
            Component { weight: 1.0 - w, normal: Normal { mean: m, std_dev: s } },
        ];
        Mixture { components }.ln_pdf(x)
    }
    dirichlet(alpha: Vec<f64> = vec![1.5, 2.0, 0.7], x: Vec<f64> = vec![0.2, 0.5, 0.3]) { dirichlet_ln_pdf(&alpha, &x) }
    geometric(xs: Vec<f64> = vec![1.3, 0.2, 2.5]) { geometric_mean(&xs) }
    logs(xs: Vec<f64> = vec![1.3, 0.2, 2.5]) { norm_of_logs(&xs) }
    shannon(p: Vec<f64> = vec![0.2, 0.5, 0.3]) { entropy(&p) }
    kullback(p: Vec<f64> = vec![0.2, 0.5, 0.3], q: Vec<f64> = vec![0.3, 0.3, 0.4]) { kl_divergence(&p, &q) }
}

#[test]
fn the_gradient_of_logsumexp_is_the_softmax() {
    let xs = [0.3, 1.2, -0.5];
    let total: f64 = xs.iter().map(|x: &f64| x.exp()).sum();
    let softmax: Vec<f64> = xs.iter().map(|x| x.exp() / total).collect();
    assert_near("softmax", &log_sum_exp::grad(&xs), &softmax, 1e-12);
}

// Idiom 4: integers woven in.

#[differentiable]
fn poisson_ln_pmf(k: u64, lambda: f64) -> f64 {
    let ln_factorial: f64 = (2..=k).map(|i| (i as f64).ln()).sum();
    k as f64 * lambda.ln() - lambda - ln_factorial
}

#[differentiable]
fn binomial_ln_pmf(k: u32, n: u32, p: f64) -> f64 {
    let mut ln_choose = 0.0;
    for i in 0..k {
        ln_choose += f64::from(n - i).ln() - f64::from(i + 1).ln();
    }
    ln_choose + f64::from(k) * p.ln() + f64::from(n - k) * (-p).ln_1p()
}

/// The modified Bessel function of order 0, by its series.
#[differentiable]
fn bessel_i0(x: f64) -> f64 {
    let quarter = 0.25 * x * x;
    let mut term = 1.0;
    let mut sum = 1.0;
    let mut k = 1;
    while term > 1e-17 * sum {
        term *= quarter / (k * k) as f64;
        sum += term;
        k += 1;
    }
    sum
}

#[differentiable]
fn von_mises_ln_pdf(x: f64, mu: f64, kappa: f64) -> f64 {
    kappa * (x - mu).cos() - (2.0 * PI * bessel_i0(kappa)).ln()
}

programs! {
    poisson(lambda: f64 = 2.3) { poisson_ln_pmf(4, lambda) + poisson_ln_pmf(0, lambda) }
    binomial(p: f64 = 0.3) { binomial_ln_pmf(3, 10, p) }
    von_mises(x: f64 = 0.4, mu: f64 = 1.0, kappa: f64 = 2.2) { von_mises_ln_pdf(x, mu, kappa) }
}

// Idiom 9: a state that is updated in place.

/// Welford's running moments.
#[derive(Clone, Debug, Default, Differentiable)]
struct Moments {
    count: usize,
    mean: f64,
    m2: f64,
}

#[differentiable]
impl Moments {
    fn push(&mut self, x: f64) {
        self.count += 1;
        let delta = x - self.mean;
        self.mean += delta / self.count as f64;
        self.m2 += delta * (x - self.mean);
    }

    fn variance(&self) -> Option<f64> {
        if self.count < 2 { None } else { Some(self.m2 / (self.count - 1) as f64) }
    }
}

#[differentiable]
fn standardised(xs: &[f64]) -> Option<Vec<f64>> {
    let mut moments = Moments { count: 0, mean: 0.0, m2: 0.0 };
    for &x in xs {
        moments.push(x);
    }
    let std_dev = moments.variance()?.sqrt();
    Some(xs.iter().map(|x| (x - moments.mean) / std_dev).collect())
}

#[differentiable]
fn skewness(xs: &[f64]) -> f64 {
    standardised(xs).map_or(0.0, |z| z.iter().map(|z| z.powi(3)).sum::<f64>() / z.len() as f64)
}

#[differentiable]
fn covariance(xs: &[f64], ys: &[f64]) -> f64 {
    let n = xs.len() as f64;
    let (mx, my) = (xs.iter().sum::<f64>() / n, ys.iter().sum::<f64>() / n);
    xs.iter().zip(ys).map(|(x, y)| (x - mx) * (y - my)).sum::<f64>() / (n - 1.0)
}

/// Autocorrelation by windows over the series.
#[differentiable]
fn lag_one(xs: &[f64]) -> f64 {
    let mean = xs.iter().sum::<f64>() / xs.len() as f64;
    let numerator: f64 = xs.windows(2).map(|w| (w[0] - mean) * (w[1] - mean)).sum();
    numerator / xs.iter().map(|x| (x - mean).powi(2)).sum::<f64>()
}

/// Least squares: slope and intercept.
#[differentiable]
fn fit_line(xs: &[f64], ys: &[f64]) -> (f64, f64) {
    let n = xs.len() as f64;
    let (sx, sy, sxx, sxy) = xs
        .iter()
        .zip(ys.iter())
        .fold((0.0, 0.0, 0.0, 0.0), |(sx, sy, sxx, sxy), (&x, &y)| (sx + x, sy + y, sxx + x * x, sxy + x * y));
    let slope = (n * sxy - sx * sy) / (n * sxx - sx * sx);
    (slope, (sy - slope * sx) / n)
}

programs! {
    third_moment(xs: Vec<f64> = vec![0.3, 1.2, -0.5, 2.0]) { skewness(&xs) }
    running_variance(xs: Vec<f64> = vec![0.3, 1.2, -0.5]) {
        let mut m = Moments::default();
        xs.iter().for_each(|&x| m.push(x));
        m.variance().unwrap() * m.mean
    }
    sample_covariance(xs: Vec<f64> = vec![0.3, 1.2, -0.5], ys: Vec<f64> = vec![1.0, 0.1, 0.4]) { covariance(&xs, &ys) }
    autocorrelation(xs: Vec<f64> = vec![0.3, 1.2, -0.5, 2.0]) { lag_one(&xs) }
    regression(xs: Vec<f64> = vec![0.0, 1.0, 2.5], ys: Vec<f64> = vec![1.0, 0.1, 0.4]) {
        let (slope, intercept) = fit_line(&xs, &ys);
        slope * 0.5 + intercept.powi(2)
    }
    logistic_regression(w: Vec<f64> = vec![0.5, -1.0], b: f64 = 0.2) {
        let data = [([0.5, 1.0], true), ([-1.0, 0.3], false), ([2.0, 0.1], true)];
        data.iter()
            .map(|(x, positive)| {
                let z: f64 = w.iter().zip(x).map(|(w, x)| w * x).sum::<f64>() + b;
                let margin = if *positive { -z } else { z };
                margin.exp().ln_1p()
            })
            .sum()
    }
    kernel_density(h: f64 = 0.4, x: f64 = 0.2, xs: Vec<f64> = vec![0.0, 0.5, 1.3]) {
        let kernel = |u: f64| (-0.5 * u * u).exp() / (2.0 * PI).sqrt();
        xs.iter().map(|xi| kernel((x - xi) / h)).sum::<f64>() / (xs.len() as f64 * h)
    }
}
