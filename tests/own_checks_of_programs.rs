//! Functions that come with a test: methods, structs, generic functions, functions that change what they are given.
#![allow(dead_code, clippy::all)]

use differentiable::ndarray::{Array1, Array2, Axis};
use differentiable::{Differentiable, differentiable};
use num_traits::Float;

#[derive(Differentiable, Clone, Debug)]
struct Model {
    scale: f64,
    weights: Vec<f64>,
    corners: [f64; 2],
    count: usize,
    name: String,
}

#[derive(Differentiable, Clone, Debug)]
enum Shape {
    Circle(f64),
    Rect { width: f64, height: f64 },
    Nothing,
}

#[derive(Differentiable, Clone, Debug)]
struct Pair<T>(T, T);

#[differentiable]
impl Model {
    #[differentiable(gradcheck)]
    fn area(&self, x: f64) -> f64 {
        self.scale * x + self.weights.iter().sum::<f64>() * self.corners[1] * self.count as f64
    }

    #[differentiable(gradcheck(k = 1.0..2.0))]
    fn grow(&mut self, k: f64) {
        assert!(k >= 1.0);
        self.scale *= k;
        for w in &mut self.weights {
            *w = w.sin() * self.scale;
        }
    }

    #[differentiable(gradcheck)]
    fn norm(x: &[f64]) -> f64 {
        x.iter().map(|x| x * x).sum::<f64>().sqrt()
    }

    #[differentiable(gradcheck, wrt(x))]
    fn frozen(self, x: f64) -> f64 {
        self.scale * x * x
    }
}

#[differentiable]
impl<T: Float> Pair<T> {
    #[differentiable(gradcheck)]
    fn product(&self, k: T) -> T {
        self.0 * self.1 * k.exp()
    }
}

#[differentiable]
trait Area {
    fn measure(&self, k: f64) -> f64;
}

#[differentiable]
impl Area for Shape {
    #[differentiable(gradcheck)]
    fn measure(&self, k: f64) -> f64 {
        match self {
            Shape::Circle(r) => k * r * r,
            Shape::Rect { width, height } => width * height,
            Shape::Nothing => k,
        }
    }
}

#[differentiable(gradcheck)]
fn of_struct(model: &Model, x: f64) -> f64 {
    model.scale * x * model.corners[0]
}

#[differentiable(gradcheck)]
fn of_arrays(p: [f64; 3], q: &[[f64; 2]; 2]) -> f64 {
    p[0] * q[1][0] + p[2].sin() * q[0][1]
}

#[differentiable(gradcheck)]
fn of_numbers<T: Float>(p: T, q: &[T]) -> T {
    q.iter().fold(p, |sum, q| sum + *q * q.sin())
}

#[differentiable(gradcheck(T = f32))]
fn of_small_numbers<T: Float>(p: T, q: T) -> T {
    p * q.sin()
}

#[differentiable(gradcheck)]
fn of_lengths<const N: usize>(p: [f64; N]) -> f64 {
    p.iter().product()
}

#[differentiable(gradcheck)]
fn of_tuples((a, b): (f64, f64), v: Vec<f64>, flag: bool, n: u8) -> f64 {
    if flag { a * b } else { v.iter().sum::<f64>() * f64::from(n) }
}

#[differentiable(gradcheck)]
fn of_options(a: Option<f64>, x: f64) -> f64 {
    a.unwrap_or(x) * x
}

#[differentiable(gradcheck)]
fn in_place(x: &mut [f64], k: f64) {
    for v in x.iter_mut() {
        *v = v.sin() * k;
    }
}

#[differentiable(gradcheck)]
fn in_place_of_two(x: &mut [f64; 2], y: &mut f64, k: f64) -> f64 {
    *y += x[0] * k;
    x[1] *= *y;
    x[1] + *y
}

#[differentiable(gradcheck(x = 1.0..2.0))]
fn of_results(x: f64) -> Result<f64, String> {
    Ok(x.ln())
}

#[differentiable(gradcheck, wrt(x))]
fn of_names<'a>(x: f64, name: &'a str, label: String) -> f64 {
    x * x * (name.len() + label.len()) as f64
}

#[differentiable(gradcheck)]
fn of_matrices(x: &Array2<f64>, v: Array1<f64>) -> Array1<f64> {
    x.dot(&x.sum_axis(Axis(1)).mapv(|v| v * 0.5)) * v
}

#[differentiable(gradcheck)]
fn of_generic_structs<T: Float>(pair: &Pair<T>, x: T) -> T {
    pair.0 * x - pair.1
}
