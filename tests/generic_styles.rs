//! Generic functions of many styles: traits of numbers made by the crate, `where` clauses, generic structs with state, `impl Float`.

#![allow(clippy::all, missing_docs, unreachable_pub, unused_imports, dead_code)]

mod common;
use common::assert_near;
use differentiable::{Differentiable, differentiable};
use num_traits::{Float, FloatConst, FromPrimitive, NumAssign, NumCast, One, Signed, Zero};
use std::fmt::Debug;
use std::iter::Sum;
use std::ops::*;
// own traits
pub trait Real:
    Copy
    + PartialOrd
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    fn from_f64(x: f64) -> Self;
    fn sqrt(self) -> Self;
    fn sin(self) -> Self;
    fn cos(self) -> Self;
    fn exp(self) -> Self;
    const ZERO: Self;
    const ONE: Self;
}
impl Real for f64 {
    fn from_f64(x: f64) -> f64 {
        x
    }
    fn sqrt(self) -> f64 {
        f64::sqrt(self)
    }
    fn sin(self) -> f64 {
        f64::sin(self)
    }
    fn cos(self) -> f64 {
        f64::cos(self)
    }
    fn exp(self) -> f64 {
        f64::exp(self)
    }
    const ZERO: f64 = 0.0;
    const ONE: f64 = 1.0;
}
#[differentiable]
fn haversine<T: Real>(a: (T, T), b: (T, T)) -> T {
    let s = ((b.0 - a.0) / T::from_f64(2.0)).sin();
    let c = ((b.1 - a.1) / T::from_f64(2.0)).sin();
    (s * s + a.0.cos() * b.0.cos() * c * c).sqrt()
}
#[differentiable]
fn logistic<R>(x: R, k: R) -> R
where
    R: Real,
{
    R::ONE / (R::ONE + (-k * x).exp())
}
pub trait Trig {
    fn sin(self) -> Self;
    fn cos(self) -> Self;
}
impl Trig for f64 {
    fn sin(self) -> f64 {
        f64::sin(self)
    }
    fn cos(self) -> f64 {
        f64::cos(self)
    }
}
#[differentiable]
fn rot2<T>(v: [T; 2], a: T) -> [T; 2]
where
    T: Copy + Trig + Add<Output = T> + Sub<Output = T> + Mul<Output = T>,
{
    let (s, c) = (a.sin(), a.cos());
    [v[0] * c - v[1] * s, v[0] * s + v[1] * c]
}
#[differentiable]
fn horner<T: Zero + Copy + Mul<Output = T> + Add<Output = T>>(c: &[T], x: T) -> T {
    c.iter().rev().fold(T::zero(), |acc, &k| acc * x + k)
}
#[differentiable]
fn pownat<T: One + Copy + Mul<Output = T>>(x: T, n: u32) -> T {
    let mut r = T::one();
    for _ in 0..n {
        r = r * x;
    }
    r
}
#[differentiable]
fn bilinear<T, const N: usize, const M: usize>(a: &[[T; M]; N], x: &[T; N], y: &[T; M]) -> T
where
    T: Float + AddAssign,
{
    let mut s = T::zero();
    for i in 0..N {
        for j in 0..M {
            s += x[i] * a[i][j] * y[j];
        }
    }
    s
}
#[differentiable]
fn softmax<T: Float, const N: usize>(z: [T; N]) -> [T; N] {
    let m = z.iter().cloned().fold(T::neg_infinity(), T::max);
    let e = z.map(|v| (v - m).exp());
    let s = e.iter().fold(T::zero(), |a, &b| a + b);
    e.map(|v| v / s)
}
#[differentiable]
fn clampv<T: PartialOrd + Copy + Sub<Output = T>>(x: T, lo: T, hi: T) -> T {
    if x < lo {
        lo
    } else if x > hi {
        hi
    } else {
        x - lo
    }
}
#[differentiable]
fn maxof<T: PartialOrd + Copy>(xs: &[T]) -> T {
    let mut m = xs[0];
    for &x in xs.iter() {
        if x > m {
            m = x;
        }
    }
    m
}
#[differentiable]
fn impl_arg(x: impl Float, y: f64) -> f64 {
    x.to_f64().unwrap() * y
}
#[differentiable]
fn hyp<F: Float + FloatConst + Debug>(r: F) -> F {
    let two = F::one() + F::one();
    two * F::PI() * r + F::from(0.5).unwrap() * r.powf(F::from(1.5).unwrap())
}
#[derive(Differentiable, Clone, Debug)]
pub struct Poly<T> {
    c: Vec<T>,
}
#[differentiable]
impl<T> Poly<T>
where
    T: Float + Sum,
{
    pub fn eval(&self, x: T) -> T {
        self.c.iter().enumerate().map(|(i, &c)| c * x.powi(i as i32)).sum()
    }
    pub fn deriv(&self) -> Poly<T> {
        Poly { c: self.c.iter().enumerate().skip(1).map(|(i, &c)| c * T::from(i).unwrap()).collect() }
    }
}
#[derive(Differentiable, Clone, Copy, Debug)]
pub struct Ema<T> {
    alpha: T,
    state: Option<T>,
}
#[differentiable]
impl<T: Float> Ema<T> {
    pub fn update(&mut self, x: T) -> T {
        let y = match self.state {
            Some(s) => self.alpha * x + (T::one() - self.alpha) * s,
            None => x,
        };
        self.state = Some(y);
        y
    }
}
#[derive(Differentiable, Clone, Copy, Debug)]
pub struct Body<T> {
    pos: [T; 2],
    vel: [T; 2],
    mass: T,
}
#[differentiable]
pub fn kinetic<T: Float + Sum<T>>(bodies: &[Body<T>]) -> T {
    bodies.iter().map(|b| b.mass * (b.vel[0] * b.vel[0] + b.vel[1] * b.vel[1])).sum::<T>() * T::from(0.5).unwrap()
}
#[differentiable]
pub fn stepb<T: Float>(b: Body<T>, f: [T; 2], dt: T) -> Body<T> {
    let mut b = b;
    for i in 0..2 {
        b.vel[i] = b.vel[i] + f[i] / b.mass * dt;
        b.pos[i] = b.pos[i] + b.vel[i] * dt;
    }
    b
}
#[differentiable]
fn trapz<T, F>(f: F, a: T, b: T, n: usize) -> T
where
    T: Float + FromPrimitive,
    F: Fn(T) -> T,
{
    let h = (b - a) / T::from_usize(n).unwrap();
    let mut s = (f(a) + f(b)) / T::from_f64(2.0).unwrap();
    for i in 1..n {
        s = s + f(a + h * T::from_usize(i).unwrap());
    }
    s * h
}
#[differentiable]
fn use_trapz(k: f64) -> f64 {
    trapz(|x: f64| (k * x).sin(), 0.0, 1.0 + k, 8)
}
#[differentiable]
fn swap_min<T: PartialOrd>(a: T, b: T) -> (T, T) {
    if a < b { (a, b) } else { (b, a) }
}

#[differentiable]
fn all(x: f64, y: f64) -> f64 {
    let places = haversine((x, y), (0.5, 1.5)) + logistic(x, y);
    let v = rot2([x, y], x * y);
    let p = horner(&[1.0, x, y], v[0]) + pownat(v[1], 3);
    let q = bilinear(&[[x, y, 1.0], [0.5, x * y, 2.0]], &[x, 1.0], &[y, 0.3, x]);
    let s = softmax([x, y, 0.2]);
    let m = clampv(x, 0.2, 3.0) * maxof(&[x, y, 0.1]) + impl_arg(x, y) + hyp(x);
    let (least, most) = swap_min(x, y);
    places * p + q * s[0] + m * s[2] + least * most.sin()
}

#[differentiable]
fn members(x: f64, y: f64) -> f64 {
    let poly = Poly { c: vec![x, y, x * y, 0.5] };
    let mut ema = Ema { alpha: y, state: None };
    let mut sum = poly.eval(x) + poly.deriv().eval(y);
    for i in 0..3 {
        sum += ema.update(x * i as f64);
    }
    let body = Body { pos: [x, y], vel: [y, 0.5], mass: x };
    let moved = stepb(body, [y, x], 0.1);
    sum + kinetic(&[body, moved]) * moved.pos[1] + use_trapz(x)
}

#[test]
fn functions() {
    differentiable::gradcheck!(all(0.7, 1.3)).unwrap();
    differentiable::gradcheck!(all(1.7, 0.4)).unwrap();
}

#[test]
fn members_of_generic_types() {
    differentiable::gradcheck!(members(0.7, 0.6)).unwrap();
}

#[test]
fn single_precision() {
    assert_near("deviation", &hyp::grad(1.5_f32), &hyp::grad(1.5), 1e-5);
    let single = softmax::vjp([0.5_f32, 1.0, -0.5]).1([1.0, 2.0, 3.0]);
    assert_near("softmax", &single, &softmax::vjp([0.5, 1.0, -0.5]).1([1.0, 2.0, 3.0]), 1e-5);
}
