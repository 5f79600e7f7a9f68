use differentiable::differentiable;

#[differentiable]
fn g(x: f64) -> f64 {
    x * x
}

#[differentiable(hvp)]
fn f(x: f64) -> f64 {
    g(x).sin()
}

fn main() {}
