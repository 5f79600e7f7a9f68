use differentiable::differentiable;

#[differentiable]
fn f(v: &[Option<f64>]) -> f64 {
    match v {
        [Some(first), .., Some(last)] => first * last,
        _ => 0.0,
    }
}

fn main() {}
