use differentiable::differentiable;

#[differentiable]
fn f(v: &[f64]) -> usize {
    v.len()
}

fn main() {}
