#[differentiable(sparse, wrt(x))]
fn stencil(x: &[f64], speed: &[f64]) -> Vec<f64> {
    let n = x.len();
    let mut out = vec![0.0; n];
    for i in 1..n - 1 {
        let upwind = if speed[i] > 0.0 { x[i] - x[i - 1] } else { x[i + 1] - x[i] };
        out[i] = upwind * x[i];
    }
    out[0] = x[0] * x[0];
    out
}

#[differentiable(sparse)]
fn rosenbrock(x: &[f64]) -> f64 {
    (0..x.len() - 1).map(|i| 100.0 * (x[i + 1] - x[i] * x[i]).powi(2) + (1.0 - x[i]).powi(2)).sum()
}
