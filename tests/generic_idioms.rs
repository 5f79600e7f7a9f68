//! What people write in generic functions: constants, tables, early exits, swaps, members of generic types.

#![allow(clippy::all, missing_docs, unreachable_pub, unused_imports)]

mod common;
use common::{assert_near, check, check_vjp};
use differentiable::{Differentiable, differentiable};
use num_traits::{Float, FromPrimitive};
use std::fmt::{Debug, Display};
use std::iter::{Product, Sum};
use std::ops::{Add, Div, Mul, Neg, Sub};

#[differentiable]
fn lit_closure<T: Float>(x: T) -> T {
    let c = |v: f64| T::from(v).unwrap();
    c(2.0) * x * x + c(0.5) / x
}

const TABLE: [f64; 3] = [1.0, -0.5, 0.25];

#[differentiable]
fn table<T: Float + FromPrimitive>(x: T) -> T {
    let mut s = T::zero();
    for i in 0..TABLE.len() {
        s = s + T::from_f64(TABLE[i]).unwrap() * x.powi(i as i32);
    }
    for c in TABLE.iter() {
        s = s + T::from(*c).unwrap() * x;
    }
    for (i, &c) in TABLE.iter().enumerate() {
        s = s * T::from_f64(c).expect("fits") + T::from_usize(i).unwrap() * x;
    }
    s
}

#[differentiable]
fn table_chain<T: Float + Sum>(x: T) -> T {
    TABLE.iter().map(|&c| T::from(c).unwrap() * x).sum::<T>() + (1..4).map(|i| T::from(i).unwrap() * x * x).sum::<T>()
}

#[differentiable]
fn from_f64<T>(x: T, y: T) -> T
where
    T: From<f64> + Copy + Mul<Output = T> + Add<Output = T> + Neg<Output = T>,
{
    let two: T = 2.0.into();
    let half = T::from(0.5);
    -(x * two + y * half * x)
}

#[differentiable]
fn products<T: Float + Product + Sum>(xs: &[T]) -> T {
    let p: T = xs.iter().copied().product();
    let q = xs.iter().fold(T::one(), |a, &b| a * b);
    let m = xs.iter().cloned().fold(T::neg_infinity(), T::max);
    let n = xs.iter().copied().fold(T::infinity(), |a, b| a.min(b));
    p + q * m - n
}

#[differentiable]
fn convergence<T: Float + Display + Debug>(x: T, tol: T) -> (T, usize) {
    let mut y = x;
    let mut n = 0;
    while (y * y - x).abs() > tol {
        let next = (y + x / y) / (T::one() + T::one());
        debug_assert!(next.is_finite(), "diverged at {}", next);
        y = next;
        n += 1;
        if n > 100 {
            println!("no convergence {y} {:?}", x);
            return (y, n);
        }
    }
    (y, n)
}

#[differentiable]
fn deferred<T: Float>(x: T, flag: bool) -> T {
    let y;
    let (a, b);
    if flag {
        y = x * x;
        a = x;
        b = T::one();
    } else {
        y = -x;
        a = T::zero();
        b = x;
    }
    y * a + b
}

#[differentiable]
fn exits<T: Float>(xs: &[T]) -> (T, T) {
    let mut lo = T::zero();
    let mut hi = T::one();
    for &x in xs {
        if x < T::zero() {
            return (lo, hi);
        }
        if x > T::from(100).unwrap() {
            continue;
        }
        let t = lo;
        lo = hi * x;
        hi = t + x * x;
        if hi > T::from(50.0).unwrap() {
            break;
        }
    }
    (lo, hi)
}

#[differentiable]
fn swapped<T: Float>(x: &mut T, y: &mut T, k: T) {
    std::mem::swap(x, y);
    *x = *x * k;
    let old = std::mem::replace(y, T::zero());
    *y = old.sin() + *x;
}

#[differentiable]
fn sigmoid<T: Float>(x: T) -> T {
    T::one() / (T::one() + (-x).exp())
}

#[differentiable]
fn comparisons<T: Float>(x: T, y: T) -> T {
    if x == T::zero() {
        y
    } else if x.is_sign_negative() {
        x % y
    } else if (x - y).abs() <= T::epsilon() {
        x.signum() * y
    } else {
        sigmoid(x) * sigmoid(y)
    }
}

#[differentiable]
fn option_result<T: Float>(x: T) -> Option<T> {
    if x < T::zero() { None } else { Some(x.sqrt()) }
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Model<T = f64> {
    a: T,
    b: T,
    steps: usize,
}

impl<T: Float + FromPrimitive> Model<T> {
    #[differentiable]
    fn run(&self, x: T) -> T {
        let mut y = x;
        for _ in 0..self.steps {
            y = self.a * y.sin() + self.b * T::from_f64(0.1).unwrap();
        }
        y
    }
    #[differentiable]
    fn norm(&self) -> T {
        (self.a * self.a + self.b * self.b).sqrt()
    }
}

#[differentiable]
impl<T> Model<T>
where
    T: Float + Sum,
{
    pub fn evaluate(&self, xs: &[T]) -> T {
        xs.iter().map(|&x| self.step(x)).sum::<T>() / T::from(xs.len()).unwrap()
    }
    fn step(&self, x: T) -> T {
        let d = x - self.a;
        (d * d / self.b).exp()
    }
    fn new(a: T, b: T) -> Self {
        Self { a, b, steps: 3 }
    }
}

#[differentiable]
fn use_model(m: &Model<f64>, x: f64) -> f64 {
    m.run(x) * m.norm() + m.a
}

#[differentiable]
fn use_default(m: &Model, x: f64) -> f64 {
    m.a * x
}

#[differentiable]
fn two_vectors<T: Float>(xs: &[T], n: usize) -> Vec<Vec<T>> {
    let mut out = vec![vec![T::zero(); n]; xs.len()];
    for i in 0..xs.len() {
        for j in 0..n {
            out[i][j] = xs[i].powi(j as i32 + 1);
        }
    }
    out
}

#[differentiable]
fn pushes<T: Float>(x: T, n: usize) -> Vec<T> {
    let mut v = Vec::with_capacity(n);
    v.push(x);
    for i in 1..n {
        let last = v[i - 1];
        v.push(last * x);
    }
    v
}

#[differentiable]
fn num_free<T: Float>(x: T) -> T {
    num_traits::clamp(x, T::zero(), T::one()) * num_traits::pow(x, 3)
}

#[test]
fn constants_and_tables() {
    let x = 0.7_f64;
    check!(lit_closure(x), 4.0 * x - 0.5 / (x * x));
    differentiable::gradcheck!(table(x)).unwrap();
    check!(table_chain(x), 0.75 + 12.0 * x);
    check!(from_f64(2.0, 3.0), (-3.5, -1.0));
    check!(num_free(0.5), 4.0 * 0.125);
    check!(num_free(2.0), 12.0);
}

#[test]
fn loops_and_exits() {
    differentiable::gradcheck!(products(&[1.0, 2.0, 3.0])).unwrap();
    let (value, pullback) = convergence::vjp(2.0, 1e-12);
    assert_near("root", &value.0, &2.0_f64.sqrt(), 1e-9);
    assert_near("its derivative", &pullback((1.0, ())).0, &(0.5 / 2.0_f64.sqrt()), 1e-6);
    check!(deferred(2.0, true), 12.0);
    check!(deferred(2.0, false), 1.0);
    for xs in [[1.0, 2.0, 3.0], [1.0, -2.0, 3.0], [1.0, 8.0, 3.0], [2.0, 200.0, 1.5]] {
        differentiable::gradcheck!(exits(&xs)).unwrap();
    }
    check!(sigmoid(0.0), 0.25);
    check!(comparisons(-3.5, 2.0), (1.0, 1.0));
    differentiable::gradcheck!(comparisons(1.0, 2.0)).unwrap();
    let (value, pullback) = option_result::vjp(4.0).unwrap();
    assert_eq!((value, pullback(1.0)), (2.0, 0.25));
    assert!(option_result::vjp(-4.0).is_none());
}

#[test]
fn memory() {
    let (mut x, mut y) = (1.0_f64, 2.0_f64);
    let ((), pullback) = swapped::vjp(&mut x, &mut y, 3.0);
    assert_eq!((x, y), (6.0, 1.0_f64.sin() + 6.0));
    for _ in 0..2 {
        assert_near("pullback", &pullback(1.0, 10.0), &(10.0 * 1.0_f64.cos(), 33.0, 22.0), 1e-12);
    }
    check_vjp!(two_vectors(&[2.0, 3.0], 2), vec![vec![1.0, 10.0], vec![0.0, 1.0]], vec![41.0, 6.0]);
    check_vjp!(pushes(2.0, 3), vec![1.0, 0.0, 1.0], 13.0);
}

#[test]
fn members() {
    let m = Model { a: 0.5, b: 0.7, steps: 2 };
    let (bar, x_bar) = m.run_grad(0.3);
    let run = |a: f64, b: f64, x: f64| Model { a, b, steps: 2 }.run(x);
    let expected = common::differences(|v| run(v[0], v[1], v[2]), &[0.5, 0.7, 0.3]);
    assert_near("run", &vec![bar.a, bar.b, x_bar], &expected, 1e-8);
    let (bar, xs_bar) = m.evaluate_grad(&[0.3, 0.4]);
    let mean = |v: &[f64]| Model { a: v[0], b: v[1], steps: 2 }.evaluate(&v[2..]);
    let expected = common::differences(mean, &[0.5, 0.7, 0.3, 0.4]);
    assert_near("evaluate", &(bar.a, bar.b, xs_bar), &expected, 1e-8);
    let (bar, x_bar) = use_model::grad(&m, 0.3);
    let product = |v: &[f64]| use_model(&Model { a: v[0], b: v[1], steps: 2 }, v[2]);
    let expected = common::differences(product, &[0.5, 0.7, 0.3]);
    assert_near("use", &vec![bar.a, bar.b, x_bar], &expected, 1e-8);
    let (bar, x_bar) = use_default::grad(&m, 2.0);
    assert_eq!((bar.a, x_bar), (2.0, 0.5));
}

// A type parameter that is not a number

#[differentiable]
trait Potential {
    fn energy(&self, x: f64) -> f64;
}

#[derive(Clone, Differentiable)]
struct Spring {
    k: f64,
}

#[differentiable]
impl Potential for Spring {
    fn energy(&self, x: f64) -> f64 {
        0.5 * self.k * x * x
    }
}

#[differentiable]
fn total<P: Potential>(p: &P, xs: &[f64]) -> f64 {
    let mut s = 0.0;
    for &x in xs {
        s += p.energy(x);
    }
    s
}

#[test]
fn types_with_a_trait_of_the_user() {
    let (p_bar, xs_bar) = total::grad(&Spring { k: 2.0 }, &[1.0, 2.0]);
    assert_eq!((p_bar.k, xs_bar), (2.5, vec![2.0, 4.0]));
}
