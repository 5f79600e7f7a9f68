use differentiable::differentiable;

#[differentiable]
fn f(x: f64) -> f64 {
    sigmoid(x) * x
}

fn main() {}
