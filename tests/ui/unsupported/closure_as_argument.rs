use differentiable::differentiable;

fn twice(g: impl Fn(f64) -> f64, x: f64) -> f64 {
    g(g(x))
}

#[differentiable]
fn f(x: f64, k: f64) -> f64 {
    twice(|t| k * t, x)
}

fn main() {}
