use differentiable::differentiable;

#[differentiable]
fn f(v: &[f64]) -> f64 {
    match v {
        [first, .., last] => first * last,
        [only] => *only,
        [] => 0.0,
    }
}

fn main() {}
