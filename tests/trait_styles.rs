//! Traits as numeric crates use them: markers, associated items, strategies, methods of numbers.

#![allow(clippy::all, missing_docs, unreachable_pub, dead_code)]

use differentiable::{Differentiable, differentiable, gradcheck};
use std::marker::PhantomData;
use std::ops::*;

/// Parameters that only mark: units and frames.
mod phantom {
    use super::*;
    #[derive(Debug, Clone, Copy, PartialEq, Differentiable)]
    pub struct World;
    #[derive(Debug, Clone, Copy, PartialEq, Differentiable)]
    pub struct Body;
    pub trait Frame: Copy {}
    impl Frame for World {}
    impl Frame for Body {}
    #[derive(Debug, Clone, Copy, PartialEq, Differentiable)]
    pub struct V3<F> {
        pub x: f64,
        pub y: f64,
        pub z: f64,
        _f: PhantomData<F>,
    }
    #[differentiable]
    impl<F> V3<F> {
        pub fn new(x: f64, y: f64, z: f64) -> Self {
            V3 { x, y, z, _f: PhantomData }
        }
        pub fn dot(&self, o: &V3<F>) -> f64 {
            self.x * o.x + self.y * o.y + self.z * o.z
        }
        pub fn cast<G>(self) -> V3<G> {
            V3::new(self.x, self.y, self.z)
        }
        pub fn norm(&self) -> f64 {
            self.dot(self).sqrt()
        }
    }
    #[differentiable]
    impl<F> Add for V3<F> {
        type Output = V3<F>;
        fn add(self, o: V3<F>) -> V3<F> {
            V3::new(self.x + o.x, self.y + o.y, self.z + o.z)
        }
    }
    #[differentiable]
    impl<F: Frame> Mul<f64> for V3<F> {
        type Output = V3<F>;
        fn mul(self, k: f64) -> V3<F> {
            V3::new(self.x * k, self.y * k, self.z * k)
        }
    }
    #[differentiable]
    fn rotate(v: V3<World>, a: f64) -> V3<Body> {
        let (s, c) = a.sin_cos();
        V3::new(c * v.x - s * v.y, s * v.x + c * v.y, v.z)
    }
    #[derive(Debug, Clone, Copy, Differentiable)]
    pub struct Q<U, T = f64> {
        v: T,
        u: PhantomData<U>,
    }
    #[derive(Debug, Clone, Copy, Differentiable)]
    pub struct M;
    #[differentiable]
    impl<U, T: num_traits::Float> Q<U, T> {
        pub fn of(v: T) -> Self {
            Q { v, u: PhantomData }
        }
        pub fn get(&self) -> T {
            self.v
        }
        pub fn sq(self) -> T {
            self.v * self.v
        }
    }
    #[differentiable]
    impl<U, T: num_traits::Float> Add for Q<U, T> {
        type Output = Self;
        fn add(self, o: Self) -> Self {
            Q { v: self.v + o.v, u: PhantomData }
        }
    }
    #[differentiable]
    fn drive(x: f64, y: f64) -> f64 {
        let v = V3::<World>::new(x, y, 1.0);
        let b = rotate(v, x);
        let c: V3<World> = b.cast();
        let q = Q::<M>::of(x) + Q::of(y);
        (c + v * y).norm() + b.dot(&b) * q.get() + q.sq()
    }
    #[test]
    fn derivatives() {
        gradcheck!(drive(0.3, 0.8)).unwrap();
    }
}

/// Associated constants and types.
mod assoc {
    use super::*;
    #[differentiable]
    pub trait Ellipsoid {
        const A: f64;
        const F: f64;
        const B: f64 = Self::A * (1.0 - Self::F);
        fn e2() -> f64 {
            Self::F * (2.0 - Self::F)
        }
        fn n(phi: f64) -> f64 {
            Self::A / (1.0 - Self::e2() * phi.sin().powi(2)).sqrt()
        }
    }
    #[derive(Clone, Copy, Debug)]
    pub struct Wgs;
    #[derive(Clone, Copy, Debug)]
    pub struct Grs;
    #[differentiable]
    impl Ellipsoid for Wgs {
        const A: f64 = 6.378;
        const F: f64 = 1.0 / 298.257;
    }
    #[differentiable]
    impl Ellipsoid for Grs {
        const A: f64 = 6.377;
        const F: f64 = 1.0 / 298.1;
        fn e2() -> f64 {
            0.00669
        }
    }
    #[differentiable]
    pub fn ecef<E: Ellipsoid>(lat: f64, lon: f64, h: f64) -> [f64; 3] {
        let n = E::n(lat);
        let (sl, cl) = lat.sin_cos();
        [(n + h) * cl * lon.cos(), (n + h) * cl * lon.sin(), (n * (1.0 - E::e2()) + h) * sl + E::B]
    }
    #[differentiable]
    pub trait Model {
        type State;
        type Param;
        const DT: f64;
        fn step(&self, s: Self::State, p: &Self::Param) -> Self::State;
        fn energy(&self, s: &Self::State) -> f64;
    }
    #[derive(Clone, Debug, Differentiable)]
    pub struct Pend {
        g: f64,
    }
    #[derive(Clone, Copy, Debug, Differentiable)]
    pub struct St {
        q: f64,
        p: f64,
    }
    #[differentiable]
    impl Model for Pend {
        type State = St;
        type Param = f64;
        const DT: f64 = 0.1;
        fn step(&self, s: St, l: &f64) -> St {
            let p = s.p - self.g / l * s.q.sin() * Self::DT;
            St { q: s.q + p * Self::DT, p }
        }
        fn energy(&self, s: &St) -> f64 {
            0.5 * s.p * s.p - self.g * s.q.cos()
        }
    }
    #[differentiable]
    pub fn simulate<M: Model>(m: &M, mut s: M::State, p: &M::Param, n: usize) -> f64
    where
        M::State: Clone,
    {
        for _ in 0..n {
            s = m.step(s, p);
        }
        m.energy(&s) * M::DT
    }
    #[differentiable]
    fn drive(x: f64, y: f64) -> f64 {
        let a = ecef::<Wgs>(x, y, 0.1);
        let b = ecef::<Grs>(y, x, x);
        a[0] * b[1] + a[2] + b[2] + simulate(&Pend { g: y }, St { q: x, p: 0.0 }, &1.3, 4)
    }
    #[test]
    fn derivatives() {
        gradcheck!(drive(0.3, 0.8)).unwrap();
    }
}

/// Strategies that are types, of a sealed trait.
mod sealed {
    use super::*;
    mod private {
        pub trait Sealed {}
    }
    #[differentiable]
    pub trait Interp: private::Sealed {
        fn weight(t: f64) -> f64;
        fn at(a: f64, b: f64, t: f64) -> f64 {
            let w = Self::weight(t);
            a * (1.0 - w) + b * w
        }
    }
    pub struct Linear;
    pub struct Cosine;
    impl private::Sealed for Linear {}
    impl private::Sealed for Cosine {}
    #[differentiable]
    impl Interp for Linear {
        fn weight(t: f64) -> f64 {
            t
        }
    }
    #[differentiable]
    impl Interp for Cosine {
        fn weight(t: f64) -> f64 {
            (1.0 - (t * std::f64::consts::PI).cos()) / 2.0
        }
    }
    #[differentiable]
    pub fn table<I: Interp>(ys: &[f64], x: f64) -> f64 {
        let i = (x.floor() as usize).min(ys.len() - 2);
        I::at(ys[i], ys[i + 1], x - i as f64)
    }
    #[derive(Clone, Debug, Differentiable)]
    pub struct Spl<I> {
        ys: Vec<f64>,
        k: PhantomData<I>,
    }
    #[differentiable]
    impl<I: Interp> Spl<I> {
        pub fn eval(&self, x: f64) -> f64 {
            table::<I>(&self.ys, x)
        }
        pub fn new(ys: &[f64]) -> Self {
            Spl { ys: ys.to_vec(), k: PhantomData }
        }
    }
    #[differentiable]
    fn drive(x: f64, y: f64) -> f64 {
        let v = [x, y, x * y];
        table::<Linear>(&v, 1.3) + table::<Cosine>(&v, x) + Spl::<Cosine>::new(&v).eval(y)
    }
    #[test]
    fn derivatives() {
        gradcheck!(drive(0.3, 0.8)).unwrap();
    }
}

/// Methods that traits give to numbers.
mod ext {
    use super::*;
    #[differentiable]
    pub trait AngleExt {
        fn wrap(self) -> Self;
        fn deg(self) -> Self;
        fn lerp(self, o: Self, t: Self) -> Self;
        fn is_small(&self) -> bool;
        fn squash(&self) -> f64;
    }
    #[differentiable]
    impl AngleExt for f64 {
        fn wrap(self) -> f64 {
            let two = std::f64::consts::TAU;
            let r = self % two;
            if r < 0.0 { r + two } else { r }
        }
        fn deg(self) -> f64 {
            self * 180.0 / std::f64::consts::PI
        }
        fn lerp(self, o: f64, t: f64) -> f64 {
            self + (o - self) * t
        }
        fn is_small(&self) -> bool {
            self.abs() < 1e-3
        }
        fn squash(&self) -> f64 {
            1.0 / (1.0 + (-self).exp())
        }
    }
    #[differentiable]
    pub trait Sq {
        fn sq(self) -> Self;
        fn cube(self) -> Self;
    }
    #[differentiable]
    impl<T: Mul<Output = T> + Copy> Sq for T {
        fn sq(self) -> T {
            self * self
        }
        fn cube(self) -> T {
            self.sq() * self
        }
    }
    #[differentiable]
    pub trait ToRad {
        type Output;
        fn to_rad(self) -> Self::Output;
    }
    #[differentiable]
    impl ToRad for f64 {
        type Output = f64;
        fn to_rad(self) -> f64 {
            self.to_radians()
        }
    }
    #[differentiable]
    impl ToRad for (f64, f64) {
        type Output = (f64, f64);
        fn to_rad(self) -> (f64, f64) {
            (self.0.to_rad(), self.1.to_rad())
        }
    }
    #[differentiable]
    fn drive(x: f64, y: f64) -> f64 {
        let s = if x.is_small() { 0.0 } else { x.squash() };
        let (a, b) = (x, y).to_rad();
        (x * 9.0).wrap() + y.deg().lerp(x, y) + s + x.sq() * y.cube() + (x + y).sq() + a * b + x.to_rad()
    }
    #[test]
    fn derivatives() {
        gradcheck!(drive(0.3, 0.8)).unwrap();
    }
}
