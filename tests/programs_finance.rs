//! Option pricing and interest rates, as a pricing library writes them.
//!
//! Sources: Hull, *Options, Futures, and Other Derivatives* (models, binomial trees); Abramowitz and Stegun, *Handbook of
//! Mathematical Functions*, 7.1.26 (error function); Hagan et al., *Managing Smile Risk* (SABR).

#![allow(clippy::all, missing_docs)]

mod common;
use common::{assert_near, programs};
use differentiable::{Differentiable, differentiable};
use std::f64::consts::{PI, SQRT_2};

// Idiom 2: helpers in a chain, locals that shadow the function they come from.

/// Abramowitz and Stegun 7.1.26: the coefficients of the rational approximation.
const ERF: [f64; 5] = [0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429];

#[differentiable]
fn erf(x: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.3275911 * x.abs());
    let poly = ERF.iter().rev().fold(0.0, |acc, c| (acc + c) * t);
    (1.0 - poly * (-x * x).exp()).copysign(x)
}

#[differentiable]
fn norm_cdf(x: f64) -> f64 {
    0.5 * (1.0 + erf(x / SQRT_2))
}

#[differentiable]
fn norm_pdf(x: f64) -> f64 {
    (-0.5 * x * x).exp() / (2.0 * PI).sqrt()
}

#[differentiable]
fn d1(s: f64, k: f64, r: f64, sigma: f64, t: f64) -> f64 {
    ((s / k).ln() + (r + sigma.powi(2) / 2.0) * t) / (sigma * t.sqrt())
}

#[differentiable]
fn d1_d2(s: f64, k: f64, r: f64, sigma: f64, t: f64) -> (f64, f64) {
    let d1 = d1(s, k, r, sigma, t);
    (d1, d1 - sigma * t.sqrt())
}

#[differentiable]
fn call(s: f64, k: f64, r: f64, sigma: f64, t: f64) -> f64 {
    let (d1, d2) = d1_d2(s, k, r, sigma, t);
    let discount = (-r * t).exp();
    s * norm_cdf(d1) - k * discount * norm_cdf(d2)
}

programs! {
    error_function(x: f64 = 0.7, y: f64 = -0.4) { erf(x) * erf(y) }
    european_call(s: f64 = 100.0, k: f64 = 95.0, r: f64 = 0.05, sigma: f64 = 0.2, t: f64 = 1.5) { call(s, k, r, sigma, t) }
}

#[test]
fn delta_and_vega_of_a_call() {
    let (s, k, r, sigma, t) = (100.0, 105.0, 0.03, 0.25, 0.5);
    let (delta, _, _, vega, _) = call::grad(s, k, r, sigma, t);
    let d1 = d1(s, k, r, sigma, t);
    // The approximation of the error function is good to 1.5e-7, its derivative to about 1e-5.
    assert_near("delta", &delta, &norm_cdf(d1), 1e-4);
    assert_near("vega", &vega, &(s * norm_pdf(d1) * t.sqrt()), 1e-3);
}

// Idiom 1: methods that read fields and call each other.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Call,
    Put,
}

#[derive(Clone, Debug, Differentiable)]
struct European {
    #[nograd]
    kind: Kind,
    spot: f64,
    strike: f64,
    rate: f64,
    dividend: f64,
    volatility: f64,
    maturity: f64,
}

#[differentiable]
impl European {
    fn forward(&self) -> f64 {
        self.spot * ((self.rate - self.dividend) * self.maturity).exp()
    }

    fn total_volatility(&self) -> f64 {
        self.volatility * self.maturity.sqrt()
    }

    fn d1(&self) -> f64 {
        (self.forward() / self.strike).ln() / self.total_volatility() + 0.5 * self.total_volatility()
    }

    fn d2(&self) -> f64 {
        self.d1() - self.total_volatility()
    }

    fn discount(&self) -> f64 {
        (-self.rate * self.maturity).exp()
    }

    /// Black (1976) on the forward.
    fn price(&self) -> f64 {
        let (f, k) = (self.forward(), self.strike);
        let undiscounted = match self.kind {
            Kind::Call => f * norm_cdf(self.d1()) - k * norm_cdf(self.d2()),
            Kind::Put => k * norm_cdf(-self.d2()) - f * norm_cdf(-self.d1()),
        };
        self.discount() * undiscounted
    }

    fn payoff(&self) -> f64 {
        match self.kind {
            Kind::Call => (self.spot - self.strike).max(0.0),
            Kind::Put => (self.strike - self.spot).max(0.0),
        }
    }

    /// Delta hedged over one step.
    fn hedged(&self, bump: f64) -> f64 {
        let up = European { spot: self.spot + bump, ..self.clone() };
        let down = European { spot: self.spot - bump, ..self.clone() };
        (up.price() - down.price()) / (2.0 * bump)
    }
}

fn option(kind: Kind) -> European {
    European { kind, spot: 100.0, strike: 95.0, rate: 0.04, dividend: 0.01, volatility: 0.3, maturity: 0.75 }
}

programs! {
    put_on_a_forward(spot: f64 = 90.0, strike: f64 = 95.0, rate: f64 = 0.04, volatility: f64 = 0.3, maturity: f64 = 0.75) {
        let o = European { kind: Kind::Put, spot, strike, rate, dividend: 0.01, volatility, maturity };
        o.price() + 0.1 * o.payoff()
    }
    hedge_by_differences(spot: f64 = 85.0, volatility: f64 = 0.2) {
        let o = European { kind: Kind::Call, spot, strike: 100.0, rate: 0.02, dividend: 0.0, volatility, maturity: 1.0 };
        o.hedged(0.5)
    }
}

#[test]
fn put_call_parity_of_all_greeks() {
    let (call, put) = (option(Kind::Call).price_grad(), option(Kind::Put).price_grad());
    let o = option(Kind::Call);
    let (carry, discount) = ((-o.dividend * o.maturity).exp(), o.discount());
    assert_near("delta", &(call.spot - put.spot), &carry, 1e-9);
    assert_near("dual delta", &(call.strike - put.strike), &-discount, 1e-9);
    assert_near("rho", &(call.rate - put.rate), &(o.strike * o.maturity * discount), 1e-9);
    assert_near("vega", &call.volatility, &put.volatility, 1e-9);
}

#[test]
fn pullback_and_tangent_of_a_method_agree() {
    let o = option(Kind::Put);
    let (value, pullback) = o.price_vjp();
    assert_near("value", &value, &o.price(), 1e-12);
    let twice = pullback(2.0);
    assert_near("pullback", &twice.volatility, &(2.0 * o.price_grad().volatility), 1e-12);
}

// Idiom 3: branches as values, early returns, ranges.

#[differentiable]
fn digital(s: f64, k: f64, width: f64) -> f64 {
    let moneyness = (s - k) / width;
    if !(-1.0..1.0).contains(&moneyness) {
        return if moneyness < 0.0 { 0.0 } else { 1.0 };
    }
    0.25 * (moneyness + 1.0).powi(2) * (2.0 - moneyness)
}

/// SABR: the implied volatility of Hagan et al., equation (2.17a).
#[differentiable]
fn sabr(f: f64, k: f64, t: f64, alpha: f64, beta: f64, rho: f64, nu: f64) -> f64 {
    let log_m = (f / k).ln();
    let fk = (f * k).powf((1.0 - beta) / 2.0);
    let z = nu / alpha * fk * log_m;
    let ratio = if z.abs() < 1e-8 {
        1.0 - 0.5 * rho * z
    } else {
        let x = (((1.0 - 2.0 * rho * z + z * z).sqrt() + z - rho) / (1.0 - rho)).ln();
        z / x
    };
    let b = (1.0 - beta).powi(2);
    let denominator = fk * (1.0 + b / 24.0 * log_m.powi(2) + b * b / 1920.0 * log_m.powi(4));
    let correction = b / 24.0 * alpha * alpha / (fk * fk)
        + 0.25 * rho * beta * nu * alpha / fk
        + (2.0 - 3.0 * rho * rho) / 24.0 * nu * nu;
    alpha / denominator * ratio * (1.0 + correction * t)
}

programs! {
    smoothed_digital(s: f64 = 102.0, k: f64 = 100.0, width: f64 = 5.0) { digital(s, k, width) + digital(s, k + 20.0, width) }
    sabr_smile(f: f64 = 0.03, k: f64 = 0.035, t: f64 = 2.0, alpha: f64 = 0.02, rho: f64 = -0.3, nu: f64 = 0.4) {
        sabr(f, k, t, alpha, 0.5, rho, nu)
    }
    sabr_at_the_money(alpha: f64 = 0.02, rho: f64 = -0.3, nu: f64 = 0.4) { sabr(0.03, 0.03, 1.0, alpha, 0.5, rho, nu) }
}

// Idiom 4: integers in formulas.

/// Merton's jump diffusion (1976): a Poisson mixture of calls.
#[differentiable]
fn merton(s: f64, k: f64, r: f64, sigma: f64, t: f64, lambda: f64, jump: f64, delta: f64) -> f64 {
    let mean = (jump + 0.5 * delta * delta).exp() - 1.0;
    let intensity = lambda * (1.0 + mean) * t;
    let mut weight = (-intensity).exp();
    let mut price = 0.0;
    for n in 0..12u32 {
        if n > 0 {
            weight *= intensity / f64::from(n);
        }
        let sigma_n = (sigma.powi(2) + n as f64 * delta.powi(2) / t).sqrt();
        let r_n = r - lambda * mean + f64::from(n) * (1.0 + mean).ln() / t;
        price += weight * call(s, k, r_n, sigma_n, t);
    }
    price
}

/// Discount factors at the grid points `0, step, 2 step, ..`, interpolated in the logarithm.
#[differentiable]
fn discount_at(factors: &[f64], step: f64, t: f64) -> f64 {
    let position = t / step;
    let i = (position.floor() as usize).min(factors.len() - 2);
    let w = position - i as f64;
    ((1.0 - w) * factors[i].ln() + w * factors[i + 1].ln()).exp()
}

programs! {
    jump_diffusion(s: f64 = 100.0, sigma: f64 = 0.2, lambda: f64 = 0.6, jump: f64 = -0.1, delta: f64 = 0.15) {
        merton(s, 105.0, 0.03, sigma, 1.0, lambda, jump, delta)
    }
    log_linear_discounts(factors: Vec<f64> = vec![1.0, 0.97, 0.93, 0.9], t: f64 = 1.3) { discount_at(&factors, 0.5, t) }
}

// Idioms 5 and 6: iterators over references, folds.

#[derive(Clone, Debug, Differentiable)]
struct CashFlow {
    time: f64,
    amount: f64,
}

#[differentiable]
fn present_value(flows: &[CashFlow], rate: f64) -> f64 {
    flows.iter().map(|flow| flow.amount * (-rate * flow.time).exp()).sum()
}

#[differentiable]
fn macaulay_duration(flows: &[CashFlow], rate: f64) -> f64 {
    let (weighted, total) = flows.iter().fold((0.0, 0.0), |(weighted, total), flow| {
        let value = flow.amount * (-rate * flow.time).exp();
        (weighted + flow.time * value, total + value)
    });
    weighted / total
}

#[differentiable]
fn annuity(coupon: f64, rate: f64, years: usize) -> f64 {
    (1..=years).map(|n| coupon / (1.0 + rate).powi(n as i32)).sum::<f64>() + 1.0 / (1.0 + rate).powi(years as i32)
}

#[differentiable]
fn portfolio_variance(weights: &[f64], volatilities: &[f64], correlation: &[Vec<f64>]) -> f64 {
    weights
        .iter()
        .zip(volatilities)
        .enumerate()
        .map(|(i, (wi, si))| {
            weights
                .iter()
                .zip(volatilities.iter())
                .zip(&correlation[i])
                .map(|((wj, sj), rho)| wi * si * wj * sj * rho)
                .sum::<f64>()
        })
        .sum()
}

#[differentiable]
fn max_drawdown(prices: &[f64]) -> f64 {
    prices
        .iter()
        .fold((f64::MIN, 0.0_f64), |(peak, worst), &p| {
            let peak = if p > peak { p } else { peak };
            (peak, worst.max((peak - p) / peak))
        })
        .1
}

programs! {
    bond(rate: f64 = 0.04, c: f64 = 3.0) {
        let flows = vec![CashFlow { time: 1.0, amount: c }, CashFlow { time: 2.0, amount: c }, CashFlow { time: 3.0, amount: 100.0 + c }];
        present_value(&flows, rate)
    }
    duration(rate: f64 = 0.04, c: f64 = 3.0) {
        let flows = [CashFlow { time: 0.5, amount: c }, CashFlow { time: 2.5, amount: 100.0 + c }];
        macaulay_duration(&flows, rate)
    }
    par_bond(coupon: f64 = 0.03, rate: f64 = 0.025) { annuity(coupon, rate, 10) }
    markowitz(w: Vec<f64> = vec![0.5, 0.2, 0.3], s: Vec<f64> = vec![0.1, 0.2, 0.15], rho: f64 = 0.3) {
        let correlation = vec![vec![1.0, rho, 0.0], vec![rho, 1.0, 0.2], vec![0.0, 0.2, 1.0]];
        portfolio_variance(&w, &s, &correlation)
    }
    drawdown(prices: Vec<f64> = vec![100.0, 110.0, 90.0, 95.0, 120.0, 108.0]) { max_drawdown(&prices) }
}

#[test]
fn the_yield_sensitivity_of_a_bond_is_its_duration() {
    let flows = [CashFlow { time: 1.0, amount: 4.0 }, CashFlow { time: 2.0, amount: 104.0 }];
    let (_, rate_bar) = present_value::grad(&flows, 0.03);
    assert_near("duration", &(-rate_bar / present_value(&flows, 0.03)), &macaulay_duration(&flows, 0.03), 1e-12);
}

// Idiom 7: iterations until convergence. Idiom 10: `Result` and `?`.

#[derive(Debug, PartialEq)]
enum PricingError {
    NoConvergence { iterations: usize },
    OutOfRange(&'static str),
}

/// The volatility at which the Black-Scholes price is the given one, by Newton's method.
#[differentiable]
fn implied_volatility(price: f64, s: f64, k: f64, r: f64, t: f64) -> Result<f64, PricingError> {
    let intrinsic = (s - k * (-r * t).exp()).max(0.0);
    if price <= intrinsic || price >= s {
        return Err(PricingError::OutOfRange("price"));
    }
    let mut sigma = (2.0 * PI / t).sqrt() * price / s;
    for _ in 0..50 {
        let vega = s * norm_pdf(d1(s, k, r, sigma, t)) * t.sqrt();
        let step = (call(s, k, r, sigma, t) - price) / vega;
        sigma -= step;
        if step.abs() < 1e-13 {
            return Ok(sigma);
        }
    }
    Err(PricingError::NoConvergence { iterations: 50 })
}

#[differentiable]
fn calendar_spread(near: f64, far: f64, s: f64, k: f64) -> Result<f64, PricingError> {
    let sigma_near = implied_volatility(near, s, k, 0.0, 0.25)?;
    let sigma_far = implied_volatility(far, s, k, 0.0, 0.5)?;
    let variance = (sigma_far.powi(2) * 0.5 - sigma_near.powi(2) * 0.25) / 0.25;
    if variance < 0.0 {
        return Err(PricingError::OutOfRange("variance"));
    }
    Ok(variance.sqrt())
}

programs! {
    volatility_from_a_price(price: f64 = 8.0, s: f64 = 100.0, k: f64 = 102.0) { implied_volatility(price, s, k, 0.01, 0.75).unwrap() }
    forward_volatility(near: f64 = 4.2, far: f64 = 6.3) { calendar_spread(near, far, 100.0, 100.0).unwrap_or(0.0) }
}

#[test]
fn errors_come_back_from_the_derivative() {
    assert_eq!(implied_volatility::grad(120.0, 100.0, 100.0, 0.0, 1.0).unwrap_err(), PricingError::OutOfRange("price"));
    let (price_bar, ..) = implied_volatility::grad(8.0, 100.0, 102.0, 0.01, 0.75).unwrap();
    let sigma = implied_volatility(8.0, 100.0, 102.0, 0.01, 0.75).unwrap();
    let (_, _, _, vega, _) = call::grad(100.0, 102.0, 0.01, sigma, 0.75);
    assert_near("inverse of vega", &price_bar, &(1.0 / vega), 1e-3);
}

// Idiom 8: generic scalars.

/// Vasicek (1977): the price of a zero bond.
#[differentiable]
fn vasicek<T: num_traits::Float>(r: T, a: T, b: T, sigma: T, t: T) -> T {
    let two = T::from(2.0).unwrap();
    let four = two * two;
    let big_b = (T::one() - (-a * t).exp()) / a;
    let ln_a = (b - sigma.powi(2) / (two * a.powi(2))) * (big_b - t) - sigma.powi(2) * big_b.powi(2) / (four * a);
    (ln_a - big_b * r).exp()
}

programs! {
    zero_bond(r: f64 = 0.03, a: f64 = 0.2, b: f64 = 0.05, sigma: f64 = 0.01, t: f64 = 5.0) { vasicek(r, a, b, sigma, t) }
}

// Idiom 9: memory that is overwritten.

/// Cox, Ross and Rubinstein (1979): an American put on a binomial tree, in one buffer.
#[differentiable]
fn american_put(s: f64, k: f64, r: f64, sigma: f64, t: f64, steps: usize) -> f64 {
    let dt = t / steps as f64;
    let up = (sigma * dt.sqrt()).exp();
    let down = up.recip();
    let p = ((r * dt).exp() - down) / (up - down);
    let discount = (-r * dt).exp();
    let mut values: Vec<f64> = (0..=steps).map(|i| (k - s * up.powi(2 * i as i32 - steps as i32)).max(0.0)).collect();
    for step in (0..steps).rev() {
        for i in 0..=step {
            let hold = discount * (p * values[i + 1] + (1.0 - p) * values[i]);
            let exercise = k - s * up.powi(2 * i as i32 - step as i32);
            values[i] = hold.max(exercise);
        }
    }
    values[0]
}

/// The path of a short rate, written to memory of the caller.
#[differentiable]
fn short_rate_path(r0: f64, a: f64, b: f64, shocks: &[f64], path: &mut [f64]) {
    let mut r = r0;
    for (out, shock) in path.iter_mut().zip(shocks) {
        r += a * (b - r) + shock;
        *out = r;
    }
}

programs! {
    american_put_on_a_tree(s: f64 = 36.0, k: f64 = 40.0, r: f64 = 0.06, sigma: f64 = 0.2) { american_put(s, k, r, sigma, 1.0, 9) }
    mean_of_a_path(r0: f64 = 0.02, a: f64 = 0.3, b: f64 = 0.05) {
        let mut path = vec![0.0; 4];
        short_rate_path(r0, a, b, &[0.01, -0.02, 0.005, 0.0], &mut path);
        path.iter().sum::<f64>() / path.len() as f64
    }
}

// Idiom 10: a type of the user's with operators.

/// An amount of money in two currencies.
#[derive(Clone, Copy, Debug, Differentiable)]
struct Money {
    domestic: f64,
    foreign: f64,
}

#[differentiable]
impl std::ops::Add for Money {
    type Output = Money;
    fn add(self, other: Money) -> Money {
        Money { domestic: self.domestic + other.domestic, foreign: self.foreign + other.foreign }
    }
}

#[differentiable]
impl std::ops::Mul<f64> for Money {
    type Output = Money;
    fn mul(self, factor: f64) -> Money {
        Money { domestic: self.domestic * factor, foreign: self.foreign * factor }
    }
}

#[differentiable]
impl Money {
    fn new(domestic: f64, foreign: f64) -> Self {
        Self { domestic, foreign }
    }

    fn value(self, exchange: f64) -> f64 {
        self.domestic + self.foreign * exchange
    }
}

programs! {
    two_currencies(a: f64 = 10.0, b: f64 = 3.0, growth: f64 = 1.02, exchange: f64 = 1.2) {
        let start = Money::new(a, 0.0) + Money::new(0.0, b) * growth;
        let later = start * growth + Money::new(b, a) * exchange;
        later.value(exchange)
    }
}

/// Curves that a pricer takes as a closure.
#[differentiable]
fn swap_rate<F: Fn(f64) -> f64>(discount: F, years: usize) -> f64 {
    let annuity: f64 = (1..=years).map(|n| discount(n as f64)).sum();
    (1.0 - discount(years as f64)) / annuity
}

/// Nelson and Siegel (1987).
#[derive(Clone, Debug, Differentiable)]
struct NelsonSiegel {
    level: f64,
    slope: f64,
    curvature: f64,
    tau: f64,
}

#[differentiable]
impl NelsonSiegel {
    fn zero_rate(&self, t: f64) -> f64 {
        let x = t / self.tau;
        let loading = if x.abs() < 1e-10 { 1.0 } else { -(-x).exp_m1() / x };
        self.level + self.slope * loading + self.curvature * (loading - (-x).exp())
    }

    fn discount(&self, t: f64) -> f64 {
        (-self.zero_rate(t) * t).exp()
    }

    fn swap(&self, years: usize) -> f64 {
        swap_rate(|t| self.discount(t), years)
    }
}

programs! {
    swap_from_rates(r: f64 = 0.03, slope: f64 = 0.002) { swap_rate(|t| (-(r + slope * t) * t).exp(), 5) }
    swap_on_a_curve(level: f64 = 0.04, slope: f64 = -0.02, curvature: f64 = 0.01, tau: f64 = 2.0) {
        NelsonSiegel { level, slope, curvature, tau }.swap(4)
    }
}
