//! Generic functions as they are published: option prices, geodesy, statistics, linear algebra, integrators.

#![allow(clippy::all, dead_code, missing_docs, unreachable_pub, unused)]

mod common;
use common::{assert_near, check};
use differentiable::{Differentiable, differentiable};
use num_traits::{AsPrimitive, Float, FloatConst, FromPrimitive, Num, NumCast, One, ToPrimitive, Zero};
use std::fmt::Debug;
use std::iter::Sum;
use std::ops::{Add, Div, Mul, Neg, Sub};

#[differentiable]
fn norm_cdf<T: Float + FromPrimitive>(x: T) -> T {
    let half = T::from_f64(0.5).unwrap();
    let a = T::from_f64(0.044715).unwrap();
    let c = T::from_f64((2.0 / std::f64::consts::PI).sqrt()).unwrap();
    half * (T::one() + (c * (x + a * x.powi(3))).tanh())
}

#[differentiable]
fn black_scholes<T>(s: T, k: T, r: T, sigma: T, t: T) -> T
where
    T: Float + FromPrimitive + Debug,
{
    let sqrt_t = t.sqrt();
    let d1 = ((s / k).ln() + (r + sigma.powi(2) / T::from(2).unwrap()) * t) / (sigma * sqrt_t);
    let d2 = d1 - sigma * sqrt_t;
    s * norm_cdf(d1) - k * (-r * t).exp() * norm_cdf(d2)
}

#[differentiable]
fn haversine<T: Float + FloatConst>(a: (T, T), b: (T, T), radius: T) -> T {
    let two = T::one() + T::one();
    let (lat1, lon1) = (a.0.to_radians(), a.1.to_radians());
    let (lat2, lon2) = (b.0.to_radians(), b.1.to_radians());
    let h = ((lat2 - lat1) / two).sin().powi(2) + lat1.cos() * lat2.cos() * ((lon2 - lon1) / two).sin().powi(2);
    two * radius * h.sqrt().asin()
}

#[differentiable]
fn horner<T>(coefficients: &[T], x: T) -> T
where
    T: Copy + Zero + Mul<Output = T> + Add<Output = T>,
{
    coefficients.iter().rev().fold(T::zero(), |acc, &c| acc * x + c)
}

#[differentiable]
pub fn lerp<T: Copy + Add<Output = T> + Sub<Output = T> + Mul<Output = T>>(a: T, b: T, t: T) -> T {
    a + (b - a) * t
}

#[differentiable]
fn softmax<F: Float + Sum>(xs: &[F]) -> Vec<F> {
    let max = xs.iter().cloned().fold(F::neg_infinity(), F::max);
    let exps: Vec<F> = xs.iter().map(|&x| (x - max).exp()).collect();
    let sum: F = exps.iter().copied().sum();
    exps.iter().map(|&e| e / sum).collect()
}

#[differentiable]
fn logsumexp<F>(xs: &[F]) -> F
where
    F: Float,
{
    let mut m = F::neg_infinity();
    for &x in xs {
        m = m.max(x);
    }
    let mut s = F::zero();
    for &x in xs {
        s = s + (x - m).exp();
    }
    m + s.ln()
}

#[differentiable]
fn welford<T: Float + NumCast>(xs: &[T]) -> (T, T) {
    let mut mean = T::zero();
    let mut m2 = T::zero();
    let mut n = 0usize;
    for &x in xs.iter() {
        n += 1;
        let delta = x - mean;
        mean = mean + delta / T::from(n).unwrap();
        m2 = m2 + delta * (x - mean);
    }
    (mean, m2 / T::from(n - 1).unwrap())
}

#[differentiable]
fn power_sum<T: Float, const N: usize>(x: T) -> T {
    let mut out = T::zero();
    for n in 1..=N {
        out = out + x.powi(n as i32) / T::from(n).unwrap();
    }
    out
}

#[differentiable]
fn primitive<T: Float + AsPrimitive<f64>>(x: T) -> f64 {
    let y: f64 = x.as_();
    y * y
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Point<T> {
    x: T,
    y: T,
}

#[differentiable]
fn rotate<T: Float>(p: Point<T>, angle: T) -> Point<T> {
    let (s, c) = angle.sin_cos();
    Point { x: c * p.x - s * p.y, y: s * p.x + c * p.y }
}

#[differentiable]
fn determinant<T: Float>(m: [[T; 2]; 2]) -> T {
    m[0][0] * m[1][1] - m[0][1] * m[1][0]
}

#[differentiable]
fn matvec<T: Float, const R: usize, const C: usize>(m: &[[T; C]; R], v: &[T; C]) -> [T; R] {
    let mut out = [T::zero(); R];
    for i in 0..R {
        for j in 0..C {
            out[i] = out[i] + m[i][j] * v[j];
        }
    }
    out
}

#[differentiable]
fn relu<T: PartialOrd + Zero + Copy>(x: T) -> T {
    if x > T::zero() { x } else { T::zero() }
}

#[differentiable]
fn clamp01<T: Float>(x: T) -> T {
    x.max(T::zero()).min(T::one()) * x
}

#[differentiable]
fn rk4<T: Float>(y: T, h: T, steps: usize) -> T {
    let two = T::from(2.0).unwrap();
    let six = T::from(6.0).unwrap();
    let f = |y: T| -y * y.sin();
    let mut y = y;
    for _ in 0..steps {
        let k1 = f(y);
        let k2 = f(y + h * k1 / two);
        let k3 = f(y + h * k2 / two);
        let k4 = f(y + h * k3);
        y = y + h / six * (k1 + two * k2 + two * k3 + k4);
    }
    y
}

#[differentiable]
fn distance<T: Float + Sum<T>>(a: &[T], b: &[T]) -> T {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b.iter()).map(|(&x, &y)| (x - y) * (x - y)).sum::<T>().sqrt()
}

#[differentiable]
fn gcd_like<T: Num + Copy + PartialOrd>(a: T, b: T) -> T {
    let mut a = a;
    while a > b {
        a = a - b;
    }
    a * b
}

#[test]
fn prices_and_distances() {
    differentiable::gradcheck!(black_scholes(100.0, 95.0, 0.02, 0.3, 1.5)).unwrap();
    differentiable::gradcheck!(haversine((48.0, 2.0), (52.0, 13.0), 6371.0)).unwrap();
    differentiable::gradcheck!(distance(&[1.0, 2.0], &[3.0, 5.0])).unwrap();
    let single = black_scholes::grad(100.0_f32, 95.0, 0.02, 0.3, 1.5);
    assert_near("f32", &single, &black_scholes::grad(100.0, 95.0, 0.02, 0.3, 1.5), 1e-4);
}

#[test]
fn polynomials_and_interpolation() {
    check!(horner(&[1.0, 2.0, 3.0], 2.0), (vec![1.0, 2.0, 4.0], 14.0));
    check!(lerp(1.0, 3.0, 0.25), (0.75, 0.25, 2.0));
    let gradient: f64 = power_sum::grad::<f64, 3>(0.5);
    assert_near("power sum", &gradient, &(1.0 + 0.5 + 0.25), 1e-12);
    check!(relu(2.0), 1.0);
    check!(clamp01(0.5), 1.0);
    check!(primitive(3.0), 6.0);
    check!(gcd_like(5.5, 2.0), (2.0, -2.0 * 2.0 + 1.5));
}

#[test]
fn statistics() {
    let xs = [0.1, 0.7, -0.3];
    differentiable::gradcheck!(softmax(&xs)).unwrap();
    check!(logsumexp(&xs), softmax(&xs));
    differentiable::gradcheck!(welford(&xs)).unwrap();
}

#[test]
fn matrices_and_integrators() {
    check!(determinant([[1.0, 2.0], [3.0, 4.0]]), [[4.0, -3.0], [-2.0, 1.0]]);
    differentiable::gradcheck!(matvec(&[[1.0, 2.0], [3.0, 4.0]], &[0.5, 0.6])).unwrap();
    differentiable::gradcheck!(rk4(1.0, 0.1, 5)).unwrap();
    let (s, c) = 0.3_f64.sin_cos();
    let (value, pullback) = rotate::vjp(Point { x: 1.0, y: 2.0 }, 0.3);
    assert_near("value", &(value.x, value.y), &(c - 2.0 * s, s + 2.0 * c), 1e-12);
    for _ in 0..2 {
        let (bar, angle_bar) = pullback(PointTangent { x: 1.0, y: 0.0 });
        assert_near("pullback", &(bar.x, bar.y, angle_bar), &(c, -s, -s - 2.0 * c), 1e-12);
    }
}
