use differentiable::differentiable;

mod layer {}

#[differentiable(companion = f64)]
fn layer(x: f32) -> f32 {
    x * x
}

fn main() {}
