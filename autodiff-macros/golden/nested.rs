#[differentiable]
fn penalised(x: f64, y: f64) -> f64 {
    let (of_x, of_y) = energy::grad(x, y);
    of_x * of_x + of_y
}
