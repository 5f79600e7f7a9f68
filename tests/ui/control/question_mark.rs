use differentiable::differentiable;

#[differentiable]
fn f(x: f64, factor: Result<usize, String>) -> Result<f64, String> {
    let k = factor?;
    Ok(x * k as f64)
}

fn main() {}
