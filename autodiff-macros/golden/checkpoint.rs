/// A state of two variables, of which few are held.
#[differentiable]
fn oscillator(k: f64, h: f64, n: usize) -> f64 {
    let mut x = 1.0;
    let mut v = 0.0;
    let mut work = 0.0;
    #[checkpoint(binomial, slots = 32)]
    for _ in 0..n {
        v -= h * k * x;
        x += h * v;
        work += x * v.sin();
    }
    x + work
}

/// What calls it keeps its arguments only.
#[differentiable(checkpoint)]
fn layer(w: &[f64], mut x: f64, list: Vec<f64>) -> f64 {
    for w in w {
        x = (x * w).tanh();
    }
    x * list[0]
}
