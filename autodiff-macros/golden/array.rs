#[differentiable]
fn smooth(mut a: [f64; 8], x: f64) -> f64 {
    for i in 1..8 {
        a[i] = a[i] + a[i - 1] * x;
    }
    a[7] * a[3]
}
