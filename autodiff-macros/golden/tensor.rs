#[differentiable]
fn loss(w: &Array2<f64>, b: &Array1<f64>, x: &Array2<f64>, labels: &[usize]) -> f64 {
    let hidden = (x.dot(w) + b).mapv(|v| v.tanh());
    cross_entropy(&hidden, labels)
}
