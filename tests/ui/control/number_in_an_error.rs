use differentiable::differentiable;

#[differentiable]
fn half(x: f64) -> Result<f64, f64> {
    if x > 0.0 { Ok(x / 2.0) } else { Err(x) }
}

#[differentiable]
fn f(x: f64) -> f64 {
    match half(x) {
        Ok(v) => v,
        Err(e) => e * 2.0,
    }
}

fn main() {}
