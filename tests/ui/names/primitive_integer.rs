use differentiable::differentiable;

#[differentiable]
fn u8(x: f64) -> f64 {
    x * x
}

fn main() {}
