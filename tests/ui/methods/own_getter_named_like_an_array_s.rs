//! A type's own method may have the name of a property of arrays: its derivative is not lost silently.

use differentiable::{Differentiable, differentiable};

#[derive(Clone, Differentiable)]
struct Weibull {
    shape: f64,
}

#[differentiable]
impl Weibull {
    fn new(shape: f64) -> Weibull {
        Weibull { shape }
    }

    fn shape(&self) -> f64 {
        self.shape
    }

    fn floor(&self) -> f64 {
        self.shape
    }
}

#[differentiable]
fn property(x: f64) -> f64 {
    let weibull = Weibull::new(x);
    let shape = weibull.shape();
    shape * x
}

#[differentiable]
fn step(x: f64) -> f64 {
    let weibull = Weibull::new(x);
    weibull.floor() * x
}

fn main() {}
