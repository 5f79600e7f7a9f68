use differentiable::differentiable;

#[differentiable]
fn f(v: &[f64]) -> f64 {
    match v {
        [first, .., last] if first < last => first * last,
        _ => 0.0,
    }
}

fn main() {}
