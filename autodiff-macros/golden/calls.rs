#[differentiable]
fn energy(x: &[f64], k: f64) -> f64 {
    let mut total = 0.0;
    for i in 1..x.len() {
        total += spring(x[i] - x[i - 1], k);
    }
    total
}
