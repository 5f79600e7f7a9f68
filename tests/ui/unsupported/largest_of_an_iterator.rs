use differentiable::differentiable;

#[differentiable]
fn f(v: &[f64]) -> f64 {
    let m = v.iter().max_by(|a, b| a.total_cmp(b)).unwrap();
    m * m
}

fn main() {}
