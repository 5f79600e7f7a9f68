use differentiable::differentiable;

#[differentiable]
fn f(weights: &std::collections::HashMap<String, f64>, x: f64) -> f64 {
    weights["bias"] * x
}

fn main() {}
