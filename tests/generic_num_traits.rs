//! The traits of `num_traits` as bounds, by method and by path, and conversions by the traits of std.

#![allow(clippy::all, missing_docs, unreachable_pub, dead_code)]

use differentiable::{differentiable, gradcheck};
use std::ops::*;

mod bounds {
    use super::*;
    use num_traits::*;
    #[differentiable]
    pub fn poly<T: Num + Copy>(cs: &[T], x: T) -> T {
        cs.iter().rev().fold(T::zero(), |a, &c| a * x + c)
    }
    #[differentiable]
    pub fn horner<T>(x: T, cs: &[T]) -> T
    where
        T: MulAdd<Output = T> + Zero + Copy,
    {
        let mut acc = T::zero();
        for c in cs.iter().rev() {
            acc = acc.mul_add(x, *c);
        }
        acc
    }
    #[differentiable]
    pub fn circ<T: FloatConst + Float>(r: T) -> T {
        T::PI() * r * r + T::E().ln() * T::SQRT_2() * r + T::FRAC_PI_2()
    }
    #[differentiable]
    pub fn sgn<T: Signed + Copy>(x: T, y: T) -> T {
        x.abs() * y.signum() + if x.is_negative() { -y } else { y }
    }
    #[differentiable]
    pub fn cast<T: NumCast + Num + Copy, U: NumCast + Float>(x: T, n: usize) -> U {
        let y: U = NumCast::from(x).unwrap();
        y * U::from(n).unwrap() + U::from(2.5f64).unwrap()
    }
    #[differentiable]
    pub fn pw<T: Float + Pow<T, Output = T>>(x: T, y: T) -> T {
        Pow::pow(x, y) + num_traits::pow(x, 3) + Float::powf(x, y)
    }
    #[differentiable]
    pub fn re<T: real::Real>(x: T, y: T) -> T {
        x.sqrt() * y.exp() + x.hypot(y) + T::max(x, y)
    }
    #[differentiable]
    pub fn into64<T: Into<f64> + Copy, U: Into<f64>>(x: T, y: U) -> f64 {
        let a: f64 = x.into();
        a * y.into() + Into::<f64>::into(x)
    }
    #[differentiable]
    pub fn from64<T>(x: T) -> f64
    where
        f64: From<T>,
    {
        let v = <f64 as From<T>>::from(x);
        v * v
    }
    #[differentiable]
    pub fn euclid<T: Float + std::iter::Sum<T>>(a: &[T], b: &[T]) -> T {
        a.iter().zip(b).map(|(&p, &q)| (p - q).powi(2)).sum::<T>().sqrt()
    }
    #[differentiable]
    pub fn mean<T: Num + NumCast + Copy + std::iter::Sum>(a: &[T]) -> Option<T> {
        if a.is_empty() { None } else { Some(a.iter().copied().sum::<T>() / T::from(a.len())?) }
    }
    #[differentiable]
    pub fn inverse<T: Inv<Output = T> + Copy + Mul<Output = T>>(x: T) -> T {
        x.inv() * x * x
    }
    #[differentiable]
    pub fn refs<T>(a: &T, b: &T) -> T
    where
        T: Num,
        for<'a> &'a T: Mul<&'a T, Output = T> + Add<&'a T, Output = T>,
    {
        let p = a * b;
        &p + a
    }
    #[differentiable]
    pub fn numref<T: Float + NumAssignRef>(xs: &[T]) -> T {
        let mut s = T::zero();
        for x in xs {
            s += x;
            s *= x;
        }
        s
    }
    #[differentiable]
    pub fn clampf<T: Float>(x: T, lo: T, hi: T) -> T {
        num_traits::clamp(x, lo, hi) + num_traits::Float::clamp(x, lo, hi)
    }
    #[differentiable]
    fn drive(x: f64, y: f64) -> f64 {
        poly(&[x, y, 1.0], x)
            + horner(y, &[1.0, x, x * y])
            + circ(x)
            + sgn(-x, y)
            + cast::<f64, f64>(x, 3)
            + pw(x, y)
            + re(x, y)
            + into64(x, y)
            + from64(y)
            + euclid(&[x, y], &[y * y, 0.1])
            + mean(&[x, y]).unwrap()
            + inverse(x)
            + refs(&x, &y)
            + numref(&[x, y, x])
            + clampf(x, 0.0, y)
    }
    #[test]
    fn derivatives() {
        gradcheck!(drive(0.3, 0.8)).unwrap();
    }
}
