use differentiable::differentiable;

#[differentiable(checkpoint(linear))]
fn linear(x: f64, n: usize) -> f64 {
    let mut y = x;
    for _ in 0..n {
        y = y.sin();
    }
    y
}

#[differentiable]
fn without_slots(x: f64, n: usize) -> f64 {
    let mut y = x;
    #[checkpoint(binomial)]
    for _ in 0..n {
        y = y.sin();
    }
    y
}

#[differentiable(checkpoint(binomial, slots = 0))]
fn no_slots(x: f64, n: usize) -> f64 {
    let mut y = x;
    for _ in 0..n {
        y = y.sin();
    }
    y
}

fn main() {}
