//! Generic types and traits as libraries declare them: complex numbers, coordinates with many traits above them, spaces of
//! vectors, quaternions and dual numbers, associated types.

#![allow(missing_docs, dead_code, clippy::all)]

use differentiable::{Differentiable, differentiable, gradcheck};
use std::ops::*;

mod complex {
    use super::*;

    use num_traits::{Float, One, Zero};
    #[derive(Clone, Copy, Debug, PartialEq, Default, Differentiable)]
    pub(super) struct Complex<T> {
        pub(super) re: T,
        pub(super) im: T,
    }
    #[differentiable]
    impl<T: Float> Complex<T> {
        pub(super) fn new(re: T, im: T) -> Self {
            Complex { re, im }
        }
        pub(super) fn i() -> Self {
            Self::new(T::zero(), T::one())
        }
        pub(super) fn norm_sqr(&self) -> T {
            self.re * self.re + self.im * self.im
        }
        pub(super) fn scale(&self, t: T) -> Self {
            Self::new(self.re * t, self.im * t)
        }
        pub(super) fn conj(&self) -> Self {
            Self::new(self.re, -self.im)
        }
        pub(super) fn inv(&self) -> Self {
            let n = self.norm_sqr();
            Self::new(self.re / n, -self.im / n)
        }
        pub(super) fn norm(self) -> T {
            self.re.hypot(self.im)
        }
        pub(super) fn arg(self) -> T {
            self.im.atan2(self.re)
        }
        pub(super) fn to_polar(self) -> (T, T) {
            (self.norm(), self.arg())
        }
        pub(super) fn from_polar(r: T, theta: T) -> Self {
            Self::new(r * theta.cos(), r * theta.sin())
        }
        pub(super) fn exp(self) -> Self {
            Self::from_polar(self.re.exp(), self.im)
        }
        pub(super) fn ln(self) -> Self {
            let (r, theta) = self.to_polar();
            Self::new(r.ln(), theta)
        }
        pub(super) fn sqrt(self) -> Self {
            if self.im.is_zero() {
                if self.re.is_sign_positive() {
                    Self::new(self.re.sqrt(), self.im)
                } else {
                    let re = T::zero();
                    let im = (-self.re).sqrt();
                    if self.im.is_sign_positive() { Self::new(re, im) } else { Self::new(re, -im) }
                }
            } else {
                let two = T::one() + T::one();
                let (r, theta) = self.to_polar();
                Self::from_polar(r.sqrt(), theta / two)
            }
        }
        pub(super) fn powf(self, exp: T) -> Self {
            if exp.is_zero() {
                return Self::one();
            }
            let (r, theta) = self.to_polar();
            Self::from_polar(r.powf(exp), theta * exp)
        }
        pub(super) fn powc(self, exp: Self) -> Self {
            if exp.is_zero() {
                return Self::one();
            }
            (exp * self.ln()).exp()
        }
        pub(super) fn sin(self) -> Self {
            Self::new(self.re.sin() * self.im.cosh(), self.re.cos() * self.im.sinh())
        }
        pub(super) fn powu(&self, exp: u32) -> Self {
            let mut e = exp;
            if e == 0 {
                return Self::one();
            }
            let mut base = *self;
            while e & 1 == 0 {
                base = base * base;
                e >>= 1;
            }
            if e == 1 {
                return base;
            }
            let mut acc = base;
            while e > 1 {
                e >>= 1;
                base = base * base;
                if e & 1 == 1 {
                    acc = acc * base;
                }
            }
            acc
        }
    }
    impl<T: Float> Zero for Complex<T> {
        fn zero() -> Self {
            Complex { re: T::zero(), im: T::zero() }
        }
        fn is_zero(&self) -> bool {
            self.re.is_zero() && self.im.is_zero()
        }
    }
    impl<T: Float> One for Complex<T> {
        fn one() -> Self {
            Complex { re: T::one(), im: T::zero() }
        }
    }
    #[differentiable]
    impl<T: Float> Add for Complex<T> {
        type Output = Self;
        fn add(self, o: Self) -> Self {
            Self::Output::new(self.re + o.re, self.im + o.im)
        }
    }
    #[differentiable]
    impl<T: Float> Sub for Complex<T> {
        type Output = Self;
        fn sub(self, o: Self) -> Self::Output {
            Self::Output::new(self.re - o.re, self.im - o.im)
        }
    }
    #[differentiable]
    impl<T: Float> Mul for Complex<T> {
        type Output = Self;
        fn mul(self, o: Self) -> Self {
            let re = self.re * o.re - self.im * o.im;
            let im = self.re * o.im + self.im * o.re;
            Self::new(re, im)
        }
    }
    #[differentiable]
    impl<T: Float> Div for Complex<T> {
        type Output = Self;
        fn div(self, o: Self) -> Self {
            let n = o.norm_sqr();
            let re = self.re * o.re + self.im * o.im;
            let im = self.im * o.re - self.re * o.im;
            Self::new(re / n, im / n)
        }
    }
    #[differentiable]
    impl<T: Float> Mul<T> for Complex<T> {
        type Output = Complex<T>;
        fn mul(self, o: T) -> Self {
            Self::new(self.re * o, self.im * o)
        }
    }
    #[differentiable]
    impl<T: Float> Add<T> for Complex<T> {
        type Output = Complex<T>;
        fn add(self, o: T) -> Self {
            Self::new(self.re + o, self.im)
        }
    }
    #[differentiable]
    impl<T: Float> Neg for Complex<T> {
        type Output = Self;
        fn neg(self) -> Self {
            Self::new(-self.re, -self.im)
        }
    }
    #[differentiable]
    impl<T: Float> Neg for &Complex<T> {
        type Output = Complex<T>;
        fn neg(self) -> Complex<T> {
            -*self
        }
    }
    #[differentiable]
    impl<'a, T: Float> Mul<&'a Complex<T>> for Complex<T> {
        type Output = Complex<T>;
        fn mul(self, o: &'a Complex<T>) -> Complex<T> {
            self * *o
        }
    }
    #[differentiable]
    impl<'a, 'b, T: Float> Mul<&'a Complex<T>> for &'b Complex<T> {
        type Output = Complex<T>;
        fn mul(self, o: &Complex<T>) -> Complex<T> {
            self.clone() * o.clone()
        }
    }
    #[differentiable]
    impl<T: Float> AddAssign for Complex<T> {
        fn add_assign(&mut self, o: Self) {
            self.re = self.re + o.re;
            self.im = self.im + o.im;
        }
    }
    #[differentiable]
    impl Mul<Complex<f64>> for f64 {
        type Output = Complex<f64>;
        fn mul(self, o: Complex<f64>) -> Complex<f64> {
            Complex::new(self * o.re, self * o.im)
        }
    }
    #[differentiable]
    impl<T: Float> From<T> for Complex<T> {
        fn from(re: T) -> Self {
            Self { re, im: T::zero() }
        }
    }
    #[differentiable]
    fn f(x: f64, y: f64) -> f64 {
        let z = Complex::new(x, y);
        let w = (z * z + 2.0 * z) / (z.conj() + Complex::i());
        let v = w.exp() * z.ln() + z.sqrt().sin() - w.powf(1.5) + w.powc(z) - z.powu(5);
        let mut s = Complex::zero();
        for k in 0..3 {
            s += v * (k as f64) + z.inv() + 0.5;
        }
        let q = &z * &w;
        let r = Complex::from(x);
        (-&q).norm() + s.arg() + (r * z).norm_sqr()
    }
    #[differentiable]
    fn g<T: Float>(z: Complex<T>, c: Complex<T>, n: usize) -> T {
        let mut z = z;
        for _ in 0..n {
            z = z * z + c;
        }
        z.norm()
    }
    #[test]
    fn derivatives() {
        gradcheck!(f(0.5, 0.8)).unwrap();
        gradcheck!(g(Complex { re: 0.1, im: 0.2 }, Complex { re: 0.3, im: 0.4 }, 3)).unwrap();
    }
}

mod coordinates {
    use super::*;

    use std::fmt::Debug;
    pub(super) trait Coordinate:
        Copy
        + Clone
        + Debug
        + PartialOrd
        + PartialEq
        + Add<Output = Self>
        + Sub<Output = Self>
        + Mul<Output = Self>
        + Div<Output = Self>
        + Neg<Output = Self>
        + num_traits::Zero
        + num_traits::One
        + num_traits::ToPrimitive
        + num_traits::NumCast
        + Default
    {
    }
    impl Coordinate for f64 {}
    impl Coordinate for f32 {}
    pub(super) trait GeoFloat: Coordinate + num_traits::Float {}
    impl GeoFloat for f64 {}
    #[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
    pub(super) struct Coord<T: Coordinate> {
        pub x: T,
        pub y: T,
    }
    #[derive(Clone, Debug, PartialEq, Differentiable)]
    pub(super) struct LineString<T: Coordinate>(pub Vec<Coord<T>>);
    #[derive(Clone, Debug, PartialEq, Differentiable)]
    pub(super) struct Line<T: Coordinate> {
        pub start: Coord<T>,
        pub end: Coord<T>,
    }
    #[differentiable]
    pub(super) trait Point2 {
        type S: Coordinate;
        fn x(&self) -> Self::S;
        fn y(&self) -> Self::S;
    }
    #[differentiable]
    impl<T: Coordinate> Line<T> {
        pub(super) fn dx(&self) -> T {
            self.end.x - self.start.x
        }
        pub(super) fn dy(&self) -> T {
            self.end.y - self.start.y
        }
        pub(super) fn determinant(&self) -> T {
            self.start.x * self.end.y - self.start.y * self.end.x
        }
        pub(super) fn slope(&self) -> T {
            self.dy() / self.dx()
        }
    }
    impl<T: Coordinate> LineString<T> {
        pub(super) fn lines(&self) -> impl Iterator<Item = Line<T>> + '_ {
            self.0.windows(2).map(|w| Line { start: w[0], end: w[1] })
        }
    }
    #[differentiable]
    pub(super) fn get_area<T: Coordinate>(l: &LineString<T>) -> T {
        if l.0.len() < 3 {
            return T::zero();
        }
        let shift = l.0[0];
        let mut tmp = T::zero();
        for w in l.0.windows(2) {
            let a = Coord { x: w[0].x - shift.x, y: w[0].y - shift.y };
            let b = Coord { x: w[1].x - shift.x, y: w[1].y - shift.y };
            tmp = tmp + (a.x * b.y - a.y * b.x);
        }
        tmp / (T::one() + T::one())
    }
    #[differentiable]
    pub(super) trait EuclideanDistance<T, Rhs = Self> {
        fn euclidean_distance(&self, rhs: &Rhs) -> T;
    }
    #[differentiable]
    impl<T: GeoFloat> EuclideanDistance<T> for Coord<T> {
        fn euclidean_distance(&self, rhs: &Coord<T>) -> T {
            (self.x - rhs.x).hypot(self.y - rhs.y)
        }
    }
    #[differentiable]
    impl<T: GeoFloat> EuclideanDistance<T, Line<T>> for Coord<T> {
        fn euclidean_distance(&self, l: &Line<T>) -> T {
            line_segment_distance(*self, l.start, l.end)
        }
    }
    #[differentiable]
    pub(super) fn line_segment_distance<T>(point: Coord<T>, start: Coord<T>, end: Coord<T>) -> T
    where
        T: GeoFloat,
    {
        if start == end {
            return point.euclidean_distance(&start);
        }
        let dx = end.x - start.x;
        let dy = end.y - start.y;
        let d_squared = dx * dx + dy * dy;
        let r = ((point.x - start.x) * dx + (point.y - start.y) * dy) / d_squared;
        if r <= T::zero() {
            return point.euclidean_distance(&start);
        }
        if r >= T::one() {
            return point.euclidean_distance(&end);
        }
        let s = ((start.y - point.y) * dx - (start.x - point.x) * dy) / d_squared;
        s.abs() * dx.hypot(dy)
    }
    #[differentiable]
    fn f(x: f64, y: f64) -> f64 {
        let ls =
            LineString(vec![Coord { x, y }, Coord { x: x * y, y: 1.0 }, Coord { x: 2.0, y: x + y }, Coord { x, y }]);
        let l = Line { start: ls.0[0], end: ls.0[2] };
        get_area(&ls)
            + l.slope()
            + l.determinant()
            + ls.0[1].euclidean_distance(&l)
            + ls.0[0].euclidean_distance(&ls.0[2])
    }
    #[test]
    fn derivatives() {
        gradcheck!(f(0.5, 0.8)).unwrap();
    }
}

mod spaces {
    use super::*;

    #[differentiable]
    pub(super) trait VectorSpace: Copy + Sized {
        type Scalar;
        fn scaled(self, k: f64) -> Self;
        fn plus(self, o: Self) -> Self;
        fn zero() -> Self;
    }
    #[differentiable]
    pub(super) trait InnerSpace: VectorSpace {
        fn dot(self, o: Self) -> f64;
        fn magnitude(self) -> f64 {
            self.dot(self).sqrt()
        }
        fn normalize(self) -> Self {
            self.scaled(1.0 / self.magnitude())
        }
        fn lerp(self, o: Self, t: f64) -> Self {
            self.scaled(1.0 - t).plus(o.scaled(t))
        }
    }
    #[derive(Clone, Copy, Debug, Differentiable)]
    struct V2 {
        x: f64,
        y: f64,
    }
    #[differentiable]
    impl VectorSpace for V2 {
        type Scalar = f64;
        fn scaled(self, k: f64) -> Self {
            V2 { x: self.x * k, y: self.y * k }
        }
        fn plus(self, o: Self) -> Self {
            V2 { x: self.x + o.x, y: self.y + o.y }
        }
        fn zero() -> Self {
            V2 { x: 0.0, y: 0.0 }
        }
    }
    #[differentiable]
    impl InnerSpace for V2 {
        fn dot(self, o: Self) -> f64 {
            self.x * o.x + self.y * o.y
        }
    }
    #[differentiable]
    fn bezier<V: InnerSpace>(p: &[V; 4], t: f64) -> V {
        let a = p[0].lerp(p[1], t);
        let b = p[1].lerp(p[2], t);
        let c = p[2].lerp(p[3], t);
        a.lerp(b, t).lerp(b.lerp(c, t), t)
    }
    #[differentiable]
    fn centroid<V: VectorSpace>(ps: &[V]) -> V {
        let mut s = V::zero();
        for p in ps {
            s = s.plus(*p);
        }
        s.scaled(1.0 / ps.len() as f64)
    }
    #[differentiable]
    fn f(x: f64, y: f64) -> f64 {
        let p = [V2 { x, y }, V2 { x: y, y: x * y }, V2 { x: 1.0, y }, V2 { x, y: 3.0 }];
        let b = bezier(&p, 0.3);
        b.normalize().dot(centroid(&p)) + b.magnitude()
    }
    #[test]
    fn derivatives() {
        gradcheck!(f(0.5, 0.8)).unwrap();
    }
}

mod quaternions {
    use super::*;

    use num_traits::Float;
    #[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
    pub(super) struct Quat<T> {
        pub w: T,
        pub v: [T; 3],
    }
    #[differentiable]
    impl<T> Quat<T>
    where
        T: Float,
    {
        pub(super) fn from_axis_angle(axis: [T; 3], angle: T) -> Self {
            let half = angle / (T::one() + T::one());
            let (s, c) = half.sin_cos();
            Quat { w: c, v: [axis[0] * s, axis[1] * s, axis[2] * s] }
        }
        pub(super) fn conj(self) -> Self {
            Quat { v: [-self.v[0], -self.v[1], -self.v[2]], ..self }
        }
        pub(super) fn norm2(&self) -> T {
            self.w.powi(2) + self.v.iter().fold(T::zero(), |a, &b| a + b * b)
        }
        pub(super) fn normalized(self) -> Self {
            let n = self.norm2().sqrt().recip();
            self * n
        }
        pub(super) fn rotate(&self, p: [T; 3]) -> [T; 3] {
            let q = Quat { w: T::zero(), v: p };
            (*self * q * self.conj()).v
        }
        pub(super) fn slerp(&self, other: &Self, t: T) -> Self {
            let mut dot = self.w * other.w + self.v[0] * other.v[0] + self.v[1] * other.v[1] + self.v[2] * other.v[2];
            let mut o = *other;
            if dot < T::zero() {
                dot = -dot;
                o = o * -T::one();
            }
            if dot > T::from(0.9995).unwrap() {
                return (*self * (T::one() - t) + o * t).normalized();
            }
            let th = dot.acos();
            let a = ((T::one() - t) * th).sin() / th.sin();
            let b = (t * th).sin() / th.sin();
            *self * a + o * b
        }
    }
    #[differentiable]
    impl<T: Float> Mul for Quat<T> {
        type Output = Quat<T>;
        fn mul(self, o: Quat<T>) -> Quat<T> {
            let (a, b) = (&self.v, &o.v);
            Quat {
                w: self.w * o.w - a[0] * b[0] - a[1] * b[1] - a[2] * b[2],
                v: [
                    self.w * b[0] + a[0] * o.w + a[1] * b[2] - a[2] * b[1],
                    self.w * b[1] + a[1] * o.w + a[2] * b[0] - a[0] * b[2],
                    self.w * b[2] + a[2] * o.w + a[0] * b[1] - a[1] * b[0],
                ],
            }
        }
    }
    #[differentiable]
    impl<T: Float> Mul<T> for Quat<T> {
        type Output = Self;
        fn mul(self, k: T) -> Self {
            Quat { w: self.w * k, v: [self.v[0] * k, self.v[1] * k, self.v[2] * k] }
        }
    }
    #[differentiable]
    impl<T: Float> Add for Quat<T> {
        type Output = Self;
        fn add(self, o: Self) -> Self {
            let mut v = self.v;
            for (a, b) in v.iter_mut().zip(&o.v) {
                *a = *a + *b;
            }
            Quat { w: self.w + o.w, v }
        }
    }
    #[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Differentiable)]
    pub(super) struct Dual<T>(T, T);
    #[differentiable]
    impl<T: Float> Dual<T> {
        pub(super) fn new(v: T, d: T) -> Self {
            Dual(v, d)
        }
        pub(super) fn value(&self) -> T {
            self.0
        }
        pub(super) fn deriv(&self) -> T {
            self.1
        }
        pub(super) fn sin(self) -> Self {
            Dual(self.0.sin(), self.1 * self.0.cos())
        }
        pub(super) fn powi(self, n: i32) -> Self {
            let nf = T::from(n).unwrap();
            Dual(self.0.powi(n), nf * self.0.powi(n - 1) * self.1)
        }
    }
    #[differentiable]
    impl<T: Float> Mul for Dual<T> {
        type Output = Self;
        fn mul(self, Dual(b, db): Self) -> Self {
            let Dual(a, da) = self;
            Dual(a * b, a * db + da * b)
        }
    }
    #[differentiable]
    impl<T: Float> Add<T> for Dual<T> {
        type Output = Self;
        fn add(self, b: T) -> Self {
            Dual(self.0 + b, self.1)
        }
    }
    #[differentiable]
    impl<T: Float> Add for Dual<T> {
        type Output = Self;
        fn add(self, b: Self) -> Self {
            Dual(self.0 + b.0, self.1 + b.1)
        }
    }
    #[differentiable]
    fn f(x: f64, y: f64) -> f64 {
        let q = Quat::from_axis_angle([0.0, x, y], x * y).normalized();
        let p = q.rotate([x, 1.0, y]);
        let r = q.slerp(&Quat { w: y, v: [x, 0.1, 0.2] }.normalized(), 0.3);
        let d = Dual::new(x, 1.0);
        let e = (d * d + 2.0).sin() * d.powi(3) + d;
        p[0] * p[1] + r.norm2() + r.v[1] + e.value() * e.deriv()
    }
    #[test]
    fn derivatives() {
        gradcheck!(f(0.5, 0.8)).unwrap();
    }
}

mod associated {
    use super::*;

    #[differentiable]
    trait Distribution {
        type Sample;
        const DIM: usize;
        const NORM: f64;
        fn ln_pdf(&self, x: Self::Sample) -> f64;
        fn scaled(&self, x: Self::Sample) -> f64 {
            Self::NORM * self.ln_pdf(x) + Self::DIM as f64
        }
    }
    #[derive(Clone, Debug, Differentiable)]
    struct Normal {
        mu: f64,
        sigma: f64,
    }
    #[derive(Clone, Debug, Differentiable)]
    struct Mv {
        mu: [f64; 2],
    }
    #[differentiable]
    impl Distribution for Normal {
        type Sample = f64;
        const DIM: usize = 1;
        const NORM: f64 = 2.5;
        fn ln_pdf(&self, x: Self::Sample) -> f64 {
            let z = (x - self.mu) / self.sigma;
            -0.5 * z * z - self.sigma.ln() - Self::NORM
        }
    }
    #[differentiable]
    impl Distribution for Mv {
        type Sample = [f64; 2];
        const DIM: usize = 2;
        const NORM: f64 = 1.5;
        fn ln_pdf(&self, x: [f64; 2]) -> f64 {
            -0.5 * x.iter().zip(&self.mu).map(|(a, b)| (a - b).powi(2)).sum::<f64>()
        }
    }
    #[differentiable]
    fn total<D: Distribution>(d: &D, x: D::Sample) -> f64 {
        d.scaled(x) * D::NORM
    }
    #[differentiable]
    fn total2<D>(d: &D, x: <D as Distribution>::Sample) -> f64
    where
        D: Distribution,
    {
        <D as Distribution>::scaled(d, x) * <D as Distribution>::NORM
    }
    #[differentiable]
    fn use_it(n: &Normal, m: &Mv, x: f64) -> f64 {
        total(n, x) * total(m, [x, 2.0 * x]) + n.ln_pdf(x) + total2(n, x) * <Normal as Distribution>::NORM
    }
    #[test]
    fn derivatives() {
        gradcheck!(use_it(&Normal { mu: 0.3, sigma: 1.4 }, &Mv { mu: [0.1, 0.7] }, 0.9)).unwrap();
    }
}

mod curves {
    use super::*;

    // <Self as Tr>::Assoc
    #[differentiable]
    trait Curve {
        type Point;
        type Param;
        fn at(&self, t: <Self as Curve>::Param) -> <Self as Curve>::Point;
        fn speed(&self, t: <Self as Curve>::Param) -> f64;
    }
    #[derive(Clone, Debug, Differentiable)]
    struct Line {
        a: [f64; 2],
        b: [f64; 2],
    }
    #[differentiable]
    impl Curve for Line {
        type Point = [f64; 2];
        type Param = f64;
        fn at(&self, t: <Self as Curve>::Param) -> <Self as Curve>::Point {
            [self.a[0] + t * self.b[0], self.a[1] + t * self.b[1] * t]
        }
        fn speed(&self, t: f64) -> f64 {
            (self.b[0].powi(2) + (2.0 * t * self.b[1]).powi(2)).sqrt()
        }
    }
    #[differentiable]
    fn f(l: &Line, t: f64) -> f64 {
        let p = l.at(t);
        p[0] * p[1] + l.speed(t) + <Line as Curve>::at(l, t)[0]
    }
    #[test]
    fn derivatives() {
        gradcheck!(f(&Line { a: [0.1, 0.2], b: [0.7, 1.3] }, 0.8)).unwrap();
    }
}
