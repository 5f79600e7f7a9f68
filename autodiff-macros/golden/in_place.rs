#[differentiable]
fn scale(x: &mut [f64], factor: f64) {
    for i in 0..x.len() {
        x[i] = x[i] * factor;
    }
}
