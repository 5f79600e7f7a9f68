use differentiable::{Differentiable, differentiable};

#[derive(Differentiable)]
struct Spring {
    k: f64,
}

impl Spring {
    fn energy(&self, x: f64) -> f64 {
        self.k * x * x
    }

    #[differentiable]
    fn force(&self, x: f64) -> f64 {
        self.energy(x) / x
    }
}

#[differentiable]
fn f(spring: &Spring, x: f64) -> f64 {
    spring.energy(x)
}

fn main() {}
