#[differentiable(lanes)]
fn polar(x: [f64; 2], k: f64) -> [f64; 2] {
    let mut s = 0.0;
    for i in 0..2 {
        s += x[i] * k;
    }
    [(x[0] * x[0] + x[1] * x[1]).sqrt(), s]
}
