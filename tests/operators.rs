//! Operators of user types.

#![allow(clippy::all, dead_code)]

mod common;
use differentiable::{Differentiable, differentiable};
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
