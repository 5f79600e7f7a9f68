use differentiable::differentiable;

mod layer {
    pub const FACTOR: f64 = 2.0;
}

#[differentiable]
fn layer(x: f64) -> f64 {
    layer::FACTOR * x
}

fn main() {}
