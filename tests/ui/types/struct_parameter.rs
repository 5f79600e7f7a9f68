use differentiable::differentiable;

struct Spring {
    k: f64,
    x0: f64,
}

#[differentiable]
fn energy(spring: &Spring, x: f64) -> f64 {
    0.5 * spring.k * (x - spring.x0) * (x - spring.x0)
}

fn main() {}
