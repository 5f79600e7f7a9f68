use differentiable::differentiable;

#[differentiable]
fn f(x: f64) -> f64 {
    let y = x * z;
    y + 1.0
}

fn main() {}
