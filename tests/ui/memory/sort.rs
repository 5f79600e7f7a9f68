use differentiable::differentiable;

#[differentiable]
fn f(v: &[f64]) -> f64 {
    let mut v = v.to_vec();
    v.sort_by(|a, b| a.total_cmp(b));
    v[0] * 2.0
}

fn main() {}
