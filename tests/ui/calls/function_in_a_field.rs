use differentiable::{Differentiable, differentiable};

#[derive(Differentiable)]
struct Solver<F: Fn(f64) -> f64> {
    #[nograd]
    f: F,
    tolerance: f64,
}

impl<F: Fn(f64) -> f64> Solver<F> {
    #[differentiable]
    fn eval(&self, x: f64) -> f64 {
        (self.f)(x) * self.tolerance
    }
}

fn main() {}
