//! References that branches choose, and functions that return parts of what they are given.

#![allow(clippy::all, missing_docs, unreachable_pub, dead_code)]

use differentiable::{Differentiable, differentiable, gradcheck};
use std::ops::{AddAssign, Mul};

/// The longer list first, with and without type parameters.
mod longer_first {
    use super::*;
    #[differentiable]
    fn correlation(xs: &[f64], ys: &[f64]) -> f64 {
        let (a, b): (&[f64], &[f64]) = if xs.len() < ys.len() { (ys, xs) } else { (xs, ys) };
        let mut sum = 0.0;
        for i in 0..b.len() {
            sum += a[i] * b[i] * b[i];
        }
        sum
    }
    #[differentiable]
    fn product<T: Mul<Output = T> + AddAssign + Default + Copy>(xs: &[T], ys: &[T]) -> Vec<T> {
        let (a, b): (&[T], &[T]) = if xs.len() < ys.len() { (ys, xs) } else { (xs, ys) };
        let mut out = vec![T::default(); a.len() + b.len() - 1];
        for i in 0..a.len() {
            for j in 0..b.len() {
                out[i + j] += a[i] * b[j];
            }
        }
        out
    }
    #[differentiable]
    fn drive(xs: &[f64], ys: &[f64]) -> f64 {
        let c = product(xs, ys);
        c[0] * c[1] + c[2] + correlation(ys, xs)
    }
    #[test]
    fn derivatives() {
        let (short, long) = ([0.4, 1.3], [0.2, 0.6, 0.1]);
        gradcheck!(correlation(&short, &long)).unwrap();
        gradcheck!(correlation(&long, &short)).unwrap();
        gradcheck!(drive(&short, &long)).unwrap();
    }
}

/// One reference, and parts of lists, of structs and of enums' payloads.
mod one_of_several {
    use super::*;
    const DEFAULT: [f64; 2] = [0.5, 0.25];
    #[derive(Clone, Debug, Differentiable)]
    struct Curve {
        near: Vec<f64>,
        far: Vec<f64>,
        k: f64,
    }
    #[derive(Clone, Copy, Differentiable)]
    enum Side {
        Near,
        Far,
    }
    #[differentiable]
    fn horner(c: &[f64], x: f64) -> f64 {
        c.iter().rev().fold(0.0, |s, c| s * x + c)
    }
    #[differentiable]
    fn eval(curve: &Curve, side: Side, x: f64) -> f64 {
        let c = match side {
            Side::Near => &curve.near,
            Side::Far => &curve.far,
        };
        horner(c, x) * curve.k
    }
    #[differentiable]
    fn pick(xs: &[f64], ys: &[f64], first: bool) -> f64 {
        let a = if first { xs } else { ys };
        a.iter().map(|v| v * v).sum::<f64>() * a[0]
    }
    #[differentiable]
    fn or_constant(xs: &[f64], k: f64) -> f64 {
        let a: &[f64] = if xs.is_empty() { &DEFAULT } else { xs };
        a[0] * a[1] * k
    }
    #[differentiable]
    fn neighbours(xs: &[f64], ys: &[f64], x: f64, flip: bool) -> f64 {
        let (lo, hi) = if flip { (&ys[..2], &ys[1..]) } else { (&xs[..2], &xs[1..]) };
        lo[0] * x + hi[1] * lo[1]
    }
    #[differentiable]
    fn in_loop(xs: &[f64], ys: &[f64]) -> f64 {
        let mut sum = 0.0;
        for i in 0..4 {
            let row = if i % 2 == 0 { xs } else { ys };
            sum = sum * 0.5 + row[i / 2] * horner(row, 0.3);
        }
        sum
    }
    #[differentiable]
    fn changed_between(x: f64, y: f64) -> f64 {
        let (mut a, mut b) = (vec![x, y], vec![y, x * y]);
        let larger = if a[0] > b[0] { &a } else { &b };
        let s = larger[0] * larger[1];
        a[0] = s;
        b[1] = s * x;
        s * a[0] + b[1] * b[0]
    }
    #[differentiable]
    fn drive(x: f64, y: f64) -> f64 {
        let curve = Curve { near: vec![x, y], far: vec![y, y, x], k: x };
        let (a, b) = ([x, y, 0.3], [y, x, x * y]);
        let chosen = pick(&a, &b, true) + pick(&a, &b, false) + or_constant(&[], x) + or_constant(&a, y);
        chosen
            + eval(&curve, Side::Near, y)
            + eval(&curve, Side::Far, x)
            + neighbours(&a, &b, x, true)
            + in_loop(&a, &b)
    }
    #[test]
    fn derivatives() {
        gradcheck!(drive(0.4, 1.3)).unwrap();
        gradcheck!(neighbours(&[0.4, 1.3, 0.2], &[0.2, 0.6, 0.1], 0.7, false)).unwrap();
        gradcheck!(changed_between(0.4, 1.3)).unwrap();
        gradcheck!(changed_between(1.4, 0.3)).unwrap();
    }
}

/// Structs by reference, in both orders.
mod structs {
    use super::*;
    #[derive(Clone, Debug, Differentiable)]
    struct Node {
        v: f64,
        w: [f64; 2],
    }
    #[differentiable]
    fn ordered(a: &Node, b: &Node, t: f64) -> f64 {
        let (near, far) = if t < 0.5 { (a, b) } else { (b, a) };
        near.v * far.w[0] + near.w[1] * t
    }
    #[differentiable]
    fn drive(x: f64, y: f64) -> f64 {
        let a = Node { v: x, w: [y, x] };
        let b = Node { v: y, w: [x * y, 2.0] };
        ordered(&a, &b, x) + ordered(&b, &a, y)
    }
    #[test]
    fn derivatives() {
        gradcheck!(drive(0.4, 1.3)).unwrap();
    }
}

/// What functions return is a reference to the caller as well.
mod parts {
    use super::*;
    #[differentiable]
    fn from(v: &[f64], n: usize) -> &[f64] {
        let mut i = 0;
        while i < n {
            i += 1;
        }
        &v[i..]
    }
    #[differentiable]
    fn tail(v: &[f64], n: usize) -> &[f64] {
        if v.len() > n { &v[v.len() - n..] } else { v }
    }
    #[differentiable]
    fn halves(v: &[f64]) -> (&[f64], &[f64]) {
        v.split_at(v.len() / 2)
    }
    #[differentiable]
    fn counted(v: &[f64]) -> (&[f64], usize) {
        if v.len() > 2 {
            return (&v[1..], 1);
        }
        (v, 0)
    }
    #[differentiable]
    fn value(rate: f64, v: &[f64]) -> f64 {
        v.iter().enumerate().map(|(i, c)| c / (1.0 + rate).powi(i as i32)).sum()
    }
    #[differentiable]
    fn drive(values: &[f64], rate: f64) -> f64 {
        let whole = tail(values, 9)[0];
        let values = from(&values, 1);
        let (left, right) = halves(values);
        let (rest, from) = counted(values);
        value(rate, values) + value(rate, tail(values, 2)) * whole + left[0] * right[0] + rest[from]
    }
    #[test]
    fn derivatives() {
        gradcheck!(drive(&[0.3, 0.4, 1.3, 0.2, 0.7], 0.1)).unwrap();
    }
}
