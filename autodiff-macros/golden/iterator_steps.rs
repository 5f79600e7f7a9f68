#[differentiable]
fn roughness(mut items: impl Iterator<Item = f64>) -> f64 {
    let Some(mut previous) = items.next() else {
        return 0.0;
    };
    let mut total = 0.0;
    while let Some(x) = items.next() {
        total += (x - previous).powi(2);
        previous = x;
    }
    total
}
