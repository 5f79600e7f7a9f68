//! Typical numeric functions: finance, densities, geodesy, colour, interpolation, integrators, solvers.

#![allow(clippy::all)]

mod common;
use common::assert_near;
use differentiable::{differentiable, gradcheck};
use std::f64::consts::{FRAC_1_SQRT_2, PI, TAU};

const SQRT_2PI: f64 = 2.506628274631000502;
const LANCZOS: [f64; 6] = [
    76.18009172947146,
    -86.50532032941677,
    24.01409824083091,
    -1.231739572450155,
    0.1208650973866179e-2,
    -0.5395239384953e-5,
];
static EARTH_RADIUS: f64 = 6371.0088;

#[differentiable]
fn erf(x: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.3275911 * x.abs());
    let poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
    let y = 1.0 - poly * (-x * x).exp();
    if x >= 0.0 { y } else { -y }
}

#[differentiable]
fn norm_cdf(x: f64) -> f64 {
    0.5 * (1.0 + erf(x * FRAC_1_SQRT_2))
}

#[differentiable]
fn black_scholes(spot: f64, strike: f64, rate: f64, vol: f64, t: f64, is_call: bool) -> f64 {
    let sqrt_t = t.sqrt();
    let d1 = ((spot / strike).ln() + (rate + 0.5 * vol.powi(2)) * t) / (vol * sqrt_t);
    let d2 = d1 - vol * sqrt_t;
    let discount = (-rate * t).exp();
    if is_call {
        spot * norm_cdf(d1) - strike * discount * norm_cdf(d2)
    } else {
        strike * discount * norm_cdf(-d2) - spot * norm_cdf(-d1)
    }
}

/// Prices by the Cox, Ross and Rubinstein tree.
#[differentiable]
fn binomial_american_put(s: f64, k: f64, r: f64, sigma: f64, t: f64, steps: usize) -> f64 {
    let dt = t / steps as f64;
    let u = (sigma * dt.sqrt()).exp();
    let d = 1.0 / u;
    let p = ((r * dt).exp() - d) / (u - d);
    let disc = (-r * dt).exp();
    let mut values = vec![0.0; steps + 1];
    for i in 0..=steps {
        let price = s * u.powi(i as i32) * d.powi((steps - i) as i32);
        values[i] = (k - price).max(0.0);
    }
    for step in (0..steps).rev() {
        for i in 0..=step {
            let hold = disc * (p * values[i + 1] + (1.0 - p) * values[i]);
            let price = s * u.powi(i as i32) * d.powi((step - i) as i32);
            values[i] = hold.max(k - price);
        }
    }
    values[0]
}

#[differentiable]
fn ln_gamma(x: f64) -> f64 {
    let mut y = x;
    let tmp = x + 5.5;
    let tmp = tmp - (x + 0.5) * tmp.ln();
    let mut ser = 1.000000000190015;
    for c in LANCZOS.iter() {
        y += 1.0;
        ser += c / y;
    }
    -tmp + (2.5066282746310005 * ser / x).ln()
}

#[differentiable]
fn beta_log_pdf(x: f64, a: f64, b: f64) -> f64 {
    let ln_beta = ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b);
    (a - 1.0) * x.ln() + (b - 1.0) * (1.0 - x).ln() - ln_beta
}

#[differentiable]
fn student_t_log_pdf(x: f64, mu: f64, sigma: f64, nu: f64) -> f64 {
    let z = (x - mu) / sigma;
    ln_gamma((nu + 1.) / 2.)
        - ln_gamma(nu / 2.)
        - 0.5 * (nu * PI).ln()
        - sigma.ln()
        - (nu + 1.) / 2. * f64::ln_1p(z * z / nu)
}

#[differentiable]
fn normal_log_likelihood(data: &[f64], mu: f64, log_sigma: f64) -> f64 {
    let sigma = log_sigma.exp();
    let n = data.len() as f64;
    let mut ss = 0f64;
    for &x in data {
        let z = (x - mu) / sigma;
        ss += z.powi(2);
    }
    -0.5 * ss - n * (SQRT_2PI.ln() + log_sigma)
}

#[differentiable]
fn mixture(data: &Vec<f64>, means: [f64; 2], log_scales: [f64; 2], logit: f64) -> f64 {
    let w = 1.0 / (1.0 + (-logit).exp());
    let weights = [w, 1.0 - w];
    let mut total = 0.0;
    for x in data.iter() {
        let mut terms = [0.0; 2];
        for k in 0..2 {
            let z = (x - means[k]) / log_scales[k].exp();
            terms[k] = weights[k].ln() - 0.5 * z * z - log_scales[k] - 0.5 * TAU.ln();
        }
        let m = terms[0].max(terms[1]);
        total += m + ((terms[0] - m).exp() + (terms[1] - m).exp()).ln();
    }
    total
}

#[differentiable]
fn haversine(lat1: f64, lon1: f64, lat2: f64, lon2: f64) -> f64 {
    let (phi1, phi2) = (lat1.to_radians(), lat2.to_radians());
    let d_phi = (lat2 - lat1).to_radians();
    let d_lambda = (lon2 - lon1).to_radians();
    let a = (d_phi / 2.0).sin().powi(2) + phi1.cos() * phi2.cos() * (d_lambda / 2.0).sin().powi(2);
    let c = 2.0 * a.sqrt().atan2((1.0 - a).sqrt());
    EARTH_RADIUS * c
}

#[differentiable]
fn vincenty(p1: (f64, f64), p2: (f64, f64)) -> f64 {
    const A: f64 = 6378137.0;
    const F: f64 = 1.0 / 298.257223563;
    const B: f64 = (1.0 - F) * A;
    let (lat1, lon1) = p1;
    let (lat2, lon2) = p2;
    let l = (lon2 - lon1).to_radians();
    let u1 = ((1.0 - F) * lat1.to_radians().tan()).atan();
    let u2 = ((1.0 - F) * lat2.to_radians().tan()).atan();
    let (sin_u1, cos_u1) = u1.sin_cos();
    let (sin_u2, cos_u2) = u2.sin_cos();
    let mut lambda = l;
    let mut iterations = 100;
    let (mut cos_sq_alpha, mut sin_sigma, mut cos_sigma, mut sigma, mut cos2_sigma_m);
    loop {
        let (sin_lambda, cos_lambda) = lambda.sin_cos();
        sin_sigma = ((cos_u2 * sin_lambda).powi(2) + (cos_u1 * sin_u2 - sin_u1 * cos_u2 * cos_lambda).powi(2)).sqrt();
        if sin_sigma == 0.0 {
            return 0.0;
        }
        cos_sigma = sin_u1 * sin_u2 + cos_u1 * cos_u2 * cos_lambda;
        sigma = sin_sigma.atan2(cos_sigma);
        let sin_alpha = cos_u1 * cos_u2 * sin_lambda / sin_sigma;
        cos_sq_alpha = 1.0 - sin_alpha * sin_alpha;
        cos2_sigma_m = if cos_sq_alpha != 0.0 { cos_sigma - 2.0 * sin_u1 * sin_u2 / cos_sq_alpha } else { 0.0 };
        let c = F / 16.0 * cos_sq_alpha * (4.0 + F * (4.0 - 3.0 * cos_sq_alpha));
        let lambda_prev = lambda;
        lambda = l
            + (1.0 - c)
                * F
                * sin_alpha
                * (sigma + c * sin_sigma * (cos2_sigma_m + c * cos_sigma * (-1.0 + 2.0 * cos2_sigma_m.powi(2))));
        iterations -= 1;
        if (lambda - lambda_prev).abs() <= 1e-12 || iterations == 0 {
            break;
        }
    }
    let u_sq = cos_sq_alpha * (A * A - B * B) / (B * B);
    let a = 1.0 + u_sq / 16384.0 * (4096.0 + u_sq * (-768.0 + u_sq * (320.0 - 175.0 * u_sq)));
    let b = u_sq / 1024.0 * (256.0 + u_sq * (-128.0 + u_sq * (74.0 - 47.0 * u_sq)));
    let delta = b
        * sin_sigma
        * (cos2_sigma_m
            + b / 4.0
                * (cos_sigma * (-1.0 + 2.0 * cos2_sigma_m.powi(2))
                    - b / 6.0 * cos2_sigma_m * (-3.0 + 4.0 * sin_sigma.powi(2)) * (-3.0 + 4.0 * cos2_sigma_m.powi(2))));
    B * a * (sigma - delta) / 1000.0
}

#[differentiable]
fn srgb_to_linear(c: f32) -> f32 {
    if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
}

#[differentiable]
fn luminance(rgb: [f32; 3]) -> f32 {
    let [r, g, b] = rgb;
    0.2126 * srgb_to_linear(r) + 0.7152 * srgb_to_linear(g) + 0.0722 * srgb_to_linear(b)
}

#[differentiable]
fn rgb_to_hsv(r: f64, g: f64, b: f64) -> (f64, f64, f64) {
    let max = r.max(g).max(b);
    let min = r.min(g).min(b);
    let delta = max - min;
    let h = if delta == 0.0 {
        0.0
    } else if max == r {
        60.0 * (((g - b) / delta) % 6.0)
    } else if max == g {
        60.0 * ((b - r) / delta + 2.0)
    } else {
        60.0 * ((r - g) / delta + 4.0)
    };
    let s = if max == 0.0 { 0.0 } else { delta / max };
    (h.rem_euclid(360.0), s, max)
}

#[differentiable]
fn hsl_to_rgb(h: f64, s: f64, l: f64) -> [f64; 3] {
    let c = (1.0 - (2.0 * l - 1.0).abs()) * s;
    let hp = h / 60.0;
    let x = c * (1.0 - (hp % 2.0 - 1.0).abs());
    let (r, g, b) = match differentiable::stop_gradient(hp) as u8 {
        0 => (c, x, 0.0),
        1 => (x, c, 0.0),
        2 => (0.0, c, x),
        3 => (0.0, x, c),
        4 => (x, 0.0, c),
        _ => (c, 0.0, x),
    };
    let m = l - c / 2.0;
    [r + m, g + m, b + m]
}

#[differentiable]
fn interpolate(xs: &[f64], ys: &[f64], x: f64) -> f64 {
    let n = xs.len();
    if x <= xs[0] {
        return ys[0];
    }
    if x >= xs[n - 1] {
        return ys[n - 1];
    }
    let mut lo = 0;
    let mut hi = n - 1;
    while hi - lo > 1 {
        let mid = (lo + hi) / 2;
        if xs[mid] > x {
            hi = mid;
        } else {
            lo = mid;
        }
    }
    let t = (x - xs[lo]) / (xs[hi] - xs[lo]);
    ys[lo] * (1.0 - t) + ys[hi] * t
}

#[differentiable]
fn bilinear(grid: &[[f64; 4]; 3], u: f64, v: f64) -> f64 {
    let i = (differentiable::stop_gradient(u).floor() as usize).min(1);
    let j = (differentiable::stop_gradient(v).floor() as usize).min(2);
    let (fu, fv) = (u - i as f64, v - j as f64);
    (1.0 - fu) * ((1.0 - fv) * grid[i][j] + fv * grid[i][j + 1])
        + fu * ((1.0 - fv) * grid[i + 1][j] + fv * grid[i + 1][j + 1])
}

#[test]
fn finance() {
    gradcheck!(black_scholes(100.0, 105.0, 0.03, 0.2, 1.5, true)).unwrap();
    gradcheck!(black_scholes(100.0, 105.0, 0.03, 0.2, 1.5, false)).unwrap();
    let (delta, ..) = black_scholes::grad(100.0, 105.0, 0.03, 0.2, 1.5, true);
    let d1 = ((100.0_f64 / 105.0).ln() + (0.03 + 0.02) * 1.5) / (0.2 * 1.5_f64.sqrt());
    assert!((delta - norm_cdf(d1)).abs() < 1e-5);
    gradcheck!(binomial_american_put(100.0, 101.0, 0.05, 0.3, 1.0, 17)).unwrap();
}

#[test]
fn densities() {
    gradcheck!(beta_log_pdf(0.3, 2.5, 1.7)).unwrap();
    gradcheck!(student_t_log_pdf(0.3, 0.1, 1.7, 4.2)).unwrap();
    let data = vec![0.3, -1.0, 2.0, 1.5];
    gradcheck!(normal_log_likelihood(&data[..], 0.4, 0.2)).unwrap();
    let (_, mu_bar, _) = normal_log_likelihood::grad(&data, 0.4, 0.0);
    assert_near("mu", &mu_bar, &data.iter().map(|x| x - 0.4).sum::<f64>(), 1e-12);
    gradcheck!(mixture(&data, [-0.5, 1.0], [0.1, -0.3], 0.4)).unwrap();
}

#[test]
fn geodesy() {
    gradcheck!(haversine(48.1, 11.5, 52.5, 13.4)).unwrap();
    gradcheck!(vincenty((48.1, 11.5), (52.5, 13.4))).unwrap();
}

#[test]
fn colour() {
    gradcheck!(luminance([0.2, 0.5, 0.3])).unwrap();
    gradcheck!(rgb_to_hsv(0.2, 0.5, 0.03)).unwrap();
    gradcheck!(rgb_to_hsv(0.7, 0.1, 0.3)).unwrap();
    gradcheck!(rgb_to_hsv(0.1, 0.2, 0.3)).unwrap();
    for h in [10.0, 80.0, 130.0, 190.0, 250.0, 310.0] {
        gradcheck!(hsl_to_rgb(h, 0.5, 0.4)).unwrap();
    }
}

#[test]
fn interpolation() {
    let xs = [0.0, 1.0, 2.5, 4.0, 7.0];
    let ys = [1.0, -1.0, 0.5, 2.0, 3.0];
    for x in [-1.0, 0.5, 2.0, 3.0, 6.0, 8.0] {
        gradcheck!(interpolate(&xs[..], &ys[..], x)).unwrap();
    }
    let (_, _, slope) = interpolate::grad(&xs, &ys, 2.0);
    assert_near("slope", &slope, &1.0, 1e-12);
    let grid = [[1.0, 2.0, 0.5, 0.1], [0.3, 0.2, 0.9, 2.0], [1.5, 1.1, 0.4, 0.7]];
    gradcheck!(bilinear(&grid, 1.3, 2.4)).unwrap();
}
