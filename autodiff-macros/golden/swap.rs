#[differentiable]
fn fibonacci(x: f64, n: usize) -> f64 {
    let mut a = 0.0;
    let mut b = x;
    for _ in 0..n {
        let t = a;
        a = b;
        b = t + a * x;
    }
    a
}
