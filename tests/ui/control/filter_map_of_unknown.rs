use differentiable::differentiable;

fn positive(x: f64) -> Option<f64> {
    (x > 0.0).then_some(x)
}

#[differentiable]
fn f(v: &[f64]) -> f64 {
    v.iter().copied().filter_map(positive).sum()
}

fn main() {}
