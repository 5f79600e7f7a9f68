use differentiable::differentiable;

#[differentiable]
fn square(x: impl Into<f64>) -> f64 {
    let y: f64 = x.into();
    y * y
}

fn main() {}
