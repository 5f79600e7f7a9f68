use differentiable::differentiable;

#[differentiable]
fn f(v: &[f64]) -> f64 {
    let mut kept = v.to_vec();
    kept.dedup();
    kept[0]
}

fn main() {}
