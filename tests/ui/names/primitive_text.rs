use differentiable::differentiable;

#[differentiable]
fn str(x: f64) -> f64 {
    x * x
}

fn main() {}
