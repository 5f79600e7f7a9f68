//! Filters and colour.
//!
//! Sources: Bristow-Johnson, *Audio EQ Cookbook* (biquads); Oppenheim and Schafer, *Discrete-Time Signal Processing*
//! (Goertzel, windows); Kalman (1960); Wyszecki and Stiles, *Color Science* (CIE spaces); Ottosson, *Oklab*; Smith (1978)
//! (HSV).

#![allow(clippy::all, missing_docs)]

mod common;
use common::{assert_near, programs};
use differentiable::{Differentiable, differentiable};
use std::f64::consts::{PI, TAU};
use std::ops::{Add, AddAssign, Deref, Mul};

// Idiom 10: an enum with payloads that chooses a formula.

#[derive(Clone, Copy, Debug, Differentiable)]
enum Shape {
    LowPass,
    HighPass,
    Peak { gain: f64 },
    Shelf(f64),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum DesignError {
    Frequency,
    Quality,
}

#[derive(Clone, Copy, Debug, Default, Differentiable)]
struct Coefficients {
    b: [f64; 3],
    a: [f64; 2],
}

#[differentiable]
impl Coefficients {
    fn design(shape: Shape, frequency: f64, q: f64) -> Result<Coefficients, DesignError> {
        if !(0.0..0.5).contains(&frequency) {
            return Err(DesignError::Frequency);
        }
        if q <= 0.0 {
            return Err(DesignError::Quality);
        }
        let (sin, cos) = (TAU * frequency).sin_cos();
        let alpha = sin / (2.0 * q);
        let (b, a) = match shape {
            Shape::LowPass => {
                ([(1.0 - cos) / 2.0, 1.0 - cos, (1.0 - cos) / 2.0], [1.0 + alpha, -2.0 * cos, 1.0 - alpha])
            }
            Shape::HighPass => {
                ([(1.0 + cos) / 2.0, -(1.0 + cos), (1.0 + cos) / 2.0], [1.0 + alpha, -2.0 * cos, 1.0 - alpha])
            }
            Shape::Peak { gain } => {
                let amplitude = 10f64.powf(gain / 40.0);
                (
                    [1.0 + alpha * amplitude, -2.0 * cos, 1.0 - alpha * amplitude],
                    [1.0 + alpha / amplitude, -2.0 * cos, 1.0 - alpha / amplitude],
                )
            }
            Shape::Shelf(gain) => {
                let amplitude = 10f64.powf(gain / 40.0);
                let (up, down) = (amplitude + 1.0, amplitude - 1.0);
                let root = 2.0 * amplitude.sqrt() * alpha;
                (
                    [
                        amplitude * (up - down * cos + root),
                        2.0 * amplitude * (down - up * cos),
                        amplitude * (up - down * cos - root),
                    ],
                    [up + down * cos + root, -2.0 * (down + up * cos), up + down * cos - root],
                )
            }
        };
        Ok(Coefficients { b: b.map(|x| x / a[0]), a: [a[1] / a[0], a[2] / a[0]] })
    }

    /// The gain at a frequency.
    fn magnitude(&self, frequency: f64) -> f64 {
        let w = TAU * frequency;
        let response = |c: &[f64; 3]| {
            let re = c[0] + c[1] * w.cos() + c[2] * (2.0 * w).cos();
            let im = -c[1] * w.sin() - c[2] * (2.0 * w).sin();
            re.hypot(im)
        };
        response(&self.b) / response(&[1.0, self.a[0], self.a[1]])
    }
}

// Idiom 9: state in place.

#[derive(Clone, Debug, Differentiable)]
struct Biquad {
    coefficients: Coefficients,
    s1: f64,
    s2: f64,
}

#[differentiable]
impl Biquad {
    fn new(coefficients: Coefficients) -> Self {
        Self { coefficients, s1: 0.0, s2: 0.0 }
    }

    /// Direct form II, transposed.
    fn run(&mut self, x: f64) -> f64 {
        let Coefficients { b, a } = self.coefficients;
        let y = b[0] * x + self.s1;
        self.s1 = b[1] * x - a[0] * y + self.s2;
        self.s2 = b[2] * x - a[1] * y;
        y
    }

    fn process(&mut self, block: &mut [f64]) {
        for sample in block.iter_mut() {
            *sample = self.run(*sample);
        }
    }
}

programs! {
    low_pass(f: f64 = 0.11, q: f64 = 0.8, at: f64 = 0.07) { Coefficients::design(Shape::LowPass, f, q).unwrap().magnitude(at) }
    high_pass(f: f64 = 0.11, q: f64 = 0.8) { Coefficients::design(Shape::HighPass, f, q).unwrap().magnitude(0.05) }
    peak(f: f64 = 0.11, q: f64 = 0.8, gain: f64 = 6.0) {
        match Coefficients::design(Shape::Peak { gain }, f, q) {
            Ok(c) => c.magnitude(0.1),
            Err(_) => 0.0,
        }
    }
    shelf(f: f64 = 0.11, gain: f64 = -4.0) {
        let Ok(c) = Coefficients::design(Shape::Shelf(gain), f, 0.7) else { panic!("a bad design") };
        c.magnitude(0.02) + c.b[0]
    }
    filtered(f: f64 = 0.11, q: f64 = 0.8, x: Vec<f64> = vec![1.0, 0.5, -0.3, 0.2]) {
        let mut filter = Biquad::new(Coefficients::design(Shape::LowPass, f, q).unwrap());
        let mut block = x.clone();
        filter.process(&mut block);
        block.iter().map(|y| y * y).sum::<f64>() + filter.s1
    }
    cascade(f: f64 = 0.11, x: f64 = 0.7) {
        let c = Coefficients::design(Shape::LowPass, f, 0.7).unwrap();
        let mut stages = [Biquad::new(c), Biquad::new(c)];
        let mut y = x;
        for _ in 0..3 {
            for stage in stages.iter_mut() {
                y = stage.run(y);
            }
        }
        y
    }
}

#[test]
fn the_gain_at_zero_frequency_does_not_depend_on_the_design() {
    let c = Coefficients::design(Shape::LowPass, 0.1, 0.7).unwrap();
    let (c_bar, _) = c.magnitude_grad(0.0);
    assert_near("numerator", &c_bar.b, &[1.0 / (1.0 + c.a[0] + c.a[1]); 3], 1e-9);
    assert_eq!(Coefficients::design(Shape::LowPass, 0.7, 0.7).unwrap_err(), DesignError::Frequency);
}

/// A filter in one dimension.
#[derive(Clone, Debug, Differentiable)]
struct Kalman {
    x: f64,
    p: f64,
    q: f64,
    r: f64,
}

#[differentiable]
impl Kalman {
    fn predict(&mut self, velocity: f64, dt: f64) {
        self.x += velocity * dt;
        self.p += self.q * dt;
    }

    fn update(&mut self, z: f64) {
        let gain = self.p / (self.p + self.r);
        self.x += gain * (z - self.x);
        self.p *= 1.0 - gain;
    }

    /// The innovations' log-likelihood.
    fn log_likelihood(mut self, zs: &[f64]) -> f64 {
        let mut sum = 0.0;
        for &z in zs {
            self.p += self.q;
            let s = self.p + self.r;
            sum -= 0.5 * ((z - self.x).powi(2) / s + s.ln() + TAU.ln());
            self.update(z);
        }
        sum
    }
}

/// Position and velocity, with the covariance in nested arrays.
#[differentiable]
fn kalman_cv(z: &[f64], q: f64, r: f64, dt: f64) -> [f64; 2] {
    let mut x = [z[0], 0.0];
    let mut p = [[r, 0.0], [0.0, 1.0]];
    for &z in &z[1..] {
        x[0] += dt * x[1];
        let p00 = p[0][0] + dt * (p[1][0] + p[0][1]) + dt * dt * p[1][1] + q * dt.powi(3) / 3.0;
        let p01 = p[0][1] + dt * p[1][1] + q * dt * dt / 2.0;
        let p11 = p[1][1] + q * dt;
        let s = p00 + r;
        let k = [p00 / s, p01 / s];
        let innovation = z - x[0];
        x.iter_mut().zip(k).for_each(|(x, k)| *x += k * innovation);
        p = [[(1.0 - k[0]) * p00, (1.0 - k[0]) * p01], [(1.0 - k[0]) * p01, p11 - k[1] * p01]];
    }
    x
}

#[differentiable]
fn exponential_smoothing(xs: &[f64], alpha: f64) -> f64 {
    xs.iter().skip(1).fold(xs[0], |level, x| alpha * x + (1.0 - alpha) * level)
}

#[differentiable]
fn holt(xs: &[f64], alpha: f64, beta: f64) -> f64 {
    let (level, trend) = xs[1..].iter().fold((xs[0], xs[1] - xs[0]), |(level, trend), &x| {
        let next = alpha * x + (1.0 - alpha) * (level + trend);
        (next, beta * (next - level) + (1.0 - beta) * trend)
    });
    level + trend
}

/// Goertzel's algorithm: the power at one frequency.
#[differentiable]
fn goertzel(xs: &[f64], frequency: f64) -> f64 {
    let coefficient = 2.0 * (TAU * frequency).cos();
    let (mut s1, mut s2) = (0.0, 0.0);
    for x in xs {
        (s1, s2) = (x + coefficient * s1 - s2, s1);
    }
    s1 * s1 + s2 * s2 - coefficient * s1 * s2
}

#[differentiable]
fn convolve(xs: &[f64], kernel: &[f64]) -> Vec<f64> {
    let mut out = vec![0.0; xs.len() + kernel.len() - 1];
    for (i, x) in xs.iter().enumerate() {
        for (j, k) in kernel.iter().enumerate() {
            out[i + j] += x * k;
        }
    }
    out
}

#[differentiable]
fn hann(n: usize, width: f64) -> Vec<f64> {
    (0..n).map(|i| 0.5 - 0.5 * (TAU * i as f64 / (width * (n - 1) as f64)).cos()).collect()
}

programs! {
    kalman_steps(q: f64 = 0.1, r: f64 = 0.5, v: f64 = 0.3) {
        let mut filter = Kalman { x: 0.0, p: 1.0, q, r };
        for z in [0.2, 0.5, 0.4] {
            filter.predict(v, 0.1);
            filter.update(z);
        }
        filter.x + filter.p
    }
    kalman_likelihood(q: f64 = 0.1, r: f64 = 0.5, zs: Vec<f64> = vec![0.2, 0.5, 0.4]) {
        Kalman { x: 0.0, p: 1.0, q, r }.log_likelihood(&zs)
    }
    constant_velocity(q: f64 = 0.1, r: f64 = 0.5, z: Vec<f64> = vec![0.2, 0.5, 0.4, 0.9]) {
        let [x, v] = kalman_cv(&z, q, r, 0.5);
        x * v
    }
    smoothed(xs: Vec<f64> = vec![0.2, 0.5, 0.4, 0.9], alpha: f64 = 0.3) { exponential_smoothing(&xs, alpha) }
    forecast(xs: Vec<f64> = vec![0.2, 0.5, 0.4, 0.9], alpha: f64 = 0.3, beta: f64 = 0.2) { holt(&xs, alpha, beta) }
    tone(xs: Vec<f64> = vec![0.2, 0.5, -0.4, 0.9], f: f64 = 0.13) { goertzel(&xs, f) }
    convolution(xs: Vec<f64> = vec![0.2, 0.5, -0.4], k: Vec<f64> = vec![1.0, -0.5]) {
        convolve(&xs, &k).iter().enumerate().map(|(i, y)| y * y * (i + 1) as f64).sum()
    }
    windowed(xs: Vec<f64> = vec![0.2, 0.5, -0.4, 0.9], width: f64 = 1.1) {
        hann(xs.len(), width).iter().zip(&xs).map(|(w, x)| w * x).sum::<f64>().powi(2)
    }
    total_variation(xs: Vec<f64> = vec![0.2, 0.5, -0.4, 0.9]) { xs.windows(2).map(|w| (w[1] - w[0]).abs()).sum::<f64>() }
    root_mean_square(xs: Vec<f64> = vec![0.2, 0.5, -0.4, 0.9]) { (xs.iter().map(|&x| x * x).sum::<f64>() / xs.len() as f64).sqrt() }
    peak_to_average(xs: Vec<f64> = vec![0.2, 0.5, -0.4, 0.9]) {
        let peak = xs.iter().map(|x| x.abs()).fold(0.0_f64, f64::max);
        peak / (xs.iter().map(|x| x.abs()).sum::<f64>() / xs.len() as f64)
    }
}

// Colour. Idiom 10: operators, a newtype with `Deref`.

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Rgb {
    r: f64,
    g: f64,
    b: f64,
}

#[differentiable]
impl Add for Rgb {
    type Output = Rgb;
    fn add(self, other: Rgb) -> Rgb {
        Rgb { r: self.r + other.r, g: self.g + other.g, b: self.b + other.b }
    }
}

#[differentiable]
impl Mul<f64> for Rgb {
    type Output = Rgb;
    fn mul(self, t: f64) -> Rgb {
        Rgb { r: self.r * t, g: self.g * t, b: self.b * t }
    }
}

#[differentiable]
impl AddAssign for Rgb {
    fn add_assign(&mut self, other: Rgb) {
        *self = *self + other;
    }
}

/// Light, rather than what a screen is sent.
#[derive(Clone, Copy, Debug, Differentiable)]
struct Linear(Rgb);

impl Deref for Linear {
    type Target = Rgb;
    fn deref(&self) -> &Rgb {
        &self.0
    }
}

#[differentiable]
fn gamma_expand(c: f64) -> f64 {
    if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
}

#[differentiable]
fn gamma_compress(c: f64) -> f64 {
    if c <= 0.0031308 { 12.92 * c } else { 1.055 * c.powf(1.0 / 2.4) - 0.055 }
}

#[differentiable]
impl Rgb {
    fn linear(&self) -> Linear {
        let [r, g, b] = [self.r, self.g, self.b].map(gamma_expand);
        Linear(Rgb { r, g, b })
    }

    fn mix(self, other: Rgb, t: f64) -> Rgb {
        self * (1.0 - t) + other * t
    }

    fn luminance(&self) -> f64 {
        let Linear(light) = self.linear();
        0.2126 * light.r + 0.7152 * light.g + 0.0722 * light.b
    }

    fn contrast(&self, other: &Rgb) -> f64 {
        let (a, b) = (self.luminance() + 0.05, other.luminance() + 0.05);
        if a > b { a / b } else { b / a }
    }

    /// Hue in degrees, saturation, value.
    fn hsv(&self) -> (f64, f64, f64) {
        let Rgb { r, g, b } = *self;
        let max = r.max(g).max(b);
        let min = r.min(g).min(b);
        let delta = max - min;
        let hue = if delta == 0.0 {
            0.0
        } else if max == r {
            60.0 * ((g - b) / delta).rem_euclid(6.0)
        } else if max == g {
            60.0 * ((b - r) / delta + 2.0)
        } else {
            60.0 * ((r - g) / delta + 4.0)
        };
        (hue, if max == 0.0 { 0.0 } else { delta / max }, max)
    }

    fn from_hsv(h: f64, s: f64, v: f64) -> Rgb {
        let c = v * s;
        let x = c * (1.0 - ((h / 60.0) % 2.0 - 1.0).abs());
        let m = v - c;
        let sector = (h / 60.0).floor() as usize;
        let (r, g, b) = match sector {
            0 => (c, x, 0.0),
            1 => (x, c, 0.0),
            2 => (0.0, c, x),
            3 => (0.0, x, c),
            4 => (x, 0.0, c),
            _ => (c, 0.0, x),
        };
        Rgb { r: r + m, g: g + m, b: b + m }
    }
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Lab {
    l: f64,
    a: f64,
    b: f64,
}

#[differentiable]
fn lab_curve(t: f64) -> f64 {
    const DELTA: f64 = 6.0 / 29.0;
    if t > DELTA.powi(3) { t.cbrt() } else { t / (3.0 * DELTA * DELTA) + 4.0 / 29.0 }
}

#[differentiable]
impl Lab {
    const WHITE: [f64; 3] = [0.95047, 1.0, 1.08883];

    fn from_rgb(rgb: &Rgb) -> Self {
        const M: [[f64; 3]; 3] =
            [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]];
        let light = rgb.linear();
        let mut xyz = [0.0; 3];
        for (out, row) in xyz.iter_mut().zip(M.iter()) {
            *out = row[0] * light.0.r + row[1] * light.0.g + row[2] * light.0.b;
        }
        let f: Vec<f64> = xyz.iter().zip(Self::WHITE.iter()).map(|(c, w)| lab_curve(c / w)).collect();
        Lab { l: 116.0 * f[1] - 16.0, a: 500.0 * (f[0] - f[1]), b: 200.0 * (f[1] - f[2]) }
    }

    fn chroma(&self) -> f64 {
        self.a.hypot(self.b)
    }

    fn delta_e76(&self, other: &Self) -> f64 {
        ((self.l - other.l).powi(2) + (self.a - other.a).powi(2) + (self.b - other.b).powi(2)).sqrt()
    }

    fn delta_e94(&self, other: &Self) -> f64 {
        let (c1, c2) = (self.chroma(), other.chroma());
        let dl = self.l - other.l;
        let dc = c1 - c2;
        let dh2 = (self.a - other.a).powi(2) + (self.b - other.b).powi(2) - dc * dc;
        let (sc, sh) = (1.0 + 0.045 * c1, 1.0 + 0.015 * c1);
        (dl * dl + (dc / sc).powi(2) + dh2 / (sh * sh)).sqrt()
    }
}

#[differentiable]
fn oklab(light: &Rgb) -> [f64; 3] {
    let l = 0.4122214708 * light.r + 0.5363325363 * light.g + 0.0514459929 * light.b;
    let m = 0.2119034982 * light.r + 0.6806995451 * light.g + 0.1073969566 * light.b;
    let s = 0.0883024619 * light.r + 0.2817188376 * light.g + 0.6299787005 * light.b;
    let [l, m, s] = [l, m, s].map(f64::cbrt);
    [
        0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
        1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
        0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s,
    ]
}

/// Planck's law, relative to 560 nm.
#[differentiable]
fn black_body(nanometres: f64, temperature: f64) -> f64 {
    const C2: f64 = 1.438776877e7;
    let radiance = |l: f64| l.powi(-5) / (C2 / (l * temperature)).exp_m1();
    radiance(nanometres) / radiance(560.0)
}

programs! {
    round_trip(c: f64 = 0.3, d: f64 = 0.001) { gamma_compress(gamma_expand(c) * 1.1) + gamma_compress(gamma_expand(d) * 1.1) }
    luminances(r: f64 = 0.3, g: f64 = 0.6, b: f64 = 0.02) { Rgb { r, g, b }.luminance() }
    readable(r: f64 = 0.3, g: f64 = 0.6, b: f64 = 0.1) { Rgb { r, g, b }.contrast(&Rgb { r: b, g: r, b: g }) }
    mixed(r: f64 = 0.3, g: f64 = 0.6, t: f64 = 0.4) {
        let mut c = Rgb { r, g, b: 0.1 }.mix(Rgb { r: g, g: 0.2, b: r }, t);
        c += Rgb { r: t, g: 0.0, b: 0.0 } * 0.5;
        c.r * c.g + c.b
    }
    hue(r: f64 = 0.3, g: f64 = 0.6, b: f64 = 0.1) {
        let (h, s, v) = Rgb { r, g, b }.hsv();
        h / 60.0 + s * v
    }
    hue_of_magenta(r: f64 = 0.7, g: f64 = 0.1, b: f64 = 0.4) { Rgb { r, g, b }.hsv().0 }
    from_hue(h: f64 = 200.0, s: f64 = 0.6, v: f64 = 0.8) {
        let c = Rgb::from_hsv(h, s, v);
        c.r + 2.0 * c.g * c.b
    }
    lab_difference(r: f64 = 0.3, g: f64 = 0.6, b: f64 = 0.1) {
        let (x, y) = (Lab::from_rgb(&Rgb { r, g, b }), Lab::from_rgb(&Rgb { r: 0.5, g: b, b: 0.01 }));
        x.delta_e76(&y) + 2.0 * x.delta_e94(&y)
    }
    oklab_lightness(r: f64 = 0.3, g: f64 = 0.6, b: f64 = 0.1) {
        let [l, a, b] = oklab(&Rgb { r, g, b });
        l + a * b
    }
    planck(l: f64 = 450.0, t: f64 = 5500.0) { black_body(l, t) }
    palette_spread(c: Vec<f64> = vec![0.1, 0.5, 0.9]) {
        let colors: Vec<Rgb> = c.iter().map(|&h| Rgb::from_hsv(h * 100.0, 0.5, 0.8)).collect();
        colors.iter().map(Rgb::luminance).fold(0.0, |sum, l| sum + l * l)
    }
}

#[test]
fn mixing_is_linear_in_the_share() {
    let (a, b) = (Rgb { r: 0.1, g: 0.2, b: 0.3 }, Rgb { r: 0.9, g: 0.7, b: 0.2 });
    let (_, pullback) = a.mix_vjp(b, 0.3);
    let (a_bar, b_bar, t_bar) = pullback(RgbTangent { r: 1.0, g: 0.0, b: 0.0 });
    assert_near("shares", &[a_bar.r, b_bar.r, t_bar], &[0.7, 0.3, 0.8], 1e-12);
    let _ = PI;
}
