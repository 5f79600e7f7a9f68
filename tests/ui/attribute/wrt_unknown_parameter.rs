use differentiable::differentiable;

#[differentiable(wrt(weights))]
fn f(weight: f64, x: f64) -> f64 {
    weight * x
}

fn main() {}
