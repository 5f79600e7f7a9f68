/// Nothing is left of the derivatives of `body`.
#[differentiable(wrt(model.head))]
fn loss(model: &Model, x: &[f64]) -> f64 {
    let mut features = 0.0;
    for i in 0..x.len() {
        let w: f64 = model.body[i];
        features += w * x[i] * x[i];
    }
    let y: f64 = model.head.scale * features.sin() + model.head.shift;
    y * y
}
