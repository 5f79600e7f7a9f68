use differentiable::differentiable;

struct Physics;

impl Physics {
    fn energy(x: f64) -> f64 {
        0.5 * x * x
    }
}

#[differentiable]
fn f(x: f64) -> f64 {
    Physics::energy(x)
}

fn main() {}
