//! What users' types implement of the traits of std beside operators by value: `Index`, `Sum`, `Product`, operators that
//! only references have; receivers by path, and methods that a trait gives to numbers.

#![allow(clippy::all, missing_docs)]

use differentiable::{Differentiable, differentiable, gradcheck};
use std::iter::{Product, Sum};
use std::ops::*;
mod index {
    use super::*;
    #[derive(Clone, Debug, Differentiable)]
    struct Mat {
        rows: usize,
        cols: usize,
        data: Vec<f64>,
    }
    #[differentiable]
    impl Index<(usize, usize)> for Mat {
        type Output = f64;
        fn index(&self, (i, j): (usize, usize)) -> &f64 {
            &self.data[i * self.cols + j]
        }
    }
    #[differentiable]
    impl IndexMut<(usize, usize)> for Mat {
        fn index_mut(&mut self, (i, j): (usize, usize)) -> &mut f64 {
            &mut self.data[i * self.cols + j]
        }
    }
    #[differentiable]
    impl Mat {
        fn zeros(rows: usize, cols: usize) -> Self {
            Mat { rows, cols, data: vec![0.0; rows * cols] }
        }
        fn mul(&self, o: &Mat) -> Mat {
            let mut out = Mat::zeros(self.rows, o.cols);
            for i in 0..self.rows {
                for j in 0..o.cols {
                    for k in 0..self.cols {
                        out[(i, j)] += self[(i, k)] * o[(k, j)];
                    }
                }
            }
            out
        }
        fn trace(&self) -> f64 {
            (0..self.rows).map(|i| self[(i, i)]).sum()
        }
    }
    #[differentiable]
    fn run(x: &[f64]) -> f64 {
        let mut m = Mat::zeros(2, 2);
        m[(0, 0)] = x[0];
        m[(0, 1)] = x[1];
        m[(1, 0)] = x[0] * x[1];
        m[(1, 1)] = 1.0;
        m[(1, 1)] *= x[1];
        let p = m.mul(&m);
        p.trace() * m[(0, 1)]
    }
    #[test]
    fn check() {
        gradcheck!(run(&[0.4, 0.8][..])).unwrap();
    }
}
mod index_vec3 {
    use super::*;
    #[derive(Clone, Copy, Debug, Differentiable)]
    struct V {
        x: f64,
        y: f64,
        z: f64,
    }
    #[differentiable]
    impl Index<usize> for V {
        type Output = f64;
        fn index(&self, i: usize) -> &f64 {
            match i {
                0 => &self.x,
                1 => &self.y,
                _ => &self.z,
            }
        }
    }
    #[differentiable]
    impl IndexMut<usize> for V {
        fn index_mut(&mut self, i: usize) -> &mut f64 {
            match i {
                0 => &mut self.x,
                1 => &mut self.y,
                2 => &mut self.z,
                _ => panic!("out of range"),
            }
        }
    }
    #[differentiable]
    fn run(v: V) -> f64 {
        let mut w = v;
        w[1] *= v[0];
        (0..3).map(|i| w[i] * v[i]).sum()
    }
    #[test]
    fn check() {
        gradcheck!(run(V { x: 0.3, y: 0.5, z: 0.7 })).unwrap();
    }
}
mod sum {
    use super::*;
    #[derive(Clone, Copy, Debug, Default, Differentiable)]
    struct V {
        x: f64,
        y: f64,
    }
    #[differentiable]
    impl Add for V {
        type Output = V;
        fn add(self, o: V) -> V {
            V { x: self.x + o.x, y: self.y + o.y }
        }
    }
    #[differentiable]
    impl Mul<f64> for V {
        type Output = V;
        fn mul(self, k: f64) -> V {
            V { x: self.x * k, y: self.y * k }
        }
    }
    #[differentiable]
    impl Sum for V {
        fn sum<I: Iterator<Item = V>>(iter: I) -> V {
            iter.fold(V { x: 0.0, y: 0.0 }, |a, b| a + b)
        }
    }
    #[differentiable]
    fn run(vs: &[V], m: &[f64]) -> f64 {
        let c: V = vs.iter().zip(m).map(|(v, m)| *v * *m).sum();
        let total = vs.iter().copied().sum::<V>();
        c.x * c.y + total.x
    }
    #[test]
    fn check() {
        gradcheck!(run(&[V { x: 0.3, y: 0.5 }, V { x: 1.3, y: -0.5 }][..], &[0.3, 0.4][..])).unwrap();
    }
}
mod sum_ref {
    use super::*;
    #[derive(Clone, Copy, Debug, Default, Differentiable)]
    struct V(f64, f64);
    #[differentiable]
    impl Add for V {
        type Output = V;
        fn add(self, o: V) -> V {
            V(self.0 + o.0, self.1 + o.1)
        }
    }
    #[differentiable]
    impl<'a> Sum<&'a V> for V {
        fn sum<I: Iterator<Item = &'a V>>(iter: I) -> V {
            let mut t = V(0.0, 0.0);
            for v in iter {
                t = t + *v;
            }
            t
        }
    }
    #[differentiable]
    fn run(vs: &[V]) -> f64 {
        let t: V = vs.iter().sum();
        t.0 * t.1
    }
    #[test]
    fn check() {
        gradcheck!(run(&[V(0.3, 0.5), V(1.3, -0.5)][..])).unwrap();
    }
}
mod product {
    use super::*;
    #[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
    struct C {
        re: f64,
        im: f64,
    }
    #[differentiable]
    impl Mul for C {
        type Output = C;
        fn mul(self, o: C) -> C {
            C { re: self.re * o.re - self.im * o.im, im: self.re * o.im + self.im * o.re }
        }
    }
    #[differentiable]
    impl Product for C {
        fn product<I: Iterator<Item = Self>>(iter: I) -> Self {
            iter.fold(C { re: 1.0, im: 0.0 }, |a, b| a * b)
        }
    }
    #[differentiable]
    fn run(cs: Vec<C>) -> f64 {
        let p = cs.into_iter().product::<C>();
        p.re * p.im
    }
    #[test]
    fn check() {
        gradcheck!(run(vec![C { re: 0.3, im: 0.5 }, C { re: 1.3, im: -0.5 }])).unwrap();
    }
}
mod refs_only {
    use super::*;
    #[derive(Clone, Debug, Differentiable)]
    struct P {
        c: Vec<f64>,
    }
    #[differentiable]
    impl<'a, 'b> Add<&'b P> for &'a P {
        type Output = P;
        fn add(self, o: &P) -> P {
            P { c: self.c.iter().zip(&o.c).map(|(a, b)| a + b).collect() }
        }
    }
    #[differentiable]
    impl Mul<&P> for &P {
        type Output = P;
        fn mul(self, o: &P) -> P {
            let mut c = vec![0.0; self.c.len() + o.c.len() - 1];
            for (i, a) in self.c.iter().enumerate() {
                for (j, b) in o.c.iter().enumerate() {
                    c[i + j] += a * b;
                }
            }
            P { c }
        }
    }
    #[differentiable]
    impl Neg for &P {
        type Output = P;
        fn neg(self) -> P {
            P { c: self.c.iter().map(|a| -a).collect() }
        }
    }
    #[differentiable]
    impl Mul<&P> for f64 {
        type Output = P;
        fn mul(self, o: &P) -> P {
            P { c: o.c.iter().map(|a| self * a).collect() }
        }
    }
    #[differentiable]
    impl P {
        fn at(&self, x: f64) -> f64 {
            self.c.iter().rev().fold(0.0, |a, c| a * x + c)
        }
    }
    #[differentiable]
    fn run(p: &P, q: P, x: f64) -> f64 {
        let r = p * &q;
        let t = &r + p;
        let n = -&t;
        (x * &n).at(x) + (&(p + p) * &q).at(x)
    }
    #[test]
    fn check() {
        gradcheck!(run(&P { c: vec![0.3, 0.4] }, P { c: vec![0.1, 0.4, 0.2] }, 0.7)).unwrap();
    }
}
mod ufcs {
    use super::*;
    #[derive(Clone, Copy, Debug, Differentiable)]
    struct P {
        a: f64,
        b: f64,
    }
    #[differentiable]
    trait Norm {
        fn norm(self) -> f64;
        fn scaled(&self, k: f64) -> f64;
        fn twice(self) -> f64
        where
            Self: Sized,
        {
            2.0 * self.norm()
        }
    }
    #[differentiable]
    impl Norm for P {
        fn norm(self) -> f64 {
            self.a.hypot(self.b)
        }
        fn scaled(&self, k: f64) -> f64 {
            self.a * k
        }
    }
    #[differentiable]
    impl P {
        fn dist(self, o: P) -> f64 {
            (self.a - o.a).hypot(self.b - o.b)
        }
        fn len(&self) -> f64 {
            self.a * self.b
        }
    }
    #[differentiable]
    fn run(p: P, q: P) -> f64 {
        P::dist(p, q)
            + Norm::norm(p)
            + <P as Norm>::norm(q)
            + P::len(&p)
            + Norm::scaled(&q, 0.4)
            + <P as Norm>::twice(p)
            + q.twice()
    }
    #[test]
    fn check() {
        gradcheck!(run(P { a: 0.3, b: 0.4 }, P { a: 0.7, b: 0.1 })).unwrap();
    }
}
mod on_floats {
    use super::*;
    #[differentiable]
    trait Ext {
        fn squared(self) -> f64;
        fn sigmoid(&self) -> f64;
        fn lerp_to(self, o: f64, t: f64) -> f64;
    }
    #[differentiable]
    impl Ext for f64 {
        fn squared(self) -> f64 {
            self * self
        }
        fn sigmoid(&self) -> f64 {
            1.0 / (1.0 + (-self).exp())
        }
        fn lerp_to(self, o: f64, t: f64) -> f64 {
            self * (1.0 - t) + o * t
        }
    }
    #[differentiable]
    fn run(x: f64, v: &[f64]) -> f64 {
        let y = x.squared();
        y.sigmoid()
            + v[0].squared() * v.iter().map(|a| a.sigmoid()).sum::<f64>()
            + (x * 2.0).squared().lerp_to(x, y)
            + v.iter().map(|&a| a.squared()).sum::<f64>()
    }
    #[test]
    fn check() {
        gradcheck!(run(0.7, &[0.3, 0.1][..])).unwrap();
    }
}

mod index_with_checks {
    use super::*;
    #[derive(Clone, Debug, Differentiable)]
    struct Banded {
        n: usize,
        width: usize,
        values: Vec<f64>,
    }
    impl Index<[usize; 2]> for Banded {
        type Output = f64;
        fn index(&self, index: [usize; 2]) -> &f64 {
            let [row, column] = index;
            assert!(row < self.n && column + self.width >= row, "outside of the band");
            let at = row * (2 * self.width + 1) + (column + self.width - row);
            &self.values[at]
        }
    }
    impl IndexMut<[usize; 2]> for Banded {
        fn index_mut(&mut self, index: [usize; 2]) -> &mut f64 {
            let [row, column] = index;
            assert!(row < self.n && column + self.width >= row, "outside of the band");
            let at = row * (2 * self.width + 1) + (column + self.width - row);
            &mut self.values[at]
        }
    }
    #[differentiable]
    fn run(values: Vec<f64>, k: f64) -> f64 {
        let mut band = Banded { n: 2, width: 1, values };
        for row in 0..2 {
            band[[row, row]] *= k;
            band[[row, row]] += band[[0, 1]] * k;
        }
        let corner = &mut band[[1, 0]];
        *corner = *corner * *corner;
        band[[0, 0]] * band[[1, 1]] - band[[0, 1]] * band[[1, 0]]
    }
    #[test]
    fn check() {
        gradcheck!(run(vec![0.0, 0.3, 0.5, 0.7, 0.9, 0.0], 1.3)).unwrap();
    }
}
