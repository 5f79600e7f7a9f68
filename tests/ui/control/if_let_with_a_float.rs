use differentiable::differentiable;

#[differentiable]
fn f(v: &[f64]) -> f64 {
    if let Some(last) = v.last() { last * last } else { 0.0 }
}

fn main() {}
