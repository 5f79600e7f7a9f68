use differentiable::differentiable;

mod physics {
    pub fn energy(x: f64) -> f64 {
        0.5 * x * x
    }
}

#[differentiable]
fn f(x: f64) -> f64 {
    physics::energy(x) + x
}

fn main() {}
