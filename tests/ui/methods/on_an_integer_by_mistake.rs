use differentiable::differentiable;

#[differentiable]
fn f(x: f64, n: i32) -> f64 {
    x * n.sin()
}

fn main() {}
