#[differentiable]
fn area(shape: &Shape) -> f64 {
    match shape {
        Shape::Circle(r) => 3.0 * r * r,
        Shape::Rect { w, h } => w * h,
        Shape::Empty => 0.0,
    }
}

#[differentiable]
fn square_of_root(x: f64) -> Result<f64, Failure> {
    let y = root(x)?;
    Ok(y * x)
}
