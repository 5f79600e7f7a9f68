/// Every value and every contribution is checked.
#[differentiable(anomaly)]
fn root(x: f64, k: f64) -> f64 {
    let y = x.sqrt();
    y * k
}
