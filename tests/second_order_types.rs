//! Second derivatives through values whose types only the compiler knows: fields, results of methods, operators of one's
//! own, against differences of the gradient.
#![allow(clippy::all, clippy::pedantic)]

#[macro_use]
mod common;

use std::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Sub};

use differentiable::ndarray::{Array1, Array2};
use differentiable::{Differentiable, differentiable};

#[derive(Clone, Copy, Debug, Differentiable)]
struct Point {
    x: f64,
    y: f64,
}

#[differentiable(order = 2)]
impl Add for Point {
    type Output = Point;
    fn add(self, other: Point) -> Point {
        Point { x: self.x + other.x, y: self.y + other.y }
    }
}

#[differentiable(order = 2)]
impl Sub for Point {
    type Output = Point;
    fn sub(self, other: Point) -> Point {
        Point { x: self.x - other.x, y: self.y - other.y }
    }
}

/// The product of complex numbers.
#[differentiable(order = 2)]
impl Mul for Point {
    type Output = Point;
    fn mul(self, other: Point) -> Point {
        Point { x: self.x * other.x - self.y * other.y, y: self.x * other.y + self.y * other.x }
    }
}

#[differentiable(order = 2)]
impl Mul<f64> for &Point {
    type Output = Point;
    fn mul(self, factor: f64) -> Point {
        Point { x: self.x * factor, y: self.y * factor }
    }
}

#[differentiable(order = 2)]
impl Div<f64> for Point {
    type Output = Point;
    fn div(self, by: f64) -> Point {
        Point { x: self.x / by, y: self.y / by }
    }
}

#[differentiable(order = 2)]
impl Neg for Point {
    type Output = Point;
    fn neg(self) -> Point {
        Point { x: -self.x, y: -(self.y * self.y * self.x) }
    }
}

#[differentiable(order = 2)]
impl AddAssign for Point {
    fn add_assign(&mut self, other: Point) {
        self.x += other.x;
        self.y += other.y;
    }
}

#[differentiable(order = 2)]
impl MulAssign<f64> for Point {
    fn mul_assign(&mut self, factor: f64) {
        self.x *= factor;
        self.y *= factor * self.x;
    }
}

impl Point {
    #[differentiable(order = 2)]
    fn new(x: f64, y: f64) -> Point {
        Point { x, y }
    }

    #[differentiable(order = 2)]
    fn norm(&self) -> f64 {
        (self.x * self.x + self.y * self.y).sqrt()
    }

    #[differentiable(order = 2)]
    fn shear(&mut self, by: f64) {
        self.x += by * self.y;
        self.y *= by;
        self.x /= by + 2.0;
    }
}

#[differentiable(hvp)]
fn operators(x: &[f64]) -> f64 {
    let p = Point { x: x[0], y: x[1] } - Point { x: x[1], y: 1.0 };
    let mut q = &p * x[0] + Point { x: x[2], y: x[0] };
    q += p * q;
    q *= x[2];
    let r = -(q * p) / x[1];
    r.x * r.y + q.x
}

#[differentiable(hvp)]
fn operators_in_loops(x: &[f64]) -> f64 {
    let mut z = Point { x: x[0], y: x[1] };
    let c = Point { x: x[2], y: 0.3 };
    let mut count = 0;
    while z.norm() < 2.0 && count < 3 {
        z = z * z + c;
        count += 1;
    }
    z.x * z.y
}

#[differentiable(hvp)]
fn methods(x: &[f64]) -> f64 {
    let mut p = Point::new(x[0], x[1] * x[0]);
    p.shear(x[2].sin());
    for k in 0..2 {
        p.shear(x[k] + 1.5);
    }
    p.norm().sqrt() + p.norm().powi(3) * p.x.max(p.y).exp() + p.y.powf(x[2]).atan2(p.norm())
}

#[derive(Clone, Debug, Differentiable)]
struct Layer {
    weights: Array2<f64>,
    bias: Array1<f64>,
    scale: f64,
}

impl Layer {
    #[differentiable(order = 2)]
    fn forward(&self, x: &Array1<f64>) -> Array1<f64> {
        (self.weights.dot(x) + &self.bias).mapv(f64::tanh) * self.scale
    }
}

#[differentiable(order = 2)]
fn layer_of(x: &[f64]) -> Layer {
    let mut weights = Array2::zeros((2, 2));
    weights[[0, 0]] = x[0];
    weights[[0, 1]] = x[1] * x[0];
    weights[[1, 0]] = x[2];
    weights[[1, 1]] = 0.5;
    let mut bias = Array1::zeros(2);
    bias[1] = x[1];
    Layer { weights, bias, scale: x[2] }
}

#[differentiable(hvp)]
fn layers(x: &[f64]) -> f64 {
    let mut layer = layer_of(x);
    let mut input = Array1::zeros(2);
    input[0] = x[0];
    input[1] = 0.7;
    layer.weights *= x[1];
    layer.bias += &layer.weights.dot(&input);
    layer.bias -= 0.2;
    let first = layer.forward(&input);
    let second = layer.forward(&first);
    let product = &second * &first - &layer.bias / (x[0] + 2.0);
    second.dot(&first) + (&product * &product).mean().unwrap() + product.exp().sum() / layer.weights.dot(&first).sum()
}

#[derive(Clone, Debug, Differentiable)]
struct Particle {
    position: [f64; 2],
    velocity: [f64; 2],
    mass: f64,
    id: usize,
}

#[differentiable(hvp)]
fn particles(x: &[f64]) -> f64 {
    let mut all: Vec<Particle> = Vec::new();
    for i in 0..2 {
        all.push(Particle { position: [x[i], x[i + 1]], velocity: [0.1, x[2]], mass: 1.0 + x[i] * x[i], id: i * 2 });
    }
    for _ in 0..3 {
        let d = all[0].position[0] - all[1].position[0];
        for p in all.iter_mut() {
            let force = -d / p.mass + (p.id * 3) as f64 * p.velocity[0];
            p.velocity[0] += 0.1 * force;
            p.velocity[1] *= 0.9 + 0.1 * p.position[1];
            for k in 0..2 {
                p.position[k] += 0.1 * p.velocity[k];
            }
        }
    }
    all.iter().map(|p| p.mass * p.velocity[0].powi(2) + p.position[1].sin() * p.velocity[1]).sum()
}

#[differentiable(hvp)]
fn of_struct(p: &Particle, k: f64) -> f64 {
    p.mass * (p.velocity[0] * p.velocity[0] + p.velocity[1]) * k + p.position[0].exp() * k * k
}

#[test]
fn against_differences_of_the_gradient() {
    check_slice! {
        operators at [0.4, 0.6, -0.3];
        operators_in_loops at [0.4, 0.6, -0.3];
        methods at [0.4, 0.6, 0.9];
        layers at [0.4, 0.6, 0.9];
        particles at [0.4, 0.6, -0.3];
    }
}

#[test]
fn products_for_structs() {
    let p = Particle { position: [0.3, 0.1], velocity: [0.5, -0.2], mass: 2.0, id: 1 };
    let mut direction = p.zero_tangent();
    direction.velocity[0] = 1.0;
    let (product, of_k) = of_struct::hvp(&p, 1.5, &direction, 0.0);
    assert_eq!((product.mass, product.velocity, product.position), (1.5, [6.0, 0.0], [0.0, 0.0]));
    assert_eq!(of_k, 2.0);
}

#[differentiable(hessian)]
fn of_any_numbers<T: num_traits::Float>(x: &[T]) -> T {
    x[0] * x[0] * x[1] + x[1].sin()
}

#[differentiable(jacobian)]
fn rows_of_any_numbers<T: num_traits::Float>(x: &[T]) -> Vec<T> {
    x.iter().map(|x| *x * *x).collect()
}

#[differentiable(jacobian)]
fn any_number<T: num_traits::Float>(x: &[T]) -> T {
    x[0] * x[1]
}

#[test]
fn matrices_of_any_numbers() {
    let hessian = of_any_numbers::hessian(&[2.0, 0.0]);
    assert_eq!(hessian, differentiable::ndarray::array![[0.0, 4.0], [4.0, 0.0]]);
    let jacobian = rows_of_any_numbers::jacobian(&[2.0_f32, 3.0]);
    assert_eq!(jacobian, differentiable::ndarray::array![[4.0, 0.0], [0.0, 6.0]]);
    assert_eq!(any_number::jacobian(&[2.0, 3.0]), differentiable::ndarray::array![[3.0, 2.0]]);
}
