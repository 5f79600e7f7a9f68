//! Functions of quantities, vectors and containers whose types their bounds describe: conversions that a `where` clause
//! promises, operators between two type parameters, types without any bound.

#![allow(clippy::all, missing_docs, unreachable_pub, dead_code)]

use differentiable::{Differentiable, differentiable, gradcheck};

/// Quantities with units, in any unit that converts to the one needed.
mod quantities {
    use super::*;
    #[differentiable]
    pub trait Quantity: Copy + PartialOrd + std::fmt::Debug {
        fn unpack(self) -> f64;
        fn pack(v: f64) -> Self;
    }
    pub trait Warmth: Quantity {}
    pub trait Press: Quantity {}
    #[derive(Clone, Copy, PartialEq, PartialOrd, Debug, Differentiable)]
    pub struct Kelv(pub f64);
    #[derive(Clone, Copy, PartialEq, PartialOrd, Debug, Differentiable)]
    pub struct Cels(pub f64);
    #[derive(Clone, Copy, PartialEq, PartialOrd, Debug, Differentiable)]
    pub struct Hecto(pub f64);
    #[derive(Clone, Copy, PartialEq, PartialOrd, Debug, Differentiable)]
    pub struct Pasc(pub f64);
    #[differentiable]
    impl Quantity for Kelv {
        fn unpack(self) -> f64 {
            self.0
        }
        fn pack(v: f64) -> Self {
            Kelv(v)
        }
    }
    #[differentiable]
    impl Quantity for Cels {
        fn unpack(self) -> f64 {
            self.0
        }
        fn pack(v: f64) -> Self {
            Cels(v)
        }
    }
    #[differentiable]
    impl Quantity for Hecto {
        fn unpack(self) -> f64 {
            self.0
        }
        fn pack(v: f64) -> Self {
            Hecto(v)
        }
    }
    #[differentiable]
    impl Quantity for Pasc {
        fn unpack(self) -> f64 {
            self.0
        }
        fn pack(v: f64) -> Self {
            Pasc(v)
        }
    }
    impl Warmth for Kelv {}
    impl Warmth for Cels {}
    impl Press for Hecto {}
    impl Press for Pasc {}
    #[differentiable]
    impl From<Cels> for Kelv {
        fn from(c: Cels) -> Self {
            Kelv(c.0 + 273.15)
        }
    }
    #[differentiable]
    impl From<Kelv> for Cels {
        fn from(c: Kelv) -> Self {
            Cels(c.0 - 273.15)
        }
    }
    #[differentiable]
    impl From<Pasc> for Hecto {
        fn from(c: Pasc) -> Self {
            Hecto(c.0 / 100.0)
        }
    }

    const RCP: f64 = 0.286;

    #[differentiable]
    pub fn potential<P, T>(pressure: P, temperature: T) -> Kelv
    where
        P: Press,
        T: Warmth,
        Kelv: From<T>,
        Hecto: From<P>,
    {
        let Kelv(t) = Kelv::from(temperature);
        let Hecto(p) = Hecto::from(pressure);
        Kelv(t * f64::powf(1000.0 / p, RCP))
    }
    #[differentiable]
    pub fn latent<T>(t: T) -> Option<f64>
    where
        T: Warmth,
        Cels: From<T>,
    {
        let Cels(t) = Cels::from(t);
        if t < -100.0 {
            return None;
        }
        Some((2500.8 - 2.36 * t + 0.0016 * t * t) * 1000.0)
    }
    #[differentiable]
    pub fn sat<T: Warmth>(t: T) -> Option<Hecto>
    where
        Cels: From<T>,
    {
        let t = Cels::from(t).unpack();
        if t < -80.0 { None } else { Some(Hecto(6.1037 * f64::exp(17.641 * t / (t + 243.27)))) }
    }
    #[differentiable]
    pub fn mixing<D, P>(dp: D, pressure: P) -> Option<f64>
    where
        D: Warmth,
        P: Press,
        Hecto: From<P>,
        Cels: From<D>,
        Kelv: From<D>,
    {
        let p = Hecto::from(pressure);
        let vp = sat(dp)?;
        if p <= vp {
            return None;
        }
        Some(0.622 * vp.unpack() / (p.unpack() - vp.unpack()))
    }
    #[differentiable]
    pub fn theta_v<T, D, P>(t: T, d: D, p: P) -> Option<Kelv>
    where
        T: Warmth,
        D: Warmth,
        P: Press,
        Kelv: From<T> + From<D>,
        Cels: From<T> + From<D>,
        Hecto: From<P>,
    {
        let rv = mixing(d, p)?;
        let qv = rv / (1.0 + rv);
        let theta = potential(p, t);
        let Kelv(th) = theta;
        Some(Kelv(th * (1.0 + rv / 0.622) / (1.0 + rv) + qv))
    }
    #[differentiable]
    fn drive(x: f64, y: f64) -> f64 {
        potential(Pasc(x * 100.0), Cels(y)).0
            + potential(Hecto(x), Kelv(y + 270.0)).0
            + latent(Kelv(y + 270.0)).unwrap_or(0.0) * 1e-4
    }
    #[differentiable]
    fn drive2(x: f64, y: f64, z: f64) -> f64 {
        match theta_v(Cels(y), Cels(z), Hecto(x)) {
            Some(Kelv(k)) => k,
            None => 0.0,
        }
    }
    #[test]
    fn derivatives() {
        gradcheck!(drive(850.0, 12.0)).unwrap();
        gradcheck!(drive2(850.0, 12.0, 8.0)).unwrap();
        assert!(drive2(850.0, 12.0, 8.0) > 200.0);
    }
    #[test]
    fn direct() {
        gradcheck!(potential(Hecto(850.0), Cels(11.0))).unwrap();
        let (_, pullback) = potential::vjp(Pasc(85000.0), Kelv(290.0));
        let (pressure, temperature) = pullback(KelvTangent(1.0));
        assert!(pressure.0 < 0.0 && temperature.0 > 1.0);
    }
}

/// Operators between two type parameters.
mod products {
    use super::*;
    use std::ops::{Add, Mul, Sub};
    #[differentiable]
    pub fn dot2<T, U, V>(l: (T, T), r: (U, U)) -> V
    where
        T: Mul<U, Output = V>,
        V: Add<Output = V>,
    {
        l.0 * r.0 + l.1 * r.1
    }
    #[differentiable]
    pub fn dot3<T: Copy, U: Copy, V>(l: &[T; 3], r: &[U; 3]) -> V
    where
        T: Mul<U, Output = V>,
        V: Add<Output = V>,
    {
        l[0] * r[0] + l[1] * r[1] + l[2] * r[2]
    }
    #[differentiable]
    pub fn sub2<T: Sub<U>, U>(a: (T, T), b: (U, U)) -> (T::Output, T::Output) {
        (a.0 - b.0, a.1 - b.1)
    }
    #[differentiable]
    pub fn addt<T>(a: T, b: T) -> T
    where
        T: Add<Output = T>,
    {
        a + b
    }
    #[differentiable]
    pub fn addo<T: Add<U>, U>(a: T, b: U) -> <T as Add<U>>::Output {
        a + b
    }
    #[differentiable]
    pub fn lerp<T, F>(a: T, b: T, t: F) -> T
    where
        T: Add<Output = T> + Mul<F, Output = T> + Sub<Output = T> + Copy,
    {
        a + (b - a) * t
    }
    #[differentiable]
    pub fn lin<T>(m: T, x: T, b: T) -> T
    where
        T: Mul<T, Output = T> + Add<T, Output = T>,
    {
        m * x + b
    }
    #[differentiable]
    fn drive(x: f64, y: f64, z: f64) -> f64 {
        let d = dot2((x, y), (z, x * y));
        let (s, t) = sub2((x, d), (y, z));
        dot3(&[x, y, z], &[s, t, d]) + addt(x, y) * addo(y, z) + lerp(x, y, z) * lin(x, y, z)
    }
    #[test]
    fn derivatives() {
        gradcheck!(drive(1.3, 0.7, -0.4)).unwrap();
        gradcheck!(dot2((1.3, 0.7), (0.2, -0.4))).unwrap();
    }
}

/// An `impl` and methods without bounds.
mod triples {
    use super::*;
    #[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
    pub struct Tri<T> {
        pub a: T,
        pub b: T,
        pub c: T,
    }
    #[differentiable]
    impl<T> Tri<T> {
        pub fn new(a: T, b: T, c: T) -> Self {
            Tri { a, b, c }
        }
        pub fn map<U, F: FnMut(T) -> U>(self, mut f: F) -> Tri<U> {
            Tri { a: f(self.a), b: f(self.b), c: f(self.c) }
        }
        pub fn zip<U, V, F: Fn(T, U) -> V>(self, o: Tri<U>, f: F) -> Tri<V> {
            Tri { a: f(self.a, o.a), b: f(self.b, o.b), c: f(self.c, o.c) }
        }
        pub fn into_array(self) -> [T; 3] {
            [self.a, self.b, self.c]
        }
        pub fn first(&self) -> &T {
            &self.a
        }
    }
    #[differentiable]
    impl Tri<f64> {
        pub fn sum(self) -> f64 {
            self.a + self.b + self.c
        }
    }
    #[differentiable]
    fn srgb(x: f64) -> f64 {
        if x < 0.04 { x / 12.92 } else { ((x + 0.055) / 1.055).powf(2.4) }
    }
    #[differentiable]
    fn drive(x: f64, y: f64) -> f64 {
        let t = Tri { a: x, b: y, c: x * y };
        let u = t.map(|v| v * v + x);
        let w = t.map(srgb);
        let z = u.zip(w, |p, q| p * q);
        z.sum() + u.into_array()[1] + w.first().sin()
    }
    #[test]
    fn derivatives() {
        gradcheck!(drive(0.7, 0.4)).unwrap();
    }
}

/// Conversions into tuples and arrays, where the type of what is bound tells which.
mod conversions {
    use super::*;
    #[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
    pub struct Qu {
        w: f64,
        x: f64,
        y: f64,
        z: f64,
    }
    #[differentiable]
    impl From<Qu> for (f64, f64, f64, f64) {
        fn from(q: Qu) -> Self {
            (q.w, q.x, q.y, q.z)
        }
    }
    #[differentiable]
    impl From<(f64, f64, f64, f64)> for Qu {
        fn from((w, x, y, z): (f64, f64, f64, f64)) -> Self {
            Qu { w, x, y, z }
        }
    }
    #[differentiable]
    impl From<Qu> for [f64; 4] {
        fn from(q: Qu) -> Self {
            [q.w, q.x, q.y, q.z]
        }
    }
    #[differentiable]
    impl From<[f64; 4]> for Qu {
        fn from([w, x, y, z]: [f64; 4]) -> Self {
            Qu { w, x, y, z }
        }
    }
    #[differentiable]
    fn drive(a: f64, b: f64) -> f64 {
        let q = Qu { w: a, x: b, y: a * b, z: a - b };
        let (w, x, y, z) = q.into();
        let r: [f64; 4] = q.into();
        let t: (f64, f64, f64, f64) = q.into();
        let back: Qu = (w, x * x, y, z).into();
        let back2 = Qu::from([w, x, y, z * y]);
        w * x + y * z + r[0] * r[3] + t.1 * t.2 + back.x * back2.z
    }
    #[test]
    fn derivatives() {
        gradcheck!(drive(1.2, 0.4)).unwrap();
    }
}

/// Receivers by value, through type parameters too.
mod rings {
    use super::*;
    #[differentiable]
    pub trait Buf {
        fn push(self, x: f64) -> Self;
        fn total(&self) -> f64;
    }
    #[derive(Debug, Differentiable)]
    pub struct Mem<const N: usize> {
        m: [f64; N],
        #[nograd]
        at: usize,
    }
    #[differentiable]
    impl<const N: usize> Buf for Mem<N> {
        fn push(mut self, x: f64) -> Self {
            self.m[self.at % N] = x;
            self.at += 1;
            self
        }
        fn total(&self) -> f64 {
            self.m.iter().map(|v| v * v).sum()
        }
    }
    #[differentiable]
    impl<const N: usize> Mem<N> {
        pub fn empty() -> Self {
            Mem { m: [0.0; N], at: 0 }
        }
        pub fn twice(mut self, k: f64) -> Self {
            for v in self.m.iter_mut() {
                *v *= k;
            }
            self
        }
    }
    #[differentiable]
    fn fill<B: Buf>(b: B, x: f64) -> B {
        b.push(x).push(x * x)
    }
    #[differentiable]
    fn drive(x: f64, y: f64) -> f64 {
        let b = Mem::<3>::empty();
        let b = fill(b, x).push(y).push(x * y).twice(y);
        b.total()
    }
    #[test]
    fn derivatives() {
        gradcheck!(drive(1.2, 0.4)).unwrap();
    }
}
