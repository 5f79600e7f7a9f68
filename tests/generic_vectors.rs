//! Generic types and functions whose operands are of different types: vectors and the numbers that scale them, matrices with
//! lengths, units, references that have operators.

#![allow(clippy::all, missing_docs, unreachable_pub)]

mod common;
use common::{assert_near, check};
use differentiable::{Differentiable, differentiable};
use num_traits::{Float, NumAssign, NumCast, Signed};
use std::iter::Sum;
use std::marker::PhantomData;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub};

#[derive(Differentiable, Clone, Copy, Debug, PartialEq)]
pub struct Matrix<T, const R: usize, const C: usize> {
    data: [[T; C]; R],
}

#[differentiable]
impl<T: Float, const R: usize, const C: usize> Matrix<T, R, C> {
    pub fn new(data: [[T; C]; R]) -> Self {
        Self { data }
    }

    pub fn transpose(&self) -> Matrix<T, C, R> {
        let mut data = [[T::zero(); R]; C];
        for i in 0..R {
            for j in 0..C {
                data[j][i] = self.data[i][j];
            }
        }
        Matrix { data }
    }

    pub fn apply(&self, v: &[T; C]) -> [T; R] {
        let mut out = [T::zero(); R];
        for i in 0..R {
            for j in 0..C {
                out[i] = out[i] + self.data[i][j] * v[j];
            }
        }
        out
    }

    pub fn scaled(&self, by: T) -> Self {
        let mut copy = *self;
        for row in copy.data.iter_mut() {
            for x in row.iter_mut() {
                *x = *x * by;
            }
        }
        copy
    }

    pub fn frobenius(&self) -> T {
        let mut sum = T::zero();
        for row in self.data.iter() {
            for &x in row.iter() {
                sum = sum + x * x;
            }
        }
        sum.sqrt()
    }
}

#[differentiable]
impl<T: Float, const R: usize, const K: usize, const C: usize> Mul<Matrix<T, K, C>> for Matrix<T, R, K> {
    type Output = Matrix<T, R, C>;

    fn mul(self, rhs: Matrix<T, K, C>) -> Matrix<T, R, C> {
        let mut data = [[T::zero(); C]; R];
        for i in 0..R {
            for j in 0..C {
                for k in 0..K {
                    data[i][j] = data[i][j] + self.data[i][k] * rhs.data[k][j];
                }
            }
        }
        Matrix { data }
    }
}

#[differentiable]
fn gram(x: f64, y: f64) -> f64 {
    let m = Matrix::new([[x, y, 1.0], [x * y, 0.5, y]]);
    let square = m * m.transpose();
    let [a, b] = square.scaled(0.5).apply(&[x, 2.0]);
    square.frobenius() + a * b
}

#[derive(Differentiable, Clone, Copy, Debug, PartialEq)]
pub struct Vector<T> {
    pub x: T,
    pub y: T,
}

#[differentiable]
impl<T: Float> Add for Vector<T> {
    type Output = Self;

    fn add(self, o: Self) -> Self {
        Vector { x: self.x + o.x, y: self.y + o.y }
    }
}

#[differentiable]
impl<T: Float> Sub for Vector<T> {
    type Output = Vector<T>;

    fn sub(self, o: Vector<T>) -> Vector<T> {
        Vector { x: self.x - o.x, y: self.y - o.y }
    }
}

#[differentiable]
impl<T: Float> Mul<T> for Vector<T> {
    type Output = Vector<T>;

    fn mul(self, s: T) -> Vector<T> {
        Vector { x: self.x * s, y: self.y * s }
    }
}

#[differentiable]
impl<T: Float> Neg for Vector<T> {
    type Output = Self;

    fn neg(self) -> Self {
        Vector { x: -self.x, y: -self.y }
    }
}

#[differentiable]
impl<T: Float + AddAssign> AddAssign for Vector<T> {
    fn add_assign(&mut self, o: Self) {
        self.x += o.x;
        self.y += o.y;
    }
}

#[differentiable]
impl<T: Float> Vector<T> {
    pub fn dot(self, o: Self) -> T {
        self.x * o.x + self.y * o.y
    }

    pub fn norm(self) -> T {
        self.dot(self).sqrt()
    }

    pub fn normalized(self) -> Self {
        self * self.norm().recip()
    }
}

/// It takes numbers and vectors alike.
#[differentiable]
fn mixed<V, T>(a: V, b: V, at: T) -> V
where
    V: Copy + Add<V, Output = V> + Sub<V, Output = V> + Mul<T, Output = V>,
    T: Copy,
{
    a + (b - a) * at
}

#[differentiable]
fn negated<V: Copy + Neg<Output = V> + Mul<f64, Output = V> + AddAssign<V>>(a: V, by: f64) -> V {
    let mut sum = -a * by;
    sum += a * (by * by);
    sum
}

#[differentiable]
fn path(x: f64, y: f64) -> f64 {
    let (a, b) = (Vector { x, y }, Vector { x: y, y: 0.5 });
    let c = mixed(a, b, x * y);
    let d = negated(c, y).normalized();
    mixed(x, y, 0.3) * d.dot(a) + mixed(negated(x, y), c.norm(), x)
}

/// What is scaled is another type than what scales, and so is the result.
#[differentiable]
fn section<T, C>(x: T, state: &mut [T; 2], c: &[C; 3]) -> T
where
    T: Copy + Add<Output = T>,
    C: Copy + Mul<T, Output = T>,
{
    let y = c[0] * x + c[1] * state[0] + c[2] * state[1];
    state[1] = state[0];
    state[0] = y;
    y
}

#[differentiable]
fn filtered(x: f64, c: f64) -> f64 {
    let mut state = [0.1, 0.2];
    let mut sum = 0.0;
    for i in 0..4 {
        sum += section(x + i as f64, &mut state, &[c, c * c, 0.3]);
    }
    sum
}

#[derive(Differentiable, Clone, Copy, Debug)]
pub struct Meters;

#[derive(Differentiable, Clone, Copy, Debug)]
pub struct Quantity<T, U> {
    value: T,
    unit: PhantomData<U>,
}

#[differentiable]
impl<T: Float, U: Copy> Quantity<T, U> {
    pub fn new(value: T) -> Self {
        Quantity { value, unit: PhantomData }
    }

    pub fn scaled(self, by: T) -> Self {
        Quantity { value: self.value * by, unit: PhantomData }
    }

    pub fn get(&self) -> T {
        self.value
    }
}

#[differentiable]
fn measured(x: f64, y: f64) -> f64 {
    Quantity::<f64, Meters>::new(x).scaled(y).get().sin()
}

#[differentiable]
fn by_reference<T>(a: &T, b: &T) -> T
where
    for<'a> &'a T: Mul<&'a T, Output = T> + Add<&'a T, Output = T>,
    T: Clone,
{
    let product = a * b;
    &product + a
}

#[differentiable]
fn lent(x: f64) -> f64 {
    by_reference(&x, &(x * x))
}

#[differentiable]
fn deviation<T>(xs: &[T]) -> T
where
    T: Float + for<'a> Sum<&'a T> + NumCast,
{
    let mean = xs.iter().sum::<T>() / T::from(xs.len()).unwrap();
    let squares = xs.iter().map(|&x| (x - mean).powi(2)).fold(T::zero(), |a, b| a + b);
    squares / T::from(xs.len() - 1).unwrap()
}

#[differentiable]
fn halved<T: NumAssign + Copy>(xs: &[T]) -> T {
    let mut sum = T::zero();
    for &x in xs {
        sum += x * x;
    }
    sum /= T::one() + T::one();
    sum
}

#[differentiable]
fn distance<T: Signed + Copy + Sum>(xs: &[T]) -> T {
    xs.iter().map(|x| x.abs()).sum()
}

#[differentiable]
fn statistics(xs: &[f64]) -> f64 {
    deviation(xs) * halved(xs) + distance(xs)
}

#[differentiable]
fn product<T>(a: (T, T), b: (T, T)) -> (T, T)
where
    T: Copy + Add<Output = T> + Sub<Output = T> + Mul<Output = T> + Div<Output = T>,
{
    let scale = a.0 / b.1;
    ((a.0 * b.0 - a.1 * b.1) * scale, (a.0 * b.1 + a.1 * b.0) * scale)
}

#[differentiable]
fn rotated(x: f64, y: f64) -> f64 {
    let (re, im) = product((x, y), product((y, x), (0.5, 2.0)));
    re * im
}

#[test]
fn matrices_of_any_size() {
    differentiable::gradcheck!(gram(0.7, -1.3)).unwrap();
}

#[test]
fn vectors_and_what_scales_them() {
    differentiable::gradcheck!(path(0.7, -1.3)).unwrap();
    differentiable::gradcheck!(filtered(0.7, 0.4)).unwrap();
}

#[test]
fn units_references_and_statistics() {
    check!(measured(0.5, 1.5), (0.75_f64.cos() * 1.5, 0.75_f64.cos() * 0.5));
    check!(lent(0.7), 3.0 * 0.49 + 1.0);
    differentiable::gradcheck!(statistics(&[0.5, -1.0, 2.0])).unwrap();
    differentiable::gradcheck!(rotated(0.7, -1.3)).unwrap();
    let single = deviation::grad(&[0.5_f32, -1.0, 2.0]);
    assert_near("f32", &single, &deviation::grad(&[0.5, -1.0, 2.0]), 1e-5);
}
