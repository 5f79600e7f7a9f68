use differentiable::{Differentiable, differentiable};

fn g(x: f64) -> f64 {
    x * x
}

#[derive(Clone, Differentiable)]
struct Spring {
    k: f64,
}

impl Spring {
    fn force(&self, x: f64) -> f64 {
        self.k * x
    }
}

#[differentiable]
fn f(spring: &Spring, x: f64) -> f64 {
    g(x) + spring.force(x)
}

fn main() {
    f::grad(&Spring { k: 1.0 }, 2.0);
}
