use differentiable::{Differentiable, differentiable};

#[derive(Differentiable, Clone)]
struct Spring {
    k: f64,
}

#[differentiable(order = 3)]
impl Spring {
    fn energy(&self, x: f64) -> f64 {
        self.k * x * x * x
    }
}

#[differentiable(order = 3)]
fn of_method(x: f64) -> f64 {
    Spring { k: x }.energy(x)
}

#[differentiable(order = 3)]
fn energy(x: f64) -> f64 {
    of_method(x) * x
}

#[differentiable(hvp)]
fn penalty(x: f64) -> f64 {
    energy::grad(x).powi(2)
}

fn main() {}
