use differentiable::differentiable;

#[differentiable]
fn bool(x: f64) -> f64 {
    x * x
}

fn main() {}
