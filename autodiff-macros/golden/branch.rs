#[differentiable]
fn leaky(x: f64, slope: f64) -> f64 {
    if x > 0.0 { x.sqrt() } else { slope * x }
}
