//! Numbers that crates bring along: float traits of their own, and complex numbers over any number.

#![allow(clippy::all, missing_docs, unreachable_pub, dead_code)]

use differentiable::{Differentiable, differentiable, gradcheck};

/// A float trait with constants and defaults.
mod real {
    use super::*;
    use std::ops::*;
    #[differentiable]
    pub trait Real:
        Copy
        + PartialOrd
        + Add<Output = Self>
        + Sub<Output = Self>
        + Mul<Output = Self>
        + Div<Output = Self>
        + Neg<Output = Self>
    {
        const ZERO: Self;
        const ONE: Self;
        const PI: Self;
        const HALF: Self;
        fn sqrt(self) -> Self;
        fn sin(self) -> Self;
        fn cos(self) -> Self;
        fn exp(self) -> Self;
        fn powi(self, n: i32) -> Self;
        fn of(x: f64) -> Self;
        fn sq(self) -> Self {
            self * self
        }
        fn max(self, o: Self) -> Self {
            if self > o { self } else { o }
        }
    }
    #[differentiable]
    impl Real for f64 {
        const ZERO: f64 = 0.0;
        const ONE: f64 = 1.0;
        const PI: f64 = std::f64::consts::PI;
        const HALF: f64 = 0.5;
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
        fn powi(self, n: i32) -> f64 {
            f64::powi(self, n)
        }
        fn of(x: f64) -> f64 {
            x
        }
    }
    #[differentiable]
    impl Real for f32 {
        const ZERO: f32 = 0.0;
        const ONE: f32 = 1.0;
        const PI: f32 = std::f32::consts::PI;
        const HALF: f32 = 0.5;
        fn sqrt(self) -> f32 {
            f32::sqrt(self)
        }
        fn sin(self) -> f32 {
            f32::sin(self)
        }
        fn cos(self) -> f32 {
            f32::cos(self)
        }
        fn exp(self) -> f32 {
            f32::exp(self)
        }
        fn powi(self, n: i32) -> f32 {
            f32::powi(self, n)
        }
        fn of(x: f64) -> f32 {
            x as f32
        }
    }
    #[differentiable]
    pub fn norm<T: Real>(xs: &[T]) -> T {
        let mut s = T::ZERO;
        for &x in xs {
            s = s + x.sq();
        }
        s.sqrt()
    }
    #[differentiable]
    pub fn gauss<R: Real>(x: R, mu: R, sigma: R) -> R {
        let z = (x - mu) / sigma;
        (-R::HALF * z * z).exp() / (sigma * (R::of(2.0) * R::PI).sqrt())
    }
    #[differentiable]
    pub fn cheb<R>(n: usize, x: R) -> R
    where
        R: Real,
    {
        let (mut a, mut b) = (R::ONE, x);
        for _ in 1..n {
            let c = R::of(2.0) * x * b - a;
            a = b;
            b = c;
        }
        b.max(R::ZERO) + a.powi(2)
    }
    #[differentiable]
    fn drive(x: f64, y: f64) -> f64 {
        norm(&[x, y, x * y]) + gauss(x, y, 0.7) * cheb(4, x) + norm::<f64>(&[y])
    }
    #[test]
    fn derivatives() {
        gradcheck!(drive(0.3, 0.8)).unwrap();
        gradcheck!(gauss(0.3, 0.8, 1.1)).unwrap();
        let _ = gauss::grad(0.3f32, 0.8, 1.0);
    }
}

/// A float trait with functions in the place of constants.
mod scalar {
    use super::*;
    use std::fmt::Debug;
    use std::ops::*;
    #[differentiable]
    pub trait Scalar:
        Copy
        + Clone
        + Debug
        + PartialOrd
        + Add<Output = Self>
        + AddAssign
        + Sub<Output = Self>
        + SubAssign
        + Mul<Output = Self>
        + MulAssign
        + Div<Output = Self>
        + DivAssign
        + Neg<Output = Self>
        + 'static
    {
        fn zero() -> Self;
        fn one() -> Self;
        fn two() -> Self {
            Self::one() + Self::one()
        }
        fn abs(self) -> Self;
        fn sqrt(self) -> Self;
        fn from_f64(v: f64) -> Self;
        fn to_f64(self) -> f64;
        fn hypot(self, o: Self) -> Self {
            (self * self + o * o).sqrt()
        }
        fn clamp01(self) -> Self {
            if self < Self::zero() {
                Self::zero()
            } else if self > Self::one() {
                Self::one()
            } else {
                self
            }
        }
    }
    #[differentiable]
    impl Scalar for f64 {
        fn zero() -> Self {
            0.0
        }
        fn one() -> Self {
            1.0
        }
        fn abs(self) -> Self {
            f64::abs(self)
        }
        fn sqrt(self) -> Self {
            f64::sqrt(self)
        }
        fn from_f64(v: f64) -> Self {
            v
        }
        fn to_f64(self) -> f64 {
            self
        }
    }
    #[differentiable]
    impl Scalar for f32 {
        fn zero() -> Self {
            0.0
        }
        fn one() -> Self {
            1.0
        }
        fn abs(self) -> Self {
            self.abs()
        }
        fn sqrt(self) -> Self {
            self.sqrt()
        }
        fn from_f64(v: f64) -> Self {
            v as f32
        }
        fn to_f64(self) -> f64 {
            self as f64
        }
    }
    #[differentiable]
    pub fn dist<S: Scalar>(a: [S; 2], b: [S; 2]) -> S {
        (a[0] - b[0]).hypot(a[1] - b[1])
    }
    #[differentiable]
    pub fn newton<S: Scalar>(a: S, n: usize) -> S {
        let mut x = a / S::two() + S::from_f64(0.1);
        for _ in 0..n {
            x -= (x * x - a) / (S::two() * x);
        }
        x
    }
    #[differentiable]
    pub fn smoothstep<S: Scalar>(lo: S, hi: S, x: S) -> S {
        let t = ((x - lo) / (hi - lo)).clamp01();
        t * t * (S::from_f64(3.0) - S::two() * t)
    }
    #[differentiable]
    fn drive(x: f64, y: f64) -> f64 {
        dist([x, y], [y * y, 0.3]) + newton(x, 4) + smoothstep(0.0, y, x).to_f64()
    }
    #[test]
    fn derivatives() {
        gradcheck!(drive(0.3, 0.8)).unwrap();
    }
}

/// Complex numbers over any number.
mod complex {
    use super::*;
    use num_traits::{Float, Num, One, Zero};
    use std::ops::*;
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Differentiable)]
    pub struct Complex<T> {
        pub re: T,
        pub im: T,
    }
    #[differentiable]
    impl<T> Complex<T> {
        pub const fn new(re: T, im: T) -> Self {
            Complex { re, im }
        }
    }
    #[differentiable]
    impl<T: Clone + Num> Complex<T> {
        pub fn i() -> Self {
            Self::new(T::zero(), T::one())
        }
        pub fn norm_sqr(&self) -> T {
            self.re.clone() * self.re.clone() + self.im.clone() * self.im.clone()
        }
        pub fn scale(&self, t: T) -> Self {
            Self::new(self.re.clone() * t.clone(), self.im.clone() * t)
        }
        pub fn inv(&self) -> Self
        where
            T: Neg<Output = T>,
        {
            let n = self.norm_sqr();
            Self::new(self.re.clone() / n.clone(), -self.im.clone() / n)
        }
    }
    #[differentiable]
    impl<T: Clone + Num + Neg<Output = T>> Complex<T> {
        pub fn conj(&self) -> Self {
            Self::new(self.re.clone(), -self.im.clone())
        }
    }
    #[differentiable]
    impl<T: Float> Complex<T> {
        pub fn norm(self) -> T {
            self.re.hypot(self.im)
        }
        pub fn arg(self) -> T {
            self.im.atan2(self.re)
        }
        pub fn from_polar(r: T, theta: T) -> Self {
            Self::new(r * theta.cos(), r * theta.sin())
        }
        pub fn to_polar(self) -> (T, T) {
            (self.norm(), self.arg())
        }
        pub fn exp(self) -> Self {
            Self::from_polar(self.re.exp(), self.im)
        }
        pub fn ln(self) -> Self {
            let (r, t) = self.to_polar();
            Self::new(r.ln(), t)
        }
        pub fn sqrt(self) -> Self {
            if self.im.is_zero() {
                if self.re.is_sign_positive() {
                    Self::new(self.re.sqrt(), self.im)
                } else {
                    Self::new(T::zero(), (-self.re).sqrt())
                }
            } else {
                let (r, t) = self.to_polar();
                Self::from_polar(r.sqrt(), t / (T::one() + T::one()))
            }
        }
        pub fn powi(&self, exp: i32) -> Self {
            let mut out = Self::one();
            for _ in 0..exp {
                out = out * *self;
            }
            out
        }
    }
    #[differentiable]
    impl<T: Clone + Num> Add<Complex<T>> for Complex<T> {
        type Output = Self;
        #[inline]
        fn add(self, o: Self) -> Self::Output {
            Self::Output::new(self.re + o.re, self.im + o.im)
        }
    }
    #[differentiable]
    impl<T: Clone + Num> Sub<Complex<T>> for Complex<T> {
        type Output = Self;
        fn sub(self, o: Self) -> Self::Output {
            Self::Output::new(self.re - o.re, self.im - o.im)
        }
    }
    #[differentiable]
    impl<T: Clone + Num> Mul<Complex<T>> for Complex<T> {
        type Output = Self;
        fn mul(self, other: Self) -> Self::Output {
            let re = self.re.clone() * other.re.clone() - self.im.clone() * other.im.clone();
            let im = self.re * other.im + self.im * other.re;
            Self::Output::new(re, im)
        }
    }
    #[differentiable]
    impl<T: Clone + Num> Mul<T> for Complex<T> {
        type Output = Complex<T>;
        fn mul(self, o: T) -> Complex<T> {
            Complex::new(self.re * o.clone(), self.im * o)
        }
    }
    #[differentiable]
    impl<T: Clone + Num> Div<Complex<T>> for Complex<T> {
        type Output = Self;
        fn div(self, other: Self) -> Self::Output {
            let norm_sqr = other.norm_sqr();
            let re = self.re.clone() * other.re.clone() + self.im.clone() * other.im.clone();
            let im = self.im * other.re - self.re * other.im;
            Self::Output::new(re / norm_sqr.clone(), im / norm_sqr)
        }
    }
    #[differentiable]
    impl<T: Clone + Num> One for Complex<T> {
        fn one() -> Self {
            Self::new(One::one(), Zero::zero())
        }
    }
    #[differentiable]
    impl<T: Clone + Num> From<T> for Complex<T> {
        fn from(re: T) -> Self {
            Self::new(re, T::zero())
        }
    }
    #[differentiable]
    fn drive(x: f64, y: f64) -> f64 {
        let z = Complex::new(x, y);
        let w = (z * z.conj() + Complex::i()).sqrt() / (z.exp() - Complex::from(0.5));
        let (r, t) = w.to_polar();
        r * t + z.powi(3).re + z.inv().ln().im + z.scale(2.0).norm() + (z * 3.0).norm_sqr()
    }
    #[test]
    fn derivatives() {
        gradcheck!(drive(0.3, 0.8)).unwrap();
    }
}
