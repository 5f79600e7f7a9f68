#[differentiable]
fn twice<F: Fn(f64) -> f64>(f: F, x: f64) -> f64 {
    f(f(x))
}

#[differentiable]
fn scaled(x: f64, k: f64) -> f64 {
    twice(|t| k * t.sin(), x)
}
