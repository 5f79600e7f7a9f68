//! Traits that lists have: slices, references to them, all that lend one, lists with methods of their own; functions that give
//! iterators.

#![allow(clippy::all, missing_docs, unreachable_pub, dead_code)]

use differentiable::{Differentiable, differentiable, gradcheck};

/// An implementation for slices, called on slices, lists and arrays, and changed in place.
mod slices {
    use super::*;
    #[differentiable]
    pub trait Stats {
        fn avg(&self) -> f64;
        fn spread(&self) -> f64;
        fn normalize(&mut self);
        fn scaled(&self, k: f64) -> f64 {
            self.avg() * k
        }
    }
    #[differentiable]
    impl Stats for [f64] {
        fn avg(&self) -> f64 {
            self.iter().sum::<f64>() / self.len() as f64
        }
        fn spread(&self) -> f64 {
            if self.len() < 2 {
                return 0.0;
            }
            let m = self.avg();
            self.iter().map(|x| (x - m).powi(2)).sum::<f64>() / (self.len() - 1) as f64
        }
        fn normalize(&mut self) {
            let m = self.avg();
            for x in self.iter_mut() {
                *x /= m;
            }
        }
    }
    #[differentiable]
    fn of_slice(xs: &[f64]) -> f64 {
        xs.avg() * 2.0 + xs.spread().sqrt() + xs.scaled(3.0) + xs[..1].spread()
    }
    #[differentiable]
    fn of_lists(a: f64, b: f64) -> f64 {
        let mut v = vec![a, b, a * b];
        let first = v.avg() * [a, b].spread();
        v.normalize();
        first + v[0] * v[1] + v.spread()
    }
    #[test]
    fn derivatives() {
        gradcheck!(of_slice(&[0.3, 0.7, 1.9])).unwrap();
        gradcheck!(of_lists(0.4, 1.3)).unwrap();
    }
}

/// Lists hand on to slices.
mod handed_on {
    use super::*;
    #[differentiable]
    pub trait Norm {
        fn norm(&self) -> f64;
    }
    #[differentiable]
    impl Norm for [f64] {
        fn norm(&self) -> f64 {
            self.iter().map(|x| x * x).sum::<f64>().sqrt()
        }
    }
    #[differentiable]
    impl Norm for Vec<f64> {
        fn norm(&self) -> f64 {
            self.as_slice().norm() * 2.0
        }
    }
    #[differentiable]
    impl<const N: usize> Norm for [f64; N] {
        fn norm(&self) -> f64 {
            self[..].norm() * 3.0
        }
    }
    #[differentiable]
    fn drive(a: f64, b: f64) -> f64 {
        let (v, w) = (vec![a, b, a * b], [a, b]);
        v.norm() + w.norm() * v[1..].norm()
    }
    #[test]
    fn derivatives() {
        gradcheck!(drive(0.4, 1.3)).unwrap();
        let (v, w) = (vec![3.0, 4.0, 0.0], [6.0, 8.0]);
        assert_eq!((v.norm(), w.norm()), (10.0, 30.0));
        assert_eq!(drive(0.0, 1.0), 2.0 + 3.0);
    }
}

/// Implementations for all that lend a list, and for references to slices.
mod lent {
    use super::*;
    #[differentiable]
    pub trait Mean {
        fn mean_of(&self) -> f64;
        fn deviation(&self) -> f64;
    }
    #[differentiable]
    impl<T: AsRef<[f64]> + ?Sized> Mean for T {
        fn mean_of(&self) -> f64 {
            self.as_ref().iter().sum::<f64>() / self.as_ref().len() as f64
        }
        fn deviation(&self) -> f64 {
            let (m, s) = (self.mean_of(), self.as_ref());
            (s.iter().map(|x| (x - m).powi(2)).sum::<f64>() / s.len() as f64).sqrt()
        }
    }
    #[differentiable]
    pub trait Dev {
        fn dev(self) -> f64;
    }
    #[differentiable]
    impl<'a> Dev for &'a [f64] {
        fn dev(self) -> f64 {
            let m = self.iter().sum::<f64>() / self.len() as f64;
            self.iter().map(|x| (x - m) * (x - m)).sum::<f64>()
        }
    }
    #[differentiable]
    fn drive(xs: &[f64], k: f64) -> f64 {
        let v = vec![k, xs[0], xs[1] * k];
        xs.deviation() + v.mean_of() * v.deviation() + xs.dev()
    }
    #[test]
    fn derivatives() {
        gradcheck!(drive(&[0.4, 1.3, 0.2], 0.7)).unwrap();
    }
}

/// Elements of a type parameter, and elements that are tuples.
mod elements {
    use super::*;
    use num_traits::Float;
    #[differentiable]
    pub trait Vector<T> {
        fn total(&self) -> T;
        fn inner(&self, other: &[T]) -> T;
        fn length(&self) -> T;
    }
    #[differentiable]
    impl<T: Float> Vector<T> for [T] {
        fn total(&self) -> T {
            let mut s = T::zero();
            for &x in self {
                s = s + x;
            }
            s / T::from(self.len()).unwrap()
        }
        fn inner(&self, other: &[T]) -> T {
            self.iter().zip(other).fold(T::zero(), |s, (&a, &b)| s + a * b)
        }
        fn length(&self) -> T {
            self.inner(self).sqrt()
        }
    }
    #[differentiable]
    pub trait Curve {
        fn at(&self, x: f64) -> f64;
    }
    #[differentiable]
    impl Curve for [(f64, f64)] {
        fn at(&self, x: f64) -> f64 {
            for w in self.windows(2) {
                let ((x0, y0), (x1, y1)) = (w[0], w[1]);
                if x >= x0 && x <= x1 {
                    return y0 + (y1 - y0) * (x - x0) / (x1 - x0);
                }
            }
            self[self.len() - 1].1
        }
    }
    #[differentiable]
    fn wide<T: Float>(xs: &[T], k: T) -> T {
        xs.total() * k + xs.length()
    }
    #[differentiable]
    fn drive(xs: &[f64], k: f64) -> f64 {
        let curve = vec![(0.0, xs[0]), (1.0, xs[1]), (2.0, xs[0] * k)];
        xs.total() + xs.inner(&[k, 2.0]) + wide(xs, k) + vec![xs[0], k].length() + curve.at(k) + curve.at(3.0)
    }
    #[test]
    fn derivatives() {
        gradcheck!(drive(&[0.4, 1.3], 1.2)).unwrap();
    }
}

/// Functions and methods that give iterators.
mod iterators {
    use super::*;
    #[derive(Clone, Debug, Differentiable)]
    pub struct Matrix {
        data: Vec<f64>,
        n: usize,
    }
    #[differentiable]
    impl Matrix {
        pub fn weights(&self) -> impl Iterator<Item = &f64> {
            self.data.iter()
        }
        pub fn times(&self, k: f64) -> impl Iterator<Item = f64> + '_ {
            self.data.iter().map(move |d| d * k)
        }
        pub fn rows(&self) -> impl Iterator<Item = &[f64]> + '_ {
            self.data.chunks(self.n)
        }
        pub fn all_mut(&mut self) -> impl Iterator<Item = &mut f64> {
            self.data.iter_mut()
        }
        pub fn frobenius(&self) -> f64 {
            self.weights().map(|w| w * w).sum::<f64>().sqrt()
        }
        pub fn scale(&mut self, k: f64) {
            for v in self.all_mut() {
                *v *= k;
            }
        }
    }
    #[differentiable]
    fn squares<'a>(v: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
        v.iter().map(|x| x * x)
    }
    #[differentiable]
    fn pairs(v: &[f64]) -> impl Iterator<Item = (f64, f64)> + '_ {
        v.windows(2).map(|w| (w[0], w[1]))
    }
    #[differentiable]
    fn of_functions(v: &[f64]) -> f64 {
        let mut sum = 0.0;
        for (a, b) in pairs(v) {
            sum += a * b;
        }
        sum + squares(v).sum::<f64>() + squares(&v[1..]).zip(v).map(|(a, b)| a * b).sum::<f64>()
    }
    #[differentiable]
    fn of_methods(x: f64, y: f64) -> f64 {
        let mut m = Matrix { data: vec![x, y, x * y, 1.0], n: 2 };
        m.scale(x);
        let mut t = 0.0;
        for (i, w) in m.weights().enumerate() {
            t += w * i as f64;
        }
        for w in m.times(t) {
            t += w * w;
        }
        m.frobenius() + m.times(y).sum::<f64>() + m.rows().map(|r| r[0] * r[1]).sum::<f64>() + t
    }
    #[test]
    fn derivatives() {
        gradcheck!(of_functions(&[0.4, 1.3, 0.2, 0.6, 0.1])).unwrap();
        gradcheck!(of_methods(0.4, 1.3)).unwrap();
    }
}
