#[differentiable]
fn loss(a: &Array1<f64>, b: &Array1<f64>) -> f64 {
    (3.0 * a * a * a - b * b).sum()
}
