use differentiable::differentiable;

#[differentiable]
fn f64(x: f32) -> f32 {
    x * x
}

fn main() {}
