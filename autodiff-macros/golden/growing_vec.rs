#[differentiable]
fn powers(x: f64, n: usize) -> f64 {
    let mut v = vec![1.0];
    for i in 0..n {
        v.push(v[i] * x);
    }
    let last = v.pop().unwrap();
    last * v.iter().sum::<f64>()
}
