use differentiable::differentiable;
use std::collections::BTreeMap;

fn random() -> f64 {
    0.5
}

#[differentiable(checkpoint(sqrt))]
fn noisy(x: f64, n: usize) -> f64 {
    let mut y = x;
    for _ in 0..n {
        y = y.sin() * random();
    }
    y
}

#[differentiable]
fn over_a_map(x: f64, weights: &BTreeMap<String, usize>) -> f64 {
    let mut y = x;
    #[checkpoint(sqrt)]
    for (_, k) in weights {
        y = y.sin() * *k as f64;
    }
    y
}

#[differentiable(checkpoint)]
fn noise(x: f64) -> f64 {
    x * random()
}

#[differentiable(checkpoint)]
fn twice(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    f(f(x))
}

fn main() {}
