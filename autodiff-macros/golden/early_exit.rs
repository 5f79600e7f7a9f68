#[differentiable]
fn until(x: &[f64], limit: f64) -> f64 {
    if x.is_empty() {
        return limit;
    }
    let mut s = 0.0;
    for v in x {
        if *v < 0.0 {
            continue;
        }
        s += v.sqrt();
        if s > limit {
            break;
        }
    }
    s * s
}
