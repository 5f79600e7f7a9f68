use differentiable::{Differentiable, differentiable};
use std::ops::Mul;

#[derive(Differentiable, Clone, Copy)]
struct Complex(f64, f64);

impl Mul for Complex {
    type Output = Complex;
    fn mul(self, other: Complex) -> Complex {
        Complex(self.0 * other.0 - self.1 * other.1, self.0 * other.1 + self.1 * other.0)
    }
}

#[differentiable]
fn f(z: Complex, x: f64) -> f64 {
    let w = z * z;
    w.0 * x
}

fn main() {}
