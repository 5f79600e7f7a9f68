#[differentiable]
fn weighted(x: &[f64], w: &[f64], floor: f64) -> f64 {
    x.iter().zip(w).skip(1).filter(|(x, _)| **x > floor).map(|(x, w)| w * x.ln()).sum()
}
