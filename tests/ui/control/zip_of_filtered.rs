use differentiable::differentiable;

#[differentiable]
fn f(v: &[f64], w: &[f64]) -> f64 {
    v.iter().filter(|x| **x > 0.0).zip(w.iter().filter(|x| **x > 0.0)).map(|(a, b)| a * b).sum()
}

fn main() {}
