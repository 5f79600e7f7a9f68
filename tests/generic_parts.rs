//! Types with parameters and what they take: vectors and matrices of any size, types of colours with functions over their
//! parts, types that can only be moved, texts for parameters of any type.

#![allow(missing_docs, dead_code, clippy::all)]

use differentiable::{Differentiable, differentiable, gradcheck};
use std::ops::*;

mod matrices {
    use super::*;

    use num_traits::Float;
    #[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
    pub(super) struct Vector<T, const N: usize>(pub(super) [T; N]);
    #[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
    pub(super) struct Matrix<T, const R: usize, const C: usize> {
        pub(super) data: [[T; C]; R],
    }
    #[differentiable]
    impl<T: Float, const N: usize> Vector<T, N> {
        pub(super) fn zeros() -> Self {
            Self([T::zero(); N])
        }
        pub(super) fn dot(&self, o: &Self) -> T {
            let mut s = T::zero();
            for i in 0..N {
                s = s + self.0[i] * o.0[i];
            }
            s
        }
        pub(super) fn dot2(&self, o: &Self) -> T {
            self.0.iter().zip(o.0.iter()).fold(T::zero(), |a, (&x, &y)| a + x * y)
        }
        pub(super) fn norm(&self) -> T {
            self.dot(self).sqrt()
        }
        pub(super) fn normalize(self) -> Self {
            let n = self.norm();
            self / n
        }
        pub(super) fn map<F: Fn(T) -> T>(self, f: F) -> Self {
            let mut out = self;
            for i in 0..N {
                out.0[i] = f(self.0[i]);
            }
            out
        }
    }
    #[differentiable]
    impl<T: Float, const N: usize> Index<usize> for Vector<T, N> {
        type Output = T;
        fn index(&self, i: usize) -> &T {
            &self.0[i]
        }
    }
    #[differentiable]
    impl<T: Float, const N: usize> IndexMut<usize> for Vector<T, N> {
        fn index_mut(&mut self, i: usize) -> &mut T {
            &mut self.0[i]
        }
    }
    #[differentiable]
    impl<T: Float, const N: usize> Add for Vector<T, N> {
        type Output = Self;
        fn add(self, o: Self) -> Self {
            let mut r = Self::zeros();
            for i in 0..N {
                r[i] = self[i] + o[i];
            }
            r
        }
    }
    #[differentiable]
    impl<T: Float, const N: usize> Sub for Vector<T, N> {
        type Output = Self;
        fn sub(mut self, o: Self) -> Self {
            for (a, b) in self.0.iter_mut().zip(o.0.iter()) {
                *a = *a - *b;
            }
            self
        }
    }
    #[differentiable]
    impl<'a, T: Float, const N: usize> Sub<&'a Vector<T, N>> for &'a Vector<T, N> {
        type Output = Vector<T, N>;
        fn sub(self, o: &Vector<T, N>) -> Vector<T, N> {
            Vector(std::array::from_fn(|i| self.0[i] - o.0[i]))
        }
    }
    #[differentiable]
    impl<T: Float, const N: usize> Mul<T> for Vector<T, N> {
        type Output = Self;
        fn mul(self, k: T) -> Self {
            Vector(self.0.map(|x| x * k))
        }
    }
    #[differentiable]
    impl<T: Float, const N: usize> Div<T> for Vector<T, N> {
        type Output = Self;
        fn div(self, k: T) -> Self {
            Self(self.0.map(|x| x / k))
        }
    }
    #[differentiable]
    impl<T: Float + AddAssign, const N: usize> AddAssign for Vector<T, N> {
        fn add_assign(&mut self, o: Self) {
            for i in 0..N {
                self.0[i] += o.0[i];
            }
        }
    }
    #[differentiable]
    impl<T: Float, const N: usize> Neg for Vector<T, N> {
        type Output = Self;
        fn neg(self) -> Self {
            Vector(self.0.map(|x| -x))
        }
    }
    #[differentiable]
    impl<T: Float, const R: usize, const C: usize> Mul<Vector<T, C>> for Matrix<T, R, C> {
        type Output = Vector<T, R>;
        fn mul(self, v: Vector<T, C>) -> Vector<T, R> {
            let mut out = Vector::<T, R>::zeros();
            for i in 0..R {
                for j in 0..C {
                    out[i] = out[i] + self.data[i][j] * v[j];
                }
            }
            out
        }
    }
    #[differentiable]
    impl<T: Float, const R: usize, const C: usize> Mul<&Vector<T, C>> for &Matrix<T, R, C> {
        type Output = Vector<T, R>;
        fn mul(self, v: &Vector<T, C>) -> Vector<T, R> {
            *self * *v
        }
    }
    #[differentiable]
    impl<T: Float, const R: usize, const C: usize> Matrix<T, R, C> {
        pub(super) fn transpose(&self) -> Matrix<T, C, R> {
            let mut m = Matrix { data: [[T::zero(); R]; C] };
            for i in 0..R {
                for j in 0..C {
                    m.data[j][i] = self.data[i][j];
                }
            }
            m
        }
        pub(super) fn row(&self, i: usize) -> Vector<T, C> {
            Vector(self.data[i])
        }
    }
    #[differentiable]
    impl<T: Float> Vector<T, 3> {
        pub(super) fn cross(&self, o: &Self) -> Self {
            let [a, b, c] = self.0;
            let [x, y, z] = o.0;
            Self([b * z - c * y, c * x - a * z, a * y - b * x])
        }
    }
    #[differentiable]
    fn f(x: [f64; 3], m: Matrix<f64, 3, 3>) -> f64 {
        let v = Vector(x);
        let w = m * v;
        let mut u = w.cross(&v).normalize() + v * 2.0 - w;
        u += -v;
        let d = &u - &w;
        let t = m.transpose() * d;
        let q = &m * &t;
        q.dot(&m.row(1)) + t.dot2(&u) + u[1] * d[0] + v.map(|a| a.sin()).norm()
    }
    #[test]
    fn derivatives() {
        gradcheck!(f([0.5, 0.8, 0.2], Matrix { data: [[0.1, 0.2, 0.3], [0.7, 0.2, 0.9], [1.0, 0.4, 0.5]] })).unwrap();
    }
}

mod pairs {
    use super::*;
    use num_traits::Float;
    #[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
    pub(super) struct V<T> {
        x: T,
        y: T,
    }
    #[differentiable]
    impl<T: Float> V<T> {
        pub(super) fn map<F: Fn(T) -> T>(self, f: F) -> Self {
            V { x: f(self.x), y: f(self.y) }
        }
        pub(super) fn zip<F>(&self, o: &Self, f: F) -> T
        where
            F: Fn(T, T) -> T,
        {
            f(self.x, o.x) + f(self.y, o.y)
        }
    }
    #[differentiable]
    fn f(x: f64, y: f64) -> f64 {
        let v = V { x, y };
        let w = v.map(|a| a.sin() * x);
        w.x * w.y + v.zip(&w, |a, b| a * b * y)
    }
    #[test]
    fn derivatives() {
        gradcheck!(f(0.5, 0.7)).unwrap();
    }
}

mod colours {
    use super::*;
    #[derive(Clone, Copy, Debug, Differentiable)]
    pub(super) struct Rgb<T> {
        r: T,
        g: T,
        b: T,
    }
    #[differentiable]
    impl<T> Rgb<T> {
        fn map<U, F: FnMut(T) -> U>(self, mut f: F) -> Rgb<U> {
            Rgb { r: f(self.r), g: f(self.g), b: f(self.b) }
        }
    }
    #[differentiable]
    fn f(x: f64, y: f64) -> f64 {
        let c = Rgb { r: x, g: y, b: x * y };
        let d = c.map(|v| v * v);
        d.r * d.g + d.b
    }
    #[test]
    fn derivatives() {
        gradcheck!(f(0.4, 0.3)).unwrap();
    }
}

mod parts {
    use super::*;
    #[derive(Clone, Copy, Debug, Differentiable)]
    pub(super) struct Rgb<T> {
        r: T,
        g: T,
        b: T,
    }
    #[differentiable]
    impl<T: Copy> Rgb<T> {
        fn new(r: T, g: T, b: T) -> Self {
            Rgb { r, g, b }
        }
        fn swap(self) -> Self {
            Rgb { r: self.b, g: self.g, b: self.r }
        }
        fn map<F: Fn(T) -> T>(self, f: F) -> Rgb<T> {
            Rgb { r: f(self.r), g: f(self.g), b: f(self.b) }
        }
    }
    #[differentiable]
    fn sq(x: f64) -> f64 {
        x * x
    }
    #[differentiable]
    fn f(x: f64, y: f64) -> f64 {
        let c = Rgb::new(x, y, x * y).swap();
        let d = c.map(|v| v * v);
        d.r * d.g + d.b + c.map(sq).g
    }
    #[test]
    fn derivatives() {
        gradcheck!(f(0.4, 0.3)).unwrap();
    }
}

mod moved {
    use super::*;
    #[derive(Debug, Differentiable)]
    pub(super) struct S<const N: usize> {
        m: [f64; N],
        n: usize,
    }
    pub(super) trait Push {
        fn push(self, x: f64) -> Self;
        fn sum(&self) -> f64;
        fn total(self) -> f64;
    }
    #[differentiable]
    impl<const N: usize> Push for S<N> {
        fn push(mut self, x: f64) -> Self {
            self.m[self.n % N] += x;
            self.n += 1;
            self
        }
        fn sum(&self) -> f64 {
            self.m.iter().map(|x| x * x).sum()
        }
        fn total(self) -> f64 {
            self.sum() * 2.0
        }
    }
    #[derive(Debug, Differentiable)]
    pub(super) struct G<T> {
        m: Vec<T>,
    }
    #[differentiable]
    impl<T: num_traits::Float> G<T> {
        fn push(mut self, x: T) -> Self {
            self.m.push(x);
            self
        }
        fn sum(self) -> T {
            let mut s = T::zero();
            for x in self.m.iter() {
                s = s + *x * *x;
            }
            s
        }
    }
    #[differentiable]
    fn f(x: f64) -> f64 {
        let s = S::<3> { m: [0.0; 3], n: 0 };
        let s = s.push(x).push(2.0 * x);
        let g = G { m: vec![x] }.push(x * x);
        s.sum() * g.sum() + s.total()
    }
    #[test]
    fn derivatives() {
        gradcheck!(f(0.4)).unwrap();
    }
}

mod chains_of_values {
    use super::*;

    #[derive(Clone, Debug, Differentiable)]
    struct Acc {
        s: f64,
        n: usize,
    }
    #[differentiable]
    impl Acc {
        fn new() -> Self {
            Acc { s: 0.0, n: 0 }
        }
        fn add(mut self, x: f64) -> Self {
            self.s += x * x;
            self.n += 1;
            self
        }
        fn finish(self) -> f64 {
            self.s / self.n as f64
        }
        fn consume(self, o: Acc) -> Acc {
            Acc { s: self.s * o.s, n: self.n + o.n }
        }
    }
    #[differentiable]
    trait Fold {
        fn step(self, x: f64) -> Self;
        fn done(self) -> f64;
    }
    #[differentiable]
    impl Fold for Acc {
        fn step(self, x: f64) -> Self {
            Acc { s: self.s + x.sin(), ..self }
        }
        fn done(self) -> f64 {
            self.s
        }
    }
    #[differentiable]
    fn f(xs: &[f64]) -> f64 {
        let mut a = Acc::new();
        for &x in xs {
            a = a.add(x);
        }
        let b = Acc::new().add(xs[0]).add(xs[1]);
        a.consume(b).finish()
    }
    #[differentiable]
    fn g<F: Fold + Clone>(f: F, xs: &[f64]) -> f64 {
        let mut f = f;
        for x in xs {
            f = f.step(*x);
        }
        f.done()
    }
    #[differentiable]
    fn h(xs: &[f64]) -> f64 {
        g(Acc { s: xs[0] * xs[0], n: 0 }, xs)
    }
    #[differentiable]
    fn k(a: Acc, x: f64) -> f64 {
        a.add(x).finish()
    }
    #[test]
    fn derivatives() {
        gradcheck!(f(&[0.1, 0.5, 0.9][..])).unwrap();
        gradcheck!(h(&[0.1, 0.5, 0.9][..])).unwrap();
        let (_, g) = k::value_and_grad(Acc { s: 1.0, n: 1 }, 0.5);
        assert!((g.0.s - 0.5).abs() < 1e-12);
    }
}

mod tuples {
    use super::*;
    #[derive(Clone, Copy, Debug, Differentiable)]
    pub(super) struct Quat {
        w: f64,
        x: f64,
        y: f64,
        z: f64,
    }
    #[differentiable]
    impl From<Quat> for (f64, f64, f64, f64) {
        fn from(q: Quat) -> Self {
            (q.w, q.x, q.y, q.z)
        }
    }
    #[differentiable]
    fn f(q: Quat) -> f64 {
        let (w, x, y, z) = q.into();
        w * x * y + z * z
    }
    #[differentiable]
    fn g(q: Quat) -> f64 {
        let t: (f64, f64, f64, f64) = q.into();
        t.0 * t.1
    }
    #[test]
    fn derivatives() {
        gradcheck!(f(Quat { w: 0.1, x: 0.3, y: 0.7, z: 0.2 })).unwrap();
        gradcheck!(g(Quat { w: 0.1, x: 0.3, y: 0.7, z: 0.2 })).unwrap();
    }
}

mod texts {
    use super::*;
    use std::fmt::Display;
    #[differentiable(wrt(x))]
    fn labelled<L: Display>(x: f64, label: L) -> f64 {
        let _ = format!("{label}");
        x * x
    }
    #[differentiable]
    fn labelled2(x: f64, label: impl Display) -> f64 {
        let _ = format!("{label}");
        x * x
    }
    #[differentiable]
    fn labelled3<L: AsRef<str>>(x: f64, label: L) -> f64 {
        x * label.as_ref().len() as f64
    }
    #[differentiable]
    fn f(x: f64, st: String) -> f64 {
        labelled(x, "abc") + labelled(x, st.clone()) + labelled2(x, 3) + labelled2(x, "a")
    }
    #[differentiable]
    fn g(x: f64) -> f64 {
        labelled3(x, "abc")
    }
    #[differentiable]
    fn scaled(x: f64, label: impl AsRef<str>, n: impl Into<f64>) -> f64 {
        let k: f64 = n.into();
        x * x * label.as_ref().len() as f64 * k
    }
    #[differentiable]
    fn h(x: f64) -> f64 {
        scaled(x, "abc", 3.0_f32) + scaled(x, "ab", x)
    }
    #[test]
    fn conversions_beside_texts() {
        gradcheck!(h(0.5)).unwrap();
    }
    #[test]
    fn derivatives() {
        gradcheck!(f(0.5, "t".to_owned())).unwrap();
    }
    #[test]
    fn bounds_of_texts() {
        gradcheck!(g(0.5)).unwrap();
    }
}
