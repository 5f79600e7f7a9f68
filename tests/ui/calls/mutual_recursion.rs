use differentiable::differentiable;

#[differentiable]
fn even(x: f64, n: usize) -> f64 {
    if n == 0 { x } else { x * odd(x, n - 1) }
}

#[differentiable]
fn odd(x: f64, n: usize) -> f64 {
    if n == 0 { 1.0 } else { x + even(x, n - 1) }
}

fn main() {}
