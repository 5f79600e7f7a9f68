//! Operators of user types.

#![allow(clippy::all, dead_code)]

use differentiable::{Differentiable, differentiable, gradcheck};
use std::ops::{Add, AddAssign, Mul, MulAssign, Neg, Sub};

#[derive(Differentiable, Clone, Copy, Debug, PartialEq)]
struct Vec3 {
    x: f64,
    y: f64,
    z: f64,
}

#[differentiable]
impl Add for Vec3 {
    type Output = Vec3;
    fn add(self, rhs: Vec3) -> Vec3 {
        Vec3 { x: self.x + rhs.x, y: self.y + rhs.y, z: self.z + rhs.z }
    }
}

#[differentiable]
impl Sub for Vec3 {
    type Output = Self;
    fn sub(self, rhs: Self) -> Self {
        Self { x: self.x - rhs.x, y: self.y - rhs.y, z: self.z - rhs.z }
    }
}

#[differentiable]
impl Mul<f64> for Vec3 {
    type Output = Vec3;
    fn mul(self, s: f64) -> Self::Output {
        Vec3 { x: self.x * s, y: self.y * s, z: self.z * s }
    }
}

#[differentiable]
impl Mul<Vec3> for f64 {
    type Output = Vec3;
    fn mul(self, v: Vec3) -> Vec3 {
        v * self
    }
}

#[differentiable]
impl Neg for Vec3 {
    type Output = Vec3;
    fn neg(self) -> Vec3 {
        Vec3 { x: -self.x, y: -self.y, z: -self.z }
    }
}

#[differentiable]
impl<'a> Sub<&'a Vec3> for &'a Vec3 {
    type Output = Vec3;
    fn sub(self, rhs: &'a Vec3) -> Vec3 {
        *self - *rhs
    }
}

#[differentiable]
impl AddAssign for Vec3 {
    fn add_assign(&mut self, rhs: Vec3) {
        self.x += rhs.x;
        self.y += rhs.y;
        self.z += rhs.z;
    }
}

#[differentiable]
impl MulAssign<f64> for Vec3 {
    fn mul_assign(&mut self, s: f64) {
        self.x *= s;
        self.y *= s;
        self.z *= s;
    }
}

#[differentiable]
fn dot(a: &Vec3, b: &Vec3) -> f64 {
    a.x * b.x + a.y * b.y + a.z * b.z
}

#[differentiable]
fn length_of_sum(a: Vec3, b: Vec3, s: f64) -> f64 {
    let c = a + b * s - -a;
    dot(&c, &c).sqrt()
}

#[derive(Differentiable, Clone, Debug)]
struct Body {
    pos: Vec3,
    vel: Vec3,
    mass: f64,
}

#[differentiable]
fn step(body: &mut Body, acc: Vec3, dt: f64) {
    body.vel += acc * dt;
    body.pos += dt * body.vel;
    body.vel *= 0.5;
}

#[differentiable]
fn stepped(body: Body, acc: Vec3, dt: f64) -> Body {
    let mut body = body;
    step(&mut body, acc, dt);
    step(&mut body, acc, dt);
    body
}

#[differentiable]
fn stepped_inline(mut body: Body, acc: Vec3, dt: f64) -> f64 {
    for _ in 0..3 {
        body.vel += acc * dt;
        body.pos += dt * body.vel;
        body.vel *= 0.5 * body.mass;
    }
    let d = body.pos - acc;
    d.x * d.y + body.vel.z
}

#[differentiable]
fn distance2(a: &Body, b: &Body) -> f64 {
    let d = &a.pos - &b.pos;
    d.x * d.x + d.y * d.y + d.z * d.z
}

#[test]
fn vectors() {
    let a = Vec3 { x: 1.0, y: 2.0, z: -0.5 };
    let b = Vec3 { x: 0.3, y: -0.7, z: 1.5 };
    differentiable::gradcheck!(length_of_sum(a, b, 1.7)).unwrap();
    let body = Body { pos: a, vel: b, mass: 1.0 };
    differentiable::gradcheck!(distance2(&body, &body)).unwrap();
    differentiable::gradcheck!(stepped(body.clone(), b, 0.1)).unwrap();
    differentiable::gradcheck!(stepped_inline(body.clone(), b, 0.1)).unwrap();
}

#[derive(Differentiable, Clone, Copy, Debug)]
struct Quat {
    w: f64,
    v: Vec3,
}

#[differentiable]
fn cross(a: Vec3, b: Vec3) -> Vec3 {
    Vec3 { x: a.y * b.z - a.z * b.y, y: a.z * b.x - a.x * b.z, z: a.x * b.y - a.y * b.x }
}

#[differentiable]
impl Mul<Quat> for Quat {
    type Output = Quat;
    fn mul(self, rhs: Quat) -> Quat {
        let w = self.w * rhs.w - dot(&self.v, &rhs.v);
        Quat { w, v: self.w * rhs.v + rhs.w * self.v + cross(self.v, rhs.v) }
    }
}

#[differentiable]
fn conjugate(q: Quat) -> Quat {
    Quat { w: q.w, v: -q.v }
}

#[differentiable]
fn rotated(q: Quat, p: Vec3) -> Vec3 {
    let r = q * Quat { w: 0.0, v: p } * conjugate(q);
    r.v
}

#[differentiable(analyses = off)]
fn rotated_without_analyses(q: Quat, p: Vec3) -> Vec3 {
    let r = q * Quat { w: 0.0, v: p } * conjugate(q);
    r.v
}

#[derive(Differentiable, Clone, Copy, Debug, PartialEq)]
struct Complex(f64, f64);

#[differentiable]
impl Mul for Complex {
    type Output = Complex;
    fn mul(self, Complex(c, d): Complex) -> Complex {
        let Complex(a, b) = self;
        Complex(a * c - b * d, a * d + b * c)
    }
}

#[differentiable]
impl Add for Complex {
    type Output = Complex;
    fn add(self, other: Complex) -> Complex {
        Complex(self.0 + other.0, self.1 + other.1)
    }
}

#[differentiable]
impl std::ops::Div for Complex {
    type Output = Complex;
    fn div(self, other: Complex) -> Complex {
        let n: f64 = other.0 * other.0 + other.1 * other.1;
        Complex((self.0 * other.0 + self.1 * other.1) / n, (self.1 * other.0 - self.0 * other.1) / n)
    }
}

#[differentiable]
fn mandelbrot(c: Complex, n: usize) -> Complex {
    let mut z = Complex(0.0, 0.0);
    for _ in 0..n {
        z = z * z + c;
    }
    z / c
}

#[test]
fn products_of_structs() {
    let q = Quat { w: 0.8, v: Vec3 { x: 0.1, y: -0.4, z: 0.3 } };
    let p = Vec3 { x: 1.0, y: 2.0, z: -0.5 };
    gradcheck!(rotated(q, p)).unwrap();
    gradcheck!(mandelbrot(Complex(0.3, -0.2), 6)).unwrap();
    let (_, pullback) = rotated::vjp(q, p);
    let (_, without) = rotated_without_analyses::vjp(q, p);
    let seed = Vec3Tangent { x: 1.0, y: -2.0, z: 0.5 };
    let (q_bar, p_bar) = pullback(seed.clone());
    assert_eq!(pullback(seed.clone()).1, p_bar);
    assert_eq!(without(seed), (q_bar, p_bar));
}

mod as_methods {
    use differentiable::{differentiable, gradcheck};
    use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Rem, Sub, SubAssign};

    #[differentiable]
    fn chained(x: f64, y: f64) -> f64 {
        let s = x.add(y).mul(x).sub(y.div(x + 1.0));
        s.neg().mul(&y) + x.rem(0.4)
    }

    #[differentiable]
    fn assigning(x: f64, a: f64) -> f64 {
        let mut v = [a, a * x];
        let mut s = x;
        s.mul_assign(x);
        s.add_assign(v[0]);
        v[0].div_assign(x);
        v[1].sub_assign(s);
        s * v[0] * v[1]
    }

    #[test]
    fn operators_written_as_methods() {
        let (x, y) = (0.7f64, 1.3f64);
        let s = (x + y) * x - y / (x + 1.0);
        let by_x = 2.0 * x + y + y / (x + 1.0).powi(2);
        let (by_x, by_y) = (1.0 - y * by_x, -s - y * (x - 1.0 / (x + 1.0)));
        let gradient = chained::grad(x, y);
        assert!((gradient.0 - by_x).abs() < 1e-12 && (gradient.1 - by_y).abs() < 1e-12);
        gradcheck!(chained(x, y)).unwrap();
        gradcheck!(assigning(x, 0.4)).unwrap();
    }
}
