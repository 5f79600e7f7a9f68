//! Vectors and matrices over any number, with the operators, indices, sums and conversions of linear algebra crates.

#![allow(clippy::all, missing_docs, unreachable_pub, dead_code)]

use differentiable::{Differentiable, differentiable, gradcheck};

/// A vector with operators, indices, sums and conversions.
mod vec3 {
    use super::*;
    use num_traits::{Float, Num};
    use std::iter::Sum;
    use std::ops::*;
    #[derive(Clone, Copy, Debug, PartialEq, Default, Differentiable)]
    pub struct Vector3<T> {
        pub x: T,
        pub y: T,
        pub z: T,
    }
    #[differentiable]
    impl<T: Num + Copy> Vector3<T> {
        pub const fn new(x: T, y: T, z: T) -> Self {
            Vector3 { x, y, z }
        }
        pub fn zeros() -> Self {
            Self { x: T::zero(), y: T::zero(), z: T::zero() }
        }
        pub fn dot(&self, o: &Self) -> T {
            self.x * o.x + self.y * o.y + self.z * o.z
        }
        pub fn cross(&self, o: &Vector3<T>) -> Vector3<T> {
            Vector3::new(self.y * o.z - self.z * o.y, self.z * o.x - self.x * o.z, self.x * o.y - self.y * o.x)
        }
        pub fn scale(&self, k: T) -> Self {
            Self::new(self.x * k, self.y * k, self.z * k)
        }
    }
    #[differentiable]
    impl<T: Float> Vector3<T> {
        pub fn norm(&self) -> T {
            self.dot(self).sqrt()
        }
        pub fn normalize(self) -> Self {
            let n = self.norm();
            self / n
        }
        pub fn angle(&self, o: &Self) -> T {
            (self.dot(o) / (self.norm() * o.norm())).acos()
        }
    }
    #[differentiable]
    impl<T: Add<Output = T>> Add for Vector3<T> {
        type Output = Self;
        fn add(self, o: Self) -> Self {
            Vector3 { x: self.x + o.x, y: self.y + o.y, z: self.z + o.z }
        }
    }
    #[differentiable]
    impl<T: Sub<Output = T>> Sub for Vector3<T> {
        type Output = Vector3<T>;
        fn sub(self, o: Vector3<T>) -> Vector3<T> {
            Vector3 { x: self.x - o.x, y: self.y - o.y, z: self.z - o.z }
        }
    }
    #[differentiable]
    impl<T: Mul<Output = T> + Copy> Mul<T> for Vector3<T> {
        type Output = Self;
        fn mul(self, k: T) -> Self {
            Vector3 { x: self.x * k, y: self.y * k, z: self.z * k }
        }
    }
    #[differentiable]
    impl<T: Div<Output = T> + Copy> Div<T> for Vector3<T> {
        type Output = Self;
        fn div(self, k: T) -> Self {
            Vector3 { x: self.x / k, y: self.y / k, z: self.z / k }
        }
    }
    #[differentiable]
    impl<T: Neg<Output = T>> Neg for Vector3<T> {
        type Output = Self;
        fn neg(self) -> Self {
            Vector3 { x: -self.x, y: -self.y, z: -self.z }
        }
    }
    #[differentiable]
    impl Mul<Vector3<f64>> for f64 {
        type Output = Vector3<f64>;
        fn mul(self, v: Vector3<f64>) -> Vector3<f64> {
            v * self
        }
    }
    #[differentiable]
    impl<T: AddAssign> AddAssign for Vector3<T> {
        fn add_assign(&mut self, o: Self) {
            self.x += o.x;
            self.y += o.y;
            self.z += o.z;
        }
    }
    #[differentiable]
    impl<T: Num + Copy> Sum for Vector3<T> {
        fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
            iter.fold(Self::zeros(), |a, b| a + b)
        }
    }
    #[differentiable]
    impl<T> Index<usize> for Vector3<T> {
        type Output = T;
        fn index(&self, i: usize) -> &T {
            match i {
                0 => &self.x,
                1 => &self.y,
                2 => &self.z,
                _ => panic!("index"),
            }
        }
    }
    #[differentiable]
    impl<T> IndexMut<usize> for Vector3<T> {
        fn index_mut(&mut self, i: usize) -> &mut T {
            match i {
                0 => &mut self.x,
                1 => &mut self.y,
                2 => &mut self.z,
                _ => panic!("index"),
            }
        }
    }
    #[differentiable]
    impl<T> From<[T; 3]> for Vector3<T> {
        fn from([x, y, z]: [T; 3]) -> Self {
            Vector3 { x, y, z }
        }
    }
    #[differentiable]
    impl<T> From<Vector3<T>> for [T; 3] {
        fn from(v: Vector3<T>) -> [T; 3] {
            [v.x, v.y, v.z]
        }
    }
    #[differentiable]
    fn triple<T: Float>(a: Vector3<T>, b: Vector3<T>, c: Vector3<T>) -> T {
        a.dot(&b.cross(&c))
    }
    #[differentiable]
    fn centroid<T: Float + Sum>(ps: &[Vector3<T>]) -> Vector3<T> {
        ps.iter().copied().sum::<Vector3<T>>() / T::from(ps.len()).unwrap()
    }
    #[differentiable]
    fn drive(x: f64, y: f64) -> f64 {
        let a = Vector3::new(x, y, 1.0);
        let b = Vector3 { x: y, y: x * y, z: 0.3 };
        let mut c: Vector3<f64> = [0.1, x, 2.0].into();
        c[1] = c[0] * y;
        c += a * 0.5 - b;
        let m = centroid(&[a, b, c]);
        let arr: [f64; 3] = m.normalize().into();
        triple(a, b, -c) + m.norm() + arr[2] + 2.0 * a[1] + (2.0 * b).angle(&a)
    }
    #[test]
    fn derivatives() {
        gradcheck!(drive(0.3, 0.8)).unwrap();
    }
}

/// A matrix of fixed shape.
mod matrix {
    use super::*;
    use num_traits::Float;
    use std::ops::*;
    #[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
    pub struct Matrix<T, const R: usize, const C: usize> {
        data: [[T; C]; R],
    }
    #[differentiable]
    impl<T: Float, const R: usize, const C: usize> Matrix<T, R, C> {
        pub fn zeros() -> Self {
            Matrix { data: [[T::zero(); C]; R] }
        }
        pub fn from_rows(data: [[T; C]; R]) -> Self {
            Self { data }
        }
        pub fn transpose(&self) -> Matrix<T, C, R> {
            let mut out = Matrix::<T, C, R>::zeros();
            for i in 0..R {
                for j in 0..C {
                    out[(j, i)] = self[(i, j)];
                }
            }
            out
        }
        pub fn frobenius(&self) -> T {
            self.data.iter().flat_map(|r| r.iter()).map(|&v| v * v).fold(T::zero(), |a, b| a + b).sqrt()
        }
        pub fn row(&self, i: usize) -> [T; C] {
            self.data[i]
        }
        pub fn map(&self, f: impl Fn(T) -> T) -> Self {
            let mut o = *self;
            for r in o.data.iter_mut() {
                for v in r.iter_mut() {
                    *v = f(*v);
                }
            }
            o
        }
    }
    #[differentiable]
    impl<T: Float, const N: usize> Matrix<T, N, N> {
        pub fn identity() -> Self {
            let mut m = Self::zeros();
            for i in 0..N {
                m.data[i][i] = T::one();
            }
            m
        }
        pub fn trace(&self) -> T {
            (0..N).map(|i| self.data[i][i]).fold(T::zero(), |a, b| a + b)
        }
    }
    #[differentiable]
    impl<T, const R: usize, const C: usize> Index<(usize, usize)> for Matrix<T, R, C> {
        type Output = T;
        fn index(&self, (i, j): (usize, usize)) -> &T {
            &self.data[i][j]
        }
    }
    #[differentiable]
    impl<T, const R: usize, const C: usize> IndexMut<(usize, usize)> for Matrix<T, R, C> {
        fn index_mut(&mut self, (i, j): (usize, usize)) -> &mut T {
            &mut self.data[i][j]
        }
    }
    #[differentiable]
    impl<T: Float, const R: usize, const C: usize, const K: usize> Mul<Matrix<T, C, K>> for Matrix<T, R, C> {
        type Output = Matrix<T, R, K>;
        fn mul(self, o: Matrix<T, C, K>) -> Self::Output {
            let mut out = Matrix::<T, R, K>::zeros();
            for i in 0..R {
                for j in 0..K {
                    let mut s = T::zero();
                    for k in 0..C {
                        s = s + self.data[i][k] * o.data[k][j];
                    }
                    out.data[i][j] = s;
                }
            }
            out
        }
    }
    #[differentiable]
    impl<'a, T: Float, const R: usize, const C: usize> Add<&'a Matrix<T, R, C>> for &Matrix<T, R, C> {
        type Output = Matrix<T, R, C>;
        fn add(self, o: &'a Matrix<T, R, C>) -> Matrix<T, R, C> {
            let mut out = *self;
            for i in 0..R {
                for j in 0..C {
                    out.data[i][j] = out.data[i][j] + o.data[i][j];
                }
            }
            out
        }
    }
    #[differentiable]
    fn drive(x: f64, y: f64) -> f64 {
        let a = Matrix::from_rows([[x, y, 1.0], [y, 0.5, x * y]]);
        let g = a * a.transpose();
        let h = &g + &Matrix::identity();
        h.trace() + g.frobenius() + a[(0, 1)] * a.row(1)[2] + a.map(|v| v.sin()).frobenius()
    }
    #[test]
    fn derivatives() {
        gradcheck!(drive(0.3, 0.8)).unwrap();
    }
}
