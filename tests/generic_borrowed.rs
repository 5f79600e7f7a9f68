//! Parameters that are borrowed as something else: `AsRef<[f64]>`, `Borrow<f64>`, `Index<usize, Output = f64>`.

#![allow(clippy::all, missing_docs, unreachable_pub, dead_code)]

use differentiable::{differentiable, gradcheck};
use std::ops::Index;

mod lent {
    use super::*;
    use std::borrow::Borrow;
    #[differentiable]
    pub fn l2<A: AsRef<[f64]>>(a: A) -> f64 {
        a.as_ref().iter().map(|x| x * x).sum::<f64>().sqrt()
    }
    #[differentiable]
    pub fn l1<A>(a: &A) -> f64
    where
        A: AsRef<[f64]> + ?Sized,
    {
        let s = a.as_ref();
        let mut t = 0.0;
        for i in 0..s.len() {
            t += s[i].abs();
        }
        t
    }
    #[differentiable]
    pub fn sumit<I: IntoIterator<Item = f64>>(it: I) -> f64 {
        it.into_iter().map(|x| x * x).sum()
    }
    #[differentiable]
    pub fn meanit<'a, I>(it: I) -> f64
    where
        I: IntoIterator<Item = &'a f64>,
    {
        let mut s = 0.0;
        let mut n = 0;
        for x in it {
            s += x;
            n += 1;
        }
        s / n as f64
    }
    #[differentiable]
    pub fn bor<I>(it: I) -> f64
    where
        I: IntoIterator,
        I::Item: Borrow<f64>,
    {
        it.into_iter().map(|x| x.borrow() * 2.0).sum()
    }
    #[differentiable]
    pub fn lse(it: impl Iterator<Item = f64> + Clone) -> f64 {
        let m = it.clone().fold(f64::NEG_INFINITY, f64::max);
        m + it.map(|v| (v - m).exp()).sum::<f64>().ln()
    }
    #[differentiable]
    pub fn at<V: Index<usize, Output = f64>>(v: &V, i: usize) -> f64 {
        v[i] * v[i + 1]
    }
    #[differentiable]
    pub fn two<A: AsRef<[f64]>, B: AsRef<[f64]>>(a: A, b: B) -> f64 {
        a.as_ref().iter().zip(b.as_ref()).map(|(x, y)| x * y).sum()
    }
    #[differentiable]
    pub fn gen_ref<T: num_traits::Float, A: AsRef<[T]>>(a: A, k: T) -> T {
        a.as_ref().iter().fold(T::zero(), |s, &x| s + x * k)
    }
    #[differentiable]
    fn drive(x: f64, y: f64) -> f64 {
        let v = vec![x, y, x * y];
        l2(&v)
            + l2([x, y])
            + l1(&v)
            + l1(&[x, y][..])
            + sumit(v.clone())
            + sumit(vec![x, y].into_iter().map(|t| t.sin()))
            + meanit(&v)
            + meanit(v.iter())
            + bor(&v)
            + bor(vec![x])
            + lse(v.iter().copied())
            + at(&v, 1)
            + at(&[x, y], 0)
            + two(&v, [1.0, x, y])
            + gen_ref(&v, y)
    }
    #[test]
    fn derivatives() {
        gradcheck!(drive(0.3, 0.8)).unwrap();
    }
}
