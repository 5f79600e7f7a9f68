use differentiable::differentiable;

#[differentiable]
fn f(x: f64) -> f64 {
    let bytes = x.to_le_bytes();
    f64::from_le_bytes(bytes) * x
}

fn main() {}
